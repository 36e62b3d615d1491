# SPDX-License-Identifier: ISC
"""标准化协会: who is a member, how one applies, the editors' queue, and the
same by `guiju desk`."""

import datetime
import json
import re
import sqlite3

import pytest

from conftest import ROOT, Server, run_guiju
from test_contact import desk, sql, take
from test_editors import add_account

pytestmark = [pytest.mark.portal, pytest.mark.pages]

TELEPHONE = "0898-0000-0123"


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
    running = Server(ROOT / "capsule", tmp_path_factory.mktemp("members"))
    add_account(running, editor, "王编辑", "editor")
    add_account(running, li, "li")
    add_account(running, zhang, "zhang")
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


def apply_for(portal, identity, name="示例新合作社", kind="申请单位会员"):
    """A complete draft: the path of its page."""
    page, _ = take(portal, "/my/association/", kind, identity.pair, name)
    assert re.fullmatch(r"/my/association/RH\d{4}-\d{4}/", page), page
    take(portal, page, "填联系方式", identity.pair, TELEPHONE)
    return page


def test_an_application_from_the_home_page_to_the_membership(
        portal, li, editor):
    page, _ = take(portal, "/", "标准化协会")
    page, _ = take(portal, page, "入会申请")
    assert page == "/association/"
    page, shown = take(portal, page, "入会申请", li.pair)
    assert "还没有申请" in shown.text
    page, shown = take(portal, page, "申请单位会员", li.pair, "椰风\n合作社")
    number = page.split("/")[3]
    assert "状态：草稿" in shown.text and "名称：椰风 合作社" in shown.text
    assert not any("提交申请" in label for _, label in shown.links)
    take(portal, page, "填联系方式", li.pair, TELEPHONE)
    take(portal, page, "填简介", li.pair, "种椰子，做椰子糖")
    _, shown = take(portal, page, "公开名单", li.pair, "是")
    assert "同意列名" in shown.text and "简介：种椰子" in shown.text
    assert TELEPHONE not in shown.text
    _, shown = take(portal, page, "提交申请", li.pair, "是")
    assert "状态：已提交" in shown.text
    assert not any("改名称" in label for _, label in shown.links)
    # What was typed is not in the log.
    assert TELEPHONE not in portal.log

    # The secretariat asks for more, and gets it.
    desk_page, shown = take(portal, "/editor/", "入会申请和会员", editor.pair)
    desk_page, shown = take(portal, desk_page, number, editor.pair)
    assert TELEPHONE not in shown.text and "椰风 合作社" in shown.text
    take(portal, desk_page, "要求补正", editor.pair, "请写全称")
    assert not any("成为会员" in label for _, label in portal.gemini(
        desk_page, cert=editor.pair).links)
    assert "waits for the applicant" in desk(
        portal, "member", "set", number, "通过", "欢迎入会", ok=False).stderr
    assert f"{number} 要补正" in portal.gemini("/my/", cert=li.pair).text
    take(portal, desk_page, "内部备注", editor.pair, "与去年的同名")
    _, shown = take(portal, page, "改名称", li.pair, "椰风椰子专业合作社")
    assert "> 请写全称" in shown.text and "同名" not in shown.text
    take(portal, page, "提交申请", li.pair, "是")
    # Who reads the contact is logged, with why.
    _, shown = take(portal, desk_page, "联系方式", editor.pair, "核对名称")
    assert TELEPHONE in shown.text
    assert sql(portal, "SELECT name, about FROM editor_act"
               " WHERE act = '入会：查看联系方式'") == \
        [("王编辑", f"{number}，核对名称")]
    take(portal, desk_page, "成为会员", editor.pair, "请在月底前缴费")

    _, shown = take(portal, "/my/association/", number, li.pair)
    assert "状态：通过" in shown.text and "> 请在月底前缴费" in shown.text
    mine = portal.gemini("/my/association/", cert=li.pair).text
    found = re.search(r"会员号 (HY-\d+)　单位会员　椰风椰子专业合作社"
                      r"　(\S+) 至 (\S+)", mine)
    first, last = map(datetime.date.fromisoformat, found.groups()[1:])
    assert 364 <= (last - first).days <= 365
    assert TELEPHONE in portal.gemini("/my/data/all.txt", cert=li.pair).text
    public = portal.gemini("/association/member/").text
    assert f"椰风椰子专业合作社　{found[1]}" in public
    assert TELEPHONE not in public


def test_who_does_not_agree_is_not_named(portal, li, editor):
    page = apply_for(portal, li, "不愿列名的单位")
    number = page.split("/")[3]
    take(portal, page, "提交申请", li.pair, "是")
    before = portal.gemini("/association/member/").text
    take(portal, f"/editor/member/application/{number}/", "成为会员",
         editor.pair, "欢迎")
    after = portal.gemini("/association/member/").text
    assert "不愿列名" not in after
    unnamed = [int(re.search(r"另有 (\d+)", text)[1])
               for text in (before, after)]
    assert unnamed[1] == unnamed[0] + 1
    # A membership that has ended is in no list.
    assert "到期的合作社" not in after


def test_another_s_application_is_answered_as_one_that_is_not_there(
        portal, li, zhang):
    page = apply_for(portal, li)
    number = page.split("/")[3]
    seal = portal.gemini(page, cert=li.pair).link("提交申请")
    absent = page.replace(number, "RH2026-9999")
    for path in ("", "submit/" + seal.split("/")[-1]):
        answers = {portal.gemini(to + path, cert=zhang.pair).header.replace(
            number, "N").replace("RH2026-9999", "N")
                   for to in (page, absent)}
        assert len(answers) == 1, answers
    assert portal.gemini(page, cert=zhang.pair).header == \
        "51 No such application 没有这份申请"
    assert portal.gemini(page).status == 60
    assert sql(portal, "SELECT state FROM application WHERE number = ?",
               number) == [("草稿",)]
    for path in ("/my/association/", page):
        assert portal.gopher(path).startswith(b"3"), path


def test_an_application_is_withdrawn(portal, zhang):
    page = apply_for(portal, zhang)
    take(portal, page, "提交申请", zhang.pair, "是")
    _, asked = take(portal, page, "撤回", zhang.pair, "不")
    assert asked.status == 10
    _, shown = take(portal, page, "撤回", zhang.pair, "是")
    assert "状态：撤回" in shown.text
    assert sql(portal, "SELECT contact FROM application WHERE number = ?",
               page.split("/")[3]) == [(None,)]


def test_the_desk_decides(portal, zhang):
    page = apply_for(portal, zhang, "柜台合作社")
    number = page.split("/")[3]
    assert "there is no application" in desk(
        portal, "member", "show", number, ok=False).stderr  # a draft
    take(portal, page, "提交申请", zhang.pair, "是")
    rows = [json.loads(line) for line in desk(
        portal, "--json", "member", "list").stdout.splitlines()]
    assert [row["name"] for row in rows if row["number"] == number] == \
        ["柜台合作社"]
    shown = desk(portal, "member", "show", number).stdout
    assert "柜台合作社" in shown and TELEPHONE not in shown
    assert TELEPHONE in desk(
        portal, "member", "contact", number, "电话核对" * 500).stdout
    desk(portal, "member", "answer", number, "材料收到了")
    desk(portal, "member", "note", number, "先放一放")
    made = desk(portal, "member", "set", number, "通过", "欢迎入会").stdout
    member = re.search(r"member (HY-\d+)", made)[1]
    desk(portal, "member", "renew", member, "2099-12-31")
    assert "2099-12-31" in desk(portal, "member", "show", member).stdout
    reader = portal.gemini(page, cert=zhang.pair).text
    assert "> 材料收到了" in reader and "先放一放" not in reader
    acts = [act for act, in sql(
        portal, "SELECT act FROM editor_act WHERE act LIKE 'guiju desk %'"
        " ORDER BY id")]
    assert acts == [f"guiju desk member {verb}" for verb in (
        "contact", "answer", "note", "set", "renew")]
    assert "通过 already" in desk(
        portal, "member", "set", number, "受理", "再来", ok=False).stderr


def test_a_membership_ends(portal, editor):
    sql(portal, "INSERT INTO member (number, kind, name, since, until, listed)"
        " VALUES ('HY-9001', '个人会员', '要退会的人', '2020-01-01',"
        " '2099-01-01', 1)")
    assert "要退会的人" in portal.gemini("/association/member/").text
    page = "/editor/member/of/HY-9001/"
    take(portal, page, "续期", editor.pair, "2019-01-01")
    _, shown = take(portal, page, "结束会员资格", editor.pair, "来信退会")
    assert "王编辑：结束：来信退会" in shown.text
    assert "要退会的人" not in portal.gemini("/association/member/").text
    # And goes on.
    day = f"{datetime.date.today().year + 1}-12-31"
    _, shown = take(portal, page, "续期", editor.pair, day)
    assert f"2020-01-01 至 {day}" in shown.text


def make_member(portal, number, account, name, until="2099-01-01"):
    sql(portal, "INSERT INTO member (number, kind, name, since, until, listed,"
        " account_id) SELECT ?, '个人会员', ?, '2020-01-01', ?, 1, id FROM"
        " account WHERE name = ?", number, name, until, account)


def test_the_consent_to_the_public_list_is_taken_back(portal, li, zhang,
                                                      editor):
    make_member(portal, "HY-9101", "li", "先同意的人")
    public = "/association/member/"
    assert "先同意的人" in portal.gemini(public).text
    _, asked = take(portal, "/my/association/", "把 HY-9101 从公开名单去掉",
                    li.pair, "不")
    assert asked.status == 10 and "先同意的人" in portal.gemini(public).text
    old = portal.gemini("/my/association/", cert=li.pair).link(
        "把 HY-9101 从公开名单去掉")
    _, shown = take(portal, "/my/association/", "把 HY-9101 从公开名单去掉",
                    li.pair, "是")
    assert "HY-9101 已从公开名单去掉" in shown.text
    assert "公开名单：不列名，" in shown.text
    assert "先同意的人" not in portal.gemini(public).text
    # A page that is old does not turn it round, and another has no part in it.
    path = "/my/association/" + old
    again = portal.gemini(portal.gemini(path, cert=li.pair).meta + "?y",
                          cert=li.pair)
    assert again.status == 30 and "先同意的人" not in \
        portal.gemini(public).text
    answers = {portal.gemini(path.replace("HY-9101", number),
                             cert=zhang.pair).header
               for number in ("HY-9101", "HY-9199")}
    assert answers == {"51 No such membership 没有这个会员资格"}
    _, shown = take(portal, "/my/association/", "把 HY-9101 列入公开名单",
                    li.pair, "是")
    assert "先同意的人" in portal.gemini(public).text
    # The secretariat does it for who writes a letter, and says so.
    page = "/editor/member/of/HY-9101/"
    _, shown = take(portal, page, "从公开名单去掉", editor.pair, "来信要求")
    assert "王编辑：从公开名单去掉：来信要求" in shown.text
    assert "先同意的人" not in portal.gemini(public).text
    desk(portal, "member", "public", "HY-9101", "yes", "电话里说的")
    assert "so already" in desk(portal, "member", "public", "HY-9101", "yes",
                                "电话里说的", ok=False).stderr
    assert "先同意的人" in portal.gemini(public).text
    told = portal.gemini("/my/data/all.txt", cert=li.pair).text
    assert [line.rsplit(", ", 2)[1:] for line in told.splitlines()
            if re.match(r"HY-9101, \d{4}-\d\d-\d\d \d", line)] == [
        ["会员", "0"], ["会员", "1"], ["秘书处", "0"], ["秘书处", "1"]]
    with pytest.raises(sqlite3.IntegrityError, match="rewritten"):
        sql(portal, "UPDATE member_consent SET listed = 1")
    with pytest.raises(sqlite3.IntegrityError, match="removed"):
        sql(portal, "DELETE FROM member_consent")


def test_a_consent_goes_with_the_account(portal, make_identity):
    other = make_identity("chen")
    add_account(portal, other, "chen")
    make_member(portal, "HY-9102", "chen", "走了的人")
    assert "走了的人" in portal.gemini("/association/member/").text
    assert "会员资格有 1 个" in portal.gemini("/my/data/",
                                              cert=other.pair).text
    take(portal, "/my/data/", "删除账户", other.pair, "删除")
    assert "走了的人" not in portal.gemini("/association/member/").text
    assert sql(portal, "SELECT c.name, c.listed FROM member_consent c JOIN"
               " member m ON m.id = c.member_id WHERE number = 'HY-9102'") \
        == [("系统", 0)]


def test_steps_only_grow_and_go_with_the_account(portal, make_identity):
    other = make_identity("wu")
    add_account(portal, other, "wu")
    page = apply_for(portal, other)
    number = page.split("/")[3]
    take(portal, page, "提交申请", other.pair, "是")
    desk(portal, "member", "note", number, "要跟着删的")
    for statement in (
            "UPDATE application_step SET note = 'x y'",
            "DELETE FROM application_step",
            "INSERT OR REPLACE INTO application_step SELECT id,"
            " application_id, created, name, '通过', note"
            " FROM application_step",
            "UPDATE application SET state = '通过'"):
        with pytest.raises(sqlite3.IntegrityError, match="rewritten|removed"):
            sql(portal, statement)
    take(portal, "/my/data/", "删除账户", other.pair, "删除")
    assert sql(portal, "SELECT count(*) FROM application WHERE number = ?",
               number) == [(0,)]
    # Its number is not given again.
    wei = make_identity("wei")
    add_account(portal, wei, "wei")
    assert apply_for(portal, wei).split("/")[3] > number
    assert sql(portal, "SELECT count(*) FROM application_step WHERE"
               " application_id NOT IN (SELECT id FROM application)") == [(0,)]
    done = run_guiju("nightly", "--state", portal.state, portal.capsule)
    assert done.returncode == 0, done.stderr
    assert sql(portal, "SELECT 1 FROM internal_note WHERE note ="
               " '要跟着删的'") == []


def test_a_member_s_name_is_erased_24_months_after_the_end(portal, li, editor):
    today = datetime.date.today()
    old, young = (str(today - datetime.timedelta(days))
                  for days in (735, 725))
    make_member(portal, "HY-9103", "li", "早就走的人", old)
    make_member(portal, "HY-9104", "li", "刚走不久的人", young)
    desk(portal, "member", "note", "HY-9103", "要跟着删的")
    desk(portal, "member", "public", "HY-9103", "no", "来信要求")
    sql(portal, "DELETE FROM guiju_night")  # it runs once per day
    done = run_guiju("nightly", "--state", portal.state, portal.capsule)
    assert done.returncode == 0, done.stderr
    assert sql(portal, "SELECT name, account_id IS NULL, listed, until FROM"
               " member WHERE number = 'HY-9103'") == \
        [("（已删除）", 1, 0, old)]
    assert sql(portal, "SELECT name FROM member WHERE number = 'HY-9104'") == \
        [("刚走不久的人",)]
    member, = sql(portal, "SELECT id FROM member WHERE number = 'HY-9103'")[0]
    for count in ("internal_note WHERE kind = 'member' AND about = ?",
                  "member_consent WHERE member_id = ?"):
        assert sql(portal, f"SELECT count(*) FROM {count}", member) == [(0,)]
    shown = portal.gemini("/editor/member/of/HY-9103/", cert=editor.pair)
    assert "资料已在" in shown.text and not any(
        "续期" in label for _, label in shown.links)
    for verb in (["renew", "HY-9103", "2099-01-01"],
                 ["public", "HY-9103", "yes", "再来"]):
        assert "was erased" in desk(portal, "member", *verb, ok=False).stderr
    with pytest.raises(sqlite3.IntegrityError, match="stays so"):
        sql(portal, "UPDATE member SET name = '又来了'"
            " WHERE number = 'HY-9103'")
    # Samples stay, and no number is given twice.
    assert sql(portal, "SELECT count(*) FROM member WHERE sample = 1"
               " AND erased IS NOT NULL") == [(0,)]


def test_what_is_submitted_is_what_was_read(portal, li):
    """A change elsewhere, while the reader confirms."""
    page = apply_for(portal, li, "又一个合作社")
    to = portal.gemini(page, cert=li.pair).link("提交申请")
    digest = to.split("/")[-2]
    prompt = portal.gemini(page + to, cert=li.pair).meta
    take(portal, page, "填联系方式", li.pair, TELEPHONE + "9")
    late = portal.gemini(prompt + "?y", cert=li.pair)
    assert late.status == 59 and "没有提交" in late.meta
    assert "状态：草稿" in portal.gemini(page, cert=li.pair).text
    _, shown = take(portal, page, "提交申请", li.pair, "是")
    assert "状态：已提交" in shown.text
    assert digest not in portal.log
