/* SPDX-License-Identifier: ISC */
/*
 * The child looks at the log's file once per second, and copies what is new.
 * It closes its connection after the workers have closed theirs: the last one
 * removes the log, which a worker's sandbox forbids, and the next start finds
 * none.
 *
 * Another file in the database's place does not belong to that log. Then there
 * is no child until a reload serves the other file.
 */
#include "run/parent/internal.h"

#include <sys/stat.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "run/config/state.h"
#include "run/worker/logger.h"
#include "run/worker/process.h"
#include "run/worker/sandbox.h"
#include "store/checkpoint.h"
#include "store/connect.h"

enum {
	LOOK_MS = 1000,
	AGAIN_MS = 10 * 1000, /* after a failure; between two truncations */
	TOLD_MS = 3600 * 1000,
	WHY_MAX_BYTES = 1024
};

struct copying {
	const struct generation *generation;
	struct file_path log;
	sqlite3 *db;
	struct stat copied; /* of the log, when it was last copied */
	int64_t truncate_ms, told_ms;
};

static volatile sig_atomic_t stopped;

static void
on_stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Log that pages do not write because of the log, once per hour. */
static void
tell_size(struct copying *copying, int64_t bytes)
{
	const int64_t now_ms = clock_ms();

	if (bytes < CHECKPOINT_LOG_MAX_BYTES || now_ms < copying->told_ms)
		return;
	copying->told_ms = now_ms + TOLD_MS;
	log_error("run: the write-ahead log has %lld MiB: a program reads an "
		  "old state of the database, or writes very much; no page "
		  "writes before the log is below %d MiB",
	    (long long)(bytes >> 20), CHECKPOINT_LOG_MAX_BYTES >> 20);
}

/* Copy what is new in the log. Gives SQLITE_*. */
static int
look(struct copying *copying)
{
	const int64_t now_ms = clock_ms();
	struct stat log;
	bool large;
	int code;

	if (stat(copying->log.text, &log) != 0)
		return SQLITE_OK; /* nobody has written since the start */
	large = log.st_size >= CHECKPOINT_LARGE_BYTES;
	if (!large && is_same(&log, &copying->copied))
		return SQLITE_OK;
	tell_size(copying, (int64_t)log.st_size);
	if (large && now_ms < copying->truncate_ms)
		large = false;
	if (large)
		copying->truncate_ms = now_ms + AGAIN_MS;
	code = checkpoint_run(copying->db, large);
	if (code == SQLITE_OK) {
		copying->copied = log;
		metrics_count(METRIC_CHECKPOINTS);
	}
	return (code & 0xFF) == SQLITE_BUSY ? SQLITE_OK : code;
}

static enum err
open_all(struct copying *copying, struct buf *why)
{
	const struct config *config = &copying->generation->config;
	struct file_path database;
	const struct connect how = {database.text, CONNECT_WRITER, NULL};
	enum err err = state_become_user(config, why);

	if (err == OK)
		err = file_path_join(&database, config->state, STATE_DATABASE);
	if (err == OK)
		err = file_path_join(
		    &copying->log, config->state, STATE_DATABASE "-wal");
	if (err == OK)
		err = connect_open(&how, &copying->db, why);
	return err == OK ? sandbox_task(config) : err;
}

static enum status
copy_until_stopped(const struct generation *generation, int life)
{
	const struct sigaction action = {.sa_handler = on_stop};
	struct pollfd parent = {.fd = life, .events = POLLIN};
	struct copying copying = {.generation = generation};
	int code = SQLITE_OK;
	struct buf why;
	enum err err;

	buf_init(&why, WHY_MAX_BYTES);
	sigaction(SIGTERM, &action, NULL);
	err = open_all(&copying, &why);
	if (err != OK)
		log_error("run: no checkpoints: %.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	while (err == OK && code == SQLITE_OK && !stopped &&
	    poll(&parent, 1, LOOK_MS) <= 0 && !stopped &&
	    generation_has_database(generation))
		code = look(&copying);
	if (code != SQLITE_OK)
		log_error(
		    "run: a checkpoint failed: %s", sqlite3_errmsg(copying.db));
	sqlite3_close(copying.db);
	return err != OK        ? status_of(err)
	    : code == SQLITE_OK ? STATUS_OK
				: STATUS_FAILURE;
}

void
checkpointer_tick(struct checkpointer *checkpointer,
    const struct generation *generation, int life, int64_t now_ms)
{
	const struct config *config = &generation->config;
	pid_t pid;

	if (checkpointer->pid != 0 || now_ms < checkpointer->next_ms)
		return;
	checkpointer->next_ms =
	    config->role == ROLE_REPLICA ? INT64_MAX : now_ms + AGAIN_MS;
	if (config->role == ROLE_REPLICA ||
	    !generation_has_database(generation))
		return;
	pid = logger_fork("wal", &life, 1, false);
	if (pid == 0) {
		log_set_level(config->log);
		exit((int)copy_until_stopped(generation, life));
	}
	if (pid > 0)
		checkpointer->pid = pid;
	else
		log_error("run: cannot begin checkpoints: %s", strerror(errno));
}

bool
checkpointer_ended(
    struct checkpointer *checkpointer, pid_t pid, int wait_status)
{
	struct buf how;

	if (checkpointer->pid == 0 || checkpointer->pid != pid)
		return false;
	checkpointer->pid = 0;
	if (wait_status == 0)
		return true;
	buf_init(&how, 64);
	process_add_end(&how, wait_status);
	log_error("run: the process of checkpoints ended by %.*s; the next "
		  "follows",
	    STR_ARG(buf_view(&how)));
	buf_release(&how);
	return true;
}
