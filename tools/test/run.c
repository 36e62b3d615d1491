/* SPDX-License-Identifier: ISC */
/* Asks the steps of a suite in their order, and compares or writes. */
#include "tools/test/internal.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file_path.h"
#include "store/functions/random.h"
#include "tools/difference.h"

enum { REPORT_MAX = 1024 * 1024, NAME_BYTES_MAX = 256 };

struct run {
	const struct suite *suite;
	const struct run_options *options;
	struct tally_of_pages *tally;
	struct asking asking;
	struct visit visit[PROTOCOLS_MAX];
	struct buf got, masked, report;
	struct arena *arena; /* of one comparison */
};

static bool
is_wanted(const struct run_options *options, struct str name)
{
	bool wanted = options->only_count == 0;

	for (int i = 0; !wanted && i < options->only_count; i++)
		wanted = str_equal(str_from(options->only[i]), name);
	return wanted;
}

/* Does the step ask over this protocol? A URL names its own. */
static bool
is_over(const struct step *step, const struct wire *wire, size_t at)
{
	const size_t end = step->action == STEP_ASK
	    ? str_find(step->text, STR("://"))
	    : SIZE_MAX;

	if (end == SIZE_MAX || str_starts(step->text, STR("/")))
		return step->over[at];
	return str_equal_nocase(
	    str_slice(step->text, 0, end), str_from(wire->protocol.name));
}

static void
print_failure(struct run *run, const struct step *step, const struct wire *wire,
    struct str why)
{
	run->tally->failed++;
	printf("FAILED %s/" SUITE_FILE ":%u: %.*s (%s): %.*s\n",
	    run->suite->folder, step->line, STR_ARG(step->name),
	    wire->protocol.name, STR_ARG(why));
}

/* No link is followed: the file of a suite is the suite's own. */
static enum err
write_page(const char *path, struct str text)
{
	const int fd = open(
	    path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	bool good;

	if (file == NULL) {
		if (fd >= 0)
			close(fd);
		return ERR_IO;
	}
	good = fwrite(text.data, 1, text.len, file) == text.len;
	return fclose(file) == 0 && good ? OK : ERR_IO;
}

static void
show_difference(
    struct run *run, const char *path, struct str expected, struct str got)
{
	run->tally->failed++;
	buf_clear(&run->report);
	difference_add(&run->report, expected, got);
	if (run->report.len == 0)
		buf_text(&run->report,
		    "  they differ in ends of lines or in what is not seen\n");
	printf("FAILED %s: `-` is expected, `+` is what came\n%.*s", path,
	    STR_ARG(buf_view(&run->report)));
}

/* Compare what came with the expected file, or write the file. */
static enum err
judge(struct run *run, const struct step *step, const struct wire *wire)
{
	const struct str got = buf_view(&run->masked);
	struct str expected = {NULL, 0};
	struct file_path path;
	char name[NAME_BYTES_MAX];
	enum err err;

	(void)snprintf(name, sizeof(name), "%.*s.%s", STR_ARG(step->name),
	    wire->protocol.name);
	err = file_path_join(&path, run->suite->folder, name);
	if (err != OK)
		return err;
	arena_clear(run->arena);
	err = test_read_file(
	    run->arena, path.text, 4 * ASKING_REPLY_MAX, &expected);
	if (err == OK && str_equal(expected, got)) {
		run->tally->passed++;
	} else if (run->options->update) {
		err = write_page(path.text, got);
		run->tally->written += err == OK;
	} else if (err == ERR_MISSING) {
		run->tally->failed++;
		printf("FAILED %s is missing: --update writes it\n", path.text);
		err = OK;
	} else if (err == OK) {
		show_difference(run, path.text, expected, got);
	}
	if (err == ERR_IO)
		complain("%s cannot be read or written", path.text);
	return err;
}

static enum err
do_step(struct run *run, const struct step *step, size_t at)
{
	const struct wire *wire = wires[at];
	struct buf why, seed;
	enum err err;

	buf_init(&why, TEST_WHY_MAX);
	buf_init(&seed, NAME_BYTES_MAX);
	buf_printf(&seed, "%.*s.%s", STR_ARG(step->name), wire->protocol.name);
	random_repeat(buf_view(&seed));
	clock_set_now_s(step->now_s);
	buf_clear(&run->got);
	buf_clear(&run->masked);
	err = visit_step(&run->visit[at], step, &run->got, &why);
	expected_mask(&run->masked, buf_view(&run->got), step->now_s);
	if (err == OK)
		err = run->masked.err;
	if (err == ERR_INPUT) {
		print_failure(run, step, wire, buf_view(&why));
		err = OK;
	} else if (err == OK && is_wanted(run->options, step->name)) {
		err = judge(run, step, wire);
	}
	buf_release(&why);
	buf_release(&seed);
	return err;
}

/* Is the file one that a step expects? Files of other kinds belong to nobody
 * here. */
static bool
is_expected(const struct suite *suite, struct str file)
{
	struct str name;

	for (size_t i = 0; i < wire_count; i++) {
		const struct str end = str_from(wires[i]->protocol.name);

		if (!str_ends(file, end) || file.len < end.len + 2 ||
		    file.data[file.len - end.len - 1] != '.')
			continue;
		name = str_slice(file, 0, file.len - end.len - 1);
		for (const struct step *s = suite->steps; s != NULL;
		     s = s->next)
			if (str_equal(s->name, name) && is_over(s, wires[i], i))
				return true;
		return false;
	}
	return true;
}

/* A file that no step expects is a test that nobody runs. */
static enum err
find_left_over(struct run *run)
{
	DIR *folder = opendir(run->suite->folder);
	const struct dirent *entry;

	if (folder == NULL)
		return ERR_IO;
	while ((entry = readdir(folder)) != NULL)
		if (!is_expected(run->suite, str_from(entry->d_name))) {
			run->tally->failed++;
			printf("FAILED %s/%s: no step expects this file\n",
			    run->suite->folder, entry->d_name);
		}
	closedir(folder);
	return OK;
}

static enum err
do_steps(struct run *run)
{
	enum err err = OK;

	for (size_t i = 0; i < wire_count; i++)
		run->visit[i] =
		    (struct visit){.asking = &run->asking, .wire = wires[i]};
	for (const struct step *s = run->suite->steps; err == OK && s != NULL;
	     s = s->next)
		for (size_t i = 0; err == OK && i < wire_count; i++)
			if (is_over(s, wires[i], i))
				err = do_step(run, s, i);
	for (size_t i = 0; i < wire_count; i++)
		visit_release(&run->visit[i]);
	if (err == OK && run->options->only_count == 0)
		err = find_left_over(run);
	return err;
}

int
suite_run(const struct suite *suite, const struct run_options *options,
    struct tally_of_pages *tally)
{
	/* What is made with these keys is the same in each run. */
	const struct seal_keys keys = {.link = "link", .prompt = "prompt"};
	struct run run = {.suite = suite, .options = options, .tally = tally};
	struct config_flags flags = {.count = 1};
	enum err err = OK;
	int status;

	flags.item[0].setting = config_find(STR("state"));
	flags.item[0].value = options->state;
	clock_set_now_s(suite->now_s);
	random_repeat(STR("suite"));
	status = asking_open(&run.asking, suite->capsule, &flags, &keys, false);
	run.arena = arena_new(TEST_ARENA_MAX);
	buf_init(&run.got, 4 * ASKING_REPLY_MAX);
	buf_init(&run.masked, 4 * ASKING_REPLY_MAX);
	buf_init(&run.report, REPORT_MAX);
	if (run.arena == NULL)
		err = ERR_NOMEM;
	else if (status == STATUS_OK)
		err = do_steps(&run);
	if (err != OK) {
		complain("%s: %s", suite->folder,
		    err == ERR_NOMEM ? "out of memory" : "it cannot be run");
		status = STATUS_FAILURE;
	}
	buf_release(&run.got);
	buf_release(&run.masked);
	buf_release(&run.report);
	arena_free(run.arena);
	asking_close(&run.asking);
	return status;
}
