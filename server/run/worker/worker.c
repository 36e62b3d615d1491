/* SPDX-License-Identifier: ISC */
/*
 * The life of a worker: open the site (here, because SQLite connections must
 * not cross a fork), report to the parent, serve, drain, end. The tallies are
 * folded every few seconds and once more at the end.
 */
#include "run/worker/worker.h"

#include <signal.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/clock.h"
#include "base/log.h"
#include "net/net.h"
#include "page/run/failure.h"
#include "run/worker/process.h"
#include "run/worker/internal.h"
#include "run/worker/sandbox.h"
#include "run/config/state.h"
#include "store/sync.h"

enum {
	FOLD_S = 5,
	EVENTS = 4,       /* events of the loop besides the network's */
	FAILED_MS = 1000, /* to answer open requests after a failed fsync */
	GRACE_MS = 500,   /* after the deadline of net_drain() */
	WHY_MAX_BYTES = 1024
};

/* The running worker, for the callbacks. */
struct serving {
	const struct worker *worker;
	struct event_base *base;
	struct site *site;
	struct net *net;
	struct event *events[EVENTS];
	bool draining;
	bool failed; /* an fsync has failed */
	int64_t began_ms;
};

static struct timeval
interval(unsigned ms)
{
	return (struct timeval){
	    .tv_sec = ms / 1000, .tv_usec = (suseconds_t)(ms % 1000) * 1000};
}

/* Drain within ms. After several calls the earliest deadline holds. */
static void
drain(struct serving *serving, unsigned ms)
{
	struct timeval latest = interval(ms + GRACE_MS);

	event_base_loopexit(serving->base, &latest);
	net_drain(serving->net, ms);
	if (!serving->draining)
		close(serving->worker->ready);
	serving->draining = true;
}

static void
on_stop(evutil_socket_t signal_number, short what, void *context)
{
	(void)signal_number;
	(void)what;
	drain(context, WORKER_STOP_MS);
}

static void
on_retire(evutil_socket_t signal_number, short what, void *context)
{
	(void)signal_number;
	(void)what;
	drain(context, WORKER_RETIRE_MS);
}

static void
on_orphan(evutil_socket_t life, short what, void *context)
{
	(void)life;
	(void)what;
	log_error("run: the parent is gone, worker %ld ends", (long)getpid());
	drain(context, WORKER_STOP_MS);
}

/* Log the counts of the lines that were left out. */
static void
summarise(bool all)
{
	failure_summarise(all);
	log_summarise(all);
}

/*
 * After a failed fsync the disk may lack what this process believes to be
 * there, so the process ends, and its successor reads the disk. On a broken
 * disk each request that writes would end a worker at once. So a worker younger
 * than FOLD_S goes on to serve reading requests, until on_fold() ends it.
 */
static void
on_failed_sync(void *context)
{
	struct serving *serving = context;

	serving->failed = true;
	if (clock_ms() - serving->began_ms >= FOLD_S * 1000)
		drain(serving, FAILED_MS);
}

static void
on_fold(evutil_socket_t fd, short what, void *context)
{
	struct serving *serving = context;

	(void)fd;
	(void)what;
	if (serving->failed && !serving->draining)
		drain(serving, FAILED_MS);
	site_fold(serving->site);
	sandbox_report();
	net_summarise(serving->net);
	summarise(false);
}

/* Everything that wakes the loop besides the network. */
static bool
add_events(struct serving *serving)
{
	const struct timeval fold = {.tv_sec = FOLD_S};
	struct event_base *base = serving->base;
	struct event **events = serving->events;
	bool good = true;

	events[0] = evsignal_new(base, SIGTERM, on_stop, serving);
	events[1] = evsignal_new(base, SIGUSR2, on_retire, serving);
	events[2] =
	    event_new(base, serving->worker->life, EV_READ, on_orphan, serving);
	events[3] = event_new(base, -1, EV_PERSIST, on_fold, serving);
	for (size_t i = 0; i < EVENTS; i++)
		good = good && events[i] != NULL &&
		    event_add(events[i], i == 3 ? &fold : NULL) == 0;
	process_take_stops();
	return good;
}

static bool
open_net(struct serving *serving)
{
	const struct config *config = serving->worker->config;
	const struct listeners *listeners = serving->worker->listeners;
	struct file_path uploads;
	struct net_options options = {
	    .site = serving->site,
	    .words = site_words(serving->site),
	    .tls = serving->worker->tls,
	    .host = str_from(config->host),
	    /* A replica is not the primary. */
	    .other_host = config->role == ROLE_PRIMARY
		? str_from(config->primary.host)
		: STR(""),
	    .other_port = config->primary.port,
	    .admin = str_from(config->admin),
	    .description = str_from(config->description),
	    .services = listeners->services,
	    .listeners = listeners->item,
	    .listener_count = listeners->count,
	    .connections_max = config->connections / config->workers,
	    .log_address = config->log_address,
	    .unlimited_from = config->unlimited_from,
	    .proxy_from = config->proxy_from,
	};

	peers_sit(serving->worker->peers,
	    (struct peers_limits){config->per_address_connections,
		config->per_address_rate, config->per_address_work,
		config->costly_work * config->workers, config->workers / 2},
	    &options.seat);
	if (config->titan == TITAN_ON) {
		if (file_path_join(&uploads, config->state, STATE_UPLOADS) !=
		    OK)
			return false;
		options.uploads = uploads.text;
	}
	return net_open(serving->base, &options, &serving->net) == OK;
}

static enum status
serve(struct serving *serving)
{
	struct sandbox_facts facts;

	serving->base = event_base_new();
	if (serving->base == NULL || !open_net(serving) ||
	    !add_events(serving)) {
		complain(
		    "worker %ld cannot open its network side", (long)getpid());
		return STATUS_FAILURE;
	}
	/* All files are open, and no byte of a client has been read. */
	if (sandbox_worker(serving->worker->config, &facts) != OK)
		return STATUS_FAILURE;
	/* The write fails if the parent is gone, or has given up this worker
	 * already. An event of the loop will say so; the connections of the
	 * backlog are served first. */
	if (write(serving->worker->ready, "r", 1) != 1)
		log_info(
		    "run: worker %ld is ready for a stop only", (long)getpid());
	log_limit();
	sync_when_failed(on_failed_sync, serving);
	if (event_base_dispatch(serving->base) == 0 && serving->draining)
		return serving->failed ? STATUS_REPLACE : STATUS_OK;
	complain("worker %ld lost its event loop", (long)getpid());
	return STATUS_FAILURE;
}

static void
release(struct serving *serving)
{
	sync_when_failed(NULL, NULL);
	for (size_t i = 0; i < EVENTS; i++)
		if (serving->events[i] != NULL)
			event_free(serving->events[i]);
	net_close(serving->net);
	if (serving->base != NULL)
		event_base_free(serving->base);
	if (serving->site != NULL)
		site_fold(serving->site);
	site_close(serving->site);
	sandbox_report();
	summarise(true);
}

enum status
worker_run(const struct worker *worker)
{
	struct serving serving = {.worker = worker, .began_ms = clock_ms()};
	struct site_options options =
	    rehearse_site_options(worker->config, worker->listeners);
	struct buf why;
	enum status status;

	buf_init(&why, WHY_MAX_BYTES);
	if (state_become_user(worker->config, &why) != OK ||
	    config_use(worker->config, &why) != OK) {
		complain("%.*s", STR_ARG(buf_view(&why)));
		buf_release(&why);
		return STATUS_FAILURE;
	}
	buf_release(&why);
	/* The rehearsal has complained of all findings. With --dev pages are
	 * checked again, because they show their findings. */
	options.checked = !options.explain;
	options.seal_keys = worker->seal_keys;
	serving.site = rehearse_open_site(&options, false, &status);
	if (serving.site != NULL)
		status = serve(&serving);
	release(&serving);
	return status;
}
