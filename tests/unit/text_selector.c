/* SPDX-License-Identifier: ISC */
/* Gopher selectors: what is written is read back, what is hostile is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text/selector.h"

static struct arena *arena;

static enum err
parse(const char *selector, struct path *path)
{
	return selector_parse(arena, str_from(selector), path);
}

static void
assert_str(struct str s, const char *text)
{
	assert_int_equal(s.len, strlen(text));
	assert_memory_equal(s.data, text, s.len);
}

/* The selector of what `selector` was read as. */
static void
assert_round(const char *selector, const char *expected)
{
	struct path path;
	struct buf out;

	buf_init(&out, 1024);
	assert_int_equal(parse(selector, &path), OK);
	selector_add(&out, &path);
	assert_int_equal(out.err, OK);
	assert_str(buf_view(&out), expected);
	buf_release(&out);
}

static void
a_selector_is_written_as_it_was_read(void **state)
{
	static const char *const same[] = {"/", "/x", "/x/", "/a/b", "/a//b",
	    "/%2Fetc", "/a%25b", "/a%3Fb", "/标准/第 1 号", "/a%252Fb"};

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		assert_round(same[i], same[i]);
	assert_round("", "/");
	assert_round("x", "/x");
	assert_round("x/y/", "/x/y/");
	assert_round("/a%2fb", "/a%2Fb");
	/* A percent sign that is no escape of ours stands for itself. */
	assert_round("/%2e%2e/", "/%252e%252e/");
	assert_round("/100%", "/100%25");
	assert_round("/%2", "/%252");
}

static void
segments_are_decoded_once(void **state)
{
	struct path path;

	(void)state;
	assert_int_equal(parse("/a%2Fb/%2e%2e/%25%3f", &path), OK);
	assert_int_equal(path.count, 3);
	assert_false(path.folder);
	assert_str(path.segment[0], "a/b");
	assert_str(path.segment[1], "%2e%2e");
	assert_str(path.segment[2], "%?");
	/* Decoded once: what an escape yields is not looked at again. */
	assert_int_equal(parse("/%252F", &path), OK);
	assert_str(path.segment[0], "%2F");
}

static void
hostile_selectors_are_refused(void **state)
{
	static const char *const bad[] = {"/.", "/..", "..", "/a/../b",
	    "/a/./b", "/../etc/passwd", "/a\tb", "/a\rb", "/a\nb", "/a\x7f",
	    "/\xc2\x85", "/\xff", "/\xc0\xae", "/\x1b[2J"};
	struct path path;
	struct buf deep;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(parse(bad[i], &path), ERR_INPUT);
	assert_int_equal(selector_parse(arena, STR("/a\0b"), &path), ERR_INPUT);
	buf_init(&deep, 1024);
	for (int i = 0; i <= PATH_SEGMENTS_MAX; i++)
		buf_text(&deep, "/x");
	assert_int_equal(
	    selector_parse(arena, buf_view(&deep), &path), ERR_LIMIT);
	buf_release(&deep);
}

static void
a_control_cannot_be_written(void **state)
{
	struct path path = {.count = 1, .segment = {STR("a\tb")}};
	struct buf out;

	(void)state;
	buf_init(&out, 1024);
	selector_add(&out, &path);
	assert_int_equal(out.err, ERR_INPUT);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_selector_is_written_as_it_was_read),
	    cmocka_unit_test(segments_are_decoded_once),
	    cmocka_unit_test(hostile_selectors_are_refused),
	    cmocka_unit_test(a_control_cannot_be_written)};
	int failed;

	arena = arena_new(1024 * 1024);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(arena);
	return failed;
}
