/* SPDX-License-Identifier: ISC */
/*
 * Descriptors are sent as SCM_RIGHTS (unix(7)). A worker reads nothing else
 * from its socket and writes nothing to it. A worker that is stopped
 * (SIGSTOP) finds the descriptors there when it goes on.
 */
#include "run/worker/crew.h"

#include <sys/socket.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/metrics.h"
#include "run/worker/process.h"

/* Room for one descriptor, aligned for its header. */
union rights {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

static void
let_go(const struct crew_member *member)
{
	process_close(member->control);
	metrics_leave_seat(member->seat);
}

enum err
crew_prepare(const struct crew *crew, struct crew_member *member, int *worker)
{
	int ends[2];

	if (crew->count == CREW_MAX) {
		errno = EAGAIN;
		return ERR_LIMIT;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		return ERR_IO;
	for (int i = 0; i < 2; i++) {
		(void)fcntl(ends[i], F_SETFD, FD_CLOEXEC);
		(void)fcntl(ends[i], F_SETFL, O_NONBLOCK);
	}
	process_keep_private(ends[0]);
	member->control = ends[0];
	member->seat = metrics_take_seat();
	*worker = ends[1];
	return OK;
}

void
crew_add(struct crew *crew, const struct crew_member *member)
{
	if (member->pid < 0)
		let_go(member);
	else
		crew->member[crew->count++] = *member;
}

void
crew_ended(struct crew *crew, pid_t pid)
{
	for (size_t i = 0; i < crew->count; i++)
		if (crew->member[i].pid == pid) {
			let_go(&crew->member[i]);
			crew->member[i] = crew->member[--crew->count];
			return;
		}
}

static bool
send_fd(int socket, int fd)
{
	union rights rights = {.room = {0}};
	struct iovec byte = {.iov_base = (char[]){'l'}, .iov_len = 1};
	struct msghdr message = {.msg_iov = &byte,
	    .msg_iovlen = 1,
	    .msg_control = &rights,
	    .msg_controllen = sizeof(rights.room)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	return sendmsg(socket, &message, MSG_NOSIGNAL) == 1;
}

bool
crew_hand_log_again(struct crew *crew, int fd)
{
	bool all = true;

	for (size_t i = 0; i < crew->count; i++) {
		struct crew_member *member = &crew->member[i];

		if (!member->behind)
			continue;
		/* EPIPE, ECONNRESET: the worker is about to end. */
		member->behind = !send_fd(member->control, fd) &&
		    errno != EPIPE && errno != ECONNRESET;
		all = all && !member->behind;
	}
	return all;
}

bool
crew_hand_log(struct crew *crew, int fd)
{
	for (size_t i = 0; i < crew->count; i++)
		crew->member[i].behind = true;
	return crew_hand_log_again(crew, fd);
}

bool
crew_take_log(int worker)
{
	union rights rights = {.room = {0}};
	char text[1];
	struct iovec byte = {.iov_base = text, .iov_len = 1};
	struct msghdr message = {.msg_iov = &byte,
	    .msg_iovlen = 1,
	    .msg_control = &rights,
	    .msg_controllen = sizeof(rights.room)};
	const struct cmsghdr *header;
	int fd;

	if (recvmsg(worker, &message, 0) != 1)
		return false;
	header = CMSG_FIRSTHDR(&message);
	if (header == NULL || header->cmsg_type != SCM_RIGHTS ||
	    header->cmsg_len != CMSG_LEN(sizeof(int)))
		return false;
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	if (log_use(fd) != OK)
		log_warn(
		    "run: worker %ld writes to the old log", (long)getpid());
	close(fd);
	return true;
}
