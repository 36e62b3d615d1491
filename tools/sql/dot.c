/* SPDX-License-Identifier: ISC */
/* The commands that begin with a dot. */
#include "tools/sql/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file_path.h"
#include "base/utf8.h"
#include "store/sql_file.h"
#include "store/store.h"

static const char dot_help[] =
    ".tables        list tables and views\n"
    ".schema [NAME] print the statements that made all, or a table and its "
    "indexes\n"
    ".backup FILE   copy the whole database into a new file\n"
    ".help          print this\n"
    ".quit          end; changes are asked about\n";

/* Print the first column of each row, as clean lines. name: NULL or ?1. */
static void
show_lines(struct session *session, const char *sql, struct str name)
{
	sqlite3_stmt *statement = NULL;
	const size_t before = session->out.len;

	if (sqlite3_prepare_v2(session->db, sql, -1, &statement, NULL) ==
	    SQLITE_OK)
		sqlite3_bind_text(
		    statement, 1, name.data, (int)name.len, SQLITE_STATIC);
	while (statement != NULL && sqlite3_step(statement) == SQLITE_ROW) {
		struct str text =
		    str_from((const char *)sqlite3_column_text(statement, 0));
		struct str line;

		while (str_next_line(&text, &line)) {
			utf8_add_line(&session->out, line);
			buf_char(&session->out, '\n');
		}
	}
	if (session->out.len == before)
		complain("there is none");
	sqlite3_finalize(statement);
}

/* Copy the database into a new file, which only its owner may read. */
static enum err
back_up(struct session *session, struct str name)
{
	struct buf *why = &session->why;
	struct buf path;
	int fd = -1;
	enum err err = ERR_IO;

	buf_init(&path, PATH_MAX_BYTES);
	buf_str(&path, name);
	buf_char(&path, '\0');
	if (path.err == OK)
		fd = open(path.data,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		err = sql_complain(path.err == OK ? path.data : "FILE", 0,
		    path.err == OK ? strerror(errno) : "is too long", ERR_IO,
		    why);
	} else {
		err = store_copy(
		    sqlite3_db_filename(session->db, "main"), path.data, why);
		if (err == OK && fsync(fd) != 0)
			err = sql_complain(
			    path.data, 0, strerror(errno), ERR_IO, why);
		if (err != OK)
			unlink(path.data);
		close(fd);
	}
	buf_release(&path);
	return err;
}

enum err
dot_run(struct session *session, struct str line)
{
	struct str word = {"", 0};

	line = str_trim(line);
	(void)str_next_part(&line, ' ', &word);
	line = str_trim(line);
	if (str_ends(line, STR(";")))
		line.len--;
	if (str_equal(word, STR(".tables")))
		show_lines(session,
		    "SELECT name FROM sqlite_schema WHERE type IN ('table',"
		    " 'view') AND name NOT IN (SELECT name FROM"
		    " pragma_table_list WHERE type = 'shadow') ORDER BY name",
		    line);
	else if (str_equal(word, STR(".schema")))
		show_lines(session,
		    "SELECT sql || ';' FROM sqlite_schema WHERE sql NOTNULL AND"
		    " (?1 IN ('', tbl_name, name)) ORDER BY type <> 'table',"
		    " type, name",
		    line);
	else if (str_equal(word, STR(".backup")) && line.len > 0)
		return back_up(session, line);
	else if (str_equal(word, STR(".quit")))
		session->ended = true;
	else if (str_equal(word, STR(".help")))
		buf_text(&session->out, dot_help);
	else
		return sql_complain("statement", 0,
		    "unknown command; see .help", ERR_INPUT, &session->why);
	return OK;
}
