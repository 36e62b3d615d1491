/* SPDX-License-Identifier: ISC */
/*
 * Damage of the database's files that nobody did with SQL: a byte here, a log
 * that is another's. Each page comes or is refused with a sentence, nothing
 * crashes and nothing hangs. What a page then says may be what the damage
 * made of it: that no program can tell.
 */
#include "tests/unit/notes_fixture.h"

enum { NOTES = 200, PLACES = 60, PLACES_LONG = 1000 };

static void
path_of(char out[200], const struct fixture *f, const char *name)
{
	snprintf(out, 200, "%s/%s", f->state, name);
}

/* A database with something to spoil, closed, as "good". */
static void
make_good(struct fixture *f)
{
	char path[200], good[200];

	assert_int_equal(notes_open(f), OK);
	assert_true(notes_write(f, "first"));
	assert_int_equal(
	    sqlite3_exec(store_writer(f->site->store),
		"INSERT INTO note (text) SELECT 'note ' || value || ' ' || "
		"hex(zeroblob(60)) FROM (WITH RECURSIVE n(value) AS (SELECT 1 "
		"UNION ALL SELECT value + 1 FROM n WHERE value < 200) SELECT "
		"value FROM n);"
		"INSERT INTO found (rowid, text) SELECT id, text FROM note "
		"WHERE id > 1;",
		NULL, NULL, NULL),
	    SQLITE_OK);
	notes_close(f);
	path_of(path, f, "portal.db");
	path_of(good, f, "good");
	copy_file(path, good);
}

/* A file that is good again, and none beside it. */
static void
begin_good(struct fixture *f)
{
	static const char *const others[] = {
	    "portal.db-wal", "portal.db-shm", "portal.db-journal"};
	char good[200], path[200];

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		path_of(path, f, others[i]);
		unlink(path);
	}
	path_of(good, f, "good");
	path_of(path, f, "portal.db");
	copy_file(good, path);
}

static void
flip(const struct fixture *f, unsigned n)
{
	unsigned char byte;
	char path[200];
	struct stat st;
	off_t at;
	int fd;

	path_of(path, f, "portal.db");
	fd = open(path, O_RDWR);
	assert_int_equal(fstat(fd, &st), 0);
	/* Of each page the head and its cells' places matter most. */
	at = (off_t)(n * 2654435761u % (unsigned)st.st_size);
	if (n % 3 == 0)
		at = at / 4096 * 4096 + n / 3 % 24;
	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte = (unsigned char)(byte ^ (n % 5 == 0 ? 0xFF : 1 << n % 8));
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	close(fd);
}

/* A page, a prompt, a redirect, or a sentence: never another thing. */
static void
must_answer(
    struct fixture *f, const struct protocol *protocol, const char *address)
{
	const char *answer = notes_ask(f, protocol, address);

	if (!begins(answer, "# ") && !begins(answer, "i") &&
	    !begins(answer, "(go) /") && !begins(answer, "(broken) ") &&
	    !begins(answer, "(missing)") && !begins(answer, "(bad) ") &&
	    !begins(answer, "(busy) "))
		fail_msg("%s gives '%.300s'", address, answer);
}

static void
ask_everything(struct fixture *f)
{
	char address[40];

	must_answer(f, PROTOCOL_GEMINI, "/");
	must_answer(f, PROTOCOL_GOPHER, "/");
	must_answer(f, PROTOCOL_GEMINI, "/find?first");
	must_answer(f, PROTOCOL_GEMINI, "/find?note");
	for (unsigned id = 1; id <= NOTES; id += 17) {
		snprintf(address, sizeof(address), "/note/%u", id);
		must_answer(f, PROTOCOL_GEMINI, address);
	}
	site_fold(f->site);
	assert_string_equal(notes_ask(f, PROTOCOL_GEMINI, "/hello.txt"),
	    "(file text/plain; charset=utf-8 6)");
}

static void
write_something(struct fixture *f)
{
	const char *link =
	    strstr(notes_ask(f, PROTOCOL_GEMINI, "/"), "=> /add/");
	char address[80];

	if (link == NULL)
		return;
	snprintf(address, sizeof(address), "/add/%.32s?more", link + 8);
	must_answer(f, PROTOCOL_GEMINI, address);
}

static unsigned
places(void)
{
	return is_long() ? PLACES_LONG : PLACES;
}

/* A start may refuse it, and then says why; or it is served. */
static void
a_start_survives_a_flipped_byte(void **state)
{
	struct fixture *f = *state;
	unsigned opened = 0;

	make_good(f);
	for (unsigned n = 1; n <= places(); n++) {
		begin_good(f);
		flip(f, n);
		if (notes_open(f) == OK) {
			opened++;
			ask_everything(f);
			write_something(f);
		} else if (!notes_told_why) {
			fail_msg("place %u is refused without a word", n);
		}
		notes_close(f);
	}
	print_message("%u of %u opened\n", opened, places());
	assert_true(opened > places() / 3);
	begin_good(f);
	notes_must_be_sound(f);
}

/* Behind the back of a server, which sees it in its map of the file. */
static void
a_server_survives_a_flipped_byte(void **state)
{
	struct fixture *f = *state;

	make_good(f);
	for (unsigned n = 1; n <= places(); n++) {
		begin_good(f);
		assert_int_equal(notes_open(f), OK);
		must_answer(f, PROTOCOL_GEMINI, "/note/3");
		flip(f, n);
		ask_everything(f);
		write_something(f);
		notes_close(f);
	}
	begin_good(f);
	notes_must_be_sound(f);
}

/* An index that is damaged: searches fail, all else is there. */
static void
a_damaged_index_fails_searches_alone(void **state)
{
	struct fixture *f = *state;
	char path[200];
	sqlite3 *db;

	make_good(f);
	path_of(path, f, "portal.db");
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(
		db, "DELETE FROM found_data WHERE id > 10", NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(notes_open(f), OK);
	assert_true(
	    begins(notes_ask(f, PROTOCOL_GEMINI, "/find?first"), "(broken) "));
	assert_true(
	    begins(notes_ask(f, PROTOCOL_GEMINI, "/"), "# Notes\n201 notes\n"));
	assert_true(
	    begins(notes_ask(f, PROTOCOL_GEMINI, "/note/1"), "# first\n"));
	/* The operator's remedy, without a restart. */
	assert_int_equal(sqlite3_exec(store_writer(f->site->store),
			     "INSERT INTO found(found) VALUES ('rebuild')",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	notes_must_be_sound(f);
}

/* ---- a log that is not the database's ------------------------------- */

static void
put_beside(const struct fixture *f, const char *name, const void *bytes,
    size_t len, unsigned times)
{
	char path[200];
	int fd;

	path_of(path, f, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	while (times-- > 0)
		assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static void
a_log_of_noise_or_torn_is_not_replayed(void **state)
{
	struct fixture *f = *state;
	unsigned char noise[4096];
	char path[200], foreign[200];

	make_good(f);
	/* The log of another database, whole, as a crash leaves it. */
	begin_good(f);
	assert_int_equal(notes_open(f), OK);
	assert_true(notes_write(f, "foreign"));
	path_of(path, f, "portal.db-wal");
	path_of(foreign, f, "foreign-wal");
	copy_file(path, foreign);
	notes_close(f);
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (unsigned char)(i * 2654435761u >> 13);
	for (unsigned n = 0; n < 5; n++) {
		begin_good(f);
		if (n == 0)
			put_beside(f, "portal.db-wal", "", 0, 0);
		else if (n == 1)
			put_beside(f, "portal.db-wal", noise, 4096, 20);
		else if (n == 2)
			put_beside(f, "portal.db-shm", noise, 4096, 8);
		else if (n == 3)
			put_beside(f, "portal.db-journal", noise, 4096, 3);
		else if (n == 4) { /* cut in the middle of a frame */
			copy_file(foreign, path);
			assert_int_equal(truncate(path, 32 + 24 + 100), 0);
		}
		assert_int_equal(notes_open(f), OK);
		assert_int_equal(notes_count(f, "first"), 1);
		assert_int_equal(notes_count(f, "foreign"), 0);
		ask_everything(f);
		notes_must_be_sound(f);
		notes_close(f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    NOTES_TEST(a_start_survives_a_flipped_byte),
	    NOTES_TEST(a_server_survives_a_flipped_byte),
	    NOTES_TEST(a_damaged_index_fails_searches_alone),
	    NOTES_TEST(a_log_of_noise_or_torn_is_not_replayed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
