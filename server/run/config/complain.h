/* SPDX-License-Identifier: ISC */
/*
 * What the command line says to the person who typed it: one line an error on
 * standard error, beginning with "guiju: ", and the exit status. What a
 * serving process says goes to the log (base/log.h) instead.
 */
#ifndef GUIJU_RUN_CONFIG_COMPLAIN_H
#define GUIJU_RUN_CONFIG_COMPLAIN_H

#include "base/err.h"

/* The exit statuses of every subcommand. */
enum status {
	STATUS_OK = 0,
	STATUS_FAILURE = 1,  /* the world failed: disk, port, memory */
	STATUS_USAGE = 2,    /* the command line is wrong */
	STATUS_REPLACE = 75, /* a worker's only: another may do better */
	STATUS_REFUSED = 78 /* configuration, capsule or database (EX_CONFIG) */
};

/* What an error means to the caller of guiju: input that is wrong or missing
 * is REFUSED, all else is a FAILURE of the machine. */
enum status status_of(enum err err);

/* From now on complaints begin with "guiju: NAME: ", the subcommand's name
 * (kept). */
void complain_as(const char *name);

/* Print "guiju: " and the message as one line: controls and bytes that are not
 * UTF-8 are replaced, so that a file's name cannot forge a second one. */
void complain(const char *format, ...) PRINTF_LIKE(1, 2);

/* From now on complaints of this process and its children are lines of the
 * log: a server that runs has an operator, but nobody at a terminal. */
void complain_to_log(void);

#endif
