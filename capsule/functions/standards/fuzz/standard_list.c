/* SPDX-License-Identifier: ISC */
/*
 * Any text as a pasted list of standards, and as prose that names some. What
 * comes out is JSON; each item has the key of its number; nothing of a list
 * gets lost: between two items of it stands no letter. A number that was read
 * in part is none, unless what is glued to it may be its title.
 */
#include "tests/fuzz/fuzz.h"

#include <sqlite3.h>

#include "../standards.h"

enum { TEXT_MAX = 4096, RAW_MAX = 512, ITEMS_MAX = 5000 };

static sqlite3 *db;
static sqlite3_stmt *items, *mentions, *forms;

static const char items_sql[] =
    "SELECT value ->> 'raw', value ->> 'number', "
    "  coalesce(std_key(value ->> 'raw') = value ->> 'key' OR "
    "    (std_unread(value ->> 'raw') <> '' AND value ->> 'rest' <> ''), "
    "    value ->> 'key' IS NULL), "
    "  coalesce(std_key(value ->> 'number') = value ->> 'key', 1) "
    "FROM json_each(std_list(?1))";
static const char mentions_sql[] =
    "SELECT value ->> 'key', value ->> 'number', "
    "  std_key(value ->> 'number') = value ->> 'key', "
    "  count(*) OVER (PARTITION BY value ->> 'key') = 1 "
    "FROM json_each(std_mentions(?1))";

static void
open_once(void)
{
	if (db != NULL)
		return;
	MUST(sqlite3_open(":memory:", &db) == SQLITE_OK);
	MUST(standards_module.init(db, NULL, NULL) == SQLITE_OK);
	MUST(sqlite3_prepare_v2(db, items_sql, -1, &items, NULL) == SQLITE_OK);
	MUST(sqlite3_prepare_v2(db, mentions_sql, -1, &mentions, NULL) ==
	    SQLITE_OK);
	MUST(sqlite3_prepare_v2(db,
		 "SELECT json_valid(std_list(?1)) AND "
		 "json_valid(std_mentions(?1))",
		 -1, &forms, NULL) == SQLITE_OK);
}

static bool
next(sqlite3_stmt *statement)
{
	int code = sqlite3_step(statement);

	if (code != SQLITE_ROW && code != SQLITE_DONE)
		fprintf(stderr, "%s\n", sqlite3_errmsg(db));
	MUST(code == SQLITE_ROW || code == SQLITE_DONE);
	return code == SQLITE_ROW;
}

static struct str
column(sqlite3_stmt *statement, int i)
{
	return (struct str){(const char *)sqlite3_column_text(statement, i),
	    (size_t)sqlite3_column_bytes(statement, i)};
}

static bool
has_letter(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((s.data[i] >= 'a' && s.data[i] <= 'z') ||
		    (s.data[i] >= 'A' && s.data[i] <= 'Z'))
			return true;
	return false;
}

/* The items in their order; whole is false where one was cut or the text is
 * none that came through a border, so that it cannot be found again. */
static void
check_items(struct str text, bool whole)
{
	size_t count = 0;

	while (next(items)) {
		struct str raw = column(items, 0);
		size_t at;
		MUST(raw.len > 0 && utf8_valid(raw));
		MUST(sqlite3_column_int(items, 3) == 1);
		whole = whole && raw.len <= RAW_MAX - 4;
		count++;
		if (!whole)
			continue;
		MUST(sqlite3_column_int(items, 2) == 1);
		at = str_find(text, raw);
		MUST(at != SIZE_MAX);
		MUST(!has_letter(str_slice(text, 0, at)));
		text = str_slice(text, at + raw.len, text.len);
	}
	MUST(count <= ITEMS_MAX);
	MUST(!whole || count == ITEMS_MAX || !has_letter(text));
}

static void
bind(sqlite3_stmt *statement, struct str text)
{
	sqlite3_reset(statement);
	MUST(sqlite3_bind_text(statement, 1, text.data, (int)text.len,
		 SQLITE_STATIC) == SQLITE_OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = fuzz_str(data, size);

	open_once();
	if (size > TEXT_MAX)
		return 0;
	bind(forms, text);
	MUST(next(forms) && sqlite3_column_int(forms, 0) == 1);
	bind(items, text);
	check_items(text, is_clean_text(text, "\n"));
	bind(mentions, text);
	while (next(mentions)) {
		MUST(is_clean_line(column(mentions, 0)));
		MUST(is_clean_line(column(mentions, 1)));
		MUST(sqlite3_column_int(mentions, 2) == 1);
		MUST(sqlite3_column_int(mentions, 3) == 1);
	}
	sqlite3_reset(forms);
	sqlite3_reset(items);
	sqlite3_reset(mentions);
	return 0;
}
