# SPDX-License-Identifier: ISC
"""Death at any moment: whatever a reader was told is stored, exactly once,
and what comes up again is whole and right."""

import datetime
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import threading
import time
import urllib.parse

import pytest

from conftest import GUIJU, ROOT, Server, read_all
from portal import SHELL
from test_faults import check_sound, titles, wait_for, write_note


def sqlite(state, sql):
    """Run SQL as an operator would, with our functions; its output."""
    done = subprocess.run(
        [*SHELL, str(state / "portal.db")], input=f".timeout 10000\n{sql}",
        text=True, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def check_whole(state):
    """The database, and each of its search indexes."""
    assert sqlite(state, "PRAGMA integrity_check;") == "ok\n"
    assert sqlite(state, "PRAGMA foreign_key_check;") == ""
    indexes = sqlite(state, "SELECT name FROM sqlite_schema WHERE sql LIKE "
                            "'CREATE VIRTUAL TABLE%fts5%';").split()
    for name in indexes:
        sqlite(state, f"INSERT INTO {name}({name}) "
                      "VALUES ('integrity-check');")
    return indexes


# --- what readers do -------------------------------------------------------


def take(server, page, label, text=None):
    """Take the link with this label of a page: the answer."""
    answer = server.gemini(page)
    if answer.status != 20 or not answer.closed_cleanly:
        raise ConnectionError(answer.raw)
    address = urllib.parse.urljoin(page, answer.link(label))
    if text is not None:
        address += "?" + urllib.parse.quote(text, safe="")
    return server.gemini(address)


class Reader(threading.Thread):
    """Acts again and again, and keeps what it was told is done."""

    def __init__(self):
        super().__init__(daemon=True)
        self.confirmed, self.wrong = [], []
        self.attempts = 0
        self.server = None  # None: there is none now
        self.over = False

    def run(self):
        while not self.over:
            server = self.server
            if server is None:
                time.sleep(0.01)
                continue
            try:
                self.attempts += 1
                if (did := self.act(server, self.attempts)) is not None:
                    self.confirmed.append(did)
            except OSError:  # cut; also ssl.SSLError
                pass
            except AssertionError as error:
                if "no header" not in str(error):  # cut in the middle
                    self.wrong.append(repr(error))


class Disputer(Reader):
    """Says that a standard is missing."""

    def act(self, server, number):
        said = f"GB/T {100000 + number}-2026 missing"
        answer = take(server, "/dispute/", "报告缺少的标准", said)
        if answer.status == 30:
            assert "/dispute/" in answer.meta, answer.header
            return said
        assert answer.status in (40, 44), answer.header
        return None

    def check(self, state):
        # Decided, or soon no more may wait.
        stored = sqlite(state, "UPDATE status_dispute SET state = '驳回', "
                               "decided = 1 WHERE state = '待审核';"
                               "SELECT remark FROM status_dispute;")
        stored = stored.splitlines()
        assert set(self.confirmed) <= set(stored)
        assert len(stored) == len(set(stored))


class Confirmer(Reader):
    """Pastes a list and has it made into a report."""

    def act(self, server, number):
        answer = take(server, "/validity/", "粘贴清单",
                      f"GB/T {number}-2026, GB 98002-2020")
        if answer.status != 30:
            assert answer.status in (40, 44), answer.header
            return None
        draft = urllib.parse.urlsplit(answer.meta).path
        answer = take(server, draft, "核对无误")
        if answer.status != 30:
            assert answer.status in (40, 44), answer.header
            return None
        return re.fullmatch(r".*/validity/report/(HN[0-9-]+)/",
                            answer.meta)[1]

    def check(self, state):
        # Forgotten, as after a day: so many may be open.
        stored = sqlite(state, "DELETE FROM validity_draft_line; "
                               "DELETE FROM validity_draft; "
                               "SELECT number FROM validity_report WHERE "
                               "sha256 IS NOT NULL AND 2 = (SELECT count(*) "
                               "FROM validity_line WHERE report_id = "
                               "validity_report.id);").split()
        assert set(self.confirmed) <= set(stored)
        assert len(self.confirmed) == len(set(self.confirmed))


class Wisher(Reader):
    """Asks for what the catalogue does not have: a counter."""

    def act(self, server, number):
        answer = take(server, "/standard/wanted/qqqqq/", "提交给编")
        if answer.status == 20 and answer.closed_cleanly:
            assert "已提交" in answer.text
            return 1
        assert answer.status in (20, 40, 44), answer.header
        return None

    def check(self, state):
        stored = int(sqlite(state, "SELECT coalesce(sum(n), 0) FROM zero_hit "
                                   "WHERE term = 'qqqqq';"))
        assert len(self.confirmed) <= stored <= self.attempts


# --- what operators do meanwhile -------------------------------------------


class Tool(Reader):
    """Runs a command beside the server; half of them are killed."""

    def __init__(self, folder):
        super().__init__()
        self.folder = folder
        self.chance = random.Random(type(self).__name__)

    def act(self, server, number):
        command, did = self.command(number)
        process = subprocess.Popen(
            [GUIJU, *self.verb, "--state", server.state, *command], cwd=ROOT,
            text=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE)
        try:
            said = process.communicate(
                timeout=self.chance.choice([2 * self.chance.random(), 60]))[1]
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return None
        assert process.returncode == 0, said
        return did


class Importer(Tool):
    verb = ["import", "standards", "--capsule", ROOT / "capsule"]

    def command(self, number):
        standard = f"GB/T {700000 + number}-2020"
        path = self.folder / "import.csv"
        path.write_text("number,title_zh,status_zh,source,verified_at\n"
                        f"{standard},试验,现行,x,2026-01-01\n", "utf-8")
        return [path], standard

    def check(self, state):
        stored = sqlite(state, "SELECT number FROM standard;").splitlines()
        assert set(self.confirmed) <= set(stored)


class Editor(Tool):
    verb = ["sql", "--write", "--capsule", ROOT / "capsule"]

    def command(self, number):
        term = f"by hand {number}"
        return ["INSERT INTO zero_hit (term, day) VALUES "
                f"('{term}', '{datetime.date.today()}')"], term

    def check(self, state):
        stored = sqlite(state, "SELECT term FROM zero_hit;").splitlines()
        assert set(self.confirmed) <= set(stored)


class Night(Tool):
    verb = ["nightly"]

    def command(self, number):
        return [ROOT / "capsule"], 1

    def check(self, state):
        pass


class Copier(Reader):
    """Another program that copies the log, as often as it can."""

    def act(self, server, number):
        time.sleep(0.005)
        db = sqlite3.connect(server.state / "portal.db")
        try:
            busy, = db.execute(
                "PRAGMA wal_checkpoint(PASSIVE)").fetchone()[:1]
            return None if busy else 1
        except sqlite3.OperationalError:
            return None  # a writer has the lock, or it is the first to come
        finally:
            db.close()

    def check(self, state):
        pass


def live_and_die(folder, readers, deaths, seconds):
    """Servers on one state folder, one after the other, each killed at a random
    moment of so many seconds, whole or a process of it; what readers were told
    is looked for each time. Ends with a server that serves."""
    chance = random.Random(deaths)
    server = None
    for reader in readers:
        reader.start()
    try:
        for death in range(deaths):
            server = Server(ROOT / "capsule", folder, ["--workers", "2"],
                            start_new_session=True)
            for reader in readers:
                reader.check(server.state)
                reader.server = server
            if death % 3 > 0:
                time.sleep(chance.random())
                os.kill(chance.choice(
                    server.children("guiju-wal" if death % 3 == 1 else None)
                    or server.children()), signal.SIGKILL)
            time.sleep(chance.random() * seconds)
            os.killpg(server.pid, signal.SIGKILL)
            for reader in readers:
                reader.server = None
            server.process.wait(10)
            server.check_sane()
            if death % 20 == 3:
                check_whole(server.state)
    finally:
        for reader in readers:
            reader.over = True
        for reader in readers:
            reader.join(60)
        if server is not None:
            server.kill()
    assert not [reader.wrong for reader in readers if reader.wrong]
    assert all(reader.confirmed for reader in readers), [
        (type(reader), reader.attempts) for reader in readers]
    server = Server(ROOT / "capsule", folder, ["--workers", "2"])
    try:
        assert len(check_whole(server.state)) == 3
        for reader in readers:
            reader.check(server.state)
    except BaseException:
        server.kill()
        raise
    return server


@pytest.mark.portal
@pytest.mark.parametrize("deaths, beside", [
    (5, False), pytest.param(200, False, marks=pytest.mark.long),
    (4, True), pytest.param(100, True, marks=pytest.mark.long)])
def test_a_kill_while_all_write_loses_nothing_told(tmp_path, deaths, beside):
    """The whole process group, or one of it, at random moments; with all
    else that writes to the database or copies its log beside it."""
    readers = [Disputer(), Confirmer(), Wisher()]
    if beside:
        readers += [Importer(tmp_path), Editor(tmp_path), Night(tmp_path),
                    Copier()]
    server = live_and_die(tmp_path, readers, deaths, 4 if beside else 1.5)
    try:
        for reader in readers[:3]:
            assert reader.act(server, 10**5) is not None
    finally:
        assert server.stop() == 0
    server.check_sane()


# --- at each point ---------------------------------------------------------


@pytest.fixture
def dying(serve):
    """dying(fault): a server with a note, that will die at this point."""
    def start(fault, **options):
        first = serve("--workers", "1")
        assert write_note(first, "kept").status == 30
        assert first.stop() == 0
        return serve("--workers", "1", env={"GUIJU_FAULT": fault},
                     start_new_session=True, **options)

    return start


def kill_all(server):
    """All of its processes, as the power would."""
    for pid in [server.pid, *server.children(),
                *server.children("guiju-wal")]:
        os.kill(pid, signal.SIGKILL)
    server.process.wait(10)


SERVING = ["commit:1", "commit:3", "committed:1", "committed:3", "write:1",
           "write:2", "write:5", "write:13", "write:29", "sync:1", "sync:2",
           "sync:4"]


@pytest.mark.parametrize("fault", SERVING + [
    pytest.param(f"{name}:{n}", marks=pytest.mark.long)
    for name in ("write", "sync", "commit", "committed")
    for n in range(1, 60) if f"{name}:{n}" not in SERVING])
def test_a_kill_at_a_point_of_writing_loses_nothing_told(serve, dying, fault):
    server = dying(fault)
    confirmed = ["kept"]
    while True:
        text = f"note {len(confirmed)}"
        address = server.gemini("/").link("Write a note")
        address += "?" + urllib.parse.quote(text)
        try:
            assert server.gemini(f"/{address}").status == 30
        except (OSError, AssertionError):
            break
        confirmed.append(text)
        assert len(confirmed) < 200, "it does not die"
    server.wait_log("worker [0-9]+ ended by signal 9")
    kill_all(server)
    again = serve("--workers", "1")
    stored = titles(again)
    # What was not confirmed may be there: then its seal is used up.
    assert stored in (["Welcome", *confirmed], ["Welcome", *confirmed, text])
    if fault.startswith("committed"):
        assert text in stored
    answer = again.gemini(f"/{address}")
    if text in stored:
        assert answer.status == 20 and "has done it already" in answer.text
    else:
        assert answer.status == 30
    assert titles(again) == ["Welcome", *confirmed, text]
    check_sound(again)


@pytest.mark.parametrize("fault", ["migrate:1", "rename:1", "renamed:1",
                                   "write:1", "write:7", "sync:1"])
def test_a_database_half_made_is_made_anew(serve, fault):
    server = serve("--workers", "1", env={"GUIJU_FAULT": fault}, wait=False)
    assert server.process.wait(30) == 1
    server.stop()
    assert "ended by signal 9" in server.log
    again = serve("--workers", "1")
    assert titles(again) == ["Welcome"]
    assert write_note(again, "x").status == 30
    assert not (again.state / "portal.db.new").exists()
    check_sound(again)


@pytest.mark.parametrize("fault", ["migrate:1", "migrate:2", "made:1",
                                   "made:2", "write:2", "sync:1"])
def test_a_killed_migration_leaves_the_old_server_serving(serve, dying,
                                                          capsule, fault):
    """At a reload, first on a copy: what served serves on, and the next
    reload does it."""
    server = dying(fault)
    (capsule / "schema/002_more.sql").write_text(
        "CREATE TABLE more (x TEXT);\nINSERT INTO more VALUES ('new');\n")
    (capsule / "schema/derived").mkdir()
    (capsule / "schema/derived/copy.sql").write_text(
        "CREATE TABLE copy (y TEXT);\nINSERT INTO copy SELECT x FROM more;\n")
    (capsule / "schema/views").mkdir()
    (capsule / "schema/views/seen.sql").write_text(
        "CREATE VIEW seen AS SELECT y AS x FROM copy;\n")
    (capsule / "pages/more.gmi").write_text(
        "% one SELECT x FROM seen /* scan */\n{x}\n")
    assert "not reloaded" in server.reload()
    assert server.gemini("/").status == 20
    assert server.gemini("/more").status == 51
    kill_all(server)
    again = serve("--workers", "1")
    assert again.gemini("/more").text == "new\n"
    assert titles(again) == ["Welcome", "kept"]
    check_sound(again)


@pytest.mark.parametrize("fault", ["load:2", "takeover:2"])
def test_workers_end_when_the_parent_dies_in_a_reload(serve, dying, fault):
    """Its workers end, and the next start is as any."""
    server = dying(fault)
    workers = server.children()
    server.send_signal(signal.SIGHUP)
    server.process.wait(30)
    wait_for(lambda: not any(os.path.exists(f"/proc/{pid}")
                             for pid in workers), what="their end")
    again = serve("--workers", "1")
    assert titles(again) == ["Welcome", "kept"]


def test_views_survive_a_kill_while_they_are_folded(serve, dying, capsule):
    """Views are in the mapped file: the next worker folds them."""
    (capsule / "pages/counted.gmi").write_text(
        "% one SELECT tally_add('seen', 1) AS views\n# Seen\n{views}\n")
    server = dying("fold:1")
    assert server.gemini("/counted").text.endswith("\n1\n")
    server.wait_log("ended by signal 9")
    kill_all(server)
    again = serve("--workers", "1")
    assert again.gemini("/counted").text.endswith("\n2\n")
    assert again.stop() == 0
    assert sqlite(again.state, "SELECT n FROM guiju_tally;") == "2\n"


# --- a disk that does not sync ---------------------------------------------


def test_failed_sync_ends_the_worker(serve, dying):
    """It says 40, never "stored", and tries no other sync; its successor
    stores again. The disk here stays bad: each worker meets it, and those
    who read do not notice."""
    server = dying("sync:3!")
    confirmed, refused = ["kept"], 0
    for _ in range(2):
        worker = server.children()
        while (answer := write_note(server, f"n{len(confirmed)} {refused}")
               ).status == 30:
            confirmed.append(f"n{len(confirmed)} {refused}")
            assert len(confirmed) < 50
        while server.children() == worker:
            answer = write_note(server, "lost")
            assert answer.status in (30, 40) and answer.closed_cleanly
            if answer.status == 30:  # by a successor, just now
                confirmed.append("lost")
                break
            refused += 1
            assert "kept" in server.gemini("/").text
            assert server.menu("")
        server.wait_log(f"worker {worker[0]} ended by exit status 75; the "
                        "next in 0 s")
        wait_for(server.children, what="a successor")
    assert refused > 1
    assert server.log.count("the disk does not sync") >= 2
    stored = titles(server)
    for text in set(confirmed):
        assert stored.count(text) >= confirmed.count(text)
    assert len(stored) <= len(confirmed) + 3  # Welcome, and two unsynced
    check_sound(server)


# --- stopped, killed by the second -----------------------------------------


def test_clients_wait_out_workers_stopped_for_two_seconds(serve):
    """50 clients wait in the backlog and are served."""
    server = serve("--workers", "2")
    workers = server.children()
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    waiting = []
    for _ in range(50):
        plain = socket.create_connection(
            ("127.0.0.1", server.gopher_port), timeout=20)
        plain.sendall(b"\r\n")
        waiting.append(plain)
    time.sleep(2)
    for pid in workers:
        os.kill(pid, signal.SIGCONT)
    for plain in waiting:
        with plain:
            assert read_all(plain)[0].endswith(b".\r\n")
    assert server.children() == workers


@pytest.mark.long
def test_no_answer_is_wrong_while_workers_are_killed(serve):
    """For a minute: connections are cut, no answer is wrong."""
    server = serve("--workers", "4")
    whole, wrong = [], []
    over = threading.Event()

    def read(path, end):
        while not over.is_set():
            try:
                answer = server.gemini(path)
                if not answer.closed_cleanly:
                    continue
                good = answer.status == 20 and answer.text.endswith(end)
                (whole if good else wrong).append(answer.raw[:300])
            except (OSError, AssertionError):
                pass

    readers = [threading.Thread(target=read, args=args) for args in
               [("/", "A file\n"), ("/hello.txt", "\n"), ("/", "A file\n")]]
    for reader in readers:
        reader.start()
    for _ in range(60):
        time.sleep(1)
        if children := server.children():
            os.kill(random.choice(children), signal.SIGKILL)
    over.set()
    for reader in readers:
        reader.join()
    assert not wrong, wrong[:3]
    assert len(whole) > 100
    wait_for(lambda: len(server.children()) == 4, timeout=90,
             what="all workers")
    assert server.gemini("/").status == 20


def test_no_note_of_a_good_stop_after_a_death(serve):
    """What a worker has died of may be in the pages or the database."""
    server = serve("--workers", "1")
    victim = server.children()[0]
    os.kill(victim, signal.SIGKILL)
    wait_for(lambda: server.children() and victim not in server.children(),
             what="a successor")
    assert server.gemini("/").status == 20
    assert server.stop() == 0
    assert not (server.state / "checked").exists()
    assert serve("--workers", "1").stop() == 0  # nothing of it is left
    assert (server.state / "checked").exists()
