/* SPDX-License-Identifier: ISC */
/*
 * The settings of an operator. Each setting is one row of the table in
 * settings.c (run/config/setting.h says what a row holds). A flag wins over
 * capsule.ini, and capsule.ini wins over the default. The error for an unknown
 * name suggests the nearest name.
 */
#ifndef GUIJU_RUN_CONFIG_CONFIG_H
#define GUIJU_RUN_CONFIG_CONFIG_H

#include <netinet/in.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/ip.h"
#include "base/log.h"
#include "base/str.h"
#include "run/config/complain.h"
#include "run/config/setting.h"
#include "wire/wire.h"

enum {
	CONFIG_WORKERS_MAX = 64,
	CONFIG_FLAGS_MAX = 64,
	CONFIG_SETTINGS_MAX = 48
};

/*
 * An address to listen on. A person writes it as 0.0.0.0:1965, as [::1]:70, or
 * as a port alone, which means every address of both families. Host names are
 * not allowed: the start of a server must not depend on the DNS.
 */
struct address {
	bool ipv6;
	char ip[INET6_ADDRSTRLEN]; /* as inet_ntop(3) writes it */
	unsigned port;             /* 0: the kernel chooses */
};

enum { ADDRESSES_MAX = 16 };

struct addresses {
	struct address item[ADDRESSES_MAX];
	size_t count;
	bool off; /* the word for "no address" was given */
};

enum sandbox_mode {
	SANDBOX_AUTO,    /* use what the system has */
	SANDBOX_REQUIRE, /* do not serve unless the sandbox holds */
	SANDBOX_OFF
};

enum key_process { KEY_PROCESS_NO, KEY_PROCESS_YES };

enum accounts { ACCOUNTS_OFF, ACCOUNTS_ON };
enum titan { TITAN_OFF, TITAN_ON };

enum role {
	ROLE_PRIMARY,
	ROLE_REPLICA /* reads a copy of the primary's database */
};

/* A time of day, or never. */
struct config_time {
	bool off;
	unsigned minute; /* of the day, 0 to 1439 */
	bool has_offset; /* false: the time is in the capsule's zone */
	int offset_min;  /* from UTC, east is positive */
};

/* The host and port of a gemini:// address. Empty host: none. */
struct config_origin {
	const char *host;
	unsigned port;
};

/* Where the value of a setting comes from. */
struct config_source {
	enum { FROM_DEFAULT, FROM_FILE, FROM_FLAG } from;
	unsigned line; /* of capsule.ini; 0: not from a line */
};

/* All settings of one run. The arena owns the texts. */
struct config {
	struct arena *arena;
	struct config_source source[CONFIG_SETTINGS_MAX]; /* by row */
	const char *capsule;     /* the folder, as given */
	const char *host;        /* public name, lower case */
	const char *language;    /* BCP 47 */
	const char *download;    /* first segment of nightly files, or "" */
	const char *zone;        /* a name of the tz database */
	const char *admin;       /* the operator's contact; may be empty */
	const char *description; /* one line; may be empty */
	const char *functions;   /* for modules_use(); may be empty */
	enum accounts accounts;
	const char *register_path; /* of the folder for registering */
	const char *state;         /* folder of the database and the tallies */
	const char *certs;         /* folder of certificates and keys */
	const char *user;          /* a worker runs as; empty: as the parent */
	/* By protocol, in the order of wires[]. */
	struct addresses listen[PROTOCOLS_MAX];
	unsigned public_port[PROTOCOLS_MAX]; /* 0: the port that is bound */
	enum titan titan;                    /* uploads at Gemini's port */
	unsigned workers;
	unsigned connections; /* of all workers together */
	unsigned per_address_connections, per_address_rate, per_address_work;
	unsigned costly_work;
	struct ip_ranges unlimited_from; /* exempt from the limits above */
	struct ip_ranges proxy_from;     /* proxies: they send a PROXY header */
	enum log_level log;
	enum log_format log_format;
	enum log_address log_address;
	const char *log_file; /* empty: standard error */
	enum sandbox_mode sandbox;
	enum key_process key_process;
	enum role role;
	/* A replica redirects requests that write to this address. The primary
	 * answers at this address and at its public name. */
	struct config_origin primary;
	struct config_time nightly; /* when the nightly work begins */
	bool dev;
};

/* The flags of one command line, in order. Zeroed: none. config_load() reads
 * their values. */
struct config_flags {
	struct config_flag {
		size_t setting;    /* row of the table */
		const char *value; /* borrowed from argv */
	} item[CONFIG_FLAGS_MAX];
	size_t count;
};

/* A row of the table, in the order of the help. at: below the count. */
const struct setting *config_setting(size_t at);
size_t config_setting_count(void);
/* The index of the row of that name, or SIZE_MAX. */
size_t config_find(struct str name);

/*
 * Start from the defaults, then read CAPSULE/capsule.ini (which may be absent),
 * then flags (NULL: none). On success the caller owns *out (config_release).
 * On failure *where says where the wrong setting comes from, and why gets one
 * line, such as "capsule.ini:12: ..." or "--workers: ...". ERR_MISSING: capsule
 * is not a folder, and *where is FROM_FLAG; ERR_INPUT: a name or a value is
 * wrong; ERR_IO; ERR_NOMEM.
 */
enum err config_load(const char *capsule, const struct config_flags *flags,
    struct config *out, struct config_source *where,
    struct buf *why) MUST_CHECK;

/*
 * The same for a subcommand, which also complains of a failure. Returns
 * STATUS_OK; STATUS_USAGE: the command line is wrong; STATUS_REFUSED:
 * capsule.ini is wrong; STATUS_FAILURE.
 */
enum status config_open(const char *capsule, const struct config_flags *flags,
    struct config *out) MUST_CHECK;

/*
 * Put into force what a configuration chooses for the whole process: the time
 * zone, accounts and the modules of SQL functions. Call this before
 * sandbox_enter(), because it reads files. On failure why gets one line.
 * ERR_INPUT, ERR_NOMEM.
 */
enum err config_use(const struct config *config, struct buf *why) MUST_CHECK;

/* Free the contents. Accepts a zeroed config. */
void config_release(struct config *config);

/* ---- address.c --------------------------------------------------------- */

/*
 * Append to list the address of "ADDR:PORT", or the two addresses of "PORT"
 * (0.0.0.0 and [::]). On failure list stays as it was, and why gets one line.
 * ERR_INPUT: text has another form, or an address is in the list already;
 * ERR_LIMIT: the list is full.
 */
enum err addresses_add(
    struct addresses *list, struct str text, struct buf *why) MUST_CHECK;

bool address_equal(const struct address *a, const struct address *b);

/* Append "127.0.0.1:1965" or "[::1]:1965". */
void address_add_text(struct buf *out, const struct address *address);

#endif
