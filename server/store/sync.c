/* SPDX-License-Identifier: ISC */
/*
 * The default VFS opens each file. Then the file's table of methods is replaced
 * by a copy in which xSync, xWrite and xShmLock are ours. So all other methods
 * run unchanged. A clock that is stopped (base/clock.h) is SQL's clock as well.
 */
#include "store/sync.h"

#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "base/clock.h"
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

/*
 * The locks of a write-ahead log have numbers (sqlite.org/walformat.html, "WAL
 * Locks"). The kernel frees those of a process that ends, whatever ends it.
 */
enum {
	LOCK_OF_WRITER = 0,
	LOCK_OF_CHECKPOINT = 1,
	LOCK_OTHERS = 2, /* the first one that is SQLite's alone */
	LOCK = SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE,
	UNLOCK = SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE
};

/* Behind what the original VFS stores of a file: a bit for each of the first
 * two locks that SQLite has asked for. While a bit is set, both are held. */
static uint8_t *
asked_of(sqlite3_file *file)
{
	return (uint8_t *)file + original_vfs->szOsFile;
}

static int
unlock_log(sqlite3_file *file, unsigned bits, int others)
{
	const sqlite3_io_methods *original = original_of(file);
	uint8_t *asked = asked_of(file);
	int code = SQLITE_OK;

	if (others > 0)
		code = original->xShmLock(file, LOCK_OTHERS, others, UNLOCK);
	*asked &= (uint8_t)~bits;
	return *asked != 0
	    ? code
	    : original->xShmLock(file, LOCK_OF_WRITER, LOCK_OTHERS, UNLOCK);
}

/* SQLite asks for n locks from `first` on: for one of the two, or in a recovery
 * for that of checkpoints and those after it. */
static int
lock_log(sqlite3_file *file, int first, int n, int how)
{
	const sqlite3_io_methods *original = original_of(file);
	const unsigned both = 1U << LOCK_OF_WRITER | 1U << LOCK_OF_CHECKPOINT;
	const unsigned bits = (((1U << n) - 1) << first) & both;
	const int others = first + n - LOCK_OTHERS;
	uint8_t *asked = asked_of(file);
	int code = SQLITE_OK;

	if (bits == 0 || (how & SQLITE_SHM_SHARED) != 0)
		return original->xShmLock(file, first, n, how);
	if ((how & SQLITE_SHM_UNLOCK) != 0)
		return unlock_log(file, bits, others);
	if (*asked == 0)
		code =
		    original->xShmLock(file, LOCK_OF_WRITER, LOCK_OTHERS, LOCK);
	if (code != SQLITE_OK)
		return code;
	if (others > 0)
		code = original->xShmLock(file, LOCK_OTHERS, others, LOCK);
	if (code == SQLITE_OK)
		*asked |= (uint8_t)bits;
	else if (*asked == 0)
		(void)unlock_log(file, 0, 0);
	return code;
}

static struct methods *
copy_of(const sqlite3_io_methods *original)
{
	for (size_t i = 0; i < METHODS_MAX; i++) {
		if (methods[i].original == NULL) {
			methods[i].ours = *original;
			methods[i].ours.xWrite = write_file;
			methods[i].ours.xSync = sync_file;
			methods[i].ours.xShmLock = lock_log;
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
	*asked_of(file) = 0;
	file->pMethods = &its->ours;
	return SQLITE_OK;
}

/* What 'now' is in SQL, in milliseconds of the Julian day number: the clock may
 * be stopped for a test. */
static int
current_time(sqlite3_vfs *self, sqlite3_int64 *out)
{
	static const sqlite3_int64 unix_epoch_ms = INT64_C(210866760000000);

	(void)self;
	if (!clock_is_stopped())
		return original_vfs->xCurrentTimeInt64(original_vfs, out);
	*out = unix_epoch_ms + clock_now_s() * 1000;
	return SQLITE_OK;
}

bool
sync_log_reset_is_repaired(int version)
{
	return version >= 3051003 ||
	    (version >= 3050007 && version < 3051000) ||
	    (version >= 3044006 && version < 3045000);
}

const char *
sync_vfs(void)
{
	if (original_vfs == NULL) {
		original_vfs = sqlite3_vfs_find(NULL);
		if (original_vfs == NULL)
			return NULL;
		/* All methods but xOpen and the clock are the original's. They
		 * use nothing of their first argument but its pAppData. */
		vfs = *original_vfs;
		vfs.pNext = NULL;
		vfs.zName = "guiju";
		vfs.szOsFile += 1; /* for asked_of() */
		vfs.xOpen = open_file;
		if (vfs.iVersion >= 2 && vfs.xCurrentTimeInt64 != NULL)
			vfs.xCurrentTimeInt64 = current_time;
	}
	return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK ? vfs.zName : NULL;
}

void
sync_when_failed(void (*act)(void *context), void *context)
{
	on_failure = act;
	on_failure_context = context;
}
