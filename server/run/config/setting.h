/* SPDX-License-Identifier: ISC */
/* The table of settings: the rows behind config.h. For config*.c only. */
#ifndef GUIJU_RUN_CONFIG_SETTING_H
#define GUIJU_RUN_CONFIG_SETTING_H

#include "base/buf.h"
#include "base/str.h"
#include "run/config/config.h"

struct setting {
	const char *name;    /* key in capsule.ini; the flag is "--name" */
	const char *section; /* of capsule.ini */
	const char *takes;   /* for usage; NULL: a flag without a value */
	/* Read one value. On failure why says what is wrong with it. */
	enum err (*set)(struct config *config, const struct setting *setting,
	    struct str value, struct buf *why);
	/* For a setting that may stand several times: forget the weaker
	 * source's values. NULL: it stands once. */
	void (*clear)(struct config *config);
	size_t field; /* offset in struct config, where set wants one */
};

enum { SETTINGS_MAX = 32 };

extern const struct setting settings[];
extern const size_t setting_count;

/* Both give a row of settings[], or SIZE_MAX. */
size_t setting_of_flag(struct str name);
size_t setting_of_key(const char *section, const char *name);

/* Append what is wrong with a key that setting_of_key does not know. */
void setting_unknown_key(
    struct buf *why, const char *section, const char *name);

/*
 * Set row `at` of the table, clearing first if this is its source's first
 * value (*seen becomes true). why gets "NAME: ..." on failure: ERR_INPUT,
 * ERR_NOMEM.
 */
enum err setting_take(struct config *config, size_t at, const char *value,
    bool *seen, struct buf *why) MUST_CHECK;

#endif
