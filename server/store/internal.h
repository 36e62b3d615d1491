/* SPDX-License-Identifier: ISC */
/*
 * What the files of this room share: connections, and what is worked out anew.
 */
#ifndef GUIJU_STORE_INTERNAL_H
#define GUIJU_STORE_INTERNAL_H

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/str.h"
#include "store/tally.h"

/* ---- verify.c -------------------------------------------------------- */

/* For a connection that reads a whole database: the file is mapped, so a page
 * costs no read(2) and no memory of the process. */
#define MAP_ALL "mmap_size = 0x7fff0000"

/* May this name of a table stand in SQL unquoted: a letter, then letters,
 * digits and `_`, at most 60? */
bool is_table_name(struct str name);

/* Call each() with the name of every FTS5 index; stop at the first failure.
 * Gives SQLITE_*. */
int each_search_index(sqlite3 *db,
    int (*each)(sqlite3 *db, const char *name, void *context), void *context);

/* ---- refold.c -------------------------------------------------------- */

/*
 * Search indexes hold folded text (functions/fold.h). The folding may change
 * with the program, with Unicode's tables or with libunistring. An index that
 * was built with another folding misses texts. So the table guiju_fold stores
 * the name of the folding that the indexes were built with.
 */

/* Were the search indexes built with the folding of this program? false also
 * if the database does not name a folding. */
bool refold_is_current(sqlite3 *db);

/* Store the name of this program's folding in the database, whose indexes this
 * program has built. Gives SQLITE_*. */
int refold_record(sqlite3 *db);

/*
 * Inside a transaction: build each index of the tokenizer `cjk` anew from its
 * content, and store the name of the folding. A contentless index cannot be
 * built anew; it is logged and left as it is. Gives SQLITE_*.
 */
int refold(sqlite3 *db);

/* ---- schema.c, migrate.c ---------------------------------------------- */

struct buf;
struct schema;

/* Append the statement that drops a table, index, view or trigger. Gives
 * SQLITE_*. */
int schema_add_drop(struct buf *sql, const char *type, const char *name);

/* Make a new database in memory, as a migration makes it, without content. The
 * caller closes it. Errors: those of store_migrate(). */
enum err schema_model(
    const struct schema *schema, sqlite3 **out, struct buf *why) MUST_CHECK;

/* ---- rules.c ---------------------------------------------------------- */

/* Compile every view and trigger that the rules have made. Views may call
 * functions of the capsule, and triggers may not. Errors: those of
 * schema_make(); a mistake is told with its file and line. */
enum err rules_compile(
    const struct schema *schema, sqlite3 *db, struct buf *why) MUST_CHECK;

/* ---- migration.c ------------------------------------------------------ */

/* One run of store_migrate(). */
struct migration {
	const char *database; /* the final name */
	const char *file;     /* the name while we work on it */
	const struct schema *schema;
	const char *first_dir; /* NULL: no first content */
	struct buf *why;
	bool trying; /* on a copy: nothing is logged */
	sqlite3 *db;
};

/* Append a message about the database to m->why; gives err. */
enum err migration_complain(
    struct migration *m, const char *message, enum err err);
/* Append SQLite's message about m->db to m->why; gives its error. OK stays OK.
 */
enum err migration_blame(struct migration *m, const char *what, int code);
/* Run SQL. what: the beginning of the message if it fails. */
enum err migration_run(
    struct migration *m, const char *sql, const char *what) MUST_CHECK;
/* Begin a transaction that writes. */
enum err migration_begin(struct migration *m) MUST_CHECK;

/* Make the engine's own tables, those that are missing. */
enum err migration_tables(struct migration *m) MUST_CHECK;
/* Run the capsule's scripts that the database lacks, and make its rules. */
enum err migration_schema(struct migration *m) MUST_CHECK;
/* Build search indexes anew that were built with another folding. A damaged
 * index is logged and is not an error: pages can work without it. */
enum err migration_folding(struct migration *m) MUST_CHECK;
/* Run the scripts of m->first_dir. */
enum err migration_first_content(struct migration *m) MUST_CHECK;

/* ---- tally_map.c ----------------------------------------------------- */

/*
 * The file behind one tally: counters that all processes map. Used by
 * tally.c only.
 *
 * The file is a header of one page, then chunks. A chunk is a bitmap of the ids
 * that have changed since the last fold, and the counters:
 *
 *	header 4096 | chunk 0: 8192 dirty bits' bytes, 65536 counters | ...
 *
 * The mapping has the largest size that the file can have, so the file is
 * mapped once. A chunk without blocks on the disk must not be touched. A chunk
 * gets its blocks (posix_fallocate(3)) before it is marked ready: so a full
 * disk is an error there, not a SIGBUS later. Numbers are in the machine's byte
 * order, as the file never leaves the machine.
 */

enum {
	CHUNK_IDS = 65536,
	CHUNK_WORDS = CHUNK_IDS / 64,
	CHUNK_COUNT = (TALLY_ID_MAX + 1) / CHUNK_IDS
};

struct tally_chunk {
	_Atomic uint64_t dirty[CHUNK_WORDS];
	_Atomic uint64_t counter[CHUNK_IDS];
};

struct tally_header {
	char magic[16];
	_Atomic uint32_t folding; /* bits are taken, not yet stored */
	_Atomic uint32_t spare;
	_Atomic uint8_t ready[CHUNK_COUNT]; /* chunks that have blocks */
};

enum { HEADER_BYTES = 4096, MAP_NAME_MAX = 32 };

struct tally_map {
	int fd;
	struct tally_header *header; /* the beginning of the mapping */
	struct tally_chunk *chunk;   /* CHUNK_COUNT of them */
};

/*
 * Map the file NAME.tally in the folder dir_fd. The caller has checked the
 * name. ERR_MISSING: the file does not exist, and `create` is false. A file
 * that is not a tally or is too short is renamed NAME.tally.bad, and a new file
 * is made. ERR_IO, ERR_LIMIT (the path is too long).
 */
enum err tally_map_open(
    int dir_fd, struct str name, bool create, struct tally_map *out) MUST_CHECK;
void tally_map_close(struct tally_map *map);

/* The n-th chunk, or NULL if it is not ready. */
struct tally_chunk *tally_map_chunk(const struct tally_map *map, size_t n);
/* The n-th chunk, made ready if it is not. NULL: the disk is full or failed. */
struct tally_chunk *tally_map_need(struct tally_map *map, size_t n);

#endif
