/* SPDX-License-Identifier: ISC */
/*
 * The file of the seals' key: 32 random bytes, mode 0600. It lies beside the
 * TLS keys and not in the database, so that no copy of the database lets
 * anybody make a seal.
 */
#include "run/config/state.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/file_path.h"
#include "page/site.h"

#define SEAL_KEY_FILE "seal.key"

static enum err
fail(struct buf *why, const struct file_path *file, const char *what)
{
	const int error = errno;

	buf_printf(why, "%s: %s: ", file->text, what);
	errno = error;
	owner_add_errno(why, file->text);
	return owner_is_to_blame(error) ? ERR_INPUT : ERR_IO;
}

static enum err
refuse(struct buf *why, const struct file_path *file, const char *what)
{
	buf_printf(why, "%s: %s; `guiju seal --renew` makes another",
	    file->text, what);
	return ERR_INPUT;
}

static enum err
path_of(const char *certs, struct file_path *file, struct buf *why)
{
	enum err err = file_path_join(file, certs, SEAL_KEY_FILE);

	if (err != OK)
		buf_printf(why, "%s: its name is too long", certs);
	return err;
}

/* The folder or the old file says who will read the new one: root may make it
 * for a server that is not root. */
static bool
give_to_reader(int fd, const char *certs, const struct file_path *file)
{
	struct stat owner;

	if (geteuid() != 0)
		return true;
	return (lstat(file->text, &owner) == 0 || stat(certs, &owner) == 0) &&
	    fchown(fd, owner.st_uid, owner.st_gid) == 0;
}

static bool
write_key(int fd)
{
	unsigned char key[SEAL_SECRET_BYTES];
	bool good = getentropy(key, sizeof(key)) == 0 &&
	    write(fd, key, sizeof(key)) == (ssize_t)sizeof(key) &&
	    !FAULT("sync-seal") && fsync(fd) == 0;

	explicit_bzero(key, sizeof(key));
	return good;
}

static bool
sync_folder(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && !FAULT("sync-seals") && fsync(fd) == 0;
	const int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return good;
}

/* Write a key under a fresh name first. replace: false leaves the file that is
 * there, for link(2) fails then; rename(2) replaces it. */
static enum err
make(const char *certs, const struct file_path *file, bool replace,
    struct buf *why)
{
	struct file_path fresh;
	enum err err = OK;
	int fd, error;

	if (file_path_join(&fresh, certs, SEAL_KEY_FILE ".XXXXXX") != OK) {
		errno = ENAMETOOLONG;
		return fail(why, file, "cannot be made");
	}
	fd = mkstemp(fresh.text); /* mode 0600 */
	if (fd < 0)
		return fail(why, file, "cannot be made");
	if (!give_to_reader(fd, certs, file) || !write_key(fd) ||
	    (replace ? rename(fresh.text, file->text)
		     : link(fresh.text, file->text)) != 0)
		err = !replace && errno == EEXIST
		    ? OK
		    : fail(why, file, "cannot be made");
	error = errno;
	close(fd);
	(void)unlink(fresh.text); /* after rename(2) there is none */
	errno = error;
	/* The old key could be back after a power failure. */
	if (err == OK && !sync_folder(certs))
		err = fail(why, file, "may be lost: its folder does not sync");
	return err;
}

enum err
seal_key_read(const char *certs, unsigned char *key, struct buf *why)
{
	unsigned char bytes[SEAL_SECRET_BYTES + 1];
	struct file_path file;
	struct stat st;
	enum err err = path_of(certs, &file, why);
	ssize_t n;
	int fd;

	if (err != OK)
		return err;
	fd = open(file.text, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT) {
		err = make(certs, &file, false, why);
		if (err != OK)
			return err;
		fd = open(file.text, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	}
	if (fd < 0)
		return fail(why, &file, "cannot be read");
	n = fstat(fd, &st) == 0 ? read(fd, bytes, sizeof(bytes)) : -1;
	if (n < 0)
		err = fail(why, &file, "cannot be read");
	else if (!S_ISREG(st.st_mode) || n != SEAL_SECRET_BYTES)
		err = refuse(why, &file, "not the key of seals");
	else if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		err = refuse(why, &file, "others may read or write it");
	else
		memcpy(key, bytes, SEAL_SECRET_BYTES);
	explicit_bzero(bytes, sizeof(bytes));
	close(fd);
	return err;
}

enum err
seal_key_renew(const char *certs, struct buf *why)
{
	struct file_path file;
	enum err err = path_of(certs, &file, why);

	return err == OK ? make(certs, &file, true, why) : err;
}
