/* SPDX-License-Identifier: ISC */
/* Opens the database in the state folder, and writes progress to the terminal.
 */
#include "tools/import/frame.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "page/site.h"
#include "run/config/state.h"
#include "store/defined.h"

enum { WHY_BYTES_MAX = 4096, PROGRESS_MS = 200 };

/* What to do with the database once it is open. */
struct use {
	const struct frame *frame;
	int (*use)(struct store *store, void *context);
	void *context;
	unsigned char secret[SEAL_SECRET_BYTES]; /* for frame->codes */
};

static int
complain_why(const struct buf *why, enum err err)
{
	complain("%.*s", STR_ARG(buf_view(why)));
	return (int)status_of(err);
}

static int
use_config(const struct config *config)
{
	struct buf why;
	enum err err;
	int status = STATUS_OK;

	buf_init(&why, WHY_BYTES_MAX);
	err = config_use(config, &why);
	if (err != OK)
		status = complain_why(&why, err);
	buf_release(&why);
	return status;
}

/* Only the primary writes to a copy: refuse to write into one. */
static int
refuse_copy(const struct config *config)
{
	if (config->role == ROLE_REPLICA)
		complain("this is a copy; do this at its primary");
	else if (state_is_copy(config->state))
		complain("this is a copy (%s was last served with --role "
			 "replica); do this at its primary",
		    config->state);
	else
		return STATUS_OK;
	return STATUS_REFUSED;
}

/* Make the path folder/name; false after a message. */
static bool
join(char out[PATH_MAX_BYTES], const char *folder, const char *name)
{
	int n = snprintf(out, PATH_MAX_BYTES, "%s/%s", folder, name);

	if (n >= 0 && n < PATH_MAX_BYTES)
		return true;
	complain("a folder's name is too long");
	return false;
}

/* Open the database for reading, with the functions of the capsule. */
static enum err
open_reader(const char *database, const char *capsule, struct store **open,
    struct defined **functions, struct buf *why)
{
	enum err err = store_open_copy(database, open, why);

	if (err != OK)
		return err;
	err = defined_open(store_reader(*open), NULL, capsule, functions, why);
	if (err == ERR_INPUT && *functions != NULL) {
		complain("%.*s", STR_ARG(buf_view(why)));
		err = OK;
	}
	return err;
}

/* Migrate and open the database in folder state, and use it. */
static int
store(const struct use *use, const char *state)
{
	char database[PATH_MAX_BYTES], schema[PATH_MAX_BYTES];
	char content[PATH_MAX_BYTES];
	const char *capsule = use->frame->capsule;
	const struct function_host host = {.secret = use->secret};
	struct store *open = NULL;
	struct defined *functions = NULL;
	struct buf why;
	enum err err;
	int status;

	if (!join(database, state, STATE_DATABASE) ||
	    !join(schema, capsule, CAPSULE_SCHEMA) ||
	    !join(content, capsule, CAPSULE_CONTENT))
		return STATUS_USAGE;
	buf_init(&why, WHY_BYTES_MAX);
	if (use->frame->reads) {
		err = open_reader(database, capsule, &open, &functions, &why);
	} else {
		err = store_migrate(database, schema, content, &why);
		if (err == OK)
			err = store_open(database,
			    use->frame->codes ? &host : NULL, &open, &why);
		if (err == OK)
			err = defined_open(store_writer(open), NULL, capsule,
			    &functions, &why);
	}
	if (err != OK)
		status = complain_why(&why, err);
	else
		status = use->use(open, use->context);
	defined_close(functions);
	store_close(open);
	buf_release(&why);
	return status;
}

/* Remove the database, the files that SQLite puts beside it, and the folder. */
static void
remove_state(const char *state)
{
	static const char *const names[] = {STATE_DATABASE,
	    STATE_DATABASE "-wal", STATE_DATABASE "-shm",
	    STATE_DATABASE "-journal"};
	char path[PATH_MAX_BYTES];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (join(path, state, names[i]))
			unlink(path);
	}
	rmdir(state);
}

/* A dry run that finds no database works on a new one in /tmp, and removes it.
 */
static int
store_nowhere(const struct use *use)
{
	char state[] = "/tmp/guiju-import.XXXXXX";
	int status;

	if (mkdtemp(state) == NULL) {
		complain("cannot make a folder in /tmp: %s", strerror(errno));
		return STATUS_FAILURE;
	}
	status = store(use, state);
	remove_state(state);
	return status;
}

/*
 * Make the state folder if it is missing. When root imports, the folder belongs
 * to the user that the server runs as: otherwise the server could not write to
 * it.
 */
static int
prepare(const struct config *config)
{
	struct buf why;
	enum err err;
	int status = STATUS_OK;

	buf_init(&why, WHY_BYTES_MAX);
	err = state_make_for_user(config->state, config->user, &why);
	if (err != OK)
		status = complain_why(&why, err);
	buf_release(&why);
	return status;
}

static int
store_somewhere(const struct use *use, const struct config *config)
{
	char database[PATH_MAX_BYTES];
	struct stat st;

	if (!join(database, config->state, STATE_DATABASE))
		return STATUS_USAGE;
	if (use->frame->existing || use->frame->dry_run) {
		const bool missing =
		    stat(database, &st) != 0 && errno == ENOENT;

		if (missing && use->frame->dry_run)
			return store_nowhere(use);
		if (missing) {
			complain("%s: there is no such database", database);
			return STATUS_REFUSED;
		}
	} else {
		int status = prepare(config);
		if (status != STATUS_OK)
			return status;
	}
	return store(use, config->state);
}

/* Read the key of one-time codes, that of the seals. */
static int
read_secret(struct use *use, const struct config *config)
{
	struct buf why;
	enum err err = OK;
	int status = STATUS_OK;

	buf_init(&why, WHY_BYTES_MAX);
	if (use->frame->codes)
		err = seal_key_read(config->certs, use->secret, &why);
	if (err != OK)
		status = complain_why(&why, err);
	buf_release(&why);
	return status;
}

int
frame_use(const struct frame *frame,
    int (*use)(struct store *store, void *context), void *context)
{
	struct use what = {.frame = frame, .use = use, .context = context};
	struct config config;
	int status = (int)config_open(frame->capsule, frame->flags, &config);

	if (status != STATUS_OK)
		return status;
	status = use_config(&config);
	if (status == STATUS_OK && !frame->reads)
		status = refuse_copy(&config);
	if (status == STATUS_OK)
		status = read_secret(&what, &config);
	if (status == STATUS_OK)
		status = store_somewhere(&what, &config);
	explicit_bzero(what.secret, sizeof(what.secret));
	config_release(&config);
	return status;
}

enum err
frame_execute(sqlite3 *db, const char *sql, struct buf *why)
{
	int code = sqlite3_exec(db, sql, NULL, NULL, NULL);

	if (code == SQLITE_OK)
		return OK;
	buf_text(why, "the database: ");
	utf8_add_line(why, str_from(sqlite3_errmsg(db)));
	/* These statements are the tool's own: no file is at fault. */
	return store_err(code) == ERR_INPUT ? ERR_IO : store_err(code);
}

void
frame_roll_back(sqlite3 *db)
{
	if (!sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
}

int
frame_finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	complain("cannot write to standard output");
	return STATUS_FAILURE;
}

void
progress_begin(struct progress *progress, bool wanted)
{
	*progress = (struct progress){.on = wanted && isatty(STDERR_FILENO)};
}

bool
progress_is_due(struct progress *progress)
{
	int64_t now_ms;

	if (!progress->on)
		return false;
	now_ms = clock_ms();
	if (progress->shown && now_ms - progress->shown_ms < PROGRESS_MS)
		return false;
	progress->shown_ms = now_ms;
	return true;
}

void
progress_show(struct progress *progress, const char *format, ...)
{
	va_list args;

	progress->shown = true;
	fprintf(stderr, "\r");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\033[K");
	fflush(stderr);
}

void
progress_hide(struct progress *progress)
{
	if (progress->shown)
		fprintf(stderr, "\r\033[K");
	progress->shown = false;
}
