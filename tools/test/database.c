/* SPDX-License-Identifier: ISC */
/*
 * The database that a suite begins with. Subcommands fill it, each in a process
 * of its own, as an operator runs them: with the capsule as working folder.
 */
#include "tools/test/internal.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file_path.h"
#include "store/functions/random.h"
#include "run/config/state.h"
#include "store/store.h"
#include "tools/command.h"

enum { FLAGS = 4 };

static bool
are_equal(const struct filling *a, const struct filling *b)
{
	bool equal = a->count == b->count;

	for (int i = 0; equal && i < a->count; i++)
		equal = strcmp(a->argument[i], b->argument[i]) == 0;
	return equal;
}

bool
suites_begin_alike(const struct suite *a, const struct suite *b)
{
	const struct filling *x = a->imports, *y = b->imports;
	struct file_id first, second;

	if (!file_id_read(a->capsule, &first) ||
	    !file_id_read(b->capsule, &second) ||
	    !file_id_equal(first, second) || a->now_s != b->now_s)
		return false;
	while (x != NULL && y != NULL && are_equal(x, y)) {
		x = x->next;
		y = y->next;
	}
	return x == NULL && y == NULL;
}

/* In the child: read the filling's input, and print into the messages. */
static bool
redirect(const struct filling *filling, FILE *messages)
{
	const char *input =
	    filling->input == NULL ? "/dev/null" : filling->input;
	const int in = open(input, O_RDONLY | O_CLOEXEC);

	return in >= 0 && dup2(in, STDIN_FILENO) >= 0 &&
	    dup2(fileno(messages), STDOUT_FILENO) >= 0 &&
	    dup2(fileno(messages), STDERR_FILENO) >= 0;
}

/* In the child: run the subcommand, whose flags come first. */
static int
run_filling(const struct suite *suite, const struct filling *filling,
    const char *state, FILE *messages)
{
	const struct command *command =
	    filling->input == NULL ? &command_import : &command_sql;
	char capsule_flag[] = "--capsule=.";
	char state_flag[PATH_MAX_BYTES + sizeof("--state=")];
	/* `import article` is a form: its flags come behind two words. */
	const int words = command->forms != NULL && filling->count > 1 ? 2 : 1;
	char **argument = arena_array(
	    suite->arena, (size_t)filling->count + FLAGS, sizeof(char *));
	int n = 0;

	if (argument == NULL || !redirect(filling, messages) ||
	    chdir(suite->capsule) != 0)
		return STATUS_FAILURE;
	(void)snprintf(state_flag, sizeof(state_flag), "--state=%s", state);
	for (; n < words; n++)
		argument[n] = filling->argument[n];
	argument[n++] = capsule_flag;
	argument[n++] = state_flag;
	for (int i = words; i < filling->count; i++)
		argument[n++] = filling->argument[i];
	complain_as(filling->argument[0]);
	clock_set_now_s(suite->now_s);
	random_repeat(str_from(filling->argument[filling->count - 1]));
	return command->run(n, argument);
}

void
database_print_messages(FILE *messages)
{
	char piece[TEST_WHY_MAX];
	size_t n;

	if (messages == NULL)
		return;
	rewind(messages);
	while ((n = fread(piece, 1, sizeof(piece), messages)) > 0)
		fwrite(piece, 1, n, stdout);
}

static int
fill(
    const struct suite *suite, const struct filling *filling, const char *state)
{
	FILE *messages = tmpfile();
	int status = 0;
	bool good = false;
	pid_t child = -1;

	fflush(stdout);
	if (messages != NULL)
		child = fork();
	if (child == 0)
		exit(run_filling(suite, filling, state, messages));
	if (child > 0 && waitpid(child, &status, 0) == child)
		good = WIFEXITED(status) && WEXITSTATUS(status) == STATUS_OK;
	if (!good)
		database_print_messages(messages);
	if (messages != NULL)
		fclose(messages);
	if (good)
		return STATUS_OK;
	complain("%s/" SUITE_FILE ":%u: this has failed", suite->folder,
	    filling->line);
	return STATUS_REFUSED;
}

static int
complain_why(struct buf *why, enum err err)
{
	if (err != OK)
		complain("%.*s", STR_ARG(buf_view(why)));
	buf_release(why);
	return err == OK ? STATUS_OK : (int)status_of(err);
}

/* With the clock stopped, as everything in a suite. */
static int
make_first(const struct suite *suite, const char *state)
{
	struct config config;
	struct buf why;
	enum err err;
	int status = (int)config_open(suite->capsule, NULL, &config);

	if (status != STATUS_OK)
		return status;
	clock_set_now_s(suite->now_s);
	random_repeat(STR("database"));
	buf_init(&why, TEST_WHY_MAX);
	err = config_use(&config, &why);
	if (err == OK)
		err = state_make_folder(state, 0700, &why);
	if (err == OK)
		err = state_migrate(state, suite->capsule, &why);
	config_release(&config);
	return complain_why(&why, err);
}

int
database_make(const struct suite *suite, const char *state)
{
	int status = make_first(suite, state);

	for (const struct filling *f = suite->imports;
	     status == STATUS_OK && f != NULL; f = f->next)
		status = fill(suite, f, state);
	return status;
}

int
database_copy(const struct suite *suite, const char *from, const char *state)
{
	struct file_path source, target;
	struct buf why;
	enum err err;
	int status;

	buf_init(&why, TEST_WHY_MAX);
	err = state_make_folder(state, 0700, &why);
	if (err == OK)
		err = file_path_join(&source, from, STATE_DATABASE);
	if (err == OK)
		err = file_path_join(&target, state, STATE_DATABASE);
	if (err == OK)
		err = store_copy(source.text, target.text, &why);
	status = complain_why(&why, err);
	for (const struct filling *f = suite->scripts;
	     status == STATUS_OK && f != NULL; f = f->next)
		status = fill(suite, f, state);
	return status;
}
