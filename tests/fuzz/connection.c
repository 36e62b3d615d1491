/* SPDX-License-Identifier: ISC */
/*
 * The life of a connection without TLS: what a client sends, when, and how it
 * ends. The input is what is sent; a byte 0xFF has a sign behind it:
 *
 *   t N  time passes, N quarters of a second    e  nothing more is sent
 *   n    the client stops reading               r  it goes away, unread bytes
 *   y    it reads again                            and all
 *   s N  what follows comes in pieces of N + 1  d N  the server is to stop
 *   b    little at a time can be sent (first)   f  the byte itself
 *   u    it is an upload by Titan (first), else a request of Gopher
 *
 * Whatever happens, the server lets go of the connection, and what it has
 * sent is text.
 */
#include "fuzz.h"

#include "peer.h"

enum { SCRIPT_MAX = 8 * 1024, SIGN = 0xFF, PIECE_MAX = 4096 };

struct script {
	struct peer peer;
	struct str rest;
	size_t piece;
};

static unsigned
take_number(struct script *script)
{
	unsigned n;

	if (script->rest.len == 0)
		return 0;
	n = (unsigned char)script->rest.data[0];
	script->rest = str_slice(script->rest, 1, script->rest.len);
	return n;
}

static void
take_sign(struct script *script)
{
	struct peer *peer = &script->peer;

	switch (take_number(script)) {
	case 't':
		peer_wait(peer, take_number(script) * 250);
		break;
	case 'n':
		peer->deaf = true;
		break;
	case 'y':
		peer->deaf = false;
		peer_turn(peer);
		break;
	case 's':
		script->piece = take_number(script) + 1;
		break;
	case 'd':
		peer_drain(peer, take_number(script) * 250);
		break;
	case 'e':
		peer_end(peer, PEER_SHUT);
		break;
	case 'r':
		peer_end(peer, PEER_RESET);
		break;
	case 'f':
		(void)peer_send(peer, STR("\xFF"));
		break;
	default:
		break;
	}
}

static void
play(struct script *script)
{
	while (script->rest.len > 0) {
		size_t end = str_find_byte(script->rest, (char)SIGN), n;
		if (end == 0) {
			(void)take_number(script);
			take_sign(script);
			continue;
		}
		n = end < script->rest.len ? end : script->rest.len;
		n = n < script->piece ? n : script->piece;
		(void)peer_send(&script->peer, str_slice(script->rest, 0, n));
		script->rest = str_slice(script->rest, n, script->rest.len);
	}
}

/* Titan's port, without TLS. */
static const struct wire *
upload_wire(void)
{
	static struct wire plain;

	plain = wire_titan;
	plain.tls = WIRE_TLS_NEVER;
	return &plain;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script script = {
	    .rest = fuzz_str(data, size), .piece = PIECE_MAX};
	struct str sent;

	if (size > SCRIPT_MAX)
		return 0;
	peer_open(&script.peer,
	    str_starts(script.rest,
		STR("\xFF"
		    "u"))
		? upload_wire()
		: &wire_gopher,
	    str_starts(script.rest,
		STR("\xFF"
		    "b")));
	play(&script);
	script.peer.deaf = false;
	peer_turn(&script.peer);
	sent = buf_view(&script.peer.received);
	MUST(script.peer.tls || sent.len == 0 || is_clean_text(sent, "\t\r\n"));
	peer_close(&script.peer);
	return 0;
}
