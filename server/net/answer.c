/* SPDX-License-Identifier: ISC */
/* From a request line to the bytes of an answer and to the line in the log. */
#include "net/answer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/stats.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/metrics.h"
#include "net/tls/channel.h"
#include "page/run/failure.h"

enum {
	ANSWER_MAX = 16 * 1024 * 1024, /* bytes of a reply that is not a file */
};

void
answer_init(struct answer *answer)
{
	*answer = (struct answer){.file = -1};
	buf_init(&answer->out, ANSWER_MAX);
}

void
answer_release(struct answer *answer)
{
	if (answer->file >= 0)
		close(answer->file);
	answer->file = -1;
	buf_release(&answer->out);
	request_log_release(&answer->log);
}

struct answer *
answer_new(void)
{
	struct answer *answer = malloc(sizeof(*answer));

	if (answer != NULL)
		answer_init(answer);
	return answer;
}

void
answer_free(struct answer *answer)
{
	if (answer != NULL)
		answer_release(answer);
	free(answer);
}

void
answer_log(const struct answer *answer, bool whole)
{
	if (answer == NULL || answer->log.flood == NULL)
		return; /* there was no request */
	metrics_add(METRIC_BYTES_SENT, answer->sent);
	if (!whole)
		metrics_count(METRIC_ANSWERS_CUT);
	request_log_end(
	    &answer->log, answer->sent, clock_us() - answer->asked_us, whole);
}

/* ---- counting ------------------------------------------------------- */

/* Count an answer and the time it took to make it. Statistics of a page have
 * the page's name; other answers are counted by their kind. */
static void
count(const struct answer *answer, const struct net *net,
    const struct asker *asker, const struct request *request,
    const struct reply *reply)
{
	const int64_t now_us = clock_us();
	const int64_t cpu_us = clock_cpu_us() - answer->began_cpu_us;
	struct page_stats *stats = reply->stats;
	char kind[32];

	metrics_count(METRIC_REQUESTS + (unsigned)wire_number(asker->wire));
	metrics_gauge_add(GAUGE_REQUESTS, 1);
	metrics_count(reply->type == REPLY_REFUSAL
		? METRIC_REFUSALS_MISSING + (unsigned)reply->refusal
		: METRIC_REPLIES_PAGE + (unsigned)reply->type);
	if (stats == NULL) {
		snprintf(kind, sizeof(kind), "(%s)", wire_kind(reply));
		stats = stats_page(str_from(kind));
	}
	stats_add_answer(
	    stats, (uint64_t)(now_us - answer->began_us), (uint64_t)cpu_us);
	if (request->peer != NULL)
		peers_answered(&net->seat, cpu_us, now_us);
}

/* Count what the line of an upload cost before its body is here. A cheap line
 * says nothing about its page. */
static void
count_line(const struct answer *answer, const struct net *net,
    const struct request *request, const struct reply *reply)
{
	const int64_t now_us = clock_us();
	const int64_t cpu_us = clock_cpu_us() - answer->began_cpu_us;

	if (cpu_us > LIMIT_COSTLY_US)
		stats_add_answer(reply->stats,
		    (uint64_t)(now_us - answer->began_us), (uint64_t)cpu_us);
	if (request->peer != NULL)
		peers_answered(&net->seat, cpu_us, now_us);
}

/* ---- making --------------------------------------------------------- */

/* The clocks of an answer start; asked_us stays that of a request that has
 * waited for a lane. */
static void
begin(struct answer *answer)
{
	answer->began_us = clock_us();
	answer->began_cpu_us = clock_cpu_us();
	if (answer->costly.mean_us == 0)
		answer->asked_us = answer->began_us;
}

/* Write the reply as bytes. If that fails, a refusal (a failure of ours) is
 * sent instead. */
static void
shape(struct answer *answer, struct net *net, const struct asker *asker,
    const struct request *request, struct reply *reply)
{
	struct buf *out = &answer->out;

	asker->wire->reply(out, request, reply, &net->ours);
	if (out->err != OK) {
		buf_clear(out);
		if (reply->type == REPLY_FILE)
			close(reply->file);
		failure_refuse(reply, request->arena,
		    &(struct failure){.file = reply->page,
			.message = "the reply cannot be written"});
		asker->wire->reply(out, request, reply, &net->ours);
	}
	if (reply->type == REPLY_FILE) {
		answer->file = reply->file;
		answer->file_left = reply->size;
	}
	if (answer->log.flood == NULL)
		request_log_begin(
		    &answer->log, &net->flood, asker, request, reply);
	else /* of a request whose line is known */
		answer->log.kind = wire_kind(reply);
	count(answer, net, asker, request, reply);
}

static enum err
ask(const struct net *net, const struct asker *asker, struct wire_line line,
    struct request *request, struct reply *reply)
{
	enum err err = OK;

	if (asker->wire->certificates && tls_channel_is(asker->channel)) {
		line.sni = tls_channel_server_name(asker->channel);
		err = tls_channel_identity(
		    asker->channel, request->arena, &request->identity);
	}
	if (err == OK)
		err = asker->wire->request(&line, &net->ours, request, reply);
	if (err == OK && request->peer != NULL)
		request->costly_wait_s = peers_costly_wait(&net->seat,
		    request->identity != NULL && request->identity->valid,
		    clock_us());
	if (err == OK)
		site_answer(net->site, request, reply);
	return err;
}

void
answer_line(struct answer *answer, struct net *net, const struct asker *asker,
    const struct wire_line *line)
{
	struct request request = {
	    .arena = net->arena, .protocol = &asker->wire->protocol};
	struct reply reply = {.file = -1, .words = net->ours.words};
	enum err err;

	begin(answer);
	request_log_release(&answer->log);
	if (!ip_ranges_have(&net->unlimited_from, asker->ip))
		request.peer = asker->ip;
	if (asker->may_wait)
		request.costly = &answer->costly;
	request.sent_back = asker->sent_back;
	answer->awaits = 0;
	answer->costly = (struct costly){.mean_us = 0};
	err = ask(net, asker, *line, &request, &reply);
	if (err == OK && reply.awaits && answer->costly.mean_us == 0) {
		answer->awaits = request.upload->size;
		count_line(answer, net, &request, &reply);
	}
	if (answer->awaits > 0 || answer->costly.mean_us > 0) {
		if (reply.file >= 0)
			close(reply.file);
		request_log_begin(
		    &answer->log, &net->flood, asker, &request, &reply);
		arena_clear(net->arena);
		return;
	}
	if (err != OK && err != ERR_INPUT)
		failure_refuse(&reply, request.arena,
		    &(struct failure){
			.message = "out of memory for a request"});
	shape(answer, net, asker, &request, &reply);
	arena_clear(net->arena);
}

/* Answer with a refusal, without asking the site. */
static void
refuse(struct answer *answer, struct net *net, const struct asker *asker,
    struct reply *reply)
{
	const struct request request = {
	    .arena = net->arena, .protocol = &asker->wire->protocol};

	begin(answer);
	shape(answer, net, asker, &request, reply);
	arena_clear(net->arena);
}

void
answer_word(struct answer *answer, struct net *net, const struct asker *asker,
    enum refusal kind, enum word word)
{
	struct reply reply = {.file = -1, .words = net->ours.words};

	reply_refuse(&reply, kind, words_text(reply.words, word));
	refuse(answer, net, asker, &reply);
}

void
answer_no_line(struct answer *answer, struct net *net,
    const struct asker *asker, enum wire_progress why)
{
	struct reply reply = {.file = -1, .words = net->ours.words};

	wire_refuse_line(&reply, reply.words, why);
	refuse(answer, net, asker, &reply);
}

void
answer_busy(struct answer *answer, struct net *net, const struct asker *asker,
    unsigned wait_s)
{
	struct reply reply = {.file = -1, .words = net->ours.words};

	reply_refuse(&reply, REFUSAL_BUSY, STR(""));
	reply.wait_s = wait_s;
	refuse(answer, net, asker, &reply);
}

/* ---- sending -------------------------------------------------------- */

uint64_t
answer_left(const struct answer *answer)
{
	return answer->out.len - answer->at + answer->file_left;
}

/* Append the next piece of the file to out. The first piece follows the header
 * in out, so a small file needs only one write. */
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
