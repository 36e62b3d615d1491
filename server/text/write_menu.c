/* SPDX-License-Identifier: ISC */
/*
 * Blocks as a Gopher menu (RFC 1436, 3.9 and appendix). A field must not hold a
 * TAB or a line end, which would begin a new field or item. The texts of blocks
 * hold neither. The target of a link comes from page/ and is checked here. A
 * link that cannot be an item becomes an info line.
 */
#include "text/write.h"

#include "base/utf8.h"
#include "text/internal.h"
#include "text/wrap.h"

enum {
	SELECTOR_MAX_BYTES = 255, /* RFC 1436, appendix */
	PORT_MAX = 65535,
	TELNET_PORT = 23
};

/* The fields after the text of an info line. */
#define INFO_FIELDS "\t\terror.host\t1\r\n"
#define TITLE_FIELDS "\tTITLE\terror.host\t1\r\n"

/* ---- items of URLs --------------------------------------------------- */

/* May an item have this type? "i" and "3" are not types of items: they are info
 * lines and errors. */
static bool
is_item_type(char type)
{
	return (type >= 'a' && type <= 'z' && type != 'i') ||
	    (type >= 'A' && type <= 'Z') ||
	    (type >= '0' && type <= '9' && type != '3') ||
	    (type != '\0' && strchr("+;:<", type) != NULL);
}

static void
set_host(struct target *out, const struct url *url, unsigned usual_port)
{
	int64_t port = usual_port;

	if (url->port.len > 0 && str_to_int(url->port, 1, 65535, &port) != OK)
		port = 0; /* an invalid port: the link is not an item */
	out->host = url->host;
	out->port = (unsigned)port;
}

/* Split a path: "/", the type, the selector. A query belongs to the selector:
 * "?" has no meaning in a gopher URL (RFC 4266, 2.1). */
static enum err
gopher_target(struct arena *arena, const struct url *url, struct target *out)
{
	struct str raw = url->path, selector;
	enum err err;

	if (url->has_query)
		raw = arena_printf(arena, "%s%.*s?%.*s",
		    url->path.len == 0 ? "/" : "", STR_ARG(url->path),
		    STR_ARG(url->query));
	if (raw.data == NULL)
		return ERR_NOMEM;
	err = url_decode(arena, raw, &selector);
	if (err != OK)
		return err;
	out->type = selector.len > 1 ? selector.data[1] : '1';
	if (!is_item_type(out->type))
		out->type = '\0';
	out->selector = str_slice(selector, 2, selector.len);
	set_host(out, url, GOPHER_PORT);
	return OK;
}

/* The selector of a telnet item is the user's name (RFC 1436, 3.8). */
static enum err
telnet_target(struct arena *arena, const struct url *url, struct target *out)
{
	out->type = '8';
	set_host(out, url, TELNET_PORT);
	return url_decode(arena, url->userinfo, &out->selector);
}

enum err
menu_item_of_url(struct arena *arena, const struct url *url, struct target *out)
{
	if (str_equal_nocase(url->scheme, STR("gopher")))
		return gopher_target(arena, url, out);
	if (str_equal_nocase(url->scheme, STR("telnet")))
		return telnet_target(arena, url, out);
	return ERR_MISSING;
}

/* ---- the menu -------------------------------------------------------- */

/* Is this a valid field: UTF-8 without control or invisible characters? */
static bool
is_field(struct str s)
{
	/* A clean text is usual and needs no look at each character. */
	s = str_slice(s, utf8_clean_len(s), s.len);
	while (s.len > 0) {
		uint32_t c = utf8_next(&s);
		if (c == UTF8_BAD || utf8_is_control(c) || utf8_is_line_end(c))
			return false;
	}
	return true;
}

static bool
is_item(const struct target *target)
{
	return target->type > ' ' && target->type < 0x7F &&
	    target->type != 'i' && target->type != '3' &&
	    target->selector.len <= SELECTOR_MAX_BYTES &&
	    is_field(target->selector) && target->host.len > 0 &&
	    is_field(target->host) && target->port > 0 &&
	    target->port <= PORT_MAX;
}

static void
fail(struct lines *lines, enum err err)
{
	if (lines->out->err == OK)
		lines->out->err = err;
}

/* The host without the brackets of a URL, because a client looks it up as it
 * is. */
static struct str
name_of_host(struct str host)
{
	return str_starts(host, STR("[")) && str_ends(host, STR("]"))
	    ? str_slice(host, 1, host.len - 1)
	    : host;
}

static void
add_item(struct lines *lines, const struct target *target, struct str label)
{
	struct buf *out = lines->out;
	struct str text;
	enum err err = text_fit(lines->arena, label, GOPHER_COLUMNS, &text);

	if (err != OK) {
		fail(lines, err);
		return;
	}
	buf_char(out, target->type);
	buf_str(out, text);
	buf_char(out, '\t');
	buf_str(out, target->selector);
	buf_char(out, '\t');
	buf_str(out, name_of_host(target->host));
	buf_char(out, '\t');
	buf_number(out, target->port);
	buf_text(out, "\r\n");
	lines->set_off = false;
}

/* A link that cannot be an item: its label, and its address in the delimiters
 * of RFC 3986, appendix C, if the address is of use outside this page. */
static void
add_reference(struct lines *lines, struct str label, struct str address)
{
	struct url url;
	struct str text = label;

	if (url_parse(address, &url) == OK && url.scheme.len > 0 &&
	    !str_equal(label, address)) {
		text = arena_printf(lines->arena, "%.*s <%.*s>", STR_ARG(label),
		    STR_ARG(address));
		if (text.data == NULL) {
			fail(lines, ERR_NOMEM);
			return;
		}
	}
	lines_wrap(lines, text, STR(""), STR("  "));
}

static void
add_link(struct lines *lines, const struct block *link)
{
	const bool item = is_item(&link->target);
	struct str address, label = link->text;

	if (item && label.len > 0) {
		add_item(lines, &link->target, label);
		return;
	}
	address = lines_address(link);
	if (label.len == 0)
		label = address;
	if (item)
		add_item(lines, &link->target, label);
	else
		add_reference(lines, label, address);
}

/* The menu's title: the first heading with a text. */
static const struct block *
find_title(const struct blocks *list)
{
	for (const struct block *b = list->first; b != NULL; b = b->next)
		if (b->type == BLOCK_HEADING && b->text.len > 0)
			return b;
	return NULL;
}

/* A title that is too long continues in info lines. */
static void
add_title(struct lines *lines, const struct block *title)
{
	struct wrap w;
	struct str piece;
	enum err err =
	    wrap_begin(&w, lines->arena, title->text, GOPHER_COLUMNS);

	if (err != OK) {
		fail(lines, err);
		return;
	}
	lines->after = STR(TITLE_FIELDS);
	while (wrap_next(&w, &piece)) {
		lines_add(lines, STR(""), piece);
		lines->after = STR(INFO_FIELDS);
	}
}

static bool
is_blank_line(const struct block *b)
{
	return b == NULL || (b->type == BLOCK_TEXT && b->text.len == 0);
}

void
write_menu(struct buf *out, const struct blocks *list)
{
	const struct block *title = find_title(list), *above = NULL;
	struct lines lines = {.out = out,
	    .arena = list->arena,
	    .columns = GOPHER_COLUMNS,
	    .before = STR("i"),
	    .after = STR(INFO_FIELDS),
	    .wrap_groups = true,
	    .set_off = true};

	if (list->err != OK)
		fail(&lines, list->err);
	if (title != NULL)
		add_title(&lines, title);
	for (const struct block *b = list->first; b != NULL; b = b->next) {
		if (b == title)
			continue; /* already written; `above` stays */
		if (b->type == BLOCK_LINK)
			add_link(&lines, b);
		else if (!is_blank_line(b) || !is_blank_line(above) ||
		    above == NULL || above->next != title)
			lines_block(&lines, b);
		above = b;
	}
	buf_text(out, ".\r\n");
}
