/* SPDX-License-Identifier: ISC */
/*
 * Reading a text as an article, and saying what must come of it. Included
 * once by each test of the readers.
 */
#ifndef GUIJU_TESTS_UNIT_IMPORT_FIXTURE_H
#define GUIJU_TESTS_UNIT_IMPORT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/zone.h"
#include "tools/import/article/read.h"

/* The fields of the portal's articles. */
#define FIELD_SECTION "section"
#define FIELD_KICKER "kicker"
#define FIELD_TITLE "title"
#define FIELD_SUBTITLE "subtitle"
#define FIELD_BYLINE "byline"
#define FIELD_SOURCE "source"
#define FIELD_SOURCE_URL "source_url"
#define FIELD_PUBLISHER "publisher"
#define FIELD_SUMMARY "summary"
#define FIELD_STATUS "status"
#define FIELD_ARTICLE "article"

static struct customs customs;
static struct arena *arena;
static struct article article;
static struct buf why;

static inline int
import_setup(void **state)
{
	static const char *const names[] = {FIELD_SECTION, FIELD_KICKER,
	    FIELD_TITLE, FIELD_SUBTITLE, FIELD_BYLINE, FIELD_SOURCE,
	    FIELD_SOURCE_URL, FIELD_PUBLISHER, FIELD_SUMMARY, FIELD_STATUS,
	    FIELD_ARTICLE, "pinned", "sample"};

	(void)state;
	arena = arena_new(256 * 1024 * 1024);
	buf_init(&why, 4096);
	article = (struct article){0};
	if (arena == NULL || zone_use("Asia/Shanghai") != OK ||
	    customs_init(&customs, names, sizeof(names) / sizeof(*names)) != OK)
		return -1;
	if (customs_load(&customs, arena, "capsule", &why) != OK)
		fail_msg("%.*s", STR_ARG(buf_view(&why)));
	article.customs = &customs;
	return 0;
}

static inline int
import_teardown(void **state)
{
	(void)state;
	arena_free(arena);
	buf_release(&why);
	return 0;
}

static inline enum err
read_bytes(struct str text, enum article_kind kind)
{
	/* A copy of exactly that size: reading past it is found. */
	char *copy = malloc(text.len + 1);
	struct reading in = {
	    arena, "f", {copy, text.len}, &why, NULL, &customs};
	enum err err;

	assert_non_null(copy);
	memcpy(copy, text.data, text.len);
	copy = realloc(copy, text.len > 0 ? text.len : 1);
	assert_non_null(copy);
	in.text.data = copy;
	buf_clear(&why);
	err = article_read_text(&in, kind, &article);
	free(copy);
	return err;
}

static inline void
assert_str(struct str got, const char *wanted)
{
	if (!str_equal(got, str_from(wanted)))
		fail_msg("got '%.*s', wanted '%s'", STR_ARG(got), wanted);
}

static inline bool
has(const char *field)
{
	return article_get(&article, field).len > 0;
}

static inline void
reads(const char *text)
{
	if (read_bytes(str_from(text), ARTICLE_ANY) != OK)
		fail_msg("refused: %.*s", STR_ARG(buf_view(&why)));
	assert_true(has(FIELD_TITLE));
	assert_true(article.body.len > 0);
}

static inline void
field_is(const char *field, const char *wanted)
{
	assert_str(article_get(&article, field), wanted);
}

static inline void
body_is(const char *wanted)
{
	assert_str(article.body, wanted);
}

/* It is refused, with one line that begins so and holds that. */
static inline void
refuses_bytes(struct str text, const char *begin, const char *part)
{
	struct str line;

	assert_int_equal(read_bytes(text, ARTICLE_ANY), ERR_INPUT);
	line = buf_view(&why);
	if (!str_starts(line, str_from(begin)) ||
	    str_find(line, str_from(part)) == SIZE_MAX)
		fail_msg(
		    "'%.*s' is not '%s ... %s'", STR_ARG(line), begin, part);
	assert_int_equal(str_find_byte(line, '\n'), SIZE_MAX);
}

static inline void
refuses(const char *text, const char *begin, const char *part)
{
	refuses_bytes(str_from(text), begin, part);
}

static inline void
reads_file(const char *file)
{
	buf_clear(&why);
	if (article_read(arena, &customs, file, ARTICLE_ANY, &article, &why) !=
	    OK)
		fail_msg("refused: %.*s", STR_ARG(buf_view(&why)));
}

/* n times part, between two others. */
static inline struct str
repeated(const char *before, const char *part, size_t n, const char *after)
{
	struct str whole = {"", 0};
	struct buf b;

	buf_init(&b, 64 * 1024 * 1024);
	buf_text(&b, before);
	for (size_t i = 0; i < n; i++)
		buf_text(&b, part);
	buf_text(&b, after);
	assert_int_equal(arena_take(arena, &b, &whole), OK);
	buf_release(&b);
	return whole;
}

#define TEST(f) \
	cmocka_unit_test_setup_teardown(f, import_setup, import_teardown)

#endif
