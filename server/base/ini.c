/* SPDX-License-Identifier: ISC */
/*
 * inih does not tell the line of a key, and it cuts a long line in two. So the
 * reader here gives inih the lines, counts them and checks their length.
 */
#include "base/ini.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

enum { LINE_MAX_BYTES = 196 }; /* less than inih's INI_MAX_LINE, 200 */

struct reading {
	const struct ini_reader *reader;
	FILE *file;
	unsigned line;
	bool over; /* the reading has ended */
};

/* Cut a comment off the value of an indented line; inih leaves it there. */
static void
cut_comment(char *line)
{
	for (char *c = line; *c != '\0'; c++)
		if (c > line && *c == ';' && (c[-1] == ' ' || c[-1] == '\t')) {
			*c = '\0';
			return;
		}
}

/* fgets(3) for inih. */
static char *
read_line(char *line, int size, void *context)
{
	struct reading *reading = context;
	size_t len;

	(void)size; /* inih's buffer holds at least INI_MAX_LINE bytes */
	if (reading->over || fgets(line, LINE_MAX_BYTES, reading->file) == NULL)
		return NULL;
	reading->line++;
	len = strlen(line);
	if (len > 0 && (line[len - 1] == '\n' || feof(reading->file))) {
		cut_comment(line);
		return line;
	}
	reading->over = true;
	reading->reader->wrong(reading->reader->context, reading->line,
	    "a line is too long, or it is not text");
	return NULL;
}

static int
take_key(
    void *context, const char *section, const char *name, const char *value)
{
	struct reading *reading = context;
	const struct ini_reader *reader = reading->reader;

	if (!reading->over)
		reading->over = !reader->key(
		    reader->context, reading->line, section, name, value);
	return 1;
}

enum err
ini_read(const char *path, const struct ini_reader *reader)
{
	struct reading reading = {.reader = reader};
	enum err err = OK;
	int bad, failure;

	reading.file = fopen(path, "re");
	if (reading.file == NULL)
		return errno == ENOENT ? ERR_MISSING : ERR_IO;
	bad = ini_parse_stream(read_line, &reading, take_key, &reading);
	failure = errno;
	if (ferror(reading.file))
		err = ERR_IO;
	else if (!reading.over && bad != 0)
		reader->wrong(reader->context, (unsigned)bad,
		    "neither [section], name = value nor ; comment");
	fclose(reading.file);
	errno = failure;
	return err;
}
