/* SPDX-License-Identifier: ISC */
/*
 * `guiju import`: puts texts into the database of a portal. This file reads
 * the command line for articles; import/ does the rest. Tables are read by
 * catalogue/. What an article or a row is there, only the capsule knows.
 */
#include "tools/command.h"

#include "base/buf.h"
#include "tools/catalogue/command.h"
#include "tools/import/batch.h"
#include "tools/import/database.h"
#include "tools/import/read.h"
#include "tools/option.h"

enum { WHY_BYTES_MAX = 4096 };

static int run_import(int argc, char **argv);

const struct command command_import = {
    "import",
    "put texts and tables into a portal's database",
    "usage: guiju import article [--capsule DIR] [--state DIR] [--dry-run]\n"
    "           [--section NAME] [--kind KIND] [--quiet] FILE...\n"
    "       guiju import TABLE [--capsule DIR] [--state DIR] [--dry-run]\n"
    "           [--source TEXT] [--verified DAY] [--errors FILE] [--commit]\n"
    "           [--quiet] FILE...\n"
    "       guiju import undo [--capsule DIR] [--state DIR] NUMBER\n"
    "\n"
    "article: read each FILE (of a folder: its *.gmi, *.txt, *.html, *.htm),\n"
    "show what was understood, and store it as CAPSULE/import/article.sql "
    "says.\n"
    "A file that cannot be read whole is refused, and nothing of it is "
    "stored.\n"
    "What is there already is not stored again.\n"
    "\n"
    "TABLE (standards, ics, ccs, prefixes, announcement): give each row of\n"
    "each FILE, .csv, or .tsv and .txt with tabs, plain or .xz, to\n"
    "CAPSULE/import/TABLE.sql, a file in one transaction. The first row\n"
    "names the columns; those without a use are named. Rows that are as\n"
    "they were are left alone. An announcement is only shown, until\n"
    "--commit.\n"
    "\n"
    "undo: take back the import with that number.\n"
    "\n"
    "  --capsule DIR   the capsule (default: capsule)\n"
    "  --state DIR     folder of the database (default: what capsule.ini\n"
    "                  says, else var)\n"
    "  --dry-run       store nothing, but say what would be stored\n"
    "  --quiet         print refusals and the last line only\n"
    "\n"
    "  --section NAME  put all into this section, whatever the files say\n"
    "  --kind KIND     how the files are written, instead of looking:\n"
    "                    head     lines `title: ...`, a blank line, gemtext\n"
    "                    html     a page as its server sent it\n"
    "                    capture  the text of a page, with its menus\n"
    "                    plain    a title, then paragraphs\n"
    "\n"
    "  --source TEXT   whose data it is, where the rows do not say\n"
    "  --verified DAY  on which day it was so, YYYY-MM-DD (default: when the\n"
    "                  file was written)\n"
    "  --errors FILE   where refused rows go (default: FILE.errors)\n"
    "  --commit        store an announcement\n"
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
		const char *value = option_value(names[i], argc, argv, at);
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
use(struct store *store, void *context)
{
	return database_status(batch_store(context, store_writer(store)));
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
import_articles(int argc, char **argv)
{
	struct sources sources = {0};
	struct batch batch = {0};
	struct options options;
	int status = read_options(&options, argc, argv);

	if (status != STATUS_OK)
		return status;
	status = add_sources(&sources, argc, argv, options.first);
	if (status != STATUS_OK)
		goto out;
	if (batch_read(&batch, &options.batch, &sources) != OK) {
		complain("import: memory is out");
		status = STATUS_FAILURE;
		goto out;
	}
	if (batch.count > 0)
		status = database_use(&(struct database){options.batch.capsule,
					  options.state, options.batch.dry_run},
		    use, &batch);
	status = sum_up(&batch, status);
out:
	batch_release(&batch);
	sources_release(&sources);
	return status;
}

static int
run_import(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "article") == 0)
		return import_articles(argc, argv);
	if (argc > 1 && argv[1][0] != '-')
		return catalogue_import(argc, argv);
	return command_usage(&command_import,
	    "what is to be imported? Articles: article; tables: standards, "
	    "ics, ccs, prefixes, announcement; or: undo");
}
