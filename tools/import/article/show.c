/* SPDX-License-Identifier: ISC */
/* Writes the listing of an article. */
#include "tools/import/article/internal.h"

#include "base/utf8.h"
#include "base/zone.h"
#include "text/space.h"
#include "tools/difference.h"
#include "tools/import/clean.h"
#include "tools/import/article/read.h"

enum {
	NAME_COLUMNS = 10, /* the longest name: source_url, attachment */
	FIRST_WORDS = 40   /* characters of a body that are shown */
};

static void
show_name(struct buf *out, const char *name)
{
	buf_printf(out, "  %-*s  ", NAME_COLUMNS, name);
}

static void
show_field(struct buf *out, const char *name, struct str value)
{
	show_name(out, name);
	utf8_add_line(out, value);
	buf_char(out, '\n');
}

static void
show_published(struct buf *out, const struct article *article)
{
	show_name(out, "published");
	if (!article->has_published ||
	    !zone_add(out, article->published, ZONE_STAMP))
		buf_text(out, "not said");
	buf_char(out, '\n');
}

/* Append the length of a body, and its first words. */
static void
show_body(struct buf *out, struct str body)
{
	struct str rest = body;
	struct buf words;

	for (size_t n = 0; rest.len > 0 && n < FIRST_WORDS; n++)
		utf8_next(&rest);
	buf_init(&words, 16 * FIRST_WORDS);
	clean_line(&words, str_slice(body, 0, body.len - rest.len));
	show_name(out, "body");
	buf_printf(out, "%zu characters: %.*s%s\n",
	    utf8_count(space_trim(body)), STR_ARG(buf_view(&words)),
	    rest.len > 0 ? "\u2026" : "");
	buf_release(&words);
}

static void
show_attachment(struct buf *out, const struct attachment *a)
{
	show_name(out, "attachment");
	utf8_add_line(out, a->path);
	buf_printf(out, " (%.*s, %lld bytes): ", STR_ARG(a->mime),
	    (long long)a->bytes);
	utf8_add_line(out, a->label);
	buf_char(out, '\n');
}

void
show_article(
    struct buf *out, const struct article *article, const struct show *show)
{
	utf8_add_line(out, str_from(article->file));
	buf_printf(out, " (%s)\n", article_kind_name(article->kind));
	for (size_t i = 0; i < article->customs->fields; i++)
		if (article->field[i].len > 0 &&
		    (article->customs->field[i].type != CUSTOM_FLAG ||
			str_equal(article->field[i], STR("yes"))))
			show_field(out, article->customs->field[i].name,
			    article->field[i]);
	show_published(out, article);
	show_body(out, article->body);
	for (size_t i = 0; i < article->attachments; i++)
		show_attachment(out, &article->attachment[i]);
	if (article->remark.len > 0)
		show_field(out, "note", article->remark);
	if (show->note.len > 0)
		show_field(out, "note", show->note);
	buf_printf(out, "  %s", show->what);
	if (show->text.len > 0) {
		buf_text(out, ": ");
		utf8_add_line(out, show->text);
	}
	buf_char(out, '\n');
	difference_add(out, show->before, show->after);
	buf_char(out, '\n');
}
