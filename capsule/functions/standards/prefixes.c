/* SPDX-License-Identifier: ISC */
/*
 * Known prefixes as static data: codes of Chinese national and sector
 * standards, words of international and foreign ones, codes of provinces
 * (GB/T 2260). These data are only what reading a number needs; a table of the
 * capsule says which ministry has which code.
 */
#include "number.h"

#include "fold.h"

#define N STD_NATIONAL
#define S STD_SECTOR
#define M STD_MANDATORY
#define O STD_MANDATE_NONE

/* Sorted by name in capitals: searched by halves. */
/* clang-format off */
static const struct std_code codes[] = {
	{"AQ", S, M, "T", 0, ' ', false, '-'},
	{"BB", S, M, "T", 0, ' ', false, '-'},
	{"CB", S, M, "T", 0, ' ', false, '-'},
	{"CECS", STD_ASSOCIATION, O, "", 0, ' ', false, '-'},
	{"CH", S, M, "T", 0, ' ', false, '-'},
	{"CJ", S, M, "T", 0, ' ', false, '-'},
	{"CJJ", S, O, "T", 0, ' ', false, '-'},
	{"CNAS", S, O, "", 3, '-', true, ':'},
	{"CY", S, M, "T", 0, ' ', false, '-'},
	{"DA", S, M, "T", 0, ' ', false, '-'},
	{"DB", S, M, "T", 0, ' ', false, '-'},
	{"DL", S, M, "T", 0, ' ', false, '-'},
	{"DY", S, O, "T", 0, ' ', false, '-'},
	{"DZ", S, M, "T", 0, ' ', false, '-'},
	{"EJ", S, M, "T", 0, ' ', false, '-'},
	{"FZ", S, M, "T", 0, ' ', false, '-'},
	{"GA", S, M, "T", 0, ' ', false, '-'},
	{"GB", N, M, "TZ", 0, ' ', false, '-'},
	{"GBJ", N, M, "", 0, ' ', false, '-'},
	{"GBn", N, O, "", 0, ' ', false, '-'},
	{"GBZ", N, M, "T", 0, ' ', false, '-'},
	{"GC", S, O, "T", 0, ' ', false, '-'},
	{"GH", S, M, "T", 0, ' ', false, '-'},
	{"GHZB", N, O, "", 0, ' ', false, '-'},
	{"GJB", N, M, "Z", 0, ' ', false, '-'},
	{"GM", S, M, "T", 0, ' ', false, '-'},
	{"GSB", N, O, "", 1, ' ', true, '-'},
	{"GWKB", N, O, "", 0, ' ', false, '-'},
	{"GWPB", N, O, "", 0, ' ', false, '-'},
	{"GY", S, M, "T", 0, ' ', false, '-'},
	{"HB", S, M, "T", 0, ' ', false, '-'},
	{"HG", S, M, "T", 0, ' ', false, '-'},
	{"HJ", S, M, "T", 0, ' ', false, '-'},
	{"HJB", S, O, "T", 0, ' ', false, '-'},
	{"HS", S, M, "T", 0, ' ', false, '-'},
	{"HY", S, M, "T", 0, ' ', false, '-'},
	{"JB", S, M, "T", 0, ' ', false, '-'},
	{"JC", S, M, "T", 0, ' ', false, '-'},
	{"JG", S, M, "T", 0, ' ', false, '-'},
	{"JGJ", S, O, "T", 0, ' ', false, '-'},
	{"JJF", N, O, "", 0, ' ', false, '-'},
	{"JJG", N, O, "", 0, ' ', false, '-'},
	{"JR", S, M, "T", 0, ' ', false, '-'},
	{"JT", S, M, "T", 0, ' ', false, '-'},
	{"JTG", S, O, "T", 1, ' ', true, '-'},
	{"JTS", S, O, "T", 0, ' ', true, '-'},
	{"JY", S, M, "T", 0, ' ', false, '-'},
	{"LB", S, M, "T", 0, ' ', false, '-'},
	{"LD", S, M, "T", 0, ' ', false, '-'},
	{"LS", S, M, "T", 0, ' ', false, '-'},
	{"LY", S, M, "T", 0, ' ', false, '-'},
	{"MH", S, M, "T", 0, ' ', false, '-'},
	{"MR", S, O, "T", 0, ' ', false, '-'},
	{"MT", S, M, "T", 0, ' ', false, '-'},
	{"MZ", S, M, "T", 0, ' ', false, '-'},
	{"NB", S, O, "T", 0, ' ', false, '-'},
	{"NY", S, M, "T", 0, ' ', false, '-'},
	{"QB", S, M, "T", 0, ' ', false, '-'},
	{"QC", S, M, "T", 0, ' ', false, '-'},
	{"QJ", S, M, "T", 0, ' ', false, '-'},
	{"QX", S, M, "T", 0, ' ', false, '-'},
	{"RB", S, O, "T", 0, ' ', false, '-'},
	{"SB", S, M, "T", 0, ' ', false, '-'},
	{"SC", S, M, "T", 0, ' ', false, '-'},
	{"SF", S, O, "T", 0, ' ', false, '-'},
	{"SH", S, M, "T", 0, ' ', false, '-'},
	{"SJ", S, M, "T", 0, ' ', false, '-'},
	{"SL", S, M, "T", 0, ' ', false, '-'},
	{"SN", S, M, "T", 0, ' ', false, '-'},
	{"SW", S, O, "T", 0, ' ', false, '-'},
	{"SY", S, M, "T", 0, ' ', false, '-'},
	{"TB", S, M, "T", 0, ' ', false, '-'},
	{"TD", S, M, "T", 0, ' ', false, '-'},
	{"TJ", S, M, "T", 0, ' ', false, '-'},
	{"TSG", S, O, "", 1, ' ', false, '-'},
	{"TY", S, M, "T", 0, ' ', false, '-'},
	{"WB", S, M, "T", 0, ' ', false, '-'},
	{"WH", S, M, "T", 0, ' ', false, '-'},
	{"WJ", S, M, "T", 0, ' ', false, '-'},
	{"WM", S, M, "T", 0, ' ', false, '-'},
	{"WS", S, M, "T", 0, ' ', false, '-'},
	{"WW", S, M, "T", 0, ' ', false, '-'},
	{"XB", S, M, "T", 0, ' ', false, '-'},
	{"XF", S, O, "T", 0, ' ', false, '-'},
	{"YB", S, M, "T", 0, ' ', false, '-'},
	{"YC", S, M, "T", 0, ' ', false, '-'},
	{"YD", S, M, "T", 0, ' ', false, '-'},
	{"YJ", S, O, "T", 0, ' ', false, '-'},
	{"YS", S, M, "T", 0, ' ', false, '-'},
	{"YY", S, M, "T", 0, ' ', false, '-'},
	{"YZ", S, M, "T", 0, ' ', false, '-'},
	{"ZB", S, O, "T", 1, ' ', false, '-'},
	{"ZY", S, M, "T", 0, ' ', false, '-'},
};

#undef N
#undef S
#undef M
#undef O

#define B STD_WORD_BODY
#define T STD_WORD_TAKER
#define Y STD_WORD_TYPE
#define I STD_INTERNATIONAL
#define F STD_FOREIGN

/* Of those with the same first letter the longer ones stand first. */
static const struct std_word words[] = {
	{"AS/NZS", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"AATCC", B, F, '-', 0, 0, STD_FORM_PLAIN},
	{"ANSI", B, F, '-', 2, 0, STD_FORM_PLAIN},
	{"ASME", B, F, '-', 4, 0, STD_FORM_PLAIN},
	{"ASTM", B, F, '-', 1, 0, STD_FORM_SHORT},
	{"API", B, F, '-', 4, ' ', STD_FORM_PLAIN},
	{"AWI", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"AWS", B, F, '-', 1, 0, STD_FORM_PLAIN},
	{"AS", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"BS", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"CENELEC", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"CISPR", B, I, ':', 0, 0, STD_FORM_PLAIN},
	{"CAC", B, I, '-', 0, 0, STD_FORM_PLAIN},
	{"CDV", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"CEN", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"CIE", B, I, ':', 0, 0, STD_FORM_PLAIN},
	{"CLC", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"CNS", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"CSA", B, F, ':', 1, 0, STD_FORM_PLAIN},
	{"CSN", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"CWA", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"CXC", B, I, '-', 0, 0, STD_FORM_PLAIN},
	{"CXG", B, I, '-', 0, 0, STD_FORM_PLAIN},
	{"CXS", B, I, '-', 0, 0, STD_FORM_PLAIN},
	{"CD", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"DGuide", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"DISP", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"DPAS", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"Data", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"DIN", T, F, ':', 0, 0, STD_FORM_DIN},
	{"DIS", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"DTR", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"DTS", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"DS", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"ETSI", B, F, ':', 0, 0, STD_FORM_VERSION},
	{"EN", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"FDIS", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"Guide", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"GOST", T, F, '-', 1, ' ', STD_FORM_PLAIN},
	{"GL", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"HD", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"ITU-R", B, I, '(', 3, '.', STD_FORM_MONTH},
	{"ITU-T", B, I, '(', 1, '.', STD_FORM_MONTH},
	{"IEEE", B, F, '-', 2, 0, STD_FORM_PLAIN},
	{"ITTF", B, I, ':', 0, 0, STD_FORM_PLAIN},
	{"IEC", B, I, ':', 0, 0, STD_FORM_PLAIN},
	{"ISO", B, I, ':', 0, 0, STD_FORM_PLAIN},
	{"ISP", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"IWA", B, I, ':', 0, 0, STD_FORM_PLAIN},
	{"IS", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"JIS", T, F, ':', 1, ' ', STD_FORM_PLAIN},
	{"KS", T, F, ':', 1, ' ', STD_FORM_PLAIN},
	{"MISC", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"NFPA", B, F, '-', 0, 0, STD_FORM_PLAIN},
	{"NEN", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"NZS", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"NF", T, F, ':', 1, 0, STD_FORM_PLAIN},
	{"NP", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"OIML", B, I, ':', 1, ' ', STD_FORM_PLAIN},
	{"PDTR", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"PDTS", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"prEN", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"PAS", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"PRF", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"PWI", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"PN", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"RCP", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"RFC", B, F, ':', 0, 0, STD_FORM_PLAIN},
	{"RP", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"R", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"SANS", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"SIST", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"SPEC", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"STAN", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"SAE", B, F, '-', 4, 0, STD_FORM_PLAIN},
	{"SFS", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"SRD", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"Std", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"SS", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"TTA", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"TR", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"TS", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
	{"UNE", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"UNI", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"UL", B, F, '-', 0, 0, STD_FORM_PLAIN},
	{"VDE", T, F, ':', 0, 0, STD_FORM_PLAIN},
	{"WD", Y, STD_LEVEL_NONE, 0, 0, 0, STD_FORM_PLAIN},
};
/* clang-format on */

static char
capital(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* <0, 0, >0 as the n letters stand before, at, behind the name. */
static int
compare_code(const char *letters, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (name[i] == '\0' || letters[i] != capital(name[i]))
			return letters[i] - capital(name[i]);
	return name[n] == '\0' ? 0 : -1;
}

const struct std_code *
std_code_find(const char *letters, size_t n)
{
	size_t low = 0, high = sizeof(codes) / sizeof(*codes);

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare_code(letters, n, codes[middle].name);

		if (order == 0)
			return &codes[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* Behind the word if text begins with it, else NULL. */
static const char *
match_word(const char *text, const char *name)
{
	for (; *name != '\0'; name++) {
		if (*name == '-' || *name == '/')
			text += strspn(text, " -/.");
		else if (*text++ != capital(*name))
			return NULL;
	}
	return text;
}

const struct std_word *
std_word_at(const char *text, const char **end)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (capital(words[i].name[0]) != *text)
			continue;
		*end = match_word(text, words[i].name);
		if (*end != NULL)
			return &words[i];
	}
	return NULL;
}

bool
std_is_province(const char *digits)
{
	static const char *const last[] = {"", "12345", "123", "1234567",
	    "123456", "01234", "12345", "1", "12", ""};

	return std_is_digit(digits[0]) && std_is_digit(digits[1]) &&
	    strchr(last[digits[0] - '0'], digits[1]) != NULL;
}

const char *
std_level_name(enum std_level level)
{
	static const char *const names[] = {
	    NULL, "国家", "行业", "地方", "团体", "企业", "国际", "国外"};

	return names[level];
}

const char *
std_mandate_name(enum std_mandate mandate)
{
	static const char *const names[] = {NULL, "强制", "推荐", "指导"};

	return names[mandate];
}
