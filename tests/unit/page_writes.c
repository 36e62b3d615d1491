/* SPDX-License-Identifier: ISC */
/* How much may be written with one certificate (page/writes.h). */
#include "base/limits.h"
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
a_minute(void **state)
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

/* The same address acts when there is room again. */
static void
seal_is_not_used_up(void **state)
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
a_day(void **state)
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    NOTES_TEST(a_minute),
	    NOTES_TEST(seal_is_not_used_up),
	    NOTES_TEST(a_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
