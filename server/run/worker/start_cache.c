/* SPDX-License-Identifier: ISC */
/*
 * The note is one line. Workers can write to its folder: so a symbolic link is
 * not followed, and the content is only compared. An attacker who can forge the
 * note can change the database as well.
 */
#include "run/worker/start_cache.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/version.h"
#include "run/config/state.h"
#include "store/functions/fold.h"

enum { NOTE_MAX_BYTES = 1024 };

/* The file of the running program. Only Linux has it; other systems write no
 * note. */
#define PROGRAM "/proc/self/exe"

/* false: there is no such file. */
static bool
add_facts(struct buf *note, const char *path)
{
	struct stat facts;

	if (stat(path, &facts) != 0)
		return false;
	buf_printf(note, " %ju-%ju-%jo-%ju-%ju-%jd-%jd.%09ld",
	    (uintmax_t)facts.st_dev, (uintmax_t)facts.st_ino,
	    (uintmax_t)facts.st_mode, (uintmax_t)facts.st_uid,
	    (uintmax_t)facts.st_gid, (intmax_t)facts.st_size,
	    (intmax_t)facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec);
	return true;
}

/* Make the text of the note. false: a fact is missing, so there is no note. */
static bool
make(struct buf *note, const char *state, uint64_t capsule)
{
	char folding[FOLD_NAME_BYTES];
	struct file_path database, wal;
	bool good;

	buf_init(note, NOTE_MAX_BYTES);
	fold_name(folding);
	buf_printf(note,
	    "guiju %s, SQLite %s, folding %s, capsule %016" PRIx64 ",",
	    GUIJU_VERSION, sqlite3_libversion(), folding, capsule);
	good = file_path_join(&database, state, STATE_DATABASE) == OK &&
	    file_path_join(&wal, state, STATE_DATABASE "-wal") == OK &&
	    add_facts(note, PROGRAM) && add_facts(note, database.text);
	/* Workers that end at the same moment may leave the write-ahead log. */
	if (good && !add_facts(note, wal.text))
		buf_text(note, " no log");
	buf_char(note, '\n');
	return good && note->err == OK;
}

static int
open_note(const char *state, int flags)
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
remove_note(const char *state)
{
	struct file_path path;

	if (file_path_join(&path, state, STATE_START_CACHE) == OK)
		unlink(path.text);
}

void
start_cache_write(const char *state, uint64_t capsule)
{
	struct buf note;
	int fd = -1;

	remove_note(state);
	if (make(&note, state, capsule))
		fd = open_note(state, O_WRONLY | O_CREAT | O_EXCL);
	if (fd >= 0 && write(fd, note.data, note.len) != (ssize_t)note.len)
		remove_note(state);
	if (fd >= 0)
		close(fd);
	buf_release(&note);
}

bool
start_cache_take(const char *state, uint64_t capsule)
{
	char found[NOTE_MAX_BYTES + 1];
	struct buf note;
	ssize_t n = -1;
	bool same;
	int fd = open_note(state, O_RDONLY);

	if (fd < 0)
		return false;
	n = read(fd, found, sizeof(found));
	close(fd);
	remove_note(state);
	same = make(&note, state, capsule) && n == (ssize_t)note.len &&
	    memcmp(found, note.data, note.len) == 0;
	buf_release(&note);
	return same;
}
