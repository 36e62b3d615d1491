/* SPDX-License-Identifier: ISC */
/*
 * A request is one line, an absolute URI; a reply is a status, one line of
 * meta text and, for status 20 only, a body that ends where the connection
 * does (Gemini network protocol specification 0.24.1).
 */
#include "wire/gemini.h"

#include "base/utf8.h"
#include "text/write.h"
#include "wire/address.h"

/* How much of a text is looked at to make META of: cleaning may drop some of
 * it, and a bad byte becomes three. */
enum { META_SOURCE_MAX = 4 * GEMINI_META_MAX, META_ROOM = 16 * 1024 };
enum { WAIT_USUAL_S = 10, WAIT_MAX_S = 3600 };

const struct wire wire_gemini = {.tls = WIRE_TLS_ALWAYS,
    .protocol = {.name = "gemini",
	.title = "Gemini",
	.port = 1965,
	/* Of the URI; reading stops there. Past it: 59. (Gemini network
	 * protocol specification 0.24.1, "Requests") */
	.line_max = 1024,
	.acts = true,
	.redirects = true,
	.plain = {.columns = PLAIN_COLUMNS, .line_end = {"\n", 1}}},
    .certificates = true,
    .request = gemini_request,
    .reply = gemini_reply};

/* Refusals: the code, its English, and what is said where the reply says
 * nothing. */
static const struct {
	const char *code, *word, *text;
} refusals[] = {[REFUSAL_MISSING] = {"51", "Not found", "没有这一页"},
    [REFUSAL_GONE] = {"52", "Gone", "这一页已经撤下"},
    [REFUSAL_BAD] = {"59", "Bad request", "请求有误"},
    [REFUSAL_FOREIGN] = {"53", "Not served here", "本站没有这个地址"},
    [REFUSAL_FORBIDDEN] = {"61", "Not permitted", "这个身份没有权限"},
    [REFUSAL_NEEDS_CERT] = {"60", "Certificate required", "请选择一个身份"},
    [REFUSAL_BAD_CERT] = {"62", "Certificate not valid", "证书无效"},
    [REFUSAL_BUSY] = {"44", "", ""}, /* its text is a number */
    [REFUSAL_DOWN] = {"41", "Closed for maintenance", "系统维护中"},
    [REFUSAL_BROKEN] = {"40", "Failed", "出错了，请稍后再试"}};

enum err
gemini_request(const struct wire_line *line, const struct wire_host *ours,
    struct request *out, struct reply *refusal)
{
	struct address_place place = {.host = ours->host,
	    .scheme = wire_gemini.protocol.name,
	    .port = services_port(&ours->services, &wire_gemini.protocol),
	    .default_port = wire_gemini.protocol.port,
	    .sni = line->sni};
	struct url url;
	enum err err;

	err = address_read(out->arena, line->text, &url, refusal);
	if (err != OK)
		return err;
	if (!str_equal_nocase(url.scheme, STR("gemini"))) {
		reply_refuse(refusal, REFUSAL_FOREIGN,
		    STR("Not served here: scheme 本站没有这种协议"));
		return ERR_INPUT;
	}
	err = address_check_host(out->arena, &url, &place, refusal);
	/* Where neither is meant, it is the public one that is named. */
	if (err == ERR_INPUT && ours->other_host.len > 0 &&
	    address_same_host(url.host, ours->other_host)) {
		place.host = ours->other_host;
		place.port = ours->other_port;
		err = address_check_host(out->arena, &url, &place, refusal);
	}
	return err == OK ? address_target(&url, out, refusal) : err;
}

/* The choke point: META is text in one clean line; `word` stands in front of
 * a text that is empty or does not begin with ASCII, because clients in use
 * spoil the first byte of such a text. */
static void
add_header(struct buf *out, const char *code, const char *word, struct str text)
{
	struct buf line;
	struct str meta;

	buf_init(&line, META_ROOM);
	utf8_add_line(&line, utf8_cut(text, META_SOURCE_MAX));
	meta = str_trim(buf_view(&line));
	buf_text(out, code);
	buf_char(out, ' ');
	if (meta.len == 0 || (unsigned char)meta.data[0] >= 0x80) {
		size_t room = GEMINI_META_MAX - strlen(word) - 1;
		buf_text(out, word);
		meta = str_trim(utf8_cut(meta, room));
		if (meta.len > 0)
			buf_char(out, ' ');
	}
	buf_str(out, str_trim(utf8_cut(meta, GEMINI_META_MAX)));
	buf_text(out, "\r\n");
	if (line.err != OK && out->err == OK)
		out->err = line.err;
	buf_release(&line);
}

static void
add_gemtext_header(struct buf *out, struct str language)
{
	enum { TAG_MAX = 35, MIME_MAX = 80 }; /* RFC 5646, 4.4.1 */
	bool known;
	char mime[MIME_MAX];

	for (size_t i = 0; i < language.len; i++) {
		char c = language.data[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '-')
			language.len = 0;
	}
	known = language.len > 0 && language.len <= TAG_MAX;
	snprintf(mime, sizeof(mime), "text/gemini; charset=utf-8%s%.*s",
	    known ? "; lang=" : "", known ? (int)language.len : 0,
	    language.data);
	add_header(out, "20", "", str_from(mime));
}

static void
add_redirect(struct buf *out, const struct reply *reply)
{
	struct buf target;
	struct url url;

	/* Bytes above ASCII are let through by url_parse(). */
	buf_init(&target, 3 * GEMINI_META_MAX);
	wire_add_uri(&target, reply->text);
	if (target.err == ERR_NOMEM)
		out->err = ERR_NOMEM;
	else if (target.err != OK || target.len == 0 ||
	    target.len > GEMINI_META_MAX ||
	    url_parse(buf_view(&target), &url) != OK)
		add_header(out, "50", "",
		    STR("Redirect to no usable address 无法跳转"));
	else
		add_header(
		    out, reply->permanent ? "31" : "30", "", buf_view(&target));
	buf_release(&target);
}

/* Seconds and nothing else: older clients read a number here. */
static void
add_busy(struct buf *out, unsigned wait_s)
{
	char seconds[16];

	if (wait_s == 0)
		wait_s = WAIT_USUAL_S;
	if (wait_s > WAIT_MAX_S)
		wait_s = WAIT_MAX_S;
	snprintf(seconds, sizeof(seconds), "%u", wait_s);
	add_header(out, "44", "", str_from(seconds));
}

static void
add_refusal(struct buf *out, const struct reply *reply)
{
	struct str text = reply->text;

	/* What a page says to its reader is said; a number has no place in it,
	 * and in 44 there is no place for words. */
	if (reply->refusal == REFUSAL_BUSY && reply->deliberate &&
	    str_trim(text).len > 0) {
		add_header(out, "40", "Busy", text);
		return;
	}
	if (reply->refusal == REFUSAL_BUSY) {
		add_busy(out, reply->wait_s);
		return;
	}
	if (str_trim(text).len == 0)
		text = str_from(refusals[reply->refusal].text);
	add_header(out, refusals[reply->refusal].code,
	    refusals[reply->refusal].word, text);
}

void
gemini_reply_header(struct buf *out, const struct reply *reply)
{
	switch (reply->type) {
	case REPLY_BLOCKS:
		add_gemtext_header(out, reply->language);
		break;
	case REPLY_BYTES:
	case REPLY_FILE:
		add_header(out, "20", "", wire_media_type(reply->mime));
		break;
	case REPLY_PROMPT:
		add_header(
		    out, reply->secret ? "11" : "10", "Input", reply->text);
		break;
	case REPLY_REDIRECT:
		add_redirect(out, reply);
		break;
	case REPLY_REFUSAL:
		add_refusal(out, reply);
		break;
	}
}

void
gemini_reply(struct buf *out, const struct request *request,
    const struct reply *reply, const struct wire_host *ours)
{
	(void)request;
	(void)ours;
	gemini_reply_header(out, reply);
	if (reply->type == REPLY_BLOCKS)
		write_gemtext(out, &reply->blocks, NULL);
	else if (reply->type == REPLY_BYTES)
		buf_str(out, reply->bytes);
}
