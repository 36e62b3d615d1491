/* SPDX-License-Identifier: ISC */
/*
 * SQLite finds the end of a statement. The code here finds its beginning, so
 * that a message can name the line. A file is prepared statement by statement,
 * because a statement may need a table that an earlier one makes.
 */
#include "store/sql_file.h"

#include <ctype.h>
#include <errno.h>

#include "base/utf8.h"
#include "store/connect.h"

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

/* ---- what SQLite says ------------------------------------------------- */

enum { FUNCTION_NAME_MAX = 80 };

/* Append the name of the function that is nearest to a misspelt one. */
static void
add_nearest(struct buf *out, sqlite3 *db, struct str word)
{
	char best[FUNCTION_NAME_MAX] = "";
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(db,
		"SELECT name FROM pragma_function_list ORDER BY name", -1,
		&stmt, NULL) != SQLITE_OK)
		return;
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *names[] = {
		    best, (const char *)sqlite3_column_text(stmt, 0)};
		const char *near =
		    names[1] == NULL ? NULL : str_nearest(word, names, 2);

		if (near != NULL && near != best)
			snprintf(best, sizeof(best), "%s", near);
	}
	sqlite3_finalize(stmt);
	if (best[0] != '\0')
		buf_printf(out, "; did you mean `%s`?", best);
}

/* Append the number of a function's arguments: "; it takes 1 or 2". */
static void
add_arguments(struct buf *out, sqlite3 *db, struct str name)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(db,
		"SELECT group_concat(narg, ' or ') FROM (SELECT DISTINCT narg"
		" FROM pragma_function_list WHERE name = ?1 AND narg >= 0"
		" ORDER BY narg)",
		-1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_bind_text(stmt, 1, name.data, (int)name.len,
		SQLITE_STATIC) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW &&
	    sqlite3_column_type(stmt, 0) != SQLITE_NULL)
		buf_printf(out, "; it takes %s",
		    (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
}

void
sql_add_message(struct buf *out, sqlite3 *db)
{
	const struct str unknown = STR("no such function: ");
	const struct str wrong = STR("wrong number of arguments to function ");
	char text[512];
	struct str message = {text, 0};

	/* Copied, because the queries below overwrite the message. */
	snprintf(text, sizeof(text), "%s", sqlite3_errmsg(db));
	message.len = strlen(text);
	utf8_add_line(out, message);
	if (str_starts(message, unknown)) {
		add_nearest(
		    out, db, str_slice(message, unknown.len, message.len));
	} else if (str_starts(message, wrong)) {
		message = str_slice(message, wrong.len, message.len);
		add_arguments(out, db,
		    str_slice(message, 0, str_find_byte(message, '(')));
	}
}

enum err
sql_blame(sqlite3 *db, const char *path, size_t line, int code, struct buf *why)
{
	switch (code & 0xFF) {
	case SQLITE_AUTH:
		return sql_complain(path, line,
		    "a script may not begin or end a transaction, nor attach "
		    "a database",
		    ERR_INPUT, why);
	case SQLITE_NOMEM:
		/* If our own code ran out of memory, SQLite has no message. */
		return sql_complain(
		    path, line, "out of memory", ERR_NOMEM, why);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_IOERR:
	case SQLITE_FULL:
		return sql_complain(
		    path, line, sqlite3_errmsg(db), store_err(code), why);
	default:
		(void)sql_complain(path, line, "", OK, why);
		sql_add_message(why, db);
		return ERR_INPUT;
	}
}

/* Read the content and add a NUL. */
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
		    out->err == ERR_NOMEM ? "out of memory" : "is too long",
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

size_t
sql_count_lines(const char *from, const char *to)
{
	size_t n = 0;

	for (; from < to; from++)
		n += *from == '\n';
	return n;
}

size_t
sql_error_line(sqlite3 *db, struct str sql)
{
	const int offset = sqlite3_error_offset(db);

	/* The place may be one of a view's text or a trigger's. */
	return offset > 0 && (size_t)offset < sql.len
	    ? sql_count_lines(sql.data, sql.data + offset)
	    : 0;
}

static void
go_to(struct sql_file *file, const char *at)
{
	file->line += sql_count_lines(file->rest.data, at);
	file->rest = str_slice(
	    file->rest, (size_t)(at - file->rest.data), file->rest.len);
}

struct str
sql_skip_blank(struct str sql, struct str *remark)
{
	while (sql.len > 0) {
		size_t n = 1;

		if (str_starts(sql, STR("--"))) {
			n = str_find_byte(sql, '\n');
			*remark = str_slice(sql, 0, n);
		} else if (str_starts(sql, STR("/*"))) {
			n = str_find(str_slice(sql, 2, sql.len), STR("*/"));
			n = n == SIZE_MAX ? n : n + 4;
		} else if (strchr(" \t\r\n\f;", sql.data[0]) == NULL) {
			break;
		}
		sql = str_slice(sql, n, sql.len);
	}
	return sql;
}

struct str
sql_next_token(struct str *sql)
{
	struct str remark, token;
	size_t n = 0;

	*sql = sql_skip_blank(*sql, &remark);
	while (n < sql->len &&
	    (isalnum((unsigned char)sql->data[n]) || sql->data[n] == '_' ||
		(unsigned char)sql->data[n] >= 0x80))
		n++;
	if (n == 0 && sql->len > 0) {
		const char end = sql->data[0] == '[' ? ']' : sql->data[0];

		n = 1;
		if (strchr("'\"`[", sql->data[0]) != NULL) {
			while (n < sql->len && sql->data[n] != end)
				n++;
			n += n < sql->len;
		}
	}
	token = str_slice(*sql, 0, n);
	*sql = str_slice(*sql, n, sql->len);
	return token;
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

/* Prepare the first statement of the rest and take it off. The authorizer is
 * set only while the statement is prepared: SQLite's own modules may do more
 * when the statement runs. */
static enum err
prepare(
    struct sql_file *file, unsigned flags, sqlite3_stmt **out, struct buf *why)
{
	const char *sql = file->rest.data, *tail = sql;
	size_t line = file->line;
	int code;

	sqlite3_set_authorizer(file->db, stay_inside, NULL);
	/* The length includes the NUL; else SQLite would copy the rest. */
	code = sqlite3_prepare_v3(
	    file->db, sql, (int)file->rest.len + 1, flags, out, &tail);
	if (code != SQLITE_OK)
		line += sql_error_line(file->db, file->rest);
	sqlite3_set_authorizer(file->db, NULL, NULL);
	if (code != SQLITE_OK)
		return sql_blame(file->db, file->path, line, code, why);
	go_to(file, tail);
	return OK;
}

enum err
sql_file_next(struct sql_file *file, unsigned flags, struct sql_statement *out,
    struct buf *why)
{
	struct sql_statement found = {0};

	/* A byte order mark is blank for SQLite, and gives no handle. */
	while (found.handle == NULL) {
		enum err err;
		found.remark = (struct str){"", 0};
		go_to(file, sql_skip_blank(file->rest, &found.remark).data);
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
