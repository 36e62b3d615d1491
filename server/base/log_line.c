/* SPDX-License-Identifier: ISC */
/*
 * Text is for people, JSON (RFC 8259) for programs. Characters that could move
 * a terminal's cursor or reverse its text are written \xNN in both. In JSON,
 * letters of other scripts get JSON's own escapes, so that a program can decode
 * them.
 *
 * A record is MARK, the level, the number of facts, the message, and of each
 * fact its type, name and text or number. Texts have their length in front.
 * Sender and reader are forks of one program, so numbers have the machine's
 * form.
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

/* ---- a line ---------------------------------------------------------- */

void
log_line_add(struct buf *out, enum log_format format,
    const struct log_origin *origin, enum log_level level, struct str message,
    const struct log_fact *facts, size_t n)
{
	const bool json = format == LOG_JSON;

	if (json)
		buf_text(out, "{\"time\":\"");
	clock_add_utc(out, clock_now_s());
	if (origin != NULL)
		buf_printf(out,
		    json ? "\",\"process\":\"%s\",\"pid\":%ld" : " %s[%ld]",
		    origin->process, origin->pid);
	else if (json)
		buf_char(out, '"');
	if (json) {
		buf_printf(out, ",\"level\":\"%s\"", levels[level]);
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

/* ---- records --------------------------------------------------------- */

/* The first byte of a record; no text that a library writes begins with it. */
enum { MARK = 0xFE };

static void
add_sized(struct buf *out, struct str text)
{
	const uint16_t len = (uint16_t)text.len;

	if (text.len > UINT16_MAX) {
		out->err = ERR_LIMIT;
		return;
	}
	buf_add(out, (const char *)&len, sizeof(len));
	buf_str(out, text);
}

void
log_record_add(struct buf *out, enum log_level level, struct str message,
    const struct log_fact *facts, size_t n)
{
	buf_char(out, (char)MARK);
	buf_char(out, (char)level);
	buf_char(out, (char)n);
	add_sized(out, message);
	for (size_t i = 0; i < n; i++) {
		buf_char(out, (char)facts[i].type);
		add_sized(out, str_from(facts[i].name));
		add_sized(out, facts[i].text);
		buf_add(out, (const char *)&facts[i].number,
		    sizeof(facts[i].number));
	}
}

static bool
take(struct str *rest, void *out, size_t len)
{
	if (rest->len < len)
		return false;
	memcpy(out, rest->data, len);
	*rest = str_slice(*rest, len, rest->len);
	return true;
}

static bool
take_sized(struct str *rest, struct str *out)
{
	uint16_t len;

	if (!take(rest, &len, sizeof(len)) || rest->len < len)
		return false;
	*out = str_slice(*rest, 0, len);
	*rest = str_slice(*rest, len, rest->len);
	return true;
}

static bool
is_name(struct str name)
{
	static const char *const ours[] = {
	    "time", "process", "pid", "level", "module", "message"};

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (str_equal(name, str_from(ours[i])))
			return false;
	for (size_t i = 0; i < name.len; i++)
		if ((name.data[i] < 'a' || name.data[i] > 'z') &&
		    name.data[i] != '_')
			return false;
	return name.len > 0 && name.len <= LOG_NAME_MAX_BYTES;
}

static bool
take_fact(struct str *rest, struct log_fact *fact, char *room)
{
	unsigned char type;
	struct str name;

	if (!take(rest, &type, 1) || type > LOG_FACT_MARK ||
	    !take_sized(rest, &name) || !is_name(name) ||
	    !take_sized(rest, &fact->text) ||
	    !take(rest, &fact->number, sizeof(fact->number)))
		return false;
	memcpy(room, name.data, name.len);
	room[name.len] = '\0';
	fact->type = (enum log_fact_type)type;
	fact->name = room;
	return true;
}

enum err
log_record_read(struct str bytes, struct log_record *out)
{
	unsigned char mark, level, count;

	if (!take(&bytes, &mark, 1) || mark != MARK)
		return ERR_MISSING;
	if (!take(&bytes, &level, 1) || level > LOG_LEVEL_COMPLAINT ||
	    !take(&bytes, &count, 1) || count > LOG_FACTS_MAX ||
	    !take_sized(&bytes, &out->message))
		return ERR_INPUT;
	out->level = (enum log_level)level;
	out->count = count;
	for (size_t i = 0; i < out->count; i++)
		if (!take_fact(&bytes, &out->facts[i], out->names[i]))
			return ERR_INPUT;
	return bytes.len == 0 ? OK : ERR_INPUT;
}
