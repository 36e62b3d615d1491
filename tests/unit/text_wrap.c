/* SPDX-License-Identifier: ISC */
/* Width and line breaking. */
#include "text_fixture.h"

#include <stdlib.h>
#include <unigbrk.h>
#include <uniwidth.h>

#include "base/utf8.h"
#include "text/wrap.h"

enum { PIECES_MAX = 4096 };

struct pieces {
	struct str at[PIECES_MAX];
	size_t count;
};

static struct pieces pieces;

static void
wrap(struct arena *arena, struct str line, unsigned columns)
{
	struct wrap w;

	pieces.count = 0;
	assert_int_equal(wrap_begin(&w, arena, line, columns), OK);
	while (wrap_next(&w, &pieces.at[pieces.count]))
		assert_true(++pieces.count < PIECES_MAX);
}

static void
assert_wrapped(struct text_fixture *f, const char *line, unsigned columns,
    const char *expected)
{
	buf_clear(&f->out);
	wrap(f->arena, str_from(line), columns);
	for (size_t i = 0; i < pieces.count; i++) {
		buf_str(&f->out, pieces.at[i]);
		buf_char(&f->out, '|');
	}
	assert_text(buf_view(&f->out), expected);
}

static void
each_character_has_its_columns(void **state)
{
	static const struct {
		const char *text;
		unsigned columns;
	} cases[] = {{"", 0}, {"abc", 3}, {"标准", 4}, {"ＧＢ", 4}, {"，。", 4},
	    {"é", 1}, {"e\u0301", 1}, {"\u231A", 2}, {"①±★“…—α℃", 8},
	    {"\u0301", 1}, {"한글", 4}, {"\u1112\u1161\u11AB", 2},
	    {"\u2764", 1}, {"\u2764\uFE0F", 2}, {"\U00020BB7", 2}, {"　", 2},
	    {"ｱ", 1}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(
		    text_width(str_from(cases[i].text)), cases[i].columns);
}

static void
latin_text_wraps_at_blanks(void **state)
{
	struct text_fixture *f = *state;

	assert_wrapped(f, "", 10, "");
	assert_wrapped(f, "   ", 10, "");
	assert_wrapped(f, "one two", 10, "one two|");
	assert_wrapped(f, "one two three four", 9, "one two|three|four|");
	assert_wrapped(f, "one two  ", 7, "one two|");
	assert_wrapped(f, "0123456789 a", 10, "0123456789|a|");
	assert_wrapped(f, "one            two", 5, "one|two|");
	assert_wrapped(f, "  in dented", 6, "  in|dented|");
	assert_wrapped(f, "well-known", 6, "well-|known|");
	/* No limit, and one that no wide character would fit. */
	assert_wrapped(f, "one two three", 0, "one two three|");
	assert_wrapped(f, "标准", 1, "标|准|");
}

static void
over_long_words_are_cut_at_clusters(void **state)
{
	struct text_fixture *f = *state;

	assert_wrapped(f, "abcdefghij", 4, "abcd|efgh|ij|");
	assert_wrapped(f, "x abcdefghij y", 4, "x|abcd|efgh|ij y|");
	/* A combining mark stays with its letter. */
	assert_wrapped(f, "abce\u0301f", 4, "abce\u0301|f|");
	assert_wrapped(f, "abcde\u0301f", 4, "abcd|e\u0301f|");
	/* The stop behind a word that just fits takes a letter along. */
	assert_wrapped(f, "abcdef。", 6, "abcde|f。|");
	/* Marks only: nothing can be done, but it ends. */
	assert_wrapped(f, "。。。", 4, "。。|。|");
	/* A cluster of Hangul consonants is wider than the line. */
	assert_wrapped(f, "\u1100\u1100\u1100", 4, "\u1100\u1100|\u1100|");
}

static void
chinese_text_wraps_between_characters(void **state)
{
	struct text_fixture *f = *state;

	assert_wrapped(f, "一二三四五六", 6, "一二三|四五六|");
	/* An odd column stays empty. */
	assert_wrapped(f, "一二三四五六", 7, "一二三|四五六|");
	assert_wrapped(f, "一二三，四五六", 6, "一二|三，四|五六|");
	assert_wrapped(f, "一二三。》四五", 6, "一二|三。》|四五|");
	assert_wrapped(f, "一二《三四》五", 6, "一二|《三|四》五|");
	assert_wrapped(f, "一二（《三四》）", 6, "一二|（《三|四》）|");
	assert_wrapped(f, "见GB/T 19001一", 8, "见GB/T|19001一|");
	assert_wrapped(f, "一二三……四", 6, "一二|三……四|");
	assert_wrapped(f, "　　一二三", 8, "　　一二|三|");
}

/* A small generator of numbers that is the same everywhere. */
static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static bool
contains(const char *set, uint32_t c)
{
	struct str rest = str_from(set);

	while (rest.len > 0)
		if (utf8_next(&rest) == c)
			return true;
	return false;
}

static uint32_t
last_character(struct str s)
{
	uint32_t c = 0;

	while (s.len > 0)
		c = utf8_next(&s);
	return c;
}

/* Words, Chinese, marks as an author sets them: never more than two closing
 * marks in a row. */
static void
make_prose(struct buf *out, uint32_t *seed, size_t units)
{
	static const char *const parts[] = {"标", "准", "质量", "办法", "的",
	    "，", "。", "、", "《标准化法》", "（第二号）", "“一”",
	    "GB/T 19001", " and ", " word", "2026年", "……", "——", "！", "：",
	    "；", "）",
	    "https://example.org/a/very/long/address/that/never/ends/until/"
	    "the/line/has/been/full/for/a/while?query=value&more=1",
	    "supercalifragilisticexpialidociousandmuchmorethansixtysevencolumn"
	    "swidewithoutanyplacetobreak",
	    "　", "é", "①"};
	enum { COUNT = sizeof(parts) / sizeof(*parts) };
	bool mark = false;

	for (size_t i = 0; i < units; i++) {
		const char *part = parts[next_random(seed) % COUNT];
		struct str s = str_from(part);
		bool is_one = contains("，。、！：；）", utf8_next(&s));
		if (is_one && mark)
			part = "字";
		mark = is_one;
		buf_text(out, part);
	}
}

static void
assert_pieces_sound(struct str line, unsigned columns)
{
	const char *end = line.data;

	for (size_t i = 0; i < pieces.count; i++) {
		struct str piece = pieces.at[i], rest = piece;
		assert_true(piece.len > 0);
		assert_true(piece.data >= end);
		/* Nothing but blanks is lost. */
		for (; end < piece.data; end++)
			assert_true(*end == ' ' || (unsigned char)*end >= 0x80);
		end = piece.data + piece.len;
		assert_true(utf8_valid(piece));
		assert_true(text_width(piece) <= columns);
		assert_true(u8_width((const uint8_t *)piece.data, piece.len,
				"UTF-8") <= (int)columns);
		if (i > 0)
			assert_false(
			    contains("，。、》）”！；：", utf8_next(&rest)));
		if (i + 1 < pieces.count)
			assert_false(contains("《（“", last_character(piece)));
	}
}

static void
no_line_breaks_the_rules(void **state)
{
	struct text_fixture *f = *state;
	uint32_t seed = 20261123;

	for (int round = 0; round < 300; round++) {
		unsigned columns = 20 + next_random(&seed) % 60;
		text_again(f);
		buf_char(&f->out, 'a');
		make_prose(&f->out, &seed, 200);
		wrap(f->arena, buf_view(&f->out), columns);
		assert_true(pieces.count > 1);
		assert_pieces_sound(buf_view(&f->out), columns);
	}
}

/* What is not a blank comes out byte for byte, whatever goes in. */
static void
nothing_is_lost(void **state)
{
	static const uint32_t odd[] = {0x300, 0x1100, 0x1161, 0x1F1E8, 0x1F44D,
	    0x1F3FD, 0xFE0F, 0x600, 0x3002, 0x300A, 'a', 0x4E00, 0xE0100, '-',
	    0x2014, 0x2026};
	struct text_fixture *f = *state;
	uint32_t seed = 7;

	for (int round = 0; round < 500; round++) {
		struct wrap w;
		struct str piece, line;
		size_t len = 0, hard = 0;
		text_again(f);
		for (int i = 0; i < 200; i++)
			utf8_add(&f->out,
			    odd[next_random(&seed) %
				(sizeof(odd) / sizeof(*odd))]);
		line = buf_view(&f->out);
		wrap(f->arena, line, 2 + next_random(&seed) % 20);
		for (size_t i = 0; i < pieces.count; i++)
			len += pieces.at[i].len;
		assert_int_equal(len, line.len);
		wrap_begin_hard(&w, line, 9);
		while (wrap_next(&w, &piece)) {
			assert_true(piece.data == line.data + hard);
			assert_true(text_width(piece) <= 9);
			hard += piece.len;
		}
		assert_int_equal(hard, line.len);
	}
}

static void
hard_wraps_keep_each_blank(void **state)
{
	static const char *const expected[] = {"a  b", "标c ", "标"};
	struct wrap w;
	struct str piece;
	size_t n = 0;

	(void)state;
	wrap_begin_hard(&w, STR("a  b标c 标"), 4);
	while (wrap_next(&w, &piece))
		assert_text(piece, expected[n++]);
	assert_int_equal(n, 3);
	wrap_begin_hard(&w, STR(""), 4);
	assert_false(wrap_next(&w, &piece));
	wrap_begin_hard(&w, STR("any width"), 0);
	assert_true(wrap_next(&w, &piece));
	assert_text(piece, "any width");
}

static void
a_line_that_does_not_fit_ends_in_a_mark(void **state)
{
	static const struct {
		const char *line;
		unsigned columns;
		const char *fitted;
	} cases[] = {{"", 5, ""}, {"abcde", 5, "abcde"}, {"abcdef", 5, "abcd…"},
	    {"一二三", 6, "一二三"}, {"一二三四", 6, "一二…"},
	    {"ab cdef", 4, "ab…"}, {"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
	    {"ab", 1, "…"}, {"ab", 0, ""}, {"", 0, ""}};
	struct text_fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str out;
		assert_int_equal(text_fit(f->arena, str_from(cases[i].line),
				     cases[i].columns, &out),
		    OK);
		assert_text(out, cases[i].fitted);
		assert_true(text_width(out) <= cases[i].columns);
	}
}

/* A megabyte on one line, in the shapes that make a wrapper step back. With
 * work in the square of the length this test would not end. */
static void
a_megabyte_wraps_in_linear_time(void **state)
{
	static const char *const units[] = {"a", " ", "。", "《", "\u0301",
	    "e\u0301\u0301\u0301", "\u1100", " ，", "标", "\U0001F1E8", "a b",
	    "　", "a/", "“", "\u0600", " \u0301", "　，"};
	struct text_fixture *f = *state;

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		struct wrap w;
		struct str piece;
		text_again(f);
		while (f->out.len < 1 << 20)
			buf_text(&f->out, units[i]);
		assert_int_equal(
		    wrap_begin(&w, f->arena, buf_view(&f->out), 67), OK);
		while (wrap_next(&w, &piece)) {
			assert_true(text_width(piece) <= 67);
			/* Not even of marks can a line be made endless. */
			assert_true(piece.len <= 67 * 64);
		}
	}
}

static void
memory_out_leaves_results_untouched(void **state)
{
	struct text_fixture *f = *state;
	struct arena *small = arena_new(16);
	struct wrap w = {.columns = 77};
	struct str out = STR("untouched");

	for (int i = 0; i < 100; i++)
		buf_text(&f->out, "word ");
	assert_int_equal(
	    wrap_begin(&w, small, buf_view(&f->out), 10), ERR_NOMEM);
	assert_int_equal(w.columns, 77);
	assert_int_equal(
	    text_fit(small, buf_view(&f->out), 60, &out), ERR_NOMEM);
	assert_text(out, "untouched");
	arena_free(small);
}

/* Clusters of common characters are told without libunistring, as it would:
 * Han and ASCII next to marks, joiners, emoji and borders of the block. */
static void
widths_are_those_of_libunistring(void **state)
{
	static const uint32_t from[] = {'a', ' ', 0x4DFF, 0x4E00, 0x6807,
	    0x9FFF, 0xA000, 0x0301, 0x3099, 0x200D, 0xFE0F, 0xE0100, 0x1F600,
	    0x1F1E8, 0xAC00, 0x1100, 0x0E33, 0xFF0C, 0x3000, 0x3001, 0x3029,
	    0x302A, 0x3030, 0xFF01, 0xFF60, 0xFF61, 0xFF9E, 0x20E3, '#'};
	struct buf text;

	(void)state;
	buf_init(&text, 1024);
	srand(1);
	for (int round = 0; round < 5000; round++) {
		const uint8_t *at, *end;
		unsigned columns = 0;

		buf_clear(&text);
		for (int i = rand() % 12; i >= 0; i--)
			utf8_add(&text,
			    from[(size_t)rand() %
				(sizeof(from) / sizeof(*from))]);
		at = (const uint8_t *)text.data;
		end = at + text.len;
		while (at < end) {
			const uint8_t *next = u8_grapheme_next(at, end);
			columns += text_width((struct str){
			    (const char *)at, (size_t)(next - at)});
			at = next;
		}
		assert_int_equal(text_width(buf_view(&text)), columns);
	}
	buf_release(&text);
	assert_int_equal(text_width(STR("标准a化")), 7);
}

/* Alone, before and behind what joins with nothing. */
static void
each_width_is_that_of_libunistring(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, 64);
	for (uint32_t c = 0xA0; c < 0x20000; c++) {
		int wide = uc_width(c, "UTF-8");
		unsigned columns = wide < 1 ? 1 : (unsigned)wide;

		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		buf_clear(&text);
		utf8_add(&text, c);
		assert_int_equal(text_width(buf_view(&text)), columns);
		utf8_add(&text, 0x6807);
		if (uc_is_grapheme_break(c, 0x6807))
			assert_int_equal(
			    text_width(buf_view(&text)), columns + 2);
		buf_clear(&text);
		buf_char(&text, 'a');
		utf8_add(&text, c);
		if (uc_is_grapheme_break('a', c))
			assert_int_equal(
			    text_width(buf_view(&text)), columns + 1);
	}
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(widths_are_those_of_libunistring),
	    cmocka_unit_test(each_width_is_that_of_libunistring),
	    TEXT_TEST(each_character_has_its_columns),
	    TEXT_TEST(latin_text_wraps_at_blanks),
	    TEXT_TEST(over_long_words_are_cut_at_clusters),
	    TEXT_TEST(chinese_text_wraps_between_characters),
	    TEXT_TEST(no_line_breaks_the_rules), TEXT_TEST(nothing_is_lost),
	    TEXT_TEST(hard_wraps_keep_each_blank),
	    TEXT_TEST(a_line_that_does_not_fit_ends_in_a_mark),
	    TEXT_TEST(a_megabyte_wraps_in_linear_time),
	    TEXT_TEST(memory_out_leaves_results_untouched)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
