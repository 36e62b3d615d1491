/* SPDX-License-Identifier: ISC */
/* The steps of the nightly work, for nightly.c. */
#ifndef GUIJU_STORE_NIGHTLY_INTERNAL_H
#define GUIJU_STORE_NIGHTLY_INTERNAL_H

#include <dirent.h>
#include <sqlite3.h>

#include "base/buf.h"
#include "base/str.h"
#include "store/internal.h"

/* ---- output.c -------------------------------------------------------- */

/*
 * A file that is being made. It is written once, from beginning to end; then
 * its SHA-256 and its size are known. A compressed file may be made beside it.
 *
 * Before a file is published its name begins with a dot, and it is in the
 * folder of published files. Such a name is never served. Publishing is a
 * rename(2) inside one folder, which a process in the sandbox may do.
 */

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

/*
 * tend.c: clean up the live database. Delete expired seals and old terms, merge
 * the search indexes a little, and empty the write-ahead log. Others can write
 * between the steps. Gives the error of the first step that failed, which has
 * been logged.
 */
enum err tend_database(const char *database) MUST_CHECK;

/*
 * export.c: run one script of export/ on a new database, .STEM.sqlite3, in
 * folder (its path and its open descriptor). The copy is attached as `portal`,
 * and the capsule's functions read the copy. Then each table of the new
 * database is written to .STEM-TABLE.csv. On failure why gets one line; for a
 * script's error it is "file:line: message".
 */
enum err export_run(const char *script, const char *capsule, const char *copy,
    const char *folder_path, int folder, struct made_list *list,
    struct buf *why) MUST_CHECK;

/*
 * publish.c: publish the files in list. Each file replaces the old one of its
 * name atomically, one file after the other. Files that are no longer made are
 * removed. SHA256SUMS and the table guiju_file of the live database list the
 * files. An empty list does nothing. On failure why gets one line: ERR_IO,
 * ERR_BUSY.
 */
enum err publish_files(int folder, const char *database,
    const struct made_list *list, struct buf *why) MUST_CHECK;

/* List an open folder, which stays open. The caller calls closedir(3). On
 * failure NULL, with errno. */
DIR *folder_names(int folder);

#endif
