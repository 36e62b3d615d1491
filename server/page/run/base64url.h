/* SPDX-License-Identifier: ISC */
/* base64url without padding (RFC 4648, 5): bytes as one segment of a path. */
#ifndef GUIJU_PAGE_RUN_BASE64URL_H
#define GUIJU_PAGE_RUN_BASE64URL_H

#include "base/buf.h"

/* The characters that n bytes become. */
#define BASE64URL_TEXT(n) (((n)*8 + 5) / 6)
/* The bytes that n characters hold. */
#define BASE64URL_BYTES(n) ((n)*6 / 8)

/* Append the bytes as text. */
void base64url_add(struct buf *out, struct str bytes);

/*
 * Read the bytes of a text into out, which has room for BASE64URL_BYTES() of
 * the text's length. ERR_INPUT: base64url_add() has not made this text. Each
 * sequence of bytes has one text.
 */
enum err base64url_read(struct str text, unsigned char *out) MUST_CHECK;

#endif
