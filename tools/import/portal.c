/* SPDX-License-Identifier: ISC */
/*
 * The parts of a page, top to bottom: menus and the place; the headline; the
 * credits; the body's own headlines; the byline; the text; a pager and the
 * foot. Each step narrows what is left for the next, and none of them may
 * fail because a portal has left a part out.
 */
#include "tools/import/portal_page.h"

#include "base/utf8.h"
#include "tools/import/byline.h"
#include "tools/import/clean.h"
#include "tools/import/date.h"
#include "tools/import/noise.h"

const struct line *
page_line(const struct page *page, size_t i)
{
	return &page->sheet->list[i];
}

bool
page_is_noise(const struct page *page, size_t i)
{
	bool noise = false;

	/* Without memory nothing is noise; what comes next fails then. */
	if (noise_is(page->in->arena, page_line(page, i)->text, &noise) != OK)
		return false;
	return noise;
}

static void
find_place(struct page *page)
{
	page->place = NOWHERE;
	for (size_t i = 0; i < page->sheet->count; i++)
		if (portal_is_place(page_line(page, i)->text)) {
			page->place = i;
			return;
		}
}

bool
page_has_credits(const struct page *page)
{
	return page->credits_from < page->credits_to;
}

/* One label a line is enough where two such lines follow each other. */
static bool
begins_credits(const struct page *page, size_t i)
{
	const struct line *line = page_line(page, i);

	if (i == page->place || line->linked)
		return false;
	return credits_is(line->text) ||
	    (i + 1 < page->sheet->count && credits_goes_on(line->text) &&
		credits_goes_on(page_line(page, i + 1)->text));
}

static void
read_line(struct page *page, size_t i)
{
	const struct line *line = page_line(page, i);

	credits_read(&page->credits, line->text, line->number);
}

/* A date alone is the value of a label that a table holds apart from it. */
static bool
goes_on(const struct page *page, size_t i)
{
	struct str text = page_line(page, i)->text;
	int64_t s;

	return credits_goes_on(text) ||
	    (page->credits.published.len == 0 && date_read(text, &s) == OK);
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
	    credits_goes_on(page_line(page, from - 1)->text))
		from--;
	for (size_t i = from; i < to; i++)
		read_line(page, i);
	while (to < sheet->count && goes_on(page, to))
		read_line(page, to++);
	page->credits_from = from;
	page->credits_to = to;
}

/* Leave away what is around the text, and what comes after its end. */
static void
narrow_body(struct page *page)
{
	int64_t pages = 0;

	for (size_t i = page->from; i < page->to; i++) {
		const struct line *line = page_line(page, i);
		bool ends = noise_ends(line->text, &pages);
		if (!line->inside || ends ||
		    (pages > 0 && page_is_noise(page, i))) {
			page->to = i;
			break;
		}
		pages = 0;
	}
	while (page->from < page->to && page_is_noise(page, page->from))
		page->from++;
	while (page->to > page->from && page_is_noise(page, page->to - 1))
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
	if (page_has_credits(page))
		page->from = page->credits_to;
	else if (page->title != NOWHERE)
		page->from = page->title + 1;
	while (page->from < count && !page_line(page, page->from)->inside)
		page->from++;
}

/* 来源: followed by a link of that name is the source's address. */
static enum err
read_source_url(struct page *page)
{
	while (page->from < page->to) {
		const struct line *line = page_line(page, page->from);
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
		place = place_read(page_line(page, page->place)->text,
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

/* The first line that says something: a picture may stand before it. */
static size_t
first_words(const struct page *page)
{
	size_t i = page->from;

	while (
	    i < page->to && str_starts(page_line(page, i)->text, STR("（图：")))
		i++;
	return i;
}

/* Take the byline off the first paragraph. */
static enum err
read_byline(struct page *page)
{
	struct str author = either(page->credits.author, page->hints->author);
	struct str byline, rest;
	size_t i = first_words(page);

	if (i < page->to && page_line(page, i)->type == LINE_TEXT &&
	    byline_find(page_line(page, i)->text, &byline, &rest)) {
		if (rest.len > 0)
			page->sheet->list[i].text = rest;
		else
			sheet_remove(page->sheet, i);
		page->to -= rest.len == 0;
		return set_byline(page, byline);
	}
	return author.len > 0 ? set_byline(page, author) : OK;
}

static enum err
write_body(struct page *page)
{
	struct buf b;
	enum err err;

	if (page->from >= page->to)
		return reading_refuse(
		    page->in, 0, "no body: no text stands below the title");
	buf_init(&b, 2 * ARTICLE_BYTES_MAX);
	sheet_write(&b, page->sheet, page->from, page->to);
	err = arena_take(page->in->arena, &b, &page->article->body);
	buf_release(&b);
	return err == OK ? OK : reading_nomem(page->in);
}

enum err
portal_read(const struct reading *in, struct sheet *sheet,
    const struct hints *hints, struct article *out)
{
	struct page page = {
	    .in = in, .sheet = sheet, .hints = hints, .article = out};
	enum err err;

	find_place(&page);
	find_credits(&page);
	err = headline_title(&page);
	if (err == OK)
		err = read_credits(&page);
	if (err == OK)
		err = headline_above(&page);
	if (err != OK)
		return err;
	find_body(&page);
	err = read_source_url(&page);
	narrow_body(&page);
	if (err == OK)
		err = headline_body(&page);
	if (err == OK)
		err = read_byline(&page);
	return err == OK ? write_body(&page) : err;
}
