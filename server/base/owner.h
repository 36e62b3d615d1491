/* SPDX-License-Identifier: ISC */
/* The owner of a file, for a message that says why it cannot be used. */
#ifndef GUIJU_BASE_OWNER_H
#define GUIJU_BASE_OWNER_H

#include "base/buf.h"

/*
 * Append errno as text. If errno is about permissions, append also the file's
 * owner and mode and the user of this process: "Permission denied (it belongs
 * to root, uid 0, mode 0644; this is nobody, uid 65534)". For a missing file
 * these facts are those of its folder.
 */
void owner_add_errno(struct buf *out, const char *path);
/* Is this errno about permissions: would the call have worked for another user
 * or on another mount? */
bool owner_is_to_blame(int error);
/* Append the part in brackets with a blank before it; nothing if the owner is
 * not known. */
void owner_add(struct buf *out, const char *path);

#endif
