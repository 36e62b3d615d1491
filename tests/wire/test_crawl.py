# SPDX-License-Identifier: ISC
"""A crawler that keeps to robots.txt comes to an end, in both protocols, and
nothing that it is led to is missing."""

import re
import urllib.parse

import pytest

from conftest import ROOT, Server, menu, run_guiju

pytestmark = [pytest.mark.portal, pytest.mark.pages]

CAPSULE = ROOT / "capsule"
# The classes are some 3,300 pages, all else some 500. What has no end passes
# any number.
PAGES_MAX = 8000
HEADER = ("number,title_zh,issued,implemented,ics,ccs,replaces,source,"
          "verified_at\n")


def standards():
    """Chains of editions whose dates lie years apart, some to come."""
    rows = []
    for n in range(8):
        for year in (1988, 2009, 2027):
            before = {2009: 1988, 2027: 2009}.get(year)
            rows.append(f"GB/T {9701 + n}-{year},第{n}种仪表,{year}-0{1 + n}-15,"
                        f"{year}-0{2 + n}-01,17.020,A50,"
                        f"{f'GB/T {9701 + n}-{before}' if before else ''},"
                        "x,2026-01-01\n")
    return HEADER + "".join(rows)


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crawl")
    state = folder / "var"
    done = run_guiju("import", "article", "--quiet", "--capsule", CAPSULE,
                     "--state", state, CAPSULE / "content/articles")
    assert done.returncode == 0, done.stderr
    (folder / "standards.csv").write_text(standards(), encoding="utf-8")
    for table in (*sorted(CAPSULE.glob("content/catalogue/?cs.csv*")),
                  folder / "standards.csv"):
        done = run_guiju("import", table.name.split(".")[0], "--capsule",
                         CAPSULE, "--state", state, table)
        assert done.returncode == 0, done.stderr
    server = Server(CAPSULE, folder, ["--workers", "2", "--host",
                                      "localhost"])
    yield server
    assert server.stop() == 0, server.log
    server.check_sane()
    assert " error " not in server.log


def rules(text):
    """The prefixes that nobody who crawls may ask for."""
    lines = [line.strip() for line in text.splitlines()]
    assert "User-agent: *" in lines
    return tuple(line.partition(":")[2].strip() for line in lines
                 if line.startswith("Disallow:"))


def test_both_protocols_have_the_rules(portal):
    answer = portal.gemini("/robots.txt")
    assert answer.status == 20 and answer.meta.startswith("text/plain")
    assert portal.gopher("/robots.txt") == answer.body
    kept_out = rules(answer.text)
    for path in ("/search/all/x/", "/standard/find?GB", "/calendar/2026-11/",
                 "/calendar/1901-01/begin/", "/standard/list/x/-/number/"):
        assert path.startswith(kept_out), path
    for path in ("/", "/article/1", "/news/zcfg/", "/standard/",
                 "/calendar/", "/ics/", "/ccs/", "/year/", "/announcement/"):
        assert not path.startswith(kept_out), path
        assert portal.gemini(path).status in (20, 30), path


def test_a_crawl_over_gemini_ends(portal):
    kept_out = rules(portal.gemini("/robots.txt").text)
    waiting, seen, bad = ["/"], {"/"}, []
    while waiting:
        path = waiting.pop()
        answer = portal.gemini(path)
        # A prompt is nothing to a crawler, nor is what wants an identity.
        if answer.status not in (10, 11, 20, 30, 31, 60):
            bad.append((path, answer.header))
        found = [answer.meta] if answer.status in (30, 31) else []
        if answer.status == 20 and answer.meta.startswith("text/gemini"):
            found = [address for address, _ in answer.links]
        for address in found:
            parts = urllib.parse.urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            to = urllib.parse.urljoin(path.partition("?")[0], address)
            to = to.partition("#")[0]
            if to not in seen and not to.startswith(kept_out):
                seen.add(to)
                waiting.append(to)
        assert len(seen) <= PAGES_MAX, sorted(seen)[-50:]
    assert not bad, bad[:20]
    assert any("GB-T-9701-2009" in path for path in seen)


def test_a_crawl_over_gopher_ends(portal):
    kept_out = rules(portal.gopher("/robots.txt").decode())
    here = f"gopher://localhost:{portal.gopher_port}/"
    waiting, seen, bad = [("1", "")], {""}, []
    while waiting:
        kind, selector = waiting.pop()
        raw = portal.gopher(selector)
        found = []
        if raw.startswith(b"3"):
            bad.append((selector, raw[:80]))
        elif kind == "1":
            found = [(item.type, item.selector) for item in menu(raw)
                     if item.type in "01" and item.host == "localhost"
                     and item.port == str(portal.gopher_port)]
        elif kind == "0":
            found = [(to[0], urllib.parse.unquote(to[1:])) for to in re.findall(
                rf"^\[\d+\] {here}([01]\S*)\r$", raw.decode(errors="replace"),
                re.M)]
        for kind, to in found:
            if to not in seen and not to.startswith(kept_out):
                seen.add(to)
                waiting.append((kind, to))
        assert len(seen) <= PAGES_MAX, sorted(seen)[-50:]
    assert not bad, bad[:20]
    assert any("GB-T-9701-2009" in path for path in seen)
