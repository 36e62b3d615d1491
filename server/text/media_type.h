/* SPDX-License-Identifier: ISC */
/* Media types, as a header has them. */
#ifndef GUIJU_TEXT_MEDIA_TYPE_H
#define GUIJU_TEXT_MEDIA_TYPE_H

#include <stdbool.h>

#include "base/str.h"

/*
 * Is text "type/subtype", with or without parameters (RFC 9110, 8.3.1), and not
 * longer than the types in use? *charset: the value of the parameter charset
 * without quotes, or empty.
 */
bool media_type_read(struct str text, struct str *charset);

/* The type of a file by its name's extension, static; empty: unknown. */
struct str media_type_of_name(struct str name);

#endif
