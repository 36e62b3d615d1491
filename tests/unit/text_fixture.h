/* SPDX-License-Identifier: ISC */
/* What the tests of text/ share: an arena, a list and an output. */
#ifndef GUIJU_TESTS_TEXT_FIXTURE_H
#define GUIJU_TESTS_TEXT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "text/block.h"
#include "text/write.h"

struct text_fixture {
	struct arena *arena;
	struct blocks blocks;
	struct buf out;
};

static inline int
text_setup(void **state)
{
	struct text_fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->arena = arena_new(64 << 20);
	assert_non_null(f->arena);
	blocks_init(&f->blocks, f->arena, 4 << 20);
	buf_init(&f->out, 64 << 20);
	*state = f;
	return 0;
}

static inline int
text_teardown(void **state)
{
	struct text_fixture *f = *state;

	buf_release(&f->out);
	arena_free(f->arena);
	free(f);
	return 0;
}

/* An empty list again. */
static inline void
text_again(struct text_fixture *f)
{
	buf_clear(&f->out);
	arena_clear(f->arena);
	blocks_init(&f->blocks, f->arena, 4 << 20);
}

static inline void
assert_text(struct str s, const char *expected)
{
	struct str e = str_from(expected);

	if (!str_equal(s, e))
		print_error(
		    "got:\n%.*s\nexpected:\n%s\n", STR_ARG(s), expected);
	assert_int_equal(s.len, e.len);
	assert_memory_equal(s.data, e.data, e.len);
}

#define TEXT_TEST(f) \
	cmocka_unit_test_setup_teardown(f, text_setup, text_teardown)

#endif
