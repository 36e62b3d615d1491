/* SPDX-License-Identifier: ISC */
/* Checks the views and triggers that the rules of a capsule have made. */
#include "base/file_path.h"
#include "store/internal.h"
#include "store/schema.h"
#include "store/sql_file.h"

/* SQLite compiles a view or a trigger only when a statement uses it. This query
 * makes one such statement for each. The words before a trigger's ON tell the
 * kind of statement that it is for. */
static const char uses[] =
    "WITH made (file, type, name, tbl_name, head) AS MATERIALIZED ("
    " SELECT d.file, s.type, s.name, s.tbl_name,"
    " upper(replace(replace(s.sql, char(10), ' '), char(9), ' '))"
    " FROM guiju_derived d, json_each(d.made) m"
    " JOIN sqlite_schema s ON s.name = m.value)"
    "SELECT type, file, format('SELECT * FROM \"%w\"', name) FROM made"
    " WHERE type = 'view' UNION ALL "
    "SELECT type, file, CASE"
    " WHEN instr(substr(head, 1, instr(head, ' ON ')), ' DELETE ') > 0"
    " THEN format('DELETE FROM \"%w\"', tbl_name)"
    " WHEN instr(substr(head, 1, instr(head, ' ON ')), ' INSERT ') > 0"
    " THEN format('INSERT INTO \"%w\" DEFAULT VALUES', tbl_name)"
    " ELSE format('UPDATE \"%w\" SET ', tbl_name) || (SELECT"
    " group_concat(format('\"%w\" = \"%w\"', name, name), ', ')"
    " FROM pragma_table_xinfo(tbl_name) WHERE hidden = 0) END"
    " FROM made WHERE type = 'trigger' ORDER BY 1";

static void
fail(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count, (void)values;
	sqlite3_result_error(context, "no function of pages runs here", -1);
}

/* A stand-in for a function of the capsule, so that views that call it compile.
 * The real function is registered where pages run. */
static int
name_functions(sqlite3 *db, const struct scripts *functions)
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
					  fail, NULL, NULL, NULL);
		sqlite3_free(text);
	}
	return code;
}

enum err
rules_compile(const struct schema *schema, sqlite3 *db, struct buf *why)
{
	sqlite3_stmt *use = NULL, *compiled = NULL;
	bool named = false;
	enum err err = OK;
	int code = sqlite3_prepare_v2(db, uses, -1, &use, NULL);

	while (code == SQLITE_OK && err == OK &&
	    (code = sqlite3_step(use)) == SQLITE_ROW) {
		code = SQLITE_OK;
		if (!named && *sqlite3_column_text(use, 0) == 'v') {
			code = name_functions(db, &schema->functions);
			named = true;
		}
		if (code == SQLITE_OK)
			code = sqlite3_prepare_v2(db,
			    (const char *)sqlite3_column_text(use, 2), -1,
			    &compiled, NULL);
		sqlite3_finalize(compiled);
		compiled = NULL;
		if (code == SQLITE_OK)
			continue;
		buf_text(why, CAPSULE_SCHEMA "/");
		err = sql_blame(db, (const char *)sqlite3_column_text(use, 1),
		    0, code, why);
	}
	sqlite3_finalize(use);
	if (err == OK && code != SQLITE_DONE)
		err = sql_blame(db, "schema", 0, code, why);
	return err;
}
