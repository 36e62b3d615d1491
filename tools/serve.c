/* SPDX-License-Identifier: ISC */
/* `guiju serve`: read the command line and hand over to the parent. */
#include "tools/command.h"

#include "base/buf.h"
#include "run/config/config.h"
#include "run/parent/parent.h"
#include "run/worker/process.h"

enum { WHY_MAX_BYTES = 1024 };

static const char usage[] =
    "usage: guiju serve [FLAGS] CAPSULE\n"
    "\n"
    "Serve the folder CAPSULE in the foreground. One line\n"
    "`ready gemini://... gopher://...` on standard output says that it\n"
    "answers; the log goes to standard error.\n"
    "\n"
    "  --gemini ADDR:PORT    listen for Gemini; may stand several times.\n"
    "                        ADDR is IPv4 or [IPv6]; PORT alone is all\n"
    "                        addresses; port 0 lets the system choose (1965)\n"
    "  --gopher ADDR:PORT    the same for Gopher, or `off` (70)\n"
    "  --host NAME           the public name (localhost)\n"
    "  --public-gemini PORT  the port as readers see it, behind a forwarding\n"
    "  --public-gopher PORT  the same for Gopher\n"
    "  --state DIR           folder of the database, made if missing (./var)\n"
    "  --certs DIR           folder of NAME.cert.pem and NAME.key.pem, made\n"
    "                        with a self-signed pair if missing (./certs)\n"
    "  --workers N           serving processes (one a core)\n"
    "  --connections N       at most, of all workers together (4096)\n"
    "  --per-address-connections N  at most, of one address (32)\n"
    "  --per-address-rate N  new ones a second, of one address (20)\n"
    "  --unlimited-from ADDR[/BITS]  not limited so; may stand several times\n"
    "  --proxy-from ADDR[/BITS]  a balancer that speaks the PROXY protocol\n"
    "  --user NAME           whom the workers become when started as root\n"
    "  --role ROLE           primary, or replica: serve a copy of a database\n"
    "                        that somebody else writes (primary)\n"
    "  --primary URL         where a replica sends who wants to write; the\n"
    "                        primary answers there as well\n"
    "  --sandbox MODE        auto, require or off (auto)\n"
    "  --log LEVEL           error, warn, info or debug (info)\n"
    "  --log-file FILE       append the log to it (standard error)\n"
    "  --log-address HOW     full, truncated or none of a reader's (full)\n"
    "  --log-format FORMAT   text or json (text)\n"
    "  --language TAG        of the pages (en)\n"
    "  --admin TEXT          whom to write to\n"
    "  --description TEXT    what this is, in a line\n"
    "  --nightly TIME        when the night's work begins: HH:MM, HH:MM\n"
    "                        +HH:MM from UTC, or `off` (03:30)\n"
    "  --dev                 reload when a file changes; show findings to\n"
    "                        the reader instead of a broken page\n"
    "\n"
    "Each flag but its dashes is also a key of CAPSULE/capsule.ini; a flag\n"
    "wins. Folders are relative to where guiju is started.\n"
    "\n"
    "SIGHUP reads all of it again without losing a connection, or says in\n"
    "the log why not. SIGUSR1 opens the log file again. SIGTERM and SIGINT\n"
    "let the workers finish (10 s).\n"
    "\n"
    "Exit status: 0 stopped; 1 a port, a disk or memory failed; 2 usage;\n"
    "78 the configuration, the capsule or the database is refused.\n";

static int
run(int argc, char **argv)
{
	struct config_flags flags = {.count = 0};
	const char *capsule = NULL;
	struct buf why;
	enum err err = OK;
	int at = 1, status = STATUS_OK;

	process_hold_signals();
	buf_init(&why, WHY_MAX_BYTES);
	while (err == OK && at < argc) {
		err = config_take_flag(&flags, argc, argv, &at, &why);
		if (err != ERR_MISSING)
			continue;
		if (argv[at][0] == '-') {
			config_unknown_flag(&why, argv[at], NULL, 0);
		} else if (capsule != NULL) {
			buf_printf(&why, "one capsule at a time, not also %s",
			    argv[at]);
		} else {
			capsule = argv[at++];
			err = OK;
		}
	}
	if (err == OK && capsule == NULL) {
		buf_text(&why, "name the CAPSULE folder to serve");
		err = ERR_INPUT;
	}
	if (err != OK)
		status = command_usage(
		    &command_serve, "%.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	return err != OK ? status : (int)parent_run(capsule, &flags);
}

const struct command command_serve = {
    "serve",
    "serve a capsule",
    usage,
    run,
};
