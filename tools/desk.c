/* SPDX-License-Identifier: ISC */
/*
 * `guiju desk` runs what a capsule offers to those who work on what its readers
 * have sent. It knows no order and no message: desk/KIND.sql of the capsule
 * says which verbs a kind has, what they ask and what they do.
 */
#include "tools/command.h"

#include <stdio.h>

#include "base/utf8.h"
#include "text/wrap.h"
#include "tools/desk/internal.h"
#include "tools/import/frame.h"

enum {
	ARENA_BYTES_MAX = 16 * 1024 * 1024,
	OUTPUT_BYTES_MAX = 1024 * 1024,
	INPUT_BYTES_MAX = 1024 * 1024,
	LINE_BYTES_MAX = 4096,
	SENTENCE_COLUMN = 28
};

static int run_desk(int argc, char **argv);

struct desk_options {
	const char *capsule;
	bool json;
};

#define FIELD(member) FIELD_OF(struct desk_options, member)

static const struct setting rows[] = {{FRAME_CAPSULE, FIELD(capsule)},
    {"json", .help = "print each row as a JSON object on a line of its own",
	.type = SETTING_SWITCH, FIELD(json)},
    {.name = NULL}};

const struct command command_desk = {
    .name = "desk",
    .summary = "work on what readers have sent",
    .operands = "[KIND] [VERB] [ARGUMENT]...",
    .about =
	"Run a VERB of what CAPSULE/desk/KIND.sql offers, such as `guiju desk "
	"message list`. Without a VERB, list those of the KIND; without a "
	"KIND, list all. An ARGUMENT `-` is the text of standard input; one "
	"that begins with a dash stands behind --.\n"
	"\n"
	"A server may be running. What a verb changes is stored whole or not "
	"at all, with a line in the portal's log of who did it and when. A "
	"verb that only reads takes no lock and works on a copy, too.\n",
    .options = rows,
    .settings = USED_BY_IMPORT,
    .end = "Exit status: 0 it is done; 1 it was refused, or a disk or memory "
	   "failed; 2 usage, with the verbs that there are; 78 the capsule or "
	   "the database is not in order.\n",
    .run = run_desk,
};

/* What one run of the command works with. */
struct desk {
	struct desk_options options;
	struct arguments arguments;
	struct arena *arena;
	struct desk_names names;
	struct desk_kind kind;
	struct findings findings;
	struct desk_call call;
};

/* ---- the list ---------------------------------------------------------- */

/* A capsule's text may be a stranger's: it is cleaned for the terminal. */
static void
add_row(struct buf *out, struct str left, struct str sentence)
{
	const size_t begin = out->len;
	unsigned used;

	utf8_add_line(out, left);
	used = text_width(str_slice(buf_view(out), begin, out->len));
	if (used + 2 > SENTENCE_COLUMN) {
		buf_char(out, '\n');
		used = 0;
	}
	buf_fill(out, ' ', SENTENCE_COLUMN - used);
	utf8_add_line(out, sentence);
	buf_char(out, '\n');
}

static void
add_kind(struct buf *out, const struct desk_kind *kind)
{
	struct buf left;

	buf_init(&left, LINE_BYTES_MAX);
	add_row(out, str_from(kind->name), kind->sentence);
	for (int i = 0; i < kind->count; i++) {
		buf_clear(&left);
		buf_text(&left, "  ");
		buf_str(&left, kind->verb[i].usage);
		add_row(out, buf_view(&left), kind->verb[i].sentence);
	}
	buf_release(&left);
}

/* ---- finding ----------------------------------------------------------- */

/* Say what is wrong with the file of a kind. */
static int
complain_findings(const struct desk *desk)
{
	const struct finding *first = desk->findings.first;
	struct buf line;

	if (first == NULL) {
		complain("out of memory");
		return STATUS_FAILURE;
	}
	buf_init(&line, LINE_BYTES_MAX);
	utf8_add_line(&line, str_from(first->message));
	complain("%s/%s:%u: %.*s", desk->options.capsule, first->file,
	    first->line, STR_ARG(buf_view(&line)));
	buf_release(&line);
	return STATUS_REFUSED;
}

static int
read_kind(struct desk *desk, const char *name)
{
	const enum err err = desk_read(desk->arena, desk->options.capsule, name,
	    &desk->findings, &desk->kind);

	return err == OK && desk->findings.count == 0 ? STATUS_OK
						      : complain_findings(desk);
}

/* Find the name of a kind, and read the kind. */
static int
find_kind(struct desk *desk, const char *name)
{
	const char *nearest;

	for (size_t i = 0; i < desk->names.count; i++)
		if (strcmp(desk->names.name[i], name) == 0)
			return read_kind(desk, desk->names.name[i]);
	nearest =
	    str_nearest(str_from(name), desk->names.name, desk->names.count);
	if (nearest != NULL)
		complain("no kind %s, did you mean %s?", name, nearest);
	else
		complain("no kind %s; `guiju desk` lists them", name);
	return STATUS_USAGE;
}

static const struct desk_verb *
find_verb(const struct desk_kind *kind, const char *name)
{
	const char *names[DESK_VERBS_MAX], *nearest;

	for (int i = 0; i < kind->count; i++) {
		names[i] = kind->verb[i].name;
		if (strcmp(names[i], name) == 0)
			return &kind->verb[i];
	}
	nearest = str_nearest(str_from(name), names, (size_t)kind->count);
	if (nearest != NULL)
		complain("%s has no verb %s, did you mean %s?", kind->name,
		    name, nearest);
	else
		complain("%s has no verb %s; `guiju desk %s` lists them",
		    kind->name, name, kind->name);
	return NULL;
}

/* ---- arguments --------------------------------------------------------- */

/* Read standard input as one text, without the line end behind it. */
static const char *
read_input(struct desk *desk)
{
	struct buf input;
	struct str text;
	char piece[4096];
	size_t n;

	buf_init(&input, INPUT_BYTES_MAX);
	while ((n = fread(piece, 1, sizeof(piece), stdin)) > 0)
		buf_add(&input, piece, n);
	text = buf_view(&input);
	if (str_ends(text, STR("\n")))
		text.len--;
	text = arena_str(desk->arena, text);
	if (ferror(stdin))
		complain("cannot read standard input");
	else if (input.err != OK || text.data == NULL)
		complain("standard input is too long");
	else if (str_find_byte(text, '\0') != SIZE_MAX)
		complain("standard input holds a NUL byte");
	else {
		buf_release(&input);
		return text.data;
	}
	buf_release(&input);
	return NULL;
}

/* Is it a text that may be stored: UTF-8 without controls but LF and TAB? */
static bool
is_text(struct str text)
{
	if (!utf8_valid(text))
		return false;
	while (text.len > 0) {
		const uint32_t c = utf8_next(&text);

		if (utf8_is_control(c) && c != '\n' && c != '\t')
			return false;
	}
	return true;
}

static int
take_arguments(struct desk *desk, int count, char **argument)
{
	const struct desk_verb *verb = desk->call.verb;
	bool read = false;

	if (count < verb->required)
		return command_usage(&command_desk,
		    "%s is missing: guiju desk %s %.*s", verb->argument[count],
		    desk->kind.name, STR_ARG(verb->usage));
	if (count > verb->count)
		return command_usage(&command_desk,
		    "too many arguments: guiju desk %s %.*s", desk->kind.name,
		    STR_ARG(verb->usage));
	for (int i = 0; i < count; i++) {
		const bool is_input = strcmp(argument[i], "-") == 0;
		const char *text = argument[i];

		if (is_input && read)
			return command_usage(&command_desk,
			    "`-` stands once: there is one standard input");
		read |= is_input;
		if (is_input)
			text = read_input(desk);
		if (text == NULL)
			return STATUS_FAILURE;
		if (!is_text(str_from(text)))
			return command_usage(&command_desk,
			    "%s: a text is UTF-8 and has no control "
			    "characters",
			    verb->argument[i]);
		desk->call.argument[i] = text;
	}
	desk->call.count = count;
	return STATUS_OK;
}

/* ---- the command ------------------------------------------------------- */

static int
use(struct store *open, void *context)
{
	const struct desk_call *call = context;

	return desk_run(
	    call, call->verb->writes ? store_writer(open) : store_reader(open));
}

/* Run a verb; kind is read. */
static int
run_verb(struct desk *desk)
{
	const struct arguments *arguments = &desk->arguments;
	int status;

	desk->call = (struct desk_call){.capsule = desk->options.capsule,
	    .kind = &desk->kind,
	    .verb = find_verb(&desk->kind, arguments->operand[1]),
	    .json = desk->options.json};
	if (desk->call.verb == NULL)
		return STATUS_USAGE;
	status =
	    take_arguments(desk, arguments->count - 2, arguments->operand + 2);
	return status != STATUS_OK
	    ? status
	    : frame_use(&(struct frame){.capsule = desk->options.capsule,
			    .flags = &arguments->flags,
			    .existing = true,
			    .reads = !desk->call.verb->writes},
		  use, &desk->call);
}

/* List one kind, which is read, or all. */
static int
list(struct desk *desk, bool one)
{
	struct buf out;
	int status = STATUS_OK;

	buf_init(&out, OUTPUT_BYTES_MAX);
	if (one)
		add_kind(&out, &desk->kind);
	for (size_t i = 0; !one && status == STATUS_OK && i < desk->names.count;
	     i++) {
		status = read_kind(desk, desk->names.name[i]);
		if (status == STATUS_OK)
			add_kind(&out, &desk->kind);
	}
	if (status == STATUS_OK)
		status = command_print(&out);
	buf_release(&out);
	return status;
}

static int
work(struct desk *desk)
{
	const struct arguments *arguments = &desk->arguments;
	int status = STATUS_OK;

	switch (desk_list(desk->arena, desk->options.capsule, &desk->names)) {
	case OK:
		break;
	case ERR_NOMEM:
		complain("out of memory");
		return STATUS_FAILURE;
	case ERR_LIMIT:
		complain("%s/desk has more than %d files",
		    desk->options.capsule, DESK_KINDS_MAX);
		return STATUS_REFUSED;
	default:
		complain("%s/desk cannot be read", desk->options.capsule);
		return STATUS_FAILURE;
	}
	if (desk->names.count == 0) {
		complain("%s/desk has no files: the capsule has no desk",
		    desk->options.capsule);
		return STATUS_REFUSED;
	}
	if (arguments->count > 0)
		status = find_kind(desk, arguments->operand[0]);
	if (status != STATUS_OK)
		return status;
	return arguments->count > 1 ? run_verb(desk)
				    : list(desk, arguments->count == 1);
}

static int
run_desk(int argc, char **argv)
{
	static struct desk desk; /* large */
	int status;

	memset(&desk, 0, sizeof(desk));
	status = command_read(
	    &command_desk, argc, argv, &desk.options, &desk.arguments);
	if (status != STATUS_OK)
		return status;
	desk.arena = arena_new(ARENA_BYTES_MAX);
	if (desk.arena == NULL) {
		complain("out of memory");
		return STATUS_FAILURE;
	}
	findings_init(&desk.findings);
	status = work(&desk);
	findings_free(desk.findings.first);
	arena_free(desk.arena);
	return status;
}
