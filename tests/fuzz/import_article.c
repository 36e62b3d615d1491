/* SPDX-License-Identifier: ISC */
/*
 * A file that somebody wants to import: a head, HTML of any encoding, a
 * capture, or plain text. It becomes an article of clean text, or is refused
 * with one line. The same bytes as a labels.ini are read, or found fault with
 * in clean lines.
 */
#include "fuzz.h"

#include "tools/import/article/read.h"

enum { FILE_MAX = 64 * 1024 };

static void
check_article(const struct article *article)
{
	for (int i = 0; i < CUSTOMS_FIELDS_MAX; i++) {
		MUST(is_clean_line(article->field[i]));
		MUST(article->field[i].len <= ARTICLE_FIELD_MAX);
	}
	MUST(is_clean_text(article->body, "\n\t"));
	MUST(article->attachments <= ARTICLE_ATTACHMENTS_MAX);
	for (size_t i = 0; i < article->attachments; i++) {
		MUST(is_clean_line(article->attachment[i].path));
		MUST(is_clean_line(article->attachment[i].label));
	}
}

static const char *const names[] = {"title", "section", "kicker", "subtitle",
    "byline", "source", "source_url", "publisher", "summary", "status",
    "article", "pinned", "sample"};

enum { NAMES = sizeof(names) / sizeof(*names) };

/* The portal's own words. */
static const struct customs *
portal_customs(void)
{
	static struct customs customs;
	static struct arena *arena;
	struct buf why;

	if (arena != NULL)
		return &customs;
	arena = arena_new(16 << 20);
	buf_init(&why, 4096);
	MUST(arena != NULL && customs_init(&customs, names, NAMES) == OK);
	MUST(customs_load(&customs, arena, "capsule", &why) == OK);
	buf_release(&why);
	return &customs;
}

static void
read_labels(struct str text)
{
	static struct arena *arena;
	struct customs customs;
	struct buf why;
	enum err err;

	if (arena == NULL)
		arena = arena_new(64 << 20);
	MUST(arena != NULL && customs_init(&customs, names, NAMES) == OK);
	buf_init(&why, 16 << 20);
	err = customs_read(&customs, arena, text, &why);
	MUST(err == OK || err == ERR_INPUT);
	MUST((err == OK) == (why.len == 0));
	MUST(is_clean_text(buf_view(&why), "\n"));
	buf_release(&why);
	arena_clear(arena);
}

static void
read_as(enum article_kind kind, struct str text)
{
	static struct arena *arena;
	struct article article = {0};
	struct buf why;
	struct reading in = {.file = "f",
	    .text = text,
	    .why = &why,
	    .customs = portal_customs()};
	enum err err;

	if (arena == NULL)
		arena = arena_new(64 << 20);
	MUST(arena != NULL);
	in.arena = arena;
	buf_init(&why, 4096);
	err = article_read_text(&in, kind, &article);
	MUST(err == OK || err == ERR_INPUT);
	if (err == OK)
		check_article(&article);
	else
		MUST(why.len > 0);
	MUST(is_clean_line(buf_view(&why)));
	buf_release(&why);
	arena_clear(arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum article_kind kinds[] = {
	    ARTICLE_HEAD, ARTICLE_HTML, ARTICLE_CAPTURE, ARTICLE_PLAIN};
	struct str text = fuzz_str(data, size);

	if (size == 0 || size > FILE_MAX)
		return 0;
	read_as(ARTICLE_ANY, text);
	/* And as something that it may not be, as the operator can say. */
	read_as(kinds[size % 4], text);
	read_labels(text);
	return 0;
}
