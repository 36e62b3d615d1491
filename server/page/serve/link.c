/* SPDX-License-Identifier: ISC */
/* Links: a reference on a page leads to a page, to a file or to another host.
 */
#include "page/serve/internal.h"

#include <unistd.h>

#include "base/file_path.h"
#include "text/media_type.h"
#include "text/selector.h"
#include "base/utf8.h"
#include "page/compile/route.h"
#include "page/run/return_address.h"
#include "page/serve/mime.h"

enum { ADDRESS_MAX = 4096 };

bool
link_is_for(const struct protocol *protocol, const struct page *page)
{
	if (protocol->acts)
		return true;
	if (page->needs_cert)
		return false;
	return !page->writes &&
	    (!page->uploads || (protocol->uploads_input && !page->sealed));
}

/* Can a Gopher client show it as text? HTML is text, too: the type h is taken
 * by links to URLs. */
static bool
is_readable(struct str mime)
{
	const struct str type = str_slice(mime, 0, str_find_byte(mime, ';'));

	return str_starts(type, STR("text/")) ||
	    str_equal(type, STR("application/json")) ||
	    str_equal(type, STR("application/xml")) ||
	    str_ends(type, STR("+json")) || str_ends(type, STR("+xml"));
}

static char
type_of_mime(struct str mime)
{
	if (str_starts(mime, STR("image/gif")))
		return 'g';
	if (str_starts(mime, STR("image/")))
		return 'I';
	if (str_starts(mime, STR("audio/")))
		return 's';
	return is_readable(mime) ? '0' : '9';
}

/* The type follows from the media type, which is found as when the file is
 * served. For a file that does not exist yet, only the name counts. */
static char
type_of_file(
    const struct site *site, struct arena *arena, const struct path *path)
{
	struct str name = path->folder || path->count == 0
	    ? STR("index.gmi")
	    : path->segment[path->count - 1];
	struct str mime = media_type_of_name(name);
	uint64_t size;
	bool is_folder;
	int file;

	if (mime.len == 0 &&
	    (static_open_download(&site->options, path, &file, &size, &name) ==
		    OK ||
		static_open(site->static_folder, path, &file, &size, &name,
		    &is_folder) == OK)) {
		mime = mime_of_file(site->mimes, arena, name, file);
		close(file);
	}
	return type_of_mime(mime);
}

/* A page that gives a file, or is data, has the type of its media type. Where
 * only the data say it, the address tells. */
static char
type_of_page(const struct page *page, const struct path *path)
{
	struct str mime = page->mime;

	if (!page->gives_file && page->format == FORMAT_GEMTEXT)
		return page->document ? '0' : '1';
	if (page->format == FORMAT_GEMTEXT && !page->typed)
		mime = path->folder || path->count == 0
		    ? STR("")
		    : media_type_of_name(path->segment[path->count - 1]);
	return type_of_mime(mime);
}

char
link_item_type(const struct site *site, const struct request *request,
    const struct path *path, bool has_query)
{
	struct match match;

	route_find(&site->map, path, &match);
	switch (match.type) {
	case MATCH_TWIN:
		return link_is_for(request->protocol, match.page) ? '0' : 'h';
	case MATCH_PAGE:
	case MATCH_SLASH:
	case MATCH_LEAF:
		if (!link_is_for(request->protocol, match.page))
			return 'h';
		if ((match.page->asks || match.page->uploads) && !has_query)
			return '7';
		return type_of_page(match.page, path);
	default:
		return type_of_file(site, request->arena, path);
	}
}

/* The common state of finding the targets of one page's links. */
struct linker {
	const struct site *site;
	const struct request *request;
	unsigned port;   /* the public port of the protocol */
	struct str base; /* the page's own path */
	struct buf path, selector, address; /* reused for each link */
};

/* The target of a URL of another host. */
static enum err
foreign_target(const struct linker *linker, struct str text,
    const struct url *url, struct target *out)
{
	const struct site *site = linker->site;
	struct arena *arena = linker->request->arena;
	enum err err;

	out->address = text;
	out->type = 'h';
	if (!linker->request->protocol->menus)
		return OK;
	err = menu_item_of_url(arena, url, out);
	if (err != ERR_MISSING)
		return err;
	out->host = site->host;
	out->port = linker->port;
	out->selector = arena_printf(arena, "URL:%.*s", STR_ARG(text));
	return out->selector.data == NULL ? ERR_NOMEM : OK;
}

/* "//host/x" has the scheme of the protocol that serves every page. */
static enum err
host_target(const struct linker *linker, struct str text, struct target *out)
{
	struct str whole = arena_printf(linker->request->arena, "%s:%.*s",
	    site_main(linker->site)->name, STR_ARG(text));
	struct url url;

	if (whole.data == NULL)
		return ERR_NOMEM;
	if (url_parse(whole, &url) != OK || url.host.len == 0)
		return ERR_INPUT;
	return foreign_target(linker, whole, &url, out);
}

/* Write the whole URL of linker->path to linker->address. */
static void
make_address(struct linker *linker, const struct url *url, char type)
{
	struct buf *address = &linker->address;
	const struct protocol *protocol =
	    type == 'h' ? site_main(linker->site) : linker->request->protocol;

	buf_clear(address);
	buf_printf(address, "%s://%.*s", protocol->name,
	    STR_ARG(site_authority(linker->site, protocol)));
	/* RFC 4266, 2.1 */
	if (protocol->menus) {
		buf_char(address, '/');
		buf_char(address, type);
	}
	buf_str(address, buf_view(&linker->path));
	if (url->has_query) {
		buf_char(address, '?');
		buf_str(address, url->query);
	}
}

static enum err
make_selector(
    struct linker *linker, const struct path *path, const struct url *url)
{
	struct str query;
	enum err err = OK;

	buf_clear(&linker->selector);
	selector_add(&linker->selector, path);
	if (url->has_query) {
		err = url_decode(linker->request->arena, url->query, &query);
		buf_char(&linker->selector, '?');
		/* A selector cannot contain a TAB or a line end. */
		if (err == OK)
			utf8_add_line(&linker->selector, query);
	}
	return err;
}

/* Is it a published nightly file that only the primary has? */
static bool
is_primarys(const struct site *site, const struct path *path)
{
	struct match match;
	struct str name;
	uint64_t size;
	int file;

	if (!site_is_copy(site) ||
	    !static_is_download(site->options.download, path))
		return false;
	route_find(&site->map, path, &match);
	if (match.type != MATCH_NONE)
		return false;
	if (static_open_download(&site->options, path, &file, &size, &name) !=
	    OK)
		return true;
	close(file);
	return false;
}

/* Link to the primary directly. By way of this server, a client would save the
 * menu with the link to the primary as the file. */
static enum err
primary_target(const struct linker *linker, struct target *out)
{
	const struct protocol *protocol = site_main(linker->site);
	struct url url = {.scheme = str_from(protocol->name)};
	struct str whole = arena_printf(linker->request->arena, "%s://%.*s%.*s",
	    protocol->name, STR_ARG(linker->site->primary),
	    STR_ARG(buf_view(&linker->path)));

	return whole.data == NULL ? ERR_NOMEM
				  : foreign_target(linker, whole, &url, out);
}

/* The target of linker->path, a path of this capsule. */
static enum err
own_target(struct linker *linker, const struct url *url, struct target *out)
{
	const struct site *site = linker->site;
	struct arena *arena = linker->request->arena;
	struct path path;
	enum err err = path_parse(arena, buf_view(&linker->path), &path);
	char type;

	if (err != OK)
		return err;
	if (is_primarys(site, &path))
		return primary_target(linker, out);
	type = link_item_type(site, linker->request, &path, url->has_query);
	make_address(linker, url, type);
	if (linker->request->protocol->menus) {
		err = make_selector(linker, &path, url);
		if (err == OK && type == 'h') {
			buf_clear(&linker->selector);
			buf_printf(&linker->selector, "URL:%.*s",
			    STR_ARG(buf_view(&linker->address)));
		}
		if (err == OK)
			err = arena_take(
			    arena, &linker->selector, &out->selector);
	}
	if (err == OK)
		err = arena_take(arena, &linker->address, &out->address);
	if (err != OK)
		return err;
	out->type = type;
	out->host = site->host;
	out->port = linker->port;
	return OK;
}

/* Is it an address to which this server's readers upload? */
static bool
is_for_upload(const struct site *site, const struct url *url)
{
	const char *scheme = site_main(site)->upload_scheme;

	return scheme != NULL &&
	    str_equal_nocase(url->scheme, str_from(scheme));
}

/*
 * Does a whole address lead to an upload that this protocol's readers can make
 * as input? Then *path is its path.
 */
static bool
is_for_input(
    const struct linker *linker, const struct url *url, struct str *path)
{
	const struct site *site = linker->site;
	struct path parsed;
	struct match match;
	struct str place;

	*path = url->path;
	if (!linker->request->protocol->uploads_input || site_is_copy(site) ||
	    !is_for_upload(site, url))
		return false;
	place = arena_printf(linker->request->arena, "%.*s%s%.*s",
	    STR_ARG(url->host), url->port.len > 0 ? ":" : "",
	    STR_ARG(url->port));
	if (place.data == NULL ||
	    !str_equal(place, site_upload_authority(site)) ||
	    str_find_byte(url->path, ';') != SIZE_MAX ||
	    path_parse(linker->request->arena, url->path, &parsed) != OK)
		return false;
	route_find(&site->map, &parsed, &match);
	return match.type == MATCH_PAGE && match.page->uploads &&
	    link_is_for(linker->request->protocol, match.page);
}

/* Fill in a link's target. A wrong address has none and becomes an info line.
 * ERR_NOMEM. */
static enum err
link_target(struct linker *linker, struct block *block)
{
	struct url url;
	struct str path;
	enum err err = url_parse(block->url, &url);

	block->target = (struct target){0};
	if (err == OK && is_for_input(linker, &url, &path)) {
		block->url = path;
		err = url_parse(path, &url);
	}
	if (err == OK && url.scheme.len > 0) {
		err = foreign_target(linker, block->url, &url, &block->target);
	} else if (err == OK && url.has_authority) {
		err = host_target(linker, block->url, &block->target);
	} else if (err == OK) {
		buf_clear(&linker->path);
		path_resolve(&linker->path, linker->base, url.path);
		err = linker->path.err != OK
		    ? linker->path.err
		    : own_target(linker, &url, &block->target);
	}
	/* A page of another protocol needs its whole address. */
	if (err == OK && url.scheme.len == 0 && block->target.type == 'h' &&
	    !linker->request->protocol->menus)
		block->url = block->target.address;
	return err == ERR_NOMEM ? err : OK;
}

enum err
link_targets(const struct site *site, const struct request *request,
    struct blocks *blocks)
{
	struct linker linker = {.site = site,
	    .request = request,
	    .port = services_port(&site->options.services, request->protocol)};
	enum err err;

	buf_init(&linker.path, ADDRESS_MAX);
	buf_init(&linker.selector, ADDRESS_MAX);
	buf_init(&linker.address, ADDRESS_MAX);
	path_add(&linker.path, &request->path);
	err = arena_take(request->arena, &linker.path, &linker.base);
	for (struct block *b = blocks->first; err == OK && b != NULL;
	     b = b->next)
		if (b->type == BLOCK_LINK)
			err = link_target(&linker, b);
	buf_release(&linker.path);
	buf_release(&linker.selector);
	buf_release(&linker.address);
	return err;
}

/* ---- the check ----------------------------------------------------- */

/* Append the address of a page, with ROUTE_WILDCARD for each parameter. */
static void
add_page_pattern(struct buf *out, const struct page *page)
{
	struct str rest =
	    str_slice(page->file, sizeof(CAPSULE_PAGES) - 1, page->file.len);

	for (size_t i = 0; i < rest.len; i++) {
		if (rest.data[i] == '[') {
			buf_char(out, ROUTE_WILDCARD);
			while (i < rest.len && rest.data[i] != ']')
				i++;
		} else {
			buf_char(out, rest.data[i]);
		}
	}
	if (str_ends(buf_view(out), STR("/index.gmi")))
		out->len -= sizeof("index.gmi") - 1;
	else if (str_ends(buf_view(out), STR(".gmi")))
		out->len -= sizeof(".gmi") - 1;
}

/* The path of names of files and folders, which are not encoded. */
static struct path
path_of_names(struct str names)
{
	struct path path = {.folder = str_ends(names, STR("/"))};
	struct str part;

	while (
	    path.count < PATH_SEGMENTS_MAX && str_next_part(&names, '/', &part))
		if (part.len > 0)
			path.segment[path.count++] = part;
	return path;
}

/* Is there such a file? *slash: there is a folder of this name with an index.
 */
static bool
is_file(const struct site *site, struct str names, bool *slash)
{
	struct path path = path_of_names(names);

	if (path.count == 0 && !path.folder)
		return false;
	/* The check cannot know the files of future nightly runs. */
	if (static_is_download(site->options.download, &path))
		return true;
	if (static_exists(site->static_folder, &path))
		return true;
	*slash = !path.folder;
	path.folder = true;
	return *slash && static_exists(site->static_folder, &path);
}

static bool
is_answered(const struct site *site, struct str pattern,
    const struct page **page, bool *slash)
{
	*page = route_could_find(&site->map, pattern, slash);
	if (*page != NULL)
		return true;
	/* A hole may stand for a file's name, so static/ must exist. */
	if (str_find_byte(pattern, ROUTE_WILDCARD) != SIZE_MAX)
		return str_starts(pattern, STR("/")) &&
		    str_find_byte(pattern, ROUTE_WILDCARD) > 1 &&
		    site->static_folder >= 0;
	return is_file(site, pattern, slash);
}

static const char wildcard[] = {ROUTE_WILDCARD};
#define WILD ((struct str){wildcard, sizeof(wildcard)})

/* The address of a link or redirect, for the check. */
struct reference {
	struct buf text;    /* holes as ROUTE_WILDCARD */
	struct buf shown;   /* holes as {} */
	struct buf example; /* holes as a letter */
	bool sealed, from_data;
	bool returns; /* it has {from} */
	bool ours;    /* it has {host}, which is this server at any port */
	bool uploads; /* readers upload to it */
	bool edits;   /* they ask for the text first */
};

/* {host} behind "scheme://" is this server. */
static bool
is_own_host(const struct piece *piece, const struct buf *before)
{
	return piece->slot == BUILTIN_HOST && piece->filter == FILTER_NONE &&
	    str_ends(buf_view(before), STR("://"));
}

static void
read_reference(
    const struct site *site, struct reference *r, const struct piece *pieces)
{
	*r = (struct reference){0};
	buf_init(&r->text, ADDRESS_MAX);
	buf_init(&r->shown, ADDRESS_MAX);
	buf_init(&r->example, ADDRESS_MAX);
	for (const struct piece *p = pieces; p != NULL; p = p->next) {
		const bool own = is_own_host(p, &r->text);
		const bool hole = p->slot >= 0 && !own;
		const struct str literal = own ? site->host : p->literal;

		buf_str(&r->text, hole ? WILD : literal);
		buf_str(&r->shown, hole ? STR("{}") : literal);
		buf_str(&r->example, hole ? STR("x") : literal);
		r->sealed |= p->filter == FILTER_SEAL;
		r->from_data |= p->filter == FILTER_URL;
		r->returns |= p->filter == FILTER_FROM;
		r->ours |= own;
	}
}

static void
release_reference(struct reference *r)
{
	buf_release(&r->text);
	buf_release(&r->shown);
	buf_release(&r->example);
}

/* Append the path that a reference on a page leads to, decoded. */
static enum err
add_pattern(struct buf *out, const struct page *from, struct str reference)
{
	struct arena *arena = arena_new(4 * ADDRESS_MAX);
	struct buf base, names;
	struct str part, name;
	enum err err = arena == NULL ? ERR_NOMEM : OK;

	reference = str_slice(reference, 0, str_find_byte(reference, '#'));
	reference = str_slice(reference, 0, str_find_byte(reference, '?'));
	buf_init(&base, ADDRESS_MAX);
	buf_init(&names, ADDRESS_MAX);
	while (err == OK && str_next_part(&reference, '/', &part)) {
		err = url_decode(arena, part, &name);
		if (err != OK)
			break;
		/* Only a parameter can take a segment with a slash. */
		buf_str(
		    &names, str_find_byte(name, '/') == SIZE_MAX ? name : WILD);
		if (reference.data != NULL)
			buf_char(&names, '/');
	}
	add_page_pattern(&base, from);
	path_resolve(out, buf_view(&base), buf_view(&names));
	if (err == OK)
		err = names.err != OK ? names.err : base.err;
	buf_release(&names);
	buf_release(&base);
	arena_free(arena);
	return err == OK ? out->err : err;
}

/* The segment of a path that stands where the page has its folder [from]. */
static struct str
segment_of_return(const struct page *page, struct str path)
{
	struct str rest = page->file, name, segment = {"", 0};

	(void)str_next_part(&rest, '/', &name); /* "pages" */
	(void)str_next_part(&path, '/', &segment);
	while (str_next_part(&rest, '/', &name) &&
	    str_next_part(&path, '/', &segment))
		if (str_starts(name, STR("[" FROM_NAME "]")))
			break;
	return segment;
}

/* Does a reference to a page below a folder [from] say where its reader comes
 * back to? */
static void
check_return(const struct node *node, const struct reference *r,
    const struct page *page, struct str pattern, struct findings *findings)
{
	struct str segment;

	if (r->returns && (page == NULL || !page->returns))
		findings_add(findings, node->file, node->line,
		    "{from} in the address of a page that is not below a "
		    "folder [" FROM_NAME "]");
	if (page == NULL || !page->returns)
		return;
	segment = segment_of_return(page, pattern);
	if (str_find_byte(segment, ROUTE_WILDCARD) == SIZE_MAX &&
	    !str_equal(segment, STR(RETURN_NOWHERE)))
		findings_add(findings, node->file, node->line,
		    "leads below a folder [" FROM_NAME "]; write {from} in "
		    "its place, or " RETURN_NOWHERE " for no way back");
}

/* Is it an address of this server in a protocol whose URLs hold our paths? A
 * gopher URL holds an item type as well. Uploads have the port of the protocol
 * that serves every page. any_port: its host is this server, whatever the
 * port. */
static bool
is_own_address(const struct site *site, const struct url *url, bool any_port)
{
	for (size_t i = 0; i < site->options.services.count; i++) {
		const struct service *s = &site->options.services.item[i];
		int64_t port = s->protocol->port;
		const bool sound = url->port.len == 0 ||
		    str_to_int(url->port, 1, UINT16_MAX, &port) == OK;
		const bool served = str_equal_nocase(url->scheme,
					str_from(s->protocol->name)) ||
		    (i == 0 && is_for_upload(site, url));

		if (!s->protocol->menus && served &&
		    (any_port || (sound && s->port == port)) &&
		    str_equal_nocase(url->host, site->host))
			return true;
	}
	return false;
}

/* The path of "scheme://host/path". */
static struct str
path_behind_host(struct str text)
{
	text = str_slice(text, str_find(text, STR("://")) + 3, text.len);
	text = str_slice(text, str_find_byte(text, '/'), text.len);
	return text.len == 0 ? STR("/") : text;
}

/* Cut the parameter of a reference for uploads, which may be ";edit". */
static void
cut_parameter(
    const struct node *node, struct reference *r, struct findings *findings)
{
	const struct str text = buf_view(&r->text);
	const size_t mark = str_find_byte(text, ';');

	if (!r->uploads || mark == SIZE_MAX)
		return;
	r->edits = str_equal(str_slice(text, mark, text.len), STR(";edit"));
	if (!r->edits)
		findings_add(findings, node->file, node->line,
		    "of the parameters of an upload only ;edit stands in a "
		    "link, at its end");
	r->text.len = mark;
}

/* Check that a reference for uploads leads to a page that takes them. */
static void
check_upload(const struct node *node, const struct reference *r,
    const struct page *page, struct findings *findings)
{
	if (!r->uploads)
		return;
	if (page == NULL || !page->uploads)
		findings_add(findings, node->file, node->line,
		    "leads to a page without %% upload");
	else if (r->edits && !page->edits)
		findings_add(findings, node->file, node->line,
		    "leads to a page without %% edit");
	if (str_find_byte(buf_view(&r->text), '?') != SIZE_MAX)
		findings_add(findings, node->file, node->line,
		    "the address of an upload has no query");
	if (str_find_byte(buf_view(&r->text), '#') != SIZE_MAX)
		findings_add(findings, node->file, node->line,
		    "the address of an upload has no fragment");
}

/* Check a reference to a path of this capsule. */
static void
check_place(const struct site *site, const struct node *node,
    const struct reference *r, struct str pattern, struct findings *findings)
{
	struct str shown = buf_view(&r->shown);
	const struct page *page = NULL;
	bool slash;

	if (!is_answered(site, pattern, &page, &slash)) {
		findings_add(findings, node->file, node->line,
		    "no page or file answers `%.*s`", STR_ARG(shown));
		return;
	}
	if (slash)
		findings_add(findings, node->file, node->line,
		    "`%.*s` is a folder: its address ends in /",
		    STR_ARG(shown));
	if (page != NULL && page->sealed && !r->sealed)
		findings_add(findings, node->file, node->line,
		    "leads to a page that writes; its address must end in "
		    "{seal}");
	if (r->sealed && (page == NULL || !page->sealed))
		findings_add(findings, node->file, node->line,
		    "{seal} at the end of an address that takes no seal");
	check_return(node, r, page, pattern, findings);
	check_upload(node, r, page, findings);
}

static void
check_address(const struct site *site, const struct page *from,
    const struct node *node, struct findings *findings)
{
	struct reference r;
	struct buf pattern;
	struct url url;

	read_reference(site, &r, node->address);
	r.uploads = node->uploads;
	cut_parameter(node, &r, findings);
	buf_init(&pattern, ADDRESS_MAX);
	if (r.from_data) {
		/* The data decide, so nothing can be checked. */
	} else if (url_parse(buf_view(&r.example), &url) != OK ||
	    add_pattern(&pattern, from, buf_view(&r.text)) != OK) {
		findings_add(findings, node->file, node->line,
		    "`%.*s` is not an address", STR_ARG(buf_view(&r.shown)));
	} else if (url.scheme.len == 0 && !url.has_authority) {
		check_place(site, node, &r, buf_view(&pattern), findings);
	} else if (node->type == NODE_GO) {
		findings_add(findings, node->file, node->line,
		    "a redirect leads to a path of this capsule");
	} else if (url.has_authority && url.host.len == 0) {
		findings_add(findings, node->file, node->line,
		    "`%.*s` names no host", STR_ARG(buf_view(&r.shown)));
	} else if (is_own_address(site, &url, r.ours)) {
		r.uploads = is_for_upload(site, &url);
		cut_parameter(node, &r, findings);
		buf_clear(&pattern);
		if (add_pattern(&pattern, from,
			path_behind_host(buf_view(&r.text))) == OK)
			check_place(
			    site, node, &r, buf_view(&pattern), findings);
	} else if (r.sealed) {
		findings_add(findings, node->file, node->line,
		    "{seal} is good for this server, and `%.*s` is another",
		    STR_ARG(buf_view(&r.shown)));
	}
	release_reference(&r);
	buf_release(&pattern);
}

static void
check_nodes(const struct site *site, const struct page *page,
    const struct node *node, struct findings *findings)
{
	for (; node != NULL; node = node->next) {
		if (node->address != NULL || node->uploads)
			check_address(site, page, node, findings);
		check_nodes(site, page, node->body, findings);
		check_nodes(site, page, node->otherwise, findings);
	}
}

/* The label of a link, with "..." for each hole. Empty: out of memory. */
static struct str
label_of(struct arena *arena, const struct node *node, bool *whole)
{
	struct str label = STR("");
	struct buf text;

	buf_init(&text, ADDRESS_MAX);
	*whole = true;
	for (const struct piece *p = node->pieces; p != NULL; p = p->next) {
		*whole &= p->slot < 0;
		buf_str(&text, p->slot < 0 ? p->literal : STR("..."));
	}
	if (arena_take(arena, &text, &label) != OK)
		label = STR("");
	buf_release(&text);
	return label;
}

/* The page that a link with {seal} leads to; NULL: none. */
static struct page *
sealed_target(
    const struct site *site, const struct page *from, const struct node *node)
{
	const struct piece *seal = node->address;
	struct page *page = NULL;
	struct reference r;
	struct buf pattern;
	bool slash;

	while (seal != NULL && seal->filter != FILTER_SEAL)
		seal = seal->next;
	if (seal == NULL) /* as most links */
		return NULL;
	read_reference(site, &r, node->address);
	buf_init(&pattern, ADDRESS_MAX);
	if (add_pattern(&pattern, from, buf_view(&r.text)) == OK)
		page = route_could_find(&site->map, buf_view(&pattern), &slash);
	release_reference(&r);
	buf_release(&pattern);
	return page != NULL && page->sealed ? page : NULL;
}

static void
name_acts(
    const struct site *site, const struct page *from, const struct node *node)
{
	for (; node != NULL; node = node->next) {
		/* An upload is another way to the act, and no name of it. */
		struct page *page = node->address != NULL && !node->uploads
		    ? sealed_target(site, from, node)
		    : NULL;
		struct str label;
		bool whole;

		if (page != NULL && !page->act_differs) {
			label = label_of(site->arena, node, &whole);
			page->act_differs =
			    page->act.len > 0 && !str_equal(page->act, label);
			page->act = page->act_differs ? STR("") : label;
			page->act_is_whole = whole;
		}
		name_acts(site, from, node->body);
		name_acts(site, from, node->otherwise);
	}
}

void
link_name_acts(const struct site *site)
{
	for (const struct page *p = site->map.pages; p != NULL; p = p->next)
		name_acts(site, p, p->first);
}

/* Is there a static file with the page's address? It would never be served. */
static void
check_hidden(
    const struct site *site, const struct page *page, struct findings *findings)
{
	struct buf names;
	struct path path;

	if (page->parameter_count > 0)
		return;
	buf_init(&names, ADDRESS_MAX);
	add_page_pattern(&names, page);
	path = path_of_names(buf_view(&names));
	if (names.err == OK && static_exists(site->static_folder, &path))
		findings_add(findings, page->file, 0,
		    "answers the same address as static%.*s",
		    STR_ARG(buf_view(&names)));
	buf_release(&names);
}

void
link_check(
    const struct site *site, const struct page *page, struct findings *findings)
{
	check_nodes(site, page, page->first, findings);
	check_hidden(site, page, findings);
}
