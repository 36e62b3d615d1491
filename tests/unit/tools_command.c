/* SPDX-License-Identifier: ISC */
/*
 * The reader of command lines: what it takes, in which order, and what it says
 * of a slip.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "tools/command.h"

enum { WORDS_MAX = 80 };

struct values {
	const char *name;
	int64_t number;
	unsigned form;
	bool loud;
};

static const char *const forms[] = {"short", "long", NULL};

static const struct setting rows[] = {
    {"name", .takes = "TEXT", .help = "what it is called", .type = SETTING_TEXT,
	FIELD_OF(struct values, name), .value = "nobody", .min = 1, .max = 8,
	.wants = "a name"},
    {"number", .takes = "N", .help = "how many there are",
	.type = SETTING_NUMBER, FIELD_OF(struct values, number), .number = 7,
	.min = 1, .max = 9, .unit = "pages"},
    {"form", .takes = "FORM", .help = "which form it has", .type = SETTING_WORD,
	FIELD_OF(struct values, form), .value = "short", .words = forms},
    {"loud", .help = "say more", .type = SETTING_SWITCH,
	FIELD_OF(struct values, loud)},
    {.name = NULL}};

static struct command command = {.name = "try",
    .operands = "FILE...",
    .about = "Try a text that is so long that it has no room in one line of "
	     "the screen, but needs two.\n\nVerbatim:\n\n  a   b\n",
    .options = rows,
    .settings = USED_BY_CERT};

static char words[WORDS_MAX][64], *argv[WORDS_MAX];
static struct values values;
static struct arguments arguments;
static char said[2048];

/* Read "try" and n words more; what is complained of goes to said. */
static int
run(int n, const char *const *line)
{
	int pipe_ends[2], old, status;
	ssize_t got;

	for (int i = 0; i < n; i++) {
		snprintf(words[i], sizeof(words[i]), "%s", line[i]);
		argv[i] = words[i];
	}
	assert_int_equal(pipe(pipe_ends), 0);
	old = dup(2);
	dup2(pipe_ends[1], 2);
	memset(&values, 0xFF, sizeof(values));
	values.name = NULL;
	status = command_read(&command, n, argv, &values, &arguments);
	dup2(old, 2);
	close(old);
	close(pipe_ends[1]);
	got = read(pipe_ends[0], said, sizeof(said) - 1);
	close(pipe_ends[0]);
	said[got > 0 ? got : 0] = '\0';
	return status;
}

#define RUN(...)                                                 \
	run((int)(sizeof((const char *[]){"try", __VA_ARGS__}) / \
		sizeof(char *)),                                 \
	    (const char *[]){"try", __VA_ARGS__})

#define REFUSE(text, ...)                                               \
	do {                                                            \
		assert_int_equal(RUN(__VA_ARGS__), STATUS_USAGE);       \
		assert_string_equal(                                    \
		    said, "guiju: " text "; see `guiju try --help`\n"); \
	} while (0)

static void
defaults_stand_where_nothing_is_said(void **state)
{
	(void)state;
	assert_int_equal(RUN("a"), STATUS_OK);
	assert_string_equal(said, "");
	assert_string_equal(values.name, "nobody");
	assert_int_equal(values.number, 7);
	assert_int_equal(values.form, 0);
	assert_false(values.loud);
	assert_int_equal(arguments.count, 1);
	assert_string_equal(arguments.operand[0], "a");
	assert_int_equal(arguments.flags.count, 0);
}

static void
flags_stand_anywhere_and_in_both_forms(void **state)
{
	(void)state;
	assert_int_equal(
	    RUN("--name=mei", "a", "--number", "3", "b", "--loud",
		"--form=long", "--host", "h.example", "--certs=c", "-", "c"),
	    STATUS_OK);
	assert_string_equal(values.name, "mei");
	assert_int_equal(values.number, 3);
	assert_int_equal(values.form, 1);
	assert_true(values.loud);
	assert_int_equal(arguments.count, 4);
	assert_string_equal(arguments.operand[1], "b");
	assert_string_equal(arguments.operand[2], "-");
	assert_string_equal(arguments.operand[3], "c");
	assert_int_equal(arguments.flags.count, 2);
	assert_int_equal(
	    arguments.flags.item[0].setting, config_find(STR("host")));
	assert_string_equal(arguments.flags.item[0].value, "h.example");
	assert_string_equal(arguments.flags.item[1].value, "c");
}

static void
behind_two_dashes_are_operands(void **state)
{
	(void)state;
	assert_int_equal(RUN("--", "--loud", "--", "-x"), STATUS_OK);
	assert_false(values.loud);
	assert_int_equal(arguments.count, 3);
	assert_string_equal(arguments.operand[0], "--loud");
	assert_string_equal(arguments.operand[1], "--");
	assert_string_equal(arguments.operand[2], "-x");
}

static void
a_value_may_look_like_a_flag(void **state)
{
	(void)state;
	assert_int_equal(RUN("--name", "--loud", "a"), STATUS_OK);
	assert_string_equal(values.name, "--loud");
	assert_false(values.loud);
	assert_int_equal(RUN("--name", "--", "a"), STATUS_OK);
	assert_string_equal(values.name, "--");
}

static void
an_unknown_flag_names_the_nearest(void **state)
{
	(void)state;
	REFUSE("unknown flag --nmae=x, did you mean --name?", "--nmae=x", "a");
	REFUSE("unknown flag --hots, did you mean --host?", "--hots", "x");
	REFUSE("unknown flag -l", "-l", "a");
	REFUSE("unknown flag -loud, did you mean --loud?", "-loud", "a");
	REFUSE("unknown flag --xyzzy", "--xyzzy");
	REFUSE("unknown flag --=x", "--=x");
	command.settings = 0;
	REFUSE("unknown flag --host", "--host", "x", "a");
	command.settings = USED_BY_CERT;
}

static void
a_bad_value_says_what_is_expected(void **state)
{
	(void)state;
	REFUSE("--name wants TEXT", "a", "--name");
	REFUSE("--host wants NAME", "a", "--host");
	REFUSE("--name: expected a name", "--name=", "a");
	REFUSE("--name: longer than 8 bytes", "--name=123456789", "a");
	REFUSE("--number: expected a whole number of pages from 1 to 9",
	    "--number", "10", "a");
	REFUSE("--number: expected a whole number of pages from 1 to 9",
	    "--number=-1", "a");
	REFUSE("--form: expected short or long; did you mean long?",
	    "--form=lnog", "a");
	REFUSE("--loud: expected yes or no", "--loud=1", "a");
	REFUSE("--loud: stands twice", "--loud", "--loud", "a");
	assert_int_equal(RUN("--loud=no", "a"), STATUS_OK);
	assert_false(values.loud);
}

static void
operands_are_counted(void **state)
{
	(void)state;
	REFUSE("FILE is missing", "--loud");
	assert_int_equal(RUN("a", "b", "c"), STATUS_OK);
	command.operands = "[DIR]";
	assert_int_equal(RUN("--loud"), STATUS_OK);
	assert_int_equal(RUN("a"), STATUS_OK);
	REFUSE("too many arguments: b", "a", "b");
	command.operands = NULL;
	assert_int_equal(RUN("--loud"), STATUS_OK);
	REFUSE("too many arguments: a", "a");
	command.operands = "DIR";
	REFUSE("DIR is missing", "--loud");
	REFUSE("too many arguments: b", "a", "b", "c");
	command.operands = "FILE...";
}

static void
too_many_flags_are_refused(void **state)
{
	const char *line[WORDS_MAX] = {"try"};

	(void)state;
	for (int i = 1; i < WORDS_MAX; i++)
		line[i] = "--host=x";
	assert_int_equal(run(CONFIG_FLAGS_MAX + 2, line), STATUS_USAGE);
	assert_string_equal(
	    said, "guiju: too many flags; see `guiju try --help`\n");
}

static void
help_comes_from_the_rows(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 8192);
	command_add_help(&out, &command);
	buf_char(&out, '\0');
	assert_string_equal(out.data,
	    "usage: guiju try [FLAGS] FILE...\n\n"
	    "Try a text that is so long that it has no room in one line of the "
	    "screen, but\n"
	    "needs two.\n\n"
	    "Verbatim:\n\n  a   b\n\n"
	    "  --name TEXT           what it is called (default nobody)\n"
	    "  --number N            how many there are (1 to 9; default 7)\n"
	    "  --form FORM           which form it has (short or long; default "
	    "short)\n"
	    "  --loud                say more\n"
	    "\n"
	    "These and all other flags of `guiju serve` are taken:\n"
	    "  --host NAME           the public name (default localhost)\n"
	    "  --certs DIR           the folder of NAME.cert.pem and "
	    "NAME.key.pem, made with\n"
	    "                        a self-signed pair if missing (default "
	    "./certs)\n");
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(defaults_stand_where_nothing_is_said),
	    cmocka_unit_test(flags_stand_anywhere_and_in_both_forms),
	    cmocka_unit_test(behind_two_dashes_are_operands),
	    cmocka_unit_test(a_value_may_look_like_a_flag),
	    cmocka_unit_test(an_unknown_flag_names_the_nearest),
	    cmocka_unit_test(a_bad_value_says_what_is_expected),
	    cmocka_unit_test(operands_are_counted),
	    cmocka_unit_test(too_many_flags_are_refused),
	    cmocka_unit_test(help_comes_from_the_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
