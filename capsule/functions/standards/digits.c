/* SPDX-License-Identifier: ISC */
/*
 * Reads what stands behind a prefix: digits, parts, letters, the year. A
 * Chinese number has its parts behind points and its year behind a dash. Other
 * numbers have parts behind dashes as well: there, the last four digits that
 * can be a year are the year, and anything else is a part (IEC 60601-1-2).
 */
#include "fold.h"
#include "number.h"

enum { DIGITS_MAX = 6 };

static bool
is_chinese(const struct std_number *out)
{
	return out->level >= STD_NATIONAL && out->level <= STD_ENTERPRISE;
}

static bool
put(struct std_number *out, const char *text, size_t n)
{
	return std_put(out->number, sizeof(out->number), text, n);
}

static size_t
digits_of(const char *p)
{
	return strspn(p, "0123456789");
}

/* Four digits from 1900 to 2099 with no fifth: the year, else 0. */
static int
year_of(const char *p)
{
	if (digits_of(p) != 4 || (p[0] != '1' && p[0] != '2') ||
	    p[1] != (p[0] == '1' ? '9' : '0'))
		return 0;
	return (p[0] - '0') * 1000 + (p[1] - '0') * 100 + (p[2] - '0') * 10 +
	    (p[3] - '0');
}

static int
month_of(const char *p)
{
	int month;

	if (digits_of(p) != 2)
		return 0;
	month = (p[0] - '0') * 10 + (p[1] - '0');
	return month >= 1 && month <= 12 ? month : 0;
}

/* ISO 105-P:1978, ISO/IEC 27001-HBK:2010: n letters, then a year, are a part;
 * and so is one digit behind a slash (IEC 60695-2-4/0:1991). */
static bool
is_odd_part(const char *p, size_t n)
{
	return n > 0 && n <= 3 && (p[n] == ':' || p[n] == '-') &&
	    year_of(p + n + 1) != 0;
}

/* 19001EN ISO 9001: these letters begin another number. */
static bool
begins_prefix(const char *p, size_t letters)
{
	const struct std_word *last;
	struct std_number other;
	bool parts;

	return letters > 1 && (p[letters] == ' ' || p[letters] == '/') &&
	    std_read_prefix(NULL, p, &other, &last, &parts) != NULL;
}

/* Digits with letters before them (ISO 105-E01) and behind (GJB 150.1A). */
static const char *
read_group(const char *p, size_t before, size_t behind, struct std_number *out)
{
	const char *at = p;
	size_t n = 0;

	while (before > 0 && std_is_letter(at[n]))
		n++;
	if (is_odd_part(at, n))
		return put(out, p, n) ? at + n : NULL;
	if (n > before)
		return NULL;
	at += n;
	n = digits_of(at);
	if (n == 0 || n > DIGITS_MAX)
		return NULL;
	at += n;
	n = 0;
	while (std_is_letter(at[n]))
		n++;
	if (n > 0 && n <= behind && !std_is_digit(at[n]) &&
	    !begins_prefix(at, n))
		at += n;
	return put(out, p, (size_t)(at - p)) ? at : NULL;
}

/* Behind a dash: a year to end with, and nothing that goes on as a part? */
static bool
ends_in_year(const char *p, enum std_word_form form)
{
	const char *behind = p + 4;

	if (year_of(p) == 0)
		return false;
	if (form == STD_FORM_DIN && *behind == '-' && month_of(behind + 1) != 0)
		return true;
	return (*behind != '-' && *behind != ':') || year_of(behind + 1) == 0;
}

/* Does this Chinese part "-01" have a year behind it? */
static bool
year_follows(const char *p)
{
	for (;;) {
		p += digits_of(p);
		if (*p != '-' && *p != ':')
			return false;
		p++;
		if (year_of(p) != 0)
			return true;
		if (!std_is_digit(*p))
			return false;
	}
}

/* CNAS-CL01-A001, -G001: a document that belongs to another. */
static bool
is_letter_part(const char *p, const struct std_number *out)
{
	return strcmp(out->prefix, "CNAS") == 0 && std_is_letter(*p) &&
	    std_is_digit(p[1]);
}

/* ASTM A106/A106M: the same in other units. */
static bool
is_twin(const char *p, const struct std_number *out)
{
	return (*p == '/' || *p == '-') && *out->series != '\0' &&
	    *out->series == p[1] && std_is_digit(p[2]);
}

static bool
is_part(const char *p, const struct std_number *out,
    const struct std_word *last, bool parts)
{
	enum std_word_form form = last == NULL ? STD_FORM_PLAIN : last->form;
	size_t letters = 0;

	if (*p == '.')
		return std_is_digit(p[1]);
	if (form == STD_FORM_SHORT && is_twin(p, out))
		return true;
	if (*p == '/' && form == STD_FORM_SHORT)
		return false;
	if (*p == '/')
		return !is_chinese(out) && digits_of(p + 1) == 1 &&
		    is_odd_part(p + 1, 1);
	if (*p != '-')
		return false;
	p++;
	if (ends_in_year(p, form))
		return false;
	if (form == STD_FORM_MONTH && month_of(p) != 0 &&
	    (p[2] == '-' || p[2] == '/') && year_of(p + 3) != 0)
		return false;
	if (form == STD_FORM_SHORT && (digits_of(p) == 2 || year_of(p) != 0))
		return false;
	if (form == STD_FORM_VERSION) /* ETSI's have no letters */
		return std_is_digit(*p);
	if (is_chinese(out) && is_letter_part(p, out))
		return true;
	if (is_chinese(out))
		return std_is_digit(*p) && (parts || year_follows(p));
	while (std_is_letter(p[letters]))
		letters++;
	return (letters <= 2 && std_is_digit(p[letters])) ||
	    is_odd_part(p, letters);
}

/* ETSI: always two groups of three: 300 130. */
static const char *
read_pair(const char *p, struct std_number *out)
{
	const char *second = p + 3;

	if (digits_of(p) != 6 && digits_of(p) != 3)
		return NULL;
	if (*second == ' ' || *second == '-')
		second++;
	if (digits_of(second) != 3)
		return NULL;
	put(out, p, 3);
	put(out, " ", 1);
	put(out, second, 3);
	return second + 3;
}

static const char *
read_version(const char *p, struct std_number *out)
{
	const char *at = p + strspn(p, " -"), *start = at;
	const char *date;

	if (*at == 'V' && std_is_digit(at[1])) {
		at += 1 + strspn(at + 1, "0123456789.");
		while (at[-1] == '.')
			at--;
		if (!std_put(out->version, sizeof(out->version), start,
			(size_t)(at - start)))
			return NULL;
		p = at;
	}
	date = p + strspn(p, " -(");
	if (year_of(date) != 0 && date[4] == '-' && month_of(date + 5) != 0) {
		out->year = year_of(date);
		out->month = month_of(date + 5);
		out->year_mark = '(';
		p = date + 7;
		p += *p == ')';
	}
	return p;
}

/* (10/2019), as a key -10-2019; or a year alone. */
static const char *
read_month(const char *p, struct std_number *out)
{
	const char *date = p + strspn(p, " -(:");

	if (date > p && month_of(date) != 0 &&
	    (date[2] == '/' || date[2] == '-') && year_of(date + 3) != 0) {
		out->month = month_of(date);
		date += 3;
	}
	if (date == p || year_of(date) == 0)
		return p;
	out->year = year_of(date);
	p = date + 4;
	return p + (*p == ')');
}

/* Two digits of the last century. */
static const char *
read_short_year(const char *p, const char *date, struct std_number *out)
{
	int year;

	if (digits_of(date) != 2 || strspn(date - 1, "-:") == 0 ||
	    std_is_letter(date[2]) ||
	    (date[2] != '\0' && strchr("-./:", date[2]) != NULL &&
		std_is_digit(date[3])))
		return p;
	year = (date[0] - '0') * 10 + (date[1] - '0');
	if (year < 40 || (!is_chinese(out) && date[-1] != ':'))
		return p;
	out->year = year + 1900;
	return date + 2;
}

static bool
put_edition(struct std_number *out, const char *text, size_t n)
{
	return std_put(out->edition, sizeof(out->edition), text, n);
}

/* The a of -19a, the e1 of -20e1, or both. */
static const char *
read_revision(const char *p, struct std_number *out)
{
	char small;

	if (*p == ' ' && std_is_letter(p[1]) && p[2] == '\0')
		p++;
	small = (char)(*p - 'A' + 'a');

	if (std_is_letter(*p) && *p != 'E' &&
	    (!std_is_letter(p[1]) || (p[1] == 'E' && std_is_digit(p[2]))) &&
	    !std_is_digit(p[1])) {
		put_edition(out, &small, 1);
		p++;
	}
	if (*p == 'E' && digits_of(p + 1) == 1 && !std_is_letter(p[2])) {
		put_edition(out, "e", 1);
		put_edition(out, p + 1, 1);
		p += 2;
	}
	return p;
}

/* ASTM's -19a, -20e1, -16(2021), -14a(2018)e1; the year with four digits as
 * well, and as a key -16-2021. */
static const char *
read_edition(const char *p, struct std_number *out)
{
	const char *date = p + strspn(p, " "), *again;
	size_t n;

	if (strspn(date, "-:") == 0)
		return p;
	date += strspn(date, "-:");
	date += strspn(date, " ");
	n = digits_of(date);
	if (n == 2) {
		out->year = (date[0] - '0') * 10 + (date[1] - '0');
		out->year += out->year < 40 ? 2000 : 1900;
	} else {
		out->year = year_of(date);
		if (out->year < 1940 || out->year > 2039) {
			out->year = 0;
			return p;
		}
	}
	out->short_year = true;
	p = read_revision(date + n, out);
	again = p + (p[0] == ' ' && p[1] == '(');
	again += *again == '(' || *again == '-';
	if (again == p || year_of(again) == 0)
		return p;
	put_edition(out, "(", 1);
	put_edition(out, again, 4);
	put_edition(out, ")", 1);
	again += 4;
	return read_revision(again + (*again == ')'), out);
}

/* 19001(2008), 19001/2008: as people write it, if nothing else follows. */
static const char *
read_enclosed_year(const char *p, struct std_number *out)
{
	const char *behind = p + 5;

	if ((*p != '(' && *p != '/') || year_of(p + 1) == 0 ||
	    (*p == '/' && !is_chinese(out)))
		return p;
	if (*p == '(' && *behind != ')')
		return p;
	behind += *p == '(';
	if (*behind != '\0' && *behind != ' ' && !std_is_script(*behind))
		return p;
	out->year = year_of(p + 1);
	return behind;
}

static const char *
read_year(const char *p, struct std_number *out, enum std_word_form form)
{
	size_t blanks = strspn(p, " ");
	const char *mark = p[blanks] == ':' ? ":" : "-";
	size_t marks = strspn(p + blanks, mark);
	const char *date = p + blanks + marks;

	date += strspn(date, " ");
	if (date == p)
		return read_enclosed_year(p, out);
	if (year_of(date) == 0)
		return marks == 0 ? p : read_short_year(p, date, out);
	/* Of "2022, from ... on" behind a blank the year says when, not which.
	 */
	if (marks == 0 && date[4] == STD_YEAR_SIGN)
		return p;
	out->year = year_of(date);
	p = date + 4;
	if (form == STD_FORM_DIN && *p == '-' && month_of(p + 1) != 0) {
		out->month = month_of(p + 1);
		p += 3;
	}
	/* (E): the language of the text. */
	if (p[0] == '(' && std_is_letter(p[1]) && p[2] == ')')
		p += 3;
	return p;
}

const char *
std_read_digits(const char *text, struct std_number *out,
    const struct std_word *last, bool parts)
{
	enum std_word_form form = last == NULL ? STD_FORM_PLAIN : last->form;
	bool chinese = is_chinese(out);
	size_t before;
	const char *p;

	if (form == STD_FORM_VERSION)
		p = read_pair(text, out);
	else
		p = read_group(text, 0, 2, out);
	while (p != NULL && is_part(p, out, last, parts)) {
		bool twin = form == STD_FORM_SHORT && is_twin(p, out);

		if (!put(out, twin ? "/" : p, 1))
			return NULL;
		before = chinese && !is_letter_part(p + 1, out) ? 0 : 2;
		p = read_group(p + 1, before, 2, out);
	}
	if (p == NULL || std_is_digit(*p))
		return NULL;
	if (form == STD_FORM_VERSION)
		return read_version(p, out);
	if (form == STD_FORM_MONTH)
		return read_month(p, out);
	if (form == STD_FORM_SHORT)
		return read_edition(p, out);
	return read_year(p, out, form);
}
