/* SPDX-License-Identifier: ISC */
/* Where the links of a page lead: for the check, and for the readers that
 * cannot be shown a relative reference. */
#ifndef GUIJU_PAGE_SERVE_LINK_H
#define GUIJU_PAGE_SERVE_LINK_H

#include "page/run/site_parts.h"
#include "page/request.h"

/*
 * Fill in the target of each link of a reply: the item that it becomes
 * (for a menu) and its whole address (for plain text and documents).
 * The server knows its own map: a page that asks is type 7, a document 0, a
 * file what its type is, another host's URL an h item with "URL:", a page
 * that the protocol cannot have an h item with its address elsewhere.
 */
enum err link_targets(const struct site *site, const struct request *request,
    struct blocks *blocks) MUST_CHECK;

/*
 * Tell of links and redirects in a page that lead to an address of this
 * capsule which nothing answers, of {seal} where no page wants one, and of a
 * static file that the page hides.
 */
void link_check(const struct site *site, const struct page *page,
    struct findings *findings);

/* The item type (RFC 1436) of one of our own paths; 'h': not for the protocol
 * of the request. Of a file it is what its media type says. The request's
 * arena is for scratch. */
char link_item_type(const struct site *site, const struct request *request,
    const struct path *path, bool has_query);

/* May it have this page? */
bool link_is_for(const struct protocol *protocol, const struct page *page);

#endif
