/* SPDX-License-Identifier: ISC */
/* Lines of the log: their two forms, what is lost, what is left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"

/* The clock of deadlines, which a test may put forward (Makefile). */
static int64_t ahead_ms;
int64_t __real_clock_ms(void);
int64_t __wrap_clock_ms(void);

int64_t
__wrap_clock_ms(void)
{
	return __real_clock_ms() + ahead_ms;
}

#define TIME "2026-11-23T00:00:00Z"

static void
check_line(enum log_format format, struct str message,
    const struct log_fact *facts, size_t n, const char *expected)
{
	struct buf line;

	buf_init(&line, 4096);
	log_line_add(&line, format, NULL, LOG_LEVEL_WARN, message, facts, n);
	buf_char(&line, '\0');
	assert_int_equal(line.err, OK);
	assert_string_equal(line.data, expected);
	buf_release(&line);
}

static void
facts_are_written_as_text_and_as_json(void **state)
{
	const struct log_fact facts[] = {
	    {"address", LOG_FACT_BARE, STR("192.0.2.7"), 0},
	    {"path", LOG_FACT_NAMED, STR("/a b"), 0},
	    {"bytes", LOG_FACT_NUMBER, STR(""), UINT64_MAX},
	    {"cut", LOG_FACT_MARK, STR(""), 1},
	    {"whole", LOG_FACT_MARK, STR(""), 0}};

	(void)state;
	clock_set_now_s(1795392000);
	check_line(LOG_TEXT, STR("net:"), facts, 5,
	    TIME " warn net: 192.0.2.7 path=/a\\x20b "
		 "bytes=18446744073709551615 cut\n");
	check_line(LOG_JSON, STR("net:"), facts, 5,
	    "{\"time\":\"" TIME "\",\"level\":\"warn\",\"module\":\"net\","
	    "\"address\":\"192.0.2.7\",\"path\":\"/a b\","
	    "\"bytes\":18446744073709551615,\"cut\":true,"
	    "\"whole\":false}\n");
	check_line(LOG_TEXT, STR("run: reload asked for"), NULL, 0,
	    TIME " warn run: reload asked for\n");
	check_line(LOG_JSON, STR("run: reload asked for"), NULL, 0,
	    "{\"time\":\"" TIME "\",\"level\":\"warn\",\"module\":\"run\","
	    "\"message\":\"reload asked for\"}\n");
	check_line(LOG_JSON, STR("No module"), NULL, 0,
	    "{\"time\":\"" TIME "\",\"level\":\"warn\","
	    "\"message\":\"No module\"}\n");
}

/* Quotes, escapes, turned text, bytes that are no UTF-8. */
static void
hostile_bytes_are_escaped_in_both_forms(void **state)
{
	const struct str hostile =
	    STR("x: \"\\\n\x1b[31m\xe6\xa0\x87\xf0\xa0\x80\x80\xe2\x80\xae"
		"\xff\xc2\x9b\x7f");

	(void)state;
	check_line(LOG_TEXT, hostile, NULL, 0,
	    TIME " warn x: \"\\\\\\x0a\\x1b[31m\\xe6\\xa0\\x87"
		 "\\xf0\\xa0\\x80\\x80\\xe2\\x80\\xae\\xff\\xc2\\x9b"
		 "\\x7f\n");
	check_line(LOG_JSON, hostile, NULL, 0,
	    "{\"time\":\"" TIME "\",\"level\":\"warn\",\"module\":\"x\","
	    "\"message\":\"\\\"\\\\\\\\x0a\\\\x1b[31m\\u6807"
	    "\\ud840\\udc00\\\\xe2\\\\x80\\\\xae\\\\xff\\\\xc2\\\\x9b"
	    "\\\\x7f\"}\n");
}

static void
a_line_names_its_process(void **state)
{
	const struct log_origin origin = {"worker", 4711};
	struct buf line;

	(void)state;
	clock_set_now_s(1795392000);
	buf_init(&line, 4096);
	log_line_add(
	    &line, LOG_TEXT, &origin, LOG_LEVEL_INFO, STR("x: y"), NULL, 0);
	log_line_add(
	    &line, LOG_JSON, &origin, LOG_LEVEL_INFO, STR("x: y"), NULL, 0);
	buf_char(&line, '\0');
	assert_string_equal(line.data,
	    TIME " worker[4711] info x: y\n"
		 "{\"time\":\"" TIME "\",\"process\":\"worker\","
		 "\"pid\":4711,\"level\":\"info\",\"module\":\"x\","
		 "\"message\":\"y\"}\n");
	buf_release(&line);
}

/* ---- records ---------------------------------------------------------- */

static void
a_record_is_read_as_it_was_sent(void **state)
{
	const struct log_fact facts[] = {
	    {"path", LOG_FACT_NAMED, STR("/a\n\xff"), 0},
	    {"bytes", LOG_FACT_NUMBER, STR(""), UINT64_MAX},
	    {"fifteen_letters", LOG_FACT_MARK, STR(""), 1}};
	struct log_record record;
	struct buf sent;

	(void)state;
	buf_init(&sent, LOG_RECORD_MAX_BYTES);
	log_record_add(&sent, LOG_LEVEL_DEBUG, STR("x: y"), facts, 3);
	assert_int_equal(log_record_read(buf_view(&sent), &record), OK);
	assert_int_equal(record.level, LOG_LEVEL_DEBUG);
	assert_true(str_equal(record.message, STR("x: y")));
	assert_int_equal(record.count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(record.facts[i].name, facts[i].name);
		assert_int_equal(record.facts[i].type, facts[i].type);
		assert_true(str_equal(record.facts[i].text, facts[i].text));
		assert_int_equal(record.facts[i].number, facts[i].number);
	}
	/* Each shorter one is broken, and so is a longer one. */
	for (size_t len = 1; len < sent.len; len++)
		assert_int_equal(
		    log_record_read(
			str_slice(buf_view(&sent), 0, len), &record),
		    ERR_INPUT);
	buf_char(&sent, 'x');
	assert_int_equal(log_record_read(buf_view(&sent), &record), ERR_INPUT);
	assert_int_equal(log_record_read(STR(""), &record), ERR_MISSING);
	assert_int_equal(log_record_read(STR("text"), &record), ERR_MISSING);
	buf_release(&sent);
}

static void
a_fact_cannot_replace_what_a_line_says_itself(void **state)
{
	static const char *const names[] = {"time", "process", "pid", "level",
	    "module", "message", "", "Path", "a-b", "sixteen__letters"};
	struct log_record record;
	struct buf sent;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct log_fact fact = {
		    names[i], LOG_FACT_NAMED, STR("x"), 0};

		buf_init(&sent, LOG_RECORD_MAX_BYTES);
		log_record_add(&sent, LOG_LEVEL_INFO, STR("x"), &fact, 1);
		assert_int_equal(
		    log_record_read(buf_view(&sent), &record), ERR_INPUT);
		buf_release(&sent);
	}
}

static void
a_record_has_so_many_facts_and_levels(void **state)
{
	struct log_fact facts[LOG_FACTS_MAX + 1];
	struct log_record record;
	struct buf sent;

	(void)state;
	for (size_t i = 0; i <= LOG_FACTS_MAX; i++)
		facts[i] = (struct log_fact){"a", LOG_FACT_NUMBER, STR(""), i};
	for (size_t n = LOG_FACTS_MAX; n <= LOG_FACTS_MAX + 1; n++) {
		buf_init(&sent, LOG_RECORD_MAX_BYTES);
		log_record_add(&sent, LOG_LEVEL_INFO, STR("x"), facts, n);
		assert_int_equal(log_record_read(buf_view(&sent), &record),
		    n == LOG_FACTS_MAX ? OK : ERR_INPUT);
		buf_release(&sent);
	}
	for (unsigned level = LOG_LEVEL_COMPLAINT;
	     level <= LOG_LEVEL_COMPLAINT + 1; level++) {
		buf_init(&sent, LOG_RECORD_MAX_BYTES);
		log_record_add(&sent, (enum log_level)level, STR("x"), NULL, 0);
		assert_int_equal(log_record_read(buf_view(&sent), &record),
		    level == LOG_LEVEL_COMPLAINT ? OK : ERR_INPUT);
		buf_release(&sent);
	}
}

/* ---- a log that is a pipe ------------------------------------------- */

static int ends[2];

static int
set_up(void **state)
{
	(void)state;
	if (pipe(ends) != 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0 ||
	    fcntl(ends[1], F_SETFL, O_NONBLOCK) != 0)
		return -1;
	log_use(ends[1]);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	close(ends[0]);
	close(ends[1]);
	log_use(STDERR_FILENO);
	return 0;
}

/* What has been written since the last call. */
static struct str
written(void)
{
	static char room[256 * 1024];
	size_t len = 0;
	ssize_t n;

	while ((n = read(ends[0], room + len, sizeof(room) - len)) > 0)
		len += (size_t)n;
	return (struct str){room, len};
}

static size_t
count_lines(struct str text, struct str part)
{
	struct str line;
	size_t n = 0;

	while (str_next_part(&text, '\n', &line))
		n += str_find(line, part) != SIZE_MAX;
	return n;
}

/* A full disk: lines are lost, the number is told when there is room, and a
 * line that was cut is ended before the next begins. */
static void
lost_lines_are_counted_and_told(void **state)
{
	struct str text, line;
	size_t lost = 0;

	(void)state;
	written();
	while (metrics_value(METRIC_LOG_LOST) == 0)
		log_facts(LOG_LEVEL_INFO, STR("x: fills the pipe"), NULL, 0);
	for (int i = 0; i < 41; i++)
		log_facts(LOG_LEVEL_INFO, STR("x: into the void"), NULL, 0);
	assert_int_equal(metrics_value(METRIC_LOG_LOST), 42);
	errno = EDOM;
	log_error("x: whoever tells of an error may still look at it");
	assert_int_equal(errno, EDOM);
	text = written();
	assert_int_equal(count_lines(text, STR("void")), 0);
	log_facts(LOG_LEVEL_INFO, STR("x: room again"), NULL, 0);
	text = written();
	while (str_next_part(&text, '\n', &line)) {
		if (line.len == 0)
			continue; /* behind the last, or what was cut */
		assert_true(str_starts(line, STR("2026-")));
		lost += str_find(line, STR("lost=43")) != SIZE_MAX;
	}
	assert_int_equal(lost, 1);
	log_facts(LOG_LEVEL_INFO, STR("x: and on"), NULL, 0);
	assert_int_equal(count_lines(written(), STR("lost")), 0);
}

static void
too_many_lines_of_one_kind_are_summarised(void **state)
{
	struct str text;

	(void)state;
	for (int i = 0; i < 25; i++)
		log_error("x: not limited %d", i);
	assert_int_equal(count_lines(written(), STR("not limited")), 25);
	log_limit();
	for (int i = 0; i < 25; i++) {
		log_error("x: limited %d", i);
		if (i < 3)
			log_warn("x: another");
	}
	text = written();
	assert_int_equal(count_lines(text, STR("limited")), 10);
	assert_int_equal(count_lines(text, STR("another")), 3);
	assert_int_equal(metrics_value(METRIC_LOG_LEFT_OUT), 15);
	log_summarise(false); /* the minute is not over */
	assert_int_equal(count_lines(written(), STR("x:")), 0);
	log_summarise(true);
	text = written();
	assert_int_equal(count_lines(text, STR("x:")), 1);
	assert_int_equal(
	    count_lines(text, STR("error x: limited 24 left_out=15")), 1);
	/* When the minute is over without any other reason, too. */
	for (int i = 0; i < 12; i++)
		log_error("x: minute %d", i);
	written();
	ahead_ms += 59 * 1000;
	log_summarise(false);
	assert_int_equal(count_lines(written(), STR("x:")), 0);
	ahead_ms += 1000;
	log_summarise(false);
	assert_int_equal(
	    count_lines(written(), STR("x: minute 11 left_out=2")), 1);
}

/* Hundreds of kinds: none is silently dropped when they push each other
 * out. */
static void
no_kind_is_dropped_silently(void **state)
{
	static char formats[300][16];
	size_t shown = 0, said = 0;
	struct str text;

	(void)state;
	written();
	for (int i = 0; i < 300; i++)
		snprintf(formats[i], sizeof(formats[i]), "x: kind %%d");
	for (int i = 0; i <= 300; i++) {
		for (int j = 0; j < 12 && i < 300; j++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			log_info(formats[i], i);
#pragma GCC diagnostic pop
		}
		if (i == 300)
			log_summarise(true);
		text = written(); /* a pipe holds little */
		said += count_lines(text, STR("left_out=2"));
		shown += count_lines(text, STR("kind"));
	}
	assert_int_equal(said, 300);
	assert_int_equal(shown, 3000 + 300);
}

static void
references_are_short_and_differ(void **state)
{
	char one[REFERENCE_SIZE], other[REFERENCE_SIZE];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		reference_make(one);
		reference_make(other);
		assert_int_equal(strlen(one), REFERENCE_SIZE - 1);
		assert_int_equal(
		    strspn(one, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"),
		    REFERENCE_SIZE - 1);
		assert_string_not_equal(one, other);
	}
}

static int full_pipe[2];
static size_t drained;

static void
drain(int signal_number)
{
	static char room[64 * 1024];
	ssize_t n;

	(void)signal_number;
	while ((n = read(full_pipe[0], room, sizeof(room))) > 0)
		drained += (size_t)n;
}

/* A signal ends a write(2) that has written a part. */
static void
the_rest_of_a_short_write_follows(void **state)
{
	const struct sigaction draining = {.sa_handler = drain};
	const struct itimerval often = {{.tv_usec = 10000}, {.tv_usec = 10000}};
	const struct itimerval never = {.it_value = {0}};
	const size_t size = 1000 * 1000;
	char *lines = malloc(size);

	(void)state;
	assert_non_null(lines);
	memset(lines, '\n', size);
	assert_int_equal(pipe(full_pipe), 0);
	assert_int_equal(fcntl(full_pipe[0], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(sigaction(SIGALRM, &draining, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
	log_use(full_pipe[1]);
	log_write_lines((struct str){lines, size});
	log_use(STDERR_FILENO);
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	drain(0);
	assert_int_equal(drained, size);
	close(full_pipe[0]);
	close(full_pipe[1]);
	free(lines);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(facts_are_written_as_text_and_as_json),
	    cmocka_unit_test(hostile_bytes_are_escaped_in_both_forms),
	    cmocka_unit_test(a_line_names_its_process),
	    cmocka_unit_test(a_record_is_read_as_it_was_sent),
	    cmocka_unit_test(a_fact_cannot_replace_what_a_line_says_itself),
	    cmocka_unit_test(a_record_has_so_many_facts_and_levels),
	    cmocka_unit_test(references_are_short_and_differ),
	    cmocka_unit_test(the_rest_of_a_short_write_follows),
	    cmocka_unit_test_setup_teardown(
		lost_lines_are_counted_and_told, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		too_many_lines_of_one_kind_are_summarised, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		no_kind_is_dropped_silently, set_up, tear_down)};

	if (metrics_make() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
