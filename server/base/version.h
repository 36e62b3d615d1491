/* SPDX-License-Identifier: ISC */
/* Which guiju this is. */
#ifndef GUIJU_BASE_VERSION_H
#define GUIJU_BASE_VERSION_H

#define GUIJU_VERSION "1.0"

#endif
