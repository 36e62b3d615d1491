/* SPDX-License-Identifier: ISC */
/*
 * Only what is listed here is let through: a host becomes the name of a file
 * and of a certificate, a language goes into every reply's header, a line is
 * shown to every client. Called by setting.c.
 */
#include "run/config/form.h"

#include "base/utf8.h"

enum {
	HOST_MAX_BYTES = 253, /* RFC 1035, 2.3.4, without the final dot */
	LABEL_MAX_BYTES = 63,
	LANGUAGE_MAX_BYTES = 35, /* RFC 5646, 4.4.1 */
	USER_MAX_BYTES = 32
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Letters, digits and inner hyphens (RFC 1123, 2.1); RFC 5891 writes all
 * other scripts with these. */
static bool
is_label(struct str label)
{
	if (label.len == 0 || label.len > LABEL_MAX_BYTES ||
	    label.data[0] == '-' || label.data[label.len - 1] == '-')
		return false;
	for (size_t i = 0; i < label.len; i++)
		if (!is_letter(label.data[i]) && !is_digit(label.data[i]) &&
		    label.data[i] != '-')
			return false;
	return true;
}

bool
form_is_host(struct str text)
{
	struct str label;

	if (text.len == 0 || text.len > HOST_MAX_BYTES)
		return false;
	while (str_next_part(&text, '.', &label))
		if (!is_label(label))
			return false;
	return true;
}

bool
form_is_language(struct str text)
{
	struct str part;
	bool good = text.len > 0 && text.len <= LANGUAGE_MAX_BYTES;

	for (size_t i = 0; good && i < text.len; i++)
		good = is_letter(text.data[i]) || is_digit(text.data[i]) ||
		    text.data[i] == '-';
	while (good && str_next_part(&text, '-', &part))
		good = part.len >= 1 && part.len <= 8;
	return good;
}

bool
form_is_user(struct str text)
{
	bool good = text.len > 0 && text.len <= USER_MAX_BYTES &&
	    (is_letter(text.data[0]) || text.data[0] == '_');

	for (size_t i = 1; good && i < text.len; i++)
		good = is_letter(text.data[i]) || is_digit(text.data[i]) ||
		    text.data[i] == '_' || text.data[i] == '-';
	return good;
}

bool
form_is_line(struct str text)
{
	return utf8_clean_len(text) == text.len;
}

/* "HH:MM": minutes since 00:00; false: it is none. */
static bool
read_minutes(struct str text, int64_t *out)
{
	int digits[5];

	if (text.len != 5 || text.data[2] != ':')
		return false;
	for (size_t i = 0; i < 5; i++) {
		if (i != 2 && !is_digit(text.data[i]))
			return false;
		digits[i] = text.data[i] - '0';
	}
	if (digits[0] * 10 + digits[1] > 23 || digits[3] > 5)
		return false;
	*out = 60 * (10 * digits[0] + digits[1]) + 10 * digits[3] + digits[4];
	return true;
}

bool
form_time(struct str text, struct config_time *out)
{
	struct config_time time = {.off = str_equal(text, STR("off"))};
	struct str clock;
	int64_t minute = 0, offset = 0;
	bool good = time.off;

	(void)str_next_part(&text, ' ', &clock);
	if (!good)
		good = read_minutes(clock, &minute);
	text = str_trim(text);
	if (good && !time.off && text.len > 0) {
		good = (text.data[0] == '+' || text.data[0] == '-') &&
		    read_minutes(str_slice(text, 1, text.len), &offset);
		time.has_offset = true;
		time.offset_min = (int)(text.data[0] == '-' ? -offset : offset);
	}
	if (!good)
		return false;
	time.minute = (unsigned)minute;
	*out = time;
	return true;
}
