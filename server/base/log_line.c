/* SPDX-License-Identifier: ISC */
/*
 * Text is for people, JSON (RFC 8259) for programs. Characters that could move
 * a terminal's cursor or reverse its text are written \xNN in both. In JSON,
 * letters of other scripts get JSON's own escapes, so that a program can decode
 * them.
 */
#include "base/log.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/utf8.h"

enum { TEXT_MAX_BYTES = 8 * 1024 };

static const char *const levels[] = {"error", "warn", "info", "debug"};

/* ---- text ------------------------------------------------------------ */

/* Append a text as one word; its blanks are escaped. */
static void
add_word(struct buf *out, struct str text)
{
	struct str part;
	bool first = true;

	while (str_next_part(&text, ' ', &part)) {
		if (!first)
			buf_text(out, "\\x20");
		utf8_add_log(out, part, TEXT_MAX_BYTES);
		first = false;
	}
}

static void
add_text_fact(struct buf *out, const struct log_fact *fact)
{
	switch (fact->type) {
	case LOG_FACT_BARE:
		buf_char(out, ' ');
		add_word(out, fact->text);
		break;
	case LOG_FACT_NAMED:
		buf_char(out, ' ');
		buf_text(out, fact->name);
		buf_char(out, '=');
		add_word(out, fact->text);
		break;
	case LOG_FACT_NUMBER:
		buf_char(out, ' ');
		buf_text(out, fact->name);
		buf_char(out, '=');
		buf_unsigned(out, fact->number);
		break;
	case LOG_FACT_MARK:
		if (fact->number != 0)
			buf_printf(out, " %s", fact->name);
		break;
	}
}

/* ---- JSON ------------------------------------------------------------ */

static void
add_escaped(struct buf *out, uint32_t c)
{
	if (c >= 0x10000) {
		c -= 0x10000;
		buf_printf(out, "\\u%04" PRIx32, 0xD800 + (c >> 10));
		c = 0xDC00 + (c & 0x3FF);
	}
	buf_printf(out, "\\u%04" PRIx32, c);
}

static void
add_string(struct buf *out, struct str text)
{
	buf_char(out, '"');
	while (text.len > 0 && out->err == OK) {
		const struct str before = text;
		const uint32_t c = utf8_next(&text);
		const size_t len = before.len - text.len;

		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", (char)c);
		else if (c >= 0x20 && c < 0x7F)
			buf_char(out, (char)c);
		else if (c != UTF8_BAD && !utf8_is_control(c) &&
		    !utf8_is_invisible(c) && !utf8_is_line_end(c))
			add_escaped(out, c);
		else
			for (size_t i = 0; i < len; i++)
				buf_printf(out, "\\\\x%02x",
				    (unsigned char)before.data[i]);
	}
	buf_char(out, '"');
}

static void
add_member(struct buf *out, const char *name, struct str text)
{
	buf_printf(out, ",\"%s\":", name);
	add_string(out, text);
}

static void
add_json_fact(struct buf *out, const struct log_fact *fact)
{
	switch (fact->type) {
	case LOG_FACT_BARE:
	case LOG_FACT_NAMED:
		add_member(out, fact->name, fact->text);
		break;
	case LOG_FACT_NUMBER:
		buf_printf(out, ",\"%s\":%" PRIu64, fact->name, fact->number);
		break;
	case LOG_FACT_MARK:
		buf_printf(out, ",\"%s\":%s", fact->name,
		    fact->number != 0 ? "true" : "false");
		break;
	}
}

/* Split "net: the message": the module becomes a member of its own. */
static void
add_message(struct buf *out, struct str message)
{
	size_t end = 0;

	while (end < message.len && message.data[end] >= 'a' &&
	    message.data[end] <= 'z')
		end++;
	if (end > 0 && end < message.len && message.data[end] == ':') {
		add_member(out, "module", str_slice(message, 0, end));
		message = str_trim(str_slice(message, end + 1, message.len));
	}
	if (message.len > 0)
		add_member(out, "message", message);
}

/* ---- both ------------------------------------------------------------ */

void
log_line_add(struct buf *out, enum log_format format, enum log_level level,
    struct str message, const struct log_fact *facts, size_t n)
{
	const bool json = format == LOG_JSON;

	if (json)
		buf_text(out, "{\"time\":\"");
	clock_add_utc(out, clock_now_s());
	if (json) {
		buf_printf(out, "\",\"level\":\"%s\"", levels[level]);
		add_message(out, message);
	} else {
		buf_char(out, ' ');
		buf_text(out, levels[level]);
		buf_char(out, ' ');
		utf8_add_log(out, message, TEXT_MAX_BYTES);
	}
	for (size_t i = 0; i < n; i++)
		if (json)
			add_json_fact(out, &facts[i]);
		else
			add_text_fact(out, &facts[i]);
	buf_text(out, json ? "}\n" : "\n");
}
