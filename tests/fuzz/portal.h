/* SPDX-License-Identifier: ISC */
/*
 * A small portal for targets that ask one: pages that take parameters, words
 * and seals, lists, a prompt, a redirect, a feed, a file.
 */
#ifndef GUIJU_TESTS_FUZZ_PORTAL_H
#define GUIJU_TESTS_FUZZ_PORTAL_H

#include "page/site.h"

#define PORTAL_HOST "portal.example"
enum { PORTAL_UPLOAD_BYTES = 8192 }; /* the most that its page /up takes */

/* Made at the first call; the clock for people stands still from then on. */
struct site *portal(void);
/* An answer over Gemini has its form: a header that a client can read, and
 * a body without control characters only behind 20. */
void portal_check_gemini(struct str out);

#endif
