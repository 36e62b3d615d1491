/* SPDX-License-Identifier: ISC */
/* What is UTF-8, what may be shown, what a log may hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void
assert_str(struct str s, const char *expected)
{
	assert_int_equal(s.len, strlen(expected));
	assert_memory_equal(s.data, expected, s.len);
}

/* Unicode 15, table 3-7, each border from both sides. */
static void
only_well_formed_utf8_is_valid(void **state)
{
	static const char *const good[] = {"", "a", "\x7f", "\xC2\x80",
	    "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
	    "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "标准"};
	static const char *const bad[] = {"\x80", "\xBF", "\xC0\x80",
	    "\xC1\xBF", "\xC2", "\xC2\x7F", "\xC2\xC0", "\xE0\x9F\xBF",
	    "\xE0\xA0", "\xE0\x80\x80", "\xED\xA0\x80", "\xED\xBF\xBF",
	    "\xE4\xB8", "\xE4\xB8\x41", "\xE4\x41\x80", "\xF0\x8F\xBF\xBF",
	    "\xF0\x90\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
	    "\xF8\x88\x80\x80\x80", "\xFE", "\xFF", "a\xE6", "\xE6\xA0\x87\x80",
	    "\xC3(", "\xF0\x9F\x91("};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(utf8_valid(str_from(good[i])));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(utf8_valid(str_from(bad[i])));
	assert_true(utf8_valid((struct str){"\0", 1}));
	/* The rest of a sequence may stand behind the end; it is not ours. */
	assert_false(utf8_valid((struct str){"\xE6\xA0\x87", 2}));
}

static void
every_character_survives_encoding(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 16);
	for (uint32_t c = 0; c < 0x110000; c++) {
		struct str rest;
		buf_clear(&out);
		utf8_add(&out, c);
		rest = buf_view(&out);
		if (c >= 0xD800 && c <= 0xDFFF) {
			assert_str(rest, "\uFFFD");
			continue;
		}
		assert_int_equal(utf8_next(&rest), c);
		assert_int_equal(rest.len, 0);
	}
	buf_clear(&out);
	utf8_add(&out, 0x110000);
	utf8_add(&out, UTF8_BAD);
	assert_str(buf_view(&out), "\uFFFD\uFFFD");
	buf_release(&out);
}

/* A bad byte is taken alone: what follows it is not swallowed. */
static void
a_bad_byte_is_taken_alone(void **state)
{
	struct str rest = STR("\xE6\xA0(\xFF"
			      "a");
	static const uint32_t expected[] = {
	    UTF8_BAD, UTF8_BAD, '(', UTF8_BAD, 'a'};

	(void)state;
	for (size_t i = 0; i < COUNT(expected); i++)
		assert_int_equal(utf8_next(&rest), expected[i]);
	assert_int_equal(rest.len, 0);
}

static void
characters_have_their_classes(void **state)
{
	static const uint32_t invisible[] = {0xAD, 0x61C, 0x180E, 0x200B,
	    0x200C, 0x200D, 0x200E, 0x200F, 0x202A, 0x202E, 0x2060, 0x2066,
	    0x2069, 0xFEFF, 0xFFF9, 0xFFFB, 0xE0001, 0xE007F, 0xFDD0, 0xFDEF,
	    0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF};
	static const uint32_t visible[] = {' ', 'a', 0xAC, 0xAE, 0x200A, 0x2010,
	    0x2029, 0x202F, 0x205F, 0x3000, 0x4E00, 0xFDCF, 0xFDF0, 0xFFFD,
	    0xFFFC, 0xFE0F, 0xE0100, 0x10000};
	static const uint32_t ends[] = {
	    '\n', '\v', '\f', '\r', 0x85, 0x2028, 0x2029};
	static const uint32_t not_ends[] = {
	    '\t', 0x0E, ' ', 0x84, 0x86, 0x2027, 0x202A};

	(void)state;
	for (size_t i = 0; i < COUNT(invisible); i++)
		assert_true(utf8_is_invisible(invisible[i]));
	for (size_t i = 0; i < COUNT(visible); i++)
		assert_false(utf8_is_invisible(visible[i]));
	for (size_t i = 0; i < COUNT(ends); i++)
		assert_true(utf8_is_line_end(ends[i]));
	for (size_t i = 0; i < COUNT(not_ends); i++)
		assert_false(utf8_is_line_end(not_ends[i]));
	for (uint32_t c = 0; c < 0x200; c++)
		assert_int_equal(
		    utf8_is_control(c), c < 0x20 || (c >= 0x7F && c < 0xA0));
}

static void
a_cut_splits_no_character(void **state)
{
	(void)state;
	assert_str(utf8_cut(STR("标准"), 6), "标准");
	assert_str(utf8_cut(STR("标准"), 5), "标");
	assert_str(utf8_cut(STR("标准"), 3), "标");
	assert_str(utf8_cut(STR("标准"), 2), "");
	assert_str(utf8_cut(STR("abc"), 0), "");
	assert_str(utf8_cut(STR(""), 0), "");
	assert_str(utf8_cut(STR("\U0001F44D"), 3), "");
	assert_int_equal(utf8_count(STR("a标\U0001F44D")), 3);
	assert_int_equal(utf8_count(STR("")), 0);
}

PRINTF_LIKE(3, 4)
static struct str
message(char *out, size_t size, const char *format, ...)
{
	struct str text;
	va_list args;

	va_start(args, format);
	text = utf8_message(out, size, format, args);
	va_end(args);
	assert_int_equal(strlen(out), text.len);
	return text;
}

static void
a_long_message_is_cut_behind_a_character(void **state)
{
	char out[8];

	(void)state;
	assert_str(message(out, sizeof(out), "%s", ""), "");
	assert_str(message(out, sizeof(out), "a%d", 12), "a12");
	assert_str(message(out, sizeof(out), "%s", "1234567"), "1234567");
	assert_str(message(out, sizeof(out), "%s", "12345678"), "1234");
	assert_str(message(out, sizeof(out), "%s", "a标准"), "a标准");
	assert_str(message(out, sizeof(out), "%s", "ab标准"), "ab");
	assert_str(
	    message(out, sizeof(out), "%s", "123\U0001F44D"), "123\U0001F44D");
	assert_str(message(out, sizeof(out), "%s", "1234\U0001F44D"), "1234");
	/* Its bytes are no characters: nothing before them is left. */
	assert_str(
	    message(out, sizeof(out), "%s", "\x80\x80\x80\x80\x80\x80\x80\x80"),
	    "");
}

static void
assert_line(struct str in, const char *expected)
{
	struct buf out;

	buf_init(&out, 1024);
	utf8_add_line(&out, in);
	assert_int_equal(out.err, OK);
	assert_str(buf_view(&out), expected);
	buf_release(&out);
}

static void
a_line_has_no_controls(void **state)
{
	(void)state;
	assert_line(STR(""), "");
	assert_line(STR("标准 a"), "标准 a");
	assert_line(STR("a\r\n20 text/gemini"), "a 20 text/gemini");
	assert_line(STR("a\tb\0c"), "a b c");
	assert_line(STR("a\u2028b\xC2\x85"
			"c\x7f"),
	    "a b c ");
	assert_line(STR("\x1b]52;c;\x07x"), " ]52;c; x");
	assert_line(STR("a\x9b"
			"b\xC2\x9B"
			"c"),
	    "a\uFFFD"
	    "b c");
	assert_line(STR("\uFEFFx\u202Ey\U000E0041z"), "xyz");
	assert_line(STR("\xE6\xA0"), "\uFFFD\uFFFD");
	assert_line(STR("a\n\u200B\nb\n\xff\nc"), "a b \uFFFD c");
	assert_int_equal(utf8_clean_len(STR("a 标~\u3000\tb")), 9);
	assert_int_equal(utf8_clean_len(STR("标准")), 6);
	assert_int_equal(utf8_clean_len(STR("")), 0);
	assert_int_equal(utf8_clean_len(STR("\xE6\xA0")), 0);
	/* Taking away what is invisible must not join a new character. */
	assert_line(STR("\xE6\xE2\x80\x8B\xA0\x87"), "\uFFFD\uFFFD\uFFFD");
}

static void
assert_log(struct str in, size_t max, const char *expected)
{
	struct buf out;

	buf_init(&out, 1024);
	utf8_add_log(&out, in, max);
	assert_str(buf_view(&out), expected);
	buf_release(&out);
}

static void
a_log_has_only_escaped_ascii(void **state)
{
	struct buf out;

	(void)state;
	assert_log(STR("GET /a b"), 100, "GET /a b");
	assert_log(STR("a\nb\\\x1b[m\x9b\0~\x7f"), 100,
	    "a\\x0ab\\\\\\x1b[m\\x9b\\x00~\\x7f");
	assert_log(STR("标"), 100, "\\xe6\\xa0\\x87");
	assert_log(STR("0123456789"), 6, "012...");
	buf_init(&out, 1024);
	for (size_t max = 3; max < 40; max++) {
		buf_clear(&out);
		utf8_add_log(&out, STR("a\n标\\b\xff\xff\xff\xff"), max);
		assert_true(out.len <= max);
	}
	buf_release(&out);
}

/* One at a time and without any short cut. */
static size_t
count_slowly(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.data[i] & 0xC0) != 0x80;
	return n;
}

static size_t
clean_slowly(struct str s)
{
	struct str rest = s;

	while (rest.len > 0) {
		size_t left = rest.len;
		uint32_t c = utf8_next(&rest);
		if (c == UTF8_BAD || utf8_is_control(c) ||
		    utf8_is_line_end(c) || utf8_is_invisible(c))
			return s.len - left;
	}
	return s.len;
}

/* The short cuts see what the long way sees: texts of characters from
 * everywhere, every third with a byte changed, looked at from each byte. */
static void
short_cuts_agree_with_the_long_way(void **state)
{
	static const uint32_t from[] = {0x20, 0x20, 0x7E, 0xA0, 0x2020, 0x2FF0,
	    0x3000, 0x4E00, 0x9FF0, 0xCFF0, 0xD7F0, 0xE000, 0xFDC0, 0xFF00,
	    0x1F600};
	struct buf text;

	(void)state;
	buf_init(&text, 1024);
	srand(1);
	for (int round = 0; round < 3000; round++) {
		buf_clear(&text);
		for (int i = rand() % 40; i >= 0; i--)
			utf8_add(&text,
			    from[(size_t)rand() % COUNT(from)] +
				(uint32_t)rand() % 0x20);
		if (round % 3 == 0)
			text.data[(size_t)rand() % text.len] = (char)rand();
		for (size_t at = 0; at < text.len; at++) {
			struct str s = str_slice(buf_view(&text), at, text.len);
			assert_int_equal(utf8_count(s), count_slowly(s));
			assert_int_equal(utf8_clean_len(s), clean_slowly(s));
		}
	}
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_well_formed_utf8_is_valid),
	    cmocka_unit_test(every_character_survives_encoding),
	    cmocka_unit_test(a_bad_byte_is_taken_alone),
	    cmocka_unit_test(characters_have_their_classes),
	    cmocka_unit_test(a_cut_splits_no_character),
	    cmocka_unit_test(a_long_message_is_cut_behind_a_character),
	    cmocka_unit_test(a_line_has_no_controls),
	    cmocka_unit_test(a_log_has_only_escaped_ascii),
	    cmocka_unit_test(short_cuts_agree_with_the_long_way)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
