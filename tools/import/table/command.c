/* SPDX-License-Identifier: ISC */
/*
 * The command line of `guiju import TABLE FILE...` and `guiju import undo
 * NUMBER`. Which tables there are, the capsule says: those with a script in
 * its folder import/.
 */
#include "tools/import/table/command.h"

#include <string.h>

#include "base/str.h"
#include "tools/import/table/load.h"
#include "tools/import/table/tables.h"
#include "tools/command.h"
#include "tools/import/database.h"
#include "tools/option.h"

struct options {
	struct load_options load;
	const char *state;
	char **files;
	size_t count;
	int64_t batch; /* to take back; 0: none */
};

/* An option that has a value, and where that goes. */
struct option {
	const char *name;
	const char **place;
};

static int
take_option(struct options *options, int argc, char **argv, int *at)
{
	const struct option values[] = {
	    {"--capsule", &options->load.capsule},
	    {"--state", &options->state},
	    {"--source", &options->load.source},
	    {"--verified", &options->load.verified},
	    {"--errors", &options->load.errors},
	};
	static const char *const names[] = {"--capsule", "--state", "--source",
	    "--verified", "--errors", "--dry-run", "--commit", "--quiet"};
	const char *argument = argv[*at], *nearest;

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		const char *value =
		    option_value(values[i].name, argc, argv, at);
		if (value == NULL)
			continue;
		if (value[0] == '\0')
			return command_usage(&command_import,
			    "%s wants a value", values[i].name);
		*values[i].place = value;
		return STATUS_OK;
	}
	if (strcmp(argument, "--dry-run") == 0) {
		options->load.dry_run = true;
	} else if (strcmp(argument, "--commit") == 0) {
		options->load.commit = true;
	} else if (strcmp(argument, "--quiet") == 0) {
		options->load.quiet = true;
	} else {
		nearest = str_nearest(
		    str_from(argument), names, sizeof(names) / sizeof(*names));
		return command_usage(&command_import, "unknown flag %s%s%s",
		    argument, nearest != NULL ? ", did you mean " : "",
		    nearest != NULL ? nearest : "");
	}
	return STATUS_OK;
}

/* What stands in the place of files. */
static int
take_files(struct options *options, int argc, char **argv, int at)
{
	options->files = argv + at;
	options->count = (size_t)(argc - at);
	if (strcmp(options->load.kind, "undo") != 0)
		return argc > at
		    ? STATUS_OK
		    : command_usage(&command_import, "name a FILE at least");
	if (argc != at + 1 ||
	    str_to_int(str_from(argv[at]), 1, INT64_MAX, &options->batch) != OK)
		return command_usage(
		    &command_import, "undo wants the number of one import");
	return STATUS_OK;
}

static int
check_options(const struct options *options)
{
	const char *verified = options->load.verified;

	if (options->batch == 0 &&
	    !tables_has(options->load.capsule, options->load.kind)) {
		tables_complain(options->load.capsule, options->load.kind);
		return STATUS_REFUSED;
	}
	if (verified != NULL &&
	    (strlen(verified) != 10 || verified[4] != '-' ||
		verified[7] != '-' ||
		verified[strspn(verified, "0123456789-")] != '\0'))
		return command_usage(
		    &command_import, "--verified wants a day, YYYY-MM-DD");
	if (options->load.errors != NULL && options->count > 1)
		return command_usage(
		    &command_import, "--errors goes with one FILE");
	return STATUS_OK;
}

static int
use(struct store *store, void *context)
{
	const struct options *options = context;
	sqlite3 *db = store_writer(store);
	size_t refused = 0;
	enum err err = options->batch > 0
	    ? load_undo(db, &options->load, options->batch)
	    : load_files(
		  db, &options->load, options->files, options->count, &refused);

	if (fflush(stdout) != 0 || ferror(stdout)) {
		complain("import: cannot write to standard output");
		return STATUS_FAILURE;
	}
	return err != OK  ? STATUS_FAILURE
	    : refused > 0 ? STATUS_FAILURE
			  : STATUS_OK;
}

int
catalogue_import(int argc, char **argv)
{
	struct options options = {
	    .load = {.capsule = "capsule", .kind = argv[1]}};
	int at = 2, status = STATUS_OK;

	for (; at < argc && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "--") == 0) {
			at++;
			break;
		}
		status = take_option(&options, argc, argv, &at);
		if (status != STATUS_OK)
			return status;
	}
	status = take_files(&options, argc, argv, at);
	if (status == STATUS_OK)
		status = check_options(&options);
	if (status != STATUS_OK)
		return status;
	return database_use(&(struct database){options.load.capsule,
				options.state, options.load.dry_run},
	    use, &options);
}
