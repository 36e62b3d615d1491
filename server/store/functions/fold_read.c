/* SPDX-License-Identifier: ISC */
/*
 * Folding, character by character. A search folds all candidate texts, so ASCII
 * and the common Chinese characters take a fast path. All other characters are
 * looked up in tables, which the build makes of Unicode's data
 * (fold_tables.awk). A character stays as it is if normalization does not
 * change it alone and no mark follows. libunistring normalizes the rest in
 * groups: a character with the marks that follow it.
 */
#include "store/functions/fold.h"

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistring/version.h>

#include "base/utf8.h"
#include "fold_tables.h"

/* Raise this when a change of this file changes the folding. */
enum { FOLD_VERSION = 2 };

enum { SIMPLE_FIRST = 0x3400, SIMPLE_LAST = 0x9FFF };

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* CJK characters, and characters that are written between them without spaces:
 * kana, hangul, bopomofo, radicals, iteration marks. Blocks of Unicode 15. */
static bool
is_cjk(uint32_t c)
{
	static const uint32_t ranges[][2] = {{0x1100, 0x11FF}, {0x2E80, 0x2FDF},
	    {0x3005, 0x3007}, {0x3021, 0x3029}, {0x3031, 0x3035},
	    {0x3038, 0x303C}, {0x3041, 0x309F}, {0x30A1, 0x30FA},
	    {0x30FC, 0x318E}, {0x31A0, 0x31BF}, {0x31F0, 0x31FF},
	    {0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xA960, 0xA97F},
	    {0xAC00, 0xD7FF}, {0xF900, 0xFAFF}, {0xFF66, 0xFFDC},
	    {0x1AFF0, 0x1B16F}, {0x20000, 0x3FFFD}};

	for (size_t i = 0; i < COUNT(ranges); i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return false;
}

static enum fold_class
class_of(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
		    ? FOLD_WORD
		    : FOLD_OTHER;
	if (c == UTF8_BAD)
		return FOLD_OTHER;
	if (is_cjk(c))
		return FOLD_CJK;
	return uc_is_general_category_withtable(c,
		   UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N)
	    ? FOLD_WORD
	    : FOLD_OTHER;
}

static bool
is_unseen(uint32_t c)
{
	return (c >= 0xFE00 && c <= 0xFE0F) || /* variation selectors */
	    (c >= 0xE0100 && c <= 0xE01EF) ||  /* and their supplement */
	    (c != UTF8_BAD && utf8_is_invisible(c));
}

static bool
is_in(uint32_t c, const uint32_t (*ranges)[2], size_t count)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (c > ranges[middle][1])
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && c >= ranges[low][0];
}

/* Ideographs, and the symbols between their blocks. Normalization neither
 * changes them nor joins them to other characters. */
static bool
is_ideograph(uint32_t c)
{
	return c >= SIMPLE_FIRST && c <= SIMPLE_LAST;
}

/* Does normalization change the character c even if it stands alone? */
static bool
changes(uint32_t c)
{
	return c >= 0xA0 && !is_ideograph(c) &&
	    is_in(c, fold_changing, COUNT(fold_changing));
}

/* May normalization join c with the character before it, or reorder them? */
static bool
joins(uint32_t c)
{
	return c >= 0x300 && c != UTF8_BAD && !is_ideograph(c) &&
	    is_in(c, fold_joining, COUNT(fold_joining));
}

static bool
is_traditional(uint32_t c)
{
	return is_ideograph(c) &&
	    fold_simple_bits[(c - SIMPLE_FIRST) / 32] >> (c % 32) & 1;
}

static uint32_t
simplify(uint32_t c)
{
	size_t low = 0, high = COUNT(fold_simple);

	if (!is_traditional(c))
		return c;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (c < fold_simple[middle][0])
			high = middle;
		else
			low = middle;
	}
	return fold_simple[low][1];
}

/* Does s begin with a character from U+4E00 to U+9FFF, well-formed? Most
 * characters of a Chinese text are. */
static bool
is_common_cjk(struct str s)
{
	const unsigned char *at = (const unsigned char *)s.data;

	return s.len >= 3 && at[0] >= 0xE4 && at[0] <= 0xE9 &&
	    (at[1] & 0xC0) == 0x80 && (at[2] & 0xC0) == 0x80 &&
	    (at[0] > 0xE4 || at[1] >= 0xB8);
}

static uint32_t
common_cjk(const char *at)
{
	return ((unsigned char)at[0] & 0x0Fu) << 12 |
	    ((unsigned char)at[1] & 0x3Fu) << 6 |
	    ((unsigned char)at[2] & 0x3Fu);
}

size_t
fold_plain_len(struct str s)
{
	struct str rest = s;

	while (is_common_cjk(rest) && !is_traditional(common_cjk(rest.data)))
		rest = (struct str){rest.data + 3, rest.len - 3};
	return s.len - rest.len;
}

static uint32_t
small(uint32_t c)
{
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
	return c == UTF8_BAD ? c : uc_tolower(c);
}

/* Does s begin with ASCII that no mark follows? The first byte of a mark is CC
 * or above. C2 AD (U+00AD) is invisible, and a mark may come after it. */
static bool
is_plain_ascii(struct str s)
{
	unsigned char next =
	    s.len > 1 ? (unsigned char)s.data[1] : (unsigned char)' ';

	return s.len > 0 && (unsigned char)s.data[0] < 0x80 &&
	    (next < 0xC2 || (next > 0xC2 && next < 0xCC));
}

/* Normalize the group. Out of memory: the group stays as it is. */
static void
normalize(struct fold_text *text)
{
	uint32_t room[FOLD_GROUP_MAX], *normal;
	size_t len = FOLD_GROUP_MAX;

	normal =
	    u32_normalize(UNINORM_NFKC, text->group, text->count, room, &len);
	if (normal == NULL)
		return;
	if (len <= FOLD_GROUP_MAX) {
		memcpy(text->group, normal, len * sizeof(*normal));
		text->count = (unsigned)len;
	}
	if (normal != room)
		free(normal);
}

/* Put c and the marks that follow it into the group. */
static void
take_group(struct fold_text *text, uint32_t c)
{
	struct str rest = text->rest;

	text->group[0] = c;
	text->count = 1;
	if (c == UTF8_BAD)
		return;
	while (rest.len > 0 && text->count <= FOLD_MARKS_MAX) {
		uint32_t next = utf8_next(&rest);
		if (next >= 0x80 && is_unseen(next))
			continue;
		if (!joins(next))
			return;
		text->group[text->count++] = next;
		text->rest = rest;
	}
}

static void
fold_group(struct fold_text *text)
{
	bool lowered = false;
	uint32_t first = text->group[0];

	if (text->count == 1 && first >= 0xFF01 && first <= 0xFF5E)
		text->group[0] = first - 0xFF01 + 0x21; /* full width, often */
	else if (text->count > 1 || changes(first))
		normalize(text);
	for (unsigned i = 0; i < text->count; i++) {
		uint32_t c = small(text->group[i]);
		lowered |= c != text->group[i];
		text->group[i] = c;
	}
	/* A small letter may compose with a mark although its capital does not:
	 * ẖ is one character, H̱ is two. */
	if (lowered && text->count > 1)
		normalize(text);
	for (unsigned i = 0; i < text->count; i++)
		text->group[i] = simplify(text->group[i]);
}

static void
give(struct str raw, uint32_t c, struct fold_char *out)
{
	*out = (struct fold_char){raw, c, class_of(c)};
}

/* The fast path: common Chinese and plain ASCII, which no mark changes. */
static bool
take_short_way(struct str *rest, struct fold_char *out)
{
	uint32_t c;

	if (is_common_cjk(*rest)) {
		c = simplify(common_cjk(rest->data));
		*out = (struct fold_char){{rest->data, 3}, c, FOLD_CJK};
		*rest = (struct str){rest->data + 3, rest->len - 3};
		return true;
	}
	if (!is_plain_ascii(*rest))
		return false;
	c = small((unsigned char)rest->data[0]);
	give((struct str){rest->data, 1}, c, out);
	*rest = (struct str){rest->data + 1, rest->len - 1};
	return true;
}

bool
fold_next(struct fold_text *text, struct fold_char *out)
{
	while (text->at == text->count) {
		const char *start = text->rest.data;
		uint32_t c;

		if (text->rest.len == 0)
			return false;
		if (take_short_way(&text->rest, out))
			return true;
		c = utf8_next(&text->rest);
		if (c >= 0x80 && is_unseen(c))
			continue;
		take_group(text, c);
		fold_group(text);
		text->at = 0;
		text->raw =
		    (struct str){start, (size_t)(text->rest.data - start)};
	}
	give(text->raw, text->group[text->at++], out);
	return true;
}

void
fold_next_folded(struct str *rest, struct fold_char *out)
{
	const char *start = rest->data;
	uint32_t c = utf8_next(rest);

	give((struct str){start, (size_t)(rest->data - start)}, c, out);
}

void
fold_name(char name[FOLD_NAME_BYTES])
{
	const struct str tables[] = {
	    {(const char *)fold_changing, sizeof(fold_changing)},
	    {(const char *)fold_joining, sizeof(fold_joining)},
	    {(const char *)fold_simple, sizeof(fold_simple)}};
	uint64_t hash = 0;

	for (size_t i = 0; i < COUNT(tables); i++)
		hash = hash * 31 + str_hash(tables[i]);
	snprintf(name, FOLD_NAME_BYTES, "%d %016llx libunistring %d.%d",
	    FOLD_VERSION, (unsigned long long)hash, _libunistring_version >> 8,
	    _libunistring_version & 0xFF);
}
