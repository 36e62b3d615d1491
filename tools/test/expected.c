/* SPDX-License-Identifier: ISC */
/*
 * A seal is another one in each reply, so expected files have a mark in its
 * place. A seal is known by its form and by the time in it (page/run/seal.h).
 */
#include "tools/test/internal.h"

#include "page/run/seal.h"

enum { DAY_S = 24 * 3600, TIME_CHARACTERS = 6, TIME_BITS = 32 };

static const char mark[] = "SEAL";

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static bool
is_of_seal(char c)
{
	return c != '\0' && strchr(alphabet, c) != NULL;
}

/* Was the token made within the day before now? */
static bool
is_recent(struct str token, int64_t now_s)
{
	uint64_t bits = 0;
	int64_t age_s;

	for (size_t i = 0; i < TIME_CHARACTERS; i++)
		bits = bits << 6 |
		    (uint64_t)(strchr(alphabet, token.data[i]) - alphabet);
	age_s = now_s - (int64_t)(bits >> (6 * TIME_CHARACTERS - TIME_BITS));
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
		if (n == SEAL_TEXT &&
		    is_recent(str_slice(reply, i, i + n), now_s))
			buf_text(out, mark);
		else
			buf_str(out, str_slice(reply, i, i + n));
		i += n;
		if (i < reply.len)
			buf_char(out, reply.data[i++]);
	}
}
