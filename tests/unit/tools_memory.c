/* SPDX-License-Identifier: ISC */
/*
 * Memory that is out at every moment in turn: nothing crashes, nothing leaks
 * (the sanitizers watch), the reader gets the page or a failure of its
 * protocol, and what comes next, with memory again, is right.
 */
#include <sys/mman.h>

#include "wire/wire.h"

#include "tests/unit/notes_fixture.h"
#include "tests/unit/memory_fixture.h"

#include "net/answer.h"
#include "run/config/config.h"
#include "store/sync.h"
#include "tools/command.h"

enum { OUT_MAX = 1 << 20 };

/* The moments that are tried of so many, in the short form. */
enum { MOMENTS = 40 };

static unsigned
step_of(unsigned calls)
{
	return is_long() ? 1 : 1 + calls / MOMENTS;
}

/* Do act at each moment, once with one failure, once with no end of them.
 * act tells what the call came to when memory is there (fail_at 0). */
static void
at_each_moment(struct fixture *f,
    unsigned (*act)(struct fixture *f, unsigned fail_at, bool for_good))
{
	const unsigned calls = act(f, 0, false);

	assert_true(calls > 0);
	for (int for_good = 0; for_good < 2; for_good++)
		for (unsigned n = 1; n <= calls; n += step_of(calls))
			act(f, n, for_good != 0);
	act(f, 0, false);
}

/* ---- settings ------------------------------------------------------- */

static unsigned
load_config(struct fixture *f, unsigned fail_at, bool for_good)
{
	const struct config_flags flags = {
	    .item = {{config_find(STR("host")), "portal.example"},
		{config_find(STR("gopher")), "127.0.0.1:7070"}},
	    .count = 2};
	struct config config = {.arena = NULL};
	struct config_source where;
	struct buf why;
	unsigned calls;
	enum err err;

	buf_init(&why, 2048);
	memory_arm(fail_at, for_good);
	err = config_load(f->capsule, &flags, &config, &where, &why);
	calls = memory_disarm();
	if (err == OK) {
		assert_string_equal(config.host, "portal.example");
		assert_string_equal(config.admin, "mei@portal.example");
		assert_int_equal(config.listen[0].count, 2);
		assert_int_equal(config.listen[1].count, 1);
	} else {
		assert_int_equal(err, ERR_NOMEM);
		assert_true(fail_at != 0);
	}
	config_release(&config);
	buf_release(&why);
	return calls;
}

static void
settings_survive_memory_out(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "capsule.ini",
	    "[capsule]\nadmin = mei@portal.example\nlanguage = zh-Hans\n"
	    "[serve]\ngemini = 127.0.0.1:1965 [::1]:1965\nworkers = 2\n");
	at_each_moment(f, load_config);
}

/* ---- opening -------------------------------------------------------- */

static unsigned
open_site(struct fixture *f, unsigned fail_at, bool for_good)
{
	unsigned calls;
	enum err err;

	memory_arm(fail_at, for_good);
	err = notes_open(f);
	calls = memory_disarm();
	assert_true(err == OK || fail_at != 0);
	if (err == OK) { /* then it is all there */
		assert_true(begins(
		    notes_ask(f, PROTOCOL_GEMINI, "/find?a"), "# Found\n"));
		assert_true(
		    begins(notes_ask(f, PROTOCOL_GOPHER, "/"), "iNotes\t"));
		assert_true(notes_write(f, "note"));
		assert_true(
		    begins(notes_ask(f, PROTOCOL_GEMINI, "/note/1"), "# "));
		assert_true(begins(notes_ask(f, PROTOCOL_GEMINI, "/hello.txt"),
		    "(file text/plain"));
	}
	notes_close(f);
	return calls;
}

static void
opening_survives_memory_out(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(notes_open(f), OK);
	assert_true(notes_write(f, "first"));
	notes_close(f);
	at_each_moment(f, open_site);
	notes_must_be_sound(f);
}

/* ---- answering ------------------------------------------------------ */

static struct net net;
static const char *line, *wanted; /* the request, and how the answer begins */

static void
collect(struct answer *answer, struct buf *out)
{
	struct str piece;

	while (answer_next(answer, &piece) == OK && piece.len > 0) {
		buf_str(out, piece);
		answer_sent(answer, piece.len);
	}
	buf_char(out, '\0');
	assert_int_equal(out->err, OK);
}

/* The answer to a request line; given, free() it. */
static char *
ask_line(const char *request, unsigned fail_at, bool for_good, unsigned *calls)
{
	const struct channel channel = {.transport = &transport_plain};
	/* Each time somebody else, who has not written too much. */
	static unsigned times;
	const unsigned char bytes[] = {10, (unsigned char)(times >> 16),
	    (unsigned char)(times >> 8), (unsigned char)times};
	const struct ip ip = ip_from_v4(bytes);
	struct asker asker = {
	    .wire = &wire_gemini, .channel = &channel, .ip = &ip};
	struct answer answer;
	struct buf out;

	if (!begins(request, "gemini:"))
		asker.wire = &wire_gopher;
	buf_init(&out, OUT_MAX);
	answer_init(&answer);
	memory_arm(fail_at, for_good);
	times++;
	answer_line(&answer, &net, &asker,
	    &(struct wire_line){.text = str_from(request)});
	*calls = memory_disarm();
	collect(&answer, &out);
	answer_release(&answer);
	return out.data;
}

/* Where there is no memory for a sentence, the connection just ends. */
static bool
is_failure(const char *request, const char *answer)
{
	if (answer[0] == '\0')
		return true;
	if (begins(request, "gemini:"))
		return begins(answer, "40 ") || begins(answer, "44 ");
	return begins(answer, "350");
}

static unsigned
answer_one(struct fixture *f, unsigned fail_at, bool for_good)
{
	unsigned calls;
	char *answer = ask_line(line, fail_at, for_good, &calls);

	(void)f;
	if (!begins(answer, wanted) &&
	    (fail_at == 0 || !is_failure(line, answer)))
		fail_msg("'%s' gives '%s' at %u", line, answer, fail_at);
	free(answer);
	return calls;
}

static void
open_net(struct fixture *f)
{
	assert_int_equal(notes_open(f), OK);
	net.site = f->site;
	net.ours = (struct wire_host){
	    .host = STR("portal.example"), .services = wire_services()};
	net.arena = arena_new(32 << 20);
	assert_non_null(net.arena);
	log_set_level(LOG_LEVEL_ERROR);
}

static void
close_net(struct fixture *f)
{
	notes_close(f);
	arena_free(net.arena);
}

static void
answering_survives_memory_out(void **state)
{
	static const char *const lines[][2] = {
	    {"gemini://portal.example/", "20 text/gemini"},
	    {"gemini://portal.example/note/1", "20 text/gemini"},
	    {"gemini://portal.example/find", "10 What?"},
	    {"gemini://portal.example/find?first", "20 text/gemini"},
	    {"gemini://portal.example/hello.txt", "20 text/plain"},
	    {"gemini://portal.example/find/.txt", "5"},
	    {"gemini://portal.example/.txt", "20 text/plain"},
	    {"gemini://portal.example/nothing", "51"},
	    {"gemini://portal.example/note/../x", "5"},
	    {"gemini://elsewhere.example/", "53"},
	    {"", "iNotes"},
	    {"/note/1", "i"},
	    {"/find\tfirst", "i"},
	    {"/hello.txt", "Hello"},
	    {"/nothing", "3404"},
	};
	struct fixture *f = *state;

	open_net(f);
	assert_true(notes_write(f, "first"));
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		line = lines[i][0];
		wanted = lines[i][1];
		at_each_moment(f, answer_one);
	}
	close_net(f);
	notes_must_be_sound(f);
}

/* ---- writing -------------------------------------------------------- */

/* What outlives a process that has given up. */
static struct told {
	unsigned fail_at, last, step; /* of the calls */
	unsigned calls;               /* that were made */
	bool for_good;
	bool gave_up;
	char request[200]; /* that was not confirmed, or empty */
	int64_t before;
} * told;

static void
gave_up(void *context)
{
	(void)context;
	told->gave_up = true;
}

/* Whoever is not told that it is done may ask once more: then it is, once. If
 * it was done, the answer is the page that says so. */
static void
ask_again(struct fixture *f)
{
	unsigned ignored;
	char *answer = ask_line(told->request, 0, false, &ignored);

	assert_true(begins(answer, "30 /") ||
	    strstr(answer, "This link has done it already") != NULL);
	assert_int_equal(notes_count(f, "memory"), told->before + 1);
	free(answer);
}

/* Each moment has a day of its own: an address may write so often a day. */
static void
set_day(void)
{
	int64_t day = told->fail_at + (told->for_good ? told->last + 1 : 0);

	clock_set_now_s(FIXTURE_NOW + day * 24 * 60 * 60);
}

static void
write_one(struct fixture *f)
{
	const char *index, *link;
	char *answer;

	set_day();
	index = notes_ask(f, PROTOCOL_GEMINI, "/");
	link = strstr(index, "=> /add/");

	assert_non_null(link);
	snprintf(told->request, sizeof(told->request),
	    "gemini://portal.example/add/%.32s?memory", link + 8);
	told->before = notes_count(f, "memory");
	answer = ask_line(
	    told->request, told->fail_at, told->for_good, &told->calls);
	if (!begins(answer, "30 /stored") &&
	    (told->fail_at == 0 || !is_failure(told->request, answer)))
		fail_msg("'%s' at %u", answer, told->fail_at);
	free(answer);
}

/* Moment after moment, up to one after which nothing more is stored. */
static void
write_some(struct fixture *f)
{
	sync_when_failed(gave_up, NULL);
	open_net(f);
	while (told->fail_at <= told->last) {
		write_one(f);
		if (told->gave_up)
			break;
		ask_again(f);
		told->fail_at += told->step;
	}
	close_net(f);
}

static void
writing_survives_memory_out(void **state)
{
	struct fixture *f = *state;

	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(told != MAP_FAILED);
	*told = (struct told){.step = 1};
	in_child(f, write_some);
	told->last = told->calls;
	told->step = step_of(told->calls);
	for (int for_good = 0; for_good < 2; for_good++) {
		told->for_good = for_good != 0;
		told->fail_at = 1;
		while (told->fail_at <= told->last) {
			told->gave_up = false;
			in_child(f, write_some);
			if (!told->gave_up)
				break;
			open_net(f);
			set_day();
			ask_again(f);
			close_net(f);
			told->fail_at += told->step;
		}
	}
	notes_must_be_sound(f);
	munmap(told, sizeof(*told));
}

/* ---- folding -------------------------------------------------------- */

static unsigned
fold_one(struct fixture *f, unsigned fail_at, bool for_good)
{
	unsigned calls;

	(void)notes_ask(f, PROTOCOL_GEMINI, "/note/1");
	memory_arm(fail_at, for_good);
	site_fold(f->site);
	calls = memory_disarm();
	return calls;
}

static void
folding_survives_memory_out(void **state)
{
	struct fixture *f = *state;
	int64_t views;

	assert_int_equal(notes_open(f), OK);
	assert_true(notes_write(f, "first"));
	at_each_moment(f, fold_one);
	views = notes_number(
	    store_reader(f->site->store), "SELECT tally('seen', 1)");
	assert_true(views > 2);
	assert_int_equal(notes_number(store_writer(f->site->store),
			     "SELECT sum(n) FROM guiju_tally"),
	    views);
	notes_must_be_sound(f);
}

/* ---- an import ------------------------------------------------------ */

static unsigned
import_one(struct fixture *f, unsigned fail_at, bool for_good)
{
	char state[128], article[128];
	const char *argv[] = {"import", "article", "--capsule", f->capsule,
	    "--state", state, "--quiet", article};
	int64_t before;
	unsigned calls;
	int status;

	snprintf(state, sizeof(state), "%s", f->state);
	log_set_level(LOG_LEVEL_ERROR);
	snprintf(article, sizeof(article), "%s/a.gmi", f->capsule);
	assert_int_equal(notes_open(f), OK);
	before = notes_count(f, "imported");
	notes_close(f);
	memory_arm(fail_at, for_good);
	status = command_import.run(8, (char **)(uintptr_t)argv);
	calls = memory_disarm();
	assert_int_equal(notes_open(f), OK);
	assert_int_equal(
	    notes_count(f, "imported") - before, status == 0 ? 1 : 0);
	notes_close(f);
	assert_true(status == 0 || fail_at != 0);
	return calls;
}

static void
importing_survives_memory_out(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "import/article.sql",
	    "% gives :address\n"
	    "% do INSERT INTO note (text) VALUES (:title) RETURNING id\n"
	    "% do INSERT INTO found (rowid, text) VALUES (:id, :title)\n"
	    "% one SELECT '/note/' || :id AS address\n");
	fixture_write(f, "a.gmi",
	    "title: imported\npublished: 2020-01-02\n"
	    "\nText\n=> /x A link\n");
	at_each_moment(f, import_one);
	notes_must_be_sound(f);
}

static int
tear_down(void **state)
{
	(void)state;
	return sqlite3_memory_used() == 0 ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    NOTES_TEST(settings_survive_memory_out),
	    NOTES_TEST(opening_survives_memory_out),
	    NOTES_TEST(answering_survives_memory_out),
	    NOTES_TEST(writing_survives_memory_out),
	    NOTES_TEST(folding_survives_memory_out),
	    NOTES_TEST(importing_survives_memory_out),
	};

	return cmocka_run_group_tests(tests, memory_install, tear_down);
}
