/* SPDX-License-Identifier: ISC */
/*
 * site_answer: the one call from the network's side to the database's side. The
 * answer to a request is a page, a file, a twin, a redirect or a refusal.
 */
#include "page/serve/mime.h"
#include "page/site.h"

#include <assert.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/url.h"
#include "base/utf8.h"
#include "page/run/failure.h"
#include "page/run/notice.h"
#include "page/serve/internal.h"
#include "page/run/site_parts.h"
#include "text/write.h"

enum {
	REDIRECTS_MAX = 5, /* a Gemini client follows as many */
	/* Indents and the list of references make a twin longer than its page.
	 */
	TWIN_OUTPUT_MAX = 4 * LIMIT_PAGE_BYTES
};

static void
refuse_word(struct reply *reply, enum refusal kind, enum word word)
{
	reply_refuse(reply, kind, words_text(reply->words, word));
}

/* Refuse an upload to a page or file that takes none. */
static void
refuse_upload(const struct request *request, struct reply *reply)
{
	const struct upload *upload = request->upload;

	if (upload != NULL && upload->no_answer.len > 0)
		reply_refuse(reply, REFUSAL_BAD, upload->no_answer);
	else
		refuse_word(reply, REFUSAL_BAD, WORD_NO_UPLOAD);
}

/* Refuse a page that the request's protocol cannot serve, and name the protocol
 * that can. */
static void
refuse_page(
    const struct site *site, const struct request *request, struct reply *reply)
{
	const struct str protocol = str_from(site_main(site)->title);

	reply_refuse(reply, REFUSAL_MISSING,
	    words_fill(
		reply->words, request->arena, WORD_ONLY_OVER, &protocol));
}

static enum err
add_raw_path(struct buf *out, const struct path *path, bool folder)
{
	struct path with = *path;

	with.folder = folder;
	path_add(out, &with);
	return out->err;
}

/* Redirect to the same address with a slash at its end (folder), or without. */
static void
answer_slash(const struct site *site, const struct request *request,
    bool folder, struct reply *reply)
{
	struct buf path;

	buf_init(&path, LIMIT_PAGE_BYTES);
	add_raw_path(&path, &request->path, folder);
	reply->type = REPLY_REDIRECT;
	reply->permanent = true;
	if (arena_take(request->arena, &path, &reply->text) != OK)
		reply_refuse(reply, REFUSAL_BROKEN, STR(""));
	else if (request_uploads(request))
		upload_refuse_moved(site, request, reply, reply->text);
	buf_release(&path);
}

static bool
has_slash_inside(const struct path *path)
{
	for (size_t i = 0; i < path->count; i++)
		if (str_find_byte(path->segment[i], '/') != SIZE_MAX ||
		    str_find_byte(path->segment[i], '\\') != SIZE_MAX)
			return true;
	return false;
}

/* For a path "a/b/": is there a static file a/b? */
static bool
is_file_without_slash(const struct site *site, const struct path *path)
{
	struct path file = *path;

	file.folder = false;
	return path->folder && path->count > 0 &&
	    static_exists(site->static_folder, &file);
}

/* Skip a byte order mark, with which some editors begin UTF-8. A body must not
 * begin with one (Gemini network protocol specification, "Responses"), and the
 * mark would hide the type of the first line. */
static void
skip_mark(struct reply *reply)
{
	char mark[3];

	if (!str_starts(reply->mime, STR("text/gemini")) ||
	    pread(reply->file, mark, sizeof(mark), 0) != sizeof(mark) ||
	    memcmp(mark, UTF8_MARK, sizeof(mark)) != 0 ||
	    lseek(reply->file, sizeof(mark), SEEK_SET) < 0)
		return;
	reply->size -= sizeof(mark);
}

/*
 * A replica redirects to the primary for a page that writes and for a published
 * nightly file that the replica lacks. An upload is refused: its client would
 * take a redirect for success.
 */
static void
answer_from_primary(
    const struct site *site, const struct request *request, struct reply *reply)
{
	struct buf url;

	if (request_uploads(request)) {
		reply_refuse(reply, REFUSAL_BAD,
		    words_fill(reply->words, request->arena,
			WORD_UPLOAD_TO_PRIMARY, &site->primary));
		return;
	}
	buf_init(&url, LIMIT_PAGE_BYTES);
	show_primary_address(site, request, &url);
	reply->type = REPLY_REDIRECT;
	if (arena_take(request->arena, &url, &reply->text) != OK)
		reply_refuse(reply, REFUSAL_BROKEN, STR(""));
	buf_release(&url);
}

static void
answer_file(
    struct site *site, const struct request *request, struct reply *reply)
{
	struct str name;
	bool is_folder = false;
	enum err err = static_open_download(
	    &site->options, &request->path, &reply->file, &reply->size, &name);

	if (err == ERR_MISSING)
		err = static_open(site->static_folder, &request->path,
		    &reply->file, &reply->size, &name, &is_folder);
	if (err == OK && request_uploads(request)) {
		close(reply->file);
		reply->file = -1;
		refuse_upload(request, reply);
	} else if (err == OK) {
		reply->type = REPLY_FILE;
		reply->mime = mime_of_file(
		    site->mimes, request->arena, name, reply->file);
		if (reply->mime.data == NULL) {
			close(reply->file);
			reply->file = -1;
			reply_refuse(reply, REFUSAL_BROKEN, STR(""));
		} else {
			skip_mark(reply);
		}
	} else if (err == ERR_BUSY) {
		reply_refuse(reply, REFUSAL_BUSY, STR(""));
	} else if (is_folder) {
		answer_slash(site, request, true, reply);
	} else if (is_file_without_slash(site, &request->path)) {
		answer_slash(site, request, false, reply);
	} else if (site_is_copy(site) &&
	    static_is_download(site->options.download, &request->path)) {
		answer_from_primary(site, request, reply);
	} else {
		reply_refuse(reply,
		    has_slash_inside(&request->path) ? REFUSAL_BAD
						     : REFUSAL_MISSING,
		    STR(""));
	}
}

/* The language of % type or of % lang; without them, the portal's. */
static struct str
language_of(const struct reply *reply)
{
	const size_t at = str_find(reply->mime, STR("lang="));
	struct str tag;

	if (at == SIZE_MAX)
		return reply->language;
	tag = str_slice(reply->mime, at + 5, reply->mime.len);
	return str_trim(str_slice(tag, 0, str_find_byte(tag, ';')));
}

/* Turn the page into text/plain. */
static void
make_twin(const struct request *request, struct reply *reply)
{
	struct buf text;

	buf_init(&text, TWIN_OUTPUT_MAX);
	write_plain(&text, &reply->blocks, &request->protocol->plain);
	reply->type = REPLY_BYTES;
	reply->mime =
	    arena_printf(request->arena, "text/plain; charset=utf-8; lang=%.*s",
		STR_ARG(language_of(reply)));
	if (arena_take(request->arena, &text, &reply->bytes) != OK ||
	    reply->mime.data == NULL)
		reply_refuse(reply, REFUSAL_BROKEN, STR(""));
	buf_release(&text);
}

/* Write the gemtext here, because % type has set its media type. */
static void
make_typed(const struct request *request, struct reply *reply)
{
	struct buf text;

	buf_init(&text, TWIN_OUTPUT_MAX);
	write_gemtext(&text, &reply->blocks, request->protocol->ask_mark);
	reply->type = REPLY_BYTES;
	if (arena_take(request->arena, &text, &reply->bytes) != OK)
		reply_refuse(reply, REFUSAL_BROKEN, STR(""));
	buf_release(&text);
}

/* Add the scripts of schema/ that have changed: they may be the cause. */
static void
add_changed(const struct site *site, struct blocks *blocks)
{
	struct str rest = site->changed_scripts, line;

	while (str_next_line(&rest, &line))
		blocks_item(blocks, line);
}

/* --dev: the capsule was not reloaded, of which only a server knows. Say why
 * instead of the page, which is that of before. */
static bool
explain_reload(
    const struct site *site, const struct request *request, struct reply *reply)
{
	char complaint[METRICS_TEXT_SIZE];
	struct str line;

	metrics_read_text(TEXT_COMPLAINT, complaint);
	if (!site->options.explain || complaint[0] == '\0')
		return false;
	line = arena_str(request->arena, str_from(complaint));
	blocks_init(&reply->blocks, request->arena, LIMIT_PAGE_BYTES);
	blocks_heading(&reply->blocks, 1, STR("Not reloaded"));
	blocks_item(&reply->blocks, line);
	reply->type = REPLY_BLOCKS;
	reply->language = STR("en");
	reply->explains = true;
	return true;
}

/* --dev: show the findings instead of the page. */
static void
explain(const struct site *site, const struct request *request,
    const struct page *page, struct reply *reply)
{
	struct blocks *blocks = &reply->blocks;

	blocks_init(blocks, request->arena, LIMIT_PAGE_BYTES);
	blocks_heading(blocks, 1, page->file);
	add_changed(site, blocks);
	for (const struct finding *f = site->findings; f != NULL; f = f->next) {
		struct str line = arena_printf(
		    request->arena, "%s:%u: %s", f->file, f->line, f->message);
		if (line.data != NULL)
			blocks_item(blocks, line);
	}
	reply->type = REPLY_BLOCKS;
	reply->language = STR("en");
	reply->explains = true;
}

static void
answer_page(struct site *site, const struct match *match,
    const struct request *request, struct reply *reply)
{
	const struct protocol *protocol = request->protocol;

	if (explain_reload(site, request, reply))
		return;
	if (match->page->findings > 0) {
		explain(site, request, match->page, reply);
		return;
	}
	/* A page with a seal's address checks the seal first, which is cheap,
	 * and then waits by itself. */
	if (request->costly_wait_s > 0 && !match->page->sealed &&
	    !request->sent_back &&
	    stats_mean_cost(match->page->stats) > LIMIT_COSTLY_US) {
		metrics_count(METRIC_WAIT_COSTLY);
		reply_refuse(reply, REFUSAL_BUSY, STR(""));
		reply->wait_s = request->costly_wait_s;
		reply->stats = NULL; /* it would lower the page's mean */
		return;
	}
	/* As above; with the text of an upload it waits before anybody looks
	 * into the text. */
	if ((!match->page->sealed ||
		(request->upload != NULL && !request->upload->awaited)) &&
	    page_waits(match->page, request, false)) {
		reply_refuse(reply, REFUSAL_BUSY, STR(""));
		reply->stats = NULL;
		return;
	}
	page_run(site, match, request, reply);
	if (reply->type != REPLY_BLOCKS)
		return;
	if ((!protocol->acts || match->type == MATCH_TWIN) &&
	    link_targets(site, request, &reply->blocks) != OK)
		reply_refuse(reply, REFUSAL_BROKEN, STR(""));
	else if (match->type == MATCH_TWIN)
		make_twin(request, reply);
	else if (reply->mime.len > 0 && !protocol->menus)
		make_typed(request, reply);
}

/* If a twin redirects, redirect to the twin of the target, if there is one. */
static void
keep_twin(
    const struct site *site, const struct request *request, struct reply *reply)
{
	const size_t mark = str_find_byte(reply->text, '?');
	struct str path = str_slice(reply->text, 0, mark);
	struct str query = str_slice(reply->text, path.len, reply->text.len);
	struct str twin = arena_printf(
	    request->arena, "%.*s.txt%.*s", STR_ARG(path), STR_ARG(query));
	struct request next = *request;
	struct match match;

	if (twin.data == NULL || !lead_request(&next, twin))
		return;
	dispatch_find(site, &next.path, &match);
	if (match.type == MATCH_TWIN)
		reply->text = twin;
}

/* Input that may be an upload is the answer to a page that takes no upload, or
 * that asks as well, if it can be an answer. */
static void
take_as_answer(struct request *request, const struct match *match)
{
	const struct upload *upload = request->upload;
	const struct page *page = match->page;

	if (upload != NULL && upload->is_input && upload->no_answer.len == 0 &&
	    (page == NULL || !page->uploads || page->asks))
		request->upload = NULL;
}

void
dispatch_find(
    const struct site *site, const struct path *path, struct match *match)
{
	route_find(&site->map, path, match);
	/* A static file of this path wins over a page's twin, and over a
	 * redirect that adds or removes a slash. */
	if (match->type != MATCH_NONE && match->type != MATCH_PAGE &&
	    static_exists(site->static_folder, path))
		*match = (struct match){.type = MATCH_NONE};
}

void
dispatch_path(struct site *site, const struct match *match,
    const struct request *request, struct reply *reply)
{
	static const char *const routes[] = {
	    [MATCH_NONE] = "no page; a file, or nothing",
	    [MATCH_PAGE] = "page",
	    [MATCH_TWIN] = "plain text of",
	    [MATCH_SLASH] = "a slash is missing behind the folder of",
	    [MATCH_LEAF] = "a slash is too much behind"};
	assert(match->type == MATCH_NONE || match->page != NULL);
	*reply = (struct reply){.file = -1, .words = site_words(site)};
	/* Not the path: the page may hide a part of it from the log. */
	log_debug("page: route: %s %.*s", routes[match->type],
	    STR_ARG(match->page != NULL ? match->page->file : STR("")));
	if (match->page != NULL) {
		reply->page = match->page->file;
		reply->stats = match->page->stats;
	}
	if (match->type == MATCH_NONE)
		answer_file(site, request, reply);
	else if (request->upload != NULL && !match->page->uploads)
		refuse_upload(request, reply);
	else if (!link_is_for(request->protocol, match->page))
		refuse_page(site, request, reply);
	else if (match->type == MATCH_SLASH || match->type == MATCH_LEAF)
		answer_slash(site, request, match->type == MATCH_SLASH, reply);
	else if (site_is_copy(site) &&
	    (PAGE_USES_WRITER(match->page) || request->upload != NULL))
		answer_from_primary(site, request, reply);
	else
		answer_page(site, match, request, reply);
	if (reply->type == REPLY_REDIRECT && match->type == MATCH_TWIN)
		keep_twin(site, request, reply);
	if (reply->type == REPLY_REFUSAL && reply->text.data == NULL)
		reply->text = STR("");
}

/*
 * For a protocol without redirects: change *request to the target of a
 * redirect. Returns whether the target is a menu, which then becomes the
 * answer. A client that has asked for a menu cannot show anything else.
 */
static bool
follow(struct site *site, struct reply *reply, struct request *request,
    struct match *match)
{
	if (!lead_request(request, reply->text))
		return false;
	dispatch_find(site, &request->path, match);
	reply->item = link_item_type(site, request, &request->path, false);
	return match->type == MATCH_PAGE && !match->page->document &&
	    match->page->format == FORMAT_GEMTEXT && !match->page->gives_file;
}

/* A redirect would lose the reader's input, so the path is corrected here. */
static void
take_other_end(
    const struct site *site, struct request *request, struct match *match)
{
	const struct upload *upload = request->upload;
	const bool has_input =
	    request->has_input || (upload != NULL && upload->is_input);

	if (!request->protocol->input_apart || !has_input ||
	    (match->type != MATCH_SLASH && match->type != MATCH_LEAF))
		return;
	request->path.folder = match->type == MATCH_SLASH;
	dispatch_find(site, &request->path, match);
}

/* The segments of a page's address that take any text. */
static uint32_t
variable_segments(struct str file)
{
	struct str piece;
	uint32_t segments = 0;

	(void)str_next_part(&file, '/', &piece); /* "pages" */
	for (uint32_t bit = 1; str_next_part(&file, '/', &piece); bit <<= 1)
		if (str_starts(piece, STR("[")))
			segments |= bit;
	return segments;
}

/* Did a page answer, or ask or redirect after it had run? Then the parameters
 * of its address are what it knows. Before that, anybody can put words there.
 */
static bool
knows_address(const struct page *page, const struct reply *reply)
{
	switch (reply->type) {
	case REPLY_BLOCKS:
	case REPLY_BYTES:
	case REPLY_FILE:
		return !page->sealed || reply->past_seal;
	case REPLY_PROMPT:
	case REPLY_REDIRECT:
		return reply->past_seal;
	case REPLY_REFUSAL:
		break;
	}
	return false;
}

/*
 * The segments of the request's path that the log may show. Of an address that
 * leads nowhere these are the names on the way as far as the map goes: the rest
 * is what somebody has typed, perhaps into a link or with a mistake. A page's
 * parameters are shown where the page knows them, unless it says that they are
 * private. match: the page of this path. reply: its own, not that of the target
 * of a redirect.
 */
static uint32_t
public_segments(const struct site *site, const struct request *request,
    const struct match *match, const struct reply *reply)
{
	uint32_t hidden;

	if (match->page == NULL)
		return reply->type == REPLY_FILE
		    ? UINT32_MAX
		    : ((uint32_t)1 << route_names(&site->map, &request->path)) -
			1;
	hidden = match->page->private_segments;
	if (!knows_address(match->page, reply))
		hidden |= variable_segments(match->page->file);
	return ~hidden;
}

void
site_answer(
    struct site *site, const struct request *request, struct reply *reply)
{
	struct match match;
	struct request next = *request;
	uint32_t segments;

	if (request->protocol->acts)
		notice_take(site->seal_keys.link, clock_now_s(), &next);
	dispatch_find(site, &request->path, &match);
	take_other_end(site, &next, &match);
	take_as_answer(&next, &match);
	dispatch_path(site, &match, &next, reply);
	lead_check(site, &next, reply);
	lead_missing(site, &match, &next, reply);
	/* The log has the first path, so the first page decides. */
	segments = public_segments(site, request, &match, reply);
	for (int hops = 0; hops < REDIRECTS_MAX &&
	     !request->protocol->redirects && reply->type == REPLY_REDIRECT &&
	     follow(site, reply, &next, &match);
	     hops++)
		dispatch_path(site, &match, &next, reply);
	/* A failure that is not in the log yet is always out of memory. */
	if (reply->type == REPLY_REFUSAL && reply->refusal == REFUSAL_BROKEN &&
	    !reply->deliberate && reply->reference.len == 0)
		failure_refuse(reply, request->arena,
		    &(struct failure){
			.file = reply->page, .message = "out of memory"});
	reply->public_segments = segments;
}
