/* SPDX-License-Identifier: ISC */
/*
 * A catalogue of synthetic standards, as a CSV file for `guiju import
 * standards`, on standard output:
 *
 *   standards STATE ROWS
 *
 * The database in STATE lends the codes of its ICS and CCS tables, nothing
 * else. Numbers look like real ones; that they are not, name and source say.
 */
#include <stdio.h>
#include <stdlib.h>

#include "store/store.h"
#include "tests/bench/synthetic.h"

enum { CODES_MAX = 4096, CODE_SIZE = 16, LINE_MAX_BYTES = 4096 };

struct codes {
	char code[CODES_MAX][CODE_SIZE];
	uint64_t count;
};

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "standards: %s: %s\n", what, why);
	exit(1);
}

static void
read_codes(sqlite3 *db, const char *sql, struct codes *codes)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		die(sql, sqlite3_errmsg(db));
	while (sqlite3_step(stmt) == SQLITE_ROW && codes->count < CODES_MAX)
		snprintf(codes->code[codes->count++], CODE_SIZE, "%s",
		    (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
}

/* Some classes have far more standards than others: the lower of two dice. */
static const char *
pick_code(const struct codes *codes, uint64_t hash)
{
	uint64_t one, other;

	if (codes->count == 0)
		return "";
	one = hash % codes->count;
	other = hash / codes->count % codes->count;
	return codes->code[one < other ? one : other];
}

/* The first code of whole depth from a place of its own on. */
static const char *
busy_code(const struct codes *codes, unsigned n)
{
	size_t depth = 0;

	if (codes->count == 0)
		return "";
	for (uint64_t i = 0; i < codes->count; i++)
		if (strlen(codes->code[i]) > depth)
			depth = strlen(codes->code[i]);
	for (uint64_t i = codes->count * n / SYNTHETIC_BUSY;; i++) {
		const char *code = codes->code[i % codes->count];
		if (strlen(code) == depth)
			return code;
	}
}

static const char *
code_of(const struct codes *codes, uint64_t row, uint64_t hash)
{
	unsigned busy = synthetic_busy_class(row);

	return busy < SYNTHETIC_BUSY ? busy_code(codes, busy)
				     : pick_code(codes, hash);
}

/* What became of an edition: the older of two was replaced; of the others a
 * few were withdrawn. */
static const char *
status_of(uint64_t row)
{
	if (row % 2 == 0)
		return "被代替";
	return synthetic_hash(row, 50) % 20 == 0 ? "废止" : "现行";
}

static void
write_row(struct buf *line, const struct codes *ics, const struct codes *ccs,
    uint64_t row)
{
	unsigned year = synthetic_year(row);
	unsigned month =
	    row % 2 == 1 && synthetic_busy_month(row) < SYNTHETIC_BUSY
	    ? SYNTHETIC_BUSY_MONTH
	    : 1 + (unsigned)(synthetic_hash(row, 51) % 12);
	unsigned day = 1 + (unsigned)(synthetic_hash(row, 52) % 28);
	uint64_t hash = synthetic_hash(row / 2, 53);

	buf_clear(line);
	synthetic_number(line, row);
	buf_char(line, ',');
	synthetic_name_of_standard(line, row);
	buf_printf(line, ",synthetic data %llu,%s,%u-%02u-%02u",
	    (unsigned long long)row, status_of(row), year, month, day);
	month = month + 6;
	if (month > 12) {
		month -= 12;
		year++;
	}
	buf_printf(line, ",%u-%02u-01,%s,%s,", year, month,
	    code_of(ics, row, hash), code_of(ccs, row, hash >> 32));
	if (row % 2 == 1)
		synthetic_number(line, row - 1);
	buf_printf(line, ",SAC/TC %u 合成数据,synthetic\n",
	    1 + (unsigned)(synthetic_hash(row / 2, 54) % 600));
	if (line->err != OK || fwrite(line->data, line->len, 1, stdout) != 1)
		die("output", "cannot be written");
}

int
main(int argc, char **argv)
{
	static struct codes ics, ccs;
	char database[1024];
	struct store *store = NULL;
	struct buf line;
	int64_t rows;

	if (argc != 3 ||
	    str_to_int(str_from(argv[2]), 1, 100000000, &rows) != OK) {
		fputs("usage: standards STATE ROWS\n", stderr);
		return 2;
	}
	buf_init(&line, LINE_MAX_BYTES);
	snprintf(database, sizeof(database), "%s/portal.db", argv[1]);
	if (store_open(database, NULL, &store, &line) != OK)
		die(database, "does not open");
	read_codes(store_reader(store),
	    "SELECT code FROM ics WHERE level > 1 ORDER BY code", &ics);
	read_codes(store_reader(store),
	    "SELECT code FROM ccs WHERE level > 2 ORDER BY code", &ccs);
	store_close(store);
	puts("number,title_zh,title_en,status_zh,issued,implemented,ics,ccs,"
	     "replaces,committee,source");
	for (int64_t row = 0; row < rows; row++)
		write_row(&line, &ics, &ccs, (uint64_t)row);
	buf_release(&line);
	return 0;
}
