/* SPDX-License-Identifier: ISC */
/*
 * struct buf: output that grows up to a maximum, which buf_init() sets. Its
 * error is sticky: append freely, test the error once at the end. After an
 * error nothing more is appended, and the content is a prefix of what should
 * have been written.
 */
#ifndef GUIJU_BASE_BUF_H
#define GUIJU_BASE_BUF_H

#include "base/str.h"

struct buf {
	char *data; /* owned; NULL until the first append */
	size_t len;
	size_t size; /* bytes allocated, without one for a NUL */
	size_t max;  /* bytes of content allowed */
	enum err err;
};

/* An empty buffer that may hold max bytes. Allocates nothing. */
void buf_init(struct buf *b, size_t max);
/* Free the content; b may be used again. Accepts a zeroed b. */
void buf_release(struct buf *b);
/* Empty the buffer and clear its error; the memory is kept. */
void buf_clear(struct buf *b);

/* The slow path of buf_add(): no room is left, or there is an error. */
void buf_grow(struct buf *b, const void *data, size_t len);

/* Append len bytes. On failure b->err becomes ERR_LIMIT or ERR_NOMEM, and no
 * later append changes it. */
static inline void
buf_add(struct buf *b, const void *data, size_t len)
{
	if (b->err != OK || len > b->size - b->len || b->data == NULL) {
		buf_grow(b, data, len);
	} else if (len > 0) {
		memcpy(b->data + b->len, data, len);
		b->len += len;
	}
}

static inline void
buf_str(struct buf *b, struct str s)
{
	buf_add(b, s.data, s.len);
}

static inline void
buf_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

static inline void
buf_char(struct buf *b, char c)
{
	if (b->err == OK && b->len < b->size && b->data != NULL)
		b->data[b->len++] = c;
	else
		buf_grow(b, &c, 1);
}

/* Append the byte c n times. */
void buf_fill(struct buf *b, char c, size_t n);
/* Append a number in decimal digits. */
void buf_number(struct buf *b, int64_t number);
void buf_unsigned(struct buf *b, uint64_t number);
void buf_printf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);

/* Make room for len more bytes. Gives the address to write them to; NULL on
 * failure. The caller adds the number of bytes that it wrote to b->len. */
char *buf_reserve(struct buf *b, size_t len);

/* The content, borrowed until the next change of b. */
static inline struct str
buf_view(const struct buf *b)
{
	return (struct str){b->data == NULL ? "" : b->data, b->len};
}

#endif
