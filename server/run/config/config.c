/* SPDX-License-Identifier: ISC */
/*
 * The settings of one run: defaults, then capsule.ini, then flags. Read at
 * start and again at every reload; the flags are kept for that.
 */
#include "run/config/config.h"

#include <sys/stat.h>
#include <errno.h>
#include <unistd.h>

#include "base/limits.h"
#include "run/config/config_file.h"
#include "run/config/setting.h"

void
config_release(struct config *config)
{
	free(config->capsule);
	free(config->host);
	free(config->language);
	free(config->admin);
	free(config->description);
	free(config->state);
	free(config->certs);
	free(config->user);
	free(config->primary_host);
	free(config->log_file);
	*config = (struct config){0};
}

enum err
config_take_flag(struct config_flags *flags, int argc, char *const *argv,
    int *at, struct buf *why)
{
	struct str rest = str_from(argv[*at]), name;
	const char *value = "yes";
	size_t setting;
	int next = *at + 1;

	if (!str_starts(rest, STR("--")))
		return ERR_MISSING;
	rest = str_slice(rest, 2, rest.len);
	(void)str_next_part(&rest, '=', &name);
	setting = setting_of_flag(name);
	if (setting == SIZE_MAX)
		return ERR_MISSING;
	if (rest.data != NULL) {
		value = rest.data; /* argv's own NUL ends it */
	} else if (settings[setting].takes != NULL) {
		if (next >= argc) {
			buf_printf(why, "--%s wants %s", settings[setting].name,
			    settings[setting].takes);
			return ERR_INPUT;
		}
		value = argv[next++];
	}
	if (flags->count == CONFIG_FLAGS_MAX) {
		buf_text(why, "too many flags");
		return ERR_LIMIT;
	}
	flags->item[flags->count++] =
	    (struct config_flag){.setting = setting, .value = value};
	*at = next;
	return OK;
}

void
config_unknown_flag(
    struct buf *why, const char *argument, const char *const *others, size_t n)
{
	enum { NAMES_MAX = 2 * SETTINGS_MAX };
	const char *names[NAMES_MAX], *nearest;
	struct str rest = str_from(argument), name;
	size_t count = 0;

	while (str_starts(rest, STR("-")))
		rest = str_slice(rest, 1, rest.len);
	(void)str_next_part(&rest, '=', &name);
	for (size_t i = 0; i < setting_count; i++)
		names[count++] = settings[i].name;
	for (size_t i = 0; i < n && count < NAMES_MAX; i++)
		names[count++] = others[i] + strspn(others[i], "-");
	nearest = str_nearest(name, names, count);
	buf_printf(why, "unknown flag %s", argument);
	if (nearest != NULL)
		buf_printf(why, ", did you mean --%s?", nearest);
}

static unsigned
cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	if (n < 1)
		return 1;
	return n > CONFIG_WORKERS_MAX ? CONFIG_WORKERS_MAX : (unsigned)n;
}

/* Through the same functions as every other value: one way to be wrong. */
static enum err
set_defaults(struct config *config, struct buf *why)
{
	static const struct {
		const char *flag, *value;
	} defaults[] = {
	    {"host", "localhost"},
	    {"language", "en"},
	    {"admin", ""},
	    {"description", ""},
	    {"gemini", "1965"},
	    {"gopher", "70"},
	    {"state", "./var"},
	    {"certs", "./certs"},
	    {"log", "info"},
	    {"log-format", "text"},
	    {"log-address", "full"},
	    {"nightly", "03:30"},
	};
	enum err err = OK;

	for (size_t i = 0;
	     err == OK && i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		bool seen = false;

		err = setting_take(config,
		    setting_of_flag(str_from(defaults[i].flag)),
		    defaults[i].value, &seen, why);
	}
	config->user = calloc(1, 1);
	config->log_file = calloc(1, 1);
	config->primary_host = calloc(1, 1);
	if (config->user == NULL || config->log_file == NULL ||
	    config->primary_host == NULL)
		return ERR_NOMEM;
	config->workers = cores();
	config->connections = LIMIT_CONNECTIONS;
	config->per_address_connections = LIMIT_PEER_CONNECTIONS;
	config->per_address_rate = LIMIT_PEER_RATE;
	return err;
}

static enum err
set_flags(
    struct config *config, const struct config_flags *flags, struct buf *why)
{
	bool seen[SETTINGS_MAX] = {false};
	struct buf reason;
	enum err err = OK;

	if (flags == NULL)
		return OK;
	buf_init(&reason, 1024);
	for (size_t i = 0; err == OK && i < flags->count; i++) {
		size_t at = flags->item[i].setting;

		if (seen[at] && settings[at].clear == NULL) {
			buf_printf(
			    &reason, "%s: stands twice", settings[at].name);
			err = ERR_INPUT;
		} else {
			err = setting_take(config, at, flags->item[i].value,
			    &seen[at], &reason);
		}
	}
	if (err != OK && err != ERR_NOMEM) {
		buf_text(why, "--");
		err = ERR_LIMIT; /* the caller tells flags from the file */
	}
	buf_str(why, buf_view(&reason));
	buf_release(&reason);
	return err;
}

/* What one setting asks of another. */
static enum err
check_whole(const struct config *config, struct buf *why)
{
	if (config->role == ROLE_PRIMARY || config->primary_host[0] != '\0')
		return OK;
	buf_text(why,
	    "role: a replica wants `primary`, the address where its readers "
	    "can write");
	return ERR_INPUT;
}

static enum err
find_capsule(struct config *config, const char *capsule, struct buf *why)
{
	struct stat status;
	size_t size = strlen(capsule) + 1;

	if (stat(capsule, &status) != 0) {
		buf_printf(why, "capsule %s: %s", capsule, strerror(errno));
		return ERR_MISSING;
	}
	if (!S_ISDIR(status.st_mode)) {
		buf_printf(why, "capsule %s is no folder", capsule);
		return ERR_MISSING;
	}
	config->capsule = malloc(size);
	if (config->capsule == NULL)
		return ERR_NOMEM;
	memcpy(config->capsule, capsule, size);
	return OK;
}

enum err
config_load(const char *capsule, const struct config_flags *flags,
    struct config *out, struct buf *why)
{
	struct config config = {0};
	enum err err;

	err = find_capsule(&config, capsule, why);
	if (err == OK)
		err = set_defaults(&config, why);
	if (err == OK)
		err = config_file_read(&config, why);
	if (err == OK)
		err = set_flags(&config, flags, why);
	if (err == OK)
		err = check_whole(&config, why);
	if (err != OK) {
		if (err == ERR_NOMEM && why->len == 0)
			buf_text(why, "memory is out");
		config_release(&config);
		return err;
	}
	*out = config;
	return OK;
}
