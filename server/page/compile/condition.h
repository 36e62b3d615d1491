/* SPDX-License-Identifier: ISC */
/*
 * Conditions that need no database: `:page < :pages`, `:title IS NOT NULL`,
 * `:kind = 'news' AND :articles > 0`. Most conditions of % if are of this kind.
 * A page has dozens of them. SQLite takes a microsecond per condition, which is
 * longer than the page's other lines take. The language is still SQL: this file
 * decides as SQLite would, and asks SQLite where it is not certain.
 */
#ifndef GUIJU_PAGE_COMPILE_CONDITION_H
#define GUIJU_PAGE_COMPILE_CONDITION_H

#include "page/compile/scope.h"
#include "page/compile/value.h"

struct condition;

enum verdict { VERDICT_NO, VERDICT_YES, VERDICT_ASK /* ask SQLite */ };

/*
 * Read an SQL expression as a condition of this kind. The result lives in the
 * arena. NULL: the expression is of another kind, or out of memory; the caller
 * then asks SQLite each time.
 *
 * An operand is a :name of the scope, a whole number or a string. A test is an
 * operand alone, `operand IS [NOT] NULL`, or two operands with one of
 * = == <> != < <= > >= between them. A test may begin with NOT. Tests are
 * joined by AND.
 */
const struct condition *condition_read(
    struct arena *arena, struct scope *scope, struct str sql);

/* Is the condition true with these values? */
enum verdict condition_decide(
    const struct condition *condition, const struct value *slots);

#endif
