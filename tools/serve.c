/* SPDX-License-Identifier: ISC */
/* `guiju serve` reads the command line and runs the parent process. */
#include "tools/command.h"

#include "run/parent/parent.h"
#include "run/worker/process.h"

static int run_serve(int argc, char **argv);

const struct command command_serve = {
    .name = "serve",
    .summary = "serve a capsule",
    .operands = "CAPSULE",
    .about =
	"Serve the folder CAPSULE in the foreground. One line `ready "
	"gemini://... gopher://...` on standard output says that it answers; "
	"the log goes to standard error.\n",
    .settings = SETTINGS_ALL,
    .end =
	"Each flag but its dashes is also a key of CAPSULE/capsule.ini; a "
	"flag wins. Folders are relative to where guiju is started.\n"
	"\n"
	"SIGHUP reads all of it again without losing a connection, or says "
	"in the log why not. SIGUSR1 opens the log file again. SIGTERM and "
	"SIGINT let the workers finish (10 s).\n"
	"\n"
	"Exit status: 0 stopped; 1 a port, a disk or memory failed; 2 usage; "
	"78 the configuration, the capsule or the database is refused.\n",
    .run = run_serve,
};

static int
run_serve(int argc, char **argv)
{
	struct arguments arguments;
	int status;

	process_hold_signals();
	status = command_read(&command_serve, argc, argv, NULL, &arguments);
	return status != STATUS_OK
	    ? status
	    : (int)parent_run(arguments.operand[0], &arguments.flags);
}
