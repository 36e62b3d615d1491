/* SPDX-License-Identifier: ISC */
/* Who looks when, and for how long; net/closing.c knows the kernel. */
#include "run/parent/closings.h"

#include "net/closing.h"
#include "run/worker/process.h"

enum {
	LOOK_MS = 5,
	/* Longer than a page may keep the worker that is to accept. */
	LATEST_MS = 3000
};

static void
take(struct closings *closings, int socket, int64_t now_ms)
{
	/* Where nobody can be kept out, each worker takes the queue as it is
	 * and closes the socket. */
	if (!closing_begin(socket) || closings->count == CLOSINGS_MAX) {
		process_close(socket);
		return;
	}
	closings->item[closings->count].socket = socket;
	closings->item[closings->count].latest_ms = now_ms + LATEST_MS;
	closings->count++;
}

void
closings_take(struct closings *closings, struct listeners *listeners,
    const struct listeners *other, int64_t now_ms)
{
	for (size_t i = 0; i < listeners->count; i++)
		if (!listeners_have(other, listeners, i))
			take(closings, listeners->item[i].socket, now_ms);
	listeners->count = 0;
}

void
closings_tend(struct closings *closings, int64_t now_ms)
{
	size_t left = 0;

	for (size_t i = 0; i < closings->count; i++) {
		const int socket = closings->item[i].socket;

		if (now_ms < closings->item[i].latest_ms &&
		    !closing_is_over(socket)) {
			closings->item[left++] = closings->item[i];
			continue;
		}
		closing_end(socket);
		process_close(socket);
	}
	closings->count = left;
}

int64_t
closings_next_ms(const struct closings *closings, int64_t now_ms)
{
	return closings->count == 0 ? INT64_MAX : now_ms + LOOK_MS;
}

void
closings_release(struct closings *closings)
{
	closings_tend(closings, INT64_MAX);
}
