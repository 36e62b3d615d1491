/* SPDX-License-Identifier: ISC */
/*
 * The words and customs of Chinese portals, papers and spreadsheets: what a
 * label means, what is a page's furniture. All of it is data; who reads pages
 * of another country changes this file.
 */
#ifndef GUIJU_TOOLS_IMPORT_CUSTOMS_CUSTOMS_H
#define GUIJU_TOOLS_IMPORT_CUSTOMS_CUSTOMS_H

#include <stdbool.h>
#include <stddef.h>

/* What a label below a title introduces: 来源：... */
enum custom_meaning {
	CUSTOM_SOURCE,
	CUSTOM_PUBLISHER,
	CUSTOM_AUTHOR,
	CUSTOM_PUBLISHED, /* when the page appeared */
	CUSTOM_DATE,      /* a date, and of nothing else in particular */
	CUSTOM_UPDATED,   /* when it was changed last */
	CUSTOM_SIGNED,    /* when what it holds was signed or issued */
	CUSTOM_NOTHING    /* what nobody wants to read again */
};

struct custom_label {
	const char *name;
	enum custom_meaning meaning;
	bool strong; /* enough to know a line by */
	bool loose;  /* its colon may be missing: 阅读 123 (before a date,
		      * that of any may) */
};
extern const struct custom_label custom_labels[];
extern const size_t custom_labels_count;

/* What the name of who wrote begins with, and a newspaper's or portal's name
 * ends in, where a line of credits has no labels. */
extern const char *const custom_reporters[];
extern const size_t custom_reporters_count;
extern const char *const custom_media[];
extern const size_t custom_media_count;

/* Signs with which editors split a text into pages. titled: what stands
 * between its two parts is the heading of the next page. */
struct custom_split {
	const char *begin, *end;
	bool titled;
};
extern const struct custom_split custom_splits[];
extern const size_t custom_splits_count;

/* Lists of words. Where one begins another, the longer stands first. */
extern const char *const custom_noise[]; /* use up a line of furniture */
extern const size_t custom_noise_count;
extern const char *const custom_ends[]; /* begin a line behind an article */
extern const size_t custom_ends_count;
extern const char *const custom_pager[]; /* one is in each pager */
extern const size_t custom_pager_count;
extern const char *const custom_columns[]; /* name a table's column */
extern const size_t custom_columns_count;
extern const char *const custom_form[]; /* the same, or a field of a form */
extern const size_t custom_form_count;

/* The key of a head as an editor may write it, and as it is called. */
struct custom_key {
	const char *name, *key;
};
extern const struct custom_key custom_keys[];
extern const size_t custom_keys_count;
extern const struct custom_key custom_values[]; /* of status, pinned ... */
extern const size_t custom_values_count;

/* 下午 before an hour, or PM behind it. */
struct custom_half {
	const char *name;
	int first, last; /* the hours that it may stand with */
	int twelve;      /* what 12 means; -1: nobody knows */
	int more;        /* what makes those below 12 hours of 24 */
};
extern const struct custom_half custom_halves[];
extern const size_t custom_halves_count;

#endif
