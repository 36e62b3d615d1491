/* SPDX-License-Identifier: ISC */
/*
 * Reads a page's file. A line that begins with `%` has one of four forms:
 *
 *	% word argument    a directive
 *	%   more           continues the argument of the directive above
 *	%% text            a text line that begins with one %
 *	%# note            a comment, for readers of the file
 */
#include "page/compile/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"

/* *why: for ERR_IO, what is wrong. ERR_MISSING: nothing has this name. */
static enum err
read_whole(struct arena *arena, const char *folder, struct str file,
    struct str *out, const char **why)
{
	struct str path = arena_printf(arena, "%s/%.*s", folder, STR_ARG(file));
	/* Without O_NONBLOCK, a FIFO would stop the process. */
	int fd = path.data == NULL
	    ? -1
	    : open(path.data, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat about;
	char *text = NULL;
	size_t n = 0, size;
	ssize_t got = 1;

	*why = "not a regular file";
	if (path.data == NULL)
		return ERR_NOMEM;
	if (fd < 0) {
		if (errno == ENOENT && lstat(path.data, &about) != 0 &&
		    errno == ENOENT)
			return ERR_MISSING;
		*why = strerror(errno);
		return ERR_IO;
	}
	if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
		close(fd);
		return ERR_IO;
	}
	if (about.st_size > SOURCE_MAX_BYTES) {
		close(fd);
		return ERR_LIMIT;
	}
	/* The exact size, because the text stays in the site's arena. */
	size = (size_t)about.st_size;
	text = arena_alloc(arena, size + 1);
	while (text != NULL && n < size &&
	    (got = read(fd, text + n, size - n)) > 0)
		n += (size_t)got;
	close(fd);
	if (text == NULL)
		return ERR_NOMEM;
	*why = "reading it fails";
	if (got < 0)
		return ERR_IO;
	*out = (struct str){text, n};
	return OK;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* line: "% " and a third byte that is not a blank. */
static void
split_directive(struct str line, struct source_line *out)
{
	size_t end = 2;

	while (end < line.len && !is_blank(line.data[end]))
		end++;
	out->directive = true;
	out->word = str_slice(line, 2, end);
	out->text = str_trim(str_slice(line, end, line.len));
}

/*
 * Append a continuation line to the directive above. The line break stays,
 * because it ends a line comment of SQL. The text is moved in place, behind the
 * end of the directive's text. Both texts are in the arena's copy of the file.
 * There is room: at least a line end and this line's "% " lie between them.
 */
static void
continue_directive(struct source_line *above, struct str more)
{
	char *end = (char *)(uintptr_t)above->text.data + above->text.len;

	more = str_trim(more);
	end[0] = '\n';
	memmove(end + 1, more.data, more.len);
	above->text.len += 1 + more.len;
}

static void
add_line(struct source *source, struct str line, unsigned number,
    struct findings *findings)
{
	struct source_line *next = &source->lines[source->count];

	next->line = number;
	next->text = line;
	if (line.len == 0 || line.data[0] != '%') {
		source->count++;
		return;
	}
	if (line.len > 1 && line.data[1] == '#')
		return;
	if (line.len > 1 && line.data[1] == '%') {
		next->text = str_slice(line, 1, line.len);
		source->count++;
		return;
	}
	if (line.len > 2 && line.data[1] == ' ' && !is_blank(line.data[2])) {
		split_directive(line, next);
		source->count++;
		return;
	}
	if (line.len > 2 && line.data[1] == ' ' && source->count > 0 &&
	    source->lines[source->count - 1].directive) {
		continue_directive(&source->lines[source->count - 1],
		    str_slice(line, 1, line.len));
		return;
	}
	findings_add(findings, source->file, number,
	    "neither a directive (`%% word`) nor its continuation; a text "
	    "line that begins with %% is written %%%%");
}

enum err
source_read(struct arena *arena, const char *folder, struct str file,
    struct findings *findings, struct source *out)
{
	struct source source = {.file = file};
	struct str text, rest, line;
	size_t lines = 1;
	unsigned number = 0;
	const char *why;
	enum err err = read_whole(arena, folder, file, &text, &why);

	if (err == ERR_LIMIT) {
		findings_add(findings, file, 0, "larger than %d bytes",
		    SOURCE_MAX_BYTES);
		return ERR_INPUT;
	}
	/* Not as if the file were missing: without its guard, a folder would be
	 * open to everybody. */
	if (err == ERR_IO) {
		findings_add(findings, file, 0, "cannot be read: %s", why);
		return ERR_INPUT;
	}
	if (err != OK)
		return err;
	/* Some editors begin UTF-8 with a byte order mark. The mark would hide
	 * the type of the first line. */
	if (str_starts(text, STR(UTF8_MARK)))
		text = str_slice(text, 3, text.len);
	if (!utf8_valid(text)) {
		findings_add(findings, file, 0, "not valid UTF-8");
		return ERR_INPUT;
	}
	lines += str_count(text, '\n');
	source.lines = arena_array(arena, lines, sizeof(*source.lines));
	if (source.lines == NULL)
		return ERR_NOMEM;
	rest = text;
	while (str_next_line(&rest, &line))
		add_line(&source, line, ++number, findings);
	*out = source;
	return OK;
}

/* ---- partials -------------------------------------------------------- */

struct known_source {
	struct known_source *next;
	uint64_t hash; /* of the file's name */
	bool missing;
	bool sound; /* its lines have no mistakes: use it again */
	struct source source;
};

static const struct known_source *
find_known(const struct source_set *set, uint64_t hash, struct str file)
{
	const struct known_source *known = set->first;

	while (known != NULL &&
	    (known->hash != hash || !known->sound ||
		!str_equal(known->source.file, file)))
		known = known->next;
	return known;
}

bool
source_is_used(const struct source_set *set, struct str file)
{
	const struct known_source *known = set->first;

	while (known != NULL &&
	    (known->missing || !str_equal(known->source.file, file)))
		known = known->next;
	return known != NULL;
}

static enum err
keep(struct source_set *set, struct arena *arena, uint64_t hash,
    const struct source *source, bool missing, bool sound)
{
	struct known_source *known = arena_alloc(arena, sizeof(*known));

	if (known == NULL)
		return ERR_NOMEM;
	*known =
	    (struct known_source){set->first, hash, missing, sound, *source};
	set->first = known;
	return OK;
}

enum err
source_partial(struct source_set *set, struct arena *arena, const char *folder,
    struct str file, struct findings *findings, struct source *out)
{
	const size_t before = findings->told;
	const uint64_t hash = str_hash(file);
	const struct known_source *known =
	    set == NULL ? NULL : find_known(set, hash, file);
	struct source source = {0};
	enum err err = OK, kept = OK;

	if (known != NULL) {
		*out = known->source;
		return known->missing ? ERR_MISSING : OK;
	}
	source.file = arena_str(arena, file);
	if (source.file.data == NULL)
		return ERR_NOMEM;
	err = source_read(arena, folder, source.file, findings, &source);
	/* A partial with mistakes is read again, so that each page that
	 * includes it gets the findings. */
	if (set != NULL && (err == OK || err == ERR_MISSING))
		kept = keep(set, arena, hash, &source, err == ERR_MISSING,
		    findings->told == before);
	if (err == OK)
		*out = source;
	return kept != OK ? kept : err;
}
