/* SPDX-License-Identifier: ISC */
/* Whose a file is, for a line that tells why it cannot be used. */
#ifndef GUIJU_BASE_OWNER_H
#define GUIJU_BASE_OWNER_H

#include "base/buf.h"

/*
 * errno as text, and where it is about rights whose the file is, with its
 * mode, and who we are: "Permission denied (it belongs to root, uid 0, mode
 * 0644; this is nobody, uid 65534)". Of a file that is not there, what is
 * said is about its folder.
 */
void owner_add_errno(struct buf *out, const char *path);
/* Is errno about rights: would another user, or another mount, have done? */
bool owner_is_to_blame(int error);
/* The part in brackets, with a blank before it. Nothing where it is not to be
 * had. */
void owner_add(struct buf *out, const char *path);

#endif
