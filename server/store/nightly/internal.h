/* SPDX-License-Identifier: ISC */
/* The steps of a night, for nightly.c. */
#ifndef GUIJU_STORE_NIGHTLY_INTERNAL_H
#define GUIJU_STORE_NIGHTLY_INTERNAL_H

#include <dirent.h>

#include <sqlite3.h>

#include "base/buf.h"
#include "store/nightly/output.h"

/*
 * tend.c: the live database: expired seals and old words go, the search
 * indexes are merged a little, in steps that let others write between them,
 * and the write-ahead log is emptied. ERR_*: of the first step that failed;
 * the log has told.
 */
enum err tend_database(const char *database) MUST_CHECK;

/*
 * verify.c: is this copy sound, in its pages, its foreign keys and its search
 * indexes? ERR_INPUT: it is not, and the log has told how.
 */
enum err verify_database(const char *copy) MUST_CHECK;

/*
 * export.c: run one script of export/ on a new database, .STEM.sqlite3, in
 * folder (its path and open descriptor), with the copy attached as `portal`
 * and the functions of the capsule, which read the copy; then write each of its
 * tables to .STEM-TABLE.csv. why gets one line, for a script's error
 * "file:line: message".
 */
enum err export_run(const char *script, const char *capsule, const char *copy,
    const char *folder_path, int folder, struct made_list *list,
    struct buf *why) MUST_CHECK;

/*
 * publish.c: give the made files of folder out: they take the place of the old
 * ones, one by one and each whole, files that are no longer made
 * go, SHA256SUMS lists them, and so does the table guiju_file of the live
 * database. Without files nothing is done. why gets one line: ERR_IO,
 * ERR_BUSY.
 */
enum err publish_files(int folder, const char *database,
    const struct made_list *list, struct buf *why) MUST_CHECK;

/* What reads a whole copy maps it: a look at a page costs no read(2), and the
 * memory is the kernel's. */
#define MAP_COPY "mmap_size = 0x7fff0000"

/* The names in an open folder, which stays open; NULL and errno on failure.
 * The caller closes (closedir). */
DIR *folder_names(int folder);

/* A table of a schema by a name that may stand in SQL as it is: a letter, and
 * letters, digits and `_`, at most 60. */
bool is_table_name(struct str name);

/* Call each with the name of every table that is an FTS5 index; stops at the
 * first failure. SQLITE_*. */
int each_search_index(sqlite3 *db,
    int (*each)(sqlite3 *db, const char *name, void *context), void *context);

#endif
