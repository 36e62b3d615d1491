# SPDX-License-Identifier: ISC
"""`guiju sql`: an operator's statements on the server's own kind of
connection. What a database holds is not obeyed, and what a run changes is
stored as a whole or not at all."""

import contextlib
import json
import os
import pty
import select
import sqlite3
import subprocess

import pytest

from conftest import GUIJU, run_guiju


@pytest.fixture
def state(capsule, tmp_path):
    """A state folder with the database of a new capsule, three notes."""
    folder = tmp_path / "state"
    made = run_guiju("get", "--capsule", capsule, "--state", folder,
                     "gemini://localhost/")
    assert made.returncode == 0, made.stderr
    (capsule / "functions").mkdir(exist_ok=True)
    (capsule / "functions/shout.sql").write_text(
        "-- shout(word)\nSELECT upper(:word) || '!'\n")
    sql(folder, "--write", """DELETE FROM note; INSERT INTO note
        (id, title, body, day) VALUES (1, '规矩', 'a', '2026-01-01'),
        (2, 'two', 'b', '2026-01-02'), (3, 'three', 'c', '2026-01-03');""")
    return folder


def sql(state, *words, **options):
    return run_guiju("sql", "--capsule", state.parent / "capsule",
                     "--state", state, *words, **options)


def titles(state):
    """As they are stored, seen by another program."""
    with sqlite3.connect(state / "portal.db") as db:
        return [row[0] for row in db.execute(
            "SELECT title FROM note ORDER BY id")]


# --- output -----------------------------------------------------------------

def test_a_table_counts_columns_of_a_terminal(state):
    done = sql(state, "SELECT id, title, NULL AS n FROM note ORDER BY id")
    assert done.stderr == "" and done.returncode == 0
    assert done.stdout == ("id  title  n\n"
                           "--  -----  ----\n"
                           " 1  规矩   NULL\n"
                           " 2  two    NULL\n"
                           " 3  three  NULL\n")


def test_a_long_cell_is_cut_where_others_stand_beside_it(state):
    long = "一二三四五六七八九十" * 9
    done = sql(state, f"SELECT '{long}' AS a, 1 AS b; SELECT '{long}' AS a")
    lines = done.stdout.splitlines()
    assert lines[2] == long[:29] + "…  1"
    assert lines[5] == long


def test_no_row_of_a_long_table_is_lost(state):
    """The table goes on when its widths are settled: nothing is lost."""
    done = sql(state, """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL
        SELECT i + 1 FROM n WHERE i < 2000) SELECT i, i * i AS s FROM n""")
    lines = done.stdout.splitlines()
    assert len(lines) == 2002
    assert [line.split() for line in lines[2:]] == [
        [str(i), str(i * i)] for i in range(1, 2001)]


def test_csv_and_json_hold_each_type_of_value(state):
    select_all = """SELECT 1 AS i, 1.5 AS f, 'a,"b' AS t, NULL AS n,
        x'00FF' AS b, '二' AS "名", -9223372036854775807 AS m"""
    done = sql(state, "--csv", select_all)
    assert done.stdout == ('i,f,t,n,b,名,m\n'
                           '1,1.5,"a,""b",,00FF,二,-9223372036854775807\n')
    done = sql(state, "--json", select_all + "; SELECT 9e999 AS x")
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"i": 1, "f": 1.5, "t": 'a,"b', "n": None, "b": "00FF", "名": "二",
         "m": -9223372036854775807}, {"x": None}]


HOSTILE = ("'a' || char(27) || '[2J' || char(7) || char(155) || '31m'"
           " || char(8238) || char(13) || 'b' || char(0) || CAST(x'FF' AS"
           " TEXT)")


@pytest.mark.parametrize("form", [(), ("--csv",), ("--json",)])
def test_no_stored_text_commands_a_terminal(state, form):
    """As a value, as the name of a column, in what .schema prints."""
    name = '"x\x1b[2J\x9b"'
    done = sql(state, "--write", f"CREATE TABLE {name} ({name} TEXT);"
               f"INSERT INTO {name} SELECT {HOSTILE}")
    assert done.returncode == 0, done.stderr
    done = sql(state, *form, f"SELECT * FROM {name}", ".tables", ".schema")
    assert done.returncode == 0 and "[2J" in done.stdout
    for text in done.stdout, done.stderr:
        assert not [c for c in text if c != "\n" and
                    (ord(c) < 32 or 127 <= ord(c) < 160)]


# --- what may be done -------------------------------------------------------

@pytest.mark.parametrize("statement", [
    "DELETE FROM note", "CREATE TEMP TABLE x (y)", "DROP TABLE note",
    "WITH n AS (SELECT 1) UPDATE note SET title = 'x'"])
def test_nothing_changes_without_write(state, statement):
    done = sql(state, statement)
    assert done.returncode == 1
    assert "for which --write is missing" in done.stderr
    assert len(titles(state)) == 3


@pytest.mark.parametrize("statement, said", [
    ("PRAGMA query_only = OFF", "this PRAGMA"),
    ("PRAGMA user_version = 7", "this PRAGMA"),
    ("PRAGMA wal_checkpoint", "this PRAGMA"),
    ("ATTACH ':memory:' AS x", "no other file"),
    ("VACUUM INTO 'copy.db'", ""),
    ("BEGIN", "one transaction"),
    ("SELECT load_extension('x')", "not authorized"),
    ("SELECT edit('x', 'id')", "no such function"),
    ("SELECT writefile('x', 'y')", "no such function"),
    ("SELECT readfile('/etc/passwd')", "no such function"),
])
@pytest.mark.parametrize("write", [(), ("--write",)])
def test_a_refused_statement_changes_nothing(state, tmp_path, write, statement,
                                             said):
    done = sql(state, *write, statement, cwd=tmp_path)
    assert done.returncode == 1 and said in done.stderr, done
    assert len(titles(state)) == 3
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("statement", [
    "CREATE VIEW v AS SELECT 1", "DROP VIEW v",
    "CREATE VIRTUAL TABLE v USING fts5(x)", "DROP TABLE found",
    "ANALYZE", "ANALYZE note",
    "CREATE TRIGGER t AFTER INSERT ON note BEGIN SELECT 1; END",
    "PRAGMA writable_schema = ON", "PRAGMA journal_mode = DELETE",
    "PRAGMA trusted_schema = ON", "DELETE FROM sqlite_schema",
    "COMMIT", "ROLLBACK", "SAVEPOINT s"])
def test_some_statements_are_refused_even_with_write(state, statement):
    with sqlite3.connect(state / "portal.db") as db:
        if "DROP VIEW" in statement:
            db.execute("CREATE VIEW v AS SELECT 1")
        db.execute("CREATE VIRTUAL TABLE found USING fts5(x)")
    done = sql(state, "--write", "DELETE FROM note", statement)
    assert done.returncode == 1 and "nothing is stored" in done.stderr
    assert len(titles(state)) == 3


def test_a_planted_trigger_and_view_run_no_unsafe_function(state):
    """`tally_add` stands for all that a schema may not call."""
    with sqlite3.connect(state / "portal.db") as db:
        db.execute("CREATE TRIGGER t AFTER INSERT ON note BEGIN"
                   " SELECT tally_add('x', 1); END")
        db.execute("CREATE VIEW v AS SELECT tally_add('x', 1) AS n")
    done = sql(state, "SELECT n FROM v")
    assert done.returncode == 1 and "unsafe use of tally_add" in done.stderr
    done = sql(state, "--write",
               "INSERT INTO note (title, body) VALUES ('x', 'y')")
    assert done.returncode == 1 and "unsafe use of tally_add" in done.stderr


def test_functions_of_pages_can_be_called(state):
    done = sql(state, "SELECT shout('hey'), local_day(0), text_fold('Ａ')")
    assert done.stdout.splitlines()[2].split() == ["HEY!", "1970-01-01", "a"]


def test_a_copy_is_read_and_not_written(state):
    replica = ("--role", "replica", "--primary", "gemini://x.example/")
    done = sql(state, *replica, "SELECT count(*) AS n FROM note")
    assert (done.returncode, done.stdout.split()) == (0, ["n", "-", "3"])
    done = sql(state, *replica, "--write", "DELETE FROM note")
    assert done.returncode == 78 and "at its primary" in done.stderr


@pytest.mark.parametrize("write", [(), ("--write",)])
def test_no_database_is_made(state, write):
    done = sql(state / "none", "--capsule", state.parent / "capsule", *write,
               "SELECT 1")
    assert done.returncode == 2  # the flag stands twice
    done = run_guiju("sql", "--capsule", state.parent / "capsule", "--state",
                     state / "none", *write, "SELECT 1")
    assert done.returncode == 78 and "there is no such" in done.stderr
    assert not (state / "none").exists()


def test_a_backup_is_whole_and_private(state, tmp_path):
    """Also where nobody may write; nothing that exists is written over."""
    done = sql(state, ".backup copy.db", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    copy = tmp_path / "copy.db"
    assert copy.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(copy) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT count(*) FROM note").fetchone() == (3,)
    copy.write_text("mine")
    (tmp_path / "link.db").symlink_to("elsewhere.db")
    for name in "copy.db", "link.db":
        done = sql(state, f".backup {name}", cwd=tmp_path)
        assert done.returncode == 1 and f"{name}: File exists" in done.stderr
    assert copy.read_text() == "mine"
    assert not (tmp_path / "elsewhere.db").exists()
    done = sql(state, ".backup none/copy.db", ".fnord", cwd=tmp_path)
    assert done.returncode == 1 and "No such file" in done.stderr
    done = sql(state, ".fnord")
    assert done.returncode == 1 and "unknown command" in done.stderr


# --- transactions -----------------------------------------------------------

def test_a_run_is_stored_as_a_whole(state):
    done = sql(state, "--write", "UPDATE note SET title = 'x' WHERE id < 3",
               "DELETE FROM note WHERE id = 3; DELETE FROM note WHERE id = 9")
    assert (done.returncode, done.stderr) == (0, "3 rows changed\n")
    assert titles(state) == ["x", "x"]


@pytest.mark.parametrize("bad, said", [
    ("UPDATE note SET fnord = 1", "no such column: fnord"),
    ("INSERT INTO note (title, body) VALUES ('', 'b')", "CHECK"),
    ("SELECT abs(-9223372036854775807 - 1)", "integer overflow"),
    ("fnord", "syntax error"), ("UPDATE note SET title = 'z' WHERE", ""),
])
def test_an_error_takes_all_back(state, bad, said):
    before = titles(state)
    done = sql(state, "--write", "DELETE FROM note WHERE id = 1", bad)
    assert done.returncode == 1 and said in done.stderr
    assert "nothing is stored" in done.stderr
    assert titles(state) == before


def test_a_message_names_the_line_of_a_script(state):
    done = sql(state, "--write", input="DELETE FROM note;\n\n-- x\n"
               "SELECT 1,\n fnord;\n")
    assert done.returncode == 1
    assert "standard input:4: no such column: fnord" in done.stderr
    assert len(titles(state)) == 3
    done = sql(state, "--write", input="DELETE FROM note;SELECT 2")
    assert (done.returncode, done.stderr) == (0, "3 rows changed\n")
    assert titles(state) == []


def test_what_is_not_sql_is_refused(state):
    done = sql(state, "--write", input="DELETE FROM note;\0SELECT 1;")
    assert done.returncode == 1 and "NUL" in done.stderr
    assert len(titles(state)) == 3
    done = sql(state, "--csv", "--json", "SELECT 1")
    assert done.returncode == 2


@pytest.mark.parametrize("size", [1, 9000])
def test_what_is_stored_is_told_where_the_output_is_lost(state, size):
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(
            [GUIJU, "sql", "--capsule", state.parent / "capsule", "--state",
             state, "--write", "DELETE FROM note RETURNING "
             f"hex(zeroblob({size}))"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1 and "standard output" in done.stderr
    assert "3 rows changed\nguiju: sql: what was changed is stored" in (
        done.stderr)
    assert titles(state) == []


@pytest.mark.parametrize("write", [(), ("--write",)])
def test_a_pager_holds_no_lock(state, write):
    """More is printed than a pipe holds, and nobody reads."""
    words = [*write, "UPDATE note SET title = 'mine' WHERE id = 1"]
    with subprocess.Popen(
            [GUIJU, "sql", "--capsule", state.parent / "capsule", "--state",
             state, *words[:2 * len(write)], "SELECT id, hex(zeroblob(500000))"
             " FROM note", "--csv"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        select.select([run.stdout], [], [], 60)
        # The first bytes have come, and the rest waits for a reader.
        with sqlite3.connect(state / "portal.db", timeout=1) as db:
            db.execute("UPDATE note SET title = 'free' WHERE id = 2")
            db.commit()
            assert db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (
                0, 0, 0)
        db.close()
        out, told = run.communicate()
    assert run.returncode == 0, told
    assert out.count(b"0" * 1000000) == 3
    assert titles(state)[:2] == ["mine" if write else "规矩", "free"]


def test_too_much_output_is_an_error(state):
    many = ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
            " SELECT hex(zeroblob(5000000)) FROM n")
    for write in (), ("--write", "DELETE FROM note"):
        with open("/dev/null", "w", encoding="ascii") as null:
            done = subprocess.run(
                [GUIJU, "sql", "--csv", "--capsule", state.parent / "capsule",
                 "--state", state, *write, many], stdout=null,
                stderr=subprocess.PIPE, text=True, check=False)
        assert done.returncode == 1 and "prints too much" in done.stderr
    assert len(titles(state)) == 3


FOLLOW = """% needs :changed
% if :changed > 2
% fail refused too many: {changed}
% end
% do INSERT INTO note (title, body) SELECT 'followed', count(*) FROM note
followed
"""


def test_the_capsule_follows_in_the_same_transaction(state):
    script = state.parent / "capsule/import/follow.sql"
    script.parent.mkdir(exist_ok=True)
    script.write_text(FOLLOW)
    done = sql(state, "--write", "DELETE FROM note WHERE id < 3")
    assert done.returncode == 0
    assert done.stderr == "guiju: sql: followed\n2 rows changed\n"
    assert titles(state) == ["three", "followed"]
    done = sql(state, "--write", "UPDATE note SET body = 'x'",
               "UPDATE note SET body = 'y'")
    assert done.returncode == 1
    assert "too many: 4; nothing is stored" in done.stderr
    script.write_text("% do fnord\n")
    done = sql(state, "--write", "DELETE FROM note")
    assert done.returncode == 1 and "follow.sql:1: " in done.stderr
    done = run_guiju("check", state.parent / "capsule")
    assert done.returncode == 1
    assert "import/follow.sql:1: " in done.stdout
    assert titles(state) == ["three", "followed"]


# --- a terminal -------------------------------------------------------------

class Terminal:
    """A run of `guiju sql` whose input and output are a terminal."""

    def __init__(self, state, *flags):
        self.parent, child = pty.openpty()
        self.process = subprocess.Popen(  # pylint: disable=R1732
            [GUIJU, "sql", "--capsule", state.parent / "capsule", "--state",
             state, *flags], stdin=child, stdout=child, stderr=child,
            close_fds=True)
        os.close(child)
        self.seen = ""
        self.wait("guiju> ")

    def wait(self, text, seconds=60):
        """Read until the text comes; what came before it."""
        while text not in self.seen:
            ready, _, _ = select.select([self.parent], [], [], seconds)
            assert ready, f"no {text!r} after {self.seen!r}"
            try:
                piece = os.read(self.parent, 65536)
            except OSError:  # the other end is closed
                piece = b""
            assert piece, f"no {text!r} after {self.seen!r}"
            self.seen += piece.decode()
        before, _, self.seen = self.seen.partition(text)
        return before.replace("\r\n", "\n")

    def type(self, line, then="guiju> "):
        os.write(self.parent, line.encode() + b"\n")
        return self.wait(then)

    def end(self, keys=b"\x04"):
        os.write(self.parent, keys)
        status = self.process.wait(60)
        os.close(self.parent)
        return status


def test_a_terminal_reads(state):
    terminal = Terminal(state)
    assert terminal.type(
        "SELECT title FROM note WHERE id = 1;") == (
            "SELECT title FROM note WHERE id = 1;\n"
            "title\n-----\n规矩\n")
    assert "title\n" not in terminal.type("SELECT title FROM", "   ...> ")
    assert "two" in terminal.type("note;")
    assert "note" in terminal.type(".tables")
    assert "CREATE INDEX note_day" in terminal.type(".schema note")
    assert ".quit" in terminal.type(".help")
    assert "no such table: fnord" in terminal.type("SELECT * FROM fnord;")
    assert "--write is missing" in terminal.type("DELETE FROM note;")
    assert terminal.end(b".quit\n") == 0
    assert len(titles(state)) == 3


def test_a_terminal_stores_by_commit_alone(state):
    terminal = Terminal(state, "--write")
    terminal.type("UPDATE note SET title = 'a' WHERE id = 1;", "guiju*> ")
    assert titles(state)[0] == "规矩"
    terminal.type("SELECT fnord;", "guiju*> ")
    assert "1 row changed" in terminal.type("commit;")
    assert titles(state)[0] == "a"
    terminal.type("DELETE FROM note;", "guiju*> ")
    terminal.type("ROLLBACK ;")
    assert len(titles(state)) == 3
    assert "nothing has been changed" in terminal.type("COMMIT;")
    assert terminal.end() == 0


@pytest.mark.parametrize("answer, left", [
    (b"yes\n", 0), (b"no\n", 3), (b"\n", 3), (b"\x04", 3)])
def test_the_end_of_a_terminal_asks(state, answer, left):
    terminal = Terminal(state, "--write")
    terminal.type("DELETE FROM note;", "guiju*> ")
    os.write(terminal.parent, b"\x04")
    terminal.wait("store 3 changed rows? (yes or no) ")
    assert terminal.end(answer) == 0
    assert len(titles(state)) == left


def test_a_terminal_that_is_gone_stores_nothing(state):
    terminal = Terminal(state, "--write")
    terminal.type("DELETE FROM note;", "guiju*> ")
    os.close(terminal.parent)
    terminal.process.wait(60)
    assert len(titles(state)) == 3


@pytest.mark.long
def test_a_transaction_does_not_wait_for_ever(state):
    """After a minute without a line others can write again."""
    terminal = Terminal(state, "--write")
    terminal.type("DELETE FROM note;", "guiju*> ")
    terminal.wait("all is rolled back", seconds=120)
    with sqlite3.connect(state / "portal.db") as db:
        db.execute("UPDATE note SET title = 'free'")
    assert "nothing has been changed" in terminal.type("COMMIT;")
    assert terminal.end() == 0
    assert titles(state) == ["free"] * 3


@pytest.mark.long
def test_a_stopped_terminal_holds_no_lock(state):
    """Nobody reads what is printed, as after Ctrl-S: a minute later others can
    write again, and all that was printed is there."""
    terminal = Terminal(state, "--write")
    terminal.type("DELETE FROM note;", "guiju*> ")
    os.write(terminal.parent, b"SELECT hex(zeroblob(500000)) AS long;\n")
    with contextlib.closing(sqlite3.connect(
            state / "portal.db", timeout=120)) as db, db:
        db.execute("UPDATE note SET title = 'free'")
    printed = terminal.wait("all is rolled back", seconds=120)
    assert "0" * 1000000 in printed
    terminal.wait("guiju> ")
    assert "nothing has been changed" in terminal.type("COMMIT;")
    assert terminal.end() == 0
    assert titles(state) == ["free"] * 3


def test_it_works_beside_a_server(serve):
    """Readers see what is stored, from the next request on."""
    server = serve()
    done = run_guiju("sql", "--capsule", server.capsule, "--state",
                     server.state, "--write",
                     "INSERT INTO note (title, body) VALUES ('new', 'x')")
    assert done.returncode == 0, done.stderr
    assert "new" in server.gemini("/").text
