/* SPDX-License-Identifier: ISC */
/*
 * How search folds text: every character of Unicode alone, groups of those
 * that act on each other, and what a reader finds by it.
 */
#include "store/functions/fold.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <sqlite3.h>
#include <uninorm.h>

#include "base/utf8.h"
#include "store/functions/functions.h"

enum { LAST_CHARACTER = 0x10FFFF, ROUNDS = 30000, TEXT_BYTES = 1024 };

static uint64_t seed = 20261130;

static unsigned
draw(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

static struct str
folded(struct buf *out, struct str s)
{
	buf_clear(out);
	fold_add(out, s);
	assert_int_equal(out->err, OK);
	return buf_view(out);
}

static struct str
normal(char place[TEXT_BYTES], uninorm_t form, struct str s)
{
	size_t len = TEXT_BYTES;
	uint8_t *out = u8_normalize(
	    form, (const uint8_t *)s.data, s.len, (uint8_t *)place, &len);

	assert_ptr_equal(out, place);
	return (struct str){place, len};
}

/* Say which characters are meant. */
static void
blame(const char *what, struct str s)
{
	struct buf shown;

	buf_init(&shown, 64 * 1024);
	while (s.len > 0)
		buf_printf(&shown, " U+%04X", (unsigned)utf8_next(&s));
	fail_msg("%s:%.*s", what, STR_ARG(buf_view(&shown)));
}

/* fold(fold(x)) = fold(x); fold(NFKC(x)) = fold(x), and so for each form. */
static void
check(struct str s)
{
	static const char *const names[] = {"NFKC", "NFKD", "NFC", "NFD"};
	const uninorm_t forms[] = {
	    UNINORM_NFKC, UNINORM_NFKD, UNINORM_NFC, UNINORM_NFD};
	char place[TEXT_BYTES];
	struct buf one, two;

	buf_init(&one, 8 * TEXT_BYTES);
	buf_init(&two, 8 * TEXT_BYTES);
	folded(&one, s);
	if (!str_equal(folded(&two, buf_view(&one)), buf_view(&one)))
		blame("folded twice it is another", s);
	for (size_t i = 0; i < 4; i++)
		if (!str_equal(folded(&two, normal(place, forms[i], s)),
			buf_view(&one)))
			blame(names[i], s);
	buf_release(&one);
	buf_release(&two);
}

static void
each_form_of_a_character_folds_alike(void **state)
{
	(void)state;
	for (uint32_t c = 1; c <= LAST_CHARACTER; c++) {
		char place[4];
		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		check((struct str){place, fold_write(place, c)});
	}
}

/* What acts on its neighbours: marks of all classes, jamo, kana with their
 * half width marks, what shows nothing, letters whose small form composes. */
static const uint32_t sharp[] = {'a', 'E', 'H', 'i', 0x130, 'K', 'S', ' ', '1',
    0xA8, 0xAD, 0xC5, 0xDF, 0x1E9E, 0x301, 0x307, 0x308, 0x323, 0x327, 0x331,
    0x338, 0x344, 0x345, 0x34F, 0x391, 0x3A9, 0x3C2, 0x410, 0x5B0, 0x5D0, 0x627,
    0x653, 0x64B, 0x915, 0x93C, 0x9C7, 0x9BE, 0xBC6, 0xBBE, 0xDD9, 0xDCA, 0xDCF,
    0xF73, 0xF77, 0x1025, 0x102E, 0x1100, 0x1161, 0x11A8, 0x1F80, 0x1FBC,
    0x200B, 0x200D, 0x2044, 0x2080, 0x2103, 0x2126, 0x2160, 0x2460, 0x24B6,
    0x2F00, 0x3007, 0x304B, 0x30AB, 0x3099, 0x309A, 0x309B, 0x3131, 0x314F,
    0x3200, 0x33A1, 0x4E00, 0x81FA, 0x53F0, 0x7063, 0x9EB4, 0xAC00, 0xAC01,
    0xF900, 0xF9B8, 0xFB01, 0xFDFA, 0xFE0F, 0xFF21, 0xFF66, 0xFF76, 0xFF9E,
    0xFF9F, 0xFFA1, 0xFFC2, 0x110A5, 0x110BA, 0x1D15F, 0x1D400, 0x1F600,
    0x20000, 0x2F800, 0xE0100};

static struct str
draw_text(char place[TEXT_BYTES], unsigned characters)
{
	size_t len = 0;

	for (unsigned i = 0; i < characters; i++) {
		uint32_t c = sharp[draw(sizeof(sharp) / sizeof(*sharp))];
		if (draw(8) == 0)
			c = 1 + draw(0xD7FF);
		else if (draw(8) == 0)
			c = 0xE000 + draw(0x22000);
		len += fold_write(place + len, c);
	}
	return (struct str){place, len};
}

static void
each_form_of_random_text_folds_alike(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		char place[TEXT_BYTES];
		check(draw_text(place, 1 + draw(8)));
	}
}

/* Bytes that are no UTF-8, and marks without end: no more than the text. */
static void
hostile_text_folds_to_no_more_than_itself(void **state)
{
	char place[TEXT_BYTES];
	struct buf one, two;

	(void)state;
	buf_init(&one, 64 * TEXT_BYTES);
	buf_init(&two, 64 * TEXT_BYTES);
	for (int i = 0; i < ROUNDS; i++) {
		struct str s = draw_text(place, 8);
		for (unsigned n = draw(4); n > 0; n--)
			place[draw((unsigned)s.len)] = (char)draw(256);
		folded(&one, s);
		assert_true(
		    str_equal(folded(&two, buf_view(&one)), buf_view(&one)));
	}
	for (size_t i = 0; i + 1 < TEXT_BYTES; i += 2)
		memcpy(place + i, i % 4 == 0 ? "\xCC\x81" : "\xCC\xA3", 2);
	folded(&one, (struct str){place, TEXT_BYTES});
	assert_int_equal(one.len, TEXT_BYTES);
	buf_release(&one);
	buf_release(&two);
}

/* ---- searches ---------------------------------------------------------- */

static sqlite3 *db;

static int
set_up(void **state)
{
	(void)state;
	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		return -1;
	if (functions_register(db, NULL) != SQLITE_OK)
		return -1;
	return sqlite3_exec(db,
	    "CREATE VIRTUAL TABLE full USING fts5(x, tokenize='cjk');"
	    "CREATE VIRTUAL TABLE none USING fts5(x, tokenize='cjk',"
	    " detail=none)",
	    NULL, NULL, NULL);
}

static int
tear_down(void **state)
{
	(void)state;
	return sqlite3_close(db);
}

/* The first value of a statement with text and words bound; owned. */
static char *
ask(const char *sql, struct str text, struct str words)
{
	sqlite3_stmt *statement;
	const char *value;
	char *copy = NULL;

	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	sqlite3_bind_text(
	    statement, 1, text.data, (int)text.len, SQLITE_STATIC);
	if (sqlite3_bind_parameter_count(statement) > 1)
		sqlite3_bind_text(
		    statement, 2, words.data, (int)words.len, SQLITE_STATIC);
	if (sqlite3_step(statement) == SQLITE_ROW) {
		value = (const char *)sqlite3_column_text(statement, 0);
		copy = value == NULL ? NULL : strdup(value);
	}
	if (sqlite3_finalize(statement) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	return copy;
}

/* Is the text, which is alone in both indexes, found by these words? */
static bool
finds(struct str text, struct str words)
{
	static const char *const ways[] = {
	    "SELECT 1 FROM full WHERE x = ?1 AND full MATCH "
	    "fts_query(?2, 'phrase')",
	    "SELECT 1 FROM none WHERE x = ?1 AND none MATCH "
	    "fts_query(?2, 'and') AND text_has(x, ?2)"};
	int found = 0;

	free(ask("DELETE FROM full WHERE ?1", STR("1"), STR("")));
	free(ask("DELETE FROM none WHERE ?1", STR("1"), STR("")));
	free(ask("INSERT INTO full(x) VALUES (?1)", text, STR("")));
	free(ask("INSERT INTO none(x) VALUES (?1)", text, STR("")));
	for (size_t i = 0; i < 2; i++) {
		char *one = ask(ways[i], text, words);
		found += one != NULL;
		free(one);
	}
	if (found == 1)
		blame("one index finds it, one does not", text);
	return found == 2;
}

/* Each is found by the other, both ways. */
static void
each_spelling_finds_the_other(void **state)
{
	static const char *const pairs[][2] = {{"Ⅱ型", "II型"}, {"ⅳ级", "IV级"},
	    {"１００㎜口径", "100mm口径"}, {"5㎏", "5kg"}, {"①试验", "1试验"},
	    {"H₂O", "H2O"}, {"oﬃce", "office"}, {"臺灣", "台湾"},
	    {"旅遊", "旅游"}, {"淨水器", "净水器"}, {"週期", "周期"},
	    {"佔用", "占用"}, {"嚮導", "向导"}, {"縴維", "纤维"},
	    {"檢査", "检查"}, {"民衆", "民众"}, {"空気", "空气"},
	    {"検査", "检查"}, {"砲", "炮"}, {"標準化", "标准化"},
	    {"乾燥箱", "干燥箱"}, {"裏程", "里程"}, {"㎡", "m2"},
	    {"25℃", "25°C"}, {"ＩＳＯ　９００１", "iso9001"}, {"№5", "No5"},
	    {"㈱日立", "(株)日立"}, {"ｶﾞｽ検知", "ガス検知"}, {"㍿", "株式会社"},
	    {"⼯业", "工业"}, {"x²+y³", "x2+y3"}, {"½寸", "1⁄2寸"},
	    {"µm", "μm"}, {"ﾊﾝﾄﾞﾙ", "ハンドル"},
	    {"\xED\x95\x9C\xEA\xB5\xAD",
		"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB"
		"\xE1\x84\x80\xE1\x85\xAE\xE1\x86\xA8"},
	    {"cafe\xCC\x81", "caf\xC3\xA9"}, {"\xE2\x84\xA6阻", "\xCE\xA9阻"},
	    {"㏒曲线", "log曲线"}, {"㋀报告", "1月报告"}, {"Й", "и\xCC\x86"},
	    {"測量儀器", "测量仪器"}, {"電纜護套", "电缆护套"},
	    {"質量㈡", "质量(二)"}, {"𝐗射线", "x射线"}, {"ｘ／ｙ", "x/y"},
	    {"𝟗𝟎", "90"}, {"H\xCC\xB1", "\xE1\xBA\x96"},
	    {"e\xC2\xAD\xCC\x81", "é"}, {"麵粉", "面粉"}, {"頭髮", "头发"},
	    {"群眾", "群众"}, {"金\uFE00屬", "金属"},
	    {"工業　標準", "工业 标准"}};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct str a = str_from(pairs[i][0]);
		struct str b = str_from(pairs[i][1]);
		if (!finds(a, b) || !finds(b, a))
			fail_msg("%s, %s", pairs[i][0], pairs[i][1]);
	}
}

/* What is another word stays one. */
static void
other_words_are_not_found(void **state)
{
	static const char *const pairs[][2] = {{"台湾", "台北"},
	    {"Ⅱ型", "III型"}, {"100mm", "100m"}, {"㎏", "g"}, {"ガス", "カス"},
	    {"caf\xC3\xA9", "cafe"}, {"标准", "标佳"}, {"①②", "1"},
	    {"한국", "하"}, {"ß", "ss"}};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (finds(str_from(pairs[i][0]), str_from(pairs[i][1])))
			fail_msg("%s by %s", pairs[i][0], pairs[i][1]);
}

/* Index and query agree: a text is found by itself, in whatever form. */
static void
a_text_is_found_by_each_of_its_forms(void **state)
{
	const uninorm_t forms[] = {
	    UNINORM_NFKC, UNINORM_NFKD, UNINORM_NFC, UNINORM_NFD};

	(void)state;
	for (int i = 0; i < ROUNDS / 30; i++) {
		char place[TEXT_BYTES], other[TEXT_BYTES];
		struct str s = draw_text(place, 1 + draw(6));
		struct fold_terms terms;
		fold_terms(&terms, s);
		if (terms.count == 0 || terms.count == FOLD_TERMS_MAX)
			continue;
		if (!finds(s, s))
			blame("not found by itself", s);
		if (!finds(s, normal(other, forms[draw(4)], s)))
			blame("not found by another form", s);
	}
}

static void
snippet_is(const char *text, const char *words, const char *expected)
{
	char *found = ask(
	    "SELECT text_snippet(?1, ?2, 8)", str_from(text), str_from(words));

	assert_string_equal(found, expected);
	free(found);
}

/* What is shown is the text as it was written. */
static void
a_snippet_shows_the_text_as_written(void **state)
{
	(void)state;
	snippet_is("一二三四五六七八九十臺灣標準化機構甲乙", "台湾",
	    "…九十臺灣標準化機…");
	snippet_is("一二三四五六七八九十１００㎜口径管甲乙丙丁", "100mm",
	    "…九十１００㎜口径…");
	snippet_is("一二三四五六七八九十Ⅱ型甲乙丙丁戊己庚辛", "ii型",
	    "…九十Ⅱ型甲乙丙丁…");
}

/* The name is the same each time, and one line. */
static void
the_name_of_the_folding_is_one_line(void **state)
{
	char one[FOLD_NAME_BYTES], two[FOLD_NAME_BYTES];

	(void)state;
	fold_name(one);
	fold_name(two);
	assert_string_equal(one, two);
	assert_non_null(strstr(one, "libunistring"));
	assert_null(strchr(one, '\n'));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define SEARCH(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	    cmocka_unit_test(each_form_of_a_character_folds_alike),
	    cmocka_unit_test(each_form_of_random_text_folds_alike),
	    cmocka_unit_test(hostile_text_folds_to_no_more_than_itself),
	    SEARCH(each_spelling_finds_the_other),
	    SEARCH(other_words_are_not_found),
	    SEARCH(a_text_is_found_by_each_of_its_forms),
	    SEARCH(a_snippet_shows_the_text_as_written),
	    cmocka_unit_test(the_name_of_the_folding_is_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
