/* SPDX-License-Identifier: ISC */
/* Refusals, for page/ and wire/. */
#include "page/reply.h"

enum { BUSY_WAIT_S = 10 }; /* the wait that a busy server asks for */

void
reply_refuse(struct reply *reply, enum refusal kind, struct str text)
{
	reply->type = REPLY_REFUSAL;
	reply->refusal = kind;
	reply->text = text;
	reply->wait_s = kind == REFUSAL_BUSY ? BUSY_WAIT_S : 0;
}
