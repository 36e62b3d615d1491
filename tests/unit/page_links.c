/* SPDX-License-Identifier: ISC */
/* Links of others, as the three forms of a page show them. */
#include "page_fixture.h"

#include "base/utf8.h"

/* The line of a menu for a page with this one link. */
static void
assert_item(struct fixture *f, const char *link, const char *item)
{
	char text[1024], expected[1024];

	snprintf(text, sizeof(text), "# T\n=> %s A\n", link);
	page(f, text);
	snprintf(expected, sizeof(expected),
	    "iT\tTITLE\terror.host\t1\r\n%s\r\n.\r\n", item);
	assert_string_equal(gopher(f, "/p"), expected);
}

/* What a gopher URL states is what the item says (RFC 4266, 2.1). */
static void
a_gopher_url_becomes_its_item(void **state)
{
	static const char types[] = "012456789gIhsTdpPMcrx+;:";
	struct fixture *f = *state;
	char link[80], item[80];

	for (const char *type = types; *type != '\0'; type++) {
		snprintf(link, sizeof(link), "gopher://h.example/%c/x", *type);
		snprintf(item, sizeof(item), "%cA\t/x\th.example\t70", *type);
		assert_item(f, link, item);
	}
	assert_item(f, "gopher://h.example/1/foo.dcgi?arg",
	    "1A\t/foo.dcgi?arg\th.example\t70");
	assert_item(f, "gopher://h.example/0/a%3Fb?c?d&e=f",
	    "0A\t/a?b?c?d&e=f\th.example\t70");
	assert_item(f, "gopher://h.example/1?x", "1A\t?x\th.example\t70");
	assert_item(
	    f, "gopher://h.example/1/x?#part", "1A\t/x?\th.example\t70");
	assert_item(f, "gopher://h.example", "1A\t\th.example\t70");
	assert_item(f, "gopher://h.example/", "1A\t\th.example\t70");
	assert_item(
	    f, "gopher://h.example:23/8guest", "8A\tguest\th.example\t23");
	assert_item(f, "gopher://h.example/1%E6%A0%87/a%20b",
	    "1A\t标/a b\th.example\t70");
	/* Words of a search have no field in a menu. */
	assert_item(f, "gopher://h.example/7/q%09dam",
	    "iA <gopher://h.example/7/q%09dam>\t\terror.host\t1");
	/* No items: a menu's own words, and what is no type at all. */
	assert_item(f, "gopher://h.example/i/x",
	    "iA <gopher://h.example/i/x>\t\terror.host\t1");
	assert_item(f, "gopher://h.example/3/x",
	    "iA <gopher://h.example/3/x>\t\terror.host\t1");
	assert_item(f, "gopher://h.example/%20x",
	    "iA <gopher://h.example/%20x>\t\terror.host\t1");
	/* No path, so no type; no port that anybody listens at. */
	assert_item(f, "gopher://h.example?q",
	    "iA <gopher://h.example?q>\t\terror.host\t1");
	assert_item(f, "gopher://h.example/?q",
	    "iA <gopher://h.example/?q>\t\terror.host\t1");
	assert_item(f, "gopher://h.example:/1/x", "1A\t/x\th.example\t70");
	assert_item(f, "gopher://h.example:00070/1/x", "1A\t/x\th.example\t70");
	assert_item(f, "gopher://h.example:0/1/x",
	    "iA <gopher://h.example:0/1/x>\t\terror.host\t1");
	assert_item(f, "telnet://h.example:0/",
	    "iA <telnet://h.example:0/>\t\terror.host\t1");
	assert_item(f, "telnet://bbs.example", "8A\t\tbbs.example\t23");
	assert_item(f, "telnet://guest@bbs.example:2323/",
	    "8A\tguest\tbbs.example\t2323");
}

static void
an_item_has_the_host_in_ascii(void **state)
{
	struct fixture *f = *state;

	assert_item(
	    f, "gopher://例子.测试/1/x", "1A\t/x\txn--fsqu00a.xn--0zwm56d\t70");
	assert_item(f, "gopher://%E4%BE%8B%E5%AD%90.测试:7070/0/x",
	    "0A\t/x\txn--fsqu00a.xn--0zwm56d\t7070");
	assert_item(
	    f, "gopher://[2001:db8::1]:7070/1/x", "1A\t/x\t2001:db8::1\t7070");
	assert_item(f, "https://例子.测试/",
	    "hA\tURL:https://xn--fsqu00a.xn--0zwm56d/\tportal.example\t70");
	assert_item(f, "//other.example/x?y",
	    "hA\tURL:gemini://other.example/x?y\tportal.example\t70");
	assert_string_equal(gemini(f, "/p"), "# T\n=> //other.example/x?y A\n");
	assert_non_null(
	    strstr(gemini(f, "/p.txt"), "[1] gemini://other.example/x?y\n"));
}

/* Where no client of ours goes, a reader can at least copy the address. */
static void
every_form_keeps_the_address(void **state)
{
	static const char *const addresses[] = {"irc://irc.example/room",
	    "ircs://irc.example:6697/room", "xmpp:room@chat.example?join",
	    "misfin:desk@mail.example", "misfin://desk@mail.example",
	    "magnet:?xt=urn:btih:c0ffee", "finger://h.example/desk",
	    "spartan://h.example/", "nex://h.example/", "guppy://h.example/",
	    "tel:+86-371-1234", "sip:desk@h.example", "geo:34.76,113.65",
	    "ftp://h.example/a.pdf", "titan://h.example/x",
	    "mailto:desk@h.example", "https://h.example/a%7Cb",
	    /* Not followed, and still read. */
	    "javascript:alert(1)", "data:text/html,x", "vbscript:x",
	    "ssh://h.example/", "foo:bar", "https:h.example"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		char text[400];

		snprintf(text, sizeof(text),
		    "%% one SELECT '=> %s A' AS a, '%s' AS b\n"
		    "# T\n{a|gemtext}\n=> {b|url} B\n",
		    addresses[i], addresses[i]);
		for (int form = 0; form < 3; form++) {
			const char *shown, *second;

			page(f, text);
			shown = form == 0 ? gemini(f, "/p")
			    : form == 1   ? gopher(f, "/p")
					  : gemini(f, "/p.txt");
			second = strstr(shown, addresses[i]);
			if (second != NULL)
				second = strstr(second + 1, addresses[i]);
			if (second == NULL)
				fail_msg(
				    "%s is lost:\n%s", addresses[i], shown);
		}
	}
}

/* As in a text, so in a column: "//host" is a host of Gemini. */
static void
a_host_without_a_scheme_is_one_of_gemini(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(page(f,
				"% one SELECT '//other.example/x?y' AS u, "
				"'//标准.测试' AS v, '///x' AS w\n"
				"# T\n=> {u|url} U\n=> {v|url} V\n"
				"=> {w|url} W\n"),
	    "# T\n=> //other.example/x?y U\n"
	    "=> //xn--q8q655c.xn--0zwm56d V\nW <///x>\n");
	assert_non_null(strstr(gopher(f, "/p"),
	    "hU\tURL:gemini://other.example/x?y\tportal.example\t70\r\n"));
	assert_non_null(
	    strstr(gemini(f, "/p.txt"), "[1] gemini://other.example/x?y\n"));
}

/* What is refused is text: no line of it is a link. */
static void
nothing_that_runs_is_a_link(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(page(f,
				"% one SELECT 'javascript:alert(1)' AS u, "
				"'=> data:text/html,x D' AS g\n"
				"# T\n=> {u|url} J\n{g|gemtext}\n"),
	    "# T\nJ <javascript:alert(1)>\nD <data:text/html,x>\n");
	assert_null(strstr(gopher(f, "/p"), "URL:"));
	assert_null(strstr(gemini(f, "/p.txt"), "[1]"));
	/* Nor does an address make a second line, or another page's. */
	assert_string_equal(
	    page(f,
		"% one SELECT 'x' || char(10) || '=> /evil y' AS u\n"
		"# T\n=> {u|url} J\n=> /{u} K\n"),
	    "# T\nJ <x => /evil y>\n=> /x%20=%3E%20%2Fevil%20y K\n");
	assert_string_equal(page(f,
				"% one SELECT '/a b|c' AS u, '' AS v\n"
				"# T\n=> {u|url} J\n=> {v|url} K\n"),
	    "# T\n=> /a%20b%7Cc J\nK\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(a_gopher_url_becomes_its_item),
	    PAGE_TEST(an_item_has_the_host_in_ascii),
	    PAGE_TEST(every_form_keeps_the_address),
	    PAGE_TEST(a_host_without_a_scheme_is_one_of_gemini),
	    PAGE_TEST(nothing_that_runs_is_a_link)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
