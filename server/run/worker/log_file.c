/* SPDX-License-Identifier: ISC */
/* Opening the log for the parent and its children. */
#include "run/worker/log_file.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { WHY_MAX_BYTES = 2048 };

enum err
log_file_open(const struct config *config, int *fd, struct buf *why)
{
	const char *path = config->log_file;
	struct stat status;
	int file;

	if (path[0] == '\0') {
		*fd = STDERR_FILENO;
		return OK;
	}
	/* O_NONBLOCK: opening a FIFO without a reader must not wait. */
	file = open(path,
	    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY |
		O_NONBLOCK,
	    0640);
	if (file >= 0 && fstat(file, &status) == 0 &&
	    !S_ISREG(status.st_mode)) {
		close(file);
		file = -1;
		errno = EINVAL;
	}
	if (file < 0) {
		buf_printf(why, "cannot open the log %s: %s", path,
		    errno == EINVAL      ? "it is not a regular file"
			: errno == ELOOP ? "it is a symbolic link"
					 : strerror(errno));
		return ERR_IO;
	}
	*fd = file;
	return OK;
}

void
log_file_close(int fd)
{
	if (fd > STDERR_FILENO)
		close(fd);
}

void
log_file_use(const struct config *config, int fd)
{
	log_set_level(config->log);
	log_set_format(config->log_format);
	if (fd >= 0 && log_use(fd) != OK)
		log_error("run: cannot write to the log: %s", strerror(errno));
}

void
log_file_reopen(const struct config *config, struct crew *crew)
{
	struct buf why;
	int fd = -1;

	if (config->log_file[0] == '\0') {
		log_info("run: the log is standard error, it stays open");
		return;
	}
	buf_init(&why, WHY_MAX_BYTES);
	if (log_file_open(config, &fd, &why) != OK) {
		log_error("run: the log stays as it is: %.*s",
		    STR_ARG(buf_view(&why)));
	} else {
		log_file_use(config, fd);
		(void)crew_hand_log(crew, fd); /* or later */
		log_file_close(fd);
		log_info("run: the log was opened again");
	}
	buf_release(&why);
}
