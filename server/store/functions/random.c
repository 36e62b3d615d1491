/* SPDX-License-Identifier: ISC */
/*
 * The kernel's random bytes, and those that tests repeat. random() and
 * randomblob(n) are as SQLite has them, but with bytes that repeat: pages under
 * `guiju test` give the same at each run. SQLite can be given a seed, but what
 * follows from it differs between its versions.
 */
#include "store/functions/random.h"

#include <unistd.h>

#include "store/functions/functions.h"

enum { ENTROPY_MAX = 256 }; /* getentropy(3) gives no more at once */

static bool repeats;
static uint64_t state; /* of the repeated bytes */

/* SplitMix64 (Steele, Lea, Flood 2014): each state gives one number. */
static uint64_t
next_number(void)
{
	uint64_t x = state += UINT64_C(0x9E3779B97F4A7C15);

	x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
	return x ^ x >> 31;
}

static void
repeat(unsigned char *out, size_t len)
{
	uint64_t number = 0;

	/* Byte by byte: the same on each processor. */
	for (size_t i = 0; i < len; i++) {
		if (i % sizeof(number) == 0)
			number = next_number();
		out[i] = (unsigned char)number;
		number >>= 8;
	}
}

enum err
random_bytes(void *out, size_t len)
{
	unsigned char *at = out;

	if (repeats) {
		repeat(at, len);
		return OK;
	}
	while (len > 0) {
		const size_t n = len < ENTROPY_MAX ? len : ENTROPY_MAX;

		if (getentropy(at, n) != 0)
			return ERR_IO;
		at += n;
		len -= n;
	}
	return OK;
}

void
random_repeat(struct str seed)
{
	repeats = true;
	state = str_hash(seed);
}

static void
call_random(sqlite3_context *context, int count, sqlite3_value **value)
{
	sqlite3_int64 number = 0;

	(void)count, (void)value;
	if (random_bytes(&number, sizeof(number)) != OK) {
		sqlite3_result_error(context, "no random bytes", -1);
		return;
	}
	/* As in SQLite: abs() of the least number would fail. */
	sqlite3_result_int64(
	    context, number < 0 ? -(number & INT64_MAX) : number);
}

static void
call_randomblob(sqlite3_context *context, int count, sqlite3_value **value)
{
	sqlite3_int64 size = sqlite3_value_int64(value[0]);
	unsigned char *bytes;

	(void)count;
	if (size < 1)
		size = 1;
	if (size > sqlite3_limit(sqlite3_context_db_handle(context),
		       SQLITE_LIMIT_LENGTH, -1)) {
		sqlite3_result_error_toobig(context);
		return;
	}
	bytes = sqlite3_malloc64((sqlite3_uint64)size);
	if (bytes == NULL) {
		sqlite3_result_error_nomem(context);
	} else if (random_bytes(bytes, (size_t)size) != OK) {
		sqlite3_free(bytes);
		sqlite3_result_error(context, "no random bytes", -1);
	} else {
		sqlite3_result_blob64(
		    context, bytes, (sqlite3_uint64)size, sqlite3_free);
	}
}

int
functions_register_random(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"random", 0, SQLITE_INNOCUOUS, call_random},
	    {"randomblob", 1, SQLITE_INNOCUOUS, call_randomblob}};

	if (!repeats)
		return SQLITE_OK;
	return sql_register(db, list, sizeof(list) / sizeof(*list), NULL);
}
