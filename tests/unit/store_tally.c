/* SPDX-License-Identifier: ISC */
/*
 * Tallies: what was counted stays counted, whoever dies, and reaches the
 * table; what the table says is never undercut.
 */
#include "store/tally.h"

#include <sys/file.h>
#include <sys/mman.h>
#include <fcntl.h>
#include <signal.h>

#include "base/clock.h"
#include "base/fault.h"
#include "store/internal.h"
#include "tests/unit/store_place.h"

static struct store *
open_store(struct tally *tally, bool count_views)
{
	struct function_host host = tally_host(tally, count_views);
	struct store *store = NULL;

	buf_clear(&why);
	if (store_migrate(database, schema, NULL, &why) != OK ||
	    store_open(database, tally == NULL ? NULL : &host, &store, &why) !=
		OK)
		fail_msg("%.*s", STR_ARG(buf_view(&why)));
	return store;
}

static struct tally *
open_tally(void)
{
	struct tally *tally = NULL;

	assert_int_equal(tally_open(dir, &tally), OK);
	return tally;
}

static void
file_of(char *path, size_t size, const char *file)
{
	snprintf(path, size, "%s/%s", dir, file);
}

static void
counts_are_shared_and_outlive_a_restart(void **state)
{
	struct tally *one = open_tally(), *two = open_tally();
	struct str name = STR("article");

	(void)state;
	assert_int_equal(tally_read(one, name, 7), 0);
	assert_int_equal(tally_add(one, name, 7), 1);
	assert_int_equal(tally_add(two, name, 7), 2);
	assert_int_equal(tally_read(one, name, 7), 2);
	assert_int_equal(tally_add(one, name, 0), 1);
	assert_int_equal(tally_add(one, name, TALLY_ID_MAX), 1);
	assert_int_equal(tally_read(two, name, TALLY_ID_MAX), 1);
	assert_int_equal(tally_read(two, name, TALLY_ID_MAX - 1), 0);
	assert_int_equal(tally_add(two, STR("book"), 7), 1);
	tally_close(one);
	tally_close(two);
	one = open_tally();
	assert_int_equal(tally_read(one, name, 7), 2);
	tally_close(one);
	tally_close(NULL);
	assert_int_equal(tally_open("/nowhere/at/all", &one), ERR_MISSING);
}

static void
hostile_names_and_ids_are_not_counted(void **state)
{
	static const char *const names[] = {"", "A", "a/b", "..", "../x", "a.b",
	    "a b", "\xE6\xA0\x87", "a\n", "a23456789012345678901234567890123"};
	struct tally *tally = open_tally();
	struct str nul = {"a\0b", 3};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		assert_int_equal(tally_add(tally, str_from(names[i]), 1), 0);
		assert_int_equal(tally_read(tally, str_from(names[i]), 1), 0);
	}
	assert_int_equal(tally_add(tally, nul, 1), 0);
	assert_int_equal(tally_add(tally, STR("a"), -1), 0);
	assert_int_equal(tally_add(tally, STR("a"), INT64_MIN), 0);
	assert_int_equal(tally_add(tally, STR("a"), TALLY_ID_MAX + 1), 0);
	assert_int_equal(tally_read(tally, STR("a"), INT64_MAX), 0);
	assert_int_equal(
	    tally_add(tally, STR("a2345678901234567890123456789_32"), 1), 1);
	/* To read makes no file; names are not without end. */
	for (int i = 0; i < 100; i++) {
		char name[16];
		snprintf(name, sizeof(name), "n%d", i);
		assert_int_equal(tally_read(tally, str_from(name), 1), 0);
	}
	for (int i = 0; i < 100; i++) {
		char name[16];
		snprintf(name, sizeof(name), "n%d", i);
		assert_int_equal(
		    tally_add(tally, str_from(name), 1), i < 31 ? 1 : 0);
	}
	tally_close(tally);
}

static void
counts_are_folded_and_loaded(void **state)
{
	struct tally *tally = open_tally();
	struct store *store = open_store(tally, true);
	sqlite3 *db = store_writer(store);
	struct str name = STR("article");
	char path[128];

	(void)state;
	for (int i = 0; i < 1000; i++)
		tally_add(tally, name, i % 10 * 1000000);
	assert_int_equal(tally_fold(tally, db), OK);
	assert_int_equal(ask("SELECT sum(n) FROM guiju_tally"), 1000);
	assert_int_equal(ask("SELECT count(*) FROM guiju_tally"), 10);
	tally_add(tally, name, 3000000);
	assert_int_equal(tally_fold(tally, db), OK);
	assert_int_equal(
	    ask("SELECT n FROM guiju_tally WHERE id = 3000000"), 101);
	/* Only what changed is written. */
	assert_int_equal(ask("UPDATE guiju_tally SET n = 5 WHERE id = 0 "
			     "RETURNING n"),
	    5);
	tally_add(tally, name, 1000000);
	assert_int_equal(tally_fold(tally, db), OK);
	assert_int_equal(ask("SELECT n FROM guiju_tally WHERE id = 0"), 5);
	/* The table is ahead: it is not undercut, and load catches up. */
	assert_int_equal(ask("UPDATE guiju_tally SET n = 5000 WHERE id = "
			     "1000000 RETURNING n"),
	    5000);
	tally_add(tally, name, 1000000);
	assert_int_equal(tally_fold(tally, db), OK);
	assert_int_equal(
	    ask("SELECT n FROM guiju_tally WHERE id = 1000000"), 5000);
	assert_int_equal(tally_load(tally, db), OK);
	assert_int_equal(tally_read(tally, name, 1000000), 5000);
	/* The map was ahead at id 0, and says so to the next fold. */
	assert_int_equal(tally_fold(tally, db), OK);
	assert_int_equal(ask("SELECT n FROM guiju_tally WHERE id = 0"), 100);
	/* The file is lost: the table gives it back. */
	tally_close(tally);
	file_of(path, sizeof(path), "article.tally");
	assert_int_equal(unlink(path), 0);
	tally = open_tally();
	assert_int_equal(tally_read(tally, name, 3000000), 0);
	assert_int_equal(tally_load(tally, db), OK);
	assert_int_equal(tally_read(tally, name, 3000000), 101);
	assert_int_equal(tally_read(tally, name, 1000000), 5000);
	store_close(store);
	tally_close(tally);
}

static void
hostile_rows_are_not_loaded(void **state)
{
	struct tally *tally = open_tally();
	struct store *store = open_store(NULL, false);

	(void)state;
	assert_int_equal(
	    ask("INSERT INTO guiju_tally VALUES ('../x', 1, 5), ('a', -1, 5),"
		" ('a', 99999999999, 5), ('a', 1, -5), ('a', 2, 'many'),"
		" ('a', 3, 9) RETURNING 1"),
	    1);
	assert_int_equal(tally_load(tally, store_reader(store)), OK);
	assert_int_equal(tally_read(tally, STR("a"), 1), 0);
	assert_int_equal(tally_read(tally, STR("a"), 2), 0);
	assert_int_equal(tally_read(tally, STR("a"), 3), 9);
	store_close(store);
	tally_close(tally);
}

static void
one_folds_at_a_time_and_does_not_wait(void **state)
{
	struct tally *tally = open_tally();
	struct store *store = open_store(tally, true);
	sqlite3 *other;
	char path[128];
	int64_t start_ms;
	int fd;

	(void)state;
	tally_add(tally, STR("a"), 1);
	file_of(path, sizeof(path), "tally.lock");
	fd = open(path, O_RDWR | O_CREAT, 0600);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(tally_fold(tally, store_writer(store)), ERR_BUSY);
	close(fd);
	/* Nor does it wait long for somebody's import. */
	assert_int_equal(sqlite3_open(database, &other), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(other, "BEGIN IMMEDIATE", 0, 0, 0), SQLITE_OK);
	start_ms = clock_ms();
	assert_int_equal(tally_fold(tally, store_writer(store)), ERR_BUSY);
	assert_true(clock_ms() - start_ms < 1500);
	sqlite3_close(other);
	assert_int_equal(
	    ask_on(store_writer(store), "PRAGMA busy_timeout"), 5000);
	assert_int_equal(ask("SELECT count(*) FROM guiju_tally"), 0);
	assert_int_equal(tally_fold(tally, store_writer(store)), OK);
	assert_int_equal(ask("SELECT n FROM guiju_tally"), 1);
	store_close(store);
	tally_close(tally);
}

/* A fold that the database refuses loses nothing. */
static void
a_failed_fold_loses_nothing(void **state)
{
	struct tally *tally = open_tally();
	struct store *store = open_store(tally, true);
	sqlite3 *db = store_writer(store);

	(void)state;
	for (int i = 0; i < 200; i++)
		tally_add(tally, STR("a"), i);
	assert_int_equal(sqlite3_exec(db,
			     "CREATE TRIGGER stop BEFORE INSERT ON "
			     "guiju_tally WHEN new.id = 150 BEGIN "
			     "SELECT raise(ABORT, 'full'); END",
			     0, 0, 0),
	    SQLITE_OK);
	assert_int_not_equal(tally_fold(tally, db), OK);
	assert_int_equal(ask("SELECT count(*) FROM guiju_tally"), 0);
	assert_int_equal(
	    sqlite3_exec(db, "DROP TRIGGER stop", 0, 0, 0), SQLITE_OK);
	assert_int_equal(tally_fold(tally, db), OK);
	assert_int_equal(ask("SELECT sum(n) FROM guiju_tally"), 200);
	store_close(store);
	tally_close(tally);
}

/* More than one fold takes: the rest follows. */
static void
many_counts_take_several_folds(void **state)
{
	struct tally *tally = open_tally();
	struct store *store = open_store(tally, true);

	(void)state;
	for (int i = 0; i < 50000; i++)
		tally_add(tally, STR("a"), i * 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(tally_fold(tally, store_writer(store)), OK);
	assert_int_equal(ask("SELECT sum(n) FROM guiju_tally"), 50000);
	store_close(store);
	tally_close(tally);
}

/* What a child has been told is counted, in memory that outlives it. */
struct told {
	_Atomic uint64_t n[4];
};

enum { COUNTS_MIN = 250 };

static void
count_until_killed(struct told *told, int child)
{
	struct tally *tally;
	uint64_t id = (uint64_t)child;

	if (tally_open(dir, &tally) != OK)
		_exit(1);
	for (;;) {
		id = (id * 2862933555777941757u + 3037000493u);
		if (tally_add(tally, STR("article"),
			(int64_t)(id >> 40) % 200000) > 0)
			atomic_fetch_add(&told->n[child], 1);
	}
}

static uint64_t
sum_of(struct tally *tally)
{
	uint64_t sum = 0;

	for (int64_t id = 0; id < 200000; id++)
		sum += tally_read(tally, STR("article"), id);
	return sum;
}

/* However slow the machine is, each child counts before it dies. */
static void
wait_for_counts(const _Atomic uint64_t *counts)
{
	const struct timespec pause = {0, 10 * 1000 * 1000};

	for (int tries = 0; atomic_load(counts) <= COUNTS_MIN; tries++) {
		assert_true(tries < 6000); /* a minute */
		nanosleep(&pause, NULL);
	}
	nanosleep(&pause, NULL);
}

static void
a_killed_counter_loses_no_count(void **state)
{
	struct told *told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct store *store = open_store(NULL, false);
	uint64_t acknowledged = 0, sum;
	struct tally *tally;
	pid_t child[4];

	(void)state;
	assert_true(told != MAP_FAILED);
	for (int i = 0; i < 4; i++) {
		child[i] = fork();
		if (child[i] == 0)
			count_until_killed(told, i);
	}
	tally = open_tally();
	for (int i = 0; i < 4; i++) {
		wait_for_counts(&told->n[i]);
		/* Fold into the running count. */
		assert_int_equal(tally_fold(tally, store_writer(store)), OK);
		kill(child[i], SIGKILL);
		waitpid(child[i], NULL, 0);
	}
	for (int i = 0; i < 4; i++)
		acknowledged += atomic_load(&told->n[i]);
	sum = sum_of(tally);
	assert_true(acknowledged > 4 * (uint64_t)COUNTS_MIN);
	assert_true(sum >= acknowledged);
	/* Each may have died between counting and being told. */
	assert_true(sum <= acknowledged + 4);
	tally_close(tally);
	tally = open_tally();
	for (int i = 0; i < 20; i++)
		assert_int_equal(tally_fold(tally, store_writer(store)), OK);
	/* ... or between counting and marking: that one waits for the next. */
	assert_in_range(ask("SELECT sum(n) FROM guiju_tally"), sum - 4, sum);
	munmap(told, sizeof(*told));
	store_close(store);
	tally_close(tally);
}

static int
die(void *context)
{
	(void)context;
	_exit(0);
}

/* Killed inside a fold: the bits it had taken are found again. */
static void
a_killed_fold_loses_no_count(void **state)
{
	struct store *store = open_store(NULL, false);
	struct tally *tally = open_tally();
	int status;
	pid_t child;

	(void)state;
	store_close(store);
	for (int i = 0; i < 100; i++)
		tally_add(tally, STR("a"), i);
	child = fork();
	if (child == 0) {
		sqlite3 *db;
		struct tally *own = open_tally();
		sqlite3_open(database, &db);
		sqlite3_commit_hook(db, die, NULL);
		(void)!tally_fold(own, db);
		_exit(1); /* it came back */
	}
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	assert_int_equal(ask("SELECT count(*) FROM guiju_tally"), 0);
	store = open_store(NULL, false);
	assert_int_equal(tally_fold(tally, store_writer(store)), OK);
	assert_int_equal(ask("SELECT sum(n) FROM guiju_tally"), 100);
	store_close(store);
	tally_close(tally);
}

static void
a_damaged_file_is_set_aside(void **state)
{
	struct tally *tally = open_tally();
	char path[128], bad[128];

	(void)state;
	file_of(path, sizeof(path), "a.tally");
	file_of(bad, sizeof(bad), "a.tally.bad");
	tally_add(tally, STR("a"), 1);
	tally_close(tally);
	assert_int_equal(truncate(path, 5000), 0);
	tally = open_tally(); /* sets it aside */
	assert_int_equal(access(bad, F_OK), 0);
	assert_int_equal(tally_read(tally, STR("a"), 1), 0);
	assert_int_equal(tally_add(tally, STR("a"), 1), 1);
	tally_close(tally);
	put(dir, "b.tally", "junk", 4);
	put(dir, "c.tally", "", 0);
	tally = open_tally();
	assert_int_equal(tally_add(tally, STR("b"), 1), 1);
	assert_int_equal(tally_add(tally, STR("c"), 1), 1);
	tally_close(tally);
	/* A link leads nowhere, whatever it points at. */
	put(dir, "target", "precious", 8);
	file_of(path, sizeof(path), "d.tally");
	assert_int_equal(symlink("target", path), 0);
	tally = open_tally();
	assert_int_equal(tally_add(tally, STR("d"), 1), 0);
	tally_close(tally);
}

/* Another process makes the file longer while this one looks at it: between
 * its first look at the size and the header, and behind the header. */
static void
grow_at(struct tally *tally, const char *point, int64_t id)
{
	char bad[128];
	int status;
	pid_t child = fork();

	if (child == 0) {
		struct tally *own;
		setenv("GUIJU_FAULT", point, 1);
		_exit(tally_open(dir, &own) == OK &&
			    tally_read(own, STR("a"), 1) == 1 &&
			    tally_read(own, STR("a"), id) == 1
			? 0
			: 1);
	}
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	assert_true(WIFSTOPPED(status)); /* the point was passed */
	assert_int_equal(tally_add(tally, STR("a"), id), 1);
	assert_int_equal(kill(child, SIGCONT), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	file_of(bad, sizeof(bad), "a.tally.bad");
	assert_int_equal(access(bad, F_OK), -1);
}

static void
a_file_that_grows_meanwhile_is_sound(void **state)
{
	struct tally *tally = open_tally();

	(void)state;
	if (!FAULT_POINTS)
		skip();
	assert_int_equal(tally_add(tally, STR("a"), 1), 1);
	grow_at(tally, "tally-size:1?", TALLY_ID_MAX / 2);
	grow_at(tally, "tally-size:2?", TALLY_ID_MAX);
	tally_close(tally);
}

static void
counts_are_added_and_read_in_sql(void **state)
{
	struct tally *tally = open_tally();
	struct store *store = open_store(tally, true), *looking;
	sqlite3 *reader = store_reader(store);

	(void)state;
	assert_int_equal(ask_on(reader, "SELECT tally('a', 5)"), 0);
	assert_int_equal(ask_on(reader, "SELECT tally_add('a', 5)"), 1);
	assert_int_equal(ask_on(reader, "SELECT tally_add('a', '5')"), 2);
	assert_int_equal(ask_on(reader, "SELECT tally('a', 5)"), 2);
	assert_int_equal(ask_on(reader, "SELECT tally_add('a', 'x')"), 0);
	assert_int_equal(ask_on(reader, "SELECT tally_add('a', NULL)"), 0);
	assert_int_equal(ask_on(reader, "SELECT tally_add(NULL, 1)"), 0);
	assert_int_equal(ask_on(reader, "SELECT tally_add(x'FF', 1.5)"), 0);
	/* A schema may show a count, but not count. */
	assert_int_equal(sqlite3_exec(store_writer(store),
			     "CREATE VIEW shown AS SELECT tally('a', 5) AS n;"
			     "CREATE VIEW added AS SELECT tally_add('a', 5)",
			     0, 0, 0),
	    SQLITE_OK);
	assert_int_equal(ask_on(reader, "SELECT n FROM shown"), 2);
	assert_int_equal(ask_on(reader, "SELECT * FROM added"), -1);
	assert_int_equal(tally_fold(tally, store_writer(store)), OK);
	tally_add(tally, STR("a"), 5);
	looking = open_store(tally, false);
	assert_int_equal(
	    ask_on(store_reader(looking), "SELECT tally_add('a', 5)"), 3);
	store_close(looking);
	looking = open_store(NULL, true); /* no counters: the table's word */
	assert_int_equal(
	    ask_on(store_reader(looking), "SELECT tally_add('a', 5)"), 2);
	assert_int_equal(
	    ask_on(store_reader(looking), "SELECT tally('a', 6)"), 0);
	store_close(looking);
	store_close(store);
	tally_close(tally);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(counts_are_shared_and_outlive_a_restart),
	    TEST(hostile_names_and_ids_are_not_counted),
	    TEST(counts_are_folded_and_loaded),
	    TEST(hostile_rows_are_not_loaded),
	    TEST(one_folds_at_a_time_and_does_not_wait),
	    TEST(a_failed_fold_loses_nothing),
	    TEST(many_counts_take_several_folds),
	    TEST(a_killed_counter_loses_no_count),
	    TEST(a_killed_fold_loses_no_count),
	    TEST(a_damaged_file_is_set_aside),
	    TEST(a_file_that_grows_meanwhile_is_sound),
	    TEST(counts_are_added_and_read_in_sql),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
