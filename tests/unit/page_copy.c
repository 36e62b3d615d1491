/* SPDX-License-Identifier: ISC */
/*
 * A site on a copy of a database: what it answers itself, what it leads to
 * the primary, and that it neither writes nor counts.
 */
#include "page_fixture.h"

#include "base/limits.h"
#include "store/store.h"

static void
write_pages(struct fixture *f)
{
	fixture_write(f, "pages/write/[seal].gmi",
	    "% ask Which title?\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('new', :input)\n"
	    "% go ../\n");
	fixture_write(f, "pages/write/index.gmi", "=> {seal} Write\n");
	fixture_write(f, "pages/up.gmi",
	    "% cert Who?\n"
	    "% upload 100 text/gemini\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('up', 'x')\n");
	fixture_write(f, "pages/seen.gmi",
	    "% one SELECT /* scan */ tally_add('seen', 7) AS n, count(*) AS "
	    "books\n"
	    "%     FROM book\n"
	    "{n} of {books}\n");
	fixture_good(f);
}

/* Close the primary and open its file again as a copy of portal.example:1965,
 * served as copy.example. */
static enum err
open_copy(struct fixture *f)
{
	const struct site_options options = {.capsule = f->capsule,
	    .state_dir = f->state,
	    .download = STR("download"),
	    .language = STR("en"),
	    .host = STR("copy.example"),
	    .services = TEST_SERVICES,
	    .primary_host = STR("portal.example"),
	    .primary_port = 1966,
	    .uploads = true, /* as by default; the primary takes them */
	    .count_views = false};

	site_close(f->site);
	f->site = NULL;
	return site_open(&options, &f->site, &f->findings);
}

static void
a_copy_is_read_and_counts_nothing(void **state)
{
	struct fixture *f = *state;

	write_pages(f);
	assert_string_equal(gemini(f, "/seen"), "1 of 3\n");
	assert_string_equal(gemini(f, "/seen"), "2 of 3\n");
	site_fold(f->site);
	assert_int_equal(open_copy(f), OK);
	assert_string_equal(gemini(f, "/seen"), "2 of 3\n");
	assert_string_equal(gemini(f, "/seen"), "2 of 3\n");
	site_fold(f->site);
}

static void
a_copy_leads_to_the_primary(void **state)
{
	struct fixture *f = *state;
	struct upload sent = {.body = STR("# Text\n"), .mime = STR("")};
	struct request request = {.protocol = PROTOCOL_GEMINI, .upload = &sent};

	write_pages(f);
	assert_int_equal(open_copy(f), OK);
	assert_string_equal(
	    gemini(f, "/write/x"), "(go) gemini://portal.example:1966/write/x");
	assert_string_equal(gemini(f, "/write/x?A%20b"),
	    "(go) gemini://portal.example:1966/write/x?A%20b");
	/* A copy makes no seals: the page of the primary has the link. */
	assert_string_equal(gemini(f, "/write/"),
	    "=> gemini://portal.example:1966/write/ Write\n");
	assert_string_equal(gemini(f, "/write/?A%20b"),
	    "=> gemini://portal.example:1966/write/?A%20b Write\n");
	assert_non_null(strstr(gopher(f, "/write/"),
	    "\tURL:gemini://portal.example:1966/write/\t"));
	f->has_cert = true;
	assert_int_equal(path_parse(f->arena, STR("/up"), &request.path), OK);
	assert_memory_equal(fixture_request(f, &request),
	    "(bad) This is a copy: upload to portal.example:1966", 51);
	f->has_cert = false;
}

/* An upload is made at the primary, so that is the address to be told. */
static void
a_copy_tells_where_uploads_are_taken(void **state)
{
	struct fixture *f = *state;
	struct protocol by_input;
	struct request request = {.protocol = &by_input};

	fixture_write(f, "pages/see.gmi", "% upload 9 text/plain\n{body}\n");
	fixture_write(f, "pages/box/[seal].gmi",
	    "% upload 9 text/plain\n"
	    "% do INSERT INTO book (shelf, title) VALUES ('up', :body)\n");
	fixture_write(f, "pages/offer.gmi",
	    "=> titan:see See\n=> titan:box/{seal} Put in\n");
	write_pages(f);
	/* A protocol that uploads by its input asks for it; a copy does not. */
	by_input = *PROTOCOL_GEMINI;
	by_input.acts = false;
	by_input.uploads_input = true;
	assert_int_equal(path_parse(f->arena, STR("/see"), &request.path), OK);
	assert_string_equal(fixture_request(f, &request), "(ask) ");
	assert_int_equal(open_copy(f), OK);
	assert_int_equal(path_parse(f->arena, STR("/see"), &request.path), OK);
	assert_string_equal(fixture_request(f, &request),
	    "(bad) Upload expected: titan://portal.example:1966/see");
	assert_string_equal(gemini(f, "/see"),
	    "(bad) Upload expected: titan://portal.example:1966/see");
	/* A copy makes no seals: the page of the primary has the link. */
	assert_string_equal(gemini(f, "/offer"),
	    "=> titan://portal.example:1966/see See\n"
	    "=> gemini://portal.example:1966/offer Put in\n");
}

/* A copy gives what fits into memory, and makes no files for the rest. */
static void
a_copy_gives_small_files(void **state)
{
	struct fixture *f = *state;
	struct request largest = {
	    .arena = f->arena, .protocol = PROTOCOL_GEMINI};
	struct reply reply;
	char schema[400];

	snprintf(schema, sizeof(schema),
	    "CREATE TABLE file (id INTEGER PRIMARY KEY, data BLOB);\n"
	    "INSERT INTO file VALUES (1, 'words'), (2, zeroblob(%d)),\n"
	    "(3, zeroblob(%d));\n",
	    LIMIT_PAGE_BYTES, LIMIT_PAGE_BYTES + 1);
	fixture_write(f, "schema/002_file.sql", schema);
	fixture_write(
	    f, "pages/file/[id].gmi", "% file file.data :id text/plain\n");
	write_pages(f);
	assert_string_equal(gemini(f, "/file/1"), "(text/plain)\nwords");
	assert_int_equal(open_copy(f), OK);
	assert_string_equal(gemini(f, "/file/1"), "(text/plain)\nwords");
	assert_int_equal(
	    path_parse(f->arena, STR("/file/2"), &largest.path), OK);
	site_answer(f->site, &largest, &reply);
	assert_int_equal(reply.type, REPLY_BYTES);
	assert_int_equal(reply.bytes.len, LIMIT_PAGE_BYTES);
	assert_string_equal(
	    gemini(f, "/file/3"), "(go) gemini://portal.example:1966/file/3");
	assert_string_equal(gemini(f, "/file/9"), "(missing) ");
	assert_string_equal(gopher(f, "/file/1"), "(text/plain)\nwords");
}

static void
a_file_that_is_not_a_copy_is_refused(void **state)
{
	struct fixture *f = *state;
	char database[160], schema[160];
	struct store *store = NULL;
	struct buf why;

	write_pages(f);
	site_close(f->site);
	f->site = NULL;
	buf_init(&why, 1024);
	snprintf(schema, sizeof(schema), "%s/schema", f->capsule);
	snprintf(database, sizeof(database), "%s/portal.db", f->state);
	assert_int_equal(store_check_copy(database, schema, &why), OK);
	assert_int_equal(store_open_copy(database, &store, &why), OK);
	assert_null(store_writer(store));
	assert_true(store_is_sound(store));
	store_close(store);
	fixture_write(f, "schema/002_more.sql", "CREATE TABLE more (x);\n");
	assert_int_equal(store_check_copy(database, schema, &why), ERR_INPUT);
	snprintf(database, sizeof(database), "%s/nothing.db", f->state);
	assert_int_equal(store_check_copy(database, schema, &why), ERR_MISSING);
	snprintf(database, sizeof(database), "%s/pages/p.gmi", f->capsule);
	fixture_write(f, "pages/p.gmi", "This is no database at all.\n");
	assert_int_not_equal(store_open_copy(database, &store, &why), OK);
	buf_release(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(a_copy_is_read_and_counts_nothing),
	    PAGE_TEST(a_copy_leads_to_the_primary),
	    PAGE_TEST(a_copy_tells_where_uploads_are_taken),
	    PAGE_TEST(a_copy_gives_small_files),
	    PAGE_TEST(a_file_that_is_not_a_copy_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
