/* SPDX-License-Identifier: ISC */
/*
 * A night's work on a small database: what is made, what replaces what, and
 * what stays when something is wrong.
 */
#include "store/nightly/nightly.h"

#include <sys/file.h>
#include <fcntl.h>

#include <lzma.h>

#include "base/fault.h"
#include "store/connect.h"
#include "store/nightly/internal.h"
#include "store/tally.h"
#include "tests/unit/store_place.h"

#define SCHEMA                                                               \
	"CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT, n INTEGER);" \
	"CREATE TABLE secret_note (text TEXT);"                              \
	"CREATE VIRTUAL TABLE book_fts USING fts5 (title,"                   \
	" content = 'book', content_rowid = 'id', tokenize = 'cjk');"        \
	"INSERT INTO book VALUES (1, 'a,b', 5), (2, '=1+1', NULL),"          \
	" (3, 'say \"x\"' || char(10) || '椰子', -7);"                     \
	"INSERT INTO book_fts (rowid, title) SELECT id, title FROM book;"    \
	"INSERT INTO secret_note VALUES ('nobody shall read this');"
#define EXPORT                                                                \
	"CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT, n INTEGER);" \
	"INSERT INTO books SELECT id, title, n FROM portal.book;"             \
	"CREATE TABLE totals (n INTEGER);"                                    \
	"INSERT INTO totals SELECT count(*) FROM portal.book;"

static char export_dir[96], public_dir[96], work_dir[96];

/* A script of the capsule's export/. */
static void
put_export(const char *name, const char *sql)
{
	put(export_dir, name, sql, strlen(sql));
}

static void
begin(const char *export_sql)
{
	struct store *store = NULL;

	snprintf(export_dir, sizeof(export_dir), "%s/export", dir);
	snprintf(public_dir, sizeof(public_dir), "%s/public", dir);
	snprintf(work_dir, sizeof(work_dir), "%s/nightly", dir);
	script("001_book.sql", SCHEMA);
	if (store_migrate(database, schema, NULL, &why) != OK ||
	    store_open(database, NULL, &store, &why) != OK)
		fail_msg("%.*s", STR_ARG(buf_view(&why)));
	store_close(store);
	assert_int_equal(mkdir(export_dir, 0700), 0);
	if (export_sql != NULL)
		put_export("shelf.sql", export_sql);
}

static enum err
night(void)
{
	return nightly_run(dir, dir);
}

/* A file's bytes, ended by NUL; NULL: it is not there. The caller frees. */
static char *
read_file(const char *folder, const char *name, size_t *len)
{
	char path[256], *text;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "r");
	if (file == NULL)
		return NULL;
	text = calloc(1, 4 * 1024 * 1024);
	assert_non_null(text);
	*len = fread(text, 1, 4 * 1024 * 1024 - 1, file);
	assert_int_equal(fclose(file), 0);
	return text;
}

static void
assert_file(const char *name, const char *wanted)
{
	size_t len = 0;
	char *text = read_file(public_dir, name, &len);

	assert_non_null(text);
	assert_string_equal(text, wanted);
	free(text);
}

static bool
is_there(const char *folder, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return access(path, F_OK) == 0;
}

/* The answer of a number by a given-out database, opened as any program
 * would: without our functions. */
static int64_t
ask_shelf(const char *sql)
{
	char path[128];
	sqlite3 *db;
	int64_t n;

	snprintf(path, sizeof(path), "%s/shelf.sqlite3", public_dir);
	assert_int_equal(
	    sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	n = ask_on(db, sql);
	sqlite3_close(db);
	return n;
}

static bool
sums_agree(void)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		if (chdir(public_dir) == 0)
			execlp("sha256sum", "sha256sum", "-c", "--quiet",
			    "--strict", "SHA256SUMS", (char *)NULL);
		_exit(127);
	}
	waitpid(child, &status, 0);
	return status == 0;
}

static void
a_night_writes_each_table_as_files(void **state)
{
	size_t len = 0;
	char *bytes;

	(void)state;
	begin(EXPORT);
	assert_int_equal(night(), OK);
	assert_file("shelf-books.csv",
	    "id,title,n\r\n1,\"a,b\",5\r\n2, =1+1,\r\n"
	    "3,\"say \"\"x\"\"\n椰子\",-7\r\n");
	assert_file("shelf-totals.csv", "n\r\n3\r\n");
	assert_int_equal(ask_shelf("SELECT n FROM totals"), 3);
	assert_int_equal(ask_shelf("SELECT count(*) FROM books"), 3);
	assert_int_equal(ask_shelf("PRAGMA application_id"), 0);
	assert_true(sums_agree());
	assert_int_equal(ask("SELECT count(*) FROM guiju_file"), 4);
	assert_int_equal(
	    ask("SELECT rows FROM guiju_file WHERE name = 'shelf-books.csv'"),
	    3);
	assert_int_equal(ask("SELECT count(*) FROM guiju_file WHERE rows IS"
			     " NULL AND length(sha256) = 64 AND bytes > 0"),
	    2);
	/* What the script does not ask for is in no file. */
	bytes = read_file(public_dir, "shelf.sqlite3", &len);
	assert_non_null(bytes);
	assert_int_equal(
	    str_find((struct str){bytes, len}, STR("nobody shall")), SIZE_MAX);
	free(bytes);
	/* Nothing is left but the note that it is done. */
	assert_true(is_there(work_dir, "done"));
	assert_false(is_there(work_dir, "copy.db"));
	assert_false(is_there(public_dir, ".shelf.sqlite3"));
}

/* What xz unpacks is the file beside it. */
static void
a_packed_file_unpacks_to_its_twin(void **state)
{
	lzma_stream xz = LZMA_STREAM_INIT;
	size_t len = 0, packed_len = 0;
	char *plain, *packed, *back = calloc(1, 4 * 1024 * 1024);

	(void)state;
	begin("CREATE TABLE rows (n INTEGER, word TEXT);"
	      "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r"
	      " WHERE n < 20000) INSERT INTO rows SELECT n, 'w' || n FROM r;");
	assert_int_equal(night(), OK);
	plain = read_file(public_dir, "shelf-rows.csv", &len);
	packed = read_file(public_dir, "shelf-rows.csv.xz", &packed_len);
	assert_non_null(plain);
	assert_non_null(packed);
	assert_true(packed_len < len / 2);
	assert_int_equal(lzma_stream_decoder(&xz, UINT64_MAX, 0), LZMA_OK);
	xz.next_in = (const uint8_t *)packed;
	xz.avail_in = packed_len;
	xz.next_out = (uint8_t *)back;
	xz.avail_out = 4 * 1024 * 1024;
	assert_int_equal(lzma_code(&xz, LZMA_FINISH), LZMA_STREAM_END);
	assert_int_equal(xz.total_out, len);
	assert_memory_equal(back, plain, len);
	lzma_end(&xz);
	free(plain);
	free(packed);
	free(back);
	assert_true(sums_agree());
}

static void
files_are_replaced_under_their_readers(void **state)
{
	char path[128], piece[16] = "";
	int fd;

	(void)state;
	begin(EXPORT);
	assert_int_equal(night(), OK);
	snprintf(path, sizeof(path), "%s/shelf-totals.csv", public_dir);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(ask("DELETE FROM book WHERE id = 2"), -1);
	/* Another table's file goes when it is no longer made. */
	put_export("shelf.sql",
	    "CREATE TABLE totals (n INTEGER);"
	    "INSERT INTO totals SELECT count(*) FROM portal.book;");
	assert_int_equal(night(), OK);
	assert_file("shelf-totals.csv", "n\r\n2\r\n");
	assert_false(is_there(public_dir, "shelf-books.csv"));
	assert_int_equal(ask("SELECT count(*) FROM guiju_file"), 3);
	assert_true(sums_agree());
	/* Who has the old one open reads it to its end. */
	assert_int_equal(read(fd, piece, sizeof(piece)), 6);
	assert_memory_equal(piece, "n\r\n3\r\n", 6);
	close(fd);
}

/* A script that fails, and what a killed night has left behind. */
static void
files_stay_when_a_night_fails(void **state)
{
	(void)state;
	begin(EXPORT);
	assert_int_equal(night(), OK);
	put(work_dir, "copy.db", "x", 1);
	put(public_dir, ".shelf.sqlite3", "x", 1);
	put(public_dir, ".SHA256SUMS", "x", 1);
	put_export("wrong.sql", "CREATE TABLE t (a);\nSELECT nothing;\n");
	assert_int_equal(ask("DELETE FROM book WHERE id = 2"), -1);
	assert_int_equal(night(), ERR_INPUT);
	assert_file("shelf-totals.csv", "n\r\n3\r\n");
	assert_true(sums_agree());
	assert_false(is_there(public_dir, ".shelf.sqlite3"));
	put_export("wrong.sql", "COMMIT;");
	assert_int_equal(night(), ERR_INPUT);
	put_export("wrong.sql", "ATTACH '/tmp/x' AS y;");
	assert_int_equal(night(), ERR_INPUT);
	put_export("wrong.sql", "CREATE TABLE \"../x\" (a);");
	assert_int_equal(night(), ERR_INPUT);
	put_export("wrong.sql", "");
	assert_int_equal(night(), OK);
	assert_file("shelf-totals.csv", "n\r\n2\r\n");
}

/* A night in a process of its own, in which this point fails. */
static enum err
night_that_fails_at(const char *point)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		setenv("GUIJU_FAULT", point, 1);
		_exit((int)night());
	}
	waitpid(child, &status, 0);
	assert_true(WIFEXITED(status));
	return (enum err)WEXITSTATUS(status);
}

/* What did not reach the disk replaces nothing, and is not called done. */
static void
what_does_not_sync_is_not_given_out(void **state)
{
	static const char *const points[] = {
	    "sync-file:1!", "sync-file:2!", "sync-file:3!", "sync-sums:1!"};

	(void)state;
	if (!FAULT_POINTS)
		skip();
	begin(EXPORT);
	assert_int_equal(night(), OK);
	assert_int_equal(ask("DELETE FROM book WHERE id = 2"), -1);
	for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++) {
		assert_int_equal(night_that_fails_at(points[i]), ERR_IO);
		assert_file("shelf-totals.csv", "n\r\n3\r\n");
		assert_true(sums_agree());
	}
	assert_int_equal(night(), OK);
	assert_file("shelf-totals.csv", "n\r\n2\r\n");
}

static void
a_folder_that_does_not_sync_fails_the_night(void **state)
{
	char done[128];

	(void)state;
	if (!FAULT_POINTS)
		skip();
	begin(EXPORT);
	assert_int_equal(night(), OK);
	snprintf(done, sizeof(done), "%s/done", work_dir);
	assert_int_equal(unlink(done), 0);
	assert_int_equal(ask("DELETE FROM guiju_file"), -1);
	assert_int_equal(night_that_fails_at("sync-public:1!"), ERR_IO);
	assert_false(is_there(work_dir, "done"));
	assert_int_equal(ask("SELECT count(*) FROM guiju_file"), 0);
}

static void
a_night_without_room_copies_nothing(void **state)
{
	char path[128];
	struct stat before, after;

	(void)state;
	if (!FAULT_POINTS)
		skip();
	begin(EXPORT);
	assert_int_equal(night(), OK);
	snprintf(path, sizeof(path), "%s/shelf-totals.csv", public_dir);
	assert_int_equal(stat(path, &before), 0);
	assert_int_equal(night_that_fails_at("room:1!"), ERR_LIMIT);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_false(is_there(work_dir, "copy.db"));
}

/* Another program has the database for itself, longer than a copy waits. */
static void
a_locked_database_is_not_copied(void **state)
{
	char to[128];
	sqlite3 *other;

	(void)state;
	begin(NULL);
	snprintf(to, sizeof(to), "%s/copy", dir);
	assert_int_equal(sqlite3_open(database, &other), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(other, "PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE",
		0, 0, 0),
	    SQLITE_OK);
	assert_int_equal(store_copy(database, to, &why), ERR_BUSY);
	assert_why("cannot be copied");
	sqlite3_close(other);
	assert_int_equal(store_copy(database, to, &why), OK);
}

/* The capsule's functions read the portal, whatever the script names its own
 * tables. */
static void
functions_read_the_portal_in_an_export(void **state)
{
	char functions[96];
	static const char titled[] =
	    "-- titled(id)\nSELECT title FROM book WHERE id = :id\n";
	static const char broken[] = "-- broken()\nSELECT nothing\n";

	(void)state;
	begin("CREATE TABLE book (id INTEGER, title TEXT);"
	      "INSERT INTO book SELECT id, titled(id) || count(*) OVER ()"
	      " FROM portal.book WHERE id = 1;"
	      "UPDATE book SET title = title || titled(id);");
	snprintf(functions, sizeof(functions), "%s/functions", dir);
	assert_int_equal(mkdir(functions, 0700), 0);
	put(functions, "titled.sql", titled, sizeof(titled) - 1);
	assert_int_equal(night(), OK);
	assert_file("shelf-book.csv", "id,title\r\n1,\"a,b1a,b\"\r\n");
	put(functions, "broken.sql", broken, sizeof(broken) - 1);
	assert_int_equal(night(), ERR_INPUT);
}

static void
one_night_runs_at_a_time(void **state)
{
	int fd;

	(void)state;
	begin(EXPORT);
	assert_int_equal(mkdir(work_dir, 0700), 0);
	fd = open(work_dir, O_RDONLY | O_DIRECTORY);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(night(), ERR_BUSY);
	close(fd);
	assert_int_equal(night(), OK);
}

static void
a_night_without_an_export_is_done(void **state)
{
	(void)state;
	begin(NULL);
	assert_int_equal(rmdir(export_dir), 0);
	assert_int_equal(night(), OK);
	assert_true(is_there(work_dir, "done"));
	assert_false(is_there(public_dir, "SHA256SUMS"));
}

static void
old_seals_and_terms_are_swept(void **state)
{
	(void)state;
	begin(NULL);
	assert_int_equal(ask("INSERT INTO guiju_seal VALUES ('old', 1000),"
			     " ('new', unixepoch()) RETURNING 1"),
	    1);
	assert_int_equal(
	    ask("INSERT INTO guiju_term VALUES ('none', 'a', '2001-01-01', 9),"
		" ('none', 'b', date('now'), 1) RETURNING 1"),
	    1);
	assert_int_equal(night(), OK);
	assert_int_equal(ask("SELECT count(*) FROM guiju_seal"), 1);
	assert_int_equal(ask("SELECT count(*) FROM guiju_term"), 1);
}

/* Overwrite something that stands in the file so many bytes behind a word. */
static void
damage_page(int64_t page)
{
	char zeros[4096] = {0};
	int fd = open(database, O_RDWR);

	assert_true(fd >= 0);
	memset(zeros, 0x5A, sizeof(zeros));
	assert_int_equal(
	    pwrite(fd, zeros, sizeof(zeros), (page - 1) * 4096), 4096);
	close(fd);
}

static void
a_damaged_table_fails_the_night(void **state)
{
	int64_t root;

	(void)state;
	begin(EXPORT);
	assert_int_equal(night(), OK);
	root = ask("SELECT rootpage FROM sqlite_schema"
		   " WHERE name = 'secret_note'");
	assert_true(root > 1);
	damage_page(root);
	assert_int_equal(ask("SELECT count(*) FROM book"), 3);
	assert_int_equal(night(), ERR_INPUT);
	assert_true(sums_agree()); /* what there was stays */
}

/* An index that says something else than it should. */
static void
a_damaged_index_fails_the_night(void **state)
{
	(void)state;
	begin(EXPORT);
	assert_int_equal(night(), OK);
	assert_int_equal(ask("UPDATE book_fts_data SET block = zeroblob(40)"
			     " WHERE id > 10 RETURNING 1"),
	    1);
	assert_int_equal(night(), ERR_INPUT);
}

/* Many small segments become fewer. */
static void
segments_of_an_index_are_merged(void **state)
{
	const struct connect how = {database, CONNECT_MIGRATOR, NULL};
	sqlite3 *db = NULL;
	int64_t before;

	(void)state;
	begin(NULL);
	assert_int_equal(connect_open(&how, &db, &why), OK);
	assert_int_equal(sqlite3_exec(db,
			     "INSERT INTO book_fts(book_fts, rank)"
			     " VALUES('automerge', 0)",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	for (int i = 10; i < 60; i++) {
		char sql[256];

		snprintf(sql, sizeof(sql),
		    "INSERT INTO book VALUES (%d, 'word%d', 1);"
		    "INSERT INTO book_fts(rowid, title)"
		    " VALUES (%d, 'word%d')",
		    i, i, i, i);
		assert_int_equal(
		    sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	}
	before = ask("SELECT count(DISTINCT segid) FROM book_fts_idx");
	assert_int_equal(tend_database(database), OK);
	assert_true(
	    ask("SELECT count(DISTINCT segid) FROM book_fts_idx") < before / 2);
	assert_int_equal(ask_on(db,
			     "SELECT count(*) FROM book_fts"
			     " WHERE book_fts MATCH 'word59'"),
	    1);
	sqlite3_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_night_writes_each_table_as_files),
	    TEST(a_packed_file_unpacks_to_its_twin),
	    TEST(files_are_replaced_under_their_readers),
	    TEST(files_stay_when_a_night_fails),
	    TEST(what_does_not_sync_is_not_given_out),
	    TEST(a_folder_that_does_not_sync_fails_the_night),
	    TEST(a_night_without_room_copies_nothing),
	    TEST(a_locked_database_is_not_copied),
	    TEST(one_night_runs_at_a_time),
	    TEST(functions_read_the_portal_in_an_export),
	    TEST(a_night_without_an_export_is_done),
	    TEST(old_seals_and_terms_are_swept),
	    TEST(a_damaged_table_fails_the_night),
	    TEST(a_damaged_index_fails_the_night),
	    TEST(segments_of_an_index_are_merged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
