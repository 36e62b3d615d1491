/* SPDX-License-Identifier: ISC */
/*
 * What a commit of a reader takes when it also copies the write-ahead log, as
 * SQLite does by itself, and when another process does, as ours:
 *
 *   commits FOLDER [COMMITS]
 *
 * Both are measured in turns, in a database of their own in FOLDER. Prints
 * Markdown, with the ratio of the first to the second.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/checkpoint.h"
#include "store/connect.h"

enum {
	ROUNDS = 3,
	COMMITS = 800,
	ROWS = 8000,
	PAGES = 24,  /* that a commit changes, as a report does */
	REST_MS = 2, /* between two commits */
	LOOK_MS = 1000
};

static char database[4096];

static void
die(const char *what, sqlite3 *db)
{
	fprintf(stderr, "commits: %s: %s\n", what, sqlite3_errmsg(db));
	exit(1);
}

static void
run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(sql, db);
}

static void
rest(unsigned ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

static sqlite3 *
open_writer(void)
{
	const struct connect how = {database, CONNECT_WRITER, NULL};
	sqlite3 *db = NULL;
	struct buf why;

	buf_init(&why, 1024);
	if (connect_open(&how, &db, &why) != OK) {
		fprintf(stderr, "commits: %.*s\n", STR_ARG(buf_view(&why)));
		exit(1);
	}
	buf_release(&why);
	return db;
}

static void
make(void)
{
	static const char *const tails[] = {"", "-wal", "-shm"};
	char path[sizeof(database) + 8], sql[160];
	FILE *file;
	sqlite3 *db;

	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s%s", database, tails[i]);
		unlink(path);
	}
	file = fopen(database, "wx");
	if (file == NULL || fclose(file) != 0) {
		perror(database);
		exit(1);
	}
	db = open_writer();
	snprintf(sql, sizeof(sql),
	    "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
	    "i < %d) INSERT INTO t SELECT i, zeroblob(3000) FROM n",
	    ROWS);
	run(db,
	    "PRAGMA journal_mode = WAL;"
	    "CREATE TABLE t(id INTEGER PRIMARY KEY, x)");
	run(db, sql);
	if (checkpoint_run(db, true) != SQLITE_OK)
		die("checkpoint", db);
	sqlite3_close(db);
}

static pid_t
fork_checkpointer(void)
{
	pid_t pid = fork();
	sqlite3 *db;

	if (pid != 0)
		return pid;
	db = open_writer();
	for (;;) {
		rest(LOOK_MS);
		(void)checkpoint_run(db, false);
	}
}

/* The microseconds of each commit into out. */
static void
measure(bool copies, size_t count, int64_t out[])
{
	sqlite3_stmt *update = NULL;
	pid_t child;
	sqlite3 *db;

	make();
	child = copies ? 0 : fork_checkpointer();
	db = open_writer();
	if (copies)
		run(db, "PRAGMA wal_autocheckpoint = 1000");
	if (child < 0 ||
	    sqlite3_prepare_v2(db,
		"UPDATE t SET x = randomblob(3000) WHERE id = ?1", -1, &update,
		NULL) != SQLITE_OK)
		die("update", db);
	for (size_t i = 0; i < count; i++) {
		int64_t began_us = clock_us();

		run(db, "BEGIN IMMEDIATE");
		for (int page = 0; page < PAGES; page++) {
			sqlite3_bind_int(update, 1, 1 + rand() % ROWS);
			if (sqlite3_step(update) != SQLITE_DONE)
				die("update", db);
			sqlite3_reset(update);
		}
		run(db, "COMMIT");
		out[i] = clock_us() - began_us;
		rest(REST_MS);
	}
	sqlite3_finalize(update);
	if (child > 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	sqlite3_close(db);
}

static int
by_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int
main(int argc, char **argv)
{
	const size_t count = argc > 2 ? strtoul(argv[2], NULL, 10) : COMMITS;
	const char *const names[] = {"median", "p99", "longest"};
	int64_t *us[2];
	size_t all = count * ROUNDS, at[3];

	if (argc < 2 || count == 0)
		return 2;
	snprintf(database, sizeof(database), "%s/commits.db", argv[1]);
	for (int i = 0; i < 2; i++) {
		us[i] = calloc(all, sizeof(*us[i]));
		if (us[i] == NULL)
			return 1;
	}
	for (size_t round = 0; round < ROUNDS; round++)
		for (int i = 0; i < 2; i++)
			measure(i == 0, count, us[i] + round * count);
	for (int i = 0; i < 2; i++)
		qsort(us[i], all, sizeof(*us[i]), by_size);
	at[0] = all / 2;
	at[1] = all - 1 - all / 100;
	at[2] = all - 1;
	printf("| a commit | it copies the log | another process does | ratio "
	       "|\n| --- | --- | --- | --- |\n");
	for (int i = 0; i < 3; i++)
		printf("| %s | %.1f ms | %.1f ms | %.1f |\n", names[i],
		    (double)us[0][at[i]] / 1000, (double)us[1][at[i]] / 1000,
		    (double)us[0][at[i]] / (double)us[1][at[i]]);
	unlink(database);
	free(us[0]);
	free(us[1]);
	return 0;
}
