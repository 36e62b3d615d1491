/* SPDX-License-Identifier: ISC */
/*
 * Numbers of standards as hands, scanners and copy-and-paste spoil them: a
 * digit becomes a letter that looks like it, a dash another sign, a year has
 * a digit too many. A test takes the number of a real edition, spoils it, and
 * asks: no answer may be about an edition that was not meant. The same seed
 * gives the same texts on every machine.
 *
 *	struct spoiler spoiler = {.seed = 7};
 *	char text[SPOIL_MAX];
 *
 *	for (int kind = 0; kind < SPOIL_KINDS; kind++)
 *		if (spoil(&spoiler, kind, "GB/T 19001-2016", other, text))
 *			ask(text);
 *
 * A few spoilt texts are the true number of another edition (two digits of a
 * year change places: 2012, 2021). Who asks leaves those out.
 */
#ifndef GUIJU_TESTS_NUMBER_SPOIL_H
#define GUIJU_TESTS_NUMBER_SPOIL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SPOIL_MAX = 320 };

enum spoil_kind {
	SPOIL_LOOKALIKE,      /* 2O08, 19OO1 */
	SPOIL_LOOKALIKE_ALL,  /* ZOOB */
	SPOIL_OTHER_SCRIPT,   /* a Cyrillic or Greek letter for a Latin one */
	SPOIL_WIDE,           /* full-width forms */
	SPOIL_YEAR_MORE,      /* 20088 */
	SPOIL_YEAR_LESS,      /* 208 */
	SPOIL_YEAR_SHORT,     /* 08 */
	SPOIL_SWAP,           /* 2080 */
	SPOIL_SERIAL_MORE,    /* 190011 */
	SPOIL_SERIAL_LESS,    /* 1901 */
	SPOIL_REGION,         /* GB/T(粤)19001-2008 */
	SPOIL_DASH,           /* 19001一2008 */
	SPOIL_DASH_BLANKS,    /* 19001 ~ 2008 */
	SPOIL_POINT,          /* 2900,1 */
	SPOIL_BRACKETS,       /* 19001(2008) */
	SPOIL_CHINESE,        /* 二〇〇八 */
	SPOIL_PLACEHOLDER,    /* 19001-XXXX */
	SPOIL_GLUED_BEHIND,   /* 19001-2008-1 */
	SPOIL_GLUED_BEFORE,   /* AGB/T 19001-2008 */
	SPOIL_LETTERS_BEHIND, /* 2008A */
	SPOIL_TWO,            /* GB/T 19001-2008GB/T 24001-2016 */
	SPOIL_RANGE,          /* 19001～24001-2016 */
	SPOIL_NOTHING_SHOWN,  /* zero width signs */
	SPOIL_CASE,           /* gb/t */
	SPOIL_BLANK,          /* 19 001-2008 */
	SPOIL_TITLE,          /* 2008质量5要素 */
	SPOIL_SIGN,           /* any sign at any place */
	SPOIL_SIGN_FOR,       /* in the place of a digit, a point, a dash */
	SPOIL_TWICE,          /* two of these */
	SPOIL_KINDS
};

struct spoiler {
	uint64_t seed;
};

static inline unsigned
spoil_draw(struct spoiler *s, size_t n)
{
	s->seed = s->seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((s->seed >> 33) % n);
}

/* Where the parts of a number stand: its year (n bytes; size: none), and the
 * digits that begin its serial number. */
struct spoil_place {
	size_t size, year, n, serial;
};

static inline struct spoil_place
spoil_places(const char *number)
{
	static const char digits[] = "0123456789";
	struct spoil_place at = {strlen(number), strlen(number), 0, 0};
	size_t i = at.size;

	while (i > 0 && strchr(digits, number[i - 1]) != NULL)
		i--;
	if (i > 0 && (number[i - 1] == '-' || number[i - 1] == ':') &&
	    (at.size - i == 4 || at.size - i == 2)) {
		at.year = i;
		at.n = at.size - i;
	}
	/* From the end of the prefix: the last blank, or the first digit. */
	for (i = 0; i < at.year && number[i] != ' '; i++)
		;
	at.serial = i < at.year ? i + 1 : strcspn(number, digits);
	while (number[at.serial] != '\0' &&
	    strchr(digits, number[at.serial]) == NULL)
		at.serial++;
	return at;
}

/* number with what stands from..to replaced. */
static inline bool
spoil_put(
    char *out, const char *number, size_t from, size_t to, const char *with)
{
	int n = snprintf(
	    out, SPOIL_MAX, "%.*s%s%s", (int)from, number, with, number + to);

	return n > 0 && n < SPOIL_MAX;
}

#define SPOIL_PICK(s, list) \
	((list)[spoil_draw((s), sizeof(list) / sizeof(*(list)))])

static inline bool
spoil_lookalike(
    struct spoiler *s, struct spoil_place at, const char *number, char *out)
{
	static const char *const like[10][4] = {{"O", "o", "〇", "Ｏ"},
	    {"l", "I", "i", "|"}, {"Z", "z", "Ｚ", "Z"}, {"З", "з", "E", "З"},
	    {"A", "Ч", "A", "A"}, {"S", "s", "Ｓ", "S"}, {"b", "G", "б", "b"},
	    {"T", "Т", "？", "T"}, {"B", "В", "Β", "B"}, {"g", "q", "g", "９"}};
	size_t i = at.serial + spoil_draw(s, at.size - at.serial);

	if (number[i] < '0' || number[i] > '9')
		return false;
	return spoil_put(
	    out, number, i, i + 1, SPOIL_PICK(s, like[number[i] - '0']));
}

static inline bool
spoil_lookalike_all(struct spoil_place at, const char *number, char *out)
{
	char year[8] = "";

	if (at.n == 0)
		return false;
	for (size_t i = 0; i < at.n; i++)
		year[i] = "OlZEASGTBg"[number[at.year + i] - '0'];
	return spoil_put(out, number, at.year, at.size, year);
}

static inline bool
spoil_other_script(struct spoiler *s, const char *number, char *out)
{
	static const char *const pairs[][2] = {{"A", "А"}, {"B", "В"},
	    {"C", "С"}, {"E", "Ε"}, {"I", "Ι"}, {"J", "Ј"}, {"M", "Μ"},
	    {"O", "О"}, {"S", "Ѕ"}, {"T", "Т"}, {"T", "Τ"}};
	const char *const *pair = SPOIL_PICK(s, pairs);
	const char *at = strstr(number, pair[0]);

	return at != NULL &&
	    spoil_put(out, number, (size_t)(at - number),
		(size_t)(at - number) + 1, pair[1]);
}

static inline bool
spoil_wide(struct spoiler *s, const char *number, char *out)
{
	size_t n = 0;

	for (; *number != '\0' && n + 4 < SPOIL_MAX; number++) {
		unsigned char c = (unsigned char)*number;

		if (spoil_draw(s, 2) == 0 || c <= ' ' || c > 0x7E) {
			out[n++] = *number;
			continue;
		}
		c = (unsigned char)(c - 0x20);
		out[n++] = (char)0xEF;
		out[n++] = (char)(0xBC + (c >> 6));
		out[n++] = (char)(0x80 | (c & 0x3F));
	}
	out[n] = '\0';
	return true;
}

static inline bool
spoil_digit_more(
    struct spoiler *s, size_t from, size_t to, const char *number, char *out)
{
	char digit[2] = {(char)('0' + spoil_draw(s, 10)), '\0'};
	size_t i = from + spoil_draw(s, to - from + 1);

	return ((unsigned char)number[i] & 0xC0) != 0x80 &&
	    spoil_put(out, number, i, i, digit);
}

static inline bool
spoil_swap(
    struct spoiler *s, struct spoil_place at, const char *number, char *out)
{
	size_t i = at.serial + spoil_draw(s, at.size - at.serial);
	char pair[3] = {number[i + 1], number[i], '\0'};

	return i + 1 < at.size && number[i] != number[i + 1] &&
	    strchr("0123456789", number[i]) != NULL &&
	    strchr("0123456789", number[i + 1]) != NULL &&
	    spoil_put(out, number, i, i + 2, pair);
}

static inline bool
spoil_dash(struct spoiler *s, struct spoil_place at, const char *number,
    bool blanks, char *out)
{
	static const char *const signs[] = {"一", "二", "ー", "丨", "~", "～",
	    "∼", "〜", ".", "/", "_", "·", ",", "，", "、", ";", "；", " ",
	    "  ", "　", "\t", "|", "=", "＝", "+", "→", "*", "#", "@", "\\",
	    "—", "──", "――", "-", "－", "−", "–", "‐", "：", ":", "--", "…",
	    "'", "\"", "“", "年", "版", "号", "至", "到", "之", "!", "?", "&",
	    "^", "$", "%", "•", "。", "¬", "<", ">", "(", ")", "[", "《", "》",
	    "×", "ｰ", "\xC2\xA0", "\xC2\xAD", "第", "-第", "（", "）", "]-"};
	char sign[16];

	if (at.n == 0)
		return false;
	snprintf(
	    sign, sizeof(sign), blanks ? " %s " : "%s", SPOIL_PICK(s, signs));
	return spoil_put(out, number, at.year - 1, at.year, sign);
}

static inline bool
spoil_point(struct spoiler *s, const char *number, char *out)
{
	static const char *const signs[] = {
	    ",", "，", "、", "·", "。", " ", ";", ":", "_", ". ", " ."};
	const char *at = strrchr(number, '.');

	return at != NULL &&
	    spoil_put(out, number, (size_t)(at - number),
		(size_t)(at - number) + 1, SPOIL_PICK(s, signs));
}

static inline bool
spoil_brackets(
    struct spoiler *s, struct spoil_place at, const char *number, char *out)
{
	static const char *const forms[][2] = {{"(", ")"}, {"（", "）"},
	    {"[", "]"}, {"〔", "〕"}, {"【", "】"}, {" (", ")"}, {"（", "年）"},
	    {"（", "版）"}, {"(", ""}, {"-(", ")"}, {"{", "}"}, {"<", ">"},
	    {"《", "》"}, {"“", "”"}, {" ", "年版"}, {"-", "年"},
	    {"（", "年版）"}, {"/", ""}, {" ", "版"}, {"", "年版"}};
	const char *const *form = SPOIL_PICK(s, forms);
	char year[48];

	if (at.n == 0)
		return false;
	snprintf(
	    year, sizeof(year), "%s%s%s", form[0], number + at.year, form[1]);
	return spoil_put(out, number, at.year - 1, at.size, year);
}

static inline bool
spoil_chinese(
    struct spoiler *s, struct spoil_place at, const char *number, char *out)
{
	static const char *const digits[] = {
	    "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
	static const char *const zeros[] = {"〇", "零", "○", "O"};
	static const char *const dashes[] = {"", "-", "—", " ", "－"};
	const char *zero = SPOIL_PICK(s, zeros);
	char year[64];
	size_t n = 0;

	if (at.n == 0)
		return false;
	n += (size_t)snprintf(year, sizeof(year), "%s", SPOIL_PICK(s, dashes));
	for (size_t i = at.year; i < at.size; i++)
		n += (size_t)snprintf(year + n, sizeof(year) - n, "%s",
		    number[i] == '0' ? zero : digits[number[i] - '0']);
	if (spoil_draw(s, 4) == 0)
		snprintf(year + n, sizeof(year) - n, "年");
	return spoil_put(out, number, at.year - 1, at.size, year);
}

static inline bool
spoil_placeholder(
    struct spoiler *s, struct spoil_place at, const char *number, char *out)
{
	static const char *const years[] = {"XXXX", "××××", "20XX", "20××",
	    "****", "????", "____", "20__", "□□□□", "20", "2", "", "-", "T",
	    "报批稿", "II", "Ⅱ", "20XX年"};

	return at.n > 0 &&
	    spoil_put(out, number, at.year, at.size, SPOIL_PICK(s, years));
}

static inline bool
spoil_glued_behind(struct spoiler *s, const char *number, char *out)
{
	static const char *const parts[] = {"-1", ".1", "/1", ":1", "-2016",
	    "(2016)", "（2016）", "（1）", "[2]1", "~2018", "～2018", "+1",
	    "=1", "—2", "1", "第2部分", "-第2部分", "部分2", "一2016", "二1",
	    "/Z1", "-XG", "-A1", "/T1", "(2)", "_1", "2016版", "版2016",
	    "年2016", "号1", " -1", " .1", " /1", " ~ 3", "x2", "²", "½", "-e1",
	    "a1", "(粤)1", "@2016", "#1", "*2", "^2", "∶1", "′1", "°1", "☆1",
	    "◆2016", "之2", "续1", "补1"};

	return spoil_put(
	    out, number, strlen(number), strlen(number), SPOIL_PICK(s, parts));
}

static inline bool
spoil_glued_before(struct spoiler *s, const char *number, char *out)
{
	static const char *const parts[] = {"A", "1", "X", "H", "国", "中国",
	    "新", "旧", "2", "12", "T/", "Q/", "DB", "SN", "B", "非", "E", "I",
	    "粤", "见", "按", "3.", "（5）", "④", "标准号", "№", "NO.", "-",
	    "/", "*", "GB", "GB/T ", "ISO ", "9", "《", "“", "ГОСТ ", "Z", "YY",
	    "DB46", "DB46/"};

	return spoil_put(out, number, 0, 0, SPOIL_PICK(s, parts));
}

static inline bool
spoil_letters_behind(struct spoiler *s, const char *number, char *out)
{
	static const char *const parts[] = {"A", "a", "AB", "E", "e", "S", "O",
	    "l", "I", "B", "EN", "CN", "R", "T", "XG", "IDT", "cn", "-E", "-A",
	    "-OO", "/A", "Ж", "α", "あ", "ー", "_en", "版", "版A"};

	return spoil_put(
	    out, number, strlen(number), strlen(number), SPOIL_PICK(s, parts));
}

static inline bool
spoil_two(struct spoiler *s, const char *number, const char *other, char *out)
{
	static const char *const between[] = {"", "/", "、", " ", "和", ";",
	    "(", "+", "&", "与", "\n", ".", "-", "至", "～"};
	int n = snprintf(
	    out, SPOIL_MAX, "%s%s%s", number, SPOIL_PICK(s, between), other);

	return n > 0 && n < SPOIL_MAX;
}

static inline bool
spoil_range(struct spoiler *s, struct spoil_place at, const char *number,
    const char *other, char *out)
{
	static const char *const between[] = {"～", "~", "至", "到", "、", ",",
	    " ~ ", "〜", "..", "…", "及", "和", "，", "－－", "=>", "&"};
	struct spoil_place behind = spoil_places(other);
	int n;

	if (at.n == 0)
		return false;
	n = snprintf(out, SPOIL_MAX, "%.*s%s%s", (int)at.year - 1, number,
	    SPOIL_PICK(s, between), other + behind.serial);

	return n > 0 && n < SPOIL_MAX;
}

/* Some sign of a list at any place that is no character's middle. */
static inline bool
spoil_insert(struct spoiler *s, const char *number, const char *what,
    size_t from, char *out)
{
	size_t i = from + spoil_draw(s, strlen(number) - from + 1);

	while (i > 0 && ((unsigned char)number[i] & 0xC0) == 0x80)
		i--;
	return spoil_put(out, number, i, i, what);
}

static inline bool
spoil_case(struct spoiler *s, const char *number, char *out)
{
	size_t n = 0;

	for (; number[n] != '\0' && n + 1 < SPOIL_MAX; n++) {
		out[n] = number[n];
		if (out[n] >= 'A' && out[n] <= 'Z' && spoil_draw(s, 2) == 0)
			out[n] = (char)(out[n] - 'A' + 'a');
	}
	out[n] = '\0';
	return true;
}

static inline bool
spoil_title(
    struct spoiler *s, struct spoil_place at, const char *number, char *out)
{
	static const char *const titles[] = {"质量5要素", "通则第1部分",
	    "—第2项要求", "第1部分：通则", "（第2版）", "（2018年修订）",
	    "标准2016", "规程 2016", "要求：1999", "版2"};
	size_t end = spoil_draw(s, 2) == 0 || at.n == 0 ? at.size : at.year - 1;

	return spoil_put(out, number, end, at.size, SPOIL_PICK(s, titles));
}

/* One of many signs before the character at some place, or for it. */
static inline bool
spoil_sign(struct spoiler *s, const char *number, bool replaces, char *out)
{
	static const char *const signs[] = {" ", "-", "/", ".", ",", ":", ";",
	    "(", ")", "[", "]", "{", "}", "<", ">", "|", "*", "#", "@", "!",
	    "?", "~", "`", "'", "\"", "&", "%", "$", "^", "=", "+", "_", "\\",
	    "，", "。", "、", "；", "：", "（", "）", "《", "》", "“", "”", "—",
	    "－", "～", "·", "　", "…", "￥", "※", "→", "①", "Ⅱ", "²", "½", "°",
	    "′", "×", "÷", "A", "B", "O", "S", "T", "l", "x", "z", "IV", "GB",
	    "EN", "一", "二", "〇", "第", "号", "年", "版", "部", "粤", "标准",
	    "あ", "ー", "Ж", "О", "α", "é", "한", "\xE2\x80\x8B", "\xC2\xA0",
	    "\t", "\xF0\x9F\x98\x80", "\xEE\x80\x80"};
	size_t from = replaces ? spoil_places(number).serial : 0;
	size_t i = from + spoil_draw(s, strlen(number) - from + !replaces);

	while (i > 0 && ((unsigned char)number[i] & 0xC0) == 0x80)
		i--;
	/* Without its last character a number may be another one. */
	if (replaces &&
	    ((unsigned char)number[i] >= 0x80 || number[i + 1] == '\0'))
		return false;
	return spoil_put(out, number, i, i + replaces, SPOIL_PICK(s, signs));
}

static inline bool spoil(struct spoiler *s, enum spoil_kind kind,
    const char *number, const char *other, char *out);

static inline bool
spoil_twice(struct spoiler *s, const char *number, const char *other, char *out)
{
	char once[SPOIL_MAX];

	return spoil(s, (enum spoil_kind)spoil_draw(s, SPOIL_TITLE), number,
		   other, once) &&
	    spoil(
		s, (enum spoil_kind)spoil_draw(s, SPOIL_TWO), once, other, out);
}

/*
 * Spoil a number of the form "GB/T 19001-2008" in this way; other is another
 * number, for the ways that need one. false: it cannot be spoilt so. out has
 * SPOIL_MAX bytes.
 */
static inline bool
spoil(struct spoiler *s, enum spoil_kind kind, const char *number,
    const char *other, char *out)
{
	static const char *const nothing[] = {"\xE2\x80\x8B", "\xE2\x80\x8D",
	    "\xEF\xBB\xBF", "\xE2\x80\x8E", "\xE2\x80\xAE", "\xC2\xAD"};
	static const char *const regions[] = {"(粤)", "（浙）", "(交通)",
	    " (京)", "(X)", "（J）", "(1)", "粤", "[沪]", "(GB)"};
	struct spoil_place at = spoil_places(number);
	size_t end = at.n > 0 ? at.year - 1 : at.size, i;

	if (at.serial >= end)
		return false;
	switch (kind) {
	case SPOIL_LOOKALIKE:
		return spoil_lookalike(s, at, number, out);
	case SPOIL_LOOKALIKE_ALL:
		return spoil_lookalike_all(at, number, out);
	case SPOIL_OTHER_SCRIPT:
		return spoil_other_script(s, number, out);
	case SPOIL_WIDE:
		return spoil_wide(s, number, out);
	case SPOIL_YEAR_MORE:
		return at.n > 0 &&
		    spoil_digit_more(s, at.year, at.size, number, out);
	case SPOIL_YEAR_LESS:
		i = at.year + spoil_draw(s, 4);
		return at.n == 4 && spoil_put(out, number, i, i + 1, "");
	case SPOIL_YEAR_SHORT:
		return at.n == 4 &&
		    spoil_put(out, number, at.year, at.year + 2, "");
	case SPOIL_SWAP:
		return spoil_swap(s, at, number, out);
	case SPOIL_SERIAL_MORE:
		return spoil_digit_more(s, at.serial, end, number, out);
	case SPOIL_SERIAL_LESS:
		i = at.serial + spoil_draw(s, end - at.serial);
		return end - at.serial > 1 && number[i] >= '0' &&
		    number[i] <= '9' && spoil_put(out, number, i, i + 1, "");
	case SPOIL_REGION:
		i = at.serial;
		if (i > 0 && number[i - 1] == ' ' && spoil_draw(s, 2) == 0)
			i--;
		return spoil_put(
		    out, number, i, at.serial, SPOIL_PICK(s, regions));
	case SPOIL_DASH:
	case SPOIL_DASH_BLANKS:
		return spoil_dash(
		    s, at, number, kind == SPOIL_DASH_BLANKS, out);
	case SPOIL_POINT:
		return spoil_point(s, number, out);
	case SPOIL_BRACKETS:
		return spoil_brackets(s, at, number, out);
	case SPOIL_CHINESE:
		return spoil_chinese(s, at, number, out);
	case SPOIL_PLACEHOLDER:
		return spoil_placeholder(s, at, number, out);
	case SPOIL_GLUED_BEHIND:
		return spoil_glued_behind(s, number, out);
	case SPOIL_GLUED_BEFORE:
		return spoil_glued_before(s, number, out);
	case SPOIL_LETTERS_BEHIND:
		return spoil_letters_behind(s, number, out);
	case SPOIL_TWO:
		return spoil_two(s, number, other, out);
	case SPOIL_RANGE:
		return spoil_range(s, at, number, other, out);
	case SPOIL_NOTHING_SHOWN:
		return spoil_insert(s, number, SPOIL_PICK(s, nothing), 0, out);
	case SPOIL_CASE:
		return spoil_case(s, number, out);
	case SPOIL_BLANK:
		return spoil_insert(
		    s, number, spoil_draw(s, 3) == 0 ? "　" : " ", 0, out);
	case SPOIL_TITLE:
		return spoil_title(s, at, number, out);
	case SPOIL_SIGN:
	case SPOIL_SIGN_FOR:
		return spoil_sign(s, number, kind == SPOIL_SIGN_FOR, out);
	case SPOIL_TWICE:
		return spoil_twice(s, number, other, out);
	case SPOIL_KINDS:
		break;
	}
	return false;
}

#endif
