/* SPDX-License-Identifier: ISC */
/*
 * What a page shows: lines with filled holes, stored texts, raw lines. A value
 * is only data. It cannot add a line, change the kind of a link, or turn a path
 * into an address of another host.
 */
#include "page/run/internal.h"

#include "base/limits.h"
#include "page/run/notice.h"
#include "page/run/return_address.h"
#include "text/block.h"
#include "text/escape.h"
#include "text/reference.h"

struct str
run_fill(struct run *run, const struct piece *pieces)
{
	buf_clear(&run->line);
	template_fill(&run->line, pieces, run->slots, FILL_LINE);
	return buf_view(&run->line);
}

void
show_primary_address(
    const struct site *site, const struct request *request, struct buf *out)
{
	const struct protocol *protocol = site_main(site);

	buf_clear(out);
	buf_printf(out, "%s://%.*s", protocol->name, STR_ARG(site->primary));
	path_add(out, &request->path);
	if (request->has_input &&
	    out->len + 1 + request->query.len <= protocol->line_max)
		buf_printf(out, "?%.*s", STR_ARG(request->query));
}

/* The path of an address that names this server, or that is a path alone. */
static struct str
path_of_own(struct str address)
{
	struct url url;

	return url_parse(address, &url) == OK && url.has_authority ? url.path
								   : address;
}

/* Add a seal to run->address, which holds the seal's folder. A page and a
 * request may spell one folder in different ways, so the seal is made for the
 * spelling of path_add(). */
static void
add_seal(struct run *run)
{
	struct seal_scope scope;
	struct path path;
	struct buf said, folder;
	enum err err;

	buf_init(&said, TEXT_MAX);
	buf_init(&folder, TEXT_MAX);
	path_resolve(&said, run->path, path_of_own(buf_view(&run->address)));
	err = said.err != OK
	    ? said.err
	    : path_parse(run->request->arena, buf_view(&said), &path);
	if (err == OK) {
		path_add(&folder, &path);
		err = folder.err;
	}
	scope =
	    run_seal_scope(run, buf_view(&folder), run->site->seal_keys.link);
	if (err == OK)
		seal_add(&run->address, &scope);
	else
		run->address.err = err;
	buf_release(&said);
	buf_release(&folder);
}

/*
 * The address that a reader comes back to. It never acts: a seal is left out,
 * so a sealed page offers its act anew. query: with the reader's words.
 */
static enum err
make_return(const struct run *run, bool query, struct buf *out)
{
	struct path path = run->request->path;

	if (run->page->sealed)
		path.segment[path.count - 1] = STR(RETURN_NOWHERE);
	path_add(out, &path);
	if (query)
		buf_printf(out, "?%.*s", STR_ARG(run->request->query));
	return out->err;
}

struct str
run_own_return(const struct run *run)
{
	for (size_t i = 0; i < run->page->parameter_count; i++)
		if (str_equal(run->page->parameters[i], STR(FROM_NAME)))
			return run->match->parameters[i];
	return STR("");
}

void
run_add_return(struct run *run, struct buf *out)
{
	const unsigned char *secret = run->site->seal_keys.link;
	/* Words behind a seal are an act's, and a secret is used once. */
	bool query = !run->page->sealed && !run->reply->secret &&
	    run->request->query.len > 0;
	struct buf address;
	enum err err;

	if (run->page->returns) {
		url_add_segment(out, run_own_return(run));
		return;
	}
	buf_init(&address, TEXT_MAX);
	err = make_return(run, query, &address);
	if (err == OK)
		err = return_address_add(out, secret, buf_view(&address));
	if (err == ERR_LIMIT && query) {
		buf_clear(&address);
		err = make_return(run, false, &address);
		if (err == OK)
			err =
			    return_address_add(out, secret, buf_view(&address));
	}
	if (err == ERR_LIMIT)
		buf_text(out, RETURN_NOWHERE);
	else if (err != OK && out->err == OK)
		out->err = err;
	buf_release(&address);
}

/* Has an empty value turned a path into the address of a host ("//...")? */
static bool
became_host(const struct run *run, const struct piece *pieces)
{
	return str_starts(buf_view(&run->address), STR("//")) &&
	    pieces->filter != FILTER_URL &&
	    (pieces->slot >= 0 || !str_starts(pieces->literal, STR("//")));
}

/* Add an address from data: a URL, a host ("//host/x") or a path of ours. */
static bool
add_stored(struct run *run, const struct value *value)
{
	struct str mended;
	struct url url;
	enum err err;

	if (value->type != VALUE_TEXT)
		return false;
	err = reference_stored(run->request->arena, value->text, &mended);
	if (err == ERR_NOMEM)
		run->address.err = err;
	if (err != OK || url_parse(mended, &url) != OK)
		return false;
	if (url.scheme.len == 0 && !str_starts(mended, STR("/")))
		return false;
	buf_str(&run->address, mended);
	return true;
}

bool
run_fill_address(struct run *run, const struct piece *pieces)
{
	enum address_part part = PART_FIRST;

	buf_clear(&run->address);
	for (const struct piece *p = pieces; p != NULL; p = p->next) {
		if (p->slot < 0) {
			buf_str(&run->address, p->literal);
			if (str_find_byte(p->literal, '?') != SIZE_MAX)
				part = PART_QUERY;
			else if (part == PART_FIRST &&
			    str_find_byte(p->literal, '/') != SIZE_MAX)
				part = PART_SEGMENT;
		} else if (p->filter == FILTER_SEAL &&
		    site_is_copy(run->site)) {
			/* Only the primary takes seals, so a link of a replica
			 * leads to this page of the primary, which has the link
			 * with a seal. */
			show_primary_address(
			    run->site, run->request, &run->address);
			return true;
		} else if (p->filter == FILTER_SEAL) {
			add_seal(run);
		} else if (p->filter == FILTER_FROM) {
			run_add_return(run, &run->address);
		} else if (p->filter == FILTER_URL) {
			if (!add_stored(run, &run->slots[p->slot]))
				return false;
		} else {
			template_add_address(
			    &run->address, &run->slots[p->slot], part);
		}
	}
	return pieces == NULL || !became_host(run, pieces);
}

/* Show a link that has no usable address as text: the label, and an address
 * that came from data. So nothing that is stored is lost. */
static void
show_unlinked(struct run *run, const struct node *node, struct str label)
{
	const struct piece *address = node->address;
	const bool stored = address != NULL && address->slot >= 0 &&
	    address->filter == FILTER_URL &&
	    run->slots[address->slot].type == VALUE_TEXT;

	if (stored)
		blocks_unlinked(
		    &run->blocks, run->slots[address->slot].text, label);
	else if (label.len > 0)
		blocks_text(&run->blocks, label);
}

/* Make of run->address, a path, the whole address that readers upload to. */
static void
lead_to_upload(struct run *run)
{
	const struct str authority = site_upload_authority(run->site);
	struct buf path;

	buf_init(&path, TEXT_MAX);
	path_resolve(&path, run->path, buf_view(&run->address));
	buf_clear(&run->address);
	buf_printf(&run->address, "%s://%.*s%.*s",
	    site_main(run->site)->upload_scheme, STR_ARG(authority),
	    STR_ARG(buf_view(&path)));
	if (path.err != OK && run->address.err == OK)
		run->address.err = path.err;
	buf_release(&path);
}

static bool
fill_link(struct run *run, const struct node *node)
{
	if (!run_fill_address(run, node->address) || run->address.err != OK)
		return false;
	/* A replica leads to the primary's page instead of making a seal. */
	if (node->uploads &&
	    str_find(buf_view(&run->address), STR("://")) == SIZE_MAX)
		lead_to_upload(run);
	return run->address.err == OK;
}

void
show_line(struct run *run, const struct node *node)
{
	struct blocks *blocks = &run->blocks;
	struct str text = run_fill(run, node->pieces);
	bool linked = node->block == BLOCK_LINK && fill_link(run, node);

	if (node->uploads && !site_takes_uploads(run->site))
		return;
	switch (node->block) {
	case BLOCK_LINK:
		if (linked)
			blocks_link(blocks, buf_view(&run->address), text);
		else
			show_unlinked(run, node, text);
		break;
	case BLOCK_HEADING:
		blocks_heading(blocks, node->level, text);
		break;
	case BLOCK_ITEM:
		blocks_item(blocks, text);
		break;
	case BLOCK_QUOTE:
		blocks_quote(blocks, text);
		break;
	default:
		blocks_text(blocks, text);
		break;
	}
	if (run->line.err != OK && blocks->err == OK)
		blocks->err = run->line.err;
	/* A wrong address becomes text. But if making the address failed, the
	 * page fails. */
	if (node->block == BLOCK_LINK && blocks->err == OK &&
	    (run->address.err == ERR_NOMEM || run->address.err == ERR_IO))
		blocks->err = run->address.err;
}

void
show_stored(struct run *run, const struct node *node)
{
	struct value *value = &run->slots[node->slot];
	struct str text = value->text;

	if (value->type == VALUE_NULL)
		return;
	if (value->type != VALUE_TEXT)
		text = run_fill(run, node->pieces);
	if (node->filter == FILTER_GEMTEXT)
		read_gemtext(&run->blocks, text, node->level);
	else if (node->filter == FILTER_QUOTE)
		read_quote(&run->blocks, text);
	else
		read_plain(&run->blocks, text);
}

void
show_raw(struct run *run, const struct node *node)
{
	static const enum fill fills[] = {[FORMAT_GEMTEXT] = FILL_LINE,
	    [FORMAT_TEXT] = FILL_LINE,
	    [FORMAT_XML] = FILL_XML,
	    [FORMAT_CSV] = FILL_CSV,
	    [FORMAT_JSON] = FILL_JSON,
	    [FORMAT_CONTENT] = FILL_CONTENT};
	const enum fill fill = fills[run->page->format];

	if (fill != FILL_CONTENT) {
		template_fill(&run->raw, node->pieces, run->slots, fill);
		buf_char(&run->raw, '\n');
		return;
	}
	buf_clear(&run->line);
	template_fill(&run->line, node->pieces, run->slots, fill);
	if (run->line.err != OK && run->raw.err == OK)
		run->raw.err = run->line.err;
	content_line_add(&run->raw, buf_view(&run->line));
}

/* Forget a notice before it is shown, so that it is shown once. A database that
 * is busy or full does no harm: the notice is shown, perhaps once more. */
static bool
claim(const struct run *run)
{
	enum { WAIT_MS = 20 };
	sqlite3 *writer = store_writer(run->site->store);
	enum err err;

	sqlite3_busy_timeout(writer, WAIT_MS);
	err = notice_forget(run->site, run->request->notice);
	sqlite3_busy_timeout(writer, LIMIT_WRITE_WAIT_MS);
	if (err != OK && err != ERR_MISSING)
		run_give_up_if_doubtful(run->site);
	return err != ERR_MISSING;
}

void
show_notice(struct run *run)
{
	struct site *site = run->site;
	struct blocks *page = &run->reply->blocks, above;
	struct str text;

	if (store_writer(site->store) == NULL ||
	    notice_find(site, run->request->arena, run->request->notice,
		run->cert, &text) != OK)
		return;
	blocks_init(&above, run->request->arena, LIMIT_PAGE_BYTES);
	blocks_text(&above, text);
	blocks_text(&above, STR(""));
	if (above.err != OK || !claim(run))
		return;
	*above.end = page->first;
	page->first = above.first;
}
