/* SPDX-License-Identifier: ISC */
/* Runs a compiled page: rows of SQL fill holes, and lines become blocks. */
#ifndef GUIJU_PAGE_RUN_RUN_H
#define GUIJU_PAGE_RUN_RUN_H

#include "page/run/site_parts.h"
#include "page/request.h"
#include "page/compile/route.h"

/*
 * Run match->page for the request. The whole run is one transaction, which has
 * ended when this function returns. It is a read transaction on the reading
 * connection; for a page that writes, BEGIN IMMEDIATE on the writing
 * connection. It is committed if the reply is a page or a redirect, otherwise
 * rolled back. This function never fails: each error becomes a refusal.
 */
void page_run(struct site *site, const struct match *match,
    const struct request *request, struct reply *reply);

#endif
