/* SPDX-License-Identifier: ISC */
/*
 * The page compiler turns logical lines (source.c) into nodes, by recursive
 * descent over blocks. The statements of a block add names, which end with the
 * block. directives.c compiles the lines that begin with `%`.
 *
 * A mistake becomes a finding with its line, and compiling continues, so that
 * one check finds all mistakes.
 */
#include "page/compile/compile.h"

#include "page/compile/internal.h"
#include "base/log.h"
#include "page/compile/route.h"
#include "page/compile/template.h"
#include "store/accounts/accounts.h"

enum { MESSAGE_MAX = 400 };

const char *const builtin_names[BUILTIN_COUNT] = {[BUILTIN_INPUT] = "input",
    [BUILTIN_PATH] = "path",
    [BUILTIN_HOST] = "host",
    [BUILTIN_PROTOCOL] = "protocol",
    [BUILTIN_NOW] = "now",
    [BUILTIN_TODAY] = "today",
    [BUILTIN_CERT] = "cert",
    [BUILTIN_CERT_NAME] = "cert_name",
    [BUILTIN_BODY] = "body",
    [BUILTIN_MIME] = "mime",
    [BUILTIN_TOKEN] = "token",
    [BUILTIN_QUERY] = "query",
    [BUILTIN_LANG] = "lang",
    [BUILTIN_VISITOR] = "visitor",
    [BUILTIN_ACCOUNT] = "account",
    [BUILTIN_ROLE] = "role",
    [BUILTIN_CERT_ID] = "cert_id",
    [BUILTIN_CERTIFICATE] = "certificate"};

struct node *
compile_node(struct compiler *c, enum node_type type, struct node ***end)
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

void
compile_name(struct compiler *c, struct str name, int slot)
{
	if (scope_add(&c->scope, name, slot) != OK)
		FINDING(c, "more than %d names in one page", SCOPE_MAX);
}

/* Compile a line with holes. NULL: the text is empty, or there is a finding. */
static struct piece *
compile_template(struct compiler *c, struct str text)
{
	const struct name_source names = {name_slot, c};
	struct piece *pieces = NULL;
	struct buf message;
	enum err err;

	buf_init(&message, MESSAGE_MAX);
	err = template_compile(
	    c->options->arena, text, &names, &pieces, &message);
	if (err == ERR_MISSING) {
		FINDING(c, "nothing provides `{%.*s}`%s",
		    STR_ARG(pieces->literal),
		    scope_hint(&c->scope, pieces->literal, "{", "}"));
		pieces = NULL;
	} else if (err == ERR_INPUT) {
		FINDING(c, "%.*s", STR_ARG(buf_view(&message)));
	} else if (err != OK) {
		c->fatal = err;
	}
	buf_release(&message);
	return pieces;
}

/* For a line that takes no filters. */
static void
refuse_filters(struct compiler *c, const struct piece *pieces)
{
	for (; pieces != NULL; pieces = pieces->next) {
		if (pieces->slot < 0 || pieces->filter == FILTER_NONE)
			continue;
		if (pieces->filter == FILTER_SEAL)
			FINDING(c,
			    "{seal} stands only at the end of the "
			    "address of a link");
		else if (pieces->filter == FILTER_FROM)
			FINDING(c,
			    "{from} stands only in the address of a link, of "
			    "%% go or of %% moved");
		else if (pieces->filter == FILTER_URL)
			FINDING(c,
			    "`|url` is a whole address: `=> {x|url} "
			    "label`");
		else
			FINDING(c,
			    "this filter wants a line of its own, in a "
			    "gemtext page");
	}
}

struct str
compile_one_line(struct compiler *c, struct str text)
{
	char *copy;

	if (str_find_byte(text, '\n') == SIZE_MAX)
		return text;
	copy = arena_alloc(c->options->arena, text.len);
	if (copy == NULL) {
		c->fatal = ERR_NOMEM;
		return STR("");
	}
	for (size_t i = 0; i < text.len; i++)
		copy[i] = text.data[i] == '\n' ? ' ' : text.data[i];
	return (struct str){copy, text.len};
}

struct piece *
compile_text(struct compiler *c, struct str text)
{
	struct piece *pieces = compile_template(c, compile_one_line(c, text));

	refuse_filters(c, pieces);
	return pieces;
}

/* Is the seal at the end of the path? Only a query may follow a seal. */
static bool
ends_path(const struct piece *seal, struct str before)
{
	const struct piece *next = seal->next;

	return str_ends(before, STR("/")) &&
	    (next == NULL ||
		(next->slot < 0 && str_starts(next->literal, STR("?"))));
}

/* Is the return address a whole segment? */
static bool
is_segment(const struct piece *from, struct str before)
{
	const struct piece *next = from->next;

	return str_ends(before, STR("/")) &&
	    (next == NULL ||
		(next->slot < 0 &&
		    (str_starts(next->literal, STR("/")) ||
			str_starts(next->literal, STR("?")))));
}

struct piece *
compile_address(struct compiler *c, struct str text, bool may_seal)
{
	struct piece *pieces = compile_template(c, text);
	struct str before = STR("/"); /* the start is the start of a segment */

	for (struct piece *p = pieces; p != NULL;
	     before = p->slot < 0 ? p->literal : STR(""), p = p->next) {
		bool alone = p == pieces && p->next == NULL;
		if (p->slot < 0 || p->filter == FILTER_NONE ||
		    (p->filter == FILTER_URL && alone) ||
		    (p->filter == FILTER_SEAL && may_seal &&
			ends_path(p, before)) ||
		    (p->filter == FILTER_FROM && is_segment(p, before)))
			continue;
		FINDING(c,
		    p->filter == FILTER_URL ? "`|url` must be the whole address"
			: p->filter == FILTER_SEAL
			? "{seal} must be the last segment of a link's address"
			: p->filter == FILTER_FROM
			? "{from} must be a whole segment of an address"
			: "a text cannot be an address");
	}
	return pieces;
}

/* ---- text lines ---------------------------------------------------- */

static void
compile_raw(struct compiler *c, struct str text, struct node ***end)
{
	struct node *node = compile_node(c, NODE_RAW, end);

	if (node != NULL)
		node->pieces = compile_text(c, text);
}

/*
 * "titan:PATH" leads to an upload at a page of this capsule, and so does
 * "titan://{host}/PATH". Give PATH, and set *uploads. An address of another
 * host stays as it is.
 */
static struct str
take_upload_scheme(struct compiler *c, struct str address, bool *uploads)
{
	const struct str host = STR("//{host}/");
	const size_t mark = str_find_byte(address, ':');
	struct str rest;

	*uploads = false;
	if (c->options->upload_scheme == NULL || mark == SIZE_MAX ||
	    !str_equal_nocase(str_slice(address, 0, mark),
		str_from(c->options->upload_scheme)))
		return address;
	rest = str_slice(address, mark + 1, address.len);
	*uploads = !str_starts(rest, STR("//"));
	if (*uploads || !str_starts(rest, host) ||
	    scope_slot(&c->scope, STR("host")) != BUILTIN_HOST)
		return *uploads ? rest : address;
	*uploads = true;
	return str_slice(rest, host.len - 1, rest.len);
}

static void
compile_link(struct compiler *c, struct str text, struct node ***end)
{
	struct node *node = compile_node(c, NODE_LINE, end);
	struct str address;
	size_t cut = 0;

	if (node == NULL)
		return;
	text = str_trim(text);
	while (
	    cut < text.len && text.data[cut] != ' ' && text.data[cut] != '\t')
		cut++;
	node->block = BLOCK_LINK;
	address =
	    take_upload_scheme(c, str_slice(text, 0, cut), &node->uploads);
	node->address = compile_address(c, address, true);
	if (cut == 0)
		FINDING(c, "a link without an address");
	node->pieces =
	    compile_text(c, str_trim(str_slice(text, cut, text.len)));
}

static void
compile_heading(struct compiler *c, struct str text, struct node ***end)
{
	struct node *node = compile_node(c, NODE_LINE, end);
	int level = 0;

	if (node == NULL)
		return;
	while (level < 3 && (size_t)level < text.len && text.data[level] == '#')
		level++;
	if (str_starts(text, STR("####")))
		FINDING(c, "there are three levels of headings: `###`");
	node->block = BLOCK_HEADING;
	node->level = c->level = level;
	node->pieces =
	    compile_text(c, str_trim(str_slice(text, (size_t)level, text.len)));
}

/* The mark of an item in another markup: "- ", or "*" without a blank. */
static char
strange_item(struct str text)
{
	if (str_starts(text, STR("- ")))
		return '-';
	if (text.len > 1 && text.data[0] == '*' && text.data[1] != ' ' &&
	    str_find_byte(str_slice(text, 1, text.len), '*') == SIZE_MAX)
		return '*';
	return '\0';
}

/* One such line may be a dash or a note. Two such lines are a list. */
static void
check_items(struct compiler *c, struct str text)
{
	const char mark = strange_item(text);
	const struct source_line *next =
	    c->at < c->source.count ? &c->source.lines[c->at] : NULL;

	if (mark != '\0' && next != NULL && !next->directive &&
	    strange_item(next->text) == mark)
		FINDING(c, "an item of a list begins with `* `");
}

/* Compile a text line, which may be a single hole with a filter for blocks. */
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
	node = compile_node(c, stored ? NODE_STORED : NODE_LINE, end);
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

/* Compile a preformatted group; the current line is its first fence. */
static void
compile_group(struct compiler *c, struct str text, struct node ***end)
{
	const struct source_line *opened = c->line;
	struct node *node = compile_node(c, NODE_PRE, end);
	size_t names = c->scope.count;
	struct node **body;

	if (node == NULL)
		return;
	node->pieces = compile_text(c, str_trim(str_slice(text, 3, text.len)));
	body = &node->body;
	c->raw = c->in_group = true;
	if (compile_block(c, &body) != END_FENCE) {
		c->line = opened;
		FINDING(c,
		    "this preformatted group is not closed in the "
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
	else {
		check_items(c, text);
		compile_prose(c, text, BLOCK_TEXT, end);
	}
}

void
compile_note_upload(struct compiler *c)
{
	for (size_t i = BUILTIN_BODY; i <= BUILTIN_TOKEN; i++) {
		const size_t at = i - BUILTIN_BODY;

		if (c->options->script != NULL || c->line == NULL ||
		    !c->scope.used[i] || c->upload_file[at].len > 0)
			continue;
		c->upload_file[at] = c->source.file;
		c->upload_line[at] = c->line->line;
	}
}

enum block_end
compile_block(struct compiler *c, struct node ***end)
{
	while (c->fatal == OK && c->at < c->source.count) {
		enum block_end ended;
		compile_note_upload(c);
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
	compile_note_upload(c);
	return END_OF_FILE;
}

void
compile_closes_nothing(
    struct compiler *c, enum block_end ended, struct str where)
{
	const char *owner = compile_owner(ended);

	if (ended != END_OF_FILE)
		FINDING(c, "no block is open here%s%.*s%s%s",
		    where.len > 0 ? " in " : "", STR_ARG(where),
		    owner[0] != '\0' ? "; " : "", owner);
}

/* ---- a page -------------------------------------------------------- */

/* A page that takes an upload may write without a seal. This must be known
 * before the first statement is prepared, because it decides the connection. */
static void
look_ahead(struct compiler *c)
{
	bool uploads = false, writes = false;

	for (size_t i = 0; i < c->source.count; i++) {
		const struct source_line *line = &c->source.lines[i];
		uploads |=
		    line->directive && str_equal(line->word, STR("upload"));
		writes |= line->directive && str_equal(line->word, STR("do"));
	}
	c->page->writes = uploads && writes;
}

/* Which of the names that cost something does the page use? */
static void
note_costly_names(struct compiler *c)
{
	struct page *page = c->page;

	if (c->options->script != NULL)
		return;
	page->uses_visitor = c->scope.used[BUILTIN_VISITOR];
	page->reads_token = c->scope.used[BUILTIN_TOKEN];
	for (size_t i = BUILTIN_ACCOUNT; i < c->scope.builtin; i++)
		page->uses_account |= c->scope.used[i];
	/* A certificate may have been revoked. */
	page->uses_account |= page->needs_cert && accounts_are_on();
}

static void
check_whole(struct compiler *c)
{
	struct page *page = c->page;

	c->line = NULL;
	if (c->options->alone || c->options->script != NULL)
		return;
	for (size_t i = 0; !page->uploads &&
	     i < sizeof(c->upload_line) / sizeof(*c->upload_line);
	     i++)
		if (c->upload_file[i].len > 0)
			findings_add(c->options->findings, c->upload_file[i],
			    c->upload_line[i],
			    "`:%s` is of an upload; this page takes none",
			    builtin_names[BUILTIN_BODY + i]);
	if (page->writes && !page->sealed &&
	    (page->asks || (!page->needs_cert && !page->reads_token)))
		FINDING(c,
		    "an upload that writes without a seal asks for a "
		    "certificate or compares :token, and asks for no input");
	if (page->sealed && !page->writes)
		FINDING(c,
		    "a [" SEAL_NAME "] page that writes nothing needs "
		    "no seal");
	if (page->sealed && page->needs_cert && !page->asks && !page->uploads)
		FINDING(c,
		    "a [" SEAL_NAME "] page for a certificate must ask "
		    "(%% ask), so that no link alone acts");
	if (page->notices && !page->goes)
		FINDING(c,
		    "a notice is shown by the page that %% go or %% return "
		    "leads to; this page leads nowhere");
	if (page->other && !page->typed && !page->gives_file)
		FINDING(c, "%s", PAGE_ENDS);
	if (page->format != FORMAT_GEMTEXT && page->document)
		FINDING(c, "%% document is for gemtext pages");
}

uint32_t
compile_segment(const struct page *page, struct str parameter)
{
	struct str rest = page->file, piece;

	(void)str_next_part(&rest, '/', &piece); /* "pages" */
	for (uint32_t bit = 1; str_next_part(&rest, '/', &piece); bit <<= 1)
		if (str_starts(piece, STR("[")) &&
		    str_equal(str_slice(piece, 1, str_find_byte(piece, ']')),
			parameter))
			return bit;
	return 0;
}

static void
add_first_names(struct compiler *c)
{
	const struct compile_script *script = c->options->script;
	const char *const *names =
	    script == NULL ? builtin_names : script->names;
	const size_t count = script != NULL ? script->name_count
	    : accounts_are_on()             ? BUILTIN_COUNT
					    : BUILTIN_ACCOUNT;

	for (size_t i = 0; i < count; i++)
		compile_name(c, str_from(names[i]), (int)i);
	c->scope.builtin = c->scope.from = c->scope.count;
	c->page->slot_count =
	    script == NULL ? BUILTIN_COUNT : script->slot_count;
	for (size_t i = 0; i < c->page->parameter_count; i++) {
		struct str name = c->page->parameters[i];
		int slot = c->page->slot_count++;
		const bool from = str_equal(name, STR(FROM_NAME));

		if (from || str_equal(name, STR(SEAL_NAME)))
			c->page->private_segments |=
			    compile_segment(c->page, name);
		c->page->returns |= from;
		/* {seal} is always a new seal, never the page's own. */
		if (!from &&
		    (!c->page->sealed || !str_equal(name, STR(SEAL_NAME))))
			compile_name(c, name, slot);
	}
}

/* Leave out the lines that are not the script's. */
static void
keep_lines(struct compiler *c)
{
	const struct compile_script *script = c->options->script;
	struct source *source = &c->source;
	size_t from = 0, to = source->count;

	if (script == NULL)
		return;
	while (from < to && source->lines[from].line < script->first_line)
		from++;
	while (script->last_line > 0 && to > from &&
	    source->lines[to - 1].line > script->last_line)
		to--;
	source->lines += from;
	source->count = to - from;
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
	c->scope.any = options->alone;
	page->stats = options->alone || options->script != NULL
	    ? NULL
	    : stats_page(page->file);
	add_first_names(c);
	err = source_read(options->arena, options->capsule, page->file,
	    options->findings, &c->source);
	if (err == OK) {
		keep_lines(c);
		look_ahead(c);
		/* _missing.gmi answers for what has no folder. */
		if (!options->alone && options->script == NULL &&
		    !str_equal(page->file, STR("pages/_missing.gmi")))
			compile_guards(c, &end);
		if (options->script != NULL)
			compile_script(c, &end);
		else
			compile_closes_nothing(
			    c, compile_block(c, &end), STR(""));
		err = c->fatal;
		note_costly_names(c);
		if (err == OK)
			check_whole(c);
		if (err == OK)
			flow_check(page, options->findings);
	}
	page->findings = options->findings->told - before;
	log_debug("page: compiled %.*s: %d names, %zu findings",
	    STR_ARG(page->file), page->slot_count, page->findings);
	free(c);
	if (err == ERR_MISSING) /* deleted after its folder was read */
		err = ERR_IO;
	return err == ERR_INPUT ? OK : err;
}
