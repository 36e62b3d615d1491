/* SPDX-License-Identifier: ISC */
/*
 * A subcommand of `guiju`: one file of tools/ and one row of the table in
 * main.c. The row says which options and operands the subcommand takes; its
 * command line is read, and its help is written, from the row.
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
	/* What help says before the options: paragraphs, apart by an empty
	 * line, which are wrapped; a line that begins with a blank stays as it
	 * is. */
	const char *about;
	/* Options of the subcommand's own, up to a row without a name; NULL:
	 * none. Their fields are members of a struct that run() has. */
	const struct setting *options;
	/* Which settings of the server help lists: bits of enum setting_use. 0:
	 * flags of settings are not taken. */
	unsigned settings;
	/* Appends what help says of the capsule in the working folder; may be
	 * NULL. */
	void (*add_help)(struct buf *out);
	const char *end; /* the same behind the options; may be NULL */
	/* Forms of the subcommand, each with a help of its own, up to NULL: the
	 * one that is named by argv[1]. NULL: there are none. */
	const struct command *const *forms;
	/* argv[0] is the subcommand's name. Gives an enum status. --help is
	 * answered by main.c before this is called. */
	int (*run)(int argc, char **argv);
};

/* All settings, under their headings. */
enum { SETTINGS_ALL = 0xFFFF };

/* What a command line held besides the options of the subcommand's own. */
struct arguments {
	struct config_flags flags; /* of settings */
	char **operand;            /* in argv, behind its first */
	int count;
};

/*
 * Read the arguments behind argv[0]: "--name VALUE" or "--name=VALUE", before,
 * between and behind the operands; behind "--" are only operands. Options go
 * to their fields of values, after their defaults. Operands are moved to the
 * front of argv. Gives STATUS_OK; STATUS_USAGE after a complaint that names the
 * mistake.
 */
int command_read(const struct command *command, int argc, char **argv,
    void *values, struct arguments *out);

/* The form of a subcommand that word names; one whose name ends in capitals
 * ("import TABLE") takes any word. NULL: no form. */
const struct command *command_form(
    const struct command *command, const char *word);

/* Append the whole help of a subcommand, lines of at most 80 columns. */
void command_add_help(struct buf *out, const struct command *command);

/* One line, "guiju: NAME: message; see `guiju NAME --help`"; gives
 * STATUS_USAGE, so that a subcommand can return it. */
int command_usage(const struct command *command, const char *format, ...)
    PRINTF_LIKE(2, 3);

/* Write it to standard output. Gives STATUS_OK, or STATUS_FAILURE after a
 * complaint. */
int command_print(const struct buf *out);

extern const struct command command_serve;
extern const struct command command_get;
extern const struct command command_check;
extern const struct command command_init;
extern const struct command command_import;
extern const struct command command_cert;
extern const struct command command_config;
extern const struct command command_nightly;
extern const struct command command_rebuild;
extern const struct command command_status;

#endif
