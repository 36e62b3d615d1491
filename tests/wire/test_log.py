# SPDX-License-Identifier: ISC
"""What the log says of a request, and what it must not say."""

import pathlib
import re

PORTAL = pathlib.Path(__file__).parents[2] / "capsule"
LINE = re.compile(
    r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ info net: gemini 127\.0\.0\.1 "
    r"TLSv1\.[23] id=\S+ path=\S+ kind=\S+ bytes=\d+ ms=\d+$")


def test_line_of_a_request(serve):
    server = serve()
    assert server.gemini("/").status == 20
    assert LINE.match(server.wait_log("path=/ "))


def test_identity_is_cut(serve, make_identity):
    server = serve()
    server.gemini("/", cert=make_identity().pair)
    line = server.wait_log("path=/ ")
    assert re.search(r"id=[0-9a-f]{8,16} ", line), line


def test_hostile_path_is_one_printable_line(serve):
    server = serve()
    server.gemini("/%1B%5B31m")
    server.gemini("/%0AFORGED%20line")
    server.gemini("/\N{RIGHT-TO-LEFT OVERRIDE}x")
    server.gemini("/last")
    server.wait_log("path=/last ")
    assert all(line.isascii() and line.isprintable()
               for line in server.lines)
    assert not any(line.startswith("FORGED") for line in server.lines)


def test_typed_words_are_not_told(serve):
    server = serve(at=PORTAL)
    assert server.gemini("/search/text?secretword").status == 30
    assert server.gemini("/search/text/secretword/").status == 20
    assert server.gopher("/search/text", "secretword")
    server.gopher("/last")
    server.wait_log("path=/last ")
    assert "path=/search/text/-/ " in server.log
    assert "secretword" not in server.log


def test_seals_are_not_told(serve, capsule):
    (capsule / "pages/w").mkdir()
    (capsule / "pages/w/index.gmi").write_text("# W\n=> {seal} Do it\n")
    (capsule / "pages/w/[seal].gmi").write_text(
        "% ask What?\n"
        "% do DELETE FROM guiju_seal WHERE used_at < 0\n"
        "% go ../w/\n")
    server = serve()
    seal = re.search(r"=> (\S{32}) Do it",
                     server.gemini("/w/").body.decode()).group(1)
    assert server.gemini(f"/w/{seal}").status == 10
    server.gopher(f"/w/{seal}")
    server.gopher("/last")
    server.wait_log("path=/last ")
    assert seal not in server.log
    assert server.log.count("path=/w/- ") == 2
