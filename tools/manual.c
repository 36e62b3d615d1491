/* SPDX-License-Identifier: ISC */
/*
 * `guiju help TOPIC` prints what man(1) would show, also where the manuals are
 * not installed. The build renders them as text (Makefile, MANUALS).
 */
#include "tools/manual.h"

#include <sys/wait.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/str.h"

#include "manuals.h"

enum {
	MANUAL_COUNT = sizeof(manuals) / sizeof(manuals[0]),
	TOPIC_MAX = 64,
	NOT_FOUND = 127 /* exit status of a shell for an unknown program */
};

/*
 * The topic of a file: "build/manual/guiju-pages.7" is "pages", "guiju.ini.5"
 * is "ini", "guiju.1" is "guiju".
 */
static void
topic_of(const struct embedded *manual, char topic[TOPIC_MAX])
{
	const char *name = strrchr(manual->path, '/') + 1;
	const char *end = strrchr(name, '.');
	const size_t program = strlen("guiju");

	if (strncmp(name, "guiju", program) == 0 && name + program < end)
		name += program + 1;
	snprintf(topic, TOPIC_MAX, "%.*s", (int)(end - name), name);
}

/* Take "guiju-", "(7)" and ".7" off a word: the rest is a topic. */
static struct str
bare(const char *word)
{
	struct str s = str_from(word);

	if (s.len > 3 && s.data[s.len - 1] == ')' && s.data[s.len - 3] == '(')
		s = str_slice(s, 0, s.len - 3);
	if (s.len > 2 && s.data[s.len - 2] == '.' && s.data[s.len - 1] >= '1' &&
	    s.data[s.len - 1] <= '8')
		s = str_slice(s, 0, s.len - 2);
	if (str_starts(s, STR("guiju-")) || str_starts(s, STR("guiju.")))
		s = str_slice(s, strlen("guiju-"), s.len);
	return s;
}

/* The one-line description in the manual's section NAME. */
static struct str
about(const struct embedded *manual)
{
	struct str text = {(const char *)manual->bytes, manual->len};
	struct str line;

	while (str_next_line(&text, &line)) {
		const size_t dash = str_find(line, STR(" \xe2\x80\x93 "));

		if (dash != SIZE_MAX)
			return str_slice(line, dash + 5, line.len);
	}
	return STR("");
}

void
manual_list(void)
{
	char topic[TOPIC_MAX];

	for (size_t i = 0; i < MANUAL_COUNT; i++) {
		topic_of(&manuals[i], topic);
		printf("  %-9s %.*s\n", topic, STR_ARG(about(&manuals[i])));
	}
}

/* Runs in the child: replace it by the pager, which reads from fd. */
static void
become_pager(int fd)
{
	const char *pager = getenv("PAGER");

	if (pager == NULL || pager[0] == '\0')
		pager = "less";
	if (dup2(fd, STDIN_FILENO) >= 0)
		execl("/bin/sh", "sh", "-c", pager, (char *)NULL);
	_exit(NOT_FOUND);
}

/* Show a manual in the pager. False: there is no pager, and nothing was shown.
 */
static bool
show_paged(const struct embedded *manual)
{
	int ends[2], status = 0;
	size_t done = 0;
	ssize_t n;
	pid_t child;

	if (pipe(ends) != 0)
		return false;
	child = fork();
	if (child == 0) {
		close(ends[1]);
		become_pager(ends[0]);
	}
	close(ends[0]);
	/* When the pager quits early, write() fails and the loop ends. */
	while (child > 0 && done < manual->len &&
	    (n = write(ends[1], manual->bytes + done, manual->len - done)) > 0)
		done += (size_t)n;
	close(ends[1]);
	return child > 0 && waitpid(child, &status, 0) == child &&
	    !(WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND);
}

bool
manual_show(const char *topic)
{
	const struct str wanted = bare(topic);
	char name[TOPIC_MAX];

	for (size_t i = 0; i < MANUAL_COUNT; i++) {
		topic_of(&manuals[i], name);
		if (!str_equal(wanted, str_from(name)))
			continue;
		if (!isatty(STDOUT_FILENO) || !show_paged(&manuals[i]))
			fwrite(manuals[i].bytes, 1, manuals[i].len, stdout);
		return true;
	}
	return false;
}

const char *
manual_nearest(const char *word)
{
	static char topics[MANUAL_COUNT][TOPIC_MAX];
	const char *names[MANUAL_COUNT];

	for (size_t i = 0; i < MANUAL_COUNT; i++) {
		topic_of(&manuals[i], topics[i]);
		names[i] = topics[i];
	}
	return str_nearest(bare(word), names, MANUAL_COUNT);
}
