/* SPDX-License-Identifier: ISC */
/*
 * Makes the customs of an import of the words that labels.c has read: lists of
 * words, labels, aliases and the types of fields. What can be checked only when
 * all words are known is checked here.
 */
#include <stdlib.h>

#include "tools/import/customs/internal.h"

enum { NUMERALS = 10 };

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
		if (strcmp(entry->key, label_meanings[i]) == 0)
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
	struct known names = {.count = 0};
	struct str copy = arena_str(labels->arena, entry->word);
	int field;

	if (copy.data == NULL) {
		labels->err = ERR_NOMEM;
		return;
	}
	field = customs_field(customs, copy.data);
	labels->line = entry->line;
	if (field == CUSTOMS_NONE) {
		known_add_fields(&names, customs);
		labels_unknown(labels, "field", entry->word, &names);
		return;
	}
	for (size_t i = CUSTOM_FLAG; i <= CUSTOM_NAMES; i++)
		if (strcmp(entry->key, label_types[i]) == 0)
			customs->field[field].type = (enum custom_type)i;
}

/* Check that an alias stands for a value: a word of a choice, yes or no. */
static void
check_value(struct labels *labels, const struct entry *entry)
{
	static const char *const flags[] = {"yes", "no"};
	struct known names = {.count = 0};
	struct str key = str_from(entry->key);

	labels->line = entry->line;
	known_add(&names, flags, 2);
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
	if (known_find(&names, key) == NULL)
		labels_unknown(labels, "value", key, &names);
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
line_of(const struct labels *labels, const struct label_row *row)
{
	size_t i = 0;

	while (strcmp(labels->entry[i].section->name, row->section) != 0 ||
	    strcmp(labels->entry[i].key, row->key) != 0)
		i++;
	return labels->entry[i].line;
}

void
labels_settle(struct labels *labels)
{
	struct customs *customs = labels->customs;
	struct word_list *numeral = &customs->words[WORDS_NUMERAL];
	struct word_list *picture = &customs->words[WORDS_PICTURE];

	for (size_t i = 0; i < WORDS_COUNT; i++)
		customs->words[i] = collect(labels, label_rows[i].section,
		    label_rows[i].key, i != WORDS_NUMERAL);
	for (size_t i = 0; i < customs->fields; i++)
		customs->field[i].choices =
		    collect(labels, "choices", customs->field[i].name, false);
	settle_entries(labels);
	if (numeral->count != 0 && numeral->count != NUMERALS)
		labels_fault(labels,
		    line_of(labels, &label_rows[WORDS_NUMERAL]),
		    "numeral has the ten words for 0 to 9, here are %zu",
		    numeral->count);
	if (picture->count > 1 ||
	    (picture->count == 1 &&
		str_find_byte(picture->list[0], '*') == SIZE_MAX))
		labels_fault(labels,
		    line_of(labels, &label_rows[WORDS_PICTURE]),
		    "picture has one word, with a * for the description");
}
