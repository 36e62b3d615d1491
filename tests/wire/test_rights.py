# SPDX-License-Identifier: ISC
"""Whose the files are: a server that cannot write says so before it serves,
and what root does beside a server stays the server's."""

import contextlib
import os
import pathlib
import pwd
import re
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time

import pytest

from conftest import ROOT, GUIJU, Server, make_capsule, run_guiju, write_files
from manuals import displays
from test_run import wait_for, write

needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can give files to another user")
NOBODY = pwd.getpwnam("nobody")


def as_nobody():
    os.setgroups([])
    os.setgid(NOBODY.pw_gid)
    os.setuid(NOBODY.pw_uid)


class Place:
    """A folder of nobody's, with a capsule that is root's."""

    def __init__(self, folder):
        self.folder = folder
        self.capsule = make_capsule(folder / "capsule")
        self.state = folder / "var"
        self.certs = folder / "certs"
        self.servers = []
        for path in (self.state, self.certs):
            path.mkdir()
            os.chown(path, NOBODY.pw_uid, NOBODY.pw_gid)

    def serve(self, *flags, **options):
        options.setdefault("preexec_fn", as_nobody)
        server = Server(self.capsule, self.folder,
                        ["--workers", "1", *flags], **options)
        self.servers.append(server)
        return server

    def served(self):
        """It has been served, and stopped."""
        server = self.serve()
        link = server.gemini("/").link("Write a note")
        assert server.gemini(f"/{link}?First").status == 30
        assert server.stop() == 0

    def refused(self, *flags, **options):
        """What is said in the one line of a start that is refused."""
        server = self.serve(*flags, wait=False, **options)
        assert server.process.wait(30) == 78, server.log
        server.stop()
        said = [x for x in server.lines if x.startswith("guiju: ")]
        assert len(said) == 1, server.log
        return said[0]


@pytest.fixture
def place():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        made = Place(folder)
        yield made
        for server in made.servers:
            server.stop()
            server.check_sane()


def own(path, user=0, mode=None):
    os.chown(path, user, user)
    if mode is not None:
        path.chmod(mode)


WHO = rf"this is nobody, uid {NOBODY.pw_uid}\)$"


@needs_root
@pytest.mark.parametrize("name, mode", [
    ("portal.db", 0o644), ("portal.db", 0o640), ("portal.db", 0o600),
    ("portal.db-wal", 0o644), ("portal.db-shm", 0o644),
    ("lock", 0o644), ("tally/tally.lock", 0o644), ("tally/note.tally", 0o644),
    ("note.tally", 0o644), ("tally", 0o755),
    ("public", 0o755), ("nightly", 0o755)])
def test_a_file_that_cannot_be_written_stops_the_start(place, name, mode):
    """As root's cp(1) of a backup makes it, and all that lies beside it."""
    place.served()
    path = place.state / name
    if name in ("public", "nightly", "tally"):
        path.mkdir(exist_ok=True)
    elif not path.exists():
        path.write_bytes(b"")
    own(path, 0, mode)
    said = place.refused()
    assert f"{path}: " in said and "Permission denied" in said
    assert re.search(rf"it belongs to root, uid 0, mode {mode:04o}; {WHO}",
                     said), said
    if name == "portal.db" and mode == 0o644:  # a copy only reads
        place.serve("--role", "replica", "--primary", "gemini://localhost/")
    own(path, NOBODY.pw_uid, mode | 0o200)


@needs_root
@pytest.mark.parametrize("mode", [0o755, 0o750, 0o700])
@pytest.mark.parametrize("served", [False, True])
def test_a_folder_that_cannot_be_written_stops_the_start(place, mode, served):
    if served:
        place.served()
    own(place.state, 0, mode)
    said = place.refused()
    assert f"{place.state}" in said and "Permission denied" in said
    assert re.search(rf"belongs to root, uid 0, mode {mode:04o}; {WHO}", said)


def test_a_link_to_a_missing_database_stops_the_start(serve, tmp_path):
    """A link that leads nowhere is no reason to begin with an empty one."""
    server = serve()
    link = server.gemini("/").link("Write a note")
    assert server.gemini(f"/{link}?First").status == 30
    assert server.stop() == 0
    base, there = tmp_path / "var/portal.db", tmp_path / "disk/portal.db"
    there.parent.mkdir()
    base.rename(there)
    base.symlink_to(there)
    there.parent.rename(tmp_path / "away")
    server = serve(wait=False)
    assert server.process.wait(30) == 78, server.log
    server.reader.join(5)
    assert f"{base}: is a link to what is not there" in server.log
    assert base.is_symlink()
    base.unlink()
    (tmp_path / "away/portal.db").rename(base)
    assert "First" in serve().gemini("/").text


@needs_root
def test_a_folder_that_cannot_be_made_stops_the_start(place):
    place.state.rmdir()
    said = place.refused()
    assert f"cannot make folder {place.state}: Permission denied (its folder " \
        "belongs to root, uid 0, mode 0755; this is nobody" in said


@needs_root
def test_certs_that_cannot_be_written_stop_the_start(place):
    own(place.certs, 0, 0o755)
    said = place.refused()
    assert f"{place.certs}/localhost.cert.pem: Permission denied (its folder " \
        "belongs to root, uid 0" in said
    # A pair that is there need not be made; a key must be readable.
    own(place.certs, NOBODY.pw_uid)
    place.served()
    own(place.certs, 0, 0o755)
    place.served()
    key = place.certs / "localhost.key.pem"
    own(key, 0, 0o600)
    said = place.refused()
    assert f"tls: {key}: Permission denied (it belongs to root, uid 0, mode " \
        "0600; this is nobody" in said


@needs_root
def test_a_state_made_unwritable_refuses_writes_and_reloads(place):
    """A reload is refused, and readers are served on; whoever writes is told
    a reference, and the log has SQLite's words for it."""
    server = place.serve("--log", "info")
    assert server.gemini("/").status == 20
    own(place.state / "portal.db", 0, 0o644)
    assert "not reloaded" in server.reload()
    assert "cannot be written: Permission denied" in server.log
    assert server.gemini("/").status == 20
    # A worker of now opens what it may only read.
    victim = server.children()[0]
    os.kill(victim, 9)
    wait_for(lambda: server.children() not in ([], [victim]), what="a worker")
    link = server.gemini("/").link("Write a note")
    answer = server.gemini(f"/{link}?Second")
    assert answer.status == 40
    reference = re.search(r"reference ([A-Z0-9]{6})", answer.meta)[1]
    line = server.wait_log(f"ref={reference}")
    assert "pages/write/[seal].gmi" in line
    assert "attempt to write a readonly database" in line
    own(place.state / "portal.db", NOBODY.pw_uid, 0o640)


COUNTED = "% one SELECT tally_add('seen', 1) AS n\n# Seen {n}\n"


@needs_root
def test_views_that_cannot_be_stored_are_told_once_and_why(place):
    write(place.capsule / "pages/counted.gmi", COUNTED)
    server = place.serve("--log", "info")
    assert server.gemini("/counted").status == 20
    own(place.state / "portal.db", 0, 0o644)
    victim = server.children()[0]
    os.kill(victim, 9)
    wait_for(lambda: server.children() not in ([], [victim]), what="a worker")
    assert server.gemini("/counted").status == 20
    line = server.wait_log("tallies were not folded")
    assert "attempt to write a readonly database; they are kept" in line
    time.sleep(11)  # two more folds
    assert server.log.count("were not folded") == 1
    own(place.state / "portal.db", NOBODY.pw_uid, 0o640)


# --- root beside a server ----------------------------------------------------


def owners(folder):
    return {path.stat().st_uid for path in [folder, *folder.rglob("*")]}


@pytest.fixture
def portal(place):
    """The same with the portal's own capsule, and an article to import."""
    shutil.rmtree(place.capsule)
    shutil.copytree(ROOT / "capsule", place.capsule)
    write_files(place.folder, {
        "text.gmi": "title: 例\nsection: tzgg\n\n正文。\n",
        "ics.csv": "code,level,parent,title_zh,title_en\n"
                   "01,1,,综合,Generalities\n"})
    return place


@needs_root
@pytest.mark.parametrize("command", [
    ["article", "--section", "hnbzhdt", "text.gmi"], ["ics", "ics.csv"]])
def test_what_root_imports_first_belongs_to_the_server(portal, command):
    """The folder is the server's, so what is made in it is, too."""
    done = run_guiju("import", *command[:1], "--state", portal.state,
                     "--capsule", portal.capsule, *command[1:],
                     cwd=portal.folder)
    assert done.returncode in (0, 1), done.stderr
    assert (portal.state / "portal.db").exists()
    assert owners(portal.state) == {NOBODY.pw_uid}
    server = portal.serve()
    assert server.gemini("/").status == 20


@needs_root
@pytest.mark.parametrize("setting", [False, True])
def test_a_folder_that_roots_import_makes_has_its_owner(portal, setting):
    """It is his to whom the folder above belongs, or whom capsule.ini names;
    else it is root's, and a start says so."""
    portal.state.rmdir()
    command = ["import", "ics", "--state", portal.state, "--capsule",
               portal.capsule, portal.folder / "ics.csv"]
    assert run_guiju(*command).returncode == 0
    assert f"{portal.state}" in portal.refused()
    shutil.rmtree(portal.state)
    if setting:
        with (portal.capsule / "capsule.ini").open("a") as file:
            file.write("\n[serve]\nuser = nobody\n")
    else:
        own(portal.folder, NOBODY.pw_uid)
    assert run_guiju(*command).returncode == 0
    assert owners(portal.state) == {NOBODY.pw_uid}
    assert portal.serve().gemini("/").status == 20


@needs_root
def test_commands_of_root_leave_the_server_its_files(portal):
    server = portal.serve()
    for command in (
            ["import", "ics", "--state", portal.state, "--capsule",
             portal.capsule, portal.folder / "ics.csv"],
            ["nightly", "--state", portal.state, portal.capsule]):
        done = run_guiju(*command)
        assert done.returncode == 0, done.stderr
        assert owners(portal.state) == {NOBODY.pw_uid}, command
    assert server.gemini("/").status == 20
    assert server.stop() == 0
    assert portal.serve().gemini("/").status == 20


# --- keys ---------------------------------------------------------------------


@pytest.mark.parametrize("certs", [
    "var/certs", "var", "var/../var/certs", "link", "capsule/static/certs"])
def test_keys_lie_where_no_worker_reads(capsule, tmp_path, certs):
    (tmp_path / "var").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "var")
    done = run_guiju("serve", "--gemini", "127.0.0.1:0", "--gopher", "off",
                     "--state", tmp_path / "var", "--certs", tmp_path / certs,
                     "--log", "error", capsule)
    assert done.returncode == 78
    assert "a key must not lie in" in done.stderr
    assert not list(tmp_path.rglob("*.key.pem"))


def test_a_key_linked_into_the_state_folder_is_refused(serve, tmp_path):
    server = serve("--workers", "1")
    key = server.certs / "localhost.key.pem"
    inside = server.state / "key"
    key.rename(inside)
    key.symlink_to(inside)
    assert "not reloaded" in server.reload()
    assert "a key must not lie in" in server.log
    assert server.gemini("/").status == 20


def test_folders_whose_names_begin_alike_are_accepted(capsule, tmp_path):
    """Nor is a folder of keys that holds the state folder."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        for state, certs in (("var", "var-certs"), ("var", "va"),
                             ("all/var", "all")):
            (tmp_path / state).mkdir(parents=True, exist_ok=True)
            done = run_guiju("serve", "--gemini", address, "--gopher", "off",
                             "--state", tmp_path / state, "--certs",
                             tmp_path / certs, "--log", "error", capsule)
            assert "Address already in use" in done.stderr


# --- a copy -------------------------------------------------------------------


IMPORTS = [
    ["article", "text.gmi"], ["article", "--dry-run", "text.gmi"],
    ["ics", "ics.csv"], ["ccs", "ics.csv"], ["prefixes", "ics.csv"],
    ["standards", "ics.csv"], ["announcement", "ics.csv"],
    ["announcement", "--commit", "ics.csv"], ["undo", "1"]]


def replica_by_flag(place):
    server = place.serve("--role", "replica", "--primary",
                         "gemini://localhost:1999/", "--user", "nobody",
                         preexec_fn=None)
    assert server.gemini("/").status == 20
    assert server.stop() == 0


def replica_by_flag_that_runs(place):
    place.serve("--role", "replica", "--primary", "gemini://localhost:1999/",
                "--user", "nobody", preexec_fn=None)


def replica_by_setting(place):
    with (place.capsule / "capsule.ini").open("a") as file:
        file.write("\n[serve]\nrole = replica\n"
                   "primary = gemini://localhost:1999/\n")


@needs_root
@pytest.mark.parametrize("make", [
    replica_by_flag, replica_by_flag_that_runs, replica_by_setting])
def test_nothing_is_imported_into_a_copy(portal, make):
    """Nor is it brought to another schema, nor asked as if it were ours."""
    assert portal.serve().stop() == 0
    database = portal.state / "portal.db"
    make(portal)
    number = 1 + max(int(path.name[:3])
                     for path in (portal.capsule / "schema").glob("*.sql"))
    (portal.capsule / f"schema/{number:03}_more.sql").write_text(
        "CREATE TABLE more (x INTEGER);\n")
    before = database.read_bytes()
    for command in IMPORTS:
        done = run_guiju("import", command[0], "--state", portal.state,
                         "--capsule", portal.capsule, *command[1:],
                         cwd=portal.folder)
        assert done.returncode == 78, (command, done.stderr)
        assert "this is a copy" in done.stderr, command
    for command in ("nightly", "rebuild"):
        done = run_guiju(command, "--state", portal.state, portal.capsule)
        assert done.returncode == 78 and "this is a copy" in done.stderr
    if make is not replica_by_setting:  # else it is read as what it is
        done = run_guiju("get", "--capsule", portal.capsule, "--state",
                         portal.state, "gemini://localhost/")
        assert done.returncode == 78 and "is a copy" in done.stderr
    assert database.read_bytes() == before
    with contextlib.closing(sqlite3.connect(database)) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == number - 1


@needs_root
def test_a_copy_that_becomes_the_primary_takes_imports(portal):
    assert portal.serve().stop() == 0
    replica_by_flag(portal)
    command = ["import", "ics", "--state", portal.state, "--capsule",
               portal.capsule, portal.folder / "ics.csv"]
    assert run_guiju(*command).returncode == 78
    assert portal.serve().stop() == 0
    done = run_guiju(*command)
    assert done.returncode == 0, done.stderr


# --- what is no database of ours ---------------------------------------------


@pytest.mark.parametrize("content, said", [
    (b"", "is empty (0 bytes)"), (b"not a database" * 100, ""),
    ("CREATE TABLE x (y)", "is not a database of guiju")])
def test_it_is_named_by_its_own_path(serve, tmp_path, content, said):
    (tmp_path / "var").mkdir()
    path = tmp_path / "var/portal.db"
    if isinstance(content, str):
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.execute(content)
    else:
        path.write_bytes(content)
    server = serve(wait=False)
    assert server.process.wait(30) == 78
    server.stop()
    line, = [x for x in server.lines if x.startswith("guiju:")]
    assert line.startswith(f"guiju: serve: {path}: ") and said in line
    assert "rehearsal/" not in server.log


def test_a_damaged_one_with_new_scripts_is_named_by_its_own_path(
        serve, capsule, tmp_path):
    assert serve("--workers", "1").stop() == 0
    path = tmp_path / "var/portal.db"
    data = bytearray(path.read_bytes())
    data[4096 * 2:4096 * 4] = b"\xff" * 4096 * 2
    path.write_bytes(data)
    write(capsule / "schema/002_more.sql", "CREATE TABLE more (x INTEGER);\n")
    server = serve(wait=False)
    assert server.process.wait(30) in (1, 78)
    server.stop()
    assert "rehearsal/" not in server.log
    assert f"{path}: " in server.log


def test_a_migration_is_told_to_the_log(serve, capsule):
    server = serve("--workers", "1", "--log", "info")
    assert "schema" not in server.log
    write(capsule / "schema/002_more.sql", "CREATE TABLE more (x INTEGER);\n")
    assert "run: reloaded" in server.reload()
    told = [x for x in server.lines if "schema 1 -> 2 in " in x]
    assert len(told) == 1 and "portal.db: schema" in told[0]
    assert "rehearsal/" not in told[0]
    assert server.stop() == 0
    write(capsule / "schema/003_more.sql", "CREATE TABLE most (x INTEGER);\n")
    server = serve("--workers", "1", "--log", "info")
    assert server.log.count("schema 2 -> 3 in ") == 1


# The names in a state folder under which something of ours is written.
WRITTEN = ["lock", "checked", "status.sock", "tally.lock", "article.tally",
           "tally/tally.lock", "tally/seen.tally", "tally/article.tally", "portal.db.new", "portal.db.new-wal",
           "portal.db.new-journal", "nightly/done", "nightly/copy.db",
           "public/SHA256SUMS", "public/.SHA256SUMS",
           "public/.board.sqlite3", "rehearsal/portal.db"]


def test_nothing_is_written_through_a_planted_link(serve, capsule, tmp_path):
    """By a start, a page that writes and counts, a night, a stop; whatever
    is not done because of the link, the file that it leads to is as it was."""
    write_files(capsule, {
        "export/board.sql": "CREATE TABLE note AS SELECT * FROM portal.note;",
        "pages/seen.gmi": "% one SELECT tally_add('seen', 1) AS n\nseen {n}\n"})
    victims = tmp_path / "victims"
    victims.mkdir()
    state = tmp_path / "var"
    for folder in "nightly", "public", "rehearsal", "tally":
        (state / folder).mkdir(parents=True)
    for name in WRITTEN:
        victim = victims / name.replace("/", "_")
        victim.write_text(f"mine: {name}")
        (state / name).symlink_to(victim)
    # A lock that is a link is refused; without it all the rest is done.
    assert serve("--workers", "1", wait=False).process.wait(60) != 0
    (state / "lock").unlink()
    server = serve("--workers", "1")
    assert server.gemini("/seen").status == 20
    link = server.gemini("/").link("Write a note")
    server.gemini(f"/{link}?text")
    run_guiju("nightly", "--state", state, capsule)
    server.stop()
    assert {path.name: path.read_text() for path in victims.iterdir()} == {
        name.replace("/", "_"): f"mine: {name}" for name in WRITTEN}


def test_the_commands_of_the_manual_restore_a_backup(serve, tmp_path):
    """The commands of the manual's "Backup", given in this folder."""
    server = serve("--workers", "1")

    def write_note(text):
        link = server.gemini("/").link("Write a note")
        assert server.gemini(f"/{link}?{text}").status == 30

    backup, restore = [block for block in displays("guiju-operating.8")
                       if "backup.db" in block]
    assert "portal.db-wal" in restore

    def run(block):
        subprocess.run(["sh", "-ec", block], cwd=tmp_path, check=True,
                       env={**os.environ,
                            "PATH": f"{GUIJU.parent}:{os.environ['PATH']}"})

    write_note("kept")
    run(backup)
    copy = tmp_path / "backup.db"
    assert copy.stat().st_mode & 0o777 == 0o600
    write_note("lost")
    log = tmp_path / "var/portal.db-wal"
    behind = log.read_bytes()
    assert behind
    server.kill()
    # The log stays behind, whoever was the last to close the database.
    log.write_bytes(behind)
    run(restore)
    before = (tmp_path / "var/portal.db").stat()
    assert before.st_uid == (tmp_path / "var").stat().st_uid
    assert before.st_mode & 0o777 == 0o640
    server = serve("--workers", "1")
    text = server.gemini("/").text
    assert "kept" in text and "lost" not in text
    write_note("more")
