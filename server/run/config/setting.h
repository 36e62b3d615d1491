/* SPDX-License-Identifier: ISC */
/*
 * A setting is one row: its name, the type of its value, where the value
 * goes, its default, its range and a sentence of help. What reads a value,
 * what an error says, the help of a subcommand, `guiju config` and the check
 * of guiju.ini(5) all come from the row. The table of the server's settings is
 * run/config/config.h's; the options of a subcommand are rows of the same
 * kind (tools/command.h).
 */
#ifndef GUIJU_RUN_CONFIG_SETTING_H
#define GUIJU_RUN_CONFIG_SETTING_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum setting_type {
	SETTING_SWITCH,    /* bool: yes or no; a flag that takes no value */
	SETTING_NUMBER,    /* unsigned or int64_t, from min to max */
	SETTING_WORD,      /* an enum: the index of one of words */
	SETTING_TEXT,      /* const char *: min to max bytes */
	SETTING_HOST,      /* const char *: the name of a host, lower case */
	SETTING_ORIGIN,    /* struct config_origin: gemini://HOST[:PORT]/ */
	SETTING_TIME,      /* struct config_time */
	SETTING_ADDRESSES, /* struct addresses; may be repeated */
	SETTING_RANGES     /* struct ip_ranges; may be repeated */
};

struct setting {
	const char *name;    /* key in capsule.ini; the flag is "--name" */
	const char *section; /* of capsule.ini */
	const char *group;   /* heading in a subcommand's help */
	const char *takes;   /* the value's name in help; NULL: a SWITCH */
	const char *help;    /* a sentence without range and default */
	enum setting_type type;
	size_t field, size; /* FIELD_OF(): where the value goes */
	/* The default: this text, or else this number, or else none. */
	const char *value;
	int64_t number;
	/* NUMBER, ADDRESSES: the word for 0, or for no address; may be NULL. */
	const char *none;
	int64_t min, max;         /* NUMBER: the value; TEXT: its bytes */
	const char *unit;         /* NUMBER: what is counted; may be NULL */
	const char *const *words; /* WORD: up to a NULL */
	/* TEXT: the form that a text must have, and its description. */
	bool (*is)(struct str text);
	const char *wants;
	/* TEXT: what a form cannot tell: is there such a thing? */
	enum err (*check)(struct str text, struct buf *why);
	unsigned used; /* whose help lists it: bits of enum setting_use */
};

/* Which subcommands besides `serve` and `config` use a setting. All take all
 * flags, so that one command line does for every subcommand. */
enum setting_use {
	USED_BY_GET = 1,
	USED_BY_CERT = 2,
	USED_BY_STATUS = 4,
	USED_BY_NIGHTLY = 8,
	USED_BY_IMPORT = 16
};

/* The two members of a row that say which member of a struct it sets. */
#define FIELD_OF(type, member)           \
	.field = offsetof(type, member), \
	.size = sizeof(((const type *)NULL)->member)

enum { SETTING_DEFAULT_SIZE = 24 };

/* May it be given several times, each adding to a list? */
bool setting_is_list(const struct setting *setting);
/* Empty the list in values. Of another type: nothing. */
void setting_clear(const struct setting *setting, void *values);

/*
 * Read text into the setting's field of values, the struct that FIELD_OF()
 * named. arena: where texts are copied to, without blanks around them; NULL:
 * a text is kept as it is, and must outlive values. ERR_INPUT: why gets what
 * was expected; ERR_NOMEM.
 */
enum err setting_read(const struct setting *setting, void *values,
    struct arena *arena, const char *text, struct buf *why) MUST_CHECK;

/* The default as text; number has room for one that is a number. */
const char *setting_default(
    const struct setting *setting, char number[SETTING_DEFAULT_SIZE]);

/* Append the value that stands in values, as setting_read() reads it. */
void setting_write(
    struct buf *out, const struct setting *setting, const void *values);

/* Append what a value may be, for help: "1 to 64", "text or json"; nothing
 * where the name of the value says all. */
void setting_add_range(struct buf *out, const struct setting *setting);

/* ---- the forms of texts ------------------------------------------------ */

/* The name of a host in ASCII, of either case, without a port: labels of
 * letters, digits and inner hyphens (RFC 1123, 2.1), at most 253 bytes. */
bool setting_is_host(struct str text);
/* Letters, digits, hyphens and underscores. May be empty. */
bool setting_is_segment(struct str text);
/* The name of a user of this system, at most 32 bytes; may be empty. */
bool setting_is_user(struct str text);
/* One line of UTF-8 without controls and invisible characters. May be
 * empty. */
bool setting_is_line(struct str text);

#endif
