/* SPDX-License-Identifier: ISC */
/*
 * Reads dates as people write them: in digits, in English, and with the words
 * that labels.ini has for the parts of a date. A time without a zone is local
 * time.
 */
#ifndef GUIJU_TOOLS_IMPORT_CUSTOMS_DATE_H
#define GUIJU_TOOLS_IMPORT_CUSTOMS_DATE_H

#include "base/buf.h"
#include "base/str.h"
#include "tools/import/customs/customs.h"

/*
 * Take a date off the beginning of *rest: 2019-01-11, 2019/1/11, 2019.1.11 or
 * 2019年1月11日, also in Chinese numerals or full-width digits. A time may
 * follow: 08:28, 08:28:10 or 8时28分. Before the time may stand a space, `T`, a
 * weekday or 下午; behind the time PM, Z, +08:00 or GMT. *out is in UTC
 * seconds. ERR_INPUT: *rest does not begin with a date, or the day does not
 * exist.
 */
enum err date_take(
    const struct customs *customs, struct str *rest, int64_t *out) MUST_CHECK;

/* Take off a date where a label says that a date follows. Here 20190111 and
 * 11 Jan 2019 are dates as well; elsewhere they may be something else. */
enum err date_take_said(
    const struct customs *customs, struct str *rest, int64_t *out) MUST_CHECK;

/* Find the first date in a line that stands at the beginning of a word. *before
 * and *rest are the texts around the date, borrowed. False: there is no date.
 */
bool date_find(const struct customs *customs, struct str text,
    struct str *before, struct str *rest, int64_t *out);

/* Take a weekday off, 星期五 or （周五）, if one follows. */
void date_skip_weekday(const struct customs *customs, struct str *rest);

/* Read a text that is a date and nothing else, as date_take_said() does. */
enum err date_read(
    const struct customs *customs, struct str text, int64_t *out) MUST_CHECK;

#endif
