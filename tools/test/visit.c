/* SPDX-License-Identifier: ISC */
/*
 * A reader's visit: each step begins where the one before has ended, as in a
 * client, which follows redirects by itself.
 */
#include "tools/test/internal.h"

#include <unistd.h>

#include "base/url.h"

enum { REDIRECTS_MAX = 5, ADDRESS_MAX = 16 * 1024, PIECE = 64 * 1024 };

/* Append the bytes of a file that the reply consists of, and close it. */
static enum err
add_file(struct buf *out, int file)
{
	ssize_t n = 0;

	while (out->err == OK) {
		char *to = buf_reserve(out, PIECE);

		if (to == NULL)
			break;
		n = read(file, to, PIECE);
		if (n <= 0)
			break;
		out->len += (size_t)n;
	}
	close(file);
	return n < 0 ? ERR_IO : out->err;
}

/* A selector has no escape but for what would end a segment: those of a slash
 * and of a percent sign stay escaped in it. */
static void
add_selector(struct buf *out, struct str path)
{
	for (size_t i = 0; i < path.len; i++) {
		const struct str escape = str_slice(path, i, i + 3);

		buf_char(out, path.data[i]);
		if (str_equal_nocase(escape, STR("%2f")) ||
		    str_equal(escape, STR("%25")))
			buf_text(out, "25");
	}
}

/* Set the address to that of a step, a URL or a path. */
static void
set_address(struct visit *visit, struct str text)
{
	struct buf *out = &visit->address;

	buf_clear(out);
	if (!str_starts(text, STR("/"))) {
		buf_str(out, text);
		return;
	}
	buf_printf(out, "%s://%.*s", visit->wire->protocol.name,
	    STR_ARG(visit->asking->ours.host));
	if (visit->wire->protocol.menus) {
		buf_text(out, "/1");
		add_selector(out, text);
	} else {
		buf_str(out, text);
	}
}

/* Put what is typed behind the address that has asked for it. */
static enum err
add_answer(struct visit *visit, struct str answer)
{
	struct buf *out = &visit->address;
	const char *end = visit->wire->protocol.menus ? "%09" : "?";
	size_t at = str_find(buf_view(out), str_from(end));

	if (at != SIZE_MAX)
		out->len = at;
	buf_text(out, end);
	url_add_query(out, answer);
	return out->err;
}

/* Set the address to that of a link. */
static enum err
follow(struct visit *visit, struct str label, struct buf *why)
{
	struct buf target;
	struct url url;
	enum err err;

	buf_init(&target, ADDRESS_MAX);
	err = link_find(visit->wire, buf_view(&visit->reply),
	    buf_view(&visit->address), label, &target, why);
	if (err == OK && url_parse(buf_view(&target), &url) != OK)
		err = ERR_INPUT;
	if (err == OK) {
		buf_clear(&visit->address);
		buf_str(&visit->address, buf_view(&target));
		err = visit->address.err;
	}
	buf_release(&target);
	return err;
}

/* An upload goes to a titan:// address, which this server answers as the page
 * of the same path. Other addresses of other protocols are not asked. */
static enum err
check_scheme(struct visit *visit, const struct step *step, struct buf *why)
{
	static const char titan[] = "titan:";
	const struct str name = str_from(visit->wire->protocol.name);
	struct str address = buf_view(&visit->address);
	const bool uploads =
	    step->action == STEP_UPLOAD || step->action == STEP_EDIT;
	struct buf own;
	struct url url;

	if (url_parse(address, &url) != OK) {
		buf_printf(why, "%.*s is not a URL", STR_ARG(address));
		return ERR_INPUT;
	}
	if (str_equal_nocase(url.scheme, name))
		return OK;
	if (!uploads || !str_starts(address, str_from(titan))) {
		buf_printf(why, "%.*s leads out of %.*s", STR_ARG(address),
		    STR_ARG(str_from(visit->wire->protocol.title)));
		return ERR_INPUT;
	}
	/* The step says what a parameter says. */
	address = str_slice(address, 0, str_find_byte(address, ';'));
	buf_init(&own, ADDRESS_MAX);
	buf_printf(&own, "%s:%.*s", visit->wire->protocol.name,
	    STR_ARG(str_slice(address, sizeof(titan) - 1, address.len)));
	buf_clear(&visit->address);
	buf_str(&visit->address, buf_view(&own));
	buf_release(&own);
	return visit->address.err;
}

/* Ask the address, and append the reply. */
static enum err
ask(struct visit *visit, const struct step *step, bool uploads, struct buf *out,
    struct buf *why)
{
	const struct upload upload = {
	    .body = step->body, .mime = step->mime, .token = STR("")};
	const struct question question = {.address = buf_view(&visit->address),
	    .identity = step->as != NULL && visit->wire->certificates
		? &step->as->identity
		: NULL,
	    .upload = uploads && step->action == STEP_UPLOAD ? &upload : NULL,
	    .edit = uploads && step->action == STEP_EDIT};
	int file = -1;
	enum err err;

	buf_clear(&visit->reply);
	err = asking_ask(visit->asking, &question, &visit->reply, &file);
	if (err == OK && file >= 0)
		err = add_file(&visit->reply, file);
	else if (file >= 0)
		close(file);
	if (err == ERR_INPUT)
		buf_printf(why, "%.*s is not an address",
		    STR_ARG(buf_view(&visit->address)));
	buf_str(out, buf_view(&visit->reply));
	return err == OK ? out->err : err;
}

static enum err
find_address(struct visit *visit, const struct step *step, struct buf *why)
{
	if (step->action == STEP_ASK) {
		set_address(visit, step->text);
		return visit->address.err;
	}
	if (visit->address.len == 0) {
		buf_text(why, "the first step of a visit is an address");
		return ERR_INPUT;
	}
	if (step->action == STEP_ANSWER)
		return add_answer(visit, step->text);
	if (step->action == STEP_RELOAD || step->text.len == 0)
		return OK;
	return follow(visit, step->text, why);
}

enum err
visit_step(struct visit *visit, const struct step *step, struct buf *out,
    struct buf *why)
{
	struct buf target;
	enum err err;

	if (visit->address.max == 0) {
		buf_init(&visit->address, ADDRESS_MAX);
		buf_init(&visit->reply, 4 * ASKING_REPLY_MAX);
	}
	err = find_address(visit, step, why);
	if (err == OK)
		err = check_scheme(visit, step, why);
	if (err == OK)
		err = ask(visit, step, true, out, why);
	buf_init(&target, ADDRESS_MAX);
	for (int i = 0;
	     err == OK && i < REDIRECTS_MAX && step->action != STEP_ASK &&
	     link_of_redirect(visit->wire, buf_view(&visit->reply),
		 buf_view(&visit->address), &target);
	     i++) {
		set_address(visit, buf_view(&target));
		buf_clear(&target);
		err = check_scheme(visit, step, why);
		if (err == OK)
			err = ask(visit, step, false, out, why);
	}
	buf_release(&target);
	return err;
}

void
visit_release(struct visit *visit)
{
	buf_release(&visit->address);
	buf_release(&visit->reply);
}
