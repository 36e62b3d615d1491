# SPDX-License-Identifier: ISC
"""A database in which somebody planted what another program would run: it is
not served, not published, and told by name; and `guiju rebuild` mends it."""

import re
import shutil
import sqlite3

import pytest

from conftest import ROOT, run_guiju

RUN = "edit('x', 'id >pwned; true ')"
# What only a changed schema can hold: SQLite reads the first statement of it.
REWRITE = ("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = {}"
           " WHERE name = '{}'")
BAD = ("'CREATE TABLE note (id INTEGER PRIMARY KEY, title TEXT NOT NULL,"
       " body TEXT NOT NULL, day TEXT, planted TEXT DEFAULT"
       f" ({RUN.replace(chr(39), chr(39) * 2)}))'")
ENDLESS = ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
           " SELECT max(i) AS a FROM n")
PLANTED = {
    "trigger": (f"CREATE TRIGGER planted AFTER INSERT ON note"
                f" BEGIN SELECT {RUN}; END",
                "the capsule does not make its trigger planted"),
    "view": ("ALTER TABLE guiju_tally RENAME TO kept;"
             "CREATE VIEW guiju_tally AS SELECT name, id, n FROM kept"
             f" WHERE {RUN} IS NOT NULL",
             "the capsule does not make its view guiju_tally"),
    "virtual table": ("CREATE VIRTUAL TABLE planted USING fts5(x)",
                      "does not make its table planted"),
    "check": ("DROP TABLE note; CREATE TABLE note (id INTEGER PRIMARY KEY,"
              " title TEXT NOT NULL, body TEXT NOT NULL, day TEXT,"
              f" CHECK ({RUN} NOTNULL));"
              "CREATE INDEX note_day ON note (day)",
              "the capsule does not make its table note: "),
    "default": ("DROP TABLE note; CREATE TABLE note (id INTEGER PRIMARY KEY,"
                " title TEXT NOT NULL, body TEXT NOT NULL DEFAULT"
                f" ({RUN}), day TEXT);CREATE INDEX note_day ON note (day)",
                "the capsule does not make its table note: "),
    "default with a tail": (
        REWRITE.format(BAD + " || '; DROP TABLE note; ' || sql", "note"),
        "does not make its table note: SQLite keeps another text"),
    "endless tail": (
        REWRITE.format(f"sql || '; {ENDLESS}'", "note"),
        "does not make its table note: SQLite keeps another text"),
    "tail of an index": (
        REWRITE.format(f"sql || '; {ENDLESS}'", "note_day"),
        "does not make its index note_day: SQLite keeps another text"),
    "own table": (
        "CREATE TABLE mine (id INTEGER PRIMARY KEY AUTOINCREMENT);"
        + REWRITE.format("'CREATE TABLE sqlite_sequence(name, seq DEFAULT"
                         " (edit(1, 2)))'", "sqlite_sequence"),
        "does not make its table sqlite_sequence: "),
    "index": (f"CREATE INDEX planted ON note ({RUN})",
              "the capsule does not make its index planted: "),
    "generated": ("ALTER TABLE note ADD COLUMN planted AS"
                  f" ({RUN})", "does not make its table note: "),
}
# What is also found by SQLite's own check of each row.
VERIFIED = "check", "index"


def plant(state, sql):
    """As a worker in strange hands could: the functions of the program that
    is to run it need not be there."""
    with sqlite3.connect(state / "portal.db") as db:
        db.create_function("edit", 2, lambda text, command: text,
                           deterministic=True)
        db.executescript(sql)
    db.close()


@pytest.fixture
def start(serve):
    """A server that has made its database and stopped."""
    server = serve("--workers", "1")
    server.stop()
    return server


@pytest.mark.parametrize("what", PLANTED)
def test_a_start_is_refused(serve, start, what):
    sql, said = PLANTED[what]
    plant(start.state, sql)
    server = serve("--workers", "1", wait=False)
    assert server.process.wait(60) == 78
    # A database that comes from elsewhere is verified as a whole before.
    # That calls the functions of a table's rows, but no more of its schema.
    if what in VERIFIED:
        said_here = "portal.db: does not check: unknown function: edit()"
    else:
        said_here = said
    told = re.findall(r"does not (?:make|check:).*", server.log)
    assert len(told) == 1 and said_here in server.log, server.log
    done = run_guiju("check", "--state", start.state, start.capsule)
    assert done.returncode == 1 and said in done.stdout


def test_a_reload_is_refused_and_a_night_fails(serve):
    """Those who serve go on; the answer is the one from before."""
    server = serve("--workers", "1")
    plant(server.state, PLANTED["trigger"][0])
    server.reload("not reloaded")
    assert PLANTED["trigger"][1] in server.log
    assert server.gemini("/").status == 20
    done = run_guiju("nightly", "--state", server.state, server.capsule)
    assert done.returncode == 78
    assert f" error nightly: {server.state}/portal.db: the capsule does" in (
        done.stderr)
    assert "not all of it done" in done.stderr


@pytest.mark.parametrize("what", ["trigger", "view"])
def test_rebuild_drops_what_is_planted(serve, start, what):
    with sqlite3.connect(start.state / "portal.db") as db:
        before = set(db.execute("SELECT type, name FROM sqlite_schema"))
    plant(start.state, PLANTED[what][0])
    if what == "view":  # what it hid is put back by whoever knows what it was
        plant(start.state, "DROP VIEW guiju_tally;"
              "ALTER TABLE kept RENAME TO guiju_tally;"
              f"CREATE VIEW planted AS SELECT {RUN} AS x")
    name = "planted"
    done = run_guiju("rebuild", "--dry-run", "--state", start.state,
                     start.capsule)
    assert done.returncode == 1
    assert f"{what} {name}: is not of the schema" in done.stdout
    done = run_guiju("rebuild", "--state", start.state, start.capsule)
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(start.state / "portal.db") as db:
        assert set(db.execute(
            "SELECT type, name FROM sqlite_schema")) == before
    assert serve("--workers", "1").gemini("/").status == 20


VIRTUAL = "CREATE VIRTUAL TABLE search USING fts5 (title, body UNINDEXED)"


@pytest.mark.parametrize("text, same", [
    ("CREATE VIRTUAL TABLE \"search\" USING  FTS5(title,\n body\tUNINDEXED)",
     False),
    ("CREATE VIRTUAL TABLE \"search\" using  fts5(title,\n body\tUNINDEXED)",
     True),
    ("CREATE VIRTUAL TABLE search USING fts5 (title, body)", False),
    ("CREATE VIRTUAL TABLE search USING fts5 (title, bodyUNINDEXED)", False),
    ("CREATE VIRTUAL TABLE search USING rtree (title, body, a)", False),
    (VIRTUAL + "; DROP TABLE note", False),
    ("CREATE  VIRTUAL TABLE search USING fts5 (title, body UNINDEXED)", False),
])
def test_a_virtual_table_is_compared(capsule, tmp_path, text, same):
    """Its blanks and the marks of its name do not count."""
    steps = len(list((capsule / "schema").glob("[0-9]*.sql")))
    (capsule / f"schema/{steps + 1:03}_search.sql").write_text(VIRTUAL + ";")
    state = tmp_path / "state"
    for command in (("get", "--capsule", capsule, "--state", state,
                     "gemini://localhost/"),
                    ("check", "--state", state, capsule)):
        done = run_guiju(*command)
        assert done.returncode == 0, done
    plant(state, REWRITE.format("'" + text + "'", "search"))
    done = run_guiju("check", "--state", state, capsule)
    assert done.returncode == (not same), done.stdout
    assert ("does not make its table search: " in done.stdout) is not same


def test_a_search_index_keeps_its_format(capsule, tmp_path):
    """`secure-delete` is for a newer SQLite, which sets it in this way."""
    rules = capsule / "schema/derived"
    rules.mkdir(exist_ok=True)
    (rules / "search.sql").write_text(VIRTUAL + ";")
    state = tmp_path / "state"
    place = "--capsule", capsule, "--state", state
    said = "portal.db: search index search is set to secure-delete"
    done = run_guiju("get", *place, "gemini://localhost/")
    assert done.returncode == 0, done.stderr
    plant(state, "INSERT INTO search_config VALUES ('secure-delete', 1)")
    done = run_guiju("check", "--state", state, capsule)
    assert done.returncode == 1 and said in done.stdout
    done = run_guiju("sql", *place, "--write", "DELETE FROM note")
    assert done.returncode == 1 and "secure-delete" in done.stderr
    assert "nothing is stored" in done.stderr
    done = run_guiju("rebuild", "--state", state, capsule)
    assert done.returncode == 0, done.stderr
    done = run_guiju("check", "--state", state, capsule)
    assert done.returncode == 0, done.stdout


def test_what_an_operator_added_is_told_and_served(serve, start):
    plant(start.state, "CREATE TABLE mine (a); CREATE INDEX mine_a ON mine (a);"
          "CREATE INDEX quick ON note (title); DROP INDEX note_day")
    server = serve("--workers", "1")
    assert server.gemini("/").status == 20
    told = re.findall(r" warn store: .*portal\.db: (.*)", server.log)
    assert told == ["table mine is not of the capsule, index mine_a is not of"
                    " the capsule, index quick is not of the capsule,"
                    " index note_day is missing"]
    done = run_guiju("check", "--state", server.state, server.capsule)
    assert done.returncode == 0, done.stdout


def test_tables_of_sqlite_are_no_strangers(start):
    plant(start.state, "CREATE TABLE mine (id INTEGER PRIMARY KEY"
          " AUTOINCREMENT); INSERT INTO mine DEFAULT VALUES; ANALYZE")
    done = run_guiju("check", "--state", start.state, start.capsule)
    assert done.returncode == 0, done.stdout
    assert "sqlite_stat1 is not of the capsule" in done.stderr


def test_a_clean_database_is_told_nothing(serve, start):
    server = serve("--workers", "1")
    assert "is not of the capsule" not in server.log
    for folder, code in (start.state, 0), (start.state / "none", 1):
        done = run_guiju("check", "--state", folder, start.capsule)
        assert done.returncode == code, done.stdout


@pytest.mark.portal
def test_a_rule_with_another_text_is_refused(tmp_path):
    """A trigger of the portal's own name, and none that the night trusts."""
    for name in "capsule", "state":
        (tmp_path / name).mkdir()
    shutil.copytree(ROOT / "capsule", tmp_path / "capsule", dirs_exist_ok=True)
    state, capsule = tmp_path / "state", tmp_path / "capsule"
    run_guiju("get", "--capsule", capsule, "--state", state,
              "gemini://localhost/")
    done = run_guiju("check", "--state", state, capsule)
    assert (done.returncode, done.stderr) == (0, "")
    with sqlite3.connect(state / "portal.db") as db:
        (name,) = db.execute("SELECT name FROM sqlite_schema WHERE"
                             " type = 'trigger' ORDER BY name").fetchone()
        db.execute(f"DROP TRIGGER {name}")
        db.execute(f"CREATE TRIGGER {name} AFTER INSERT ON article"
                   f" BEGIN SELECT {RUN}; END")
    done = run_guiju("check", "--state", state, capsule)
    assert done.returncode == 1
    assert f"the capsule does not make its trigger {name}" in (
        done.stdout)
    assert run_guiju("rebuild", "--state", state, capsule).returncode == 0
    assert run_guiju("check", "--state", state, capsule).returncode == 0
