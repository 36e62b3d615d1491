/* SPDX-License-Identifier: ISC */
/*
 * What a capsule's import/article.sql may say, and what an import does with
 * it: order, doubles, refusals, dry runs, attachments. The capsule is a small
 * one of this test's own, so that nothing here knows a portal's tables.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/store.h"
#include "tools/command.h"
#include "tools/difference.h"
#include "tools/import/article/batch.h"
#include "tools/import/article/capsule_sql.h"
#include "tools/import/article/internal.h"

static char dir[64];
static struct capsule_result result;
static struct buf why;
static struct store *store;

static const char schema[] =
    "CREATE TABLE a (id INTEGER PRIMARY KEY, title TEXT CHECK (title <> "
    "'bad'), source TEXT, published INTEGER, body TEXT, file TEXT, pinned "
    "INTEGER, sample INTEGER) STRICT;\n"
    "CREATE TABLE f (a INTEGER, position INTEGER, path TEXT, label TEXT, "
    "mime TEXT, bytes INTEGER) STRICT;\n";

static const char good_sql[] =
    "% needs :section :source :pinned :sample\n% gives :address\n"
    "%# a comment; with a semicolon\n"
    "% if :section IS NULL\n"
    "% fail refused no section\n"
    "% end\n"
    "% each SELECT id FROM a WHERE title = :title AND source IS :source\n"
    "% fail already {id}\n"
    "% end\n"
    "% one SELECT :title || '!' AS loud\n"
    "% do INSERT INTO a (title, source, published, body, file, pinned,\n"
    "%          sample) VALUES (:title, :source, :published, :body, :file,\n"
    "%          :pinned, :sample)\n"
    "%      RETURNING id AS article_id,\n"
    "%          '/a/' || id || '?' || :loud AS address\n"
    "% do INSERT INTO f SELECT :article_id, key + 1, value ->> 'path',\n"
    "%      value ->> 'label', value ->> 'mime', value ->> 'bytes'\n"
    "%      FROM json_each(:attachments)\n";

static void
put(const char *name, const char *content)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(content, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static const char *
in_dir(const char *name)
{
	static char path[8][256];
	static unsigned next;
	char *out = path[next++ % 8];

	snprintf(out, sizeof(path[0]), "%s/%s", dir, name);
	return out;
}

static int
set_up(void **state)
{
	static const char *const folders[] = {
	    "schema", "import", "static", "static/files", "texts", "var"};

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/guiju-import-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (mkdir(in_dir(folders[i]), 0700) != 0)
			return -1;
	put("schema/001_a.sql", schema);
	put("import/article.sql", good_sql);
	put("static/files/a.pdf", "%PDF-");
	buf_init(&why, 4096);
	capsule_result_init(&result);
	return 0;
}

static int
tear_down(void **state)
{
	int status = -1;
	pid_t child;

	(void)state;
	store_close(store);
	store = NULL;
	buf_release(&why);
	capsule_result_release(&result);
	child = fork();
	if (child == 0) {
		execl("/bin/rm", "rm", "-rf", dir, (char *)NULL);
		_exit(127);
	}
	waitpid(child, &status, 0);
	return status;
}

static sqlite3 *
open_database(void)
{
	if (store == NULL) {
		assert_int_equal(store_migrate(in_dir("var/portal.db"),
				     in_dir("schema"), NULL, &why),
		    OK);
		assert_int_equal(
		    store_open(in_dir("var/portal.db"), NULL, &store, &why),
		    OK);
	}
	return store_writer(store);
}

/* The first column of the first row, as text; static. */
static const char *
ask(const char *sql)
{
	static char out[512];
	sqlite3_stmt *statement = NULL;
	sqlite3 *db = open_database();

	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	out[0] = '\0';
	if (sqlite3_step(statement) == SQLITE_ROW &&
	    sqlite3_column_type(statement, 0) != SQLITE_NULL)
		snprintf(out, sizeof(out), "%s",
		    (const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	return out;
}

/* The fields of this test, whatever a script asks for. */
enum { TITLE, SECTION, SAMPLE };
static const struct customs own_fields = {
    .field = {{.name = "title"}, {.name = "section"}, {.name = "sample"}},
    .fields = 3};

static const struct article plain = {.file = "x.gmi",
    .customs = &own_fields,
    .field = {[TITLE] = {"T", 1}, [SECTION] = {"s", 1}, [SAMPLE] = {"yes", 3}},
    .published = 5,
    .has_published = true,
    .body = {"b\n", 2}};

/* Compile sql and run it for the article; what is said is in result and why. */
static enum err
run_sql(
    const char *sql, const struct article *article, enum capsule_answer *answer)
{
	struct capsule_sql *compiled = NULL;
	struct article stored = *article;
	enum err err;

	put("import/article.sql", sql);
	put("import/labels.ini",
	    strstr(sql, ":pinned") != NULL
		? "[fields]\nflag = pinned | sample\n"
		: "");
	buf_clear(&why);
	err = capsule_sql_open(open_database(), dir, &compiled, &why);
	if (err == OK) {
		stored.customs = capsule_sql_customs(compiled);
		for (size_t i = 0; i < stored.customs->fields; i++) {
			stored.field[i] =
			    article_get(article, stored.customs->field[i].name);
			if (stored.field[i].len == 0)
				stored.field[i].data = NULL;
		}
		err = capsule_sql_run(compiled, &stored, false, &result, &why);
	}
	*answer = result.answer;
	capsule_sql_close(compiled);
	return err;
}

static void
assert_has(const struct buf *b, const char *part)
{
	if (str_find(buf_view(b), str_from(part)) == SIZE_MAX)
		fail_msg("'%.*s' lacks '%s'", STR_ARG(buf_view(b)), part);
	assert_int_equal(str_find_byte(buf_view(b), '\n'), SIZE_MAX);
}

static void
an_article_is_stored_once(void **state)
{
	enum capsule_answer answer;
	struct article article = plain;

	(void)state;
	article.attachment[0] = (struct attachment){
	    STR("files/a.pdf"), STR("A\"\\\n"), STR("application/pdf"), 5, 1};
	article.attachment[1] = (struct attachment){
	    STR("files/b"), STR("B"), STR("text/plain"), 6, 2};
	article.attachments = 2;
	assert_int_equal(run_sql(good_sql, &article, &answer), OK);
	assert_int_equal(answer, CAPSULE_IMPORTED);
	assert_has(&result.text, "/a/1?T!");
	assert_string_equal(ask("SELECT title || ',' || ifnull(source, 'none') "
				"|| ',' || published || ',' || body || file || "
				"',' || pinned || sample FROM a"),
	    "T,none,5,b\nx.gmi,01");
	assert_string_equal(
	    ask("SELECT group_concat(a || position || path || label || mime "
		"|| bytes) FROM (SELECT * FROM f ORDER BY position)"),
	    "11files/a.pdfA\"\\\napplication/pdf5,12files/bBtext/plain6");
	/* Once more: it is there already. */
	assert_int_equal(run_sql(good_sql, &article, &answer), OK);
	assert_int_equal(answer, CAPSULE_ALREADY);
	assert_has(&result.text, "1");
	article.field[SECTION] = (struct str){NULL, 0};
	assert_int_equal(run_sql(good_sql, &article, &answer), OK);
	assert_int_equal(answer, CAPSULE_REFUSED);
	assert_has(&result.text, "no section");
}

static void
test_values_are_bound(void **state)
{
	static const char hostile[] = "'); DROP TABLE a; --\x01\n:body ?1";
	enum capsule_answer answer;
	struct article article = plain;

	(void)state;
	article.field[TITLE] = str_from(hostile);
	assert_int_equal(run_sql(good_sql, &article, &answer), OK);
	assert_string_equal(ask("SELECT title FROM a"), hostile);
}

/* What the script gives is of this article and no other. */
static void
columns_hide_fields_from_there_on(void **state)
{
	enum capsule_answer answer;

	(void)state;
	assert_int_equal(
	    run_sql("% gives :address\n% one SELECT 'new' AS title, 7 AS n\n"
		    "% one SELECT :title || :n AS address\n",
		&plain, &answer),
	    OK);
	assert_has(&result.text, "new7");
	/* A column hides a field only from what comes after it. */
	assert_int_equal(
	    run_sql("% gives :address\n% one SELECT :title AS address\n"
		    "% one SELECT 'late' AS title\n",
		&plain, &answer),
	    OK);
	assert_has(&result.text, "T");
	/* Of several rows the first counts, and all of them run. */
	assert_int_equal(
	    run_sql("% gives :address\n% do INSERT INTO a (title)\n"
		    "%     VALUES ('x'), ('y') RETURNING title AS address\n",
		&plain, &answer),
	    OK);
	assert_has(&result.text, "x");
	assert_string_equal(ask("SELECT count(*) FROM a"), "2");
	/* After % fail nothing runs. */
	assert_int_equal(run_sql("% if :title = 'T'\n% fail refused no\n% end\n"
				 "% do DELETE FROM a\n",
			     &plain, &answer),
	    OK);
	assert_int_equal(answer, CAPSULE_REFUSED);
	assert_string_equal(ask("SELECT count(*) FROM a"), "2");
}

/* What a correction says, and what is said besides. */
static void
a_correction_says_before_and_after(void **state)
{
	enum capsule_answer answer;

	(void)state;
	assert_int_equal(
	    run_sql("% gives :before :after :updated\n"
		    "% one SELECT 'a' || char(10) || 'b' AS before\n"
		    "one\ntwo\n"
		    "% one SELECT 'a' || char(10) || 'c' AS after,\n"
		    "%     '/a/1' AS updated\n",
		&plain, &answer),
	    OK);
	assert_int_equal(answer, CAPSULE_UPDATED);
	assert_has(&result.text, "/a/1");
	assert_has(&result.notes, "one; two");
	assert_true(str_equal(buf_view(&result.before), STR("a\nb")));
	assert_true(str_equal(buf_view(&result.after), STR("a\nc")));
	/* Nothing of it is left for the next one. */
	assert_int_equal(run_sql(good_sql, &plain, &answer), OK);
	assert_int_equal(answer, CAPSULE_IMPORTED);
	assert_int_equal(result.notes.len + result.before.len, 0);
	assert_int_equal(
	    run_sql("% gives :address\n% one SELECT :file_name || ' ' || "
		    ":replace || ' ' || (:file_path GLOB '/*') AS address\n",
		&plain, &answer),
	    OK);
	assert_has(&result.text, "x.gmi 0 0"); /* there is no such file */
}

static void
differs(const char *before, const char *after, const char *wanted)
{
	struct buf out;

	buf_init(&out, 1024 * 1024);
	difference_add(&out, str_from(before), str_from(after));
	if (!str_equal(buf_view(&out), str_from(wanted)))
		fail_msg("'%.*s' is not '%s'", STR_ARG(buf_view(&out)), wanted);
	buf_release(&out);
}

static void
a_difference_shows_changed_lines(void **state)
{
	static char many[20000], none[] = "";
	struct buf out;

	(void)state;
	differs("a\nb\nc\n", "a\nb\nc\n", "");
	differs("a\nb\nc\n", "a\nx\nc\n", "  - b\n  + x\n");
	differs("", "a\n", "  + a\n");
	differs("a\n", "", "  - a\n");
	differs("a\nb\nc\nd\n", "b\nx\nd\ne\n", "  - a\n  - c\n  + x\n  + e\n");
	differs("a\na\n", "a\n", "  - a\n");
	differs("a\x1B[1m\n", "a\n", "  - a [1m\n  + a\n");
	/* Of very many the first are shown; more than a table can hold are
	 * shown as well. */
	for (size_t i = 0; i + 4 < sizeof(many); i++)
		many[i] = "a\nb\n"[i % 4];
	buf_init(&out, 1024 * 1024);
	difference_add(&out, str_from(many), str_from(none));
	assert_true(
	    str_ends(buf_view(&out), STR("  ... and 9798 lines more\n")));
	buf_release(&out);
}

static void
each_mistake_in_a_script_has_its_line(void **state)
{
	static const struct {
		const char *sql, *line, *part;
	} rows[] = {
	    {"x\n\n% one SELECT\n%  nothing\n", ":3: ", "nothing"},
	    {"x\n% one SELECT :titel AS a\n", ":2: ", ":titel"},
	    {"{n}\n% one SELECT 1 AS n\n", ":1: ", "{n}"},
	    {"% one SELECT ?1\n", ":1: ", "a value is written :name"},
	    {"% one SELECT $x\n", ":1: ", "a value is written :name"},
	    {"SELECT 1;\n% end\n", ":2: ", "no block is open"},
	    {"\n% do COMMIT\n", ":2: ", "SQL is SELECT"},
	    {"% do BEGIN\n", ":1: ", "SQL is SELECT"},
	    {"% do SAVEPOINT x\n", ":1: ", "SQL is SELECT"},
	    {"% do ATTACH ':memory:' AS x\n", ":1: ", "SQL is SELECT"},
	    {"% fail refuse x\n", ":1: ", "did you mean `refused`?"},
	    {"%# nothing\n", ": ", "no statement"},
	    {"", ": ", "no statement"},
	};
	enum capsule_answer answer;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum err err = run_sql(rows[i].sql, &plain, &answer);
		if (err != ERR_INPUT)
			fail_msg("'%s' compiles", rows[i].sql);
		assert_has(&why, "import/article.sql");
		assert_has(&why, rows[i].line);
		assert_has(&why, rows[i].part);
	}
	/* What fails when it runs says where as well. */
	assert_int_equal(run_sql("x\n\n% do INSERT INTO a (title) "
				 "VALUES ('bad')\n",
			     &plain, &answer),
	    ERR_INPUT);
	assert_has(&why, ":3: ");
	assert_has(&why, "CHECK");
}

/* Run `guiju import` in a child, its output in the file out. */
static int
command(const char *const *args)
{
	const char *argv[24] = {
	    "import", "article", "--capsule", dir, "--state", in_dir("var")};
	int argc = 6, status;
	pid_t child;

	for (; *args != NULL; args++)
		argv[argc++] = *args;
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		int out =
		    open(in_dir("out"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
		dup2(out, STDOUT_FILENO);
		dup2(out, STDERR_FILENO);
		status = command_import.run(argc, (char **)(uintptr_t)argv);
		fflush(NULL);
		_exit(status);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

#define COMMAND(...) command((const char *const[]){__VA_ARGS__, NULL})

static void
assert_said(const char *part)
{
	char said[16384];
	FILE *file = fopen(in_dir("out"), "r");
	size_t n;

	assert_non_null(file);
	n = fread(said, 1, sizeof(said) - 1, file);
	fclose(file);
	said[n] = '\0';
	if (strstr(said, part) == NULL)
		fail_msg("'%s' was not said:\n%s", part, said);
}

static void
put_texts(void)
{
	put("texts/1.gmi",
	    "title: young\nsection: s\npublished: 2020-01-02\n"
	    "\nx\n");
	put("texts/2.txt", "none\n\nno date\n");
	put("texts/3.gmi",
	    "title: old\nsection: s\npublished: 2019-01-02\n"
	    "attachment: files/a.pdf\n\nx\n");
	put("texts/4.gmi", "title: broken\npublished: never\n\nx\n");
	put("texts/5.html", "<h1>page</h1><p>text</p>");
	put("texts/6.gmi", "title: young\nsection: s\n\ndouble\n");
	put("texts/.7.gmi", "titel: hidden\n");
	put("texts/8.md", "no article\n");
}

static void
a_folder_is_imported_in_order_of_time(void **state)
{
	(void)state;
	put_texts();
	assert_int_equal(
	    COMMAND("--section", "s", in_dir("texts")), STATUS_FAILURE);
	assert_said("texts/4.gmi:2: \"never\" is not a date");
	assert_said("\nimported 4, already there 1, refused 1\n");
	assert_said("already there, not imported: 2");
	/* Ids follow time; what has none comes last. */
	assert_string_equal(ask("SELECT group_concat(title, ' ') FROM "
				"(SELECT title FROM a ORDER BY id)"),
	    "old young none page");
	assert_string_equal(ask("SELECT path || label || mime || bytes FROM f"),
	    "files/a.pdfa.pdfapplication/pdf5");
	/* Once more, without the broken one: nothing is new. */
	assert_int_equal(
	    COMMAND("--section=s", "--quiet", in_dir("texts/1.gmi"),
		in_dir("texts/2.txt"), in_dir("texts/5.html")),
	    STATUS_OK);
	assert_said("imported 0, already there 3, refused 0\n");
	assert_string_equal(ask("SELECT count(*) FROM a"), "4");
}

static void
a_dry_run_stores_nothing(void **state)
{
	(void)state;
	put_texts();
	assert_int_equal(rmdir(in_dir("var")), 0);
	assert_int_equal(
	    COMMAND("--dry-run", "--section", "s", in_dir("texts")),
	    STATUS_FAILURE);
	/* A double among the files is told, nothing is left behind. */
	assert_said("\nwould import 4, already there 1, refused 1\n");
	assert_said("would be imported: /a/2?young!");
	assert_int_not_equal(access(in_dir("var"), F_OK), 0);
	assert_int_equal(mkdir(in_dir("var"), 0700), 0);
	open_database();
	assert_int_equal(
	    COMMAND("--dry-run", "--section", "s", in_dir("texts/1.gmi")),
	    STATUS_OK);
	assert_string_equal(ask("SELECT count(*) FROM a"), "0");
}

/* Nothing of a refused article is stored, and the others are. */
static void
nothing_of_a_refused_article_is_stored(void **state)
{
	(void)state;
	put("import/article.sql",
	    "% gives :address\n"
	    "% do INSERT INTO f VALUES (0, 0, :title, '', '', 0)\n"
	    "% do INSERT INTO a (title) VALUES (:title) "
	    "RETURNING id AS address\n");
	put("texts/1.gmi", "title: bad\npublished: 2019-01-01\n\nx\n");
	put("texts/2.gmi", "title: good\n\nx\n");
	assert_int_equal(COMMAND("--quiet", in_dir("texts")), STATUS_FAILURE);
	assert_said("texts/1.gmi: ");
	assert_said("article.sql:3: CHECK");
	assert_said("imported 1, already there 0, refused 1\n");
	assert_string_equal(ask("SELECT group_concat(path) FROM f"), "good");
}

static void
attachment_outside_static_is_refused(void **state)
{
	static const char *const paths[] = {"files/none.pdf", "files",
	    "../schema/001_a.sql", "/etc/passwd", "files/../files/a.pdf",
	    "files//a.pdf", "files/out", "files/old", "files/.hidden", ".",
	    "files/a.pdf/"};
	char head[256];

	(void)state;
	assert_int_equal(
	    symlink("../../schema/001_a.sql", in_dir("static/files/out")), 0);
	/* A folder beside it whose name begins as its own. */
	assert_int_equal(mkdir(in_dir("static-old"), 0755), 0);
	put("static-old/x.pdf", "x");
	assert_int_equal(
	    symlink("../../static-old/x.pdf", in_dir("static/files/old")), 0);
	put("static/files/.hidden", "x");
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		snprintf(head, sizeof(head),
		    "title: t\nsection: s\nattachment: %s | x\n\nx\n",
		    paths[i]);
		put("texts/1.gmi", head);
		if (COMMAND(in_dir("texts/1.gmi")) != STATUS_FAILURE)
			fail_msg("%s is attached", paths[i]);
		assert_said("texts/1.gmi:3: ");
	}
	assert_string_equal(ask("SELECT count(*) FROM a"), "0");
}

static void
a_wrong_command_line_is_refused(void **state)
{
	(void)state;
	put_texts();
	assert_int_equal(COMMAND("--dry-rum", "x"), STATUS_USAGE);
	assert_said("did you mean --dry-run");
	assert_int_equal(COMMAND("--kind", "word", "x"), STATUS_USAGE);
	assert_int_equal(COMMAND("--section"), STATUS_USAGE);
	assert_int_equal(COMMAND("--quiet"), STATUS_USAGE);
	assert_int_equal(COMMAND("--quiet", in_dir("none")), STATUS_FAILURE);
	assert_said("none: No such file");
	assert_int_equal(COMMAND(in_dir("static")), STATUS_FAILURE);
	put("import/article.sql", "% one SELECT :nothing AS a\n");
	assert_int_equal(COMMAND("--", in_dir("texts/1.gmi")), STATUS_REFUSED);
	assert_said("article.sql:1: nothing provides `:nothing`");
	assert_int_equal(unlink(in_dir("import/article.sql")), 0);
	assert_int_equal(COMMAND(in_dir("texts/1.gmi")), STATUS_REFUSED);
	put("import/article.sql", good_sql);
	assert_int_equal(
	    COMMAND("--kind=plain", in_dir("texts/1.gmi")), STATUS_FAILURE);
	assert_said("no section");
}

/* Somebody else holds the database: it is said, and nothing is half done. */
static void
a_locked_database_is_told(void **state)
{
	(void)state;
	put_texts();
	assert_int_equal(
	    sqlite3_exec(open_database(), "BEGIN IMMEDIATE", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(COMMAND(in_dir("texts/1.gmi")), STATUS_FAILURE);
	assert_said("locked");
	assert_int_equal(
	    sqlite3_exec(open_database(), "ROLLBACK", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_string_equal(ask("SELECT count(*) FROM a"), "0");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_article_is_stored_once),
	    TEST(test_values_are_bound),
	    TEST(columns_hide_fields_from_there_on),
	    TEST(a_correction_says_before_and_after),
	    TEST(a_difference_shows_changed_lines),
	    TEST(each_mistake_in_a_script_has_its_line),
	    TEST(a_folder_is_imported_in_order_of_time),
	    TEST(a_dry_run_stores_nothing),
	    TEST(nothing_of_a_refused_article_is_stored),
	    TEST(attachment_outside_static_is_refused),
	    TEST(a_wrong_command_line_is_refused),
	    TEST(a_locked_database_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
