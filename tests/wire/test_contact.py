# SPDX-License-Identifier: ISC
"""留言和意见: a message by one prompt, read again by its number and its code;
the editors' queue; the same at a shell by `guiju desk`."""

import json
import pathlib
import re
import signal
import sqlite3
import time
import urllib.parse
from datetime import datetime, timedelta

import pytest

from conftest import ROOT, Server, run_guiju
from portal import CAPSULE
from test_editors import add_account

pytestmark = [pytest.mark.portal, pytest.mark.pages]

DAY = 86400
RECEIPT = r"/contact/reply/(LY\d{4}-\d{6})/([0-9a-f]{12})/"


@pytest.fixture(scope="module")
def editor(make_identity):
    return make_identity("wang")


@pytest.fixture(scope="module")
def portal(tmp_path_factory, editor):
    running = Server(ROOT / "capsule", tmp_path_factory.mktemp("contact"))
    add_account(running, editor, "王编辑", "editor")
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


def sql(server, text, *values):
    with sqlite3.connect(server.state / "portal.db", timeout=20) as db:
        db.execute("PRAGMA foreign_keys = ON")
        # Triggers ask for the day in the zone of the capsule.
        db.create_function("local_day", 1, lambda seconds: str(
            (datetime(1970, 1, 1) + timedelta(seconds=seconds, hours=8)).date()))
        return db.execute(text, values).fetchall()


def path_of(address):
    return urllib.parse.urlsplit(address).path


def take(server, page, label, cert=None, say=None):
    """Take the one link with this label from a page, and answer its prompt:
    (the path where the reader is then, the answer there)."""
    answer = server.gemini(page, cert=cert)
    assert answer.status == 20, (page, answer.header)
    to = urllib.parse.urljoin(page, answer.link(label))
    answer = server.gemini(to, cert=cert)
    if cert is not None and answer.status == 30 and say is not None:
        to = answer.meta  # the prompt has an address of its own
        answer = server.gemini(to, cert=cert)
    if say is not None:
        assert answer.status == 10, answer.header
        answer = server.gemini(
            f"{to}?{urllib.parse.quote(say, safe='')}", cert=cert)
    if answer.status == 30:
        to = path_of(answer.meta)
        answer = server.gemini(answer.meta, cert=cert)  # with its notice
    return to, answer


def leave(server, words, label="留言咨询"):
    """Leave a message: (the path of its receipt, its number, its code)."""
    path, answer = take(server, "/contact/", label, say=words)
    assert answer.status == 20, answer.header
    return (path, *re.fullmatch(RECEIPT, path).groups())


def test_a_message_from_the_home_page_to_its_reply(portal, editor):
    page, _ = take(portal, "/", "联系我们")
    page, _ = take(portal, page, "在线留言和意见")
    path, receipt = take(portal, page, "留言咨询",
                         say="=> x://y/ GB/T 191 还有效吗？\n# 第二行")
    number, code = re.fullmatch(RECEIPT, path).groups()
    assert "状态：待处理" in receipt.text and number in receipt.text
    assert re.sub("-", "", re.search("查询码：(.*)", receipt.text)[1]) == code
    # What was written is shown as text.
    assert "\n> => x://y/ GB/T 191 还有效吗？\n> # 第二行\n" in receipt.text
    assert sql(portal, "SELECT state, kind FROM message WHERE number = ?",
               number) == [("待处理", "咨询")]

    # The editor comes to it from the first page of the editors.
    page, _ = take(portal, "/editor/", "待办的留言", editor.pair)
    page, _ = take(portal, page, number, editor.pair)
    page, shown = take(portal, page, "标为办理中", editor.pair, "三天内答复")
    assert "办理中" in shown.text
    page, shown = take(portal, page, "内部备注", editor.pair, "问过三室了")
    assert "王编辑：问过三室了" in shown.text
    page, shown = take(portal, page, "答复，写给读者", editor.pair, "有效。")
    assert "状态：已答复" in shown.text

    # By number and code, however they are typed.
    typed = f" {number.lower()}　{code[:4]}-{code[4:8]}-{code[8:]}".upper()
    found, reply = take(portal, "/contact/", "查看回复", say=typed)
    assert found == path
    assert "状态：已答复" in reply.text and "> 有效。" in reply.text
    assert reply.text.index("待处理") < reply.text.index("三天内答复")
    assert "三室" not in reply.text and "王编辑" not in reply.text

    # For everybody, in the editor's words.
    page, shown = take(portal, page, "公开问答", editor.pair, "旧版还有效吗？")
    assert page == "/contact/answer/"
    assert "## 旧版还有效吗？\n" in shown.text and "\n有效。\n" in shown.text
    assert number not in shown.text and "第二行" not in shown.text
    home = portal.gemini("/editor/", cert=editor.pair).text
    for act in ("办理中", "备注", "已答复", "公开问答"):
        assert f"王编辑　留言：{act}：{number}" in home


def test_what_is_another_s_is_answered_as_what_is_not_there(portal):
    mine, number, code = leave(portal, "我的留言")
    other, other_number, _ = leave(portal, "别人的留言")
    year = number[2:6]
    headers = {portal.gemini(path).header for path in (
        other.replace(other_number, number), mine.replace(code, "0" * 12),
        f"/contact/reply/LY{year}-999999/{code}/",
        f"/contact/reply/{number}/{code[:11]}/",
        f"/contact/reply/x/{code}/")}
    assert headers == {"51 No such message 没有这份留言，或者查询码不对"}
    prompts = {portal.gemini("/contact/reply/find?" + urllib.parse.quote(
        words)).header for words in (
            f"{other_number} {code}", f"{number} 000000000000",
            f"LY{year}-999999 {code}", number, "x")}
    assert len(prompts) == 1 and prompts.pop().startswith(
        "10 Number and code 没有这份留言")
    # Neither what was written nor the code is in the log.
    assert number in portal.log and code not in portal.log
    assert "%E6%88%91%E7%9A%84" not in portal.log
    assert "我的留言" not in portal.log
    # The code is not in the database, either.
    columns = sql(portal, "SELECT * FROM message WHERE number = ?", number)
    assert code not in str(columns)


def test_a_message_is_withdrawn_by_its_reader(portal, editor):
    path, number, _ = leave(portal, "写错了，请不要看", "提意见")
    _, asked = take(portal, path, "撤回", say="不")
    assert asked.status == 10
    there, answer = take(portal, path, "撤回", say="是")
    assert there == path and "已经按您的要求抹去" in answer.text
    assert "写错了" not in answer.text
    assert not any("撤回" in label for _, label in answer.links)
    assert sql(portal, "SELECT body, state FROM message WHERE number = ?",
               number) == [("", "已撤回")]
    shown = portal.gemini(f"/editor/message/{number}/", cert=editor.pair)
    assert "抹去" in shown.text and "写给读者" not in shown.text


@pytest.mark.parametrize("words, status", [
    (" 　 ", 10), ("一", 10), ("两字", 30)])
def test_how_long_a_message_is(portal, words, status):
    page = portal.gemini("/contact/")
    to = urllib.parse.urljoin("/contact/", page.link("提意见"))
    answer = portal.gemini(f"{to}?{urllib.parse.quote(words)}")
    assert answer.status == status


def test_the_same_message_is_not_stored_twice(portal):
    leave(portal, "只有一份")
    to, answer = take(portal, "/contact/", "留言咨询", say="只有一份")
    assert answer.status == 59 and "已经收到" in answer.meta
    # The other kind is another message; a used seal offers the words anew.
    path, _, _ = leave(portal, "只有一份", "提意见")
    assert path != to
    page = portal.gemini("/contact/")
    link = urllib.parse.urljoin("/contact/", page.link("提意见"))
    assert portal.gemini(f"{link}?once").status == 30
    again = portal.gemini(f"{link}?once")
    assert "已经执行过一次" in again.text
    assert any(label.endswith(": once") for _, label in again.links)
    assert sql(portal, "SELECT count(*) FROM message WHERE body = 'once'") == \
        [(1,)]


def test_gopher_reads_what_is_public(portal):
    items = portal.menu("/contact/")
    kinds = {item.text: item.type for item in items}
    assert any("公开的问答" in text and kind == "1"
               for text, kind in kinds.items())
    assert any("留言咨询" in text and kind == "h"
               for text, kind in kinds.items())
    assert "查看回复：" not in str(kinds)
    for path in ("/contact/reply/LY2025-000001/123456789abc/",
                 "/contact/reply/find"):
        assert portal.gopher(path).startswith(b"3"), path
    assert "示例" in portal.gopher("/contact/answer/").decode()


def must_wait(server, most):
    """So many messages of one address in an hour are the most."""
    sql(server, "WITH n(i) AS (VALUES (2) UNION ALL SELECT i + 1 FROM n"
        " WHERE i < ?) INSERT INTO message_visitor (visitor, created)"
        " SELECT (SELECT visitor FROM message_visitor), unixepoch() - 600"
        " FROM n", most)
    _, answer = take(server, "/contact/", "提意见", say="太多了")
    assert answer.status == 44 and 2400 < int(answer.meta) <= 3000
    assert sql(server, "SELECT 1 FROM message WHERE body = '太多了'") == []
    assert "127.0.0.1" not in str(sql(server, "SELECT * FROM message_visitor"))
    # An hour later there is room again.
    sql(server, "UPDATE message_visitor SET created = created - 3600")
    leave(server, "又可以写了")


def test_a_number_that_was_seen_outlives_a_kill(tmp_path):
    server = Server(ROOT / "capsule", tmp_path, limited=True)
    path, number, _ = leave(server, "停电以前")
    must_wait(server, 20)
    server.process.send_signal(signal.SIGKILL)
    server.process.wait(10)
    time.sleep(0.2)  # the children see that the parent is gone
    again = Server(ROOT / "capsule", tmp_path)
    assert number in again.gemini(path).text
    assert again.stop() == 0


# --- at a shell -------------------------------------------------------------


def desk(portal, *words, ok=True):
    done = run_guiju("desk", "--capsule", portal.capsule, "--state",
                     portal.state, *words)
    assert (done.returncode == 0) == ok, done.stderr
    return done


def test_a_queue_that_is_cut_says_so(portal, editor):
    """Fifty messages wait on the page; of more it says that there are more."""
    waiting = sql(portal, "SELECT count(*) FROM message"
                  " WHERE state IN ('待处理', '办理中')")[0][0]
    for number in range(waiting, 52):
        shown = portal.gemini("/editor/message/", cert=editor.pair).text
        assert ("以上是期限最近的 50 份" in shown) == (number > 50)
        sql(portal, "INSERT INTO message (year, serial, number, code_hash,"
            " kind, body, created, due) VALUES (2019, ?1, 'LY2019-' || ?2,"
            " printf('%064d', ?1), '意见', '一份留言', 1700000000,"
            " '2999-01-01')", number, f"{number:06}")
    sql(portal, "DELETE FROM message WHERE year = 2019")


def test_the_desk_answers_a_message(portal):
    path, number, _ = leave(portal, "柜台上答复")
    sql(portal, "INSERT INTO message (year, serial, number, code_hash, kind,"
        " body, created, due) VALUES (2020, 9, 'LY2020-000009', ?, '意见',"
        " '早就该答复了', unixepoch(), '2020-01-01')", "0" * 64)
    rows = [json.loads(line) for line in
            desk(portal, "--json", "message", "list").stdout.splitlines()]
    # The overdue first.
    assert (rows[0]["number"], rows[0]["late"]) == ("LY2020-000009", "超期")
    mine, = [row for row in rows if row["number"] == number]
    assert mine["message"] == "柜台上答复" and mine["late"] == ""
    desk(portal, "message", "note", number.lower(), "内部的话")
    desk(portal, "message", "set", number, "办理中", "正在查")
    desk(portal, "message", "answer", number, "可以。")
    shown = desk(portal, "message", "show", number).stdout
    assert "内部的话" in shown and "可以。" in shown
    reply = portal.gemini(path).text
    assert "> 可以。" in reply and "> 正在查" in reply
    assert "内部的话" not in reply
    acts = sql(portal, "SELECT act, name <> '', about FROM editor_act"
               " WHERE act LIKE 'guiju desk %' ORDER BY id DESC LIMIT 3")
    assert acts == [("guiju desk message answer", 1, number),
                    ("guiju desk message set", 1, number),
                    ("guiju desk message note", 1, number.lower())]
    for words, why in (
            (("answer", "LY1999-000001", "x y"), "there is no message"),
            (("set", number, "已答复"), "a state is"),
            (("set", number, "不予办理"), "wants a note"),
            (("answer", number, "x"), "2 to 5000"),
            (("list", "x"), "no state x")):
        assert why in desk(portal, "message", *words, ok=False).stderr


def test_the_desk_settles_a_dispute(portal, editor):
    number, = sql(portal, "INSERT INTO status_dispute (key, number, kind,"
                  " remark, created) VALUES ('GB-T-98001-2016',"
                  " 'GB/T 98001-2016', '作废', '见公告', 1700000000)"
                  " RETURNING id")[0]
    assert "超期" in desk(portal, "dispute", "list").stdout
    desk(portal, "dispute", "note", number, "先问发布单位")
    assert "先问发布单位" in portal.gemini(
        "/editor/dispute/", cert=editor.pair).text
    desk(portal, "dispute", "set", number, "驳回", "公告没有\n废止它")
    public = portal.gemini("/dispute/").text
    assert "公告没有 废止它" in public and "先问发布单位" not in public
    done = desk(portal, "dispute", "set", number, "通过", "再来", ok=False)
    assert "驳回 already" in done.stderr
    assert "公告没有 废止它" in desk(portal, "dispute", "show", number).stdout


# --- what is kept, and for how long -----------------------------------------


@pytest.mark.parametrize("statement", [
    "UPDATE editor_act SET name = 'x'",
    "DELETE FROM editor_act",
    "INSERT OR REPLACE INTO editor_act SELECT id, 'x', act, about, created"
    " FROM editor_act",
    "UPDATE message_step SET note = 'x y'",
    "DELETE FROM message_step",
    "INSERT OR REPLACE INTO message_step SELECT id, message_id, created,"
    " '不予办理', 'x y' FROM message_step",
    "UPDATE message SET state = '不予办理'",
    "UPDATE message SET body = 'another'",
    "UPDATE internal_note SET note = 'x y'",
    "DELETE FROM internal_note"])
def test_a_log_only_grows(portal, statement):
    desk(portal, "message", "note", "LY2025-000001", "一条备注")
    with pytest.raises(sqlite3.IntegrityError, match="rewritten|removed|grows"):
        sql(portal, statement)


def test_messages_are_kept_for_a_year(portal):
    now = int(time.time())
    for serial, days in ((1, 367), (2, 360)):
        sql(portal, "INSERT INTO message (year, serial, number, code_hash,"
            " kind, body, created, due) VALUES (2019, ?, ?, ?, '意见',"
            " '一年以前', ?, '2019-01-01')", serial,
            f"LY2019-{serial:06}", "0" * 64, now - days * DAY)
        sql(portal, "INSERT INTO message_step (message_id, created, state)"
            " SELECT id, created, '待处理' FROM message WHERE serial = ?"
            " AND year = 2019", serial)
        desk(portal, "message", "note", f"LY2019-{serial:06}", "备注过的")
    done = run_guiju("nightly", "--state", portal.state, portal.capsule)
    assert done.returncode == 0, done.stderr
    assert sql(portal, "SELECT number FROM message WHERE year = 2019") == \
        [("LY2019-000002",)]
    assert sql(portal, "SELECT count(*) FROM internal_note WHERE note ="
               " '备注过的'") == [(1,)]
    # The sample is older, and stays.
    sample = portal.gemini("/contact/reply/LY2025-000001/123456789abc/")
    assert "示例" in sample.text and "撤回" not in sample.text


def test_no_public_page_reads_internal_notes():
    pages = pathlib.Path(CAPSULE, "pages")
    named = [path for path in pages.rglob("*") if path.is_file()
             and "internal_note" in path.read_text(errors="replace")]
    assert named
    assert all(path.relative_to(pages).parts[0] == "editor" for path in named)
    for path in pathlib.Path(CAPSULE, "export").rglob("*.sql"):
        assert "internal_note" not in path.read_text(), path
        assert "message" not in path.read_text(), path
