/* SPDX-License-Identifier: ISC */
/*
 * The words that the engine says to readers: those of a capsule's words.ini,
 * which language says what, and what is wrong in such a file.
 */
#include "page_fixture.h"

#include "page/compile/findings.h"
#include "page/words.h"

/* The words of a capsule in zh-Hans with this words.ini (NULL: none). */
static const struct words *
read_words(struct fixture *f, const char *text, struct findings *found)
{
	const struct words *words;

	if (text != NULL)
		fixture_write(f, "words.ini", text);
	findings_init(found);
	assert_int_equal(
	    words_read(f->arena, f->capsule, STR("zh-Hans"), found, &words),
	    OK);
	return words;
}

static void
assert_word(const struct words *words, const char *language, enum word word,
    const char *expected)
{
	struct str text = words_text(words_of(words, str_from(language)), word);

	assert_int_equal(text.len, strlen(expected));
	assert_memory_equal(text.data, expected, text.len);
}

/* What is found, advice left out, as lines. */
static const char *
told(struct fixture *f, const char *text)
{
	struct findings found;
	size_t n = 0;

	(void)read_words(f, text, &found);
	f->answer[0] = '\0';
	for (struct finding *x = found.first; x != NULL; x = x->next)
		if (x->kind == FINDING_WRONG)
			n += (size_t)snprintf(f->answer + n,
			    sizeof(f->answer) - n, "%s:%u: %s\n", x->file,
			    x->line, x->message);
	findings_free(found.first);
	return f->answer;
}

static void
each_word_has_a_key_and_is_ascii(void **state)
{
	(void)state;
	for (size_t i = 0; i < WORD_COUNT; i++) {
		const struct word_row *row = &word_rows[i];

		assert_non_null(row->key);
		assert_true(row->english != NULL && row->english[0] != '\0');
		assert_int_equal(
		    strspn(row->key, "abcdefghijklmnopqrstuvwxyz0123456789-"),
		    strlen(row->key));
		for (const char *c = row->english; *c != '\0'; c++)
			assert_true(*c >= ' ' && *c < 0x7F);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(row->key, word_rows[j].key);
	}
}

static void
a_language_says_its_own(void **state)
{
	struct findings found;
	const struct words *words = read_words(*state,
	    "; the portal's\n"
	    "missing = 没有这一页\n"
	    "gone = 已经撤下\n"
	    "[zh-Hant]\n"
	    "missing = 沒有這一頁\n"
	    "[de]\n"
	    "missing = Nicht gefunden\n"
	    "gone = Fort\n"
	    "[de-CH]\n"
	    "gone = Weg\n"
	    "[en]\n"
	    "gone = Withdrawn\n",
	    &found);

	assert_word(words, "zh-Hans", WORD_MISSING, "没有这一页");
	assert_word(words, "zh-Hans", WORD_BAD, "Bad request");
	assert_word(words, "ZH-hant", WORD_MISSING, "沒有這一頁");
	/* What Chinese of one kind lacks the portal's own has. */
	assert_word(words, "zh-Hant", WORD_GONE, "已经撤下");
	assert_word(words, "zh", WORD_MISSING, "没有这一页");
	assert_word(words, "de-AT", WORD_GONE, "Fort");
	assert_word(words, "de-CH", WORD_GONE, "Weg");
	assert_word(words, "de-CH-1996", WORD_MISSING, "Nicht gefunden");
	/* No section says French: the portal's own words. */
	assert_word(words, "fr", WORD_MISSING, "没有这一页");
	/* English never lacks a word. */
	assert_word(words, "en", WORD_MISSING, "Not found");
	assert_word(words, "en-GB", WORD_GONE, "Withdrawn");
	findings_free(found.first);
}

static void
english_needs_no_file(void **state)
{
	struct fixture *f = *state;
	const struct words *words;
	struct findings found;

	findings_init(&found);
	assert_int_equal(
	    words_read(f->arena, f->capsule, STR("en-GB"), &found, &words), OK);
	assert_null(words);
	assert_null(found.first);
	assert_word(words, "en-GB", WORD_MISSING, "Not found");
	assert_word(words, "fr", WORD_MISSING, "Not found");
	/* An English portal may say it otherwise. */
	fixture_write(f, "words.ini", "missing = No such page\n");
	assert_int_equal(
	    words_read(f->arena, f->capsule, STR("en-GB"), &found, &words), OK);
	assert_null(found.first);
	assert_word(words, "en", WORD_MISSING, "No such page");
	assert_word(words, "en", WORD_GONE, "Gone");
}

static void
holes_are_filled_by_their_names(void **state)
{
	struct fixture *f = *state;
	const struct str values[] = {STR("U+0007"), STR("{part}")};
	struct findings found;
	const struct words *words =
	    read_words(f, "control = {part}中有{character}！\n", &found);
	struct str text;

	text = words_fill(NULL, f->arena, WORD_CONTROL, values);
	assert_string_equal(
	    text.data, "Bad request: control character U+0007 in the {part}");
	text = words_fill(words, f->arena, WORD_CONTROL, values);
	assert_string_equal(text.data, "{part}中有U+0007！");
	text = words_fill(words, f->arena, WORD_MISSING, NULL);
	assert_string_equal(text.data, "Not found");
	findings_free(found.first);
}

static void
what_is_wrong_is_told_with_its_line(void **state)
{
	static char text[512];
	struct fixture *f = *state;

	assert_string_equal(told(f, "missing = a\n; b\n\nbad=c\n"), "");
	assert_string_equal(told(f, "\nmising = a\nxyzzy = b\n"),
	    "words.ini:2: the engine says no `mising`; did you mean "
	    "`missing`?\n"
	    "words.ini:3: the engine says no `xyzzy`\n");
	assert_string_equal(told(f,
				"missing = a\n[en]\nmissing = b\n"
				"[fr]\nmissing = c\n[EN]\nmissing = d\n"),
	    "words.ini:7: `missing` stands twice\n");
	assert_string_equal(told(f, "missing = a\nmissing = a\n"),
	    "words.ini:2: `missing` stands twice\n");
	assert_string_equal(told(f, "missing = a\n  b\n"),
	    "words.ini:2: `missing` stands twice\n");
	assert_string_equal(
	    told(f, "missing =\n"), "words.ini:1: `missing` says nothing\n");
	assert_string_equal(told(f, "gone = a\x1b[2J\nbad = \xe2\x80\xaeg\n"),
	    "words.ini:1: `gone` holds a control character or an invisible "
	    "one\n"
	    "words.ini:2: `bad` holds a control character or an invisible "
	    "one\n");
	assert_string_equal(
	    told(f, "gone = a\xff\n"), "words.ini:1: `gone` is not UTF-8\n");
	assert_string_equal(told(f, "[e n]\nbad = a\n[zh]\nbad = b\n"),
	    "words.ini:2: [e n] is not a language tag such as en or zh-Hans\n");
	assert_string_equal(told(f, "bad = a\nnonsense\n"),
	    "words.ini:2: neither [section], name = value nor ; comment\n");
	/* 194 bytes are a line, 195 are not. */
	snprintf(text, sizeof(text), "bad = %0188d\n", 0);
	assert_string_equal(told(f, text), "");
	snprintf(text, sizeof(text), "bad = %0189d\n", 0);
	assert_string_equal(told(f, text),
	    "words.ini:1: a line is too long, or it is not text\n");
}

static void
holes_must_be_those_of_the_english(void **state)
{
	static const char *const bad[] = {"failure = a\n", "failure = {ref}\n",
	    "failure = {reference} {x}\n", "failure = {reference\n",
	    "failure = {reference}}\n", "failure = {{reference}\n",
	    "failure = {} {reference}\n", "failure = } {reference}\n",
	    "failure = {Reference}\n"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_string_equal(told(f, bad[i]),
		    "words.ini:1: the holes of `failure` are not those of: "
		    "Temporary failure (reference {reference})\n");
	assert_string_equal(told(f, "missing = {reference}\n"),
	    "words.ini:1: the holes of `missing` are not those of: "
	    "Not found\n");
	/* In another order, and more than once. */
	assert_string_equal(
	    told(f, "control = {part} {character} {part}\n"), "");
}

static void
what_a_language_lacks_is_advice(void **state)
{
	struct fixture *f = *state;
	struct findings found;
	struct buf all;

	(void)read_words(f, NULL, &found);
	assert_int_equal(findings_count(found.first, FINDING_WORDS), 1);
	assert_string_equal(found.first->message,
	    "there is none: in zh-Hans, too, readers are told in English what "
	    "the engine says");
	assert_int_equal(found.count, 0);
	findings_free(found.first);

	buf_init(&all, 64 * 1024);
	for (size_t i = 2; i < WORD_COUNT; i++)
		buf_printf(
		    &all, "%s = %s\n", word_rows[i].key, word_rows[i].english);
	buf_text(&all, "[de]\nmissing = Nicht gefunden\n[en]\nbad = Bad\n");
	buf_char(&all, '\0');
	(void)read_words(f, all.data, &found);
	assert_int_equal(findings_count(found.first, FINDING_WORDS), 2);
	assert_string_equal(found.first->message, "zh-Hans lacks missing gone");
	assert_true(str_starts(str_from(found.first->next->message),
	    STR("de lacks gone bad foreign")));
	assert_true(
	    str_ends(str_from(found.first->next->message), STR(" and more")));
	findings_free(found.first);
	buf_release(&all);
}

static void
readers_are_refused_in_them(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "words.ini",
	    "only-over = Nur mit {protocol}\nno-upload = Nichts hochladen\n"
	    "certificate-expired = Abgelaufen: {date}\n"
	    "failure = Fehler {reference}\n");
	fixture_write(f, "pages/c.gmi", "% cert Wer?\nx\n");
	fixture_write(f, "pages/big.gmi",
	    "% each WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 "
	    "FROM n WHERE i < 300) SELECT i FROM n\n"
	    "% each SELECT printf('%1000c', 'x') AS x\n{x}\n% end\n% end\n");
	fixture_good(f);
	assert_string_equal(gopher(f, "/c"), "(missing) Nur mit Gemini");
	f->has_cert = true;
	f->identity.valid = false;
	f->identity.fault = WORD_CERT_EXPIRED;
	f->identity.fault_date = STR("2026");
	assert_string_equal(gemini(f, "/c"), "(bad-cert) Abgelaufen: 2026");
	assert_memory_equal(gemini(f, "/big"), "(broken) Fehler ", 16);
}

static void
a_page_speaks_its_language(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "words.ini",
	    "[de]\ncertificate-weak = Schwach\nmissing = Fehlt\n");
	fixture_write(f, "pages/[lang]/index.gmi", "% lang {lang}\n# {lang}\n");
	fixture_write(f, "pages/t.txt", "% lang de\n{lang}\n");
	fixture_write(f, "pages/a.xml",
	    "<a xml:lang=\"{lang}\"/>\n% lang de\n<b xml:lang=\"{lang}\"/>\n");
	f->has_cert = true;
	f->identity.valid = false;
	f->identity.fault = WORD_CERT_WEAK;
	assert_string_equal(
	    page(f, "% lang de\n% cert Wer?\nx\n"), "(bad-cert) Schwach");
	/* It holds from where it stands. */
	assert_string_equal(page(f, "% cert Who?\n% lang de\nx\n"),
	    "(bad-cert) Certificate with a weak key");
	page(f, "% lang de\n# Titel\n");
	assert_string_equal(gemini(f, "/p.txt"),
	    "(text/plain; charset=utf-8; lang=de)\nTitel\n=====\n");
	assert_string_equal(
	    gemini(f, "/t.txt"), "(text/plain; charset=utf-8; lang=de)\nde\n");
	assert_string_equal(gemini(f, "/a.xml"),
	    "(application/xml; charset=utf-8)\n"
	    "<a xml:lang=\"en\"/>\n<b xml:lang=\"de\"/>\n");
	assert_string_equal(gemini(f, "/de-AT/.txt"),
	    "(text/plain; charset=utf-8; lang=de-AT)\nde-AT\n=====\n");
	/* What is no language leaves the portal's. */
	assert_string_equal(gemini(f, "/de_AT/.txt"),
	    "(text/plain; charset=utf-8; lang=en)\nde_AT\n=====\n");
}

static void
a_language_without_words_is_advice(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "pages/p.gmi", "% lang en-GB\nx\n");
	fixture_good(f);
	assert_null(f->findings);
	fixture_write(f, "pages/p.gmi", "% lang fr\nx\n");
	fixture_good(f);
	assert_int_equal(f->findings->kind, FINDING_WORDS);
	assert_string_equal(f->findings->file, "pages/p.gmi");
	assert_int_equal(f->findings->line, 1);
	assert_string_equal(
	    f->findings->message, "words.ini has no words of fr");
	fixture_write(f, "words.ini", "[fr]\n");
	fixture_good(f);
	assert_non_null(f->findings);
	fixture_write(f, "words.ini", "[fr]\ngone = Disparu\n");
	fixture_good(f);
	assert_true(str_starts(
	    str_from(f->findings->message), STR("fr lacks missing bad")));
}

/* Nothing of a file with a mistake is served, but by --dev. */
static void
a_mistake_stops_the_capsule(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "words.ini", "missing = {x}\n");
	assert_string_equal(findings(f, NULL),
	    "words.ini:1: the holes of `missing` are not those of: "
	    "Not found\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_word_has_a_key_and_is_ascii),
	    PAGE_TEST(a_language_says_its_own),
	    PAGE_TEST(english_needs_no_file),
	    PAGE_TEST(holes_are_filled_by_their_names),
	    PAGE_TEST(what_is_wrong_is_told_with_its_line),
	    PAGE_TEST(holes_must_be_those_of_the_english),
	    PAGE_TEST(what_a_language_lacks_is_advice),
	    PAGE_TEST(readers_are_refused_in_them),
	    PAGE_TEST(a_page_speaks_its_language),
	    PAGE_TEST(a_language_without_words_is_advice),
	    PAGE_TEST(a_mistake_stops_the_capsule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
