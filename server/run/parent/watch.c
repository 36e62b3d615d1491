/* SPDX-License-Identifier: ISC */
/*
 * A fingerprint of a folder: the sum of one hash per file, of its name, size,
 * time, inode and mode. It is a sum because readdir(3) has no order.
 */
#include "run/parent/internal.h"

#include <sys/stat.h>
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"
#include "base/file_path.h"

enum { DEPTH_MAX = 24, FILES_MAX = 50000 };

static uint64_t
hash_file(uint64_t folder, const char *name, const struct stat *status)
{
	const int64_t facts[] = {status->st_size, status->st_mtim.tv_sec,
	    status->st_mtim.tv_nsec, (int64_t)status->st_ino,
	    (int64_t)status->st_mode};

	return hash_more(
	    hash_more(folder, name, strlen(name)), facts, sizeof(facts));
}

/* Add the files below a folder. Closes fd. seed: hash of the path so far. */
static uint64_t
look_into(int fd, uint64_t seed, int depth, int *files)
{
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	struct stat status;
	uint64_t sum = seed;

	if (folder == NULL) {
		if (fd >= 0)
			close(fd);
		return sum;
	}
	while ((entry = readdir(folder)) != NULL && (*files)++ < FILES_MAX) {
		uint64_t one;

		/* Hidden files are not part of a capsule: editors keep theirs
		 * there. */
		if (entry->d_name[0] == '.' ||
		    fstatat(dirfd(folder), entry->d_name, &status,
			AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (!S_ISDIR(status.st_mode)) {
			sum += hash_file(seed, entry->d_name, &status);
			continue;
		}
		one = hash_more(seed, entry->d_name, strlen(entry->d_name));
		if (depth < DEPTH_MAX)
			sum += look_into(openat(dirfd(folder), entry->d_name,
					     O_RDONLY | O_DIRECTORY |
						 O_NOFOLLOW | O_CLOEXEC),
			    one, depth + 1, files);
	}
	closedir(folder);
	return sum;
}

/* Only what is served: the state folder may be in the capsule too, and changes
 * all the time. */
uint64_t
watch_fingerprint(const char *capsule)
{
	static const char *const single[] = {CAPSULE_SETTINGS, CAPSULE_WORDS};
	static const char *const parts[] = {
	    CAPSULE_PAGES, CAPSULE_FUNCTIONS, CAPSULE_SCHEMA, CAPSULE_STATIC};
	int at = open(capsule, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat status;
	uint64_t sum = HASH_START;
	int count = 0;

	if (at < 0)
		return 0;
	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++)
		if (fstatat(at, single[i], &status, 0) == 0)
			sum = hash_file(sum, single[i], &status);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		sum += look_into(
		    openat(at, parts[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC),
		    hash_more(HASH_START, parts[i], strlen(parts[i])), 0,
		    &count);
	close(at);
	return sum;
}

void
watch_begin(struct watch *watch, const char *capsule, int64_t now_ms)
{
	watch->known = watch->last = watch_fingerprint(capsule);
	watch->next_ms = now_ms + WATCH_INTERVAL_MS;
}

bool
watch_poll(struct watch *watch, const char *capsule, int64_t now_ms)
{
	uint64_t now, before = watch->last;

	if (now_ms < watch->next_ms)
		return false;
	now = watch_fingerprint(capsule);
	watch->next_ms = now_ms + WATCH_INTERVAL_MS;
	watch->last = now;
	if (now == watch->known || now != before)
		return false;
	watch->known = now;
	return true;
}
