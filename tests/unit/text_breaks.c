/* SPDX-License-Identifier: ISC */
/*
 * Clusters, and where a line may be broken: the same with each version of
 * libunistring.
 */
#include "text_fixture.h"

#include "text/internal.h"
#include "text/wrap.h"

/* The text with a | where a line may be broken, or between clusters. What is
 * expected holds them; without them it is the text. */
static void
assert_marked(struct text_fixture *f, const char *expected, bool clusters)
{
	char text[512], breaks[512];
	size_t n = 0, next = 0;

	for (const char *at = expected; *at != '\0'; at++)
		if (*at != '|')
			text[n++] = *at;
	assert_true(n < sizeof(text));
	breaks_find((struct str){text, n}, breaks);
	buf_clear(&f->out);
	for (size_t i = 0; i < n; i++) {
		unsigned columns;
		bool begins = i == next;
		if (begins)
			next = cluster_end((struct str){text, n}, i, &columns);
		else
			assert_int_equal(breaks[i], 0);
		if (i > 0 && (clusters ? begins : breaks[i] != 0))
			buf_char(&f->out, '|');
		buf_char(&f->out, text[i]);
	}
	assert_text(buf_view(&f->out), expected);
}

static void
lines_break_where_the_rules_allow(void **state)
{
	static const char *const lines[] = {"", "a", "one |two  |three",
	    /* Chinese, and no mark where none may stand. */
	    "一|二|三，|四。|五", "一|《二|三》|四", "一|（二）|三",
	    "一|（《二|三》）|（四）", "一……|二", "一|——|二",
	    "一、|二：|三；|四？|五！|六", "见|GB/|T |19001|一", "第|5|条",
	    "价|￥100|元", "50%|的", "25℃|时", "人々|的", "【重|要】|通|知",
	    "〔2026〕|1|号", "一 。|二", "一　|二", "１|２％",
	    /* Which side a quotation mark is on is told by what is wide. */
	    "不|以|“查|无”|一|句", "按|“用|在|哪|里”|一", "写|“GB/|T |1”|的",
	    "。|“好”，|说", "（“一”）", "他|说：|“好。”", "“一”|“二”",
	    "“one |two” |three", "(“a”)", "a“b”c", "„so“ |sagt", "don’t",
	    "»so« |sagt", "« mot » |la", "一\"二\"三", "a |\"b\" |c",
	    /* Hyphens, slashes, dots. */
	    "well-|known", "2026-11-30", "one |-x", "-x", "a/|b", "1/2",
	    "一/|b", "see |/etc/|x", "http://|例|子.|测|试", "a?|b", "3.14",
	    "a.b", ".5 |m", "a,b", "1,000", "a–|b", "x…|y", "f(x)y",
	    "a |(b) |c", "mot ! |x",
	    /* Numbers with what belongs to them. */
	    "$5", "+5", "±5 |mm", "5%", "(5)%", "№5", "€x", "-5℃~10℃", "C++a",
	    /* No-break space and hyphen, joiners. */
	    "a\u00A0b", "a\u2011b", "一\u2060二", "一\u00A0二",
	    /* Kana, Hangul, emoji, others. */
	    "カー|テ|ン", "きっ|て", "ﾊﾟ|ﾋﾟ", "한|국|어", "①②|标|①",
	    "\U0001F469\u200D\U0001F467|好", "🇨🇳|🇯🇵", "ก็ดีครับ", "सलाम |जी"};
	struct text_fixture *f = *state;

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		assert_marked(f, lines[i], false);
}

static void
clusters_are_kept_together(void **state)
{
	static const char *const texts[] = {"", "a|b|标|准", "e\u0301|x",
	    "标\u0301|a\uFE0F|b",
	    /* Hangul: consonants, vowels, syllables. */
	    "\u1112\u1161\u11AB|\u1112", "\uAC00\u11A8|\uAC01\u11A8|\uAC01",
	    "\u1100\u1100\u1161", "\u1161|\u1100",
	    /* Families, skin, flags in pairs. */
	    "\U0001F469\u200D\U0001F467\u200D\U0001F466|a",
	    "\U0001F44D\U0001F3FD|\U0001F44D", "\u2764\uFE0F\u200D\U0001F525|a",
	    "a\u200D|\U0001F467",
	    "\U0001F1E8\U0001F1F3|\U0001F1EF\U0001F1F5|\U0001F1E8",
	    /* Vowel signs go along; a conjunct is two, everywhere. */
	    "न|म|स्|ते", "क्|ष", "\u0600\u0661|a", "\u0E01\u0E33|\u0E01"};
	struct text_fixture *f = *state;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_marked(f, texts[i], true);
}

/* Marks without end make no cluster without end, and no slow one. */
static void
marks_without_end_make_short_clusters(void **state)
{
	struct text_fixture *f = *state;
	unsigned columns;

	for (int i = 0; i < 100000; i++)
		buf_text(&f->out, i % 2 == 0 ? "\u0301" : "\u200D");
	for (size_t at = 0, end; at < f->out.len; at = end) {
		end = cluster_end(buf_view(&f->out), at, &columns);
		assert_true(end > at && end - at <= CLUSTER_MAX_BYTES);
		assert_int_equal(columns, 1);
	}
}

/* ---- the same everywhere -------------------------------------------- */

/* Blocks, or parts of them, that Unicode 14 filled. */
static const uint32_t blocks[][2] = {{0x20, 0x7E}, {0xA0, 0x24F},
    {0x300, 0x36F}, {0x391, 0x3A1}, {0x3B1, 0x52F}, {0x5D0, 0x5EA},
    {0x600, 0x605}, {0x60C, 0x6FF}, {0x904, 0x94D}, {0xE01, 0xE3A},
    {0x1100, 0x11FF}, {0x2000, 0x200A}, {0x2010, 0x2027}, {0x202F, 0x205E},
    {0x20A0, 0x20BF}, {0x2100, 0x218B}, {0x2190, 0x23FF}, {0x2460, 0x2775},
    {0x3000, 0x303F}, {0x3041, 0x3096}, {0x3099, 0x30FF}, {0x31F0, 0x31FF},
    {0x4E00, 0x9FFC}, {0xAC00, 0xD7A3}, {0xFE00, 0xFE0F}, {0xFE30, 0xFE4F},
    {0xFF01, 0xFF9F}, {0x1F1E6, 0x1F1FF}, {0x1F300, 0x1F5FF},
    {0x1F600, 0x1F64F}, {0x20000, 0x2A6DD}, {0x200D, 0x200D}};

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* FNV-1a, 32 bits. */
static uint32_t
hash_bytes(uint32_t hash, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * 16777619U;
	return hash;
}

static void
make_line(struct buf *out, uint32_t *seed)
{
	enum { BLOCKS = sizeof(blocks) / sizeof(*blocks) };
	unsigned n = 1 + next_random(seed) % 60;

	buf_clear(out);
	while (n-- > 0) {
		/* Half of them where the rules are. */
		bool common = next_random(seed) % 2 == 0;
		const uint32_t *block = common
		    ? blocks[next_random(seed) % 2 == 0 ? 0 : 12]
		    : blocks[next_random(seed) % BLOCKS];
		utf8_add(out,
		    block[0] + next_random(seed) % (block[1] - block[0] + 1));
	}
}

/*
 * What a library's version would change changes this number. Where a rule of
 * ours is changed on purpose, the test says the new one: look at the golden
 * pages, and take it over.
 */
static void
breaks_are_the_same_everywhere(void **state)
{
	enum { LINES = 20000 };
	const uint32_t expected = 0x61A205C2;
	struct text_fixture *f = *state;
	uint32_t seed = 20261130, hash = 2166136261U;
	char breaks[512];

	for (int i = 0; i < LINES; i++) {
		struct str piece;
		struct wrap w;
		struct str line;
		char width;

		make_line(&f->out, &seed);
		line = buf_view(&f->out);
		assert_true(line.len <= sizeof(breaks));
		breaks_find(line, breaks);
		width = (char)text_width(line);
		hash = hash_bytes(hash, breaks, line.len);
		hash = hash_bytes(hash, &width, 1);
		arena_clear(f->arena);
		assert_int_equal(
		    wrap_begin(&w, f->arena, line, 2 + (unsigned)i % 30), OK);
		while (wrap_next(&w, &piece))
			hash = hash_bytes(hash, piece.data, piece.len);
		hash = hash_bytes(hash, "\n", 1);
	}
	if (hash != expected)
		fail_msg("0x%08X, not 0x%08X", hash, expected);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEXT_TEST(lines_break_where_the_rules_allow),
	    TEXT_TEST(clusters_are_kept_together),
	    TEXT_TEST(marks_without_end_make_short_clusters),
	    TEXT_TEST(breaks_are_the_same_everywhere)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
