/* SPDX-License-Identifier: ISC */
/* Writes a number as text: as it is printed, as a key, as a text for sorting.
 */
#include "base/utf8.h"
#include "fold.h"
#include "number.h"

/* Prefix (its first n bytes), series, number. */
static void
add_name(struct buf *out, const struct std_number *number, size_t n)
{
	buf_add(out, number->prefix, n);
	if (n > 0 && number->gap != 0)
		buf_char(out, number->gap);
	buf_text(out, number->series);
	if (number->series[0] != '\0' && number->join != 0)
		buf_char(out, number->join);
	buf_text(out, number->number);
}

static void
add_date(struct buf *out, const struct std_number *number)
{
	if (number->version[0] != '\0')
		buf_printf(out, " %s", number->version);
	if (number->year == 0)
		return;
	if (number->short_year) {
		buf_printf(out, "%c%02d%s", number->year_mark,
		    number->year % 100, number->edition);
		return;
	}
	if (number->year_mark != '(') {
		char year[5] = {number->year_mark,
		    (char)('0' + number->year / 1000),
		    (char)('0' + number->year / 100 % 10),
		    (char)('0' + number->year / 10 % 10),
		    (char)('0' + number->year % 10)};

		buf_add(out, year, sizeof(year));
	}
	if (number->year_mark != '(' && number->month != 0)
		buf_printf(out, "-%02d", number->month);
	if (number->year_mark != '(')
		return;
	if (number->month == 0)
		buf_printf(out, " (%04d)", number->year);
	else if (strncmp(number->prefix, "ITU", 3) == 0)
		buf_printf(out, " (%02d/%04d)", number->month, number->year);
	else
		buf_printf(out, " (%04d-%02d)", number->year, number->month);
}

void
std_write(struct buf *out, const struct std_number *number)
{
	add_name(out, number, strlen(number->prefix));
	add_date(out, number);
	buf_text(out, number->tail);
}

/* What is written or not as people like, and is in no key: the blank of
 * DBJ 46-002, the Std of IEEE Std 1588. */
static void
drop_liberties(struct buf *text)
{
	struct str all = buf_view(text);
	size_t at = str_find(all, STR("IEEE Std ")), n = strlen(" Std");

	if (at != SIZE_MAX) {
		at += strlen("IEEE");
	} else if (str_starts(all, STR("DBJ")) || str_starts(all, STR("DBS"))) {
		at = str_find_byte(all, ' ');
		at = at > strlen("DBJ/T") ? SIZE_MAX : at;
		n = 1;
	}
	if (at == SIZE_MAX)
		return;
	memmove(text->data + at, text->data + at + n, text->len - at - n);
	text->len -= n;
}

static void
add_squashed(struct buf *out, struct buf *text)
{
	if (text->err != OK)
		out->err = text->err;
	drop_liberties(text);
	std_squash_clean(out, buf_view(text));
	buf_release(text);
}

void
std_write_key(struct buf *out, const struct std_number *number)
{
	struct buf text;

	buf_init(&text, 512);
	std_write(&text, number);
	add_squashed(out, &text);
}

void
std_write_family(struct buf *out, const struct std_number *number)
{
	struct buf text;

	buf_init(&text, 512);
	add_name(&text, number, strlen(number->prefix));
	add_squashed(out, &text);
}

void
std_write_bare(struct buf *out, const struct std_number *number)
{
	struct buf text;

	buf_init(&text, 512);
	add_name(&text, number, number->base);
	add_squashed(out, &text);
}

static void
add_padded(struct buf *out, const char *text)
{
	while (*text != '\0') {
		size_t n = strspn(text, "0123456789");

		for (size_t i = n; n > 0 && i < 6; i++)
			buf_char(out, '0');
		buf_add(out, text, n > 0 ? n : 1);
		text += n > 0 ? n : 1;
	}
}

void
std_write_sort(struct buf *out, const struct std_number *number)
{
	struct buf prefix;

	buf_init(&prefix, 64);
	buf_printf(&prefix, "%s ", number->prefix);
	drop_liberties(&prefix);
	if (prefix.err != OK)
		out->err = prefix.err;
	buf_str(out, buf_view(&prefix));
	buf_release(&prefix);
	if (number->series[0] != '\0')
		buf_printf(out, "%s ", number->series);
	add_padded(out, number->number);
	buf_printf(out, " %04d%02d", number->year, number->month);
	add_padded(out, number->version);
	add_padded(out, number->edition);
	add_padded(out, number->tail);
}

bool
std_read_key(struct str text, struct buf *key, struct std_number *number)
{
	if (std_read(text, STD_ANY, number))
		return true;
	std_squash(key, text);
	return std_read(buf_view(key), STD_ANY, number);
}

/* ---- JSON (RFC 8259) ---------------------------------------------- */

static void
add_string(struct buf *out, struct str text)
{
	buf_char(out, '"');
	while (text.len > 0) {
		uint32_t c = utf8_next(&text);

		if (c == '"' || c == '\\')
			buf_char(out, '\\');
		if (c == '\t' || c == '\n' || c == '\r')
			c = ' ';
		utf8_add(out,
		    c != UTF8_BAD && utf8_is_control(c) ? UTF8_REPLACEMENT : c);
	}
	buf_char(out, '"');
}

void
std_json_member(struct buf *out, const char *name, struct str text)
{
	if (out->len > 0 && out->data[out->len - 1] != '{')
		buf_char(out, ',');
	buf_printf(out, "\"%s\":", name);
	if (text.data == NULL)
		buf_text(out, "null");
	else
		add_string(out, text);
}
