/* SPDX-License-Identifier: ISC */
#include "base/file_path.h"

#include <stdio.h>

enum err
file_path_join(struct file_path *out, const char *dir, const char *name)
{
	int n = snprintf(out->text, sizeof(out->text), "%s/%s", dir, name);

	if (n >= 0 && (size_t)n < sizeof(out->text))
		return OK;
	out->text[0] = '\0';
	return ERR_LIMIT;
}
