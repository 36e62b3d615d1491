/* SPDX-License-Identifier: ISC */
/* Where a request line ends, and what a reply is called in the log. */
#include "wire/wire.h"

enum { LINE_END_BYTES = 2 }; /* CR LF */

const struct wire *const wires[] = {&wire_gemini, &wire_gopher};

const size_t wire_count = sizeof(wires) / sizeof(wires[0]);

_Static_assert(sizeof(wires) / sizeof(wires[0]) <= PROTOCOLS_MAX,
    "raise METRIC_PROTOCOLS");

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
	return wire->protocol.line_max + LINE_END_BYTES;
}

/* Offset of the line's end, SIZE_MAX for none; *len without it. */
static size_t
find_end(const struct wire *wire, struct str received, size_t *len)
{
	size_t end;

	if (!wire->any_end_is_end) {
		*len = end = str_find(received, STR("\r\n"));
		return end;
	}
	*len = end = str_find_byte(received, '\n');
	if (end != SIZE_MAX && end > 0 && received.data[end - 1] == '\r')
		*len = end - 1;
	return end;
}

enum wire_progress
wire_find_line(
    const struct wire *wire, struct str received, bool at_end, struct str *line)
{
	size_t len;

	if (find_end(wire, received, &len) == SIZE_MAX) {
		if (received.len >= wire_receive_max(wire))
			return WIRE_LONG;
		if (!at_end)
			return WIRE_PARTIAL;
		if (received.len == 0)
			return WIRE_SILENT;
		if (!wire->any_end_is_end)
			return WIRE_CUT;
		len = received.len;
	}
	if (len > wire->protocol.line_max)
		return WIRE_LONG;
	*line = str_slice(received, 0, len);
	return WIRE_WHOLE;
}

void
wire_refuse_line(struct reply *reply, enum wire_progress why)
{
	struct str text =
	    STR("Bad request: not ended in time 请求没有按时结束");

	if (why == WIRE_LONG)
		text = STR("Bad request: too long 请求太长");
	else if (why == WIRE_CUT)
		text = STR("Bad request: cut short 请求不完整");
	reply_refuse(reply, REFUSAL_BAD, text);
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
