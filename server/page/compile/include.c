/* SPDX-License-Identifier: ISC */
/*
 * % include: the partial's lines replace the directive. At its top a partial
 * says which names it takes from the page (% needs) and which names the page
 * then has from the partial (% gives). Both are checked at each % include. No
 * other name passes in or out.
 */
#include "page/compile/internal.h"

/* A partial that every page of its folder, and of the folders below, includes
 * before its first line. */
#define GUARD "_guard.gmi"

enum {
	PATH_MAX_BYTES = 4096,
	GIVEN_MAX = 64 /* names that one partial gives */
};

/* A partial that is being included. */
struct partial {
	struct source source;
	size_t top; /* the number of lines with % needs and % gives */
	size_t from,
	    needed; /* first own name in the scope; how many are needed */
	struct str given[GIVEN_MAX];
	int slots[GIVEN_MAX];
	size_t count;
};

/* Find a partial in this folder, or in the nearest folder above that has it.
 * ERR_MISSING: no folder has it. */
static enum err
find_partial(struct compiler *c, struct str name, struct source *out)
{
	const struct compile_options *options = c->options;
	struct str folder = c->source.file;
	enum err err = ERR_MISSING;
	struct buf file;

	buf_init(&file, PATH_MAX_BYTES);
	while (err == ERR_MISSING) {
		while (folder.len > 0 && folder.data[folder.len - 1] != '/')
			folder.len--;
		if (folder.len == 0)
			break;
		buf_clear(&file);
		buf_str(&file, folder);
		buf_str(&file, name);
		err = file.err != OK
		    ? file.err
		    : source_partial(options->partials, options->arena,
			  options->capsule, buf_view(&file), options->findings,
			  out);
		folder.len--;
	}
	buf_release(&file);
	return err;
}

static bool
includes_itself(const struct compiler *c, struct str file)
{
	for (size_t i = 0; i < c->depth; i++)
		if (str_equal(c->including[i], file))
			return true;
	return false;
}

static bool
is_interface(const struct source_line *line)
{
	return line->directive &&
	    (str_equal(line->word, STR("needs")) ||
		str_equal(line->word, STR("gives")));
}

/* The next name of a list `:a :b`, without the colon. */
static bool
next_name(struct compiler *c, const struct partial *partial,
    const struct source_line *line, struct str *rest, struct str *name)
{
	while (str_next_part(rest, ' ', name)) {
		*name = str_trim(*name);
		if (name->len == 0)
			continue;
		if (name->len > 1 && name->data[0] == ':') {
			*name = str_slice(*name, 1, name->len);
			return true;
		}
		findings_add(c->options->findings, partial->source.file,
		    line->line, "a name is written `:%.*s`", STR_ARG(*name));
	}
	return false;
}

/* The slot of a name that is needed. A partial takes the name from the page; a
 * script takes the name from the tool. */
static int
find_needed(struct compiler *c, struct str name)
{
	const struct compile_script *script = c->options->script;
	int slot;

	if (c->depth > 0 || script == NULL)
		return scope_slot(&c->scope, name);
	slot = script->need(script->context, name, c->page->slot_count);
	if (slot == c->page->slot_count)
		c->page->slot_count++;
	return slot;
}

/* Add the names that the partial needs to its scope. A missing name is a
 * finding at the % include. */
static void
take_needs(struct compiler *c, struct partial *partial)
{
	struct str name;

	partial->from = c->scope.count;
	for (size_t i = 0; i < partial->top; i++) {
		const struct source_line *line = &partial->source.lines[i];
		struct str rest = compile_one_line(c, line->text);

		while (str_equal(line->word, STR("needs")) &&
		    next_name(c, partial, line, &rest, &name)) {
			int slot = find_needed(c, name);
			if (slot < 0)
				FINDING(c,
				    "%.*s needs `:%.*s`, which nothing "
				    "provides%s",
				    STR_ARG(partial->source.file),
				    STR_ARG(name),
				    scope_hint(&c->scope, name, ":", ""));
			compile_name(c, name, slot < 0 ? 0 : slot);
		}
	}
	partial->needed = c->scope.count - partial->from;
}

/* The slot of a name that the partial itself has set. -1: none. */
static int
find_set(
    const struct compiler *c, const struct partial *partial, struct str name)
{
	for (size_t i = c->scope.count; i-- > partial->from + partial->needed;)
		if (str_equal(c->scope.names[i], name))
			return c->scope.slots[i];
	return -1;
}

static void
take_gives(struct compiler *c, struct partial *partial)
{
	struct findings *findings = c->options->findings;
	struct str file = partial->source.file, name;

	for (size_t i = 0; i < partial->top; i++) {
		const struct source_line *line = &partial->source.lines[i];
		struct str rest = compile_one_line(c, line->text);

		while (str_equal(line->word, STR("gives")) &&
		    next_name(c, partial, line, &rest, &name)) {
			int slot = find_set(c, partial, name);
			if (slot < 0)
				findings_add(findings, file, line->line,
				    "gives `:%.*s`, which nothing sets before "
				    "its end",
				    STR_ARG(name));
			if (partial->count == GIVEN_MAX) {
				findings_add(findings, file, line->line,
				    "gives more than %d names", GIVEN_MAX);
				return;
			}
			partial->given[partial->count] = name;
			partial->slots[partial->count++] = slot < 0 ? 0 : slot;
		}
	}
}

static void
check_needs_are_used(struct compiler *c, const struct partial *partial)
{
	for (size_t i = 0; i < partial->needed; i++)
		if (!c->scope.used[partial->from + i])
			findings_add(c->options->findings, partial->source.file,
			    partial->source.lines[0].line,
			    "needs `:%.*s`, but does not use it",
			    STR_ARG(c->scope.names[partial->from + i]));
}

static void
compile_partial(struct compiler *c, struct partial *partial, struct node ***end)
{
	const struct source outer = c->source;
	const size_t outer_at = c->at, outer_from = c->scope.from;
	const struct source_line *outer_line = c->line;

	while (partial->top < partial->source.count &&
	    is_interface(&partial->source.lines[partial->top]))
		partial->top++;
	take_needs(c, partial);
	compile_note_upload(c);
	c->source = partial->source;
	c->at = partial->top;
	c->scope.from = partial->from;
	c->including[c->depth++] = c->source.file;
	compile_closes_nothing(c, compile_block(c, end), c->source.file);
	c->depth--;
	check_needs_are_used(c, partial);
	take_gives(c, partial);
	c->source = outer;
	c->at = outer_at;
	c->line = outer_line;
	c->scope.from = outer_from;
	c->scope.count = partial->from;
	for (size_t i = 0; i < partial->count; i++)
		compile_name(c, partial->given[i], partial->slots[i]);
}

void
compile_script(struct compiler *c, struct node ***end)
{
	const struct compile_script *script = c->options->script;
	struct partial whole = {.source = c->source};

	compile_partial(c, &whole, end);
	for (size_t i = 0; i < whole.count; i++)
		script->give(script->context, whole.given[i], whole.slots[i]);
}

/* The guard of one folder: "pages/a/", if it has one. */
static void
compile_guard(struct compiler *c, struct str folder, struct node ***end)
{
	const struct compile_options *options = c->options;
	struct partial partial = {.count = 0};
	struct buf file;
	enum err err;

	buf_init(&file, PATH_MAX_BYTES);
	buf_str(&file, folder);
	buf_text(&file, GUARD);
	err = file.err != OK ? file.err
			     : source_partial(options->partials, options->arena,
				   options->capsule, buf_view(&file),
				   options->findings, &partial.source);
	buf_release(&file);
	if (err == OK)
		compile_partial(c, &partial, end);
	else if (err != ERR_MISSING && err != ERR_INPUT)
		c->fatal = err;
}

void
compile_guards(struct compiler *c, struct node ***end)
{
	const struct str file = c->page->file;

	for (size_t i = 0; i < file.len; i++)
		if (file.data[i] == '/')
			compile_guard(c, str_slice(file, 0, i + 1), end);
}

void
compile_include(struct compiler *c, struct node ***end)
{
	struct str name = c->line->text;
	struct partial partial = {.count = 0};
	enum err err;

	if (str_equal(name, STR(GUARD))) {
		FINDING(c,
		    GUARD " runs by itself, before each page of its folder "
			  "and of the folders below");
		return;
	}

	if (name.len == 0 || name.data[0] != '_' ||
	    str_find_byte(name, '/') != SIZE_MAX) {
		FINDING(c,
		    "%% include takes the name of a partial: "
		    "_file.gmi");
		return;
	}
	if (c->depth == INCLUDE_DEPTH_MAX) {
		FINDING(c, "includes more than %d deep", INCLUDE_DEPTH_MAX);
		return;
	}
	err = find_partial(c, name, &partial.source);
	if (err == ERR_MISSING)
		FINDING(c, "no %.*s in this folder or above", STR_ARG(name));
	else if (err == OK && includes_itself(c, partial.source.file))
		FINDING(
		    c, "%.*s includes itself", STR_ARG(partial.source.file));
	else if (err == OK)
		compile_partial(c, &partial, end);
	else if (err != ERR_INPUT)
		c->fatal = err;
}
