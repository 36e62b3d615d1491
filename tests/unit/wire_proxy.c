/* SPDX-License-Identifier: ISC */
/*
 * PROXY headers of both versions: the good ones to the byte, each malformed
 * form, and what is said of every beginning of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/wire.h"

#define V2 "\r\n\r\n\0\r\nQUIT\n"
#define IP4_PORTS "\xC0\x00\x02\x07\xC0\x00\x02\x08\x1F\x90\x07\xAD"
#define IP6 "\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0"
#define IP6_PORTS IP6 "\x07" IP6 "\x08\x1F\x90\x07\xAD"

/* What a header's bytes say; `from` NULL: the proxy itself. */
static void
take(struct str header, const char *from)
{
	struct proxy_header out;
	char text[IP_TEXT_MAX];
	struct buf more;

	buf_init(&more, 2 * PROXY_MAX + 100);
	buf_str(&more, header);
	buf_text(&more, "gemini://portal.example/\r\n");
	assert_int_equal(proxy_read(buf_view(&more), &out), PROXY_WHOLE);
	assert_int_equal(out.len, header.len);
	assert_int_equal(out.known, from != NULL);
	if (from != NULL) {
		ip_write(&out.from, text);
		assert_string_equal(text, from);
	}
	/* Each beginning of it wants more, and touches nothing. */
	out.len = 4711;
	for (size_t i = 0; i < header.len; i++)
		assert_int_equal(
		    proxy_read(str_slice(header, 0, i), &out), PROXY_PARTIAL);
	assert_int_equal(out.len, 4711);
	buf_release(&more);
}

#define TAKE(literal, from) take(STR(literal), from)

static void
refuse(struct str header)
{
	struct proxy_header out = {.len = 4711};
	struct buf more;

	buf_init(&more, 3 * PROXY_MAX);
	buf_str(&more, header);
	while (more.len < PROXY_MAX)
		buf_text(&more, "gemini://portal.example/\r\n");
	assert_int_equal(proxy_read(buf_view(&more), &out), PROXY_BAD);
	assert_int_equal(out.len, 4711);
	buf_release(&more);
}

#define REFUSE(literal) refuse(STR(literal))

static void
version_1_gives_the_address(void **state)
{
	(void)state;
	TAKE("PROXY TCP4 192.0.2.7 192.0.2.8 8080 1965\r\n", "192.0.2.7");
	TAKE("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n",
	    "255.255.255.255");
	TAKE("PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n", "0.0.0.0");
	TAKE("PROXY TCP6 2001:DB8::7 ::1 8080 1965\r\n", "2001:db8::7");
	TAKE("PROXY TCP6 ::ffff:192.0.2.7 ::1 8080 1965\r\n", "192.0.2.7");
	TAKE("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
	     "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
	    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	TAKE("PROXY UNKNOWN\r\n", NULL);
	TAKE("PROXY UNKNOWN whatever \x01\xFF stands here\r\n", NULL);
	/* Of 107 bytes, the most there can be. */
	TAKE("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
	     "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
	    NULL);
}

static void
malformed_version_1_is_refused(void **state)
{
	(void)state;
	REFUSE("");
	REFUSE("PROXY\r\n");
	REFUSE("PROXY \r\n");
	REFUSE("proxy TCP4 192.0.2.7 192.0.2.8 8080 1965\r\n");
	REFUSE(" PROXY TCP4 192.0.2.7 192.0.2.8 8080 1965\r\n");
	REFUSE("PROXY  TCP4 192.0.2.7 192.0.2.8 8080 1965\r\n");
	REFUSE("PROXY\tTCP4 192.0.2.7 192.0.2.8 8080 1965\r\n");
	REFUSE("PROXY TCP4\r\n");
	REFUSE("PROXY TCP4 \r\n");
	REFUSE("PROXY TCP5 192.0.2.7 192.0.2.8 8080 1965\r\n");
	REFUSE("PROXY TCP44 192.0.2.7 192.0.2.8 8080 1965\r\n");
	REFUSE("PROXY UDP4 192.0.2.7 192.0.2.8 8080 1965\r\n");
	REFUSE("PROXY unknown\r\n");
	REFUSE("PROXY UNKNOWNS\r\n");
	REFUSE("PROXY TCP4 192.0.2.7 192.0.2.8 8080\r\n");
	REFUSE("PROXY TCP4 192.0.2.7 192.0.2.8 8080 \r\n");
	REFUSE("PROXY TCP4 192.0.2.7 192.0.2.8 8080 1965 \r\n");
	REFUSE("PROXY TCP4 192.0.2.7 192.0.2.8 8080 1965 1\r\n");
	REFUSE("PROXY TCP4 192.0.2.7  192.0.2.8 8080 1965\r\n");
	REFUSE("PROXY TCP4 192.0.2.7 192.0.2.8 8080 1965\n");
	REFUSE("PROXY TCP4 192.0.2.7 192.0.2.8 8080 1965\r\r\n");
	REFUSE("PROXY TCP4 192.0.2.7 192.0.2.8\r8080 1965\r\n");
	REFUSE("PROXY TCP4 192.0.2.7 192.0.2.8 08080 1965\r\n");
	REFUSE("PROXY TCP4 192.0.2.7 192.0.2.8 65536 1965\r\n");
	REFUSE("PROXY TCP4 192.0.2.7 192.0.2.8 8080 99999999999999999999\r\n");
	REFUSE("PROXY TCP4 192.0.2.7 192.0.2.8 -1 1965\r\n");
	REFUSE("PROXY TCP4 192.0.2.7 192.0.2.8 +1 1965\r\n");
	REFUSE("PROXY TCP4 192.0.2.7 192.0.2.8 http 1965\r\n");
	REFUSE("PROXY TCP4 192.0.2.256 192.0.2.8 8080 1965\r\n");
	REFUSE("PROXY TCP4 192.0.2.7 192.0.2 8080 1965\r\n");
	REFUSE("PROXY TCP4 192.0.2.07 192.0.2.8 8080 1965\r\n");
	REFUSE("PROXY TCP4 192.0.2.7\0 192.0.2.8 8080 1965\r\n");
	REFUSE("PROXY TCP4 portal.example 192.0.2.8 8080 1965\r\n");
	REFUSE("PROXY TCP4 ::1 ::1 8080 1965\r\n");
	REFUSE("PROXY TCP6 192.0.2.7 192.0.2.8 8080 1965\r\n");
	REFUSE("PROXY TCP6 2001:db8::7 192.0.2.8 8080 1965\r\n");
	REFUSE("PROXY TCP6 [2001:db8::7] ::1 8080 1965\r\n");
	REFUSE("PROXY TCP6 fe80::1%lo ::1 8080 1965\r\n");
	/* Of 108 bytes. */
	REFUSE("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
	       "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535x\r\n");
	/* What clients send. */
	REFUSE("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03");
	REFUSE("gemini://portal.example/\r\n");
	REFUSE("/\r\n");
	REFUSE("\r\n");
	REFUSE("\n");
	REFUSE("GET / HTTP/1.1\r\n");
	REFUSE("PROXIES\r\n");
}

static void
version_2_gives_the_address(void **state)
{
	(void)state;
	TAKE(V2 "\x21\x11\x00\x0C" IP4_PORTS, "192.0.2.7");
	TAKE(V2 "\x21\x21\x00\x24" IP6_PORTS, "2001:db8::7");
	/* With TLVs, be they what they like. */
	TAKE(V2 "\x21\x11\x00\x13" IP4_PORTS "\x04\x00\x04\0\0\0\0",
	    "192.0.2.7");
	TAKE(V2 "\x21\x11\x00\x0F" IP4_PORTS "\x20\xFF\xFF", "192.0.2.7");
	/* The proxy's own: health checks, and what is no TCP over IP. */
	TAKE(V2 "\x20\x00\x00\x00", NULL);
	TAKE(V2 "\x20\x11\x00\x0C" IP4_PORTS, NULL);
	TAKE(V2 "\x20\xFF\x00\x03"
		"abc",
	    NULL);
	TAKE(V2 "\x21\x00\x00\x00", NULL);
	TAKE(V2 "\x21\x00\x00\x05"
		"abcde",
	    NULL);
	TAKE(V2 "\x21\x12\x00\x0C" IP4_PORTS, NULL);
	TAKE(V2 "\x21\x22\x00\x24" IP6_PORTS, NULL);
	TAKE(V2 "\x21\x31\x00\x00", NULL);
	TAKE(V2 "\x21\x32\x00\x01"
		"x",
	    NULL);
}

static void
a_version_2_header_has_a_limit(void **state)
{
	static char header[PROXY_MAX + 1] = V2 "\x21\x11\x08\x00" IP4_PORTS;
	struct proxy_header out;

	(void)state;
	assert_int_equal(PROXY_V2_REST_MAX, 0x800);
	take((struct str){header, PROXY_MAX}, "192.0.2.7");
	assert_int_equal(
	    proxy_read((struct str){header, PROXY_MAX}, &out), PROXY_WHOLE);
	header[15] = 0x01; /* a byte more than there may be */
	refuse((struct str){header, PROXY_MAX + 1});
	assert_int_equal(
	    proxy_read((struct str){header, PROXY_V2_BEGIN}, &out), PROXY_BAD);
}

static void
malformed_version_2_is_refused(void **state)
{
	(void)state;
	REFUSE(V2 "\x11\x11\x00\x0C" IP4_PORTS);
	REFUSE(V2 "\x31\x11\x00\x0C" IP4_PORTS);
	REFUSE(V2 "\x01\x11\x00\x0C" IP4_PORTS);
	REFUSE(V2 "\x22\x11\x00\x0C" IP4_PORTS);
	REFUSE(V2 "\x2F\x11\x00\x0C" IP4_PORTS);
	REFUSE(V2 "\x21\x10\x00\x0C" IP4_PORTS);
	REFUSE(V2 "\x21\x01\x00\x0C" IP4_PORTS);
	REFUSE(V2 "\x21\x13\x00\x0C" IP4_PORTS);
	REFUSE(V2 "\x21\x41\x00\x0C" IP4_PORTS);
	REFUSE(V2 "\x21\xF1\x00\x0C" IP4_PORTS);
	REFUSE(V2 "\x21\x11\x00\x0B" IP4_PORTS);
	REFUSE(V2 "\x21\x11\x00\x00");
	REFUSE(V2 "\x21\x21\x00\x23" IP6_PORTS);
	REFUSE(V2 "\x21\x21\x00\x0C" IP4_PORTS);
	REFUSE(V2 "\x21\x11\xFF\xFF" IP4_PORTS);
	REFUSE(V2 "\x20\x00\x08\x01");
	REFUSE("\r\n\r\n\0\r\nQUIt\n\x21\x11\x00\x0C" IP4_PORTS);
	REFUSE("\r\n\r\n\1\r\nQUIT\n\x21\x11\x00\x0C" IP4_PORTS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(version_1_gives_the_address),
	    cmocka_unit_test(malformed_version_1_is_refused),
	    cmocka_unit_test(version_2_gives_the_address),
	    cmocka_unit_test(a_version_2_header_has_a_limit),
	    cmocka_unit_test(malformed_version_2_is_refused)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
