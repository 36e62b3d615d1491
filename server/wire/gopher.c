/* SPDX-License-Identifier: ISC */
/*
 * Gopher (RFC 1436). A request is one line: a selector and perhaps the reader's
 * words. A reply ends with the connection. Gopher has no status: a prompt or a
 * redirect becomes a menu, and an error is an item of type 3. An error never
 * repeats the client's text.
 */
#include "text/input.h"
#include "text/selector.h"
#include "base/utf8.h"
#include "text/wrap.h"
#include "text/write.h"
#include "wire/internal.h"

enum {
	SELECTOR_MAX = 4096,       /* bytes of a selector that we write */
	MENU_TEXT_MAX = 16 * 1024, /* bytes of text in a menu made here */
	ERROR_TEXT_MAX = 512       /* bytes of an error's sentence */
};

/* The path of a URL is "/", the type, the selector (RFC 4266, 2.1). The
 * selector is percent-decoded once. */
static enum err
line_of_url(struct arena *arena, struct str address, struct str *out)
{
	struct url url;
	struct str path;
	enum err err = url_parse(address, &url);

	if (err != OK || url.host.len == 0)
		return err != OK ? err : ERR_INPUT;
	path = str_slice(url.path, 2, url.path.len); /* "/" and the type */
	err = url_decode(arena, path, out);
	if (err == OK && url.has_query) {
		struct str words;
		err = url_decode(arena, url.query, &words);
		if (err == OK)
			*out = arena_printf(
			    arena, "%.*s?%.*s", STR_ARG(*out), STR_ARG(words));
	}
	return err;
}

/* ---- requests ------------------------------------------------------- */

/* Is it a field that a Gopher+ client puts behind the words? "+" and perhaps
 * the type that it wants, or "!" or "$" and perhaps the names of blocks. */
static bool
is_gopher_plus(struct str field)
{
	if (field.len == 0 || strchr("+!$", field.data[0]) == NULL)
		return false;
	return field.len == 1 || field.data[1] == '+' ||
	    (field.data[0] == '+' && str_find_byte(field, '/') != SIZE_MAX);
}

/* Only a Gopher+ field is cut off. Other TABs belong to the words: a reader
 * can paste the cells of a table. */
static struct str
without_gopher_plus(struct str words)
{
	struct str rest = words, field;

	str_next_part(&rest, '\t', &field);
	while (rest.data != NULL) {
		const size_t end = words.len - rest.len - 1;

		str_next_part(&rest, '\t', &field);
		if (is_gopher_plus(field))
			return str_slice(words, 0, end);
	}
	return words;
}

/* Split a line into selector and words, at a TAB or else at "?": curl and
 * others make selectors of URLs with a query. A "?" inside a selector of ours
 * is written %3F. */
static void
split(struct str line, struct str *selector, struct str *words)
{
	size_t end = str_find_byte(line, '\t');
	const bool tab = end != SIZE_MAX;

	if (!tab)
		end = str_find_byte(line, '?');
	*selector = str_slice(line, 0, end);
	*words = end == SIZE_MAX ? STR("") : str_slice(line, end + 1, line.len);
	if (tab)
		*words = without_gopher_plus(*words);
}

static enum err
refuse(struct reply *reply, const struct words *words, enum word word)
{
	reply_refuse(reply, REFUSAL_BAD, words_text(words, word));
	return ERR_INPUT;
}

/* Does the line begin with "URL:" or "/URL:"? *url: the address behind it. */
static bool
is_url(struct str line, struct str *url)
{
	if (str_starts(line, STR("/")))
		line = str_slice(line, 1, line.len);
	if (!str_starts(line, STR("URL:")))
		return false;
	*url = str_slice(line, 4, str_find_byte(line, '\t'));
	return true;
}

static enum err
answer_here(enum err made, const struct words *words, struct reply *reply)
{
	if (made == ERR_INPUT)
		return refuse(reply, words, WORD_NO_URL);
	return made == OK ? ERR_INPUT : made;
}

/*
 * Read a line: a selector, and after a TAB (or the first "?" if there is no
 * TAB) the reader's words. Empty words are not input. A line that does not ask
 * for a page gets a refusal, or the fixed page for "URL:" selectors and HTTP.
 */
static enum err
gopher_request(const struct wire_line *line, const struct wire_host *ours,
    struct request *out, struct reply *reply)
{
	const struct words *ours_say = ours->words;
	struct str selector = STR(""), words, url;
	struct path path;
	uint32_t bad;
	bool to_url;
	enum err err;

	if (gopher_is_http(line->text))
		return answer_here(gopher_answer_http(out->arena, ours, reply),
		    ours_say, reply);
	split(line->text, &selector, &words);
	to_url = is_url(line->text, &url);
	if (to_url)
		selector = url;
	if (input_find_control(selector, &bad))
		return address_refuse_character(
		    out->arena, ours_say, WORD_PART_SELECTOR, bad, reply);
	if (to_url)
		return answer_here(
		    gopher_answer_url(out->arena, ours, url, reply), ours_say,
		    reply);
	if (words.len > wire_gopher.input_max)
		return refuse(reply, ours_say, WORD_INPUT_LONG);
	err = input_read(out->arena, words, &words, &bad);
	if (err == ERR_INPUT)
		return address_refuse_character(
		    out->arena, ours_say, WORD_PART_INPUT, bad, reply);
	if (err != OK)
		return err;
	err = selector_parse(out->arena, selector, &path);
	if (err == ERR_INPUT || err == ERR_LIMIT)
		return refuse(reply, ours_say, WORD_SELECTOR);
	if (err != OK)
		return err;
	out->path = path;
	return address_set_input(out, words);
}

/* ---- replies -------------------------------------------------------- */

/* Readers know these numbers from the web. "3404 Not found" is the item type 3
 * and the text "404 Not found". */
static const struct {
	const char *code;
	enum word word;
} refusals[] = {[REFUSAL_MISSING] = {"404", WORD_MISSING},
    [REFUSAL_GONE] = {"410", WORD_GONE},
    [REFUSAL_BAD] = {"400", WORD_BAD},
    [REFUSAL_FOREIGN] = {"404", WORD_FOREIGN},
    [REFUSAL_FORBIDDEN] = {"403", WORD_FORBIDDEN},
    [REFUSAL_NEEDS_CERT] = {"403", WORD_NEEDS_CERT},
    [REFUSAL_BAD_CERT] = {"403", WORD_BAD_CERT},
    [REFUSAL_BUSY] = {"503", WORD_BUSY},
    [REFUSAL_DOWN] = {"503", WORD_DOWN},
    [REFUSAL_BROKEN] = {"500", WORD_BROKEN}};

static void
add_refusal(struct buf *out, struct arena *arena, const struct words *words,
    const struct reply *reply)
{
	const char *code = refusals[reply->refusal].code;
	const enum word word = refusals[reply->refusal].word;
	struct buf line;
	struct str text, shown;

	buf_init(&line, 3 * ERROR_TEXT_MAX);
	utf8_add_line(&line, utf8_cut(reply->text, ERROR_TEXT_MAX));
	text = str_trim(buf_view(&line));
	if (text.len == 0)
		text = words_text(words, word);
	if (text_fit(arena, text, GOPHER_COLUMNS - 4, &shown) != OK)
		shown = words_text(NULL, WORD_BROKEN);
	buf_printf(out, "3%s %.*s\t\terror.host\t1\r\n", code, STR_ARG(shown));
	buf_release(&line);
	if (reply->leads_on)
		write_menu(out, &reply->blocks);
	else
		buf_printf(out, ".\r\n");
}

/* The last block of a list; NULL for an empty list. */
static struct block *
last_block(struct blocks *list)
{
	struct block *block = list->first;

	while (block != NULL && block->next != NULL)
		block = block->next;
	return block;
}

/* Append a menu of one sentence and one item. */
static void
add_small_menu(struct buf *out, struct arena *arena, struct str title,
    struct str label, const struct target *target)
{
	struct blocks list;
	struct block *link;

	blocks_init(&list, arena, MENU_TEXT_MAX);
	blocks_heading(&list, 1, title);
	blocks_text(&list, STR(""));
	blocks_link(&list, STR("/"), label);
	link = last_block(&list);
	if (list.err != OK || link == NULL) {
		out->err = out->err == OK ? ERR_NOMEM : out->err;
		return;
	}
	link->target = *target;
	write_menu(out, &list);
}

static enum err
take_selector(struct arena *arena, const struct path *path, struct str words,
    struct str *out)
{
	struct buf selector;
	enum err err;

	buf_init(&selector, SELECTOR_MAX);
	selector_add(&selector, path);
	if (words.len > 0) {
		buf_char(&selector, '?');
		/* A selector cannot have a TAB or a line end. */
		utf8_add_line(&selector, words);
	}
	err = arena_take(arena, &selector, out);
	buf_release(&selector);
	return err;
}

static unsigned
own_port(const struct wire_host *ours)
{
	return services_port(&ours->services, &wire_gopher.protocol);
}

/* The answer to a request without words is the search item again: the reader
 * followed a link of another type, or wants to be asked. */
static void
add_prompt(struct buf *out, const struct request *request,
    const struct reply *reply, const struct wire_host *ours)
{
	struct target target = {
	    .type = '7', .host = ours->host, .port = own_port(ours)};
	struct str text = utf8_cut(reply->text, MENU_TEXT_MAX / 4);

	if (text.len == 0)
		text = words_text(wire_words(reply, ours), WORD_INPUT);
	if (take_selector(request->arena, &request->path, STR(""),
		&target.selector) != OK) {
		out->err = out->err == OK ? ERR_NOMEM : out->err;
		return;
	}
	add_small_menu(out, request->arena, text, text, &target);
}

/* Where a redirect leads, as a menu item. An error other than ERR_NOMEM: no
 * item can lead there. */
static enum err
redirect_target(struct arena *arena, const struct reply *reply,
    const struct wire_host *ours, struct target *target)
{
	struct url url;
	struct path path;
	struct str words = STR("");
	enum err err;

	*target = (struct target){.host = ours->host, .port = own_port(ours)};
	if (reply->text.len == 0 || url_parse(reply->text, &url) != OK)
		return ERR_INPUT;
	if (url.scheme.len > 0) {
		if (!url_is_allowed(reply->text) ||
		    str_equal_nocase(url.scheme, STR("gopher")))
			return ERR_INPUT;
		target->type = 'h';
		target->selector =
		    arena_printf(arena, "URL:%.*s", STR_ARG(reply->text));
		return target->selector.data == NULL ? ERR_NOMEM : OK;
	}
	err = path_parse(arena, url.path, &path);
	if (err == OK && url.has_authority)
		err = ERR_INPUT;
	if (err == OK && url.has_query)
		err = url_decode(arena, url.query, &words);
	if (err == OK)
		err = take_selector(arena, &path, words, &target->selector);
	target->type =
	    reply->item != '\0' && reply->item != 'h' ? reply->item : '1';
	return err;
}

static void
add_redirect(struct buf *out, const struct request *request,
    const struct reply *reply, const struct wire_host *ours)
{
	static const struct reply broken = {
	    .type = REPLY_REFUSAL, .refusal = REFUSAL_BROKEN};
	const struct words *words = wire_words(reply, ours);
	struct target target;
	struct str label;

	if (redirect_target(request->arena, reply, ours, &target) != OK) {
		add_refusal(out, request->arena, words, &broken);
		return;
	}
	/* A reader can read a selector; it is not percent-encoded. */
	label = target.type == 'h' ? reply->text : target.selector;
	add_small_menu(out, request->arena, words_text(words, WORD_MOVED),
	    utf8_cut(label, MENU_TEXT_MAX / 4), &target);
}

static bool
asks_for_caps(const struct request *request)
{
	return request->path.count == 1 && !request->path.folder &&
	    str_equal(request->path.segment[0], STR("caps.txt"));
}

/*
 * Blocks become a menu (page/ has set the targets of links), or wrapped text if
 * the reply is a document. Bytes stay as they are. A prompt becomes a menu with
 * the search item that takes the answer, a redirect a menu with the new
 * address, a refusal an error item (RFC 1436, type 3). If the site has no
 * caps.txt, ours is sent.
 */
static void
gopher_reply(struct buf *out, const struct request *request,
    const struct reply *reply, const struct wire_host *ours)
{
	switch (reply->type) {
	case REPLY_BLOCKS:
		if (reply->document)
			write_plain(
			    out, &reply->blocks, &wire_gopher.protocol.plain);
		else
			write_menu(out, &reply->blocks);
		break;
	case REPLY_BYTES:
		buf_str(out, reply->bytes);
		break;
	case REPLY_FILE:
		break;
	case REPLY_PROMPT:
		add_prompt(out, request, reply, ours);
		break;
	case REPLY_REDIRECT:
		add_redirect(out, request, reply, ours);
		break;
	case REPLY_REFUSAL:
		if (reply->refusal == REFUSAL_MISSING && asks_for_caps(request))
			gopher_add_caps(out, ours);
		else
			add_refusal(out, request->arena,
			    wire_words(reply, ours), reply);
		break;
	}
}

/* ---- the row -------------------------------------------------------- */

const struct wire wire_gopher = {.tls = WIRE_TLS_SNIFFED,
    .protocol = {.name = "gopher",
	.title = "Gopher",
	.port = GOPHER_PORT,
	/* Bytes of selector, TAB and words. Past it: an error item. (own: RFC
	 * 1436 allows a selector 255; "URL:" selectors are longer) */
	.line_max = 4096,
	.menus = true,
	.input_apart = true,
	/* Some clients end the text at a line that begins with ".", so such a
	 * line is guarded. No final "." is sent: the connection ends the text,
	 * and most clients would show the "." as part of it. */
	.plain = {.columns = GOPHER_COLUMNS,
	    .line_end = {"\r\n", 2},
	    .guard_dots = true}},
    .any_end_is_end = true,
    .input_max = 512, /* bytes of words. Past it: an error item. (own) */
    .request = gopher_request,
    .line_of_url = line_of_url,
    .reply = gopher_reply};
