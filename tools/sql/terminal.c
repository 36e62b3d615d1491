/* SPDX-License-Identifier: ISC */
/*
 * Statements from a terminal, line by line. The terminal itself edits a line.
 * While a transaction is open, pages cannot write; so it is rolled back when
 * nothing is typed for a minute.
 */
#include "tools/sql/internal.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "store/sql_file.h"
#include "tools/import/frame.h"

enum { IDLE_MS = 60 * 1000 };

/* Read one line into session->input behind its content, with its LF. Nothing
 * typed for a minute rolls a transaction back. false: the input has ended. */
static bool
read_line(struct session *session, const char *prompt)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	char piece[4096];
	ssize_t n;

	fputs(prompt, stdout);
	fflush(stdout);
	if (!sqlite3_get_autocommit(session->db) &&
	    poll(&in, 1, IDLE_MS) == 0) {
		frame_roll_back(session->db);
		puts("\nnothing was typed for a minute: all is rolled back, so "
		     "that pages can write");
		fputs(prompt, stdout);
		fflush(stdout);
	}
	do
		n = read(STDIN_FILENO, piece, sizeof(piece));
	while (n < 0 && errno == EINTR);
	if (n > 0)
		buf_add(&session->input, piece, (size_t)n);
	return n > 0 && session->input.err == OK;
}

/* Does the input hold a whole statement or a command with a dot? */
static bool
is_whole(struct session *session)
{
	struct str remark, text = buf_view(&session->input);
	struct str rest = sql_skip_blank(text, &remark);

	if (!str_ends(text, STR("\n")))
		return false;
	return rest.len == 0 || rest.data[0] == '.' ||
	    sqlite3_complete(text.data) != 0;
}

static void
ask_and_end(struct session *session)
{
	bool yes;

	if (sqlite3_get_autocommit(session->db))
		return;
	printf("store %lld changed row%s? (yes or no) ",
	    (long long)session->changed, session->changed == 1 ? "" : "s");
	buf_clear(&session->input);
	yes = read_line(session, "") &&
	    str_equal(str_trim(buf_view(&session->input)), STR("yes"));
	if (sqlite3_get_autocommit(session->db))
		return;
	if (!yes) {
		frame_roll_back(session->db);
		puts("nothing is stored");
	} else if (session_store(session) != OK) {
		complain("%.*s", STR_ARG(buf_view(&session->why)));
	}
}

void
terminal_talk(struct session *session)
{
	puts(session->write
		? "statements end with ; and are stored by COMMIT; see .help"
		: "statements end with ; and cannot change anything; see "
		  ".help");
	while (!session->ended) {
		const char *prompt = session->input.len > 0 ? "   ...> "
		    : sqlite3_get_autocommit(session->db)   ? "guiju> "
							    : "guiju*> ";
		enum err err;

		if (!read_line(session, prompt))
			break;
		buf_char(&session->input, '\0');
		session->input.len -= session->input.err == OK;
		if (session->input.err != OK || !is_whole(session))
			continue;
		err = session_run(session, buf_view(&session->input), 0);
		fflush(stdout);
		if (err != OK)
			complain("%.*s", STR_ARG(buf_view(&session->why)));
		buf_clear(&session->why);
		buf_clear(&session->input);
	}
	ask_and_end(session);
}
