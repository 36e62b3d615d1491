/* SPDX-License-Identifier: ISC */
/* Folding for numbers of standards: full width, dashes, marks, blanks. */
#include "store/functions/std_fold.h"

#include "base/utf8.h"

static char
fold_ascii(uint32_t c)
{
	if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))
		return (char)c;
	if (c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	if (c == 0)
		return STD_OTHER;
	if (c <= ' ' || c == 0x7F)
		return ' ';
	if (c == '\\')
		return '/';
	return strchr("_\"'`<>[]{}*#|", (int)c) != NULL ? ' ' : (char)c;
}

static bool
is_one_of(uint32_t c, const uint32_t *set, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (set[i] == c)
			return true;
	return false;
}

#define IN(c, set) is_one_of((c), (set), sizeof(set) / sizeof(*(set)))

static char
fold_other(uint32_t c)
{
	static const uint32_t dashes[] = {0x2010, 0x2011, 0x2012, 0x2013,
	    0x2014, 0x2015, 0x2212, 0x2500, 0x2501, 0x30FC, 0xFE58, 0xFE63,
	    0xFF70};
	static const uint32_t points[] = {
	    0xB7, 0x2022, 0x2027, 0x22C5, 0x3002, 0x30FB, 0xFF61, 0xFF65};
	static const uint32_t colons[] = {0x2236, 0xFE13, 0xFE30, 0xFE55};
	static const uint32_t slashes[] = {0x2044, 0x2215, 0x29F8};
	static const uint32_t blanks[] = {0x85, 0xA0, 0xAB, 0xBB, 0x202F,
	    0x205F, 0x2028, 0x2029, 0x3000, 0x3014, 0x3015, 0x2039, 0x203A};

	if (IN(c, dashes))
		return '-';
	if (IN(c, points))
		return '.';
	if (IN(c, colons))
		return ':';
	if (IN(c, slashes))
		return '/';
	if (IN(c, blanks) || (c >= 0x2000 && c <= 0x200A) ||
	    (c >= 0x2018 && c <= 0x201F) || (c >= 0x3008 && c <= 0x3011))
		return ' ';
	return STD_OTHER;
}

char
std_fold_char(uint32_t c)
{
	if (c < 0x80)
		return fold_ascii(c);
	if (c == UTF8_BAD)
		return STD_OTHER;
	if (c >= 0xFF01 && c <= 0xFF5E) /* full-width forms of ASCII */
		return fold_ascii(c - 0xFF01 + 0x21);
	if (c == 0x5E74)
		return STD_YEAR_SIGN;
	if (c >= 0x3400 && c <= 0x9FFF) /* most of what is asked */
		return STD_OTHER;
	if ((c >= 0xFE00 && c <= 0xFE0F) || utf8_is_invisible(c))
		return 0;
	return fold_other(c);
}

void
std_fold(struct std_window *out, struct str text, bool prose)
{
	struct str rest = text;
	size_t n = 0;

	while (rest.len > 0 && n < STD_WINDOW) {
		size_t at = text.len - rest.len;
		unsigned char first = (unsigned char)*rest.data;
		uint32_t c;
		char folded;

		if (first < 0x80) {
			out->text[n] = fold_ascii(first);
			out->at[n++] = at;
			rest = (struct str){rest.data + 1, rest.len - 1};
			continue;
		}
		c = utf8_next(&rest);
		folded = std_fold_char(c);
		if (prose && c == 0x3002)
			folded = STD_OTHER;
		if (folded == 0)
			continue;
		out->text[n] = folded;
		out->at[n++] = at;
	}
	out->text[n] = '\0';
	out->at[n] = text.len - rest.len;
}

void
std_squash(struct buf *out, struct str text)
{
	std_squash_clean(out, std_trim(text));
}

void
std_squash_clean(struct buf *out, struct str text)
{
	char key[STD_KEY_MAX + 1];
	size_t n = 0;

	while (text.len > 0 && n < STD_KEY_MAX) {
		char c = std_fold_char(utf8_next(&text));

		if (c == 0)
			continue;
		if (!std_is_letter(c) && !std_is_digit(c) && c != '.')
			c = '-';
		if ((c == '-' || c == '.') && n == 0)
			continue;
		if (c == '-' && key[n - 1] == '-')
			continue;
		key[n++] = c;
	}
	/* A key with an ending of its own would not be its own key. */
	for (size_t before = n + 1; n < before;) {
		before = n;
		n = std_trim((struct str){key, n}).len;
	}
	buf_add(out, key, n);
}

/* Blanks, brackets and marks that stand around a title, not in it. */
static bool
is_edge(uint32_t c)
{
	char folded = std_fold_char(c);

	return folded == 0 || c == 0x3001 || c == 0xFF0C || c == 0xFF1B ||
	    strchr(" -.:;,/", folded) != NULL;
}

static struct str
trim_end(struct str text)
{
	while (text.len > 0) {
		size_t start = text.len - 1;
		struct str last;

		while (start > 0 && text.len - start < 4 &&
		    ((unsigned char)text.data[start] & 0xC0) == 0x80)
			start--;
		last = str_slice(text, start, text.len);
		if (!is_edge(utf8_next(&last)) || last.len > 0)
			return text;
		text.len = start;
	}
	return text;
}

struct str
std_trim(struct str text)
{
	static const char *const endings[] = {
	    ".pdf", ".doc", ".docx", ".txt", ".ofd", ".caj", ".wps"};
	struct str rest = text;

	while (text.len > 0 && is_edge(utf8_next(&rest)))
		text = rest;
	text = trim_end(text);
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		struct str ending = str_from(endings[i]);

		if (text.len >= ending.len &&
		    str_equal_nocase(
			str_slice(text, text.len - ending.len, text.len),
			ending)) {
			text.len -= ending.len;
			return trim_end(text);
		}
	}
	return text;
}
