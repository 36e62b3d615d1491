/* SPDX-License-Identifier: ISC */
/* The list of findings. */
#include "page/compile/findings.h"

#include <stdarg.h>

#include "base/utf8.h"

enum { MESSAGE_MAX = 512 };

void
findings_init(struct findings *list)
{
	list->first = NULL;
	list->end = &list->first;
	list->count = list->told = 0;
}

static bool
is_known(const struct finding *f, struct str file, unsigned line,
    const char *message)
{
	for (; f != NULL; f = f->next)
		if (f->line == line && strcmp(f->message, message) == 0 &&
		    str_equal(str_from(f->file), file))
			return true;
	return false;
}

/* NULL: out of memory. */
static struct finding *
make(struct str file, unsigned line, const char *message)
{
	struct finding *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->line = line;
	f->file = strndup(file.data, file.len);
	f->message = strdup(message);
	if (f->file != NULL && f->message != NULL)
		return f;
	findings_free(f);
	return NULL;
}

void
findings_add(struct findings *list, struct str file, unsigned line,
    const char *format, ...)
{
	char message[MESSAGE_MAX];
	struct finding *f;
	va_list args;

	va_start(args, format);
	(void)utf8_message(message, sizeof(message), format, args);
	va_end(args);
	list->told++;
	if (is_known(list->first, file, line, message))
		return;
	f = make(file, line, message);
	if (f == NULL)
		return; /* out of memory: list->told counts it */
	f->next = *list->end;
	*list->end = f;
	list->end = &f->next;
	list->count++;
}

void
findings_advise(struct findings *list, enum finding_kind kind, struct str file,
    unsigned line, const char *format, ...)
{
	char message[MESSAGE_MAX];
	struct finding **end = list->end, *f;
	va_list args;

	va_start(args, format);
	(void)utf8_message(message, sizeof(message), format, args);
	va_end(args);
	if (is_known(*end, file, line, message))
		return;
	f = make(file, line, message);
	if (f == NULL)
		return;
	f->kind = kind;
	while (*end != NULL)
		end = &(*end)->next;
	*end = f;
}

size_t
findings_count(const struct finding *list, enum finding_kind kind)
{
	size_t n = 0;

	for (; list != NULL; list = list->next)
		n += list->kind == kind;
	return n;
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
