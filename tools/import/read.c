/* SPDX-License-Identifier: ISC */
/* Reading files: the bytes, what kind they are, and whether they are text. */
#include "tools/import/read.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/clean.h"

enum { LOOK_BYTES = 64 * 1024 }; /* where a capture must have shown itself */

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

static bool
is_capture(struct str text)
{
	static const char *const signs[] = {"您现在的位置", "当前位置：",
	    "当前位置:", "发布时间：", "发布时间:", "文章来源：", "文章来源:"};

	text = str_slice(text, 0, LOOK_BYTES);
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (str_find(text, str_from(signs[i])) != SIZE_MAX)
			return true;
	return false;
}

static struct str
without_bom(struct str text)
{
	return str_starts(text, STR("\xEF\xBB\xBF"))
	    ? str_slice(text, 3, text.len)
	    : text;
}

enum article_kind
article_kind_of(struct str text)
{
	struct str line, rest;

	text = without_bom(text);
	text = space_skip(text);
	rest = text;
	if (is_html(text))
		return ARTICLE_HTML;
	if (space_next_line(&rest, &line) && head_is_line(line))
		return ARTICLE_HEAD;
	return is_capture(text) ? ARTICLE_CAPTURE : ARTICLE_PLAIN;
}

enum err
article_check_text(const struct reading *in)
{
	struct str rest = in->text;
	size_t line = 1;

	while (rest.len > 0) {
		uint32_t c = utf8_next(&rest);
		if (c == UTF8_BAD)
			return reading_refuse(in, line,
			    "not UTF-8 (a text in GBK can be converted with "
			    "`iconv -f GBK -t UTF-8`)");
		if (c == 0)
			return reading_refuse(
			    in, line, "holds a NUL byte: not a text");
		line += c == '\n';
	}
	return OK;
}

enum err
article_read_text(
    const struct reading *in, enum article_kind kind, struct article *out)
{
	struct article article = {.file = in->file};
	struct reading text = *in;
	enum err err = OK;

	text.text = without_bom(in->text);
	if (kind == ARTICLE_ANY)
		kind = article_kind_of(text.text);
	article.kind = kind;
	if (kind != ARTICLE_HTML)
		err = article_check_text(&text);
	if (err == OK)
		err = kinds[kind].read(&text, &article);
	if (err == OK)
		*out = article;
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

/* The whole file, which must be one: a pipe might never end. */
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
		return fail(why, file, "memory is out", out->err);
	return out->len > 0 ? OK : fail(why, file, "is empty", ERR_INPUT);
}

enum err
article_read(struct arena *arena, const char *file, enum article_kind kind,
    struct article *out, struct buf *why)
{
	struct reading in = {.arena = arena, .file = file, .why = why};
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
