/* SPDX-License-Identifier: ISC */
/*
 * The settings that every connection has. Each setting is a protection:
 *
 *   defensive, trusted_schema=OFF: the file may be damaged, or somebody else
 *     may have made it. It must not be able to run code.
 *   cell_size_check on the writer: damage is found before it spreads. A reader
 *     does not spread damage. For a reader the check would run at every access
 *     to a mapped page, which doubles the cost of a page.
 *   no extension loading, nothing attached, double quotes are names only: a
 *     page's SQL cannot reach another file, and a misspelt column is an error
 *     and not a string.
 *   limits: no statement or value can use up the worker's memory.
 *   wal_autocheckpoint=0: no commit copies the log (store/checkpoint.h).
 *   synchronous=FULL on the writer: a reader is told "stored" only after the
 *     commit has reached the disk.
 *   secure_delete on the writer: what a reader or an editor deletes is
 *     overwritten in the file, whatever SQLite was built with.
 *   mmap on the reader: all workers share the kernel's copy of the pages, and
 *     a page costs no read(2). The map may grow to a quarter more than the
 *     present size of the file. Pages after that are read by read(2), so a bulk
 *     import cannot make a worker map without limit. A disk that fails under
 *     the map ends the worker by a signal, and the parent starts another. The
 *     writer maps nothing: it touches few pages.
 */
#include "store/connect.h"

#include <sys/stat.h>
#include <inttypes.h>

#include "base/file_path.h"
#include "base/utf8.h"
#include "store/modules.h"
#include "store/sync.h"

enum {
	BUSY_READER_MS = 1000,
	URI_MAX_BYTES = 16 * 1024,
	BUSY_OPENING_MS = 5000,
	BUSY_MIGRATOR_MS = 30000,
	MAP_ROOM_BYTES = 64 * 1024 * 1024
};

struct setting {
	int option, value;
};

static const struct setting switches[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 1},
    {SQLITE_DBCONFIG_ENABLE_VIEW, 1},
    {SQLITE_DBCONFIG_DQS_DML, 0},
    {SQLITE_DBCONFIG_DQS_DDL, 0},
    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
};

/* For statements of pages. An upload and a stored text are below LENGTH. */
static const struct setting limits[] = {
    {SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024},
    {SQLITE_LIMIT_SQL_LENGTH, 64 * 1024},
    {SQLITE_LIMIT_COLUMN, 500},
    {SQLITE_LIMIT_EXPR_DEPTH, 100},
    {SQLITE_LIMIT_COMPOUND_SELECT, 50},
    {SQLITE_LIMIT_VDBE_OP, 100000},
    {SQLITE_LIMIT_FUNCTION_ARG, 64},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 999},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 32},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

/* For the capsule's scripts, which are trusted and may insert long rows. */
static const struct setting script_limits[] = {
    {SQLITE_LIMIT_LENGTH, 64 * 1024 * 1024},
    {SQLITE_LIMIT_SQL_LENGTH, 64 * 1024 * 1024},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

/* Without ORDER BY the order of rows depends on the version of SQLite. The
 * check variant reverses that order. So a test that passes in both variants
 * does not depend on an order that no ORDER BY asks for. */
#ifdef GUIJU_FAULTS
#define UNORDERED "PRAGMA reverse_unordered_selects = ON;"
#else
#define UNORDERED ""
#endif

static const char common_pragmas[] = "PRAGMA temp_store = MEMORY;"
				     "PRAGMA wal_autocheckpoint = 0;"
				     "PRAGMA cache_size = -8000;" UNORDERED;
static const char reader_pragmas[] = "PRAGMA query_only = ON;";
static const char writer_pragmas[] = "PRAGMA cell_size_check = ON;"
				     "PRAGMA secure_delete = ON;"
				     "PRAGMA synchronous = FULL;"
				     "PRAGMA journal_size_limit = 16777216;";

void
connect_why(
    struct buf *why, const char *database, const char *what, sqlite3 *db)
{
	utf8_add_line(why, str_from(database));
	buf_printf(why, ": %s: ", what);
	utf8_add_line(why, str_from(sqlite3_errmsg(db)));
}

int
connect_int(sqlite3 *db, const char *sql, int64_t *out)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (code != SQLITE_OK)
		return code;
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*out = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return code == SQLITE_ROW ? SQLITE_OK
	    : code == SQLITE_DONE ? SQLITE_NOTFOUND
				  : code;
}

void
store_roll_back(sqlite3 *db)
{
	if (!sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
}

enum err
store_err(int code)
{
	switch (code & 0xFF) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return OK;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_BUSY;
	case SQLITE_INTERRUPT:
		return ERR_LATE;
	case SQLITE_NOMEM:
		return ERR_NOMEM;
	case SQLITE_TOOBIG:
		return ERR_LIMIT;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
		return ERR_INPUT;
	default:
		return ERR_IO;
	}
}

enum err
connect_err(int code)
{
	const int kind = code & 0xFF;

	return kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB
	    ? ERR_INPUT
	    : store_err(code);
}

static int
set_switches(sqlite3 *db)
{
	for (size_t i = 0; i < sizeof(switches) / sizeof(*switches); i++) {
		int code = sqlite3_db_config(
		    db, switches[i].option, switches[i].value, (int *)NULL);
		if (code != SQLITE_OK)
			return code;
	}
	return SQLITE_OK;
}

static void
set_limits(sqlite3 *db, const struct setting *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sqlite3_limit(db, list[i].option, list[i].value);
}

/* Set the size of the reader's map: the file, a quarter more, and some room. */
static int
set_map(sqlite3 *db, const char *database)
{
	char sql[64];
	struct stat st;
	int64_t size = 0;

	if (stat(database, &st) == 0)
		size = st.st_size;
	size += size / 4 + MAP_ROOM_BYTES;
	snprintf(sql, sizeof(sql), "PRAGMA mmap_size = %" PRId64, size);
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static bool
is_reading(enum connect_role role)
{
	return role == CONNECT_READER || role == CONNECT_COPY ||
	    role == CONNECT_STILL;
}

/* Does a connection of this role never run a page's statements? */
static bool
is_trusted(enum connect_role role)
{
	return role == CONNECT_MIGRATOR || role == CONNECT_CHECKER;
}

static int
set_role(sqlite3 *db, const struct connect *how)
{
	int code;

	if (is_reading(how->role)) {
		sqlite3_busy_timeout(db, BUSY_READER_MS);
		code = sqlite3_exec(db, reader_pragmas, NULL, NULL, NULL);
		/* A copy is not mapped: its owner may truncate the file, which
		 * would kill a process that maps it. */
		return code == SQLITE_OK && how->role == CONNECT_READER
		    ? set_map(db, how->database)
		    : code;
	}
	sqlite3_busy_timeout(db,
	    how->role == CONNECT_WRITER ? BUSY_WRITER_MS : BUSY_MIGRATOR_MS);
	return sqlite3_exec(db, writer_pragmas, NULL, NULL, NULL);
}

/* Configure a connection and read the file for the first time. */
static int
configure(sqlite3 *db, const struct connect *how)
{
	static const struct function_host alone = {.keeps = modules_keep};
	int64_t ignored;
	int code = set_switches(db);

	/* Before the first statement, because another process may hold a
	 * lock. */
	sqlite3_busy_timeout(db, BUSY_OPENING_MS);
	if (is_trusted(how->role))
		set_limits(db, script_limits,
		    sizeof(script_limits) / sizeof(*script_limits));
	else
		set_limits(db, limits, sizeof(limits) / sizeof(*limits));
	if (code == SQLITE_OK)
		code = functions_register(
		    db, how->host == NULL ? &alone : how->host);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, common_pragmas, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = set_role(db, how);
	/* Since 3.44 SQLite's check of the file includes virtual tables. But a
	 * damaged search index is not a damaged database: it can be built anew
	 * while the rest is served. So the checker has no virtual tables. */
	if (code == SQLITE_OK && how->role == CONNECT_CHECKER)
		code = sqlite3_drop_modules(db, NULL);
	if (code == SQLITE_OK)
		code = connect_int(
		    db, "SELECT count(*) FROM sqlite_schema", &ignored);
	return code;
}

static enum err
open_err(int code)
{
	switch (code & 0xFF) {
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return ERR_INPUT;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_BUSY;
	case SQLITE_NOMEM:
		return ERR_NOMEM;
	default:
		return ERR_IO;
	}
}

/* Open a file that nobody changes: SQLite takes no lock and looks for no log.
 * Only a URI can ask for this (sqlite.org/uri.html, "immutable"). */
static int
open_still(const char *database, sqlite3 **db, int flags, const char *vfs)
{
	struct buf uri;
	int code = SQLITE_NOMEM;

	buf_init(&uri, URI_MAX_BYTES);
	buf_text(&uri, database[0] == '/' ? "file://" : "file:");
	for (const char *c = database; *c != '\0'; c++)
		if (strchr("%?#", *c) != NULL)
			buf_printf(&uri, "%%%02X", (unsigned)*c);
		else
			buf_char(&uri, *c);
	buf_text(&uri, "?immutable=1");
	buf_char(&uri, '\0');
	if (uri.err == OK)
		code =
		    sqlite3_open_v2(uri.data, db, flags | SQLITE_OPEN_URI, vfs);
	buf_release(&uri);
	return code;
}

static void
add_failure(struct buf *why, const char *database, sqlite3 *db, int code)
{
	connect_why(why, database, "does not open", db);
	code &= 0xFF;
	if (code == SQLITE_READONLY || code == SQLITE_CANTOPEN ||
	    code == SQLITE_PERM)
		owner_add(why, database);
}

enum err
connect_open(const struct connect *how, sqlite3 **out, struct buf *why)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	const char *vfs;
	struct stat st;
	sqlite3 *db = NULL;
	int code;

	modules_configure(); /* before the first use of SQLite */
	vfs = sync_vfs();
	if (vfs == NULL) {
		buf_text(why, "store: out of memory");
		return ERR_NOMEM;
	}
	if (strcmp(how->database, ":memory:") != 0 &&
	    stat(how->database, &st) != 0) {
		utf8_add_line(why, str_from(how->database));
		buf_text(why, ": there is no such file");
		return ERR_MISSING;
	}
	flags |= is_reading(how->role) ? SQLITE_OPEN_READONLY
				       : SQLITE_OPEN_READWRITE;
	code = how->role == CONNECT_STILL
	    ? open_still(how->database, &db, flags, vfs)
	    : sqlite3_open_v2(how->database, &db, flags, vfs);
	if (code == SQLITE_OK)
		code = configure(db, how);
	if (code != SQLITE_OK) {
		if (db == NULL)
			buf_text(why, "store: out of memory");
		else
			add_failure(why, how->database, db, code);
		sqlite3_close(db);
		return open_err(code);
	}
	*out = db;
	return OK;
}
