/* SPDX-License-Identifier: ISC */
/*
 * What a server must be able to do with its folders, asked before it serves:
 * one that cannot write its database would tell each reader so, and one whose
 * keys lie where workers may read has no secret.
 */
#ifndef GUIJU_RUN_CONFIG_RIGHTS_H
#define GUIJU_RUN_CONFIG_RIGHTS_H

#include "base/buf.h"
#include "run/config/config.h"

/*
 * Can this process write the state folder, and all in it that is ours? Not of
 * a replica, which writes nothing. ERR_INPUT: why says which file, whose it is
 * and who we are.
 */
enum err rights_of_state(
    const struct config *config, struct buf *why) MUST_CHECK;

/*
 * Is the certs folder, and each key in it, outside the folders that workers
 * may read? Links are followed. ERR_INPUT: why says which is inside what.
 */
enum err rights_of_keys(
    const struct config *config, struct buf *why) MUST_CHECK;

#endif
