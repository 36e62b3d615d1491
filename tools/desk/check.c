/* SPDX-License-Identifier: ISC */
/* Checks the files of a capsule's desk/; a mistake in one hides none in
 * another.
 */
#include "tools/desk/check.h"

#include "tools/desk/internal.h"

enum { ARENA_BYTES_MAX = 16 * 1024 * 1024, WHY_BYTES_MAX = 4096 };

/* The state of one check. */
struct checking {
	sqlite3 *db;
	const char *capsule;
	struct arena *arena;
	struct buf *why; /* a line per mistake */
	bool writes;     /* some verb writes */
	enum err err;
};

static void
tell(struct checking *checking, struct str line)
{
	buf_text(checking->why, checking->why->len > 0 ? "\n" : "");
	buf_str(checking->why, line);
	checking->err = ERR_INPUT;
}

static void
tell_findings(struct checking *checking, const struct findings *findings)
{
	for (const struct finding *f = findings->first; f != NULL;
	     f = f->next) {
		struct str line = arena_printf(checking->arena, "%s/%s:%u: %s",
		    checking->capsule, f->file, f->line, f->message);

		if (line.data == NULL)
			checking->err = ERR_NOMEM;
		else
			tell(checking, line);
	}
}

static void
check_verbs(struct checking *checking, const struct desk_kind *kind)
{
	struct buf why;

	buf_init(&why, WHY_BYTES_MAX);
	for (int i = 0; i < kind->count; i++) {
		buf_clear(&why);
		checking->writes |= kind->verb[i].writes;
		if (desk_try(checking->capsule, kind, &kind->verb[i],
			checking->db, &why) != OK)
			tell(checking, buf_view(&why));
	}
	buf_release(&why);
}

static void
check_kind(struct checking *checking, const char *name)
{
	struct desk_kind *kind = arena_alloc(checking->arena, sizeof(*kind));
	struct findings findings;
	enum err err = ERR_NOMEM;

	findings_init(&findings);
	if (kind != NULL)
		err = desk_read(
		    checking->arena, checking->capsule, name, &findings, kind);
	tell_findings(checking, &findings);
	if (err == OK && findings.count == 0)
		check_verbs(checking, kind);
	else if (err != OK && err != ERR_INPUT)
		checking->err = err;
	findings_free(findings.first);
}

/* What is changed at the desk is logged. */
static void
check_log(struct checking *checking)
{
	struct buf why;

	buf_init(&why, WHY_BYTES_MAX);
	if (checking->writes &&
	    desk_try_log(checking->capsule, checking->db, &why) != OK)
		tell(checking, buf_view(&why));
	buf_release(&why);
}

enum err
desk_check(sqlite3 *db, const char *capsule, struct buf *why)
{
	struct checking checking = {.db = db,
	    .capsule = capsule,
	    .arena = arena_new(ARENA_BYTES_MAX),
	    .why = why};
	struct desk_names names = {.count = 0};

	if (checking.arena == NULL)
		return ERR_NOMEM;
	checking.err = desk_list(checking.arena, capsule, &names);
	for (size_t i = 0; i < names.count; i++)
		check_kind(&checking, names.name[i]);
	check_log(&checking);
	arena_free(checking.arena);
	return checking.err;
}
