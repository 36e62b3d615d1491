/* SPDX-License-Identifier: ISC */
/*
 * SQLite knows where a statement ends; what is found here is where it begins,
 * so that whatever fails is named by its line. A file is prepared statement by
 * statement, because a later one may need the table that one before it makes.
 */
#include "store/sql_file.h"

#include <errno.h>

#include "base/utf8.h"
#include "store/store.h"

enum err
sql_complain(const char *path, size_t line, const char *message, enum err err,
    struct buf *why)
{
	utf8_add_line(why, str_from(path));
	if (line > 0)
		buf_printf(why, ":%zu", line);
	buf_text(why, ": ");
	utf8_add_line(why, str_from(message));
	return err;
}

enum err
sql_blame(sqlite3 *db, const char *path, size_t line, int code, struct buf *why)
{
	const char *message = sqlite3_errmsg(db);
	enum err err = ERR_INPUT;

	switch (code & 0xFF) {
	case SQLITE_AUTH:
		message = "a script may not begin or end a transaction, "
			  "nor attach a database";
		break;
	case SQLITE_NOMEM:
		/* It may be ours, of which the connection knows nothing. */
		message = "memory is out";
		err = ERR_NOMEM;
		break;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_IOERR:
	case SQLITE_FULL:
		err = store_err(code);
		break;
	default:
		break;
	}
	return sql_complain(path, line, message, err, why);
}

/* The content and a NUL behind it. */
static enum err
read_whole(const char *path, struct buf *out, struct buf *why)
{
	FILE *file = fopen(path, "re");
	int reason = errno;
	char piece[8192];
	size_t n;
	bool failed;

	if (file == NULL)
		return sql_complain(path, 0, strerror(reason),
		    reason == ENOENT ? ERR_MISSING : ERR_IO, why);
	while ((n = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_add(out, piece, n);
	reason = errno;
	failed = ferror(file);
	fclose(file);
	if (failed)
		return sql_complain(path, 0, strerror(reason), ERR_IO, why);
	if (str_find_byte(buf_view(out), '\0') != SIZE_MAX)
		return sql_complain(
		    path, 0, "holds a NUL byte", ERR_INPUT, why);
	buf_char(out, '\0');
	if (out->err != OK)
		return sql_complain(path, 0,
		    out->err == ERR_NOMEM ? "memory is out" : "is too long",
		    out->err, why);
	return OK;
}

enum err
sql_file_open(struct sql_file *file, sqlite3 *db, const char *path,
    size_t bytes_max, struct buf *why)
{
	enum err err;

	*file = (struct sql_file){.db = db, .path = path, .line = 1};
	buf_init(&file->content, bytes_max);
	err = read_whole(path, &file->content, why);
	if (err == OK)
		file->rest = str_slice(
		    buf_view(&file->content), 0, file->content.len - 1);
	else
		sql_file_close(file);
	return err;
}

void
sql_file_close(struct sql_file *file)
{
	buf_release(&file->content);
}

static size_t
count_lines(const char *from, const char *to)
{
	size_t n = 0;

	for (; from < to; from++)
		n += *from == '\n';
	return n;
}

static void
skip(struct sql_file *file, size_t n)
{
	const char *from = file->rest.data;

	file->rest = str_slice(file->rest, n, file->rest.len);
	file->line += count_lines(from, file->rest.data);
}

/* Go to the next statement: behind blanks, semicolons and comments, of which
 * the last one "-- ..." is kept in *remark. */
static void
skip_blank(struct sql_file *file, struct str *remark)
{
	*remark = (struct str){"", 0};
	while (file->rest.len > 0) {
		struct str rest = file->rest;
		size_t end;

		if (strchr(" \t\r\n\f;", rest.data[0]) != NULL) {
			skip(file, 1);
		} else if (str_starts(rest, STR("--"))) {
			end = str_find_byte(rest, '\n');
			*remark = str_slice(rest, 0, end);
			skip(file, end);
		} else if (str_starts(rest, STR("/*"))) {
			end = str_find(str_slice(rest, 2, rest.len), STR("*/"));
			skip(file, end == SIZE_MAX ? end : end + 4);
		} else {
			return;
		}
	}
}

static int
stay_inside(void *context, int action, const char *first, const char *second,
    const char *schema, const char *trigger)
{
	(void)context, (void)first, (void)second, (void)schema, (void)trigger;
	switch (action) {
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
	case SQLITE_ATTACH:
	case SQLITE_DETACH:
		return SQLITE_DENY;
	default:
		return SQLITE_OK;
	}
}

/* Prepare the statement that the rest begins with, and take it off. The fence
 * is for what the file says, not for what SQLite's own modules do when a
 * statement runs. */
static enum err
prepare(
    struct sql_file *file, unsigned flags, sqlite3_stmt **out, struct buf *why)
{
	const char *sql = file->rest.data, *tail = sql;
	size_t line = file->line;
	int code, offset;

	sqlite3_set_authorizer(file->db, stay_inside, NULL);
	/* With its NUL counted SQLite need not copy the whole rest. */
	code = sqlite3_prepare_v3(
	    file->db, sql, (int)file->rest.len + 1, flags, out, &tail);
	offset = code == SQLITE_OK ? 0 : sqlite3_error_offset(file->db);
	sqlite3_set_authorizer(file->db, NULL, NULL);
	if (code != SQLITE_OK) {
		if (offset > 0)
			line += count_lines(sql, sql + offset);
		return sql_blame(file->db, file->path, line, code, why);
	}
	skip(file, (size_t)(tail - sql));
	return OK;
}

enum err
sql_file_next(struct sql_file *file, unsigned flags, struct sql_statement *out,
    struct buf *why)
{
	struct sql_statement found = {0};

	/* What is blank to SQLite only (a byte order mark) gives no handle. */
	while (found.handle == NULL) {
		enum err err;
		skip_blank(file, &found.remark);
		if (file->rest.len == 0)
			break;
		found.line = file->line;
		err = prepare(file, flags, &found.handle, why);
		if (err != OK)
			return err;
	}
	*out = found;
	return OK;
}
