/* SPDX-License-Identifier: ISC */
/* TCP without TLS as a transport. */
#include "net/transport.h"

#include <errno.h>
#include <sys/socket.h>

static enum channel_result
result_of_errno(enum channel_result wanted)
{
	if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
		return wanted;
	return CHANNEL_BROKEN;
}

static enum channel_result
plain_open(struct channel *channel)
{
	(void)channel;
	return CHANNEL_OK;
}

static enum channel_result
plain_read(struct channel *channel, char *room, size_t size, size_t *got)
{
	ssize_t n = recv(channel->socket, room, size, 0);

	if (n < 0)
		return result_of_errno(CHANNEL_WANT_READ);
	if (n == 0)
		return CHANNEL_END;
	*got = (size_t)n;
	return CHANNEL_OK;
}

static enum channel_result
plain_write(struct channel *channel, const char *data, size_t len, size_t *put)
{
	ssize_t n = send(channel->socket, data, len, MSG_NOSIGNAL);

	if (n < 0)
		return result_of_errno(CHANNEL_WANT_WRITE);
	*put = (size_t)n;
	return CHANNEL_OK;
}

static enum channel_result
plain_finish(struct channel *channel)
{
	(void)channel;
	return CHANNEL_OK;
}

static void
plain_release(struct channel *channel)
{
	(void)channel;
}

const struct transport transport_plain = {.name = "plain",
    .open = plain_open,
    .read = plain_read,
    .write = plain_write,
    .finish = plain_finish,
    .release = plain_release};
