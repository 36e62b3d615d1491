/* SPDX-License-Identifier: ISC */
/* Reading many files and storing what they hold. */
#include "tools/import/article/batch.h"

#include "base/file_path.h"
#include "base/utf8.h"
#include "run/config/complain.h"
#include "store/store.h"
#include "tools/import/article/attachment.h"
#include "tools/import/article/capsule_sql.h"
#include "tools/import/article/links.h"
#include "tools/import/article/read.h"

enum {
	READ_BYTES_MAX = 256 * 1024 * 1024,  /* of memory for one file */
	KEEP_BYTES_MAX = 1024 * 1024 * 1024, /* for all articles of one run */
	SHOW_BYTES_MAX = 16 * 1024 * 1024,
	WHY_BYTES_MAX = 4096
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
	err = article_read(scratch, file, options->kind, &article, why);
	if (err == OK)
		err =
		    attachment_check(scratch, options->capsule, &article, why);
	if (err != OK)
		return err;
	if (!article.has_published && options->has_published) {
		article.published = options->published;
		article.has_published = true;
	}
	if (options->section != NULL)
		article.field[FIELD_SECTION] = str_from(options->section);
	err =
	    article_copy(batch->arena, &article, &batch->article[batch->count]);
	if (err != OK)
		buf_text(why, "memory is out: name fewer files at a time");
	else
		batch->count++;
	return err;
}

/* By time; what says none comes last, because it is published now. Files of
 * the same time keep their order, for which their place is compared. */
static int
by_time(const void *a, const void *b)
{
	const struct article *x = a, *y = b;

	if (x->has_published != y->has_published)
		return x->has_published ? -1 : 1;
	if (x->has_published && x->published != y->published)
		return x->published < y->published ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

enum err
batch_read(struct batch *batch, const struct batch_options *options,
    const struct sources *sources)
{
	struct arena *scratch = arena_new(READ_BYTES_MAX);
	enum err err = OK;
	struct buf why;

	*batch = (struct batch){.options = options,
	    .arena = arena_new(KEEP_BYTES_MAX),
	    .article = calloc(sources->count + 1, sizeof(struct article))};
	buf_init(&why, WHY_BYTES_MAX);
	if (scratch == NULL || batch->arena == NULL || batch->article == NULL)
		err = ERR_NOMEM;
	progress_begin(&batch->progress, sources->count);
	for (size_t i = 0; i < sources->count && err != ERR_NOMEM; i++) {
		progress_step(&batch->progress, "reading", i);
		buf_clear(&why);
		err = read_one(batch, scratch, sources->path[i], &why);
		if (err == OK) {
			batch->article[batch->count - 1].place = i;
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
struct frame {
	const char *begin, *commit, *take_back;
};

static const struct frame real = {"BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"};
static const struct frame dry = {"SAVEPOINT article", "RELEASE article",
    "ROLLBACK TO article; RELEASE article"};

static enum err
run(sqlite3 *db, const char *sql, struct buf *why)
{
	int code = sqlite3_exec(db, sql, NULL, NULL, NULL);

	if (code == SQLITE_OK)
		return OK;
	buf_text(why, "the database: ");
	utf8_add_line(why, str_from(sqlite3_errmsg(db)));
	/* Whatever it is, it is not the article's fault. */
	return store_err(code) == ERR_INPUT ? ERR_IO : store_err(code);
}

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

/* Links that were not kept are told at any rate: nobody looks for them. */
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

/* What the listing would have shown, where there is none. */
static void
tell_note(struct batch *batch, const struct article *article, struct str note)
{
	if (note.len == 0)
		return;
	progress_hide(&batch->progress);
	complain("%s: %.*s", article->file, STR_ARG(note));
}

/* Print what became of an article; a refusal is a complaint as well. */
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
 * Store one article. A statement that the article's values break (a CHECK of
 * the schema) refuses this article; any other failure ends the import.
 */
static enum err
store_one(struct batch *batch, sqlite3 *db, struct capsule_sql *sql,
    const struct article *article, struct capsule_result *result,
    struct buf *why)
{
	const struct frame *frame = batch->options->dry_run ? &dry : &real;
	enum err err = run(db, frame->begin, why);
	bool stored;

	if (err != OK)
		return err;
	err =
	    capsule_sql_run(sql, article, batch->options->replace, result, why);
	stored = err == OK &&
	    (result->answer == CAPSULE_IMPORTED ||
		result->answer == CAPSULE_UPDATED);
	if (stored) {
		err = run(db, frame->commit, why);
		if (err != OK && !sqlite3_get_autocommit(db))
			sqlite3_exec(db, frame->take_back, NULL, NULL, NULL);
		if (err != OK)
			return err;
	} else if (!sqlite3_get_autocommit(db)) {
		sqlite3_exec(db, frame->take_back, NULL, NULL, NULL);
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
		err = run(db, "BEGIN IMMEDIATE", why);
	for (size_t i = 0; i < batch->count && err == OK; i++) {
		if (batch->options->quiet)
			progress_step(&batch->progress, "storing", i);
		buf_clear(why);
		err =
		    store_one(batch, db, sql, &batch->article[i], &result, why);
	}
	progress_hide(&batch->progress);
	if (batch->options->dry_run && !sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	capsule_result_release(&result);
	return err;
}

enum err
batch_store(struct batch *batch, sqlite3 *db)
{
	struct str path = arena_printf(batch->arena,
	    "%s/" CAPSULE_IMPORT "/article.sql", batch->options->capsule);
	struct capsule_sql *sql = NULL;
	struct buf why;
	enum err err;

	buf_init(&why, WHY_BYTES_MAX);
	err = path.data == NULL ? ERR_NOMEM
				: capsule_sql_open(db, path.data, &sql, &why);
	if (err == OK)
		err = store_all(batch, db, sql, &why);
	if (err != OK)
		complain("%.*s", STR_ARG(buf_view(&why)));
	capsule_sql_close(sql);
	buf_release(&why);
	return err;
}
