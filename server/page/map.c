/* SPDX-License-Identifier: ISC */
/*
 * Reading pages/ into a tree and finding a path in it. A fixed name wins over
 * a parameter; where the fixed branch has no answer, the parameter is tried.
 */
#include "page/map.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "base/utf8.h"

static const struct {
	const char *extension, *mime;
	enum format format;
} formats[] = {
    {".gmi", "text/gemini; charset=utf-8", FORMAT_GEMTEXT},
    {".txt", "text/plain; charset=utf-8", FORMAT_TEXT},
    {".xml", "application/xml; charset=utf-8", FORMAT_XML},
    {".csv", "text/csv; charset=utf-8", FORMAT_CSV},
    {".json", "application/json", FORMAT_JSON},
};

enum { SHOWN_MAX = 8 * 1024 }; /* bytes of a path in a finding */

struct reader {
	struct arena *arena;
	const char *capsule;
	struct findings *findings;
	struct page **end; /* of the list of all pages */
	struct str parameters[PATH_SEGMENTS_MAX];
	size_t parameter_count;
	enum err err;
};

/* "[name]" -> name. */
static bool
is_parameter(struct str s, struct str *name)
{
	if (s.len < 3 || s.data[0] != '[' || s.data[s.len - 1] != ']')
		return false;
	*name = str_slice(s, 1, s.len - 1);
	for (size_t i = 0; i < name->len; i++) {
		char c = name->data[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '_')
			return false;
	}
	return true;
}

static struct page *
page_add(struct reader *r, struct str file, size_t format)
{
	struct page *page = arena_alloc(r->arena, sizeof(*page));

	if (page == NULL) {
		r->err = ERR_NOMEM;
		return NULL;
	}
	page->file = file;
	page->format = formats[format].format;
	page->mime = str_from(formats[format].mime);
	if (str_ends(file, STR("atom.xml")))
		page->mime = STR("application/atom+xml; charset=utf-8");
	page->parameter_count = r->parameter_count;
	page->parameters = arena_array(
	    r->arena, r->parameter_count + 1, sizeof(*page->parameters));
	if (page->parameters == NULL) {
		r->err = ERR_NOMEM;
		return NULL;
	}
	for (size_t i = 0; i < r->parameter_count; i++)
		page->parameters[i] = r->parameters[i];
	*r->end = page;
	r->end = &page->next;
	return page;
}

/* Fixed entries stand before variable ones, and among these those that want
 * an extension before those that take any segment. */
static int
entry_rank(const struct entry *entry)
{
	return !entry->variable ? 0 : entry->suffix.len > 0 ? 1 : 2;
}

static void
entry_add(struct reader *r, struct folder *folder, struct entry entry)
{
	struct entry **at = &folder->entries, *copy;

	for (; *at != NULL; at = &(*at)->next) {
		const struct entry *other = *at;
		if (other->variable == entry.variable &&
		    str_equal(other->suffix, entry.suffix) &&
		    (entry.variable || str_equal(other->name, entry.name)))
			findings_add(r->findings, entry.page->file, 0,
			    "answers the same address as %.*s",
			    STR_ARG(other->page->file));
	}
	at = &folder->entries;
	while (*at != NULL && entry_rank(*at) <= entry_rank(&entry))
		at = &(*at)->next;
	copy = arena_alloc(r->arena, sizeof(*copy));
	if (copy == NULL) {
		r->err = ERR_NOMEM;
		return;
	}
	*copy = entry;
	copy->next = *at;
	*at = copy;
}

/* Tell of a name (without an extension) that cannot stand in an address. */
static bool
is_sound_name(struct reader *r, struct str file, struct str name)
{
	struct str parameter;
	struct buf shown;
	const char *wrong = NULL;

	if (!utf8_valid(name) || utf8_clean_len(name) < name.len)
		wrong = "a name that cannot stand in an address";
	else if (!is_parameter(name, &parameter) &&
	    (str_find_byte(name, '[') != SIZE_MAX ||
		str_find_byte(name, ']') != SIZE_MAX))
		wrong = "a parameter is [name] with a-z, 0-9 and _";
	if (wrong == NULL)
		return true;
	buf_init(&shown, SHOWN_MAX);
	utf8_add_line(&shown, file);
	findings_add(r->findings, buf_view(&shown), 0, "%s", wrong);
	buf_release(&shown);
	return false;
}

static void
read_page(
    struct reader *r, struct folder *folder, struct str file, struct str name)
{
	struct entry entry = {0};
	size_t format, depth = r->parameter_count;
	struct str stem, extension;

	for (format = 0; format < sizeof(formats) / sizeof(*formats); format++)
		if (str_ends(name, str_from(formats[format].extension)))
			break;
	if (format == sizeof(formats) / sizeof(*formats)) {
		findings_add(r->findings, file, 0,
		    "a page ends in .gmi, .txt, .xml, .csv or .json");
		return;
	}
	extension = str_from(formats[format].extension);
	stem = str_slice(name, 0, name.len - extension.len);
	if (!is_sound_name(r, file, stem))
		return;
	entry.variable = is_parameter(stem, &entry.name);
	if (entry.variable) {
		if (depth == PATH_SEGMENTS_MAX)
			return;
		r->parameters[r->parameter_count++] = entry.name;
	}
	entry.page = page_add(r, file, format);
	r->parameter_count = depth;
	if (entry.page == NULL)
		return;
	entry.page->sealed =
	    entry.variable && str_equal(entry.name, STR(SEAL_NAME));
	if (entry.page->sealed && format != 0) {
		findings_add(r->findings, file, 0,
		    "a page that writes is named [" SEAL_NAME "].gmi");
		entry.page->sealed = false;
	}
	if (str_equal(name, STR("index.gmi"))) {
		folder->index = entry.page;
		return;
	}
	if (!entry.variable)
		entry.name = format == 0 ? stem : name;
	else if (format != 0)
		entry.suffix = extension;
	entry_add(r, folder, entry);
}

static struct folder *
folder_add(
    struct reader *r, struct folder *parent, struct str file, struct str name)
{
	struct folder *folder = arena_alloc(r->arena, sizeof(*folder)), **at;

	if (folder == NULL) {
		r->err = ERR_NOMEM;
		return NULL;
	}
	folder->name = name;
	folder->variable = is_parameter(name, &folder->name);
	if (parent == NULL)
		return folder;
	at = &parent->folders;
	for (; *at != NULL; at = &(*at)->next)
		if ((*at)->variable && folder->variable)
			findings_add(r->findings, file, 0,
			    "answers the same address as its neighbour "
			    "[%.*s]",
			    STR_ARG((*at)->name));
	at = &parent->folders;
	while (*at != NULL && (folder->variable || !(*at)->variable))
		at = &(*at)->next;
	folder->next = *at;
	*at = folder;
	return folder;
}

static int
compare_names(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* The names in a folder, sorted, so that findings come in a fixed order. */
static size_t
list_names(struct reader *r, struct str path, struct str **out)
{
	enum { NAMES_MAX = 4096 };
	struct str *names = arena_array(r->arena, NAMES_MAX, sizeof(*names));
	DIR *dir = opendir(path.data);
	struct dirent *item;
	size_t n = 0;

	if (dir == NULL || names == NULL) {
		r->err = dir != NULL  ? ERR_NOMEM
		    : errno == ENOENT ? ERR_MISSING
				      : ERR_IO;
		if (dir != NULL)
			closedir(dir);
		return 0;
	}
	while ((item = readdir(dir)) != NULL) {
		/* Partials, and what editors and systems leave behind. */
		if (item->d_name[0] == '_' ||
		    (item->d_name[0] == '.' &&
			strcmp(item->d_name, ".well-known") != 0) ||
		    item->d_name[strlen(item->d_name) - 1] == '~')
			continue;
		if (n == NAMES_MAX) {
			r->err = ERR_LIMIT;
			break;
		}
		names[n] = arena_str(r->arena, str_from(item->d_name));
		if (names[n++].data == NULL)
			r->err = ERR_NOMEM;
	}
	closedir(dir);
	if (n > 0)
		qsort(names, n, sizeof(*names), compare_names);
	*out = names;
	return n;
}

static void
read_folder(struct reader *r, struct folder *folder, struct str file)
{
	struct str path =
	    arena_printf(r->arena, "%s/%.*s", r->capsule, STR_ARG(file));
	struct str *names = NULL;
	size_t n;

	if (path.data == NULL) {
		r->err = ERR_NOMEM;
		return;
	}
	n = list_names(r, path, &names);
	for (size_t i = 0; i < n && r->err == OK; i++) {
		struct str below = arena_printf(
		    r->arena, "%.*s/%.*s", STR_ARG(file), STR_ARG(names[i]));
		struct str full = arena_printf(
		    r->arena, "%s/%.*s", r->capsule, STR_ARG(below));
		struct folder *child;
		struct stat st;

		if (full.data == NULL || below.data == NULL) {
			r->err = ERR_NOMEM;
			return;
		}
		if (stat(full.data, &st) != 0)
			continue;
		if (!S_ISDIR(st.st_mode)) {
			if (S_ISREG(st.st_mode))
				read_page(r, folder, below, names[i]);
			continue;
		}
		if (r->parameter_count == PATH_SEGMENTS_MAX ||
		    !is_sound_name(r, below, names[i]))
			continue;
		child = folder_add(r, folder, below, names[i]);
		if (child == NULL)
			return;
		if (child->variable)
			r->parameters[r->parameter_count++] = child->name;
		read_folder(r, child, below);
		if (child->variable)
			r->parameter_count--;
	}
}

enum err
map_read(struct arena *arena, const char *capsule, struct findings *findings,
    struct map *out)
{
	struct reader r = {
	    .arena = arena, .capsule = capsule, .findings = findings};
	struct map map = {0};

	r.end = &map.pages;
	map.root = folder_add(&r, NULL, STR("pages"), STR(""));
	if (map.root != NULL)
		read_folder(&r, map.root, STR("pages"));
	if (r.err == OK)
		*out = map;
	return r.err;
}

/* ---- finding a path ------------------------------------------------ */

struct search {
	const struct path *path;
	struct match *match;
	size_t parameters; /* taken so far */
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

/* The last segment of a path without a slash at its end. */
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
	if (twin && stem.len == 0 && folder->index != NULL)
		return found(s, MATCH_TWIN, folder->index);
	for (e = folder->entries; e != NULL; e = e->next)
		if (e->suffix.len > 0 && try_entry(s, e, segment, MATCH_PAGE))
			return true;
	for (e = folder->entries; twin && e != NULL; e = e->next)
		if (e->page->format == FORMAT_GEMTEXT &&
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

static bool
route(struct search *s, const struct folder *folder, size_t at)
{
	const struct path *path = s->path;
	struct str segment;

	if (at == path->count)
		return folder->index != NULL &&
		    found(s, MATCH_PAGE, folder->index);
	segment = path->segment[at];
	if (at + 1 == path->count && !path->folder)
		return route_leaf(s, folder, segment);
	for (const struct folder *f = folder->folders; f != NULL; f = f->next) {
		if (!f->variable) {
			if (str_equal(f->name, segment) && route(s, f, at + 1))
				return true;
			continue;
		}
		if (segment.len == 0)
			continue;
		s->match->parameters[s->parameters++] = segment;
		if (route(s, f, at + 1))
			return true;
		s->parameters--;
	}
	return false;
}

void
map_route(const struct map *map, const struct path *path, struct match *out)
{
	struct search s = {path, out, 0};

	*out = (struct match){.type = MATCH_NONE};
	if (!route(&s, map->root, 0))
		*out = (struct match){.type = MATCH_NONE};
}

/* ---- could this shape of path be answered? ------------------------- */

static bool
is_wild(struct str segment)
{
	return str_find_byte(segment, MAP_WILDCARD) != SIZE_MAX;
}

/* May a segment of this shape be this name? */
static bool
could_be(struct str segment, struct str name, bool variable, struct str suffix)
{
	if (segment.len == 0)
		return false;
	if (!variable)
		return str_equal(segment, name) ||
		    (segment.len == 1 && is_wild(segment));
	return suffix.len == 0 || str_ends(segment, suffix) ||
	    segment.data[segment.len - 1] == MAP_WILDCARD;
}

/*
 * In which order candidates are tried: a fixed segment is its own name first,
 * a wild one first what takes any value.
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

/* Through a folder below this one; rest is what stands behind its name. */
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
map_could_answer(const struct map *map, struct str pattern, bool *slash)
{
	*slash = false;
	return could_answer(
	    map->root, str_slice(pattern, 1, pattern.len), slash);
}
