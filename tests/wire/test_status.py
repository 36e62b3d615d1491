# SPDX-License-Identifier: ISC
"""`guiju status`: what it tells of a running server, in its three forms, and
that nobody who opens its socket holds the server up."""

import json
import os
import re
import signal
import socket
import stat
import threading
import time

import pytest

from conftest import START_S, Server, run_guiju, tls_connect, write_files
from crowd import Crowd, in_time


def status(server, *flags):
    """What `guiju status` prints."""
    done = run_guiju("status", *flags, "--state", server.state,
                     server.capsule)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def report(server):
    return json.loads(status(server, "--json"))


def wait_report(server, condition, timeout=START_S, crowd=None):
    """Wait for a report of which the condition is true."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if crowd is not None:
            crowd.keep()
        got = report(server)
        if condition(got):
            return got
        time.sleep(0.05)
    raise AssertionError(f"it never said so: {got}")


def row(rows, name, key="page"):
    found = [r for r in rows if r[key] == name]
    assert len(found) == 1, f"{name} in {rows}"
    return found[0]


# --- counting ----------------------------------------------------------------


def test_without_a_server_status_says_so(capsule, tmp_path):
    done = run_guiju("status", "--state", tmp_path / "var", capsule)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == f"guiju: status: no server runs in {tmp_path / 'var'}\n"


def test_counts_of_all_workers_are_added(serve, capsule):
    write_files(capsule, {
        "pages/slow.gmi":
            "# Slow\n% one WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL\n"
            "%     SELECT i + 1 FROM n WHERE i < 20000)\n"
            "%     SELECT count(*) AS c FROM n /* scan */\n{c}\n",
        "pages/两级.gmi": "# 两级\n% each SELECT 1 AS a UNION ALL SELECT 2\n"
                          "% one SELECT :a + 1 AS b\n{b}\n% end\n",
        "static/file.bin": b"\0" * 1000})
    server = serve("--workers", "2")
    for _ in range(12):
        assert server.gemini("/slow").status == 20
    for _ in range(5):
        server.gopher("/两级")
    for _ in range(3):
        assert server.gemini("/nope").status == 51
    server.gemini("/file.bin")
    server.gopher("\x01")
    server.wait_log("kind=bad")
    got = report(server)
    numbers = got["numbers"]
    requests = numbers["guiju_requests_total"]
    assert {name: n for name, n in requests.items() if n} == {
        "gemini": 16, "gopher": 6}
    kinds = numbers["guiju_replies_total"]
    assert {k: n for k, n in kinds.items() if n} == {
        "page": 17, "missing": 3, "file": 1, "bad": 1}
    assert numbers["guiju_connections_total"] == 22
    assert numbers["guiju_bytes_sent_total"] > 1000
    assert sum(w["requests"] for w in got["workers"]) == 22
    slow = row(got["pages"], "pages/slow.gmi")
    assert slow["count"] == 12
    assert 0 < slow["p50_us"] <= slow["p99_us"] <= slow["max_us"]
    assert slow["total_us"] <= 12 * slow["max_us"]
    assert row(got["pages"], "pages/两级.gmi")["count"] == 5
    assert row(got["pages"], "(missing)")["count"] == 3
    assert row(got["pages"], "(file)")["count"] == 1
    # The slowest statement comes first; each run of an % each is one.
    first = got["statements"][0]
    assert first["statement"] == "pages/slow.gmi:2"
    assert first["count"] == 12
    statements = got["statements"]
    outer = row(statements, "pages/两级.gmi:2", "statement")
    inner = row(statements, "pages/两级.gmi:3", "statement")
    assert (outer["count"], inner["count"]) == (5, 10)
    assert sum(s["total_us"] for s in statements) <= \
        sum(p["total_us"] for p in got["pages"])


def test_numbers_outlive_workers_and_reloads(serve):
    server = serve("--workers", "1")
    for _ in range(3):
        server.gemini("/")
    with Crowd(server.gemini_port, b"") as silent:
        silent.grow(4, None)
        before = wait_report(server, lambda r: r["connections"] == 4,
                             crowd=silent)
        worker, = before["workers"]
        assert worker["connections"] == 4 and worker["requests"] == 3
        os.kill(worker["pid"], signal.SIGKILL)
        after = wait_report(server, lambda r: [
            w["state"] for w in r["workers"]] == ["serving"])
        assert after["connections"] == 0, "a dead worker has none open"
        assert after["workers"][0]["restarts"] == 1
        assert after["workers"][0]["pid"] != worker["pid"]
        assert after["numbers"]["guiju_workers_died_total"] == 1
        assert after["numbers"]["guiju_requests_total"]["gemini"] == 3
    server.reload()
    server.gemini("/")
    server.wait_log("path=/ ", after=len(server.lines) - 1)
    last = report(server)
    assert last["numbers"]["guiju_requests_total"]["gemini"] == 4
    assert last["generation"] == 2
    assert row(last["pages"], "pages/index.gmi")["count"] == 4


def test_old_workers_are_seen_while_they_leave(serve):
    """As one does that still waits for the end of a request."""
    server = serve("--workers", "1")

    def attempt():
        old = report(server)["generation"]
        with tls_connect(server.gemini_port) as half:
            half.sendall(b"gemini://")
            wait_report(server, lambda r: r["connections"] == 1)
            server.reload()
            got = report(server)
            assert [(w["generation"], w["state"], w["connections"])
                    for w in got["workers"]] == [
                        (old, "leaving", 1), (old + 1, "serving", 0)]
            assert " leaving " in status(server)
        wait_report(server, lambda r: len(r["workers"]) == 1)

    in_time(attempt)


def test_status_tells_the_last_reload_and_why_it_failed(serve, capsule):
    server = serve()
    assert report(server)["reload"] is None
    page = capsule / "pages/index.gmi"
    good = page.read_text()
    page.write_text("% one SELECT 红 FROM nowhere\n")
    server.reload()
    got = report(server)["reload"]
    assert got["failed"] is True
    assert got["reason"].startswith("pages/index.gmi:1: SQL: no such")
    assert "FAILED: pages/index.gmi:1: SQL" in status(server)
    page.write_text(good)
    server.reload()
    got = report(server)["reload"]
    assert got["failed"] is False and got["reason"] is None
    numbers = report(server)["numbers"]
    assert numbers["guiju_reloads_total"] == 1
    assert numbers["guiju_reloads_failed_total"] == 1


def test_status_tells_files_certificate_and_sandbox(serve):
    server = serve()
    got = report(server)
    assert got["database"]["bytes"] == \
        (server.state / "portal.db").stat().st_size
    assert isinstance(got["database"]["wal_bytes"], int)
    assert got["database"]["wal_bytes_max"] == 256 * 1024 * 1024
    repaired = {True: "yes", False: "no"}[got["sqlite"]["log_reset_repaired"]]
    version = got["sqlite"]["version"]
    said = f"SQLite {version}, log reset repaired: {repaired}"
    server.wait_log(f"run: {said}$")
    assert said in re.sub(" +", " ", status(server))
    assert f'guiju_sqlite_info{{version="{version}",' \
        f'log_reset_repaired="{repaired}"}} 1\n' in \
        status(server, "--prometheus")
    shown = run_guiju("cert", "--certs", server.certs, server.capsule).stdout
    assert got["certificate"]["sha256"] in shown
    assert got["certificate"]["not_before"] in shown
    assert got["certificate"]["not_after"] in shown
    assert got["sandbox"] and got["sandbox"] in server.log
    assert got["version"] in run_guiju("--version").stdout
    assert got["state"] == "serving" and got["host"] == "localhost"


# --- for people --------------------------------------------------------------


def test_text_is_one_screen(serve, capsule):
    for i in range(30):
        write_files(capsule / "pages", {
            f"目录/第{i}页.gmi": f"# {i}\n% one SELECT {i} AS a\n{{a}}\n"})
    server = serve("--workers", "2")
    for i in range(30):
        assert server.gemini(f"/目录/第{i}页").status == 20
    text = status(server)
    lines = text.splitlines()
    assert len(lines) <= 50
    assert re.match(r"guiju \S+, serving localhost for \d+ s; "
                    r"\d+ connections open$", lines[0])
    assert "requests    gemini 30" in lines
    assert "answers     page 30" in lines
    assert "  pages/目录/第" in text
    assert text.count(" and 20 more: --all") == 2
    whole = status(server, "--all")
    assert "more: --all" not in whole
    assert all(f" pages/目录/第{i}页.gmi\n" in whole for i in range(30))
    # Columns are one below the other.
    table = whole[whole.index("\n answers ") + 1:].split("\n\n")[0].splitlines()
    at = table[0].index("page")
    assert all(line[at - 1] == " " and line[at] != " " for line in table)
    assert all(c == "\n" or c.isprintable() for c in whole)


def test_a_wrong_status_command_is_refused(capsule):
    done = run_guiju("status", "--jsno", capsule)
    assert done.returncode == 2
    assert "did you mean --json?" in done.stderr
    done = run_guiju("status", "--json", "--prometheus", capsule)
    assert done.returncode == 2 and "one form at a time" in done.stderr
    done = run_guiju("status", capsule, capsule)
    assert done.returncode == 2
    assert run_guiju("status", "--help").stdout.startswith("usage: ")


# --- for Prometheus ----------------------------------------------------------

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(
    rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? "
    r"([0-9]+(?:\.[0-9]+)?)(?![^\n])")


def parse_prometheus(text):
    """{name: (type, {labels: value})}, by the letter of the format."""
    families, current = {}, None
    assert text.endswith("\n")
    lines = text.split("\n")[:-1]
    for at, line in enumerate(lines):
        if line.startswith("# HELP "):
            _, _, name, help_text = line.split(" ", 3)
            assert re.fullmatch(NAME, name) and help_text
            assert name not in families, f"{name} twice"
            kind = re.fullmatch(rf"# TYPE {name} (counter|gauge|summary)",
                                lines[at + 1])
            families[name] = (kind.group(1), {})
            current = name
            continue
        if line.startswith("# TYPE "):
            assert lines[at - 1].startswith("# HELP ")
            continue
        name, labels, value = SAMPLE.fullmatch(line).groups()
        kind, samples = families[current]
        if kind == "summary":
            assert name in (current, f"{current}_sum", f"{current}_count")
            assert ("quantile=" in labels) == (name == current)
        else:
            assert name == current, f"{name} below {current}"
        if kind == "counter":
            assert name.endswith("_total")
        assert (name, labels) not in samples, f"{line} twice"
        samples[name, labels] = float(value)
    return families


def test_prometheus_can_read_the_numbers(serve, capsule):
    write_files(capsule / "pages", {
        "引号\"与\\.gmi": "# x\n% one SELECT 1 AS a\n{a}\n"})
    server = serve("--workers", "1")
    server.gemini("/%E5%BC%95%E5%8F%B7%22%E4%B8%8E%5C")
    server.gemini("/")
    server.gopher("/nope")
    wait_report(server, lambda r: r["connections"] == 0 and sum(
        r["numbers"]["guiju_requests_total"].values()) == 3)
    families = parse_prometheus(status(server, "--prometheus"))

    def value(name, labels=None):
        return families[re.sub("_(sum|count)$", "", name)
                        if name not in families else name][1][name, labels]

    assert value("guiju_requests_total", 'protocol="gemini"') == 2
    assert value("guiju_replies_total", 'kind="missing"') == 1
    assert value("guiju_workers", 'state="serving"') == 1
    assert value("guiju_connections") == 0
    assert value("guiju_page_seconds_count", 'page="pages/index.gmi"') == 1
    assert families["guiju_page_seconds"][0] == "summary"
    p50 = value("guiju_page_seconds", 'page="pages/index.gmi",quantile="0.5"')
    assert 0 < p50 < 60
    assert abs(value("guiju_start_time_seconds") - time.time()) < 600
    now = json.loads(status(server, "--json"))
    assert set(now["numbers"]) <= set(families)
    assert value("guiju_certificate_not_after_seconds") > time.time()
    # A name in strange letters is a label like any other.
    assert ("guiju_page_seconds_count",
            'page="pages/引号\\"与\\\\.gmi"') in \
        families["guiju_page_seconds"][1]


# --- the socket --------------------------------------------------------------


def connect(server):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(START_S)
    client.connect(str(server.state / "status.sock"))
    return client


def test_only_its_user_may_ask(serve):
    server = serve()
    mode = (server.state / "status.sock").stat().st_mode
    assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o600
    assert server.stop() == 0
    assert not (server.state / "status.sock").exists()


def test_nobody_holds_the_server_up(serve):
    """Silent clients, clients that send without end or never read: the next
    one is answered, and so are readers, reloads and the end."""
    server = serve("--workers", "1")
    silent = [connect(server) for _ in range(6)]
    for client in silent[::3]:
        client.sendall(b"js")
    for client in silent[1::3]:
        try:
            client.sendall(b"\0\xff\n" * 100000)
        except OSError:
            pass
    assert server.gemini("/").status == 20
    assert "reloaded" in server.reload()
    # Those that were in time are waited for, no longer than their deadline.
    assert report(server)["generation"] == 2
    for client in silent:
        client.close()
    assert server.stop() == 0


@pytest.mark.parametrize("said", [
    b"", b"\n", b"json", b"JSON\n", b"json \n", b"jsonjsonjsonjson\n",
    b"\0" * 4096, b"text\r\n", b"\x1b[31m\n"], ids=range(9))
def test_who_asks_for_nothing_gets_nothing(server, said):
    with connect(server) as client:
        client.sendall(said)
        client.shutdown(socket.SHUT_WR)
        try:
            assert client.recv(100) == b""
        except ConnectionResetError:
            pass
    assert report(server)["state"] == "serving"


def test_a_word_may_come_in_pieces(server):
    with connect(server) as client:
        for byte in b"json\n":
            client.sendall(bytes([byte]))
            time.sleep(0.01)
        got = b""
        while piece := client.recv(65536):
            got += piece
    assert json.loads(got)["state"] == "serving"


def test_the_socket_of_a_dead_server_is_taken_over(serve, capsule, tmp_path):
    server = serve("--workers", "1")
    server.kill()
    assert (server.state / "status.sock").exists()
    done = run_guiju("status", "--state", server.state, capsule)
    assert done.returncode == 1
    assert "no server runs in" in done.stderr
    deadline = time.monotonic() + START_S
    while server.state.joinpath("lock").exists():
        try:
            again = Server(capsule, tmp_path, ["--workers", "1"])
            break
        except AssertionError:  # its orphans are still ending
            assert time.monotonic() < deadline
    assert report(again)["state"] == "serving"
    assert again.stop() == 0


@pytest.mark.parametrize("sent, printed", [
    (b"ok\n\x1b]0;owned\x07\xff\n", "ok\n ]0;owned \ufffd\n"),
    (b"no end", "no end")])
def test_what_another_socket_says_is_cleaned(capsule, tmp_path, sent, printed):
    """Somebody has put a socket of his own there: no terminal suffers."""
    (tmp_path / "var").mkdir()
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(tmp_path / "var/status.sock"))
        other.listen(1)

        def answer():
            with other.accept()[0] as client:
                assert client.recv(16) == b"text\n"
                client.sendall(sent)

        thread = threading.Thread(target=answer)
        thread.start()
        done = run_guiju("status", "--state", tmp_path / "var", capsule)
        thread.join()
    assert (done.returncode, done.stdout) == (0, printed)


def test_a_state_folder_may_have_a_long_name(serve, tmp_path):
    folder = tmp_path / ("x" * 150)
    folder.mkdir()
    server = serve("--workers", "1", folder=folder)
    assert report(server)["state"] == "serving"
    # The server went there and came back: a relative name still means the
    # same, also in the next generation.
    assert "reloaded" in server.reload()
    assert server.gemini("/").status == 20


def test_status_answers_from_start_to_stop(serve, capsule):
    """The socket is there before the first worker is, and to the end."""
    write_files(capsule / "pages", {
        "wait.gmi": "# Wait\n" + "text\n" * 20000})
    server = serve("--workers", "1", wait=False)
    deadline = time.monotonic() + START_S
    states = set()
    while "serving" not in states:
        assert time.monotonic() < deadline
        done = run_guiju("status", "--json", "--state", server.state,
                         capsule)
        if done.returncode == 0:
            states.add(json.loads(done.stdout)["state"])
    assert states <= {"starting", "serving"}
    server.wait_ready()
