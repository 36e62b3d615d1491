/* SPDX-License-Identifier: ISC */
/*
 * Publishing files. A file gets its name by rename(2) after it is on the disk.
 * So a reader gets either the whole old file or the whole new file, also in the
 * middle of a download. Between two renames, for some milliseconds, the sums
 * and the files may be of different nights.
 */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "store/nightly/internal.h"
#include "store/store.h"

#define SUMS "SHA256SUMS"

enum { LINE_MAX_BYTES = 64 * 1024 };

static enum err
complain(struct buf *why, const char *what)
{
	buf_printf(why, "cannot give out %s: %s", what, strerror(errno));
	return ERR_IO;
}

/* Write SHA256SUMS in the form of sha256sum(1). */
static enum err
write_sums(int folder, const struct made_list *list, struct buf *why)
{
	struct buf lines;
	enum err err = OK;
	int fd = openat(folder, output_hidden(SUMS).text,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);

	if (fd < 0)
		return complain(why, SUMS);
	buf_init(&lines, LINE_MAX_BYTES);
	for (size_t i = 0; i < list->count; i++)
		buf_printf(&lines, "%s  %s\n", list->item[i].sha256,
		    list->item[i].name);
	if (lines.err != OK)
		err = lines.err;
	else if (write(fd, lines.data, lines.len) != (ssize_t)lines.len ||
	    FAULT("sync-sums") || fsync(fd) != 0)
		err = complain(why, SUMS);
	if (close(fd) != 0 && err == OK)
		err = complain(why, SUMS);
	buf_release(&lines);
	return err;
}

static bool
is_made(const struct made_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->item[i].name, name) == 0)
			return true;
	return strcmp(name, SUMS) == 0;
}

DIR *
folder_names(int folder)
{
	int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *names = again < 0 ? NULL : fdopendir(again);

	if (names == NULL && again >= 0)
		close(again);
	return names;
}

/* Remove files that an earlier capsule has made and this one does not. A file
 * that cannot be removed is not ours; it is logged. */
static enum err
remove_others(int folder, const struct made_list *list, struct buf *why)
{
	DIR *names = folder_names(folder);
	const struct dirent *entry;

	if (names == NULL)
		return complain(why, "the folder");
	while ((entry = readdir(names)) != NULL)
		if (entry->d_name[0] != '.' && !is_made(list, entry->d_name) &&
		    unlinkat(folder, entry->d_name, 0) != 0)
			log_warn("nightly: cannot remove an old file: %s",
			    strerror(errno));
	closedir(names);
	return OK;
}

static int
show(int folder, const char *name)
{
	return renameat(folder, output_hidden(name).text, folder, name);
}

static enum err
move_all(int folder, const struct made_list *list, struct buf *why)
{
	for (size_t i = 0; i < list->count; i++)
		if (show(folder, list->item[i].name) != 0)
			return complain(why, list->item[i].name);
	if (show(folder, SUMS) != 0)
		return complain(why, SUMS);
	return OK;
}

static int
store_row(
    sqlite3_stmt *store, const struct made *made, size_t position, int64_t now)
{
	int code = sqlite3_bind_text(store, 1, made->name, -1, SQLITE_STATIC);

	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(store, 2, (int64_t)position);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(store, 3, (int64_t)made->bytes);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(
		    store, 4, made->sha256, -1, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = made->rows < 0
		    ? sqlite3_bind_null(store, 5)
		    : sqlite3_bind_int64(store, 5, made->rows);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(store, 6, now);
	if (code == SQLITE_OK)
		code = sqlite3_step(store);
	sqlite3_reset(store);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int
store_rows(sqlite3 *db, const struct made_list *list)
{
	const int64_t now = clock_now_s();
	sqlite3_stmt *store = NULL;
	int code = sqlite3_exec(
	    db, "BEGIN IMMEDIATE; DELETE FROM guiju_file;", NULL, NULL, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(db,
		    "INSERT INTO guiju_file(name, position, bytes, sha256,"
		    " rows, made) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
		    -1, &store, NULL);
	for (size_t i = 0; code == SQLITE_OK && i < list->count; i++)
		code = store_row(store, &list->item[i], i + 1, now);
	sqlite3_finalize(store);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	return code;
}

/* Write the list into guiju_file, which pages read. */
static enum err
store_list(const char *database, const struct made_list *list, struct buf *why)
{
	const struct connect how = {database, CONNECT_MIGRATOR, NULL};
	sqlite3 *db = NULL;
	enum err err = connect_open(&how, &db, why);
	int code;

	if (err != OK)
		return err;
	code = store_rows(db, list);
	if (code != SQLITE_OK) {
		connect_why(why, database, "does not keep the files", db);
		err = store_err(code);
	}
	sqlite3_close(db);
	return err;
}

enum err
publish_files(int folder, const char *database, const struct made_list *list,
    struct buf *why)
{
	enum err err;

	if (list->count == 0)
		return OK;
	err = write_sums(folder, list, why);
	if (err == OK)
		err = move_all(folder, list, why);
	if (err == OK)
		err = remove_others(folder, list, why);
	if (err == OK && (FAULT("sync-public") || fsync(folder) != 0))
		err = complain(why, "the folder");
	return err == OK ? store_list(database, list, why) : err;
}
