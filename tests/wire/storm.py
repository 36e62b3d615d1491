# SPDX-License-Identifier: ISC
"""Clients of the worst kind, many of them: a program of its own, so that it
takes no time from those who measure.

    storm.py drip GOPHER-PORT GEMINI-PORT COUNT
    storm.py stall GOPHER-PORT SELECTOR COUNT
    storm.py vanish GOPHER-PORT GEMINI-PORT RATE

It says "ready" when all are there, goes on until its standard input ends, and
says then, as JSON, what it has done. Each kind comes from addresses of its
own in 127.0.0.0/8, no more from each than one may have.
"""

import errno
import json
import select
import socket
import struct
import sys
import time

EACH = 25  # connections of one address
HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200)
# Chooses the port in connect(2), where it need only be free for that peer.
IP_BIND_ADDRESS_NO_PORT = 24


def over():
    return select.select([sys.stdin], [], [], 0)[0] != []


def open_from(source, port):
    """A connection that may yet have to be made."""
    plain = socket.socket()
    plain.setblocking(False)
    plain.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
    plain.bind((source, 0))
    if plain.connect_ex(("127.0.0.1", port)) not in (0, errno.EINPROGRESS):
        plain.close()
        return None
    return plain


def drip(gopher_port, gemini_port, count):
    """A byte every half second: of a selector, or of a ClientHello. Whoever
    is cut off comes again."""
    said = {"bytes": 0, "again": 0}
    clients = [None] * count
    ready = False
    while not over():
        for n in range(count):
            tls = n % EACH < 4
            if clients[n] is None:
                source = f"127.1.{n // EACH // 250}.{n // EACH % 250 + 1}"
                clients[n] = [open_from(source, gemini_port if tls else
                                        gopher_port), 0]
                said["again"] += ready
            plain, at = clients[n]
            try:
                plain.send(HELLO[at:at + 1] if tls else b"/")
                clients[n][1] += 1
                said["bytes"] += 1
            except BlockingIOError:
                pass
            except OSError:
                plain.close()
                clients[n] = None
            except AttributeError:  # it could not even begin
                clients[n] = None
        if not ready:
            print("ready", flush=True)
            ready = True
        time.sleep(0.5)
    return said


def stall(port, selector, count):
    """Ask for a large file and read nothing of it."""
    said = {"again": 0, "stalled": 0}
    clients = {}
    ready = False
    while not over():
        for n in range(count):
            if n in clients:
                continue
            plain = socket.socket()
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            plain.bind((f"127.2.0.{n // EACH + 1}", 0))
            try:
                plain.connect(("127.0.0.1", port))
                plain.sendall(f"{selector}\r\n".encode())
                clients[n] = plain
                said["again"] += ready
            except OSError:
                plain.close()
        said["stalled"] = len(clients)
        if not ready:
            print("ready", flush=True)
            ready = True
        time.sleep(0.5)
        for n, plain in list(clients.items()):
            try:
                plain.send(b"x")  # what comes behind a request is dropped
            except BlockingIOError:
                pass
            except OSError:  # it has been cut off
                plain.close()
                del clients[n]
    return said


def vanish(gopher_port, gemini_port, rate):
    """Connect and reset, so many times a second if they can be had; every
    other one has said something before."""
    said = {"vanished": 0, "failed": 0, "seconds": 0.0}
    began = time.monotonic()
    n = 0
    print("ready", flush=True)
    while not over():
        for _ in range(max(1, rate // 50)):
            n += 1
            source = f"127.3.{n // 200 % 200}.{n % 200 + 1}"
            try:
                plain = open_from(source, gemini_port if n % 2 else
                                  gopher_port)
                plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                 struct.pack("ii", 1, 0))
                if n % 4 < 2:
                    plain.send(HELLO[:20])
            except (OSError, AttributeError):
                said["failed"] += 1
            if plain is not None:
                plain.close()
            said["vanished"] += 1
        ahead = began + n / rate - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
    said["seconds"] = time.monotonic() - began
    return said


def main():
    kind, *rest = sys.argv[1:]
    if kind == "stall":
        said = stall(int(rest[0]), rest[1], int(rest[2]))
    else:
        said = {"drip": drip, "vanish": vanish}[kind](*map(int, rest))
    print(json.dumps(said), flush=True)


main()
