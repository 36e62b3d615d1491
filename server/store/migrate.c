/* SPDX-License-Identifier: ISC */
/*
 * Bringing a database up to its capsule's schema. The child that rehearses a
 * generation calls it, and the tools do.
 *
 * One process at a time: the folder is locked (flock). A new database is
 * built under another name, FILE.new, and gets its own name only when it is
 * complete, so nobody can see half a database. A FILE.new that a killed process
 * has left is removed by the next process. An existing database is brought up
 * to date in one transaction: numbered scripts, user_version, and rules.
 *
 * Foreign keys are not enforced while a script runs, because they would forbid
 * SQLite's way to rebuild a table (make anew, copy, drop, rename). They are
 * checked as a whole before each commit.
 */
#include "store/store.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/owner.h"
#include "base/utf8.h"
#include "store/internal.h"
#include "store/schema.h"

enum {
	LOCK_WAIT_MS = 60000,
	LOCK_LOOK_MS = 20,
	/* Below this size the whole file is checked at each start. */
	CHECK_BYTES_MAX = 32 * 1024 * 1024
};

/* One run of store_migrate(). */
struct migration {
	const char *database; /* the final name */
	const char *file;     /* the name while we work on it */
	const struct schema *schema;
	const char *first_dir; /* NULL: no first content */
	struct buf *why;
	bool trying; /* on a copy: nothing is logged */
	sqlite3 *db;
};

/* An old database may lack any of these tables. */
static const char engine_tables[] =
    /* Older databases held the key of the seals. */
    "DROP TABLE IF EXISTS guiju_secret;"
    /* Seals that have been used up, until they expire. */
    "CREATE TABLE IF NOT EXISTS guiju_seal("
    " nonce PRIMARY KEY NOT NULL,"
    " used_at INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS guiju_seal_used ON guiju_seal(used_at);"
    /* The counts of the tallies at their last fold. */
    "CREATE TABLE IF NOT EXISTS guiju_tally("
    " name TEXT NOT NULL, id INTEGER NOT NULL, n INTEGER NOT NULL,"
    " PRIMARY KEY(name, id)) WITHOUT ROWID;"
    /* Words that pages count, by day. */
    "CREATE TABLE IF NOT EXISTS guiju_term("
    " name TEXT NOT NULL, term TEXT NOT NULL, day TEXT NOT NULL,"
    " n INTEGER NOT NULL, PRIMARY KEY(name, term, day)) WITHOUT ROWID;"
    /* The files below /download/, made by the last nightly run. */
    "CREATE TABLE IF NOT EXISTS guiju_file("
    " name TEXT PRIMARY KEY NOT NULL,"
    " position INTEGER NOT NULL," /* in the order of making */
    " bytes INTEGER NOT NULL,"
    " sha256 TEXT NOT NULL,"
    " rows INTEGER,"          /* of a table; NULL: of none */
    " made INTEGER NOT NULL)" /* seconds since 1970 */
    " WITHOUT ROWID;"
    /* How often a reader has written recently (page/run/writes.c). */
    "CREATE TABLE IF NOT EXISTS guiju_writes("
    " cert TEXT PRIMARY KEY NOT NULL," /* or a name for an address */
    " minute INTEGER NOT NULL, in_minute INTEGER NOT NULL,"
    " day INTEGER NOT NULL, in_day INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS guiju_writes_day ON guiju_writes(day);"
    /* The folding that the search indexes were built with (store/refold.h). */
    "CREATE TABLE IF NOT EXISTS guiju_fold("
    " id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL);"
    "INSERT INTO guiju_fold(id, name) VALUES (1, '') ON CONFLICT DO NOTHING;"
    /* The rules in the database, and what each has made (store/schema.h). */
    "CREATE TABLE IF NOT EXISTS guiju_derived("
    " file TEXT PRIMARY KEY NOT NULL," /* below schema/ */
    " text TEXT NOT NULL,"
    " made TEXT NOT NULL)" /* names of what it has made, JSON */
    " WITHOUT ROWID;";
enum { ENGINE_TABLES = 7 };

static enum err
complain(struct migration *m, const char *message, enum err err)
{
	utf8_add_line(m->why, str_from(m->database));
	buf_text(m->why, ": ");
	buf_text(m->why, message);
	return err;
}

static enum err
complain_errno(struct migration *m, const char *what)
{
	const int error = errno;

	utf8_add_line(m->why, str_from(m->database));
	buf_printf(m->why, ": %s: ", what);
	errno = error;
	owner_add_errno(m->why, m->database);
	return owner_is_to_blame(error) ? ERR_INPUT : ERR_IO;
}

/* Report SQLite's message about m->db; OK stays OK. */
static enum err
complain_sqlite(struct migration *m, const char *what, int code)
{
	enum err err = connect_err(code);

	if (err == OK)
		return OK;
	connect_why(m->why, m->database, what, m->db);
	code &= 0xFF;
	if (code == SQLITE_READONLY || code == SQLITE_CANTOPEN)
		owner_add(m->why, m->file);
	return code == SQLITE_READONLY ? ERR_INPUT : err;
}

static enum err
run_sql(struct migration *m, const char *sql, const char *what)
{
	return complain_sqlite(
	    m, what, sqlite3_exec(m->db, sql, NULL, NULL, NULL));
}

static enum err
begin(struct migration *m)
{
	return run_sql(m, "BEGIN IMMEDIATE", "cannot be locked for writing");
}

/* Commit if all went well so far, else roll back and keep the first error. */
static enum err
finish(struct migration *m, enum err err)
{
	if (err == OK)
		err = run_sql(m, "COMMIT", "does not commit");
	if (err != OK && sqlite3_get_autocommit(m->db) == 0)
		sqlite3_exec(m->db, "ROLLBACK", NULL, NULL, NULL);
	return err;
}

/* Does every foreign key refer to a row? blame: the script that was run. */
static enum err
check_foreign_keys(struct migration *m, const char *blame)
{
	sqlite3_stmt *statement;
	enum err err = OK;
	int code = sqlite3_prepare_v2(m->db,
	    "SELECT \"table\", \"parent\" FROM pragma_foreign_key_check "
	    "LIMIT 1",
	    -1, &statement, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		utf8_add_line(m->why, str_from(blame));
		buf_printf(m->why,
		    ": leaves a row of %s that refers to no row of %s",
		    (const char *)sqlite3_column_text(statement, 0),
		    (const char *)sqlite3_column_text(statement, 1));
		err = ERR_INPUT;
	} else {
		err = complain_sqlite(m, "foreign keys do not check", code);
	}
	sqlite3_finalize(statement);
	return err;
}

/* Run a numbered script and store its number. */
static enum err
run_step(struct migration *m, size_t step)
{
	const char *path = m->schema->steps.path[step];
	char sql[64];
	bool ends;
	int64_t version = schema_step_version(m->schema, step, &ends);
	enum err err = script_run(m->db, path, m->why);

	snprintf(
	    sql, sizeof(sql), "PRAGMA user_version = %lld", (long long)version);
	if (err == OK && ends)
		err = check_foreign_keys(m, path);
	if (err == OK && ends)
		err = run_sql(m, sql, "does not keep its version");
	(void)FAULT("migrate");
	return err;
}

static enum err
make_engine_tables(struct migration *m)
{
	int64_t there = 0;
	int code = connect_int(m->db,
	    "SELECT count(*) FILTER (WHERE name <> 'guiju_secret')"
	    " - count(*) FILTER (WHERE name = 'guiju_secret')"
	    " FROM sqlite_schema WHERE type = 'table' AND name"
	    " IN ('guiju_secret', 'guiju_seal', 'guiju_tally', 'guiju_term',"
	    " 'guiju_file', 'guiju_writes', 'guiju_fold', 'guiju_derived')",
	    &there);
	char sql[64];
	enum err err;

	if (code != SQLITE_OK)
		return complain_sqlite(m, "does not read", code);
	if (there == ENGINE_TABLES)
		return OK;
	err = begin(m);
	if (err != OK)
		return err;
	snprintf(sql, sizeof(sql), "PRAGMA application_id = %d",
	    STORE_APPLICATION_ID);
	err = run_sql(m, engine_tables, "does not take the engine's tables");
	if (err == OK)
		err = run_sql(m, sql, "does not keep its application id");
	return finish(m, err);
}

/* Bring the database to its capsule's schema, in one transaction. */
static enum err
run_steps(struct migration *m, size_t step, enum schema_rules rules)
{
	enum err err = begin(m);

	if (err != OK)
		return err;
	err = schema_drop(m->db, rules, m->why);
	for (; err == OK && step < m->schema->steps.count; step++)
		err = run_step(m, step);
	if (err == OK)
		err = schema_make(m->schema, m->db, rules, m->why);
	(void)FAULT("made");
	return finish(m, err);
}

static enum err
run_schema(struct migration *m)
{
	const int64_t began_ms = clock_ms();
	enum schema_rules rules;
	int64_t version = 0;
	size_t step = 0;
	enum err err = complain_sqlite(m, "does not read",
	    connect_int(m->db, "PRAGMA user_version", &version));

	if (err == OK)
		err = schema_next_step(
		    m->schema, m->database, version, &step, m->why);
	if (err == OK)
		err =
		    schema_look(m->schema, m->database, m->db, &rules, m->why);
	/* A step may change the tables that rules read: make all rules anew. */
	if (err == OK && step < m->schema->steps.count)
		rules = SCHEMA_RULES_ALL;
	if (err != OK || rules == SCHEMA_RULES_CURRENT)
		return err;
	err = run_sql(m, "PRAGMA foreign_keys = OFF", "is not configurable");
	if (err == OK)
		err = run_steps(m, step, rules);
	if (err == OK)
		err = run_sql(
		    m, "PRAGMA foreign_keys = ON", "is not configurable");
	if (err == OK && !m->trying && version > 0)
		log_info("store: %s: schema %lld -> %lld in %.1f s%s",
		    m->database, (long long)version,
		    (long long)m->schema->version,
		    (double)(clock_ms() - began_ms) / 1000,
		    rules == SCHEMA_RULES_ALL ? ""
					      : " (views and triggers only)");
	return err;
}

/* Build search indexes anew that were built with another folding. A damaged
 * index is logged and is not an error: pages can work without it. */
static enum err
bring_folding(struct migration *m)
{
	enum err err;
	int code;

	if (refold_is_current(m->db))
		return OK;
	err = begin(m);
	if (err != OK)
		return err;
	code = refold(m->db);
	if ((code & 0xFF) == SQLITE_CORRUPT) {
		log_error("store: %s: search indexes cannot be built anew: %s",
		    m->database, sqlite3_errmsg(m->db));
		sqlite3_exec(m->db, "ROLLBACK", NULL, NULL, NULL);
		return OK;
	}
	return finish(
	    m, complain_sqlite(m, "search indexes are not built anew", code));
}

static enum err
run_first_content(struct migration *m)
{
	struct scripts scripts = {NULL, 0};
	struct stat st;
	enum err err;

	if (m->first_dir == NULL ||
	    (stat(m->first_dir, &st) != 0 && errno == ENOENT))
		return OK;
	err = scripts_list(m->first_dir, &scripts, m->why);
	if (err != OK)
		return err;
	err = begin(m);
	if (err == OK) {
		for (size_t i = 0; err == OK && i < scripts.count; i++)
			err = script_run(m->db, scripts.path[i], m->why);
		err = finish(m, err);
	}
	scripts_release(&scripts);
	return err;
}

/* Is this existing file a database of guiju, and not damaged? A large file is
 * not checked at each start. */
static enum err
check_existing(struct migration *m, int64_t bytes)
{
	sqlite3_stmt *statement;
	int64_t id = 0;
	enum err err = OK;
	int code = connect_int(m->db, "PRAGMA application_id", &id);

	if (code != SQLITE_OK)
		return complain_sqlite(m, "does not read", code);
	if (id != STORE_APPLICATION_ID)
		return complain(m, "is not a database of guiju", ERR_INPUT);
	if (bytes > CHECK_BYTES_MAX)
		return OK;
	code = sqlite3_prepare_v2(
	    m->db, "PRAGMA quick_check(1)", -1, &statement, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		const char *text =
		    (const char *)sqlite3_column_text(statement, 0);
		if (text == NULL || strcmp(text, "ok") != 0) {
			err = complain(m, "is damaged: ", ERR_INPUT);
			utf8_add_line(m->why, str_from(text));
		}
	} else {
		err = complain_sqlite(m, "does not check", code);
		/* A table calls a function that nobody may call. */
		if ((code & 0xFF) == SQLITE_ERROR)
			err = ERR_INPUT;
	}
	sqlite3_finalize(statement);
	return err;
}

/* Is the file writable? SQLite silently opens a file for reading only, and
 * fails at the first change of a page. So a page is changed and rolled back. */
static enum err
check_writable(struct migration *m)
{
	int64_t version = 0;
	char sql[64];
	enum err err = complain_sqlite(m, "does not read",
	    connect_int(m->db, "PRAGMA user_version", &version));

	if (err == OK)
		err = begin(m);
	if (err != OK)
		return err;
	snprintf(
	    sql, sizeof(sql), "PRAGMA user_version = %lld", (long long)version);
	err = run_sql(m, sql, "cannot be written");
	sqlite3_exec(m->db, "ROLLBACK", NULL, NULL, NULL);
	return err;
}

static enum err
open_file(struct migration *m, enum connect_role role)
{
	struct connect how = {m->file, role, NULL};

	return connect_open(&how, &m->db, m->why);
}

/* Turn on write-ahead logging. The file stores this for all who open it. */
static enum err
set_wal(struct migration *m)
{
	return run_sql(
	    m, "PRAGMA journal_mode = WAL", "does not take a write-ahead log");
}

static enum err
close_file(struct migration *m)
{
	int code = sqlite3_close(m->db);

	m->db = NULL;
	return code == SQLITE_OK ? OK : complain(m, "does not close", ERR_BUG);
}

static enum err
migrate_existing(struct migration *m, int64_t bytes)
{
	enum err err, closing;

	if (bytes == 0)
		return complain(m,
		    "is empty (0 bytes): restore a backup, "
		    "or remove it to begin anew",
		    ERR_INPUT);
	err = open_file(m, CONNECT_CHECKER);
	if (err != OK)
		return err;
	err = check_existing(m, bytes);
	closing = close_file(m);
	if (err == OK)
		err = closing;
	if (err == OK)
		err = open_file(m, CONNECT_MIGRATOR);
	if (err != OK)
		return err;
	err = check_writable(m);
	if (err == OK)
		err = set_wal(m);
	if (err == OK)
		err = make_engine_tables(m);
	if (err == OK)
		err = run_schema(m);
	if (err == OK)
		err = bring_folding(m);
	closing = close_file(m);
	return err != OK ? err : closing;
}

enum err
schema_model(const struct schema *schema, sqlite3 **out, struct buf *why)
{
	struct migration m = {.database = ":memory:",
	    .file = ":memory:",
	    .schema = schema,
	    .why = why,
	    .trying = true};
	enum err err = open_file(&m, CONNECT_MIGRATOR);

	if (err == OK)
		err = make_engine_tables(&m);
	if (err == OK)
		err = run_schema(&m);
	if (err == OK)
		*out = m.db;
	else
		sqlite3_close(m.db);
	return err;
}

/* Remove a database and its other files, those that exist. */
static void
sweep(const char *file)
{
	static const char *const tails[] = {"", "-journal", "-wal", "-shm"};
	struct buf name;

	buf_init(&name, 8192);
	for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++) {
		buf_clear(&name);
		buf_printf(&name, "%s%s", file, tails[i]);
		buf_char(&name, '\0');
		if (name.err == OK)
			unlink(name.data);
	}
	buf_release(&name);
}

/* Give a file that root makes to the owner of the folder, who will serve from
 * it. SQLite gives its log and its other files the owner of the database. */
static void
give_to_owner(int fd, int folder)
{
	struct stat st;

	if (geteuid() == 0 && fstat(folder, &st) == 0 && st.st_uid != 0 &&
	    fchown(fd, st.st_uid, st.st_gid) != 0)
		log_warn("store: a new database cannot be given to uid %ju: %s",
		    (uintmax_t)st.st_uid, strerror(errno));
}

static enum err
build(struct migration *m, int folder)
{
	int fd = open(m->file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	enum err err, closing;

	if (fd < 0)
		return complain_errno(m, "cannot be created");
	give_to_owner(fd, folder);
	close(fd);
	err = open_file(m, CONNECT_MIGRATOR);
	if (err != OK)
		return err;
	err = make_engine_tables(m);
	if (err == OK)
		err = run_schema(m);
	if (err == OK)
		err = run_first_content(m);
	if (err == OK)
		err = complain_sqlite(
		    m, "does not keep its folding", refold_note(m->db));
	if (err == OK)
		err = set_wal(m);
	closing = close_file(m);
	return err != OK ? err : closing;
}

static enum err
migrate_new(struct migration *m, int folder)
{
	struct buf name;
	enum err err;

	buf_init(&name, 4096);
	buf_printf(&name, "%s.new", m->database);
	buf_char(&name, '\0');
	if (name.err != OK)
		return complain(m, "the name is too long", name.err);
	m->file = name.data;
	sweep(m->file);
	/* A log left behind by a file that is gone must not be replayed. */
	sweep(m->database);
	err = build(m, folder);
	(void)FAULT("rename");
	if (err == OK && rename(m->file, m->database) != 0)
		err = complain_errno(m, "cannot take its name");
	(void)FAULT("renamed");
	if (err == OK && (FAULT("sync-folder") || fsync(folder) != 0))
		err = complain_errno(m, "its folder does not sync");
	if (err != OK)
		sweep(m->file);
	buf_release(&name);
	return err;
}

/* Open and lock the folder of the database. */
static enum err
lock_folder(struct migration *m, int *out)
{
	const char *slash = strrchr(m->database, '/');
	size_t len = slash == NULL ? 0 : (size_t)(slash - m->database) + 1;
	int64_t deadline_ms = clock_ms() + LOCK_WAIT_MS;
	struct timespec pause = {0, LOCK_LOOK_MS * 1000000L};
	char *dir = len == 0 ? strdup(".") : strndup(m->database, len);
	int fd = dir == NULL ? -1 : open(dir, O_RDONLY | O_CLOEXEC);

	free(dir);
	if (fd < 0)
		return complain_errno(m, "its folder does not open");
	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		enum err err = OK;
		if (errno != EWOULDBLOCK && errno != EINTR)
			err = complain_errno(m, "its folder does not lock");
		else if (clock_ms() > deadline_ms)
			err = complain(m,
			    "another process has been migrating it for a "
			    "minute",
			    ERR_BUSY);
		if (err != OK) {
			close(fd);
			return err;
		}
		nanosleep(&pause, NULL);
	}
	*out = fd;
	return OK;
}

static enum err
migrate(const char *database, const char *schema_dir, const char *first_dir,
    bool trying, struct buf *why)
{
	struct schema schema;
	struct migration m = {
	    database, database, &schema, first_dir, why, trying, NULL};
	struct stat st;
	int folder = -1;
	enum err err = schema_list(schema_dir, &schema, why);

	if (err == OK)
		err = lock_folder(&m, &folder);
	if (err != OK)
		goto out;
	if (stat(database, &st) == 0)
		err = migrate_existing(&m, st.st_size);
	else if (errno == ENOENT && lstat(database, &st) == 0)
		/* The link may lead to a disk that is not mounted. A new
		 * database must not hide the one on that disk. */
		err = complain(&m,
		    "is a link to what is not there; mount that, or remove "
		    "the link to begin anew",
		    ERR_INPUT);
	else if (errno == ENOENT)
		err = migrate_new(&m, folder);
	else
		err = complain_errno(&m, "cannot be looked at");
	close(folder); /* this also releases the lock */
out:
	schema_release(&schema);
	return err;
}

enum err
store_migrate(const char *database, const char *schema_dir,
    const char *first_dir, struct buf *why)
{
	return migrate(database, schema_dir, first_dir, false, why);
}

enum err
store_try_migration(
    const char *database, const char *schema_dir, struct buf *why)
{
	return migrate(database, schema_dir, NULL, true, why);
}
