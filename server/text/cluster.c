/* SPDX-License-Identifier: ISC */
/*
 * The rules of extended grapheme clusters (UAX 29, GB3 to GB13) without GB9c: a
 * conjunct of an Indic script is two clusters, as before Unicode 15.1. GB9c
 * needs a property that older tables do not have.
 */
#include "text/internal.h"

#include <unictype.h>
#include <unigbrk.h>
#include <uniwidth.h>

#include "base/utf8.h"

enum { EMOJI_STYLE = 0xFE0F /* VARIATION SELECTOR-16: shows emoji wide */ };

/* The state of the cluster so far, for the rules. */
struct joint {
	int last;      /* GBP_* of the last character */
	bool pictures; /* an emoji and marks; the last may be a joiner */
	bool flag;     /* one regional indicator; a second may follow */
};

static const uint8_t *
bytes_of(struct str s)
{
	return (const uint8_t *)s.data;
}

/*
 * Does the text begin with a wide character that joins with nothing but marks?
 * These are Han of the common block, U+4E00 to U+9FFF; the signs U+3001 to
 * U+3029; the full-width forms of ASCII, U+FF01 to U+FF60.
 */
static bool
is_plain_wide(const uint8_t *bytes, size_t len)
{
	if (len < 3 || bytes[0] < 0xE3 || bytes[0] > 0xEF ||
	    (bytes[1] & 0xC0) != 0x80 || (bytes[2] & 0xC0) != 0x80)
		return false;
	if (bytes[0] >= 0xE4 && bytes[0] <= 0xE9)
		return bytes[0] > 0xE4 || bytes[1] >= 0xB8;
	if (bytes[0] == 0xE3)
		return bytes[1] == 0x80 && bytes[2] >= 0x81 && bytes[2] <= 0xA9;
	return bytes[0] == 0xEF &&
	    ((bytes[1] == 0xBC && bytes[2] >= 0x81) ||
		(bytes[1] == 0xBD && bytes[2] <= 0xA0));
}

/* Is what begins here, if anything, no mark on what stands before it? */
static bool
begins_anew(const uint8_t *bytes, size_t len)
{
	return len == 0 || bytes[0] < 0x80 || is_plain_wide(bytes, len);
}

unsigned
cluster_character_width(uint32_t c)
{
	int columns;

	if (c >= 0x4E00 && c <= 0x9FFF)
		return 2;
	if (c < 0x80 || c == UTF8_BAD)
		return 1;
	columns = uc_width(c, "UTF-8");
	/* Signs around digits; older tables call them invisible. */
	if (columns == 0 && uc_graphemeclusterbreak_property(c) == GBP_PREPEND)
		return 1;
	return columns < 0 ? 0 : (unsigned)columns;
}

bool
cluster_extends(uint32_t c)
{
	int property;

	if (c < 0x300 || c == UTF8_BAD)
		return false;
	property = uc_graphemeclusterbreak_property(c);
	return property == GBP_EXTEND || property == GBP_ZWJ ||
	    property == GBP_SPACINGMARK;
}

static bool
is_picture(uint32_t c)
{
	return c > 0x7F && uc_is_property_extended_pictographic(c);
}

static void
joint_begin(struct joint *joint, uint32_t c)
{
	joint->last = uc_graphemeclusterbreak_property(c);
	joint->pictures = is_picture(c);
	joint->flag = joint->last == GBP_RI;
}

/* GB6 to GB8: does a Hangul syllable go on? */
static bool
joins_hangul(int last, int now)
{
	switch (last) {
	case GBP_L:
		return now == GBP_L || now == GBP_V || now == GBP_LV ||
		    now == GBP_LVT;
	case GBP_LV:
	case GBP_V:
		return now == GBP_V || now == GBP_T;
	case GBP_LVT:
	case GBP_T:
		return now == GBP_T;
	default:
		return false;
	}
}

/* GB4, GB5. */
static bool
is_control(int property)
{
	return property == GBP_CONTROL || property == GBP_CR ||
	    property == GBP_LF;
}

/* Does c belong to the cluster so far? If so, c updates the joint. */
static bool
joint_take(struct joint *joint, uint32_t c)
{
	const int last = joint->last;
	int now = uc_graphemeclusterbreak_property(c);
	bool extends = cluster_extends(c);
	bool joined = joint->pictures && last == GBP_ZWJ && is_picture(c);
	bool flags = joint->flag && now == GBP_RI;

	if (is_control(last) || is_control(now))
		return false;
	if (!extends && !joined && !flags && last != GBP_PREPEND &&
	    !joins_hangul(last, now))
		return false;
	joint->flag = last == GBP_PREPEND && now == GBP_RI;
	if (!extends || now == GBP_SPACINGMARK)
		joint->pictures = is_picture(c);
	joint->last = now;
	return true;
}

/* The slow path of cluster_end(): apply all rules. */
static size_t
find_end(struct str s)
{
	struct str rest = utf8_cut(s, CLUSTER_MAX_BYTES), behind = rest;
	struct joint joint;

	joint_begin(&joint, utf8_next(&behind));
	for (rest = behind; rest.len > 0; rest = behind)
		if (!joint_take(&joint, utf8_next(&behind)))
			break;
	return (size_t)(rest.data - s.data);
}

static unsigned
width_of(struct str cluster)
{
	unsigned columns = 0, last = 0;

	while (cluster.len > 0) {
		uint32_t c = utf8_next(&cluster);
		unsigned more = cluster_character_width(c);
		if (c == EMOJI_STYLE && last == 1)
			more = 1;
		columns += more;
		last = more;
	}
	return columns == 0 ? 1 : columns;
}

size_t
cluster_end(struct str s, size_t at, unsigned *columns)
{
	const uint8_t *bytes = bytes_of(s) + at;
	size_t len = s.len - at;

	if (bytes[0] < 0x80 && begins_anew(bytes + 1, len - 1)) {
		*columns = 1;
		return at + 1;
	}
	if (is_plain_wide(bytes, len) && begins_anew(bytes + 3, len - 3)) {
		*columns = 2;
		return at + 3;
	}
	len = find_end(str_slice(s, at, s.len));
	*columns = width_of(str_slice(s, at, at + len));
	return at + len;
}
