/* SPDX-License-Identifier: ISC */
/*
 * Fixed pages of the Gopher port.
 *
 * HTTP: a foreign web page can make a browser send a POST to port 70. So a line
 * that begins like HTTP never reaches the router, and the answer repeats
 * nothing of it.
 *
 * "URL:" selectors: by custom (Goerzen, "Links to URL", 2002) the page forwards
 * the browser to the address. Our page never does. This file does not know
 * which addresses the portal has published, and a page that forwards to any
 * address would let anybody use our name: gopher://us/hURL:... The reader sees
 * where the link leads and follows the link by hand.
 */
#include "wire/internal.h"

#include "base/utf8.h"
#include "text/escape.h"

enum { PAGE_MAX = 64 * 1024 };

bool
gopher_is_http(struct str line)
{
	static const char *const methods[] = {"GET ", "HEAD ", "POST ", "PUT ",
	    "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE ", "PRI "};

	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (str_starts(line, str_from(methods[i])))
			return true;
	return false;
}

static void
begin_html(struct buf *out, struct str title)
{
	buf_text(out,
	    "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">\n"
	    "<html><head><meta http-equiv=\"Content-Type\" "
	    "content=\"text/html; charset=utf-8\">\n"
	    "<title>");
	markup_add(out, title);
	buf_text(out, "</title></head><body>\n<h1>");
	markup_add(out, title);
	buf_text(out, "</h1>\n");
}

static void
add_link(struct buf *out, struct str url)
{
	buf_text(out, "<p><a href=\"");
	markup_add(out, url);
	buf_text(out, "\">");
	markup_add(out, url);
	buf_text(out, "</a></p>\n");
}

static void
add_own_link(struct buf *out, const struct service *service, struct str host)
{
	struct buf url;

	buf_init(&url, PAGE_MAX);
	wire_add_origin(&url, service->protocol->name, host, service->port,
	    service->protocol->port);
	buf_char(&url, '/');
	add_link(out, buf_view(&url));
	buf_release(&url);
}

static enum err
take_html(struct arena *arena, struct buf *page, struct reply *reply)
{
	struct str bytes;
	enum err err = arena_take(arena, page, &bytes);

	buf_release(page);
	if (err != OK)
		return ERR_NOMEM;
	*reply = (struct reply){.type = REPLY_BYTES,
	    .mime = STR("text/html; charset=utf-8"),
	    .bytes = bytes,
	    .file = -1};
	return OK;
}

enum err
gopher_answer_http(
    struct arena *arena, const struct wire_host *ours, struct reply *reply)
{
	const struct str protocol = str_from(wire_gopher.protocol.title);
	struct buf body, page;

	buf_init(&body, PAGE_MAX);
	begin_html(
	    &body, words_fill(ours->words, arena, WORD_NO_HTTP, &protocol));
	buf_text(&body, "<p>");
	markup_add(&body, words_text(ours->words, WORD_NO_HTTP_USE));
	buf_text(&body, "</p>\n");
	for (size_t i = 0; i < ours->services.count; i++)
		if (ours->services.item[i].port != 0)
			add_own_link(
			    &body, &ours->services.item[i], ours->host);
	buf_text(&body, "</body></html>\n");
	buf_init(&page, PAGE_MAX);
	buf_printf(&page,
	    "HTTP/1.0 400 Bad Request\r\n"
	    "Content-Type: text/html; charset=utf-8\r\n"
	    "Connection: close\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    body.len);
	buf_str(&page, buf_view(&body));
	if (body.err != OK)
		page.err = body.err;
	buf_release(&body);
	return take_html(arena, &page, reply);
}

/* Could a menu of ours lead to this address by "URL:"? */
static bool
may_be_shown(struct str text)
{
	struct url url;

	if (!url_is_allowed(text) || url_parse(text, &url) != OK)
		return false;
	/* Menus have items of other types for these. */
	if (str_equal_nocase(url.scheme, STR("gopher")) ||
	    str_equal_nocase(url.scheme, STR("telnet")))
		return false;
	/* A user name before the host can only hide the host, except in the
	 * addresses of messages. */
	return !url.has_userinfo ||
	    str_equal_nocase(url.scheme, STR("misfin")) ||
	    str_equal_nocase(url.scheme, STR("sip")) ||
	    str_equal_nocase(url.scheme, STR("sips")) ||
	    str_equal_nocase(url.scheme, STR("xmpp"));
}

enum err
gopher_answer_url(struct arena *arena, const struct wire_host *ours,
    struct str url, struct reply *reply)
{
	const struct str protocol = str_from(wire_gopher.protocol.title);
	struct buf page;

	if (!may_be_shown(url))
		return ERR_INPUT;
	buf_init(&page, PAGE_MAX);
	begin_html(
	    &page, words_fill(ours->words, arena, WORD_LEADS_OUT, &protocol));
	add_link(&page, url);
	buf_text(&page, "</body></html>\n");
	return take_html(arena, &page, reply);
}

static void
add_cap(struct buf *out, const char *key, struct str value)
{
	if (value.len == 0)
		return;
	buf_text(out, key);
	utf8_add_line(out, value);
	buf_text(out, "\r\n");
}

void
gopher_add_caps(struct buf *out, const struct wire_host *ours)
{
	/* The keys are spelt as in Bucktooth's caps.txt: clients look for
	 * exactly these. */
	buf_text(out,
	    "CAPS\r\n"
	    "CapsVersion=1\r\n"
	    "ExpireCapsAfter=3600\r\n"
	    "\r\n"
	    "PathDelimeter=/\r\n"
	    "PathIdentity=.\r\n"
	    "PathParent=..\r\n"
	    "PathParentDouble=FALSE\r\n"
	    "PathKeepPreDelimeter=FALSE\r\n"
	    "\r\n"
	    "ServerSoftware=guiju\r\n"
	    "ServerDefaultEncoding=UTF-8\r\n"
	    "DefaultEncoding=utf-8\r\n");
	add_cap(out, "ServerDescription=", ours->description);
	add_cap(out, "ServerAdmin=", ours->admin);
	if (ours->tls)
		buf_printf(out, "ServerTLSPort=%u\r\n",
		    services_port(&ours->services, &wire_gopher.protocol));
}
