/* SPDX-License-Identifier: ISC */
/*
 * Text that is pasted from a table, a document or a web page has some control
 * characters. TABs separate cells. Each program has its own line end, and a
 * word processor writes VT for a line break and FF for a page break. These are
 * accepted. Other control characters move a terminal's cursor or end a string;
 * nobody types them, so they are refused, and the refusal names the character.
 */
#include "text/input.h"

#include "base/utf8.h"

/* The abbreviations of ASCII and ECMA-48, indexed by the character's code. */
static const char names[][4] = {"NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK",
    "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI", "DLE", "DC1", "DC2",
    "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS",
    "RS", "US"};

enum { NAMES = sizeof(names) / sizeof(*names), DEL = 0x7F };

enum err
input_read(struct arena *arena, struct str text, struct str *out, uint32_t *bad)
{
	char *copy = arena_alloc(arena, text.len + 1);
	size_t len = 0;

	if (copy == NULL)
		return ERR_NOMEM;
	while (text.len > 0) {
		const struct str before = text;
		const uint32_t c = utf8_next(&text);
		const size_t taken = before.len - text.len;

		if (c == '\r' && str_starts(text, STR("\n")))
			continue;
		if (utf8_is_line_end(c)) {
			copy[len++] = '\n';
			continue;
		}
		if (c == UTF8_BAD || (c != '\t' && utf8_is_control(c))) {
			*bad = c;
			return ERR_INPUT;
		}
		memcpy(copy + len, before.data, taken);
		len += taken;
	}
	*out = (struct str){copy, len};
	return OK;
}

bool
input_find_control(struct str text, uint32_t *bad)
{
	text = str_slice(text, utf8_clean_len(text), text.len);
	while (text.len > 0) {
		const uint32_t c = utf8_next(&text);

		if (c != UTF8_BAD && !utf8_is_control(c))
			continue;
		*bad = c;
		return true;
	}
	return false;
}

void
input_add_name(struct buf *out, uint32_t control)
{
	buf_printf(out, "U+%04X", (unsigned)control);
	if (control < NAMES || control == DEL)
		buf_printf(
		    out, " (%s)", control == DEL ? "DEL" : names[control]);
}
