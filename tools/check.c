/* SPDX-License-Identifier: ISC */
/*
 * `guiju check` compiles every page of a capsule against a new database that it
 * has just migrated. The findings have the form that text editors read as an
 * error list: file:line: message.
 */
#include "tools/command.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file_path.h"
#include "base/utf8.h"
#include "page/site.h"
#include "run/config/config.h"
#include "run/config/state.h"
#include "store/defined.h"
#include "store/nightly/nightly.h"
#include "store/schema.h"
#include "store/store.h"
#include "tools/desk/check.h"
#include "tools/import/article/capsule_sql.h"
#include "tools/import/table/command.h"
#include "tools/sql/internal.h"
#include "wire/wire.h"

enum {
	TEXT_MAX = 4096,
	LINE_MAX_BYTES = 64 * 1024,
	TOLD_MAX_BYTES = 4 * 1024 * 1024
};

static int run_check(int argc, char **argv);

struct check_options {
	bool strict;
	const char *state;
};

static const struct setting rows[] = {
    {"strict", .help = "advice counts as a finding", .type = SETTING_SWITCH,
	FIELD_OF(struct check_options, strict)},
    {"state", .takes = "DIR",
	.help = "compare the database in this folder with the capsule's "
		"schema; it is only read",
	.type = SETTING_TEXT, FIELD_OF(struct check_options, state), .min = 1,
	.wants = "a folder"},
    {.name = NULL}};

const struct command command_check = {
    .name = "check",
    .summary = "say what is wrong with a capsule",
    .operands = "CAPSULE",
    .about =
	"Read the capsule's settings, compile every page of it against a "
	"new, empty database made from its schema/ and content/, compile the "
	"scripts of import/ and desk/, read import/labels.ini, try "
	"import/follow.sql and "
	"nightly/, look into its static files, and print each finding as "
	"file:line: message. Behind them "
	"stands advice, about speed as file:line: slow: message, about what "
	"readers would be told in English as file:line: words: message. "
	"Nothing is served and, without --state, no database of yours is "
	"opened.\n",
    .options = rows,
    .end = "Exit status: 0 no finding; 1 there are findings, or a disk or "
	   "memory failed; 2 usage.\n",
    .run = run_check,
};

struct counts {
	size_t findings, slow, words;
	struct buf told; /* the findings, each on its line */
};

/* Print a line, and count it as a finding. Two parts of the check may meet one
 * mistake: it is told once. */
static void
tell(struct counts *counts, struct str line)
{
	struct buf whole;
	bool is_new;

	buf_init(&whole, 2 * LINE_MAX_BYTES);
	buf_printf(&whole, "\n%.*s\n", STR_ARG(line));
	is_new =
	    str_find(buf_view(&counts->told), buf_view(&whole)) == SIZE_MAX;
	buf_str(&counts->told, buf_view(&whole));
	buf_release(&whole);
	if (!is_new)
		return;
	printf("%.*s\n", STR_ARG(line));
	counts->findings++;
}

/* If a step has failed, print the lines of its report. */
static void
tell_failure(struct counts *counts, enum err err, const struct buf *report)
{
	struct str lines = buf_view(report), line;

	if (err != OK && lines.len == 0)
		tell(counts, STR("out of memory"));
	while (err != OK && str_next_line(&lines, &line))
		if (line.len > 0)
			tell(counts, line);
}

/* A capsule may come from a stranger: text that a finding quotes is cleaned
 * before it reaches the terminal. */
static void
say(const char *capsule, const struct finding *finding, struct counts *counts)
{
	static const char *const labels[] = {[FINDING_WRONG] = ": ",
	    [FINDING_SLOW] = ": slow: ",
	    [FINDING_SCRIPT] = ": ",
	    [FINDING_WORDS] = ": words: "};
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	utf8_add_line(&line, str_from(capsule));
	buf_char(&line, '/');
	utf8_add_line(&line, str_from(finding->file));
	if (finding->line > 0)
		buf_printf(&line, ":%u", finding->line);
	buf_text(&line, labels[finding->kind]);
	utf8_add_line(&line, str_from(finding->message));
	if (finding->kind == FINDING_WRONG)
		tell(counts, buf_view(&line));
	else
		printf("%.*s\n", STR_ARG(buf_view(&line)));
	buf_release(&line);
}

/* Read the capsule's settings; the check of the pages needs them. */
static enum err
check_settings(
    const char *capsule, struct config *config, struct counts *counts)
{
	struct config_source where = {.line = 0};
	struct buf why, line;
	enum err err;

	buf_init(&why, TEXT_MAX);
	buf_init(&line, LINE_MAX_BYTES);
	err = config_load(capsule, NULL, config, &where, &why);
	if (err == OK)
		err = config_use(config, &why);
	if (err == ERR_INPUT) {
		utf8_add_line(&line, str_from(capsule));
		buf_printf(&line, "/%s%.*s",
		    where.line > 0 ? "" : "capsule.ini: ",
		    STR_ARG(buf_view(&why)));
		tell(counts, buf_view(&line));
	}
	buf_release(&line);
	buf_release(&why);
	return err;
}

/* Check import/article.sql and labels.ini, if the capsule has the script. */
static enum err
check_article(sqlite3 *db, const char *capsule, struct buf *why)
{
	struct capsule_sql *sql = NULL;
	struct file_path script;
	enum err err =
	    file_path_join(&script, capsule, CAPSULE_IMPORT "/article.sql");

	if (err != OK || access(script.text, F_OK) != 0)
		return err;
	err = capsule_sql_open(db, capsule, &sql, why);
	capsule_sql_close(sql);
	return err;
}

/* Run import/follow.sql, if the capsule has it, and roll it back. */
static enum err
check_follow(sqlite3 *db, const char *capsule, struct buf *why)
{
	struct session session = {.capsule = capsule, .db = db};
	enum err err;

	buf_init(&session.why, TEXT_MAX);
	err = session_begin(&session);
	if (err == OK)
		err = session_follow(&session);
	store_roll_back(db);
	buf_str(why, buf_view(&session.why));
	buf_release(&session.why);
	return err;
}

/* Check the scripts of import/ and desk/; a mistake in one hides none in
 * another. */
static void
check_scripts(const char *capsule, const char *state, struct counts *counts)
{
	static enum err (*const checks[])(
	    sqlite3 * db, const char *capsule, struct buf *why) = {
	    check_article, tables_check, check_follow, desk_check};
	struct defined *functions = NULL;
	struct store *store = NULL;
	struct file_path database;
	struct buf why;
	enum err err;

	buf_init(&why, LINE_MAX_BYTES);
	err = file_path_join(&database, state, STATE_DATABASE);
	if (err == OK)
		err = store_open(database.text, NULL, &store, &why);
	if (err == OK)
		err = defined_open(
		    store_writer(store), NULL, capsule, &functions, &why);
	tell_failure(counts, err, &why);
	for (size_t i = 0; err == OK && i < sizeof(checks) / sizeof(*checks);
	     i++) {
		buf_clear(&why);
		tell_failure(counts,
		    checks[i](store_writer(store), capsule, &why), &why);
	}
	defined_close(functions);
	store_close(store);
	buf_release(&why);
}

/* Run the scripts of nightly/ on the new database, and roll them back. */
static void
check_nightly(const char *capsule, const char *state, struct counts *counts)
{
	struct file_path database;
	struct buf report, why;
	enum err err;

	buf_init(&report, LINE_MAX_BYTES);
	buf_init(&why, TEXT_MAX);
	err = file_path_join(&database, state, STATE_DATABASE);
	if (err == OK)
		err = nightly_scripts(capsule, database.text, &report, &why);
	tell_failure(counts, err, &why);
	buf_release(&report);
	buf_release(&why);
}

/* Check a capsule, with its database in the folder `state`, which is new. An
 * error: the check itself failed. */
static enum err
check(const struct config *config, const char *state, struct counts *counts)
{
	const char *const capsule = config->capsule;
	const struct site_options options = {.capsule = capsule,
	    .state_dir = state,
	    .download = str_from(config->download),
	    .language = str_from(config->language),
	    .host = str_from(config->host),
	    .register_path = str_from(config->register_path),
	    .services = wire_services(),
	    .check_files = true};
	struct finding *findings = NULL;
	struct site *site = NULL;
	struct buf why;
	enum err err;

	buf_init(&why, TEXT_MAX);
	err = state_migrate(state, capsule, &why);
	tell_failure(counts, err, &why);
	buf_release(&why);
	if (err != OK)
		return OK;
	err = site_open(&options, &site, &findings);
	for (const struct finding *f = findings; f != NULL; f = f->next)
		say(capsule, f, counts);
	counts->slow += findings_count(findings, FINDING_SLOW);
	counts->words += findings_count(findings, FINDING_WORDS);
	findings_free(findings);
	site_close(site);
	check_scripts(capsule, state, counts);
	check_nightly(capsule, state, counts);
	return err == ERR_INPUT && counts->findings > 0 ? OK : err;
}

struct told {
	const char *capsule;
	struct counts *counts;
};

static enum err
tell_changed(void *context, const char *file)
{
	struct told *told = context;
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	utf8_add_line(&line, str_from(told->capsule));
	buf_text(&line, "/" CAPSULE_SCHEMA "/");
	utf8_add_line(&line, str_from(file));
	buf_text(&line, ": " SCHEMA_CHANGED);
	tell(told->counts, buf_view(&line));
	buf_release(&line);
	return OK;
}

/* Which scripts have changed since the portal's database ran them? */
static enum err
check_changed(const char *capsule, const char *database, const char *schema,
    struct counts *counts, struct buf *why)
{
	struct told told = {capsule, counts};
	struct store *store = NULL;
	enum err err = store_open_copy(database, &store, why);

	if (err == OK)
		err = schema_changed(
		    store_reader(store), schema, tell_changed, &told, why);
	store_close(store);
	return err;
}

/* Has anybody planted a trigger, a view or the like in the portal's database?
 */
static enum err
check_database(const char *capsule, const char *state, struct counts *counts)
{
	struct file_path database, schema;
	struct buf why;
	enum err err;

	buf_init(&why, TEXT_MAX);
	err = file_path_join(&database, state, STATE_DATABASE);
	if (err == OK)
		err = file_path_join(&schema, capsule, CAPSULE_SCHEMA);
	if (err == OK)
		err = schema_examine(database.text, schema.text, &why);
	tell_failure(counts, err, &why);
	if (err == OK) {
		err = check_changed(
		    capsule, database.text, schema.text, counts, &why);
		tell_failure(counts, err, &why);
	}
	buf_release(&why);
	return err == ERR_INPUT || err == ERR_MISSING ? OK : err;
}

/* Print the counts on standard error, behind the list of findings. */
static void
sum_up(const struct counts *counts)
{
	const size_t n = counts->findings, slow = counts->slow;
	const size_t words = counts->words;

	if (n > 0)
		complain("%zu finding%s", n, n == 1 ? "" : "s");
	if (slow > 0)
		complain("%zu place%s may be slow", slow, slow == 1 ? "" : "s");
	if (words > 0)
		complain("words are lacking in %zu place%s", words,
		    words == 1 ? "" : "s");
}

static int
run_check(int argc, char **argv)
{
	char state[] = "/tmp/guiju-check.XXXXXX";
	struct check_options chosen = {.strict = false};
	struct arguments arguments;
	struct counts counts = {0};
	struct config config = {0};
	const char *capsule;
	struct stat st;
	enum err err;

	if (command_read(&command_check, argc, argv, &chosen, &arguments) !=
	    STATUS_OK)
		return STATUS_USAGE;
	capsule = arguments.operand[0];
	if (stat(capsule, &st) != 0 || !S_ISDIR(st.st_mode)) {
		complain("%s is not a folder", capsule);
		return STATUS_FAILURE;
	}
	if (mkdtemp(state) == NULL) {
		complain("cannot make a folder in /tmp");
		return STATUS_FAILURE;
	}
	buf_init(&counts.told, TOLD_MAX_BYTES);
	err = check_settings(capsule, &config, &counts);
	if (err == OK)
		err = check(&config, state, &counts);
	if (err == OK && chosen.state != NULL)
		err = check_database(capsule, chosen.state, &counts);
	config_release(&config);
	buf_release(&counts.told);
	state_remove_folder(state);
	sum_up(&counts);
	if (err != OK || counts.findings > 0 ||
	    (chosen.strict && counts.slow + counts.words > 0))
		return STATUS_FAILURE;
	return STATUS_OK;
}
