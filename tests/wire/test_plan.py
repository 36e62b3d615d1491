# SPDX-License-Identifier: ISC
"""标准制修订: plans and their stages, drafts that are open for comment, comments
by clause with the answers in public; the editors' side, `guiju desk`, and tables
that bring plans and drafts in."""

import datetime
import json
import re
import sqlite3
import time
import urllib.parse

import pytest

from conftest import ROOT, Server, run_guiju
from test_contact import desk, sql, take
from test_editors import add_account
from test_import import counts
from test_titan import titan

pytestmark = [pytest.mark.portal, pytest.mark.pages]

SAMPLE = "/plan/YL-2026-001/draft/1/"
STANDARDS = ("number,title_zh,issued,implemented,source,verified_at\n"
             "GB/T 99201-2015,椰雕,2015-01-01,2015-06-01,x,2026-01-01\n")
PLANS = ("计划号\t标准名称\t层级\t制修订\t代替标准号\t下达日期\n"
         "cs-2026-01\t椰雕\t国家\t修订\tGB/T 99201-2015、GB/T 99202-2001\t2026-02-03\n"
         "CS-2026-02\t贝雕\t地方\t制定\t\t\n")
DRAFT = ("计划: CS-2026-01\n说明: 测试用的草案\n\n条款\t标题\t内容\n"
         "1\t范围\t本文件适用于椰雕。\n"
         "4.2\t刀具\t刀具要锋利。\n"
         "\t\t用后收好。\n")


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
    running = Server(ROOT / "capsule", tmp_path_factory.mktemp("plan"))
    add_account(running, editor, "王编辑", "editor")
    add_account(running, li, "li")
    add_account(running, zhang, "zhang")
    bring(running, "standards", "standards.csv", STANDARDS)
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


def bring(portal, kind, name, text, ok=True):
    path = portal.state / name
    path.write_text(text, encoding="utf-8")
    done = run_guiju("import", kind, "--capsule", portal.capsule, "--state",
                     portal.state, path)
    assert not ok or done.returncode == 0, done.stdout + done.stderr
    return done


def begin(portal, clause, identity, words):
    """A comment that is begun: (the path of its page, that page)."""
    at, _ = take(portal, f"{SAMPLE}clause/{clause}", "对这一条提意见",
                 identity.pair)
    return take(portal, at, "写意见", identity.pair, words)


def hand_in(portal, clause, identity, words):
    at, _ = begin(portal, clause, identity, words)
    return take(portal, at, "提交意见", identity.pair, "是")


def state(portal, page, identity):
    text = portal.gemini(page, cert=identity.pair).text
    return re.search("状态：(.*)", text)[1]


def test_a_comment_from_the_home_page_to_its_answer(portal, li, editor):
    at, _ = take(portal, "/", "标准制修订服务")
    at, shown = take(portal, at, "制修订计划和正在征求意见的草案")
    assert f"{day(45)} 截止，还有 45 天" in shown.text or \
        f"{day(44)} 截止" in shown.text  # the portal's day may be another
    at, _ = take(portal, at, "会展运营导则（样例）（征求意见稿）")
    assert at == SAMPLE
    at, shown = take(portal, at, "5.2　临时搭建：检查")
    assert "开展以前宜由主办者" in shown.text
    at, shown = take(portal, at, "对这一条提意见", li.pair)
    assert "删除账户时一并删除" in shown.text
    _, asked = take(portal, at, "写意见", li.pair, "嗯")
    assert asked.status == 10
    clause = at
    mine, shown = take(portal, at, "写意见", li.pair, "检查要有期限。")
    number = mine.split("/")[3]
    assert "还没有提交" in shown.text and re.fullmatch(r"YJ\d{4}-\d{4}", number)
    assert f"意见 {number}（会展运营导则（样例））还没有提交" in \
        portal.gemini("/my/", cert=li.pair).text
    # Nobody else sees what is not handed in.
    assert number not in portal.gemini("/editor/comment/",
                                       cert=editor.pair).text
    assert portal.gemini(f"/editor/comment/{number}/",
                         cert=editor.pair).status == 51
    take(portal, mine, "填修改建议", li.pair, "开展 1 日以前检查。")
    _, asked = take(portal, mine, "改类别", li.pair, "杂项")
    assert asked.status == 10
    take(portal, mine, "改类别", li.pair, "技术")
    take(portal, mine, "填署名", li.pair, "椰风公司")
    take(portal, mine, "填署名", li.pair, "无")
    _, asked = take(portal, mine, "提交意见", li.pair, "等等")
    assert asked.status == 10
    _, shown = take(portal, mine, "提交意见", li.pair, "是")
    assert "状态：待处理" in shown.text and "* 类别：技术" in shown.text
    assert not any("改意见" in label for _, label in shown.links)

    # The same once more is refused, with the number of the first.
    _, again = take(portal, clause, "写意见", li.pair, " 检查要有期限。 ")
    assert again.status == 59 and number in again.header
    # It is in public when it is answered, and names nobody.
    path = SAMPLE + "clause/5.2"
    assert "检查要有期限" not in portal.gemini(path).text
    at, _ = take(portal, "/editor/", "待答复的意见", editor.pair)
    at, shown = take(portal, at, number, editor.pair)
    assert "检查要有期限" in shown.text and "li" not in re.findall(
        r"\w+", shown.text)
    take(portal, at, "部分采纳", editor.pair, "改为进场以前。")
    for path in (path, SAMPLE + "comments/"):
        text = portal.gemini(path).text
        assert f"### {number}　技术　匿名" in text
        assert "答复：部分采纳" in text and "> 改为进场以前。" in text
        assert "> 开展 1 日以前检查。" in text
        assert "改为进场以前" in portal.gopher(path).decode()
    take(portal, at, "不采纳", editor.pair, "再议：已有规定。")
    text = portal.gemini(SAMPLE + "clause/5.2").text
    assert "答复：不采纳" in text and "改为进场以前" not in text
    _, shown = take(portal, "/my/comment/", number, li.pair)
    assert "> 再议：已有规定。" in shown.text
    assert not any("撤回" in label for _, label in shown.links)
    assert sql(portal, "SELECT name, act, about FROM editor_act"
               " WHERE act LIKE '意见：%' ORDER BY id") == [
                   ("王编辑", "意见：部分采纳", number),
                   ("王编辑", "意见：不采纳", number)]
    assert "检查要有期限" in portal.gemini("/my/data/all.txt",
                                     cert=li.pair).text
    assert "检查要有期限" not in portal.log


def test_a_signed_comment_shows_the_name_that_was_given(portal, li):
    at, _ = begin(portal, "6", li, "垃圾容器要有标志。")
    take(portal, at, "填署名", li.pair, "椰风公司")
    take(portal, at, "提交意见", li.pair, "是")
    number = at.split("/")[3]
    desk(portal, "comment", "answer", number, "采纳", "加上标志。")
    assert f"### {number}　一般　椰风公司" in portal.gemini(
        SAMPLE + "comments/").text


def test_nothing_is_taken_after_the_last_day(portal, li):
    at, _ = begin(portal, "4", li, "原则太少。")
    clause = portal.gemini(SAMPLE + "clause/4", cert=li.pair)
    form = urllib.parse.urljoin(SAMPLE + "clause/4",
                                clause.link("对这一条提意见"))
    acts = [urllib.parse.urljoin(page, portal.gemini(
        page, cert=li.pair).link(label))
            for page, label in ((at, "提交意见"), (at, "改意见"),
                                (form, "写意见"))]
    asked = portal.gemini(acts[0], cert=li.pair).meta
    was = sql(portal, "SELECT until FROM plan_draft WHERE id = 1")[0][0]
    try:
        sql(portal, "UPDATE plan_draft SET until = ? WHERE id = 1", day(-2))
        for act in acts + [asked + "?" + urllib.parse.quote("是")]:
            answer = portal.gemini(act, cert=li.pair)
            if answer.status == 30:
                answer = portal.gemini(answer.meta, cert=li.pair)
            assert answer.status == 59 and "截止" in answer.header, answer.header
        with pytest.raises(sqlite3.IntegrityError, match="not open"):
            sql(portal, "INSERT INTO comment_step (comment_id, created, name,"
                " state) SELECT id, unixepoch(), 'x', '待处理' FROM"
                " draft_comment WHERE number = ?", at.split("/")[3])
        assert state(portal, at, li) == "草稿"
        shown = portal.gemini(SAMPLE + "clause/4")
        assert "已在" in shown.text and not any(
            "提意见" in label for _, label in shown.links)
        assert "会展运营导则" not in portal.gemini("/plan/").text
    finally:
        sql(portal, "UPDATE plan_draft SET until = ? WHERE id = 1", was)
    take(portal, at, "删除草稿", li.pair, "是")
    assert portal.gemini(at, cert=li.pair).status == 51


def acts_on(portal, identity, *links):
    """What a reader has open: the prompts behind links of pages."""
    made = []
    for page, label in links:
        act = urllib.parse.urljoin(page, portal.gemini(
            page, cert=identity.pair).link(label))
        answer = portal.gemini(act, cert=identity.pair)
        made.append(answer.meta if answer.status == 30 else act)
    return made


def open_draft(portal, number, clauses=DRAFT.split("\n\n", 1)[1], version=1):
    """A plan with a draft that is open for comment: the draft's path."""
    bring(portal, "plan", number + ".tsv", PLANS.split("\n", 1)[0]
          + f"\n{number}\t计划 {number}\t地方\t制定\t\t\n")
    bring(portal, "draft", number + "-draft.tsv",
          f"计划: {number}\n\n{clauses}")
    desk(portal, "plan", "open", number, day(30))
    return f"/plan/{number}/draft/{version}/"


def test_a_plan_that_has_ended_takes_no_comments(portal, li):
    draft = open_draft(portal, "CS-2026-21")
    form, _ = take(portal, draft + "clause/1", "对这一条提意见", li.pair)
    page, _ = take(portal, form, "写意见", li.pair, "范围要写清楚。")
    open_acts = acts_on(portal, li, (page, "提交意见"), (page, "改意见"),
                        (form, "写意见"))
    assert "计划 CS-2026-21（征求意见稿）" in portal.gemini("/plan/").text
    desk(portal, "plan", "set", "CS-2026-21", "终止", "没有经费")
    for act in open_acts:
        answer = portal.gemini(act + "?" + urllib.parse.quote("是的"),
                               cert=li.pair)
        assert answer.status == 59 and "计划已终止" in answer.header, (
            answer.header)
    with pytest.raises(sqlite3.IntegrityError, match="not open"):
        sql(portal, "INSERT INTO comment_step (comment_id, created, name,"
            " state) SELECT id, unixepoch(), 'x', '待处理' FROM"
            " draft_comment WHERE number = ?", page.split("/")[3])
    for path in (draft, draft + "clause/1", draft + "comments/",
                 "/plan/CS-2026-21/", form, page, "/my/comment/",
                 "/plan/feed"):
        shown = portal.gemini(path, cert=li.pair)
        assert "计划已终止，不再征求意见" in shown.text, path
        assert not any(label.startswith(("对这一条", "写意见", "提交意见"))
                       for _, label in shown.links), path
    assert "计划已终止" in portal.gopher(draft).decode()
    assert "CS-2026-21" not in portal.gemini("/plan/").text
    assert page.split("/")[3] not in portal.gemini("/my/", cert=li.pair).text


def test_another_s_comment_is_answered_as_one_that_is_not_there(
        portal, li, zhang):
    page, _ = hand_in(portal, "1", li, "范围太窄。")
    number = page.split("/")[3]
    seal = portal.gemini(page, cert=li.pair).link("撤回意见")
    absent = page.replace(number, "YJ2020-9999")
    for path in ("", "withdraw/" + seal.split("/")[-1]):
        answers = {portal.gemini(to + path, cert=zhang.pair).header.replace(
            number, "N").replace("YJ2020-9999", "N") for to in (page, absent)}
        assert len(answers) == 1, answers
    assert portal.gemini(page, cert=zhang.pair).header == \
        "51 No such comment 没有这条意见"
    assert portal.gemini(page).status == 60
    for path in ("/my/comment/", page):
        assert portal.gopher(path).startswith(b"3"), path
    # Another reader may say the same.
    other, _ = hand_in(portal, "1", zhang, "范围太窄。")
    assert state(portal, other, zhang) == "待处理"


def test_two_devices_are_one_reader(portal, li, make_identity):
    tablet = make_identity("tablet")
    page, _ = begin(portal, "2", li, "可以引用 GB/T 1.1。")
    done = run_guiju(
        "sql", "--capsule", portal.capsule, "--state", portal.state, "--write",
        "INSERT INTO account_certificate (account_id, fingerprint, label,"
        " state, first_seen, last_seen, changed) SELECT id,"
        f" '{tablet.fingerprint}', '', 'active', now(), now(), now()"
        " FROM account WHERE name = 'li'")
    assert done.returncode == 0, done.stderr
    take(portal, page, "提交意见", tablet.pair, "是")
    assert state(portal, page, li) == "待处理"
    # A link that was used on one device does nothing on the other.
    _, shown = take(portal, page, "撤回意见", li.pair, "是")
    assert "状态：撤回" in shown.text
    assert not any("撤回意见" in label for _, label in portal.gemini(
        page, cert=tablet.pair).links)


def test_what_is_handed_in_is_what_was_read(portal, li):
    """A change elsewhere, while the reader confirms."""
    page, shown = begin(portal, "2", li, "宜写明由谁检查。")
    for label, said in (("改意见", "宜写明谁来检查。"), ("填署名", "椰风合作社"),
                        ("填修改建议", "由主办者检查。"), ("改类别", "编辑")):
        to = portal.gemini(page, cert=li.pair).link("提交意见")
        prompt = portal.gemini(page + to, cert=li.pair).meta
        take(portal, page, label, li.pair, said)
        late = portal.gemini(prompt + "?y", cert=li.pair)
        assert late.status == 59 and "没有提交" in late.meta, label
        assert state(portal, page, li) == "草稿"
    _, shown = take(portal, page, "提交意见", li.pair, "是")
    assert "状态：待处理" in shown.text and "署名：椰风合作社" in shown.text
    take(portal, page, "撤回意见", li.pair, "是")


def test_a_long_comment_comes_by_titan(portal, li, make_identity):
    phone = make_identity("phone")
    done = run_guiju(
        "sql", "--capsule", portal.capsule, "--state", portal.state, "--write",
        "INSERT INTO account_certificate (account_id, fingerprint, label,"
        " state, first_seen, last_seen, changed) SELECT id,"
        f" '{phone.fingerprint}', '', 'active', now(), now(), now()"
        " FROM account WHERE name = 'li'")
    assert done.returncode == 0, done.stderr
    page, shown = begin(portal, "6", li, "先写一句。")
    address = urllib.parse.urlsplit(shown.link("意见写得长的")).path
    long = "场馆的容器要分四类，" * 150 + "\n每类有标志。"
    answer = titan(portal, address, long.encode(), "text/plain", phone.pair)
    assert answer.status == 30, answer.header
    assert "> 每类有标志。" in portal.gemini(page, cert=li.pair).text
    # The other device has edited what was there before.
    late = titan(portal, address, "电脑上写的。".encode(), "text/plain", li.pair)
    assert late.status == 59 and "刚在别处改过" in late.meta
    shown = portal.gemini(page, cert=li.pair)
    assert "> 电脑上写的。" in shown.text and "> 每类有标志。" in shown.text
    address = urllib.parse.urlsplit(shown.link("意见写得长的")).path
    assert titan(portal, address, cert=li.pair,
                 parameters=";edit").text == long
    short = titan(portal, address, "短".encode(), "text/plain", li.pair)
    assert short.status == 59 and "2000" in short.meta
    over = titan(portal, address, ("长" * 2001).encode(), "text/plain", li.pair)
    assert over.status == 59
    assert titan(portal, address, long.encode() + "还有。".encode(), "text/plain",
                 li.pair).status == 30
    shown = portal.gemini(page, cert=li.pair)
    assert "没有存进去" not in shown.text
    proposal = urllib.parse.urlsplit(shown.link("修改建议写得长的")).path
    assert titan(portal, proposal, "设四类容器。".encode(), "text/plain",
                 li.pair).status == 30
    # Another's, and one that was handed in, take nothing.
    stranger = make_identity("stranger")
    add_account(portal, stranger, "生人")
    refused = titan(portal, proposal, "改掉它。".encode(), "text/plain",
                    stranger.pair)
    assert refused.status == 51
    take(portal, page, "提交意见", li.pair, "是")
    refused = titan(portal, proposal, "再改改。".encode(), "text/plain", li.pair)
    assert refused.status == 59 and "已经提交" in refused.meta


def test_twenty_comments_wait_at_most(portal, make_identity):
    many = make_identity("many")
    add_account(portal, many, "多意见")
    for n in range(20):
        begin(portal, "2", many, f"第 {n} 条意见。")
    at, _ = take(portal, SAMPLE + "clause/2", "对这一条提意见", many.pair)
    act = urllib.parse.urljoin(at, portal.gemini(
        at, cert=many.pair).link("写意见"))
    answer = portal.gemini(act, cert=many.pair)
    if answer.status == 30:
        answer = portal.gemini(answer.meta, cert=many.pair)
    assert answer.status == 59 and "20 条" in answer.header
    first = portal.gemini("/my/comment/", cert=many.pair).links[0][0]
    take(portal, first, "删除草稿", many.pair, "是")
    begin(portal, "2", many, "再来一条。")


def test_tables_bring_plans_and_drafts_in(portal, li):
    done = bring(portal, "plan", "plans.tsv", PLANS)
    assert counts(done) == "2 new, 0 changed, 0 unchanged, 0 refused"
    done = bring(portal, "plan", "plans.tsv", PLANS)
    assert counts(done) == "0 new, 0 changed, 2 unchanged, 0 refused"
    page = portal.gemini("/plan/CS-2026-01/")
    assert "阶段：立项　国家标准　修订" in page.text
    assert "将代替：GB/T 99201-2015（现行）椰雕" in page.text
    assert "* 将代替：GB/T 99202-2001（未收录）" in page.text
    assert "修订计划：CS-2026-01 椰雕（立项）" in portal.gemini(
        "/standard/GB-T-99201-2015").text
    bad = bring(portal, "plan", "bad.tsv", PLANS.split("\n", 1)[0] + "\n"
                "CS-2026-03\t\t国家\t制定\t\t\nCS-2026-04\t石雕\t城市\t制定\t\t\n"
                "CS/5\t石雕\t国家\t制定\t\t\nCS-2026-06\t石雕\t国家\t制定\t第五条"
                "\t\nCS-2026-07\t石雕\t国家\t制定\t\t后天\n", ok=False)
    assert counts(bad) == "0 new, 0 changed, 0 unchanged, 5 refused"

    assert "no draft" in desk(portal, "plan", "open", "CS-2026-01", day(30),
                              ok=False).stderr
    for head in ("计划: CS-2020-01\n", ""):
        bad = bring(portal, "draft", "head.tsv", head + DRAFT.split("\n", 1)[1],
                    ok=False)
        assert bad.returncode != 0 and "plan" in bad.stdout + bad.stderr
    bad = bring(portal, "draft", "clauses.tsv", DRAFT.split("1\t范围")[0]
                + "\t\t没有条款\n0\t零\t零\n1/2\t斜\t斜\n1\t\t\n", ok=False)
    assert counts(bad) == "0 new, 0 changed, 0 unchanged, 4 refused"
    done = bring(portal, "draft", "draft.tsv", DRAFT)
    assert counts(done) == "3 new, 0 changed, 0 unchanged, 0 refused"
    draft = "/plan/CS-2026-01/draft/1/"
    assert portal.gemini(draft).status == 51
    batch = re.search(r"undo (\d+)", done.stdout)[1]

    def undo():
        return run_guiju("import", "undo", "--capsule", portal.capsule,
                         "--state", portal.state, batch)

    assert undo().returncode == 0
    done = bring(portal, "draft", "draft.tsv", DRAFT)
    batch = re.search(r"undo (\d+)", done.stdout)[1]
    # Whoever tracks what it will replace is told.
    at, _ = take(portal, "/standard/GB-T-99201-2015", "加入跟踪：这一版",
                 li.pair)
    own, _ = take(portal, at, "新建一份清单", li.pair, "雕刻")
    for until in ("明天", day(-3)):
        desk(portal, "plan", "open", "CS-2026-01", until, ok=False)
    desk(portal, "plan", "open", "cs-2026-01", day(30))
    shown = portal.gemini(own.split("?")[0], cert=li.pair)
    assert "修订草案公开征求意见，计划 CS-2026-01" in shown.text
    at, shown = take(portal, own.split("?")[0], "修订草案公开征求意见", li.pair)
    take(portal, at, "计划 CS-2026-01")
    assert "> 用后收好。" in portal.gemini(
        "/my/comment/new/CS-2026-01/1/4.2/", cert=li.pair).text
    assert "刀具要锋利。\n用后收好。" in portal.gemini(draft + "text").text
    undone = undo()
    assert undone.returncode != 0 and "stays" in undone.stderr
    # The last day is put off, and never comes nearer.
    desk(portal, "plan", "open", "CS-2026-01", day(20), ok=False)
    desk(portal, "plan", "open", "CS-2026-01", day(40))
    assert f"{day(40)} 截止" in portal.gemini(draft).text
    # The text that readers are asked about stays as it is.
    for statement in ("UPDATE draft_clause SET body = 'x'",
                      "DELETE FROM draft_clause WHERE clause = '4.2'",
                      "INSERT INTO draft_clause (draft_id, position, clause,"
                      " body) SELECT max(id), 9, '9', 'x' FROM plan_draft",
                      "DELETE FROM plan_draft WHERE state = '公布'",
                      "UPDATE plan_draft SET state = '草稿'"):
        with pytest.raises(sqlite3.IntegrityError, match="stays as it is"):
            sql(portal, statement)


def test_the_desk_works_on_plans_and_comments(portal, li):
    page, _ = hand_in(portal, "3", li, "术语太少。")
    number = page.split("/")[3]
    rows = [json.loads(line) for line in desk(
        portal, "--json", "comment", "list").stdout.splitlines()]
    assert [row["clause"] for row in rows if row["number"] == number] == ["3"]
    shown = desk(portal, "comment", "show", number).stdout
    assert "术语太少" in shown and "li" not in re.findall(r"\w+", shown)
    for wrong in (("也许", "为什么"), ("采纳", "x")):
        desk(portal, "comment", "answer", number, *wrong, ok=False)
    desk(portal, "comment", "answer", number.lower(), "采纳", "补两条术语。")
    assert state(portal, page, li) == "采纳"
    assert "YL-2026-002" in desk(portal, "plan", "list").stdout
    assert "YL-2024-003" not in desk(portal, "plan", "list").stdout
    desk(portal, "plan", "set", "YL-2026-002", "中期", "不对", ok=False)
    desk(portal, "plan", "set", "YL-2026-002", "终止", "没有经费")
    shown = portal.gemini("/plan/YL-2026-002/").text
    assert "阶段：终止" in shown and "> 没有经费" in shown
    assert "has ended" in desk(portal, "plan", "set", "YL-2026-002", "起草",
                               "再来", ok=False).stderr
    for statement in ("UPDATE plan_step SET stage = '出版'",
                      "DELETE FROM plan_step",
                      "UPDATE comment_step SET note = 'xx'",
                      "DELETE FROM comment_step",
                      "UPDATE plan SET stage = '出版' WHERE stage <> '出版'",
                      "UPDATE draft_comment SET body = 'xx' WHERE"
                      " state = '采纳'"):
        with pytest.raises(sqlite3.IntegrityError):
            sql(portal, statement)


def test_an_editor_opens_a_draft_and_moves_a_plan_on(portal, editor):
    bring(portal, "plan", "own.tsv", PLANS.split("\n", 1)[0]
          + "\nCS-2026-11\t根雕\t地方\t制定\t\t\n")
    at, shown = take(portal, "/editor/", "制修订计划和草案", editor.pair)
    at, shown = take(portal, at, "CS-2026-11", editor.pair)
    assert not any("征求意见，或者" in label for _, label in shown.links)
    bring(portal, "draft", "own-draft.tsv", DRAFT.replace("01", "11", 1))
    draft = "/plan/CS-2026-11/draft/1/"
    for wrong in ("后天", day(-2)):
        _, asked = take(portal, at, "公开最新一稿", editor.pair, wrong)
        assert asked.status == 10
    assert portal.gemini(draft).status == 51
    _, shown = take(portal, at, "公开最新一稿", editor.pair, day(30))
    assert "阶段：征求意见" in shown.text
    assert f"{day(30)} 截止" in portal.gemini(draft).text
    _, asked = take(portal, at, "公开最新一稿", editor.pair, day(20))
    assert asked.status == 10 and "只能延长" in asked.header
    take(portal, at, "公开最新一稿", editor.pair, day(60))
    assert f"{day(60)} 截止" in portal.gemini(draft).text
    _, asked = take(portal, at, "今天起：审查", editor.pair, "x")
    assert asked.status == 10
    take(portal, at, "今天起：审查", editor.pair, "开审查会")
    _, shown = take(portal, at, "今天起：终止", editor.pair, "合并到别的计划")
    assert not any("今天起" in label for _, label in shown.links)
    text = portal.gemini("/plan/CS-2026-11/").text
    assert "阶段：终止" in text and "> 合并到别的计划" in text
    assert [act for act, in sql(portal, "SELECT act FROM editor_act WHERE about"
                                " LIKE 'CS-2026-11%' ORDER BY id")] == [
        "计划：征求意见", "计划：征求意见", "计划：审查", "计划：终止"]


def test_a_last_day_is_put_off_in_public_and_within_a_year(portal, editor, li):
    draft = open_draft(portal, "CS-2026-51")
    at = "/editor/plan/of/CS-2026-51/"
    _, asked = take(portal, at, "公开最新一稿", editor.pair, day(400))
    assert asked.status == 10 and "太远" in asked.header
    assert "a year" in desk(portal, "plan", "open", "CS-2026-51", day(400),
                            ok=False).stderr
    take(portal, at, "公开最新一稿", editor.pair, day(50))
    desk(portal, "plan", "open", "CS-2026-51", day(55))
    text = portal.gemini("/plan/CS-2026-51/").text
    for ahead in (50, 55):
        assert f"> 第 1 稿征求意见延长到 {day(ahead)}\n" in text
    assert "阶段：征求意见" in text
    # It is closed: it may be opened again until somebody has been answered.
    form, _ = take(portal, draft + "clause/1", "对这一条提意见", li.pair)
    page, _ = take(portal, form, "写意见", li.pair, "要答复的意见。")
    take(portal, page, "提交意见", li.pair, "是")
    close = ("UPDATE plan_draft SET opened = opened, until = ? WHERE plan_id ="
             " (SELECT id FROM plan WHERE number = 'CS-2026-51')")
    trigger = sql(portal, "SELECT sql FROM sqlite_schema"
                  " WHERE name = 'plan_draft_update'")[0][0]
    sql(portal, "DROP TRIGGER plan_draft_update")
    sql(portal, close.replace("opened = opened", f"opened = '{day(-9)}'"),
        day(-2))
    sql(portal, trigger)
    take(portal, at, "公开最新一稿", editor.pair, day(20))
    assert f"{day(20)} 截止" in portal.gemini(draft).text
    desk(portal, "comment", "answer", page.split("/")[3], "采纳", "照办。")
    sql(portal, close, day(-2))
    act, = acts_on(portal, editor, (at, "公开最新一稿"))
    answer = portal.gemini(act, cert=editor.pair)
    assert answer.status == 59 and "不再开放" in answer.header
    assert "has answers" in desk(portal, "plan", "open", "CS-2026-51", day(30),
                                 ok=False).stderr


def test_lists_are_narrowed(portal):
    at, shown = take(portal, "/plan/", "全部计划")
    plans = int(re.search(r"共 (\d+) 项", shown.text)[1])
    assert plans == sql(portal, "SELECT count(*) FROM plan")[0][0]
    at, shown = take(portal, at, "修订（")
    assert "去掉条件“修订”" in shown.text
    at, shown = take(portal, at, "2026 年下达（")
    found = int(re.search(r"共 (\d+) 项", shown.text)[1])
    assert found == sql(portal, "SELECT count(*) FROM plan WHERE action = '修订'"
                        " AND approved LIKE '2026%'")[0][0] > 0
    _, shown = take(portal, at, "去掉条件“修订”")
    assert "去掉条件“2026”" in shown.text
    _, shown = take(portal, "/plan/", "按标准名称", say="咖啡")
    assert "共 1 项" in shown.text and "YL-2025-007" in shown.text
    for path in ("/plan/list/-/stage:x%22%5D/", "/plan/list/-/%5C,,:/",
                 "/plan/list/%25/-/"):
        assert "共 0 项" in portal.gemini(path).text, path
    assert portal.gemini("/plan/list/-/-/2").status == 51
    # An empty part is none, and every link leads on.
    for kind in ("plan", "pilot"):
        for filters in (",", "level:%E5%9C%B0%E6%96%B9,", ",,stage:x,,"):
            at = f"/{kind}/list/-/{filters}/"
            shown = portal.gemini(at)
            for to, said in shown.links:
                if f"/{kind}/list/" in to:
                    assert portal.gemini(to).status == 20, (at, to, said)
            assert all("//" not in to for to, _ in shown.links)
    assert portal.gemini("/plan/list/-/,/").text.count("去掉条件") == 0
    # What there is is counted, however many there are.
    sql(portal, "INSERT INTO plan (number, title, level, action) WITH RECURSIVE"
        " n (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < 5001)"
        " SELECT 'VIELE-' || n, '很多的计划', '团体', '制定' FROM n")
    sql(portal, "INSERT INTO plan_step (plan_id, created, day, stage)"
        " SELECT id, 1, '2026-01-01', '立项' FROM plan"
        " WHERE number GLOB 'VIELE-*'")
    plans = sql(portal, "SELECT count(*) FROM plan")[0][0]
    assert f"共 {plans} 项" in portal.gemini("/plan/list/-/-/").text
    assert f"共 {(plans + 19) // 20} 页" in portal.gemini(
        f"/plan/list/-/-/{(plans + 19) // 20}").text
    assert "共 5001 项" in portal.gemini(
        "/plan/list/%E5%BE%88%E5%A4%9A%E7%9A%84/-/").text
    sql(portal, "DELETE FROM plan WHERE number GLOB 'VIELE-*'")
    # Digits alone are words as well, and a number.
    _, shown = take(portal, "/plan/", "按标准名称", say="2025")
    assert "YL-2025-007" in shown.text and "共 0 项" not in shown.text
    bring(portal, "plan", "digits.tsv",
          "number\ttitle\tlevel\taction\n20269901\t石雕\t国家\t制定\n")
    assert "# 石雕" in portal.gemini("/plan/20269901/").text
    assert "立项" in desk(portal, "plan", "show", "20269901").stdout


def pages_from(portal, path, label):
    """The texts of a page and of those that its link leads on to; each is given
    over Gopher as well."""
    texts = []
    while path:
        shown = portal.gemini(path)
        assert shown.status == 20, (path, shown.header)
        assert not portal.gopher(path).startswith(b"3"), path
        texts.append(shown.text)
        path = next((urllib.parse.urljoin(path, to) for to, said in shown.links
                     if said.startswith(label)), None)
    return texts


@pytest.mark.parametrize("words", ["长" * 2000, "长\n" * 999 + "完", "短。"])
def test_the_longest_comments_are_shown_page_by_page(portal, words):
    name = f"CS-2026-3{len(words) % 7}"
    draft = open_draft(portal, name)
    sql(portal, "INSERT INTO draft_comment (year, serial, number, draft_id,"
        " clause_id, body, proposal, created)"
        " WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n"
        " WHERE n < 45) SELECT 2030 + ?3, n, format('YJ%d-%04d', 2030 + ?3, n),"
        " k.draft_id, k.id, ?1, ?1, unixepoch() FROM n, draft_clause k"
        " JOIN plan_draft d ON d.id = k.draft_id JOIN plan p ON p.id = d.plan_id"
        " WHERE p.number = ?2 AND k.clause = '1'", words, name, len(words) % 7)
    for became in ("草稿", "待处理", "采纳"):
        sql(portal, "INSERT INTO comment_step (comment_id, created, name,"
            " state, note) SELECT id, unixepoch(), 'x', ?, ? FROM"
            " draft_comment WHERE year = 2030 + ?", became, words,
            len(words) % 7)
    for path in (draft + "comments/", draft + "clause/1"):
        texts = pages_from(portal, path, "下一页")
        assert [number for text in texts for number in re.findall(
            "^### (YJ[0-9-]+)", text, re.M)] == [
                f"YJ{2030 + len(words) % 7}-{n:04}" for n in range(1, 46)], path
        assert f"第 1 页，共 {len(texts)} 页" in texts[0]
        for wrong in ("0", str(len(texts) + 1), "x"):
            assert portal.gemini(f"{path.rstrip('/')}/{wrong}").status == 51


def test_the_text_of_a_long_draft_comes_in_parts(portal):
    rows = "".join(f"{n}\t第 {n} 章\t{f'{n:02}' + '文' * 7996}完{n}\n"
                   for n in range(1, 31))
    draft = open_draft(portal, "CS-2026-41", "条款\t标题\t内容\n" + rows)
    texts = pages_from(portal, draft + "text", "下一份")
    assert re.findall(r"完(\d+)", "".join(texts)) == [
        str(n) for n in range(1, 31)]
    assert f"全文分 {len(texts)} 份，这是第 1 份" in texts[0]
    for wrong in ("0", str(len(texts) + 1), "x"):
        assert portal.gemini(f"{draft}text/{wrong}").status == 51
    assert "完1\n" in portal.gemini(draft + "text.txt").text


def test_the_newest_of_many_steps_are_shown(portal, li, editor):
    page, _ = hand_in(portal, "3", li, "很多答复的意见。")
    number = page.split("/")[3]
    for n in range(1, 40):
        sql(portal, "INSERT INTO comment_step (comment_id, created, name, state,"
            " note) SELECT id, unixepoch(), '起草组', '采纳', ? FROM"
            " draft_comment WHERE number = ?", f"第{n}次" + "长" * 1990, number)
    for place, who in ((page, li), (f"/editor/comment/{number}/", editor)):
        shown = portal.gemini(place, cert=who.pair)
        assert re.findall("第([0-9]+)次", shown.text) == [
            str(n) for n in range(30, 40)], shown.header
        seen, at = [], urllib.parse.urljoin(place, shown.link("以下是最近"))
        while at:
            shown = portal.gemini(at, cert=who.pair)
            seen += re.findall("第([0-9]+)次", shown.text)
            at = next((urllib.parse.urljoin(at, to) for to, said in shown.links
                       if said.startswith("下一页")), None)
        assert seen == [str(n) for n in range(39, 0, -1)]


@pytest.mark.parametrize("kind", ["plan", "pilot"])
def test_the_newest_of_many_stages_are_shown(portal, editor, kind):
    number = sql(portal, "SELECT number FROM plan WHERE id = 3" if kind == "plan"
                 else "SELECT number FROM pilot WHERE stage = '建设中'")[0][0]
    add = ("INSERT INTO plan_step (plan_id, created, day, stage, note) SELECT"
           " id, 1, '2026-11-01', '审查', ? FROM plan WHERE number = ?"
           if kind == "plan" else
           "INSERT INTO pilot_step (pilot_id, created, day, stage, note, result)"
           " SELECT id, 1, '2026-11-01', '中期评估', ?, NULL FROM pilot"
           " WHERE number = ?")
    trigger = sql(portal, "SELECT sql FROM sqlite_schema WHERE name = ?",
                  f"{kind}_step_insert")[0][0]
    sql(portal, f"DROP TRIGGER {kind}_step_insert")
    for n in range(1, 61):
        sql(portal, add, f"说明{n}。", number)
    sql(portal, trigger)
    for place in (f"/{kind}/{number}/", f"/editor/{kind}/of/{number}/"):
        shown = portal.gemini(place, cert=editor.pair)
        assert re.findall("说明([0-9]+)。", shown.text) == [
            str(n) for n in range(11, 61)], place
        to = urllib.parse.urljoin(place, shown.link("以下是最近"))
        both = "".join(portal.gemini(to[:-1] + at).text for at in "12")
        assert re.findall("说明([0-9]+)。", both) == [
            str(n) for n in range(60, 0, -1)]
        assert portal.gemini(to[:-1] + "3").status == 51


def test_a_stage_of_the_past_has_its_own_day_or_none(portal):
    head = "计划号,标准名称,层级,制修订,下达日期,阶段,阶段日期\n"
    first = "CS-2020-1,旧一,地方,制定,2020-01-01,出版,2022-03-04\n"
    done = bring(portal, "plan", "past.csv", head + first
                 + "CS-2020-2,旧二,地方,制定,2020-01-01,出版,\n"
                 "CS-2020-3,旧三,地方,制定,2020-01-01,,\n"
                 "CS-2020-4,旧四,地方,制定,,,\n")
    assert counts(done) == "4 new, 0 changed, 0 unchanged, 0 refused"
    for n, said in enumerate(("2022-03-04　出版", "日期未注明　出版",
                              "2020-01-01　立项", "日期未注明　立项"), 1):
        assert f"* {said}\n" in portal.gemini(f"/plan/CS-2020-{n}/").text
    assert day(0) not in desk(portal, "plan", "show", "CS-2020-2").stdout
    done = bring(portal, "plan", "past.csv", head + first
                 + "CS-2020-2,旧二,地方,制定,2020-01-01,出版,2022-03-05\n"
                 f"CS-2020-5,旧五,地方,制定,,出版,{day(9)}\n"
                 "CS-2020-6,旧六,地方,制定,,出版,后天\n", ok=False)
    assert counts(done) == "0 new, 0 changed, 1 unchanged, 3 refused"
    head = "项目编号,项目名称,承担单位,领域,级别,开始日期,验收结果,阶段日期\n"
    first = "CS-18-1,旧一,示例单位,服务业,省级,2015-01-01,通过,2018-05-06\n"
    done = bring(portal, "pilot", "past-pilot.csv", head + first
                 + "CS-18-2,旧二,示例单位,服务业,省级,2015-01-01,通过,\n"
                 "CS-18-3,旧三,示例单位,服务业,省级,2015-01-01,,\n")
    assert counts(done) == "3 new, 0 changed, 0 unchanged, 0 refused"
    for n, said in enumerate(("2018-05-06　已验收（通过）",
                              "日期未注明　已验收（通过）", "2015-01-01　立项"), 1):
        assert f"* {said}\n" in portal.gemini(f"/pilot/CS-18-{n}/").text
    done = bring(portal, "pilot", "past-pilot.csv", head + first
                 + "CS-18-2,旧二,示例单位,服务业,省级,2015-01-01,通过,2018-05-07\n",
                 ok=False)
    assert counts(done) == "0 new, 0 changed, 1 unchanged, 1 refused"


def test_who_has_withdrawn_a_draft_has_shown_it_to_nobody(
        portal, li, editor):
    page, shown = begin(portal, "2", li, "还没有想好，先不说。")
    number = page.split("/")[3]
    assert not any("撤回" in label for _, label in shown.links)
    _, asked = take(portal, page, "删除草稿", li.pair, "不")
    assert asked.status == 10
    at, shown = take(portal, page, "删除草稿", li.pair, "是")
    assert at.startswith("/my/comment/") and number not in \
        shown.text.split("# 我提的意见")[1]
    assert sql(portal, "SELECT count(*) FROM draft_comment WHERE number = ?",
               number) == [(0,)]
    # One that was withdrawn as a draft, before: its editors see nothing of it.
    page, _ = begin(portal, "2", li, "以前撤回的草稿。")
    number = page.split("/")[3]
    with pytest.raises(sqlite3.IntegrityError, match="does not follow"):
        sql(portal, "INSERT INTO comment_step (comment_id, created, name, state)"
            " SELECT id, 1, 'x', '撤回' FROM draft_comment WHERE number = ?",
            number)
    trigger = sql(portal, "SELECT sql FROM sqlite_schema"
                  " WHERE name = 'comment_step_insert'")[0][0]
    sql(portal, "DROP TRIGGER comment_step_insert")
    sql(portal, "INSERT INTO comment_step (comment_id, created, name, state)"
        " SELECT id, unixepoch(), 'x', '撤回' FROM draft_comment"
        " WHERE number = ?", number)
    sql(portal, trigger)
    assert state(portal, page, li) == "撤回"
    assert portal.gemini(f"/editor/comment/{number}/",
                         cert=editor.pair).status == 51
    assert portal.gemini("/editor/comment/find?" + number,
                         cert=editor.pair).status == 10
    assert number not in desk(portal, "comment", "list", "撤回").stdout
    assert "no comment" in desk(portal, "comment", "show", number,
                                ok=False).stderr
    # One that was handed in and withdrawn is known to them.
    page, _ = hand_in(portal, "2", li, "提交以后撤回的。")
    number = page.split("/")[3]
    take(portal, page, "撤回意见", li.pair, "是")
    assert number in desk(portal, "comment", "list", "撤回").stdout
    assert "已经撤回" not in portal.gemini(f"/editor/comment/{number}/",
                                       cert=editor.pair).header


def test_comments_of_one_day_have_an_end(portal, make_identity):
    busy = make_identity("busy")
    add_account(portal, busy, "多话")
    sql(portal, "INSERT INTO draft_comment (year, serial, number, draft_id,"
        " clause_id, account_id, body, created)"
        " WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n"
        " WHERE n < 100) SELECT 2021, n, format('YJ2021-%04d', n), 1, 3, a.id,"
        " '第 ' || n || ' 条', unixepoch() FROM n, account a"
        " WHERE a.name = '多话'")
    for became in ("草稿", "待处理", "撤回"):
        sql(portal, "INSERT INTO comment_step (comment_id, created, name,"
            " state) SELECT id, unixepoch(), 'x', ? FROM draft_comment"
            " WHERE year = 2021", became)
    at, _ = take(portal, SAMPLE + "clause/2", "对这一条提意见", busy.pair)
    act, = acts_on(portal, busy, (at, "写意见"))
    answer = portal.gemini(act, cert=busy.pair)
    assert answer.status == 59 and "今天已经写了 100 条" in answer.header
    # The next day there is room.
    trigger = sql(portal, "SELECT sql FROM sqlite_schema"
                  " WHERE name = 'draft_comment_update'")[0][0]
    sql(portal, "DROP TRIGGER draft_comment_update")
    sql(portal, "UPDATE draft_comment SET created = unixepoch() - 86400"
        " WHERE year = 2021")
    sql(portal, trigger)
    begin(portal, "2", busy, "又一天的意见。")


def test_long_lists_of_comments_lead_on(portal, editor, make_identity):
    busy = make_identity("often")
    add_account(portal, busy, "常来")
    sql(portal, "INSERT INTO draft_comment (year, serial, number, draft_id,"
        " clause_id, account_id, body, created)"
        " WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n"
        " WHERE n < 230) SELECT 2022, n, format('YJ2022-%04d', n), 1, 3, a.id,"
        " '第 ' || n || ' 条', unixepoch() - 86400 FROM n, account a"
        " WHERE a.name = '常来'")

    def step(became):
        sql(portal, "INSERT INTO comment_step (comment_id, created, name,"
            " state, note) SELECT id, unixepoch(), 'x', ?, '照办' FROM"
            " draft_comment WHERE year = 2022", became)

    def listed(path, who):
        found = []
        while path:
            shown = portal.gemini(path, cert=who.pair)
            found += re.findall("^=> \\S+ (YJ2022-[0-9]+)", shown.text, re.M)
            path = next((to for to, said in shown.links
                         if said.startswith("下一页")), None)
        return found

    every = [f"YJ2022-{n:04}" for n in range(1, 231)]
    step("草稿")
    assert listed("/my/comment/", busy) == every[::-1]
    step("待处理")
    assert listed("/editor/comment/", editor) == every
    step("采纳")
    assert listed("/editor/comment/done", editor) == every[::-1]
    for path, who in (("/my/comment/page/9", busy),
                      ("/editor/comment/page/99", editor),
                      ("/editor/comment/done/x", editor)):
        assert portal.gemini(path, cert=who.pair).status == 51
    done = run_guiju("sql", "--capsule", portal.capsule, "--state", portal.state,
                     "--write", "DELETE FROM draft_comment WHERE year = 2022")
    assert done.returncode == 0, done.stderr


def test_a_name_is_taken_back_in_any_state(portal, li):
    page, shown = begin(portal, "6", li, "容器宜加盖。")
    number = page.split("/")[3]
    assert not any("去掉署名" in label for _, label in shown.links)
    take(portal, page, "填署名", li.pair, "椰林公司")
    take(portal, page, "提交意见", li.pair, "是")
    desk(portal, "comment", "answer", number, "采纳", "照改。")
    assert f"### {number}　一般　椰林公司" in portal.gemini(
        SAMPLE + "clause/6").text
    _, asked = take(portal, page, "去掉署名", li.pair, "不")
    assert asked.status == 10
    _, shown = take(portal, page, "去掉署名", li.pair, "是")
    assert "署名：不署名" in shown.text
    for path in (SAMPLE + "clause/6", SAMPLE + "comments/"):
        text = portal.gemini(path).text
        assert f"### {number}　一般　匿名" in text and "椰林公司" not in text
    with pytest.raises(sqlite3.IntegrityError, match="not rewritten"):
        sql(portal, "UPDATE draft_comment SET signed = '别人' WHERE number = ?",
            number)


def test_a_prompt_overwrites_nothing_that_its_reader_has_not_seen(portal, li):
    page, _ = begin(portal, "6", li, "电脑上写的意见。")
    for label, field, first, late in (
            ("改意见", "body", "手机上写得更长的意见。", "电脑上又写的。"),
            ("填修改建议", "proposal", "手机上写的建议。", "电脑上的建议。"),
            ("填署名", "signed", "手机公司", "电脑公司"),
            ("改类别", "kind", "技术", "编辑")):
        act, = acts_on(portal, li, (page, label))
        take(portal, page, label, li.pair, first)
        answer = portal.gemini(act + "?" + urllib.parse.quote(late),
                               cert=li.pair)
        assert answer.status == 59 and "刚在别处改过" in answer.header, label
        assert sql(portal, f"SELECT {field} FROM draft_comment"
                   " WHERE number = ?", page.split("/")[3]) == [(first,)]
    take(portal, page, "删除草稿", li.pair, "是")


def test_comments_go_with_their_account_and_are_forgotten_in_time(
        portal, make_identity):
    wu = make_identity("wu")
    add_account(portal, wu, "wu")
    page, _ = hand_in(portal, "0", wu, "整体同意，写得清楚。")
    first = page.split("/")[3]
    take(portal, "/my/data/", "删除账户", wu.pair, "删除")
    assert sql(portal, "SELECT count(*) FROM draft_comment WHERE number = ?",
               first) == [(0,)]
    assert sql(portal, "SELECT count(*) FROM comment_step s LEFT JOIN"
               " draft_comment c ON c.id = s.comment_id WHERE c.id IS NULL") \
        == [(0,)]
    chen = make_identity("chen")
    add_account(portal, chen, "chen")
    page, _ = begin(portal, "0", chen, "还没有写完。")
    begun = page.split("/")[3]
    assert begun != first  # a number is not given twice

    def at(ago):
        return int(time.time()) - ago * 86400

    # A draft of three years ago, one of this year, a comment on each.
    for version, ago in ((7, 1100), (8, 300)):
        sql(portal, "INSERT INTO plan_draft (plan_id, version) VALUES (3, ?)",
            version)
        sql(portal, "INSERT INTO draft_clause (draft_id, position, clause,"
            " title, body) SELECT max(id), 1, '1', '范围', 'x' FROM plan_draft")
        sql(portal, "UPDATE plan_draft SET state = '公布', opened = ?,"
            " until = ? WHERE version = ?", day(-ago), day(-ago + 40), version)
        sql(portal, "INSERT INTO draft_comment (year, serial, number, draft_id,"
            " clause_id, account_id, body, signed, created) SELECT 2020, ?1,"
            " format('YJ2020-%04d', ?1), d.id, k.id, a.id, '需要英文版。',"
            " '陈晓', ?2 FROM plan_draft d JOIN draft_clause k"
            " ON k.draft_id = d.id JOIN account a ON a.name = 'chen'"
            " WHERE d.version = ?1", version, at(ago - 5))
        for became in ("草稿", "待处理", "采纳"):
            sql(portal, "INSERT INTO comment_step (comment_id, created, name,"
                " state, note) SELECT max(id), ?, 'x', ?, '照办' FROM"
                " draft_comment WHERE year = 2020", at(ago - 5), became)
    sql(portal, "INSERT INTO draft_comment (year, serial, number, draft_id,"
        " clause_id, account_id, body, created) SELECT 2020, 99,"
        " 'YJ2020-0099', draft_id, clause_id, account_id, '很久以前', ?"
        " FROM draft_comment WHERE number = ?", at(91), begun)
    sql(portal, "INSERT INTO comment_step (comment_id, created, name, state)"
        " SELECT max(id), ?, 'x', '草稿' FROM draft_comment", at(91))
    # Two that were handed in and withdrawn: 91 days ago, and 89.
    for serial, ago in ((101, 91), (102, 89)):
        sql(portal, "INSERT INTO draft_comment (year, serial, number, draft_id,"
            " clause_id, account_id, body, created) SELECT 2020, ?1,"
            " format('YJ2020-%04d', ?1), draft_id, clause_id, account_id,"
            " '撤回 ' || ?1, ?2 FROM draft_comment WHERE number = ?3", serial,
            int(time.time()), begun)
        for became in ("草稿", "待处理", "撤回"):
            sql(portal, "INSERT INTO comment_step (comment_id, created, name,"
                " state) SELECT max(id), ?, 'x', ? FROM draft_comment",
                int(time.time()) if became == "待处理" else at(ago), became)
    done = run_guiju("nightly", "--state", portal.state, portal.capsule)
    assert done.returncode == 0, done.stderr
    assert sql(portal, "SELECT number, signed, account_id IS NULL FROM"
               " draft_comment WHERE year = 2020 ORDER BY number") == [
                   ("YJ2020-0007", None, 1), ("YJ2020-0008", "陈晓", 0),
                   ("YJ2020-0102", None, 0)]
    assert state(portal, page, chen) == "草稿"
    text = portal.gemini("/plan/YL-2025-007/draft/7/comments/").text
    assert "需要英文版" in text and "匿名" in text and "陈晓" not in text
    assert "### YJ2020-0008　一般　陈晓" in portal.gemini(
        "/plan/YL-2025-007/draft/8/comments/").text
    assert "示例会展公司（样例）" in portal.gemini(SAMPLE + "comments/").text
