/* SPDX-License-Identifier: ISC */
/*
 * Functions that invite overflow, truncation or shared state do not compile.
 * base/str.h includes this file after the system's headers, and nearly every
 * file includes base/str.h.
 */
#ifndef GUIJU_BASE_BANNED_H
#define GUIJU_BASE_BANNED_H

/* The headers that declare these functions come first: a declaration of a
 * poisoned name does not compile. */
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
