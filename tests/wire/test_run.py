# SPDX-License-Identifier: ISC
"""Processes: starting, stopping, dying, reloading. Each test has a server of
its own, so that what one does to it is nobody else's matter."""

import base64
import hashlib
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import ssl
import sqlite3
import subprocess
import tempfile
import threading
import time

import pytest

import limits
from conftest import (GUIJU, Server, gemini_raw, gopher_raw, make_capsule, menu,
                      run_guiju, tls_connect)
from crowd import in_time


def wait_for(condition, timeout=15, what="it"):
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if got := condition():
            return got
        time.sleep(0.02)
    raise AssertionError(f"{what} did not happen")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# --- starting --------------------------------------------------------------


def test_new_capsule_serves_at_once(serve):
    server = serve("--workers", "2")
    answer = server.gemini("/")
    assert answer.status == 20
    assert answer.meta.startswith("text/gemini")
    assert "# A notice board" in answer.text
    assert "Welcome" in answer.text
    assert answer.closed_cleanly
    assert server.gemini("/hello.txt").text.startswith("Hello.")
    assert any("Welcome" in item.text for item in server.menu(""))


def test_ready_line_is_one_and_true(serve):
    server = serve("--workers", "3")
    assert re.fullmatch(
        r"ready gemini://localhost:\d+/ gopher://localhost:\d+/",
        server.ready)
    assert len(server.children()) == 3
    server.gemini("/")
    assert server.stop() == 0
    assert server.process.stdout.closed


def test_without_gopher_nothing_names_it(serve):
    server = serve("--gemini", "127.0.0.1:0", "--gopher", "off",
                   addresses=False)
    assert re.fullmatch(r"ready gemini://localhost:\d+/", server.ready)
    assert "gopher://" not in server.gemini("/").text


def test_both_families_have_one_port(serve):
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    server = serve("--gemini", "0", "--gopher", "0", addresses=False)
    if "no IPv6 here" in server.log:
        assert server.log.count("no IPv6 here") == 2
        return
    for host in ("127.0.0.1", "::1"):
        request = f"{server.url()}\r\n".encode()
        assert gemini_raw(server.gemini_port, request, host=host).status == 20
        assert menu(gopher_raw(server.gopher_port, b"\r\n", host=host))


def test_public_ports_stand_in_addresses(serve):
    server = serve("--public-gemini", "1965", "--public-gopher", "70",
                   wait=False)
    out = server.process.stdout.readline().decode()
    assert out == "ready gemini://localhost/ gopher://localhost/\n"
    gopher = int(re.search(r"gopher on 127\.0\.0\.1:(\d+)", server.log)[1])
    ports = {item.port for item in menu(gopher_raw(gopher, b"\r\n"))
             if item.type in "01"}
    assert ports == {"70"}


def serving_workers(state):
    """Their process ids: a rehearsal is a child as well, and is gone soon."""
    done = run_guiju("status", "--json", "--state", state)
    workers = json.loads(done.stdout)["workers"] if done.returncode == 0 else []
    return [each["pid"] for each in workers if each["state"] == "serving"]


def test_no_file_takes_a_closed_standard_number(capsule, tmp_path):
    """Started with 0 to 2 closed, no file of ours may take their numbers.
    (In its sandbox no process shows its descriptors to its own user.)"""
    command = (f"exec '{GUIJU}' serve --gemini 127.0.0.1:0 --gopher off "
               f"--state '{tmp_path}/var' --certs '{tmp_path}/certs' "
               f"--workers 1 --sandbox off '{capsule}' <&- >&- 2>&-")
    with subprocess.Popen(["sh", "-c", command]) as process:
        try:
            worker = wait_for(lambda: serving_workers(tmp_path / "var"),
                              what="a worker")[0]
            for pid, own in ((process.pid, 3), (worker, 2)):
                for number in range(own):
                    assert os.readlink(f"/proc/{pid}/fd/{number}") == \
                        "/dev/null"
            assert os.readlink(f"/proc/{worker}/fd/2").startswith("socket:")
            process.terminate()
            assert process.wait(15) == 0
        finally:
            process.kill()


def test_second_instance_is_refused(serve, capsule, tmp_path):
    server = serve()
    done = run_guiju("serve", "--state", server.state, "--certs",
                     server.certs, "--gemini", "127.0.0.1:0", "--gopher",
                     "off", capsule)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (f"guiju: serve: another guiju (process {server.pid}) "
                           f"serves from {server.state}\n")
    assert server.gemini("/").status == 20


def test_a_port_in_use_is_told_in_one_line(serve, capsule, tmp_path):
    server = serve()
    (tmp_path / "other").mkdir()
    done = run_guiju("serve", "--state", tmp_path / "other/var", "--certs",
                     server.certs, "--gemini",
                     f"127.0.0.1:{server.gemini_port}", "--gopher", "off",
                     "--log", "error", capsule)
    assert done.returncode == 1
    assert done.stderr == ("guiju: serve: cannot listen for gemini on 127.0.0.1:"
                           f"{server.gemini_port}: Address already in use\n")


@pytest.mark.parametrize("arguments, status, said", [
    (["--wrokers", "2", "CAPSULE"], 2,
     "guiju: serve: unknown flag --wrokers, did you mean --workers?; see "
     "`guiju serve --help`"),
    (["--workers", "0", "CAPSULE"], 2,
     "guiju: serve: --workers: expected a whole number of processes from 1 to 64, "
     "or auto"),
    (["--gemini", "localhost:1965", "CAPSULE"], 2,
     "guiju: serve: --gemini: \"localhost:1965\" is not an address to listen "
     "on: write 127.0.0.1:1965, [::1]:1965, or a port alone for all addresses"),
    ([], 2, "guiju: serve: CAPSULE is missing; see `guiju serve --help`"),
    (["/nonexistent"], 2,
     "guiju: serve: capsule /nonexistent: No such file or directory"),
])
def test_a_wrong_command_line_makes_nothing(capsule, tmp_path, arguments,
                                            status, said):
    arguments = [str(capsule) if a == "CAPSULE" else a for a in arguments]
    done = run_guiju("serve", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (status, said + "\n")
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("file, text, said", [
    ("capsule.ini", "[capsule]\nhots = x\n",
     r"capsule\.ini:2: unknown key hots in \[capsule\], did you mean host\?"),
    ("pages/index.gmi", "# Hello\n{nothing}\n", r"pages/index\.gmi:2: .+"),
    ("schema/002_bad.sql", "CREATE TABLE;\n", r".*002_bad\.sql:1: .+"),
])
def test_a_wrong_capsule_is_refused_in_one_line(capsule, tmp_path, file, text,
                                                said):
    write(capsule / file, text)
    done = run_guiju("serve", "--gemini", "127.0.0.1:0", "--gopher", "off",
                     "--log", "error", capsule, cwd=tmp_path)
    assert done.returncode == 78
    assert done.stdout == ""
    assert re.search(f"^guiju: serve: {said}$", done.stderr, re.M), done.stderr


def test_a_file_that_is_no_database_is_refused(serve, tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var/portal.db").write_bytes(b"not a database" * 100)
    server = serve(wait=False)
    assert server.process.wait(30) == 78
    server.stop()
    assert len([x for x in server.lines if x.startswith("guiju:")]) == 1


# --- what was checked before -----------------------------------------------

AS_BEFORE = "all is as it was checked before"


def test_a_start_after_a_stop_checks_nothing_again(serve):
    for expected in (False, True, True):
        server = serve("--workers", "1")
        assert server.gemini("/").status == 20
        assert (AS_BEFORE in server.log) == expected
        assert server.stop() == 0


def change_a_page(capsule, _state):
    write(capsule / "pages/index.gmi", "# Changed\n")


def add_a_static_file(capsule, _state):
    write(capsule / "static/new.txt", "new")


def change_the_database(_capsule, state):
    with sqlite3.connect(state / "portal.db") as db:
        db.execute("CREATE TABLE another (x)")
    db.close()


def replace_the_database(_capsule, state):
    shutil.copy2(state / "portal.db", state / "copy")
    (state / "copy").rename(state / "portal.db")


def leave_a_log(_capsule, state):
    (state / "portal.db-wal").write_bytes(b"")


def forge_the_note(_capsule, state):
    (state / "checked").write_bytes(b"\0" * 100000)


def turn_the_note_into_a_link(_capsule, state):
    (state / "checked").rename(state / "elsewhere")
    (state / "checked").symlink_to("elsewhere")


@pytest.mark.parametrize("change", [
    change_a_page, add_a_static_file, change_the_database,
    replace_the_database, leave_a_log, forge_the_note,
    turn_the_note_into_a_link])
def test_what_has_changed_is_checked(serve, capsule, change):
    server = serve("--workers", "1")
    assert server.stop() == 0
    assert (server.state / "checked").exists()
    change(capsule, server.state)
    server = serve("--workers", "1")
    assert server.gemini("/").status == 20
    assert AS_BEFORE not in server.log
    assert server.stop() == 0
    if change is turn_the_note_into_a_link:
        assert (server.state / "elsewhere").exists()


def test_a_crash_leaves_no_start_cache(serve):
    """Nor the one of the good stop before."""
    server = serve("--workers", "1")
    assert server.stop() == 0
    assert (server.state / "checked").exists()
    server = serve("--workers", "1")
    assert AS_BEFORE in server.log
    server.kill()
    server = serve("--workers", "1")
    assert AS_BEFORE not in server.log


def test_a_dead_worker_leaves_no_start_cache(serve):
    server = serve("--workers", "1")
    victim, = server.children()
    os.kill(victim, signal.SIGKILL)
    server.wait_log(f"worker {victim} ended by signal 9")
    assert server.gemini("/").status == 20
    assert server.stop() == 0
    assert not (server.state / "checked").exists()


def test_a_failure_leaves_no_start_cache(serve, capsule):
    write(capsule / "pages/broken.gmi", "% fail broken Out of order\n")
    server = serve("--workers", "1")
    assert server.gemini("/broken").status == 40
    assert server.stop() == 0
    assert not (server.state / "checked").exists()


def test_a_broken_page_is_found_after_a_good_stop(serve, capsule):
    assert serve("--workers", "1").stop() == 0
    write(capsule / "pages/index.gmi", "% one SELECT nothing FROM nowhere\n")
    server = serve("--workers", "1", wait=False)
    assert server.process.wait(30) == 78


# --- stopping --------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_ends_each_worker(serve, number):
    server = serve("--workers", "2")
    workers = server.children()
    began = time.monotonic()
    assert server.stop(number) == 0
    assert time.monotonic() - began < 10
    for pid in workers:
        assert not pathlib.Path(f"/proc/{pid}").exists()


def test_stop_finishes_what_was_begun(serve):
    """A connection whose request is on its way is answered."""
    def attempt():
        server = serve("--workers", "1")
        try:
            with tls_connect(server.gemini_port) as connection:
                connection.sendall(f"{server.url()}".encode())
                time.sleep(0.2)
                server.send_signal(signal.SIGTERM)
                time.sleep(0.3)
                connection.sendall(b"\r\n")
                assert connection.recv(100).startswith(b"20 ")
        finally:
            status = server.stop()
        assert status == 0

    in_time(attempt)


def test_stop_does_not_wait_for_ever(serve):
    server = serve("--workers", "1")
    with tls_connect(server.gemini_port) as connection:
        connection.sendall(b"gemini://")
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 10


def test_workers_end_when_the_parent_is_killed(serve):
    server = serve("--workers", "2")
    workers = server.children()
    server.process.kill()
    server.process.wait(10)
    wait_for(lambda: not any(pathlib.Path(f"/proc/{pid}").exists()
                             for pid in workers), what="their end")


def test_a_stop_ends_a_server_that_starts(serve):
    server = serve("--workers", "2", wait=False)
    wait_for(lambda: "gemini on" in server.log, what="a socket")
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 10


def test_stop_waits_for_nobody_who_asks_nothing(serve):
    """Silent connections, with and without TLS, are not "cut short"."""
    server = serve("--workers", "1")
    silent = [socket.create_connection(("127.0.0.1", port))
              for port in (server.gemini_port, server.gopher_port)]
    silent.append(tls_connect(server.gemini_port))
    assert server.gemini("/").status == 20  # all have been accepted
    began = time.monotonic()
    assert server.stop() == 0
    # A request that is on its way has so long; it is not a request's time.
    seconds = time.monotonic() - began
    assert limits.LIMIT_IDLE_MS < 1000 * seconds + 100
    assert 1000 * seconds < limits.LIMIT_REQUEST_MS
    assert "cut short" not in server.log
    for connection in silent:
        connection.close()


def handles(pid, mask, number):
    """Is this signal in SigBlk or SigCgt of a process?"""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"^{mask}:\t(\w+)$", status, re.M)[1], 16) \
        >> (number - 1) & 1


def test_hangup_while_starting_is_a_reload(serve):
    """From the program's first steps on; it may come with all of a
    terminal's or a service manager's impatience."""
    server = serve("--workers", "1", wait=False)
    wait_for(lambda: handles(server.pid, "SigBlk", signal.SIGHUP) or
             handles(server.pid, "SigCgt", signal.SIGHUP), what="a handler")
    for _ in range(50):
        server.send_signal(signal.SIGHUP)
    server.wait_ready()
    server.wait_log("run: reloaded")
    assert server.gemini("/").status == 20


def test_signals_that_the_caller_blocked_are_taken(serve):
    """They are taken all the same, those that came before included."""
    def block():
        signal.pthread_sigmask(signal.SIG_BLOCK,
                               {signal.SIGHUP, signal.SIGTERM})

    server = serve("--workers", "1", wait=False, preexec_fn=block)
    server.send_signal(signal.SIGHUP)
    server.wait_ready()
    server.wait_log("run: reloaded")
    assert server.stop() == 0


# --- dying -----------------------------------------------------------------


def test_killed_worker_is_followed_within_a_second(serve):
    server = serve("--workers", "2")
    victim, other = server.children()
    os.kill(victim, signal.SIGKILL)
    for _ in range(5):  # the other serves on
        assert server.gemini("/").status == 20
    wait_for(lambda: len(set(server.children()) - {victim}) == 2,
             what="a new worker")
    line = server.wait_log(f"worker {victim} ended by signal 9; the next in")
    assert line.endswith("in 0 s")
    assert other in server.children()


def test_the_only_worker_killed_loses_no_listener(serve):
    server = serve("--workers", "1")
    os.kill(server.children()[0], signal.SIGKILL)
    assert server.gemini("/").status == 20  # it waited in the backlog


def test_crash_loop_backs_off(serve):
    server = serve("--workers", "1")
    for wait in (0, 1, 2):
        worker = wait_for(server.children, what="a worker")[0]
        os.kill(worker, signal.SIGKILL)
        line = server.wait_log(f"worker {worker} ended by signal 9")
        assert line.endswith(f"in {wait} s")
    assert server.children() == []
    server.wait_log("ended by signal 9; the next in 2 s")
    began = time.monotonic()
    wait_for(server.children, what="the next worker")
    assert time.monotonic() - began > 1
    assert server.gemini("/").status == 20


def test_stopped_worker_is_not_dead(serve):
    server = serve("--workers", "2")
    before = server.children()
    os.kill(before[0], signal.SIGSTOP)
    server.send_signal(signal.SIGCHLD)  # the parent looks who has ended ...
    server.send_signal(signal.SIGUSR1)
    server.wait_log("the log is standard error")  # ... and says this after it
    assert server.children() == before
    assert "ended" not in server.log
    os.kill(before[0], signal.SIGCONT)
    for _ in range(4):
        assert server.gemini("/").status == 20


# --- reloading -------------------------------------------------------------


def test_reload_serves_the_new_page(serve, capsule):
    server = serve("--workers", "2")
    before = set(server.children())
    write(capsule / "pages/new.gmi", "# A new page\n")
    assert server.gemini("/new").status == 51
    assert "reloaded" in server.reload()
    assert server.gemini("/new").text == "# A new page\n"
    wait_for(lambda: not before & set(server.children()),
             what="the end of the old workers")
    assert len(server.children()) == 2


def test_a_worker_shows_times_of_its_zone(serve, capsule):
    """In its sandbox, where no file of the tz database can be read."""
    def offset():
        return server.gemini("/offset").text

    write(capsule / "pages/offset.gmi",
          "% one SELECT substr(local_stamp(0), 20) AS offset\n{offset}\n")
    write(capsule / "capsule.ini", "[capsule]\nzone = Asia/Shanghai\n")
    server = serve("--workers", "1")
    assert offset() == "+08:00\n"
    write(capsule / "capsule.ini", "[capsule]\nzone = Asia/Tehrann\n")
    assert "not reloaded" in server.reload()
    assert "did you mean Asia/Tehran?" in server.log
    assert offset() == "+08:00\n"
    write(capsule / "capsule.ini", "[capsule]\nzone = Asia/Tehran\n")
    assert "run: reloaded" in server.reload()
    assert offset() == "+03:30\n"


@pytest.mark.parametrize("file, text, said", [
    ("pages/index.gmi", "# Bad\n{nothing}\n", r"pages/index\.gmi:2: "),
    ("pages/other.gmi", "% oen SELECT 1\n", r"pages/other\.gmi:1: "),
    ("capsule.ini", "[serve]\nworkers = lots\n", r"capsule\.ini:2: workers"),
    ("schema/002_bad.sql", "DROP TABLE note;\nCREATE TABEL x;\n",
     r"002_bad\.sql:2: "),
    ("schema/002_drop.sql", "DROP TABLE note;\n", r"pages/index\.gmi:16: "),
    ("schema/003_gap.sql", "CREATE TABLE x (y INTEGER);\n", r"003_gap"),
])
def test_bad_reload_changes_nothing(serve, capsule, file, text, said):
    server = serve("--workers", "2")
    before = server.children()
    assert "Welcome" in server.gemini("/").text
    write(capsule / file, text)
    assert "not reloaded" in server.reload()
    assert re.search(said, server.log), server.log
    assert server.children() == before
    assert "Welcome" in server.gemini("/").text
    assert not (server.state / "rehearsal").exists()


def test_a_good_reload_follows_a_bad_one(serve, capsule):
    server = serve("--workers", "1")
    write(capsule / "pages/index.gmi", "{nothing}\n")
    assert "not reloaded" in server.reload()
    write(capsule / "pages/index.gmi", "# Good\n")
    assert "run: reloaded" in server.reload()
    assert server.gemini("/").text == "# Good\n"


def test_slow_pages_are_served(serve, capsule):
    slow = "% one SELECT count(*) AS n FROM note\n# {n} in all\n"
    write(capsule / "pages/slow.gmi", slow)
    server = serve("--workers", "1")
    assert server.log.count("may be slow") == 1
    assert "run: 1 place in the pages may be slow; `guiju check " in server.log
    assert server.gemini("/slow").text == "# 1 in all\n"
    write(capsule / "pages/as.gmi", slow)
    after = len(server.lines)
    assert "run: reloaded" in server.reload()
    assert server.gemini("/as").text == "# 1 in all\n"
    told = [line for line in server.lines[after:] if "may be slow" in line]
    assert len(told) == 1 and "run: 2 places in the pages" in told[0]
    assert "SCAN" not in server.log and "whole table" not in server.log


def test_dev_serves_slow_pages(serve, capsule):
    write(capsule / "pages/slow.gmi",
          "% one SELECT count(*) AS n FROM note\n# {n} in all\n")
    server = serve("--workers", "1", "--dev")
    assert server.gemini("/slow").text == "# 1 in all\n"
    assert server.log.count("may be slow") == 1


def test_reload_migrates(serve, capsule):
    server = serve("--workers", "1")
    write(capsule / "schema/002_colour.sql",
          "ALTER TABLE note ADD COLUMN colour TEXT NOT NULL "
          "DEFAULT 'green';\n")
    write(capsule / "pages/colour.gmi",
          "% one SELECT colour FROM note WHERE id = 1\n{colour}\n")
    assert "run: reloaded" in server.reload()
    assert server.gemini("/colour").text == "green\n"
    assert server.gemini("/").status == 20


def test_a_broken_certificate_is_not_reloaded(serve):
    server = serve("--workers", "1")
    key = server.certs / "localhost.key.pem"
    good = key.read_bytes()
    key.write_bytes(b"garbage\n")
    assert "not reloaded" in server.reload()
    assert server.gemini("/").status == 20
    key.unlink()
    assert "not reloaded" in server.reload()
    assert not key.exists()  # a key is never made anew
    key.write_bytes(good)
    key.chmod(0o600)
    assert "run: reloaded" in server.reload()


def test_reload_takes_the_new_certificate(serve):
    server = serve("--workers", "1")

    def shown():
        with tls_connect(server.gemini_port) as connection:
            return connection.getpeercert(binary_form=True)

    before = shown()
    for name in ("cert", "key"):
        (server.certs / f"localhost.{name}.pem").unlink()
    assert run_guiju("cert", "--certs", server.certs).returncode == 0
    assert shown() == before  # no reload, no other certificate
    assert "run: reloaded" in server.reload()
    made = (server.certs / "localhost.cert.pem").read_text()
    assert shown() == ssl.PEM_cert_to_DER_cert(made) != before


def test_reload_changes_addresses(serve, capsule):
    ini = "[serve]\ngemini = 127.0.0.1:0\ngopher = {}\n"
    write(capsule / "capsule.ini", ini.format("127.0.0.1:0"))
    server = serve("--workers", "1", addresses=False)
    assert server.menu("")
    write(capsule / "capsule.ini", ini.format("off"))
    assert "run: reloaded" in server.reload()
    assert server.gemini("/").status == 20  # the same port
    wait_for(lambda: refused(server.gopher_port), what="a closed port")


def refused(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_state_cannot_change(serve, capsule, tmp_path):
    write(capsule / "capsule.ini", f"[serve]\nstate = {tmp_path}/one\n")
    server = serve("--workers", "1", wait=False)
    server.wait_ready()  # the flag wins: this test's own folder
    write(capsule / "capsule.ini", f"[serve]\nstate = {tmp_path}/two\n")
    assert "run: reloaded" in server.reload()
    assert not (tmp_path / "two").exists()


def test_reload_under_load_loses_nothing(serve, capsule):
    server = serve("--workers", "2")
    wrong, served = [], []
    over = threading.Event()

    def read():
        while not over.is_set():
            try:
                answer = server.gemini("/")
                if answer.status != 20 or not answer.closed_cleanly:
                    wrong.append(answer.raw[:200])
                served.append(1)
            except Exception as error:  # every kind is a lost reader
                wrong.append(repr(error))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for _ in range(3):
        assert "run: reloaded" in server.reload()
    over.set()
    for reader in readers:
        reader.join()
    assert not wrong, wrong[:3]
    assert len(served) > 10


def test_reader_of_the_old_generation_is_served(serve):
    server = serve("--workers", "1")

    def attempt():
        old = server.children()
        with tls_connect(server.gemini_port) as connection:
            connection.sendall(f"{server.url()}".encode())
            time.sleep(0.2)
            assert "run: reloaded" in server.reload()
            assert old[0] in server.children()
            connection.sendall(b"\r\n")
            assert connection.recv(100).startswith(b"20 ")
        wait_for(lambda: old[0] not in server.children(), what="its end")

    in_time(attempt)


def test_thousand_hangups_are_few_reloads(serve):
    server = serve("--workers", "1")
    began = time.monotonic()
    for _ in range(1000):
        server.send_signal(signal.SIGHUP)
        time.sleep(0.001)
    server.wait_log("run: reloaded")
    assert server.gemini("/").status == 20
    time.sleep(2)
    # One at once, and one per second.
    reloads = server.log.count("run: reloaded")
    assert reloads <= 2 + (time.monotonic() - began)
    assert server.gemini("/").status == 20


def test_a_hangup_ends_no_worker(serve):
    """A terminal that closes tells every process of the group."""
    server = serve("--workers", "1", start_new_session=True)
    worker = server.children()
    os.kill(worker[0], signal.SIGHUP)
    os.kill(worker[0], signal.SIGINT)
    assert server.gemini("/").status == 20
    assert server.children() == worker


def test_a_failed_reload_frees_its_addresses(serve, capsule):
    """An address that cannot be bound: the old goes on, and the address that
    was free is free again."""
    with socket.create_server(("127.0.0.1", 0)) as taken, \
            socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
        probe.close()
        ini = "[serve]\ngemini = 127.0.0.1:0{}\ngopher = off\n"
        write(capsule / "capsule.ini", ini.format(""))
        server = serve("--workers", "1", addresses=False)
        write(capsule / "capsule.ini", ini.format(
            f" 127.0.0.1:{free} 127.0.0.1:{taken.getsockname()[1]}"))
        assert "not reloaded" in server.reload()
        assert "Address already in use" in server.log
        assert server.gemini("/").status == 20
        socket.create_server(("127.0.0.1", free)).close()


# --- dev -------------------------------------------------------------------


def test_dev_reloads_by_itself(serve, capsule):
    server = serve("--workers", "1", "--dev")
    write(capsule / "pages/index.gmi", "# Changed\n")
    server.wait_log("run: the capsule has changed")
    server.wait_log("run: reloaded")
    assert server.gemini("/").text == "# Changed\n"


def test_dev_sees_a_function_change(serve, capsule):
    write(capsule / "functions/times.sql", "-- times(n)\nSELECT :n * 2\n")
    write(capsule / "pages/index.gmi", "% one SELECT times(2) AS n\n{n}\n")
    server = serve("--workers", "1", "--dev")
    assert server.gemini("/").text == "4\n"
    write(capsule / "functions/times.sql", "-- times(n)\nSELECT :n * 3\n")
    server.wait_log("run: reloaded")
    assert server.gemini("/").text == "6\n"


def test_dev_shows_the_finding(serve, capsule):
    server = serve("--workers", "1", "--dev")
    write(capsule / "pages/index.gmi", "# Changed\n{nothing}\n")
    server.wait_log("run: reloaded")
    answer = server.gemini("/")
    assert "pages/index.gmi:2" in answer.raw.decode()
    assert "nothing" in answer.raw.decode()
    # The log has it once for a reload, not once for each worker.
    assert server.log.count("pages/index.gmi:2") <= server.log.count(
        "run: the capsule has changed")


def test_dev_says_why_it_did_not_reload(serve, capsule):
    server = serve("--workers", "1", "--dev")
    write(capsule / "schema/002_more.sql", "CREATE TABLE;\n")
    server.wait_log("not reloaded")
    text = server.gemini("/").text
    assert text.startswith("# Not reloaded\n* "), text
    assert "002_more.sql:1" in text
    write(capsule / "schema/002_more.sql", "CREATE TABLE more (a);\n")
    server.wait_log("run: reloaded")
    assert "Not reloaded" not in server.gemini("/").text
    # Edited after it was run: the page that wants the new column says so.
    write(capsule / "schema/002_more.sql", "CREATE TABLE more (a, b);\n")
    write(capsule / "pages/more.gmi", "% one SELECT b FROM more LIMIT 1\n")
    server.wait_log("schema/002_more.sql: has changed since")
    until = time.monotonic() + 20
    while "has changed since" not in text and time.monotonic() < until:
        text = server.gemini("/more").raw.decode()
    assert "* schema/002_more.sql: has changed since" in text
    done = run_guiju("check", "--state", server.state, capsule)
    assert done.returncode == 1
    assert "schema/002_more.sql: has changed since" in done.stdout


def test_dev_serves_no_page_without_its_guard(serve, capsule):
    write(capsule / "pages/in/page.gmi", "# Secret\n")
    (capsule / "pages/in/_guard.gmi").symlink_to("nothing")
    server = serve("--workers", "1", "--dev")
    for answer in (server.gemini("/in/page").raw,
                   server.gemini("/in/page.txt").raw,
                   server.gopher("/in/page")):
        assert b"pages/in/_guard.gmi:0: cannot be read" in answer
        assert b"Secret" not in answer
    assert server.gemini("/").status == 20


# --- another user ----------------------------------------------------------


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another")
def test_workers_become_the_user(new_capsule):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        shutil.copytree(new_capsule, folder / "capsule")
        server = Server(folder / "capsule", folder,
                        ["--workers", "1", "--user", "nobody"])
        try:
            uid = pwd.getpwnam("nobody").pw_uid
            status = pathlib.Path(
                f"/proc/{server.children()[0]}/status").read_text()
            for line in ("Uid", "Gid"):
                ids = re.search(rf"^{line}:\t(.*)$", status, re.M)[1].split()
                assert 0 not in map(int, ids)
            assert re.search(r"^Groups:\t(.*)$", status, re.M)[1] != "0 "
            assert (server.state / "portal.db").stat().st_uid == uid
            link = server.gemini("/").link("Write a note")
            assert server.gemini(f"/{link}?Hello").status == 30
            assert "run: reloaded" in server.reload()
            assert "Hello" in server.gemini("/").text
        finally:
            status = server.stop()
        assert status == 0, server.log
        server.check_sane()
        # What root left behind is given to the user at the next start.
        for path in server.state.iterdir():
            os.chown(path, 0, 0)
        server = Server(folder / "capsule", folder,
                        ["--workers", "1", "--user", "nobody"])
        link = server.gemini("/").link("Write a note")
        assert server.gemini(f"/{link}?Again").status == 30
        assert server.stop() == 0


def test_an_unknown_user_is_refused(capsule, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root can become another")
    done = run_guiju("serve", "--gemini", "127.0.0.1:0", "--gopher", "off",
                     "--user", "no-such-user", "--log", "error", capsule,
                     cwd=tmp_path)
    assert done.returncode == 78
    assert done.stderr == ("guiju: serve: cannot become user no-such-user: no such "
                           "user\n")


def test_dev_starts_with_a_broken_page(serve, capsule):
    write(capsule / "pages/note/[id].gmi", "% oen SELECT 1\n")
    server = serve("--workers", "1", "--dev")
    assert server.gemini("/").status == 20
    assert "[id].gmi:1" in server.gemini("/note/1").raw.decode()
    write(capsule / "pages/note/[id].gmi", "# Good\n")
    server.wait_log("run: reloaded")
    assert server.gemini("/note/1").text == "# Good\n"


# --- the other subcommands -------------------------------------------------


def test_each_command_has_its_help():
    done = run_guiju("help")
    assert done.returncode == 0
    commands = done.stdout.split("manuals:")[0]
    names = re.findall(r"^  (\w+)  ", commands, re.M)
    assert {"serve", "get", "check", "init", "cert", "help"} <= set(names)
    for name in names:
        usage = run_guiju(name, "--help")
        assert usage.returncode == 0
        assert usage.stdout.startswith(f"usage: guiju {name}")
        assert run_guiju("help", name).stdout == usage.stdout
        assert all(len(x) <= 80 for x in usage.stdout.splitlines()), name


@pytest.mark.parametrize("arguments, said", [
    ([], "guiju: which command? See `guiju help`"),
    (["srve"], "guiju: unknown command srve, did you mean serve?"),
    (["artcle"], "guiju: unknown command artcle, did you mean import "
                 "article?"),
    (["article", "x.gmi"], "guiju: unknown command article, did you mean "
                           "import article?"),
    (["reload"], "guiju: unknown command reload; see `guiju help`"),
    (["standard", "x.csv"], "guiju: unknown command standard, did you mean "
                            "import standards?"),
    (["undo", "3"], "guiju: unknown command undo, did you mean import undo?"),
    (["xyzzyx"], "guiju: unknown command xyzzyx; see `guiju help`"),
    (["init"], "guiju: init: DIR is missing; see `guiju init --help`"),
])
def test_a_wrong_command_is_refused(arguments, said):
    done = run_guiju(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said + "\n")


def test_the_version_is_printed():
    for asked in ("--version", "-V", "version"):
        done = run_guiju(asked)
        assert re.fullmatch(r"guiju \d+\.\d+\n", done.stdout), asked
        assert (done.returncode, done.stderr) == (0, "")


def test_output_that_cannot_be_written_is_an_error():
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([GUIJU, "help"], stdout=full, text=True,
                              stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr == "guiju: help: cannot write to standard output\n"


def test_init_refuses_a_folder_in_use(tmp_path):
    capsule = make_capsule(tmp_path / "capsule")
    index = capsule / "pages/index.gmi"
    index.write_text("mine")
    done = run_guiju("init", capsule)
    assert done.returncode == 1
    assert done.stderr == (f"guiju: init: {capsule} is not empty; nothing "
                           "was written\n")
    assert index.read_text() == "mine"
    assert run_guiju("init", tmp_path / "no/such").returncode == 1


def test_init_passes_its_own_check(tmp_path):
    capsule = make_capsule(tmp_path / "capsule")
    done = run_guiju("check", "--strict", capsule, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_init_teaches_a_page_that_writes(serve):
    server = serve("--workers", "1")
    address = server.gemini("/").link("Write a note")
    prompt = server.gemini("/" + address)
    assert prompt.status == 10
    done = server.gemini(f"/{address}?Hello%20there")
    assert done.status == 30, done.header
    note = server.gemini(done.meta)
    assert "# Hello there" in note.text
    assert "Hello there" in server.gemini("/").text
    # The same address again acts no second time, and says so.
    again = server.gemini(f"/{address}?Hello%20there")
    assert again.status == 20 and "has done it already" in again.text
    assert server.gemini("/").text.count("Hello there") == 1


def test_cert_shows_what_readers_see(serve):
    server = serve("--workers", "1")
    done = run_guiju("cert", "--certs", server.certs)
    assert done.returncode == 0
    facts = dict(line.split(None, 1) if not line.startswith("valid") else
                 (line[:11].strip(), line[12:].strip())
                 for line in done.stdout.splitlines())
    assert facts["names"] == "localhost"
    assert facts["file"] == str(server.certs / "localhost.cert.pem")
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", facts["valid from"])
    assert "days" in facts["valid until"]
    with tls_connect(server.gemini_port) as connection:
        shown = connection.getpeercert(binary_form=True)
    assert facts["SHA-256"] == hashlib.sha256(shown).hexdigest()
    lines = dict(re.findall(r"^(.{12}) (.*)$", done.stdout, re.M))
    lines = {label.strip(): value for label, value in lines.items()}
    pem = server.certs / "localhost.cert.pem"
    by_openssl = subprocess.run(
        ["openssl", "x509", "-in", pem, "-noout", "-fingerprint", "-sha256"],
        check=True, capture_output=True, text=True).stdout.strip()
    assert lines["openssl"] == by_openssl.partition("=")[2]
    key = subprocess.run(
        ["openssl", "x509", "-in", pem, "-noout", "-pubkey"], check=True,
        capture_output=True, text=True).stdout
    der = base64.b64decode("".join(key.splitlines()[1:-1]))
    assert lines["public key"] == hashlib.sha256(der).hexdigest()
    assert lines["Amfora"] == lines["public key"].upper()


def test_cert_makes_one_and_never_another(tmp_path):
    first = run_guiju("cert", "--host", "a.example", cwd=tmp_path)
    assert first.returncode == 0
    assert "a.example" in first.stdout
    key = tmp_path / "certs/a.example.key.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    again = run_guiju("cert", "--host", "a.example", cwd=tmp_path)
    # The days that are left may be one fewer by now; the rest says the same.
    days = re.compile(r" \(\d+ days\)")
    assert days.search(first.stdout)
    assert days.sub("", again.stdout) == days.sub("", first.stdout)
    (tmp_path / "certs/a.example.cert.pem").write_text("garbage")
    broken = run_guiju("cert", "--host", "a.example", cwd=tmp_path)
    assert broken.returncode == 78
    assert broken.stderr.count("\n") == 1
