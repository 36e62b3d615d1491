/* SPDX-License-Identifier: ISC */
/* The list of what a check found. */
#include "page/findings.h"

#include <stdarg.h>

enum { MESSAGE_MAX = 512 };

void
findings_init(struct findings *list)
{
	list->first = NULL;
	list->end = &list->first;
	list->count = list->told = 0;
}

static bool
is_known(const struct findings *list, struct str file, unsigned line,
    const char *message)
{
	for (const struct finding *f = list->first; f != NULL; f = f->next)
		if (f->line == line && strcmp(f->message, message) == 0 &&
		    str_equal(str_from(f->file), file))
			return true;
	return false;
}

void
findings_add(struct findings *list, struct str file, unsigned line,
    const char *format, ...)
{
	char message[MESSAGE_MAX];
	struct finding *f;
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	list->told++;
	if (is_known(list, file, line, message))
		return;
	f = calloc(1, sizeof(*f));
	if (f == NULL)
		return; /* list->told still says that there was one */
	f->line = line;
	f->file = strndup(file.data, file.len);
	f->message = strdup(message);
	if (f->file == NULL || f->message == NULL) {
		findings_free(f);
		return;
	}
	*list->end = f;
	list->end = &f->next;
	list->count++;
}

void
findings_free(struct finding *list)
{
	while (list != NULL) {
		struct finding *next = list->next;
		free(list->file);
		free(list->message);
		free(list);
		list = next;
	}
}
