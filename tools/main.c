/* SPDX-License-Identifier: ISC */
/*
 * `guiju` finds the subcommand and runs it. It answers --help and --version
 * itself.
 */
#include "tools/command.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/str.h"
#include "tools/import/table/command.h"
#include "tools/manual.h"

static int run_help(int argc, char **argv);

static const struct command command_help = {
    .name = "help",
    .summary = "list the subcommands and manuals, or show one",
    .operands = "[COMMAND | TOPIC]...",
    .about = "Without an argument, list the subcommands and the manuals. With "
	     "COMMAND, print its usage, as `guiju COMMAND --help` does. With "
	     "TOPIC, show that manual, on a terminal by way of $PAGER.\n",
    .run = run_help,
};

static const struct command *const commands[] = {
    &command_serve,
    &command_get,
    &command_check,
    &command_init,
    &command_import,
    &command_member,
    &command_cert,
    &command_config,
    &command_desk,
    &command_nightly,
    &command_rebuild,
    &command_seal,
    &command_sql,
    &command_status,
    &command_test,
    &command_help,
};

enum {
	COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]),
	HELP_MAX_BYTES = 32 * 1024
};

/* Flush standard output: a command whose output is lost has failed. */
static int
flushed(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return STATUS_OK;
	complain("cannot write to standard output");
	return STATUS_FAILURE;
}

static int
list_commands(void)
{
	printf("guiju serves a portal to Gemini and Gopher from SQLite.\n\n"
	       "usage: guiju COMMAND [ARGUMENTS]\n\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		printf("  %-8s %s\n", commands[i]->name, commands[i]->summary);
	printf("\n`guiju COMMAND --help` explains one; `guiju --version` says "
	       "which guiju this is.\n\n"
	       "manuals: guiju help TOPIC\n\n");
	manual_list();
	return flushed();
}

static const struct command *
named(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

/* Find a subcommand; NULL after a message that names the nearest one. */
static const struct command *
find(const char *name)
{
	const char *names[COMMAND_COUNT];
	const char *nearest, *import;

	if (named(name) != NULL)
		return named(name);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		names[i] = commands[i]->name;
	nearest = str_nearest(str_from(name), names, COMMAND_COUNT);
	/* People often leave `import` out. */
	import = tables_nearest(name);
	if (import != NULL)
		complain("unknown command %s, did you mean import %s?", name,
		    import);
	else if (nearest != NULL)
		complain("unknown command %s, did you mean %s?", name, nearest);
	else
		complain("unknown command %s; see `guiju help`", name);
	return NULL;
}

/* Print the help of the subcommand, or of the form, that the n words name. */
static int
explain(int n, char **words)
{
	const struct command *command = find(words[0]);
	const struct command *form = NULL;
	struct buf out;
	int status;

	if (command == NULL)
		return STATUS_USAGE;
	if (n > 1)
		form = command_form(command, words[1]);
	buf_init(&out, HELP_MAX_BYTES);
	command_add_help(&out, form != NULL ? form : command);
	status = command_print(&out);
	buf_release(&out);
	return status;
}

static int
run_help(int argc, char **argv)
{
	struct arguments arguments;
	const char *name;
	int status = command_read(&command_help, argc, argv, NULL, &arguments);

	if (status != STATUS_OK)
		return status;
	if (arguments.count == 0)
		return list_commands();
	name = arguments.operand[0];
	if (named(name) == NULL && arguments.count == 1) {
		if (manual_show(name))
			return flushed();
		if (manual_nearest(name) != NULL) {
			complain("no manual %s, did you mean %s?", name,
			    manual_nearest(name));
			return STATUS_USAGE;
		}
	}
	return explain(arguments.count, arguments.operand);
}

static bool
asks_for_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 ||
		    strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

/*
 * The parent process may have closed descriptors 0 to 2. The next file that is
 * opened, perhaps the database, would get such a number, and an error message
 * would be written into that file. open() takes the lowest free number: open
 * until the number is above 2.
 */
static bool
secure_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2);
	return fd > 2 && close(fd) == 0;
}

int
main(int argc, char **argv)
{
	const struct command *command;

	if (!secure_standard_files())
		return STATUS_FAILURE;
	/* When a reader goes away, write() fails; the process goes on. */
	signal(SIGPIPE, SIG_IGN);
	/* The same for a file at its size limit (RLIMIT_FSIZE). */
	signal(SIGXFSZ, SIG_IGN);
	if (argc < 2) {
		complain("which command? See `guiju help`");
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0 ||
	    strcmp(argv[1], "version") == 0) {
		printf("guiju %s\n", GUIJU_VERSION);
		return flushed();
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return list_commands();
	command = find(argv[1]);
	if (command == NULL)
		return STATUS_USAGE;
	if (asks_for_help(argc - 1, argv + 1))
		return explain(argc - 1, argv + 1);
	complain_as(command->name);
	return command->run(argc - 1, argv + 1);
}
