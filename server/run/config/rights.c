/* SPDX-License-Identifier: ISC */
/*
 * Checks of rights with access(2), which checks for the real user of the
 * process. So call them after state_become_user(), or as the user that serves.
 */
#include "run/config/state.h"

#include <sys/stat.h>
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file_path.h"
#include "store/nightly/nightly.h"

/* ---- writing --------------------------------------------------------- */

/* The files of a state folder that we write to, and of its folder of tallies:
 * a start moves the tallies of older versions there. */
static const char *const ours[] = {STATE_DATABASE, STATE_DATABASE "-wal",
    STATE_DATABASE "-shm", STATE_DATABASE "-journal", STATE_LOCK, "tally.lock",
    "*.tally"};

static bool
is_ours(const char *name)
{
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (fnmatch(ours[i], name, FNM_PERIOD) == 0)
			return true;
	return false;
}

/* A file that does not exist passes. */
static enum err
check(const char *path, int how, struct buf *why)
{
	if (access(path, how) == 0 || errno == ENOENT)
		return OK;
	buf_printf(why, "%s: cannot be written: ", path);
	owner_add_errno(why, path);
	return ERR_INPUT;
}

static enum err
check_inside(const char *dir, const char *name, int how, struct buf *why)
{
	struct file_path path;
	enum err err;

	err = file_path_join(&path, dir, name);
	if (err == OK)
		err = check(path.text, how, why);
	else
		buf_printf(why, "%s: its name is too long", dir);
	return err;
}

/* A folder that cannot be listed passes: its own rights are checked before. */
static enum err
check_files(const char *dir, struct buf *why)
{
	const struct dirent *entry;
	enum err err = OK;
	DIR *folder = opendir(dir);

	if (folder == NULL)
		return OK;
	while (err == OK && (entry = readdir(folder)) != NULL)
		if (is_ours(entry->d_name))
			err =
			    check_inside(dir, entry->d_name, R_OK | W_OK, why);
	closedir(folder);
	return err;
}

enum err
rights_of_state(const struct config *config, struct buf *why)
{
	static const char *const below[] = {
	    NIGHTLY_FOLDER, NIGHTLY_PUBLIC, STATE_TALLIES, STATE_UPLOADS};
	struct file_path tallies;
	enum err err;

	if (config->role == ROLE_REPLICA)
		return OK;
	err = check(config->state, R_OK | W_OK | X_OK, why);
	if (err == OK)
		err = check_files(config->state, why);
	for (size_t i = 0; i < sizeof(below) / sizeof(*below) && err == OK; i++)
		err = check_inside(
		    config->state, below[i], R_OK | W_OK | X_OK, why);
	if (err == OK &&
	    file_path_join(&tallies, config->state, STATE_TALLIES) == OK)
		err = check_files(tallies.text, why);
	return err;
}

/* ---- keys ------------------------------------------------------------ */

/* Is path in folder, or the folder itself? Both come from realpath(3). */
static bool
lies_in(struct str path, struct str folder)
{
	if (!str_starts(path, folder))
		return false;
	return path.len == folder.len || path.data[folder.len] == '/' ||
	    str_ends(folder, STR("/"));
}

/* Like realpath(3), but also for a file that does not exist yet in a folder
 * that does. The caller frees the result. NULL: the folder does not exist
 * either, or out of memory. */
static char *
resolve(const char *path)
{
	char *whole = realpath(path, NULL), *folder, *copy;
	const char *name = strrchr(path, '/');
	struct file_path joined;

	if (whole != NULL || errno != ENOENT)
		return whole;
	name = name == NULL ? path : name + 1;
	copy =
	    name == path ? strdup(".") : strndup(path, (size_t)(name - path));
	folder = copy == NULL ? NULL : realpath(copy, NULL);
	free(copy);
	if (folder == NULL)
		return NULL;
	if (file_path_join(&joined, folder, name) == OK)
		whole = strdup(joined.text);
	free(folder);
	return whole;
}

static enum err
check_apart(
    const char *path, const char *folder, const char *what, struct buf *why)
{
	char *inner = resolve(path), *outer = resolve(folder);
	enum err err = OK;

	if (inner != NULL && outer != NULL &&
	    lies_in(str_from(inner), str_from(outer))) {
		buf_printf(why,
		    "%s: a key must not lie in %s, which %s: workers "
		    "would read it. Put it elsewhere (--certs)",
		    path, folder, what);
		err = ERR_INPUT;
	}
	free(inner);
	free(outer);
	return err;
}

static enum err
check_key(const struct config *config, const char *path, struct buf *why)
{
	struct file_path folder;
	enum err err =
	    check_apart(path, config->state, "is the state folder", why);

	if (err == OK &&
	    file_path_join(&folder, config->capsule, CAPSULE_STATIC) == OK)
		err = check_apart(
		    path, folder.text, "is given out to everybody", why);
	return err;
}

enum err
rights_of_keys(const struct config *config, struct buf *why)
{
	enum err err = check_key(config, config->certs, why);
	const struct dirent *entry;
	struct file_path path;
	DIR *folder = opendir(config->certs);

	if (folder == NULL)
		return err;
	while (err == OK && (entry = readdir(folder)) != NULL)
		if (fnmatch("*.key.pem", entry->d_name, FNM_PERIOD) == 0 &&
		    file_path_join(&path, config->certs, entry->d_name) == OK)
			err = check_key(config, path.text, why);
	closedir(folder);
	return err;
}
