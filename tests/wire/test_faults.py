# SPDX-License-Identifier: ISC
"""The world at fault: locked, full, damaged, killed. Reading goes on, what
was confirmed is there, and what failed was refused with a sentence."""

import os
import pathlib
import re
import resource
import signal
import sqlite3
import threading
import time
import urllib.parse

import pytest

import limits
from conftest import Server, fill, run_guiju, write_files


def wait_for(condition, timeout=30, what="it"):
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if got := condition():
            return got
        time.sleep(0.02)
    raise AssertionError(f"{what} did not happen")


def write_note(server, text):
    """Follow a fresh link and answer its prompt: what comes of it."""
    address = server.gemini("/").link("Write a note")
    return server.gemini(f"/{address}?{urllib.parse.quote(text)}")


def database(server):
    return sqlite3.connect(server.state / "portal.db", timeout=30,
                           isolation_level=None)


def titles(server):
    with database(server) as db:
        return [row[0] for row in db.execute("SELECT title FROM note")]


def check_sound(server):
    with database(server) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


# --- locked ----------------------------------------------------------------


@pytest.mark.parametrize("lock", ["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"])
def test_a_lock_of_another_refuses_writes_alone(serve, lock):
    server = serve("--workers", "2")
    with database(server) as other:
        other.execute(lock)
        other.execute("INSERT INTO note (title, body) VALUES ('other', 'x')")
        for _ in range(5):
            answer = server.gemini("/")
            assert answer.status == 20 and "Welcome" in answer.text
            assert "other" not in answer.text
            assert server.menu("")
        address = server.gemini("/").link("Write a note")
        assert server.gemini(f"/{address}").status == 10  # as if alone
        busy = server.gemini(f"/{address}?mine")
        assert busy.status == 44 and busy.closed_cleanly
        assert re.fullmatch("[1-9][0-9]{0,3}", busy.meta)
        allowed = limits.LIMIT_WRITE_WAIT_MS / 1000
        took = [busy.seconds]
        while min(took) > 3 * allowed and len(took) < 20:
            took.append(server.gemini(f"/{address}?mine").seconds)
        assert 0.9 * allowed < min(took) <= 3 * allowed, took
        other.execute("ROLLBACK")
    assert titles(server) == ["Welcome"]
    # The very same address acts now: the seal was not used up.
    assert server.gemini(f"/{address}?mine").status == 30
    assert titles(server) == ["Welcome", "mine"]


def test_short_lock_is_waited_for(serve):
    server = serve("--workers", "1")
    with database(server) as other:
        other.execute("BEGIN IMMEDIATE")
        got = []
        writer = threading.Thread(
            target=lambda: got.append(write_note(server, "patient")))
        writer.start()
        time.sleep(0.2)
        other.execute("ROLLBACK")
        writer.join()
    assert got[0].status in (30, 44)  # 44 on a machine that is slow enough
    assert ("patient" in titles(server)) == (got[0].status == 30)


def test_opening_waits_for_a_short_lock(capsule, tmp_path):
    """As a process that opens or closes the database holds for a moment; the
    workers of a server all open it at once."""
    get = ["get", "--capsule", capsule, "--state", tmp_path / "var",
           "gemini://localhost/note/1"]
    assert run_guiju(*get).stdout.startswith("20 ")
    other = sqlite3.connect(tmp_path / "var/portal.db", isolation_level=None,
                            check_same_thread=False)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("UPDATE note SET body = body")

    def release():
        other.execute("ROLLBACK")
        other.close()

    threading.Timer(0.5, release).start()
    done = run_guiju(*get)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("20 ")


def test_other_process_writes_and_we_read(serve):
    server = serve("--workers", "2")
    for n in range(20):
        with database(server) as other:
            other.execute("INSERT INTO note (title, body) VALUES (?, '')",
                          [f"row {n}"])
        assert f"row {n}" in server.gemini("/").text


def test_a_backup_while_it_serves_is_whole(serve, tmp_path):
    server = serve("--workers", "2")
    assert write_note(server, "before").status == 30
    copy = sqlite3.connect(tmp_path / "copy.db")
    with database(server) as db:
        db.backup(copy)
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert copy.execute("SELECT count(*) FROM note").fetchone() == (2,)
    copy.close()


# --- damaged ---------------------------------------------------------------


def spoil(path, how):
    data = path.read_bytes()
    if how == "empty":
        path.write_bytes(b"")
    elif how == "garbage":
        path.write_bytes(os.urandom(8192))
    elif how == "text":
        path.write_text("not a database\n" * 100)
    elif how == "cut":
        path.write_bytes(data[:5000])
    elif how == "torn":
        path.write_bytes(data[:8192] + b"\xff" * (len(data) - 8192))
    elif how == "somebody's":
        path.unlink()
        with sqlite3.connect(path) as db:
            db.execute("CREATE TABLE mine (x)")
        db.close()
    elif how == "newer":
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA user_version = 99")
        db.close()


@pytest.mark.parametrize("how", ["empty", "garbage", "text", "cut", "torn",
                                 "somebody's", "newer"])
def test_damaged_database_is_not_served(serve, capsule, how):
    server = serve("--workers", "1")
    assert write_note(server, "x").status == 30
    assert server.stop() == 0
    path = server.state / "portal.db"
    for tail in ("-wal", "-shm"):
        pathlib.Path(f"{path}{tail}").unlink(missing_ok=True)
    spoil(path, how)
    before = path.read_bytes()
    done = run_guiju("serve", "--gemini", "127.0.0.1:0", "--gopher", "off",
                     "--state", server.state, "--certs", server.certs,
                     "--log", "error", capsule)
    assert done.returncode == 78
    assert done.stdout == ""
    said = [line for line in done.stderr.splitlines()
            if line.startswith("guiju: ")]
    assert len(said) == 1 and "portal.db" in said[0], done.stderr
    assert path.read_bytes() == before  # whoever mends it finds it as it was
    assert "Sanitizer" not in done.stderr


def test_database_removed_while_stopped_is_made_anew(serve):
    server = serve("--workers", "1")
    assert write_note(server, "x").status == 30
    assert server.stop() == 0
    (server.state / "portal.db").unlink()
    again = serve("--workers", "1")
    assert titles(again) == ["Welcome"]
    assert again.gemini("/").status == 20


def check_writes_are_refused(server):
    """Written to a file without a name, a note would be lost at the end."""
    for n in range(3):
        answer = write_note(server, f"lost {n}")
        assert answer.status == 40 and answer.closed_cleanly
        assert "first" in server.gemini("/").text
        assert server.menu("")
    assert "lost" not in server.gemini("/").text
    server.wait_log("the database's file is gone")


def test_a_database_removed_takes_no_writes(serve):
    server = serve("--workers", "2")
    assert write_note(server, "first").status == 30
    workers = server.children()
    path = server.state / "portal.db"
    aside = path.with_name("aside")
    path.rename(aside)
    check_writes_are_refused(server)
    aside.rename(path)  # somebody saw what he had done
    assert write_note(server, "second").status == 30
    assert titles(server) == ["Welcome", "first", "second"]
    assert server.children() == workers


def test_a_database_replaced_takes_no_writes(serve, tmp_path):
    server = serve("--workers", "1")
    assert write_note(server, "first").status == 30
    path = server.state / "portal.db"
    backup = sqlite3.connect(tmp_path / "backup.db")
    with database(server) as db:
        db.backup(backup)
    db.close()
    backup.close()
    os.replace(tmp_path / "backup.db", path)
    check_writes_are_refused(server)


@pytest.mark.parametrize("seed", range(8))
def test_flipped_bytes_end_no_worker(serve, seed):
    """Damage that the start does not see: any answer, but an answer."""
    server = serve("--workers", "1")
    workers = server.children()
    with database(server) as db:  # so that there is something to spoil
        db.executemany("INSERT INTO note (title, body) VALUES (?, ?)",
                       [(f"note {n}", "text " * 100) for n in range(300)])
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    path = server.state / "portal.db"
    size = path.stat().st_size
    with open(path, "r+b") as file:
        for n in range(40):
            file.seek(100 + (seed * 7919 + n * 104729) % (size - 100))
            file.write(bytes([(seed * 31 + n * 17) % 256]))
    for n in range(1, 40):
        answer = server.gemini(f"/note/{n * 7}")
        assert answer.status in (20, 40, 51) and answer.closed_cleanly
        assert server.gemini("/").status in (20, 40)
    assert server.gopher("/hello.txt").startswith(b"Hello")
    assert server.children() == workers


# --- full ------------------------------------------------------------------


COUNTED = {"counted/[id].gmi":
           "% one SELECT tally_add('seen', :id) AS views\n# Seen\n{views}\n"}


def check_full_disk(server, free):
    """The disk is full; free() makes room."""
    refused = 0
    for n in range(4):
        answer = write_note(server, f"lost {n} " + "x" * 600)
        if answer.status != 30:
            refused += 1
            assert answer.status in (40, 44) and answer.closed_cleanly
            assert answer.meta
        else:
            assert f"lost {n}" in "".join(titles(server))
    assert refused > 0  # or this test has shown nothing
    for n in range(5):
        answer = server.gemini("/")
        assert answer.status == 20 and "Welcome" in answer.text
        assert server.gemini(f"/counted/{n}").status == 20
        assert server.menu("")
    free()
    assert wait_for(lambda: write_note(server, "after").status == 30)
    assert "after" in titles(server)
    assert server.gemini("/counted/1").status == 20
    check_sound(server)


def test_a_full_disk_stops_writes_alone(small_disk, capsule):
    write_files(capsule / "pages", COUNTED)
    server = Server(capsule, small_disk, ["--workers", "2"])
    try:
        assert write_note(server, "first").status == 30
        workers = server.children()
        fill(small_disk)
        check_full_disk(server, (small_disk / "filler").unlink)
        assert "first" in titles(server)
        assert server.children() == workers
    finally:
        server.stop()
    server.check_sane()


def test_a_full_disk_at_the_start_leaves_no_half_file(small_disk, capsule):
    fill(small_disk)
    done = run_guiju("serve", "--gemini", "127.0.0.1:0", "--gopher", "off",
                     "--state", small_disk, "--certs", small_disk,
                     "--log", "error", capsule)
    assert done.returncode in (1, 78) and done.stdout == ""
    assert done.stderr.startswith("guiju: ") and "Sanitizer" not in done.stderr
    # Half of a key or of a database would be worse than none.
    assert not list(small_disk.glob("*.pem"))
    assert not (small_disk / "portal.db").exists()
    (small_disk / "filler").unlink()
    server = Server(capsule, small_disk, ["--workers", "1"])
    try:
        assert server.gemini("/").status == 20
    finally:
        server.stop()


def test_files_that_may_not_grow_stop_writes_alone(serve, capsule):
    """As a full disk, but each write is a signal, too."""
    write_files(capsule / "pages", COUNTED)
    server = serve("--workers", "2")
    assert write_note(server, "first").status == 30
    workers = server.children()
    limit = resource.RLIMIT_FSIZE
    for pid in workers:
        _, hard = resource.prlimit(pid, limit)
        resource.prlimit(pid, limit, (0, hard))

    def free():
        for pid in workers:
            resource.prlimit(pid, limit, (resource.RLIM_INFINITY, hard))

    check_full_disk(server, free)
    assert server.children() == workers


# --- killed ----------------------------------------------------------------


def test_a_worker_killed_under_load_cuts_its_own(serve):
    """What one worker had in hand is cut; nobody else notices."""
    server = serve("--workers", "3")
    whole, cut, wrong = [], [], []
    over = threading.Event()

    def read():
        while not over.is_set():
            try:
                answer = server.gemini("/")
            except (OSError, AssertionError) as error:
                cut.append(repr(error))
                continue
            if not answer.closed_cleanly:
                cut.append("no end")
            elif answer.status == 20 and answer.text.endswith("A file\n"):
                whole.append(1)
            else:
                wrong.append(answer.raw[:200])

    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    kills = 0
    while kills < 5:
        before = server.children()
        os.kill(before[0], signal.SIGKILL)
        kills += 1
        wait_for(lambda: len(set(server.children()) - {before[0]}) == 3,
                 what="a successor")
    reached = len(whole)
    wait_for(lambda: len(whole) > reached + 20, what="service")
    over.set()
    for reader in readers:
        reader.join()
    assert not wrong, wrong[:3]
    # A worker holds what its clients have sent: one each, at most.
    assert len(cut) <= kills * 6, cut


def test_killed_workers_lose_no_confirmed_note(serve):
    """Every note that was confirmed is there, and none twice."""
    server = serve("--workers", "2")
    confirmed = []
    for life in range(3):  # each death makes the next pause longer
        for n in range(8):
            text = f"note {life} {n}"
            answer = write_note(server, text)
            assert answer.status == 30
            confirmed.append(text)
        victims = server.children()
        stop = threading.Event()

        def write_on():
            while not stop.is_set():
                try:
                    text = f"load {life} {time.monotonic_ns()}"
                    if write_note(server, text).status == 30:
                        confirmed.append(text)
                except (OSError, AssertionError):
                    pass

        writer = threading.Thread(target=write_on)
        writer.start()
        time.sleep(0.1)
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: len(set(server.children()) - set(victims)) == 2,
                 what="successors")
        stop.set()
        writer.join()
    stored = titles(server)
    assert not set(confirmed) - set(stored)
    assert len(stored) == len(set(stored))
    check_sound(server)


def test_a_killed_server_loses_no_confirmed_note(serve):
    """Parent and workers at once, as when the power fails: the next start
    has all that was confirmed."""
    server = serve("--workers", "2")
    confirmed = []
    for life in range(3):
        for n in range(5):
            assert write_note(server, f"note {life} {n}").status == 30
            confirmed.append(f"note {life} {n}")
        for pid in [server.pid, *server.children()]:
            os.kill(pid, signal.SIGKILL)
        server.process.wait(10)
        server = serve("--workers", "2")
        assert set(confirmed) <= set(titles(server))
    check_sound(server)


# --- counted ---------------------------------------------------------------


def seen(server, number):
    """Count a view; the number that the page shows of it."""
    answer = server.gemini(f"/counted/{number}")
    assert answer.status == 20
    return int(answer.text.split("\n")[1])


def test_tallies_of_many_workers_add_up(serve, capsule):
    write_files(capsule / "pages", COUNTED)
    server = serve("--workers", "3")
    shown, failures = [], []

    def read():
        try:
            for _ in range(25):
                shown.append(seen(server, 1))
        except Exception as error:
            failures.append(repr(error))

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert not failures, failures
    assert sorted(shown) == list(range(1, 201))  # each number once
    assert server.stop() == 0
    with database(server) as db:
        assert db.execute("SELECT n FROM guiju_tally WHERE name = 'seen' AND "
                          "id = 1").fetchone() == (200,)
    assert seen(serve("--workers", "1"), 1) == 201


def test_tallies_survive_killed_workers(serve, capsule):
    write_files(capsule / "pages", COUNTED)
    server = serve("--workers", "2")
    count = 0
    for _ in range(3):
        for _ in range(15):
            count += 1
            assert seen(server, 7) == count
        victims = server.children()
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: len(set(server.children()) - set(victims)) == 2,
                 what="successors")
    for pid in [server.pid, *server.children()]:  # and then everything
        os.kill(pid, signal.SIGKILL)
    server.process.wait(10)
    server = serve("--workers", "2")
    assert seen(server, 7) == count + 1
    assert server.stop() == 0
    with database(server) as db:
        assert db.execute("SELECT n FROM guiju_tally WHERE name = 'seen' AND "
                          "id = 7").fetchone() == (count + 1,)


def test_killed_workers_lose_no_shown_tally(serve, capsule):
    """No view is counted twice, none that was shown is lost."""
    write_files(capsule / "pages", COUNTED)
    server = serve("--workers", "3")
    shown, attempts = [], []
    over = threading.Event()

    def read():
        while not over.is_set():
            attempts.append(1)
            try:
                shown.append(seen(server, 3))
            except (OSError, AssertionError):
                pass

    readers = [threading.Thread(target=read) for _ in range(5)]
    for reader in readers:
        reader.start()
    for _ in range(4):
        victim = server.children()[0]
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: len(set(server.children()) - {victim}) == 3,
                 what="a successor")
        time.sleep(0.1)
    over.set()
    for reader in readers:
        reader.join()
    assert len(shown) == len(set(shown))
    assert len(shown) <= max(shown) <= len(attempts)
    last = max(shown)
    assert server.stop() == 0
    assert last < seen(serve("--workers", "1"), 3) <= len(attempts) + 1


def test_tallies_are_counted_on_while_it_is_locked(serve, capsule):
    """They are counted on, and stored when it is free."""
    write_files(capsule / "pages", COUNTED)
    server = serve("--workers", "1")
    with database(server) as other:
        other.execute("BEGIN IMMEDIATE")
        for n in range(1, 11):
            assert seen(server, 5) == n
        time.sleep(5.5)  # an attempt to fold them has come to nothing
        assert seen(server, 5) == 11
        other.execute("ROLLBACK")
    assert server.stop() == 0
    with database(server) as db:
        assert db.execute("SELECT n FROM guiju_tally WHERE name = 'seen' AND "
                          "id = 5").fetchone() == (11,)


@pytest.mark.parametrize("how", ["empty", "garbage", "short"])
def test_damaged_tally_is_made_anew(serve, capsule, how):
    """From what the table knows."""
    write_files(capsule / "pages", COUNTED)
    server = serve("--workers", "1")
    assert [seen(server, 1) for _ in range(3)] == [1, 2, 3]
    assert server.stop() == 0
    path = server.state / "tally/seen.tally"
    data = path.read_bytes()
    path.write_bytes({"empty": b"", "garbage": os.urandom(len(data)),
                      "short": data[:5000]}[how])
    server = serve("--workers", "1")
    assert seen(server, 1) == 4


def test_tallies_of_an_older_version_are_moved(serve, capsule):
    """From beside the database, where workers may make no file: a count that
    the table does not know stays, and a link is not followed."""
    write_files(capsule / "pages", COUNTED)
    server = serve("--workers", "1")
    assert [seen(server, 1) for _ in range(3)] == [1, 2, 3]
    assert server.stop() == 0
    state = server.state
    with database(server) as db:
        db.execute("UPDATE guiju_tally SET n = 1")
    (state / "tally/seen.tally").rename(state / "seen.tally")
    (state / "tally/tally.lock").rename(state / "tally.lock")
    (state / "tally").rmdir()
    (state / "other.tally").symlink_to("portal.db")
    server = serve("--workers", "2")
    assert [seen(server, 1) for _ in range(2)] == [4, 5]
    assert (state / "tally/seen.tally").exists()
    assert not (state / "seen.tally").exists()
    assert not (state / "tally.lock").exists()
    assert (state / "other.tally").is_symlink()
    assert server.stop() == 0
    with database(server) as db:
        assert db.execute("SELECT n FROM guiju_tally WHERE name = 'seen' AND "
                          "id = 1").fetchone() == (5,)


def test_reload_makes_no_database_anew(serve, tmp_path):
    """A database that is gone is not silently replaced by an empty one."""
    server = serve()
    database = server.state / "portal.db"
    database.rename(tmp_path / "elsewhere.db")
    server.reload(expect="is gone")
    assert not database.exists()
    assert server.gemini("/").status == 20
    (tmp_path / "elsewhere.db").rename(database)
    server.reload()
    assert server.gemini("/").status == 20
