/* SPDX-License-Identifier: ISC */
/*
 * The state folder: making it, locking it, and handing it to the user that
 * serves.
 */
#include "run/config/state.h"

#include <sys/stat.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "base/capability.h"
#include "base/file_path.h"
#include "store/nightly/nightly.h"
#include "store/store.h"

static enum err
failed(struct buf *why, const char *what, const char *path)
{
	buf_printf(why, "%s %s: ", what, path);
	owner_add_errno(why, path);
	return owner_is_to_blame(errno) ? ERR_INPUT : ERR_IO;
}

enum err
state_make_folder(const char *dir, unsigned mode, struct buf *why)
{
	struct stat status;

	if (mkdir(dir, (mode_t)mode) == 0)
		return OK;
	if (errno != EEXIST)
		return failed(why, "cannot make folder", dir);
	if (stat(dir, &status) != 0)
		return failed(why, "cannot use folder", dir);
	if (!S_ISDIR(status.st_mode)) {
		errno = ENOTDIR;
		return failed(why, "cannot use folder", dir);
	}
	return OK;
}

/* The stat of the folder that holds dir. */
static bool
look_at_parent(const char *dir, struct stat *out)
{
	struct file_path path;
	bool good;

	good =
	    file_path_join(&path, dir, "..") == OK && stat(path.text, out) == 0;
	return good;
}

/* Give a folder that root has just made to the owner in wanted. The owner of
 * the folder above could have replaced it since: by a link, or by another's
 * folder. */
static bool
give_made(const char *dir, const struct stat *wanted)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat made;
	bool good = fd >= 0 && fstat(fd, &made) == 0;

	if (good && made.st_uid != 0) {
		errno = EPERM;
		good = false;
	}
	good = good && fchown(fd, wanted->st_uid, wanted->st_gid) == 0;
	if (fd >= 0)
		close(fd);
	return good;
}

enum err
state_make_for_user(const char *dir, const char *user, struct buf *why)
{
	struct stat st = {.st_uid = 0};
	const bool mine = geteuid() != 0 || stat(dir, &st) == 0;
	const struct passwd *owner = NULL;
	enum err err;

	if (!mine && user[0] != '\0') {
		owner = getpwnam(user);
		if (owner == NULL) {
			buf_printf(why, "no such user: %s", user);
			return ERR_MISSING;
		}
		st.st_uid = owner->pw_uid;
		st.st_gid = owner->pw_gid;
	}
	err = state_make_folder(dir, 0750, why);
	if (err != OK || mine || (owner == NULL && !look_at_parent(dir, &st)))
		return err;
	return give_made(dir, &st) ? OK : failed(why, "cannot give away", dir);
}

enum err
state_migrate(const char *dir, const char *capsule, struct buf *why)
{
	struct file_path database, schema, content;
	enum err err;

	err = file_path_join(&database, dir, STATE_DATABASE);
	if (err == OK)
		err = file_path_join(&schema, capsule, CAPSULE_SCHEMA);
	if (err == OK)
		err = file_path_join(&content, capsule, CAPSULE_CONTENT);
	if (err != OK)
		buf_text(why, "a folder's path is too long");
	else
		err = store_migrate(
		    database.text, schema.text, content.text, why);
	return err;
}

/* Another process has the lock: name the process, if it still has it. */
static enum err
say_holder(struct buf *why, const char *dir, int fd)
{
	struct flock held = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fcntl(fd, F_GETLK, &held) == 0 && held.l_type != F_UNLCK)
		buf_printf(why, "another guiju (process %ld) serves from %s",
		    (long)held.l_pid, dir);
	else
		buf_printf(why, "another guiju serves from %s", dir);
	return ERR_BUSY;
}

static const char *
role_name(enum role role)
{
	return role == ROLE_REPLICA ? "replica\n" : "primary\n";
}

/* Write the role into the lock file. A failure is ignored: the role is a hint
 * for other tools, and serving does not depend on it. */
static void
write_role(int fd, enum role role)
{
	const char *name = role_name(role);

	if (ftruncate(fd, 0) != 0 ||
	    pwrite(fd, name, strlen(name), 0) != (ssize_t)strlen(name))
		errno = 0;
}

bool
state_is_copy(const char *dir)
{
	const char *copy = role_name(ROLE_REPLICA);
	char text[16] = "";
	struct file_path path;
	int fd = -1;
	bool is_copy;

	if (file_path_join(&path, dir, STATE_LOCK) == OK)
		fd = open(path.text,
		    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	is_copy = fd >= 0 && read(fd, text, sizeof(text)) > 0 &&
	    strncmp(text, copy, strlen(copy)) == 0;
	if (fd >= 0)
		close(fd);
	return is_copy;
}

enum err
state_lock(const char *dir, enum role role, int *lock, struct buf *why)
{
	struct flock wanted = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct file_path path;
	enum err err;
	int fd = -1;

	err = file_path_join(&path, dir, STATE_LOCK);
	if (err != OK)
		return err;
	fd = open(path.text, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd < 0)
		err = failed(why, "cannot open", path.text);
	else if (fcntl(fd, F_SETLK, &wanted) == 0)
		*lock = fd;
	else if (errno == EACCES || errno == EAGAIN)
		err = say_holder(why, dir, fd);
	else
		err = failed(why, "cannot lock", path.text);
	if (err == OK)
		write_role(fd, role);
	else if (fd >= 0)
		close(fd);
	return err;
}

/* Do something with every entry of a folder that is not a folder. */
static bool
each_file(DIR *folder,
    int (*act)(int at, const char *name, const struct stat *status,
	const struct passwd *user),
    const struct passwd *user)
{
	const struct dirent *entry;
	struct stat status;
	bool good = true;

	while (good && (entry = readdir(folder)) != NULL)
		if (fstatat(dirfd(folder), entry->d_name, &status,
			AT_SYMLINK_NOFOLLOW) == 0 &&
		    !S_ISDIR(status.st_mode))
			good = act(dirfd(folder), entry->d_name, &status,
				   user) == 0 ||
			    errno == ENOENT;
	return good;
}

/* A file with a second name (hard link) is not given: somebody who could write
 * here before may have linked one of root's files into this folder. What is
 * looked at is what is given: the open file, whatever its name is by then. */
static int
give_file(int at, const char *name, const struct stat *status,
    const struct passwd *user)
{
	struct stat file;
	int fd, code = 0;

	if (!S_ISREG(status->st_mode))
		return 0;
	fd = openat(at, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return errno == ELOOP ? 0 : -1;
	if (fstat(fd, &file) != 0)
		code = -1;
	else if (S_ISREG(file.st_mode) && file.st_nlink == 1)
		code = fchown(fd, user->pw_uid, user->pw_gid);
	close(fd);
	return code;
}

static int
remove_file(int at, const char *name, const struct stat *status,
    const struct passwd *user)
{
	(void)status;
	(void)user;
	return unlinkat(at, name, 0);
}

/* Give away an open folder and the files in it. Closes fd. */
static bool
give_open(int fd, const struct passwd *user)
{
	DIR *folder = fdopendir(fd);
	bool good;

	if (folder == NULL) {
		close(fd);
		return false;
	}
	good = fchown(fd, user->pw_uid, user->pw_gid) == 0 &&
	    each_file(folder, give_file, user);
	closedir(folder);
	return good;
}

/* Give away the state folder, also if its name is a symbolic link, and the
 * folders of the nightly work, of the tallies and of the uploads in it, if they
 * exist and are not links. Their owner may be root, if the server ran as root
 * before. */
static bool
give_folder(const char *dir, const struct passwd *user)
{
	static const char *const below[] = {
	    NIGHTLY_FOLDER, NIGHTLY_PUBLIC, STATE_TALLIES, STATE_UPLOADS};
	const size_t count = sizeof(below) / sizeof(*below);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int inside[sizeof(below) / sizeof(*below)];
	bool good = true;

	if (fd < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		inside[i] = openat(fd, below[i],
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	for (size_t i = 0; i < count; i++)
		if (inside[i] >= 0)
			good = give_open(inside[i], user) && good;
	return give_open(fd, user) && good;
}

enum err
state_name_owner(struct config *config)
{
	const struct passwd *user = NULL;
	struct str name;
	struct stat st;

	if (geteuid() == 0 && config->user[0] == '\0' &&
	    stat(config->state, &st) == 0 && st.st_uid != 0)
		user = getpwuid(st.st_uid);
	if (user == NULL)
		return OK;
	name = arena_str(config->arena, str_from(user->pw_name));
	if (name.data == NULL)
		return ERR_NOMEM;
	config->user = name.data;
	return OK;
}

/* Find the user to become. NULL in *out: this process stays what it is. */
static enum err
find_user(const char *name, const struct passwd **out, struct buf *why)
{
	const struct passwd *user;

	*out = NULL;
	if (name[0] == '\0' || geteuid() != 0)
		return OK;
	errno = 0;
	user = getpwnam(name);
	if (user == NULL || user->pw_uid == 0) {
		buf_printf(why, "cannot become user %s: %s", name,
		    user != NULL ? "that is root" : "no such user");
		return ERR_MISSING;
	}
	*out = user;
	return OK;
}

enum err
state_become(const char *name, struct buf *why)
{
	const struct passwd *user;
	enum err err = find_user(name, &user, why);
	gid_t group;

	if (user == NULL)
		return err;
	group = user->pw_gid;
	if (capability_seal() != OK || setgroups(1, &group) != 0 ||
	    setgid(group) != 0 || setuid(user->pw_uid) != 0)
		return failed(why, "cannot become user", name);
	if (setuid(0) == 0) {
		buf_text(why, "cannot give up being root");
		return ERR_BUG;
	}
	return OK;
}

enum err
state_become_user(const struct config *config, struct buf *why)
{
	const struct passwd *user;
	enum err err = find_user(config->user, &user, why);

	/* The folder of a replica belongs to whoever copies the database. */
	if (user != NULL && config->role == ROLE_PRIMARY &&
	    !give_folder(config->state, user))
		return failed(why, "cannot give away", config->state);
	return err != OK ? err : state_become(config->user, why);
}

static void
remove_folder(const char *dir)
{
	DIR *folder = opendir(dir);

	if (folder != NULL) {
		(void)each_file(folder, remove_file, NULL);
		closedir(folder);
	}
	(void)rmdir(dir);
}

void
state_remove_folder(const char *dir)
{
	struct file_path tallies;

	if (file_path_join(&tallies, dir, STATE_TALLIES) == OK)
		remove_folder(tallies.text);
	remove_folder(dir);
}

enum err
state_make_uploads(const char *dir, bool sweep, struct buf *why)
{
	struct file_path path;
	enum err err = file_path_join(&path, dir, STATE_UPLOADS);
	DIR *folder;

	if (err == OK)
		err = state_make_folder(path.text, 0700, why);
	if (err != OK || !sweep)
		return err;
	folder = opendir(path.text);
	if (folder == NULL)
		return failed(why, "cannot read", path.text);
	if (!each_file(folder, remove_file, NULL))
		err = failed(why, "cannot empty", path.text);
	closedir(folder);
	return err;
}

/* Is it a tally that an older version has left in the state folder? */
static bool
is_old_tally(int at, const char *name)
{
	struct stat st;

	return str_ends(str_from(name), STR(".tally")) &&
	    fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISREG(st.st_mode);
}

/* A file of the same name in the new place is replaced: it is older, because
 * each start of a server that counts there has moved what it found here. */
static enum err
move_tallies(DIR *folder, const char *tallies, struct buf *why)
{
	const struct dirent *entry;
	enum err err = OK;
	int to = -1;

	while (err == OK && (entry = readdir(folder)) != NULL) {
		if (!is_old_tally(dirfd(folder), entry->d_name))
			continue;
		if (to < 0)
			err = state_make_folder(tallies, 0750, why);
		if (err == OK && to < 0)
			to = open(tallies,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (err == OK &&
		    (to < 0 ||
			renameat(dirfd(folder), entry->d_name, to,
			    entry->d_name) != 0))
			err = failed(why, "cannot move tallies to", tallies);
	}
	if (to >= 0)
		close(to);
	return err;
}

enum err
state_move_tallies(const char *dir, struct buf *why)
{
	struct file_path tallies;
	enum err err = file_path_join(&tallies, dir, STATE_TALLIES);
	DIR *folder;

	if (err != OK)
		return err;
	folder = opendir(dir);
	if (folder == NULL)
		return failed(why, "cannot read", dir);
	err = move_tallies(folder, tallies.text, why);
	if (err == OK)
		(void)unlinkat(dirfd(folder), "tally.lock", 0);
	closedir(folder);
	return err;
}
