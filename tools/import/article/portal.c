/* SPDX-License-Identifier: ISC */
/*
 * Finds the parts of a page, from top to bottom: menus and the breadcrumb; the
 * headline; the credits; the headlines of the body; the byline; the text; a
 * pager and the foot. Each step leaves fewer lines for the next step. A step
 * does not fail when the page lacks its part.
 */
#include "tools/import/article/internal.h"

#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/customs/customs.h"
#include "tools/import/clean.h"
#include "tools/import/customs/date.h"

enum {
	LINKED_MAX = 100,        /* page numbers whose links are noted */
	CLOCK_WITHIN_BYTES = 24, /* behind a date: a time may stand in these */
	LISTED_MAX = 9 /* missing pages that a note lists one by one */
};

/* Is the text only digits and marks, without a letter? */
static bool
is_number(struct str text)
{
	bool any = false;

	while (text.len > 0) {
		uint32_t c = utf8_next(&text);
		if (clean_is_ideograph(c) || (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z'))
			return false;
		any = any || (c >= '0' && c <= '9');
	}
	return any;
}

/* Is this line a number of the text, such as a telephone number, a year or a
 * value? The numbers of a pager are linked, in brackets, or beside links. */
static bool
is_value(const struct page *page, size_t i, bool beside_link)
{
	const struct line *line = page_line(page, i);

	return is_number(line->text) && !line->linked && !beside_link &&
	    line->type != LINE_LINK &&
	    (line->type != LINE_TEXT || !str_starts(line->text, STR("[")));
}

/* Cut noise around the text. A number right below the credits is noise: it
 * counts the readers. */
static void
cut_noise(struct page *page)
{
	bool link = false;

	while (page->from < page->to && page_is_noise(page, page->from) &&
	    (page->from == page->credits_to ||
		!is_value(page, page->from, false)))
		page->from++;
	while (page->to > page->from && page_is_noise(page, page->to - 1) &&
	    !is_value(page, page->to - 1, link)) {
		page->to--;
		link = page_line(page, page->to)->type == LINE_LINK;
	}
}

static void
find_breadcrumb(struct page *page)
{
	page->breadcrumb = NOWHERE;
	for (size_t i = 0; i < page->sheet->count; i++)
		if (breadcrumb_is(
			page->in->customs, page_line(page, i)->text)) {
			page->breadcrumb = i;
			return;
		}
}

/* Is this line only a date, right below a headline? */
static bool
is_dateline(const struct page *page, size_t i)
{
	return i > 0 && page_line(page, i - 1)->type == LINE_HEADING &&
	    credits_is_dated(page->in->customs, page_line(page, i)->text);
}

/* Do the credits begin at this line? Two lines that follow each other need only
 * one label each. */
static bool
begins_credits(const struct page *page, size_t i)
{
	const struct customs *customs = page->in->customs;
	const struct line *line = page_line(page, i);

	if (i == page->breadcrumb || line->linked ||
	    line->type == LINE_PREFORMATTED)
		return false;
	return credits_is(customs, line->text) || is_dateline(page, i) ||
	    (i + 1 < page->sheet->count &&
		credits_goes_on(customs, line->text) &&
		credits_goes_on(customs, page_line(page, i + 1)->text));
}

static void
read_line(struct page *page, size_t i)
{
	const struct line *line = page_line(page, i);

	credits_read(
	    page->in->customs, &page->credits, line->text, line->number);
}

/* Does this line belong to the credits? It may be only a date: in a table, the
 * date stands apart from its label. */
static bool
goes_on(const struct page *page, size_t i)
{
	struct str text = page_line(page, i)->text;
	int64_t s;

	return credits_goes_on(page->in->customs, text) ||
	    (page->credits.published.len == 0 &&
		date_read(page->in->customs, text, &s) == OK);
}

/* Find the first credits, and the lines around that belong to them. */
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
	while (from > 0 && from - 1 != page->breadcrumb &&
	    credits_goes_on(page->in->customs, page_line(page, from - 1)->text))
		from--;
	for (size_t i = from; i < to; i++)
		read_line(page, i);
	while (to < sheet->count && goes_on(page, to))
		read_line(page, to++);
	page->credits_from = from;
	page->credits_to = to;
}

/* Pages of governments have a table of labels above the title, and often
 * further credits below the title: read those too. */
static void
extend_credits(struct page *page)
{
	size_t i = page->title;

	if (!page_has_credits(page) || i == NOWHERE || i < page->credits_to)
		return;
	for (i++; i < page->sheet->count &&
	     (begins_credits(page, i) || goes_on(page, i));
	     i++)
		read_line(page, i);
	page->credits_to = i;
}

/* The length of the sign of a split at the beginning of a text; 0: there is no
 * such sign. *title: the text in place of the sign's `*`. */
static size_t
split_at(struct word_list signs, struct str text, struct str *title)
{
	for (size_t k = 0; k < signs.count; k++) {
		struct str end = signs.list[k], begin, rest;
		size_t at;
		(void)str_next_part(&end, '*', &begin);
		if (!str_equal_nocase(str_slice(text, 0, begin.len), begin))
			continue;
		rest = str_slice(text, begin.len, text.len);
		at = end.len == 0 ? 0 : str_find(rest, end);
		if (at == SIZE_MAX)
			continue;
		*title = str_slice(rest, 0, at);
		return begin.len + at + end.len;
	}
	return 0;
}

/* Cut off a sign such as [NextPage], where an editor has split the text. */
static bool
cut_split(struct page *page, struct line *line)
{
	const struct word_list *words = page->in->customs->words;
	struct str text = line->text, cut;

	for (size_t i = 0; i < text.len; i++) {
		struct str rest = str_slice(text, i, text.len), title;
		size_t len = split_at(words[WORDS_SPLIT_TITLED], rest, &title);
		if (len == 0) {
			len = split_at(words[WORDS_SPLIT], rest, &title);
			title.len = 0;
		}
		if (len == 0)
			continue;
		cut = arena_printf(page->in->arena, "%.*s%.*s%.*s", (int)i,
		    text.data, STR_ARG(title), (int)(rest.len - len),
		    rest.data + len);
		if (cut.data == NULL)
			return false;
		line->text = cut;
		return true;
	}
	return false;
}

/* Is this line a pager, or one of the links of a pager? */
static bool
is_pager(struct page *page, const struct line *line, bool behind_one)
{
	struct pager pager = {0};
	bool noise = false;

	if (line->type == LINE_PREFORMATTED || line->data ||
	    noise_pager(
		page->in->customs, page->in->arena, line->text, &pager) != OK)
		return false;
	if (!pager.is && behind_one && line->type == LINE_LINK &&
	    noise_is(page->in->customs, page->in->arena, line->text, &noise) ==
		OK)
		return noise;
	if (!pager.is)
		return false;
	if (pager.pages > page->pager.pages)
		page->pager.pages = pager.pages;
	if (page->pager.current == 0)
		page->pager.current = pager.current;
	page->pager.total = pager.total;
	page->pager.is = true;
	page->next = page->next || pager.next;
	return true;
}

/* Note the page number of a pager's link. The page without a link is the one
 * that is being read. */
static void
note_link(bool linked[LINKED_MAX], const struct line *line)
{
	struct str text = line->text;
	int64_t page;

	while (text.len > 0 && (text.data[0] < '0' || text.data[0] > '9'))
		text = str_slice(text, 1, text.len);
	while (text.len > 0 &&
	    (text.data[text.len - 1] < '0' || text.data[text.len - 1] > '9'))
		text.len--;
	if (line->type == LINE_LINK &&
	    str_to_int(text, 1, LINKED_MAX - 1, &page) == OK)
		linked[page] = true;
}

static void
say_missing(const struct page *page, int64_t pages, int64_t current)
{
	struct buf list;
	int64_t left = pages - 1;

	if (left > LISTED_MAX) {
		reading_note(page->in, 0,
		    "this is page %lld of %lld: all others are missing",
		    (long long)current, (long long)pages);
		return;
	}
	buf_init(&list, 1024);
	for (int64_t i = 1; i <= pages; i++) {
		if (i == current)
			continue;
		if (list.len > 0)
			buf_text(&list,
			    i == pages || (i == pages - 1 && current == pages)
				? " and "
				: ", ");
		buf_number(&list, i);
	}
	reading_note(page->in, 0,
	    "this is page %lld of %lld: page%s %.*s %s missing",
	    (long long)current, (long long)pages, left == 1 ? "" : "s",
	    STR_ARG(buf_view(&list)), left == 1 ? "is" : "are");
	buf_release(&list);
}

static void
tell_pages(const struct page *page, const bool linked[])
{
	int64_t pages = page->pager.pages, current = page->pager.current;
	int64_t alone = 0, n = 0;

	if (page->hints->pages > pages)
		pages = page->hints->pages;
	if (page->hints->current > 0)
		current = page->hints->current;
	for (int64_t i = 1; i <= pages && i < LINKED_MAX; i++)
		if (!linked[i]) {
			alone = i;
			n++;
		}
	if (current == 0 && n == 1)
		current = alone;
	if (pages > 1)
		say_missing(
		    page, pages, current > 0 && current <= pages ? current : 1);
	else if (page->pager.is && page->next && pages == 0)
		reading_note(page->in, 0,
		    "this is one of several pages: the others are missing");
}

/* Remove what is around the text, the pagers in the text, and all lines behind
 * its end. */
static void
narrow_body(struct page *page)
{
	bool linked[LINKED_MAX] = {false}, behind = false;
	size_t out = page->from;
	int64_t pages;

	for (size_t i = page->from; i < page->to; i++) {
		struct line *line = &page->sheet->list[i];
		bool pre = line->type == LINE_PREFORMATTED;
		if (!line->inside ||
		    (!pre && noise_ends(page->in->customs, line->text, &pages)))
			break;
		behind = is_pager(page, line, behind);
		if (behind && page->pager.total && out > page->from)
			break;
		if (behind)
			note_link(linked, line);
		if (behind ||
		    (!pre && cut_split(page, line) &&
			space_trim(line->text).len == 0))
			continue;
		page->sheet->list[out++] = *line;
	}
	page->to = out;
	cut_noise(page);
	tell_pages(page, linked);
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

/* If a link with the source's name follows the source (来源:), its address is
 * the address of the source. */
static enum err
read_source_url(struct page *page)
{
	int source = customs_field(page->in->customs, "source");

	while (source != CUSTOMS_NONE && page->from < page->to) {
		const struct line *line = page_line(page, page->from);
		if (line->type != LINE_LINK ||
		    !str_equal(line->text, page->credits.value[source]))
			return OK;
		page->from++;
		if (article_get(page->article, "source_url").len == 0) {
			enum err err = article_set(
			    page->in, page->article, "source_url", line->url);
			if (err != OK)
				return err;
		}
	}
	return OK;
}

/* Does a time such as 3:05 follow within a word or two? */
static bool
holds_clock(struct str text)
{
	text = utf8_cut(text, CLOCK_WITHIN_BYTES);
	for (size_t i = 1; i + 2 < text.len; i++)
		if (text.data[i] == ':' && text.data[i - 1] >= '0' &&
		    text.data[i - 1] <= '9' && text.data[i + 1] >= '0' &&
		    text.data[i + 1] <= '5')
			return true;
	return false;
}

/* Note a text behind the date that looks like a time and was not read. */
static void
check_rest(
    const struct page *page, struct str text, struct str rest, size_t number)
{
	rest = space_trim(rest);
	if (rest.len > 0 &&
	    ((rest.data[0] >= '0' && rest.data[0] <= '9') || holds_clock(rest)))
		reading_note(page->in, number,
		    "of \"%.*s\" only the day was understood",
		    STR_ARG(utf8_cut(text, 60)));
}

static enum err
read_published(struct page *page)
{
	struct str text = page->credits.published, rest, before;
	size_t number = page->credits.published_number;
	int64_t *out = &page->article->published;
	bool said = text.len > 0;

	if (!said) {
		text = page->hints->published;
		number = page->hints->published_line;
	}
	if (text.len == 0)
		return OK;
	rest = text;
	if (date_take_said(page->in->customs, &rest, out) == OK ||
	    date_find(page->in->customs, text, &before, &rest, out)) {
		check_rest(page, text, rest, number);
		page->article->has_published = true;
		return OK;
	}
	if (said)
		return reading_refuse(page->in, number,
		    "\"%.*s\" is not a date; write it as 2019-01-11 08:28:10",
		    STR_ARG(utf8_cut(text, 60)));
	reading_note(page->in, number, "\"%.*s\" is not a date of a known form",
	    STR_ARG(utf8_cut(text, 60)));
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
	    byline_names(page->in->customs, page->in->arena, clean, &names) !=
		OK)
		return reading_nomem(page->in);
	return article_set(page->in, page->article, "byline", names);
}

/* The value of a field: from the credits, or else from another part of the
 * page. For the section, the breadcrumb comes first. */
static struct str
find_value(const struct page *page, size_t i)
{
	const char *name = page->in->customs->field[i].name;
	struct str section = {"", 0}, value = page->credits.value[i];

	if (strcmp(name, "source") == 0)
		return either(value, page->hints->source);
	if (strcmp(name, "section") != 0)
		return value;
	if (page->breadcrumb != NOWHERE)
		section = breadcrumb_read(page->in->customs,
		    page_line(page, page->breadcrumb)->text,
		    article_get(page->article, "title"));
	return either(either(section, page->hints->section), value);
}

static enum err
read_credits(struct page *page)
{
	const struct customs *customs = page->in->customs;
	enum err err = OK;

	/* Other functions set title and byline. */
	for (size_t i = 0; i < customs->fields && err == OK; i++)
		if (strcmp(customs->field[i].name, "title") != 0 &&
		    strcmp(customs->field[i].name, "byline") != 0)
			err = article_put(page->in, page->article, (int)i,
			    find_value(page, i));
	return err == OK ? read_published(page) : err;
}

/* The first line of text; pictures may stand before it. */
static size_t
first_words(const struct page *page)
{
	const struct word_list *picture =
	    &page->in->customs->words[WORDS_PICTURE];
	size_t i = page->from;

	while (i < page->to && picture->count > 0 &&
	    str_starts(page_line(page, i)->text,
		str_slice(
		    picture->list[0], 0, str_find_byte(picture->list[0], '*'))))
		i++;
	return i;
}

/* Take the byline off the first paragraph. */
static enum err
read_byline(struct page *page)
{
	int field = customs_field(page->in->customs, "byline");
	struct str author = page->hints->author, byline, rest;
	size_t i = first_words(page);

	/* Without a field for the byline, the byline stays in the text. */
	if (field == CUSTOMS_NONE)
		return OK;
	author = either(page->credits.value[field], author);
	if (i < page->to && page_line(page, i)->type == LINE_TEXT &&
	    byline_find(
		page->in->customs, page_line(page, i)->text, &byline, &rest)) {
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

	find_breadcrumb(&page);
	find_credits(&page);
	err = headline_title(&page);
	if (err == OK) {
		extend_credits(&page);
		err = read_credits(&page);
	}
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
