# SPDX-License-Identifier: ISC
"""What the log says of a request, and what it must not say."""

import ctypes
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import sqlite3
import struct
import tempfile
import threading
import time

import pytest

from conftest import START_S, Server, gopher_raw, run_guiju
from test_faults import wait_for

PORTAL = pathlib.Path(__file__).parents[2] / "capsule"
LINE = re.compile(
    r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ worker\[\d+\] info net: gemini "
    r"127\.0\.0\.1 TLSv1\.[23] id=\S+ path=\S+ kind=\S+ bytes=\d+ ms=\d+$")


# Pages that refuse, so that the log has their names: of an address without a
# page it has none.
NAMED = ["last", "one", "before", "moved-here", "back-again", "asked", "after",
         *(f"after{i}" for i in range(20)), *(f"room/{i}" for i in range(3))]


@pytest.fixture
def capsule(capsule):
    for name in ("room", "from"):
        (capsule / "pages" / name).mkdir()
    for name in NAMED:
        (capsule / f"pages/{name}.gmi").write_text("% fail missing No page\n")
    (capsule / "pages/from/[n].gmi").write_text("# From {n}\n")
    return capsule


def test_a_request_has_its_line(serve):
    server = serve()
    assert server.gemini("/").status == 20
    assert LINE.match(server.wait_log("path=/ "))


def test_identity_is_cut(serve, make_identity):
    server = serve()
    server.gemini("/", cert=make_identity().pair)
    line = server.wait_log("path=/ ")
    assert re.search(r"id=[0-9a-f]{8,16} ", line), line


def test_hostile_path_is_one_printable_line(serve):
    server = serve()
    server.gemini("/%1B%5B31m")
    server.gemini("/%0AFORGED%20line")
    server.gemini("/\N{RIGHT-TO-LEFT OVERRIDE}x")
    server.gemini("/last")
    server.wait_log("path=/last ")
    assert all(line.isascii() and line.isprintable()
               for line in server.lines)
    assert not any(line.startswith("FORGED") for line in server.lines)


@pytest.mark.portal
def test_typed_words_are_not_told(serve):
    server = serve(at=PORTAL)
    assert server.gemini("/search/text?secretword").status == 20
    assert server.gemini("/search/text/secretword/").status == 20
    assert server.gopher("/search/text", "secretword")
    server.gopher("/about")
    server.wait_log("path=/about ")
    assert "path=/search/text/-/ " in server.log
    assert "secretword" not in server.log


def test_an_address_that_leads_nowhere_is_not_told(serve, capsule):
    """It may be what somebody has typed: only names that the portal has are
    shown, and a page's parameters only where it has found something."""
    def page(name, text):
        (capsule / "pages" / name).parent.mkdir(parents=True, exist_ok=True)
        (capsule / "pages" / name).write_text(text)

    page("open/[what]/index.gmi", "% if :what <> 'found1'\n"
         "% fail missing No\n% end\n# Open\n")
    page("open/[what]/odd.gmi", "% if :what <> 'found2'\n"
         "% fail bad No\n% end\n# Odd\n")
    (capsule / "static/d").mkdir(parents=True)
    (capsule / "static/d/file.txt").write_text("x\n")
    server = serve()
    told = {"/hidden1": "/-", "/hidden2/x/": "/-/-/", "/open/hidden3/no/x":
            "/open/-/-/-", "/open/hidden4/": "/open/-/", "/open/hidden5":
            "/open/-", "/open/hidden6/odd": "/open/-/odd",
            "/open/hidden7/odd/": "/open/-/odd/", "/open/found1/":
            "/open/found1/", "/open/found2/odd": "/open/found2/odd",
            "/d/hidden8.txt": "/-/-", "/d/file.txt": "/d/file.txt",
            "/note/hidden9": "/note/-", "/note/1": "/note/1",
            "/write/" + "hidden" * 5: "/write/-", "/write/hidden?x": "/write/-"}
    for path in told:
        server.gemini(path)
        server.gopher(path)
    server.gemini("/last")
    server.wait_log("gemini .* path=/last ")
    paths = re.findall(r" path=(\S+) ", server.log)
    assert sorted(paths) == sorted([*told.values(), *told.values(), "/last"])
    assert "hidden" not in server.log


def test_only_a_page_that_ran_tells_its_parameters(serve, capsule,
                                                   make_identity):
    """Before it runs, a link to it may have any words in it: a guard refuses,
    has a false seal or that a replica leads elsewhere."""
    def page(name, text):
        (capsule / "pages" / name).parent.mkdir(parents=True, exist_ok=True)
        (capsule / "pages" / name).write_text(text)

    page("ed/_guard.gmi", "% cert Who?\n% if :cert_name <> 'Mei'\n"
         "% fail forbidden No\n% end\n")
    page("ed/[what]/index.gmi", "# Report\n")
    page("busy/[what].gmi", "% fail busy 45\n")
    page("asks/[what].gmi", "% ask What?\n# {input}\n")
    page("goes/[what].gmi", "% go /w/\n")
    page("w/index.gmi", "# W\n")
    page("w/[what]/index.gmi", "# W\n=> rerun/{seal} Do it\n")
    page("w/[what]/rerun/[seal].gmi",
         "% do DELETE FROM guiju_seal WHERE used_at < 0\n% go /w/\n")
    page("x/index.gmi", "# X\n")
    page("x/[what]/[seal].gmi",
         "% do DELETE FROM guiju_seal WHERE used_at < 0\n% go /w/\n")

    def by_gemini(server, path, status):
        assert server.gemini(path).status == status

    def by_gopher(server, path, status):
        assert server.gopher(path)

    def by_spartan(server, path, status):
        assert gopher_raw(server.spartan_port,
                          f"localhost {path} 0\r\n".encode())

    def logged(server):
        """The paths with a word of ours, after all of them are there."""
        by_gemini(server, "/last", 51)
        server.wait_log(r" gemini .* path=/last ")
        by_spartan(server, "/after", 51)
        server.wait_log(r" path=/after ")
        assert "hidden" not in server.log
        return re.findall(r" (gemini|gopher|spartan) .* path=(/\w*/\S+) ",
                          server.log)

    flags = ("--workers", "1", "--spartan", "127.0.0.1:0")
    server = serve(*flags)
    cert = make_identity().pair
    told = []
    for path, status, shown in (
            ("/ed/hidden1/", 60, "/ed/-/"),
            ("/busy/hidden2", 44, "/busy/-"),
            ("/x/hidden3/none", 20, "/x/-/-"),
            ("/asks/found1", 10, "/asks/found1"),
            ("/goes/found2", 30, "/goes/found2"),
            ("/w/found3/", 20, "/w/found3/")):
        for name, ask in (("gemini", by_gemini), ("gopher", by_gopher),
                          ("spartan", by_spartan)):
            ask(server, path, status)
            told.append((name, shown))
    assert server.gemini("/ed/hidden4/", cert=cert).status == 61
    assert server.gemini("/ed/hidden4/.txt", cert=cert).status == 61
    seal = server.gemini("/w/found4/").link("Do it")
    assert server.gemini(f"/w/found4/{seal}").meta == "/w/"
    seal = server.gemini("/w/found5/").link("Do it")
    told += [("gemini", path) for path in (
        "/ed/-/", "/ed/-/.txt", "/w/found4/", "/w/found4/rerun/-",
        "/w/found5/")]
    assert logged(server) == told
    assert server.stop() == 0
    copy = serve(*flags, "--role", "replica", "--primary",
                 "gemini://portal.example/")
    told = []
    for path, status, shown in (("/x/hidden1/none", 30, "/x/-/-"),
                                ("/w/hidden2/rerun/x", 30, "/w/-/rerun/-")):
        for name, ask in (("gemini", by_gemini), ("gopher", by_gopher),
                          ("spartan", by_spartan)):
            ask(copy, path, status)
            told.append((name, shown))
    assert logged(copy) == told


@pytest.mark.portal
def test_conditions_of_a_list_are_not_told(serve):
    server = serve(at=PORTAL)
    assert server.gemini("/standard/list/hidden1/hidden2/-/").status
    server.gemini("/last")
    server.wait_log(" path=/-")
    assert "hidden" not in server.log
    assert " path=/standard/list/-/-/" in server.log


def test_a_page_says_what_is_private(serve, capsule):
    """Whatever becomes of the request: a page, a redirect, a refusal."""
    def page(name, text):
        (capsule / "pages" / name).parent.mkdir(parents=True, exist_ok=True)
        (capsule / "pages" / name).write_text(text)

    page("q/[what]/index.gmi", "% private what\n# Q\n")
    page("q/[what]/[n].gmi", "% private what\n% if :n = 'x'\n"
         "% fail bad no\n% end\n# {n}\n")
    page("q/[what]/go.gmi", "% private what\n% go /free/shown/\n")
    page("free/[what]/index.gmi", "# Free\n")
    server = serve("--workers", "1")
    for path in ("/q/hidden1/", "/q/hidden2", "/q/hidden3/7", "/q/hidden4/x",
                 "/q/hidden5/go", "/q/hidden6/7.txt", "/free/shown/"):
        server.gemini(path)
        server.gopher(path)
    server.gopher("/last")
    server.wait_log("path=/last ")
    assert "hidden" not in server.log
    paths = re.findall(r" path=(/q\S*) ", server.log)
    assert paths == [path for path in ("/q/-/", "/q/-", "/q/-/7", "/q/-/-",
                                       "/q/-/go", "/q/-/7.txt")
                     for _ in range(2)]
    assert server.log.count(" path=/free/shown/ ") == 2


def test_seals_are_not_told(serve, capsule):
    (capsule / "pages/w").mkdir()
    (capsule / "pages/w/index.gmi").write_text("# W\n=> {seal} Do it\n")
    (capsule / "pages/w/[seal].gmi").write_text(
        "% ask What?\n"
        "% do DELETE FROM guiju_seal WHERE used_at < 0\n"
        "% go ../w/\n")
    server = serve()
    seal = re.search(r"=> (\S{32}) Do it",
                     server.gemini("/w/").body.decode()).group(1)
    assert server.gemini(f"/w/{seal}").status == 10
    server.gopher(f"/w/{seal}")
    server.gopher("/last")
    server.wait_log("path=/last ")
    assert seal not in server.log
    assert server.log.count("path=/w/- ") == 2


# --- failures have references ------------------------------------------------

REFERENCE = re.compile(r"\(reference ([0-9A-HJKMNP-TV-Z]{6})\)")


def break_page(capsule, server):
    """Drop a table under a page that is being served."""
    with sqlite3.connect(server.state / "portal.db") as db:
        db.execute("DROP TABLE fragile")


@pytest.fixture
def fragile(capsule):
    """A capsule with a page that will break."""
    (capsule / "schema/002_fragile.sql").write_text(
        "CREATE TABLE fragile (id INTEGER PRIMARY KEY, text TEXT);\n"
        "INSERT INTO fragile (text) VALUES ('whole');\n")
    (capsule / "pages/fragile.gmi").write_text(
        "# Fragile\n\n% one SELECT text FROM fragile\n"
        "%     WHERE id = 1 -- what is shown\n{text}\n")
    return capsule


def test_failure_has_a_reference(serve, fragile):
    server = serve("--workers", "1")
    assert server.gemini("/fragile").status == 20
    break_page(fragile, server)
    answer = server.gemini("/fragile")
    assert answer.status == 40
    reference = REFERENCE.search(answer.meta).group(1)
    line = server.wait_log(r"error page: .* ref=")
    assert "pages/fragile.gmi:3: no such table: fragile in: " \
        "SELECT text FROM fragile WHERE id = 1" in line
    assert line.endswith(f" ref={reference}")
    line = server.wait_log("path=/fragile kind=broken")
    assert f" kind=broken ref={reference} bytes=" in line


def test_a_failure_over_gopher_has_a_reference(serve, fragile):
    server = serve("--workers", "1")
    server.gemini("/fragile")
    break_page(fragile, server)
    item, = server.menu("/fragile")
    assert item.type == "3"
    reference = REFERENCE.search(item.text).group(1)
    server.wait_log(f"error page: .* ref={reference}$")


def test_same_failure_is_told_once_and_counted(serve, fragile):
    server = serve("--workers", "1")
    server.gemini("/fragile")
    break_page(fragile, server)
    metas = {server.gemini("/fragile").meta for _ in range(20)}
    assert len(metas) == 1
    reference = REFERENCE.search(metas.pop()).group(1)
    server.stop()
    told = [line for line in server.lines
            if " error " in line and reference in line]
    assert len(told) == 2, told
    assert told[1].endswith(
        f"a failure came again ref={reference} again=19")


def test_a_page_that_says_so_is_no_failure(example):
    answer = example.gemini("gemini://portal.example/kind/broken")
    assert answer.header == "40 Out of order"


# --- a log of its own --------------------------------------------------------


def wait_in_file(path, pattern, timeout=START_S):
    """Wait until the file has a line with the pattern; all its lines."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        lines = path.read_text().splitlines() if path.exists() else []
        if any(re.search(pattern, line) for line in lines):
            return lines
        time.sleep(0.01)
    raise AssertionError(f"no {pattern!r} in {path}")


def test_the_log_goes_to_its_file(serve, tmp_path):
    log = tmp_path / "guiju.log"
    log.write_text("before\n")
    server = serve("--log-file", log)
    assert server.gemini("/one").status == 51
    lines = wait_in_file(log, "path=/one ")
    assert lines[0] == "before"
    assert not server.lines, "standard error was written to"


def test_without_a_file_the_log_is_standard_error(serve, capsule, tmp_path):
    """A flag can take back what capsule.ini says, and it may say nothing."""
    log = tmp_path / "guiju.log"
    ini = capsule / "capsule.ini"
    before = ini.read_text()
    section = "" if "[serve]" in before else "\n[serve]\n"
    for value, flags in ((log, ["--log-file", ""]), ("", []),
                         (log, ["--log-file="])):
        ini.write_text(f"{before}{section}\nlog-file = {value}\n")
        server = serve("--workers", "1", *flags)
        assert server.gemini("/one").status == 51
        server.wait_log("path=/one ")
        assert server.stop() == 0
        assert not log.exists()


@pytest.mark.parametrize("kind", ["folder", "link", "fifo", "nowhere"])
def test_a_log_that_is_not_a_file_is_refused(capsule, tmp_path, kind):
    log = tmp_path / "guiju.log"
    if kind == "folder":
        log.mkdir()
    elif kind == "link":
        log.symlink_to(tmp_path / "elsewhere")
    elif kind == "fifo":
        os.mkfifo(log)
    else:
        log = tmp_path / "no" / "guiju.log"
    done = run_guiju("serve", "--gemini", "127.0.0.1:0", "--gopher", "off",
                     "--state", tmp_path / "var", "--certs", tmp_path / "c",
                     "--log-file", log, capsule)
    assert done.returncode == 1
    assert re.fullmatch(r"guiju: serve: cannot open the log .*\n", done.stderr)
    assert not (tmp_path / "elsewhere").exists()


def test_rotation_loses_no_line(serve, tmp_path):
    """Clients ask without a pause while the log is renamed again and again:
    each request is one whole line of one of the files."""
    log = tmp_path / "guiju.log"
    server = serve("--log-file", log, "--workers", "2")
    stop = threading.Event()
    asked = [[], []]

    def ask(which):
        while not stop.is_set():
            name = f"/from/{which}x{len(asked[which])}"
            server.gopher(name)
            asked[which].append(name)

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    try:
        for turn in range(8):
            log.rename(tmp_path / f"guiju.log.{turn}")
            server.send_signal(signal.SIGUSR1)
            wait_in_file(log, "the log was opened again")
            # Both workers have changed over.
            want = [len(asked[0]) + 20, len(asked[1]) + 20]
            while any(len(a) < w for a, w in zip(asked, want)):
                time.sleep(0.01)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert server.stop() == 0
    text = "".join(path.read_text() for path in tmp_path.glob("guiju.log*"))
    assert text.endswith("\n")
    for line in text.splitlines():
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [a-z]+\[\d+\] [a-z]+ "
                        r"[a-z]+: ",
                        line), line
    logged = sorted(re.findall(r" path=(/from/\S+) kind=page bytes=", text))
    left_out = sum(map(int, re.findall(r" left_out=(\d+)", text)))
    assert set(logged) <= {name for a in asked for name in a}
    assert len(logged) == len(set(logged))
    assert len(logged) + left_out == len(asked[0]) + len(asked[1])
    # After the last turn nobody writes to the file before.
    last = (tmp_path / "guiju.log").read_text()
    assert asked[0][-1] in last or left_out
    assert "stopping" in last


def test_a_logger_that_missed_rotations_is_replaced(serve, tmp_path):
    """One that was stopped cannot be told of them all: another takes its
    place, and writes to the last file."""
    log = tmp_path / "guiju.log"
    server = serve("--workers", "1", "--log-file", log)
    logger = server.logger()
    os.kill(logger, signal.SIGSTOP)
    for turn in range(400):
        log.rename(tmp_path / f"old.{turn}")
        server.send_signal(signal.SIGUSR1)
        deadline = time.monotonic() + START_S
        while not log.exists():
            assert time.monotonic() < deadline
            time.sleep(0.001)
    server.gopher("/last")
    wait_in_file(log, " path=/last ")
    text = "".join(path.read_text()
                   for path in [log, *tmp_path.glob("old.*")])
    assert text.count(f"the logger {logger} ended by signal 9") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another")
def test_a_log_that_only_root_may_open_is_rotated(capsule):
    """The log's folder is root's; the workers are nobody. They write all the
    same, and only root may ask for the status."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        shutil.copytree(capsule, folder / "capsule")
        (folder / "log").mkdir(mode=0o700)
        log = folder / "log/guiju.log"
        server = Server(folder / "capsule", folder, [
            "--workers", "2", "--user", "nobody", "--log-file", log])
        try:
            server.gemini("/before")
            wait_in_file(log, "path=/before ")
            log.rename(folder / "log/old")
            server.send_signal(signal.SIGUSR1)
            wait_in_file(log, "the log was opened again")
            os.kill(server.children()[0], signal.SIGKILL)
            wait_in_file(log, "ended by signal 9")
            for i in range(20):
                server.gemini(f"/after{i}")
            for i in range(20):
                wait_in_file(log, f"path=/after{i} ")
            asked = run_guiju("status", "--state", server.state,
                              server.capsule)
            assert asked.returncode == 0, asked.stderr
            socket_file = (server.state / "status.sock").stat()
            assert socket_file.st_uid == 0
        finally:
            assert server.stop() == 0


def test_full_disk_stops_no_service(serve, tmp_path):
    """The log is as long as a file may be: requests are answered all the
    same, and when there is room again the log says how many lines it lacks.
    """
    most = 64 * 1024 * 1024
    log = tmp_path / "guiju.log"
    with open(log, "wb") as file:
        file.truncate(most - 300)
    server = serve(
        "--log-file", log, "--workers", "1",
        preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY)))
    for i in range(20):
        assert server.gemini(f"/full/{i}").status == 51
    # The last line that began is cut in the middle.
    os.truncate(log, 200)
    for i in range(3):
        assert server.gemini(f"/room/{i}").status == 51
    wait_in_file(log, "path=/room/2 ")
    told = json.loads(run_guiju("status", "--json", "--state", server.state,
                                server.capsule).stdout)["numbers"]
    assert server.stop() == 0
    lines = log.read_text().splitlines()
    # Whoever writes first says what all processes have lost.
    lost = [line for line in lines if " lost=" in line]
    assert len(lost) == 1, lines
    assert re.search(" error log: lines could not be written lost=", lost[0])
    lost = int(lost[0].rpartition("=")[2])
    assert lost >= 20
    assert told["guiju_log_lost_total"] == lost
    assert told["guiju_log_untold"] == 0
    rooms = [line for line in lines if "path=/room/" in line]
    assert len(rooms) == 3
    assert all(line.startswith("20") for line in rooms)


def test_signal_for_logs_harms_no_worker(serve):
    server = serve("--workers", "2")
    workers = server.children()
    for pid in workers:
        os.kill(pid, signal.SIGUSR1)
    server.send_signal(signal.SIGUSR1)
    server.wait_log("the log is standard error")
    assert server.gemini("/").status == 20
    assert server.children() == workers


def test_log_moves_at_a_reload(serve, tmp_path, capsule):
    server = serve()
    log = tmp_path / "guiju.log"
    ini = capsule / "capsule.ini"
    before = ini.read_text()
    ini.write_text(f"{before}\n[serve]\nlog-file = {log}\n"
                   if "[serve]" not in before else
                   before.replace("[serve]", f"[serve]\nlog-file = {log}", 1))
    server.send_signal(signal.SIGHUP)
    wait_in_file(log, "run: reloaded")
    server.gemini("/moved-here")
    wait_in_file(log, "path=/moved-here ")
    assert "moved-here" not in server.log
    # And back, with a folder on the way that cannot be written to.
    ini.write_text(ini.read_text().replace(str(log), "/no/such/folder/log"))
    server.send_signal(signal.SIGHUP)
    wait_in_file(log, "cannot open the log /no/such/folder/log")
    wait_in_file(log, "not reloaded")
    ini.write_text(before)
    assert "reloaded" in server.reload()
    server.gemini("/back-again")
    server.wait_log("path=/back-again ")
    assert "back-again" not in log.read_text()


# --- the logger ---------------------------------------------------------------


def ask_from(server, number):
    """Ask Gopher for /from/NUMBER, from a loopback address of its own: of one
    address few lines a second are written."""
    address = f"127.{1 + number // 62500}.{number // 250 % 250}." \
        f"{1 + number % 250}"
    return server.gopher(f"/from/{number}", source=address)


def logged_from(text):
    """The numbers of ask_from() in a log."""
    found = [int(n) for n in re.findall(r" path=/from/(\d+) kind=", text)]
    assert len(found) == len(set(found))
    return set(found)


def descriptors(pid):
    """What its descriptors are, by number; nothing, if it ends meanwhile."""
    folder = pathlib.Path(f"/proc/{pid}/fd")
    try:
        return {int(fd.name): os.readlink(fd) for fd in folder.iterdir()}
    except FileNotFoundError:
        return {}


def test_only_the_logger_has_the_log(serve, tmp_path):
    """In its sandbox no process shows its descriptors to its own user. They
    are the same without it."""
    log = tmp_path / "guiju.log"
    server = serve("--workers", "2", "--log-file", log, "--sandbox", "off")
    parent = descriptors(server.pid)
    kept = {str(log), parent[1], parent[2]}
    assert kept <= set(parent.values()) and len(kept) == 3
    assert {str(log), parent[2]} <= set(descriptors(server.logger()).values())
    log.rename(tmp_path / "old")
    server.send_signal(signal.SIGUSR1)
    wait_in_file(log, "the log was opened again")
    os.kill(server.children()[0], signal.SIGKILL)
    wait_in_file(log, "ended by signal 9")
    assert "run: reloaded" in "".join(
        server.send_signal() or wait_in_file(log, "run: reloaded"))

    def are_without_it():
        """Each worker, that of before the reload included, for as long as it
        is there: one that is just starting still has what its parent has."""
        every = [descriptors(pid) for pid in server.children()]
        return len(every) == 2 and all(
            own.get(0) == own.get(1) == "/dev/null" and
            not set(own.values()) & (kept | {str(tmp_path / "old")})
            for own in every)

    wait_for(are_without_it, what="two workers without the log")


def socket_of(pid, number=2):
    """A socket of a process, as if we were that process. Number 2 is the one
    through which it logs."""
    with os.fdopen(os.pidfd_open(pid)) as handle:
        fd = ctypes.CDLL(None, use_errno=True).syscall(
            438, handle.fileno(), number, 0)  # pidfd_getfd(2)
    if fd < 0:
        pytest.skip(f"no pidfd_getfd: {os.strerror(ctypes.get_errno())}")
    return socket.socket(fileno=fd)


def record(message, *facts, level=2):
    """A message as base/log_line.c sends it; facts are names and texts."""
    def sized(text):
        return struct.pack("=H", len(text)) + text
    return b"".join([
        b"\xfe", bytes([level, len(facts)]), sized(message),
        *(b"\1" + sized(name) + sized(text) + struct.pack("=Q", 7)
          for name, text in facts)])


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_worker_speaks_for_itself_alone(serve, tmp_path, form):
    """A worker in strange hands sends what it likes: each line says whose it
    is, is one line, and nothing before it is gone."""
    log = tmp_path / "guiju.log"
    log.write_text("before\n")
    server = serve("--workers", "1", "--log-file", log, "--log-format", form,
                   "--sandbox", "off")
    worker, = server.children()
    own = socket_of(worker)
    forged = b"2026-11-30T00:00:00Z parent[1] info run: forged"
    for sent in (forged, b"\n" + forged + b"\n" + forged + b"\n\x1b[2J", b"",
                 record(forged), record(b"zz: \n" + forged + b"\r\xff\x00"),
                 record(b"zz: a", (b"path", b"/\n" + forged)),
                 record(b"zz: b", (b"pid", b"1")),
                 record(b"zz: b", (b"process", b"parent")),
                 record(b"zz: b", (b"time\":\"", b"")), record(b"zz: b", level=9),
                 record(b"zz: tell", level=4), record(b"zz: b") + b"more",
                 record(b"zz: b")[:-1], record(b"zz: b", *[(b"a", b"")] * 17),
                 b"\xfe", record(b"zz" * 20000), record(b"zz: last")):
        own.send(sent)
    lines = wait_in_file(log, "last")
    own.close()
    assert lines[0] == "before"
    assert all(line.isascii() and line.isprintable() for line in lines)
    lines = [line for line in lines[1:]
             if "forged" in line or "zz: " in line or '"zz"' in line or
             "cannot be read" in line]
    for line in lines:
        if form == "json":
            fields = json.loads(line, object_pairs_hook=list)
            names = [name for name, _ in fields]
            assert len(names) == len(set(names))
            assert dict(fields)["process"] == "worker"
            assert dict(fields)["pid"] == worker
        else:
            assert re.match(rf"\S+Z worker\[{worker}\] ", line), line
    assert sum("forged" in line for line in lines) == 6
    assert sum("cannot be read" in line for line in lines) == 9
    assert any("error" in line and "tell" in line for line in lines)
    assert not server.lines  # a complaint of a worker that serves is logged
    server.gopher("/after")
    wait_in_file(log, "/after")


@pytest.mark.parametrize("form, sent", [
    ("text", record(b"zz: " + b"y" * 10000)),
    ("json", record(b"zz: " + b"\1" * 10000)),
    ("json", b"a\n" * 8000)], ids=["long", "escaped", "lines"])
def test_a_flood_of_one_process_is_bounded(serve, tmp_path, form, sent):
    """By the bytes of its lines, which can be far more than it sends."""
    log = tmp_path / "guiju.log"
    server = serve("--workers", "1", "--log-file", log, "--sandbox", "off",
                   "--log-format", form)
    own = socket_of(server.children()[0])
    began = time.monotonic()
    for _ in range(4000):
        own.send(sent)
    seconds = time.monotonic() - began
    time.sleep(1.1)
    server.gopher("/after")
    text = "\n".join(wait_in_file(log, "/after"))
    own.close()
    # One message may go past the bound of each second.
    assert log.stat().st_size <= (seconds + 2) * (8 * 1024 * 1024 + 100000)
    left_out = sum(map(int, re.findall(
        r"messages of this process\W+left_out\W+(\d+)", text)))
    assert left_out > 0
    if b"zz" in sent:
        assert len(re.findall(r"\Wzz\W", text)) + left_out == 4000


def test_a_killed_worker_loses_no_line(serve):
    """What it has sent is written, even if the logger has not read it yet."""
    server = serve("--workers", "1")
    os.kill(server.logger(), signal.SIGSTOP)
    for number in range(60):
        assert ask_from(server, number).startswith(b"i")
    # Its answer came after the lines of those before it.
    os.kill(server.children()[0], signal.SIGKILL)
    os.kill(server.logger(), signal.SIGCONT)
    server.wait_log("ended by signal 9")
    server.wait_log("path=/from/58 ")
    assert server.stop() == 0
    assert logged_from(server.log) >= set(range(59))


def test_a_killed_logger_loses_no_line(serve):
    """Another takes its place, and writes what was not read."""
    server = serve("--workers", "2")
    ask_from(server, 1000)
    server.wait_log("path=/from/1000 ")
    logger = server.logger()
    os.kill(logger, signal.SIGSTOP)
    for number in range(60):
        assert ask_from(server, number).startswith(b"i")
    os.kill(logger, signal.SIGKILL)
    server.wait_log(rf"\] error run: the logger {logger} ended by signal 9; "
                    "the next in 0 s")
    assert "run: reloaded" in server.reload()
    assert ask_from(server, 60).startswith(b"i")
    server.wait_log("path=/from/60 ")
    assert server.logger() != logger
    assert server.stop() == 0
    assert logged_from(server.log) == {1000, *range(61)}


def test_a_stop_under_load_loses_no_line(serve):
    server = serve("--workers", "2")
    answered = []

    def ask(first):
        for number in range(first, 10**6, 4):
            try:
                if ask_from(server, number).endswith(b".\r\n"):
                    answered.append(number)
            except OSError:
                return

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    while len(answered) < 200:
        time.sleep(0.01)
    assert server.stop() == 0
    for thread in threads:
        thread.join()
    assert len(answered) >= 200
    assert set(answered) <= logged_from(server.log)


def serve_with_stopped_logger(serve, requests):
    """A server with one worker whose logger is stopped; so many requests are
    answered since."""
    server = serve("--workers", "1")
    logger = server.logger()
    os.kill(logger, signal.SIGSTOP)
    for number in range(requests):
        assert ask_from(server, number).startswith(b"i")
    return server, logger


def test_a_logger_that_is_stuck_stops_no_service(serve):
    """Its socket fills: the lines that do not get in are counted."""
    server, logger = serve_with_stopped_logger(serve, 1500)
    os.kill(logger, signal.SIGCONT)
    # The next line that gets in has the count before it. How soon there is
    # room for it depends on the machine, so ask until it is there.
    told = re.compile(r" error log: lines could not be written lost=(\d+)")
    asked = 1500
    deadline = time.monotonic() + START_S
    while not told.search(server.log):
        assert time.monotonic() < deadline
        assert ask_from(server, asked).startswith(b"i")
        asked += 1
        time.sleep(0.01)
    assert server.stop() == 0
    lost = sum(map(int, told.findall(server.log)))
    assert lost > 0
    assert len(logged_from(server.log)) + lost == asked


def test_a_killed_parent_loses_no_line(serve):
    """The workers finish, and the logger ends after them."""
    server, logger = serve_with_stopped_logger(serve, 60)
    server.kill()
    os.kill(logger, signal.SIGCONT)
    server.reader.join(START_S)  # standard error is closed by the last
    assert not server.reader.is_alive()
    assert logged_from(server.log) >= set(range(59))


# --- JSON --------------------------------------------------------------------


def test_each_json_line_is_sound(serve, capsule, make_identity):
    server = serve("--log-format", "json", "--log", "debug")
    cert = make_identity().pair
    assert server.gemini("/", cert=cert).status == 20
    server.gemini("/%1B%5B31m%22%5C?secretword")
    server.gopher("/\N{CJK UNIFIED IDEOGRAPH-6807}")
    server.gopher("/last")
    server.wait_log('"path":"/last"')
    server.reload("reloaded")
    server.stop()
    facts = [json.loads(line) for line in server.lines]
    for line, fact in zip(server.lines, facts):
        assert line.isascii() and line.isprintable()
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
                            fact["time"])
        assert fact["level"] in ("error", "warn", "info", "debug")
        assert "secretword" not in line
    requests = [f for f in facts if "protocol" in f]
    assert len(requests) == 4
    by_path = {f["path"]: f for f in requests}
    home = by_path["/"]
    assert home["module"] == "net"
    assert home["protocol"] == "gemini"
    assert home["address"] == "127.0.0.1" and home["kind"] == "page"
    assert re.fullmatch("[0-9a-f]{12}", home["id"])
    assert home["tls"].startswith("TLSv1.")
    assert isinstance(home["bytes"], int) and home["bytes"] > 0
    assert isinstance(home["ms"], int) and home["cut"] is False
    assert "tls" not in by_path["/last"]
    said = [f.get("message") for f in facts]
    assert "reloaded" in said and "stopping" in said


def test_a_failure_in_json_has_its_reference(serve, fragile):
    server = serve("--workers", "1", "--log-format", "json")
    server.gemini("/fragile")
    break_page(fragile, server)
    reference = REFERENCE.search(server.gemini("/fragile").meta).group(1)
    server.wait_log('"path":"/fragile","kind":"broken"')
    found = [json.loads(line) for line in server.lines if reference in line]
    assert {f.get("level") for f in found} == {"error", "info"}
    assert all(f["ref"] == reference for f in found)


def test_an_unknown_format_is_refused():
    done = run_guiju("serve", "--log-format", "jsno", "/")
    assert done.returncode == 2
    assert "--log-format: expected text or json; did you mean json?" in done.stderr


# --- readers' addresses ------------------------------------------------------


@pytest.mark.parametrize("how, shown", [
    ("full", "127.0.0.1"), ("truncated", "127.0.0.0"), ("none", "-")])
def test_addresses_are_logged_as_far_as_is_set(serve, how, shown):
    server = serve("--log-address", how, "--log", "debug", "--workers", "1")
    server.gemini("/asked")
    line = server.wait_log("path=/asked ")
    assert f" info net: gemini {shown} TLSv1." in line
    with socket.create_connection(("127.0.0.1", server.gemini_port)) as raw:
        raw.sendall(b"\x16\x03\x01\x00\x05hello")
        server.wait_log(f"debug net: {shown}: no TLS handshake")
    server.stop()
    mine = [line for line in server.lines if " net: " in line]
    assert how == "full" or not any("127.0.0.1" in line for line in mine)


def test_flood_is_counted(serve):
    """Whatever the machine's speed: each request is a line or is counted."""
    server = serve("--workers", "1")
    for i in range(400):
        server.gopher(f"/flood{i}")
    numbers = json.loads(run_guiju(
        "status", "--json", "--state", server.state,
        server.capsule).stdout)["numbers"]
    assert numbers["guiju_requests_total"]["gopher"] == 400
    assert server.stop() == 0
    lines = sum(" path=/- " in line for line in server.lines)
    left_out = sum(
        int(match.group(1)) for match in map(
            re.compile("info net: requests left out of the log "
                       r"address=127\.0\.0\.1 left_out=(\d+)$").search,
            server.lines)
        if match)
    assert lines + left_out == 400


def test_seal_that_went_astray_is_not_told(serve):
    server = serve()
    seal = "Abcdefghijklmnopqrstuvwxyz-_0123"
    server.gemini(f"/note/{seal}/more")
    server.wait_log("path=/note/-/- ")
    assert seal not in server.log
