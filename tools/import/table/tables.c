/* SPDX-License-Identifier: ISC */
#include "tools/import/table/tables.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file_path.h"
#include "run/config/complain.h"

enum { PATH_BYTES_MAX = 4096, NAME_BYTES_MAX = 64, TABLES_MAX = 64 };

/* import/NAME.sql is a table's unless it belongs to something else. */
static bool
may_be(const char *name)
{
	static const char *const others[] = {"article", "begin", "end", "undo"};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strcmp(name, others[i]) == 0)
			return false;
	return name[0] != '\0' &&
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz")] == '\0';
}

bool
tables_has(const char *capsule, const char *name)
{
	char path[PATH_BYTES_MAX];
	int n;

	if (!may_be(name))
		return false;
	n = snprintf(
	    path, sizeof(path), "%s/" CAPSULE_IMPORT "/%s.sql", capsule, name);
	return n > 0 && n < (int)sizeof(path) && access(path, R_OK) == 0;
}

/* The files of the folder in the order of their names; 0: none. */
static int
list(const char *capsule, struct dirent ***entries)
{
	char path[PATH_BYTES_MAX];
	int n = snprintf(path, sizeof(path), "%s/" CAPSULE_IMPORT, capsule);

	if (n < 0 || n >= (int)sizeof(path))
		return 0;
	n = scandir(path, entries, NULL, alphasort);
	return n < 0 ? 0 : n;
}

/* Take the name of a table out of a file's; false: it is none. */
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

void
tables_complain(const char *capsule, const char *name)
{
	char found[TABLES_MAX][NAME_BYTES_MAX];
	const char *names[TABLES_MAX + 1], *nearest;
	struct dirent **entries = NULL;
	struct buf all;
	size_t count = 0;
	int n = list(capsule, &entries);

	buf_init(&all, TABLES_MAX * NAME_BYTES_MAX);
	for (int i = 0; i < n; i++) {
		if (count < TABLES_MAX &&
		    take(entries[i]->d_name, found[count])) {
			buf_printf(
			    &all, "%s%s", count > 0 ? ", " : "", found[count]);
			names[count] = found[count];
			count++;
		}
		free(entries[i]);
	}
	free(entries);
	names[count++] = "article"; /* no table, and imported all the same */
	nearest = str_nearest(str_from(name), names, count);
	complain("there is no %s/" CAPSULE_IMPORT "/%s.sql%s%s; tables: %.*s",
	    capsule, name, nearest != NULL ? ", did you mean " : "",
	    nearest != NULL ? nearest : "", STR_ARG(buf_view(&all)));
	buf_release(&all);
}
