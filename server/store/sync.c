/* SPDX-License-Identifier: ISC */
/*
 * The default VFS opens each file. Then the file's table of methods is replaced
 * by a copy in which xSync and xWrite are ours. So all other methods run
 * unchanged.
 */
#include "store/sync.h"

#include <stdbool.h>
#include <stddef.h>

#include <sqlite3.h>

#include "base/fault.h"
#include "base/log.h"

/* A table of methods of the default VFS, and our copy. The VFS has one table
 * per way of locking; a process uses one or two. */
struct methods {
	sqlite3_io_methods ours; /* first: a file points to it */
	const sqlite3_io_methods *original;
};

enum { METHODS_MAX = 4 };

static struct methods methods[METHODS_MAX];
static sqlite3_vfs vfs;
static sqlite3_vfs *original_vfs;

static bool failed;
static void (*on_failure)(void *context);
static void *on_failure_context;

static const sqlite3_io_methods *
original_of(const sqlite3_file *file)
{
	return ((const struct methods *)(const void *)file->pMethods)->original;
}

/* After a failed sync nothing is written: the data would never be synced, but
 * the next process would find it and take it for committed. */
static int
write_file(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
	if (failed || FAULT("write"))
		return SQLITE_IOERR_WRITE;
	return original_of(file)->xWrite(file, from, n, at);
}

void
sync_give_up(const char *why)
{
	if (failed)
		return;
	failed = true;
	log_error("store: %s: nothing more is stored by this process", why);
	if (on_failure != NULL)
		on_failure(on_failure_context);
}

static int
sync_file(sqlite3_file *file, int flags)
{
	int code;

	if (failed)
		return SQLITE_IOERR_FSYNC;
	code = FAULT("sync") ? SQLITE_IOERR_FSYNC
			     : original_of(file)->xSync(file, flags);
	if (code == SQLITE_OK)
		return SQLITE_OK;
	sync_give_up("the disk does not sync");
	return SQLITE_IOERR_FSYNC;
}

static struct methods *
copy_of(const sqlite3_io_methods *original)
{
	for (size_t i = 0; i < METHODS_MAX; i++) {
		if (methods[i].original == NULL) {
			methods[i].ours = *original;
			methods[i].ours.xWrite = write_file;
			methods[i].ours.xSync = sync_file;
			methods[i].original = original;
		}
		if (methods[i].original == original)
			return &methods[i];
	}
	return NULL;
}

static int
open_file(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags,
    int *out_flags)
{
	int code =
	    original_vfs->xOpen(original_vfs, name, file, flags, out_flags);
	struct methods *its;

	(void)self;
	if (code != SQLITE_OK)
		return code;
	its = copy_of(file->pMethods);
	if (its == NULL) {
		file->pMethods->xClose(file);
		file->pMethods = NULL;
		return SQLITE_CANTOPEN;
	}
	file->pMethods = &its->ours;
	return SQLITE_OK;
}

const char *
sync_vfs(void)
{
	if (original_vfs == NULL) {
		original_vfs = sqlite3_vfs_find(NULL);
		if (original_vfs == NULL)
			return NULL;
		/* All methods but xOpen are the original's. They use nothing
		 * of their first argument but its pAppData. */
		vfs = *original_vfs;
		vfs.pNext = NULL;
		vfs.zName = "guiju";
		vfs.xOpen = open_file;
	}
	return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK ? vfs.zName : NULL;
}

void
sync_when_failed(void (*act)(void *context), void *context)
{
	on_failure = act;
	on_failure_context = context;
}
