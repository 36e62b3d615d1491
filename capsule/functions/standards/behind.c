/* SPDX-License-Identifier: ISC */
/*
 * Examines the text behind a number that was read. It is a title, another
 * number, or a part of this number that is not understood. 19001-200S and
 * 19001(2008-1) are not 19001, and 20592~20635 is not 20592: to answer with the
 * newest edition of 19001 would be wrong, and would look right. So a text with
 * a digit belongs to the number if it stands right behind the digits, or behind
 * a dash, a bracket, a slash or an unknown sign. A title begins with a word. A
 * Chinese word may stand right behind the number or behind any sign; another
 * word must stand behind a blank.
 *
 * The year of the number decides most. If the number has a year, a word or a
 * remark behind it changes nothing. If it has none, everything that may be a
 * year in an odd place is taken for the year.
 */
#include "base/utf8.h"
#include "fold.h"
#include "kind.h"
#include "number.h"

enum { LOOK_MAX = 480 }; /* bytes behind a number */

struct look {
	struct str all;
	const struct std_number *number;
	bool prose;
	bool dated; /* the number says which edition it is of */
};

/* Words of a remark: two letters that are none of "第2版", "2018年修订". */
static bool
is_remark(struct str text)
{
	static const uint32_t few[] = {0x7B2C, 0x7248, 0x53F7, 0x90E8, 0x5206,
	    0x6B21, 0x4FEE, 0x8BA2, 0x6539, 0x5355, 0x5377, 0x518C, 0x8865,
	    0x7EED, 0x4E4B};
	size_t n = 0;

	for (; text.len > 0; text = std_rest_of(text)) {
		uint32_t c = std_first(text);
		bool counts = std_kind(text, false) == KIND_HAN;

		for (size_t i = 0; i < sizeof(few) / sizeof(*few); i++)
			counts = counts && c != few[i];
		n += counts;
	}
	return n >= 2;
}

/* Two letters that begin a title, and no "第2部分", "版2". */
static bool
begins_title(struct str text)
{
	size_t n;
	struct str behind = std_skip_kind(text, KIND_HAN, &n, false);

	return n >= 2 && is_remark(str_slice(text, 0, text.len - behind.len));
}

/* The token from here on is not understood; with nothing but signs, all. */
static struct std_unread
unread(const struct look *look, struct str at, bool title)
{
	struct str token = std_token(at, look->prose);
	size_t end = look->all.len - at.len + token.len;
	struct str from = std_skip_blanks(look->all, look->prose);
	struct std_unread result = {from, title};

	result.text.len = end - (look->all.len - from.len);
	if (result.text.len == 0)
		result.text.len = from.len;
	return result;
}

static const struct std_unread understood = {{NULL, 0}, false};

/* "No. 0", "Ed. 6", "Part 2" behind a number without a year: where the digits
 * begin; empty: no such. */
static struct str
find_word_and_digit(const struct look *look, struct str at)
{
	static const struct str none = {NULL, 0};
	static const char *const words[] = {"NO", "NR", "NUM", "NUMBER", "ED",
	    "EDITION", "ISSUE", "REV", "REVISION", "VER", "VERSION", "V",
	    "PART", "PT", "VOL", "VOLUME", "ADD", "SUPP", "R", "YEAR"};
	struct str behind = at;
	char word[12] = "";
	size_t n = 0, signs;

	while (std_kind(behind, false) == KIND_LETTER) {
		if (n + 1 < sizeof(word))
			word[n++] = std_fold_char(std_first(behind));
		behind = std_rest_of(behind);
	}
	if (n == 0)
		return none;
	behind = std_skip_kind(behind, KIND_SIGN, &signs, false);
	behind = std_skip_blanks(behind, false);
	if (std_kind(behind, false) != KIND_DIGIT)
		return none;
	if (look->number->level >= STD_INTERNATIONAL && n <= 8)
		return behind;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(word, words[i]) == 0)
			return behind;
	return none;
}

/* Digits behind a blank, of a number without a year: 19001 2008-1, 1 9001;
 * but "25种元素" is a title, and "2022年起" says when. */
static bool
is_title_of_digits(const struct look *look, struct str at)
{
	size_t n, years;
	struct str behind = std_skip_kind(at, KIND_DIGIT, &n, look->prose),
		   more;

	more = std_skip_kind(behind, KIND_YEAR, &years, look->prose);
	if (n == 4 && years == 1)
		return std_kind(more, look->prose) == KIND_HAN &&
		    std_first(more) != 0x7248;
	if (look->prose)
		return std_kind(behind, true) != KIND_SIGN &&
		    !std_is_like_year(at) && n < 4;
	if (std_kind(behind, false) == KIND_CLOSE &&
	    std_rest_of(behind).len == 0)
		return true; /* an ordinal that is left over */
	return n <= 3 && begins_title(behind);
}

/* A year in Chinese numerals, with its four digits or two. */
static bool
is_like_numerals(struct str at, bool prose)
{
	size_t digits, n = std_like_digits(at, &digits), two;
	enum std_kind behind =
	    std_kind(std_skip_kind(at, KIND_NUMERAL, &two, false), false);

	if (two == 2 && (prose || behind == KIND_END || behind == KIND_YEAR))
		return true;
	if (!std_has_kind(std_token(at, false), KIND_NUMERAL, false))
		return false;
	return n == 2 ? n == utf8_count(std_token(at, false))
		      : n > 2 && std_first(at) != 'O';
}

/* In prose, behind a comma or an "and". */
static bool
shares_year(const struct look *look, struct str at)
{
	size_t digits;

	std_like_digits(at, &digits);
	return std_starts_with_year(at) || std_is_bare_number(at) ||
	    (digits >= 4 && std_is_like_year(at)) ||
	    (strcmp(look->number->prefix, "ASTM") == 0 && std_is_like_year(at));
}

/* One character, and what may be a year behind a blank: "19001 to 2008". */
static bool
is_lonely_sign(struct str at)
{
	struct str behind = std_rest_of(at);
	struct str year = std_skip_blanks(behind, false);
	size_t digits;

	return std_kind(behind, false) == KIND_BLANK &&
	    (std_is_like_year(year) ||
		(std_like_digits(year, &digits) >= 4 && digits > 1));
}

/* The number of a draft: its title ends there, in brackets or not. */
static bool
is_draft(struct str token)
{
	static const struct str draft = {"稿", 3};
	size_t at = str_find(token, draft);

	return at != SIZE_MAX &&
	    (at + draft.len == token.len || at <= strlen("征求意见"));
}

/* The a of ASTM's -19a. */
static bool
is_letter_alone(struct str at)
{
	enum std_kind behind = std_kind(std_rest_of(at), false);

	return std_kind(at, false) == KIND_LETTER && behind != KIND_LETTER &&
	    behind != KIND_BLANK && behind != KIND_SIGN;
}

/* Behind a blank. */
static struct std_unread
look_apart(const struct look *look, struct str at)
{
	enum std_kind kind = std_kind(at, look->prose);
	struct str digits = {NULL, 0};

	if (look->dated)
		return look->number->short_year &&
			(is_letter_alone(at) || std_is_like_year(at))
		    ? unread(look, at, false)
		    : understood;
	if (is_draft(std_token(at, look->prose)))
		return unread(look, at, false);
	if (kind == KIND_LETTER)
		digits = find_word_and_digit(look, at);
	if (digits.len > 0)
		return unread(look, digits, false);
	if (kind == KIND_DIGIT && !is_title_of_digits(look, at))
		return unread(look, at, false);
	if (kind == KIND_LETTER &&
	    (std_is_like_year(at) || std_is_letter_and_year(at)))
		return unread(look, at, false);
	if (kind == KIND_NUMERAL && is_like_numerals(at, look->prose))
		return unread(look, at, false);
	if (kind >= KIND_LETTER && kind <= KIND_YEAR && is_lonely_sign(at))
		return unread(
		    look, std_skip_blanks(std_rest_of(at), false), false);
	if (kind == KIND_ALIEN && std_has_digit(std_token(at, look->prose)))
		return unread(look, at, false);
	if (!look->prose && std_first(at) == 0x7B2C &&
	    std_has_digit(std_token(at, false)))
		return unread(look, at, false);
	return understood;
}

/* In prose most words go on as a sentence: only what a year was written
 * with, or a part, belongs to the number. */
static bool
is_odd_word(const struct look *look, struct str at)
{
	struct str second = std_rest_of(at), third = std_rest_of(second);
	uint32_t c = std_first(at);

	if (c == 0x7B2C) { /* 第2部分 */
		size_t n;
		struct str behind =
		    std_skip_kind(second, KIND_DIGIT, &n, look->prose);

		if (n == 0)
			behind = std_skip_kind(
			    second, KIND_NUMERAL, &n, look->prose);
		return n > 0 &&
		    (std_first(behind) == 0x90E8 ||
			(!look->dated && shares_year(look, second)));
	}
	if (std_kind(at, true) == KIND_NUMERAL &&
	    std_kind(second, true) == KIND_SIGN)
		return true;
	if (!look->dated && std_is_bare_number(second))
		return true;
	if (std_kind(second, true) == KIND_DIGIT)
		return look->dated || std_is_like_year(second) ||
		    std_kind(at, true) == KIND_NUMERAL;
	return !look->dated && std_kind(second, true) == KIND_HAN &&
	    std_kind(third, true) == KIND_DIGIT &&
	    (std_is_like_year(third) || std_is_bare_number(third));
}

/* At once behind the number, or behind one sign: a word of China. */
static struct std_unread
look_at_word(const struct look *look, struct str at)
{
	struct str token = std_token(at, look->prose);

	if (is_like_numerals(at, look->prose) ||
	    (!look->dated && is_draft(token)))
		return unread(look, at, false);
	if (look->number->short_year &&
	    std_has_kind(token, KIND_LETTER, look->prose))
		return unread(look, at, false);
	if (look->prose)
		return is_odd_word(look, at) ? unread(look, at, false)
					     : understood;
	if (!look->dated && std_kind(at, false) == KIND_NUMERAL &&
	    std_kind(std_rest_of(at), false) == KIND_SIGN)
		return unread(look, at, false);
	if (!std_has_digit(token) ||
	    (begins_title(at) && std_is_numbers_only(token)))
		return understood;
	return unread(
	    look, at, begins_title(at) && std_find_year(token).len == 0);
}

/* From an opening bracket on: what it holds is *in, if it closes. */
static struct str
in_brackets(struct str at, bool prose)
{
	struct str in = std_rest_of(at), rest = in;
	enum std_kind kind;

	while ((kind = std_kind(rest, prose)) != KIND_END && kind != KIND_CLOSE)
		rest = std_rest_of(rest);
	return str_slice(in, 0, in.len - rest.len);
}

/* 190(U+6D59)01-2021: digits go on behind the brackets. */
static bool
is_split_by_brackets(const struct look *look, struct str behind)
{
	if (std_kind(behind, false) != KIND_DIGIT)
		return false;
	return !look->prose ||
	    (!look->dated &&
		(std_is_bare_number(behind) || std_is_like_year(behind)));
}

static struct std_unread
look_in_brackets(const struct look *look, struct str at)
{
	struct str in = in_brackets(at, look->prose), behind;
	size_t digits, n;

	behind = str_slice(at, (size_t)(in.data - at.data) + in.len, at.len);
	in = std_skip_blanks(in, false);
	n = std_like_digits(in, &digits);

	if (is_split_by_brackets(look, std_rest_of(behind)))
		return unread(look, at, false);
	if (look->number->short_year && in.len == 0)
		return unread(look, at, false); /* the (2021) of -16(2021) */
	if (!std_has_digit(in)) {
		if (!look->dated && is_draft(in))
			return unread(look, at, false);
		if (!look->dated && n >= 4 && n <= 5 && n == utf8_count(in))
			return unread(look, at, false); /* (ZOOB), (XXXX) */
		return understood;
	}
	if (std_is_numbers_only(in) && !look->number->short_year)
		return understood;
	if (look->prose) /* (from 2017 on), (level 2) */
		return (look->dated ? !std_has_kind(in, KIND_HAN, true)
				    : std_is_like_year(in))
		    ? unread(look, at, false)
		    : understood;
	return look->dated && !look->number->short_year && is_remark(in)
	    ? understood
	    : unread(look, at, false);
}

static bool
is_file_ending(struct str at)
{
	static const char *const endings[] = {
	    "pdf", "doc", "docx", "txt", "ofd", "caj", "wps"};

	at = str_trim(at);
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (str_equal_nocase(at, str_from(endings[i])))
			return true;
	return false;
}

/* Latin letters at once behind the number or a sign. */
static struct std_unread
look_at_letters(const struct look *look, struct str at, bool apart, bool glued)
{
	struct str token = std_token(at, look->prose);
	size_t n, digits, like = std_like_digits(at, &digits);

	std_skip_kind(at, KIND_LETTER, &n, look->prose);
	if (is_file_ending(at))
		return understood;
	if (apart && look->dated)
		return understood;
	if (apart && !std_is_like_year(at) && !(like == 4 && n == 4))
		return understood;
	if (std_has_kind(token, KIND_DIGIT, look->prose) || n <= 3 ||
	    (glued && look->dated) || (!look->dated && (n <= 5 || like >= 4)))
		return unread(look, at, false);
	return understood;
}

/* "GB/T 4797.1～GB/T 4797.3-2005": the year is that of both. */
static bool
is_range(const struct look *look, struct str sign, struct str next)
{
	struct std_number number;
	uint32_t c = std_first(sign);

	return !look->dated &&
	    (c == '~' || c == 0xFF5E || c == 0x223C || c == 0x301C ||
		c == 0x81F3 || c == 0x5230) &&
	    std_read_beginning(next, STD_PROSE, &number) && number.year != 0;
}

/* "19001-", "19001:____", and "9001:" of those that print it so: n signs, and
 * nothing behind them. */
static bool
is_year_missing(const struct look *look, struct str signs, size_t n, bool apart)
{
	char sign = std_fold_char(std_first(signs));
	char second = std_fold_char(std_first(std_rest_of(signs)));

	if (look->dated)
		return false;
	if (n > 2 && sign == '-' && second != '-')
		return true;
	if (apart)
		return false;
	if (sign == '-' || std_first(signs) == '_' || second == '-' ||
	    (sign == ':' && second == '?'))
		return true;
	return sign == ':' &&
	    (n > 1 || (!look->prose && look->number->year_mark == ':'));
}

/* Behind signs that are no bracket. */
static struct std_unread
look_behind_signs(
    const struct look *look, struct str signs, bool apart, bool prose)
{
	size_t n, blanks;
	struct str at = std_skip_kind(signs, KIND_SIGN, &n, prose);
	char sign = std_fold_char(std_first(signs));
	bool colon = sign == ':' || sign == '.';

	at = std_skip_kind(at, KIND_BLANK, &blanks, prose);
	switch (std_kind(at, prose)) {
	case KIND_END:
	case KIND_STOP: /* "19001-": the year is missing */
		if (!look->dated && std_is_like_year(std_rest_of(at)))
			return unread(look, std_rest_of(at), false);
		return is_year_missing(look, signs, n, apart)
		    ? unread(look, at, false)
		    : understood;
	case KIND_DIGIT:
		if (prose && colon &&
		    (look->dated || (blanks > 0 && !shares_year(look, at))))
			return understood;
		return prose && apart && look->dated ? understood
						     : unread(look, at, false);
	case KIND_OPEN:
		return colon ? look_in_brackets(look, at)
		    : std_has_digit(std_token(at, prose)) || !look->dated
		    ? unread(look, at, false)
		    : understood;
	case KIND_ALIEN:
		return apart ? look_apart(look, at) : unread(look, at, false);
	case KIND_LETTER:
		return look_at_letters(look, at, apart || blanks > 0, false);
	case KIND_NUMERAL:
	case KIND_HAN:
	case KIND_YEAR:
		if (is_like_numerals(at, look->prose) ||
		    (std_kind(at, prose) == KIND_NUMERAL &&
			std_kind(std_rest_of(at), prose) == KIND_NUMERAL))
			return unread(look, at, false);
		if (!look->dated && !apart && n > 1 &&
		    (sign == '-' || sign == ':') &&
		    std_fold_char(std_first(std_rest_of(signs))) != '-')
			return unread(look, at, false); /* 19001-____ */
		if (!look->dated && !apart && blanks == 0 &&
		    std_kind(std_rest_of(at), prose) == KIND_DIGIT)
			return unread(look, at, false);
		if (colon && !apart && !prose && blanks == 0 && !look->dated)
			return look_at_word(look, at);
		if (apart || colon || n > 1)
			return look_apart(look, at);
		return look_at_word(look, at);
	default:
		return unread(look, at, false);
	}
}

/* 190;-1990, 1(9001.1-2008, 9001:U+53F7 015: one odd character stands in a
 * number without a year. */
static bool
is_interrupted(const struct look *look, struct str at)
{
	struct str second = std_rest_of(at), third = std_rest_of(second);
	enum std_kind kind = std_kind(second, look->prose);

	if (look->dated || std_kind(at, look->prose) == KIND_SIGN)
		return false;
	if (std_kind(at, look->prose) != KIND_HAN && std_is_bare_number(second))
		return true;
	return kind == KIND_SIGN &&
	    strchr("-.:/", std_fold_char(std_first(second))) != NULL &&
	    std_kind(third, look->prose) == KIND_DIGIT;
}

static struct std_unread
look_at(const struct look *look, struct str at, bool apart)
{
	size_t n;

	if (!apart && is_interrupted(look, at))
		return unread(look, at, false);
	switch (std_kind(at, look->prose)) {
	case KIND_END:
	case KIND_BLANK:
		return understood;
	case KIND_DIGIT:
		return apart ? look_apart(look, at) : unread(look, at, false);
	case KIND_LETTER:
		return apart ? look_apart(look, at)
			     : look_at_letters(look, at, false, true);
	case KIND_ALIEN:
		return apart ? look_apart(look, at) : unread(look, at, false);
	case KIND_HAN:
	case KIND_NUMERAL:
	case KIND_YEAR:
		return apart ? look_apart(look, at) : look_at_word(look, at);
	case KIND_STOP:
	case KIND_CLOSE:
		at = std_skip_kind(
		    at, std_kind(at, look->prose), &n, look->prose);
		at = std_skip_blanks(at, look->prose);
		if (look->number->short_year && !look->prose &&
		    (is_letter_alone(at) || std_is_like_year(at) ||
			std_kind(at, false) == KIND_OPEN))
			return unread(look, at, false);
		return !look->dated &&
			(look->prose ? shares_year(look, at)
				     : std_is_year_piece(at))
		    ? unread(look, at, false)
		    : understood;
	case KIND_OPEN:
		return look_in_brackets(look, at);
	case KIND_SIGN:
		break;
	}
	return look_behind_signs(look, at, apart, look->prose);
}

/* Nothing between the two, or a point or colon without a blank. */
static bool
is_glued(struct str rest, struct str next)
{
	char sign = std_fold_char(std_first(rest));

	return next.data == rest.data ||
	    ((sign == '.' || sign == ':') &&
		std_rest_of(rest).data == next.data);
}

struct std_unread
std_find_unread(
    struct str rest, enum std_context context, const struct std_number *number)
{
	struct look look = {.all = utf8_cut(rest, LOOK_MAX),
	    .number = number,
	    .prose = context == STD_PROSE,
	    .dated = number->year != 0 || *number->version != '\0'};
	struct str at = std_skip_blanks(look.all, look.prose), next;
	struct std_unread result;

	if (at.len == 0)
		return understood;
	if ((std_next_number(look.all, &next) &&
		(look.dated || !is_glued(look.all, next))) ||
	    (std_kind(at, look.prose) == KIND_OPEN &&
		std_next_number(std_rest_of(at), &next)))
		return is_range(&look, at, next) ? unread(&look, next, false)
						 : understood;
	result = look_at(&look, at, at.len < look.all.len);
	if (result.text.len == 0 && !look.dated && !look.prose) {
		struct str year = std_find_year(at);

		if (year.len > 0)
			result.text = year;
	}
	return result;
}
