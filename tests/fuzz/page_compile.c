/* SPDX-License-Identifier: ISC */
/*
 * The text of a page, compiled against a small database. Whatever stands
 * there, compiling ends with a page or with findings, and leaves no statement
 * open.
 */
#include "fuzz.h"

#include <sqlite3.h>

#include "page/compile/compile.h"
#include "place.h"
#include "store/functions/functions.h"

enum { PAGE_MAX = 32 * 1024 };

static const char schema[] =
    "CREATE TABLE book (id INTEGER PRIMARY KEY, shelf TEXT NOT NULL, "
    "  title TEXT NOT NULL, note TEXT, url TEXT, body TEXT);"
    "CREATE INDEX book_shelf ON book (shelf, id);";

static sqlite3 *
open_database(bool writes)
{
	sqlite3 *db;

	MUST(sqlite3_open(":memory:", &db) == SQLITE_OK);
	MUST(functions_register(db, NULL) == SQLITE_OK);
	MUST(sqlite3_exec(db, schema, NULL, NULL, NULL) == SQLITE_OK);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	if (!writes)
		MUST(sqlite3_exec(db, "PRAGMA query_only = ON", NULL, NULL,
			 NULL) == SQLITE_OK);
	return db;
}

static void
compile(const struct compile_options *options, bool sealed)
{
	struct str parameters[] = {STR("shelf"), STR("seal")};
	struct page page = {.file = STR("pages/p.gmi"),
	    .parameters = parameters,
	    .parameter_count = sealed ? 2 : 1,
	    .sealed = sealed};

	MUST(page_compile(options, &page) == OK);
	MUST((page.findings == 0) == (options->findings->count == 0));
	prepared_release(options->prepared);
	MUST(sqlite3_next_stmt(options->reader, NULL) == NULL);
	MUST(sqlite3_next_stmt(options->writer, NULL) == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct compile_options options;
	static struct prepared_set prepared;
	struct findings findings;

	if (size == 0 || size > PAGE_MAX)
		return 0;
	if (options.arena == NULL) {
		options = (struct compile_options){.arena = arena_new(64 << 20),
		    .capsule = place(),
		    .reader = open_database(false),
		    .writer = open_database(true),
		    .prepared = &prepared};
		place_write(
		    "pages/_part.gmi", "{shelf}\n% if 1\nx\n% end\n", 24);
		place_write("pages/_loop.gmi", "% include _loop.gmi\n", 20);
	}
	MUST(options.arena != NULL);
	findings_init(&findings);
	options.findings = &findings;
	/* The first byte: is it a page that writes? */
	place_write("pages/p.gmi", data + 1, size - 1);
	compile(&options, (data[0] & 1) != 0);
	for (struct finding *f = findings.first; f != NULL; f = f->next)
		MUST(f->message[0] != '\0');
	findings_free(findings.first);
	arena_clear(options.arena);
	return 0;
}
