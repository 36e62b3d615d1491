/* SPDX-License-Identifier: ISC */
/*
 * Permanent redirects, and those of pages/_missing.gmi, are checked before they
 * are sent. The client's next request is answered here, without counting a view
 * and without running a page that writes. This costs a second run of a page,
 * but only for an address that is not quite right, which is rare. It protects
 * the reader from a permanent redirect to nothing.
 */
#include "page/serve/internal.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/stats.h"
#include "text/input.h"
#include "page/run/site_parts.h"

enum { HOPS_MAX = 5 }; /* a Gemini client follows as many */

enum end {
	END_THERE,   /* a page, file, prompt, or wanted certificate */
	END_NOWHERE, /* missing, gone, malformed, foreign */
	END_ROUND,   /* more redirects than a client follows */
	END_UNSURE   /* not known at the moment */
};

/* Decode the query of an address of this capsule. false: a request cannot have
 * this query. */
static bool
take_words(struct arena *arena, struct str query, struct str *out)
{
	uint32_t bad;

	return url_decode(arena, query, out) == OK &&
	    input_read(arena, *out, out, &bad) == OK;
}

bool
lead_request(struct request *request, struct str target)
{
	const size_t mark = str_find_byte(target, '?');
	const bool asked = mark != SIZE_MAX;

	request->query =
	    asked ? str_slice(target, mark + 1, target.len) : STR("");
	request->has_input = asked;
	return path_parse(request->arena, str_slice(target, 0, mark),
		   &request->path) == OK &&
	    take_words(request->arena, request->query, &request->input);
}

static enum end
end_of(const struct reply *reply)
{
	if (reply->type != REPLY_REFUSAL)
		return END_THERE;
	switch (reply->refusal) {
	case REFUSAL_MISSING:
	case REFUSAL_GONE:
	case REFUSAL_BAD:
	case REFUSAL_FOREIGN:
		return END_NOWHERE;
	case REFUSAL_FORBIDDEN:
	case REFUSAL_NEEDS_CERT:
	case REFUSAL_BAD_CERT:
		return END_THERE;
	case REFUSAL_BUSY:
	case REFUSAL_DOWN:
	case REFUSAL_BROKEN:
		break;
	}
	return END_UNSURE;
}

/* Follow the redirects from *reply on. *last: the last reply. */
static enum end
go_ahead(struct site *site, const struct request *request,
    const struct reply *reply, struct reply *last)
{
	struct request next = *request;
	struct match match;

	*last = *reply;
	for (int hops = 0; hops < HOPS_MAX; hops++) {
		if (!lead_request(&next, last->text))
			return END_UNSURE;
		dispatch_find(site, &next.path, &match);
		/* A page that writes must not run for a check. */
		if (match.page != NULL && PAGE_USES_WRITER(match.page))
			return END_THERE;
		dispatch_path(site, &match, &next, last);
		if (last->type == REPLY_FILE)
			close(last->file);
		last->file = -1;
		if (last->type != REPLY_REDIRECT)
			return end_of(last);
	}
	return END_ROUND;
}

static enum end
look_ahead(struct site *site, const struct request *request,
    const struct reply *reply, struct reply *last)
{
	enum end end;

	if (site->tally != NULL)
		tally_pause(site->tally, true);
	end = go_ahead(site, request, reply, last);
	if (site->tally != NULL)
		tally_pause(site->tally, false);
	return end;
}

void
lead_check(
    struct site *site, const struct request *request, struct reply *reply)
{
	struct reply last;

	if (reply->type != REPLY_REDIRECT || !reply->permanent)
		return;
	switch (look_ahead(site, request, reply, &last)) {
	case END_THERE:
		break;
	case END_NOWHERE:
		last.page = reply->page;
		last.stats = reply->stats;
		*reply = last;
		break;
	case END_ROUND:
	case END_UNSURE:
		reply->permanent = false;
		break;
	}
}

/* ---- addresses that nothing answers --------------------------------- */

/* The path without ".txt": pages/_missing.gmi knows old addresses only as
 * pages. */
static struct path
page_of_twin(struct path path)
{
	struct str *last = &path.segment[path.count - 1];

	*last = str_slice(*last, 0, last->len - (sizeof(".txt") - 1));
	if (last->len == 0) {
		path.count--;
		path.folder = true;
	}
	return path;
}

static bool
may_be_elsewhere(const struct site *site, const struct match *match,
    const struct request *request, const struct reply *reply)
{
	return site->missing != NULL && site->missing->findings == 0 &&
	    reply->type == REPLY_REFUSAL &&
	    (reply->refusal == REFUSAL_MISSING ||
		reply->refusal == REFUSAL_GONE) &&
	    !request_uploads(request) &&
	    (match->page == NULL ||
		link_is_for(request->protocol, match->page));
}

/* Links may follow a refusal in a menu, not a refusal in a text. */
static bool
may_show_links(const struct match *match)
{
	return match->type != MATCH_TWIN &&
	    (match->page == NULL || !match->page->document);
}

/* Run pages/_missing.gmi for the request, and count its time as the page's own:
 * it may be costly where the answer that it belongs to is not. */
static void
ask_missing(struct site *site, const struct match *asked,
    const struct request *about, struct reply *said)
{
	const int64_t began_us = clock_us(), began_cpu_us = clock_cpu_us();

	dispatch_path(site, asked, about, said);
	if (said->stats != NULL) /* it has not been told to wait */
		stats_add_answer(said->stats, (uint64_t)(clock_us() - began_us),
		    (uint64_t)(clock_cpu_us() - began_cpu_us));
}

void
lead_missing(struct site *site, const struct match *match,
    const struct request *request, struct reply *reply)
{
	struct match asked = {.type = MATCH_PAGE, .page = site->missing};
	struct request about = *request;
	struct reply said = {.file = -1}, last;
	enum end end;

	if (!may_be_elsewhere(site, match, request, reply))
		return;
	if (match->type == MATCH_TWIN) {
		asked.type = MATCH_TWIN;
		about.path = page_of_twin(request->path);
	}
	ask_missing(site, &asked, &about, &said);
	said.page = reply->page;
	said.stats = reply->stats;
	if (said.type == REPLY_REDIRECT) {
		end = look_ahead(site, request, &said, &last);
		said.permanent &= end == END_THERE;
		if (end == END_THERE || end == END_UNSURE)
			*reply = said;
	} else if (said.type == REPLY_REFUSAL && said.deliberate &&
	    reply->text.len == 0) {
		*reply = said;
	} else if (said.type == REPLY_BLOCKS) {
		reply->words = said.words;
		reply->leads_on = may_show_links(match);
		reply->blocks = said.blocks;
	}
}
