# SPDX-License-Identifier: ISC
"""Uploads by Titan over real sockets: each refusal is read, whatever its client
still sends; nothing is left of an upload that was not taken."""

import contextlib
import os
import pathlib
import re
import signal
import sqlite3
import threading
import time
import zipfile

import pytest

import limits
from conftest import (Server, fill, gemini_raw, read_all, run_guiju,
                      tls_connect, write_files)
from crowd import wait_until

SCHEMA = """CREATE TABLE note (
  id INTEGER PRIMARY KEY, -- the number
  text TEXT NOT NULL, -- gemtext
  revision INTEGER NOT NULL DEFAULT 1 -- counts the changes
);
CREATE TABLE clash (
  id INTEGER PRIMARY KEY, -- the number
  note INTEGER NOT NULL REFERENCES note (id), -- whose
  text TEXT NOT NULL -- what came too late
);
INSERT INTO note (id, text) VALUES (1, 'first');
"""
PAGES = {
    "index.gmi": "# Notes\n",
    # The revision that the reader has edited stands in the address.
    "my/note/[id]/[rev].gmi":
        "% cert Who are you?\n"
        "% one SELECT id AS note_id, text AS now_text,\n"
        "%     revision AS now_rev FROM note WHERE id = :id\n"
        "% edit now_text\n"
        "% upload 100000 text/gemini text/plain\n"
        "% if :body = 'bad words'\n"
        "% fail bad No bad words\n"
        "% end\n"
        "% if :rev <> :now_rev\n"
        "% do INSERT INTO clash (note, text) VALUES (:note_id, :body)\n"
        "%    RETURNING id AS clash_id\n"
        "% go ../../clash/{clash_id}\n"
        "% end\n"
        "% do UPDATE note SET text = :body, revision = revision + 1\n"
        "%    WHERE id = :note_id\n"
        "% go ../../../note/{note_id}\n",
    "my/clash/[id].gmi":
        "% cert Who are you?\n"
        "% one SELECT c.text AS yours, n.text AS theirs FROM clash AS c\n"
        "%     JOIN note AS n ON n.id = c.note WHERE c.id = :id\n"
        "## Theirs\n{theirs|gemtext}\n## Yours\n{yours|gemtext}\n",
    "note/[id].gmi":
        "% one SELECT text, revision FROM note WHERE id = :id\n"
        "# Note {id} ({revision})\n{text|gemtext}\n",
    "my/drafts.gmi":
        "% cert Who are you?\n"
        "% each SELECT path, reason, text FROM guiju_draft\n"
        "%     WHERE cert = :cert ORDER BY id\n"
        "* {path}: {reason}\n> {text}\n"
        "% end\n",
    "my/club/[id].gmi":
        "% cert Who are you?\n"
        "% if :id = 1\n% fail forbidden Members only\n% end\n"
        "% upload 100 text/plain\n",
    "my/picture/index.gmi":
        "% cert Who are you?\n"
        "% upload 12000000 image/png text/plain\n"
        "% do INSERT INTO note (text)\n"
        "%     VALUES (length(CAST(:body AS BLOB)) || ' ' || :mime)\n"
        "%     RETURNING id AS n\n"
        "% go ../../note/{n}\n",
    "my/delete/index.gmi": "% cert Who are you?\n=> {seal} Delete\n",
    "my/delete/[seal].gmi":
        "% cert Who are you?\n"
        "% upload 0\n"
        "% do DELETE FROM note WHERE id = 1\n"
        "% go ../../\n",
    "box/index.gmi": "=> {seal} Put in\n",
    "box/[seal].gmi":
        "% upload 1000 text/gemini\n"
        "% do INSERT INTO note (text) VALUES (:body) RETURNING id AS n\n"
        "% go ../note/{n}\n",
    "hook.gmi":
        "% upload 1000 text/plain\n"
        "% if NOT code_equal(:token, 'a secret')\n"
        "% fail bad Wrong token\n"
        "% end\n"
        "% do INSERT INTO note (text) VALUES (:body) RETURNING id AS n\n"
        "% go note/{n}\n",
    "offer.gmi": "=> titan:hook Hook\n=> titan:box/{seal} Put in\n",
    "old.gmi":
        "% if :token IS NULL\n% moved /hook\n% end\n% upload 5 text/plain\n",
    "folder/index.gmi": "% upload 9 text/plain\n# Folder\n",
}


def make_notes(folder):
    write_files(folder, {"schema/001_note.sql": SCHEMA,
                         "static/file.txt": "file\n",
                         **{f"pages/{name}": text
                            for name, text in PAGES.items()}})
    return folder


@pytest.fixture
def notes(tmp_path):
    return make_notes(tmp_path / "notes")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """One server for all tests that need no own."""
    folder = tmp_path_factory.mktemp("titan")
    running = Server(make_notes(folder / "notes"), folder,
                     ["--workers", "1"])
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


@pytest.fixture
def server(running):
    """With the one note of the beginning."""
    with sqlite3.connect(running.state / "portal.db") as db:
        for table in ("clash", "note", "guiju_draft", "guiju_writes"):
            db.execute(f"DELETE FROM {table}")
        db.execute("INSERT INTO note (id, text) VALUES (1, 'first')")
    yield running
    wait_until(lambda: not open_uploads(running))
    assert not files_left(running)


@pytest.fixture(scope="module")
def ada(make_identity):
    return make_identity("ada").pair


@pytest.fixture(scope="module")
def bob(make_identity):
    return make_identity("bob").pair


def line_of(server, path, parameters):
    return (f"titan://{server.host}:{server.gemini_port}{path}"
            f"{parameters}\r\n").encode()


def titan(server, path, body=b"", mime=None, cert=None, more=b"",
          parameters=None):
    """Upload this body; more: bytes behind it."""
    if parameters is None:
        parameters = f";size={len(body)}" + (f";mime={mime}" if mime else "")
    answer = gemini_raw(
        server.gemini_port,
        line_of(server, path, parameters) + body + more, cert=cert)
    assert answer.closed_cleanly
    return answer


def rows(server, sql="SELECT text FROM note ORDER BY id"):
    with sqlite3.connect(server.state / "portal.db") as db:
        return [row[0] for row in db.execute(sql)]


def files_left(server):
    return os.listdir(server.state / "upload")


def test_what_is_taken_is_there(server, ada):
    """Lagrange's form and gmid's, in one piece and in many."""
    answer = titan(server, "/my/note/1/1", b"second", "text/plain", ada)
    assert answer.header == f"30 {server.url('/note/1')}"
    assert rows(server) == ["second"]
    assert server.gemini("/note/1").text == "# Note 1 (2)\nsecond\n"
    # No port, another order, a token that nobody asks for, pieces.
    line = (f"titan://{server.host}/my/note/1/2;size=70000;token=t;"
            "mime=text/gemini\r\n").encode()
    with tls_connect(server.gemini_port, cert=ada) as client:
        for piece in (line[:9], line[9:] + b"a" * 5, b"b" * 69994, b"c"):
            client.sendall(piece)
            time.sleep(0.02)
        assert read_all(client)[0].startswith(b"30 ")
    assert rows(server) == ["aaaaa" + "b" * 69994 + "c"]
    # What a page says may hold links: they are Gemini's.
    log = server.wait_log("titan 127.0.0.1 .*path=/my/note/1/2 kind=redirect")
    assert "tok" not in log


def test_a_stale_revision_overwrites_nothing(server, ada, bob):
    assert titan(server, "/my/note/1/1", b"by ada", cert=ada).status == 30
    answer = titan(server, "/my/note/1/1", b"by bob", cert=bob)
    assert answer.header == f"30 {server.url('/my/clash/1')}"
    assert server.gemini("/my/clash/1", cert=bob).text == \
        "## Theirs\nby ada\n## Yours\nby bob\n"
    assert rows(server) == ["by ada"]
    answer = titan(server, "/my/note/1/2", cert=bob, parameters=";edit")
    assert answer.header == "20 text/gemini; charset=utf-8"
    assert answer.text == "by ada"
    assert titan(server, "/my/note/1/2", parameters=";edit").status == 60
    assert titan(server, "/note/1", parameters=";edit").status == 59
    assert titan(server, "/file.txt", parameters=";edit").status == 59


def test_each_refusal_is_read(server, ada):
    """At once, though the client sends all of its megabytes first."""
    big = bytes(5_000_000)
    for path, body, mime, cert, wanted in (
            ("/my/note/1/1", big, None, None, "60 Who are you?"),
            ("/my/note/1/1", big, None, ada, "59 Too large: at most 100000"),
            ("/my/note/1/1", b"x" * 99, "image/png", ada,
             "59 Type not accepted; accepted: text/gemini text/plain"),
            ("/my/note/1/1", b"x", "text/plain%3Bcharset=gbk", ada,
             "59 Not accepted: the text is not UTF-8"),
            ("/my/note/1/1", b"\xff\xfe", None, ada,
             "59 Not accepted: the text is not UTF-8"),
            ("/my/note/1/1", b"", None, ada, "59 Empty upload"),
            ("/my/note/7/1", big, None, ada, "51 "),
            ("/my/club/1", b"x" * 99, "text/plain", ada, "61 Members only"),
            ("/nothing", big, None, ada, "51 "),
            ("/note/1", big, None, ada, "59 No upload here"),
            ("/file.txt", big, None, ada, "59 No upload here"),
            ("/folder", b"x", "text/plain", ada,
             f"59 Not stored; see {server.url('/folder/')}"),
            ("/old", b"x", "text/plain", ada,
             f"59 Not stored; see {server.url('/hook')}"),
            ("/box/" + "A" * 32, b"x", None, None,
             "59 Nothing was done: a link of another reader"),
    ):
        answer = titan(server, path, body, mime, cert)
        assert answer.header.startswith(wanted), (path, answer.header)
    for parameters in ("", ";", ";size=", ";size=-1", ";size=+1",
                       ";size=18446744073709551616", ";size=3;size=3",
                       ";size=3;x=y", ";edit;size=3", ";size=3;token=%00"):
        answer = titan(server, "/my/note/1/1", b"abc", cert=ada,
                       parameters=parameters)
        assert answer.header.startswith("59 Bad request"), parameters
    assert titan(server, "/my/note/1/1", b"abc", cert=ada,
                 parameters=";size=99999999999").status == 59
    assert rows(server) == ["first"]
    assert rows(server, "SELECT count(*) FROM guiju_draft") == [0]


def test_a_body_of_another_length_is_refused(server, ada):
    answer = titan(server, "/my/note/1/1", b"whole", cert=ada, more=b"!")
    assert answer.header == "59 Upload longer than its size says"
    answer = titan(server, "/my/note/1/1", b"x" * 9000, cert=ada,
                   more=b"y" * 3_000_000)
    assert answer.status == 59
    # The client has gone.
    with tls_connect(server.gemini_port, cert=ada) as client:
        client.sendall(line_of(server, "/my/note/1/1", ";size=10") + b"half")
    wait_until(lambda: not open_uploads(server))
    assert rows(server) == ["first"]


def open_uploads(server):
    """Files that a worker holds open and that have no name any more."""
    found = []
    for pid in server.children():
        for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir():
            try:
                name = os.readlink(fd)
            except OSError:
                continue
            if "/upload/" in name:
                found.append(name)
    return found


def test_hostile_bodies_are_refused(server, ada, tmp_path):
    """What a body is, whatever it says: a bomb, a polyglot."""
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w",
                         zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("a", bytes(20_000_000))
    bomb = (tmp_path / "bomb.zip").read_bytes()
    for body, mime in ((bomb, "text/plain"), (bomb, "image/png"),
                       (b"GIF89a/*" + bytes(99) + b"*/=1", "image/png"),
                       (b"%PDF-1.4\n%" + b"x" * 99, "text/plain")):
        answer = titan(server, "/my/picture/", body, mime, ada)
        assert answer.header.startswith(
            ("59 Type not accepted: it looks like ",
             "59 Not accepted: the text is not UTF-8")), answer.header
    assert rows(server) == ["first"]
    # A picture is what it says, with bytes of any kind.
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(11_000_000)
    assert titan(server, "/my/picture/", png, "image/png", ada).status == 30
    assert rows(server)[1:] == [f"{len(png)} image/png"]


def test_seals_tokens_and_deletion(server, ada, bob):
    # Without a certificate, by a seal, once.
    path = "/box/" + server.gemini("/box/").link("Put in")
    assert titan(server, path, b"by seal").status == 30
    assert titan(server, path, b"again").status == 59
    assert rows(server) == ["first", "by seal"]
    # By a token: no certificate, no seal.
    for token in ("", ";token=", ";token=a", ";token=A%20secret",
                  ";token=a%20secret%20"):
        answer = titan(server, "/hook", b"by token",
                       parameters=f";size=8;mime=text/plain{token}")
        assert answer.header == "59 Wrong token"
    answer = titan(server, "/hook", b"by token",
                   parameters=";mime=text/plain;token=a%20secret;size=8")
    assert answer.status == 30
    assert server.gemini("/hook").header == \
        f"59 Upload expected: titan://{server.host}:{server.gemini_port}/hook"
    # An empty upload deletes, by one's own fresh seal and nowhere else.
    path = "/my/delete/" + server.gemini("/my/delete/", cert=ada).link("Del")
    assert titan(server, path, cert=bob).status == 59
    assert titan(server, path).status == 60
    assert titan(server, path, b"x", cert=ada).status == 59
    assert rows(server)[0] == "first"
    assert titan(server, path, cert=ada).status == 30
    assert titan(server, path, cert=ada).status == 59
    assert rows(server) == ["by seal", "by token"]
    assert "secret" not in server.log and path not in server.log


def test_an_offer_has_the_port_of_uploads(server):
    """Whatever the protocol of the page; a client may leave the port out."""
    begin = f"titan://{server.host}:{server.gemini_port}"
    page = server.gemini("/offer")
    assert page.link("Hook") == f"{begin}/hook"
    path = page.link("Put in").removeprefix(begin)
    assert path.startswith("/box/")
    [hook, box] = server.menu("/offer")[:2]
    assert (hook.type, hook.selector) == ("h", f"URL:{begin}/hook")
    assert box.selector.startswith(f"URL:{begin}/box/")
    line = f"titan://{server.host}{path};size=4;mime=text/gemini\r\n"
    answer = gemini_raw(server.gemini_port, line.encode() + b"text")
    assert answer.status == 30 and rows(server)[-1] == "text"


def test_a_refused_text_is_a_draft(server, ada, bob):
    path = "/box/" + server.gemini("/box/", cert=ada).link("Put in")
    assert titan(server, path, b"by seal", cert=ada).status == 30
    for _ in range(2):  # the second takes the place of the first
        answer = titan(server, path, b"late", cert=ada)
        assert answer.status == 59
        assert "(your text is kept as a draft for 30 days)" in answer.meta
    answer = titan(server, "/my/note/1/1", b"bad words", cert=ada)
    assert answer.header == ("59 No bad words (your text is kept as a draft "
                             "for 30 days)")
    found = server.gemini("/my/drafts", cert=ada).text
    assert found.endswith("/my/note/1/1: No bad words\n> bad words\n")
    assert found.startswith("* /box/: ") and found.count("* ") == 2
    assert server.gemini("/my/drafts", cert=bob).text == ""
    # The newest are kept, so many.
    for n in range(limits.LIMIT_DRAFTS):
        assert titan(server, "/box/" + "A" * 32, b"%d" % n,
                     cert=ada).status == 59
    assert rows(server, "SELECT text FROM guiju_draft ORDER BY id") == \
        [str(n) for n in range(limits.LIMIT_DRAFTS)]
    # The night forgets them.
    with sqlite3.connect(server.state / "portal.db") as db:
        db.execute("UPDATE guiju_draft SET made = made - ? WHERE text < '5'",
                   (86400 * limits.LIMIT_DRAFT_DAYS + 9,))
    assert run_guiju("nightly", "--state", server.state,
                     server.capsule).returncode == 0
    assert rows(server, "SELECT min(text) FROM guiju_draft") == ["5"]


def begin(server, path, size, cert=None, **options):
    client = tls_connect(server.gemini_port, cert=cert, **options)
    client.sendall(line_of(server, path, f";size={size}") + b"x")
    return client


def test_uploads_have_a_number(serve, notes, ada):
    """Of one address, and of all; who is above it waits."""
    server = serve("--workers", "1", at=notes, limited=True)
    most, clients = limits.LIMIT_PEER_UPLOADS, []
    for _ in range(most):
        clients.append(begin(server, "/my/note/1/1", 9, ada))
        wait_until(lambda: len(open_uploads(server)) == len(clients))
    with begin(server, "/my/note/1/1", 9, ada) as one_more:
        assert read_all(one_more)[0] == b"44 10\r\n"
    with begin(server, "/my/note/1/1", 5, ada,
               source="127.0.0.2") as of_another:
        of_another.sendall(b" yes")
        assert read_all(of_another)[0].startswith(b"30 ")
    for client in clients:
        client.close()
    wait_until(lambda: not open_uploads(server))
    assert titan(server, "/my/note/1/2", b"yes", cert=ada).status == 30


def test_all_uploads_have_a_number_and_bytes(server, ada):
    """The limits of one address are not this one's."""
    size = 12_000_000
    most = limits.LIMIT_UPLOADS_BYTES // size
    assert most < limits.LIMIT_UPLOADS
    clients = []
    for path, count in (("/my/picture/", most),
                        ("/my/note/1/1", limits.LIMIT_UPLOADS - most)):
        for _ in range(count):
            client = tls_connect(server.gemini_port, cert=ada)
            n = size if "picture" in path else 9
            client.sendall(line_of(server, path,
                                   f";size={n};mime=text/plain"))
            clients.append(client)
        wait_until(lambda: len(open_uploads(server)) == len(clients))
        if "picture" in path:
            answer = titan(server, path, b"x" * size, "text/plain", ada)
            assert answer.status == 44
    assert titan(server, "/my/note/1/1", b"y", cert=ada).status == 44
    for client in clients:
        client.close()


# Each step of an upload, and whether it is stored once the step is done.
STEPS = (("upload-judged", False), ("upload-file", False),
         ("upload-piece", False), ("upload-whole", False), ("commit", False),
         ("committed", True))


def check_after_a_kill(server, stored):
    """Nothing is left of an upload, and nothing is half stored."""
    assert not files_left(server)
    assert rows(server) == ([TEXT.decode()] if stored else ["first"])
    assert server.gemini("/note/1").text == \
        f"# Note 1 ({1 + stored})\n{rows(server)[0]}\n"
    with sqlite3.connect(server.state / "portal.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


TEXT = b"word " * 13_000 + b"end"


@pytest.mark.parametrize("fault, stored", STEPS)
def test_a_killed_worker_leaves_all_or_nothing(serve, notes, ada, fault,
                                               stored):
    server = serve("--workers", "1", at=notes,
                   env={"GUIJU_FAULT": f"{fault}:1"})
    with pytest.raises((OSError, AssertionError)):
        titan(server, "/my/note/1/1", TEXT, cert=ada)
    server.wait_log("signal 9")
    check_after_a_kill(server, stored)


@pytest.mark.parametrize("fault, stored", STEPS)
def test_a_killed_server_leaves_all_or_nothing(serve, notes, ada, fault,
                                               stored):
    """All processes at once, while the upload stands at this step."""
    server = serve("--workers", "1", at=notes, start_new_session=True,
                   env={"GUIJU_FAULT": f"{fault}:1?"})
    [worker] = server.children("guiju-worker")
    with tls_connect(server.gemini_port, cert=ada) as client:
        client.sendall(line_of(server, "/my/note/1/1", f";size={len(TEXT)}")
                       + TEXT)
        wait_until(is_stopped, worker)
        os.killpg(server.pid, signal.SIGKILL)
    # What a kill in the moment of making leaves: a start sweeps it.
    (server.state / "upload/123-0").write_bytes(b"half")
    server = serve("--workers", "1", at=notes, folder=server.state.parent)
    check_after_a_kill(server, stored)
    # The sender has read no confirmation, and sends the same once more.
    answer = titan(server, "/my/note/1/1", TEXT, cert=ada)
    assert answer.header == \
        f"30 {server.url('/my/clash/1' if stored else '/note/1')}"
    assert rows(server) == [TEXT.decode()]


def is_stopped(pid):
    """By SIGSTOP."""
    return "State:\tT" in pathlib.Path(f"/proc/{pid}/status").read_text()


NO_ROOM = "40 Not stored: there is no room for the upload at the moment"


def test_a_disk_that_fails_is_told(serve, notes, ada):
    server = serve("--workers", "1", at=notes,
                   env={"GUIJU_FAULT": "upload-piece:1!"})
    answer = titan(server, "/my/note/1/1", b"second", cert=ada)
    assert answer.header == NO_ROOM
    assert rows(server) == ["first"]
    server.wait_log("upload")
    assert titan(server, "/my/note/1/1", b"second", cert=ada).status == 30
    assert rows(server) == ["second"]


def test_a_full_disk_is_told(small_disk, notes, ada):
    """To a client that sends all of its text before it reads."""
    server = Server(notes, small_disk, ["--workers", "1"])
    try:
        fill(small_disk)
        answer = titan(server, "/my/picture/", bytes(1_500_000),
                       "text/plain", cert=ada)
        assert answer.header == NO_ROOM
        wait_until(lambda: not open_uploads(server))
        assert not files_left(server)
        assert server.gemini("/note/1").text == "# Note 1 (1)\nfirst\n"
        (small_disk / "filler").unlink()
        assert titan(server, "/my/note/1/1", TEXT, cert=ada).status == 30
        assert rows(server) == [TEXT.decode()]
    finally:
        server.stop()
    server.check_sane()


def held(server):
    """What the one worker has open, and how many uploads it has mapped."""
    [worker] = server.children("guiju-worker")
    folder = pathlib.Path(f"/proc/{worker}")
    links = []
    for link in (folder / "fd").iterdir():
        with contextlib.suppress(OSError):  # it has been closed since
            links.append(os.readlink(link))
    return len(links), (folder / "maps").read_text().count("/upload/")


@pytest.mark.parametrize("count", (
    300, pytest.param(10_000, marks=pytest.mark.long)))
def test_many_uploads_leave_nothing(serve, notes, count):
    """Taken, refused for their line, their bytes, their length, broken off;
    what the worker has allocated is told by LeakSanitizer at its end."""
    server = serve("--workers", "1", at=notes)
    token = ";size=4;mime=text/plain;token=a%20secret"
    cases = ((token, b"text", 30), (token, b"\xff\xfe\xfd\xfc", 59),
             (";size=4;mime=text/plain", b"text", 59),
             (";size=4;mime=image/png", b"text", 59),
             (token, b"longer", 59), (token, b"te", None))
    before, taken = None, 0
    for n in range(count):
        parameters, body, status = cases[n % len(cases)]
        if status is None:
            with tls_connect(server.gemini_port) as client:
                client.sendall(line_of(server, "/hook", parameters) + body)
            continue
        answer = titan(server, "/hook", body, parameters=parameters)
        assert answer.status == status, answer.header
        taken += status == 30
        if n == len(cases):  # the first have opened what stays open
            time.sleep(2 * limits.LIMIT_DRAIN_MS / 1000)
            before = held(server)
    wait_until(lambda: held(server) <= before)
    assert not files_left(server)
    assert rows(server, "SELECT count(*) FROM note") == [1 + taken]


def test_titan_can_be_off(serve, notes):
    server = serve("--workers", "1", "--titan", "off", at=notes)
    answer = titan(server, "/hook", b"x", "text/plain")
    assert answer.header == "53 Not served here: scheme"
    # No page says that an upload is expected.
    for path in ("/hook", "/folder/"):
        assert server.gemini(path).header == \
            "59 This server takes no uploads"
    assert run_guiju("get", "--capsule", notes, "--state",
                     server.state.parent / "got", "--titan", "off",
                     "gemini://localhost/hook").stdout == \
        "59 This server takes no uploads\n"
