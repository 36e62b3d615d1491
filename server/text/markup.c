/* SPDX-License-Identifier: ISC */
/* Escaping for XML (feeds) and HTML (the page that Gopher shows of a URL). */
#include "text/markup.h"

#include "base/utf8.h"

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
