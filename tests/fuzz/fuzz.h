/* SPDX-License-Identifier: ISC */
/*
 * What the fuzz targets share. A target is one function that is given bytes
 * and must neither crash nor break its own rule; tests/fuzz/corpus/TARGET/
 * holds inputs that have been interesting, among them all that once failed.
 */
#ifndef GUIJU_TESTS_FUZZ_H
#define GUIJU_TESTS_FUZZ_H

#include <stdint.h>

#include "base/arena.h"
#include "base/utf8.h"

/* libFuzzer's own name for a target. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A rule: on in every build, and says which one was broken. */
#define MUST(condition)                                                       \
	do {                                                                  \
		if (!(condition)) {                                           \
			fprintf(stderr, "%s:%d: broken rule: %s\n", __FILE__, \
			    __LINE__, #condition);                            \
			abort();                                              \
		}                                                             \
	} while (0)

static inline struct str
fuzz_str(const uint8_t *data, size_t size)
{
	return (struct str){(const char *)data, size};
}

/* Well-formed UTF-8 with no control character but those in `allowed`. */
static inline bool
is_clean_text(struct str s, const char *allowed)
{
	if (!utf8_valid(s))
		return false;
	while (s.len > 0) {
		uint32_t c = utf8_next(&s);
		if (utf8_is_control(c) &&
		    (c == 0 || c > 0x7F || strchr(allowed, (int)c) == NULL))
			return false;
	}
	return true;
}

/* One line that may stand in a header, a menu or a log: no invisible
 * character either. */
static inline bool
is_clean_line(struct str s)
{
	if (!is_clean_text(s, ""))
		return false;
	while (s.len > 0) {
		uint32_t c = utf8_next(&s);
		if (utf8_is_invisible(c) || utf8_is_line_end(c))
			return false;
	}
	return true;
}

#endif
