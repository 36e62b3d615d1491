# SPDX-License-Identifier: ISC
"""Gopher by the byte (RFC 1436, and the customs that grew around it)."""

import re
import socket
import time

import pytest

from conftest import (ANSWER_S, gopher_raw, read_all, tls_connect)
from rules import check_error, check_menu, check_text


def ask(server, request):
    return gopher_raw(server.gopher_port, request)


def items(server, request):
    return check_menu(ask(server, request))


def without_seal(raw):
    return re.sub(rb"(?<=write/)[^\t/]{32}", b"SEAL", raw)


# --- requests --------------------------------------------------------------


@pytest.mark.parametrize("request_line", [
    b"\r\n", b"/\r\n", b"\n", b"/\n", b"\t\r\n", b"/\t\r\n"])
def test_the_root_is_a_good_menu(example, request_line):
    raw = ask(example, request_line)
    assert without_seal(raw) == without_seal(ask(example, b"\r\n"))
    menu = check_menu(raw)
    assert raw.endswith(b"\r\n.\r\n")
    # A menu begins with its title.
    assert (menu[0].type, menu[0].text, menu[0].selector) == (
        "i", "A notice board", "TITLE")
    # What is ours is said to be at the public name and port, of the types
    # that the map gives.
    ours = {item.selector: item for item in menu if item.type in "017"}
    assert {(item.host, item.port) for item in ours.values()} == {
        ("portal.example", "70")}
    assert ours["/note/1"].type == "1" and ours["/hello.txt"].type == "0"
    # The page that writes is Gemini's.
    writes = [item for item in menu if item.type == "h"]
    assert len(writes) == 1 and re.fullmatch(
        r"URL:gemini://portal\.example/write/\S{32}", writes[0].selector)


@pytest.mark.parametrize("selector", [b"/dir/", b"dir/", b"/dir", b"dir"])
def test_a_menu_is_found_with_and_without_slashes(example, selector):
    menu = items(example, selector + b"\r\n")
    assert menu[0].text == "Folder"
    links = [item for item in menu if item.type != "i"]
    assert [(x.type, x.text, x.selector) for x in links] == [
        ("1", "A page", "/dir/page")]


def test_a_request_may_come_in_pieces(example):
    address = ("127.0.0.1", example.gopher_port)
    with socket.create_connection(address, timeout=ANSWER_S) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"/dir/\r\n":
            plain.sendall(bytes([byte]))
        raw, _ = read_all(plain)
    assert raw == ask(example, b"/dir/\r\n")


@pytest.mark.parametrize("selector", [b"/dir/", b"/dir/page", b""])
def test_end_of_the_stream_ends_the_line(example, selector):
    address = ("127.0.0.1", example.gopher_port)
    with socket.create_connection(address, timeout=ANSWER_S) as plain:
        plain.sendall(selector)
        plain.shutdown(socket.SHUT_WR)
        raw, _ = read_all(plain)
    # Nobody asked: nobody is answered.
    wanted = ask(example, selector + b"\r\n") if selector else b""
    assert raw == wanted


@pytest.mark.parametrize("selector, code", [
    (b"/nope", 404), (b"/note/999", 404), (b"nope/", 404),
    (b"/%2e%2e/", 404), (b"/%00", 404), (b"/taken", 404),
    (b"/write/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 404), (b"/mine/", 404),
    (b"/../etc/passwd", 400), (b"..", 400), (b"/.", 400), (b"/dir/../x", 400),
    (b"/a\x00b", 400), (b"/a\x1b[31m", 400), (b"/a\rb", 400), (b"/\x7f", 400),
    (b"/\xff", 400), (b"/\xc2\x85", 400), (b"/\xc0\xae", 400),
    (b"a" * 5000, 400), (b"/" * 5000, 400), (b"/" + b"a" * 4095, 404),
    (b"/" + b"a" * 4096, 400), (b"/echo\t" + b"x" * 513, 400),
    (b"/echo\ta\x1bb", 400), (b"/echo\t\xff", 400),
    (b"/kind/gone", 410), (b"/kind/bad", 400), (b"/kind/forbidden", 403),
    (b"/kind/busy", 503), (b"/kind/broken", 500)])
def test_each_error_is_one_item(example, selector, code):
    raw = ask(example, selector + b"\r\n")
    check_error(raw, code)
    assert b"passwd" not in raw and b"aaaa" not in raw


def test_an_error_stays_one_item(example):
    assert check_error(ask(example, b"/nope\r\n"), 404).text.startswith(
        "404 Not found")
    item = check_error(ask(example, b"/vile/fail\r\n"), 400)
    assert item.text == "400 x # Forged"
    check_error(ask(example, b"/vile/long\r\n"), 404)
    check_error(ask(example, b"/vile/gone\r\n"), 410)
    check_error(ask(example, b"/vile/away\r\n"), 500)


def test_end_comes_while_the_client_is_silent(example):
    """Before the server gives up waiting for the client's, two seconds later;
    in the best of ten tries, since a machine may stand still in one."""
    address = ("127.0.0.1", example.gopher_port)

    def seconds(request):
        with socket.create_connection(address, timeout=60) as plain:
            began = time.monotonic()
            plain.sendall(request)
            while plain.recv(65536):
                pass
            return time.monotonic() - began

    for request in (b"/dir/\r\n", b"/nope\r\n", b"/hello.txt\r\n"):
        assert any(seconds(request) < 1.5 for _ in range(10))


@pytest.mark.parametrize("selector", [b"/dir/", b"/nope", b"/hello.txt"])
def test_garbage_behind_a_request_changes_no_answer(example, selector):
    usual = ask(example, selector + b"\r\n")
    for _ in range(20):
        raw = ask(example, selector + b"\r\n" + b"GARBAGE." * 62500)
        assert raw == usual


# --- search ----------------------------------------------------------------


def said(words):
    return words.encode().hex().upper()


@pytest.mark.parametrize("request_line, words", [
    (b"/echo\tdam\r\n", "dam"), (b"/echo?dam\r\n", "dam"),
    (b"echo\tdam\n", "dam"), (b"/echo\t+\r\n", "+"), (b"/echo\t!\r\n", "!"),
    (b"/echo\t$\r\n", "$"), (b"/echo\ta b\r\n", "a b"),
    (b"/echo\ta+b%20c\r\n", "a+b%20c"), (b"/echo\tdam\t+\r\n", "dam"),
    (b"/echo\tdam\t$\tx\r\n", "dam"),
    (b"/echo\tdam\tdike\t\tweir\r\n", "dam\tdike\t\tweir"),
    (b"/echo\tdam\tdike\t+\r\n", "dam\tdike"), (b"/echo\ta?b\r\n", "a?b"),
    (b"/echo?a?b\r\n", "a?b"), ("/echo\t标准\r\n".encode(), "标准"),
    (b"/echo\t" + b"x" * 512 + b"\r\n", "x" * 512)])
def test_words_reach_the_page(example, request_line, words):
    menu = items(example, request_line)
    text = "".join(item.text for item in menu[1:])
    assert text.replace("\u200B", "") == said(words)


def test_words_may_stand_behind_a_tab_or_a_question_mark(example):
    assert ask(example, b"/echo\tdam\r\n") == ask(example, b"/echo?dam\r\n")


@pytest.mark.parametrize("request_line", [
    b"/echo\r\n", b"/echo\t\r\n", b"/echo?\r\n", b"/echo\t\t+\r\n"])
def test_without_words_a_search_is_offered(example, request_line):
    """The search item once more, with what it wants to know."""
    menu = items(example, request_line)
    assert menu[0].text == "Say something"
    searches = [item for item in menu if item.type == "7"]
    assert [(x.selector, x.host, x.port) for x in searches] == [
        ("/echo", "portal.example", "70")]


@pytest.mark.parametrize("field", [b"+", b"!", b"$", b"+text/plain", b"x"])
def test_fields_that_no_page_wants_are_ignored(example, field):
    """Gopher+ is not offered; who asks for it gets what there is."""
    assert ask(example, b"/dir/\t" + field + b"\r\n") == ask(
        example, b"/dir/\r\n")


def test_values_make_no_second_line(example):
    menu = items(example, b"/vile/ask\r\n")
    assert [item.type for item in menu if item.type != "i"] == ["7"]
    assert menu[0].text == "Say 20 text/gemini # Forged"


# --- what is sent ----------------------------------------------------------


def test_document_is_text(example):
    raw = ask(example, b"/text\r\n")
    body = check_text(raw, 67, "\r\n")
    assert body == "Prose\n=====\n .\n .. dots\nEnd.\n"  # and no dot ends it


def test_a_twin_is_plain_text(example):
    body = check_text(ask(example, b"/dir/.txt\r\n"), 67, "\r\n")
    assert "[1] gopher://portal.example/1/dir/page" in body


def test_file_is_sent_as_it_is(example):
    assert ask(example, b"/hello.txt\r\n") == (
        example.capsule / "static/hello.txt").read_bytes()


def test_a_redirect_gives_the_menu_itself(example):
    """Where Gemini is sent on, Gopher gets the menu itself."""
    assert items(example, b"/kind/go\r\n")[0].text == "Folder"
    assert items(example, b"/kind/moved\r\n")[0].text == "Page"


# --- files and pages that Gopher has by custom ------------------------------


@pytest.mark.parametrize("selector", [b"caps.txt", b"/caps.txt"])
def test_caps_txt_describes_the_server(example, selector):
    raw = ask(example, selector + b"\r\n")
    assert raw.startswith(b"CAPS\r\nCapsVersion=1\r\n")
    assert not raw.endswith(b"\r\n.\r\n")
    lines = raw.decode().split("\r\n")
    assert lines[-1] == ""
    keys = dict(line.split("=", 1) for line in lines[1:] if line)
    assert keys["ExpireCapsAfter"] == "3600"
    assert keys["PathDelimeter"] == "/"
    assert keys["PathIdentity"] == "." and keys["PathParent"] == ".."
    assert keys["PathParentDouble"] == "FALSE"
    assert keys["PathKeepPreDelimeter"] == "FALSE"
    assert keys["ServerDefaultEncoding"] == "UTF-8"
    assert keys["DefaultEncoding"] == "utf-8"
    assert keys["ServerSoftware"] == "guiju"
    assert keys["ServerDescription"] == "A small capsule"
    assert keys["ServerTLSPort"] == "70"


@pytest.mark.parametrize("prefix", [b"URL:", b"/URL:"])
@pytest.mark.parametrize("url", [
    b"https://example.org/", b"http://example.org/a?b=c&d=e",
    b"gemini://example.org/", b"mailto:x@example.org"])
def test_a_link_out_is_a_page_that_runs_nothing(example, prefix, url):
    raw = ask(example, prefix + url + b"\r\n")
    page = raw.decode()
    shown = url.decode().replace("&", "&amp;")
    assert page.startswith("<!DOCTYPE HTML")
    assert page.count(f'<a href="{shown}">') == 1
    # No script, nothing fetched, and no page of ours forwards anybody.
    assert not re.search("<script|<img|<link|src=|refresh", page, re.I)


@pytest.mark.parametrize("url", [
    b"javascript:alert(1)", b"data:text/html,x", b"file:///etc/passwd",
    b"gopher://example.org/", b"telnet://example.org/", b"", b"x",
    b"https://u:p@example.org/", b'https://example.org/"><script>',
    b"https://example.org/<b>", b"https://", b"https://example.org/a b"])
def test_bad_links_out_are_refused(example, url):
    for prefix in (b"URL:", b"/URL:"):
        raw = ask(example, prefix + url + b"\r\n")
        check_error(raw, 400)
        assert b"script" not in raw


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE",
                                    "OPTIONS", "PATCH", "CONNECT", "TRACE",
                                    "PRI"])
def test_http_is_answered_with_400(example, method):
    raw = ask(example, f"{method} /evil?x=<b> HTTP/1.1\r\nHost: evil.example"
                       "\r\n\r\n<script>".encode())
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "HTTP/1.0 400 Bad Request"
    fields = dict(line.split(": ", 1) for line in lines[1:])
    assert fields["Content-Type"] == "text/html; charset=utf-8"
    assert fields["Connection"] == "close"
    assert int(fields["Content-Length"]) == len(body)
    assert b"gopher://portal.example/" in body
    assert b"gemini://portal.example/" in body
    assert b"evil" not in raw and b"<b>" not in raw and b"script" not in raw


def test_a_selector_that_begins_like_http_is_missing(example):
    """Only a method and a blank is HTTP; a selector is not."""
    check_error(ask(example, b"GETTING\r\n"), 404)
    check_error(ask(example, b"GET\r\n"), 404)


# --- TLS on the same port --------------------------------------------------


@pytest.mark.parametrize("sni", ["portal.example", None, "evil.example"])
@pytest.mark.parametrize("request_line", [
    b"/dir/\r\n", b"/nope\r\n", b"/hello.txt\r\n", b"/echo\tdam\r\n",
    b"caps.txt\n"])
def test_tls_gets_the_same_answer(example, sni, request_line):
    with tls_connect(example.gopher_port, sni=sni) as client:
        client.sendall(request_line)
        raw, clean = read_all(client)
    assert raw == ask(example, request_line)
    assert clean


def test_the_certificate_is_the_one_of_gemini(example):
    shown = []
    for port in (example.gopher_port, example.gemini_port):
        with tls_connect(port, sni="portal.example") as client:
            shown.append(client.getpeercert(binary_form=True))
    assert shown[0] == shown[1]


def test_identity_is_not_asked_for(example, make_identity):
    """TLS is privacy here: whoever shows a certificate is nobody."""
    with tls_connect(example.gopher_port, sni="portal.example",
                     cert=make_identity().pair) as client:
        client.sendall(b"/mine/\r\n")
        check_error(read_all(client)[0], 404)


def test_broken_tls_gets_no_menu(example):
    raw = ask(example, b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00\r\n")
    assert len(raw) < 10 and b"\t" not in raw
