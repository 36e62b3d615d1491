/* SPDX-License-Identifier: ISC */
/*
 * Reading PROXY headers. Both versions begin with bytes with which no client's
 * request begins. The first wrong byte is PROXY_BAD at once, so the caller does
 * not wait for a header that does not come.
 */
#include "wire/wire.h"

#include "base/banned.h"

/* Version 2: offsets in its fixed part, and values. */
enum {
	SIGNATURE_LEN = 12,
	COMMAND_AT = 12, /* version in the upper four bits */
	FAMILY_AT = 13,  /* family in the upper four bits, then transport */
	LENGTH_AT = 14,
	VERSION_2 = 0x2,
	LOCAL = 0x0,
	PROXY = 0x1,
	FAMILY_MAX = 0x3, /* AF_UNIX */
	TRANSPORT_MAX = 0x2,
	TCP_OVER_IP4 = 0x11,
	TCP_OVER_IP6 = 0x21,
	PORTS_LEN = 4 /* both ports, behind both addresses */
};

static const char signature[] = "\r\n\r\n\0\r\nQUIT\n";

_Static_assert(sizeof(signature) - 1 == SIGNATURE_LEN, "twelve bytes");

static bool
begins_alike(struct str received, struct str with)
{
	return str_starts(received, str_slice(with, 0, received.len));
}

/* ---- version 1 ------------------------------------------------------ */

static bool
is_port(struct str text)
{
	int64_t port;

	return str_to_int(text, 0, 65535, &port) == OK;
}

/* "SOURCE DESTINATION PORT PORT", with one blank between each two. */
static bool
read_v1_addresses(struct str rest, enum err (*read_ip)(struct str, struct ip *),
    struct ip *from)
{
	struct str part[4], more;
	struct ip to;

	for (size_t i = 0; i < 4; i++)
		if (!str_next_part(&rest, ' ', &part[i]))
			return false;
	return !str_next_part(&rest, ' ', &more) &&
	    read_ip(part[0], from) == OK && read_ip(part[1], &to) == OK &&
	    is_port(part[2]) && is_port(part[3]);
}

/* line: without its line end. */
static bool
read_v1_line(struct str line, struct proxy_header *out)
{
	static const struct {
		struct str word;
		enum err (*read_ip)(struct str, struct ip *);
	} families[] = {{{"PROXY TCP4 ", 11}, ip_read_v4},
	    {{"PROXY TCP6 ", 11}, ip_read_v6}};

	/* A receiver must ignore what follows UNKNOWN. */
	if (str_equal(line, STR("PROXY UNKNOWN")) ||
	    str_starts(line, STR("PROXY UNKNOWN "))) {
		out->known = false;
		return true;
	}
	out->known = true;
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
		if (str_starts(line, families[i].word))
			return read_v1_addresses(
			    str_slice(line, families[i].word.len, line.len),
			    families[i].read_ip, &out->from);
	return false;
}

static enum proxy_progress
read_v1(struct str received, struct proxy_header *out)
{
	const struct str within = str_slice(received, 0, PROXY_V1_MAX);
	const size_t end = str_find_byte(within, '\n');

	if (end == SIZE_MAX)
		return within.len < PROXY_V1_MAX ? PROXY_PARTIAL : PROXY_BAD;
	if (within.data[end - 1] != '\r' ||
	    str_find_byte(within, '\r') != end - 1 ||
	    !read_v1_line(str_slice(within, 0, end - 1), out))
		return PROXY_BAD;
	out->len = end + 1;
	return PROXY_WHOLE;
}

/* ---- version 2 ------------------------------------------------------ */

static unsigned
byte_at(struct str s, size_t at)
{
	return (unsigned char)s.data[at];
}

/* The addresses follow the fixed part: source, destination, ports. */
static bool
read_v2_source(
    struct str received, unsigned family, size_t rest, struct proxy_header *out)
{
	const size_t size = family == TCP_OVER_IP4 ? IP4_BYTES : IP_BYTES;
	const unsigned char *source =
	    (const unsigned char *)received.data + PROXY_V2_BEGIN;

	if (rest < 2 * size + PORTS_LEN)
		return false;
	out->known = true;
	out->from =
	    family == TCP_OVER_IP4 ? ip_from_v4(source) : ip_from_v6(source);
	return true;
}

static enum proxy_progress
read_v2(struct str received, struct proxy_header *out)
{
	unsigned command, family;
	size_t rest;

	if (received.len < PROXY_V2_BEGIN)
		return PROXY_PARTIAL;
	command = byte_at(received, COMMAND_AT);
	family = byte_at(received, FAMILY_AT);
	rest = byte_at(received, LENGTH_AT) << 8 |
	    byte_at(received, LENGTH_AT + 1);
	if (command >> 4 != VERSION_2 || (command & 0xF) > PROXY ||
	    rest > PROXY_V2_REST_MAX)
		return PROXY_BAD;
	/* The family of LOCAL must be ignored. */
	if ((command & 0xF) == PROXY &&
	    (family >> 4 > FAMILY_MAX || (family & 0xF) > TRANSPORT_MAX ||
		(family >> 4 == 0) != ((family & 0xF) == 0)))
		return PROXY_BAD;
	if (received.len < PROXY_V2_BEGIN + rest)
		return PROXY_PARTIAL;
	out->len = PROXY_V2_BEGIN + rest;
	out->known = false;
	if ((command & 0xF) == LOCAL ||
	    (family != TCP_OVER_IP4 && family != TCP_OVER_IP6))
		return PROXY_WHOLE;
	return read_v2_source(received, family, rest, out) ? PROXY_WHOLE
							   : PROXY_BAD;
}

enum proxy_progress
proxy_read(struct str received, struct proxy_header *out)
{
	const struct str v1 = STR("PROXY "), v2 = {signature, SIGNATURE_LEN};
	struct proxy_header header = {0};
	enum proxy_progress progress;

	if (received.len < v1.len && begins_alike(received, v1))
		return PROXY_PARTIAL;
	if (received.len < v2.len && begins_alike(received, v2))
		return PROXY_PARTIAL;
	if (str_starts(received, v1))
		progress = read_v1(received, &header);
	else if (str_starts(received, v2))
		progress = read_v2(received, &header);
	else
		return PROXY_BAD;
	if (progress == PROXY_WHOLE)
		*out = header;
	return progress;
}
