/* SPDX-License-Identifier: ISC */
/*
 * Search: what the tokenizer, the builder of queries and the check of
 * candidates find together is what a plain look for the words would find.
 */
#include "store/functions/functions.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/utf8.h"

static sqlite3 *db;
static uint64_t seed;

static unsigned
draw(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

static void
run(const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

static int
set_up(void **state)
{
	(void)state;
	seed = 20261123;
	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		return -1;
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
	if (functions_register(db, NULL) != SQLITE_OK)
		return -1;
	run("CREATE TABLE t(id INTEGER PRIMARY KEY, x);"
	    "CREATE VIRTUAL TABLE full USING fts5(x, y, content='t',"
	    " content_rowid='id', tokenize='cjk');"
	    "CREATE VIRTUAL TABLE none USING fts5(x, content='t',"
	    " content_rowid='id', tokenize='cjk', detail=none);");
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	return sqlite3_close(db);
}

/* The one value of a statement with up to two texts bound; -1: NULL. */
static int
ask(const char *sql, struct str one, struct str two)
{
	sqlite3_stmt *statement;
	int n = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_bind_text(statement, 1, one.data, (int)one.len, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, two.data, (int)two.len, SQLITE_STATIC);
	if (sqlite3_step(statement) == SQLITE_ROW &&
	    sqlite3_column_type(statement, 0) != SQLITE_NULL)
		n = sqlite3_column_int(statement, 0);
	if (sqlite3_finalize(statement) != SQLITE_OK) {
		struct buf shown;
		buf_init(&shown, 8192);
		utf8_add_log(&shown, one, 4096);
		fail_msg("%s: %s: %.*s", sql, sqlite3_errmsg(db),
		    STR_ARG(buf_view(&shown)));
	}
	return n;
}

static int
count(const char *sql, const char *words)
{
	return ask(sql, str_from(words), STR(""));
}

static void
assert_text(const char *sql, const char *expected)
{
	sqlite3_stmt *statement;
	const char *text;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	text = (const char *)sqlite3_column_text(statement, 0);
	if (expected == NULL)
		assert_null(text);
	else
		assert_string_equal(text == NULL ? "(null)" : text, expected);
	sqlite3_finalize(statement);
}

static void
add(struct str text)
{
	int n = ask("INSERT INTO t(x) VALUES (?1) RETURNING id", text, STR(""));

	assert_true(n > 0);
}

static void
index_all(void)
{
	run("INSERT INTO full(rowid, x) SELECT id, x FROM t;"
	    "INSERT INTO none(rowid, x) SELECT id, x FROM t;");
}

#define BY_FULL                                       \
	"SELECT count(*) FROM full WHERE full MATCH " \
	"coalesce(fts_query(?1, 'phrase'), '\"\"')"
#define BY_NONE                                       \
	"SELECT count(*) FROM none WHERE none MATCH " \
	"coalesce(fts_query(?1, 'and'), '\"\"')"      \
	" AND text_has(x, ?1)"
/* Words of one token each need no look at the text; NULL: these are not. */
#define BY_TOKEN                                              \
	"SELECT CASE WHEN fts_query(?1, 'and') = "            \
	"fts_query(?1, 'phrase') THEN (SELECT count(*) FROM " \
	"none WHERE none MATCH fts_query(?1, 'and')) END"
#define BY_LOOK "SELECT count(*) FROM t WHERE instr(x, ?1)"

/*
 * A corpus out of few characters, so that nearly every word of one to six
 * occurs, next to others, across punctuation and beside Latin and numbers.
 */
static const char *const pieces[] = {"标", "准", "质", "量", "管", "理", "国",
    "家", "的", "，", "。", "ISO", "9001", "GB", "ひ", "한"};
enum { PIECES = sizeof(pieces) / sizeof(*pieces), HAN = 9 };

static struct str
random_text(char *place, size_t size, unsigned n, unsigned kinds)
{
	size_t len = 0;

	while (n-- > 0) {
		const char *piece = pieces[draw(kinds)];
		int more = snprintf(place + len, size - len, "%s", piece);
		len += (size_t)more;
		/* Latin words and numbers stand apart from each other. */
		if (piece[0] > 0 && len + 1 < size)
			place[len++] = ' ';
		assert_true(len < size);
	}
	place[len] = '\0';
	return (struct str){place, len};
}

static void
a_search_finds_what_a_look_finds(void **state)
{
	char text[1024], word[64];
	int found = 0;

	(void)state;
	for (int i = 0; i < 400; i++)
		add(random_text(text, sizeof(text), 60, PIECES));
	index_all();
	for (unsigned length = 1; length <= 6; length++) {
		for (int i = 0; i < 150; i++) {
			int truth;
			random_text(word, sizeof(word), length, HAN);
			truth = count(BY_LOOK, word);
			found += truth > 0;
			assert_int_equal(count(BY_FULL, word), truth);
			assert_int_equal(count(BY_NONE, word), truth);
			assert_int_equal(
			    count(BY_TOKEN, word), length <= 2 ? truth : -1);
		}
	}
	assert_int_equal(count(BY_TOKEN, "标准 管"),
	    count(BY_LOOK " AND instr(x, '管')", "标准"));
	assert_int_equal(count(BY_TOKEN, "2012年"), -1);
	assert_true(found > 400); /* the test had something to find */
	assert_int_equal(count(BY_FULL, "ひ"), count(BY_LOOK, "ひ"));
	assert_int_equal(count(BY_NONE, "한"), count(BY_LOOK, "한"));
}

static void
mixed_scripts_are_found_by_whole_words(void **state)
{
	(void)state;
	add(STR("GB/T 19001—2016《质量管理体系 要求》等同采用ISO 9001:2015"));
	add(STR("执行ＩＳＯ９００１标准的企业，2012年修订"));
	add(STR("国际标准化组织（ISO）。标。准，量"));
	add(STR("Éclair, Straße, ΣΊΣΥΦΟΣ, e\xCC\x81t\xCC\xA3"));
	index_all();
	assert_int_equal(count(BY_FULL, "iso"), 3);
	assert_int_equal(count(BY_NONE, "ISO"), 3);
	assert_int_equal(count(BY_FULL, "iso9001"), 2);
	assert_int_equal(count(BY_NONE, "ISO9001"), 2);
	assert_int_equal(count(BY_FULL, "ISO 9001"), 2);
	assert_int_equal(count(BY_NONE, "9001 iso"), 2);
	assert_int_equal(count(BY_FULL, "GB/T19001"), 1);
	assert_int_equal(count(BY_NONE, "gb/t19001"), 1);
	assert_int_equal(count(BY_FULL, "GB/T 19001-2016"), 1);
	assert_int_equal(count(BY_NONE, "gb/t　１９００１"), 1);
	/* Whole words and numbers: 9001 does not stand in 19001. */
	assert_int_equal(count(BY_FULL, "9001 质量"), 1);
	assert_int_equal(count(BY_FULL, "001"), 0);
	assert_int_equal(count(BY_FULL, "iso9001标准"), 1);
	assert_int_equal(count(BY_NONE, "iso9001标准"), 1);
	assert_int_equal(count(BY_FULL, "2012年"), 1);
	assert_int_equal(count(BY_NONE, "2012年"), 1);
	/* With or without a space between scripts; not across others. */
	assert_int_equal(count(BY_FULL, "采用ISO"), 1);
	assert_int_equal(count(BY_NONE, "体系要求"), 0);
	assert_int_equal(count(BY_FULL, "体系要求"), 0);
	assert_int_equal(count(BY_FULL, "标准量"), 0);
	assert_int_equal(count(BY_FULL, "ÉCLAIR"), 1);
	assert_int_equal(count(BY_NONE, "σίσυφοσ"), 1);
	assert_int_equal(count(BY_FULL, "e\xCC\x81t"), 0);
	/* No words, no rows. */
	assert_int_equal(count(BY_FULL, "，。 !\"*"), 0);
	assert_int_equal(count(BY_NONE, ""), 0);
}

/* Characters that show nothing do not hide a word; bad bytes separate. */
static void
invisible_characters_hide_no_word(void **state)
{
	(void)state;
	add(STR("标\xE2\x80\x8B准化"));
	add(STR("\xEF\xBB\xBF质\xEF\xB8\x80量"));
	add(STR("管\xE7\xAE理"));
	add(STR("国\0家"));
	index_all();
	assert_int_equal(count(BY_FULL, "标准化"), 1);
	assert_int_equal(count(BY_NONE, "标准"), 1);
	assert_int_equal(count(BY_FULL, "质量"), 1);
	assert_int_equal(count(BY_NONE, "质量"), 1);
	assert_int_equal(count(BY_FULL, "管理"), 0);
	assert_int_equal(count(BY_FULL, "管"), 1);
	assert_int_equal(count(BY_FULL, "理"), 1);
	assert_int_equal(count(BY_FULL, "国家"), 0);
	assert_int_equal(count(BY_FULL, "家"), 1);
}

static void
long_words_are_cut_alike_in_query_and_text(void **state)
{
	char word[600], text[700];

	(void)state;
	memset(word, 'a', 100);
	word[100] = '\0';
	snprintf(text, sizeof(text), "%s 标准", word);
	add(str_from(text));
	for (size_t i = 0; i < 100; i++)
		memcpy(word + 3 * i, "量", 3);
	word[300] = '\0';
	add(str_from(word));
	index_all();
	/* Cut alike in document and query. */
	assert_int_equal(count(BY_FULL, text), 1);
	assert_int_equal(count(BY_NONE, text), 1);
	assert_int_equal(count(BY_FULL, word), 1);
	assert_int_equal(count(BY_NONE, word), 1);
}

static void
words_become_a_query(void **state)
{
	(void)state;
	assert_text("SELECT fts_query('国家标准 ISO9001', 'phrase')",
	    "\"国家标准\" \"iso9001\" ");
	assert_text("SELECT fts_query('国家标准iso量 x', 'and')",
	    "\"国家\" \"家标\" \"标准\" \"准\" \"iso\" \"量\" \"x\" ");
	/* A mark that a schema puts into an index stays one token. */
	assert_text("SELECT fts_query('guijusection17 GB19a x1', 'and')",
	    "\"guijusection17\" \"gb\" \"19a\" \"x\" \"1\" ");
	assert_text("SELECT fts_query('标', 'and')", "\"标\" ");
	assert_text("SELECT fts_query('A b', 'phrase', 'title source')",
	    "{title source} : (\"a\" \"b\" )");
	assert_text("SELECT fts_query('—，', 'phrase', 'title')", NULL);
	assert_text("SELECT fts_query(NULL, 'and')", NULL);
	assert_int_equal(
	    sqlite3_exec(db, "SELECT fts_query('x', 'near')", 0, 0, 0),
	    SQLITE_ERROR);
	assert_int_equal(
	    sqlite3_exec(db, "SELECT fts_query('x', 'and', 'a} : b')", 0, 0, 0),
	    SQLITE_ERROR);
	assert_int_equal(
	    sqlite3_exec(db, "SELECT fts_query('x', 'and', '')", 0, 0, 0),
	    SQLITE_ERROR);
	run("INSERT INTO t(x) VALUES ('标准')");
	index_all();
	assert_int_equal(count("SELECT count(*) FROM full WHERE full MATCH "
			       "fts_query(?1, 'phrase', 'x y')",
			     "标准"),
	    1);
	assert_int_equal(count("SELECT count(*) FROM full WHERE full MATCH "
			       "fts_query(?1, 'phrase', 'y')",
			     "标准"),
	    0);
}

static size_t
hostile(char *place, size_t size)
{
	static const char *const bits[] = {"\"", "*", "NEAR(", ")", "AND", "OR",
	    "NOT", "{x}", ":", "^", "+", "-", "'", "\\", "\xE6\xA0", "\xF0\x9F",
	    "\xFF", "标准", "标", "　", "Ａ", "\xC0\x80", "\xED\xA0\x80", "ﬁ",
	    "İ", "x", " ", "\n", "%", "rank", "1", "\xF0\xA0\x80\x80",
	    "\xCC\x81", "\xE2\x80\x8D"};
	size_t len = 0;
	unsigned n = draw(40);

	while (n-- > 0) {
		const char *bit = bits[draw(sizeof(bits) / sizeof(*bits))];
		size_t more = strlen(bit);
		if (draw(8) == 0) {
			place[len++] = (char)draw(256);
			continue;
		}
		if (len + more + 1 >= size)
			break;
		memcpy(place + len, bit, more);
		len += more;
	}
	return len;
}

/* Whatever is typed, MATCH takes what the builder makes of it. */
static void
hostile_words_become_valid_queries(void **state)
{
	char words[512];

	(void)state;
	add(STR("国家标准 AND x NEAR 1"));
	index_all();
	for (int i = 0; i < 20000; i++) {
		struct str s = {words, hostile(words, sizeof(words))};
		ask("SELECT count(*) FROM full WHERE full MATCH "
		    "coalesce(fts_query(?1, 'phrase', 'x y'), '\"\"')",
		    s, STR(""));
		ask(BY_FULL, s, STR(""));
		ask(BY_NONE, s, STR(""));
	}
}

static void
many_words_are_answered(void **state)
{
	struct buf words;

	(void)state;
	add(STR("标准"));
	index_all();
	buf_init(&words, 1 << 20);
	for (int i = 0; i < 400; i++)
		buf_printf(&words, "词%d量标准质量管理体系要求应用指南 ", i);
	assert_int_equal(ask(BY_FULL, buf_view(&words), STR("")), 0);
	assert_int_equal(ask(BY_NONE, buf_view(&words), STR("")), 0);
	buf_clear(&words);
	for (int i = 0; i < 400; i++)
		buf_text(&words, "标准，");
	assert_int_equal(ask(BY_FULL, buf_view(&words), STR("")), 1);
	assert_int_equal(ask(BY_NONE, buf_view(&words), STR("")), 1);
	buf_release(&words);
}

/* How many tokens or phrases are made of so many words of so many letters? */
static int
tokens_of(const char *mode, int words, int letters)
{
	struct buf text;
	int n;

	buf_init(&text, 1 << 20);
	for (int i = 0; i < words; i++) {
		for (int k = 0; k < letters; k++)
			buf_text(&text, "标");
		buf_char(&text, ' ');
	}
	n = ask("SELECT (length(q) - length(replace(q, '\"', ''))) / 2 FROM "
		"(SELECT fts_query(?1, ?2) AS q)",
	    buf_view(&text), str_from(mode));
	buf_release(&text);
	return n;
}

static void
queries_have_limits(void **state)
{
	(void)state;
	assert_int_equal(
	    tokens_of("phrase", LIMIT_SEARCH_RUNS, 2), LIMIT_SEARCH_RUNS);
	assert_int_equal(
	    tokens_of("phrase", LIMIT_SEARCH_RUNS + 1, 2), LIMIT_SEARCH_RUNS);
	assert_int_equal(tokens_of("phrase", 400, 1), 16);
	/* Three characters are two pairs. */
	assert_int_equal(tokens_of("and", 1, 3), 2);
	assert_int_equal(tokens_of("and", 1, LIMIT_SEARCH_TOKENS), 47);
	assert_int_equal(tokens_of("and", 1, LIMIT_SEARCH_TOKENS + 1), 48);
	assert_int_equal(tokens_of("and", 1, LIMIT_SEARCH_TOKENS + 2), 48);
	assert_int_equal(tokens_of("and", 16, 64), 48);
	for (size_t n = 0; n <= 1; n++) {
		char run[LIMIT_SEARCH_RUN_CHARACTERS + 1];

		memset(run, 'a', sizeof(run));
		assert_int_equal(
		    ask("SELECT length(fts_query(?1, 'phrase'))",
			(struct str){run, LIMIT_SEARCH_RUN_CHARACTERS + n},
			STR("")),
		    LIMIT_SEARCH_RUN_CHARACTERS + 3);
	}
}

/* Where a long run is cut, no half word may be asked for. */
static void
a_cut_run_asks_for_no_half_word(void **state)
{
	struct buf words;

	(void)state;
	buf_init(&words, 4096);
	for (int i = 0; i < 61; i++)
		buf_text(&words, "标");
	buf_text(&words, "gb19001");
	add(buf_view(&words));
	index_all();
	assert_int_equal(ask(BY_FULL, buf_view(&words), STR("")), 1);
	assert_int_equal(ask(BY_NONE, buf_view(&words), STR("")), 1);
	assert_int_equal(
	    ask("SELECT text_has(?1, ?1)", buf_view(&words), STR("")), 1);
	buf_release(&words);
}

static void
text_has_and_text_fold_agree_with_search(void **state)
{
	static const char has[] = "SELECT text_has(?1, ?2)";

	(void)state;
	assert_int_equal(ask(has, STR("国家标准"), STR("标准")), 1);
	assert_int_equal(ask(has, STR("国家标准"), STR("准标")), 0);
	assert_int_equal(ask(has, STR("标，准"), STR("标准")), 0);
	assert_int_equal(ask(has, STR("a b"), STR("ab")), 0);
	assert_int_equal(
	    ask(has, STR("用 ISO 9001 标准"), STR("９００１标准 iso")), 1);
	assert_int_equal(ask(has, STR("x"), STR("")), 0);
	assert_int_equal(ask(has, STR(""), STR("x")), 0);
	assert_text("SELECT text_has(NULL, 'x')", "0");
	assert_text("SELECT text_has('x', NULL)", "0");
	/* Words that change from row to row are read anew. */
	assert_text("SELECT group_concat(text_has('ab cd', w)) FROM "
		    "(SELECT 'ab' AS w UNION ALL SELECT 'x' UNION ALL "
		    "SELECT 'CD')",
	    "1,0,1");
	assert_text(
	    "SELECT text_fold('ＧＢ／Ｔ　１９００１ ÄÖ標')", "gb/t 19001 äö标");
	assert_text("SELECT text_fold(x'61FF62')",
	    "a\xEF\xBF\xBD"
	    "b");
	assert_text("SELECT text_fold('')", "");
	assert_text("SELECT text_fold(NULL)", NULL);
	/* Allowed where trusted_schema=OFF looks: indexes and views. */
	run("CREATE INDEX folded ON t(text_fold(x));"
	    "CREATE VIEW v AS SELECT text_has(x, 'a') AS h FROM t;"
	    "SELECT * FROM v");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	    TEST(a_search_finds_what_a_look_finds),
	    TEST(mixed_scripts_are_found_by_whole_words),
	    TEST(invisible_characters_hide_no_word),
	    TEST(long_words_are_cut_alike_in_query_and_text),
	    TEST(words_become_a_query),
	    TEST(hostile_words_become_valid_queries),
	    TEST(many_words_are_answered),
	    TEST(queries_have_limits),
	    TEST(a_cut_run_asks_for_no_half_word),
	    TEST(text_has_and_text_fold_agree_with_search),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
