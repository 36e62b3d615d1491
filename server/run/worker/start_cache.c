/* SPDX-License-Identifier: ISC */
/*
 * The cache is two lines: what the database's files look like, and all else
 * that was checked. A symbolic link is not followed, and the content is only
 * compared. A worker in its sandbox cannot write it.
 */
#include "run/worker/start_cache.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/str.h"
#include "base/version.h"
#include "run/config/state.h"
#include "store/functions/fold.h"

enum { CACHE_MAX_BYTES = 1024 };

/* The file of the running program. Only Linux has it; other systems write no
 * cache. */
#define PROGRAM "/proc/self/exe"

/* false: there is no such file. */
static bool
add_facts(struct buf *cache, const char *path)
{
	struct stat facts;

	if (stat(path, &facts) != 0)
		return false;
	buf_printf(cache, " %ju-%ju-%jo-%ju-%ju-%jd-%jd.%09ld",
	    (uintmax_t)facts.st_dev, (uintmax_t)facts.st_ino,
	    (uintmax_t)facts.st_mode, (uintmax_t)facts.st_uid,
	    (uintmax_t)facts.st_gid, (intmax_t)facts.st_size,
	    (intmax_t)facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec);
	return true;
}

/*
 * Make the text of the cache. false: a fact is missing, so there is no cache. A
 * system without PROGRAM has only the first line.
 */
static bool
make(struct buf *cache, const char *state, uint64_t capsule)
{
	char folding[FOLD_NAME_BYTES];
	struct file_path database, wal;
	bool good;

	buf_init(cache, CACHE_MAX_BYTES);
	buf_text(cache, "database");
	good = file_path_join(&database, state, STATE_DATABASE) == OK &&
	    file_path_join(&wal, state, STATE_DATABASE "-wal") == OK &&
	    add_facts(cache, database.text);
	/* Workers that end at the same moment may leave the write-ahead log. */
	if (good && !add_facts(cache, wal.text))
		buf_text(cache, " no log");
	fold_name(folding);
	buf_printf(cache,
	    "\nguiju %s, SQLite %s, folding %s, capsule %016" PRIx64 ",",
	    GUIJU_VERSION, sqlite3_libversion(), folding, capsule);
	if (!add_facts(cache, PROGRAM))
		buf_text(cache, " unknown");
	buf_char(cache, '\n');
	return good && cache->err == OK;
}

static int
open_cache(const char *state, int flags)
{
	struct file_path path;
	int fd = -1;

	if (file_path_join(&path, state, STATE_START_CACHE) == OK)
		fd = open(path.text,
		    flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		    0640);
	return fd;
}

static void
remove_cache(const char *state)
{
	struct file_path path;

	if (file_path_join(&path, state, STATE_START_CACHE) == OK)
		unlink(path.text);
}

void
start_cache_write(const char *state, uint64_t capsule)
{
	struct buf cache;
	int fd = -1;

	remove_cache(state);
	if (make(&cache, state, capsule))
		fd = open_cache(state, O_WRONLY | O_CREAT | O_EXCL);
	if (fd >= 0 && write(fd, cache.data, cache.len) != (ssize_t)cache.len)
		remove_cache(state);
	if (fd >= 0)
		close(fd);
	buf_release(&cache);
}

enum start_cache
start_cache_take(const char *state, uint64_t capsule)
{
	char found[CACHE_MAX_BYTES + 1];
	enum start_cache same = START_CACHE_NOTHING;
	struct str rest, first;
	struct buf cache;
	ssize_t n = -1;
	int fd = open_cache(state, O_RDONLY);

	if (fd < 0)
		return START_CACHE_NOTHING;
	n = read(fd, found, sizeof(found));
	close(fd);
	remove_cache(state);
	if (make(&cache, state, capsule) && n > 0) {
		rest = buf_view(&cache);
		if (str_equal(rest, (struct str){found, (size_t)n}) &&
		    !str_ends(rest, STR(" unknown\n")))
			same = START_CACHE_ALL;
		else if (str_next_line(&rest, &first) &&
		    str_starts((struct str){found, (size_t)n}, first) &&
		    found[first.len] == '\n')
			same = START_CACHE_DATABASE;
	}
	buf_release(&cache);
	return same;
}
