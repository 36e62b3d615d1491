/* SPDX-License-Identifier: ISC */
/*
 * The portal asked for numbers that hands, scanners and copy-and-paste have
 * spoilt: a laboratory's list is answered with the edition that was meant, or
 * with none. A wrong edition that is called valid is the worst that this
 * portal can do. GUIJU_LONG asks ten times as often.
 */
#include "portal_fixture.h"

#include <strings.h>

#include "number_spoil.h"

/* Numbers that are beginnings of one another, several editions of each. */
static const char *const editions[] = {"GB/T 1-1992", "GB/T 19-2008",
    "GB/T 190-1990", "GB/T 190-2009", "GB/T 1900-2016", "GB/T 19001-1994",
    "GB/T 19001-2000", "GB/T 19001-2008", "GB/T 19001-2016",
    "GB/T 19001.1-2008", "GB/T 19001.2-2012", "GB/T 19001.2-2021",
    "GB/T 1.1-2009", "GB/T 1.1-2020", "GB/T 1.2-2020", "GB/T 29-2008",
    "GB/T 2900-1994", "GB/T 2900.1-2008", "GB 7718-2004", "GB 7718-2011",
    "GB 1-2001", "GB 77-1999", "GB 5749-2006", "GB 5749-2022", "GBZ 2.1-2007",
    "GBZ 2.1-2019", "GJB 150.1-1986", "GJB 150.1A-2009", "HJ 1-2019",
    "HJ 168-2010", "HJ 168-2020", "DB44/26-2001", "DB44/26-2012",
    "DB46/T 642-2024", "DB46/T 64-2007", "DB 46-2010", "DBJ 46-002-2006",
    "DBJ 46-002-2015", "DBS46/001-2022", "DBS46/001-2017", "T/CAS 291-2017",
    "T/CAS 2-2018", "T/CA 5-2011", "Q/GDW 10370-2016", "Q/GDW 10370-2023",
    "Q/GDW 103-2008", "JJF 1001-2011", "JJF 1001-1998", "JJG 67-2003",
    "JJG 067-2019", "JJG(粤)067-2023", "JJG(浙)067-2023", "JJG(交通)132-2018",
    "JJG 132-2005", "ISO 9001:2008", "ISO 9001:2015", "ISO 900:1977",
    "ISO 8601:2004", "ISO 8601-1:2019", "ISO 8601-2:2019", "IS 9001:2012",
    "ISO/IEC 27001:2013", "ISO/IEC 27001:2022", "IEC 60335-1:2010",
    "IEC 60335-1:2020", "IEC 60335:1988", "IEC 6:1985", "EN 1:1998",
    "EN ISO 9001:2015", "BS EN ISO 9001:2015", "ASTM D638-14", "ASTM D638-22",
    "ASTM A370-19e1", "ASTM A370-20e1", "ASTM A106/A106M-19",
    "ASTM A106/A106M-19a", "ASTM D4169-16", "ASTM D4169-16(2021)",
    "CNAS-CL01:2018", "CNAS-CL01-A001:2022", "CNAS-CL01-G001:2024",
    "IEEE Std 1588-2008", "IEEE Std 1588-2019", "JIS A 1509-5:2008",
    "JIS A 1509-5:2020", "JTG D60-2004", "JTG D60-2015", "HG/T 20592-1997",
    "HG/T 20592-2009", "HG/T 20635-2009", "NB/T 47013.1-2015", "TSG T7001-2009",
    "ГОСТ Р 2.105-2019", "ГОСТ 2.105-1995", "CECS 24-1990"};

enum { EDITIONS = sizeof(editions) / sizeof(*editions) };

static sqlite3 *prose; /* for std_mentions() alone */
static char keys[EDITIONS][96], families[EDITIONS][96];

static const char insert[] = PORTAL_INSERT_STANDARDS
    "'通则', std_year(n) || '-01-01', std_year(n) || '-06-01', '试验',"
    " '2026-01-01' FROM (SELECT std_number(?1) AS n) RETURNING key, number, "
    "family";

static void
fill(const struct portal_path *database)
{
	sqlite3 *db = portal_connect(database);
	sqlite3_stmt *statement;

	assert_int_equal(
	    sqlite3_prepare_v2(db, insert, -1, &statement, NULL), SQLITE_OK);
	for (size_t i = 0; i < EDITIONS; i++) {
		sqlite3_reset(statement);
		sqlite3_bind_text(statement, 1, editions[i], -1, SQLITE_STATIC);
		if (sqlite3_step(statement) != SQLITE_ROW)
			fail_msg("%s: %s", editions[i], sqlite3_errmsg(db));
		assert_string_equal(
		    (const char *)sqlite3_column_text(statement, 1),
		    editions[i]);
		snprintf(keys[i], sizeof(keys[i]), "%s",
		    (const char *)sqlite3_column_text(statement, 0));
		snprintf(families[i], sizeof(families[i]), "%s",
		    (const char *)sqlite3_column_text(statement, 2));
	}
	sqlite3_finalize(statement);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* The portal itself, with these editions alone in its catalogue. */
static int
set_up(void **state)
{
	struct portal_path database;

	portal_open(state, false, &database);
	fill(&database);
	return sqlite3_open(":memory:", &prose);
}

static int
tear_down(void **state)
{
	sqlite3_close(prose);
	return fixture_teardown(state);
}

static const char *
ask(struct fixture *f, const char *page, const char *text)
{
	char address[SPOIL_MAX * 3 + 64];
	size_t n = (size_t)snprintf(address, sizeof(address), "%s?", page);

	for (; *text != '\0' && n + 4 < sizeof(address); text++)
		n += (size_t)snprintf(address + n, sizeof(address) - n,
		    "%%%02X", (unsigned char)*text);
	return gemini(f, address);
}

/* Is the key at text, up to one of the stops, that of edition i? */
static bool
is_key(const char *text, size_t n, size_t i)
{
	return strlen(keys[i]) == n && memcmp(text, keys[i], n) == 0;
}

struct asked {
	char text[SPOIL_MAX];
	enum spoil_kind kind;
	size_t meant, other; /* of editions[] */
};

/* May an answer name the edition with this key? */
static bool
may_name(const struct asked *asked, const char *key, size_t n)
{
	bool two = asked->kind == SPOIL_TWO || asked->kind == SPOIL_TWICE;

	if (asked->kind == SPOIL_RANGE)
		return is_key(key, n, asked->other);
	return is_key(key, n, asked->meant) ||
	    (two && is_key(key, n, asked->other));
}

static const char *
wrong_in_list(struct fixture *f, const struct asked *asked)
{
	const char *answer = ask(f, "/validity/quick", asked->text), *at;

	for (at = answer; (at = strstr(at, "\n=> /standard/")) != NULL;) {
		size_t n;

		at += strlen("\n=> /standard/");
		if (strncmp(at, "near/", 5) == 0)
			continue; /* what is near a number, no edition */
		n = strcspn(at, " \n");
		if (at[n] == ' ' && strspn(at + n + 1, "0123456789") > 0 &&
		    !may_name(asked, at, n))
			return answer;
	}
	return NULL;
}

static const char *
wrong_in_box(struct fixture *f, const struct asked *asked)
{
	const char *answer = ask(f, "/standard/find", asked->text), *at;

	if (strncmp(answer, "(go) /family/", 13) == 0)
		return answer;
	at = answer + strlen("(go) /standard/");
	if (strncmp(answer, "(go) /standard/", 15) != 0 ||
	    strncmp(at, "near/", 5) == 0 || strncmp(at, "list/", 5) == 0 ||
	    may_name(asked, at, strcspn(at, "?")))
		return NULL;
	return answer;
}

/* A link that leads from an article to another edition than it names. */
static const char *
wrong_in_prose(struct fixture *f, const struct asked *asked)
{
	static const char sql[] =
	    "SELECT value ->> 'key' FROM json_each(std_mentions(?1))";
	static char named[128];
	sqlite3_stmt *statement;
	char text[SPOIL_MAX + 64];
	bool wrong = false;

	(void)f;
	/* Words and signs go on as a sentence there: what is cut off by one
	 * was not written as a number. */
	if (asked->kind >= SPOIL_TITLE ||
	    strchr("-:", asked->text[strlen(asked->text) - 1]) != NULL)
		return NULL;
	snprintf(text, sizeof(text), "产品按%s检验。", asked->text);
	assert_int_equal(
	    sqlite3_prepare_v2(prose, sql, -1, &statement, NULL), SQLITE_OK);
	sqlite3_bind_text(statement, 1, text, -1, SQLITE_STATIC);
	while (!wrong && sqlite3_step(statement) == SQLITE_ROW) {
		const char *key =
		    (const char *)sqlite3_column_text(statement, 0);
		size_t i = 0;

		snprintf(named, sizeof(named), "%s", key);
		while (i < EDITIONS && strcmp(key, keys[i]) != 0 &&
		    strcmp(key, families[i]) != 0)
			i++;
		wrong = i < EDITIONS && !may_name(asked, key, strlen(key));
	}
	sqlite3_finalize(statement);
	return wrong ? named : NULL;
}

/* The same but for blanks and capitals? */
static bool
is_same(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += strspn(a, " ");
		b += strspn(b, " ");
		if (strncasecmp(a, b, 1) != 0)
			return false;
		if (*a == '\0')
			return true;
	}
}

/* Another number that is as good as the spoilt one? */
static bool
is_another(const char *spoilt, size_t meant)
{
	char text[SPOIL_MAX];
	size_t n = 0;

	for (const char *p = spoilt; *p != '\0'; n++) {
		bool wide = strncmp(p, "\xEF\xBC", 2) == 0 ||
		    strncmp(p, "\xEF\xBD", 2) == 0;

		text[n] = wide
		    ? (char)(((p[1] & 3) << 6 | (p[2] & 0x3F)) + 0x20)
		    : *p;
		p += wide ? 3 : 1;
	}
	text[n] = '\0';
	for (size_t i = 0; i < EDITIONS; i++)
		if (i != meant && is_same(text, editions[i]))
			return true;
	return false;
}

static bool
draw(struct spoiler *spoiler, enum spoil_kind kind, struct asked *asked)
{
	asked->kind = kind;
	asked->meant = spoil_draw(spoiler, EDITIONS);
	asked->other = spoil_draw(spoiler, EDITIONS);
	return spoil(spoiler, kind, editions[asked->meant],
		   editions[asked->other], asked->text) &&
	    !is_another(asked->text, asked->meant);
}

/* How often each way is asked. Two at once make a text that may as well be
 * another's number: they are not asked ten times as often. */
static unsigned
rounds(enum spoil_kind kind)
{
	enum { ONCE = 450, LONG = 4500 };

	return getenv("GUIJU_LONG") != NULL && kind != SPOIL_TWICE ? LONG
								   : ONCE;
}

typedef const char *judge_fn(struct fixture *f, const struct asked *asked);

/* Each way of spoiling in turn. */
static void
none_is_wrong(struct fixture *f, judge_fn *judge)
{
	struct spoiler spoiler = {.seed = 20261130};
	unsigned wrong = 0, asked_n = 0;

	for (unsigned kind = 0; kind < SPOIL_KINDS; kind++)
		for (unsigned i = 0; i < rounds(kind); i++) {
			struct asked asked;
			const char *answer;

			if (!draw(&spoiler, (enum spoil_kind)kind, &asked))
				continue;
			asked_n++;
			answer = judge(f, &asked);
			if (answer == NULL)
				continue;
			wrong++;
			if (wrong <= 40)
				print_error(
				    "%s, spoilt (%u) to '%s', not:\n%s\n",
				    editions[asked.meant], kind, asked.text,
				    answer);
		}
	print_message("%u asked\n", asked_n);
	assert_true(asked_n > 10000);
	assert_int_equal(wrong, 0);
}

static void
lists_name_no_other_edition(void **state)
{
	none_is_wrong(*state, wrong_in_list);
}

static void
box_names_no_other_edition(void **state)
{
	none_is_wrong(*state, wrong_in_box);
}

static void
links_lead_to_no_other_edition(void **state)
{
	none_is_wrong(*state, wrong_in_prose);
}

/* What is spelt well is found: the property is not had by knowing nothing. */
static void
each_edition_is_found(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < EDITIONS; i++) {
		const char *answer = ask(f, "/validity/quick", editions[i]);
		char link[128];

		snprintf(link, sizeof(link), "=> /standard/%s 1. %s 通则\n",
		    keys[i], editions[i]);
		if (strstr(answer, link) == NULL)
			fail_msg("%s: %s", editions[i], answer);
		snprintf(link, sizeof(link), "(go) /standard/%s?", keys[i]);
		answer = ask(f, "/standard/find", editions[i]);
		if (strncmp(answer, link, strlen(link)) != 0)
			fail_msg("%s: %s", editions[i], answer);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_edition_is_found),
	    cmocka_unit_test(lists_name_no_other_edition),
	    cmocka_unit_test(box_names_no_other_edition),
	    cmocka_unit_test(links_lead_to_no_other_edition)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
