/* SPDX-License-Identifier: ISC */
/*
 * Memory that runs out when it is told to: ours, SQLite's, OpenSSL's and what
 * is taken from an arena. The Makefile links a program that includes this with
 * --wrap for the functions of MEMORY_WRAPPED. Included once.
 */
#ifndef GUIJU_TESTS_UNIT_MEMORY_FIXTURE_H
#define GUIJU_TESTS_UNIT_MEMORY_FIXTURE_H

#include <openssl/crypto.h>
#include <sqlite3.h>

#include "base/arena.h"

static struct {
	bool armed;
	unsigned calls;   /* while it was */
	unsigned fail_at; /* 0: never */
	bool for_good;    /* all from then on, not that one */
} memory;

/* From now on calls count; the n-th fails. */
static inline void
memory_arm(unsigned fail_at, bool for_good)
{
	memory.armed = true;
	memory.calls = 0;
	memory.fail_at = fail_at;
	memory.for_good = for_good;
}

/* No more. How many calls there were. */
static inline unsigned
memory_disarm(void)
{
	memory.armed = false;
	return memory.calls;
}

static bool
memory_is_out(void)
{
	if (!memory.armed)
		return false;
	memory.calls++;
	return memory.fail_at != 0 &&
	    (memory.calls == memory.fail_at ||
		(memory.for_good && memory.calls > memory.fail_at));
}

/* ---- ours ----------------------------------------------------------- */

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t n);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t n);
void *__real_arena_alloc(struct arena *arena, size_t n);
void *__real_arena_array(struct arena *arena, size_t n, size_t size);
struct str __real_arena_str(struct arena *arena, struct str text);

void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t n);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t n);
void *__wrap_arena_alloc(struct arena *arena, size_t n);
void *__wrap_arena_array(struct arena *arena, size_t n, size_t size);
struct str __wrap_arena_str(struct arena *arena, struct str text);

void *
__wrap_malloc(size_t n)
{
	return memory_is_out() ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return memory_is_out() ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *old, size_t n)
{
	return memory_is_out() ? NULL : __real_realloc(old, n);
}

char *
__wrap_strdup(const char *text)
{
	return memory_is_out() ? NULL : __real_strdup(text);
}

char *
__wrap_strndup(const char *text, size_t n)
{
	return memory_is_out() ? NULL : __real_strndup(text, n);
}

void *
__wrap_arena_alloc(struct arena *arena, size_t n)
{
	return memory_is_out() ? NULL : __real_arena_alloc(arena, n);
}

void *
__wrap_arena_array(struct arena *arena, size_t n, size_t size)
{
	return memory_is_out() ? NULL : __real_arena_array(arena, n, size);
}

struct str
__wrap_arena_str(struct arena *arena, struct str text)
{
	return memory_is_out() ? (struct str){NULL, 0}
			       : __real_arena_str(arena, text);
}

/* ---- theirs --------------------------------------------------------- */

static sqlite3_mem_methods memory_of_sqlite;

static void *
sqlite_malloc(int n)
{
	return memory_is_out() ? NULL : memory_of_sqlite.xMalloc(n);
}

static void *
sqlite_realloc(void *old, int n)
{
	return memory_is_out() ? NULL : memory_of_sqlite.xRealloc(old, n);
}

static void *
openssl_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return memory_is_out() ? NULL : __real_malloc(n);
}

static void *
openssl_realloc(void *old, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return memory_is_out() ? NULL : __real_realloc(old, n);
}

static void
openssl_free(void *old, const char *file, int line)
{
	(void)file;
	(void)line;
	free(old);
}

/* Before either library has been used. */
static inline int
memory_install(void **state)
{
	sqlite3_mem_methods methods;

	(void)state;
	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory_of_sqlite) !=
	    SQLITE_OK)
		return -1;
	methods = memory_of_sqlite;
	methods.xMalloc = sqlite_malloc;
	methods.xRealloc = sqlite_realloc;
	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK)
		return -1;
	return CRYPTO_set_mem_functions(
		   openssl_malloc, openssl_realloc, openssl_free) == 1
	    ? 0
	    : -1;
}

#endif
