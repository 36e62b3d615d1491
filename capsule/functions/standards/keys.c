/* SPDX-License-Identifier: ISC */
/*
 * Numbers of standards in SQL. std_key(), std_family(), std_bare() and
 * std_sort() have a result for any text that is not empty: so a reference that
 * cannot be read still has an address. The other functions return NULL if a
 * text is not a number.
 */
#include "standards.h"
#include "fold.h"
#include "number.h"

enum { RESULT_MAX = 1024, LAST_MAX = 120 };

/*
 * The text that was read last. A statement asks for the key, the prefix, the
 * year and more of one number, and most of each is reading it.
 */
static _Thread_local struct {
	char text[LAST_MAX];
	size_t len; /* 0: none yet */
	enum std_reading reading;
	struct std_number number;
} last;

static bool
read_number(struct str text, struct std_number *number)
{
	struct std_unread unread;
	enum std_reading reading;

	if (text.len > 0 && text.len == last.len &&
	    memcmp(text.data, last.text, text.len) == 0) {
		*number = last.number;
		return last.reading == STD_WHOLE;
	}
	reading = std_try(text, STD_ANY, number, &unread);
	if (text.len <= LAST_MAX && reading != STD_NONE) {
		memcpy(last.text, text.data, text.len);
		last.len = text.len;
		last.reading = reading;
		last.number = *number;
	}
	return reading == STD_WHOLE;
}

/* Read the argument; false: NULL is the result, or no number. */
static bool
read_value(sqlite3_value *value, struct std_number *number)
{
	return !sql_is_null(value) && read_number(sql_text(value), number);
}

/* An empty text is no result: NULL. */
static void
give(sqlite3_context *context, struct buf *out)
{
	if (out->err == OK && out->len == 0)
		buf_release(out);
	else
		sql_result(context, out);
}

static void
call_number(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct std_number number;
	struct buf out;

	(void)count;
	if (!read_value(value[0], &number))
		return;
	buf_init(&out, RESULT_MAX);
	std_write(&out, &number);
	give(context, &out);
}

/* One of the keys; the writer stands in the function's own context. */
struct key_kind {
	void (*write)(struct buf *, const struct std_number *);
	const char *unread; /* before the key of what is no number */
};

static void
call_key(sqlite3_context *context, int count, sqlite3_value **value)
{
	const struct key_kind *kind = sqlite3_user_data(context);
	struct std_number number;
	struct buf key, out;

	(void)count;
	if (sql_is_null(value[0]))
		return;
	buf_init(&key, STD_KEY_MAX);
	buf_init(&out, RESULT_MAX);
	if (read_number(sql_text(value[0]), &number) ||
	    std_read_key(sql_text(value[0]), &key, &number)) {
		kind->write(&out, &number);
	} else if (key.len > 0) {
		buf_text(&out, kind->unread);
		buf_str(&out, buf_view(&key));
	}
	if (key.err != OK)
		out.err = key.err;
	buf_release(&key);
	give(context, &out);
}

static void
call_prefix(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct std_number number;

	(void)count;
	if (read_value(value[0], &number) && number.prefix[0] != '\0')
		sqlite3_result_text(
		    context, number.prefix, -1, SQLITE_TRANSIENT);
}

/* Without blanks, as people type it: 300130-2. */
static void
call_digits(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct std_number number;
	struct buf out;

	(void)count;
	if (!read_value(value[0], &number))
		return;
	buf_init(&out, RESULT_MAX);
	for (const char *p = number.number; *p != '\0'; p++)
		if (*p != ' ')
			buf_char(&out, *p);
	give(context, &out);
}

static void
call_year(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct std_number number;

	(void)count;
	if (read_value(value[0], &number) && number.year != 0)
		sqlite3_result_int(context, number.year);
}

static void
call_rest(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct std_number number;
	struct str text, rest;

	(void)count;
	if (!read_value(value[0], &number))
		return;
	text = sql_text(value[0]);
	rest = std_trim(str_slice(text, number.end, text.len));
	sqlite3_result_text64(
	    context, rest.data, rest.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* What belongs to a number that begins here and is not understood. */
static void
call_unread(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct std_unread unread;
	struct std_number number;

	(void)count;
	if (sql_is_null(value[0]) ||
	    std_try(sql_text(value[0]), STD_ANY, &number, &unread) != STD_PART)
		return;
	sqlite3_result_text64(context, unread.text.data, unread.text.len,
	    SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* The key of what an amendment amends. */
static void
call_amended(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct std_number number;
	struct buf out;

	(void)count;
	if (!read_value(value[0], &number) || *number.tail == '\0')
		return;
	*number.tail = '\0';
	buf_init(&out, RESULT_MAX);
	std_write_key(&out, &number);
	give(context, &out);
}

static void
call_level(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct std_number number;

	(void)count;
	if (read_value(value[0], &number))
		sqlite3_result_text(
		    context, std_level_name(number.level), -1, SQLITE_STATIC);
}

static void
call_mandate(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct std_number number;

	(void)count;
	if (read_value(value[0], &number))
		sqlite3_result_text(context, std_mandate_name(number.mandate),
		    -1, SQLITE_STATIC);
}

int
std_register_keys(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"std_number", 1, SQL_PURE, call_number},
	    {"std_prefix", 1, SQL_PURE, call_prefix},
	    {"std_digits", 1, SQL_PURE, call_digits},
	    {"std_year", 1, SQL_PURE, call_year},
	    {"std_rest", 1, SQL_PURE, call_rest},
	    {"std_unread", 1, SQL_PURE, call_unread},
	    {"std_amended", 1, SQL_PURE, call_amended},
	    {"std_level", 1, SQL_PURE, call_level},
	    {"std_mandate", 1, SQL_PURE, call_mandate}};
	static struct key_kind kinds[] = {{std_write_key, ""},
	    {std_write_family, ""}, {std_write_bare, ""},
	    {std_write_sort, "~"}};
	static const char *const names[] = {
	    "std_key", "std_family", "std_bare", "std_sort"};
	int code = sql_register(db, list, sizeof(list) / sizeof(*list), NULL);

	for (size_t i = 0; code == SQLITE_OK && i < 4; i++) {
		struct sql_function one = {names[i], 1, SQL_PURE, call_key};

		code = sql_register(db, &one, 1, &kinds[i]);
	}
	return code;
}
