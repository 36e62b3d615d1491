/* SPDX-License-Identifier: ISC */
/*
 * Static files are served byte for byte, so a mistake in a file reaches the
 * reader. The operator must know of it, but it is not a reason to stop serving.
 * Therefore only `guiju check` reads the files.
 */
#include "page/serve/internal.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_path.h"
#include "base/utf8.h"
#include "page/serve/mime.h"

enum {
	PIECE = 64 * 1024,
	DEPTH_MAX = 24,          /* the depth of the longest address */
	ARENA_MAX = 1024 * 1024, /* for one file's type */
	PATHS_MAX = 16 * 1024 * 1024,
	SHOWN_MAX = 8 * 1024 /* bytes of a path in a finding */
};

#define MARK STR(UTF8_MARK)

struct search {
	const struct site *site;
	struct findings *findings;
	struct arena *arena; /* cleared for each file */
	struct arena *paths; /* of folders */
	enum err err;
};

/* The number of bytes at the end of s that may begin a character. */
static size_t
cut_off(struct str s)
{
	size_t n = 0;

	while (n < 3 && n < s.len &&
	    ((unsigned char)s.data[s.len - 1 - n] & 0xC0) == 0x80)
		n++;
	return n < s.len && (unsigned char)s.data[s.len - 1 - n] >= 0xC0 ? n + 1
									 : 0;
}

/* Is the file UTF-8, from its position on? *mark: it begins with a byte order
 * mark. */
static bool
is_utf8(int file, bool *mark)
{
	static char bytes[PIECE];
	size_t kept = 0;
	bool first = true;
	ssize_t n;

	*mark = false;
	while ((n = read(file, bytes + kept, sizeof(bytes) - kept)) > 0) {
		struct str s = {bytes, kept + (size_t)n};

		if (first)
			*mark = str_starts(s, MARK);
		first = false;
		kept = cut_off(s);
		if (!utf8_valid(str_slice(s, 0, s.len - kept)))
			return false;
		memmove(bytes, bytes + s.len - kept, kept);
	}
	return n == 0 && utf8_valid((struct str){bytes, kept});
}

static void
tell(struct search *s, struct str path, const char *wrong)
{
	struct buf shown;

	buf_init(&shown, SHOWN_MAX);
	utf8_add_line(&shown, path);
	findings_add(s->findings, buf_view(&shown), 0, "%s", wrong);
	buf_release(&shown);
}

static void
look_at_file(struct search *s, int file, struct str path, const char *name)
{
	struct str mime;
	bool mark, table;

	arena_clear(s->arena);
	mime = mime_of_file(s->site->mimes, s->arena, str_from(name), file);
	if (mime.data == NULL)
		s->err = ERR_NOMEM;
	if (!str_starts(mime, STR("text/")))
		return;
	/* A table may have the mark: spreadsheets want it. */
	table = str_starts(mime, STR("text/csv")) ||
	    str_starts(mime, STR("text/tab-separated-values"));
	if (!is_utf8(file, &mark))
		tell(s, path,
		    "not UTF-8, as which it is sent; "
		    "convert it, for example by iconv(1)");
	else if (mark && !table)
		tell(s, path,
		    "begins with a byte order mark, which hides what its first "
		    "line is; save it as UTF-8 without one");
}

static void look_into(struct search *s, int folder, struct str path, int depth);

/* Check one name. Like static_open(), follow no links. */
static void
look_at(
    struct search *s, int folder, struct str path, const char *name, int depth)
{
	int fd = openat(folder, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	struct buf below;
	struct stat st;

	if (fd < 0)
		return;
	buf_init(&below, SHOWN_MAX);
	buf_printf(&below, "%.*s/%s", STR_ARG(path), name);
	if (below.err == OK && fstat(fd, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			look_into(s, fd, buf_view(&below), depth + 1);
		else if (S_ISREG(st.st_mode))
			look_at_file(s, fd, buf_view(&below), name);
	}
	if (below.err == ERR_NOMEM)
		s->err = ERR_NOMEM;
	buf_release(&below);
	close(fd);
}

static int
is_given_out(const struct dirent *item)
{
	return item->d_name[0] != '.';
}

/* Check a folder, in the order of names, so that findings have a fixed order.
 */
static void
look_into(struct search *s, int folder, struct str path, int depth)
{
	struct str whole = arena_printf(
	    s->paths, "%.*s/%.*s", STR_ARG(s->site->capsule), STR_ARG(path));
	struct dirent **items = NULL;
	int n = whole.data == NULL || depth == DEPTH_MAX
	    ? 0
	    : scandir(whole.data, &items, is_given_out, alphasort);

	if (whole.data == NULL)
		s->err = ERR_NOMEM;
	for (int i = 0; i < n; i++) {
		if (s->err == OK)
			look_at(s, folder, path, items[i]->d_name, depth);
		free(items[i]);
	}
	free(items);
}

enum err
files_check(const struct site *site, struct findings *findings)
{
	struct search s = {.site = site, .findings = findings};

	s.arena = arena_new(ARENA_MAX);
	s.paths = arena_new(PATHS_MAX);
	if (s.arena == NULL || s.paths == NULL)
		s.err = ERR_NOMEM;
	else if (site->static_folder >= 0)
		look_into(&s, site->static_folder, STR(CAPSULE_STATIC), 0);
	arena_free(s.arena);
	arena_free(s.paths);
	return s.err;
}
