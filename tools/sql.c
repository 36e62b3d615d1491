/* SPDX-License-Identifier: ISC */
/*
 * `guiju sql` runs an operator's statements on a connection of ours. A database
 * may have been written by anybody, and a trigger or a view of it runs whenever
 * a statement uses its table. Here such a schema is not trusted, and no SQL
 * function starts a program or touches a file.
 *
 * With --write, all statements of a run are one transaction. A script is stored
 * at its end, unless a statement failed. On a terminal the transaction begins
 * at the first statement that writes, and COMMIT or an answer ends it. Pages
 * cannot write meanwhile. So a transaction is rolled back when nothing is typed
 * for a minute. Rows are printed when their statement has ended, those of a
 * script that writes when it is stored: a pager may take hours to read them,
 * and no lock waits for it.
 *
 * The capsule's import/follow.sql runs before each COMMIT, and brings up to
 * date what follows from the changes.
 */
#include "tools/command.h"

#include <stdio.h>
#include <unistd.h>

#include "tools/import/frame.h"
#include "tools/sql/internal.h"

enum {
	INPUT_BYTES_MAX = 64 * 1024 * 1024,
	OUTPUT_BYTES_MAX = 256 * 1024 * 1024,
	WHY_BYTES_MAX = 4096
};

static int run_sql(int argc, char **argv);

struct sql_options {
	const char *capsule;
	bool write, csv, json;
};

#define FIELD(member) FIELD_OF(struct sql_options, member)

static const struct setting rows[] = {
    {"capsule", .takes = "DIR", .help = "the capsule", .type = SETTING_TEXT,
	FIELD(capsule), .value = "capsule", .min = 1, .wants = "a folder"},
    {"write", .help = "let statements change the database",
	.type = SETTING_SWITCH, FIELD(write)},
    {"csv", .help = "print rows as CSV", .type = SETTING_SWITCH, FIELD(csv)},
    {"json", .help = "print each row as a JSON object on a line of its own",
	.type = SETTING_SWITCH, FIELD(json)},
    {.name = NULL}};

const struct command command_sql = {
    .name = "sql",
    .summary = "ask or change a portal's database by SQL",
    .operands = "[STATEMENT]...",
    .about =
	"Run each STATEMENT on the portal's database, or else the statements "
	"of standard input, on a terminal by a prompt. A server may be "
	"running. The SQL functions of pages can be called, those of the "
	"capsule and of its modules too.\n"
	"\n"
	"Without --write nothing can be changed. With it, all statements of "
	"a run are one transaction: stored at the end, or not at all if one "
	"fails. CAPSULE/import/follow.sql then brings search indexes up to "
	"date.\n",
    .options = rows,
    .settings = USED_BY_IMPORT,
    .end = "Exit status: 0 all statements ran; 1 one failed, or a disk or "
	   "memory did; 2 usage; 78 the capsule or the database is not in "
	   "order.\n",
    .run = run_sql,
};

/* What use() is given. */
struct run {
	const struct sql_options *options;
	const struct arguments *arguments;
};

/* Read all of standard input, and add a NUL. */
static enum err
read_input(struct session *session)
{
	struct buf *input = &session->input;
	char piece[65536];
	size_t n;

	while ((n = fread(piece, 1, sizeof(piece), stdin)) > 0)
		buf_add(input, piece, n);
	if (ferror(stdin)) {
		buf_text(&session->why, "cannot read standard input");
		return ERR_IO;
	}
	if (str_find_byte(buf_view(input), '\0') != SIZE_MAX) {
		buf_text(&session->why, "standard input holds a NUL byte");
		return ERR_INPUT;
	}
	buf_char(input, '\0');
	if (input->err != OK)
		buf_text(&session->why, "standard input is too long");
	return input->err;
}

static enum err
run_script(struct session *session, const struct arguments *arguments)
{
	const struct buf *input = &session->input;
	enum err err = OK;

	/* Before the transaction: who writes the input may take long. */
	if (arguments->count == 0)
		err = read_input(session);
	if (err == OK && session->write)
		err = session_begin(session);
	if (err == OK && arguments->count == 0)
		err = session_run(
		    session, str_slice(buf_view(input), 0, input->len - 1), 1);
	for (int i = 0; err == OK && i < arguments->count; i++)
		err = session_run(session, str_from(arguments->operand[i]), 0);
	if (err == OK && session->write)
		err = session_store(session);
	else
		frame_roll_back(session->db);
	session_print(session);
	if (err == OK && session->write && ferror(stdout))
		complain("what was changed is stored");
	if (err != OK)
		complain("%.*s%s", STR_ARG(buf_view(&session->why)),
		    session->write ? "; nothing is stored" : "");
	return err;
}

static int
use(struct store *open, void *context)
{
	const struct run *run = context;
	const struct sql_options *options = run->options;
	struct session session = {.capsule = options->capsule,
	    .db = options->write ? store_writer(open) : store_reader(open),
	    .write = options->write,
	    .terminal = run->arguments->count == 0 && isatty(STDIN_FILENO)};
	enum err err;

	buf_init(&session.why, WHY_BYTES_MAX);
	buf_init(&session.input, INPUT_BYTES_MAX);
	buf_init(&session.out, OUTPUT_BYTES_MAX);
	/* Longer statements than those of pages, and longer texts. */
	sqlite3_limit(session.db, SQLITE_LIMIT_SQL_LENGTH, INPUT_BYTES_MAX);
	sqlite3_limit(session.db, SQLITE_LIMIT_LENGTH, INPUT_BYTES_MAX);
	err = print_new(options->csv ? PRINT_CSV
		: options->json      ? PRINT_JSON
				     : PRINT_TABLE,
	    &session.out, &session.print);
	if (err != OK)
		complain("out of memory");
	else if (session.terminal)
		terminal_talk(&session);
	else
		err = run_script(&session, run->arguments);
	print_free(session.print);
	buf_release(&session.input);
	buf_release(&session.out);
	buf_release(&session.why);
	return frame_finish(err == OK ? STATUS_OK : STATUS_FAILURE);
}

static int
run_sql(int argc, char **argv)
{
	struct sql_options options;
	struct arguments arguments;
	struct run run = {&options, &arguments};
	int status =
	    command_read(&command_sql, argc, argv, &options, &arguments);

	if (status != STATUS_OK)
		return status;
	if (options.csv && options.json)
		return command_usage(
		    &command_sql, "--csv and --json exclude each other");
	return frame_use(&(struct frame){.capsule = options.capsule,
			     .flags = &arguments.flags,
			     .existing = true,
			     .reads = !options.write},
	    use, &run);
}
