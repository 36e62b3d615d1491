/* SPDX-License-Identifier: ISC */
/*
 * `guiju status` asks a running server for its status report and prints the
 * report. The server writes the report.
 */
#include "tools/command.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "run/config/config.h"
#include "run/status/status.h"

enum { WHY_MAX_BYTES = 2048 };

static int run_status(int argc, char **argv);

struct status_options {
	bool all, json, prometheus;
};

static const struct setting rows[] = {
    {"all", .help = "every page and statement, not the first ten",
	.type = SETTING_SWITCH, FIELD_OF(struct status_options, all)},
    {"json", .help = "as one JSON object", .type = SETTING_SWITCH,
	FIELD_OF(struct status_options, json)},
    {"prometheus", .help = "in Prometheus' text format 0.0.4",
	.type = SETTING_SWITCH, FIELD_OF(struct status_options, prometheus)},
    {.name = NULL}};

const struct command command_status = {
    .name = "status",
    .summary = "say what a running server does",
    .operands = "[CAPSULE]",
    .about =
	"Print what the server of a state folder is doing and has done since "
	"it was started: workers, requests, refusals, how long pages and "
	"statements took, the last reload, database, certificate, sandbox. "
	"Only the user who started the server may ask. capsule.ini is read "
	"from CAPSULE (this folder).\n",
    .options = rows,
    .settings = USED_BY_STATUS,
    .end = "Exit status: 0 shown; 1 no server runs there, or it does not "
	   "answer; 2 usage; 78 the configuration is refused.\n",
    .run = run_status,
};

/* Anybody who can write to the state folder can put another socket there: the
 * report is cleaned, line by line, before it is printed. */
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
	status = command_print(&out);
out:
	buf_release(&report);
	buf_release(&out);
	buf_release(&why);
	return status;
}

static int
run_status(int argc, char **argv)
{
	struct status_options chosen = {.all = false};
	struct arguments arguments;
	struct config config;
	const char *word = "text";
	int status =
	    command_read(&command_status, argc, argv, &chosen, &arguments);

	if (status != STATUS_OK)
		return status;
	if (chosen.all + chosen.json + chosen.prometheus > 1)
		return command_usage(&command_status, "one form at a time");
	if (chosen.all)
		word = "all";
	else if (chosen.json)
		word = "json";
	else if (chosen.prometheus)
		word = "prometheus";
	status = command_open_config(&arguments, &config);
	if (status != STATUS_OK)
		return status;
	status = show(config.state, word);
	config_release(&config);
	return status;
}
