/* SPDX-License-Identifier: ISC */
/*
 * Conditions that need no database: `:page < :pages`, `:title IS NOT NULL`,
 * `:kind = 'news' AND :articles > 0`. Most of what % if asks is of that kind,
 * and a page asks dozens of times; SQLite takes a microsecond for each, which
 * is longer than for the lines between. The language is SQL all the same: what
 * is decided here is what SQLite would have said, and what is not certain is
 * left to it.
 */
#ifndef GUIJU_PAGE_COMPILE_CONDITION_H
#define GUIJU_PAGE_COMPILE_CONDITION_H

#include "page/compile/scope.h"
#include "page/compile/value.h"

struct condition;

enum verdict { VERDICT_NO, VERDICT_YES, VERDICT_ASK /* ask SQLite */ };

/*
 * The condition that an SQL expression is, in the arena; NULL: it is not of
 * that kind, or out of memory, and SQLite has to be asked each time. An operand
 * is a :name of the scope, a whole number or a string. A test is
 * an operand alone, `operand IS [NOT] NULL`, or two operands with one of
 * = == <> != < <= > >= between them, `NOT` before it or not. Tests are joined
 * by AND.
 */
const struct condition *condition_read(
    struct arena *arena, struct scope *scope, struct str sql);

/* Is it true with these values? */
enum verdict condition_decide(
    const struct condition *condition, const struct value *slots);

#endif
