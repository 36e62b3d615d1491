/* SPDX-License-Identifier: ISC */
/*
 * Protocols of the tests' own: page/ knows facts, and these are such facts,
 * of a protocol that can do everything and of one that has menus.
 */
#ifndef GUIJU_TESTS_UNIT_PROTOCOL_FIXTURE_H
#define GUIJU_TESTS_UNIT_PROTOCOL_FIXTURE_H

#include "page/request.h"

#ifdef GUIJU_WIRE_WIRE_H /* a test of a higher floor has the real ones */

#define PROTOCOL_GEMINI (&wire_gemini.protocol)
#define PROTOCOL_GOPHER (&wire_gopher.protocol)

#else

static const struct protocol test_gemini = {.name = "gemini",
    .title = "Gemini",
    .port = 1965,
    .line_max = 1024,
    .acts = true,
    .upload_scheme = "titan",
    .redirects = true,
    .plain = {.columns = PLAIN_COLUMNS, .line_end = {"\n", 1}}};

static const struct protocol test_gopher = {.name = "gopher",
    .title = "Gopher",
    .port = 70,
    .line_max = 4096,
    .menus = true,
    .input_apart = true,
    .plain = {.columns = GOPHER_COLUMNS,
	.line_end = {"\r\n", 2},
	.guard_dots = true}};

#define PROTOCOL_GEMINI (&test_gemini)
#define PROTOCOL_GOPHER (&test_gopher)

#endif

#define TEST_SERVICES                                                     \
	{                                                                 \
		.item = {{PROTOCOL_GEMINI, 1965}, {PROTOCOL_GOPHER, 70}}, \
		.count = 2                                                \
	}

#endif
