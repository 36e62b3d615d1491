/* SPDX-License-Identifier: ISC */
/*
 * Strict in what is accepted: whatever is not plainly one absolute URL of
 * ours is refused before the router sees it. Nothing is normalised but the
 * host's case; what the sender wrote is never sent back.
 */
#include "wire/address.h"

#include "base/utf8.h"

enum { REFUSAL_MAX_BYTES = 1024 };

#define REFUSE(refusal, kind, literal) \
	(reply_refuse((refusal), (kind), STR(literal)), ERR_INPUT)
#define REFUSE_BAD(refusal, literal) \
	REFUSE(refusal, REFUSAL_BAD, "Bad request: " literal)

static bool
has_blank_or_control(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] <= 0x20 || s.data[i] == 0x7F)
			return true;
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
address_read(struct str line, struct url *out, struct reply *refusal)
{
	struct url url;

	if (has_blank_or_control(line))
		return REFUSE_BAD(refusal,
		    "blank or control character 地址里有空格或控制字符");
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
	buf_printf(&text, "Not served here: %s; use 请用 gemini://%.*s", what,
	    STR_ARG(ours->host));
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

static bool
is_plain_text(struct str s)
{
	if (!utf8_valid(s))
		return false;
	while (s.len > 0) {
		uint32_t c = utf8_next(&s);
		if (c != '\n' && utf8_is_control(c))
			return false;
	}
	return true;
}

/* Decode what stands behind "?": CR LF becomes LF, "+" stays what it is. */
static enum err
read_input(struct arena *arena, struct str raw, struct str *out)
{
	struct str decoded;
	char *text;
	size_t len = 0;
	enum err err = url_decode(arena, raw, &decoded);

	if (err != OK)
		return err;
	text = arena_alloc(arena, decoded.len + 1);
	if (text == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < decoded.len; i++)
		if (!str_starts(str_slice(decoded, i, i + 2), STR("\r\n")))
			text[len++] = decoded.data[i];
	if (!is_plain_text((struct str){text, len}))
		return ERR_INPUT;
	*out = (struct str){text, len};
	return OK;
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
		return REFUSE_BAD(refusal, "path 路径不对");
	if (err != OK)
		return err;
	if (url->has_query) {
		err = read_input(out->arena, url->query, &input);
		if (err == ERR_INPUT)
			return REFUSE_BAD(refusal,
			    "input is not plain UTF-8 输入不是 UTF-8 文本");
		if (err != OK)
			return err;
	}
	out->path = path;
	out->has_input = url->has_query;
	out->input = input;
	out->query = url->has_query ? url->query : STR("");
	return OK;
}
