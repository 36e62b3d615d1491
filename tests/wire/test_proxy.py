# SPDX-License-Identifier: ISC
"""The PROXY protocol: who is believed, what is refused, and that the reader's
address is the one that is logged and counted."""

import socket
import struct
import time

import pytest

from conftest import plain_connect, read_all, tls_context
from rules import check_error, check_menu

PROXY, READER, OTHER = "127.0.0.7", "192.0.2.7", "127.0.0.8"
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def v1(source):
    return f"PROXY TCP4 {source} 192.0.2.1 51000 1965\r\n".encode()


def v1_ipv6(source):
    return f"PROXY TCP6 {source} 2001:db8::1 51000 1965\r\n".encode()


def v2(source, command=0x21, more=b""):
    family, kind = ((socket.AF_INET6, 0x21) if ":" in source else
                    (socket.AF_INET, 0x11))
    address = socket.inet_pton(family, source)
    rest = address + address + struct.pack("!HH", 51000, 1965) + more
    return SIGNATURE + struct.pack("!BBH", command, kind, len(rest)) + rest


LOCAL = SIGNATURE + b"\x20\x00\x00\x00"
TLV = b"\x04\x00\x10" + bytes(16)  # a NOOP, as padding


def gopher(server, header, source=PROXY, line=b"/\r\n"):
    with plain_connect(server.gopher_port, source=source) as plain:
        plain.sendall(header + line)
        try:
            return read_all(plain)[0]
        except OSError:
            return b""


def gemini(server, header, source=PROXY, pause=0):
    """Its header in one write, or a byte at a time; then TLS."""
    with plain_connect(server.gemini_port, source=source) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if pause:
            for byte in header:
                plain.sendall(bytes([byte]))
                time.sleep(pause)
        else:
            plain.sendall(header)
        try:
            with tls_context().wrap_socket(
                    plain, server_hostname="localhost",
                    suppress_ragged_eofs=False) as connection:
                connection.sendall(server.url().encode() + b"\r\n")
                return read_all(connection)[0]
        except OSError:  # of TLS as well
            return b""


@pytest.fixture
def server(serve):
    """It believes one address, and another network."""
    return serve("--workers", "2", "--proxy-from", f"{PROXY} 10.0.0.0/8")


@pytest.mark.parametrize("header, logged", [
    (v1(READER), READER), (v1_ipv6("2001:db8::7"), "2001:db8::7"),
    (v1_ipv6("::ffff:192.0.2.9"), "192.0.2.9"), (v2(READER), READER),
    (v2("2001:db8::8"), "2001:db8::8"), (v2(READER, more=TLV), READER),
    (v2(READER, more=TLV * 100), READER), (LOCAL, PROXY),
    (v2(READER, command=0x20), PROXY), (b"PROXY UNKNOWN\r\n", PROXY),
    (b"PROXY UNKNOWN 192.0.2.7 192.0.2.1 51000 1965\r\n", PROXY)])
def test_the_log_has_the_address_of_the_header(server, header, logged):
    assert gemini(server, header).startswith(b"20 ")
    server.wait_log(f"gemini {logged} .* path=/ ")
    check_menu(gopher(server, header))
    server.wait_log(f"gopher {logged} .* path=/ ")


@pytest.mark.parametrize("header", [v1(READER), v2(READER, more=TLV)])
def test_a_header_may_come_in_pieces(server, header):
    """And a worker that waits for more of it does not spin."""
    assert gemini(server, header, pause=0.01).startswith(b"20 ")
    with plain_connect(server.gopher_port, source=PROXY) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in header + b"/\r\n":
            plain.sendall(bytes([byte]))
        check_menu(read_all(plain)[0])


@pytest.mark.parametrize("header", [
    b"", b"PROXY TCP4 192.0.2.7\r\n", b"PROXY " + b"x" * 200,
    b"PROXY TCP4 192.0.2.7 192.0.2.1 51000 1965\n",
    SIGNATURE + b"\x11\x11\x00\x00", SIGNATURE + b"\x21\x11\xff\xff",
    SIGNATURE + b"\x21\x11\x00\x04\xc0\x00\x02\x07"])
def test_bad_headers_are_refused(server, header):
    """Who is believed must say it, and well."""
    assert gemini(server, header) == b""
    assert gopher(server, header) == b""
    server.wait_log(f"warn net: {PROXY} is in proxy-from")
    assert server.gemini("/").status == 20
    assert server.children()


@pytest.mark.parametrize("header", [v1(READER), v2(READER)])
def test_others_are_not_believed(server, header):
    assert gemini(server, header, source=OTHER) == b""  # no TLS
    gopher(server, header, source=OTHER)  # a selector, or none
    server.wait_log(f"gopher {OTHER} ")
    assert f" {READER} " not in server.log
    assert server.gemini("/", source=OTHER).status == 20


def test_one_header_is_enough(server):
    """What follows is the reader's; a second one is no request."""
    raw = gopher(server, v1(READER) + v1("192.0.2.8"))
    check_error(raw, 404)
    assert "192.0.2.8 " not in server.log


def test_readers_are_counted_apart(serve):
    """A proxy's readers do not stand for each other, nor for the proxy."""
    server = serve("--workers", "2", "--proxy-from", PROXY,
                   "--per-address-rate", "1", limited=True)
    for n in range(1, 30):
        assert gemini(server, v2(f"192.0.2.{n}")).startswith(b"20 ")
    deadline = time.monotonic() + 60
    seen = b""
    while not seen.startswith(b"44 "):
        assert time.monotonic() < deadline, seen
        seen = gemini(server, v1("192.0.2.99"))
    check_menu(gopher(server, v2("192.0.2.98")))
