/* SPDX-License-Identifier: ISC */
/*
 * `guiju import article FILE...`: puts texts into the database of a portal.
 * This file reads the command line and opens the database; import/ does the
 * rest. What an article is there, only the capsule knows.
 */
#include "tools/command.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "run/config.h"
#include "store/store.h"
#include "tools/import/batch.h"
#include "tools/import/read.h"

enum { PATH_MAX_BYTES = 4096, WHY_BYTES_MAX = 4096 };

static int run_import(int argc, char **argv);

const struct command command_import = {
    "import",
    "put texts into a portal's database",
    "usage: guiju import article [--capsule DIR] [--state DIR] [--dry-run]\n"
    "           [--section NAME] [--kind KIND] [--quiet] FILE...\n"
    "\n"
    "Read each FILE (of a folder: its *.gmi, *.txt, *.html, *.htm), show what\n"
    "was understood, and store it as CAPSULE/import/article.sql says. A file\n"
    "that cannot be read whole is refused, and nothing of it is stored. What\n"
    "is there already is not stored again.\n"
    "\n"
    "  --capsule DIR   the capsule (default: capsule)\n"
    "  --state DIR     folder of the database (default: what capsule.ini\n"
    "                  says, else var)\n"
    "  --dry-run       store nothing, but say what would be stored\n"
    "  --section NAME  put all into this section, whatever the files say\n"
    "  --kind KIND     how the files are written, instead of looking:\n"
    "                    head     lines `title: ...`, a blank line, gemtext\n"
    "                    html     a page, in UTF-8, GB2312, GBK or GB18030\n"
    "                    capture  the text of a page, with its menus\n"
    "                    plain    a title, then paragraphs\n"
    "  --quiet         print refusals and the last line only\n"
    "\n"
    "A head may have: title section kicker subtitle byline source source_url\n"
    "publisher published summary status (live, draft) pinned sample (yes, no)\n"
    "and, as often as wanted, attachment: PATH | LABEL, where PATH is a file\n"
    "below CAPSULE/static. Times are those of Asia/Shanghai.\n"
    "\n"
    "Exit status: 0 nothing was refused; 1 something was, or a file or the\n"
    "database failed; 2 usage; 78 the capsule or the database is not in "
    "order.\n",
    run_import,
};

struct options {
	struct batch_options batch;
	const char *state; /* NULL: as capsule.ini says */
	int first;         /* argument: the first FILE */
};

/* The value of "--name VALUE" or "--name=VALUE", or NULL if this is another
 * option. *at goes to its last argument. */
static const char *
take_value(const char *name, int argc, char **argv, int *at)
{
	size_t len = strlen(name);

	if (strncmp(argv[*at], name, len) != 0)
		return NULL;
	if (argv[*at][len] == '=')
		return argv[*at] + len + 1;
	if (argv[*at][len] != '\0')
		return NULL;
	return *at + 1 < argc ? argv[++*at] : "";
}

static int
take_option(struct options *options, int argc, char **argv, int *at)
{
	static const char *const names[] = {"--capsule", "--state", "--section",
	    "--kind", "--dry-run", "--quiet"};
	enum { VALUES = 4, NAMES = sizeof(names) / sizeof(*names) };
	const char **places[VALUES - 1] = {
	    &options->batch.capsule, &options->state, &options->batch.section};
	const char *argument = argv[*at], *nearest;

	for (size_t i = 0; i < VALUES; i++) {
		const char *value = take_value(names[i], argc, argv, at);
		if (value == NULL)
			continue;
		if (value[0] == '\0')
			return command_usage(
			    &command_import, "%s wants a value", names[i]);
		if (i < VALUES - 1) {
			*places[i] = value;
			return STATUS_OK;
		}
		options->batch.kind = article_kind_find(str_from(value));
		if (options->batch.kind == ARTICLE_ANY)
			return command_usage(&command_import,
			    "%s is no kind: head, html, capture or plain",
			    value);
		return STATUS_OK;
	}
	if (strcmp(argument, "--dry-run") == 0) {
		options->batch.dry_run = true;
	} else if (strcmp(argument, "--quiet") == 0) {
		options->batch.quiet = true;
	} else {
		nearest = str_nearest(str_from(argument), names, NAMES);
		return command_usage(&command_import, "unknown flag %s%s%s",
		    argument, nearest != NULL ? ", did you mean " : "",
		    nearest != NULL ? nearest : "");
	}
	return STATUS_OK;
}

static int
read_options(struct options *options, int argc, char **argv)
{
	int at = 2, status = STATUS_OK;

	*options = (struct options){.batch.capsule = "capsule"};
	if (argc < 2 || strcmp(argv[1], "article") != 0)
		return command_usage(&command_import,
		    "what is to be imported? There is: article");
	for (; at < argc && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "--") == 0) {
			at++;
			break;
		}
		status = take_option(options, argc, argv, &at);
		if (status != STATUS_OK)
			return status;
	}
	options->first = at;
	if (at >= argc)
		return command_usage(&command_import, "name a FILE at least");
	return STATUS_OK;
}

static int
status_of(enum err err)
{
	return err == OK                             ? STATUS_OK
	    : err == ERR_INPUT || err == ERR_MISSING ? STATUS_REFUSED
						     : STATUS_FAILURE;
}

static int
complain_why(const struct buf *why, enum err err)
{
	complain("import: %.*s", STR_ARG(buf_view(why)));
	return status_of(err);
}

/* The folder of the database: the flag's, else the capsule's own words. */
static int
find_state(const struct options *options, char *out, size_t size)
{
	struct config config = {0};
	struct buf why;
	int status = STATUS_OK, n;

	if (options->state != NULL) {
		n = snprintf(out, size, "%s", options->state);
	} else {
		enum err err;
		buf_init(&why, WHY_BYTES_MAX);
		err = config_load(options->batch.capsule, NULL, &config, &why);
		if (err != OK)
			status = complain_why(&why, err);
		buf_release(&why);
		n = err != OK ? 0 : snprintf(out, size, "%s", config.state);
		config_release(&config);
	}
	if (n < 0 || (size_t)n >= size) {
		complain("import: the state folder's name is too long");
		return STATUS_USAGE;
	}
	return status;
}

/* folder/name, or a complaint. */
static bool
join(char out[PATH_MAX_BYTES], const char *folder, const char *name)
{
	int n = snprintf(out, PATH_MAX_BYTES, "%s/%s", folder, name);

	if (n >= 0 && n < PATH_MAX_BYTES)
		return true;
	complain("import: a folder's name is too long");
	return false;
}

/* Migrate and open the database in folder state, and store the batch. */
static int
store(struct batch *batch, const char *state)
{
	char database[PATH_MAX_BYTES], schema[PATH_MAX_BYTES];
	char content[PATH_MAX_BYTES];
	const char *capsule = batch->options->capsule;
	struct store *open = NULL;
	struct buf why;
	enum err err;
	int status;

	if (!join(database, state, "portal.db") ||
	    !join(schema, capsule, "schema") ||
	    !join(content, capsule, "content"))
		return STATUS_USAGE;
	buf_init(&why, WHY_BYTES_MAX);
	err = store_migrate(database, schema, content, &why);
	if (err == OK)
		err = store_open(database, NULL, false, &open, &why);
	if (err != OK)
		status = complain_why(&why, err);
	else
		status = status_of(batch_store(batch, store_writer(open)));
	store_close(open);
	buf_release(&why);
	return status;
}

/* The database and what SQLite puts beside it, then the folder. */
static void
remove_state(const char *state)
{
	static const char *const names[] = {
	    "portal.db", "portal.db-wal", "portal.db-shm", "portal.db-journal"};
	char path[PATH_MAX_BYTES];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (join(path, state, names[i]))
			unlink(path);
	}
	rmdir(state);
}

/* A dry run leaves nothing behind, not even a new database. */
static int
store_nowhere(struct batch *batch)
{
	char state[] = "/tmp/guiju-import.XXXXXX";
	int status;

	if (mkdtemp(state) == NULL) {
		complain("import: cannot make a folder in /tmp: %s",
		    strerror(errno));
		return STATUS_FAILURE;
	}
	status = store(batch, state);
	remove_state(state);
	return status;
}

static int
store_somewhere(struct batch *batch, const char *state)
{
	char database[PATH_MAX_BYTES];
	struct stat st;

	if (!join(database, state, "portal.db"))
		return STATUS_USAGE;
	if (batch->options->dry_run) {
		if (stat(database, &st) != 0 && errno == ENOENT)
			return store_nowhere(batch);
	} else if (mkdir(state, 0750) != 0 && errno != EEXIST) {
		complain("import: cannot make %s: %s", state, strerror(errno));
		return STATUS_FAILURE;
	}
	return store(batch, state);
}

static int
add_sources(struct sources *sources, int argc, char **argv, int first)
{
	int status = STATUS_OK;
	struct buf why;

	buf_init(&why, WHY_BYTES_MAX);
	for (int i = first; i < argc && status == STATUS_OK; i++)
		if (sources_add(sources, argv[i], &why) != OK) {
			complain("import: %.*s", STR_ARG(buf_view(&why)));
			status = STATUS_FAILURE;
		}
	buf_release(&why);
	if (status == STATUS_OK && sources->count == 0) {
		complain("import: no *.gmi, *.txt or *.html there");
		status = STATUS_FAILURE;
	}
	return status;
}

/* The last line, and whether all went well. */
static int
sum_up(const struct batch *batch, int status)
{
	printf("%s %zu, already there %zu, refused %zu\n",
	    batch->options->dry_run ? "would import" : "imported",
	    batch->imported, batch->already, batch->refused);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		complain("import: cannot write to standard output");
		return STATUS_FAILURE;
	}
	if (status == STATUS_OK && batch->refused > 0)
		return STATUS_FAILURE;
	return status;
}

static int
run_import(int argc, char **argv)
{
	char state[PATH_MAX_BYTES];
	struct sources sources = {0};
	struct batch batch = {0};
	struct options options;
	int status = read_options(&options, argc, argv);

	if (status != STATUS_OK)
		return status;
	status = find_state(&options, state, sizeof(state));
	if (status == STATUS_OK)
		status = add_sources(&sources, argc, argv, options.first);
	if (status != STATUS_OK)
		goto out;
	if (batch_read(&batch, &options.batch, &sources) != OK) {
		complain("import: memory is out");
		status = STATUS_FAILURE;
		goto out;
	}
	if (batch.count > 0)
		status = store_somewhere(&batch, state);
	status = sum_up(&batch, status);
out:
	batch_release(&batch);
	sources_release(&sources);
	return status;
}
