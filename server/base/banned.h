/* SPDX-License-Identifier: ISC */
/*
 * Functions that invite overflow, truncation or shared state do not compile.
 * Included by every header of base/ that others use, after the system's.
 */
#ifndef GUIJU_BASE_BANNED_H
#define GUIJU_BASE_BANNED_H

/* Their own headers first, or the poison would hit the declarations. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#if __has_include(<alloca.h>)
#include <alloca.h>
#endif

#undef alloca
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef strtok

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf
#pragma GCC poison strtok atoi atol atof gets localtime gmtime ctime
#pragma GCC poison system alloca

#endif
