/* SPDX-License-Identifier: ISC */
/*
 * Making, checking, mapping and growing the file of a tally. A new file gets
 * its name by link(2) when it is complete. So two processes that make the same
 * file at once end with one file. The code never makes a file shorter, because
 * another process may have mapped the part that would be cut off.
 */
#include "store/internal.h"

#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/log.h"

#define MAGIC "guiju tally 1\n"
#define MAP_BYTES \
	(HEADER_BYTES + (size_t)CHUNK_COUNT * sizeof(struct tally_chunk))

_Static_assert(
    sizeof(struct tally_header) <= HEADER_BYTES, "the header has one page");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2,
    "processes share counters only where atomics need no lock");

enum { FILE_BYTES = MAP_NAME_MAX + 16, LONG_FILE_BYTES = FILE_BYTES + 32 };

static off_t
chunk_offset(size_t n)
{
	return (off_t)(HEADER_BYTES + n * sizeof(struct tally_chunk));
}

/* Make a complete, empty file under a name that only this process uses. */
static bool
make_file(int dir_fd, const char *file)
{
	struct tally_header header = {.magic = MAGIC};
	int fd = openat(dir_fd, file,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
	bool made;

	if (fd < 0)
		return false;
	made = posix_fallocate(fd, 0, HEADER_BYTES) == 0 &&
	    pwrite(fd, &header, sizeof(header), 0) == sizeof(header);
	if (close(fd) != 0)
		made = false;
	if (!made)
		unlinkat(dir_fd, file, 0);
	return made;
}

static enum err
create_file(int dir_fd, const char *file)
{
	char own[LONG_FILE_BYTES];
	enum err err = OK;
	int reason;

	snprintf(own, sizeof(own), "%s.%ld", file, (long)getpid());
	unlinkat(dir_fd, own, 0); /* left by a dead process with our pid */
	if (!make_file(dir_fd, own)) {
		log_error("tally: %s: %s", file, strerror(errno));
		return ERR_IO;
	}
	if (linkat(dir_fd, own, dir_fd, file, 0) != 0 && errno != EEXIST) {
		reason = errno;
		log_error("tally: %s: %s", file, strerror(reason));
		err = ERR_IO;
	}
	unlinkat(dir_fd, own, 0);
	return err;
}

/*
 * Is the file a tally, and long enough for its ready chunks? The size is asked
 * before the header is touched, because a page past the end of the file is a
 * SIGBUS. The size is asked again after ready[] is read: another process makes
 * the file longer first and sets ready[] then, so only a size that is younger
 * than ready[] says that a chunk is missing.
 */
static bool
is_sound(const struct tally_map *map)
{
	const struct tally_header *header = map->header;
	size_t chunks = 0;
	struct stat st;

	if (fstat(map->fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_size < HEADER_BYTES)
		return false;
	if (memcmp(header->magic, MAGIC, sizeof(MAGIC)) != 0)
		return false;
	(void)FAULT("tally-size");
	for (size_t i = 0; i < CHUNK_COUNT; i++)
		if (atomic_load(&header->ready[i]) != 0)
			chunks = i + 1;
	(void)FAULT("tally-size");
	return fstat(map->fd, &st) == 0 && st.st_size >= chunk_offset(chunks);
}

/* ERR_INPUT: the file exists but is not a tally. */
static enum err
map_file(int dir_fd, const char *file, struct tally_map *out)
{
	int fd = openat(dir_fd, file, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	struct tally_map map = {.fd = fd};
	void *place;

	if (fd < 0)
		return errno == ENOENT ? ERR_MISSING : ERR_IO;
	place =
	    mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (place == MAP_FAILED) {
		close(fd);
		return ERR_IO;
	}
	map.header = place;
	map.chunk =
	    (struct tally_chunk *)(void *)((char *)place + HEADER_BYTES);
	if (!is_sound(&map)) {
		tally_map_close(&map);
		return ERR_INPUT;
	}
	*out = map;
	return OK;
}

enum err
tally_map_open(int dir_fd, struct str name, bool create, struct tally_map *out)
{
	char file[FILE_BYTES], bad[LONG_FILE_BYTES];
	enum err err;

	if (name.len > MAP_NAME_MAX)
		return ERR_LIMIT;
	snprintf(file, sizeof(file), "%.*s.tally", STR_ARG(name));
	snprintf(bad, sizeof(bad), "%s.bad", file);
	err = map_file(dir_fd, file, out);
	if (err == ERR_INPUT) {
		log_error("tally: %s is damaged: set aside as %s", file, bad);
		if (renameat(dir_fd, file, dir_fd, bad) != 0 && errno != ENOENT)
			return ERR_IO;
		create = true;
	}
	if (err != ERR_INPUT && (err != ERR_MISSING || !create))
		return err;
	err = create_file(dir_fd, file);
	return err == OK ? map_file(dir_fd, file, out) : err;
}

void
tally_map_close(struct tally_map *map)
{
	if (map->header != NULL)
		munmap(map->header, MAP_BYTES);
	if (map->fd >= 0)
		close(map->fd);
	*map = (struct tally_map){.fd = -1};
}

struct tally_chunk *
tally_map_chunk(const struct tally_map *map, size_t n)
{
	return atomic_load(&map->header->ready[n]) != 0 ? &map->chunk[n] : NULL;
}

struct tally_chunk *
tally_map_need(struct tally_map *map, size_t n)
{
	struct tally_chunk *chunk = tally_map_chunk(map, n);
	int code;

	if (chunk != NULL)
		return chunk;
	/*
	 * On a file system that cannot reserve blocks the C library writes
	 * zeros. Two processes must not do that at the same time. (A lock is
	 * shared by processes that share the descriptor by a fork; so each
	 * worker opens its own.)
	 */
	while (flock(map->fd, LOCK_EX) != 0)
		if (errno != EINTR)
			return NULL;
	chunk = tally_map_chunk(map, n);
	if (chunk == NULL) {
		code = posix_fallocate(
		    map->fd, chunk_offset(n), sizeof(struct tally_chunk));
		if (code == 0) {
			atomic_store(&map->header->ready[n], 1);
			chunk = &map->chunk[n];
		} else {
			log_error(
			    "tally: no room to count in: %s", strerror(code));
		}
	}
	flock(map->fd, LOCK_UN);
	return chunk;
}
