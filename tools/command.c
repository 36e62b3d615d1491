/* SPDX-License-Identifier: ISC */
/*
 * Reads the command lines of all subcommands, and writes their help. Both work
 * from the rows of options and settings (run/config/setting.h) only.
 */
#include "tools/command.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

enum {
	MESSAGE_MAX_BYTES = 1024,
	NAMES_MAX = 2 * CONFIG_SETTINGS_MAX,
	OPTIONS_MAX = CONFIG_SETTINGS_MAX,
	TEXT_COLUMN = 24, /* where the sentences of help begin */
	LINE_COLUMNS = 79
};

int
command_usage(const struct command *command, const char *format, ...)
{
	char message[MESSAGE_MAX_BYTES];
	va_list args;

	va_start(args, format);
	(void)utf8_message(message, sizeof(message), format, args);
	va_end(args);
	complain("%s; see `guiju %s --help`", message, command->name);
	return STATUS_USAGE;
}

int
command_open_config(const struct arguments *arguments, struct config *out)
{
	return (int)config_open(
	    arguments->count > 0 ? arguments->operand[0] : ".",
	    &arguments->flags, out);
}

int
command_print(const struct buf *out)
{
	if (out->err == ERR_NOMEM)
		complain("out of memory");
	else if (out->err != OK)
		complain("what is to be printed is too long");
	else if ((out->len > 0 && /* else there are no data to point to */
		     fwrite(out->data, 1, out->len, stdout) != out->len) ||
	    fflush(stdout) != 0)
		complain("cannot write to standard output");
	else
		return STATUS_OK;
	return STATUS_FAILURE;
}

/* ---- reading ----------------------------------------------------------- */

/* The state of reading one command line. */
struct reading {
	const struct command *command;
	int argc;
	char **argv;
	int at;
	void *values;
	struct arguments *out;
	bool seen[OPTIONS_MAX]; /* options of the subcommand's own */
};

/* Find one of the subcommand's own options; NULL: none has this name. */
static const struct setting *
find_option(const struct command *command, struct str name)
{
	const struct setting *option = command->options;

	for (; option != NULL && option->name != NULL; option++)
		if (str_equal(str_from(option->name), name))
			return option;
	return NULL;
}

static int
complain_unknown(const struct reading *reading, struct str name)
{
	const struct setting *option = reading->command->options;
	const char *names[NAMES_MAX], *nearest;
	size_t n = 0;

	for (; option != NULL && option->name != NULL; option++)
		names[n++] = option->name;
	if (reading->command->settings != 0)
		for (size_t i = 0; i < config_setting_count(); i++)
			names[n++] = config_setting(i)->name;
	assert(n <= NAMES_MAX);
	while (str_starts(name, STR("-")))
		name = str_slice(name, 1, name.len);
	nearest = str_nearest(name, names, n);
	return command_usage(reading->command, "unknown flag %s%s%s%s",
	    reading->argv[reading->at],
	    nearest != NULL ? ", did you mean --" : "",
	    nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
}

/* Store the value of one of the subcommand's own options. */
static int
take_option(
    struct reading *reading, const struct setting *option, const char *value)
{
	bool *seen = &reading->seen[option - reading->command->options];
	struct buf why;
	int status = STATUS_OK;

	if (*seen)
		return command_usage(
		    reading->command, "--%s: stands twice", option->name);
	*seen = true;
	buf_init(&why, MESSAGE_MAX_BYTES);
	if (setting_read(option, reading->values, NULL, value, &why) != OK)
		status = command_usage(reading->command, "--%s: %.*s",
		    option->name, STR_ARG(buf_view(&why)));
	buf_release(&why);
	return status;
}

/* Read the option at argv[at], which begins with a dash. */
static int
take_flag(struct reading *reading)
{
	struct config_flags *flags = &reading->out->flags;
	struct str rest = str_from(reading->argv[reading->at]), name = rest;
	const struct setting *row = NULL;
	const char *value = "yes";
	size_t setting = SIZE_MAX;

	if (str_starts(rest, STR("--"))) {
		rest = str_slice(rest, 2, rest.len);
		(void)str_next_part(&rest, '=', &name);
		row = find_option(reading->command, name);
		if (row == NULL && reading->command->settings != 0)
			setting = config_find(name);
		if (setting != SIZE_MAX)
			row = config_setting(setting);
	}
	if (row == NULL)
		return complain_unknown(reading, name);
	if (rest.data != NULL) {
		value = rest.data; /* ends where argv ends */
	} else if (row->takes != NULL) {
		if (reading->at + 1 >= reading->argc)
			return command_usage(reading->command, "--%s wants %s",
			    row->name, row->takes);
		value = reading->argv[++reading->at];
	}
	if (setting == SIZE_MAX)
		return take_option(reading, row, value);
	if (flags->count == CONFIG_FLAGS_MAX)
		return command_usage(reading->command, "too many flags");
	flags->item[flags->count++] =
	    (struct config_flag){.setting = setting, .value = value};
	return STATUS_OK;
}

/* Is the number of operands the one that "[DIR]", "DIR" or "FILE..." asks for?
 */
static int
check_operands(const struct reading *reading)
{
	const struct command *command = reading->command;
	struct str word = str_from(command->operands);
	const struct arguments *out = reading->out;
	const bool may_miss = word.len == 0 || str_starts(word, STR("["));
	const bool many = str_ends(word, STR("..."));
	const int most = word.len == 0 ? 0 : 1;

	if (many)
		word = str_slice(word, 0, word.len - 3);
	if (out->count == 0 && !may_miss)
		return command_usage(command, "%.*s is missing", STR_ARG(word));
	if (out->count > most && !many)
		return command_usage(
		    command, "too many arguments: %s", out->operand[most]);
	return STATUS_OK;
}

static void
set_defaults(const struct command *command, void *values)
{
	const struct setting *option = command->options;

	for (; option != NULL && option->name != NULL; option++) {
		char number[SETTING_DEFAULT_SIZE];
		struct buf why;
		enum err err;

		if (option->value == NULL && option->number == 0 &&
		    option->type != SETTING_SWITCH)
			continue;
		buf_init(&why, MESSAGE_MAX_BYTES);
		err = setting_read(option, values, NULL,
		    setting_default(option, number), &why);
		assert(err == OK); /* the row's default is valid */
		buf_release(&why);
	}
}

int
command_read(const struct command *command, int argc, char **argv, void *values,
    struct arguments *out)
{
	struct reading reading = {.command = command,
	    .argc = argc,
	    .argv = argv,
	    .at = 1,
	    .values = values,
	    .out = out};
	bool operands_only = false;
	int status = STATUS_OK;

	*out = (struct arguments){.operand = argv + 1};
	set_defaults(command, values);
	for (; reading.at < argc && status == STATUS_OK; reading.at++) {
		char *argument = argv[reading.at];

		if (operands_only || argument[0] != '-' || argument[1] == '\0')
			out->operand[out->count++] = argument;
		else if (strcmp(argument, "--") == 0)
			operands_only = true;
		else
			status = take_flag(&reading);
	}
	return status == STATUS_OK ? check_operands(&reading) : status;
}

const struct command *
command_form(const struct command *command, const char *word)
{
	const struct command *const *form = command->forms;
	const struct command *any = NULL;

	for (; form != NULL && *form != NULL; form++) {
		const char *name = (*form)->name + strlen(command->name) + 1;

		if (strcmp(name, word) == 0)
			return *form;
		if (name[0] >= 'A' && name[0] <= 'Z' && word[0] != '-')
			any = *form;
	}
	return any;
}

/* ---- help -------------------------------------------------------------- */

/* Append text, wrapped; its lines begin at column `left`, where the output
 * stands now. */
static void
add_wrapped(struct buf *out, size_t left, struct str text)
{
	struct str word;
	size_t at = left;

	while (str_next_part(&text, ' ', &word)) {
		if (at > left && at + 1 + word.len > LINE_COLUMNS) {
			buf_printf(out, "\n%*s", (int)left, "");
			at = left;
		} else if (at > left) {
			buf_char(out, ' ');
			at++;
		}
		buf_str(out, word);
		at += word.len;
	}
	buf_char(out, '\n');
}

/* Append paragraphs, which empty lines separate. A line that begins with a
 * blank stays as it is. */
static void
add_text(struct buf *out, const char *text)
{
	struct str rest = str_from(text), line;

	while (str_next_line(&rest, &line)) {
		if (str_starts(line, STR(" "))) {
			buf_str(out, line);
			buf_char(out, '\n');
		} else {
			add_wrapped(out, 0, line);
		}
	}
}

/* Append, in brackets behind the sentence: range, repetition, default. */
static void
add_facts(struct buf *out, const struct setting *row)
{
	char number[SETTING_DEFAULT_SIZE];
	const char *value = setting_default(row, number);
	const size_t begin = out->len;

	if (row->type != SETTING_SWITCH)
		setting_add_range(out, row);
	if (setting_is_list(row)) {
		buf_text(out, out->len > begin ? "; " : "");
		buf_text(out, "may be repeated");
	}
	if (value[0] != '\0' && row->type != SETTING_SWITCH) {
		buf_text(out, out->len > begin ? "; " : "");
		buf_printf(out, "default %s", value);
	}
}

static void
add_row(struct buf *out, const struct setting *row)
{
	struct buf text, facts;
	size_t begin = out->len, used;

	buf_printf(out, "  --%s", row->name);
	if (row->takes != NULL)
		buf_printf(out, " %s", row->takes);
	used = out->len - begin;
	buf_init(&text, MESSAGE_MAX_BYTES);
	buf_init(&facts, MESSAGE_MAX_BYTES);
	buf_text(&text, row->help);
	add_facts(&facts, row);
	if (facts.len > 0)
		buf_printf(&text, " (%.*s)", STR_ARG(buf_view(&facts)));
	if (used + 2 > TEXT_COLUMN) {
		buf_char(out, '\n');
		used = 0;
	}
	buf_printf(out, "%*s", (int)(TEXT_COLUMN - used), "");
	add_wrapped(out, TEXT_COLUMN, buf_view(&text));
	buf_release(&facts);
	buf_release(&text);
}

/* Append the settings that the subcommand uses. Only a list of all settings has
 * headings. */
static void
add_settings(struct buf *out, const struct command *command)
{
	const bool all = command->settings == SETTINGS_ALL;
	const char *group = "";

	if (!all)
		buf_text(out,
		    "\nThese and all other flags of `guiju serve` are "
		    "taken:\n");
	for (size_t i = 0; i < config_setting_count(); i++) {
		const struct setting *row = config_setting(i);

		if (all && strcmp(row->group, group) != 0) {
			buf_printf(out, "\n%s:\n", row->group);
			group = row->group;
		}
		if (all || (row->used & command->settings) != 0)
			add_row(out, row);
	}
}

static void
add_usage_line(struct buf *out, const struct command *command)
{
	buf_printf(out, "guiju %s", command->name);
	if (command->options != NULL || command->settings != 0)
		buf_text(out, " [FLAGS]");
	if (command->operands != NULL)
		buf_printf(out, " %s", command->operands);
	buf_char(out, '\n');
}

void
command_add_help(struct buf *out, const struct command *command)
{
	const struct command *const *form = command->forms;
	const struct setting *option = command->options;

	buf_text(out, "usage: ");
	if (form == NULL)
		add_usage_line(out, command);
	for (; form != NULL && *form != NULL; form++) {
		buf_text(out, form == command->forms ? "" : "       ");
		add_usage_line(out, *form);
	}
	buf_char(out, '\n');
	add_text(out, command->about);
	if (option != NULL)
		buf_char(out, '\n');
	for (; option != NULL && option->name != NULL; option++)
		add_row(out, option);
	if (command->settings != 0)
		add_settings(out, command);
	if (command->add_help != NULL)
		command->add_help(out);
	if (command->end != NULL) {
		buf_char(out, '\n');
		add_text(out, command->end);
	}
}
