/* SPDX-License-Identifier: ISC */
/*
 * Which tables a statement reads from end to end. This file reads the program
 * that SQLite makes of the statement (EXPLAIN), for two reasons against EXPLAIN
 * QUERY PLAN: its lines change between versions, and they use one name for a
 * row of VALUES, a co-routine and a table.
 *
 * In the program, the instruction that steps to the next row is marked if it
 * belongs to a full scan. The mark is the public number that
 * sqlite3_stmt_status() counts. A cursor is on a table only if it is opened on
 * a page of the database. A statement's temporary tables have other cursors,
 * and so have virtual tables, which know their own cost.
 *
 * A program that this file does not understand gives no advice. Only the
 * statement's own program is read: triggers belong to the schema.
 */
#include "page/compile/prepared.h"

enum {
	PROGRAM_MAX_BYTES = 8 * 1024 * 1024, /* 400,000 instructions */
	DEPTH_MAX = 6,                       /* of co-routines and calls */
	MAIN_DATABASE = 0,                   /* 1: temporary tables */
	/* Marks a scan that makes an index for one run. It is used like
	 * SQLITE_STMTSTATUS_FULLSCAN_STEP. */
	AUTOINDEX_STEP = SQLITE_STMTSTATUS_AUTOINDEX
};

/* What an instruction does, as far as this file needs to know. */
enum act {
	OTHER,
	OPENS,    /* cursor p1 on root page p2 of database p3 */
	COUNTS,   /* the rows of cursor p1 */
	STEPS,    /* cursor p1; to p2 if there is a row */
	ENDS,     /* a LIMIT: to p2 when register p1 is zero */
	KEEPS,    /* a sort that keeps only the rows of a LIMIT */
	GOES,     /* to p2 */
	YIELDS,   /* a row from one co-routine to another, by register p1 */
	CALLS,    /* the subroutine at p2, which returns by register p1 */
	RETURNS,  /* by register p1 */
	COMPARES, /* to p2, or not */
	SETS,     /* number p1 into register p2 */
	SORTS,    /* cursor p1 */
	INSERTS,  /* into cursor p1 */
	SUMS,     /* an aggregate takes a row */
	GIVES     /* a row of the result */
};

static const struct {
	const char *name;
	enum act act;
} opcodes[] = {{"OpenRead", OPENS}, {"OpenWrite", OPENS}, {"ReopenIdx", OPENS},
    {"Count", COUNTS}, {"Next", STEPS}, {"Prev", STEPS}, {"DecrJumpZero", ENDS},
    {"IfNotZero", KEEPS}, {"Goto", GOES}, {"Gosub", CALLS}, {"Return", RETURNS},
    {"Yield", YIELDS}, {"Eq", COMPARES}, {"Ne", COMPARES}, {"Lt", COMPARES},
    {"Le", COMPARES}, {"Gt", COMPARES}, {"Ge", COMPARES}, {"If", COMPARES},
    {"IfNot", COMPARES}, {"IsNull", COMPARES}, {"NotNull", COMPARES},
    {"Integer", SETS}, {"Sort", SORTS}, {"SorterSort", SORTS},
    {"IdxInsert", INSERTS}, {"SorterInsert", INSERTS}, {"AggStep", SUMS},
    {"ResultRow", GIVES}};

struct instruction {
	enum act act;
	int p1, p2, p3, p5;
};

struct program {
	struct instruction *at;
	int count;
};

/* A loop over rows, up to the step to the next row; or a subroutine, up to its
 * return. */
struct loop {
	int first, step;
	bool called;
};

/* ---- the program ---------------------------------------------------- */

static enum act
act_of(const char *opcode)
{
	for (size_t i = 0; i < sizeof(opcodes) / sizeof(*opcodes); i++)
		if (opcode != NULL && strcmp(opcode, opcodes[i].name) == 0)
			return opcodes[i].act;
	return OTHER;
}

/* The instructions of triggers follow and count from 0 again. */
static int
count_instructions(sqlite3_stmt *explain)
{
	int n = 0;

	while (sqlite3_step(explain) == SQLITE_ROW &&
	    sqlite3_column_int(explain, 0) == n)
		n++;
	sqlite3_reset(explain);
	return n;
}

static void
read_program(struct arena *scratch, sqlite3_stmt *explain, struct program *out)
{
	int count = count_instructions(explain);

	out->at = arena_array(scratch, (size_t)count, sizeof(*out->at));
	while (out->at != NULL && out->count < count &&
	    sqlite3_step(explain) == SQLITE_ROW)
		out->at[out->count++] = (struct instruction){
		    act_of((const char *)sqlite3_column_text(explain, 1)),
		    sqlite3_column_int(explain, 2),
		    sqlite3_column_int(explain, 3),
		    sqlite3_column_int(explain, 4),
		    sqlite3_column_int(explain, 6)};
}

/* The root page of a cursor's table or index; 0: the cursor is on neither. */
static int
root_of(const struct program *p, int cursor)
{
	for (int i = 0; i < p->count; i++)
		if (p->at[i].act == OPENS && p->at[i].p1 == cursor &&
		    p->at[i].p3 == MAIN_DATABASE)
			return p->at[i].p2;
	return 0;
}

/* Is the instruction at this address in the loop? */
static bool
is_in(const struct loop *loop, int address)
{
	return address >= loop->first && address <= loop->step;
}

static bool
has(const struct program *p, const struct loop *loop, enum act act)
{
	for (int i = loop->first; i < loop->step; i++)
		if (p->at[i].act == act)
			return true;
	return false;
}

/* ---- where the rows of a loop go ------------------------------------ */

/* The loop that takes the rows that the loop `giver` yields at `yield`. */
static bool
find_taker(const struct program *p, const struct loop *giver, int yield,
    struct loop *out)
{
	for (int i = 0; i < p->count; i++) {
		if (p->at[i].act != YIELDS || is_in(giver, i) ||
		    p->at[i].p1 != p->at[yield].p1)
			continue;
		for (int j = i + 1; j < p->count; j++)
			if (p->at[j].act == GOES && p->at[j].p2 == i) {
				*out = (struct loop){i + 1, j, false};
				return true;
			}
	}
	return false;
}

/* The subroutine at a call. It may return in several places: the last counts.
 */
static bool
find_callee(const struct program *p, int call, struct loop *out)
{
	*out = (struct loop){p->at[call].p2, -1, true};
	for (int i = p->count - 1; i >= out->first && out->first >= 0; i--)
		if (p->at[i].act == RETURNS && p->at[i].p1 == p->at[call].p1) {
			out->step = i;
			return true;
		}
	return false;
}

/*
 * The first wanted instruction of the loop. The search follows the loop's rows
 * into the loop that takes them and into subroutines. -1: none.
 */
static int
find(const struct program *p, const struct loop *loop,
    bool (*is_wanted)(const struct instruction *, const struct loop *),
    int depth)
{
	for (int i = loop->first; i < loop->step && depth < DEPTH_MAX; i++) {
		const enum act act = p->at[i].act;
		struct loop next;
		int found = -1;

		if (is_wanted(&p->at[i], loop))
			return i;
		if ((act == YIELDS && find_taker(p, loop, i, &next)) ||
		    (act == CALLS && find_callee(p, i, &next)))
			found = find(p, &next, is_wanted, depth + 1);
		if (found >= 0)
			return found;
	}
	return -1;
}

/* Does the instruction leave the loop before the last row? A LIMIT does so, and
 * min() and max(), which need only the first row. */
static bool
is_end(const struct instruction *at, const struct loop *loop)
{
	return (at->act == ENDS && !is_in(loop, at->p2)) ||
	    (at->act == GOES && at->p2 > loop->step && !loop->called);
}

/* Does the instruction give a row of the result? Then a LIMIT can end the loop.
 */
static bool
is_result(const struct instruction *at, const struct loop *loop)
{
	(void)loop;
	return at->act == GIVES;
}

/* Does the loop end after one row, as for EXISTS, min() and a subquery that is
 * one value? */
static bool
takes_one(const struct program *p, int end)
{
	if (p->at[end].act == GOES)
		return true;
	for (int i = 0; i < p->count; i++)
		if (p->at[i].act == SETS && p->at[i].p1 == 1 &&
		    p->at[i].p2 == p->at[end].p1)
			return true;
	return false;
}

/* Does the loop skip rows? */
static bool
chooses(const struct program *p, const struct loop *loop)
{
	for (int i = loop->first; i < loop->step; i++)
		if (p->at[i].act == COMPARES && p->at[i].p2 == loop->step)
			return true;
	return false;
}

static bool
sorts(const struct program *p, const struct loop *loop)
{
	for (int i = loop->first; i < loop->step; i++)
		for (int j = loop->step;
		     p->at[i].act == INSERTS && j < p->count; j++)
			if (p->at[j].act == SORTS && p->at[j].p1 == p->at[i].p1)
				return true;
	return false;
}

/* ---- the advice ----------------------------------------------------- */

/* What would make the loop faster; NULL: nothing is needed. */
static const char *
cure(const struct program *p, int step)
{
	const struct loop loop = {p->at[step].p2, step, false};
	const struct loop all = {0, p->count, false};
	int end;

	if (p->at[step].act == COUNTS)
		return "count up to a LIMIT, or keep the number in a row of "
		       "its own";
	if (p->at[step].p5 == AUTOINDEX_STEP)
		return "give it an index";
	end = find(p, &loop, is_end, 0);
	if (end >= 0)
		return takes_one(p, end) && chooses(p, &loop)
		    ? "give it an index"
		    : NULL;
	if (sorts(p, &loop))
		return has(p, &loop, KEEPS) || has(p, &all, SUMS)
		    ? "give it an index in that order"
		    : "give it an index in that order, and the statement a "
		      "LIMIT";
	if (find(p, &loop, is_result, 0) < 0)
		return has(p, &loop, SUMS) && !chooses(p, &loop)
		    ? "keep the result in a row of its own"
		    : "give it an index";
	return chooses(p, &loop) ? "give it an index, or the statement a LIMIT"
				 : "give the statement a LIMIT";
}

static bool
is_scan(const struct instruction *at)
{
	if (at->act == COUNTS)
		return at->p3 == 0; /* otherwise SQLite only estimates */
	return at->act == STEPS &&
	    (at->p5 == SQLITE_STMTSTATUS_FULLSCAN_STEP ||
		at->p5 == AUTOINDEX_STEP);
}

/* Add the advice about one table, once. names: the table's name, and the name
 * of what the cursor is on, which may be an index. */
static struct advice **
say(struct arena *arena, struct advice *const *first, struct advice **end,
    sqlite3_stmt *names, const char *help)
{
	const char *table = (const char *)sqlite3_column_text(names, 0);
	const char *by = (const char *)sqlite3_column_text(names, 1);
	bool is_index = by != NULL && table != NULL && strcmp(by, table) != 0;
	struct str text = arena_printf(arena,
	    "reads a whole table (%s%s%s); %s, or say /* scan */ in the "
	    "statement",
	    table == NULL ? "" : table, is_index ? " by " : "",
	    is_index ? by : "", help);

	if (text.data == NULL)
		return end;
	for (const struct advice *a = *first; a != NULL; a = a->next)
		if (str_equal(a->text, text))
			return end;
	*end = arena_alloc(arena, sizeof(**end));
	if (*end == NULL)
		return end;
	(*end)->text = text;
	return &(*end)->next;
}

static struct advice *
judge(struct arena *arena, const struct program *p, sqlite3_stmt *names)
{
	struct advice *first = NULL, **end = &first;

	for (int i = 0; i < p->count; i++) {
		const char *help;
		int root;

		if (!is_scan(&p->at[i]))
			continue;
		root = root_of(p, p->at[i].p1);
		help = root == 0 ? NULL : cure(p, i);
		if (help == NULL ||
		    sqlite3_bind_int(names, 1, root) != SQLITE_OK)
			continue;
		if (sqlite3_step(names) == SQLITE_ROW)
			end = say(arena, &first, end, names, help);
		sqlite3_reset(names);
	}
	return first;
}

struct advice *
advice_find(struct arena *arena, sqlite3 *db, struct str sql)
{
	sqlite3_stmt *explain = NULL, *names = NULL;
	struct program program = {NULL, 0};
	struct advice *found = NULL;
	struct arena *scratch;
	struct str text;

	if (str_find(sql, STR("/* scan */")) != SIZE_MAX)
		return NULL;
	scratch = arena_new(PROGRAM_MAX_BYTES);
	if (scratch == NULL)
		return NULL;
	text = arena_printf(scratch, "EXPLAIN %.*s", STR_ARG(sql));
	if (text.data != NULL &&
	    sqlite3_prepare_v2(db, text.data, (int)text.len, &explain, NULL) ==
		SQLITE_OK &&
	    sqlite3_prepare_v2(db,
		"SELECT tbl_name, name FROM sqlite_master WHERE rootpage = ?1",
		-1, &names, NULL) == SQLITE_OK) {
		read_program(scratch, explain, &program);
		found = judge(arena, &program, names);
	}
	sqlite3_finalize(explain);
	sqlite3_finalize(names);
	arena_free(scratch);
	return found;
}
