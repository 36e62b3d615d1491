/* SPDX-License-Identifier: ISC */
/* Parsing and writing URLs (RFC 3986). */
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

/* The places where an ASCII byte needs no encoding (RFC 3986, 2.2, 2.3). */
enum place {
	IN_URL = 1,     /* unreserved, reserved, the percent sign */
	IN_SEGMENT = 2, /* not ';': it ends the path of a Titan URL */
	IN_FIRST = 4,   /* nor ':': it would end a scheme (4.2) */
	IN_QUERY = 8,
	IN_PATH = 16,
	IN_SEGMENTS = IN_SEGMENT | IN_FIRST | IN_PATH
};

/* clang-format off */
enum {
	AA = IN_URL | IN_SEGMENTS | IN_QUERY, /* anywhere; all unreserved do */
	NQ = IN_URL | IN_SEGMENTS,            /* not in a query: & + = */
	CO = IN_URL | IN_SEGMENT | IN_PATH | IN_QUERY, /* : */
	SL = IN_URL | IN_PATH | IN_QUERY,     /* / */
	UU = IN_URL
};

/* The places of each byte, in ASCII order. */
static const unsigned char places[256] = {
	[' '] =
	 0, AA,  0, UU, AA, UU, NQ, AA, AA, AA, AA, NQ, AA, AA, AA, SL,
	AA, AA, AA, AA, AA, AA, AA, AA, AA, AA, CO, UU,  0, NQ,  0, UU,
	AA, AA, AA, AA, AA, AA, AA, AA, AA, AA, AA, AA, AA, AA, AA, AA,
	AA, AA, AA, AA, AA, AA, AA, AA, AA, AA, AA, UU,  0, UU,  0, AA,
	 0, AA, AA, AA, AA, AA, AA, AA, AA, AA, AA, AA, AA, AA, AA, AA,
	AA, AA, AA, AA, AA, AA, AA, AA, AA, AA, AA,  0,  0,  0, AA,  0
};
/* clang-format on */

static bool
may_stand(char c, enum place place)
{
	return (places[(unsigned char)c] & place) != 0;
}

static enum err
check_bytes(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!may_stand(text.data[i], IN_URL) &&
		    (unsigned char)text.data[i] < 0x80)
			return ERR_INPUT;
		if (text.data[i] == '%' &&
		    (i + 2 >= text.len || hex_value(text.data[i + 1]) < 0 ||
			hex_value(text.data[i + 2]) < 0))
			return ERR_INPUT;
	}
	return OK;
}

bool
url_is_scheme(struct str s)
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

/* "[" an IPv6 address "]". Nobody uses the IPvFuture form; it is refused. */
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
		if (!url_is_scheme(url.scheme))
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

/* What follows the colon of a scheme. */
enum behind {
	HOST,    /* "//" and a host */
	NO_HOST, /* something else */
	QUERY,   /* the same, or nothing but a query */
	EITHER
};

bool
url_is_allowed(struct str text)
{
	static const struct {
		const char *scheme;
		enum behind behind;
	} allowed[] = {{"gemini", HOST}, {"gopher", HOST}, {"http", HOST},
	    {"https", HOST}, {"titan", HOST}, {"ftp", HOST}, {"ftps", HOST},
	    {"finger", HOST}, {"spartan", HOST}, {"nex", HOST}, {"guppy", HOST},
	    {"scorpion", HOST}, {"telnet", HOST}, {"irc", HOST}, {"ircs", HOST},
	    {"nntp", HOST}, {"webcal", HOST}, {"ipfs", HOST},
	    {"mailto", NO_HOST}, {"tel", NO_HOST}, {"sms", NO_HOST},
	    {"geo", NO_HOST}, {"magnet", QUERY}, {"news", NO_HOST},
	    {"urn", NO_HOST}, {"matrix", NO_HOST}, {"misfin", EITHER},
	    {"xmpp", EITHER}, {"sip", EITHER}, {"sips", EITHER}};
	struct url url;

	if (url_parse(text, &url) != OK)
		return false;
	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++) {
		if (!str_equal_nocase(url.scheme, str_from(allowed[i].scheme)))
			continue;
		if (url.has_authority)
			return url.host.len > 0 &&
			    (allowed[i].behind == HOST ||
				allowed[i].behind == EITHER);
		return allowed[i].behind != HOST &&
		    (url.path.len > 0 ||
			(allowed[i].behind == QUERY && url.query.len > 0));
	}
	return false;
}

static void
add_encoded(struct buf *out, struct str s, enum place place)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t from = 0;

	for (size_t i = 0; i < s.len; i++) {
		const unsigned char c = (unsigned char)s.data[i];
		const char code[] = {'%', hex[c >> 4], hex[c & 15]};

		if (may_stand(s.data[i], place))
			continue;
		buf_add(out, s.data + from, i - from);
		buf_add(out, code, sizeof(code));
		from = i + 1;
	}
	buf_str(out, str_slice(s, from, s.len));
}

void
url_add_segment(struct buf *out, struct str s)
{
	add_encoded(out, s, IN_SEGMENT);
}

void
url_add_first_segment(struct buf *out, struct str s)
{
	add_encoded(out, s, IN_FIRST);
}

void
url_add_query(struct buf *out, struct str s)
{
	add_encoded(out, s, IN_QUERY);
}

void
url_add_path(struct buf *out, struct str s)
{
	add_encoded(out, s, IN_PATH);
}

void
url_add_mended(struct buf *out, struct str s)
{
	bool fragment = false;

	for (size_t i = 0; i < s.len; i++) {
		struct str byte = str_slice(s, i, i + 1);
		bool stands = may_stand(s.data[i], IN_URL) &&
		    s.data[i] != '[' && s.data[i] != ']';

		if (s.data[i] == '%')
			stands = i + 2 < s.len &&
			    hex_value(s.data[i + 1]) >= 0 &&
			    hex_value(s.data[i + 2]) >= 0;
		else if (s.data[i] == '#')
			stands = !fragment;
		fragment |= s.data[i] == '#';
		if (stands)
			buf_str(out, byte);
		else
			/* No byte that is encoded here may stand in a first
			 * segment, so IN_FIRST encodes each of them. */
			add_encoded(out, byte, IN_FIRST);
	}
}

enum err
url_decode(struct arena *arena, struct str raw, struct str *out)
{
	const size_t plain = str_find_byte(raw, '%');
	char *text;
	size_t n = 0;

	if (plain == SIZE_MAX) {
		*out = arena_str(arena, raw);
		return out->data == NULL ? ERR_NOMEM : OK;
	}
	text = arena_alloc(arena, raw.len + 1);
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
	/* A clean text is usual and needs no look at each character. */
	s = str_slice(s, utf8_clean_len(s), s.len);
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
			break; /* the path ends in "/" */
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

/* Append a raw path to the one that begins at `start`; resolve dot segments.
 * Empty segments at the beginning are left out: a reference that begins with
 * "//" names a host. */
static void
add_without_dots(struct buf *out, size_t start, struct str raw)
{
	struct str rest = raw, part;

	while (str_next_part(&rest, '/', &part)) {
		bool up = str_equal(part, STR(".."));
		if (up || str_equal(part, STR("."))) {
			if (up && out->len > start + 1) {
				out->len--; /* first the slash, then the name */
				while (out->data[out->len - 1] != '/')
					out->len--;
			}
			continue;
		}
		if (part.len == 0 && out->len == start + 1)
			continue;
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
