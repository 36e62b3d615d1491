/* SPDX-License-Identifier: ISC */
/*
 * The page runner: a walk over the nodes. Each node either goes on or settles
 * the reply; nothing downstream is asked anything.
 */
#include "page/run.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "page/statement.h"
#include "page/template.h"
#include "text/read.h"

enum { TEXT_MAX = 16 * 1024 }; /* bytes of one line with its holes filled */

struct run {
	struct site *site;
	const struct match *match;
	struct page *page;
	const struct request *request;
	struct reply *reply;
	struct value *slots;
	struct blocks blocks;
	struct buf raw;  /* of a raw page, or of the group being made */
	struct buf line; /* scratch */
	struct buf address;
	struct str path; /* canonical, encoded */
	struct str cert; /* fingerprint, or empty */
	int64_t now_s;
	bool began; /* a transaction is open */
	bool settled;
};

static bool run_nodes(struct run *run, const struct node *node);

/* ---- settling ------------------------------------------------------ */

static bool
refuse(struct run *run, enum refusal kind, struct str text)
{
	reply_refuse(run->reply, kind, text);
	run->settled = true;
	return false;
}

static bool
refuse_for(struct run *run, const struct node *node, enum err err,
    const char *what)
{
	if (err == ERR_BUSY || err == ERR_LATE) {
		log_warn("page: %.*s:%u: %s: %s", STR_ARG(node->file),
		    node->line, err == ERR_LATE ? "took too long" : "busy",
		    what);
		return refuse(run, REFUSAL_BUSY, STR("Busy"));
	}
	if (err == ERR_INPUT) {
		log_info("page: %.*s:%u: refused: %s", STR_ARG(node->file),
		    node->line, what);
		return refuse(run, REFUSAL_BAD,
		    STR("Not accepted 这项内容不能接受"));
	}
	log_error("page: %.*s:%u: %s", STR_ARG(node->file), node->line, what);
	return refuse(run, REFUSAL_BROKEN,
	    STR("Temporary failure 暂时无法提供,请稍后再试"));
}

static bool
settle_text(struct run *run, enum reply_type type, struct str text)
{
	run->reply->text = arena_str(run->request->arena, text);
	if (run->reply->text.data == NULL)
		return refuse(run, REFUSAL_BROKEN, STR("Out of memory"));
	run->reply->type = type;
	run->settled = true;
	return false;
}

/* ---- transactions -------------------------------------------------- */

static int
step_alone(sqlite3_stmt *stmt)
{
	int code = sqlite3_step(stmt);

	sqlite3_reset(stmt);
	return code;
}

static bool
uses_writer(const struct run *run)
{
	return PAGE_USES_WRITER(run->page);
}

static sqlite3 *
connection(const struct run *run)
{
	return uses_writer(run) ? store_writer(run->site->store)
				: store_reader(run->site->store);
}

/* Begin at the first statement: a page without SQL needs no transaction. */
static bool
begin(struct run *run, const struct node *node)
{
	struct site *site = run->site;
	int code;

	if (run->began)
		return true;
	store_deadline(site->store, PAGE_TIME_MS);
	code = step_alone(
	    uses_writer(run) ? site->begin_write : site->begin_read);
	if (code != SQLITE_DONE)
		return refuse_for(run, node, store_err(code),
		    sqlite3_errmsg(connection(run)));
	run->began = true;
	return true;
}

static bool
is_kept(const struct reply *reply)
{
	return reply->type == REPLY_BLOCKS || reply->type == REPLY_BYTES ||
	    reply->type == REPLY_REDIRECT;
}

static void
finish(struct run *run)
{
	static const struct node nowhere = {.file = {"commit", 6}};
	struct site *site = run->site;
	int code;

	if (!run->began)
		return;
	store_deadline(site->store, 0);
	if (!uses_writer(run)) {
		step_alone(site->end_read);
		return;
	}
	if (!is_kept(run->reply)) {
		step_alone(site->rollback);
		return;
	}
	code = step_alone(site->commit);
	if (code == SQLITE_DONE)
		return;
	refuse_for(run, &nowhere, store_err(code),
	    sqlite3_errmsg(store_writer(site->store)));
	if (!sqlite3_get_autocommit(store_writer(site->store)))
		step_alone(site->rollback);
}

/* ---- lines --------------------------------------------------------- */

static struct str
fill_line(struct run *run, const struct piece *pieces, enum fill fill)
{
	buf_clear(&run->line);
	template_fill(&run->line, pieces, run->slots, fill);
	return buf_view(&run->line);
}

static struct seal_scope
seal_scope(const struct run *run, struct str folder)
{
	return (struct seal_scope){run->site->secret, folder, run->cert,
	    run->now_s};
}

/* The address so far is the seal's folder, as the page says it. */
static void
add_seal(struct run *run)
{
	struct seal_scope scope;
	struct buf folder;

	buf_init(&folder, TEXT_MAX);
	path_resolve(&folder, run->path, buf_view(&run->address));
	if (buf_view(&folder).len == 0)
		folder.err = ERR_LIMIT;
	scope = seal_scope(run, buf_view(&folder));
	if (folder.err == OK)
		seal_add(&run->address, &scope);
	else
		run->address.err = folder.err;
	buf_release(&folder);
}

/* false: a whole address from data that is none of ours to link to. */
static bool
fill_address(struct run *run, const struct piece *pieces)
{
	bool in_query = false;

	buf_clear(&run->address);
	for (const struct piece *p = pieces; p != NULL; p = p->next) {
		if (p->slot < 0) {
			buf_str(&run->address, p->literal);
			in_query |= str_find_byte(p->literal, '?') != SIZE_MAX;
		} else if (p->filter == FILTER_SEAL) {
			add_seal(run);
		} else if (p->filter == FILTER_URL) {
			struct url url;
			struct str text = run->slots[p->slot].text;
			if (run->slots[p->slot].type != VALUE_TEXT)
				return false;
			buf_str(&run->address, text);
			if (url_is_allowed(text))
				continue;
			/* Or a path of our own. */
			if (!str_starts(text, STR("/")) ||
			    url_parse(text, &url) != OK || url.has_authority)
				return false;
		} else {
			template_add_value(&run->address,
			    &run->slots[p->slot], FILL_ADDRESS, in_query);
		}
	}
	return true;
}

static void
run_line(struct run *run, const struct node *node)
{
	struct blocks *blocks = &run->blocks;
	struct str text = fill_line(run, node->pieces, FILL_LINE);
	bool linked = node->block == BLOCK_LINK &&
	    fill_address(run, node->address) && run->address.err == OK;

	switch (node->block) {
	case BLOCK_LINK:
		if (linked)
			blocks_link(blocks, buf_view(&run->address), text);
		else if (text.len > 0)
			blocks_text(blocks, text);
		break;
	case BLOCK_HEADING:
		blocks_heading(blocks, node->level, text);
		break;
	case BLOCK_ITEM:
		blocks_item(blocks, text);
		break;
	case BLOCK_QUOTE:
		blocks_quote(blocks, text);
		break;
	default:
		blocks_text(blocks, text);
		break;
	}
	if (run->line.err != OK && blocks->err == OK)
		blocks->err = run->line.err;
}

static void
run_stored(struct run *run, const struct node *node)
{
	struct value *value = &run->slots[node->slot];
	struct str text = value->text;

	if (value->type == VALUE_NULL)
		return;
	if (value->type != VALUE_TEXT)
		text = fill_line(run, node->pieces, FILL_LINE);
	if (node->filter == FILTER_GEMTEXT)
		read_gemtext(&run->blocks, text, node->level);
	else if (node->filter == FILTER_QUOTE)
		read_quote(&run->blocks, text);
	else
		read_plain(&run->blocks, text);
}

static void
run_raw(struct run *run, const struct node *node)
{
	static const enum fill fills[] = {[FORMAT_GEMTEXT] = FILL_LINE,
	    [FORMAT_TEXT] = FILL_LINE, [FORMAT_XML] = FILL_XML,
	    [FORMAT_CSV] = FILL_CSV, [FORMAT_JSON] = FILL_JSON};

	template_fill(&run->raw, node->pieces, run->slots,
	    fills[run->page->format]);
	buf_char(&run->raw, '\n');
}

static bool
run_group(struct run *run, const struct node *node)
{
	struct str alt = arena_str(run->request->arena,
	    fill_line(run, node->pieces, FILL_LINE));

	buf_clear(&run->raw);
	if (!run_nodes(run, node->body))
		return false;
	if (run->raw.err != OK || alt.data == NULL)
		run->blocks.err = alt.data == NULL ? ERR_NOMEM : run->raw.err;
	else
		blocks_pre(&run->blocks, alt, buf_view(&run->raw));
	return true;
}

/* ---- SQL ----------------------------------------------------------- */

/* Bind and take the first step. SQLITE_ROW, SQLITE_DONE; else the reply is
 * settled. */
static int
start(struct run *run, const struct node *node)
{
	int code;

	if (!begin(run, node))
		return SQLITE_ERROR;
	code = statement_bind(&node->statement, run->slots);
	if (code == SQLITE_OK)
		code = sqlite3_step(node->statement.stmt);
	if (code == SQLITE_ROW || code == SQLITE_DONE)
		return code;
	refuse_for(run, node, store_err(code),
	    sqlite3_errmsg(connection(run)));
	sqlite3_reset(node->statement.stmt);
	return SQLITE_ERROR;
}

static bool
take_row(struct run *run, const struct node *node)
{
	enum err err = statement_row(&node->statement, run->request->arena,
	    run->slots);

	return err == OK || refuse_for(run, node, err, "a row is too large");
}

static bool
run_one(struct run *run, const struct node *node)
{
	int code = start(run, node);
	bool on = code == SQLITE_ROW ? take_row(run, node)
	    : code == SQLITE_DONE ? refuse(run, REFUSAL_MISSING, STR(""))
				  : false;

	sqlite3_reset(node->statement.stmt);
	return on;
}

static bool
run_do(struct run *run, const struct node *node)
{
	int code = start(run, node);
	bool on = code == SQLITE_ROW || code == SQLITE_DONE;

	for (int i = 0; on && code == SQLITE_DONE &&
	    i < node->statement.column_count; i++)
		run->slots[node->statement.first_slot + i] =
		    (struct value){.type = VALUE_NULL};
	if (on && code == SQLITE_ROW)
		on = take_row(run, node);
	sqlite3_reset(node->statement.stmt);
	return on;
}

static bool
run_each(struct run *run, const struct node *node)
{
	int code = start(run, node);
	bool on = code != SQLITE_ERROR;

	if (code == SQLITE_DONE) {
		sqlite3_reset(node->statement.stmt);
		return run_nodes(run, node->otherwise);
	}
	while (on && code == SQLITE_ROW) {
		on = take_row(run, node) && run_nodes(run, node->body);
		if (!on)
			break;
		code = sqlite3_step(node->statement.stmt);
		if (code != SQLITE_ROW && code != SQLITE_DONE)
			on = refuse_for(run, node, store_err(code),
			    sqlite3_errmsg(connection(run)));
	}
	sqlite3_reset(node->statement.stmt);
	return on;
}

static bool
run_if(struct run *run, const struct node *node)
{
	int code = start(run, node);
	bool yes = code == SQLITE_ROW &&
	    sqlite3_column_int(node->statement.stmt, 0) != 0;

	sqlite3_reset(node->statement.stmt);
	if (code == SQLITE_ERROR)
		return false;
	return run_nodes(run, yes ? node->body : node->otherwise);
}

/* ---- asking, identity, uploads, leaving ---------------------------- */

static bool
run_ask(struct run *run, const struct node *node)
{
	if (run->slots[BUILTIN_INPUT].type != VALUE_NULL || run->request->edit)
		return true;
	run->reply->secret = node->secret;
	return settle_text(run, REPLY_PROMPT,
	    fill_line(run, node->pieces, FILL_LINE));
}

static bool
run_cert(struct run *run, const struct node *node)
{
	const struct identity *identity = run->request->identity;

	if (identity == NULL)
		return refuse(run, REFUSAL_NEEDS_CERT,
		    arena_str(run->request->arena,
			fill_line(run, node->pieces, FILL_LINE)));
	if (!identity->valid)
		return refuse(run, REFUSAL_BAD_CERT, STR(""));
	return true;
}

/* Is mime (without its parameters) one of the types, split by spaces? */
static bool
is_among(struct str mime, struct str types)
{
	struct str type;

	mime = str_trim(str_slice(mime, 0, str_find_byte(mime, ';')));
	while (str_next_part(&types, ' ', &type))
		if (type.len > 0 && str_equal_nocase(mime, type))
			return true;
	return false;
}

static bool
run_upload(struct run *run, const struct node *node)
{
	const struct upload *upload = run->request->upload;
	struct str mime;

	if (run->request->edit || (upload == NULL && run->page->asks))
		return true;
	if (upload == NULL)
		return refuse(run, REFUSAL_BAD,
		    STR("Upload expected 此地址接收 Titan 上传"));
	mime = upload->mime.len > 0 ? upload->mime : STR("text/gemini");
	if (upload->body.len == 0)
		return refuse(run, REFUSAL_BAD, STR("Empty upload 内容为空"));
	if (upload->body.len > node->limit)
		return refuse(run, REFUSAL_BAD,
		    arena_printf(run->request->arena,
			"Too large 最多 %zu 字节", node->limit));
	if (!is_among(mime, node->mimes) ||
	    (str_starts(mime, STR("text/")) && !utf8_valid(upload->body)))
		return refuse(run, REFUSAL_BAD,
		    STR("Type not accepted 不接受这种类型"));
	return true;
}

static bool
run_edit(struct run *run, const struct node *node)
{
	struct value *value = &run->slots[node->slot];

	if (!run->request->edit)
		return true;
	run->reply->type = REPLY_BYTES;
	run->reply->mime = STR("text/gemini; charset=utf-8");
	run->reply->bytes = value->text;
	run->settled = true;
	return false;
}

static bool
run_go(struct run *run, const struct node *node)
{
	struct buf target;
	struct str where;
	bool ok = fill_address(run, node->address) && run->address.err == OK;

	where = buf_view(&run->address);
	buf_init(&target, TEXT_MAX);
	if (ok && str_find(where, STR("://")) == SIZE_MAX) {
		size_t query = str_find_byte(where, '?');
		path_resolve(&target, run->path, str_slice(where, 0, query));
		buf_str(&target, str_slice(where, query, where.len));
	} else {
		/* Nobody is sent away by what the data say. */
		ok = false;
	}
	if (ok && target.err == OK) {
		run->reply->permanent = node->permanent;
		settle_text(run, REPLY_REDIRECT, buf_view(&target));
	} else {
		refuse_for(run, node, ERR_IO, "not a path of this capsule");
	}
	buf_release(&target);
	return false;
}

static bool
run_fail(struct run *run, const struct node *node)
{
	return refuse(run, node->refusal,
	    arena_str(run->request->arena,
		fill_line(run, node->pieces, FILL_LINE)));
}

static bool
run_node(struct run *run, const struct node *node)
{
	switch (node->type) {
	case NODE_LINE:
		run_line(run, node);
		return true;
	case NODE_STORED:
		run_stored(run, node);
		return true;
	case NODE_RAW:
		run_raw(run, node);
		return true;
	case NODE_PRE:
		return run_group(run, node);
	case NODE_ONE:
		return run_one(run, node);
	case NODE_EACH:
		return run_each(run, node);
	case NODE_IF:
		return run_if(run, node);
	case NODE_DO:
		return run_do(run, node);
	case NODE_ASK:
		return run_ask(run, node);
	case NODE_CERT:
		return run_cert(run, node);
	case NODE_UPLOAD:
		return run_upload(run, node);
	case NODE_EDIT:
		return run_edit(run, node);
	case NODE_GO:
		return run_go(run, node);
	case NODE_FAIL:
		return run_fail(run, node);
	}
	return true;
}

static bool
run_nodes(struct run *run, const struct node *node)
{
	for (; node != NULL; node = node->next) {
		if (!run_node(run, node))
			return false;
		if (run->blocks.err != OK || run->raw.err != OK) {
			enum err err = run->blocks.err != OK ? run->blocks.err
							     : run->raw.err;
			return refuse_for(run, node,
			    err == ERR_NOMEM ? err : ERR_IO,
			    err == ERR_LIMIT ? "the page outgrows its limit"
					     : "the page cannot be made");
		}
	}
	return true;
}

/* ---- a run --------------------------------------------------------- */

static struct value
text_or_null(struct str text)
{
	return text.len == 0 ? (struct value){.type = VALUE_NULL}
			     : value_text(text);
}

static void
set_first_names(struct run *run)
{
	const struct request *request = run->request;
	const struct upload *upload = request->upload;
	struct value *slots = run->slots;
	bool gopher = request->protocol == PROTOCOL_GOPHER;

	if (request->has_input)
		slots[BUILTIN_INPUT] = value_text(request->input);
	else if (upload != NULL && run->page->uploads)
		slots[BUILTIN_INPUT] = value_text(upload->body);
	slots[BUILTIN_PATH] = value_text(run->path);
	slots[BUILTIN_HOST] = value_text(gopher ? run->site->gopher_authority
					: run->site->gemini_authority);
	slots[BUILTIN_PROTOCOL] =
	    value_text(gopher ? STR("gopher") : STR("gemini"));
	slots[BUILTIN_NOW] = value_integer(run->now_s);
	slots[BUILTIN_CERT] = text_or_null(run->cert);
	if (run->cert.len > 0)
		slots[BUILTIN_CERT_NAME] = value_text(request->identity->name);
	slots[BUILTIN_QUERY] = text_or_null(request->query);
	if (upload != NULL) {
		slots[BUILTIN_BODY] = value_text(upload->body);
		slots[BUILTIN_MIME] = value_text(upload->mime.len > 0
			? upload->mime : STR("text/gemini"));
		slots[BUILTIN_TOKEN] = text_or_null(upload->token);
	}
	for (size_t i = 0; i < run->page->parameter_count; i++)
		slots[BUILTIN_COUNT + i] =
		    value_parameter(run->match->parameters[i]);
}

/* The nearest folder above the page that has an index. */
static bool
lead_back(struct run *run)
{
	struct path path = run->request->path;
	struct match match;
	struct buf text;

	buf_init(&text, TEXT_MAX);
	path.folder = true;
	while (path.count > 0) {
		path.count--;
		map_route(&run->site->map, &path, &match);
		if (match.type == MATCH_PAGE)
			break;
	}
	path_add(&text, &path);
	if (path.count == 0)
		buf_clear(&text), buf_char(&text, '/');
	run->reply->permanent = false;
	if (text.err == OK)
		settle_text(run, REPLY_REDIRECT, buf_view(&text));
	else
		refuse(run, REFUSAL_BAD, STR(""));
	buf_release(&text);
	return false;
}

/*
 * A page named [seal] runs only with a good seal, and uses it up in its own
 * transaction: what is rolled back leaves the seal good.
 */
static bool
check_seal(struct run *run)
{
	static const struct node here = {.file = {"seal", 4}};
	struct path path = run->request->path;
	struct str token;
	struct seal_scope scope;
	struct buf folder;
	bool good;
	enum err err;

	if (!run->page->sealed)
		return true;
	token = path.segment[path.count - 1];
	path.count--;
	path.folder = true;
	buf_init(&folder, TEXT_MAX);
	path_add(&folder, &path);
	scope = seal_scope(run, buf_view(&folder));
	good = folder.err == OK && seal_is_good(token, &scope);
	buf_release(&folder);
	if (!good)
		return lead_back(run);
	if (!begin(run, &here))
		return false;
	err = seal_use(store_writer(run->site->store), token, run->now_s);
	if (err == ERR_INPUT)
		return lead_back(run);
	return err == OK ||
	    refuse_for(run, &here, err, "cannot use up a seal");
}

static void
settle_page(struct run *run)
{
	struct page *page = run->page;
	struct reply *reply = run->reply;
	enum err err;

	if (run->request->edit) {
		refuse(run, REFUSAL_BAD, STR("Nothing to edit here"));
		return;
	}
	if (page->format == FORMAT_GEMTEXT) {
		reply->type = REPLY_BLOCKS;
		reply->blocks = run->blocks;
		reply->document = page->document;
		reply->language = run->site->language;
		reply->mime = page->typed ? page->mime : STR("");
		return;
	}
	reply->type = REPLY_BYTES;
	reply->mime = page->mime;
	err = arena_take(run->request->arena, &run->raw, &reply->bytes);
	if (err != OK)
		refuse_for(run, page->first, ERR_IO, "no memory for a page");
}

static enum err
prepare(struct run *run)
{
	struct arena *arena = run->request->arena;
	const struct identity *identity = run->request->identity;
	struct buf path;
	enum err err;

	run->slots = arena_array(arena, (size_t)run->page->slot_count + 1,
	    sizeof(*run->slots));
	if (run->slots == NULL)
		return ERR_NOMEM;
	buf_init(&path, TEXT_MAX);
	path_add(&path, &run->request->path);
	err = arena_take(arena, &path, &run->path);
	buf_release(&path);
	if (err != OK)
		return err;
	run->now_s = clock_now_s();
	run->cert = identity != NULL && identity->valid
	    ? identity->fingerprint : STR("");
	blocks_init(&run->blocks, arena, PAGE_OUTPUT_MAX);
	buf_init(&run->raw, PAGE_OUTPUT_MAX);
	buf_init(&run->line, PAGE_OUTPUT_MAX);
	buf_init(&run->address, TEXT_MAX);
	set_first_names(run);
	return OK;
}

void
page_run(struct site *site, const struct match *match,
    const struct request *request, struct reply *reply)
{
	struct run run = {.site = site, .match = match, .page = match->page,
	    .request = request, .reply = reply};

	if (prepare(&run) != OK) {
		refuse(&run, REFUSAL_BROKEN, STR("Out of memory"));
		return;
	}
	if (check_seal(&run) && run_nodes(&run, run.page->first) &&
	    !run.settled)
		settle_page(&run);
	finish(&run);
	buf_release(&run.raw);
	buf_release(&run.line);
	buf_release(&run.address);
}
