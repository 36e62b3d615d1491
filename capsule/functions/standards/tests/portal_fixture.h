/* SPDX-License-Identifier: ISC */
/* The portal itself, served from this folder, on a database of its own. */
#ifndef GUIJU_STANDARDS_TESTS_PORTAL_FIXTURE_H
#define GUIJU_STANDARDS_TESTS_PORTAL_FIXTURE_H

#include "tests/unit/page_fixture.h"

#include "store/accounts/accounts.h"
#include "store/functions/functions.h"
#include "store/modules.h"
#include "store/schema.h"

/* A database's path. */
struct portal_path {
	char text[120];
};

/* Open the portal. content: its first content is in the database, too. Gives
 * the fixture; *database: the path of its database. */
static inline struct fixture *
portal_open(void **state, bool content, struct portal_path *database)
{
	struct fixture *f;
	struct buf why;

	assert_int_equal(fixture_setup(state), 0);
	f = *state;
	buf_init(&why, 1024);
	accounts_use(true);
	assert_int_equal(modules_use(STR("standards"), &why), OK);
	snprintf(f->capsule, sizeof(f->capsule), "capsule");
	snprintf(
	    database->text, sizeof(database->text), "%s/portal.db", f->state);
	if (content)
		assert_int_equal(store_migrate(database->text, "capsule/schema",
				     "capsule/content", &why),
		    OK);
	buf_release(&why);
	fixture_good(f);
	return f;
}

/* A connection to the database with the functions of pages. The caller closes
 * it. */
static inline sqlite3 *
portal_connect(const struct portal_path *database)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(database->text, &db), SQLITE_OK);
	assert_int_equal(functions_register(db, NULL), SQLITE_OK);
	return db;
}

static inline void
portal_run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
}

/* Inserts the standards of a SELECT whose column n is a number; the caller adds
 * title, issued, implemented, source and verified_at, and FROM. */
#define PORTAL_INSERT_STANDARDS                                             \
	"INSERT INTO standard (key, number, family, bare, digits, prefix, " \
	"year, sort, level, mandate, title, issued, implemented, source, "  \
	"verified_at) SELECT std_key(n), n, std_family(n), std_bare(n), "   \
	"std_digits(n), std_prefix(n), std_year(n), std_sort(n), "          \
	"std_level(n), std_mandate(n), "

#endif
