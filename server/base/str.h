/* SPDX-License-Identifier: ISC */
/*
 * struct str: a borrowed run of bytes, pointer and length, not ended by NUL.
 * Parsed input is made of these; the bytes live elsewhere (usually in the
 * request's arena or in a literal).
 */
#ifndef GUIJU_BASE_STR_H
#define GUIJU_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/banned.h"
#include "base/err.h"

struct str {
	const char *data;
	size_t len;
};

/* A str of a string literal. */
#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
/* The two arguments that printf's "%.*s" wants. */
#define STR_ARG(s) (int)(s).len, (s).data

/* The str of a NUL-terminated string; NULL gives the empty str. Borrowed. */
struct str str_from(const char *text);

/* The bytes [from, to) of s; both are cut to s's length. */
static inline struct str
str_slice(struct str s, size_t from, size_t to)
{
	if (to > s.len)
		to = s.len;
	if (from > to)
		from = to;
	/* To NULL, which has no bytes, nothing may be added, not even 0. */
	return (struct str){from == 0 ? s.data : s.data + from, to - from};
}

static inline bool
str_equal(struct str a, struct str b)
{
	return a.len == b.len &&
	    (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* The same, A-Z and a-z alike (ASCII only). */
bool str_equal_nocase(struct str a, struct str b);
static inline bool
str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len &&
	    str_equal((struct str){s.data, prefix.len}, prefix);
}

bool str_ends(struct str s, struct str suffix);
/* <0, 0, >0 by bytes, then by length. For qsort and binary search. */
int str_compare(struct str a, struct str b);

/* A number for tables (FNV-1a, 64 bits). */
uint64_t str_hash(struct str s);

/* Offset of the first byte c (or of the first needle), or SIZE_MAX. */
size_t str_find_byte(struct str s, char c);
size_t str_find(struct str s, struct str needle);

/* Without leading and trailing ASCII space, tab, CR and LF. */
struct str str_trim(struct str s);

/*
 * Cut the first line off *rest: the bytes before the next LF, without an
 * ending CR. false: *rest was empty, *line is untouched.
 */
bool str_next_line(struct str *rest, struct str *line);

/*
 * Cut *rest at the first byte c: *part is what stands before it, *rest what
 * stands behind. Without c, *part is all and *rest empty with data NULL.
 * false once rest->data is NULL. "a,,b" gives "a", "", "b".
 */
bool str_next_part(struct str *rest, char c, struct str *part);

/*
 * A whole decimal number, digits only, without sign, space or leading zero
 * (but "0" is one), in [min, max]. ERR_INPUT: not such a text. ERR_LIMIT: out
 * of range.
 */
enum err str_to_int(
    struct str s, int64_t min, int64_t max, int64_t *out) MUST_CHECK;

/*
 * The candidate nearest to a misspelt word by edit distance (Damerau's,
 * restricted), or NULL where none is within a third of the word's length (at
 * least one edit). candidates: n NUL-terminated names, borrowed.
 */
const char *str_nearest(
    struct str word, const char *const *candidates, size_t n);

#endif
