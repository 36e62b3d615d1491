/* SPDX-License-Identifier: ISC */
/*
 * The page compiler's directives: one function and one row of a table each.
 * The reference for authors is README.md.
 */
#include "page/compile/internal.h"

#include "page/compile/condition.h"
#include "page/compile/statement.h"
#include "text/media_type.h"

enum { PATH_MAX_BYTES = 4096 };

static bool
compile_statement(
    struct compiler *c, enum statement_kind kind, struct node *node)
{
	const struct statement_place place = {c->options->arena,
	    c->options->findings, c->source.file, c->line->line, &c->scope,
	    c->options->prepared, c->options->checked};
	struct page *page = c->page;
	sqlite3 *db =
	    PAGE_USES_WRITER(page) ? c->options->writer : c->options->reader;
	enum err err = statement_compile(
	    &place, db, kind, c->line->text, &node->statement);

	if (err == ERR_NOMEM)
		c->fatal = err;
	node->statement.first_slot = page->slot_count;
	page->slot_count += node->statement.column_count;
	return err == OK;
}

/* Is column i the second of its name? */
static bool
is_named_before(const struct statement *statement, int i)
{
	const char *name = sqlite3_column_name(statement->stmt, i);
	int same = 0;

	for (int j = 0; j < i; j++)
		same +=
		    strcmp(sqlite3_column_name(statement->stmt, j), name) == 0;
	return same == 1;
}

/* From here to the end of the block, the columns are names. */
static void
add_columns(struct compiler *c, const struct statement *statement)
{
	for (int i = 0; i < statement->column_count; i++) {
		const char *name = sqlite3_column_name(statement->stmt, i);
		struct str copy = arena_str(c->options->arena, str_from(name));
		if (copy.data == NULL)
			c->fatal = ERR_NOMEM;
		else
			compile_name(c, copy, statement->first_slot + i);
		if (is_named_before(statement, i))
			complain(c, "two columns are named `%s`", name);
	}
}

static void
directive_one(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_ONE, end);

	if (node == NULL)
		return;
	compile_statement(c, STATEMENT_READS, node);
	add_columns(c, &node->statement);
}

static void
set_walked(struct node *node, bool walked)
{
	if (node->type == NODE_EACH && node->statement.prepared != NULL)
		node->statement.prepared->walked = walked;
}

/* A block's body, its middle word (% none, % else) and the other body. */
static void
compile_branches(struct compiler *c, struct node *node, enum block_end middle)
{
	const struct source_line *opened = c->line;
	size_t names = c->scope.count;
	struct node **end = &node->body;
	enum block_end ended;

	if (c->blocks == BLOCK_DEPTH_MAX) {
		complain(c, "blocks more than %d deep", BLOCK_DEPTH_MAX);
		c->at = c->source.count;
		return;
	}
	c->blocks++;
	if (node->type == NODE_EACH)
		add_columns(c, &node->statement);
	set_walked(node, true);
	ended = compile_block(c, &end);
	set_walked(node, false);
	c->scope.count = names;
	if (ended == middle) {
		end = &node->otherwise;
		ended = compile_block(c, &end);
		c->scope.count = names;
	}
	c->blocks--;
	if (ended == END_END)
		return;
	if (ended == END_NONE || ended == END_ELSE)
		complain(c,
		    ended == END_NONE ? "%% none belongs to %% each, once"
				      : "%% else belongs to %% if, once");
	c->line = opened;
	complain(c, "%% %.*s without its %% end", STR_ARG(opened->word));
}

static void
directive_each(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_EACH, end);

	if (node == NULL)
		return;
	compile_statement(c, STATEMENT_READS, node);
	compile_branches(c, node, END_NONE);
}

static void
directive_if(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_IF, end);

	if (node == NULL)
		return;
	compile_statement(c, STATEMENT_CONDITION, node);
	node->condition =
	    condition_read(c->options->arena, &c->scope, c->line->text);
	compile_branches(c, node, END_ELSE);
}

static void
directive_do(struct compiler *c, struct node ***end)
{
	struct node *node;

	if (!PAGE_USES_WRITER(c->page)) {
		complain(c, "a page that writes is named [" SEAL_NAME "].gmi");
		return;
	}
	node = compile_node(c, NODE_DO, end);
	if (node == NULL)
		return;
	c->page->writes = true;
	compile_statement(c, STATEMENT_WRITES, node);
	add_columns(c, &node->statement);
}

static void
directive_ask(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_ASK, end);

	if (node == NULL)
		return;
	c->page->asks = true;
	node->secret = str_equal(c->line->word, STR("ask-secret"));
	if (c->line->text.len == 0)
		complain(c, "a prompt must say what is asked");
	node->pieces = compile_text(c, c->line->text);
}

static void
directive_cert(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_CERT, end);

	if (node == NULL)
		return;
	c->page->needs_cert = true;
	if (c->line->text.len == 0)
		complain(c, "say which identity the reader is to choose");
	node->pieces = compile_text(c, c->line->text);
}

static void
directive_upload(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_UPLOAD, end);
	struct str rest = c->line->text, size;
	int64_t limit = 0;

	if (node == NULL)
		return;
	c->page->uploads = true;
	size = str_slice(rest, 0, str_find_byte(rest, ' '));
	node->mimes = str_trim(str_slice(rest, size.len, rest.len));
	if (str_to_int(size, 1, INT32_MAX, &limit) != OK ||
	    str_find_byte(node->mimes, '/') == SIZE_MAX)
		complain(c,
		    "%% upload MAX-BYTES TYPE...; for example "
		    "`%% upload 65536 text/gemini text/plain`");
	node->limit = (size_t)limit;
}

static void
directive_edit(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_EDIT, end);
	const char *near;

	if (node == NULL)
		return;
	node->slot = scope_slot(&c->scope, c->line->text);
	if (node->slot >= 0)
		return;
	near = scope_nearest(&c->scope, c->line->text);
	complain(c,
	    near == NULL ? "nothing provides `%.*s`"
			 : "nothing provides `%.*s`; did you mean `%s`?",
	    STR_ARG(c->line->text), near);
}

static void
directive_go(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_GO, end);

	if (node == NULL)
		return;
	node->permanent = str_equal(c->line->word, STR("moved"));
	if (c->line->text.len == 0)
		complain(c, "%% %.*s needs a path", STR_ARG(c->line->word));
	node->address = compile_address(c, c->line->text, false);
}

static void
directive_fail(struct compiler *c, struct node ***end)
{
	static const struct {
		const char *name;
		enum refusal kind;
	} kinds[] = {{"missing", REFUSAL_MISSING}, {"gone", REFUSAL_GONE},
	    {"bad", REFUSAL_BAD}, {"forbidden", REFUSAL_FORBIDDEN},
	    {"busy", REFUSAL_BUSY}, {"broken", REFUSAL_BROKEN},
	    {"ask", REFUSAL_BAD}};
	enum { KINDS = sizeof(kinds) / sizeof(*kinds) };
	struct node *node = compile_node(c, NODE_FAIL, end);
	struct str text = c->line->text, kind;
	const char *names[KINDS], *near;
	size_t i;

	if (node == NULL)
		return;
	kind = str_slice(text, 0, str_find_byte(text, ' '));
	for (i = 0; i < KINDS; i++) {
		names[i] = kinds[i].name;
		if (str_equal(kind, str_from(names[i])))
			break;
	}
	if (i == KINDS) {
		near = str_nearest(kind, names, KINDS);
		complain(c,
		    near == NULL
			? "%% fail KIND TEXT: KIND is missing, gone, bad, "
			  "forbidden, busy, broken or ask, not `%.*s`"
			: "no failure `%.*s`; did you mean `%s`?",
		    STR_ARG(kind), near);
		return;
	}
	node->refusal = kinds[i].kind;
	node->again = str_equal(kind, STR("ask"));
	if (node->again && !c->page->asks)
		complain(c, "%% fail ask stands behind an %% ask");
	text = str_trim(str_slice(text, kind.len, text.len));
	if (text.len == 0)
		complain(c, "say to the reader why");
	node->pieces = compile_text(c, text);
}

/* A partial, in this folder or the nearest above it. ERR_MISSING: nowhere. */
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

static void
directive_include(struct compiler *c, struct node ***end)
{
	struct str name = c->line->text;
	struct source outer = c->source, inner = {0};
	size_t outer_at = c->at;
	const struct source_line *outer_line = c->line;
	enum err err;

	if (name.len == 0 || name.data[0] != '_' ||
	    str_find_byte(name, '/') != SIZE_MAX) {
		complain(c,
		    "%% include takes the name of a partial: "
		    "_file.gmi");
		return;
	}
	if (c->depth == INCLUDE_DEPTH_MAX) {
		complain(c, "includes more than %d deep", INCLUDE_DEPTH_MAX);
		return;
	}
	err = find_partial(c, name, &inner);
	if (err == ERR_MISSING) {
		complain(c, "no %.*s in this folder or above", STR_ARG(name));
		return;
	}
	if (err == OK && includes_itself(c, inner.file)) {
		complain(c, "%.*s includes itself", STR_ARG(inner.file));
		return;
	}
	if (err == OK) {
		c->source = inner;
		c->at = 0;
		c->including[c->depth++] = inner.file;
		compile_closes_nothing(c, compile_block(c, end), inner.file);
		c->depth--;
	} else if (err != ERR_INPUT) {
		c->fatal = err;
	}
	c->source = outer;
	c->at = outer_at;
	c->line = outer_line;
}

static void
directive_document(struct compiler *c, struct node ***end)
{
	(void)end;
	if (c->line->text.len > 0)
		complain(c, "%% document takes no argument");
	c->page->document = true;
}

static void
directive_type(struct compiler *c, struct node ***end)
{
	struct str charset;

	(void)end;
	if (c->page->typed)
		complain(c, "the type was told already");
	else if (str_find_byte(c->line->text, '{') != SIZE_MAX)
		complain(c, "%% type has no holes: a page has one type");
	else if (!media_type_read(c->line->text, &charset))
		complain(c,
		    "%% type takes a MIME type, for example "
		    "`%% type text/plain`");
	else if (charset.len > 0 && !str_equal_nocase(charset, STR("utf-8")))
		complain(c, "what a page says is UTF-8, and so must its type");
	c->page->mime = c->line->text;
	c->page->typed = true;
}

static const struct {
	const char *word;
	void (*compile)(struct compiler *c, struct node ***end);
	enum block_end ends; /* the words that end a block have no function */
} directives[] = {{"one", directive_one, END_OF_FILE},
    {"each", directive_each, END_OF_FILE}, {"none", NULL, END_NONE},
    {"end", NULL, END_END}, {"if", directive_if, END_OF_FILE},
    {"else", NULL, END_ELSE}, {"do", directive_do, END_OF_FILE},
    {"ask", directive_ask, END_OF_FILE},
    {"ask-secret", directive_ask, END_OF_FILE},
    {"upload", directive_upload, END_OF_FILE},
    {"cert", directive_cert, END_OF_FILE},
    {"edit", directive_edit, END_OF_FILE}, {"go", directive_go, END_OF_FILE},
    {"moved", directive_go, END_OF_FILE}, {"fail", directive_fail, END_OF_FILE},
    {"include", directive_include, END_OF_FILE},
    {"document", directive_document, END_OF_FILE},
    {"type", directive_type, END_OF_FILE}};
enum { DIRECTIVES = sizeof(directives) / sizeof(*directives) };

/* Words of other languages, which no nearest name leads away from. */
static const char *
hint_for(struct str word)
{
	static const struct {
		const char *word, *hint;
	} hints[] = {{"endeach", "% end ends a block"},
	    {"endif", "% end ends a block"}, {"endfor", "% end ends a block"},
	    {"fi", "% end ends a block"}, {"done", "% end ends a block"},
	    {"set", "% one SELECT ... AS name gives a name"},
	    {"let", "% one SELECT ... AS name gives a name"},
	    {"select", "% one, % each and % do run a statement"},
	    {"for", "% each SELECT ... repeats its lines"},
	    {"foreach", "% each SELECT ... repeats its lines"},
	    {"while", "% each SELECT ... repeats its lines"},
	    {"elif", "% else, and in it another % if"},
	    {"elseif", "% else, and in it another % if"},
	    {"elsif", "% else, and in it another % if"},
	    {"redirect", "% go leads to another page"},
	    {"input", "% ask asks the reader"}};

	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++)
		if (str_equal_nocase(word, str_from(hints[i].word)))
			return hints[i].hint;
	return NULL;
}

enum block_end
compile_directive(struct compiler *c, struct node ***end)
{
	const char *words[DIRECTIVES], *near, *hint;

	for (size_t i = 0; i < DIRECTIVES; i++) {
		words[i] = directives[i].word;
		if (!str_equal(c->line->word, str_from(words[i])))
			continue;
		if (directives[i].compile != NULL)
			directives[i].compile(c, end);
		return directives[i].ends;
	}
	hint = hint_for(c->line->word);
	if (hint != NULL) {
		complain(
		    c, "no directive `%.*s`; %s", STR_ARG(c->line->word), hint);
		return END_OF_FILE;
	}
	near = str_nearest(c->line->word, words, DIRECTIVES);
	complain(c,
	    near == NULL ? "no directive `%.*s`"
			 : "no directive `%.*s`; did you mean `%s`?",
	    STR_ARG(c->line->word), near);
	return END_OF_FILE;
}
