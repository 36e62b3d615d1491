/* SPDX-License-Identifier: ISC */
/* Buffers that know their maximum, arenas that are freed at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"

static void
assert_str(struct str s, const char *expected)
{
	assert_int_equal(s.len, strlen(expected));
	assert_memory_equal(s.data, expected, s.len);
}

static void
what_is_appended_is_kept_in_order(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	assert_str(buf_view(&b), "");
	buf_text(&b, "a");
	buf_char(&b, 'b');
	buf_str(&b, STR("cd"));
	buf_add(&b, "ef", 1);
	buf_add(&b, NULL, 0);
	buf_printf(&b, "%d%s", 12, "x");
	assert_str(buf_view(&b), "abcde12x");
	buf_clear(&b);
	assert_str(buf_view(&b), "");
	buf_text(&b, "again");
	assert_str(buf_view(&b), "again");
	buf_release(&b);
	buf_text(&b, "after");
	assert_str(buf_view(&b), "after");
	buf_release(&b);
	buf_release(&b);
}

static void
a_byte_is_appended_many_times(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	buf_fill(&b, 'x', 0);
	assert_str(buf_view(&b), "");
	buf_fill(&b, 'x', 3);
	buf_fill(&b, '-', 1);
	buf_fill(&b, '-', 0);
	assert_str(buf_view(&b), "xxx-");
	buf_fill(&b, 'y', 996);
	assert_int_equal(b.err, OK);
	assert_int_equal(b.len, 1000);
	buf_fill(&b, 'z', 1);
	assert_int_equal(b.err, ERR_LIMIT);
	assert_int_equal(b.len, 1000);
	buf_release(&b);
	buf_fill(&b, 'z', SIZE_MAX);
	assert_int_equal(b.err, ERR_LIMIT);
	buf_release(&b);
}

/* Exactly max bytes fit, by whatever way they come. */
static void
exactly_max_bytes_fit(void **state)
{
	struct buf b;

	(void)state;
	for (size_t max = 0; max < 600; max++) {
		buf_init(&b, max);
		for (size_t i = 0; i < max; i++)
			buf_char(&b, 'x');
		assert_int_equal(b.err, OK);
		buf_char(&b, 'y');
		assert_int_equal(b.err, ERR_LIMIT);
		assert_int_equal(b.len, max);
		buf_clear(&b);
		buf_printf(&b, "%*s", (int)max, "");
		assert_int_equal(b.err, OK);
		assert_int_equal(b.len, max);
		buf_printf(&b, "z");
		assert_int_equal(b.err, ERR_LIMIT);
		buf_release(&b);
	}
	buf_init(&b, 8);
	buf_grow(&b, "x", SIZE_MAX);
	assert_int_equal(b.err, ERR_LIMIT);
	buf_release(&b);
}

static void
an_error_stays_until_buf_clear(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	buf_text(&b, "abc");
	buf_text(&b, "de");
	assert_int_equal(b.err, ERR_LIMIT);
	/* Would fit, but then the content were no prefix. */
	buf_char(&b, 'f');
	buf_printf(&b, "g");
	assert_null(buf_reserve(&b, 0));
	assert_str(buf_view(&b), "abc");
	buf_clear(&b);
	assert_int_equal(b.err, OK);
	buf_release(&b);
}

static void
reserved_bytes_are_kept(void **state)
{
	struct buf b;
	char *place;

	(void)state;
	buf_init(&b, 1 << 20);
	place = buf_reserve(&b, 100000);
	assert_non_null(place);
	memset(place, 'x', 100000);
	assert_int_equal(b.len, 0);
	b.len += 100000;
	buf_char(&b, 'y');
	assert_int_equal(b.data[99999], 'x');
	assert_int_equal(b.data[100000], 'y');
	assert_null(buf_reserve(&b, 1 << 20));
	buf_release(&b);
}

static void
arena_gives_aligned_zeroed_memory(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	unsigned char *last = NULL;

	(void)state;
	for (size_t size = 0; size < 700; size++) {
		unsigned char *place = arena_alloc(arena, size);
		assert_non_null(place);
		assert_int_equal((uintptr_t)place % alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(place[i], 0);
		memset(place, 0xFF, size);
		if (last != NULL && size > 1)
			assert_int_equal(last[size - 2], 0xFF);
		last = place;
	}
	/* Zeroed the second time as well. */
	arena_clear(arena);
	assert_int_equal(arena_used(arena), 0);
	last = arena_alloc(arena, 4000);
	for (size_t i = 0; i < 4000; i++)
		assert_int_equal(last[i], 0);
	/* Larger than any chunk. */
	last = arena_alloc(arena, 900000);
	assert_non_null(last);
	last[899999] = 1;
	arena_free(arena);
	arena_free(NULL);
}

static void
arena_gives_no_more_than_its_maximum(void **state)
{
	struct arena *arena = arena_new(1000);
	size_t given = 0;

	(void)state;
	assert_null(arena_alloc(arena, 1001));
	assert_null(arena_alloc(arena, SIZE_MAX));
	assert_null(arena_alloc(arena, SIZE_MAX - 64));
	assert_null(arena_array(arena, SIZE_MAX / 2, 3));
	assert_null(arena_array(arena, SIZE_MAX, SIZE_MAX));
	assert_non_null(arena_array(arena, SIZE_MAX, 0));
	while (arena_alloc(arena, 7) != NULL)
		given += 7;
	assert_true(given >= 400 && given <= 1000);
	assert_true(arena_used(arena) <= 1000);
	arena_clear(arena);
	assert_non_null(arena_alloc(arena, 900));
	arena_free(arena);
}

static void
arena_copies_are_whole_or_refused(void **state)
{
	struct arena *arena = arena_new(200);
	struct buf b;
	struct str out = STR("untouched"), s;

	(void)state;
	s = arena_str(arena, STR("a\0b"));
	assert_int_equal(s.len, 3);
	assert_memory_equal(s.data, "a\0b", 4);
	s = arena_str(arena, (struct str){NULL, 0});
	assert_non_null(s.data);
	assert_int_equal(s.data[0], '\0');
	assert_str(
	    arena_printf(arena, "%d-%.*s", 7, STR_ARG(STR("xyz"))), "7-xyz");
	assert_null(arena_printf(arena, "%500d", 1).data);
	assert_null(arena_str(arena, (struct str){"x", SIZE_MAX}).data);

	buf_init(&b, 100);
	buf_text(&b, "content");
	assert_int_equal(arena_take(arena, &b, &out), OK);
	assert_str(out, "content");
	assert_true(out.data != b.data);
	buf_grow(&b, "x", 1000);
	out = STR("untouched");
	assert_int_equal(arena_take(arena, &b, &out), ERR_LIMIT);
	assert_str(out, "untouched");
	buf_clear(&b);
	buf_text(&b, "content");
	while (arena_alloc(arena, 1) != NULL)
		;
	assert_int_equal(arena_take(arena, &b, &out), ERR_NOMEM);
	assert_str(out, "untouched");
	buf_release(&b);
	arena_free(arena);
}

static void
numbers_are_written_as_printf_does(void **state)
{
	static const int64_t all[] = {0, 1, 9, 10, -1, -10, 70, 65535,
	    INT64_MAX, INT64_MIN, INT64_MIN + 1};
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		char expected[32];
		snprintf(expected, sizeof(expected), "%lld", (long long)all[i]);
		buf_clear(&b);
		buf_number(&b, all[i]);
		assert_str(buf_view(&b), expected);
	}
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_appended_is_kept_in_order),
	    cmocka_unit_test(a_byte_is_appended_many_times),
	    cmocka_unit_test(numbers_are_written_as_printf_does),
	    cmocka_unit_test(exactly_max_bytes_fit),
	    cmocka_unit_test(an_error_stays_until_buf_clear),
	    cmocka_unit_test(reserved_bytes_are_kept),
	    cmocka_unit_test(arena_gives_aligned_zeroed_memory),
	    cmocka_unit_test(arena_gives_no_more_than_its_maximum),
	    cmocka_unit_test(arena_copies_are_whole_or_refused)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
