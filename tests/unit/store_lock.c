/* SPDX-License-Identifier: ISC */
/*
 * One lock for writers and checkpoints: between connections of ours, and
 * between one of ours and one of a program that knows nothing of it.
 */
#include "store/sync.h"

#include <signal.h>
#include <time.h>

#include "base/clock.h"
#include "tests/unit/store_place.h"

enum whose { OURS, STRANGERS };
enum work { WRITES, COPIES };

static struct store *store;

static int
setup(void **state)
{
	int failed = place_setup(state);

	script("001_t.sql", "CREATE TABLE t(x);");
	if (failed != 0 || store_migrate(database, schema, NULL, &why) != OK ||
	    store_open(database, NULL, &store, &why) != OK)
		return -1;
	return 0;
}

static int
teardown(void **state)
{
	store_close(store);
	store = NULL;
	return place_teardown(state);
}

static sqlite3 *
open_as(enum whose whose)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open_v2(database, &db, SQLITE_OPEN_READWRITE,
			     whose == OURS ? sync_vfs() : NULL),
	    SQLITE_OK);
	/* The first read makes the shared index. */
	assert_int_equal(ask_on(db, "SELECT count(*) FROM t"), 0);
	return db;
}

static int
run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) & 0xFF;
}

static int
checkpoint(sqlite3 *db)
{
	return sqlite3_wal_checkpoint_v2(
		   db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL) &
	    0xFF;
}

/* What SQLite does at the beginning and at the end of a checkpoint, with the
 * lock that a log has for it (sqlite.org/walformat.html). */
static int
hold_checkpoint(sqlite3 *db, int how)
{
	sqlite3_file *file = NULL;

	assert_int_equal(
	    sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file),
	    SQLITE_OK);
	return file->pMethods->xShmLock(file, 1, 1, how | SQLITE_SHM_EXCLUSIVE);
}

static int
begin(sqlite3 *db, enum work work)
{
	return work == WRITES ? run(db, "BEGIN IMMEDIATE")
			      : hold_checkpoint(db, SQLITE_SHM_LOCK);
}

static int
end(sqlite3 *db, enum work work)
{
	return work == WRITES ? run(db, "ROLLBACK")
			      : hold_checkpoint(db, SQLITE_SHM_UNLOCK);
}

static int
ask_for(sqlite3 *db, enum work work)
{
	int code;

	if (work == COPIES)
		return checkpoint(db);
	code = run(db, "BEGIN IMMEDIATE");
	if (code == SQLITE_OK)
		assert_int_equal(run(db, "ROLLBACK"), SQLITE_OK);
	return code;
}

static void
one_writes_or_copies_at_a_time(void **state)
{
	(void)state;
	for (int i = 0; i < 16; i++) {
		enum whose first = i & 1, second = i >> 1 & 1;
		enum work one = i >> 2 & 1, other = i >> 3 & 1;
		sqlite3 *a = open_as(first), *b = open_as(second);
		bool apart = first == OURS || second == OURS || one == other;

		assert_int_equal(begin(a, one), SQLITE_OK);
		if (ask_for(b, other) != (apart ? SQLITE_BUSY : SQLITE_OK))
			fail_msg("%d %d, %d %d", first, one, second, other);
		/* Readers are not kept waiting. */
		assert_int_equal(ask_on(b, "SELECT count(*) FROM t"), 0);
		assert_int_equal(end(a, one), SQLITE_OK);
		assert_int_equal(ask_for(b, other), SQLITE_OK);
		assert_int_equal(ask_for(b, !other), SQLITE_OK);
		sqlite3_close(a);
		sqlite3_close(b);
	}
}

static void
note_checkpoint(void *context, int act, const char *name, const char *table,
    sqlite3_int64 id)
{
	sqlite3 *db = open_as(STRANGERS);

	(void)act, (void)name, (void)table, (void)id;
	*(int *)context = checkpoint(db);
	sqlite3_close(db);
}

static void
a_statement_alone_takes_it_as_well(void **state)
{
	sqlite3 *writer = store_writer(store);
	int met = SQLITE_OK;

	(void)state;
	sqlite3_update_hook(writer, note_checkpoint, &met);
	assert_int_equal(run(writer, "INSERT INTO t VALUES (1)"), SQLITE_OK);
	assert_int_equal(met, SQLITE_BUSY);
}

static void
a_killed_writer_leaves_it(void **state)
{
	sqlite3 *db = open_as(OURS);
	int status, ready[2];
	char byte;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		struct store *its;

		alarm(60);
		if (store_open(database, NULL, &its, &why) == OK &&
		    run(store_writer(its),
			"BEGIN IMMEDIATE; INSERT INTO t VALUES (1)") ==
			SQLITE_OK)
			(void)!write(ready[1], "", 1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(ask_for(db, WRITES), SQLITE_BUSY);
	assert_int_equal(ask_for(db, COPIES), SQLITE_BUSY);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(ask_for(db, WRITES), SQLITE_OK);
	assert_int_equal(ask_for(db, COPIES), SQLITE_OK);
	assert_int_equal(ask_on(db, "SELECT count(*) FROM t"), 0);
	sqlite3_close(db);
	close(ready[0]);
	close(ready[1]);
}

/* A recovery takes all locks of the log, and gives them back. */
static void
a_log_of_a_killed_process_is_recovered(void **state)
{
	int status;
	pid_t child;
	sqlite3 *db;

	(void)state;
	store_close(store);
	store = NULL;
	child = fork();
	if (child == 0) {
		db = open_as(OURS);
		_exit(run(db, "INSERT INTO t VALUES (1)"));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(store_open(database, NULL, &store, &why), OK);
	db = store_writer(store);
	assert_int_equal(ask_on(db, "SELECT count(*) FROM t"), 1);
	assert_int_equal(ask_for(db, WRITES), SQLITE_OK);
	assert_int_equal(ask_for(db, COPIES), SQLITE_OK);
	assert_int_equal(run(db, "INSERT INTO t VALUES (2)"), SQLITE_OK);
	assert_int_equal(ask_for(db, COPIES), SQLITE_OK);
	assert_int_equal(ask_on(db, "SELECT count(*) FROM t"), 2);
}

static void
versions_that_repair_it_are_known(void **state)
{
	static const int repaired[] = {
	    3044006, 3044009, 3050007, 3051003, 3053001, 4000000};
	static const int not_repaired[] = {3007000, 3040001, 3044005, 3045000,
	    3046001, 3050006, 3051000, 3051002};

	(void)state;
	for (size_t i = 0; i < sizeof(repaired) / sizeof(*repaired); i++)
		assert_true(sync_log_reset_is_repaired(repaired[i]));
	for (size_t i = 0; i < sizeof(not_repaired) / sizeof(*not_repaired);
	     i++)
		assert_false(sync_log_reset_is_repaired(not_repaired[i]));
}

/* ---- many at once ----------------------------------------------------- */

enum { WRITERS = 4, COPIERS = 3 };

struct count {
	long who, confirmed;
};

/* Write or copy until the time is over. Returns how often it was confirmed. */
static long
keep_at_it(enum work work, long who, int64_t end_ms)
{
	struct connect how = {database, CONNECT_WRITER, NULL};
	sqlite3_stmt *insert = NULL;
	sqlite3 *db = NULL;
	long confirmed = 0;

	/* Nobody cuts the power; without syncs there are more commits. */
	if (connect_open(&how, &db, &why) != OK ||
	    run(db, "PRAGMA synchronous = OFF") != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "INSERT INTO w(who, n) VALUES (?1, ?2)", -1,
		&insert, NULL) != SQLITE_OK)
		return -1;
	srand((unsigned)getpid());
	while (clock_ms() < end_ms) {
		const struct timespec rest = {0, rand() % 600 * 1000L};

		if (work == COPIES) {
			(void)checkpoint(db);
			continue;
		}
		sqlite3_bind_int64(insert, 1, who);
		sqlite3_bind_int64(insert, 2, confirmed);
		confirmed += sqlite3_step(insert) == SQLITE_DONE;
		sqlite3_reset(insert);
		nanosleep(&rest, NULL);
	}
	sqlite3_finalize(insert);
	sqlite3_close(db);
	return confirmed;
}

/*
 * With SQLite before 3.51.3 and without the lock, commits are gone and an index
 * is damaged after some seconds, most times.
 */
static void
nothing_confirmed_is_lost(void **state)
{
	const int64_t end_ms =
	    clock_ms() + (getenv("GUIJU_LONG") == NULL ? 2000 : 30000);
	struct count count;
	char sql[96];
	int ends[2];

	(void)state;
	assert_int_equal(run(store_writer(store),
			     "CREATE TABLE w(id INTEGER PRIMARY KEY, who, n);"
			     "CREATE INDEX w_n ON w(n, who);"),
	    SQLITE_OK);
	store_close(store);
	store = NULL;
	assert_int_equal(pipe(ends), 0);
	for (long i = 0; i < WRITERS + COPIERS; i++) {
		if (fork() != 0)
			continue;
		count = (struct count){
		    i, keep_at_it(i < WRITERS ? WRITES : COPIES, i, end_ms)};
		_exit(write(ends[1], &count, sizeof(count)) !=
		    (ssize_t)sizeof(count));
	}
	for (int i = 0, status; i < WRITERS + COPIERS; i++)
		assert_true(wait(&status) > 0 && status == 0);
	assert_int_equal(close(ends[1]), 0);
	while (read(ends[0], &count, sizeof(count)) == (ssize_t)sizeof(count)) {
		assert_true(count.who >= WRITERS || count.confirmed > 0);
		snprintf(sql, sizeof(sql),
		    "SELECT count(DISTINCT n) FROM w NOT INDEXED WHERE who = "
		    "%ld",
		    count.who);
		assert_int_equal(ask(sql), count.confirmed);
	}
	close(ends[0]);
	assert_int_equal(ask("SELECT count(*) FROM pragma_integrity_check "
			     "WHERE integrity_check <> 'ok'"),
	    0);
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(one_writes_or_copies_at_a_time),
	    TEST(a_statement_alone_takes_it_as_well),
	    TEST(a_killed_writer_leaves_it),
	    TEST(a_log_of_a_killed_process_is_recovered),
	    TEST(versions_that_repair_it_are_known),
	    TEST(nothing_confirmed_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
