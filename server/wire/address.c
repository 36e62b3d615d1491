/* SPDX-License-Identifier: ISC */
/*
 * Strict in what is accepted: whatever is not plainly one absolute URL of
 * ours is refused before the router sees it. Nothing is normalised but the
 * host's case; what the sender wrote is never sent back.
 */
#include "wire/address.h"

#include "base/input.h"
#include "base/utf8.h"

enum { REFUSAL_MAX_BYTES = 1024 };
enum { SENTENCE_MAX = 200 };

#define REFUSE(refusal, kind, literal) \
	(reply_refuse((refusal), (kind), STR(literal)), ERR_INPUT)
#define REFUSE_BAD(refusal, literal) \
	REFUSE(refusal, REFUSAL_BAD, "Bad request: " literal)

enum err
address_refuse_character(
    struct arena *arena, const char *where, uint32_t bad, struct reply *refusal)
{
	struct buf text;
	enum err err;

	buf_init(&text, SENTENCE_MAX);
	buf_text(&text, "Bad request: ");
	if (bad == UTF8_BAD) {
		buf_printf(&text, "%s is not UTF-8 不是 UTF-8 文本", where);
	} else if (bad == ' ') {
		buf_printf(&text, "blank in the %s 有空格", where);
	} else {
		buf_text(&text, "control character ");
		input_add_name(&text, bad);
		buf_printf(&text, " in the %s 有控制字符", where);
	}
	reply_refuse(refusal, REFUSAL_BAD, STR(""));
	err = arena_take(arena, &text, &refusal->text);
	buf_release(&text);
	return err == OK ? ERR_INPUT : err;
}

/* A line is one word of bytes that can be seen, or that are not ASCII. */
static bool
find_blank_or_control(struct str s, uint32_t *bad)
{
	for (size_t i = 0; i < s.len; i++) {
		*bad = (unsigned char)s.data[i];
		if (*bad <= ' ' || *bad == 0x7F)
			return true;
	}
	return false;
}

static bool
is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] >= 0x80)
			return false;
	return true;
}

enum err
address_read(struct arena *arena, struct str line, struct url *out,
    struct reply *refusal)
{
	struct url url;
	uint32_t bad;

	if (find_blank_or_control(line, &bad))
		return address_refuse_character(arena, "URL", bad, refusal);
	if (!utf8_valid(line) || str_starts(line, STR("\xEF\xBB\xBF")))
		return REFUSE_BAD(refusal, "not UTF-8 地址不是 UTF-8");
	if (url_parse(line, &url) != OK)
		return REFUSE_BAD(refusal, "malformed URL 地址格式不对");
	if (url.scheme.len == 0 || !url.has_authority)
		return REFUSE_BAD(refusal, "no absolute URL 地址不完整");
	if (url.has_fragment)
		return REFUSE_BAD(refusal, "fragment in URL 地址里不能有 #");
	if (url.has_userinfo)
		return REFUSE_BAD(refusal, "user name in URL 地址里不能有 @");
	if (url.host.len == 0)
		return REFUSE_BAD(refusal, "no host in URL 地址里没有主机名");
	*out = url;
	return OK;
}

/* A host as it is compared: without brackets and one trailing dot. */
static struct str
bare_host(struct str host)
{
	if (host.len > 2 && host.data[0] == '[' &&
	    host.data[host.len - 1] == ']')
		return str_slice(host, 1, host.len - 1);
	if (host.len > 1 && host.data[host.len - 1] == '.')
		host.len--;
	return host;
}

bool
address_same_host(struct str a, struct str b)
{
	return str_equal_nocase(bare_host(a), bare_host(b));
}

/* Say where we are: who came by an address or another port learns it. */
static enum err
refuse_foreign(struct arena *arena, const struct address_place *ours,
    struct reply *refusal, const char *what)
{
	struct buf text;
	struct str line;

	buf_init(&text, REFUSAL_MAX_BYTES);
	buf_printf(&text, "Not served here: %s; use 请用 %s://%.*s", what,
	    ours->scheme, STR_ARG(ours->host));
	if (ours->port != ours->default_port)
		buf_printf(&text, ":%u", ours->port);
	buf_char(&text, '/');
	line = text.err == OK ? arena_str(arena, buf_view(&text)) : STR("");
	buf_release(&text);
	reply_refuse(
	    refusal, REFUSAL_FOREIGN, line.data == NULL ? STR("") : line);
	return ERR_INPUT;
}

enum err
address_check_host(struct arena *arena, const struct url *url,
    const struct address_place *ours, struct reply *refusal)
{
	int64_t port = ours->default_port;

	if (!address_same_host(url->host, ours->host)) {
		if (!is_ascii(url->host))
			return REFUSE_BAD(
			    refusal, "host name not ASCII 主机名请用 Punycode");
		return refuse_foreign(
		    arena, ours, refusal, "host 本站没有这个主机");
	}
	if (url->port.len > 0 &&
	    str_to_int(url->port, 0, UINT16_MAX, &port) != OK)
		return REFUSE_BAD(refusal, "port 端口不对");
	if (port != ours->port)
		return refuse_foreign(
		    arena, ours, refusal, "port 本站没有这个端口");
	if (ours->sni.len > 0 && !address_same_host(ours->sni, ours->host))
		return refuse_foreign(arena, ours, refusal,
		    "TLS server name 与 TLS 的主机名不一致");
	return OK;
}

/* Decode what stands behind "?"; "+" stays what it is. */
static enum err
read_input(
    struct arena *arena, struct str raw, struct str *out, struct reply *refusal)
{
	struct str decoded;
	uint32_t bad = UTF8_BAD;
	enum err err = url_decode(arena, raw, &decoded);

	if (err == OK)
		err = input_read(arena, decoded, out, &bad);
	return err == ERR_INPUT
	    ? address_refuse_character(arena, "input", bad, refusal)
	    : err;
}

/* Which character it was, or that it was none. */
static enum err
refuse_path(struct arena *arena, struct str raw, struct reply *refusal)
{
	struct str decoded;
	uint32_t bad;

	if (url_decode(arena, raw, &decoded) == OK &&
	    input_find_control(decoded, &bad))
		return address_refuse_character(arena, "path", bad, refusal);
	return REFUSE_BAD(refusal, "path 路径不对");
}

enum err
address_target(
    const struct url *url, struct request *out, struct reply *refusal)
{
	struct path path;
	struct str input = STR("");
	enum err err;

	err = path_parse(out->arena, url->path, &path);
	if (err == ERR_LIMIT) /* deeper than any page of ours */
		return REFUSE(refusal, REFUSAL_MISSING, "Not found 没有这一页");
	if (err == ERR_INPUT)
		return refuse_path(out->arena, url->path, refusal);
	if (err == OK && url->has_query)
		err = read_input(out->arena, url->query, &input, refusal);
	if (err != OK)
		return err;
	out->path = path;
	out->has_input = url->has_query;
	out->input = input;
	out->query = url->has_query ? url->query : STR("");
	return OK;
}

enum err
address_set_input(struct request *out, struct str words)
{
	struct buf query;
	enum err err;

	buf_init(&query, 3 * words.len + 1);
	url_add_mended(&query, words);
	err = arena_take(out->arena, &query, &out->query);
	buf_release(&query);
	out->has_input = words.len > 0;
	out->input = words;
	return err;
}
