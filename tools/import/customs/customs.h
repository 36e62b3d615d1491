/* SPDX-License-Identifier: ISC */
/*
 * The fields of an article, and the words that its publishers use: what a label
 * means, and which lines are a page's furniture (menus, pagers and the like).
 * CAPSULE/import/article.sql asks for the fields. The words stand in
 * CAPSULE/import/labels.ini, which guiju.ini(5) describes.
 */
#ifndef GUIJU_TOOLS_IMPORT_CUSTOMS_CUSTOMS_H
#define GUIJU_TOOLS_IMPORT_CUSTOMS_CUSTOMS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum {
	CUSTOMS_FIELDS_MAX = 48,
	CUSTOMS_NONE = -1 /* the place of a field that is not asked for */
};

/* A list of words. Longer words come first, unless the order has a meaning. */
struct word_list {
	const struct str *list;
	size_t count;
};

/* The lists of labels.ini, in the order of its sections. */
enum custom_words {
	WORDS_REPORTER,
	WORDS_MEDIUM,
	WORDS_SHEET,
	WORDS_REPORT,
	WORDS_AGENCY,
	WORDS_DATELINE,
	WORDS_ROLE,
	WORDS_BY,
	WORDS_SENTENCE,
	WORDS_BREADCRUMB,
	WORDS_BREADCRUMB_SKIP,
	WORDS_BREADCRUMB_END,
	WORDS_NOISE,
	WORDS_END,
	WORDS_PAGER,
	WORDS_PAGER_TOTAL,
	WORDS_PAGER_PAGE,
	WORDS_PAGER_CURRENT,
	WORDS_PAGER_NEXT,
	WORDS_SPLIT,
	WORDS_SPLIT_TITLED,
	WORDS_COLUMN,
	WORDS_FORM,
	WORDS_YEAR,
	WORDS_MONTH,
	WORDS_DAY,
	WORDS_HOUR,
	WORDS_MINUTE,
	WORDS_SECOND,
	WORDS_NUMERAL, /* no words, or ten: 0 to 9 */
	WORDS_TEN,
	WORDS_ZERO,
	WORDS_FIRST,
	WORDS_WEEK,
	WORDS_WEEKDAY,
	WORDS_BEFORE_NOON,
	WORDS_EARLY,
	WORDS_MORNING,
	WORDS_NOON,
	WORDS_MIDDAY,
	WORDS_AFTERNOON,
	WORDS_DUSK,
	WORDS_EVENING,
	WORDS_CAPTURE,
	WORDS_CREDIT,
	WORDS_ITEM,
	WORDS_PICTURE, /* one word, which holds a `*` */
	WORDS_COUNT
};

/* What the value behind a label is. */
enum custom_meaning {
	CUSTOM_FIELD,
	CUSTOM_PUBLISHED, /* when the page appeared */
	CUSTOM_DATE,      /* a date; the label does not say of what */
	CUSTOM_UPDATED,   /* when the page was changed last */
	CUSTOM_SIGNED,    /* when the document was signed or issued */
	CUSTOM_NOTHING    /* nothing that is imported */
};

struct custom_label {
	struct str name;
	enum custom_meaning meaning;
	int field;   /* for CUSTOM_FIELD */
	bool strong; /* this label alone shows that a line is credits */
	bool loose;  /* the colon may be missing: "Read 123" */
};

/* Another word that an editor may write for a key or a value; in the order of
 * labels.ini. */
struct custom_alias {
	struct str name;
	const char *means;
};

enum custom_type { CUSTOM_TEXT, CUSTOM_FLAG, CUSTOM_URL, CUSTOM_NAMES };

struct custom_field {
	const char *name;
	enum custom_type type;
	struct word_list choices; /* the values allowed; empty: any */
};

struct customs {
	struct custom_field field[CUSTOMS_FIELDS_MAX];
	size_t fields;
	struct word_list words[WORDS_COUNT];
	const struct custom_label *label; /* longer names first */
	size_t labels;
	const struct custom_alias *key, *value;
	size_t keys, values;
};

/*
 * Begin with the fields `names` (NUL-terminated; kept), and without words.
 * ERR_LIMIT: there are more than CUSTOMS_FIELDS_MAX names.
 */
enum err customs_init(
    struct customs *customs, const char *const *names, size_t count) MUST_CHECK;

/*
 * Read the text of labels.ini into customs, which hold their fields already.
 * The words live in arena. ERR_INPUT: the file has mistakes, and each mistake
 * is a line "LINE: message" in why. ERR_NOMEM.
 */
enum err customs_read(struct customs *customs, struct arena *arena,
    struct str text, struct buf *why) MUST_CHECK;

/*
 * Read the file CAPSULE/import/labels.ini as customs_read() does. Without that
 * file there are no words, and no error. Lines of why begin
 * "CAPSULE/import/labels.ini:LINE: ". ERR_IO: the file cannot be read, and why
 * says so.
 */
enum err customs_load(struct customs *customs, struct arena *arena,
    const char *capsule, struct buf *why) MUST_CHECK;

/* The place of a field, or CUSTOMS_NONE. */
int customs_field(const struct customs *customs, const char *name);

/* If *rest begins with a word of the list, take the word off. */
bool words_take(struct word_list words, struct str *rest);
/* Does text hold a word of the list, end with one, equal one? */
bool words_hold(struct word_list words, struct str text);
bool words_end(struct word_list words, struct str text);
bool words_are(struct word_list words, struct str text);

/*
 * Finds the byline at the beginning of an article, and the names in it: 本报讯
 * (宋方义 黄 萍 记者 王 越). Newspapers pad a name of two characters with a
 * space, so that in print it is as long as a name of three. A reader who
 * searches types the name without the space.
 */

/*
 * Does this paragraph begin with a byline? True: *byline is the byline, and
 * *rest the text behind it, which may be empty. Both are borrowed from
 * paragraph.
 */
bool byline_find(const struct customs *customs, struct str paragraph,
    struct str *byline, struct str *rest);

/* Write a byline without the padding inside names, and with one space between
 * names. text is clean; *out lives in arena. ERR_NOMEM. */
enum err byline_names(const struct customs *customs, struct arena *arena,
    struct str text, struct str *out) MUST_CHECK;

/*
 * Reads the credits of an article: the line, or lines, in which a portal says
 * where an article comes from. Portals use different words for the same things:
 *
 *	文章来源:中国质量新闻网   发布人:王文政   发布时间: 2019-01-11 08:28:10
 */

/* The values found, borrowed from the lines; empty: not found. */
struct credits {
	struct str value[CUSTOMS_FIELDS_MAX]; /* in the order of fields */
	struct str published;                 /* the date as it is written */
	size_t published_number;              /* its line in the file */
	int rank; /* how sure the date is; 0: no date was found */
};

/* Is this line the credits of an article? A sentence that happens to hold such
 * a word is not. */
bool credits_is(const struct customs *customs, struct str line);

/* Does this line hold a date, and nothing else but labels? Right below a
 * headline, such a line is the credits. */
bool credits_is_dated(const struct customs *customs, struct str line);

/* Does a line beside the credits belong to them? It does if it begins with a
 * label. */
bool credits_goes_on(const struct customs *customs, struct str line);

/* Add the values of a line; number is its line in the file. Values that are
 * there already stay. */
void credits_read(const struct customs *customs, struct credits *credits,
    struct str line, size_t number);

#endif
