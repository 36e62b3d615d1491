/* SPDX-License-Identifier: ISC */
/* How much one reader may write (page/run/writes.c). */
#include "base/limits.h"
#include "base/metrics.h"
#include "base/stats.h"
#include "page/run/internal.h"
#include "tests/unit/notes_fixture.h"

enum { MINUTE = 60, DAY = 24 * 3600 };
/* A minute begins, and so does a day. */
static const int64_t morning = FIXTURE_NOW - FIXTURE_NOW % DAY;

/* Follow a fresh seal with this text. */
static const char *
write_note(struct fixture *f, const char *text)
{
	const char *link =
	    strstr(notes_ask(f, PROTOCOL_GEMINI, "/"), "=> /add/");
	char address[80];

	assert_non_null(link);
	snprintf(address, sizeof(address), "/add/%.32s?%s", link + 8, text);
	return notes_ask(f, PROTOCOL_GEMINI, address);
}

static void
must_write(struct fixture *f, const char *text, int times)
{
	while (times-- > 0)
		assert_string_equal(write_note(f, text), "(go) /stored");
}

static void
must_wait(struct fixture *f, const char *text, unsigned seconds)
{
	const int64_t before = notes_count(f, text);

	assert_string_equal(write_note(f, text), "(busy) ");
	assert_int_equal(f->wait_s, seconds);
	assert_int_equal(notes_count(f, text), before);
}

static void
writes_of_a_minute_have_a_limit(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(notes_open(f), OK);
	f->has_cert = true;
	clock_set_now_s(morning + 10);
	must_write(f, "a", LIMIT_WRITES_MINUTE);
	must_wait(f, "b", 50);
	clock_set_now_s(morning + 59);
	must_wait(f, "b", 1);
	assert_true(begins(notes_ask(f, PROTOCOL_GEMINI, "/"), "# Notes\n"));
	/* It is nobody else's loss, and nobody's who shows none. */
	f->identity.fingerprint = STR("decaf");
	must_write(f, "other", 1);
	f->has_cert = false;
	must_write(f, "none", LIMIT_WRITES_MINUTE + 1);
	/* Having been refused counts for nothing. */
	f->has_cert = true;
	f->identity.fingerprint = STR("c0ffee");
	clock_set_now_s(morning + MINUTE);
	must_write(f, "c", LIMIT_WRITES_MINUTE);
	must_wait(f, "b", MINUTE);
	f->has_cert = false;
	notes_must_be_sound(f);
}

/* Rows of days gone by go with the next write, whoever makes it. */
static void
counts_of_other_days_are_forgotten(void **state)
{
	static const char rows[] = "SELECT count(*) FROM guiju_writes";
	struct fixture *f = *state;

	assert_int_equal(notes_open(f), OK);
	f->has_cert = true;
	clock_set_now_s(morning);
	must_write(f, "a", 1);
	f->identity.fingerprint = STR("decaf");
	clock_set_now_s(morning + DAY - 1);
	must_write(f, "a", 1);
	assert_int_equal(notes_number(store_writer(f->site->store), rows), 2);
	clock_set_now_s(morning + DAY);
	must_write(f, "a", 1);
	assert_int_equal(notes_number(store_writer(f->site->store), rows), 1);
	f->has_cert = false;
}

/* The same address acts when there is room again. */
static void
a_write_that_waits_keeps_its_seal(void **state)
{
	struct fixture *f = *state;
	char address[80];
	const char *link;

	assert_int_equal(notes_open(f), OK);
	f->has_cert = true;
	clock_set_now_s(morning);
	must_write(f, "a", LIMIT_WRITES_MINUTE);
	link = strstr(notes_ask(f, PROTOCOL_GEMINI, "/"), "=> /add/");
	assert_non_null(link);
	snprintf(address, sizeof(address), "/add/%.32s?late", link + 8);
	assert_string_equal(notes_ask(f, PROTOCOL_GEMINI, address), "(busy) ");
	clock_set_now_s(morning + MINUTE);
	assert_string_equal(
	    notes_ask(f, PROTOCOL_GEMINI, address), "(go) /stored");
	assert_int_equal(notes_count(f, "late"), 1);
}

/* Across restarts; what asks first is one write, not two. */
static void
writes_of_a_day_have_a_limit(void **state)
{
	struct fixture *f = *state;
	int written = 0;

	assert_int_equal(notes_open(f), OK);
	f->has_cert = true;
	for (int minute = 0; written < LIMIT_WRITES_DAY; minute++) {
		const int left = LIMIT_WRITES_DAY - written;
		const int now =
		    left < LIMIT_WRITES_MINUTE ? left : LIMIT_WRITES_MINUTE;

		clock_set_now_s(morning + minute * MINUTE);
		must_write(f, "a", now);
		written += now;
		if (minute == 3) {
			notes_close(f);
			assert_int_equal(notes_open(f), OK);
		}
	}
	clock_set_now_s(morning + DAY / 2);
	must_wait(f, "b", DAY / 2);
	clock_set_now_s(morning + DAY);
	must_write(f, "b", 1);
	/* A clock that goes back locks nobody out. */
	clock_set_now_s(morning + DAY / 2);
	must_write(f, "c", 1);
}

static struct ip
address(const char *text)
{
	struct str s = str_from(text);
	struct ip ip;

	if (ip_read_v4(s, &ip) != OK)
		assert_int_equal(ip_read_v6(s, &ip), OK);
	return ip;
}

/* Who shows no certificate is known by his address, for as long as a day. */
static void
writes_of_an_address_have_a_limit(void **state)
{
	struct fixture *f = *state;
	const struct ip one = address("192.0.2.1"), next = address("192.0.2.2");
	const struct ip home = address("2001:db8:1:2::1");
	const struct ip same_home = address("2001:db8:1:2:ffff::9");
	const struct ip other_home = address("2001:db8:1:3::1");

	assert_int_equal(notes_open(f), OK);
	clock_set_now_s(morning + 10);
	f->peer = &one;
	must_write(f, "a", LIMIT_WRITES_MINUTE);
	must_wait(f, "b", 50);
	/* It is nobody else's loss: neither the neighbour's, nor that of who
	 * shows a certificate, nor the command line's. */
	f->peer = &next;
	must_write(f, "next", 1);
	f->peer = &one;
	f->has_cert = true;
	must_write(f, "cert", 1);
	f->has_cert = false;
	f->peer = NULL;
	must_write(f, "none", LIMIT_WRITES_MINUTE + 1);
	f->peer = &one;
	must_wait(f, "b", 50);
	clock_set_now_s(morning + MINUTE);
	must_write(f, "c", LIMIT_WRITES_MINUTE);
	must_wait(f, "b", MINUTE);
	/* A household has 64 bits. */
	f->peer = &home;
	must_write(f, "home", LIMIT_WRITES_MINUTE - 1);
	f->peer = &same_home;
	must_write(f, "home", 1);
	must_wait(f, "b", MINUTE);
	f->peer = &other_home;
	must_write(f, "other home", 1);
	/* Across a restart. */
	notes_close(f);
	assert_int_equal(notes_open(f), OK);
	f->peer = &same_home;
	must_wait(f, "b", MINUTE);
	f->peer = NULL;
	notes_must_be_sound(f);
}

static void
writes_of_an_address_in_a_day_have_a_limit(void **state)
{
	struct fixture *f = *state;
	const struct ip one = address("192.0.2.1");

	assert_int_equal(notes_open(f), OK);
	f->peer = &one;
	for (int written = 0, minute = 0; written < LIMIT_WRITES_DAY;
	     minute++) {
		const int left = LIMIT_WRITES_DAY - written;
		const int now =
		    left < LIMIT_WRITES_MINUTE ? left : LIMIT_WRITES_MINUTE;

		clock_set_now_s(morning + minute * MINUTE);
		must_write(f, "a", now);
		written += now;
	}
	clock_set_now_s(morning + DAY / 2);
	must_wait(f, "b", DAY / 2);
	clock_set_now_s(morning + DAY);
	must_write(f, "b", 1);
	f->peer = NULL;
}

/* As if the certificates of each address had written so often today. */
static void
set_day(struct fixture *f, int n)
{
	char sql[120];

	snprintf(sql, sizeof(sql),
	    "UPDATE guiju_writes SET in_day = %d"
	    " WHERE cert LIKE 'certificates:%%'",
	    n);
	assert_int_equal(
	    sqlite3_exec(store_writer(f->site->store), sql, NULL, NULL, NULL),
	    SQLITE_OK);
}

/* Certificates cost nothing: each is counted for itself, and all of an address
 * together. */
static void
certificates_of_an_address_have_a_limit(void **state)
{
	struct fixture *f = *state;
	const struct ip one = address("192.0.2.1"), next = address("192.0.2.2");
	char certs[LIMIT_WRITES_TIMES][16];

	for (int i = 0; i < LIMIT_WRITES_TIMES; i++)
		snprintf(certs[i], sizeof(certs[i]), "c%d", i);
	assert_int_equal(notes_open(f), OK);
	f->peer = &one;
	f->has_cert = true;
	clock_set_now_s(morning + 10);
	for (int i = 0; i < LIMIT_WRITES_TIMES; i++) {
		f->identity.fingerprint = str_from(certs[i]);
		must_write(f, "a", LIMIT_WRITES_MINUTE);
		must_wait(f, "b", 50);
	}
	f->identity.fingerprint = STR("another");
	must_wait(f, "b", 50);
	/* Neither a neighbour's loss, nor that of who shows no certificate or
	 * is not limited. */
	f->peer = &next;
	must_write(f, "next", 1);
	f->peer = &one;
	f->has_cert = false;
	must_write(f, "none", 1);
	f->peer = NULL;
	f->has_cert = true;
	must_write(f, "unlimited", 1);
	f->peer = &one;
	/* A day has so many writes that the test takes most of them as done. */
	clock_set_now_s(morning + MINUTE);
	set_day(f, LIMIT_WRITES_TIMES * LIMIT_WRITES_DAY - 1);
	must_write(f, "c", 1);
	f->identity.fingerprint = STR("one more");
	must_wait(f, "b", DAY - MINUTE);
	clock_set_now_s(morning + DAY);
	must_write(f, "d", 1);
	f->has_cert = false;
	f->peer = NULL;
	notes_must_be_sound(f);
}

/* Nothing in the database tells whose it is. */
static void
a_name_tells_no_address(void **state)
{
	static const unsigned char secret[SEAL_SECRET_BYTES] = {1};
	static const unsigned char another[SEAL_SECRET_BYTES] = {2};
	const struct ip ip = address("192.0.2.1");
	char name[WRITES_NAME], again[WRITES_NAME];

	(void)state;
	assert_int_equal(
	    writes_name(secret, "address:", &ip, morning, name), OK);
	assert_int_equal(strlen(name), strlen("address:") + 32);
	assert_int_equal(
	    writes_name(secret, "address:", &ip, morning + DAY - 1, again), OK);
	assert_string_equal(name, again);
	assert_int_equal(
	    writes_name(secret, "address:", &ip, morning + DAY, again), OK);
	assert_string_not_equal(name, again);
	assert_int_equal(
	    writes_name(another, "address:", &ip, morning, again), OK);
	assert_string_not_equal(name, again);
}

/* An authorizer: SQLite asks it while it prepares a statement. */
static int
count_preparing(void *count, int action, const char *a, const char *b,
    const char *c, const char *d)
{
	(void)action;
	(void)a;
	(void)b;
	(void)c;
	(void)d;
	++*(unsigned *)count;
	return SQLITE_OK;
}

static void
say(struct fixture *f)
{
	char link[128];

	snprintf(link, sizeof(link), "/say/%.32s?words",
	    strstr(gemini(f, "/say/"), "=> ") + 3);
	assert_true(begins(gemini(f, link), "(go) /stored?"));
	snprintf(link, sizeof(link), "%s", f->answer + 5);
	assert_true(begins(gemini(f, link), "Said\n"));
}

static void
an_act_prepares_no_statement(void **state)
{
	struct fixture *f = *state;
	const struct ip peer = address("192.0.2.1");
	unsigned count = 0;

	fixture_write(f, "pages/say/index.gmi", "=> {seal} Say it\n");
	fixture_write(f, "pages/say/[seal].gmi",
	    "% ask What?\n"
	    "% do INSERT INTO note (text) VALUES (:input)\n"
	    "% notice Said\n"
	    "% go /stored\n");
	assert_int_equal(notes_open(f), OK);
	f->peer = &peer;
	sqlite3_set_authorizer(
	    store_reader(f->site->store), count_preparing, &count);
	sqlite3_set_authorizer(
	    store_writer(f->site->store), count_preparing, &count);
	say(f);
	assert_true(count > 0);
	count = 0;
	for (int i = 0; i < 10; i++)
		say(f);
	assert_int_equal(count, 0);
}

/* Make the mean of a page's answers so many microseconds. */
static void
make_cost(const char *file, uint64_t us)
{
	struct page_stats *page = stats_page(str_from(file));

	for (int i = 0; i < 1000; i++)
		stats_add_answer(page, us, us);
}

static void
a_costly_page_waits_for_all_but_a_seal(void **state)
{
	struct fixture *f = *state;
	char address[80];

	assert_int_equal(metrics_make(), OK);
	assert_int_equal(notes_open(f), OK);
	make_cost("pages/add/[seal].gmi", 100 * LIMIT_COSTLY_US);
	make_cost("pages/index.gmi", LIMIT_COSTLY_US);
	f->costly_wait_s = 7;
	/* Not above the limit yet. */
	snprintf(address, sizeof(address), "/add/%.32s?sealed",
	    strstr(notes_ask(f, PROTOCOL_GEMINI, "/"), "=> /add/") + 8);
	make_cost("pages/index.gmi", LIMIT_COSTLY_US + 10);
	assert_string_equal(notes_ask(f, PROTOCOL_GEMINI, "/"), "(busy) ");
	assert_int_equal(f->wait_s, 7);
	assert_int_equal(metrics_value(METRIC_WAIT_COSTLY), 1);
	assert_string_equal(
	    notes_ask(f, PROTOCOL_GEMINI, address), "(go) /stored");
	f->costly_wait_s = 0;
	assert_true(begins(notes_ask(f, PROTOCOL_GEMINI, "/"), "# Notes\n"));
}

/* A page that may wait says so before it has done anything. */
static void
a_costly_page_waits_for_a_lane(void **state)
{
	struct fixture *f = *state;
	struct costly costly = {.mean_us = 0};
	char address[80];

	assert_int_equal(metrics_make(), OK);
	assert_int_equal(notes_open(f), OK);
	make_cost("pages/index.gmi", LIMIT_COSTLY_US);
	f->costly = &costly;
	snprintf(address, sizeof(address), "/add/%.32s?sealed",
	    strstr(notes_ask(f, PROTOCOL_GEMINI, "/"), "=> /add/") + 8);
	assert_int_equal(costly.mean_us, 0);
	/* Nothing is known of the page that writes; all is well with one that
	 * does not. */
	assert_string_equal(notes_ask(f, PROTOCOL_GEMINI, address), "(busy) ");
	assert_int_equal(costly.mean_us, 1);
	costly.mean_us = 0;
	assert_true(
	    begins(notes_ask(f, PROTOCOL_GEMINI, "/stored"), "# Stored\n"));
	assert_int_equal(costly.mean_us, 0);
	make_cost("pages/add/[seal].gmi", 100 * LIMIT_COSTLY_US);
	make_cost("pages/index.gmi", LIMIT_COSTLY_US + 10);
	assert_string_equal(notes_ask(f, PROTOCOL_GEMINI, "/"), "(busy) ");
	assert_int_equal(costly.mean_us, LIMIT_COSTLY_US + 10);
	assert_string_equal(notes_ask(f, PROTOCOL_GEMINI, address), "(busy) ");
	assert_int_equal(costly.mean_us, 100 * LIMIT_COSTLY_US);
	f->costly = NULL;
	assert_string_equal(
	    notes_ask(f, PROTOCOL_GEMINI, address), "(go) /stored");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    NOTES_TEST(writes_of_a_minute_have_a_limit),
	    NOTES_TEST(a_write_that_waits_keeps_its_seal),
	    NOTES_TEST(counts_of_other_days_are_forgotten),
	    NOTES_TEST(writes_of_a_day_have_a_limit),
	    NOTES_TEST(writes_of_an_address_have_a_limit),
	    NOTES_TEST(writes_of_an_address_in_a_day_have_a_limit),
	    NOTES_TEST(certificates_of_an_address_have_a_limit),
	    cmocka_unit_test(a_name_tells_no_address),
	    NOTES_TEST(a_costly_page_waits_for_all_but_a_seal),
	    NOTES_TEST(a_costly_page_waits_for_a_lane),
	    NOTES_TEST(an_act_prepares_no_statement),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
