/* SPDX-License-Identifier: ISC */
/*
 * Reads labels.ini: `[section]`, `key = word | word`. An indented line has more
 * words for the key above it. `#` in the first column begins a comment. All
 * mistakes are reported, not only the first one.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/file_path.h"
#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/customs/internal.h"

enum {
	FILE_BYTES_MAX = 256 * 1024,
	WORDS_MAX = 8192,
	WORD_BYTES_MAX = 200,
	PATH_BYTES_MAX = 4096
};

static const struct section sections[] = {
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

const struct label_row label_rows[WORDS_COUNT] = {
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

const char *const label_types[] = {
    [CUSTOM_FLAG] = "flag", [CUSTOM_URL] = "url", [CUSTOM_NAMES] = "names"};

const char *const label_meanings[] = {
    [CUSTOM_PUBLISHED] = "published",
    [CUSTOM_DATE] = "date",
    [CUSTOM_UPDATED] = "updated",
    [CUSTOM_SIGNED] = "signed",
    [CUSTOM_NOTHING] = "nothing",
};

void
labels_fault(struct labels *labels, size_t line, const char *format, ...)
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

void
labels_unknown(
    struct labels *labels, const char *what, struct str word, struct known *may)
{
	const char *nearest = str_nearest(word, may->name, may->count);

	labels_fault(labels, labels->line, "there is no %s \"%.*s\"%s%s%s",
	    what, STR_ARG(word), nearest != NULL ? ", did you mean " : "",
	    nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
}

void
known_add(struct known *names, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] != NULL)
			names->name[names->count++] = list[i];
}

void
known_add_fields(struct known *names, const struct customs *customs)
{
	for (size_t i = 0; i < customs->fields; i++)
		names->name[names->count++] = customs->field[i].name;
}

static void
list_keys(const struct labels *labels, struct known *out)
{
	static const char *const head[] = {"published", "attachment"};

	out->count = 0;
	switch (labels->section->kind) {
	case KEYS_FIXED:
		for (size_t i = 0; i < WORDS_COUNT; i++)
			if (strcmp(label_rows[i].section,
				labels->section->name) == 0)
				out->name[out->count++] = label_rows[i].key;
		break;
	case KEYS_TYPE:
		known_add(out, label_types,
		    sizeof(label_types) / sizeof(*label_types));
		break;
	case KEYS_HEAD:
		known_add(out, head, sizeof(head) / sizeof(*head));
		known_add_fields(out, labels->customs);
		break;
	case KEYS_LABEL:
		known_add(out, label_meanings,
		    sizeof(label_meanings) / sizeof(*label_meanings));
		known_add_fields(out, labels->customs);
		break;
	case KEYS_CHOICE:
		known_add_fields(out, labels->customs);
		break;
	case KEYS_VALUE: /* checked when all choices are known */
		break;
	}
}

const char *
known_find(const struct known *names, struct str word)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_equal(word, str_from(names->name[i])))
			return names->name[i];
	return NULL;
}

static void
read_section(struct labels *labels, struct str line)
{
	struct known names = {.count = 0};
	struct str name = space_trim(str_slice(line, 1, line.len - 1));

	labels->section = NULL;
	labels->key = NULL;
	if (!str_ends(line, STR("]"))) {
		labels_fault(labels, labels->line, "a section is [name]");
		return;
	}
	for (size_t i = 0; i < SECTIONS; i++) {
		names.name[names.count++] = sections[i].name;
		if (str_equal(name, str_from(sections[i].name)))
			labels->section = &sections[i];
	}
	if (labels->section == NULL)
		labels_unknown(labels, "section", name, &names);
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
		labels_fault(labels, labels->line,
		    word.len > WORD_BYTES_MAX ? "a word is too long"
					      : "there are too many words");
		return;
	}
	for (size_t i = 0; i < labels->entries; i++)
		if (clashes(&labels->entry[i], &entry)) {
			labels_fault(labels, labels->line,
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
	struct known names;

	labels->key = NULL;
	if (sign == SIZE_MAX) {
		labels_fault(labels, labels->line,
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
		labels->key = known_find(&names, name);
	}
	if (labels->key == NULL && labels->err == OK)
		labels_unknown(labels, "key", name, &names);
	if (labels->key != NULL && is_given(labels, labels->key)) {
		labels_fault(labels, labels->line, "%s stands twice in [%s]",
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
		labels_fault(
		    labels, labels->line, "the line is not UTF-8 text");
	else if (text.len == 0 || line.data[0] == '#')
		return;
	else if (text.data != line.data)
		read_words(labels, text);
	else if (text.data[0] == '[')
		read_section(labels, text);
	else
		read_key(labels, text);
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
		labels_settle(&labels);
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
