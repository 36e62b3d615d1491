/* SPDX-License-Identifier: ISC */
/*
 * A file that is being made: written once from its beginning to its end, and
 * its SHA-256 and size known then. Perhaps a compressed one beside it.
 *
 * Until it is given out its name has a dot in front, in the folder where it
 * will be: such a name is never served, and to take the dot away is a
 * rename(2) inside one folder, which a fenced process may do.
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
	int64_t rows; /* of a table; -1: it is none */
};

/* All of them, in the order of making. */
struct made_list {
	struct made item[OUTPUT_FILES_MAX];
	size_t count;
};

/* The name with the dot. */
struct hidden {
	char text[OUTPUT_NAME_MAX + 2];
};
struct hidden output_hidden(const char *name);

struct output;

/*
 * Make folder's file .name and, to be compressed, .name.xz (nothing by these
 * names may be there). Give out with output_finish or output_free. why gets
 * one line: ERR_LIMIT (the name), ERR_IO, ERR_NOMEM.
 */
enum err output_new(int folder, const char *name, struct output **out,
    struct buf *why) MUST_CHECK;

/* Append; an error stays until output_finish. */
void output_add(struct output *output, struct str bytes);

/*
 * Sync and close both files, add them to list, and free output. A compressed
 * file that saves less than a disk's block is removed instead. rows: as in
 * struct made. why gets one line: ERR_IO, ERR_NOMEM, ERR_LIMIT.
 */
enum err output_finish(struct output *output, int64_t rows,
    struct made_list *list, struct buf *why) MUST_CHECK;

/* Give up: the files stay as they are. Accepts NULL. */
void output_free(struct output *output);

/*
 * The same for a file .name that is whole already: its SHA-256, a compressed
 * one beside it, synced. Errors as above.
 */
enum err output_take(int folder, const char *name, struct made_list *list,
    struct buf *why) MUST_CHECK;

#endif
