/* SPDX-License-Identifier: ISC */
/* The lines of a file in UTF-8, whatever it is written in (charset.h); it may
 * be compressed with xz. */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_LINES_H
#define GUIJU_TOOLS_IMPORT_TABLE_LINES_H

#include "base/buf.h"
#include "base/str.h"

struct lines;

/*
 * Open a file; what begins as an xz file does is decompressed while it is
 * read, in at most 256 MB. why gets one line. ERR_MISSING, ERR_IO, ERR_NOMEM;
 * ERR_INPUT: it is another kind of file, and why says what to do.
 */
enum err lines_open(
    const char *path, struct lines **out, struct buf *why) MUST_CHECK;
/* Accepts NULL. */
void lines_close(struct lines *lines);

/*
 * The next line without its end, borrowed until the next call. LF ends a line,
 * with CRs before it or not; in a file whose first line ends with a CR alone,
 * CR does. Marks of byte order at the file's beginning are left out. false:
 * there is no more, or the rest cannot be read: *err tells (ERR_IO; ERR_INPUT:
 * damaged, or a line longer than 4 MB; ERR_NOMEM) and why gets one line.
 */
bool lines_next(
    struct lines *lines, struct str *line, enum err *err, struct buf *why);

/* What the file is written in, if not UTF-8; else NULL. */
const char *lines_charset(const struct lines *lines);

/* How much of the file has been read, in hundredths. */
unsigned lines_percent(const struct lines *lines);

#endif
