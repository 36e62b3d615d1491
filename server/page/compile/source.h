/* SPDX-License-Identifier: ISC */
/*
 * A page's file as logical lines: text lines, and directives with their
 * continuation lines joined. The first step of compiling; it knows the shape
 * of a directive, not its meaning.
 */
#ifndef GUIJU_PAGE_COMPILE_SOURCE_H
#define GUIJU_PAGE_COMPILE_SOURCE_H

#include "base/arena.h"
#include "base/str.h"
#include "page/compile/findings.h"

struct source_line {
	unsigned line;  /* its first line in the file, from 1 */
	bool directive; /* word and text (its argument), else text only */
	struct str word;
	struct str text;
};

struct source {
	struct str file; /* below the capsule, for messages */
	struct source_line *lines;
	size_t count;
};

enum { SOURCE_MAX_BYTES = 256 * 1024 };

/* Partials that were looked for: many pages include the same few. Zeroed:
 * none. Lives as long as the arena that it was used with. */
struct source_set {
	struct known_source *first;
};

/*
 * Read folder/file into the arena. What is wrong with single lines goes to
 * findings (with the other lines read all the same); ERR_INPUT: not UTF-8 or
 * larger than SOURCE_MAX_BYTES, a finding as well; ERR_MISSING: it does not
 * open; ERR_IO, ERR_NOMEM.
 */
enum err source_read(struct arena *arena, const char *folder, struct str file,
    struct findings *findings, struct source *out) MUST_CHECK;

/* The same, of a file that may have been asked for before: one that is sound or
 * missing is known from then on. set may be NULL. */
enum err source_partial(struct source_set *set, struct arena *arena,
    const char *folder, struct str file, struct findings *findings,
    struct source *out) MUST_CHECK;

/* Has a page asked for this file, and was it there? */
bool source_is_used(const struct source_set *set, struct str file);

#endif
