/* SPDX-License-Identifier: ISC */
/*
 * `guiju init` makes a new capsule that can be served at once. Each folder of
 * init/ is such a capsule; its files are embedded in the program (Makefile,
 * BEGINNINGS).
 */
#include "tools/command.h"

#include <sys/stat.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "tools/manual.h"

#include "beginnings.h"

enum {
	PATH_MAX_BYTES = 4096,
	OUTPUT_MAX_BYTES = 65536,
	FILE_COUNT = sizeof(beginnings) / sizeof(beginnings[0])
};

static int run_init(int argc, char **argv);

/* Indexed by enum like. */
static const char *const likes[] = {"board", "library", "gemlog", NULL};

enum like { LIKE_BOARD, LIKE_LIBRARY, LIKE_GEMLOG };

struct choice {
	enum like like;
};

static const struct setting options[] = {
    {.name = "like",
	.takes = "KIND",
	.type = SETTING_WORD,
	FIELD_OF(struct choice, like),
	.value = "board",
	.words = likes,
	.help = "The portal to begin with: a notice board, whose comments "
		"teach the page language; a lending library; a gemlog, whose "
		"posts are files or come by Titan."},
    {.name = NULL},
};

const struct command command_init = {
    .name = "init",
    .summary = "make a small new capsule",
    .operands = "DIR",
    .about =
	"Make DIR a new capsule, a small portal that serves at once. DIR "
	"must not be there yet, or be empty. Then: guiju serve --dev DIR\n",
    .options = options,
    .end =
	"Exit status: 0 made; 1 a file failed, or DIR is not empty; 2 usage.\n",
    .run = run_init,
};

static bool
is_empty(DIR *folder)
{
	const struct dirent *entry;

	while ((entry = readdir(folder)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			return false;
	return true;
}

/* Open the folder, and make it if it is missing; NULL after a message. */
static DIR *
open_new(const char *path)
{
	DIR *folder;

	if (mkdir(path, 0777) != 0 && errno != EEXIST) {
		complain("cannot make %s: %s", path, strerror(errno));
		return NULL;
	}
	folder = opendir(path);
	if (folder == NULL) {
		complain("cannot open %s: %s", path, strerror(errno));
		return NULL;
	}
	if (!is_empty(folder)) {
		complain("%s is not empty; nothing was written", path);
		closedir(folder);
		return NULL;
	}
	return folder;
}

/* Make the folders in the path of a file. */
static bool
make_folders(int at, const char *path)
{
	char folder[PATH_MAX_BYTES];

	for (size_t i = 0; i < sizeof(folder) && path[i] != '\0'; i++) {
		folder[i] = path[i];
		if (path[i] != '/')
			continue;
		folder[i] = '\0';
		if (mkdirat(at, folder, 0777) != 0 && errno != EEXIST)
			return false;
		folder[i] = '/';
	}
	return true;
}

/* The path of a file in the new capsule; NULL: the file belongs to another
 * folder of init/. */
static const char *
path_in(const struct embedded *file, const char *like)
{
	const size_t len = strlen(like);

	if (strncmp(file->path, like, len) != 0 || file->path[len] != '/')
		return NULL;
	return file->path + len + 1;
}

static bool
write_file(int at, const struct embedded *file, const char *path)
{
	size_t done = 0;
	int fd = -1;

	if (make_folders(at, path))
		fd = openat(
		    at, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	while (fd >= 0 && done < file->len) {
		ssize_t n = write(fd, file->bytes + done, file->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (fd >= 0 && close(fd) == 0 && done == file->len)
		return true;
	complain("cannot write %s: %s", path, strerror(errno));
	return false;
}

static int
say_done(const char *path, const char *like)
{
	struct buf out;
	int status;

	buf_init(&out, OUTPUT_MAX_BYTES);
	for (size_t i = 0; i < FILE_COUNT; i++) {
		if (path_in(&beginnings[i], like) == NULL)
			continue;
		utf8_add_line(&out, str_from(path));
		buf_printf(&out, "/%s\n", path_in(&beginnings[i], like));
	}
	buf_text(&out, "\nNow: guiju serve --dev ");
	utf8_add_line(&out, str_from(path));
	buf_char(&out, '\n');
	status = command_print(&out);
	buf_release(&out);
	return status;
}

static int
run_init(int argc, char **argv)
{
	struct choice choice = {LIKE_BOARD};
	struct arguments arguments;
	const char *path, *like;
	DIR *folder;
	bool good = true;

	if (command_read(&command_init, argc, argv, &choice, &arguments) !=
	    STATUS_OK)
		return STATUS_USAGE;
	path = arguments.operand[0];
	if (path[0] == '\0')
		return command_usage(&command_init, "DIR is empty");
	folder = open_new(path);
	if (folder == NULL)
		return STATUS_FAILURE;
	like = likes[choice.like];
	for (size_t i = 0; good && i < FILE_COUNT; i++)
		if (path_in(&beginnings[i], like) != NULL)
			good = write_file(dirfd(folder), &beginnings[i],
			    path_in(&beginnings[i], like));
	closedir(folder);
	return good ? say_done(path, like) : STATUS_FAILURE;
}
