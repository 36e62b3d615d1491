/* SPDX-License-Identifier: ISC */
/*
 * Reads what stands behind the year: amendments and corrigenda (/XG1-2014, /Amd
 * 1:2024, +AMD1:2019 CSV), the kind of a consolidated text (RLV), and the
 * number of the standard that this one adopts (/ISO 9001:2015 IDT). The adopted
 * number belongs to the edition and is not a part of its name.
 */
#include "fold.h"
#include "number.h"

enum tail_kind {
	TAIL_NUMBERED, /* has digits, may have a year */
	TAIL_MAYBE,    /* may have digits */
	TAIL_SPACED,   /* printed " SYMBOL 51100" */
	TAIL_WORD,     /* stands alone */
	TAIL_STAGE     /* stands before an amendment: CD Amd 1 */
};
struct tail_word {
	const char *name;
	const char *printed;
	enum tail_kind kind;
};

/* Longer ones first. */
static const struct tail_word words[] = {{"CORRIGENDUM", "COR", TAIL_NUMBERED},
    {"EXPLANATION", "EXPL", TAIL_MAYBE}, {"AMENDMENT", "AMD", TAIL_NUMBERED},
    {"ADDENDUM", "ADD", TAIL_NUMBERED}, {"SYMBOL", "SYMBOL", TAIL_SPACED},
    {"FDAMD", "FDAMD", TAIL_NUMBERED}, {"PDAMD", "PDAMD", TAIL_NUMBERED},
    {"FDCOR", "FDCOR", TAIL_NUMBERED}, {"FDAM", "FDAM", TAIL_NUMBERED},
    {"PDAM", "PDAM", TAIL_NUMBERED}, {"DAMD", "DAMD", TAIL_NUMBERED},
    {"DCOR", "DCOR", TAIL_NUMBERED}, {"FRAG", "FRAG", TAIL_NUMBERED},
    {"EXPL", "EXPL", TAIL_MAYBE}, {"SUPPL", "SUPPL", TAIL_MAYBE},
    {"SUPP", "SUPP", TAIL_MAYBE}, {"AMD", "AMD", TAIL_NUMBERED},
    {"COR", "COR", TAIL_NUMBERED}, {"ADD", "ADD", TAIL_NUMBERED},
    {"DAM", "DAM", TAIL_NUMBERED}, {"DAD", "DAD", TAIL_NUMBERED},
    {"ISH", "ISH", TAIL_NUMBERED}, {"SUP", "SUP", TAIL_MAYBE},
    {"EXT", "EXT", TAIL_NUMBERED}, {"CSV", "CSV", TAIL_WORD},
    {"RLV", "RLV", TAIL_WORD}, {"CMV", "CMV", TAIL_WORD},
    {"SER", "SER", TAIL_WORD}, {"EXV", "EXV", TAIL_WORD},
    {"PRV", "PRV", TAIL_WORD}, {"AWI", "AWI", TAIL_STAGE},
    {"PWI", "PWI", TAIL_STAGE}, {"PRF", "PRF", TAIL_STAGE},
    {"CD", "CD", TAIL_STAGE}, {"WD", "WD", TAIL_STAGE},
    {"NP", "NP", TAIL_STAGE}, {"TC", "TC", TAIL_NUMBERED},
    {"AC", "AC", TAIL_MAYBE}, {"XG", "XG", TAIL_NUMBERED},
    {"A", "A", TAIL_NUMBERED}};

static bool
put(struct std_number *out, const char *text, size_t n)
{
	return std_put(out->tail, sizeof(out->tail), text, n);
}

static const struct tail_word *
word_at(const char *p, size_t *n)
{
	const struct tail_word *word = words;
	size_t more;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++, word++) {
		*n = strlen(word->name);
		if (strncmp(p, word->name, *n) != 0)
			continue;
		if (!std_is_letter(p[*n]))
			return word;
		if (word->kind == TAIL_STAGE && /* glued: CDAMD1 */
		    word_at(p + *n, &more) != NULL)
			return word;
	}
	return NULL;
}

/* Does the number say which edition this is? ETSI has dashes before amendments.
 */
static bool
has_edition(const struct std_number *out)
{
	return out->year != 0 || *out->version != '\0' ||
	    strncmp(out->prefix, "ETSI", 4) == 0;
}

static bool
is_year(const char *p)
{
	return strspn(p, "0123456789") == 4 &&
	    (strncmp(p, "19", 2) == 0 || strncmp(p, "20", 2) == 0);
}

/* Read the R of 2010R, which marks the second text of a year in Japan. */
static const char *
read_reaffirmed(const char *p, struct std_number *out)
{
	if (*p != 'R' || std_is_letter(p[1]) || std_is_digit(p[1]) ||
	    strcmp(out->prefix, "JIS") != 0 || !put(out, p, 1))
		return p;
	return p + 1;
}

/* Behind the word: its digits and its year, printed; NULL: no such. */
static const char *
read_count(const char *p, const struct tail_word *word, struct std_number *out)
{
	const char *digits = p + strspn(p, " .-:");
	size_t n = strspn(digits, "0123456789"), before;
	bool spaced = word->kind == TAIL_SPACED;
	const char *year;

	if (n == 0 || n > (spaced ? 6 : 4) || is_year(digits)) {
		if (word->kind != TAIL_MAYBE)
			return NULL;
		digits = p;
		n = 0;
	}
	before = strspn(digits, "0");
	before = before == n && n > 0 ? n - 1 : before;
	if (spaced)
		put(out, " ", 1);
	if (!put(out, digits + before, n - before))
		return NULL;
	p = digits + n;
	if (n > 0 && *p == '.' && std_is_digit(p[1])) { /* a second draft */
		if (!put(out, p, 2))
			return NULL;
		p += 2;
	}
	year = p + strspn(p, " ");
	if ((*year == ':' || *year == '-') &&
	    is_year(year + 1 + strspn(year + 1, " "))) {
		year += 1 + strspn(year + 1, " ");
		if (!put(out, *word->name == 'X' ? "-" : ":", 1) ||
		    !put(out, year, 4))
			return NULL;
		p = read_reaffirmed(year + 4, out);
	}
	return p;
}

/* What might be something else stands where it can be an amendment: a mere A
 * behind a sign that is no blank, with a year before it; TC at once behind a
 * sign, and not in China. */
static bool
is_placed(const char *p, const char *at, size_t n, const struct std_number *out)
{
	size_t signs = (size_t)(at - p);

	if (*at == 'A' && n == 1)
		return strcspn(p, "/+-") < signs && has_edition(out) &&
		    strcmp(out->prefix, "CNAS") != 0;
	if (*at == 'T' && n == 2)
		return signs == 1 && *p != ' ' && *p != '+' &&
		    out->level >= STD_INTERNATIONAL;
	return true;
}

/* Read one amendment, or one kind of text; NULL: there is none. */
static const char *
read_item(const char *p, struct std_number *out)
{
	size_t stop = strlen(out->tail), n;
	const char *at = p + strspn(p, " /+-");
	bool plus = memchr(p, '+', (size_t)(at - p)) != NULL;
	bool after_word = stop > 0 && std_is_letter(out->tail[stop - 1]);
	const struct tail_word *word = word_at(at, &n);
	bool space;

	if (word == NULL || !is_placed(p, at, n, out))
		return NULL;
	space = word->kind == TAIL_WORD || word->kind == TAIL_SPACED;
	if (!put(out, space ? " " : plus ? "+" : "/", 1))
		return NULL;
	if (word->kind == TAIL_WORD && after_word && p[0] == '-')
		out->tail[stop] = '-'; /* EXV-CMV */
	if (word->kind == TAIL_STAGE) {
		if (!put(out, word->printed, n) || !put(out, " ", 1))
			return NULL;
		at += n;
		at += strspn(at, " -");
		word = word_at(at, &n);
		if (word == NULL || word->kind != TAIL_NUMBERED)
			return NULL;
	}
	if (!put(out, word->printed, strlen(word->printed)))
		return NULL;
	at += n;
	return word->kind == TAIL_WORD ? at : read_count(at, word, out);
}

/* Skip the word for how a standard adopts another one: IDT, MOD; NULL: none. */
static const char *
read_degree(const char *p)
{
	static const char *const degrees[] = {
	    "IDENTICAL", "IDT", "MOD", "NEQ", "EQV"};
	const char *at = p + strspn(p, " ,(");

	for (size_t i = 0; i < sizeof(degrees) / sizeof(*degrees); i++) {
		size_t n = strlen(degrees[i]);

		if (strncmp(at, degrees[i], n) == 0)
			return at + n + (at[n] == ')');
	}
	return NULL;
}

/* Skip an adopted number, "/ISO 9001:2015" or "idt ISO 9001:2015"; NULL: there
 * is none. An international standard adopts nothing: there, it is a second
 * number. */
static const char *
read_dual(const char *p, const struct std_number *out)
{
	struct std_number other;
	const struct std_word *last;
	const char *degree = read_degree(p);
	const char *at = degree != NULL ? degree : p;
	size_t signs = strspn(at, " /-:");
	bool parts;

	if (degree == NULL &&
	    (strcspn(at, "/") >= signs || out->level == STD_INTERNATIONAL))
		return NULL;
	at = std_read_prefix(NULL, at + signs, &other, &last, &parts);
	if (at == NULL || last == NULL)
		return NULL;
	return std_read_digits(at, &other, last, parts);
}

/* Print a consolidated text with '+', with whatever sign it was written. */
static void
join_consolidated(char *tail)
{
	if (strstr(tail, " CSV") == NULL)
		return;
	for (; *tail != '\0' && *tail != ' '; tail++)
		if (*tail == '/')
			*tail = '+';
}

const char *
std_read_tail(const char *text, struct std_number *out)
{
	const char *p = out->year != 0 ? read_reaffirmed(text, out) : text;
	const char *at;
	size_t stop;

	for (;;) {
		stop = strlen(out->tail);
		at = read_item(p, out);
		if (at == NULL)
			break;
		p = at;
	}
	out->tail[stop] = '\0';
	join_consolidated(out->tail);
	at = read_dual(p, out);
	p = at != NULL ? at : p;
	at = read_degree(p);
	return at != NULL ? at : p;
}
