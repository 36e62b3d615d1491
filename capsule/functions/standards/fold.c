/* SPDX-License-Identifier: ISC */
/* Folds full-width characters, dashes, marks and blanks, and makes keys. */
#include "fold.h"

#include <stdio.h>

#include "base/utf8.h"

static char
fold_ascii(uint32_t c)
{
	if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))
		return (char)c;
	if (c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	if (c == 0)
		return STD_SIGN;
	if (c <= ' ' || c == 0x7F)
		return ' ';
	if (c == '\\')
		return '/';
	return strchr("_\"'`<>[]{}|", (int)c) != NULL ? ' ' : (char)c;
}

static bool
is_one_of(uint32_t c, const uint32_t *set, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (set[i] == c)
			return true;
	return false;
}

#define IN(c, set) is_one_of((c), (set), sizeof(set) / sizeof(*(set)))

static char
fold_han(uint32_t c)
{
	static const uint32_t numerals[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB,
	    0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D, 0x96F6};

	if (c == 0x5E74)
		return STD_YEAR_SIGN;
	return IN(c, numerals) ? STD_NUMERAL : STD_OTHER;
}

/* The kind of a character beyond ASCII that is no sign of a number. Blocks
 * are enough: what a block of letters holds besides is in no number. */
static char
script_of(uint32_t c)
{
	if (c == 0x3007 || c == 0x25CB) /* zero, and the circle typed for it */
		return STD_NUMERAL;
	if ((c >= 0x3005 && c <= 0x3006) || (c >= 0x3040 && c <= 0x31FF) ||
	    (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xA960 && c <= 0xA97F) ||
	    (c >= 0xAC00 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFAFF) ||
	    (c >= 0xFF66 && c <= 0xFFDC) || (c >= 0x1100 && c <= 0x11FF) ||
	    (c >= 0x20000 && c <= 0x3FFFF))
		return STD_OTHER;
	if (c == 0xAA || c == 0xB5 || c == 0xBA ||
	    (c >= 0xC0 && c <= 0x1FFF && c != 0xD7 && c != 0xF7) ||
	    (c >= 0x2C00 && c <= 0x2DFF) || (c >= 0xA000 && c <= 0xABFF) ||
	    (c >= 0xFB00 && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFF) ||
	    (c >= 0x10000 && c <= 0x1CFFF))
		return STD_ALIEN;
	return STD_SIGN;
}

static char
fold_other(uint32_t c)
{
	static const uint32_t dashes[] = {0x2010, 0x2011, 0x2012, 0x2013,
	    0x2014, 0x2015, 0x2212, 0x2500, 0x2501, 0x30FC, 0xFE58, 0xFE63,
	    0xFF70};
	static const uint32_t points[] = {
	    0xB7, 0x2022, 0x2027, 0x22C5, 0x3002, 0x30FB, 0xFF61, 0xFF65};
	static const uint32_t colons[] = {0x2236, 0xFE13, 0xFE30, 0xFE55};
	static const uint32_t slashes[] = {0x2044, 0x2215, 0x29F8};
	static const uint32_t blanks[] = {0x85, 0xA0, 0xAB, 0xBB, 0x202F,
	    0x205F, 0x2028, 0x2029, 0x3000, 0x3014, 0x3015, 0x2039, 0x203A};

	if (IN(c, dashes))
		return '-';
	if (IN(c, points))
		return '.';
	if (IN(c, colons))
		return ':';
	if (IN(c, slashes))
		return '/';
	if (IN(c, blanks) || (c >= 0x2000 && c <= 0x200A) ||
	    (c >= 0x2018 && c <= 0x201F) || (c >= 0x3008 && c <= 0x3011))
		return ' ';
	if (c == 0xD7) /* a placeholder for a digit, as X is */
		return 'X';
	return script_of(c);
}

char
std_fold_char(uint32_t c)
{
	if (c < 0x80)
		return fold_ascii(c);
	if (c >= 0x3400 && c <= 0x9FFF) /* most of what is asked */
		return fold_han(c);
	if (c == UTF8_BAD)
		return STD_SIGN;
	if (c >= 0xFF01 && c <= 0xFF5E) /* full-width forms of ASCII */
		return fold_ascii(c - 0xFF01 + 0x21);
	/* (C), (R), TM and SM stand behind names: IEEE Std 1588(TM). */
	if ((c >= 0xFE00 && c <= 0xFE0F) || c == 0xA9 || c == 0xAE ||
	    c == 0x2120 || c == 0x2122 || utf8_is_invisible(c))
		return 0;
	return fold_other(c);
}

uint32_t
std_capital(uint32_t c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 0xE0 && c <= 0xFE && c != 0xF7) ||
	    (c >= 0x3B1 && c <= 0x3C9 && c != 0x3C2) ||
	    (c >= 0x430 && c <= 0x44F))
		return c - 0x20;
	return c >= 0x450 && c <= 0x45F ? c - 0x50 : c;
}

static bool
is_word(char folded)
{
	return std_is_letter(folded) || std_is_digit(folded);
}

/* U7CA4 or U2000B with nothing behind that goes on: the letter, else 0. */
static uint32_t
read_escape(struct str text, size_t *n)
{
	uint32_t c = 0;

	for (*n = 1; *n < text.len && *n < 6; ++*n) {
		char digit = text.data[*n];

		if (!std_is_digit(digit) && (digit < 'A' || digit > 'F'))
			break;
		c = c * 16 +
		    (uint32_t)(digit <= '9' ? digit - '0' : digit - 'A' + 10);
	}
	if (*n < 5 || (*n == 6 && c <= 0xFFFF) || c < 0x80 ||
	    !std_is_script(std_fold_char(c)) || std_capital(c) != c)
		return 0;
	return *n < text.len &&
		is_word(fold_ascii((unsigned char)text.data[*n]))
	    ? 0
	    : c;
}

uint32_t
std_next(struct str *rest)
{
	uint32_t letter;
	size_t n;

	if (*rest->data != 'U')
		return utf8_next(rest);
	letter = read_escape(*rest, &n);
	if (letter == 0)
		return utf8_next(rest);
	*rest = str_slice(*rest, n, rest->len);
	return letter;
}

/* Between a digit and a dash a bar is a digit that was misread. */
static bool
is_digit_misread(uint32_t c, char before, struct str rest)
{
	return c == '|' && std_is_digit(before) && rest.len > 0 &&
	    (*rest.data == '-' || *rest.data == ':');
}

/* Between digits and a year the numeral one is a dash that was misread. */
static bool
is_dash_misread(struct str rest, const char *folded, size_t n)
{
	if (n == 0 || !std_is_digit(folded[n - 1]) || rest.len < 4 ||
	    (*rest.data != '1' && *rest.data != '2'))
		return false;
	for (size_t i = 1; i < 4; i++)
		if (!std_is_digit(rest.data[i]))
			return false;
	return rest.len == 4 || !std_is_digit(rest.data[4]);
}

/* A mark that is no blank stands between a digit and a dash: 1900<-2016. */
static bool
is_mark_misread(uint32_t c, const char *folded, size_t n, struct str rest)
{
	return n > 0 && std_is_digit(folded[n - 1]) && rest.len > 0 &&
	    (*rest.data == '-' || *rest.data == ':') && c > ' ' && c != 0x7F &&
	    c != 0xA0 && c != 0x3000;
}

void
std_fold(struct std_window *out, struct str text, bool prose)
{
	struct str rest = text;
	bool inside = false; /* a word, where no escape begins */
	size_t n = 0;

	while (rest.len > 0 && n < STD_WINDOW) {
		size_t at = text.len - rest.len;
		unsigned char first = (unsigned char)*rest.data;
		uint32_t c;
		char folded;

		if (first < 0x80 && (first != 'U' || inside)) {
			folded = fold_ascii(first);
			rest = (struct str){rest.data + 1, rest.len - 1};
			if (n > 0 &&
			    is_digit_misread(first, out->text[n - 1], rest))
				folded = 'I';
			if (folded == '-' && n > 0 && out->text[n - 1] == '-' &&
			    out->code[n - 1] != first)
				folded = STD_SIGN;
			if (folded == ' ' &&
			    is_mark_misread(first, out->text, n, rest))
				folded = STD_SIGN;
			out->text[n] = folded;
			out->code[n] = first;
			out->at[n++] = at;
			inside = is_word(folded);
			continue;
		}
		c = std_next(&rest);
		folded = std_fold_char(c);
		if (prose && c == 0x3002)
			folded = STD_SIGN;
		if (c == 0x4E00 && is_dash_misread(rest, out->text, n))
			folded = '-';
		/* ASTM's epsilon: A370-20e1. */
		if ((c == 0x3B5 || c == 0x3F5) && n > 0 &&
		    is_word(out->text[n - 1]) && rest.len > 0 &&
		    std_is_digit(*rest.data))
			folded = 'E';
		if (folded == 0)
			continue;
		if (folded == ' ' && is_mark_misread(c, out->text, n, rest))
			folded = STD_SIGN;
		/* Two dashes, but not the same one twice. */
		if (folded == '-' && n > 0 && out->text[n - 1] == '-' &&
		    out->code[n - 1] != c)
			folded = STD_SIGN;
		inside = is_word(folded);
		out->text[n] = folded;
		out->code[n] = std_capital(c);
		out->at[n++] = at;
	}
	out->text[n] = '\0';
	out->at[n] = text.len - rest.len;
}

void
std_squash(struct buf *out, struct str text)
{
	std_squash_clean(out, std_trim(text));
}

/* A key in the making. */
struct key {
	char text[STD_KEY_MAX + 1];
	size_t n;      /* written; one too many says that it is longer */
	char last;     /* its last letter or digit; 0: there is none */
	char signs[4]; /* behind it, written when something follows: .-. */
	size_t waiting;
	bool hashes;
	uint64_t hash; /* of all of it; see hash_more() */
};

static void
key_put(struct key *key, char c)
{
	if (key->n <= STD_KEY_MAX)
		key->text[key->n++] = c;
	if (key->hashes)
		key->hash = hash_more(key->hash, &c, 1);
}

/* One sign of a kind in a row, and one dash in all. */
static void
key_sign(struct key *key, char c)
{
	size_t n = key->waiting;

	if (key->last != 0 && n < 3 && (n == 0 || key->signs[n - 1] != c) &&
	    (c == '.' || memchr(key->signs, '-', n) == NULL))
		key->signs[key->waiting++] = c;
}

static void
key_add(struct key *key, char c)
{
	/* "No. 0": a point of an abbreviation is not written. */
	bool drops = key->waiting > 1 && key->signs[0] == '.' &&
	    !std_is_digit(key->last);

	for (size_t i = drops; i < key->waiting; i++)
		key_put(key, key->signs[i]);
	key->waiting = 0;
	key_put(key, c);
	key->last = c;
}

static void
key_add_letter(struct key *key, uint32_t c)
{
	static const char digits[] = "0123456789ABCDEF";

	key_sign(key, '-');
	key_add(key, 'U');
	for (int shift = c > 0xFFFF ? 16 : 12; shift >= 0; shift -= 4)
		key_add(key, digits[c >> shift & 15]);
	key_sign(key, '-');
}

/* The next character of text; no escape begins inside a word. */
static void
key_step(struct key *key, struct str *text)
{
	bool inside = key->waiting == 0 && is_word(key->last);
	uint32_t c = inside ? utf8_next(text) : std_next(text);
	char folded = std_fold_char(c);

	if (inside && is_digit_misread(c, key->last, *text))
		folded = 'I';
	if (is_word(folded))
		key_add(key, folded);
	else if (std_is_script(folded))
		key_add_letter(key, std_capital(c));
	else if (folded != 0)
		key_sign(key, folded == '.' ? '.' : '-');
}

/* Too long: its beginning, and a digest of all of it. */
static void
key_cut(struct key *key, struct str text)
{
	struct key whole = {.hashes = true, .hash = HASH_START};
	size_t n = STD_KEY_MAX - 17;

	while (text.len > 0)
		key_step(&whole, &text);
	while (n > 0 && (key->text[n - 1] == '-' || key->text[n - 1] == '.'))
		n--;
	snprintf(key->text + n, sizeof(key->text) - n, "-%016llX",
	    (unsigned long long)whole.hash);
	key->n = n + 17;
}

static void
key_make(struct key *key, struct str text)
{
	struct str rest = text;

	key->n = key->waiting = 0;
	key->last = 0;
	key->hashes = false;
	while (rest.len > 0 && key->n <= STD_KEY_MAX)
		key_step(key, &rest);
	if (key->n > STD_KEY_MAX)
		key_cut(key, text);
	/* A key with an ending of its own would not be its own key. */
	for (size_t before = key->n + 1; key->n < before;) {
		before = key->n;
		key->n = std_trim((struct str){key->text, before}).len;
	}
}

void
std_squash_clean(struct buf *out, struct str text)
{
	struct key key, again;

	key_make(&key, text);
	/* "ua202" as a key is the letter U+A202. */
	if (memchr(key.text, 'U', key.n) != NULL) {
		key_make(&again, (struct str){key.text, key.n});
		key = again;
	}
	buf_add(out, key.text, key.n);
}

/* Blanks, brackets and marks that stand around a title, not in it. */
static bool
is_edge(uint32_t c)
{
	char folded = std_fold_char(c);

	return folded == 0 || c == 0x3001 || c == 0xFF0C || c == 0xFF1B ||
	    strchr(" -.:;,/*#", folded) != NULL;
}

static struct str
trim_end(struct str text)
{
	while (text.len > 0) {
		size_t start = text.len - 1;
		struct str last;

		while (start > 0 && text.len - start < 4 &&
		    ((unsigned char)text.data[start] & 0xC0) == 0x80)
			start--;
		last = str_slice(text, start, text.len);
		if (!is_edge(utf8_next(&last)) || last.len > 0)
			return text;
		text.len = start;
	}
	return text;
}

struct str
std_trim(struct str text)
{
	static const char *const endings[] = {
	    ".pdf", ".doc", ".docx", ".txt", ".ofd", ".caj", ".wps"};
	struct str rest = text;

	while (text.len > 0 && is_edge(utf8_next(&rest)))
		text = rest;
	text = trim_end(text);
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		struct str ending = str_from(endings[i]);

		if (text.len >= ending.len &&
		    str_equal_nocase(
			str_slice(text, text.len - ending.len, text.len),
			ending)) {
			text.len -= ending.len;
			return trim_end(text);
		}
	}
	return text;
}
