/* SPDX-License-Identifier: ISC */
/*
 * A partial is compiled with each page that includes it. A partial that no page
 * includes would not be checked at all. It is a leftover, or an % include
 * misspells its name, so it becomes a finding.
 */
#include "page/compile/internal.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "base/file_path.h"
#include "page/compile/route.h"

enum { PARTIALS_MAX = 1024 };

struct search {
	const struct compile_options *options;
	struct str unused[PARTIALS_MAX];
	size_t count;
};

static bool
is_partial(const char *name)
{
	const size_t len = strlen(name);

	return name[0] == '_' && name[len - 1] != '~' &&
	    strcmp(name, "_missing.gmi") != 0;
}

static enum err look_into(struct search *s, struct str folder);

static enum err
look_at(struct search *s, struct str folder, const char *name)
{
	struct arena *arena = s->options->arena;
	struct str file = arena_printf(arena, "%.*s/%s", STR_ARG(folder), name);
	struct str path =
	    arena_printf(arena, "%s/%.*s", s->options->capsule, STR_ARG(file));
	struct stat st;

	if (file.data == NULL || path.data == NULL)
		return ERR_NOMEM;
	if (stat(path.data, &st) != 0)
		return OK;
	if (S_ISDIR(st.st_mode))
		return look_into(s, file);
	if (S_ISREG(st.st_mode) && is_partial(name) &&
	    s->count < PARTIALS_MAX &&
	    !source_is_used(s->options->partials, file))
		s->unused[s->count++] = file;
	return OK;
}

static enum err
look_into(struct search *s, struct str folder)
{
	struct str path = arena_printf(
	    s->options->arena, "%s/%.*s", s->options->capsule, STR_ARG(folder));
	DIR *dir = path.data == NULL ? NULL : opendir(path.data);
	struct dirent *item;
	enum err err = OK;

	if (dir == NULL)
		return path.data == NULL || errno == ENOMEM ? ERR_NOMEM
							    : ERR_IO;
	while (err == OK && (item = readdir(dir)) != NULL)
		if (item->d_name[0] != '.')
			err = look_at(s, folder, item->d_name);
	closedir(dir);
	return err;
}

static int
compare_names(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static enum err
tell(const struct compile_options *options, struct str file)
{
	struct compile_options alone = *options;
	struct page *page;
	enum err err = map_read_partial(options->arena, file, &page);

	if (err != OK || page == NULL)
		return err;
	findings_add(options->findings, file, 0, "no page includes it");
	alone.alone = true;
	page->sealed = true; /* it may be for a page that writes */
	return page_compile(&alone, page);
}

enum err
partials_check(const struct compile_options *options)
{
	struct search *s = calloc(1, sizeof(*s));
	enum err err;

	if (s == NULL)
		return ERR_NOMEM;
	s->options = options;
	err = look_into(s, STR(CAPSULE_PAGES));
	if (s->count > 1)
		qsort(s->unused, s->count, sizeof(*s->unused), compare_names);
	for (size_t i = 0; i < s->count && err == OK; i++)
		err = tell(options, s->unused[i]);
	free(s);
	return err;
}
