/* SPDX-License-Identifier: ISC */
/* The table of protocols, and what their files share: finding the end of a
 * request line, media types, and the kinds of replies for the log. */
#include "wire/wire.h"

#include "wire/internal.h"

enum {
	LINE_END_BYTES = 2,   /* CR LF */
	MEDIA_TYPE_MAX = 1024 /* bytes; a Gemini header has no more room */
};

const struct wire *const wires[] = {&wire_gemini, &wire_gopher, &wire_spartan};

const size_t wire_count = sizeof(wires) / sizeof(wires[0]);

/* A guest has a number in statistics as well. */
enum { GUESTS = 1 };
_Static_assert(sizeof(wires) / sizeof(wires[0]) + GUESTS <= PROTOCOLS_MAX,
    "raise METRIC_PROTOCOLS");

const struct wire *
wire_of_line(
    const struct wire *wire, const struct wire_host *ours, struct str line)
{
	const struct str scheme = str_slice(line, 0, str_find_byte(line, ':'));

	return ours->uploads && wire->guest != NULL &&
		str_equal_nocase(scheme, str_from(wire->guest->protocol.name))
	    ? wire->guest
	    : wire;
}

size_t
wire_number(const struct wire *wire)
{
	size_t guest = wire_count;

	for (size_t i = 0; i < wire_count; i++) {
		if (wires[i] == wire)
			return i;
		if (wires[i]->guest == wire)
			return guest;
		guest += wires[i]->guest != NULL;
	}
	return guest;
}

const struct wire *
wire_of_url(struct str url)
{
	const struct str scheme = str_slice(url, 0, str_find_byte(url, ':'));

	for (size_t i = 0; i < wire_count; i++)
		if (str_equal_nocase(scheme, str_from(wires[i]->protocol.name)))
			return wires[i];
	return wires[0];
}

struct services
wire_services(void)
{
	struct services services = {.count = wire_count};

	for (size_t i = 0; i < wire_count; i++)
		services.item[i] = (struct service){
		    &wires[i]->protocol, wires[i]->protocol.port};
	return services;
}

size_t
wire_receive_max(const struct wire *wire)
{
	return wire->protocol.line_max + LINE_END_BYTES +
	    (wire->data_len == NULL ? 0 : wire->input_max);
}

/* Find the line end; SIZE_MAX: none. *len: the line's bytes before its end;
 * *behind: the offset of the first byte after its end. */
static size_t
find_end(
    const struct wire *wire, struct str received, size_t *len, size_t *behind)
{
	size_t end;

	if (!wire->any_end_is_end) {
		*len = end = str_find(received, STR("\r\n"));
		*behind = end + LINE_END_BYTES;
		return end;
	}
	*len = end = str_find_byte(received, '\n');
	*behind = end + 1;
	if (end != SIZE_MAX && end > 0 && received.data[end - 1] == '\r')
		*len = end - 1;
	return end;
}

static enum wire_progress
find_data(const struct wire *wire, struct str behind, bool at_end,
    struct wire_line *line)
{
	size_t len = 0;

	line->data = STR("");
	if (wire->data_len == NULL || wire->data_len(line->text, &len) != OK)
		return WIRE_WHOLE;
	if (behind.len < len)
		return at_end ? WIRE_CUT : WIRE_PARTIAL;
	if (behind.len > len)
		return WIRE_MORE;
	line->data = str_slice(behind, 0, len);
	return WIRE_WHOLE;
}

bool
wire_has_data(const struct wire *wire, const struct wire_line *line)
{
	size_t len = 0;

	return wire->data_len != NULL && wire->data_len(line->text, &len) == OK;
}

bool
wire_has_body(const struct wire *wire, const struct wire_line *line)
{
	return wire->has_body != NULL && wire->has_body(line->text);
}

enum wire_progress
wire_find_line(const struct wire *wire, struct str received, bool at_end,
    struct wire_line *line)
{
	const size_t line_max = wire->protocol.line_max;
	size_t len, behind;

	if (find_end(wire, received, &len, &behind) == SIZE_MAX) {
		if (received.len >= line_max + LINE_END_BYTES)
			return WIRE_LONG;
		if (!at_end)
			return WIRE_PARTIAL;
		if (received.len == 0)
			return WIRE_SILENT;
		if (!wire->any_end_is_end)
			return WIRE_CUT;
		len = behind = received.len;
	}
	if (len > line_max)
		return WIRE_LONG;
	line->text = str_slice(received, 0, len);
	return find_data(
	    wire, str_slice(received, behind, received.len), at_end, line);
}

void
wire_add_origin(struct buf *out, const char *scheme, struct str host,
    unsigned port, unsigned default_port)
{
	buf_printf(out, "%s://%.*s", scheme, STR_ARG(host));
	if (port != default_port)
		buf_printf(out, ":%u", port);
}

void
wire_add_uri(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		const unsigned char c = (unsigned char)text.data[i];

		if (c < 0x80)
			buf_char(out, (char)c);
		else
			buf_printf(out, "%%%02X", c);
	}
}

struct str
wire_media_type(struct str mime)
{
	bool sound = mime.len > 0 && mime.len <= MEDIA_TYPE_MAX &&
	    mime.data[0] != ' ' && str_find_byte(mime, '/') != SIZE_MAX;

	for (size_t i = 0; i < mime.len && sound; i++)
		sound = mime.data[i] >= 0x20 && mime.data[i] < 0x7F;
	return sound ? mime : STR("application/octet-stream");
}

void
wire_refuse_line(
    struct reply *reply, const struct words *words, enum wire_progress why)
{
	enum word word = WORD_LINE_LATE;

	if (why == WIRE_LONG)
		word = WORD_LINE_LONG;
	else if (why == WIRE_CUT)
		word = WORD_LINE_CUT;
	else if (why == WIRE_MORE)
		word = WORD_UPLOAD_LONG;
	reply_refuse(reply, REFUSAL_BAD, words_text(words, word));
}

const char *
wire_kind(const struct reply *reply)
{
	static const char *const kinds[] = {[REPLY_BLOCKS] = "page",
	    [REPLY_BYTES] = "data",
	    [REPLY_FILE] = "file",
	    [REPLY_PROMPT] = "prompt",
	    [REPLY_REDIRECT] = "redirect",
	    [REPLY_REFUSAL] = "refusal"};
	static const char *const refusals[] = {[REFUSAL_MISSING] = "missing",
	    [REFUSAL_GONE] = "gone",
	    [REFUSAL_BAD] = "bad",
	    [REFUSAL_FOREIGN] = "foreign",
	    [REFUSAL_FORBIDDEN] = "forbidden",
	    [REFUSAL_NEEDS_CERT] = "needs-certificate",
	    [REFUSAL_BAD_CERT] = "bad-certificate",
	    [REFUSAL_BUSY] = "busy",
	    [REFUSAL_DOWN] = "down",
	    [REFUSAL_BROKEN] = "broken"};

	if (reply->type == REPLY_REFUSAL)
		return refusals[reply->refusal];
	return kinds[reply->type];
}
