/* SPDX-License-Identifier: ISC */
/* Running a compiled page: SQL rows fill holes, holes make blocks. */
#ifndef GUIJU_PAGE_RUN_RUN_H
#define GUIJU_PAGE_RUN_RUN_H

#include "page/run/site_parts.h"
#include "page/request.h"
#include "page/compile/route.h"

/*
 * Run match->page for the request. The whole run is one transaction: a read
 * transaction on the reading connection, or, for a page that writes, BEGIN
 * IMMEDIATE on the writing one, committed when the reply is a page or a
 * redirect and rolled back otherwise. It is over when this returns. Never
 * fails: what goes wrong becomes a refusal.
 */
void page_run(struct site *site, const struct match *match,
    const struct request *request, struct reply *reply);

#endif
