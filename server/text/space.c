/* SPDX-License-Identifier: ISC */
/*
 * Blanks and line ends. Clients differ in what they trim before they look at
 * the type of a line, and in where they split lines. So all White_Space of
 * Unicode counts as a blank, and each line end of Unicode (UAX 14, classes BK,
 * CR, LF and NL) ends a line.
 */
#include "text/space.h"

#include <unictype.h>

#include "base/utf8.h"

/* The last White_Space character. Most characters are Han, above it. */
enum { SPACE_LAST = 0x3000 };

bool
space_is(uint32_t c)
{
	if (c < 0x80)
		return c == ' ' || (c >= '\t' && c <= '\r');
	return c <= SPACE_LAST && uc_is_property_white_space(c);
}

struct str
space_skip(struct str s)
{
	while (s.len > 0) {
		struct str rest = s;
		if (!space_is(utf8_next(&rest)))
			break;
		s = rest;
	}
	return s;
}

struct str
space_cut(struct str s)
{
	while (s.len > 0) {
		size_t start = s.len - 1;
		struct str last;
		while (start > 0 && s.len - start < 4 &&
		    ((unsigned char)s.data[start] & 0xC0) == 0x80)
			start--;
		last = str_slice(s, start, s.len);
		if (!space_is(utf8_next(&last)) || last.len > 0)
			break;
		s.len = start;
	}
	return s;
}

struct str
space_trim(struct str s)
{
	return space_cut(space_skip(s));
}

bool
space_next_line(struct str *rest, struct str *line)
{
	struct str behind = *rest;

	if (rest->len == 0)
		return false;
	for (;;) {
		size_t at = utf8_clean_len(behind); /* without line ends */
		uint32_t c;

		behind = str_slice(behind, at, behind.len);
		at = rest->len - behind.len;
		if (behind.len == 0) {
			*line = *rest;
			break;
		}
		c = utf8_next(&behind);
		if (c == UTF8_BAD || !utf8_is_line_end(c))
			continue;
		if (c == '\r' && behind.len > 0 && behind.data[0] == '\n')
			behind = str_slice(behind, 1, behind.len);
		*line = str_slice(*rest, 0, at);
		break;
	}
	*rest = behind;
	return true;
}

size_t
space_count_lines(struct str text)
{
	struct str line;
	size_t n = 0;

	while (space_next_line(&text, &line))
		n++;
	return n;
}
