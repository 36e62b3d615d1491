/* SPDX-License-Identifier: ISC */
/* From a request line to bytes, and from there to one line in the log. */
#include "net/answer.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "net/tls_channel.h"

enum {
	ANSWER_MAX = 16 * 1024 * 1024, /* bytes; larger things are files */
	LOG_MAX = 2048,
	LOG_PATH_MAX = 1024,
	LOG_IDENTITY = 12 /* digits of a fingerprint that the log shows */
};

void
answer_init(struct answer *answer)
{
	*answer = (struct answer){.file = -1};
	buf_init(&answer->out, ANSWER_MAX);
	buf_init(&answer->log, LOG_MAX);
}

void
answer_release(struct answer *answer)
{
	if (answer->file >= 0)
		close(answer->file);
	answer->file = -1;
	buf_release(&answer->out);
	buf_release(&answer->log);
}

/* ---- the log -------------------------------------------------------- */

/*
 * What the log does not tell: a seal is a token that still works, and words
 * are what a reader typed. page: the file that answered, whose path has the
 * segments of the address under their parameters' names.
 */
static void
mask(struct path *path, struct str page)
{
	struct str rest = page, name;

	str_next_part(&rest, '/', &name); /* "pages" */
	for (size_t i = 0; i < path->count && str_next_part(&rest, '/', &name);
	     i++)
		if (str_starts(name, STR("[seal]")) ||
		    str_starts(name, STR("[words]")))
			path->segment[i] = STR("-");
}

/* The path without the query. */
static void
add_path(
    struct buf *out, const struct request *request, const struct reply *reply)
{
	struct path path = request->path;
	struct buf text;

	mask(&path, reply->page);
	buf_init(&text, LOG_PATH_MAX);
	path_add(&text, &path);
	buf_str(out, buf_view(&text));
	if (text.err != OK)
		buf_text(out, "...");
	buf_release(&text);
}

static void
begin_log(struct answer *answer, const struct asker *asker,
    const struct request *request, const struct reply *reply)
{
	struct buf *log = &answer->log;
	struct str identity = STR("-");

	if (request->identity != NULL)
		identity =
		    str_slice(request->identity->fingerprint, 0, LOG_IDENTITY);
	buf_printf(log, "net: %s %s", asker->wire->name, asker->address);
	if (tls_channel_is(asker->channel))
		buf_printf(log, " %s", tls_channel_version(asker->channel));
	buf_printf(log, " id=%.*s path=", STR_ARG(identity));
	if (request->path.count > 0 || request->path.folder)
		add_path(log, request, reply);
	else
		buf_char(log, '-');
	buf_printf(log, " kind=%s", wire_kind(reply));
}

void
answer_log(const struct answer *answer, bool whole)
{
	int64_t ms = (clock_us() - answer->began_us) / 1000;

	if (answer->log.len == 0)
		return;
	log_info("%.*s bytes=%" PRIu64 " ms=%" PRId64 "%s",
	    STR_ARG(buf_view(&answer->log)), answer->sent, ms,
	    whole ? "" : " cut");
}

/* ---- making --------------------------------------------------------- */

/* The reply as bytes; one that cannot be written is our own failure. */
static void
shape(struct answer *answer, const struct net *net, const struct asker *asker,
    const struct request *request, struct reply *reply)
{
	struct buf *out = &answer->out;

	asker->wire->reply(out, request, reply, &net->ours);
	if (out->err != OK) {
		log_error("net: a reply of %s cannot be written (error %d)",
		    asker->wire->name, (int)out->err);
		buf_clear(out);
		if (reply->type == REPLY_FILE)
			close(reply->file);
		reply_refuse(reply, REFUSAL_BROKEN, STR(""));
		asker->wire->reply(out, request, reply, &net->ours);
	}
	if (reply->type == REPLY_FILE) {
		answer->file = reply->file;
		answer->file_left = reply->size;
	}
	begin_log(answer, asker, request, reply);
}

static enum err
ask(const struct net *net, const struct asker *asker, struct str text,
    struct request *request, struct reply *reply)
{
	struct wire_line line = {text, STR("")};
	enum err err = OK;

	if (asker->wire->protocol != PROTOCOL_GOPHER &&
	    tls_channel_is(asker->channel)) {
		line.sni = tls_channel_server_name(asker->channel);
		err = tls_channel_identity(
		    asker->channel, request->arena, &request->identity);
	}
	if (err == OK)
		err = asker->wire->request(&line, &net->ours, request, reply);
	if (err == OK)
		site_answer(net->site, request, reply);
	return err;
}

void
answer_line(struct answer *answer, struct net *net, const struct asker *asker,
    struct str line)
{
	struct request request = {
	    .arena = net->arena, .protocol = asker->wire->protocol};
	struct reply reply = {.file = -1};
	enum err err;

	answer->began_us = clock_us();
	err = ask(net, asker, line, &request, &reply);
	if (err != OK && err != ERR_INPUT)
		reply_refuse(&reply, REFUSAL_BROKEN, STR(""));
	shape(answer, net, asker, &request, &reply);
	arena_clear(net->arena);
}

void
answer_no_line(struct answer *answer, struct net *net,
    const struct asker *asker, enum wire_progress why)
{
	const struct request request = {
	    .arena = net->arena, .protocol = asker->wire->protocol};
	struct reply reply = {.file = -1};

	answer->began_us = clock_us();
	wire_refuse_line(&reply, why);
	shape(answer, net, asker, &request, &reply);
	arena_clear(net->arena);
}

/* ---- sending -------------------------------------------------------- */

uint64_t
answer_left(const struct answer *answer)
{
	return answer->out.len - answer->at + answer->file_left;
}

/* Fill up what is to be sent from the file: the first piece follows the
 * header at once, so that a small file goes out in one write. */
static enum err
refill(struct answer *answer)
{
	struct buf *out = &answer->out;
	size_t room = out->len < LIMIT_FILE_PIECE_BYTES
	    ? LIMIT_FILE_PIECE_BYTES - out->len
	    : 0;
	char *place;

	if (room > answer->file_left)
		room = (size_t)answer->file_left;
	place = buf_reserve(out, room);
	if (place == NULL)
		return out->err;
	while (room > 0) {
		ssize_t n = read(answer->file, place, room);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ERR_IO;
		out->len += (size_t)n;
		place += n;
		room -= (size_t)n;
		answer->file_left -= (uint64_t)n;
	}
	return OK;
}

enum err
answer_next(struct answer *answer, struct str *piece)
{
	if (answer->file_left > 0 &&
	    (answer->at == answer->out.len || answer->sent == 0)) {
		enum err err;
		if (answer->at == answer->out.len) {
			buf_clear(&answer->out);
			answer->at = 0;
		}
		err = refill(answer);
		if (err != OK) {
			log_error("net: a file ended early or cannot be "
				  "read (%" PRIu64 " bytes left)",
			    answer->file_left);
			return ERR_IO;
		}
	}
	*piece = str_slice(buf_view(&answer->out), answer->at, answer->out.len);
	return OK;
}

void
answer_sent(struct answer *answer, size_t bytes)
{
	answer->at += bytes;
	answer->sent += bytes;
}
