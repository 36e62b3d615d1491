# SPDX-License-Identifier: ISC
"""Links of others, from a stored article to the reader's client."""

import re
import urllib.parse

import pytest

from conftest import ROOT, Server, run_guiju
from rules import check_gemtext, check_menu

pytestmark = pytest.mark.portal

CAPSULE = ROOT / "capsule"

# Address, what Gemini is told, what a menu's item is (type, selector, host,
# port; "{host}": ours).
KEPT = [
    ("https://old.example/list.asp?id={3F2504E0-4F89}&p=1|2",
     "https://old.example/list.asp?id=%7B3F2504E0-4F89%7D&p=1%7C2", None),
    ("https://old.example/100%合格率.htm",
     "https://old.example/100%25%E5%90%88%E6%A0%BC%E7%8E%87.htm", None),
    ("https://old.example/a^b`c\\d\"e<f>", "https://old.example/"
     "a%5Eb%60c%5Cd%22e%3Cf%3E", None),
    ("https://标准.中国/公告", "https://xn--q8q655c.xn--fiqs8s/"
     "%E5%85%AC%E5%91%8A", None),
    ("gopher://old.example/1/cgi.dcgi?year=2019&n=1",
     "gopher://old.example/1/cgi.dcgi?year=2019&n=1",
     ("1", "/cgi.dcgi?year=2019&n=1", "old.example", "70")),
    ("gopher://标准.中国:7070/0/a", "gopher://xn--q8q655c.xn--fiqs8s:7070/0/a",
     ("0", "/a", "xn--q8q655c.xn--fiqs8s", "7070")),
    ("gopher://[2001:db8::7]/2cso", "gopher://[2001:db8::7]/2cso",
     ("2", "cso", "2001:db8::7", "70")),
    ("gopher://old.example:23/8bbs", "gopher://old.example:23/8bbs",
     ("8", "bbs", "old.example", "23")),
    ("irc://irc.example/标准", "irc://irc.example/%E6%A0%87%E5%87%86", None),
    ("xmpp:desk@chat.example?message", "xmpp:desk@chat.example?message", None),
    ("misfin:desk@mail.example", "misfin:desk@mail.example", None),
    ("mailto:王@标准.中国?subject=标准", "mailto:%E7%8E%8B@"
     "xn--q8q655c.xn--fiqs8s?subject=%E6%A0%87%E5%87%86", None),
    ("magnet:?xt=urn:btih:c0ffee", "magnet:?xt=urn:btih:c0ffee", None),
    ("finger://old.example/desk", "finger://old.example/desk", None),
    ("spartan://old.example/", "spartan://old.example/", None),
    ("nex://old.example/a", "nex://old.example/a", None),
]
LOST = ["javascript:void(0)", "data:text/html,x", "file:///C:/x.doc",
        "C:\\doc\\x.doc", "https://a^b.example/", "ed2k://|file|x|",
        "<https://old.example/a>", "http：//old.example/a",
        "\\\\server\\x.doc"]


@pytest.fixture(scope="module")
def article(tmp_path_factory):
    """A portal with one article that has them all: (server, its import)."""
    folder = tmp_path_factory.mktemp("links")
    links = [address for address, *_ in KEPT] + LOST
    body = "\n".join(f"=> {address} 第{n}处" for n, address in
                     enumerate(links))
    (folder / "a.gmi").write_text(
        "title: 外来的链接\nsection: zcfg\npublished: 2026-01-01 08:00\n\n"
        f"正文。\n{body}\n=> //other.example/x 相对\n", encoding="utf-8")
    done = run_guiju("import", "article", "--quiet", "--capsule", CAPSULE,
                     "--state", folder / "var", folder / "a.gmi")
    server = Server(CAPSULE, folder, ["--workers", "1", "--host",
                                      "localhost"])
    yield server, done
    assert server.stop() == 0, server.log
    server.check_sane()


def test_gemini_has_them_all(article):
    page = article[0].gemini("/article/1")
    assert page.status == 20
    check_gemtext(page.text)
    found = {label: address for address, label in page.links}
    for n, (_, address, _) in enumerate(KEPT):
        assert found[f"第{n}处"] == address
    assert found["相对"] == "//other.example/x"
    for n, address in enumerate(LOST, len(KEPT)):
        assert f"第{n}处 <{address}>" in page.text
        assert f"第{n}处" not in found


def test_plain_text_has_them_all(article):
    text = article[0].gemini("/article/1.txt").text
    for _, address, _ in KEPT:
        assert re.search(rf"^\[\d+\] {re.escape(address)}$", text, re.M)
    assert re.search(r"^\[\d+\] gemini://other\.example/x$", text, re.M)
    for address in LOST:
        assert address in text.replace("\n", "")


def test_menus_have_their_items(tmp_path):
    """A page that is a menu, with the same links from its data."""
    done = run_guiju("init", tmp_path / "m")
    assert done.returncode == 0
    rows = ", ".join(
        "('{}', '第{}处')".format(address.replace("'", "''"), n)
        for n, (address, *_) in enumerate(KEPT))
    (tmp_path / "m/pages/l.gmi").write_text(
        f"# 链接\n% each SELECT column1 AS u, column2 AS l FROM (VALUES {rows})"
        " /* scan */\n=> {u|url} {l}\n% end\n", encoding="utf-8")
    server = Server(tmp_path / "m", tmp_path, ["--workers", "1", "--host",
                                               "localhost"])
    items = {item.text: item for item in check_menu(
        server.gopher("/l").replace(b"\r\n2", b"\r\n1").replace(
            b"\r\n8", b"\r\n1"))}
    real = {item.text: item for item in server.menu("/l")}
    assert items.keys() == real.keys()
    for n, (_, address, item) in enumerate(KEPT):
        got = real[f"第{n}处"]
        want = item or ("h", f"URL:{address}", "localhost",
                        str(server.gopher_port))
        assert (got.type, got.selector, got.host, got.port) == want
        if item is None:  # who does not know URL: asks us
            shown = server.gopher(got.selector).decode()
            assert urllib.parse.quote(address, safe="!-~") in \
                urllib.parse.quote(shown.replace("&amp;", "&"), safe="!-~")
    assert server.stop() == 0
    server.check_sane()


def test_an_import_names_what_is_not_kept(article):
    done = article[1]
    assert done.returncode == 0, done.stderr
    told = done.stderr.splitlines()
    assert len(told) == len(LOST), done.stderr
    for n, (address, line) in enumerate(zip(LOST, told)):
        assert f"a.gmi: line {len(KEPT) + n + 2} of the body" in line
        assert address in line
