/* SPDX-License-Identifier: ISC */
/*
 * A page's file as logical lines: text lines, and directives joined with their
 * continuation lines. This is the first step of compiling. It knows the shape
 * of a directive, but not the meaning.
 */
#ifndef GUIJU_PAGE_COMPILE_SOURCE_H
#define GUIJU_PAGE_COMPILE_SOURCE_H

#include "base/arena.h"
#include "base/str.h"
#include "page/compile/findings.h"

struct source_line {
	unsigned line;  /* the first line in the file, from 1 */
	bool directive; /* word and text (the argument); else text only */
	struct str word;
	struct str text;
};

struct source {
	struct str file; /* below the capsule, for messages */
	struct source_line *lines;
	size_t count;
};

enum { SOURCE_MAX_BYTES = 256 * 1024 };

/* A cache of partials, because many pages include the same few. It remembers
 * missing files, too. Zeroed: empty. Lives as long as the arena of its calls.
 */
struct source_set {
	struct known_source *first;
};

/*
 * Read folder/file into the arena. A mistake in one line becomes a finding, and
 * the other lines are read. ERR_INPUT: the file cannot be read, is not UTF-8 or
 * is larger than SOURCE_MAX_BYTES; this is a finding, too. ERR_MISSING: nothing
 * has this name, not even a link to nothing. ERR_NOMEM.
 */
enum err source_read(struct arena *arena, const char *folder, struct str file,
    struct findings *findings, struct source *out) MUST_CHECK;

/* The same with a cache. The set remembers a file that is missing or has no
 * mistakes. set: NULL for no cache. */
enum err source_partial(struct source_set *set, struct arena *arena,
    const char *folder, struct str file, struct findings *findings,
    struct source *out) MUST_CHECK;

/* Has a page read this file through the set? */
bool source_is_used(const struct source_set *set, struct str file);

#endif
