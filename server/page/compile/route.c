/* SPDX-License-Identifier: ISC */
/*
 * Finding a path in the map. A fixed name wins over a parameter. If the folder
 * of the fixed name has no answer, the parameter is tried.
 */
#include "page/compile/route.h"

struct search {
	const struct path *path;
	struct match *match;
	size_t parameters; /* the number filled so far */
	bool leaves;       /* a page may stand in for a missing folder */
};

static bool
found(struct search *s, enum match_type type, struct page *page)
{
	s->match->type = type;
	s->match->page = page;
	return true;
}

static bool
try_entry(struct search *s, const struct entry *entry, struct str segment,
    enum match_type type)
{
	if (!entry->variable)
		return str_equal(entry->name, segment) &&
		    found(s, type, entry->page);
	if (segment.len <= entry->suffix.len ||
	    !str_ends(segment, entry->suffix))
		return false;
	s->match->parameters[s->parameters] =
	    str_slice(segment, 0, segment.len - entry->suffix.len);
	return found(s, type, entry->page);
}

/* Find the last segment of a path that does not end in "/". */
static bool
route_leaf(struct search *s, const struct folder *folder, struct str segment)
{
	bool twin = str_ends(segment, STR(".txt"));
	struct str stem = str_slice(segment, 0, segment.len - (twin ? 4 : 0));
	const struct entry *e;

	if (segment.len == 0)
		return false;
	for (e = folder->entries; e != NULL && !e->variable; e = e->next)
		if (try_entry(s, e, segment, MATCH_PAGE))
			return true;
	for (const struct folder *f = folder->folders; f != NULL; f = f->next)
		if (!f->variable && f->index != NULL &&
		    str_equal(f->name, segment))
			return found(s, MATCH_SLASH, f->index);
	if (twin && stem.len == 0 && folder->index != NULL &&
	    !folder->index->gives_file)
		return found(s, MATCH_TWIN, folder->index);
	for (e = folder->entries; e != NULL; e = e->next)
		if (e->suffix.len > 0 && try_entry(s, e, segment, MATCH_PAGE))
			return true;
	for (e = folder->entries; twin && e != NULL; e = e->next)
		if (e->page->format == FORMAT_GEMTEXT && !e->page->gives_file &&
		    try_entry(s, e, stem, MATCH_TWIN))
			return true;
	for (e = folder->entries; e != NULL; e = e->next)
		if (e->variable && try_entry(s, e, segment, MATCH_PAGE))
			return true;
	for (const struct folder *f = folder->folders; f != NULL; f = f->next)
		if (f->variable && f->index != NULL)
			return found(s, MATCH_SLASH, f->index);
	return false;
}

/* For a path that ends in "/": is there a page with this fixed name? Such a
 * page wins over a folder that takes any name. */
static bool
is_leaf_by_name(
    struct search *s, const struct folder *folder, struct str segment)
{
	for (const struct entry *e = folder->entries; e != NULL && !e->variable;
	     e = e->next)
		if (try_entry(s, e, segment, MATCH_LEAF))
			return true;
	return false;
}

/* For a path "a/b/" that nothing answers: does a page answer "a/b"? */
static bool
is_leaf(struct search *s, const struct folder *folder, struct str segment)
{
	struct match match = *s->match;
	struct search inner = *s;

	inner.match = &match;
	if (!route_leaf(&inner, folder, segment) || match.type == MATCH_SLASH)
		return false;
	*s->match = match;
	s->match->type = MATCH_LEAF;
	return true;
}

static bool
route(struct search *s, const struct folder *folder, size_t at)
{
	const struct path *path = s->path;
	struct str segment;
	bool last;

	if (at == path->count)
		return folder->index != NULL &&
		    found(s, MATCH_PAGE, folder->index);
	segment = path->segment[at];
	last = at + 1 == path->count;
	if (last && !path->folder)
		return route_leaf(s, folder, segment);
	for (const struct folder *f = folder->folders; f != NULL; f = f->next) {
		if (!f->variable) {
			if (str_equal(f->name, segment) && route(s, f, at + 1))
				return true;
			continue;
		}
		if (last && is_leaf_by_name(s, folder, segment))
			return true;
		if (segment.len == 0)
			continue;
		s->match->parameters[s->parameters++] = segment;
		if (route(s, f, at + 1))
			return true;
		s->parameters--;
	}
	return last && s->leaves && is_leaf(s, folder, segment);
}

void
route_find(const struct map *map, const struct path *path, struct match *out)
{
	struct search s = {path, out, 0, false};

	*out = (struct match){.type = MATCH_NONE};
	if (route(&s, map->root, 0))
		return;
	/* Only now a page may stand in for a folder: an exact answer wins. */
	*out = (struct match){.type = MATCH_NONE};
	s = (struct search){path, out, 0, path->folder};
	if (!s.leaves || !route(&s, map->root, 0))
		*out = (struct match){.type = MATCH_NONE};
}

static bool
is_page_name(const struct folder *folder, struct str segment)
{
	const struct entry *e = folder->entries;

	while (e != NULL && (e->variable || !str_equal(e->name, segment)))
		e = e->next;
	return e != NULL;
}

size_t
route_names(const struct map *map, const struct path *path)
{
	const struct folder *folder = map->root;
	size_t names = 0;

	while (names < path->count) {
		const struct str segment = path->segment[names];
		const struct folder *f = folder->folders;

		while (
		    f != NULL && (f->variable || !str_equal(f->name, segment)))
			f = f->next;
		if (f == NULL)
			return names + (is_page_name(folder, segment) ? 1 : 0);
		folder = f;
		names++;
	}
	return names;
}

/* ---- could this shape of path be answered? ------------------------- */

static bool
is_wild(struct str segment)
{
	return str_find_byte(segment, ROUTE_WILDCARD) != SIZE_MAX;
}

/* Can a segment of this shape stand for this name? */
static bool
could_be(struct str segment, struct str name, bool variable, struct str suffix)
{
	if (segment.len == 0)
		return false;
	if (!variable)
		return str_equal(segment, name) ||
		    (segment.len == 1 && is_wild(segment));
	return suffix.len == 0 || str_ends(segment, suffix) ||
	    segment.data[segment.len - 1] == ROUTE_WILDCARD;
}

/*
 * Is the candidate tried in this turn? A segment without a hole tries fixed
 * names first; a segment with a hole tries parameters first.
 */
static bool
is_turn(int turn, struct str segment, bool variable)
{
	return (turn == 0) == (variable == is_wild(segment));
}

static struct page *
could_be_page(const struct folder *folder, struct str segment)
{
	for (int turn = 0; turn < 2; turn++)
		for (const struct entry *e = folder->entries; e != NULL;
		     e = e->next)
			if (is_turn(turn, segment, e->variable) &&
			    could_be(segment, e->name, e->variable, e->suffix))
				return e->page;
	return NULL;
}

static struct page *could_answer(
    const struct folder *folder, struct str rest, bool *slash);

/* Search the folders below this one. rest: the path after the folder's name. */
static struct page *
could_be_below(const struct folder *folder, struct str segment, struct str rest,
    bool *slash)
{
	for (int turn = 0; turn < 2; turn++) {
		for (const struct folder *f = folder->folders; f != NULL;
		     f = f->next) {
			struct page *page;
			if (!is_turn(turn, segment, f->variable) ||
			    !could_be(segment, f->name, f->variable, STR("")))
				continue;
			page = could_answer(f, rest, slash);
			if (page != NULL)
				return page;
		}
	}
	return NULL;
}

static struct page *
could_answer(const struct folder *folder, struct str rest, bool *slash)
{
	struct str segment;
	struct page *page;

	if (rest.len == 0 || str_equal(rest, STR(".txt")))
		return folder->index;
	if (str_find_byte(rest, '/') != SIZE_MAX) {
		str_next_part(&rest, '/', &segment);
		return could_be_below(folder, segment, rest, slash);
	}
	page = could_be_page(folder, rest);
	if (page == NULL && str_ends(rest, STR(".txt")))
		page = could_be_page(folder, str_slice(rest, 0, rest.len - 4));
	if (page != NULL)
		return page;
	page = could_be_below(folder, rest, STR(""), slash);
	*slash = page != NULL;
	return page;
}

struct page *
route_could_find(const struct map *map, struct str pattern, bool *slash)
{
	*slash = false;
	return could_answer(
	    map->root, str_slice(pattern, 1, pattern.len), slash);
}
