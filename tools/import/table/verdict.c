/* SPDX-License-Identifier: ISC */
/*
 * What becomes of a row of a table is the capsule's business: it says so in
 * import/KIND.sql, statements that run in order for each row, between those of
 * import/begin.sql and import/end.sql, all in one transaction. How they are
 * written is told in sql/steps.c.
 *
 * Parameters are the row's columns by the names in the file's first row, and
 * what the tool knows (load.c lists it). One that nothing provides is NULL:
 * the next file may have that column. Answers, unless they are NULL, are the
 * columns
 *
 *	refused    the row is not stored; the text says why. It must come before
 *	           the row's first change: nothing is taken back
 *	unchanged  the row is stored already. Nothing more runs for it
 *	fatal      the whole import ends and is taken back; the text says why
 *	outcome    'new' or 'changed': how the row is counted
 *	once       what may come only once in an import: the second is refused
 *	say        a line for the operator; here every row of the statement
 *	           counts
 *
 * and a column `confirm` anywhere in KIND.sql: nothing is stored without
 * --commit, and nothing at all if a row is refused.
 */
#include "tools/import/table/verdict.h"

#include "base/utf8.h"

enum answer {
	ANSWER_REFUSED,
	ANSWER_UNCHANGED,
	ANSWER_FATAL,
	ANSWER_OUTCOME,
	ANSWER_ONCE,
	ANSWER_SAY,
	ANSWER_COUNT
};

static const struct steps_answer answers[ANSWER_COUNT] = {
    [ANSWER_REFUSED] = {"refused", false},
    [ANSWER_UNCHANGED] = {"unchanged", false},
    [ANSWER_FATAL] = {"fatal", false},
    [ANSWER_OUTCOME] = {"outcome", false},
    [ANSWER_ONCE] = {"once", false},
    [ANSWER_SAY] = {"say", true},
};

const struct steps_form verdict_form = {
    .answer = answers, .answers = ANSWER_COUNT};

/* The first that settles the row counts. */
static void
settle(struct verdict *verdict, enum verdict_kind kind, struct str text)
{
	if (verdict->kind != VERDICT_DONE)
		return;
	verdict->kind = kind;
	verdict->run.done = true;
	utf8_add_line(verdict->text, text);
}

/* FNV-1a, 64 bits; never 0. */
static uint64_t
hash(struct str s)
{
	uint64_t h = 0xCBF29CE484222325u;

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.data[i]) * 0x100000001B3u;
	return h == 0 ? 1 : h;
}

/* The row has something that may come once only. */
static bool
check_once(struct verdict *verdict, struct str text)
{
	size_t earlier;

	if (verdict->kind != VERDICT_DONE)
		return true;
	if (once_add(verdict->once, hash(text), verdict->line, &earlier) != OK)
		return false;
	if (earlier > 0) {
		settle(verdict, VERDICT_REFUSED, text);
		buf_printf(verdict->text, " is on line %zu already", earlier);
	}
	return true;
}

static bool
take_answer(struct steps_run *run, size_t answer, struct str text)
{
	struct verdict *verdict = (struct verdict *)run;

	switch ((enum answer)answer) {
	case ANSWER_REFUSED:
		settle(verdict, VERDICT_REFUSED, text);
		break;
	case ANSWER_UNCHANGED:
		settle(verdict, VERDICT_UNCHANGED, text);
		break;
	case ANSWER_FATAL:
		settle(verdict, VERDICT_FATAL, text);
		break;
	case ANSWER_OUTCOME:
		verdict->changed = str_equal(text, STR("changed"));
		break;
	case ANSWER_ONCE:
		return check_once(verdict, text);
	case ANSWER_SAY:
		utf8_add_line(verdict->said, text);
		buf_char(verdict->said, '\n');
		break;
	case ANSWER_COUNT:
		break;
	}
	return true;
}

enum err
verdict_reach(struct steps *steps, struct verdict *verdict, struct buf *why)
{
	verdict->run = (struct steps_run){.answer = take_answer};
	verdict->kind = VERDICT_DONE;
	verdict->changed = false;
	buf_clear(verdict->text);
	buf_clear(verdict->said);
	return steps_run(steps, &verdict->run, why);
}
