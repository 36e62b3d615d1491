/* SPDX-License-Identifier: ISC */
/*
 * SQL scripts. A script is read whole and run statement by statement, so that
 * a failing one can be named by its line. An authorizer keeps it inside the
 * transaction that migrate.c has begun: a COMMIT in the middle would leave
 * half a schema behind when a later statement fails.
 */
#include "store/script.h"

#include <dirent.h>
#include <errno.h>

#include "base/utf8.h"
#include "store/store.h"

enum { SCRIPTS_MAX = 1000, SCRIPT_BYTES_MAX = 64 * 1024 * 1024 };

static enum err
complain(struct buf *why, const char *path, const char *message, enum err err)
{
	utf8_add_line(why, str_from(path));
	buf_text(why, ": ");
	utf8_add_line(why, str_from(message));
	return err;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum err
add_path(struct scripts *out, const char *dir, const char *name)
{
	size_t size = strlen(dir) + 1 + strlen(name) + 1;
	char *path = malloc(size);

	if (path == NULL)
		return ERR_NOMEM;
	snprintf(path, size, "%s/%s", dir, name);
	out->path[out->count++] = path;
	return OK;
}

static bool
is_script(const char *name)
{
	/* A leading dot is an editor's or the system's own file. */
	return name[0] != '.' && str_ends(str_from(name), STR(".sql"));
}

static enum err
collect(DIR *folder, const char *dir, struct scripts *out)
{
	const struct dirent *entry;

	while ((entry = readdir(folder)) != NULL) {
		enum err err;
		if (!is_script(entry->d_name))
			continue;
		if (out->count == SCRIPTS_MAX)
			return ERR_LIMIT;
		err = add_path(out, dir, entry->d_name);
		if (err != OK)
			return err;
	}
	return OK;
}

enum err
scripts_list(const char *dir, struct scripts *out, struct buf *why)
{
	struct scripts found = {calloc(SCRIPTS_MAX, sizeof(char *)), 0};
	DIR *folder = opendir(dir);
	enum err err = ERR_NOMEM;

	if (folder == NULL) {
		err = errno == ENOENT ? ERR_MISSING : ERR_IO;
		complain(why, dir, strerror(errno), err);
		goto out;
	}
	if (found.path != NULL)
		err = collect(folder, dir, &found);
	closedir(folder);
	if (err != OK) {
		complain(why, dir,
		    err == ERR_LIMIT ? "too many scripts" : "memory is out",
		    err);
		goto out;
	}
	if (found.count > 0)
		qsort(found.path, found.count, sizeof(char *), by_name);
	*out = found;
	return OK;
out:
	scripts_release(&found);
	return err;
}

void
scripts_release(struct scripts *scripts)
{
	for (size_t i = 0; i < scripts->count; i++)
		free(scripts->path[i]);
	free(scripts->path);
	*scripts = (struct scripts){NULL, 0};
}

enum err
scripts_check_numbers(const struct scripts *scripts, struct buf *why)
{
	for (size_t i = 0; i < scripts->count; i++) {
		const char *path = scripts->path[i];
		const char *name = strrchr(path, '/') + 1;
		char wanted[32];

		snprintf(wanted, sizeof(wanted), "%03zu_", i + 1);
		if (!str_starts(str_from(name), str_from(wanted))) {
			utf8_add_line(why, str_from(path));
			buf_printf(why,
			    ": scripts are named 001_name.sql, 002_name.sql "
			    "and so on; here %s is missing",
			    wanted);
			return ERR_INPUT;
		}
	}
	return OK;
}

/* The content and a NUL behind it. */
static enum err
read_whole(const char *path, struct buf *out, struct buf *why)
{
	FILE *file = fopen(path, "re");
	char piece[8192];
	size_t n;

	if (file == NULL)
		return complain(why, path, strerror(errno), ERR_IO);
	while ((n = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_add(out, piece, n);
	if (ferror(file)) {
		int reason = errno;
		fclose(file);
		return complain(why, path, strerror(reason), ERR_IO);
	}
	fclose(file);
	if (str_find_byte(buf_view(out), '\0') != SIZE_MAX)
		return complain(why, path, "holds a NUL byte", ERR_INPUT);
	buf_char(out, '\0');
	if (out->err != OK)
		return complain(why, path, "too long", out->err);
	return OK;
}

/* A script being run: what is left of it, and the line that begins there. */
struct script {
	sqlite3 *db;
	const char *path;
	struct str rest; /* a NUL stands behind it */
	size_t line;
	struct buf *why;
};

static size_t
count_lines(const char *from, const char *to)
{
	size_t n = 0;

	for (; from < to; from++)
		n += *from == '\n';
	return n;
}

static void
skip(struct script *script, size_t n)
{
	const char *from = script->rest.data;

	script->rest = str_slice(script->rest, n, script->rest.len);
	script->line += count_lines(from, script->rest.data);
}

/* Go to the next statement: behind blanks, semicolons and comments. */
static void
skip_blank(struct script *script)
{
	while (script->rest.len > 0) {
		struct str rest = script->rest;
		size_t end;

		if (strchr(" \t\r\n\f;", rest.data[0]) != NULL) {
			skip(script, 1);
		} else if (str_starts(rest, STR("--"))) {
			skip(script, str_find_byte(rest, '\n'));
		} else if (str_starts(rest, STR("/*"))) {
			end = str_find(str_slice(rest, 2, rest.len), STR("*/"));
			skip(script, end == SIZE_MAX ? end : end + 4);
		} else {
			return;
		}
	}
}

/* "file:line: message" from what SQLite says about the last call. */
static enum err
blame(const struct script *script, size_t line, int code)
{
	enum err err = store_err(code);
	const char *message = sqlite3_errmsg(script->db);

	if ((code & 0xFF) == SQLITE_AUTH)
		message = "a script may not begin or end a transaction, "
			  "nor attach a database";
	utf8_add_line(script->why, str_from(script->path));
	buf_printf(script->why, ":%zu: ", line);
	utf8_add_line(script->why, str_from(message));
	/* What is not the machine's fault is the script's. */
	if (err != ERR_BUSY && err != ERR_NOMEM &&
	    (code & 0xFF) != SQLITE_IOERR && (code & 0xFF) != SQLITE_FULL)
		err = ERR_INPUT;
	return err;
}

/* Run the statement that the rest begins with, and take it off. */
static enum err
run_statement(struct script *script)
{
	sqlite3_stmt *statement;
	const char *sql = script->rest.data, *tail;
	enum err err = OK;
	/* With its NUL counted SQLite need not copy the whole rest. */
	int code = sqlite3_prepare_v2(
	    script->db, sql, (int)script->rest.len + 1, &statement, &tail);

	if (code != SQLITE_OK) {
		int offset = sqlite3_error_offset(script->db);
		size_t below = offset > 0 ? count_lines(sql, sql + offset) : 0;
		return blame(script, script->line + below, code);
	}
	do
		code = sqlite3_step(statement);
	while (code == SQLITE_ROW);
	if (code != SQLITE_DONE && statement != NULL)
		err = blame(script, script->line, code);
	sqlite3_finalize(statement);
	skip(script, (size_t)(tail - sql));
	return err;
}

static int
stay_inside(void *context, int action, const char *first, const char *second,
    const char *schema, const char *trigger)
{
	(void)context, (void)first, (void)second, (void)schema, (void)trigger;
	switch (action) {
	case SQLITE_TRANSACTION:
	case SQLITE_ATTACH:
	case SQLITE_DETACH:
		return SQLITE_DENY;
	default:
		return SQLITE_OK;
	}
}

enum err
script_run(sqlite3 *db, const char *path, struct buf *why)
{
	struct script script = {.db = db, .path = path, .line = 1, .why = why};
	struct buf file;
	enum err err;

	buf_init(&file, SCRIPT_BYTES_MAX);
	err = read_whole(path, &file, why);
	if (err != OK)
		goto out;
	script.rest = str_slice(buf_view(&file), 0, file.len - 1);
	sqlite3_set_authorizer(db, stay_inside, NULL);
	skip_blank(&script);
	while (err == OK && script.rest.len > 0) {
		err = run_statement(&script);
		skip_blank(&script);
	}
	sqlite3_set_authorizer(db, NULL, NULL);
out:
	buf_release(&file);
	return err;
}
