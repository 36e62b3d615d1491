/* SPDX-License-Identifier: ISC */
/*
 * Preparing a generation, and keeping its workers alive. After a first death
 * the next worker is forked at once. If workers keep dying young, the next ones
 * are forked after 1, 2, 4 ... 60 seconds, so a broken machine is not kept busy
 * by forks.
 */
#include "run/worker/generation.h"

#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/version.h"
#include "net/tls/tls.h"
#include "run/worker/logger.h"
#include "run/worker/process.h"
#include "run/worker/internal.h"
#include "run/config/state.h"
#include "run/worker/worker.h"

enum {
	YOUNG_MS = 60000, /* a worker that lives longer is not in a loop */
	EACH_FILES = 2,   /* per connection: its socket and the file it sends */
	HOSTS_MAX = 2,
	SPARE_FILES = 256, /* a worker's descriptors besides connections */
	WHY_MAX_BYTES = 2048
};

static enum status
complain_why(struct buf *why, enum status status)
{
	complain("%.*s", STR_ARG(buf_view(why)));
	buf_release(why);
	return status;
}

enum status
generation_load(const char *capsule, const struct config_flags *flags,
    struct generation **out)
{
	struct generation *generation = calloc(1, sizeof(*generation));
	enum status status;

	if (generation == NULL) {
		complain("out of memory");
		return STATUS_FAILURE;
	}
	status = config_open(capsule, flags, &generation->config);
	if (status != STATUS_OK) {
		free(generation);
		return status;
	}
	generation->log = -1;
	*out = generation;
	return STATUS_OK;
}

/* The host names that this server answers to. The first is the public one. */
static size_t
hosts_of(const struct config *config, struct str hosts[HOSTS_MAX])
{
	hosts[0] = str_from(config->host);
	hosts[1] = str_from(config->primary.host);
	return config->role == ROLE_PRIMARY && hosts[1].len > 0 &&
		!str_equal(hosts[0], hosts[1])
	    ? 2
	    : 1;
}

static bool
had_host(const struct generation *old, struct str host)
{
	struct str hosts[HOSTS_MAX];
	size_t n = old == NULL ? 0 : hosts_of(&old->config, hosts);

	for (size_t i = 0; i < n; i++)
		if (str_equal(hosts[i], host))
			return true;
	return false;
}

/* Make the certificate of a host at its first start. */
static enum err
make_certificate(const struct config *config, const struct generation *old,
    struct str host, struct buf *why)
{
	bool made = false;
	enum err err;

	if (had_host(old, host))
		return OK;
	err = state_make_folder(config->certs, 0755, why);
	if (err == OK)
		err =
		    tls_make_first_certificate(config->certs, host, &made, why);
	if (err == OK && made)
		log_info("run: made a certificate for %.*s in %s",
		    STR_ARG(host), config->certs);
	return err;
}

static void
warn_of_root(const struct config *config)
{
	if (geteuid() == 0 && config->user[0] == '\0')
		log_warn("run: serving as root; name a user for the workers");
	else if (geteuid() != 0 && config->user[0] != '\0')
		log_warn("run: only root can serve as user %s", config->user);
}

static void
warn_of_clock(void)
{
	struct buf now;

	if (clock_now_s() >= GUIJU_MADE_S)
		return;
	buf_init(&now, 64);
	clock_add_utc(&now, clock_now_s());
	log_error("run: the clock says %.*s, it is slow; what is dated later "
		  "is not shown",
	    STR_ARG(buf_view(&now)));
	buf_release(&now);
}

void
generation_use_log(struct generation *generation)
{
	logger_use(&generation->config, generation->log, true);
	generation->log = -1;
}

/* A replica makes no seals, so it needs no file. */
static enum err
take_seal_keys(const struct config *config, const struct generation *old,
    struct seal_keys *keys, struct buf *why)
{
	if (getentropy(keys, sizeof(*keys)) != 0) {
		buf_printf(why, "no random bytes: %s", strerror(errno));
		return ERR_IO;
	}
	if (old != NULL)
		memcpy(
		    keys->prompt, old->seal_keys.prompt, sizeof(keys->prompt));
	return config->role == ROLE_REPLICA
	    ? OK
	    : seal_key_read(config->certs, keys->link, why);
}

static pid_t
fork_keeper(const int *keep, size_t n)
{
	return logger_fork("keys", keep, n, false);
}

enum status
generation_equip(struct generation *generation, const struct generation *old)
{
	const struct config *config = &generation->config;
	struct str hosts[HOSTS_MAX];
	const size_t host_count = hosts_of(config, hosts);
	const size_t each = config->connections / config->workers;
	const size_t needed = EACH_FILES * each + SPARE_FILES;
	const struct tls_keeper keeper = {.fork = fork_keeper,
	    .keep = process_keep_private,
	    .close = process_close,
	    .workers = config->workers,
	    .fence = config->sandbox != SANDBOX_OFF};
	struct buf why;
	enum err err = OK;

	buf_init(&why, WHY_MAX_BYTES);
	/* If log-file is the same, the open log is used; rotation is
	 * logger_reopen()'s work. */
	if ((old == NULL ||
		strcmp(old->config.log_file, config->log_file) != 0) &&
	    logger_open(config, &generation->log, &why) != OK)
		return complain_why(&why, STATUS_FAILURE);
	if (old == NULL) {
		const int file = generation->log;

		generation->log = -1;
		if (logger_start(config, file) != OK) {
			buf_printf(&why, "cannot start a process: %s",
			    strerror(errno));
			return complain_why(&why, STATUS_FAILURE);
		}
		warn_of_root(config);
		warn_of_clock();
	}
	err = rights_of_keys(config, &why);
	for (size_t i = 0; i < host_count && err == OK; i++)
		err = make_certificate(config, old, hosts[i], &why);
	if (err == OK)
		err = tls_open(config->certs, hosts, host_count,
		    config->key_process == KEY_PROCESS_YES ? &keeper : NULL,
		    &generation->tls, &why);
	if (err == OK)
		err = take_seal_keys(config, old, &generation->seal_keys, &why);
	if (err != OK)
		return complain_why(&why, status_of(err));
	if (process_raise_files(needed < LIMIT_FILES ? LIMIT_FILES : needed) <
	    needed)
		log_warn("run: %zu connections a worker are more than the "
			 "system's limit of open files allows",
		    each);
	err = listeners_open(config, old == NULL ? NULL : &old->listeners,
	    &generation->listeners, &why);
	if (err != OK)
		return complain_why(&why, STATUS_FAILURE);
	buf_release(&why);
	generation->listening = true;
	return STATUS_OK;
}

static void
look_at_database(struct generation *generation)
{
	struct file_path path;

	if (file_path_join(&path, generation->config.state, STATE_DATABASE) ==
	    OK)
		(void)file_id_read(path.text, &generation->database);
}

bool
generation_has_database(const struct generation *generation)
{
	struct file_path path;

	return file_path_join(
		   &path, generation->config.state, STATE_DATABASE) == OK &&
	    file_is_at(generation->database, path.text);
}

enum status
generation_rehearse(struct generation *generation, const struct generation *old)
{
	pid_t pid;

	look_at_database(generation);
	generation->strange =
	    old == NULL || !file_id_equal(generation->database, old->database);
	pid = logger_fork("rehearsal", NULL, 0, false);

	if (pid < 0) {
		complain("cannot start a process: %s", strerror(errno));
		return STATUS_FAILURE;
	}
	if (pid == 0) {
		log_set_level(generation->config.log);
		exit((int)rehearse(&generation->config, &generation->listeners,
		    generation->capsule, old == NULL ? NULL : old->config.state,
		    generation->strange));
	}
	generation->rehearsal = pid;
	return STATUS_OK;
}

/* In the child. */
static void
run_worker(struct generation *generation, const struct crew_member *member,
    int ready, int life)
{
	const struct worker worker = {
	    .config = &generation->config,
	    .tls = generation->tls,
	    .seal_keys = &generation->seal_keys,
	    .listeners = &generation->listeners,
	    .peers = generation->peers,
	    .ready = ready,
	    .life = life,
	};

	log_set_level(generation->config.log);
	metrics_sit(member->seat);
	tls_use_socket(generation->tls, member->index);
	exit((int)worker_run(&worker));
}

static bool
fork_worker(struct generation *generation, struct child *child, int life,
    int64_t now_ms)
{
	struct crew_member member = {.generation = generation->number,
	    .index = (size_t)(child - generation->children),
	    .started_ms = now_ms};
	int ends[2], keep[LISTENERS_MAX + 1];
	size_t kept = generation->listeners.count;

	child->ready = -1;
	child->serving = false;
	child->started_ms = now_ms;
	if (child->renew)
		child->renew = !tls_renew_socket(generation->tls, member.index);
	if (child->renew || process_pipe(ends) != OK)
		return false;
	if (crew_prepare(generation->crew, &member) != OK) {
		close(ends[0]);
		close(ends[1]);
		return false;
	}
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	process_keep_private(ends[0]);
	for (size_t i = 0; i < kept; i++)
		keep[i] = generation->listeners.item[i].socket;
	keep[kept++] = tls_socket(generation->tls, member.index);
	member.pid = logger_fork("worker", keep, kept, true);
	if (member.pid == 0)
		run_worker(generation, &member, ends[1], life);
	crew_add(generation->crew, &member);
	close(ends[1]);
	if (member.pid < 0) {
		process_close(ends[0]);
		return false;
	}
	child->pid = member.pid;
	child->ready = ends[0];
	return true;
}

enum status
generation_start(
    struct generation *generation, const struct generation *old, int life)
{
	const int64_t now_ms = clock_ms();
	struct buf why;

	look_at_database(generation); /* the rehearsal may have made it */
	buf_init(&why, WHY_MAX_BYTES);
	if (listeners_listen(&generation->listeners,
		old == NULL ? NULL : &old->listeners, &why) != OK)
		return complain_why(&why, STATUS_FAILURE);
	buf_release(&why);
	while (generation->count < generation->config.workers) {
		struct child *child =
		    &generation->children[generation->count++];

		if (!fork_worker(generation, child, life, now_ms)) {
			complain("cannot start a worker: %s", strerror(errno));
			return STATUS_FAILURE;
		}
	}
	return STATUS_OK;
}

bool
generation_is_ready(const struct generation *generation)
{
	for (size_t i = 0; i < generation->count; i++)
		if (!generation->children[i].serving)
			return false;
	return generation->count > 0;
}

bool
generation_reap(
    struct generation *generation, pid_t pid, int wait_status, int64_t now_ms)
{
	struct child *child = NULL;
	struct buf how;

	for (size_t i = 0; i < generation->count; i++)
		if (generation->children[i].pid == pid)
			child = &generation->children[i];
	if (child == NULL)
		return tls_ended(generation->tls, pid, now_ms);
	/* A worker that ends with STATUS_REPLACE has waited by itself. */
	if (now_ms - child->started_ms >= YOUNG_MS ||
	    (WIFEXITED(wait_status) &&
		WEXITSTATUS(wait_status) == STATUS_REPLACE))
		child->deaths = 0;
	child->due_ms =
	    now_ms + 1000 * (int64_t)process_backoff_s(child->deaths);
	buf_init(&how, 64);
	process_add_end(&how, wait_status);
	log_error("run: worker %ld ended by %.*s; the next in %u s", (long)pid,
	    STR_ARG(buf_view(&how)), process_backoff_s(child->deaths));
	buf_release(&how);
	metrics_count(METRIC_WORKERS_DIED);
	child->deaths++;
	child->restarts++;
	child->pid = 0;
	child->serving = false;
	process_close(child->ready);
	child->ready = -1;
	child->renew = !tls_renew_socket(
	    generation->tls, (size_t)(child - generation->children));
	return true;
}

static void
read_ready(struct child *child)
{
	char byte;
	ssize_t n = read(child->ready, &byte, 1);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	child->serving = n == 1;
	log_debug("run: worker %ld serves", (long)child->pid);
	if (n == 1)
		return;
	process_close(child->ready); /* waitpid(2) will report its death */
	child->ready = -1;
}

void
generation_tick(struct generation *generation, int life, int64_t now_ms)
{
	for (size_t i = 0; i < generation->count; i++) {
		struct child *child = &generation->children[i];

		if (child->pid != 0 && child->ready >= 0 && !child->serving)
			read_ready(child);
		if (child->pid != 0 || child->due_ms > now_ms)
			continue;
		if (fork_worker(generation, child, life, now_ms))
			continue;
		child->due_ms =
		    now_ms + 1000 * (int64_t)process_backoff_s(++child->deaths);
		log_error("run: cannot start a worker: %s", strerror(errno));
	}
	/* After the workers: a fork of one may renew its socket. */
	if (generation->tls != NULL)
		tls_tick(generation->tls, now_ms);
}

size_t
generation_poll(const struct generation *generation, struct pollfd *out)
{
	size_t n = 0;

	for (size_t i = 0; i < generation->count; i++)
		if (generation->children[i].ready >= 0 &&
		    !generation->children[i].serving)
			out[n++] =
			    (struct pollfd){.fd = generation->children[i].ready,
				.events = POLLIN};
	return n;
}

int64_t
generation_next_ms(const struct generation *generation)
{
	int64_t next =
	    generation->tls == NULL ? INT64_MAX : tls_next_ms(generation->tls);

	for (size_t i = 0; i < generation->count; i++)
		if (generation->children[i].pid == 0 &&
		    generation->children[i].due_ms < next)
			next = generation->children[i].due_ms;
	return next;
}

size_t
generation_take_pipes(
    struct generation *generation, int pipes[CONFIG_WORKERS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < generation->count; i++) {
		if (generation->children[i].ready >= 0)
			pipes[n++] = generation->children[i].ready;
		generation->children[i].ready = -1;
	}
	return n;
}

void
generation_dismiss(struct generation *generation, struct leaving *leaving,
    int signal_number, int64_t now_ms, int64_t time_ms)
{
	if (generation->rehearsal != 0)
		leaving_add(
		    leaving, generation->rehearsal, SIGTERM, now_ms, time_ms);
	generation->rehearsal = 0;
	for (size_t i = 0; i < generation->count; i++) {
		struct child *child = &generation->children[i];

		if (child->pid != 0)
			leaving_add(leaving, child->pid, signal_number, now_ms,
			    time_ms);
		process_close(child->ready);
		child->ready = -1;
	}
	generation->count = 0;
}

void
generation_free(struct generation *generation, const struct generation *heir)
{
	if (generation == NULL)
		return;
	if (generation->listening)
		listeners_close(&generation->listeners,
		    heir == NULL ? NULL : &heir->listeners);
	tls_close(generation->tls);
	logger_close(generation->log);
	config_release(&generation->config);
	explicit_bzero(&generation->seal_keys, sizeof(generation->seal_keys));
	free(generation);
}
