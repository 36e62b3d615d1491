/* SPDX-License-Identifier: ISC */
/*
 * A setting is one row: its name, the type of its value, where the value
 * goes, its default, its range and a sentence of help. How a value is read,
 * what an error says, the help of a subcommand, `guiju config` and the check
 * of guiju.ini(5) all follow from the row. run/config/config.h gives the table
 * of the server's settings. The options of a subcommand are rows of the same
 * type (tools/command.h).
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
	const char *takes;   /* the value's name in help; NULL for a SWITCH */
	const char *help;    /* one sentence, without range and default */
	enum setting_type type;
	size_t field, size; /* FIELD_OF(): where the value goes */
	/* The default: the text; if it is NULL, the number, where 0 without a
	 * word for 0 means no default. */
	const char *value;
	int64_t number;
	/* NUMBER: the word for 0. ADDRESSES: the word for no address. NULL:
	 * there is no such word. */
	const char *none;
	int64_t min, max;         /* NUMBER: of the value; TEXT: of its bytes */
	const char *unit;         /* NUMBER: the unit; may be NULL */
	const char *const *words; /* WORD: its words, then NULL */
	/* TEXT: has the text the right form? wants describes the form. */
	bool (*is)(struct str text);
	const char *wants;
	/* TEXT: does the thing exist that the text names? May be NULL. */
	enum err (*check)(struct str text, struct buf *why);
	unsigned used; /* subcommands whose help lists it: enum setting_use */
};

/* The subcommands that use a setting, besides `serve` and `config`: bits. Every
 * subcommand accepts all flags, so the same flags work with each of them. */
enum setting_use {
	USED_BY_GET = 1,
	USED_BY_CERT = 2,
	USED_BY_STATUS = 4,
	USED_BY_NIGHTLY = 8,
	USED_BY_IMPORT = 16,
	USED_BY_SEAL = 32
};

/* Two members of a row: which member of which struct the row sets. */
#define FIELD_OF(type, member)           \
	.field = offsetof(type, member), \
	.size = sizeof(((const type *)NULL)->member)

enum { SETTING_DEFAULT_SIZE = 24 };

/* May the setting be repeated, so that each value is added to a list? */
bool setting_is_list(const struct setting *setting);
/* Empty the list in values. Does nothing if the setting is not a list. */
void setting_clear(const struct setting *setting, void *values);

/*
 * Read text into the setting's field of values, the struct that FIELD_OF()
 * names. arena: gets a copy of a text, without the blanks around it; NULL: the
 * field points to the text itself, which must outlive values. ERR_INPUT: why
 * gets what was expected; ERR_NOMEM.
 */
enum err setting_read(const struct setting *setting, void *values,
    struct arena *arena, const char *text, struct buf *why) MUST_CHECK;

/* The default as text. The result may point into number. */
const char *setting_default(
    const struct setting *setting, char number[SETTING_DEFAULT_SIZE]);

/* Append the setting's value in values, in the form that setting_read()
 * reads. */
void setting_write(
    struct buf *out, const struct setting *setting, const void *values);

/* Append the range of a value, for help: "1 to 64", "text or json". Appends
 * nothing if the name of the value says all. */
void setting_add_range(struct buf *out, const struct setting *setting);

/* ---- the forms of texts ------------------------------------------------ */

/* A host name in ASCII without a port: labels of letters, digits and inner
 * hyphens (RFC 1123, 2.1), at most 253 bytes. Upper case is allowed. */
bool setting_is_host(struct str text);
/* Letters, digits, hyphens and underscores. May be empty. */
bool setting_is_segment(struct str text);
/* The path of a folder: a slash, and segments of letters, digits, hyphens and
 * underscores, with a slash behind each. */
bool setting_is_path(struct str text);
/* The name of a user of this system, at most 32 bytes; may be empty. */
bool setting_is_user(struct str text);
/* One line of UTF-8 without control characters and invisible characters. May
 * be empty. */
bool setting_is_line(struct str text);

#endif
