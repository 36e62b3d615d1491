/* SPDX-License-Identifier: ISC */
/*
 * Names are looked up only while scripts are compiled. A compiled script uses
 * slots in one array of values.
 */
#include "tools/import/script/steps.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 400 };

struct name {
	char *name; /* owned */
	int slot;
	bool needed, given;
};

struct names {
	struct name list[NAMES_MAX];
	size_t count;
	const char *provided[NAMES_MAX]; /* "": a script gives this name */
	size_t provided_count;
	struct value *values; /* owned */
	int slots;
};

/* Of equal names, the last one counts: it hides the others. */
static const struct name *
find(const struct names *names, struct str name)
{
	for (size_t i = names->count; i-- > 0;)
		if (str_equal(str_from(names->list[i].name), name))
			return &names->list[i];
	return NULL;
}

static enum err
add(struct names *names, struct str name, int slot, bool given)
{
	char *copy;

	if (names->count == NAMES_MAX)
		return ERR_LIMIT;
	copy = strndup(name.data, name.len);
	if (copy == NULL)
		return ERR_NOMEM;
	names->list[names->count++] =
	    (struct name){.name = copy, .slot = slot, .given = given};
	return OK;
}

enum err
names_new(const char *const *provided, size_t count, struct names **out)
{
	struct names *names = calloc(1, sizeof(*names));
	enum err err = names == NULL ? ERR_NOMEM : OK;

	assert(count <= NAMES_MAX);
	for (size_t i = 0; i < count && err == OK; i++) {
		err = add(names, str_from(provided[i]), (int)i, false);
		names->provided[i] = provided[i];
	}
	if (err == OK) {
		names->provided_count = count;
		err = names_reserve(names, (int)count);
	}
	if (err != OK)
		names_free(names);
	else
		*out = names;
	return err;
}

void
names_free(struct names *names)
{
	if (names == NULL)
		return;
	for (size_t i = 0; i < names->count; i++)
		free(names->list[i].name);
	free(names->values);
	free(names);
}

size_t
names_needed(const struct names *names, struct str name)
{
	const struct name *found = find(names, name);

	return found != NULL && found->needed && !found->given
	    ? (size_t)found->slot
	    : SIZE_MAX;
}

const char *const *
names_provided(const struct names *names, size_t *count)
{
	*count = names->provided_count;
	return names->provided;
}

size_t
names_count(const struct names *names)
{
	return names->count;
}

const char *
names_wanted(const struct names *names, size_t i, size_t *slot)
{
	const struct name *name = &names->list[i];

	*slot = (size_t)name->slot;
	return i >= names->provided_count && name->needed && !name->given
	    ? name->name
	    : NULL;
}

int
names_need(struct names *names, struct str name, int next)
{
	const struct name *found = find(names, name);

	if (found == NULL && add(names, name, next, false) != OK)
		return -1;
	if (found == NULL)
		found = &names->list[names->count - 1];
	names->list[found - names->list].needed = true;
	return found->slot;
}

enum err
names_give(struct names *names, struct str name, int slot)
{
	for (size_t i = 0; i < names->provided_count; i++)
		if (str_equal(name, str_from(names->provided[i])))
			names->provided[i] = "";
	return add(names, name, slot, true);
}

int
names_slots(const struct names *names)
{
	return names->slots;
}

enum err
names_reserve(struct names *names, int slots)
{
	struct value *values;

	if (slots <= names->slots)
		return OK;
	values = calloc((size_t)slots, sizeof(*values));
	if (values == NULL)
		return ERR_NOMEM;
	if (names->slots > 0)
		memcpy(values, names->values,
		    (size_t)names->slots * sizeof(*values));
	free(names->values);
	names->values = values;
	names->slots = slots;
	return OK;
}

struct value *
names_values(const struct names *names)
{
	return names->values;
}

void
names_set_text(struct names *names, size_t slot, struct str text)
{
	if (text.data == NULL)
		names->values[slot] = (struct value){.type = VALUE_NULL};
	else
		names->values[slot] = value_text(text);
}

void
names_set_int(struct names *names, size_t slot, int64_t value)
{
	names->values[slot] = value_integer(value);
}
