/* SPDX-License-Identifier: ISC */
/*
 * Gemini (network protocol specification 0.24.1). A request is one line, an
 * absolute URI. A reply is a line of a status and META, a text. A reply with
 * status 20 has a body, which ends with the connection.
 */
#include "base/utf8.h"
#include "text/write.h"
#include "wire/internal.h"

/* META is made of the first META_SOURCE_MAX bytes of a text. Cleaning may drop
 * characters, and makes three bytes of a bad one. */
enum {
	META_MAX = 1024, /* bytes; clients by 0.16.1 take no more */
	META_SOURCE_MAX = 4 * META_MAX,
	META_ROOM = 16 * 1024
};
enum { WAIT_USUAL_S = 10, WAIT_MAX_S = 3600 };

/* Refusals: the code, and the sentence for a reply without a text. */
static const struct {
	const char *code;
	enum word word;
} refusals[] = {[REFUSAL_MISSING] = {"51", WORD_MISSING},
    [REFUSAL_GONE] = {"52", WORD_GONE},
    [REFUSAL_BAD] = {"59", WORD_BAD},
    [REFUSAL_FOREIGN] = {"53", WORD_FOREIGN},
    [REFUSAL_FORBIDDEN] = {"61", WORD_FORBIDDEN},
    [REFUSAL_NEEDS_CERT] = {"60", WORD_NEEDS_CERT},
    [REFUSAL_BAD_CERT] = {"62", WORD_BAD_CERT},
    [REFUSAL_BUSY] = {"40", WORD_BUSY}, /* see add_refusal() */
    [REFUSAL_DOWN] = {"41", WORD_DOWN},
    [REFUSAL_BROKEN] = {"40", WORD_BROKEN}};

enum err
gemini_check_host(struct arena *arena, const struct url *url,
    const struct wire_line *line, const struct wire_host *ours,
    bool port_may_lack, struct reply *refusal)
{
	struct address_place place = {.host = ours->host,
	    .scheme = wire_gemini.protocol.name,
	    .port = services_port(&ours->services, &wire_gemini.protocol),
	    .default_port = wire_gemini.protocol.port,
	    .port_may_lack = port_may_lack,
	    .sni = line->sni,
	    .words = ours->words};
	enum err err = address_check_host(arena, url, &place, refusal);

	/* A request for a third host keeps the first refusal, which names the
	 * public host. */
	if (err == ERR_INPUT && ours->other_host.len > 0 &&
	    address_same_host(url->host, ours->other_host)) {
		place.host = ours->other_host;
		place.port = ours->other_port;
		err = address_check_host(arena, url, &place, refusal);
	}
	return err;
}

static enum err
gemini_request(const struct wire_line *line, const struct wire_host *ours,
    struct request *out, struct reply *refusal)
{
	struct url url;
	enum err err;

	err = address_read(out->arena, ours->words, line->text, &url, refusal);
	if (err != OK)
		return err;
	if (!str_equal_nocase(url.scheme, STR("gemini"))) {
		reply_refuse(refusal, REFUSAL_FOREIGN,
		    words_text(ours->words, WORD_URL_SCHEME));
		return ERR_INPUT;
	}
	err = gemini_check_host(out->arena, &url, line, ours, false, refusal);
	return err == OK ? address_target(&url, ours->words, out, refusal)
			 : err;
}

/*
 * Append a status line; every META passes here and becomes one clean line. A
 * text that is empty or does not begin with ASCII gets the English sentence of
 * `before` in front: clients in use damage the first byte of such a META, in
 * every language.
 */
static void
add_header(struct buf *out, const char *code, enum word before, struct str text)
{
	const char *word = word_rows[before].english;
	struct buf line;
	struct str meta;

	buf_init(&line, META_ROOM);
	utf8_add_line(&line, utf8_cut(text, META_SOURCE_MAX));
	meta = str_trim(buf_view(&line));
	buf_text(out, code);
	buf_char(out, ' ');
	if (meta.len == 0 || (unsigned char)meta.data[0] >= 0x80) {
		size_t room = META_MAX - strlen(word) - 1;
		buf_text(out, word);
		meta = str_trim(utf8_cut(meta, room));
		if (meta.len > 0)
			buf_char(out, ' ');
	}
	buf_str(out, str_trim(utf8_cut(meta, META_MAX)));
	buf_text(out, "\r\n");
	if (line.err != OK && out->err == OK)
		out->err = line.err;
	buf_release(&line);
}

static void
add_gemtext_header(struct buf *out, struct str language)
{
	const bool known = words_is_language(language);
	char mime[80];

	snprintf(mime, sizeof(mime), "text/gemini; charset=utf-8%s%.*s",
	    known ? "; lang=" : "", known ? (int)language.len : 0,
	    language.data);
	add_header(out, "20", WORD_MISSING, str_from(mime));
}

static void
add_redirect(
    struct buf *out, const struct reply *reply, const struct words *words)
{
	struct buf target;
	struct url url;

	/* url_parse() accepts bytes above ASCII, and a header must not. */
	buf_init(&target, 3 * META_MAX);
	wire_add_uri(&target, reply->text);
	if (target.err == ERR_NOMEM)
		out->err = ERR_NOMEM;
	else if (target.err != OK || target.len == 0 || target.len > META_MAX ||
	    url_parse(buf_view(&target), &url) != OK ||
	    (url.scheme.len == 0 && url.has_authority)) /* "//host/" */
		add_header(
		    out, "50", WORD_REDIRECT, words_text(words, WORD_REDIRECT));
	else
		add_header(out, reply->permanent ? "31" : "30", WORD_REDIRECT,
		    buf_view(&target));
	buf_release(&target);
}

/* META of 44 is the seconds alone: older clients read a number here. */
static void
add_busy(struct buf *out, unsigned wait_s)
{
	char seconds[16];

	if (wait_s == 0)
		wait_s = WAIT_USUAL_S;
	if (wait_s > WAIT_MAX_S)
		wait_s = WAIT_MAX_S;
	snprintf(seconds, sizeof(seconds), "%u", wait_s);
	add_header(out, "44", WORD_BUSY, str_from(seconds));
}

static void
add_refusal(
    struct buf *out, const struct reply *reply, const struct words *words)
{
	const enum word word = refusals[reply->refusal].word;
	const bool silent = str_trim(reply->text).len == 0;

	/* The text of a page's own refusal is sent with 40, without seconds:
	 * META of 44 cannot hold a text. */
	if (reply->refusal == REFUSAL_BUSY && (silent || !reply->deliberate))
		add_busy(out, reply->wait_s);
	else
		add_header(out, refusals[reply->refusal].code, word,
		    silent ? words_text(words, word) : reply->text);
}

/*
 * Append the header of a reply, "NN META CR LF". No other function writes one.
 * NN is a code of the specification. META is one clean line of 1 to 1024 bytes
 * that begins with ASCII, whatever the reply holds. A redirect's target is
 * never cut: if it is too long or not a URI-reference, the status is 50.
 */
static void
add_reply_header(
    struct buf *out, const struct reply *reply, const struct words *words)
{
	switch (reply->type) {
	case REPLY_BLOCKS:
		add_gemtext_header(out, reply->language);
		break;
	case REPLY_BYTES:
	case REPLY_FILE:
		add_header(
		    out, "20", WORD_MISSING, wire_media_type(reply->mime));
		break;
	case REPLY_PROMPT:
		add_header(out, reply->secret ? "11" : "10", WORD_INPUT,
		    str_trim(reply->text).len > 0
			? reply->text
			: words_text(words, WORD_INPUT));
		break;
	case REPLY_REDIRECT:
		add_redirect(out, reply, words);
		break;
	case REPLY_REFUSAL:
		add_refusal(out, reply, words);
		break;
	}
}

static void
gemini_reply(struct buf *out, const struct request *request,
    const struct reply *reply, const struct wire_host *ours)
{
	(void)request;
	add_reply_header(out, reply, wire_words(reply, ours));
	if (reply->type == REPLY_BLOCKS)
		write_gemtext(out, &reply->blocks, NULL);
	else if (reply->type == REPLY_BYTES)
		buf_str(out, reply->bytes);
}

/* ---- the row -------------------------------------------------------- */

const struct wire wire_gemini = {.tls = WIRE_TLS_ALWAYS,
    .protocol = {.name = "gemini",
	.title = "Gemini",
	.port = 1965,
	/* Bytes of the URI; reading stops there. Past it: 59. (Gemini network
	 * protocol specification 0.24.1, "Requests") */
	.line_max = 1024,
	.acts = true,
	.upload_scheme = "titan",
	.redirects = true,
	.plain = {.columns = PLAIN_COLUMNS, .line_end = {"\n", 1}}},
    .certificates = true,
    .guest = &wire_titan,
    .request = gemini_request,
    .reply = gemini_reply};
