/* SPDX-License-Identifier: ISC */
/*
 * Dates as people write them: in digits, in English, and in the words that
 * labels.ini has for the parts of a date. A time without a zone is local time.
 */
#ifndef GUIJU_TOOLS_IMPORT_CUSTOMS_DATE_H
#define GUIJU_TOOLS_IMPORT_CUSTOMS_DATE_H

#include "base/buf.h"
#include "base/str.h"
#include "tools/import/customs/customs.h"

/*
 * Take a date off the beginning of *rest: 2019-01-11, 2019/1/11, 2019.1.11 or
 * 2019年1月11日, also in Chinese numerals or wide digits; then, if there is
 * one, a time: 08:28, 08:28:10, 8时28分, with a space, `T`, a weekday or 下午
 * before it, and PM, Z, +08:00 or GMT behind it. *out is in UTC seconds.
 * ERR_INPUT: it does not begin with a date, or with one that never was.
 */
enum err date_take(
    const struct customs *customs, struct str *rest, int64_t *out) MUST_CHECK;

/* The same where a date is said to stand: 20190111 and 11 Jan 2019 as well,
 * which elsewhere may be anything. */
enum err date_take_said(
    const struct customs *customs, struct str *rest, int64_t *out) MUST_CHECK;

/* The first date in a line that begins a word: what stands before and behind
 * it, borrowed. false: there is none. */
bool date_find(const struct customs *customs, struct str text,
    struct str *before, struct str *rest, int64_t *out);

/* Take a weekday off, 星期五 or （周五）, if one follows. */
void date_skip_weekday(const struct customs *customs, struct str *rest);

/* date_take_said() for a text that must be a date and nothing else. */
enum err date_read(
    const struct customs *customs, struct str text, int64_t *out) MUST_CHECK;

#endif
