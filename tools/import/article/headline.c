/* SPDX-License-Identifier: ISC */
/*
 * Finds the headlines: the title, which may stand in many places, and the lines
 * above (引题) and below it (副题), which newspapers print and portals copy.
 */
#include "base/utf8.h"
#include "tools/import/customs/customs.h"
#include "tools/import/clean.h"
#include "tools/import/article/internal.h"

enum {
	REPEAT_WITHIN =
	    6, /* the title may return in so many lines of the body */
	HEADLINE_MAX = 60, /* characters of a line above or below it */
	PROSE_MIN = 40     /* characters: so long a line is prose */
};

bool
page_is_noise(const struct page *page, size_t i)
{
	const struct line *line = page_line(page, i);
	bool noise = false;

	if (line->type == LINE_PREFORMATTED || line->data)
		return false;
	/* Out of memory: nothing is noise, and the next step fails. */
	if (noise_is(page->in->customs, page->in->arena, line->text, &noise) !=
	    OK)
		return false;
	return noise;
}

static bool
may_be_title(const struct page *page, size_t i)
{
	const struct line *line = page_line(page, i);

	return i != page->breadcrumb && !line->linked &&
	    (line->type == LINE_TEXT || line->type == LINE_HEADING) &&
	    !page_is_noise(page, i);
}

/* Find a heading of level 1 among the lines before `before`. One inside the
 * content wins, and the last one of these. */
static size_t
find_heading(const struct page *page, size_t before)
{
	size_t found = NOWHERE;

	for (size_t i = 0; i < before; i++) {
		const struct line *line = page_line(page, i);
		if (line->type == LINE_HEADING && line->level == 1 &&
		    may_be_title(page, i) && (found == NOWHERE || line->inside))
			found = i;
	}
	return found;
}

/* On a page without credits: the first line of prose; the title is above. */
static size_t
find_prose(const struct page *page)
{
	for (size_t i = 0; i < page->sheet->count; i++) {
		const struct line *line = page_line(page, i);
		if (line->inside && !line->linked && i != page->breadcrumb &&
		    line->type == LINE_TEXT &&
		    utf8_count(line->text) >= PROSE_MIN)
			return i;
	}
	return page->sheet->count;
}

/* Cut the site's name off a window's title: 大会召开_海南标准化服务. */
static struct str
cut_window(struct str window)
{
	static const char *const signs[] = {"_", "|", "\uFF5C", " - ", "--"};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		window =
		    str_slice(window, 0, str_find(window, str_from(signs[i])));
	return window;
}

/* Find the first line, before `end`, whose text is this one. */
static enum err
find_text(const struct page *page, struct str text, size_t end, size_t *out)
{
	struct arena *arena = page->in->arena;
	struct str wanted, key;

	*out = NOWHERE;
	if (clean_key(arena, text, &wanted) != OK)
		return reading_nomem(page->in);
	for (size_t i = 0; wanted.len > 0 && i < end; i++) {
		if (!may_be_title(page, i))
			continue;
		if (clean_key(arena, page_line(page, i)->text, &key) != OK)
			return reading_nomem(page->in);
		if (str_equal(wanted, key)) {
			*out = i;
			return OK;
		}
	}
	return OK;
}

static enum err
find_title(struct page *page)
{
	size_t end =
	    page_has_credits(page) ? page->credits_from : find_prose(page);
	bool open = !page_has_credits(page) && end == page->sheet->count;
	struct str said = page->hints->title.len > 0
	    ? page->hints->title
	    : cut_window(page->hints->window);
	enum err err;

	page->title = find_heading(
	    page, page_has_credits(page) ? end : page->sheet->count);
	if (page->title != NOWHERE || page->sheet->count == 0)
		return OK;
	err = find_text(page, said, end, &page->title);
	if (err != OK || page->title != NOWHERE)
		return err;
	/* The credits may stand above the headline. */
	if (page_has_credits(page)) {
		page->title = find_heading(page, page->sheet->count);
		if (page->title == NOWHERE)
			err = find_text(
			    page, said, page->sheet->count, &page->title);
		if (err != OK || page->title != NOWHERE)
			return err;
	}
	/* If the head says the title and no line shows where the body begins,
	 * all lines are the body. */
	if (said.len > 0 && (open || page->hints->title.len > 0))
		return OK;
	/* All lines up to the breadcrumb are menus. */
	while (end > 0 && end - 1 != page->breadcrumb)
		if (may_be_title(page, --end)) {
			page->title = end;
			return OK;
		}
	return OK;
}

/*
 * A headline may stand in two lines. If the window's title holds both lines,
 * *title becomes the window's title.
 */
static enum err
join_title(struct page *page, struct str *title)
{
	struct str window = cut_window(page->hints->window), all, above, last;
	struct arena *arena = page->in->arena;

	if (page->title == NOWHERE || page->title == 0 || window.len == 0)
		return OK;
	if (clean_key(arena, window, &all) != OK ||
	    clean_key(arena, page_line(page, page->title - 1)->text, &above) !=
		OK ||
	    clean_key(arena, page_line(page, page->title)->text, &last) != OK)
		return reading_nomem(page->in);
	if (above.len == 0 || all.len != above.len + last.len ||
	    !str_starts(all, above) || !str_ends(all, last))
		return OK;
	*title = window;
	page->title_from = page->title - 1;
	return OK;
}

enum err
headline_title(struct page *page)
{
	struct article *out = page->article;
	struct str title = page->hints->title;
	enum err err;

	err = find_title(page);
	if (err != OK)
		return err;
	page->title_from = page->title;
	if (title.len == 0 && join_title(page, &title) != OK)
		return ERR_NOMEM;
	if (title.len == 0 && page->title != NOWHERE)
		title = page_line(page, page->title)->text;
	if (title.len == 0)
		title = cut_window(page->hints->window);
	err = article_set(page->in, out, "title", title);
	if (err != OK || article_get(out, "title").len > 0)
		return err;
	return reading_refuse(page->in,
	    page_has_credits(page) ? page_line(page, page->credits_from)->number
				   : 0,
	    "no title: nothing that could be one stands %s",
	    page_has_credits(page) ? "above this line" : "in this page");
}

static bool
is_headline(const struct page *page, size_t i)
{
	static const char *const stops[] = {
	    "\u3002", "\uFF01", "\uFF1F", "\uFF1A", ":", "\uFF1B", ";"};
	const struct line *line = page_line(page, i);
	struct str byline, rest;

	if ((line->type != LINE_TEXT && line->type != LINE_HEADING) ||
	    utf8_count(line->text) > HEADLINE_MAX || line->linked ||
	    page_is_noise(page, i) ||
	    byline_find(page->in->customs, line->text, &byline, &rest))
		return false;
	for (size_t k = 0; k < sizeof(stops) / sizeof(*stops); k++)
		if (str_ends(line->text, str_from(stops[k])))
			return false;
	return true;
}

/* Store the lines [from, to), at most two headlines, in a field. *taken: they
 * are stored. */
static enum err
set_headlines(
    struct page *page, const char *field, size_t from, size_t to, bool *taken)
{
	struct buf b;
	enum err err;

	*taken = false;
	if (from >= to || to - from > 2 ||
	    customs_field(page->in->customs, field) == CUSTOMS_NONE ||
	    article_get(page->article, field).len > 0)
		return OK;
	for (size_t i = from; i < to; i++)
		if (!is_headline(page, i))
			return OK;
	buf_init(&b, ARTICLE_BYTES_MAX);
	for (size_t i = from; i < to; i++) {
		buf_str(&b, page_line(page, i)->text);
		buf_char(&b, ' ');
	}
	err = b.err != OK
	    ? reading_nomem(page->in)
	    : article_set(page->in, page->article, field, buf_view(&b));
	buf_release(&b);
	*taken = err == OK;
	return err;
}

/* A line above or below the title counts only inside the content: outside, it
 * may be a menu. */
enum err
headline_above(struct page *page)
{
	size_t title = page->title, from = page->title_from;
	bool taken;
	enum err err;

	if (title == NOWHERE || !page_has_credits(page) ||
	    title >= page->credits_from ||
	    article_get(page->article, "kicker").len > 0 ||
	    page->article->kind != ARTICLE_HTML)
		return OK;
	while (from > 0 && page_line(page, from - 1)->inside &&
	    from - 1 != page->breadcrumb)
		from--;
	err = set_headlines(page, "kicker", from, page->title_from, &taken);
	if (err == OK)
		err = set_headlines(
		    page, "subtitle", title + 1, page->credits_from, &taken);
	return err;
}

/* Find the line where the body repeats the title; NOWHERE: it does not. */
static enum err
find_repeat(const struct page *page, size_t *out)
{
	struct str title, key;

	*out = NOWHERE;
	if (clean_key(page->in->arena, article_get(page->article, "title"),
		&title) != OK)
		return reading_nomem(page->in);
	for (size_t i = page->from;
	     i < page->to && i < page->from + REPEAT_WITHIN; i++) {
		if (clean_key(
			page->in->arena, page_line(page, i)->text, &key) != OK)
			return reading_nomem(page->in);
		if (str_equal(title, key)) {
			*out = i;
			return OK;
		}
	}
	return OK;
}

enum err
headline_body(struct page *page)
{
	size_t repeat, end;
	bool taken, dash;
	enum err err = find_repeat(page, &repeat);

	if (err == OK && repeat != NOWHERE) {
		err = set_headlines(page, "kicker", page->from, repeat, &taken);
		/* Lines above the repeated title that are not headlines stay,
		 * and so does the title. */
		if (taken || repeat == page->from)
			page->from = repeat + 1;
		else
			return err;
	}
	if (err != OK || page->from >= page->to)
		return err;
	dash = str_starts(page_line(page, page->from)->text, STR("\u2014"));
	if (repeat == NOWHERE && !dash)
		return OK;
	end = page->from + 1;
	if (repeat != NOWHERE && end < page->to && is_headline(page, end))
		end++;
	/* At least one line must remain as the body. */
	if (end < page->to)
		err = set_headlines(page, "subtitle", page->from, end, &taken);
	else
		taken = false;
	if (taken)
		page->from = end;
	return err;
}
