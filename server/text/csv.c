/* SPDX-License-Identifier: ISC */
/* Cells of CSV files, of pages and of the nightly files. */
#include "text/csv.h"

#include "base/utf8.h"

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
