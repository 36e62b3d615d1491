/* SPDX-License-Identifier: ISC */
/*
 * Checks the views and triggers that the rules of a capsule have made. SQLite
 * compiles a view or a trigger only when a statement uses it, and says of a
 * mistake then neither in which view or trigger it is, nor where. So the text
 * of each is compiled alone to find the line.
 */
#include "base/file_path.h"
#include "store/internal.h"
#include "store/schema.h"
#include "store/sql_file.h"

/* A view or trigger; a row of `uses`, valid until the next step. */
struct rule {
	const char *type, *name, *table, *sql;
	const char *file; /* "views/NAME.sql" */
	size_t line;      /* of the name, in the file */
	const char *use;  /* a statement that uses it */
};

/* This query makes a statement for each view, or each trigger (?1). The words
 * before a trigger's ON tell the kind of statement that it is for.
 * sqlite_schema holds the text as it stands in the file, from the name on. */
static const char uses[] =
    "WITH made (file, type, name, tbl_name, sql, before, head)"
    " AS MATERIALIZED (SELECT d.file, s.type, s.name, s.tbl_name, s.sql,"
    " substr(d.text, 1, instr(d.text,"
    " substr(s.sql, length('CREATE ' || s.type || ' ') + 1))),"
    " upper(replace(replace(s.sql, char(10), ' '), char(9), ' '))"
    " FROM guiju_derived d, json_each(d.made) m"
    " JOIN sqlite_schema s ON s.name = m.value WHERE s.type = ?1)"
    "SELECT type, name, tbl_name, sql, file,"
    " 1 + length(before) - length(replace(before, char(10), '')), CASE"
    " WHEN type = 'view' THEN format('SELECT * FROM \"%w\"', name)"
    " WHEN instr(substr(head, 1, instr(head, ' ON ')), ' DELETE ') > 0"
    " THEN format('DELETE FROM \"%w\"', tbl_name)"
    " WHEN instr(substr(head, 1, instr(head, ' ON ')), ' INSERT ') > 0"
    " THEN format('INSERT INTO \"%w\" DEFAULT VALUES', tbl_name)"
    " ELSE format('UPDATE \"%w\" SET ', tbl_name) || (SELECT"
    " group_concat(format('\"%w\" = \"%w\"', name, name), ', ')"
    " FROM pragma_table_xinfo(tbl_name) WHERE hidden = 0) END"
    " FROM made";

static const char other_views[] =
    "SELECT name, format('SELECT * FROM \"%w\"', name) FROM sqlite_schema"
    " WHERE type = 'view' AND name <> ?1";

static struct rule
read_rule(sqlite3_stmt *row)
{
	return (struct rule){.type = (const char *)sqlite3_column_text(row, 0),
	    .name = (const char *)sqlite3_column_text(row, 1),
	    .table = (const char *)sqlite3_column_text(row, 2),
	    .sql = (const char *)sqlite3_column_text(row, 3),
	    .file = (const char *)sqlite3_column_text(row, 4),
	    .line = (size_t)sqlite3_column_int64(row, 5),
	    .use = (const char *)sqlite3_column_text(row, 6)};
}

static int
try_compile(sqlite3 *db, const char *sql, const char **tail)
{
	sqlite3_stmt *compiled = NULL;
	int code = sqlite3_prepare_v2(db, sql, -1, &compiled, tail);

	sqlite3_finalize(compiled);
	return code;
}

/* ---- a text that compiles alone --------------------------------------- */

/* Blanks instead of what stands there. Lines stay. */
static void
blank(char *text, const char *from, const char *to)
{
	for (char *at = text + (from - text); at < to; at++)
		if (*at != '\n')
			*at = ' ';
}

static bool
is_word(struct str token, struct str word)
{
	return str_equal_nocase(token, word);
}

/* Leave only the SELECT of a view. */
static void
uncover_view(char *text)
{
	struct str rest = str_from(text), token;

	do
		token = sql_next_token(&rest);
	while (token.len > 0 && !is_word(token, STR("AS")));
	blank(text, text, rest.data);
}

/* Leave only the statements of a trigger; its WHEN becomes a SELECT. Gives
 * where they begin. */
static struct str
uncover_statements(char *text)
{
	static const char select[] = {'S', 'E', 'L', 'E', 'C', 'T'};
	struct str rest = str_from(text), token;
	const char *when = NULL;

	do {
		token = sql_next_token(&rest);
		if (when == NULL && is_word(token, STR("WHEN")))
			when = rest.data;
	} while (token.len > 0 && !is_word(token, STR("BEGIN")));
	blank(text, text, when == NULL ? rest.data : when);
	if (when == NULL)
		return rest;
	memcpy(text, select, sizeof(select)); /* for CREATE */
	blank(text, token.data, rest.data);
	text[token.data - text] = ';';
	return str_from(text);
}

/* Is this column, as it is written in a trigger, one of the table? */
static bool
has_column(sqlite3 *db, const char *table, struct str column)
{
	char *sql = sqlite3_mprintf("SELECT new.%.*s FROM \"%w\" AS new",
	    (int)column.len, column.data, table);
	int code = sql == NULL ? SQLITE_OK : try_compile(db, sql, NULL);

	sqlite3_free(sql);
	return code == SQLITE_OK;
}

/* RAISE(ABORT, 'text') becomes ('text'), and RAISE(IGNORE) becomes (1). rest:
 * what follows RAISE. */
static void
uncover_raise(char *text, struct str raise, struct str rest)
{
	struct str how, comma;

	(void)sql_next_token(&rest); /* the bracket */
	how = sql_next_token(&rest);
	comma = sql_next_token(&rest);
	blank(text, raise.data, raise.data + raise.len);
	blank(text, how.data, how.data + how.len);
	if (str_equal(comma, STR(",")))
		blank(text, comma.data, comma.data + comma.len);
	else if (how.len > 0)
		text[how.data - text] = '1';
}

/* Make a text that compiles outside of the trigger: NEW.x and OLD.x become
 * values. Gives the first column that the table lacks, or NULL. */
static const char *
uncover_trigger(sqlite3 *db, const struct rule *rule, char *text)
{
	struct str rest = uncover_statements(text), token, last = rest;
	const char *lacking = NULL;

	while ((token = sql_next_token(&rest)).len > 0) {
		struct str next = rest, dot = sql_next_token(&next), column;

		last = token;
		if (is_word(token, STR("RAISE")))
			uncover_raise(text, token, rest);
		if ((!is_word(token, STR("NEW")) &&
			!is_word(token, STR("OLD"))) ||
		    !str_equal(dot, STR(".")))
			continue;
		column = sql_next_token(&next);
		if (lacking == NULL && !has_column(db, rule->table, column))
			lacking = column.data;
		blank(text, token.data, next.data);
		text[token.data - text] = '?';
		rest = next;
	}
	blank(text, last.data, last.data + last.len); /* END */
	return lacking;
}

/* ---- the line of a mistake -------------------------------------------- */

/*
 * Is the first statement of sql right? Triggers are off, as their mistakes are
 * not the statement's. A view takes no rows without its triggers, so they are
 * on for such a statement; what is wrong then is not known to be its own.
 * *line: of the mistake, from 0. *tail: what follows the statement, or NULL.
 */
static bool
is_right(sqlite3 *db, struct str sql, const char **tail, size_t *line)
{
	bool right, into_view;

	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	right = try_compile(db, sql.data, tail) == SQLITE_OK;
	into_view = !right &&
	    strstr(sqlite3_errmsg(db), "because it is a view") != NULL;
	*line = right ? 0 : sql_error_line(db, sql);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
	if (into_view && try_compile(db, sql.data, tail) != SQLITE_OK)
		*tail = NULL;
	return right || into_view;
}

/* The line of the first statement that is not right, from 0; SIZE_MAX: all
 * are. */
static size_t
wrong_line(sqlite3 *db, const char *text)
{
	struct str rest = str_from(text), remark;
	const char *tail = "";
	size_t line;

	while (tail != NULL && (rest = sql_skip_blank(rest, &remark)).len > 0) {
		if (!is_right(db, rest, &tail, &line))
			return sql_count_lines(text, rest.data) + line;
		if (tail != NULL)
			rest = str_slice(
			    rest, (size_t)(tail - rest.data), rest.len);
	}
	return SIZE_MAX;
}

/* Is this name a token of the text, quoted or not? */
static bool
mentions(const char *sql, const char *name)
{
	struct str rest = str_from(sql), token;

	while ((token = sql_next_token(&rest)).len > 0) {
		if (strchr("\"`[", token.data[0]) != NULL && token.len > 2)
			token = str_slice(token, 1, token.len - 1);
		if (str_equal_nocase(token, str_from(name)))
			return true;
	}
	return false;
}

/* Does each other view that a view mentions compile? */
static bool
mentions_right_views(sqlite3 *db, const struct rule *view)
{
	sqlite3_stmt *other = NULL;
	bool right = true;
	int code = sqlite3_prepare_v2(db, other_views, -1, &other, NULL);

	if (code == SQLITE_OK)
		code =
		    sqlite3_bind_text(other, 1, view->name, -1, SQLITE_STATIC);
	while (
	    right && code == SQLITE_OK && sqlite3_step(other) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(other, 0);
		const char *use = (const char *)sqlite3_column_text(other, 1);

		right = !mentions(view->sql, name) ||
		    try_compile(db, use, NULL) == SQLITE_OK;
	}
	sqlite3_finalize(other);
	return right;
}

/* Find the line of a mistake in the rule's own text, from 0. false: there is
 * none. */
static bool
find_mistake(sqlite3 *db, const struct rule *rule, size_t *line)
{
	const bool is_view = strcmp(rule->type, "view") == 0;
	char *text = sqlite3_mprintf("%s", rule->sql);
	const char *lacking = NULL;

	if (text == NULL)
		return false;
	if (is_view)
		uncover_view(text);
	else
		lacking = uncover_trigger(db, rule, text);
	*line = wrong_line(db, text);
	if (lacking != NULL && sql_count_lines(text, lacking) < *line)
		*line = sql_count_lines(text, lacking);
	sqlite3_free(text);
	return *line != SIZE_MAX &&
	    (!is_view || mentions_right_views(db, rule));
}

/* Blame the rule in which the mistake is, for which `use` does not compile. */
static enum err
blame_rule(sqlite3 *db, const struct rule *used, struct buf *why)
{
	const char *file = used->file;
	size_t line = used->line, below;
	sqlite3_stmt *row = NULL;
	int code;

	if (find_mistake(db, used, &below))
		line += below;
	else if (sqlite3_prepare_v2(db, uses, -1, &row, NULL) == SQLITE_OK)
		sqlite3_bind_text(row, 1, used->type, -1, SQLITE_STATIC);
	while (row != NULL && sqlite3_step(row) == SQLITE_ROW) {
		const struct rule rule = read_rule(row);

		if (!find_mistake(db, &rule, &below))
			continue;
		file = rule.file;
		line = rule.line + below;
		break;
	}
	/* The message of the use, again. */
	code = try_compile(db, used->use, NULL);
	buf_text(why, CAPSULE_SCHEMA "/");
	(void)sql_blame(db, file, line, code, why);
	sqlite3_finalize(row);
	return ERR_INPUT;
}

/* ---- compiling -------------------------------------------------------- */

static void
fail(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count, (void)values;
	sqlite3_result_error(context, "no function of pages runs here", -1);
}

/* A stand-in for a function of the capsule, so that views that call it compile.
 * The real function is registered where pages run. NULL takes it away. */
static int
name_functions(sqlite3 *db, const struct scripts *functions,
    void (*function)(sqlite3_context *, int, sqlite3_value **))
{
	int code = SQLITE_OK;

	for (size_t i = 0; code == SQLITE_OK && i < functions->count; i++) {
		struct str name =
		    str_from(strrchr(functions->path[i], '/') + 1);
		char *text = sqlite3_mprintf(
		    "%.*s", (int)(name.len - STR(".sql").len), name.data);

		code = text == NULL ? SQLITE_NOMEM
				    : sqlite3_create_function_v2(db, text, -1,
					  SQLITE_UTF8 | SQLITE_INNOCUOUS, NULL,
					  function, NULL, NULL, NULL);
		sqlite3_free(text);
	}
	return code;
}

/* Compile what the rules have made of one type. */
static enum err
compile_all(sqlite3 *db, const char *type, struct buf *why)
{
	sqlite3_stmt *row = NULL;
	enum err err = OK;
	int code = sqlite3_prepare_v2(db, uses, -1, &row, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_bind_text(row, 1, type, -1, SQLITE_STATIC);
	while (code == SQLITE_OK && err == OK &&
	    (code = sqlite3_step(row)) == SQLITE_ROW) {
		const struct rule rule = read_rule(row);

		code = try_compile(db, rule.use, NULL);
		if (code == SQLITE_ERROR)
			err = blame_rule(db, &rule, why);
	}
	if (err == OK && code != SQLITE_DONE)
		err = sql_blame(db, "schema", 0, code, why);
	sqlite3_finalize(row);
	return err;
}

/* Views may call functions of the capsule, and triggers may not. */
enum err
rules_compile(const struct schema *schema, sqlite3 *db, struct buf *why)
{
	enum err err;
	int code = name_functions(db, &schema->functions, fail);

	err = code == SQLITE_OK ? compile_all(db, "view", why)
				: sql_blame(db, "schema", 0, code, why);
	code = name_functions(db, &schema->functions, NULL);
	if (err == OK && code != SQLITE_OK)
		err = sql_blame(db, "schema", 0, code, why);
	return err == OK ? compile_all(db, "trigger", why) : err;
}
