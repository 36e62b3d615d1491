/* SPDX-License-Identifier: ISC */
/*
 * A portal's database full of synthetic articles:
 *
 *   articles CAPSULE STATE ROWS
 *
 * They come in as articles do: inserted, then the search index brought up to
 * date by the statements of the capsule's import/_search.sql, in
 * one transaction for each BATCH of them. 85 of 100 stand in the first news
 * section, so that 1,000,000 of them make a list of more than 40,000 pages.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "store/accounts/accounts.h"
#include "store/modules.h"
#include "store/store.h"
#include "tests/bench/synthetic.h"

enum {
	BATCH = 10000,
	SECTIONS_MAX = 64,
	FIRST_SHARE = 85,
	TEXT_MAX = 64 * 1024,
	/* Articles are spread over the time from 2006-01-01 on. */
	FIRST_TIME = 1136044800
};

/* 2026-11-01: what is asked is asked later than that. */
static const int64_t last_time = 1793462400;

static const char insert_sql[] =
    "INSERT INTO article (section_id, status, published, updated, pinned,"
    " sample, title, source, publisher, summary, body)"
    " VALUES (?1, 'live', ?2, ?2, ?3, 1, ?4, '合成数据 synthetic', 'bench',"
    " '合成数据', ?5)";

struct filling {
	sqlite3 *db;
	sqlite3_stmt *insert;
	struct buf follow_up; /* brings the search index up to date */
	struct buf title, body;
	int64_t sections[SECTIONS_MAX];
	size_t section_count;
	uint64_t rows;
};

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "articles: %s: %s\n", what, why);
	exit(1);
}

static void
run(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		die(sql, why);
}

/* The statements of import/_search.sql: "% do" begins one, "%" and blanks
 * continue it, the rest are comments. */
static void
read_follow_up(struct filling *f, const char *capsule)
{
	char path[1024], line[1024];
	FILE *file;

	snprintf(path, sizeof(path), "%s/import/_search.sql", capsule);
	file = fopen(path, "r");
	if (file == NULL)
		die(path, "cannot be read");
	while (fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, "% do ", 5) == 0)
			buf_printf(&f->follow_up, ";%s", line + 5);
		else if (strncmp(line, "%  ", 3) == 0)
			buf_text(&f->follow_up, line + 1);
	}
	fclose(file);
	buf_char(&f->follow_up, '\0');
	if (f->follow_up.len < 2 || f->follow_up.err != OK)
		die(path, "says nothing of the search index");
}

static void
read_sections(struct filling *f)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(f->db,
		"SELECT id FROM section WHERE kind = 'news' ORDER BY id", -1,
		&stmt, NULL) != SQLITE_OK)
		die("section", sqlite3_errmsg(f->db));
	while (
	    sqlite3_step(stmt) == SQLITE_ROW && f->section_count < SECTIONS_MAX)
		f->sections[f->section_count++] = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	if (f->section_count == 0)
		die("section", "there is none with articles");
}

static int64_t
section_of(const struct filling *f, uint64_t row)
{
	uint64_t hash = synthetic_hash(row, 3);

	return hash % 100 < FIRST_SHARE
	    ? f->sections[0]
	    : f->sections[hash / 100 % f->section_count];
}

static void
insert_article(struct filling *f, uint64_t row)
{
	sqlite3_stmt *s = f->insert;
	int64_t time = FIRST_TIME +
	    (int64_t)((double)row / (double)f->rows *
		(double)(last_time - FIRST_TIME));
	/* A few stand above their section's list, as in any portal. */
	int pinned = row + 20 >= f->rows && row % 7 == 0;

	buf_clear(&f->title);
	buf_clear(&f->body);
	synthetic_title(&f->title, row);
	synthetic_body(&f->body, row);
	sqlite3_bind_int64(s, 1, section_of(f, row));
	sqlite3_bind_int64(s, 2, time);
	sqlite3_bind_int(s, 3, pinned);
	sqlite3_bind_text(
	    s, 4, f->title.data, (int)f->title.len, SQLITE_STATIC);
	sqlite3_bind_text(s, 5, f->body.data, (int)f->body.len, SQLITE_STATIC);
	if (f->title.err != OK || f->body.err != OK ||
	    sqlite3_step(s) != SQLITE_DONE)
		die("insert", sqlite3_errmsg(f->db));
	sqlite3_reset(s);
}

static void
fill(struct filling *f)
{
	int64_t begun = clock_ms();

	if (sqlite3_prepare_v2(f->db, insert_sql, -1, &f->insert, NULL) !=
	    SQLITE_OK)
		die("insert", sqlite3_errmsg(f->db));
	run(f->db, "PRAGMA cache_size = -200000");
	for (uint64_t row = 1; row <= f->rows; row++) {
		if (row % BATCH == 1)
			run(f->db, "BEGIN IMMEDIATE");
		insert_article(f, row);
		if (row % BATCH != 0 && row != f->rows)
			continue;
		run(f->db, f->follow_up.data);
		run(f->db, "COMMIT");
		fprintf(stderr, "\r%llu articles, %lld s ",
		    (unsigned long long)row,
		    (long long)(clock_ms() - begun) / 1000);
	}
	fputc('\n', stderr);
	sqlite3_finalize(f->insert);
	/* As an operator does after a large import: one segment an index. */
	run(f->db, "INSERT INTO title_fts (title_fts) VALUES ('optimize')");
	run(f->db, "INSERT INTO body_fts (body_fts) VALUES ('optimize')");
	run(f->db, "PRAGMA wal_checkpoint(TRUNCATE)");
}

int
main(int argc, char **argv)
{
	static struct filling f;
	char database[1024], schema[1024], content[1024];
	struct store *store = NULL;
	struct buf why;
	int64_t rows;

	if (argc != 4 ||
	    str_to_int(str_from(argv[3]), 1, 100000000, &rows) != OK) {
		fputs("usage: articles CAPSULE STATE ROWS\n", stderr);
		return 2;
	}
	snprintf(database, sizeof(database), "%s/portal.db", argv[2]);
	snprintf(schema, sizeof(schema), "%s/schema", argv[1]);
	snprintf(content, sizeof(content), "%s/content", argv[1]);
	buf_init(&why, 4096);
	accounts_use(true);
	if (modules_use(STR("standards"), &why) != OK ||
	    store_migrate(database, schema, content, &why) != OK ||
	    store_open(database, NULL, &store, &why) != OK) {
		buf_char(&why, '\0');
		die(database, why.data);
	}
	f.db = store_writer(store);
	f.rows = (uint64_t)rows;
	buf_init(&f.follow_up, TEXT_MAX);
	buf_init(&f.title, TEXT_MAX);
	buf_init(&f.body, TEXT_MAX);
	read_follow_up(&f, argv[1]);
	read_sections(&f);
	fill(&f);
	buf_release(&f.follow_up);
	buf_release(&f.title);
	buf_release(&f.body);
	buf_release(&why);
	store_close(store);
	return 0;
}
