/* SPDX-License-Identifier: ISC */
/*
 * words.ini: a capsule's words, which replace the engine's English. Words
 * before the first [section] are in the portal's own language. The words of a
 * section are in the language that is the section's name.
 *
 * Missing words are filled in here, so that nothing is looked up later.
 */
#include "page/words.h"

#include "base/file_path.h"
#include "base/ini.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "page/compile/findings.h"

enum { LACKING_MAX = 400 };

#define FILE_NAME STR(CAPSULE_WORDS)

struct reading {
	struct arena *arena;
	struct findings *findings;
	struct words *first; /* as in the file: some are empty */
	bool no_memory;
};

/* ---- reading -------------------------------------------------------- */

static struct words *
words_add(struct reading *reading, struct str language)
{
	struct words **end = &reading->first, *words;

	while (*end != NULL)
		end = &(*end)->next;
	words = arena_alloc(reading->arena, sizeof(*words));
	if (words == NULL)
		return NULL;
	words->language = arena_str(reading->arena, language);
	if (words->language.data == NULL)
		return NULL;
	*end = words;
	return words;
}

/* The words of a section. NULL: there is a finding, or out of memory. */
static struct words *
find_section(struct reading *reading, unsigned line, struct str section)
{
	struct words *words = reading->first;

	if (section.len == 0)
		return words;
	if (!words_is_language(section)) {
		findings_add(reading->findings, FILE_NAME, line,
		    "[%.*s] is not a language tag such as en or zh-Hans",
		    STR_ARG(section));
		return NULL;
	}
	for (words = words->next; words != NULL; words = words->next)
		if (str_equal_nocase(words->language, section))
			return words;
	words = words_add(reading, section);
	reading->no_memory |= words == NULL;
	return words;
}

/* The word with this key. WORD_COUNT: there is a finding. */
static enum word
find_word(struct reading *reading, unsigned line, const char *name)
{
	const char *keys[WORD_COUNT], *near;

	for (size_t i = 0; i < WORD_COUNT; i++) {
		keys[i] = word_rows[i].key;
		if (strcmp(keys[i], name) == 0)
			return (enum word)i;
	}
	near = str_nearest(str_from(name), keys, WORD_COUNT);
	findings_add(reading->findings, FILE_NAME, line,
	    near == NULL ? "the engine says no `%s`"
			 : "the engine says no `%s`; did you mean `%s`?",
	    name, near);
	return WORD_COUNT;
}

static bool
has_brace(struct str text)
{
	return str_find_byte(text, '{') != SIZE_MAX ||
	    str_find_byte(text, '}') != SIZE_MAX;
}

/* Does a text have the same holes as the English text? */
static bool
has_its_holes(
    struct reading *reading, unsigned line, enum word word, struct str text)
{
	const struct word_row *row = &word_rows[word];
	const struct str english = str_from(row->english);
	struct str rest = text, before, name;
	bool good = true;

	while (words_next_hole(&rest, &before, &name))
		good = good && !has_brace(before) &&
		    words_hole(english, name) != SIZE_MAX;
	good = good && !has_brace(rest);
	for (rest = english; good && words_next_hole(&rest, &before, &name);)
		good = words_hole(text, name) != SIZE_MAX;
	if (!good)
		findings_add(reading->findings, FILE_NAME, line,
		    "the holes of `%s` are not those of: %s", row->key,
		    row->english);
	return good;
}

static bool
is_sound(struct reading *reading, unsigned line, enum word word,
    struct str text, bool twice)
{
	const char *what = NULL;

	if (twice)
		what = "stands twice";
	else if (text.len == 0)
		what = "says nothing";
	else if (!utf8_valid(text))
		what = "is not UTF-8";
	else if (utf8_clean_len(text) < text.len)
		what = "holds a control character or an invisible one";
	if (what == NULL)
		return has_its_holes(reading, line, word, text);
	findings_add(reading->findings, FILE_NAME, line, "`%s` %s",
	    word_rows[word].key, what);
	return false;
}

static bool
take_key(void *context, unsigned line, const char *section, const char *name,
    const char *value)
{
	struct reading *reading = context;
	struct words *words = find_section(reading, line, str_from(section));
	enum word word = find_word(reading, line, name);
	struct str text = str_from(value);

	if (words == NULL || word == WORD_COUNT ||
	    !is_sound(reading, line, word, text, words->text[word].len > 0))
		return !reading->no_memory;
	words->text[word] = arena_str(reading->arena, text);
	reading->no_memory |= words->text[word].data == NULL;
	return !reading->no_memory;
}

static void
tell_wrong(void *context, unsigned line, const char *why)
{
	struct reading *reading = context;

	findings_add(reading->findings, FILE_NAME, line, "%s", why);
}

/* ---- filling in ----------------------------------------------------- */

/* The word in the language itself or in that of a shorter tag; "": none. */
static struct str
said_in(const struct words *first, struct str language, enum word word)
{
	struct str tag = language;

	do {
		for (const struct words *w = first->next; w != NULL;
		     w = w->next)
			if (str_equal_nocase(w->language, tag) &&
			    w->text[word].len > 0)
				return w->text[word];
	} while (words_shorten(&tag));
	if (words_same_language(language, first->language))
		return first->text[word];
	return STR("");
}

/* All words of one language. NULL: out of memory. */
static struct words *
fill_in(const struct reading *reading, const struct words *from)
{
	const struct words *first = reading->first;
	const bool english = words_same_language(from->language, STR("en"));
	struct words *words = arena_alloc(reading->arena, sizeof(*words));
	struct buf lacking;

	if (words == NULL)
		return NULL;
	buf_init(&lacking, LACKING_MAX);
	words->language = from->language;
	for (size_t i = 0; i < WORD_COUNT; i++) {
		struct str *text = &words->text[i];

		*text = said_in(first, from->language, (enum word)i);
		if (text->len == 0 && !english) {
			buf_printf(&lacking, " %s", word_rows[i].key);
			*text = first->text[i];
		}
		if (text->len == 0)
			*text = str_from(word_rows[i].english);
	}
	if (lacking.len > 0)
		findings_advise(reading->findings, FINDING_WORDS, FILE_NAME, 0,
		    "%.*s lacks%.*s%s", STR_ARG(words->language),
		    STR_ARG(buf_view(&lacking)),
		    lacking.err == OK ? "" : " and more");
	buf_release(&lacking);
	return words;
}

enum err
words_read(struct arena *arena, const char *capsule, struct str language,
    struct findings *findings, const struct words **out)
{
	struct reading reading = {.arena = arena, .findings = findings};
	const struct ini_reader reader = {&reading, take_key, tell_wrong};
	struct file_path path;
	struct words *filled = NULL, **end = &filled;
	enum err err;

	*out = NULL;
	if (words_add(&reading, language) == NULL)
		return ERR_NOMEM;
	err = file_path_join(&path, capsule, CAPSULE_WORDS);
	if (err == OK)
		err = ini_read(path.text, &reader);
	if (err == ERR_MISSING) {
		if (!words_same_language(language, STR("en")))
			findings_advise(findings, FINDING_WORDS, FILE_NAME, 0,
			    "there is none: in %.*s, too, readers are told in "
			    "English what the engine says",
			    STR_ARG(language));
		return OK;
	}
	if (err == ERR_IO)
		log_error("page: %s: cannot be read", path.text);
	for (const struct words *w = reading.first;
	     w != NULL && err == OK && !reading.no_memory; w = w->next) {
		*end = fill_in(&reading, w);
		reading.no_memory |= *end == NULL;
		if (*end != NULL)
			end = &(*end)->next;
	}
	*out = filled;
	return reading.no_memory ? ERR_NOMEM : err;
}
