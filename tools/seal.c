/* SPDX-License-Identifier: ISC */
/* `guiju seal` says where the seals' key is, and makes another. */
#include "tools/command.h"

#include "base/buf.h"
#include "page/site.h"
#include "run/config/state.h"

enum { WHY_MAX_BYTES = 2048 };

static int run_seal(int argc, char **argv);

struct seal_options {
	bool renew;
};

static const struct setting rows[] = {
    {"renew", .help = "put a new key in the place of the old one",
	.type = SETTING_SWITCH, FIELD_OF(struct seal_options, renew)},
    {.name = NULL}};

const struct command command_seal = {
    .name = "seal",
    .summary = "look at the key of the seals, or make another",
    .operands = "[CAPSULE]",
    .about =
	"A link to a page that writes ends in a seal, which is made with a "
	"key: the file seal.key in the folder of the certificates. Check "
	"that the file is there and is a key that only its owner may read; "
	"make it if it is missing. With --renew put a new key in its place: "
	"do so when a stranger may have read the file, then send SIGHUP to "
	"the server. Links that were shown before the reload then lead back "
	"to their page. capsule.ini is read from CAPSULE (this folder).\n",
    .options = rows,
    .settings = USED_BY_SEAL,
    .end = "Exit status: 0 there is a key; 1 a file failed; 2 usage; 78 the "
	   "configuration or the key is refused.\n",
    .run = run_seal,
};

static enum err
look(const char *certs, bool renew, struct buf *why)
{
	unsigned char key[SEAL_SECRET_BYTES];
	enum err err = state_make_folder(certs, 0755, why);

	if (err == OK && renew)
		err = seal_key_renew(certs, why);
	if (err == OK)
		err = seal_key_read(certs, key, why);
	explicit_bzero(key, sizeof(key));
	return err;
}

static int
run_seal(int argc, char **argv)
{
	struct seal_options options;
	struct arguments arguments;
	struct config config;
	struct buf why;
	enum err err;
	int status =
	    command_read(&command_seal, argc, argv, &options, &arguments);

	if (status == STATUS_OK)
		status = command_open_config(&arguments, &config);
	if (status != STATUS_OK)
		return status;
	buf_init(&why, WHY_MAX_BYTES);
	err = look(config.certs, options.renew, &why);
	if (err != OK)
		complain("%.*s", STR_ARG(buf_view(&why)));
	else
		printf("%s/seal.key: %s\n", config.certs,
		    options.renew ? "a new key; a running server takes it at "
				    "SIGHUP"
				  : "the key of the seals");
	status = (int)status_of(err);
	buf_release(&why);
	config_release(&config);
	return status;
}
