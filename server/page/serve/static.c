/* SPDX-License-Identifier: ISC */
/*
 * Opening static files. The path is opened name by name with O_NOFOLLOW, so
 * that no symbolic link is followed at any place of the path. This is POSIX,
 * and needs no check afterwards.
 */
#include "page/serve/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/nightly/nightly.h"

static bool
is_name(struct str s)
{
	return s.len > 0 && s.len <= NAME_MAX && s.data[0] != '.' &&
	    str_find_byte(s, '/') == SIZE_MAX &&
	    str_find_byte(s, '\\') == SIZE_MAX &&
	    str_find_byte(s, '\0') == SIZE_MAX;
}

static int
open_at(int folder, struct str name, int flags)
{
	char text[NAME_MAX + 1];

	snprintf(text, sizeof(text), "%.*s", STR_ARG(name));
	return openat(folder, text, flags | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);
}

/* Open the folder that holds the path's last name; for a path that ends in "/",
 * the folder itself. The caller closes it. -1: there is no such folder. */
static int
open_parent(int folder, const struct path *path, size_t names)
{
	int at = open_at(folder, STR("."), O_RDONLY | O_DIRECTORY);

	for (size_t i = 0; at >= 0 && i < names; i++) {
		int next = !is_name(path->segment[i])
		    ? -1
		    : open_at(at, path->segment[i], O_RDONLY | O_DIRECTORY);
		close(at);
		at = next;
	}
	return at;
}

enum err
static_open(int folder, const struct path *path, int *file, uint64_t *size,
    struct str *name, bool *is_folder)
{
	size_t names = path->folder ? path->count : path->count - 1;
	struct str last =
	    path->folder ? STR("index.gmi") : path->segment[path->count - 1];
	struct stat st = {0};
	int parent, reason, fd = -1;

	*is_folder = false;
	if (folder < 0 || !is_name(last))
		return ERR_MISSING;
	errno = 0;
	parent = open_parent(folder, path, names);
	/* O_NONBLOCK: opening a FIFO must not block. */
	if (parent >= 0)
		fd = open_at(parent, last, O_RDONLY | O_NONBLOCK);
	reason = errno;
	if (parent >= 0)
		close(parent);
	if (fd < 0)
		return reason == EMFILE || reason == ENFILE ? ERR_BUSY
							    : ERR_MISSING;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		*is_folder = S_ISDIR(st.st_mode) &&
		    faccessat(fd, "index.gmi", R_OK, 0) == 0;
		close(fd);
		return ERR_MISSING;
	}
	*file = fd;
	*size = (uint64_t)st.st_size;
	*name = last;
	return OK;
}

bool
static_is_download(struct str download, const struct path *path)
{
	return download.len > 0 && path->count == 2 && !path->folder &&
	    str_equal(path->segment[0], download);
}

enum err
static_open_download(const struct site_options *options,
    const struct path *path, int *file, uint64_t *size, struct str *name)
{
	struct path inside = {.count = 1};
	char folder[PATH_MAX];
	bool is_folder;
	enum err err;
	int n, at;

	if (!static_is_download(options->download, path))
		return ERR_MISSING;
	inside.segment[0] = path->segment[1];
	n = snprintf(folder, sizeof(folder), "%s/%s", options->state_dir,
	    NIGHTLY_PUBLIC);
	if (n < 0 || (size_t)n >= sizeof(folder))
		return ERR_MISSING;
	/* Opened each time, because the first nightly run makes the folder. */
	at = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (at < 0)
		return errno == EMFILE || errno == ENFILE ? ERR_BUSY
							  : ERR_MISSING;
	err = static_open(at, &inside, file, size, name, &is_folder);
	close(at);
	return err;
}

bool
static_exists(int folder, const struct path *path)
{
	uint64_t size;
	struct str name;
	bool is_folder;
	int file;

	if (static_open(folder, path, &file, &size, &name, &is_folder) != OK)
		return false;
	close(file);
	return true;
}
