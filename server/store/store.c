/* SPDX-License-Identifier: ISC */
/*
 * The pair of connections that a worker has, their common deadline, and the
 * secret. Opened after the fork: an SQLite handle must not cross one.
 */
#include "store/store.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "store/connect.h"

/*
 * Virtual machine steps between two looks at the clock: some microseconds of
 * ordinary work, so the look itself (a vDSO call) does not weigh.
 */
enum { STEPS_PER_LOOK = 200, SECRET_BYTES = 32 };

struct store {
	sqlite3 *reader, *writer;
	int64_t deadline_ms; /* on the monotonic clock; 0: none */
};

static int
is_late(void *context)
{
	const struct store *store = context;

	return store->deadline_ms != 0 && clock_ms() >= store->deadline_ms;
}

/* Was this file made by store_migrate()? */
static enum err
check_application(struct store *store, const char *database, struct buf *why)
{
	int64_t id = 0;
	int code = connect_int(store->reader, "PRAGMA application_id", &id);

	if (code != SQLITE_OK) {
		connect_why(why, database, "does not read", store->reader);
		return store_err(code);
	}
	if (id == STORE_APPLICATION_ID)
		return OK;
	utf8_add_line(why, str_from(database));
	buf_text(why, ": is not a database of guiju");
	return ERR_INPUT;
}

enum err
store_open(const char *database, struct tally *tally, bool count_views,
    struct store **out, struct buf *why)
{
	struct connect how = {database, CONNECT_WRITER, tally, count_views};
	struct store *store = calloc(1, sizeof(*store));
	enum err err;

	if (store == NULL) {
		buf_text(why, "store: memory is out");
		return ERR_NOMEM;
	}
	/* The writer first: it makes the -wal and -shm that readers need. */
	err = connect_open(&how, &store->writer, why);
	how.role = CONNECT_READER;
	if (err == OK)
		err = connect_open(&how, &store->reader, why);
	if (err == OK)
		err = check_application(store, database, why);
	if (err != OK) {
		store_close(store);
		return err;
	}
	sqlite3_progress_handler(store->reader, STEPS_PER_LOOK, is_late, store);
	sqlite3_progress_handler(store->writer, STEPS_PER_LOOK, is_late, store);
	*out = store;
	return OK;
}

static void
close_connection(sqlite3 *db)
{
	/* A statement that somebody forgot would leak the file's lock. */
	if (sqlite3_close(db) == SQLITE_OK)
		return;
	log_error("store: closed with a statement open: %s",
	    sqlite3_sql(sqlite3_next_stmt(db, NULL)));
	sqlite3_close_v2(db);
}

void
store_close(struct store *store)
{
	if (store == NULL)
		return;
	close_connection(store->reader);
	close_connection(store->writer);
	free(store);
}

sqlite3 *
store_reader(struct store *store)
{
	return store->reader;
}

sqlite3 *
store_writer(struct store *store)
{
	return store->writer;
}

void
store_deadline(struct store *store, unsigned ms)
{
	store->deadline_ms = ms == 0 ? 0 : clock_ms() + ms;
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
store_secret(struct store *store, unsigned char out[32])
{
	sqlite3_stmt *statement;
	enum err err;
	int code = sqlite3_prepare_v2(store->reader,
	    "SELECT secret FROM guiju_secret WHERE id = 1", -1, &statement,
	    NULL);

	if (code != SQLITE_OK)
		return store_err(code);
	code = sqlite3_step(statement);
	err = store_err(code);
	if (code == SQLITE_DONE)
		err = ERR_MISSING;
	if (code == SQLITE_ROW) {
		const void *secret = sqlite3_column_blob(statement, 0);
		if (sqlite3_column_bytes(statement, 0) == SECRET_BYTES &&
		    secret != NULL)
			memcpy(out, secret, SECRET_BYTES);
		else
			err = ERR_INPUT;
	}
	sqlite3_finalize(statement);
	return err;
}
