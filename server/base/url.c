/* SPDX-License-Identifier: ISC */
/* Taking URLs apart and putting them together (RFC 3986). */
#include "base/url.h"

#include <arpa/inet.h>

#include "base/utf8.h"

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool
is_unreserved(char c)
{
	return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' ||
	    c == '~';
}

/* RFC 3986, 2.2 and 2.3, and bytes of UTF-8. */
static bool
is_url_byte(char c)
{
	return is_unreserved(c) || (unsigned char)c >= 0x80 ||
	    (c != '\0' && strchr(":/?#[]@!$&'()*+,;=%", c) != NULL);
}

static enum err
check_bytes(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!is_url_byte(text.data[i]))
			return ERR_INPUT;
		if (text.data[i] == '%' &&
		    (i + 2 >= text.len || hex_value(text.data[i + 1]) < 0 ||
			hex_value(text.data[i + 2]) < 0))
			return ERR_INPUT;
	}
	return OK;
}

static bool
is_scheme(struct str s)
{
	if (s.len == 0 || !is_alpha(s.data[0]))
		return false;
	for (size_t i = 1; i < s.len; i++) {
		char c = s.data[i];
		if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' &&
		    c != '.')
			return false;
	}
	return true;
}

/* "[" an IPv6 address "]"; the IPvFuture form is nobody's. */
static bool
is_ip_literal(struct str host)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr address;
	int len;

	if (host.len < 4 || host.data[host.len - 1] != ']')
		return false;
	host = str_slice(host, 1, host.len - 1);
	len = snprintf(text, sizeof(text), "%.*s", STR_ARG(host));
	return len > 0 && (size_t)len < sizeof(text) &&
	    inet_pton(AF_INET6, text, &address) == 1;
}

static enum err
parse_authority(struct str text, struct url *url)
{
	size_t at = str_find_byte(text, '@'), colon;
	int64_t port;

	if (at != SIZE_MAX) {
		url->has_userinfo = true;
		url->userinfo = str_slice(text, 0, at);
		text = str_slice(text, at + 1, text.len);
		if (str_find_byte(text, '@') != SIZE_MAX)
			return ERR_INPUT;
	}
	if (text.len > 0 && text.data[0] == '[') {
		colon = str_find_byte(text, ']');
		if (colon == SIZE_MAX)
			return ERR_INPUT;
		colon++;
		if (!is_ip_literal(str_slice(text, 0, colon)) ||
		    (colon < text.len && text.data[colon] != ':'))
			return ERR_INPUT;
	} else {
		colon = str_find_byte(text, ':');
		if (str_find_byte(text, ']') != SIZE_MAX ||
		    str_find_byte(text, '[') != SIZE_MAX)
			return ERR_INPUT;
	}
	url->host = str_slice(text, 0, colon);
	if (colon >= text.len)
		return OK;
	url->has_port = true;
	url->port = str_slice(text, colon + 1, text.len);
	if (url->port.len == 0)
		return OK;
	for (size_t i = 0; i < url->port.len; i++)
		if (!is_digit(url->port.data[i]))
			return ERR_INPUT;
	while (url->port.len > 1 && url->port.data[0] == '0')
		url->port = str_slice(url->port, 1, url->port.len);
	return str_to_int(url->port, 0, 65535, &port) == OK ? OK : ERR_INPUT;
}

enum err
url_parse(struct str text, struct url *out)
{
	struct url url = {.scheme = STR(""), .host = STR("")};
	size_t end;
	enum err err = check_bytes(text);

	if (err != OK)
		return err;
	end = str_find_byte(text, '#');
	if (end != SIZE_MAX) {
		url.has_fragment = true;
		url.fragment = str_slice(text, end + 1, text.len);
		text = str_slice(text, 0, end);
	}
	end = str_find_byte(text, '?');
	if (end != SIZE_MAX) {
		url.has_query = true;
		url.query = str_slice(text, end + 1, text.len);
		text = str_slice(text, 0, end);
	}
	end = str_find_byte(text, ':');
	if (end != SIZE_MAX && str_find_byte(text, '/') > end) {
		url.scheme = str_slice(text, 0, end);
		if (!is_scheme(url.scheme))
			return ERR_INPUT;
		text = str_slice(text, end + 1, text.len);
	}
	if (str_starts(text, STR("//"))) {
		url.has_authority = true;
		text = str_slice(text, 2, text.len);
		end = str_find_byte(text, '/');
		err = parse_authority(str_slice(text, 0, end), &url);
		if (err != OK)
			return err;
		text = str_slice(text, end, text.len);
	}
	url.path = text;
	*out = url;
	return OK;
}

bool
url_is_allowed(struct str text)
{
	static const struct {
		const char *scheme;
		bool authority;
	} allowed[] = {{"gemini", true}, {"gopher", true}, {"http", true},
	    {"https", true}, {"titan", true}, {"ftp", true}, {"finger", true},
	    {"spartan", true}, {"nex", true}, {"mailto", false},
	    {"tel", false}};
	struct url url;

	if (url_parse(text, &url) != OK)
		return false;
	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++) {
		if (!str_equal_nocase(url.scheme, str_from(allowed[i].scheme)))
			continue;
		return allowed[i].authority
		    ? url.has_authority && url.host.len > 0
		    : !url.has_authority && url.path.len > 0;
	}
	return false;
}

static void
add_encoded(struct buf *out, struct str s, const char *also)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.len; i++) {
		char c = s.data[i];
		if (is_unreserved(c) ||
		    (c != '\0' && strchr(also, c) != NULL)) {
			buf_char(out, c);
			continue;
		}
		buf_char(out, '%');
		buf_char(out, hex[(unsigned char)c >> 4]);
		buf_char(out, hex[(unsigned char)c & 15]);
	}
}

void
url_add_segment(struct buf *out, struct str s)
{
	/* Not ';': a Titan address ends there. */
	add_encoded(out, s, "!$&'()*+,=:@");
}

void
url_add_first_segment(struct buf *out, struct str s)
{
	/* Here ':' would end a scheme (RFC 3986, 4.2). */
	add_encoded(out, s, "!$&'()*+,=@");
}

void
url_add_query(struct buf *out, struct str s)
{
	add_encoded(out, s, "!$'()*,:@/");
}

void
url_add_path(struct buf *out, struct str s)
{
	add_encoded(out, s, "!$&'()*+,=:@/");
}

enum err
url_decode(struct arena *arena, struct str raw, struct str *out)
{
	char *text = arena_alloc(arena, raw.len + 1);
	size_t n = 0;

	if (text == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < raw.len; i++) {
		if (raw.data[i] != '%') {
			text[n++] = raw.data[i];
			continue;
		}
		if (i + 2 >= raw.len || hex_value(raw.data[i + 1]) < 0 ||
		    hex_value(raw.data[i + 2]) < 0)
			return ERR_INPUT;
		text[n++] = (char)(hex_value(raw.data[i + 1]) << 4 |
		    hex_value(raw.data[i + 2]));
		i += 2;
	}
	*out = (struct str){text, n};
	return OK;
}

static bool
segment_is_sound(struct str s)
{
	if (str_equal(s, STR(".")) || str_equal(s, STR("..")))
		return false;
	while (s.len > 0) {
		uint32_t c = utf8_next(&s);
		if (c == UTF8_BAD || utf8_is_control(c))
			return false;
	}
	return true;
}

enum err
path_parse(struct arena *arena, struct str raw, struct path *out)
{
	struct path path = {.folder = true};
	struct str rest, part;

	if (raw.len == 0)
		raw = STR("/");
	if (raw.data[0] != '/')
		return ERR_INPUT;
	rest = str_slice(raw, 1, raw.len);
	while (str_next_part(&rest, '/', &part)) {
		struct str segment;
		enum err err;
		if (rest.data == NULL && part.len == 0)
			break; /* the end of ".../" */
		err = url_decode(arena, part, &segment);
		if (err != OK)
			return err;
		if (!segment_is_sound(segment))
			return ERR_INPUT;
		if (path.count == PATH_SEGMENTS_MAX)
			return ERR_LIMIT;
		path.segment[path.count++] = segment;
		path.folder = rest.data != NULL;
	}
	*out = path;
	return OK;
}

void
path_add(struct buf *out, const struct path *path)
{
	for (size_t i = 0; i < path->count; i++) {
		buf_char(out, '/');
		url_add_segment(out, path->segment[i]);
	}
	if (path->folder)
		buf_char(out, '/');
}

/* Append one raw path behind what stands from `start`, dots worked off. */
static void
add_without_dots(struct buf *out, size_t start, struct str raw)
{
	struct str rest = raw, part;

	while (str_next_part(&rest, '/', &part)) {
		bool up = str_equal(part, STR(".."));
		if (up || str_equal(part, STR("."))) {
			if (up && out->len > start + 1) {
				out->len--; /* the slash, then the name */
				while (out->data[out->len - 1] != '/')
					out->len--;
			}
			continue;
		}
		buf_str(out, part);
		if (rest.data != NULL)
			buf_char(out, '/');
	}
}

void
path_resolve(struct buf *out, struct str base, struct str reference)
{
	size_t start = out->len, end = base.len;

	buf_char(out, '/');
	if (out->err != OK)
		return;
	if (reference.len > 0 && reference.data[0] == '/') {
		add_without_dots(
		    out, start, str_slice(reference, 1, reference.len));
		return;
	}
	if (reference.len > 0)
		while (end > 0 && base.data[end - 1] != '/')
			end--;
	if (end > 0)
		add_without_dots(out, start, str_slice(base, 1, end));
	if (out->err == OK)
		add_without_dots(out, start, reference);
}
