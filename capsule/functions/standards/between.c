/* SPDX-License-Identifier: ISC */
/* Goes from one number to the next: what may stand between them, and whether a
 * piece of a list is the year of the number before it. */
#include "base/utf8.h"
#include "fold.h"
#include "kind.h"
#include "number.h"

/* Past signs that people write between two numbers, and past "2)", circled. */
static struct str
skip_between(struct str text)
{
	struct str rest = text;
	size_t n = 0;

	while (text.len > 0) {
		uint32_t c = utf8_next(&rest);

		if ((c < '1' || c > '9') && (c < 0x2460 || c > 0x2473) &&
		    c != 0x2192 && c != 0x21D2 && c != 0xFF5E && c != 0xFF0B &&
		    (std_fold_char(c) == 0 ||
			strchr(" .:/\\+&>~)", std_fold_char(c)) == NULL))
			break;
		if (c >= '1' && c <= '9') {
			n = 1;
			while (
			    n < text.len && n < 4 && std_is_digit(text.data[n]))
				n++;
			if (n == text.len ||
			    (text.data[n] != '.' && text.data[n] != ')' &&
				!str_starts(
				    str_slice(text, n, text.len), STR("）"))))
				break;
			rest = str_slice(text, n, text.len);
		}
		text = rest;
	}
	return text;
}

bool
std_next_number(struct str rest, struct str *next)
{
	static const char *const links[] = {
	    "和", "及", "与", "或", "以及", "至", "到"};
	struct std_number number;
	struct str at = skip_between(rest);

	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		if (str_starts(at, str_from(links[i]))) {
			at = skip_between(
			    str_slice(at, strlen(links[i]), at.len));
			break;
		}
	*next = at;
	/* A letter of another script at once behind digits is one of them. */
	if (at.data == rest.data && std_kind(at, false) == KIND_ALIEN)
		return false;
	if (at.len == 0 || !std_read_beginning(at, STD_PROSE, &number))
		return false;
	/* Glued letters are another number's if that is a whole one. */
	return at.data != rest.data || number.year != 0 ||
	    std_kind(at, false) != KIND_LETTER;
}

bool
std_starts_with_year(struct str piece)
{
	struct str year = std_find_year(piece);

	return year.len > 0 && year.data == piece.data;
}

bool
std_is_year_piece(struct str piece)
{
	struct str at = std_skip_blanks(piece, false);
	struct std_number number;
	size_t n, digits;

	at = std_skip_kind(at, KIND_SIGN, &n, false);
	at = std_skip_blanks(at, false);
	if (n > 0 && std_kind(at, false) != KIND_HAN &&
	    (std_has_digit(std_token(at, false)) ||
		std_like_digits(at, &digits) >= 4) &&
	    !std_begins_number(at, &number))
		return true;
	if (std_kind(at, false) == KIND_LETTER && std_is_letter_and_year(at))
		return true;
	/* G001:2024 behind CNAS-CL01 */
	if (std_kind(at, false) == KIND_LETTER &&
	    !std_begins_number(at, &number)) {
		at = std_skip_kind(at, KIND_LETTER, &n, false);
		return n <= 2 && std_is_bare_number(at);
	}
	if (std_kind(at, false) != KIND_DIGIT)
		return false;
	if (std_is_like_year(at) || std_find_year(at).len > 0 ||
	    (std_first(at) <= '2' && std_like_digits(at, &digits) >= 4 &&
		digits > 1 && digits < 5))
		return true;
	/* 638-14: the next number, and the year of both. */
	if (std_is_bare_number(at))
		return true;
	at = std_skip_kind(at, KIND_DIGIT, &n, false);
	return std_fold_char(std_first(at)) == '-' &&
	    (std_kind(std_rest_of(at), false) == KIND_DIGIT ||
		std_like_digits(std_rest_of(at), &digits) >= 2);
}
