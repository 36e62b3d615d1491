/* SPDX-License-Identifier: ISC */
/* OpenSSL's memory: blocks keep what is written into them, whatever happens
 * around them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "net/tls/tls.h"

enum { BLOCKS = 64, ROUNDS = 20000, LONGEST = 40000 };

struct taken {
	unsigned char *data;
	size_t size;
	unsigned char mark;
};

static void
check(const struct taken *taken, size_t size)
{
	for (size_t i = 0; i < size && i < taken->size; i++)
		assert_int_equal(taken->data[i], taken->mark);
}

/* Mostly short ones, as OpenSSL's are. */
static size_t
some_size(void)
{
	size_t most = rand() % 8 == 0 ? LONGEST : 300;

	return 1 + (size_t)rand() % most;
}

static void
contents_survive_each_change(void **state)
{
	static struct taken all[BLOCKS];

	(void)state;
	srand(1);
	for (int round = 0; round < ROUNDS; round++) {
		struct taken *t = &all[rand() % BLOCKS];
		size_t size = some_size();

		check(t, t->size);
		if (t->data != NULL && rand() % 3 > 0) {
			tls_memory_give(t->data, "", 0);
			*t = (struct taken){0};
			continue;
		}
		t->data = tls_memory_change(t->data, size, "", 0);
		assert_non_null(t->data);
		assert_int_equal((uintptr_t)t->data % _Alignof(max_align_t), 0);
		check(t, size);
		t->size = size;
		t->mark = (unsigned char)rand();
		memset(t->data, t->mark, size);
	}
	for (size_t i = 0; i < BLOCKS; i++) {
		check(&all[i], all[i].size);
		tls_memory_give(all[i].data, "", 0);
	}
}

static void
a_block_is_used_again(void **state)
{
	void *first = tls_memory_take(1000, "", 0), *second;

	(void)state;
	tls_memory_give(first, "", 0);
	second = tls_memory_take(1000, "", 0);
	assert_ptr_equal(first, second);
	tls_memory_give(second, "", 0);
}

static void
sizes_too_large_are_refused(void **state)
{
	void *data;

	(void)state;
	tls_memory_give(NULL, "", 0);
	assert_null(tls_memory_take(SIZE_MAX, "", 0));
	assert_null(tls_memory_take(SIZE_MAX - 8, "", 0));
	data = tls_memory_take(LONGEST, "", 0);
	assert_null(tls_memory_change(data, SIZE_MAX - 8, "", 0));
	assert_null(tls_memory_change(data, 0, "", 0)); /* as realloc() does */
	data = tls_memory_take(10, "", 0);
	assert_null(tls_memory_change(data, SIZE_MAX, "", 0));
	tls_memory_give(data, "", 0);
	tls_memory_give(tls_memory_take(0, "", 0), "", 0);
}

static int
compare(const void *a, const void *b)
{
	const char *x = *(void *const *)a, *y = *(void *const *)b;

	return (x > y) - (x < y);
}

/* What is kept for later has a limit. AddressSanitizer, which hands out no
 * address again so soon, shows what went back. */
static void
kept_memory_has_a_limit(void **state)
{
	enum { MANY = 1000, SIZE = 16 * 1024, KEPT_MAX = 4 * 1024 * 1024 };
	static void *many[MANY], *again[MANY];
	size_t same = 0;

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		assert_non_null(many[i] = tls_memory_take(SIZE, "", 0));
	qsort(many, MANY, sizeof(*many), compare);
	for (size_t i = 0; i < MANY; i++)
		tls_memory_give(many[i], "", 0);
	for (size_t i = 0; i < MANY; i++) {
		again[i] = tls_memory_take(SIZE, "", 0);
		same += bsearch(&again[i], many, MANY, sizeof(*many),
			    compare) != NULL;
	}
	for (size_t i = 0; i < MANY; i++)
		tls_memory_give(again[i], "", 0);
	assert_true(same > 0);
	assert_true(same <= KEPT_MAX / SIZE);
}

int
main(void)
{
	/* kept_memory_has_a_limit() finds nothing kept yet;
	 * contents_survive_each_change() leaves all sizes. */
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(kept_memory_has_a_limit),
	    cmocka_unit_test(a_block_is_used_again),
	    cmocka_unit_test(sizes_too_large_are_refused),
	    cmocka_unit_test(contents_survive_each_change)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
