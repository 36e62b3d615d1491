/* SPDX-License-Identifier: ISC */
/*
 * Counting views, and folding the counts into the table. No lock is needed,
 * because of the order of the steps:
 *
 *   add:   raise the counter, then set its dirty bit (if it is not set).
 *   fold:  take the dirty bits, then read the counters, store, commit.
 *
 * If a counter is raised after the fold has taken the bits, its bit is clear
 * and is set for the next fold. If it is raised before, this fold reads it. If
 * the fold fails or its process dies, header.folding stays set, and the next
 * fold treats every counter as dirty.
 */
#include "store/tally.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/log.h"
#include "store/connect.h"
#include "store/internal.h"

enum {
	/* A page may pass a name that a client has sent. */
	NAMES_MAX = 32,
	/* A fold must not block the event loop for long: these limit its wait
	 * for the database and the number of counters that it stores. */
	BUSY_FOLD_MS = 100,
	FOLD_ROWS_MAX = 20000
};

struct entry {
	char name[MAP_NAME_MAX];
	size_t len;
	struct tally_map map;
};

struct tally {
	int dir_fd;
	size_t count;
	struct entry entry[NAMES_MAX];
	bool full_said; /* "too many names" has been logged */
	bool paused;
	struct terms *terms;
	char why[TALLY_WHY_SIZE]; /* why the last fold failed */
};

const char *
tally_why(const struct tally *tally)
{
	return tally->why;
}

static enum err
fold_failed(struct tally *tally, const char *why, enum err err)
{
	snprintf(tally->why, sizeof(tally->why), "%s", why);
	return err;
}

void
tally_close(struct tally *tally)
{
	if (tally == NULL)
		return;
	for (size_t i = 0; i < tally->count; i++)
		tally_map_close(&tally->entry[i].map);
	terms_free(tally->terms);
	if (tally->dir_fd >= 0)
		close(tally->dir_fd);
	free(tally);
}

struct terms *
tally_terms(struct tally *tally)
{
	return tally->terms;
}

static bool
is_id(int64_t id)
{
	return id >= 0 && id <= TALLY_ID_MAX;
}

/* The map of this name; NULL if there is none and none can be made. */
static struct tally_map *
find(struct tally *tally, struct str name, bool create)
{
	struct entry *entry = &tally->entry[tally->count];

	for (size_t i = 0; i < tally->count; i++) {
		struct entry *e = &tally->entry[i];
		if (str_equal(name, (struct str){e->name, e->len}))
			return &e->map;
	}
	if (!terms_is_name(name, MAP_NAME_MAX))
		return NULL;
	if (tally->count == NAMES_MAX) {
		if (!tally->full_said)
			log_error("tally: more than %d names", NAMES_MAX);
		tally->full_said = true;
		return NULL;
	}
	if (tally_map_open(tally->dir_fd, name, create, &entry->map) != OK)
		return NULL;
	memcpy(entry->name, name.data, name.len);
	entry->len = name.len;
	tally->count++;
	return &entry->map;
}

/* Open the files that exist already: their counts may wait for a fold. */
static void
open_existing(struct tally *tally, DIR *folder)
{
	static const struct str tail = {".tally", 6};
	const struct dirent *item;

	while ((item = readdir(folder)) != NULL) {
		struct str file = str_from(item->d_name);
		if (str_ends(file, tail))
			find(tally, str_slice(file, 0, file.len - tail.len),
			    false);
	}
}

static DIR *
open_folder(const char *dir)
{
	DIR *folder = NULL;
	int fd;

	if (mkdir(dir, 0750) != 0 && errno != EEXIST)
		return NULL;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0)
		folder = fdopendir(fd);
	if (fd >= 0 && folder == NULL)
		close(fd);
	return folder;
}

enum err
tally_open(const char *dir, struct tally **out)
{
	struct tally *tally = calloc(1, sizeof(*tally));
	DIR *folder = open_folder(dir);

	if (tally == NULL || folder == NULL) {
		enum err err = errno == ENOENT ? ERR_MISSING
		    : errno == ENOMEM          ? ERR_NOMEM
					       : ERR_IO;
		log_error("tally: %s: %s", dir, strerror(errno));
		if (folder != NULL)
			closedir(folder);
		free(tally);
		return err;
	}
	tally->terms = terms_new();
	tally->dir_fd = fcntl(dirfd(folder), F_DUPFD_CLOEXEC, 0);
	if (tally->dir_fd >= 0)
		open_existing(tally, folder);
	closedir(folder);
	if (tally->dir_fd < 0 || tally->terms == NULL) {
		enum err err = tally->terms == NULL ? ERR_NOMEM : ERR_IO;

		tally_close(tally);
		return err;
	}
	*out = tally;
	return OK;
}

static void
mark(struct tally_chunk *chunk, size_t n)
{
	uint64_t bit = (uint64_t)1 << n % 64;

	if ((atomic_load(&chunk->dirty[n / 64]) & bit) == 0)
		atomic_fetch_or(&chunk->dirty[n / 64], bit);
}

void
tally_pause(struct tally *tally, bool paused)
{
	tally->paused = paused;
}

uint64_t
tally_add(struct tally *tally, struct str name, int64_t id)
{
	struct tally_map *map;
	struct tally_chunk *chunk;
	size_t n = (size_t)id % CHUNK_IDS;
	uint64_t now;

	if (tally->paused)
		return tally_read(tally, name, id);
	if (!is_id(id) || (map = find(tally, name, true)) == NULL)
		return 0;
	chunk = tally_map_need(map, (size_t)id / CHUNK_IDS);
	if (chunk == NULL)
		return 0;
	now = atomic_fetch_add(&chunk->counter[n], 1) + 1;
	mark(chunk, n);
	return now;
}

uint64_t
tally_read(struct tally *tally, struct str name, int64_t id)
{
	struct tally_map *map;
	const struct tally_chunk *chunk;

	if (!is_id(id) || (map = find(tally, name, false)) == NULL)
		return 0;
	chunk = tally_map_chunk(map, (size_t)id / CHUNK_IDS);
	return chunk == NULL ? 0 : atomic_load(&chunk->counter[id % CHUNK_IDS]);
}

static uint64_t
host_read(void *tally, struct str name, int64_t id)
{
	return tally_read(tally, name, id);
}

static uint64_t
host_add(void *tally, struct str name, int64_t id)
{
	return tally_add(tally, name, id);
}

static void
host_term(void *context, struct str name, struct str term, struct str day)
{
	const struct tally *tally = context;

	if (!tally->paused)
		terms_add(tally->terms, name, term, day);
}

struct function_host
tally_host(struct tally *tally, bool count)
{
	return (struct function_host){.context = tally,
	    .read = host_read,
	    .add = count ? host_add : NULL,
	    .term = count ? host_term : NULL};
}

/* Raise a counter to at least n. If it is higher than n, the next fold stores
 * it. */
static void
raise_to(struct tally_chunk *chunk, size_t at, uint64_t n)
{
	uint64_t now = atomic_load(&chunk->counter[at]);

	while (now < n)
		if (atomic_compare_exchange_weak(&chunk->counter[at], &now, n))
			return;
	if (now > n)
		mark(chunk, at);
}

static void
load_row(struct tally *tally, sqlite3_stmt *row)
{
	const char *text = (const char *)sqlite3_column_text(row, 0);
	struct str name = {text, (size_t)sqlite3_column_bytes(row, 0)};
	int64_t id = sqlite3_column_int64(row, 1);
	int64_t n = sqlite3_column_int64(row, 2);
	struct tally_chunk *chunk;
	struct tally_map *map;

	if (text == NULL || !is_id(id) || n <= 0)
		return;
	map = find(tally, name, true);
	if (map == NULL)
		return;
	chunk = tally_map_need(map, (size_t)id / CHUNK_IDS);
	if (chunk != NULL)
		raise_to(chunk, (size_t)id % CHUNK_IDS, (uint64_t)n);
}

enum err
tally_load(struct tally *tally, sqlite3 *db)
{
	sqlite3_stmt *rows;
	int code = sqlite3_prepare_v2(db,
	    "SELECT name, id, n FROM guiju_tally ORDER BY name, id", -1, &rows,
	    NULL);

	if (code != SQLITE_OK)
		return store_err(code);
	while ((code = sqlite3_step(rows)) == SQLITE_ROW)
		load_row(tally, rows);
	sqlite3_finalize(rows);
	return store_err(code);
}

/* A fold: the statement that stores, and the tally that it stores. */
struct fold {
	sqlite3_stmt *store;
	struct tally_map *map;
	size_t rows; /* stored so far */
};

static int
store_counter(struct fold *fold, size_t id, uint64_t n)
{
	int code;

	sqlite3_bind_int64(fold->store, 2, (sqlite3_int64)id);
	sqlite3_bind_int64(fold->store, 3, (sqlite3_int64)n);
	code = sqlite3_step(fold->store);
	sqlite3_reset(fold->store);
	fold->rows++;
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

/*
 * Store the counters of one word of dirty bits. header.folding is set: if the
 * transaction is not committed, recover() below marks the counters again.
 */
static int
fold_word(struct fold *fold, size_t chunk_number, size_t word)
{
	struct tally_chunk *chunk = &fold->map->chunk[chunk_number];
	uint64_t bits = atomic_load(&chunk->dirty[word]);
	int code = SQLITE_OK;

	if (bits != 0)
		bits = atomic_exchange(&chunk->dirty[word], 0);
	for (size_t bit = 0; bits != 0 && code == SQLITE_OK; bit++) {
		size_t at = word * 64 + bit;
		if ((bits >> bit & 1) == 0)
			continue;
		bits &= ~((uint64_t)1 << bit);
		code = store_counter(fold, chunk_number * CHUNK_IDS + at,
		    atomic_load(&chunk->counter[at]));
	}
	return code;
}

static int
fold_map(struct fold *fold)
{
	int code = SQLITE_OK;

	for (size_t i = 0; i < CHUNK_COUNT && code == SQLITE_OK; i++) {
		if (tally_map_chunk(fold->map, i) == NULL)
			continue;
		for (size_t w = 0; w < CHUNK_WORDS && code == SQLITE_OK &&
		     fold->rows < FOLD_ROWS_MAX;
		     w++)
			code = fold_word(fold, i, w);
	}
	return code;
}

/* An earlier fold has failed: any counter may be ahead of the table. */
static void
recover(struct tally_map *map)
{
	for (size_t i = 0; i < CHUNK_COUNT; i++) {
		struct tally_chunk *chunk = tally_map_chunk(map, i);
		for (size_t n = 0; chunk != NULL && n < CHUNK_IDS; n++)
			if (atomic_load(&chunk->counter[n]) != 0)
				mark(chunk, n);
	}
}

static void
set_folding(struct tally *tally, bool folding)
{
	for (size_t i = 0; i < tally->count; i++) {
		struct tally_map *map = &tally->entry[i].map;
		if (folding && atomic_load(&map->header->folding) != 0)
			recover(map);
		atomic_store(&map->header->folding, folding);
	}
}

static bool
has_dirty(const struct tally_map *map)
{
	if (atomic_load(&map->header->folding) != 0)
		return true;
	for (size_t i = 0; i < CHUNK_COUNT; i++) {
		struct tally_chunk *chunk = tally_map_chunk(map, i);
		for (size_t w = 0; chunk != NULL && w < CHUNK_WORDS; w++)
			if (atomic_load(&chunk->dirty[w]) != 0)
				return true;
	}
	return false;
}

static int
fold_all(struct tally *tally, sqlite3 *writer)
{
	struct fold fold = {NULL, NULL, 0};
	int code = sqlite3_prepare_v2(writer,
	    "INSERT INTO guiju_tally(name, id, n) VALUES (?1, ?2, ?3) "
	    "ON CONFLICT (name, id) DO UPDATE SET n = max(n, excluded.n)",
	    -1, &fold.store, NULL);

	for (size_t i = 0; i < tally->count && code == SQLITE_OK; i++) {
		struct entry *entry = &tally->entry[i];
		fold.map = &entry->map;
		code = sqlite3_bind_text(
		    fold.store, 1, entry->name, (int)entry->len, SQLITE_STATIC);
		if (code == SQLITE_OK)
			code = fold_map(&fold);
	}
	sqlite3_finalize(fold.store);
	return code;
}

/* Fold in one transaction, under the lock, with header.folding set. */
static enum err
fold_locked(struct tally *tally, sqlite3 *writer)
{
	int code;

	store_roll_back(writer);
	code = sqlite3_exec(writer, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (code != SQLITE_OK)
		return fold_failed(
		    tally, sqlite3_errmsg(writer), store_err(code));
	set_folding(tally, true);
	code = fold_all(tally, writer);
	if (code == SQLITE_OK)
		code = sqlite3_exec(writer, "COMMIT", NULL, NULL, NULL);
	(void)FAULT("fold");
	if (code == SQLITE_OK) {
		set_folding(tally, false);
		return OK;
	}
	/* folding stays set: the next fold recovers. */
	(void)fold_failed(tally, sqlite3_errmsg(writer), ERR_IO);
	store_roll_back(writer);
	return store_err(code);
}

enum err
tally_fold(struct tally *tally, sqlite3 *writer)
{
	bool dirty = false;
	int64_t wait_ms = BUSY_WRITER_MS;
	enum err err;
	int fd;

	for (size_t i = 0; i < tally->count && !dirty; i++)
		dirty = has_dirty(&tally->entry[i].map);
	if (!dirty)
		return OK;
	/* Opened anew each time: a lock belongs to the open file description,
	 * which a forked process would share. */
	fd = openat(tally->dir_fd, "tally.lock",
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);
	if (fd < 0) {
		snprintf(tally->why, sizeof(tally->why), "tally.lock: %s",
		    strerror(errno));
		return ERR_IO;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return ERR_BUSY;
	}
	/* The connection's own timeout is restored afterwards. */
	connect_int(writer, "PRAGMA busy_timeout", &wait_ms);
	sqlite3_busy_timeout(writer, BUSY_FOLD_MS);
	err = fold_locked(tally, writer);
	sqlite3_busy_timeout(writer, (int)wait_ms);
	close(fd);
	return err;
}
