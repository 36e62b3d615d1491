/* SPDX-License-Identifier: ISC */
/*
 * One loop around poll(2): signals, ended children, the pipes of workers that
 * begin to serve, and a few deadlines. run/parent/succession.c knows which
 * generation serves and which is next; this file calls it at the right time.
 *
 * This process never opens an SQLite handle or a client's socket. The sockets
 * of the operator are in run/status/status.c.
 */
#include "run/parent/parent.h"

#include <sys/wait.h>
#include <poll.h>
#include <signal.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "net/tls/tls.h"
#include "run/worker/start_cache.h"
#include "run/worker/logger.h"
#include "run/worker/process.h"
#include "run/parent/internal.h"

enum {
	RELOAD_EVERY_MS = 1000, /* at most one reload per interval */
	DAY_MS = 24 * 3600 * 1000,
	WHY_MAX_BYTES = 2048
};

struct parent {
	const char *capsule;
	const struct config_flags *flags;
	struct succession succession;
	struct leaving leaving;
	struct crew crew; /* the workers of all generations */
	struct status_socket socket;
	int64_t started_ms, started_s;
	struct watch watch;
	int64_t certificate_ms; /* when to check its expiry again */
	struct nights nights;
	struct checkpointer checkpointer;
	int life[2]; /* pipe: its end tells workers that the parent is gone */
	bool reload; /* a reload is wanted */
	int64_t reload_ms; /* no reload before */
	enum status status;
};

static void
stop(struct parent *parent, enum status status)
{
	if (parent->succession.stopping)
		return;
	parent->status = status;
	succession_stop(&parent->succession, clock_ms());
}

/* A failure before any generation serves ends the server. */
static void
heed(struct parent *parent, enum status status)
{
	if (status != STATUS_OK && parent->succession.serving == NULL)
		stop(parent, status);
}

static void
load(struct parent *parent)
{
	parent->reload = false;
	if (parent->succession.serving != NULL)
		parent->reload_ms = clock_ms() + RELOAD_EVERY_MS;
	parent->certificate_ms = clock_ms() + DAY_MS;
	watch_begin(&parent->watch, parent->capsule, clock_ms());
	heed(parent,
	    succession_begin(&parent->succession, parent->capsule,
		parent->watch.known, parent->flags));
}

/* A leaving process has ended. Log its end unless it was in order or by a
 * signal that we send. */
static void
say_left(pid_t pid, int wait_status)
{
	struct buf how;

	if ((WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0) ||
	    (WIFSIGNALED(wait_status) &&
		(WTERMSIG(wait_status) == SIGTERM ||
		    WTERMSIG(wait_status) == SIGUSR2 ||
		    WTERMSIG(wait_status) == SIGKILL)))
		return;
	buf_init(&how, 64);
	process_add_end(&how, wait_status);
	log_error("run: process %ld, told to leave, ended by %.*s", (long)pid,
	    STR_ARG(buf_view(&how)));
	buf_release(&how);
}

static void
reap(struct parent *parent)
{
	pid_t pid;
	int status;

	/* No WUNTRACED: a child that is only stopped has not ended. */
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		crew_ended(&parent->crew, pid);
		peers_ended(parent->succession.peers, pid);
		if (logger_reap(pid, status, clock_ms()))
			continue;
		if (leaving_ended(&parent->leaving, pid)) {
			say_left(pid, status);
			continue;
		}
		if (nights_ended(&parent->nights, pid, status) ||
		    checkpointer_ended(&parent->checkpointer, pid, status))
			continue;
		heed(parent, succession_reap(&parent->succession, pid, status));
	}
}

static void
tend_status(struct parent *parent, int64_t now_ms)
{
	const struct succession *succession = &parent->succession;
	const struct report_source source = {.serving = succession->serving,
	    .next = succession->next,
	    .crew = &parent->crew,
	    .started_ms = parent->started_ms,
	    .started_s = parent->started_s,
	    .reloaded_s = succession->reloaded_s,
	    .reload_failed = succession->reload_failed,
	    .reload_reason = succession->reload_reason,
	    .stopping = succession->stopping};

	status_tend(&parent->socket, &source, now_ms);
}

/* Warn once per day of a certificate that expires. Loading it warns, too, so
 * the first check is a day after the last load. */
static void
tend_certificate(struct parent *parent, int64_t now_ms)
{
	if (now_ms < parent->certificate_ms)
		return;
	parent->certificate_ms = now_ms + DAY_MS;
	tls_warn_of_end(parent->succession.serving->tls);
}

static void
tend(struct parent *parent)
{
	struct succession *succession = &parent->succession;
	const int64_t now_ms = clock_ms();

	tend_status(parent, now_ms);
	logger_tick(now_ms);
	leaving_kill_late(&parent->leaving, now_ms);
	closings_tend(&succession->closings, now_ms);
	if (succession->stopping)
		return;
	heed(parent, succession_tick(succession, now_ms));
	if (succession->serving == NULL)
		return;
	nights_tick(&parent->nights, &succession->serving->config, now_ms);
	checkpointer_tick(&parent->checkpointer, succession->serving,
	    succession->life, now_ms);
	tend_certificate(parent, now_ms);
	if (succession->serving->config.dev &&
	    watch_poll(&parent->watch, parent->capsule, now_ms)) {
		log_info("run: the capsule has changed");
		parent->reload = true;
	}
	if (parent->reload && succession->next == NULL &&
	    now_ms >= parent->reload_ms)
		load(parent);
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* How long poll(2) may wait; -1: without limit. */
static int
patience_ms(const struct parent *parent)
{
	const struct succession *succession = &parent->succession;
	int64_t next = leaving_next_ms(&parent->leaving);
	int64_t now_ms = clock_ms();

	next = earlier(next, status_next_ms(&parent->socket));
	next = earlier(next, succession_next_ms(succession));
	next = earlier(next, closings_next_ms(&succession->closings, now_ms));
	next = earlier(next, logger_next_ms(now_ms));
	if (!succession->stopping && succession->serving != NULL) {
		next = earlier(next, nights_next_ms(&parent->nights, now_ms));
		next = earlier(next, parent->certificate_ms);
		if (parent->checkpointer.pid == 0)
			next = earlier(next, parent->checkpointer.next_ms);
		if (succession->serving->config.dev)
			next = earlier(next, parent->watch.next_ms);
		if (parent->reload && succession->next == NULL)
			next = earlier(next, parent->reload_ms);
	}
	if (next == INT64_MAX)
		return -1;
	return next <= now_ms ? 0 : (int)earlier(next - now_ms, 600000);
}

static void
wait_for_news(const struct parent *parent)
{
	struct pollfd fds[2 + STATUS_CLIENTS_MAX + SUCCESSION_POLL_MAX];
	size_t n = 1;

	fds[0] = (struct pollfd){.fd = process_wake_fd(), .events = POLLIN};
	n += status_poll(&parent->socket, fds + n);
	n += succession_poll(&parent->succession, fds + n);
	if (poll(fds, n, patience_ms(parent)) > 0 && fds[0].revents != 0)
		process_was_woken();
}

static void
take_signals(struct parent *parent)
{
	const struct succession *succession = &parent->succession;
	const struct generation *logging = succession->serving != NULL
	    ? succession->serving
	    : succession->next;
	bool term = process_take_signal(SIGTERM);
	bool interrupt = process_take_signal(SIGINT);

	if ((term || interrupt) && !succession->stopping) {
		log_info("run: stopping");
		stop(parent, STATUS_OK);
	}
	if (process_take_signal(SIGHUP) && !succession->stopping) {
		log_info("run: reload asked for");
		parent->reload = true;
	}
	if (process_take_signal(SIGUSR1) && logging != NULL)
		logger_reopen(&logging->config);
	(void)process_take_signal(SIGUSR2);
	(void)process_take_signal(SIGCHLD);
	reap(parent);
}

/* Was there no failure? After a failure the next start must check the
 * database. */
static bool
went_well(const struct parent *parent)
{
	return parent->status == STATUS_OK &&
	    metrics_value(METRIC_REFUSALS_BROKEN) == 0 &&
	    metrics_value(METRIC_WORKERS_DIED) == 0 &&
	    metrics_value(METRIC_NIGHTS_FAILED) == 0;
}

static void
say_goodbye(struct parent *parent, const struct generation *served)
{
	const struct config *config = &served->config;

	if (went_well(parent) && config->role == ROLE_PRIMARY)
		start_cache_write(config->state, served->capsule);
	status_close(&parent->socket, config->state);
}

enum status
parent_run(const char *capsule, const struct config_flags *flags)
{
	struct parent parent = {.capsule = capsule,
	    .flags = flags,
	    .started_ms = clock_ms(),
	    .started_s = clock_now_s(),
	    .life = {-1, -1}};
	struct succession *succession = &parent.succession;
	struct buf why;

	for (size_t i = 0; i < wire_count; i++) {
		const struct wire *guest = wires[i]->guest;

		metrics_name_protocol(i, wires[i]->protocol.name);
		if (guest != NULL)
			metrics_name_protocol(
			    wire_number(guest), guest->protocol.name);
	}
	status_init(&parent.socket);
	buf_init(&why, WHY_MAX_BYTES);
	*succession = (struct succession){.crew = &parent.crew,
	    .leaving = &parent.leaving,
	    .nights = &parent.nights,
	    .checkpointer = &parent.checkpointer,
	    .socket = &parent.socket,
	    .lock = -1};
	if (process_catch_signals(&why) != OK ||
	    process_pipe(parent.life) != OK || metrics_make() != OK ||
	    peers_new(&succession->peers) != OK) {
		complain("cannot begin: %.*s", STR_ARG(buf_view(&why)));
		buf_release(&why);
		return STATUS_FAILURE;
	}
	buf_release(&why);
	process_keep_private(parent.life[1]);
	succession->life = parent.life[0];
	load(&parent);
	while (!succession_is_over(succession, clock_ms())) {
		wait_for_news(&parent);
		take_signals(&parent);
		tend(&parent);
	}
	if (succession->serving != NULL)
		say_goodbye(&parent, succession->serving);
	/* The key process ends with the last generation, and has to end before
	 * the logger. */
	succession_release(succession);
	logger_end();
	peers_free(succession->peers);
	process_close(parent.life[1]);
	process_close(parent.life[0]);
	return parent.status;
}
