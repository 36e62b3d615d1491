/* SPDX-License-Identifier: ISC */
/*
 * Line breaking. libunistring implements UAX 14, but its versions differ:
 * Unicode 15.1 changed the rules of quotation marks, so two systems wrapped the
 * same page differently. Here are the rules that matter, in the order and with
 * the numbers of UAX 14 (revision 53, Unicode 16). The kind of a character
 * comes from the table below, or from its general category and its width. These
 * do not change after the character has been assigned.
 *
 * Different from UAX 14:
 *   - “ behind a wide character begins something, and ” before one ends it,
 *     whatever stands on the other side: 按|“GB/T 1”|写. Else, as there, a
 *     quotation mark stays with its neighbours („so“, don’t).
 *   - A line may end behind the blank before a slash, not behind that slash:
 *     see |/etc. It may not end within C++.
 *   - What has no kind of its own is a letter, or wide and like a Han
 *     character. Scripts without blanks (Thai, Khmer) are letters, too.
 */
#include "text/internal.h"

#include <unictype.h>

#include "base/utf8.h"
#include "text/space.h"

/* The classes of UAX 14 by its names, where they are the same. */
enum kind {
	AL, /* letters, and what has no other kind */
	NU, /* digits */
	ID, /* wide: Han, kana, Hangul, emoji */
	SP, /* blanks */
	OP, /* opening */
	CL, /* closing, and all that stands so in a Chinese line: ，。；： */
	CP, /* ) and ] */
	QU, /* " and ' */
	PI, /* “ ‘ « */
	PF, /* ” ’ » */
	EX, /* ! and ? */
	IS, /* , . : ; */
	SY, /* / */
	HY, /* - */
	BA, /* a line may be broken behind it: other hyphens, en dash, | */
	B2, /* — */
	NS, /* never first: small kana, sound marks, 々 */
	IN, /* … */
	PR, /* $ № + ± */
	PO, /* % ℃ */
	GL, /* no-break space and hyphen */
	WJ, /* word joiner */
	ZW  /* zero-width space */
};

/* In the order of characters. */
static const struct {
	uint32_t first, last;
	enum kind kind;
} table[] = {{0x21, 0x21, EX}, {0x22, 0x22, QU}, {0x24, 0x24, PR},
    {0x25, 0x25, PO}, {0x27, 0x27, QU}, {0x28, 0x28, OP}, {0x29, 0x29, CP},
    {0x2B, 0x2B, PR}, {0x2C, 0x2C, IS}, {0x2D, 0x2D, HY}, {0x2E, 0x2E, IS},
    {0x2F, 0x2F, SY}, {0x30, 0x39, NU}, {0x3A, 0x3B, IS}, {0x3F, 0x3F, EX},
    {0x5B, 0x5B, OP}, {0x5C, 0x5C, PR}, {0x5D, 0x5D, CP}, {0x7B, 0x7B, OP},
    {0x7C, 0x7C, BA}, {0x7D, 0x7D, CL}, {0xA0, 0xA0, GL}, {0xA1, 0xA1, OP},
    {0xA2, 0xA2, PO}, {0xAD, 0xAD, BA}, {0xB0, 0xB0, PO}, {0xB1, 0xB1, PR},
    {0xBF, 0xBF, OP}, {0x34F, 0x34F, GL}, {0x37E, 0x37E, IS},
    {0x589, 0x589, IS}, {0x60C, 0x60D, IS}, {0x61B, 0x61B, EX},
    {0x61F, 0x61F, EX}, {0x66A, 0x66A, PO}, {0x6D4, 0x6D4, EX},
    {0x964, 0x965, BA}, {0x2007, 0x2007, GL}, {0x200B, 0x200B, ZW},
    {0x2011, 0x2011, GL}, {0x2014, 0x2014, B2}, {0x2015, 0x2015, AL},
    {0x2024, 0x2026, IN}, {0x2027, 0x2027, BA}, {0x202F, 0x202F, GL},
    {0x2030, 0x2037, PO}, {0x203C, 0x203D, NS}, {0x2044, 0x2044, IS},
    {0x2047, 0x2049, NS}, {0x2060, 0x2060, WJ}, {0x2103, 0x2103, PO},
    {0x2109, 0x2109, PO}, {0x2116, 0x2116, PR}, {0x2212, 0x2213, PR},
    {0x22EF, 0x22EF, IN}, {0x2E3A, 0x2E3B, B2}, {0x3003, 0x3003, ID},
    {0x3005, 0x3005, NS}, {0x301C, 0x301C, NS}, {0x303B, 0x303C, NS},
    {0x303D, 0x303D, ID}, {0x3041, 0x3041, NS}, {0x3043, 0x3043, NS},
    {0x3045, 0x3045, NS}, {0x3047, 0x3047, NS}, {0x3049, 0x3049, NS},
    {0x3063, 0x3063, NS}, {0x3083, 0x3083, NS}, {0x3085, 0x3085, NS},
    {0x3087, 0x3087, NS}, {0x308E, 0x308E, NS}, {0x3095, 0x3096, NS},
    {0x309B, 0x309E, NS}, {0x30A0, 0x30A1, NS}, {0x30A3, 0x30A3, NS},
    {0x30A5, 0x30A5, NS}, {0x30A7, 0x30A7, NS}, {0x30A9, 0x30A9, NS},
    {0x30C3, 0x30C3, NS}, {0x30E3, 0x30E3, NS}, {0x30E5, 0x30E5, NS},
    {0x30E7, 0x30E7, NS}, {0x30EE, 0x30EE, NS}, {0x30F5, 0x30F6, NS},
    {0x30FB, 0x30FE, NS}, {0x31F0, 0x31FF, NS}, {0xFE19, 0xFE19, IN},
    {0xFE45, 0xFE46, ID}, {0xFE5F, 0xFE61, ID}, {0xFE68, 0xFE68, ID},
    {0xFE6A, 0xFE6A, PO}, {0xFE6B, 0xFE6B, ID}, {0xFEFF, 0xFEFF, WJ},
    {0xFF02, 0xFF03, ID}, {0xFF04, 0xFF04, PR}, {0xFF05, 0xFF05, PO},
    {0xFF06, 0xFF07, ID}, {0xFF0A, 0xFF0A, ID}, {0xFF0F, 0xFF0F, ID},
    {0xFF20, 0xFF20, ID}, {0xFF3C, 0xFF3C, ID}, {0xFF61, 0xFF61, CL},
    {0xFF64, 0xFF64, CL}, {0xFF65, 0xFF65, NS}, {0xFF66, 0xFF66, ID},
    {0xFF67, 0xFF70, NS}, {0xFF71, 0xFF9D, ID}, {0xFF9E, 0xFF9F, NS},
    {0xFFA0, 0xFFDC, ID}, {0xFFE0, 0xFFE0, PO}, {0xFFE1, 0xFFE1, PR},
    {0xFFE5, 0xFFE6, PR}, {0x1F1E6, 0x1F1FF, ID}};

static bool
look_up(uint32_t c, enum kind *out)
{
	size_t low = 0, high = sizeof(table) / sizeof(*table);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (c > table[middle].last)
			low = middle + 1;
		else if (c < table[middle].first)
			high = middle;
		else {
			*out = table[middle].kind;
			return true;
		}
	}
	return false;
}

static enum kind
class_of(uint32_t c, bool wide)
{
	enum kind found;

	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return AL;
	if (c >= 0x4E00 && c <= 0x9FFF)
		return ID;
	if (look_up(c, &found))
		return found;
	if (space_is(c))
		return SP;
	switch (uc_general_category(c).bitmask) {
	case UC_CATEGORY_MASK_Ps:
		return OP;
	case UC_CATEGORY_MASK_Pe:
		return CL;
	case UC_CATEGORY_MASK_Pi:
		return PI;
	case UC_CATEGORY_MASK_Pf:
		return PF;
	case UC_CATEGORY_MASK_Po:
		return wide ? CL : AL;
	case UC_CATEGORY_MASK_Pd:
		return wide ? ID : BA;
	case UC_CATEGORY_MASK_Nd:
		return wide ? ID : NU;
	case UC_CATEGORY_MASK_Sc:
		return PR;
	default:
		return wide ? ID : AL;
	}
}

#define BIT(kind) (1U << (kind))

/* LB23 to LB30: pairs of kinds without a break between them. */
static const unsigned joins[] = {
    [AL] = BIT(AL) | BIT(NU) | BIT(PR) | BIT(PO) | BIT(OP),
    [NU] = BIT(AL) | BIT(NU) | BIT(PR) | BIT(PO) | BIT(OP),
    [PR] = BIT(PR) | BIT(AL) | BIT(NU) | BIT(ID) | BIT(OP),
    [PO] = BIT(AL) | BIT(NU) | BIT(OP),
    [CP] = BIT(AL) | BIT(NU) | BIT(PR) | BIT(PO),
    [ID] = BIT(PO),
    [HY] = BIT(NU),
    [IS] = BIT(AL) | BIT(NU),
    [SY] = BIT(NU),
    [ZW] = 0};

/* The last cluster that is not a blank, and what follows it. */
struct before {
	enum kind kind;
	bool wide;
	bool blanks; /* behind it */
	bool begins; /* it stands at the start, behind a blank or an opening; a
		      * quotation mark behind what is wide, too */
};

/* May the line be broken where blanks separate the two clusters? */
static bool
behind_blanks(const struct before *b, enum kind c)
{
	if (b->kind == OP || (b->kind == PI && b->begins)) /* LB14, LB15 */
		return false;
	if (c == NS && (b->kind == CL || b->kind == CP)) /* LB16 */
		return false;
	if (c == B2 && b->kind == B2) /* LB17 */
		return false;
	return (BIT(c) &
		   (BIT(CL) | BIT(CP) | BIT(EX) | BIT(IS) | BIT(PF) |
		       BIT(WJ))) == 0; /* LB11, LB13, LB18 */
}

/* LB19 and LB19a, with the difference named above. true: *out has the
 * result. */
static bool
is_quoted(const struct before *b, enum kind c, bool wide, bool *out)
{
	if (c == QU || b->kind == QU || c == PF || b->kind == PI)
		*out = false;
	else if (c == PI)
		*out = b->wide || b->kind == PF;
	else if (b->kind == PF)
		*out = wide;
	else
		return false;
	return true;
}

/* May a line be broken before a cluster of kind c? */
static bool
is_allowed(const struct before *b, enum kind c, bool wide)
{
	bool quoted;

	if (c == SP || c == ZW) /* LB7 */
		return false;
	if (b->kind == ZW) /* LB8 */
		return true;
	if (b->blanks)
		return behind_blanks(b, c);
	if (b->kind == WJ || b->kind == GL || b->kind == OP)
		return false; /* LB11, LB12, LB14 */
	if (c == GL)
		return b->kind == BA || b->kind == HY; /* LB12a */
	if (BIT(c) &
	    (BIT(CL) | BIT(CP) | BIT(EX) | BIT(IS) | BIT(SY) | BIT(WJ)))
		return false; /* LB11, LB13 */
	if (is_quoted(b, c, wide, &quoted))
		return quoted;
	if (c == B2 && b->kind == B2) /* LB17 */
		return false;
	if (BIT(c) & (BIT(BA) | BIT(HY) | BIT(NS) | BIT(IN)))
		return false; /* LB21, LB22 */
	if ((b->kind == HY || b->kind == SY) && b->begins &&
	    c == AL) /* LB20a */
		return false;
	if (c == OP && wide) /* LB30 */
		return true;
	return (joins[b->kind] & BIT(c)) == 0;
}

void
breaks_find(struct str line, char *breaks)
{
	struct before before = {.kind = WJ, .begins = true};
	size_t at = 0;

	memset(breaks, 0, line.len);
	while (at < line.len) {
		unsigned columns;
		size_t end = cluster_end(line, at, &columns);
		struct str cluster = str_slice(line, at, end);
		uint32_t first = utf8_next(&cluster);
		bool wide = cluster_character_width(first) == 2;
		enum kind kind = class_of(first, wide);

		if (kind == SP && cluster.len > 0)
			kind = AL; /* LB10: marks on a blank */
		breaks[at] = at > 0 && is_allowed(&before, kind, wide);
		if (kind == SP)
			before.blanks = true;
		else
			before = (struct before){kind, wide, false,
			    before.blanks || at == 0 || before.kind == OP ||
				before.kind == PI ||
				(kind == PI && before.wide)};
		at = end;
	}
}
