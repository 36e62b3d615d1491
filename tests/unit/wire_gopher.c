/* SPDX-License-Identifier: ISC */
/*
 * Gopher at the level of lines: what a selector asks for, what is no request
 * of ours, and that no reply breaks a menu line or lets a page forward.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/wire.h"

static struct arena *arena;
static struct buf out;

static const struct wire_host ours = {.host = {"portal.example", 14},
    .services = {.item = {{&wire_gemini.protocol, 1965},
		     {&wire_gopher.protocol, 70}},
	.count = 2},
    .tls = true};

static enum err
ask(struct str line, struct request *request, struct reply *reply)
{
	const struct wire_line in = {.text = line};

	*request = (struct request){.arena = arena};
	*reply = (struct reply){.file = -1};
	return wire_gopher.request(&in, &ours, request, reply);
}

/* What a line that never reaches the site is answered with, as a C string. */
static const char *
answer(struct str line)
{
	struct request request;
	struct reply reply;

	assert_int_equal(ask(line, &request, &reply), ERR_INPUT);
	buf_clear(&out);
	wire_gopher.reply(&out, &request, &reply, &ours);
	buf_char(&out, '\0');
	assert_int_equal(out.err, OK);
	assert_int_equal(strlen(out.data), out.len - 1);
	return out.data;
}

static const char *
shape(const struct request *request, const struct reply *reply)
{
	buf_clear(&out);
	wire_gopher.reply(&out, request, reply, &ours);
	buf_char(&out, '\0');
	assert_int_equal(out.err, OK);
	return out.data;
}

static void
assert_str(struct str s, const char *text)
{
	assert_int_equal(s.len, strlen(text));
	if (s.len > 0)
		assert_memory_equal(s.data, text, s.len);
}

static void
assert_starts(const char *text, const char *prefix)
{
	if (strncmp(text, prefix, strlen(prefix)) != 0)
		fail_msg("%s\ndoes not begin with %s", text, prefix);
}

/* Each line has four fields, the last is a dot. */
static void
assert_menu(const char *text)
{
	struct str rest = str_from(text), line;
	bool ended = false;

	assert_true(str_ends(rest, STR("\r\n.\r\n")));
	while (str_next_line(&rest, &line)) {
		size_t tabs = 0;
		assert_false(ended);
		ended = str_equal(line, STR("."));
		for (size_t i = 0; i < line.len; i++)
			tabs += line.data[i] == '\t';
		assert_int_equal(tabs, ended ? 0 : 3);
	}
	assert_true(ended);
}

/* path: as a selector of ours; input NULL: none. */
static void
assert_asks(const char *line, const char *path, const char *input)
{
	struct request request;
	struct reply reply;
	struct buf selector;

	assert_int_equal(ask(str_from(line), &request, &reply), OK);
	buf_init(&selector, 8192);
	path_add(&selector, &request.path);
	assert_str(buf_view(&selector), path);
	buf_release(&selector);
	assert_int_equal(request.has_input, input != NULL);
	assert_str(request.input, input == NULL ? "" : input);
}

static void
a_selector_names_a_path(void **state)
{
	(void)state;
	assert_asks("", "/", NULL);
	assert_asks("/", "/", NULL);
	assert_asks("x", "/x", NULL);
	assert_asks("/x", "/x", NULL);
	assert_asks("/标准/", "/%E6%A0%87%E5%87%86/", NULL);
	assert_asks("/a%2Fb", "/a%2Fb", NULL);
	/* Never decoded: a name of six signs, which nobody has. */
	assert_asks("/%2e%2e/", "/%252e%252e/", NULL);
	assert_asks("/x\t", "/x", NULL);
	assert_asks("/x\t$", "/x", "$");
	assert_asks("\t$", "/", "$");
}

static void
words_follow_a_tab_or_a_question_mark(void **state)
{
	(void)state;
	assert_asks("/search/doc\tdam", "/search/doc", "dam");
	assert_asks("/search/doc?dam", "/search/doc", "dam");
	assert_asks("/search/doc\tdam dike", "/search/doc", "dam dike");
	assert_asks("/search/doc\t+", "/search/doc", "+");
	assert_asks("/search/doc\t水坝\t+", "/search/doc", "水坝");
	assert_asks("/search/doc\ta?b", "/search/doc", "a?b");
	assert_asks("/search/doc?a%20b", "/search/doc", "a%20b");
	assert_asks("/a%3Fb", "/a%3Fb", NULL);
	assert_asks("/search/doc?", "/search/doc", NULL);
	assert_asks("/search/doc\t\t+", "/search/doc", NULL);
}

/* What is pasted from a table keeps its cells; what a client of Gopher+ adds
 * is none of them. */
static void
pasted_words_keep_their_tabs(void **state)
{
	(void)state;
	assert_asks("/q\tGB/T 1\t水坝", "/q", "GB/T 1\t水坝");
	assert_asks("/q\ta\tb\tc", "/q", "a\tb\tc");
	assert_asks("/q\ta\t\tc", "/q", "a\t\tc");
	assert_asks("/q\t\tb", "/q", "\tb");
	assert_asks("/q\ta\tb\t+", "/q", "a\tb");
	assert_asks("/q\ta\t$", "/q", "a");
	assert_asks("/q\ta\tb\t$\tx", "/q", "a\tb");
	assert_asks("/q\ta\t!", "/q", "a");
	assert_asks("/q\ta\t$+INFO", "/q", "a");
	assert_asks("/q\ta\t!+ABSTRACT", "/q", "a");
	assert_asks("/q\ta\t+text/plain zh_CN", "/q", "a");
	assert_asks("/q\ta\t+5 ℃", "/q", "a\t+5 ℃");
	assert_asks("/q\ta\t$12", "/q", "a\t$12");
	assert_asks("/q\ta\xc2\x85"
		    "b\xe2\x80\xa8"
		    "c\x0b"
		    "d\x0c"
		    "e",
	    "/q", "a\nb\nc\nd\ne");
	assert_asks("/q\ta\xc2\xa0"
		    "b\xe2\x80\x8b"
		    "c",
	    "/q",
	    "a\xc2\xa0"
	    "b\xe2\x80\x8b"
	    "c");
}

static void
controls_are_named(void **state)
{
	(void)state;
	assert_starts(answer(STR("/x\ta\x07")),
	    "3400 Bad request: control character U+0007 (BEL) in the input");
	assert_starts(answer(STR("/x\ta\0b")),
	    "3400 Bad request: control character U+0000 (NUL) in the input");
	assert_starts(answer(STR("/a\rb")),
	    "3400 Bad request: control character U+000D (CR) in the selector");
	assert_starts(answer(STR("/\xc2\x9b")),
	    "3400 Bad request: control character U+009B in the selector");
	assert_starts(
	    answer(STR("/x\t\xff")), "3400 Bad request: input is not UTF-8");
	assert_starts(answer(STR("URL:https://x/?\xc2\x9b")), "3400 ");
}

static void
hostile_selectors_are_refused(void **state)
{
	static const char *const bad[] = {"/../etc/passwd", "/..", ".", "/a/.",
	    "/\x1b[2J", "/a\rb", "/\x7f", "/\xff", "/\xc2\x9b", "/x\t\xff",
	    "/x\t\x1b", "\x16\x03\x01", "URL:", "URL:javascript:alert(1)",
	    "URL:data:text/html,x", "URL:file:///etc/passwd",
	    "URL:https://a@b/", "URL:gopher://x/", "URL:telnet://x/",
	    "URL:https:x", "URL:https://x/\"><script>", "/URL:x y"};
	struct request request;
	struct reply reply;
	struct buf line;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const char *text = answer(str_from(bad[i]));
		assert_starts(text, "3400 Bad request");
		assert_true(str_ends(
		    str_from(text), STR("\t\terror.host\t1\r\n.\r\n")));
		assert_menu(text);
		/* Nothing of the selector comes back. */
		if (strlen(bad[i]) > 4)
			assert_null(strstr(text, bad[i]));
	}
	assert_starts(answer(STR("/a\0b")), "3400 ");
	buf_init(&line, 8192);
	buf_text(&line, "/x\t");
	for (size_t i = 0; i < wire_gopher.input_max; i++)
		buf_char(&line, 'w');
	assert_int_equal(ask(buf_view(&line), &request, &reply), OK);
	buf_char(&line, 'w');
	assert_starts(answer(buf_view(&line)), "3400 ");
	buf_release(&line);
}

static void
a_line_ends_at_lf_or_at_the_end(void **state)
{
	static const struct {
		const char *received;
		bool at_end;
		enum wire_progress progress;
		const char *line;
	} cases[] = {{"", false, WIRE_PARTIAL, ""}, {"", true, WIRE_SILENT, ""},
	    {"/x", false, WIRE_PARTIAL, ""}, {"/x", true, WIRE_WHOLE, "/x"},
	    {"/x\r", false, WIRE_PARTIAL, ""},
	    {"/x\r\n", false, WIRE_WHOLE, "/x"},
	    {"/x\n", false, WIRE_WHOLE, "/x"}, {"\n", false, WIRE_WHOLE, ""},
	    {"\r\n", false, WIRE_WHOLE, ""},
	    {"/x\r\r\nmore", false, WIRE_WHOLE, "/x\r"},
	    {"a\nb\r\n", false, WIRE_WHOLE, "a"}};
	struct buf b;
	struct wire_line line;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		line.text = STR("");
		assert_int_equal(
		    wire_find_line(&wire_gopher, str_from(cases[i].received),
			cases[i].at_end, &line),
		    cases[i].progress);
		assert_str(line.text, cases[i].line);
	}
	buf_init(&b, 8192);
	for (size_t i = 0; i < wire_receive_max(&wire_gopher); i++)
		buf_char(&b, 'a');
	assert_int_equal(
	    wire_find_line(&wire_gopher, buf_view(&b), false, &line),
	    WIRE_LONG);
	buf_release(&b);
}

static void
http_is_answered_with_400(void **state)
{
	static const char *const methods[] = {"GET", "HEAD", "POST", "PUT",
	    "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "PRI"};
	struct request request;
	struct reply reply;

	(void)state;
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		struct str line = arena_printf(
		    arena, "%s /<reflected>\x1b HTTP/1.1", methods[i]);
		const char *text = answer(line), *body;
		assert_starts(text, "HTTP/1.0 400 Bad Request\r\n");
		assert_null(strstr(text, "reflected"));
		assert_non_null(strstr(text, "gopher://portal.example/"));
		assert_non_null(strstr(text, "gemini://portal.example/"));
		body = strstr(text, "\r\n\r\n");
		assert_non_null(body);
		assert_int_equal(strlen(body + 4),
		    strtoul(strstr(text, "Content-Length: ") + 16, NULL, 10));
	}
	assert_int_equal(ask(STR("GETTING started"), &request, &reply), OK);
}

static void
a_url_selector_gives_a_page_that_links(void **state)
{
	static const char *const good[] = {"URL:https://example.org/",
	    "/URL:https://example.org/", "URL:http://example.org/",
	    "URL:HTTPS://example.org/", "URL:https://example.org/\t+"};
	const char *text;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		text = answer(str_from(good[i]));
		assert_starts(text, "<!DOCTYPE HTML");
		assert_non_null(strstr(text, "://example.org/\">"));
		assert_null(strstr(text, "efresh"));
		assert_null(strstr(text, "EFRESH"));
		assert_null(strstr(text, "<script"));
	}
	text = answer(STR("URL:https://example.org/?a=1&b='x'"));
	assert_non_null(strstr(
	    text, "<a href=\"https://example.org/?a=1&amp;b=&#39;x&#39;\">"));
	assert_non_null(
	    strstr(answer(STR("URL:mailto:a@b.example")), "mailto:a@b"));
	assert_non_null(
	    strstr(answer(STR("URL:gemini://b.example/")), "gemini://b"));
}

static void
caps_txt_is_answered_unless_there_is_one(void **state)
{
	static const char *const names[] = {"caps.txt", "/caps.txt"};
	struct request request;
	struct reply reply;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const char *text;
		assert_int_equal(ask(str_from(names[i]), &request, &reply), OK);
		reply_refuse(&reply, REFUSAL_MISSING, STR(""));
		text = shape(&request, &reply);
		assert_starts(text, "CAPS\r\nCapsVersion=1\r\n");
		assert_non_null(strstr(text, "\r\nPathDelimeter=/\r\n"));
		assert_non_null(strstr(text, "\r\nServerTLSPort=70\r\n"));
		assert_false(str_ends(str_from(text), STR(".\r\n")));
	}
	/* The capsule's own wins. */
	reply = (struct reply){.type = REPLY_BYTES,
	    .mime = STR("text/plain"),
	    .bytes = STR("CAPS\r\nmine")};
	assert_string_equal(shape(&request, &reply), "CAPS\r\nmine");
	assert_int_equal(ask(STR("/a/caps.txt"), &request, &reply), OK);
	reply_refuse(&reply, REFUSAL_MISSING, STR(""));
	assert_starts(shape(&request, &reply), "3404 ");
}

static void
each_refusal_is_one_error_item(void **state)
{
	static const struct {
		enum refusal kind;
		const char *start;
	} all[] = {{REFUSAL_MISSING, "3404 "}, {REFUSAL_GONE, "3410 "},
	    {REFUSAL_BAD, "3400 "}, {REFUSAL_FOREIGN, "3404 "},
	    {REFUSAL_FORBIDDEN, "3403 "}, {REFUSAL_NEEDS_CERT, "3403 "},
	    {REFUSAL_BAD_CERT, "3403 "}, {REFUSAL_BUSY, "3503 "},
	    {REFUSAL_DOWN, "3503 "}, {REFUSAL_BROKEN, "3500 "}};
	struct request request = {.arena = arena};
	struct reply reply;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		const char *text;
		reply_refuse(&reply, all[i].kind, STR(""));
		text = shape(&request, &reply);
		assert_starts(text, all[i].start);
		assert_menu(text);
		reply_refuse(&reply, all[i].kind,
		    STR("a\tb\r\n1evil\t/\tx\t70\r\n.\r\n\x1b[2J"));
		text = shape(&request, &reply);
		assert_starts(text, all[i].start);
		assert_menu(text);
		assert_null(strchr(text, '\x1b'));
		assert_null(strstr(text, "\r\n1"));
	}
	reply_refuse(&reply, REFUSAL_MISSING, STR("Not found"));
	assert_string_equal(shape(&request, &reply),
	    "3404 Not found\t\terror.host\t1\r\n.\r\n");
	/* What stands below it is a menu like any other. */
	blocks_init(&reply.blocks, request.arena, 1000);
	blocks_text(&reply.blocks, STR("On:"));
	reply.leads_on = true;
	assert_string_equal(shape(&request, &reply),
	    "3404 Not found\t\terror.host\t1\r\n"
	    "iOn:\t\terror.host\t1\r\n.\r\n");
}

static void
a_prompt_is_a_search_item(void **state)
{
	struct request request;
	struct reply reply;
	const char *text;

	(void)state;
	assert_int_equal(ask(STR("/search/a%3Fb"), &request, &reply), OK);
	reply = (struct reply){
	    .type = REPLY_PROMPT, .text = STR("Search 请输入关键词")};
	text = shape(&request, &reply);
	assert_menu(text);
	assert_non_null(strstr(text,
	    "\r\n7Search 请输入关键词\t/search/a%3Fb\tportal.example\t70\r\n"));
}

static void
a_redirect_is_a_menu_with_the_address(void **state)
{
	static const struct {
		const char *target, *item;
	} cases[] = {{"/news/", "\t/news/\tportal.example\t70\r\n"},
	    {"/%E6%A0%87/a%2Fb", "\t/标/a%2Fb\tportal.example\t70\r\n"},
	    /* Its label is what can be read. */
	    {"/sub%20dir/", "1/sub dir/\t/sub dir/\tportal.example\t70\r\n"},
	    {"/search?%E6%A0%87+x", "\t/search?标+x\tportal.example\t70\r\n"},
	    /* A selector has no place for a TAB or a line end. */
	    {"/x?%0d%0a1evil", "\t/x? 1evil\tportal.example\t70\r\n"},
	    {"/x?a%09b", "\t/x?a b\tportal.example\t70\r\n"},
	    {"https://x.example/",
		"\tURL:https://x.example/\tportal.example\t70\r\n"}};
	static const char *const bad[] = {"", "/a\tb", "/a\r\nb", "/%09",
	    "//evil.example/", "relative", "javascript:x", "gopher://x/"};
	struct request request = {.arena = arena};
	struct reply reply = {.type = REPLY_REDIRECT};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *text;
		reply.text = str_from(cases[i].target);
		text = shape(&request, &reply);
		assert_menu(text);
		if (strstr(text, cases[i].item) == NULL)
			fail_msg("%s:\n%s", cases[i].target, text);
	}
	reply.item = '0';
	reply.text = STR("/article/1");
	assert_non_null(strstr(shape(&request, &reply),
	    "\n0/article/1\t/article/1\tportal.example\t70\r\n"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		reply.text = str_from(bad[i]);
		assert_starts(shape(&request, &reply), "3500 ");
	}
}

static int
tear_down(void **state)
{
	(void)state;
	buf_release(&out);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_selector_names_a_path),
	    cmocka_unit_test(words_follow_a_tab_or_a_question_mark),
	    cmocka_unit_test(pasted_words_keep_their_tabs),
	    cmocka_unit_test(controls_are_named),
	    cmocka_unit_test(hostile_selectors_are_refused),
	    cmocka_unit_test(a_line_ends_at_lf_or_at_the_end),
	    cmocka_unit_test(http_is_answered_with_400),
	    cmocka_unit_test(a_url_selector_gives_a_page_that_links),
	    cmocka_unit_test(caps_txt_is_answered_unless_there_is_one),
	    cmocka_unit_test(each_refusal_is_one_error_item),
	    cmocka_unit_test(a_prompt_is_a_search_item),
	    cmocka_unit_test(a_redirect_is_a_menu_with_the_address)};
	int failed;

	arena = arena_new(4 * 1024 * 1024);
	buf_init(&out, 64 * 1024);
	failed = cmocka_run_group_tests(tests, NULL, tear_down);
	arena_free(arena);
	return failed;
}
