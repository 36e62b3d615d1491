/* SPDX-License-Identifier: ISC */
/*
 * Reads labels.ini: `[section]`, `key = word | word`. An indented line has more
 * words for the key above it. `#` in the first column begins a comment. All
 * mistakes are reported, not only the first one.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file_path.h"
#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/customs/customs.h"

enum {
	FILE_BYTES_MAX = 256 * 1024,
	WORDS_MAX = 8192,
	WORD_BYTES_MAX = 200,
	PATH_BYTES_MAX = 4096,
	NAMES_MAX = WORDS_COUNT + CUSTOMS_FIELDS_MAX + 16,
	NUMERALS = 10
};

/* What the keys of a section are. */
enum section_kind {
	KEYS_FIXED,  /* those of rows[] */
	KEYS_TYPE,   /* types of fields; the words are fields */
	KEYS_CHOICE, /* fields */
	KEYS_HEAD,   /* fields, and what else a head may have */
	KEYS_VALUE,  /* words of a choice, yes and no */
	KEYS_LABEL   /* fields, and what else a label may mean */
};

static const struct section {
	const char *name;
	enum section_kind kind;
	bool strong, loose; /* of labels */
} sections[] = {
    {"fields", KEYS_TYPE, false, false},
    {"choices", KEYS_CHOICE, false, false},
    {"head", KEYS_HEAD, false, false},
    {"values", KEYS_VALUE, false, false},
    {"labels", KEYS_LABEL, true, false},
    {"weak labels", KEYS_LABEL, false, false},
    {"loose labels", KEYS_LABEL, false, true},
    {"credits", KEYS_FIXED, false, false},
    {"byline", KEYS_FIXED, false, false},
    {"breadcrumb", KEYS_FIXED, false, false},
    {"furniture", KEYS_FIXED, false, false},
    {"pager", KEYS_FIXED, false, false},
    {"splits", KEYS_FIXED, false, false},
    {"tables", KEYS_FIXED, false, false},
    {"dates", KEYS_FIXED, false, false},
    {"hours", KEYS_FIXED, false, false},
    {"text", KEYS_FIXED, false, false},
};

enum { SECTIONS = sizeof(sections) / sizeof(*sections) };

static const struct row {
	const char *section, *key;
} rows[WORDS_COUNT] = {
    [WORDS_REPORTER] = {"credits", "reporter"},
    [WORDS_MEDIUM] = {"credits", "medium"},
    [WORDS_SHEET] = {"credits", "sheet"},
    [WORDS_REPORT] = {"byline", "report"},
    [WORDS_AGENCY] = {"byline", "agency"},
    [WORDS_DATELINE] = {"byline", "dateline"},
    [WORDS_ROLE] = {"byline", "role"},
    [WORDS_BY] = {"byline", "by"},
    [WORDS_SENTENCE] = {"byline", "sentence"},
    [WORDS_BREADCRUMB] = {"breadcrumb", "begin"},
    [WORDS_BREADCRUMB_SKIP] = {"breadcrumb", "skip"},
    [WORDS_BREADCRUMB_END] = {"breadcrumb", "end"},
    [WORDS_NOISE] = {"furniture", "noise"},
    [WORDS_END] = {"furniture", "end"},
    [WORDS_PAGER] = {"pager", "word"},
    [WORDS_PAGER_TOTAL] = {"pager", "total"},
    [WORDS_PAGER_PAGE] = {"pager", "page"},
    [WORDS_PAGER_CURRENT] = {"pager", "current"},
    [WORDS_PAGER_NEXT] = {"pager", "next"},
    [WORDS_SPLIT] = {"splits", "plain"},
    [WORDS_SPLIT_TITLED] = {"splits", "titled"},
    [WORDS_COLUMN] = {"tables", "column"},
    [WORDS_FORM] = {"tables", "form"},
    [WORDS_YEAR] = {"dates", "year"},
    [WORDS_MONTH] = {"dates", "month"},
    [WORDS_DAY] = {"dates", "day"},
    [WORDS_HOUR] = {"dates", "hour"},
    [WORDS_MINUTE] = {"dates", "minute"},
    [WORDS_SECOND] = {"dates", "second"},
    [WORDS_NUMERAL] = {"dates", "numeral"},
    [WORDS_TEN] = {"dates", "ten"},
    [WORDS_ZERO] = {"dates", "zero"},
    [WORDS_FIRST] = {"dates", "first"},
    [WORDS_WEEK] = {"dates", "week"},
    [WORDS_WEEKDAY] = {"dates", "weekday"},
    [WORDS_BEFORE_NOON] = {"hours", "before noon"},
    [WORDS_EARLY] = {"hours", "early"},
    [WORDS_MORNING] = {"hours", "morning"},
    [WORDS_NOON] = {"hours", "noon"},
    [WORDS_MIDDAY] = {"hours", "midday"},
    [WORDS_AFTERNOON] = {"hours", "afternoon"},
    [WORDS_DUSK] = {"hours", "dusk"},
    [WORDS_EVENING] = {"hours", "evening"},
    [WORDS_CAPTURE] = {"text", "capture"},
    [WORDS_CREDIT] = {"text", "credit"},
    [WORDS_ITEM] = {"text", "item"},
    [WORDS_PICTURE] = {"text", "picture"},
};

static const char *const types[] = {
    [CUSTOM_FLAG] = "flag", [CUSTOM_URL] = "url", [CUSTOM_NAMES] = "names"};

/* The meanings of a label that are not fields. */
static const char *const meanings[] = {
    [CUSTOM_PUBLISHED] = "published",
    [CUSTOM_DATE] = "date",
    [CUSTOM_UPDATED] = "updated",
    [CUSTOM_SIGNED] = "signed",
    [CUSTOM_NOTHING] = "nothing",
};

/* The keys that a section may have: NUL-terminated names, borrowed. */
struct names {
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

PRINTF_LIKE(3, 4)
static void
find_fault(struct labels *labels, size_t line, const char *format, ...)
{
	char message[1024];
	struct str text;
	va_list args;

	va_start(args, format);
	text = utf8_message(message, sizeof(message), format, args);
	va_end(args);
	buf_printf(labels->why, "%zu: ", line);
	utf8_add_line(labels->why, text);
	buf_char(labels->why, '\n');
	labels->failed = true;
}

/* Report an unknown name, with the nearest known one. */
static void
find_unknown(
    struct labels *labels, const char *what, struct str word, struct names *may)
{
	const char *nearest = str_nearest(word, may->name, may->count);

	find_fault(labels, labels->line, "there is no %s \"%.*s\"%s%s%s", what,
	    STR_ARG(word), nearest != NULL ? ", did you mean " : "",
	    nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
}

static void
add_names(struct names *names, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] != NULL)
			names->name[names->count++] = list[i];
}

static void
add_fields(struct names *names, const struct customs *customs)
{
	for (size_t i = 0; i < customs->fields; i++)
		names->name[names->count++] = customs->field[i].name;
}

static void
list_keys(const struct labels *labels, struct names *out)
{
	static const char *const head[] = {"published", "attachment"};

	out->count = 0;
	switch (labels->section->kind) {
	case KEYS_FIXED:
		for (size_t i = 0; i < WORDS_COUNT; i++)
			if (strcmp(rows[i].section, labels->section->name) == 0)
				out->name[out->count++] = rows[i].key;
		break;
	case KEYS_TYPE:
		add_names(out, types, sizeof(types) / sizeof(*types));
		break;
	case KEYS_HEAD:
		add_names(out, head, sizeof(head) / sizeof(*head));
		add_fields(out, labels->customs);
		break;
	case KEYS_LABEL:
		add_names(out, meanings, sizeof(meanings) / sizeof(*meanings));
		add_fields(out, labels->customs);
		break;
	case KEYS_CHOICE:
		add_fields(out, labels->customs);
		break;
	case KEYS_VALUE: /* checked when all choices are known */
		break;
	}
}

static const char *
find_name(const struct names *names, struct str word)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_equal(word, str_from(names->name[i])))
			return names->name[i];
	return NULL;
}

static void
read_section(struct labels *labels, struct str line)
{
	struct names names = {.count = 0};
	struct str name = space_trim(str_slice(line, 1, line.len - 1));

	labels->section = NULL;
	labels->key = NULL;
	if (!str_ends(line, STR("]"))) {
		find_fault(labels, labels->line, "a section is [name]");
		return;
	}
	for (size_t i = 0; i < SECTIONS; i++) {
		names.name[names.count++] = sections[i].name;
		if (str_equal(name, str_from(sections[i].name)))
			labels->section = &sections[i];
	}
	if (labels->section == NULL)
		find_unknown(labels, "section", name, &names);
}

/* Is it a mistake if these two words both stand in the file? */
static bool
clashes(const struct entry *a, const struct entry *b)
{
	bool same = a->section == b->section && strcmp(a->key, b->key) == 0;

	if (!str_equal(a->word, b->word) ||
	    a->section->kind != b->section->kind)
		return false;
	return same ||
	    (a->section->kind != KEYS_FIXED && a->section->kind != KEYS_CHOICE);
}

static void
add_word(struct labels *labels, struct str word)
{
	struct entry entry = {labels->section, labels->key, word, labels->line};

	if (word.len == 0)
		return;
	if (word.len > WORD_BYTES_MAX || labels->entries == WORDS_MAX) {
		find_fault(labels, labels->line,
		    word.len > WORD_BYTES_MAX ? "a word is too long"
					      : "there are too many words");
		return;
	}
	for (size_t i = 0; i < labels->entries; i++)
		if (clashes(&labels->entry[i], &entry)) {
			find_fault(labels, labels->line,
			    "\"%.*s\" stands in line %zu already",
			    STR_ARG(word), labels->entry[i].line);
			return;
		}
	labels->entry[labels->entries++] = entry;
}

static void
read_words(struct labels *labels, struct str words)
{
	struct str word;

	while (labels->key != NULL && str_next_part(&words, '|', &word))
		add_word(labels, space_trim(word));
}

static bool
is_given(const struct labels *labels, const char *key)
{
	for (size_t i = 0; i < labels->entries; i++)
		if (labels->entry[i].section == labels->section &&
		    strcmp(labels->entry[i].key, key) == 0)
			return true;
	return false;
}

static void
read_key(struct labels *labels, struct str line)
{
	size_t sign = str_find_byte(line, '=');
	struct str name = space_trim(str_slice(line, 0, sign));
	struct names names;

	labels->key = NULL;
	if (sign == SIZE_MAX) {
		find_fault(labels, labels->line,
		    "neither [section], key = word | word nor # comment");
		return;
	}
	if (labels->section == NULL)
		return;
	list_keys(labels, &names);
	if (labels->section->kind == KEYS_VALUE) {
		struct str copy = arena_str(labels->arena, name);
		if (copy.data == NULL)
			labels->err = ERR_NOMEM;
		labels->key = copy.data;
	} else {
		labels->key = find_name(&names, name);
	}
	if (labels->key == NULL && labels->err == OK)
		find_unknown(labels, "key", name, &names);
	if (labels->key != NULL && is_given(labels, labels->key)) {
		find_fault(labels, labels->line, "%s stands twice in [%s]",
		    labels->key, labels->section->name);
		labels->key = NULL;
	}
	read_words(labels, str_slice(line, sign + 1, line.len));
}

static void
read_line(struct labels *labels, struct str line)
{
	struct str text = space_trim(line);

	if (utf8_clean_len(text) != text.len)
		find_fault(labels, labels->line, "the line is not UTF-8 text");
	else if (text.len == 0 || line.data[0] == '#')
		return;
	else if (text.data != line.data)
		read_words(labels, text);
	else if (text.data[0] == '[')
		read_section(labels, text);
	else
		read_key(labels, text);
}

static int
by_length(const void *a, const void *b)
{
	const struct str *x = a, *y = b;

	if (x->len != y->len)
		return x->len > y->len ? -1 : 1;
	return str_compare(*x, *y);
}

static int
by_length_of_name(const void *a, const void *b)
{
	const struct custom_label *x = a, *y = b;

	return by_length(&x->name, &y->name);
}

/* The words of a key; key is NULL: the words of all keys. */
static struct word_list
collect(struct labels *labels, const char *section, const char *key, bool sort)
{
	struct str *list =
	    arena_array(labels->arena, labels->entries + 1, sizeof(*list));
	struct word_list words = {list, 0};

	if (list == NULL) {
		labels->err = ERR_NOMEM;
		return words;
	}
	for (size_t i = 0; i < labels->entries; i++) {
		const struct entry *entry = &labels->entry[i];
		if (strcmp(entry->section->name, section) == 0 &&
		    strcmp(entry->key, key) == 0)
			list[words.count++] = entry->word;
	}
	if (sort)
		qsort(list, words.count, sizeof(*list), by_length);
	return words;
}

static void
settle_label(
    struct labels *labels, const struct entry *entry, struct custom_label *out)
{
	enum custom_meaning meaning = CUSTOM_FIELD;

	for (size_t i = CUSTOM_PUBLISHED; i <= CUSTOM_NOTHING; i++)
		if (strcmp(entry->key, meanings[i]) == 0)
			meaning = (enum custom_meaning)i;
	*out = (struct custom_label){.name = entry->word,
	    .meaning = meaning,
	    .field = customs_field(labels->customs, entry->key),
	    .strong = entry->section->strong,
	    .loose = entry->section->loose};
}

static void
settle_type(struct labels *labels, const struct entry *entry)
{
	struct customs *customs = labels->customs;
	struct names names = {.count = 0};
	struct str copy = arena_str(labels->arena, entry->word);
	int field;

	if (copy.data == NULL) {
		labels->err = ERR_NOMEM;
		return;
	}
	field = customs_field(customs, copy.data);
	labels->line = entry->line;
	if (field == CUSTOMS_NONE) {
		add_fields(&names, customs);
		find_unknown(labels, "field", entry->word, &names);
		return;
	}
	for (size_t i = CUSTOM_FLAG; i <= CUSTOM_NAMES; i++)
		if (strcmp(entry->key, types[i]) == 0)
			customs->field[field].type = (enum custom_type)i;
}

/* Check that an alias stands for a value: a word of a choice, yes or no. */
static void
check_value(struct labels *labels, const struct entry *entry)
{
	static const char *const flags[] = {"yes", "no"};
	struct names names = {.count = 0};
	struct str key = str_from(entry->key);

	labels->line = entry->line;
	add_names(&names, flags, 2);
	for (size_t i = 0; i < labels->entries; i++)
		if (labels->entry[i].section->kind == KEYS_CHOICE &&
		    names.count < NAMES_MAX) {
			struct str copy =
			    arena_str(labels->arena, labels->entry[i].word);
			if (copy.data == NULL)
				labels->err = ERR_NOMEM;
			else
				names.name[names.count++] = copy.data;
		}
	if (find_name(&names, key) == NULL)
		find_unknown(labels, "value", key, &names);
}

/* Fill in the entries that have more than a word: labels and aliases. */
static void
settle_entries(struct labels *labels)
{
	struct customs *customs = labels->customs;
	size_t n = labels->entries + 1;
	struct custom_label *label =
	    arena_array(labels->arena, n, sizeof(*label));
	struct custom_alias *key = arena_array(labels->arena, n, sizeof(*key));
	struct custom_alias *value =
	    arena_array(labels->arena, n, sizeof(*value));

	if (label == NULL || key == NULL || value == NULL) {
		labels->err = ERR_NOMEM;
		return;
	}
	customs->label = label;
	customs->key = key;
	customs->value = value;
	for (size_t i = 0; i < labels->entries; i++) {
		const struct entry *entry = &labels->entry[i];
		struct custom_alias alias = {entry->word, entry->key};
		switch (entry->section->kind) {
		case KEYS_LABEL:
			settle_label(labels, entry, &label[customs->labels++]);
			break;
		case KEYS_HEAD:
			key[customs->keys++] = alias;
			break;
		case KEYS_VALUE:
			check_value(labels, entry);
			value[customs->values++] = alias;
			break;
		case KEYS_TYPE:
			settle_type(labels, entry);
			break;
		case KEYS_FIXED:
		case KEYS_CHOICE:
			break;
		}
	}
	qsort(label, customs->labels, sizeof(*label), by_length_of_name);
}

/* The line in which the first word of a key stands. */
static size_t
line_of(const struct labels *labels, const struct row *row)
{
	size_t i = 0;

	while (strcmp(labels->entry[i].section->name, row->section) != 0 ||
	    strcmp(labels->entry[i].key, row->key) != 0)
		i++;
	return labels->entry[i].line;
}

static void
settle(struct labels *labels)
{
	struct customs *customs = labels->customs;
	struct word_list *numeral = &customs->words[WORDS_NUMERAL];
	struct word_list *picture = &customs->words[WORDS_PICTURE];

	for (size_t i = 0; i < WORDS_COUNT; i++)
		customs->words[i] = collect(
		    labels, rows[i].section, rows[i].key, i != WORDS_NUMERAL);
	for (size_t i = 0; i < customs->fields; i++)
		customs->field[i].choices =
		    collect(labels, "choices", customs->field[i].name, false);
	settle_entries(labels);
	if (numeral->count != 0 && numeral->count != NUMERALS)
		find_fault(labels, line_of(labels, &rows[WORDS_NUMERAL]),
		    "numeral has the ten words for 0 to 9, here are %zu",
		    numeral->count);
	if (picture->count > 1 ||
	    (picture->count == 1 &&
		str_find_byte(picture->list[0], '*') == SIZE_MAX))
		find_fault(labels, line_of(labels, &rows[WORDS_PICTURE]),
		    "picture has one word, with a * for the description");
}

enum err
customs_read(struct customs *customs, struct arena *arena, struct str text,
    struct buf *why)
{
	struct labels labels = {.customs = customs, .arena = arena, .why = why};
	struct str copy = arena_str(arena, text), line;

	labels.entry = arena_array(arena, WORDS_MAX, sizeof(*labels.entry));
	if (copy.data == NULL || labels.entry == NULL)
		return ERR_NOMEM;
	while (labels.err == OK && space_next_line(&copy, &line)) {
		labels.line++;
		read_line(&labels, line);
	}
	if (labels.err == OK)
		settle(&labels);
	if (labels.err != OK || why->err != OK)
		return ERR_NOMEM;
	return labels.failed ? ERR_INPUT : OK;
}

/* Put the file's name before each line. */
static void
add_place(struct buf *why, const char *path, struct str lines)
{
	struct str line;

	while (str_next_line(&lines, &line)) {
		if (why->len > 0)
			buf_char(why, '\n');
		utf8_add_line(why, str_from(path));
		buf_printf(why, ":%.*s", STR_ARG(line));
	}
}

enum err
customs_load(struct customs *customs, struct arena *arena, const char *capsule,
    struct buf *why)
{
	char path[PATH_BYTES_MAX], piece[4096];
	struct buf text, lines;
	size_t n;
	FILE *file;
	enum err err = OK;
	int len = snprintf(
	    path, sizeof(path), "%s/" CAPSULE_IMPORT "/labels.ini", capsule);

	file =
	    len < 0 || (size_t)len >= sizeof(path) ? NULL : fopen(path, "rbe");
	if (file == NULL && errno == ENOENT)
		return OK;
	if (file == NULL) {
		buf_printf(why, "%s: %s", path, strerror(errno));
		return ERR_IO;
	}
	buf_init(&text, FILE_BYTES_MAX);
	buf_init(&lines, 4 * FILE_BYTES_MAX);
	while (text.err == OK && (n = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_add(&text, piece, n);
	if (ferror(file) || text.err == ERR_LIMIT) {
		buf_printf(why, "%s: %s", path,
		    ferror(file) ? strerror(errno) : "is longer than 256 KiB");
		err = ferror(file) ? ERR_IO : ERR_INPUT;
	} else {
		err = text.err;
	}
	fclose(file);
	if (err == OK)
		err = customs_read(customs, arena, buf_view(&text), &lines);
	add_place(why, path, buf_view(&lines));
	buf_release(&text);
	buf_release(&lines);
	return err;
}
