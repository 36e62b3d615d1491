/* SPDX-License-Identifier: ISC */
/*
 * What an act of a reader takes, beside bare SQLite:
 *
 *   act FOLDER [ACTS]
 *
 * An act is a request for a sealed page with one INSERT, which is answered when
 * it is durable. Bare SQLite inserts the same row into the same table of a
 * database of its own, in a transaction with synchronous=FULL, in the same
 * new FOLDER and in turns with the acts. Times are by the clock, since the disk
 * is most of it. Prints Markdown, with the ratio of the medians.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "page/site.h"
#include "store/checkpoint.h"
#include "store/connect.h"
#include "store/store.h"
#include "wire/wire.h"

enum {
	ACTS = 1000,
	COPY_EVERY = 50,
	ARENA_BYTES = 8 * 1024 * 1024,
	PATH_BYTES = 4096
};

#define AIM 1.25
#define TABLE "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)"
#define INSERT "INSERT INTO note (text) VALUES ('a note of some words')"

static char folder[PATH_BYTES - 64];

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "act: %s: %s\n", what, why);
	exit(1);
}

static const char *
path_of(const char *name)
{
	static char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void
write_file(const char *name, const char *text)
{
	FILE *file = fopen(path_of(name), "we");

	if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
		die(name, "cannot be written");
}

/* ---- the page -------------------------------------------------------- */

static struct site *
open_site(void)
{
	static const char *const folders[] = {"capsule", "capsule/pages",
	    "capsule/pages/w", "capsule/schema", "state"};
	struct site_options options = {.download = STR("download"),
	    .language = STR("en"),
	    .host = STR("localhost"),
	    .services = wire_services()};
	char capsule[PATH_BYTES], state[PATH_BYTES], database[PATH_BYTES];
	struct finding *findings = NULL;
	struct site *site = NULL;
	struct buf why;

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (mkdir(path_of(folders[i]), 0755) != 0)
			die(folders[i], "cannot be made");
	write_file("capsule/schema/001_note.sql", TABLE ";\n");
	write_file("capsule/pages/index.gmi", "# Home\n");
	write_file("capsule/pages/w/index.gmi", "=> {seal} Write\n");
	write_file("capsule/pages/w/[seal].gmi", "% do " INSERT "\n# stored\n");
	snprintf(capsule, sizeof(capsule), "%s", path_of("capsule"));
	snprintf(state, sizeof(state), "%s", path_of("state"));
	snprintf(database, sizeof(database), "%s", path_of("state/portal.db"));
	options.capsule = capsule;
	options.state_dir = state;
	buf_init(&why, 1024);
	if (store_migrate(database, path_of("capsule/schema"), NULL, &why) !=
	    OK)
		die("the database", "cannot be made");
	buf_release(&why);
	if (site_open(&options, &site, &findings) != OK)
		die("the capsule",
		    findings == NULL ? "does not open" : findings->message);
	findings_free(findings);
	return site;
}

/* Ask for a page over Gemini as the reader of one address. */
static void
ask(struct site *site, struct arena *arena, struct str path,
    struct reply *reply)
{
	static const struct ip peer = {{0x20, 0x01, 0x0d, 0xb8}};
	struct request request = {.arena = arena,
	    .protocol = &wire_gemini.protocol,
	    .query = STR(""),
	    .peer = &peer};

	*reply = (struct reply){.file = -1};
	if (path_parse(arena, path, &request.path) != OK)
		die("the act", "no address");
	site_answer(site, &request, reply);
}

/* The microseconds of one act; not those of the page with its link. */
static int64_t
act(struct site *site, struct arena *arena)
{
	struct reply reply;
	struct buf link;
	int64_t began_us;

	arena_clear(arena);
	buf_init(&link, 1024);
	ask(site, arena, STR("/w/"), &reply);
	if (reply.type != REPLY_BLOCKS || reply.blocks.first == NULL)
		die("the act", "no link");
	path_resolve(&link, STR("/w/"), reply.blocks.first->url);
	began_us = clock_us();
	ask(site, arena, buf_view(&link), &reply);
	began_us = clock_us() - began_us;
	if (reply.type != REPLY_BLOCKS)
		die("the act", "refused");
	buf_release(&link);
	return began_us;
}

/* ---- bare SQLite ----------------------------------------------------- */

static sqlite3 *
open_bare(void)
{
	sqlite3 *db = NULL;

	if (sqlite3_open(path_of("bare.db"), &db) != SQLITE_OK ||
	    sqlite3_exec(db,
		"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; " TABLE,
		NULL, NULL, NULL) != SQLITE_OK)
		die("bare SQLite", sqlite3_errmsg(db));
	return db;
}

static void
step(sqlite3 *db, sqlite3_stmt *stmt)
{
	if (sqlite3_step(stmt) != SQLITE_DONE)
		die("bare SQLite", sqlite3_errmsg(db));
	sqlite3_reset(stmt);
}

/* The microseconds of one transaction. */
static int64_t
insert(sqlite3 *db, sqlite3_stmt *const stmt[3])
{
	const int64_t began_us = clock_us();

	for (int i = 0; i < 3; i++)
		step(db, stmt[i]);
	return clock_us() - began_us;
}

/* ---- the log ---------------------------------------------------------- */

/* A connection that copies the write-ahead log, between acts, as another
 * process of a server does. Bare SQLite copies its own in a commit of a
 * thousand pages. */
static sqlite3 *
open_copier(void)
{
	const struct connect how = {
	    path_of("state/portal.db"), CONNECT_WRITER, NULL};
	sqlite3 *db = NULL;
	struct buf why;

	buf_init(&why, 1024);
	if (connect_open(&how, &db, &why) != OK)
		die("the database", "does not open");
	buf_release(&why);
	return db;
}

/* ---- both ------------------------------------------------------------- */

static int
by_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
print(int64_t *ours, int64_t *bare, size_t n)
{
	const size_t at[2] = {n / 2, n - 1 - n / 100};
	const char *const names[2] = {"median", "p99"};
	double ratio;

	qsort(ours, n, sizeof(*ours), by_size);
	qsort(bare, n, sizeof(*bare), by_size);
	printf("\n| an act | the page | bare SQLite | ratio |\n"
	       "| --- | --- | --- | --- |\n");
	for (int i = 0; i < 2; i++)
		printf("| %s | %.2f ms | %.2f ms | %.2f |\n", names[i],
		    (double)ours[at[i]] / 1000, (double)bare[at[i]] / 1000,
		    (double)ours[at[i]] / (double)bare[at[i]]);
	ratio = (double)ours[at[0]] / (double)bare[at[0]];
	printf("\naim: the median at most %.2f of bare SQLite's: %s\n", AIM,
	    ratio <= AIM ? "ok" : "missed");
}

int
main(int argc, char **argv)
{
	static const char *const sql[3] = {"BEGIN IMMEDIATE", INSERT, "COMMIT"};
	const size_t n = argc > 2 ? strtoul(argv[2], NULL, 10) : ACTS;
	int64_t *ours = calloc(n + 1, sizeof(*ours));
	int64_t *bare = calloc(n + 1, sizeof(*bare));
	struct arena *arena = arena_new(ARENA_BYTES);
	int64_t now_s = 1795406400; /* 2026-11-23 */
	sqlite3_stmt *stmt[3];
	struct site *site;
	sqlite3 *db, *copier;

	if (argc < 2 || n == 0 || ours == NULL || bare == NULL || arena == NULL)
		return 2;
	snprintf(folder, sizeof(folder), "%s", argv[1]);
	if (mkdir(folder, 0755) != 0)
		die(folder, "is there already, or cannot be made");
	clock_set_now_s(now_s);
	site = open_site();
	db = open_bare();
	copier = open_copier();
	for (int i = 0; i < 3; i++)
		if (sqlite3_prepare_v2(db, sql[i], -1, &stmt[i], NULL) !=
		    SQLITE_OK)
			die("bare SQLite", sqlite3_errmsg(db));
	for (size_t i = 0; i < n; i++) {
		/* A reader may write once per second, 1,000 times a day. */
		now_s += i % 900 == 899 ? 86400 : 61;
		clock_set_now_s(now_s);
		ours[i] = act(site, arena);
		bare[i] = insert(db, stmt);
		if (i % COPY_EVERY == 0)
			(void)checkpoint_run(copier, false);
	}
	print(ours, bare, n);
	for (int i = 0; i < 3; i++)
		sqlite3_finalize(stmt[i]);
	sqlite3_close(db);
	sqlite3_close(copier);
	site_close(site);
	arena_free(arena);
	free(ours);
	free(bare);
	return 0;
}
