/* SPDX-License-Identifier: ISC */
/*
 * A file that is being made. It is written once, from beginning to end; then
 * its SHA-256 and its size are known. A compressed file may be made beside it.
 *
 * Before a file is published its name begins with a dot, and it is in the
 * folder of published files. Such a name is never served. Publishing is a
 * rename(2) inside one folder, which a process in the sandbox may do.
 */
#ifndef GUIJU_STORE_NIGHTLY_OUTPUT_H
#define GUIJU_STORE_NIGHTLY_OUTPUT_H

#include "base/buf.h"
#include "base/str.h"

enum { OUTPUT_NAME_MAX = 80, OUTPUT_FILES_MAX = 100, OUTPUT_SHA256_HEX = 64 };

/* A file that has been made. */
struct made {
	char name[OUTPUT_NAME_MAX + 1];
	char sha256[OUTPUT_SHA256_HEX + 1];
	uint64_t bytes;
	int64_t rows; /* of a table; -1: the file is not a table */
};

/* All files, in the order in which they were made. */
struct made_list {
	struct made item[OUTPUT_FILES_MAX];
	size_t count;
};

/* The name with a dot in front. */
struct hidden {
	char text[OUTPUT_NAME_MAX + 2];
};
struct hidden output_hidden(const char *name);

struct output;

/*
 * Create the files .name and .name.xz (compressed) in folder; neither may
 * exist. The caller ends with output_finish() or output_free(). On failure why
 * gets one line: ERR_LIMIT (the name is too long), ERR_IO, ERR_NOMEM.
 */
enum err output_new(int folder, const char *name, struct output **out,
    struct buf *why) MUST_CHECK;

/* Append bytes. output_finish() gives the first error. */
void output_add(struct output *output, struct str bytes);

/*
 * Sync and close both files, add them to list, and free output. A compressed
 * file that saves less than a disk block is removed instead. rows: as in struct
 * made. On failure why gets one line: ERR_IO, ERR_NOMEM, ERR_LIMIT.
 */
enum err output_finish(struct output *output, int64_t rows,
    struct made_list *list, struct buf *why) MUST_CHECK;

/* Free output without finishing; the files stay as they are. Accepts NULL. */
void output_free(struct output *output);

/*
 * The same for a complete file .name: compute its SHA-256, make a compressed
 * file beside it, sync both and add them to list. Errors as above.
 */
enum err output_take(int folder, const char *name, struct made_list *list,
    struct buf *why) MUST_CHECK;

#endif
