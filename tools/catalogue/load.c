/* SPDX-License-Identifier: ISC */
/*
 * One file of a table into the database. This file knows transactions, counts,
 * progress and where complaints go; what a row means, only the capsule knows.
 *
 * Parameters that its scripts may ask for, beside the columns of the file:
 *
 *	:kind :file      what is imported; the file's name without folders
 *	:file_day        the day on which the file was written, YYYY-MM-DD
 *	:import_source :import_verified  from the command line
 *	:line            of the row in the file
 *	:fingerprint     32 hex digits of SHA-256: the row's columns that some
 *	                 statement asks for, the head and :import_source
 *	:added :changed :unchanged :refused  rows so far; for end.sql
 *	:batch           of `guiju import undo`
 */
#include "tools/catalogue/load.h"

#include <errno.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "run/complain.h"
#include "store/store.h"
#include "tools/catalogue/rows.h"
#include "tools/catalogue/verdict.h"

enum {
	PATH_BYTES_MAX = 4096,
	WHY_BYTES_MAX = 4096,
	SAID_BYTES_MAX = 1024 * 1024,
	ROW_BYTES_MAX = 16 * 1024 * 1024,
	FINGERPRINT_BYTES = 16,
	PROGRESS_MS = 200,
	PROGRESS_ROWS = 256, /* the clock is looked at once in so many */
	SHANGHAI_S = 8 * 3600
};

/* What the tool provides. */
enum own {
	OWN_KIND,
	OWN_FILE,
	OWN_FILE_DAY,
	OWN_SOURCE,
	OWN_VERIFIED,
	OWN_LINE,
	OWN_FINGERPRINT,
	OWN_ADDED,
	OWN_CHANGED,
	OWN_UNCHANGED,
	OWN_REFUSED,
	OWN_BATCH,
	OWN_COUNT
};

static const char *const own_names[OWN_COUNT] = {
    [OWN_KIND] = "kind",
    [OWN_FILE] = "file",
    [OWN_FILE_DAY] = "file_day",
    [OWN_SOURCE] = "import_source",
    [OWN_VERIFIED] = "import_verified",
    [OWN_LINE] = "line",
    [OWN_FINGERPRINT] = "fingerprint",
    [OWN_ADDED] = "added",
    [OWN_CHANGED] = "changed",
    [OWN_UNCHANGED] = "unchanged",
    [OWN_REFUSED] = "refused",
    [OWN_BATCH] = "batch",
};

struct load {
	const struct load_options *options;
	sqlite3 *db;
	struct names *names;
	struct steps *begin, *row, *end;
	struct once once;
	struct verdict verdict;
	struct buf text, said, why;
	/* The file at hand. */
	const char *file;
	struct rows *rows;
	size_t place[ROWS_COLUMNS_MAX]; /* of its columns; SIZE_MAX: unknown */
	struct buf known;               /* what the fingerprint is made of */
	FILE *errors;
	size_t added, changed, unchanged, refused;
	int64_t shown_ms;
	bool shown;
};

static enum err
execute(struct load *load, const char *sql)
{
	int code = sqlite3_exec(load->db, sql, NULL, NULL, NULL);

	if (code == SQLITE_OK)
		return OK;
	buf_text(&load->why, "the database: ");
	utf8_add_line(&load->why, str_from(sqlite3_errmsg(load->db)));
	return store_err(code) == ERR_INPUT ? ERR_IO : store_err(code);
}

static enum err
open_script(struct load *load, const char *name, struct steps **out)
{
	char path[PATH_BYTES_MAX];
	int n = snprintf(path, sizeof(path), "%s/import/%s.sql",
	    load->options->capsule, name);

	if (n < 0 || n >= (int)sizeof(path)) {
		buf_text(&load->why, "the capsule's name is too long");
		return ERR_INPUT;
	}
	return steps_open(
	    load->db, load->names, path, &verdict_form, out, &load->why);
}

bool
load_knows(const char *capsule, const char *kind)
{
	static const char *const others[] = {"article", "begin", "end", "undo"};
	char path[PATH_BYTES_MAX];
	int n;

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strcmp(kind, others[i]) == 0)
			return false;
	if (kind[strspn(kind, "abcdefghijklmnopqrstuvwxyz")] != '\0')
		return false;
	n = snprintf(path, sizeof(path), "%s/import/%s.sql", capsule, kind);
	return n > 0 && n < (int)sizeof(path) && access(path, R_OK) == 0;
}

static void
release(struct load *load)
{
	steps_close(load->begin);
	steps_close(load->row);
	steps_close(load->end);
	names_free(load->names);
	once_release(&load->once);
	buf_release(&load->text);
	buf_release(&load->said);
	buf_release(&load->known);
	buf_release(&load->why);
}

/* All but the scripts. */
static enum err
prepare(struct load *load, sqlite3 *db, const struct load_options *options)
{
	*load = (struct load){.db = db, .options = options};
	buf_init(&load->why, WHY_BYTES_MAX);
	buf_init(&load->text, WHY_BYTES_MAX);
	buf_init(&load->said, SAID_BYTES_MAX);
	buf_init(&load->known, ROW_BYTES_MAX);
	load->verdict = (struct verdict){
	    .text = &load->text, .said = &load->said, .once = &load->once};
	if (names_new(own_names, OWN_COUNT, NAMES_OPEN, &load->names) != OK) {
		buf_text(&load->why, "memory is out");
		return ERR_NOMEM;
	}
	names_set_text(load->names, OWN_KIND, str_from(options->kind));
	if (options->source != NULL)
		names_set_text(
		    load->names, OWN_SOURCE, str_from(options->source));
	if (options->verified != NULL)
		names_set_text(
		    load->names, OWN_VERIFIED, str_from(options->verified));
	return OK;
}

/* Nothing but a number and what can be seen from afar. */
static void
show_progress(struct load *load, size_t rows, const char *doing)
{
	int64_t now_ms;

	if (rows % PROGRESS_ROWS != 0 || load->options->quiet ||
	    !isatty(STDERR_FILENO))
		return;
	now_ms = clock_ms();
	if (load->shown && now_ms - load->shown_ms < PROGRESS_MS)
		return;
	load->shown = true;
	load->shown_ms = now_ms;
	if (doing != NULL)
		fprintf(stderr, "\r%s\033[K", doing);
	else
		fprintf(stderr, "\r%zu rows, %u %%\033[K", rows,
		    rows_percent(load->rows));
	fflush(stderr);
}

static void
hide_progress(struct load *load)
{
	if (load->shown)
		fprintf(stderr, "\r\033[K");
	load->shown = false;
}

/* Where refused rows go; opened for the first. NULL: standard error. */
static FILE *
errors_file(struct load *load)
{
	char path[PATH_BYTES_MAX];
	const char *name = load->options->errors;
	int n;

	if (load->errors != NULL || load->refused > 1)
		return load->errors;
	n = name != NULL
	    ? snprintf(path, sizeof(path), "%s", name)
	    : snprintf(path, sizeof(path), "%s.errors", load->file);
	if (n > 0 && n < (int)sizeof(path))
		load->errors = fopen(path, "we");
	if (load->errors == NULL) {
		hide_progress(load);
		complain("import: cannot write %s: %s; refused rows follow",
		    path, strerror(errno));
	}
	return load->errors;
}

static void
refuse(struct load *load, size_t line, struct str why)
{
	FILE *file;

	load->refused++;
	file = errors_file(load);
	if (file != NULL) {
		fprintf(file, "%s:%zu: %.*s\n", load->file, line, STR_ARG(why));
		return;
	}
	hide_progress(load);
	complain("import: %s:%zu: %.*s", load->file, line, STR_ARG(why));
}

/* The columns that some statement asks for; the others are named. */
static enum err
map_columns(struct load *load)
{
	size_t n = rows_columns(load->rows), known = 0;
	struct buf skipped;

	buf_init(&skipped, WHY_BYTES_MAX);
	for (size_t i = 0; i < n; i++) {
		struct str name = rows_column(load->rows, i);
		size_t place = names_asked(load->names, name);
		/* A column cannot stand for what the tool provides. */
		if (place < OWN_COUNT)
			place = SIZE_MAX;
		load->place[i] = place;
		if (place != SIZE_MAX) {
			known++;
		} else {
			buf_text(&skipped, skipped.len > 0 ? ", " : "");
			utf8_add_line(&skipped, name);
		}
	}
	if (skipped.len > 0 && known > 0)
		complain("import: %s: no use for the columns %.*s", load->file,
		    STR_ARG(buf_view(&skipped)));
	buf_release(&skipped);
	if (known > 0)
		return OK;
	buf_printf(&load->why, "%s: none of its columns belongs to %s",
	    load->file, load->options->kind);
	return ERR_INPUT;
}

/* The row's columns are parameters; and their fingerprint. */
static enum err
offer(struct load *load, const struct row *row, char hex[])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE];

	buf_clear(&load->known);
	if (load->options->source != NULL)
		buf_text(&load->known, load->options->source);
	for (size_t i = 0; i < rows_columns(load->rows); i++) {
		if (load->place[i] == SIZE_MAX)
			continue;
		names_set_text(load->names, load->place[i], row->field[i]);
		if (row->field[i].len == 0)
			continue;
		buf_char(&load->known, '\n');
		buf_str(&load->known, rows_column(load->rows, i));
		buf_char(&load->known, '=');
		buf_str(&load->known, row->field[i]);
	}
	if (load->known.err != OK ||
	    EVP_Digest(load->known.data == NULL ? "" : load->known.data,
		load->known.len, sum, NULL, EVP_sha256(), NULL) != 1) {
		buf_text(&load->why, "memory is out");
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < FINGERPRINT_BYTES; i++) {
		hex[2 * i] = digits[sum[i] >> 4];
		hex[2 * i + 1] = digits[sum[i] & 15];
	}
	names_set_text(load->names, OWN_FINGERPRINT,
	    (struct str){hex, 2 * FINGERPRINT_BYTES});
	names_set_int(load->names, OWN_LINE, (int64_t)row->line);
	return OK;
}

/* What a row's statements said, each line with its place. */
static void
print_said(struct load *load, size_t line)
{
	struct str rest = buf_view(&load->said), part;

	if (rest.len == 0 || load->options->quiet)
		return;
	hide_progress(load);
	while (str_next_line(&rest, &part))
		if (line > 0)
			printf("%6zu  %.*s\n", line, STR_ARG(part));
		else
			printf("%.*s\n", STR_ARG(part));
}

/* Give a row to the capsule. */
static enum err
store_row(struct load *load, const struct row *row)
{
	char hex[2 * FINGERPRINT_BYTES];
	enum err err = offer(load, row, hex);

	load->verdict.line = row->line;
	if (err == OK)
		err = verdict_reach(load->row, &load->verdict, &load->why);
	if (err != OK) {
		buf_printf(&load->why, " (%s:%zu)", load->file, row->line);
		return err;
	}
	print_said(load, row->line);
	switch (load->verdict.kind) {
	case VERDICT_REFUSED:
		refuse(load, row->line, buf_view(&load->text));
		break;
	case VERDICT_UNCHANGED:
		load->unchanged++;
		break;
	case VERDICT_FATAL:
		buf_printf(&load->why, "%s:%zu: %.*s", load->file, row->line,
		    STR_ARG(buf_view(&load->text)));
		return ERR_INPUT;
	case VERDICT_DONE:
		load->changed += load->verdict.changed;
		load->added += !load->verdict.changed;
		break;
	}
	return OK;
}

static enum err
store_rows(struct load *load)
{
	enum err err = OK;

	for (size_t done = 0; err == OK; done++) {
		struct row row;
		show_progress(load, done, NULL);
		rows_next(load->rows, &row, &load->why);
		if (row.kind == ROW_END)
			break;
		if (row.kind == ROW_FAILED) {
			err = row.err;
		} else if (row.kind == ROW_BAD) {
			refuse(load, row.line, buf_view(&load->why));
			buf_clear(&load->why);
		} else {
			err = store_row(load, &row);
		}
	}
	return err;
}

/* begin.sql or end.sql, which speak of the whole file. */
static enum err
run_frame(struct load *load, struct steps *steps)
{
	enum err err;

	names_set_int(load->names, OWN_ADDED, (int64_t)load->added);
	names_set_int(load->names, OWN_CHANGED, (int64_t)load->changed);
	names_set_int(load->names, OWN_UNCHANGED, (int64_t)load->unchanged);
	names_set_int(load->names, OWN_REFUSED, (int64_t)load->refused);
	err = verdict_reach(steps, &load->verdict, &load->why);
	if (err == OK && load->verdict.kind != VERDICT_DONE) {
		buf_str(&load->why, buf_view(&load->text));
		err = ERR_INPUT;
	}
	return err;
}

static bool
is_stored(const struct load *load)
{
	if (load->options->dry_run)
		return false;
	return !steps_gives(load->row, "confirm") ||
	    (load->options->commit && load->refused == 0);
}

static enum err
run_file(struct load *load)
{
	enum err err = execute(load, "BEGIN IMMEDIATE");

	if (err != OK)
		return err;
	err = run_frame(load, load->begin);
	if (err == OK)
		err = store_rows(load);
	if (err == OK) {
		show_progress(load, 0, "search index");
		err = run_frame(load, load->end);
	}
	hide_progress(load);
	if (err == OK)
		print_said(load, 0);
	if (err == OK && is_stored(load))
		err = execute(load, "COMMIT");
	if (!sqlite3_get_autocommit(load->db))
		sqlite3_exec(load->db, "ROLLBACK", NULL, NULL, NULL);
	return err;
}

/* The name without folders, and the day the file was written in Shanghai. */
static enum err
describe(struct load *load, char day[], size_t size)
{
	const char *slash = strrchr(load->file, '/');
	struct stat st;
	struct tm tm;
	time_t t;

	if (stat(load->file, &st) != 0) {
		buf_printf(&load->why, "%s: %s", load->file, strerror(errno));
		return errno == ENOENT ? ERR_MISSING : ERR_IO;
	}
	t = st.st_mtime + SHANGHAI_S;
	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(day, size, "%Y-%m-%d", &tm) == 0)
		return ERR_BUG;
	names_set_text(load->names, OWN_FILE,
	    str_from(slash == NULL ? load->file : slash + 1));
	names_set_text(load->names, OWN_FILE_DAY, str_from(day));
	return OK;
}

static void
sum_up(const struct load *load)
{
	printf("%s: %s%zu new, %zu changed, %zu unchanged, %zu refused\n",
	    load->file, is_stored(load) ? "" : "would be ", load->added,
	    load->changed, load->unchanged, load->refused);
	if (is_stored(load) || load->options->dry_run)
		return;
	if (load->refused > 0)
		printf("nothing is stored until no row is refused\n");
	else
		printf("nothing is stored yet: add --commit\n");
}

static enum err
load_file(struct load *load, const char *file)
{
	char day[sizeof("YYYY-MM-DD.......")];
	enum err err;

	load->file = file;
	load->added = load->changed = load->unchanged = load->refused = 0;
	once_clear(&load->once);
	err = describe(load, day, sizeof(day));
	if (err == OK)
		err = rows_open(file, &load->rows, &load->why);
	if (err == OK)
		err = map_columns(load);
	if (err == OK)
		err = run_file(load);
	if (err == OK)
		sum_up(load);
	/* What this file had is not what the next one has. */
	for (size_t i = 0; load->rows != NULL && i < rows_columns(load->rows);
	     i++)
		if (load->place[i] != SIZE_MAX)
			names_set_text(
			    load->names, load->place[i], (struct str){0});
	rows_close(load->rows);
	load->rows = NULL;
	if (load->errors != NULL && fclose(load->errors) != 0 && err == OK) {
		buf_text(&load->why, "cannot write the file of errors");
		err = ERR_IO;
	}
	load->errors = NULL;
	return err;
}

enum err
load_files(sqlite3 *db, const struct load_options *options, char *const *files,
    size_t count, size_t *refused)
{
	struct load load;
	enum err err = prepare(&load, db, options);

	*refused = 0;
	if (err == OK)
		err = open_script(&load, "begin", &load.begin);
	if (err == OK)
		err = open_script(&load, options->kind, &load.row);
	if (err == OK)
		err = open_script(&load, "end", &load.end);
	/* A bulk load touches much of every index, and what it sorts at the end
	 * is not to be in memory as a whole. */
	if (err == OK)
		err = execute(&load,
		    "PRAGMA cache_size = -131072; PRAGMA temp_store = FILE");
	for (size_t i = 0; i < count && err == OK; i++) {
		err = load_file(&load, files[i]);
		*refused += load.refused;
	}
	if (err != OK)
		complain("import: %.*s", STR_ARG(buf_view(&load.why)));
	release(&load);
	return err;
}

enum err
load_undo(sqlite3 *db, const struct load_options *options, int64_t batch)
{
	struct load load;
	enum err err = prepare(&load, db, options);

	if (err == OK)
		err = open_script(&load, "undo", &load.row);
	if (err == OK)
		err = open_script(&load, "end", &load.end);
	if (err == OK)
		err = execute(&load, "BEGIN IMMEDIATE");
	if (err == OK) {
		names_set_int(load.names, OWN_BATCH, batch);
		err = run_frame(&load, load.row);
		if (err == OK)
			print_said(&load, 0);
		names_set_int(load.names, OWN_BATCH, batch);
		if (err == OK)
			err = run_frame(&load, load.end);
		if (err == OK)
			err = execute(&load, "COMMIT");
		if (!sqlite3_get_autocommit(db))
			sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	}
	if (err != OK)
		complain("import: %.*s", STR_ARG(buf_view(&load.why)));
	release(&load);
	return err;
}
