# SPDX-License-Identifier: ISC
"""A copy of a portal that somebody else writes: what it serves, what it sends
to the primary, and which copies it takes."""

import contextlib
import os
import pathlib
import re
import shutil
import socket
import sqlite3
import stat
import tempfile

import pytest

from conftest import (ROOT, Server, gemini_raw, make_capsule, run_guiju,
                      write_files)

# Counts its views, and says what the copy must not do.
COUNTED = """% one SELECT tally_add('seen', 1) AS n
# Seen {n}
=> write/{seal} Write a note
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Pair:
    """A primary, and a way to make a copy of it and to serve that."""

    def __init__(self, folder, *flags):
        self.folder = folder
        self.capsule = make_capsule(folder / "capsule")
        write_files(self.capsule, {"pages/counted.gmi": COUNTED})
        self.servers = []
        self.port = free_port()
        self.primary = self.serve(
            "primary", "--gemini", f"127.0.0.1:{self.port}", *flags)

    @property
    def database(self):
        return self.folder / "primary/var/portal.db"

    def serve(self, name, *flags, **options):
        (self.folder / name).mkdir(exist_ok=True)
        if not any(flag == "--gemini" for flag in flags):
            flags += ("--gemini", "127.0.0.1:0")
        server = Server(self.capsule, self.folder / name, [
            "--workers", "1", "--gopher", "127.0.0.1:0", *flags],
            addresses=False, **{"wait": False, **options})
        self.servers.append(server)
        if options.get("wait", True):
            server.wait_ready()
        return server

    def flags(self):
        return ["--role", "replica", "--primary",
                f"gemini://localhost:{self.port}/"]

    def copy(self, name="copy"):
        """SQLite's own backup, as whoever keeps copies would make one."""
        folder = self.folder / name / "var"
        folder.mkdir(parents=True, exist_ok=True)
        new = folder / "portal.db.new"
        with contextlib.closing(sqlite3.connect(self.database)) as source, \
                contextlib.closing(sqlite3.connect(new)) as target:
            source.backup(target)
        new.rename(folder / "portal.db")
        return folder

    def serve_copy(self, name="copy", *flags, **options):
        return self.serve(name, *self.flags(), *flags, **options)

    def write(self, text):
        link = self.primary.gemini("/").link("Write a note")
        assert self.primary.gemini(f"/{link}?{text}").status == 30


@pytest.fixture
def pair():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        both = Pair(folder)
        yield both
        for server in both.servers:
            server.stop()
            server.check_sane()


def files_of(folder):
    return {path.name: (path.stat().st_mtime_ns, path.stat().st_size,
                        path.read_bytes()) for path in folder.iterdir()
            if path.is_file()}


def test_reads_here_writes_there(pair):
    pair.write("First")
    pair.copy()
    copy = pair.serve_copy()
    assert "First" in copy.gemini("/").text
    assert copy.gemini("/hello.txt").status == 20
    assert any("Welcome" in item.text for item in copy.menu(""))
    # A copy makes no seal: the link leads to this page of the primary, whose
    # link has one.
    primary = f"gemini://localhost:{pair.port}"
    assert copy.gemini("/").link("Write a note") == f"{primary}/"
    link = primary + "/" + pair.primary.gemini("/").link("Write a note")
    assert pair.primary.gemini(link).status == 10
    answer = pair.primary.gemini(f"{link}?Over%20there")
    assert (answer.status, answer.meta) == (30, "/note/3")
    assert "Over there" in pair.primary.gemini("/").text
    assert "Over there" not in copy.gemini("/").text
    for path in ("/counted", "/counted?And%20again"):
        assert copy.gemini(path).link("Write a note") == primary + path
    # Gopher's readers are led there, too.
    item = [i for i in copy.menu("") if "Write a note" in i.text][0]
    assert item.type == "h"
    assert item.selector == f"URL:{primary}/"
    assert not (pair.folder / "copy/certs/seal.key").exists()


def test_a_sealed_address_leads_on_to_the_primary(pair):
    """An old link, an address by hand: on to the same on the primary, with
    what was typed; and there the seal is looked at."""
    pair.copy()
    copy = pair.serve_copy()
    there = f"gemini://localhost:{pair.port}"
    for asked in ("/write/" + "A" * 32, "/write/x?What%20I%20typed",
                  "/write/%E6%96%87"):
        answer = copy.gemini(asked)
        assert (answer.status, answer.meta) == (30, there + asked)
    answer = pair.primary.gemini(f"{there}/write/x?What")
    assert answer.status == 20 and "What" not in answer.text
    # What was typed is not worth an address that is too long.
    long = "x" * 940
    answer = copy.gemini(f"/write/x?{long}")
    assert answer.status == 30
    assert len(answer.meta) <= 1024
    # Without redirects there is nothing to lead anybody with.
    assert copy.gopher("/write/x").startswith(b"3")


def test_views_are_not_counted(pair):
    assert "Seen 1" in pair.primary.gemini("/counted").text
    assert "Seen 2" in pair.primary.gemini("/counted").text
    pair.primary.stop()  # folds its counters into the table
    before = pair.copy()
    copy = pair.serve_copy()
    for _ in range(3):
        assert "Seen 2" in copy.gemini("/counted").text
    copy.stop()
    assert not (before / "tally").exists()


def test_nothing_is_written(pair):
    """No byte of the copy changes, whatever is asked, nor does its folder get
    a file that stays."""
    folder = pair.copy()
    before = files_of(folder)
    copy = pair.serve_copy()
    for path in ("/", "/counted", "/write/x"):
        copy.gemini(path)
    assert "run: reloaded" in copy.reload()
    copy.gemini("/")
    assert copy.stop() == 0
    after = files_of(folder)
    assert after["portal.db"] == before["portal.db"]
    # SQLite's own log and its index, which hold nothing; our lock.
    assert set(after) - set(before) <= {"portal.db-wal", "portal.db-shm",
                                        "lock"}
    assert after.get("portal.db-wal", (0, 0, b""))[1] == 0


def test_two_copies_read_one_file(pair):
    """A copy takes no lock: several may stand on one folder."""
    folder = pair.copy()
    one = pair.serve_copy()
    other = pair.serve_copy("copy")
    assert one.gemini("/").status == other.gemini("/").status == 20
    # The first of them is the one that can be asked how it is.
    assert f"(process {one.pid}) serves from {folder}; no `guiju status` of " \
        "this copy" in other.log
    done = run_guiju("status", "--state", folder)
    assert done.returncode == 0
    assert re.search(rf"\b{one.children()[0]}\b", done.stdout)


@contextlib.contextmanager
def nobody_can_write(folder):
    """Not even SQLite beside the file: by the rights of a folder, for which
    the server has to be somebody else than root."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    try:
        yield ["--user", "nobody"] if os.geteuid() == 0 else []
    finally:
        folder.chmod(mode)


def test_a_copy_in_a_folder_that_cannot_be_written_is_served(pair):
    """A copy without a log in such a folder is one that nobody changes."""
    pair.write("Early")
    folder = pair.copy()
    with nobody_can_write(folder) as flags:
        copy = pair.serve_copy("copy", *flags)
        assert "Early" in copy.gemini("/").text
        assert copy.gemini("/write/x").status == 30
        # Root's own process may write all the same; SQLite's do not.
        assert {path.name for path in folder.iterdir()} - \
            {"lock", "status.sock"} == {"portal.db"}
        # If somebody changes it all the same, it is not trusted any more:
        # it may be half of one and half of another.
        folder.chmod(0o755)
        os.utime(folder / "portal.db", ns=(1, 1))
        assert copy.gemini("/").status == 40
        copy.wait_log("changed in its place")
        # After a reload it is what it is.
        folder.chmod(0o555)
        assert "run: reloaded" in copy.reload()
        assert "Early" in copy.gemini("/").text
        # Another in its place is none of ours until a reload.
        folder.chmod(0o755)
        pair.write("Late")
        pair.copy()
        (folder / "portal.db").chmod(0o444)
        folder.chmod(0o555)
        assert "Late" not in copy.gemini("/").text
        assert "Early" in copy.gemini("/").text
        assert "run: reloaded" in copy.reload()
        assert "Late" in copy.gemini("/").text


def test_a_reload_opens_the_newer_copy(pair):
    pair.copy()
    copy = pair.serve_copy()
    pair.write("Later")
    pair.copy()
    assert "Later" not in copy.gemini("/").text
    assert "run: reloaded" in copy.reload()
    assert "Later" in copy.gemini("/").text


def test_a_commit_into_the_copy_is_seen_by_the_next_reader(pair):
    """Another process writes into the copy while it is served, as the engines
    that replicate do: each of its commits is seen by the next reader."""
    folder = pair.copy()
    copy = pair.serve_copy()
    engine = sqlite3.connect(folder / "portal.db", timeout=20,
                             isolation_level=None)
    with contextlib.closing(engine):
        assert engine.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        for n in range(20):
            engine.execute("BEGIN IMMEDIATE")
            engine.execute("INSERT INTO note (title, body) VALUES (?, 'x')",
                           (f"Replicated {n}.",))
            engine.execute("COMMIT")
            assert f"Replicated {n}." in copy.gemini("/").text
            if n % 5 == 4:
                engine.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert "Replicated 19." in copy.gemini("/").text
    assert "run: reloaded" in copy.reload()
    assert "Replicated 19." in copy.gemini("/").text


# --- what is refused -------------------------------------------------------


def serve_once(pair, *flags):
    return run_guiju("serve", "--gemini", "127.0.0.1:0", "--gopher", "off",
                     "--state", pair.folder / "copy/var", "--certs",
                     pair.folder / "copy/certs", *flags, pair.capsule)


def test_a_schema_of_another_age_is_refused(pair):
    pair.copy()
    script = pair.capsule / "schema/002_more.sql"
    script.write_text("CREATE TABLE more (id INTEGER PRIMARY KEY);\n")
    done = serve_once(pair, *pair.flags())
    assert done.returncode == 78
    assert "this copy's schema is 1, the capsule's is 2: it is for the " \
        "primary to bring it up to date" in done.stderr
    script.unlink()
    with contextlib.closing(sqlite3.connect(
            pair.folder / "copy/var/portal.db")) as database:
        database.execute("PRAGMA user_version = 2")
    done = serve_once(pair, *pair.flags())
    assert done.returncode == 78
    assert "this copy's schema is 2, the capsule's is 1: the capsule is " \
        "older than the primary's" in done.stderr


def test_a_missing_copy_is_told_and_not_made(pair):
    (pair.folder / "copy").mkdir()
    done = serve_once(pair, *pair.flags())
    assert done.returncode == 78
    assert "there is no such file" in done.stderr
    assert not (pair.folder / "copy/var").exists()  # nor is one made


@pytest.mark.parametrize("flags, said", [
    (["--role", "replica"], "--role: a replica wants `primary`, the "
     "address where its readers can write"),
    (["--role", "replic"], "--role: expected primary or replica; did you mean "
     "replica?"),
    (["--primary", "portal.example"], "--primary: expected gemini://"
     "portal.example/, with a port if it is not the usual one"),
    (["--primary", "gemini://portal.example/page"], "--primary: expected "
     "gemini://portal.example/, with a port if it is not the usual one"),
    (["--primary", "gemini://x@portal.example/"], "--primary: expected "
     "gemini://portal.example/, with a port if it is not the usual one"),
])
def test_bad_settings_of_a_replica_are_refused(pair, flags, said):
    done = serve_once(pair, *flags)
    assert done.returncode in (2, 78)
    assert done.stderr == f"guiju: serve: {said}\n"


def test_the_role_cannot_change_at_a_reload(pair):
    with (pair.capsule / "capsule.ini").open("a") as file:
        file.write("\n[serve]\nrole = replica\n"
                   f"primary = gemini://localhost:{pair.port}/\n")
    assert "not reloaded" in pair.primary.reload()
    assert "the role cannot change while serving" in pair.primary.log
    assert pair.primary.gemini("/").status == 20


# --- the command line ------------------------------------------------------


def test_get_and_check_read_a_copy(pair):
    pair.write("First")
    folder = pair.copy()
    with (pair.capsule / "capsule.ini").open("a") as file:
        file.write("\n[serve]\nrole = replica\n"
                   f"primary = gemini://localhost:{pair.port}/\n")
    get = ["get", "--capsule", pair.capsule, "--state", folder]
    before = files_of(folder)["portal.db"]
    done = run_guiju(*get, "gemini://localhost/")
    assert done.returncode == 0 and "First" in done.stdout
    assert f"=> gemini://localhost:{pair.port}/ Write a note" in done.stdout
    done = run_guiju(*get, "gemini://localhost/write/x")
    assert done.stdout == f"30 gemini://localhost:{pair.port}/write/x\n"
    assert files_of(folder)["portal.db"] == before
    done = run_guiju("check", pair.capsule)
    assert done.returncode == 0, done.stderr
    # What writes says where to.
    for command in (["nightly", pair.capsule, "--state", folder],):
        done = run_guiju(*command)
        assert done.returncode == 78 and "this is a copy" in done.stderr
    (pair.capsule / "schema/002_more.sql").write_text("CREATE TABLE x (y);\n")
    done = run_guiju(*get, "gemini://localhost/")
    assert done.returncode == 78
    assert "it is for the primary to bring it up to date" in done.stderr
    assert files_of(folder)["portal.db"] == before


# --- the primary's other name ----------------------------------------------


def test_primary_answers_at_its_own_place():
    """Where readers know another name and another port: the primary is asked
    for by both, and shows each its certificate."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        capsule = make_capsule(folder / "capsule")
        port = free_port()
        server = Server(capsule, folder, [
            "--workers", "1", "--host", "portal.example", "--public-gemini",
            "1965", "--gemini", f"127.0.0.1:{port}", "--gopher", "off",
            "--primary", f"gemini://writes.portal.example:{port}/"],
            addresses=False)
        try:
            def ask(url, sni):
                return gemini_raw(port, f"{url}\r\n".encode(), sni=sni)
            assert ask("gemini://portal.example/", "portal.example"
                       ).status == 20
            there = f"gemini://writes.portal.example:{port}"
            answer = ask(f"{there}/", "writes.portal.example")
            assert answer.status == 20
            link = answer.link("Write a note")
            assert ask(f"{there}/{link}", "writes.portal.example"
                       ).status == 10
            for url, sni in (
                    ("gemini://writes.portal.example/",
                     "writes.portal.example"),
                    (f"gemini://portal.example:{port}/", "portal.example"),
                    (f"{there}/", "portal.example"),
                    ("gemini://other.example/", "other.example")):
                assert ask(url, sni).status == 53, url
            assert (server.certs / "writes.portal.example.cert.pem").exists()
        finally:
            assert server.stop() == 0
            server.check_sane()


@pytest.mark.portal
def test_an_import_into_a_replica_is_refused(tmp_path):
    for name in ("schema", "import"):
        shutil.copytree(ROOT / "capsule" / name, tmp_path / "capsule" / name)
    write_files(tmp_path, {
        "capsule/capsule.ini": "[serve]\nrole = replica\nprimary = "
                               f"gemini://localhost/\nstate = {tmp_path}/var\n",
        "text.gmi": "# Title\nText.\n"})
    done = run_guiju("import", "article", "--capsule", tmp_path / "capsule",
                     tmp_path / "text.gmi")
    assert done.returncode == 78
    assert done.stderr == "guiju: import: this is a copy; do this at " \
        "its primary\n"
    assert not (tmp_path / "var").exists()
