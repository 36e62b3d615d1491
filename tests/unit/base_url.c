/* SPDX-License-Identifier: ISC */
/* URLs and paths: RFC 3986, and what people send instead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/url.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static struct arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(1 << 20);
	return arena == NULL;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void
assert_str(struct str s, const char *expected)
{
	if (!str_equal(s, str_from(expected)))
		print_error(
		    "got \"%.*s\", expected \"%s\"\n", STR_ARG(s), expected);
	assert_int_equal(s.len, strlen(expected));
	assert_memory_equal(s.data, expected, s.len);
}

static void
a_url_is_split_into_its_parts(void **state)
{
	static const struct {
		const char *text, *scheme, *host, *port, *path, *query,
		    *fragment;
	} cases[] = {{"gemini://portal.example/", "gemini", "portal.example",
			 NULL, "/", NULL, NULL},
	    {"GEMINI://Portal.Example:1965", "GEMINI", "Portal.Example", "1965",
		"", NULL, NULL},
	    {"gemini://portal.example?x", "gemini", "portal.example", NULL, "",
		"x", NULL},
	    {"gemini://h:/a?b?c/d#e?f", "gemini", "h", "", "/a", "b?c/d",
		"e?f"},
	    {"gemini://[::1]:70/", "gemini", "[::1]", "70", "/", NULL, NULL},
	    {"gemini://[2001:db8::192.0.2.1]", "gemini",
		"[2001:db8::192.0.2.1]", NULL, "", NULL, NULL},
	    {"gemini://h:00070/", "gemini", "h", "70", "/", NULL, NULL},
	    {"gemini://h:65535/", "gemini", "h", "65535", "/", NULL, NULL},
	    {"titan://h/a;size=3;mime=text/plain", "titan", "h", NULL,
		"/a;size=3;mime=text/plain", NULL, NULL},
	    {"mailto:x@y", "mailto", "", NULL, "x@y", NULL, NULL},
	    {"a+b-c.d1:x", "a+b-c.d1", "", NULL, "x", NULL, NULL},
	    {"//host/p", "", "host", NULL, "/p", NULL, NULL},
	    {"///p", "", "", NULL, "/p", NULL, NULL},
	    {"gemini:///p", "gemini", "", NULL, "/p", NULL, NULL},
	    {"", "", "", NULL, "", NULL, NULL},
	    {"/", "", "", NULL, "/", NULL, NULL},
	    {"../x", "", "", NULL, "../x", NULL, NULL},
	    {"a/b:c", "", "", NULL, "a/b:c", NULL, NULL},
	    {"?", "", "", NULL, "", "", NULL},
	    {"?a:b", "", "", NULL, "", "a:b", NULL},
	    {"#", "", "", NULL, "", NULL, ""},
	    {"#a:b?c", "", "", NULL, "", NULL, "a:b?c"},
	    {"/\xE6\xA0\x87", "", "", NULL, "/\xE6\xA0\x87", NULL, NULL},
	    {"/%e6%A0?%00", "", "", NULL, "/%e6%A0", "%00", NULL}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct url url;
		assert_int_equal(url_parse(str_from(cases[i].text), &url), OK);
		assert_str(url.scheme, cases[i].scheme);
		assert_str(url.host, cases[i].host);
		assert_str(url.path, cases[i].path);
		assert_int_equal(url.has_port, cases[i].port != NULL);
		if (url.has_port)
			assert_str(url.port, cases[i].port);
		assert_int_equal(url.has_query, cases[i].query != NULL);
		if (url.has_query)
			assert_str(url.query, cases[i].query);
		assert_int_equal(url.has_fragment, cases[i].fragment != NULL);
		if (url.has_fragment)
			assert_str(url.fragment, cases[i].fragment);
		assert_false(url.has_userinfo);
	}
}

static void
userinfo_stands_in_the_authority_alone(void **state)
{
	struct url url;

	(void)state;
	assert_int_equal(url_parse(STR("gemini://u@h/"), &url), OK);
	assert_true(url.has_userinfo && url.has_authority);
	assert_str(url.userinfo, "u");
	assert_str(url.host, "h");
	assert_int_equal(url_parse(STR("gemini://:p@h:7/"), &url), OK);
	assert_str(url.userinfo, ":p");
	assert_str(url.port, "7");
	assert_int_equal(url_parse(STR("gemini://@h/"), &url), OK);
	assert_true(url.has_userinfo);
	/* Not an authority's: what stands behind it. */
	assert_int_equal(url_parse(STR("gemini://h/a@b"), &url), OK);
	assert_false(url.has_userinfo);
	assert_int_equal(url_parse(STR("gemini://h?a@b/c"), &url), OK);
	assert_false(url.has_userinfo);
	assert_str(url.host, "h");
	assert_int_equal(url_parse(STR("/a"), &url), OK);
	assert_false(url.has_authority);
}

static void
malformed_urls_are_refused(void **state)
{
	static const char *const bad[] = {/* bytes */
	    "gemini://h/a b", "gemini://h/a\nb", "gemini://h/a\rb",
	    "gemini://h/a\tb", "gemini://h/\x7f", "gemini://h/\x01", "/\"",
	    "/<", "/>", "/\\", "/^", "/{", "/}", "/|", "/`",
	    /* percent signs */
	    "gemini://%/", "/%", "/%4", "/%zz", "/%4g", "/?%", "/#%1", "%",
	    /* schemes */
	    ":", ":x", "1a:x", "a_b:x", "\xC3\xA9:x", "-a:b", "a%41:x",
	    /* ports */
	    "gemini://h:65536/", "gemini://h:99999999999999999999/",
	    "gemini://h:-1/", "gemini://h:1a/", "gemini://h:80:90/",
	    "gemini://h:%31/",
	    /* hosts */
	    "gemini://[/", "gemini://]/", "gemini://[]/", "gemini://[:]/",
	    "gemini://[::1/", "gemini://[::1]x/", "gemini://[::1]1/",
	    "gemini://[:::]/", "gemini://[1.2.3.4]/", "gemini://[::g]/",
	    "gemini://[fe80::1%25eth0]/", "gemini://[v1.x]/",
	    "gemini://a[::1]/", "gemini://[1:2:3:4:5:6:7:8:9]/",
	    "gemini://[0000:0000:0000:0000:0000:0000:0000:0000:0000]/",
	    "gemini://a@b@c/"};
	struct url url = {.port = STR("untouched")};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (url_parse(str_from(bad[i]), &url) != ERR_INPUT)
			fail_msg("accepted: %s", bad[i]);
		assert_str(url.port, "untouched");
	}
	assert_int_equal(url_parse((struct str){"/a\0b", 4}, &url), ERR_INPUT);
	/* The digits of an escape may stand behind the end; not ours. */
	assert_int_equal(url_parse((struct str){"/%41", 3}, &url), ERR_INPUT);
}

static void
only_harmless_schemes_are_allowed(void **state)
{
	static const char *const good[] = {"gemini://h", "GEMINI://h/",
	    "gopher://h/1/", "http://h/", "https://h:8443/?a#b", "titan://h/x",
	    "ftp://h/", "finger://h/u", "spartan://h/", "nex://h/",
	    "mailto:a@b", "tel:+86-10-1234", "https://[::1]/"};
	static const char *const bad[] = {"", "/", "x", "//h/",
	    "gemini:", "gemini:/h", "gemini://", "gemini:///x", "gemini://:70/",
	    "https:h", "javascript:alert(1)", "JavaScript://h/%0aalert(1)",
	    "data:text/html,x", "file:///etc/passwd", "mailto:", "mailto://h",
	    "mailto:?subject=x", "tel:", "vbscript:x", "about:blank",
	    "blob:https://h/x", "ssh://h/", "geminis://h/", "gemini ://h",
	    " gemini://h", "gemini://h/\n", "gemini://h/ x", "http://a@b@h/"};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		if (!url_is_allowed(str_from(good[i])))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (url_is_allowed(str_from(bad[i])))
			fail_msg("allowed: %s", bad[i]);
}

static void
what_has_a_meaning_is_encoded(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	url_add_segment(&out, STR("a/b?c#d;e%f g\\\"<>[]\r\n标"));
	assert_str(buf_view(&out),
	    "a%2Fb%3Fc%23d%3Be%25f%20g%5C%22%3C%3E%5B%5D%0D%0A%E6%A0%87");
	buf_clear(&out);
	url_add_segment(&out, STR("-._~!$&'()*+,=:@"));
	assert_str(buf_view(&out), "-._~!$&'()*+,=:@");
	/* In a first segment a colon would end a scheme. */
	buf_clear(&out);
	url_add_first_segment(&out, STR("javascript:x"));
	assert_str(buf_view(&out), "javascript%3Ax");
	buf_clear(&out);
	url_add_query(&out, STR("a b&c=d+e;f?g#h/\0"));
	assert_str(buf_view(&out), "a%20b%26c%3Dd%2Be%3Bf%3Fg%23h/%00");
	buf_clear(&out);
	url_add_path(&out, STR("/a b/标;"));
	assert_str(buf_view(&out), "/a%20b/%E6%A0%87%3B");
	buf_release(&out);
}

/* What is encoded, each byte of it, is one sound URL and decodes to itself. */
static void
each_byte_survives_encoding(void **state)
{
	char bytes[256];
	struct str all = {bytes, sizeof(bytes)}, decoded;
	struct buf out;
	struct url url;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)i;
	buf_init(&out, 4096);
	buf_text(&out, "gemini://h/");
	url_add_segment(&out, all);
	buf_char(&out, '?');
	url_add_query(&out, all);
	assert_int_equal(url_parse(buf_view(&out), &url), OK);
	assert_false(url.has_fragment);
	assert_true(str_find_byte(str_slice(url.path, 1, url.path.len), '/') ==
	    SIZE_MAX);
	assert_int_equal(
	    url_decode(arena, str_slice(url.path, 1, url.path.len), &decoded),
	    OK);
	assert_true(str_equal(decoded, all));
	assert_int_equal(url_decode(arena, url.query, &decoded), OK);
	assert_true(str_equal(decoded, all));
	buf_release(&out);
}

static void
text_is_decoded_once(void **state)
{
	struct str out = STR("untouched");

	(void)state;
	/* Once, and a plus is a plus. */
	assert_int_equal(
	    url_decode(arena, STR("a%2541+b%20%e6%a0%87"), &out), OK);
	assert_str(out, "a%41+b 标");
	assert_int_equal(url_decode(arena, STR(""), &out), OK);
	assert_str(out, "");
	out = STR("untouched");
	assert_int_equal(url_decode(arena, STR("%"), &out), ERR_INPUT);
	assert_int_equal(url_decode(arena, STR("a%4"), &out), ERR_INPUT);
	assert_int_equal(url_decode(arena, STR("%g1"), &out), ERR_INPUT);
	assert_str(out, "untouched");
}

/* "a|b|" for the path's segments, "/" behind them for a folder. */
static void
assert_path(const char *raw, const char *expected)
{
	struct path path;
	struct buf out;

	assert_int_equal(path_parse(arena, str_from(raw), &path), OK);
	buf_init(&out, 4096);
	for (size_t i = 0; i < path.count; i++) {
		buf_str(&out, path.segment[i]);
		buf_char(&out, '|');
	}
	if (path.folder)
		buf_char(&out, '/');
	assert_str(buf_view(&out), expected);
	buf_release(&out);
}

static void
paths_are_split_and_decoded(void **state)
{
	(void)state;
	assert_path("", "/");
	assert_path("/", "/");
	assert_path("/a", "a|");
	assert_path("/a/", "a|/");
	assert_path("/a/b", "a|b|");
	assert_path("//", "|/");
	assert_path("/a//b", "a||b|");
	assert_path("/a%2Fb/c%5cd", "a/b|c\\d|");
	assert_path("/%E6%A0%87/标", "标|标|");
	assert_path("/...", "...|");
	assert_path("/..a/a../.a", "..a|a..|.a|");
	assert_path("/a+b%2Bc;d=e%20f", "a+b+c;d=e f|");
	assert_path("/%252e%252e/", "%2e%2e|/");
}

static void
paths_that_climb_or_hide_are_refused(void **state)
{
	static const char *const bad[] = {"a", "a/b", "*", "/.", "/..", "/./",
	    "/../", "/a/..", "/a/../b", "/../etc/passwd", "/%2e%2e/", "/%2E./",
	    "/.%2e", "/%2e", "/a%00b", "/a%0ab", "/a%0D%0Ab", "/%1b", "/%7F",
	    "/%C2%85", "/%c0%ae/", "/%DC", "/\xDC", "/%E6%A0", "/%zz", "/%",
	    "/%ED%A0%80"};
	struct path path = {.count = 77};
	char deep[2 * (PATH_SEGMENTS_MAX + 1) + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (path_parse(arena, str_from(bad[i]), &path) != ERR_INPUT)
			fail_msg("accepted: %s", bad[i]);
		assert_int_equal(path.count, 77);
	}
	for (size_t i = 0; i <= PATH_SEGMENTS_MAX; i++)
		memcpy(deep + 2 * i, "/a", 3);
	assert_int_equal(path_parse(arena, str_from(deep), &path), ERR_LIMIT);
	deep[sizeof(deep) - 3] = '\0';
	assert_int_equal(path_parse(arena, str_from(deep), &path), OK);
	assert_int_equal(path.count, PATH_SEGMENTS_MAX);
}

static void
paths_are_written_as_they_were_read(void **state)
{
	static const char *const raws[] = {"/", "/a", "/a/", "/a%2Fb/",
	    "/a%3Bb%3Fc", "/%E6%A0%87%20x/y", "//", "/a//b"};
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	for (size_t i = 0; i < COUNT(raws); i++) {
		struct path path;
		buf_clear(&out);
		assert_int_equal(
		    path_parse(arena, str_from(raws[i]), &path), OK);
		path_add(&out, &path);
		assert_str(buf_view(&out), raws[i]);
	}
	buf_release(&out);
}

static void
assert_resolved(const char *base, const char *reference, const char *expected)
{
	struct buf out;

	buf_init(&out, 4096);
	buf_text(&out, "before/");
	path_resolve(&out, str_from(base), str_from(reference));
	assert_int_equal(out.err, OK);
	assert_str(str_slice(buf_view(&out), 7, out.len), expected);
	buf_release(&out);
}

/* RFC 3986, 5.4.1 and 5.4.2: the paths of its examples. */
static void
rfc_3986_examples_resolve(void **state)
{
	static const char *const examples[][2] = {{"g", "/b/c/g"},
	    {"./g", "/b/c/g"}, {"g/", "/b/c/g/"}, {"/g", "/g"},
	    {";x", "/b/c/;x"}, {"g;x", "/b/c/g;x"}, {"", "/b/c/d;p"},
	    {".", "/b/c/"}, {"./", "/b/c/"}, {"..", "/b/"}, {"../", "/b/"},
	    {"../g", "/b/g"}, {"../..", "/"}, {"../../", "/"},
	    {"../../g", "/g"}, {"../../../g", "/g"}, {"../../../../g", "/g"},
	    {"/./g", "/g"}, {"/../g", "/g"}, {"g.", "/b/c/g."},
	    {".g", "/b/c/.g"}, {"g..", "/b/c/g.."}, {"..g", "/b/c/..g"},
	    {"./../g", "/b/g"}, {"./g/.", "/b/c/g/"}, {"g/./h", "/b/c/g/h"},
	    {"g/../h", "/b/c/h"}, {"g;x=1/./y", "/b/c/g;x=1/y"},
	    {"g;x=1/../y", "/b/c/y"}};

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++)
		assert_resolved("/b/c/d;p", examples[i][0], examples[i][1]);
}

/* Whatever of dots and slashes stands before a name: the path never begins
 * with two slashes. All references of up to seven such characters. */
static void
no_path_begins_with_two_slashes(void **state)
{
	static const char *const bases[] = {
	    "/", "", "/a", "/a/b/", "//a", "//", "/./", "/.//b/", "/a/..//b"};
	static const char letters[] = {'/', '.', 'x'};
	char reference[12];

	(void)state;
	for (size_t b = 0; b < COUNT(bases); b++) {
		for (size_t n = 0; n < 6561 * 8; n++) {
			struct buf out;
			size_t rest = n / 8, len = n % 8;

			for (size_t i = 0; i < len; i++, rest /= 3)
				reference[i] = letters[rest % 3];
			memcpy(reference + len, "h/", 3);
			buf_init(&out, 4096);
			path_resolve(
			    &out, str_from(bases[b]), str_from(reference));
			assert_int_equal(out.err, OK);
			assert_int_equal(out.data[0], '/');
			assert_false(str_starts(buf_view(&out), STR("//")));
			buf_release(&out);
		}
	}
	assert_resolved("/a/b", "/.//host/x", "/host/x");
	assert_resolved("/a/b", "..//host/x", "/host/x");
	assert_resolved("/a/b", ".//host/x", "/a//host/x");
	assert_resolved("/a/b", "/..///host//x", "/host//x");
	assert_resolved("//a//", "", "/a//");
}

static void
odd_bases_resolve(void **state)
{
	(void)state;
	assert_resolved("/", "x", "/x");
	assert_resolved("", "x", "/x");
	assert_resolved("", "", "/");
	assert_resolved("/a/", "", "/a/");
	assert_resolved("/a", "x/", "/x/");
	assert_resolved("/a/b/", "../../../..", "/");
	assert_resolved("/a/../b/./c", "d", "/b/d");
	assert_resolved("/", "/", "/");
	assert_resolved("/a/", "g/..", "/a/");
	/* What is encoded is a name. */
	assert_resolved("/a/", "%2e%2e/x", "/a/%2e%2e/x");
}

static void
resolving_into_a_full_buffer_is_refused(void **state)
{
	struct buf out;

	(void)state;
	for (size_t max = 0; max < 8; max++) {
		buf_init(&out, max);
		path_resolve(&out, STR("/b/c/d"), STR("../efgh/../ijkl"));
		assert_int_equal(out.err, ERR_LIMIT);
		assert_true(out.len <= max);
		buf_release(&out);
	}
}

static void
what_people_write_is_mended(void **state)
{
	static const char *const cases[][2] = {{"/a%4", "/a%254"},
	    {"/a%", "/a%25"}, {"/%41%4a", "/%41%4a"}, {"/%4g", "/%254g"},
	    {"/%g4", "/%25g4"}, {"/%", "/%25"}, {"/%%41", "/%25%41"},
	    {"/a#b#c", "/a#b%23c"}, {"/[1]", "/%5B1%5D"}, {"/a b", "/a%20b"}};
	struct buf cut;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf out;

		buf_init(&out, 64);
		url_add_mended(&out, str_from(cases[i][0]));
		assert_str(buf_view(&out), cases[i][1]);
		buf_release(&out);
	}
	/* What stands behind the end is not looked at. */
	buf_init(&cut, 64);
	url_add_mended(&cut, (struct str){"/%41", 3});
	assert_str(buf_view(&cut), "/%254");
	buf_release(&cut);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_url_is_split_into_its_parts),
	    cmocka_unit_test(userinfo_stands_in_the_authority_alone),
	    cmocka_unit_test(malformed_urls_are_refused),
	    cmocka_unit_test(only_harmless_schemes_are_allowed),
	    cmocka_unit_test(what_has_a_meaning_is_encoded),
	    cmocka_unit_test(each_byte_survives_encoding),
	    cmocka_unit_test(text_is_decoded_once),
	    cmocka_unit_test(paths_are_split_and_decoded),
	    cmocka_unit_test(paths_that_climb_or_hide_are_refused),
	    cmocka_unit_test(paths_are_written_as_they_were_read),
	    cmocka_unit_test(rfc_3986_examples_resolve),
	    cmocka_unit_test(no_path_begins_with_two_slashes),
	    cmocka_unit_test(odd_bases_resolve),
	    cmocka_unit_test(resolving_into_a_full_buffer_is_refused),
	    cmocka_unit_test(what_people_write_is_mended)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
