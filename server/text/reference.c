/* SPDX-License-Identifier: ISC */
/*
 * A stored address comes from a browser's address bar, from an old portal's
 * HTML, or from memory. A browser silently mends an address that is not a URI.
 * A Gemini client sends the address unchanged, and a Gopher client looks the
 * host up as it is written. So an address is mended here, once, for all
 * writers.
 */
#include "text/reference.h"

#include <idn2.h>

#include "base/buf.h"
#include "base/url.h"
#include "base/utf8.h"

enum {
	REFERENCE_MAX = 16 * 1024, /* bytes of an address, mended */
	HOST_MAX = 1024            /* bytes of a host, before it is encoded */
};

static bool
is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] >= 0x80)
			return false;
	return true;
}

static bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] < ' ' || s.data[i] == 0x7F)
			return true;
	return false;
}

/* The length of the scheme with its colon; 0: there is none. */
static size_t
end_of_scheme(struct str text)
{
	const size_t end = str_find_byte(text, ':');

	return end != SIZE_MAX && url_is_scheme(str_slice(text, 0, end))
	    ? end + 1
	    : 0;
}

/* ---- the host ------------------------------------------------------ */

/* Is this a host's name in ASCII: letters, digits, "-", "_", "."? */
static bool
is_name(const char *host)
{
	for (; *host != '\0'; host++)
		if (!(*host >= 'a' && *host <= 'z') &&
		    !(*host >= 'A' && *host <= 'Z') &&
		    !(*host >= '0' && *host <= '9') &&
		    strchr("-_.", *host) == NULL)
			return false;
	return true;
}

static bool
is_plain_name(struct str host)
{
	for (size_t i = 0; i < host.len; i++)
		if (host.data[i] == '%' || (unsigned char)host.data[i] >= 0x80)
			return false;
	return true;
}

/* Encode a host, which is decoded UTF-8, by IDNA. */
static enum err
add_a_labels(struct buf *out, struct str host)
{
	char text[HOST_MAX], *labels = NULL;
	enum err err = OK;
	int code;

	if (host.len >= sizeof(text) || !utf8_valid(host) || has_control(host))
		return ERR_INPUT;
	snprintf(text, sizeof(text), "%.*s", STR_ARG(host));
	code = idn2_to_ascii_8z(
	    text, &labels, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
	if (code == IDN2_MALLOC)
		return ERR_NOMEM;
	if (code != IDN2_OK || labels[0] == '\0' || !is_name(labels))
		err = ERR_INPUT;
	else
		buf_text(out, labels);
	idn2_free(labels);
	return err;
}

/* Mend a host. An address in brackets and a name in ASCII stay; url_parse()
 * checks them afterwards. */
static enum err
add_host(struct buf *out, struct arena *arena, struct str host)
{
	struct str decoded;
	enum err err;

	if (is_plain_name(host)) {
		buf_str(out, host);
		return OK;
	}
	err = url_decode(arena, host, &decoded);
	return err == OK ? add_a_labels(out, decoded) : err;
}

/* The offset of the port with its colon; text.len if there is none. */
static size_t
start_of_port(struct str text)
{
	for (size_t i = text.len; i > 0 && text.data[i - 1] != ']'; i--)
		if (text.data[i - 1] == ':')
			return i - 1;
	return text.len;
}

/* Mend the part after "//": user@host:port. */
static enum err
add_authority(struct buf *out, struct arena *arena, struct str text)
{
	size_t at = text.len, port;
	struct str rest = text;
	enum err err;

	while (at > 0 && text.data[at - 1] != '@')
		at--;
	if (at > 0) {
		url_add_mended(out, str_slice(text, 0, at - 1));
		buf_char(out, '@');
		rest = str_slice(text, at, text.len);
	}
	port = start_of_port(rest);
	err = add_host(out, arena, str_slice(rest, 0, port));
	buf_str(out, str_slice(rest, port, rest.len));
	return err;
}

/* Mend one address after "mailto:": a person at a host, and what follows. */
static enum err
add_mailbox(struct buf *out, struct arena *arena, struct str text)
{
	size_t at = str_find_byte(text, '@'), end;
	enum err err;

	at = at == SIZE_MAX ? text.len : at + 1;
	for (end = at; end < text.len && strchr(":;/", text.data[end]) == NULL;)
		end++;
	url_add_mended(out, str_slice(text, 0, at));
	err = add_host(out, arena, str_slice(text, at, end));
	url_add_mended(out, str_slice(text, end, text.len));
	return err;
}

/* Mend the part after the colon of a mail or telephony scheme: persons at
 * hosts. */
static enum err
add_mailboxes(struct buf *out, struct arena *arena, struct str text)
{
	const size_t query = str_find_byte(text, '?');
	const size_t fragment = str_find_byte(text, '#');
	const size_t end = query < fragment ? query : fragment;
	struct str rest = str_slice(text, 0, end), part;
	enum err err = OK;

	while (err == OK && str_next_part(&rest, ',', &part)) {
		err = add_mailbox(out, arena, part);
		if (rest.data != NULL)
			buf_char(out, ',');
	}
	url_add_mended(out, str_slice(text, end, text.len));
	return err;
}

/* Has a scheme addresses of the form person@host, whose host must be ASCII?
 * XMPP is not one: its hosts are UTF-8 in a URI (RFC 5122). */
static bool
has_mailboxes(struct str scheme)
{
	return str_equal_nocase(scheme, STR("mailto:")) ||
	    str_equal_nocase(scheme, STR("misfin:")) ||
	    str_equal_nocase(scheme, STR("sip:")) ||
	    str_equal_nocase(scheme, STR("sips:"));
}

/* ---- the whole address --------------------------------------------- */

static size_t
end_of_authority(struct str text, size_t from)
{
	while (from < text.len && strchr("/?#", text.data[from]) == NULL)
		from++;
	return from;
}

static enum err
add_mended(struct buf *out, struct arena *arena, struct str text)
{
	size_t at = end_of_scheme(text), end;
	enum err err = OK;

	buf_str(out, str_slice(text, 0, at));
	if (str_starts(str_slice(text, at, text.len), STR("//"))) {
		end = end_of_authority(text, at + 2);
		buf_text(out, "//");
		err = add_authority(out, arena, str_slice(text, at + 2, end));
		at = end;
	} else if (has_mailboxes(str_slice(text, 0, at))) {
		return add_mailboxes(out, arena, str_slice(text, at, text.len));
	} else if (at == 0 &&
	    str_find_byte(text, ':') < str_find_byte(text, '/')) {
		/* A colon that does not end a scheme must not look as if it
		 * did (RFC 3986, 4.2). */
		buf_text(out, "./");
	}
	url_add_mended(out, str_slice(text, at, text.len));
	return err;
}

static bool
has_bracket(struct str s)
{
	return str_find_byte(s, '[') != SIZE_MAX ||
	    str_find_byte(s, ']') != SIZE_MAX;
}

/* Is there nothing to mend? This is so for most links. */
static bool
is_sound(struct str text)
{
	struct url url;

	return is_ascii(text) && url_parse(text, &url) == OK &&
	    str_find_byte(url.host, '%') == SIZE_MAX &&
	    (str_find_byte(url.path, '@') == SIZE_MAX ||
		str_find_byte(url.path, '%') == SIZE_MAX) &&
	    (!url.has_fragment ||
		str_find_byte(url.fragment, '#') == SIZE_MAX) &&
	    !has_bracket(url.path) && !has_bracket(url.query) &&
	    !has_bracket(url.fragment);
}

enum err
reference_mend(struct arena *arena, struct str text, struct str *out)
{
	struct buf mended;
	struct url url;
	enum err err;

	text = str_trim(text);
	if (text.len == 0 || has_control(text))
		return ERR_INPUT;
	if (is_sound(text)) {
		*out = text;
		return OK;
	}
	buf_init(&mended, REFERENCE_MAX);
	err = add_mended(&mended, arena, text);
	if (err == OK)
		err = mended.err == ERR_LIMIT ? ERR_INPUT : mended.err;
	if (err == OK)
		err = url_parse(buf_view(&mended), &url);
	if (err == OK)
		err = arena_take(arena, &mended, out);
	buf_release(&mended);
	return err;
}

/* Does this look like a path on the page's host but mean another host?
 * "<https://h/x>", "http：//h/x" and "\\server\x" do not begin with a scheme.
 * But no path has an empty folder after such a name. */
static bool
is_mistaken(struct str text)
{
	const size_t slash = str_find_byte(text, '/');

	if (str_starts(text, STR("\\\\")))
		return true;
	return slash != SIZE_MAX && slash > 0 && text.data[0] != '.' &&
	    slash < str_find_byte(text, '?') &&
	    slash < str_find_byte(text, '#') &&
	    str_starts(str_slice(text, slash, text.len), STR("//"));
}

enum err
reference_stored(struct arena *arena, struct str text, struct str *out)
{
	struct url url;
	enum err err = reference_mend(arena, text, out);

	if (err != OK)
		return err;
	if (url_parse(*out, &url) != OK)
		return ERR_INPUT;
	if (url.scheme.len > 0)
		return url_is_allowed(*out) ? OK : ERR_INPUT;
	if (is_mistaken(str_trim(text)))
		return ERR_INPUT;
	return url.has_authority && url.host.len == 0 ? ERR_INPUT : OK;
}
