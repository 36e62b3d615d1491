/* SPDX-License-Identifier: ISC */
/*
 * Imports one file of a table into the database. This file does transactions
 * and counts; only the capsule's scripts know what a row means.
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
 *	:dry_run         1, if nothing is to be stored; else NULL
 */
#include "tools/import/table/internal.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/file_path.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "run/config/complain.h"
#include "store/checkpoint.h"

#define UNDO "undo"

enum {
	PATH_BYTES_MAX = 4096,
	WHY_BYTES_MAX = 4096,
	SAID_BYTES_MAX = 1024 * 1024
};

/* The names that the tool provides. */
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
	OWN_DRY_RUN,
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
    [OWN_DRY_RUN] = "dry_run",
};

struct load {
	const struct load_options *options;
	sqlite3 *db;
	struct names *names;
	struct steps *begin, *row, *end;
	struct seen seen;
	struct verdict verdict;
	struct buf text, said, why;
	/* The file at hand. */
	struct report report;
	struct rows *rows;
	struct columns columns;
	size_t added, changed, unchanged;
};

static enum err
open_script(struct load *load, const char *name, struct steps **out)
{
	char path[PATH_BYTES_MAX];
	int n = snprintf(path, sizeof(path), "%s/" CAPSULE_IMPORT "/%s.sql",
	    load->options->capsule, name);

	if (n < 0 || n >= (int)sizeof(path)) {
		buf_text(&load->why, "the capsule's name is too long");
		return ERR_INPUT;
	}
	return steps_open(
	    load->db, load->names, path, &verdict_form, out, &load->why);
}

/* Compile the scripts of a table. An undo has no begin.sql. */
static enum err
open_scripts(struct load *load, const char *kind)
{
	enum err err = OK;

	if (strcmp(kind, UNDO) != 0)
		err = open_script(load, "begin", &load->begin);
	if (err == OK)
		err = open_script(load, kind, &load->row);
	if (err == OK)
		err = open_script(load, "end", &load->end);
	return err;
}

static void
release(struct load *load)
{
	steps_close(load->begin);
	steps_close(load->row);
	steps_close(load->end);
	verdict_forget(load->db);
	names_free(load->names);
	seen_release(&load->seen);
	buf_release(&load->text);
	buf_release(&load->said);
	columns_release(&load->columns);
	buf_release(&load->why);
}

/* Set up everything but the scripts. */
static enum err
prepare(struct load *load, sqlite3 *db, const struct load_options *options)
{
	*load = (struct load){.db = db,
	    .options = options,
	    .report = {
		.errors_name = options->errors, .quiet = options->quiet}};
	buf_init(&load->why, WHY_BYTES_MAX);
	buf_init(&load->text, WHY_BYTES_MAX);
	buf_init(&load->said, SAID_BYTES_MAX);
	load->verdict = (struct verdict){
	    .text = &load->text, .said = &load->said, .seen = &load->seen};
	progress_begin(&load->report.progress, !options->quiet);
	if (names_new(own_names, OWN_COUNT, &load->names) != OK) {
		buf_text(&load->why, "out of memory");
		return ERR_NOMEM;
	}
	if (verdict_functions(db, &load->verdict) != OK) {
		buf_text(&load->why, "out of memory");
		return ERR_NOMEM;
	}
	columns_init(&load->columns, load->names, options->source);
	names_set_text(load->names, OWN_KIND, str_from(options->kind));
	if (options->dry_run)
		names_set_int(load->names, OWN_DRY_RUN, 1);
	if (options->source != NULL)
		names_set_text(
		    load->names, OWN_SOURCE, str_from(options->source));
	if (options->verified != NULL)
		names_set_text(
		    load->names, OWN_VERIFIED, str_from(options->verified));
	return OK;
}

/* Set the values of a row, and the tool's own names. */
static enum err
offer(struct load *load, const struct row *row, char hex[])
{
	enum err err = columns_offer(&load->columns, row, hex, &load->why);

	if (err != OK)
		return err;
	names_set_text(load->names, OWN_FINGERPRINT,
	    (struct str){hex, COLUMNS_FINGERPRINT});
	names_set_int(load->names, OWN_LINE, (int64_t)row->line);
	return OK;
}

/* Name the columns that no statement asks for. */
static enum err
map_columns(struct load *load)
{
	struct buf skipped;
	size_t known;

	buf_init(&skipped, WHY_BYTES_MAX);
	known = columns_map(&load->columns, load->rows, OWN_COUNT, &skipped);
	if (skipped.len > 0 && known > 0)
		complain("%s: no use for the columns %.*s", load->report.file,
		    STR_ARG(buf_view(&skipped)));
	if (known == 0)
		buf_printf(&load->why,
		    "%s: none of its columns belongs to %s: %.*s",
		    load->report.file, load->options->kind,
		    STR_ARG(buf_view(&skipped)));
	buf_release(&skipped);
	return known > 0 ? OK : ERR_INPUT;
}

/* Hand a row to the capsule's script. */
static enum err
store_row(struct load *load, const struct row *row)
{
	char hex[COLUMNS_FINGERPRINT];
	enum err err = offer(load, row, hex);

	load->verdict.line = row->line;
	if (err == OK)
		err = verdict_reach(load->row, &load->verdict, &load->why);
	if (err != OK) {
		buf_printf(
		    &load->why, " (%s:%zu)", load->report.file, row->line);
		return err;
	}
	report_say(&load->report, row->line, buf_view(&load->said));
	switch (load->verdict.kind) {
	case VERDICT_REFUSED:
		report_refuse(&load->report, row->line, buf_view(&load->text));
		break;
	case VERDICT_UNCHANGED:
		load->unchanged++;
		break;
	case VERDICT_FATAL:
		buf_printf(&load->why, "%s:%zu: %.*s", load->report.file,
		    row->line, STR_ARG(buf_view(&load->text)));
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
		if (progress_is_due(&load->report.progress))
			progress_show(&load->report.progress, "%zu rows, %u %%",
			    done, rows_percent(load->rows));
		rows_next(load->rows, &row, &load->why);
		if (row.kind == ROW_END)
			break;
		if (row.kind == ROW_FAILED) {
			err = row.err;
		} else if (row.kind == ROW_BAD) {
			report_refuse(
			    &load->report, row.line, buf_view(&load->why));
			buf_clear(&load->why);
		} else {
			err = store_row(load, &row);
		}
	}
	return err;
}

/* Run begin.sql or end.sql, which concern the whole file. */
static enum err
run_frame(struct load *load, struct steps *steps)
{
	enum err err;

	names_set_int(load->names, OWN_ADDED, (int64_t)load->added);
	names_set_int(load->names, OWN_CHANGED, (int64_t)load->changed);
	names_set_int(load->names, OWN_UNCHANGED, (int64_t)load->unchanged);
	names_set_int(load->names, OWN_REFUSED, (int64_t)load->report.refused);
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
	return steps_given(load->row, "confirm") == NULL ||
	    (load->options->commit && load->report.refused == 0);
}

static enum err
run_file(struct load *load)
{
	enum err err = frame_execute(load->db, "BEGIN IMMEDIATE", &load->why);

	if (err != OK)
		return err;
	err = run_frame(load, load->begin);
	if (err == OK)
		err = store_rows(load);
	if (err == OK) {
		if (progress_is_due(&load->report.progress))
			progress_show(&load->report.progress, "search index");
		err = run_frame(load, load->end);
	}
	progress_hide(&load->report.progress);
	if (err == OK && is_stored(load)) {
		err = frame_execute(load->db, "COMMIT", &load->why);
		/* After the commit, the messages about the file are true. */
		if (err == OK) {
			report_say(&load->report, 0, buf_view(&load->said));
			checkpoint_if_large(load->db);
		}
	}
	frame_roll_back(load->db);
	return err;
}

/* Set the file's name without folders, and the local day of its last change. */
static enum err
describe(struct load *load, struct buf *day)
{
	const char *slash = strrchr(load->report.file, '/');
	struct stat st;

	if (stat(load->report.file, &st) != 0) {
		buf_printf(
		    &load->why, "%s: %s", load->report.file, strerror(errno));
		return errno == ENOENT ? ERR_MISSING : ERR_IO;
	}
	if (!zone_add(day, st.st_mtime, ZONE_DAY) || day->err != OK)
		return ERR_NOMEM;
	names_set_text(load->names, OWN_FILE,
	    str_from(slash == NULL ? load->report.file : slash + 1));
	names_set_text(load->names, OWN_FILE_DAY, buf_view(day));
	return OK;
}

static void
sum_up(const struct load *load)
{
	const char *errors = report_errors(&load->report);

	printf("%s: %s%zu new, %zu changed, %zu unchanged, %zu refused\n",
	    load->report.file, is_stored(load) ? "" : "would be ", load->added,
	    load->changed, load->unchanged, load->report.refused);
	if (errors != NULL)
		printf("why rows were refused: %s\n", errors);
	if (is_stored(load) || load->options->dry_run)
		return;
	if (load->report.refused > 0)
		printf("nothing is stored until no row is refused\n");
	else
		printf("nothing is stored yet: add --commit\n");
}

static enum err
load_file(struct load *load, const char *file)
{
	struct buf day;
	enum err err;

	load->report.file = file;
	load->report.refused = 0;
	load->added = load->changed = load->unchanged = 0;
	seen_clear(&load->seen);
	buf_init(&day, 64);
	err = describe(load, &day);
	if (err == OK)
		err = rows_open(file, &load->rows, &load->why);
	if (err == OK && rows_charset(load->rows) != NULL)
		complain("%s is not UTF-8, and is read as %s", file,
		    rows_charset(load->rows));
	if (err == OK && rows_caption(load->rows).len > 0)
		complain("%s: not read, above the names of columns: "
			 "%.*s",
		    file, STR_ARG(rows_caption(load->rows)));
	if (err == OK)
		err = map_columns(load);
	if (err == OK)
		err = run_file(load);
	if (err == OK)
		sum_up(load);
	buf_release(&day);
	columns_forget(&load->columns);
	rows_close(load->rows);
	load->rows = NULL;
	if (report_end(&load->report) != OK && err == OK) {
		buf_text(&load->why, "cannot write the file of errors");
		err = ERR_IO;
	}
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
		err = open_scripts(&load, options->kind);
	if (err == OK)
		load.report.shows = steps_given(load.row, "confirm") != NULL;
	/* A bulk load touches much of every index, and what it sorts at the end
	 * is not to be in memory as a whole. */
	if (err == OK)
		err = frame_execute(db,
		    "PRAGMA cache_size = -131072; PRAGMA temp_store = FILE",
		    &load.why);
	for (size_t i = 0; i < count && err == OK; i++) {
		err = load_file(&load, files[i]);
		*refused += load.report.refused;
	}
	if (err != OK)
		complain("%.*s", STR_ARG(buf_view(&load.why)));
	release(&load);
	return err;
}

enum err
load_undo(sqlite3 *db, const struct load_options *options, int64_t batch)
{
	struct load load;
	enum err err = prepare(&load, db, options);

	if (err == OK)
		err = open_scripts(&load, UNDO);
	if (err == OK)
		err = frame_execute(db, "BEGIN IMMEDIATE", &load.why);
	if (err == OK) {
		names_set_int(load.names, OWN_BATCH, batch);
		err = run_frame(&load, load.row);
		if (err == OK)
			report_say(&load.report, 0, buf_view(&load.said));
		names_set_int(load.names, OWN_BATCH, batch);
		if (err == OK)
			err = run_frame(&load, load.end);
		if (err == OK)
			err = frame_execute(db, "COMMIT", &load.why);
		frame_roll_back(db);
	}
	if (err != OK)
		complain("%.*s", STR_ARG(buf_view(&load.why)));
	release(&load);
	return err;
}

enum err
load_check(sqlite3 *db, const char *capsule, const char *kind, struct buf *why)
{
	const struct load_options options = {
	    .capsule = capsule, .kind = kind, .quiet = true};
	struct load load;
	enum err err = prepare(&load, db, &options);

	if (err == OK)
		err = open_scripts(&load, kind);
	buf_str(why, buf_view(&load.why));
	release(&load);
	return err;
}
