/* SPDX-License-Identifier: ISC */
/*
 * What the kernel has taken from us comes in leaps: a slow reader gets nothing
 * for a while, then room for a lot. What the reader has acknowledged grows as
 * it reads.
 */
#include "net/progress.h"

#include <sys/socket.h>
#include <stddef.h>
#if __has_include(<linux/tcp.h>)
#include <linux/tcp.h> /* the C library's own ends too early */
#include <netinet/in.h>
#endif

uint64_t
progress_of(int socket, uint64_t sent)
{
#if __has_include(<linux/tcp.h>)
	struct tcp_info info = {0};
	socklen_t len = sizeof(info);

	if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 &&
	    len >= offsetof(struct tcp_info, tcpi_bytes_acked) +
		    sizeof(info.tcpi_bytes_acked))
		return info.tcpi_bytes_acked;
#else
	(void)socket;
#endif
	return sent;
}
