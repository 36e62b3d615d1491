/* SPDX-License-Identifier: ISC */
/*
 * Counts how deep a page is nested, before it is parsed. For each tag, the
 * standard makes a parser look through all open elements: a file of nothing but
 * <div> would take hours.
 */
#include <gumbo.h>

#include "tools/import/html/internal.h"

/* Elements without content, and elements that end where the next one begins. */
static const GumboTag brief[] = {GUMBO_TAG_P, GUMBO_TAG_LI, GUMBO_TAG_DT,
    GUMBO_TAG_DD, GUMBO_TAG_TR, GUMBO_TAG_TD, GUMBO_TAG_TH, GUMBO_TAG_TBODY,
    GUMBO_TAG_THEAD, GUMBO_TAG_TFOOT, GUMBO_TAG_CAPTION, GUMBO_TAG_COLGROUP,
    GUMBO_TAG_COL, GUMBO_TAG_OPTION, GUMBO_TAG_OPTGROUP, GUMBO_TAG_BR,
    GUMBO_TAG_HR, GUMBO_TAG_IMG, GUMBO_TAG_INPUT, GUMBO_TAG_META,
    GUMBO_TAG_LINK, GUMBO_TAG_BASE, GUMBO_TAG_AREA, GUMBO_TAG_EMBED,
    GUMBO_TAG_PARAM, GUMBO_TAG_SOURCE, GUMBO_TAG_TRACK, GUMBO_TAG_WBR,
    GUMBO_TAG_FRAME, GUMBO_TAG_HTML, GUMBO_TAG_HEAD, GUMBO_TAG_BODY,
    GUMBO_TAG_RT, GUMBO_TAG_RP};

/* Elements in which tags are text. */
static const GumboTag raw[] = {GUMBO_TAG_SCRIPT, GUMBO_TAG_STYLE,
    GUMBO_TAG_TEXTAREA, GUMBO_TAG_TITLE, GUMBO_TAG_XMP, GUMBO_TAG_IFRAME};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static bool
is_in(GumboTag tag, const GumboTag *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == tag)
			return true;
	return false;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

enum { NAME_MAX_BYTES = 32 };

/* The name of the tag that begins at i, behind < and /. */
static struct str
name_at(struct str text, size_t i)
{
	size_t end = i;

	while (end < text.len && end - i < NAME_MAX_BYTES &&
	    strchr(" \t\r\n\f/>", text.data[end]) == NULL)
		end++;
	return str_slice(text, i, end);
}

/* At "<!": the offset of the comment's end. */
static size_t
skip_comment(struct str text, size_t i)
{
	struct str rest = str_slice(text, i, text.len);
	bool comment = str_starts(rest, STR("!--"));
	size_t end = str_find(rest, comment ? STR("-->") : STR(">"));

	return end == SIZE_MAX ? text.len : i + end;
}

/* Behind the start tag of a raw element: the offset of its end tag. */
static size_t
skip_raw(struct str text, size_t i, struct str name)
{
	for (; i + 2 + name.len <= text.len; i++)
		if (text.data[i] == '<' && text.data[i + 1] == '/' &&
		    str_equal_nocase(
			str_slice(text, i + 2, i + 2 + name.len), name))
			return i;
	return text.len;
}

size_t
html_count_open(struct str text, size_t *line)
{
	size_t open[GUMBO_TAG_LAST] = {0}, all = 0, most = 0, lines = 1;

	*line = 0;
	for (size_t i = 0; i + 1 < text.len; i++) {
		bool end = text.data[i] == '<' && text.data[i + 1] == '/';
		size_t begin = i + 1 + end, next = i;
		struct str name;
		GumboTag tag;
		lines += text.data[i] == '\n';
		if (text.data[i] != '<' || begin >= text.len)
			continue;
		if (!is_letter(text.data[begin])) {
			if (text.data[begin] == '!')
				next = skip_comment(text, begin);
		} else {
			name = name_at(text, begin);
			tag = gumbo_tagn_enum(name.data, (unsigned)name.len);
			if (!end && is_in(tag, raw, COUNT(raw))) {
				next =
				    skip_raw(text, begin + name.len, name) - 1;
			} else if (!end && !is_in(tag, brief, COUNT(brief))) {
				open[tag]++;
				all++;
			} else if (end && open[tag] > 0) {
				open[tag]--;
				all--;
			}
		}
		if (all > most) {
			most = all;
			*line = lines;
		}
		for (; i < next && i + 1 < text.len; i++)
			lines += text.data[i + 1] == '\n';
	}
	return most;
}
