/* SPDX-License-Identifier: ISC */
/*
 * Where a redirect leads, and what becomes of an address that nothing
 * answers. Private to page/.
 */
#ifndef GUIJU_PAGE_SERVE_LEAD_H
#define GUIJU_PAGE_SERVE_LEAD_H

#include "page/run/site_parts.h"
#include "page/request.h"
#include "page/compile/route.h"

/* dispatch.c: answer a request by the page, file or address that *match says;
 * no redirect is followed. */
void dispatch_path(struct site *site, const struct match *match,
    const struct request *request, struct reply *reply);
/* dispatch.c: what answers this path; a static file wins over a page's twin. */
void dispatch_find(
    const struct site *site, const struct path *path, struct match *match);

/* Make *request one for the target of a redirect. false: the target is no
 * address of ours that could be asked for. */
bool lead_request(struct request *request, struct str target);

/*
 * The capsule's pages/_missing.gmi is asked about an address that nothing
 * answers, or whose page says missing or gone: a redirect that it gives is the
 * reply if something answers there, a refusal's sentence if *reply has none.
 * What it shows otherwise stays with the refusal, for a protocol whose
 * refusals can have links below them.
 */
void lead_missing(struct site *site, const struct match *match,
    const struct request *request, struct reply *reply);

/*
 * Clients keep a permanent redirect. One that leads to nothing becomes the
 * refusal that stands there; one whose end cannot be told is not permanent.
 */
void lead_check(
    struct site *site, const struct request *request, struct reply *reply);

#endif
