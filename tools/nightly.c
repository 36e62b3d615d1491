/* SPDX-License-Identifier: ISC */
/* `guiju nightly` runs the nightly work of a server now, in the foreground. */
#include "tools/command.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "run/config/config.h"
#include "run/parent/parent.h"
#include "run/config/state.h"
#include "store/store.h"

enum { WHY_MAX_BYTES = 2048 };

static int run_nightly(int argc, char **argv);

const struct command command_nightly = {
    .name = "nightly",
    .summary = "make the files for download, check the database",
    .operands = "CAPSULE",
    .about =
	"Do now what a server does each night (see `nightly` in "
	"guiju.ini(5)), while one serves or not: sweep what has expired, "
	"merge the search indexes, check a copy of the database, and make of "
	"it the files that CAPSULE's export/ asks for, given out below "
	"/download/. The log goes to standard error.\n",
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

static int
work(const char *capsule, const struct config_flags *flags)
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
		err = migrate(&config, &why);
	if (err != OK) {
		complain("%.*s", STR_ARG(buf_view(&why)));
		status = (int)status_of(err);
	} else {
		status = (int)nights_work(&config);
	}
	buf_release(&why);
	config_release(&config);
	return status;
}

static int
run_nightly(int argc, char **argv)
{
	struct arguments arguments;
	int status =
	    command_read(&command_nightly, argc, argv, NULL, &arguments);

	return status != STATUS_OK
	    ? status
	    : work(arguments.operand[0], &arguments.flags);
}
