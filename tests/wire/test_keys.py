# SPDX-License-Identifier: ISC
"""The private keys: which process has them, and what becomes of readers when
it dies."""

import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess

import pytest

from conftest import tls_connect
from crowd import wait_until
from test_log import descriptors, socket_of
from test_tls import scalar_of

# AddressSanitizer's notes on all other memory are longer, and are no copies.
SHADOW_BYTES = 1 << 30
VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


def has_in_memory(pid, secret):
    """Has the process these bytes anywhere that it can write? As a number of
    OpenSSL's they stand the other way round."""
    wanted = secret, secret[::-1]
    maps = pathlib.Path(f"/proc/{pid}/smaps").read_text()
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for begin, end, used in re.findall(
                r"^(\w+)-(\w+) rw.*\n(?:\w+: .*\n)*?Rss: +(\d+) kB", maps,
                re.M):
            at, left = int(begin, 16), int(end, 16) - int(begin, 16)
            if used == "0" or left > SHADOW_BYTES:
                continue
            tail = b""
            while left > 0:
                try:
                    memory.seek(at)
                    piece = memory.read(min(left, 1 << 24))
                except (OSError, OverflowError):
                    break  # never used, or not to be read
                if not piece:
                    break
                if any(form in tail + piece for form in wanted):
                    return True
                tail = piece[-len(secret):]
                at, left = at + len(piece), left - len(piece)
    return False


def key_file(server):
    return server.certs / "localhost.key.pem"


def check_memory(server):
    """Of the parent, of workers that have signed, and of the key process."""
    secret = scalar_of(key_file(server))
    assert len(secret) == 32
    # Those of an earlier generation have ended.
    wait_until(lambda: len(server.children()) == 2)
    for _ in range(20):
        assert server.gemini("/").status == 20
    for pid in [server.pid, *server.children()]:
        assert not has_in_memory(pid, secret), pid
    if os.geteuid() == 0:  # its memory is hidden from all others
        assert has_in_memory(server.keepers()[-1], secret)


@pytest.fixture
def serve(serve):
    """With a key process, unless a test says otherwise."""
    def start(*flags, **options):
        if "--key-process" not in flags:
            flags = ("--key-process", "yes", *flags)
        return serve(*flags, **options)
    return start


def test_only_the_key_process_has_the_key(serve):
    """Neither the one that was made at the start, nor after a reload the same
    or another."""
    server = serve("--workers", "2")
    check_memory(server)
    first = server.keepers()
    server.reload()
    check_memory(server)
    wait_until(lambda: len(server.keepers()) == 1)
    assert server.keepers() != first
    other = server.certs.parent / "other"
    make_pair(other, "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    for name in ("cert", "key"):
        shutil.copy(other / f"localhost.{name}.pem", server.certs)
    server.reload()
    check_memory(server)
    with tls_connect(server.gemini_port) as connection:
        assert connection.getpeercert(True) == ssl.PEM_cert_to_DER_cert(
            (other / "localhost.cert.pem").read_text())


def test_without_a_key_process_workers_have_the_key(serve):
    server = serve("--workers", "1", "--key-process", "no")
    secret = scalar_of(key_file(server))
    assert server.gemini("/").status == 20
    assert not server.keepers()
    assert has_in_memory(server.children()[0], secret)


def test_the_key_process_is_fenced(serve):
    server = serve("--workers", "1")
    keeper, = server.keepers()
    status = pathlib.Path(f"/proc/{keeper}/status").read_text()
    assert re.search(r"^Seccomp:\t2$", status, re.M)
    assert re.search(r"^NoNewPrivs:\t1$", status, re.M)
    if os.geteuid() == 0:
        held = {os.readlink(f"/proc/{keeper}/fd/{fd}")
                for fd in os.listdir(f"/proc/{keeper}/fd")}
        assert not [name for name in held if "portal.db" in name or
                    name.endswith(".pem")], held


def make_pair(folder, *kind):
    folder.mkdir(exist_ok=True)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", *kind, "-nodes", "-days",
         "3650", "-subj", "/CN=localhost", "-keyout",
         folder / "localhost.key.pem", "-out", folder / "localhost.cert.pem"],
        check=True, capture_output=True)


@pytest.mark.parametrize("kind, kept", [
    (["rsa:2048"], True), (["ed25519"], False),
    (["ec", "-pkeyopt", "ec_paramgen_curve:P-384"], True)],
    ids=["rsa", "ed25519", "P-384"])
def test_keys_of_all_types_sign(serve, tmp_path, kind, kept):
    """What the key process cannot have is in the workers, with a warning."""
    make_pair(tmp_path / "certs", *kind)
    server = serve("--workers", "1")
    for version in VERSIONS:
        assert server.gemini("/", version=version).status == 20
    assert ("neither EC nor RSA" in server.log) != kept


def test_a_killed_key_process_costs_no_reader(serve):
    server = serve("--workers", "2")
    for _ in range(5):
        keeper, = server.keepers()
        os.kill(keeper, signal.SIGKILL)
        assert server.gemini("/").status == 20
        assert server.gemini("/").status == 20
        assert server.keepers() not in ([], [keeper])
    assert server.log.count("the key process") == 5
    assert len(server.children()) == 2  # no worker has died


def is_refused(server):
    """The handshake ends in an alert or a close, not in a wait."""
    with pytest.raises(OSError):
        tls_connect(server.gemini_port).close()
    return True


def test_without_keys_handshakes_are_refused(serve):
    """While there is no key process; and what needs none is served."""
    server = serve("--workers", "1")
    file = key_file(server)
    key = file.read_bytes()
    file.write_bytes(b"")
    os.kill(server.keepers()[0], signal.SIGKILL)
    assert is_refused(server)
    assert server.menu("")
    assert is_refused(server)
    file.write_bytes(key)
    wait_until(lambda: len(server.keepers()) == 1)
    assert server.gemini("/").status == 20


def test_a_new_pair_waits_for_its_reload(serve):
    """A key process that dies before it has the old key's successor."""
    server = serve("--workers", "1", "--sandbox", "off")
    with tls_connect(server.gemini_port) as connection:
        old = connection.getpeercert(True)
    other = server.certs.parent / "other"
    make_pair(other, "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    for name in ("cert", "key"):
        os.replace(other / f"localhost.{name}.pem",
                   server.certs / f"localhost.{name}.pem")
    os.kill(server.keepers()[0], signal.SIGKILL)
    with tls_connect(server.gemini_port) as connection:
        assert connection.getpeercert(True) == old
    for pid in [*server.children(), *server.keepers()]:
        assert not [name for name in descriptors(pid).values()
                    if "key.pem" in name]
    server.reload()
    with tls_connect(server.gemini_port) as connection:
        assert connection.getpeercert(True) != old


def key_socket(pid):
    """The worker's socket to the key process: of its sockets for packets, the
    one that it does not log through."""
    held = descriptors(pid)
    for number, name in held.items():
        if name.startswith("socket:") and name != held[2]:
            found = socket_of(pid, number)
            if found.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE) == \
                    socket.SOCK_SEQPACKET:
                return found
            found.close()
    raise AssertionError("no socket to the key process")


@pytest.mark.parametrize("harm", ["empty", "shutdown", "late", "unblocked"])
def test_a_worker_breaks_no_socket_of_its_successor(serve, harm):
    """Whatever a worker in strange hands did to its socket ends with it."""
    server = serve("--workers", "1", "--sandbox", "off")
    worker, = server.children()
    keeper, = server.keepers()
    with key_socket(worker) as own:
        if harm == "empty":
            own.send(b"")
        elif harm == "shutdown":
            own.shutdown(socket.SHUT_RDWR)
        elif harm == "late":
            own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO,
                           struct.pack("@ll", 0, 1))
        else:
            os.set_blocking(own.fileno(), False)
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: server.children() not in ([], [worker]))
    wait_until(lambda: server.keepers() not in ([], [keeper]))
    with key_socket(server.children()[0]) as own:
        assert os.get_blocking(own.fileno())
        waits = struct.unpack("@ll", own.getsockopt(
            socket.SOL_SOCKET, socket.SO_RCVTIMEO, 16))
        assert waits[0] == 0 and 90000 <= waits[1] <= 110000
    for _ in range(3):
        assert server.gemini("/").status == 20
    # A key process without a worker ends by itself.
    if harm in ("late", "unblocked"):
        assert "handshakes wait" not in server.log


def test_a_pair_that_cannot_be_made_is_told(serve):
    """At the start; when a worker has died, another one is tried."""
    server = serve("--workers", "1", wait=False,
                   env={"GUIJU_FAULT": "keeper:1!"})
    assert server.process.wait(30) == 1
    assert "cannot start a key process: " in server.log
    server = serve("--workers", "1", "--sandbox", "off",
                   env={"GUIJU_FAULT": "keeper:2!"})
    worker, = server.children()
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: server.children() not in ([], [worker]))
    assert server.gemini("/").status == 20


def test_a_stopped_key_process_is_not_waited_for(serve):
    server = serve("--workers", "1")
    keeper, = server.keepers()
    os.kill(keeper, signal.SIGSTOP)
    assert is_refused(server)
    assert server.menu("")
    os.kill(keeper, signal.SIGCONT)
    # What it signs late is not taken for an answer to what came later.
    for _ in range(5):
        assert server.gemini("/").status == 20


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_key_process_ends_with_the_server(serve, number):
    server = serve("--workers", "2")
    keeper, = server.keepers()
    # A service manager may signal all processes at once.
    os.kill(keeper, signal.SIGTERM)
    assert server.gemini("/").status == 20 and server.keepers() == [keeper]
    os.kill(server.pid, number)
    server.process.wait(30)
    wait_until(lambda: not pathlib.Path(f"/proc/{keeper}").exists())
