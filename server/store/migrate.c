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
#include "base/file_path.h"
#include "base/utf8.h"
#include "store/connect.h"
#include "store/internal.h"
#include "store/schema.h"

enum {
	LOCK_WAIT_MS = 60000,
	LOCK_LOOK_MS = 20,
	/* Below this size the whole file is checked at each start. */
	CHECK_BYTES_MAX = 32 * 1024 * 1024
};

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
		return migration_blame(m, "does not read", code);
	if (id != STORE_APPLICATION_ID)
		return migration_complain(
		    m, "is not a database of guiju", ERR_INPUT);
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
			err = migration_complain(m, "is damaged: ", ERR_INPUT);
			utf8_add_line(m->why, str_from(text));
		}
	} else {
		err = migration_blame(m, "does not check", code);
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
	enum err err = migration_blame(m, "does not read",
	    connect_int(m->db, "PRAGMA user_version", &version));

	if (err == OK)
		err = migration_begin(m);
	if (err != OK)
		return err;
	snprintf(
	    sql, sizeof(sql), "PRAGMA user_version = %lld", (long long)version);
	err = migration_run(m, sql, "cannot be written");
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
	return migration_run(
	    m, "PRAGMA journal_mode = WAL", "does not take a write-ahead log");
}

static enum err
close_file(struct migration *m)
{
	int code = sqlite3_close(m->db);

	m->db = NULL;
	return code == SQLITE_OK
	    ? OK
	    : migration_complain(m, "does not close", ERR_BUG);
}

static enum err
migrate_existing(struct migration *m, int64_t bytes)
{
	enum err err, closing;

	if (bytes == 0)
		return migration_complain(m,
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
		err = migration_tables(m);
	if (err == OK)
		err = migration_schema(m);
	if (err == OK)
		err = migration_folding(m);
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
		err = migration_tables(&m);
	if (err == OK)
		err = migration_schema(&m);
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
	err = migration_tables(m);
	if (err == OK)
		err = migration_schema(m);
	if (err == OK)
		err = migration_first_content(m);
	if (err == OK)
		err = migration_blame(
		    m, "does not keep its folding", refold_record(m->db));
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
		return migration_complain(m, "the name is too long", name.err);
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
			err = migration_complain(m,
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
		err = migration_complain(&m,
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
