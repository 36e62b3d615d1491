/* SPDX-License-Identifier: ISC */
/* IP addresses: one form for each, and what is in a range. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ip.h"

static struct ip
read_ip(const char *text)
{
	struct ip ip;

	if (ip_read_v4(str_from(text), &ip) != OK)
		assert_int_equal(ip_read_v6(str_from(text), &ip), OK);
	return ip;
}

static void
assert_written(const char *text, const char *as)
{
	struct ip ip = read_ip(text);
	char out[IP_TEXT_MAX];

	ip_write(&ip, out);
	assert_string_equal(out, as);
}

static void
only_canonical_addresses_are_read(void **state)
{
	static const char *const bad[] = {"", " ", "1", "1.2.3", "1.2.3.4.5",
	    "256.0.0.1", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4/8",
	    "0x1.2.3.4", "[::1]", "::1%lo", ":::", "1::2::3", "::g",
	    "12345::", "1:2:3:4:5:6:7:8:9", "::ffff:1.2.3.256", "localhost",
	    "0000:0000:0000:0000:0000:0000:0000:0000:0000:0"};
	struct ip ip;

	(void)state;
	assert_written("192.0.2.1", "192.0.2.1");
	assert_written("2001:DB8::0:1", "2001:db8::1");
	assert_written("::ffff:192.0.2.1", "192.0.2.1");
	assert_written("::", "::");
	assert_written("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
	    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(ip_read_v4(str_from(bad[i]), &ip), ERR_INPUT);
		assert_int_equal(ip_read_v6(str_from(bad[i]), &ip), ERR_INPUT);
	}
	assert_int_equal(
	    ip_read_v4((struct str){"1.2.3.4\0x", 9}, &ip), ERR_INPUT);
	/* Each family its own. */
	assert_int_equal(ip_read_v4(STR("::1"), &ip), ERR_INPUT);
	assert_int_equal(ip_read_v6(STR("1.2.3.4"), &ip), ERR_INPUT);
	ip = read_ip("192.0.2.1");
	assert_true(ip_is_v4(&ip));
	ip = read_ip("::1");
	assert_false(ip_is_v4(&ip));
}

static void
a_range_has_its_addresses_and_no_others(void **state)
{
	static const struct {
		const char *range, *ip;
		bool in;
	} cases[] = {{"10.0.0.0/8", "10.255.0.1", true},
	    {"10.0.0.0/8", "11.0.0.0", false}, {"10.1.2.3/8", "10.0.0.0", true},
	    {"10.0.0.1", "10.0.0.1", true}, {"10.0.0.1", "10.0.0.2", false},
	    {"192.168.128.0/17", "192.168.255.255", true},
	    {"192.168.128.0/17", "192.168.127.255", false},
	    {"10.0.0.4/31", "10.0.0.5", true},
	    {"10.0.0.4/31", "10.0.0.6", false}, {"0.0.0.0/0", "8.8.8.8", true},
	    {"0.0.0.0/0", "::1", false}, {"::1", "::1", true},
	    {"::1", "::2", false}, {"2001:db8::/32", "2001:db8:1::1", true},
	    {"2001:db8::/33", "2001:db8:8000::", false}, {"::/0", "::1", true},
	    {"::/0", "1.2.3.4", true},
	    {"::ffff:10.0.0.0/104", "10.2.3.4", true}};
	struct buf why;

	(void)state;
	buf_init(&why, 1024);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ip_ranges list = {.count = 0};
		struct ip ip = read_ip(cases[i].ip);
		assert_false(ip_ranges_have(&list, &ip));
		assert_int_equal(
		    ip_ranges_add(&list, str_from(cases[i].range), &why), OK);
		assert_int_equal(ip_ranges_have(&list, &ip), cases[i].in);
	}
	buf_release(&why);
}

static void
bad_and_too_many_ranges_are_refused(void **state)
{
	static const char *const bad[] = {"", "/", "/8", "10.0.0.0/",
	    "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8",
	    "::/129", "10.0.0.0/255.0.0.0", "example.org", "10.0.0.1:80",
	    "[::1]", "*"};
	struct ip_ranges list = {.count = 0};
	struct buf why;

	(void)state;
	buf_init(&why, 1024);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		buf_clear(&why);
		assert_int_equal(
		    ip_ranges_add(&list, str_from(bad[i]), &why), ERR_INPUT);
		assert_true(why.len > 0);
	}
	assert_int_equal(list.count, 0);
	for (size_t i = 0; i < IP_RANGES_MAX; i++)
		assert_int_equal(ip_ranges_add(&list, STR("::1"), &why), OK);
	assert_int_equal(ip_ranges_add(&list, STR("::1"), &why), ERR_LIMIT);
	buf_release(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_canonical_addresses_are_read),
	    cmocka_unit_test(a_range_has_its_addresses_and_no_others),
	    cmocka_unit_test(bad_and_too_many_ranges_are_refused)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
