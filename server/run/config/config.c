/* SPDX-License-Identifier: ISC */
/*
 * The settings of one run: defaults, then capsule.ini, then flags. The start
 * and every reload read them; the parent keeps the flags for the reloads.
 */
#include "run/config/config.h"

#include <sys/stat.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file_path.h"
#include "base/ini.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "store/accounts/accounts.h"
#include "store/modules.h"

enum {
	TEXTS_MAX_BYTES = 64 * 1024, /* of all values together */
	WHY_MAX_BYTES = 2048
};

/* A configuration that is being read. */
struct reading {
	struct config *config;
	struct config_source source; /* what is being read now */
	struct buf *why;             /* gets the first error, which ends all */
	enum err err;
};

void
config_release(struct config *config)
{
	arena_free(config->arena);
	*config = (struct config){.arena = NULL};
}

static void
fail(struct reading *reading, enum err err, struct str what)
{
	if (reading->source.from == FROM_FILE)
		buf_printf(reading->why,
		    CAPSULE_SETTINGS ":%u: ", reading->source.line);
	else if (reading->source.from == FROM_FLAG)
		buf_text(reading->why, "--");
	utf8_add_line(reading->why, what); /* may quote bytes of the file */
	reading->err = err;
}

/* Read a value for row `at` of the table. If the setting is a list, the first
 * value of a source replaces the values of weaker sources, and the next values
 * of the same source are added. */
static void
take(struct reading *reading, size_t at, const char *value)
{
	const struct setting *setting = config_setting(at);
	struct config *config = reading->config;
	const bool again = reading->source.from != FROM_DEFAULT &&
	    config->source[at].from == reading->source.from;
	struct buf reason;
	enum err err = ERR_INPUT;

	buf_init(&reason, 1024);
	buf_printf(&reason, "%s: ", setting->name);
	if (again && !setting_is_list(setting)) {
		buf_text(&reason, "stands twice");
	} else {
		if (!again)
			setting_clear(setting, config);
		config->source[at] = reading->source;
		err = setting_read(
		    setting, config, config->arena, value, &reason);
	}
	if (err == ERR_NOMEM)
		reading->err = err;
	else if (err != OK)
		fail(reading, err, buf_view(&reason));
	buf_release(&reason);
}

/* ---- capsule.ini ------------------------------------------------------- */

static void
add_unknown_section(struct buf *why, const char *section)
{
	const char *names[CONFIG_SETTINGS_MAX], *nearest;
	const size_t n = config_setting_count();

	if (section[0] == '\0') {
		buf_text(why, "a key before the first [section]");
		return;
	}
	for (size_t i = 0; i < n; i++)
		names[i] = config_setting(i)->section;
	nearest = str_nearest(str_from(section), names, n);
	buf_printf(why, "unknown section [%s]", section);
	if (nearest != NULL)
		buf_printf(why, ", did you mean [%s]?", nearest);
}

static void
add_unknown_key(struct buf *why, const char *section, const char *name)
{
	const char *names[CONFIG_SETTINGS_MAX], *nearest;
	const size_t at = config_find(str_from(name));
	size_t n = config_setting_count();
	bool known = false;

	for (size_t i = 0; i < n; i++) {
		names[i] = config_setting(i)->name;
		known |= strcmp(config_setting(i)->section, section) == 0;
	}
	if (!known) {
		add_unknown_section(why, section);
	} else if (at != SIZE_MAX) {
		buf_printf(why, "%s belongs to [%s]", name,
		    config_setting(at)->section);
	} else {
		nearest = str_nearest(str_from(name), names, n);
		buf_printf(why, "unknown key %s in [%s]", name, section);
		if (nearest != NULL)
			buf_printf(why, ", did you mean %s?", nearest);
	}
}

static bool
take_key(void *context, unsigned line, const char *section, const char *name,
    const char *value)
{
	struct reading *reading = context;
	size_t at = config_find(str_from(name));
	struct buf reason;

	reading->source.line = line;
	if (at != SIZE_MAX &&
	    strcmp(config_setting(at)->section, section) == 0) {
		take(reading, at, value);
		return reading->err == OK;
	}
	buf_init(&reason, 1024);
	add_unknown_key(&reason, section, name);
	fail(reading, ERR_INPUT, buf_view(&reason));
	buf_release(&reason);
	return false;
}

static void
tell_wrong(void *context, unsigned line, const char *why)
{
	struct reading *reading = context;

	reading->source.line = line;
	fail(reading, ERR_INPUT, str_from(why));
}

/* Read CAPSULE/capsule.ini. An absent file counts as an empty one. */
static void
read_file(struct reading *reading)
{
	const struct ini_reader reader = {reading, take_key, tell_wrong};
	struct file_path path;
	enum err err;

	reading->source.from = FROM_FILE;
	if (file_path_join(&path, reading->config->capsule, CAPSULE_SETTINGS) !=
	    OK) {
		buf_text(reading->why, "the capsule's path is too long");
		reading->err = ERR_INPUT;
		return;
	}
	err = ini_read(path.text, &reader);
	if (err != ERR_IO || reading->err != OK)
		return;
	buf_printf(
	    reading->why, "cannot read %s: %s", path.text, strerror(errno));
	reading->err = ERR_IO;
}

/* ---- all of it --------------------------------------------------------- */

static unsigned
cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	if (n < 1)
		return 1;
	return n > CONFIG_WORKERS_MAX ? CONFIG_WORKERS_MAX : (unsigned)n;
}

/* Check what one setting requires of another. */
static void
check_whole(struct reading *reading)
{
	const struct config *config = reading->config;

	if (config->role == ROLE_PRIMARY || config->primary.host[0] != '\0')
		return;
	reading->source = config->source[config_find(STR("role"))];
	fail(reading, ERR_INPUT,
	    STR("role: a replica wants `primary`, the address where its "
		"readers can write"));
}

static void
find_capsule(struct reading *reading, const char *capsule)
{
	struct stat status;

	reading->source.from = FROM_FLAG; /* the command line names it */
	reading->err = ERR_MISSING;
	if (stat(capsule, &status) != 0)
		buf_printf(
		    reading->why, "capsule %s: %s", capsule, strerror(errno));
	else if (!S_ISDIR(status.st_mode))
		buf_printf(reading->why, "capsule %s is not a folder", capsule);
	else
		reading->err = OK;
	if (reading->err != OK)
		return;
	reading->config->arena = arena_new(TEXTS_MAX_BYTES);
	if (reading->config->arena != NULL)
		reading->config->capsule =
		    arena_str(reading->config->arena, str_from(capsule)).data;
	if (reading->config->capsule == NULL)
		reading->err = ERR_NOMEM;
}

static void
read_all(struct reading *reading, const char *capsule,
    const struct config_flags *flags)
{
	char number[SETTING_DEFAULT_SIZE];

	find_capsule(reading, capsule);
	if (reading->err != OK)
		return;
	reading->source.from = FROM_DEFAULT;
	for (size_t i = 0; i < config_setting_count() && reading->err == OK;
	     i++)
		take(reading, i, setting_default(config_setting(i), number));
	if (reading->err == OK)
		read_file(reading);
	if (reading->err != OK)
		return;
	reading->source = (struct config_source){FROM_FLAG, 0};
	for (size_t i = 0;
	     flags != NULL && i < flags->count && reading->err == OK; i++)
		take(reading, flags->item[i].setting, flags->item[i].value);
	if (reading->err == OK)
		check_whole(reading);
	if (reading->config->workers == 0)
		reading->config->workers = cores();
}

enum err
config_load(const char *capsule, const struct config_flags *flags,
    struct config *out, struct config_source *where, struct buf *why)
{
	struct config config = {.arena = NULL};
	struct reading reading = {.config = &config, .why = why};

	read_all(&reading, capsule, flags);
	if (reading.err == OK) {
		*out = config;
		return OK;
	}
	if (reading.err == ERR_NOMEM && why->len == 0)
		buf_text(why, "out of memory");
	*where = reading.source;
	config_release(&config);
	return reading.err;
}

enum err
config_use(const struct config *config, struct buf *why)
{
	enum err err = zone_use(config->zone);

	accounts_use(config->accounts == ACCOUNTS_ON);
	if (err != OK)
		buf_text(why, "no memory for the time zone");
	return err == OK ? modules_use(str_from(config->functions), why) : err;
}

enum status
config_open(
    const char *capsule, const struct config_flags *flags, struct config *out)
{
	struct config_source where;
	struct buf why;
	enum status status;
	enum err err;

	buf_init(&why, WHY_MAX_BYTES);
	err = config_load(capsule, flags, out, &where, &why);
	if (err != OK)
		complain("%.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	status = status_of(err);
	return status == STATUS_REFUSED && where.from == FROM_FLAG
	    ? STATUS_USAGE
	    : status;
}
