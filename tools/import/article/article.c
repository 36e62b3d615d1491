/* SPDX-License-Identifier: ISC */
/* What all readers of articles share: the fields and the refusals. */
#include "tools/import/article/article.h"

#include <stdarg.h>

#include "base/utf8.h"
#include "tools/import/clean.h"

enum { MESSAGE_MAX_BYTES = 1024, NOTES_MAX_BYTES = 4096, EXCERPT_BYTES = 60 };

enum err
reading_refuse(const struct reading *in, size_t line, const char *format, ...)
{
	char message[MESSAGE_MAX_BYTES];
	struct str text;
	va_list args;

	va_start(args, format);
	text = utf8_message(message, sizeof(message), format, args);
	va_end(args);
	utf8_add_line(in->why, str_from(in->file));
	if (line > 0)
		buf_printf(in->why, ":%zu", line);
	buf_text(in->why, ": ");
	utf8_add_line(in->why, text);
	return ERR_INPUT;
}

void
reading_note(const struct reading *in, size_t line, const char *format, ...)
{
	char message[MESSAGE_MAX_BYTES];
	struct str text;
	va_list args;

	va_start(args, format);
	text = utf8_message(message, sizeof(message), format, args);
	va_end(args);
	if (in->notes == NULL || in->notes->len > NOTES_MAX_BYTES)
		return;
	if (in->notes->len > 0)
		buf_text(in->notes, "; ");
	if (line > 0)
		buf_printf(in->notes, "line %zu: ", line);
	utf8_add_line(in->notes, text);
}

enum err
reading_nomem(const struct reading *in)
{
	reading_refuse(in, 0, "out of memory");
	return ERR_NOMEM;
}

enum err
article_put(const struct reading *in, struct article *article, int field,
    struct str text)
{
	struct str clean;

	if (field == CUSTOMS_NONE)
		return OK;
	if (clean_str(in->arena, text, &clean) != OK)
		return reading_nomem(in);
	if (clean.len > ARTICLE_FIELD_MAX)
		return reading_refuse(in, 0,
		    "the %s would be longer than %d bytes: \"%.*s...\"",
		    in->customs->field[field].name, ARTICLE_FIELD_MAX,
		    STR_ARG(utf8_cut(clean, EXCERPT_BYTES)));
	if (clean.len > 0)
		article->field[field] = clean;
	return OK;
}

enum err
article_set(const struct reading *in, struct article *article,
    const char *field, struct str text)
{
	return article_put(
	    in, article, customs_field(in->customs, field), text);
}

struct str
article_get(const struct article *article, const char *field)
{
	int i = customs_field(article->customs, field);

	return i == CUSTOMS_NONE ? (struct str){"", 0} : article->field[i];
}

static bool
copy_str(struct arena *arena, struct str *s)
{
	if (s->data != NULL)
		*s = arena_str(arena, *s);
	else
		return true;
	return s->data != NULL;
}

enum err
article_copy(
    struct arena *arena, const struct article *from, struct article *to)
{
	struct article copy = *from;
	bool all = true;

	for (size_t i = 0; i < CUSTOMS_FIELDS_MAX; i++)
		all = all && copy_str(arena, &copy.field[i]);
	all =
	    all && copy_str(arena, &copy.body) && copy_str(arena, &copy.remark);
	for (size_t i = 0; i < copy.attachments; i++) {
		struct attachment *a = &copy.attachment[i];
		all = all && copy_str(arena, &a->path) &&
		    copy_str(arena, &a->label) && copy_str(arena, &a->mime);
	}
	if (!all)
		return ERR_NOMEM;
	*to = copy;
	return OK;
}
