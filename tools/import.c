/* SPDX-License-Identifier: ISC */
/*
 * `guiju import`: puts texts into the database of a portal. This file reads
 * the command line for articles; import/ does the rest. Tables are read by
 * catalogue/. What an article or a row is there, only the capsule knows.
 */
#include "tools/command.h"

#include "base/buf.h"
#include "tools/import/table/command.h"
#include "tools/import/article/batch.h"
#include "tools/import/database.h"
#include "tools/import/customs/date.h"
#include "tools/import/article/read.h"
#include "tools/option.h"

enum { WHY_BYTES_MAX = 4096 };

static int run_import(int argc, char **argv);

const struct command command_import = {
    "import",
    "put texts and tables into a portal's database",
    "usage: guiju import article [--capsule DIR] [--state DIR] [--dry-run]\n"
    "           [--section NAME] [--kind KIND] [--published TIME]\n"
    "           [--replace] [--quiet] FILE...\n"
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
    "What is there already is not stored again; where the file has been\n"
    "corrected since, the article is, and the difference is shown. What has\n"
    "no time becomes a draft. Flags may stand behind the files.\n"
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
    "  --quiet         print refusals, notes and the last line only\n"
    "\n"
    "  --section NAME  put all into this section, whatever the files say\n"
    "  --published TIME  when those appeared that do not say it\n"
    "  --replace       write over what was changed in the portal since\n"
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
    "article (the one that it corrects, /article/17) and, as often as wanted,\n"
    "attachment: PATH | LABEL, where PATH is a file below CAPSULE/static. The\n"
    "keys may be Chinese. Times are those of Asia/Shanghai.\n"
    "\n"
    "Exit status: 0 nothing was refused; 1 something was, or a file or the\n"
    "database failed; 2 usage; 78 the capsule or the database is not in "
    "order.\n",
    run_import,
};

struct options {
	struct batch_options batch;
	const char *state; /* NULL: as capsule.ini says */
	char **files;      /* owned */
	int count;
};

static int
take_kind(struct options *options, const char *value)
{
	options->batch.kind = article_kind_find(str_from(value));
	if (options->batch.kind == ARTICLE_ANY)
		return command_usage(&command_import,
		    "%s is no kind: head, html, capture or plain", value);
	return STATUS_OK;
}

static int
take_published(struct options *options, const char *value)
{
	if (date_read(str_from(value), &options->batch.published) != OK)
		return command_usage(&command_import,
		    "%s is no time: 2026-11-18 09:30 is one", value);
	options->batch.has_published = true;
	return STATUS_OK;
}

static int
take_option(struct options *options, int argc, char **argv, int *at)
{
	static const char *const names[] = {"--capsule", "--state", "--section",
	    "--kind", "--published", "--dry-run", "--quiet", "--replace"};
	enum { TEXTS = 3, KIND = TEXTS, PUBLISHED, VALUES };
	enum { NAMES = sizeof(names) / sizeof(*names) };
	const char **places[TEXTS] = {
	    &options->batch.capsule, &options->state, &options->batch.section};
	const char *argument = argv[*at], *nearest;

	for (size_t i = 0; i < VALUES; i++) {
		const char *value = option_value(names[i], argc, argv, at);
		if (value == NULL)
			continue;
		if (value[0] == '\0')
			return command_usage(
			    &command_import, "%s wants a value", names[i]);
		if (i == KIND)
			return take_kind(options, value);
		if (i == PUBLISHED)
			return take_published(options, value);
		*places[i] = value;
		return STATUS_OK;
	}
	if (strcmp(argument, "--dry-run") == 0) {
		options->batch.dry_run = true;
	} else if (strcmp(argument, "--quiet") == 0) {
		options->batch.quiet = true;
	} else if (strcmp(argument, "--replace") == 0) {
		options->batch.replace = true;
	} else {
		nearest = str_nearest(str_from(argument), names, NAMES);
		return command_usage(&command_import, "unknown flag %s%s%s",
		    argument, nearest != NULL ? ", did you mean " : "",
		    nearest != NULL ? nearest : "");
	}
	return STATUS_OK;
}

/* Flags may stand before, between and behind the files; behind -- are only
 * files. */
static int
read_options(struct options *options, int argc, char **argv)
{
	bool files_only = false;
	int status = STATUS_OK;

	*options = (struct options){.batch.capsule = "capsule",
	    .files = calloc((size_t)argc + 1, sizeof(char *))};
	if (options->files == NULL) {
		complain("import: memory is out");
		return STATUS_FAILURE;
	}
	for (int at = 2; at < argc && status == STATUS_OK; at++) {
		if (files_only || argv[at][0] != '-')
			options->files[options->count++] = argv[at];
		else if (strcmp(argv[at], "--") == 0)
			files_only = true;
		else
			status = take_option(options, argc, argv, &at);
	}
	if (status == STATUS_OK && options->count == 0)
		return command_usage(&command_import, "name a FILE at least");
	return status;
}

static int
use(struct store *store, void *context)
{
	return database_status(batch_store(context, store_writer(store)));
}

static int
add_sources(struct sources *sources, const struct options *options)
{
	int status = STATUS_OK;
	struct buf why;

	buf_init(&why, WHY_BYTES_MAX);
	for (int i = 0; i < options->count && status == STATUS_OK; i++)
		if (sources_add(sources, options->files[i], &why) != OK) {
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
	bool dry_run = batch->options->dry_run;

	printf(
	    "%s %zu, ", dry_run ? "would import" : "imported", batch->imported);
	if (batch->updated > 0)
		printf(
		    "%s %zu, ", dry_run ? "update" : "updated", batch->updated);
	printf(
	    "already there %zu, refused %zu\n", batch->already, batch->refused);
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

	if (status == STATUS_OK)
		status = add_sources(&sources, &options);
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
	free(options.files);
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
