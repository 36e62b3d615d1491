/* SPDX-License-Identifier: ISC */
/*
 * capsule.ini, taken apart by inih. inih does not say on which line a key
 * stood and cuts long lines in two; so the lines are handed to it one by one
 * from here, counted and measured. Indented lines go on with the key above,
 * `;` and `#` begin comments.
 */
#include "run/config/config_file.h"

#include <errno.h>
#include <ini.h>

#include "base/utf8.h"
#include "run/config/setting.h"

enum { LINE_MAX_BYTES = 196 }; /* INI_MAX_LINE of 200, less what it needs */

struct reading {
	FILE *file;
	unsigned line;
	struct config *config;
	bool seen[SETTINGS_MAX];
	struct buf *why; /* the first error is told, then all is over */
	enum err err;
};

static void
fail(struct reading *reading, enum err err, struct str what)
{
	buf_printf(reading->why, "capsule.ini:%u: ", reading->line);
	utf8_add_line(reading->why, what); /* it may quote the file */
	reading->err = err;
}

/* inih leaves a comment behind an indented line's value in the value. */
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

	(void)size; /* at least INI_MAX_LINE */
	if (reading->err != OK ||
	    fgets(line, LINE_MAX_BYTES, reading->file) == NULL)
		return NULL;
	reading->line++;
	len = strlen(line);
	if (len > 0 && (line[len - 1] == '\n' || feof(reading->file))) {
		cut_comment(line);
		return line;
	}
	fail(reading, ERR_INPUT, STR("a line is too long, or it is no text"));
	return NULL;
}

/* inih calls this for each "name = value". */
static int
take_key(
    void *context, const char *section, const char *name, const char *value)
{
	struct reading *reading = context;
	size_t at = setting_of_key(section, name);
	struct buf reason;
	enum err err = ERR_INPUT;

	if (reading->err != OK)
		return 1;
	buf_init(&reason, 1024);
	if (at == SIZE_MAX)
		setting_unknown_key(&reason, section, name);
	else if (reading->seen[at] && settings[at].clear == NULL)
		buf_printf(&reason, "%s stands twice", name);
	else
		err = setting_take(
		    reading->config, at, value, &reading->seen[at], &reason);
	if (err != OK)
		fail(reading, err, buf_view(&reason));
	buf_release(&reason);
	return 1;
}

enum err
config_file_read(struct config *config, struct buf *why)
{
	struct reading reading = {.config = config, .why = why};
	char path[4096];
	int n, bad;

	n = snprintf(path, sizeof(path), "%s/capsule.ini", config->capsule);
	if (n < 0 || (size_t)n >= sizeof(path)) {
		buf_text(why, "the capsule's path is too long");
		return ERR_INPUT;
	}
	reading.file = fopen(path, "re");
	if (reading.file == NULL && errno == ENOENT)
		return OK;
	if (reading.file == NULL) {
		buf_printf(why, "cannot read %s: %s", path, strerror(errno));
		return ERR_IO;
	}
	bad = ini_parse_stream(read_line, &reading, take_key, &reading);
	if (reading.err == OK && ferror(reading.file)) {
		buf_printf(why, "cannot read %s", path);
		reading.err = ERR_IO;
	} else if (reading.err == OK && bad != 0) {
		reading.line = (unsigned)bad;
		fail(&reading, ERR_INPUT,
		    STR("neither [section], name = value nor ; comment"));
	}
	fclose(reading.file);
	return reading.err;
}
