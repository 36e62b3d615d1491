# SPDX-License-Identifier: ISC
"""What `make bench` measures with: the load generator takes no answer for
granted, and the ceiling answers as it wants."""

import contextlib
import itertools
import socket
import ssl
import subprocess
import threading

import pytest

from conftest import ANSWER_S, BUILD, GUIJU

BENCH = BUILD / "bench"
GOOD = b"20 text/plain\r\nhello\n"
MENU = b"iHello\t\terror.host\t1\r\n.\r\n"


def load(how, port, line, *flags):
    """Run the load generator: (exit status, figures, what it complains of)."""
    done = subprocess.run(
        [BENCH / "load", *map(str, flags), how, str(port), line], text=True,
        capture_output=True, timeout=120, check=False)
    figures = dict(pair.split("=") for pair in done.stdout.split())
    return done.returncode, figures, done.stderr


def check_good(told, requests, size):
    status, figures, complaint = told
    assert (status, complaint) == (0, "")
    assert int(figures["requests"]) == requests
    assert int(figures["bytes"]) == size
    assert 0 < float(figures["p50_ms"]) <= float(figures["p99_ms"])


@contextlib.contextmanager
def ceiling(protocol, *files):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [BENCH / "ceiling", protocol, str(port), *files],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert server.stdout.readline() == b"ready\n"
        yield port
    finally:
        server.stdin.close()
        assert server.wait(30) == 0
        server.stdout.close()


@contextlib.contextmanager
def server_of(answers, context=None):
    """A server that gives these answers in turns, one client at a time:
    bytes, and whether a close_notify follows."""
    listening = socket.create_server(("127.0.0.1", 0))
    turns = itertools.cycle(answers)

    def serve():
        while True:
            try:
                plain, _ = listening.accept()
            except OSError:
                return
            plain.settimeout(ANSWER_S)
            data, notify = next(turns)
            # A client that has seen enough hangs up.
            with contextlib.suppress(OSError), plain:
                talk = plain if context is None else context.wrap_socket(
                    plain, server_side=True)
                talk.recv(2000)
                talk.sendall(data)
                if context is not None and notify:
                    talk.unwrap()
                talk.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def test_the_ceiling_answers_over_gemini(make_identity):
    certificate, key = make_identity("localhost").pair
    with ceiling("gemini", certificate, key) as port:
        head = len("20 text/gemini\r\n")
        for line, size in (("gemini://localhost/", 2048),
                           ("gemini://localhost/10", 10),
                           ("gemini://localhost/300000", 300000)):
            check_good(load("gemini", port, line, "-n", 50, "-c", 8,
                            "-b", head + size), 50, head + size)


def test_the_ceiling_answers_over_gopher():
    with ceiling("gopher") as port:
        for line, size in (("", 2048), ("/7", 7), ("/300000", 300000)):
            check_good(load("text", port, line, "-n", 50, "-c", 8,
                            "-b", size), 50, size)


def test_the_load_finds_our_server_good(server):
    size = len(server.gemini("/").raw)
    check_good(load("gemini", server.gemini_port, server.url(), "-n", 50,
                    "-c", 8, "-b", size), 50, size)
    size = len(server.gopher(""))
    check_good(load("menu", server.gopher_port, "", "-n", 50, "-c", 8,
                    "-b", size), 50, size)


@pytest.mark.parametrize("how", ["hold-tls", "hold-tcp"])
def test_the_load_holds_its_connections(server, how):
    held = subprocess.Popen(
        [BENCH / "load", "-c", "20", how, str(server.gemini_port)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert held.stdout.readline() == b"held\n"
    held.stdin.close()
    assert held.wait(30) == 0
    held.stdout.close()


@pytest.mark.parametrize("data, notify, complaint", [
    (GOOD, True, ""),
    (GOOD, False, "no close_notify"),
    (GOOD[:-1], True, "another length"),
    (GOOD + b"x", True, "another length"),
    (b"51 Not found\r\n", True, "another status"),
    (b"20", True, "another status"),
    (b"", True, "no answer")])
def test_wrong_gemini_is_seen(make_identity, data, notify, complaint):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*make_identity("localhost").pair)
    answers = [(GOOD, True), (GOOD, True), (data, notify)]
    with server_of(answers, context) as port:
        status, figures, said = load("gemini", port, "x", "-n", 6, "-b",
                                     len(GOOD))
    wanted = f"load: 2 {complaint}\n" if complaint else ""
    assert said == wanted
    assert int(figures["errors"]) == (2 if complaint else 0)
    assert status == (1 if complaint else 0)


@pytest.mark.parametrize("how, data, complaint", [
    ("menu", MENU, ""), ("text", MENU, ""),
    ("menu", MENU[:-3], "no last dot"),
    ("menu", MENU[2:], "another length"),
    ("text", MENU[2:], "another length"),
    ("text", b"", "no answer")])
def test_wrong_gopher_is_seen(how, data, complaint):
    with server_of([(MENU, None), (data, None)]) as port:
        status, _, said = load(how, port, "x", "-n", 6, "-b", len(MENU))
    assert said == (f"load: 3 {complaint}\n" if complaint else "")
    assert status == (1 if complaint else 0)


def test_a_length_may_differ_by_the_slack():
    with server_of([(b"ab", None), (b"abcd", None)]) as port:
        assert load("text", port, "x", "-n", 4, "-b", 3, "-s", 1)[0] == 0
        assert load("text", port, "x", "-n", 4, "-b", 2, "-s", 1)[0] == 1


def test_the_load_counts_missing_connections():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    status, _, said = load("text", port, "x", "-n", 3)
    assert (status, said) == (1, "load: 3 no connection\n")
