/* SPDX-License-Identifier: ISC */
/*
 * A small capsule that does all that an engine does with a database: a list,
 * a search, a page that writes behind a seal, a tally. The tests of faults
 * ask it, tolerant of any answer, and then look whether it is sound. Included
 * once by each test file.
 */
#ifndef GUIJU_TESTS_UNIT_NOTES_FIXTURE_H
#define GUIJU_TESTS_UNIT_NOTES_FIXTURE_H

#include <fcntl.h>
#include <sys/wait.h>

#include "base/log.h"
#include "page/run/site_parts.h"
#include "tests/unit/page_fixture.h"

/* The long forms try everything; the short ones a part, never the same. */
static inline bool
is_long(void)
{
	return getenv("GUIJU_LONG") != NULL;
}

static inline int
notes_setup(void **state)
{
	struct fixture *f;

	if (fixture_setup(state) != 0)
		return -1;
	f = *state;
	log_set_level(is_long() ? LOG_LEVEL_ERROR : LOG_LEVEL_WARN);
	fixture_write(f, "schema/001_test.sql",
	    "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL);\n"
	    "CREATE VIRTUAL TABLE found USING fts5(text, tokenize='cjk');\n");
	fixture_write(f, "pages/index.gmi",
	    "# Notes\n"
	    "% one SELECT count(*) AS n FROM note /* scan */\n"
	    "{n} notes\n"
	    "% each SELECT id, text FROM note ORDER BY id DESC LIMIT 20\n"
	    "=> /note/{id} {text}\n"
	    "% end\n"
	    "=> /add/{seal} Add\n"
	    "=> /find Find\n"
	    "=> /hello.txt Hello\n");
	fixture_write(f, "functions/note_text.sql",
	    "-- note_text(id)\nSELECT text FROM note WHERE id = :id\n");
	fixture_write(f, "pages/note/[id].gmi",
	    "% one SELECT note_text(id) AS text, tally_add('seen', id) AS "
	    "views FROM note "
	    "WHERE id = :id\n"
	    "# {text}\n"
	    "{views} views\n");
	fixture_write(f, "pages/find.gmi",
	    "% ask What?\n"
	    "# Found\n"
	    "% each SELECT n.id, n.text FROM found JOIN note n ON n.id = "
	    "found.rowid WHERE found MATCH fts_query(:input, 'and') "
	    "ORDER BY found.rowid LIMIT 20 /* scan */\n"
	    "=> /note/{id} {text}\n"
	    "% none\n"
	    "Nothing\n"
	    "% end\n");
	fixture_write(f, "pages/add/[seal].gmi",
	    "% ask What?\n"
	    "% do INSERT INTO note (text) VALUES (:input) RETURNING id\n"
	    "% do INSERT INTO found (rowid, text) VALUES (:id, :input)\n"
	    "% go /stored\n");
	fixture_write(f, "pages/stored.gmi", "# Stored\n");
	fixture_write(f, "static/hello.txt", "Hello\n");
	return 0;
}

#define NOTES_TEST(name) \
	cmocka_unit_test_setup_teardown(name, notes_setup, fixture_teardown)

/* Whether the last notes_open() said why it did not open. */
static bool notes_told_why;

/* Migrate and open; whatever comes of it, nothing is left half open. */
static inline enum err
notes_open(struct fixture *f)
{
	char database[120], schema[120];
	struct site_options options = {.capsule = f->capsule,
	    .state_dir = f->state,
	    .download = STR("download"),
	    .language = STR("en"),
	    .host = STR("portal.example"),
	    .uploads = true,
	    .services = TEST_SERVICES,
	    .seal_keys = &fixture_seal_keys,
	    .count_views = true};
	struct buf why;
	enum err err;

	snprintf(database, sizeof(database), "%s/portal.db", f->state);
	snprintf(schema, sizeof(schema), "%s/schema", f->capsule);
	buf_init(&why, 1024);
	err = store_migrate(database, schema, NULL, &why);
	notes_told_why = why.len > 0;
	buf_release(&why);
	if (err == OK)
		err = site_open(&options, &f->site, &f->findings);
	notes_told_why |= f->findings != NULL;
	for (struct finding *x = f->findings; x != NULL; x = x->next)
		print_error("%s:%u: %s\n", x->file, x->line, x->message);
	findings_free(f->findings);
	f->findings = NULL;
	return err;
}

static inline void
notes_close(struct fixture *f)
{
	site_close(f->site);
	f->site = NULL;
}

/* What "/path" or "/path?words" gives over this protocol. */
static inline const char *
notes_ask(
    struct fixture *f, const struct protocol *protocol, const char *address)
{
	struct request request = {.protocol = protocol};
	struct str text = str_from(address);
	size_t query = str_find_byte(text, '?');

	if (path_parse(f->arena, str_slice(text, 0, query), &request.path) !=
	    OK)
		return "(no memory)";
	if (query != SIZE_MAX) {
		request.has_input = true;
		request.query = str_slice(text, query + 1, text.len);
		if (url_decode(f->arena, request.query, &request.input) != OK)
			return "(no memory)";
	}
	return fixture_request(f, &request);
}

static inline bool
begins(const char *answer, const char *with)
{
	return strncmp(answer, with, strlen(with)) == 0;
}

/* Either the page or the sentence that it cannot be had. */
static inline void
must_be(const char *answer, const char *page)
{
	if (!begins(answer, page) && !begins(answer, "(broken) ") &&
	    !begins(answer, "(busy) ") && strcmp(answer, "(no memory)") != 0)
		fail_msg("got '%s', wanted '%s'", answer, page);
}

/* Follow a fresh seal. true: we were told that the note is stored. */
static inline bool
notes_write(struct fixture *f, const char *text)
{
	const char *answer = notes_ask(f, PROTOCOL_GEMINI, "/");
	const char *link = strstr(answer, "=> /add/");
	char address[200];

	must_be(answer, "# Notes\n");
	if (link == NULL)
		return false;
	snprintf(address, sizeof(address), "/add/%.32s?%s", link + 8, text);
	answer = notes_ask(f, PROTOCOL_GEMINI, address);
	must_be(answer, "(go) /stored");
	return begins(answer, "(go) /stored");
}

/* ---- is it sound? -------------------------------------------------- */

static inline int64_t
notes_number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int64_t n = -1;

	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	if (sqlite3_step(statement) == SQLITE_ROW)
		n = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return n;
}

/* How many notes have this text. */
static inline int64_t
notes_count(struct fixture *f, const char *text)
{
	char sql[200];

	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM note WHERE text = '%s'", text);
	return notes_number(store_writer(f->site->store), sql);
}

/* Open it afresh: the database and its index are whole, a page, a search and
 * a new note are right. Leaves it open. */
static inline void
notes_must_be_sound(struct fixture *f)
{
	sqlite3 *db;
	int64_t before;

	notes_close(f);
	assert_int_equal(notes_open(f), OK);
	db = store_writer(f->site->store);
	assert_int_equal(notes_number(db,
			     "SELECT integrity_check = 'ok' FROM "
			     "pragma_integrity_check"),
	    1);
	assert_int_equal(
	    sqlite3_exec(db,
		"INSERT INTO found(found) VALUES('integrity-check')", NULL,
		NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(notes_number(db,
			     "SELECT (SELECT count(*) FROM note) = "
			     "(SELECT count(*) FROM found)"),
	    1);
	before = notes_count(f, "sound");
	assert_true(notes_write(f, "sound"));
	assert_int_equal(notes_count(f, "sound"), before + 1);
	assert_true(begins(
	    notes_ask(f, PROTOCOL_GEMINI, "/find?sound"), "# Found\n=> /note"));
	assert_true(begins(notes_ask(f, PROTOCOL_GOPHER, "/"), "iNotes"));
}

/* ---- a process to spoil -------------------------------------------- */

/*
 * Do it in a process of its own, with what outlives it in shared memory of
 * the caller's. It must come to its end by itself.
 */
static inline void
in_child(struct fixture *f, void (*act)(struct fixture *f))
{
	int status = -1;
	pid_t child;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		alarm(600);
		setenv("CMOCKA_TEST_ABORT", "1", 1);
		act(f);
		exit(0); /* so that leaks are told */
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* A copy of a file, or its removal if there is none to copy. */
static inline void
copy_file(const char *from, const char *to)
{
	static char bytes[64 * 1024];
	int in = open(from, O_RDONLY), out;
	ssize_t n;

	unlink(to);
	if (in < 0)
		return;
	out = open(to, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(out >= 0);
	while ((n = read(in, bytes, sizeof(bytes))) > 0)
		assert_int_equal(write(out, bytes, (size_t)n), n);
	assert_int_equal(n, 0);
	close(in);
	close(out);
}

#endif
