/* SPDX-License-Identifier: ISC */
/* What the text of a setting must look like. For setting.c. */
#ifndef GUIJU_RUN_CONFIG_FORM_H
#define GUIJU_RUN_CONFIG_FORM_H

#include "base/str.h"
#include "run/config/config.h"

/* The name of a host in ASCII, of either case, without a port: labels of
 * letters, digits and inner hyphens (RFC 1123, 2.1), at most 253 bytes. */
bool form_is_host(struct str text);
/* A language tag as far as its shape tells (RFC 5646), at most 35 bytes. */
bool form_is_language(struct str text);
/* The name of a user of this system, at most 32 bytes. */
bool form_is_user(struct str text);
/* One line of UTF-8 without controls and invisible characters. May be
 * empty. */
bool form_is_line(struct str text);
/* Read "HH:MM", "HH:MM +HH:MM" or "off". false: it is none, and *out is
 * untouched. */
bool form_time(struct str text, struct config_time *out);

#endif
