/* SPDX-License-Identifier: ISC */
/*
 * The operator's socket, STATE/status.sock: a client writes one word and LF,
 * and reads a report. Only the user that started the server may connect (mode
 * 0600). A client cannot delay the parent: the parent never waits for a client,
 * reads at most one line of each, and has few clients at a time.
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
	struct buf out; /* the report; empty until the word has come */
	size_t sent;
};

struct status_socket {
	int listening; /* -1: not open */
	struct status_client client[STATUS_CLIENTS_MAX];
};

/* Make an unopened socket. */
void status_init(struct status_socket *status);
/* Make the socket in the state folder, and replace one that a dead server has
 * left there. The caller holds the lock of the folder. ERR_IO: why gets one
 * line. */
enum err status_open(struct status_socket *status, const char *state,
    struct buf *why) MUST_CHECK;
/* Close all sockets and remove the file. */
void status_close(struct status_socket *status, const char *state);

/* Write the sockets to poll into out, which has room for 1 +
 * STATUS_CLIENTS_MAX. Returns their number. */
size_t status_poll(const struct status_socket *status, struct pollfd *out);
/* When to call status_tend() even if no socket is ready; INT64_MAX: never. */
int64_t status_next_ms(const struct status_socket *status);
/* Accept, read, write and close what is possible without waiting. */
void status_tend(struct status_socket *status,
    const struct report_source *source, int64_t now_ms);

/* In another process: ask the server of a state folder, and append its report
 * to out. word: "text", "all", "json", "prometheus". ERR_MISSING: no server
 * runs there; ERR_LATE: no answer in time; ERR_LIMIT: out is full; ERR_IO. why
 * gets one line. */
enum err status_ask(const char *state, const char *word, struct buf *out,
    struct buf *why) MUST_CHECK;

#endif
