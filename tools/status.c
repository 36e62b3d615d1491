/* SPDX-License-Identifier: ISC */
/*
 * `guiju status`: ask a running server how it does. It is the server that
 * writes the report; here it is only asked for and printed.
 */
#include "tools/command.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "run/config/config.h"
#include "run/status/status.h"

enum { WHY_MAX_BYTES = 2048 };

static const char usage[] =
    "usage: guiju status [--all|--json|--prometheus] [--state DIR] "
    "[CAPSULE]\n"
    "\n"
    "Print what the server of a state folder is doing and has done since it\n"
    "was started: workers, requests, refusals, how long pages and statements\n"
    "took, the last reload, database, certificate, sandbox. Only the user who\n"
    "started the server may ask.\n"
    "\n"
    "  --all         every page and statement, not the first ten\n"
    "  --json        as one JSON object\n"
    "  --prometheus  in Prometheus' text format 0.0.4\n"
    "  --state DIR   the state folder (what capsule.ini says, else ./var)\n"
    "\n"
    "capsule.ini is read from CAPSULE (this folder).\n"
    "\n"
    "Exit status: 0 shown; 1 no server runs there, or it does not answer;\n"
    "2 usage; 78 the configuration is refused.\n";

static const char *const others[] = {"--all", "--json", "--prometheus"};

/* What the server is asked for; NULL: no such flag of ours. */
static const char *
word_of(const char *argument)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(argument, others[i]) == 0)
			return argument + 2;
	return NULL;
}

/* Whoever could write to the state folder could have put another's socket
 * there: what is printed is lines of clean text, whoever sent it. */
static void
clean(struct buf *out, struct str report)
{
	struct str line;

	while (str_next_part(&report, '\n', &line)) {
		utf8_add_line(out, line);
		if (report.data != NULL)
			buf_char(out, '\n');
	}
}

static int
show(const char *state, const char *word)
{
	struct buf report, out, why;
	int status = STATUS_FAILURE;

	buf_init(&report, REPORT_MAX_BYTES + 64 * 1024);
	buf_init(&out, 3 * (REPORT_MAX_BYTES + 64 * 1024));
	buf_init(&why, WHY_MAX_BYTES);
	if (status_ask(state, word, &report, &why) != OK) {
		complain("%.*s", STR_ARG(buf_view(&why)));
		goto out;
	}
	clean(&out, buf_view(&report));
	if (out.err != OK)
		complain("memory is out");
	else if (fwrite(out.data, 1, out.len, stdout) != out.len ||
	    fflush(stdout) != 0)
		complain("cannot write to standard output");
	else
		status = STATUS_OK;
out:
	buf_release(&report);
	buf_release(&out);
	buf_release(&why);
	return status;
}

static int
load_and_show(
    const char *capsule, const struct config_flags *flags, const char *word)
{
	struct config config;
	int status = (int)config_open(capsule, flags, &config);

	if (status == STATUS_OK) {
		status = show(config.state, word);
		config_release(&config);
	}
	return status;
}

static int
run(int argc, char **argv)
{
	struct config_flags flags = {.count = 0};
	const char *capsule = NULL, *word = NULL;
	struct buf why;
	enum err err = OK;
	int at = 1, status;

	buf_init(&why, WHY_MAX_BYTES);
	while (err == OK && at < argc) {
		const char *asked = word_of(argv[at]);

		err = asked != NULL
		    ? OK
		    : config_take_flag(&flags, argc, argv, &at, &why);
		if (asked != NULL && word != NULL && word != asked) {
			buf_text(&why, "one form at a time");
			err = ERR_INPUT;
		} else if (asked != NULL) {
			word = asked;
			at++;
		} else if (err != ERR_MISSING) {
			continue;
		} else if (argv[at][0] == '-') {
			config_unknown_flag(&why, argv[at], others,
			    sizeof(others) / sizeof(others[0]));
		} else if (capsule != NULL) {
			buf_text(&why, "one capsule at a time");
		} else {
			capsule = argv[at++];
			err = OK;
		}
	}
	status = err != OK
	    ? command_usage(&command_status, "%.*s", STR_ARG(buf_view(&why)))
	    : load_and_show(capsule == NULL ? "." : capsule, &flags,
		  word == NULL ? "text" : word);
	buf_release(&why);
	return status;
}

const struct command command_status = {
    "status",
    "say what a running server does",
    usage,
    run,
};
