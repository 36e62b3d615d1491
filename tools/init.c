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

static const char usage[] =
    "usage: guiju init DIR\n"
    "\n"
    "Make DIR a new capsule: three pages whose comments teach the page\n"
    "language, a table, a static file, the settings. DIR must not be there\n"
    "yet, or be empty. Then: guiju serve --dev DIR\n"
    "\n"
    "Exit status: 0 made; 1 a file failed, or DIR is not empty; 2 usage.\n";

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
		complain("init: cannot make %s: %s", path, strerror(errno));
		return NULL;
	}
	folder = opendir(path);
	if (folder == NULL) {
		complain("init: cannot open %s: %s", path, strerror(errno));
		return NULL;
	}
	if (!is_empty(folder)) {
		complain("init: %s is not empty; nothing was written", path);
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
	complain("init: cannot write %s: %s", file->path, strerror(errno));
	return false;
}

static int
say_done(const char *path)
{
	struct buf out;
	int status = STATUS_FAILURE;

	buf_init(&out, OUTPUT_MAX_BYTES);
	for (size_t i = 0; i < init_file_count; i++) {
		utf8_add_line(&out, str_from(path));
		buf_printf(&out, "/%s\n", init_files[i].path);
	}
	buf_text(&out, "\nNow: guiju serve --dev ");
	utf8_add_line(&out, str_from(path));
	buf_char(&out, '\n');
	if (out.err == OK && fwrite(out.data, 1, out.len, stdout) == out.len &&
	    fflush(stdout) == 0)
		status = STATUS_OK;
	else
		complain("init: cannot write to standard output");
	buf_release(&out);
	return status;
}

static int
run(int argc, char **argv)
{
	DIR *folder;
	bool good = true;

	if (argc == 3 && strcmp(argv[1], "--") == 0) {
		argv++;
		argc--;
	} else if (argc > 1 && argv[1][0] == '-') {
		return command_usage(&command_init, "unknown flag %s", argv[1]);
	}
	if (argc != 2 || argv[1][0] == '\0')
		return command_usage(&command_init, "name one DIR to make");
	folder = open_new(argv[1]);
	if (folder == NULL)
		return STATUS_FAILURE;
	for (size_t i = 0; good && i < init_file_count; i++)
		good = write_file(dirfd(folder), &init_files[i]);
	closedir(folder);
	return good ? say_done(argv[1]) : STATUS_FAILURE;
}

const struct command command_init = {
    "init",
    "make a small new capsule",
    usage,
    run,
};
