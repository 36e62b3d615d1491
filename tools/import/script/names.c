/* SPDX-License-Identifier: ISC */
/*
 * Names are few and looked for while scripts are compiled only; later they are
 * places in this list. Values are set a million times, so what can be is
 * borrowed.
 */
#include "tools/import/script/names.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 160 };

enum kind { IS_NULL, IS_TEXT, IS_INT, IS_VALUE };

struct name {
	char *name; /* owned */
	enum kind kind;
	bool asked;
	struct str text; /* borrowed */
	int64_t integer;
	sqlite3_value *value; /* owned; of a column */
};

struct names {
	struct name list[NAMES_MAX];
	size_t count, provided;
	enum names_rule rule;
};

/* The last one wins: it hides the others. */
static size_t
find(const struct names *names, struct str name)
{
	for (size_t i = names->count; i-- > 0;)
		if (str_equal(str_from(names->list[i].name), name))
			return i;
	return SIZE_MAX;
}

static enum err
add(struct names *names, struct str name, size_t *place)
{
	char *copy;

	if (names->count == NAMES_MAX)
		return ERR_LIMIT;
	copy = strndup(name.data, name.len);
	if (copy == NULL)
		return ERR_NOMEM;
	*place = names->count++;
	names->list[*place] = (struct name){.name = copy};
	return OK;
}

enum err
names_new(const char *const *provided, size_t count, enum names_rule rule,
    struct names **out)
{
	struct names *names = calloc(1, sizeof(*names));
	enum err err = names == NULL ? ERR_NOMEM : OK;
	size_t place;

	assert(count <= NAMES_MAX);
	for (size_t i = 0; i < count && err == OK; i++)
		err = add(names, str_from(provided[i]), &place);
	if (err != OK) {
		names_free(names);
		return err;
	}
	names->provided = count;
	names->rule = rule;
	*out = names;
	return OK;
}

void
names_free(struct names *names)
{
	if (names == NULL)
		return;
	for (size_t i = 0; i < names->count; i++) {
		sqlite3_value_free(names->list[i].value);
		free(names->list[i].name);
	}
	free(names);
}

size_t
names_asked(const struct names *names, struct str name)
{
	size_t i = find(names, name);

	return i != SIZE_MAX && names->list[i].asked ? i : SIZE_MAX;
}

enum err
names_ask(struct names *names, struct str name, size_t *place)
{
	size_t i = find(names, name);
	enum err err = OK;

	if (i == SIZE_MAX && names->rule == NAMES_CLOSED)
		return ERR_INPUT;
	if (i == SIZE_MAX)
		err = add(names, name, &i);
	if (err != OK)
		return err;
	names->list[i].asked = true;
	*place = i;
	return OK;
}

enum err
names_give(struct names *names, struct str name, size_t *place)
{
	size_t i = find(names, name);

	if (i == SIZE_MAX ||
	    (names->rule == NAMES_CLOSED && i < names->provided))
		return add(names, name, place);
	*place = i;
	return OK;
}

/* Whatever it was before. */
static struct name *
renew(struct names *names, size_t place)
{
	struct name *name = &names->list[place];

	sqlite3_value_free(name->value);
	name->value = NULL;
	name->kind = IS_NULL;
	return name;
}

void
names_set_text(struct names *names, size_t place, struct str text)
{
	struct name *name = renew(names, place);

	name->kind = text.data == NULL ? IS_NULL : IS_TEXT;
	name->text = text;
}

void
names_set_int(struct names *names, size_t place, int64_t value)
{
	struct name *name = renew(names, place);

	name->kind = IS_INT;
	name->integer = value;
}

bool
names_is_null(const struct names *names, size_t place)
{
	return names->list[place].kind == IS_NULL;
}

bool
names_set_column(
    struct names *names, size_t place, sqlite3_stmt *handle, int column)
{
	struct name *name;

	if (!names->list[place].asked)
		return true;
	name = renew(names, place);
	if (sqlite3_column_type(handle, column) == SQLITE_NULL)
		return true;
	name->value = sqlite3_value_dup(sqlite3_column_value(handle, column));
	if (name->value == NULL)
		return false;
	name->kind = IS_VALUE;
	return true;
}

void
names_forget_column(struct names *names, size_t place)
{
	if (names->list[place].kind == IS_VALUE)
		renew(names, place);
}

static int
bind_value(sqlite3_stmt *handle, int parameter, sqlite3_value *value, bool copy)
{
	const char *text;

	if (copy || sqlite3_value_type(value) != SQLITE_TEXT)
		return sqlite3_bind_value(handle, parameter, value);
	text = (const char *)sqlite3_value_text(value);
	if (text == NULL)
		return SQLITE_NOMEM;
	return sqlite3_bind_text64(handle, parameter, text,
	    (sqlite3_uint64)sqlite3_value_bytes(value), SQLITE_STATIC,
	    SQLITE_UTF8);
}

int
names_bind(const struct names *names, size_t place, sqlite3_stmt *handle,
    int parameter, bool copy)
{
	const struct name *name = &names->list[place];

	switch (name->kind) {
	case IS_TEXT:
		return sqlite3_bind_text64(handle, parameter, name->text.data,
		    name->text.len, SQLITE_STATIC, SQLITE_UTF8);
	case IS_INT:
		return sqlite3_bind_int64(handle, parameter, name->integer);
	case IS_VALUE:
		return bind_value(handle, parameter, name->value, copy);
	case IS_NULL:
		break;
	}
	return sqlite3_bind_null(handle, parameter);
}
