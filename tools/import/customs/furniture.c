/* SPDX-License-Identifier: ISC */
/* Finds lines that are a page's furniture, by the words in them. */
#include "tools/import/customs/furniture.h"

#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/clean.h"

enum { NOISE_MAX_BYTES = 240, PAGES_MAX = 9999 };

enum err
noise_is(const struct customs *customs, struct arena *arena, struct str line,
    bool *out)
{
	struct str key;

	*out = false;
	if (line.len > NOISE_MAX_BYTES)
		return OK;
	if (clean_key(arena, line, &key) != OK)
		return ERR_NOMEM;
	while (key.len > 0) {
		if (key.data[0] >= '0' && key.data[0] <= '9')
			key = str_slice(key, 1, key.len);
		else if (!words_take(customs->words[WORDS_NOISE], &key))
			return OK;
	}
	*out = true;
	return OK;
}

/* Find the text behind a word of the list; false: the line holds no word. */
static bool
find_behind(struct word_list words, struct str line, struct str *rest)
{
	for (size_t i = 0; i < words.count; i++) {
		size_t at = str_find(line, words.list[i]);
		if (at == SIZE_MAX)
			continue;
		*rest = space_skip(
		    str_slice(line, at + words.list[i].len, line.len));
		return true;
	}
	return false;
}

/* 共1页, 共 3 页: how many; 0 if it is no such line. */
static int64_t
read_pager(const struct customs *customs, struct str line)
{
	struct str digits;
	int64_t pages;

	if (line.len > NOISE_MAX_BYTES ||
	    !find_behind(customs->words[WORDS_PAGER_TOTAL], line, &line))
		return 0;
	digits = line;
	while (line.len > 0 && line.data[0] >= '0' && line.data[0] <= '9')
		line = str_slice(line, 1, line.len);
	digits = str_slice(digits, 0, digits.len - line.len);
	line = space_skip(line);
	if (!words_take(customs->words[WORDS_PAGER_PAGE], &line) ||
	    str_to_int(digits, 1, PAGES_MAX, &pages) != OK)
		return 0;
	return pages;
}

/* A number at the beginning; 0: none, or too large for pages. */
static int64_t
take_page(struct str *rest)
{
	struct str at = *rest;
	int64_t page = 0;

	while (at.len > 0 && at.data[0] >= '0' && at.data[0] <= '9' &&
	    page <= PAGES_MAX) {
		page = page * 10 + (at.data[0] - '0');
		at = str_slice(at, 1, at.len);
	}
	*rest = at;
	return page > PAGES_MAX ? 0 : page;
}

/* The numbers of a line: are they 1 2 3 ..., and how far? 0: they are not. */
static int64_t
count_up(struct str line)
{
	int64_t last = 0;

	while (line.len > 0) {
		if (line.data[0] < '0' || line.data[0] > '9') {
			line = str_slice(line, 1, line.len);
			continue;
		}
		if (take_page(&line) != last + 1)
			return 0;
		last++;
	}
	return last;
}

/* 第2页, 2/3: which page this is; 0: it does not say. */
static int64_t
read_current(const struct customs *customs, struct str line, int64_t *pages)
{
	struct str rest;
	int64_t page, all;

	for (size_t i = 0; i + 1 < line.len; i++) {
		rest = str_slice(line, i, line.len);
		if (i > 0 && line.data[i - 1] >= '0' && line.data[i - 1] <= '9')
			continue;
		page = take_page(&rest);
		rest = space_skip(rest);
		if (page == 0 || !clean_take(&rest, "/"))
			continue;
		rest = space_skip(rest);
		all = take_page(&rest);
		if (all >= page) {
			*pages = all;
			return page;
		}
	}
	return find_behind(customs->words[WORDS_PAGER_CURRENT], line, &rest)
	    ? take_page(&rest)
	    : 0;
}

enum err
noise_pager(const struct customs *customs, struct arena *arena, struct str line,
    struct pager *pager)
{
	int64_t pages, listed, of = 0;
	bool noise;
	enum err err = noise_is(customs, arena, line, &noise);

	*pager = (struct pager){0};
	if (err != OK || !noise)
		return err;
	pages = read_pager(customs, line);
	listed = count_up(line);
	/* Numbers alone may be anything. */
	if (str_find_byte(line, '[') == SIZE_MAX)
		listed = 0;
	if (!words_hold(customs->words[WORDS_PAGER], line) && pages == 0 &&
	    listed < 2)
		return OK;
	pager->is = true;
	pager->next = words_hold(customs->words[WORDS_PAGER_NEXT], line);
	pager->total = pages > 0;
	pager->current = read_current(customs, line, &of);
	pager->pages = pages > of ? pages : of;
	if (listed > pager->pages && listed >= 2)
		pager->pages = listed;
	return OK;
}

bool
noise_ends(const struct customs *customs, struct str line, int64_t *pages)
{
	*pages = 0;
	if (line.len > NOISE_MAX_BYTES)
		return false;
	*pages = read_pager(customs, line);
	return words_take(customs->words[WORDS_END], &line);
}

/* Take off 您现在的位置是:, wherever it stands in the line. */
static bool
take_breadcrumb(const struct customs *customs, struct str *line)
{
	const struct word_list *words = &customs->words[WORDS_BREADCRUMB];

	for (size_t i = 0; i < words->count; i++) {
		struct word_list word = {&words->list[i], 1};
		struct str rest;
		if (!find_behind(word, *line, &rest) ||
		    !clean_take_colon(&rest))
			continue;
		*line = rest;
		return true;
	}
	return false;
}

bool
breadcrumb_is(const struct customs *customs, struct str line)
{
	return take_breadcrumb(customs, &line);
}

struct str
breadcrumb_read(
    const struct customs *customs, struct str line, struct str title)
{
	static const char *const signs[] = {
	    "\u300B", "\u00BB", "\u203A", "\uFF1E", ">", "\u2192", "/", "|"};
	const struct word_list *ends = &customs->words[WORDS_BREADCRUMB_END];
	struct str crumb, last = {"", 0};

	if (!take_breadcrumb(customs, &line))
		return last;
	for (size_t i = 0; i < ends->count; i++)
		line = str_slice(line, 0, str_find(line, ends->list[i]));
	while (line.len > 0) {
		struct str at = line;
		size_t len = 0;
		while (at.len > 0 &&
		    !clean_take_any(
			&at, signs, sizeof(signs) / sizeof(*signs))) {
			utf8_next(&at);
			len = line.len - at.len;
		}
		crumb = space_trim(str_slice(line, 0, len));
		/* A crumb may name a page, and no section. */
		if (crumb.len > 0 && !str_equal(crumb, title) &&
		    !words_are(customs->words[WORDS_BREADCRUMB_SKIP], crumb))
			last = crumb;
		line = at;
	}
	return last;
}
