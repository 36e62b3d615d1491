# SPDX-License-Identifier: ISC
"""What one address may do, in all workers together, and that it is nobody
else's loss. Each test's clients come from addresses of 127.0.0.0/8."""

import os
import re
import signal
import time

import pytest

from conftest import plain_connect, read_all, run_guiju, tls_connect
from crowd import Crowd, in_time, wait_until
from rules import check_error

MINE, OTHER = "127.0.0.5", "127.0.0.6"


def is_turned_away(port, source=MINE):
    """Closed before a byte is answered."""
    try:
        with plain_connect(port, source=source) as plain:
            plain.sendall(b"/\r\n")
            return read_all(plain)[0] == b""
    except OSError:
        return True


def is_told_to_wait(server, most_s=60):
    """Both protocols, in their own words."""
    try:
        answer = server.gemini("/", source=MINE)
        raw = server.gopher("", source=MINE)
    except OSError:
        return False  # turned away
    if not answer.raw.startswith(b"44 ") or not raw.startswith(b"3"):
        return False
    assert answer.status == 44 and answer.closed_cleanly
    assert answer.meta.isdecimal() and 1 <= int(answer.meta) <= most_s
    check_error(raw, 503)
    return True


def check_served(server, source):
    assert server.gemini("/", source=source).status == 20
    assert server.menu("", source=source)


def is_served_over_gemini(server):
    try:
        return server.gemini("/", source=MINE).status == 20
    except (OSError, AssertionError):
        return False  # turned away


def is_served(server):
    """In both. (What one asked before may still be open when it asks.)"""
    try:
        return is_served_over_gemini(server) and \
            server.gopher("", source=MINE).startswith(b"i")
    except OSError:
        return False  # turned away


def test_too_many_connections_are_turned_away(serve):
    server = serve("--workers", "2", "--per-address-rate", "10000",
                   limited=True)
    with Crowd(server.gopher_port) as crowd:
        crowd.grow(31, MINE)
        wait_until(is_served, server, crowd=crowd)
        crowd.grow(1, MINE)
        wait_until(is_told_to_wait, server, crowd=crowd)
        check_served(server, OTHER)
        crowd.grow(32, MINE)
        wait_until(is_turned_away, server.gopher_port, crowd=crowd)
        wait_until(is_turned_away, server.gemini_port, crowd=crowd)
        check_served(server, OTHER)

        def who_came_too_late():
            """They are told so when they ask."""
            crowd.keep()
            for plain, _ in crowd.clients[40:]:
                plain.sendall(b"\r\n")
            told = [read_all(plain)[0] for plain, _ in crowd.clients[40:]]
            assert told
            for raw in told:
                check_error(raw, 503)

        in_time(who_came_too_late)
        crowd.shrink(24)
        wait_until(is_served, server, crowd=crowd)


def test_the_number_of_connections_is_set(serve):
    server = serve("--workers", "1", "--per-address-rate", "10000",
                   "--per-address-connections", "2", limited=True)
    with Crowd(server.gopher_port) as crowd:
        crowd.grow(2, MINE)
        wait_until(is_told_to_wait, server, crowd=crowd)
        check_served(server, OTHER)


def test_too_quick_connections_are_turned_away(serve):
    """One new connection a second, three at once, another three that are
    told to wait; no more. Then time makes good."""
    server = serve("--workers", "2", "--per-address-rate", "1", limited=True)
    seen = []
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and seen[-1:] != ["away"]:
        try:
            answer = server.gemini("/", source=MINE)
        except OSError:
            seen.append("away")
            continue
        if answer.raw == b"":
            seen.append("away")
        elif answer.status == 44:
            assert answer.meta == "1"
            seen.append("wait")
        else:
            assert answer.status == 20
            seen.append("served")
    assert seen[:3] == ["served"] * 3 and seen[-1] == "away", seen
    assert "wait" in seen, seen
    check_served(server, OTHER)
    wait_until(is_served_over_gemini, server)


HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"


def is_told_to_wait_in_handshake(server):
    try:
        answer = server.gemini("/", source=MINE)
    except OSError:
        return False  # turned away
    if not answer.raw.startswith(b"44 "):
        return False
    assert answer.status == 44 and answer.meta == "1"
    return True


def is_turned_away_in_handshake(server):
    try:
        tls_connect(server.gemini_port, source=MINE).close()
    except OSError:
        return True
    return False


def test_too_many_handshakes_are_turned_away(serve):
    server = serve("--workers", "2", "--per-address-rate", "10000",
                   limited=True)
    with Crowd(server.gemini_port, HELLO) as crowd:
        crowd.grow(4, MINE)
        wait_until(is_told_to_wait_in_handshake, server, crowd=crowd)
        assert server.menu("", source=MINE)  # has none
        check_served(server, OTHER)
        assert counted(server, "turned_away", "handshakes") == 0
        crowd.grow(4, MINE)
        wait_until(is_turned_away_in_handshake, server, crowd=crowd)
        assert counted(server, "turned_away", "handshakes") > 0
        check_served(server, OTHER)
    wait_until(is_served, server)


def test_a_killed_worker_leaves_nothing(serve):
    server = serve("--workers", "2", "--per-address-rate", "10000",
                   limited=True)
    with Crowd(server.gopher_port) as crowd:
        crowd.grow(64, MINE)
        wait_until(is_turned_away, server.gopher_port, crowd=crowd)
        workers = server.children()
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
        wait_until(is_served, server)
    with Crowd(server.gopher_port) as crowd:
        crowd.grow(31, MINE)
        wait_until(is_served, server, crowd=crowd)


def test_counts_outlive_a_reload(serve):
    """The old workers still have what they had open."""
    server = serve("--workers", "2", "--per-address-rate", "10000",
                   limited=True)
    with Crowd(server.gopher_port) as crowd:
        crowd.grow(32, MINE)
        wait_until(is_told_to_wait, server, crowd=crowd)

        def reload():
            crowd.keep()
            server.reload()
            assert is_told_to_wait(server)

        in_time(reload)
        check_served(server, OTHER)
    wait_until(is_served, server)


def test_a_nearly_full_worker_takes_newcomers_alone(serve):
    """Only those come in who have nothing open yet."""
    server = serve("--workers", "1", "--connections", "64", limited=True)
    with Crowd(server.gopher_port) as crowd:
        for n in range(1, 58):
            crowd.grow(1, f"127.0.1.{n}")
        assert server.gemini("/", source="127.0.2.1").status == 20
        assert server.menu("", source="127.0.2.2")
        crowd.grow(1, MINE)
        wait_until(is_turned_away, server.gopher_port, crowd=crowd)
        assert counted(server, "turned_away", "crowded") > 0
        assert server.gemini("/", source="127.0.2.3").status == 20
        assert server.menu("", source="127.0.2.4")
        crowd.shrink(50)
        wait_until(is_served, server, crowd=crowd)


@pytest.mark.parametrize("flags", [
    ["--unlimited-from", "10.0.0.0/8", "--unlimited-from", "127.0.0.4/31"],
    ["--unlimited-from", "127.0.0.5 ::1"]])
def test_unlimited_addresses_are_served(serve, flags):
    server = serve("--workers", "1", "--per-address-rate", "1",
                   "--per-address-connections", "2", *flags, limited=True)
    with Crowd(server.gopher_port) as crowd:
        crowd.grow(40, MINE)
        for _ in range(10):
            crowd.keep()
            check_served(server, MINE)


def test_one_address_in_ipv6(serve):
    """64 bits are one; ::1 has them all to itself."""
    server = serve("--workers", "1", "--gemini", "[::1]:0", "--gopher",
                   "[::1]:0", "--per-address-connections", "2",
                   addresses=False, limited=True)

    def attempt():
        held = [plain_connect(server.gopher_port, host="::1")
                for _ in range(2)]
        try:
            for plain in held:
                plain.sendall(b"/")
            assert server.gemini("/", host="::1").status == 44
        finally:
            for plain in held:
                plain.close()

    in_time(attempt)


@pytest.mark.parametrize("flag, value", [
    ("--unlimited-from", "example.org"), ("--unlimited-from", "10.0.0.0/33"),
    ("--per-address-rate", "0"), ("--per-address-connections", "-1")])
def test_bad_limits_are_refused(serve, flag, value):
    server = serve(flag, value, wait=False, limited=True)
    assert server.process.wait(30) == 2
    server.reader.join(5)
    assert flag in server.log and value in server.log or "whole number" in \
        server.log


def counted(server, name, why):
    done = run_guiju("status", "--prometheus", "--state", server.state)
    assert done.returncode == 0, done.stderr
    found = re.search(rf'^guiju_{name}_total{{why="{why}"}} (\d+)$',
                      done.stdout, re.M)
    return int(found[1])


def test_what_was_refused_is_counted(serve):
    server = serve("--workers", "1", "--per-address-rate", "10000",
                   "--per-address-connections", "2", "--proxy-from",
                   "127.0.0.7", limited=True)
    with Crowd(server.gopher_port) as crowd:
        crowd.grow(2, MINE)
        wait_until(is_told_to_wait, server, crowd=crowd)
        crowd.grow(2, MINE)
        wait_until(is_turned_away, server.gopher_port, crowd=crowd)
    assert is_turned_away(server.gopher_port, source="127.0.0.7")
    assert counted(server, "told_to_wait", "connections") >= 2
    assert counted(server, "turned_away", "connections") >= 1
    assert counted(server, "turned_away", "proxy") == 1
    assert counted(server, "told_to_wait", "rate") == 0
    assert counted(server, "turned_away", "crowded") == 0
