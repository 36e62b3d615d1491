/* SPDX-License-Identifier: ISC */
/*
 * The parts of a page, top to bottom: menus and the place; the headline; the
 * credits; the body's own headlines; the byline; the text; a pager and the
 * foot. Each step narrows what is left for the next, and none of them may
 * fail because a portal has left a part out.
 */
#include "tools/import/portal.h"

#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/byline.h"
#include "tools/import/clean.h"
#include "tools/import/credits.h"
#include "tools/import/date.h"
#include "tools/import/noise.h"

enum {
	REPEAT_WITHIN =
	    6, /* lines of a body in which the headline may return */
	HEADLINE_MAX = 60, /* characters of a line above or below it */
	PROSE_MIN = 40     /* characters: a line as long is no headline */
};

#define NOWHERE SIZE_MAX

/* The work on one page. */
struct page {
	const struct reading *in;
	const struct sheet *sheet;
	const struct hints *hints;
	struct article *article;
	struct credits credits;
	size_t place;             /* line, or NOWHERE */
	size_t title_from, title; /* first and last line, or NOWHERE */
	size_t credits_from, credits_to;
	size_t from, to; /* the body's lines */
};

static const struct line *
line_at(const struct page *page, size_t i)
{
	return &page->sheet->list[i];
}

static bool
is_noise(const struct page *page, size_t i)
{
	bool noise = false;

	/* Without memory nothing is noise; what comes next fails then. */
	return noise_is(page->in->arena, line_at(page, i)->text, &noise) ==
	    OK &&
	    noise;
}

static const char *const places[] = {"您现在的位置是", "您现在的位置",
    "您当前的位置", "您所在的位置", "您的位置", "你现在的位置", "当前位置",
    "所在位置", "现在位置"};

/* Take off 您现在的位置是:, wherever it stands in the line. */
static bool
take_place(struct str *line)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		struct str name = str_from(places[i]), rest;
		size_t at = str_find(*line, name);
		if (at == SIZE_MAX)
			continue;
		rest = space_skip(str_slice(*line, at + name.len, line->len));
		if (!clean_take(&rest, ":") && !clean_take(&rest, "："))
			continue;
		*line = rest;
		return true;
	}
	return false;
}

bool
portal_is_place(struct str line)
{
	return take_place(&line);
}

/* A crumb that names a page, not a section. */
static bool
is_no_section(struct str crumb)
{
	static const char *const names[] = {"首页", "网站首页", "正文",
	    "详细内容", "详细信息", "文章内容", "内容", "浏览文章", "查看信息"};

	if (crumb.len == 0)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_equal(crumb, str_from(names[i])))
			return true;
	return false;
}

/* The last section in 标准化服务 》国内外标准化动态 》 点击次数: */
static struct str
read_place(struct str line, struct str title)
{
	static const char *const signs[] = {
	    "》", "»", "›", "＞", ">", "→", "/", "|"};
	struct str crumb = {"", 0}, last = {"", 0};
	size_t views;

	if (!take_place(&line))
		return last;
	views = str_find(line, STR("点击"));
	line = str_slice(line, 0, views);
	while (line.len > 0) {
		struct str at = line;
		size_t len = 0;
		while (at.len > 0 &&
		    !clean_take_any(&at, signs, sizeof(signs) / sizeof(*signs)))
			len += at.len, utf8_next(&at), len -= at.len;
		crumb = space_trim(str_slice(line, 0, len));
		if (!is_no_section(crumb) && !str_equal(crumb, title))
			last = crumb;
		line = at;
	}
	return last;
}

static void
find_place(struct page *page)
{
	page->place = NOWHERE;
	for (size_t i = 0; i < page->sheet->count; i++)
		if (portal_is_place(line_at(page, i)->text)) {
			page->place = i;
			return;
		}
}

static bool
has_credits(const struct page *page)
{
	return page->credits_from < page->credits_to;
}

/* One label a line is enough where two such lines follow each other. */
static bool
begins_credits(const struct page *page, size_t i)
{
	const struct line *line = line_at(page, i);

	if (i == page->place || line->linked)
		return false;
	return credits_is(line->text) ||
	    (i + 1 < page->sheet->count && credits_goes_on(line->text) &&
		credits_goes_on(line_at(page, i + 1)->text));
}

/* The first credits, and the lines around that go on with them. */
static void
find_credits(struct page *page)
{
	const struct sheet *sheet = page->sheet;
	size_t from = 0, to;

	while (from < sheet->count && !begins_credits(page, from))
		from++;
	if (from == sheet->count)
		return;
	to = from + 1;
	while (from > 0 && from - 1 != page->place &&
	    credits_goes_on(line_at(page, from - 1)->text))
		from--;
	while (to < sheet->count && credits_goes_on(line_at(page, to)->text))
		to++;
	for (size_t i = from; i < to; i++)
		credits_read(&page->credits, line_at(page, i)->text,
		    line_at(page, i)->number);
	page->credits_from = from;
	page->credits_to = to;
}

static bool
may_be_title(const struct page *page, size_t i)
{
	const struct line *line = line_at(page, i);

	return i != page->place && !line->linked &&
	    (line->type == LINE_TEXT || line->type == LINE_HEADING) &&
	    !is_noise(page, i);
}

/* The heading of the first level before `before`: a page has one, inside. */
static size_t
find_heading(const struct page *page, size_t before)
{
	size_t found = NOWHERE;

	for (size_t i = 0; i < before; i++) {
		const struct line *line = line_at(page, i);
		if (line->type == LINE_HEADING && line->level == 1 &&
		    may_be_title(page, i) && (found == NOWHERE || line->inside))
			found = i;
	}
	return found;
}

/* Without credits: the line before the first prose. */
static size_t
find_prose(const struct page *page)
{
	for (size_t i = 0; i < page->sheet->count; i++) {
		const struct line *line = line_at(page, i);
		if (line->inside && !line->linked && i != page->place &&
		    line->type == LINE_TEXT &&
		    utf8_count(line->text) >= PROSE_MIN)
			return i;
	}
	return page->sheet->count;
}

static void
find_title(struct page *page)
{
	size_t end = has_credits(page) ? page->credits_from : find_prose(page);

	page->title =
	    find_heading(page, has_credits(page) ? end : page->sheet->count);
	if (page->title != NOWHERE)
		return;
	/* Everything up to the place is menus. */
	while (end > 0 && end - 1 != page->place)
		if (may_be_title(page, --end)) {
			page->title = end;
			return;
		}
}

/* 大会召开_海南标准化服务: a window is called after the page and the site. */
static struct str
cut_window(struct str window)
{
	static const char *const signs[] = {"_", "|", "｜", " - ", "--"};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		window =
		    str_slice(window, 0, str_find(window, str_from(signs[i])));
	return window;
}

/*
 * A headline in two lines: the window's name says that they are one. Then
 * *title is that name.
 */
static enum err
join_title(struct page *page, struct str *title)
{
	struct str window = cut_window(page->hints->window), all, above, last;
	struct arena *arena = page->in->arena;

	if (page->title == NOWHERE || page->title == 0 || window.len == 0)
		return OK;
	if (clean_key(arena, window, &all) != OK ||
	    clean_key(arena, line_at(page, page->title - 1)->text, &above) !=
		OK ||
	    clean_key(arena, line_at(page, page->title)->text, &last) != OK)
		return reading_nomem(page->in);
	if (above.len == 0 || all.len != above.len + last.len ||
	    !str_starts(all, above) || !str_ends(all, last))
		return OK;
	*title = window;
	page->title_from = page->title - 1;
	return OK;
}

static enum err
set_title(struct page *page)
{
	struct article *out = page->article;
	struct str title = page->hints->title;
	enum err err;

	find_title(page);
	page->title_from = page->title;
	if (title.len == 0 && join_title(page, &title) != OK)
		return ERR_NOMEM;
	if (title.len == 0 && page->title != NOWHERE)
		title = line_at(page, page->title)->text;
	if (title.len == 0)
		title = cut_window(page->hints->window);
	err = article_set(page->in, out, FIELD_TITLE, title);
	if (err != OK || article_has(out, FIELD_TITLE))
		return err;
	return reading_refuse(page->in,
	    has_credits(page) ? line_at(page, page->credits_from)->number : 0,
	    "no title: nothing that could be one stands %s",
	    has_credits(page) ? "above this line" : "in this page");
}

static bool
is_headline(const struct page *page, size_t i)
{
	static const char *const stops[] = {
	    "。", "！", "？", "：", ":", "；", ";"};
	const struct line *line = line_at(page, i);
	struct str byline, rest;

	if ((line->type != LINE_TEXT && line->type != LINE_HEADING) ||
	    utf8_count(line->text) > HEADLINE_MAX || line->linked ||
	    is_noise(page, i) || byline_find(line->text, &byline, &rest))
		return false;
	for (size_t k = 0; k < sizeof(stops) / sizeof(*stops); k++)
		if (str_ends(line->text, str_from(stops[k])))
			return false;
	return true;
}

/* Put the lines [from, to), at most two headlines, into a field. true: they
 * are there. */
static enum err
set_headlines(struct page *page, enum article_field field, size_t from,
    size_t to, bool *taken)
{
	struct buf b;
	enum err err;

	*taken = false;
	if (from >= to || to - from > 2 || article_has(page->article, field))
		return OK;
	for (size_t i = from; i < to; i++)
		if (!is_headline(page, i))
			return OK;
	buf_init(&b, ARTICLE_BYTES_MAX);
	for (size_t i = from; i < to; i++) {
		buf_str(&b, line_at(page, i)->text);
		buf_char(&b, ' ');
	}
	err = b.err != OK
	    ? reading_nomem(page->in)
	    : article_set(page->in, page->article, field, buf_view(&b));
	buf_release(&b);
	*taken = err == OK;
	return err;
}

/* Above and below the headline where it stands over the credits: only inside
 * the content can it be told from menus. */
static enum err
read_above(struct page *page)
{
	size_t title = page->title, from = page->title_from;
	bool taken;
	enum err err;

	if (title == NOWHERE || !has_credits(page) ||
	    article_has(page->article, FIELD_KICKER) ||
	    page->article->kind != ARTICLE_HTML)
		return OK;
	while (from > 0 && line_at(page, from - 1)->inside &&
	    from - 1 != page->place)
		from--;
	err = set_headlines(page, FIELD_KICKER, from, page->title_from, &taken);
	if (err == OK)
		err = set_headlines(page, FIELD_SUBTITLE, title + 1,
		    page->credits_from, &taken);
	return err;
}

/* Where the body says the title again, or NOWHERE. */
static enum err
find_repeat(const struct page *page, size_t *out)
{
	struct str title, key;

	*out = NOWHERE;
	if (clean_key(page->in->arena, page->article->field[FIELD_TITLE],
		&title) != OK)
		return reading_nomem(page->in);
	for (size_t i = page->from;
	     i < page->to && i < page->from + REPEAT_WITHIN; i++) {
		if (clean_key(page->in->arena, line_at(page, i)->text, &key) !=
		    OK)
			return reading_nomem(page->in);
		if (str_equal(title, key)) {
			*out = i;
			return OK;
		}
	}
	return OK;
}

/* The body's own headlines: above, the title again, below. */
static enum err
read_headlines(struct page *page)
{
	size_t repeat, end;
	bool taken, dash;
	enum err err = find_repeat(page, &repeat);

	if (err == OK && repeat != NOWHERE) {
		err = set_headlines(
		    page, FIELD_KICKER, page->from, repeat, &taken);
		/* What stood between and is no headline goes on standing. */
		if (taken || repeat == page->from)
			page->from = repeat + 1;
		else
			return err;
	}
	if (err != OK || page->from >= page->to)
		return err;
	dash = str_starts(line_at(page, page->from)->text, STR("—"));
	if (repeat == NOWHERE && !dash)
		return OK;
	end = page->from + 1;
	if (repeat != NOWHERE && end < page->to && is_headline(page, end))
		end++;
	/* Somebody must still have something to say below. */
	if (end < page->to)
		err = set_headlines(
		    page, FIELD_SUBTITLE, page->from, end, &taken);
	else
		taken = false;
	if (taken)
		page->from = end;
	return err;
}

/* Leave away what is around the text, and what comes after its end. */
static void
narrow_body(struct page *page)
{
	int64_t pages = 0;

	for (size_t i = page->from; i < page->to; i++) {
		const struct line *line = line_at(page, i);
		bool ends = noise_ends(line->text, &pages);
		if (!line->inside || ends || (pages > 0 && is_noise(page, i))) {
			page->to = i;
			break;
		}
		pages = 0;
	}
	while (page->from < page->to && is_noise(page, page->from))
		page->from++;
	while (page->to > page->from && is_noise(page, page->to - 1))
		page->to--;
	if (pages > 1)
		page->article->remark =
		    STR("the article has more pages; this is one of them");
}

static void
find_body(struct page *page)
{
	size_t count = page->sheet->count;

	page->to = count;
	if (has_credits(page))
		page->from = page->credits_to;
	else if (page->title != NOWHERE)
		page->from = page->title + 1;
	while (page->from < count && !line_at(page, page->from)->inside)
		page->from++;
}

/* 来源: followed by a link of that name is the source's address. */
static enum err
read_source_url(struct page *page)
{
	while (page->from < page->to) {
		const struct line *line = line_at(page, page->from);
		if (line->type != LINE_LINK ||
		    !str_equal(line->text, page->credits.source))
			return OK;
		page->from++;
		if (!article_has(page->article, FIELD_SOURCE_URL)) {
			enum err err = article_set(page->in, page->article,
			    FIELD_SOURCE_URL, line->url);
			if (err != OK)
				return err;
		}
	}
	return OK;
}

static enum err
read_published(struct page *page)
{
	struct str text = page->credits.published;
	size_t number = page->credits.published_number;
	struct str rest;

	if (text.len == 0) {
		text = page->hints->published;
		number = 0;
	}
	if (text.len == 0)
		return OK;
	rest = text;
	if (date_take(&rest, &page->article->published) != OK)
		return reading_refuse(page->in, number,
		    "\"%.*s\" is no date: 2019-01-11 08:28:10 is one",
		    STR_ARG(utf8_cut(text, 60)));
	page->article->has_published = true;
	return OK;
}

static struct str
either(struct str a, struct str b)
{
	return a.len > 0 ? a : b;
}

static enum err
set_byline(struct page *page, struct str text)
{
	struct str clean, names;

	if (clean_str(page->in->arena, text, &clean) != OK ||
	    byline_names(page->in->arena, clean, &names) != OK)
		return reading_nomem(page->in);
	return article_set(page->in, page->article, FIELD_BYLINE, names);
}

static enum err
read_credits(struct page *page)
{
	const struct credits *credits = &page->credits;
	const struct hints *hints = page->hints;
	struct str place = {"", 0};
	enum err err;

	if (page->place != NOWHERE)
		place = read_place(line_at(page, page->place)->text,
		    page->article->field[FIELD_TITLE]);
	err = article_set(page->in, page->article, FIELD_SECTION,
	    either(place, hints->section));
	if (err == OK)
		err = article_set(page->in, page->article, FIELD_SOURCE,
		    either(credits->source, hints->source));
	if (err == OK)
		err = article_set(page->in, page->article, FIELD_PUBLISHER,
		    either(credits->publisher, hints->publisher));
	return err == OK ? read_published(page) : err;
}

/* Take the byline off the first paragraph; *rest is what is left of it. */
static enum err
read_byline(struct page *page, struct str *rest)
{
	struct str author = either(page->credits.author, page->hints->author);
	struct str byline;

	*rest = (struct str){"", 0};
	if (page->from < page->to &&
	    line_at(page, page->from)->type == LINE_TEXT &&
	    byline_find(line_at(page, page->from)->text, &byline, rest)) {
		page->from++;
		return set_byline(page, byline);
	}
	return author.len > 0 ? set_byline(page, author) : OK;
}

static enum err
write_body(struct page *page, struct str first)
{
	struct buf b;
	enum err err;

	if (first.len == 0 && page->from >= page->to)
		return reading_refuse(
		    page->in, 0, "no body: no text stands below the title");
	buf_init(&b, 2 * ARTICLE_BYTES_MAX);
	if (first.len > 0) {
		clean_add_guarded(&b, first);
		buf_text(&b, page->from < page->to ? "\n\n" : "\n");
	}
	sheet_write(&b, page->sheet, page->from, page->to);
	err = arena_take(page->in->arena, &b, &page->article->body);
	buf_release(&b);
	return err == OK ? OK : reading_nomem(page->in);
}

enum err
portal_read(const struct reading *in, const struct sheet *sheet,
    const struct hints *hints, struct article *out)
{
	struct page page = {
	    .in = in, .sheet = sheet, .hints = hints, .article = out};
	struct str first;
	enum err err;

	find_place(&page);
	find_credits(&page);
	err = set_title(&page);
	if (err == OK)
		err = read_credits(&page);
	if (err == OK)
		err = read_above(&page);
	if (err != OK)
		return err;
	find_body(&page);
	err = read_source_url(&page);
	narrow_body(&page);
	if (err == OK)
		err = read_headlines(&page);
	if (err == OK)
		err = read_byline(&page, &first);
	return err == OK ? write_body(&page, first) : err;
}
