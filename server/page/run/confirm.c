/* SPDX-License-Identifier: ISC */
/*
 * The seal of a page that writes: it is checked before the page runs and used
 * up by the first % do.
 *
 * A reader whose seal is not good meets a page that says so, names the act and
 * offers it with a fresh seal. The sealed page runs up to its first % ask or
 * % do for this, in a transaction that cannot write: so its guards refuse whom
 * they always refuse, and its % cert asks for an identity first.
 */
#include "page/run/internal.h"

#include "base/limits.h"
#include "base/metrics.h"

enum { DIGITS_MAX = 16 };

/* ---- the way back --------------------------------------------------- */

/* Has this folder of pages/ an index.gmi? */
static bool
has_index(const struct site *site, struct str folder)
{
	for (const struct page *p = site->map.pages; p != NULL; p = p->next)
		if (p->file.len == folder.len + sizeof("index.gmi") - 1 &&
		    str_starts(p->file, folder) &&
		    str_ends(p->file, STR("index.gmi")))
			return true;
	return false;
}

/* "a/b/" or "a/b" -> "a/" */
static struct str
folder_above(struct str file)
{
	do
		file.len--;
	while (file.len > 0 && file.data[file.len - 1] != '/');
	return file;
}

/*
 * Append the address of the nearest folder above the page that has an index.
 * Only folders of the page's own file name count, one per segment of the
 * address; another page that answers such an address does not.
 */
static void
add_nearest_index(const struct run *run, struct buf *out)
{
	struct path path = run->request->path;
	struct str folder = folder_above(run->page->file);

	path.folder = true;
	path.count--;
	while (path.count > 0 && !has_index(run->site, folder)) {
		path.count--;
		folder = folder_above(folder);
	}
	path_add(out, &path);
}

/* Append the address before the seal. */
static void
add_folder(const struct run *run, struct buf *out)
{
	struct path path = run->request->path;

	path.count--;
	path.folder = true;
	path_add(out, &path);
}

/* ---- the offer ------------------------------------------------------ */

static struct str
reason(const struct run *run)
{
	char digits[DIGITS_MAX];
	struct str minutes;

	if (run->fault != WORD_SEAL_LATE)
		return words_text(run->reply->words, run->fault);
	snprintf(digits, sizeof(digits), "%d", SEAL_LIFE_S / 60);
	minutes = str_from(digits);
	return words_fill(
	    run->reply->words, run->request->arena, run->fault, &minutes);
}

/*
 * The reader's own words may stand in our page; those of a link of another
 * capsule may not. A secret is not shown, and is typed again.
 */
static bool
keeps_words(const struct run *run)
{
	return run->own_seal && run->request->query.len > 0 &&
	    !run->reply->secret;
}

/*
 * Append the link that does it: a fresh seal, with the words. For the owner of
 * a certificate a link's seal only leads to the prompt. What he has typed
 * behind that prompt gets a prompt's seal again, so that he need not type it
 * twice: the first one was his own, and nobody else can make either.
 */
static void
add_act(struct run *run, struct str act)
{
	const struct seal_keys *keys = &run->site->seal_keys;
	const bool words = keeps_words(run);
	struct buf folder, address;
	struct seal_scope scope;

	buf_init(&folder, TEXT_MAX);
	buf_init(&address, TEXT_MAX);
	add_folder(run, &folder);
	scope = run_seal_scope(run, buf_view(&folder),
	    words && run->page->needs_cert ? keys->prompt : keys->link);
	buf_str(&address, buf_view(&folder));
	seal_add(&address, &scope);
	if (words) {
		buf_printf(&address, "?%.*s", STR_ARG(run->request->query));
		act = arena_printf(run->request->arena, "%.*s: %.*s",
		    STR_ARG(act), STR_ARG(run->request->input));
	}
	if (folder.err != OK || address.err != OK || act.data == NULL)
		run->blocks.err = ERR_NOMEM;
	else
		blocks_link(&run->blocks, buf_view(&address), act);
	buf_release(&folder);
	buf_release(&address);
}

static void
add_way_back(struct run *run)
{
	struct buf address;

	buf_init(&address, TEXT_MAX);
	add_nearest_index(run, &address);
	if (address.err != OK)
		run->blocks.err = address.err;
	else
		blocks_link(&run->blocks, buf_view(&address),
		    words_text(run->reply->words, WORD_SEAL_BACK));
	buf_release(&address);
}

/* The act in the words of the capsule: the label of the link that leads to it,
 * where there is one label; else the prompt; else the engine's word. */
static struct str
name_of_act(const struct run *run, struct str prompt)
{
	const struct page *page = run->page;

	if (page->act.len > 0 && (page->act_is_whole || prompt.len == 0))
		return page->act;
	return prompt.len > 0 ? prompt
			      : words_text(run->reply->words, WORD_SEAL_ACT);
}

bool
confirm_offer(struct run *run, const struct piece *prompt)
{
	struct arena *arena = run->request->arena;
	struct reply *reply = run->reply;
	struct str act;

	if (request_uploads(run->request))
		return run_refuse(run, REFUSAL_BAD, reason(run));
	act = name_of_act(run, arena_str(arena, run_fill(run, prompt)));
	blocks_init(&run->blocks, arena, LIMIT_PAGE_BYTES);
	blocks_heading(&run->blocks, 1, act);
	blocks_text(&run->blocks, reason(run));
	blocks_text(&run->blocks, STR(""));
	add_act(run, act);
	add_way_back(run);
	if (run->blocks.err != OK)
		return run_refuse(run, REFUSAL_BROKEN, STR(""));
	reply->type = REPLY_BLOCKS;
	reply->blocks = run->blocks;
	reply->document = false;
	reply->mime = STR("");
	run->settled = true;
	return false;
}

/* ---- the check ------------------------------------------------------ */

/*
 * Redirect to the prompt's own address, which has a seal made with the key of
 * prompts. That address stands on no page but the offer of words that were
 * typed there, and nobody can make one who has copied a file. So what a
 * certificate's owner sends was typed behind our prompt: a link with words in
 * it never acts.
 */
static bool
lead_to_prompt(struct run *run, struct str folder)
{
	const struct seal_scope scope =
	    run_seal_scope(run, folder, run->site->seal_keys.prompt);
	struct buf target;

	buf_init(&target, TEXT_MAX);
	buf_str(&target, folder);
	seal_add(&target, &scope);
	return run_lead(run, &target, REFUSAL_BROKEN);
}

/* Must the answer to this request come from the prompt's own address? An upload
 * or an edit is made by hand already. */
static bool
wants_prompt(const struct run *run)
{
	return run->page->needs_cert && !request_uploads(run->request);
}

/* The page's seal, for the log: the page as a whole. */
static bool
refuse_seal(struct run *run, enum err err, const char *what)
{
	return run_refuse_sql(
	    run, &(struct node){.file = run->page->file}, err, what);
}

/* The seal is not good: from here on the page runs up to what it would ask or
 * do, and offers that. Everybody can ask for it, so a costly page waits. */
static bool
find_fault(struct run *run, enum word fault)
{
	const struct request *request = run->request;

	run->unfit = true;
	run->fault = fault;
	if (request->costly_wait_s == 0 ||
	    stats_mean_cost(run->page->stats) <= LIMIT_COSTLY_US)
		return true;
	metrics_count(METRIC_WAIT_COSTLY);
	run_refuse(run, REFUSAL_BUSY, STR(""));
	run->reply->wait_s = request->costly_wait_s;
	return false;
}

/* Was the seal made for this folder and a reader without a certificate? */
static bool
is_of_nobody(const struct run *run, struct str token, struct str folder)
{
	const struct seal_keys *keys = &run->site->seal_keys;
	struct seal_scope scope = run_seal_scope(run, folder, keys->link);
	enum err err;

	scope.cert = STR("");
	err = seal_check(token, &scope);
	if (err == ERR_INPUT) {
		scope.secret = keys->prompt;
		err = seal_check(token, &scope);
	}
	return err == OK || err == ERR_LATE;
}

/* Why does a seal that is not of this page's key for this reader not fit?
 * *leads: it is the seal of a link, which leads to the prompt. */
static enum word
fault_of(
    const struct run *run, struct str token, struct str folder, bool *leads)
{
	const struct seal_scope scope =
	    run_seal_scope(run, folder, run->site->seal_keys.link);
	const enum err err =
	    wants_prompt(run) ? seal_check(token, &scope) : ERR_INPUT;

	*leads = err == OK;
	if (err == ERR_LATE)
		return WORD_SEAL_LATE;
	if (run->cert.len > 0 && is_of_nobody(run, token, folder))
		return WORD_SEAL_NO_IDENTITY;
	return token.len == SEAL_TEXT ? WORD_SEAL_FOREIGN : WORD_SEAL_NONE;
}

/* folder: the address before the seal. */
static bool
check_token(struct run *run, struct str token, struct str folder)
{
	const struct seal_keys *keys = &run->site->seal_keys;
	const struct seal_scope scope = run_seal_scope(
	    run, folder, wants_prompt(run) ? keys->prompt : keys->link);
	enum err err = seal_check(token, &scope);
	enum word fault;
	bool leads;

	run->own_seal = err == OK || err == ERR_LATE;
	if (err == ERR_LATE)
		return find_fault(run, WORD_SEAL_LATE);
	if (err == ERR_INPUT) {
		fault = fault_of(run, token, folder, &leads);
		return leads ? lead_to_prompt(run, folder)
			     : find_fault(run, fault);
	}
	if (err == OK)
		err = seal_find(run->site, token);
	if (err == ERR_INPUT)
		return find_fault(run, WORD_SEAL_USED);
	return err == OK || refuse_seal(run, err, "cannot look up a seal");
}

bool
confirm_check(struct run *run)
{
	const struct path *path = &run->request->path;
	struct buf folder;
	bool good;

	if (!run->page->sealed)
		return true;
	buf_init(&folder, TEXT_MAX);
	add_folder(run, &folder);
	good = folder.err == OK
	    ? check_token(
		  run, path->segment[path->count - 1], buf_view(&folder))
	    : refuse_seal(run, folder.err, "cannot check a seal");
	buf_release(&folder);
	/* A page for a certificate asks for it before an upload is refused. */
	if (good && run->unfit && request_uploads(run->request) &&
	    (run->cert.len > 0 || !run->page->needs_cert))
		return confirm_offer(run, NULL);
	return good;
}

bool
confirm_lock(struct run *run, const struct node *node)
{
	const struct path *path = &run->request->path;
	enum err err = OK;

	if (run->locked)
		return true;
	if (!run_lock(run, node))
		return false;
	if (run->page->sealed)
		err = seal_use(
		    run->site, path->segment[path->count - 1], run->now_s);
	if (err == ERR_INPUT) {
		run->unfit = true;
		run->fault = WORD_SEAL_USED;
		confirm_offer(run, NULL);
	} else if (err != OK) {
		refuse_seal(run, err, "cannot use up a seal");
	}
	return err == OK && !run->again;
}
