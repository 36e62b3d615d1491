/* SPDX-License-Identifier: ISC */
/*
 * The whole way of a request line, without a socket: wire, site, wire, log.
 * Pages that take parameters, words and seals are asked for whatever stands
 * in the input. The answer has its protocol's form, and the log's line holds
 * neither a line end nor a seal.
 */
#include "fuzz.h"

#include "net/answer.h"
#include "net/transport.h"
#include "portal.h"

enum { LINE_MAX_BYTES = 4096, OUT_MAX = 1 << 20 };

static struct net net;

static void
open_once(void)
{
	if (net.site != NULL)
		return;
	net.site = portal();
	net.ours = (struct wire_host){
	    .host = STR(PORTAL_HOST), .services = wire_services()};
	net.arena = arena_new(32 << 20);
	MUST(net.arena != NULL);
}

/* Below /say/ there are seals and nothing else, and the log is not to tell
 * them. What a line of it looks like is log_line's to say. */
static void
check_log(const struct request_log *log)
{
	static const struct str say = {"/say/", 5};
	struct str path = buf_view(&log->path), segment;

	MUST(log->protocol != NULL && log->kind != NULL);
	MUST(log->path.err == OK);
	if (!str_starts(path, say))
		return;
	segment = str_slice(path, say.len, path.len);
	MUST(segment.len == 0 || str_equal(segment, STR("-")) ||
	    str_find_byte(segment, '/') != SIZE_MAX);
}

static void
collect(struct answer *answer, struct buf *out)
{
	struct str piece;

	for (;;) {
		MUST(answer_next(answer, &piece) == OK);
		if (piece.len == 0)
			return;
		buf_str(out, piece);
		MUST(out->err == OK);
		answer_sent(answer, piece.len);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct channel channel = {.transport = &transport_plain};
	const struct ip ip = ip_from_v4((const unsigned char *)"\300\0\2\1");
	struct asker asker = {
	    .wire = &wire_gemini, .channel = &channel, .ip = &ip};
	struct answer answer;
	const struct wire_line line = {.text = fuzz_str(data, size)};
	struct buf out;

	open_once();
	if (size > LINE_MAX_BYTES)
		return 0;
	if (!str_starts(line.text, STR("gemini:")))
		asker.wire = &wire_gopher;
	answer_init(&answer);
	answer_line(&answer, &net, &asker, &line);
	buf_init(&out, OUT_MAX);
	collect(&answer, &out);
	if (asker.wire == &wire_gemini)
		portal_check_gemini(buf_view(&out));
	else
		MUST(is_clean_text(buf_view(&out), "\t\r\n"));
	check_log(&answer.log);
	buf_release(&out);
	answer_release(&answer);
	return 0;
}
