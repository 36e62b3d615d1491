/* SPDX-License-Identifier: ISC */
/*
 * The table of the server's settings. The settings of a protocol are made from
 * the protocol's row (wire/wire.h). A new setting is a row here, a member of
 * struct config and a paragraph in guiju.ini(5). Flag, key, default, range,
 * help, messages and `guiju config` follow from the row.
 */
#include <limits.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/zone.h"
#include "page/words.h"
#include "run/config/config.h"
#include "store/modules.h"

enum { TEXT_MAX_BYTES = 150, PATH_MAX_BYTES = 1024, PORT_MAX = 65535 };

/* Each list has the order of its enum. */
static const char *const log_levels[] = {
    "error", "warn", "info", "debug", NULL};
static const char *const log_formats[] = {"text", "json", NULL};
static const char *const log_addresses[] = {"full", "truncated", "none", NULL};
static const char *const sandbox_modes[] = {"auto", "require", "off", NULL};
static const char *const key_processes[] = {"no", "yes", NULL};
static const char *const accounts[] = {"off", "on", NULL};
static const char *const titans[] = {"off", "on", NULL};
static const char *const roles[] = {"primary", "replica", NULL};

#define FIELD(member) FIELD_OF(struct config, member)

static const struct setting settings[] = {
    {"titan", "serve", "Where to listen", "on|off",
	"take uploads by Titan at Gemini's addresses", SETTING_WORD,
	FIELD(titan), .value = "on", .words = titans, .used = USED_BY_GET},
    {"proxy-from", "serve", "Where to listen", "ADDR[/BITS]",
	"a balancer that speaks the PROXY protocol", SETTING_RANGES,
	FIELD(proxy_from)},

    {"host", "capsule", "The portal", "NAME", "the public name", SETTING_HOST,
	FIELD(host), .value = "localhost", .used = USED_BY_GET | USED_BY_CERT},
    {"language", "capsule", "The portal", "TAG", "the language of the pages",
	SETTING_TEXT, FIELD(language), .value = "en", .is = words_is_language,
	.wants = "a language such as en or zh-Hans", .used = USED_BY_GET},
    {"zone", "capsule", "The portal", "NAME",
	"the time zone of the pages and of nightly", SETTING_TEXT, FIELD(zone),
	.value = ZONE_UTC, .check = zone_check,
	.used = USED_BY_GET | USED_BY_NIGHTLY},
    {"download", "capsule", "The portal", "NAME",
	"the folder in whose name the files of the night are given out",
	SETTING_TEXT, FIELD(download), .value = "download", .max = 60,
	.is = setting_is_segment,
	.wants = "one segment of an address, or nothing", .used = USED_BY_GET},
    {"admin", "capsule", "The portal", "TEXT", "whom to write to", SETTING_TEXT,
	FIELD(admin), .value = "", .max = TEXT_MAX_BYTES, .is = setting_is_line,
	.wants = "one line of clean UTF-8"},
    {"description", "capsule", "The portal", "TEXT",
	"what the portal is, in a line", SETTING_TEXT, FIELD(description),
	.value = "", .max = TEXT_MAX_BYTES, .is = setting_is_line,
	.wants = "one line of clean UTF-8"},
    {"accounts", "capsule", "The portal", "on|off",
	"keep accounts of readers who show a client certificate", SETTING_WORD,
	FIELD(accounts), .value = "off", .words = accounts,
	.used = USED_BY_GET | USED_BY_NIGHTLY | USED_BY_IMPORT},
    {"register", "capsule", "The portal", "PATH",
	"the folder to which a reader without an account is led", SETTING_TEXT,
	FIELD(register_path), .value = "/my/register/", .min = 1,
	.max = PATH_MAX_BYTES, .is = setting_is_path,
	.wants = "a folder of the capsule, such as /my/register/",
	.used = USED_BY_GET},
    {"functions", "capsule", "The portal", "NAME ...",
	"modules of SQL functions, and files of SQLite extensions",
	SETTING_TEXT, FIELD(functions), .value = "", .max = PATH_MAX_BYTES,
	.check = modules_check,
	.used = USED_BY_GET | USED_BY_NIGHTLY | USED_BY_IMPORT},

    {"state", "serve", "Folders", "DIR",
	"the folder of the database, made if missing", SETTING_TEXT,
	FIELD(state), .value = "./var", .min = 1, .max = PATH_MAX_BYTES,
	.wants = "a folder",
	.used =
	    USED_BY_GET | USED_BY_STATUS | USED_BY_NIGHTLY | USED_BY_IMPORT},
    {"certs", "serve", "Folders", "DIR",
	"the folder of NAME.cert.pem and NAME.key.pem, made with a "
	"self-signed pair if missing",
	SETTING_TEXT, FIELD(certs), .value = "./certs", .min = 1,
	.max = PATH_MAX_BYTES, .wants = "a folder",
	.used = USED_BY_CERT | USED_BY_SEAL},
    {"user", "serve", "Folders", "NAME",
	"the user that workers become when started as root", SETTING_TEXT,
	FIELD(user), .value = "", .is = setting_is_user,
	.wants = "a user of this system"},

    {"workers", "serve", "Limits", "N",
	"serving processes; auto is one per processor", SETTING_NUMBER,
	FIELD(workers), .none = "auto", .min = 1, .max = CONFIG_WORKERS_MAX,
	.unit = "processes"},
    {"connections", "serve", "Limits", "N",
	"connections at a time, of all workers together", SETTING_NUMBER,
	FIELD(connections), .number = LIMIT_CONNECTIONS, .min = 64,
	.max = 65536, .unit = "connections"},
    {"per-address-connections", "serve", "Limits", "N",
	"connections at a time per address", SETTING_NUMBER,
	FIELD(per_address_connections), .number = LIMIT_PEER_CONNECTIONS,
	.min = 1, .max = 65536, .unit = "connections"},
    {"per-address-rate", "serve", "Limits", "N",
	"new connections per second and address", SETTING_NUMBER,
	FIELD(per_address_rate), .number = LIMIT_PEER_RATE, .min = 1,
	.max = 65536, .unit = "connections per second"},
    {"per-address-work", "serve", "Limits", "PERCENT",
	"processor time per address, in percent of one processor",
	SETTING_NUMBER, FIELD(per_address_work), .number = LIMIT_PEER_WORK,
	.min = 1, .max = 6400, .unit = "percent of a processor"},
    {"costly-work", "serve", "Limits", "PERCENT",
	"processor time of costly pages, in percent of each worker's",
	SETTING_NUMBER, FIELD(costly_work), .number = LIMIT_COSTLY_WORK,
	.min = 1, .max = 100, .unit = "percent of a worker's time"},
    {"unlimited-from", "serve", "Limits", "ADDR[/BITS]",
	"an address that the limits per address do not hold for",
	SETTING_RANGES, FIELD(unlimited_from)},

    {"role", "serve", "A copy", "ROLE",
	"own the database, or serve a copy that another engine writes",
	SETTING_WORD, FIELD(role), .value = "primary", .words = roles,
	.used = USED_BY_GET},
    {"primary", "serve", "A copy", "URL",
	"where a replica sends those who write; the primary answers there as "
	"well",
	SETTING_ORIGIN, FIELD(primary), .value = "", .used = USED_BY_GET},

    {"log", "serve", "The log", "LEVEL", "the least level that is logged",
	SETTING_WORD, FIELD(log), .value = "info", .words = log_levels,
	.used = USED_BY_NIGHTLY},
    {"log-file", "serve", "The log", "FILE",
	"append the log to this file, not to standard error", SETTING_TEXT,
	FIELD(log_file), .value = "", .max = PATH_MAX_BYTES, .wants = "a file"},
    {"log-address", "serve", "The log", "HOW",
	"how much of a reader's address is logged", SETTING_WORD,
	FIELD(log_address), .value = "full", .words = log_addresses},
    {"log-format", "serve", "The log", "FORMAT", "the form of a line",
	SETTING_WORD, FIELD(log_format), .value = "text", .words = log_formats},

    {"sandbox", "serve", "Work", "MODE", "what the processes give up",
	SETTING_WORD, FIELD(sandbox), .value = "auto", .words = sandbox_modes},
    {"key-process", "serve", "Work", "yes|no",
	"keep the private keys in a process that only signs", SETTING_WORD,
	FIELD(key_process), .value = "no", .words = key_processes},
    {"nightly", "serve", "Work", "TIME",
	"when the night's work begins: HH:MM, HH:MM +HH:MM from UTC, or off",
	SETTING_TIME, FIELD(nightly), .value = "03:30"},
    {"dev", "serve", "Work", NULL,
	"reload when a file changes; show findings to the reader instead of a "
	"broken page",
	SETTING_SWITCH, FIELD(dev), .value = "no"},
};

enum { SETTING_COUNT = sizeof(settings) / sizeof(settings[0]) };

_Static_assert(
    (int)SETTING_COUNT + 2 * (int)PROTOCOLS_MAX <= (int)CONFIG_SETTINGS_MAX,
    "raise CONFIG_SETTINGS_MAX");

/* ---- the settings of a protocol ----------------------------------------- */

/* Two rows per protocol, with its name: the addresses to listen on, and the
 * public port. The first protocol cannot be off. */
static struct protocol_settings {
	struct setting listen, public_port;
	char listen_help[120], public_name[24], public_help[80];
} protocol_settings[PROTOCOLS_MAX];

static void
make_protocol_settings(size_t i, struct protocol_settings *out)
{
	const struct wire *wire = wires[i];
	const struct protocol *protocol = &wire->protocol;

	snprintf(out->listen_help, sizeof(out->listen_help), "listen for %s%s",
	    protocol->title,
	    i > 0 ? ", or off"
		  : ": an IPv4 address or [IPv6], or PORT alone for all "
		    "addresses; port 0 lets the system choose");
	snprintf(out->public_name, sizeof(out->public_name), "public-%s",
	    protocol->name);
	snprintf(out->public_help, sizeof(out->public_help),
	    "the port of %s as readers see it, where it is forwarded",
	    protocol->title);
	out->listen = (struct setting){protocol->name, "serve",
	    "Where to listen", "ADDR:PORT", out->listen_help, SETTING_ADDRESSES,
	    FIELD(listen[i]), .number = wire->off ? 0 : (int64_t)protocol->port,
	    .none = i > 0 ? "off" : NULL, .used = USED_BY_GET};
	out->public_port =
	    (struct setting){out->public_name, "serve", "Where to listen",
		"PORT", out->public_help, SETTING_NUMBER, FIELD(public_port[i]),
		.none = "auto", .min = 1, .max = PORT_MAX, .used = USED_BY_GET};
}

size_t
config_setting_count(void)
{
	return 2 * wire_count + SETTING_COUNT;
}

const struct setting *
config_setting(size_t at)
{
	struct protocol_settings *of = &protocol_settings[at % wire_count];

	if (at >= 2 * wire_count)
		return &settings[at - 2 * wire_count];
	if (of->listen.name == NULL)
		make_protocol_settings(at % wire_count, of);
	return at < wire_count ? &of->listen : &of->public_port;
}

size_t
config_find(struct str name)
{
	for (size_t i = 0; i < config_setting_count(); i++)
		if (str_equal(str_from(config_setting(i)->name), name))
			return i;
	return SIZE_MAX;
}
