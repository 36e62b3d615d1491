/* SPDX-License-Identifier: ISC */
/*
 * What an operator may set. Each setting is one row of the table in settings.c
 * (run/config/setting.h says what a row holds). A flag wins over capsule.ini,
 * and capsule.ini over the default; an unknown name is an error that names
 * the nearest.
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
 * An address to listen on, as a person writes it: 0.0.0.0:1965, [::1]:70, or
 * a port alone for every address of both families. Only literals: a server
 * that asks the DNS where to listen starts differently from day to day.
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
	bool off; /* a word for no address was given */
};

enum sandbox_mode {
	SANDBOX_AUTO,    /* what there is */
	SANDBOX_REQUIRE, /* all of it, or nothing is served */
	SANDBOX_OFF
};

enum role {
	ROLE_PRIMARY,
	ROLE_REPLICA /* reads a copy of the primary's database */
};

/* A time of day, or never. */
struct config_time {
	bool off;
	unsigned minute; /* of the day, 0 to 1439 */
	bool has_offset; /* else it is in the capsule's zone */
	int offset_min;  /* from UTC, east is positive */
};

/* The scheme, host and port of a capsule. Empty host: none. */
struct config_origin {
	const char *host;
	unsigned port;
};

/* Where the value of a setting comes from. */
struct config_source {
	enum { FROM_DEFAULT, FROM_FILE, FROM_FLAG } from;
	unsigned line; /* of capsule.ini; 0: no line to blame */
};

/* The texts live in the arena. */
struct config {
	struct arena *arena;
	struct config_source source[CONFIG_SETTINGS_MAX]; /* by row */
	const char *capsule;     /* the folder, as given */
	const char *host;        /* public name, lower case */
	const char *language;    /* BCP 47 */
	const char *download;    /* first segment of the night's files, or "" */
	const char *zone;        /* of the tz database */
	const char *admin;       /* whom to write to; may be empty */
	const char *description; /* one line; may be empty */
	const char *functions;   /* for modules_use(); may be empty */
	const char *state;       /* folder of the database and the tallies */
	const char *certs;       /* folder of certificates and keys */
	const char *user;        /* whom a worker becomes; empty: stay */
	/* By protocol, in the order of wires[]. */
	struct addresses listen[PROTOCOLS_MAX];
	unsigned public_port[PROTOCOLS_MAX]; /* 0: as bound */
	unsigned workers;
	unsigned connections; /* of all workers together */
	unsigned per_address_connections, per_address_rate;
	struct ip_ranges unlimited_from; /* to whom neither of them applies */
	struct ip_ranges proxy_from;     /* who says for whom it comes */
	enum log_level log;
	enum log_format log_format;
	enum log_address log_address;
	const char *log_file; /* empty: standard error */
	enum sandbox_mode sandbox;
	enum role role;
	/* Where a replica sends who wants to write; the primary answers there
	 * besides its public name. */
	struct config_origin primary;
	struct config_time nightly; /* when the night's work begins */
	bool dev;
};

/* The flags of one command line, in order. Zeroed: none. Their values are read
 * by config_load(). */
struct config_flags {
	struct config_flag {
		size_t setting;    /* row of the table */
		const char *value; /* kept: argv lives as long as we do */
	} item[CONFIG_FLAGS_MAX];
	size_t count;
};

/* The rows, in the order of help: below count. */
const struct setting *config_setting(size_t at);
size_t config_setting_count(void);
/* The row of that name, or SIZE_MAX. */
size_t config_find(struct str name);

/*
 * Read CAPSULE/capsule.ini (which may be absent) and then flags (NULL: none)
 * over the defaults. On success *out is the caller's to release. On failure
 * *where says what is to blame, and why gets one line that begins with it:
 * "capsule.ini:12: ..." or "--workers: ...". ERR_MISSING: there is no such
 * folder (to blame on the command line); ERR_INPUT: a name or a value;
 * ERR_IO, ERR_NOMEM.
 */
enum err config_load(const char *capsule, const struct config_flags *flags,
    struct config *out, struct config_source *where,
    struct buf *why) MUST_CHECK;

/*
 * The same for a subcommand: a failure is complained of. Gives STATUS_OK;
 * STATUS_USAGE where the command line is wrong; STATUS_REFUSED where
 * capsule.ini is; STATUS_FAILURE.
 */
enum status config_open(const char *capsule, const struct config_flags *flags,
    struct config *out) MUST_CHECK;

/*
 * Take what a configuration chooses for the whole process, its time zone and
 * its modules of SQL functions. No file is read for them afterwards: call this
 * before the sandbox is entered. ERR_INPUT: why gets one line; ERR_NOMEM.
 */
enum err config_use(const struct config *config, struct buf *why) MUST_CHECK;

/* Free the contents. Accepts a zeroed config. */
void config_release(struct config *config);

/* ---- address.c --------------------------------------------------------- */

/*
 * Append what text says to list: "ADDR:PORT" (one address) or "PORT" (0.0.0.0
 * and [::]). ERR_INPUT: not such a text. ERR_LIMIT: the list is full. why
 * gets one line.
 */
enum err addresses_add(
    struct addresses *list, struct str text, struct buf *why) MUST_CHECK;

bool address_equal(const struct address *a, const struct address *b);

/* Append "127.0.0.1:1965" or "[::1]:1965". */
void address_add_text(struct buf *out, const struct address *address);

#endif
