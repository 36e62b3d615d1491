/* SPDX-License-Identifier: ISC */
/* Lists the tables of a capsule: those with a script in its folder import/. */
#include "tools/import/table/command.h"

#include "tools/import/table/internal.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file_path.h"
#include "base/utf8.h"

enum { NAME_BYTES_MAX = 64, TABLES_MAX = 64, LINE_BYTES_MAX = 1024 };

/* Is import/NAME.sql the script of a table? Some names have another use. */
static bool
may_be(const char *name)
{
	static const char *const others[] = {
	    "article", "begin", "end", "follow", "undo"};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strcmp(name, others[i]) == 0)
			return false;
	return name[0] != '\0' &&
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz")] == '\0';
}

bool
tables_has(const char *capsule, const char *name)
{
	char file[NAME_BYTES_MAX + 16];
	struct file_path path;

	if (!may_be(name) || strlen(name) >= NAME_BYTES_MAX)
		return false;
	snprintf(file, sizeof(file), CAPSULE_IMPORT "/%s.sql", name);
	return file_path_join(&path, capsule, file) == OK &&
	    access(path.text, R_OK) == 0;
}

/* The tables of a capsule; tables_check() adds "undo". */
struct tables {
	char name[TABLES_MAX + 1][NAME_BYTES_MAX];
	size_t count;
};

/* Find the table's name in the name of a file; false: it is not a table's. */
static bool
take(const char *file, char name[NAME_BYTES_MAX])
{
	struct str stem = str_from(file);

	if (!str_ends(stem, STR(".sql")) || stem.len >= NAME_BYTES_MAX)
		return false;
	stem.len -= strlen(".sql");
	memcpy(name, stem.data, stem.len);
	name[stem.len] = '\0';
	return may_be(name);
}

/* List the tables by name; a folder that cannot be read has none. */
static void
list(const char *capsule, struct tables *out)
{
	struct dirent **entries = NULL;
	struct file_path path;
	int n = 0;

	out->count = 0;
	if (file_path_join(&path, capsule, CAPSULE_IMPORT) == OK)
		n = scandir(path.text, &entries, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (out->count < TABLES_MAX &&
		    take(entries[i]->d_name, out->name[out->count]))
			out->count++;
		free(entries[i]);
	}
	free(entries);
}

static void
add_names(struct buf *out, const struct tables *tables)
{
	for (size_t i = 0; i < tables->count; i++)
		buf_printf(out, "%s%s", i > 0 ? ", " : "", tables->name[i]);
}

/* The word behind `guiju import` that is most like name, of those that every
 * capsule has and of tables; NULL: none is. */
static const char *
nearest_of(const struct tables *tables, const char *name)
{
	const char *names[TABLES_MAX + 2] = {"article", "undo"};

	for (size_t i = 0; i < tables->count; i++)
		names[2 + i] = tables->name[i];
	return str_nearest(str_from(name), names, 2 + tables->count);
}

const char *
tables_nearest(const char *name)
{
	static struct tables tables;

	list("capsule", &tables);
	return nearest_of(&tables, name);
}

void
tables_complain(const char *capsule, const char *name)
{
	const char *nearest;
	struct tables tables;
	struct buf all;

	list(capsule, &tables);
	nearest = nearest_of(&tables, name);
	buf_init(&all, TABLES_MAX * NAME_BYTES_MAX);
	add_names(&all, &tables);
	complain("there is no %s/" CAPSULE_IMPORT "/%s.sql%s%s; tables: %.*s",
	    capsule, name, nearest != NULL ? ", did you mean " : "",
	    nearest != NULL ? nearest : "", STR_ARG(buf_view(&all)));
	buf_release(&all);
}

enum err
tables_check(sqlite3 *db, const char *capsule, struct buf *why)
{
	struct tables tables;
	struct file_path undo;
	enum err err =
	    file_path_join(&undo, capsule, CAPSULE_IMPORT "/undo.sql");

	list(capsule, &tables);
	if (err == OK && access(undo.text, F_OK) == 0)
		snprintf(tables.name[tables.count++], NAME_BYTES_MAX, "undo");
	for (size_t i = 0; i < tables.count; i++) {
		enum err one = load_check(db, capsule, tables.name[i], why);

		if (one != OK)
			buf_char(why, '\n');
		if (err == OK)
			err = one;
	}
	return err;
}

/* Append the first line of the comment in a script, behind the license. */
static void
add_sentence(struct buf *out, const char *capsule, const char *name)
{
	char line[LINE_BYTES_MAX], file[NAME_BYTES_MAX + 16];
	struct file_path path;
	FILE *script = NULL;

	snprintf(file, sizeof(file), CAPSULE_IMPORT "/%s.sql", name);
	if (file_path_join(&path, capsule, file) == OK)
		script = fopen(path.text, "re");
	while (script != NULL && fgets(line, sizeof(line), script) != NULL) {
		struct str text = str_trim(str_from(line));
		if (!str_starts(text, STR("%#")))
			break;
		text = str_trim(str_slice(text, 2, text.len));
		if (text.len == 0 || str_starts(text, STR("SPDX-")))
			continue;
		utf8_add_line(out, text);
		break;
	}
	if (script != NULL)
		fclose(script);
}

void
tables_add_help(struct buf *out)
{
	struct tables tables;

	list("capsule", &tables);
	if (tables.count > 0)
		buf_text(out, "\nTables of ./capsule:\n");
	for (size_t i = 0; i < tables.count; i++) {
		buf_printf(out, "  %-14s  ", tables.name[i]);
		add_sentence(out, "capsule", tables.name[i]);
		buf_char(out, '\n');
	}
}
