/* SPDX-License-Identifier: ISC */
/*
 * `guiju`: finds the subcommand and runs it. Nothing else is decided here.
 */
#include "tools/command.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/str.h"
#include "tools/manual.h"

static int run_help(int argc, char **argv);

static const struct command command_help = {
    "help",
    "list the subcommands and manuals, or show one",
    "usage: guiju help [COMMAND | TOPIC]\n"
    "\n"
    "Without an argument, list the subcommands and the manuals. With COMMAND,\n"
    "print its usage, as `guiju COMMAND --help` does. With TOPIC, show that\n"
    "manual, on a terminal by way of $PAGER.\n",
    run_help,
};

static const struct command *const commands[] = {
    &command_serve,
    &command_get,
    &command_check,
    &command_init,
    &command_import,
    &command_cert,
    &command_nightly,
    &command_status,
    &command_help,
};

enum {
	COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]),
	MESSAGE_MAX_BYTES = 1024
};

int
command_usage(const struct command *command, const char *format, ...)
{
	char message[MESSAGE_MAX_BYTES];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (n < 0)
		message[0] = '\0';
	complain("%s: %s; see `guiju %s --help`", command->name, message,
	    command->name);
	return STATUS_USAGE;
}

/* What was printed has reached its reader, or the command has failed. */
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

/* What `guiju import` takes, which people write without the word. */
static const char *const imports[] = {
    "article", "standards", "announcement", "undo"};
enum { IMPORT_COUNT = sizeof(imports) / sizeof(imports[0]) };

static const struct command *
named(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

/* NULL after a complaint that names the nearest. */
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
	import = str_nearest(str_from(name), imports, IMPORT_COUNT);
	if (import != NULL)
		complain("unknown command %s, did you mean import %s?", name,
		    import);
	else if (nearest != NULL)
		complain("unknown command %s, did you mean %s?", name, nearest);
	else
		complain("unknown command %s; see `guiju help`", name);
	return NULL;
}

static int
run_help(int argc, char **argv)
{
	const struct command *command;

	if (argc > 2)
		return command_usage(&command_help, "one command at a time");
	if (argc < 2)
		return list_commands();
	command = named(argv[1]);
	if (command == NULL && manual_show(argv[1]))
		return flushed();
	if (command == NULL && manual_nearest(argv[1]) != NULL) {
		complain("no manual %s, did you mean %s?", argv[1],
		    manual_nearest(argv[1]));
		return STATUS_USAGE;
	}
	if (command == NULL && (command = find(argv[1])) == NULL)
		return STATUS_USAGE;
	fputs(command->usage, stdout);
	return flushed();
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
 * Whoever starts us may have closed descriptors 0 to 2; the next file opened
 * would take such a number, and an error message would be written into the
 * database. open() takes the lowest free number: open until it is above 2.
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
	/* A reader that goes away is an error of write(), no death. */
	signal(SIGPIPE, SIG_IGN);
	/* So is a file that may not grow (RLIMIT_FSIZE). */
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
	if (asks_for_help(argc - 1, argv + 1)) {
		fputs(command->usage, stdout);
		return flushed();
	}
	return command->run(argc - 1, argv + 1);
}
