/* SPDX-License-Identifier: ISC */
/* Replies: what page/ and wire/ both say no with. */
#include "page/reply.h"

enum { BUSY_WAIT_S = 10 }; /* what a reader is told to wait */

void
reply_refuse(struct reply *reply, enum refusal kind, struct str text)
{
	reply->type = REPLY_REFUSAL;
	reply->refusal = kind;
	reply->text = text;
	reply->wait_s = kind == REFUSAL_BUSY ? BUSY_WAIT_S : 0;
}
