/* SPDX-License-Identifier: ISC */
/* What labels.c and labels_settle.c share. Private to this room. */
#ifndef GUIJU_TOOLS_IMPORT_CUSTOMS_INTERNAL_H
#define GUIJU_TOOLS_IMPORT_CUSTOMS_INTERNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "tools/import/customs/customs.h"

enum { NAMES_MAX = WORDS_COUNT + CUSTOMS_FIELDS_MAX + 16 };

/* What the keys of a section are. */
enum section_kind {
	KEYS_FIXED,  /* those of label_rows */
	KEYS_TYPE,   /* types of fields; the words are fields */
	KEYS_CHOICE, /* fields */
	KEYS_HEAD,   /* fields, and what else a head may have */
	KEYS_VALUE,  /* words of a choice, yes and no */
	KEYS_LABEL   /* fields, and what else a label may mean */
};

struct section {
	const char *name;
	enum section_kind kind;
	bool strong, loose; /* of labels */
};

/* A key that is the same for every portal. */
struct label_row {
	const char *section, *key;
};
extern const struct label_row label_rows[WORDS_COUNT];

/* The words of enum custom_type, and the meanings of a label that are not
 * fields: of enum custom_meaning. */
extern const char *const label_types[];
extern const char *const label_meanings[];

/* The keys that a section may have: NUL-terminated names, borrowed. */
struct known {
	const char *name[NAMES_MAX];
	size_t count;
};

/* A word of the file. */
struct entry {
	const struct section *section;
	const char *key;
	struct str word;
	size_t line;
};

struct labels {
	struct customs *customs;
	struct arena *arena;
	struct buf *why;
	size_t line;
	const struct section *section; /* at hand; NULL: none, or unknown */
	const char *key;               /* the same */
	struct entry *entry;
	size_t entries;
	bool failed;
	enum err err;
};

/* Report a mistake in a line. */
void labels_fault(struct labels *labels, size_t line, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* Report an unknown name in labels->line, with the nearest of those that may
 * stand there. */
void labels_unknown(struct labels *labels, const char *what, struct str word,
    struct known *may);

/* Add a list of names (NULL in it is left out), or those of all fields. */
void known_add(struct known *names, const char *const *list, size_t count);
void known_add_fields(struct known *names, const struct customs *customs);
/* The name that is this word; NULL: none is. */
const char *known_find(const struct known *names, struct str word);

/* labels_settle.c: fill in labels->customs from all words of the file. */
void labels_settle(struct labels *labels);

#endif
