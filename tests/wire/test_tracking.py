# SPDX-License-Identifier: ISC
"""标准跟踪 by following only what pages show: from a standard's page into a
list, from a pasted text, an import that changes it, the private feed, and the
night that the calendar alone changes it."""

import re
import sqlite3
import time

import pytest

from conftest import Server, gemini_raw, run_guiju
from portal import CAPSULE
import test_my
from test_my import register

pytestmark = [pytest.mark.portal, pytest.mark.pages]

HEADER = "number,title_zh,status_zh,issued,implemented,replaces,source\n"
OLD = "GB/T 99001-2010,试验方法,现行,2010-01-01,2010-06-01,,x\n"
NEW = "GB/T 99001-2026,试验方法,现行,2026-11-01,2027-06-01,GB/T 99001-2010,x\n"


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    running = Server(CAPSULE, tmp_path_factory.mktemp("tracking"),
                     ["--workers", "1"])
    bring(running, "old.csv", OLD)
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


def step(*arguments):
    """As test_my.step; the path without the token of a notice."""
    path, answer = test_my.step(*arguments)
    return path.split("?.")[0], answer


def bring(server, name, rows):
    path = server.state / name
    path.write_text(HEADER + rows, encoding="utf-8")
    done = run_guiju("import", "standards", "--quiet", "--capsule", CAPSULE,
                     "--state", server.state, path)
    assert done.returncode == 0, done.stderr


def ask(server, statement):
    with sqlite3.connect(server.state / "portal.db") as db:
        return db.execute(statement).fetchall()


def follow(server, name, kind, number):
    """A list of the account of that name, which follows so many absent
    things."""
    done = run_guiju(
        "sql", "--write", "--state", server.state, "--capsule", CAPSULE,
        f"""INSERT INTO watch_list (account_id, name, token, created)
        SELECT id, '{kind} {number}', lower(hex(randomblob(16))), 0
        FROM account WHERE name = '{name}';
        INSERT INTO watch_item (list_id, kind, value, label, created)
        WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n
            WHERE n < {number})
        SELECT (SELECT max(id) FROM watch_list), '{kind}', 'absent ' || n,
            'absent', 0 FROM n;""")
    assert done.returncode == 0, done.stderr


def test_an_account_follows_so_much(portal, make_identity):
    zhou = make_identity("zhou").pair
    register(portal, "/my/", "周很多", zhou)
    path, _ = step(portal, "/my/track/", "新建清单", zhou, "一份")
    follow(portal, "周很多", "search", 49)
    _, page = step(portal, path, "添加检索词", zhou, "天平")
    assert "跟踪 1 项" in page.text
    _, page = step(portal, path, "添加检索词", zhou, "砝码")
    assert page.status == 59 and "50 个检索词" in page.meta
    _, page = step(portal, path, "添加标准", zhou, "GB/T 98765-2026")
    assert "跟踪 2 项" in page.text
    for _ in range(2):
        follow(portal, "周很多", "family", 10000 - 26)
        ask(portal, "UPDATE watch_list SET name = 'list ' || id")
    follow(portal, "周很多", "family", 1)
    _, page = step(portal, path, "添加标准", zhou, "GB/T 98766-2026")
    assert page.status == 59 and "20000 项" in page.meta
    _, page = step(portal, path + "items/1", "GB/T 98765", zhou, None)
    assert page.status == 20
    ask(portal, "DELETE FROM watch_item WHERE value = 'absent 7'")
    _, page = step(portal, path, "添加标准", zhou, "GB/T 98766-2026")
    assert "跟踪 3 项" in page.text


def test_a_list_is_told_of_what_changes(portal, make_identity):
    mei = make_identity("mei").pair
    lan = make_identity("lan").pair
    register(portal, "/my/", "钱跟踪", mei)
    register(portal, "/my/", "孙跟踪", lan)
    # From the page of a standard, with a new list on the way.
    path, page = step(portal, "/standard/GB-T-99001-2010", "加入跟踪：这一版",
                      mei, None)
    path, page = step(portal, path, "新建一份清单", mei, "实验室")
    assert "# 实验室" in page.text and "跟踪 1 项" in page.text
    own = path
    # Typed: one of them is there already, one is a family, one is unknown.
    _, page = step(portal, own, "添加标准", mei,
                   "GB/T 99001-2010，GB/T 99001，GB/T 98765-2026")
    assert "跟踪 3 项" in page.text and "未读变化（0）" in page.text
    items = portal.gemini(own + "items/1", cert=mei).text
    assert "GB/T 98765-2026（未收录）" in items
    assert "GB/T 99001（各版）" in items
    # Another reader's list is not there.
    assert portal.gemini(own, cert=lan).header == portal.gemini(
        "/my/track/99/", cert=lan).header
    feed = re.search(r"/track/feed/[0-9a-f]{32}/", page.text).group()
    assert "还没有变化" in portal.gemini(feed).text

    bring(portal, "new.csv", NEW)
    page = portal.gemini(own, cert=mei).text
    assert "未读变化（2）" in page
    assert "GB/T 99001-2010 出现新版 GB/T 99001-2026，2027-06-01 实施" in page
    assert "GB/T 99001-2026 新标准，2027-06-01 实施" in page
    assert "跟踪的标准有 2 条未读变化" in portal.gemini("/my/", cert=mei).text
    assert "出现新版" in portal.gemini(feed).text
    # Gopher is read by anybody on the way.
    assert portal.gopher(feed).startswith(b"3")
    assert portal.gopher(feed + "atom.xml").startswith(b"3")
    atom = portal.gemini(feed + "atom.xml")
    assert atom.status == 20 and "GB/T 99001-2026 新标准" in atom.text
    change = re.search(r"/track/change/\d+", page).group()
    assert "自何日起" in portal.gemini(change).text
    # The same file again is no news.
    bring(portal, "again.csv", NEW)
    assert "未读变化（2）" in portal.gemini(own, cert=mei).text
    assert "GB/T 98765-2026" in portal.gemini(
        "/my/data/all.txt", cert=mei).text

    # What comes after the page that is confirmed stays unread.
    newest = "event_id = (SELECT max(event_id) FROM watch_notice)"
    with sqlite3.connect(portal.state / "portal.db", timeout=20) as db:
        db.execute(f"UPDATE watch_notice SET read_at = 1 WHERE {newest}")
    to = portal.gemini(own, cert=mei).link("全部标为已读")
    with sqlite3.connect(portal.state / "portal.db", timeout=20) as db:
        db.execute(f"UPDATE watch_notice SET read_at = NULL WHERE {newest}")
    prompt = portal.gemini(own + to, cert=mei).meta
    assert "1 条未读变化" in portal.gemini(prompt, cert=mei).meta
    assert portal.gemini(prompt + "?y", cert=mei).status == 30
    assert "未读变化（1）" in portal.gemini(own, cert=mei).text
    _, page = step(portal, own, "全部标为已读", mei, "是")
    assert "未读变化（0）" in page.text and "历史记录（2 条）" in page.text
    _, page = step(portal, own, "换一个新的订阅地址", mei, "是")
    assert portal.gemini(feed).status == 51
    assert feed not in page.text
    path, page = step(portal, own, "删除这份清单", mei, "删除")
    assert path == "/my/track/" and "您还没有清单" in page.text
    assert ask(portal, "SELECT count(*) FROM watch_notice") == [(0,)]


def upload(server, path, text, cert):
    """Send a text by Titan: the answer."""
    body = text.encode()
    line = f"titan://{server.host}:{server.gemini_port}{path}" \
           f";mime=text/plain;size={len(body)}\r\n"
    return gemini_raw(server.gemini_port, line.encode() + body, cert=cert)


def test_an_upload_says_of_each_line_what_became_of_it(portal, make_identity):
    han = make_identity("han").pair
    lu = make_identity("lu").pair
    register(portal, "/my/", "韩上传", han)
    register(portal, "/my/", "陆别人", lu)
    path, _ = step(portal, "/my/track/", "新建清单", han, "上传")
    step(portal, path, "添加标准", han, "GB/T 99001-2010")
    shown = portal.gemini(path + "lines/", cert=han)
    assert f"titan://{portal.host}:{portal.gemini_port}{path}lines/upload" in \
        shown.text
    lines = ["GB/T 1.1-2020", "gbt99001-2010 试验方法", "", "没有号码的一行",
             "GB/T 7714", " GB/T 1.1-2020 ", "a\\nb \\ \"c\"", "ISO 9001:2015",
             "GB/T 7714-2015", "GB/T 1.1—2020"]
    answer = upload(portal, path + "lines/upload", "\r\n".join(lines), han)
    assert answer.status == 20, answer.header
    assert re.search(r"加入：4 行\n第 1、5、8–9 行", answer.text), answer.text
    assert re.search(r"重复，不再加入：3 行\n第 2、6、10 行", answer.text)
    assert re.search(r"没有看懂，没有加入：2 行\n第 4、7 行\n"
                     r"> 4　没有号码的一行\n> 7　a nb   \"c\"\n", answer.text)
    assert "跟踪 5 项" in portal.gemini(path, cert=han).text
    # Once more: all is there already.
    answer = upload(portal, path + "lines/upload", "\r\n".join(lines), han)
    assert "加入：0 行" in answer.text and "重复，不再加入：7 行" in answer.text
    # Another's list is not there, and nothing is added to it.
    for other in (path, "/my/track/999/"):
        assert upload(portal, other + "lines/upload", "GB 1-2000", lu).header == \
            "51 No such list 没有这份清单"
    assert upload(portal, path + "lines/upload", "GB 1-2000", None).status == 60
    assert upload(portal, path + "lines/upload", "\n \n", han).status == 59
    # A mebibyte of short lines is refused as what it is, not for its time.
    for line in ("GB 1\n", "GB 1\r\n", "x\n"):
        full = upload(portal, path + "lines/upload",
                      line * (1048576 // len(line)), han)
        assert full.status == 59 and "最多 10000 行" in full.meta, line
    assert "跟踪 5 项" in portal.gemini(path, cert=han).text


def test_what_is_typed_is_told_of_as_well(portal, make_identity):
    """Nothing of what a reader types is dropped in silence. Digits alone may
    be of several families: nothing is followed in their place."""
    tang = make_identity("tang").pair
    register(portal, "/my/", "唐输入", tang)
    path, _ = step(portal, "/my/track/", "新建清单", tang, "输入")
    _, answer = step(portal, path, "添加标准", tang,
                     "GB/T 99001-2010、19001，椰子, gbt 99001-2010")
    assert "加入 1 项，1 项重复，2 项没有看懂：19001、椰子\n" in answer.text
    assert "跟踪 1 项" in answer.text
    _, answer = step(portal, path, "添加标准", tang, "GB/T 99001-2010")
    assert "加入 0 项，1 项重复\n" in answer.text
    line = "\r\n".join(["19001", "GB/T 99002-2010"])
    answer = upload(portal, path + "lines/upload", line, tang)
    assert "没有看懂，没有加入：1 行\n第 1 行\n" in answer.text


def test_ten_thousand_lines_come_at_once(portal, make_identity):
    xu = make_identity("xu").pair
    register(portal, "/my/", "许很多", xu)
    path, _ = step(portal, "/my/track/", "新建清单", xu, "一万")
    lines = [f"GB/T {n}-2020" for n in range(100001, 110002)]
    answer = upload(portal, path + "lines/upload", "\n".join(lines), xu)
    assert answer.status == 59 and "10001 行" in answer.meta
    for _ in range(20):
        answer = upload(portal, path + "lines/upload", "\n".join(lines[1:]),
                        xu)
        if answer.status != 44:  # a busy machine
            break
        time.sleep(int(answer.meta))
    assert answer.status == 20, answer.header
    assert "加入：10000 行\n第 1–10000 行" in answer.text
    assert "跟踪 10000 项" in portal.gemini(path, cert=xu).text


def test_the_night_notes_what_a_large_upload_follows(portal, make_identity):
    xie = make_identity("xie").pair
    register(portal, "/my/", "谢大批", xie)
    numbers = [f"GB/T {n}-2020" for n in range(200001, 202101)]
    bring(portal, "many.csv", "".join(
        f"{number},大批,现行,2020-01-01,2020-06-01,,x\n" for number in numbers))
    path, _ = step(portal, "/my/track/", "新建清单", xie, "大批")
    lines = numbers[1:] + ["GB/T 200001", "GB/T 299999-2026"]
    answer = upload(portal, path + "lines/upload", "\n".join(lines), xie)
    assert answer.status == 20, answer.header
    assert "今天夜里记下" in answer.text
    noted = ("SELECT count(*) FROM watch_edition w JOIN standard s ON"
             " s.id = w.standard_id WHERE s.name = '大批'")
    assert ask(portal, noted) == [(0,)]
    # What comes before the night is told, where it is new.
    bring(portal, "first.csv",
          "GB/T 299999-2026,来了,现行,2026-10-01,2027-01-01,,x\n")
    assert "未读变化（1）" in portal.gemini(path, cert=xie).text
    done = run_guiju("nightly", "--state", portal.state, CAPSULE)
    assert done.returncode == 0, done.stderr
    ask(portal, "DELETE FROM guiju_night")  # there is another tonight
    ask(portal, "UPDATE watch_round SET night = ''")
    assert ask(portal, noted) == [(2100,)]
    assert ask(portal, "SELECT 1 FROM watch_item"
               " WHERE filled IS NOT NULL") == []
    assert "未读变化（1）" in portal.gemini(path, cert=xie).text
    bring(portal, "changed.csv",
          "GB/T 200777-2020,大批,废止,2020-01-01,2020-06-01,,x\n")
    assert "未读变化（2）" in portal.gemini(path, cert=xie).text


def test_a_change_tells_no_list(portal, make_identity):
    """The addresses of changes can be counted through."""
    jia = make_identity("jia").pair
    register(portal, "/my/", "贾秘密", jia)
    path, _ = step(portal, "/my/track/", "新建清单", jia, "贾的清单")
    step(portal, path, "写备注", jia, "贾的备注")
    step(portal, path, "添加标准", jia, "GB/T 95001-2026")
    bring(portal, "jia.csv", "GB/T 95001-2026,秘密,现行,2026-10-01,2027-01-01,,x\n")
    assert "未读变化（1）" in portal.gemini(path, cert=jia).text
    last, = ask(portal, "SELECT max(id) FROM watch_event")[0]
    token, = ask(portal, "SELECT token FROM watch_list WHERE name = '贾的清单'")[0]
    number = path.split("/")[3]
    for event in range(1, last + 1):
        answer = portal.gemini(f"/track/change/{event}")
        raw = portal.gopher(f"/track/change/{event}").decode()
        for text in (answer.body.decode(), raw):
            for secret in ("贾", token, f"/my/track/{number}"):
                assert secret not in text
    assert "95001" in portal.gemini(f"/track/change/{last}").text


def test_the_night_finds_what_the_calendar_changes(portal, make_identity):
    cheng = make_identity("cheng").pair
    register(portal, "/my/", "李日历", cheng)
    bring(portal, "soon.csv",
          "GB/T 97001-2026,日历,现行,2026-01-01,2026-02-01,,x\n"
          "GB/T 97002-2026,甲类,现行,2026-01-01,2026-02-01,,x\n"
          "GB/T 97003-2026,乙类,现行,2026-01-01,2026-02-01,,x\n"
          "GB/T 97004-2026,丙类,现行,2026-01-01,2026-02-01,,x\n")
    path, _ = step(portal, "/standard/GB-T-97001-2026", "加入跟踪：各版", cheng,
                   None)
    path, page = step(portal, path, "新建一份清单", cheng, "日历")
    # As if it had been seen before it was in force.
    with sqlite3.connect(portal.state / "portal.db") as db:
        db.execute("UPDATE watch_edition SET status = '即将实施' WHERE"
                   " standard_id = (SELECT id FROM standard"
                   " WHERE key = 'GB-T-97001-2026')")
    # Classes: the night notes their editions, which are no news.
    done = run_guiju(
        "sql", "--write", "--state", portal.state, "--capsule", CAPSULE,
        """UPDATE standard SET ccs = 'A00' WHERE key = 'GB-T-97002-2026';
        UPDATE standard SET ics = '01.040 03.120.10'
            WHERE key = 'GB-T-97003-2026';
        UPDATE standard SET ccs = 'B00', ics = '13.020'
            WHERE key = 'GB-T-97004-2026';
        INSERT INTO watch_item (list_id, kind, value, label, created)
        SELECT max(id), column1, column2, column2, 0 FROM watch_list,
            (VALUES ('ccs', 'A'), ('ics', '03')) GROUP BY column1;""")
    assert done.returncode == 0, done.stderr
    # An account that nobody has used for years follows much.
    register(portal, "/my/", "郑过期", make_identity("zheng").pair)
    follow(portal, "郑过期", "family", 5000)
    ask(portal, "UPDATE account SET last_seen = 0 WHERE name = '郑过期'")
    for _ in range(2):  # once a day, whatever happens
        done = run_guiju("nightly", "--state", portal.state, CAPSULE)
        assert done.returncode == 0, done.stderr
        page = portal.gemini(path, cert=cheng).text
        assert "未读变化（1）" in page
        assert "GB/T 97001-2026 2026-02-01 起现行" in page
    assert ask(portal, "SELECT number FROM standard JOIN watch_edition"
               " ON standard_id = id WHERE number LIKE 'GB/T 9700%'"
               " ORDER BY 1") == [("GB/T 97001-2026",),
                                  ("GB/T 97002-2026",), ("GB/T 97003-2026",)]
    assert ask(portal, "SELECT 1 FROM watch_item"
               " WHERE filled IS NOT NULL") == []
    assert ask(portal, "SELECT count(*) FROM account"
               " WHERE name = '郑过期'") == [(0,)]
    assert ask(portal, "SELECT count(*) FROM watch_item"
               " WHERE label = 'absent' AND list_id NOT IN"
               " (SELECT id FROM watch_list)") == [(0,)]


def test_a_search_and_a_class_are_told_of_new_standards(portal, make_identity):
    wu = make_identity("wu").pair
    register(portal, "/my/", "吴检索", wu)
    path, _ = step(portal, "/my/track/", "新建清单", wu, "检索")
    _, page = step(portal, path, "添加检索词", wu, "量子秤")
    assert "跟踪 1 项" in page.text
    bring(portal, "found.csv",
          "GB/T 96001-2026,量子秤通则,现行,2026-10-01,2027-01-01,,x\n"
          "GB/T 96002-2001,量子秤旧版,现行,2001-10-01,2002-01-01,,x\n"
          "GB/T 96003-2026,别的,现行,2026-10-01,2027-01-01,,x\n")
    page = portal.gemini(path, cert=wu).text
    assert "未读变化（1）" in page and "GB/T 96001-2026 新标准" in page
    public = portal.gemini("/standard/GB-T-96001-2026/feed").text
    assert "2026-10-01 GB/T 96001-2026 发布" in public
    day = portal.gemini("/standard/GB-T-96001-2026/on/2026-12-31").text
    assert "2026-12-31 的状态：即将实施" in day
    assert portal.gemini("/standard/GB-T-96001-2026/atom.xml").status == 20
    listed = portal.gemini(
        "/standard/list/%E9%87%8F%E5%AD%90%E7%A7%A4/-/issued/feed").text
    assert "2026-10-01 GB/T 96001-2026 量子秤通则" in listed
