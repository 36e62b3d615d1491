# SPDX-License-Identifier: ISC
"""What one address may do, in all workers together, and that it is nobody
else's loss. Each test's clients come from addresses of 127.0.0.0/8."""

import contextlib
import itertools
import os
import re
import signal
import socket
import threading
import time

import pytest

from conftest import (plain_connect, read_all, run_guiju, tls_connect,
                      tls_context, write_files)
from crowd import Crowd, in_time, wait_until
from rules import check_error
from test_keys import make_pair

MINE, OTHER = "127.0.0.5", "127.0.0.6"
# Nothing here hangs on how much of the processor a connection takes.
WORK = ("--per-address-work", "6400", "--costly-work", "100")
GENEROUS = (*WORK, "--per-address-rate", "10000",
            "--per-address-connections", "32")


def is_turned_away(port, source=MINE):
    """Reset before a byte is asked. (Who has asked is reset by any close.)"""
    try:
        with plain_connect(port, source=source) as plain:
            return read_all(plain, timeout=3) == (b"", False)
    except ConnectionResetError:
        return True
    except socket.timeout:
        return False


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
    server = serve("--workers", "2", *GENEROUS, limited=True)
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
    server = serve("--workers", "1", *WORK, "--per-address-rate", "10000",
                   "--per-address-connections", "2", limited=True)
    with Crowd(server.gopher_port) as crowd:
        crowd.grow(2, MINE)
        wait_until(is_told_to_wait, server, crowd=crowd)
        check_served(server, OTHER)


def test_too_quick_connections_are_turned_away(serve):
    """One new connection a second, ten at once, another ten that are told to
    wait; no more. Then time makes good."""
    server = serve("--workers", "2", *WORK, "--per-address-rate", "1",
                   limited=True)
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
    assert seen[:10] == ["served"] * 10 and seen[-1] == "away", seen
    assert "wait" in seen, seen
    check_served(server, OTHER)
    wait_until(is_served_over_gemini, server)


def test_a_connection_is_charged_for_its_handshake(serve):
    """At a hundredth of a processor, handshakes alone use up the burst of ten
    seconds, though none of the clients asks for anything."""
    server = serve("--workers", "1", "--per-address-work", "1", limited=True,
                   *["--per-address-rate", "65536"])

    def shake_until_told():
        with contextlib.suppress(OSError):  # turned away
            for _ in range(100):
                tls_connect(server.gemini_port, source=MINE).close()
        return counted(server, "told_to_wait", "rate") > 0

    wait_until(shake_until_told)
    check_served(server, OTHER)


@pytest.mark.long
def test_a_connection_is_charged_for_what_is_signed_for_it(serve, tmp_path):
    """The key process signs with the long key, five times as long as the rest
    of the handshake takes; so far fewer handshakes use up the burst."""
    made = []
    for kind in ["rsa:4096"], ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]:
        make_pair(tmp_path / "certs", *kind)
        server = serve("--workers", "1", "--per-address-work", "1",
                       "--per-address-rate", "65536", limited=True)
        made.append(0)
        while counted(server, "told_to_wait", "rate") == 0:
            for _ in range(10):
                made[-1] += 1
                with contextlib.suppress(OSError):  # turned away
                    tls_connect(server.gemini_port, source=MINE).close()
        server.stop()
    assert made[0] * 2 <= made[1], made


def test_a_killed_worker_leaves_nothing(serve):
    server = serve("--workers", "2", *GENEROUS, limited=True)
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
    server = serve("--workers", "2", *GENEROUS, limited=True)
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


def test_a_nearly_full_worker_keeps_room(serve):
    """Nobody has more connections than are free."""
    server = serve("--workers", "1", "--connections", "64", *WORK,
                   limited=True)
    with Crowd(server.gopher_port) as crowd:
        for n in range(1, 58):
            crowd.grow(1, f"127.1.{n}.1")
        assert server.gemini("/", source="127.2.1.1").status == 20
        crowd.grow(3, MINE)  # of the seven that are free
        wait_until(is_turned_away, server.gopher_port, crowd=crowd)
        assert counted(server, "turned_away", "crowded") > 0
        assert server.gemini("/", source="127.2.2.1").status == 20
        assert server.menu("", source="127.2.3.1")
        crowd.shrink(50)
        wait_until(is_served, server, crowd=crowd)


COSTLY = ("% one WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM "
          "n WHERE i < 50000) SELECT max(i) AS m FROM n\n# Costly\n{m}\n")
READERS, FEEDS = 20, 10


def read_feeds(server, source):
    """Twenty readers behind one address, each with ten requests at once. Their
    connections are all open before the first of them says anything."""
    plain = [plain_connect(server.gemini_port, source=source)
             for _ in range(READERS * FEEDS)]
    seen = []
    try:
        for client in plain:
            with tls_context().wrap_socket(client) as talk:
                talk.sendall(server.url().encode() + b"\r\n")
                seen.append(read_all(talk)[0][:3])
    finally:
        for client in plain:
            client.close()
    assert seen == [b"20 "] * (READERS * FEEDS)


def test_readers_are_served_while_robots_come(serve, capsule, make_identity):
    """Robots come through many networks, each within its limits, and ask for a
    costly page. They are told to wait; nobody else is."""
    write_files(capsule / "pages", {"costly.gmi": COSTLY})
    server = serve("--workers", "1", "--per-address-work", "6400",
                   "--costly-work", "2", limited=True)
    seen, over = [], threading.Event()

    def come():
        for n in itertools.count():
            if over.is_set():
                break
            source = f"127.{50 + n % 100}.{n // 100 % 250}.1"
            seen.append(server.gemini("/costly", source=source).status)

    def is_under_load():
        return 44 in seen[-3:]

    robots = threading.Thread(target=come)
    robots.start()
    try:
        wait_until(is_under_load)
        in_time(lambda: read_feeds(server, MINE))
        wait_until(is_under_load)
        answer = server.gemini("/costly", source=OTHER)
        assert answer.status == 44 and 1 <= int(answer.meta) <= 60
        check_error(server.gopher("/costly", source=OTHER), 503)
        known = make_identity().pair
        assert server.gemini("/costly", source=OTHER, cert=known).status == 20
        check_served(server, OTHER)
    finally:
        over.set()
        robots.join()
    assert set(seen) == {20, 44}
    for why in "rate", "connections", "network":
        assert counted(server, "told_to_wait", why) == 0
    for why in "rate", "connections", "network", "crowded":
        assert counted(server, "turned_away", why) == 0
    assert counted(server, "told_to_wait", "costly") >= seen.count(44) + 2


def is_stopped(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        return stat.read().rpartition(")")[2].split()[0] == "T"


def test_a_costly_page_holds_up_one_worker(serve, capsule):
    """The worker stands still in a page that is known to be costly. Everybody
    else is served meanwhile."""
    write_files(capsule / "pages",
                {"costly.gmi": COSTLY.replace("50000", "300000")})
    server = serve("--workers", "2", *GENEROUS, limited=True,
                   env={"GUIJU_FAULT": "lane:1?"})
    assert server.gemini("/costly").status == 20  # it is costly from now on
    seen = []
    reader = threading.Thread(target=lambda: seen.append(
        server.gemini("/costly", timeout=120).status))
    reader.start()
    stopped = []

    def one_stands_still():
        stopped[:] = filter(is_stopped, server.children())
        return stopped

    wait_until(one_stands_still)
    try:
        for _ in range(20):
            check_served(server, OTHER)
        assert not seen
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
        reader.join()
    assert seen == [20]
    assert server.stop() == 0


def test_the_page_for_missing_addresses_needs_a_lane(serve, capsule):
    """It is costly, though the answer that it belongs to has no page."""
    write_files(capsule / "pages",
                {"_missing.gmi": COSTLY.replace("50000", "300000")})
    server = serve("--workers", "2", "--spartan", "127.0.0.1:0", *GENEROUS,
                   limited=True, env={"GUIJU_FAULT": "lane:1?"})
    held = []

    def one_stands_still_in_a_lane():
        held.append(plain_connect(server.spartan_port))
        held[-1].sendall(b"localhost /nowhere 0\r\n")
        return any(map(is_stopped, server.children()))

    try:
        wait_until(one_stands_still_in_a_lane)
        check_served(server, OTHER)
        for pid in filter(is_stopped, server.children()):
            os.kill(pid, signal.SIGCONT)
        assert read_all(held[0])[0].startswith(b"4 ")
    finally:
        for plain in held:
            plain.close()


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


def test_sixty_four_bits_of_ipv6_are_one_address(serve):
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
    ("--per-address-rate", "0"), ("--per-address-connections", "-1"),
    ("--per-address-work", "0"), ("--costly-work", "101")])
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
    server = serve("--workers", "1", *WORK, "--per-address-rate", "10000",
                   "--per-address-connections", "2", "--proxy-from",
                   "127.0.0.7", limited=True)
    with Crowd(server.gopher_port) as crowd:
        crowd.grow(2, MINE)
        wait_until(is_told_to_wait, server, crowd=crowd)
        crowd.grow(2, MINE)
        wait_until(is_turned_away, server.gopher_port, crowd=crowd)
    with plain_connect(server.gopher_port, source="127.0.0.7") as plain:
        plain.sendall(b"/\r\n")  # no PROXY header
        assert read_all(plain)[0] == b""
    assert counted(server, "told_to_wait", "connections") >= 2
    assert counted(server, "turned_away", "connections") >= 1
    assert counted(server, "turned_away", "proxy") == 1
    assert counted(server, "told_to_wait", "rate") == 0
    assert counted(server, "turned_away", "crowded") == 0
