/* SPDX-License-Identifier: ISC */
/*
 * A function of a capsule is a statement that SQLite steps while another one
 * runs: bound to the arguments, stepped once, reset. The text is not put into
 * the statement that calls it: a name of the caller's could then mean a column
 * of the function's, which nobody would see, and SQLite plans a function that
 * stands in ten pages ten times.
 *
 * A statement that calls itself would never end, so each function is prepared
 * under an authorizer that notes which others it calls, by way of views, too.
 */
#include "store/defined.h"

#include "base/file_path.h"
#include "base/clock.h"
#include "base/stats.h"
#include "base/utf8.h"
#include "store/sql_file.h"
#include "store/store.h"

enum {
	FUNCTIONS_MAX = 200,
	FUNCTION_BYTES_MAX = 64 * 1024,
	ARGUMENTS_MAX = 16,
	NAME_MAX_BYTES = 60,
	FAULT_MAX_BYTES = 512
};

struct function {
	struct defined_function about;
	struct defined *all; /* the list that this function is in */
	struct sql_file text;
	size_t line; /* the first line of the statement */
	char name[NAME_MAX_BYTES + 1];
	char argument[ARGUMENTS_MAX][NAME_MAX_BYTES + 1];
	int arguments;
	int argument_of[ARGUMENTS_MAX]; /* by parameter of the statement */
	int parameters;
	sqlite3_stmt *stmt;
	struct statement_stats *stats;
	bool runs; /* at this moment */
	bool registered;
	bool calls[FUNCTIONS_MAX];
};

struct defined {
	sqlite3 *db, *source;
	struct scripts files;
	struct function *list;
	size_t count, preparing;
};

/* The fault when there is no memory for a message. */
static const char untold[] = "out of memory";

/* Only the first fault of a function is reported. */
static void blame(struct function *f, size_t line, const char *format, ...)
    PRINTF_LIKE(3, 4);

static void
blame(struct function *f, size_t line, const char *format, ...)
{
	char *text;
	va_list args;

	if (f->about.fault != NULL)
		return;
	va_start(args, format);
	text = sqlite3_vmprintf(format, args);
	va_end(args);
	f->about.fault = text != NULL ? text : untold;
	f->about.line = (unsigned)line;
}

/* ---- the first line --------------------------------------------------- */

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Is this a name: a small letter, then small letters, digits and `_`? */
static bool
take_name(struct str *rest, char out[NAME_MAX_BYTES + 1])
{
	size_t n = 0;

	while (
	    n < rest->len && n < NAME_MAX_BYTES && is_name_byte(rest->data[n]))
		n++;
	if (n == 0 || rest->data[0] < 'a' || rest->data[0] > 'z')
		return false;
	memcpy(out, rest->data, n);
	out[n] = '\0';
	*rest = str_slice(*rest, n, rest->len);
	return true;
}

static bool
take(struct str *rest, struct str sign)
{
	if (!str_starts(*rest, sign))
		return false;
	*rest = str_slice(*rest, sign.len, rest->len);
	return true;
}

/* -- status_on(key, day) */
static bool
read_signature(struct function *f, struct str line)
{
	char name[NAME_MAX_BYTES + 1];

	if (!take(&line, STR("-- ")) || !take_name(&line, name) ||
	    strcmp(name, f->name) != 0 || !take(&line, STR("(")))
		return false;
	while (!take(&line, STR(")"))) {
		if (f->arguments == ARGUMENTS_MAX ||
		    (f->arguments > 0 && !take(&line, STR(", "))) ||
		    !take_name(&line, f->argument[f->arguments]))
			return false;
		f->arguments++;
	}
	return str_trim(line).len == 0;
}

/* The file's name is the function's, its first line the arguments'. */
static enum err
read_function(
    struct function *f, const char *capsule, const char *path, struct buf *why)
{
	struct str stem = str_from(strrchr(path, '/') + 1), content, rest;
	enum err err =
	    sql_file_open(&f->text, NULL, path, FUNCTION_BYTES_MAX, why);

	f->about.file = path + strlen(capsule) + 1;
	if (err != OK)
		return err == ERR_MISSING ? ERR_IO : err;
	content = f->text.rest;
	f->about.sql = content;
	stem = str_slice(stem, 0, stem.len - (sizeof(".sql") - 1));
	rest = stem;
	if (!take_name(&rest, f->name) || rest.len > 0)
		blame(f, 0,
		    "a function's name is small letters, digits and _, and "
		    "begins with a letter");
	else if (!utf8_valid(content))
		blame(f, 0, "is not UTF-8");
	else if (!read_signature(
		     f, str_slice(content, 0, str_find_byte(content, '\n'))))
		blame(f, 1,
		    "the first line is `-- %s(first, second)`: the name, and "
		    "the arguments in their order, at most %d",
		    f->name, ARGUMENTS_MAX);
	return OK;
}

/* ---- a call ----------------------------------------------------------- */

static int
bind(struct function *f, sqlite3_value **value)
{
	int code = SQLITE_OK;

	for (int i = 0; i < f->parameters && code == SQLITE_OK; i++)
		code = sqlite3_bind_value(
		    f->stmt, i + 1, value[f->argument_of[i]]);
	return code;
}

static void
fail(sqlite3_context *context, const struct function *f, int code)
{
	char text[FAULT_MAX_BYTES];

	snprintf(text, sizeof(text), "%s: %s", f->about.file,
	    sqlite3_errmsg(f->all->source));
	sqlite3_result_error(context, text, -1);
	sqlite3_result_error_code(context, code);
}

static void
call(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct function *f = sqlite3_user_data(context);
	int64_t began_us;
	int code;

	(void)count;
	/* The schema may have changed since the functions were checked. */
	if (f->runs || f->stmt == NULL) {
		sqlite3_result_error(context,
		    f->runs ? "a function of the capsule calls itself"
			    : "a function of the capsule that does not check",
		    -1);
		return;
	}
	f->runs = true;
	began_us = clock_us();
	code = bind(f, value);
	if (code == SQLITE_OK)
		code = sqlite3_step(f->stmt);
	if (code == SQLITE_ROW)
		sqlite3_result_value(context, sqlite3_column_value(f->stmt, 0));
	else if (code != SQLITE_DONE)
		fail(context, f, code);
	sqlite3_reset(f->stmt);
	stats_add_run(f->stats, (uint64_t)(clock_us() - began_us));
	f->runs = false;
}

/* ---- registering ------------------------------------------------------ */

/* Does SQL have a function of this name? */
static int
is_taken(sqlite3 *db, const char *name, bool *taken)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(db,
	    "SELECT 1 FROM pragma_function_list WHERE name = ?1", -1, &stmt,
	    NULL);

	if (code == SQLITE_OK)
		code = sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	*taken = code == SQLITE_ROW;
	return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

/* A function only reads, so views may call it in spite of trusted_schema=OFF. A
 * function is not deterministic, so no index can hold its results. */
static int
register_function(struct function *f, sqlite3 *db)
{
	bool taken = false;
	int code = is_taken(db, f->name, &taken);

	if (code != SQLITE_OK)
		return code;
	if (taken) {
		blame(f, 1, "SQL has a function %s already", f->name);
		return SQLITE_OK;
	}
	return sqlite3_create_function_v2(db, f->name, f->arguments,
	    SQLITE_UTF8 | SQLITE_INNOCUOUS, f, call, NULL, NULL, NULL);
}

static int
register_all(struct defined *all)
{
	int code = SQLITE_OK;

	for (size_t i = 0; i < all->count && code == SQLITE_OK; i++) {
		struct function *f = &all->list[i];

		if (f->about.fault != NULL)
			continue;
		code = register_function(f, all->db);
		if (code == SQLITE_OK && all->source != all->db)
			code = register_function(f, all->source);
		f->registered = f->about.fault == NULL;
	}
	return code;
}

/* ---- preparing -------------------------------------------------------- */

/* The authorizer of a function: it may read and may call other functions. */
static int
only_read(void *context, int action, const char *first, const char *name,
    const char *schema, const char *inside)
{
	struct defined *all = context;

	(void)first, (void)schema, (void)inside;
	/* What writes is refused later. While json_each and the like are met
	 * for the first time, they declare themselves by CREATE TABLE. */
	if (action != SQLITE_FUNCTION)
		return action == SQLITE_PRAGMA || action == SQLITE_ATTACH ||
			action == SQLITE_DETACH ||
			action == SQLITE_TRANSACTION ||
			action == SQLITE_SAVEPOINT
		    ? SQLITE_DENY
		    : SQLITE_OK;
	for (size_t i = 0; i < all->count; i++)
		if (sqlite3_stricmp(all->list[i].name, name) == 0)
			all->list[all->preparing].calls[i] = true;
	return SQLITE_OK;
}

/* Each parameter is an argument, and each argument a parameter. */
static void
match_arguments(struct function *f)
{
	bool used[ARGUMENTS_MAX] = {false};
	const char *names[ARGUMENTS_MAX];

	for (int i = 0; i < f->arguments; i++)
		names[i] = f->argument[i];
	f->parameters = sqlite3_bind_parameter_count(f->stmt);
	for (int i = 0; i < f->parameters && f->about.fault == NULL; i++) {
		const char *name = sqlite3_bind_parameter_name(f->stmt, i + 1);
		const char *near;
		int at = 0;

		while (name != NULL && name[0] == ':' && at < f->arguments &&
		    strcmp(f->argument[at], name + 1) != 0)
			at++;
		if (name == NULL || name[0] != ':') {
			blame(f, f->line, "an argument is written :name");
		} else if (at == f->arguments) {
			near = str_nearest(
			    str_from(name + 1), names, (size_t)f->arguments);
			blame(f, f->line,
			    near == NULL
				? "the first line has no argument `%s`"
				: "the first line has no argument `%s`; did "
				  "you mean `%s`?",
			    name + 1, near);
		} else {
			f->argument_of[i] = at;
			used[at] = true;
		}
	}
	for (int i = 0; i < f->arguments; i++)
		if (!used[i])
			blame(f, 1, "the argument `%s` is not used",
			    f->argument[i]);
}

static enum err
prepare(struct defined *all, struct function *f)
{
	const char *sql = f->text.rest.data, *tail = sql;
	struct str remark, rest = sql_skip_blank(f->text.rest, &remark);
	size_t below = 0;
	int code;

	all->preparing = (size_t)(f - all->list);
	sqlite3_set_authorizer(all->source, only_read, all);
	code = sqlite3_prepare_v3(all->source, sql, (int)f->text.rest.len + 1,
	    SQLITE_PREPARE_PERSISTENT, &f->stmt, &tail);
	if (code != SQLITE_OK)
		below = sql_error_line(all->source, f->text.rest);
	sqlite3_set_authorizer(all->source, NULL, NULL);
	f->line = 1 + sql_count_lines(sql, rest.data);
	if (code == SQLITE_NOMEM)
		return ERR_NOMEM;
	if (code == SQLITE_AUTH) {
		blame(f, f->line, "a function is one SELECT");
	} else if (code != SQLITE_OK) {
		struct buf text;

		buf_init(&text, FAULT_MAX_BYTES);
		sql_add_message(&text, all->source);
		blame(f, below > 0 ? 1 + below : f->line, "SQL: %.*s",
		    STR_ARG(buf_view(&text)));
		buf_release(&text);
	} else if (f->stmt == NULL || !sqlite3_stmt_readonly(f->stmt)) {
		blame(f, f->line, "a function is one SELECT");
	} else if (sql_skip_blank(str_from(tail), &remark).len > 0) {
		blame(f, f->line, "more than one statement");
	} else if (sqlite3_column_count(f->stmt) != 1) {
		blame(f, f->line, "a function gives one column, not %d",
		    sqlite3_column_count(f->stmt));
	} else {
		match_arguments(f);
	}
	return OK;
}

/* Add the functions that are called indirectly, through other functions. */
static void
find_circles(struct defined *all)
{
	for (size_t by = 0; by < all->count; by++)
		for (size_t i = 0; i < all->count; i++)
			for (size_t j = 0;
			     all->list[i].calls[by] && j < all->count; j++)
				all->list[i].calls[j] |= all->list[by].calls[j];
	for (size_t i = 0; i < all->count; i++) {
		struct function *f = &all->list[i];
		size_t by = 0;

		if (!f->calls[i])
			continue;
		while (by < all->count &&
		    (by == i || !f->calls[by] || !all->list[by].calls[i]))
			by++;
		if (by == all->count)
			blame(f, f->line, "the function calls itself");
		else
			blame(f, f->line,
			    "the function calls itself by way of %s",
			    all->list[by].name);
	}
}

static enum err
prepare_all(struct defined *all)
{
	enum err err = OK;

	for (size_t i = 0; i < all->count && err == OK; i++) {
		struct function *f = &all->list[i];

		if (f->about.fault == NULL)
			err = prepare(all, f);
		f->stats = stats_statement(str_from(f->about.file));
	}
	if (err == OK)
		find_circles(all);
	return err;
}

/* ---- opening ---------------------------------------------------------- */

static enum err
read_all(struct defined *all, const char *capsule, struct buf *why)
{
	struct buf folder;
	enum err err;

	buf_init(&folder, 4096);
	buf_printf(&folder, "%s/" CAPSULE_FUNCTIONS, capsule);
	buf_char(&folder, '\0');
	err = folder.err != OK ? folder.err
			       : scripts_list(folder.data, &all->files, why);
	buf_release(&folder);
	if (err != OK)
		return err;
	if (all->files.count > FUNCTIONS_MAX) {
		buf_printf(why, "%s/" CAPSULE_FUNCTIONS ": more than %d files",
		    capsule, FUNCTIONS_MAX);
		return ERR_LIMIT;
	}
	all->list = calloc(all->files.count + 1, sizeof(*all->list));
	if (all->list == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < all->files.count && err == OK; i++) {
		all->list[i].all = all;
		all->count++;
		err = read_function(
		    &all->list[i], capsule, all->files.path[i], why);
	}
	return err;
}

/* Report the first function with a fault, in one line. */
static enum err
tell_first(const struct defined *all, struct buf *why)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].about.fault != NULL)
			return sql_complain(all->files.path[i],
			    all->list[i].about.line, all->list[i].about.fault,
			    ERR_INPUT, why);
	return OK;
}

enum err
defined_open(sqlite3 *db, sqlite3 *source, const char *capsule,
    struct defined **out, struct buf *why)
{
	struct defined *all = calloc(1, sizeof(*all));
	struct buf unread;
	enum err err;

	*out = NULL;
	if (all == NULL)
		return ERR_NOMEM;
	all->db = db;
	all->source = source == NULL ? db : source;
	buf_init(&unread, 4096);
	err = read_all(all, capsule, &unread);
	if (err == ERR_MISSING && all->count == 0)
		err = OK;
	else if (err != OK)
		buf_str(why, buf_view(&unread));
	buf_release(&unread);
	if (err == OK && register_all(all) != SQLITE_OK) {
		buf_printf(why, "functions: %s", sqlite3_errmsg(db));
		err = ERR_NOMEM;
	}
	if (err == OK && all->count > 0)
		err = prepare_all(all);
	if (err != OK) {
		defined_close(all);
		return err;
	}
	*out = all;
	return tell_first(all, why);
}

void
defined_close(struct defined *all)
{
	for (size_t i = 0; all != NULL && i < all->count; i++) {
		struct function *f = &all->list[i];

		sqlite3_finalize(f->stmt);
		if (f->about.fault != untold)
			sqlite3_free((void *)(uintptr_t)f->about.fault);
		sql_file_close(&f->text);
	}
	if (all == NULL)
		return;
	scripts_release(&all->files);
	free(all->list);
	free(all);
}

const struct defined_function *
defined_at(const struct defined *all, size_t i)
{
	return all == NULL || i >= all->count ? NULL : &all->list[i].about;
}
