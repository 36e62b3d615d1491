/* SPDX-License-Identifier: ISC */
/*
 * The body of an upload, while it is received: a file of the state folder
 * without a name. So the kernel frees the bytes whatever becomes of the
 * connection or of this process. Where a file must have a name first, a process
 * that is killed may leave one, which is empty; a start sweeps it.
 */
#include "net/internal.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/file_path.h"
#include "base/limits.h"
#include "base/log.h"

struct body {
	int file;
	uint64_t size, received; /* bytes */
	struct str mapped;       /* empty: not mapped */
};

/* May this address begin another upload of so many bytes? A list of some
 * thousands costs less to walk than counters to keep right. */
static bool
has_room(const struct net *net, const struct ip *ip, uint64_t size)
{
	const struct ip network = ip_network(ip, 32, 64);
	const bool limited = !ip_ranges_have(&net->unlimited_from, ip);
	size_t count = 0, of_network = 0;

	for (const struct connection *c = net->connections; c != NULL;
	     c = c->next) {
		const struct ip its = ip_network(&c->ip, 32, 64);
		if (c->body == NULL)
			continue;
		count++;
		size += c->body->size;
		of_network += memcmp(&its, &network, sizeof(its)) == 0;
	}
	return count < LIMIT_UPLOADS && size <= LIMIT_UPLOADS_BYTES &&
	    (!limited || of_network < LIMIT_PEER_UPLOADS);
}

enum err
body_open(const struct net *net, const struct ip *ip, uint64_t size,
    struct body **out)
{
	struct body *body;

	(void)FAULT("upload-judged");
	if (!has_room(net, ip, size))
		return ERR_BUSY;
	body = malloc(sizeof(*body));
	if (body == NULL)
		return ERR_NOMEM;
	*body = (struct body){.file = file_unnamed(net->uploads), .size = size};
	if (body->file >= 0 && FAULT("upload-file")) {
		close(body->file);
		body->file = -1;
		errno = EIO;
	}
	if (body->file < 0) {
		log_error("net: no file for an upload in %s: %s", net->uploads,
		    strerror(errno));
		free(body);
		return ERR_IO;
	}
	*out = body;
	return OK;
}

void
body_free(struct body *body)
{
	if (body == NULL)
		return;
	if (body->mapped.len > 0)
		munmap((void *)(uintptr_t)body->mapped.data, body->mapped.len);
	close(body->file);
	free(body);
}

uint64_t
body_received(const struct body *body)
{
	return body->received;
}

uint64_t
body_lacks(const struct body *body)
{
	return body->size - body->received;
}

enum err
body_add(struct body *body, struct str piece)
{
	if (piece.len > body_lacks(body))
		return ERR_LIMIT;
	while (piece.len > 0) {
		ssize_t n = write(body->file, piece.data, piece.len);

		if (FAULT("upload-piece"))
			n = -1;
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			log_error("net: an upload cannot be written: %s",
			    strerror(errno));
			return ERR_IO;
		}
		body->received += (uint64_t)n;
		piece = str_slice(piece, (size_t)n, piece.len);
	}
	return OK;
}

enum err
body_map(struct body *body, struct str *out)
{
	void *at;

	if (FAULT("upload-whole"))
		return ERR_IO;
	at = mmap(
	    NULL, (size_t)body->size, PROT_READ, MAP_PRIVATE, body->file, 0);
	if (at == MAP_FAILED) {
		log_error("net: an upload cannot be read: %s", strerror(errno));
		return ERR_IO;
	}
	body->mapped = (struct str){at, (size_t)body->size};
	*out = body->mapped;
	return OK;
}
