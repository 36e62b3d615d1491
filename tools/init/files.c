/* SPDX-License-Identifier: ISC */
/*
 * The capsule that `guiju init` writes: a notice board of three pages. It
 * serves at once, and its comments are the first lesson in the page language.
 * Each text stays below the 4,095 bytes that C promises for a literal. A line
 * of a file is a line here, which clang-format would not leave so.
 */
#include "tools/init/files.h"

/* clang-format off */
static const char readme_md[] =
    "# A capsule\n"
    "\n"
    "This folder is a whole portal for Gemini and Gopher. Serve it with\n"
    "\n"
    "    guiju serve --dev .\n"
    "\n"
    "and change anything: a saved file is served a moment later, and a slip is\n"
    "shown in your browser with file and line. Before you publish it:\n"
    "\n"
    "    guiju check .\n"
    "\n"
    "| here | is |\n"
    "| --- | --- |\n"
    "| capsule.ini | the settings |\n"
    "| pages/ | one file for one address; begin with pages/index.gmi |\n"
    "| schema/ | how the database is made: 001_..., 002_..., each run once |\n"
    "| content/ | what a new database begins with |\n"
    "| static/ | files that are sent as they are: static/hello.txt is /hello.txt |\n"
    "\n"
    "To change a table later, do not touch 001: write schema/002_something.sql,\n"
    "and it is run when the server starts or reloads.\n"
    "\n"
    "The language of the pages is told in the manual, guiju(5).\n";

static const char capsule_ini[] =
    "; The settings. All have a default; `guiju serve --help` lists them.\n"
    "\n"
    "[capsule]\n"
    "; The name by which readers find you. It stands in the certificate and in\n"
    "; every address, so set it before you publish.\n"
    "host = localhost\n"
    "; The language of the pages, for screen readers and translators.\n"
    "language = en\n"
    "description = A small capsule\n"
    "\n"
    "[serve]\n"
    "; Where to listen: a port for all addresses, or ADDR:PORT, several apart by\n"
    "; spaces. 1965 is Gemini's own.\n"
    "gemini = 1965\n"
    "; Gopher's own port is 70, which on most systems only root may open; `off`\n"
    "; serves no Gopher.\n"
    "gopher = 7070\n"
    "; The database and the certificate, relative to where guiju is started.\n"
    ";state = ./var\n"
    ";certs = ./certs\n";

static const char pages_index_gmi[] =
    "%# A line that begins with a percent sign and a hash is a comment. Nobody but\n"
    "%# you sees it.\n"
    "%#\n"
    "%# This file answers the address \"/\". What is not a comment and does not begin\n"
    "%# with a percent sign is gemtext: a heading, a text, a link, sent as it is.\n"
    "# A notice board\n"
    "\n"
    "This page is pages/index.gmi. Open it in an editor: it explains itself.\n"
    "\n"
    "%# \"each\" runs a query and gives the lines up to \"end\" once for each row. The\n"
    "%# columns stand in holes. What a hole may hold can never become a link or a\n"
    "%# heading, so nobody has to be afraid of what readers write.\n"
    "%#\n"
    "%# The links lead to pages/note/[id].gmi.\n"
    "## Notes\n"
    "% each SELECT id, title, day FROM note ORDER BY day DESC, id DESC LIMIT 20\n"
    "=> note/{id} {day} {title}\n"
    "%# Between \"none\" and \"end\" stands what is shown if there was no row at all.\n"
    "% none\n"
    "Nobody has written anything yet.\n"
    "% end\n"
    "\n"
    "%# This link leads to pages/write/[seal].gmi, which writes to the database. A\n"
    "%# link to a page that writes ends in the hole seal, which the server fills\n"
    "%# with a token that is good once: no crawler and no other capsule can write\n"
    "%# in a reader's name.\n"
    "=> write/{seal} Write a note\n"
    "%# static/hello.txt, sent as it is.\n"
    "=> hello.txt A file\n";

static const char pages_note_id_gmi[] =
    "%# [id] in the file's name takes one part of the address, and is :id in SQL:\n"
    "%# /note/7 is the note with the id 7. A value is always bound, never pasted\n"
    "%# into the statement, so it cannot break out of it.\n"
    "%#\n"
    "%# \"one\" takes the first row of a query. If there is none, the reader is told\n"
    "%# that there is no such page.\n"
    "% one SELECT title, body, day FROM note WHERE id = :id\n"
    "# {title}\n"
    "\n"
    "Written on {day}.\n"
    "\n"
    "%# A hole alone on a line may have a filter: text gives the value line by line\n"
    "%# as paragraphs. Others are gemtext and quote.\n"
    "{body|text}\n"
    "\n"
    "%# \"if\" takes any SQL expression.\n"
    "% if EXISTS (SELECT 1 FROM note WHERE id = :id - 1)\n"
    "% one SELECT :id - 1 AS previous\n"
    "=> {previous} The note before\n"
    "% end\n"
    "=> / All notes\n";

static const char pages_write_seal_gmi[] =
    "%# A page that writes is named [seal].gmi and reached by a link that ends in\n"
    "%# the hole seal (see pages/index.gmi). Gopher, which can only read, gets a\n"
    "%# link to the Gemini address instead.\n"
    "%#\n"
    "%# \"ask\" asks the reader for a line. Until there is an answer, the rest of the\n"
    "%# page does not run; then the answer is :input.\n"
    "% ask What shall the note say?\n"
    "%#\n"
    "%# \"fail\" stops the page with an error.\n"
    "% if trim(:input) = ''\n"
    "% fail bad An empty note says nothing\n"
    "% end\n"
    "%#\n"
    "%# \"do\" writes. All that a page writes is kept if the page comes to its end,\n"
    "%# and nothing of it if not.\n"
    "% do INSERT INTO note (title, body)\n"
    "%    VALUES (substr(:input, 1, 60), :input) RETURNING id\n"
    "%#\n"
    "%# \"go\" sends the reader on to another page.\n"
    "% go /note/{id}\n";

static const char schema_001_note_sql[] =
    "-- The first script that makes the database. Each script of this folder is run\n"
    "-- once, in the order of its number, when the server starts or reloads.\n"
    "\n"
    "CREATE TABLE note (\n"
    "    id INTEGER PRIMARY KEY,\n"
    "    title TEXT NOT NULL CHECK (title <> ''),\n"
    "    body TEXT NOT NULL,\n"
    "    day TEXT NOT NULL DEFAULT (date('now')) -- 2026-11-23\n"
    ");\n"
    "\n"
    "-- For the list of the newest: without it that page would read all notes each\n"
    "-- time, and `guiju check` would say so.\n"
    "CREATE INDEX note_day ON note (day);\n";

static const char content_010_note_sql[] =
    "-- What a new database begins with; run once, after the schema.\n"
    "\n"
    "INSERT INTO note (title, body, day) VALUES (\n"
    "    'Welcome',\n"
    "    'This text stands in the database.' || char(10) ||\n"
    "    'Its first home is content/010_note.sql.',\n"
    "    date('now')\n"
    ");\n";

static const char static_hello_txt[] =
    "Hello. This file is static/hello.txt, and is sent as it is.\n";

/* clang-format on */

const struct init_file init_files[] = {
    {"README.md", readme_md},
    {"capsule.ini", capsule_ini},
    {"pages/index.gmi", pages_index_gmi},
    {"pages/note/[id].gmi", pages_note_id_gmi},
    {"pages/write/[seal].gmi", pages_write_seal_gmi},
    {"schema/001_note.sql", schema_001_note_sql},
    {"content/010_note.sql", content_010_note_sql},
    {"static/hello.txt", static_hello_txt},
};

const size_t init_file_count = sizeof(init_files) / sizeof(init_files[0]);
