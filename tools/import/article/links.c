/* SPDX-License-Identifier: ISC */
/* Finds links that a page will show as text, by the rules of text/read.c. */
#include "tools/import/article/article.h"

#include "base/utf8.h"
#include "text/reference.h"
#include "text/space.h"

enum { ADDRESS_SHOWN = 200 }; /* bytes in a message */

static struct str
address_of(struct str line)
{
	size_t end = 0;

	line = str_slice(line, 2, line.len);
	while (line.len > 0 && (line.data[0] == ' ' || line.data[0] == '\t'))
		line = str_slice(line, 1, line.len);
	while (
	    end < line.len && line.data[end] != ' ' && line.data[end] != '\t')
		end++;
	return str_slice(line, 0, end);
}

void
links_tell(struct buf *out, struct arena *arena, const struct article *article)
{
	struct str rest = article->body, line, address, mended;
	bool group = false;

	for (size_t n = 1; space_next_line(&rest, &line); n++) {
		if (str_starts(line, STR("```")))
			group = !group;
		if (group || !str_starts(line, STR("=>")))
			continue;
		address = address_of(line);
		if (reference_stored(arena, address, &mended) != ERR_INPUT)
			continue;
		buf_printf(out, "%s: line %zu of the body: ", article->file, n);
		if (address.len == 0) {
			buf_text(out, "a link without an address");
		} else {
			buf_text(out, "readers get this link as text: ");
			utf8_add_line(out, utf8_cut(address, ADDRESS_SHOWN));
		}
		buf_char(out, '\n');
	}
}
