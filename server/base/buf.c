/* SPDX-License-Identifier: ISC */
/* Growing output with a maximum and a sticky error. */
#include "base/buf.h"

#include <stdarg.h>

enum { BUF_FIRST = 256 }; /* bytes of the first allocation */

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void
buf_release(struct buf *b)
{
	size_t max = b->max;

	free(b->data);
	buf_init(b, max);
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->err = OK;
}

char *
buf_reserve(struct buf *b, size_t len)
{
	size_t size;
	char *data;

	if (b->err != OK)
		return NULL;
	if (len > b->max || b->len > b->max - len) {
		b->err = ERR_LIMIT;
		return NULL;
	}
	if (b->len + len <= b->size && b->data != NULL)
		return b->data + b->len;
	size = b->size < BUF_FIRST ? BUF_FIRST : b->size;
	while (size < b->len + len)
		size = size > b->max / 2 ? b->max : size * 2;
	if (size > b->max) /* buf_add() compares with size, not with max */
		size = b->max;
	/* One byte more for the NUL that vsnprintf(3) always writes. */
	data = size == SIZE_MAX ? NULL : realloc(b->data, size + 1);
	if (data == NULL) {
		b->err = ERR_NOMEM;
		return NULL;
	}
	b->data = data;
	b->size = size;
	return b->data + b->len;
}

void
buf_grow(struct buf *b, const void *data, size_t len)
{
	char *place = buf_reserve(b, len);

	if (place == NULL || len == 0)
		return;
	memcpy(place, data, len);
	b->len += len;
}

void
buf_unsigned(struct buf *b, uint64_t number)
{
	char digits[20]; /* of 64 bits */
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	buf_add(b, digits + at, sizeof(digits) - at);
}

void
buf_fill(struct buf *b, char c, size_t n)
{
	char *room = buf_reserve(b, n);

	if (room == NULL)
		return;
	memset(room, c, n);
	b->len += n;
}

void
buf_number(struct buf *b, int64_t number)
{
	if (number < 0)
		buf_char(b, '-');
	/* -INT64_MIN does not fit in an int64_t, so the unsigned is negated. */
	buf_unsigned(b, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	const size_t room =
	    b->err == OK && b->data != NULL ? b->size - b->len : 0;
	char *place = room > 0 ? b->data + b->len : NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(place, place == NULL ? 0 : room + 1, format, args);
	va_end(args);
	if (len < 0) {
		b->err = b->err == OK ? ERR_INPUT : b->err;
		return;
	}
	if (place == NULL || (size_t)len > room) { /* again, with room */
		place = buf_reserve(b, (size_t)len);
		if (place == NULL)
			return;
		va_start(args, format);
		vsnprintf(place, (size_t)len + 1, format, args);
		va_end(args);
	}
	b->len += (size_t)len;
}
