/* SPDX-License-Identifier: ISC */
/* The temporary folder of one fuzz target. */
#define _XOPEN_SOURCE 700 /* nftw(3) */
#include "place.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

static char folder[64];

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static void
remove_place(void)
{
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *
place(void)
{
	if (folder[0] != '\0')
		return folder;
	snprintf(folder, sizeof(folder), "/tmp/guiju-fuzz-XXXXXX");
	MUST(mkdtemp(folder) != NULL);
	MUST(atexit(remove_place) == 0);
	return folder;
}

void
place_write(const char *name, const void *data, unsigned long size)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", place(), name);
	for (char *slash = path + strlen(folder) + 1;
	     (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	MUST(fd >= 0);
	MUST(write(fd, data, size) == (ssize_t)size);
	close(fd);
}
