/* SPDX-License-Identifier: ISC */
/* Runs of bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hex.h"
#include "base/str.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void
assert_str(struct str s, const char *expected)
{
	assert_int_equal(s.len, strlen(expected));
	assert_memory_equal(s.data, expected, s.len);
}

static void
slices_stay_inside_the_text(void **state)
{
	(void)state;
	assert_str(str_slice(STR("abc"), 1, 2), "b");
	assert_str(str_slice(STR("abc"), 0, SIZE_MAX), "abc");
	assert_str(str_slice(STR("abc"), 2, 1), "");
	assert_str(str_slice(STR("abc"), 9, 12), "");
	assert_null(str_slice((struct str){NULL, 0}, 0, 9).data);
	assert_str(str_from(NULL), "");
	assert_str(str_trim(STR(" \t\r\na b\n ")), "a b");
	assert_str(str_trim(STR(" \n")), "");
	assert_str(str_trim(STR("")), "");
}

static void
texts_are_compared_by_bytes(void **state)
{
	(void)state;
	assert_true(str_equal(STR(""), (struct str){NULL, 0}));
	assert_true(str_equal(STR("a\0b"), STR("a\0b")));
	assert_false(str_equal(STR("a\0b"), STR("a\0c")));
	assert_false(str_equal(STR("a"), STR("ab")));
	assert_true(str_equal_nocase(STR("GeMiNi-1"), STR("gEmInI-1")));
	/* ASCII only, and no neighbours of the letters. */
	assert_false(str_equal_nocase(STR("@["), STR("`{")));
	assert_false(str_equal_nocase(STR("\xC3\x89"), STR("\xC3\xA9")));
	assert_true(str_starts(STR("abc"), STR("ab")));
	assert_true(str_starts(STR("abc"), STR("")));
	assert_false(str_starts(STR("ab"), STR("abc")));
	assert_true(str_ends(STR("abc"), STR("bc")));
	assert_false(str_ends(STR("bc"), STR("abc")));
	assert_int_equal(str_compare(STR("a"), STR("a")), 0);
	assert_true(str_compare(STR("a"), STR("b")) < 0);
	assert_true(str_compare(STR("a"), STR("ab")) < 0);
	assert_true(str_compare(STR("b"), STR("ab")) > 0);
	/* By bytes, not by the sign of char. */
	assert_true(str_compare(STR("\xff"), STR("a")) > 0);
	assert_true(str_compare(STR(""), (struct str){NULL, 0}) == 0);
}

static void
the_first_match_is_found(void **state)
{
	(void)state;
	assert_int_equal(str_find_byte(STR("abcb"), 'b'), 1);
	assert_true(str_find_byte(STR("abc"), 'x') == SIZE_MAX);
	assert_true(str_find_byte((struct str){NULL, 0}, 'x') == SIZE_MAX);
	assert_int_equal(str_find(STR("aaab"), STR("aab")), 1);
	assert_int_equal(str_find(STR("abab"), STR("ab")), 0);
	assert_int_equal(str_find(STR("xab"), STR("ab")), 1);
	assert_int_equal(str_find(STR("abc"), STR("")), 0);
	assert_true(str_find(STR("ab"), STR("abc")) == SIZE_MAX);
	assert_true(str_find(STR("ababa"), STR("abb")) == SIZE_MAX);
	/* Not behind the end, though the bytes are there. */
	assert_true(str_find((struct str){"abc", 2}, STR("bc")) == SIZE_MAX);
}

static void
lines_end_at_lf_or_cr_lf(void **state)
{
	static const char *const expected[] = {"a", "", "b\rc", "d"};
	struct str rest = STR("a\r\n\nb\rc\nd\r"), line;
	size_t n = 0;

	(void)state;
	while (str_next_line(&rest, &line))
		assert_str(line, expected[n++]);
	assert_int_equal(n, 4);
	rest = STR("a\n");
	assert_true(str_next_line(&rest, &line));
	assert_str(line, "a");
	assert_false(str_next_line(&rest, &line));
	assert_str(line, "a");
}

static void
parts_may_be_empty(void **state)
{
	static const char *const expected[] = {"a", "", "b", ""};
	struct str rest = STR("a,,b,"), part;
	size_t n = 0;

	(void)state;
	while (str_next_part(&rest, ',', &part))
		assert_str(part, expected[n++]);
	assert_int_equal(n, 4);
	rest = STR("");
	assert_true(str_next_part(&rest, ',', &part));
	assert_str(part, "");
	assert_false(str_next_part(&rest, ',', &part));
}

static void
only_plain_decimals_in_range_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t min, max;
		enum err err;
		int64_t n;
	} cases[] = {{"0", 0, 9, OK, 0}, {"7", 0, 9, OK, 7}, {"9", 0, 9, OK, 9},
	    {"10", 0, 9, ERR_LIMIT, 0}, {"3", 4, 9, ERR_LIMIT, 0},
	    {"9223372036854775807", 0, INT64_MAX, OK, INT64_MAX},
	    {"9223372036854775808", 0, INT64_MAX, ERR_LIMIT, 0},
	    {"99999999999999999999999999", 0, INT64_MAX, ERR_LIMIT, 0},
	    {"99999999999999999999999999x", 0, INT64_MAX, ERR_INPUT, 0},
	    {"", 0, 9, ERR_INPUT, 0}, {"00", 0, 9, ERR_INPUT, 0},
	    {"01", 0, 9, ERR_INPUT, 0}, {"-1", -9, 9, ERR_INPUT, 0},
	    {"+1", 0, 9, ERR_INPUT, 0}, {" 1", 0, 9, ERR_INPUT, 0},
	    {"1 ", 0, 9, ERR_INPUT, 0}, {"1\n", 0, 9, ERR_INPUT, 0},
	    {"0x1", 0, 9, ERR_INPUT, 0}, {"1e1", 0, 99, ERR_INPUT, 0},
	    {"\xEF\xBC\x91", 0, 9, ERR_INPUT, 0}, {"/", 0, 9, ERR_INPUT, 0},
	    {":", 0, 99, ERR_INPUT, 0}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t n = -77;
		assert_int_equal(str_to_int(str_from(cases[i].text),
				     cases[i].min, cases[i].max, &n),
		    cases[i].err);
		assert_true(n == (cases[i].err == OK ? cases[i].n : -77));
	}
}

static void
the_nearest_name_is_found(void **state)
{
	static const char *const names[] = {
	    "one", "each", "include", "document", "ask", "ask-secret"};
	static const struct {
		const char *word, *name;
	} cases[] = {{"one", "one"}, {"onw", "one"}, {"noe", "one"},
	    {"on", "one"}, {"ones", "one"}, {"ONE", "one"}, {"NOE", "one"},
	    {"inlcude", "include"}, {"inclde", "include"},
	    {"documnet", "document"}, {"docmunt", "document"},
	    {"ask-sceret", "ask-secret"}, {"xyz", NULL}, {"oxy", NULL},
	    {"", NULL}, {"completely", NULL}};
	char longest[70];
	const char *long_names[] = {longest};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *found =
		    str_nearest(str_from(cases[i].word), names, COUNT(names));
		if (cases[i].name == NULL)
			assert_null(found);
		else
			assert_string_equal(found, cases[i].name);
	}
	assert_null(str_nearest(STR("one"), names, 0));
	/* The nearest, not the first that is near enough. */
	assert_string_equal(
	    str_nearest(STR("abcdef"), (const char *[]){"abcdxy", "abcdex"}, 2),
	    "abcdex");
	/* At and past the length that is worth the work. */
	memset(longest, 'a', sizeof(longest));
	longest[64] = '\0';
	assert_ptr_equal(
	    str_nearest((struct str){longest, 64}, long_names, 1), longest);
	longest[64] = 'a';
	longest[65] = '\0';
	assert_null(str_nearest((struct str){longest, 64}, long_names, 1));
	assert_null(str_nearest((struct str){longest, 65}, long_names, 1));
}

/* The vectors of the hash's authors. */
static void
hashes_are_those_of_the_authors(void **state)
{
	(void)state;
	assert_true(str_hash(STR("")) == UINT64_C(0xCBF29CE484222325));
	assert_true(str_hash(STR("a")) == UINT64_C(0xAF63DC4C8601EC8C));
	assert_true(str_hash(STR("foobar")) == UINT64_C(0x85944171F73967E8));
}

static void
bytes_become_digits(void **state)
{
	unsigned char bytes[256];
	char hex[2 * sizeof(bytes) + 1], expected[3];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)i;
	hex_write(bytes, sizeof(bytes), hex);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		snprintf(expected, sizeof(expected), "%02x", bytes[i]);
		assert_memory_equal(hex + 2 * i, expected, 2);
	}
	assert_int_equal(hex[sizeof(hex) - 1], '\0');
	hex_write(bytes, 0, hex);
	assert_string_equal(hex, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(slices_stay_inside_the_text),
	    cmocka_unit_test(texts_are_compared_by_bytes),
	    cmocka_unit_test(the_first_match_is_found),
	    cmocka_unit_test(lines_end_at_lf_or_cr_lf),
	    cmocka_unit_test(parts_may_be_empty),
	    cmocka_unit_test(only_plain_decimals_in_range_are_read),
	    cmocka_unit_test(the_nearest_name_is_found),
	    cmocka_unit_test(bytes_become_digits),
	    cmocka_unit_test(hashes_are_those_of_the_authors)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
