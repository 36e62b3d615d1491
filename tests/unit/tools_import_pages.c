/* SPDX-License-Identifier: ISC */
/*
 * Pages whose text would mean something else if one mark of them were lost:
 * tests/import/pages/NAME.html is read, and its body is NAME.gmi.
 */
#include "import_fixture.h"

static void
read_page(const char *name, struct buf *wanted)
{
	char path[256];
	FILE *file;
	int c;

	snprintf(path, sizeof(path), "tests/import/pages/%s.html", name);
	reads_file(path);
	snprintf(path, sizeof(path), "tests/import/pages/%s.gmi", name);
	file = fopen(path, "r");
	assert_non_null(file);
	while ((c = getc(file)) != EOF)
		buf_char(wanted, (char)c);
	fclose(file);
}

/* Its body is as the other file says, and of its notes one says this. */
static void
page_is(const char *name, const char *note)
{
	struct buf wanted;

	buf_init(&wanted, 65536);
	read_page(name, &wanted);
	if (!str_equal(buf_view(&wanted), article.body))
		fail_msg("%s:\n%.*s", name, STR_ARG(article.body));
	buf_release(&wanted);
	assert_int_equal(article.published, 1551661800);
	field_is(FIELD_SOURCE, "椰岛标准化网");
	if (str_find(article.remark, str_from(note)) == SIZE_MAX ||
	    (note[0] == '\0' && article.remark.len > 0))
		fail_msg("%s notes: %.*s", name, STR_ARG(article.remark));
}

static void
pages_become_the_expected_texts(void **state)
{
	(void)state;
	page_is("references", "");
	page_is("scripts", "");
	page_is("struck",
	    "line 7: what is struck out is left out: "
	    "8 / 9 / 旧 / 条 / 5 / 整段");
	page_is("word", "");
	page_is("tables", "line 23: 1 link");
	page_is("lists", "");
	page_is("preformatted", "");
	page_is("styles", "what stands in a field of a form is left out");
	page_is("tables-more", "");
	page_is("lists-more", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(pages_become_the_expected_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
