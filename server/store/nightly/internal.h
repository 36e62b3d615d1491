/* SPDX-License-Identifier: ISC */
/* The steps of the nightly work, for nightly.c. */
#ifndef GUIJU_STORE_NIGHTLY_INTERNAL_H
#define GUIJU_STORE_NIGHTLY_INTERNAL_H

#include <dirent.h>

#include <sqlite3.h>

#include "base/buf.h"
#include "store/nightly/output.h"

/*
 * tend.c: clean up the live database. Delete expired seals and old terms, merge
 * the search indexes a little, and empty the write-ahead log. Others can write
 * between the steps. Gives the error of the first step that failed, which has
 * been logged.
 */
enum err tend_database(const char *database) MUST_CHECK;

/*
 * verify.c: check the pages, the foreign keys and the search indexes of a copy.
 * ERR_INPUT: the copy is damaged; the damage has been logged.
 */
enum err verify_database(const char *copy) MUST_CHECK;

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

/* For a connection that reads a whole copy: the file is mapped, so a page costs
 * no read(2) and no memory of the process. */
#define MAP_COPY "mmap_size = 0x7fff0000"

/* List an open folder, which stays open. The caller calls closedir(3). On
 * failure NULL, with errno. */
DIR *folder_names(int folder);

/* May this name of a table stand in SQL unquoted: a letter, then letters,
 * digits and `_`, at most 60? */
bool is_table_name(struct str name);

/* Call each() with the name of every FTS5 index; stop at the first failure.
 * Gives SQLITE_*. */
int each_search_index(sqlite3 *db,
    int (*each)(sqlite3 *db, const char *name, void *context), void *context);

#endif
