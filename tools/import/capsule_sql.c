/* SPDX-License-Identifier: ISC */
/*
 * How an article gets into the database is the capsule's business: it says so
 * in import/article.sql, a list of SQL statements. They run in order, for each
 * file in one transaction.
 *
 * Parameters are the article's fields, NULL where it has none:
 *
 *	:title :section :kicker :subtitle :byline :source :source_url
 *	:publisher :summary :status :body :file  text
 *	:published                               UTC seconds
 *	:pinned :sample                          0 or 1
 *
 * A statement that names one of these runs once for each attachment:
 *
 *	:attachment_path (below static/) :attachment_label :attachment_mime
 *	:attachment_bytes :attachment_position (1, 2, 3 ...)
 *
 * Every column that a statement gives is a parameter of the statements after
 * it (INSERT ... RETURNING id AS article_id makes :article_id); a column hides
 * a field of its name. Only a statement's first row counts; without a row its
 * columns are as they were before, NULL at first.
 *
 * Three columns are answers, unless they are NULL:
 *
 *	refused  the article is not stored; the text says why
 *	already  it is there; the text says where. Nothing more runs
 *	address  where it can be read from now on
 *
 * A statement may not begin or end a transaction.
 */
#include "tools/import/capsule_parts.h"

#include <errno.h>

#include "base/utf8.h"
#include "store/store.h"

enum { FILE_BYTES_MAX = 1024 * 1024 };

static const char *const own_names[] = {
    [NAME_BODY] = "body",
    [NAME_FILE] = "file",
    [NAME_PUBLISHED] = "published",
    [NAME_PINNED] = "pinned",
    [NAME_SAMPLE] = "sample",
    [NAME_PATH] = "attachment_path",
    [NAME_LABEL] = "attachment_label",
    [NAME_MIME] = "attachment_mime",
    [NAME_BYTES] = "attachment_bytes",
    [NAME_POSITION] = "attachment_position",
};

static enum err
blame(const struct capsule_sql *sql, size_t line, struct buf *why,
    const char *message, enum err err)
{
	utf8_add_line(why, str_from(sql->path));
	if (line > 0)
		buf_printf(why, ":%zu", line);
	buf_text(why, ": ");
	utf8_add_line(why, str_from(message));
	return err;
}

/* What SQLite says about the last call; what is not the machine's fault is
 * the file's. */
enum err
capsule_blame(
    const struct capsule_sql *sql, size_t line, struct buf *why, int code)
{
	const char *message = (code & 0xFF) == SQLITE_AUTH
	    ? "a statement may not begin or end a transaction"
	    : sqlite3_errmsg(sql->db);
	enum err err = store_err(code);

	return blame(sql, line, why, message, err == OK ? ERR_BUG : err);
}

/* The name's place, or names. The last one wins: columns hide fields. */
size_t
capsule_find_name(const struct capsule_sql *sql, const char *name)
{
	for (size_t i = sql->names; i-- > 0;)
		if (strcmp(sql->name[i].name, name) == 0)
			return i;
	return sql->names;
}

static enum err
add_name(struct capsule_sql *sql, const char *name)
{
	char *copy;

	if (sql->names == NAMES_MAX)
		return ERR_LIMIT;
	copy = strdup(name);
	if (copy == NULL)
		return ERR_NOMEM;
	sql->name[sql->names++] = (struct name){.name = copy};
	return OK;
}

static enum err
add_own_names(struct capsule_sql *sql)
{
	enum err err = OK;

	for (size_t i = 0; i < NAME_FIRST_COLUMN && err == OK; i++)
		err = add_name(sql,
		    i < FIELD_COUNT ? article_field_name[i] : own_names[i]);
	return err;
}

/* See that every parameter is provided, and what kind of statement it is. */
static enum err
check_parameters(
    struct capsule_sql *sql, struct statement *statement, struct buf *why)
{
	int count = sqlite3_bind_parameter_count(statement->handle);

	if (count > PARAMETERS_MAX)
		return blame(sql, statement->line, why, "too many parameters",
		    ERR_LIMIT);
	for (int i = 1; i <= count; i++) {
		const char *name =
		    sqlite3_bind_parameter_name(statement->handle, i);
		size_t at = name == NULL ? sql->names
					 : capsule_find_name(sql, name + 1);
		if (at == sql->names) {
			char message[128];
			snprintf(message, sizeof(message),
			    "nothing provides the parameter %.64s",
			    name == NULL ? "?" : name);
			return blame(
			    sql, statement->line, why, message, ERR_INPUT);
		}
		if (at >= NAME_PATH && at <= NAME_POSITION)
			statement->each = true;
		statement->parameter[i - 1] = (unsigned char)at;
	}
	return OK;
}

/* A statement's columns: parameters from here on. */
static enum err
add_columns(
    struct capsule_sql *sql, const struct statement *statement, struct buf *why)
{
	int count = sqlite3_column_count(statement->handle);

	for (int i = 0; i < count; i++) {
		const char *name = sqlite3_column_name(statement->handle, i);
		size_t at =
		    name == NULL ? sql->names : capsule_find_name(sql, name);
		enum err err = name == NULL ? ERR_NOMEM : OK;
		if (err == OK && (at == sql->names || at < NAME_FIRST_COLUMN))
			err = add_name(sql, name);
		if (err != OK)
			return blame(sql, statement->line, why,
			    err == ERR_LIMIT ? "too many columns"
					     : "memory is out",
			    err);
	}
	return OK;
}

static size_t
count_lines(const char *from, const char *to)
{
	size_t n = 0;

	for (; from < to; from++)
		n += *from == '\n';
	return n;
}

/* The first character of a statement: behind blanks and comments. */
static const char *
skip_blank(const char *at)
{
	for (;;) {
		at += strspn(at, " \t\r\n\f;");
		if (strncmp(at, "--", 2) == 0) {
			at += strcspn(at, "\n");
		} else if (strncmp(at, "/*", 2) == 0) {
			const char *end = strstr(at + 2, "*/");
			at = end == NULL ? at + strlen(at) : end + 2;
		} else {
			return at;
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

static enum err
compile_one(
    struct capsule_sql *sql, const char *text, const char **at, struct buf *why)
{
	struct statement *statement = &sql->statement[sql->statements];
	size_t line = 1 + count_lines(text, *at);
	const char *begin = *at;
	enum err err;
	int code;

	if (sql->statements == STATEMENTS_MAX)
		return blame(sql, line, why, "too many statements", ERR_LIMIT);
	*statement = (struct statement){.line = line};
	code = sqlite3_prepare_v3(sql->db, begin, -1, SQLITE_PREPARE_PERSISTENT,
	    &statement->handle, at);
	if (code != SQLITE_OK) {
		int offset = sqlite3_error_offset(sql->db);
		if (offset > 0)
			line += count_lines(begin, begin + offset);
		err = capsule_blame(sql, line, why, code);
		return err == ERR_NOMEM || err == ERR_BUSY ? err : ERR_INPUT;
	}
	sql->statements++;
	err = check_parameters(sql, statement, why);
	return err == OK ? add_columns(sql, statement, why) : err;
}

static enum err
compile(struct capsule_sql *sql, const char *text, struct buf *why)
{
	const char *at = skip_blank(text);
	enum err err = OK;

	sqlite3_set_authorizer(sql->db, stay_inside, NULL);
	while (err == OK && *at != '\0') {
		err = compile_one(sql, text, &at, why);
		at = skip_blank(at);
	}
	sqlite3_set_authorizer(sql->db, NULL, NULL);
	if (err == OK && sql->statements == 0)
		err = blame(sql, 0, why, "holds no statement", ERR_INPUT);
	return err;
}

/* The file and a NUL behind it. */
static enum err
load(const struct capsule_sql *sql, struct buf *out, struct buf *why)
{
	FILE *file = fopen(sql->path, "re");
	char piece[8192];
	size_t n;
	bool failed;

	if (file == NULL)
		return blame(sql, 0, why, strerror(errno),
		    errno == ENOENT ? ERR_MISSING : ERR_IO);
	while ((n = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_add(out, piece, n);
	failed = ferror(file);
	fclose(file);
	if (failed)
		return blame(sql, 0, why, "cannot be read", ERR_IO);
	if (str_find_byte(buf_view(out), '\0') != SIZE_MAX)
		return blame(sql, 0, why, "holds a NUL byte", ERR_INPUT);
	buf_char(out, '\0');
	if (out->err != OK)
		return blame(sql, 0, why, "is too long", out->err);
	return OK;
}

enum err
capsule_sql_open(
    sqlite3 *db, const char *path, struct capsule_sql **out, struct buf *why)
{
	struct capsule_sql *sql = calloc(1, sizeof(*sql));
	struct buf file;
	enum err err = ERR_NOMEM;

	buf_init(&file, FILE_BYTES_MAX);
	if (sql != NULL) {
		sql->db = db;
		sql->path = strdup(path);
	}
	if (sql == NULL || sql->path == NULL || add_own_names(sql) != OK)
		buf_text(why, "memory is out");
	else
		err = load(sql, &file, why);
	if (err == OK)
		err = compile(sql, file.data, why);
	buf_release(&file);
	if (err == OK)
		*out = sql;
	else
		capsule_sql_close(sql);
	return err;
}

void
capsule_sql_close(struct capsule_sql *sql)
{
	if (sql == NULL)
		return;
	for (size_t i = 0; i < sql->statements; i++)
		sqlite3_finalize(sql->statement[i].handle);
	for (size_t i = 0; i < sql->names; i++) {
		sqlite3_value_free(sql->name[i].value);
		free(sql->name[i].name);
	}
	free(sql->path);
	free(sql);
}
