# SPDX-License-Identifier: ISC
"""Gemini by the byte: what is asked for, what is refused, and that every
answer has one header and a whole end (Gemini network protocol specification
0.24.1)."""

import re
import socket
import ssl
import threading

import pytest

from conftest import ANSWER_S, gemini_raw, read_all, tls_connect, tls_context
from rules import check_gemtext

HOST = b"gemini://portal.example"


def ask(server, line, end=b"\r\n", **options):
    options.setdefault("sni", "portal.example")
    return gemini_raw(server.gemini_port, line + end, **options)


def refused(answer, status):
    """One line, nothing behind it, ended as TLS wants, begun in ASCII."""
    assert answer.status == status, answer.raw
    assert answer.closed_cleanly
    assert answer.meta[0].isascii(), answer.header


def without_seal(raw):
    return re.sub(rb"(?<=write/)\S{32}", b"SEAL", raw)


# --- what is served --------------------------------------------------------


def test_the_home_page_is_good_gemtext(example):
    answer = ask(example, HOST + b"/")
    assert answer.status == 20
    assert answer.meta == "text/gemini; charset=utf-8; lang=en"
    assert answer.closed_cleanly
    assert answer.text.startswith("# A notice board\n")
    check_gemtext(answer.text)


@pytest.mark.parametrize("line", [
    b"GEMINI://Portal.Example:1965", b"gemini://portal.example",
    b"gemini://portal.example:/", b"gemini://portal.example./",
    b"gemini://PORTAL.EXAMPLE.:1965/", b"gemini://portal.example:01965/",
    b"gemini://portal.example?x", b"gemini://portal.example/?x"])
def test_each_way_to_say_home_is_answered(example, line):
    plain = ask(example, HOST + b"/")
    answer = ask(example, line)
    assert without_seal(answer.raw) == without_seal(plain.raw)
    assert answer.closed_cleanly


def test_a_request_of_1024_bytes_is_the_longest(example):
    line = HOST + b"/" + b"0" * (1024 - len(HOST) - 1)
    refused(ask(example, line), 51)
    refused(ask(example, line + b"0"), 59)
    # The query counts as well.
    line = HOST + b"/echo?" + b"0" * (1024 - len(HOST) - 6)
    assert ask(example, line).status == 20
    refused(ask(example, line + b"0"), 59)


def test_endless_line_is_refused_at_once(example):
    with tls_connect(example.gemini_port, sni="portal.example") as client:
        client.sendall(HOST + b"/" + b"x" * (1026 - len(HOST) - 1))
        raw, clean = read_all(client)
    assert raw.startswith(b"59 ") and clean  # and nobody waits for CRLF


@pytest.mark.parametrize("path, status", [
    (b"/09pdsakjo73", 51), (b"/note/999", 51), (b"/dir/nothing", 51),
    (b"/DIR/", 51), (b"//", 51), (b"/dir//page", 51), (b"/dir/page/", 31),
    (b"/" + b"a/" * 100, 51), (b"/echo/", 31), (b"/_header", 51),
    (b"/index.gmi", 51), (b"/pages/index.gmi", 51), (b"/capsule.ini", 51),
    (b"/dir", 31), (b"/dir?x=1", 31), (b"/echo", 10), (b"/echo?", 20),
    (b"/secret", 11), (b"/secret?1234", 20), (b"/mine/", 60),
    (b"/kind/gone", 52), (b"/kind/bad", 59), (b"/kind/forbidden", 61),
    (b"/kind/busy", 44), (b"/kind/waiting", 40), (b"/kind/broken", 40), (b"/kind/go", 30),
    (b"/kind/moved", 31), (b"/dir/page", 20), (b"/hello.txt", 20)])
def test_every_status_ends_cleanly(example, path, status):
    answer = ask(example, HOST + path)
    assert answer.status == status
    assert answer.closed_cleanly
    assert answer.meta[0].isascii()


def test_each_kind_of_answer_has_its_meta(example):
    assert ask(example, HOST + b"/kind/gone").meta == "It was withdrawn"
    assert ask(example, HOST + b"/echo").meta == "Say something"
    assert ask(example, HOST + b"/kind/go").meta == "/dir/"
    assert ask(example, HOST + b"/kind/moved").meta == "/dir/page"
    assert ask(example, HOST + b"/dir?x=1").meta == "/dir/"
    seconds = ask(example, HOST + b"/kind/busy").meta
    assert re.fullmatch(r"[1-9][0-9]{0,3}", seconds)


# --- what is malformed -----------------------------------------------------

MALFORMED = {
    # Blanks and controls inside the line.
    "nul": b"gemini://portal.example/\0",
    "space": b"gemini://portal.example/a b",
    "space before": b" gemini://portal.example/",
    "space behind": b"gemini://portal.example/ ",
    "tab": b"gemini://portal.example/a\tb",
    "lone cr": b"gemini://portal.example/a\rb",
    "lone cr at the end": b"gemini://portal.example/\r",
    "lone lf": b"gemini://portal.example/a\nb",
    "escape": b"gemini://portal.example/\x1b[31m",
    "del": b"gemini://portal.example/\x7f",
    # Not UTF-8, or with a mark of it.
    "bad byte": b"gemini://portal.example/\xdc",
    "overlong": b"gemini://portal.example/\xc0\xae\xc0\xae/",
    "surrogate": b"gemini://portal.example/\xed\xa0\x80",
    "cut sequence": b"gemini://portal.example/\xe4\xb8",
    "byte order mark": b"\xef\xbb\xbfgemini://portal.example/",
    # No absolute URI.
    "empty": b"", "slash": b"/", "path": b"/dir/page",
    "no scheme": b"//portal.example/", "word": b"Hello",
    "host alone": b"portal.example", "mail": b"mailto:x@y.example",
    "no slashes": b"gemini:portal.example/", "one slash": b"gemini:/x",
    "scheme of digits": b"1965://portal.example/",
    "scheme with blank sign": b"gem_ini://portal.example/",
    "empty scheme": b"://portal.example/",
    "http": b"GET / HTTP/1.1", "post": b"POST / HTTP/1.1",
    # Parts that a request must not have.
    "fragment": b"gemini://portal.example/#x",
    "empty fragment": b"gemini://portal.example/#",
    "fragment of a query": b"gemini://portal.example/echo?a#b",
    "user": b"gemini://u@portal.example/",
    "password": b"gemini://:p@portal.example/",
    "empty user": b"gemini://@portal.example/",
    "two users": b"gemini://a@b@portal.example/",
    # The authority.
    "no host": b"gemini:///", "no host but a port": b"gemini://:1965/",
    "percent for a host": b"gemini://%/",
    "port of letters": b"gemini://portal.example:abc/",
    "port too high": b"gemini://portal.example:65536/",
    "port with sign": b"gemini://portal.example:+1965/",
    "port of a mile": b"gemini://portal.example:" + b"9" * 40 + b"/",
    "two ports": b"gemini://portal.example:1965:1965/",
    "half an address": b"gemini://[::1/", "no address": b"gemini://[nix]/",
    "tail of an address": b"gemini://[::1]x/",
    "host not ascii": "gemini://門戶.example/".encode(),
    # Characters that a URI does not have.
    "quote": b'gemini://portal.example/"', "less": b"gemini://portal.example/<",
    "greater": b"gemini://portal.example/>",
    "backslash": b"gemini://portal.example/\\",
    "caret": b"gemini://portal.example/^", "brace": b"gemini://portal.example/{",
    "other brace": b"gemini://portal.example/}",
    "bar": b"gemini://portal.example/|", "tick": b"gemini://portal.example/`",
    # Percent signs.
    "bad hex": b"gemini://portal.example/%zz",
    "half hex": b"gemini://portal.example/%4",
    "percent at the end": b"gemini://portal.example/%",
    "bad hex in a query": b"gemini://portal.example/echo?%g0",
    # What the path means once it is decoded.
    "coded nul": b"gemini://portal.example/a%00b",
    "coded lf": b"gemini://portal.example/a%0Ab",
    "coded crlf": b"gemini://portal.example/a%0D%0Ab",
    "coded escape": b"gemini://portal.example/%1b",
    "coded del": b"gemini://portal.example/%7f",
    "coded overlong": b"gemini://portal.example/%c0%ae/",
    "coded bad byte": b"gemini://portal.example/%ff",
    "coded slash": b"gemini://portal.example/a%2Fb",
    "coded slash, small": b"gemini://portal.example/a%2fb",
    "coded slash to a file": b"gemini://portal.example/..%2Fcapsule.ini",
    "coded backslash": b"gemini://portal.example/a%5Cb",
    "coded backslash, small": b"gemini://portal.example/..%5ccapsule.ini",
    "dot": b"gemini://portal.example/.", "dots": b"gemini://portal.example/..",
    "dot inside": b"gemini://portal.example/dir/./page",
    "up and out": b"gemini://portal.example/../etc/passwd",
    "up and in": b"gemini://portal.example/dir/../hello.txt",
    "coded dots": b"gemini://portal.example/%2e%2e/",
    "half coded dots": b"gemini://portal.example/.%2E/x",
    "up for a parameter": b"gemini://portal.example/note/..",
    # What the query means.
    "query not utf-8": b"gemini://portal.example/echo?%ff%ff%ff",
    "query with nul": b"gemini://portal.example/echo?a%00b",
    "query with escape": b"gemini://portal.example/echo?%1B%5D52",
    "query with bell": b"gemini://portal.example/echo?a%07b",
    "query with del": b"gemini://portal.example/echo?%7F",
}


@pytest.mark.parametrize("line", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_requests_are_refused(example, line):
    refused(ask(example, line), 59)


FOREIGN = {
    "http": b"http://portal.example/", "https": b"https://portal.example/",
    "gopher": b"gopher://portal.example/", "spartan": b"spartan://portal.example/",
    "longer scheme": b"geminis://portal.example/",
    "another host": b"gemini://wikipedia.org/",
    "a host below": b"gemini://x.portal.example/",
    "a host above": b"gemini://example/",
    "two dots": b"gemini://portal.example../",
    "address": b"gemini://127.0.0.1/", "address of six": b"gemini://[::1]/",
    "another port": b"gemini://portal.example:443/",
    "port 0": b"gemini://portal.example:0/",
    "gopher's port": b"gemini://portal.example:70/",
}


@pytest.mark.parametrize("line", FOREIGN.values(), ids=FOREIGN.keys())
def test_foreign_requests_are_told_where_to_go(example, line):
    answer = ask(example, line)
    refused(answer, 53)
    # Where to go instead.
    assert b" gemini://portal.example/\r\n" in answer.raw or \
        not line.startswith(b"gemini:")


def test_our_listening_port_is_not_the_public_one(example):
    line = f"gemini://portal.example:{example.gemini_port}/".encode()
    refused(ask(example, line), 53)


@pytest.mark.parametrize("line", [
    b"gemini://portal.example/FINDME\xdc", b"gemini://findme.example/",
    b"findme://portal.example/", b"gemini://portal.example/FINDME",
    b"gemini://portal.example/FINDME%zz", b"FINDME", b"GET /FINDME HTTP/1.1",
    b"gemini://portal.example/%2e%2e/FINDME"])
def test_no_refusal_repeats_the_request(example, line):
    assert b"findme" not in ask(example, line).raw.lower()


# --- queries and parameters ------------------------------------------------


@pytest.mark.parametrize("query, said", [
    (b"a+b", b"a+b"), (b"a%20b", b"a b"), (b"%2B", b"+"), (b"", b""),
    (b"a%0Ab", b"a\nb"), (b"a%0D%0Ab", b"a\nb"), (b"%0A", b"\n"),
    (b"%2e%2e%2f", b"../"), (b"a/b?c=d&e", b"a/b?c=d&e"),
    (b"%2525", b"%25"), (b"%E6%A0%87%e5%87%86", "标准".encode()),
    ("标准".encode(), "标准".encode()), (b"%F0%A0%AE%B7", "𠮷".encode()),
    (b"%22%3C%3E%7B%7D", b'"<>{}'), (b";size=1", b";size=1")])
def test_input_is_decoded_once(example, query, said):
    answer = ask(example, HOST + b"/echo?" + query)
    assert answer.status == 20
    assert answer.text == f"# Echo\n{said.hex().upper()}\n"


@pytest.mark.parametrize("segment, took", [
    (b"a%2Fb", b"a/b"), (b"a%5cb", b"a\\b"), (b"..%2F..", b"../.."),
    (b"a+b", b"a+b"), (b"%2541", b"%41"), (b"x;y", b"x;y"),
    (b"%E6%A0%87", "标".encode()), ("标".encode(), "标".encode()),
    (b"...", b"..."), (b"a%20b", b"a b")])
def test_parameter_is_decoded_once(example, segment, took):
    answer = ask(example, HOST + b"/taken/" + segment)
    assert answer.status == 20
    assert answer.text == f"# Taken\n{took.hex().upper()}\n"


# --- values in headers -----------------------------------------------------


@pytest.mark.parametrize("path, status, meta", [
    (b"/vile/ask", 10, "Say 20 text/gemini # Forged"),
    (b"/vile/fail", 59, "x # Forged"),
    (b"/vile/moved", 31, "/taken/a%20%23%20b")])
def test_values_make_no_second_line(example, path, status, meta):
    answer = ask(example, HOST + path)
    refused(answer, status)
    assert answer.meta == meta
    assert answer.raw.count(b"\n") == 1


def test_values_of_blanks_alone_add_nothing(example):
    refused(ask(example, HOST + b"/vile/gone"), 52)


def test_values_send_nobody_away(example):
    refused(ask(example, HOST + b"/vile/away"), 40)


def test_long_values_fit_the_header(example):
    answer = ask(example, HOST + b"/vile/long")
    refused(answer, 51)
    assert 1000 < len(answer.header.encode()) - 3 <= 1024
    refused(ask(example, HOST + b"/vile/far"), 50)  # half of one leads nowhere


# --- pieces, more than was asked for, and ends -----------------------------


def test_a_request_may_come_in_records_of_one_byte(example):
    with tls_connect(example.gemini_port, sni="portal.example") as client:
        for byte in HOST + b"/dir/page\r\n":
            client.sendall(bytes([byte]))
        raw, clean = read_all(client)
    assert raw.endswith(b"# Page\nText of the page.\n") and clean


def test_crlf_may_come_in_two_records(example):
    with tls_connect(example.gemini_port, sni="portal.example") as client:
        client.sendall(HOST + b"/dir/page\r")
        client.sendall(b"\n")
        raw, clean = read_all(client)
    assert raw.startswith(b"20 ") and clean


def test_second_request_is_not_read(example):
    line = HOST + b"/dir/page\r\n"
    one = ask(example, HOST + b"/dir/page").raw
    assert ask(example, line + line).raw.endswith(one)
    assert ask(example, line, end=line * 3).raw == one


@pytest.mark.parametrize("path", [b"/", b"/nothing", b"/hello.txt"])
def test_garbage_behind_a_request_cuts_no_answer(example, path):
    """The answer comes whole, however much of it nobody wanted to read."""
    usual = without_seal(ask(example, HOST + path).raw)
    for _ in range(20):
        answer = ask(example, HOST + path + b"\r\n", end=b"GARBAGE." * 62500)
        assert without_seal(answer.raw) == usual
        assert answer.closed_cleanly


@pytest.mark.parametrize("path", [b"/", b"/nothing", b"/echo", b"/dir",
                                  b"/mine/", b"/%zz", b"/hello.txt"])
def test_end_comes_while_the_client_is_silent(example, path):
    """close_notify, then the FIN; nobody waits for the client's own."""
    client = tls_connect(example.gemini_port, sni="portal.example")
    client.sendall(HOST + path + b"\r\n")
    raw, clean = read_all(client)
    assert raw and clean
    with socket.socket(fileno=client.detach()) as plain:
        # It would close the socket after two seconds in any case.
        plain.settimeout(1.5)
        assert plain.recv(1) == b""


def test_close_notify_is_answered_by_close_notify(example):
    client = tls_connect(example.gemini_port, sni="portal.example")
    # close_notify; it raises if anything but close_notify comes back.
    with client.unwrap() as plain:
        assert plain.recv(1) == b""


def test_a_client_that_ends_tcp_at_once_gets_close_notify(example):
    with tls_connect(example.gemini_port, sni="portal.example") as client:
        socket.socket.shutdown(client, socket.SHUT_WR)
        assert read_all(client) == (b"", True)


def test_a_client_that_has_asked_may_end_tcp(example):
    """Some clients shut their side when they have asked."""
    with tls_connect(example.gemini_port, sni="portal.example") as client:
        client.sendall(HOST + b"/dir/page\r\n")
        socket.socket.shutdown(client, socket.SHUT_WR)
        raw, clean = read_all(client)
    assert raw.endswith(b"Text of the page.\n") and clean


def half_closing(server, request):
    """Send a request and a close_notify in one go, then read."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = tls_context().wrap_bio(incoming, outgoing,
                                 server_hostname="portal.example")
    address = ("127.0.0.1", server.gemini_port)
    with socket.create_connection(address, timeout=ANSWER_S) as plain:

        def run(step, *arguments):
            while True:
                try:
                    return step(*arguments)
                except ssl.SSLWantReadError:
                    plain.sendall(outgoing.read())
                    piece = plain.recv(65536)
                    if piece:
                        incoming.write(piece)
                    else:
                        incoming.write_eof()

        run(tls.do_handshake)
        tls.write(request)
        try:
            tls.unwrap()  # writes the alert, then wants to read
        except ssl.SSLWantReadError:
            pass
        plain.sendall(outgoing.read())
        raw = bytearray()
        try:
            while True:
                raw += run(tls.read, 65536)
        except ssl.SSLZeroReturnError:  # close_notify; without, it raises
            return bytes(raw)


def test_a_client_that_has_asked_may_end_tls(example):
    raw = half_closing(example, HOST + b"/dir/page\r\n")
    assert raw.endswith(b"Text of the page.\n")


def test_a_request_cut_short_is_refused(example):
    raw = half_closing(example, HOST + b"/dir/page")
    assert re.fullmatch(rb"59 [^\r\n]+\r\n", raw)
    with tls_connect(example.gemini_port, sni="portal.example") as client:
        client.sendall(HOST + b"/dir/page\n")
        socket.socket.shutdown(client, socket.SHUT_WR)
        raw, clean = read_all(client)
    assert re.fullmatch(rb"59 [^\r\n]+\r\n", raw) and clean


def test_interleaved_connections_get_their_own_answers(example):
    with tls_connect(example.gemini_port, sni="portal.example") as one, \
            tls_connect(example.gemini_port, sni="portal.example") as two:
        one.sendall(HOST + b"/dir/")
        two.sendall(HOST + b"/echo?tw")
        one.sendall(b"page\r")
        two.sendall(b"o\r\n")
        second = read_all(two)
        one.sendall(b"\n")
        first = read_all(one)
    assert first[0].endswith(b"Text of the page.\n") and first[1]
    assert second[0].endswith(b"\n74776F\n") and second[1]


def test_a_hundred_readers_at_once_are_answered(example):
    answers, failures = [], []

    def read(n):
        try:
            answers.append((n, ask(example, HOST + b"/echo?%d" % n)))
        except Exception as error:  # whatever it is, a reader got nothing
            failures.append(repr(error))

    readers = [threading.Thread(target=read, args=(n,)) for n in range(100)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert not failures, failures[:3]
    for n, answer in answers:
        assert answer.text == f"# Echo\n{str(n).encode().hex().upper()}\n"
        assert answer.closed_cleanly
