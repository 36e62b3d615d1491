# SPDX-License-Identifier: ISC
"""The child that copies the write-ahead log into the database."""

import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import time

from test_faults import database, wait_for, write_note
from test_status import status

MIB = 1024 * 1024


def in_file(server, folder):
    """The titles in the database's file without its log."""
    copy = shutil.copy(server.state / "portal.db", folder / "copy.db")
    with sqlite3.connect(f"file:{copy}?immutable=1", uri=True) as db:
        try:
            return [row[0] for row in db.execute("SELECT title FROM note")]
        except sqlite3.DatabaseError:
            return []  # a checkpoint was writing


def checkpointer(server):
    return wait_for(lambda: server.children("guiju-wal"),
                    what="the process of checkpoints")[0]


def is_stopped(pid):
    state = pathlib.Path(f"/proc/{pid}/stat").read_text()
    return state.rpartition(")")[2].split()[0] == "T"


def stop_at_rest(server, pid):
    """Stop that process while it holds no lock: neither that of a writer nor
    that of a checkpoint. kill(2) returns before the process has stopped."""
    with database(server) as db:
        db.execute("PRAGMA busy_timeout = 0")
        while True:
            os.kill(pid, signal.SIGSTOP)
            wait_for(lambda: is_stopped(pid), what="a stopped process")
            try:
                busy = db.execute(
                    "PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.OperationalError:
                busy = 1
            if busy == 0:
                return
            os.kill(pid, signal.SIGCONT)
            time.sleep(0.01)


def test_a_log_is_copied_without_a_reader(serve, tmp_path):
    server = serve("--workers", "2")
    pid = checkpointer(server)
    stop_at_rest(server, pid)
    with database(server) as db:
        db.execute("PRAGMA wal_autocheckpoint = 0")
        db.execute("CREATE TABLE much AS SELECT randomblob(8000000) AS x")
        # No commit copies the log, not even one as long as this.
        assert write_note(server, "first").status == 30
        assert "first" not in in_file(server, tmp_path)
        db.execute("DROP TABLE much")
    os.kill(pid, signal.SIGCONT)
    wait_for(lambda: "first" in in_file(server, tmp_path), what="a checkpoint")
    # It is counted at its end, when the file has the rows already.
    wait_for(lambda: json.loads(status(server, "--json"))["numbers"][
        "guiju_checkpoints_total"] >= 1, what="a checkpoint that is counted")
    assert server.stop() == 0
    assert not (server.state / "portal.db-wal").exists()


def test_another_file_waits_for_a_reload(serve, tmp_path):
    """Its log would be the one of the file before it."""
    server = serve("--workers", "1")
    pid = checkpointer(server)
    began = time.monotonic()
    with database(server) as db:
        db.execute("VACUUM INTO ?", (str(server.state / "other.db"),))
    (server.state / "other.db").rename(server.state / "portal.db")
    wait_for(lambda: not server.children("guiju-wal"), what="its end")
    # The time after which one follows that has ended for another reason.
    while time.monotonic() < began + 12:
        assert not server.children("guiju-wal")
        time.sleep(0.1)
    assert not re.search(" error .*checkpoint", server.log)
    server.reload()
    assert checkpointer(server) != pid


def test_a_killed_one_has_a_successor(serve, tmp_path):
    server = serve("--workers", "1")
    pid = checkpointer(server)
    os.kill(pid, signal.SIGKILL)
    server.wait_log("the process of checkpoints ended by signal 9")
    wait_for(lambda: server.children("guiju-wal") not in ([], [pid]),
             what="a successor")
    assert write_note(server, "later").status == 30
    wait_for(lambda: "later" in in_file(server, tmp_path), what="a checkpoint")


def test_a_log_past_its_bound_stops_writes(serve):
    """A program that reads an old state keeps the log from being emptied."""
    server = serve("--workers", "1")
    log = server.state / "portal.db-wal"
    with database(server) as db:
        db.execute("BEGIN")
        db.execute("SELECT count(*) FROM note").fetchone()
        assert write_note(server, "first").status == 30
        os.truncate(log, 257 * MIB)  # what SQLite would write takes longer
        assert write_note(server, "second").status == 40
        server.wait_log("the write-ahead log has 257 MiB")
        server.wait_log("the write-ahead log is too large")
        assert server.gemini("/").status == 20
        db.execute("ROLLBACK")
    wait_for(lambda: log.stat().st_size < 16 * MIB, what="a shorter log")
    assert write_note(server, "third").status == 30


def test_a_replica_leaves_the_log_alone(serve):
    server = serve("--workers", "1")
    assert checkpointer(server)
    assert server.stop() == 0
    copy = serve("--workers", "1", "--role", "replica", "--primary",
                 "gemini://portal.example/")
    assert copy.gemini("/").status == 20
    assert copy.children("guiju-wal") == []
