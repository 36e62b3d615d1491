/* SPDX-License-Identifier: ISC */
/*
 * `guiju test`: what it writes it accepts, what differs it refuses, and a walk
 * through a page that acts gives the same files each time. The pages that it
 * asks in our own suites are golden/.
 */
#include <sys/stat.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "run/config/state.h"
#include "tools/command.h"
#include "tools/test/internal.h"

static char folder[] = "/tmp/guiju-suite-XXXXXX";

static const char *const files[][2] = {
    {"capsule.ini", "[capsule]\nhost = example.org\n"},
    {"schema/001_note.sql",
	"CREATE TABLE note (id INTEGER PRIMARY KEY, cert TEXT, text TEXT,\n"
	"\tcode TEXT, day TEXT);\n"},
    {"pages/index.gmi",
	"# Notes\n% each SELECT text FROM note\n* {text}\n% end\n"
	"=> write/ Write\n=> write/ Write\n=> /far/ Same\n=> / Same\n"},
    {"pages/far/index.gmi", "far\n"},
    {"pages/write/index.gmi", "=> {seal} A note\n"},
    {"pages/write/[seal].gmi",
	"% ask Which note?\n"
	"% do INSERT INTO note (cert, text, code, day) VALUES (:cert, :input,\n"
	"%    hex(randomblob(4)), date('now')) RETURNING id AS new_id\n"
	"% go ../note/{new_id}\n"},
    {"pages/note/[id].gmi",
	"% one SELECT text, code, day, cert FROM note WHERE id = :id\n"
	"# {text}\n{code} of {day} by {cert}\n=> / Home\n"},
    {"pages/text/index.gmi",
	"% cert Who?\n% upload 20 text/plain\n"
	"% do INSERT INTO note (cert, text) VALUES (:cert, :body)\n"
	"stored {cert_name}: {body}\n"},
    {"tests/body.txt", "a body"},
    {"tests/more.sql", "INSERT INTO note (text) VALUES ('from SQL');\n"},
    {"tests/requests",
	"% now 2026-11-23T04:00:00Z\n% sql more.sql\n% identity wang name W\n"
	"%# A walk.\nhome /\n% over gemini\n% as wang\nwrite follow Write\n"
	"ask follow A note\nnoted answer one & two\nagain reload\n"
	"back follow Home\n% now +60\ntext /text/\n"
	"sent upload text/plain body.txt\nurl gopher://example.org/1/far/\n"},
};

enum { FILE_COUNT = sizeof(files) / sizeof(files[0]) };

static const char *const folders[] = {"schema", "pages", "pages/far",
    "pages/write", "pages/note", "pages/text", "tests"};

static const char *
in_folder(const char *name)
{
	static char path[4][256];
	static unsigned next;
	char *to = path[next++ % 4];

	assert_true(snprintf(to, sizeof(path[0]), "%s/%s", folder, name) > 0);
	return to;
}

static void
put(const char *name, const char *text)
{
	FILE *file = fopen(in_folder(name), "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static const char *
read_text(const char *name)
{
	static char text[8192];
	FILE *file = fopen(in_folder(name), "re");
	size_t n;

	assert_non_null(file);
	n = fread(text, 1, sizeof(text) - 1, file);
	text[n] = '\0';
	fclose(file);
	return text;
}

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		assert_int_equal(mkdir(in_folder(folders[i]), 0700), 0);
	for (size_t i = 0; i < FILE_COUNT; i++)
		put(files[i][0], files[i][1]);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	for (size_t i = sizeof(folders) / sizeof(*folders); i-- > 0;)
		state_remove_folder(in_folder(folders[i]));
	state_remove_folder(folder);
	return access(folder, F_OK) == 0 ? -1 : 0;
}

/* Run `guiju test` with these arguments behind the folder. */
static int
test(const char *first, const char *second)
{
	char name[] = "test", at[256], one[64], two[64];
	char *argv[] = {name, at, one, two, NULL};
	int argc = 2;

	assert_true(snprintf(at, sizeof(at), "%s", folder) > 0);
	if (first != NULL)
		argc = 3 + (second != NULL);
	(void)snprintf(one, sizeof(one), "%s", first == NULL ? "" : first);
	(void)snprintf(two, sizeof(two), "%s", second == NULL ? "" : second);
	argv[argc] = NULL;
	return command_test.run(argc, argv);
}

/* Run it with another file `requests`, then put the first one back. */
static int
test_with(const char *requests, const char *name)
{
	int status;

	put("tests/requests", requests);
	status = test("--update", name);
	put("tests/requests", files[FILE_COUNT - 1][1]);
	return status;
}

static bool
holds(const char *name, const char *text)
{
	return strstr(read_text(name), text) != NULL;
}

static void
what_is_written_is_accepted(void **state)
{
	(void)state;
	assert_int_equal(test(NULL, NULL), STATUS_FAILURE);
	assert_int_equal(test("--update", NULL), STATUS_OK);
	assert_int_equal(test(NULL, NULL), STATUS_OK);
	assert_int_equal(test("noted", "back"), STATUS_OK);
	assert_int_equal(test("none", NULL), STATUS_USAGE);
	/* Nothing else is there: the state of a run is removed. */
	assert_int_equal(access(in_folder("var"), F_OK), -1);
}

static void
a_walk_shows_what_a_reader_sees(void **state)
{
	(void)state;
	assert_true(holds("tests/home.gemini", "* from SQL"));
	assert_true(holds("tests/home.gopher", "i* from SQL"));
	assert_true(holds("tests/write.gemini", "=> /write/SEAL A note") ||
	    holds("tests/write.gemini", "=> SEAL A note"));
	assert_true(holds("tests/ask.gemini", "10 Which note?"));
	/* The redirect, and the page that it leads to. */
	assert_true(holds("tests/noted.gemini", "30 /note/2\r\n20 "));
	assert_true(holds("tests/noted.gemini", "# one & two"));
	assert_true(holds("tests/noted.gemini", " of 2026-11-23 by "));
	/* The page of the step before, not the act. */
	assert_true(holds("tests/again.gemini", "# one & two"));
	assert_true(holds("tests/back.gemini", "* one & two"));
	assert_true(holds("tests/sent.gemini", "stored W: a body"));
	assert_true(holds("tests/url.gopher", "ifar"));
	assert_int_equal(access(in_folder("tests/write.gopher"), F_OK), -1);
}

static void
what_differs_fails(void **state)
{
	(void)state;
	put("tests/home.gopher", "other\r\n");
	assert_int_equal(test(NULL, NULL), STATUS_FAILURE);
	/* The others are asked, and not compared. */
	assert_int_equal(test("back", NULL), STATUS_OK);
	assert_int_equal(test("home", NULL), STATUS_FAILURE);
	assert_int_equal(test("--update", NULL), STATUS_OK);
	/* A line end more is a difference. */
	put("tests/url.gopher", "ifar\t\texample.org\t70\n");
	assert_int_equal(test(NULL, NULL), STATUS_FAILURE);
	assert_int_equal(test("--update", NULL), STATUS_OK);
	/* A file that no step expects. */
	put("tests/old.gemini", "20 text/gemini\r\n");
	assert_int_equal(test(NULL, NULL), STATUS_FAILURE);
	assert_int_equal(unlink(in_folder("tests/old.gemini")), 0);
	assert_int_equal(test(NULL, NULL), STATUS_OK);
}

static void
a_step_that_cannot_be_done_fails(void **state)
{
	static const char *const steps[] = {"x follow Write\n",
	    "home /\n% over gemini\nx follow Nowhere\n",
	    "home /\n% over gemini\nx follow Same\n",
	    "% over gemini\nhome /\nx follow Same\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		assert_int_equal(test_with(steps[i], "x"), STATUS_FAILURE);
	/* It is the step that fails. */
	assert_int_equal(
	    test_with("% over gemini\nhome /\nx follow Write\n", "x"),
	    STATUS_OK);
	assert_int_equal(unlink(in_folder("tests/x.gemini")), 0);
	assert_int_equal(test("--update", NULL), STATUS_OK);
}

static void
a_mistake_in_requests_is_refused(void **state)
{
	static const char *const mistakes[] = {"", "% nwo 1\nx /\n",
	    "% now yesterday\nx /\n", "% now 2026-02-29T00:00:00Z\nx /\n",
	    "% now 2026-01-01T24:00:00Z\nx /\n", "% over http\nx /\n",
	    "% as wang\nx /\n", "% identity a fingerprint 12\nx /\n",
	    "% identity a key 12\nx /\n", "% identity a until 2027\nx /\n",
	    "% identity a\n% identity a\nx /\n", "x /\nx /\n", "x\n",
	    "x go Home\n", "x / wang\n", "../x /\n", "x follow\n",
	    "x /\n% sql more.sql\n", "% sql none.sql\nx /\n",
	    "x /\ny upload text/plain none.txt\n", "x /\ny reload now\n",
	    "% import nothing none.csv\nx /\n", "\xFF /\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++)
		if (test_with(mistakes[i], NULL) != STATUS_REFUSED)
			fail_msg("accepted: %s", mistakes[i]);
	assert_int_equal(test(NULL, NULL), STATUS_OK);
}

static void
only_seals_of_the_day_are_marked(void **state)
{
	/* 2026-11-23T04:00:00Z is 0x6B03BA40. */
	static const char now[] = "awO6QAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	static const char tomorrow[] = "awULwAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	const int64_t now_s = 1795406400;
	char text[256];
	struct buf out;

	(void)state;
	buf_init(&out, 1024);
	(void)snprintf(text, sizeof(text), "/%s %sx %s", now, now, tomorrow);
	expected_mask(&out, str_from(text), now_s);
	(void)snprintf(text, sizeof(text), "/SEAL %sx %s", now, tomorrow);
	assert_true(str_equal(buf_view(&out), str_from(text)));
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_written_is_accepted),
	    cmocka_unit_test(a_walk_shows_what_a_reader_sees),
	    cmocka_unit_test(what_differs_fails),
	    cmocka_unit_test(a_step_that_cannot_be_done_fails),
	    cmocka_unit_test(a_mistake_in_requests_is_refused),
	    cmocka_unit_test(only_seals_of_the_day_are_marked),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
