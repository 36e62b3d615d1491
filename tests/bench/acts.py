#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""make bench-acts: a thousand accounts that act at once. Each registers a person
for a course, sends an order, adds to a list of 标准跟踪 and leaves a message: a
thousand of each kind at one moment, with a certificate each and from an address
each. Nothing that somebody was told may be missing, or be there twice.

  BENCH_READERS=1000  how many

Every connection has a full handshake, so each kind is told as a ratio to a
thousand home pages that the same readers ask for at one moment of the same run.
Beside them the home page is asked for at a steady pace. Prints Markdown; ends
with 1 if something is lost.
"""

import collections
import concurrent.futures
import contextlib
import hashlib
import os
import re
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
from urllib.parse import quote, urljoin, urlsplit

import wire

READERS = int(os.environ.get("BENCH_READERS", "1000"))
WORK = wire.ROOT / "build/bench/acts"
KEYS = wire.ROOT / "build/bench/readers"  # kept from run to run
GUIJU = wire.BUILD / "guiju"
HOME_S = 0.05  # between two home pages beside
PATIENCE_S = 120

# Where the link of an act stands, its address, and what reader n types.
Kind = collections.namedtuple("Kind", "name page link said told stored")
KINDS = [
    Kind("a registration", "/my/training/course/PX2020-01/", "add/",
         "读者{n}，示例公司，0898-{n:07}", r"/my/training/(BM\d+-\d+)/",
         "SELECT number FROM registration WHERE sample = 0"),
    Kind("an order", "/my/order/basket/", "submit/", "是",
         r"/my/order/(DG\d+-\d+)/", "SELECT number FROM shop_order"),
    Kind("an item to track", "/my/track/{list}/", "add/", "GB/T {m}-2020",
         r"/my/track/(\d+)/", "SELECT list_id FROM watch_item"),
    Kind("a message", "/contact/", "question/", "第 {n} 个问题",
         r"/contact/reply/(LY\d+-\d+)/",
         "SELECT number FROM message WHERE sample = 0"),
]


def fetch(server, context, path, source="127.0.0.1"):
    """Status, meta and body."""
    with socket.create_connection(
            ("127.0.0.1", server.gemini), timeout=PATIENCE_S,
            source_address=(source, 0)) as plain, \
            context.wrap_socket(plain) as tls:
        tls.sendall(f"gemini://localhost{path}\r\n".encode())
        with contextlib.closing(tls.makefile("rb")) as answer:
            head, _, body = answer.read().partition(b"\r\n")
    status, _, meta = head.decode().partition(" ")
    return int(status), meta, body.decode()


def trusting():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Reader:
    """One with a certificate, an address and an account."""

    def __init__(self, n):
        self.n = n
        self.source = f"127.{1 + n // 250}.{n % 250}.1"
        self.stem = KEYS / str(n)
        if not self.stem.with_suffix(".pem").exists():
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:P-256", "-nodes", "-days", "3650",
                 "-subj", f"/CN=reader{n}", "-keyout", f"{self.stem}.key",
                 "-out", f"{self.stem}.pem"], stderr=subprocess.DEVNULL,
                check=True)
        text = self.stem.with_suffix(".pem").read_text()
        self.fingerprint = hashlib.sha256(
            ssl.PEM_cert_to_DER_cert(text)).hexdigest()
        self.context = trusting()
        self.context.load_cert_chain(f"{self.stem}.pem", f"{self.stem}.key")
        self.waits = 0

    def ask(self, server, path):
        return fetch(server, self.context, path, self.source)

    def prompt(self, server, kind):
        """Where the act is answered, with what is typed."""
        page = kind.page.format(list=10000 + self.n)
        body = self.ask(server, page)[2]
        path = urljoin(page, re.search(
            rf"^=> ({kind.link}\S+)", body, re.M)[1])
        status, meta, _ = self.ask(server, path)
        if status == 30:  # an address of its own
            path = urlsplit(urljoin(path, meta)).path
        said = kind.said.format(n=self.n, m=100000 + self.n)
        return f"{path}?{quote(said, safe='')}"

    def act(self, server, path):
        """The last answer; whoever is told to come back comes back with the
        same seal."""
        while True:
            status, meta, _ = self.ask(server, path)
            if status != 44:
                return status, meta
            self.waits += 1
            time.sleep(int(meta))


def everybody(readers, work):
    """work(reader) of all at one moment: the seconds of each, and what each
    gave."""
    begin = threading.Barrier(len(readers))
    took, gave = {}, {}

    def run(reader):
        begin.wait()
        began = time.monotonic()
        gave[reader.n] = work(reader)
        took[reader.n] = time.monotonic() - began

    threads = [threading.Thread(target=run, args=(reader,))
               for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(took.values()), gave


class Beside(threading.Thread):
    """Asks for the home page at a steady pace; each wait counts from the
    moment at which the request was due."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.over, self.took = server, False, []
        self.context, self.bad = trusting(), 0

    def run(self):
        due = time.monotonic()
        while not self.over:
            self.bad += fetch(self.server, self.context, "/")[0] != 20
            self.took.append(time.monotonic() - due)
            due += HOME_S
            time.sleep(max(0, due - time.monotonic()))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *unused):
        self.over = True
        self.join()
        self.took.sort()
        if self.bad or not self.took:
            sys.exit("acts.py: the home page was not always answered")


def at(values, percent):
    return 1000 * values[min(len(values) - 1, len(values) * percent // 100)]


def prepare(readers):
    shutil.rmtree(WORK, ignore_errors=True)
    (WORK / "state").mkdir(parents=True)
    shutil.copytree(wire.ROOT / "capsule", WORK / "capsule")
    rows = ",\n".join(f"({reader.n}, '{reader.fingerprint}')"
                      for reader in readers)
    each = (f"WITH RECURSIVE r (n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM r"
            f" WHERE n < {len(readers) - 1})")
    statements = f"""INSERT INTO account (id, name, folded, consent, consented,
    created, last_seen) {each} SELECT 10000 + n, 'reader ' || n,
    name_fold('reader ' || n), '1', now(), now(), now() FROM r;
INSERT INTO account_certificate (account_id, fingerprint, label, state,
    first_seen, last_seen, changed)
    SELECT 10000 + column1, column2, '', 'active', now(), now(), now()
    FROM (VALUES {rows});
INSERT INTO watch_list (id, account_id, name, token, created) {each}
    SELECT 10000 + n, 10000 + n, 'list', format('%032d', n), now() FROM r;
INSERT INTO basket (account_id, unit, contact, delivery, touched) {each}
    SELECT 10000 + n, 'unit ' || n, 'contact ' || n, '自取', now() FROM r;
INSERT INTO basket_line (account_id, item_id, quantity) {each}
    SELECT 10000 + n, 9, 1 FROM r;
INSERT INTO course (year, serial, number, title, place, hours, first, last,
    deadline, fee, seats, contact, state)
    VALUES (2020, 1, 'PX2020-01', 'course', 'room', '9:00',
    date('now', '+20 days'), date('now', '+21 days'), date('now', '+10 days'),
    100, {len(readers) // 2}, '0898-0000', '公布');
"""
    subprocess.run([GUIJU, "get", "--capsule", WORK / "capsule", "--state",
                    WORK / "state", "/"], check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run([GUIJU, "sql", "--write", "--capsule", WORK / "capsule",
                    "--state", WORK / "state"], input=statements, text=True,
                   check=True, stdout=subprocess.DEVNULL)


def serve():
    port = wire.free_port()
    with open(WORK / "log", "ab") as log:
        return wire.Server("guiju", [
            GUIJU, "serve", "--state", WORK / "state", "--certs",
            WORK / "certs", "--gemini", f"127.0.0.1:{port}",
            "--public-gemini", "1965", "--gopher", "off",
            "--nightly", "off", "--unlimited-from", "127.0.0.0/8",
            WORK / "capsule"], gemini=port, stderr=log)


def lost(kind, gave):
    """What was told and is not stored exactly once: sentences."""
    bad = [f"{kind.name}: reader {n} got {status} {meta}"
           for n, (status, meta) in gave.items() if status != 30]
    told = [re.search(kind.told, meta)[1]
            for status, meta in gave.values() if status == 30]
    with contextlib.closing(sqlite3.connect(
            WORK / "state/portal.db", timeout=60)) as db:
        stored = collections.Counter(
            str(value) for value, in db.execute(kind.stored))
    if stored != collections.Counter(told):
        bad.append(f"{kind.name}: {len(told)} told, "
                   f"{sum(stored.values())} stored")
    return bad


def main():
    KEYS.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        readers = list(pool.map(Reader, range(READERS)))
    prepare(readers)
    bad, lines = [], []
    with serve() as server, concurrent.futures.ThreadPoolExecutor(16) as few:
        server.first_answer_s()
        time.sleep(1)  # the other workers begin as well
        with Beside(server) as quiet:
            time.sleep(10)
        with Beside(server) as beside:
            pages, _ = everybody(readers, lambda reader: reader.ask(
                server, "/")[0])
        lines.append(("the home page", pages, beside.took, 0))
        for kind in KINDS:
            paths = dict(few.map(lambda reader, kind=kind: (
                reader.n, reader.prompt(server, kind)), readers))
            waits = sum(reader.waits for reader in readers)
            with Beside(server) as beside:
                took, gave = everybody(readers, lambda reader: reader.act(
                    server, paths[reader.n]))
            lines.append((kind.name, took, beside.took,
                          sum(reader.waits for reader in readers) - waits))
            bad += lost(kind, gave)
    with contextlib.closing(sqlite3.connect(WORK / "state/portal.db")) as db:
        if db.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            bad.append("the database is damaged")
        seats = dict(db.execute("SELECT state, count(*) FROM registration"
                                " WHERE sample = 0 GROUP BY state"))
        if seats.get("待确认") != READERS // 2:
            bad.append(f"{READERS // 2} seats were given to {seats}")
    report(lines, quiet.took, bad)


def report(lines, quiet, bad):
    page = lines[0][1]
    print(f"\n### {READERS:,} accounts at one moment\n")
    print("| each asks for | p50 | p99 | ratio of p99 | home page beside, p99"
          " | told to come back |\n| --- | --- | --- | --- | --- | --- |")
    for name, took, beside, waits in lines:
        print(f"| {name} | {at(took, 50):.0f} ms | {at(took, 99):.0f} ms"
              f" | {at(took, 99) / at(page, 99):.2f}"
              f" | {at(beside, 99):.0f} ms | {waits} |")
    print(f"\nThe home page alone: p50 {at(quiet, 50):.1f} ms,"
          f" p99 {at(quiet, 99):.1f} ms.")
    print("nothing is lost:", "ok" if not bad else "missed")
    if bad:
        sys.exit("\n".join(bad[:20]))


if __name__ == "__main__":
    main()
