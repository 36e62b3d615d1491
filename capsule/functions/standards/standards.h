/* SPDX-License-Identifier: ISC */
/*
 * Numbers of standards in SQL: a module (store/functions/functions.h). One file
 * per subject; each registers its functions on a connection.
 */
#ifndef GUIJU_STANDARDS_STANDARDS_H
#define GUIJU_STANDARDS_STANDARDS_H

#include "store/functions/functions.h"

extern const struct function_module standards_module;

/*
 * keys.c: numbers of standards (number.h says which). For any text
 * that is not empty: std_key(text), 'GB-T-19001-2016'; std_family(text),
 * 'GB-T-19001'; std_bare(text), 'GB-19001'; std_sort(text). NULL where text is
 * no number: std_number(text), 'GB/T 19001-2016'; std_prefix(text), 'GB/T';
 * std_digits(text), '19001'; std_year(text), 2016; std_rest(text), the title
 * behind it; std_level(text); std_mandate(text). A number that is read in part
 * is none: its key is that of the whole text, and std_unread(text) what is not
 * understood. std_amended(text): the key of what an amendment amends, or NULL.
 */
int std_register_keys(sqlite3 *db);

/*
 * list.c: std_list(text): a pasted list as a JSON array of {"raw",
 * "number", "key", "rest"}, in its order, at most 5,000; number is null where
 * a piece is none, or was read in part only.
 */
int std_register_list(sqlite3 *db);

/*
 * mentions.c: std_mentions(gemtext): a JSON array of {"number", "key"} of
 * the standards a text names, each once, in order, at most 500.
 */
int std_register_mentions(sqlite3 *db);

/*
 * replaced.c: std_replaced(text): what a cell of 代替标准号 names, a JSON
 * array of {"number", "key", "raw", "partly"} in its order, at most 500; each
 * member of a range is one. partly is 1 where a part is replaced. NULL: it
 * says that there is none. What is not understood to its end is an object
 * {"unread"}: the words that were not.
 */
int std_register_replaced(sqlite3 *db);

/*
 * status.c: std_status(day, issued, implemented, abolished, stated,
 * verified, successor_issued, successor_implemented, partly, mandate_changed):
 * 现行, 现行(将被代替), 即将实施, 被代替, 部分被代替, 转为推荐性, 废止 or
 * 待核实; NULL if day is no whole date. Dates may be 'YYYY' and 'YYYY-MM'; NULL
 * is never, any other text some unknown day; without verified, the day on which
 * the source was asked, it is 待核实. partly and mandate_changed are 0
 * or 1, or the date from which on.
 */
int std_register_status(sqlite3 *db);

/*
 * cell.c: std_said(text): text, or NULL where it is what tables write into a
 * cell that says nothing: a dash, 无, NULL, N/A. std_title_fits(title, text): 1
 * if the Chinese words of text stand in title, 0 if others do; NULL where
 * either has none.
 */
int std_register_cells(sqlite3 *db);

#endif
