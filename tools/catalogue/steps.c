/* SPDX-License-Identifier: ISC */
/*
 * What becomes of a row of a table is the capsule's business: it says so in
 * import/KIND.sql, statements that run in order for each row, between those of
 * import/begin.sql and import/end.sql, all in one transaction.
 *
 * Parameters are the row's columns by the names in the file's first row, and
 * what the tool knows (load.c lists it). One that nothing provides is NULL:
 * the next file may have that column. Every column that a statement gives is a
 * parameter of the statements after it, also in the scripts after this one;
 * only a statement's first row counts. Some columns are answers, unless they
 * are NULL:
 *
 *	refused    the row is not stored; the text says why. It must come before
 *	           the row's first change: nothing is taken back
 *	unchanged  the row is stored already. Nothing more runs for it
 *	fatal      the whole import ends and is taken back; the text says why
 *	outcome    'new' or 'changed': how the row is counted
 *	once       what may come only once in an import: the second is refused
 *	say        a line for the operator; here every row of the statement
 *counts confirm    nothing is stored without --commit, and nothing at all if a
 *row is refused
 *
 * A comment `-- when :name` that is the last before a statement lets it run
 *only if that parameter is not NULL: a million rows feel each statement.
 *
 * A statement may not begin or end a transaction.
 */
#include "tools/catalogue/steps.h"

#include <errno.h>

#include "base/utf8.h"
#include "store/store.h"

enum {
	STATEMENTS_MAX = 64,
	NAMES_MAX = 160,
	PARAMETERS_MAX = 80, /* of one statement */
	FILE_BYTES_MAX = 1024 * 1024
};

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
	size_t count;
};

enum column_role {
	COLUMN_PLAIN,
	COLUMN_REFUSED,
	COLUMN_UNCHANGED,
	COLUMN_FATAL,
	COLUMN_OUTCOME,
	COLUMN_ONCE,
	COLUMN_SAY,
	COLUMN_CONFIRM
};

struct column {
	enum column_role role;
	unsigned char name;
};

struct statement {
	sqlite3_stmt *handle; /* owned */
	size_t line;
	unsigned parameters, columns;
	unsigned char parameter[PARAMETERS_MAX]; /* places of names */
	struct column column[PARAMETERS_MAX];
	bool says;
	size_t when; /* runs if this name is not NULL; SIZE_MAX: always */
};

struct steps {
	sqlite3 *db;
	struct names *names;
	char *path; /* owned */
	struct statement statement[STATEMENTS_MAX];
	size_t statements;
};

enum err
names_new(struct names **out)
{
	struct names *names = calloc(1, sizeof(*names));

	if (names == NULL)
		return ERR_NOMEM;
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

static size_t
find(const struct names *names, struct str name)
{
	size_t i = 0;

	while (
	    i < names->count && !str_equal(str_from(names->list[i].name), name))
		i++;
	return i;
}

bool
names_asked(const struct names *names, struct str name)
{
	size_t i = find(names, name);

	return i < names->count && names->list[i].asked;
}

size_t
names_place(struct names *names, struct str name)
{
	size_t i = find(names, name);

	if (i < names->count)
		return i;
	if (i == NAMES_MAX)
		return SIZE_MAX;
	names->list[i] = (struct name){.name = strndup(name.data, name.len)};
	if (names->list[i].name == NULL)
		return SIZE_MAX;
	names->count++;
	return i;
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

static enum err
blame(const struct steps *steps, size_t line, struct buf *why,
    const char *message, enum err err)
{
	utf8_add_line(why, str_from(steps->path));
	if (line > 0)
		buf_printf(why, ":%zu", line);
	buf_text(why, ": ");
	utf8_add_line(why, str_from(message));
	return err;
}

/* What SQLite says about the last call. */
static enum err
blame_sqlite(const struct steps *steps, size_t line, struct buf *why, int code)
{
	enum err err = store_err(code);

	return blame(steps, line, why,
	    (code & 0xFF) == SQLITE_AUTH
		? "a statement may not begin or end a transaction"
		: sqlite3_errmsg(steps->db),
	    err == OK ? ERR_BUG : err);
}

static enum err
take_parameters(struct steps *steps, struct statement *s, struct buf *why)
{
	int count = sqlite3_bind_parameter_count(s->handle);

	if (count > PARAMETERS_MAX)
		return blame(
		    steps, s->line, why, "too many parameters", ERR_INPUT);
	for (int i = 0; i < count; i++) {
		const char *name =
		    sqlite3_bind_parameter_name(s->handle, i + 1);
		size_t place;
		if (name == NULL)
			return blame(steps, s->line, why,
			    "a parameter without a name", ERR_INPUT);
		place = names_place(steps->names, str_from(name + 1));
		if (place == SIZE_MAX)
			return blame(
			    steps, s->line, why, "too many names", ERR_INPUT);
		steps->names->list[place].asked = true;
		s->parameter[i] = (unsigned char)place;
	}
	s->parameters = (unsigned)count;
	return OK;
}

static enum column_role
role_of(const char *column)
{
	static const char *const roles[] = {
	    [COLUMN_REFUSED] = "refused",
	    [COLUMN_UNCHANGED] = "unchanged",
	    [COLUMN_FATAL] = "fatal",
	    [COLUMN_OUTCOME] = "outcome",
	    [COLUMN_ONCE] = "once",
	    [COLUMN_SAY] = "say",
	    [COLUMN_CONFIRM] = "confirm",
	};

	for (size_t i = COLUMN_REFUSED; i < sizeof(roles) / sizeof(*roles); i++)
		if (strcmp(column, roles[i]) == 0)
			return (enum column_role)i;
	return COLUMN_PLAIN;
}

static enum err
take_columns(struct steps *steps, struct statement *s, struct buf *why)
{
	int count = sqlite3_column_count(s->handle);

	if (count > PARAMETERS_MAX)
		return blame(
		    steps, s->line, why, "too many columns", ERR_INPUT);
	for (int i = 0; i < count; i++) {
		const char *name = sqlite3_column_name(s->handle, i);
		size_t place = name == NULL
		    ? SIZE_MAX
		    : names_place(steps->names, str_from(name));
		if (place == SIZE_MAX)
			return blame(
			    steps, s->line, why, "too many names", ERR_INPUT);
		s->column[i] =
		    (struct column){role_of(name), (unsigned char)place};
		s->says = s->says || s->column[i].role == COLUMN_SAY;
	}
	s->columns = (unsigned)count;
	return OK;
}

static size_t
count_lines(const char *from, const char *to)
{
	size_t n = 0;

	for (; from < to; from++)
		n += *from == '\n';
	return n;
}

/* The first character of a statement: behind blanks and comments. *when gets
 * what the last comment says after "-- when :", or nothing. */
static const char *
skip_blank(const char *at, struct str *when)
{
	*when = (struct str){0};
	for (;;) {
		at += strspn(at, " \t\r\n\f;");
		if (strncmp(at, "--", 2) == 0) {
			struct str line = {at, strcspn(at, "\n")};
			at += line.len;
			*when = str_starts(line, STR("-- when :"))
			    ? str_trim(str_slice(line, 9, line.len))
			    : (struct str){0};
		} else if (strncmp(at, "/*", 2) == 0) {
			const char *end = strstr(at + 2, "*/");
			at = end == NULL ? at + strlen(at) : end + 2;
		} else {
			return at;
		}
	}
}

static int
stay_inside(void *context, int action, const char *first, const char *second,
    const char *schema, const char *trigger)
{
	(void)context, (void)first, (void)second, (void)schema, (void)trigger;
	switch (action) {
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
	case SQLITE_ATTACH:
	case SQLITE_DETACH:
		return SQLITE_DENY;
	default:
		return SQLITE_OK;
	}
}

static enum err
compile_one(struct steps *steps, const char *text, const char **at,
    struct str when, struct buf *why)
{
	struct statement *s = &steps->statement[steps->statements];
	size_t line = 1 + count_lines(text, *at);
	const char *begin = *at;
	enum err err;
	int code;

	if (steps->statements == STATEMENTS_MAX)
		return blame(
		    steps, line, why, "too many statements", ERR_INPUT);
	*s = (struct statement){.line = line, .when = SIZE_MAX};
	if (when.len > 0) {
		s->when = names_place(steps->names, when);
		if (s->when == SIZE_MAX)
			return blame(
			    steps, line, why, "too many names", ERR_INPUT);
		steps->names->list[s->when].asked = true;
	}
	code = sqlite3_prepare_v3(
	    steps->db, begin, -1, SQLITE_PREPARE_PERSISTENT, &s->handle, at);
	if (code != SQLITE_OK) {
		int offset = sqlite3_error_offset(steps->db);
		if (offset > 0)
			line += count_lines(begin, begin + offset);
		err = blame_sqlite(steps, line, why, code);
		return err == ERR_NOMEM || err == ERR_BUSY ? err : ERR_INPUT;
	}
	steps->statements++;
	err = take_parameters(steps, s, why);
	return err == OK ? take_columns(steps, s, why) : err;
}

static enum err
compile(struct steps *steps, const char *text, struct buf *why)
{
	struct str when;
	const char *at = skip_blank(text, &when);
	enum err err = OK;

	sqlite3_set_authorizer(steps->db, stay_inside, NULL);
	while (err == OK && *at != '\0') {
		err = compile_one(steps, text, &at, when, why);
		at = skip_blank(at, &when);
	}
	sqlite3_set_authorizer(steps->db, NULL, NULL);
	return err;
}

/* The file and a NUL behind it. */
static enum err
read_file(const struct steps *steps, struct buf *out, struct buf *why)
{
	FILE *file = fopen(steps->path, "re");
	char piece[8192];
	size_t n;
	bool failed;

	if (file == NULL)
		return blame(steps, 0, why, strerror(errno),
		    errno == ENOENT ? ERR_MISSING : ERR_IO);
	while ((n = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_add(out, piece, n);
	failed = ferror(file);
	fclose(file);
	if (failed)
		return blame(steps, 0, why, "cannot be read", ERR_IO);
	if (str_find_byte(buf_view(out), '\0') != SIZE_MAX)
		return blame(steps, 0, why, "holds a NUL byte", ERR_INPUT);
	buf_char(out, '\0');
	if (out->err != OK)
		return blame(steps, 0, why, "is too long", out->err);
	return OK;
}

enum err
steps_open(sqlite3 *db, struct names *names, const char *path,
    struct steps **out, struct buf *why)
{
	struct steps *steps = calloc(1, sizeof(*steps));
	struct buf file;
	enum err err = ERR_NOMEM;

	buf_init(&file, FILE_BYTES_MAX);
	if (steps != NULL) {
		steps->db = db;
		steps->names = names;
		steps->path = strdup(path);
	}
	if (steps == NULL || steps->path == NULL)
		buf_text(why, "memory is out");
	else
		err = read_file(steps, &file, why);
	if (err == OK)
		err = compile(steps, file.data, why);
	buf_release(&file);
	if (err == OK)
		*out = steps;
	else
		steps_close(steps);
	return err;
}

void
steps_close(struct steps *steps)
{
	if (steps == NULL)
		return;
	for (size_t i = 0; i < steps->statements; i++)
		sqlite3_finalize(steps->statement[i].handle);
	free(steps->path);
	free(steps);
}

bool
steps_gives(const struct steps *steps, const char *column)
{
	for (size_t i = 0; i < steps->statements; i++) {
		const struct statement *s = &steps->statement[i];
		for (unsigned k = 0; k < s->columns; k++)
			if (strcmp(steps->names->list[s->column[k].name].name,
				column) == 0)
				return true;
	}
	return false;
}

/* A text stays where it is: the value outlives the run of the statement. */
static int
bind_value(sqlite3_stmt *handle, int at, sqlite3_value *value)
{
	const char *text;

	if (sqlite3_value_type(value) != SQLITE_TEXT)
		return sqlite3_bind_value(handle, at, value);
	text = (const char *)sqlite3_value_text(value);
	if (text == NULL)
		return SQLITE_NOMEM;
	return sqlite3_bind_text64(handle, at, text,
	    (sqlite3_uint64)sqlite3_value_bytes(value), SQLITE_STATIC,
	    SQLITE_UTF8);
}

static int
bind_all(const struct steps *steps, const struct statement *s)
{
	int code = SQLITE_OK;

	for (unsigned i = 0; i < s->parameters && code == SQLITE_OK; i++) {
		const struct name *name = &steps->names->list[s->parameter[i]];
		int at = (int)i + 1;
		switch (name->kind) {
		case IS_TEXT:
			code =
			    sqlite3_bind_text64(s->handle, at, name->text.data,
				name->text.len, SQLITE_STATIC, SQLITE_UTF8);
			break;
		case IS_INT:
			code = sqlite3_bind_int64(s->handle, at, name->integer);
			break;
		case IS_VALUE:
			code = bind_value(s->handle, at, name->value);
			break;
		case IS_NULL:
			code = sqlite3_bind_null(s->handle, at);
			break;
		}
	}
	return code;
}

/* FNV-1a, 64 bits; never 0. */
static uint64_t
hash(struct str s)
{
	uint64_t h = 0xCBF29CE484222325u;

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.data[i]) * 0x100000001B3u;
	return h == 0 ? 1 : h;
}

static struct str
column_str(sqlite3_stmt *handle, int i)
{
	const char *text = (const char *)sqlite3_column_text(handle, i);

	return (struct str){text == NULL ? "" : text,
	    text == NULL ? 0 : (size_t)sqlite3_column_bytes(handle, i)};
}

/* The row has something that may come once only. */
static int
check_once(struct steps_result *result, struct str text)
{
	size_t earlier;

	if (result->answer != STEPS_DONE)
		return SQLITE_OK;
	if (once_add(result->once, hash(text), result->line, &earlier) != OK)
		return SQLITE_NOMEM;
	if (earlier > 0) {
		result->answer = STEPS_REFUSED;
		utf8_add_line(result->text, text);
		buf_printf(result->text, " is on line %zu already", earlier);
	}
	return SQLITE_OK;
}

/* A column that is not NULL and may be an answer. */
static int
take_answer(struct steps_result *result, enum column_role role,
    sqlite3_stmt *handle, int i)
{
	static const enum steps_answer answers[] = {
	    [COLUMN_REFUSED] = STEPS_REFUSED,
	    [COLUMN_UNCHANGED] = STEPS_UNCHANGED,
	    [COLUMN_FATAL] = STEPS_FATAL,
	};
	struct str text = column_str(handle, i);

	switch (role) {
	case COLUMN_REFUSED:
	case COLUMN_UNCHANGED:
	case COLUMN_FATAL:
		if (result->answer != STEPS_DONE)
			break;
		result->answer = answers[role];
		utf8_add_line(result->text, text);
		break;
	case COLUMN_OUTCOME:
		result->changed = str_equal(text, STR("changed"));
		break;
	case COLUMN_ONCE:
		return check_once(result, text);
	case COLUMN_SAY:
		utf8_add_line(result->said, text);
		buf_char(result->said, '\n');
		break;
	case COLUMN_PLAIN:
	case COLUMN_CONFIRM:
		break;
	}
	return SQLITE_OK;
}

static int
take_row(struct steps *steps, const struct statement *s,
    struct steps_result *result, bool first)
{
	int code = SQLITE_OK;

	for (unsigned i = 0; i < s->columns && code == SQLITE_OK; i++) {
		const struct column *column = &s->column[i];
		int at = (int)i;
		bool null = sqlite3_column_type(s->handle, at) == SQLITE_NULL;
		if (!null && (first || column->role == COLUMN_SAY))
			code = take_answer(result, column->role, s->handle, at);
		if (first && steps->names->list[column->name].asked) {
			struct name *name = renew(steps->names, column->name);
			if (null)
				continue;
			name->value = sqlite3_value_dup(
			    sqlite3_column_value(s->handle, at));
			if (name->value == NULL)
				return SQLITE_NOMEM;
			name->kind = IS_VALUE;
		}
	}
	return code;
}

static int
run_statement(
    struct steps *steps, const struct statement *s, struct steps_result *result)
{
	int code = bind_all(steps, s);
	bool first = true;

	while (code == SQLITE_OK) {
		code = sqlite3_step(s->handle);
		if (code != SQLITE_ROW)
			break;
		code = first || s->says ? take_row(steps, s, result, first)
					: SQLITE_OK;
		first = false;
	}
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

enum err
steps_run(struct steps *steps, struct steps_result *result, struct buf *why)
{
	enum err err = OK;

	result->answer = STEPS_DONE;
	result->changed = false;
	buf_clear(result->text);
	buf_clear(result->said);
	for (size_t i = 0; i < steps->statements; i++)
		for (unsigned k = 0; k < steps->statement[i].columns; k++) {
			size_t place = steps->statement[i].column[k].name;
			if (steps->names->list[place].kind == IS_VALUE)
				renew(steps->names, place);
		}
	for (size_t i = 0;
	     i < steps->statements && err == OK && result->answer == STEPS_DONE;
	     i++) {
		struct statement *s = &steps->statement[i];
		int code;
		if (s->when != SIZE_MAX &&
		    steps->names->list[s->when].kind == IS_NULL)
			continue;
		code = run_statement(steps, s, result);
		if (code != SQLITE_OK)
			err = blame_sqlite(steps, s->line, why, code);
		sqlite3_reset(s->handle);
	}
	return err;
}
