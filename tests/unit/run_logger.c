/* SPDX-License-Identifier: ISC */
/* How much one process may have in the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "run/worker/internal.h"

static void
a_process_may_send_so_much_per_second(void **state)
{
	struct logger_share share = {.second = 0};

	(void)state;
	assert_true(logger_allows(&share, 7));
	share.bytes += LIMIT_LOG_BYTES - 1;
	assert_true(logger_allows(&share, 7));
	share.bytes += 100;
	assert_false(logger_allows(&share, 7));
	assert_false(logger_allows(&share, 7));
	assert_int_equal(share.left_out, 2);
	assert_true(logger_allows(&share, 8));
	share.bytes += LIMIT_LOG_BYTES;
	assert_false(logger_allows(&share, 8));
	assert_int_equal(share.left_out, 3);
}

/* The logger learns of ends later than the parent. */
static void
a_socket_too_many_is_refused(void **state)
{
	static struct logger logger;

	(void)state;
	for (int i = 0; i < CHANNELS_MAX; i++)
		assert_non_null(logger_add_channel(&logger, i, "worker", 1));
	assert_null(logger_add_channel(&logger, 9, "worker", 1));
	assert_int_equal(logger.count, CHANNELS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_process_may_send_so_much_per_second),
	    cmocka_unit_test(a_socket_too_many_is_refused)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
