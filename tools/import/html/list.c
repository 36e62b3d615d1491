/* SPDX-License-Identifier: ISC */
/*
 * Writes the numbers of ordered lists, because texts refer to them: "see item
 * 3", "as in b)". Gemtext has no lists inside lists. So an item begins with its
 * own number and those of the items around it: "2. a. ".
 */
#include "tools/import/html/internal.h"

enum {
	NUMBER_MAX = 1000000,
	LETTERS = 26,
	LEVELS_MAX = 6 /* numbers before one item */
};

bool
html_is_list(const struct html_node *node)
{
	static const char *const names[] = {"ol", "ul", "menu", "dir"};

	return html_is_one_of(node, names, sizeof(names) / sizeof(*names));
}

/* Read an integer as HTML does: " 3x" is 3. */
static bool
read_number(struct str text, int64_t *out)
{
	int64_t sign = 1, number = 0;
	size_t digits = 0;

	text = str_trim(text);
	if (str_starts(text, STR("-")) || str_starts(text, STR("+"))) {
		sign = text.data[0] == '-' ? -1 : 1;
		text = str_slice(text, 1, text.len);
	}
	while (digits < text.len && text.data[digits] >= '0' &&
	    text.data[digits] <= '9' && number < NUMBER_MAX)
		number = number * 10 + (text.data[digits++] - '0');
	if (digits == 0 || number >= NUMBER_MAX)
		return false;
	*out = sign * number;
	return true;
}

static size_t
count_items(const struct html_node *node)
{
	size_t n = 0;

	for (const struct html_node *child = node->children; child != NULL;
	     child = child->next) {
		if (child->type != HTML_ELEMENT || html_is_list(child) ||
		    html_is_dropped(child))
			continue;
		n += html_is_element(child, "li") ? 1 : count_items(child);
	}
	return n;
}

static void
number_items(struct html_node *node, int64_t *next, int64_t step)
{
	for (struct html_node *child = node->children; child != NULL;
	     child = child->next) {
		if (child->type != HTML_ELEMENT || html_is_list(child) ||
		    html_is_dropped(child))
			continue;
		if (html_is_element(child, "li")) {
			read_number(html_attribute(child, "value"), next);
			child->number = *next;
			*next += step;
		} else {
			number_items(child, next, step);
		}
	}
}

void
html_number_items(struct html_node *list)
{
	bool reversed = html_has(list, "reversed");
	int64_t next = reversed ? (int64_t)count_items(list) : 1;

	read_number(html_attribute(list, "start"), &next);
	number_items(list, &next, reversed ? -1 : 1);
}

/* Append a, b ... z, aa, ab ...; number is at least 1. */
static void
add_letters(struct buf *out, int64_t number, char a)
{
	char letters[16];
	size_t n = sizeof(letters);

	while (number > 0 && n > 0) {
		number--;
		letters[--n] = (char)(a + number % LETTERS);
		number /= LETTERS;
	}
	buf_add(out, letters + n, sizeof(letters) - n);
}

static void
add_roman(struct buf *out, int64_t number, bool capitals)
{
	static const struct {
		int64_t value;
		const char *small, *capital;
	} signs[] = {{1000, "m", "M"}, {900, "cm", "CM"}, {500, "d", "D"},
	    {400, "cd", "CD"}, {100, "c", "C"}, {90, "xc", "XC"},
	    {50, "l", "L"}, {40, "xl", "XL"}, {10, "x", "X"}, {9, "ix", "IX"},
	    {5, "v", "V"}, {4, "iv", "IV"}, {1, "i", "I"}};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		for (; number >= signs[i].value; number -= signs[i].value)
			buf_text(
			    out, capitals ? signs[i].capital : signs[i].small);
}

/* Append 一, 十一, 二十; numbers above 99 are written in digits. */
static void
add_chinese(struct buf *out, int64_t number)
{
	static const char *const digits[] = {
	    "", "一", "二", "三", "四", "五", "六", "七", "八", "九"};

	if (number >= 20)
		buf_text(out, digits[number / 10]);
	if (number >= 10)
		buf_text(out, "十");
	buf_text(out, digits[number % 10]);
}

/* The list styles of style sheets. 0: the list has signs instead of numbers, or
 * neither. */
static const struct counter {
	const char *word;
	char type;
} counters[] = {{"none", 0}, {"disc", 0}, {"circle", 0}, {"square", 0},
    {"decimal", '1'}, {"decimal-leading-zero", '0'}, {"cjk-decimal", '1'},
    {"lower-alpha", 'a'}, {"lower-latin", 'a'}, {"upper-alpha", 'A'},
    {"upper-latin", 'A'}, {"lower-roman", 'i'}, {"upper-roman", 'I'},
    {"lower-greek", 'g'}, {"cjk-ideographic", 'c'},
    {"simp-chinese-informal", 'c'}, {"trad-chinese-informal", 'c'}};

/* Does the element itself say how it counts? */
static bool
says_type(const struct html_node *node, char *out)
{
	struct str type = html_attribute(node, "type");

	for (size_t i = 0; i < sizeof(counters) / sizeof(*counters); i++) {
		const char *word = counters[i].word;
		if (!html_has_style(node, "list-style-type", word) &&
		    !html_has_style(node, "list-style", word) &&
		    !(counters[i].type == 0 &&
			str_equal_nocase(type, str_from(word))))
			continue;
		*out = counters[i].type;
		return true;
	}
	if (type.len != 1 || strchr("1aAiI", type.data[0]) == NULL)
		return false;
	*out = type.data[0];
	return true;
}

/* How a list counts: 1, 0 (01), a, A, i, I, g (α), c (一), or 0. */
static char
find_type(const struct html_node *item, const struct html_node *list)
{
	char type = html_is_element(list, "ol") ? '1' : 0;

	if (!says_type(item, &type))
		(void)says_type(list, &type);
	return type;
}

/* α, β ... ω: 24 letters, without the second form of sigma. */
static void
add_greek(struct buf *out, int64_t number)
{
	buf_char(out, (char)(number < 16 ? 0xCE : 0xCF));
	buf_char(out,
	    (char)(number < 16 ? 0xB0 + number
			       : 0x80 + number - 16 + (number > 17)));
}

static void
add_number(
    struct buf *out, const struct html_node *item, const struct html_node *list)
{
	char type = find_type(item, list);
	int64_t n = item->number;
	bool letter = (type == 'a' || type == 'A') && n > 0;
	bool roman = (type == 'i' || type == 'I') && n > 0 && n < 4000;
	bool chinese = type == 'c' && n > 0 && n < 100;
	bool greek = type == 'g' && n > 0 && n <= 24;

	if (type == 0)
		return;
	if (letter)
		add_letters(out, n, type);
	else if (roman)
		add_roman(out, n, type == 'I');
	else if (chinese)
		add_chinese(out, n);
	else if (greek)
		add_greek(out, n);
	else
		buf_printf(out,
		    type == '0' && n >= 0 && n < 10 ? "0%lld" : "%lld",
		    (long long)n);
	buf_text(out, chinese ? "\u3001" : ". ");
}

/* The list around an element; NULL: none. */
static const struct html_node *
list_of(const struct html_node *node)
{
	const struct html_node *at = node->parent;

	while (at != NULL && !html_is_list(at) && !html_is_element(at, "li") &&
	    !html_is_cell(at))
		at = at->parent;
	return at != NULL && html_is_list(at) ? at : NULL;
}

/* The item around a list; NULL: none. */
static const struct html_node *
item_around(const struct html_node *list)
{
	const struct html_node *at = list->parent;

	while (at != NULL && !html_is_element(at, "li") && !html_is_cell(at))
		at = at->parent;
	return at != NULL && html_is_element(at, "li") ? at : NULL;
}

static void
add_marker(struct buf *out, const struct html_node *item, unsigned levels)
{
	const struct html_node *list = list_of(item), *around;

	if (list == NULL)
		return;
	around = item_around(list);
	if (around != NULL && levels > 1)
		add_marker(out, around, levels - 1);
	if (find_type(item, list) != 0)
		add_number(out, item, list);
	else if (around != NULL && !html_is_element(list, "ol"))
		buf_text(out, "\u2013 ");
}

void
html_add_marker(struct buf *out, const struct html_node *item)
{
	add_marker(out, item, LEVELS_MAX);
}
