/* SPDX-License-Identifier: ISC */
/* Partials that no page includes. */
#ifndef GUIJU_PAGE_COMPILE_PARTIALS_H
#define GUIJU_PAGE_COMPILE_PARTIALS_H

#include "page/compile/compile.h"

/*
 * When all pages are compiled: tell of the partials below pages/ that none of
 * them has included, and of the mistakes in these, which nobody would meet.
 * ERR_NOMEM, ERR_IO.
 */
enum err partials_check(const struct compile_options *options) MUST_CHECK;

#endif
