# SPDX-License-Identifier: ISC
"""What the log says of a request, and what it must not say."""

import pathlib
import re
import sqlite3

import pytest

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


# --- failures have references ------------------------------------------------

REFERENCE = re.compile(r"\(编号 ([0-9A-HJKMNP-TV-Z]{6})\)")


def break_page(capsule, server):
    """Drop a table under a page that is being served."""
    with sqlite3.connect(server.state / "portal.db") as db:
        db.execute("DROP TABLE fragile")


@pytest.fixture
def fragile(capsule):
    """A capsule with a page that will break."""
    (capsule / "schema/002_fragile.sql").write_text(
        "CREATE TABLE fragile (id INTEGER PRIMARY KEY, text TEXT);\n"
        "INSERT INTO fragile (text) VALUES ('whole');\n")
    (capsule / "pages/fragile.gmi").write_text(
        "# Fragile\n\n% one SELECT text FROM fragile\n"
        "%     WHERE id = 1 -- what is shown\n{text}\n")
    return capsule


def test_failure_has_a_reference(serve, fragile):
    server = serve("--workers", "1")
    assert server.gemini("/fragile").status == 20
    break_page(fragile, server)
    answer = server.gemini("/fragile")
    assert answer.status == 40
    reference = REFERENCE.search(answer.meta).group(1)
    line = server.wait_log(r"error page: .* ref=")
    assert "pages/fragile.gmi:3: no such table: fragile in: " \
        "SELECT text FROM fragile WHERE id = 1" in line
    assert line.endswith(f" ref={reference}")
    line = server.wait_log("path=/fragile kind=broken")
    assert f" kind=broken ref={reference} bytes=" in line


def test_failure_over_gopher_has_one(serve, fragile):
    server = serve("--workers", "1")
    server.gemini("/fragile")
    break_page(fragile, server)
    item, = server.menu("/fragile")
    assert item.type == "3"
    reference = REFERENCE.search(item.text).group(1)
    server.wait_log(f"error page: .* ref={reference}$")


def test_same_failure_is_told_once_and_counted(serve, fragile):
    server = serve("--workers", "1")
    server.gemini("/fragile")
    break_page(fragile, server)
    metas = {server.gemini("/fragile").meta for _ in range(20)}
    assert len(metas) == 1
    reference = REFERENCE.search(metas.pop()).group(1)
    server.stop()
    told = [line for line in server.lines
            if " error " in line and reference in line]
    assert len(told) == 2, told
    assert told[1].endswith(
        f"a failure came again ref={reference} again=19")


def test_a_page_that_says_so_is_no_failure(example):
    answer = example.gemini("gemini://portal.example/kind/broken")
    assert answer.header == "40 Out of order"
