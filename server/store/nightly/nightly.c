/* SPDX-License-Identifier: ISC */
/*
 * The steps of the nightly work. A lock on the working folder allows one run at
 * a time. A run that is killed leaves only files in that folder, which the next
 * run removes: the published files are replaced at the very end.
 */
#include "store/nightly/nightly.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/file_path.h"
#include "store/nightly/internal.h"
#include "store/sql_file.h"
#include "store/schema.h"
#include "store/store.h"

enum {
	WHY_MAX_BYTES = 2048,
	FOLDER_MODE = 0750,
	/* Free space besides a copy of the database and files of that size. */
	ROOM_BYTES_MIN = 32 * 1024 * 1024
};

#define COPY "copy.db"
#define DONE "done"

struct night {
	const char *capsule, *state;
	/* Paths, ended by NUL. */
	struct file_path database, schema, folder, public_folder, copy;
	struct file_path exports;
	int work, given_out; /* open folders, or -1 */
	struct made_list made;
	struct buf why;
};

static enum err
say_why(struct night *night, enum err err)
{
	if (err != OK)
		log_error("nightly: %.*s", STR_ARG(buf_view(&night->why)));
	buf_clear(&night->why);
	return err;
}

static enum err
failed(struct night *night, const char *what, const char *path)
{
	buf_printf(
	    &night->why, "cannot %s %s: %s", what, path, strerror(errno));
	return say_why(night, ERR_IO);
}

static enum err
open_folder(struct night *night, const char *path, int *out)
{
	if (mkdir(path, FOLDER_MODE) != 0 && errno != EEXIST)
		return failed(night, "make", path);
	*out = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return *out >= 0 ? OK : failed(night, "open", path);
}

static enum err
begin(struct night *night)
{
	enum err err;

	if (file_path_join(&night->database, night->state, STATE_DATABASE) !=
		OK ||
	    file_path_join(&night->schema, night->capsule, CAPSULE_SCHEMA) !=
		OK ||
	    file_path_join(&night->folder, night->state, NIGHTLY_FOLDER) !=
		OK ||
	    file_path_join(
		&night->public_folder, night->state, NIGHTLY_PUBLIC) != OK ||
	    file_path_join(&night->copy, night->folder.text, COPY) != OK ||
	    file_path_join(&night->exports, night->capsule, CAPSULE_EXPORT) !=
		OK) {
		log_error("nightly: a folder's path is too long");
		return ERR_LIMIT;
	}
	err = open_folder(night, night->folder.text, &night->work);
	if (err != OK)
		return err;
	if (flock(night->work, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK)
			return failed(night, "lock", night->folder.text);
		log_error("nightly: another night is at work");
		return ERR_BUSY;
	}
	/* SQLite sorts in files, which must be where we may write. */
	sqlite3_temp_directory = sqlite3_mprintf("%s", night->folder.text);
	return open_folder(night, night->public_folder.text, &night->given_out);
}

/* Remove files of a folder: the hidden ones, or all others except DONE. */
static void
sweep_folder(int folder, bool hidden)
{
	DIR *names = folder_names(folder);
	const struct dirent *entry;

	if (names == NULL)
		return;
	while ((entry = readdir(names)) != NULL)
		if ((entry->d_name[0] == '.') == hidden &&
		    strcmp(entry->d_name, DONE) != 0 &&
		    strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			(void)unlinkat(folder, entry->d_name, 0);
	closedir(names);
}

/* Remove the working files of this run, or those of a run that was killed. */
static void
sweep(const struct night *night)
{
	sweep_folder(night->work, false);
	sweep_folder(night->given_out, true);
}

/* Refuse to fill the disk: the portal itself must be able to write. */
static enum err
check_room(struct night *night)
{
	struct statvfs disk;
	struct stat file;
	uint64_t room, wanted;

	if (stat(night->database.text, &file) != 0)
		return failed(night, "find", night->database.text);
	if (fstatvfs(night->work, &disk) != 0)
		return failed(night, "look at", night->folder.text);
	room = (uint64_t)disk.f_bavail * disk.f_frsize;
	wanted = 2 * (uint64_t)file.st_size + ROOM_BYTES_MIN;
	if (!FAULT("room") && room >= wanted)
		return OK;
	buf_printf(&night->why,
	    "the disk has room for %llu MiB, a night needs %llu",
	    (unsigned long long)(room >> 20),
	    (unsigned long long)(wanted >> 20));
	return say_why(night, ERR_LIMIT);
}

static enum err
make_files(struct night *night)
{
	struct scripts scripts = {NULL, 0};
	enum err err = scripts_list(night->exports.text, &scripts, &night->why);

	if (err == ERR_MISSING) { /* a capsule need not have export/ */
		buf_clear(&night->why);
		return OK;
	}
	for (size_t i = 0; err == OK && i < scripts.count; i++)
		err = export_run(scripts.path[i], night->capsule,
		    night->copy.text, night->public_folder.text,
		    night->given_out, &night->made, &night->why);
	scripts_release(&scripts);
	if (err == OK)
		err = publish_files(night->given_out, night->database.text,
		    &night->made, &night->why);
	for (size_t i = 0; err == OK && i < night->made.count; i++)
		log_info("nightly: made %s, %llu bytes",
		    night->made.item[i].name,
		    (unsigned long long)night->made.item[i].bytes);
	return say_why(night, err);
}

static enum err
work(struct night *night)
{
	/* Before the log is emptied: what a script has deleted is then gone
	 * from the log as well. */
	enum err chores = nightly_scripts(
	    night->capsule, night->database.text, NULL, &night->why);
	enum err tended = tend_database(night->database.text);
	enum err err;

	buf_clear(&night->why);
	err = check_room(night);
	if (err == OK)
		err = say_why(night,
		    store_copy(
			night->database.text, night->copy.text, &night->why));
	if (err == OK)
		err = say_why(night,
		    store_verify(night->copy.text, "nightly", &night->why));
	if (err == OK)
		err = say_why(night,
		    schema_examine(
			night->database.text, night->schema.text, &night->why));
	if (err == OK)
		err = make_files(night);
	return chores != OK ? chores : tended != OK ? tended : err;
}

/* Set the time of the empty file DONE to the time of this success. */
static void
note_done(const struct night *night)
{
	int fd = openat(night->work, DONE,
	    O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);

	if (fd < 0 || futimens(fd, NULL) != 0)
		log_warn("nightly: cannot note that it is done: %s",
		    strerror(errno));
	if (fd >= 0)
		close(fd);
}

enum err
nightly_run(const char *capsule, const char *state)
{
	struct night night = {
	    .capsule = capsule, .state = state, .work = -1, .given_out = -1};
	const int64_t began_ms = clock_ms();
	enum err err;

	buf_init(&night.why, WHY_MAX_BYTES);
	err = begin(&night);
	if (err == OK) {
		sweep(&night);
		err = work(&night);
		sweep(&night);
		if (err == OK)
			note_done(&night);
		log_info("nightly: %s in %lld ms",
		    err == OK ? "done" : "not all of it done",
		    (long long)(clock_ms() - began_ms));
	}
	sqlite3_free(sqlite3_temp_directory);
	sqlite3_temp_directory = NULL;
	if (night.given_out >= 0)
		close(night.given_out);
	if (night.work >= 0)
		close(night.work);
	buf_release(&night.why);
	return err;
}
