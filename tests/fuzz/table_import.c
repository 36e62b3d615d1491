/* SPDX-License-Identifier: ISC */
/*
 * A table for `guiju import`, given to the capsule's own import of standards
 * or of an announcement. A try leaves the database as it was, and so does an
 * import that is taken back; what is stored has its own key; what is said on
 * the way is clean. How a table's rows are read is the target table's.
 */
#include "fuzz.h"

#include <unistd.h>

#include "base/log.h"
#include "place.h"
#include "store/accounts/accounts.h"
#include "store/defined.h"
#include "store/modules.h"
#include "store/store.h"
#include "tools/import/table/internal.h"

enum { FILE_MAX = 8 * 1024, SAID_MAX = 1 << 20, SHOT_MAX = 4 << 20 };

/* The first byte's bits. */
enum { WITH_TABS = 1, ANNOUNCED = 2, STORED = 4 };

static const char before_csv[] =
    "number,title_zh,status_zh,issued,replaces,source\n"
    "GB/T 19001-2016,质量管理体系 要求,现行,2016-12-30,GB/T 19001-2008,a\n"
    "GB 7718-2011,预包装食品标签通则,现行,2011-04-20,,a\n";

static struct store *store;
static struct defined *functions;
static FILE *said; /* where complaints and sums go */
static char table_csv[96], table_tsv[96];

static sqlite3 *
db(void)
{
	return store_writer(store);
}

static void
open_store(void)
{
	char database[96];
	struct buf why;

	snprintf(database, sizeof(database), "%s/portal.db", place());
	buf_init(&why, 4096);
	accounts_use(true);
	MUST(modules_use(STR("standards"), &why) == OK);
	MUST(store_migrate(database, "capsule/schema", NULL, &why) == OK);
	MUST(store_open(database, NULL, &store, &why) == OK);
	MUST(defined_open(db(), NULL, "capsule", &functions, &why) == OK);
	buf_release(&why);
	MUST(sqlite3_exec(db(), "PRAGMA synchronous = OFF", NULL, NULL, NULL) ==
	    SQLITE_OK);
}

/* ---- what it says ---------------------------------------------------- */

/* Standard output and error go to the file, or back. */
static void
swap(void)
{
	static int own[2] = {-1, -1};

	fflush(NULL);
	for (int i = 0; i < 2; i++) {
		if (own[i] < 0) {
			own[i] = dup(i + 1);
			MUST(own[i] >= 0 && dup2(fileno(said), i + 1) >= 0);
		} else {
			MUST(dup2(own[i], i + 1) >= 0);
			close(own[i]);
			own[i] = -1;
		}
	}
}

static void
check_said(void)
{
	static char room[SAID_MAX];
	ssize_t n = pread(fileno(said), room, sizeof(room), 0);

	MUST(n >= 0);
	if (n < SAID_MAX)
		MUST(is_clean_text((struct str){room, (size_t)n}, "\n"));
	MUST(ftruncate(fileno(said), 0) == 0);
	MUST(lseek(fileno(said), 0, SEEK_SET) == 0);
}

/* ---- the database ---------------------------------------------------- */

/* Everything that an import may change and that is to come back. */
static void
take_shot(struct buf *shot)
{
	static const char sql[] =
	    "SELECT key, number, title, stated, issued, implemented, abolished "
	    "FROM standard UNION ALL "
	    "SELECT from_key, type, to_key, degree, day, claims, note "
	    "FROM relation UNION ALL "
	    "SELECT number, issuer, day, title, url, NULL, NULL "
	    "FROM announcement ORDER BY 1, 2, 3";
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(db(), sql, -1, &statement, NULL) != SQLITE_OK)
		fprintf(stderr, "%s\n", sqlite3_errmsg(db()));
	MUST(statement != NULL);
	while (sqlite3_step(statement) == SQLITE_ROW)
		for (int i = 0; i < 7; i++)
			buf_printf(shot, "%s\n",
			    (const char *)sqlite3_column_text(statement, i));
	MUST(sqlite3_finalize(statement) == SQLITE_OK);
	MUST(shot->err == OK);
}

static void
check_as_before(const struct buf *before)
{
	struct buf now;

	MUST(sqlite3_get_autocommit(db()));
	buf_init(&now, SHOT_MAX);
	take_shot(&now);
	MUST(str_equal(buf_view(&now), buf_view(before)));
	buf_release(&now);
}

static int64_t
ask(const char *sql)
{
	sqlite3_stmt *statement;
	int64_t n;

	MUST(sqlite3_prepare_v2(db(), sql, -1, &statement, NULL) == SQLITE_OK);
	MUST(sqlite3_step(statement) == SQLITE_ROW);
	n = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return n;
}

static void
check_database(void)
{
	MUST(ask("SELECT count(*) FROM pragma_foreign_key_check") == 0);
	MUST(ask("SELECT count(*) FROM standard WHERE std_key(key) IS NOT key "
		 "OR std_key(number) IS NOT key") == 0);
	MUST(ask("SELECT count(*) FROM import_batch WHERE undone IS NULL "
		 "AND id > 1") <= 1);
}

static enum err
load(const char *kind, char *file, bool commit, bool dry_run)
{
	struct load_options options = {.capsule = "capsule",
	    .kind = kind,
	    .source = "fuzz",
	    .verified = "2026-11-01",
	    .commit = commit,
	    .dry_run = dry_run,
	    .quiet = true};
	size_t refused;
	enum err err;

	swap();
	err = load_files(db(), &options, &file, 1, &refused);
	swap();
	check_said();
	MUST(err == OK || err == ERR_INPUT);
	MUST(sqlite3_get_autocommit(db()));
	return err;
}

static void
undo_last(void)
{
	const struct load_options options = {
	    .capsule = "capsule", .kind = "undo", .quiet = true};
	int64_t batch = ask("SELECT coalesce(max(id), 0) FROM import_batch "
			    "WHERE undone IS NULL");

	if (batch <= 1)
		return;
	swap();
	MUST(load_undo(db(), &options, batch) == OK);
	swap();
	check_said();
}

static void
open_once(void)
{
	if (store != NULL)
		return;
	log_set_level(LOG_LEVEL_ERROR);
	said = tmpfile();
	MUST(said != NULL);
	snprintf(table_csv, sizeof(table_csv), "%s/table.csv", place());
	snprintf(table_tsv, sizeof(table_tsv), "%s/table.tsv", place());
	open_store();
	place_write("table.csv", before_csv, sizeof(before_csv) - 1);
	MUST(load("standards", table_csv, true, false) == OK);
	MUST(ask("SELECT count(*) FROM standard") >= 2);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *kind;
	struct buf before;
	bool stored;
	char *file;

	if (size == 0 || size > FILE_MAX)
		return 0;
	open_once();
	file = data[0] & WITH_TABS ? table_tsv : table_csv;
	kind = data[0] & ANNOUNCED ? "announcement" : "standards";
	stored = (data[0] & STORED) != 0;
	place_write(data[0] & WITH_TABS ? "table.tsv" : "table.csv", data + 1,
	    size - 1);

	buf_init(&before, SHOT_MAX);
	take_shot(&before);
	(void)load(kind, file, stored, !stored);
	check_database();
	if (stored)
		undo_last();
	check_as_before(&before);
	buf_release(&before);
	return 0;
}
