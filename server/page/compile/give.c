/* SPDX-License-Identifier: ISC */
/*
 * % file: the page is a file. The file is the value of a name, or it lies in a
 * column of a table and is read piece by piece; then the row is found by a
 * statement that is made here.
 */
#include "page/compile/internal.h"

#include "text/media_type.h"

static struct str
take_word(struct str *rest)
{
	struct str word = str_slice(*rest, 0, str_find_byte(*rest, ' '));

	*rest = str_trim(str_slice(*rest, word.len, rest->len));
	return word;
}

/* May the word stand in SQL between double quotes? */
static bool
is_sql_name(struct str s)
{
	return s.len > 0 && str_find_byte(s, '"') == SIZE_MAX &&
	    str_find_byte(s, '\0') == SIZE_MAX;
}

/* Is it what sqlite3_blob_open() takes no rows of: a view, a virtual table, a
 * table without rowid? */
static bool
lacks_rowid(sqlite3 *db, struct str table)
{
	sqlite3_stmt *statement = NULL;
	bool lacks = false;

	if (sqlite3_prepare_v2(db,
		"SELECT 1 FROM pragma_table_list WHERE schema = 'main'"
		" AND (type <> 'table' OR wr <> 0)"
		" AND name = ?1 COLLATE NOCASE",
		-1, &statement, NULL) == SQLITE_OK) {
		sqlite3_bind_text(
		    statement, 1, table.data, (int)table.len, SQLITE_STATIC);
		lacks = sqlite3_step(statement) == SQLITE_ROW;
	}
	sqlite3_finalize(statement);
	return lacks;
}

/* The name of a value; its colon may be left out. */
static int
name_of(struct compiler *c, struct str word)
{
	const struct str name =
	    str_starts(word, STR(":")) ? str_slice(word, 1, word.len) : word;
	const int slot = scope_slot(&c->scope, name);

	if (slot < 0)
		FINDING(c, "nothing provides `%.*s`%s", STR_ARG(name),
		    scope_hint(&c->scope, name, "", ""));
	return slot;
}

/* place: TABLE.COLUMN, with its dot at `dot`. row: the name of the row's id. */
static void
compile_place(struct compiler *c, struct node *node, struct str place,
    size_t dot, struct str row)
{
	struct arena *arena = c->options->arena;
	const struct str table = str_slice(place, 0, dot);
	const struct str column = str_slice(place, dot + 1, place.len);
	const struct str id =
	    str_starts(row, STR(":")) ? str_slice(row, 1, row.len) : row;
	struct str sql;

	if (row.len == 0 || !is_sql_name(table) || !is_sql_name(column)) {
		FINDING(c,
		    "%% file TABLE.COLUMN ID: ID is a name that holds the "
		    "row's id");
		return;
	}
	node->table = arena_str(arena, table);
	node->column = arena_str(arena, column);
	node->slot = name_of(c, row);
	sql = arena_printf(arena,
	    "SELECT typeof(\"%.*s\") FROM \"%.*s\" WHERE rowid = :%.*s",
	    STR_ARG(column), STR_ARG(table), STR_ARG(id));
	if (node->table.data == NULL || node->column.data == NULL ||
	    sql.data == NULL)
		c->fatal = ERR_NOMEM;
	if (c->fatal != OK || node->slot < 0)
		return;
	if (lacks_rowid(c->options->reader, table))
		FINDING(c,
		    "a file lies in a table whose rows have a rowid; `%.*s` is "
		    "not one",
		    STR_ARG(table));
	else
		compile_statement(c, STATEMENT_READS, sql, node);
}

static void
check_type(struct compiler *c, struct str type)
{
	struct str charset;

	if (type.len > 0 && c->page->typed)
		FINDING(c, "the page has a %% type already");
	else if (type.len > 0 && str_find_byte(type, '{') == SIZE_MAX &&
	    !media_type_read(type, &charset))
		FINDING(c,
		    "behind the file stands its MIME type, for example "
		    "`image/png` or `{mime}`");
}

void
compile_file(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_FILE, end);
	struct str rest = compile_one_line(c, c->line->text), word;
	size_t dot;

	if (node == NULL)
		return;
	c->page->gives_file = true;
	word = take_word(&rest);
	dot = str_find_byte(word, '.');
	if (word.len == 0)
		FINDING(c,
		    "%% file NAME, or %% file TABLE.COLUMN ID; a MIME type may "
		    "follow");
	else if (dot != SIZE_MAX)
		compile_place(c, node, word, dot, take_word(&rest));
	else
		node->slot = name_of(c, word);
	check_type(c, rest);
	node->pieces = compile_text(c, rest);
}
