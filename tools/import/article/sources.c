/* SPDX-License-Identifier: ISC */
/* Finds the files of an import in the folders given. */
#include "tools/import/article/batch.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "base/utf8.h"

enum { SOURCES_MAX = 1000000, SOURCES_FIRST = 64 };

static enum err
fail(struct buf *why, const char *path, const char *message, enum err err)
{
	utf8_add_line(why, str_from(path));
	buf_text(why, ": ");
	utf8_add_line(why, str_from(message));
	return err;
}

/* Add a path. The function takes over its memory, also when it fails. */
static enum err
push(struct sources *sources, char *path)
{
	if (path == NULL)
		return ERR_NOMEM;
	if (sources->count >= SOURCES_MAX) {
		free(path);
		return ERR_LIMIT;
	}
	if (sources->count == sources->size) {
		size_t size =
		    sources->size == 0 ? SOURCES_FIRST : sources->size * 2;
		char **list = realloc(sources->path, size * sizeof(*list));
		if (list == NULL) {
			free(path);
			return ERR_NOMEM;
		}
		sources->path = list;
		sources->size = size;
	}
	sources->path[sources->count++] = path;
	return OK;
}

static bool
is_article(const char *name)
{
	static const char *const ends[] = {".gmi", ".txt", ".html", ".htm"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (name[0] != '.' &&
		    str_ends(str_from(name), str_from(ends[i])))
			return true;
	return false;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum err
push_entry(struct sources *sources, const char *folder, const char *name)
{
	size_t size = strlen(folder) + 1 + strlen(name) + 1;
	char *path = malloc(size);
	struct stat st;

	if (path == NULL)
		return ERR_NOMEM;
	snprintf(path, size, "%s/%s", folder, name);
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		free(path);
		return OK;
	}
	return push(sources, path);
}

static enum err
add_folder(struct sources *sources, const char *path, struct buf *why)
{
	size_t first = sources->count;
	const struct dirent *entry;
	DIR *folder = opendir(path);
	enum err err = OK;

	if (folder == NULL)
		return fail(why, path, strerror(errno), ERR_IO);
	while (err == OK && (entry = readdir(folder)) != NULL)
		if (is_article(entry->d_name))
			err = push_entry(sources, path, entry->d_name);
	closedir(folder);
	if (err != OK)
		return fail(why, path,
		    err == ERR_LIMIT ? "too many files" : "out of memory", err);
	if (sources->count > first)
		qsort(sources->path + first, sources->count - first,
		    sizeof(char *), by_name);
	return OK;
}

enum err
sources_add(struct sources *sources, const char *path, struct buf *why)
{
	struct stat st;
	enum err err;

	if (stat(path, &st) != 0)
		return fail(why, path, strerror(errno),
		    errno == ENOENT ? ERR_MISSING : ERR_IO);
	if (S_ISDIR(st.st_mode))
		return add_folder(sources, path, why);
	err = push(sources, strdup(path));
	return err == OK ? OK : fail(why, path, "out of memory", err);
}

void
sources_release(struct sources *sources)
{
	for (size_t i = 0; i < sources->count; i++)
		free(sources->path[i]);
	free(sources->path);
	*sources = (struct sources){0};
}
