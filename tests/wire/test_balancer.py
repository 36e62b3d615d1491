# SPDX-License-Identifier: ISC
"""Two hosts behind a TCP balancer, as they would stand in front of readers:
HAProxy gives connections to a primary and to a copy in turns, and says for
whom each comes, to one by version 1 of the PROXY protocol, to the other by
version 2."""

import contextlib
import re
import socket
import sqlite3
import subprocess
import tempfile
import time
import pathlib

import pytest

from conftest import (Answer, Server, make_capsule, menu, plain_connect,
                      read_all, tls_context)
from test_replica import free_port

HOST = "portal.example"
BALANCER = "127.0.0.9"  # from where HAProxy comes to us
READERS = [f"127.0.0.{n}" for n in range(21, 29)]

CONFIGURATION = """
defaults
    mode tcp
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    retries 3
    option redispatch
    default-server inter 200ms fall 1 rise 1 on-marked-down shutdown-sessions
    source {balancer}

frontend gemini
    bind 127.0.0.1:{gemini}
    default_backend gemini
backend gemini
    balance roundrobin
    server primary 127.0.0.1:{primary_gemini} check send-proxy
    server copy 127.0.0.1:{copy_gemini} check send-proxy-v2

frontend gopher
    bind 127.0.0.1:{gopher}
    default_backend gopher
backend gopher
    balance roundrobin
    server primary 127.0.0.1:{primary_gopher} check send-proxy
    server copy 127.0.0.1:{copy_gopher} check send-proxy-v2
"""


class Balanced:
    """Both servers, the balancer, and a reader."""

    def __init__(self, folder):
        self.folder = folder
        self.capsule = make_capsule(folder / "capsule")
        self.ports = {name: free_port() for name in (
            "gemini", "gopher", "primary_gemini", "primary_gopher",
            "copy_gemini", "copy_gopher")}
        self.servers = []
        self.primary = self.serve("primary")
        self.primary_url = \
            f"gemini://{HOST}:{self.ports['primary_gemini']}"
        self.copy()
        self.replica = self.serve("copy", "--role", "replica")
        path = folder / "haproxy.cfg"
        path.write_text(CONFIGURATION.format(
            balancer=BALANCER, **self.ports))
        self.haproxy = subprocess.Popen(
            ["haproxy", "-db", "-f", str(path)], stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT)
        self.wait(lambda: self.gemini("/").status == 20, "the balancer")

    def serve(self, name, *flags):
        (self.folder / name).mkdir(exist_ok=True)
        server = Server(
            self.capsule, self.folder / name, [
                "--workers", "1", "--host", HOST,
                "--gemini", f"127.0.0.1:{self.ports[name + '_gemini']}",
                "--gopher", f"127.0.0.1:{self.ports[name + '_gopher']}",
                "--public-gemini", self.ports["gemini"],
                "--public-gopher", self.ports["gopher"],
                "--proxy-from", BALANCER, "--primary",
                f"gemini://{HOST}:{self.ports['primary_gemini']}/", *flags],
            addresses=False)
        self.servers.append(server)
        return server

    def copy(self):
        """By SQLite's own backup, put in place when it is whole."""
        folder = self.folder / "copy/var"
        folder.mkdir(parents=True, exist_ok=True)
        new = folder / "portal.db.new"
        with contextlib.closing(sqlite3.connect(
                self.folder / "primary/var/portal.db")) as source, \
                contextlib.closing(sqlite3.connect(new)) as target:
            source.backup(target)
        new.rename(folder / "portal.db")

    @staticmethod
    def wait(condition, what, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, AssertionError):
                if condition():
                    return
            time.sleep(0.05)
        raise AssertionError(f"{what}: not within {seconds} s")

    # a reader

    def gemini(self, path, reader="127.0.0.20", port=None):
        """Through the balancer, or at another port."""
        url = path if "://" in path else \
            f"gemini://{HOST}:{self.ports['gemini']}{path}"
        began = time.monotonic()
        with plain_connect(port or self.ports["gemini"],
                           source=reader) as plain, \
                tls_context().wrap_socket(
                    plain, server_hostname=HOST,
                    suppress_ragged_eofs=False) as connection:
            connection.sendall(f"{url}\r\n".encode())
            raw, clean = read_all(connection)
        return Answer(raw, clean, time.monotonic() - began)

    def at_primary(self, url):
        """Where a copy leads to: not through the balancer."""
        assert url.startswith(f"{self.primary_url}/")
        return self.gemini(url, port=self.ports["primary_gemini"])

    def gopher(self, selector, reader):
        with plain_connect(self.ports["gopher"], source=reader) as plain:
            plain.sendall(f"{selector}\r\n".encode())
            return read_all(plain)[0]

    def close(self):
        self.haproxy.kill()
        self.haproxy.wait()
        for server in self.servers:
            server.stop()
            server.check_sane()


@pytest.fixture(scope="module")
def balanced():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        both = Balanced(folder)
        try:
            yield both
        finally:
            both.close()


def readers_in(server, protocol, path):
    """Whom its log says to have asked for a path."""
    pattern = rf" net: {protocol} (\S+) .*path={path} "
    return {found[1] for line in list(server.lines)
            if (found := re.search(pattern, line))}


def test_both_answer_and_log_the_reader(balanced):
    """Each request is answered rightly, by both in turns, and the log of
    whoever answered has the reader's address."""
    for reader in READERS:
        answer = balanced.gemini("/hello.txt", reader)
        assert answer.status == 20 and answer.closed_cleanly
        assert answer.text.startswith("Hello.")
        items = menu(balanced.gopher("/", reader))
        assert any("Welcome" in item.text for item in items)
        # Links of a menu lead back through the balancer.
        assert {item.port for item in items if item.type in "01"} == \
            {str(balanced.ports["gopher"])}
    for protocol, path in ("gemini", "/hello.txt"), ("gopher", "/"):
        balanced.wait(lambda: len(
            readers_in(balanced.primary, protocol, path) |
            readers_in(balanced.replica, protocol, path)) >= len(READERS),
            "the last line of the log")
        first = readers_in(balanced.primary, protocol, path)
        second = readers_in(balanced.replica, protocol, path)
        assert first and second
        assert set(READERS) <= first | second
    # HAProxy's own looks are no readers, and none of them was refused.
    for server in balanced.primary, balanced.replica:
        assert f"{BALANCER} is in proxy-from" not in server.log


def test_sealed_page_ends_at_the_primary(balanced):
    """Whichever of the two gave the link, and whichever gets the click."""
    seen = set()
    deadline = time.monotonic() + 60
    while len(seen) < 2 and time.monotonic() < deadline:
        link = balanced.gemini("/").link("Write a note")
        if link.startswith(balanced.primary_url):  # the copy's
            seen.add("copy")
            # To the primary's page, whose link has a seal.
            link = f"{balanced.primary_url}/" + \
                balanced.at_primary(link).link("Write a note")
            asked = balanced.at_primary(link)
        else:
            seen.add("primary")
            link = f"/{link}"
            asked = balanced.gemini(link)
            if asked.status == 30:  # the click went to the copy
                assert asked.meta == f"{balanced.primary_url}{link}"
                link = asked.meta
                asked = balanced.at_primary(link)
        assert asked.status == 10
        name = "Note%20" + "AB"[len(seen) - 1]
        answer = balanced.at_primary(f"{link}?{name}") \
            if "://" in link else balanced.gemini(f"{link}?{name}")
        assert answer.status == 30
        if answer.meta.startswith(balanced.primary_url):
            answer = balanced.at_primary(answer.meta)
            assert answer.status == 30
        assert answer.meta.startswith("/note/")
    assert seen == {"copy", "primary"}
    with contextlib.closing(sqlite3.connect(
            balanced.folder / "primary/var/portal.db")) as database:
        titles = {row[0] for row in database.execute(
            "SELECT title FROM note")}
    assert {"Note A", "Note B"} <= titles
    # The copy shows what was written when it is copied next.
    assert "Note A" not in balanced.gemini(
        "/", port=balanced.ports["copy_gemini"]).text
    balanced.copy()
    assert "run: reloaded" in balanced.replica.reload()
    for _ in range(4):
        assert "Note A" in balanced.gemini("/").text


def test_when_one_dies_the_other_serves(balanced):
    for name, other in ("copy", "primary"), ("primary", "copy"):
        victim = {"copy": balanced.replica, "primary": balanced.primary}[name]
        workers = victim.children()
        victim.kill()
        # Its worker goes when it sees that its parent has.
        balanced.wait(lambda: not any(
            pathlib.Path(f"/proc/{pid}").exists() for pid in workers),
            "the workers' end")
        balanced.wait(lambda: balanced.gemini("/").status == 20,
                      "the other's answer")
        for reader in READERS:
            assert balanced.gemini("/hello.txt", reader).status == 20
            assert menu(balanced.gopher("/", reader))
        # It comes back, and is asked again.
        again = balanced.serve(
            name, *(["--role", "replica"] if name == "copy" else []))
        if name == "copy":
            balanced.replica = again
        else:
            balanced.primary = again

        def asked_again(again=again):
            assert balanced.gemini("/hello.txt").status == 20
            return readers_in(again, "gemini", "/hello.txt")
        balanced.wait(asked_again, f"a request at the {name}")
