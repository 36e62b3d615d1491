# SPDX-License-Identifier: ISC
"""What surrounds the server at fault: other programs that hold the database,
file systems without room for a name, systems that give no process and no
memory."""

import os
import pwd
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time

import pathlib

import pytest

import conftest
from conftest import ROOT, Server, run_guiju, tls_connect, write_files
from test_faults import (check_sound, database, titles, wait_for, write_note)

RELEASE = ROOT / "build/release/guiju"


# --- others at the database ------------------------------------------------


@pytest.mark.parametrize(
    "seconds", [6, pytest.param(30, marks=pytest.mark.long)])
def test_a_long_lock_refuses_writes_not_reads(serve, seconds):
    """Reads go on; a write is refused within its 5 seconds and, tried again
    when the lock is gone, done once."""
    server = serve("--workers", "2")
    with database(server) as other:
        other.execute("BEGIN EXCLUSIVE")
        end = time.monotonic() + seconds
        refused = []
        while time.monotonic() < end:
            address = server.gemini("/").link("Write a note")
            answer = server.gemini(f"/{address}?n{len(refused)}")
            assert answer.status == 44 and answer.closed_cleanly
            refused.append(address)
            assert server.menu("")
        other.execute("ROLLBACK")
    assert titles(server) == ["Welcome"]
    for number, address in enumerate(refused):
        assert server.gemini(f"/{address}?n{number}").status == 30
    assert titles(server) == [
        "Welcome", *[f"n{n}" for n in range(len(refused))]]


def until_not_busy(server, path):
    while (answer := server.gemini(path)).status == 44:
        time.sleep(0.05)
    return answer


def test_many_writers_add_up(serve, capsule):
    """20 at once, of three workers and of another program."""
    write_files(capsule, {
        "schema/002_sum.sql": "CREATE TABLE sum (n INTEGER);\n"
                              "INSERT INTO sum VALUES (0);\n",
        "pages/sum/index.gmi": "=> {seal} Add\n",
        "pages/sum/[seal].gmi": "% do UPDATE sum SET n = n + 1 /* scan */\n% go /\n"})
    server = serve("--workers", "3")
    done, failures = [], []

    def add():
        try:
            for _ in range(5):
                page = until_not_busy(server, "/sum/")
                answer = until_not_busy(server, f"/sum/{page.link('Add')}")
                assert answer.status == 30, answer.header
                done.append(1)
        except Exception as error:
            failures.append(repr(error))

    def add_beside():
        with database(server) as db:
            for _ in range(20):
                db.execute("UPDATE sum SET n = n + 1")
                done.append(1)
                time.sleep(0.01)
        db.close()

    writers = [threading.Thread(target=add) for _ in range(19)]
    writers.append(threading.Thread(target=add_beside))
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failures, failures
    with database(server) as db:
        assert db.execute("SELECT n FROM sum").fetchone() == (len(done),)
    assert len(done) == 19 * 5 + 20


@pytest.mark.parametrize(
    "seconds", [3, pytest.param(60, marks=pytest.mark.long)])
def test_a_long_reader_lets_the_log_shrink_again(serve, seconds):
    """While it reads, the log can only grow; afterwards it shrinks."""
    server = serve("--workers", "2")
    log = pathlib.Path(f"{server.state}/portal.db-wal")
    with database(server) as other, database(server) as writer:
        other.execute("BEGIN")
        assert other.execute("SELECT count(*) FROM note").fetchone() == (1,)
        end = time.monotonic() + seconds
        written = 0
        while time.monotonic() < end:
            written += 1
            writer.execute("INSERT INTO note (title, body) VALUES (?, ?)",
                           [f"n{written}", "x" * 60000])
            if written % 20 == 0:
                assert write_note(server, f"by page {written}").status == 30
        assert other.execute("SELECT count(*) FROM note").fetchone() == (1,)
        grown = log.stat().st_size
        other.execute("COMMIT")
    assert grown > 4 * 1024 * 1024  # or this test has shown nothing
    # A checkpoint takes it all over, the next write begins the log anew.
    for n in range(3):
        assert write_note(server, f"after {n}").status == 30
        with database(server) as db:
            db.execute("PRAGMA wal_checkpoint(PASSIVE)")
    assert write_note(server, "last").status == 30
    assert log.stat().st_size <= 16 * 1024 * 1024 + 65536
    check_sound(server)


def test_slow_reader_holds_nothing(serve, capsule):
    """The database is done before the first byte goes out: while a reader
    takes none of a page's bytes, the log can be emptied."""
    write_files(capsule, {"pages/long.gmi":
                          "% one SELECT hex(zeroblob(100000)) AS x\n{x}\n"})
    server = serve("--workers", "1")
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", server.gopher_port))
        slow.sendall(b"/long\r\n")
        assert slow.recv(1)
        assert write_note(server, "x").status == 30
        with database(server) as db:
            busy, log, moved = db.execute(
                "PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            assert (busy, log, moved) == (0, 0, 0)


def test_slow_reader_of_a_file_holds_nothing(serve, capsule):
    """The same of a file of the database, which gets a place of its own: it
    comes whole, from a worker in its sandbox, and holds no transaction."""
    large = 4 * 1024 * 1024
    write_files(capsule, {
        "schema/002_file.sql":
            "CREATE TABLE kept_file (id INTEGER PRIMARY KEY, data BLOB);\n"
            f"INSERT INTO kept_file VALUES (1, randomblob({large}));\n",
        "pages/large.gmi":
            "% one SELECT 1 AS id\n% file kept_file.data id a/b\n"})
    server = serve("--workers", "1")
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", server.gopher_port))
        slow.sendall(b"/large\r\n")
        assert slow.recv(1)
        with database(server) as db:
            first = db.execute("SELECT data FROM kept_file").fetchone()[0]
            assert len(first) == large
            db.execute("UPDATE kept_file SET data = 'x'")
            db.commit()
            busy, log, moved = db.execute(
                "PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            assert (busy, log, moved) == (0, 0, 0)
            db.execute("UPDATE kept_file SET data = ?", (first,))
            db.commit()
    answer = server.gemini("/large")
    assert answer.header == "20 a/b"
    assert answer.body == first


# --- file systems ----------------------------------------------------------


@pytest.fixture
def few_names(tmp_path):
    """A file system with room for bytes, but for 40 names."""
    place = tmp_path / "names"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m,nr_inodes=40", "guiju",
         str(place)], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def forgotten(place):
    """Each inode of the file system has a name. The kernel keeps what a sandbox
    names for a moment after the last process of the sandbox has ended: that of
    the database's log, which has no name any more."""
    about = os.statvfs(place)
    named = 1 + sum(len(folders) + len(files)
                    for _, folders, files in os.walk(place))
    return about.f_files - about.f_ffree == named


def take_all_names(place):
    taken = []
    try:
        while True:
            name = place / f"name{time.monotonic_ns()}"
            name.touch()
            taken.append(name)
    except OSError:
        return taken


def give_up_log(server, taken):
    """Two processes that close the database at the same moment may each leave
    its log to the other; then the log keeps its names."""
    for _ in range(2):
        taken.pop().unlink()
    db = sqlite3.connect(server.state / "portal.db")
    db.execute("SELECT count(*) FROM note").fetchone()
    db.close()
    for tail in ("-wal", "-shm"):
        assert not pathlib.Path(f"{server.state}/portal.db{tail}").exists()


def serve_flags(server):
    return ["serve", "--gemini", "127.0.0.1:0", "--gopher", "off", "--state",
            server.state, "--certs", server.certs, "--log", "error",
            server.capsule]


def test_no_name_is_left(few_names, capsule):
    write_files(capsule, {"pages/counted/[name].gmi":
                          "% one SELECT tally_add(:name, 1) AS views\n"
                          "# Seen\n{views}\n"})
    server = Server(capsule, few_names, ["--workers", "2"])
    try:
        assert write_note(server, "first").status == 30
        workers = server.children()
        taken = take_all_names(few_names)
        assert server.gemini("/").status == 20
        assert server.gemini("/counted/new").status == 20  # not counted
        answer = write_note(server, "second")
        assert answer.status in (30, 40)
        assert server.children() == workers
        assert server.stop() == 0
        # Now its log has no name either, and all is looked at anew.
        give_up_log(server, taken)
        wait_for(lambda: forgotten(few_names), what="the end of the sandbox")
        (server.state / "checked").unlink(missing_ok=True)
        taken += take_all_names(few_names)
        done = run_guiju(*serve_flags(server))
        assert done.returncode in (1, 78) and done.stdout == ""
        assert "portal.db: does not open" in done.stderr, done.stderr
        for name in taken:
            name.unlink()
        again = Server(capsule, few_names, ["--workers", "1"])
        assert "first" in titles(again)
        assert ("second" in titles(again)) == (answer.status == 30)
        assert again.gemini("/counted/new").text.endswith("\n1\n")
        check_sound(again)
        assert again.stop() == 0
        again.check_sane()
    finally:
        server.stop()
    server.check_sane()


@pytest.fixture
def read_only(tmp_path):
    """Call it: from then on the folder of this test's state is read-only."""
    place = tmp_path / "readonly"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "guiju", str(place)],
                          capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("no file system can be mounted here")

    def remount(how="ro"):
        wait_for(lambda: forgotten(place), what="the end of the sandbox")
        subprocess.run(["mount", "-o", f"remount,{how}", str(place)],
                       check=True)

    yield place, remount
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_read_only_disk_is_told(read_only, capsule):
    """It says so and ends; nothing is lost."""
    place, remount = read_only
    server = Server(capsule, place, ["--workers", "1"])
    assert write_note(server, "first").status == 30
    assert server.stop() == 0
    remount()
    done = run_guiju(*serve_flags(server))
    assert done.returncode in (1, 78) and done.stdout == ""
    assert done.stderr.startswith("guiju: ") and \
        "Read-only" in done.stderr, done.stderr
    remount("rw")
    again = Server(capsule, place, ["--workers", "1"])
    assert titles(again) == ["Welcome", "first"]
    assert again.stop() == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another")
def test_a_database_nobody_may_open_is_told(new_capsule):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        shutil.copytree(new_capsule, folder / "capsule")
        flags = ["--workers", "1", "--user", "nobody"]
        server = Server(folder / "capsule", folder, flags)
        assert write_note(server, "first").status == 30
        assert server.stop() == 0
        path = server.state / "portal.db"
        path.chmod(0)
        done = run_guiju(*serve_flags(server)[:-1], "--user", "nobody",
                         server.capsule)
        assert done.returncode in (1, 78) and done.stdout == ""
        said = [line for line in done.stderr.splitlines()
                if line.startswith("guiju: ")]
        assert len(said) == 1 and "portal.db" in said[0], done.stderr
        assert path.stat().st_mode & 0o777 == 0
        path.chmod(0o640)
        server = Server(folder / "capsule", folder, flags)
        assert titles(server) == ["Welcome", "first"]
        assert server.stop() == 0
        assert pwd.getpwuid(path.stat().st_uid).pw_name == "nobody"


# --- the system's means ----------------------------------------------------


@pytest.mark.parametrize("fault", ["fork:1!", "fork:2!", "fork:3!"])
def test_no_process_is_to_be_had_at_the_start(serve, fault):
    server = serve("--workers", "1", env={"GUIJU_FAULT": fault}, wait=False)
    assert server.process.wait(30) == 1
    server.stop()
    said = [x for x in server.lines if x.startswith("guiju: ")]
    assert len(said) == 1 and "cannot start a " in said[0], server.log


def test_no_process_is_to_be_had_for_a_successor(serve):
    """It is tried again later; the other worker serves meanwhile."""
    server = serve("--workers", "2", env={"GUIJU_FAULT": "fork:6!"})
    wait_for(lambda: server.children("guiju-wal"), what="all processes")
    victim = server.children()[0]
    os.kill(victim, signal.SIGKILL)
    server.wait_log("run: cannot start a worker: ")
    for _ in range(5):
        assert server.gemini("/").status == 20
    wait_for(lambda: len(set(server.children()) - {victim}) == 2,
             what="a successor")
    assert server.gemini("/").status == 20


def address_space(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmSize:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmSize")


@pytest.mark.skipif(not RELEASE.exists(), reason="make all builds it")
def test_no_memory_is_to_be_had(serve, monkeypatch):
    """A worker that may take one more MiB lives, and serves when it may take
    more. (The release build: a sanitizer's has its own idea of memory.)"""
    monkeypatch.setattr(conftest, "GUIJU", RELEASE)
    server = serve("--workers", "1")
    worker = server.children()[0]
    assert write_note(server, "first").status == 30
    soft, hard = resource.prlimit(worker, resource.RLIMIT_AS)
    resource.prlimit(worker, resource.RLIMIT_AS,
                     (address_space(worker) + 2**20, hard))
    opened = []
    for n in range(60):
        try:
            opened.append(tls_connect(server.gemini_port))
            answer = server.gemini("/" if n % 2 else "/note/1")
            assert answer.status in (20, 40, 44)
        except OSError:
            pass  # no memory for its handshake
    for connection in opened:
        connection.close()
    resource.prlimit(worker, resource.RLIMIT_AS, (soft, hard))
    wait_for(lambda: server.gemini("/").status == 20, what="service")
    assert server.children() == [worker]
    assert write_note(server, "second").status == 30
    assert titles(server) == ["Welcome", "first", "second"]
