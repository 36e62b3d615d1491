#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""make bench, first part: the server over real sockets, in ratios to a bare
OpenSSL server (ceiling.c) that is measured in the same minutes.

  BENCH_REQUESTS=2000  requests a figure; 200 for a quick look
  BENCH_ROUNDS=5       times that all is measured, in turns
  BENCH_PEERS=1        0: leave out other servers that are installed

Prints Markdown. Progress goes to standard error.
"""

import contextlib
import os
import pathlib
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import time
from urllib.parse import quote

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/release"
LOAD = BUILD / "bench/load"
WORK = ROOT / "build/bench/wire"

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "2000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
PEERS = os.environ.get("BENCH_PEERS", "1") != "0"
CLIENTS = (1, 16, 256)
HELD = (1000, 10000)
STARTS = 2 * ROUNDS
TICK = os.sysconf("SC_CLK_TCK")
SLACK = 8  # bytes: an article tells how often it was read
SMALL, LARGE = 2048, 100 * 1024  # bytes of what the ceiling and files send


# --- processes --------------------------------------------------------------


def family(pid):
    """A process and all below it."""
    found = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in task.read_text().split():
                found += family(int(child))
    return found


def cpu_seconds(pid):
    """What a family has had of the processors, user and system: of those
    that live in nanoseconds, of those that have ended in ticks."""
    ns = ticks = 0
    for member in family(pid):
        folder = pathlib.Path(f"/proc/{member}")
        with contextlib.suppress(OSError):
            for thread in folder.glob("task/*/schedstat"):
                ns += int(thread.read_text().split()[0])
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
            ticks += int(stat[13]) + int(stat[14])
    return ns / 1e9 + ticks / TICK


def memory_kb(pid):
    """Proportional set size of a family: what they share counts once."""
    total = 0
    for member in family(pid):
        with contextlib.suppress(OSError):
            path = pathlib.Path(f"/proc/{member}/smaps_rollup")
            for line in path.read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Server:
    """A running server: its process, and how to end it."""

    def __init__(self, name, command, gemini=None, gopher=None, **options):
        self.name, self.gemini, self.gopher = name, gemini, gopher
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, **options)
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait(30)

    def first_answer_s(self):
        """Ask until somebody answers: seconds since the start."""
        while True:
            try:
                ask(self)
                return time.monotonic() - self.began
            except OSError:
                if self.process.poll() is not None or \
                        time.monotonic() - self.began > 30:
                    sys.exit(f"wire.py: {self.name} does not serve")
                time.sleep(0.0005)


def ask(server):
    port = server.gemini or server.gopher
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        if server.gemini is None:
            plain.sendall(b"/\r\n")
            if not plain.recv(1):
                raise OSError("no answer")
            return
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with context.wrap_socket(plain, server_hostname="localhost") as tls:
            tls.sendall(b"gemini://localhost/\r\n")
            if not tls.recv(1):
                raise OSError("no answer")


# --- the servers ------------------------------------------------------------


def prepare():
    """The portal as a new one is, with one long file; files for peers."""
    shutil.rmtree(WORK, ignore_errors=True)
    for folder in ("files", "files-gopher", "tmp"):
        (WORK / folder).mkdir(parents=True)
    shutil.copytree(ROOT / "capsule", WORK / "capsule")
    large = "".join(f"{n:062}\r\n" for n in range(LARGE // 64))
    (WORK / "capsule/static/large.txt").write_text(large, newline="")
    for folder in ("files", "files-gopher"):
        for size in (SMALL, LARGE):
            name = "gmi" if folder == "files" else "txt"
            (WORK / folder / f"{size}.{name}").write_text(
                large[:size], newline="")
    guiju = BUILD / "guiju"
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run([guiju, "import", "article", "--quiet",
                    "--capsule", WORK / "capsule", "--state", WORK / "state",
                    WORK / "capsule/content/articles"], **quiet)
    subprocess.run([ROOT / "tools/catalogue.sh", guiju, WORK / "capsule",
                    WORK / "state"], **quiet)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-days", "365", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", WORK / "key.pem", "-out", WORK / "cert.pem"],
        stderr=subprocess.DEVNULL, **quiet)


def ceiling():
    port = free_port()
    return Server("ceiling", [BUILD / "bench/ceiling", "gemini", port,
                              WORK / "cert.pem", WORK / "key.pem"],
                  gemini=port)


def ceiling_gopher():
    port = free_port()
    return Server("ceiling", [BUILD / "bench/ceiling", "gopher", port],
                  gopher=port)


def guiju():
    gemini, gopher = free_port(), free_port()
    log = open(WORK / "guiju.log", "ab")
    with log:
        return Server("guiju", [
            BUILD / "guiju", "serve", "--state", WORK / "state", "--certs",
            WORK / "certs", "--gemini", f"127.0.0.1:{gemini}", "--gopher",
            f"127.0.0.1:{gopher}", "--public-gemini", "1965",
            "--public-gopher", "70", "--connections", "24000",
            # The load comes from many addresses of one network.
            "--unlimited-from", "127.0.0.0/8", WORK / "capsule"],
            gemini=gemini, gopher=gopher, stderr=log)


def molly_brown():
    port = free_port()
    conf = WORK / "molly.conf"
    conf.write_text(
        f'Port = {port}\nHostname = "localhost"\n'
        f'CertPath = "{WORK}/cert.pem"\nKeyPath = "{WORK}/key.pem"\n'
        f'DocBase = "{WORK}/files"\nAccessLog = "/dev/null"\n'
        'ErrorLog = "/dev/null"\n')
    return Server("molly-brown", [shutil.which("molly-brown"), "-c", conf],
                  gemini=port, stderr=subprocess.DEVNULL)


def gmid():
    port = free_port()
    conf = WORK / "gmid.conf"
    conf.write_text(
        f'server "localhost" {{\n\tlisten on 127.0.0.1 port {port}\n'
        f'\tcert "{WORK}/cert.pem"\n\tkey "{WORK}/key.pem"\n'
        f'\troot "{WORK}/files"\n}}\n')
    return Server("gmid", ["gmid", "-f", "-c", conf], gemini=port,
                  stderr=subprocess.DEVNULL)


def geomyidae():
    port = free_port()
    return Server("geomyidae", ["geomyidae", "-d", "-b", WORK /
                                "files-gopher", "-p", port, "-h",
                                "localhost", "-i", "127.0.0.1", "-v", "0"],
                  gopher=port, stderr=subprocess.DEVNULL)


def gophernicus():
    """It is started for each client, and not by root."""
    port = free_port()
    return Server("gophernicus", [
        "systemd-socket-activate", "--accept", "--inetd", "-l",
        f"127.0.0.1:{port}", shutil.which("gophernicus"), "-nv", "-r",
        WORK / "files-gopher", "-h", "localhost"], gopher=port,
        stderr=subprocess.DEVNULL,
        user="nobody" if os.geteuid() == 0 else None)


PEER_PROGRAMS = (
    (molly_brown, ("molly-brown",)), (gmid, ("gmid",)),
    (geomyidae, ("geomyidae",)),
    (gophernicus, ("gophernicus", "systemd-socket-activate")))


# --- measuring --------------------------------------------------------------


class Case:
    """One address of one server."""

    def __init__(self, server, what, how, line, yard=False):
        self.server, self.what, self.how, self.line = server, what, how, line
        self.yard = yard
        self.port = server.gemini if how == "gemini" else server.gopher
        self.figures = {}  # clients: [(cpu, p50, p99)], one a round
        self.bytes = None

    def measure(self, clients):
        command = [LOAD, "-c", clients, "-n", REQUESTS, "-s", SLACK]
        if self.bytes is not None:
            command += ["-b", self.bytes]
        before = cpu_seconds(self.server.pid)
        done = subprocess.run(
            [str(word) for word in command + [self.how, self.port,
                                              self.line]],
            stdout=subprocess.PIPE, text=True, check=False)
        spent = cpu_seconds(self.server.pid) - before
        if done.returncode > 1:
            sys.exit("wire.py: the load generator failed")
        told = dict(pair.split("=") for pair in done.stdout.split())
        if int(told["errors"]) > 0:
            print(f"{self.server.name} {self.what}, {clients} clients: "
                  f"{told['errors']} errors", file=sys.stderr)
        self.bytes = int(told["bytes"])
        self.figures.setdefault(clients, []).append(
            (spent * 10000 / REQUESTS, float(told["p50_ms"]),
             float(told["p99_ms"])))

    def ratios(self, yard, clients, which):
        """Of each round, to the yardstick's figure of that round."""
        return [mine[which] / max(its[which], 1e-9) for mine, its in
                zip(self.figures[clients], yard.figures[clients])]


def cases(servers):
    for server in servers:
        if server.name == "ceiling":
            how = "gemini" if server.gemini else "text"
            base = "gemini://localhost" if server.gemini else ""
            yield Case(server, "2 KB from memory", how, f"{base}/{SMALL}",
                       True)
            yield Case(server, "100 KB from memory", how, f"{base}/{LARGE}")
        elif server.name == "guiju":
            gemini = "gemini://localhost"
            for what, path in (("home", "/"), ("section", "/news/zcfg/"),
                               ("article", "/article/2"),
                               ("search", f"/search/all/{quote('标准')}/"),
                               ("file of 100 KB", "/large.txt")):
                yield Case(server, what, "gemini", gemini + path)
            for what, how, line in (
                    ("home", "menu", ""), ("section", "menu", "/news/zcfg/"),
                    ("article", "text", "/article/2"),
                    ("search", "menu", "/search/all\t标准"),
                    ("file of 100 KB", "text", "/large.txt")):
                yield Case(server, what, how, line)
        elif server.gemini:
            yield Case(server, "file of 2 KB", "gemini",
                       f"gemini://localhost/{SMALL}.gmi")
        else:
            yield Case(server, "file of 2 KB", "text", f"/{SMALL}.txt")


def median(values, form):
    """The middle, and from where to where."""
    return (f"{format(statistics.median(values), form)} "
            f"({format(min(values), form)}–{format(max(values), form)})")


def print_speed(title, yard, rows):
    print(f"\n### {title}\n")
    print("Processor time of the server, as a ratio to the ceiling's; median "
          f"of {ROUNDS} rounds (least–most)\n")
    heads = [f"{n} client{'s' * (n > 1)}" for n in CLIENTS]
    most = max(CLIENTS)
    print("| | bytes | " + " | ".join(heads) + f" | p50 at {most} | "
          f"p99 at {most} |")
    print("| --- " * (len(CLIENTS) + 4) + "|")
    for case in rows:
        cells = [median(case.ratios(yard, n, 0), ".2f") for n in CLIENTS]
        cells += [median(case.ratios(yard, most, which), ".2f")
                  for which in (1, 2)]
        print(f"| {case.server.name}, {case.what} | {case.bytes} | " +
              " | ".join(cells) + " |")
    cells = []
    for n in CLIENTS:
        figures = yard.figures[n]
        cells.append("{:.2f} s, {:.1f} ms, {:.1f} ms at {}".format(
            *(statistics.median(f[i] for f in figures) for i in range(3)),
            n))
    print("\nThe ceiling itself, processor time for 10,000 requests, p50 and "
          "p99: " + "; ".join(cells) + ".")


def measure_speed(servers):
    todo = list(cases(servers))
    for number in range(ROUNDS):
        for clients in CLIENTS:
            for case in todo:
                print(f"\rround {number + 1} of {ROUNDS}, {clients} clients: "
                      f"{case.server.name} {case.what:20}", end="",
                      file=sys.stderr)
                case.measure(clients)
    print(file=sys.stderr)
    for title, gemini in (("Gemini", True), ("Gopher", False)):
        rows = [case for case in todo if (case.how == "gemini") == gemini]
        print_speed(title, next(case for case in rows if case.yard), rows)


# --- memory and starting ----------------------------------------------------


def held_kb(server, how, count):
    """KB a connection while so many of them are open and silent, as text;
    on a busy machine the first may be hung up on before the last comes."""
    port = server.gopher if how == "hold-tcp" and server.gopher else \
        server.gemini
    before = memory_kb(server.pid)
    load = subprocess.Popen([LOAD, "-c", str(count), how, str(port)],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)
    load.stdout.readline()
    during = memory_kb(server.pid)
    _, told = load.communicate()
    if load.returncode != 0:
        print(f"\n{server.name}: {told.strip()}", file=sys.stderr)
        return "too slow to tell"
    return f"{(during - before) / count:.1f} KB"


def measure_memory(start):
    cells = []
    with start() as server:
        server.first_answer_s()
        time.sleep(1)
        for _ in range(20):
            ask(server)
        cells.append(f"{memory_kb(server.pid) / 1024:.1f} MB")
    for how, count in [("hold-tls", n) for n in HELD] + \
            [("hold-tcp", max(HELD))]:
        with start() as server:  # a new one: freed memory is used again
            server.first_answer_s()
            time.sleep(1)  # the other workers are not yet at rest
            cells.append(held_kb(server, how, count))
    return cells


def print_memory(starts):
    print("\n### Memory\n")
    print("Proportional set size of all processes. A connection costs the "
          "kernel some KB more, which no process's figure has.\n")
    print("| | at rest | " + " | ".join(
        f"each of {n:,} idle TLS connections" for n in HELD) +
        f" | each of {max(HELD):,} silent TCP connections |")
    print("| --- " * (len(HELD) + 3) + "|")
    for start in starts:
        print(f"\rmemory: {start.__name__:20}", end="", file=sys.stderr)
        print(f"| {start.__name__} | " + " | ".join(measure_memory(start)) +
              " |")
    print(file=sys.stderr)


def start_ms(start, note=None):
    """note: what a start would find that need not check all."""
    if note is not None:
        note.unlink(missing_ok=True)
    with start() as server:
        took = 1000 * server.first_answer_s()
        time.sleep(0.5)  # the other workers begin as well
    return took


def print_starts():
    note = WORK / "state/checked"
    took = {"ceiling": [], "guiju, as it was stopped": [],
            "guiju, all checked anew": []}
    for _ in range(STARTS):
        took["guiju, all checked anew"].append(start_ms(guiju, note))
        took["guiju, as it was stopped"].append(start_ms(guiju))
        took["ceiling"].append(start_ms(ceiling))
    print("\n### From start to first answer\n")
    print("| | ms |\n| --- | --- |")
    for name, times in took.items():
        print(f"| {name} | {median(times, '.0f')} |")


def main():
    prepare()
    peers = [start for start, programs in PEER_PROGRAMS
             if PEERS and all(map(shutil.which, programs))]
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(start()) for start in
                   (ceiling, ceiling_gopher, guiju, *peers)]
        for server in servers:
            server.first_answer_s()
        measure_speed(servers)
    print_memory([ceiling, guiju])
    print_starts()


if __name__ == "__main__":
    main()
