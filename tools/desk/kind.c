/* SPDX-License-Identifier: ISC */
/*
 * Reads the files of a capsule's desk/. A file is in the page language; the
 * lines `% read NAME [ARGUMENT...]: SENTENCE` and `% write ...` divide it into
 * the scripts of its verbs. Its first comment says what the kind is.
 */
#include "tools/desk/internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_path.h"
#include "page/compile/source.h"

enum { NAME_BYTES_MAX = 64 };

static const char name_signs[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";

/* Is it a name for a kind, a verb or an argument: a letter, then letters,
 * digits and `_`; of kinds and verbs `-` as well? */
static bool
is_name(struct str name, bool argument)
{
	if (name.len == 0 || name.len >= NAME_BYTES_MAX || name.data[0] < 'a' ||
	    name.data[0] > 'z')
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (strchr(name_signs, name.data[i]) == NULL ||
		    (argument && name.data[i] == '-'))
			return false;
	return true;
}

/* ---- the folder -------------------------------------------------------- */

/* The kind that a file's name names, in the arena; empty: none. */
static struct str
kind_of(struct arena *arena, const char *file)
{
	struct str stem = str_from(file);

	if (!str_ends(stem, STR(".sql")))
		return STR("");
	stem.len -= strlen(".sql");
	return is_name(stem, false) ? arena_str(arena, stem) : STR("");
}

enum err
desk_list(struct arena *arena, const char *capsule, struct desk_names *out)
{
	struct dirent **entries = NULL;
	struct file_path path;
	enum err err = file_path_join(&path, capsule, CAPSULE_DESK);
	int n = 0;

	out->count = 0;
	if (err == OK)
		n = scandir(path.text, &entries, NULL, alphasort);
	if (n < 0 && errno != ENOENT) /* without the folder there is no desk */
		err = ERR_IO;
	for (int i = 0; i < n; i++) {
		const struct str name = kind_of(arena, entries[i]->d_name);

		if (name.data == NULL)
			err = ERR_NOMEM;
		else if (name.len > 0 && out->count == DESK_KINDS_MAX)
			err = ERR_LIMIT;
		else if (name.len > 0)
			out->name[out->count++] = name.data;
		free(entries[i]);
	}
	free(entries);
	return err;
}

/* ---- one file ---------------------------------------------------------- */

/* The state of reading one file. */
struct reading {
	struct arena *arena;
	struct findings *findings;
	struct desk_kind *kind;
	const struct source_line *line;
};

static void
blame(const struct reading *reading, const char *message)
{
	findings_add(reading->findings, reading->kind->file,
	    reading->line->line, "%s", message);
}

/* The name of an argument is in the arena; NULL: there is a finding. */
static const char *
read_argument(struct reading *reading, struct desk_verb *verb, struct str word)
{
	const bool optional =
	    str_starts(word, STR("[")) && str_ends(word, STR("]"));

	if (optional)
		word = str_slice(word, 1, word.len - 1);
	if (!is_name(word, true))
		blame(reading,
		    "an argument is a word in small letters, and "
		    "one that may be left out stands in brackets");
	else if (verb->count == DESK_ARGUMENTS_MAX)
		blame(reading, "too many arguments");
	else if (!optional && verb->count > verb->required)
		blame(reading,
		    "an argument that may be left out stands behind "
		    "those that may not");
	else {
		verb->required += !optional;
		return arena_str(reading->arena, word).data;
	}
	return NULL;
}

static bool
is_taken(const struct desk_kind *kind, struct str name)
{
	for (int i = 0; i < kind->count; i++)
		if (str_equal(str_from(kind->verb[i].name), name))
			return true;
	return false;
}

/* Read what stands behind `% read` and `% write`. */
static enum err
read_verb(struct reading *reading, struct desk_verb *verb)
{
	struct desk_kind *kind = reading->kind;
	const struct str text = reading->line->text;
	const size_t colon = str_find_byte(text, ':');
	struct str rest, word = STR("");

	verb->usage = str_trim(str_slice(text, 0, colon));
	rest = verb->usage;
	(void)str_next_part(&rest, ' ', &word);
	if (colon == SIZE_MAX ||
	    str_trim(str_slice(text, colon + 1, text.len)).len == 0)
		blame(reading,
		    "behind the arguments stands `:` and what the "
		    "verb does, in one line");
	else
		verb->sentence = str_trim(str_slice(text, colon + 1, text.len));
	if (!is_name(word, false))
		blame(reading, "a verb is a word in small letters");
	else if (is_taken(kind, word))
		blame(reading, "this verb stands in the file already");
	verb->name = arena_str(reading->arena, word).data;
	if (verb->name == NULL)
		return ERR_NOMEM;
	while (rest.len > 0 && str_next_part(&rest, ' ', &word)) {
		const char *name =
		    word.len == 0 ? NULL : read_argument(reading, verb, word);

		if (name != NULL)
			verb->argument[verb->count++] = name;
	}
	return OK;
}

/* A line in front of the first verb. */
static void
check_front(const struct reading *reading)
{
	if (reading->line->directive || reading->line->text.len > 0)
		blame(reading,
		    "a file of desk/ begins with `% read NAME: "
		    "SENTENCE` or `% write NAME: SENTENCE`");
}

static enum err
read_lines(struct reading *reading, const struct source *source)
{
	struct desk_kind *kind = reading->kind;
	enum err err = OK;

	for (size_t i = 0; err == OK && i < source->count; i++) {
		const struct source_line *line = &source->lines[i];
		const bool writes = str_equal(line->word, STR("write"));
		struct desk_verb *verb = &kind->verb[kind->count];

		reading->line = line;
		if (!line->directive ||
		    (!writes && !str_equal(line->word, STR("read")))) {
			if (kind->count == 0)
				check_front(reading);
			continue;
		}
		if (kind->count == DESK_VERBS_MAX) {
			blame(reading, "too many verbs");
			return OK;
		}
		*verb = (struct desk_verb){
		    .writes = writes, .first_line = line->line + 1};
		err = read_verb(reading, verb);
		if (kind->count > 0)
			verb[-1].last_line = line->line - 1;
		kind->count++;
	}
	return err;
}

/* Find the first comment behind the license. The source has no comments, so the
 * file is read once more. */
static enum err
read_sentence(struct arena *arena, const char *capsule, struct desk_kind *kind)
{
	char line[1024];
	struct file_path path;
	enum err err = file_path_join(&path, capsule, kind->file.data);
	FILE *file = err == OK ? fopen(path.text, "re") : NULL;

	kind->sentence = STR("");
	while (file != NULL && kind->sentence.len == 0 &&
	    fgets(line, sizeof(line), file) != NULL) {
		struct str text = str_trim(str_from(line));

		if (!str_starts(text, STR("%#")))
			break;
		text = str_trim(str_slice(text, 2, text.len));
		if (!str_starts(text, STR("SPDX-")))
			kind->sentence = arena_str(arena, text);
	}
	if (file != NULL)
		fclose(file);
	return kind->sentence.data == NULL ? ERR_NOMEM : err;
}

enum err
desk_read(struct arena *arena, const char *capsule, const char *name,
    struct findings *findings, struct desk_kind *out)
{
	struct reading reading = {
	    .arena = arena, .findings = findings, .kind = out};
	struct source source = {.count = 0};
	enum err err;

	memset(out, 0, sizeof(*out));
	out->name = name;
	out->file = arena_printf(arena, CAPSULE_DESK "/%s.sql", name);
	if (out->file.data == NULL)
		return ERR_NOMEM;
	source.file = out->file;
	err = source_read(arena, capsule, out->file, findings, &source);
	if (err == OK)
		err = read_lines(&reading, &source);
	if (err == OK && out->count == 0)
		findings_add(findings, out->file, 1, "%s",
		    "no verb stands in it: `% read NAME: SENTENCE`");
	return err == OK ? read_sentence(arena, capsule, out) : err;
}
