# SPDX-License-Identifier: ISC
"""Stored values that look like markup: wherever a page puts one, it stays
text, for every client, in every protocol."""

import re
import shutil
import sqlite3
import xml.etree.ElementTree

import pytest

from conftest import Server, write_files
from rules import check_menu, check_text, gemtext

PAYLOADS = [
    "=> gemini://evil.example/ x", "=>gemini://evil.example/", "# big",
    "###### x", "```", "```alt", "* x", "*", "> x", ">", "=: /prompt",
    "a\r\n=> /logout", "a\n=> /logout", "a\r=> /logout", "\n\n# big",
    "\u2028=> x", "\u2029# x", "\x85=> x", "\x0b=> x", "\x0c# x", " \t=> x",
    "\u3000=> x", "\u200b=> x", "\u200b\u200b```", "\ufeff# x",
    "2026-01-01 fake", "a\tb\tevil.example\t70\r\n1x\t/evil\tevil.example\t70",
    ".", "..", ".\r\n", "\r\n.\r\n", "iInfo\t\terror.host\t1",
    "\x1b[31mred", "\x9b31m", "\x1b]52;c;eA==\x07", "\u202eevil", "\u2066x",
    "</entry><script>", "]]>", "&amp;<b>", '"', "'", "x\x00y", "{value}",
    "%s%n", "20 text/gemini\r\n", "```\n=> /logout\n```", "x" * 3000,
    "標" * 300, "\U0001F469\u200D\U0001F4BB", "e\u0301" * 50,
]
NAMES = [ascii(p)[:24] for p in PAYLOADS]

PAGES = {
    "all/[id].gmi": """% one SELECT v, v AS w FROM value WHERE id = :id
# Title {v}
{v}
{v} and {w}
* {v}
> {v}
=> /fixed {v}
=> /all/{v} Address
=> /all/7?{v} Query
=> {v|url} Whole
## {v}
```{v}
{v}
```
End.
""",
    "text/[id].gmi": "% one SELECT v FROM value WHERE id = :id\n# T\n"
                     "{v|text}\nEnd.\n",
    "quote/[id].gmi": "% one SELECT v FROM value WHERE id = :id\n# T\n"
                      "{v|quote}\nEnd.\n",
    "gemtext/[id].gmi": "% one SELECT v FROM value WHERE id = :id\n# T\n"
                        "{v|gemtext}\n## End\nEnd.\n",
    "document/[id].gmi": "% document\n% one SELECT v FROM value WHERE id = "
                         ":id\n# T\n{v}\n{v|text}\n=> /fixed {v}\nEnd.\n",
    "ask/[id].gmi": "% one SELECT v FROM value WHERE id = :id\n% ask {v}\n",
    "fail/[id].gmi": "% one SELECT v FROM value WHERE id = :id\n"
                     "% fail bad {v}\n",
    "go/[id].gmi": "% one SELECT v FROM value WHERE id = :id\n% go /all/{v}\n",
    "data/[id].xml": "% one SELECT v FROM value WHERE id = :id\n"
                     '<x y="{v}">{v}</x>\n',
    "data/[id].csv": "% one SELECT v FROM value WHERE id = :id\n{v},{v}\n",
    "fixed.gmi": "# Fixed\n",
}


@pytest.fixture(scope="module")
def values(new_capsule, tmp_path_factory):
    """A server whose pages put value N (0 is harmless) everywhere."""
    folder = tmp_path_factory.mktemp("values")
    shutil.copytree(new_capsule, folder / "capsule")
    write_files(folder / "capsule/pages", PAGES)
    write_files(folder / "capsule/schema", {
        "002_value.sql":
        "CREATE TABLE value (id INTEGER PRIMARY KEY, v TEXT);\n"
        "INSERT INTO value VALUES (0, 'harmless');\n"})
    running = Server(folder / "capsule", folder, ["--workers", "1"])
    with sqlite3.connect(running.state / "portal.db") as db:
        db.executemany("INSERT INTO value VALUES (?, ?)",
                       enumerate(PAYLOADS, 1))
    db.close()
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


def kinds(text, trim):
    """The types of all lines, whatever they say."""
    return [line[0] for line in gemtext(text, trim)]


def check_clean(text):
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e"
                         "\u2066-\u2069\u2028\u2029\ufeff]", text)


@pytest.mark.parametrize("number", range(1, len(PAYLOADS) + 1), ids=NAMES)
@pytest.mark.parametrize("trim", [False, True], ids=["exact", "trimming"])
def test_line_types_are_the_pages_own(values, number, trim):
    plain = values.gemini("/all/0").text
    answer = values.gemini(f"/all/{number}")
    assert answer.status == 20
    check_clean(answer.text)
    # {v|url} is a link for an address only; else the line is text.
    assert kinds(answer.text, trim) == kinds(plain, trim)
    links = [line for line in gemtext(answer.text, trim) if line[0] == "link"]
    for _, address, label in links:
        assert re.match(r"/(fixed$|all/)", address), address
        assert label


@pytest.mark.parametrize("number", range(1, len(PAYLOADS) + 1), ids=NAMES)
@pytest.mark.parametrize("page", ["text", "quote"])
def test_stored_text_gives_text_only(values, page, number):
    answer = values.gemini(f"/{page}/{number}")
    assert answer.status == 20
    check_clean(answer.text)
    for trim in (False, True):
        seen = kinds(answer.text, trim)
        assert seen[0] == "heading" and seen[-1] == "text"
        assert set(seen[1:-1]) <= {page}, answer.text


@pytest.mark.parametrize("number", range(1, len(PAYLOADS) + 1), ids=NAMES)
def test_stored_gemtext_stays_inside(values, number):
    """It may hold links and headings: but no open group swallows the page,
    no heading stands beside the page's own, no link has a strange scheme."""
    answer = values.gemini(f"/gemtext/{number}")
    assert answer.status == 20
    check_clean(answer.text)
    lines = gemtext(answer.text)
    assert lines[-2:] == [("heading", 2, "End"), ("text", "End.")]
    assert [line[1] for line in lines if line[0] == "heading"].count(1) == 1


@pytest.mark.parametrize("number", range(1, len(PAYLOADS) + 1), ids=NAMES)
def test_menu_has_the_pages_items_only(values, number):
    raw = values.gopher(f"/all/{number}")
    items = check_menu(raw)
    plain = check_menu(values.gopher("/all/0"))

    def acting(menu):
        return [item.type for item in menu if item.type != "i"]

    # The links whose address holds the value are info lines where no
    # selector can.
    assert set(acting(items)) == set(acting(plain)) == {"1"}
    assert 1 <= len(acting(items)) <= len(acting(plain)) == 3
    for item in items:
        assert item.host in ("localhost", "error.host")
        assert item.type == "i" or re.match("/(fixed$|all/)", item.selector)


@pytest.mark.parametrize("number", range(1, len(PAYLOADS) + 1), ids=NAMES)
def test_values_stay_inside_plain_text(values, number):
    for page in ("all", "document"):
        # A preformatted line is as long as it is.
        long = page == "all" and len(PAYLOADS[number - 1]) > 60
        answer = values.gemini(f"/{page}/{number}.txt")
        assert answer.status == 20
        check_text(answer.body, 9999 if long else 70, "\n")
        body = check_text(values.gopher(f"/{page}/{number}.txt"),
                          9999 if long else 67, "\r\n")
        for address in re.findall(r"^\[\d+\] (.*)$", body, re.M):
            assert re.match(r"(gopher://localhost:\d+/\d)?/(fixed$|all/)",
                            address), address
    assert values.gopher(f"/document/{number}") == values.gopher(
        f"/document/{number}.txt")


@pytest.mark.parametrize("number", range(1, len(PAYLOADS) + 1), ids=NAMES)
def test_values_make_no_second_header(values, number):
    ask = values.gemini(f"/ask/{number}")
    assert ask.status == 10 and ask.closed_cleanly
    fail = values.gemini(f"/fail/{number}")
    assert fail.status == 59 and fail.closed_cleanly
    go = values.gemini(f"/go/{number}")
    # An address that is too long for a header leads nowhere.
    assert go.status == (50 if len(PAYLOADS[number - 1]) >= 300 else 30)
    if go.status == 30:
        assert re.fullmatch(r"/all/[A-Za-z0-9._~!$&'()*+,=:@%-]*", go.meta)
    check_menu(values.gopher(f"/ask/{number}"))
    assert len(check_menu(values.gopher(f"/fail/{number}"))) == 1


@pytest.mark.parametrize("number", range(1, len(PAYLOADS) + 1), ids=NAMES)
def test_values_stay_inside_data(values, number):
    answer = values.gemini(f"/data/{number}.xml")
    root = xml.etree.ElementTree.fromstring(answer.text)
    assert root.tag == "x" and list(root) == [] and list(root.attrib) == ["y"]
    answer = values.gemini(f"/data/{number}.csv")
    assert answer.status == 20
    assert values.gopher(f"/data/{number}.xml").decode() == values.gemini(
        f"/data/{number}.xml").text


def test_harmless_value_is_seen(values):
    """Or the tests above would compare nothing with nothing."""
    lines = gemtext(values.gemini("/all/0").text)
    assert sum("harmless" in str(line) for line in lines) >= 10
    assert {line[0] for line in lines} == {
        "heading", "text", "item", "quote", "link", "toggle", "pre"}
