/* SPDX-License-Identifier: ISC */
/*
 * A failure of the next generation does not change the one that serves. At
 * start none serves, so the status becomes the server's.
 */
#include "run/parent/internal.h"

#include <sys/wait.h>
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "run/worker/logger.h"
#include "run/worker/process.h"
#include "run/config/state.h"
#include "run/worker/sandbox.h"
#include "run/worker/worker.h"
#include "store/sync.h"

enum {
	BEGIN_MS = 60000, /* for the rehearsal, and again for the start */
	VERIFY_MS = 3600 * 1000, /* for a rehearsal with a large database */
	STOP_MS = 8500,          /* from SIGTERM to SIGKILL for a worker */
	KILL_MS = 5000,          /* for an aborted rehearsal */
	WHY_MAX_BYTES = 2048
};

/* Give up the sockets of a generation that leaves, but not those that other
 * (may be NULL) has too. Call it before the workers are told to leave: these
 * accept what is in the backlog. */
static void
give_up_sockets(struct succession *s, struct generation *leaving,
    const struct generation *other)
{
	const struct listeners *kept = other == NULL ? NULL : &other->listeners;

	if (leaving->count > 0)
		closings_take(
		    &s->closings, &leaving->listeners, kept, clock_ms());
	else /* not listening yet: the backlog is empty */
		listeners_close(&leaving->listeners, kept);
}

/* Give up the next generation. Returns status. */
static enum status
give_up(struct succession *s, enum status status)
{
	if (s->next != NULL) {
		give_up_sockets(s, s->next, s->serving);
		generation_dismiss(
		    s->next, s->leaving, SIGUSR2, clock_ms(), KILL_MS);
	}
	generation_free(s->next, s->serving);
	s->next = NULL;
	if (s->serving != NULL) {
		metrics_count(METRIC_RELOADS_FAILED);
		s->reloaded_s = clock_now_s();
		s->reload_failed = true;
		metrics_read_text(TEXT_COMPLAINT, s->reload_reason);
		log_error("run: not reloaded; what served before serves on");
	}
	return status;
}

/* Several replicas may read one copy, and a replica may have no right to write
 * in its folder. So the lock is optional: a replica that gets it opens the
 * status socket, the others serve without `guiju status`. */
static enum status
take_copy(struct succession *s)
{
	const char *state = s->next->config.state;
	struct buf why;
	enum err err;

	buf_init(&why, WHY_MAX_BYTES);
	err = state_lock(state, ROLE_REPLICA, &s->lock, &why);
	if (err == OK) {
		process_keep_private(s->lock);
		err = status_open(s->socket, state, &why);
	}
	if (err != OK)
		log_info("run: %.*s; no `guiju status` of this copy",
		    STR_ARG(buf_view(&why)));
	buf_release(&why);
	return STATUS_OK;
}

/* The first load locks the state folder. Another folder or role needs a new
 * start. */
static enum status
take_state(struct succession *s)
{
	const struct config *config = &s->next->config;
	const char *state = config->state;
	struct buf why;
	enum err err;

	if (s->serving != NULL) {
		if (s->serving->config.role != config->role)
			complain("the role cannot change while serving");
		else if (strcmp(s->serving->config.state, state) != 0)
			complain(
			    "the state folder cannot change while serving");
		else
			return STATUS_OK;
		return STATUS_REFUSED;
	}
	if (config->role == ROLE_REPLICA)
		return take_copy(s);
	buf_init(&why, WHY_MAX_BYTES);
	err = state_make_folder(state, 0750, &why);
	/* If this is root, the rehearsal gives the folder to the user that
	 * serves, and checks again as that user. */
	if (err == OK)
		err = rights_of_state(config, &why);
	if (err == OK)
		err = state_lock(state, ROLE_PRIMARY, &s->lock, &why);
	if (err == OK)
		err = state_move_tallies(state, &why);
	if (err == OK)
		process_keep_private(s->lock);
	else
		complain("%.*s", STR_ARG(buf_view(&why)));
	/* Without the socket the server serves, only without `guiju status`. */
	if (err == OK && status_open(s->socket, state, &why) != OK)
		log_warn("run: %.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	return status_of(err);
}

/* Only at the start: a reload cannot leave the sandbox or change it. */
static enum status
enter_sandbox(const struct succession *s)
{
	if (s->serving != NULL || sandbox_parent(&s->next->config) == OK)
		return STATUS_OK;
	complain("cannot enter the sandbox");
	return STATUS_FAILURE;
}

enum status
succession_begin(struct succession *s, const char *capsule,
    uint64_t fingerprint, const struct config_flags *flags)
{
	enum status status;

	metrics_set_text(TEXT_COMPLAINT, STR(""));
	s->next_deadline_ms = clock_ms() + BEGIN_MS;
	(void)FAULT("load");
	status = generation_load(capsule, flags, &s->next);
	if (status == STATUS_OK) {
		s->next->capsule = fingerprint;
		s->next->number = ++s->generations;
		s->next->crew = s->crew;
		s->next->peers = s->peers;
		status = take_state(s);
	}
	if (status == STATUS_OK)
		status = enter_sandbox(s);
	if (status == STATUS_OK)
		status = generation_equip(s->next, s->serving);
	if (status == STATUS_OK)
		status = generation_rehearse(s->next, s->serving);
	if (status == STATUS_OK && s->next->strange)
		s->next_deadline_ms += VERIFY_MS;
	return status == STATUS_OK ? STATUS_OK : give_up(s, status);
}

/* The rehearsal of the next generation has ended. */
static enum status
on_rehearsed(struct succession *s, int wait_status)
{
	enum status status = STATUS_OK;
	struct buf how;

	s->next->rehearsal = 0;
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
	s->next_deadline_ms = clock_ms() + BEGIN_MS;
	if (status == STATUS_OK)
		status = generation_start(s->next, s->serving, s->life);
	return status == STATUS_OK ? STATUS_OK : give_up(s, status);
}

/* Who reads "ready" finds the log of the start whole. */
static void
say_ready(const struct generation *generation)
{
	struct buf line;

	logger_settle();
	buf_init(&line, 1024);
	listeners_add_ready(
	    &line, &generation->listeners, generation->config.host);
	printf("%.*s\n", STR_ARG(buf_view(&line)));
	if (fflush(stdout) != 0)
		log_warn("run: nobody reads standard output");
	buf_release(&line);
}

/* Log "reloaded" when no old worker accepts any more: a request after that line
 * is answered by the new generation. */
static void
say_reloaded(struct succession *s)
{
	size_t left = 0;
	char byte;

	for (size_t i = 0; i < s->accepting_count; i++) {
		int fd = s->accepting[i];

		if (read(fd, &byte, 1) < 0 &&
		    (errno == EAGAIN || errno == EINTR))
			s->accepting[left++] = fd;
		else
			process_close(fd);
	}
	s->accepting_count = left;
	if (left == 0)
		log_info("run: reloaded");
}

/* All workers of the next generation serve: it becomes the serving one, and the
 * old workers are told to leave. */
static void
take_over(struct succession *s)
{
	struct generation *old = s->serving;

	(void)FAULT("takeover");
	s->serving = s->next;
	s->next = NULL;
	generation_use_log(s->serving);
	nights_plan(s->nights, &s->serving->config, clock_ms());
	if (old == NULL) {
		log_info("run: SQLite %s, log reset repaired: %s",
		    sqlite3_libversion(),
		    sync_log_reset_is_repaired(sqlite3_libversion_number())
			? "yes"
			: "no");
		say_ready(s->serving);
		return;
	}
	while (s->accepting_count > 0)
		process_close(s->accepting[--s->accepting_count]);
	s->accepting_count = generation_take_pipes(old, s->accepting);
	metrics_count(METRIC_RELOADS);
	s->reloaded_s = clock_now_s();
	s->reload_failed = false;
	give_up_sockets(s, old, s->serving);
	generation_dismiss(
	    old, s->leaving, SIGUSR2, clock_ms(), WORKER_RETIRE_MS + STOP_MS);
	generation_free(old, s->serving);
	say_reloaded(s);
}

enum status
succession_reap(struct succession *s, pid_t pid, int wait_status)
{
	const int64_t now_ms = clock_ms();

	if (s->next != NULL && s->next->rehearsal == pid)
		return on_rehearsed(s, wait_status);
	if (s->next != NULL &&
	    generation_reap(s->next, pid, wait_status, now_ms)) {
		complain("a worker ended before it could serve");
		return give_up(s, STATUS_FAILURE);
	}
	if (s->serving != NULL)
		(void)generation_reap(s->serving, pid, wait_status, now_ms);
	return STATUS_OK;
}

enum status
succession_tick(struct succession *s, int64_t now_ms)
{
	enum status status = STATUS_OK;

	if (s->next != NULL) {
		generation_tick(s->next, s->life, now_ms);
		if (generation_is_ready(s->next)) {
			take_over(s);
		} else if (now_ms >= s->next_deadline_ms) {
			complain("the capsule took too long to begin");
			status = give_up(s, STATUS_FAILURE);
		}
	}
	if (s->serving == NULL)
		return status;
	if (s->accepting_count > 0)
		say_reloaded(s);
	generation_tick(s->serving, s->life, now_ms);
	return status;
}

int64_t
succession_next_ms(const struct succession *s)
{
	int64_t next_ms = INT64_MAX, serving_ms;

	if (s->stopping)
		return INT64_MAX;
	if (s->next != NULL)
		next_ms = s->next_deadline_ms;
	if (s->serving != NULL) {
		serving_ms = generation_next_ms(s->serving);
		if (serving_ms < next_ms)
			next_ms = serving_ms;
	}
	return next_ms;
}

size_t
succession_poll(const struct succession *s, struct pollfd *out)
{
	size_t n = 0;

	for (size_t i = 0; !s->stopping && i < s->accepting_count; i++)
		out[n++] =
		    (struct pollfd){.fd = s->accepting[i], .events = POLLIN};
	if (s->serving != NULL)
		n += generation_poll(s->serving, out + n);
	if (s->next != NULL)
		n += generation_poll(s->next, out + n);
	return n;
}

void
succession_stop(struct succession *s, int64_t now_ms)
{
	struct generation *const both[] = {s->next, s->serving};

	s->stopping = true;
	if (s->next != NULL)
		give_up_sockets(s, s->next, s->serving);
	if (s->serving != NULL)
		give_up_sockets(s, s->serving, NULL);
	leaving_hurry(s->leaving, SIGTERM, now_ms, STOP_MS);
	nights_stop(s->nights, s->leaving, now_ms, STOP_MS);
	for (size_t i = 0; i < 2; i++)
		if (both[i] != NULL)
			generation_dismiss(
			    both[i], s->leaving, SIGTERM, now_ms, STOP_MS);
}

bool
succession_is_over(struct succession *s, int64_t now_ms)
{
	if (!s->stopping || s->leaving->count > 0)
		return false;
	if (s->checkpointer->pid == 0)
		return true;
	leaving_add(s->leaving, s->checkpointer->pid, SIGTERM, now_ms, STOP_MS);
	s->checkpointer->pid = 0;
	return false;
}

void
succession_release(struct succession *s)
{
	generation_free(s->next, s->serving);
	generation_free(s->serving, NULL);
	closings_release(&s->closings);
	process_close(s->lock);
}
