/* SPDX-License-Identifier: ISC */
#include "tools/option.h"

#include <assert.h>
#include <string.h>

const char *
option_value(const char *name, int argc, char **argv, int *at)
{
	size_t len = strlen(name);

	assert(*at < argc && argv[*at] != NULL);
	if (strncmp(argv[*at], name, len) != 0)
		return NULL;
	if (argv[*at][len] == '=')
		return argv[*at] + len + 1;
	if (argv[*at][len] != '\0')
		return NULL;
	return *at + 1 < argc ? argv[++*at] : "";
}
