/* SPDX-License-Identifier: ISC */
#include "tools/catalogue/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "base/utf8.h"

enum { NO_CHARACTER = 0xFF, PENDING_BYTES_MAX = 1024 * 1024 };

struct charset {
	iconv_t to_utf8;
	struct buf pending; /* a character that was cut, and what follows */
};

static bool
is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] > '~')
			return false;
	return true;
}

const char *
charset_guess(struct str begin)
{
	size_t good = 0, bad = 0;

	if (str_starts(begin, STR("\xFF\xFE")))
		return "UTF-16LE";
	if (str_starts(begin, STR("\xFE\xFF")))
		return "UTF-16BE";
	while (begin.len > 0) {
		size_t end = str_find_byte(begin, '\n');
		struct str line =
		    str_slice(begin, 0, end == SIZE_MAX ? begin.len : end + 1);
		begin = str_slice(begin, line.len, begin.len);
		if (is_ascii(line))
			continue;
		if (utf8_valid(line))
			good++;
		else
			bad++;
	}
	return bad > good ? "GB18030" : NULL;
}

enum err
charset_open(const char *name, struct charset **out)
{
	struct charset *charset = calloc(1, sizeof(*charset));

	if (charset == NULL)
		return ERR_NOMEM;
	buf_init(&charset->pending, PENDING_BYTES_MAX);
	charset->to_utf8 = iconv_open("UTF-8", name);
	if (charset->to_utf8 == (iconv_t)-1) {
		free(charset);
		return errno == ENOMEM ? ERR_NOMEM : ERR_MISSING;
	}
	*out = charset;
	return OK;
}

void
charset_close(struct charset *charset)
{
	if (charset == NULL)
		return;
	iconv_close(charset->to_utf8);
	buf_release(&charset->pending);
	free(charset);
}

enum err
charset_add(
    struct charset *charset, struct str bytes, bool last, struct buf *out)
{
	struct buf *pending = &charset->pending;
	char *from;
	size_t left;

	buf_str(pending, bytes);
	if (pending->err != OK)
		return ERR_NOMEM;
	from = pending->data;
	left = pending->len;
	while (left > 0) {
		size_t room = left * 2 + 16, before = room;
		char *to = buf_reserve(out, room);
		size_t n;
		if (to == NULL)
			return ERR_NOMEM;
		n = iconv(charset->to_utf8, &from, &left, &to, &room);
		out->len += before - room;
		if (n != (size_t)-1 || errno == E2BIG)
			continue;
		if (errno == EINVAL && !last)
			break;
		buf_char(out, (char)NO_CHARACTER);
		from++;
		left--;
	}
	if (left > 0)
		memmove(pending->data, from, left);
	pending->len = left;
	return out->err == OK ? OK : ERR_NOMEM;
}
