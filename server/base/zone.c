/* SPDX-License-Identifier: ISC */
/*
 * The C library reads the tz database. The code here checks the name of a zone
 * first, because the library silently takes an unknown name as UTC.
 */
#include "base/zone.h"

#include <sys/stat.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/banned.h"

#define ZONE_FOLDER "/usr/share/zoneinfo"

enum {
	NAME_MAX_BYTES = 60,
	PATH_MAX_BYTES = 120,
	DEPTH_MAX = 3, /* America/Argentina/Salta */
	DAY_S = 24 * 3600,
	YEAR_MIN = -1900,
	YEAR_MAX = 9999 - 1900 /* of struct tm */
};

/* Each part of a zone's name begins with a capital letter. The names of files
 * and folders that are not zones (posix/, right/, tzdata.zi) do not. */
static bool
is_name(struct str name)
{
	bool begins = true, good = name.len > 0 && name.len < NAME_MAX_BYTES;

	for (size_t i = 0; i < name.len && good; i++) {
		const char c = name.data[i];

		good = (c >= 'A' && c <= 'Z') ||
		    (!begins &&
			((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			    strchr("+-_/", c) != NULL));
		begins = c == '/';
	}
	return good && !begins;
}

static bool
is_zone(struct str name)
{
	char path[PATH_MAX_BYTES], begin[4] = "";
	struct stat st;
	bool good;
	int fd;

	if (!is_name(name))
		return false;
	snprintf(path, sizeof(path), ZONE_FOLDER "/%.*s", STR_ARG(name));
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	/* The first four bytes of a zone file (RFC 8536, section 3.1). */
	good = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    read(fd, begin, sizeof(begin)) == (ssize_t)sizeof(begin) &&
	    memcmp(begin, "TZif", sizeof(begin)) == 0;
	if (fd >= 0)
		close(fd);
	return good;
}

/* Is wrong the last part of name, if capitals and small letters are equal? */
static bool
is_end(struct str name, struct str wrong)
{
	return name.len > wrong.len &&
	    name.data[name.len - wrong.len - 1] == '/' &&
	    str_equal_nocase(
		str_slice(name, name.len - wrong.len, name.len), wrong);
}

/* Look for the zone nearest to a wrong name among those whose names begin with
 * start. best: the nearest zone so far. */
static void
look_into(
    const char *start, struct str wrong, char best[PATH_MAX_BYTES], int depth)
{
	char path[PATH_MAX_BYTES];
	const struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), ZONE_FOLDER "/%s", start);
	folder = depth < DEPTH_MAX ? opendir(path) : NULL;
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		char name[PATH_MAX_BYTES];
		const char *names[] = {best, name}, *near;
		int n =
		    snprintf(name, sizeof(name), "%s%s", start, entry->d_name);

		if (n < 0 || n >= NAME_MAX_BYTES || !is_name(str_from(name)))
			continue;
		near = is_end(str_from(name), wrong)
		    ? name
		    : str_nearest(wrong, names, 2);
		if (near == name && is_zone(str_from(name)))
			snprintf(best, PATH_MAX_BYTES, "%s", name);
		snprintf(name + n, sizeof(name) - (size_t)n, "/");
		look_into(name, wrong, best, depth + 1);
	}
	if (folder != NULL)
		closedir(folder);
}

enum err
zone_check(struct str name, struct buf *why)
{
	char best[PATH_MAX_BYTES] = "";

	if (str_equal(name, STR(ZONE_UTC)) || is_zone(name))
		return OK;
	if (access(ZONE_FOLDER, R_OK | X_OK) != 0) {
		buf_printf(why,
		    "no tz database in " ZONE_FOLDER " (%s; Debian's package "
		    "is tzdata)",
		    strerror(errno));
		return ERR_MISSING;
	}
	look_into("", name, best, 0);
	buf_text(why, "name a zone of the tz database, such as Europe/Paris");
	if (best[0] != '\0')
		buf_printf(why, "; did you mean %s?", best);
	return ERR_INPUT;
}

enum err
zone_use(const char *name)
{
	char value[PATH_MAX_BYTES];

	/* The colon makes the C library read a file, also where POSIX gives
	 * the name another meaning. "UTC0" is POSIX's and needs no file. */
	snprintf(value, sizeof(value), "%s%s",
	    strcmp(name, ZONE_UTC) == 0 ? "" : ":",
	    strcmp(name, ZONE_UTC) == 0 ? "UTC0" : name);
	if (setenv("TZ", value, 1) != 0)
		return ERR_NOMEM;
	tzset();
	return OK;
}

/* false: the year does not have four digits. */
static bool
to_local(int64_t s, struct tm *out)
{
	const time_t t = (time_t)s;

	return localtime_r(&t, out) != NULL && out->tm_year >= YEAR_MIN &&
	    out->tm_year <= YEAR_MAX;
}

bool
zone_add(struct buf *out, int64_t s, enum zone_form form)
{
	struct tm tm;
	long east;

	if (!to_local(s, &tm))
		return false;
	buf_printf(out, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1,
	    tm.tm_mday);
	if (form == ZONE_TIME)
		buf_printf(out, " %02d:%02d", tm.tm_hour, tm.tm_min);
	if (form != ZONE_STAMP)
		return true;
	east = tm.tm_gmtoff / 60;
	buf_printf(out, "T%02d:%02d:%02d%c%02ld:%02ld", tm.tm_hour, tm.tm_min,
	    tm.tm_sec, east < 0 ? '-' : '+', labs(east) / 60, labs(east) % 60);
	return true;
}

/* Read YYYY-MM-DD, or YYYY-MM or YYYY, which mean their first day. false: there
 * is no such day. */
static bool
read_day(struct str day, struct tm *out)
{
	char text[] = "0000-01-01";
	struct tm checked;

	if (day.len != 4 && day.len != 7 && day.len != sizeof(text) - 1)
		return false;
	memcpy(text, day.data, day.len);
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		if (i == 4 || i == 7 ? text[i] != '-'
				     : text[i] < '0' || text[i] > '9')
			return false;
	*out = (struct tm){.tm_year = (text[0] - '0') * 1000 +
		(text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0') -
		1900,
	    .tm_mon = (text[5] - '0') * 10 + (text[6] - '0') - 1,
	    .tm_mday = (text[8] - '0') * 10 + (text[9] - '0')};
	checked = *out;
	(void)timegm(&checked);
	return out->tm_year > YEAR_MIN && checked.tm_mon == out->tm_mon &&
	    checked.tm_mday == out->tm_mday;
}

/* Is the moment s before that day, in the zone? */
static bool
is_before(int64_t s, const struct tm *day)
{
	struct tm local;

	if (!to_local(s, &local))
		return false;
	if (local.tm_year != day->tm_year)
		return local.tm_year < day->tm_year;
	return local.tm_mon != day->tm_mon ? local.tm_mon < day->tm_mon
					   : local.tm_mday < day->tm_mday;
}

bool
zone_day_begins(struct str text, int64_t *out)
{
	struct tm day, utc, local;
	int64_t before, begun;

	if (!read_day(text, &day))
		return false;
	utc = day;
	begun = (int64_t)timegm(&utc);
	/* Nearly always the day begins at midnight, at the offset of that day;
	 * the result is checked. */
	if (to_local(begun, &local)) {
		*out = begun - local.tm_gmtoff;
		if (!is_before(*out, &day) && is_before(*out - 1, &day))
			return true;
	}
	begun += 2 * DAY_S;
	/* Else a binary search. No zone is a whole day from UTC. A day that the
	 * zone has skipped begins when the next day begins. */
	before = begun - 4 * DAY_S;
	while (begun - before > 1) {
		const int64_t middle = before + (begun - before) / 2;

		if (is_before(middle, &day))
			before = middle;
		else
			begun = middle;
	}
	*out = begun;
	return true;
}

int64_t
zone_moment(const struct tm *local)
{
	struct tm tm = *local;

	tm.tm_isdst = -1; /* whether it is summer time, the zone knows */
	return (int64_t)mktime(&tm);
}
