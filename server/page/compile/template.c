/* SPDX-License-Identifier: ISC */
/*
 * Holes. The place of a hole decides how its value is escaped; the value itself
 * never decides.
 */
#include "page/compile/template.h"

#include "text/input.h"
#include "base/url.h"
#include "base/utf8.h"
#include "text/escape.h"

enum { SEGMENT_MAX = 16 * 1024 };

static const struct {
	const char *name;
	enum filter filter;
} filters[] = {{"url", FILTER_URL}, {"gemtext", FILTER_GEMTEXT},
    {"text", FILTER_TEXT}, {"quote", FILTER_QUOTE}};

static bool
is_name(struct str s)
{
	if (s.len == 0 || (s.data[0] >= '0' && s.data[0] <= '9'))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.data[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '_')
			return false;
	}
	return true;
}

static struct piece *
piece_add(struct arena *arena, struct piece ***end)
{
	struct piece *piece = arena_alloc(arena, sizeof(*piece));

	if (piece == NULL)
		return NULL;
	piece->slot = -1;
	**end = piece;
	*end = &piece->next;
	return piece;
}

static enum err
parse_filter(struct str name, enum filter *out, struct buf *message)
{
	const char *known[sizeof(filters) / sizeof(*filters)], *near;

	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++) {
		known[i] = filters[i].name;
		if (str_equal(name, str_from(known[i]))) {
			*out = filters[i].filter;
			return OK;
		}
	}
	near = str_nearest(name, known, sizeof(known) / sizeof(*known));
	buf_printf(message, "no filter `%.*s`", STR_ARG(name));
	if (near != NULL)
		buf_printf(message, "; did you mean `%s`?", near);
	else
		buf_text(message, "; there are url, gemtext, text and quote");
	return ERR_INPUT;
}

/* {seal} and {from} are no names: the engine makes their text. */
static void
take_token(struct str name, struct piece *piece)
{
	if (str_equal(name, STR(SEAL_NAME)))
		piece->filter = FILTER_SEAL;
	else if (str_equal(name, STR(FROM_NAME)))
		piece->filter = FILTER_FROM;
	else
		return;
	piece->slot = 0;
}

/* inside: the text between the braces. */
static enum err
parse_hole(struct str inside, const struct name_source *names,
    struct piece *piece, struct buf *message)
{
	size_t bar = str_find_byte(inside, '|');
	struct str name = str_slice(inside, 0, bar);

	if (!is_name(name)) {
		buf_printf(message,
		    "`{%.*s}` is not a hole; a brace is written {{ or }}%s",
		    STR_ARG(inside),
		    str_find_byte(inside, '(') != SIZE_MAX
			? ", what SQL works out gets its name by AS"
			: "");
		return ERR_INPUT;
	}
	if (bar != SIZE_MAX) {
		enum err err =
		    parse_filter(str_slice(inside, bar + 1, inside.len),
			&piece->filter, message);
		if (err != OK)
			return err;
	}
	piece->slot = names->slot(names->context, name);
	if (piece->slot < 0 && piece->filter == FILTER_NONE)
		take_token(name, piece);
	if (piece->slot >= 0)
		return OK;
	piece->literal = name; /* the compiler needs it for its message */
	return ERR_MISSING;
}

enum err
template_compile(struct arena *arena, struct str text,
    const struct name_source *names, struct piece **out, struct buf *message)
{
	struct piece *first = NULL, **end = &first, *piece;
	size_t at = 0;

	while (at < text.len) {
		size_t from = at;
		char c = text.data[at];
		enum err err;

		while (at < text.len && text.data[at] != '{' &&
		    text.data[at] != '}')
			at++;
		if (at > from) {
			piece = piece_add(arena, &end);
			if (piece == NULL)
				return ERR_NOMEM;
			piece->literal = str_slice(text, from, at);
			continue;
		}
		piece = piece_add(arena, &end);
		if (piece == NULL)
			return ERR_NOMEM;
		if (at + 1 < text.len && text.data[at + 1] == c) {
			piece->literal = str_slice(text, at, at + 1);
			at += 2;
			continue;
		}
		from = at + 1;
		while (at < text.len && text.data[at] != '}')
			at++;
		if (c == '}' || at == text.len) {
			buf_text(message,
			    "a brace without its partner; a literal one is "
			    "written {{ or }}");
			return ERR_INPUT;
		}
		err = parse_hole(
		    str_slice(text, from, at), names, piece, message);
		if (err == ERR_MISSING)
			*out = piece;
		if (err != OK)
			return err;
		at++;
	}
	*out = first;
	return OK;
}

/* The inside of a JSON string (RFC 8259, 7). */
static void
add_json(struct buf *out, struct str s)
{
	while (s.len > 0) {
		uint32_t c = utf8_next(&s);
		if (c == '"' || c == '\\') {
			buf_char(out, '\\');
			buf_char(out, (char)c);
		} else if (c != UTF8_BAD && utf8_is_control(c)) {
			buf_printf(out, "\\u%04x", (unsigned)c);
		} else {
			utf8_add(out, c);
		}
	}
}

static void
add_segment(struct buf *out, struct str text, enum address_part part)
{
	/* A value is a name: it must not mean this folder or the one above. */
	if (str_equal(text, STR(".")))
		buf_text(out, "%2E");
	else if (str_equal(text, STR("..")))
		buf_text(out, "%2E%2E");
	else if (part == PART_FIRST)
		url_add_first_segment(out, text);
	else
		url_add_segment(out, text);
}

/* Our paths hold no control characters. A TAB or a line end that a reader
 * pasted becomes a blank. */
static void
add_cleaned_segment(struct buf *out, struct str text, enum address_part part)
{
	struct buf line;
	struct str trimmed;

	buf_init(&line, SEGMENT_MAX);
	utf8_add_line(&line, text);
	if (line.err != OK && out->err == OK)
		out->err = line.err;
	trimmed = str_trim(buf_view(&line));
	/* An empty segment would change the address. */
	add_segment(out, trimmed.len > 0 ? trimmed : STR(" "), part);
	buf_release(&line);
}

void
template_add_address(
    struct buf *out, const struct value *value, enum address_part part)
{
	struct str text = value->text;
	uint32_t bad;

	/* A number has only digits, signs, a point and "e": no encoding. */
	if (value->type != VALUE_TEXT)
		value_add(out, value);
	else if (part == PART_QUERY)
		url_add_query(out, text);
	else if (input_find_control(text, &bad) && bad != UTF8_BAD)
		add_cleaned_segment(out, text, part);
	else
		add_segment(out, text, part);
}

static void
add_value(struct buf *out, const struct value *value, enum fill fill)
{
	struct str text = value->text;

	/* A number needs no escapes in any format. */
	if (value->type != VALUE_TEXT) {
		value_add(out, value);
		return;
	}
	switch (fill) {
	case FILL_LINE:
		utf8_add_line(out, text);
		break;
	case FILL_XML:
		markup_add(out, text);
		break;
	case FILL_CSV:
		csv_add(out, text);
		break;
	case FILL_JSON:
		add_json(out, text);
		break;
	case FILL_CONTENT:
		content_add(out, text);
		break;
	}
}

void
template_fill(struct buf *out, const struct piece *pieces,
    const struct value *slots, enum fill fill)
{
	for (; pieces != NULL; pieces = pieces->next) {
		if (pieces->slot >= 0)
			add_value(out, &slots[pieces->slot], fill);
		else
			buf_str(out, pieces->literal);
	}
}
