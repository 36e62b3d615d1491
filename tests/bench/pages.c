/* SPDX-License-Identifier: ISC */
/*
 * What a page costs, and whether it costs more in a large portal:
 *
 *   pages CAPSULE SMALL-STATE LARGE-STATE [KIND]
 *
 * opens the same capsule on both databases and, for each kind of page, asks
 * site_answer() the same number of random requests of each, in turns, so that
 * whatever else the machine does meets both alike. Each request has been
 * answered once before it is timed: the pages of the database are in memory,
 * the answer is nowhere.
 *
 * Times are processor time, in the process that asks. The figure to look at is
 * the ratio of large to small, and of each kind to the home page; microseconds
 * are this machine's.
 */
#include "tests/bench/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/accounts/accounts.h"
#include "store/modules.h"
#include "wire/wire.h"

enum {
	ARENA_MAX = 16 * 1024 * 1024,
	SAMPLES_MAX = 2000,
	SAMPLES_MIN = 10,
	KIND_US = 1500000 /* a kind has this long, once it has its minimum */
};

/* 2026-11-23 12:00 in Shanghai: the time that every page sees. */
static const int64_t now_s = 1795406400;

struct samples {
	double us[SAMPLES_MAX];
	size_t count;
};

void
die(const char *what, const char *why)
{
	fprintf(stderr, "pages: %s: %s\n", what, why);
	exit(1);
}

/* ---- portals ------------------------------------------------------- */

int64_t
portal_int(const struct portal *portal, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t value;

	if (sqlite3_prepare_v2(portal->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		die(sql, sqlite3_errmsg(portal->db));
	value = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0)
						 : 0;
	sqlite3_finalize(stmt);
	return value;
}

void
portal_text(
    const struct portal *portal, const char *sql, int64_t at, struct buf *out)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(portal->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		die(sql, sqlite3_errmsg(portal->db));
	if (sqlite3_bind_parameter_count(stmt) > 0)
		sqlite3_bind_int64(stmt, 1, at);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		buf_text(out, (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
}

static void
portal_open(struct portal *portal, const char *capsule, const char *state)
{
	struct site_options options = {
	    .capsule = capsule,
	    .state_dir = state,
	    .download = STR("download"),
	    .language = STR("zh-Hans"),
	    .host = STR("localhost"),
	    .register_path = STR("/my/register/"),
	    .services = wire_services(),
	    .count_views = true,
	};
	struct finding *findings = NULL;
	struct buf slug, why;
	char database[1024];

	buf_init(&why, 4096);
	snprintf(database, sizeof(database), "%s/portal.db", state);
	if (site_open(&options, &portal->site, &findings) != OK) {
		for (const struct finding *f = findings; f != NULL; f = f->next)
			fprintf(stderr, "%s:%u: %s\n", f->file, f->line,
			    f->message);
		die(state, "the site does not open");
	}
	findings_free(findings);
	if (store_open(database, NULL, &portal->store, &why) != OK)
		die(database, "does not open");
	buf_release(&why);
	portal->db = store_reader(portal->store);
	portal->articles = portal_int(portal, "SELECT max(id) FROM article");
	portal->pages =
	    portal_int(portal, "SELECT max(length) / 20 FROM list_length");
	buf_init(&slug, sizeof(portal->section));
	portal_text(portal,
	    "SELECT s.slug FROM list_length l JOIN section s"
	    " ON s.id = l.section_id ORDER BY l.length DESC LIMIT 1",
	    0, &slug);
	snprintf(portal->section, sizeof(portal->section), "%.*s",
	    STR_ARG(buf_view(&slug)));
	buf_release(&slug);
	portal_open_catalogue(portal);
}

static void
portal_close(struct portal *portal)
{
	store_close(portal->store);
	site_close(portal->site);
}

/* ---- one request --------------------------------------------------- */

static const char *
what_came(const struct reply *reply)
{
	static const char *const names[] = {[REPLY_BLOCKS] = "a page",
	    [REPLY_BYTES] = "bytes",
	    [REPLY_FILE] = "a file",
	    [REPLY_PROMPT] = "a prompt",
	    [REPLY_REDIRECT] = "a redirect",
	    [REPLY_REFUSAL] = "a refusal"};

	return names[reply->type];
}

/* Processor time of this process: what else runs on the machine does not
 * count, nor do waits for a disk. */
static int64_t
spent_us(void)
{
	struct timespec spent;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent) != 0)
		die("clock", "there is none for processor time");
	return (int64_t)spent.tv_sec * 1000000 + spent.tv_nsec / 1000;
}

/* Ask for the nth request of a kind; microseconds. */
static double
ask(const struct kind *kind, struct portal *portal, struct arena *arena,
    uint64_t n)
{
	struct request request = {
	    .arena = arena, .protocol = &wire_gemini.protocol};
	struct reply reply;
	struct buf path, input, query;
	int64_t begun, ended;

	arena_clear(arena);
	buf_init(&path, 4096);
	buf_init(&input, 64 * 1024);
	buf_init(&query, 256 * 1024);
	kind->make(portal, n, &path, &input);
	if (path.err != OK || input.err != OK ||
	    path_parse(arena, buf_view(&path), &request.path) != OK)
		die(kind->name, "no address");
	request.has_input = input.len > 0;
	request.input = buf_view(&input);
	url_add_query(&query, request.input);
	request.query = buf_view(&query);
	begun = spent_us();
	site_answer(portal->site, &request, &reply);
	ended = spent_us();
	if (reply.type == REPLY_FILE)
		close(reply.file);
	if (reply.type != kind->expected) {
		fprintf(stderr, "%.*s %.*s: %.*s\n", STR_ARG(buf_view(&path)),
		    STR_ARG(buf_view(&input)), STR_ARG(reply.text));
		die(kind->name, what_came(&reply));
	}
	buf_release(&path);
	buf_release(&input);
	buf_release(&query);
	return (double)(ended - begun);
}

/* ---- one kind ------------------------------------------------------ */

static int
compare_us(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The sample that this part of all is not above. */
static double
quantile(struct samples *samples, double part)
{
	size_t at = (size_t)(part * (double)samples->count);

	qsort(samples->us, samples->count, sizeof(double), compare_us);
	return samples->us[at < samples->count ? at : samples->count - 1];
}

static void
measure(const struct kind *kind, struct portal *small, struct portal *large,
    struct samples *of_small, struct samples *of_large)
{
	struct arena *arena = arena_new(ARENA_MAX);
	int64_t begun = clock_us();

	if (arena == NULL)
		die(kind->name, "no memory");
	of_small->count = of_large->count = 0;
	for (uint64_t n = 0; n < SAMPLES_MAX; n++) {
		if (n >= SAMPLES_MIN && clock_us() - begun > KIND_US)
			break;
		(void)ask(kind, small, arena, n);
		of_small->us[of_small->count++] = ask(kind, small, arena, n);
		(void)ask(kind, large, arena, n);
		of_large->us[of_large->count++] = ask(kind, large, arena, n);
	}
	arena_free(arena);
}

static void
print_head(const struct portal *small, const struct portal *large)
{
	printf("\n%lld articles and %lld standards against %lld and %lld; "
	       "times in "
	       "microseconds of\nprocessor time\n\n",
	    (long long)small->articles, (long long)small->standards,
	    (long long)large->articles, (long long)large->standards);
	printf("%-26s %8s %8s %9s %9s %6s %6s %7s  %s\n", "", "small", "",
	    "large", "", "ratio", "", "of home", "");
	printf("%-26s %8s %8s %9s %9s %6s %6s %7s  %s\n", "page", "median",
	    "p99", "median", "p99", "median", "p99", "", "aim");
}

static void
print_kind(const struct kind *kind, struct samples *small,
    struct samples *large, double *home)
{
	double s50 = quantile(small, 0.5), s99 = quantile(small, 0.99);
	double l50 = quantile(large, 0.5), l99 = quantile(large, 0.99);
	bool reached = l50 <= kind->aim_us &&
	    (kind->aim_us > AIM_US || l50 / s50 <= AIM_RATIO);

	if (*home == 0)
		*home = l50;
	printf("%-26s %8.0f %8.0f %9.0f %9.0f %6.1f %6.1f %7.1f  %s\n",
	    kind->name, s50, s99, l50, l99, l50 / s50, l99 / s99, l50 / *home,
	    reached ? "ok" : "missed");
	fflush(stdout);
}

/* only: part of a name, or NULL for all. */
static void
measure_all(const struct kind *kind, struct portal *small, struct portal *large,
    const char *only, double *home)
{
	static struct samples of_small, of_large;

	for (; kind->name != NULL; kind++) {
		if (only != NULL && strstr(kind->name, only) == NULL)
			continue;
		measure(kind, small, large, &of_small, &of_large);
		print_kind(kind, &of_small, &of_large, home);
	}
}

int
main(int argc, char **argv)
{
	static struct portal small, large;
	double home = 0;
	struct buf why;

	if (argc != 4 && argc != 5) {
		fputs("usage: pages CAPSULE SMALL-STATE LARGE-STATE [KIND]\n",
		    stderr);
		return 2;
	}
	buf_init(&why, 1024);
	accounts_use(true);
	if (modules_use(STR("standards"), &why) != OK)
		return 1;
	buf_release(&why);
	clock_set_now_s(now_s);
	portal_open(&small, argv[1], argv[2]);
	portal_open(&large, argv[1], argv[3]);
	print_head(&small, &large);
	measure_all(kinds_articles, &small, &large, argv[4], &home);
	if (large.standards > 0)
		measure_all(kinds_catalogue, &small, &large, argv[4], &home);
	printf("\naim: under %d us and under %d times the small portal; "
	       "common words, facets\nand the report of 500 numbers under "
	       "%d us.\n",
	    AIM_US, AIM_RATIO, AIM_HEAVY_US);
	portal_close(&small);
	portal_close(&large);
	return 0;
}
