# SPDX-License-Identifier: ISC
"""What one address may do, in all workers together, and that it is nobody
else's loss. Each test's clients come from addresses of 127.0.0.0/8."""

import os
import re
import signal
import time

import pytest

from conftest import plain_connect, read_all, run_guiju, tls_connect
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


def check_told_to_wait(server):
    """Both protocols, in their own words."""
    wait_until(has_status, server, 44)
    answer = server.gemini("/", source=MINE)
    assert answer.status == 44 and answer.closed_cleanly
    assert answer.meta.isdecimal() and 1 <= int(answer.meta) <= 60
    check_error(server.gopher("", source=MINE), 503)


def check_served(server, source):
    assert server.gemini("/", source=source).status == 20
    assert server.menu("", source=source)


def wait_until(condition, *arguments):
    """As a worker that has not yet accepted, or seen an end, needs."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if condition(*arguments):
            return
        time.sleep(0.05)
    raise AssertionError(f"never: {condition.__name__}{arguments}")


def has_status(server, status):
    try:
        return server.gemini("/", source=MINE).status == status
    except (OSError, AssertionError):
        return False  # turned away


def wait_until_served(server):
    wait_until(has_status, server, 20)


def hold(server, count, source=MINE):
    """So many connections that have not yet asked for anything."""
    held = [plain_connect(server.gopher_port, source=source)
            for _ in range(count)]
    for plain in held:
        plain.sendall(b"/")
    return held


def test_too_many_connections(serve):
    server = serve("--workers", "2", "--per-address-rate", "10000",
                   limited=True)
    held = hold(server, 31)
    check_served(server, MINE)
    held += hold(server, 1)
    check_told_to_wait(server)
    check_served(server, OTHER)
    held += hold(server, 32)
    wait_until(is_turned_away, server.gopher_port)
    wait_until(is_turned_away, server.gemini_port)
    check_served(server, OTHER)
    for plain in held[:40]:
        plain.close()
    wait_until_served(server)
    for plain in held[40:]:
        plain.sendall(b"\r\n")  # these came too late, and are told so
    told = [read_all(plain)[0] for plain in held[40:]]
    for raw in told:
        check_error(raw, 503)
    for plain in held[40:]:
        plain.close()


def test_the_number_of_connections_is_set(serve):
    server = serve("--workers", "1", "--per-address-rate", "10000",
                   "--per-address-connections", "2", limited=True)
    held = hold(server, 2)
    check_told_to_wait(server)
    check_served(server, OTHER)
    for plain in held:
        plain.close()


def test_too_quickly(serve):
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
    wait_until_served(server)


def test_too_many_handshakes(serve):
    server = serve("--workers", "2", limited=True)
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    begun = []

    def begin(count):
        for _ in range(count):
            begun.append(plain_connect(server.gemini_port, source=MINE))
            begun[-1].sendall(hello)

    begin(4)
    wait_until(has_status, server, 44)
    assert server.gemini("/", source=MINE).meta == "1"
    assert server.menu("", source=MINE)  # has none
    check_served(server, OTHER)
    begin(4)
    wait_until(is_turned_away_in_handshake, server)
    check_served(server, OTHER)
    for plain in begun:
        plain.close()
    wait_until_served(server)


def is_turned_away_in_handshake(server):
    try:
        tls_connect(server.gemini_port, source=MINE).close()
    except OSError:
        return True
    return False


def test_a_killed_worker_leaves_nothing(serve):
    server = serve("--workers", "2", "--per-address-rate", "10000",
                   limited=True)
    held = hold(server, 64)
    wait_until(is_turned_away, server.gopher_port)
    workers = server.children()
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    wait_until_served(server)
    for plain in held:
        plain.close()
    held = hold(server, 31)
    check_served(server, MINE)
    for plain in held:
        plain.close()


def test_counts_outlive_a_reload(serve):
    """The old workers still have what they had open."""
    server = serve("--workers", "2", "--per-address-rate", "10000",
                   limited=True)
    held = hold(server, 32)
    check_told_to_wait(server)
    server.reload()
    check_told_to_wait(server)
    check_served(server, OTHER)
    for plain in held:
        plain.close()
    wait_until_served(server)


def test_nearly_full(serve):
    """Only those come in who have nothing open yet."""
    server = serve("--workers", "1", "--connections", "64", limited=True)
    held = [hold(server, 1, f"127.0.1.{n}")[0] for n in range(1, 58)]
    check_served(server, "127.0.2.1")
    held += hold(server, 1, MINE)
    wait_until(is_turned_away, server.gopher_port)
    check_served(server, OTHER)
    while len(held) > 50:
        held.pop(0).close()
    wait_until_served(server)
    for plain in held:
        plain.close()


@pytest.mark.parametrize("flags", [
    ["--unlimited-from", "10.0.0.0/8", "--unlimited-from", "127.0.0.4/31"],
    ["--unlimited-from", "127.0.0.5 ::1"]])
def test_unlimited(serve, flags):
    server = serve("--workers", "1", "--per-address-rate", "1",
                   "--per-address-connections", "2", *flags, limited=True)
    held = hold(server, 40)
    for _ in range(10):
        check_served(server, MINE)
    for plain in held:
        plain.close()


def test_one_address_in_ipv6(serve):
    """64 bits are one; ::1 has them all to itself."""
    server = serve("--workers", "1", "--gemini", "[::1]:0", "--gopher",
                   "[::1]:0", "--per-address-connections", "2",
                   addresses=False, limited=True)
    held = [plain_connect(server.gopher_port, host="::1") for _ in range(2)]
    for plain in held:
        plain.sendall(b"/")
    answer = server.gemini("/", host="::1")
    assert answer.status == 44
    for plain in held:
        plain.close()


@pytest.mark.parametrize("flag, value", [
    ("--unlimited-from", "example.org"), ("--unlimited-from", "10.0.0.0/33"),
    ("--per-address-rate", "0"), ("--per-address-connections", "-1")])
def test_settings_that_are_none(serve, flag, value):
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
    held = hold(server, 2)
    check_told_to_wait(server)
    held += hold(server, 2)
    wait_until(is_turned_away, server.gopher_port)
    assert is_turned_away(server.gopher_port, source="127.0.0.7")
    assert counted(server, "told_to_wait", "connections") >= 2
    assert counted(server, "turned_away", "connections") >= 1
    assert counted(server, "turned_away", "proxy") == 1
    assert counted(server, "told_to_wait", "rate") == 0
    assert counted(server, "turned_away", "crowded") == 0
    for plain in held:
        plain.close()
