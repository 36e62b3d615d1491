/* SPDX-License-Identifier: ISC */
/*
 * Uploads: the directives upload and edit. An upload comes in two steps. First
 * the page runs with the line alone, up to its % upload, on the connection that
 * cannot write: size, type, certificate, role and token are judged before a
 * byte of the body is received. Then the page runs as a whole, with the body.
 * Whatever else than a refusal a page says before it has taken an upload, the
 * client would take for success. So it becomes a refusal.
 */
#include "page/run/internal.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "text/media_type.h"

enum { NUMBER_MAX = 64 }; /* bytes of a number as text */

#define USUAL_TYPE STR("text/gemini")

/* ---- types ---------------------------------------------------------- */

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

/* The first type of text in the list, or else text/gemini. */
static struct str
first_text(struct str types)
{
	struct str type;

	while (str_next_part(&types, ' ', &type))
		if (str_starts(type, STR("text/")))
			return type;
	return USUAL_TYPE;
}

/* Text in another charset than UTF-8 would be stored as it is not. */
static bool
says_utf8(struct str mime)
{
	struct str charset;

	return !media_type_read(mime, &charset) || charset.len == 0 ||
	    str_equal_nocase(charset, STR("utf-8")) ||
	    str_equal_nocase(charset, STR("us-ascii"));
}

/* The first % upload of a page. */
static const struct node *
find_upload(const struct node *node)
{
	const struct node *found = NULL;

	for (; node != NULL && found == NULL; node = node->next) {
		found =
		    node->type == NODE_UPLOAD ? node : find_upload(node->body);
		if (found == NULL)
			found = find_upload(node->otherwise);
	}
	return found;
}

struct str
upload_type(const struct run *run)
{
	const struct upload *upload = run->request->upload;
	const struct node *node = find_upload(run->page->first);

	if (upload->is_input && node != NULL)
		return first_text(node->mimes);
	return upload->mime.len > 0 ? upload->mime : USUAL_TYPE;
}

void
upload_sniff(struct run *run)
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
	upload_sniff(run);
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

/* ---- % upload -------------------------------------------------------- */

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
upload_refuse_none(struct run *run)
{
	struct str address;

	if (!site_takes_uploads(run->site))
		return run_refuse_word(run, REFUSAL_BAD, WORD_UPLOAD_OFF);
	address = arena_printf(run->request->arena, "%s://%.*s%.*s",
	    site_main(run->site)->upload_scheme,
	    STR_ARG(site_upload_authority(run->site)), STR_ARG(run->path));
	if (address.data == NULL)
		return run_refuse(run, REFUSAL_BROKEN, STR(""));
	return run_refuse(run, REFUSAL_BAD,
	    words_fill(run->reply->words, run->request->arena,
		WORD_UPLOAD_EXPECTED, &address));
}

/* Without an upload: offer a seal that is good, and let a protocol that sends
 * uploads as input ask for one. */
static bool
refuse_or_ask(struct run *run)
{
	if (run->unfit)
		return confirm_offer(run, NULL);
	if (run->request->protocol->uploads_input &&
	    run->site->options.uploads && !site_is_copy(run->site))
		return run_settle(run, REPLY_PROMPT, STR(""));
	return upload_refuse_none(run);
}

bool
upload_await(struct run *run)
{
	(void)run_refuse(run, REFUSAL_BAD, STR(""));
	run->reply->awaits = true;
	return false;
}

/* An empty upload means "delete". Only a page that takes nothing else takes it
 * (% upload 0). */
static bool
fits(struct run *run, const struct node *node, uint64_t size)
{
	if (size > node->limit)
		return refuse_large(run, node->limit);
	if (size == 0 && node->limit > 0)
		return run_refuse_word(run, REFUSAL_BAD, WORD_UPLOAD_EMPTY);
	return true;
}

bool
act_upload(struct run *run, const struct node *node)
{
	const struct upload *upload = run->request->upload;
	struct str mime;

	if (run->request->edit || (upload == NULL && run->page->asks))
		return true;
	if (upload == NULL)
		return refuse_or_ask(run);
	mime = run->slots[BUILTIN_MIME].text;
	if (!fits(run, node, upload->awaited ? upload->size : upload->body.len))
		return false;
	run->taken = node->limit == 0;
	if (run->taken)
		return true;
	if (!is_among(mime, node->mimes))
		return run_refuse(run, REFUSAL_BAD,
		    words_fill(run->reply->words, run->request->arena,
			WORD_UPLOAD_TYPE, &node->mimes));
	if (str_starts(mime, STR("text/")) &&
	    (!says_utf8(mime) || !utf8_valid(upload->body)))
		return run_refuse_word(run, REFUSAL_BAD, WORD_UPLOAD_UTF8);
	if (upload->awaited)
		return upload_await(run);
	run->taken = type_agrees(run, node, mime);
	return run->taken;
}

/* ---- the first step -------------------------------------------------- */

bool
upload_is_awaited(const struct run *run)
{
	return run->request->upload != NULL && run->request->upload->awaited;
}

bool
upload_hides(const struct run *run, const struct node *node)
{
	const struct statement *s = &node->statement;

	if (!upload_is_awaited(run))
		return false;
	for (int i = 0; i < s->bind_count; i++)
		if (s->bind_slots[i] == BUILTIN_BODY ||
		    s->bind_slots[i] == BUILTIN_INPUT)
			return true;
	return node->type == NODE_DO;
}

/*
 * The seal is not good. A text of a certificate's owner is received all the
 * same, since it is kept as a draft.
 */
static bool
may_be_draft(const struct run *run)
{
	const struct upload *upload = run->request->upload;
	const struct node *node = find_upload(run->page->first);
	const struct str mime = run->slots[BUILTIN_MIME].text;

	return draft_is_for(run) && node != NULL &&
	    upload->size <= node->limit && upload->size <= LIMIT_DRAFT_BYTES &&
	    is_among(mime, node->mimes) && str_starts(mime, STR("text/"));
}

/* ---- the end --------------------------------------------------------- */

void
upload_refuse_moved(const struct site *site, const struct request *request,
    struct reply *reply, struct str path)
{
	const struct protocol *protocol = site_main(site);
	const struct str address =
	    arena_printf(request->arena, "%s://%.*s%.*s", protocol->name,
		STR_ARG(site_authority(site, protocol)), STR_ARG(path));

	if (address.data == NULL)
		reply_refuse(reply, REFUSAL_BROKEN, STR(""));
	else
		reply_refuse(reply, REFUSAL_BAD,
		    words_fill(reply->words, request->arena, WORD_UPLOAD_MOVED,
			&address));
}

void
upload_settle(struct run *run, bool past_seal)
{
	const struct str path =
	    run->reply->type == REPLY_REDIRECT ? run->reply->text : run->path;

	if (run->request->upload == NULL || run->taken || run->reply->awaits)
		return;
	if (run->unfit && upload_is_awaited(run) && may_be_draft(run)) {
		(void)upload_await(run);
		return;
	}
	if (run->reply->type == REPLY_REFUSAL)
		return;
	if (past_seal && run->reply->type != REPLY_REDIRECT) {
		run_refuse_word(run, REFUSAL_BAD, WORD_NO_UPLOAD);
		return;
	}
	run_refuse(run, REFUSAL_BAD, STR(""));
	upload_refuse_moved(run->site, run->request, run->reply, path);
}

/* ---- % edit ---------------------------------------------------------- */

/* The type of the text: one that the page takes back. */
static struct str
edit_type(const struct run *run)
{
	const struct node *upload = find_upload(run->page->first);
	const struct str type =
	    upload == NULL ? USUAL_TYPE : first_text(upload->mimes);

	return arena_printf(
	    run->request->arena, "%.*s; charset=utf-8", STR_ARG(type));
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
	run->reply->mime = edit_type(run);
	if (err != OK || run->reply->mime.data == NULL)
		return run_refuse(run, REFUSAL_BROKEN, STR(""));
	run->reply->type = REPLY_BYTES;
	run->settled = true;
	return false;
}
