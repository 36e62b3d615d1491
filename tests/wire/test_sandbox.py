# SPDX-License-Identifier: ISC
"""The sandbox of the processes that serve: are they in it, and does all that a
portal does still work there? (Every other test over the wire is served from
inside of it, too.)"""

import ctypes
import errno
import os
import pathlib
import pwd
import re
import shutil
import signal
import sqlite3
import tempfile

import pytest

from conftest import Server, make_capsule, run_guiju, write_files
from test_run import wait_for

LANDLOCK_CREATE_RULESET = 444  # the same number on every machine
SCMP_ACT_ALLOW = 0x7FFF0000
SCMP_ACT_ERRNO = 0x00050000


def landlock():
    """The version that this kernel has; 0: none."""
    return max(0, ctypes.CDLL(None).syscall(LANDLOCK_CREATE_RULESET, None, 0,
                                            1))


def without(*calls):
    """For preexec_fn: a kernel that does not know these system calls."""
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p

    def set_up():
        rules = ctypes.c_void_p(library.seccomp_init(SCMP_ACT_ALLOW))
        for call in calls:
            number = library.seccomp_syscall_resolve_name(call.encode())
            if library.seccomp_rule_add_array(
                    rules, ctypes.c_uint32(SCMP_ACT_ERRNO | errno.ENOSYS),
                    number, 0, None):
                os._exit(99)
        if library.seccomp_load(rules):
            os._exit(99)

    return set_up


def facts(pid):
    """/proc/PID/status as {name: text}."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return dict(re.findall(r"^(\w+):\t(.*)$", text, re.M))


def test_every_worker_is_in_it(serve):
    server = serve("--workers", "2")
    workers = server.children()
    assert len(workers) == 2
    for pid in workers:
        about = facts(pid)
        assert about["Seccomp"] == "2"
        assert about["NoNewPrivs"] == "1"
        limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
        assert re.search(r"^Max core file size +0 +0 ", limits, re.M)
        soft, hard = re.search(r"^Max open files +(\d+) +(\d+) ", limits,
                               re.M).groups()
        assert soft == hard
    assert facts(server.pid)["NoNewPrivs"] == "1"
    line = server.wait_log("run: sandbox: ")
    version = landlock()
    if version >= 4:
        assert re.search(rf"info run: sandbox: .*, landlock {version}, "
                         r"seccomp \d+ calls, limits: no core, \d+ files; "
                         r"self-test passed$", line)
    elif not version:
        assert "no landlock, seccomp" in line
    # A worker that takes the place of a dead one is no less fenced.
    os.kill(workers[0], signal.SIGKILL)
    wait_for(lambda: len(server.children()) == 2 and
             workers[0] not in server.children(), what="the next worker")
    for pid in server.children():
        wait_for(lambda pid=pid: facts(pid)["Seccomp"] == "2",
                 what="its sandbox")
    assert server.gemini("/").status == 20


def test_a_worker_removes_no_file_of_the_log(serve):
    """It may not, so the process of checkpoints closes the database last; and
    where it has died, the next start finds all that was written."""
    server = serve("--workers", "2")
    link = server.gemini("/").link("Write a note")
    assert server.gemini(f"/{link}?First").status == 30
    assert server.stop() == 0
    names = {path.name for path in server.state.glob("portal.db*")}
    assert names == {"portal.db"}
    server = serve("--workers", "2")
    link = server.gemini("/").link("Write a note")
    assert server.gemini(f"/{link}?Second").status == 30
    os.kill(wait_for(lambda: server.children("guiju-wal"),
                     what="the process of checkpoints")[0], signal.SIGKILL)
    server.wait_log("the process of checkpoints ended by signal 9")
    assert server.stop() == 0
    assert landlock() == 0 or (server.state / "portal.db-wal").exists()
    server = serve("--workers", "2")
    assert "First" in server.gemini("/").text
    assert "Second" in server.gemini("/").text
    assert server.stop() == 0
    assert {path.name for path in server.state.glob("portal.db*")} == names


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another")
def test_another_user_serves_in_the_sandbox():
    """Dropped first, fenced then; and all that a portal does goes on."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        make_capsule(folder / "capsule")
        server = Server(folder / "capsule", folder, [
            "--workers", "1", "--user", "nobody", "--sandbox", "auto"])
        try:
            user = pwd.getpwnam("nobody").pw_uid
            about = facts(server.children()[0])
            assert set(about["Uid"].split()) == {str(user)}
            assert about["Seccomp"] == "2" and about["CapEff"].strip("0") == ""
            assert "run: sandbox: user nobody, " in server.log
            limits = pathlib.Path(f"/proc/{server.children()[0]}/limits")
            soft, hard = re.search(r"^Max processes +(\d+) +(\d+) ",
                                   limits.read_text(), re.M).groups()
            assert soft == hard and int(soft) <= 256
            assert f" files, {soft} processes; self-test" in server.log
            link = server.gemini("/").link("Write a note")
            assert server.gemini(f"/{link}?Hello").status == 30
            assert server.gemini("/hello.txt").status == 20
            # Its folder is the user's by now: a second generation, too.
            assert "run: reloaded" in server.reload()
            link = server.gemini("/").link("Write a note")
            assert server.gemini(f"/{link}?Again").status == 30
        finally:
            status = server.stop()
        assert status == 0, server.log
        server.check_sane()


def test_what_is_missing_is_told(serve):
    """A kernel without Landlock: served all the same, and said loudly."""
    server = serve("--workers", "1",
                   preexec_fn=without("landlock_create_ruleset"))
    line = server.wait_log("run: sandbox: ")
    assert " error run: sandbox: " in line
    assert "no landlock, seccomp" in line
    assert "SELF-TEST FAILED: a worker can read /etc/passwd" in line
    assert ", replace a download; a task can " in line
    assert line.endswith("; serving with what there is")
    assert server.gemini("/").status == 20


def test_a_required_sandbox_that_is_missing_is_told(capsule, tmp_path):
    arguments = ["serve", "--gemini", "127.0.0.1:0", "--gopher", "off",
                 "--sandbox", "require", "--state", tmp_path / "var",
                 "--certs", tmp_path / "certs", capsule]
    done = run_guiju(*arguments,
                     preexec_fn=without("landlock_create_ruleset"))
    assert done.returncode == 78, done.stderr
    assert done.stdout == ""
    assert "SELF-TEST FAILED: a worker can read /etc/passwd" in done.stderr
    assert re.search("^guiju: serve: the sandbox is required, and its self-test "
                     "failed: see the log$", done.stderr, re.M)
    assert not (tmp_path / "var/portal.db").exists()


def test_a_reload_can_require_the_sandbox(serve, capsule):
    """A word that is none changes nothing; what can be had is taken."""
    server = serve("--workers", "1")
    with (capsule / "capsule.ini").open("a") as file:
        file.write("\n[serve]\nsandbox = reqire\n")
    assert "not reloaded" in server.reload()
    assert "auto, require or off; did you mean require?" in server.log
    assert server.gemini("/").status == 20
    ini = (capsule / "capsule.ini").read_text()
    (capsule / "capsule.ini").write_text(ini.replace("reqire", "require"))
    assert ("run: reloaded" if landlock() >= 4 else "not reloaded") in \
        server.reload()
    assert server.gemini("/").status == 20


def test_what_a_reload_requires_and_is_missing_is_refused(serve, capsule):
    """The reload is; what served before serves on."""
    server = serve("--workers", "1",
                   preexec_fn=without("landlock_create_ruleset"))
    with (capsule / "capsule.ini").open("a") as file:
        file.write("\n[serve]\nsandbox = require\n")
    assert "not reloaded" in server.reload()
    assert "the sandbox is required, and its self-test failed" in server.log
    assert server.gemini("/").status == 20


def test_off_leaves_workers_without_a_sandbox(serve):
    server = serve("--workers", "1", "--sandbox", "off")
    assert "run: sandbox: off" in server.log
    about = facts(server.children()[0])
    assert about["Seccomp"] == "0" and about["NoNewPrivs"] == "0"


def test_a_reload_serves_another_static_folder(serve, capsule):
    """A static folder that comes, and one that takes another's place."""
    shutil.rmtree(capsule / "static")
    write_files(capsule, {"pages/index.gmi": "# Home\n"})
    server = serve("--workers", "1")
    assert server.gemini("/new.txt").status == 51
    write_files(capsule, {"static/new.txt": "one\n"})
    assert "run: reloaded" in server.reload()
    assert server.gemini("/new.txt").body == b"one\n"
    (capsule / "static").rename(capsule / "old")
    write_files(capsule, {"elsewhere/new.txt": "two\n"})
    (capsule / "static").symlink_to("elsewhere")
    assert "run: reloaded" in server.reload()
    assert server.gemini("/new.txt").body == b"two\n"


def test_nothing_that_is_needed_is_refused(serve):
    """Reading, writing, counting, a database changed from outside: at the end
    no call has been refused."""
    server = serve("--workers", "2", "--dev")
    for n in range(3):
        link = server.gemini("/").link("Write a note")
        assert server.gemini(f"/{link}?Note{n}").status == 30
    assert server.gemini("/hello.txt").status == 20
    assert server.menu("")
    # Somebody else empties the log of the database while it is open here.
    with sqlite3.connect(server.state / "portal.db", timeout=20) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    link = server.gemini("/").link("Write a note")
    assert server.gemini(f"/{link}?Last").status == 30
    assert "Last" in server.gemini("/").text
    assert "run: reloaded" in server.reload()
    assert "Last" in server.gemini("/").text
    assert server.stop() == 0


# A table of libmagic's own kind that takes for ever over one text.
SLOW_MAGIC = "0 string HANG \n>0 regex/8192 (a*)(a*)(a*)\\\\1\\\\2\\\\3b slow\n"


def test_a_file_that_stalls_its_test_harms_no_worker(serve, capsule, tmp_path):
    """A file without a name's ending is looked at in a child of the worker's,
    which is ended in time; the worker serves on, and looks but once."""
    (tmp_path / "magic").write_text(SLOW_MAGIC)
    write_files(capsule, {"static/nameless": "HANG" + "a" * 4000,
                          "static/other": "Just text.\n"})
    server = serve("--workers", "1", env={"MAGIC": str(tmp_path / "magic")})
    worker = server.children()
    answer = server.gemini("/nameless")
    assert (answer.status, answer.meta) == (20, "application/octet-stream")
    assert answer.body == b"HANG" + b"a" * 4000
    server.wait_log("warn mime: a file could not be looked at: it took too "
                    "long")
    assert server.gemini("/nameless").meta == "application/octet-stream"
    assert server.log.count("could not be looked at") == 1
    assert server.gemini("/other").meta == "text/plain; charset=utf-8"
    assert server.children() == worker
    assert server.stop() == 0


def powers(pid):
    """Its capabilities, set by set."""
    about = facts(pid)
    return {name: int(about[name], 16)
            for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}


# Of linux/capability.h: to bind a port, to become a user and to serve as one.
CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, KILL = 0, 1, 2, 3, 5
SETGID, SETUID, SETPCAP, BIND, RESOURCE = 6, 7, 8, 10, 24
PARENT = sum(1 << bit for bit in (
    CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, KILL, SETGID, SETUID,
    SETPCAP, BIND, RESOURCE))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has capabilities")
@pytest.mark.parametrize("user", [None, "nobody"])
def test_root_keeps_no_capability_that_it_does_not_need(new_capsule, user):
    """Whoever serves: neither a worker nor the logger has any, nor can get
    one; the parent has what a reload needs."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        shutil.copytree(new_capsule, folder / "capsule")
        server = Server(folder / "capsule", folder, [
            "--workers", "2", *(["--user", user] if user else [])])
        try:
            for _ in range(2):
                assert {"guiju-worker", "guiju-logger"} <= set(
                    server.processes().values())
                for pid in server.processes():
                    wait_for(lambda pid=pid: not any(powers(pid).values()),
                             what=f"{powers(pid)} to be none")
                own = powers(server.pid)
                assert own["CapPrm"] == own["CapEff"] == own["CapBnd"] == (
                    PARENT & own["CapPrm"])
                assert not own["CapInh"] | own["CapAmb"]
                assert "run: reloaded" in server.reload()
                wait_for(lambda: len(server.children()) == 2,
                         what="the end of the old workers")
        finally:
            status = server.stop()
        assert status == 0, server.log
        server.check_sane()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_root_cannot_serve_what_it_may_not_write(new_capsule):
    """Without its capabilities root is one user among others: said at the
    start, with the owner."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "var").mkdir(mode=0o755)
        os.chown(folder / "var", pwd.getpwnam("nobody").pw_uid, -1)
        done = run_guiju("serve", "--gemini", "127.0.0.1:0", "--gopher", "off",
                         "--state", folder / "var", "--certs",
                         folder / "certs", "--log", "error", new_capsule)
        assert done.returncode == 78
        assert re.fullmatch(
            rf"guiju: serve: {folder}/var: cannot be written: .*nobody.*\n",
            done.stderr), done.stderr
