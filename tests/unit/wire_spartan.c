/* SPDX-License-Identifier: ISC */
/*
 * Spartan without a network: requests that are accepted and refused, with
 * their data, and each kind of reply, whose status line is ASCII whatever the
 * reply holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/wire.h"

enum { OUT_MAX = 64 * 1024 };

static struct arena *arena;
static const struct wire_host ours = {.host = {"portal.example", 14},
    .services = {
	.item = {{&wire_gemini.protocol, 1965}, {&wire_gopher.protocol, 70},
	    {&wire_spartan.protocol, 300}},
	.count = 3}};

#define assert_str(s, text)                                 \
	do {                                                \
		const struct str s_ = (s);                  \
		assert_int_equal(s_.len, strlen(text));     \
		assert_memory_equal(s_.data, text, s_.len); \
	} while (0)

static enum err
ask_host(const struct wire_host *host, struct str line, struct str data,
    struct request *out, struct reply *reply)
{
	const struct wire_line in = {.text = line, .data = data};

	*out = (struct request){
	    .arena = arena, .protocol = &wire_spartan.protocol};
	*reply = (struct reply){.file = -1};
	return wire_spartan.request(&in, host, out, reply);
}

static void
assert_refuses(
    const char *line, struct str data, enum refusal refusal, const char *text)
{
	struct request request;
	struct reply reply;

	if (ask_host(&ours, str_from(line), data, &request, &reply) !=
	    ERR_INPUT)
		fail_msg("accepted: %s", line);
	assert_int_equal(reply.type, REPLY_REFUSAL);
	assert_int_equal(reply.refusal, refusal);
	if (!str_starts(reply.text, str_from(text)))
		fail_msg("%s: %.*s", line, STR_ARG(reply.text));
}

/* path: as path_add() writes it; input NULL: none. */
static void
assert_asks(
    const char *line, struct str data, const char *path, const char *input)
{
	struct request request;
	struct reply reply;
	struct buf out;

	if (ask_host(&ours, str_from(line), data, &request, &reply) != OK)
		fail_msg("%s: %.*s", line, STR_ARG(reply.text));
	buf_init(&out, OUT_MAX);
	path_add(&out, &request.path);
	assert_str(buf_view(&out), path);
	buf_release(&out);
	assert_int_equal(request.has_input, input != NULL);
	assert_str(request.input, input == NULL ? "" : input);
}

static void
a_path_is_asked_for(void **state)
{
	(void)state;
	assert_asks("portal.example / 0", STR(""), "/", NULL);
	assert_asks("PORTAL.Example. /a/b 0", STR(""), "/a/b", NULL);
	assert_asks("portal.example:300 /a/ 0", STR(""), "/a/", NULL);
	assert_asks("portal.example /%E6%A0%87/x%2Fy 0", STR(""),
	    "/%E6%A0%87/x%2Fy", NULL);
}

static void
data_are_the_answer(void **state)
{
	struct request request;
	struct reply reply;

	(void)state;
	assert_asks("portal.example /find 3", STR("a b"), "/find", "a b");
	assert_asks("portal.example /find 6", STR("\xE6\xA0\x87\r\n!"), "/find",
	    "\xE6\xA0\x87\n!");
	/* The target of a redirect, by a client that sends it as it is. */
	assert_asks("portal.example /find?a%20b 0", STR(""), "/find", "a b");
	assert_asks("portal.example /find? 0", STR(""), "/find", NULL);
	assert_int_equal(ask_host(&ours, STR("portal.example /find 3"),
			     STR("a%b"), &request, &reply),
	    OK);
	assert_str(request.query, "a%25b");
}

/* The site knows whether data are an answer or an upload. */
static void
data_may_be_an_upload(void **state)
{
	static char large[32 * 1024];
	const struct wire_host off = ours;
	struct wire_host host = ours;
	struct request request;
	struct reply reply;

	(void)state;
	host.uploads = true;
	memset(large, 'a', sizeof(large));
	assert_int_equal(ask_host(&host, STR("portal.example /x 3"), STR("a b"),
			     &request, &reply),
	    OK);
	assert_str(request.input, "a b");
	assert_true(request.upload->is_input && !request.upload->awaited);
	assert_str(request.upload->body, "a b");
	assert_str(request.upload->no_answer, "");
	/* No answer holds these. */
	assert_int_equal(ask_host(&host, STR("portal.example /x 3"),
			     STR("a\033b"), &request, &reply),
	    OK);
	assert_false(request.has_input);
	assert_true(str_starts(
	    request.upload->no_answer, STR("Bad request: control character")));
	/* Nor so many; they come behind the line. */
	assert_int_equal(ask_host(&host, STR("portal.example /x 16385"),
			     STR(""), &request, &reply),
	    OK);
	assert_true(request.upload->awaited && !request.has_input);
	assert_int_equal(request.upload->size, 16385);
	assert_str(request.upload->no_answer, "Bad request: too much data");
	assert_int_equal(
	    ask_host(&host, STR("portal.example /x 32768"),
		(struct str){large, sizeof(large)}, &request, &reply),
	    OK);
	assert_false(request.upload->awaited);
	assert_int_equal(request.upload->body.len, sizeof(large));
	assert_int_equal(
	    ask_host(&host, STR("portal.example /x 9999999999999999999999"),
		STR(""), &request, &reply),
	    OK);
	assert_int_equal(request.upload->size, INT64_MAX);
	assert_int_equal(ask_host(&host, STR("portal.example /x?a 0"), STR(""),
			     &request, &reply),
	    OK);
	assert_null(request.upload);
	assert_int_equal(ask_host(&host, STR("portal.example /x?a 16385"),
			     STR(""), &request, &reply),
	    ERR_INPUT);
	assert_str(reply.text, "Bad request: data and a query");
	assert_int_equal(ask_host(&off, STR("portal.example /x 3"), STR("a b"),
			     &request, &reply),
	    OK);
	assert_null(request.upload);
}

static void
malformed_lines_are_refused(void **state)
{
	static const struct {
		const char *line, *text;
		enum refusal refusal;
	} cases[] = {{"", "Bad request: not HOST", REFUSAL_BAD},
	    {"portal.example", "Bad request: not HOST", REFUSAL_BAD},
	    {"portal.example /", "Bad request: not HOST", REFUSAL_BAD},
	    {"portal.example / 0 ", "Bad request: not HOST", REFUSAL_BAD},
	    {"portal.example / 0 0", "Bad request: not HOST", REFUSAL_BAD},
	    {"portal.example /a b 0", "Bad request: not HOST", REFUSAL_BAD},
	    {"portal.example /  0", "Bad request: not HOST", REFUSAL_BAD},
	    {"GET / HTTP/1.1", "Bad request: length", REFUSAL_BAD},
	    {"portal.example / ", "Bad request: length", REFUSAL_BAD},
	    {"portal.example / -1", "Bad request: length", REFUSAL_BAD},
	    {"portal.example / +1", "Bad request: length", REFUSAL_BAD},
	    {"portal.example / 01", "Bad request: length", REFUSAL_BAD},
	    {"portal.example / 0x1", "Bad request: length", REFUSAL_BAD},
	    {"portal.example / 99999999999999999999x", "Bad request: length",
		REFUSAL_BAD},
	    {"portal.example / 00000000000000000001", "Bad request: length",
		REFUSAL_BAD},
	    {"portal.example / 1.0", "Bad request: length", REFUSAL_BAD},
	    {"portal.example / 16385", "Bad request: too much", REFUSAL_BAD},
	    {"portal.example / 99999999999999999999", "Bad request: too much",
		REFUSAL_BAD},
	    /* As many digits as INT64_MAX, and more than it. */
	    {"portal.example / 9999999999999999999", "Bad request: too much",
		REFUSAL_BAD},
	    {"portal.example / 18446744073709551617", "Bad request: too much",
		REFUSAL_BAD},
	    {"portal.example a 0", "Bad request: path", REFUSAL_BAD},
	    {"portal.example spartan://portal.example/ 0", "Bad request: path",
		REFUSAL_BAD},
	    {" / 0", "Bad request: no host", REFUSAL_BAD},
	    {"portal.example/x /y 0", "Bad request: host", REFUSAL_BAD},
	    {"portal.example?x /y 0", "Bad request: host", REFUSAL_BAD},
	    {"x@portal.example / 0", "Bad request: host", REFUSAL_BAD},
	    {"portal.example /a#b 0", "Bad request: fragment", REFUSAL_BAD},
	    {"portal.example /a\tb 0", "Bad request: control", REFUSAL_BAD},
	    {"portal.example /a\x7F 0", "Bad request: control", REFUSAL_BAD},
	    {"portal.example /\xFF 0", "Bad request: URL is not UTF-8",
		REFUSAL_BAD},
	    {"portal.example /a%00b 0", "Bad request: control", REFUSAL_BAD},
	    {"portal.example /a/../b 0", "Bad request: path", REFUSAL_BAD},
	    {"portal.example /a%2 0", "Bad request:", REFUSAL_BAD},
	    {"portal.example:x / 0", "Bad request:", REFUSAL_BAD},
	    {"\xE6\xA0\x87.example / 0", "Bad request: host", REFUSAL_BAD},
	    {"portal.example:301 / 0", "Not served here", REFUSAL_FOREIGN},
	    {"portal.example:1965 / 0", "Not served here", REFUSAL_FOREIGN},
	    {"other.example / 0", "Not served here", REFUSAL_FOREIGN},
	    {"127.0.0.1 / 0", "Not served here", REFUSAL_FOREIGN}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_refuses(
		    cases[i].line, STR(""), cases[i].refusal, cases[i].text);
}

static void
malformed_data_are_refused(void **state)
{
	(void)state;
	assert_refuses("portal.example /find 2", STR("\xFF\xFE"), REFUSAL_BAD,
	    "Bad request: input is not UTF-8");
	assert_refuses("portal.example /find 3", (struct str){"a\0b", 3},
	    REFUSAL_BAD, "Bad request: control");
	assert_refuses("portal.example /find 3", STR("a\x1B["), REFUSAL_BAD,
	    "Bad request: control");
	assert_refuses("portal.example /find?a 1", STR("b"), REFUSAL_BAD,
	    "Bad request: data and a query");
}

/* A port of our own is named by nobody, and is ours all the same. */
static void
a_host_without_a_port_is_ours(void **state)
{
	const struct wire_host host = {.host = STR("portal.example"),
	    .services = {.item = {{&wire_spartan.protocol, 3000}}, .count = 1}};
	struct request request;
	struct reply reply;

	(void)state;
	assert_int_equal(ask_host(&host, STR("portal.example / 0"), STR(""),
			     &request, &reply),
	    OK);
	assert_int_equal(ask_host(&host, STR("portal.example:3000 / 0"),
			     STR(""), &request, &reply),
	    OK);
	assert_int_equal(ask_host(&host, STR("portal.example:300 / 0"), STR(""),
			     &request, &reply),
	    ERR_INPUT);
}

/* ---- where a request ends -------------------------------------------- */

static enum wire_progress
find(struct str received, bool at_end, struct wire_line *line)
{
	return wire_find_line(&wire_spartan, received, at_end, line);
}

static void
data_are_waited_for(void **state)
{
	static const struct {
		const char *received;
		bool at_end;
		enum wire_progress progress;
		const char *data;
	} cases[] = {{"h / 0\r\n", false, WIRE_WHOLE, ""},
	    {"h / 3\r\nabc", false, WIRE_WHOLE, "abc"},
	    {"h / 3\r\nabcd", false, WIRE_MORE, ""},
	    {"h / 3\r\nabcd", true, WIRE_MORE, ""},
	    {"h / 0\r\na", false, WIRE_MORE, ""},
	    {"h / 3\r\nab", false, WIRE_PARTIAL, ""},
	    {"h / 3\r\nab", true, WIRE_CUT, ""},
	    {"h / 3\r\n", true, WIRE_CUT, ""},
	    {"h / 3\n", false, WIRE_PARTIAL, ""}, {"h / 3", true, WIRE_CUT, ""},
	    {"", true, WIRE_SILENT, ""},
	    /* What is refused is not waited for. */
	    {"h / -3\r\n", false, WIRE_WHOLE, ""},
	    {"h / x\r\n", false, WIRE_WHOLE, ""},
	    {"h /\r\n", false, WIRE_WHOLE, ""},
	    {"h / 16385\r\n", false, WIRE_WHOLE, ""},
	    {"h / 16385\r\nabc", false, WIRE_WHOLE, ""},
	    {"h / 99999999999999999999\r\n", false, WIRE_WHOLE, ""}};
	struct wire_line line;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		line = (struct wire_line){STR(""), STR(""), STR("")};
		assert_int_equal(
		    find(str_from(cases[i].received), cases[i].at_end, &line),
		    cases[i].progress);
		assert_str(line.data, cases[i].data);
	}
}

/* Each limit at its number and one past it. */
static void
lines_and_data_have_limits(void **state)
{
	const size_t line_max = wire_spartan.protocol.line_max;
	const size_t data_max = wire_spartan.input_max;
	struct wire_line line;
	struct request request;
	struct reply reply;
	struct buf b;

	(void)state;
	assert_int_equal(line_max, 1024);
	assert_int_equal(data_max, 16384);
	buf_init(&b, OUT_MAX);
	buf_text(&b, "portal.example /");
	while (b.len < line_max - 2)
		buf_char(&b, 'a');
	buf_text(&b, " 0\r\n");
	assert_int_equal(find(buf_view(&b), false, &line), WIRE_WHOLE);
	assert_int_equal(line.text.len, line_max);
	b.len = line_max - 2;
	buf_text(&b, "a 0\r\n");
	assert_int_equal(find(buf_view(&b), false, &line), WIRE_LONG);
	/* Without its end it is as long as it need be to tell. */
	b.len = line_max + 1;
	assert_int_equal(find(buf_view(&b), false, &line), WIRE_PARTIAL);
	b.len = line_max + 2;
	assert_int_equal(find(buf_view(&b), false, &line), WIRE_LONG);

	buf_clear(&b);
	buf_printf(&b, "portal.example /find %zu\r\n", data_max);
	for (size_t i = 0; i < data_max; i++) {
		assert_int_equal(
		    find(buf_view(&b), false, &line), WIRE_PARTIAL);
		buf_char(&b, 'x');
	}
	assert_true(b.len <= wire_receive_max(&wire_spartan));
	assert_int_equal(find(buf_view(&b), false, &line), WIRE_WHOLE);
	assert_int_equal(
	    ask_host(&ours, line.text, line.data, &request, &reply), OK);
	assert_int_equal(request.input.len, data_max);
	buf_release(&b);
}

/* ---- replies ---------------------------------------------------------- */

static const char *
written(const struct reply *reply)
{
	static char text[OUT_MAX];
	struct request request = {.arena = arena,
	    .protocol = &wire_spartan.protocol,
	    .path = {.segment = {STR("find \xE6\xA0\x87")}, .count = 1}};
	struct buf out;

	buf_init(&out, OUT_MAX - 1);
	wire_spartan.reply(&out, &request, reply, &ours);
	assert_int_equal(out.err, OK);
	snprintf(text, sizeof(text), "%.*s", STR_ARG(buf_view(&out)));
	buf_release(&out);
	return text;
}

static const char *
refused(enum refusal refusal, const char *text)
{
	struct reply reply = {.file = -1};

	reply_refuse(&reply, refusal, str_from(text));
	return written(&reply);
}

static void
each_reply_has_its_status(void **state)
{
	const struct reply bytes = {.type = REPLY_BYTES,
	    .mime = STR("text/plain; charset=utf-8"),
	    .bytes = STR("body\n")};
	const struct reply file = {
	    .type = REPLY_FILE, .mime = STR("image/\r\npng"), .size = 7};

	(void)state;
	assert_string_equal(refused(REFUSAL_MISSING, ""), "4 Not found\r\n");
	assert_string_equal(refused(REFUSAL_GONE, ""), "4 Gone\r\n");
	assert_string_equal(refused(REFUSAL_BAD, ""), "4 Bad request\r\n");
	assert_string_equal(
	    refused(REFUSAL_FOREIGN, ""), "4 Not served here\r\n");
	assert_string_equal(
	    refused(REFUSAL_FORBIDDEN, ""), "4 Not permitted\r\n");
	assert_string_equal(
	    refused(REFUSAL_NEEDS_CERT, ""), "4 Certificate required\r\n");
	assert_string_equal(
	    refused(REFUSAL_BAD_CERT, ""), "4 Certificate not valid\r\n");
	assert_string_equal(refused(REFUSAL_BUSY, ""), "5 Busy\r\n");
	assert_string_equal(
	    refused(REFUSAL_DOWN, ""), "5 Closed for maintenance\r\n");
	assert_string_equal(
	    refused(REFUSAL_BROKEN, ""), "5 Temporary failure\r\n");
	assert_string_equal(
	    refused(REFUSAL_BAD, " No such number "), "4 No such number\r\n");
	/* A status line is ASCII. */
	assert_string_equal(
	    refused(REFUSAL_BAD, "GB/T 1 \xE6\xA0\x87"), "4 Bad request\r\n");
	assert_string_equal(
	    refused(REFUSAL_BAD, "a\r\n2 text/gemini"), "4 Bad request\r\n");
	assert_string_equal(refused(REFUSAL_BAD, "a\x7F"), "4 Bad request\r\n");
	assert_string_equal(refused(REFUSAL_BAD, "a~"), "4 a~\r\n");
	assert_string_equal(
	    written(&bytes), "2 text/plain; charset=utf-8\r\nbody\n");
	assert_string_equal(written(&file), "2 application/octet-stream\r\n");
}

static void
a_status_line_has_an_end(void **state)
{
	enum { MOST = 1024 };
	char text[MOST + 2];
	const char *line;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[MOST] = '\0';
	line = refused(REFUSAL_BAD, text);
	assert_int_equal(strlen(line), strlen("4 ") + MOST + strlen("\r\n"));
	text[MOST] = 'x';
	text[MOST + 1] = '\0';
	line = refused(REFUSAL_BAD, text);
	assert_int_equal(strlen(line), strlen("4 ") + MOST + strlen("\r\n"));
	assert_string_equal(line + strlen("4 ") + MOST, "\r\n");
}

static void
a_prompt_is_a_page_that_asks(void **state)
{
	struct reply reply = {
	    .type = REPLY_PROMPT, .text = STR("What?\xE6\xA0\x87")};

	(void)state;
	assert_string_equal(written(&reply),
	    "2 text/gemini; charset=utf-8\r\n"
	    "# What?\xE6\xA0\x87\n"
	    "=: /find%20%E6%A0%87 What?\xE6\xA0\x87\n");
	reply.text = STR("");
	assert_string_equal(written(&reply),
	    "2 text/gemini; charset=utf-8\r\n"
	    "# Input\n"
	    "=: /find%20%E6%A0%87 Input\n");
}

static void
a_redirect_needs_a_usable_address(void **state)
{
	static const struct {
		const char *to, *written;
	} cases[] = {{"/a/b", "3 /a/b\r\n"}, {"/a?b%20c", "3 /a?b%20c\r\n"},
	    {"/\xE6\xA0\x87", "3 /%E6%A0%87\r\n"},
	    {"gemini://main.example/a?b",
		"2 text/gemini; charset=utf-8\r\n# Moved\n"
		"=> gemini://main.example/a?b gemini://main.example/a?b\n"},
	    {"//other.example/", "5 Redirect to no usable address\r\n"},
	    {"a/b", "5 Redirect to no usable address\r\n"},
	    {"", "5 Redirect to no usable address\r\n"},
	    {"javascript:x", "5 Redirect to no usable address\r\n"},
	    {"/a\r\n2 text/plain", "5 Redirect to no usable address\r\n"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct reply reply = {
		    .type = REPLY_REDIRECT, .text = str_from(cases[i].to)};

		assert_string_equal(written(&reply), cases[i].written);
	}
}

static void
a_link_that_asks_is_an_input_line(void **state)
{
	struct reply reply = {.type = REPLY_BLOCKS};

	(void)state;
	blocks_init(&reply.blocks, arena, OUT_MAX);
	blocks_link(&reply.blocks, STR("/find"), STR("Find"));
	reply.blocks.first->target.type = '7';
	blocks_link(&reply.blocks, STR("/"), STR("Home"));
	blocks_text(&reply.blocks, STR("=: /x y"));
	assert_string_equal(written(&reply),
	    "2 text/gemini; charset=utf-8\r\n"
	    "=: /find Find\n"
	    "=> / Home\n"
	    "\xE2\x80\x8B=: /x y\n");
}

static void
a_url_gives_its_request_line(void **state)
{
	static const struct {
		const char *url, *line;
	} cases[] = {{"spartan://h", "h / 0"},
	    {"spartan://h:3000/a?b%20c", "h:3000 /a?b%20c 0"}};
	struct str line;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(wire_spartan.line_of_url(
				     arena, str_from(cases[i].url), &line),
		    OK);
		assert_str(line, cases[i].line);
	}
	assert_int_equal(
	    wire_spartan.line_of_url(arena, STR("spartan:a"), &line),
	    ERR_INPUT);
	assert_ptr_equal(wire_of_url(STR("SPARTAN://h/")), &wire_spartan);
}

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_path_is_asked_for),
	    cmocka_unit_test(data_are_the_answer),
	    cmocka_unit_test(malformed_lines_are_refused),
	    cmocka_unit_test(malformed_data_are_refused),
	    cmocka_unit_test(a_host_without_a_port_is_ours),
	    cmocka_unit_test(data_are_waited_for),
	    cmocka_unit_test(data_may_be_an_upload),
	    cmocka_unit_test(lines_and_data_have_limits),
	    cmocka_unit_test(each_reply_has_its_status),
	    cmocka_unit_test(a_status_line_has_an_end),
	    cmocka_unit_test(a_prompt_is_a_page_that_asks),
	    cmocka_unit_test(a_redirect_needs_a_usable_address),
	    cmocka_unit_test(a_link_that_asks_is_an_input_line),
	    cmocka_unit_test(a_url_gives_its_request_line),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
