/* SPDX-License-Identifier: ISC */
/* How much one process may have in the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "run/worker/logger.h"

static void
a_process_may_send_so_much_per_second(void **state)
{
	struct logger_share share = {.second = 0};

	(void)state;
	assert_true(logger_allows(&share, LIMIT_LOG_BYTES - 100, 7));
	assert_true(logger_allows(&share, 100, 7));
	assert_false(logger_allows(&share, 1, 7));
	assert_false(logger_allows(&share, 1, 7));
	assert_int_equal(share.left_out, 2);
	assert_true(logger_allows(&share, LIMIT_LOG_BYTES, 8));
	assert_false(logger_allows(&share, 1, 8));
	assert_int_equal(share.left_out, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_process_may_send_so_much_per_second)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
