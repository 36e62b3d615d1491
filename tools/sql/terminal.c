/* SPDX-License-Identifier: ISC */
/*
 * Statements from a terminal, line by line. The terminal itself edits a line.
 * While a transaction is open, pages cannot write; so it is rolled back when
 * nothing is typed for a minute, or when the terminal takes longer than that to
 * take what is printed. A person stops a terminal by Ctrl-S, and then write(2)
 * waits for the person; a timer ends the wait.
 */
#include "tools/sql/internal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/sql_file.h"
#include "tools/import/frame.h"

enum { IDLE_MS = 60 * 1000, AGAIN_MS = 50 /* of a timer that came too soon */ };

static void
on_timer(int number)
{
	(void)number; /* write(2) gives EINTR */
}

/* Let a timer interrupt from ms from now on; 0: no timer. */
static void
set_timer(unsigned ms)
{
	const struct sigaction action = {.sa_handler = on_timer};
	const struct itimerval time = {
	    .it_interval.tv_usec = ms > 0 ? AGAIN_MS * 1000 : 0,
	    .it_value.tv_sec = ms / 1000};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &time, NULL);
}

/* Write until all is written or the time has come; the rest. What a terminal
 * that is gone does not take is dropped. */
static struct str
write_until(struct str text, int64_t end_ms)
{
	while (text.len > 0 && clock_ms() < end_ms) {
		const ssize_t n = write(STDOUT_FILENO, text.data, text.len);

		if (n < 0 && errno != EINTR)
			text.len = 0;
		if (n > 0)
			text = str_slice(text, (size_t)n, text.len);
	}
	return text;
}

void
terminal_print(struct session *session, struct str text)
{
	static const char told[] =
	    "\nthe terminal took nothing for a minute: all is rolled back, so "
	    "that pages can write\n";

	fflush(stdout);
	if (!sqlite3_get_autocommit(session->db)) {
		set_timer(IDLE_MS);
		text = write_until(text, clock_ms() + IDLE_MS);
		set_timer(0);
		if (text.len == 0)
			return;
		frame_roll_back(session->db);
		(void)write_until(text, INT64_MAX);
		text = str_from(told);
	}
	(void)write_until(text, INT64_MAX);
}

/* complain() writes to the terminal as well, which may be stopped. */
static void
say_why(struct session *session)
{
	terminal_print(session, STR("\r"));
	complain("%.*s", STR_ARG(buf_view(&session->why)));
}

/* Read one line into session->input behind its content, with its LF. Nothing
 * typed for a minute rolls a transaction back. false: the input has ended. */
static bool
read_line(struct session *session, const char *prompt)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	char piece[4096];
	ssize_t n;

	terminal_print(session, str_from(prompt));
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
	char question[80];
	bool yes;

	if (sqlite3_get_autocommit(session->db))
		return;
	snprintf(question, sizeof(question),
	    "store %lld changed row%s? (yes or no) ",
	    (long long)session->changed, session->changed == 1 ? "" : "s");
	buf_clear(&session->input);
	yes = read_line(session, question) &&
	    str_equal(str_trim(buf_view(&session->input)), STR("yes"));
	if (sqlite3_get_autocommit(session->db))
		return;
	if (!yes) {
		frame_roll_back(session->db);
		puts("nothing is stored");
	} else if (session_store(session) != OK) {
		say_why(session);
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
			say_why(session);
		buf_clear(&session->why);
		buf_clear(&session->input);
	}
	ask_and_end(session);
}
