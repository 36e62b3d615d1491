/* SPDX-License-Identifier: ISC */
/*
 * A subcommand of `guiju` is one file of tools/ and one struct command, which
 * main.c lists. The struct says which options and operands the subcommand
 * takes; the command line and the help follow from the struct.
 */
#ifndef GUIJU_TOOLS_COMMAND_H
#define GUIJU_TOOLS_COMMAND_H

#include "base/buf.h"
#include "base/version.h"
#include "run/config/config.h"

struct command {
	const char *name;
	const char *summary;  /* one line, for `guiju help` */
	const char *operands; /* "DIR", "[DIR]" or "FILE..."; NULL: none */
	/* The help before the options. Empty lines separate paragraphs, and
	 * help wraps paragraphs. A line that begins with a blank stays as it
	 * is. */
	const char *about;
	/* The subcommand's own options, ended by a row without a name; NULL:
	 * none. An option writes its value into a member of the struct that
	 * run() hands to command_read(). */
	const struct setting *options;
	/* The settings of the server that help lists: bits of enum setting_use.
	 * 0: the subcommand takes no settings as flags. */
	unsigned settings;
	/* Appends the help about the capsule in the working folder; may be
	 * NULL. */
	void (*add_help)(struct buf *out);
	const char *end; /* the help behind the options; may be NULL */
	/* Forms of the subcommand, each with a help of its own, ended by NULL;
	 * argv[1] names the form. NULL: the subcommand has no forms. */
	const struct command *const *forms;
	/* Run the subcommand; argv[0] is its name. Returns an enum status.
	 * main.c answers --help itself and does not call run(). */
	int (*run)(int argc, char **argv);
};

/* Help lists all settings, under their headings. */
enum { SETTINGS_ALL = 0xFFFF };

/* The rest of a command line, without the subcommand's own options. */
struct arguments {
	struct config_flags flags; /* the settings */
	char **operand;            /* points to argv[1] */
	int count;                 /* of operands */
};

/*
 * Read the arguments behind argv[0]. An option is "--name VALUE" or
 * "--name=VALUE", anywhere among the operands; behind "--" everything is an
 * operand. Each member of values first gets the default of its option, then the
 * value given. Operands move to the front of argv, behind argv[0]. Returns
 * STATUS_OK, or STATUS_USAGE after a message that names the mistake.
 */
int command_read(const struct command *command, int argc, char **argv,
    void *values, struct arguments *out);

/* Open the settings of the capsule that is the one operand; without an operand,
 * of the one in this folder. Gives what config_open() gives. */
int command_open_config(const struct arguments *arguments, struct config *out);

/* Find the form of a subcommand that word names. A form whose name ends in
 * capitals ("import TABLE") takes any word. NULL: no form has this name. */
const struct command *command_form(
    const struct command *command, const char *word);

/* Append the whole help of a subcommand, in lines of at most 80 columns. */
void command_add_help(struct buf *out, const struct command *command);

/* Print one line to standard error: "guiju: NAME: message; see `guiju NAME
 * --help`". Returns STATUS_USAGE, so that a subcommand can return the call. */
int command_usage(const struct command *command, const char *format, ...)
    PRINTF_LIKE(2, 3);

/* Write out to standard output. Returns STATUS_OK, or STATUS_FAILURE after a
 * message. */
int command_print(const struct buf *out);

extern const struct command command_serve;
extern const struct command command_get;
extern const struct command command_check;
extern const struct command command_init;
extern const struct command command_import;
extern const struct command command_member;
extern const struct command command_cert;
extern const struct command command_config;
extern const struct command command_desk;
extern const struct command command_nightly;
extern const struct command command_rebuild;
extern const struct command command_seal;
extern const struct command command_sql;
extern const struct command command_status;
extern const struct command command_test;

#endif
