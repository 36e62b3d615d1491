/* SPDX-License-Identifier: ISC */
/*
 * Runs of bytes: comparing, searching, splitting. These functions know ASCII
 * only; those that know Unicode's characters are in utf8.c.
 */
#include "base/str.h"

#include <limits.h>

enum { NEAREST_MAX = 64 }; /* longer words get no suggestion */

struct str
str_from(const char *text)
{
	if (text == NULL)
		return (struct str){"", 0};
	return (struct str){text, strlen(text)};
}

static unsigned char
lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool
str_equal_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.data[i]) != lower(b.data[i]))
			return false;
	return true;
}

bool
str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len &&
	    str_equal(str_slice(s, s.len - suffix.len, s.len), suffix);
}

int
str_compare(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n == 0 ? 0 : memcmp(a.data, b.data, n);

	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

size_t
str_count(struct str s, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.data[i] == c;
	return n;
}

size_t
str_find_byte(struct str s, char c)
{
	const char *at = s.len == 0 ? NULL : memchr(s.data, c, s.len);

	return at == NULL ? SIZE_MAX : (size_t)(at - s.data);
}

size_t
str_find(struct str s, struct str needle)
{
	if (needle.len == 0)
		return 0;
	for (size_t i = 0; i + needle.len <= s.len; i++) {
		size_t skip = str_find_byte(
		    str_slice(s, i, s.len - needle.len + 1), needle.data[0]);
		if (skip == SIZE_MAX)
			return SIZE_MAX;
		i += skip;
		if (memcmp(s.data + i, needle.data, needle.len) == 0)
			return i;
	}
	return SIZE_MAX;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str
str_trim(struct str s)
{
	while (s.len > 0 && is_blank(s.data[s.len - 1]))
		s.len--;
	while (s.len > 0 && is_blank(s.data[0]))
		s = str_slice(s, 1, s.len);
	return s;
}

bool
str_next_line(struct str *rest, struct str *line)
{
	size_t end;

	if (rest->len == 0)
		return false;
	end = str_find_byte(*rest, '\n');
	*line = str_slice(*rest, 0, end);
	*rest = end == SIZE_MAX ? str_slice(*rest, rest->len, rest->len)
				: str_slice(*rest, end + 1, rest->len);
	if (line->len > 0 && line->data[line->len - 1] == '\r')
		line->len--;
	return true;
}

bool
str_next_part(struct str *rest, char c, struct str *part)
{
	size_t end;

	if (rest->data == NULL)
		return false;
	end = str_find_byte(*rest, c);
	*part = str_slice(*rest, 0, end);
	*rest = end == SIZE_MAX ? (struct str){NULL, 0}
				: str_slice(*rest, end + 1, rest->len);
	return true;
}

enum err
str_to_int(struct str s, int64_t min, int64_t max, int64_t *out)
{
	int64_t n = 0;

	if (s.len == 0 || (s.len > 1 && s.data[0] == '0'))
		return ERR_INPUT;
	for (size_t i = 0; i < s.len; i++)
		if (s.data[i] < '0' || s.data[i] > '9')
			return ERR_INPUT;
	for (size_t i = 0; i < s.len; i++) {
		int digit = s.data[i] - '0';
		if (n > (INT64_MAX - digit) / 10)
			return ERR_LIMIT;
		n = n * 10 + digit;
	}
	if (n < min || n > max)
		return ERR_LIMIT;
	*out = n;
	return OK;
}

/* The optimal string alignment distance: the number of edits, each of which
 * inserts, deletes or replaces a byte or swaps two neighbours. */
static size_t
edit_distance(struct str a, struct str b)
{
	size_t row[3][NEAREST_MAX + 1];

	for (size_t j = 0; j <= b.len; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *now = row[i % 3], *up = row[(i + 2) % 3],
		       *up2 = row[(i + 1) % 3];
		now[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t best = up[j - 1] +
			    (lower(a.data[i - 1]) != lower(b.data[j - 1]));
			if (up[j] + 1 < best)
				best = up[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 &&
			    lower(a.data[i - 1]) == lower(b.data[j - 2]) &&
			    lower(a.data[i - 2]) == lower(b.data[j - 1]) &&
			    up2[j - 2] + 1 < best)
				best = up2[j - 2] + 1;
			now[j] = best;
		}
	}
	return row[a.len % 3][b.len];
}

const char *
str_nearest(struct str word, const char *const *candidates, size_t n)
{
	const char *best = NULL;
	size_t limit = word.len / 3 > 1 ? word.len / 3 : 1;

	if (word.len > NEAREST_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct str name = str_from(candidates[i]);
		size_t distance;
		if (name.len > NEAREST_MAX)
			continue;
		distance = edit_distance(word, name);
		if (distance > limit)
			continue;
		best = candidates[i];
		if (distance == 0)
			break;
		limit = distance - 1;
	}
	return best;
}
