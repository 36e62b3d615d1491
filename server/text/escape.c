/* SPDX-License-Identifier: ISC */
/*
 * Escaping for XML (feeds), for HTML (the page that Gopher shows of a URL), for
 * cells of CSV files (pages and the nightly files), and for content lines of
 * calendars and cards.
 */
#include "text/escape.h"

#include "base/utf8.h"

enum { CONTENT_LINE_MAX = 75 }; /* bytes, without the line end */

/* XML 1.0, 2.2: Char. */
static bool
is_xml_char(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' ||
	    (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
	    (c >= 0x10000 && c <= 0x10FFFF);
}

void
markup_add(struct buf *out, struct str s)
{
	while (s.len > 0) {
		uint32_t c = utf8_next(&s);
		switch (c) {
		case '&':
			buf_text(out, "&amp;");
			break;
		case '<':
			buf_text(out, "&lt;");
			break;
		case '>':
			buf_text(out, "&gt;");
			break;
		case '"':
			buf_text(out, "&quot;");
			break;
		case '\'':
			buf_text(out, "&#39;");
			break;
		default:
			if (c == UTF8_BAD ||
			    (is_xml_char(c) && !utf8_is_invisible(c)))
				utf8_add(out, c);
		}
	}
}

/* Does c begin a formula? Some spreadsheets accept full-width forms, too. */
static bool
begins_formula(uint32_t c)
{
	return (c > 0 && c < 0x80 && strchr("=+-@", (int)c) != NULL) ||
	    c == 0xFF1D || c == 0xFF0B || c == 0xFF0D || c == 0xFF20;
}

void
csv_add(struct buf *out, struct str s)
{
	bool quote = str_find_byte(s, ',') != SIZE_MAX ||
	    str_find_byte(s, '"') != SIZE_MAX ||
	    str_find_byte(s, '\n') != SIZE_MAX;
	bool first = true; /* the cell is empty so far */

	if (quote)
		buf_char(out, '"');
	while (s.len > 0) {
		uint32_t c = utf8_next(&s);

		if (c != UTF8_BAD && c != '\n' &&
		    (utf8_is_control(c) || utf8_is_invisible(c)))
			continue;
		if (first && begins_formula(c))
			buf_char(out, ' ');
		first &= c == '\n';
		if (c == '"')
			buf_char(out, '"');
		utf8_add(out, c);
	}
	if (quote)
		buf_char(out, '"');
}

void
content_add(struct buf *out, struct str s)
{
	while (s.len > 0) {
		uint32_t c = utf8_next(&s);

		if (c == '\n') {
			buf_text(out, "\\n");
			continue;
		}
		if (c != UTF8_BAD && c != '\t' &&
		    (utf8_is_control(c) || utf8_is_invisible(c)))
			continue;
		if (c == '\\' || c == ';' || c == ',')
			buf_char(out, '\\');
		utf8_add(out, c);
	}
}

void
content_line_add(struct buf *out, struct str line)
{
	size_t room = CONTENT_LINE_MAX;

	while (line.len > room) {
		struct str piece = utf8_cut(line, room);

		buf_str(out, piece);
		buf_text(out, "\r\n ");
		line = str_slice(line, piece.len, line.len);
		room = CONTENT_LINE_MAX - 1; /* behind the blank */
	}
	if (line.len == 0)
		return;
	buf_str(out, line);
	buf_text(out, "\r\n");
}
