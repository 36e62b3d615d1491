/* SPDX-License-Identifier: ISC */
/* The pages of the catalogue of standards, and what readers ask of it. */
#include "base/clock.h"
#include "tests/bench/kinds.h"
#include "tests/bench/synthetic.h"
#include "wire/wire.h"

enum {
	REPORT_LINES = 500,
	ROUND_LINES = 50, /* what a request of 1024 bytes has room for */
	ROUND_BYTES_MAX = 4096,
	FLOW_ARENA_MAX = 64 * 1024 * 1024
};

static uint64_t
pick_row(const struct portal *p, uint64_t n, uint64_t purpose)
{
	return kinds_pick(n, purpose, p->standards);
}

/* The nth column of a random standard of the portal. */
static void
random_value(
    const struct portal *p, uint64_t n, const char *sql, struct buf *out)
{
	portal_text(
	    p, sql, (int64_t)pick_row(p, n, 20) + p->first_standard, out);
}

static void
standard(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	(void)input;
	buf_text(path, "/standard/");
	random_value(p, n,
	    "SELECT key FROM standard WHERE id >= ?1 ORDER BY id LIMIT 1",
	    path);
}

static void
family(const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	(void)input;
	buf_text(path, "/family/");
	random_value(p, n,
	    "SELECT family FROM standard WHERE id >= ?1 ORDER BY id LIMIT 1",
	    path);
}

/* A number as people type it: glued, in small letters. Of GB/Z the slash stays:
 * GBZ is another kind of standard. */
static void
lookup(const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	buf_text(path, "/standard/find");
	random_value(p, n,
	    "SELECT lower(replace(replace(number, ' ', ''), '/T', 'T'))"
	    " FROM standard WHERE id >= ?1 ORDER BY id LIMIT 1",
	    input);
}

static void
list(struct buf *path, struct str words, const char *filters)
{
	buf_text(path, "/standard/list/");
	url_add_segment(path, words);
	buf_char(path, '/');
	url_add_segment(path, str_from(filters));
	buf_text(path, "/number/");
}

static void
search_rare(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	struct buf name;

	(void)input;
	buf_init(&name, 64);
	synthetic_name(&name, pick_row(p, n, 21));
	list(path, buf_view(&name), "-");
	buf_release(&name);
}

static void
search_common(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	(void)p, (void)input;
	list(path, synthetic_common(n), "-");
}

/* All standards of a year and a level, and what else they could be. */
static void
facets(const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	char filters[64];

	(void)p, (void)input;
	snprintf(filters, sizeof(filters), "level:国家,year:%d",
	    (int)(2000 + kinds_pick(n, 22, 20)));
	list(path, STR("-"), filters);
}

/* The busiest classes without any below: more standards than a page shows,
 * in any portal. */
static void
busiest(const struct portal *p, uint64_t n, const char *sql, struct buf *out)
{
	portal_text(p, sql, (int64_t)kinds_pick(n, 27, SYNTHETIC_BUSY), out);
}

static void
ics_leaf(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	(void)input;
	buf_text(path, "/ics/");
	busiest(p, n,
	    "SELECT value FROM standard_count c WHERE kind = 'ics' AND NOT"
	    " EXISTS (SELECT 1 FROM ics WHERE parent = c.value)"
	    " ORDER BY n DESC, value LIMIT 1 OFFSET ?1",
	    path);
}

static void
ccs_leaf(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	(void)input;
	buf_text(path, "/ccs/");
	busiest(p, n,
	    "SELECT value FROM standard_count c WHERE kind = 'ccs'"
	    " AND length(value) > 1 AND NOT"
	    " EXISTS (SELECT 1 FROM ccs WHERE parent = c.value)"
	    " ORDER BY n DESC, value LIMIT 1 OFFSET ?1",
	    path);
}

static void
calendar(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	unsigned busy = (unsigned)kinds_pick(n, 23, SYNTHETIC_BUSY);

	(void)p, (void)input;
	buf_printf(path, "/calendar/%u-%02d/", synthetic_busy_year(busy),
	    SYNTHETIC_BUSY_MONTH + 6);
}

static void
search_all(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	struct buf name;

	(void)input;
	buf_init(&name, 64);
	synthetic_name(&name, pick_row(p, n, 25));
	buf_text(path, "/search/all/");
	url_add_segment(path, buf_view(&name));
	buf_char(path, '/');
	buf_release(&name);
}

/* ---- the report of 500 numbers ------------------------------------- */

/* Ask as a reader would on the way to the page that is timed. */
static void
step(const struct portal *p, struct arena *arena, struct str path,
    struct str input, struct reply *reply)
{
	struct request request = {.arena = arena,
	    .protocol = &wire_gemini.protocol,
	    .has_input = input.len > 0,
	    .input = input,
	    .query = STR("")};

	if (path_parse(arena, path, &request.path) != OK)
		die("report", "no address");
	site_answer(p->site, &request, reply);
}

/* The address of the page's link that begins so, from the page's own. */
static void
find_link(const struct reply *reply, struct str page, struct str beginning,
    struct buf *out)
{
	if (reply->type == REPLY_BLOCKS)
		for (const struct block *b = reply->blocks.first; b != NULL;
		     b = b->next)
			if (b->type == BLOCK_LINK &&
			    str_starts(b->url, beginning)) {
				path_resolve(out, page, b->url);
				return;
			}
	die("report", "a page lacks its link");
}

/* Random standards of the catalogue, one in ten of them not in it. */
static void
write_round(const struct portal *p, uint64_t first, struct buf *out)
{
	buf_clear(out);
	for (uint64_t i = first; i < first + ROUND_LINES; i++) {
		uint64_t row = pick_row(p, i, 26);
		synthetic_number(out, i % 10 == 9 ? row + 100000000 : row);
		buf_char(out, '\n');
	}
}

/* Everything up to the confirmation is done here; that writes the report. */
static void
report(const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	struct arena *arena = arena_new(FLOW_ARENA_MAX);
	struct str page = STR("/validity/");
	struct reply reply;
	struct buf numbers, link;

	(void)input;
	if (arena == NULL)
		die("report", "no memory");
	buf_init(&numbers, ROUND_BYTES_MAX);
	buf_init(&link, 1024);
	for (uint64_t i = 0; i < REPORT_LINES; i += ROUND_LINES) {
		write_round(p, n * REPORT_LINES + i, &numbers);
		step(p, arena, page, STR(""), &reply);
		buf_clear(&link);
		find_link(
		    &reply, page, i == 0 ? STR("new/") : STR("add/"), &link);
		step(p, arena, buf_view(&link), buf_view(&numbers), &reply);
		if (reply.type != REPLY_REDIRECT)
			die("report", "numbers were refused");
		page = reply.text;
	}
	step(p, arena, page, STR(""), &reply);
	find_link(&reply, page, STR("confirm/"), path);
	buf_release(&numbers);
	buf_release(&link);
	arena_free(arena);
}

void
portal_open_catalogue(struct portal *portal)
{
	portal->first_standard = portal_int(
	    portal, "SELECT min(id) FROM standard WHERE source = 'synthetic'");
	portal->standards = portal_int(
	    portal, "SELECT max(id) FROM standard WHERE source = 'synthetic'");
	if (portal->standards > 0)
		portal->standards -= portal->first_standard - 1;
	/* Drafts of an earlier run count against the day's limit. */
	sqlite3_exec(store_writer(portal->store), "DELETE FROM validity_draft",
	    NULL, NULL, NULL);
}

const struct kind kinds_catalogue[] = {
    {"standard", standard, REPLY_BLOCKS, AIM_US},
    {"number, to its page", lookup, REPLY_REDIRECT, AIM_US},
    {"family", family, REPLY_BLOCKS, AIM_US},
    {"standards, rare word", search_rare, REPLY_BLOCKS, AIM_US},
    {"standards, common word", search_common, REPLY_BLOCKS, AIM_HEAVY_US},
    {"facets", facets, REPLY_BLOCKS, AIM_HEAVY_US},
    {"ICS leaf", ics_leaf, REPLY_BLOCKS, AIM_US},
    {"CCS leaf", ccs_leaf, REPLY_BLOCKS, AIM_US},
    {"calendar, a month", calendar, REPLY_BLOCKS, AIM_US},
    {"search of everything", search_all, REPLY_BLOCKS, AIM_US},
    {"report of 500 numbers", report, REPLY_REDIRECT, AIM_HEAVY_US},
    {NULL, NULL, REPLY_BLOCKS, 0}};
