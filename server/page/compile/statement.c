/* SPDX-License-Identifier: ISC */
/*
 * SQL in pages. Values are bound and never written into the text. A finding has
 * the line of the directive at which the statement begins.
 */
#include "page/compile/statement.h"

#include "store/sql_file.h"

enum { MESSAGE_MAX_BYTES = 512 };

/* Each place with the same statement gets its own advice. */
static void
advise(const struct statement_place *place, const struct prepared *prepared)
{
	for (const struct advice *a = prepared->advice; a != NULL; a = a->next)
		findings_advise(place->findings, FINDING_SLOW, place->file,
		    place->line, "%.*s", STR_ARG(a->text));
}

static enum err
find_names(const struct statement_place *place, struct statement *statement)
{
	enum err err = OK;

	statement->bind_count = sqlite3_bind_parameter_count(statement->stmt);
	statement->bind_slots = arena_array(
	    place->arena, (size_t)statement->bind_count + 1, sizeof(int));
	if (statement->bind_slots == NULL)
		return ERR_NOMEM;
	for (int i = 0; i < statement->bind_count; i++) {
		const char *name =
		    sqlite3_bind_parameter_name(statement->stmt, i + 1);
		if (name == NULL || name[0] != ':') {
			findings_add(place->findings, place->file, place->line,
			    "a value is written :name in SQL");
			err = ERR_INPUT;
			continue;
		}
		statement->bind_slots[i] =
		    scope_slot(place->scope, str_from(name + 1));
		if (statement->bind_slots[i] >= 0)
			continue;
		findings_add(place->findings, place->file, place->line,
		    "nothing provides `%s`%s", name,
		    scope_hint(place->scope, str_from(name + 1), ":", ""));
		err = ERR_INPUT;
	}
	return err;
}

/* Pages may not touch transactions, settings or the schema. The first word of a
 * statement says what the statement does. */
static bool
is_allowed(struct str sql, bool script)
{
	static const char *const words[] = {"SELECT", "VALUES", "WITH",
	    "INSERT", "REPLACE", "UPDATE", "DELETE", "CREATE INDEX",
	    "DROP INDEX"};
	enum { WORDS = sizeof(words) / sizeof(*words), INDEX_WORDS = 2 };
	struct str remark;

	sql = sql_skip_blank(sql, &remark);
	for (size_t i = 0; i < (script ? WORDS : WORDS - INDEX_WORDS); i++) {
		struct str word = str_from(words[i]);
		if (str_equal_nocase(str_slice(sql, 0, word.len), word))
			return true;
	}
	return false;
}

static const char *
complaint(const struct statement_place *place, enum statement_kind kind,
    sqlite3_stmt *stmt, struct str sql, struct str tail)
{
	struct str remark;

	if (stmt == NULL)
		return "the directive has no SQL";
	if (sql_skip_blank(tail, &remark).len > 0)
		return "more than one statement";
	if (!is_allowed(sql, place->script))
		return place->script
		    ? "a script's SQL is SELECT, VALUES, WITH, INSERT, "
		      "REPLACE, UPDATE, DELETE, CREATE INDEX or DROP INDEX"
		    : "a page's SQL is SELECT, VALUES, WITH, INSERT, REPLACE, "
		      "UPDATE or DELETE";
	if (kind != STATEMENT_WRITES && !sqlite3_stmt_readonly(stmt))
		return "a statement that writes; only % do may";
	if (kind == STATEMENT_WRITES && sqlite3_stmt_readonly(stmt))
		return "% do with a statement that only reads; use % one";
	return NULL;
}

/* Statistics are kept per file and line at which a statement begins. */
static struct statement_stats *
stats_of(const struct statement_place *place)
{
	struct str name = arena_printf(
	    place->arena, "%.*s:%u", STR_ARG(place->file), place->line);

	return name.data == NULL ? NULL : stats_statement(name);
}

static int
prepare_text(
    sqlite3 *db, struct str text, sqlite3_stmt **out, const char **tail)
{
	return sqlite3_prepare_v3(
	    db, text.data, (int)text.len, SQLITE_PREPARE_PERSISTENT, out, tail);
}

/*
 * A statement that writes to a table is compiled with the table's triggers, and
 * with theirs: most of a script's compilation, while a run needs few of its
 * statements. So a script's statement is prepared with triggers off. As they
 * are turned on again, SQLite marks the statement, and prepares it with them at
 * its first step. The triggers are checked when the schema is made. A view
 * takes no rows without its triggers: such a statement is prepared at once.
 */
static int
prepare_without_triggers(
    sqlite3 *db, struct str text, sqlite3_stmt **out, const char **tail)
{
	int on = SQLITE_OK;
	int code =
	    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);

	if (code == SQLITE_OK)
		code = prepare_text(db, text, out, tail);
	on = sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
	if (code == SQLITE_OK && on != SQLITE_OK) {
		sqlite3_finalize(*out);
		*out = NULL;
	}
	return code == SQLITE_OK ? on : code;
}

/* Find the prepared statement of a text, or prepare it. ERR_INPUT: there is a
 * finding. */
static enum err
prepare(const struct statement_place *place, sqlite3 *db,
    enum statement_kind kind, struct str text, struct prepared **out)
{
	sqlite3_stmt *stmt = NULL;
	const char *tail = NULL, *wrong;

	*out = prepared_find(place->prepared, db, (int)kind, text);
	if (*out != NULL)
		return OK;
	if (!(place->script && kind == STATEMENT_WRITES &&
		prepare_without_triggers(db, text, &stmt, &tail) ==
		    SQLITE_OK) &&
	    prepare_text(db, text, &stmt, &tail) != SQLITE_OK) {
		struct buf message;

		buf_init(&message, MESSAGE_MAX_BYTES);
		sql_add_message(&message, db);
		findings_add(place->findings, place->file, place->line,
		    "SQL: %.*s", STR_ARG(buf_view(&message)));
		buf_release(&message);
		return ERR_INPUT;
	}
	wrong = complaint(place, kind, stmt, text, str_from(tail));
	if (wrong != NULL) {
		findings_add(
		    place->findings, place->file, place->line, "%s", wrong);
		sqlite3_finalize(stmt);
		return ERR_INPUT;
	}
	*out = prepared_add(
	    place->prepared, place->arena, db, (int)kind, text, stmt);
	if (*out == NULL) {
		sqlite3_finalize(stmt);
		return ERR_NOMEM;
	}
	if (!place->checked)
		(*out)->advice = advice_find(place->arena, db, text);
	return OK;
}

enum err
statement_compile(const struct statement_place *place, sqlite3 *db,
    enum statement_kind kind, struct str sql, struct statement *out)
{
	struct statement statement = {0};
	struct str text = kind == STATEMENT_CONDITION
	    ? arena_printf(place->arena,
		  "SELECT CASE WHEN (%.*s\n) THEN 1 ELSE 0 END", STR_ARG(sql))
	    : arena_str(place->arena, sql);
	enum err err;

	if (text.data == NULL)
		return ERR_NOMEM;
	err = prepare(place, db, kind, text, &statement.prepared);
	if (err == OK && place->unlocked != NULL)
		err = prepare(
		    place, place->unlocked, kind, text, &statement.unlocked);
	if (err != OK)
		return err;
	advise(place, statement.prepared);
	statement.stmt = statement.prepared->stmt;
	statement.column_count = sqlite3_column_count(statement.stmt);
	statement.stats = place->script ? NULL : stats_of(place);
	err = find_names(place, &statement);
	*out = statement;
	return err;
}

int
statement_bind(const struct statement *statement, const struct value *slots)
{
	for (int i = 0; i < statement->bind_count; i++) {
		int code = value_bind(
		    statement->stmt, i + 1, &slots[statement->bind_slots[i]]);
		if (code != SQLITE_OK)
			return code;
	}
	return SQLITE_OK;
}

enum err
statement_row(
    const struct statement *statement, struct arena *arena, struct value *slots)
{
	for (int i = 0; i < statement->column_count; i++) {
		enum err err = value_column(arena, statement->stmt, i,
		    &slots[statement->first_slot + i]);
		if (err != OK)
			return err;
	}
	return OK;
}
