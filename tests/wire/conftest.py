# SPDX-License-Identifier: ISC
"""What every test over the wire stands on: a server of its own, and clients
so raw that nothing is hidden by a library's kindness.

GUIJU names the program (default build/check/guiju). A test asks for the
fixture `server` (one capsule made by `guiju init`, shared by all tests that
only read) or for `serve`, a function that starts another with its own
capsule, state and flags.
"""

import atexit
import dataclasses
import hashlib
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
GUIJU = pathlib.Path(os.environ.get("GUIJU", ROOT / "build/check/guiju"))
GUIJU = GUIJU if GUIJU.is_absolute() else ROOT / GUIJU
# What was built beside the program stays there, wherever the program goes.
BUILD = GUIJU.parent


def reachable(program):
    """The program, where each user can run it: root's home is root's own."""
    if os.geteuid() != 0 or all(
            path.stat().st_mode & 0o001 for path in (program, *program.parents)):
        return program
    folder = pathlib.Path(tempfile.mkdtemp(prefix="guiju-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    return pathlib.Path(shutil.copy2(program, folder / program.name))


if GUIJU.exists():
    GUIJU = reachable(GUIJU)
# A sanitizer's build on two busy cores is slow to start.
START_S = 30
ANSWER_S = 20


# `make check-long` runs what is marked "long" and nothing else; `make check`
# runs the rest. Nothing is skipped.
LONG = bool(os.environ.get("GUIJU_LONG"))


def pytest_configure(config):
    config.addinivalue_line("markers", "long: minutes; see make check-long")
    config.addinivalue_line("markers", "portal: of capsule/, with its modules;"
                            " left out by make check-engine")
    config.addinivalue_line("markers", "pages: of the portal's pages and SQL"
                            " alone; make check asks the release")


def pytest_collection_modifyitems(config, items):
    for item in items:
        if "portal" in item.fixturenames:
            item.add_marker("portal")
    wanted = [item for item in items
              if bool(item.get_closest_marker("long")) == LONG]
    config.hook.pytest_deselected(
        items=[item for item in items if item not in wanted])
    items[:] = wanted


def run_guiju(*arguments, **options):
    """Run a subcommand to its end: CompletedProcess with text."""
    options.setdefault("timeout", 60)
    return subprocess.run([str(GUIJU), *map(str, arguments)], text=True,
                          capture_output=True, check=False, **options)


def write_files(folder, files):
    """Write {path below folder: text or bytes}, making folders."""
    for name, content in files.items():
        path = pathlib.Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)


# --- clients ---------------------------------------------------------------

# A status that is defined, one blank, and one line of text that clients of
# any age take ("Responses", Gemini network protocol specification).
HEADER = re.compile(
    rb"(10|11|20|3[01]|4[0-4]|5[0-3]|59|6[0-2]) "
    rb"[^\x00-\x1F\x7F ][^\x00-\x1F\x7F]{0,1023}\r\n")


@dataclasses.dataclass
class Answer:
    """A Gemini answer: its header, its body, and how it ended."""

    raw: bytes
    closed_cleanly: bool  # a TLS close_notify came before the FIN
    seconds: float

    @property
    def header(self):
        head, found, _ = self.raw.partition(b"\r\n")
        assert found, f"no header ends in {self.raw[:80]!r}"
        return head.decode("utf-8")

    @property
    def status(self):
        """The status of an answer that keeps the rules for all answers."""
        assert HEADER.match(self.raw), f"no header: {self.raw[:1100]!r}"
        assert not re.search("[\x80-\x9F]", self.header)  # C1 controls
        status = int(self.raw[:2])
        assert status == 20 or not self.body, self.raw
        return status

    @property
    def meta(self):
        return self.header[3:]

    @property
    def body(self):
        return self.raw.partition(b"\r\n")[2]

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def links(self):
        """[(address, label)] of the `=>` lines."""
        found = re.findall(r"^=>[ \t]*(\S+)[ \t]*(.*)$", self.text, re.M)
        return [(address, label) for address, label in found]

    def link(self, label):
        """The address of the one link with this label."""
        found = [address for address, text in self.links if label in text]
        assert len(found) == 1, f"{label!r} in {self.links}"
        return found[0]


def tls_context(cert=None, version=None):
    """As a Gemini browser: any certificate is taken, one may be shown.

    cert: (certificate file, key file) of a client identity.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    # Python takes a FIN without close_notify for an end unless told not to.
    context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
    if version is not None:
        context.minimum_version = context.maximum_version = version
    if cert is not None:
        context.load_cert_chain(*cert)
    return context


def read_all(connection, timeout=ANSWER_S):
    """Read to the end: (bytes, whether it ended with a close_notify)."""
    connection.settimeout(timeout)
    got = bytearray()
    try:
        while piece := connection.recv(65536):
            got += piece
    except ConnectionResetError:
        return bytes(got), False
    except ssl.SSLError as error:
        # Which of the two depends on Python's version.
        if not isinstance(error, ssl.SSLEOFError) and \
                error.reason != "UNEXPECTED_EOF_WHILE_READING":
            raise
        return bytes(got), False
    return bytes(got), True


def plain_connect(port, host="127.0.0.1", source=None, timeout=ANSWER_S):
    """A TCP connection. source: from this address, any of 127.0.0.0/8."""
    return socket.create_connection(
        (host, port), timeout=timeout,
        source_address=None if source is None else (source, 0))


def tls_connect(port, sni="localhost", cert=None, version=None, **options):
    """A TLS connection with nothing sent yet. The caller closes it."""
    plain = plain_connect(port, **options)
    try:
        return tls_context(cert, version).wrap_socket(
            plain, server_hostname=sni, suppress_ragged_eofs=False)
    except BaseException:
        plain.close()
        raise


def gemini_raw(port, request, **options):
    """Send these bytes over TLS, read all."""
    began = time.monotonic()
    with tls_connect(port, **options) as connection:
        connection.sendall(request)
        raw, clean = read_all(connection)
    return Answer(raw, clean, time.monotonic() - began)


def gopher_raw(port, request, **options):
    """Send these bytes in the plain, read all."""
    with plain_connect(port, **options) as plain:
        plain.sendall(request)
        return read_all(plain, options.get("timeout", ANSWER_S))[0]


@dataclasses.dataclass
class Item:
    """One line of a Gopher menu."""

    type: str
    text: str
    selector: str
    host: str
    port: str


def menu(raw):
    """The items of a Gopher menu; it must be one."""
    lines = raw.decode("utf-8").split("\r\n")
    assert lines[-2:] == [".", ""], f"no end of a menu: {lines[-3:]}"
    items = []
    for line in lines[:-2]:
        fields = line.split("\t")
        assert len(fields) == 4 and fields[0], f"no item: {line!r}"
        items.append(Item(fields[0][0], fields[0][1:], *fields[1:]))
    return items


# --- a server --------------------------------------------------------------


class Server:
    """A running `guiju serve`, its folders, its log, and how to ask it."""

    def __init__(self, capsule, folder, flags=(), addresses=True, env=None,
                 wait=True, limited=False, **popen):
        """limited: the limits of one address hold for us, too."""
        self.capsule = pathlib.Path(capsule)
        self.state = folder / "var"
        self.certs = folder / "certs"
        self.lines = []
        command = [str(GUIJU), "serve", "--state", str(self.state),
                   "--certs", str(self.certs)]
        if addresses:
            command += ["--gemini", "127.0.0.1:0", "--gopher",
                        "127.0.0.1:0"]
        if not limited:
            command += ["--unlimited-from", "127.0.0.1 ::1"]
        command += [*map(str, flags), str(capsule)]
        # A night's work would be one process more than a test counts.
        if not any(str(flag).startswith("--nightly") for flag in flags):
            command[-1:-1] = ["--nightly", "off"]
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env={**os.environ, **(env or {})},
            **popen)
        self.pid = self.process.pid
        self.reader = threading.Thread(target=self._read_log, daemon=True)
        self.reader.start()
        self.gemini_port = self.gopher_port = None
        if wait:
            self.wait_ready()

    def _read_log(self):
        for line in self.process.stderr:
            self.lines.append(line.decode("utf-8", "replace").rstrip("\n"))

    @property
    def log(self):
        return "\n".join(self.lines)

    def wait_ready(self, timeout=START_S):
        out = self.process.stdout
        deadline = time.monotonic() + timeout
        line = b""
        while not line.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:
                self.kill()
                raise AssertionError(f"not ready:\n{self.log}")
            piece = os.read(out.fileno(), 4096)
            if not piece:
                self.process.wait(10)
                self.reader.join(5)
                raise AssertionError(f"it ended:\n{self.log}")
            line += piece
        self.ready_s = time.monotonic() - self.began
        self.ready = line.decode().rstrip("\n")
        word, *urls = self.ready.split(" ")
        assert word == "ready" and urls, self.ready
        for url in urls:
            parts = urllib.parse.urlsplit(url)
            port = parts.port or {"gemini": 1965, "gopher": 70}[parts.scheme]
            setattr(self, f"{parts.scheme}_port", port)
            self.host = parts.hostname

    def public_ports(self):
        """The URLs say what readers see: find out where it listens."""
        for scheme in ("gemini", "gopher"):
            line = self.wait_log(rf" {scheme} on 127\.0\.0\.1:")
            setattr(self, f"{scheme}_port", int(line.rpartition(":")[2]))

    # asking

    def url(self, path="/"):
        return f"gemini://{self.host}:{self.gemini_port}{path}"

    def gemini(self, path="/", cert=None, **options):
        """Ask for a path, or a whole URL."""
        url = path if "://" in path else self.url(path)
        options.setdefault("sni", self.host)
        return gemini_raw(self.gemini_port, f"{url}\r\n".encode(), cert=cert,
                          **options)

    def gopher(self, selector="", search=None, **options):
        """Ask for a selector, with the words of a search if there are."""
        line = selector if search is None else f"{selector}\t{search}"
        return gopher_raw(self.gopher_port, f"{line}\r\n".encode(),
                          **options)

    def menu(self, selector="", search=None, **options):
        return menu(self.gopher(selector, search, **options))

    # processes

    def processes(self):
        """All children: {process id: name}."""
        path = f"/proc/{self.pid}/task/{self.pid}/children"
        names = {}
        for pid in pathlib.Path(path).read_text().split():
            try:
                names[int(pid)] = pathlib.Path(
                    f"/proc/{pid}/comm").read_text().strip()
            except OSError:  # it has ended since
                continue
        return names

    def children(self, *names):
        """Process ids of the children with these names; without a name: of
        the workers, of a rehearsal and of a night, while one runs."""
        names = names or ("guiju", "guiju-worker", "guiju-rehearsal",
                          "guiju-night")
        return [pid for pid, name in self.processes().items()
                if name in names]

    def logger(self):
        """The process id of the logger."""
        pid, = self.children("guiju-logger")
        return pid

    def keepers(self):
        """Process ids of the key process, and of an earlier generation's."""
        return self.children("guiju-keys")

    def send_signal(self, number=signal.SIGHUP):
        self.process.send_signal(number)

    def wait_log(self, pattern, timeout=START_S, after=0):
        """Wait for a line of the log that has the pattern; the first one
        from line `after` on."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            for line in self.lines[after:]:
                if re.search(pattern, line):
                    return line
            time.sleep(0.01)
        raise AssertionError(f"no {pattern!r} in:\n{self.log}")

    def reload(self, expect="run: reloaded"):
        """SIGHUP, and wait for what the log says of it."""
        after = len(self.lines)
        self.send_signal(signal.SIGHUP)
        return self.wait_log(f"{expect}|not reloaded", after=after)

    def stop(self, number=signal.SIGTERM, timeout=15):
        """Stop it; the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            status = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self.reader.join(5)
        self.process.stdout.close()
        return status

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def check_sane(self):
        """No sanitizer of any process has spoken, and no sandbox has refused
        what somebody needed."""
        bad = [line for line in self.lines if "Sanitizer" in line or
               "runtime error" in line or "refused the system call" in line]
        assert not bad, self.log


def make_capsule(folder):
    """A capsule by `guiju init`, with Gopher's settings left to flags."""
    done = run_guiju("init", folder)
    assert done.returncode == 0, done.stderr
    return pathlib.Path(folder)


# What the example has beside the notice board of `guiju init`.
EXAMPLE_PAGES = {
    # Says back what it understood, in a form that hides nothing.
    "echo.gmi": "%# Echo\n% ask Say something\n"
                "% one SELECT hex(:input) AS said\n# Echo\n{said}\n",
    "secret.gmi": "% ask-secret The word?\n# Thank you\n",
    "taken/[name].gmi": "% one SELECT hex(:name) AS took\n# Taken\n{took}\n",
    "dir/index.gmi": "# Folder\n=> page A page\n",
    "dir/page.gmi": "# Page\nText of the page.\n",
    "text.gmi": "% document\n# Prose\n.\n.. dots\nEnd.\n",
    # Answers of every kind; the values come from the database and are vile.
    "vile/ask.gmi": "% one SELECT 'Say' || char(13, 10) || '20 text/gemini' "
                    "|| char(13, 10) || '# Forged' AS x\n% ask {x}\n",
    "vile/fail.gmi": "% one SELECT char(13, 10, 27, 0x9B, 0x202E) || 'x' || "
                     "char(10) || '# Forged' AS x\n% fail bad {x}\n",
    "vile/gone.gmi": "% one SELECT char(9, 10, 13) AS x\n% fail gone {x}\n",
    "vile/moved.gmi": "% one SELECT 'a' || char(13, 10) || '# b' AS x\n"
                      "% moved /taken/{x}\n",
    "vile/away.gmi": "% one SELECT 'gemini://evil.example/' AS x\n"
                     "% go {x|url}\n",
    "vile/long.gmi": "% one SELECT replace(hex(zeroblob(999)), '00', '长') "
                     "AS x\n% fail missing {x}\n",
    "vile/far.gmi": "% one SELECT hex(zeroblob(600)) AS x\n"
                    "% go /taken/{x}\n",
    "kind/gone.gmi": "% fail gone It was withdrawn\n",
    "kind/bad.gmi": "% fail bad Nonsense\n",
    "kind/forbidden.gmi": "% fail forbidden Not you\n",
    "kind/busy.gmi": "% fail busy 45\n",
    "kind/waiting.gmi": "% fail busy 已有 3 条\n",
    "kind/broken.gmi": "% fail broken Out of order\n",
    "kind/go.gmi": "% go /dir/\n",
    "kind/moved.gmi": "% moved /dir/page\n",
    "mine/index.gmi": "% cert Who are you?\n# Mine\n{cert}\n{cert_name}\n",
}


@pytest.fixture(scope="session")
def new_capsule(tmp_path_factory):
    """`guiju init`, once; `capsule` hands out copies."""
    return make_capsule(tmp_path_factory.mktemp("init") / "capsule")


@pytest.fixture
def capsule(new_capsule, tmp_path):
    """A capsule of the test's own, to change as it likes."""
    shutil.copytree(new_capsule, tmp_path / "capsule")
    return tmp_path / "capsule"


@pytest.fixture
def serve(capsule, tmp_path):
    """serve(*flags, **options): start a server on this test's own capsule.
    It is stopped at the end, and no sanitizer may have complained."""
    servers = []

    def start(*flags, at=capsule, folder=tmp_path, **options):
        options.setdefault("wait", True)
        server = Server(at, folder, flags, **{**options, "wait": False})
        servers.append(server)
        if options["wait"]:
            server.wait_ready()
        return server

    yield start
    for server in servers:
        server.stop()
        server.check_sane()


@pytest.fixture(scope="session")
def server(new_capsule, tmp_path_factory):
    """One server for all tests that only read."""
    running = Server(new_capsule, tmp_path_factory.mktemp("server"),
                     ["--workers", "2"])
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


@pytest.fixture(scope="session")
def example(tmp_path_factory, new_capsule):
    """A server that readers know as portal.example, at the usual ports."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(new_capsule, folder / "capsule")
    write_files(folder / "capsule/pages", EXAMPLE_PAGES)
    running = Server(folder / "capsule", folder, [
        "--workers", "2", "--host", "portal.example",
        "--public-gemini", "1965", "--public-gopher", "70"])
    running.public_ports()
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 2 MB, where this test's server has its state."""
    place = tmp_path / "small"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "guiju",
                           str(place)], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place):
    with open(place / "filler", "wb", buffering=0) as filler:
        for size in (4096, 1):
            try:
                while True:
                    filler.write(b"x" * size)
            except OSError:
                pass


@pytest.fixture(scope="session")
def make_identity(tmp_path_factory):
    """make_identity(name, days=365, key="ec"): a client certificate.

    Gives an object with .pair (for cert=) and .fingerprint.
    """
    folder = tmp_path_factory.mktemp("identities")
    counter = iter(range(1, 10**6))

    @dataclasses.dataclass
    class Identity:
        pair: tuple
        fingerprint: str

    def make(name="reader", days=365, key="ec"):
        stem = folder / f"{next(counter)}"
        kind = {"ec": ["-newkey", "ec", "-pkeyopt",
                       "ec_paramgen_curve:P-256"],
                "P-384": ["-newkey", "ec", "-pkeyopt",
                          "ec_paramgen_curve:P-384"],
                "P-521": ["-newkey", "ec", "-pkeyopt",
                          "ec_paramgen_curve:P-521"],
                "rsa": ["-newkey", "rsa:2048"],
                "ed25519": ["-newkey", "ed25519"]}[key]
        subprocess.run(
            ["openssl", "req", "-x509", "-utf8", *kind, "-nodes",
             "-days", str(days),
             "-subj", f"/CN={name}" if name else "/",
             "-keyout", f"{stem}.key", "-out", f"{stem}.pem"],
            check=True, capture_output=True)
        der = ssl.PEM_cert_to_DER_cert(
            pathlib.Path(f"{stem}.pem").read_text())
        return Identity((f"{stem}.pem", f"{stem}.key"),
                        hashlib.sha256(der).hexdigest())

    return make
