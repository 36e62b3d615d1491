/* SPDX-License-Identifier: ISC */
/*
 * Reads a number in a list of replaced standards, or a range: GB/T
 * 4797.1～4797.3-2005 is three numbers. The result decides whether a standard
 * is in force. So this file is stricter than std_read(): a number counts only
 * if it is read to its end and no character in it may be a misprint.
 */
#include "base/utf8.h"
#include "fold.h"
#include "replaced.h"

enum { SPAN_MAX = 200, LINE_MAX_BYTES = 400 };

static bool
is_chinese(const struct std_number *number)
{
	return number->level >= STD_NATIONAL && number->level <= STD_ENTERPRISE;
}

static bool
is_tilde(uint32_t c)
{
	return c == '~' || c == 0xFF5E || c == 0x301C || c == 0x223C ||
	    c == 0x223D || c == 0x2053 || c == 0x02DC || c == 0x81F3 /* 至 */ ||
	    c == 0x5230 /* 到 */;
}

static bool
is_chinese_letter(uint32_t c)
{
	return c >= 0x2E80 && std_fold_char(c) != '-';
}

/* Are there words inside what opens here? (2021) and (E) belong to a number. */
static bool
opens_words(struct str text)
{
	size_t letters = 0;

	while (text.len > 0) {
		uint32_t c = utf8_next(&text);

		if (c == ')')
			return false;
		letters = std_is_letter(std_fold_char(c)) ? letters + 1 : 0;
		if (letters > 1 || is_chinese_letter(c))
			return true;
	}
	return true;
}

/* How much of text may be one number: up to a sign that stands between two, or
 * a word behind its digits. 第1号修改单 is no such word. */
static size_t
piece_len(struct str text)
{
	struct str rest = text;
	size_t at = 0, open = 0, amended;
	bool digits = false;

	for (; rest.len > 0; at = text.len - rest.len) {
		struct str here = rest;
		uint32_t c = utf8_next(&rest);

		digits |= c >= '0' && c <= '9';
		if (c == '\n' || c == '\t' || c == '|' || c == ',' ||
		    c == ';' || c == ']' || c == '>' || c == 0x3001 ||
		    is_tilde(c) || (c == ')' && open == 0) ||
		    (c == '(' && digits && opens_words(rest)))
			break;
		open += c == '(';
		open -= c == ')';
		if (!digits || !is_chinese_letter(c))
			continue;
		amended = str_find(here, STR("号修改单"));
		if (c != 0x7B2C || amended > 10)
			break;
		at += amended + strlen("号修改单");
		break;
	}
	return at;
}

/* Its printed form as far as the digits: "GB/T ". */
static bool
put_lead(struct buf *out, const struct std_number *like)
{
	struct std_number bare = *like;
	size_t n = strlen(like->number);

	bare.year = bare.month = 0;
	bare.version[0] = bare.tail[0] = '\0';
	std_write(out, &bare);
	if (out->err != OK || out->len <= n ||
	    memcmp(out->data + out->len - n, like->number, n) != 0)
		return false;
	out->len -= n;
	return true;
}

/* Read piece as if the lead of like, and head, stood before it: whole, or not
 * at all. */
static bool
read_with(struct str piece, const struct std_number *like, struct str head,
    struct std_number *out)
{
	struct buf line;
	bool good = false;

	buf_init(&line, LINE_MAX_BYTES);
	if (put_lead(&line, like)) {
		buf_str(&line, head);
		buf_str(&line, piece);
		good = line.err == OK &&
		    std_read(buf_view(&line), STD_ANY, out) &&
		    out->end == line.len &&
		    strcmp(out->prefix, like->prefix) == 0;
	}
	buf_release(&line);
	return good;
}

/* Read piece, whole or not at all. */
static bool
read_one(
    struct str piece, const struct std_number *like, struct std_number *out)
{
	if (piece.len == 0)
		return false;
	/* Without its prefix it is one of a list, and these have years. */
	if (std_is_digit(*piece.data))
		return like != NULL && like->year != 0 &&
		    read_with(piece, like, STR(""), out) && out->year != 0;
	if (std_read(piece, STD_ANY, out))
		return out->end == piece.len && out->prefix[0] != '\0' &&
		    !std_loses_year(piece, out);
	return std_read_unknown(piece, out);
}

/* Up to the last part of a number: "4797." of 4797.1. */
static size_t
head_len(const char *number)
{
	size_t n = strlen(number);

	while (n > 0 && std_is_digit(number[n - 1]))
		n--;
	return n;
}

/* The last number of a range: whole, without its prefix, or its last part
 * alone (4797.1～3-2005, 4797.1～.3-2005). */
static bool
read_last(
    struct str piece, const struct std_number *first, struct std_number *out)
{
	size_t head = head_len(first->number);

	if (piece.len > 0 && *piece.data == '.' && head > 0)
		return read_with(
		    piece, first, (struct str){first->number, head - 1}, out);
	if (piece.len > 0 && std_is_digit(*piece.data)
		? !read_with(piece, first, STR(""), out)
		: !read_one(piece, first, out))
		return false;
	if (head == 0 || head_len(out->number) > 0 ||
	    !std_is_digit(*piece.data))
		return true;
	if (first->year != 0) /* 4797.1-2005 ~ 3 */
		return false;
	return read_with(piece, first, (struct str){first->number, head}, out);
}

/* One year for all, that of the end which has it. */
static bool
join_years(struct std_number *first, struct std_number *last)
{
	if (first->year != 0 && last->year == 0) {
		last->year = first->year;
		last->year_mark = first->year_mark;
	} else if (first->year == 0) {
		first->year = last->year;
		first->year_mark = last->year_mark;
	}
	return first->year == last->year && first->month == 0 &&
	    last->month == 0 && *first->tail == '\0' && *last->tail == '\0';
}

/* GB/T 4797-4799-2005 was read as a number with a part. */
static bool
split_range(struct std_span *span)
{
	char *dash = strchr(span->first.number, '-');
	size_t n = dash == NULL ? 0 : (size_t)(dash - span->first.number);

	if (n < 3 || !is_chinese(&span->first) ||
	    strspn(span->first.number, "0123456789") != n ||
	    strspn(dash + 1, "0123456789") != strlen(dash + 1) ||
	    strlen(dash + 1) != n || strcmp(dash + 1, span->first.number) <= 0)
		return false;
	span->last = span->first;
	span->range = true;
	if (std_is_year_like(dash + 1, n)) /* 1990-2008-2010: which is it? */
		return true;
	memmove(span->last.number, span->last.number + n + 1, n + 1);
	*dash = '\0';
	return true;
}

/* Both ends of a range, as they stand beside its sign. A dash may be a
 * year's: it is a range's only between a number without a year and one with. */
static bool
read_ends(struct str left, struct str right, bool dash,
    const struct std_number *like, struct std_span *out)
{
	bool good = read_one(left, like, &out->first);

	if (!good && left.len > 0 && std_is_digit(*left.data))
		/* 4797.1～GB/T 4797.3-2005 */
		good = right.len > 0 && !std_is_digit(*right.data) &&
		    read_one(right, NULL, &out->last) &&
		    read_with(left, &out->last, STR(""), &out->first);
	else
		good = good && read_last(right, &out->first, &out->last);
	if (!good || (dash && (out->first.year != 0 || out->last.year == 0)) ||
	    (out->last.year == 0 &&
		std_is_year_like(out->last.number, strlen(out->last.number))))
		return false;
	out->range = true;
	return join_years(&out->first, &out->last) &&
	    strcmp(out->first.prefix, out->last.prefix) == 0;
}

/* 4797.1-4797.3-2005: at which of the dashes? */
static bool
read_dash_range(
    struct str piece, const struct std_number *like, struct std_span *out)
{
	struct str rest = piece;

	while (rest.len > 0) {
		size_t at = piece.len - rest.len;

		if (std_fold_char(utf8_next(&rest)) == '-' &&
		    read_ends(str_trim(str_slice(piece, 0, at)), str_trim(rest),
			true, like, out))
			return true;
	}
	return false;
}

static bool
is_good(const struct std_span *span)
{
	return std_span_count(span) > 0 && !std_is_doubtful(&span->first) &&
	    (!span->range || !std_is_doubtful(&span->last));
}

/* Several numbers with blanks between them: the first. */
static size_t
read_apart(struct str text, struct str piece, const struct std_number *like,
    struct std_span *out)
{
	for (size_t n = piece.len; n > 0; n--)
		if ((piece.data[n] == ' ' || n == piece.len) && n < piece.len &&
		    read_one(
			str_trim(str_slice(piece, 0, n)), like, &out->first) &&
		    out->first.year != 0 && is_good(out))
			return (size_t)(piece.data - text.data) + n;
	return 0;
}

size_t
std_span_read(
    struct str text, const struct std_number *like, struct std_span *out)
{
	size_t n = piece_len(text), end = n, more;
	struct str piece = str_trim(str_slice(text, 0, n)), rest, behind;

	*out = (struct std_span){.range = false};
	rest = behind = str_slice(text, n, text.len);
	if (rest.len > 0 && is_tilde(utf8_next(&rest))) {
		behind = str_trim(rest);
		more = piece_len(behind);
		if (!read_ends(piece, str_trim(str_slice(behind, 0, more)),
			false, like, out))
			return 0;
		end = (size_t)(behind.data - text.data) + more;
	} else if (read_one(piece, like, &out->first)) {
		split_range(out);
	} else if (!read_dash_range(piece, like, out)) {
		return read_apart(text, piece, like, out);
	}
	return is_good(out) ? end : 0;
}

static long
value_of(const char *digits)
{
	long value = 0;

	for (; std_is_digit(*digits) && value < 1000000; digits++)
		value = value * 10 + (*digits - '0');
	return value;
}

size_t
std_span_count(const struct std_span *span)
{
	size_t head = head_len(span->first.number);
	long from, to;

	if (!span->range)
		return 1;
	from = value_of(span->first.number + head);
	to = value_of(span->last.number + head);
	if (head_len(span->last.number) != head ||
	    memcmp(span->first.number, span->last.number, head) != 0 ||
	    span->first.number[head] == '\0' || to <= from ||
	    to - from >= SPAN_MAX)
		return 0;
	return (size_t)(to - from) + 1;
}

void
std_span_at(const struct std_span *span, size_t i, struct std_number *out)
{
	size_t head = head_len(span->first.number);
	size_t width = strlen(span->first.number) - head;
	char digits[24];
	int n;

	*out = span->first;
	if (!span->range)
		return;
	n = snprintf(digits, sizeof(digits), "%0*ld", (int)width,
	    value_of(span->first.number + head) + (long)i);
	out->number[head] = '\0';
	if (n > 0 && n < (int)sizeof(digits))
		std_put(out->number, sizeof(out->number), digits, (size_t)n);
}
