/* SPDX-License-Identifier: ISC */
/* Opening and closing a site. dispatch.c answers requests. */
#include "page/site.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/file_path.h"
#include "page/compile/compile.h"
#include "page/compile/prepared.h"
#include "page/serve/internal.h"
#include "page/compile/internal.h"
#include "page/run/site_parts.h"
#include "page/serve/mime.h"
#include "store/defined.h"
#include "store/schema.h"
#include "store/tally.h"

enum { SITE_ARENA_MAX = 64 * 1024 * 1024, FAULT_EVERY_MS = 3600 * 1000 };

static struct str
authority(struct arena *arena, struct str host, unsigned port, unsigned usual)
{
	return port == usual || port == 0
	    ? host
	    : arena_printf(arena, "%.*s:%u", STR_ARG(host), port);
}

bool
site_has_database(const struct site *site)
{
	return file_is_at(site->database_file, site->database.data);
}

/* Open the database and its tallies. A replica has no tallies: it shows the
 * counts that the primary has folded. */
static enum err
open_store(struct site *site, struct buf *why)
{
	struct function_host host;
	struct file_path dir;
	enum err err;

	if (site_is_copy(site))
		return store_open_copy(site->database.data, &site->store, why);
	err = file_path_join(&dir, site->options.state_dir, STATE_TALLIES);
	if (err == OK)
		err = tally_open(dir.text, &site->tally);
	if (err != OK) {
		buf_printf(why, "cannot open the tallies in %s",
		    site->options.state_dir);
		return err;
	}
	host = tally_host(site->tally, site->options.count_views);
	host.secret = site->seal_keys.link;
	return store_open(site->database.data, &host, &site->store, why);
}

static enum err
open_database(struct site *site)
{
	struct str path = arena_printf(
	    site->arena, "%s/" STATE_DATABASE, site->options.state_dir);
	struct buf why;
	enum err err;

	if (path.data == NULL)
		return ERR_NOMEM;
	site->database = path;
	/* Before opening, so that a file replaced meanwhile is noticed. */
	(void)file_id_read(site->database.data, &site->database_file);
	buf_init(&why, 1024);
	err = open_store(site, &why);
	if (err == OK && !site_is_copy(site) &&
	    tally_load(site->tally, store_reader(site->store)) != OK)
		log_warn("site: the tallies could not be read back");
	if (err != OK)
		log_error("site: %s: %.*s", path.data, STR_ARG(buf_view(&why)));
	buf_release(&why);
	return err;
}

static enum err
prepare_transactions(struct site *site)
{
	sqlite3 *reader = store_reader(site->store);
	sqlite3 *writer = store_writer(site->store);
	const struct {
		sqlite3 *db;
		const char *sql;
		sqlite3_stmt **stmt;
	} all[] = {{reader, "BEGIN", &site->begin_read},
	    {reader, "COMMIT", &site->end_read},
	    {writer, "BEGIN IMMEDIATE", &site->begin_write},
	    {writer, "COMMIT", &site->commit},
	    {writer, "ROLLBACK", &site->rollback},
	    {writer, "PRAGMA data_version", &site->data_version}};

	if (writer != NULL)
		sqlite3_busy_timeout(writer, LIMIT_WRITE_WAIT_MS);
	site->commit_stats = stats_statement(STR("(commit)"));
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].db != NULL &&
		    sqlite3_prepare_v3(all[i].db, all[i].sql, -1,
			SQLITE_PREPARE_PERSISTENT, all[i].stmt,
			NULL) != SQLITE_OK)
			return ERR_IO;
	return account_prepare(site) == SQLITE_OK ? OK : ERR_IO;
}

/* Compile pages/_missing.gmi, if there is one. It runs for an address that
 * nothing answers, and may only redirect, refuse or show lines. */
static enum err
compile_missing(struct site *site, const struct compile_options *options)
{
	struct page *page = NULL;
	size_t before = options->findings->told;
	enum err err = map_read_missing(site->arena, site->capsule.data, &page);

	if (err != OK || page == NULL)
		return err;
	err = page_compile(options, page);
	if (err != OK)
		return err;
	if (page->asks || page->needs_cert || page->uploads || page->document ||
	    page->gives_file)
		findings_add(options->findings, page->file, 0,
		    "this page leads on or refuses, and asks for nothing");
	if (!site->options.checked)
		link_check(site, page, options->findings);
	page->findings = options->findings->told - before;
	site->missing = page;
	return OK;
}

/* If one page below a folder [name]/ hides that segment from the log, all pages
 * below the folder must do so. */
static void
check_private(
    const struct page *page, struct page *pages, struct findings *findings)
{
	struct str rest = page->file, piece;

	(void)str_next_part(&rest, '/', &piece);
	for (unsigned i = 0; str_next_part(&rest, '/', &piece); i++) {
		struct str below =
		    str_slice(page->file, 0, page->file.len - rest.len);

		for (struct page *p = pages; rest.data != NULL &&
		     (page->private_segments >> i & 1) != 0 && p != NULL;
		     p = p->next)
			if (str_starts(p->file, below) &&
			    (p->private_segments >> i & 1) == 0)
				findings_add(findings, p->file, 0,
				    "%.*s is private in %.*s: say `%% private`",
				    STR_ARG(piece), STR_ARG(page->file));
	}
}

/* Add the mistakes in functions as findings, and the advice about slow ones. */
static void
tell_functions(
    struct site *site, const struct defined *functions, struct findings *list)
{
	const struct defined_function *f;

	for (size_t i = 0; (f = defined_at(functions, i)) != NULL; i++) {
		struct str file = str_from(f->file);
		const struct advice *advice = NULL;

		if (f->fault != NULL)
			findings_add(list, file, f->line, "%s", f->fault);
		else if (!site->options.checked)
			advice = advice_find(
			    site->arena, store_reader(site->store), f->sql);
		for (; advice != NULL; advice = advice->next)
			findings_advise(list, FINDING_SLOW, file, 1, "%.*s",
			    STR_ARG(advice->text));
	}
}

/* Define the capsule's functions on both connections. */
static enum err
open_functions(struct site *site, struct findings *list)
{
	const char *capsule = site->capsule.data;
	sqlite3 *writer = store_writer(site->store);
	struct buf why;
	enum err err;

	buf_init(&why, 1024);
	err = defined_open(store_reader(site->store), NULL, capsule,
	    &site->read_functions, &why);
	if ((err == OK || err == ERR_INPUT) && writer != NULL)
		err = defined_open(
		    writer, NULL, capsule, &site->write_functions, &why);
	if (err == ERR_INPUT)
		err = OK; /* tell_functions adds the findings */
	else if (err != OK)
		log_error("site: %.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	tell_functions(site, site->read_functions, list);
	return err;
}

/* Does a page answer where readers without an account are led? */
static void
check_register(struct site *site, struct findings *findings)
{
	struct match match = {.type = MATCH_NONE};
	struct str address =
	    arena_printf(site->arena, "%.*s-/", STR_ARG(site->register_path));
	struct path path;
	bool used = false;

	for (const struct page *p = site->map.pages; p != NULL; p = p->next)
		used |= p->needs_account;
	if (!used)
		return;
	if (path_parse(site->arena, address, &path) == OK)
		route_find(&site->map, &path, &match);
	if (match.type != MATCH_PAGE || !match.page->returns)
		findings_add(findings, STR(CAPSULE_SETTINGS), 0,
		    "no page answers %.*s[from]/, where %% account leads a "
		    "reader without an account; see `register`",
		    STR_ARG(site->register_path));
}

static enum err
compile_pages(struct site *site, struct findings *findings)
{
	sqlite3 *reader = store_reader(site->store);
	sqlite3 *writer = store_writer(site->store);
	/* A replica compiles pages that write, too, though it never runs them.
	 */
	struct source_set partials = {NULL};
	struct compile_options options = {.arena = site->arena,
	    .capsule = site->capsule.data,
	    .reader = reader,
	    .writer = writer == NULL ? reader : writer,
	    .prepared = &site->prepared,
	    .partials = &partials,
	    .findings = findings,
	    .words = site->words,
	    .upload_scheme = site_main(site)->upload_scheme,
	    .checked = site->options.checked};
	enum err err =
	    map_read(site->arena, site->capsule.data, findings, &site->map);

	if (err != OK) {
		log_error(
		    "site: cannot read %s/" CAPSULE_PAGES, site->capsule.data);
		return err;
	}
	for (struct page *p = site->map.pages; p != NULL; p = p->next) {
		err = page_compile(&options, p);
		if (err != OK) {
			log_error("site: cannot read %s/%.*s",
			    site->capsule.data, STR_ARG(p->file));
			return err;
		}
	}
	link_name_acts(site);
	err = compile_missing(site, &options);
	if (err == OK && !site->options.checked)
		check_register(site, findings);
	if (err == OK && !site->options.checked)
		err = partials_check(&options);
	for (struct page *p = site->map.pages;
	     err == OK && p != NULL && !site->options.checked; p = p->next) {
		size_t before = findings->told;
		link_check(site, p, findings);
		check_private(p, site->map.pages, findings);
		p->findings += findings->told - before;
	}
	return err;
}

struct changed {
	struct site *site;
	struct findings *findings;
};

/* Advise of a script that has changed, and keep it for the pages of --dev. */
static enum err
tell_changed(void *context, const char *file)
{
	struct changed *changed = context;
	struct site *site = changed->site;
	struct str line = arena_printf(site->arena,
	    "%.*s%s" CAPSULE_SCHEMA "/%s: " SCHEMA_CHANGED,
	    STR_ARG(site->changed_scripts),
	    site->changed_scripts.len > 0 ? "\n" : "", file);
	struct str name = arena_printf(site->arena, CAPSULE_SCHEMA "/%s", file);

	if (line.data == NULL || name.data == NULL)
		return ERR_NOMEM;
	site->changed_scripts = line;
	findings_advise(
	    changed->findings, FINDING_SCRIPT, name, 0, "%s", SCHEMA_CHANGED);
	return OK;
}

static enum err
check_scripts(struct site *site, struct findings *findings)
{
	struct changed changed = {site, findings};
	struct file_path schema;
	struct buf why;
	enum err err =
	    file_path_join(&schema, site->capsule.data, CAPSULE_SCHEMA);

	if (err != OK || site->options.checked)
		return err;
	buf_init(&why, 1024);
	err = schema_changed(store_reader(site->store), schema.text,
	    tell_changed, &changed, &why);
	if (err != OK)
		log_error("site: %.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	return err;
}

static enum err
open_parts(struct site *site, struct findings *findings)
{
	const struct site_options *o = &site->options;
	struct str path;
	enum err err;

	if (o->seal_keys != NULL)
		site->seal_keys = *o->seal_keys;
	else if (getentropy(&site->seal_keys, sizeof(site->seal_keys)) != 0)
		return ERR_IO;
	site->options.seal_keys = NULL;
	site->capsule = arena_str(site->arena, str_from(o->capsule));
	site->options.download = arena_str(site->arena, o->download);
	site->language = arena_str(site->arena, o->language);
	site->host = arena_str(site->arena, o->host);
	site->register_path = arena_str(site->arena, o->register_path);
	site->primary = o->primary_host.len == 0
	    ? STR("")
	    : authority(site->arena, o->primary_host, o->primary_port,
		  site_main(site)->port);
	path = arena_printf(site->arena, "%s/" CAPSULE_STATIC, o->capsule);
	if (site->capsule.data == NULL || site->language.data == NULL ||
	    site->options.download.data == NULL || site->host.data == NULL ||
	    path.data == NULL)
		return ERR_NOMEM;
	if (site->primary.data == NULL || site->register_path.data == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < o->services.count; i++) {
		const struct service *service = &o->services.item[i];

		site->authority[i] = authority(site->arena, site->host,
		    service->port, service->protocol->port);
		if (site->authority[i].data == NULL)
			return ERR_NOMEM;
	}
	site->static_folder =
	    open(path.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = sniffer_open(&site->sniffer);
	if (err == OK)
		err = mimes_open(site->sniffer, &site->mimes);
	if (err == OK)
		err = open_database(site);
	if (err == OK)
		err = prepare_transactions(site);
	if (err == OK)
		err = check_scripts(site, findings);
	if (err == OK)
		err = open_functions(site, findings);
	if (err == OK)
		err = words_read(site->arena, site->capsule.data,
		    site->language, findings, &site->words);
	if (err == OK)
		err = compile_pages(site, findings);
	if (err == OK && o->check_files)
		err = files_check(site, findings);
	return err;
}

enum err
site_open(const struct site_options *options, struct site **out,
    struct finding **findings)
{
	struct site *site = calloc(1, sizeof(*site));
	struct findings found;
	enum err err = ERR_NOMEM;

	findings_init(&found);
	*findings = NULL;
	if (site == NULL)
		return ERR_NOMEM;
	site->options = *options;
	site->static_folder = -1;
	site->arena = arena_new(SITE_ARENA_MAX);
	if (site->arena != NULL)
		err = open_parts(site, &found);
	/* told, not count: the list may lack findings that were out of memory.
	 */
	if (err == OK && found.told > 0 && options->explain) {
		site->findings = found.first;
		found.first = *found.end;
		*found.end = NULL;
	} else if (err == OK && found.told > 0) {
		err = ERR_INPUT;
	}
	*findings = found.first;
	if (err != OK) {
		site_close(site);
		return err;
	}
	*out = site;
	return OK;
}

void
site_close(struct site *site)
{
	if (site == NULL)
		return;
	prepared_release(&site->prepared);
	sqlite3_finalize(site->begin_read);
	sqlite3_finalize(site->end_read);
	sqlite3_finalize(site->begin_write);
	sqlite3_finalize(site->data_version);
	sqlite3_finalize(site->commit);
	sqlite3_finalize(site->rollback);
	account_release(site);
	defined_close(site->read_functions);
	defined_close(site->write_functions);
	store_close(site->store);
	tally_close(site->tally);
	mimes_close(site->mimes);
	sniffer_close(site->sniffer);
	if (site->static_folder >= 0)
		close(site->static_folder);
	findings_free(site->findings);
	arena_free(site->arena);
	explicit_bzero(&site->seal_keys, sizeof(site->seal_keys));
	free(site);
}

const struct finding *
site_findings(const struct site *site)
{
	return site->findings;
}

const struct words *
site_words(const struct site *site)
{
	return words_of(site->words, site->language);
}

/* Log a repeated failure once per hour, and when it is over. */
static void
say_unfolded(
    struct fold_fault *fault, const char *what, enum err err, const char *why)
{
	const int64_t now_ms = clock_ms();

	if (err == ERR_BUSY)
		return;
	if (err == OK) {
		if (fault->times > 0)
			log_info("site: the %s are folded again", what);
		*fault = (struct fold_fault){.times = 0};
		return;
	}
	if (fault->times++ > 0 && now_ms - fault->said_ms < FAULT_EVERY_MS)
		return;
	fault->said_ms = now_ms;
	log_warn("site: the %s were not folded: %s; they are kept and will be "
		 "(said at most once an hour, %u times so far)",
	    what, why, fault->times);
}

void
site_fold(struct site *site)
{
	sqlite3 *writer = store_writer(site->store);
	struct terms *terms;
	enum err err;

	if (!site->options.count_views || site_is_copy(site))
		return;
	terms = tally_terms(site->tally);
	err = tally_fold(site->tally, writer);
	say_unfolded(
	    &site->tally_fault, "tallies", err, tally_why(site->tally));
	err = terms_fold(terms, writer);
	say_unfolded(&site->terms_fault, "terms", err, terms_why(terms));
	err = account_fold(site);
	if (err != OK && err != ERR_BUSY)
		log_warn("site: visits of accounts were not stored");
}
