# SPDX-License-Identifier: ISC
"""标准化培训: courses, seats, the waiting list, certificates, the editors' side,
and the same by `guiju desk`."""

import concurrent.futures
import datetime
import json
import re
import sqlite3
import urllib.parse

import pytest

from conftest import ROOT, Server, run_guiju
from test_contact import desk, sql, take
from test_editors import add_account

pytestmark = [pytest.mark.portal, pytest.mark.pages]

TELEPHONE = "0898-0000-0123"


def day(ahead):
    return (datetime.date.today() + datetime.timedelta(ahead)).isoformat()


@pytest.fixture(scope="module")
def editor(make_identity):
    return make_identity("wang")


@pytest.fixture(scope="module")
def li(make_identity):
    return make_identity("li")


@pytest.fixture(scope="module")
def zhang(make_identity):
    return make_identity("zhang")


@pytest.fixture(scope="module")
def portal(tmp_path_factory, editor, li, zhang):
    running = Server(ROOT / "capsule", tmp_path_factory.mktemp("training"))
    add_account(running, editor, "王编辑", "editor")
    add_account(running, li, "li")
    add_account(running, zhang, "zhang")
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


def make_course(portal, serial, seats, deadline=10, first=20, fee=400):
    """A published course: its number."""
    number = f"PX2020-{serial:02}"
    sql(portal, "INSERT INTO course (year, serial, number, title, place, hours,"
        " first, last, deadline, fee, seats, contact, state) VALUES (2020, ?,"
        " ?, '测试班次', '教室', '9:00—16:00', ?, ?, ?, ?, ?, '0898-0000',"
        " '公布')", serial, number, day(first), day(first + 1), day(deadline),
        fee, seats)
    return number


def register(portal, number, identity, person):
    """Register one person: (the path of the registration, its page)."""
    return take(portal, f"/my/training/course/{number}/", "报名一个人",
                identity.pair, f"{person}，示例公司，{TELEPHONE}")


def state(portal, page, identity):
    text = portal.gemini(page, cert=identity.pair).text
    return re.search("状态：(.*)", text)[1]


def test_a_course_from_the_home_page_to_the_certificate(portal, li, editor):
    # An editor writes the course, which is nobody's before it is published.
    at, _ = take(portal, "/editor/", "标准化培训", editor.pair)
    at, shown = take(portal, at, "新建班次", editor.pair, "椰子标准讲习班")
    number = at.split("/")[4]
    assert "已建草稿" in shown.text
    assert portal.gemini(f"/training/{number}").status == 51
    for label, said in (("改第一天", day(20)), ("改最后一天", day(21)),
                        ("改截止日", day(10)), ("改时间", "9:00—16:30"),
                        ("改地点", "示例教室"), ("改费用", "400"),
                        ("改名额", "30"), ("改咨询电话", "0898-0000-0000"),
                        ("改说明", "讲椰子；练椰子")):
        _, shown = take(portal, at, label, editor.pair, said)
        assert shown.status == 20, (label, shown.header)
    _, shown = take(portal, at, "改截止日", editor.pair, "明天")
    assert shown.status == 10
    take(portal, at, "公布", editor.pair, "是")

    page, _ = take(portal, "/", "标准化培训")
    page, _ = take(portal, page, "班次、报名和证书查验")
    page, shown = take(portal, page, "椰子标准讲习班")
    assert "剩 30 个名额" in shown.text and "讲椰子；练椰子" in shown.text
    calendar = portal.gemini(f"/training/{number}.ics")
    assert calendar.meta.startswith("text/calendar")
    begins = day(20).replace("-", "")
    assert f"DTSTART;VALUE=DATE:{begins}\r\n" in calendar.body.decode()
    page, shown = take(portal, page, "报名", li.pair)
    assert "培训结束满 24 个月删除" in shown.text
    # What cannot be used is asked again; an identity number is refused.
    for said in ("陈晓", "陈晓，椰风公司", "陈晓，椰风公司，没有",
                 "陈晓，椰风公司，460100199001011234"):
        _, asked = take(portal, page, "报名一个人", li.pair, said)
        assert asked.status == 10, said
    mine, shown = take(portal, page, "报名一个人", li.pair,
                       f"陈晓, 椰风公司；{TELEPHONE}")
    registered = mine.split("/")[3]
    assert "名额占住" in shown.text and "状态：待确认" in shown.text
    _, asked = take(portal, page, "报名一个人", li.pair,
                    f"陈晓，椰风公司，{TELEPHONE}")
    assert asked.status == 10 and "已经报过名" in asked.header
    take(portal, page, "报名一个人", li.pair, f"符海，椰风公司，{TELEPHONE}")
    assert "剩 28 个名额" in portal.gemini(f"/training/{number}").text
    take(portal, mine, "改姓名", li.pair, "陈 晓月")

    at = f"/editor/training/of/{registered}/"
    _, shown = take(portal, "/editor/training/", registered, editor.pair)
    assert "陈 晓月" in shown.text and TELEPHONE not in shown.text
    _, shown = take(portal, at, "联系方式", editor.pair, "通知教室")
    assert TELEPHONE in shown.text
    assert sql(portal, "SELECT name, about FROM editor_act"
               " WHERE act = '培训：查看联系方式'") == \
        [("王编辑", f"{registered}，通知教室")]
    take(portal, at, "确认", editor.pair, "请汇款")
    assert f"{registered}（陈 晓月，椰子标准讲习班）已确认，请缴费 400 元" in \
        portal.gemini("/my/", cert=li.pair).text
    take(portal, at, "内部备注", editor.pair, "要大字讲义")
    for label in ("已缴费", "签到", "发证"):
        take(portal, at, label, editor.pair, f"{label}了")
    _, shown = take(portal, "/my/training/", "陈 晓月", li.pair)
    assert "> 请汇款" in shown.text and "大字" not in shown.text
    assert [line.split("　")[-1] for line in shown.text.splitlines()
            if line.startswith("* 20")] == \
        ["待确认", "已确认", "已缴费", "签到", "发证"]
    certificate = re.search(r"ZS\d{4}-\d{4}-[0-9A-F]{6}", shown.text)[0]

    # Anybody checks the certificate by its number, and learns no name.
    page, _ = take(portal, "/training/", "证书查验")
    _, asked = take(portal, page, "输入证书编号", say="ZS2025-0001-000000")
    assert asked.status == 10
    page, shown = take(portal, page, "输入证书编号", say=certificate.lower())
    assert "有效：" in shown.text and "陈" not in shown.text
    assert "姓名相符" in take(portal, page, "核对姓名", say="陈晓月")[1].text
    assert "姓名不符" in take(portal, page, "核对姓名", say="符海")[1].text
    assert portal.gopher(page + "name?x").startswith(b"3")
    take(portal, f"/editor/training/certificate/{certificate}/", "撤销",
         editor.pair, "发错了")
    assert "撤销，无效" in portal.gemini(page).text

    # What a reader has typed is in his data, and in no log or public page.
    assert TELEPHONE in portal.gemini("/my/data/all.txt", cert=li.pair).text
    for path in ("/training/", f"/training/{number}", "/feed",
                 f"/training/{number}.ics", page):
        assert "晓" not in portal.gemini(path).body.decode(), path
    assert TELEPHONE not in portal.log and "晓" not in portal.log


def test_the_last_seat_is_given_once(portal, li, zhang):
    number = make_course(portal, 1, 3)
    acts = []
    for who, name in ((li, "学员一"), (zhang, "学员二"), (li, "学员三"),
                      (zhang, "学员四"), (li, "学员五"), (zhang, "学员六")):
        page = f"/my/training/course/{number}/"
        link = urllib.parse.urljoin(
            page, portal.gemini(page, cert=who.pair).link("报名一个人"))
        asked = portal.gemini(link, cert=who.pair).meta
        said = urllib.parse.quote(f"{name}，示例公司，{TELEPHONE}", safe="")
        acts.append((f"{asked}?{said}", who))
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(
            lambda act: portal.gemini(act[0], cert=act[1].pair), acts))
    assert [answer.status for answer in answers] == [30] * 6
    assert sql(portal, "SELECT r.state, count(*) FROM registration r JOIN course c"
               " ON c.id = r.course_id WHERE c.number = ? GROUP BY 1 ORDER BY 1",
               number) == [("候补", 3), ("待确认", 3)]
    assert "名额已满，可以候补，已有 3 人候补" in \
        portal.gemini(f"/training/{number}").text


def test_the_waiting_list_moves_up_in_order(portal, li, zhang, make_identity):
    number = make_course(portal, 2, 1)
    wu = make_identity("wu")
    add_account(portal, wu, "wu")
    first, _ = register(portal, number, li, "甲一")
    second, shown = register(portal, number, wu, "乙二")
    third, _ = register(portal, number, zhang, "丙三")
    fourth, _ = register(portal, number, zhang, "丁四")
    assert "已列入候补" in shown.text and "候补第 1 位" in shown.text
    assert "候补第 3 位" in portal.gemini(fourth, cert=zhang.pair).text

    _, asked = take(portal, first, "取消报名", li.pair, "不")
    assert asked.status == 10
    _, shown = take(portal, first, "取消报名", li.pair, "是")
    assert "状态：取消" in shown.text and TELEPHONE not in shown.text
    _, shown = take(portal, "/my/training/", "乙二", wu.pair)
    assert "状态：待确认" in shown.text and "系统　待确认" in shown.text
    assert state(portal, third, zhang) == "候补"
    # An account that is deleted gives its seats back, too.
    take(portal, "/my/data/", "删除账户", wu.pair, "删除")
    assert state(portal, third, zhang) == "待确认"
    assert state(portal, fourth, zhang) == "候补"
    # And so do more seats; nobody has a seat that is not there.
    sql(portal, "UPDATE course SET seats = 2 WHERE number = ?", number)
    assert state(portal, fourth, zhang) == "待确认"
    fifth, _ = register(portal, number, zhang, "戊五")
    with pytest.raises(sqlite3.IntegrityError, match="no seat is left"):
        sql(portal, "INSERT INTO registration_step (registration_id, created,"
            " name, state) SELECT id, 1, 'x', '待确认' FROM registration"
            " WHERE number = ?", fifth.split("/")[3])


def test_another_s_registration_is_answered_as_one_that_is_not_there(
        portal, li, zhang):
    page, _ = register(portal, make_course(portal, 3, 9), li, "李四")
    number = page.split("/")[3]
    seal = portal.gemini(page, cert=li.pair).link("取消报名")
    absent = page.replace(number, "BM2020-9999")
    for path in ("", "cancel/" + seal.split("/")[-1]):
        answers = {portal.gemini(to + path, cert=zhang.pair).header.replace(
            number, "N").replace("BM2020-9999", "N")
                   for to in (page, absent)}
        assert len(answers) == 1, answers
    assert portal.gemini(page, cert=zhang.pair).header == \
        "51 No such registration 没有这份报名"
    assert portal.gemini(page).status == 60
    assert state(portal, page, li) == "待确认"
    for path in ("/my/training/", page):
        assert portal.gopher(path).startswith(b"3"), path


def test_nothing_is_registered_or_cancelled_after_the_deadline(portal, li):
    number = make_course(portal, 4, 1)
    page, _ = register(portal, number, li, "王五")
    course = f"/my/training/course/{number}/"
    acts = [urllib.parse.urljoin(at, portal.gemini(
        at, cert=li.pair).link(label))
            for at, label in ((page, "取消报名"), (course, "报名一个人"))]
    sql(portal, "UPDATE course SET deadline = ? WHERE number = ?", day(-2),
        number)
    shown = portal.gemini(page, cert=li.pair)
    assert "不能自己取消" in shown.text
    assert not any("取消报名" in label for _, label in shown.links)
    for act in acts:
        answer = portal.gemini(act, cert=li.pair)
        if answer.status == 30:
            answer = portal.gemini(answer.meta, cert=li.pair)
        assert answer.status == 59 and "截止" in answer.header, answer.header
    assert state(portal, page, li) == "待确认"
    assert "报名已经截止" in portal.gemini(f"/training/{number}").text


def test_the_desk_works_on_registrations(portal, li):
    number = make_course(portal, 5, 1, fee=0)
    page, _ = register(portal, number, li, "赵六")
    waiting, _ = register(portal, number, li, "钱七")
    registered = page.split("/")[3]
    rows = [json.loads(line) for line in desk(
        portal, "--json", "course", "list").stdout.splitlines()]
    assert [(row["taken"], row["waiting"]) for row in rows
            if row["number"] == number] == [(1, 1)]
    assert registered in desk(portal, "course", "list", "待确认").stdout
    shown = desk(portal, "course", "show", number).stdout
    assert "赵六" in shown and TELEPHONE not in shown
    assert TELEPHONE in desk(
        portal, "course", "contact", registered, "电话通知" * 500).stdout
    desk(portal, "course", "answer", registered, "名单收到了")
    desk(portal, "course", "note", registered, "老学员")
    assert "does not follow" in desk(portal, "course", "set", registered,
                                     "发证", "太早", ok=False).stderr
    desk(portal, "course", "set", registered, "已确认", "请准时")
    desk(portal, "course", "set", registered, "签到", "到了")
    made = desk(portal, "course", "set", registered, "发证", "合格").stdout
    certificate = re.search(r"certificate (ZS\S+)", made)[1]
    name = portal.gemini(f"/training/certificate/{certificate}/name?"
                         + urllib.parse.quote("赵六"))
    assert "姓名相符" in name.text
    shown = portal.gemini(page, cert=li.pair).text
    assert "> 名单收到了" in shown and "老学员" not in shown
    assert "老学员" in desk(portal, "course", "show", registered).stdout
    # A course is cancelled, and who waits moves up no more.
    desk(portal, "course", "set", number, "取消", "老师病了")
    assert state(portal, waiting, li) == "取消"
    assert state(portal, page, li) == "发证"
    assert "已经取消：老师病了" in portal.gemini(f"/training/{number}").text
    acts = [act for act, in sql(
        portal, "SELECT act FROM editor_act WHERE act LIKE 'guiju desk %'"
        " ORDER BY id")]
    assert acts == [f"guiju desk course {verb}" for verb in (
        "contact", "answer", "note", "set", "set", "set", "set")]


def test_a_fee_that_was_confirmed_stays(portal, li, editor):
    number = make_course(portal, 8, 3)
    page, _ = register(portal, number, li, "吴费用")
    other, _ = register(portal, number, li, "郑费用")
    registered = page.split("/")[3]
    desk(portal, "course", "set", registered, "已确认", "请缴费")
    take(portal, f"/editor/training/course/{number}/", "改费用", editor.pair,
         "650")
    assert "每人 400 元" in portal.gemini(page, cert=li.pair).text
    assert f"{registered}（吴费用，测试班次）已确认，请缴费 400 元" in \
        portal.gemini("/my/", cert=li.pair).text
    assert "费用：400 元" in portal.gemini(
        f"/editor/training/of/{registered}/", cert=editor.pair).text
    assert re.search(r"^fee +400$", desk(portal, "course", "show",
                                         registered).stdout, re.M)
    take(portal, f"/editor/training/of/{other.split('/')[3]}/", "确认",
         editor.pair, "请缴费")
    assert "每人 650 元" in portal.gemini(other, cert=li.pair).text
    with pytest.raises(sqlite3.IntegrityError, match="rewritten"):
        sql(portal, "UPDATE registration SET fee = 1 WHERE number = ?",
            registered)


def test_late_is_counted_from_the_seat(portal, li, zhang, editor):
    number = make_course(portal, 9, 1)
    first, _ = register(portal, number, li, "冯先到")
    second, _ = register(portal, number, zhang, "陈候补")
    # Both have come three days ago; one has a seat only since now.
    triggers = sql(portal, "SELECT name, sql FROM sqlite_schema WHERE name IN"
                   " ('registration_step_update', 'registration_update')")
    for name, _ in triggers:
        sql(portal, f"DROP TRIGGER {name}")
    for page in (first, second):
        for table, of in (("registration", "number = ?"),
                          ("registration_step", "registration_id = (SELECT id"
                           " FROM registration WHERE number = ?)")):
            sql(portal, f"UPDATE {table} SET created = created - 3 * 86400"
                f" WHERE {of}", page.split("/")[3])
    for _, text in triggers:
        sql(portal, text)

    def late(page):
        rows = [json.loads(line) for line in desk(
            portal, "--json", "course", "list", "待确认").stdout.splitlines()]
        told, = [row["late"] for row in rows
                 if row["number"] == page.split("/")[3]]
        shown = portal.gemini("/editor/training/", cert=editor.pair).text
        assert (told == "超期") == (f"超期　{page.split('/')[3]}" in shown)
        return told

    assert late(first) == "超期"
    take(portal, first, "取消报名", li.pair, "是")
    assert late(second) == ""
    # What is said to the reader meanwhile changes nothing.
    desk(portal, "course", "answer", second.split("/")[3], "稍候")
    assert late(second) == ""


def test_a_course_has_one_name_in_calendars(portal):
    number = make_course(portal, 10, 1)

    def uid(raw):
        return re.search(rb"^UID:([0-9a-f]{32})\r$", raw, re.M)[1]

    path = f"/training/{number}.ics"
    over_gemini = portal.gemini(path).body
    over_gopher = portal.gopher(path)
    assert uid(over_gemini) == uid(over_gopher)
    assert f"URL:gopher://localhost:{portal.gopher_port}/1/training/{number}" \
        .encode() in over_gopher.replace(b"\r\n ", b"")
    assert uid(over_gemini) != uid(portal.gemini("/training/PX2026-01.ics")
                                   .body)
    with pytest.raises(sqlite3.IntegrityError, match="keeps its name"):
        sql(portal, "UPDATE course SET uid = lower(hex(randomblob(16)))"
            " WHERE number = ?", number)


def test_registrations_are_deleted_after_24_months(portal, li):
    number = make_course(portal, 6, 3, fee=0)
    page, _ = register(portal, number, li, "孙八")
    registered = page.split("/")[3]
    for became in ("已确认", "签到"):
        desk(portal, "course", "set", registered, became, became)
    made = desk(portal, "course", "set", registered, "发证", "合格").stdout
    certificate = re.search(r"certificate (ZS\S+)", made)[1]
    for statement in (
            "UPDATE registration_step SET note = 'x y'",
            "DELETE FROM registration_step",
            "INSERT OR REPLACE INTO registration_step SELECT id,"
            " registration_id, created, name, '取消', note"
            " FROM registration_step",
            "UPDATE registration SET state = '候补'"):
        with pytest.raises(sqlite3.IntegrityError, match="rewritten|removed"):
            sql(portal, statement)
    young = make_course(portal, 7, 3)
    other, _ = register(portal, young, li, "李九")
    for number, ago in ((number, -740), (young, -700)):
        sql(portal, "UPDATE course SET first = ?1, last = ?1, deadline = ?1"
            " WHERE number = ?2", day(ago), number)
    done = run_guiju("nightly", "--state", portal.state, portal.capsule)
    assert done.returncode == 0, done.stderr
    assert sql(portal, "SELECT number FROM registration WHERE number IN (?, ?)",
               registered, other.split("/")[3]) == [(other.split("/")[3],)]
    assert sql(portal, "SELECT count(*) FROM registration_step s LEFT JOIN"
               " registration r ON r.id = s.registration_id"
               " WHERE r.id IS NULL") == [(0,)]
    assert sql(portal, "SELECT count(*) FROM registration WHERE sample = 1") \
        == [(3,)]
    assert "有效：" in portal.gemini(
        f"/training/certificate/{certificate}/").text
