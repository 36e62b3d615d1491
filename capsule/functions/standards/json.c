/* SPDX-License-Identifier: ISC */
/* Members of a JSON object. */
#include "json.h"

#include "base/utf8.h"

static void
add_string(struct buf *out, struct str text)
{
	buf_char(out, '"');
	while (text.len > 0) {
		uint32_t c = utf8_next(&text);

		if (c == '"' || c == '\\')
			buf_char(out, '\\');
		if (c == '\t' || c == '\n' || c == '\r')
			c = ' ';
		utf8_add(out,
		    c != UTF8_BAD && utf8_is_control(c) ? UTF8_REPLACEMENT : c);
	}
	buf_char(out, '"');
}

void
std_json_member(struct buf *out, const char *name, struct str text)
{
	if (out->len > 0 && out->data[out->len - 1] != '{')
		buf_char(out, ',');
	buf_printf(out, "\"%s\":", name);
	if (text.data == NULL)
		buf_text(out, "null");
	else
		add_string(out, text);
}
