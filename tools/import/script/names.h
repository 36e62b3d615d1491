/* SPDX-License-Identifier: ISC */
/*
 * The values of the scripts of one import, which share them, and the names of
 * those that come from outside a script: what the tool provides has the first
 * places, in the order in which it is named; behind it come what a script
 * needs besides and what an earlier script gives.
 */
#ifndef GUIJU_TOOLS_IMPORT_SCRIPT_NAMES_H
#define GUIJU_TOOLS_IMPORT_SCRIPT_NAMES_H

#include "page/compile/value.h"

struct names;

enum names_rule {
	NAMES_OPEN,  /* what nothing provides may come yet, and is NULL */
	NAMES_CLOSED /* what nothing provides is refused */
};

/* Provide count names (kept), at the places 0, 1, 2 ... ERR_NOMEM. */
enum err names_new(const char *const *provided, size_t count,
    enum names_rule rule, struct names **out) MUST_CHECK;
/* Accepts NULL. Scripts that use the names must be closed before. */
void names_free(struct names *names);

/* The place of a name that a script needs and no other script gives; SIZE_MAX:
 * none does. */
size_t names_needed(const struct names *names, struct str name);

/* How many names there are, and the i-th of them if a script needs it that
 * neither the tool nor a script gives; else NULL. */
size_t names_count(const struct names *names);
const char *names_wanted(const struct names *names, size_t i, size_t *place);

/* Give a place a value: text (borrowed, until the next one; without data it is
 * NULL), or an integer. */
void names_set_text(struct names *names, size_t place, struct str text);
void names_set_int(struct names *names, size_t place, int64_t value);

/* ---- for steps.c -------------------------------------------------------- */

/* What is provided, until the next names_give(); "" for a name that another
 * script gives, and that has to be needed. */
const char *const *names_provided(const struct names *names, size_t *count);
/* The place of a name for a script, `next` for a new one; -1: nothing provides
 * it, or there are too many. */
int names_need(struct names *names, struct str name, int next);
/* From now on the name stands for this place. ERR_LIMIT: there are too many;
 * ERR_NOMEM. */
enum err names_give(struct names *names, struct str name, int place) MUST_CHECK;
/* How many places there are, and room for so many. ERR_NOMEM. */
int names_places(const struct names *names);
enum err names_reserve(struct names *names, int places) MUST_CHECK;
/* All values; until the next names_reserve(). */
struct value *names_values(const struct names *names);

#endif
