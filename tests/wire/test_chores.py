# SPDX-License-Identifier: ISC
"""The scripts of a capsule's nightly/: each is one short transaction or works
in portions that are, runs once for a day whatever happens, and leaves nothing of
what it has deleted."""

import os
import re
import sqlite3
import time

import pytest

from conftest import run_guiju, write_files
from portal import CAPSULE

COUNT = "UPDATE note SET body = body || 'x' WHERE id = 1;\n"


@pytest.fixture
def state(capsule, tmp_path):
    """The database of a new capsule, whose script counts how often it ran."""
    write_files(capsule, {"nightly/count.sql": COUNT})
    made = run_guiju("get", "--capsule", capsule, "--state",
                     tmp_path / "state", "gemini://localhost/")
    assert made.returncode == 0, made.stderr
    change(tmp_path / "state", "UPDATE note SET body = ''")
    return tmp_path / "state"


def change(state, sql):
    with sqlite3.connect(state / "portal.db") as db:
        db.executescript(sql)
    db.close()


def runs(state):
    with sqlite3.connect(state / "portal.db") as db:
        return len(db.execute("SELECT body FROM note WHERE id = 1"
                              ).fetchone()[0])


def night(state, capsule, *flags, **options):
    return run_guiju("nightly", *flags, "--state", state, capsule, **options)


def test_a_script_runs_once_for_a_day(state, capsule):
    done = night(state, capsule)
    assert done.returncode == 0, done.stderr
    assert "nightly: count.sql: 1 row changed" in done.stderr
    done = night(state, capsule)
    assert re.search(r"nightly: count\.sql has run for \d{4}-\d\d-\d\d",
                     done.stderr)
    assert runs(state) == 1
    # Another day; and a clock that is set back to a day that has been.
    change(state, "INSERT INTO guiju_night SELECT 'count.sql',"
           " date(day, '+9 days') FROM guiju_night")
    night(state, capsule)
    assert runs(state) == 1
    change(state, "DELETE FROM guiju_night WHERE day < date('now', '+5 days')")
    night(state, capsule)
    night(state, capsule)
    assert runs(state) == 2
    change(state, "INSERT INTO guiju_night VALUES ('count.sql', '2020-01-01')")
    night(state, capsule)
    with sqlite3.connect(state / "portal.db") as db:
        assert db.execute("SELECT count(*) FROM guiju_night WHERE day <"
                          " '2021'").fetchone() == (0,)


def test_scripts_behind_a_link_run(state, capsule, tmp_path):
    """The sandbox lets the task read where the capsule's links lead."""
    (capsule / "nightly").rename(tmp_path / "scripts")
    (capsule / "nightly").symlink_to(tmp_path / "scripts")
    done = night(state, capsule)
    assert done.returncode == 0, done.stderr
    assert runs(state) == 1


def test_a_dry_run_changes_nothing(state, capsule):
    write_files(capsule, {"nightly/b.sql": "DELETE FROM note;\n"
                          "INSERT INTO note (title, body) VALUES ('a', 'b'),"
                          " ('c', 'd');"})
    for _ in range(2):
        done = night(state, capsule, "--dry-run")
        assert (done.returncode, done.stdout) == (
            0, "b.sql: 3 rows would change\ncount.sql: 1 row would change\n")
        assert runs(state) == 0
    assert not (state / "nightly").exists()
    night(state, capsule)
    done = night(state, capsule, "--dry-run")  # whatever ran today
    assert "b.sql: 4 rows would change\n" in done.stdout
    (capsule / "nightly/b.sql").unlink()
    (capsule / "nightly/count.sql").unlink()
    done = night(state, capsule, "--dry-run")
    assert (done.returncode, done.stdout) == (
        0, "there is no script in nightly/\n")


BAD = {
    "unknown": ("DELETE FROM note;\nDELETE FROM fnord;",
                "nightly/a.sql:2: no such table: fnord"),
    "constraint": ("DELETE FROM note;\nINSERT INTO note (title, body)"
                   " VALUES ('', '');", "nightly/a.sql:2: CHECK"),
    "commit": ("DELETE FROM note;\n\nCOMMIT;",
               "nightly/a.sql:3: a script may not begin or end"),
    "attach": ("ATTACH 'x' AS x;", "nor attach a database"),
    "endless": ("DELETE FROM note;\nWITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
                " SELECT i + 1 FROM n) SELECT max(i) FROM n;",
                "nightly/a.sql:2: interrupted"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_script_is_taken_back_alone(state, capsule, what):
    """The others run; the night has failed; it is tried again next time."""
    sql, said = BAD[what]
    write_files(capsule, {"nightly/a.sql": sql})
    for _ in range(2):
        done = night(state, capsule)
        assert done.returncode != 0
        assert re.search(f" error nightly: .*{re.escape(said)}", done.stderr)
        assert runs(state) == 1
    assert "not all of it done" in done.stderr
    done = night(state, capsule, "--dry-run")
    assert done.returncode != 0 and said in done.stderr
    done = run_guiju("check", capsule)
    assert done.returncode == 1 and said in done.stdout


@pytest.mark.parametrize("point, ran", [("script:1", 0), ("scripted:1", 1)])
def test_a_night_that_is_killed_runs_each_once(state, capsule, point, ran):
    done = night(state, capsule, env={**os.environ, "GUIJU_FAULT": point})
    assert done.returncode < 0
    assert runs(state) == ran
    assert night(state, capsule).returncode == 0
    assert night(state, capsule).returncode == 0
    assert runs(state) == 1


PORTIONS = """-- /* in portions */
UPDATE note SET body = body || 'y' WHERE id = 1 AND length(body) < 5;
"""


def test_portions_end_when_nothing_changes(state, capsule):
    """Killed between two of them or inside one, the next night goes on."""
    (capsule / "nightly/count.sql").write_text(PORTIONS)
    done = night(state, capsule, "--dry-run")
    assert (done.returncode, done.stdout) == (
        0, "count.sql: at least 1 row would change\n")
    assert runs(state) == 0
    for point, after in ("script:2", 1), ("scripted:2", 3):
        done = night(state, capsule, env={**os.environ, "GUIJU_FAULT": point})
        assert done.returncode < 0
        assert runs(state) == after
    done = night(state, capsule)
    assert done.returncode == 0, done.stderr
    assert "nightly: count.sql: 2 rows changed" in done.stderr
    assert runs(state) == 5
    change(state, "UPDATE note SET body = ''")
    done = night(state, capsule)
    assert "nightly: count.sql has run for" in done.stderr
    assert runs(state) == 0


def test_portions_without_an_end_fail_the_night(state, capsule):
    (capsule / "nightly/count.sql").write_text("-- /* in portions */\n" + COUNT)
    done = night(state, capsule,
                 env={**os.environ, "GUIJU_FAULT": "portions:3!"})
    assert done.returncode != 0
    assert "nightly: count.sql: 3 rows changed" in done.stderr
    assert "not at its end after 60 seconds" in done.stderr
    assert runs(state) == 3
    with sqlite3.connect(state / "portal.db") as db:
        assert db.execute("SELECT count(*) FROM guiju_night").fetchone() == (0,)


def test_a_late_script_is_tried_three_times(state, capsule):
    write_files(capsule, {"nightly/a.sql": BAD["endless"][0]})
    done = night(state, capsule,
                 env={**os.environ, "GUIJU_FAULT": "scripted:3"})
    assert done.returncode < 0  # the third time
    done = night(state, capsule,
                 env={**os.environ, "GUIJU_FAULT": "scripted:5"})
    assert done.returncode > 0  # three of a.sql and one of count.sql
    assert done.stderr.count("nightly/a.sql:2: interrupted") == 1


@pytest.mark.portal
def test_many_expired_drafts_are_deleted_in_portions(tmp_path):
    """Each transaction deletes at most 1,000 lines and the drafts that are then
    empty, so that nobody waits for all of them."""
    state = tmp_path / "state"
    run_guiju("get", "--capsule", CAPSULE, "--state", state,
              "gemini://localhost/")
    change(state, f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1
            FROM n WHERE i < 61)
        INSERT INTO validity_draft (id, token, created, day, last)
        SELECT i, lower(hex(randomblob(16))), iif(i = 61, {int(time.time())},
            1000 + i), '2026-01-01', 5000 FROM n;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
            WHERE i < 5000)
        INSERT INTO validity_draft_line (draft_id, position, raw)
        SELECT d.id, i, 'GB ' || i FROM validity_draft d, n;""")

    def left():
        with sqlite3.connect(state / "portal.db") as db:
            return (*db.execute("SELECT count(*) FROM validity_draft"
                                ).fetchone(),
                    *db.execute("SELECT count(*) FROM validity_draft_line"
                                ).fetchone())

    assert left() == (61, 305000)
    done = night(state, CAPSULE, "--dry-run")
    assert "drafts.sql: at least 1000 rows would change\n" in done.stdout
    assert left() == (61, 305000)
    done = night(state, CAPSULE,
                 env={**os.environ, "GUIJU_FAULT": "scripted:9"})  # two scripts come before
    assert done.returncode < 0
    assert left() == (60, 298000)
    rows = 0
    for _ in range(10):  # a slow machine needs more than one night
        done = night(state, CAPSULE, timeout=180)
        rows += int(re.search(r"nightly: drafts\.sql: (\d+) rows changed",
                              done.stderr)[1])
        if "not at its end after 60 seconds" not in done.stderr:
            break
    assert done.returncode == 0, done.stderr
    assert rows == 293059
    assert left() == (1, 5000)


@pytest.mark.portal
def test_drafts_are_gone_after_a_day(tmp_path):
    """With each byte: from the file, its log and a backup."""
    state = tmp_path / "state"
    run_guiju("get", "--capsule", CAPSULE, "--state", state,
              "gemini://localhost/")
    now = int(time.time())
    for hours, word in (25, "zzqqold"), (23, "zzqqyoung"):
        change(state, f"""INSERT INTO validity_draft (token, created, day, last)
            VALUES (lower(hex(randomblob(16))), {now - hours * 3600},
                '2026-01-01', 400);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
                WHERE i < 400)
            INSERT INTO validity_draft_line (draft_id, position, raw)
            SELECT last_insert_rowid(), i, '{word} ' || i FROM n;""")
    assert b"zzqqold" in (state / "portal.db").read_bytes()
    done = night(state, CAPSULE)
    assert done.returncode == 0, done.stderr
    assert "nightly: drafts.sql: 401 rows changed" in done.stderr
    with sqlite3.connect(state / "portal.db") as db:
        assert db.execute("SELECT count(DISTINCT draft_id), count(*), min(raw)"
                          " FROM validity_draft_line").fetchone() == (
                              1, 400, "zzqqyoung 1")
        assert db.execute("SELECT count(*) FROM validity_draft"
                          ).fetchone() == (1,)
    db.close()
    done = run_guiju("sql", "--capsule", CAPSULE, "--state", state,
                     f".backup {tmp_path}/backup.db")
    assert done.returncode == 0, done.stderr
    files = [path for path in (*state.rglob("*"), tmp_path / "backup.db")
             if path.is_file()]
    assert not [path for path in files if b"zzqqold" in path.read_bytes()]
    assert b"zzqqyoung" in (tmp_path / "backup.db").read_bytes()
