/* SPDX-License-Identifier: ISC */
/*
 * Reading and writing a value by its row. A value is checked only here and
 * trusted afterwards: a host becomes the name of a file and of a certificate,
 * a language goes into the header of every reply, a line is shown to every
 * client.
 */
#include "run/config/setting.h"

#include <assert.h>
#include <stdio.h>

#include "base/ip.h"
#include "base/url.h"
#include "base/utf8.h"
#include "run/config/config.h"

enum {
	HOST_MAX_BYTES = 253, /* RFC 1035, 2.3.4, without the final dot */
	LABEL_MAX_BYTES = 63,
	USER_MAX_BYTES = 32,
	IP4_FIRST_BIT = 96 /* of an IPv4 address in an IPv6 one */
};

/* ---- the forms of texts ------------------------------------------------ */

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

/* Letters, digits and inner hyphens (RFC 1123, 2.1). RFC 5891 encodes labels of
 * all other scripts with these characters. */
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
setting_is_host(struct str text)
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
setting_is_segment(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_letter(text.data[i]) && !is_digit(text.data[i]) &&
		    text.data[i] != '-' && text.data[i] != '_')
			return false;
	return true;
}

bool
setting_is_path(struct str text)
{
	struct str segment;
	bool good = str_starts(text, STR("/")) && str_ends(text, STR("/"));

	text = str_slice(text, 1, text.len);
	while (good && str_next_part(&text, '/', &segment))
		good = setting_is_segment(segment) &&
		    (segment.len > 0 || text.data == NULL);
	return good;
}

bool
setting_is_user(struct str text)
{
	bool good = text.len <= USER_MAX_BYTES;

	for (size_t i = 0; good && i < text.len; i++)
		good = is_letter(text.data[i]) || text.data[i] == '_' ||
		    (i > 0 && (is_digit(text.data[i]) || text.data[i] == '-'));
	return good;
}

bool
setting_is_line(struct str text)
{
	return utf8_clean_len(text) == text.len;
}

/* ---- reading ----------------------------------------------------------- */

/* Append what a value of the row must be: the end of "expected ...". */
static void
add_expected(struct buf *why, const struct setting *setting)
{
	switch (setting->type) {
	case SETTING_NUMBER:
		buf_text(why, "a whole number ");
		if (setting->unit != NULL)
			buf_printf(why, "of %s ", setting->unit);
		buf_text(why, "from ");
		break;
	case SETTING_HOST:
		buf_text(why,
		    "a host such as portal.example (other scripts in their "
		    "xn-- form, without a port)");
		break;
	case SETTING_ORIGIN:
		buf_text(why,
		    "gemini://portal.example/, with a port if it is not the "
		    "usual one");
		break;
	case SETTING_TIME:
		buf_text(why, "a time such as 03:30 or 03:30 +08:00, or off");
		break;
	case SETTING_TEXT:
		buf_text(why, setting->wants != NULL ? setting->wants : "");
		break;
	default:
		break;
	}
	setting_add_range(why, setting);
	if (setting->type == SETTING_NUMBER && setting->none != NULL)
		buf_printf(why, ", or %s", setting->none);
}

static enum err
keep(const char **field, struct arena *arena, struct str text)
{
	struct str kept = text;

	if (arena != NULL)
		kept = arena_str(arena, text);
	if (kept.data == NULL)
		return ERR_NOMEM;
	*field = kept.data;
	return OK;
}

static enum err
read_number(const struct setting *setting, void *field, struct str text)
{
	int64_t n = 0;

	if (setting->none == NULL ||
	    !str_equal(text, str_from(setting->none))) {
		if (str_to_int(text, setting->min, setting->max, &n) != OK)
			return ERR_INPUT;
	}
	if (setting->size == sizeof(n))
		*(int64_t *)field = n;
	else
		*(unsigned *)field = (unsigned)n;
	return OK;
}

static enum err
read_word(const struct setting *setting, unsigned *field, struct str text)
{
	for (unsigned i = 0; setting->words[i] != NULL; i++)
		if (str_equal(text, str_from(setting->words[i]))) {
			*field = i;
			return OK;
		}
	return ERR_INPUT;
}

static enum err
read_text(const struct setting *setting, const char **field,
    struct arena *arena, struct str text, struct buf *why)
{
	if (setting->max > 0 && text.len > (size_t)setting->max) {
		buf_printf(why, "longer than %d bytes", (int)setting->max);
		return ERR_INPUT;
	}
	if (text.len < (size_t)setting->min ||
	    (setting->is != NULL && !setting->is(text)))
		return ERR_INPUT;
	if (setting->check != NULL && setting->check(text, why) != OK)
		return ERR_INPUT;
	return keep(field, arena, text);
}

static enum err
read_host(const char **field, struct arena *arena, struct str text)
{
	char lower[HOST_MAX_BYTES + 1];

	assert(arena != NULL);
	if (!setting_is_host(text))
		return ERR_INPUT;
	for (size_t i = 0; i < text.len; i++)
		lower[i] = text.data[i] >= 'A' && text.data[i] <= 'Z'
		    ? (char)(text.data[i] - 'A' + 'a')
		    : text.data[i];
	return keep(field, arena, (struct str){lower, text.len});
}

/* gemini://HOST[:PORT]/ and nothing else. An empty text: no origin. */
static enum err
read_origin(struct config_origin *field, struct arena *arena, struct str text)
{
	const struct protocol *protocol = &wires[0]->protocol;
	int64_t port = protocol->port;
	struct url url;
	enum err err;

	if (text.len == 0) {
		*field = (struct config_origin){"", protocol->port};
		return OK;
	}
	if (url_parse(text, &url) != OK ||
	    !str_equal_nocase(url.scheme, str_from(protocol->name)) ||
	    !url.has_authority || url.has_userinfo || url.has_query ||
	    url.has_fragment ||
	    (url.path.len > 0 && !str_equal(url.path, STR("/"))) ||
	    (url.port.len > 0 && str_to_int(url.port, 1, 65535, &port) != OK))
		return ERR_INPUT;
	err = read_host(&field->host, arena, url.host);
	if (err == OK)
		field->port = (unsigned)port;
	return err;
}

/* Read "HH:MM" as minutes since 00:00. false: text has another form. */
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

/* "HH:MM", "HH:MM +HH:MM" or "off". */
static enum err
read_time(struct config_time *field, struct str text)
{
	struct config_time time = {.off = str_equal(text, STR("off"))};
	struct str clock;
	int64_t minute = 0, offset = 0;
	bool good;

	(void)str_next_part(&text, ' ', &clock);
	good = time.off || read_minutes(clock, &minute);
	text = str_trim(text);
	if (good && !time.off && text.len > 0) {
		good = (text.data[0] == '+' || text.data[0] == '-') &&
		    read_minutes(str_slice(text, 1, text.len), &offset);
		time.has_offset = true;
		time.offset_min = (int)(text.data[0] == '-' ? -offset : offset);
	}
	if (!good)
		return ERR_INPUT;
	time.minute = (unsigned)minute;
	*field = time;
	return OK;
}

/* One or several addresses with blanks between them, or the word for none. */
static enum err
read_addresses(const struct setting *setting, struct addresses *list,
    struct str text, struct buf *why)
{
	const bool off =
	    setting->none != NULL && str_equal(text, str_from(setting->none));
	struct str part;
	enum err err = OK;

	if (text.len == 0) {
		buf_text(why, "expected an address such as 127.0.0.1:1965");
		return ERR_INPUT;
	}
	if (off ? list->count > 0 : list->off) {
		buf_printf(
		    why, "expected either %s or addresses", setting->none);
		return ERR_INPUT;
	}
	list->off = off;
	while (!off && err == OK && str_next_part(&text, ' ', &part))
		if (str_trim(part).len > 0)
			err = addresses_add(list, str_trim(part), why);
	return err == OK ? OK : ERR_INPUT;
}

/* One or several ranges of addresses with blanks between them. */
static enum err
read_ranges(struct ip_ranges *list, struct str text, struct buf *why)
{
	struct str part;
	enum err err = OK;

	while (err == OK && str_next_part(&text, ' ', &part))
		if (str_trim(part).len > 0)
			err = ip_ranges_add(list, str_trim(part), why);
	return err == OK ? OK : ERR_INPUT;
}

static enum err
read_switch(bool *field, struct str text)
{
	const bool on = str_equal(text, STR("yes"));

	if (!on && !str_equal(text, STR("no")))
		return ERR_INPUT;
	*field = on;
	return OK;
}

static enum err
read_value(const struct setting *setting, void *field, struct arena *arena,
    struct str text, struct buf *why)
{
	switch (setting->type) {
	case SETTING_SWITCH:
		return read_switch(field, text);
	case SETTING_NUMBER:
		return read_number(setting, field, text);
	case SETTING_WORD:
		return read_word(setting, field, text);
	case SETTING_TEXT:
		return read_text(setting, field, arena, text, why);
	case SETTING_HOST:
		return read_host(field, arena, text);
	case SETTING_ORIGIN:
		return read_origin(field, arena, text);
	case SETTING_TIME:
		return read_time(field, text);
	case SETTING_ADDRESSES:
		return read_addresses(setting, field, text, why);
	case SETTING_RANGES:
		return read_ranges(field, text, why);
	}
	return ERR_BUG;
}

/* Suggest the nearest word. */
static void
add_nearest(struct buf *why, const struct setting *setting, struct str text)
{
	const char *nearest;
	size_t n = 0;

	while (setting->words[n] != NULL)
		n++;
	nearest = str_nearest(text, setting->words, n);
	if (nearest != NULL)
		buf_printf(why, "; did you mean %s?", nearest);
}

enum err
setting_read(const struct setting *setting, void *values, struct arena *arena,
    const char *text, struct buf *why)
{
	struct str value = str_from(text);
	const size_t before = why->len;
	enum err err;

	if (arena != NULL)
		value = str_trim(value);
	err = read_value(
	    setting, (char *)values + setting->field, arena, value, why);
	if (err == ERR_INPUT && why->len == before) {
		buf_text(why, "expected ");
		add_expected(why, setting);
		if (setting->type == SETTING_WORD)
			add_nearest(why, setting, value);
	}
	return err;
}

bool
setting_is_list(const struct setting *setting)
{
	return setting->type == SETTING_ADDRESSES ||
	    setting->type == SETTING_RANGES;
}

void
setting_clear(const struct setting *setting, void *values)
{
	void *field = (char *)values + setting->field;

	if (setting->type == SETTING_ADDRESSES)
		*(struct addresses *)field = (struct addresses){.count = 0};
	else if (setting->type == SETTING_RANGES)
		*(struct ip_ranges *)field = (struct ip_ranges){.count = 0};
}

/* ---- writing ----------------------------------------------------------- */

const char *
setting_default(
    const struct setting *setting, char number[SETTING_DEFAULT_SIZE])
{
	if (setting->value != NULL)
		return setting->value;
	if (setting->type == SETTING_SWITCH)
		return "no";
	if (setting->number == 0)
		return setting->none != NULL ? setting->none : "";
	snprintf(
	    number, SETTING_DEFAULT_SIZE, "%lld", (long long)setting->number);
	return number;
}

static void
write_number(struct buf *out, const struct setting *setting, const void *field)
{
	int64_t n = setting->size == sizeof(n) ? *(const int64_t *)field
					       : *(const unsigned *)field;

	if (n == 0 && setting->none != NULL)
		buf_text(out, setting->none);
	else
		buf_number(out, n);
}

static void
write_origin(struct buf *out, const struct config_origin *origin)
{
	if (origin->host[0] == '\0')
		return;
	buf_printf(out, "%s://%s", wires[0]->protocol.name, origin->host);
	if (origin->port != wires[0]->protocol.port)
		buf_printf(out, ":%u", origin->port);
	buf_char(out, '/');
}

static void
write_time(struct buf *out, const struct config_time *time)
{
	const int offset =
	    time->offset_min < 0 ? -time->offset_min : time->offset_min;

	if (time->off) {
		buf_text(out, "off");
		return;
	}
	buf_printf(out, "%02u:%02u", time->minute / 60, time->minute % 60);
	if (time->has_offset)
		buf_printf(out, " %c%02d:%02d",
		    time->offset_min < 0 ? '-' : '+', offset / 60, offset % 60);
}

static void
write_addresses(struct buf *out, const struct setting *setting,
    const struct addresses *list)
{
	if (list->off)
		buf_text(out, setting->none);
	for (size_t i = 0; i < list->count; i++) {
		buf_text(out, i == 0 ? "" : " ");
		address_add_text(out, &list->item[i]);
	}
}

static void
write_ranges(struct buf *out, const struct ip_ranges *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct ip_range *range = &list->item[i];
		unsigned bits = range->bits;
		char text[IP_TEXT_MAX];

		ip_write(&range->first, text);
		buf_printf(out, "%s%s", i == 0 ? "" : " ", text);
		if (bits == 8 * IP_BYTES)
			continue;
		if (ip_is_v4(&range->first) && bits >= IP4_FIRST_BIT)
			bits -= IP4_FIRST_BIT;
		buf_printf(out, "/%u", bits);
	}
}

void
setting_write(
    struct buf *out, const struct setting *setting, const void *values)
{
	const void *field = (const char *)values + setting->field;

	switch (setting->type) {
	case SETTING_SWITCH:
		buf_text(out, *(const bool *)field ? "yes" : "no");
		break;
	case SETTING_NUMBER:
		write_number(out, setting, field);
		break;
	case SETTING_WORD:
		buf_text(out, setting->words[*(const unsigned *)field]);
		break;
	case SETTING_TEXT:
	case SETTING_HOST:
		buf_text(out, *(const char *const *)field);
		break;
	case SETTING_ORIGIN:
		write_origin(out, field);
		break;
	case SETTING_TIME:
		write_time(out, field);
		break;
	case SETTING_ADDRESSES:
		write_addresses(out, setting, field);
		break;
	case SETTING_RANGES:
		write_ranges(out, field);
		break;
	}
}

static void
add_words(struct buf *out, const char *const *words)
{
	for (size_t i = 0; words[i] != NULL; i++) {
		if (i > 0)
			buf_text(out, words[i + 1] == NULL ? " or " : ", ");
		buf_text(out, words[i]);
	}
}

void
setting_add_range(struct buf *out, const struct setting *setting)
{
	static const char *const switch_words[] = {"yes", "no", NULL};

	if (setting->type == SETTING_NUMBER) {
		buf_number(out, setting->min);
		buf_text(out, " to ");
		buf_number(out, setting->max);
	} else if (setting->type == SETTING_WORD) {
		add_words(out, setting->words);
	} else if (setting->type == SETTING_SWITCH) {
		add_words(out, switch_words);
	}
}
