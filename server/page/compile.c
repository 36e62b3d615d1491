/* SPDX-License-Identifier: ISC */
/*
 * The page compiler: logical lines (source.c) into nodes. A recursive descent
 * over blocks; each block has the names that its statements bring, and loses
 * them at its end. Directives are one table row each.
 *
 * A mistake becomes a finding at its line and compiling goes on, so that one
 * check tells all of them.
 */
#include "page/compile.h"

#include "base/url.h"
#include "base/utf8.h"
#include "page/scope.h"
#include "page/statement.h"
#include "page/template.h"

enum { INCLUDE_DEPTH_MAX = 8, MESSAGE_MAX = 400 };

const char *const builtin_names[BUILTIN_COUNT] = {
    [BUILTIN_INPUT] = "input",
    [BUILTIN_PATH] = "path",
    [BUILTIN_HOST] = "host",
    [BUILTIN_PROTOCOL] = "protocol",
    [BUILTIN_NOW] = "now",
    [BUILTIN_CERT] = "cert",
    [BUILTIN_CERT_NAME] = "cert_name",
    [BUILTIN_BODY] = "body",
    [BUILTIN_MIME] = "mime",
    [BUILTIN_TOKEN] = "token",
    [BUILTIN_QUERY] = "query"};

struct compiler {
	const struct compile_options *options;
	struct page *page;
	struct scope scope;
	struct source source;
	size_t at; /* the next line of source */
	const struct source_line *line; /* the current one */
	unsigned depth; /* of includes */
	int level;      /* of the nearest heading above */
	bool raw;       /* lines are raw: not gemtext, or inside a group */
	bool in_group;  /* inside a preformatted group */
	enum err fatal; /* ERR_NOMEM or ERR_IO: stop */
};

enum block_end { END_OF_FILE, END_END, END_NONE, END_ELSE, END_FENCE };

static enum block_end compile_block(struct compiler *c, struct node ***end);

#define complain(c, ...)                                              \
	findings_add((c)->options->findings, (c)->source.file,        \
	    (c)->line == NULL ? 0 : (c)->line->line, __VA_ARGS__)

static struct node *
node_add(struct compiler *c, enum node_type type, struct node ***end)
{
	struct node *node = arena_alloc(c->options->arena, sizeof(*node));

	if (node == NULL) {
		c->fatal = ERR_NOMEM;
		return NULL;
	}
	node->type = type;
	node->file = c->source.file;
	node->line = c->line->line;
	node->slot = -1;
	**end = node;
	*end = &node->next;
	return node;
}

static int
name_slot(void *context, struct str name)
{
	struct compiler *c = context;

	return scope_slot(&c->scope, name);
}

static void
add_name(struct compiler *c, struct str name, int slot)
{
	if (scope_add(&c->scope, name, slot) != OK)
		complain(c, "more than %d names in one page", SCOPE_MAX);
}

/* A line with holes. NULL for an empty text, or after a finding. */
static struct piece *
compile_template(struct compiler *c, struct str text)
{
	const struct name_source names = {name_slot, c};
	struct piece *pieces = NULL;
	struct buf message;
	const char *near;
	enum err err;

	buf_init(&message, MESSAGE_MAX);
	err = template_compile(c->options->arena, text, &names, &pieces,
	    &message);
	if (err == ERR_MISSING) {
		near = scope_nearest(&c->scope, pieces->literal);
		complain(c, near == NULL ? "nothing provides `{%.*s}`"
			: "nothing provides `{%.*s}`; did you mean `{%s}`?",
		    STR_ARG(pieces->literal), near);
		pieces = NULL;
	} else if (err == ERR_INPUT) {
		complain(c, "%.*s", STR_ARG(buf_view(&message)));
	} else if (err != OK) {
		c->fatal = err;
	}
	buf_release(&message);
	return pieces;
}

/* Where filters may not stand. */
static void
refuse_filters(struct compiler *c, const struct piece *pieces)
{
	for (; pieces != NULL; pieces = pieces->next) {
		if (pieces->slot < 0 || pieces->filter == FILTER_NONE)
			continue;
		if (pieces->filter == FILTER_SEAL)
			complain(c, "{seal} stands only at the end of the "
				    "address of a link");
		else if (pieces->filter == FILTER_URL)
			complain(c, "`|url` is a whole address: `=> {x|url} "
				    "label`");
		else
			complain(c, "this filter wants a line of its own, in a "
				    "gemtext page");
	}
}

static struct piece *
compile_text(struct compiler *c, struct str text)
{
	struct piece *pieces = compile_template(c, text);

	refuse_filters(c, pieces);
	return pieces;
}

/* The address of a link, of % go or of % moved. */
static struct piece *
compile_address(struct compiler *c, struct str text, bool may_seal)
{
	struct piece *pieces = compile_template(c, text);

	for (struct piece *p = pieces; p != NULL; p = p->next) {
		bool alone = p == pieces && p->next == NULL;
		if (p->slot < 0 || p->filter == FILTER_NONE ||
		    (p->filter == FILTER_URL && alone) ||
		    (p->filter == FILTER_SEAL && may_seal && p->next == NULL))
			continue;
		complain(c, p->filter == FILTER_URL
			? "`|url` must be the whole address"
			: p->filter == FILTER_SEAL
			? "{seal} must be the end of a link's address"
			: "a text cannot be an address");
	}
	return pieces;
}

/* ---- text lines ---------------------------------------------------- */

static void
compile_raw(struct compiler *c, struct str text, struct node ***end)
{
	struct node *node = node_add(c, NODE_RAW, end);

	if (node != NULL)
		node->pieces = compile_text(c, text);
}

static void
compile_link(struct compiler *c, struct str text, struct node ***end)
{
	struct node *node = node_add(c, NODE_LINE, end);
	size_t cut = 0;

	if (node == NULL)
		return;
	text = str_trim(text);
	while (cut < text.len && text.data[cut] != ' ' &&
	    text.data[cut] != '\t')
		cut++;
	node->block = BLOCK_LINK;
	node->address = compile_address(c, str_slice(text, 0, cut), true);
	if (cut == 0)
		complain(c, "a link without an address");
	node->pieces =
	    compile_text(c, str_trim(str_slice(text, cut, text.len)));
}

static void
compile_heading(struct compiler *c, struct str text, struct node ***end)
{
	struct node *node = node_add(c, NODE_LINE, end);
	int level = 0;

	if (node == NULL)
		return;
	while (level < 3 && (size_t)level < text.len &&
	    text.data[level] == '#')
		level++;
	node->block = BLOCK_HEADING;
	node->level = c->level = level;
	node->pieces =
	    compile_text(c, str_trim(str_slice(text, (size_t)level, text.len)));
}

/* A text line: perhaps one hole alone with a filter that takes it whole. */
static void
compile_prose(struct compiler *c, struct str text, enum block_type block,
    struct node ***end)
{
	struct piece *pieces = compile_template(c, text);
	struct node *node;
	bool stored = block == BLOCK_TEXT && pieces != NULL &&
	    pieces->next == NULL && pieces->slot >= 0 &&
	    (pieces->filter == FILTER_GEMTEXT ||
		pieces->filter == FILTER_TEXT ||
		pieces->filter == FILTER_QUOTE);

	if (!stored)
		refuse_filters(c, pieces);
	node = node_add(c, stored ? NODE_STORED : NODE_LINE, end);
	if (node == NULL)
		return;
	node->block = block;
	node->pieces = pieces;
	if (stored) {
		node->slot = pieces->slot;
		node->filter = pieces->filter;
		node->level = c->level;
	}
}

/* The line is a fence: everything up to its partner is one group. */
static void
compile_group(struct compiler *c, struct str text, struct node ***end)
{
	const struct source_line *opened = c->line;
	struct node *node = node_add(c, NODE_PRE, end);
	size_t names = c->scope.count;
	struct node **body;

	if (node == NULL)
		return;
	node->pieces = compile_text(c, str_trim(str_slice(text, 3, text.len)));
	body = &node->body;
	c->raw = c->in_group = true;
	if (compile_block(c, &body) != END_FENCE) {
		c->line = opened;
		complain(c, "this preformatted group is not closed in the "
			    "block that opens it");
	}
	c->raw = c->in_group = false;
	c->scope.count = names;
}

static void
compile_line(struct compiler *c, struct node ***end)
{
	struct str text = c->line->text;

	if (c->raw)
		compile_raw(c, text, end);
	else if (str_starts(text, STR("```")))
		compile_group(c, text, end);
	else if (str_starts(text, STR("=>")))
		compile_link(c, str_slice(text, 2, text.len), end);
	else if (str_starts(text, STR("#")))
		compile_heading(c, text, end);
	else if (str_starts(text, STR("* ")))
		compile_prose(c, str_slice(text, 2, text.len), BLOCK_ITEM, end);
	else if (str_starts(text, STR(">")))
		compile_prose(c, str_trim(str_slice(text, 1, text.len)),
		    BLOCK_QUOTE, end);
	else
		compile_prose(c, text, BLOCK_TEXT, end);
}

/* ---- directives ---------------------------------------------------- */

static bool
compile_statement(struct compiler *c, enum statement_kind kind,
    struct node *node)
{
	const struct statement_place place = {c->options->arena,
	    c->options->findings, c->source.file, c->line->line, &c->scope};
	struct page *page = c->page;
	sqlite3 *db = PAGE_USES_WRITER(page) ? c->options->writer
					     : c->options->reader;
	enum err err =
	    statement_compile(&place, db, kind, c->line->text, &node->statement);

	if (err == ERR_NOMEM)
		c->fatal = err;
	node->statement.first_slot = page->slot_count;
	page->slot_count += node->statement.column_count;
	return err == OK;
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
			add_name(c, copy, statement->first_slot + i);
	}
}

static void
directive_one(struct compiler *c, struct node ***end)
{
	struct node *node = node_add(c, NODE_ONE, end);

	if (node == NULL)
		return;
	compile_statement(c, STATEMENT_READS, node);
	add_columns(c, &node->statement);
}

/* A block's body, its middle word (% none, % else) and the other body. */
static void
compile_branches(struct compiler *c, struct node *node, enum block_end middle)
{
	const struct source_line *opened = c->line;
	size_t names = c->scope.count;
	struct node **end = &node->body;
	enum block_end ended;

	if (node->type == NODE_EACH)
		add_columns(c, &node->statement);
	ended = compile_block(c, &end);
	c->scope.count = names;
	if (ended == middle) {
		end = &node->otherwise;
		ended = compile_block(c, &end);
		c->scope.count = names;
	}
	if (ended == END_END)
		return;
	if (ended == END_NONE || ended == END_ELSE)
		complain(c, ended == END_NONE
			? "%% none belongs to %% each, once"
			: "%% else belongs to %% if, once");
	c->line = opened;
	complain(c, "%% %.*s without its %% end", STR_ARG(opened->word));
}

static void
directive_each(struct compiler *c, struct node ***end)
{
	struct node *node = node_add(c, NODE_EACH, end);

	if (node == NULL)
		return;
	compile_statement(c, STATEMENT_READS, node);
	compile_branches(c, node, END_NONE);
}

static void
directive_if(struct compiler *c, struct node ***end)
{
	struct node *node = node_add(c, NODE_IF, end);

	if (node == NULL)
		return;
	compile_statement(c, STATEMENT_CONDITION, node);
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
	node = node_add(c, NODE_DO, end);
	if (node == NULL)
		return;
	c->page->writes = true;
	compile_statement(c, STATEMENT_WRITES, node);
	add_columns(c, &node->statement);
}

static void
directive_ask(struct compiler *c, struct node ***end)
{
	struct node *node = node_add(c, NODE_ASK, end);

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
	struct node *node = node_add(c, NODE_CERT, end);

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
	struct node *node = node_add(c, NODE_UPLOAD, end);
	struct str rest = c->line->text, size;
	int64_t limit = 0;

	if (node == NULL)
		return;
	c->page->uploads = true;
	size = str_slice(rest, 0, str_find_byte(rest, ' '));
	node->mimes = str_trim(str_slice(rest, size.len, rest.len));
	if (str_to_int(size, 1, INT32_MAX, &limit) != OK ||
	    str_find_byte(node->mimes, '/') == SIZE_MAX)
		complain(c, "%% upload MAX-BYTES TYPE...; for example "
			    "`%% upload 65536 text/gemini text/plain`");
	node->limit = (size_t)limit;
}

static void
directive_edit(struct compiler *c, struct node ***end)
{
	struct node *node = node_add(c, NODE_EDIT, end);
	const char *near;

	if (node == NULL)
		return;
	node->slot = scope_slot(&c->scope, c->line->text);
	if (node->slot >= 0)
		return;
	near = scope_nearest(&c->scope, c->line->text);
	complain(c, near == NULL ? "nothing provides `%.*s`"
				 : "nothing provides `%.*s`; did you mean `%s`?",
	    STR_ARG(c->line->text), near);
}

static void
directive_go(struct compiler *c, struct node ***end)
{
	struct node *node = node_add(c, NODE_GO, end);

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
	    {"busy", REFUSAL_BUSY}, {"broken", REFUSAL_BROKEN}};
	enum { KINDS = sizeof(kinds) / sizeof(*kinds) };
	struct node *node = node_add(c, NODE_FAIL, end);
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
		complain(c, near == NULL
			? "%% fail KIND TEXT: KIND is missing, gone, bad, "
			  "forbidden, busy or broken, not `%.*s`"
			: "no failure `%.*s`; did you mean `%s`?",
		    STR_ARG(kind), near);
		return;
	}
	node->refusal = kinds[i].kind;
	text = str_trim(str_slice(text, kind.len, text.len));
	if (text.len == 0)
		complain(c, "say to the reader why");
	node->pieces = compile_text(c, text);
}

/* Where a partial is: in this folder or the nearest above it. */
static struct str
find_partial(struct compiler *c, struct str name)
{
	struct arena *arena = c->options->arena;
	struct str folder = c->source.file;

	for (;;) {
		struct str file, path;
		FILE *probe;
		while (folder.len > 0 && folder.data[folder.len - 1] != '/')
			folder.len--;
		if (folder.len == 0)
			return (struct str){NULL, 0};
		file = arena_printf(arena, "%.*s%.*s", STR_ARG(folder),
		    STR_ARG(name));
		path = arena_printf(arena, "%s/%.*s", c->options->capsule,
		    STR_ARG(file));
		if (path.data == NULL || file.data == NULL)
			return (struct str){NULL, 0};
		probe = fopen(path.data, "re");
		if (probe != NULL) {
			fclose(probe);
			return file;
		}
		folder.len--;
	}
}

static void
directive_include(struct compiler *c, struct node ***end)
{
	struct str name = c->line->text, file;
	struct source outer = c->source;
	size_t outer_at = c->at;
	const struct source_line *outer_line = c->line;
	enum err err;

	if (name.len == 0 || name.data[0] != '_' ||
	    str_find_byte(name, '/') != SIZE_MAX) {
		complain(c, "%% include takes the name of a partial: "
			    "_file.gmi");
		return;
	}
	if (c->depth == INCLUDE_DEPTH_MAX) {
		complain(c, "includes more than %d deep", INCLUDE_DEPTH_MAX);
		return;
	}
	file = find_partial(c, name);
	if (file.data == NULL) {
		complain(c, "no %.*s in this folder or above", STR_ARG(name));
		return;
	}
	err = source_read(c->options->arena, c->options->capsule, file,
	    c->options->findings, &c->source);
	if (err == OK) {
		c->at = 0;
		c->depth++;
		if (compile_block(c, end) != END_OF_FILE)
			complain(c, "this closes nothing in %.*s",
			    STR_ARG(file));
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
	(void)end;
	if (str_find_byte(c->line->text, '/') == SIZE_MAX)
		complain(c, "%% type takes a MIME type, for example "
			    "`%% type text/plain`");
	c->page->mime = c->line->text;
	c->page->typed = true;
}

static const struct {
	const char *word;
	void (*compile)(struct compiler *c, struct node ***end);
	enum block_end ends; /* the words that end a block have no function */
} directives[] = {{"one", directive_one, END_OF_FILE},
    {"each", directive_each, END_OF_FILE},
    {"none", NULL, END_NONE},
    {"end", NULL, END_END},
    {"if", directive_if, END_OF_FILE},
    {"else", NULL, END_ELSE},
    {"do", directive_do, END_OF_FILE},
    {"ask", directive_ask, END_OF_FILE},
    {"ask-secret", directive_ask, END_OF_FILE},
    {"upload", directive_upload, END_OF_FILE},
    {"cert", directive_cert, END_OF_FILE},
    {"edit", directive_edit, END_OF_FILE},
    {"go", directive_go, END_OF_FILE},
    {"moved", directive_go, END_OF_FILE},
    {"fail", directive_fail, END_OF_FILE},
    {"include", directive_include, END_OF_FILE},
    {"document", directive_document, END_OF_FILE},
    {"type", directive_type, END_OF_FILE}};
enum { DIRECTIVES = sizeof(directives) / sizeof(*directives) };

/* What the current directive ends, END_OF_FILE for nothing. */
static enum block_end
compile_directive(struct compiler *c, struct node ***end)
{
	const char *words[DIRECTIVES], *near;

	for (size_t i = 0; i < DIRECTIVES; i++) {
		words[i] = directives[i].word;
		if (!str_equal(c->line->word, str_from(words[i])))
			continue;
		if (directives[i].compile != NULL)
			directives[i].compile(c, end);
		return directives[i].ends;
	}
	near = str_nearest(c->line->word, words, DIRECTIVES);
	complain(c, near == NULL ? "no directive `%.*s`"
				 : "no directive `%.*s`; did you mean `%s`?",
	    STR_ARG(c->line->word), near);
	return END_OF_FILE;
}

static enum block_end
compile_block(struct compiler *c, struct node ***end)
{
	while (c->fatal == OK && c->at < c->source.count) {
		enum block_end ended;
		c->line = &c->source.lines[c->at++];
		if (c->in_group && !c->line->directive &&
		    str_starts(c->line->text, STR("```")))
			return END_FENCE;
		if (!c->line->directive) {
			compile_line(c, end);
			continue;
		}
		ended = compile_directive(c, end);
		if (ended != END_OF_FILE)
			return ended;
	}
	return END_OF_FILE;
}

/* ---- a page -------------------------------------------------------- */

/* An upload may write without a seal; which connection its statements want
 * must be known before the first is prepared. */
static void
look_ahead(struct compiler *c)
{
	bool uploads = false, writes = false;

	for (size_t i = 0; i < c->source.count; i++) {
		const struct source_line *line = &c->source.lines[i];
		uploads |= line->directive &&
		    str_equal(line->word, STR("upload"));
		writes |= line->directive && str_equal(line->word, STR("do"));
	}
	c->page->writes = uploads && writes;
}

static void
check_whole(struct compiler *c)
{
	struct page *page = c->page;

	c->line = NULL;
	if (page->writes && !page->sealed && (page->asks || !page->needs_cert))
		complain(c, "an upload that writes without a seal asks for a "
			    "certificate and for no input");
	if (page->sealed && !page->writes)
		complain(c, "a [" SEAL_NAME "] page that writes nothing needs "
			    "no seal");
	if (page->format != FORMAT_GEMTEXT && page->document)
		complain(c, "%% document is for gemtext pages");
}

static void
add_first_names(struct compiler *c)
{
	for (int i = 0; i < BUILTIN_COUNT; i++)
		add_name(c, str_from(builtin_names[i]), i);
	c->page->slot_count = BUILTIN_COUNT;
	for (size_t i = 0; i < c->page->parameter_count; i++) {
		struct str name = c->page->parameters[i];
		int slot = c->page->slot_count++;
		/* {seal} is always a fresh one, never the page's own. */
		if (!c->page->sealed || !str_equal(name, STR(SEAL_NAME)))
			add_name(c, name, slot);
	}
}

enum err
page_compile(const struct compile_options *options, struct page *page)
{
	struct compiler *c = calloc(1, sizeof(*c));
	size_t before = options->findings->told;
	struct node **end = &page->first;
	enum err err;

	if (c == NULL)
		return ERR_NOMEM;
	c->options = options;
	c->page = page;
	c->raw = page->format != FORMAT_GEMTEXT;
	c->source.file = page->file;
	add_first_names(c);
	err = source_read(options->arena, options->capsule, page->file,
	    options->findings, &c->source);
	if (err == OK) {
		look_ahead(c);
		if (compile_block(c, &end) != END_OF_FILE)
			complain(c, "this closes nothing");
		err = c->fatal;
		if (err == OK)
			check_whole(c);
	}
	page->findings = options->findings->told - before;
	free(c);
	return err == ERR_INPUT ? OK : err;
}

static void
finalize_nodes(struct node *node)
{
	for (; node != NULL; node = node->next) {
		sqlite3_finalize(node->statement.stmt);
		node->statement.stmt = NULL;
		finalize_nodes(node->body);
		finalize_nodes(node->otherwise);
	}
}

void
page_finalize(struct page *page)
{
	finalize_nodes(page->first);
}
