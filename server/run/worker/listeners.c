/* SPDX-License-Identifier: ISC */
/*
 * Binding. IPv6 sockets are IPv6 only, so 0.0.0.0 and [::] can be bound side by
 * side on every system. Each address is logged once.
 */
#include "run/worker/listeners.h"

#include <sys/socket.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "net/net.h"
#include "run/worker/process.h"

enum { PORT_TRIES = 20, PRIVILEGED_PORTS = 1024 };

union socket_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static socklen_t
fill(union socket_address *out, const struct address *address)
{
	memset(out, 0, sizeof(*out));
	if (address->ipv6) {
		out->v6.sin6_family = AF_INET6;
		out->v6.sin6_port = htons((uint16_t)address->port);
		(void)inet_pton(AF_INET6, address->ip, &out->v6.sin6_addr);
		return sizeof(out->v6);
	}
	out->v4.sin_family = AF_INET;
	out->v4.sin_port = htons((uint16_t)address->port);
	(void)inet_pton(AF_INET, address->ip, &out->v4.sin_addr);
	return sizeof(out->v4);
}

/* Limit the unsent bytes of each connection that is accepted from fd. Without
 * this the kernel buffers a large answer, and a stalled reader is not seen. */
static void
keep_unsent_short(int fd)
{
#ifdef TCP_NOTSENT_LOWAT
	const int most = LIMIT_UNSENT_BYTES;

	(void)setsockopt(
	    fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most, sizeof(most));
#else
	(void)fd;
#endif
}

/* A bound socket, or -1 and errno. */
static int
bind_address(const struct address *address)
{
	union socket_address name;
	socklen_t len = fill(&name, address);
	int one = 1, saved;
	int fd = socket(name.any.sa_family, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
	    fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == 0 &&
	    (!address->ipv6 ||
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one)) ==
		    0) &&
	    bind(fd, &name.any, len) == 0) {
		keep_unsent_short(fd);
		return fd;
	}
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static unsigned
bound_port(int fd)
{
	union socket_address name = {.any = {.sa_family = AF_UNSPEC}};
	socklen_t len = sizeof(name);

	if (getsockname(fd, &name.any, &len) != 0)
		return 0;
	return ntohs(name.any.sa_family == AF_INET6 ? name.v6.sin6_port
						    : name.v4.sin_port);
}

/* Does this error mean that the machine has no IPv6, or not this address? */
static bool
is_no_ipv6(const struct address *address, int error)
{
	return address->ipv6 &&
	    (error == EAFNOSUPPORT ||
		(error == EADDRNOTAVAIL &&
		    (strcmp(address->ip, "::") == 0 ||
			strcmp(address->ip, "::1") == 0)));
}

static enum err
say_failure(struct buf *why, const struct address *address,
    const struct wire *wire, int error)
{
	const char *flag = wire->protocol.name;

	buf_printf(why, "cannot listen for %s on ", flag);
	address_add_text(why, address);
	buf_printf(why, ": %s", strerror(error));
	if (error == EACCES && address->port < PRIVILEGED_PORTS)
		buf_printf(why,
		    " (ports below %d are root's; name another "
		    "with --%s PORT%s)",
		    (int)PRIVILEGED_PORTS, flag,
		    wire == wires[0] ? "" : ", or set it to off");
	return error == EADDRINUSE ? ERR_BUSY : ERR_IO;
}

static int
find_bound(const struct listeners *list, const struct address *wanted,
    const struct wire *wire)
{
	for (size_t i = 0; list != NULL && i < list->count; i++)
		if (list->item[i].wire == wire &&
		    address_equal(&list->wanted[i], wanted))
			return list->item[i].socket;
	return -1;
}

static void
add(struct listeners *list, const struct address *wanted,
    const struct wire *wire, int fd)
{
	list->wanted[list->count] = *wanted;
	list->item[list->count].wire = wire;
	list->item[list->count].socket = fd;
	list->count++;
}

/*
 * Bind the addresses of one service. *port becomes the port of the first one.
 * If the configured port is 0, the kernel chooses for the first address, and
 * the others take the same port, so a service has one port in both families.
 * ERR_BUSY: a port is in use; if the kernel chose it, another try may succeed.
 */
static enum err
bind_service(const struct addresses *addresses, const struct wire *wire,
    const struct listeners *old, struct listeners *out, unsigned *port,
    struct buf *why)
{
	unsigned chosen = 0;

	*port = 0;
	for (size_t i = 0; i < addresses->count; i++) {
		const struct address *wanted = &addresses->item[i];
		struct address address = *wanted;
		int fd = find_bound(old, wanted, wire);

		if (address.port == 0)
			address.port = chosen;
		if (fd < 0) {
			fd = bind_address(&address);
			if (fd >= 0)
				process_keep_private(fd);
		}
		if (fd < 0 && is_no_ipv6(wanted, errno) &&
		    addresses->count > 1) {
			log_warn("run: no IPv6 here, not listening on "
				 "[%s]:%u",
			    address.ip, address.port);
			continue;
		}
		if (fd < 0)
			return say_failure(why, &address, wire, errno);
		add(out, wanted, wire, fd);
		if (wanted->port == 0 && chosen == 0)
			chosen = bound_port(fd);
		if (*port == 0)
			*port = bound_port(fd);
	}
	if (*port != 0)
		return OK;
	buf_text(why, "no address to listen on is left");
	return ERR_IO;
}

/* The same, with new tries: a port that the kernel chooses may be free in one
 * family and in use in the other. */
static enum err
bind_service_again(const struct addresses *addresses, const struct wire *wire,
    const struct listeners *old, struct listeners *out, unsigned *port,
    struct buf *why)
{
	const size_t before = out->count;
	enum err err = OK;

	for (int tries = 0; tries < PORT_TRIES; tries++) {
		buf_clear(why);
		err = bind_service(addresses, wire, old, out, port, why);
		if (err != ERR_BUSY || addresses->item[0].port != 0)
			break;
		while (out->count > before) {
			int fd = out->item[--out->count].socket;

			if (find_bound(old, &out->wanted[out->count], wire) < 0)
				process_close(fd);
		}
	}
	return err;
}

enum err
listeners_open(const struct config *config, const struct listeners *old,
    struct listeners *out, struct buf *why)
{
	struct listeners list = {.services = wire_services()};
	enum err err = OK;

	for (size_t i = 0; err == OK && i < wire_count; i++) {
		struct service *service = &list.services.item[i];

		service->port = 0;
		if (config->listen[i].off)
			continue;
		err = bind_service_again(&config->listen[i], wires[i], old,
		    &list, &service->port, why);
		if (config->public_port[i] != 0)
			service->port = config->public_port[i];
	}
	if (err != OK) {
		listeners_close(&list, old);
		return err;
	}
	*out = list;
	return OK;
}

enum err
listeners_listen(const struct listeners *listeners, const struct listeners *old,
    struct buf *why)
{
	for (size_t i = 0; i < listeners->count; i++) {
		const struct net_listener *item = &listeners->item[i];
		struct address address = listeners->wanted[i];

		if (find_bound(old, &address, item->wire) == item->socket)
			continue;
		if (listen(item->socket, LIMIT_BACKLOG) != 0)
			return say_failure(why, &address, item->wire, errno);
		address.port = bound_port(item->socket);
		log_info(
		    address.ipv6 ? "run: %s on [%s]:%u" : "run: %s on %s:%u",
		    item->wire->protocol.name, address.ip, address.port);
	}
	return OK;
}

bool
listeners_have(
    const struct listeners *other, const struct listeners *list, size_t at)
{
	return find_bound(other, &list->wanted[at], list->item[at].wire) ==
	    list->item[at].socket;
}

void
listeners_close(struct listeners *list, const struct listeners *other)
{
	for (size_t i = 0; i < list->count; i++)
		if (!listeners_have(other, list, i))
			process_close(list->item[i].socket);
	list->count = 0;
}

void
listeners_add_ready(
    struct buf *out, const struct listeners *listeners, const char *host)
{
	buf_text(out, "ready");
	for (size_t i = 0; i < listeners->services.count; i++) {
		const struct service *service = &listeners->services.item[i];

		if (service->port == 0)
			continue;
		buf_printf(out, " %s://%s", service->protocol->name, host);
		if (service->port != service->protocol->port)
			buf_printf(out, ":%u", service->port);
		buf_char(out, '/');
	}
}

/* ---- listening sockets that are given up ------------------------------- */

/* net/closing.c has what the kernel does; here are the times. */
enum {
	LOOK_MS = 5,
	/* Longer than a page may keep a worker from accepting. */
	LATEST_MS = 3000
};

static void
give_up(struct closings *closings, int socket, int64_t now_ms)
{
	/* If the system cannot keep new connections out, each worker accepts
	 * what is in the backlog, and closes the socket. */
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
			give_up(closings, listeners->item[i].socket, now_ms);
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
