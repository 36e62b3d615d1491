/* SPDX-License-Identifier: ISC */
/*
 * Runs the scripts of imports. The page compiler makes nodes of a script; this
 * file walks the nodes.
 *
 * As in a page, % one, % each, % do and % if run SQL, and a column is a name up
 * to the end of its block. A script differs from a page so:
 *
 *	- The tool provides names; % needs and % gives, at the top, say which
 *	  other names come in and go out.
 *	- % fail ends the script, with one of the tool's words.
 *	- A line of text is a message to the operator; blank lines are ignored.
 *	- % table and % record, where the tool has them, print rows.
 *	- All of the script runs in one transaction. No statement may begin or
 *	  end a transaction.
 */
#include "tools/import/script/steps.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "page/compile/compile.h"
#include "page/compile/condition.h"
#include "page/compile/statement.h"
#include "page/compile/template.h"
#include "store/sql_file.h"
#include "store/store.h"

enum {
	SCRIPT_BYTES_MAX = 4 * 1024 * 1024, /* compiled */
	RUN_BYTES_MAX = 64 * 1024 * 1024,   /* of values in one run */
	LINE_BYTES_MAX = 1024 * 1024
};

struct steps {
	sqlite3 *db;         /* kept */
	struct names *names; /* kept */
	const struct steps_form *form;
	struct str capsule;
	struct arena *arena, *values; /* the script's; those of a run */
	struct prepared_set prepared;
	struct page page;
	struct buf line;
	enum err give_err;
	struct given {
		struct given *next;
		struct str name;
		int slot;
	} * given;
};

/* ---- compiling ---------------------------------------------------------- */

static int
need(void *context, struct str name, int next)
{
	struct steps *steps = context;

	return names_need(steps->names, name, next);
}

static void
give(void *context, struct str name, int slot)
{
	struct steps *steps = context;
	struct given *given = arena_alloc(steps->arena, sizeof(*given));
	enum err err =
	    given == NULL ? ERR_NOMEM : names_give(steps->names, name, slot);

	if (err != OK) {
		steps->give_err = err;
		return;
	}
	*given = (struct given){steps->given, name, slot};
	steps->given = given;
}

/* Split "capsule/import/x.sql" into "capsule" and "import/x.sql". */
static struct str
split_path(struct steps *steps, const char *path)
{
	struct str file = arena_str(steps->arena, str_from(path));
	size_t cut = file.len;

	for (int i = 0; i < 2 && cut > 0; i++)
		for (cut--; cut > 0 && file.data[cut] != '/';)
			cut--;
	if (cut == 0 && !str_starts(file, STR("/"))) {
		steps->capsule = STR(".");
		return file;
	}
	steps->capsule = arena_str(steps->arena, str_slice(file, 0, cut));
	return str_slice(file, cut + 1, file.len);
}

static enum err
compile(struct steps *steps, const char *path, struct buf *why)
{
	struct findings findings;
	struct compile_script script = {.slot_count = names_slots(steps->names),
	    .fails = steps->form->fails,
	    .fail_count = steps->form->count,
	    .rows = steps->form->rows,
	    .first_line = steps->form->first_line,
	    .last_line = steps->form->last_line,
	    .need = need,
	    .give = give,
	    .context = steps};
	struct compile_options options = {.arena = steps->arena,
	    .reader = steps->db,
	    .writer = steps->db,
	    .prepared = &steps->prepared,
	    .findings = &findings,
	    .script = &script,
	    .checked = true};
	enum err err;

	script.names = names_provided(steps->names, &script.name_count);
	steps->page = (struct page){.file = split_path(steps, path),
	    .format = FORMAT_TEXT,
	    .sealed = true};
	options.capsule = steps->capsule.data;
	if (steps->page.file.data == NULL || options.capsule == NULL)
		return ERR_NOMEM;
	findings_init(&findings);
	err = page_compile(&options, &steps->page);
	if (err == OK && steps->page.findings > 0)
		err = ERR_INPUT;
	if (err == OK)
		err = steps->give_err;
	if (err == OK)
		err = names_reserve(steps->names, steps->page.slot_count);
	if (err == ERR_INPUT && findings.first != NULL) {
		const struct finding *first = findings.first;
		struct str file = arena_printf(
		    steps->arena, "%s/%s", steps->capsule.data, first->file);
		(void)sql_complain(file.data == NULL ? path : file.data,
		    first->line, first->message, err, why);
	}
	findings_free(findings.first);
	return err;
}

enum err
steps_open(sqlite3 *db, struct names *names, const char *path,
    const struct steps_form *form, struct steps **out, struct buf *why)
{
	struct steps *steps = calloc(1, sizeof(*steps));
	enum err err = steps == NULL ? ERR_NOMEM : OK;

	if (err == OK) {
		steps->db = db;
		steps->names = names;
		steps->form = form;
		steps->arena = arena_new(SCRIPT_BYTES_MAX);
		steps->values = arena_new(RUN_BYTES_MAX);
		buf_init(&steps->line, LINE_BYTES_MAX);
		if (steps->arena == NULL || steps->values == NULL)
			err = ERR_NOMEM;
	}
	if (err == OK && access(path, R_OK) != 0)
		err = sql_complain(path, 0, strerror(errno),
		    errno == ENOENT ? ERR_MISSING : ERR_IO, why);
	if (err == OK)
		err = compile(steps, path, why);
	if (err == OK) {
		*out = steps;
		return OK;
	}
	if (why->len == 0)
		(void)sql_complain(path, 0,
		    err == ERR_NOMEM       ? "out of memory"
			: err == ERR_LIMIT ? "too many names"
					   : "cannot be read",
		    err, why);
	steps_close(steps);
	return err == ERR_LIMIT ? ERR_INPUT : err;
}

void
steps_close(struct steps *steps)
{
	if (steps == NULL)
		return;
	prepared_release(&steps->prepared);
	arena_free(steps->arena);
	arena_free(steps->values);
	buf_release(&steps->line);
	free(steps);
}

bool
steps_writes(const struct steps *steps)
{
	return steps->page.writes;
}

bool
steps_is_empty(const struct steps *steps)
{
	for (const struct node *n = steps->page.first; n != NULL; n = n->next)
		if (n->type != NODE_RAW || n->pieces != NULL)
			return false;
	return true;
}

const struct value *
steps_given(const struct steps *steps, const char *name)
{
	for (const struct given *g = steps->given; g != NULL; g = g->next)
		if (str_equal(g->name, str_from(name)))
			return &names_values(steps->names)[g->slot];
	return NULL;
}

/* ---- running ------------------------------------------------------------ */

struct walk {
	struct steps *steps;
	struct steps_run *run;
	struct value *slots;
	struct buf *why;
	enum err err;
};

static bool walk_nodes(struct walk *walk, const struct node *node);

/* Report that a statement failed, and return false. what: the reason, if the
 * code of SQLite does not say it. */
static bool
blame(struct walk *walk, const struct node *node, int code, const char *what)
{
	struct steps *steps = walk->steps;
	struct str file = arena_printf(steps->values, "%.*s/%.*s",
	    STR_ARG(steps->capsule), STR_ARG(node->file));
	const char *path = file.data == NULL ? "" : file.data;

	if (what != NULL)
		(void)sql_complain(path, node->line, what, OK, walk->why);
	else
		(void)sql_blame(steps->db, path, node->line, code, walk->why);
	walk->err = store_err(code) == OK ? ERR_INPUT : store_err(code);
	sqlite3_reset(node->statement.stmt);
	return false;
}

/* Bind, and take the first step. Returns SQLITE_ROW or SQLITE_DONE; any other
 * code has been reported. */
static int
start(struct walk *walk, const struct node *node)
{
	int code = statement_bind(&node->statement, walk->slots);

	if (code == SQLITE_OK)
		code = sqlite3_step(node->statement.stmt);
	if (code == SQLITE_ROW || code == SQLITE_DONE)
		return code;
	blame(walk, node, code, NULL);
	return SQLITE_ERROR;
}

static bool
take_row(struct walk *walk, const struct node *node)
{
	return statement_row(
		   &node->statement, walk->steps->values, walk->slots) == OK ||
	    blame(walk, node, SQLITE_NOMEM, "out of memory");
}

static void
forget_row(struct walk *walk, const struct statement *statement)
{
	for (int i = 0; i < statement->column_count; i++)
		walk->slots[statement->first_slot + i] =
		    (struct value){.type = VALUE_NULL};
}

static bool
walk_one(struct walk *walk, const struct node *node)
{
	int code = start(walk, node);

	if (code == SQLITE_ERROR ||
	    (code == SQLITE_ROW && !take_row(walk, node)))
		return false;
	if (code == SQLITE_DONE && !node->optional)
		return blame(walk, node, code, "% one has no row");
	sqlite3_reset(node->statement.stmt);
	if (code == SQLITE_ROW)
		return true;
	forget_row(walk, &node->statement);
	return walk_nodes(walk, node->otherwise);
}

/* Run a % do to its end. Its names come from the first row of RETURNING. */
static bool
walk_do(struct walk *walk, const struct node *node)
{
	int code = start(walk, node);

	if (code == SQLITE_DONE)
		forget_row(walk, &node->statement);
	else if (code == SQLITE_ERROR || !take_row(walk, node))
		return false;
	while (code == SQLITE_ROW)
		code = sqlite3_step(node->statement.stmt);
	if (code != SQLITE_DONE)
		return blame(walk, node, code, NULL);
	sqlite3_reset(node->statement.stmt);
	return true;
}

static bool
walk_each(struct walk *walk, const struct node *node)
{
	int code = start(walk, node);

	if (code == SQLITE_DONE) {
		sqlite3_reset(node->statement.stmt);
		return walk_nodes(walk, node->otherwise);
	}
	while (code == SQLITE_ROW) {
		if (!take_row(walk, node))
			return false;
		if (!walk_nodes(walk, node->body)) {
			sqlite3_reset(node->statement.stmt);
			return false;
		}
		code = sqlite3_step(node->statement.stmt);
	}
	if (code == SQLITE_ERROR && walk->err != OK)
		return false;
	if (code != SQLITE_DONE)
		return blame(walk, node, code, NULL);
	sqlite3_reset(node->statement.stmt);
	return true;
}

static bool
walk_if(struct walk *walk, const struct node *node)
{
	enum verdict verdict = node->condition == NULL
	    ? VERDICT_ASK
	    : condition_decide(node->condition, walk->slots);

	if (verdict == VERDICT_ASK) {
		if (start(walk, node) != SQLITE_ROW)
			return false;
		verdict = sqlite3_column_int(node->statement.stmt, 0) != 0
		    ? VERDICT_YES
		    : VERDICT_NO;
		sqlite3_reset(node->statement.stmt);
	}
	return walk_nodes(
	    walk, verdict == VERDICT_YES ? node->body : node->otherwise);
}

/* Hand the rows of a % table or % record over. */
static bool
walk_rows(struct walk *walk, const struct node *node)
{
	int code = statement_bind(&node->statement, walk->slots);

	if (code == SQLITE_OK)
		code = walk->run->rows(
		    walk->run, node->statement.stmt, node->record);
	if (code != SQLITE_DONE)
		return blame(walk, node, code,
		    code == SQLITE_TOOBIG ? "prints too much" : NULL);
	sqlite3_reset(node->statement.stmt);
	return true;
}

/* Run a line of text, or % fail. */
static bool
walk_text(struct walk *walk, const struct node *node)
{
	struct buf *line = &walk->steps->line;

	if (node->type == NODE_RAW && node->pieces == NULL)
		return true;
	buf_clear(line);
	template_fill(line, node->pieces, walk->slots, FILL_LINE);
	if (line->err != OK)
		return blame(walk, node, SQLITE_NOMEM, "out of memory");
	if (node->type == NODE_RAW) {
		walk->run->say(walk->run, buf_view(line));
		return true;
	}
	walk->run->failed = true;
	walk->run->fail(walk->run, (size_t)node->slot, buf_view(line));
	return false;
}

static bool
walk_nodes(struct walk *walk, const struct node *node)
{
	bool on = true;

	for (; on && node != NULL; node = node->next) {
		if (node->type == NODE_ONE)
			on = walk_one(walk, node);
		else if (node->type == NODE_EACH)
			on = walk_each(walk, node);
		else if (node->type == NODE_IF)
			on = walk_if(walk, node);
		else if (node->type == NODE_DO)
			on = walk_do(walk, node);
		else if (node->type == NODE_ROWS)
			on = walk_rows(walk, node);
		else
			on = walk_text(walk, node);
	}
	return on;
}

enum err
steps_run(struct steps *steps, struct steps_run *run, struct buf *why)
{
	struct walk walk = {.steps = steps,
	    .run = run,
	    .slots = names_values(steps->names),
	    .why = why};

	run->failed = false;
	for (const struct given *g = steps->given; g != NULL; g = g->next)
		walk.slots[g->slot] = (struct value){.type = VALUE_NULL};
	arena_clear(steps->values);
	(void)walk_nodes(&walk, steps->page.first);
	return walk.err;
}
