/* SPDX-License-Identifier: ISC */
/*
 * One loop around poll(2): signals, the ends of children, the pipes of those
 * that begin to serve, and a few times. At most two generations are alive
 * here: the one that serves, and the next, which is first rehearsed, then
 * started, and takes over when all of its workers are ready. Whatever goes
 * wrong with the next leaves the other as it was.
 *
 * No SQLite handle is ever opened in this process, and no client's socket;
 * run/status.c has the operator's.
 */
#include "run/parent.h"

#include <sys/wait.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/metrics.h"
#include "net/tls_memory.h"
#include "run/departures.h"
#include "run/generation.h"
#include "run/log_file.h"
#include "run/nights.h"
#include "run/process.h"
#include "run/sandbox.h"
#include "run/state.h"
#include "run/status.h"
#include "run/watch.h"
#include "run/worker.h"

enum {
	RELOAD_EVERY_MS = 1000, /* many SIGHUPs are one */
	BEGIN_MS = 60000,       /* for a rehearsal and for a start each */
	STOP_MS = 8500,         /* from SIGTERM to SIGKILL for a worker */
	KILL_MS = 5000,         /* for an aborted rehearsal */
	HAND_AGAIN_MS = 500,    /* to who could not take the log */
	WHY_MAX_BYTES = 2048
};

struct parent {
	const char *capsule;
	const struct config_flags *flags;
	struct generation *serving, *next;
	int64_t next_deadline_ms; /* the next generation's */
	struct departures departures;
	struct crew crew;     /* the workers of all generations */
	bool log_handed;      /* they have the log that we have */
	unsigned generations; /* so far */
	struct status_socket socket;
	int64_t started_ms, started_s;
	/* The last reload: when it was decided, how, and why it failed. */
	int64_t reloaded_s;
	bool reload_failed;
	char reload_reason[NOTE_SIZE];
	/* Of the generation before: who has a pipe still accepts. */
	int accepting[CONFIG_WORKERS_MAX];
	size_t accepting_count;
	struct watch watch;
	struct nights nights;
	struct peers *peers; /* whom the workers of all generations count */
	int life[2]; /* the children see the end of it when we are gone */
	int lock;    /* of the state folder */
	bool reload;
	int64_t reload_ms; /* not before */
	bool stopping;
	enum status status;
};

static void
stop(struct parent *parent, enum status status)
{
	const int64_t now_ms = clock_ms();
	struct generation *const both[] = {parent->next, parent->serving};

	if (parent->stopping)
		return;
	parent->stopping = true;
	parent->status = status;
	departures_hurry(&parent->departures, SIGTERM, now_ms, STOP_MS);
	nights_stop(&parent->nights, &parent->departures, now_ms, STOP_MS);
	for (size_t i = 0; i < 2; i++)
		if (both[i] != NULL)
			generation_dismiss(both[i], &parent->departures,
			    SIGTERM, now_ms, STOP_MS);
}

/* The next generation is not to be. At start, neither are we. */
static void
give_up_next(struct parent *parent, enum status status)
{
	if (parent->next != NULL)
		generation_dismiss(parent->next, &parent->departures, SIGUSR2,
		    clock_ms(), KILL_MS);
	generation_free(parent->next, parent->serving);
	parent->next = NULL;
	if (parent->serving == NULL)
		stop(parent, status);
	else {
		metrics_count(METRIC_RELOADS_FAILED);
		parent->reloaded_s = clock_now_s();
		parent->reload_failed = true;
		metrics_read_note(NOTE_COMPLAINT, parent->reload_reason);
		log_error("run: not reloaded; what served before serves on");
	}
}

/* Many may read a copy, and we may be unable to write beside it: who can have
 * the folder to itself can be asked for its status there, and no other. */
static enum status
take_copy(struct parent *parent)
{
	const char *state = parent->next->config.state;
	struct buf why;
	enum err err;

	buf_init(&why, WHY_MAX_BYTES);
	err = state_lock(state, &parent->lock, &why);
	if (err == OK) {
		process_keep_private(parent->lock);
		err = status_open(&parent->socket, state, &why);
	}
	if (err != OK)
		log_info("run: %.*s; no `guiju status` of this copy",
		    STR_ARG(buf_view(&why)));
	buf_release(&why);
	return STATUS_OK;
}

/* The folder is ours from the first load on; another needs another start. */
static enum status
take_state(struct parent *parent)
{
	const struct config *config = &parent->next->config;
	const char *state = config->state;
	struct buf why;
	enum err err;

	if (parent->serving != NULL) {
		if (parent->serving->config.role != config->role)
			complain("the role cannot change while serving");
		else if (strcmp(parent->serving->config.state, state) != 0)
			complain(
			    "the state folder cannot change while serving");
		else
			return STATUS_OK;
		return STATUS_REFUSED;
	}
	if (config->role == ROLE_REPLICA)
		return take_copy(parent);
	buf_init(&why, WHY_MAX_BYTES);
	err = state_make_folder(state, 0750, &why);
	if (err == OK)
		err = state_lock(state, &parent->lock, &why);
	if (err == OK)
		process_keep_private(parent->lock);
	else
		complain("%.*s", STR_ARG(buf_view(&why)));
	/* Without it the server is as good, only less known. */
	if (err == OK && status_open(&parent->socket, state, &why) != OK)
		log_warn("run: %.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	return err == OK ? STATUS_OK : STATUS_FAILURE;
}

/* Once: what has been given up cannot be had again by a reload. */
static enum status
enter_sandbox(const struct parent *parent)
{
	if (parent->serving != NULL ||
	    sandbox_parent(&parent->next->config) == OK)
		return STATUS_OK;
	complain("cannot enter the sandbox");
	return STATUS_FAILURE;
}

static void
load(struct parent *parent)
{
	enum status status;

	parent->reload = false;
	metrics_note(NOTE_COMPLAINT, STR(""));
	if (parent->serving != NULL)
		parent->reload_ms = clock_ms() + RELOAD_EVERY_MS;
	parent->next_deadline_ms = clock_ms() + BEGIN_MS;
	watch_begin(&parent->watch, parent->capsule, clock_ms());
	(void)FAULT("load");
	status = generation_load(parent->capsule, parent->flags, &parent->next);
	if (status == STATUS_OK) {
		parent->next->number = ++parent->generations;
		parent->next->crew = &parent->crew;
		parent->next->peers = parent->peers;
		status = take_state(parent);
	}
	if (status == STATUS_OK)
		status = enter_sandbox(parent);
	if (status == STATUS_OK)
		status = generation_equip(parent->next, parent->serving);
	if (status == STATUS_OK)
		status = generation_rehearse(parent->next, parent->serving);
	if (status != STATUS_OK)
		give_up_next(parent, status);
}

/* The rehearsal of the next generation has ended. */
static void
on_rehearsed(struct parent *parent, int wait_status)
{
	enum status status = STATUS_OK;
	struct buf how;

	parent->next->rehearsal = 0;
	if (!WIFEXITED(wait_status)) {
		buf_init(&how, 64);
		process_add_end(&how, wait_status);
		complain("checking the capsule ended by %.*s",
		    STR_ARG(buf_view(&how)));
		buf_release(&how);
		status = STATUS_FAILURE;
	} else if (WEXITSTATUS(wait_status) != 0) {
		status = WEXITSTATUS(wait_status) == STATUS_REFUSED
		    ? STATUS_REFUSED
		    : STATUS_FAILURE;
	}
	parent->next_deadline_ms = clock_ms() + BEGIN_MS;
	if (status == STATUS_OK)
		status = generation_start(
		    parent->next, parent->serving, parent->life[0]);
	if (status != STATUS_OK)
		give_up_next(parent, status);
}

static void
say_ready(const struct generation *generation)
{
	struct buf line;

	buf_init(&line, 1024);
	listeners_add_ready(
	    &line, &generation->listeners, generation->config.host);
	printf("%.*s\n", STR_ARG(buf_view(&line)));
	if (fflush(stdout) != 0)
		log_warn("run: nobody reads standard output");
	buf_release(&line);
}

/* The word goes to the log when no old worker accepts any more: whoever reads
 * it will be answered by the new. */
static void
say_reloaded(struct parent *parent)
{
	size_t left = 0;
	char byte;

	for (size_t i = 0; i < parent->accepting_count; i++) {
		int fd = parent->accepting[i];

		if (read(fd, &byte, 1) < 0 &&
		    (errno == EAGAIN || errno == EINTR))
			parent->accepting[left++] = fd;
		else
			process_close(fd);
	}
	parent->accepting_count = left;
	if (left == 0)
		log_info("run: reloaded");
}

/* All workers of the next generation serve: the old ones may go. */
static void
take_over(struct parent *parent)
{
	struct generation *old = parent->serving;

	(void)FAULT("takeover");
	parent->serving = parent->next;
	parent->next = NULL;
	if (old != NULL && parent->serving->log >= 0)
		(void)crew_hand_log(&parent->crew, parent->serving->log);
	generation_use_log(parent->serving);
	nights_plan(&parent->nights, &parent->serving->config, clock_ms());
	if (old == NULL) {
		complain_to_log();
		say_ready(parent->serving);
		return;
	}
	while (parent->accepting_count > 0)
		process_close(parent->accepting[--parent->accepting_count]);
	parent->accepting_count = generation_take_pipes(old, parent->accepting);
	metrics_count(METRIC_RELOADS);
	parent->reloaded_s = clock_now_s();
	parent->reload_failed = false;
	generation_dismiss(old, &parent->departures, SIGUSR2, clock_ms(),
	    WORKER_RETIRE_MS + STOP_MS);
	generation_free(old, parent->serving);
	say_reloaded(parent);
}

/* One that was told to leave has left. A crash on the way is worth a line. */
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

	/* Without WUNTRACED: a child that is stopped has not ended. */
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		crew_ended(&parent->crew, pid);
		peers_ended(parent->peers, pid);
		if (departures_ended(&parent->departures, pid)) {
			say_left(pid, status);
			continue;
		}
		if (nights_ended(&parent->nights, pid, status))
			continue;
		if (parent->next != NULL && parent->next->rehearsal == pid) {
			on_rehearsed(parent, status);
		} else if (parent->next != NULL &&
		    generation_reap(parent->next, pid, status, clock_ms())) {
			complain("a worker ended before it could serve");
			give_up_next(parent, STATUS_FAILURE);
		} else if (parent->serving != NULL) {
			(void)generation_reap(
			    parent->serving, pid, status, clock_ms());
		}
	}
}

static void
tend_status(struct parent *parent, int64_t now_ms)
{
	const struct report_source source = {.serving = parent->serving,
	    .next = parent->next,
	    .crew = &parent->crew,
	    .started_ms = parent->started_ms,
	    .started_s = parent->started_s,
	    .reloaded_s = parent->reloaded_s,
	    .reload_failed = parent->reload_failed,
	    .reload_reason = parent->reload_reason,
	    .stopping = parent->stopping};

	status_tend(&parent->socket, &source, now_ms);
}

static void
tend(struct parent *parent)
{
	const int64_t now_ms = clock_ms();

	tend_status(parent, now_ms);
	parent->log_handed =
	    crew_hand_log_again(&parent->crew, log_descriptor());
	departures_kill_late(&parent->departures, now_ms);
	if (parent->stopping)
		return;
	if (parent->next != NULL) {
		generation_tick(parent->next, parent->life[0], now_ms);
		if (generation_is_ready(parent->next)) {
			take_over(parent);
		} else if (now_ms >= parent->next_deadline_ms) {
			complain("the capsule took too long to begin");
			give_up_next(parent, STATUS_FAILURE);
		}
	}
	if (parent->serving == NULL)
		return;
	if (parent->accepting_count > 0)
		say_reloaded(parent);
	generation_tick(parent->serving, parent->life[0], now_ms);
	nights_tick(&parent->nights, &parent->serving->config, now_ms);
	if (parent->serving->config.dev &&
	    watch_look(&parent->watch, parent->capsule, now_ms)) {
		log_info("run: the capsule has changed");
		parent->reload = true;
	}
	if (parent->reload && parent->next == NULL &&
	    now_ms >= parent->reload_ms)
		load(parent);
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* How long poll may wait: -1 is for ever. */
static int
patience_ms(const struct parent *parent)
{
	const struct generation *serving = parent->serving;
	int64_t next = departures_next_ms(&parent->departures);
	int64_t now_ms = clock_ms();

	next = earlier(next, status_next_ms(&parent->socket));
	if (!parent->log_handed)
		next = earlier(next, now_ms + HAND_AGAIN_MS);
	if (!parent->stopping && parent->next != NULL)
		next = earlier(next, parent->next_deadline_ms);
	if (!parent->stopping && serving != NULL) {
		next = earlier(next, generation_next_ms(serving));
		next = earlier(next, nights_next_ms(&parent->nights, now_ms));
		if (serving->config.dev)
			next = earlier(next, parent->watch.next_ms);
		if (parent->reload && parent->next == NULL)
			next = earlier(next, parent->reload_ms);
	}
	if (next == INT64_MAX)
		return -1;
	return next <= now_ms ? 0 : (int)earlier(next - now_ms, 600000);
}

static void
wait_for_news(const struct parent *parent)
{
	struct pollfd fds[2 + STATUS_CLIENTS_MAX + 3 * CONFIG_WORKERS_MAX];
	size_t n = 1;

	fds[0] = (struct pollfd){.fd = process_wake_fd(), .events = POLLIN};
	for (size_t i = 0; !parent->stopping && i < parent->accepting_count;
	     i++)
		fds[n++] = (struct pollfd){
		    .fd = parent->accepting[i], .events = POLLIN};
	n += status_poll(&parent->socket, fds + n);
	if (parent->serving != NULL)
		n += generation_poll(parent->serving, fds + n);
	if (parent->next != NULL)
		n += generation_poll(parent->next, fds + n);
	if (poll(fds, n, patience_ms(parent)) > 0 && fds[0].revents != 0)
		process_was_woken();
}

static void
take_signals(struct parent *parent)
{
	const struct generation *logging =
	    parent->serving != NULL ? parent->serving : parent->next;
	bool term = process_take_signal(SIGTERM);
	bool interrupt = process_take_signal(SIGINT);

	if ((term || interrupt) && !parent->stopping) {
		log_info("run: stopping");
		stop(parent, STATUS_OK);
	}
	if (process_take_signal(SIGHUP) && !parent->stopping) {
		log_info("run: reload asked for");
		parent->reload = true;
	}
	if (process_take_signal(SIGUSR1) && logging != NULL)
		log_file_reopen(&logging->config, &parent->crew);
	(void)process_take_signal(SIGUSR2);
	(void)process_take_signal(SIGCHLD);
	reap(parent);
}

static bool
is_over(const struct parent *parent)
{
	return parent->stopping && parent->departures.count == 0;
}

enum status
parent_run(const char *capsule, const struct config_flags *flags)
{
	struct parent parent = {.capsule = capsule,
	    .flags = flags,
	    .started_ms = clock_ms(),
	    .started_s = clock_now_s(),
	    .life = {-1, -1},
	    .lock = -1};
	struct buf why;

	tls_memory_use();
	status_init(&parent.socket);
	buf_init(&why, WHY_MAX_BYTES);
	if (process_catch_signals(&why) != OK ||
	    process_pipe(parent.life) != OK || metrics_make() != OK ||
	    peers_new(&parent.peers) != OK) {
		complain("cannot begin: %.*s", STR_ARG(buf_view(&why)));
		buf_release(&why);
		return STATUS_FAILURE;
	}
	buf_release(&why);
	process_keep_private(parent.life[1]);
	load(&parent);
	while (!is_over(&parent)) {
		wait_for_news(&parent);
		take_signals(&parent);
		tend(&parent);
	}
	if (parent.serving != NULL)
		status_close(&parent.socket, parent.serving->config.state);
	generation_free(parent.next, parent.serving);
	generation_free(parent.serving, NULL);
	peers_free(parent.peers);
	process_close(parent.life[1]);
	process_close(parent.life[0]);
	process_close(parent.lock);
	return parent.status;
}
