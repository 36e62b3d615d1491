/* SPDX-License-Identifier: ISC */
/* The list of leaving processes. The parent's loop owns it. */
#include "run/worker/process.h"

#include <signal.h>

#include "base/log.h"

static void
kill_at(struct leaving *list, size_t at)
{
	log_warn("run: process %ld does not end, it is killed",
	    (long)list->item[at].pid);
	kill(list->item[at].pid, SIGKILL);
	/* The process stays in the list until waitpid(2) has returned it. */
	list->item[at].deadline_ms = INT64_MAX;
}

static size_t
earliest(const struct leaving *list)
{
	size_t at = 0;

	for (size_t i = 1; i < list->count; i++)
		if (list->item[i].deadline_ms < list->item[at].deadline_ms)
			at = i;
	return at;
}

void
leaving_add(struct leaving *list, pid_t pid, int signal_number, int64_t now_ms,
    int64_t time_ms)
{
	kill(pid, signal_number);
	if (list->count == LEAVING_MAX) {
		size_t at = earliest(list);

		kill_at(list, at);
		list->item[at] = list->item[--list->count];
	}
	list->item[list->count].pid = pid;
	list->item[list->count].deadline_ms = now_ms + time_ms;
	list->count++;
}

void
leaving_hurry(
    struct leaving *list, int signal_number, int64_t now_ms, int64_t time_ms)
{
	for (size_t i = 0; i < list->count; i++) {
		kill(list->item[i].pid, signal_number);
		if (list->item[i].deadline_ms > now_ms + time_ms)
			list->item[i].deadline_ms = now_ms + time_ms;
	}
}

bool
leaving_ended(struct leaving *list, pid_t pid)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->item[i].pid == pid) {
			list->item[i] = list->item[--list->count];
			return true;
		}
	return false;
}

void
leaving_kill_late(struct leaving *list, int64_t now_ms)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->item[i].deadline_ms <= now_ms)
			kill_at(list, i);
}

int64_t
leaving_next_ms(const struct leaving *list)
{
	return list->count == 0 ? INT64_MAX
				: list->item[earliest(list)].deadline_ms;
}
