/* SPDX-License-Identifier: ISC */
/*
 * Gemini at the level of lines: which are refused and with which code, what a
 * request is made of, and that no reply can write a second header line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <regex.h>

#include "wire/wire.h"

static struct arena *arena;

enum { META_MAX = 1024 };

static const struct wire_host ours = {.host = {"portal.example", 14},
    .services = {
	.item = {{&wire_gemini.protocol, 1965}, {&wire_gopher.protocol, 70}},
	.count = 2}};

/* The first two bytes of the answer, or "ok" if the site would be asked. */
static const char *
code_with(struct str line, struct str sni, const struct wire_host *host,
    struct request *request)
{
	static char code[3];
	const struct wire_line in = {.text = line, .sni = sni};
	struct reply reply = {.file = -1};
	struct buf out;
	enum err err;

	*request = (struct request){.arena = arena};
	err = wire_gemini.request(&in, host, request, &reply);
	if (err == OK)
		return "ok";
	assert_int_equal(err, ERR_INPUT);
	assert_int_equal(request->path.count, 0);
	buf_init(&out, 4096);
	wire_gemini.reply(&out, request, &reply, host);
	assert_int_equal(out.err, OK);
	memcpy(code, out.data, 2);
	buf_release(&out);
	return code;
}

static const char *
code_of(struct str line)
{
	struct request request;

	return code_with(line, STR("portal.example"), &ours, &request);
}

static void
assert_str(struct str s, const char *text)
{
	assert_int_equal(s.len, strlen(text));
	if (s.len > 0)
		assert_memory_equal(s.data, text, s.len);
}

struct vector {
	const char *line, *code;
};

static void
assert_vectors(const struct vector *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *code = code_of(str_from(v[i].line));
		if (strcmp(code, v[i].code) != 0)
			fail_msg("%s: %s, not %s", v[i].line, code, v[i].code);
	}
}

#define ASSERT_VECTORS(v) assert_vectors(v, sizeof(v) / sizeof(*(v)))

static void
malformed_urls_are_refused(void **state)
{
	static const struct vector bad[] = {{"", "59"}, {"/", "59"},
	    {"//portal.example/", "59"}, {"Hello", "59"}, {"mailto:x@y", "59"},
	    {"gemini:/x", "59"}, {"gemini:portal.example", "59"},
	    {"://portal.example/", "59"}, {"1gemini://portal.example/", "59"},
	    {"ge_mini://portal.example/", "59"},
	    {"gemini://portal.example/a b", "59"},
	    {" gemini://portal.example/", "59"},
	    {"gemini://portal.example/\t", "59"},
	    {"gemini://portal.example/a\nb", "59"},
	    {"gemini://portal.example/a\rb", "59"},
	    {"gemini://portal.example/\x7f", "59"},
	    {"gemini://portal.example/\x1b[2J", "59"},
	    {"\xEF\xBB\xBFgemini://portal.example/", "59"},
	    {"gemini://portal.example/\xDC", "59"},
	    {"gemini://portal.example/\xED\xA0\x80", "59"},
	    {"gemini://portal.example/#x", "59"},
	    {"gemini://portal.example/#", "59"},
	    {"gemini://portal.example#x", "59"},
	    {"gemini://u@portal.example/", "59"},
	    {"gemini://:p@portal.example/", "59"},
	    {"gemini://@portal.example/", "59"}, {"gemini:///", "59"},
	    {"gemini://", "59"}, {"gemini://:1965/", "59"},
	    {"gemini://%/", "59"}, {"gemini://portal.example:x/", "59"},
	    {"gemini://portal.example:65536/", "59"},
	    {"gemini://portal.example:-1/", "59"},
	    {"gemini://portal.example:99999999999999999999/", "59"},
	    {"gemini://[::1/", "59"}, {"gemini://[zz]/", "59"},
	    {"gemini://::1/", "59"}, {"gemini://portal.example/%zz", "59"},
	    {"gemini://portal.example/%4", "59"},
	    {"gemini://portal.example/?%", "59"},
	    {"gemini://portal.example/\"", "59"},
	    {"gemini://portal.example/<", "59"},
	    {"gemini://portal.example/>", "59"},
	    {"gemini://portal.example/\\", "59"},
	    {"gemini://portal.example/^", "59"},
	    {"gemini://portal.example/{", "59"},
	    {"gemini://portal.example/}", "59"},
	    {"gemini://portal.example/|", "59"},
	    {"gemini://portal.example/`", "59"}, {"GET / HTTP/1.1", "59"},
	    {"POST / HTTP/1.1", "59"},
	    {"gemini://\xE6\xB5\x8B.example/", "59"}};

	(void)state;
	ASSERT_VECTORS(bad);
	assert_string_equal(code_of(STR("gemini://portal.example/a\0b")), "59");
}

static void
other_hosts_and_schemes_are_refused(void **state)
{
	static const struct vector away[] = {{"http://portal.example/", "53"},
	    {"https://portal.example/", "53"},
	    {"gopher://portal.example/", "53"},
	    {"gemini2://portal.example/", "53"},
	    {"gemini://wikipedia.org/", "53"},
	    {"gemini://portal.example.evil.example/", "53"},
	    {"gemini://evil.portal.example/", "53"},
	    {"gemini://portal.example../", "53"},
	    {"gemini://portal.example:443/", "53"},
	    {"gemini://portal.example:0/", "53"},
	    {"gemini://%70ortal.example/", "53"}, {"gemini://127.0.0.1/", "53"},
	    {"gemini://[::1]/", "53"}};

	(void)state;
	ASSERT_VECTORS(away);
}

static void
paths_that_climb_or_hide_are_refused(void **state)
{
	static const struct vector vectors[] = {
	    {"gemini://portal.example/../etc/passwd", "59"},
	    {"gemini://portal.example/a/..", "59"},
	    {"gemini://portal.example/./", "59"},
	    {"gemini://portal.example/%2e%2e/", "59"},
	    {"gemini://portal.example/.%2E/", "59"},
	    {"gemini://portal.example/%2e", "59"},
	    {"gemini://portal.example/a%00b", "59"},
	    {"gemini://portal.example/a%0d%0a20%20text/gemini", "59"},
	    {"gemini://portal.example/%7f", "59"},
	    {"gemini://portal.example/%C2%85", "59"},
	    {"gemini://portal.example/%c0%ae/", "59"},
	    {"gemini://portal.example/%ff", "59"},
	    {"gemini://portal.example/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/"
	     "s/t/u/v/w/x/y/z",
		"51"},
	    {"gemini://portal.example/...", "ok"},
	    {"gemini://portal.example/%252e%252e/", "ok"},
	    {"gemini://portal.example//", "ok"},
	    {"gemini://portal.example/a%2Fb", "ok"},
	    {"gemini://portal.example/[x]", "ok"},
	    {"gemini://portal.example", "ok"},
	    {"GEMINI://Portal.Example:1965", "ok"},
	    {"gemini://portal.example:/", "ok"},
	    {"gemini://portal.example:01965/", "ok"},
	    {"gemini://portal.example./", "ok"}};

	(void)state;
	ASSERT_VECTORS(vectors);
}

static void
paths_are_decoded_once(void **state)
{
	struct request r;
	const struct str sni = STR("PORTAL.example.");

	(void)state;
	assert_string_equal(code_with(STR("gemini://portal.example/a%2Fb/"
					  "%E6%A0%87\xE5\x87\x86/%252e?x"),
				sni, &ours, &r),
	    "ok");
	assert_int_equal(r.path.count, 3);
	assert_str(r.path.segment[0], "a/b");
	assert_str(r.path.segment[1], "标准");
	assert_str(r.path.segment[2], "%2e");
	assert_false(r.path.folder);
	assert_string_equal(
	    code_with(STR("gemini://portal.example?x"), sni, &ours, &r), "ok");
	assert_int_equal(r.path.count, 0);
	assert_true(r.path.folder);
	assert_true(r.has_input);
}

/* What stands behind "?", and what becomes of it; NULL: refused. */
static void
assert_input(const char *raw, const char *input)
{
	struct request r;
	struct str line =
	    arena_printf(arena, "gemini://portal.example/x%s", raw);
	const char *code = code_with(line, STR(""), &ours, &r);

	if (input == NULL) {
		assert_string_equal(code, "59");
		return;
	}
	assert_string_equal(code, "ok");
	assert_true(r.has_input);
	assert_str(r.input, input);
	assert_str(r.query, raw + 1);
}

static void
input_is_decoded_and_checked(void **state)
{
	struct request r;

	(void)state;
	assert_string_equal(
	    code_with(STR("gemini://portal.example/x"), STR(""), &ours, &r),
	    "ok");
	assert_false(r.has_input);
	assert_str(r.input, "");
	assert_input("?", "");
	assert_input("?a+b%20c", "a+b c");
	assert_input("?a=1&b=2", "a=1&b=2");
	assert_input("?one%0Atwo%0D%0Athree", "one\ntwo\nthree");
	assert_input("?%25%32%30", "%20");
	assert_input("?\xE6\xA0\x87%E5%87%86", "标准");
	assert_input("?a?b/c", "a?b/c");
	assert_input("?%00", NULL);
	assert_input("?%1B%5B2J", NULL);
	assert_input("?%C2%9B", NULL);
	/* What one client sends for every Chinese byte. */
	assert_input("?%ff%ff%ff", NULL);
}

/* What spreadsheets, word processors and web pages put on a clipboard. */
static void
pasted_text_is_normalised(void **state)
{
	(void)state;
	assert_input("?a%09b", "a\tb");
	assert_input("?%09", "\t");
	assert_input("?a%09b%0D%0Ac%09d%0D%0A", "a\tb\nc\td\n");
	assert_input("?a%0Db%0D", "a\nb\n");
	assert_input("?a%0D%0D%0A", "a\n\n");
	assert_input("?a%0Bb%0Cc", "a\nb\nc");
	assert_input("?a%C2%85b%E2%80%A8c%E2%80%A9d", "a\nb\nc\nd");
	assert_input("?a%C2%A0b%E3%80%80c",
	    "a\xc2\xa0"
	    "b\xe3\x80\x80"
	    "c");
	assert_input("?%EF%BB%BFa%E2%80%8Bb%E2%81%A0",
	    "\xEF\xBB\xBF"
	    "a\xE2\x80\x8B"
	    "b\xE2\x81\xA0");
}

/* What the header of a refusal says. */
static void
assert_refused_as(struct str line, const char *meta)
{
	const struct wire_line in = {.text = line};
	struct request request = {.arena = arena};
	struct reply reply = {.file = -1};
	struct buf out;

	assert_int_equal(
	    wire_gemini.request(&in, &ours, &request, &reply), ERR_INPUT);
	buf_init(&out, 4096);
	wire_gemini.reply(&out, &request, &reply, &ours);
	if (!str_starts(buf_view(&out), str_from(meta)))
		fail_msg("%.*s\nnot %s", STR_ARG(buf_view(&out)), meta);
	buf_release(&out);
}

/* Whoever meets one must know which to look for. */
static void
controls_are_named(void **state)
{
	static const struct {
		const char *address, *meta;
	} cases[] = {{"?a%07", "U+0007 (BEL) in the input"},
	    {"?%00", "U+0000 (NUL) in the input"},
	    {"?ab%08", "U+0008 (BS) in the input"},
	    {"?%1B%5B2J", "U+001B (ESC) in the input"},
	    {"?%1f", "U+001F (US) in the input"},
	    {"?a%09%7F", "U+007F (DEL) in the input"},
	    {"?%C2%9B1m", "U+009B in the input"},
	    {"a%00b", "U+0000 (NUL) in the path"},
	    {"%7f", "U+007F (DEL) in the path"},
	    {"a%09b", "U+0009 (TAB) in the path"},
	    {"a\tb", "U+0009 (TAB) in the URL"},
	    {"\x1b[2J", "U+001B (ESC) in the URL"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str line = arena_printf(
		    arena, "gemini://portal.example/%s", cases[i].address);
		struct str meta = arena_printf(arena,
		    "59 Bad request: control character %s", cases[i].meta);
		assert_refused_as(line, meta.data);
	}
	assert_refused_as(STR("gemini://portal.example/?%ff"),
	    "59 Bad request: input is not UTF-8");
	assert_refused_as(STR("gemini://portal.example/%ff"),
	    "59 Bad request: path is not UTF-8");
	assert_refused_as(STR("gemini://portal.example/a b"),
	    "59 Bad request: blank in the URL");
	assert_refused_as(
	    STR("gemini://portal.example/../x"), "59 Bad request: path");
}

static void
a_line_at_its_limit_is_whole(void **state)
{
	struct wire_line line;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	buf_text(&b, "gemini://portal.example/");
	while (b.len < wire_gemini.protocol.line_max)
		buf_char(&b, '0');
	assert_string_equal(code_of(buf_view(&b)), "ok");
	buf_text(&b, "\r\nGARBAGE");
	assert_int_equal(
	    wire_find_line(&wire_gemini, buf_view(&b), false, &line),
	    WIRE_WHOLE);
	assert_int_equal(line.text.len, wire_gemini.protocol.line_max);
	b.len = wire_gemini.protocol.line_max;
	buf_text(&b, "0\r\n");
	assert_int_equal(
	    wire_find_line(&wire_gemini, buf_view(&b), false, &line),
	    WIRE_LONG);
	/* Without the LF, which a receiver of 1026 bytes has not seen. */
	b.len--;
	assert_int_equal(b.len, wire_receive_max(&wire_gemini));
	assert_int_equal(
	    wire_find_line(&wire_gemini, buf_view(&b), false, &line),
	    WIRE_LONG);
	buf_release(&b);
}

static void
only_cr_lf_ends_a_line(void **state)
{
	static const struct {
		const char *received;
		bool at_end;
		enum wire_progress progress;
	} cases[] = {{"", false, WIRE_PARTIAL}, {"", true, WIRE_SILENT},
	    {"gemini://x/", false, WIRE_PARTIAL},
	    {"gemini://x/", true, WIRE_CUT},
	    {"gemini://x/\n", false, WIRE_PARTIAL},
	    {"gemini://x/\n", true, WIRE_CUT},
	    {"gemini://x/\r", false, WIRE_PARTIAL},
	    {"gemini://x/\r\r\n", false, WIRE_WHOLE},
	    {"\r\n", false, WIRE_WHOLE}};
	struct wire_line line;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(
		    wire_find_line(&wire_gemini, str_from(cases[i].received),
			cases[i].at_end, &line),
		    cases[i].progress);
}

static void
the_server_name_needs_to_be_ours(void **state)
{
	const struct wire_host v6 = {.host = STR("[::1]"),
	    .services = {.item = {{&wire_gemini.protocol, 11965}}, .count = 1}};
	const struct str line = STR("gemini://portal.example/");
	struct request r;

	(void)state;
	assert_string_equal(code_with(line, STR(""), &ours, &r), "ok");
	assert_string_equal(
	    code_with(line, STR("Portal.Example"), &ours, &r), "ok");
	assert_string_equal(
	    code_with(line, STR("other.example"), &ours, &r), "53");
	assert_string_equal(
	    code_with(STR("gemini://[::1]:11965/"), STR(""), &v6, &r), "ok");
	assert_string_equal(
	    code_with(STR("gemini://[::1]/"), STR(""), &v6, &r), "53");
}

/* ---- replies -------------------------------------------------------- */

static void
assert_header(const struct reply *reply, const char *expected)
{
	static const char pattern[] =
	    "^(10|11|20|30|31|40|41|42|43|44|50|51|52|53|59|60|61|62) "
	    "[^\x01-\x1F\x7F ][^\x01-\x1F\x7F]*\r\n$";
	struct buf out;
	regex_t regex;

	buf_init(&out, 8192);
	wire_gemini.reply(&out, NULL, reply, &ours);
	assert_int_equal(out.err, OK);
	assert_true(out.len <= 3 + META_MAX + 2);
	assert_true((unsigned char)out.data[3] < 0x80);
	assert_null(memchr(out.data, '\0', out.len));
	if (expected != NULL)
		assert_str(buf_view(&out), expected);
	buf_char(&out, '\0');
	assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	if (regexec(&regex, out.data, 0, NULL, 0) != 0)
		fail_msg("bad header: %s", out.data);
	regfree(&regex);
	buf_release(&out);
}

static void
hostile_headers_stay_one_line(void **state)
{
	struct reply r = {.type = REPLY_BLOCKS, .language = STR("zh-Hans")};

	(void)state;
	assert_header(&r, "20 text/gemini; charset=utf-8; lang=zh-Hans\r\n");
	r.language = STR("zh\r\n20 x");
	assert_header(&r, "20 text/gemini; charset=utf-8\r\n");
	r = (struct reply){.type = REPLY_FILE, .mime = STR("image/png")};
	assert_header(&r, "20 image/png\r\n");
	r.mime = STR("");
	assert_header(&r, "20 application/octet-stream\r\n");
	r.mime = STR("text/plain\r\n51 x");
	assert_header(&r, "20 application/octet-stream\r\n");
	r = (struct reply){.type = REPLY_PROMPT, .text = STR("Search 请输入")};
	assert_header(&r, "10 Search 请输入\r\n");
	r.text = STR("请输入");
	r.secret = true;
	assert_header(&r, "11 Input 请输入\r\n");
	r.text = STR("  \r\n ");
	assert_header(&r, "11 Input\r\n");
	r = (struct reply){.type = REPLY_REFUSAL, .refusal = REFUSAL_MISSING};
	assert_header(&r, "51 Not found\r\n");
	r.text = STR("没有");
	assert_header(&r, "51 Not found 没有\r\n");
	r.text = STR("x\r\n20 text/gemini\r\n\x1b[2J\xff");
	assert_header(&r, "51 x 20 text/gemini [2J\xEF\xBF\xBD\r\n");
}

static void
a_redirect_needs_a_usable_address(void **state)
{
	struct reply r = {.type = REPLY_REDIRECT, .text = STR("/a/b?c")};
	char longest[META_MAX + 1];

	(void)state;
	assert_header(&r, "30 /a/b?c\r\n");
	r.permanent = true;
	assert_header(&r, "31 /a/b?c\r\n");
	r.text = STR("/标");
	assert_header(&r, "31 /%E6%A0%87\r\n");
	r.text = STR("gemini://portal.example/x");
	assert_header(&r, "31 gemini://portal.example/x\r\n");
	memset(longest, 'a', sizeof(longest));
	longest[0] = '/';
	r.text = (struct str){longest, META_MAX};
	assert_header(&r, NULL);
	r.text.len++;
	assert_header(&r, "50 Redirect to no usable address\r\n");
	r.text = STR("");
	assert_header(&r, "50 Redirect to no usable address\r\n");
	/* A path never leads to another host; a whole URL may. */
	r.text = STR("//evil.example/");
	assert_header(&r, "50 Redirect to no usable address\r\n");
	r.text = STR("//");
	assert_header(&r, "50 Redirect to no usable address\r\n");
	r.text = STR("gemini://primary.example//x");
	assert_header(&r, "31 gemini://primary.example//x\r\n");
	r.text = STR("/x\r\n20 y");
	assert_header(&r, "50 Redirect to no usable address\r\n");
}

static void
each_refusal_has_its_status(void **state)
{
	static const struct {
		enum refusal kind;
		const char *code;
	} all[] = {{REFUSAL_MISSING, "51"}, {REFUSAL_GONE, "52"},
	    {REFUSAL_BAD, "59"}, {REFUSAL_FOREIGN, "53"},
	    {REFUSAL_FORBIDDEN, "61"}, {REFUSAL_NEEDS_CERT, "60"},
	    {REFUSAL_BAD_CERT, "62"}, {REFUSAL_BUSY, "44"},
	    {REFUSAL_DOWN, "41"}, {REFUSAL_BROKEN, "40"}};
	static const struct {
		unsigned wait_s;
		const char *header;
	} waits[] = {{0, "44 10\r\n"}, {1, "44 1\r\n"}, {60, "44 60\r\n"},
	    {4000000000U, "44 3600\r\n"}};
	static char hostile[8192];

	struct reply own = {.type = REPLY_REFUSAL,
	    .refusal = REFUSAL_BUSY,
	    .deliberate = true,
	    .wait_s = 10,
	    .text = STR("已有 3 条")};

	(void)state;
	/* A page's own words reach the reader. */
	assert_header(&own, "40 Busy 已有 3 条\r\n");
	own.text = STR("");
	own.wait_s = 45;
	assert_header(&own, "44 45\r\n");
	for (size_t i = 0; i < sizeof(hostile); i++)
		hostile[i] = (char)(i % 256);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct reply r = {
		    .type = REPLY_REFUSAL, .refusal = all[i].kind};
		struct buf out;
		assert_header(&r, NULL);
		for (size_t from = 0; from < 256; from++) {
			r.text = (struct str){
			    hostile + from, sizeof(hostile) - from};
			assert_header(&r, NULL);
		}
		buf_init(&out, 8192);
		wire_gemini.reply(&out, NULL, &r, &ours);
		assert_memory_equal(out.data, all[i].code, 2);
		buf_release(&out);
	}
	for (size_t i = 0; i < sizeof(waits) / sizeof(*waits); i++) {
		struct reply r = {.type = REPLY_REFUSAL,
		    .refusal = REFUSAL_BUSY,
		    .text = STR("a sentence"),
		    .wait_s = waits[i].wait_s};
		assert_header(&r, waits[i].header);
	}
}

static void
a_body_follows_status_20_alone(void **state)
{
	const struct request request = {.arena = arena};
	struct reply r = {.type = REPLY_BLOCKS, .language = STR("en")};
	struct buf out;

	(void)state;
	buf_init(&out, 8192);
	blocks_init(&r.blocks, arena, 1024);
	blocks_heading(&r.blocks, 1, STR("A"));
	wire_gemini.reply(&out, &request, &r, &ours);
	assert_str(
	    buf_view(&out), "20 text/gemini; charset=utf-8; lang=en\r\n# A\n");
	buf_clear(&out);
	r = (struct reply){.type = REPLY_BYTES,
	    .mime = STR("text/plain"),
	    .bytes = STR("x\r\n")};
	wire_gemini.reply(&out, &request, &r, &ours);
	assert_str(buf_view(&out), "20 text/plain\r\nx\r\n");
	buf_clear(&out);
	/* Nothing follows any other header. */
	r = (struct reply){.type = REPLY_REFUSAL,
	    .refusal = REFUSAL_GONE,
	    .text = STR("Gone"),
	    .bytes = STR("body")};
	wire_gemini.reply(&out, &request, &r, &ours);
	assert_str(buf_view(&out), "52 Gone\r\n");
	buf_release(&out);
}

static int
tear_down(void **state)
{
	(void)state;
	arena_clear(arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(malformed_urls_are_refused),
	    cmocka_unit_test(other_hosts_and_schemes_are_refused),
	    cmocka_unit_test(paths_that_climb_or_hide_are_refused),
	    cmocka_unit_test(paths_are_decoded_once),
	    cmocka_unit_test(input_is_decoded_and_checked),
	    cmocka_unit_test(pasted_text_is_normalised),
	    cmocka_unit_test(controls_are_named),
	    cmocka_unit_test(a_line_at_its_limit_is_whole),
	    cmocka_unit_test(only_cr_lf_ends_a_line),
	    cmocka_unit_test(the_server_name_needs_to_be_ours),
	    cmocka_unit_test(hostile_headers_stay_one_line),
	    cmocka_unit_test(a_redirect_needs_a_usable_address),
	    cmocka_unit_test(each_refusal_has_its_status),
	    cmocka_unit_test_teardown(
		a_body_follows_status_20_alone, tear_down)};
	int failed;

	arena = arena_new(4 * 1024 * 1024);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(arena);
	return failed;
}
