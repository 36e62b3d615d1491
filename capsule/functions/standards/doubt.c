/* SPDX-License-Identifier: ISC */
/*
 * Finds numbers that can be read but may not be what was meant: with a letter
 * in place of a digit, a year read as a part, or something glued to a code.
 * Such a number must not become a relation between standards: a wrong relation
 * makes a standard invalid that is in force.
 */
#include "fold.h"
#include "replaced.h"

static bool
is_chinese(const struct std_number *number)
{
	return number->level >= STD_NATIONAL && number->level <= STD_ENTERPRISE;
}

bool
std_is_year_like(const char *digits, size_t n)
{
	return n == 4 &&
	    (strncmp(digits, "19", 2) == 0 || strncmp(digits, "20", 2) == 0);
}

/* Letters that stand for digits in a scanned or typed text: O for 0. */
static bool
looks_alike(const struct std_number *number)
{
	bool national = strncmp(number->prefix, "GB", 2) == 0 ||
	    number->level == STD_LOCAL || number->level == STD_ASSOCIATION;

	if (number->level == STD_FOREIGN)
		return false;
	for (const char *p = number->number; *p != '\0'; p++) {
		if (!std_is_letter(*p) || p == number->number ||
		    !std_is_digit(p[-1]))
			continue;
		if (strchr("OILSZ", *p) != NULL ||
		    (is_chinese(number) && strchr("QD", *p) != NULL) ||
		    (national && strchr("BG", *p) != NULL))
			return true;
	}
	return false;
}

/* No year, but digits that one may be lost in: 19001.2016, 190012016. */
static bool
hides_year(const struct std_number *number)
{
	size_t len = strlen(number->number), n = 0;
	const char *end = number->number + len;
	bool part;

	if (number->year != 0 || number->prefix[0] == '\0')
		return false;
	while (n < len && std_is_digit(end[-1 - (ptrdiff_t)n]))
		n++;
	part = n < len && strchr(".-", end[-1 - (ptrdiff_t)n]) != NULL;
	if (n > 4 && std_is_year_like(end - 4, 4) &&
	    (part || is_chinese(number)))
		return true;
	/* ISO/CD 18400-206 is a part; a draft has no year. */
	if (is_chinese(number) &&
	    (n > 5 || (part && n > 3) || std_is_year_like(number->number, len)))
		return true;
	return part && n >= 3 && n <= 5 &&
	    (n > 3 || is_chinese(number) || strlen(number->prefix) < 4) &&
	    (strncmp(end - n, "19", 2) == 0 || strncmp(end - n, "20", 2) == 0);
}

bool
std_loses_year(struct str piece, const struct std_number *number)
{
	if (number->year != 0 || number->prefix[0] == '\0')
		return false;
	for (size_t i = 0, n; i < piece.len; i += n + 1) {
		char year[5];

		for (n = 0;
		     i + n < piece.len && std_is_digit(piece.data[i + n]);)
			n++;
		if (!std_is_year_like(piece.data + i, n))
			continue;
		memcpy(year, piece.data + i, 4);
		year[4] = '\0';
		if (strstr(number->number, year) == NULL)
			return true;
	}
	return false;
}

bool
std_is_doubtful(const struct std_number *number)
{
	return looks_alike(number) || hides_year(number);
}

/* Do these n letters end in a code that we know: AGB, YYISO, IISO? */
static bool
ends_in_code(const char *letters, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		const struct std_word *word;
		const char *end;

		if (std_code_find(letters + i, n - i) != NULL)
			return true;
		word = std_word_at(letters + i, &end);
		if (word != NULL && *end == '\0' &&
		    word->level == STD_INTERNATIONAL)
			return true;
	}
	return false;
}

/* Is it the number of a code that we know, with something glued to it or a
 * blank in it: AGB/T 1-2000, JJ G 132-2005, ISO GB/T 1-2000? */
static bool
holds_known(struct str piece)
{
	char letters[48];
	size_t n = 0;

	for (size_t i = 0; i < piece.len; i++) {
		char c = std_fold_char((unsigned char)piece.data[i]);
		bool mark = c == '/' && i + 1 < piece.len &&
		    strchr("TZtz", piece.data[i + 1]) != NULL;

		if (std_is_digit(c))
			break;
		if (std_is_letter(c) && n + 1 < sizeof(letters))
			letters[n++] = c;
		letters[n] = '\0';
		if (std_is_letter(c))
			continue;
		if ((c != '/' || mark) && ends_in_code(letters, n))
			return true;
		if (c == '/' && n > 1 && strchr("TQ", letters[n - 1]) != NULL)
			return true;
		n = c == ' ' ? n : 0;
	}
	return n > 0 && ends_in_code(letters, n);
}

bool
std_read_unknown(struct str piece, struct std_number *out)
{
	size_t letters = 0, digits = 0;
	char first[16];

	for (size_t n = 0; n < piece.len; n++) {
		unsigned char c = (unsigned char)piece.data[n];
		char folded = c < 0x80 ? std_fold_char(c) : STD_OTHER;

		if (std_is_letter(folded) && n == letters &&
		    letters < sizeof(first))
			first[letters++] = folded;
		digits += std_is_digit(folded);
		if (!std_is_letter(folded) && !std_is_digit(folded) &&
		    (c >= 0x80 ||
			strchr(digits > 0 ? " -.:" : " -/", c) == NULL))
			return false;
	}
	if (letters < 2 || digits == 0 ||
	    !std_is_digit(piece.data[piece.len - 1]) ||
	    std_code_find(first, letters) != NULL ||
	    (strchr("TZ", first[letters - 1]) != NULL &&
		std_code_find(first, letters - 1) != NULL))
		return false;
	if (holds_known(piece))
		return false;
	*out = (struct std_number){.year_mark = '-', .level = STD_FOREIGN};
	return std_put(out->number, sizeof(out->number), piece.data, piece.len);
}
