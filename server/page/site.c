/* SPDX-License-Identifier: ISC */
/*
 * A site: opening a capsule, and the one call in which the network's side and
 * the database's side meet.
 */
#include "page/site.h"

#include <sys/stat.h>
#include <assert.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "page/compile.h"
#include "page/failure.h"
#include "page/link.h"
#include "page/parts.h"
#include "page/run.h"
#include "page/static.h"
#include "store/terms.h"
#include "text/write.h"

enum {
	SITE_ARENA_MAX = 64 * 1024 * 1024,
	GEMINI_PORT = 1965, /* what an address need not say */
	GOPHER_PORT = 70,
	REDIRECTS_MAX = 5, /* as many as a Gemini client follows */
	/* A twin may be longer than its page: indents and reference list. */
	TWIN_OUTPUT_MAX = 4 * LIMIT_PAGE_BYTES
};

#define NO_UPLOAD "No upload here 此地址不接收上传"

/* ---- opening ------------------------------------------------------- */

static struct str
authority(struct arena *arena, struct str host, unsigned port, unsigned usual)
{
	return port == usual || port == 0
	    ? host
	    : arena_printf(arena, "%.*s:%u", STR_ARG(host), port);
}

/* Its file, as far as a name can tell. */
static bool
look_at_database(const struct site *site, dev_t *device, ino_t *inode)
{
	struct stat st;

	if (stat(site->database.data, &st) != 0)
		return false;
	*device = st.st_dev;
	*inode = st.st_ino;
	return true;
}

bool
site_has_database(const struct site *site)
{
	dev_t device;
	ino_t inode;

	return look_at_database(site, &device, &inode) &&
	    device == site->database_device && inode == site->database_inode;
}

static bool
is_copy(const struct site *site)
{
	return site->primary.len > 0;
}

/* With its tallies, or a copy, which has none: it shows what the primary has
 * folded. */
static enum err
open_store(struct site *site, struct buf *why)
{
	const char *dir = site->options.state_dir;
	enum err err;

	if (is_copy(site))
		return store_open_copy(site->database.data, &site->store, why);
	err = tally_open(dir, &site->tally);
	if (err != OK) {
		buf_printf(why, "cannot open the tallies in %s", dir);
		return err;
	}
	return store_open(site->database.data, site->tally,
	    site->options.count_views, &site->store, why);
}

static enum err
open_database(struct site *site)
{
	struct str path =
	    arena_printf(site->arena, "%s/portal.db", site->options.state_dir);
	struct buf why;
	enum err err;

	if (path.data == NULL)
		return ERR_NOMEM;
	site->database = path;
	/* Before it is opened: a file that comes between is not ours. */
	look_at_database(site, &site->database_device, &site->database_inode);
	buf_init(&why, 1024);
	err = open_store(site, &why);
	if (err == OK)
		err = store_secret(site->store, site->secret);
	if (err == OK && !is_copy(site) &&
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
	    {writer, "ROLLBACK", &site->rollback}};

	if (writer != NULL)
		sqlite3_busy_timeout(writer, LIMIT_WRITE_WAIT_MS);
	site->commit_figures = figures_statement(STR("(commit)"));
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].db != NULL &&
		    sqlite3_prepare_v3(all[i].db, all[i].sql, -1,
			SQLITE_PREPARE_PERSISTENT, all[i].stmt,
			NULL) != SQLITE_OK)
			return ERR_IO;
	return OK;
}

static enum err
compile_pages(struct site *site, struct findings *findings)
{
	sqlite3 *reader = store_reader(site->store);
	sqlite3 *writer = store_writer(site->store);
	/* What a copy will not run is compiled all the same. */
	struct compile_options options = {site->arena, site->capsule.data,
	    reader, writer == NULL ? reader : writer, &site->prepared, findings,
	    site->options.checked};
	enum err err =
	    map_read(site->arena, site->capsule.data, findings, &site->map);

	if (err != OK) {
		log_error("site: cannot read %s/pages", site->capsule.data);
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
	for (struct page *p = site->map.pages;
	     p != NULL && !site->options.checked; p = p->next) {
		size_t before = findings->told;
		link_check(site, p, findings);
		p->findings += findings->told - before;
	}
	return OK;
}

static enum err
open_parts(struct site *site, struct findings *findings)
{
	const struct site_options *o = &site->options;
	struct str path;
	enum err err;

	site->capsule = arena_str(site->arena, str_from(o->capsule));
	site->language = arena_str(site->arena, o->language);
	site->host = arena_str(site->arena, o->host);
	site->primary = o->primary_host.len == 0
	    ? STR("")
	    : authority(
		  site->arena, o->primary_host, o->primary_port, GEMINI_PORT);
	path = arena_printf(site->arena, "%s/static", o->capsule);
	if (site->capsule.data == NULL || site->language.data == NULL ||
	    site->host.data == NULL || path.data == NULL)
		return ERR_NOMEM;
	site->gemini_authority =
	    authority(site->arena, site->host, o->gemini_port, GEMINI_PORT);
	site->gopher_authority =
	    authority(site->arena, site->host, o->gopher_port, GOPHER_PORT);
	if (site->gemini_authority.data == NULL ||
	    site->gopher_authority.data == NULL || site->primary.data == NULL)
		return ERR_NOMEM;
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
		err = compile_pages(site, findings);
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
	/* Told, not listed: memory may have been out for the list. */
	if (err == OK && found.told > 0 && options->explain) {
		site->findings = found.first;
		for (struct finding *f = found.first; f != NULL; f = f->next)
			log_warn(
			    "page: %s:%u: %s", f->file, f->line, f->message);
	} else {
		*findings = found.first;
		if (err == OK && found.told > 0)
			err = ERR_INPUT;
	}
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
	sqlite3_finalize(site->commit);
	sqlite3_finalize(site->rollback);
	store_close(site->store);
	tally_close(site->tally);
	mimes_close(site->mimes);
	sniffer_close(site->sniffer);
	if (site->static_folder >= 0)
		close(site->static_folder);
	findings_free(site->findings);
	arena_free(site->arena);
	free(site);
}

void
site_fold(struct site *site)
{
	enum err err;

	if (!site->options.count_views || is_copy(site))
		return;
	err = tally_fold(site->tally, store_writer(site->store));
	if (err != OK && err != ERR_BUSY)
		log_warn("site: the tallies were not folded; they are kept "
			 "and will be");
	err = terms_fold(tally_terms(site->tally), store_writer(site->store));
	if (err != OK && err != ERR_BUSY)
		log_warn("site: the terms were not folded; they are kept and "
			 "will be");
}

/* ---- answering ----------------------------------------------------- */

static enum err
add_raw_path(struct buf *out, const struct path *path, bool folder)
{
	struct path with = *path;

	with.folder = folder;
	path_add(out, &with);
	return out->err;
}

static void
answer_slash(const struct request *request, struct reply *reply)
{
	struct buf path;

	buf_init(&path, LIMIT_PAGE_BYTES);
	add_raw_path(&path, &request->path, true);
	reply->type = REPLY_REDIRECT;
	reply->permanent = true;
	if (arena_take(request->arena, &path, &reply->text) != OK)
		reply_refuse(reply, REFUSAL_BROKEN, STR("Out of memory"));
	buf_release(&path);
}

static bool
has_slash_inside(const struct path *path)
{
	for (size_t i = 0; i < path->count; i++)
		if (str_find_byte(path->segment[i], '/') != SIZE_MAX ||
		    str_find_byte(path->segment[i], '\\') != SIZE_MAX)
			return true;
	return false;
}

static void
answer_file(
    struct site *site, const struct request *request, struct reply *reply)
{
	struct str name;
	bool is_folder = false;
	enum err err = static_open_download(site->options.state_dir,
	    &request->path, &reply->file, &reply->size, &name);

	if (err == ERR_MISSING)
		err = static_open(site->static_folder, &request->path,
		    &reply->file, &reply->size, &name, &is_folder);
	if (err == OK && request->protocol == PROTOCOL_TITAN) {
		close(reply->file);
		reply->file = -1;
		reply_refuse(reply, REFUSAL_BAD, STR(NO_UPLOAD));
	} else if (err == OK) {
		reply->type = REPLY_FILE;
		reply->mime = mime_of_file(
		    site->mimes, request->arena, name, reply->file);
		if (reply->mime.data == NULL) {
			close(reply->file);
			reply->file = -1;
			reply_refuse(
			    reply, REFUSAL_BROKEN, STR("Out of memory"));
		}
	} else if (err == ERR_BUSY) {
		reply_refuse(reply, REFUSAL_BUSY, STR(""));
	} else if (is_folder) {
		answer_slash(request, reply);
	} else {
		reply_refuse(reply,
		    has_slash_inside(&request->path) ? REFUSAL_BAD
						     : REFUSAL_MISSING,
		    STR(""));
	}
}

/* The page again, as text/plain. */
static void
make_twin(
    const struct site *site, const struct request *request, struct reply *reply)
{
	bool gopher = request->protocol == PROTOCOL_GOPHER;
	const struct plain_style style = {
	    .columns = gopher ? GOPHER_COLUMNS : PLAIN_COLUMNS,
	    .line_end = gopher ? STR("\r\n") : STR("\n"),
	    .guard_dots = gopher};
	struct buf text;

	buf_init(&text, TWIN_OUTPUT_MAX);
	write_plain(&text, &reply->blocks, &style);
	reply->type = REPLY_BYTES;
	reply->mime = arena_printf(request->arena,
	    "text/plain; charset=utf-8; lang=%.*s", STR_ARG(site->language));
	if (arena_take(request->arena, &text, &reply->bytes) != OK ||
	    reply->mime.data == NULL)
		reply_refuse(reply, REFUSAL_BROKEN, STR("Out of memory"));
	buf_release(&text);
}

/* Blocks with another type than the usual are written here. */
static void
make_typed(const struct request *request, struct reply *reply)
{
	struct buf text;

	buf_init(&text, TWIN_OUTPUT_MAX);
	write_gemtext(&text, &reply->blocks);
	reply->type = REPLY_BYTES;
	if (arena_take(request->arena, &text, &reply->bytes) != OK)
		reply_refuse(reply, REFUSAL_BROKEN, STR("Out of memory"));
	buf_release(&text);
}

/* --dev: the findings instead of the page. */
static void
explain(const struct site *site, const struct request *request,
    const struct page *page, struct reply *reply)
{
	struct blocks *blocks = &reply->blocks;

	blocks_init(blocks, request->arena, LIMIT_PAGE_BYTES);
	blocks_heading(blocks, 1, page->file);
	for (const struct finding *f = site->findings; f != NULL; f = f->next) {
		struct str line = arena_printf(
		    request->arena, "%s:%u: %s", f->file, f->line, f->message);
		if (line.data != NULL)
			blocks_item(blocks, line);
	}
	reply->type = REPLY_BLOCKS;
	reply->language = STR("en");
}

static void
answer_page(struct site *site, const struct match *match,
    const struct request *request, struct reply *reply)
{
	bool gopher = request->protocol == PROTOCOL_GOPHER;

	if (match->page->findings > 0) {
		explain(site, request, match->page, reply);
		return;
	}
	page_run(site, match, request, reply);
	if (reply->type != REPLY_BLOCKS)
		return;
	if ((gopher || match->type == MATCH_TWIN) &&
	    link_targets(site, request, &reply->blocks) != OK)
		reply_refuse(reply, REFUSAL_BROKEN, STR("Out of memory"));
	else if (match->type == MATCH_TWIN)
		make_twin(site, request, reply);
	else if (reply->mime.len > 0 && !gopher)
		make_typed(request, reply);
}

/*
 * A copy's answer for a page that writes: the same address on the primary. An
 * upload is not led on, since its sender would take a redirect for success.
 */
static void
answer_from_primary(
    const struct site *site, const struct request *request, struct reply *reply)
{
	struct buf url;

	if (request->protocol == PROTOCOL_TITAN) {
		reply_refuse(reply, REFUSAL_BAD,
		    arena_printf(request->arena,
			"This is a copy: upload to %.*s 此处只读，请上传到主站",
			STR_ARG(site->primary)));
		return;
	}
	buf_init(&url, LIMIT_PAGE_BYTES);
	buf_printf(&url, "gemini://%.*s", STR_ARG(site->primary));
	path_add(&url, &request->path);
	if (request->has_input &&
	    url.len + 1 + request->query.len <= LIMIT_GEMINI_LINE_BYTES)
		buf_printf(&url, "?%.*s", STR_ARG(request->query));
	reply->type = REPLY_REDIRECT;
	if (arena_take(request->arena, &url, &reply->text) != OK)
		reply_refuse(reply, REFUSAL_BROKEN, STR("Out of memory"));
	buf_release(&url);
}

static void
answer(struct site *site, const struct match *match,
    const struct request *request, struct reply *reply)
{
	assert(match->type == MATCH_NONE || match->page != NULL);
	*reply = (struct reply){.file = -1};
	if (match->page != NULL) {
		reply->page = match->page->file;
		reply->figures = match->page->figures;
	}
	if (match->type == MATCH_NONE)
		answer_file(site, request, reply);
	else if (request->upload != NULL && !match->page->uploads)
		reply_refuse(reply, REFUSAL_BAD, STR(NO_UPLOAD));
	else if (request->protocol == PROTOCOL_GOPHER &&
	    !link_is_for_gopher(match->page))
		reply_refuse(reply, REFUSAL_MISSING,
		    STR("Only over Gemini 此页只在 Gemini 上提供"));
	else if (match->type == MATCH_SLASH)
		answer_slash(request, reply);
	else if (is_copy(site) && PAGE_USES_WRITER(match->page))
		answer_from_primary(site, request, reply);
	else
		answer_page(site, match, request, reply);
	if (reply->type == REPLY_REFUSAL && reply->text.data == NULL)
		reply->text = STR("");
}

/*
 * Gopher has no redirect: where one leads to another menu, that menu is the
 * answer. (A client that asked for a menu could not show anything else.)
 */
static bool
follow(struct site *site, struct reply *reply, struct request *request,
    struct match *match)
{
	struct str path =
	    str_slice(reply->text, 0, str_find_byte(reply->text, '?'));

	if (path.len < reply->text.len ||
	    path_parse(request->arena, path, &request->path) != OK)
		return false;
	request->has_input = false;
	request->input = request->query = STR("");
	route_find(&site->map, &request->path, match);
	reply->item = link_item_type(site, &request->path, false);
	return match->type == MATCH_PAGE && !match->page->document &&
	    match->page->format == FORMAT_GEMTEXT;
}

void
site_answer(
    struct site *site, const struct request *request, struct reply *reply)
{
	struct match match;
	struct request next = *request;

	route_find(&site->map, &request->path, &match);
	/* A file of that very name wins over a page's plain text. */
	if (match.type == MATCH_TWIN &&
	    static_exists(site->static_folder, &request->path))
		match = (struct match){.type = MATCH_NONE};
	/* Nobody can be sent on with the words of a search. */
	if (match.type == MATCH_SLASH && request->has_input &&
	    request->protocol == PROTOCOL_GOPHER) {
		next.path.folder = true;
		route_find(&site->map, &next.path, &match);
	}
	answer(site, &match, &next, reply);
	for (int hops = 0;
	     hops < REDIRECTS_MAX && request->protocol == PROTOCOL_GOPHER &&
	     reply->type == REPLY_REDIRECT &&
	     follow(site, reply, &next, &match);
	     hops++)
		answer(site, &match, &next, reply);
	/* A failure that has told nobody yet is always this one. */
	if (reply->type == REPLY_REFUSAL && reply->refusal == REFUSAL_BROKEN &&
	    !reply->deliberate && reply->reference.len == 0)
		failure_refuse(reply, request->arena, reply->text,
		    &(struct failure){
			.place = reply->page, .message = "memory is out"});
}
