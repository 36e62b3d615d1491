/* SPDX-License-Identifier: ISC */
/* Gemini: network protocol specification 0.24.1. */
#ifndef GUIJU_WIRE_GEMINI_H
#define GUIJU_WIRE_GEMINI_H

#include "wire/wire.h"

enum { GEMINI_META_MAX = 1024 /* bytes: what 0.16.1 clients still take */ };

/* The row's functions (see struct wire), for callers that want Gemini. */
enum err gemini_request(const struct wire_line *line,
    const struct wire_host *ours, struct request *out,
    struct reply *refusal) MUST_CHECK;
void gemini_reply(struct buf *out, const struct request *request,
    const struct reply *reply, const struct wire_host *ours);

/*
 * Append the header of a reply, "NN META\r\n": the only place where one is
 * written. NN is one of the codes the specification defines; META is one
 * clean line of 1 to 1024 bytes that begins with ASCII, whatever the reply
 * holds. A redirect's target is never cut: one that is too long or is no
 * URI-reference is answered with 50.
 */
void gemini_reply_header(
    struct buf *out, const struct reply *reply, const struct words *words);

#endif
