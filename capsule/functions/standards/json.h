/* SPDX-License-Identifier: ISC */
/* The JSON that lists of numbers are given as (RFC 8259). */
#ifndef GUIJU_STANDARDS_JSON_H
#define GUIJU_STANDARDS_JSON_H

#include "base/buf.h"

/*
 * Append ,"name":"text" (without the comma behind a brace), or null where
 * text.data is NULL. Controls and bytes that are no UTF-8 become U+FFFD: what
 * comes out is always valid, whatever went in.
 */
void std_json_member(struct buf *out, const char *name, struct str text);

#endif
