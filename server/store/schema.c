/* SPDX-License-Identifier: ISC */
#include "store/schema.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/file_path.h"
#include "base/utf8.h"
#include "store/accounts/accounts.h"
#include "store/connect.h"
#include "store/internal.h"
#include "store/sql_file.h"
#include "store/store.h"

enum {
	SQL_MAX_BYTES = 64 * 1024,
	RULES_MAX_BYTES = 1024 * 1024 /* one file of a folder */
};

static const char *const folder_names[SCHEMA_FOLDERS] = {
    "derived", "views", "triggers"};
#define FUNCTIONS_FOLDER "../functions"
/* The name in guiju_derived of the engine's own rules. */
#define ACCOUNTS_RULE "accounts"

/* ---- listing ------------------------------------------------------- */

/* Read three digits. Gives the text after them, or NULL. */
static const char *
read_number(const char *text, int64_t *out)
{
	*out = 0;
	for (const char *end = text + 3; text < end; text++) {
		if (*text < '0' || *text > '9')
			return NULL;
		*out = *out * 10 + (*text - '0');
	}
	return text;
}

/* Read the numbers at the beginning of a step's name, NNN_ or NNN-MMM_. *last
 * is *first if there is one number. false: there is none. */
static bool
read_numbers(const char *path, int64_t *first, int64_t *last)
{
	const char *rest = read_number(strrchr(path, '/') + 1, first);

	*last = *first;
	if (rest != NULL && *rest == '-')
		rest = read_number(rest + 1, last);
	return rest != NULL && *rest == '_' && *first <= *last;
}

/* Check the numbers: each step begins where the step before it has ended. Files
 * of the same range are one step. */
static enum err
check_numbers(struct schema *schema, struct buf *why)
{
	int64_t first = 0, last = 0, first_before = 0;

	for (size_t i = 0; i < schema->steps.count; i++) {
		const char *path = schema->steps.path[i];
		bool named = read_numbers(path, &first, &last);

		if (named && first < last && first == first_before &&
		    last == schema->version)
			continue;
		if (!named || first != schema->version + 1) {
			utf8_add_line(why, str_from(path));
			buf_printf(why,
			    ": scripts are named 001_name.sql, 002_name.sql "
			    "and so on; here %03" PRId64 "_ is missing",
			    schema->version + 1);
			return ERR_INPUT;
		}
		first_before = first;
		schema->version = last;
	}
	return OK;
}

/* List a folder below dir; the folder may be missing. */
static enum err
list_folder(
    const char *dir, const char *name, struct scripts *out, struct buf *why)
{
	char path[PATH_MAX_BYTES];
	int n = snprintf(path, sizeof(path), "%s/%s", dir, name);

	if (n < 0 || (size_t)n >= sizeof(path))
		return sql_complain(
		    dir, 0, "the name is too long", ERR_LIMIT, why);
	return access(path, F_OK) == 0 ? scripts_list(path, out, why) : OK;
}

enum err
schema_list(const char *dir, struct schema *out, struct buf *why)
{
	enum err err;

	*out = (struct schema){.version = 0};
	err = scripts_list(dir, &out->steps, why);
	if (err == OK)
		err = check_numbers(out, why);
	for (size_t i = 0; err == OK && i < SCHEMA_FOLDERS; i++)
		err = list_folder(dir, folder_names[i], &out->rules[i], why);
	if (err == OK)
		err = list_folder(dir, FUNCTIONS_FOLDER, &out->functions, why);
	if (err != OK)
		schema_release(out);
	return err;
}

void
schema_release(struct schema *schema)
{
	scripts_release(&schema->steps);
	for (size_t i = 0; i < SCHEMA_FOLDERS; i++)
		scripts_release(&schema->rules[i]);
	scripts_release(&schema->functions);
}

int64_t
schema_step_version(const struct schema *schema, size_t step, bool *ends)
{
	int64_t first = 0, last = 0, next = 0, ignored = 0;

	(void)read_numbers(schema->steps.path[step], &first, &last);
	if (step + 1 < schema->steps.count)
		(void)read_numbers(
		    schema->steps.path[step + 1], &next, &ignored);
	*ends = next != first;
	return last;
}

enum err
schema_next_step(const struct schema *schema, const char *database,
    int64_t version, size_t *out, struct buf *why)
{
	int64_t first = 0, last = 0;
	size_t i = 0;

	while (i < schema->steps.count) {
		(void)read_numbers(schema->steps.path[i], &first, &last);
		if (first > version)
			break;
		if (last > version) {
			utf8_add_line(why, str_from(database));
			buf_printf(why,
			    ": is at schema %" PRId64 ", from which there is "
			    "no way on: the capsule's %s is for a new "
			    "database, or for one at %" PRId64 " or later; "
			    "bring it there with an older capsule first",
			    version, strrchr(schema->steps.path[i], '/') + 1,
			    last);
			return ERR_INPUT;
		}
		i++;
	}
	*out = i;
	if (version >= 0 && version <= schema->version)
		return OK;
	utf8_add_line(why, str_from(database));
	buf_printf(why,
	    ": is at schema %" PRId64 ", the capsule knows only %" PRId64
	    "; it was made by a newer capsule",
	    version, schema->version);
	return ERR_INPUT;
}

/* ---- looking ------------------------------------------------------- */

/* A rule's name in guiju_derived: "views/NAME.sql". */
static const char *
rule_name(const char *path)
{
	const char *name = strrchr(path, '/');

	while (name > path && name[-1] != '/')
		name--;
	return name;
}

static const char has_rule[] =
    "SELECT 1 FROM guiju_derived WHERE file = ?1 AND text = ?2";

/* Ask whether guiju_derived has a rule of this name with this text. Gives
 * SQLITE_*. */
static int
find_rule(sqlite3_stmt *given, const char *name, struct str text, bool *same)
{
	int code;

	sqlite3_bind_text(given, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_text(given, 2, text.data, (int)text.len, SQLITE_STATIC);
	code = sqlite3_step(given);
	*same = code == SQLITE_ROW;
	sqlite3_reset(given);
	return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

/* Does the database have this text of a rule? */
static enum err
look_at_rule(sqlite3_stmt *given, const char *path, bool *same, struct buf *why)
{
	sqlite3 *db = sqlite3_db_handle(given);
	struct sql_file file;
	enum err err = sql_file_open(&file, db, path, RULES_MAX_BYTES, why);
	int code;

	if (err != OK)
		return err == ERR_MISSING ? ERR_IO : err;
	code = find_rule(given, rule_name(path), file.rest, same);
	if (code != SQLITE_OK)
		err = sql_blame(db, path, 0, code, why);
	sql_file_close(&file);
	return err;
}

/* Does the database have the engine's rules of accounts, or lack them where
 * accounts are off? */
static enum err
look_at_accounts(const char *database, sqlite3 *db, bool *same, struct buf *why)
{
	sqlite3_stmt *given = NULL;
	int64_t count = 0;
	int code = connect_int(db,
	    "SELECT count(*) FROM guiju_derived"
	    " WHERE file = '" ACCOUNTS_RULE "'",
	    &count);

	*same = !accounts_are_on() && count == 0;
	if (code == SQLITE_OK && accounts_are_on())
		code = sqlite3_prepare_v2(db, has_rule, -1, &given, NULL);
	if (code == SQLITE_OK && given != NULL)
		code = find_rule(given, ACCOUNTS_RULE, accounts_rules(), same);
	if (code != SQLITE_OK)
		connect_why(why, database, "does not read", db);
	sqlite3_finalize(given);
	return connect_err(code);
}

/* Does the database have exactly the rules of one folder? */
static enum err
look_at_folder(const struct scripts *rules, const char *folder,
    const char *database, sqlite3 *db, bool *same, struct buf *why)
{
	sqlite3_stmt *given = NULL;
	char sql[128];
	int64_t count = 0;
	enum err err = OK;
	int code;

	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM guiju_derived WHERE file GLOB '%s/*'",
	    folder);
	code = connect_int(db, sql, &count);
	*same = count == (int64_t)rules->count;
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(db, has_rule, -1, &given, NULL);
	if (code != SQLITE_OK) {
		connect_why(why, database, "does not read", db);
		return connect_err(code);
	}
	for (size_t i = 0; err == OK && *same && i < rules->count; i++)
		err = look_at_rule(given, rules->path[i], same, why);
	sqlite3_finalize(given);
	return err;
}

enum err
schema_look(const struct schema *schema, const char *database, sqlite3 *db,
    enum schema_rules *out, struct buf *why)
{
	bool same[SCHEMA_FOLDERS] = {false}, accounts = !accounts_are_on();
	int64_t there = 0;
	enum err err = OK;
	int code = connect_int(db,
	    "SELECT count(*) FROM sqlite_schema WHERE name = 'guiju_derived'",
	    &there);

	if (code != SQLITE_OK) {
		connect_why(why, database, "does not read", db);
		return connect_err(code);
	}
	for (size_t i = 0; err == OK && i < SCHEMA_FOLDERS; i++)
		if (there > 0)
			err = look_at_folder(&schema->rules[i], folder_names[i],
			    database, db, &same[i], why);
		else
			same[i] = schema->rules[i].count == 0;
	if (err == OK && there > 0)
		err = look_at_accounts(database, db, &accounts, why);
	*out = SCHEMA_RULES_NAMES;
	if (!same[SCHEMA_DERIVED])
		*out = SCHEMA_RULES_ALL;
	else if (same[SCHEMA_VIEWS] && same[SCHEMA_TRIGGERS] && accounts)
		*out = SCHEMA_RULES_CURRENT;
	return err;
}

/* ---- dropping and making ------------------------------------------- */

static enum err
blame(sqlite3 *db, int code, struct buf *why)
{
	return code == SQLITE_OK || code == SQLITE_DONE
	    ? OK
	    : sql_blame(db, "schema", 0, code, why);
}

int
schema_add_drop(struct buf *sql, const char *type, const char *name)
{
	char *drop =
	    sqlite3_mprintf("DROP %s IF EXISTS main.\"%w\";", type, name);

	if (drop == NULL)
		return SQLITE_NOMEM;
	buf_text(sql, drop);
	sqlite3_free(drop);
	return SQLITE_OK;
}

enum err
schema_drop(sqlite3 *db, enum schema_rules which, struct buf *why)
{
	sqlite3_stmt *made = NULL;
	struct buf sql;
	enum err err;
	/* An object is dropped before the objects that it depends on. */
	int code = sqlite3_prepare_v2(db,
	    "SELECT s.type, s.name FROM guiju_derived d, json_each(d.made) m"
	    " JOIN sqlite_schema s ON s.name = m.value"
	    " WHERE (?1 OR d.file NOT GLOB 'derived/*')"
	    /* An index that is kept may have a trigger's name. */
	    " AND (s.type = 'trigger' OR d.file GLOB 'derived/*' OR NOT EXISTS"
	    " (SELECT 1 FROM sqlite_schema WHERE type = 'trigger'"
	    " AND name = m.value))"
	    " ORDER BY s.type <> 'trigger', s.type <> 'view',"
	    " s.type <> 'table', s.rowid DESC",
	    -1, &made, NULL);

	buf_init(&sql, SQL_MAX_BYTES);
	sqlite3_bind_int(made, 1, which == SCHEMA_RULES_ALL);
	while (code == SQLITE_OK && (code = sqlite3_step(made)) == SQLITE_ROW)
		code = schema_add_drop(&sql,
		    (const char *)sqlite3_column_text(made, 0),
		    (const char *)sqlite3_column_text(made, 1));
	sqlite3_finalize(made);
	buf_char(&sql, '\0');
	if (code == SQLITE_DONE)
		code = sql.err == OK
		    ? sqlite3_exec(db, sql.data, NULL, NULL, NULL)
		    : SQLITE_NOMEM;
	if (code == SQLITE_OK)
		code = sqlite3_exec(db,
		    which == SCHEMA_RULES_ALL
			? "DELETE FROM guiju_derived"
			: "DELETE FROM guiju_derived"
			  " WHERE file NOT GLOB 'derived/*'",
		    NULL, NULL, NULL);
	err = blame(db, code, why);
	buf_release(&sql);
	return err;
}

/* Store the text of a rule, and the names of what it has made: all entries of
 * sqlite_schema after `before`. The shadow tables of a virtual table are left
 * out, because they are dropped with it. pragma_table_list knows them, but
 * resolves each view of the database: it is asked where a virtual table, which
 * has no root page, was made. */
static enum err
note_text(sqlite3 *db, const char *name, struct str text, int64_t before,
    struct buf *why)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(db,
	    "INSERT INTO guiju_derived (file, text, made)"
	    " SELECT ?1, ?2, json_group_array(name) FROM sqlite_schema"
	    " WHERE rowid > ?3 AND sql IS NOT NULL AND (NOT EXISTS"
	    " (SELECT 1 FROM sqlite_schema WHERE rowid > ?3"
	    " AND type = 'table' AND rootpage = 0) OR name NOT IN"
	    " (SELECT name FROM pragma_table_list"
	    " WHERE schema = 'main' AND type = 'shadow'))",
	    -1, &statement, NULL);
	if (code == SQLITE_OK) {
		sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
		sqlite3_bind_text(
		    statement, 2, text.data, (int)text.len, SQLITE_STATIC);
		sqlite3_bind_int64(statement, 3, before);
		code = sqlite3_step(statement);
	}
	sqlite3_finalize(statement);
	return blame(db, code, why);
}

/* The same for a rule of the capsule. */
static enum err
note_rule(sqlite3 *db, const char *path, int64_t before, struct buf *why)
{
	struct sql_file file;
	enum err err = sql_file_open(&file, db, path, RULES_MAX_BYTES, why);

	if (err != OK)
		return err == ERR_MISSING ? ERR_IO : err;
	err = note_text(db, rule_name(path), file.rest, before, why);
	sql_file_close(&file);
	return err;
}

/* The last entry of sqlite_schema: what is made later stands behind it. */
static enum err
find_last(sqlite3 *db, int64_t *out, struct buf *why)
{
	*out = 0;
	return blame(db,
	    connect_int(
		db, "SELECT coalesce(max(rowid), 0) FROM sqlite_schema", out),
	    why);
}

static enum err
make_folder(sqlite3 *db, const struct scripts *rules, struct buf *why)
{
	enum err err = OK;

	for (size_t i = 0; err == OK && i < rules->count; i++) {
		int64_t before;

		err = find_last(db, &before, why);
		if (err == OK)
			err = script_run(db, rules->path[i], why);
		if (err == OK)
			err = note_rule(db, rules->path[i], before, why);
	}
	return err;
}

/* Make the engine's views and triggers of accounts. */
static enum err
make_accounts(sqlite3 *db, struct buf *why)
{
	const struct str rules = accounts_rules();
	int64_t before;
	enum err err;

	if (!accounts_are_on())
		return OK;
	err = find_last(db, &before, why);
	if (err == OK)
		err = blame(
		    db, sqlite3_exec(db, rules.data, NULL, NULL, NULL), why);
	if (err == OK)
		err = note_text(db, ACCOUNTS_RULE, rules, before, why);
	return err;
}

enum err
schema_make(const struct schema *schema, sqlite3 *db, enum schema_rules which,
    struct buf *why)
{
	enum err err = make_accounts(db, why);

	for (size_t i = 0; err == OK && i < SCHEMA_FOLDERS; i++)
		if (i != SCHEMA_DERIVED || which == SCHEMA_RULES_ALL)
			err = make_folder(db, &schema->rules[i], why);
	return err;
}
