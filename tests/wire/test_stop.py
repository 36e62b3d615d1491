# SPDX-License-Identifier: ISC
"""A stop loses nobody: who connects while a server stops, reloads or loses a
worker is answered in full or refused at once. Nobody waits for nothing, and
nobody is reset."""

import contextlib
import os
import signal
import socket
import threading
import time

import pytest

from conftest import (ROOT, Server, gemini_raw, gopher_raw, plain_connect,
                      read_all, tls_context, tls_connect)
from test_proxy import PROXY, READER, v1, v2
from test_run import refused, wait_for, write

# A refusal takes no time at all: this is for a machine that is busy.
AT_ONCE_S = 5
STOPS = 5


class Loss(Exception):
    """A reader who was let in and not served."""


def ask_gemini(server, context, source=None, header=b""):
    with plain_connect(server.gemini_port, source=source) as plain:
        try:
            plain.sendall(header)
            with context.wrap_socket(
                    plain, server_hostname="localhost",
                    suppress_ragged_eofs=False) as connection:
                connection.sendall(server.url().encode() + b"\r\n")
                raw, clean = read_all(connection)
        except OSError as error:
            raise Loss(repr(error)) from error
    if not raw.startswith(b"20 ") or not clean:
        raise Loss(f"{raw[:80]!r} {clean}")


def ask_gopher(server, _context, source=None, header=b""):
    with plain_connect(server.gopher_port, source=source) as plain:
        try:
            plain.sendall(header + b"\r\n")
            raw, clean = read_all(plain)
        except OSError as error:
            raise Loss(repr(error)) from error
    if not raw.endswith(b"\r\n.\r\n") or not clean:
        raise Loss(f"{raw[:80]!r} {clean}")


def ask_behind_v1(server, context):
    ask_gemini(server, context, PROXY, v1(READER))


def ask_behind_v2(server, context):
    ask_gopher(server, context, PROXY, v2(READER))


WAYS = [ask_gemini, ask_gopher, ask_behind_v1, ask_behind_v2]


class Crowd:
    """Readers who ask again and again until they are refused."""

    def __init__(self, server, ways=(ask_gemini, ask_gopher), readers=4):
        self.server = server
        self.served, self.lost, self.refused = [], [], []
        self.over = threading.Event()
        self.threads = [
            threading.Thread(target=self._read, args=(ways[n % len(ways)],))
            for n in range(readers)]

    def _read(self, ask):
        context = tls_context()
        while not self.over.is_set():
            began = time.monotonic()
            try:
                ask(self.server, context)
                self.served.append(time.monotonic() - began)
            except ConnectionRefusedError:
                self.refused.append(time.monotonic() - began)
                return
            except Exception as error:  # every kind is a lost reader
                self.lost.append(f"{ask.__name__}: {error!r}")

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        wait_for(lambda: len(self.served) + len(self.lost) > 3,
                 what="the first readers")
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def all_refused(self):
        """Each has been served until it was refused, at once."""
        for thread in self.threads:
            thread.join(30)
        assert not self.lost, self.lost[:3]
        assert len(self.refused) == len(self.threads)
        assert max(self.refused) < AT_ONCE_S


@pytest.mark.parametrize("stops", [
    STOPS, pytest.param(50, marks=pytest.mark.long)])
def test_a_stop_loses_nobody(serve, stops):
    for n in range(stops):
        server = serve("--workers", str(1 + n % 3), "--proxy-from", PROXY,
                       "--per-address-rate", "1000",
                       "--per-address-connections", "200",
                       "--log", "error")
        with Crowd(server, WAYS, 8) as crowd:
            server.send_signal((signal.SIGTERM, signal.SIGINT)[n % 2])
            crowd.all_refused()
        assert server.stop() == 0
        assert "cut short" not in server.log


@pytest.mark.parametrize("fault", ["closing:1!"])
def test_a_stop_serves_the_queue_on_other_systems(serve, fault):
    """As on systems that are no Linux: the queue is taken as it is."""
    server = serve("--workers", "2", "--gopher", "off", "--gemini",
                   "127.0.0.1:0", addresses=False, env={"GUIJU_FAULT": fault})
    held = [plain_connect(server.gemini_port) for _ in range(3)]
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 6  # the silent ones have a second
    assert refused(server.gemini_port)
    for connection in held:
        connection.close()


def slow_reader(server, path):
    """Its answer is larger than all buffers, and it reads no more of it."""
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.connect(("127.0.0.1", server.gemini_port))
    connection = tls_context().wrap_socket(
        plain, server_hostname="localhost", suppress_ragged_eofs=False)
    connection.sendall(server.url(path).encode() + b"\r\n")
    assert connection.recv(100).startswith(b"20 ")
    return connection


@pytest.mark.parametrize("workers", [1, 3])
def test_newcomers_are_refused_while_a_slow_reader_is_served(
        serve, capsule, workers):
    write(capsule / "static/large.txt", "0123456789abcdef" * 2**18)
    server = serve("--workers", str(workers))
    with slow_reader(server, "/large.txt") as reader:
        server.send_signal(signal.SIGTERM)
        wait_for(lambda: refused(server.gemini_port), what="a refusal")
        for port in (server.gemini_port, server.gopher_port):
            began = time.monotonic()
            assert refused(port)
            assert time.monotonic() - began < AT_ONCE_S
        assert server.process.poll() is None  # it waits for the reader
        reader.settimeout(20)
        size = 0
        with contextlib.suppress(OSError):
            while piece := reader.recv(1 << 20):
                size += len(piece)
        assert size > 4 * 2**20 - 200  # all of it
    assert server.stop() == 0
    assert "cut short" not in server.log


def test_who_waited_to_be_accepted_is_served(serve):
    """The only worker cannot accept, and many have come; then it can."""
    server = serve("--workers", "1", "--connections", "64")
    worker = server.children()[0]
    assert server.gemini("/").status == 20
    os.kill(worker, signal.SIGSTOP)
    waiting = [plain_connect(port) for port in
               [server.gemini_port, server.gopher_port] * 50]
    server.send_signal(signal.SIGTERM)
    wait_for(lambda: refused(server.gemini_port), what="a refusal")
    for plain in waiting[1::2]:
        plain.sendall(b"\r\n")
    os.kill(worker, signal.SIGCONT)
    for plain in waiting[1::2]:
        assert read_all(plain)[0].endswith(b"\r\n.\r\n")
    for plain in waiting:
        plain.close()
    assert server.stop() == 0


def test_a_quiet_stop_is_no_error(serve):
    """A worker may see that its sockets are shut before it is told why."""
    for n in range(2 * STOPS):
        server = serve("--workers", str(1 + n % 3), "--log", "error")
        assert server.gemini("/").status == 20
        workers = server.children()
        for pid in workers:
            os.kill(pid, signal.SIGSTOP)
        server.send_signal(signal.SIGTERM)
        wait_for(lambda: refused(server.gemini_port), what="a refusal")
        for pid in workers:
            os.kill(pid, signal.SIGCONT)
        assert server.stop() == 0
        assert server.log == ""


def test_a_stop_does_not_wait_for_ever_for_who_is_not_accepted(serve):
    server = serve("--workers", "1")
    assert server.gemini("/").status == 20
    os.kill(server.children()[0], signal.SIGSTOP)
    with plain_connect(server.gemini_port) as plain:
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 12
        with contextlib.suppress(ConnectionResetError):
            assert plain.recv(1) == b""


def test_a_stop_in_the_middle_of_a_reload_loses_nobody(serve, capsule):
    for n in range(STOPS):
        server = serve("--workers", "2", "--log", "error")
        with Crowd(server) as crowd:
            write(capsule / "pages/new.gmi", f"# {n}\n")
            server.send_signal(signal.SIGHUP)
            time.sleep(0.1 * n)
            server.send_signal(signal.SIGTERM)
            crowd.all_refused()
        assert server.stop() == 0


def test_a_stop_before_anybody_serves_loses_nobody(serve):
    """The sockets are open, the workers not yet: who has come is served, and
    it is no fault of a worker's that it was told to leave so soon."""
    for n in range(STOPS):
        server = serve("--workers", str(1 + n % 3), wait=False)
        for name in ("gemini", "gopher"):
            line = server.wait_log(rf" {name} on 127\.0\.0\.1:")
            setattr(server, f"{name}_port", int(line.rpartition(":")[2]))
        came = []
        with contextlib.suppress(ConnectionRefusedError):
            for _ in range(4):
                came.append(plain_connect(server.gopher_port))
        server.send_signal(signal.SIGTERM)
        for plain in came:
            plain.sendall(b"\r\n")
        for plain in came:
            assert read_all(plain)[0].endswith(b"\r\n.\r\n"), server.log
            plain.close()
        assert server.stop() == 0
        assert " error " not in server.log


def test_reloads_and_dead_workers_lose_nobody(serve, capsule):
    """A worker that is told to leave serves whom it has accepted; one that
    leaves for a reload does, and one that --dev replaces."""
    server = serve("--workers", "2", "--dev", "--log", "info")
    with Crowd(server) as crowd:
        for n in range(3):
            os.kill(server.children()[0], (signal.SIGTERM, signal.SIGUSR2)[
                n % 2])
            server.reload()
            after = len(server.lines)
            write(capsule / "pages/index.gmi", f"# Changed {n}\n")
            server.wait_log("run: reloaded", after=after)
    assert not crowd.lost, crowd.lost[:3]
    assert not crowd.refused
    assert server.stop() == 0


def test_an_address_that_is_given_up_is_refused_at_once(serve, capsule):
    """Even while a worker of before serves a slow reader; and who had come to
    it is served."""
    ini = "[serve]\ngemini = 127.0.0.1:0\ngopher = {}\n"
    write(capsule / "static/large.txt", "0123456789abcdef" * 2**18)
    write(capsule / "capsule.ini", ini.format("127.0.0.1:0"))
    server = serve("--workers", "2", "--log", "info", addresses=False)
    with slow_reader(server, "/large.txt") as reader, \
            Crowd(server, [ask_gopher], 4) as crowd:
        write(capsule / "capsule.ini", ini.format("off"))
        assert "run: reloaded" in server.reload()
        crowd.all_refused()
        assert refused(server.gopher_port)
        assert server.gemini("/").status == 20
        reader.close()
    assert server.stop() == 0


def test_killed_parent_leaves_no_open_door(serve):
    server = serve("--workers", "2", "--log", "error")
    with Crowd(server) as crowd:
        server.process.kill()
        for thread in crowd.threads:
            thread.join(30)
        assert len(crowd.refused) == len(crowd.threads)
    server.process.wait(10)
