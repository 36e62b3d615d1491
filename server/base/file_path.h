/* SPDX-License-Identifier: ISC */
/*
 * The names of the files and folders in a capsule and in a state folder, and
 * paths to them. No other file spells these names. Of a file that cannot be
 * used, a message tells the owner.
 */
#ifndef GUIJU_BASE_FILE_PATH_H
#define GUIJU_BASE_FILE_PATH_H

#include <sys/types.h>
#include <stdbool.h>

#include "base/buf.h"

/* In a capsule's folder. */
#define CAPSULE_SETTINGS "capsule.ini"
#define CAPSULE_WORDS "words.ini"
#define CAPSULE_PAGES "pages"
#define CAPSULE_FUNCTIONS "functions"
#define CAPSULE_SCHEMA "schema"
#define CAPSULE_CONTENT "content"
#define CAPSULE_STATIC "static"
#define CAPSULE_EXPORT "export"
#define CAPSULE_NIGHTLY "nightly"
#define CAPSULE_IMPORT "import"
#define CAPSULE_DESK "desk"

/* In a state folder. A process that uses the folder locks STATE_LOCK, which
 * also holds the process's role. */
#define STATE_DATABASE "portal.db"
#define STATE_LOCK "lock"
/* The folder of the tallies, which workers may write to. */
#define STATE_TALLIES "tally"
/* The folder of uploads while they are received, the same. */
#define STATE_UPLOADS "upload"

/* The room for a path with its NUL. Longer paths are refused. */
enum { PATH_MAX_BYTES = 4096 };

struct file_path {
	char text[PATH_MAX_BYTES];
};

/* Write "DIR/NAME" to out, ended by NUL. ERR_LIMIT: the path is too long, and
 * out is empty. */
enum err file_path_join(
    struct file_path *out, const char *dir, const char *name) MUST_CHECK;

/* A file has the same id by each of its paths. Zeroed: no file. */
struct file_id {
	dev_t device;
	ino_t inode;
};

/* Read the id of the file at path. false: there is no file, and *out is
 * unchanged. */
bool file_id_read(const char *path, struct file_id *out);
bool file_id_equal(struct file_id a, struct file_id b);
/* Is this file at path? */
bool file_is_at(struct file_id file, const char *path);

/* Make a file without a name in the folder: when its descriptor is closed,
 * nothing of it is left. -1: no; errno says why. */
int file_unnamed(const char *folder);

/*
 * Append errno as text. If errno is about permissions, append also the file's
 * owner and mode and the user of this process: "Permission denied (it belongs
 * to root, uid 0, mode 0644; this is nobody, uid 65534)". For a missing file
 * these facts are those of its folder.
 */
void owner_add_errno(struct buf *out, const char *path);
/* Is this errno about permissions: would the call have worked for another user
 * or on another mount? */
bool owner_is_to_blame(int error);
/* Append the part in brackets with a blank before it; nothing if the owner is
 * not known. */
void owner_add(struct buf *out, const char *path);

#endif
