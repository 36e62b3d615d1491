/* SPDX-License-Identifier: ISC */
/*
 * Terms: what may be kept of what readers type, and that what was counted
 * reaches the table once, bounded in memory and on the disk.
 */

#include "store/functions/functions.h"
#include "store/tally.h"
#include "tests/unit/store_place.h"

static const struct str DAY = {"2026-11-23", 10};

static bool
is_clean(const char *text, const char *wanted)
{
	struct buf out;
	bool same;

	buf_init(&out, 4096);
	same = term_clean(&out, str_from(text), NULL) &&
	    str_equal(buf_view(&out), str_from(wanted));
	buf_release(&out);
	return same;
}

static bool
is_refused(const char *text)
{
	struct buf out;
	bool refused;

	buf_init(&out, 4096);
	refused = !term_clean(&out, str_from(text), NULL);
	buf_release(&out);
	return refused;
}

static void
terms_are_folded_to_one_spelling(void **state)
{
	static const char *const as_is[] = {"椰子油", "gb/t 19001", "19001",
	    "nagoya 2026", "en 10027-1", "标准 体系"};
	char long_text[64 * 3 + 1] = "";

	(void)state;
	for (size_t i = 0; i < sizeof(as_is) / sizeof(*as_is); i++)
		if (!is_clean(as_is[i], as_is[i]))
			fail_msg("%s", as_is[i]);
	assert_true(is_clean("  ＧＢ／Ｔ　１９００１ ", "gb/t 19001"));
	assert_true(is_clean("Touch\tStone\r\n2", "touch stone 2"));
	assert_true(is_clean("ﬁre", "fire"));
	assert_true(is_clean("a\xE2\x80\xAEz", "az")); /* U+202E */
	for (size_t i = 0; i < 64; i++)
		memcpy(long_text + 3 * i, "标", 3);
	assert_true(is_clean(long_text, long_text));
}

static void
private_and_odd_terms_are_refused(void **state)
{
	static const char *const refused[] = {"", " ", "...", "\xFF", "a\x80",
	    "a@b.example", "甲＠乙", "gemini://x/", "13812345678",
	    "138 1234 5678", "138-1234-5678", "１３８１２３４５６７８",
	    "0898-66201234", "(0898) 6620 1234", "6620 1234", "联系 66201234",
	    "11010519491231002X", "110105 19491231 0023", "+86 138 1234 567",
	    "六 123.456.7890", "0123456789abcdef0123456789abcdef",
	    "aB3dE5fG7hJ9-kL_mN2pQ4rS6tU8vW0x", "12345678",
	    "GB/T 1234567-2016"};
	char long_text[65 * 3 + 1] = "", huge[4096] = "";

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		if (!is_refused(refused[i]))
			fail_msg("%s", refused[i]);
	for (size_t i = 0; i < 65; i++)
		memcpy(long_text + 3 * i, "标", 3);
	assert_true(is_refused(long_text));
	memset(huge, 'a', sizeof(huge) - 1);
	assert_true(is_refused(huge));
}

static bool
keeps_isbn(struct str term)
{
	return str_starts(term, STR("isbn "));
}

/* What a module knows as a public number is kept, and nothing else of it. */
static void
a_public_number_of_a_module_is_kept(void **state)
{
	static const char isbn[] = "isbn 978-7-111-21382-6";
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	assert_false(term_clean(&out, str_from(isbn), NULL));
	assert_true(term_clean(&out, str_from(isbn), keeps_isbn));
	assert_true(str_equal(buf_view(&out), str_from(isbn)));
	assert_false(term_clean(&out, STR("978-7-111-21382-6"), keeps_isbn));
	assert_false(term_clean(&out, STR("ISBN a@b.example"), keeps_isbn));
	assert_false(term_clean(
	    &out, STR("isbn 0123456789abcdef0123456789abcdef"), keeps_isbn));
	buf_release(&out);
}

static struct store *
open_store(struct tally *tally, bool count)
{
	struct function_host host = tally_host(tally, count);
	struct store *store = NULL;

	if (store_migrate(database, schema, NULL, &why) != OK ||
	    store_open(database, tally == NULL ? NULL : &host, &store, &why) !=
		OK)
		fail_msg("%.*s", STR_ARG(buf_view(&why)));
	return store;
}

static void
terms_are_folded_by_name_and_day(void **state)
{
	struct terms *terms = terms_new();
	struct store *store = open_store(NULL, false);
	sqlite3 *db = store_writer(store);

	(void)state;
	assert_non_null(terms);
	assert_int_equal(terms_fold(terms, db), OK);
	for (int i = 0; i < 3; i++)
		terms_add(terms, STR("none"), STR("椰子"), DAY);
	terms_add(terms, STR("none"), STR("椰子"), STR("2026-11-24"));
	terms_add(terms, STR("other"), STR("椰子"), DAY);
	/* What is no name or no day is not counted. */
	terms_add(terms, STR("No"), STR("x"), DAY);
	terms_add(terms, STR(""), STR("x"), DAY);
	terms_add(terms, STR("none"), STR("x"), STR("2026-1-1"));
	terms_add(terms, STR("none"), STR("x"), STR("2026-11-2x"));
	terms_add(terms, STR("none"), STR(""), DAY);
	assert_int_equal(terms_fold(terms, db), OK);
	assert_int_equal(terms_fold(terms, db), OK);
	assert_int_equal(ask("SELECT count(*) FROM guiju_term"), 3);
	assert_int_equal(ask("SELECT n FROM guiju_term WHERE name = 'none'"
			     " AND term = '椰子' AND day = '2026-11-23'"),
	    3);
	terms_add(terms, STR("none"), STR("椰子"), DAY);
	assert_int_equal(terms_fold(terms, db), OK);
	assert_int_equal(ask("SELECT max(n) FROM guiju_term"), 4);
	terms_free(terms);
	store_close(store);
}

/* Somebody else writes: nothing is lost, and nothing is counted twice. */
static void
a_locked_database_loses_no_term(void **state)
{
	struct terms *terms = terms_new();
	struct store *store = open_store(NULL, false);
	sqlite3 *other;

	(void)state;
	terms_add(terms, STR("none"), STR("a"), DAY);
	assert_int_equal(sqlite3_open(database, &other), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(terms_fold(terms, store_writer(store)), ERR_BUSY);
	assert_int_equal(
	    sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(other);
	assert_int_equal(terms_fold(terms, store_writer(store)), OK);
	assert_int_equal(ask("SELECT sum(n) FROM guiju_term"), 1);
	terms_free(terms);
	store_close(store);
}

/* A fold that the database refuses ends its transaction. */
static void
a_failed_fold_leaves_no_transaction(void **state)
{
	struct terms *terms = terms_new();
	struct store *store = open_store(NULL, false);
	sqlite3 *db = store_writer(store);

	(void)state;
	terms_add(terms, STR("none"), STR("a"), DAY);
	terms_add(terms, STR("none"), STR("b"), DAY);
	assert_int_equal(sqlite3_exec(db,
			     "CREATE TRIGGER stop BEFORE INSERT ON guiju_term"
			     " WHEN new.term = 'b' BEGIN"
			     " SELECT raise(FAIL, 'no'); END",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_not_equal(terms_fold(terms, db), OK);
	assert_int_equal(sqlite3_get_autocommit(db), 1);
	assert_int_equal(ask("SELECT count(*) FROM guiju_term"), 0);
	assert_int_equal(
	    sqlite3_exec(db, "DROP TRIGGER stop", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(terms_fold(terms, db), OK);
	assert_int_equal(ask("SELECT sum(n) FROM guiju_term"), 2);
	terms_free(terms);
	store_close(store);
}

static void
terms_have_limits(void **state)
{
	struct terms *terms = terms_new();
	struct store *store = open_store(NULL, false);
	char text[32];

	(void)state;
	terms_add(terms, STR("none"), STR("often"), STR("2020-01-01"));
	terms_add(terms, STR("none"), STR("often"), STR("2020-01-01"));
	terms_add(terms, STR("none"), STR("old"), STR("2020-01-01"));
	for (int i = 0; i < 2 * TERMS_MAX; i++) {
		snprintf(text, sizeof(text), "w%d", i);
		terms_add(terms, STR("none"), str_from(text), DAY);
	}
	assert_int_equal(terms_fold(terms, store_writer(store)), OK);
	assert_int_equal(ask("SELECT count(*) FROM guiju_term"), TERMS_MAX);
	for (int i = 0; i <= TERMS_ROWS_MAX; i++) {
		snprintf(text, sizeof(text), "x%d", i);
		terms_add(terms, STR("none"), str_from(text), DAY);
		if (i % TERMS_MAX == TERMS_MAX - 1 || i == TERMS_ROWS_MAX)
			assert_int_equal(
			    terms_fold(terms, store_writer(store)), OK);
	}
	assert_true(ask("SELECT count(*) FROM guiju_term") <= TERMS_ROWS_MAX);
	assert_true(
	    ask("SELECT count(*) FROM guiju_term") > TERMS_ROWS_MAX - 1000);
	assert_int_equal(
	    ask("SELECT n FROM guiju_term WHERE term = 'often'"), 2);
	assert_int_equal(
	    ask("SELECT count(*) FROM guiju_term WHERE term = 'old'"), 0);
	terms_free(terms);
	store_close(store);
}

/* Somebody at the address 192.0.2.N asks. */
static void
asks(struct terms *terms, unsigned char n, int64_t day)
{
	const struct ip peer =
	    ip_from_v4((const unsigned char[]){192, 0, 2, n});

	terms_reader(terms, &peer, day * 24 * 3600);
}

/* Words invented at one address, each asked twice, on every day of a year; on
 * the first days 10,000. */
static void
one_reader_cannot_push_out_the_words_of_others(void **state)
{
	struct terms *terms = terms_new();
	struct store *store = open_store(NULL, false);
	char text[32];

	(void)state;
	asks(terms, 1, 0);
	terms_add(terms, STR("none"), STR("椰子"), STR("2026-01-01"));
	assert_int_equal(terms_fold(terms, store_writer(store)), OK);
	for (int day = 1; day <= TERMS_DAYS_MAX; day++) {
		asks(terms, 2, day);
		for (int i = 0; i < (day < 3 ? TERMS_ROWS_MAX : 100); i++) {
			snprintf(text, sizeof(text), "d%d w%d", day, i);
			terms_add(terms, STR("none"), str_from(text), DAY);
			terms_add(terms, STR("none"), str_from(text), DAY);
			if (i % 100 == 99)
				assert_int_equal(
				    terms_fold(terms, store_writer(store)), OK);
		}
	}
	assert_int_equal(
	    ask("SELECT n FROM guiju_term WHERE term = '椰子'"), 1);
	assert_int_equal(ask("SELECT sum(n) FROM guiju_term"),
	    1 + TERMS_DAYS_MAX * TERMS_NETWORK_MAX);
	terms_free(terms);
	store_close(store);
}

static void
asks_too_often(struct terms *terms, const char *word)
{
	for (int i = 0; i <= TERMS_NETWORK_MAX; i++)
		terms_add(terms, STR("none"), str_from(word), DAY);
}

/* The share is exact, is one for a network, and ends with the day (UTC). */
static void
each_network_has_a_share_of_the_day(void **state)
{
	const struct ip one = ip_from_v6((const unsigned char[IP_BYTES]){
			    0x20, 1, 0xd, 0xb8, 0, 1, 0, 1, [15] = 1}),
			same = ip_from_v6((const unsigned char[IP_BYTES]){
			    0x20, 1, 0xd, 0xb8, 0, 1, 0, 2, [15] = 2});
	struct terms *terms = terms_new();
	struct store *store = open_store(NULL, false);

	(void)state;
	terms_reader(terms, &one, 0);
	asks_too_often(terms, "one");
	terms_reader(terms, &same, 24 * 3600 - 1);
	asks_too_often(terms, "same");
	/* Others; two of three could share a counter, which is rare. */
	for (unsigned char n = 1; n <= 3; n++) {
		asks(terms, n, 0);
		asks_too_often(terms, "other");
	}
	terms_reader(terms, &same, 24 * 3600);
	asks_too_often(terms, "next day");
	terms_reader(terms, NULL, 24 * 3600);
	asks_too_often(terms, "not known");
	assert_int_equal(terms_fold(terms, store_writer(store)), OK);
	assert_int_equal(ask("SELECT n FROM guiju_term WHERE term = 'one'"),
	    TERMS_NETWORK_MAX);
	assert_int_equal(
	    ask("SELECT count(*) FROM guiju_term WHERE term = 'same'"), 0);
	assert_true(ask("SELECT n FROM guiju_term WHERE term = 'other'") >=
	    2 * TERMS_NETWORK_MAX);
	assert_int_equal(
	    ask("SELECT n FROM guiju_term WHERE term = 'next day'"),
	    TERMS_NETWORK_MAX);
	assert_int_equal(
	    ask("SELECT n FROM guiju_term WHERE term = 'not known'"),
	    TERMS_NETWORK_MAX + 1);
	terms_free(terms);
	store_close(store);
}

/* From SQL, on the connection that cannot write. */
static void
terms_are_added_in_sql(void **state)
{
	struct tally *tally = NULL;
	struct store *store, *looking;

	(void)state;
	assert_int_equal(tally_open(dir, &tally), OK);
	store = open_store(tally, true);
	looking = open_store(tally, false);
	assert_int_equal(ask_on(store_reader(store),
			     "SELECT term_add('none', ' 椰 子', '2026-11-23')"
			     " = '椰 子'"),
	    1);
	assert_int_equal(ask_on(store_reader(store),
			     "SELECT term_add('none', 'a@b', '2026-11-23')"
			     " IS NULL AND term_clean('13812345678') IS NULL"
			     " AND term_clean(NULL) IS NULL"
			     " AND term_add('none', 'x', NULL) = 'x'"
			     " AND term_clean('Ａ') = 'a'"),
	    1);
	assert_int_equal(
	    ask_on(store_reader(looking),
		"SELECT term_add('none', 'z', '2026-11-23') = 'z'"),
	    1);
	assert_int_equal(
	    terms_fold(tally_terms(tally), store_writer(store)), OK);
	assert_int_equal(ask("SELECT count(*) FROM guiju_term"), 1);
	/* Not from a schema: a view may not count. */
	assert_int_equal(sqlite3_exec(store_writer(store),
			     "CREATE VIEW v AS SELECT term_add('n', 'x', '')",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(ask_on(store_reader(store), "SELECT 1 FROM v"), -1);
	store_close(looking);
	store_close(store);
	tally_close(tally);
}

/* A database that was made before there were terms gets their table. */
static void
an_older_database_gets_its_table_of_terms(void **state)
{
	struct store *store = open_store(NULL, false);

	(void)state;
	store_close(store);
	assert_int_equal(ask("SELECT count(*) FROM guiju_seal"), 0);
	assert_int_equal(ask("DROP TABLE guiju_term"), -1);
	assert_int_equal(ask("SELECT count(*) FROM guiju_term"), -1);
	store = open_store(NULL, false);
	assert_int_equal(ask("SELECT count(*) FROM guiju_term"), 0);
	assert_int_equal(ask("SELECT count(*) FROM guiju_seal"), 0);
	store_close(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(terms_are_folded_to_one_spelling),
	    TEST(private_and_odd_terms_are_refused),
	    TEST(a_public_number_of_a_module_is_kept),
	    TEST(terms_are_folded_by_name_and_day),
	    TEST(a_locked_database_loses_no_term),
	    TEST(a_failed_fold_leaves_no_transaction),
	    TEST(terms_have_limits),
	    TEST(one_reader_cannot_push_out_the_words_of_others),
	    TEST(each_network_has_a_share_of_the_day),
	    TEST(terms_are_added_in_sql),
	    TEST(an_older_database_gets_its_table_of_terms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
