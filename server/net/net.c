/* SPDX-License-Identifier: ISC */
/*
 * The network side of a worker as a whole: opening, draining and closing it. A
 * worker has one loop and one thread. It makes an answer without a pause in the
 * middle, so all requests use one arena.
 */
#include "net/net.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/log.h"
#include "base/metrics.h"
#include "net/internal.h"

enum {
	ARENA_MAX = 32 * 1024 * 1024, /* bytes of one request */
	HURRY_MS = 10 * 1000          /* below it idle connections end soon */
};

static void
on_resume(evutil_socket_t fd, short what, void *context)
{
	struct net *net = context;

	(void)fd;
	(void)what;
	net->resting = false;
	listeners_start(net);
}

static void
on_drained(evutil_socket_t fd, short what, void *context)
{
	const struct net *net = context;

	(void)fd;
	(void)what;
	if (net->connection_count > 0)
		log_warn("net: %zu connections are cut short",
		    net->connection_count);
	event_base_loopbreak(net->base);
}

static enum err
set_up(struct net *net, const struct net_options *options)
{
	net->site = options->site;
	net->tls = options->tls;
	net->connections_max =
	    options->connections_max > 0 ? options->connections_max : 1;
	net->seat = options->seat;
	net->unlimited_from = options->unlimited_from;
	net->proxy_from = options->proxy_from;
	net->flood.how = options->log_address;
	net->arena = arena_new(ARENA_MAX);
	net->host = malloc(options->host.len + 1);
	net->listeners =
	    calloc(options->listener_count + 1, sizeof(*net->listeners));
	if (net->arena == NULL || net->host == NULL || net->listeners == NULL)
		return ERR_NOMEM;
	if (options->uploads != NULL) {
		net->uploads = strdup(options->uploads);
		if (net->uploads == NULL)
			return ERR_NOMEM;
	}
	if (options->host.len > 0)
		memcpy(net->host, options->host.data, options->host.len);
	net->ours = (struct wire_host){.host = {net->host, options->host.len},
	    .other_host = options->other_host,
	    .other_port = options->other_port,
	    .admin = options->admin,
	    .description = options->description,
	    .services = options->services,
	    .tls = options->tls != NULL,
	    .uploads = options->uploads != NULL,
	    .words = options->words};
	net->reserve = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	if (evtimer_assign(&net->resume, net->base, on_resume, net) != 0 ||
	    evtimer_assign(&net->drained, net->base, on_drained, net) != 0)
		return ERR_BUG;
	if (lanes_open(net) != OK)
		return ERR_BUG;
	for (size_t i = 0; i < options->listener_count; i++) {
		enum err err = listener_open(
		    &net->listeners[i], net, &options->listeners[i]);
		if (err != OK)
			return err;
		net->listener_count++;
	}
	return OK;
}

enum err
net_open(struct event_base *base, const struct net_options *options,
    struct net **out)
{
	struct net *net = calloc(1, sizeof(*net));
	enum err err;

	if (net == NULL)
		return ERR_NOMEM;
	net->base = base;
	net->reserve = -1;
	err = set_up(net, options);
	if (err != OK) {
		net_close(net);
		return err;
	}
	/* A write to a client that has gone must not end the process. */
	signal(SIGPIPE, SIG_IGN);
	listeners_start(net);
	*out = net;
	return OK;
}

void
net_drain(struct net *net, unsigned drain_ms)
{
	const struct timeval time = {
	    .tv_sec = drain_ms / 1000, .tv_usec = drain_ms % 1000 * 1000};

	net->draining = true;
	/* After a reload there is time: idle connections have their own
	 * deadlines. */
	net->hurrying = drain_ms < HURRY_MS;
	listeners_leave(net, net->hurrying);
	event_add(&net->drained, &time);
	if (net->hurrying)
		connections_hurry(net);
	net_end_if_over(net);
}

/* The loop ends by an event, not by a call: it may not have begun yet, and
 * event_base_loopbreak() would then have no effect. */
void
net_end_if_over(struct net *net)
{
	if (net->draining && net->connection_count == 0 &&
	    listeners_are_left(net))
		event_active(&net->drained, EV_TIMEOUT, 0);
}

void
net_ended(struct net *net)
{
	net->connection_count--;
	metrics_gauge_add(GAUGE_CONNECTIONS, -1);
	if (net->draining)
		net_end_if_over(net);
	else if (!net->accepting && !net->resting)
		listeners_start(net);
}

void
net_summarise(struct net *net)
{
	flood_summarise(&net->flood);
}

size_t
net_connections(const struct net *net)
{
	return net->connection_count;
}

void
net_close(struct net *net)
{
	if (net == NULL)
		return;
	flood_summarise(&net->flood);
	net->draining = true; /* so that nothing is accepted meanwhile */
	listeners_stop(net);
	while (net->connections != NULL)
		connection_close(net->connections);
	lanes_close(net);
	if (event_initialized(&net->resume))
		event_del(&net->resume);
	if (event_initialized(&net->drained))
		event_del(&net->drained);
	if (net->reserve >= 0)
		close(net->reserve);
	free(net->listeners);
	free(net->host);
	free(net->uploads);
	arena_free(net->arena);
	free(net);
}
