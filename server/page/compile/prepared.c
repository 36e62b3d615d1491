/* SPDX-License-Identifier: ISC */
/* A hash table of prepared statements. The key is the SQL text. */
#include "page/compile/prepared.h"

static size_t
bucket_of(struct str sql)
{
	return str_hash(sql) % PREPARED_BUCKETS;
}

struct prepared *
prepared_find(
    const struct prepared_set *set, sqlite3 *db, int kind, struct str sql)
{
	struct prepared *p = set->bucket[bucket_of(sql)];

	while (p != NULL &&
	    (p->db != db || p->kind != kind || p->walked ||
		!str_equal(p->sql, sql)))
		p = p->next;
	return p;
}

struct prepared *
prepared_add(struct prepared_set *set, struct arena *arena, sqlite3 *db,
    int kind, struct str sql, sqlite3_stmt *stmt)
{
	struct prepared **bucket = &set->bucket[bucket_of(sql)];
	struct prepared *p = arena_alloc(arena, sizeof(*p));

	if (p == NULL)
		return NULL;
	*p = (struct prepared){
	    .next = *bucket, .sql = sql, .db = db, .kind = kind, .stmt = stmt};
	*bucket = p;
	return p;
}

int
prepared_take(struct prepared_set *set, struct arena *arena, sqlite3 *db,
    const char *sql, sqlite3_stmt **out)
{
	enum { OF_THE_ENGINE = -1 }; /* the kinds of pages are above */
	const struct str text = str_from(sql);
	const struct prepared *p = prepared_find(set, db, OF_THE_ENGINE, text);
	sqlite3_stmt *stmt = NULL;
	int code = SQLITE_OK;

	*out = NULL;
	if (p == NULL) {
		code = sqlite3_prepare_v3(
		    db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
		if (code == SQLITE_OK)
			p = prepared_add(
			    set, arena, db, OF_THE_ENGINE, text, stmt);
		if (p == NULL)
			sqlite3_finalize(stmt);
	}
	if (p != NULL)
		*out = p->stmt;
	return code == SQLITE_OK && p == NULL ? SQLITE_NOMEM : code;
}

void
prepared_release(struct prepared_set *set)
{
	for (size_t i = 0; i < PREPARED_BUCKETS; i++) {
		for (struct prepared *p = set->bucket[i]; p != NULL;
		     p = p->next)
			sqlite3_finalize(p->stmt);
		set->bucket[i] = NULL;
	}
}
