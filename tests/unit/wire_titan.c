/* SPDX-License-Identifier: ISC */
/*
 * Titan without a network: lines that are accepted and refused, and replies,
 * whose redirects are whole addresses of Gemini.
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
    .uploads = true,
    .other_host = {"first.example", 13},
    .other_port = 1966,
    .services = {.item = {{&wire_gemini.protocol, 1967}}, .count = 1}};

#define assert_str(s, text)                                 \
	do {                                                \
		const struct str s_ = (s);                  \
		assert_int_equal(s_.len, strlen(text));     \
		assert_memory_equal(s_.data, text, s_.len); \
	} while (0)

static enum err
ask(const char *line, struct str data, struct request *out, struct reply *reply)
{
	const struct wire_line in = {
	    .text = str_from(line), .data = data, .sni = STR("")};

	*out =
	    (struct request){.arena = arena, .protocol = &wire_titan.protocol};
	*reply = (struct reply){.file = -1};
	return wire_titan.request(&in, &ours, out, reply);
}

static void
assert_refuses(const char *line, enum refusal refusal, const char *text)
{
	struct request request;
	struct reply reply;

	if (ask(line, STR(""), &request, &reply) != ERR_INPUT)
		fail_msg("accepted: %s", line);
	assert_int_equal(reply.type, REPLY_REFUSAL);
	if (reply.refusal != refusal || !str_equal(reply.text, str_from(text)))
		fail_msg("%s: %.*s", line, STR_ARG(reply.text));
}

static void
assert_takes(const char *line, const char *path, uint64_t size,
    const char *mime, const char *token)
{
	struct request request;
	struct reply reply;
	struct buf out;

	if (ask(line, STR(""), &request, &reply) != OK)
		fail_msg("%s: %.*s", line, STR_ARG(reply.text));
	assert_ptr_equal(request.protocol, &wire_gemini.protocol);
	assert_false(request.edit);
	assert_false(request.has_input);
	assert_non_null(request.upload);
	assert_int_equal(request.upload->size, size);
	assert_int_equal(request.upload->awaited, size > 0);
	assert_str(request.upload->body, "");
	assert_str(request.upload->mime, mime);
	assert_str(request.upload->token, token);
	buf_init(&out, OUT_MAX);
	path_add(&out, &request.path);
	assert_str(buf_view(&out), path);
	buf_release(&out);
}

#define OURS "titan://portal.example:1967"

/* The lines that clients send: Lagrange's, gmid's. */
static void
parameters_stand_in_any_order(void **state)
{
	(void)state;
	assert_takes(
	    OURS "/n/5;mime=text/plain;size=11", "/n/5", 11, "text/plain", "");
	assert_takes(OURS "/up;size=24;token=tok;mime=text/plain", "/up", 24,
	    "text/plain", "tok");
	assert_takes(OURS "/a;token=x;size=1", "/a", 1, "", "x");
	assert_takes(OURS "/;size=1", "/", 1, "", "");
	assert_takes("TITAN://Portal.Example.:1967/a;size=1", "/a", 1, "", "");
	/* Without a port the port is ours, whichever it is. */
	assert_takes("titan://portal.example/a;size=1", "/a", 1, "", "");
	assert_takes("titan://first.example:1966/a;size=1", "/a", 1, "", "");
}

static void
values_are_decoded_once(void **state)
{
	(void)state;
	assert_takes(OURS "/a;mime=text%2Fplain%3B%20charset%3Dutf-8;size=3",
	    "/a", 3, "text/plain; charset=utf-8", "");
	assert_takes(OURS "/a;size=3;token=a%2541%3B%E6%A0%87+b", "/a", 3, "",
	    "a%41;\xE6\xA0\x87+b");
	assert_takes(OURS "/a%3Bb;size=3", "/a%3Bb", 3, "", "");
	assert_takes(OURS "/a;mime=;size=3", "/a", 3, "", "");
	assert_takes(OURS "/a;size=0", "/a", 0, "", "");
	assert_takes(
	    OURS "/a;size=9223372036854775807", "/a", INT64_MAX, "", "");
}

static void
wrong_parameters_are_refused(void **state)
{
	static const char *const ends[] = {"", ";", ";size",
	    ";size=", ";size=-1", ";size=+1", ";size=1a", ";size=0x10",
	    ";size=01", ";size=%31", ";size= 1", ";size=9223372036854775808",
	    ";size=18446744073709551616", ";size=99999999999999999999",
	    ";size=1;size=1", ";size=1;size=2", ";size=1;mime=a/b;mime=a/b",
	    ";size=1;token=a;token=a", ";size=1;token=;token=", ";mime=a/b",
	    ";token=x", ";size=1;", ";;size=1", ";size=1;revision=4",
	    ";size=1;edit", ";edit;size=1", ";edit;token=x", ";edit;edit",
	    ";edit=", ";edit=1", ";edit;", ";Size=1",
	    ";size=1;=", ";size=1;mime=x", ";size=1;mime=text/plain%0D%0A",
	    ";size=1;token=a%00b", ";size=1;token=%0A", ";size=1;token=%7F",
	    ";size=1;token=%FF", ";size=1;mime=text/%00"};
	char line[128];

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		snprintf(line, sizeof(line), "%s/a%s", OURS, ends[i]);
		if (strchr(ends[i], ' ') != NULL)
			assert_refuses(
			    line, REFUSAL_BAD, "Bad request: blank in the URL");
		else
			assert_refuses(line, REFUSAL_BAD,
			    "Bad request: parameters of the upload");
	}
	/* As anywhere in a URL. */
	assert_refuses(OURS "/a;size=1;token=%zz", REFUSAL_BAD,
	    "Bad request: malformed URL");
}

static void
wrong_addresses_are_refused(void **state)
{
	(void)state;
	assert_refuses("titan://portal.example:1965/a;size=1", REFUSAL_FOREIGN,
	    "Not served here: port; use gemini://portal.example:1967/");
	assert_refuses("titan://else.example/a;size=1", REFUSAL_FOREIGN,
	    "Not served here: host; use gemini://portal.example:1967/");
	assert_refuses("titan://u@portal.example/a;size=1", REFUSAL_BAD,
	    "Bad request: user name in URL");
	assert_refuses(
	    OURS "/a;size=1#x", REFUSAL_BAD, "Bad request: fragment in URL");
	assert_refuses(
	    OURS "/a;size=1?x", REFUSAL_BAD, "Bad request: data and a query");
	assert_refuses(
	    OURS "/a;edit?", REFUSAL_BAD, "Bad request: data and a query");
	assert_refuses(OURS "/a/../b;size=1", REFUSAL_BAD, "Bad request: path");
	assert_refuses(OURS "/a%00;size=1", REFUSAL_BAD,
	    "Bad request: control character U+0000 (NUL) in the path");
}

static void
a_text_to_edit_is_asked_for(void **state)
{
	struct request request;
	struct reply reply;

	(void)state;
	assert_int_equal(ask(OURS "/n/5;edit", STR(""), &request, &reply), OK);
	assert_true(request.edit);
	assert_null(request.upload);
	assert_int_equal(request.path.count, 2);
}

static void
a_whole_body_is_not_awaited(void **state)
{
	struct request request;
	struct reply reply;

	(void)state;
	assert_int_equal(
	    ask(OURS "/a;size=3", STR("abc"), &request, &reply), OK);
	assert_false(request.upload->awaited);
	assert_str(request.upload->body, "abc");
}

static void
assert_replies(
    const struct wire_host *host, const struct reply *reply, const char *wanted)
{
	const struct request request = {
	    .arena = arena, .protocol = &wire_gemini.protocol};
	struct buf out;

	buf_init(&out, OUT_MAX);
	wire_titan.reply(&out, &request, reply, host);
	assert_int_equal(out.err, OK);
	assert_str(buf_view(&out), wanted);
	buf_release(&out);
}

/* A relative one would lead a client to an upload again. */
static void
redirects_lead_to_gemini(void **state)
{
	struct wire_host usual = ours;
	struct reply reply = {.type = REPLY_REDIRECT,
	    .permanent = true,
	    .text = STR("/n/5?\xE6\xA0\x87")};

	(void)state;
	assert_replies(
	    &ours, &reply, "30 gemini://portal.example:1967/n/5?%E6%A0%87\r\n");
	usual.services.item[0].port = 1965;
	assert_replies(
	    &usual, &reply, "30 gemini://portal.example/n/5?%E6%A0%87\r\n");
	reply.text = STR("gemini://first.example/x");
	reply.permanent = false;
	assert_replies(&ours, &reply, "30 gemini://first.example/x\r\n");
	reply_refuse(&reply, REFUSAL_NEEDS_CERT, STR("Who?"));
	assert_replies(&ours, &reply, "60 Who?\r\n");
}

static void
a_line_tells_its_protocol(void **state)
{
	const struct str line = STR("TITAN://x/;size=1");
	struct wire_host off = ours;

	(void)state;
	off.uploads = false;
	assert_ptr_equal(wire_of_line(&wire_gemini, &ours, line), &wire_titan);
	assert_ptr_equal(wire_of_line(&wire_gemini, &off, line), &wire_gemini);
	assert_ptr_equal(wire_of_line(&wire_gopher, &ours, line), &wire_gopher);
	assert_ptr_equal(wire_of_line(&wire_gemini, &ours, STR("titanic://x/")),
	    &wire_gemini);
	assert_ptr_equal(
	    wire_of_line(&wire_gemini, &ours, STR("titan")), &wire_titan);
}

static void
each_protocol_has_a_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < wire_count; i++)
		assert_int_equal(wire_number(wires[i]), i);
	assert_int_equal(wire_number(&wire_titan), wire_count);
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

/* Behind which lines a body may follow that is not waited for. */
static void
a_line_tells_of_its_body(void **state)
{
	static const struct {
		const struct wire *wire;
		const char *line;
		bool has_body;
	} cases[] = {{&wire_titan, "titan://h/a;size=3", true},
	    {&wire_titan, "titan://h/a;mime=text/plain;size=30;token=x", true},
	    {&wire_titan, "titan://h/a;size=x", true},
	    {&wire_titan, "titan://h/a;size=0", false},
	    {&wire_titan, "titan://h/a;token=x;size=0;mime=a/b", false},
	    {&wire_titan, "titan://h/a;edit", false},
	    {&wire_spartan, "h /a 16385", true},
	    {&wire_spartan, "h /a 16384", false},
	    {&wire_spartan, "h /a 0", false}, {&wire_spartan, "h /a x", false},
	    {&wire_gemini, "gemini://h/a;size=3", false},
	    {&wire_gopher, "/a;size=3", false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct wire_line line = {
		    str_from(cases[i].line), STR(""), STR("")};

		if (wire_has_body(cases[i].wire, &line) != cases[i].has_body)
			fail_msg("%s", cases[i].line);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parameters_stand_in_any_order),
	    cmocka_unit_test(values_are_decoded_once),
	    cmocka_unit_test(wrong_parameters_are_refused),
	    cmocka_unit_test(wrong_addresses_are_refused),
	    cmocka_unit_test(a_text_to_edit_is_asked_for),
	    cmocka_unit_test(a_whole_body_is_not_awaited),
	    cmocka_unit_test(redirects_lead_to_gemini),
	    cmocka_unit_test(a_line_tells_its_protocol),
	    cmocka_unit_test(each_protocol_has_a_number),
	    cmocka_unit_test(a_line_tells_of_its_body),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
