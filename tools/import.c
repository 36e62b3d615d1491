/* SPDX-License-Identifier: ISC */
/*
 * `guiju import` puts texts into the database of a portal. This file has the
 * command line for articles; import/ does the rest. Only the capsule knows how
 * an article or a row of a table is stored.
 */
#include "tools/command.h"

#include "base/buf.h"
#include "tools/import/table/command.h"
#include "tools/import/article/batch.h"
#include "tools/import/frame.h"
#include "tools/import/article/read.h"

enum { WHY_BYTES_MAX = 4096 };

const char import_statuses[] =
    "Exit status: 0 nothing was refused; 1 something was, or a file or the\n"
    "database failed; 2 usage; 78 the capsule or the database is not in "
    "order.\n";

static int run_import(int argc, char **argv);
static int import_articles(int argc, char **argv);

struct articles {
	struct batch_options options;
	struct sources sources;
	struct batch batch;
};

static const char *const kinds[] = {[ARTICLE_ANY] = "any",
    [ARTICLE_HEAD] = "head",
    [ARTICLE_HTML] = "html",
    [ARTICLE_CAPTURE] = "capture",
    [ARTICLE_PLAIN] = "plain",
    NULL};

#define FIELD(member) FIELD_OF(struct articles, options.member)

static const struct setting rows[] = {{FRAME_CAPSULE, FIELD(capsule)},
    {FRAME_DRY_RUN, FIELD(dry_run)}, {FRAME_QUIET, FIELD(quiet)},
    {"section", .takes = "NAME",
	.help = "put all into this section, whatever the files say",
	.type = SETTING_TEXT, FIELD(section), .min = 1, .wants = "a name"},
    {"published", .takes = "TIME",
	.help = "when those appeared that do not say it", .type = SETTING_TEXT,
	FIELD(published), .min = 1, .wants = "a time"},
    {"replace", .help = "write over what was changed in the portal since",
	.type = SETTING_SWITCH, FIELD(replace)},
    {"kind", .takes = "KIND",
	.help = "how the files are written: `title: ...` lines above gemtext "
		"(head), a page as its server sent it (html), the text of a "
		"page with its menus (capture), a title and paragraphs (plain)",
	.type = SETTING_WORD, FIELD(kind), .value = "any", .words = kinds},
    {.name = NULL}};

static const struct command import_article = {
    .name = "import article",
    .operands = "FILE...",
    .about =
	"Read each FILE (of a folder: its *.gmi, *.txt, *.html, *.htm), show "
	"what\n"
	"was understood, and store it as CAPSULE/import/article.sql says. A "
	"file\n"
	"that cannot be read whole is refused, and nothing of it is stored. "
	"What\n"
	"is there already is not stored again; where the file has been "
	"corrected\n"
	"since, the article is, and the difference is shown. What has no time\n"
	"becomes a draft.\n"
	"\n"
	"A head may have `published`, each field that import/article.sql asks\n"
	"for, and, as often as wanted, `attachment: PATH | LABEL`, where PATH\n"
	"is a file below CAPSULE/static. import/labels.ini has other words "
	"for\n"
	"these keys. Times are local ones.\n",
    .options = rows,
    .settings = USED_BY_IMPORT,
    .end = import_statuses,
    .run = import_articles,
};

static const struct command *const forms[] = {
    &import_article, &import_table, &import_undo, NULL};

const struct command command_import = {
    .name = "import",
    .summary = "put texts and tables into a portal's database",
    .about = "article: read articles. TABLE: read the rows of tables. undo: "
	     "take\n"
	     "back the import with that number. `guiju import article --help` "
	     "and its\n"
	     "like explain each.\n"
	     "\n"
	     "The database is brought up to the capsule's schema first.\n",
    .add_help = tables_add_help,
    .end = import_statuses,
    .forms = forms,
    .run = run_import,
};

static int
use(struct store *store, void *context)
{
	struct articles *articles = context;

	return batch_run(&articles->batch, &articles->options,
	    &articles->sources, store_writer(store));
}

static int
add_sources(struct sources *sources, const struct arguments *arguments)
{
	int status = STATUS_OK;
	struct buf why;

	buf_init(&why, WHY_BYTES_MAX);
	for (int i = 0; i < arguments->count && status == STATUS_OK; i++)
		if (sources_add(sources, arguments->operand[i], &why) != OK) {
			complain("%.*s", STR_ARG(buf_view(&why)));
			status = STATUS_FAILURE;
		}
	buf_release(&why);
	if (status == STATUS_OK && sources->count == 0) {
		complain("no *.gmi, *.txt or *.html there");
		status = STATUS_FAILURE;
	}
	return status;
}

/* Print the counts as the last line, and return the exit status. */
static int
sum_up(const struct batch *batch, int status)
{
	bool dry_run = batch->options->dry_run;

	if (status == STATUS_USAGE)
		return status;
	printf(
	    "%s %zu, ", dry_run ? "would import" : "imported", batch->imported);
	if (batch->updated > 0)
		printf(
		    "%s %zu, ", dry_run ? "update" : "updated", batch->updated);
	printf(
	    "already there %zu, refused %zu\n", batch->already, batch->refused);
	return frame_finish(status == STATUS_OK && batch->refused > 0
		? STATUS_FAILURE
		: status);
}

static int
import_articles(int argc, char **argv)
{
	struct articles articles = {.sources = {0}};
	struct arguments arguments;
	int status =
	    command_read(&import_article, argc, argv, &articles, &arguments);

	articles.batch.options = &articles.options;
	if (status == STATUS_OK)
		status = add_sources(&articles.sources, &arguments);
	if (status == STATUS_OK) {
		status = frame_use(
		    &(struct frame){.capsule = articles.options.capsule,
			.flags = &arguments.flags,
			.dry_run = articles.options.dry_run},
		    use, &articles);
		status = sum_up(&articles.batch, status);
	}
	batch_release(&articles.batch);
	sources_release(&articles.sources);
	return status;
}

static int
run_import(int argc, char **argv)
{
	const struct command *form = NULL;

	if (argc > 1)
		form = command_form(&command_import, argv[1]);
	if (form == NULL)
		return command_usage(&command_import,
		    "what is to be imported: article, TABLE or undo?");
	return form->run(argc - 1, argv + 1);
}
