/* SPDX-License-Identifier: ISC */
/* How many lines of the log one address gets, and what the others are told
 * as. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "net/request_log.h"

static struct flood flood;
static int ends[2];

static int
set_up(void **state)
{
	(void)state;
	flood = (struct flood){.entry = {{.second = 0}}};
	if (pipe(ends) != 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0)
		return -1;
	log_use(ends[1]);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	close(ends[0]);
	close(ends[1]);
	log_use(STDERR_FILENO);
	return 0;
}

/* What has been written since the last call, ended by NUL. */
static const char *
written(void)
{
	static char room[64 * 1024];
	ssize_t n = read(ends[0], room, sizeof(room) - 1);

	room[n > 0 ? n : 0] = '\0';
	return room;
}

static struct ip
v4(unsigned n)
{
	const unsigned char bytes[4] = {10, (unsigned char)(n >> 16),
	    (unsigned char)(n >> 8), (unsigned char)n};

	return ip_from_v4(bytes);
}

static struct ip
v6(const char *text)
{
	struct ip ip;

	assert_int_equal(ip_read_v6(str_from(text), &ip), OK);
	return ip;
}

static unsigned
allowed(const struct ip *ip, unsigned n, int64_t second)
{
	unsigned yes = 0;

	while (n-- > 0)
		yes += flood_allows(&flood, ip, second);
	return yes;
}

static void
log_lines_of_one_address_are_limited(void **state)
{
	const struct ip one = v4(1), other = v4(2);

	(void)state;
	assert_int_equal(allowed(&one, 1000, 7), LIMIT_LOG_LINES);
	assert_int_equal(allowed(&other, 3, 7), 3);
	assert_int_equal(allowed(&one, 60, 8), LIMIT_LOG_LINES);
	assert_string_equal(written(), "");
	flood_summarise(&flood);
	assert_non_null(strstr(written(),
	    "net: requests left out of the log address=10.0.0.1 "
	    "left_out=960\n"));
	flood_summarise(&flood);
	assert_string_equal(written(), "");
}

/* 64 bits of IPv6 are one household. */
static void
a_household_of_ipv6_counts_as_one_address(void **state)
{
	const struct ip a = v6("2001:db8::1"), b = v6("2001:db8::ffff:1");
	const struct ip c = v6("2001:db8:0:1::1");
	unsigned yes = allowed(&a, 40, 7);

	(void)state;
	yes += allowed(&b, 40, 7);
	assert_int_equal(yes, LIMIT_LOG_LINES);
	assert_int_equal(allowed(&c, 40, 7), 40);
	flood_summarise(&flood);
	assert_non_null(
	    strstr(written(), "address=2001:db8::/64 left_out=30\n"));
}

/* More addresses than the table has places: each line is written or told. */
static void
each_line_left_out_is_told(void **state)
{
	uint64_t yes = 0, told = 0;

	(void)state;
	for (unsigned i = 0; i < 3000; i++) {
		const struct ip ip = v4(i);

		yes += allowed(&ip, LIMIT_LOG_LINES + 3, 7);
		if (i == 2999)
			flood_summarise(&flood);
		for (const char *at = written();
		     (at = strstr(at, "left_out=")) != NULL; at++)
			told += strtoull(at + 9, NULL, 10);
	}
	assert_int_equal(yes, 3000 * LIMIT_LOG_LINES);
	assert_int_equal(told, 3000 * 3);
}

static void
check_name(enum log_address how, struct ip ip, const char *expected)
{
	char name[IP_TEXT_MAX];

	flood_name(&(struct flood){.how = how}, &ip, name);
	assert_string_equal(name, expected);
}

static void
addresses_are_shortened_as_configured(void **state)
{
	const struct ip four =
	    ip_from_v4((const unsigned char[]){203, 0, 113, 7});
	const struct ip six = v6("2001:db8:12:3456:789a::1");

	(void)state;
	check_name(LOG_ADDRESS_FULL, four, "203.0.113.7");
	check_name(LOG_ADDRESS_TRUNCATED, four, "203.0.113.0");
	check_name(LOG_ADDRESS_NONE, four, "-");
	check_name(LOG_ADDRESS_FULL, six, "2001:db8:12:3456:789a::1");
	check_name(LOG_ADDRESS_TRUNCATED, six, "2001:db8:12::");
	check_name(LOG_ADDRESS_NONE, six, "-");
	/* An IPv4 reader who comes by an IPv6 socket. */
	check_name(
	    LOG_ADDRESS_TRUNCATED, v6("::ffff:203.0.113.7"), "203.0.113.0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		log_lines_of_one_address_are_limited, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_household_of_ipv6_counts_as_one_address, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		each_line_left_out_is_told, set_up, tear_down),
	    cmocka_unit_test(addresses_are_shortened_as_configured)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
