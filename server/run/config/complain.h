/* SPDX-License-Identifier: ISC */
/*
 * Errors of a command line, for the person who typed it: one line per error on
 * standard error, which begins with "guiju: ", and the exit status. A process
 * that serves writes to the log (base/log.h) instead.
 */
#ifndef GUIJU_RUN_CONFIG_COMPLAIN_H
#define GUIJU_RUN_CONFIG_COMPLAIN_H

#include "base/str.h"

/* The exit statuses of every subcommand. */
enum status {
	STATUS_OK = 0,
	STATUS_FAILURE = 1,  /* the machine failed: disk, port, memory */
	STATUS_USAGE = 2,    /* the command line is wrong */
	STATUS_REPLACE = 75, /* workers only: fork another worker instead */
	STATUS_REFUSED = 78 /* configuration, capsule or database (EX_CONFIG) */
};

/* The exit status of an error: ERR_INPUT and ERR_MISSING give STATUS_REFUSED,
 * all other errors STATUS_FAILURE. */
enum status status_of(enum err err);

/* From now on complaints begin with "guiju: NAME: ". name: of the subcommand;
 * the pointer is kept. */
void complain_as(const char *name);

/* Print "guiju: " and the message as one line. In a server that serves the
 * message goes to the log: nobody watches its terminal (log_tell()). */
void complain(const char *format, ...) PRINTF_LIKE(1, 2);

/* Print the line, whatever process this is. Control characters and bytes that
 * are not UTF-8 are replaced, so the name of a file cannot forge a second
 * line. */
void complain_write(struct str message);

#endif
