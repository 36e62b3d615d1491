/* SPDX-License-Identifier: ISC */
/* Words that are a page's furniture. */
#include "tools/import/customs/noise.h"

#include "text/space.h"
#include "tools/import/clean.h"
#include "tools/import/customs/customs.h"

enum { NOISE_MAX_BYTES = 240, PAGES_MAX = 9999 };

enum err
noise_is(struct arena *arena, struct str line, bool *out)
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
		else if (!clean_take_any(
			     &key, custom_noise, custom_noise_count))
			return OK;
	}
	*out = true;
	return OK;
}

/* 共1页, 共 3 页: how many; 0 if it is no such line. */
static int64_t
read_pager(struct str line)
{
	size_t at = str_find(line, STR("共"));
	struct str digits;
	int64_t pages;

	if (at == SIZE_MAX || line.len > NOISE_MAX_BYTES)
		return 0;
	line = space_skip(str_slice(line, at + 3, line.len));
	digits = line;
	while (line.len > 0 && line.data[0] >= '0' && line.data[0] <= '9')
		line = str_slice(line, 1, line.len);
	digits = str_slice(digits, 0, digits.len - line.len);
	if (!str_starts(space_skip(line), STR("页")) ||
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
read_current(struct str line, int64_t *pages)
{
	size_t at = str_find(line, STR("第"));
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
	if (at == SIZE_MAX)
		return 0;
	rest = space_skip(str_slice(line, at + strlen("第"), line.len));
	return take_page(&rest);
}

enum err
noise_pager(struct arena *arena, struct str line, struct pager *pager)
{
	int64_t pages, listed, of = 0;
	bool noise, word = false;
	enum err err = noise_is(arena, line, &noise);

	*pager = (struct pager){0};
	if (err != OK || !noise)
		return err;
	for (size_t i = 0; i < custom_pager_count; i++)
		word = word ||
		    str_find(line, str_from(custom_pager[i])) != SIZE_MAX;
	pages = read_pager(line);
	listed = count_up(line);
	/* Numbers alone may be anything. */
	if (str_find_byte(line, '[') == SIZE_MAX)
		listed = 0;
	if (!word && pages == 0 && listed < 2)
		return OK;
	pager->is = true;
	pager->total = pages > 0;
	pager->current = read_current(line, &of);
	pager->pages = pages > of ? pages : of;
	if (listed > pager->pages && listed >= 2)
		pager->pages = listed;
	return OK;
}

bool
noise_ends(struct str line, int64_t *pages)
{
	*pages = 0;
	if (line.len > NOISE_MAX_BYTES)
		return false;
	*pages = read_pager(line);
	return clean_take_any(&line, custom_ends, custom_ends_count);
}
