/* SPDX-License-Identifier: ISC */
/*
 * The table of limits in guiju.ini(5) says the numbers of base/limits.h, all
 * that it should and no other. Each limit of base/limits.h has a test that
 * names it, so that the limit's number and the test's are the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "wire/wire.h"

enum { FILE_MAX = 1024 * 1024 };

enum unit { COUNT, BYTES, KIB, MIB, MS, SECONDS, PERCENT };

/* Instead of a number: where a protocol's row has it. */
enum {
	GEMINI_LINE = -100,
	GOPHER_LINE,
	GOPHER_WORDS,
	SPARTAN_LINE,
	SPARTAN_DATA
};
static const size_t *const of_rows[] = {
    [GEMINI_LINE + 100] = &wire_gemini.protocol.line_max,
    [GOPHER_LINE + 100] = &wire_gopher.protocol.line_max,
    [GOPHER_WORDS + 100] = &wire_gopher.input_max,
    [SPARTAN_LINE + 100] = &wire_spartan.protocol.line_max,
    [SPARTAN_DATA + 100] = &wire_spartan.input_max};

/* A number and its names. */
#define NUMBER(number) (number), #number

/* A row of the manual; test: a file below tests/ and a function in it, which
 * holds these names of the number. */
static const struct row {
	const char *what;
	int number; /* below 0: which of of_rows[] */
	const char *names;
	enum unit unit;
	const char *file, *test;
} rows[] = {
    {"request line of Gemini", GEMINI_LINE, "1024", BYTES,
	"wire/test_gemini.py", "test_a_request_of_1024_bytes_is_the_longest"},
    {"request line of Gopher", GOPHER_LINE, "wire_gopher.protocol.line_max",
	BYTES, "unit/net_connection.c", "a_line_that_is_too_long_is_refused"},
    {"words of a Gopher search", GOPHER_WORDS, "wire_gopher.input_max", BYTES,
	"unit/wire_gopher.c", "hostile_selectors_are_refused"},
    {"request line of Spartan", SPARTAN_LINE, "wire_spartan.protocol.line_max",
	BYTES, "unit/wire_spartan.c", "lines_and_data_have_limits"},
    {"answer in a Spartan request", SPARTAN_DATA, "wire_spartan.input_max",
	BYTES, "unit/wire_spartan.c", "lines_and_data_have_limits"},
    {"TLS handshake, with the PROXY header", NUMBER(LIMIT_HANDSHAKE_MS),
	SECONDS, "wire/test_limits.py",
	"test_handshake_and_line_have_deadlines"},
    {"what a client sends for it", NUMBER(LIMIT_HANDSHAKE_BYTES), KIB,
	"wire/test_limits.py", "test_a_large_handshake_is_cut_off"},
    {"certificates in a client's chain", NUMBER(LIMIT_CERTIFICATES), COUNT,
	"wire/test_limits.py", "test_a_long_chain_is_refused"},
    {"bits of an RSA key in it", NUMBER(LIMIT_RSA_BITS), COUNT,
	"unit/net_certificate.c", "costly_keys_are_refused"},
    {"bits of its public exponent", NUMBER(LIMIT_RSA_EXPONENT_BITS), COUNT,
	"unit/net_certificate.c", "costly_keys_are_refused"},
    {"request line, until it is whole", NUMBER(LIMIT_REQUEST_MS), SECONDS,
	"wire/test_limits.py", "test_handshake_and_line_have_deadlines"},
    {"the same at a stop, for its first byte", NUMBER(LIMIT_IDLE_MS), SECONDS,
	"wire/test_run.py", "test_stop_waits_for_nobody_who_asks_nothing"},
    {"answer", NUMBER(LIMIT_ANSWER_MS), SECONDS, "wire/test_limits.py",
	"test_readers_that_are_too_slow_are_reset"},
    {"and for each 8,000 bytes of it", NUMBER(8000 / LIMIT_ANSWER_BYTES_PER_MS),
	SECONDS, "wire/test_limits.py",
	"test_readers_that_are_too_slow_are_reset"},
    {"sent of it in any 20 s", NUMBER(LIMIT_WINDOW_BYTES), KIB,
	"wire/test_limits.py", "test_readers_that_are_too_slow_are_reset"},
    {"waiting in the kernel to be sent", NUMBER(LIMIT_UNSENT_BYTES), KIB,
	"wire/test_limits.py",
	"test_a_reader_that_stalls_holds_little_of_a_file"},
    {"after it, until the client's end", NUMBER(LIMIT_DRAIN_MS), SECONDS,
	"wire/test_limits.py", "test_a_reader_that_does_not_close_is_dropped"},
    {"what it sends meanwhile", NUMBER(LIMIT_DRAIN_BYTES), MIB,
	"unit/net_connection.c", "bytes_without_end_are_not_read"},
    {"upload, in each of its minutes at least",
	NUMBER(LIMIT_UPLOAD_BYTES_LEAST), KIB, "unit/net_upload.c",
	"a_trickle_is_refused"},
    {"the whole of it", NUMBER(LIMIT_UPLOAD_MS), SECONDS, "unit/net_upload.c",
	"a_whole_upload_has_a_deadline"},
    {"and for each 4,000 bytes of it", NUMBER(4000 / LIMIT_UPLOAD_BYTES_PER_MS),
	SECONDS, "unit/net_upload.c", "a_whole_upload_has_a_deadline"},
    {"behind a refused one, until its end", NUMBER(LIMIT_UPLOAD_DRAIN_MS),
	SECONDS, "wire/test_limits.py",
	"test_readers_that_are_too_slow_are_reset"},
    {"what its client sends meanwhile", NUMBER(LIMIT_UPLOAD_DRAIN_BYTES), MIB,
	"unit/net_connection.c", "a_refused_upload_is_read"},
    {"connections", NUMBER(LIMIT_CONNECTIONS), COUNT, "wire/test_limits.py",
	"test_connections_above_the_limit_wait"},
    {"waiting to be accepted", NUMBER(LIMIT_BACKLOG), COUNT,
	"unit/run_listeners.c", "the_backlog_is_as_long_as_it_may_be"},
    {"open files of a worker", NUMBER(LIMIT_FILES), COUNT,
	"wire/test_limits.py", "test_a_worker_asks_for_its_open_files"},
    {"uploads that a worker receives", NUMBER(LIMIT_UPLOADS), COUNT,
	"wire/test_titan.py", "test_all_uploads_have_a_number_and_bytes"},
    {"their bytes together", NUMBER(LIMIT_UPLOADS_BYTES), MIB,
	"wire/test_titan.py", "test_all_uploads_have_a_number_and_bytes"},
    {"of an address: connections", NUMBER(LIMIT_PEER_CONNECTIONS), COUNT,
	"unit/net_peers.c", "one_address_has_a_limit_of_connections"},
    {"new ones a second", NUMBER(LIMIT_PEER_RATE), COUNT, "unit/net_peers.c",
	"an_address_that_comes_too_quickly_waits"},
    {"new ones at once", NUMBER(LIMIT_PEER_RATE *LIMIT_PEER_BURST_S), COUNT,
	"unit/net_peers.c", "an_address_that_comes_too_quickly_waits"},
    {"of a processor", NUMBER(LIMIT_PEER_WORK), PERCENT, "unit/net_peers.c",
	"an_address_has_its_part_of_a_processor"},
    {"uploads at once, in a worker", NUMBER(LIMIT_PEER_UPLOADS), COUNT,
	"wire/test_titan.py", "test_uploads_have_a_number"},
    {"of a network: times as much", NUMBER(LIMIT_NETWORK_TIMES), COUNT,
	"unit/net_peers.c", "a_network_has_four_times_as_much"},
    {"seconds that it is told to wait", NUMBER(LIMIT_WAIT_MAX_S), COUNT,
	"unit/net_peers.c", "the_wait_that_is_told_is_a_minute_at_most"},
    {"processor time of a cheap page", NUMBER(LIMIT_COSTLY_US / 1000), MS,
	"unit/net_peers.c", "costly_pages_have_a_limit"},
    {"costly pages, of each worker", NUMBER(LIMIT_COSTLY_WORK), PERCENT,
	"unit/net_peers.c", "costly_pages_have_a_limit"},
    {"seconds of that at once", NUMBER(LIMIT_COSTLY_BURST_S), COUNT,
	"unit/net_peers.c", "costly_pages_have_a_limit"},
    {"the same with a certificate", NUMBER(LIMIT_COSTLY_KNOWN_S), COUNT,
	"unit/net_peers.c", "costly_pages_have_a_limit"},
    {"requests for them waiting, in a worker", NUMBER(LIMIT_LANE_QUEUE), COUNT,
	"unit/net_lanes.c", "a_queue_has_an_end"},
    {"for so long", NUMBER(LIMIT_LANE_WAIT_MS), SECONDS, "unit/net_lanes.c",
	"nobody_waits_for_long"},
    {"lines in the log a second, of an address", NUMBER(LIMIT_LOG_LINES), COUNT,
	"unit/net_flood.c", "log_lines_of_one_address_are_limited"},
    {"bytes in the log a second, of a process", NUMBER(LIMIT_LOG_BYTES), MIB,
	"unit/run_logger.c", "a_process_may_send_so_much_per_second"},
    {"statements of a request", NUMBER(LIMIT_PAGE_MS), SECONDS,
	"wire/test_limits.py", "test_a_query_without_end_is_cut_off"},
    {"waiting for another writer", NUMBER(LIMIT_WRITE_WAIT_MS), MS,
	"wire/test_faults.py", "test_a_lock_of_another_refuses_writes_alone"},
    {"statements that hold the others up", NUMBER(LIMIT_WRITE_MS), MS,
	"unit/page_lock.c", "time_under_the_lock_has_a_limit"},
    {"the same, by the clock", NUMBER(LIMIT_WRITE_HELD_MS), MS,
	"unit/page_lock.c", "time_under_the_lock_has_a_limit"},
    {"words of a search", NUMBER(LIMIT_SEARCH_RUNS), COUNT,
	"unit/store_search.c", "queries_have_limits"},
    {"characters of one of them", NUMBER(LIMIT_SEARCH_RUN_CHARACTERS), COUNT,
	"unit/store_search.c", "queries_have_limits"},
    {"tokens that an index is asked for", NUMBER(LIMIT_SEARCH_TOKENS), COUNT,
	"unit/store_search.c", "queries_have_limits"},
    {"pages that write, of a reader, a minute", NUMBER(LIMIT_WRITES_MINUTE),
	COUNT, "unit/page_writes.c", "writes_of_a_minute_have_a_limit"},
    {"and a day (UTC)", NUMBER(LIMIT_WRITES_DAY), COUNT, "unit/page_writes.c",
	"writes_of_a_day_have_a_limit"},
    {"certificates of an address: times", NUMBER(LIMIT_WRITES_TIMES), COUNT,
	"unit/page_writes.c", "certificates_of_an_address_have_a_limit"},
    {"bytes of an upload", NUMBER(LIMIT_UPLOAD_BYTES), MIB,
	"unit/page_upload.c", "an_upload_has_a_limit"},
    {"drafts of a certificate", NUMBER(LIMIT_DRAFTS), COUNT,
	"unit/page_upload.c", "drafts_have_limits"},
    {"bytes of a draft", NUMBER(LIMIT_DRAFT_BYTES), KIB, "unit/page_upload.c",
	"drafts_have_limits"},
    {"bytes of all drafts", NUMBER(LIMIT_DRAFTS_BYTES), MIB,
	"unit/page_upload.c", "drafts_have_limits"},
    {"days that a draft is kept", NUMBER(LIMIT_DRAFT_DAYS), COUNT,
	"wire/test_titan.py", "test_a_refused_text_is_a_draft"},
    {"text of a page", NUMBER(LIMIT_PAGE_BYTES), KIB, "wire/test_limits.py",
	"test_a_page_without_end_fails_as_a_whole"},
    {"text of a page that is data", NUMBER(LIMIT_DATA_BYTES), MIB,
	"wire/test_limits.py", "test_data_without_end_are_cut_off"},
    {"file that a page gives from a table", NUMBER(LIMIT_BLOB_BYTES), MIB,
	"unit/page_files.c", "a_file_has_a_limit"},
    {"copies of such files that a worker sends", NUMBER(LIMIT_BLOB_COPIES),
	COUNT, "unit/page_files.c", "a_crowd_of_large_files_waits"}};

enum { ROWS = sizeof(rows) / sizeof(*rows) };

/* Limits that no row of the manual has: an operator need not know them. */
static const struct {
	const char *name, *file, *test;
} others[] = {{"LIMIT_WINDOW_MS", "wire/test_limits.py",
		  "test_readers_that_are_too_slow_are_reset"},
    {"LIMIT_TURN_BYTES", "wire/test_limits.py",
	"test_files_of_about_a_limit_are_whole"},
    {"LIMIT_FILE_PIECE_BYTES", "wire/test_limits.py",
	"test_files_of_about_a_limit_are_whole"},
    {"LIMIT_REST_MS", "wire/test_limits.py",
	"test_a_worker_without_descriptors_serves_on"},
    {"LIMIT_PEER_WAIT_S", "unit/net_peers.c",
	"one_address_has_a_limit_of_connections"},
    {"LIMIT_PEER_AHEAD_S", "unit/net_peers.c", "nobody_waits_for_ever"},
    {"LIMIT_COSTLY_AHEAD_S", "unit/net_peers.c", "nobody_waits_for_ever"},
    {"LIMIT_LANE_SETTLE_MS", "unit/net_lanes.c",
	"a_page_begins_beside_a_silent_client"},
    {"LIMIT_LANE_MS", "unit/net_peers.c", "a_lane_is_free_again"}};

enum { OTHERS = sizeof(others) / sizeof(*others) };

/* A file of the source, which is where the tests are run. */
static struct buf
read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct buf text;
	char piece[4096];
	size_t n;

	if (file == NULL)
		fail_msg("cannot read %s", path);
	buf_init(&text, FILE_MAX);
	while ((n = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_add(&text, piece, n);
	fclose(file);
	assert_int_equal(text.err, OK);
	return text;
}

/* With a comma after the thousands, as people write. */
static void
add_number(struct buf *out, int n)
{
	if (n >= 1000)
		buf_printf(out, "%d,%03d", n / 1000, n % 1000);
	else
		buf_printf(out, "%d", n);
}

static int
number_of(const struct row *row)
{
	return row->number < 0 ? (int)*of_rows[row->number + 100] : row->number;
}

static void
add_amount(struct buf *out, int n, enum unit unit)
{
	static const struct {
		int size;
		const char *name;
	} units[] = {[COUNT] = {1, ""},
	    [BYTES] = {1, " bytes"},
	    [KIB] = {1024, " KiB"},
	    [MIB] = {1024 * 1024, " MiB"},
	    [MS] = {1, " ms"},
	    [SECONDS] = {1000, " s"},
	    [PERCENT] = {1, " %"}};

	assert_int_equal(n % units[unit].size, 0);
	add_number(out, n / units[unit].size);
	buf_text(out, units[unit].name);
}

/* The section's table, without its head. */
static struct str
table_of(struct str manual)
{
	size_t begin = str_find(manual, STR(".Sh LIMITS\n")), head, end;

	assert_int_not_equal(begin, SIZE_MAX);
	manual = str_slice(manual, begin, manual.len);
	head = str_find(manual, STR("Em past it\n"));
	end = str_find(manual, STR(".El\n"));
	assert_true(head < end && end != SIZE_MAX);
	return str_slice(manual, head + strlen("Em past it\n"), end);
}

static void
the_manual_has_each_limit(void **state)
{
	struct buf manual = read_file("tools/manual/guiju.ini.5");
	struct str rest = table_of(buf_view(&manual)), line;
	/* What mandoc makes the first column of. */
	const size_t column =
	    strlen("lines in the log a second, of an address");
	size_t n = 0;

	(void)state;
	while (str_next_line(&rest, &line)) {
		struct buf wanted;

		assert_true(n < ROWS);
		assert_in_range(strlen(rows[n].what), 1, column);
		buf_init(&wanted, 1024);
		buf_printf(&wanted, ".It %s Ta ", rows[n].what);
		add_amount(&wanted, number_of(&rows[n]), rows[n].unit);
		buf_text(&wanted, " Ta ");
		if (!str_starts(line, buf_view(&wanted)))
			fail_msg("\"%.*s\" should begin with \"%.*s\"",
			    STR_ARG(line), STR_ARG(buf_view(&wanted)));
		buf_release(&wanted);
		n++;
	}
	assert_int_equal(n, ROWS);
	buf_release(&manual);
}

/* The function of that name in the text of a file: to its closing brace in C,
 * to the next line that begins with a letter in Python. Empty: there is none.
 */
static struct str
body_of(struct str text, const char *test)
{
	char python[256], c[256];
	size_t begin;
	struct str line, rest;

	snprintf(python, sizeof(python), "\ndef %s(", test);
	snprintf(c, sizeof(c), "\n%s(void **state)\n", test);
	begin = str_find(text, str_from(c));
	if (begin != SIZE_MAX) {
		text = str_slice(text, begin, text.len);
		return str_slice(text, 0, str_find(text, STR("\n}\n")));
	}
	begin = str_find(text, str_from(python));
	if (begin == SIZE_MAX)
		return STR("");
	text = rest = str_slice(text, begin + 1, text.len);
	(void)str_next_line(&rest, &line);
	while (str_next_line(&rest, &line))
		if (line.len > 0 && line.data[0] != ' ')
			return str_slice(
			    text, 0, (size_t)(line.data - text.data));
	return text;
}

static bool
is_of_name(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '.';
}

/* Take the next name off rest: of a limit, or what stands in an expression. */
static bool
next_name(struct str *rest, struct str *name)
{
	size_t begin = 0, end;

	while (begin < rest->len && !is_of_name(rest->data[begin]))
		begin++;
	for (end = begin; end < rest->len && is_of_name(rest->data[end]);)
		end++;
	*name = str_slice(*rest, begin, end);
	*rest = str_slice(*rest, end, rest->len);
	return name->len > 0;
}

/* Has the text this whole name? In Python a module's name stands before. */
static bool
has_name(struct str text, struct str name)
{
	const struct str module = STR("limits.");
	struct str found;

	while (next_name(&text, &found)) {
		if (str_starts(found, module))
			found = str_slice(found, module.len, found.len);
		if (str_equal(found, name))
			return true;
	}
	return false;
}

static void
must_name(const char *file, const char *test, const char *names)
{
	struct str rest = str_from(names), name, body;
	struct buf text;
	char path[256];

	snprintf(path, sizeof(path), "tests/%s", file);
	text = read_file(path);
	body = body_of(buf_view(&text), test);
	if (body.len == 0)
		fail_msg("%s: no %s, which is to test %s", path, test, names);
	while (next_name(&rest, &name))
		/* A number in an expression only changes the unit. */
		if ((name.data[0] > '9' || name.len == strlen(names)) &&
		    !has_name(body, name))
			fail_msg("%s: %s does not name %.*s", path, test,
			    STR_ARG(name));
	buf_release(&text);
}

static void
each_limit_has_a_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		must_name(rows[i].file, rows[i].test, rows[i].names);
	for (size_t i = 0; i < OTHERS; i++)
		must_name(others[i].file, others[i].test, others[i].name);
}

/* No limit is left out above. */
static void
each_limit_is_in_a_table(void **state)
{
	struct buf header = read_file("server/base/limits.h");
	struct str rest = buf_view(&header), line, name;
	size_t count = 0;

	(void)state;
	while (str_next_line(&rest, &line)) {
		bool found = false;

		if (!str_starts(line, STR("\tLIMIT_")) ||
		    !next_name(&line, &name))
			continue;
		for (size_t i = 0; i < ROWS; i++)
			found |= has_name(str_from(rows[i].names), name);
		for (size_t i = 0; i < OTHERS; i++)
			found |= str_equal(str_from(others[i].name), name);
		if (!found)
			fail_msg("%.*s has no test", STR_ARG(name));
		count++;
	}
	assert_true(count >= ROWS - 5); /* of the protocols */
	buf_release(&header);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_manual_has_each_limit),
	    cmocka_unit_test(each_limit_has_a_test),
	    cmocka_unit_test(each_limit_is_in_a_table)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
