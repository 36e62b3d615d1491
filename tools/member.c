/* SPDX-License-Identifier: ISC */
/*
 * `guiju member`: the operator's hand on accounts. Each action is one row that
 * is inserted into a view of store/accounts/rules.sql, so the rules and the log
 * are those of pages.
 */
#include "tools/command.h"

#include <stdio.h>

#include "base/file_path.h"
#include "base/utf8.h"
#include "store/accounts/accounts.h"
#include "tools/import/frame.h"
#include "tools/desk/who.h"

enum { OUTPUT_BYTES_MAX = 16 * 1024 * 1024, NAME_OF_WHO_MAX = 64 };

static int run_member(int argc, char **argv);

struct member_options {
	const char *capsule, *who;
	bool json;
};

#define FIELD(member) FIELD_OF(struct member_options, member)

static const struct setting rows[] = {{FRAME_CAPSULE, FIELD(capsule)},
    {"as", .takes = "WHO",
	.help = "who acts, for the log; without it, the user of the system",
	.type = SETTING_TEXT, FIELD(who), .value = "", .max = NAME_OF_WHO_MAX,
	.is = setting_is_line, .wants = "one line of clean UTF-8"},
    {"json", .help = "print each row of list and show as a JSON object",
	.type = SETTING_SWITCH, FIELD(json)},
    {.name = NULL}};

const struct command command_member = {
    .name = "member",
    .summary = "look at the readers' accounts, give roles, close one",
    .operands = "ACTION [ARGUMENT]...",
    .about =
	"The capsule says `accounts = on`. A server may be running, and "
	"takes what is changed at the next request. NAME is the name of an "
	"account or its number. ACTION is one of these:\n"
	"\n"
	"  list               all accounts\n"
	"  show NAME          one account, its certificates and its log\n"
	"  role NAME ROLE     give a role, such as editor; - takes it away\n"
	"  invite ROLE        print a code that gives the role, for a week\n"
	"  close NAME REASON  close an account; its owner reads the reason\n"
	"  reopen NAME        open it again\n",
    .options = rows,
    .settings = USED_BY_IMPORT | USED_BY_SEAL,
    .end =
	"Exit status: 0 it is done; 1 a disk or memory failed; 2 usage; 78 "
	"there is no such account, a rule refuses the action, or the capsule "
	"or the database is not in order.\n",
    .run = run_member,
};

struct member {
	const struct member_options *options;
	const struct action *action;
	char **argument; /* behind the action */
	char who[WHO_MAX + 1];
	sqlite3 *db;
	struct buf out;
};

/* ---- what is printed ------------------------------------------------- */

#define ONE_ACCOUNT                                                          \
	"(SELECT id FROM account WHERE folded = name_fold(?1)"               \
	" OR id = CASE WHEN ?1 NOT GLOB '*[^0-9]*' THEN CAST(?1 AS INTEGER)" \
	" END)"

static const char list_lines[] =
    "SELECT format('%5d  ', id) || text_pad(name, 24) || '  '"
    " || text_pad(coalesce(role, '-'), 12) || '  '"
    " || CASE WHEN closed IS NULL THEN 'seen ' || local_day(last_seen)"
    " ELSE 'closed ' || local_day(closed) END"
    " FROM account /* scan */ ORDER BY id";

static const char list_json[] =
    "SELECT json_object('id', id, 'name', name, 'role', role, 'created',"
    " created, 'last_seen', last_seen, 'closed', closed, 'reason', reason)"
    " FROM account /* scan */ ORDER BY id";

static const char show_lines[] =
    "SELECT line FROM ("
    "SELECT 0 AS part, 0 AS n, 'number    ' || id AS line FROM account"
    " WHERE id = " ONE_ACCOUNT
    " UNION ALL SELECT 1, 0, 'name      ' || name FROM account"
    " WHERE id = " ONE_ACCOUNT
    " UNION ALL SELECT 2, 0, 'role      ' || coalesce(role, '-')"
    " FROM account WHERE id = " ONE_ACCOUNT
    " UNION ALL SELECT 3, 0, 'consent   ' || consent || ', '"
    " || local_time(consented) FROM account WHERE id = " ONE_ACCOUNT
    " UNION ALL SELECT 4, 0, 'closed    ' || local_time(closed) || ', '"
    " || reason FROM account WHERE closed IS NOT NULL AND id = " ONE_ACCOUNT
    " UNION ALL SELECT 5, id, 'cert      ' || substr(fingerprint, 1, 12)"
    " || '  ' || text_pad(state, 8) || '  seen ' || local_day(last_seen)"
    " || '  ' || label FROM account_certificate"
    " WHERE account_id = " ONE_ACCOUNT
    " UNION ALL SELECT 6, id, 'log       ' || local_time(at) || '  '"
    " || text_pad(act, 8) || '  ' || who || '  ' || coalesce(about, '')"
    " FROM account_log WHERE account_id = " ONE_ACCOUNT ") ORDER BY part, n";

static const char show_json[] =
    "SELECT json_object('id', a.id, 'name', a.name, 'role', a.role, 'consent',"
    " a.consent, 'consented', a.consented, 'created', a.created, 'last_seen',"
    " a.last_seen, 'closed', a.closed, 'reason', a.reason, 'certificates',"
    " (SELECT json_group_array(json_object('fingerprint', fingerprint,"
    " 'state', state, 'label', label, 'until', until, 'last_seen', last_seen))"
    " FROM account_certificate WHERE account_id = a.id), 'log',"
    " (SELECT json_group_array(json_object('at', at, 'who', who, 'act', act,"
    " 'about', about)) FROM account_log WHERE account_id = a.id))"
    " FROM account a WHERE a.id = " ONE_ACCOUNT;

/* ---- what is done ---------------------------------------------------- */

/* Each gives one row, the line that says what was done. No row: there is no
 * such account. ?1, ?2: the arguments; ?3: who. */
struct action {
	const char *name;
	int arguments;
	const char *act;          /* inserts a row into a view; NULL: nothing */
	const char *lines, *json; /* what is printed; json may be NULL */
};

static const struct action actions[] = {
    {"list", 0, NULL, list_lines, list_json},
    {"show", 1, NULL, show_lines, show_json},
    {"role", 2,
	"INSERT INTO account_appoint (account, role, who)"
	" SELECT " ONE_ACCOUNT ", nullif(?2, '-'), ?3"
	" WHERE " ONE_ACCOUNT " IS NOT NULL",
	"SELECT name || CASE WHEN role IS NULL THEN ' has no role'"
	" ELSE ' has the role ' || role END FROM account WHERE id "
	"= " ONE_ACCOUNT,
	NULL},
    {"invite", 1,
	"INSERT INTO account_invite (code, role, who) VALUES (?4, ?1, ?3)",
	"SELECT 'The code, once and for a week: ' || ?4", NULL},
    {"close", 2,
	"INSERT INTO account_close (account, reason, who)"
	" SELECT " ONE_ACCOUNT ", ?2, ?3 WHERE " ONE_ACCOUNT " IS NOT NULL",
	"SELECT name || ' is closed' FROM account WHERE id = " ONE_ACCOUNT,
	NULL},
    {"reopen", 1,
	"INSERT INTO account_close (account, reason, who)"
	" SELECT " ONE_ACCOUNT ", NULL, ?3 WHERE " ONE_ACCOUNT " IS NOT NULL",
	"SELECT name || ' is open' FROM account WHERE id = " ONE_ACCOUNT, NULL},
};
enum { ACTIONS = sizeof(actions) / sizeof(*actions) };

/* Add the text of the first column of each row to m->out. code: for ?4; may be
 * NULL. Gives SQLITE_*. */
static int
run_sql(struct member *m, const char *sql, const char *code, int64_t *rows_out)
{
	sqlite3_stmt *stmt = NULL;
	int result = sqlite3_prepare_v2(m->db, sql, -1, &stmt, NULL);

	for (int i = 0; result == SQLITE_OK && i < m->action->arguments; i++)
		sqlite3_bind_text(
		    stmt, i + 1, m->argument[i], -1, SQLITE_STATIC);
	if (result == SQLITE_OK) {
		sqlite3_bind_text(stmt, 3, m->who, -1, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 4, code, -1, SQLITE_STATIC);
	}
	while (result == SQLITE_OK &&
	    (result = sqlite3_step(stmt)) == SQLITE_ROW) {
		utf8_add_line(&m->out,
		    str_from((const char *)sqlite3_column_text(stmt, 0)));
		buf_char(&m->out, '\n');
		++*rows_out;
		result = SQLITE_OK;
	}
	sqlite3_finalize(stmt);
	return result == SQLITE_DONE ? SQLITE_OK : result;
}

/* A new one-time code. */
static int
make_code(struct member *m, char *out, size_t size)
{
	sqlite3_stmt *stmt = NULL;
	int code =
	    sqlite3_prepare_v2(m->db, "SELECT code_new()", -1, &stmt, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		snprintf(out, size, "%s",
		    (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return code == SQLITE_ROW ? SQLITE_OK : code;
}

static int
act(struct member *m)
{
	const struct action *action = m->action;
	const bool json = m->options->json && action->json != NULL;
	char code[32] = "";
	int64_t row_count = 0;
	int result = SQLITE_OK;

	if (action->act != NULL)
		result = make_code(m, code, sizeof(code));
	if (result == SQLITE_OK && action->act != NULL)
		result = run_sql(m, action->act, code, &row_count);
	if (result == SQLITE_OK)
		result = run_sql(
		    m, json ? action->json : action->lines, code, &row_count);
	if (result != SQLITE_OK) {
		complain("%s: %s", action->name, sqlite3_errmsg(m->db));
		return (result & 0xFF) == SQLITE_CONSTRAINT ? STATUS_REFUSED
							    : STATUS_FAILURE;
	}
	if (row_count == 0 && action->arguments > 0) {
		complain("there is no account %s", m->argument[0]);
		return STATUS_REFUSED;
	}
	return command_print(&m->out);
}

static int
use(struct store *open, void *context)
{
	struct member *m = context;
	int status;

	if (!accounts_are_on()) {
		complain("this capsule has no accounts; say `accounts = on` "
			 "in " CAPSULE_SETTINGS);
		return STATUS_REFUSED;
	}
	m->db =
	    m->action->act != NULL ? store_writer(open) : store_reader(open);
	buf_init(&m->out, OUTPUT_BYTES_MAX);
	status = act(m);
	buf_release(&m->out);
	return status;
}

/* Who acts, as the option or the system says. */
static void
find_who(struct member *m)
{
	struct buf who;

	buf_init(&who, WHO_MAX);
	if (m->options->who[0] != '\0')
		buf_text(&who, m->options->who);
	else
		who_add(&who);
	snprintf(m->who, sizeof(m->who), "%.*s", STR_ARG(buf_view(&who)));
	buf_release(&who);
}

static const struct action *
find_action(const char *name)
{
	for (size_t i = 0; i < ACTIONS; i++)
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	return NULL;
}

static int
run_member(int argc, char **argv)
{
	struct member_options options;
	struct arguments arguments;
	struct member m = {.options = &options};
	int status =
	    command_read(&command_member, argc, argv, &options, &arguments);

	if (status != STATUS_OK)
		return status;
	if (arguments.count == 0)
		return command_usage(&command_member, "say which action");
	m.action = find_action(arguments.operand[0]);
	if (m.action == NULL)
		return command_usage(
		    &command_member, "no action `%s`", arguments.operand[0]);
	if (arguments.count != m.action->arguments + 1)
		return command_usage(&command_member, "%s takes %d argument%s",
		    m.action->name, m.action->arguments,
		    m.action->arguments == 1 ? "" : "s");
	m.argument = arguments.operand + 1;
	find_who(&m);
	return frame_use(&(struct frame){.capsule = options.capsule,
			     .flags = &arguments.flags,
			     .existing = true,
			     .reads = m.action->act == NULL,
			     .codes = m.action->act != NULL},
	    use, &m);
}
