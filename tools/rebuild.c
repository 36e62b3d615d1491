/* SPDX-License-Identifier: ISC */
/* `guiju rebuild` makes derived tables, views and triggers anew. */
#include "tools/command.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "run/config/config.h"
#include "run/config/state.h"
#include "store/schema.h"
#include "store/store.h"

enum { WHY_MAX_BYTES = 2048, REPORT_MAX_BYTES = 1024 * 1024 };

static int run_rebuild(int argc, char **argv);

struct rebuild_options {
	bool dry_run;
};

static const struct setting rows[] = {
    {"dry-run", .help = "only print what differs; the database stays as it is",
	.type = SETTING_SWITCH, FIELD_OF(struct rebuild_options, dry_run)},
    {.name = NULL}};

const struct command command_rebuild = {
    .name = "rebuild",
    .summary = "make anew what a database has derived from what it keeps",
    .operands = "CAPSULE",
    .about =
	"Make anew what the files of CAPSULE's schema/derived, schema/views "
	"and schema/triggers make of the database: lists, counts, search "
	"indexes. Print a line for each table whose rows are others than "
	"before, for each search index that did not say what its content "
	"says, and for each view or trigger that was missing. All of it is "
	"one transaction. A server may be running: it answers from what was "
	"there before, but pages that write say that they are busy.\n",
    .options = rows,
    .settings = USED_BY_NIGHTLY,
    .end =
	"Exit status: 0 all is as the schema says; 1 a disk or memory "
	"failed, others were writing for half a minute, or --dry-run found a "
	"difference; 2 usage; 78 the database is damaged, or it or the "
	"capsule is refused.\n",
    .run = run_rebuild,
};

/* The database must exist. Except in a dry run, migrate it to the capsule's
 * schema first. */
static enum err
rebuild(const struct config *config, bool dry_run, struct buf *report,
    struct buf *why)
{
	struct file_path database, schema;
	enum err err;

	err = file_path_join(&database, config->state, STATE_DATABASE);
	if (err == OK)
		err = file_path_join(&schema, config->capsule, CAPSULE_SCHEMA);
	if (err == OK && access(database.text, F_OK) != 0) {
		buf_printf(why, "%s: there is no such database", database.text);
		err = ERR_MISSING;
	}
	if (err == OK && !dry_run)
		err = store_migrate(database.text, schema.text, NULL, why);
	if (err == OK)
		err = store_rebuild(
		    database.text, schema.text, dry_run, report, why);
	return err;
}

static int
work(const char *capsule, const struct config_flags *flags, bool dry_run)
{
	struct config config = {0};
	struct buf report, why;
	int status = (int)config_open(capsule, flags, &config);
	enum err err = OK;

	if (status != STATUS_OK)
		return status;
	buf_init(&why, WHY_MAX_BYTES);
	buf_init(&report, REPORT_MAX_BYTES);
	if (config.role == ROLE_REPLICA || state_is_copy(config.state)) {
		buf_text(&why, "this is a copy; rebuild its primary");
		err = ERR_INPUT;
	}
	if (err == OK)
		err = config_use(&config, &why);
	if (err == OK) {
		log_set_level(config.log);
		err = rebuild(&config, dry_run, &report, &why);
	}
	if (err != OK) {
		complain("%.*s", STR_ARG(buf_view(&why)));
		status = (int)status_of(err);
	} else if (report.len == 0) {
		puts("nothing differed");
	} else {
		printf("%.*s", STR_ARG(buf_view(&report)));
		status = dry_run ? STATUS_FAILURE : STATUS_OK;
	}
	buf_release(&report);
	buf_release(&why);
	config_release(&config);
	return status;
}

static int
run_rebuild(int argc, char **argv)
{
	struct rebuild_options options;
	struct arguments arguments;
	int status =
	    command_read(&command_rebuild, argc, argv, &options, &arguments);

	return status != STATUS_OK
	    ? status
	    : work(arguments.operand[0], &arguments.flags, options.dry_run);
}
