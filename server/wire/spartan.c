/* SPDX-License-Identifier: ISC */
/*
 * Spartan (specification of 2021-03-24). A request is a line "HOST SP PATH SP
 * LENGTH" and LENGTH bytes of data. A reply is one status line in ASCII; with
 * status 2 a body follows, which ends with the connection. A sentence of the
 * portal that is not ASCII is sent in English. Spartan has no TLS and no
 * identity, so pages that write or want a certificate are left to Gemini: what
 * readers leave at a portal is encrypted on its way.
 *
 * The data are the reader's answer to a page that asks, or an upload to a page
 * that takes one; the site knows which. Data that are short enough for an
 * answer come with the line; longer ones are received as those of Titan, after
 * the page has judged the line. A page asks by a line "=:" of gemtext. Clients
 * send the query of a spartan URL as data, so a path normally has no query. A
 * query in a path, for example from the target of a redirect, is an answer as
 * well.
 */
#include "wire/internal.h"

#include "text/input.h"

enum {
	META_MAX = 1024,        /* bytes behind the status (own) */
	LENGTH_DIGITS_MAX = 18, /* so that a length fits into an int64_t */
	PAGE_MAX = 64 * 1024    /* bytes of a page that is made here */
};

/* ---- requests ------------------------------------------------------- */

/* Split a line at its blanks. false: there are not exactly three parts. */
static bool
split(struct str line, struct str *host, struct str *path, struct str *length)
{
	struct str rest = line, more;

	return str_next_part(&rest, ' ', host) &&
	    str_next_part(&rest, ' ', path) &&
	    str_next_part(&rest, ' ', length) &&
	    !str_next_part(&rest, ' ', &more);
}

/* Read a length. ERR_INPUT: not digits alone, or a leading zero. ERR_LIMIT:
 * above input_max; *out is set. */
static enum err
read_length(struct str text, size_t *out)
{
	int64_t n = INT64_MAX;

	if (text.len == 0 || (text.len > 1 && text.data[0] == '0'))
		return ERR_INPUT;
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return ERR_INPUT;
	if (text.len <= LENGTH_DIGITS_MAX &&
	    str_to_int(text, 0, INT64_MAX, &n) != OK)
		return ERR_INPUT;
	*out = (size_t)n;
	return *out > wire_spartan.input_max ? ERR_LIMIT : OK;
}

static enum err
data_len(struct str line, size_t *out)
{
	struct str host, path, length;

	return split(line, &host, &path, &length) ? read_length(length, out)
						  : ERR_INPUT;
}

static bool
has_body(struct str line)
{
	size_t len;

	return data_len(line, &len) == ERR_LIMIT;
}

static bool
is_ascii(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < ' ' || text.data[i] >= 0x7F)
			return false;
	return text.len > 0;
}

/* A sentence of the portal, or its English if the portal's is not ASCII. */
static struct str
ascii_word(const struct words *words, enum word word)
{
	const struct str text = words_text(words, word);

	return is_ascii(text) ? text : words_text(NULL, word);
}

static enum err
refuse(struct reply *reply, const struct words *words, enum word word)
{
	reply_refuse(reply, REFUSAL_BAD, ascii_word(words, word));
	return ERR_INPUT;
}

/* Make the data the reader's answer. ERR_INPUT: they are none, and *reply says
 * why. */
static enum err
read_answer(struct str data, size_t bytes, const struct words *say,
    struct request *out, struct reply *reply)
{
	struct str words;
	uint32_t bad;
	enum err err;

	if (bytes > wire_spartan.input_max)
		return refuse(reply, say, WORD_DATA_LONG);
	err = input_read(out->arena, data, &words, &bad);
	if (err == ERR_INPUT)
		return address_refuse_character(
		    out->arena, NULL, WORD_PART_INPUT, bad, reply);
	return err == OK ? address_set_input(out, words) : err;
}

/* The same, and an upload of it. */
static enum err
read_upload(
    struct str data, size_t bytes, const struct words *say, struct request *out)
{
	struct reply why = {.text = STR("")};
	struct upload *upload = arena_alloc(out->arena, sizeof(*upload));
	const enum err err = upload == NULL
	    ? ERR_NOMEM
	    : read_answer(data, bytes, say, out, &why);

	if (err != OK && err != ERR_INPUT)
		return err;
	*upload = (struct upload){.body = data,
	    .mime = STR(""),
	    .token = STR(""),
	    .size = bytes,
	    .awaited = data.len < bytes,
	    .is_input = true,
	    .no_answer = err == OK ? STR("") : why.text};
	out->upload = upload;
	return OK;
}

static enum err
read_data(const struct wire_line *line, size_t bytes,
    const struct wire_host *ours, struct request *out, struct reply *reply)
{
	if (out->has_input && out->input.len == 0)
		out->has_input = false; /* nothing follows the "?" */
	if (bytes == 0)
		return OK;
	if (out->has_input)
		return refuse(reply, ours->words, WORD_DATA_AND_QUERY);
	return ours->uploads
	    ? read_upload(line->data, bytes, ours->words, out)
	    : read_answer(line->data, bytes, ours->words, out, reply);
}

static enum err
request_of_line(const struct wire_line *line, const struct wire_host *ours,
    struct request *out, struct reply *reply)
{
	const struct protocol *protocol = &wire_spartan.protocol;
	const unsigned port = services_port(&ours->services, protocol);
	/* A line need not name a port; a port that is named must be ours. */
	const struct address_place place = {.scheme = protocol->name,
	    .host = ours->host,
	    .port = port,
	    .default_port = port};
	const struct str parts = STR("HOST PATH LENGTH");
	const struct words *say = ours->words;
	struct str host, path, length, whole;
	struct url url;
	size_t bytes;
	enum err err;

	if (!split(line->text, &host, &path, &length)) {
		reply_refuse(reply, REFUSAL_BAD,
		    words_fill(NULL, out->arena, WORD_LINE_PARTS, &parts));
		return ERR_INPUT;
	}
	if (read_length(length, &bytes) == ERR_INPUT)
		return refuse(reply, say, WORD_LENGTH);
	if (!str_starts(path, STR("/")))
		return refuse(reply, say, WORD_PATH_RELATIVE);
	for (size_t i = 0; i < host.len; i++)
		if (strchr("/?#@\\", host.data[i]) != NULL)
			return refuse(reply, say, WORD_HOST);
	whole = arena_printf(out->arena, "%s://%.*s%.*s", protocol->name,
	    STR_ARG(host), STR_ARG(path));
	if (whole.data == NULL)
		return ERR_NOMEM;
	err = address_read(out->arena, NULL, whole, &url, reply);
	if (err == OK)
		err = address_check_host(out->arena, &url, &place, reply);
	if (err == OK)
		err = address_target(&url, NULL, out, reply);
	return err == OK ? read_data(line, bytes, ours, out, reply) : err;
}

/* For `guiju get`, which has a URL and no data: the query stays in the path. */
static enum err
line_of_url(struct arena *arena, struct str address, struct str *out)
{
	struct url url;
	enum err err = url_parse(address, &url);

	if (err != OK || url.host.len == 0)
		return err != OK ? err : ERR_INPUT;
	*out = arena_printf(arena, "%.*s%s%.*s %s%.*s%s%.*s 0",
	    STR_ARG(url.host), url.port.len > 0 ? ":" : "", STR_ARG(url.port),
	    url.path.len > 0 ? "" : "/", STR_ARG(url.path),
	    url.has_query ? "?" : "", STR_ARG(url.query));
	return out->data == NULL ? ERR_NOMEM : OK;
}

/* ---- replies -------------------------------------------------------- */

/* Append "S META CR LF"; every status line is written here. meta: printable
 * ASCII. */
static void
add_status(struct buf *out, char status, struct str meta)
{
	buf_char(out, status);
	buf_char(out, ' ');
	buf_str(out, str_slice(meta, 0, META_MAX));
	buf_text(out, "\r\n");
}

static void
add_refusal(
    struct buf *out, const struct reply *reply, const struct words *words)
{
	const struct str text = str_trim(reply->text);
	const enum word word = WORD_MISSING + (unsigned)reply->refusal;

	add_status(out, reply->refusal >= REFUSAL_BUSY ? '5' : '4',
	    is_ascii(text) ? text : ascii_word(words, word));
}

static void
add_page(struct buf *out, const struct blocks *blocks)
{
	add_status(out, '2', STR("text/gemini; charset=utf-8"));
	write_gemtext(out, blocks, wire_spartan.protocol.ask_mark);
}

/* Append a page of one sentence and one link. asks: the link asks. */
static void
add_small_page(struct buf *out, struct arena *arena, struct str title,
    struct str address, bool asks)
{
	struct blocks list;

	blocks_init(&list, arena, PAGE_MAX);
	blocks_heading(&list, 1, title);
	blocks_link(&list, address, asks ? title : address);
	for (struct block *b = list.first; b != NULL && asks; b = b->next)
		b->target.type = '7';
	add_page(out, &list);
}

/* Spartan has no status for a prompt: it becomes a page with a "=:" line. */
static void
add_prompt(struct buf *out, const struct request *request,
    const struct reply *reply, const struct words *words)
{
	struct buf path;

	buf_init(&path, PAGE_MAX);
	path_add(&path, &request->path);
	add_small_page(out, request->arena,
	    reply->text.len > 0 ? reply->text : words_text(words, WORD_INPUT),
	    buf_view(&path), true);
	if (path.err != OK && out->err == OK)
		out->err = path.err;
	buf_release(&path);
}

/* Status 3 takes only a path. A redirect to another host becomes a page with a
 * link. */
static void
add_redirect(struct buf *out, const struct request *request,
    const struct reply *reply, const struct words *words)
{
	struct buf target;
	struct url url;

	buf_init(&target, META_MAX);
	wire_add_uri(&target, reply->text);
	if (target.err == ERR_NOMEM)
		out->err = ERR_NOMEM;
	else if (target.err != OK || url_parse(buf_view(&target), &url) != OK)
		add_status(out, '5', ascii_word(words, WORD_REDIRECT));
	else if (url.scheme.len > 0 && url_is_allowed(buf_view(&target)))
		add_small_page(out, request->arena,
		    words_text(words, WORD_MOVED), buf_view(&target), false);
	else if (url.has_authority || !str_starts(url.path, STR("/")))
		add_status(out, '5', ascii_word(words, WORD_REDIRECT));
	else
		add_status(out, '3', buf_view(&target));
	buf_release(&target);
}

static void
write_reply(struct buf *out, const struct request *request,
    const struct reply *reply, const struct wire_host *ours)
{
	const struct words *words = wire_words(reply, ours);

	switch (reply->type) {
	case REPLY_BLOCKS:
		add_page(out, &reply->blocks);
		break;
	case REPLY_BYTES:
		add_status(out, '2', wire_media_type(reply->mime));
		buf_str(out, reply->bytes);
		break;
	case REPLY_FILE:
		add_status(out, '2', wire_media_type(reply->mime));
		break;
	case REPLY_PROMPT:
		add_prompt(out, request, reply, words);
		break;
	case REPLY_REDIRECT:
		add_redirect(out, request, reply, words);
		break;
	case REPLY_REFUSAL:
		add_refusal(out, reply, words);
		break;
	}
}

/* ---- the row -------------------------------------------------------- */

const struct wire wire_spartan = {.tls = WIRE_TLS_NEVER,
    .off = true,
    .protocol = {.name = "spartan",
	.title = "Spartan",
	.port = 300,
	.line_max = 1024, /* bytes, as Gemini's. Past it: 4. (own) */
	.uploads_input = true,
	.redirects = true,
	.input_apart = true,
	.ask_mark = "=:",
	.plain = {.columns = PLAIN_COLUMNS, .line_end = {"\n", 1}}},
    .input_max = 16 * 1024, /* bytes of an answer. Past it: 4. (own) */
    .data_len = data_len,
    .has_body = has_body,
    .request = request_of_line,
    .line_of_url = line_of_url,
    .reply = write_reply};
