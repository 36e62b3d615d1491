/* SPDX-License-Identifier: ISC */
/* Reads many files, and stores their articles. */
#include "tools/import/article/batch.h"

#include "base/utf8.h"
#include "run/config/complain.h"
#include "tools/import/article/capsule_sql.h"
#include "tools/import/article/read.h"
#include "tools/import/article/internal.h"
#include "tools/import/customs/date.h"

enum {
	READ_BYTES_MAX = 256 * 1024 * 1024, /* memory to read one file */
	KEEP_BYTES_MAX =
	    1024 * 1024 * 1024, /* memory for all articles of a run */
	SHOW_BYTES_MAX = 16 * 1024 * 1024,
	WHY_BYTES_MAX = 64 * 1024,
	MANY = 20 /* from so many files on, progress is shown */
};

void
batch_release(struct batch *batch)
{
	free(batch->article);
	arena_free(batch->arena);
	*batch = (struct batch){0};
}

/* Read one file into the batch. ERR_INPUT, ERR_IO: it is refused. */
static enum err
read_one(struct batch *batch, struct arena *scratch, const char *file,
    struct buf *why)
{
	const struct batch_options *options = batch->options;
	struct article article;
	enum err err;

	arena_clear(scratch);
	err = article_read(
	    scratch, batch->customs, file, options->kind, &article, why);
	if (err == OK)
		err =
		    attachment_check(scratch, options->capsule, &article, why);
	if (err != OK)
		return err;
	if (!article.has_published && options->published != NULL) {
		article.published = batch->published;
		article.has_published = true;
	}
	if (options->section != NULL)
		article.field[customs_field(batch->customs, "section")] =
		    str_from(options->section);
	err =
	    article_copy(batch->arena, &article, &batch->article[batch->count]);
	if (err != OK)
		buf_text(why, "out of memory: name fewer files at a time");
	else
		batch->count++;
	return err;
}

/* Compare by time. An article without a time comes last, because it is
 * published now. Articles of the same time keep the order of their files. */
static int
by_time(const void *a, const void *b)
{
	const struct article *x = a, *y = b;

	if (x->has_published != y->has_published)
		return x->has_published ? -1 : 1;
	if (x->has_published && x->published != y->published)
		return x->published < y->published ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* Read the files, report each refused file, and sort the articles by time.
 * ERR_NOMEM. */
static enum err
read_all(struct batch *batch, const struct sources *sources)
{
	struct arena *scratch = arena_new(READ_BYTES_MAX);
	enum err err = OK;
	struct buf why;

	batch->arena = arena_new(KEEP_BYTES_MAX);
	batch->article = calloc(sources->count + 1, sizeof(struct article));
	buf_init(&why, WHY_BYTES_MAX);
	if (scratch == NULL || batch->arena == NULL || batch->article == NULL)
		err = ERR_NOMEM;
	for (size_t i = 0; i < sources->count && err != ERR_NOMEM; i++) {
		if (progress_is_due(&batch->progress))
			progress_show(&batch->progress, "reading %zu of %zu", i,
			    sources->count);
		buf_clear(&why);
		err = read_one(batch, scratch, sources->path[i], &why);
		if (err == OK) {
			batch->article[batch->count - 1].number = i;
			continue;
		}
		progress_hide(&batch->progress);
		complain("%.*s", STR_ARG(buf_view(&why)));
		batch->refused++;
	}
	progress_hide(&batch->progress);
	if (batch->count > 1)
		qsort(batch->article, batch->count, sizeof(struct article),
		    by_time);
	buf_release(&why);
	arena_free(scratch);
	return err == ERR_NOMEM ? err : OK;
}

/* The statements around an article: a dry run nests in one transaction. */
struct around {
	const char *begin, *commit, *take_back;
};

static const struct around real = {"BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"};
static const struct around dry = {"SAVEPOINT article", "RELEASE article",
    "ROLLBACK TO article; RELEASE article"};

static const char *
word(const struct batch *batch, enum capsule_answer answer)
{
	bool dry_run = batch->options->dry_run;

	switch (answer) {
	case CAPSULE_ALREADY:
		return "already there, not imported";
	case CAPSULE_REFUSED:
		return "refused";
	case CAPSULE_UPDATED:
		return dry_run ? "would be updated" : "updated";
	case CAPSULE_IMPORTED:
		break;
	}
	return dry_run ? "would be imported" : "imported";
}

static void
count(struct batch *batch, enum capsule_answer answer)
{
	batch->imported += answer == CAPSULE_IMPORTED;
	batch->updated += answer == CAPSULE_UPDATED;
	batch->already += answer == CAPSULE_ALREADY;
	batch->refused += answer == CAPSULE_REFUSED;
}

/* Report links that are not kept, also when quiet: nobody would look for them.
 */
static void
tell_links(struct batch *batch, const struct article *article)
{
	struct str rest, line;
	struct buf out;

	buf_init(&out, 64 * 1024);
	links_tell(&out, batch->arena, article);
	rest = buf_view(&out);
	if (rest.len > 0)
		progress_hide(&batch->progress);
	while (str_next_line(&rest, &line))
		complain("%.*s", STR_ARG(line));
	buf_release(&out);
}

/* Print the note of the capsule's script where no listing shows it. */
static void
tell_note(struct batch *batch, const struct article *article, struct str note)
{
	if (note.len == 0)
		return;
	progress_hide(&batch->progress);
	complain("%s: %.*s", article->file, STR_ARG(note));
}

/* Print the result for an article; a refusal also goes to standard error. */
static void
tell(struct batch *batch, const struct article *article,
    const struct capsule_result *result)
{
	struct show show = {.what = word(batch, result->answer),
	    .text = buf_view(&result->text),
	    .note = buf_view(&result->notes),
	    .before = buf_view(&result->before),
	    .after = buf_view(&result->after)};
	struct buf out;

	if (result->answer == CAPSULE_REFUSED)
		tell_note(batch, article, show.text);
	if (batch->options->quiet) {
		if (result->answer == CAPSULE_ALREADY)
			return;
		tell_note(batch, article, article->remark);
		tell_note(batch, article, show.note);
		return;
	}
	buf_init(&out, SHOW_BYTES_MAX);
	show_article(&out, article, &show);
	fwrite(out.data, 1, out.len, stdout);
	buf_release(&out);
}

/*
 * Store one article. If a value breaks a CHECK of the schema, this article is
 * refused. Any other failure of the database ends the import.
 */
static enum err
store_one(struct batch *batch, sqlite3 *db, struct capsule_sql *sql,
    const struct article *article, struct capsule_result *result,
    struct buf *why)
{
	const struct around *around = batch->options->dry_run ? &dry : &real;
	enum err err = frame_execute(db, around->begin, why);
	bool stored;

	if (err != OK)
		return err;
	err =
	    capsule_sql_run(sql, article, batch->options->replace, result, why);
	stored = err == OK &&
	    (result->answer == CAPSULE_IMPORTED ||
		result->answer == CAPSULE_UPDATED);
	if (stored) {
		err = frame_execute(db, around->commit, why);
		if (err != OK && !sqlite3_get_autocommit(db))
			sqlite3_exec(db, around->take_back, NULL, NULL, NULL);
		if (err != OK)
			return err;
	} else if (!sqlite3_get_autocommit(db)) {
		sqlite3_exec(db, around->take_back, NULL, NULL, NULL);
	}
	if (err == ERR_INPUT) {
		result->answer = CAPSULE_REFUSED;
		buf_clear(&result->text);
		buf_str(&result->text, buf_view(why));
	} else if (err != OK) {
		return err;
	}
	count(batch, result->answer);
	if (stored)
		tell_links(batch, article);
	tell(batch, article, result);
	return OK;
}

static enum err
store_all(
    struct batch *batch, sqlite3 *db, struct capsule_sql *sql, struct buf *why)
{
	struct capsule_result result;
	enum err err = OK;

	capsule_result_init(&result);
	if (batch->options->dry_run)
		err = frame_execute(db, "BEGIN IMMEDIATE", why);
	for (size_t i = 0; i < batch->count && err == OK; i++) {
		if (batch->options->quiet && progress_is_due(&batch->progress))
			progress_show(&batch->progress, "storing %zu of %zu", i,
			    batch->count);
		buf_clear(why);
		err =
		    store_one(batch, db, sql, &batch->article[i], &result, why);
	}
	progress_hide(&batch->progress);
	if (batch->options->dry_run)
		frame_roll_back(db);
	capsule_result_release(&result);
	return err;
}

/* Read the options of the command line by the capsule's labels. */
static int
take_options(struct batch *batch)
{
	const struct batch_options *options = batch->options;

	if (options->published != NULL &&
	    date_read(batch->customs, str_from(options->published),
		&batch->published) != OK) {
		complain(
		    "--published: expected a time such as 2026-11-18 09:30");
		return STATUS_USAGE;
	}
	if (options->section != NULL &&
	    customs_field(batch->customs, "section") == CUSTOMS_NONE) {
		complain("--section: articles of this capsule have "
			 "no section");
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

int
batch_run(struct batch *batch, const struct batch_options *options,
    const struct sources *sources, sqlite3 *db)
{
	struct capsule_sql *sql = NULL;
	int status = STATUS_OK;
	struct buf why;
	enum err err;

	*batch = (struct batch){.options = options};
	progress_begin(&batch->progress, sources->count >= MANY);
	buf_init(&why, WHY_BYTES_MAX);
	err = capsule_sql_open(db, options->capsule, &sql, &why);
	if (err == OK) {
		batch->customs = capsule_sql_customs(sql);
		status = take_options(batch);
	}
	if (err == OK && status == STATUS_OK) {
		err = read_all(batch, sources);
		if (err != OK)
			buf_text(&why, "out of memory");
	}
	if (err == OK && status == STATUS_OK)
		err = store_all(batch, db, sql, &why);
	if (err != OK) {
		struct str lines = buf_view(&why), line;
		while (str_next_line(&lines, &line))
			complain("%.*s", STR_ARG(line));
		status = (int)status_of(err);
	}
	batch->customs = NULL;
	capsule_sql_close(sql);
	buf_release(&why);
	return status;
}
