#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""make bench, second part: how long the home page takes while four readers
confirm reports of 5,000 lines, as often as a reader may write, as a ratio to
the home page alone in the same minutes.

The home page is asked for at a steady pace, whatever the last request waits
for, and each wait counts from the moment at which its request was due. All
lines of a list have one number. The readers share the processors with the
server. Prints Markdown.
"""

import contextlib
import re
import socket
import sqlite3
import ssl
import statistics
import subprocess
import sys
import threading
import time
from urllib.parse import urljoin

import wire

READERS = 4
LINES = 5000
AIM_MS = 50
PAUSE_S = 2  # two acts, of the 60 that a reader has in a minute
HOMES, HOME_S = 750, 0.02  # home pages a figure, and the time between two
NUMBER, KEY = "GB/T 19001-2016", "GB-T-19001-2016"


def home(server):
    """The home page: p50 and p99 in ms."""
    began, took = time.monotonic(), []

    def ask(due):
        wire.ask(server)
        took.append(1000 * (time.monotonic() - due))

    asked = []
    for n in range(HOMES):
        due = began + n * HOME_S
        time.sleep(max(0, due - time.monotonic()))
        asked.append(threading.Thread(target=ask, args=(due,)))
        asked[-1].start()
    for thread in asked:
        thread.join()
    if len(took) < HOMES:
        sys.exit("confirm.py: the home page was not always answered")
    took.sort()
    return took[HOMES // 2], took[HOMES * 99 // 100]


class Reader(threading.Thread):
    """One who confirms a list, asks for the same list again, confirms it ..."""

    def __init__(self, server, number, stop):
        super().__init__()
        self.server, self.stop, self.took_ms, self.busy = server, stop, [], 0
        self.fault = None
        stem = wire.WORK / f"reader{number}"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
             f"/CN=reader{number}", "-keyout", f"{stem}.key", "-out",
             f"{stem}.pem"], stderr=subprocess.DEVNULL, check=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE
        self.context.load_cert_chain(f"{stem}.pem", f"{stem}.key")
        self.draft = f"/validity/draft/{draft(number)}/"

    def ask(self, path):
        """Status, meta and body."""
        with socket.create_connection(("127.0.0.1", self.server.gemini),
                                      timeout=60) as plain, \
                self.context.wrap_socket(plain) as tls:
            tls.sendall(f"gemini://localhost{path}\r\n".encode())
            with contextlib.closing(tls.makefile("rb")) as answer:
                head, _, body = answer.read().partition(b"\r\n")
        status, _, meta = head.decode().partition(" ")
        return int(status), meta, body.decode()

    def link(self, path, name):
        """The address of a page's link that begins so."""
        body = self.ask(path)[2]
        return urljoin(path, re.search(rf"^=> ({name}/\S+)", body, re.M)[1])

    def confirm(self):
        """One report, and its list as the next draft. Whoever is told to come
        back comes back with the same seal."""
        address = self.link(self.draft, "confirm")
        while True:
            began = time.monotonic()
            status, meta, _ = self.ask(address)
            self.took_ms.append(1000 * (time.monotonic() - began))
            if status != 44:
                break
            self.busy += 1
            time.sleep(int(meta))
        report = meta.removeprefix("gemini://localhost")
        again = self.link(report, "rerun") + "?"
        status, meta, _ = self.ask(again + "2026-11-23")
        if status != 30:
            raise OSError(f"a list cannot be asked about again: {meta}")
        self.draft = meta.removeprefix("gemini://localhost")

    def run(self):
        try:
            while not self.stop.is_set():
                self.confirm()
                self.stop.wait(PAUSE_S)
        except (OSError, TypeError, ValueError) as fault:
            self.fault = fault


def draft(number):
    """A list, as if pasted: its token."""
    token = f"{number:032x}"
    with contextlib.closing(sqlite3.connect(
            wire.WORK / "state/portal.db", timeout=60)) as db, db:
        row = db.execute(
            "INSERT INTO validity_draft (token, created, day, rounds, last)"
            " VALUES (?, unixepoch(), '2026-11-23', 20, ?) RETURNING id",
            (token, LINES)).fetchone()
        db.executemany(
            "INSERT INTO validity_draft_line VALUES (?, ?, ?, ?, ?, '')",
            ((row[0], n, NUMBER, NUMBER, KEY) for n in range(1, LINES + 1)))
    return token


def main():
    wire.prepare()
    with wire.guiju() as server:
        server.first_answer_s()
        time.sleep(1)  # the other workers begin as well
        alone = home(server)
        stop = threading.Event()
        readers = [Reader(server, number, stop) for number in range(READERS)]
        for reader in readers:
            reader.start()
        beside = home(server)
        stop.set()
        for reader in readers:
            reader.join()
    for reader in readers:
        if reader.fault is not None:
            sys.exit(f"confirm.py: a reader gave up: {reader.fault}")
    took = sorted(ms for reader in readers for ms in reader.took_ms)
    print(f"\n### {READERS} readers confirm {LINES:,} lines each\n")
    print("| home page | p50 | p99 |\n| --- | --- | --- |")
    print(f"| alone | {alone[0]:.1f} ms | {alone[1]:.1f} ms |")
    print(f"| beside them | {beside[0]:.1f} ms | {beside[1]:.1f} ms |")
    print(f"| ratio | {beside[0] / alone[0]:.1f} | "
          f"{beside[1] / alone[1]:.1f} |")
    print(f"\n{len(took)} confirmations meanwhile, {statistics.median(took):.0f}"
          f" ms each (at most {took[-1]:.0f}), "
          f"{sum(reader.busy for reader in readers)} told to come back.")
    print(f"aim: p99 of the home page under {AIM_MS} ms:",
          "ok" if beside[1] < AIM_MS else "missed")


if __name__ == "__main__":
    main()
