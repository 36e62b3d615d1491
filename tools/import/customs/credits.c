/* SPDX-License-Identifier: ISC */
/*
 * Reads credits, which are a run of `label: value`. A label counts only at the
 * beginning of a word: 会议时间: (time of a meeting) is not the label 时间.
 */
#include "tools/import/customs/customs.h"

#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/clean.h"
#include "tools/import/customs/date.h"

enum {
	LINE_MAX_BYTES = 900, /* a longer one is prose */
	MORE_MAX_BYTES = 300  /* the same, for a line that goes on */
};

enum { OPENER_MAX = 20, SHEET_MAX = 8 }; /* characters */

enum { WORD_MIN = 2, WORD_MAX = 6 }; /* characters of an unknown label */

/* Stands for any label that labels.ini does not have, such as 经办人： */
static const struct custom_label unknown = {
    {"", 0}, CUSTOM_NOTHING, CUSTOMS_NONE, false, false};

/* May what follows a label whose colon is missing be its value? */
static bool
is_loose_end(struct str rest)
{
	uint32_t c;

	if (rest.len == 0)
		return true;
	c = utf8_next(&rest);
	return clean_is_space(c) || (c >= '0' && c <= '9') || c == '(' ||
	    c == '[' || c == ']' || c == '|' || c == 0xFF08 || c == 0x3010 ||
	    c == 0x3011;
}

/* Take off a word, which may be spaced out: 来　源. */
static bool
take_spaced(struct str *rest, struct str name)
{
	struct str at = *rest;

	while (name.len > 0) {
		uint32_t wanted = utf8_next(&name);
		if (at.len == 0 || utf8_next(&at) != wanted)
			return false;
		if (name.len > 0)
			at = space_skip(at);
	}
	*rest = at;
	return true;
}

static bool
is_date(enum custom_meaning meaning)
{
	return meaning == CUSTOM_PUBLISHED || meaning == CUSTOM_DATE ||
	    meaning == CUSTOM_UPDATED || meaning == CUSTOM_SIGNED;
}

/* Take a label and its colon off the beginning of *rest; NULL: no label. */
static const struct custom_label *
take_label(const struct customs *customs, struct str *rest)
{
	for (size_t i = 0; i < customs->labels; i++) {
		const struct custom_label *label = &customs->label[i];
		struct str at = *rest, behind;
		int64_t s;
		if (!take_spaced(&at, label->name))
			continue;
		behind = space_skip(at);
		if (clean_take_colon(&behind))
			*rest = behind;
		else if (is_date(label->meaning)
			? date_take(customs, &behind, &s) == OK
			: label->loose && is_loose_end(at))
			*rest = space_skip(at);
		else
			continue;
		return label;
	}
	return NULL;
}

/* Do some ideographs and a colon follow, behind a blank? There the value ends.
 */
static bool
take_unknown(struct str *rest)
{
	struct str at = *rest;
	size_t n = 0;

	while (at.len > 0 && n <= WORD_MAX) {
		struct str here = at;
		if (clean_take_colon(&at)) {
			if (n >= WORD_MIN)
				*rest = at;
			return n >= WORD_MIN;
		}
		at = here;
		if (!clean_is_ideograph(utf8_next(&at)))
			return false;
		n++;
	}
	return false;
}

/*
 * Go to the next label: *before is what stands before it, *rest what stands
 * behind. NULL: there is none, *before is all.
 */
static const struct custom_label *
next_label(const struct customs *customs, struct str *rest, struct str *before)
{
	struct str at = *rest;
	bool inside_word = false, blank = false;

	while (at.len > 0) {
		struct str here = at;
		const struct custom_label *label =
		    inside_word ? NULL : take_label(customs, &at);
		uint32_t c;
		if (label == NULL && blank && take_unknown(&at))
			label = &unknown;
		if (label != NULL) {
			*before = str_slice(*rest, 0, rest->len - here.len);
			*rest = at;
			return label;
		}
		c = utf8_next(&at);
		inside_word = clean_is_ideograph(c);
		blank = clean_is_space(c);
	}
	*before = *rest;
	*rest = str_slice(*rest, rest->len, rest->len);
	return NULL;
}

/* Take off the brackets and bars that portals put around a value. */
static struct str
bare(struct str s)
{
	static const char *const marks[] = {
	    "[", "]", "\u3010", "\u3011", "|", "\uFF5C", "/", ";", "\uFF1B"};
	enum { COUNT = sizeof(marks) / sizeof(*marks) };
	bool again = true;

	while (again) {
		s = space_trim(s);
		again = clean_take_any(&s, marks, COUNT);
		for (size_t i = 0; i < COUNT; i++)
			if (str_ends(s, str_from(marks[i]))) {
				s.len -= strlen(marks[i]);
				again = true;
			}
	}
	return s;
}

/* Do the same for a whole line, which may stand in brackets too. The brackets
 * of a value itself stay. */
static struct str
bare_line(struct str line)
{
	struct str s = bare(line);

	if (str_starts(s, STR("(")) && str_ends(s, STR(")")))
		s = bare(str_slice(s, 1, s.len - 1));
	else if (str_starts(s, STR("\uFF08")) && str_ends(s, STR("\uFF09")) &&
	    s.len >= 6)
		s = bare(str_slice(s, 3, s.len - 3));
	return s;
}

/* What stands before a date that has no label. */
enum opener { OPENER_PROSE, OPENER_NOBODY, OPENER_MEDIUM, OPENER_AUTHOR };

/* 某日报, 本报记者 张三, or the address of a portal. */
static enum opener
opener_of(const struct customs *customs, struct str before)
{
	enum opener medium = OPENER_PROSE;

	before = bare(before);
	if (before.len == 0 || str_starts(before, STR("http://")) ||
	    str_starts(before, STR("https://")) ||
	    str_starts(before, STR("www.")))
		return OPENER_NOBODY;
	if (utf8_count(before) > OPENER_MAX)
		return OPENER_PROSE;
	for (struct str rest = before; rest.len > 0;) {
		uint32_t c = utf8_next(&rest);
		if (c == 0x3002 || c == 0xFF0C || c == 0x3001)
			return OPENER_PROSE;
		/* A label stands here after all. */
		if (c == ':' || c == 0xFF1A)
			return OPENER_PROSE;
	}
	if (words_end(customs->words[WORDS_MEDIUM], before))
		medium = OPENER_MEDIUM;
	return words_take(customs->words[WORDS_REPORTER], &before)
	    ? OPENER_AUTHOR
	    : medium;
}

/* Take off the date at the beginning of a line, and what stands before it. */
static enum opener
take_opening(
    const struct customs *customs, struct str *rest, struct str *before)
{
	struct str behind;
	int64_t s;
	enum opener opener;

	if (!date_find(customs, *rest, before, &behind, &s))
		return OPENER_PROSE;
	opener = opener_of(customs, *before);
	if (opener != OPENER_PROSE) {
		date_skip_weekday(customs, &behind);
		*rest = bare(behind);
	}
	return opener;
}

/* Is this a page of a newspaper: 第A03版, 03版? */
static bool
is_sheet(const struct customs *customs, struct str s)
{
	return utf8_count(s) <= SHEET_MAX &&
	    words_end(customs->words[WORDS_SHEET], s);
}

bool
credits_is(const struct customs *customs, struct str line)
{
	struct str rest = bare_line(line), before = {"", 0}, value, behind;
	const struct custom_label *label;
	unsigned found = 0;
	int64_t s;

	if (line.len > LINE_MAX_BYTES)
		return false;
	/* A date without a label, wherever it stands. */
	if (date_find(customs, rest, &value, &behind, &s))
		found++;
	(void)take_opening(customs, &rest, &before);
	label = next_label(customs, &rest, &before);
	/* Prose before the first label: a sentence that mentions one. */
	if (label == NULL || utf8_count(bare(before)) > 2)
		return false;
	for (; label != NULL; label = next_label(customs, &rest, &value)) {
		if (label->strong)
			return true;
		found += label->meaning != CUSTOM_NOTHING;
	}
	return found >= 2;
}

bool
credits_is_dated(const struct customs *customs, struct str line)
{
	struct str rest = bare_line(line), before;

	if (line.len > MORE_MAX_BYTES ||
	    take_opening(customs, &rest, &before) == OPENER_PROSE)
		return false;
	return rest.len == 0 || is_sheet(customs, rest) ||
	    take_label(customs, &rest) != NULL;
}

bool
credits_goes_on(const struct customs *customs, struct str line)
{
	struct str rest = bare_line(line);

	return line.len <= MORE_MAX_BYTES && take_label(customs, &rest) != NULL;
}

static void
put(struct credits *credits, int field, struct str value)
{
	if (field != CUSTOMS_NONE && credits->value[field].len == 0)
		credits->value[field] = bare(value);
}

/* How sure is it that the date of a label is the day of publication? */
static int
rank(enum custom_meaning meaning)
{
	return meaning == CUSTOM_PUBLISHED ? 4
	    : meaning == CUSTOM_DATE       ? 3
	    : meaning == CUSTOM_UPDATED    ? 2
					   : 1;
}

static void
put_date(struct credits *credits, enum custom_meaning meaning, struct str value,
    size_t number)
{
	value = bare(value);
	if (value.len == 0 || credits->rank >= rank(meaning))
		return;
	credits->published = value;
	credits->published_number = number;
	credits->rank = rank(meaning);
}

/* A date that stands behind the value of another label is not part of it:
 * 来源：某报 2019-01-11. */
static struct str
without_date(const struct customs *customs, struct credits *credits,
    struct str value, size_t number)
{
	struct str before, rest;
	int64_t s;

	if (!date_find(customs, value, &before, &rest, &s))
		return value;
	put_date(credits, CUSTOM_DATE,
	    str_slice(value, before.len, value.len - rest.len), number);
	return bare(before).len > 0 ? before : rest;
}

static void
read_value(const struct customs *customs, struct credits *credits,
    const struct custom_label *label, struct str value, size_t number)
{
	enum custom_meaning meaning = label->meaning;
	struct str before, rest;
	int64_t s;

	switch (meaning) {
	case CUSTOM_FIELD:
		put(credits, label->field,
		    without_date(customs, credits, value, number));
		break;
	case CUSTOM_NOTHING:
		/* 实施日期：2020-01-01 is not the day of the page; what stands
		 * behind a number of readers is. */
		if (date_find(customs, value, &before, &rest, &s) &&
		    (label->loose || bare(before).len > 0))
			(void)without_date(customs, credits, value, number);
		break;
	case CUSTOM_PUBLISHED:
		put_date(credits, meaning, value, number);
		break;
	case CUSTOM_DATE:
	case CUSTOM_UPDATED:
	case CUSTOM_SIGNED:
		/* 有效性, a stamp or nothing may stand there instead. */
		rest = bare(value);
		if (date_find(customs, value, &before, &rest, &s) ||
		    date_take_said(customs, &rest, &s) == OK ||
		    meaning == CUSTOM_DATE)
			put_date(credits, meaning, value, number);
		break;
	}
}

void
credits_read(const struct customs *customs, struct credits *credits,
    struct str line, size_t number)
{
	struct str rest = bare_line(line), value, opening, before;
	const struct custom_label *label, *next;
	enum opener opener;

	/* A date may come first, without a label. */
	label = next_label(customs, &rest, &value);
	opening = value;
	opener = take_opening(customs, &opening, &before);
	(void)without_date(customs, credits, value, number);
	if (opener == OPENER_MEDIUM)
		put(credits, customs_field(customs, "source"), before);
	else if (opener == OPENER_AUTHOR)
		put(credits, customs_field(customs, "byline"), before);
	while (label != NULL) {
		next = next_label(customs, &rest, &value);
		read_value(customs, credits, label, value, number);
		label = next;
	}
}
