/* SPDX-License-Identifier: ISC */
/*
 * The timer is a moment of the wall clock, compared once per minute, so it
 * holds after the clock is set and after a change to summer time. `guiju
 * nightly` does the same work by nights_work().
 */
#include "run/parent/parent.h"

#include <sys/stat.h>
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/zone.h"
#include "run/config/complain.h"
#include "run/worker/logger.h"
#include "run/worker/process.h"
#include "run/worker/sandbox.h"
#include "run/config/state.h"
#include "store/nightly/nightly.h"

enum {
	DAY_S = 24 * 3600,
	SOON_MS = 5000,        /* after the start: readers come first */
	LOOK_MS = 60000,       /* between two looks at the wall clock */
	WORK_MAX_S = 2 * 3600, /* then the child is ended */
	WHY_MAX_BYTES = 1024
};

static int64_t
after_by_offset(const struct config_time *time, int64_t now_s)
{
	int64_t offset_s = 60 * (int64_t)time->offset_min;
	int64_t today_s = (now_s + offset_s) / DAY_S * DAY_S - offset_s;
	int64_t next_s = today_s + 60 * (int64_t)time->minute;

	return next_s > now_s ? next_s : next_s + DAY_S;
}

static int64_t
after_by_zone(const struct config_time *time, int64_t now_s)
{
	time_t now = (time_t)now_s, next;
	struct tm day;

	for (int later = 0; later < 3; later++) {
		if (localtime_r(&now, &day) == NULL)
			break;
		day.tm_mday += later;
		day.tm_hour = (int)time->minute / 60;
		day.tm_min = (int)time->minute % 60;
		day.tm_sec = 0;
		day.tm_isdst = -1;
		next = mktime(&day);
		if (next != (time_t)-1 && next > now)
			return (int64_t)next;
	}
	return now_s + DAY_S; /* localtime_r(3) or mktime(3) has failed */
}

int64_t
nights_after(const struct config_time *time, int64_t now_s)
{
	if (time->off)
		return 0;
	return time->has_offset ? after_by_offset(time, now_s)
				: after_by_zone(time, now_s);
}

/* Has the nightly work been done in the last 24 hours? */
static bool
has_recent(const char *state)
{
	struct file_path path;
	struct stat file;
	bool recent;

	recent = file_path_join(&path, state, NIGHTLY_DONE) == OK &&
	    stat(path.text, &file) == 0 &&
	    file.st_mtim.tv_sec > clock_now_s() - DAY_S;
	return recent;
}

void
nights_plan(struct nights *nights, const struct config *config, int64_t now_ms)
{
	/* The zone of the plan. The parent has not called config_use(). */
	if (zone_use(config->zone) != OK)
		log_error("run: no memory for the time zone");
	/* A replica has no nightly work: the primary does it. */
	nights->next_s = config->role == ROLE_REPLICA
	    ? 0
	    : nights_after(&config->nightly, clock_now_s());
	if (!nights->planned && nights->next_s != 0 &&
	    !has_recent(config->state))
		nights->soon_ms = now_ms + SOON_MS;
	if (nights->next_s == 0)
		nights->soon_ms = 0;
	nights->planned = true;
}

enum status
nights_work(const struct config *config)
{
	struct buf why;
	enum err err;

	buf_init(&why, WHY_MAX_BYTES);
	err = state_become_user(config, &why);
	if (err == OK)
		err = config_use(config, &why);
	if (err != OK)
		complain("%.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	if (err == OK)
		err = sandbox_task(config);
	if (err == OK)
		err = nightly_run(config->capsule, config->state);
	return status_of(err);
}

static void
begin(struct nights *nights, const struct config *config)
{
	pid_t pid = logger_fork("night", NULL, 0, false);

	if (pid < 0) {
		log_error(
		    "run: cannot begin the night's work: %s", strerror(errno));
		return;
	}
	if (pid == 0) {
		alarm(WORK_MAX_S); /* works even if the parent is gone */
		process_lower_priority();
		log_set_level(config->log);
		exit((int)nights_work(config));
	}
	log_info("run: process %ld begins the night's work", (long)pid);
	nights->pid = pid;
}

void
nights_tick(struct nights *nights, const struct config *config, int64_t now_ms)
{
	const int64_t now_s = clock_now_s();
	bool soon = nights->soon_ms != 0 && now_ms >= nights->soon_ms;

	if (nights->next_s == 0)
		return;
	if (now_s >= nights->next_s || soon) {
		nights->soon_ms = 0;
		nights->next_s = nights_after(&config->nightly, now_s);
		if (nights->pid == 0)
			begin(nights, config);
	} else if (nights->next_s > now_s + DAY_S + 2 * 3600) {
		/* The clock has been set back. */
		nights->next_s = nights_after(&config->nightly, now_s);
	}
}

bool
nights_ended(struct nights *nights, pid_t pid, int wait_status)
{
	struct buf how;

	if (nights->pid == 0 || nights->pid != pid)
		return false;
	nights->pid = 0;
	if (wait_status == 0) {
		log_info("run: the night's work is done");
		metrics_set(METRIC_NIGHT_DONE, (uint64_t)clock_now_s());
		return true;
	}
	metrics_count(METRIC_NIGHTS_FAILED);
	buf_init(&how, 64);
	process_add_end(&how, wait_status);
	log_error(
	    "run: the night's work ended by %.*s", STR_ARG(buf_view(&how)));
	buf_release(&how);
	return true;
}

int64_t
nights_next_ms(const struct nights *nights, int64_t now_ms)
{
	int64_t left_s = nights->next_s - clock_now_s();

	if (nights->next_s == 0)
		return INT64_MAX;
	if (nights->soon_ms != 0)
		return nights->soon_ms;
	if (left_s <= 0)
		return now_ms;
	return now_ms +
	    (left_s < LOOK_MS / 1000 ? 1000 * left_s : (int64_t)LOOK_MS);
}

void
nights_stop(struct nights *nights, struct leaving *leaving, int64_t now_ms,
    int64_t time_ms)
{
	if (nights->pid != 0)
		leaving_add(leaving, nights->pid, SIGTERM, now_ms, time_ms);
	*nights = (struct nights){.planned = true};
}
