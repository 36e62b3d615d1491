/* SPDX-License-Identifier: ISC */
/* Reading, writing and cleaning UTF-8. */
#include "base/utf8.h"

/* The length of a sequence by its first byte, which is not ASCII. 0: the byte
 * cannot begin a sequence. */
static size_t
sequence_length(unsigned char first)
{
	if (first >= 0xC2 && first <= 0xDF)
		return 2;
	if (first >= 0xE0 && first <= 0xEF)
		return 3;
	if (first >= 0xF0 && first <= 0xF4)
		return 4;
	return 0;
}

uint32_t
utf8_next_beyond_ascii(struct str *rest)
{
	const unsigned char *at = (const unsigned char *)rest->data;
	size_t n = sequence_length(at[0]);
	uint32_t c;

	if (n == 0 || n > rest->len)
		goto bad;
	c = at[0] & (0xFFu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((at[i] & 0xC0) != 0x80)
			goto bad;
		c = c << 6 | (at[i] & 0x3F);
	}
	/* Overlong forms of three and four bytes, surrogates, too large. */
	if ((n == 3 && c < 0x800) || (n == 4 && c < 0x10000) ||
	    (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF)
		goto bad;
	rest->data += n;
	rest->len -= n;
	return c;
bad:
	rest->data++;
	rest->len--;
	return UTF8_BAD;
}

bool
utf8_valid(struct str s)
{
	while (s.len > 0)
		if (utf8_next(&s) == UTF8_BAD)
			return false;
	return true;
}

void
utf8_add(struct buf *out, uint32_t c)
{
	char bytes[4];
	size_t n;

	if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		c = UTF8_REPLACEMENT;
	if (c < 0x80) {
		bytes[0] = (char)c;
		n = 1;
	} else if (c < 0x800) {
		bytes[0] = (char)(0xC0 | c >> 6);
		n = 2;
	} else if (c < 0x10000) {
		bytes[0] = (char)(0xE0 | c >> 12);
		n = 3;
	} else {
		bytes[0] = (char)(0xF0 | c >> 18);
		n = 4;
	}
	for (size_t i = 1; i < n; i++)
		bytes[i] = (char)(0x80 | (c >> 6 * (n - 1 - i) & 0x3F));
	buf_add(out, bytes, n);
}

bool
utf8_is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

bool
utf8_is_invisible(uint32_t c)
{
	static const uint32_t ranges[][2] = {{0x00AD, 0x00AD}, {0x061C, 0x061C},
	    {0x180E, 0x180E}, {0x200B, 0x200F}, {0x202A, 0x202E},
	    {0x2060, 0x206F}, {0xFDD0, 0xFDEF}, {0xFEFF, 0xFEFF},
	    {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F}};

	/* The fast path: Han, Kana and Hangul are the most frequent. */
	if (c >= 0x2070 && c < 0xFDD0)
		return false;
	if ((c & 0xFFFE) == 0xFFFE)
		return true; /* the last two of each plane: noncharacters */
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return false;
}

bool
utf8_is_line_end(uint32_t c)
{
	return (c >= 0x0A && c <= 0x0D) || c == 0x85 || c == 0x2028 ||
	    c == 0x2029;
}

struct str
utf8_cut(struct str s, size_t max)
{
	if (s.len <= max)
		return s;
	while (max > 0 && ((unsigned char)s.data[max] & 0xC0) == 0x80)
		max--;
	return str_slice(s, 0, max);
}

struct str
utf8_message(char *out, size_t size, const char *format, va_list args)
{
	const int len = vsnprintf(out, size, format, args);
	struct str message = {out, len < 0 ? 0 : (size_t)len};

	/* The last three bytes may be those of a character that is cut. */
	if (message.len >= size)
		message = utf8_cut((struct str){out, size - 1}, size - 4);
	out[message.len] = '\0';
	return message;
}

size_t
utf8_count(struct str s)
{
	const uint64_t ones = 0x0101010101010101;
	size_t n = s.len, i = 0;

	/* Subtract the continuation bytes (10xxxxxx), eight bytes at a time:
	 * each continuation byte becomes 1, each other byte 0. The product has
	 * their sum in its highest byte. */
	for (; i + sizeof(ones) <= s.len; i += sizeof(ones)) {
		uint64_t bytes;
		memcpy(&bytes, s.data + i, sizeof(bytes));
		bytes = (bytes >> 7) & ~(bytes >> 6) & ones;
		n -= (size_t)(bytes * ones >> 56);
	}
	for (; i < s.len; i++)
		n -= ((unsigned char)s.data[i] & 0xC0) == 0x80;
	return n;
}

/*
 * Does a frequent character of three bytes begin here? These are U+3000 to
 * U+CFFF (Han, Kana and nearly all of Hangul), the full-width forms U+FF00 to
 * U+FF7F, and the dashes, quotes and dots U+2010 to U+2027. All of them are
 * clean.
 */
static bool
is_usual(const unsigned char *at, const unsigned char *end)
{
	if (end - at < 3 || (at[1] & 0xC0) != 0x80 || (at[2] & 0xC0) != 0x80)
		return false;
	if (at[0] >= 0xE3 && at[0] <= 0xEC)
		return true;
	if (at[0] == 0xEF)
		return at[1] == 0xBC || at[1] == 0xBD;
	return at[0] == 0xE2 && at[1] == 0x80 && at[2] >= 0x90 && at[2] <= 0xA7;
}

/* Are all eight bytes printable ASCII? A byte that is not has its highest bit
 * set in one of three words: the bytes, the bytes + 1, the bytes - ' '. */
static bool
is_plain(const unsigned char *at)
{
	const uint64_t each = 0x0101010101010101;
	uint64_t bytes;

	memcpy(&bytes, at, sizeof(bytes));
	return ((bytes | (bytes + each) | (bytes - ' ' * each)) &
		   0x80 * each) == 0;
}

/* Find, from at on, the first character that is neither is_usual() nor
 * printable ASCII. Fast, because every text passes here, often twice. */
static const unsigned char *
skip_usual(const unsigned char *at, const unsigned char *end)
{
	for (;;) {
		while (end - at >= 8 && is_plain(at))
			at += 8;
		while (at < end && *at >= ' ' && *at <= '~')
			at++;
		if (!is_usual(at, end))
			return at;
		do
			at += 3;
		while (is_usual(at, end));
	}
}

size_t
utf8_clean_len(struct str s)
{
	const char *const end = s.data + s.len;
	struct str rest = s;

	while (rest.len > 0) {
		size_t left;
		uint32_t c;

		rest.data =
		    (const char *)skip_usual((const unsigned char *)rest.data,
			(const unsigned char *)end);
		rest.len = (size_t)(end - rest.data);
		left = rest.len;
		if (left == 0)
			break;
		c = utf8_next(&rest);
		if (c == UTF8_BAD || utf8_is_control(c) ||
		    utf8_is_line_end(c) || utf8_is_invisible(c))
			return s.len - left;
	}
	return s.len;
}

void
utf8_add_line(struct buf *out, struct str s)
{
	bool blank = false; /* a control was just replaced */

	while (s.len > 0) {
		size_t clean = utf8_clean_len(s);
		uint32_t c;
		buf_add(out, s.data, clean);
		s = str_slice(s, clean, s.len);
		blank = blank && clean == 0;
		if (s.len == 0)
			break;
		c = utf8_next(&s);
		if (c == UTF8_BAD) {
			utf8_add(out, c);
			blank = false;
		} else if (!utf8_is_invisible(c)) {
			if (!blank)
				buf_char(out, ' ');
			blank = true;
		}
	}
}

/* The number of bytes at the beginning of s that a log line does not escape. */
static size_t
log_run(struct str s)
{
	size_t n = 0;

	while (n < s.len && s.data[n] >= ' ' && s.data[n] <= '~' &&
	    s.data[n] != '\\')
		n++;
	return n;
}

void
utf8_add_log(struct buf *out, struct str s, size_t max)
{
	static const char hex[] = "0123456789abcdef";
	const size_t dots = 3;
	size_t room = max > dots ? max - dots : 0;

	while (s.len > 0) {
		unsigned char c = (unsigned char)*s.data;
		char code[] = {'\\', 'x', hex[c >> 4], hex[c & 15]};
		struct str plain = str_slice(s, 0, log_run(s));
		struct str next = plain.len > 0 ? plain
		    : c == '\\'                 ? STR("\\\\")
				: (struct str){code, sizeof(code)};

		s = str_slice(s, plain.len > 0 ? plain.len : 1, s.len);
		if (next.len > room) {
			buf_str(out, str_slice(plain, 0, room));
			buf_text(out, "...");
			return;
		}
		buf_str(out, next);
		room -= next.len;
	}
}
