/* SPDX-License-Identifier: ISC */
/*
 * struct str: a borrowed run of bytes, pointer and length, not ended by NUL.
 * Parsed input consists of such runs. The bytes live elsewhere, usually in the
 * request's arena or in a literal.
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
/* The two arguments of printf's "%.*s". */
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
	/* In C, NULL + 0 is undefined. */
	return (struct str){from == 0 ? s.data : s.data + from, to - from};
}

static inline bool
str_equal(struct str a, struct str b)
{
	return a.len == b.len &&
	    (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Like str_equal(), but A-Z equal a-z (ASCII only). */
bool str_equal_nocase(struct str a, struct str b);
static inline bool
str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len &&
	    str_equal((struct str){s.data, prefix.len}, prefix);
}

bool str_ends(struct str s, struct str suffix);
/* Compare by bytes, then by length: <0, 0 or >0. For qsort(3) and binary
 * search. */
int str_compare(struct str a, struct str b);

/* A hash value for hash tables and fingerprints (FNV-1a, 64 bits). hash_more()
 * continues a hash, which begins with HASH_START, over more bytes. */
#define HASH_START UINT64_C(14695981039346656037)
static inline uint64_t
hash_more(uint64_t hash, const void *data, size_t len)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
	return hash;
}
static inline uint64_t
str_hash(struct str s)
{
	return hash_more(HASH_START, s.data, s.len);
}

/* The offset of the first byte c, or of the first needle; SIZE_MAX if there is
 * none. */
size_t str_find_byte(struct str s, char c);
size_t str_find(struct str s, struct str needle);
/* How many bytes c are in s? */
size_t str_count(struct str s, char c);

/* s without leading and trailing ASCII space, tab, CR and LF. */
struct str str_trim(struct str s);

/*
 * Cut the first line off *rest. *line gets the bytes before the next LF,
 * without a CR at their end. false: *rest was empty, and *line is untouched.
 */
bool str_next_line(struct str *rest, struct str *line);

/*
 * Cut *rest at the first byte c: *part gets the bytes before c, *rest those
 * after it. Without a c, *part gets all, and *rest becomes empty with data
 * NULL. false: rest->data is NULL. "a,,b" gives "a", "", "b".
 */
bool str_next_part(struct str *rest, char c, struct str *part);

/*
 * Read a whole decimal number in [min, max]: digits only, without sign, space
 * or leading zero ("0" itself is allowed). ERR_INPUT: s is not such a number.
 * ERR_LIMIT: it is out of range.
 */
enum err str_to_int(
    struct str s, int64_t min, int64_t max, int64_t *out) MUST_CHECK;

/*
 * The candidate nearest to a misspelt word by edit distance (optimal string
 * alignment). NULL: no candidate is within a third of the word's length, or
 * within one edit. candidates: n NUL-terminated names, borrowed.
 */
const char *str_nearest(
    struct str word, const char *const *candidates, size_t n);

#endif
