/* SPDX-License-Identifier: ISC */
/*
 * What a page does besides showing: the directives ask, cert, lang, go,
 * return, notice and fail.
 */
#include "page/run/internal.h"

#include "base/utf8.h"
#include "page/run/notice.h"
#include "page/run/return_address.h"

bool
act_ask(struct run *run, const struct node *node)
{
	run->reply->secret =
	    node->secret; /* also for the prompt of % fail ask */
	if (run->unfit)
		return confirm_offer(run, node->pieces);
	if (run->slots[BUILTIN_INPUT].type != VALUE_NULL || run->request->edit)
		return true;
	return run_settle(run, REPLY_PROMPT, run_fill(run, node->pieces));
}

bool
act_cert(struct run *run, const struct node *node)
{
	const struct identity *identity = run->request->identity;

	if (identity == NULL)
		return run_refuse(run, REFUSAL_NEEDS_CERT,
		    arena_str(
			run->request->arena, run_fill(run, node->pieces)));
	if (!identity->valid)
		return run_refuse(run, REFUSAL_BAD_CERT,
		    words_fill(run->reply->words, run->request->arena,
			identity->fault, &identity->fault_date));
	return account_refuse_revoked(run);
}

/* Set the language of the page and of refusals from here on. A text that is not
 * a language tag means the portal's language. */
bool
act_lang(struct run *run, const struct node *node)
{
	const struct site *site = run->site;
	const struct str tag = str_trim(run_fill(run, node->pieces));
	struct str language = site->language;

	if (words_is_language(tag))
		language = arena_str(run->request->arena, tag);
	if (language.data == NULL)
		return run_refuse(run, REFUSAL_BROKEN, STR(""));
	run->reply->language = language;
	run->reply->words = words_of(site->words, language);
	run->slots[BUILTIN_LANG] = value_text(language);
	return true;
}

bool
act_notice(struct run *run, const struct node *node)
{
	struct str text;

	if (!query_may_write(run, node))
		return false;
	text =
	    str_trim(utf8_cut(run_fill(run, node->pieces), NOTICE_MAX_BYTES));
	run->notice = arena_str(run->request->arena, text);
	return run->notice.data != NULL ||
	    run_refuse(run, REFUSAL_BROKEN, STR(""));
}

/* Is there room for a notice's token behind a redirect's target? */
static bool
has_room(const struct run *run, const struct buf *target)
{
	const struct protocol *protocol = run->request->protocol;

	return strlen(protocol->name) + sizeof("://?") +
	    site_authority(run->site, protocol).len + target->len +
	    NOTICE_QUERY <=
	    protocol->line_max;
}

/* Redirect to an address of this capsule, with the notice of this act, or of an
 * act whose reader has not seen a page yet. */
static bool
lead_on(struct run *run, struct str address)
{
	const struct request *request = run->request;
	struct path page;
	const struct notice_scope scope = {run->site->seal_keys.link,
	    run->now_s, &page, run->cert.len > 0 ? NULL : request->peer};
	struct buf target;
	struct str token;
	enum err err = OK;

	buf_init(&target, TEXT_MAX);
	buf_str(&target, address);
	if (!has_room(run, &target) ||
	    path_parse(request->arena,
		str_slice(address, 0, str_find_byte(address, '?')),
		&page) != OK) {
		/* The act counts, and what it says does not fit. */
	} else if (run->notice.len > 0) {
		notice_add(&target, &scope, STR(""), &token);
		err = target.err != OK
		    ? target.err
		    : notice_store(
			  run->site, token, run->cert, run->notice, run->now_s);
	} else if (request->notice.len > 0) {
		notice_add(&target, &scope, request->notice, &token);
	}
	if (err == OK)
		return run_lead(run, &target, REFUSAL_BROKEN);
	buf_release(&target);
	return run_refuse_sql(run, &(struct node){.file = run->page->file}, err,
	    "cannot store a notice");
}

/* The address that a reader of this page came from. false: there is none. */
static bool
find_return(struct run *run, struct str *out)
{
	return return_address_read(run->request->arena,
		   run->site->seal_keys.link, run_own_return(run), out) == OK;
}

bool
act_send_away(struct run *run, struct str before, struct str after)
{
	struct buf target;

	buf_init(&target, TEXT_MAX);
	buf_str(&target, before);
	run_add_return(run, &target);
	buf_str(&target, after);
	return run_lead(run, &target, REFUSAL_BROKEN);
}

/* Redirect to the path of the node. */
static bool
lead_to_node(struct run *run, const struct node *node)
{
	struct buf target;
	struct url url;
	/* Stored data must not redirect a reader to another host. */
	bool ok = run_fill_address(run, node->address) &&
	    run->address.err == OK &&
	    url_parse(buf_view(&run->address), &url) == OK &&
	    url.scheme.len == 0 && !url.has_authority;

	buf_init(&target, TEXT_MAX);
	if (ok) {
		path_resolve(&target, run->path, url.path);
		if (url.has_query)
			buf_printf(&target, "?%.*s", STR_ARG(url.query));
	}
	if (ok && target.err == OK && node->permanent) {
		run->reply->permanent = true;
		run_settle(run, REPLY_REDIRECT, buf_view(&target));
	} else if (ok && target.err == OK) {
		lead_on(run, buf_view(&target));
	} else {
		run_refuse_for(run, node, ERR_IO, "not a path of this capsule");
	}
	buf_release(&target);
	return false;
}

bool
act_go(struct run *run, const struct node *node)
{
	struct str came_from;

	if (node->returns && find_return(run, &came_from))
		return lead_on(run, came_from);
	return lead_to_node(run, node);
}

/* % fail busy SECONDS. false: the text is a sentence, not a number. */
static bool
refuse_for_seconds(struct run *run, struct str text)
{
	int64_t seconds;

	if (str_to_int(str_trim(text), 0, INT32_MAX, &seconds) != OK)
		return false;
	run_refuse(run, REFUSAL_BUSY, STR(""));
	run->reply->wait_s = (unsigned)seconds;
	return true;
}

bool
act_fail(struct run *run, const struct node *node)
{
	struct str text = run_fill(run, node->pieces);

	/* A prompt for a line is useless to a client that uploads. */
	if (node->again && run->request->upload == NULL)
		return run_settle(run, REPLY_PROMPT, text);
	run->reply->deliberate = true;
	if (node->refusal == REFUSAL_BUSY && refuse_for_seconds(run, text))
		return false;
	return run_refuse(
	    run, node->refusal, arena_str(run->request->arena, text));
}
