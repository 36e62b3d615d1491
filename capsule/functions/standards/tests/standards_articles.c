/* SPDX-License-Identifier: ISC */
/*
 * Articles in each state, and every page of the portal: which articles a page
 * may show, which it must show, and to the second. The pages are those that
 * stand in pages/, so that a page of tomorrow is asked as well. Nothing updates
 * the search index after the states were set: what the index still says of an
 * article must not make a page show it.
 */
#include "portal_fixture.h"

#include <fts.h>

#include "base/zone.h"

#define SECTION "zcfg" /* the one that /search/all asks by itself */
#define KEY "GB-T-99001-2020"
#define WORD "%E8%AF%95%E9%AA%8C" /* in each title, text and source */

enum {
	NOW = FIXTURE_NOW,
	DAY = 24 * 60 * 60,
	NEW_YEAR = 1767196800, /* 2026-01-01 00:00 in the portal's zone */
	PAGES_MIN = 100
};

/* What is seen has a number below 9100 and "seen" in its title, text and
 * source; what is not seen has "hidden" there. */
static const struct article {
	int id;
	const char *status;
	int64_t published, updated;
	int pinned;
	const char *section;
} articles[] = {{9000, "live", NEW_YEAR, NEW_YEAR, 1, SECTION},
    {9001, "live", NEW_YEAR, NEW_YEAR, 0, SECTION},
    {9002, "live", NOW - 1, NOW - 1, 1, SECTION},
    {9003, "live", NOW, NOW, 1, SECTION},
    {9004, "live", NOW - 1, NOW - 1, 0, SECTION},
    {9005, "live", NOW, NOW, 0, SECTION},
    {9006, "live", NEW_YEAR - 1, NEW_YEAR - 1, 1, SECTION},
    /* Updated since; and written before its time. */
    {9007, "live", NOW - 500 * DAY, NOW - 400 * DAY, 0, "gnwbzhdt"},
    {9008, "live", NOW - 300 * DAY, NOW - 310 * DAY, 0, "hnbzhdt"},
    {9101, "draft", NOW, NOW, 0, SECTION},
    {9102, "draft", NOW, NOW, 1, SECTION},
    {9103, "live", NOW + 1, NOW, 0, SECTION},
    {9104, "live", NOW + 1, NOW, 1, SECTION},
    {9105, "withdrawn", NOW, NOW, 0, SECTION},
    {9106, "withdrawn", NOW, NOW, 1, SECTION},
    {9107, "withdrawn", NOW + 1, NOW, 0, SECTION},
    {9108, "draft", NOW + 1, NOW, 1, SECTION},
    {9109, "live", NOW + 400 * DAY, NOW, 0, SECTION},
    {9110, "live", NOW + 400 * DAY, NOW, 1, SECTION}};

enum { ARTICLES = sizeof(articles) / sizeof(*articles), IDS_SEEN = 9100 };

static const char script[] = PORTAL_INSERT_STANDARDS
    "'通则', '2020-01-01', '2020-06-01', '试验', '2026-01-01'"
    " FROM (SELECT std_number('GB/T 99001-2020') AS n);"
    "INSERT INTO title_fts (title_fts) VALUES ('rebuild');"
    "INSERT INTO body_fts (body_fts) VALUES ('rebuild');"
    "INSERT INTO article_standard (article_id, place, number, key)"
    " SELECT a.id, j.key, j.value ->> 'number', j.value ->> 'key'"
    " FROM article a JOIN json_each(std_mentions(a.body)) j;"
    /* A list of more than one block. */
    "WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n"
    " WHERE n < 900) INSERT INTO article (section_id, status, published,"
    " updated, pinned, title, body) SELECT section.id, iif(n % 3 = 0,"
    " 'draft', 'live'), n, n, n % 5 = 0, '旧' || n, '旧文。' FROM n, section"
    " WHERE slug = 'bzfbdt';";

/* All are live when they are indexed. */
static const char insert[] =
    "INSERT INTO article (id, section_id, status, published, updated, pinned,"
    " title, kicker, source, body) SELECT ?1, id, 'live', 0, 0, 0, t, t, t,"
    " t || '按 GB/T 99001-2020 检验。' FROM section,"
    " (SELECT ?2 || ' 试验 ' || ?1 AS t) WHERE slug = ?3";
static const char update[] =
    "UPDATE article SET status = ?2, published = ?3, updated = ?4,"
    " pinned = ?5, reason = '内容有误' WHERE id = ?1";

static void
run(sqlite3 *db, const char *sql, const struct article *a)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	sqlite3_bind_int(statement, 1, a->id);
	if (sql == insert) {
		sqlite3_bind_text(statement, 2,
		    a->id < IDS_SEEN ? "seen" : "hidden", -1, SQLITE_STATIC);
		sqlite3_bind_text(statement, 3, a->section, -1, SQLITE_STATIC);
	} else {
		sqlite3_bind_text(statement, 2, a->status, -1, SQLITE_STATIC);
		sqlite3_bind_int64(statement, 3, a->published);
		sqlite3_bind_int64(statement, 4, a->updated);
		sqlite3_bind_int(statement, 5, a->pinned);
	}
	assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
	assert_int_equal(sqlite3_changes(db), 1);
	sqlite3_finalize(statement);
}

static void
fill(const struct portal_path *database)
{
	sqlite3 *db = portal_connect(database);

	for (size_t i = 0; i < ARTICLES; i++)
		run(db, insert, &articles[i]);
	portal_run(db, script);
	for (size_t i = 0; i < ARTICLES; i++)
		run(db, update, &articles[i]);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* The portal with its sections, and these articles alone. */
static int
set_up(void **state)
{
	struct portal_path database;

	assert_int_equal(zone_use("Asia/Shanghai"), OK);
	portal_open(state, true, &database);
	fill(&database);
	return 0;
}

enum way { GEMINI, GOPHER, TWIN, WAYS };

/* A reader's words go with an address that asks for them. A selector has no
 * escapes of its own. */
static const char *
ask(struct fixture *f, enum way way, const char *address, bool words)
{
	struct request request = {.protocol = PROTOCOL_GOPHER};
	struct str selector;
	char whole[600];

	snprintf(whole, sizeof(whole), "%s%s%s", address,
	    way == TWIN ? ".txt" : "", words && way != GOPHER ? "?" WORD : "");
	if (way != GOPHER)
		return gemini(f, whole);
	arena_clear(f->arena);
	assert_int_equal(url_decode(f->arena, str_from(whole), &selector), OK);
	assert_int_equal(selector_parse(f->arena, selector, &request.path), OK);
	request.has_input = words;
	request.query = words ? STR(WORD) : STR("");
	request.input = words ? STR("试验") : STR("");
	return fixture_request(f, &request);
}

/* ---- what no page shows -------------------------------------------------- */

/* What may stand for a [name] of an address; the last for all others. */
static const struct values {
	const char *name, *values[8];
} table[] = {{"[section]", {SECTION, "gnwbzhdt"}},
    {"[id]", {"9001", "9003", "9004", "9005", "9007", "9101", "9103", "9109"}},
    {"[page]", {"1", "2"}}, {"[year]", {"2025", "2026", "2027"}},
    {"[kind]", {"title", "text", "source", SECTION, "gnwbzhdt"}},
    {"[words]", {WORD}}, {"[key]", {KEY}}, {"[family]", {"GB-T-99001"}},
    {"[filters]", {"-"}}, {"[sort]", {"number"}}, {"[month]", {"2026-09"}},
    {"[day]", {"2026-09-21"}}, {NULL, {"1"}}};

static struct fixture *asked;
static unsigned answers_n;

static void
no_article_is_shown_early(const char *address, enum way way, bool words)
{
	const char *answer = ask(asked, way, address, words);
	bool older, newer;

	if (strncmp(answer, "(ask", 4) == 0 && !words) {
		no_article_is_shown_early(address, way, true);
		return;
	}
	answers_n += strncmp(answer, "(missing", 8) != 0;
	if (strstr(answer, "hidden") != NULL ||
	    (strstr(answer, "/article/91") != NULL &&
		strncmp(address, "/article/91", 11) != 0))
		fail_msg("%s (%d) shows what it must not:\n%s", address,
		    (int)way, answer);
	/* Whoever shows one of the last second shows that of this second. */
	if (strncmp(address, "/article/", 9) == 0)
		return;
	older = strstr(answer, "seen 试验 9004") != NULL;
	newer = strstr(answer, "seen 试验 9005") != NULL;
	if (older != newer)
		fail_msg(
		    "%s (%d) shows one of two:\n%s", address, (int)way, answer);
}

/* Ask all addresses that this path of pages/ can be. */
static void
ask_each(const char *rest, char *address, size_t n)
{
	size_t plain = strcspn(rest, "["), len;
	const struct values *v = table;

	memcpy(address + n, rest, plain);
	n += plain;
	rest += plain;
	if (*rest == '\0') {
		address[n] = '\0';
		for (int way = GEMINI; way < WAYS; way++)
			no_article_is_shown_early(
			    address, (enum way)way, false);
		return;
	}
	len = strcspn(rest, "]") + 1;
	while (v->name != NULL &&
	    (strlen(v->name) != len || strncmp(v->name, rest, len) != 0))
		v++;
	for (int i = 0; i < 8 && v->values[i] != NULL; i++) {
		size_t size = strlen(v->values[i]);

		memcpy(address + n, v->values[i], size);
		ask_each(rest + len, address, n + size);
	}
}

static void
ask_page(const char *path)
{
	char pattern[256], address[512];
	char *end;

	snprintf(pattern, sizeof(pattern), "%s", path);
	end = strrchr(pattern, '.');
	if (end != NULL && strcmp(end, ".gmi") == 0)
		*end = '\0';
	end = strrchr(pattern, '/') + 1;
	if (strcmp(end, "index") == 0)
		*end = '\0';
	ask_each(pattern, address, 0);
}

static void
no_page_shows_what_is_not_live(void **state)
{
	char folder[] = "capsule/pages";
	char *const folders[] = {folder, NULL};
	FTS *tree = fts_open(folders, FTS_PHYSICAL, NULL);
	const FTSENT *file;
	unsigned pages_n = 0;

	asked = *state;
	answers_n = 0;
	assert_non_null(tree);
	while ((file = fts_read(tree)) != NULL)
		if (file->fts_info == FTS_F && file->fts_name[0] != '_') {
			ask_page(file->fts_path + strlen(folder));
			pages_n++;
		}
	fts_close(tree);
	print_message("%u pages, %u answers\n", pages_n, answers_n);
	assert_true(pages_n > PAGES_MIN && answers_n > 3 * PAGES_MIN);
}

/* ---- what a page must show ----------------------------------------------- */

static void
has(struct fixture *f, enum way way, const char *address, const char *part)
{
	const char *answer = ask(f, way, address, false);

	if (strstr(answer, part) == NULL)
		fail_msg("%s (%d) lacks \"%s\":\n%s", address, (int)way, part,
		    answer);
}

static void
each_list_has_what_is_live(void **state)
{
	static const struct {
		const char *address;
		int first, last;
		const char *count;
	} lists[] = {{"/", 9001, 9005, "（7 篇）"}, {"/feed", 9000, 9008, ""},
	    {"/atom.xml", 9000, 9008, ""},
	    {"/news/" SECTION "/", 9000, 9006, ""},
	    {"/news/" SECTION "/feed", 9000, 9006, ""},
	    {"/news/" SECTION "/atom.xml", 9000, 9006, ""},
	    {"/news/" SECTION "/year/2026/", 9000, 9005, "共 6 篇"},
	    {"/news/" SECTION "/year/2025/", 9006, 9006, "共 1 篇"},
	    {"/search/title/" WORD "/", 9000, 9008, "找到 9 篇。"},
	    {"/search/text/" WORD "/", 9000, 9008, "找到 9 篇。"},
	    {"/search/source/" WORD "/", 9000, 9008, "找到 9 篇。"},
	    {"/search/" SECTION "/" WORD "/", 9000, 9006, "找到 7 篇。"},
	    {"/search/text/%E6%A3%80%E9%AA%8C/", 9000, 9008, "找到 9 篇。"},
	    {"/search/all/" WORD "/", 9006, 9008, ""},
	    {"/standard/" KEY "/articles", 9000, 9008, ""}};
	char title[64];

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		for (int way = GEMINI; way <= GOPHER; way++) {
			for (int n = lists[i].first; n <= lists[i].last; n++) {
				snprintf(
				    title, sizeof(title), "seen 试验 %d", n);
				has(*state, (enum way)way, lists[i].address,
				    title);
			}
			has(*state, (enum way)way, lists[i].address,
			    lists[i].count);
		}
}

static void
years_are_those_of_what_is_live(void **state)
{
	has(*state, GEMINI, "/news/" SECTION "/year/",
	    "标准化政策法规：2026 年\n=> /news/" SECTION
	    "/year/2025/ 标准化政策法规：2025 年\n\n您现在的位置");
	has(*state, GEMINI, "/news/" SECTION "/year/2027/", "(missing)");
	/* A year has begun for one who reads in its first article's second. */
	clock_set_now_s(NOW + 400 * DAY);
	has(*state, GEMINI, "/news/" SECTION "/year/",
	    "# 标准化政策法规：按年份查看\n\n=> /news/" SECTION "/year/2027/ ");
	clock_set_now_s(articles[7].published);
	has(*state, GEMINI, "/news/gnwbzhdt/year/", "/year/2025/ ");
	clock_set_now_s(NEW_YEAR - 1);
	has(*state, GEMINI, "/news/" SECTION "/year/", "/year/2025/ ");
	clock_set_now_s(NOW);
}

static void
an_article_leads_to_its_neighbours(void **state)
{
	/* The nearest of either side, and no other. */
	has(*state, GEMINI, "/article/9004",
	    "\n\n=> /article/9005 后一篇：seen 试验 9005\n"
	    "=> /article/9001 前一篇：seen 试验 9001\n\n");
	has(*state, GEMINI, "/article/9005",
	    "\n\n=> /article/9004 前一篇：seen 试验 9004\n\n");
	has(*state, GEMINI, "/article/9001",
	    "\n\n=> /article/9004 后一篇：seen 试验 9004\n\n");
	has(*state, GEMINI, "/article/9101", "(missing)");
	has(*state, GEMINI, "/article/9103", "(missing)");
	has(*state, GEMINI, "/article/9105",
	    "(gone) Withdrawn 本文已撤下：内容有误");
	has(*state, GEMINI, "/article/9107", "(missing)");
}

/* What derived/ makes of all articles at once is what triggers have kept, but
 * for what is not live and is still in an index. */
static void
what_is_made_anew_holds_what_is_live(void **state)
{
	static const char *const none[] = {
	    "SELECT 1 FROM article_standard m JOIN article a"
	    " ON a.id = m.article_id WHERE a.status <> 'live'",
	    "SELECT 1 FROM title_fts f JOIN article a ON a.id = f.rowid"
	    " WHERE f.title_fts MATCH 'hidden' AND a.status <> 'live'",
	    "SELECT 1 FROM body_fts f JOIN article a ON a.id = f.rowid"
	    " WHERE f.body_fts MATCH 'hidden' AND a.status <> 'live'",
	    "SELECT 1 FROM (SELECT max(block) AS last FROM list_anchor)"
	    " WHERE last <> 2"};
	struct fixture *f = *state;
	struct buf report, why;
	char database[120];
	sqlite3 *db;

	site_close(f->site);
	f->site = NULL;
	buf_init(&report, 4096);
	buf_init(&why, 1024);
	snprintf(database, sizeof(database), "%s/portal.db", f->state);
	if (store_rebuild(database, "capsule/schema", false, &report, &why) !=
	    OK)
		fail_msg("%.*s", STR_ARG(buf_view(&why)));
	print_message("%.*s", STR_ARG(buf_view(&report)));
	assert_int_equal(str_find(buf_view(&report), STR("list_")), SIZE_MAX);
	assert_int_not_equal(
	    str_find(buf_view(&report), STR("title_fts: ")), SIZE_MAX);
	buf_release(&report);
	buf_release(&why);
	assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
	assert_int_equal(functions_register(db, NULL), SQLITE_OK);
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		sqlite3_stmt *s;

		assert_int_equal(
		    sqlite3_prepare_v2(db, none[i], -1, &s, NULL), SQLITE_OK);
		if (sqlite3_step(s) != SQLITE_DONE)
			fail_msg("there are rows: %s", none[i]);
		sqlite3_finalize(s);
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* A moment of the portal's zone, as feeds write it, in an element. */
static const char *
element(const char *name, int64_t moment)
{
	static char text[96];
	time_t local = (time_t)moment + 8 * 60 * 60;
	struct tm tm;
	size_t n = (size_t)snprintf(text, sizeof(text), "<%s>", name);

	assert_non_null(gmtime_r(&local, &tm));
	n += strftime(
	    text + n, sizeof(text) - n, "%Y-%m-%dT%H:%M:%S+08:00", &tm);
	snprintf(text + n, sizeof(text) - n, "</%s>", name);
	return text;
}

static void
feeds_say_when_an_article_came_and_changed(void **state)
{
	static const char *const feeds[] = {
	    "/news/gnwbzhdt/atom.xml", "/news/hnbzhdt/atom.xml"};

	for (int i = 0; i < 2; i++) {
		const struct article *a = &articles[7 + i];
		int64_t changed =
		    a->updated > a->published ? a->updated : a->published;
		const char *answer = gemini(*state, feeds[i]), *entry;
		const char *line = element("updated", changed);

		entry = strstr(answer, "<entry>");
		assert_non_null(entry);
		if (strstr(answer, line) == NULL ||
		    strstr(answer, line) > entry || strstr(entry, line) == NULL)
			fail_msg("not twice %s:\n%s", line, answer);
		line = element("published", a->published);
		if (strstr(entry, line) == NULL)
			fail_msg("no %s:\n%s", line, answer);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_page_shows_what_is_not_live),
	    cmocka_unit_test(each_list_has_what_is_live),
	    cmocka_unit_test(years_are_those_of_what_is_live),
	    cmocka_unit_test(an_article_leads_to_its_neighbours),
	    cmocka_unit_test(feeds_say_when_an_article_came_and_changed),
	    cmocka_unit_test(what_is_made_anew_holds_what_is_live)};

	return cmocka_run_group_tests(tests, set_up, fixture_teardown);
}
