/* SPDX-License-Identifier: ISC */
/*
 * Texts and numbers that look like a portal's and are none: made by rule from
 * a row's number, so that the same row is the same on every machine, and the
 * programs that ask for rows know what is in them.
 */
#ifndef GUIJU_BENCH_SYNTHETIC_H
#define GUIJU_BENCH_SYNTHETIC_H

#include "base/buf.h"

/* A well-mixed number made of two: row and what it is wanted for. */
uint64_t synthetic_hash(uint64_t row, uint64_t purpose);

/* One of the words, the first ones far more often than the last (as in any
 * text), picked by a hash. */
struct str synthetic_word(uint64_t hash);
/* The nth of the commonest words: each is in most texts. */
struct str synthetic_common(uint64_t n);

enum { SYNTHETIC_NAMESAKES = 8 };
/* Append the rare name of a row: three characters that only the
 * SYNTHETIC_NAMESAKES rows around it have. */
void synthetic_name(struct buf *out, uint64_t row);

/* Append a title, which says that it is synthetic. */
void synthetic_title(struct buf *out, uint64_t row);
/* Append a gemtext of some 150 to 450 characters, with the row's name. */
void synthetic_body(struct buf *out, uint64_t row);

/* Append the number of a standard, two editions a family: an even row is
 * replaced by the odd one behind it. */
void synthetic_number(struct buf *out, uint64_t row);
/* The year in that number. */
unsigned synthetic_year(uint64_t row);
/*
 * Some pages must be as long in a small portal as in a large one, or their
 * lengths are compared and not their costs. So a fourth of all families is
 * busy: an eighth of them shares SYNTHETIC_BUSY classes, an eighth came into
 * force in as many months.
 */
enum { SYNTHETIC_BUSY = 2, SYNTHETIC_BUSY_MONTH = 3 };
/* Which class, or month, a row's family is busy in; SYNTHETIC_BUSY: in none. */
unsigned synthetic_busy_class(uint64_t row);
unsigned synthetic_busy_month(uint64_t row);
/* The year of the nth busy month. Later editions are issued in its month
 * SYNTHETIC_BUSY_MONTH and come into force half a year later. */
unsigned synthetic_busy_year(unsigned n);
/* Append a standard's name, which says that it is synthetic. */
void synthetic_name_of_standard(struct buf *out, uint64_t row);

#endif
