/* SPDX-License-Identifier: ISC */
/*
 * How an article gets into the database is the capsule's business: it says so
 * in import/article.sql, a list of SQL statements. They run in order, for each
 * file in one transaction. How they are written is told in sql/steps.c.
 *
 * Parameters are the article's fields, NULL where it has none:
 *
 *	:title :section :kicker :subtitle :byline :source :source_url
 *	:publisher :summary :status :body :file  text
 *	:published                               UTC seconds
 *	:pinned :sample                          0 or 1
 *
 * A statement that names one of these runs once for each attachment:
 *
 *	:attachment_path (below static/) :attachment_label :attachment_mime
 *	:attachment_bytes :attachment_position (1, 2, 3 ...)
 *
 * A column hides a field of its name from the statements after it. Three
 * columns are answers, unless they are NULL:
 *
 *	refused  the article is not stored; the text says why
 *	already  it is there; the text says where. Nothing more runs
 *	address  where it can be read from now on
 */
#include "tools/import/capsule_sql.h"

#include "base/utf8.h"
#include "store/sql_file.h"
#include "tools/sql/steps.h"

enum {
	/* Behind the fields of enum article_field. */
	NAME_BODY = FIELD_COUNT,
	NAME_FILE,
	NAME_PUBLISHED,
	NAME_PINNED,
	NAME_SAMPLE,
	NAME_PATH, /* the first of an attachment's */
	NAME_LABEL,
	NAME_MIME,
	NAME_BYTES,
	NAME_POSITION,
	NAME_COUNT
};

static const char *const own_names[] = {
    [NAME_BODY] = "body",
    [NAME_FILE] = "file",
    [NAME_PUBLISHED] = "published",
    [NAME_PINNED] = "pinned",
    [NAME_SAMPLE] = "sample",
    [NAME_PATH] = "attachment_path",
    [NAME_LABEL] = "attachment_label",
    [NAME_MIME] = "attachment_mime",
    [NAME_BYTES] = "attachment_bytes",
    [NAME_POSITION] = "attachment_position",
};

/* The answers are those of enum capsule_answer. */
static const struct steps_answer answers[] = {
    [CAPSULE_IMPORTED] = {"address", false},
    [CAPSULE_ALREADY] = {"already", false},
    [CAPSULE_REFUSED] = {"refused", false},
};

static const struct steps_form form = {
    .answer = answers,
    .answers = sizeof(answers) / sizeof(*answers),
    .item_first = NAME_PATH,
    .item_end = NAME_COUNT,
};

struct capsule_sql {
	struct names *names;
	struct steps *steps;
};

static enum err
open_names(struct capsule_sql *sql)
{
	const char *provided[NAME_COUNT];

	for (size_t i = 0; i < NAME_COUNT; i++)
		provided[i] =
		    i < FIELD_COUNT ? article_field_name[i] : own_names[i];
	return names_new(provided, NAME_COUNT, NAMES_CLOSED, &sql->names);
}

enum err
capsule_sql_open(
    sqlite3 *db, const char *path, struct capsule_sql **out, struct buf *why)
{
	struct capsule_sql *sql = calloc(1, sizeof(*sql));
	enum err err = ERR_NOMEM;

	if (sql == NULL || open_names(sql) != OK)
		buf_text(why, "memory is out");
	else
		err = steps_open(db, sql->names, path, &form, &sql->steps, why);
	if (err == OK && steps_count(sql->steps) == 0)
		err =
		    sql_complain(path, 0, "holds no statement", ERR_INPUT, why);
	if (err == OK)
		*out = sql;
	else
		capsule_sql_close(sql);
	return err;
}

void
capsule_sql_close(struct capsule_sql *sql)
{
	if (sql == NULL)
		return;
	steps_close(sql->steps);
	names_free(sql->names);
	free(sql);
}

/* One article being stored. */
struct run {
	struct steps_run steps; /* the first: the steps know no more */
	struct names *names;
	const struct article *article;
	enum capsule_answer answer;
	struct buf *text;
};

/* The first that keeps the article away counts; of addresses the last. */
static bool
take_answer(struct steps_run *steps, size_t answer, struct str text)
{
	struct run *run = (struct run *)steps;

	if (steps->done)
		return true;
	run->answer = (enum capsule_answer)answer;
	steps->done = run->answer != CAPSULE_IMPORTED;
	buf_clear(run->text);
	utf8_add_line(run->text, text);
	return true;
}

static void
offer_article(struct names *names, const struct article *article)
{
	for (size_t i = 0; i < FIELD_COUNT; i++)
		names_set_text(names, i, article->field[i]);
	names_set_text(names, NAME_BODY, article->body);
	names_set_text(names, NAME_FILE, str_from(article->file));
	if (article->has_published)
		names_set_int(names, NAME_PUBLISHED, article->published);
	else
		names_set_text(names, NAME_PUBLISHED, (struct str){NULL, 0});
	names_set_int(names, NAME_PINNED, article->pinned);
	names_set_int(names, NAME_SAMPLE, article->sample);
}

static void
offer_attachment(struct steps_run *steps, size_t i)
{
	const struct run *run = (const struct run *)steps;
	const struct attachment *attachment = &run->article->attachment[i];

	names_set_text(run->names, NAME_PATH, attachment->path);
	names_set_text(run->names, NAME_LABEL, attachment->label);
	names_set_text(run->names, NAME_MIME, attachment->mime);
	names_set_int(run->names, NAME_BYTES, attachment->bytes);
	names_set_int(run->names, NAME_POSITION, (int64_t)i + 1);
}

enum err
capsule_sql_run(struct capsule_sql *sql, const struct article *article,
    enum capsule_answer *answer, struct buf *text, struct buf *why)
{
	struct run run = {
	    .steps = {.answer = take_answer,
		.item = offer_attachment,
		.items = article->attachments},
	    .names = sql->names,
	    .article = article,
	    .text = text,
	};
	enum err err;

	buf_clear(text);
	offer_article(sql->names, article);
	err = steps_run(sql->steps, &run.steps, why);
	if (err == OK)
		*answer = run.answer;
	return err;
}
