/* SPDX-License-Identifier: ISC */
/*
 * A clock that is wrong: years ahead, years behind, an hour back, past the
 * ends of 32 bits. Pages come, seals made since act once, and nothing waits
 * for a time that will not come.
 */
#include "tests/unit/notes_fixture.h"

enum { HOUR = 3600, YEAR = 365 * 24 * HOUR };

/* The address of a fresh seal, with these words. */
static void
take_seal(struct fixture *f, char out[80], const char *text)
{
	const char *link =
	    strstr(notes_ask(f, PROTOCOL_GEMINI, "/"), "=> /add/");

	assert_non_null(link);
	snprintf(out, 80, "/add/%.32s?%s", link + 8, text);
}

static void
must_act_once(struct fixture *f, const char *address, const char *text)
{
	char anew[80];

	snprintf(anew, sizeof(anew), ": %s\n", text);
	assert_string_equal(
	    notes_ask(f, PROTOCOL_GEMINI, address), "(go) /stored");
	assert_non_null(strstr(notes_ask(f, PROTOCOL_GEMINI, address), anew));
	assert_non_null(strstr(f->answer, "has done it already"));
	assert_int_equal(notes_count(f, text), 1);
}

static void
writing_goes_on_when_the_clock_jumps(void **state)
{
	static const int64_t jumps[] = {10LL * YEAR, -10LL * YEAR, -HOUR, HOUR,
	    100LL - FIXTURE_NOW, /* a machine that has no clock */
	    2147483647LL - FIXTURE_NOW, 2147483648LL - FIXTURE_NOW,
	    4102444800LL - FIXTURE_NOW, /* 2100 */
	    4294967296LL - FIXTURE_NOW, /* 32 bits are over */
	    253402300800LL - FIXTURE_NOW /* 10000 */};
	struct fixture *f = *state;
	char address[80], text[16];

	assert_int_equal(notes_open(f), OK);
	for (size_t i = 0; i < sizeof(jumps) / sizeof(*jumps); i++) {
		snprintf(text, sizeof(text), "jump%zu", i);
		clock_set_now_s(FIXTURE_NOW + jumps[i]);
		take_seal(f, address, text);
		must_act_once(f, address, text);
		assert_true(begins(
		    notes_ask(f, PROTOCOL_GEMINI, "/find?jump0"), "# Found\n"));
		site_fold(f->site);
		clock_set_now_s(FIXTURE_NOW);
		snprintf(text, sizeof(text), "back%zu", i);
		take_seal(f, address, text);
		must_act_once(f, address, text);
	}
	notes_must_be_sound(f);
}

/* A seal that is older than its life, or younger than now, does nothing, and
 * its reader is offered a fresh one with the answer. */
static void
a_seal_of_another_time_does_nothing(void **state)
{
	static const int64_t jumps[] = {YEAR, -YEAR, -HOUR, 25LL * HOUR};
	struct fixture *f = *state;
	char address[80];

	assert_int_equal(notes_open(f), OK);
	for (size_t i = 0; i < sizeof(jumps) / sizeof(*jumps); i++) {
		clock_set_now_s(FIXTURE_NOW);
		take_seal(f, address, "early");
		clock_set_now_s(FIXTURE_NOW + jumps[i]);
		assert_non_null(strstr(
		    notes_ask(f, PROTOCOL_GEMINI, address), ": early\n"));
		assert_non_null(strstr(f->answer, "older than 15 minutes"));
	}
	assert_int_equal(notes_count(f, "early"), 0);
	/* Back where it was made it is as good as before. */
	clock_set_now_s(FIXTURE_NOW);
	must_act_once(f, address, "early");
}

/* What came later has the greater number, whatever its clock said. */
static void
notes_are_ordered_by_their_coming(void **state)
{
	struct fixture *f = *state;
	const char *later, *earlier, *answer;

	assert_int_equal(notes_open(f), OK);
	assert_true(notes_write(f, "one"));
	clock_set_now_s(FIXTURE_NOW - HOUR);
	assert_true(notes_write(f, "two"));
	answer = notes_ask(f, PROTOCOL_GEMINI, "/");
	later = strstr(answer, "=> /note/2 two\n");
	earlier = strstr(answer, "=> /note/1 one\n");
	assert_true(later != NULL && earlier != NULL && later < earlier);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    NOTES_TEST(writing_goes_on_when_the_clock_jumps),
	    NOTES_TEST(a_seal_of_another_time_does_nothing),
	    NOTES_TEST(notes_are_ordered_by_their_coming),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
