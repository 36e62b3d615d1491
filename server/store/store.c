/* SPDX-License-Identifier: ISC */
/*
 * The pair of connections of a worker, and their common deadline.
 * Both are opened after the fork, because an SQLite handle must not cross a
 * fork.
 */
#include "store/store.h"

#include <sys/stat.h>
#include <inttypes.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "store/modules.h"
#include "store/internal.h"
#include "store/schema.h"

/*
 * Virtual machine steps between two looks at the clock. They take some
 * microseconds, so the cost of a look (a vDSO call) does not matter.
 */
enum { STEPS_PER_LOOK = 200 };

struct store {
	sqlite3 *reader, *writer;
	struct function_host host;
	int64_t deadline_ms; /* on the monotonic clock; 0: none */
	/* Of a budget of processor time: when it can be used up at the
	 * earliest, on the monotonic clock (0: there is none), and when it is,
	 * on the thread's clock. */
	int64_t budget_ms, budget_cpu_us;
	/* For a copy that is treated as a file that nobody changes: */
	char *still; /* its path, owned; else NULL */
	struct stat was;
};

static int
is_late(void *context)
{
	const struct store *store = context;
	const int64_t now_ms = store->deadline_ms != 0 ? clock_ms() : 0;

	if (store->deadline_ms == 0 || now_ms >= store->deadline_ms)
		return store->deadline_ms != 0;
	/* The thread's clock is a system call. */
	return store->budget_ms != 0 && now_ms >= store->budget_ms &&
	    clock_cpu_us() >= store->budget_cpu_us;
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
store_open(const char *database, const struct function_host *host,
    struct store **out, struct buf *why)
{
	struct connect how = {database, CONNECT_WRITER, NULL};
	struct store *store = calloc(1, sizeof(*store));
	enum err err;

	if (store == NULL) {
		buf_text(why, "store: out of memory");
		return ERR_NOMEM;
	}
	if (host != NULL)
		store->host = *host;
	store->host.keeps = modules_keep;
	how.host = &store->host;
	/* The writer first: it makes the -wal and -shm files for the reader. */
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

/* ---- copies -------------------------------------------------------- */

enum { LOG_PATH_MAX = 4096 };

/* Has the database a write-ahead log, which another process may be writing? */
static bool
has_log(const char *database)
{
	char path[LOG_PATH_MAX];
	struct stat st;
	int n = snprintf(path, sizeof(path), "%s-wal", database);

	return n < 0 || (size_t)n >= sizeof(path) || stat(path, &st) == 0;
}

bool
store_is_sound(const struct store *store)
{
	struct stat now;

	if (store->still == NULL || stat(store->still, &now) != 0 ||
	    now.st_ino != store->was.st_ino || now.st_dev != store->was.st_dev)
		return true;
	return now.st_size == store->was.st_size &&
	    now.st_mtim.tv_sec == store->was.st_mtim.tv_sec &&
	    now.st_mtim.tv_nsec == store->was.st_mtim.tv_nsec &&
	    !has_log(store->still);
}

/*
 * All our databases use a write-ahead log. SQLite opens such a database only if
 * it can make or open the shared index of the log. In a folder that we cannot
 * write to, the index may be missing. Then nobody writes to the file: the file
 * is a copy that was put there whole.
 */
static enum err
open_still(struct store *store, const struct connect *as_copy, struct buf *why)
{
	struct connect how = *as_copy;

	how.role = CONNECT_STILL;
	if (has_log(how.database) || stat(how.database, &store->was) != 0)
		return ERR_IO;
	store->still = strdup(how.database);
	if (store->still == NULL)
		return ERR_NOMEM;
	buf_clear(why);
	return connect_open(&how, &store->reader, why);
}

enum err
store_open_copy(const char *database, struct store **out, struct buf *why)
{
	const struct connect how = {database, CONNECT_COPY, NULL};
	struct store *store = calloc(1, sizeof(*store));
	enum err err;

	if (store == NULL) {
		buf_text(why, "store: out of memory");
		return ERR_NOMEM;
	}
	err = connect_open(&how, &store->reader, why);
	if (err == ERR_IO)
		err = open_still(store, &how, why);
	if (err == OK)
		err = check_application(store, database, why);
	if (err != OK) {
		store_close(store);
		return err;
	}
	sqlite3_progress_handler(store->reader, STEPS_PER_LOOK, is_late, store);
	*out = store;
	return OK;
}

static enum err
check_version(struct store *store, const char *database,
    const struct schema *schema, struct buf *why)
{
	enum schema_rules rules;
	int64_t version = 0;
	enum err err;
	int code = connect_int(store->reader, "PRAGMA user_version", &version);

	if (code != SQLITE_OK) {
		connect_why(why, database, "does not read", store->reader);
		return store_err(code);
	}
	err = schema_look(schema, database, store->reader, &rules, why);
	if (err != OK ||
	    (version == schema->version && rules == SCHEMA_RULES_CURRENT))
		return err;
	utf8_add_line(why, str_from(database));
	if (version == schema->version)
		buf_text(why,
		    ": this copy has other views or triggers than "
		    "the capsule: ");
	else
		buf_printf(why,
		    ": this copy's schema is %" PRId64
		    ", the capsule's is %" PRId64 ": ",
		    version, schema->version);
	buf_text(why,
	    version <= schema->version
		? "it is for the primary to bring it up to date"
		: "the capsule is older than the primary's");
	return ERR_INPUT;
}

enum err
store_check_copy(const char *database, const char *schema_dir, struct buf *why)
{
	struct schema schema;
	struct store *store = NULL;
	enum err err = schema_list(schema_dir, &schema, why);

	if (err == OK)
		err = store_open_copy(database, &store, why);
	if (err == OK)
		err = check_version(store, database, &schema, why);
	if (err == OK && !refold_is_current(store->reader))
		log_warn("store: %s was indexed by another guiju or another "
			 "libunistring: searches here may miss what they find "
			 "there",
		    database);
	store_close(store);
	schema_release(&schema);
	return err;
}

/* ---- closing ------------------------------------------------------- */

static void
close_connection(sqlite3 *db)
{
	/* A statement that was not finalized would keep the file locked. */
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
	free(store->still);
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
	store->budget_ms = 0;
}

void
store_budget(struct store *store, unsigned ms)
{
	store->budget_ms = clock_ms() + ms;
	store->budget_cpu_us = clock_cpu_us() + (int64_t)ms * 1000;
}
