/* SPDX-License-Identifier: ISC */
/* Reads a file, finds its form, and checks that it is text. */
#include "tools/import/article/read.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/clean.h"
#include "tools/import/article/internal.h"

enum {
	LOOK_BYTES = 64 * 1024, /* a capture must be known by these */
	NOTES_BYTES = 1024
};

static const struct kind {
	const char *name;
	enum err (*read)(const struct reading *, struct article *);
} kinds[] = {
    [ARTICLE_HEAD] = {"head", article_from_head},
    [ARTICLE_HTML] = {"html", article_from_html},
    [ARTICLE_CAPTURE] = {"capture", article_from_capture},
    [ARTICLE_PLAIN] = {"plain", article_from_plain},
};

enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

const char *
article_kind_name(enum article_kind kind)
{
	return kind == ARTICLE_ANY ? "any" : kinds[kind].name;
}

enum article_kind
article_kind_find(struct str name)
{
	for (size_t i = ARTICLE_ANY + 1; i < KINDS; i++)
		if (str_equal(name, str_from(kinds[i].name)))
			return (enum article_kind)i;
	return ARTICLE_ANY;
}

/* Is this HTML, in any encoding? A byte order mark and blanks may come first.
 */
static bool
is_html(struct str text)
{
	static const char *const tags[] = {"<!doctype", "<!--", "<?xml",
	    "<html", "<head", "<body", "<div", "<table", "<p>", "<p ", "<meta",
	    "<title", "<h1", "<center", "<article", "<section", "<font",
	    "<span"};

	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		struct str tag = str_from(tags[i]);
		if (str_equal_nocase(str_slice(text, 0, tag.len), tag))
			return true;
	}
	return false;
}

enum article_kind
article_kind_of(const struct customs *customs, struct str text)
{
	struct str line, rest;

	clean_take(&text, "\xEF\xBB\xBF");
	text = space_skip(text);
	rest = text;
	if (is_html(text))
		return ARTICLE_HTML;
	if ((space_next_line(&rest, &line) && head_is_line(customs, line)) ||
	    head_is_whole(customs, text))
		return ARTICLE_HEAD;
	return words_hold(customs->words[WORDS_CAPTURE],
		   str_slice(text, 0, LOOK_BYTES))
	    ? ARTICLE_CAPTURE
	    : ARTICLE_PLAIN;
}

/* Formats that people often hand in instead of text. */
static const struct format {
	const char *end,
	    *begin; /* end of the name, beginning of the content; NULL: any */
	const char *what;
} formats[] = {
    {".docx", "PK", "a Word file"},
    {".doc", "\xD0\xCF\x11\xE0", "a Word file"},
    {".wps", NULL, "a WPS file"},
    {".xlsx", "PK", "a spreadsheet"},
    {".xls", "\xD0\xCF\x11\xE0", "a spreadsheet"},
    {".et", NULL, "a spreadsheet"},
    {".pptx", "PK", "a presentation"},
    {".ppt", "\xD0\xCF\x11\xE0", "a presentation"},
    {".odt", "PK", "a LibreOffice file"},
    {".rtf", "{\\rtf", "an RTF file"},
    {".pdf", "%PDF-", "a PDF file"},
    {NULL, "%PDF-", "a PDF file"},
    {NULL, "{\\rtf", "an RTF file"},
    {NULL, "PK\x03\x04", "a Word file or an archive"},
    {NULL, "\xD0\xCF\x11\xE0", "a file of old Word or Excel"},
    {NULL, "\x1F\x8B", "a compressed file"},
    {NULL, "\x89PNG", "a picture"},
    {NULL, "\xFF\xD8\xFF", "a picture"},
    {NULL, "GIF8", "a picture"},
};

/* Does the file have "MIME-Version", as a page saved as one file has? */
static bool
is_archive(struct str text)
{
	struct str head = str_slice(text, 0, LOOK_BYTES / 16);

	return str_find(head, STR("\nMIME-Version:")) != SIZE_MAX &&
	    str_find(head, STR("multipart/related")) != SIZE_MAX;
}

static enum err
refuse_format(const struct reading *in)
{
	struct str name = str_from(in->file);

	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		const struct format *format = &formats[i];
		struct str end =
		    str_from(format->end != NULL ? format->end : "");
		if (name.len < end.len ||
		    !str_equal_nocase(
			str_slice(name, name.len - end.len, name.len), end) ||
		    (format->begin != NULL &&
			!str_starts(in->text, str_from(format->begin))))
			continue;
		return reading_refuse(in, 0,
		    "this is %s: save it as plain text (.txt) or as a web "
		    "page (.html) and import that",
		    format->what);
	}
	if (is_archive(in->text))
		return reading_refuse(in, 0,
		    "this is a page saved as one file (.mht): save it as "
		    ".html and import that");
	return OK;
}

enum err
article_read_text(
    const struct reading *in, enum article_kind kind, struct article *out)
{
	struct article article = {.file = in->file, .customs = in->customs};
	struct reading text = *in;
	struct buf decoded, notes;
	enum err err;

	buf_init(&decoded, 4 * ARTICLE_BYTES_MAX);
	buf_init(&notes, 8 * NOTES_BYTES);
	text.notes = &notes;
	err = refuse_format(in);
	if (err == OK)
		err = decode(&text,
		    kind == ARTICLE_HTML ||
			(kind == ARTICLE_ANY && is_html(space_skip(in->text))),
		    &decoded, &text.text);
	if (err == OK && kind == ARTICLE_ANY)
		kind = article_kind_of(in->customs, text.text);
	article.kind = kind;
	if (err == OK)
		err = kinds[kind].read(&text, &article);
	if (err == OK && notes.len > 0) {
		article.remark = arena_str(in->arena, buf_view(&notes));
		if (article.remark.data == NULL)
			err = reading_nomem(in);
	}
	if (err == OK)
		*out = article;
	buf_release(&decoded);
	buf_release(&notes);
	return err;
}

static enum err
fail(struct buf *why, const char *file, const char *message, enum err err)
{
	utf8_add_line(why, str_from(file));
	buf_text(why, ": ");
	utf8_add_line(why, str_from(message));
	return err;
}

/* Read the whole file. It must be a regular file: a pipe might never end. */
static enum err
load(const char *file, struct buf *out, struct buf *why)
{
	FILE *f = fopen(file, "rbe");
	struct stat st;
	char piece[16384];
	size_t n;
	int failed;

	if (f == NULL)
		return fail(why, file, strerror(errno), ERR_IO);
	if (fstat(fileno(f), &st) != 0 || !S_ISREG(st.st_mode)) {
		fclose(f);
		return fail(why, file, "is not a file", ERR_INPUT);
	}
	while (out->err == OK && (n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(out, piece, n);
	failed = ferror(f) ? errno : 0;
	fclose(f);
	if (failed != 0)
		return fail(why, file, strerror(failed), ERR_IO);
	if (out->err == ERR_LIMIT)
		return fail(why, file, "is longer than 8 MiB", ERR_INPUT);
	if (out->err != OK)
		return fail(why, file, "out of memory", out->err);
	return out->len > 0 ? OK : fail(why, file, "is empty", ERR_INPUT);
}

enum err
article_read(struct arena *arena, const struct customs *customs,
    const char *file, enum article_kind kind, struct article *out,
    struct buf *why)
{
	struct reading in = {
	    .arena = arena, .file = file, .why = why, .customs = customs};
	struct buf content;
	enum err err;

	buf_init(&content, ARTICLE_BYTES_MAX);
	err = load(file, &content, why);
	in.text = buf_view(&content);
	if (err == OK)
		err = article_read_text(&in, kind, out);
	buf_release(&content);
	return err;
}
