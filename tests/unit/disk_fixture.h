/* SPDX-License-Identifier: ISC */
/*
 * A disk that fails when it is told to: an SQLite VFS around the system's. It
 * counts every call that reaches a file and lets one of them fail; and it
 * keeps what each file would hold had the power gone since its last sync, so
 * that at any call the disk can be shown as it would come up again. Included
 * once by each test file.
 */
#ifndef GUIJU_TESTS_UNIT_DISK_FIXTURE_H
#define GUIJU_TESTS_UNIT_DISK_FIXTURE_H

#include <sqlite3.h>

enum disk_fault {
	DISK_EIO,  /* the call fails */
	DISK_FULL, /* what would need room fails */
	DISK_TORN  /* a write fails half way */
};

enum { DISK_FILES = 32, SECTOR = 512 };

/* A write, or (without data) a truncation, that has not been synced. */
struct disk_change {
	off_t at;
	size_t len;
	unsigned char *data;
};

/* A file by its inode: it may be renamed. */
struct disk_file {
	ino_t inode;
	unsigned char *image; /* as of the last sync */
	size_t size;
	struct disk_change *changes;
	size_t count;
};

static struct {
	sqlite3_vfs vfs, *real;
	unsigned calls;   /* so far */
	unsigned fail_at; /* 0: never */
	enum disk_fault how;
	unsigned fail_sync_in; /* syncs; 0: never */
	bool failed;           /* one has */
	bool failed_sync;      /* that was a sync */
	unsigned syncs;        /* that were tried */
	bool recording;        /* keep images */
	void (*at_call)(void); /* before each, may be NULL */
	struct disk_file files[DISK_FILES];
} disk;

struct shim_file {
	sqlite3_file base;
	sqlite3_file *real;
	struct disk_file *its; /* NULL: not recorded */
};

/* Count a call; true: it is to fail. */
static inline bool
disk_fails(bool needs_room)
{
	if (disk.at_call != NULL)
		disk.at_call();
	if (++disk.calls != disk.fail_at ||
	    (disk.how != DISK_EIO && !needs_room))
		return false;
	disk.failed = true;
	return true;
}

/* ---- what the disk holds -------------------------------------------- */

static inline void
disk_forget(struct disk_file *file)
{
	for (size_t i = 0; i < file->count; i++)
		free(file->changes[i].data);
	free(file->changes);
	file->changes = NULL;
	file->count = 0;
}

static inline void
disk_change(struct disk_file *file, off_t at, const void *data, size_t len)
{
	struct disk_change change = {.at = at, .len = len};

	if (file == NULL || !disk.recording)
		return;
	if (data != NULL) {
		change.data = malloc(len);
		assert_non_null(change.data);
		memcpy(change.data, data, len);
	}
	file->changes =
	    realloc(file->changes, (file->count + 1) * sizeof(*file->changes));
	assert_non_null(file->changes);
	file->changes[file->count++] = change;
}

static inline void
disk_resize(struct disk_file *file, size_t size)
{
	if (size == file->size)
		return;
	file->image = realloc(file->image, size > 0 ? size : 1);
	assert_non_null(file->image);
	if (size > file->size)
		memset(file->image + file->size, 0, size - file->size);
	file->size = size;
}

/*
 * Put a change into the image. part 0: all of it; else one sector in two, as
 * the numbers from *part have it, and a truncation perhaps.
 */
static inline void
disk_apply(
    struct disk_file *file, const struct disk_change *change, unsigned *part)
{
	size_t end = (size_t)change->at + change->len, n;

	if (change->data == NULL) {
		if (*part == 0 || rand_r(part) % 2 == 0)
			disk_resize(file, (size_t)change->at);
		return;
	}
	if (end > file->size)
		disk_resize(file, end);
	for (size_t i = 0; i < change->len; i += n) {
		n = SECTOR - ((size_t)change->at + i) % SECTOR;
		if (n > change->len - i)
			n = change->len - i;
		if (*part == 0 || rand_r(part) % 2 == 0)
			memcpy(
			    file->image + change->at + i, change->data + i, n);
	}
}

static inline struct disk_file *
disk_file(const char *path)
{
	struct disk_file *file;
	struct stat st;
	int fd;

	if (!disk.recording || path == NULL || stat(path, &st) != 0)
		return NULL;
	for (size_t i = 0; i < DISK_FILES; i++) {
		file = &disk.files[i];
		if (file->inode == st.st_ino)
			return file;
		if (file->inode != 0)
			continue;
		file->inode = st.st_ino;
		disk_resize(file, (size_t)st.st_size);
		fd = open(path, O_RDONLY);
		assert_int_equal(read(fd, file->image, file->size), file->size);
		close(fd);
		return file;
	}
	fail_msg("too many files");
	return NULL;
}

/* A file that is gone: its inode may be another's soon. */
static inline void
disk_gone(const char *path)
{
	struct stat st;

	if (!disk.recording || stat(path, &st) != 0)
		return;
	for (size_t i = 0; i < DISK_FILES; i++)
		if (disk.files[i].inode == st.st_ino) {
			disk_forget(&disk.files[i]);
			free(disk.files[i].image);
			disk.files[i] = (struct disk_file){
			    .inode = (ino_t)-1}; /* keeps its place */
		}
}

/*
 * Write this file as it would be found. part 0: nothing of what was not
 * synced has arrived; else some sectors of it have.
 */
static inline void
disk_show(const char *from, const char *to, unsigned part)
{
	struct disk_file *file = disk_file(from), found;
	int fd;

	unlink(to);
	if (file == NULL)
		return;
	found = (struct disk_file){.inode = 0};
	disk_resize(&found, file->size);
	if (file->size > 0)
		memcpy(found.image, file->image, file->size);
	for (size_t i = 0; part != 0 && i < file->count; i++)
		disk_apply(&found, &file->changes[i], &part);
	fd = open(to, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, found.image, found.size), found.size);
	close(fd);
	free(found.image);
}

/* ---- the methods of a file ------------------------------------------ */

#define REAL(f) (((struct shim_file *)(void *)(f))->real)
#define ITS(f) (((struct shim_file *)(void *)(f))->its)

static int
shim_close(sqlite3_file *f)
{
	return REAL(f)->pMethods->xClose(REAL(f));
}

static int
shim_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	if (disk_fails(false))
		return SQLITE_IOERR_READ;
	return REAL(f)->pMethods->xRead(REAL(f), to, n, at);
}

static int
shim_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	bool fails = disk_fails(true);
	int code;

	if (fails && disk.how == DISK_EIO)
		return SQLITE_IOERR_WRITE;
	if (fails && disk.how == DISK_TORN)
		n /= 2;
	if (fails && disk.how == DISK_FULL)
		return SQLITE_FULL;
	code = REAL(f)->pMethods->xWrite(REAL(f), from, n, at);
	if (code == SQLITE_OK)
		disk_change(ITS(f), at, from, (size_t)n);
	return fails ? SQLITE_FULL : code;
}

static int
shim_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	int code;

	if (disk_fails(false))
		return SQLITE_IOERR_TRUNCATE;
	code = REAL(f)->pMethods->xTruncate(REAL(f), size);
	if (code == SQLITE_OK)
		disk_change(ITS(f), size, NULL, 0);
	return code;
}

/* The machine's own disk is spared: nobody cuts its power. */
static int
shim_sync(sqlite3_file *f, int flags)
{
	struct disk_file *its = ITS(f);
	unsigned whole = 0;

	(void)flags;
	disk.syncs++;
	if (disk_fails(false) ||
	    (disk.fail_sync_in > 0 && --disk.fail_sync_in == 0)) {
		disk.failed_sync = true;
		return SQLITE_IOERR_FSYNC;
	}
	if (its == NULL)
		return SQLITE_OK;
	for (size_t i = 0; i < its->count; i++)
		disk_apply(its, &its->changes[i], &whole);
	disk_forget(its);
	return SQLITE_OK;
}

static int
shim_size(sqlite3_file *f, sqlite3_int64 *size)
{
	if (disk_fails(false))
		return SQLITE_IOERR_FSTAT;
	return REAL(f)->pMethods->xFileSize(REAL(f), size);
}

static int
shim_lock(sqlite3_file *f, int level)
{
	if (disk_fails(false))
		return SQLITE_IOERR_LOCK;
	return REAL(f)->pMethods->xLock(REAL(f), level);
}

static int
shim_unlock(sqlite3_file *f, int level)
{
	return REAL(f)->pMethods->xUnlock(REAL(f), level);
}

static int
shim_check_lock(sqlite3_file *f, int *out)
{
	return REAL(f)->pMethods->xCheckReservedLock(REAL(f), out);
}

static int
shim_control(sqlite3_file *f, int what, void *argument)
{
	return REAL(f)->pMethods->xFileControl(REAL(f), what, argument);
}

static int
shim_sector(sqlite3_file *f)
{
	return REAL(f)->pMethods->xSectorSize(REAL(f));
}

static int
shim_traits(sqlite3_file *f)
{
	return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f));
}

static int
shim_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
	if (disk_fails(extend != 0))
		return disk.how == DISK_EIO ? SQLITE_IOERR_SHMMAP
					    : SQLITE_IOERR_SHMSIZE;
	return REAL(f)->pMethods->xShmMap(REAL(f), page, size, extend, out);
}

static int
shim_map_lock(sqlite3_file *f, int at, int n, int flags)
{
	if ((flags & SQLITE_SHM_LOCK) != 0 && disk_fails(false))
		return SQLITE_IOERR_SHMLOCK;
	return REAL(f)->pMethods->xShmLock(REAL(f), at, n, flags);
}

static void
shim_map_barrier(sqlite3_file *f)
{
	REAL(f)->pMethods->xShmBarrier(REAL(f));
}

static int
shim_unmap(sqlite3_file *f, int remove)
{
	return REAL(f)->pMethods->xShmUnmap(REAL(f), remove);
}

static int
shim_fetch(sqlite3_file *f, sqlite3_int64 at, int n, void **out)
{
	return REAL(f)->pMethods->xFetch(REAL(f), at, n, out);
}

static int
shim_unfetch(sqlite3_file *f, sqlite3_int64 at, void *page)
{
	return REAL(f)->pMethods->xUnfetch(REAL(f), at, page);
}

/* ---- the disk ------------------------------------------------------- */

static int
shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags,
    int *out_flags)
{
	static const sqlite3_io_methods methods = {3, shim_close, shim_read,
	    shim_write, shim_truncate, shim_sync, shim_size, shim_lock,
	    shim_unlock, shim_check_lock, shim_control, shim_sector,
	    shim_traits, shim_map, shim_map_lock, shim_map_barrier, shim_unmap,
	    shim_fetch, shim_unfetch};
	struct shim_file *file = (struct shim_file *)(void *)f;
	int code;

	(void)vfs;
	*file = (struct shim_file){.real = (sqlite3_file *)(void *)(file + 1)};
	if (disk_fails((flags & SQLITE_OPEN_CREATE) != 0))
		return SQLITE_CANTOPEN;
	code = disk.real->xOpen(disk.real, name, file->real, flags, out_flags);
	if (code != SQLITE_OK)
		return code;
	file->its = disk_file(name);
	file->base.pMethods = &methods;
	return SQLITE_OK;
}

static int
shim_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
	(void)vfs;
	if (disk_fails(false))
		return SQLITE_IOERR_DELETE;
	disk_gone(name);
	return disk.real->xDelete(disk.real, name, sync_folder);
}

static int
shim_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	(void)vfs;
	if (disk_fails(false))
		return SQLITE_IOERR_ACCESS;
	return disk.real->xAccess(disk.real, name, flags, out);
}

static int
shim_path(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
	(void)vfs;
	return disk.real->xFullPathname(disk.real, name, n, out);
}

/* From now on all databases are on this disk; before the first is opened. */
static inline int
disk_install(void **state)
{
	(void)state;
	disk.real = sqlite3_vfs_find(NULL);
	disk.vfs = *disk.real;
	disk.vfs.pNext = NULL;
	disk.vfs.zName = "disk";
	disk.vfs.szOsFile += (int)sizeof(struct shim_file);
	disk.vfs.xOpen = shim_open;
	disk.vfs.xDelete = shim_delete;
	disk.vfs.xAccess = shim_access;
	disk.vfs.xFullPathname = shim_path;
	return sqlite3_vfs_register(&disk.vfs, 1);
}

#endif
