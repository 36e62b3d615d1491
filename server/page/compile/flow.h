/* SPDX-License-Identifier: ISC */
/* Ways through a page: what is never reached, what is asked twice. */
#ifndef GUIJU_PAGE_COMPILE_FLOW_H
#define GUIJU_PAGE_COMPILE_FLOW_H

#include "page/compile/page.h"

/*
 * Tell of nodes that nothing reaches, because % go, % moved or % fail stands
 * above them in each case; of a second % ask on one way through the page; and
 * of an % if in which nothing stands.
 */
void flow_check(const struct page *page, struct findings *findings);

#endif
