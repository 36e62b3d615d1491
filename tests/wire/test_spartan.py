# SPDX-License-Identifier: ISC
"""Spartan by the byte (specification of 2021-03-24)."""

import re
import shutil
import signal
import socket
import time

import pytest

from conftest import (ANSWER_S, Server, gopher_raw, plain_connect, read_all,
                      run_guiju, tls_context, write_files)

LIMIT_REQUEST_S = 10
LIMIT_DRAIN_S = 2
DATA_MAX = 16 * 1024

PAGES = {
    "ask.gmi": "% ask What?\n# Answer\n{input}\n",
    "ask/more/index.gmi": "% ask More?\n{input}\n",
    "again.gmi": "% ask Number?\n% if :input <> '7'\n"
                 "% fail ask Not seven. Number?\n% end\n% go /seven\n",
    "seven.gmi": "# Seven\n=> gemini://other.example/x Elsewhere\n"
                 "=> gopher://other.example/1/y A menu\n",
    "who.gmi": "% cert Who?\nYou\n",
    "prose.gmi": "% document\n# Prose\nWords.\n",
    "links.gmi": "# Links\n=> /ask Ask\n=> /ask?a%20b Answered\n=> /who Who\n"
                 "=> /prose Prose\n=> /seven Seven\n=> /hello.txt A file\n"
                 "=> //other.example/ Host\n",
    "where.gmi": "{protocol} {host} {path}\n",
    "gone.gmi": "% fail gone No longer here\n",
    "up.gmi": "% upload 100000 text/plain image/png\n"
              "% if :body GLOB 'bad*'\n% fail bad No bad words\n% end\n"
              "# {mime}\n{body|text}\n",
    "put/index.gmi": "% upload 100000 text/plain\n# Put\n{body|text}\n",
    "either.gmi": "% ask Some words?\n% upload 100000 text/plain\n"
                  "# Answer\n{input|text}\n",
    "secure.gmi": "% cert Who?\n% upload 99 text/plain\n{body}\n",
    "hook.gmi": "% upload 99 text/plain\n"
                "% if NOT code_equal(:token, 'open')\n% fail bad No\n% end\n"
                "% do INSERT INTO note (title, body) VALUES (:body, '')\n",
    "box/index.gmi": "# Box\n=> titan:{seal} Put in\n=> titan:/up Up\n"
                     "=> titan:/secure Secure\n=> /up Plain\n"
                     "=> titan:/hook Hook\n",
    "box/[seal].gmi": "% upload 100000 text/plain\n"
                      "% do INSERT INTO note (title, body)\n"
                      "%    VALUES ('Uploaded', :body) RETURNING id\n"
                      "% go ../note/{id}\n",
    "chinese.gmi": "% fail missing 没有这个标准\n",
}


class Reply:
    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n")
        line = head.decode("ascii")
        assert re.fullmatch(r"[2345] [ -~]+", line), raw[:200]
        self.status, self.meta = int(line[0]), line[2:]
        assert self.status == 2 or not self.body
        self.text = self.body.decode() if "text" in self.meta else ""


@pytest.fixture(scope="module")
def spartan(new_capsule, tmp_path_factory):
    """A server with the pages above, and how to ask it: ask(path, data)."""
    folder = tmp_path_factory.mktemp("spartan")
    shutil.copytree(new_capsule, folder / "capsule")
    write_files(folder / "capsule/pages", PAGES)
    write_files(folder / "capsule/static", {"hello.txt": "Hello\n",
                                            "big.bin": bytes(3 * 10**6)})
    running = Server(folder / "capsule", folder, [
        "--spartan", "127.0.0.1:0", "--workers", "1"])
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


def raw(server, request, **options):
    return gopher_raw(server.spartan_port, request, **options)


def wait_refused(port):
    """Until the port lets nobody in."""
    deadline = time.monotonic() + ANSWER_S
    while time.monotonic() < deadline:
        try:
            plain_connect(port).close()
        except OSError:
            return
        time.sleep(0.01)
    raise AssertionError("somebody is still let in")


def line(path, data=b"", host="localhost"):
    return f"{host} {path} {len(data)}\r\n".encode() + data


def ask(server, path, data=b"", host="localhost"):
    return Reply(raw(server, line(path, data, host)))


# --- what is read ------------------------------------------------------------


def test_a_page_is_gemtext(spartan):
    reply = ask(spartan, "/prose")
    assert (reply.status, reply.meta) == (2, "text/gemini; charset=utf-8")
    assert reply.text == "# Prose\nWords.\n"


def test_a_page_that_asks_nothing_is_as_over_gemini(spartan):
    assert ask(spartan, "/seven").text == spartan.gemini("/seven").text


def test_a_link_that_asks_is_an_input_line(spartan):
    gemini = f"gemini://localhost:{spartan.gemini_port}"
    assert ask(spartan, "/links").text == (
        "# Links\n=: /ask Ask\n=> /ask?a%20b Answered\n"
        f"=> {gemini}/who Who\n=> /prose Prose\n=> /seven Seven\n"
        "=> /hello.txt A file\n=> gemini://other.example/ Host\n")


def test_a_page_knows_its_protocol_and_address(spartan):
    port = spartan.spartan_port
    assert ask(spartan, "/where").text == f"spartan localhost:{port} /where\n"
    twin = ask(spartan, "/links.txt")
    assert twin.meta.startswith("text/plain")
    assert f"[5] spartan://localhost:{port}/seven\n" in twin.text


def test_files_are_sent_whole(spartan):
    reply = ask(spartan, "/hello.txt")
    assert reply.meta.startswith("text/plain") and reply.text == "Hello\n"
    reply = ask(spartan, "/big.bin")
    assert reply.status == 2 and reply.body == bytes(3 * 10**6)


def test_redirects_are_paths(spartan):
    reply = ask(spartan, "/ask/more")
    assert (reply.status, reply.meta) == (3, "/ask/more/")
    assert ask(spartan, "/again", b"7").meta == "/seven"


def test_each_refusal_is_a_line_of_ascii(spartan):
    assert ask(spartan, "/none").status == 4
    assert (ask(spartan, "/gone").status, ask(spartan, "/gone").meta) == (
        4, "No longer here")
    # A status line is ASCII.
    assert ask(spartan, "/chinese").meta == "Not found"
    assert ask(spartan, "/who").meta == "Only over Gemini"


def test_pages_that_write_are_gemini_s(spartan):
    text = ask(spartan, "/").text
    sealed = re.findall(r"^=[>:] (\S*write/\S{32})", text, re.M)
    assert sealed and all(x.startswith("gemini://") for x in sealed)
    path = re.sub(r"^gemini://[^/]*", "", sealed[0])
    assert ask(spartan, path, b"words").status == 4


# --- what is asked -----------------------------------------------------------


@pytest.mark.parametrize("data", ["a", "标准 1", "xyz" * 300],
                         ids=lambda x: x[:9])
def test_data_are_the_answer(spartan, data):
    assert ask(spartan, "/ask", data.encode()).text == f"# Answer\n{data}\n"


def test_without_data_a_page_asks(spartan):
    assert ask(spartan, "/ask").text == "# What?\n=: /ask What?\n"
    assert ask(spartan, "/again", b"8").text == (
        "# Not seven. Number?\n=: /again Not seven. Number?\n")


def test_query_of_a_redirect_is_an_answer(spartan):
    assert ask(spartan, "/ask?a%20b").text == "# Answer\na b\n"


def test_data_survive_a_missing_slash(spartan):
    assert ask(spartan, "/ask/more", b"words").text == "words\n"


def test_the_longest_data_are_taken(spartan):
    words = b"word " * (DATA_MAX // 5) + b"word"
    assert len(words) == DATA_MAX
    reply = ask(spartan, "/ask", words)
    assert reply.status == 2 and reply.text.count("word") == DATA_MAX // 5 + 1
    reply = ask(spartan, "/ask", words + b"x")
    assert (reply.status, reply.meta) == (4, "Bad request: too much data")


# --- uploads -----------------------------------------------------------------


def test_data_are_an_upload_to_a_page_that_takes_one(spartan):
    """Short ones, and those that are longer than an answer may be."""
    for words in (b"words", b"w" * DATA_MAX, b"w" * (DATA_MAX + 1),
                  b"long " * 19999 + b"words"):
        reply = ask(spartan, "/up", words)
        assert (reply.status, reply.text.split("\n", 1)) == (
            2, ["# text/plain", words.decode() + "\n"])
    # What no answer may hold, a text may; either serves where a page asks.
    assert ask(spartan, "/up", b"a\x1bb").text == "# text/plain\na b\n"
    for words in (b"words", b"w" * (DATA_MAX + 1)):
        assert ask(spartan, "/either", words).text == \
            f"# Answer\n{words.decode()}\n"


def test_an_upload_survives_a_wrong_slash(spartan):
    """Whether it could be an answer, and whether it comes with the line."""
    for words in (b"words", b"a\x1bb", b"w" * (DATA_MAX + 1), b"w" * 99999):
        shown = words.decode().replace("\x1b", " ")
        assert ask(spartan, "/up/", words).text == f"# text/plain\n{shown}\n"
        assert ask(spartan, "/put", words).text == f"# Put\n{shown}\n"
    assert ask(spartan, "/seven/", b"w" * 99999).meta == \
        "Bad request: too much data"


def test_an_upload_is_refused_as_over_titan(spartan):
    for path, data, why in (
            ("/up", b"bad words", "No bad words"),
            ("/up", b"bad " * DATA_MAX, "No bad words"),
            ("/up", b"\xff\xfe", "Not accepted: the text is not UTF-8"),
            ("/up", b"\xff" * 99999, "Not accepted: the text is not UTF-8"),
            ("/up", b"%PDF-1.4\n%" + b"x" * 99,
             "Type not accepted: it looks like application/pdf"),
            ("/secure", b"words", "Only over Gemini"),
            ("/secure", b"w" * 99999, "Only over Gemini"),
            ("/hook", b"words", "Only over Gemini"),
            ("/seven", b"w" * 99999, "Bad request: too much data"),
            ("/hello.txt", b"w" * 99999, "Bad request: too much data"),
            ("/box", b"w" * 99999, "Bad request: too much data"),
            ("/none", b"w" * 99999, "Not found"),
    ):
        reply = ask(spartan, path, data)
        assert (reply.status, reply.meta) == (4, why), path


def test_an_upload_is_judged_before_it_comes(spartan):
    """The line alone is enough for a refusal, and the page says the most."""
    for size, why in ((100001, "Too large: at most 100000 bytes"),
                      (10**20, "Too large: at most 100000 bytes")):
        got = raw(spartan, f"localhost /up {size}\r\n".encode())
        assert Reply(got).meta == why
    words = b"w" * 20000
    with plain_connect(spartan.spartan_port) as plain:
        plain.sendall(line("/up", words)[:-9])
        plain.shutdown(socket.SHUT_WR)
        assert Reply(read_all(plain)[0]).meta == "Upload cut short"
    got = raw(spartan, line("/up", words) + b"x")
    assert Reply(got).meta == "Upload longer than its size says"


def test_an_offer_is_an_input_line(spartan):
    text = ask(spartan, "/box/").text
    titan = f"titan://localhost:{spartan.gemini_port}"
    assert text.endswith(f"=: /up Up\n=> {titan}/secure Secure\n"
                         f"=: /up Plain\n=> {titan}/hook Hook\n")
    assert ask(spartan, "/up").text == "# Input\n=: /up Input\n"
    # What writes is Gemini's: nothing is encrypted here.
    path = re.search(rf"^=> {titan}(/box/\S{{32}}) Put in$", text, re.M)[1]
    for data in (b"", b"text", b"w" * 99999):
        assert ask(spartan, path, data).meta == "Only over Gemini"


def test_where_uploads_are_off_data_are_answers(serve, capsule):
    write_files(capsule / "pages", PAGES)
    server = serve("--spartan", "127.0.0.1:0", "--workers", "1",
                   "--titan", "off")
    assert ask(server, "/ask", b"words").text == "# Answer\nwords\n"
    for data in (b"", b"words"):
        assert ask(server, "/up", data).meta == "This server takes no uploads"
    assert ask(server, "/up", b"w" * 20000).meta == \
        "Bad request: too much data"


# --- hostile requests --------------------------------------------------------


@pytest.mark.parametrize("request_bytes", [
    b"\r\n", b"localhost\r\n", b"localhost /\r\n", b"localhost / -1\r\n",
    b"localhost / +1\r\nx", b"localhost / 1e3\r\n", b"localhost / 01\r\nx",
    b"localhost / 99999999999999999999\r\n", b"localhost / 16385\r\n",
    b"localhost a 0\r\n", b"localhost /a b 0\r\n", b"localhost /\t 0\r\n",
    b"localhost /%00 0\r\n", b"localhost /%zz 0\r\n", b"localhost /\xff 0\r\n",
    b"localhost /#x 0\r\n", b"x@localhost / 0\r\n", b"localhost/x / 0\r\n",
    b"other.example / 0\r\n", b"localhost:1 / 0\r\n", b" / 0\r\n",
    b"localhost /ask 2\r\n\xff\xfe", b"localhost /ask 1\r\n\x1b",
    b"localhost /ask?a 1\r\nb", b"POST / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n", b"gemini://localhost/\r\n",
    b"a" * 1025 + b"\r\n", b"a" * 5000], ids=lambda x: repr(x[:40]))
def test_malformed_requests_are_refused(spartan, request_bytes):
    reply = Reply(raw(spartan, request_bytes))
    assert reply.status == 4
    assert b"<" not in reply.meta.encode()


def test_a_line_of_1024_bytes_is_the_longest(spartan):
    path = "/" + "a" * (1024 - len("localhost / 0"))
    assert len(line(path)) == 1026
    assert ask(spartan, path).meta == "Not found"
    assert ask(spartan, path + "a").meta.startswith("Bad request")


def test_a_request_may_come_in_pieces(spartan):
    with plain_connect(spartan.spartan_port) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in line("/ask", b"a b"):
            plain.sendall(bytes([byte]))
        got, _ = read_all(plain)
    assert Reply(got).text == "# Answer\na b\n"


@pytest.mark.parametrize("part", [b"localhost / 0", b"localhost /ask 9\r\n",
                                  b"localhost /ask 9\r\nwords"])
def test_a_request_cut_short_is_refused(spartan, part):
    with plain_connect(spartan.spartan_port) as plain:
        plain.sendall(part)
        plain.shutdown(socket.SHUT_WR)
        got, _ = read_all(plain)
    assert Reply(got).meta.startswith("Bad request")


def test_silence_is_not_answered(spartan):
    with plain_connect(spartan.spartan_port) as plain:
        plain.shutdown(socket.SHUT_WR)
        assert read_all(plain)[0] == b""


@pytest.mark.parametrize("part", [b"localhost", b"localhost /ask 9\r\nword"])
def test_a_slow_request_is_refused_at_the_deadline(spartan, part):
    began = time.monotonic()
    with plain_connect(spartan.spartan_port) as plain:
        plain.sendall(part)
        got, _ = read_all(plain, LIMIT_REQUEST_S + ANSWER_S)
    assert Reply(got).meta.startswith("Bad request")
    assert time.monotonic() - began >= LIMIT_REQUEST_S - 1


@pytest.mark.parametrize("more", [b"x", b"more" * 20000], ids=len)
@pytest.mark.parametrize("size", [
    0, 5, 4096 - len(line("/up", b"w" * 4000)) + 4000, DATA_MAX,
    DATA_MAX + 1, 50000])
def test_data_longer_than_their_length_are_refused(spartan, size, more):
    """Where a piece that is read ends at the data's end as well: 4096."""
    for path in ("/up", "/either"):
        got = raw(spartan, line(path, b"w" * size) + more)
        assert Reply(got).meta == "Upload longer than its size says"


def held(port, request):
    """How long a client may send behind its answer, at most 10 seconds."""
    with plain_connect(port) as plain:
        plain.sendall(request)
        got, _ = read_all(plain)
        assert got
        began = time.monotonic()
        try:
            while time.monotonic() < began + 10:
                plain.sendall(b"x")
                time.sleep(0.1)
        except OSError:
            pass
        return time.monotonic() - began


@pytest.mark.parametrize("titan", ["on", "off"])
def test_only_a_refused_upload_is_waited_for(serve, capsule, titan):
    write_files(capsule / "pages", PAGES)
    server = serve("--spartan", "127.0.0.1:0", "--workers", "1",
                   "--titan", titan)
    port = server.spartan_port
    requests = [line("/seven"), line("/ask", b"words"), line("/up", b"words"),
                line("/none"), b"localhost /seven x\r\n"]
    if titan == "on":
        requests.append(line("/up", b"w" * 50000))
    for request in requests:
        assert held(port, request) < LIMIT_DRAIN_S + 2, request[:40]
    assert held(port, b"localhost /none 50000\r\n") >= 10
    assert held(port, b"localhost /ask 50000\r\n") >= 10


def test_tls_is_not_answered(spartan):
    with plain_connect(spartan.spartan_port) as plain:
        with pytest.raises(OSError):
            tls_context().wrap_socket(plain, server_hostname="localhost")


# --- a protocol like the others ----------------------------------------------


def test_requests_are_logged_and_counted(spartan):
    assert ask(spartan, "/prose").status == 2
    spartan.wait_log(r"net: spartan 127\.0\.0\.1 .*path=/prose kind=page")
    done = run_guiju("status", "--state", spartan.state, spartan.capsule)
    assert re.search(r"^requests .*spartan \d+", done.stdout, re.M), done


def test_spartan_is_off_unless_it_is_set(serve):
    server = serve()
    assert "spartan" not in server.ready
    assert not hasattr(server, "spartan_port")


def test_a_stop_waits_for_what_has_begun(serve, capsule):
    """A stop waits for what has begun, and takes nobody new."""
    write_files(capsule / "static", {"big.bin": bytes(8 * 10**6)})
    server = serve("--spartan", "127.0.0.1:0", "--workers", "1")
    with plain_connect(server.spartan_port) as slow, \
            plain_connect(server.spartan_port) as begun:
        slow.sendall(line("/big.bin"))
        head = slow.recv(10)
        begun.sendall(b"localhost / ")
        server.send_signal(signal.SIGTERM)
        wait_refused(server.spartan_port)
        begun.sendall(b"0\r\n")
        assert Reply(read_all(begun)[0]).status == 2
        rest, _ = read_all(slow)
        assert len(Reply(head + rest).body) == 8 * 10**6
    assert server.process.wait(ANSWER_S) == 0
