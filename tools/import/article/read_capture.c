/* SPDX-License-Identifier: ISC */
/*
 * Reads a capture (text copied from a browser's window) and plain text. In a
 * capture, the article has to be found among the lines. In a plain text, the
 * first line is the title.
 */
#include "tools/import/clean.h"
#include "tools/import/article/internal.h"
#include "tools/import/article/read.h"

static enum err
sheet_err(const struct reading *in, const struct sheet *sheet)
{
	if (sheet->err == ERR_LIMIT)
		return reading_refuse(
		    in, 0, "has more than %d lines", SHEET_LINES_MAX);
	return sheet->err == OK ? OK : reading_nomem(in);
}

enum err
article_from_capture(const struct reading *in, struct article *out)
{
	struct hints hints = {0};
	struct sheet sheet;
	enum err err;

	sheet_init(&sheet, in->arena);
	sheet_add_text(in->customs, &sheet, in->text);
	err = sheet_err(in, &sheet);
	if (err == OK)
		err = portal_read(in, &sheet, &hints, out);
	sheet_release(&sheet);
	return err;
}

static enum err
plain_from(
    const struct reading *in, const struct sheet *sheet, struct article *out)
{
	struct buf b;
	enum err err;

	if (sheet->count == 0)
		return reading_refuse(in, 0, "no title: the text is blank");
	if (sheet->count == 1)
		return reading_refuse(in, sheet->list[0].number,
		    "no body: no text stands below the title");
	err = article_set(in, out, "title", sheet->list[0].text);
	if (err != OK)
		return err;
	buf_init(&b, 2 * ARTICLE_BYTES_MAX);
	sheet_write(&b, sheet, 1, sheet->count);
	err = arena_take(in->arena, &b, &out->body);
	buf_release(&b);
	return err == OK ? OK : reading_nomem(in);
}

enum err
article_from_plain(const struct reading *in, struct article *out)
{
	struct sheet sheet;
	enum err err;

	sheet_init(&sheet, in->arena);
	sheet_add_text(in->customs, &sheet, in->text);
	err = sheet_err(in, &sheet);
	if (err == OK)
		err = plain_from(in, &sheet, out);
	sheet_release(&sheet);
	return err;
}
