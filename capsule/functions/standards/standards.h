/* SPDX-License-Identifier: ISC */
/*
 * The module of SQL functions for numbers of standards
 * (store/functions/functions.h). Each file has one subject, and registers its
 * functions on a connection. A result is a code of SQLite.
 */
#ifndef GUIJU_STANDARDS_STANDARDS_H
#define GUIJU_STANDARDS_STANDARDS_H

#include "store/functions/functions.h"

extern const struct function_module standards_module;

/*
 * keys.c: numbers of standards (number.h describes them). These functions have
 * a result for any text that is not empty: std_key(text), 'GB-T-19001-2016';
 * std_family(text), 'GB-T-19001'; std_bare(text), 'GB-19001'; std_sort(text).
 * These are NULL if text is not a number: std_number(text), 'GB/T 19001-2016';
 * std_prefix(text), 'GB/T'; std_digits(text), '19001'; std_year(text), 2016;
 * std_rest(text), the title behind the number; std_level(text);
 * std_mandate(text). A number that is read only in part is not a number: its
 * key is the key of the whole text, and std_unread(text) is what is not
 * understood. std_amended(text): the key of the standard that an amendment
 * amends, or NULL.
 */
int std_register_keys(sqlite3 *db);

/*
 * list.c: std_list(text): a pasted list as a JSON array of {"raw", "number",
 * "key", "rest"}, in the order of the list, at most 5,000. number is null if a
 * piece is not a number, or is read only in part.
 */
int std_register_list(sqlite3 *db);

/*
 * mentions.c: std_mentions(gemtext): a JSON array of {"number", "key"}: the
 * standards that a text names, each once, in the order of the text, at most
 * 500.
 */
int std_register_mentions(sqlite3 *db);

/*
 * replaced.c: std_replaced(text): the standards in a cell of 代替标准号, as a
 * JSON array of {"number", "key", "raw", "partly"}, in the order of the cell,
 * at most 500. Each number of a range has an object of its own. partly is 1 if
 * only a part is replaced. NULL: the cell says that nothing is replaced. If the
 * cell is not understood to its end, the result is an object {"unread"} with
 * the words that are not understood.
 */
int std_register_replaced(sqlite3 *db);

/*
 * status.c: std_status(day, issued, implemented, abolished, stated,
 * verified, successor_issued, successor_implemented, partly, mandate_changed):
 * 现行, 现行(将被代替), 即将实施, 被代替, 部分被代替, 转为推荐性, 废止 or
 * 待核实; NULL if day is not a whole date. The other dates may also be 'YYYY'
 * or 'YYYY-MM'; NULL means never, and any other text means an unknown day.
 * verified is the day on which the source was asked; without it, the result is
 * 待核实. partly and mandate_changed are 0 or 1, or the date from which they
 * hold.
 */
int std_register_status(sqlite3 *db);

/*
 * cell.c: std_said(text): text, or NULL if text is what tables write into a
 * cell without a value: a dash, 无, NULL, N/A. std_title_fits(title, text): 1
 * if the Chinese words of text stand in title, 0 if they do not; NULL if title
 * or text has no Chinese words.
 */
int std_register_cells(sqlite3 *db);

#endif
