/* SPDX-License-Identifier: ISC */
/* Reports with names that a worker in strange hands has written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "run/status/report.h"

static struct crew crew;

static struct report *
make(const char *reason)
{
	const struct report_source source = {.crew = &crew,
	    .started_ms = 0,
	    .reloaded_s = 1795392000,
	    .reload_failed = true,
	    .reload_reason = reason};
	struct report *report = NULL;

	assert_int_equal(report_make(&source, &report), OK);
	return report;
}

/* No control but LF, nothing invisible, no byte that is no UTF-8. */
static void
check_clean(const struct buf *out)
{
	struct str rest = buf_view(out);

	assert_int_equal(out->err, OK);
	assert_true(rest.len > 0);
	while (rest.len > 0) {
		uint32_t c = utf8_next(&rest);

		assert_true(c == '\n' ||
		    (c != UTF8_BAD && !utf8_is_control(c) &&
			!utf8_is_invisible(c)));
	}
}

static size_t
count_lines(const struct buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < out->len; i++)
		n += out->data[i] == '\n';
	return n;
}

static void
hostile_names_forge_no_line(void **state)
{
	static const struct str names[] = {{"pages/\x1b]0;owned\x07.gmi", 21},
	    {"pages/\"} 1\nforged{x=\"\\", 22}, {"\xff\xfe\0\xe2\x80\xae", 6},
	    {"", 0}, {"\xe4\xb8", 2}};
	struct report *before, *report;
	struct buf out;
	size_t lines[3];

	(void)state;
	buf_init(&out, REPORT_MAX_BYTES);
	before = make("");
	report_write_text(&out, before, true);
	lines[0] = count_lines(&out);
	buf_clear(&out);
	report_write_prometheus(&out, before);
	lines[1] = count_lines(&out);
	report_free(before);
	for (size_t i = 0; i < 5; i++) {
		stats_add_answer(stats_page(names[i]), i + 1, 0);
		stats_add_run(stats_statement(names[i]), i + 1);
	}
	metrics_set_text(TEXT_SANDBOX, STR("none\x1b[2J\n\"\\"));
	report = make("a \"reason\"\x1b[31m\nforged");
	assert_int_equal(report->page_count, 5);
	buf_clear(&out);
	report_write_text(&out, report, true);
	check_clean(&out);
	assert_int_equal(count_lines(&out), lines[0] + 2 * 5);
	buf_clear(&out);
	report_write_prometheus(&out, report);
	check_clean(&out);
	assert_int_equal(count_lines(&out), lines[1] + 7 * 5);
	buf_clear(&out);
	report_write_json(&out, report);
	check_clean(&out);
	assert_int_equal(count_lines(&out), 1);
	report_free(report);
	buf_release(&out);
}

/* Full tables: the report is large, and whole. */
static void
a_report_of_full_tables_is_whole(void **state)
{
	char name[STATS_NAME_MAX];
	struct report *report;
	struct buf out;

	(void)state;
	memset(name, '"', sizeof(name));
	for (int i = 0; i < 2 * STATS_STATEMENTS; i++) {
		int n = snprintf(name, 20, "pages/%d.gmi", i);

		name[n] = '"';
		stats_add_answer(
		    stats_page((struct str){name, sizeof(name)}), 1, 0);
		stats_add_run(
		    stats_statement((struct str){name, sizeof(name)}), 1);
	}
	report = make("");
	assert_int_equal(report->page_count, STATS_PAGES + 1);
	assert_int_equal(report->statement_count, STATS_STATEMENTS + 1);
	for (size_t i = 1; i < report->page_count; i++)
		assert_true(report->page[i - 1].count >= report->page[i].count);
	buf_init(&out, REPORT_MAX_BYTES);
	report_write_prometheus(&out, report);
	check_clean(&out);
	buf_clear(&out);
	report_write_json(&out, report);
	check_clean(&out);
	buf_clear(&out);
	report_write_text(&out, report, false);
	assert_true(count_lines(&out) < 50);
	buf_release(&out);
	report_free(report);
}

/* Whatever counter has been added to the table is shown, families in one
 * line, and nothing that is 0. */
static void
every_number_is_shown(void **state)
{
	struct report *report;
	struct buf out;

	(void)state;
	metrics_name_protocol(0, "one");
	metrics_name_protocol(2, "other");
	for (int m = 0; m < METRIC_COUNT; m++)
		metrics_set((enum metric)m, 70000 + (uint64_t)m);
	report = make("");
	buf_init(&out, REPORT_MAX_BYTES);
	report_write_text(&out, report, false);
	for (int m = 0; m < METRIC_COUNT; m++) {
		const char *value = metrics_value_of((enum metric)m);
		char number[32];

		if (value == NULL)
			continue;
		snprintf(number, sizeof(number), "%s%s%d", value,
		    metric_rows[m].type == METRIC_TIME ? "" : " ", 70000 + m);
		if (metric_rows[m].type != METRIC_TIME)
			assert_true(str_find(buf_view(&out),
					str_from(number)) != SIZE_MAX);
		else
			assert_true(str_find(buf_view(&out),
					STR("1970-01-01T19:")) != SIZE_MAX);
	}
	report_free(report);
	for (int m = 0; m < METRIC_COUNT; m++)
		metrics_set((enum metric)m, 0);
	report = make("");
	buf_clear(&out);
	report_write_text(&out, report, false);
	assert_true(str_find(buf_view(&out), STR("    0  ")) == SIZE_MAX);
	assert_true(str_find(buf_view(&out), STR("()")) == SIZE_MAX);
	report_free(report);
	buf_release(&out);
}

/* What a terminal shows of a note that nobody ended. */
static void
a_long_note_is_cut_and_ended(void **state)
{
	char note[METRICS_TEXT_SIZE], text[2 * METRICS_TEXT_SIZE];

	(void)state;
	memset(text, 'x', sizeof(text));
	metrics_set_text(TEXT_SANDBOX, (struct str){text, sizeof(text)});
	metrics_read_text(TEXT_SANDBOX, note);
	assert_int_equal(strlen(note), METRICS_TEXT_SIZE - 1);
	metrics_set_text(TEXT_SANDBOX, STR(""));
	metrics_read_text(TEXT_SANDBOX, note);
	assert_string_equal(note, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hostile_names_forge_no_line),
	    cmocka_unit_test(every_number_is_shown),
	    cmocka_unit_test(a_report_of_full_tables_is_whole),
	    cmocka_unit_test(a_long_note_is_cut_and_ended)};

	if (metrics_make() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
