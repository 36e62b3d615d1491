/* SPDX-License-Identifier: ISC */
/*
 * Reads pages/ into a tree. Fixed names come first, because
 * page/compile/route.c searches in this order. A name that cannot stand in an
 * address becomes a finding.
 */
#include "page/compile/route.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "base/file_path.h"
#include "base/url.h"
#include "base/utf8.h"
#include "text/media_type.h"

static const struct {
	const char *extension, *mime;
	enum format format;
} formats[] = {
    {".gmi", "text/gemini; charset=utf-8", FORMAT_GEMTEXT},
    {".txt", "text/plain; charset=utf-8", FORMAT_TEXT},
    {".xml", "application/xml; charset=utf-8", FORMAT_XML},
    {".csv", "text/csv; charset=utf-8", FORMAT_CSV},
    {".json", "application/json", FORMAT_JSON},
    {".ics", "text/calendar; charset=utf-8", FORMAT_CONTENT},
    {".vcf", "text/vcard; charset=utf-8", FORMAT_CONTENT},
};

enum {
	FORMATS = sizeof(formats) / sizeof(*formats),
	SHOWN_MAX = 8 * 1024, /* bytes of a path in a finding */
	EXTENSION_MAX = 32
};

#define MISSING_PAGE "pages/_missing.gmi"

struct reader {
	struct arena *arena;
	const char *capsule;
	struct findings *findings;
	struct page **end; /* the end of the list of all pages */
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
	page->other = format == FORMATS;
	page->format = page->other ? FORMAT_TEXT : formats[format].format;
	page->mime = page->other ? media_type_of_name(file)
				 : str_from(formats[format].mime);
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

/* The order of entries: fixed names, then parameters with an extension, then
 * parameters that take any segment. */
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

/* Can the name, without its extension, stand in an address? If not, add a
 * finding. */
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

/* The format of a name's extension; FORMATS: the extension has none. */
static size_t
format_of(struct str name)
{
	size_t i = 0;

	while (i < FORMATS && !str_ends(name, str_from(formats[i].extension)))
		i++;
	return i;
}

static bool
is_extension(struct str s)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN"
				      "OPQRSTUVWXYZ0123456789.-_+";

	for (size_t i = 0; i < s.len; i++)
		if (s.data[i] == '\0' || strchr(allowed, s.data[i]) == NULL)
			return false;
	return s.len >= 2 && s.len <= EXTENSION_MAX && s.data[0] == '.';
}

/* The extension of a page's name, with its dot: all that is behind [name], or
 * what is behind the last dot. Empty: there is none. */
static struct str
extension_of(struct str name)
{
	size_t from = name.len - 1;
	struct str extension;

	if (str_starts(name, STR("[")))
		from = str_find_byte(name, ']') + 1; /* 0: there is no ] */
	else
		while (from > 0 && name.data[from] != '.')
			from--;
	extension = str_slice(name, from, name.len);
	return is_extension(extension) ? extension : STR("");
}

static void
read_page(
    struct reader *r, struct folder *folder, struct str file, struct str name)
{
	struct entry entry = {0};
	size_t format, depth = r->parameter_count;
	struct str stem, extension;

	format = format_of(name);
	extension = format == FORMATS ? extension_of(name)
				      : str_from(formats[format].extension);
	if (extension.len == 0) {
		findings_add(r->findings, file, 0, "%s", PAGE_ENDS);
		return;
	}
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

/* The names in a folder, sorted, so that findings have a fixed order. */
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
		/* Skip partials, and files of editors and systems. */
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
	map.root = folder_add(&r, NULL, STR(CAPSULE_PAGES), STR(""));
	if (map.root != NULL)
		read_folder(&r, map.root, STR(CAPSULE_PAGES));
	if (r.err == OK)
		*out = map;
	return r.err;
}

enum err
map_read_missing(struct arena *arena, const char *capsule, struct page **out)
{
	static const struct str file = {MISSING_PAGE, sizeof(MISSING_PAGE) - 1};
	struct str path = arena_printf(arena, "%s/" MISSING_PAGE, capsule);
	struct page *list = NULL;
	struct reader r = {.arena = arena, .capsule = capsule, .end = &list};
	struct stat st;

	*out = NULL;
	if (path.data == NULL)
		return ERR_NOMEM;
	if (stat(path.data, &st) != 0 || !S_ISREG(st.st_mode))
		return OK;
	*out = page_add(&r, file, 0);
	return r.err;
}

enum err
map_read_partial(struct arena *arena, struct str file, struct page **out)
{
	struct page *list = NULL;
	struct reader r = {.arena = arena, .end = &list};

	*out = NULL;
	if (format_of(file) < FORMATS)
		*out = page_add(&r, file, format_of(file));
	return r.err;
}
