/* SPDX-License-Identifier: ISC */
/*
 * Reads a suite's file `requests`, line by line. A line that begins with "%"
 * says what holds for the lines below it; each other line is a step.
 */
#include "tools/test/internal.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file_path.h"
#include "base/utf8.h"
#include "tools/command.h"

enum {
	NOW_S = 1767225600,   /* 2026-01-01T00:00:00Z */
	UNTIL_S = 2082758400, /* 2036-01-01T00:00:00Z */
	SCRIPT_MAX = 64,      /* words of a line that imports */
	NAME_MAX_BYTES = 128
};

/* The reading of one file. */
struct reading {
	struct suite *suite;
	unsigned line;
	struct buf why;
	struct tester *testers;
	struct step now;    /* what holds from here on */
	struct step **step; /* where the next one goes */
	struct filling **import, **script;
};

enum err
test_read_file(
    struct arena *arena, const char *path, size_t max, struct str *out)
{
	FILE *file = fopen(path, "re");
	char piece[16384];
	struct buf text;
	size_t n;
	enum err err;

	if (file == NULL)
		return errno == ENOENT ? ERR_MISSING : ERR_IO;
	buf_init(&text, max);
	while ((n = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_add(&text, piece, n);
	err = ferror(file) ? ERR_IO : arena_take(arena, &text, out);
	fclose(file);
	buf_release(&text);
	return err;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Cut the first word off *rest; empty if there is none. */
static struct str
next_word(struct str *rest)
{
	size_t n = 0;
	struct str word;

	*rest = str_trim(*rest);
	while (n < rest->len && !is_blank(rest->data[n]))
		n++;
	word = str_slice(*rest, 0, n);
	*rest = str_trim(str_slice(*rest, n, rest->len));
	return word;
}

/* Add the reason why the line is wrong. */
static enum err wrong(struct reading *r, const char *format, ...)
    PRINTF_LIKE(2, 3);
static enum err
wrong(struct reading *r, const char *format, ...)
{
	char text[TEST_WHY_MAX];
	va_list args;

	va_start(args, format);
	buf_str(&r->why, utf8_message(text, sizeof(text), format, args));
	va_end(args);
	return ERR_INPUT;
}

/* The path of a file that the suite names, in the arena; NULL: no memory. */
static const char *
path_in(const struct reading *r, const char *folder, struct str name)
{
	const struct str path = name.len > 0 && name.data[0] == '/'
	    ? arena_str(r->suite->arena, name)
	    : arena_printf(r->suite->arena, "%s/%.*s", folder, STR_ARG(name));

	return path.data;
}

/* ---- what holds from here on ------------------------------------------- */

static enum err
read_capsule(struct reading *r, struct str rest)
{
	if (rest.len == 0)
		return wrong(r, "%% capsule FOLDER");
	r->suite->capsule = path_in(r, r->suite->folder, rest);
	return r->suite->capsule == NULL ? ERR_NOMEM : OK;
}

/* Read "2026-11-23T04:00:00Z". */
static bool
read_utc(struct str text, int64_t *out)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
	int64_t part[6] = {0};
	struct tm tm = {0};
	size_t n = 0;

	if (text.len != sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const bool is_digit =
		    text.data[i] >= '0' && text.data[i] <= '9';

		if (form[i] == 'd' ? !is_digit : text.data[i] != form[i])
			return false;
		if (is_digit)
			part[n] = part[n] * 10 + text.data[i] - '0';
		else
			n++;
	}
	if (part[0] < 1970 || part[1] < 1 || part[1] > 12 || part[2] < 1 ||
	    part[2] > clock_month_days((int)part[0], (int)part[1]) ||
	    part[3] > 23 || part[4] > 59 || part[5] > 59)
		return false;
	tm.tm_year = (int)part[0] - 1900;
	tm.tm_mon = (int)part[1] - 1;
	tm.tm_mday = (int)part[2];
	tm.tm_hour = (int)part[3];
	tm.tm_min = (int)part[4];
	tm.tm_sec = (int)part[5];
	*out = (int64_t)timegm(&tm);
	return true;
}

static enum err
read_now(struct reading *r, struct str rest)
{
	const int64_t max = INT32_MAX * INT64_C(4);
	const bool later = str_starts(rest, STR("+"));
	int64_t s;

	if (read_utc(rest, &s)) {
		r->now.now_s = s;
		return OK;
	}
	if (str_to_int(str_slice(rest, later ? 1 : 0, rest.len), 0, max, &s) !=
	    OK)
		return wrong(r,
		    "%% now TIME: 2026-11-23T04:00:00Z, seconds since 1970, "
		    "or +SECONDS");
	r->now.now_s = later ? r->now.now_s + s : s;
	return OK;
}

static enum err
read_over(struct reading *r, struct str rest)
{
	const char *names[PROTOCOLS_MAX];
	size_t at;

	if (rest.len == 0)
		return wrong(r, "%% over PROTOCOL...");
	memset(r->now.over, 0, sizeof(r->now.over));
	for (size_t i = 0; i < wire_count; i++)
		names[i] = wires[i]->protocol.name;
	while (rest.len > 0) {
		const struct str word = next_word(&rest);

		for (at = 0; at < wire_count; at++)
			if (str_equal(word, str_from(names[at])))
				break;
		if (at == wire_count) {
			const char *near = str_nearest(word, names, wire_count);
			return wrong(r, "no protocol %.*s%s%s", STR_ARG(word),
			    near == NULL ? "" : ", did you mean ",
			    near == NULL ? "" : near);
		}
		r->now.over[at] = true;
	}
	return OK;
}

static bool
is_fingerprint(struct str text)
{
	return text.len == TEST_FINGERPRINT &&
	    strspn(text.data, "0123456789abcdef") >= TEST_FINGERPRINT;
}

/* Sixty-four digits that follow from the text. */
static struct str
digits_of(struct reading *r, const char *what, struct str text)
{
	struct buf seed, digits;
	struct str out = {NULL, 0};
	uint64_t hash;

	buf_init(&seed, NAME_MAX_BYTES * 2);
	buf_init(&digits, TEST_FINGERPRINT);
	buf_printf(&seed, "%s %.*s", what, STR_ARG(text));
	hash = str_hash(buf_view(&seed));
	while (digits.err == OK && digits.len < TEST_FINGERPRINT) {
		const unsigned char at = (unsigned char)digits.len;

		hash = hash_more(hash, &at, 1);
		buf_printf(&digits, "%08x", (unsigned)(hash >> 32));
	}
	if (seed.err != OK || arena_take(r->suite->arena, &digits, &out) != OK)
		out = (struct str){NULL, 0};
	buf_release(&seed);
	buf_release(&digits);
	return out;
}

static bool
is_name(struct str text)
{
	if (text.len == 0 || text.len > NAME_MAX_BYTES || text.data[0] == '.')
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const unsigned char c = (unsigned char)text.data[i];

		if (c < 0x80 && c != '-' && c != '_' && c != '.' &&
		    !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
		    !(c >= 'A' && c <= 'Z'))
			return false;
	}
	return true;
}

static const struct tester *
find_tester(const struct reading *r, struct str name)
{
	const struct tester *t = r->testers;

	while (t != NULL && !str_equal(t->name, name))
		t = t->next;
	return t;
}

/* NAME [fingerprint DIGITS] [key DIGITS] [until TIME] [name WORDS...] */
static enum err
read_identity(struct reading *r, struct str rest)
{
	struct tester *tester = arena_alloc(r->suite->arena, sizeof(*tester));
	const struct str name = next_word(&rest);

	if (tester == NULL)
		return ERR_NOMEM;
	if (!is_name(name) || find_tester(r, name) != NULL)
		return wrong(r, "%% identity NAME: another name, please");
	tester->name = name;
	tester->identity =
	    (struct identity){.name = name, .until = UNTIL_S, .valid = true};
	tester->identity.fingerprint = digits_of(r, "certificate", name);
	tester->identity.key = digits_of(r, "key", name);
	while (rest.len > 0) {
		const struct str word = next_word(&rest);

		if (str_equal(word, STR("name"))) {
			tester->identity.name = rest;
			rest = STR("");
		} else if (str_equal(word, STR("fingerprint"))) {
			tester->identity.fingerprint = next_word(&rest);
		} else if (str_equal(word, STR("key"))) {
			tester->identity.key = next_word(&rest);
		} else if (str_equal(word, STR("until")) &&
		    read_utc(next_word(&rest), &tester->identity.until)) {
			continue;
		} else {
			return wrong(r,
			    "%% identity NAME [fingerprint DIGITS] "
			    "[key DIGITS] [until 2027-01-01T00:00:00Z] "
			    "[name WORDS]: not %.*s",
			    STR_ARG(word));
		}
	}
	if (tester->identity.fingerprint.data == NULL ||
	    tester->identity.key.data == NULL)
		return ERR_NOMEM;
	if (!is_fingerprint(tester->identity.fingerprint) ||
	    !is_fingerprint(tester->identity.key))
		return wrong(
		    r, "a fingerprint has 64 lower-case hexadecimal digits");
	tester->next = r->testers;
	r->testers = tester;
	return OK;
}

static enum err
read_as(struct reading *r, struct str rest)
{
	r->now.as = find_tester(r, rest);
	if (r->now.as != NULL || str_equal(rest, STR("nobody")))
		return OK;
	return wrong(r,
	    "%% as NAME: an identity that `%% identity` above names, or "
	    "nobody");
}

/* Add a subcommand whose words are rest. */
static enum err
add_filling(struct reading *r, struct filling ***where, struct filling filling,
    struct str rest)
{
	struct arena *arena = r->suite->arena;
	struct filling *f = arena_alloc(arena, sizeof(*f));
	char **argument = arena_array(arena, SCRIPT_MAX + 1, sizeof(char *));

	if (f == NULL || argument == NULL)
		return ERR_NOMEM;
	if (r->suite->steps != NULL)
		return wrong(r, "this line stands above the first step");
	*f = filling;
	f->line = r->line;
	f->argument = argument;
	while (rest.len > 0) {
		const struct str word = arena_str(arena, next_word(&rest));

		if (word.data == NULL)
			return ERR_NOMEM;
		if (f->count == SCRIPT_MAX)
			return wrong(r, "too many words");
		/* argv is the subcommand's to change (C11, 5.1.2.2.1). */
		f->argument[f->count++] = arena_alloc(arena, word.len + 1);
		if (f->argument[f->count - 1] == NULL)
			return ERR_NOMEM;
		memcpy(f->argument[f->count - 1], word.data, word.len);
	}
	**where = f;
	*where = &f->next;
	return OK;
}

static enum err
read_import(struct reading *r, struct str rest)
{
	const struct str all =
	    arena_printf(r->suite->arena, "import %.*s", STR_ARG(rest));

	if (all.data == NULL)
		return ERR_NOMEM;
	return add_filling(r, &r->import, (struct filling){.input = NULL}, all);
}

static enum err
read_sql(struct reading *r, struct str rest)
{
	struct filling filling = {.input = path_in(r, r->suite->folder, rest)};

	if (filling.input == NULL)
		return ERR_NOMEM;
	if (access(filling.input, R_OK) != 0)
		return wrong(r, "%s cannot be read", filling.input);
	return add_filling(r, &r->script, filling, STR("sql --write"));
}

static const struct {
	const char *name;
	enum err (*read)(struct reading *r, struct str rest);
} settings[] = {{"capsule", read_capsule}, {"now", read_now},
    {"over", read_over}, {"identity", read_identity}, {"as", read_as},
    {"import", read_import}, {"sql", read_sql}};

enum { SETTING_COUNT = sizeof(settings) / sizeof(settings[0]) };

static enum err
read_setting(struct reading *r, struct str rest)
{
	const struct str word = next_word(&rest);
	const char *names[SETTING_COUNT], *near;

	for (size_t i = 0; i < SETTING_COUNT; i++) {
		if (str_equal(word, str_from(settings[i].name)))
			return settings[i].read(r, rest);
		names[i] = settings[i].name;
	}
	near = str_nearest(word, names, SETTING_COUNT);
	return wrong(r, "unknown: %% %.*s%s%s", STR_ARG(word),
	    near == NULL ? "" : ", did you mean % ", near == NULL ? "" : near);
}

/* ---- steps ------------------------------------------------------------- */

static enum err
read_upload(struct reading *r, struct step *step, struct str rest)
{
	const char *path;

	step->mime = next_word(&rest);
	path = path_in(r, r->suite->folder, next_word(&rest));
	step->text = rest;
	if (path == NULL)
		return ERR_NOMEM;
	if (str_find_byte(step->mime, '/') == SIZE_MAX)
		return wrong(r, "NAME upload TYPE FILE [LABEL]");
	if (test_read_file(r->suite->arena, path, TEST_FILE_MAX, &step->body) !=
	    OK)
		return wrong(r, "%s cannot be read", path);
	return OK;
}

static enum err
read_address(struct reading *r, struct step *step, struct str rest)
{
	step->action = STEP_ASK;
	if (next_word(&rest).len != 0)
		return wrong(r,
		    "a blank in an address: write %%20, or in the line above "
		    "`%% as NAME` if an identity is meant");
	return OK;
}

static enum err
read_action(struct reading *r, struct step *step, struct str rest)
{
	static const char *const names[] = {[STEP_ASK] = "ADDRESS",
	    [STEP_FOLLOW] = "follow",
	    [STEP_ANSWER] = "answer",
	    [STEP_RELOAD] = "reload",
	    [STEP_UPLOAD] = "upload",
	    [STEP_EDIT] = "edit"};
	const struct str all = rest, word = next_word(&rest);
	size_t at = 0;

	step->text = all;
	if (str_starts(word, STR("/")) ||
	    str_find(word, STR("://")) != SIZE_MAX)
		return read_address(r, step, str_slice(rest, 0, rest.len));
	while (at < sizeof(names) / sizeof(*names) &&
	    !str_equal(word, str_from(names[at])))
		at++;
	step->action = (enum step_action)at;
	step->text = rest;
	if (at == STEP_ASK || at == sizeof(names) / sizeof(*names))
		return wrong(r,
		    "%.*s: a step is an address, `follow LABEL`, `answer "
		    "TEXT`, `reload`, `upload TYPE FILE [LABEL]` or `edit "
		    "[LABEL]`",
		    STR_ARG(word));
	if (step->action == STEP_FOLLOW && rest.len == 0)
		return wrong(r, "follow LABEL: which link?");
	if (step->action == STEP_RELOAD && rest.len > 0)
		return wrong(r, "`reload` has nothing behind it");
	return step->action == STEP_UPLOAD ? read_upload(r, step, rest) : OK;
}

static enum err
read_step(struct reading *r, struct str rest)
{
	struct step *step = arena_alloc(r->suite->arena, sizeof(*step));
	enum err err;

	if (step == NULL)
		return ERR_NOMEM;
	*step = r->now;
	step->line = r->line;
	step->name = next_word(&rest);
	if (!is_name(step->name))
		return wrong(r,
		    "%.*s is not a name of letters, digits, `-`, `_` and `.`",
		    STR_ARG(step->name));
	for (const struct step *s = r->suite->steps; s != NULL; s = s->next)
		if (str_equal(s->name, step->name))
			return wrong(r, "line %u has the name %.*s as well",
			    s->line, STR_ARG(step->name));
	err = read_action(r, step, rest);
	if (err != OK)
		return err;
	if (r->suite->steps == NULL)
		r->suite->now_s = step->now_s;
	*r->step = step;
	r->step = &step->next;
	return OK;
}

static enum err
read_line(struct reading *r, struct str line)
{
	line = str_trim(line);
	if (line.len == 0 || line.data[0] == '#' || str_starts(line, STR("%#")))
		return OK;
	if (line.data[0] == '%')
		return read_setting(r, str_slice(line, 1, line.len));
	return read_step(r, line);
}

/* Without `% capsule` it is the nearest folder above with a capsule.ini. */
static enum err
find_capsule(struct reading *r)
{
	struct str folder = arena_str(r->suite->arena, STR(".."));

	for (int i = 0; i < 8 && r->suite->capsule == NULL; i++) {
		const char *path = path_in(r, r->suite->folder, folder);
		struct file_path settings_file;

		if (path == NULL)
			return ERR_NOMEM;
		if (file_path_join(&settings_file, path, CAPSULE_SETTINGS) ==
			OK &&
		    access(settings_file.text, F_OK) == 0)
			r->suite->capsule = path;
		folder =
		    arena_printf(r->suite->arena, "%.*s/..", STR_ARG(folder));
	}
	r->line = 0;
	if (r->suite->capsule == NULL)
		return wrong(
		    r, "no folder above is a capsule: say `%% capsule FOLDER`");
	if (r->suite->steps == NULL)
		return wrong(r, "there is no step");
	return OK;
}

static enum err
read_lines(struct reading *r, struct str text)
{
	struct str line;
	enum err err = OK;

	r->now.now_s = NOW_S;
	for (size_t i = 0; i < wire_count; i++)
		r->now.over[i] = !wires[i]->off;
	if (!utf8_valid(text))
		return wrong(r, "this is not UTF-8");
	while (err == OK && str_next_line(&text, &line)) {
		r->line++;
		err = read_line(r, line);
	}
	return err == OK ? find_capsule(r) : err;
}

int
suite_read(struct arena *arena, const char *folder, struct suite **out)
{
	struct suite *suite = arena_alloc(arena, sizeof(*suite));
	struct reading r = {.suite = suite};
	struct str text;
	enum err err;

	if (suite == NULL) {
		complain("out of memory");
		return STATUS_FAILURE;
	}
	*out = suite;
	suite->arena = arena;
	suite->folder = folder;
	r.step = &suite->steps;
	r.import = &suite->imports;
	r.script = &suite->scripts;
	buf_init(&r.why, TEST_WHY_MAX);
	err = test_read_file(arena,
	    arena_printf(arena, "%s/" SUITE_FILE, folder).data, TEST_FILE_MAX,
	    &text);
	if (err != OK)
		buf_text(&r.why, "the file cannot be read");
	else
		err = read_lines(&r, text);
	if (err == ERR_NOMEM)
		complain("out of memory");
	else if (err != OK && r.line == 0)
		complain("%s/" SUITE_FILE ": %.*s", folder,
		    STR_ARG(buf_view(&r.why)));
	else if (err != OK)
		complain("%s/" SUITE_FILE ":%u: %.*s", folder, r.line,
		    STR_ARG(buf_view(&r.why)));
	buf_release(&r.why);
	return err == OK ? STATUS_OK : (int)status_of(err);
}
