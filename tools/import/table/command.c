/* SPDX-License-Identifier: ISC */
/*
 * The command line of `guiju import TABLE FILE...` and `guiju import undo
 * NUMBER`. The tables of a capsule are those with a script in its folder
 * import/.
 */
#include "tools/import/table/command.h"

#include <string.h>

#include "base/str.h"
#include "tools/import/table/internal.h"
#include "tools/import/frame.h"

static int import_rows(int argc, char **argv);
static int take_back(int argc, char **argv);

struct table_options {
	struct load_options load;
	struct arguments arguments;
	int64_t batch; /* to take back; 0: none */
};

#define FIELD(member) FIELD_OF(struct table_options, load.member)

/* Does the text have the form of a day, YYYY-MM-DD? */
static bool
is_day(struct str text)
{
	if (text.len != 10 || text.data[4] != '-' || text.data[7] != '-')
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (i != 4 && i != 7 &&
		    (text.data[i] < '0' || text.data[i] > '9'))
			return false;
	return true;
}

static const struct setting rows[] = {{FRAME_CAPSULE, FIELD(capsule)},
    {FRAME_DRY_RUN, FIELD(dry_run)}, {FRAME_QUIET, FIELD(quiet)},
    {"source", .takes = "TEXT",
	.help = "whose data it is, where the rows do not say",
	.type = SETTING_TEXT, FIELD(source), .min = 1, .wants = "a text"},
    {"verified", .takes = "DAY",
	.help = "the day on which it was so, YYYY-MM-DD, instead of the day "
		"when the file was written",
	.type = SETTING_TEXT, FIELD(verified), .is = is_day,
	.wants = "a day, YYYY-MM-DD"},
    {"errors", .takes = "FILE",
	.help = "where refused rows go, instead of FILE.errors",
	.type = SETTING_TEXT, FIELD(errors), .min = 1, .wants = "a file"},
    {"commit", .help = "store what is to be confirmed", .type = SETTING_SWITCH,
	FIELD(commit)},
    {.name = NULL}};

const struct command import_table = {
    .name = "import TABLE",
    .operands = "FILE...",
    .about =
	"Give each row of each FILE, .csv, or .tsv and .txt with tabs, plain\n"
	"or .xz, to CAPSULE/import/TABLE.sql, a file in one transaction. The\n"
	"first row names the columns; those without a use are named. Rows "
	"that\n"
	"are as they were are left alone. What the script wants to have\n"
	"confirmed is only shown, until --commit.\n",
    .add_help = tables_add_help,
    .options = rows,
    .settings = USED_BY_IMPORT,
    .end = import_statuses,
    .run = import_rows,
};

static const struct setting undo_rows[] = {
    {FRAME_CAPSULE, FIELD(capsule)}, {.name = NULL}};

const struct command import_undo = {
    .name = "import undo",
    .operands = "NUMBER",
    .about = "Take back the import with that number.\n",
    .options = undo_rows,
    .settings = USED_BY_IMPORT,
    .end = import_statuses,
    .run = take_back,
};

static int
use(struct store *store, void *context)
{
	const struct table_options *options = context;
	sqlite3 *db = store_writer(store);
	size_t refused = 0;
	enum err err = options->batch > 0
	    ? load_undo(db, &options->load, options->batch)
	    : load_files(db, &options->load, options->arguments.operand,
		  (size_t)options->arguments.count, &refused);

	return frame_finish(
	    err != OK || refused > 0 ? STATUS_FAILURE : STATUS_OK);
}

static int
use_database(struct table_options *chosen)
{
	return frame_use(&(struct frame){.capsule = chosen->load.capsule,
			     .flags = &chosen->arguments.flags,
			     .dry_run = chosen->load.dry_run},
	    use, chosen);
}

static int
import_rows(int argc, char **argv)
{
	struct table_options chosen = {.load = {.kind = argv[0]}};
	int status =
	    command_read(&import_table, argc, argv, &chosen, &chosen.arguments);

	if (status != STATUS_OK)
		return status;
	if (!tables_has(chosen.load.capsule, chosen.load.kind)) {
		tables_complain(chosen.load.capsule, chosen.load.kind);
		return STATUS_REFUSED;
	}
	if (chosen.load.errors != NULL && chosen.arguments.count > 1)
		return command_usage(
		    &import_table, "--errors goes with one FILE");
	return use_database(&chosen);
}

static int
take_back(int argc, char **argv)
{
	struct table_options chosen = {.batch = 0};
	int status =
	    command_read(&import_undo, argc, argv, &chosen, &chosen.arguments);

	if (status != STATUS_OK)
		return status;
	if (str_to_int(str_from(chosen.arguments.operand[0]), 1, INT64_MAX,
		&chosen.batch) != OK)
		return command_usage(
		    &import_undo, "expected the number of one import");
	return use_database(&chosen);
}
