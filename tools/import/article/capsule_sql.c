/* SPDX-License-Identifier: ISC */
/*
 * How an article gets into the database is the capsule's business: it says so
 * in import/article.sql, a list of SQL statements. They run in order, for each
 * file in one transaction. How they are written is told in sql/steps.c.
 *
 * Parameters are the article's fields, NULL where it has none:
 *
 *	:title :section :kicker :subtitle :byline :source :source_url
 *	:publisher :summary :status :article :body  text
 *	:file :file_path :file_name  as it was named, whole, its last part
 *	:published                   UTC seconds
 *	:pinned :sample :replace     0 or 1
 *
 * A statement that names one of these runs once for each attachment:
 *
 *	:attachment_path (below static/) :attachment_label :attachment_mime
 *	:attachment_bytes :attachment_position (1, 2, 3 ...)
 *
 * A column hides a field of its name from the statements after it. Some
 * columns are answers, unless they are NULL:
 *
 *	refused        the article is not stored; the text says why
 *	already        it is there; the text says where. Nothing more runs
 *	address        where it can be read from now on
 *	updated        the same of one that was there and has been corrected
 *	before, after  the texts of that one, whose difference is shown
 *	note           something that the operator should know
 */
#include "tools/import/article/capsule_sql.h"

#include "base/utf8.h"
#include "store/sql_file.h"
#include "tools/import/script/steps.h"

enum {
	/* Behind the fields of enum article_field. */
	NAME_BODY = FIELD_COUNT,
	NAME_FILE,
	NAME_FILE_PATH,
	NAME_FILE_NAME,
	NAME_REPLACE,
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
    [NAME_FILE_PATH] = "file_path",
    [NAME_FILE_NAME] = "file_name",
    [NAME_REPLACE] = "replace",
    [NAME_PUBLISHED] = "published",
    [NAME_PINNED] = "pinned",
    [NAME_SAMPLE] = "sample",
    [NAME_PATH] = "attachment_path",
    [NAME_LABEL] = "attachment_label",
    [NAME_MIME] = "attachment_mime",
    [NAME_BYTES] = "attachment_bytes",
    [NAME_POSITION] = "attachment_position",
};

/* Behind those of enum capsule_answer: what is said besides. */
enum { SAID_BEFORE = CAPSULE_REFUSED + 1, SAID_AFTER, SAID_NOTE };

static const struct steps_answer answers[] = {
    [CAPSULE_IMPORTED] = {"address", false},
    [CAPSULE_UPDATED] = {"updated", false},
    [CAPSULE_ALREADY] = {"already", false},
    [CAPSULE_REFUSED] = {"refused", false},
    [SAID_BEFORE] = {"before", false},
    [SAID_AFTER] = {"after", false},
    [SAID_NOTE] = {"note", true},
};

static const struct steps_form form = {
    .answer = answers,
    .answers = sizeof(answers) / sizeof(*answers),
    .item_first = NAME_PATH,
    .item_end = NAME_COUNT,
};

enum { SAID_BYTES_MAX = 4096 };

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

void
capsule_result_init(struct capsule_result *result)
{
	*result = (struct capsule_result){0};
	buf_init(&result->text, SAID_BYTES_MAX);
	buf_init(&result->notes, SAID_BYTES_MAX);
	buf_init(&result->before, 4 * ARTICLE_BYTES_MAX);
	buf_init(&result->after, 4 * ARTICLE_BYTES_MAX);
}

void
capsule_result_release(struct capsule_result *result)
{
	buf_release(&result->text);
	buf_release(&result->notes);
	buf_release(&result->before);
	buf_release(&result->after);
}

static void
clear(struct capsule_result *result)
{
	result->answer = CAPSULE_IMPORTED;
	buf_clear(&result->text);
	buf_clear(&result->notes);
	buf_clear(&result->before);
	buf_clear(&result->after);
}

/* One article being stored. */
struct run {
	struct steps_run steps; /* the first: the steps know no more */
	struct names *names;
	const struct article *article;
	struct capsule_result *result;
};

/* The first that keeps the article away counts; of addresses the last. */
static bool
take_answer(struct steps_run *steps, size_t answer, struct str text)
{
	struct run *run = (struct run *)steps;
	struct capsule_result *result = run->result;

	if (steps->done)
		return true;
	if (answer == SAID_BEFORE || answer == SAID_AFTER) {
		struct buf *said =
		    answer == SAID_BEFORE ? &result->before : &result->after;
		buf_clear(said);
		buf_str(said, text);
		return said->err == OK;
	}
	if (answer == SAID_NOTE) {
		if (result->notes.len > 0)
			buf_text(&result->notes, "; ");
		utf8_add_line(&result->notes, text);
		return true;
	}
	result->answer = (enum capsule_answer)answer;
	steps->done = result->answer == CAPSULE_ALREADY ||
	    result->answer == CAPSULE_REFUSED;
	buf_clear(&result->text);
	utf8_add_line(&result->text, text);
	return true;
}

static struct str
last_part(struct str path)
{
	struct str part = path;

	while (str_next_part(&path, '/', &part))
		;
	return part;
}

static void
offer_article(
    struct names *names, const struct article *article, const char *path)
{
	for (size_t i = 0; i < FIELD_COUNT; i++)
		names_set_text(names, i, article->field[i]);
	names_set_text(names, NAME_BODY, article->body);
	names_set_text(names, NAME_FILE, str_from(article->file));
	names_set_text(names, NAME_FILE_PATH, str_from(path));
	names_set_text(names, NAME_FILE_NAME, last_part(str_from(path)));
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
    bool replace, struct capsule_result *result, struct buf *why)
{
	struct run run = {
	    .steps = {.answer = take_answer,
		.item = offer_attachment,
		.items = article->attachments},
	    .names = sql->names,
	    .article = article,
	    .result = result,
	};
	/* However the operator came to it, it is one file. */
	char *path = realpath(article->file, NULL);
	enum err err;

	clear(result);
	offer_article(sql->names, article, path != NULL ? path : article->file);
	names_set_int(sql->names, NAME_REPLACE, replace);
	err = steps_run(sql->steps, &run.steps, why);
	/* They are bound until the next one is offered: not to this. */
	names_set_text(sql->names, NAME_FILE_PATH, (struct str){NULL, 0});
	names_set_text(sql->names, NAME_FILE_NAME, (struct str){NULL, 0});
	free(path);
	return err;
}
