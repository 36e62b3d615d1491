/* SPDX-License-Identifier: ISC */
/*
 * What an upload is, whatever it says: by libmagic in a child. Files that
 * break whoever reads them, and readers that break.
 */
#include "page_fixture.h"

#include "page/run/sniff.h"

/* ---- types --------------------------------------------------------- */

struct look {
	struct sniffer *sniffer;
	struct arena *arena;
};

static int
set_up(void **state)
{
	static struct look look;

	look.arena = arena_new(1024 * 1024);
	*state = &look;
	return look.arena == NULL || sniffer_open(&look.sniffer) != OK;
}

static int
tear_down(void **state)
{
	struct look *look = *state;

	sniffer_close(look->sniffer);
	arena_free(look->arena);
	return 0;
}

static void
is_seen_as(struct look *look, struct str bytes, const char *type)
{
	struct str seen = STR("");

	assert_int_equal(sniff(look->sniffer, look->arena, bytes, &seen), OK);
	assert_int_equal(seen.len, strlen(type));
	assert_memory_equal(seen.data, type, seen.len);
	arena_clear(look->arena);
}

#define PNG "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0"
#define ELF                                                                    \
	"\x7f"                                                                 \
	"ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\x3e\0\1\0\0\0\0\0\0\0\0\0\0\0"        \
	"\x40\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\x38\0\0\0\x40\0\0\0" \
	"\0\0"

static void
bytes_have_types(void **state)
{
	struct look *look = *state;

	is_seen_as(look, STR("# A heading\nWords.\n"), "text/plain");
	is_seen_as(look, STR("# 标题\n正文。\n"), "text/plain");
	/* Numbers of standards begin as other formats do. */
	is_seen_as(look,
	    STR("MZ/T 039-2013 老年人能力评估\n=> /standard/MZ-T-039 页面\n"),
	    "text/plain");
	is_seen_as(look, STR(PNG), "image/png");
	is_seen_as(look, STR("%PDF-1.7\n# Heading\n"), "application/pdf");
	is_seen_as(look, STR("{\"a\": 1}\n"), "text/plain");
	is_seen_as(look, STR("\xde\xc0\x17\x9a\x00\x84\xf7\x02"),
	    "application/octet-stream");
	is_seen_as(look, STR(ELF), "application/x-executable");
}

/* No more than the first 64 KiB are given to it. */
static void
the_front_is_enough(void **state)
{
	struct look *look = *state;
	size_t len = 4 * SNIFF_BYTES;
	char *bytes = malloc(len);

	assert_non_null(bytes);
	memset(bytes, 'a', len);
	memset(bytes + SNIFF_BYTES, '\0', len - SNIFF_BYTES);
	is_seen_as(look, (struct str){bytes, len}, "text/plain");
	free(bytes);
}

static void
types_that_are_said_and_seen_are_compared(void **state)
{
	static const struct {
		const char *said, *seen;
		bool agree;
	} cases[] = {
	    {"text/gemini", "text/plain", true},
	    {"text/gemini; charset=utf-8", "text/html", true},
	    {"TEXT/Gemini", "text/plain", true},
	    {"text/plain", "message/rfc822", true},
	    {"text/gemini", "application/pdf", false},
	    {"text/gemini", "application/zip", false},
	    {"text/gemini", "application/x-executable", false},
	    {"text/gemini", "application/octet-stream", false},
	    {"image/png", "image/png", true},
	    {"image/png", "image/jpeg", false},
	    {"image/png", "text/plain", false},
	    {"application/gzip", "application/x-gzip", true},
	    {"application/gzip", "application/zip", false},
	    {"application/epub+zip", "application/epub+zip", true},
	    {"application/epub+zip", "application/zip", true},
	    {"application/vnd.openxmlformats-officedocument."
	     "wordprocessingml.document",
		"application/zip", true},
	    {"application/atom+xml", "text/xml", true},
	    {"application/json", "text/plain", true},
	    {"image/svg+xml", "text/html", true},
	    {"image/svg+xml", "image/png", false},
	    {"application/octet-stream", "application/octet-stream", true},
	    {"application/octet-stream", "text/plain", false},
	    {"", "text/plain", false},
	    {"text", "text/plain", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (sniff_agrees(str_from(cases[i].said),
			str_from(cases[i].seen)) != cases[i].agree)
			fail_msg("%s that looks like %s", cases[i].said,
			    cases[i].seen);
}

/* ---- looks that lie, die or hang ------------------------------------ */

static void
say(void *context, struct str bytes, struct buf *answer)
{
	(void)bytes;
	buf_text(answer, context);
}

static void
die(void *context, struct str bytes, struct buf *answer)
{
	(void)context;
	(void)bytes;
	(void)answer;
	_exit(77);
}

static void
the_child_is_not_believed(void **state)
{
	static char lies[][64] = {"text/plain\r\n20 text/gemini",
	    "text/plain; charset=x", "TEXT/PLAIN", "text", "/plain", "text/",
	    "text/a/b", "text/\x1b[2J", "", "cannot open `x'",
	    "text/\xe6\x96\x87"};
	struct look *look = *state;
	struct str seen;

	for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		const struct isolate_work work = {say, lies[i]};

		assert_int_equal(
		    sniff_by(&work, look->arena, STR("x"), &seen), OK);
		assert_true(str_equal(seen, STR("application/octet-stream")));
	}
	assert_int_equal(sniff_by(&(struct isolate_work){die, NULL},
			     look->arena, STR("x"), &seen),
	    ERR_INPUT);
}

/* ---- uploads ------------------------------------------------------- */

static const char *
upload(struct fixture *f, struct str body, const char *mime)
{
	struct upload sent = {.body = body, .mime = str_from(mime)};
	struct request request = {.protocol = PROTOCOL_GEMINI, .upload = &sent};

	assert_int_equal(path_parse(f->arena, STR("/up"), &request.path), OK);
	return fixture_request(f, &request);
}

static void
write_page(struct fixture *f)
{
	fixture_write(f, "pages/up.gmi",
	    "% cert Who?\n"
	    "% upload 100000 text/gemini image/png application/zip\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('up', :mime)\n"
	    "% one SELECT count(*) AS n FROM book WHERE shelf = 'up'\n"
	    "taken: {n}\n");
	fixture_good(f);
	f->has_cert = true;
}

static void
uploads_are_what_they_say(void **state)
{
	struct fixture *f = *state;

	write_page(f);
	assert_string_equal(upload(f, STR("# Title\n"), ""), "taken: 1\n");
	assert_string_equal(upload(f, STR(PNG), "image/png"), "taken: 2\n");
	/* A program, a bomb, a polyglot, named as a text. */
	assert_memory_equal(
	    upload(f, STR(ELF), "text/gemini"), "(bad) Type not accepted", 23);
	assert_memory_equal(
	    upload(f, STR("PK\3\4\x14\0\0\0\x08\0x"), "text/gemini"),
	    "(bad) Type not accepted", 23);
	assert_string_equal(
	    upload(f, STR("%PDF-1.7\n# Title\n=> /a b\n"), "text/gemini"),
	    "(bad) Type not accepted: it looks like application/pdf");
	/* And as pictures and archives. */
	assert_string_equal(upload(f, STR(ELF), "image/png"),
	    "(bad) Type not accepted: it looks like "
	    "application/x-executable");
	assert_string_equal(upload(f, STR("# Title\n"), "image/png"),
	    "(bad) Type not accepted: it looks like text/plain");
	assert_memory_equal(upload(f, STR(PNG), "application/zip"),
	    "(bad) Type not accepted", 23);
	/* Nothing of these has been stored. */
	assert_string_equal(upload(f, STR("# Title\n"), ""), "taken: 3\n");
	/* Whoever is nobody is not looked at. */
	f->has_cert = false;
	assert_string_equal(
	    upload(f, STR("# Title\n"), ""), "(needs-cert) Who?");
}

/* A table of libmagic's own kind that takes for ever over one text. */
#define SLOW_MAGIC \
	"0 string HANG \n>0 regex/8192 (a*)(a*)(a*)\\\\1\\\\2\\\\3b slow\n"

static void
an_upload_is_refused_when_the_look_hangs(void **state)
{
	struct fixture *f = *state;
	static char hang[512];
	char path[160];

	fixture_write(f, "slow.magic", SLOW_MAGIC);
	snprintf(path, sizeof(path), "%s/slow.magic", f->capsule);
	assert_int_equal(setenv("MAGIC", path, 1), 0);
	write_page(f);
	unsetenv("MAGIC");
	memset(hang, 'a', sizeof(hang));
	memcpy(hang, "HANG", 4);
	assert_string_equal(
	    upload(f, (struct str){hang, sizeof(hang)}, "text/gemini"),
	    "(bad) Not accepted: its type cannot be told");
	assert_string_equal(upload(f, STR("# Title\n"), ""), "taken: 1\n");
}

int
main(void)
{
	const struct CMUnitTest looks[] = {
	    cmocka_unit_test(bytes_have_types),
	    cmocka_unit_test(the_front_is_enough),
	    cmocka_unit_test(types_that_are_said_and_seen_are_compared),
	    cmocka_unit_test(the_child_is_not_believed),
	};
	const struct CMUnitTest uploads[] = {
	    PAGE_TEST(uploads_are_what_they_say),
	    PAGE_TEST(an_upload_is_refused_when_the_look_hangs),
	};
	int failed = cmocka_run_group_tests(looks, set_up, tear_down);

	return failed + cmocka_run_group_tests(uploads, NULL, NULL);
}
