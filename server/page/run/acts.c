/* SPDX-License-Identifier: ISC */
/*
 * What a page does besides showing: the directives ask, cert, upload, edit,
 * lang, go and fail. And the check of the seal, which guards a page that
 * writes.
 */
#include "page/run/internal.h"

#include "base/log.h"
#include "base/utf8.h"
#include "page/run/return_address.h"

enum { NUMBER_MAX = 64 }; /* bytes of a number as text */

bool
act_ask(struct run *run, const struct node *node)
{
	run->reply->secret =
	    node->secret; /* also for the prompt of % fail ask */
	if (run->slots[BUILTIN_INPUT].type != VALUE_NULL || run->request->edit)
		return true;
	return run_settle(run, REPLY_PROMPT, run_fill(run, node->pieces));
}

bool
act_cert(struct run *run, const struct node *node)
{
	const struct identity *identity = run->request->identity;

	if (identity == NULL)
		return run_refuse(run, REFUSAL_NEEDS_CERT,
		    arena_str(
			run->request->arena, run_fill(run, node->pieces)));
	if (!identity->valid)
		return run_refuse(run, REFUSAL_BAD_CERT,
		    words_fill(run->reply->words, run->request->arena,
			identity->fault, &identity->fault_date));
	return account_refuse_revoked(run);
}

/* Is mime, without its parameters, in the list? types: separated by spaces. */
static bool
is_among(struct str mime, struct str types)
{
	struct str type;

	mime = str_trim(str_slice(mime, 0, str_find_byte(mime, ';')));
	while (str_next_part(&types, ' ', &type))
		if (type.len > 0 && str_equal_nocase(mime, type))
			return true;
	return false;
}

void
act_sniff(struct run *run)
{
	if (run->sniffed)
		return;
	run->sniffed = true;
	run->sniff_err = sniff(run->site->sniffer, run->request->arena,
	    run->request->upload->body, &run->sniffed_type);
}

/* Do the upload's bytes agree with the type that the client says? */
static bool
type_agrees(struct run *run, const struct node *node, struct str said)
{
	act_sniff(run);
	switch (run->sniff_err) {
	case OK:
		break;
	case ERR_INPUT:
	case ERR_LATE:
		log_warn("page: %.*s:%u: an upload %s whoever sniffed at it",
		    STR_ARG(node->file), node->line,
		    run->sniff_err == ERR_LATE ? "held up" : "killed");
		return run_refuse_word(run, REFUSAL_BAD, WORD_UPLOAD_UNKNOWN);
	default:
		return run_refuse_for(run, node, run->sniff_err,
		    "an upload cannot be sniffed at");
	}
	if (sniff_agrees(said, run->sniffed_type))
		return true;
	return run_refuse(run, REFUSAL_BAD,
	    words_fill(run->reply->words, run->request->arena,
		WORD_UPLOAD_LOOKS, &run->sniffed_type));
}

static bool
refuse_large(struct run *run, size_t limit)
{
	char digits[NUMBER_MAX];
	struct str bytes;

	snprintf(digits, sizeof(digits), "%zu", limit);
	bytes = str_from(digits);
	return run_refuse(run, REFUSAL_BAD,
	    words_fill(run->reply->words, run->request->arena,
		WORD_UPLOAD_LARGE, &bytes));
}

bool
act_upload(struct run *run, const struct node *node)
{
	const struct upload *upload = run->request->upload;
	struct str mime;

	if (run->request->edit || (upload == NULL && run->page->asks))
		return true;
	if (upload == NULL)
		return run_refuse_word(run, REFUSAL_BAD, WORD_UPLOAD_EXPECTED);
	mime = upload->mime.len > 0 ? upload->mime : STR("text/gemini");
	if (upload->body.len == 0)
		return run_refuse_word(run, REFUSAL_BAD, WORD_UPLOAD_EMPTY);
	if (upload->body.len > node->limit)
		return refuse_large(run, node->limit);
	if (!is_among(mime, node->mimes) ||
	    (str_starts(mime, STR("text/")) && !utf8_valid(upload->body)))
		return run_refuse_word(run, REFUSAL_BAD, WORD_UPLOAD_TYPE);
	return type_agrees(run, node, mime);
}

bool
act_edit(struct run *run, const struct node *node)
{
	const struct value *value = &run->slots[node->slot];
	struct buf number;
	enum err err = OK;

	if (!run->request->edit)
		return true;
	run->reply->bytes = value->text;
	if (value->type != VALUE_TEXT) {
		buf_init(&number, NUMBER_MAX);
		value_add(&number, value);
		err = arena_take(
		    run->request->arena, &number, &run->reply->bytes);
		buf_release(&number);
	}
	if (err != OK)
		return run_refuse(run, REFUSAL_BROKEN, STR(""));
	run->reply->type = REPLY_BYTES;
	run->reply->mime = STR("text/gemini; charset=utf-8");
	run->settled = true;
	return false;
}

/* Set the language of the page and of refusals from here on. A text that is not
 * a language tag means the portal's language. */
bool
act_lang(struct run *run, const struct node *node)
{
	const struct site *site = run->site;
	const struct str tag = str_trim(run_fill(run, node->pieces));
	struct str language = site->language;

	if (words_is_language(tag))
		language = arena_str(run->request->arena, tag);
	if (language.data == NULL)
		return run_refuse(run, REFUSAL_BROKEN, STR(""));
	run->reply->language = language;
	run->reply->words = words_of(site->words, language);
	run->slots[BUILTIN_LANG] = value_text(language);
	return true;
}

/* Redirect to target and release it. otherwise: the refusal if target could not
 * be made. */
static bool
lead_to(struct run *run, struct buf *target, enum refusal otherwise)
{
	run->reply->permanent = false;
	if (target->err == OK)
		run_settle(run, REPLY_REDIRECT, buf_view(target));
	else
		run_refuse(run, otherwise, STR(""));
	buf_release(target);
	return false;
}

/* The address that a reader of this page came from. false: there is none. */
static bool
find_return(struct run *run, struct str *out)
{
	const struct page *page = run->page;
	enum err err = ERR_INPUT;

	for (size_t i = 0; i < page->parameter_count; i++)
		if (str_equal(page->parameters[i], STR(FROM_NAME)))
			err = return_address_read(run->request->arena,
			    run->site->seal_keys.link,
			    run->match->parameters[i], out);
	return err == OK;
}

bool
act_send_away(struct run *run, struct str before, struct str after)
{
	struct buf target;

	buf_init(&target, TEXT_MAX);
	buf_str(&target, before);
	run_add_return(run, &target);
	buf_str(&target, after);
	return lead_to(run, &target, REFUSAL_BROKEN);
}

/* Redirect to the path of the node. */
static bool
lead_to_node(struct run *run, const struct node *node)
{
	struct buf target;
	struct url url;
	/* Stored data must not redirect a reader to another host. */
	bool ok = run_fill_address(run, node->address) &&
	    run->address.err == OK &&
	    url_parse(buf_view(&run->address), &url) == OK &&
	    url.scheme.len == 0 && !url.has_authority;

	buf_init(&target, TEXT_MAX);
	if (ok) {
		path_resolve(&target, run->path, url.path);
		if (url.has_query)
			buf_printf(&target, "?%.*s", STR_ARG(url.query));
	}
	if (ok && target.err == OK) {
		run->reply->permanent = node->permanent;
		run_settle(run, REPLY_REDIRECT, buf_view(&target));
	} else {
		run_refuse_for(run, node, ERR_IO, "not a path of this capsule");
	}
	buf_release(&target);
	return false;
}

bool
act_go(struct run *run, const struct node *node)
{
	struct str came_from;

	if (node->returns && find_return(run, &came_from)) {
		run->reply->permanent = false;
		return run_settle(run, REPLY_REDIRECT, came_from);
	}
	return lead_to_node(run, node);
}

/* % fail busy SECONDS. false: the text is a sentence, not a number. */
static bool
refuse_for_seconds(struct run *run, struct str text)
{
	int64_t seconds;

	if (str_to_int(str_trim(text), 0, INT32_MAX, &seconds) != OK)
		return false;
	run_refuse(run, REFUSAL_BUSY, STR(""));
	run->reply->wait_s = (unsigned)seconds;
	return true;
}

bool
act_fail(struct run *run, const struct node *node)
{
	struct str text = run_fill(run, node->pieces);

	/* A prompt for a line is useless to a client that uploads. */
	if (node->again && run->request->upload == NULL)
		return run_settle(run, REPLY_PROMPT, text);
	run->reply->deliberate = true;
	if (node->refusal == REFUSAL_BUSY && refuse_for_seconds(run, text))
		return false;
	return run_refuse(
	    run, node->refusal, arena_str(run->request->arena, text));
}

/* ---- seals --------------------------------------------------------- */

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
 * Redirect to the nearest folder above the page that has an index. Only folders
 * of the page's own file name count, one per segment of the address; another
 * page that answers such an address does not.
 *
 * keep_answer: the reader's answer becomes the query of the redirect, so that
 * the index page can offer the answer again. This is only for the reader's own
 * seal. Otherwise anybody could put words into that page by a link with a false
 * seal.
 */
static bool
lead_back(struct run *run, bool keep_answer)
{
	struct path path = run->request->path;
	struct str folder = folder_above(run->page->file);
	struct buf text;

	buf_init(&text, TEXT_MAX);
	path.folder = true;
	path.count--;
	while (path.count > 0 && !has_index(run->site, folder)) {
		path.count--;
		folder = folder_above(folder);
	}
	if (path.count == 0)
		buf_char(&text, '/');
	else
		path_add(&text, &path);
	if (keep_answer && run->request->query.len > 0)
		buf_printf(&text, "?%.*s", STR_ARG(run->request->query));
	return lead_to(run, &text, REFUSAL_BAD);
}

/*
 * Redirect to the prompt's own address, which has a seal made with the key of
 * prompts. That address stands on no page, and nobody can make one who has
 * copied a file. So what a certificate's owner sends was typed behind our
 * prompt: a link with words in it never acts.
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
	return lead_to(run, &target, REFUSAL_BROKEN);
}

/* Must the answer to this request come from the prompt's own address? An upload
 * or an edit is made by hand already. */
static bool
wants_prompt(const struct run *run)
{
	return run->page->needs_cert && run->request->upload == NULL &&
	    !run->request->edit;
}

/* The page's seal, for the log: the page as a whole. */
static bool
refuse_seal(struct run *run, enum err err, const char *what)
{
	return run_refuse_sql(
	    run, &(struct node){.file = run->page->file}, err, what);
}

bool
act_check_seal(struct run *run)
{
	const struct seal_keys *keys = &run->site->seal_keys;
	struct path path = run->request->path;
	struct str token;
	struct seal_scope scope;
	struct buf folder;
	bool ours, good; /* ours: perhaps expired or used */
	enum err err;

	if (!run->page->sealed)
		return true;
	token = path.segment[path.count - 1];
	path.count--;
	path.folder = true;
	buf_init(&folder, TEXT_MAX);
	path_add(&folder, &path);
	scope = run_seal_scope(run, buf_view(&folder),
	    wants_prompt(run) ? keys->prompt : keys->link);
	err = folder.err == OK ? seal_check(token, &scope) : folder.err;
	if (err == ERR_INPUT && wants_prompt(run)) {
		scope.secret = keys->link;
		if (seal_check(token, &scope) == OK) {
			good = lead_to_prompt(run, buf_view(&folder));
			buf_release(&folder);
			return good;
		}
	}
	buf_release(&folder);
	ours = err == OK || err == ERR_LATE;
	if (err == OK)
		err = seal_find(store_reader(run->site->store), token);
	if (err == ERR_INPUT || err == ERR_LATE)
		return lead_back(run, ours);
	return err == OK || refuse_seal(run, err, "cannot look up a seal");
}

bool
act_lock(struct run *run, const struct node *node)
{
	const struct path *path = &run->request->path;
	enum err err = OK;

	if (run->locked)
		return true;
	if (!run_lock(run, node))
		return false;
	if (run->page->sealed)
		err = seal_use(store_writer(run->site->store),
		    path->segment[path->count - 1], run->now_s);
	if (err == ERR_INPUT)
		lead_back(run, true);
	else if (err != OK)
		refuse_seal(run, err, "cannot use up a seal");
	return err == OK && !run->again;
}
