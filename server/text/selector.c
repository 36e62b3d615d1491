/* SPDX-License-Identifier: ISC */
/*
 * Paths as Gopher selectors and back (RFC 1436). selector_add() writes menus,
 * selector_parse() reads requests. A path that is written and read again is the
 * same path.
 */
#include "text/selector.h"

#include "base/utf8.h"

/* The bytes that must be escaped in a segment. */
static const struct {
	char byte;
	char escape[4];
} escapes[] = {{'/', "%2F"}, {'%', "%25"}, {'?', "%3F"}};

enum { ESCAPE_COUNT = sizeof(escapes) / sizeof(*escapes), ESCAPE_LEN = 3 };

static const char *
escape_of(char c)
{
	for (size_t i = 0; i < ESCAPE_COUNT; i++)
		if (escapes[i].byte == c)
			return escapes[i].escape;
	return NULL;
}

static void
add_segment(struct buf *out, struct str segment)
{
	size_t from = 0;

	for (size_t i = 0; i < segment.len; i++) {
		const char *escape = escape_of(segment.data[i]);

		if (escape == NULL)
			continue;
		buf_str(out, str_slice(segment, from, i));
		buf_text(out, escape);
		from = i + 1;
	}
	buf_str(out, str_slice(segment, from, segment.len));
}

static bool
has_control(struct str s)
{
	/* A clean text is usual and needs no look at each character. */
	s = str_slice(s, utf8_clean_len(s), s.len);
	while (s.len > 0)
		if (utf8_is_control(utf8_next(&s)))
			return true;
	return false;
}

void
selector_add(struct buf *out, const struct path *path)
{
	for (size_t i = 0; i < path->count; i++) {
		if (has_control(path->segment[i]) && out->err == OK)
			out->err = ERR_INPUT;
		buf_char(out, '/');
		add_segment(out, path->segment[i]);
	}
	if (path->folder)
		buf_char(out, '/');
}

/* Decode the first byte of s. *taken: the bytes of s that it takes. */
static char
next_byte(struct str s, size_t *taken)
{
	for (size_t i = 0; i < ESCAPE_COUNT; i++) {
		struct str escape = {escapes[i].escape, ESCAPE_LEN};
		if (str_equal_nocase(str_slice(s, 0, ESCAPE_LEN), escape)) {
			*taken = ESCAPE_LEN;
			return escapes[i].byte;
		}
	}
	*taken = 1;
	return s.data[0];
}

static enum err
read_segment(struct arena *arena, struct str raw, struct str *out)
{
	char *text;
	size_t len = 0;

	if (str_equal(raw, STR(".")) || str_equal(raw, STR("..")))
		return ERR_INPUT;
	text = arena_alloc(arena, raw.len + 1);
	if (text == NULL)
		return ERR_NOMEM;
	while (raw.len > 0) {
		size_t taken;
		text[len++] = next_byte(raw, &taken);
		raw = str_slice(raw, taken, raw.len);
	}
	*out = (struct str){text, len};
	return OK;
}

enum err
selector_parse(struct arena *arena, struct str selector, struct path *out)
{
	struct path path = {.folder = true};
	struct str rest = selector, part;

	if (!utf8_valid(selector) || has_control(selector))
		return ERR_INPUT;
	if (rest.len > 0 && rest.data[0] == '/')
		rest = str_slice(rest, 1, rest.len);
	while (str_next_part(&rest, '/', &part)) {
		enum err err;
		if (rest.data == NULL && part.len == 0)
			break; /* the path ends in "/" */
		if (path.count == PATH_SEGMENTS_MAX)
			return ERR_LIMIT;
		err = read_segment(arena, part, &path.segment[path.count]);
		if (err != OK)
			return err;
		path.count++;
		path.folder = rest.data != NULL;
	}
	*out = path;
	return OK;
}
