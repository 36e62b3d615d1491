/* SPDX-License-Identifier: ISC */
/*
 * Linux gives a new connection to the listening socket whose device, address
 * and port match. A socket that is bound to a device that does not exist never
 * matches. New clients are then refused as if nobody listened. The queue stays
 * as it is, and a TCP handshake that is under way has found its socket already.
 * Since Linux 5.7 a process needs no privilege to bind a socket to a device
 * once.
 */
#include "net/net.h"

#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

#if defined(__linux__) && !defined(SO_BINDTOIFINDEX)
#define SO_BINDTOIFINDEX 62 /* since Linux 5.0; some headers lack it */
#endif

#ifdef __linux__

enum { NO_DEVICE = 0x7fffffff };

bool
closing_begin(int socket)
{
	const int device = NO_DEVICE;

	return !FAULT("closing") &&
	    setsockopt(socket, SOL_SOCKET, SO_BINDTOIFINDEX, &device,
		sizeof(device)) == 0;
}

bool
closing_has_begun(int socket)
{
	int device = 0;
	socklen_t len = sizeof(device);

	return getsockopt(
		   socket, SOL_SOCKET, SO_BINDTOIFINDEX, &device, &len) == 0 &&
	    device == NO_DEVICE;
}

/* The port of a listening socket; 0: unknown. */
static unsigned
port_of(int socket, bool *ipv6)
{
	struct sockaddr_storage name = {.ss_family = AF_UNSPEC};
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)&name;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&name;
	socklen_t len = sizeof(name);

	if (getsockname(socket, (struct sockaddr *)&name, &len) != 0)
		return 0;
	*ipv6 = name.ss_family == AF_INET6;
	return ntohs(*ipv6 ? v6->sin6_port : v4->sin_port);
}

/* Is this line of the kernel's table a handshake with port? The line is like
 * "0: 0100007F:07AD 0100007F:A1B2 03 ...". */
static bool
is_handshake(const char *line, unsigned long port)
{
	enum { HEX = 16, SYN_RECEIVED = 3 /* the kernel's number */ };
	const char *at = strchr(line, ':');
	char *end;

	at = at == NULL ? NULL : strchr(at + 1, ':');
	if (at == NULL || strtoul(at + 1, &end, HEX) != port)
		return false;
	at = strchr(end, ':');
	at = at == NULL ? NULL : strchr(at, ' ');
	return at != NULL && strtoul(at, NULL, HEX) == SYN_RECEIVED;
}

/* Is any client in the middle of a TCP handshake with this port? */
static bool
shakes_hands(unsigned port, bool ipv6)
{
	FILE *table =
	    fopen(ipv6 ? "/proc/self/net/tcp6" : "/proc/self/net/tcp", "re");
	char line[256];
	bool found = false;

	if (table == NULL)
		return false;
	while (!found && fgets(line, sizeof(line), table) != NULL)
		found = is_handshake(line, port);
	fclose(table);
	return found;
}

bool
closing_is_over(int socket)
{
	struct tcp_info info = {.tcpi_state = TCP_CLOSE};
	socklen_t len = sizeof(info);
	bool ipv6 = false;
	const unsigned port = port_of(socket, &ipv6);

	/* Handshakes first: a client goes from its handshake to the queue, and
	 * must not be missed between the two checks. */
	if (shakes_hands(port, ipv6))
		return false;
	if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
		return true;
	/* tcpi_unacked of a listening socket is the length of its queue. */
	return info.tcpi_state != TCP_LISTEN || info.tcpi_unacked == 0;
}

void
closing_end(int socket)
{
	(void)shutdown(socket, SHUT_RDWR);
}

#else

bool
closing_begin(int socket)
{
	(void)socket;
	return false;
}

bool
closing_has_begun(int socket)
{
	(void)socket;
	return false;
}

bool
closing_is_over(int socket)
{
	(void)socket;
	return true;
}

/* On other systems the socket listens until the last process has closed it. */
void
closing_end(int socket)
{
	(void)socket;
}

#endif
