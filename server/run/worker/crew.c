/* SPDX-License-Identifier: ISC */
/* The table of all living workers. */
#include "run/worker/crew.h"

#include <errno.h>

#include "base/metrics.h"

enum err
crew_prepare(const struct crew *crew, struct crew_member *member)
{
	if (crew->count == CREW_MAX) {
		errno = EAGAIN;
		return ERR_LIMIT;
	}
	member->seat = metrics_take_seat();
	return OK;
}

void
crew_add(struct crew *crew, const struct crew_member *member)
{
	if (member->pid < 0)
		metrics_leave_seat(member->seat);
	else
		crew->member[crew->count++] = *member;
}

void
crew_ended(struct crew *crew, pid_t pid)
{
	for (size_t i = 0; i < crew->count; i++)
		if (crew->member[i].pid == pid) {
			metrics_leave_seat(crew->member[i].seat);
			crew->member[i] = crew->member[--crew->count];
			return;
		}
}
