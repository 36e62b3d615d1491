/* SPDX-License-Identifier: ISC */
/*
 * Reads a prefix. A Chinese prefix is T/ or Q/ with its publisher, DB with a
 * region, or a code; its mark may be glued to it, stand behind a blank, or
 * behind a slash. Other prefixes are words, glued or not, up to the digits.
 */
#include "base/utf8.h"
#include "fold.h"
#include "number.h"

static const char separators[] = " /-.:";

static const char *
skip(const char *p)
{
	return p + strspn(p, separators);
}

static size_t
letters_of(const char *p)
{
	size_t n = 0;

	while (std_is_letter(p[n]))
		n++;
	return n;
}

static size_t
digits_of(const char *p)
{
	return strspn(p, "0123456789");
}

static bool
put_prefix(struct std_number *out, const char *text, size_t n)
{
	return std_put(out->prefix, sizeof(out->prefix), text, n);
}

/* A word such as IEC behind API is a publisher, not a series. */
static bool
is_body(const char *p, size_t n)
{
	const char *end;
	const struct std_word *word = n > 1 ? std_word_at(p, &end) : NULL;

	return word != NULL && word->class != STD_WORD_TYPE && end == p + n;
}

/* Read a series: up to max letters with digits behind them. */
static const char *
read_series(
    const char *p, size_t max, const char *between, struct std_number *out)
{
	size_t n = letters_of(p);
	const char *digits = p + n + strspn(p + n, between);

	if (n == 0 || n > max || !std_is_digit(*digits) || is_body(p, n) ||
	    !std_put(out->series, sizeof(out->series), p, n))
		return NULL;
	return digits;
}

/* Read the publisher in T/CAS 291, Q/GDW 10370, Q/320585 ABC 001. */
static const char *
read_owner(const char *p, struct std_number *out)
{
	bool association = *p == 'T';
	size_t region, name;

	if ((*p != 'T' && *p != 'Q') || strchr(" /-.", p[1]) == NULL ||
	    p[1] == '\0')
		return NULL;
	put_prefix(out, association ? "T/" : "Q/", 2);
	p = skip(p + 1);
	region = digits_of(p);
	if (region > 8)
		return NULL;
	put_prefix(out, p, region);
	p += region;
	if (region > 0 && strspn(p, " -") > 0) {
		put_prefix(out, " ", 1);
		p += strspn(p, " -");
	}
	name = letters_of(p);
	if (name < 2 || name > 12 || !put_prefix(out, p, name))
		return NULL;
	p = skip(p + name);
	out->level = association ? STD_ASSOCIATION : STD_ENTERPRISE;
	out->base = strlen(out->prefix);
	return std_is_digit(*p) ? p : NULL;
}

/* A mark's place, if text has T (or Z) there and it is no word's beginning. */
static const char *
read_mark(const char *p, const char *marks, struct std_number *out)
{
	const char *at = skip(p);

	if (*at == '\0' || strchr(marks, *at) == NULL || std_is_letter(at[1]))
		return NULL;
	if (!put_prefix(out, "/", 1) || !put_prefix(out, at, 1))
		return NULL;
	out->mandate = *at == 'Z' ? STD_GUIDING : STD_RECOMMENDED;
	return at + 1;
}

/* How many of the digits behind DB are the code of a region; 0: none. */
static size_t
region_of(const char *p, bool apart)
{
	size_t n = digits_of(p);
	const char *behind = skip(p + n);
	bool marked = *behind == 'T' && !std_is_letter(behind[1]);
	bool slashed = strcspn(p + n, "/") < (size_t)(behind - p) - n &&
	    std_is_digit(*behind);

	if (n < 2 || !std_is_province(p))
		return 0;
	if (apart) /* "DB 46/T 642", "DB 46/642"; "DB 46" is an earthquake's */
		return (marked || slashed) && (n == 2 || n == 4) ? n : 0;
	if (n == 2)
		return 2;
	if (n == 4 || n == 6) {
		/* A city, if a number comes behind it and no mere year. */
		size_t more = digits_of(behind);

		if (marked || (more > 0 && more != 4) ||
		    (more == 4 && behind[4] == '-'))
			return n;
	}
	return marked ? 0 : 2;
}

static const char *
read_local(const char *p, struct std_number *out)
{
	const char *digits, *mark;
	size_t n;

	if (p[0] != 'D' || p[1] != 'B')
		return NULL;
	digits = skip(p + 2);
	n = region_of(digits, digits > p + 2);
	if (n == 0)
		return NULL;
	put_prefix(out, "DB", 2);
	put_prefix(out, digits, n);
	out->base = strlen(out->prefix);
	out->level = STD_LOCAL;
	out->mandate = STD_MANDATORY;
	p = digits + n;
	if (strncmp(p, "(J)", 3) == 0 || strncmp(p, "-J-", 3) == 0) {
		put_prefix(out, "(J)", 3); /* of buildings */
		p += 3;
	}
	mark = read_mark(p, "T", out);
	if (mark == NULL)
		out->gap = '/';
	p = skip(mark != NULL ? mark : p);
	return std_is_digit(*p) ? p : NULL;
}

/* DBJ 46-002, DBJ/T 15-38, DBJ50/T-246 of buildings, DBS 46/001 of food: the
 * region's digits apart or not, as it was written. */
static const char *
read_regional(const char *p, struct std_number *out)
{
	const char *digits, *mark;

	if (p[0] != 'D' || p[1] != 'B' || (p[2] != 'J' && p[2] != 'S'))
		return NULL;
	put_prefix(out, p, 3);
	out->gap = p[2] == 'J' ? '-' : '/';
	out->level = STD_LOCAL;
	out->mandate = STD_MANDATORY;
	p += 3;
	mark = read_mark(p, "T", out);
	p = mark != NULL ? mark : p;
	digits = skip(p);
	if (digits_of(digits) != 2)
		return NULL;
	if (*p == ' ')
		put_prefix(out, " ", 1);
	put_prefix(out, digits, 2);
	out->base = strlen(out->prefix);
	p = digits + 2;
	digits = mark != NULL ? NULL : read_mark(p, "T", out);
	p = digits != NULL ? digits : p;
	digits = skip(p);
	if (mark != NULL)
		out->base = strlen(out->prefix);
	return digits > p && std_is_digit(*digits) ? digits : NULL;
}

/* Letters of other scripts, which a key parts with '-', into the prefix: past
 * them; NULL: there is none, or they are more than max. */
static const char *
put_script(const struct std_window *window, const char *p, size_t max,
    struct std_number *out)
{
	struct buf letters;
	size_t n = 0;
	bool fits;

	buf_init(&letters, sizeof(out->prefix));
	for (; std_is_script(*p) && n <= max; p++, n++) {
		utf8_add(&letters, window->code[p - window->text]);
		p += p[1] == '-' && std_is_script(p[2]);
	}
	fits = n > 0 && n <= max && letters.err == OK &&
	    put_prefix(out, letters.data, letters.len);
	buf_release(&letters);
	return fits ? p : NULL;
}

/* Read the region of a verification regulation that is not a national one:
 * JJG(U+7CA4)067. */
static const char *
read_verifier(const struct std_window *window, const char *p,
    const struct std_code *code, struct std_number *out)
{
	if (window == NULL || strncmp(code->name, "JJ", 2) != 0)
		return NULL;
	p += strspn(p, " -(");
	put_prefix(out, "(", 1);
	if (*p != STD_OTHER || (p = put_script(window, p, 8, out)) == NULL ||
	    !put_prefix(out, ")", 1))
		return NULL;
	out->base = strlen(out->prefix);
	out->gap = 0;
	p += *p == ')';
	p = skip(p);
	return std_is_digit(*p) ? p : NULL;
}

/* The code is the first n of these letters: what may stand behind it? */
static const char *
read_code_of(const struct std_window *window, const char *p, size_t n,
    size_t letters, const struct std_code *code, struct std_number *out)
{
	const char *rest = p + n, *at;

	*out->prefix = *out->series = '\0';
	put_prefix(out, code->name, n);
	out->base = n;
	out->level = code->level;
	out->mandate = code->mandate;
	out->gap = code->gap;
	out->year_mark = code->year_mark;
	if (n < letters && strchr(code->marks, *rest) != NULL &&
	    (n + 1 == letters || code->series > 0)) {
		put_prefix(out, "/", 1);
		put_prefix(out, rest, 1);
		out->mandate = *rest == 'Z' ? STD_GUIDING : STD_RECOMMENDED;
		rest++;
	} else if (n == letters) {
		at = read_mark(rest, code->marks, out);
		rest = at != NULL ? at : rest;
	}
	if (!std_is_letter(*rest))
		rest = skip(rest);
	if (std_is_digit(*rest))
		return rest;
	if (n == letters && !std_is_letter(*rest))
		return read_verifier(window, rest, code, out);
	return read_series(rest, code->series, "", out);
}

static const char *
read_code(const struct std_window *window, const char *p,
    struct std_number *out, bool *parts)
{
	size_t letters = letters_of(p);

	if (letters > 8)
		return NULL;
	for (size_t n = letters; n > 0; n--) {
		const struct std_code *code = std_code_find(p, n);
		const char *end = code == NULL
		    ? NULL
		    : read_code_of(window, p, n, letters, code, out);

		if (end == NULL)
			continue;
		*parts = code->parts;
		return end;
	}
	return NULL;
}

/* The sign that is printed between two words: ISO/IEC TR, ISO/TR, BS EN ISO. */
static char
between_words(const char *prefix, const struct std_word *before,
    const struct std_word *word)
{
	if (word->class == STD_WORD_BODY && before->class == STD_WORD_BODY)
		return '/';
	if (word->class == STD_WORD_TYPE && strcmp(word->name, "Guide") != 0 &&
	    (strcmp(prefix, "ISO") == 0 || strcmp(prefix, "CAC") == 0))
		return '/';
	return ' ';
}

/* Is this EN 300 to EN 303? Such a number is ETSI's, and has three more digits.
 */
static bool
is_telecom(const char *prefix, const char *p)
{
	return strcmp(prefix, "EN") == 0 && p[0] == '3' && p[1] == '0' &&
	    p[2] >= '0' && p[2] <= '3' && (p[3] == ' ' || p[3] == '-') &&
	    digits_of(p + 4) == 3;
}

static void
put_telecom(struct std_number *out, const struct std_word **last)
{
	const char *end;

	*last = std_word_at("ETSI", &end);
	*out->prefix = '\0';
	put_prefix(out, "ETSI EN", 7);
}

static const char *
read_words(const char *p, struct std_number *out, const struct std_word **last)
{
	const struct std_word *word, *before = NULL;
	const char *end, *series;

	while ((word = std_word_at(p, &end)) != NULL) {
		char mark = ' ';

		if (before == NULL && word->class == STD_WORD_TYPE)
			return NULL;
		if (before == NULL) {
			out->level = word->level;
			out->year_mark = word->year_mark;
			*last = word;
		} else {
			mark = between_words(out->prefix, before, word);
			put_prefix(out, &mark, 1);
		}
		if (!put_prefix(out, word->name, strlen(word->name)))
			return NULL;
		if (word->class != STD_WORD_TYPE || before == NULL)
			out->join = word->join;
		p = skip(end);
		series = read_series(p, word->series, " .-/", out);
		if (series != NULL)
			return series;
		if (std_is_digit(*p) && is_telecom(out->prefix, p))
			put_telecom(out, last);
		if (std_is_digit(*p))
			return p;
		/* KS I ISO 8199: a series, and then whose number it is. */
		if (word->series == 1 && std_is_letter(*p) &&
		    strchr(" /-", p[1]) != NULL && p[1] != '\0' &&
		    std_word_at(skip(p + 1), &end) != NULL) {
			put_prefix(out, " ", 1);
			put_prefix(out, p, 1);
			p = skip(p + 1);
		}
		before = word;
	}
	return NULL;
}

/* TR X 0001, TS C 0017: reports of the Japanese committee. */
static const char *
read_japanese(const char *p, struct std_number *out)
{
	const char *series;

	if (p[0] != 'T' || (p[1] != 'R' && p[1] != 'S') ||
	    (p[2] != ' ' && p[2] != '-'))
		return NULL;
	put_prefix(out, p, 2);
	out->join = ' ';
	out->level = STD_FOREIGN;
	out->year_mark = ':';
	series = read_series(skip(p + 2), 1, " -", out);
	return series;
}

/* A code in letters of another script, as east of here: up to three words,
 * behind them words that we know, then digits. */
static const char *
read_foreign(const struct std_window *window, const char *p,
    struct std_number *out, const struct std_word **last)
{
	if (p[1] != STD_ALIEN && (p[1] != '-' || p[2] != STD_ALIEN))
		return NULL; /* one letter is no code */
	for (int words = 0; *p == STD_ALIEN && words < 3; words++) {
		if (words > 0)
			put_prefix(out, " ", 1);
		p = put_script(window, p, 20, out);
		if (p == NULL)
			return NULL;
		p = skip(p);
	}
	out->level = STD_FOREIGN;
	if (std_is_letter(*p)) {
		put_prefix(out, " ", 1);
		p = read_words(p, out, last);
		out->level = STD_FOREIGN;
		out->year_mark = '-';
	}
	out->base = strlen(out->prefix);
	return p != NULL && std_is_digit(*p) ? p : NULL;
}

const char *
std_read_prefix(const struct std_window *window, const char *text,
    struct std_number *out, const struct std_word **last, bool *parts)
{
	const struct std_number empty = {.gap = ' ', .year_mark = '-'};
	const char *end;

	*last = NULL;
	*parts = false;
	*out = empty;
	if (window != NULL && *text == STD_ALIEN)
		return read_foreign(window, text, out, last);
	if (!std_is_letter(*text))
		return NULL;
	if ((end = read_owner(text, out)) != NULL)
		return end;
	*out = empty;
	if ((end = read_regional(text, out)) != NULL)
		return end;
	*out = empty;
	if ((end = read_local(text, out)) != NULL)
		return end;
	*out = empty;
	if ((end = read_code(window, text, out, parts)) != NULL)
		return end;
	*out = empty;
	end = read_words(text, out, last);
	if (end == NULL) {
		*out = empty;
		*last = NULL;
		end = read_japanese(text, out);
	}
	if (end != NULL)
		out->base = strlen(out->prefix);
	return end;
}
