# SPDX-License-Identifier: ISC
"""What becomes of the portal's addresses: withdrawn, merged, renamed."""

import contextlib
import sqlite3
import urllib.parse

import pytest

from conftest import ROOT, Server, run_guiju
from rules import check_error

pytestmark = pytest.mark.portal

CAPSULE = ROOT / "capsule"
WITHDRAWN = (4, 5, 6, 7, 13, *range(20, 29))
# Readers see nothing of them.
UNSEEN = [1, 9, 10, 11, 12, 13, 27, 31, 127, 0x85, 0x9F, 0xA0, 0xAD, 0x1680,
          0x180E, 0x2003, 0x200B, 0x200E, 0x2028, 0x2029, 0x202E, 0x202F,
          0x205F, 0x2060, 0x2066, 0x3000, 0x3164, 0xFE0F, 0xFEFF]


def fill(state, capsule=CAPSULE):
    done = run_guiju("import", "article", "--quiet", "--capsule", capsule,
                     "--state", state, CAPSULE / "content/articles")
    assert done.returncode == 0, done.stderr
    return contextlib.closing(sqlite3.connect(state / "portal.db"))


def id_of(db, table, where):
    return db.execute(f"SELECT id, slug FROM {table} WHERE {where} "
                      "ORDER BY id LIMIT 1").fetchone()


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """A portal in which much has moved: (server, slugs)."""
    folder = tmp_path_factory.mktemp("addresses")
    with fill(folder / "var") as db:
        news, news_slug = id_of(db, "section", "kind = 'news'")
        page, page_slug = id_of(db, "section", "kind = 'page'")
        services, _ = id_of(db, "section", "kind = 'services'")
        service, service_slug = id_of(db, "service", "1")
        db.executemany("UPDATE article SET status = 'withdrawn', "
                       "reason = '已并入他文' WHERE id = ?",
                       [(n,) for n in WITHDRAWN])
        for column, rows in {
                "article_id": [
                    ("/article/4", 8), ("/article/5", 4), ("/article/6", 6),
                    ("/article/7", 13), ("/article/13", 7),
                    ("/gzdt/2019/x.html", 9), ("/show.asp?id=12", 10),
                    ("/旧闻/一.html", 11), ("/%E6%97%A7/2", 12),
                    ("/article/777", 5), ("/article/8", 9),
                    ("/Show.ASP?ID=7", 10), ("/show.asp?id=7", 11),
                    ("/%e6%a0%87/1.htm", 12), ("/q.asp?w=%E6%A0%87", 14),
                    ("/Default.aspx?Id=3", 15), ("/empty.asp?", 16),
                    *((f"/article/{n}", n + 1) for n in range(20, 29))],
                "section_id": [
                    ("/news/old/", news), ("/news/older", news),
                    ("/page/old", page), ("/fuwu/", services)],
                "service_id": [("/service/old", service)]}.items():
            db.executemany(f"INSERT INTO old_address (path, {column}) "
                           "VALUES (?, ?)", rows)
        db.commit()
    server = Server(CAPSULE, folder, ["--workers", "1", "--host",
                                      "localhost"])
    yield server, {"news": news_slug, "page": page_slug,
                   "service": service_slug}
    assert server.stop() == 0, server.log
    server.check_sane()
    assert " error " not in server.log


@pytest.mark.parametrize("old, new", [
    ("/article/4", "/article/8"), ("/article/4/2", "/article/8"),
    ("/article/4/", "/article/8"), ("/article/4.txt", "/article/8.txt"),
    ("/article/5", "/article/8"), ("/article/777", "/article/8"),
    ("/gzdt/2019/x.html", "/article/9"), ("/gzdt/2019/x.html/", "/article/9"),
    ("/show.asp?id=12", "/article/10"), ("/旧闻/一.html", "/article/11"),
    ("/旧/2", "/article/12"), ("/GZDT/2019/X.HTML", "/article/9"),
    ("/Show.ASP?ID=7", "/article/10"), ("/show.asp?id=7", "/article/11"),
    ("/SHOW.asp?id=12", "/article/10"), ("/标/1.htm", "/article/12"),
    ("/标/1.HTM", "/article/12"), ("/q.asp?w=标", "/article/14"),
    ("/default.aspx?id=3", "/article/15"), ("/empty.asp", "/article/16"),
    ("/empty.asp?", "/article/16"), ("/article/20", "/article/29"),
    ("/article/27.txt", "/article/29.txt"), ("/News/Old/year/",
                                             "/news/{news}/year/"),
    ("/news/old/", "/news/{news}/"),
    ("/news/old", "/news/{news}/"), ("/news/old/year/", "/news/{news}/year/"),
    ("/news/old/.txt", "/news/{news}/.txt"),
    ("/news/old/atom.xml", "/news/{news}/atom.xml"),
    ("/news/older/feed", "/news/{news}/feed"),
    ("/page/old", "/page/{page}"), ("/page/old.txt", "/page/{page}.txt"),
    ("/page/old/", "/page/{page}"), ("/fuwu", "/service/"),
    ("/service/old", "/service/{service}")])
def test_an_old_address_leads_on(moved, old, new):
    server, slugs = moved
    answer = server.gemini(urllib.parse.quote(old, safe="/?="))
    assert (answer.status, answer.meta) == (31, new.format(**slugs))
    assert answer.closed_cleanly
    assert server.gemini(answer.meta).status == 20
    # A menu is there at once, a text is one item away.
    raw = server.gopher(old)
    assert not raw.startswith(b"3"), raw
    wanted = urllib.parse.unquote(answer.meta)
    assert raw == server.gopher(wanted) or \
        f"\t{wanted}\t".encode() in raw, raw


@pytest.mark.parametrize("path, status", [
    ("/article/6", 52), ("/article/7", 52), ("/article/13", 52),
    ("/gzdt/2019/", 51), ("/gzdt/2019/x.htm", 51), ("/show.asp?id=13", 51),
    ("/show.asp", 51), ("/news/old/year/1800/", 51), ("/page/old/more", 51),
    ("/news/oldest/", 51), ("/old_address", 51), ("/_missing", 51)])
def test_what_leads_nowhere_stays_what_it_is(moved, path, status):
    """Circles too: nobody is sent round, or for good to nothing."""
    server, _ = moved
    answer = server.gemini(path)
    assert answer.status == status and answer.closed_cleanly
    if status == 52:
        assert "已并入他文" in answer.meta
    check_error(server.gopher(path), 410 if status == 52 else 404)


def test_what_is_there_is_not_led_away(moved):
    assert moved[0].gemini("/article/8").status == 20


def test_withdrawn_articles_need_a_reason(tmp_path):
    with fill(tmp_path / "var") as db:
        for change in ("UPDATE article SET status = 'withdrawn' WHERE id = 3",
                       "UPDATE article SET status = 'withdrawn', reason = '' "
                       "WHERE id = 3",
                       "UPDATE article SET status = 'withdrawn', "
                       "reason = ' 　\t' WHERE id = 3",
                       *(f"UPDATE article SET status = 'withdrawn', reason = "
                         f"char({code}, 32, {code}) WHERE id = 3"
                         for code in UNSEEN),
                       "INSERT INTO article (section_id, status, published, "
                       "updated, title, body) SELECT section_id, 'withdrawn',"
                       " 0, 0, 'x', 'x' FROM article WHERE id = 3"):
            with pytest.raises(sqlite3.IntegrityError, match="reason"):
                db.execute(change)
        db.execute("UPDATE article SET status = 'withdrawn', "
                   "reason = '内容有误' WHERE id = 3")
        with pytest.raises(sqlite3.IntegrityError, match="reason"):
            db.execute("UPDATE article SET reason = NULL WHERE id = 3")
        db.execute("UPDATE article SET status = 'live', reason = NULL "
                   "WHERE id = 3")
