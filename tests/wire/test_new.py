# SPDX-License-Identifier: ISC
"""上次来访以后: what is new is listed until the reader says that it is seen,
whatever comes meanwhile, and for nobody who has not turned it on."""

import time

import pytest

from conftest import Server, run_guiju
from portal import CAPSULE
from test_contact import sql
from test_editors import add_account
from test_tracking import bring, step

pytestmark = [pytest.mark.portal, pytest.mark.pages]

NEW = "/my/new/"


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    running = Server(CAPSULE, tmp_path_factory.mktemp("new"),
                     ["--workers", "1"])
    bring(running, "old.csv",
          "GB/T 99001-2010,旧的,现行,2010-01-01,2010-06-01,,x\n")
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


def article(server, title, ago=0, section="gnwbzhdt"):
    done = run_guiju(
        "sql", "--write", "--capsule", CAPSULE, "--state", server.state,
        "INSERT INTO article (section_id, status, published, updated, title,"
        " body) SELECT id, 'live', now() - %d, now() - %d, '%s', 'x' FROM"
        " section WHERE slug = '%s'" % (ago, ago, title, section))
    assert done.returncode == 0, done.stderr


def test_what_is_new_stays_until_it_is_seen(portal, make_identity):
    who, other = make_identity("mo"), make_identity("ou")
    add_account(portal, who, "mo")
    add_account(portal, other, "ou")
    article(portal, "以前的文章", 60)
    shown = portal.gemini(NEW, cert=who.pair).text
    assert "以前的文章" not in shown and "打开" in shown
    assert sql(portal, "SELECT count(*) FROM news_mark") == [(0,)]
    _, shown = step(portal, NEW, "打开", who.pair, "是")
    assert "没有新的文章" in shown.text and "没有新的变化" in shown.text
    # New by its time; new by its coming, although its time is long past; and
    # one that is not due.
    article(portal, "刚来的文章")
    article(portal, "补录的文章", 10**7, "hnbzhdt")
    article(portal, "明天的文章", -86400)
    bring(portal, "new.csv",
          "GB/T 99002-2026,新的,现行,2026-11-01,2027-06-01,,x\n")
    shown = portal.gemini(NEW, cert=who.pair).text
    for said in ("国内外标准化动态（1 篇）", "刚来的文章", "补录的文章",
                 "GB/T 99002-2026 新的"):
        assert said in shown, said
    for said in ("明天的文章", "以前的文章", "GB/T 99001-2010"):
        assert said not in shown, said
    bring(portal, "changed.csv",
          "GB/T 99001-2010,旧的,废止,2010-01-01,2010-06-01,,x\n")
    assert "GB/T 99001-2010 旧的：日期或者状态有变" in \
        portal.gemini(NEW, cert=who.pair).text
    # What comes between the page and the mark is not seen.
    time.sleep(1.1)
    link = portal.gemini(NEW, cert=who.pair).link("全部标为已看")
    time.sleep(1.1)
    article(portal, "夹在中间的文章")
    prompt = portal.gemini(NEW + link, cert=who.pair).meta
    assert portal.gemini(prompt + "?y", cert=who.pair).status == 30
    shown = portal.gemini(NEW, cert=who.pair).text
    assert "夹在中间的文章" in shown
    for said in ("刚来的文章", "补录的文章", "GB/T 99002-2026"):
        assert said not in shown, said
    # Another reader has a mark of his own, or none.
    assert "打开以后" in portal.gemini(NEW, cert=other.pair).text
    assert portal.gemini(NEW).status == 60
    # A crafted address marks nothing that has not come, and unsees nothing.
    mark = sql(portal, "SELECT seen, article FROM news_mark")
    for crafted in ("99999999999/1/1/1/1", "x/1/1/1/1"):
        path = "/".join([NEW + "seen", crafted, link.split("/")[-1]])
        assert portal.gemini(path, cert=who.pair).status == 51
    _, shown = step(portal, NEW, "关闭", who.pair, "是")
    assert mark and sql(portal, "SELECT count(*) FROM news_mark") == [(0,)]


def test_ten_of_a_section_are_listed(portal, make_identity):
    who = make_identity("pan")
    add_account(portal, who, "pan")
    step(portal, NEW, "打开", who.pair, "是")
    for number in range(12):
        article(portal, f"第 {number} 篇", section="zcfg")
    shown = portal.gemini(NEW, cert=who.pair)
    assert "（12 篇）" in shown.text
    assert sum("篇" in label and label.startswith("2")
               for _, label in shown.links) == 10
    assert ("/news/zcfg/", "另外的在栏目里") in shown.links
    told = portal.gemini("/my/data/all.txt", cert=who.pair).text
    assert "上次来访以后（打开, 标为已看）\n2" in told
