/* SPDX-License-Identifier: ISC */
/*
 * The links of a reply, as a client finds them in the bytes: the lines of a
 * gemtext that begin with "=>", the items of a menu.
 */
#include "tools/test/internal.h"

#include "base/url.h"
#include "base/utf8.h"

enum { LABELS_MAX = 64 };

struct link {
	struct str target; /* a reference; of a menu, the item's line */
	struct str label;
};

/* The links of a reply, one after the other. */
struct links {
	const struct wire *wire;
	struct str rest;
	bool preformatted;
};

/* The part of a reply behind its header. */
static struct links
links_of(const struct wire *wire, struct str reply)
{
	struct links links = {.wire = wire, .rest = reply};
	struct str header;

	if (!wire->protocol.menus)
		(void)str_next_line(&links.rest, &header);
	return links;
}

static bool
read_link(const struct links *links, struct str line, struct link *out)
{
	const char *mark = links->wire->protocol.ask_mark;
	size_t n = 0;

	if (!str_starts(line, STR("=>")) &&
	    (mark == NULL || !str_starts(line, str_from(mark))))
		return false;
	line = str_trim(str_slice(line, 2, line.len));
	while (n < line.len && line.data[n] != ' ' && line.data[n] != '\t')
		n++;
	out->target = str_slice(line, 0, n);
	out->label = str_trim(str_slice(line, n, line.len));
	if (out->label.len == 0)
		out->label = out->target;
	return out->target.len > 0;
}

static bool
read_item(struct str line, struct link *out)
{
	struct str rest = line;

	out->target = line;
	if (line.len == 0 || line.data[0] == 'i' || line.data[0] == '3' ||
	    !str_next_part(&rest, '\t', &out->label) || rest.data == NULL)
		return false;
	out->label = str_slice(out->label, 1, out->label.len);
	return true;
}

static bool
next_link(struct links *links, struct link *out)
{
	struct str line;

	while (str_next_line(&links->rest, &line)) {
		if (links->wire->protocol.menus) {
			if (read_item(line, out))
				return true;
		} else if (str_starts(line, STR("```"))) {
			links->preformatted = !links->preformatted;
		} else if (!links->preformatted &&
		    read_link(links, line, out)) {
			return true;
		}
	}
	return false;
}

/* Append a reference, resolved against the URL of its page (RFC 3986, 5.2). */
static enum err
resolve(struct buf *out, struct str address, struct str reference)
{
	struct url base, url;
	enum err err = url_parse(address, &base);

	if (err == OK)
		err = url_parse(reference, &url);
	if (err != OK)
		return err;
	if (url.scheme.len > 0) {
		buf_str(out, reference);
		return out->err;
	}
	buf_str(out, base.scheme);
	buf_char(out, ':');
	if (url.has_authority) {
		buf_str(out, reference);
		return out->err;
	}
	buf_printf(out, "//%.*s%s%.*s", STR_ARG(base.host),
	    base.has_port ? ":" : "", STR_ARG(base.port));
	path_resolve(out, base.path, url.path);
	if (url.has_query)
		buf_printf(out, "?%.*s", STR_ARG(url.query));
	return out->err;
}

/* Append the URL (RFC 4266) of a menu's item, whose line has the parts type and
 * label, selector, host, port. */
static enum err
add_item(struct buf *out, const struct wire *wire, struct str line)
{
	const char type = line.data[0];
	struct str label, selector, host, rest = line;

	(void)str_next_part(&rest, '\t', &label);
	if (!str_next_part(&rest, '\t', &selector) ||
	    !str_next_part(&rest, '\t', &host))
		return ERR_INPUT;
	if (str_starts(selector, STR("URL:"))) {
		buf_str(out, str_slice(selector, 4, selector.len));
		return out->err;
	}
	buf_printf(
	    out, "%s://%.*s/%c", wire->protocol.name, STR_ARG(host), type);
	url_add_path(out, selector);
	return out->err;
}

/* Say which labels there are, or which is the nearest. */
static void
explain(const struct wire *wire, struct str reply, struct str label,
    struct buf *why)
{
	struct links links = links_of(wire, reply);
	struct link link;
	int count = 0;

	buf_printf(why, "no link is labelled `%.*s`", STR_ARG(label));
	while (next_link(&links, &link) && count++ < LABELS_MAX) {
		buf_text(why, count == 1 ? "; there are: " : ", ");
		buf_char(why, '`');
		utf8_add_line(why, link.label);
		buf_char(why, '`');
	}
	if (count == 0)
		buf_text(why, "; the reply of the step before has no link");
}

enum err
link_find(const struct wire *wire, struct str reply, struct str address,
    struct str label, struct buf *out, struct buf *why)
{
	struct links links = links_of(wire, reply);
	struct link link, found = {.target = {NULL, 0}};
	enum err err;

	while (next_link(&links, &link)) {
		if (!str_equal(link.label, label))
			continue;
		if (found.target.data != NULL &&
		    !str_equal(link.target, found.target)) {
			buf_printf(why,
			    "`%.*s` is the label of links to different places",
			    STR_ARG(label));
			return ERR_INPUT;
		}
		found = link;
	}
	if (found.target.data == NULL) {
		explain(wire, reply, label, why);
		return ERR_INPUT;
	}
	err = wire->protocol.menus ? add_item(out, wire, found.target)
				   : resolve(out, address, found.target);
	if (err == ERR_INPUT)
		buf_printf(
		    why, "the link `%.*s` has no address", STR_ARG(label));
	return err;
}

bool
link_of_redirect(const struct wire *wire, struct str reply, struct str address,
    struct buf *out)
{
	struct str header, target;
	size_t blank;

	if (wire->protocol.menus || !str_next_line(&reply, &header) ||
	    header.len == 0 || header.data[0] != '3')
		return false;
	blank = str_find_byte(header, ' ');
	if (blank == SIZE_MAX)
		return false;
	target = str_trim(str_slice(header, blank, header.len));
	return resolve(out, address, target) == OK;
}
