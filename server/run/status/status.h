/* SPDX-License-Identifier: ISC */
/*
 * The operator's socket, STATE/status.sock: whoever may open it writes one
 * word in a line and reads a report. Only the user that started the server
 * may (mode 0600). Nobody can hold the parent up: it never waits for a
 * client, reads no more than one line of each, and has few at a time.
 */
#ifndef GUIJU_RUN_STATUS_STATUS_H
#define GUIJU_RUN_STATUS_STATUS_H

#include <poll.h>

#include "base/buf.h"
#include "run/status/report.h"

#define STATUS_SOCKET "status.sock"

enum {
	STATUS_CLIENTS_MAX = 4, /* others wait to be accepted */
	STATUS_LINE_MAX = 16    /* bytes of a request with its LF */
};

struct status_client {
	int socket; /* -1: none */
	int64_t deadline_ms;
	char line[STATUS_LINE_MAX];
	size_t len;
	struct buf out; /* the report, once it has been asked for */
	size_t sent;
};

struct status_socket {
	int listening; /* -1: not open */
	struct status_client client[STATUS_CLIENTS_MAX];
};

/* Not open. */
void status_init(struct status_socket *status);
/* Make the socket in the state folder, in place of one that a dead server has
 * left. The folder must be locked. ERR_IO: why gets one line. */
enum err status_open(struct status_socket *status, const char *state,
    struct buf *why) MUST_CHECK;
/* Close all and take the name away. */
void status_close(struct status_socket *status, const char *state);

/* What to wait for: room for 1 + STATUS_CLIENTS_MAX; how many. */
size_t status_poll(const struct status_socket *status, struct pollfd *out);
/* When status_tend has work again without news; INT64_MAX: never. */
int64_t status_next_ms(const struct status_socket *status);
/* Accept, read, write, close: what can be done without waiting. */
void status_tend(struct status_socket *status,
    const struct report_source *source, int64_t now_ms);

/* In another process: ask the server of a state folder, and append its
 * report. word: "text", "all", "json", "prometheus". ERR_MISSING: no server
 * runs there; ERR_IO, ERR_LATE, ERR_LIMIT: why gets one line. */
enum err status_ask(const char *state, const char *word, struct buf *out,
    struct buf *why) MUST_CHECK;

#endif
