/* SPDX-License-Identifier: ISC */
#include "tools/import/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "base/utf8.h"

/* Names of encodings in the HTML standard that iconv(3) does not know, or reads
 * in a narrower sense. */
static const struct encoding {
	const char *said, *name; /* NULL: UTF-8 */
} encodings[] = {
    {"utf-8", NULL},
    {"utf8", NULL},
    {"unicode-1-1-utf-8", NULL},
    {"utf-16", NULL}, /* this name, in ASCII, cannot be true */
    {"utf-16le", NULL},
    {"utf-16be", NULL},
    {"unicode", NULL},
    {"gb2312", "GB18030"},
    {"gb-2312", "GB18030"},
    {"gb_2312", "GB18030"},
    {"gb_2312-80", "GB18030"},
    {"csgb2312", "GB18030"},
    {"chinese", "GB18030"},
    {"iso-ir-58", "GB18030"},
    {"csiso58gb231280", "GB18030"},
    {"gbk", "GB18030"},
    {"x-gbk", "GB18030"},
    {"cp936", "GB18030"},
    {"ms936", "GB18030"},
    {"windows-936", "GB18030"},
    {"gb18030", "GB18030"},
    {"big5", "BIG5-HKSCS"},
    {"big5-hkscs", "BIG5-HKSCS"},
    {"cn-big5", "BIG5-HKSCS"},
    {"csbig5", "BIG5-HKSCS"},
    {"x-x-big5", "BIG5-HKSCS"},
    {"iso-8859-1", "CP1252"},
    {"latin1", "CP1252"},
    {"us-ascii", "CP1252"},
    {"ascii", "CP1252"},
    {"windows-1252", "CP1252"},
    {"x-cp1252", "CP1252"},
    {"iso8859-1", "CP1252"},
    {"iso_8859-1", "CP1252"},
    {"l1", "CP1252"},
    {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},
    {"sjis", "CP932"},
    {"x-sjis", "CP932"},
    {"ms_kanji", "CP932"},
    {"windows-31j", "CP932"},
    {"x-euc-jp", "EUC-JP"},
    {"euc-kr", "CP949"},
    {"korean", "CP949"},
    {"ks_c_5601-1987", "CP949"},
    {"ksc5601", "CP949"},
    {"ksc_5601", "CP949"},
    {"windows-949", "CP949"},
};

const char *
charset_named(const char *said)
{
	for (size_t i = 0; i < sizeof(encodings) / sizeof(*encodings); i++)
		if (strcmp(said, encodings[i].said) == 0)
			return encodings[i].name;
	return said;
}

static bool
is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] > '~')
			return false;
	return true;
}

/* What ends a line, or stands between cells, in two bytes. */
static bool
is_mark(unsigned char c)
{
	return c == '\n' || c == '\r' || c == '\t' || c == ',' || c == ';';
}

enum {
	NULS_MIN = 20, /* in UTF-16 at least one byte of so many is NUL */
	NULS_SURE = 4  /* and in a page that is one line, of so many */
};

/*
 * Find UTF-16 without a byte order mark. In nearly all of its pairs of bytes,
 * the NULs of digits, Latin letters and line ends stand at the same place. In
 * any other text, NULs are few, and a separator stands at either place.
 */
static const char *
guess_utf16(struct str begin)
{
	size_t nul[2] = {0, 0}, mark[2] = {0, 0};

	for (size_t i = 0; i + 1 < begin.len; i++) {
		unsigned char c = (unsigned char)begin.data[i];
		unsigned char other = (unsigned char)begin.data[i ^ 1];
		nul[i & 1] += c == 0;
		mark[i & 1] += is_mark(c) && (other == 0 || i % 2 == 1);
	}
	if ((nul[0] + nul[1]) * NULS_MIN < begin.len)
		return NULL;
	if (nul[1] > 4 * nul[0] &&
	    (mark[0] > mark[1] ||
		(mark[0] == mark[1] && nul[1] * NULS_SURE >= begin.len)))
		return "UTF-16LE";
	return nul[0] > 4 * nul[1] ? "UTF-16BE" : NULL;
}

/* Counts of the pairs of bytes, read in one of the two encodings. Both
 * encodings have their common characters first. */
struct pairs {
	size_t common, rare, bad;
};

static void
count_gb(struct pairs *pairs, unsigned char lead, unsigned char trail)
{
	if (trail < 0x30 || trail == 0x7F || trail == 0xFF)
		pairs->bad++;
	else if (lead >= 0xB0 && lead <= 0xD7 && trail >= 0xA1)
		pairs->common++;
	else if (lead < 0xA1 || lead > 0xA9 || trail < 0xA1)
		pairs->rare++; /* else a mark or a letter */
}

static void
count_big5(struct pairs *pairs, unsigned char lead, unsigned char trail)
{
	if (trail < 0x40 || (trail >= 0x7F && trail < 0xA1) || trail == 0xFF)
		pairs->bad++;
	else if (lead >= 0xA4 && lead <= 0xC6)
		pairs->common++;
	else if (lead < 0xA1 || lead > 0xA3)
		pairs->rare++;
}

static struct pairs
count_pairs(
    struct str s, void (*count)(struct pairs *, unsigned char, unsigned char))
{
	struct pairs pairs = {0, 0, 0};
	size_t i = 0;

	while (i < s.len) {
		unsigned char c = (unsigned char)s.data[i++];
		if (c <= 0x80)
			continue;
		if (i == s.len)
			break; /* it is cut */
		count(&pairs, c, (unsigned char)s.data[i++]);
	}
	return pairs;
}

enum { PAIRS_MIN = 8, COMMON_PERCENT = 85, OTHER_PERCENT = 75 };

static size_t
percent(struct pairs pairs)
{
	size_t all = pairs.common + pairs.rare + pairs.bad;

	return all == 0 ? 0 : pairs.common * 100 / all;
}

const char *
charset_chinese(struct str bytes)
{
	struct pairs gb = count_pairs(bytes, count_gb);
	struct pairs big5 = count_pairs(bytes, count_big5);

	if (gb.bad == 0 && gb.common >= PAIRS_MIN &&
	    percent(gb) >= COMMON_PERCENT && percent(big5) < OTHER_PERCENT)
		return "GB18030";
	if (big5.bad == 0 && big5.common >= PAIRS_MIN &&
	    percent(big5) >= COMMON_PERCENT && percent(gb) < OTHER_PERCENT)
		return "BIG5-HKSCS";
	return NULL;
}

static const char *
guess_chinese(struct str begin)
{
	const char *name = charset_chinese(begin);

	return name != NULL ? name : "GB18030";
}

const char *
charset_guess(struct str begin)
{
	const struct str whole = begin;
	size_t good = 0, bad = 0;

	if (str_starts(begin, STR("\xFF\xFE")))
		return "UTF-16LE";
	if (str_starts(begin, STR("\xFE\xFF")))
		return "UTF-16BE";
	if (str_starts(begin, STR("\xEF\xBB\xBF")))
		return NULL;
	if (str_starts(begin, STR("\x84\x31\x95\x33")))
		return "GB18030";
	if (memchr(begin.data == NULL ? "" : begin.data, 0, begin.len) != NULL)
		return guess_utf16(begin);
	while (begin.len > 0) {
		size_t end = str_find_byte(begin, '\n');
		struct str line =
		    str_slice(begin, 0, end == SIZE_MAX ? begin.len : end + 1);
		begin = str_slice(begin, line.len, begin.len);
		if (is_ascii(line))
			continue;
		if (utf8_valid(line))
			good++;
		else
			bad++;
	}
	return bad > good ? guess_chinese(whole) : NULL;
}

/* ---- converting ------------------------------------------------------ */

enum { NO_CHARACTER = 0xFF, PENDING_BYTES_MAX = 1024 * 1024 };

struct charset {
	iconv_t to_utf8;
	struct buf pending; /* a character that was cut, and what follows */
};

static enum err
begin(const char *name, iconv_t *out)
{
	*out = iconv_open("UTF-8", name);
	if (*out != (iconv_t)-1)
		return OK;
	return errno == EINVAL ? ERR_MISSING : ERR_NOMEM;
}

/* Append the bytes at *from, of which *left are left, up to the first that does
 * not fit. ERR_INPUT: it is not of this encoding; ERR_MISSING: the character is
 * cut; ERR_NOMEM. */
static enum err
convert(iconv_t to_utf8, char **from, size_t *left, struct buf *out)
{
	while (*left > 0) {
		size_t room = *left * 2 + 16, before = room, n;
		char *to = buf_reserve(out, room);

		if (to == NULL)
			return ERR_NOMEM;
		n = iconv(to_utf8, from, left, &to, &room);
		out->len += before - room;
		if (n == (size_t)-1 && errno != E2BIG)
			return errno == EINVAL ? ERR_MISSING : ERR_INPUT;
	}
	return out->err == OK ? OK : ERR_NOMEM;
}

enum err
charset_convert(const char *name, struct str bytes, bool euro, struct buf *out)
{
	/* iconv(3) takes a pointer that is not const and writes nothing. */
	char *from = (char *)(uintptr_t)bytes.data;
	size_t left = bytes.len;
	iconv_t to_utf8;
	enum err err = begin(name, &to_utf8);

	if (err != OK)
		return err;
	while ((err = convert(to_utf8, &from, &left, out)) == ERR_INPUT &&
	    euro && (unsigned char)*from == 0x80) {
		buf_text(out, "\u20AC");
		from++;
		left--;
	}
	iconv_close(to_utf8);
	return err == ERR_MISSING ? ERR_INPUT : err;
}

enum err
charset_open(const char *name, struct charset **out)
{
	struct charset *charset = calloc(1, sizeof(*charset));
	enum err err =
	    charset == NULL ? ERR_NOMEM : begin(name, &charset->to_utf8);

	if (err != OK) {
		free(charset);
		return err;
	}
	buf_init(&charset->pending, PENDING_BYTES_MAX);
	*out = charset;
	return OK;
}

void
charset_close(struct charset *charset)
{
	if (charset == NULL)
		return;
	iconv_close(charset->to_utf8);
	buf_release(&charset->pending);
	free(charset);
}

enum err
charset_add(
    struct charset *charset, struct str bytes, bool last, struct buf *out)
{
	struct buf *pending = &charset->pending;
	char *from;
	size_t left;
	enum err err;

	buf_str(pending, bytes);
	if (pending->err != OK)
		return ERR_NOMEM;
	from = pending->data;
	left = pending->len;
	while (
	    (err = convert(charset->to_utf8, &from, &left, out)) == ERR_INPUT ||
	    (err == ERR_MISSING && last)) {
		buf_char(out, (char)NO_CHARACTER);
		from++;
		left--;
	}
	if (left > 0)
		memmove(pending->data, from, left);
	pending->len = left;
	return err == ERR_MISSING ? OK : err;
}
