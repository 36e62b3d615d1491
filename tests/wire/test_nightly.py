# SPDX-License-Identifier: ISC
"""The night's work: files for everybody, made beside the old ones, given out
over both protocols byte for byte; by hand, and soon after the first start."""

import contextlib
import csv
import hashlib
import io
import json
import lzma
import os
import shutil
import signal
import sqlite3
import subprocess
import time

import pytest

from conftest import (GUIJU, ROOT, Server, gopher_raw, run_guiju, tls_connect)
from portal import CAPSULE

WAIT_S = 240
# So many rows that their file does not fit into a connection's buffers.
BIG = """CREATE TABLE numbers (n INTEGER, word TEXT);
WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r
    WHERE n < {rows})
INSERT INTO numbers SELECT n, '{word}' || hex(zeroblob(500)) FROM r;
"""


def wait(what):
    deadline = time.monotonic() + WAIT_S
    while not what():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


def nightly(capsule, state, *flags):
    return run_guiju("nightly", "--state", state, *flags, capsule,
                     timeout=WAIT_S)


def downloads(server, menu_path="/download/"):
    return [address for address, _ in server.gemini(menu_path).links
            if address.startswith("/download/")]


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """The portal with its catalogue, after a night."""
    folder = tmp_path_factory.mktemp("nightly")
    shutil.copytree(CAPSULE, folder / "capsule")
    state = folder / "var"
    state.mkdir()
    running = Server(folder / "capsule", folder)
    subprocess.run([ROOT / "tools/catalogue.sh", GUIJU, folder / "capsule",
                    state], check=True, capture_output=True, timeout=120)
    running.before = running.gemini("/download/").text, \
        running.gemini("/download/SHA256SUMS").status
    with sqlite3.connect(state / "portal.db", timeout=20) as db:
        db.execute("INSERT INTO status_dispute (key, number, kind, remark,"
                   " created) VALUES ('X-1', 'X 1', '缺失',"
                   " 'private remark zzqqy', 0)")
        db.execute("INSERT INTO guiju_term VALUES ('standard',"
                   " 'looked zzqqx', date('now'), 1)")
    running.done = nightly(folder / "capsule", state)
    assert running.done.returncode == 0, running.done.stderr
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


def test_before_the_first_night_no_file_is_listed(portal):
    page, sums = portal.before
    assert "还没有文件" in page and "SHA-256：" not in page
    assert "/download/SHA256SUMS" not in page
    assert sums == 51


def test_every_file_is_given_over_both_protocols(portal):
    files = downloads(portal)
    assert len(files) > 10 and "/download/SHA256SUMS" in files
    page = portal.gemini("/download/").text
    sums = portal.gemini("/download/SHA256SUMS")
    assert sums.meta == "text/plain; charset=utf-8"
    listed = dict(reversed(line.split("  "))
                  for line in sums.text.splitlines())
    assert {f"/download/{name}" for name in listed} == \
        set(files) - {"/download/SHA256SUMS"}
    for name, sha in listed.items():
        real = (portal.state / "public" / name).read_bytes()
        assert hashlib.sha256(real).hexdigest() == sha
        assert sha in page and f"{len(real)} 字节" in page
        answer = portal.gemini(f"/download/{name}")
        assert answer.body == real and answer.closed_cleanly
        assert answer.meta == {
            "sqlite3": "application/vnd.sqlite3",
            "csv": "text/csv; charset=utf-8",
            "xz": "application/x-xz"}[name.rpartition(".")[2]]
        assert portal.gopher(f"/download/{name}") == real
    types = {item.selector: item.type for item in portal.menu("/download/")}
    assert types["/download/catalogue.sqlite3"] == "9"
    assert types["/download/catalogue-standards.csv"] == "0"
    assert types["/download/SHA256SUMS"] == "0"
    done = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"],
                          cwd=portal.state / "public", check=False,
                          capture_output=True, timeout=60)
    assert done.returncode == 0, done.stdout


def test_files_are_given_out_by_the_name_that_is_set(tmp_path):
    capsule, state = tmp_path / "capsule", tmp_path / "var"
    for folder in ("pages", "schema", "export"):
        (capsule / folder).mkdir(parents=True)
    (capsule / "pages/index.gmi").write_text("=> /open-data/a-t.csv Table\n")
    (capsule / "schema/001_x.sql").write_text("CREATE TABLE x (y);\n")
    (capsule / "export/a.sql").write_text("CREATE TABLE t (n);\n")
    for name, statuses in (("open-data", [20, 51]), ("", [51, 51])):
        (capsule / "capsule.ini").write_text(f"[capsule]\ndownload = {name}\n")
        done = run_guiju("check", capsule)
        assert (done.stdout == "") == (name != "")
        if name == "":
            assert "index.gmi:1:" in done.stdout
            (capsule / "pages/index.gmi").write_text("# Nothing\n")
        assert run_guiju("get", "--capsule", capsule, "--state", state,
                         "gemini://localhost/").returncode == 0
        assert nightly(capsule, state).returncode == 0
        done = [run_guiju("get", "--capsule", capsule, "--state", state,
                          f"gemini://localhost/{folder}/a-t.csv")
                for folder in ("open-data", "download")]
        assert [int(one.stdout[:2]) for one in done] == statuses


def test_the_database_says_what_the_portal_says(portal, tmp_path):
    file = tmp_path / "catalogue.sqlite3"
    file.write_bytes(portal.gemini("/download/catalogue.sqlite3").body)
    # The stock shell, without our extension.
    whole = subprocess.run(["sqlite3", file, "PRAGMA integrity_check"],
                           capture_output=True, text=True, check=True)
    assert whole.stdout == "ok\n"
    pairs = {"standards": "standard", "relations": "relation", "ics": "ics",
             "ccs": "ccs", "announcements": "announcement",
             "announcement_items": "announcement_item"}
    with sqlite3.connect(file) as new, \
            sqlite3.connect(portal.state / "portal.db") as db:
        for mine, theirs in pairs.items():
            assert new.execute(f"SELECT count(*) FROM {mine}").fetchone() == \
                db.execute(f"SELECT count(*) FROM {theirs}").fetchone(), mine
        plan = new.execute("EXPLAIN QUERY PLAN SELECT * FROM standards"
                           " WHERE number = 'x'").fetchone()[3]
        assert "INDEX" in plan
        readme = dict(new.execute("SELECT item, text FROM readme"))
        assert "ODC-By" in readme["08 许可"]
        status = new.execute("SELECT status, number FROM standards WHERE key"
                             " = 'GB-T-19001-2016'").fetchone()
        rows = new.execute("SELECT * FROM standards ORDER BY rowid"
                           ).fetchall()
    assert f"状态：{status[0]}" in portal.gemini(
        "/standard/GB-T-19001-2016").text
    text = portal.gemini("/download/catalogue-standards.csv").text
    table = list(csv.reader(io.StringIO(text, newline="")))
    assert len(table) == len(rows) + 1
    assert [row[1] for row in table[1:]] == [row[1] for row in rows]
    packed = portal.gemini("/download/catalogue-standards.csv.xz").body
    assert lzma.decompress(packed).decode() == text


def test_nothing_private_is_given_out(portal):
    for file in (portal.state / "public").iterdir():
        bytes_ = file.read_bytes()
        if file.suffix == ".xz":
            bytes_ = lzma.decompress(bytes_)
        for word in (b"zzqqy", b"zzqqx", b"guiju_", b"status_dispute"):
            assert word not in bytes_, file


def test_nothing_but_the_folders_own_files_is_given(portal):
    public = portal.state / "public"
    (public / "link").symlink_to(portal.state / "portal.db")
    (public / ".hidden").write_text("x")
    (public / "folder").mkdir()
    (public / "folder/file").write_text("x")
    os.mkfifo(public / "fifo")
    try:
        for name in ("link", ".hidden", "folder", "folder/file", "fifo",
                     "..", "../portal.db", "%2E%2E/portal.db",
                     "..%2Fportal.db", "x%00", "nothing", "portal.db"):
            answer = portal.gemini(f"/download/{name}")
            assert answer.status in (51, 59, 20, 30, 31), name
            assert b"SQLite format" not in answer.body
            # Only a path that leads elsewhere is answered at all.
            assert answer.status != 20 or name in ("..",), name
        assert b"SQLite" not in portal.gopher("/download/../portal.db")
        assert b"SQLite" not in portal.gopher("/download/link")
    finally:
        (public / "link").unlink()
        (public / "fifo").unlink()
        shutil.rmtree(public / "folder")
        (public / ".hidden").unlink()


def start_big(serve, capsule, rows, word):
    (capsule / "export").mkdir(exist_ok=True)
    (capsule / "export/big.sql").write_text(BIG.format(rows=rows, word=word))
    return serve("--workers", "1")


def test_a_download_goes_on_when_its_file_is_replaced(serve, capsule,
                                                      tmp_path):
    server = start_big(serve, capsule, 8000, "old")
    state = tmp_path / "var"
    assert nightly(capsule, state).returncode == 0
    old = (state / "public/big-numbers.csv").read_bytes()
    assert len(old) > 8_000_000
    with tls_connect(server.gemini_port) as connection:
        connection.sendall(
            server.url("/download/big-numbers.csv").encode() + b"\r\n")
        got = connection.recv(1000)
        (capsule / "export/big.sql").write_text(
            BIG.format(rows=10, word="new"))
        assert nightly(capsule, state).returncode == 0
        assert b"new" in gopher_raw(server.gopher_port,
                                    b"/download/big-numbers.csv\r\n")
        while piece := connection.recv(65536):
            got += piece
    assert got.partition(b"\r\n")[2] == old


def test_a_killed_night_leaves_the_old_files(serve, capsule, tmp_path):
    start_big(serve, capsule, 10, "old")
    state = tmp_path / "var"
    assert nightly(capsule, state).returncode == 0
    before = {file.name: file.read_bytes()
              for file in (state / "public").iterdir()}
    # It counts for hours, and writes next to nothing.
    (capsule / "export/big.sql").write_text(
        "CREATE TABLE numbers (n INTEGER);"
        "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)"
        " INSERT INTO numbers SELECT count(*) FROM r;")
    for number in (signal.SIGTERM, signal.SIGKILL):
        # What the one before has left behind is no sign of this one.
        (state / "public/.big.sqlite3").unlink(missing_ok=True)
        process = subprocess.Popen(
            [GUIJU, "nightly", "--state", state, capsule],
            stderr=subprocess.DEVNULL)
        wait((state / "public/.big.sqlite3").exists)
        # Another one is refused while this one works.
        second = nightly(capsule, state)
        assert second.returncode == 1
        assert "another night is at work" in second.stderr
        process.send_signal(number)
        assert process.wait(WAIT_S) != 0
        after = {file.name: file.read_bytes()
                 for file in (state / "public").glob("[!.]*")}
        assert after == before
    (capsule / "export/big.sql").write_text(BIG.format(rows=5, word="new"))
    assert nightly(capsule, state).returncode == 0
    assert os.listdir(state / "nightly") == ["done"]
    assert b"new" in (state / "public/big-numbers.csv").read_bytes()


def numbers(server):
    """What `guiju status` counts."""
    done = run_guiju("status", "--json", "--state", server.state,
                     server.capsule)
    return json.loads(done.stdout)["numbers"]


def test_the_first_night_comes_soon_after_the_first_start(serve, capsule,
                                                          tmp_path):
    (capsule / "export").mkdir()
    (capsule / "export/few.sql").write_text(
        "CREATE TABLE few AS SELECT 1 AS one;")
    server = serve("--nightly", "03:30 +08:00")
    server.wait_log("run: the night's work is done", timeout=WAIT_S)
    assert server.gemini("/download/few-few.csv").body == b"one\r\n1\r\n"
    log = server.log
    assert log.index("begins the night's work") < log.index("few.sqlite3")
    told = numbers(server)
    assert abs(told["guiju_night_done_time_seconds"] - time.time()) < 600
    assert told["guiju_nights_failed_total"] == 0


def test_a_failing_night_is_loud_and_harmless(serve, capsule):
    (capsule / "export").mkdir()
    (capsule / "export/wrong.sql").write_text("SELECT nothing FROM nowhere;")
    server = serve("--nightly", "03:30")
    server.wait_log(r"error.*nightly: .*wrong\.sql:1: ", timeout=WAIT_S)
    server.wait_log("error.*the night's work ended by exit status 78",
                    timeout=WAIT_S)
    told = numbers(server)
    assert told["guiju_night_done_time_seconds"] == 0
    assert told["guiju_nights_failed_total"] == 1
    assert server.gemini("/").status == 20


def test_a_copy_answers_what_it_lists(portal, tmp_path):
    """A copied database lists files that only the primary has."""
    copy = tmp_path / "copy/var"
    copy.mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(portal.state / "portal.db")) as \
            source, contextlib.closing(sqlite3.connect(
                copy / "portal.db")) as target:
        source.backup(target)
    there = f"gemini://localhost:{portal.gemini_port}"
    server = Server(portal.capsule, tmp_path / "copy", [
        "--role", "replica", "--primary", f"{there}/", "--workers", "1"])
    try:
        files = downloads(server)
        assert len(files) > 10
        for name in files:
            answer = server.gemini(name)
            assert (answer.status, answer.meta) == (30, there + name)
            assert portal.gemini(answer.meta).status == 20
            # Gopher leads there by an item, or says so.
            assert f"{there}{name}".encode() in server.gopher(name)
        # A menu leads there itself: who asks for a file saves what comes.
        items = {item.selector: item.type for item in server.menu("/download/")}
        for name in files:
            assert name not in items
            assert items[f"URL:{there}{name}"] == "h"
        # What nobody lists is the primary's to refuse.
        answer = server.gemini("/download/no-such-file")
        assert answer.status == 30
        assert portal.gemini(answer.meta).status == 51
        assert server.gemini("/download/a/b").status == 51
        # A copy that has the files gives them out itself.
        shutil.copytree(portal.state / "public", copy / "public")
        for name in files:
            assert server.gemini(name).body == portal.gemini(name).body
        items = {item.selector: item.type for item in server.menu("/download/")}
        assert all(items[name] in "09" for name in files)
    finally:
        assert server.stop() == 0
        server.check_sane()
