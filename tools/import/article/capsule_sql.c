/* SPDX-License-Identifier: ISC */
/*
 * The capsule's script import/article.sql stores an article in the database. It
 * runs once per file, in one transaction. script/steps.c describes how scripts
 * are written.
 *
 * Names that the tool provides:
 *
 *	:title :body                 text
 *	:file :file_path :file_name  the path as given; absolute; its last part
 *	:published                   UTC seconds; NULL: not known
 *	:replace                     0 or 1
 *	:attachments                 JSON, a list of objects: path (below
 *	                             static/), label, mime, bytes
 *
 * Every other name behind `% needs` is a field of the article. Its value is a
 * text, 0 or 1 for what labels.ini calls a flag, or NULL for an absent field. A
 * head can set every field. Other files can set title, section, kicker,
 * subtitle, byline, source, source_url, and fields for which labels.ini has a
 * label.
 *
 * The script may end early by
 *
 *	% fail refused WHY      the article is not stored
 *	% fail already ADDRESS  the article exists already
 *
 * and may give, NULL for none,
 *
 *	:address         the address of the new article
 *	:updated         the address of an article that has been corrected
 *	:before :after   two texts of the corrected article; the operator sees
 *	                 the difference
 *
 * A line of text is a note for the operator.
 */
#include "tools/import/article/capsule_sql.h"

#include "base/file_path.h"
#include "base/utf8.h"
#include "page/compile/template.h"
#include "store/sql_file.h"
#include "tools/import/script/steps.h"

enum {
	NAME_TITLE,
	NAME_BODY,
	NAME_FILE,
	NAME_FILE_PATH,
	NAME_FILE_NAME,
	NAME_REPLACE,
	NAME_PUBLISHED,
	NAME_ATTACHMENTS,
	NAME_COUNT
};

static const char *const own_names[NAME_COUNT] = {
    [NAME_TITLE] = "title",
    [NAME_BODY] = "body",
    [NAME_FILE] = "file",
    [NAME_FILE_PATH] = "file_path",
    [NAME_FILE_NAME] = "file_name",
    [NAME_REPLACE] = "replace",
    [NAME_PUBLISHED] = "published",
    [NAME_ATTACHMENTS] = "attachments",
};

static const char *const fails[] = {"refused", "already"};

static const enum capsule_answer answers[] = {CAPSULE_REFUSED, CAPSULE_ALREADY};

static const struct steps_form form = {
    .fails = fails, .count = sizeof(fails) / sizeof(*fails)};

enum {
	SAID_BYTES_MAX = 4096,
	ATTACHMENTS_BYTES_MAX = 1024 * 1024,
	LABELS_BYTES_MAX = 16 * 1024 * 1024
};

struct capsule_sql {
	struct names *names;
	struct steps *steps;
	struct buf attachments;
	struct arena *arena; /* of the customs */
	struct customs customs;
	size_t slot[CUSTOMS_FIELDS_MAX]; /* of each field, in names */
};

/* The fields are the title and the other names that the script needs. */
static enum err
find_fields(struct capsule_sql *sql, const char *path, struct buf *why)
{
	const char *fields[CUSTOMS_FIELDS_MAX] = {own_names[NAME_TITLE]};
	size_t count = 1;

	if (steps_is_empty(sql->steps))
		return sql_complain(
		    path, 0, "holds no statement", ERR_INPUT, why);
	sql->slot[0] = NAME_TITLE;
	for (size_t i = 0; i < names_count(sql->names); i++) {
		size_t slot;
		const char *name = names_wanted(sql->names, i, &slot);

		if (name == NULL)
			continue;
		if (count == CUSTOMS_FIELDS_MAX)
			return sql_complain(
			    path, 0, "needs too many fields", ERR_INPUT, why);
		sql->slot[count] = slot;
		fields[count++] = name;
	}
	return customs_init(&sql->customs, fields, count);
}

enum err
capsule_sql_open(
    sqlite3 *db, const char *capsule, struct capsule_sql **out, struct buf *why)
{
	struct capsule_sql *sql = calloc(1, sizeof(*sql));
	struct str path = {NULL, 0};
	enum err err = ERR_NOMEM;

	if (sql != NULL)
		buf_init(&sql->attachments, ATTACHMENTS_BYTES_MAX);
	if (sql != NULL)
		sql->arena = arena_new(LABELS_BYTES_MAX);
	if (sql != NULL && sql->arena != NULL)
		path = arena_printf(
		    sql->arena, "%s/" CAPSULE_IMPORT "/article.sql", capsule);
	if (path.data == NULL ||
	    names_new(own_names, NAME_COUNT, &sql->names) != OK)
		buf_text(why, "out of memory");
	else
		err = steps_open(
		    db, sql->names, path.data, &form, &sql->steps, why);
	if (err == OK)
		err = find_fields(sql, path.data, why);
	if (err == OK)
		err = customs_load(&sql->customs, sql->arena, capsule, why);
	if (err == OK)
		*out = sql;
	else
		capsule_sql_close(sql);
	return err;
}

const struct customs *
capsule_sql_customs(const struct capsule_sql *sql)
{
	return &sql->customs;
}

void
capsule_sql_close(struct capsule_sql *sql)
{
	if (sql == NULL)
		return;
	steps_close(sql->steps);
	names_free(sql->names);
	buf_release(&sql->attachments);
	arena_free(sql->arena);
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
	struct steps_run steps; /* first: the steps get a pointer to it */
	struct capsule_result *result;
};

static void
note(struct steps_run *steps, struct str text)
{
	struct capsule_result *result = ((struct run *)steps)->result;

	if (result->notes.len > 0)
		buf_text(&result->notes, "; ");
	buf_str(&result->notes, text);
}

static void
take_fail(struct steps_run *steps, size_t kind, struct str text)
{
	struct capsule_result *result = ((struct run *)steps)->result;

	result->answer = answers[kind];
	buf_str(&result->text, text);
}

/* Copy a text that the script gives; false: the value is NULL. */
static bool
take_given(const struct capsule_sql *sql, const char *name, struct buf *out)
{
	const struct value *value = steps_given(sql->steps, name);

	if (value == NULL || value->type == VALUE_NULL)
		return false;
	value_add(out, value);
	return true;
}

static enum err
take_result(
    const struct capsule_sql *sql, bool failed, struct capsule_result *result)
{
	struct buf address;
	enum err err;

	buf_init(&address, SAID_BYTES_MAX);
	if (!failed && take_given(sql, "updated", &address))
		result->answer = CAPSULE_UPDATED;
	else if (!failed)
		(void)take_given(sql, "address", &address);
	utf8_add_line(&result->text, buf_view(&address));
	(void)take_given(sql, "before", &result->before);
	(void)take_given(sql, "after", &result->after);
	err = address.err != OK        ? address.err
	    : result->before.err != OK ? result->before.err
				       : result->after.err;
	buf_release(&address);
	return err;
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
offer_article(const struct capsule_sql *sql, const struct article *article,
    const char *path)
{
	struct names *names = sql->names;

	for (size_t i = 0; i < sql->customs.fields; i++)
		if (sql->customs.field[i].type == CUSTOM_FLAG)
			names_set_int(names, sql->slot[i],
			    str_equal(article->field[i], STR("yes")));
		else
			names_set_text(names, sql->slot[i], article->field[i]);
	names_set_text(names, NAME_BODY, article->body);
	names_set_text(names, NAME_FILE, str_from(article->file));
	names_set_text(names, NAME_FILE_PATH, str_from(path));
	names_set_text(names, NAME_FILE_NAME, last_part(str_from(path)));
	if (article->has_published)
		names_set_int(names, NAME_PUBLISHED, article->published);
	else
		names_set_text(names, NAME_PUBLISHED, (struct str){NULL, 0});
}

static void
add_member(struct buf *out, const char *name, struct str text)
{
	const struct value value = value_text(text);
	const struct piece hole = {.slot = 0};

	buf_printf(out, "\"%s\":\"", name);
	template_fill(out, &hole, &value, FILL_JSON);
	buf_text(out, "\",");
}

static void
offer_attachments(struct capsule_sql *sql, const struct article *article)
{
	struct buf *out = &sql->attachments;

	buf_clear(out);
	buf_char(out, '[');
	for (size_t i = 0; i < article->attachments; i++) {
		const struct attachment *a = &article->attachment[i];
		buf_text(out, i > 0 ? ",{" : "{");
		add_member(out, "path", a->path);
		add_member(out, "label", a->label);
		add_member(out, "mime", a->mime);
		buf_printf(out, "\"bytes\":%lld}", (long long)a->bytes);
	}
	buf_char(out, ']');
	names_set_text(sql->names, NAME_ATTACHMENTS, buf_view(out));
}

enum err
capsule_sql_run(struct capsule_sql *sql, const struct article *article,
    bool replace, struct capsule_result *result, struct buf *why)
{
	struct run run = {
	    .steps = {.say = note, .fail = take_fail}, .result = result};
	/* The same file always has the same absolute path. */
	char *path = realpath(article->file, NULL);
	enum err err;

	clear(result);
	offer_article(sql, article, path != NULL ? path : article->file);
	offer_attachments(sql, article);
	names_set_int(sql->names, NAME_REPLACE, replace);
	err = sql->attachments.err;
	if (err == OK)
		err = steps_run(sql->steps, &run.steps, why);
	if (err == OK)
		err = take_result(sql, run.steps.failed, result);
	/* A value stays until the next is set, but path is freed here. */
	names_set_text(sql->names, NAME_FILE_PATH, (struct str){NULL, 0});
	names_set_text(sql->names, NAME_FILE_NAME, (struct str){NULL, 0});
	free(path);
	return err;
}
