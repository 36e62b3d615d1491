/* SPDX-License-Identifier: ISC */
/*
 * `guiju check`: compile every page of a capsule against a freshly migrated
 * database, and say what is wrong with it, as an editor's error list wants it.
 */
#include "tools/command.h"

#include <sys/stat.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "page/site.h"
#include "run/state.h"
#include "store/store.h"

enum { TEXT_MAX = 4096, LINE_MAX_BYTES = 64 * 1024 };

static int run_check(int argc, char **argv);

const struct command command_check = {
    "check",
    "say what is wrong with a capsule",
    "usage: guiju check CAPSULE\n"
    "\n"
    "Compile every page of the capsule against a new, empty database made\n"
    "from its schema/ and content/, and print each finding as\n"
    "file:line: message. Nothing is served and no database of yours is\n"
    "opened. Exit status: 0 for no finding, 1 otherwise.\n",
    run_check,
};

/* A capsule may be anybody's: what a finding quotes of it must not reach the
 * terminal as it is. */
static void
say(const char *capsule, const struct finding *finding)
{
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	utf8_add_line(&line, str_from(capsule));
	buf_char(&line, '/');
	utf8_add_line(&line, str_from(finding->file));
	if (finding->line > 0)
		buf_printf(&line, ":%u", finding->line);
	buf_text(&line, ": ");
	utf8_add_line(&line, str_from(finding->message));
	printf("%.*s\n", STR_ARG(buf_view(&line)));
	buf_release(&line);
}

/* A capsule in folder state of its own. The number of findings, -1 where the
 * check itself failed. */
static int
check(const char *capsule, const char *state)
{
	const struct site_options options = {.capsule = capsule,
	    .state_dir = state,
	    .language = STR("en"),
	    .host = STR("localhost"),
	    .gemini_port = 1965,
	    .gopher_port = 70};
	char database[TEXT_MAX], schema[TEXT_MAX], content[TEXT_MAX];
	struct finding *findings = NULL;
	struct site *site = NULL;
	struct buf why;
	enum err err;
	int n = 0;

	snprintf(database, sizeof(database), "%s/portal.db", state);
	snprintf(schema, sizeof(schema), "%s/schema", capsule);
	snprintf(content, sizeof(content), "%s/content", capsule);
	buf_init(&why, TEXT_MAX);
	err = store_migrate(database, schema, content, &why);
	if (err != OK) {
		printf("%.*s\n", STR_ARG(buf_view(&why)));
		buf_release(&why);
		return 1;
	}
	buf_release(&why);
	err = site_open(&options, &site, &findings);
	for (const struct finding *f = findings; f != NULL; f = f->next, n++)
		say(capsule, f);
	findings_free(findings);
	site_close(site);
	return err == OK || err == ERR_INPUT ? n : -1;
}

static int
run_check(int argc, char **argv)
{
	char state[] = "/tmp/guiju-check.XXXXXX";
	struct stat st;
	int n;

	if (argc != 2 || argv[1][0] == '-')
		return command_usage(&command_check, "name one capsule");
	if (stat(argv[1], &st) != 0 || !S_ISDIR(st.st_mode)) {
		complain("check: %s is no folder", argv[1]);
		return STATUS_FAILURE;
	}
	if (mkdtemp(state) == NULL) {
		complain("check: cannot make a folder in /tmp");
		return STATUS_FAILURE;
	}
	n = check(argv[1], state);
	state_remove_folder(state);
	if (n > 0)
		complain("check: %d finding%s", n, n == 1 ? "" : "s");
	return n == 0 ? STATUS_OK : STATUS_FAILURE;
}
