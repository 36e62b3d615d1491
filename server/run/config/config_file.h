/* SPDX-License-Identifier: ISC */
/* Reading capsule.ini. For config.c only. */
#ifndef GUIJU_RUN_CONFIG_CONFIG_FILE_H
#define GUIJU_RUN_CONFIG_CONFIG_FILE_H

#include "run/config/config.h"

/*
 * Read CAPSULE/capsule.ini over what stands in config. An absent file says
 * nothing: OK. ERR_INPUT: a line of it is wrong, why gets "capsule.ini:12:
 * ..."; ERR_IO, ERR_NOMEM.
 */
enum err config_file_read(struct config *config, struct buf *why) MUST_CHECK;

#endif
