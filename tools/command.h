/* SPDX-License-Identifier: ISC */
/*
 * A subcommand of `guiju`: one file of tools/, one row of the table in
 * main.c. Adding one is a file, a line below and a line there.
 */
#ifndef GUIJU_TOOLS_COMMAND_H
#define GUIJU_TOOLS_COMMAND_H

#include "base/err.h"
#include "base/version.h"
#include "run/config/complain.h"

struct command {
	const char *name;
	const char *summary; /* one line, for `guiju help` */
	const char *usage;   /* whole text of `guiju NAME --help` */
	/* argv[0] is the subcommand's name. Gives an enum status. --help is
	 * answered by main.c before this is called. */
	int (*run)(int argc, char **argv);
};

extern const struct command command_serve;
extern const struct command command_get;
extern const struct command command_check;
extern const struct command command_init;
extern const struct command command_import;
extern const struct command command_cert;
extern const struct command command_nightly;
extern const struct command command_status;

/* One line, "guiju: NAME: message; see `guiju NAME --help`"; gives
 * STATUS_USAGE, so that a subcommand can return it. */
int command_usage(const struct command *command, const char *format, ...)
    PRINTF_LIKE(2, 3);

#endif
