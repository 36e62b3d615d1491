# SPDX-License-Identifier: ISC
"""Files: which are served, as what, and that a large one is nobody's
trouble."""

import os
import pathlib
import re
import shutil
import socket
import time

import pytest

from conftest import (Server, gopher_raw, read_all, run_guiju, tls_connect,
                      write_files)
from rules import check_error

# A sanitizer keeps what was freed for a while; here that would look like a
# leak.
SMALL_QUARANTINE = {"ASAN_OPTIONS": "quarantine_size_mb=1"}
BIG = 200 * 1024 * 1024

PNG = (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f"
       b"\x15\xc4\x89")
NOISE = b"\xde\xc0\x17\x9a\x00\x84\xf7\x02"  # libmagic knows nothing of it
FILES = {
    "plain.txt": "Text.\n", "page.gmi": "# A page\n=> x y\n",
    "data.csv": "a,b\n", "feed.xml": "<a/>\n", "note.json": "{}\n",
    "picture.png": PNG, "picture.GIF": b"GIF89a\1\0\1\0\0\0\0;",
    "sheet.pdf": b"%PDF-1.4\n", "pack.zip": b"PK\3\4", "empty": b"",
    "noname": "Only text, says its content.\n", "nopicture": PNG,
    "noise.bin": NOISE * 64, "wrong.gmi.exe": "text\n",
    "crlf.txt": "one\r\ntwo\r\n", "dots.txt": ".\n..\n.x\n",
    "a b.txt": "blank\n", "标准.txt": "Chinese\n", "100%.txt": "percent\n",
    "what?.txt": "question\n", "semi;colon.txt": "semicolon\n",
    "sub/index.gmi": "# Index\n", "sub/deep/x.txt": "deep\n",
    "bare/x.txt": "x\n", "lines.txt": "x\n" * 50000,
    ".hidden": "hidden\n", ".git/config": "hidden\n",
    "sub/.hidden": "hidden\n", "back~": "left behind\n",
}


@pytest.fixture(scope="module")
def files(new_capsule, tmp_path_factory):
    """A server of the files above, and of what must not be served."""
    folder = tmp_path_factory.mktemp("static")
    shutil.copytree(new_capsule, folder / "capsule")
    static = folder / "capsule/static"
    write_files(static, FILES)
    write_files(folder, {"secret/key.txt": "SECRET\n"})
    (static / "link.txt").symlink_to("plain.txt")
    (static / "out.txt").symlink_to(folder / "secret/key.txt")
    (static / "up.txt").symlink_to("../capsule.ini")
    (static / "outside").symlink_to(folder / "secret")
    (static / "inside").symlink_to("sub")
    (static / "dangling").symlink_to("nothing")
    (static / "loop").symlink_to("loop")
    (static / "proc").symlink_to("/proc/self/environ")
    os.mkfifo(static / "fifo")
    os.mkfifo(static / "fifo.txt")
    listening = socket.socket(socket.AF_UNIX)
    here = os.getcwd()
    os.chdir(static)  # a socket's path must be short
    listening.bind("socket")
    os.chdir(here)
    running = Server(folder / "capsule", folder, ["--workers", "1"])
    yield running
    listening.close()
    assert running.stop() == 0, running.log
    running.check_sane()


def quoted(name):
    return "".join(c if re.match(r"[A-Za-z0-9._~/-]", c) else
                   "".join(f"%{b:02X}" for b in c.encode()) for c in name)


SERVED = [name for name in FILES
          if "/." not in name and not name.startswith(".")]


@pytest.mark.parametrize("name", SERVED)
def test_bytes_are_the_files(files, name):
    content = (files.capsule / "static" / name).read_bytes()
    answer = files.gemini(f"/{quoted(name)}")
    assert answer.status == 20 and answer.closed_cleanly
    assert answer.body == content
    assert files.gopher(f"/{name}".replace("%", "%25").replace(
        "?", "%3F")) == content


@pytest.mark.parametrize("name, mime", [
    ("plain.txt", "text/plain; charset=utf-8"),
    ("page.gmi", "text/gemini; charset=utf-8"),
    ("data.csv", "text/csv; charset=utf-8"),
    ("feed.xml", "application/xml; charset=utf-8"),
    ("note.json", "application/json"), ("picture.png", "image/png"),
    ("picture.GIF", "image/gif"), ("sheet.pdf", "application/pdf"),
    ("pack.zip", "application/zip"), ("nopicture", "image/png"),
    ("noname", "text/plain; charset=utf-8"),
    ("noise.bin", "application/octet-stream"),
    ("wrong.gmi.exe", "text/plain; charset=utf-8"),
    ("empty", "text/plain; charset=utf-8"),
    ("sub/", "text/gemini; charset=utf-8")])
def test_each_file_has_its_type(files, name, mime):
    answer = files.gemini(f"/{name}")
    assert (answer.status, answer.meta) == (20, mime)


def test_a_folder_is_its_index_or_missing(files):
    answer = files.gemini("/sub")
    assert (answer.status, answer.meta) == (31, "/sub/")
    assert files.gemini("/sub/").text == "# Index\n"
    answer = files.gemini("/plain.txt/")
    assert (answer.status, answer.meta) == (31, "/plain.txt")
    for path in ("/bare", "/bare/", "/sub/deep/", "/nothing.txt/"):
        assert files.gemini(path).status == 51, path  # nothing lists a folder


@pytest.mark.parametrize("name", [
    "link.txt", "out.txt", "up.txt", "outside/key.txt", "outside/",
    "inside/deep/x.txt", "inside/", "inside", "dangling", "loop", "proc",
    "fifo", "fifo.txt", "socket", ".hidden", ".git/config", "sub/.hidden",
    "nothing.txt", "PLAIN.TXT", "plain.txt\u200b", "a" * 300])
def test_links_hidden_and_odd_files_are_missing(files, name):
    answer = files.gemini(f"/{quoted(name)}")
    assert answer.status == 51 and answer.closed_cleanly
    check_error(files.gopher(f"/{name}"), 404)


@pytest.mark.parametrize("path", [
    "/../capsule.ini", "/sub/../../capsule.ini", "/..%2Fcapsule.ini",
    "/..%2fcapsule.ini", "/%2e%2e/capsule.ini", "/%2e%2e%2fcapsule.ini",
    "/..%5ccapsule.ini", "/sub%2Findex.gmi", "/%2Fetc%2Fpasswd",
    "/.%2e/capsule.ini", "/%2Ehidden%00", "/./plain.txt", "/sub/./index.gmi",
    "/%2e/plain.txt"])
def test_ways_out_are_refused(files, path):
    answer = files.gemini(path)
    assert answer.status == 59 and answer.closed_cleanly


@pytest.mark.parametrize("selector", [
    "/../capsule.ini", "../capsule.ini", "/sub/../../capsule.ini",
    "/..%2Fcapsule.ini", "/%2e%2e/capsule.ini", "//etc/passwd",
    "/sub%2Findex.gmi", "/..\\capsule.ini", "/./plain.txt"])
def test_ways_out_are_refused_over_gopher(files, selector):
    raw = files.gopher(selector)
    code = 400 if re.match(r"34\d0", raw.decode()) else 404
    check_error(raw, code)
    assert b"host =" not in raw and b"root:" not in raw


def test_a_file_is_what_it_is_when_asked_for(files):
    """A file is what it is when it is asked for."""
    path = files.capsule / "static/changing"
    path.write_text("text\n")
    assert files.gemini("/changing").meta.startswith("text/plain")
    path.unlink()
    assert files.gemini("/changing").status == 51
    path.write_bytes(PNG)
    answer = files.gemini("/changing")
    assert (answer.meta, answer.body) == ("image/png", PNG)
    path.unlink()
    path.symlink_to("plain.txt")
    assert files.gemini("/changing").status == 51
    path.unlink()


# --- large files -----------------------------------------------------------


def worker_kb(server, name):
    """A figure of the one worker's memory, in kB."""
    status = pathlib.Path(f"/proc/{server.children()[0]}/status").read_text()
    return int(re.search(rf"^{name}:\s+(\d+) kB", status, re.M)[1])


@pytest.fixture
def big(serve, capsule):
    """One worker, and 200 MB that take no room on the disk."""
    path = capsule / "static/big.bin"
    with open(path, "wb") as out:
        out.write(NOISE * 125)
        out.truncate(BIG - 4)
        out.seek(BIG - 4)
        out.write(b"LAST")
    write_files(capsule / "static", {"small.bin": NOISE})
    server = serve("--workers", "1", env=SMALL_QUARANTINE)
    # All that is done once is done, libmagic's own tables included.
    for name in ("/hello.txt", "/small.bin"):
        server.gemini(name), server.gopher(name)
    return server


def swallow(connection):
    """Read to the end: (bytes, the last four)."""
    connection.settimeout(60)
    total, last = 0, b""
    while piece := connection.recv(1 << 20):
        total += len(piece)
        last = (last + piece)[-4:]
    return total, last


def test_a_big_file_is_sent_in_constant_memory(big):
    before = worker_kb(big, "VmRSS")
    with tls_connect(big.gemini_port) as client:
        client.sendall(big.url("/big.bin").encode() + b"\r\n")
        header = b""
        while not header.endswith(b"\r\n"):
            header += client.recv(1)
        assert header == b"20 application/octet-stream\r\n"
        assert swallow(client) == (BIG, b"LAST")  # raises without close_notify
    address = ("127.0.0.1", big.gopher_port)
    with socket.create_connection(address) as plain:
        plain.sendall(b"/big.bin\r\n")
        assert swallow(plain) == (BIG, b"LAST")
    # The high-water mark: what it took at any moment.
    assert worker_kb(big, "VmHWM") - before < 16 * 1024


def test_slow_readers_disturb_nobody(big):
    before = worker_kb(big, "VmRSS")
    slow = []
    try:
        for n in range(30):
            if n % 2:
                client = tls_connect(big.gemini_port)
                client.sendall(big.url("/big.bin").encode() + b"\r\n")
            else:
                client = socket.create_connection(
                    ("127.0.0.1", big.gopher_port), timeout=20)
                client.sendall(b"/big.bin\r\n")
            assert client.recv(10)
            slow.append(client)
        for _ in range(20):
            assert big.gemini("/").status == 20
            assert big.gopher("/hello.txt").startswith(b"Hello")
        # 30 pieces of the file, buffers of TLS, and no more.
        assert worker_kb(big, "VmRSS") - before < 16 * 1024
        # The server is idle, too: it waits for them, it does not ask.
        first = cpu_seconds(big)
        time.sleep(1)
        assert cpu_seconds(big) - first < 0.5
        # They are served on.
        for client in slow[:4]:
            client.settimeout(20)
            got = 0
            while got < 3 << 20:
                piece = client.recv(1 << 20)
                assert piece
                got += len(piece)
    finally:
        for client in slow:
            client.close()
    assert big.gemini("/").status == 20
    assert len(big.children()) == 1


def cpu_seconds(server):
    fields = pathlib.Path(
        f"/proc/{server.children()[0]}/stat").read_text().split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def test_a_file_cut_while_it_is_sent_has_no_close_notify(big, capsule):
    """The reader can tell: there is no close_notify."""
    with tls_connect(big.gemini_port) as client:
        client.sendall(big.url("/big.bin").encode() + b"\r\n")
        assert client.recv(10)
        os.truncate(capsule / "static/big.bin", 1000)
        raw, clean = read_all(client)
    assert not clean and len(raw) < BIG
    assert big.gemini("/hello.txt").status == 20
    assert gopher_raw(big.gopher_port, b"/big.bin\r\n") == NOISE * 125


def test_a_file_replaced_while_it_is_sent_ends_as_it_began(big, capsule):
    """By another file: what has begun ends as it began."""
    with tls_connect(big.gemini_port) as client:
        client.sendall(big.url("/big.bin").encode() + b"\r\n")
        assert client.recv(2) == b"20"
        write_files(capsule / "static", {"new": "new\n"})
        os.replace(capsule / "static/new", capsule / "static/big.bin")
        assert big.gemini("/big.bin").body == b"new\n"
        total, last = swallow(client)
    assert last == b"LAST" and total > BIG


# --- what a check says of files ---------------------------------------------

MARK = b"\xef\xbb\xbf"
WORDS = "标准化\n"


def test_check_looks_into_files(serve, tmp_path):
    """What is not UTF-8, and what begins with a byte order mark; serving
    does not wait for either."""
    capsule = tmp_path / "files"
    assert run_guiju("init", capsule).returncode == 0
    good = {"good.txt": WORDS, "good.gmi": "# 好\n", "table.csv":
            MARK + b"a,b\n", "noise.bin": NOISE * 64, "x.pdf": b"\xff",
            # A character across the border of what is read at a time.
            "long.txt": "a" * 65534 + "标" * 40000, ".hidden.txt": b"\xff",
            "sub/deep/good.md": WORDS}
    bad = {"a-bom.gmi": MARK + b"# A\n", "b-bom.txt": MARK + b"b\n",
           "c-gbk.txt": WORDS.encode("gbk"), "d-latin.md": b"caf\xe9\n",
           "e-cut.txt": WORDS.encode()[:-2], "f-utf16.txt":
           WORDS.encode("utf-16"), "sub/deep/g-gbk.csv": WORDS.encode("gbk"),
           "sub/h-late.txt": b"a" * 200000 + b"\xff"}
    write_files(capsule / "static", good)
    done = run_guiju("check", capsule)
    assert done.returncode == 0, done.stdout
    write_files(capsule / "static", bad)
    done = run_guiju("check", capsule)
    lines = done.stdout.splitlines()
    assert done.returncode == 1 and len(lines) == len(bad), done.stdout
    for name, line in zip(sorted(bad), lines):
        assert line.startswith(f"{capsule}/static/{name}: "), line
        assert ("byte order mark" if "bom" in name else "UTF-8") in line
    server = serve("--workers", "1", at=capsule)
    assert server.gemini("/a-bom.gmi").body == b"# A\n"
    assert server.gopher("/a-bom.gmi") == b"# A\n"
    assert server.gemini("/b-bom.txt").body == MARK + b"b\n"
    assert server.gemini("/table.csv").body == MARK + b"a,b\n"
