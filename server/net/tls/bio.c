/* SPDX-License-Identifier: ISC */
/*
 * The shared buffers. OpenSSL reads a record in two pieces and writes a flight
 * in several. Without the buffers each piece would be a system call.
 *
 * A receive that does not fill the buffer has emptied the socket. So the next
 * read by OpenSSL gets "retry" without a system call. libevent reports the
 * socket when more bytes have come.
 */
#include "net/tls/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/limits.h"

enum {
	IN_BYTES = 32 * 1024,
	OUT_BYTES = 66 * 1024 /* four records: a piece of a file */
};

struct tls_buffers {
	struct tls_link *owner; /* NULL: none, and the buffers are empty */
	BIO_METHOD *method;
	size_t in_at, in_len, out_len;
	char in[IN_BYTES], out[OUT_BYTES];
};

/* ---- the owner of the buffers ---------------------------------------- */

static bool
try_again(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* Send the out buffer; the kernel may take only a part. */
static void
send_out(struct tls_buffers *b, int flags)
{
	ssize_t n;

	if (b->out_len == 0 || b->owner->broken)
		return;
	n = send(b->owner->socket, b->out, b->out_len, MSG_NOSIGNAL | flags);
	if (n < 0) {
		b->owner->broken = !try_again();
		return;
	}
	b->out_len -= (size_t)n;
	if (b->out_len > 0)
		memmove(b->out, b->out + n, b->out_len);
}

static void
put_aside(struct tls_buffers *b)
{
	struct tls_link *link = b->owner;

	if (link == NULL)
		return;
	link->dry = false;
	if (b->in_at == b->in_len && b->out_len == 0)
		return;
	send_out(b, 0);
	buf_add(&link->in, b->in + b->in_at, b->in_len - b->in_at);
	buf_add(&link->out, b->out, b->out_len);
	if (link->in.err != OK || link->out.err != OK)
		link->broken = true;
}

/* Make link the owner of the buffers, and put its kept bytes into them. */
static struct tls_buffers *
take(struct tls_link *link)
{
	struct tls_buffers *b = link->buffers;

	if (b->owner == link)
		return b;
	put_aside(b);
	b->owner = link;
	b->in_at = 0;
	b->in_len = link->in.len;
	b->out_len = link->out.len;
	if (b->in_len > 0)
		memcpy(b->in, link->in.data, b->in_len);
	if (b->out_len > 0)
		memcpy(b->out, link->out.data, b->out_len);
	buf_release(&link->in);
	buf_release(&link->out);
	return b;
}

/* ---- what OpenSSL calls --------------------------------------------- */

/* Receive into the empty buffer. 1: there are bytes; 0: the end; -1: an error,
 * or nothing yet, which sets the BIO's retry flag. */
static int
receive(struct tls_buffers *b, BIO *bio)
{
	struct tls_link *link = b->owner;
	ssize_t n = -1;

	if (link->dry)
		errno = EAGAIN;
	else
		n = recv(link->socket, b->in, sizeof(b->in), 0);
	link->dry = false;
	if (n > 0) {
		b->in_at = 0;
		b->in_len = (size_t)n;
		link->dry = b->in_len < sizeof(b->in);
		return 1;
	}
	link->ended = n == 0;
	if (n < 0 && try_again())
		BIO_set_retry_read(bio);
	return (int)n;
}

static int
bio_read(BIO *bio, char *room, int size)
{
	struct tls_buffers *b = take(BIO_get_data(bio));
	size_t n;

	BIO_clear_retry_flags(bio);
	if (b->owner->broken || size <= 0)
		return -1;
	if (b->in_at == b->in_len) {
		int received = receive(b, bio);
		if (received <= 0)
			return received;
	}
	n = b->in_len - b->in_at;
	if (n > (size_t)size)
		n = (size_t)size;
	if (n > b->owner->in_max) {
		b->owner->broken = true;
		return -1;
	}
	if (b->owner->in_max != SIZE_MAX)
		b->owner->in_max -= n;
	memcpy(room, b->in + b->in_at, n);
	b->in_at += n;
	return (int)n;
}

static int
bio_write(BIO *bio, const char *data, int len)
{
	struct tls_buffers *b = take(BIO_get_data(bio));
	size_t n = len > 0 ? (size_t)len : 0;

	BIO_clear_retry_flags(bio);
	if (n > sizeof(b->out) - b->out_len)
		send_out(b, 0);
	if (b->owner->broken)
		return -1;
	if (n > sizeof(b->out) - b->out_len)
		n = sizeof(b->out) - b->out_len;
	if (n == 0) {
		BIO_set_retry_write(bio);
		return -1;
	}
	memcpy(b->out + b->out_len, data, n);
	b->out_len += n;
	return (int)n;
}

static long
bio_control(BIO *bio, int what, long number, void *pointer)
{
	const struct tls_link *link = BIO_get_data(bio);

	(void)number;
	(void)pointer;
	if (what == BIO_CTRL_EOF)
		return link->ended;
	return what == BIO_CTRL_FLUSH; /* tls_link_flush() sends, later */
}

/* ---- life ----------------------------------------------------------- */

struct tls_buffers *
tls_buffers_new(void)
{
	struct tls_buffers *b = malloc(sizeof(*b));

	if (b == NULL)
		return NULL;
	b->owner = NULL;
	b->method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "guiju");
	if (b->method == NULL || BIO_meth_set_read(b->method, bio_read) != 1 ||
	    BIO_meth_set_write(b->method, bio_write) != 1 ||
	    BIO_meth_set_ctrl(b->method, bio_control) != 1) {
		tls_buffers_free(b);
		return NULL;
	}
	return b;
}

void
tls_buffers_free(struct tls_buffers *b)
{
	if (b == NULL)
		return;
	BIO_meth_free(b->method);
	free(b);
}

void
tls_link_init(struct tls_link *link, struct tls_buffers *buffers, int socket)
{
	*link = (struct tls_link){.buffers = buffers,
	    .socket = socket,
	    .in_max = LIMIT_HANDSHAKE_BYTES};
	buf_init(&link->in, IN_BYTES);
	buf_init(&link->out, OUT_BYTES);
}

void
tls_link_received(struct tls_link *link, struct str bytes, bool all)
{
	buf_str(&link->in, bytes);
	link->dry = all;
	link->broken = link->in.err != OK;
}

void
tls_link_release(struct tls_link *link)
{
	if (link->buffers->owner == link)
		link->buffers->owner = NULL;
	buf_release(&link->in);
	buf_release(&link->out);
}

BIO *
tls_bio_new(struct tls_link *link)
{
	BIO *bio = BIO_new(link->buffers->method);

	if (bio == NULL)
		return NULL;
	BIO_set_data(bio, link);
	BIO_set_init(bio, 1);
	return bio;
}

enum channel_result
tls_link_flush(struct tls_link *link, bool last)
{
	struct tls_buffers *b = link->buffers;

	if (b->owner != link && link->out.len == 0)
		return link->broken ? CHANNEL_BROKEN : CHANNEL_OK;
	b = take(link);
	send_out(b, last ? MSG_MORE : 0);
	if (link->broken)
		return CHANNEL_BROKEN;
	return b->out_len > 0 ? CHANNEL_WANT_WRITE : CHANNEL_OK;
}
