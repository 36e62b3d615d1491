/* SPDX-License-Identifier: ISC */
/*
 * `guiju desk`: what a capsule's desk/ offers, that a change and its line in
 * the log are one, and that what is refused changes nothing.
 */
#include <sys/stat.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"
#include "run/config/state.h"
#include "tools/command.h"
#include "tools/desk/internal.h"
#include "tools/desk/who.h"

enum { PATH_BYTES = 256, WORDS_MAX = 8 };

static char folder[] = "/tmp/guiju-desk-test-XXXXXX";
static char said[8192], complained[8192];

static void
in_folder(char path[PATH_BYTES], const char *name)
{
	int n = snprintf(path, PATH_BYTES, "%s/%s", folder, name);

	assert_true(n > 0 && n < PATH_BYTES);
}

static void
put(const char *name, const char *text)
{
	char path[PATH_BYTES];
	FILE *file;

	in_folder(path, name);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static const char book[] =
    "%# SPDX-License-Identifier: ISC\n"
    "%#\n"
    "%# Books that readers want.\n"
    "% read list [shelf]: those that wait\n"
    "% table SELECT id AS number, title FROM book\n"
    "%     WHERE :shelf IS NULL OR shelf = :shelf\n"
    "%     ORDER BY id /* scan */\n"
    "\n"
    "% read show number: one book\n"
    "% if NOT EXISTS (SELECT 1 FROM book WHERE id = :number)\n"
    "% fail refused no book {number}\n"
    "% end\n"
    "% record SELECT id AS number, title, note FROM book\n"
    "%     WHERE id = :number\n"
    "a {number} behind it\n"
    "\n"
    "% write note number text [shelf]: say something of it\n"
    "% do UPDATE book SET note = :text,\n"
    "%    shelf = coalesce(:shelf, shelf)\n"
    "%    WHERE id = :number RETURNING title AS noted\n"
    "% if :text = 'no'\n"
    "% fail refused nothing is noted of {noted}\n"
    "% end\n"
    "noted: {noted}\n";

static const char logs[] = "% do INSERT INTO log (who, day, what, created)\n"
			   "%    VALUES (:who, :today, :kind || ' ' || :verb\n"
			   "%        || ' ' || :about, :now)\n";

static int
set_up(void **state)
{
	static const char *const folders[] = {
	    "pages", "schema", "desk", "var", "import"};
	char path[PATH_BYTES];

	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		in_folder(path, folders[i]);
		if (mkdir(path, 0700) != 0)
			return -1;
	}
	put("schema/001_test.sql",
	    "CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT,\n"
	    " shelf TEXT, note TEXT);\n"
	    "CREATE TABLE log (id INTEGER PRIMARY KEY, who TEXT, day TEXT,\n"
	    " what TEXT, created INTEGER);\n"
	    "INSERT INTO book VALUES (7, 'Moby \xE9\xB2\xB8', 'east', NULL),\n"
	    " (12, 'Emma', 'west', 'two' || char(10) || 'lines');\n");
	put("pages/index.gmi", "# Home\n");
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const folders[] = {
	    "pages", "schema", "desk", "var", "import"};
	char path[PATH_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		in_folder(path, folders[i]);
		state_remove_folder(path);
	}
	state_remove_folder(folder);
	return 0;
}

/* Put a stream into a file and give the copy of its descriptor. */
static int
divert(FILE *stream, FILE *caught)
{
	int own;

	fflush(stream);
	own = dup(fileno(stream));
	assert_true(own >= 0);
	assert_true(dup2(fileno(caught), fileno(stream)) >= 0);
	return own;
}

static void
let_go(FILE *stream, FILE *caught, int own, char *text, size_t size)
{
	ssize_t n;

	fflush(stream);
	assert_true(dup2(own, fileno(stream)) >= 0);
	close(own);
	n = pread(fileno(caught), text, size - 1, 0);
	assert_true(n >= 0);
	text[n] = '\0';
	fclose(caught);
}

static int
run_command(const struct command *command, int argc, char **argv)
{
	FILE *out = tmpfile(), *errors = tmpfile();
	int own_out, own_errors, status;

	assert_non_null(out);
	assert_non_null(errors);
	own_out = divert(stdout, out);
	own_errors = divert(stderr, errors);
	status = command->run(argc, argv);
	let_go(stdout, out, own_out, said, sizeof(said));
	let_go(stderr, errors, own_errors, complained, sizeof(complained));
	return status;
}

/* `guiju desk` with these words, up to a NULL. */
static int
desk(const char *first, ...)
{
	char capsule[PATH_BYTES + 16], state[PATH_BYTES + 16];
	char name[] = "desk", words[WORDS_MAX][256];
	char *argv[WORDS_MAX + 4] = {name, capsule, state};
	int argc = 3;
	va_list args;

	snprintf(capsule, sizeof(capsule), "--capsule=%s", folder);
	snprintf(state, sizeof(state), "--state=%s/var", folder);
	va_start(args, first);
	for (const char *word = first; word != NULL;
	     word = va_arg(args, const char *)) {
		assert_true(argc - 3 < WORDS_MAX);
		snprintf(words[argc - 3], sizeof(words[0]), "%s", word);
		argv[argc] = words[argc - 3];
		argc++;
	}
	va_end(args);
	return run_command(&command_desk, argc, argv);
}

static int
check(void)
{
	char name[] = "check", *argv[] = {name, folder, NULL};

	return run_command(&command_check, 2, argv);
}

/* A database with two books and an empty log. */
static void
begin(void)
{
	char path[PATH_BYTES];
	struct buf why;

	in_folder(path, "var");
	state_remove_folder(path);
	assert_int_equal(mkdir(path, 0700), 0);
	buf_init(&why, 4096);
	if (state_migrate(path, folder, &why) != OK)
		fail_msg("%.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	put("desk/book.sql", book);
	put("desk/_log.sql", logs);
}

static void
assert_in(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("no '%s' in '%s'", part, text);
}

/* What `% table` prints of the log. */
static void
assert_log(const char *expected)
{
	put("desk/log.sql",
	    "%# The log.\n"
	    "% read list: all of it\n"
	    "% table SELECT what, who <> '' AS named,\n"
	    "%     day = local_day(created) AS dated,\n"
	    "%     abs(created - unixepoch()) < 60 AS now\n"
	    "%     FROM log ORDER BY id\n");
	assert_int_equal(desk("--json", "log", "list", NULL), STATUS_OK);
	assert_string_equal(said, expected);
}

static void
kinds_and_verbs_are_listed(void **state)
{
	(void)state;
	begin();
	assert_int_equal(desk(NULL, NULL), STATUS_OK);
	assert_string_equal(said,
	    "book                        Books that readers want.\n"
	    "  list [shelf]              those that wait\n"
	    "  show number               one book\n"
	    "  note number text [shelf]  say something of it\n");
	assert_int_equal(desk("book", NULL), STATUS_OK);
	assert_in(said, "  show number               one book\n");
}

static void
the_nearest_is_named(void **state)
{
	(void)state;
	begin();
	assert_int_equal(desk("bok", NULL), STATUS_USAGE);
	assert_in(complained, "no kind bok, did you mean book?");
	assert_int_equal(desk("order", NULL), STATUS_USAGE);
	assert_in(complained, "no kind order; `guiju desk` lists them");
	assert_int_equal(desk("book", "lsit", NULL), STATUS_USAGE);
	assert_in(complained, "book has no verb lsit, did you mean list?");
	assert_int_equal(desk("book", "eat", NULL), STATUS_USAGE);
	assert_in(complained, "`guiju desk book` lists them");
	/* Neither a folder above nor a file that no kind has is reached. */
	assert_int_equal(desk("../import/x", "list", NULL), STATUS_USAGE);
	assert_int_equal(desk("_log", NULL), STATUS_USAGE);
}

static void
rows_are_a_table_or_json(void **state)
{
	(void)state;
	begin();
	assert_int_equal(desk("book", "list", NULL), STATUS_OK);
	assert_string_equal(said,
	    "number  title\n"
	    "------  -------\n"
	    "     7  Moby \xE9\xB2\xB8\n"
	    "    12  Emma\n");
	assert_int_equal(desk("book", "list", "west", NULL), STATUS_OK);
	assert_string_equal(said,
	    "number  title\n"
	    "------  -----\n"
	    "    12  Emma\n");
	assert_int_equal(
	    desk("--json", "book", "list", "east", NULL), STATUS_OK);
	assert_string_equal(
	    said, "{\"number\":7,\"title\":\"Moby \xE9\xB2\xB8\"}\n");
}

static void
a_record_has_a_line_per_column(void **state)
{
	(void)state;
	begin();
	assert_int_equal(desk("book", "show", "12", NULL), STATUS_OK);
	assert_string_equal(said,
	    "number  12\n"
	    "title   Emma\n"
	    "note    two\n"
	    "        lines\n"
	    "a 12 behind it\n");
	assert_int_equal(desk("book", "show", "7", NULL), STATUS_OK);
	assert_string_equal(said,
	    "number  7\n"
	    "title   Moby \xE9\xB2\xB8\n"
	    "a 7 behind it\n");
	/* A program reads rows alone. */
	assert_int_equal(desk("book", "show", "12", "--json", NULL), STATUS_OK);
	assert_string_equal(said,
	    "{\"number\":12,\"title\":\"Emma\",\"note\":\"two\\u000alines\"}"
	    "\n");
	assert_in(complained, "a 12 behind it");
	assert_int_equal(desk("book", "show", "8", NULL), STATUS_FAILURE);
	assert_string_equal(said, "");
	assert_in(complained, "no book 8\n");
}

static void
a_change_is_logged(void **state)
{
	(void)state;
	begin();
	assert_int_equal(desk("book", "note", "7", "old", NULL), STATUS_OK);
	assert_string_equal(said, "noted: Moby \xE9\xB2\xB8\n");
	assert_int_equal(
	    desk("book", "note", "12", "new", "north", NULL), STATUS_OK);
	assert_int_equal(desk("book", "list", "north", NULL), STATUS_OK);
	assert_in(said, "    12  Emma\n");
	assert_log("{\"what\":\"book note 7\",\"named\":1,\"dated\":1,"
		   "\"now\":1}\n"
		   "{\"what\":\"book note 12\",\"named\":1,\"dated\":1,"
		   "\"now\":1}\n");
}

static void
what_is_refused_changes_nothing(void **state)
{
	(void)state;
	begin();
	assert_int_equal(desk("book", "note", "7", "no", NULL), STATUS_FAILURE);
	assert_string_equal(said, "");
	assert_in(complained,
	    "nothing is noted of Moby \xE9\xB2\xB8; nothing is stored");
	/* No row is changed: there is nothing to log. */
	assert_int_equal(desk("book", "note", "99", "x", NULL), STATUS_OK);
	assert_log("");
	assert_int_equal(desk("book", "show", "7", NULL), STATUS_OK);
	assert_null(strstr(said, "note"));
}

static void
without_a_log_nothing_is_changed(void **state)
{
	char path[PATH_BYTES];

	(void)state;
	begin();
	put("desk/_log.sql", "% one SELECT :who AS somebody\nlogged\n");
	assert_int_equal(desk("book", "note", "7", "x", NULL), STATUS_FAILURE);
	assert_in(
	    complained, "desk/_log.sql stores nothing; nothing is stored");
	in_folder(path, "desk/_log.sql");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(desk("book", "note", "7", "x", NULL), STATUS_FAILURE);
	assert_in(complained, "_log.sql: No such file");
	assert_int_equal(desk("book", "show", "7", NULL), STATUS_OK);
	assert_null(strstr(said, "note"));
	assert_int_equal(check(), STATUS_FAILURE);
	assert_in(said, "desk/_log.sql: No such file");
}

static void
import_follow_runs_after_a_change(void **state)
{
	char path[PATH_BYTES];

	(void)state;
	begin();
	put("import/follow.sql",
	    "% do UPDATE book SET shelf = 'after ' || :changed\n"
	    "%    WHERE id = 12\n");
	assert_int_equal(desk("book", "note", "7", "x", NULL), STATUS_OK);
	assert_int_equal(desk("book", "list", "after 1", NULL), STATUS_OK);
	assert_in(said, "    12  Emma\n");
	in_folder(path, "import/follow.sql");
	assert_int_equal(unlink(path), 0);
}

static void
arguments_are_checked(void **state)
{
	(void)state;
	begin();
	assert_int_equal(desk("book", "note", "7", NULL), STATUS_USAGE);
	assert_in(complained,
	    "text is missing: guiju desk book note number text [shelf]");
	assert_int_equal(desk("book", "show", "7", "8", NULL), STATUS_USAGE);
	assert_in(
	    complained, "too many arguments: guiju desk book show number");
	assert_int_equal(
	    desk("book", "note", "7", "a\x1b[2J", NULL), STATUS_USAGE);
	assert_in(complained, "text: a text is UTF-8 and has no control");
	assert_int_equal(desk("book", "note", "7", "\xFF", NULL), STATUS_USAGE);
	/* As in a page: with a leading zero it is a text. */
	assert_int_equal(desk("book", "show", "07", NULL), STATUS_OK);
	assert_int_equal(desk("book", "note", "-", "-", NULL), STATUS_USAGE);
	assert_int_equal(
	    desk("book", "note", "7", "--", "--dashes", NULL), STATUS_OK);
	assert_int_equal(desk("book", "show", "7", NULL), STATUS_OK);
	assert_in(said, "note    --dashes\n");
}

static void
a_dash_is_standard_input(void **state)
{
	FILE *input = tmpfile();
	int own;

	(void)state;
	begin();
	assert_non_null(input);
	assert_true(fputs("first\nsecond\n", input) >= 0);
	assert_int_equal(fflush(input), 0);
	rewind(input);
	own = dup(STDIN_FILENO);
	assert_true(dup2(fileno(input), STDIN_FILENO) >= 0);
	assert_int_equal(desk("book", "note", "7", "-", NULL), STATUS_OK);
	if (own >= 0)
		assert_true(dup2(own, STDIN_FILENO) >= 0);
	close(own);
	fclose(input);
	clearerr(stdin);
	assert_int_equal(desk("book", "show", "7", NULL), STATUS_OK);
	assert_in(said, "note    first\n        second\n");
}

static void
assert_mistake(const char *text, const char *finding)
{
	put("desk/book.sql", text);
	assert_int_equal(check(), STATUS_FAILURE);
	assert_in(said, finding);
}

static void
the_check_finds_mistakes(void **state)
{
	(void)state;
	begin();
	assert_int_equal(check(), STATUS_OK);
	assert_mistake("%# Books.\nfirst\n% read a: x\nx\n",
	    "desk/book.sql:2: a file of desk/ begins with");
	assert_mistake("% read a\nx\n", "desk/book.sql:1: behind the arg");
	assert_mistake("% read A: x\nx\n", "desk/book.sql:1: a verb is a word");
	assert_mistake("% read a: x\nx\n% write a: x\nx\n",
	    "desk/book.sql:3: this verb stands in the file already");
	assert_mistake("% read a [b] c: x\nx\n",
	    "desk/book.sql:1: an argument that may be left out");
	assert_mistake("% read a B: x\nx\n", "desk/book.sql:1: an argument is");
	assert_mistake("%# nothing\n", "desk/book.sql:1: no verb stands in it");
	assert_mistake("% read a: x\n% table SELECT nothing FROM book\n",
	    "desk/book.sql:2: ");
	/* One mistake hides none in another verb. */
	assert_mistake(
	    "% read a b: x\n{c}\n% read d b: x\n{e}\n", "desk/book.sql:4: ");
	assert_mistake(
	    "% read a b: x\n{c}\n% read d b: x\n{e}\n", "desk/book.sql:2: ");
	assert_mistake("% read a: x\n% do DELETE FROM book\n",
	    "desk/book.sql:1: `% read a` writes");
	assert_mistake("% read a: x\n% go /\n", "desk/book.sql:2: % go is for");
	assert_mistake("% read a: x\n% fail gone x\n",
	    "desk/book.sql:2: % fail KIND TEXT: KIND is refused");
	put("desk/book.sql", book);
	put("pages/index.gmi", "% table SELECT 1\n");
	assert_int_equal(check(), STATUS_FAILURE);
	assert_in(said, "pages/index.gmi:1: % table is for desk/");
	put("pages/index.gmi", "# Home\n");
}

static void
a_capsule_need_not_have_a_desk(void **state)
{
	char path[PATH_BYTES];

	(void)state;
	begin();
	in_folder(path, "desk");
	state_remove_folder(path);
	assert_int_equal(desk(NULL, NULL), STATUS_REFUSED);
	assert_in(complained, "the capsule has no desk");
	assert_int_equal(check(), STATUS_OK);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void
who_is_the_user_of_the_process(void **state)
{
	struct buf who;

	(void)state;
	buf_init(&who, WHO_MAX);
	assert_int_equal(setenv("LOGNAME", "somebody-else", 1), 0);
	assert_int_equal(setenv("USER", "somebody-else", 1), 0);
	assert_int_equal(setenv("SUDO_USER", "somebody-else", 1), 0);
	who_add(&who);
	assert_true(who.len > 0 && who.err == OK);
	assert_false(str_starts(buf_view(&who), STR("somebody-else")));
	buf_release(&who);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(kinds_and_verbs_are_listed),
	    cmocka_unit_test(the_nearest_is_named),
	    cmocka_unit_test(rows_are_a_table_or_json),
	    cmocka_unit_test(a_record_has_a_line_per_column),
	    cmocka_unit_test(a_change_is_logged),
	    cmocka_unit_test(what_is_refused_changes_nothing),
	    cmocka_unit_test(without_a_log_nothing_is_changed),
	    cmocka_unit_test(import_follow_runs_after_a_change),
	    cmocka_unit_test(arguments_are_checked),
	    cmocka_unit_test(a_dash_is_standard_input),
	    cmocka_unit_test(the_check_finds_mistakes),
	    cmocka_unit_test(a_capsule_need_not_have_a_desk),
	    cmocka_unit_test(who_is_the_user_of_the_process),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
