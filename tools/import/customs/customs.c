/* SPDX-License-Identifier: ISC */
#include "tools/import/customs/customs.h"

#include <string.h>

enum err
customs_init(struct customs *customs, const char *const *names, size_t count)
{
	*customs = (struct customs){.fields = count};
	if (count > CUSTOMS_FIELDS_MAX)
		return ERR_LIMIT;
	for (size_t i = 0; i < count; i++)
		customs->field[i].name = names[i];
	return OK;
}

int
customs_field(const struct customs *customs, const char *name)
{
	for (size_t i = 0; i < customs->fields; i++)
		if (strcmp(customs->field[i].name, name) == 0)
			return (int)i;
	return CUSTOMS_NONE;
}

bool
words_take(struct word_list words, struct str *rest)
{
	for (size_t i = 0; i < words.count; i++)
		if (str_starts(*rest, words.list[i])) {
			*rest = str_slice(*rest, words.list[i].len, rest->len);
			return true;
		}
	return false;
}

bool
words_hold(struct word_list words, struct str text)
{
	for (size_t i = 0; i < words.count; i++)
		if (str_find(text, words.list[i]) != SIZE_MAX)
			return true;
	return false;
}

bool
words_end(struct word_list words, struct str text)
{
	for (size_t i = 0; i < words.count; i++)
		if (str_ends(text, words.list[i]))
			return true;
	return false;
}

bool
words_are(struct word_list words, struct str text)
{
	for (size_t i = 0; i < words.count; i++)
		if (str_equal(text, words.list[i]))
			return true;
	return false;
}
