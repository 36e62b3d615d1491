/* SPDX-License-Identifier: ISC */
/* Reads a number: first what stands before it, then its parts in turn. */
#include "number.h"

#include "base/utf8.h"
#include "fold.h"

bool
std_put(char *to, size_t size, const char *from, size_t n)
{
	size_t len = strlen(to);

	if (n >= size - len)
		return false;
	memcpy(to + len, from, n);
	to[len + n] = '\0';
	return true;
}

/* Words that people write before a number, with what they stand for where
 * only digits follow. Longer ones first. */
static const struct label {
	const char *text;
	const char *prefix;
} labels[] = {{"推荐性国家标准", "GB/T"}, {"强制性国家标准", "GB"},
    {"国家军用标准", "GJB"}, {"现行标准号", NULL}, {"国家标准", "GB"},
    {"行业标准", NULL}, {"地方标准", NULL}, {"团体标准", NULL},
    {"企业标准", NULL}, {"国际标准", NULL}, {"标准编号", NULL},
    {"标准代号", NULL}, {"执行标准", NULL}, {"标准号", NULL}, {"国军标", "GJB"},
    {"国标", "GB"}, {"行标", NULL}, {"地标", NULL}, {"团标", NULL},
    {"企标", NULL}, {"标准", NULL}, {"编号", NULL}};

static struct str
skip_signs(struct str text)
{
	struct str rest = text;

	while (text.len > 0) {
		char c = std_fold_char(utf8_next(&rest));

		if (c != 0 && strchr(" -.:/,;(*#", c) == NULL)
			break;
		text = rest;
	}
	return text;
}

/* "1.", "(2)", "3、" before a number that begins with a letter. */
static struct str
skip_ordinal(struct str text)
{
	struct str rest = text;
	size_t n = 0;
	uint32_t c;

	while (n < rest.len && n < 5 && std_is_digit(rest.data[n]))
		n++;
	if (n == 0 || n > 4 || n == rest.len)
		return text;
	rest = str_slice(text, n, text.len);
	c = utf8_next(&rest);
	if (c != '.' && c != ')' && c != 0x3001 && c != 0xFF0E && c != 0xFF09)
		return text;
	rest = skip_signs(rest);
	n = 0;
	if (rest.len > 0) {
		struct str first = rest;
		char folded = std_fold_char(utf8_next(&first));

		n = std_is_letter(folded) || std_is_script(folded);
	}
	return n > 0 ? rest : text;
}

/* Past labels, ordinals, marks; *prefix: what the last label stands for. */
static struct str
skip_lead(struct str text, const char **prefix)
{
	size_t i;

	*prefix = NULL;
	text = skip_signs(text);
	if (text.len > 3 && str_starts(text, STR("\xE2\x91"))) /* circled */
		text = skip_signs(str_slice(text, 3, text.len));
	text = skip_ordinal(text);
	do {
		for (i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
			struct str label = str_from(labels[i].text);

			if (text.len == 0 || (unsigned char)*text.data < 0xE0)
				return text;
			if (!str_starts(text, label))
				continue;
			*prefix = labels[i].prefix;
			text = skip_signs(str_slice(text, label.len, text.len));
			break;
		}
	} while (i < sizeof(labels) / sizeof(*labels));
	return text;
}

/* Nothing behind it but blanks and the ending of a file's name. */
static bool
is_whole(struct str text, size_t end)
{
	struct str rest = std_trim(str_slice(text, end, text.len));

	return rest.len == 0 || str_equal_nocase(rest, STR("pdf")) ||
	    str_equal_nocase(rest, STR("doc")) ||
	    str_equal_nocase(rest, STR("docx")) ||
	    str_equal_nocase(rest, STR("txt"));
}

/* 2026-11-23, 2026-11: a date is no number. */
static bool
is_date(const struct std_number *out)
{
	return strlen(out->number) > 5 && out->number[4] == '-' &&
	    (strncmp(out->number, "19", 2) == 0 ||
		strncmp(out->number, "20", 2) == 0) &&
	    strspn(out->number + 5, "0123456789") <= 2;
}

static const char *
read_bare(const char *p, struct std_number *out)
{
	*out = (struct std_number){.gap = 0, .year_mark = '-'};
	if (!std_is_digit(*p))
		return NULL;
	p = std_read_digits(p, out, NULL, false);
	return p == NULL || is_date(out) ? NULL : p;
}

/* "第1号修改单", as amendments are named where they are printed: past it, with
 * the tail /XG1; 0: no such. */
static size_t
read_amendment(struct str text, struct std_number *out)
{
	static const char *const digits[] = {
	    "一", "二", "三", "四", "五", "六", "七", "八", "九"};
	struct str at = skip_signs(text);
	char tail[] = "/XG0";
	size_t i = 0;

	if (str_starts(at, STR("第")))
		at = skip_signs(str_slice(at, strlen("第"), at.len));
	if (at.len > 0 && *at.data >= '1' && *at.data <= '9') {
		tail[3] = *at.data;
		at = str_slice(at, 1, at.len);
	} else {
		while (i < 9 && !str_starts(at, str_from(digits[i])))
			i++;
		if (i == 9)
			return 0;
		tail[3] = (char)('1' + i);
		at = str_slice(at, strlen(digits[i]), at.len);
	}
	at = skip_signs(at);
	if (!str_starts(at, STR("号修改单")) ||
	    !std_put(out->tail, sizeof(out->tail), tail, strlen(tail)))
		return 0;
	return (size_t)(at.data - text.data) + strlen("号修改单");
}

/*
 * DB99/T 1: no such region, and no earthquake's number 99. DB46 with anything
 * behind it is the beginning of a province's number; alone and apart, DB 46,
 * it may be an earthquake's.
 */
static bool
is_no_region(const char *text, const char *p, const struct std_number *out)
{
	if (strcmp(out->prefix, "DB") != 0 || out->year != 0)
		return false;
	if ((*p == '/' || *p == '-') && p[1] == 'T')
		return true;
	return strlen(out->number) == 2 && std_is_province(out->number) &&
	    (std_is_digit(text[2]) || *p != '\0');
}

bool
std_read_beginning(
    struct str text, enum std_context context, struct std_number *out)
{
	const char *label = NULL, *p, *digits;
	const struct std_word *last = NULL;
	struct std_window window;
	struct str at = text;
	bool parts = false, bare = false;

	if (context == STD_ANY)
		at = skip_lead(text, &label);
	std_fold(&window, at, context == STD_PROSE);
	digits = p = window.text;
	if (label != NULL && std_is_digit(*p))
		std_read_prefix(NULL,
		    strcmp(label, "GB/T") == 0      ? "GB/T1"
			: strcmp(label, "GJB") == 0 ? "GJB1"
						    : "GB1",
		    out, &last, &parts);
	else if (std_is_digit(*p) && context == STD_ANY)
		bare = true;
	else
		digits = std_read_prefix(&window, p, out, &last, &parts);
	if (digits == NULL)
		return false;
	p = bare ? read_bare(digits, out)
		 : std_read_digits(digits, out, last, parts);
	if (p == NULL)
		return false;
	if (!bare)
		p = std_read_tail(p, out);
	if (is_no_region(window.text, p, out))
		return false;
	out->end = (size_t)(at.data - text.data) + window.at[p - window.text];
	if (context == STD_ANY && out->year != 0 && *out->tail == '\0' &&
	    out->level < STD_INTERNATIONAL)
		out->end +=
		    read_amendment(str_slice(text, out->end, text.len), out);
	return !bare || is_whole(text, out->end);
}

enum std_reading
std_try(struct str text, enum std_context context, struct std_number *out,
    struct std_unread *unread)
{
	*unread = (struct std_unread){{NULL, 0}, false};
	if (!std_read_beginning(text, context, out))
		return STD_NONE;
	if (*out->prefix == '\0') /* digits alone, and nothing behind them */
		return STD_WHOLE;
	*unread =
	    std_find_unread(str_slice(text, out->end, text.len), context, out);
	return unread->text.len > 0 ? STD_PART : STD_WHOLE;
}

bool
std_read(struct str text, enum std_context context, struct std_number *out)
{
	struct std_unread unread;

	return std_try(text, context, out, &unread) == STD_WHOLE;
}
