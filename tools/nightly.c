/* SPDX-License-Identifier: ISC */
/* `guiju nightly` runs the nightly work of a server now, in the foreground. */
#include "tools/command.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "run/config/config.h"
#include "run/parent/parent.h"
#include "run/config/state.h"
#include "store/nightly/nightly.h"
#include "store/store.h"

enum { WHY_MAX_BYTES = 2048, REPORT_MAX_BYTES = 64 * 1024 };

static int run_nightly(int argc, char **argv);

struct nightly_options {
	bool dry_run;
};

static const struct setting rows[] = {
    {"dry-run",
	.help = "only print how many rows each script of nightly/ would change",
	.type = SETTING_SWITCH, FIELD_OF(struct nightly_options, dry_run)},
    {.name = NULL}};

const struct command command_nightly = {
    .name = "nightly",
    .summary = "make the files for download, check the database",
    .operands = "CAPSULE",
    .about =
	"Do now what a server does each night (see `nightly` in "
	"guiju.ini(5)), while one serves or not: run the scripts of "
	"CAPSULE's nightly/ that have not run today, sweep what has expired, "
	"merge the search indexes, check a copy of the database, and make of "
	"it the files that CAPSULE's export/ asks for, given out below "
	"/download/. The log goes to standard error.\n",
    .options = rows,
    .settings = USED_BY_NIGHTLY,
    .end = "Exit status: 0 all of it is done; 1 a disk or memory failed, or "
	   "another night is at work; 2 usage; 78 the database is damaged, or "
	   "it or the capsule is refused.\n",
    .run = run_nightly,
};

/* Migrate the database, which must exist, to the capsule's schema. */
static enum err
migrate(const struct config *config, struct buf *why)
{
	struct file_path database;
	enum err err;

	err = file_path_join(&database, config->state, STATE_DATABASE);
	if (err == OK && access(database.text, F_OK) != 0) {
		buf_printf(why, "%s: there is no such database", database.text);
		err = ERR_MISSING;
	}
	return err == OK ? state_migrate(config->state, config->capsule, why)
			 : err;
}

/* Run the scripts, and roll each back. */
static enum err
try_scripts(const struct config *config, struct buf *why)
{
	struct file_path database;
	struct buf report;
	enum err err = file_path_join(&database, config->state, STATE_DATABASE);

	buf_init(&report, REPORT_MAX_BYTES);
	if (err == OK)
		err = nightly_scripts(
		    config->capsule, database.text, &report, why);
	if (err == OK && report.len == 0)
		buf_text(&report, "there is no script in nightly/\n");
	if (report.len > 0 && command_print(&report) != STATUS_OK && err == OK)
		err = ERR_IO;
	buf_release(&report);
	return err;
}

static int
work(const char *capsule, const struct config_flags *flags, bool dry_run)
{
	struct config config = {0};
	struct buf why;
	int status = (int)config_open(capsule, flags, &config);
	enum err err = OK;

	if (status != STATUS_OK)
		return status;
	buf_init(&why, WHY_MAX_BYTES);
	if ((config.role == ROLE_REPLICA || state_is_copy(config.state))) {
		buf_text(&why, "this is a copy; its primary does the work");
		err = ERR_INPUT;
	}
	if (err == OK)
		err = config_use(&config, &why);
	if (err == OK) {
		log_set_level(config.log);
		err = state_name_owner(&config);
	}
	if (err == OK)
		err = dry_run ? try_scripts(&config, &why)
			      : migrate(&config, &why);
	if (err != OK) {
		complain("%.*s", STR_ARG(buf_view(&why)));
		status = (int)status_of(err);
	} else if (!dry_run) {
		status = (int)nights_work(&config);
	}
	buf_release(&why);
	config_release(&config);
	return status;
}

static int
run_nightly(int argc, char **argv)
{
	struct nightly_options options;
	struct arguments arguments;
	int status =
	    command_read(&command_nightly, argc, argv, &options, &arguments);

	return status != STATUS_OK
	    ? status
	    : work(arguments.operand[0], &arguments.flags, options.dry_run);
}
