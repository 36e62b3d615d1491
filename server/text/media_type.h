/* SPDX-License-Identifier: ISC */
/* A media type as a header writes it. */
#ifndef GUIJU_TEXT_MEDIA_TYPE_H
#define GUIJU_TEXT_MEDIA_TYPE_H

#include <stdbool.h>

#include "base/str.h"

/*
 * Whether text is "type/subtype", perhaps with parameters (RFC 9110, 8.3.1),
 * and no longer than any type in use. *charset: the value of that parameter
 * without quotes, or empty.
 */
bool media_type_read(struct str text, struct str *charset);

#endif
