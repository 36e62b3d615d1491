# SPDX-License-Identifier: ISC
"""The portal itself, as readers meet it over Gemini and over Gopher."""

import re
import sqlite3
import subprocess
import urllib.parse
import xml.etree.ElementTree

import pytest

from conftest import GUIJU, ROOT, Server, run_guiju
from portal import (CAPSULE, WORD, article_paths, crawl_gemini, crawl_gopher,
                    is_passing, is_sealed, kind_of, own_path, static_file)
from rules import check_error, check_gemtext, check_menu, check_text, gemtext

pytestmark = [pytest.mark.portal, pytest.mark.pages]

ATOM = "{http://www.w3.org/2005/Atom}"
HOUR = 3600

# What an editor may have pasted into a title or a line beside it.
VILE = ["=> gemini://evil.example/ x", "# big", "```", "* x", "> x",
        "a\r\n=> /evil", "\u2028=> /evil", " \t=> /evil", "2026-01-01 fake",
        "1x\t/evil\tevil.example\t70", ".", "\x1b[31mred", "\u202eevil",
        "</entry><evil>&"]


def insert_articles(db):
    """Articles in every state, a section of three pages, vile ones."""
    insert = ("INSERT INTO article (id, section_id, published, updated, "
              "title, body, status, reason) SELECT ?, id, ?, ?, ?, ?, ?, ? "
              "FROM section WHERE slug = ?")
    past, future = 1600000000, 4000000000
    rows = [
        (90001, past, "撤下的一篇", "withdrawn", "内容有误", "zcfg"),
        (90002, future, "将来的一篇", "live", None, "zcfg"),
        (90003, past, "草稿一篇", "draft", None, "zcfg"),
        *[(91000 + n, past + n * HOUR, f"第{n}篇", "live", None, "gnwbzhdt")
          for n in range(1, 46)],
    ]
    for number, when, title, status, reason, section in rows:
        db.execute(insert, (number, when, when, title, f"{title}的正文。",
                            status, reason, section))
    db.executemany(
        "INSERT INTO old_address (path, article_id) VALUES (?, ?)",
        [("/bzhfw/gnwbzhdt/2019/01/1234", 1), ("/article/80000", 2)])
    db.execute("INSERT INTO old_address (path, section_id) SELECT "
               "'/news/oldname/', id FROM section WHERE slug = 'zcfg'")
    for n, vile in enumerate(["无害", *VILE, "无害"]):
        when = past - n * HOUR  # each between a newer and an older one
        db.execute(
            "INSERT INTO article (id, section_id, published, updated, title, "
            "kicker, subtitle, byline, source, source_url, publisher, summary,"
            " body, status) SELECT ?, id, ?, ?, ?, ?, ?, ?, ?, "
            "'https://harmless.example/', ?, ?, '正文。', 'live' "
            "FROM section WHERE slug = 'bzfbdt'",
            (92000 + n, when, when, vile.strip(), *[vile] * 6))


@pytest.fixture(scope="session")
def portal(tmp_path_factory):
    """The portal with its first content, and the articles above."""
    folder = tmp_path_factory.mktemp("portal")
    state = folder / "var"
    state.mkdir()
    done = run_guiju("import", "article", "--quiet", "--capsule", CAPSULE,
                     "--state", state, CAPSULE / "content/articles")
    assert done.returncode == 0, done.stderr
    if (CAPSULE / "content/catalogue").exists():
        subprocess.run([ROOT / "tools/catalogue.sh", GUIJU, CAPSULE, state],
                       check=True, capture_output=True, timeout=120)
    with sqlite3.connect(state / "portal.db") as db:
        insert_articles(db)
    db.close()
    running = Server(CAPSULE, folder, ["--workers", "2", "--host",
                                       "localhost"])
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()
    assert " error " not in running.log


@pytest.fixture(scope="session")
def gemini_pages(portal):
    return crawl_gemini(portal)


@pytest.fixture(scope="session")
def gopher_pages(portal):
    return crawl_gopher(portal)


def complain(found):
    """Fail with all that was found, not with the first."""
    assert not found, "\n" + "\n".join(map(str, found[:20]))


# --- every page over Gemini -------------------------------------------------


def test_no_link_is_broken(gemini_pages):
    bad = []
    for path, (answer, base) in gemini_pages.items():
        good = (10, 11, 20)
        if is_sealed(path) or is_passing(path):  # it acts, it leads on
            good += (30,)
        if "?" in path:
            good += (30,)
        if path.startswith("/my/"):  # it asks for an identity first
            good += (60,)
        led = base is not None and gemini_pages[base][0].status in (30, 31)
        if answer.status not in good and not led:
            bad.append((path, answer.header, f"on {base}"))
        elif led and answer.status != 20:
            bad.append((path, answer.header, f"redirected from {base}"))
        if not answer.closed_cleanly:
            bad.append((path, "no close_notify"))
    complain(bad)
    assert len(gemini_pages) > 100


def test_every_kind_of_page_is_reached(gemini_pages):
    """Or the tests on all pages would say little."""
    kinds = {kind_of(path.partition("?")[0]) for path in gemini_pages}
    wanted = {"/", "/article/*", "/article/*/*", "/news/*/", "/news/*/goto",
              "/news/*/page/*", "/news/*/year/", "/news/*/year/*/",
              "/news/*/feed", "/news/*/atom.xml", "/service/", "/service/*",
              "/page/*", "/search/", "/search/*", "/search/*/*/",
              "/search/section/", "/feed", "/atom.xml"}
    assert wanted <= kinds, wanted - kinds


def test_every_page_is_good_gemtext(gemini_pages):
    bad = []
    for path, (answer, _) in gemini_pages.items():
        if answer.status != 20 or not answer.meta.startswith("text/gemini"):
            continue
        try:
            if answer.meta != "text/gemini; charset=utf-8; lang=zh-Hans":
                raise AssertionError(answer.meta)
            check_gemtext(answer.text)
        except AssertionError as error:
            bad.append((path, str(error)[:300]))
    complain(bad)


def test_every_page_is_small(gemini_pages):
    """200 links and 128 KB are as much as a reader can use."""
    bad = []
    for path, (answer, _) in gemini_pages.items():
        if answer.status == 20 and answer.meta.startswith("text/gemini"):
            links = [x for x in gemtext(answer.text) if x[0] == "link"]
            if len(links) > 200 or len(answer.body) > 128 * 1024:
                bad.append((path, len(links), len(answer.body)))
    complain(bad)


def test_every_page_begins_with_its_title(gemini_pages, gopher_pages):
    """Clients draw the first line large, and ears hear it first."""
    bad = [path for path, (answer, _) in gemini_pages.items()
           if answer.status == 20 and answer.meta.startswith("text/gemini")
           and not answer.text.startswith("# ")]
    for (kind, selector, _), (raw, _) in gopher_pages.items():
        if kind in "17" and raw[:1] != b"3" and \
                check_menu(raw)[0].selector != "TITLE":
            bad.append(selector)
    complain(bad)


def test_no_gap_is_wider_than_one_line(gemini_pages, gopher_pages):
    """An ear waits for what comes, an eye takes it for the end."""
    bad = [path for path, (answer, _) in gemini_pages.items()
           if answer.status == 20 and answer.meta.startswith("text/gemini")
           and "\n\n\n" in answer.text]
    for (kind, selector, _), (raw, _) in gopher_pages.items():
        if kind in "17" and raw[:1] != b"3":
            texts = [x.text for x in check_menu(raw)]
            bad += [selector for one, other in zip(texts, texts[1:])
                    if one == other == ""]
    complain(bad)


WAITS = re.compile(r"（待核实）|（待核实；|^状态：待核实(（日期不全）)?$|"
                   r"待核实（\d+）|状态 待核实|（现|“待核实”|待核实 \d|"
                   r"^\* 待核实：|^\* 结论：待核实$|状态：待核实（截止|"
                   r"^#+ 待核实$|未收录、待核实。|^\* 标准状态：待核实（")


def test_a_status_and_a_missing_check_have_their_own_words(portal,
                                                           gemini_pages):
    """待核实 is the status; that nobody asked the source is said once."""
    bad, told = [], 0
    for path, (answer, _) in gemini_pages.items():
        if answer.status != 20 or not answer.meta.startswith("text/gemini"):
            continue
        told += answer.text.count("待核实")
        bad += [(path, line) for line in answer.text.split("\n")
                if "待核实" in line and not WAITS.search(line)]
    complain(bad)
    assert told > 100
    db = sqlite3.connect(portal.state / "portal.db")
    rows = db.execute("SELECT key, verified_at FROM standard WHERE source "
                      "NOT LIKE '%示例%' GROUP BY source, verified_at, "
                      "implemented IS NULL").fetchall()
    db.close()
    assert {day is None for _, day in rows} == {True, False}
    for key, day in rows:
        head = portal.gemini(f"/standard/{key}").text.split("\n## ")[0]
        assert head.count("没有与来源核对") == (day is None), key
        assert head.count("核实日期：") == (day is not None), key
        assert head.count("核实") <= 2 and "未注明" not in head, head


def is_place(lines):
    """The way from the home page down, and nothing behind it."""
    links = [x for x in lines if x[0] == "link"]
    return lines[:2] == [("text", "您现在的位置："), ("link", "/", "首页")] \
        and lines[1:] == links and all(x[1].startswith("/") for x in links)


def test_every_page_ends_with_its_place(gemini_pages, gopher_pages):
    bad, seen = [], 0
    for path, (answer, _) in gemini_pages.items():
        if answer.status != 20 or path == "/" or \
                not answer.meta.startswith("text/gemini"):
            continue
        lines = gemtext(answer.text)
        place = [n for n, x in enumerate(lines) if "您现在的位置" in str(x)
                 and x[0] == "text"]
        seen += 1
        if not place or not is_place(lines[place[-1]:]) or \
                lines[place[-1] - 1] != ("text", "") or \
                place[0] != place[-1] and "/page/" not in path:
            bad.append((path, lines[-4:]))
    for (kind, selector, _), (raw, _) in gopher_pages.items():
        if kind not in "17" or raw[:1] == b"3" or selector in ("", "/"):
            continue
        items = check_menu(raw)
        if [x.selector for x in items if x.type != "i"] == [selector]:
            continue  # it asks again
        place = [n for n, x in enumerate(items) if x.text == "您现在的位置："]
        seen += 1
        if len(place) != 1 or items[place[0] + 1].text != "首页" or \
                not {x.type for x in items[place[0] + 1:]} <= {"0", "1"}:
            bad.append((selector, items[-4:]))
    complain(bad)
    assert seen > 400


def test_the_home_page_is_small_and_leads_on(portal, gemini_pages):
    """What readers come for first, on one small page."""
    answer = portal.gemini("/")
    lines = gemtext(answer.text)
    links = [x[1:] for x in lines if x[0] == "link"]
    assert len(answer.body) <= 3072
    assert links[0][0] == "/search/all" and links[1][0] == "/validity/"
    assert re.fullmatch(r"/calendar/(\d{4}-\d\d/)?", links[2][0])
    assert [to for to, _ in links[-2:]] == ["/page/about", "/page/help"]
    labels = [label for _, label in links]
    assert len(set(labels)) == len(labels), "one name, two places"
    assert len({to for to, _ in links}) == len(links)
    assert portal.gemini(links[0][0]).status == 10
    # The newest five of /feed, before services and sections.
    newest = [x for x in gemtext(portal.gemini("/feed").text)
              if x[0] == "link"][:5]
    first = [to for to, _ in links].index(newest[0][1])
    assert [to for to, _ in links[first:first + 5]] == [
        to for _, to, _ in newest]
    for place, (to, _) in enumerate(links):
        if to.startswith(("/service/", "/news/", "/page/")):
            assert place > first + 4
    with sqlite3.connect(portal.state / "portal.db") as db:
        wanted = {f"/service/{slug}" for slug, in
                  db.execute("SELECT slug FROM service")}
        wanted |= {f"/{kind}/{slug}" + "/" * (kind == "news")
                   for kind, slug in db.execute(
                       "SELECT kind, slug FROM section WHERE position > 0 "
                       "AND kind <> 'services'")}
    db.close()
    assert wanted <= {to for to, _ in links} and len(wanted) == 15


def test_home_page_tells_what_comes_next_month(portal):
    db = sqlite3.connect(portal.state / "portal.db")
    month, count = db.execute(
        "SELECT m, (SELECT count(*) FROM standard WHERE effective >= m AND "
        "effective < m || '~') FROM (SELECT strftime('%Y-%m', 'now', "
        "'+8 hours', 'start of month', '+1 month') AS m)").fetchone()
    db.close()
    text = portal.gemini("/").text
    assert "下月没有标准开始实施" in text if count == 0 else \
        f"=> /calendar/{month}/ 下月实施：{month} 有 {count} 项标准\n" in text


def months(server):
    """The months that have a date, from the database, in order."""
    db = sqlite3.connect(server.state / "portal.db")
    found = [month for month, in db.execute(
        "SELECT DISTINCT substr(day, 1, 7) FROM (SELECT effective AS day FROM "
        "standard UNION SELECT ends FROM standard) WHERE length(day) >= 7 "
        "ORDER BY 1")]
    db.close()
    return found


def test_the_calendar_ends_where_its_data_end(portal):
    """A walk along its links comes by each month with a date, and ends."""
    wanted, seen = months(portal), []
    for start, word in ((wanted[0], "后面"), (wanted[-1], "前面")):
        path, walked = f"/calendar/{start}/", []
        while path:
            answer = portal.gemini(path)
            assert answer.status == 20, path
            assert re.search("^=> /standard/[^/]+ ", answer.text, re.M), path
            walked.append(path.split("/")[2])
            path = next((to for to, label in answer.links
                         if label.startswith(word)), None)
        seen.append(walked)
    assert seen[0] == wanted and seen[1] == wanted[::-1]
    before, after = (f"{int(wanted[0][:4]) - 1}-12",
                     f"{int(wanted[-1][:4]) + 1}-01")
    for month in (before, after, "1000-01", "2999-12"):
        for path in (f"/calendar/{month}/", f"/calendar/{month}/begin/",
                     f"/calendar/{month}/stop/2"):
            assert portal.gemini(path).status == 51
            check_error(portal.gopher(path), 404)
        again = portal.gemini(f"/calendar/goto?{month}")
        assert again.status == 10 and wanted[0] in again.meta and \
            wanted[-1] in again.meta
    assert portal.gemini(f"/calendar/goto?{wanted[0]}").status == 30


def test_the_calendar_lists_no_empty_month(portal):
    answer, wanted = portal.gemini("/calendar/"), months(portal)
    assert len(answer.body) < 3072
    listed = [to.split("/")[2] for to, _ in answer.links
              if re.fullmatch(r"/calendar/\d{4}-\d\d/", to)]
    assert listed and set(listed) <= set(wanted)
    lines = answer.text.split("\n")
    assert "本月 " in lines[3] and "下月 " in lines[4]


def test_every_file_is_the_file(portal, gemini_pages):
    found = 0
    for path, (answer, _) in gemini_pages.items():
        if file := static_file(path):
            found += 1
            assert answer.body == file.read_bytes(), path
    assert found >= 3
    for file in (CAPSULE / "static").rglob("*"):
        if file.is_file():
            path = f"/{file.relative_to(CAPSULE / 'static')}"
            assert portal.gemini(path).body == file.read_bytes()
            assert portal.gopher(path) == file.read_bytes()


def twin_of(path):
    return path + ".txt"


def test_every_page_has_a_twin(portal, gemini_pages):
    bad = []
    for path, (answer, _) in gemini_pages.items():
        if answer.status != 20 or "?" in path or \
                is_sealed(path) or is_passing(path) or \
                not answer.meta.startswith("text/gemini"):
            continue
        twin = portal.gemini(twin_of(path))
        try:
            assert twin.status == 20, twin.header
            assert twin.closed_cleanly
            assert twin.meta.startswith("text/plain; charset=utf-8"), twin.meta
            # A citation is preformatted: it is copied as one line.
            cited = path.endswith(("/cite", "/bibtex"))
            text = check_text(twin.body, 9999 if cited else 70, "\n")
            title = next(x[2] for x in gemtext(answer.text)
                         if x[0] == "heading")
            assert title[:10] in text, title
        except AssertionError as error:
            bad.append((twin_of(path), str(error)[:300]))
    complain(bad)


# --- every page over Gopher -------------------------------------------------


def test_no_item_is_broken(gopher_pages):
    bad = []
    for (kind, selector, words), (raw, base) in gopher_pages.items():
        if kind in "19" and raw.startswith(b"3"):
            bad.append((kind, selector, words, raw[:80], f"on {base}"))
        if kind == "0" and re.match(rb"3\d\d\d .*\t", raw):
            bad.append((kind, selector, raw[:80], f"on {base}"))
    complain(bad)
    assert len(gopher_pages) > 100


def test_every_menu_is_good(gopher_pages):
    bad, menus = [], 0
    for (kind, selector, words), (raw, _) in gopher_pages.items():
        if kind not in "17":
            continue
        menus += 1
        try:
            items = check_menu(raw)
            if kind == "7" and items[0].type == "3":
                continue  # it wanted other words
            assert items[0].selector == "TITLE", "no title"
            assert items[0].text.strip(), "an empty title"
            for item in items:
                assert item.type == "i" or item.text, f"no label: {item}"
        except AssertionError as error:
            bad.append((selector, words, str(error)[:300]))
    complain(bad)
    assert menus > 30


def test_every_text_is_good(gopher_pages):
    bad, texts = [], 0
    for (kind, selector, _), (raw, _) in gopher_pages.items():
        if kind != "0" or static_file(selector) or \
                selector.endswith((".xml", ".csv")):
            continue
        texts += 1
        try:
            check_text(raw, 67, "\r\n")
        except AssertionError as error:
            bad.append((selector, str(error)[:300]))
    complain(bad)
    assert texts > 10


def test_files_are_the_same_over_gopher(gopher_pages):
    types = {"png": "I", "jpg": "I", "pdf": "9", "csv": "0", "txt": "0"}
    found = set()
    for (kind, selector, _), (raw, _) in gopher_pages.items():
        if file := static_file(selector):
            found.add(kind)
            assert raw == file.read_bytes(), selector
            assert kind == types.get(selector.rpartition(".")[2], "9")
    assert found


def test_every_kind_of_menu_is_reached(gopher_pages):
    kinds = {(key[0], kind_of(key[1])) for key in gopher_pages}
    wanted = {("0", "/article/*"), ("1", "/news/*/"), ("7", "/news/*/goto"),
              ("7", "/search/*"), ("1", "/service/"), ("1", "/service/*"),
              ("0", "/page/*"), ("0", "/atom.xml"), ("1", "/feed")}
    assert wanted <= kinds, wanted - kinds


def test_what_gopher_cannot_do_leads_to_gemini(portal, gopher_pages):
    """Links to pages that write are `h` items, and they lead there."""
    checked = 0
    for (kind, _, _), (raw, _) in gopher_pages.items():
        if kind != "1" or checked > 20:
            continue
        for item in check_menu(raw):
            prefix = f"URL:gemini://localhost:{portal.gemini_port}"
            if item.type == "h" and item.selector.startswith(prefix):
                answer = portal.gemini(item.selector.removeprefix(prefix))
                assert answer.status in (10, 11, 20, 30, 60), item
                checked += 1
    assert checked > 3


STATUS = re.compile(r"（(现行|现行\(将被代替\)|即将实施|被代替|部分被代替|废止|"
                    r"转为推荐性|待核实|制定中|即将发布|项目终止|未收录)[；，）]")


def without_a_status(selector, raw):
    """The lines of a menu that lead to a standard and do not tell its status:
    its way at the foot does not, and a verdict stands below its line."""
    if selector.startswith("/validity/"):
        return []
    return [item for item in check_menu(raw) if item.type == "1"
            and re.fullmatch("/standard/[^/]+", item.selector)
            and item.selector not in ("/standard/find", "/standard/name")
            and not selector.startswith(item.selector + "/")
            and not STATUS.search(item.text)]


def test_no_standard_loses_its_status(portal, gopher_pages):
    """Whatever a menu cuts off: number and status stand before the name."""
    bad, lines, menus = [], 0, dict.fromkeys(
        (selector, words) for kind, selector, words in gopher_pages
        if kind in "17")
    with sqlite3.connect(portal.state / "portal.db") as db:
        classes = db.execute("SELECT DISTINCT '/ics/' || code FROM "
                             "standard_ics UNION SELECT DISTINCT '/ccs/' || "
                             "ccs FROM standard WHERE ccs IS NOT NULL")
        menus |= dict.fromkeys((path, None) for path, in classes)
        longest = db.execute("SELECT key FROM standard ORDER BY "
                             "length(number) DESC LIMIT 20")
        menus |= dict.fromkeys((f"/standard/{key}{page}", None)
                               for key, in longest
                               for page in ("", "/history"))
    db.close()
    for selector, words in menus:
        if selector.endswith("/feed"):  # it tells days, not what holds today
            continue
        raw = portal.gopher(selector, words)
        if raw.startswith(b"3"):
            continue
        lines += len(re.findall(rb"\t/standard/[^/\t]+\t", raw))
        bad += [(selector, item.text) for item in
                without_a_status(selector, raw)]
    complain(bad)
    assert lines > 1500


# --- feeds -------------------------------------------------------------------

SECTIONS = ["zcfg", "gnwbzhdt", "bzfbdt", "hnbzhdt"]
FEEDS = ["/atom.xml", *[f"/news/{slug}/atom.xml" for slug in SECTIONS]]
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00")


def check_feed(text, scheme, port):
    """An Atom feed whose links are absolute; its (id, address) pairs."""
    assert text.startswith("<?xml ")
    root = xml.etree.ElementTree.fromstring(text)
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert root.findtext(ATOM + name), name
    assert DATE.fullmatch(root.findtext(f"{ATOM}updated"))
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    place = f"{scheme}://localhost:{port}/"
    links = {x.get("rel"): x.get("href") for x in root.findall(f"{ATOM}link")}
    assert set(links) == {"self", "alternate"}
    assert all(link.startswith(place) for link in links.values()), links
    entries = []
    for entry in root.findall(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}title").strip()
        number = entry.findtext(f"{ATOM}id")
        assert re.match(r"tag:localhost,\d{4}[0-9-]*:/", number)
        for name in ("updated", "published"):
            assert DATE.fullmatch(entry.findtext(ATOM + name))
        href = entry.find(f"{ATOM}link").get("href")
        assert href.startswith(place), href
        entries.append((number, href))
    assert len(entries) == len(set(entries)) <= 100
    return entries


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_is_good_atom(portal, path):
    answer = portal.gemini(path)
    assert answer.status == 20 and answer.closed_cleanly
    assert answer.meta == "application/atom+xml; charset=utf-8"
    entries = check_feed(answer.text, "gemini", portal.gemini_port)
    assert entries
    for _, address in entries[:5]:
        assert portal.gemini(address).status == 20
    # The same entries over Gopher, with its own addresses.
    others = check_feed(portal.gopher(path).decode(), "gopher",
                        portal.gopher_port)
    assert [number for number, _ in others] == [n for n, _ in entries]
    for _, address in others[:5]:
        kind, selector = re.match(r"gopher://[^/]+/(.)(.*)", address).groups()
        assert kind == "0"
        check_text(portal.gopher(selector), 67, "\r\n")


@pytest.mark.parametrize("path", ["/feed", *[f"/news/{slug}/feed"
                                             for slug in SECTIONS]])
def test_gemini_clients_can_subscribe_to_a_list(portal, path):
    text = portal.gemini(path).text
    assert text.startswith("# ")
    entries = re.findall(
        r"^=>\s*(\S+)\s+(\d{4}-[01]\d-[0-3]\d)([^0-9].*)", text, re.M)
    assert 0 < len(entries) <= 100
    days = [day for _, day, _ in entries]
    assert days == sorted(days, reverse=True)
    assert len({address for address, _, _ in entries}) == len(entries)
    assert all("?" not in address for address, _, _ in entries)


def test_a_section_can_be_subscribed_to(portal):
    """Each article of a section's page, pinned or not, is an entry."""
    pinned = 0
    for slug in SECTIONS:
        years = [to for to, _ in portal.gemini(f"/news/{slug}/year/").links
                 if re.fullmatch(f"/news/{slug}/year/\\d+/", to)]
        assert years
        for path in (f"/news/{slug}/", *years):
            labels = [label for to, label in portal.gemini(path).links
                      if re.fullmatch("/article/\\d+", to)]
            assert labels
            for label in labels:
                assert re.match(r"\d{4}-\d\d-\d\d .", label), label
                pinned += label[11:].startswith("【置顶】")
            assert all("【置顶】" not in x or x[11] == "【" for x in labels)
            # Whatever Gopher cuts off, the day is told.
            for item in check_menu(portal.gopher(path)):
                if item.selector.startswith("/article/"):
                    assert re.match(r"\d{4}-\d\d-\d\d ", item.text)
    assert pinned >= 4


def test_feeds_tell_the_day_of_the_pages(portal):
    """Some readers show the day as it is written: it must be China's."""
    days = dict(re.findall(r"^=> (/article/\d+) (\d{4}-\d\d-\d\d) ",
                           portal.gemini("/feed").text, re.M))
    root = xml.etree.ElementTree.fromstring(portal.gemini("/atom.xml").text)
    dated = {f"/article/{x.findtext(f'{ATOM}id').rpartition('/')[2]}":
             x.findtext(f"{ATOM}published")[:10]
             for x in root.findall(f"{ATOM}entry")
             if ":/article/" in x.findtext(f"{ATOM}id")}
    assert len(dated) > 20
    assert all(days[path] == day for path, day in dated.items())


def test_feeds_name_the_portal(portal):
    name = portal.gemini("/").text.split("\n")[0].removeprefix("# ")
    for path in ("/feed", "/announcement/feed", *(f"/news/{slug}/feed"
                                                  for slug in SECTIONS)):
        assert portal.gemini(path).text.startswith(f"# {name}："), path
    for path in (*FEEDS, "/announcement/atom.xml"):
        assert name in re.search("<title>(.*)</title>",
                                 portal.gemini(path).text)[1], path


def test_gopher_has_no_feed_for_gemini(portal, gopher_pages):
    bad = [(selector, item.text)
           for (kind, selector, words), (raw, _) in gopher_pages.items()
           if kind in "17" for item in check_menu(raw)
           if "订阅" in item.text and "Gemini" in item.text]
    complain(bad)
    assert "订阅标准发布动态（Gemini）" in portal.gemini("/news/bzfbdt/").text


# --- articles ------------------------------------------------------------------


def views(text):
    return int(re.search(r"点击次数：(\d+)", text)[1])


def test_article_says_what_it_says(portal):
    lines = article_paths()[0].read_text().split("\n")
    title = next(x.removeprefix("title: ") for x in lines
                 if x.startswith("title: "))
    text = portal.gemini("/article/1").text
    assert f"# {title}\n" in text
    assert gemtext(text)[0] == ("heading", 1, title)
    assert re.fullmatch("/news/[a-z]+/", gemtext(text)[-1][1])
    assert re.search(r"^发布时间：\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text, re.M)
    assert re.search("^(文章来源|发布人)：", text, re.M)
    assert re.search("^=> /article/\\d+ 后一篇：", text, re.M)


def test_views_are_counted(portal):
    """One for each reader of the page, by whatever way."""
    first = views(portal.gemini("/article/2").text)
    assert views(portal.gemini("/article/2").text) == first + 1
    assert views(portal.gopher("/article/2").decode()) == first + 2
    assert views(portal.gemini("/article/2.txt").text) == first + 3
    # A prompt, a list and the second page are no views.
    portal.gemini("/news/zcfg/"), portal.gemini("/feed")
    assert views(portal.gemini("/article/2").text) == first + 4


def test_later_pages_of_an_article_are_no_views(portal):
    first = views(portal.gemini("/article/41").text)
    assert views(portal.gemini("/article/41/2").text) == first
    assert views(portal.gemini("/article/41").text) == first + 1


def test_long_article_is_paged(portal):
    text = portal.gemini("/article/41").text
    pages = int(re.search("第 1 页，共 (\\d+) 页", text)[1])
    assert pages >= 2
    seen, path = 1, "/article/41"
    while "下一页" in text:
        path = next(x[1] for x in gemtext(text)
                    if x[0] == "link" and x[2].startswith("下一页"))
        text, seen = portal.gemini(path).text, seen + 1
        check_gemtext(text)
    assert seen == pages
    assert portal.gemini(f"/article/41/{pages + 1}").status == 51
    answer = portal.gemini("/article/41/1")
    assert (answer.status, answer.meta) == (31, "/article/41")
    for word in ("0", "-1", "x", "99999999999999999999", "1.0", "01"):
        assert portal.gemini(f"/article/41/{word}").status == 51, word


@pytest.mark.parametrize("number, status", [
    (90001, 52), (90002, 51), (90003, 51), (99999, 51), ("0", 51),
    ("-1", 51), ("abc", 51), ("01", 51), ("1x", 51), ("1%20", 51),
    ("9" * 30, 51), ("9223372036854775808", 51), ("1.0", 51), ("%EF%BC%91", 51)])
def test_an_article_that_is_not_there_is_missing(portal, number, status):
    answer = portal.gemini(f"/article/{number}")
    assert answer.status == status and answer.closed_cleanly
    if status == 52:
        assert "内容有误" in answer.meta
    selector = urllib.parse.unquote(f"/article/{number}")
    check_error(portal.gopher(selector), 410 if status == 52 else 404)
    for text in ("将来的一篇", "草稿一篇"):
        assert text not in answer.raw.decode()


def test_what_is_not_live_is_in_no_list(portal, gemini_pages, gopher_pages):
    """Searches too are in unit/standards_articles, with articles that the
    search index knows."""
    for path in ("/", "/news/zcfg/", "/news/zcfg/feed", "/feed", "/atom.xml",
                 "/news/zcfg/atom.xml", "/news/zcfg/year/2020/"):
        text = portal.gemini(path).raw.decode()
        for title in ("撤下的一篇", "将来的一篇", "草稿一篇"):
            assert title not in text, path
    for pages in (gemini_pages, gopher_pages):
        for key in pages:
            assert not re.search("9000[123]", str(key)), key


def test_attachments_tell_their_kind_once(portal):
    seen = set()
    for number in range(1, 45):
        for to, label in portal.gemini(f"/article/{number}").links:
            if to.startswith("/files/") and label.startswith("附件"):
                seen.add(label)
                for word in ("PDF", "CSV", "PNG", "图片", "纯文本"):
                    assert label.upper().count(word) < 2, label
                assert not ("PNG" in label and "图片" in label), label
                assert re.search("（[^（）]*(字节|KB|MB)）$", label), label
    assert len(seen) > 4


def test_no_standard_and_no_article_twice(portal):
    with sqlite3.connect(portal.state / "portal.db") as db:
        both = db.execute(
            "SELECT a.article_id, s.key, s.family FROM article_standard a "
            "JOIN standard s ON s.key = a.key WHERE EXISTS (SELECT 1 FROM "
            "article_standard b WHERE b.article_id = a.article_id AND "
            "b.key = s.family) AND s.year = (SELECT max(year) FROM standard "
            "o WHERE o.family = s.family)").fetchall()
        keys = [key for key, in db.execute(
            "SELECT DISTINCT s.key FROM article_standard a JOIN standard s "
            "ON a.key IN (s.key, s.family)")]
    db.close()
    assert both and keys
    for key in keys:
        articles = [to for to, _ in
                    portal.gemini(f"/standard/{key}/articles").links
                    if to.startswith("/article/")]
        assert articles and len(articles) == len(set(articles)), key
    for article, key, family in both:
        page, named = f"/article/{article}", []
        while page:  # they stand below the last page
            answer = portal.gemini(page)
            named += [to for to, _ in answer.links
                      if to in (f"/standard/{key}", f"/family/{family}")]
            page = next((to for to, label in answer.links
                         if label.startswith("下一页")), None)
        assert named == [f"/standard/{key}"], (article, named)


def test_one_page_is_not_counted(gemini_pages):
    complain([path for path, (answer, _) in gemini_pages.items()
              if answer.status == 20 and "共 1 页" in answer.text])


def test_foreign_words_are_told_in_chinese(portal):
    """Of every kind and stage that the catalogue has."""
    with sqlite3.connect(portal.state / "portal.db") as db:
        rows = db.execute("SELECT min(key), kind, stage FROM standard WHERE "
                          "kind IS NOT NULL GROUP BY kind, stage").fetchall()
    db.close()
    assert len(rows) > 10
    for key, kind, stage in rows:
        text = portal.gemini(f"/standard/{key}").text
        assert re.search("^\\* 文件类型：[\u4e00-\u9fff]+$", text, re.M), kind
        assert re.search(f"^\\* 来源阶段：{re.escape(stage)}"
                         "（[\u4e00-\u9fff]+）$", text, re.M), stage


def test_a_committee_has_the_name_of_its_body(portal):
    with sqlite3.connect(portal.state / "portal.db") as db:
        names = [name for name, in db.execute("SELECT name FROM org")]
    db.close()
    assert any(name.startswith("IEC/TC ") for name in names)
    complain([name for name in names
              if re.match(r"(TC|SC|PC|JTC|WG)\b", name)])


def test_a_citation_names_the_body(portal):
    with sqlite3.connect(portal.state / "portal.db") as db:
        rows = db.execute(
            "SELECT s.key, o.name FROM standard s JOIN org o ON o.id = "
            "s.issuer_id WHERE s.level = '国际' GROUP BY o.name, "
            "s.committee_id IS NULL").fetchall()
    db.close()
    assert len(rows) > 1
    for key, body in rows:
        cited = portal.gemini(f"/standard/{key}/cite").text.split("```")[1]
        assert cited.split("\n")[1].startswith(f"{body}. "), cited
        assert f"{{{body}}}" in portal.gemini(f"/standard/{key}/bibtex").text


def test_there_are_as_many_verdicts_everywhere(portal):
    numbers = {7: "七", 8: "八", 9: "九", 10: "十"}
    text = portal.gemini("/validity/verdicts").text
    names = re.findall("^\\* ([^：]+)：", text.split("## ")[0], re.M)
    told = numbers[len(names)]
    assert text.startswith(f"# {told}种结论")
    assert f"{told}种结论和匹配方式" in portal.gemini("/validity/").text
    service = portal.gemini("/service/bzyxxqr").text
    assert "、".join(names[:4]) in service
    assert all(name in service for name in names)
    article = "".join(portal.gemini(f"/article/40{page}").text
                      for page in ("", "/2", "/3", "/4"))
    assert f"{told}种结论" in article
    assert all(f"### {name}\n" in article for name in names)
    for other in set(numbers.values()) - {told}:
        assert f"{other}种结论" not in article + service


LOST = ["/nothing", "/news/nothing/", "/news/zcfg/page/999", "/ics/99",
        "/ccs/ZZ", "/calendar/1000-01/", "/standard/nothing",
        "/family/nothing", "/issuer/9999999", "/announcement/9999999",
        "/validity/report/HN1999-000001/", "/standard/list/-/-/number/9999",
        "/search/nothing", "/dispute/9999999/", "/a/b/c/"]


@pytest.mark.parametrize("path", LOST)
def test_errors_lead_on(portal, path):
    """Over Gopher by links; Gemini has only the sentence."""
    answer = portal.gemini(path)
    assert answer.status == 51 and re.search("[\u4e00-\u9fff]{4}", answer.meta)
    error, *links = check_menu(portal.gopher(path))
    assert error.type == "3" and error.text.startswith("404 ")
    assert [(x.text, x.type, x.selector) for x in links[:1]] == [
        ("首页", "1", "/")]
    for link in links:
        assert portal.gopher(link.selector, "标准" * (link.type == "7"))[
            :1] == b"i"


def test_a_number_that_is_missing_leads_to_near_ones(portal):
    with sqlite3.connect(portal.state / "portal.db") as db:
        numbers = [number for number, in db.execute(
            "SELECT number FROM standard WHERE year IS NOT NULL AND "
            "number GLOB '*' || year GROUP BY prefix ORDER BY prefix")]
    db.close()
    assert len(numbers) > 12
    for number in numbers:
        for missing in (number[:-4] + "2098", re.sub(
                r"\d+(?=\D*\d{4}$)", "987654", number)):
            key = re.sub("[^A-Z0-9.]+", "-", missing.upper())
            for path in (f"/standard/{key}", f"/standard/{key}/history"):
                answer = portal.gemini(path)
                assert answer.status == 30, (path, answer.header)
                assert answer.meta.startswith("/standard/near/"), path
                near = portal.gemini(answer.meta)
                assert near.status == 20 and "没有收录" in near.text, path
                menu = portal.gopher(path)
                assert menu[:1] == b"i" and "没有收录".encode() in menu
    # Of a number that is there a wrong page is only missing.
    assert portal.gemini("/standard/GB-T-19001-2016/x").status == 51


def test_moved_addresses_lead_on(portal):
    for path, to in [("/bzhfw/gnwbzhdt/2019/01/1234", "/article/1"),
                     ("/article/80000", "/article/2"),
                     ("/news/oldname/", "/news/zcfg/"),
                     ("/news/zcfg", "/news/zcfg/"), ("/bzhfw/zcfg/",
                                                     "/news/zcfg/"),
                     ("/about", "/page/about"), ("/bzhfw/", "/")]:
        answer = portal.gemini(path)
        assert (answer.status, answer.meta) == (31, to), path
        assert answer.closed_cleanly
        assert portal.gemini(to).status == 20
    # Over Gopher a menu is there at once, a text is one item away.
    assert portal.gopher("/news/oldname/") == portal.gopher("/news/zcfg/")
    items = [x for x in portal.menu("/article/80000") if x.type != "i"]
    assert [(x.type, x.selector) for x in items] == [("0", "/article/2")]
    assert portal.gemini("/bzhfw/gnwbzhdt/2019/01/9999").status == 51


# --- sections ------------------------------------------------------------------


def entries(text):
    """The articles that a list of a section leads to, but the pinned."""
    return [(address, label) for kind, address, label in
            [x for x in gemtext(text) if x[0] == "link"]
            if re.fullmatch(r"/article/\d+", address)
            and "【置顶】" not in label]


def test_the_pages_of_a_section_list_each_article_once(portal):
    path, pages, listed = "/news/gnwbzhdt/", [], []
    while path:
        text = portal.gemini(path).text
        check_gemtext(text)
        pages.append(path)
        listed.extend(entries(text))
        to = [x[1] for x in gemtext(text)
              if x[0] == "link" and x[2].startswith("下一页")]
        path = to[0] if to else None
    total = int(re.search("，(\\d+) 篇文章", text)[1])
    assert len(pages) == (total + 19) // 20 >= 3
    assert f"第 {len(pages)} 页，共 {len(pages)} 页" in text
    assert len(listed) == len(set(listed)) == total  # each once, none pinned
    days = [label[:10] for _, label in listed]
    assert days == sorted(days, reverse=True)
    assert {f"/article/{91000 + n}" for n in range(1, 46)} <= {
        address for address, _ in listed}
    # And back again.
    for page in reversed(pages[:-1]):
        previous = [x[1] for x in gemtext(text)
                    if x[0] == "link" and x[2].startswith("上一页")]
        assert previous == [page]
        text = portal.gemini(page).text


def test_a_typed_number_leads_to_that_page(portal):
    prompt = portal.gemini("/news/gnwbzhdt/goto")
    assert prompt.status == 10 and prompt.meta.startswith("Page ")
    answer = portal.gemini("/news/gnwbzhdt/goto?2")
    assert (answer.status, answer.meta) == (30, "/news/gnwbzhdt/page/2")
    # Wide digits are digits, too.
    wide = urllib.parse.quote("２")
    assert portal.gemini(f"/news/gnwbzhdt/goto?{wide}").meta == answer.meta
    for word in ("0", "x", "-1", "1.5", "9" * 12, "", "%20", "99", "999999999"):
        answer = portal.gemini(f"/news/gnwbzhdt/goto?{word}")
        assert answer.status == 10 and "请输入 1 到" in answer.meta, word
    assert portal.gemini("/news/gnwbzhdt/page/99").status == 51
    assert portal.gopher("/news/gnwbzhdt/goto", "2") == portal.gopher(
        "/news/gnwbzhdt/page/2")


def test_the_years_of_a_section_list_each_article(portal):
    years = [x for x in gemtext(portal.gemini("/news/gnwbzhdt/year/").text)
             if x[0] == "link" and re.search("年$", x[2])]
    assert len(years) >= 2
    seen = set()
    for _, address, label in years:
        year = re.search(r"(\d{4}) 年", label)[1]
        path = address
        while path:
            text = portal.gemini(path).text
            for entry, title in entries(text):
                assert title.startswith(year)
                seen.add(entry)
            path = next((x[1] for x in gemtext(text) if x[0] == "link"
                         and x[2].startswith("下一页")), None)
    section = portal.gemini("/news/gnwbzhdt/").text
    assert len(seen) == int(re.search("，(\\d+) 篇文章", section)[1])


def test_each_search_answers_or_asks_again(portal):
    for kind in ("title", "text", "all"):
        prompt = portal.gemini(f"/search/{kind}")
        assert prompt.status == 10 and prompt.meta.startswith("Search ")
        asked = urllib.parse.quote(WORD)
        answer = portal.gemini(f"/search/{kind}?{asked}")
        assert answer.status == 20
        assert entries(answer.text), kind
        # The address that has the words in it says the same.
        assert portal.gemini(f"/search/{kind}/{asked}/").text == answer.text
    for words in ('"', "'", "*", "AND", "NEAR(a b)", "a:b", "-x", "%", "_",
                  "{", "^", "a OR", "；", "\u3000", "x" * 300, "标" * 100,
                  "' OR 1=1 --", "../..", "a/b", "?", "#", ".", ".."):
        for kind in ("title", "text", "source", "zcfg", "all"):
            quoted = urllib.parse.quote(words, safe="")
            answer = portal.gemini(f"/search/{kind}?{quoted}")
            check_menu(portal.gopher(f"/search/{kind}", words))
            if answer.status == 10:  # nothing to look for
                assert answer.meta.startswith("Search 没有可以查找的文字")
                assert not re.search("[^\\W_]", words), words
                continue
            assert answer.status == 20, (kind, words, answer.header)
            check_gemtext(answer.text)


def quoted(words):
    return urllib.parse.quote(words, safe="")


@pytest.mark.parametrize("path,words,shown", [
    ("/search/all", "gbt 19001", "GB/T 19001-2016"),
    ("/search/all", "质量管理", "## 标准名称"),
    ("/search/title", "标准", "按标题搜索：标准"),
    ("/search/source", "编辑部", "按来源搜索：编辑部"),
    ("/search/zcfg", "标准", "找到"),
    ("/standard/find", "质量管理", "# 标准查询：质量管理"),
    ("/standard/find", "gbt 19001", "全部版本"),
    ("/standard/find", "GB/T 19001-1901", "其他年代号"),
    ("/standard/find", "GB/T l9001", "看作数字"),
    ("/standard/find", "19001", "顺序号同为 19001"),
    ("/standard/find", "GB/T 19001-2016, ISO 9001:2015", "查询几个标准号"),
    ("/standard/name", "质量管理", "# 标准查询：质量管理"),
    ("/standard/list/-/ics:03/number/within", "质量", "# 标准查询：质量"),
    ("/standard/list/质量/-/number/within", "管理", "# 标准查询：质量 管理"),
    ("/validity/quick", "GB/T 19001-2016", "结论：")])
def test_an_answer_comes_at_once(portal, path, words, shown):
    """A redirect would cost a handshake, and some clients ask before it."""
    asked = f"{urllib.parse.quote(path)}?{quoted(words)}"
    answer = portal.gemini(asked)
    assert answer.status == 20 and shown in answer.text
    check_gemtext(answer.text)
    # Nothing of the query is in a link: pages have addresses of their own.
    for line in gemtext(answer.text):
        if line[0] == "link":
            assert "?" not in line[1], line
    menu = "\n".join(x.text for x in portal.menu(path, words))
    assert shown.removeprefix("# ").removeprefix("## ") in menu


@pytest.mark.parametrize("path,words,to", [
    ("/standard/find", "gbt19001-2016",
     "/standard/GB-T-19001-2016?gbt19001-2016"),
    ("/standard/find", "03.120.10", "/ics/03.120.10"),
    ("/standard/find", "a00", "/ccs/A00"),
    ("/news/gnwbzhdt/goto", "2", "/news/gnwbzhdt/page/2")])
def test_what_means_one_page_leads_there(portal, path, words, to):
    answer = portal.gemini(f"{path}?{quoted(words)}")
    assert (answer.status, answer.meta) == (30, to)
    assert portal.gemini(to).status == 20


# What a prompt cannot use, for each page that asks without a seal.
@pytest.mark.parametrize("words", ["", " ", "，", "!!", "……", "\u3000", "《》",
                                   "。。。", "-", "()", "“”"])
def test_nothing_to_look_for_asks_again(portal, words):
    for path in ("/search/all", "/search/title", "/search/text",
                 "/search/source", "/search/zcfg", "/standard/find",
                 "/standard/name", "/standard/list/-/-/number/within",
                 "/validity/quick", "/validity/report/find",
                 "/calendar/goto", "/news/zcfg/goto"):
        answer = portal.gemini(f"{path}?{quoted(words)}")
        assert answer.status == 10, (path, answer.header)
        assert re.match(r"[A-Z][a-z]+ ", answer.meta), answer.meta
        assert answer.meta != portal.gemini(path).meta, "no reason is told"
        items = portal.menu(path, words)
        assert [x.selector for x in items if x.type == "7"] == [path]


# --- hostile requests and hostile articles ------------------------------------

FORGED = "%0D%0A20%20text/gemini%0D%0A%23%20Forged"


def one_of_each_kind(pages):
    kinds = {}
    for path in pages:
        kinds.setdefault(kind_of(path.partition("?")[0]),
                         path.partition("?")[0])
    return kinds.items()


def test_no_header_can_be_forged(portal, gemini_pages):
    bad, tried = [], 0
    for kind, path in one_of_each_kind(gemini_pages):
        tries = [f"{path}?{FORGED}", f"{path}/{FORGED}", f"{path}%0D%0A"]
        parts = path.split("/")
        for n, part in enumerate(kind.split("/")):
            if "*" in part:
                for word in (FORGED, "%0A", "x%00", "%1B%5B31m"):
                    tries.append("/".join([*parts[:n], word, *parts[n + 1:]]))
        for line in tries:
            tried += 1
            answer = portal.gemini(line)
            allowed = (10, 20, 30, 31, 51, 52, 59) if "?" in line else (59,)
            if line.startswith("/my/"):
                allowed += (60,)
            try:
                assert answer.status in allowed, answer.header
                assert answer.closed_cleanly
                if answer.status != 20:
                    assert answer.raw.count(b"\n") == 1
                if answer.status not in (30, 31):  # there, percent-encoded
                    assert "Forged" not in answer.meta, answer.meta
                elif answer.meta.startswith("text/gemini"):
                    check_gemtext(answer.text)
                    assert not re.search("^# Forged", answer.text, re.M)
            except AssertionError as error:
                bad.append((line, str(error)[:200]))
    complain(bad)
    assert tried > 100


def test_no_item_can_be_forged(portal, gopher_pages):
    """Words and selectors with what would end a field or a line."""
    bad, seen = [], set()
    forged = "x\t1Forged\t/forged\tforged.example\t70"
    for kind, selector, _ in gopher_pages:
        if kind_of(selector) in seen:
            continue
        seen.add(kind_of(selector))
        for line in (f"{selector}\t{forged}", f"{selector}%0D%0A1Forged",
                     f"{selector}\ta\x0bb", f"{selector}\x1b[31m"):
            raw = portal.gopher(line)
            # As words it may be shown, never as fields of a line.
            if re.search(rb"^1Forged|\t/?forged", raw, re.M):
                bad.append((line, raw[:200]))
            if raw.startswith((b"i", b"3")) and raw.endswith(b"\r\n.\r\n"):
                check_menu(raw)
    complain(bad)


def acts(text, trim):
    """What of a page leads somewhere or structures it."""
    return [line[0] for line in gemtext(text, trim)
            if line[0] in ("link", "heading", "toggle", "item")]


@pytest.mark.parametrize("number", range(1, len(VILE) + 1),
                         ids=[ascii(x)[:24] for x in VILE])
def test_a_vile_article_has_the_lines_of_a_harmless_one(portal, number):
    """It has as many links, headings and groups as a harmless one."""
    harmless = portal.gemini("/article/92000").text
    text = portal.gemini(f"/article/{92000 + number}").text
    check_gemtext(text)
    # The newest of them has no newer one of its year beside it.
    for trim in (False, True):
        assert acts(text, trim) == acts(harmless, trim)
    for line in gemtext(text, trim=True):
        if line[0] == "link":
            assert re.match("(/|https://harmless.example/$)", line[1])
            assert "evil" not in line[1]
    raw = portal.gopher(f"/article/{92000 + number}")
    body = check_text(raw, 67, "\r\n")
    for address in re.findall(r"^\[\d+\] (.*)$", body, re.M):
        assert "evil" not in address


def test_vile_articles_spoil_no_list(portal):
    paths = ["/", "/news/bzfbdt/", "/news/bzfbdt/page/2", "/feed",
             "/news/bzfbdt/feed", "/news/bzfbdt/year/2020/",
             "/search/text/%E6%AD%A3%E6%96%87/", "/search/title/evil/",
             "/search/source/evil/"]
    seen = 0
    for path in paths:
        answer = portal.gemini(path)
        if answer.status == 51:
            continue
        seen += len(re.findall("/article/920", answer.text))
        check_gemtext(answer.text)
        exact, trimmed = gemtext(answer.text), gemtext(answer.text, True)
        assert [x[0] for x in exact] == [x[0] for x in trimmed], path
        for line in trimmed:
            assert line[0] != "link" or re.match(r"/[a-z]*", line[1]), path
            assert line[0] != "link" or "//evil" not in line[1]
        for item in check_menu(portal.gopher(
                urllib.parse.unquote(path))):
            assert item.host in ("localhost", "error.host"), path
            assert item.type in "i017h", path
    assert seen >= len(VILE)
    for path in ("/atom.xml", "/news/bzfbdt/atom.xml"):
        root = xml.etree.ElementTree.fromstring(portal.gemini(path).text)
        tags = {element.tag for element in root.iter()}
        assert not [tag for tag in tags if "evil" in tag]
        titles = [x.findtext(f"{ATOM}title")
                  for x in root.findall(f"{ATOM}entry")]
        assert all(titles)


def test_no_link_leaves_by_itself(gemini_pages):
    """Links to other hosts name a scheme that readers know."""
    bad = []
    for path, (answer, _) in gemini_pages.items():
        if answer.status == 20 and answer.meta.startswith("text/gemini"):
            for line in gemtext(answer.text):
                if line[0] == "link" and own_path(line[1], path) is None \
                        and not re.match("(https?|gemini|gopher|mailto|titan)"
                                         ":", line[1]):
                    bad.append((path, line))
    complain(bad)


# --- files for machines ----------------------------------------------------------


def test_robots_txt_is_the_same_over_both(portal):
    text = portal.gemini("/robots.txt")
    assert text.meta.startswith("text/plain")
    assert re.search(r"^User-agent: \*$", text.text, re.M)
    assert re.search(r"^Disallow: /search/", text.text, re.M)
    assert portal.gopher("robots.txt") == portal.gopher("/robots.txt") == (
        text.body)


def test_security_txt_names_a_contact(portal):
    for text in (portal.gemini("/.well-known/security.txt").text,
                 portal.gopher("/.well-known/security.txt").decode()):
        assert re.search(r"^Contact: (gemini|gopher)://localhost", text, re.M)
        assert re.search(r"^Expires: \d{4}-\d\d-\d\dT", text, re.M)


def test_no_path_shows_what_is_behind(portal):
    for path in ("/capsule.ini", "/pages/index.gmi",
                 "/schema/001-019_articles.sql",
                 "/content/010_sections.sql", "/import/article.sql",
                 "/static/robots.txt", "/_home", "/_home.gmi", "/portal.db",
                 "/var/portal.db", "/.git/config", "/article/_find",
                 "/index.gmi", "/index", "/atom"):
        assert portal.gemini(path).status == 51, path
        check_error(portal.gopher(path), 404)
