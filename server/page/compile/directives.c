/* SPDX-License-Identifier: ISC */
/*
 * The page compiler's directives: one function and one table row per directive.
 * The reference for authors is guiju-pages(7).
 */
#include "page/compile/internal.h"

#include <assert.h>

#include "base/file_path.h"
#include "base/limits.h"
#include "page/compile/condition.h"
#include "page/compile/statement.h"
#include "page/words.h"
#include "store/accounts/accounts.h"
#include "text/media_type.h"

enum { MESSAGE_MAX = 400 };

bool
compile_statement(struct compiler *c, enum statement_kind kind, struct str sql,
    struct node *node)
{
	struct statement_place place = {c->options->arena, c->options->findings,
	    c->source.file, c->line->line, &c->scope, c->options->prepared,
	    c->options->checked, c->options->script != NULL, NULL};
	struct page *page = c->page;
	sqlite3 *reader = c->options->reader;
	sqlite3 *db = PAGE_USES_WRITER(page) ? c->options->writer : reader;
	enum err err;

	if (db != reader && kind != STATEMENT_WRITES)
		place.unlocked = reader;
	err = statement_compile(&place, db, kind, sql, &node->statement);

	if (err == ERR_NOMEM)
		c->fatal = err;
	node->statement.first_slot = page->slot_count;
	page->slot_count += node->statement.column_count;
	return err == OK;
}

/* Does an earlier column have the name of column i? */
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

/* Add the columns as names, which hold until the end of the block. */
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
			FINDING(c, "two columns are named `%s`", name);
	}
}

static void
set_walked(struct node *node, bool walked)
{
	const struct statement *statement = &node->statement;

	if (node->type == NODE_EACH && statement->prepared != NULL)
		statement->prepared->walked = walked;
	if (node->type == NODE_EACH && statement->unlocked != NULL)
		statement->unlocked->walked = walked;
}

const char *
compile_owner(enum block_end ended)
{
	switch (ended) {
	case END_NONE:
		return "% none belongs to % each, once, or is next to % one";
	case END_ELSE:
		return "% else belongs to % if, once";
	case END_ELIF:
		return "% elif belongs to % if, before % else";
	case END_OF_FILE:
	case END_END:
	case END_FENCE:
		break;
	}
	return "";
}

/* The current line ends a block, so it takes no argument. */
static void
check_argument(struct compiler *c, enum block_end ended)
{
	if (ended == END_OF_FILE || ended == END_ELIF || c->line->text.len == 0)
		return;
	FINDING(c, "%% %.*s takes no argument%s", STR_ARG(c->line->word),
	    ended == END_ELSE ? "; % elif asks once more" : "");
}

static void directive_if(struct compiler *c, struct node ***end);

/* Compile the lines of a block, a middle word (% none or % else; END_OF_FILE:
 * no middle word) and the lines after it, up to % end. *first: the first node.
 */
static void
compile_branches(struct compiler *c, struct node *node, struct node **first,
    enum block_end middle)
{
	const struct source_line *opened = c->line;
	size_t names = c->scope.count;
	struct node **end = first;
	enum block_end ended;

	if (c->blocks == BLOCK_DEPTH_MAX) {
		FINDING(c, "blocks more than %d deep", BLOCK_DEPTH_MAX);
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
	end = &node->otherwise;
	if (ended == END_ELIF && middle == END_ELSE) {
		directive_if(c, &end); /* one % end ends both */
		ended = END_END;
	} else if (ended == middle && middle != END_OF_FILE) {
		ended = compile_block(c, &end);
		c->scope.count = names;
	}
	c->blocks--;
	if (ended == END_END)
		return;
	if (compile_owner(ended)[0] != '\0')
		FINDING(c, "%s", compile_owner(ended));
	c->line = opened;
	FINDING(c, "%% %.*s without its %% end", STR_ARG(opened->word));
}

static void
directive_one(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_ONE, end);

	if (node == NULL)
		return;
	compile_statement(c, STATEMENT_READS, c->line->text, node);
	node->early = str_find(c->line->text, STR("/* early */")) != SIZE_MAX;
	if (c->at < c->source.count && c->source.lines[c->at].directive &&
	    str_equal(c->source.lines[c->at].word, STR("none"))) {
		c->line = &c->source.lines[c->at++];
		check_argument(c, END_NONE);
		node->optional = true;
		compile_branches(c, node, &node->otherwise, END_OF_FILE);
	}
	add_columns(c, &node->statement);
}

static void
directive_each(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_EACH, end);

	if (node == NULL)
		return;
	compile_statement(c, STATEMENT_READS, c->line->text, node);
	compile_branches(c, node, &node->body, END_NONE);
}

static void
directive_if(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_IF, end);

	if (node == NULL)
		return;
	compile_statement(c, STATEMENT_CONDITION, c->line->text, node);
	node->condition =
	    condition_read(c->options->arena, &c->scope, c->line->text);
	compile_branches(c, node, &node->body, END_ELSE);
}

static void
directive_do(struct compiler *c, struct node ***end)
{
	struct node *node;

	if (!PAGE_USES_WRITER(c->page)) {
		FINDING(c, "a page that writes is named [" SEAL_NAME "].gmi");
		return;
	}
	node = compile_node(c, NODE_DO, end);
	if (node == NULL)
		return;
	c->page->writes = true;
	compile_statement(c, STATEMENT_WRITES, c->line->text, node);
	add_columns(c, &node->statement);
}

/* % table and % record: the rows of a statement go to the operator. */
static void
directive_rows(struct compiler *c, struct node ***end)
{
	const struct compile_script *script = c->options->script;
	struct node *node;

	if (script == NULL || !script->rows) {
		FINDING(c, "%% %.*s is for desk/", STR_ARG(c->line->word));
		return;
	}
	node = compile_node(c, NODE_ROWS, end);
	if (node == NULL)
		return;
	node->record = str_equal(c->line->word, STR("record"));
	compile_statement(c, STATEMENT_READS, c->line->text, node);
}

static void
directive_notice(struct compiler *c, struct node ***end)
{
	struct node *node;

	if (!PAGE_USES_WRITER(c->page)) {
		FINDING(c,
		    "%% notice stands in a page that writes, named [" SEAL_NAME
		    "].gmi");
		return;
	}
	node = compile_node(c, NODE_NOTICE, end);
	if (node == NULL)
		return;
	c->page->notices = true;
	if (c->line->text.len == 0)
		FINDING(c, "a notice says what was done");
	node->pieces = compile_text(c, c->line->text);
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
		FINDING(c, "a prompt must say what is asked");
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
		FINDING(c, "say which identity the reader is to choose");
	node->pieces = compile_text(c, c->line->text);
}

/* Are there accounts? If not, add a finding. */
static bool
has_accounts(struct compiler *c)
{
	if (!accounts_are_on())
		FINDING(c,
		    "this capsule has no accounts; say `accounts = on` "
		    "in " CAPSULE_SETTINGS);
	return accounts_are_on();
}

static void
directive_account(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_ACCOUNT, end);

	if (node == NULL || !has_accounts(c))
		return;
	c->page->needs_cert = c->page->needs_account = true;
	if (c->line->text.len == 0)
		FINDING(c, "say which identity the reader is to choose");
	node->pieces = compile_text(c, c->line->text);
}

/* Is it a role, as the table account has it? */
static bool
is_role(struct str text)
{
	enum { ROLE_BYTES_MAX = 30 };
	bool good = text.len > 0 && text.len <= ROLE_BYTES_MAX &&
	    text.data[0] >= 'a' && text.data[0] <= 'z';

	for (size_t i = 0; good && i < text.len; i++) {
		const char c = text.data[i];

		good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c == '-';
	}
	return good;
}

static void
directive_role(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_ROLE, end);
	struct str rest = c->line->text, role;

	if (node == NULL || !has_accounts(c))
		return;
	node->mimes = str_trim(rest);
	if (rest.len == 0)
		FINDING(c, "%% role names roles, for example `%% role editor`");
	while (rest.len > 0 && str_next_part(&rest, ' ', &role))
		if (role.len > 0 && !is_role(role))
			FINDING(c,
			    "a role has small letters, digits and hyphens, "
			    "not `%.*s`",
			    STR_ARG(role));
	if (!c->page->needs_account && !c->options->alone)
		FINDING(c, "%% role stands behind an %% account");
}

/* An empty upload deletes, and clients send one by themselves. */
static void
check_delete(struct compiler *c)
{
	if (!c->page->sealed)
		FINDING(c,
		    "%% upload 0 takes the wish to delete, which needs a seal: "
		    "the page is named [" SEAL_NAME "].gmi");
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
	if (str_to_int(size, 0, LIMIT_UPLOAD_BYTES, &limit) == ERR_LIMIT)
		FINDING(
		    c, "an upload has at most %d bytes", LIMIT_UPLOAD_BYTES);
	else if (str_equal(rest, STR("0")))
		check_delete(c);
	else if (limit == 0 || str_find_byte(node->mimes, '/') == SIZE_MAX)
		FINDING(c,
		    "%% upload MAX-BYTES TYPE...; for example "
		    "`%% upload 65536 text/gemini text/plain`");
	node->limit = (size_t)limit;
}

static void
directive_edit(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_EDIT, end);

	c->page->edits = true;
	if (node == NULL)
		return;
	node->slot = scope_slot(&c->scope, c->line->text);
	if (node->slot >= 0)
		return;
	FINDING(c, "nothing provides `%.*s`%s", STR_ARG(c->line->text),
	    scope_hint(&c->scope, c->line->text, "", ""));
}

static void
directive_go(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_GO, end);

	if (node == NULL)
		return;
	node->permanent = str_equal(c->line->word, STR("moved"));
	c->page->goes |= !node->permanent;
	if (c->line->text.len == 0)
		FINDING(c, "%% %.*s needs a path", STR_ARG(c->line->word));
	node->address = compile_address(c, c->line->text, false);
}

static void
directive_return(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_GO, end);

	if (node == NULL)
		return;
	node->returns = c->page->goes = true;
	if (!c->page->returns && !c->options->alone)
		FINDING(c,
		    "%% return stands in a page below a folder [" FROM_NAME
		    "]");
	if (c->line->text.len == 0)
		FINDING(
		    c, "%% return needs a path for readers who came by no way");
	node->address = compile_address(c, c->line->text, false);
}

static const struct {
	const char *name;
	enum refusal kind;
} fails[] = {{"missing", REFUSAL_MISSING}, {"gone", REFUSAL_GONE},
    {"bad", REFUSAL_BAD}, {"forbidden", REFUSAL_FORBIDDEN},
    {"busy", REFUSAL_BUSY}, {"broken", REFUSAL_BROKEN}, {"ask", REFUSAL_BAD}};

enum { FAILS = sizeof(fails) / sizeof(*fails), FAILS_MAX = 16 };

/* The index of a KIND of % fail; SIZE_MAX: there is no such KIND. */
static size_t
find_fail(struct compiler *c, struct str kind)
{
	const struct compile_script *script = c->options->script;
	const char *names[FAILS_MAX], *near;
	size_t count = script == NULL ? FAILS : script->fail_count;
	struct buf all;

	assert(count <= FAILS_MAX);
	for (size_t i = 0; i < count; i++) {
		names[i] = script == NULL ? fails[i].name : script->fails[i];
		if (str_equal(kind, str_from(names[i])))
			return i;
	}
	near = str_nearest(kind, names, count);
	if (near != NULL) {
		FINDING(c, "no failure `%.*s`; did you mean `%s`?",
		    STR_ARG(kind), near);
		return SIZE_MAX;
	}
	buf_init(&all, MESSAGE_MAX);
	for (size_t i = 0; i < count; i++)
		buf_printf(&all, "%s%s",
		    i == 0               ? ""
			: i + 1 == count ? " or "
					 : ", ",
		    names[i]);
	FINDING(c, "%% fail KIND TEXT: KIND is %.*s, not `%.*s`",
	    STR_ARG(buf_view(&all)), STR_ARG(kind));
	buf_release(&all);
	return SIZE_MAX;
}

static void
directive_fail(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_FAIL, end);
	struct str text = c->line->text;
	struct str kind = str_slice(text, 0, str_find_byte(text, ' '));
	size_t i = node == NULL ? SIZE_MAX : find_fail(c, kind);

	if (i == SIZE_MAX)
		return;
	text = str_trim(str_slice(text, kind.len, text.len));
	node->pieces = compile_text(c, text);
	node->slot = (int)i;
	if (c->options->script != NULL)
		return;
	node->refusal = fails[i].kind;
	node->again = str_equal(kind, STR("ask"));
	if (node->again && !c->page->asks)
		FINDING(c, "%% fail ask stands behind an %% ask");
	if (text.len == 0)
		FINDING(c, "say to the reader why");
}

static void
directive_interface(struct compiler *c, struct node ***end)
{
	(void)end;
	if (!c->options->alone)
		FINDING(c, "%% %.*s stands at the top of a partial only",
		    STR_ARG(c->line->word));
}

static void
directive_document(struct compiler *c, struct node ***end)
{
	(void)end;
	if (c->line->text.len > 0)
		FINDING(c, "%% document takes no argument");
	c->page->document = true;
}

/* The format of the lines of a page whose extension has none. */
static enum format
format_of_type(struct str mime)
{
	static const struct {
		const char *type;
		enum format format;
	} types[] = {{"text/csv", FORMAT_CSV},
	    {"text/calendar", FORMAT_CONTENT}, {"text/vcard", FORMAT_CONTENT},
	    {"text/html", FORMAT_XML}, {"text/xml", FORMAT_XML},
	    {"application/xml", FORMAT_XML}, {"application/json", FORMAT_JSON}};
	const struct str type =
	    str_trim(str_slice(mime, 0, str_find_byte(mime, ';')));

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (str_equal_nocase(type, str_from(types[i].type)))
			return types[i].format;
	if (str_ends(type, STR("+xml")))
		return FORMAT_XML;
	return str_ends(type, STR("+json")) ? FORMAT_JSON : FORMAT_TEXT;
}

static void
directive_type(struct compiler *c, struct node ***end)
{
	struct str charset;

	(void)end;
	if (c->page->typed)
		FINDING(c, "the page has a %% type already");
	else if (str_find_byte(c->line->text, '{') != SIZE_MAX)
		FINDING(c, "%% type has no holes: a page has one type");
	else if (!media_type_read(c->line->text, &charset))
		FINDING(c,
		    "%% type takes a MIME type, for example "
		    "`%% type text/plain`");
	else if (charset.len > 0 && !str_equal_nocase(charset, STR("utf-8")))
		FINDING(c, "what a page says is UTF-8, and so must its type");
	else if (c->page->says_language &&
	    str_find(c->line->text, STR("lang=")) != SIZE_MAX)
		FINDING(c, "%% lang says the language already");
	c->page->mime = c->line->text;
	c->page->typed = true;
	if (c->page->other)
		c->page->format = format_of_type(c->line->text);
}

static void
directive_private(struct compiler *c, struct node ***end)
{
	struct page *page = c->page;
	struct str rest = c->line->text, name;

	(void)end;
	if (rest.len == 0)
		FINDING(c, "%% private names parameters of the address");
	while (rest.len > 0 && str_next_part(&rest, ' ', &name)) {
		const uint32_t bit = compile_segment(page, name);
		struct scope address = {.count = 0};

		page->private_segments |= bit;
		if (bit != 0 || name.len == 0 || c->scope.any)
			continue;
		for (size_t i = 0; i < page->parameter_count; i++)
			(void)!scope_add(&address, page->parameters[i], 0);
		FINDING(c, "the address has no parameter `%.*s`%s",
		    STR_ARG(name), scope_hint(&address, name, "", ""));
	}
}

/* % lang is a node, because the language may come from a row of a statement. */
static void
directive_lang(struct compiler *c, struct node ***end)
{
	struct node *node = compile_node(c, NODE_LANG, end);
	const struct str tag = c->line->text;

	if (node == NULL)
		return;
	c->page->says_language = true;
	node->pieces = compile_text(c, tag);
	if (c->page->typed && str_find(c->page->mime, STR("lang=")) != SIZE_MAX)
		FINDING(c, "the type says the language already");
	if (str_find_byte(tag, '{') != SIZE_MAX)
		return;
	if (!words_is_language(tag))
		FINDING(c,
		    "%% lang takes a language tag, for example "
		    "`%% lang zh-Hans`");
	else if (!words_speak(c->options->words, tag))
		findings_advise(c->options->findings, FINDING_WORDS,
		    c->source.file, c->line->line,
		    "words.ini has no words of %.*s", STR_ARG(tag));
}

static const struct {
	const char *word;
	void (*compile)(struct compiler *c, struct node ***end);
	enum block_end ends; /* if not END_OF_FILE, there is no function */
	bool page;           /* not for scripts */
} directives[] = {{"one", directive_one, END_OF_FILE, false},
    {"each", directive_each, END_OF_FILE, false},
    {"none", NULL, END_NONE, false}, {"end", NULL, END_END, false},
    {"if", directive_if, END_OF_FILE, false}, {"else", NULL, END_ELSE, false},
    {"elif", NULL, END_ELIF, false}, {"do", directive_do, END_OF_FILE, false},
    {"table", directive_rows, END_OF_FILE, false},
    {"record", directive_rows, END_OF_FILE, false},
    {"notice", directive_notice, END_OF_FILE, true},
    {"ask", directive_ask, END_OF_FILE, true},
    {"ask-secret", directive_ask, END_OF_FILE, true},
    {"upload", directive_upload, END_OF_FILE, true},
    {"cert", directive_cert, END_OF_FILE, true},
    {"account", directive_account, END_OF_FILE, true},
    {"role", directive_role, END_OF_FILE, true},
    {"edit", directive_edit, END_OF_FILE, true},
    {"go", directive_go, END_OF_FILE, true},
    {"moved", directive_go, END_OF_FILE, true},
    {"return", directive_return, END_OF_FILE, true},
    {"file", compile_file, END_OF_FILE, true},
    {"fail", directive_fail, END_OF_FILE, false},
    {"include", compile_include, END_OF_FILE, false},
    {"needs", directive_interface, END_OF_FILE, false},
    {"gives", directive_interface, END_OF_FILE, false},
    {"document", directive_document, END_OF_FILE, true},
    {"private", directive_private, END_OF_FILE, true},
    {"type", directive_type, END_OF_FILE, true},
    {"lang", directive_lang, END_OF_FILE, true}};
enum { DIRECTIVES = sizeof(directives) / sizeof(*directives) };

/* Directives of other template languages. Their nearest name would mislead. */
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
	    {"elseif", "% elif asks once more"},
	    {"elsif", "% elif asks once more"},
	    {"redirect", "% go leads to another page"},
	    {"flash", "% notice says what an act has done"},
	    {"message", "% notice says what an act has done"},
	    {"back", "% return leads back to where the reader came from"},
	    {"language", "% lang says the language of a page"},
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
		if (directives[i].page && c->options->script != NULL)
			FINDING(c, "%% %s is for pages", words[i]);
		else if (directives[i].compile != NULL)
			directives[i].compile(c, end);
		check_argument(c, directives[i].ends);
		return directives[i].ends;
	}
	hint = hint_for(c->line->word);
	if (hint != NULL) {
		FINDING(
		    c, "no directive `%.*s`; %s", STR_ARG(c->line->word), hint);
		return END_OF_FILE;
	}
	near = str_nearest(c->line->word, words, DIRECTIVES);
	FINDING(c,
	    near == NULL ? "no directive `%.*s`"
			 : "no directive `%.*s`; did you mean `%s`?",
	    STR_ARG(c->line->word), near);
	return END_OF_FILE;
}
