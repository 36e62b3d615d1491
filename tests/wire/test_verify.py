# SPDX-License-Identifier: ISC
"""A database that comes from elsewhere is verified before a worker opens it;
one that a good stop has left is not."""

import os
import shutil
import sqlite3

import pytest

from conftest import run_guiju
from test_faults import write_note

VERIFIED = "run: verified in "


def stopped(serve):
    """The state folder of a server that has stopped as it should."""
    server = serve("--workers", "1")
    assert write_note(server, "kept").status == 30
    assert VERIFIED not in server.log  # it was made just now
    assert server.stop() == 0
    return server.state


def spoil_page(path):
    """A page of a table that nothing reads at a start."""
    with sqlite3.connect(path) as db:
        root, = db.execute("SELECT rootpage FROM sqlite_schema "
                           "WHERE name = 'guiju_tally'").fetchone()
        size, = db.execute("PRAGMA page_size").fetchone()
    with open(path, "r+b") as file:
        file.seek((root - 1) * size + 3)
        file.write(b"\x7f\xff")


def spoil_reference(path):
    with sqlite3.connect(path) as db:
        db.executescript(
            "PRAGMA foreign_keys = OFF;"
            "CREATE TABLE above(id INTEGER PRIMARY KEY);"
            "CREATE TABLE below(id REFERENCES above(id));"
            "INSERT INTO below VALUES (7);")


def spoil_id(path):
    """A row of a table that got its trigger later."""
    with sqlite3.connect(path) as db:
        db.executescript("CREATE TABLE old(id INTEGER PRIMARY KEY);"
                         "INSERT INTO old VALUES (0), (7);")


@pytest.fixture
def indexed(capsule):
    """A capsule with a search index."""
    rules = capsule / "schema/derived"
    rules.mkdir(exist_ok=True)
    (rules / "note_search.sql").write_text(
        "CREATE VIRTUAL TABLE note_search USING fts5(x, tokenize='cjk');\n"
        "INSERT INTO note_search VALUES ('always here');\n")
    return capsule


def spoil_index(path):
    with sqlite3.connect(path) as db:
        changed = db.execute("UPDATE note_search_data "
                             "SET block = zeroblob(40) WHERE id > 10")
        assert changed.rowcount > 0


SPOILED = [(spoil_page, "the database is damaged: "),
           (spoil_reference, "a row refers to no row: below to above"),
           (spoil_id, "a row has an id below 1: old 0"),
           (spoil_index, "a search index is damaged, `guiju rebuild` builds "
                         "it again: note_search")]


def test_one_that_a_good_stop_has_left_is_not_verified(serve):
    stopped(serve)
    again = serve("--workers", "1")
    assert VERIFIED not in again.log
    assert "kept" in again.gemini("/").text


def test_nor_after_the_capsule_has_changed(serve, capsule):
    stopped(serve)
    (capsule / "pages/more.gmi").write_text("# More\n")
    again = serve("--workers", "1")
    assert VERIFIED not in again.log
    assert "all is as it was checked before" not in again.log


@pytest.mark.parametrize("how", ["killed", "copied", "written"])
def test_any_other_is_verified(serve, how):
    state = stopped(serve)
    if how == "killed":
        server = serve("--workers", "1")
        server.kill()
    elif how == "copied":
        shutil.copy(state / "portal.db", state / "other.db")
        os.rename(state / "other.db", state / "portal.db")
    else:
        with sqlite3.connect(state / "portal.db") as db:
            db.execute("UPDATE note SET title = title || '.'")
    again = serve("--workers", "1")
    again.wait_log(VERIFIED)
    assert "kept" in again.gemini("/").text


@pytest.mark.parametrize("spoil, said", SPOILED)
def test_a_damaged_one_is_refused(serve, indexed, spoil, said):
    state = stopped(serve)
    spoil(state / "portal.db")
    server = serve("--workers", "1", wait=False)
    assert server.process.wait(60) == 78
    server.reader.join(10)
    assert f"{state}/portal.db: {said}" in server.log


def test_a_damaged_index_is_built_again_by_the_command(serve, indexed):
    state = stopped(serve)
    spoil_index(state / "portal.db")
    done = run_guiju("rebuild", "--state", state, indexed)
    assert done.returncode == 0, done.stderr
    again = serve("--workers", "1")
    again.wait_log(VERIFIED)


def test_a_reload_verifies_one_that_was_put_there(serve):
    server = serve("--workers", "1")
    assert write_note(server, "kept").status == 30
    server.reload()
    assert VERIFIED not in server.log
    good, bad = server.state / "good.db", server.state / "bad.db"
    with sqlite3.connect(server.state / "portal.db") as db:
        db.execute("VACUUM INTO ?", [str(good)])
    shutil.copy(good, bad)
    spoil_page(bad)
    for name in "portal.db-wal", "portal.db-shm":
        (server.state / name).unlink(missing_ok=True)
    os.rename(bad, server.state / "portal.db")
    server.reload(expect="not reloaded")
    assert "the database is damaged" in server.log
    assert "kept" in server.gemini("/").text
    os.rename(good, server.state / "portal.db")
    server.reload()
    server.wait_log(VERIFIED)
    assert "kept" in server.gemini("/").text


@pytest.mark.parametrize("spoil, said", SPOILED[:3])
def test_a_replica_is_verified(serve, spoil, said):
    state = stopped(serve)
    flags = ["--workers", "1", "--role", "replica", "--primary",
             "gemini://portal.example/"]
    copy = serve(*flags)
    copy.wait_log(VERIFIED)
    assert copy.stop() == 0
    spoil(state / "portal.db")
    copy = serve(*flags, wait=False)
    assert copy.process.wait(60) == 78
    copy.reader.join(10)
    assert said in copy.log
