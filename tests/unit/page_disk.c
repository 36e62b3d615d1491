/* SPDX-License-Identifier: ISC */
/*
 * The disk at fault, call by call: whatever fails, readers get the page or a
 * sentence, what was confirmed is stored, and the database is whole when it
 * is opened again. Likewise at each moment when the power may go.
 */
#include <sys/mman.h>
#include <errno.h>

#include "page/run/site_parts.h"
#include "store/sync.h"
#include "tests/unit/notes_fixture.h"
#include "tests/unit/disk_fixture.h"

/* What a process that has been spoilt leaves behind. */
static struct told {
	unsigned fail_at; /* the call; 0: none */
	enum disk_fault fault;
	unsigned last, step; /* of the calls that are to fail */
	unsigned calls;      /* that were made */
	bool failed_sync;
	bool first, second, after; /* we were told that these are stored */
	unsigned ended;            /* how often somebody was told to end */
} * told;

static const char *const files[] = {"portal.db", "portal.db-wal",
    "portal.db-shm", "portal.db-journal", "portal.db.new", "portal.db.new-wal",
    "portal.db.new-shm", "portal.db.new-journal"};

enum { FILES = sizeof(files) / sizeof(*files) };

static int
set_up(void **state)
{
	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return told == MAP_FAILED ? -1 : disk_install(state);
}

static char like[96]; /* a folder: what each process begins with */

/* The state folder as another is, which may have no database. */
static void
begin_as(struct fixture *f, const char *other)
{
	char from[200], to[200];

	snprintf(to, sizeof(to), "%s/tally/seen.tally", f->state);
	unlink(to);
	for (size_t i = 0; i < FILES; i++) {
		snprintf(from, sizeof(from), "%s/%s", other, files[i]);
		snprintf(to, sizeof(to), "%s/%s", f->state, files[i]);
		copy_file(from, to);
	}
}

static void
sync_failed(void *context)
{
	struct told *whom = context;

	whom->ended++;
}

/* ---- every call fails once ----------------------------------------- */

static void
live(struct fixture *f)
{
	if (notes_open(f) != OK)
		return;
	must_be(notes_ask(f, PROTOCOL_GEMINI, "/find?template"), "# Found\n");
	told->first = notes_write(f, "first");
	(void)notes_ask(f, PROTOCOL_GEMINI, "/note/1");
	must_be(notes_ask(f, PROTOCOL_GOPHER, "/"), "iNotes");
	told->second = notes_write(f, "second");
	site_fold(f->site);
	if (disk.failed) {
		told->after = notes_write(f, "after");
		assert_true(told->after == (told->ended == 0));
		assert_true(
		    begins(notes_ask(f, PROTOCOL_GEMINI, "/"), "# Notes\n"));
	}
	notes_close(f);
}

static void
spoil(struct fixture *f)
{
	told->first = told->second = told->after = false;
	begin_as(f, like);
	disk.calls = 0;
	disk.failed = false;
	disk.fail_at = told->fail_at;
	disk.how = told->fault;
	live(f);
	disk.fail_at = 0;
	told->calls = disk.calls;
	told->failed_sync = disk.failed_sync;
}

static void
check_spoilt(struct fixture *f)
{
	notes_must_be_sound(f);
	/* One that could not be synced may have arrived or not. */
	if (told->first || !told->failed_sync)
		assert_int_equal(notes_count(f, "first"), told->first);
	if (told->second || !told->failed_sync)
		assert_int_equal(notes_count(f, "second"), told->second);
	assert_int_equal(notes_count(f, "after"), told->after);
	notes_close(f);
}

/* Call after call, up to one after which this process stores no more. */
static void
spoil_some(struct fixture *f)
{
	sync_when_failed(sync_failed, told);
	while (told->fail_at <= told->last) {
		spoil(f);
		if (told->ended)
			return;
		check_spoilt(f);
		told->fail_at += told->step;
	}
}

static void
check_all(struct fixture *f)
{
	*told = (struct told){.step = 1};
	in_child(f, spoil_some);
	assert_true(told->calls > 50 && told->first && told->second);
	told->last = told->calls;
	told->step = is_long() ? 1 : 1 + told->calls / 40;
	for (told->fault = DISK_EIO; told->fault <= DISK_TORN; told->fault++) {
		told->fail_at = 1 + told->fault % told->step;
		while (told->fail_at <= told->last) {
			in_child(f, spoil_some);
			assert_in_range(told->ended, told->failed_sync, 1);
			if (told->ended == 0)
				break;
			check_spoilt(f);
			told->fail_at += told->step;
			told->failed_sync = false;
			told->ended = 0;
		}
	}
}

static void
each_failing_call_spares_a_new_database(void **state)
{
	snprintf(like, sizeof(like), "/nonexistent");
	check_all(*state);
}

static void
each_failing_call_spares_a_served_database(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(notes_open(f), OK);
	assert_true(notes_write(f, "template"));
	notes_close(f);
	snprintf(like, sizeof(like), "%s/like", f->root);
	assert_int_equal(rename(f->state, like), 0);
	assert_int_equal(mkdir(f->state, 0700), 0);
	check_all(f);
}

/* ---- a sync fails --------------------------------------------------- */

static void
fail_commit(struct fixture *f)
{
	unsigned syncs;

	sync_when_failed(sync_failed, told);
	assert_int_equal(notes_open(f), OK);
	told->first = notes_write(f, "first");
	disk.fail_sync_in = 1;
	told->second = notes_write(f, "second");
	assert_int_equal(told->ended, 1);
	syncs = disk.syncs;
	told->after = notes_write(f, "after");
	(void)notes_ask(f, PROTOCOL_GEMINI, "/note/1");
	site_fold(f->site);
	assert_true(
	    begins(notes_ask(f, PROTOCOL_GEMINI, "/"), "# Notes\n1 notes\n"));
	notes_close(f);
	assert_int_equal(disk.syncs, syncs);
	assert_int_equal(told->ended, 1);
}

static void
failed_sync_is_not_tried_again(void **state)
{
	struct fixture *f = *state;

	*told = (struct told){0};
	in_child(f, fail_commit);
	assert_true(told->first && !told->second && !told->after);
	notes_must_be_sound(f);
	assert_int_equal(notes_count(f, "first"), 1);
	assert_int_equal(notes_count(f, "after"), 0);
}

/* That of a checkpoint: what was committed before it is stored. */
static void
fail_checkpoint(struct fixture *f)
{
	sync_when_failed(sync_failed, told);
	assert_int_equal(notes_open(f), OK);
	told->first = notes_write(f, "first");
	sqlite3_wal_autocheckpoint(store_writer(f->site->store), 1);
	/* After the commit's: of the log, and of the database. */
	disk.fail_sync_in = 3;
	told->second = notes_write(f, "second");
	assert_int_equal(told->ended, 1);
	told->after = notes_write(f, "after");
	notes_close(f);
}

static void
writing_ends_after_a_failed_checkpoint_sync(void **state)
{
	struct fixture *f = *state;

	*told = (struct told){0};
	in_child(f, fail_checkpoint);
	assert_true(told->first && told->second && !told->after);
	notes_must_be_sound(f);
	assert_int_equal(notes_count(f, "first"), 1);
	assert_int_equal(notes_count(f, "second"), 1);
	assert_int_equal(notes_count(f, "after"), 0);
}

/* ---- the power goes ------------------------------------------------- */

enum { WRITES = 40, CHECKPOINT_PAGES = 25, PARTS = 3, SHOTS_MAX = 4000 };

static struct {
	struct fixture *f;
	unsigned step, count;
	unsigned confirmed; /* notes, so far */
	unsigned at_shot[SHOTS_MAX];
} cut;

static void
take_shot(void)
{
	char from[200], to[200];

	if (disk.calls % cut.step != 0 || cut.count == SHOTS_MAX)
		return;
	for (unsigned part = 0; part < PARTS; part++) {
		snprintf(to, sizeof(to), "%s/shot%u.%u", cut.f->root, cut.count,
		    part);
		assert_int_equal(mkdir(to, 0700), 0);
		for (size_t i = 0; i < FILES; i++) {
			snprintf(from, sizeof(from), "%s/%s", cut.f->state,
			    files[i]);
			snprintf(to, sizeof(to), "%s/shot%u.%u/%s", cut.f->root,
			    cut.count, part, files[i]);
			disk_show(from, to,
			    part == 0 ? 0 : disk.calls * PARTS + part);
		}
	}
	cut.at_shot[cut.count++] = cut.confirmed;
}

/* Live until the end, with a look at the disk now and then. */
static void
live_with_shots(struct fixture *f)
{
	char text[32];

	assert_int_equal(notes_open(f), OK);
	sqlite3_wal_autocheckpoint(
	    store_writer(f->site->store), CHECKPOINT_PAGES);
	while (cut.confirmed < WRITES) {
		snprintf(text, sizeof(text), "note%u", cut.confirmed + 1);
		assert_true(notes_write(f, text));
		cut.confirmed++;
		if (cut.confirmed % 8 == 0)
			site_fold(f->site);
	}
	notes_close(f);
}

static void
check_shot(struct fixture *f, unsigned shot, unsigned part)
{
	int64_t notes;

	snprintf(
	    f->state, sizeof(f->state), "%s/shot%u.%u", f->root, shot, part);
	assert_int_equal(notes_open(f), OK);
	notes = notes_number(store_writer(f->site->store),
	    "SELECT count(*) FROM note WHERE text = 'note' || id");
	if (notes < cut.at_shot[shot] || notes > cut.at_shot[shot] + 1)
		fail_msg("shot %u.%u: %ld notes, %u were confirmed", shot, part,
		    (long)notes, cut.at_shot[shot]);
	notes_must_be_sound(f);
	notes_close(f);
}

static void
a_power_cut_loses_no_confirmed_write(void **state)
{
	struct fixture *f = *state;

	cut.f = f;
	cut.step = is_long() ? 3 : 31;
	disk.fail_at = 0;
	disk.calls = 0;
	disk.recording = true;
	disk.at_call = take_shot;
	live_with_shots(f);
	disk.at_call = NULL;
	disk.recording = false;
	assert_true(cut.count > 15);
	for (unsigned shot = 0; shot < cut.count; shot++)
		for (unsigned part = 0; part < PARTS; part++)
			check_shot(f, shot, part);
	print_message("%u moments of %u calls\n", cut.count, disk.calls);
	for (size_t i = 0; i < DISK_FILES; i++) {
		disk_forget(&disk.files[i]);
		free(disk.files[i].image);
	}
}

/* ---- the system's own calls ----------------------------------------- */

typedef ssize_t (*pread_call)(int, void *, size_t, off_t);
typedef ssize_t (*pwrite_call)(int, const void *, size_t, off_t);

static struct {
	pread_call read;
	pwrite_call write;
	unsigned turn;
	int error; /* of every write */
} calls;

static ssize_t
short_read(int fd, void *to, size_t n, off_t at)
{
	if (++calls.turn % 3 == 0) {
		errno = EINTR;
		return -1;
	}
	return calls.read(fd, to, n > 700 ? 700 : n, at);
}

static ssize_t
short_write(int fd, const void *from, size_t n, off_t at)
{
	if (++calls.turn % 3 == 0) {
		errno = EINTR;
		return -1;
	}
	return calls.write(fd, from, n > 700 ? 700 : n, at);
}

static ssize_t
refused_write(int fd, const void *from, size_t n, off_t at)
{
	(void)fd;
	(void)from;
	(void)n;
	(void)at;
	errno = calls.error;
	return -1;
}

/* Exchange a call that SQLite makes, whatever it is called here. */
static sqlite3_syscall_ptr
exchange(const char *name, const char *name64, void (*ours)(void))
{
	sqlite3_vfs *vfs = disk.real;
	sqlite3_syscall_ptr old = vfs->xGetSystemCall(vfs, name64);

	if (old == NULL)
		old = vfs->xGetSystemCall(vfs, name);
	else
		name = name64;
	assert_non_null(old);
	assert_int_equal(vfs->xSetSystemCall(vfs, name, ours), SQLITE_OK);
	return old;
}

static void
short_and_interrupted_calls_lose_nothing(void **state)
{
	struct fixture *f = *state;

	calls.read = (pread_call)exchange(
	    "pread", "pread64", (void (*)(void))short_read);
	calls.write = (pwrite_call)exchange(
	    "pwrite", "pwrite64", (void (*)(void))short_write);
	calls.turn = 0;
	notes_must_be_sound(f);
	for (int i = 0; i < 10; i++)
		assert_true(notes_write(f, "cut"));
	notes_must_be_sound(f);
	assert_int_equal(notes_count(f, "cut"), 10);
	assert_true(calls.turn > 100);
	exchange("pread", "pread64", (void (*)(void))calls.read);
	exchange("pwrite", "pwrite64", (void (*)(void))calls.write);
}

/* Each write fails for a while, for one reason or another. */
static void
a_refused_write_stores_nothing(void **state)
{
	static const int errors[] = {ENOSPC, EDQUOT, EFBIG, EIO, EROFS};
	struct fixture *f = *state;

	notes_must_be_sound(f);
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		calls.error = errors[i];
		calls.write = (pwrite_call)exchange(
		    "pwrite", "pwrite64", (void (*)(void))refused_write);
		assert_false(notes_write(f, "lost"));
		assert_true(begins(
		    notes_ask(f, PROTOCOL_GEMINI, "/find?sound"), "# Found"));
		exchange("pwrite", "pwrite64", (void (*)(void))calls.write);
		assert_true(notes_write(f, "stored"));
	}
	notes_must_be_sound(f);
	assert_int_equal(notes_count(f, "lost"), 0);
	assert_int_equal(notes_count(f, "stored"), 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    NOTES_TEST(short_and_interrupted_calls_lose_nothing),
	    NOTES_TEST(a_refused_write_stores_nothing),
	    NOTES_TEST(a_power_cut_loses_no_confirmed_write),
	    NOTES_TEST(failed_sync_is_not_tried_again),
	    NOTES_TEST(writing_ends_after_a_failed_checkpoint_sync),
	    NOTES_TEST(each_failing_call_spares_a_served_database),
	    NOTES_TEST(each_failing_call_spares_a_new_database),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
