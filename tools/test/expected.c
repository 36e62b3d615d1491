/* SPDX-License-Identifier: ISC */
/*
 * A seal is another one in each reply, so expected files have a mark in its
 * place. A seal is known by its form and by the time in it (page/run/seal.h).
 * So is the token of a notice, which begins with a seal.
 */
#include "tools/test/internal.h"

#include <ctype.h>

#include "page/run/base64url.h"
#include "page/run/notice.h"
#include "page/run/seal.h"

enum { DAY_S = 24 * 3600 };

static const char mark[] = "SEAL";

static bool
is_of_seal(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_';
}

/* Was the token made within the day before now? */
static bool
is_recent(struct str token, int64_t now_s)
{
	unsigned char bytes[SEAL_BYTES];
	int64_t age_s;

	if (base64url_read(token, bytes) != OK)
		return false;
	age_s = now_s -
	    (int64_t)((uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
		(uint32_t)bytes[2] << 8 | bytes[3]);
	return age_s >= 0 && age_s < DAY_S;
}

void
expected_mask(struct buf *out, struct str reply, int64_t now_s)
{
	size_t i = 0;

	while (i < reply.len) {
		size_t n = 0;

		while (i + n < reply.len && is_of_seal(reply.data[i + n]))
			n++;
		if ((n == SEAL_TEXT || n == NOTICE_TOKEN) &&
		    is_recent(str_slice(reply, i, i + SEAL_TEXT), now_s))
			buf_text(out, mark);
		else
			buf_str(out, str_slice(reply, i, i + n));
		i += n;
		if (i < reply.len)
			buf_char(out, reply.data[i++]);
	}
}
