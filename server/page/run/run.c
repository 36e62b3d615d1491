/* SPDX-License-Identifier: ISC */
/*
 * The page runner: a walk over the nodes. After a node the walk either
 * continues or ends, because the node has settled the reply.
 */
#include "page/run/internal.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/zone.h"

/* ---- the walk ------------------------------------------------------- */

static bool
run_group(struct run *run, const struct node *node)
{
	struct str alt =
	    arena_str(run->request->arena, run_fill(run, node->pieces));

	buf_clear(&run->raw);
	if (!run_nodes(run, node->body))
		return false;
	if (run->raw.err != OK || alt.data == NULL)
		run->blocks.err = alt.data == NULL ? ERR_NOMEM : run->raw.err;
	else
		blocks_pre(&run->blocks, alt, buf_view(&run->raw));
	return true;
}

static bool
run_node(struct run *run, const struct node *node)
{
	if (upload_hides(run, node))
		return upload_await(run);
	switch (node->type) {
	case NODE_LINE:
		show_line(run, node);
		return true;
	case NODE_STORED:
		show_stored(run, node);
		/* A long text takes time that must not count for a statement.
		 */
		if (run->began && run->pending == NULL)
			(void)run_lap(run);
		return true;
	case NODE_RAW:
		show_raw(run, node);
		return true;
	case NODE_PRE:
		return run_group(run, node);
	case NODE_ONE:
		return query_one(run, node);
	case NODE_EACH:
		return query_each(run, node);
	case NODE_IF:
		return query_if(run, node);
	case NODE_DO:
		return query_do(run, node);
	case NODE_ROWS: /* of scripts, which steps.c of the tools runs */
		break;
	case NODE_ASK:
		return act_ask(run, node);
	case NODE_CERT:
		return act_cert(run, node);
	case NODE_ACCOUNT:
		return act_account(run, node);
	case NODE_ROLE:
		return act_role(run, node);
	case NODE_UPLOAD:
		return act_upload(run, node);
	case NODE_EDIT:
		return act_edit(run, node);
	case NODE_LANG:
		return act_lang(run, node);
	case NODE_NOTICE:
		return act_notice(run, node);
	case NODE_GO:
		return act_go(run, node);
	case NODE_FILE:
		return act_file(run, node);
	case NODE_FAIL:
		return act_fail(run, node);
	}
	return true;
}

bool
run_nodes(struct run *run, const struct node *node)
{
	for (; node != NULL; node = node->next) {
		if (!run_node(run, node))
			return false;
		if (run->blocks.err != OK || run->raw.err != OK) {
			enum err err = run->blocks.err != OK ? run->blocks.err
							     : run->raw.err;
			return run_refuse_for(run, node,
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
	if (text.len == 0)
		return (struct value){.type = VALUE_NULL};
	return value_text(text);
}

static void
set_first_names(struct run *run)
{
	const struct request *request = run->request;
	const struct upload *upload = request->upload;
	struct value *slots = run->slots;

	if (request->has_input)
		slots[BUILTIN_INPUT] = value_text(request->input);
	else if (upload != NULL && run->page->uploads)
		slots[BUILTIN_INPUT] = value_text(upload->body);
	slots[BUILTIN_PATH] = value_text(run->path);
	slots[BUILTIN_HOST] =
	    value_text(site_authority(run->site, request->protocol));
	slots[BUILTIN_PROTOCOL] = value_text(str_from(request->protocol->name));
	slots[BUILTIN_NOW] = value_integer(run->now_s);
	slots[BUILTIN_TODAY] = text_or_null(run->today);
	slots[BUILTIN_LANG] = value_text(run->site->language);
	slots[BUILTIN_CERT] = text_or_null(run->cert);
	if (run->cert.len > 0)
		slots[BUILTIN_CERT_NAME] = value_text(request->identity->name);
	slots[BUILTIN_QUERY] = text_or_null(request->query);
	if (upload != NULL) {
		slots[BUILTIN_BODY] = value_text(upload->body);
		slots[BUILTIN_MIME] = value_text(upload_type(run));
		slots[BUILTIN_TOKEN] = text_or_null(upload->token);
	}
	for (size_t i = 0; i < run->page->parameter_count; i++)
		slots[BUILTIN_COUNT + i] =
		    value_parameter(run->match->parameters[i]);
}

struct str
run_type(const struct run *run)
{
	const struct page *page = run->page;
	struct str mime;

	if (!page->says_language || !str_starts(page->mime, STR("text/")))
		return page->mime;
	mime = arena_printf(run->request->arena, "%.*s; lang=%.*s",
	    STR_ARG(page->mime), STR_ARG(run->reply->language));
	return mime.data == NULL ? page->mime : mime;
}

static void
settle_page(struct run *run)
{
	struct page *page = run->page;
	struct reply *reply = run->reply;

	if (run->unfit) {
		confirm_offer(run, NULL);
		return;
	}
	if (run->request->edit) {
		run_refuse_word(run, REFUSAL_BAD, WORD_NOTHING_TO_EDIT);
		return;
	}
	if (page->format == FORMAT_GEMTEXT) {
		reply->type = REPLY_BLOCKS;
		reply->blocks = run->blocks;
		reply->document = page->document;
		reply->mime = page->typed ? run_type(run) : STR("");
		return;
	}
	reply->type = REPLY_BYTES;
	reply->mime = run_type(run);
	if (arena_take(run->request->arena, &run->raw, &reply->bytes) != OK)
		run_refuse(run, REFUSAL_BROKEN, STR(""));
}

static enum err
prepare(struct run *run)
{
	struct arena *arena = run->request->arena;
	const struct identity *identity = run->request->identity;
	struct buf path;
	enum err err;

	run->slots = arena_array(
	    arena, (size_t)run->page->slot_count + 1, sizeof(*run->slots));
	if (run->slots == NULL)
		return ERR_NOMEM;
	buf_init(&path, TEXT_MAX);
	path_add(&path, &run->request->path);
	err = arena_take(arena, &path, &run->path);
	buf_release(&path);
	if (err != OK)
		return err;
	run->cert = identity != NULL && identity->valid ? identity->fingerprint
							: STR("");
	blocks_init(&run->blocks, arena, LIMIT_PAGE_BYTES);
	buf_init(&run->raw,
	    run->page->format == FORMAT_GEMTEXT ? LIMIT_PAGE_BYTES
						: LIMIT_DATA_BYTES);
	buf_init(&run->line, LIMIT_PAGE_BYTES);
	buf_init(&run->address, TEXT_MAX);
	if (zone_add(&run->line, run->now_s, ZONE_DAY))
		run->today = arena_str(arena, buf_view(&run->line));
	err = run->line.err;
	buf_clear(&run->line);
	set_first_names(run);
	return err;
}

static void
release(struct run *run)
{
	buf_release(&run->raw);
	buf_release(&run->line);
	buf_release(&run->address);
}

/* The page from its first line. */
static void
run_page(struct run *run)
{
	if (run_nodes(run, run->page->first) && !run->settled)
		settle_page(run);
}

/* The page from its first line, under the lock. */
static void
run_again(struct run *run, const struct reply *fresh)
{
	run->again = false;
	run->taken = false;
	run->notice = STR("");
	run->pending = NULL;
	*run->reply = *fresh;
	release(run);
	if (prepare(run) != OK)
		run_refuse(run, REFUSAL_BROKEN, STR(""));
	else if (account_find(run))
		run_page(run);
}

bool
page_waits(const struct page *page, const struct request *request, bool sealed)
{
	const uint64_t mean_us = stats_mean_cost(page->stats);
	/* Several acts at once may be the first that anybody sees of a page. */
	const bool unknown = page->stats != NULL && mean_us == 0;

	if (request->costly == NULL ||
	    (mean_us <= LIMIT_COSTLY_US &&
		!(unknown && PAGE_USES_WRITER(page))))
		return false;
	*request->costly =
	    (struct costly){unknown ? 1 : mean_us, unknown, sealed};
	return true;
}

/* false: the page waits for a lane, or none has come. */
static bool
may_run(struct run *run)
{
	if (run->request->sent_back) {
		run->reply->stats = NULL; /* the mean is of the page's runs */
		run->reply->deliberate = true; /* the text is to be read */
		return run_refuse_word(run, REFUSAL_BUSY, WORD_BUSY);
	}
	return !run->page->sealed ||
	    !page_waits(run->page, run->request, !run->unfit) ||
	    run_refuse(run, REFUSAL_BUSY, STR(""));
}

void
page_run(struct site *site, const struct match *match,
    const struct request *request, struct reply *reply)
{
	struct run run = {.site = site,
	    .match = match,
	    .page = match->page,
	    .request = request,
	    .reply = reply,
	    .now_s = clock_now_s()};
	struct reply fresh;
	bool past_seal;

	reply->language = site->language;
	fresh = *reply;
	if (site->tally != NULL)
		terms_reader(
		    tally_terms(site->tally), request->peer, run.now_s);
	if (prepare(&run) != OK) {
		run_refuse(&run, REFUSAL_BROKEN, STR(""));
		return;
	}
	/* Not if `% cert` will refuse this reader anyway. */
	if (request->upload != NULL && request->upload->body.len > 0 &&
	    !request->sent_back && (run.cert.len > 0 || !run.page->needs_cert))
		upload_sniff(&run);
	/* Whose it is decides whether an upload with a bad seal is kept. */
	past_seal = account_find(&run) && confirm_check(&run) && may_run(&run);
	if (past_seal)
		run_page(&run);
	if (run.again && !run.settled)
		run_again(&run, &fresh);
	past_seal = past_seal && !run.unfit;
	upload_settle(&run, past_seal);
	run_finish(&run);
	draft_keep(&run, past_seal);
	if (request->notice.len > 0 && reply->type == REPLY_BLOCKS)
		show_notice(&run);
	blob_look(&run);
	release(&run);
	reply->past_seal = past_seal;
}
