/* SPDX-License-Identifier: ISC */
/* A user is shown by number, and by name if the system knows one. */
#if defined(__linux__)
#define _GNU_SOURCE /* O_TMPFILE */
#endif

#include "base/file_path.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MODE_BITS = 07777 };

enum err
file_path_join(struct file_path *out, const char *dir, const char *name)
{
	int n = snprintf(out->text, sizeof(out->text), "%s/%s", dir, name);

	if (n >= 0 && (size_t)n < sizeof(out->text))
		return OK;
	out->text[0] = '\0';
	return ERR_LIMIT;
}

bool
file_id_read(const char *path, struct file_id *out)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return false;
	*out = (struct file_id){st.st_dev, st.st_ino};
	return true;
}

bool
file_id_equal(struct file_id a, struct file_id b)
{
	return a.device == b.device && a.inode == b.inode;
}

bool
file_is_at(struct file_id file, const char *path)
{
	struct file_id found;

	return file_id_read(path, &found) && file_id_equal(file, found);
}

int
file_unnamed(const char *folder)
{
	struct file_path path;
	char name[32];
	int file = -1;

#ifdef O_TMPFILE
	file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (file >= 0 || errno == EMFILE || errno == ENFILE || errno == ENOSPC)
		return file;
#endif
	/* Some file systems know names only. A process has one name, so that a
	 * death between the two calls leaves one file at most. */
	snprintf(name, sizeof(name), "unnamed.%jd", (intmax_t)getpid());
	if (file_path_join(&path, folder, name) != OK) {
		errno = ENAMETOOLONG;
		return -1;
	}
	(void)unlink(path.text);
	file = open(path.text,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (file >= 0 && unlink(path.text) != 0) {
		close(file);
		return -1;
	}
	return file;
}

static void
add_user(struct buf *out, uid_t uid)
{
	const struct passwd *user = getpwuid(uid);

	if (user != NULL)
		buf_printf(out, "%s, ", user->pw_name);
	buf_printf(out, "uid %ju", (uintmax_t)uid);
}

/* Look at the file, or at its folder if the file is missing. */
static bool
look(const char *path, struct stat *st, const char **what)
{
	char folder[PATH_MAX_BYTES];
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 0 : (size_t)(slash - path);

	*what = "it";
	if (stat(path, st) == 0)
		return true;
	*what = "its folder";
	if (errno != ENOENT || len >= sizeof(folder))
		return false;
	memcpy(folder, path, len);
	folder[len] = '\0';
	return stat(slash == NULL ? "." : len == 0 ? "/" : folder, st) == 0;
}

void
owner_add(struct buf *out, const char *path)
{
	const int saved = errno;
	const char *what;
	struct stat st;

	if (look(path, &st, &what)) {
		buf_printf(out, " (%s belongs to ", what);
		add_user(out, st.st_uid);
		buf_printf(out, ", mode %04o; this is ",
		    (unsigned)st.st_mode & MODE_BITS);
		add_user(out, geteuid());
		buf_char(out, ')');
	}
	errno = saved;
}

bool
owner_is_to_blame(int error)
{
	return error == EACCES || error == EPERM || error == EROFS;
}

void
owner_add_errno(struct buf *out, const char *path)
{
	buf_text(out, strerror(errno));
	if (owner_is_to_blame(errno))
		owner_add(out, path);
}
