/* SPDX-License-Identifier: ISC */
/* Bytes as hexadecimal digits. */
#ifndef GUIJU_BASE_HEX_H
#define GUIJU_BASE_HEX_H

#include <stddef.h>

/* Write n bytes as 2 * n small hexadecimal digits and a NUL. */
static inline void
hex_write(const void *bytes, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < n; i++) {
		*out++ = digits[byte[i] >> 4];
		*out++ = digits[byte[i] & 15];
	}
	*out = '\0';
}

#endif
