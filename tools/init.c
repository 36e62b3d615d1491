/* SPDX-License-Identifier: ISC */
/*
 * `guiju init`: a new capsule that serves at once. The files themselves are
 * in init/files.c; here they are only written.
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
#include "tools/init/files.h"

enum { PATH_MAX_BYTES = 4096, OUTPUT_MAX_BYTES = 65536 };

static int run_init(int argc, char **argv);

const struct command command_init = {
    .name = "init",
    .summary = "make a small new capsule",
    .operands = "DIR",
    .about =
	"Make DIR a new capsule: three pages whose comments teach the page\n"
	"language, a table, a static file, the settings. DIR must not be "
	"there\n"
	"yet, or be empty. Then: guiju serve --dev DIR\n",
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

/* The folder, made if need be; NULL after a complaint. */
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

/* Make the folders that a file's path goes through. */
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

static bool
write_file(int at, const struct init_file *file)
{
	struct str rest = str_from(file->text);
	int fd = -1;

	if (make_folders(at, file->path))
		fd = openat(at, file->path,
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	while (fd >= 0 && rest.len > 0) {
		ssize_t n = write(fd, rest.data, rest.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		rest = str_slice(rest, (size_t)n, rest.len);
	}
	if (fd >= 0 && close(fd) == 0 && rest.len == 0)
		return true;
	complain("cannot write %s: %s", file->path, strerror(errno));
	return false;
}

static int
say_done(const char *path)
{
	struct buf out;
	int status;

	buf_init(&out, OUTPUT_MAX_BYTES);
	for (size_t i = 0; i < init_file_count; i++) {
		utf8_add_line(&out, str_from(path));
		buf_printf(&out, "/%s\n", init_files[i].path);
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
	struct arguments arguments;
	const char *path;
	DIR *folder;
	bool good = true;

	if (command_read(&command_init, argc, argv, NULL, &arguments) !=
	    STATUS_OK)
		return STATUS_USAGE;
	path = arguments.operand[0];
	if (path[0] == '\0')
		return command_usage(&command_init, "DIR is empty");
	folder = open_new(path);
	if (folder == NULL)
		return STATUS_FAILURE;
	for (size_t i = 0; good && i < init_file_count; i++)
		good = write_file(dirfd(folder), &init_files[i]);
	closedir(folder);
	return good ? say_done(path) : STATUS_FAILURE;
}
