/* SPDX-License-Identifier: ISC */
/*
 * Every setting that there is, and how its value is read. A value is checked
 * here once, by run/config/form.c where it is a text, and trusted afterwards.
 */
#include "run/config/setting.h"

#include "base/url.h"
#include "run/config/form.h"

enum {
	LINE_TEXT_MAX_BYTES = 150,
	PATH_TEXT_MAX_BYTES = 1024,
	CONNECTIONS_MIN = 64,
	CONNECTIONS_MAX = 65536,
	PER_ADDRESS_MAX = 65536
};

static enum err
keep(struct config *config, const struct setting *setting, struct str value)
{
	char **field = (char **)(void *)((char *)config + setting->field);
	char *copy = malloc(value.len + 1);

	if (copy == NULL)
		return ERR_NOMEM;
	if (value.len > 0)
		memcpy(copy, value.data, value.len);
	copy[value.len] = '\0';
	free(*field);
	*field = copy;
	return OK;
}

/* A folder or a file. What it is, is found out when it is opened. */
static enum err
set_path(struct config *config, const struct setting *setting, struct str value,
    struct buf *why)
{
	const bool is_file = strcmp(setting->takes, "FILE") == 0;

	/* No file: the log is standard error. */
	if ((value.len == 0 && !is_file) || value.len > PATH_TEXT_MAX_BYTES) {
		buf_printf(why, "name a %s", is_file ? "file" : "folder");
		return ERR_INPUT;
	}
	return keep(config, setting, value);
}

/* One line for people: it is shown to every client that asks. */
static enum err
set_line(struct config *config, const struct setting *setting, struct str value,
    struct buf *why)
{
	if (value.len > LINE_TEXT_MAX_BYTES) {
		buf_printf(
		    why, "longer than %d bytes", (int)LINE_TEXT_MAX_BYTES);
		return ERR_INPUT;
	}
	if (!form_is_line(value)) {
		buf_text(why, "not one line of clean UTF-8");
		return ERR_INPUT;
	}
	return keep(config, setting, value);
}

static void
lower(char *text)
{
	for (; *text != '\0'; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
}

static enum err
set_host(struct config *config, const struct setting *setting, struct str value,
    struct buf *why)
{
	enum err err;

	if (!form_is_host(value)) {
		buf_text(why,
		    "name a host such as portal.example "
		    "(other scripts in their xn-- form, without a port)");
		return ERR_INPUT;
	}
	err = keep(config, setting, value);
	if (err == OK)
		lower(*(char **)(void *)((char *)config + setting->field));
	return err;
}

static enum err
set_language(struct config *config, const struct setting *setting,
    struct str value, struct buf *why)
{
	if (!form_is_language(value)) {
		buf_text(why, "name a language such as en or zh-Hans");
		return ERR_INPUT;
	}
	return keep(config, setting, value);
}

static enum err
set_user(struct config *config, const struct setting *setting, struct str value,
    struct buf *why)
{
	if (!form_is_user(value)) {
		buf_text(why, "name a user of this system");
		return ERR_INPUT;
	}
	return keep(config, setting, value);
}

static enum err
set_number(struct config *config, const struct setting *setting,
    struct str value, int64_t min, int64_t max, struct buf *why)
{
	unsigned *field = (unsigned *)(void *)((char *)config + setting->field);
	int64_t n;

	if (str_to_int(value, min, max, &n) != OK) {
		buf_printf(
		    why, "a whole number from %d to %d", (int)min, (int)max);
		return ERR_INPUT;
	}
	*field = (unsigned)n;
	return OK;
}

static enum err
set_port(struct config *config, const struct setting *setting, struct str value,
    struct buf *why)
{
	return set_number(config, setting, value, 1, 65535, why);
}

static enum err
set_workers(struct config *config, const struct setting *setting,
    struct str value, struct buf *why)
{
	return set_number(config, setting, value, 1, CONFIG_WORKERS_MAX, why);
}

static enum err
set_connections(struct config *config, const struct setting *setting,
    struct str value, struct buf *why)
{
	return set_number(
	    config, setting, value, CONNECTIONS_MIN, CONNECTIONS_MAX, why);
}

static enum err
set_per_address(struct config *config, const struct setting *setting,
    struct str value, struct buf *why)
{
	return set_number(config, setting, value, 1, PER_ADDRESS_MAX, why);
}

static enum err
set_bool(struct config *config, const struct setting *setting, struct str value,
    struct buf *why)
{
	bool *field = (bool *)(void *)((char *)config + setting->field);

	if (!str_equal(value, STR("yes")) && !str_equal(value, STR("no"))) {
		buf_text(why, "yes or no");
		return ERR_INPUT;
	}
	*field = str_equal(value, STR("yes"));
	return OK;
}

/* The place of value among n words; for why, their list as people say it. */
static enum err
choose(struct str value, const char *const *words, size_t n, const char *said,
    size_t *out, struct buf *why)
{
	const char *nearest;

	for (size_t i = 0; i < n; i++)
		if (str_equal(value, str_from(words[i]))) {
			*out = i;
			return OK;
		}
	nearest = str_nearest(value, words, n);
	buf_text(why, said);
	if (nearest != NULL)
		buf_printf(why, "; did you mean %s?", nearest);
	return ERR_INPUT;
}

static enum err
set_log(struct config *config, const struct setting *setting, struct str value,
    struct buf *why)
{
	static const char *const levels[] = {"error", "warn", "info", "debug"};
	size_t at = 0;
	enum err err = choose(value, levels, sizeof(levels) / sizeof(levels[0]),
	    "error, warn, info or debug", &at, why);

	(void)setting;
	if (err == OK)
		config->log = (enum log_level)at;
	return err;
}

static enum err
set_log_format(struct config *config, const struct setting *setting,
    struct str value, struct buf *why)
{
	static const char *const formats[] = {"text", "json"};
	size_t at = 0;
	enum err err = choose(value, formats,
	    sizeof(formats) / sizeof(formats[0]), "text or json", &at, why);

	(void)setting;
	if (err == OK)
		config->log_format = (enum log_format)at;
	return err;
}

static enum err
set_log_address(struct config *config, const struct setting *setting,
    struct str value, struct buf *why)
{
	static const char *const hows[] = {"full", "truncated", "none"};
	size_t at = 0;
	enum err err = choose(value, hows, sizeof(hows) / sizeof(hows[0]),
	    "full, truncated or none", &at, why);

	(void)setting;
	if (err == OK)
		config->log_address = (enum log_address)at;
	return err;
}

static enum err
set_sandbox(struct config *config, const struct setting *setting,
    struct str value, struct buf *why)
{
	static const char *const modes[] = {"auto", "require", "off"};
	size_t at = 0;
	enum err err = choose(value, modes, sizeof(modes) / sizeof(modes[0]),
	    "auto, require or off", &at, why);

	(void)setting;
	if (err == OK)
		config->sandbox = (enum sandbox_mode)at;
	return err;
}

static enum err
set_nightly(struct config *config, const struct setting *setting,
    struct str value, struct buf *why)
{
	(void)setting;
	if (!form_time(value, &config->nightly)) {
		buf_text(why, "a time such as 03:30 or 03:30 +08:00, or off");
		return ERR_INPUT;
	}
	return OK;
}

static enum err
set_role(struct config *config, const struct setting *setting, struct str value,
    struct buf *why)
{
	static const char *const roles[] = {"primary", "replica"};
	size_t at = 0;
	enum err err = choose(value, roles, sizeof(roles) / sizeof(roles[0]),
	    "primary or replica", &at, why);

	(void)setting;
	if (err == OK)
		config->role = (enum role)at;
	return err;
}

/* gemini://HOST[:PORT]/ and nothing else. */
static enum err
set_primary(struct config *config, const struct setting *setting,
    struct str value, struct buf *why)
{
	int64_t port = CONFIG_GEMINI_PORT;
	struct url url;
	bool good = url_parse(value, &url) == OK &&
	    str_equal_nocase(url.scheme, STR("gemini")) && url.has_authority &&
	    !url.has_userinfo && !url.has_query && !url.has_fragment &&
	    (url.path.len == 0 || str_equal(url.path, STR("/"))) &&
	    (url.port.len == 0 || str_to_int(url.port, 1, 65535, &port) == OK);
	enum err err =
	    good ? set_host(config, setting, url.host, why) : ERR_INPUT;

	if (!good)
		buf_text(why,
		    "write gemini://portal.example/, with a port if it is not "
		    "the usual one");
	if (err == OK)
		config->primary_port = (unsigned)port;
	return err;
}

/* One or several addresses, apart by spaces. */
static enum err
add_addresses(struct addresses *list, struct str value, struct buf *why)
{
	struct str part;
	enum err err = OK;

	if (value.len == 0) {
		buf_text(why, "name an address such as 127.0.0.1:1965");
		return ERR_INPUT;
	}
	while (err == OK && str_next_part(&value, ' ', &part))
		if (str_trim(part).len > 0)
			err = addresses_add(list, str_trim(part), why);
	return err == OK ? OK : ERR_INPUT;
}

static enum err
set_gemini(struct config *config, const struct setting *setting,
    struct str value, struct buf *why)
{
	(void)setting;
	return add_addresses(&config->gemini, value, why);
}

static enum err
set_gopher(struct config *config, const struct setting *setting,
    struct str value, struct buf *why)
{
	(void)setting;
	if (!str_equal(value, STR("off"))) {
		if (!config->gopher_off)
			return add_addresses(&config->gopher, value, why);
	} else if (config->gopher.count == 0) {
		config->gopher_off = true;
		return OK;
	}
	buf_text(why, "either off or addresses");
	return ERR_INPUT;
}

/* One or several ranges of addresses, apart by spaces. */
static enum err
set_ranges(struct config *config, const struct setting *setting,
    struct str value, struct buf *why)
{
	struct ip_ranges *list =
	    (struct ip_ranges *)(void *)((char *)config + setting->field);
	struct str part;
	enum err err = OK;

	while (err == OK && str_next_part(&value, ' ', &part))
		if (str_trim(part).len > 0)
			err = ip_ranges_add(list, str_trim(part), why);
	return err == OK ? OK : ERR_INPUT;
}

static void
clear_unlimited_from(struct config *config)
{
	config->unlimited_from.count = 0;
}

static void
clear_proxy_from(struct config *config)
{
	config->proxy_from.count = 0;
}

static void
clear_gemini(struct config *config)
{
	config->gemini.count = 0;
}

static void
clear_gopher(struct config *config)
{
	config->gopher.count = 0;
	config->gopher_off = false;
}

#define FIELD(name) offsetof(struct config, name)

const struct setting settings[] = {
    {"host", "capsule", "NAME", set_host, NULL, FIELD(host)},
    {"language", "capsule", "TAG", set_language, NULL, FIELD(language)},
    {"admin", "capsule", "TEXT", set_line, NULL, FIELD(admin)},
    {"description", "capsule", "TEXT", set_line, NULL, FIELD(description)},
    {"gemini", "serve", "ADDR:PORT", set_gemini, clear_gemini, 0},
    {"gopher", "serve", "ADDR:PORT", set_gopher, clear_gopher, 0},
    {"public-gemini", "serve", "PORT", set_port, NULL, FIELD(public_gemini)},
    {"public-gopher", "serve", "PORT", set_port, NULL, FIELD(public_gopher)},
    {"workers", "serve", "N", set_workers, NULL, FIELD(workers)},
    {"connections", "serve", "N", set_connections, NULL, FIELD(connections)},
    {"per-address-connections", "serve", "N", set_per_address, NULL,
	FIELD(per_address_connections)},
    {"per-address-rate", "serve", "N", set_per_address, NULL,
	FIELD(per_address_rate)},
    {"unlimited-from", "serve", "ADDR[/BITS]", set_ranges, clear_unlimited_from,
	FIELD(unlimited_from)},
    {"proxy-from", "serve", "ADDR[/BITS]", set_ranges, clear_proxy_from,
	FIELD(proxy_from)},
    {"state", "serve", "DIR", set_path, NULL, FIELD(state)},
    {"certs", "serve", "DIR", set_path, NULL, FIELD(certs)},
    {"user", "serve", "NAME", set_user, NULL, FIELD(user)},
    {"role", "serve", "ROLE", set_role, NULL, 0},
    {"primary", "serve", "URL", set_primary, NULL, FIELD(primary_host)},
    {"sandbox", "serve", "MODE", set_sandbox, NULL, 0},
    {"log", "serve", "LEVEL", set_log, NULL, 0},
    {"log-file", "serve", "FILE", set_path, NULL, FIELD(log_file)},
    {"log-address", "serve", "full|truncated|none", set_log_address, NULL, 0},
    {"log-format", "serve", "text|json", set_log_format, NULL, 0},
    {"nightly", "serve", "TIME", set_nightly, NULL, 0},
    {"dev", "serve", NULL, set_bool, NULL, FIELD(dev)},
};

const size_t setting_count = sizeof(settings) / sizeof(settings[0]);

_Static_assert(sizeof(settings) / sizeof(settings[0]) <= SETTINGS_MAX,
    "raise SETTINGS_MAX");

size_t
setting_of_flag(struct str name)
{
	for (size_t i = 0; i < setting_count; i++)
		if (str_equal(str_from(settings[i].name), name))
			return i;
	return SIZE_MAX;
}

size_t
setting_of_key(const char *section, const char *name)
{
	for (size_t i = 0; i < setting_count; i++)
		if (strcmp(settings[i].section, section) == 0 &&
		    strcmp(settings[i].name, name) == 0)
			return i;
	return SIZE_MAX;
}

static bool
unknown_section(struct buf *why, const char *section)
{
	static const char *const names[] = {"capsule", "serve"};
	const char *nearest;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], section) == 0)
			return false;
	if (section[0] == '\0') {
		buf_text(why, "a key before the first [section]");
		return true;
	}
	nearest = str_nearest(
	    str_from(section), names, sizeof(names) / sizeof(names[0]));
	buf_printf(why, "unknown section [%s]", section);
	if (nearest != NULL)
		buf_printf(why, ", did you mean [%s]?", nearest);
	return true;
}

void
setting_unknown_key(struct buf *why, const char *section, const char *name)
{
	const char *names[SETTINGS_MAX], *nearest;

	if (unknown_section(why, section))
		return;
	for (size_t i = 0; i < setting_count; i++) {
		if (strcmp(settings[i].name, name) == 0) {
			buf_printf(why, "%s belongs to [%s]", name,
			    settings[i].section);
			return;
		}
		names[i] = settings[i].name;
	}
	nearest = str_nearest(str_from(name), names, setting_count);
	buf_printf(why, "unknown key %s in [%s]", name, section);
	if (nearest != NULL)
		buf_printf(why, ", did you mean %s?", nearest);
}

enum err
setting_take(struct config *config, size_t at, const char *value, bool *seen,
    struct buf *why)
{
	const struct setting *setting = &settings[at];
	struct buf reason;
	enum err err;

	if (!*seen && setting->clear != NULL)
		setting->clear(config);
	*seen = true;
	buf_init(&reason, 512);
	err = setting->set(config, setting, str_trim(str_from(value)), &reason);
	if (err == ERR_NOMEM)
		buf_text(why, "memory is out");
	else if (err != OK) {
		buf_printf(why, "%s: ", setting->name);
		buf_str(why, buf_view(&reason));
	}
	buf_release(&reason);
	return err;
}
