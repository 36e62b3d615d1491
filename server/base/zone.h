/* SPDX-License-Identifier: ISC */
/*
 * The time zone in which readers see times: one per process, by its name in the
 * tz database. Before zone_use() it is the system's zone.
 */
#ifndef GUIJU_BASE_ZONE_H
#define GUIJU_BASE_ZONE_H

#include <time.h>

#include "base/buf.h"

/* The zone that needs no tz database. */
#define ZONE_UTC "UTC"

/*
 * Is this the name of a zone, such as Asia/Shanghai? ERR_INPUT: it is not, and
 * why gets the nearest name. ERR_MISSING: this system has no tz database, or
 * the database cannot be read; why gets the reason.
 */
enum err zone_check(struct str name, struct buf *why) MUST_CHECK;

/* Read the zone of this name, which zone_check() has accepted. No file is read
 * afterwards, so the process may enter a sandbox. ERR_NOMEM. */
enum err zone_use(const char *name) MUST_CHECK;

/* The form of a local time. */
enum zone_form {
	ZONE_DAY,  /* 2026-11-23 */
	ZONE_TIME, /* 2026-11-23 12:05 */
	ZONE_STAMP /* 2026-11-23T12:05:06+08:00 (RFC 3339) */
};

/* Append the moment s, seconds since 1970 UTC, as a local time. false: nothing
 * is appended, because the year does not have four digits. */
bool zone_add(struct buf *out, int64_t s, enum zone_form form);

/* The moment, in seconds since 1970 UTC, at which a day (YYYY-MM-DD), or the
 * first day of a month (YYYY-MM) or a year (YYYY), begins in the zone. false:
 * there is no such day. */
bool zone_day_begins(struct str day, int64_t *out);

/* The moment at which local clocks show this date and time of the calendar;
 * where clocks were turned back, one of the two moments. */
int64_t zone_moment(const struct tm *local);

#endif
