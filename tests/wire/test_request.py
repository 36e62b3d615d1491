# SPDX-License-Identifier: ISC
"""服务申请: from the home page to the receipt by what the pages show, what the
portal checks by itself, the editors' queue, the same by `guiju desk`, files by
Titan, a service that is added by rows alone, and what the night takes away."""

import json
import re
import signal
import sqlite3
import time
import urllib.parse

import pytest

from conftest import ROOT, Server, run_guiju
from test_contact import desk, sql
from test_editors import add_account
from test_shop import go
from test_titan import titan
from test_tracking import HEADER

pytestmark = [pytest.mark.portal, pytest.mark.pages]

CONTACT = "张收件 0898-0000-0456"
LIST = "/my/request/"
ROWS = ("GB/T 99001-2010,试验方法,被代替,2010-01-01,2010-06-01,,x\n"
        "GB/T 99001-2020,试验方法,现行,2020-01-01,2020-06-01,"
        "GB/T 99001-2010,x\n")
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def code_of(first):
    """A 统一社会信用代码: 17 signs and the one that checks them."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(signs.index(sign) * pow(3, i, 31)
                for i, sign in enumerate(first))
    return first + signs[-total % 31]


def add_device(server, owner, other):
    """A second certificate of the owner's account."""
    sql(server, "INSERT INTO account_certificate (account_id, fingerprint,"
        " label, state, first_seen, last_seen, changed) SELECT account_id, ?,"
        " 'phone', 'active', first_seen, last_seen, changed"
        " FROM account_certificate WHERE fingerprint = ?",
        other.fingerprint, owner.fingerprint)


@pytest.fixture(scope="module")
def people(make_identity):
    return {name: make_identity(name)
            for name in ("wang", "li", "phone", "zhang", "wu")}


@pytest.fixture(scope="module")
def portal(tmp_path_factory, people):
    running = Server(ROOT / "capsule", tmp_path_factory.mktemp("request"),
                     ["--workers", "1"])
    add_account(running, people["wang"], "王编辑", "editor")
    add_account(running, people["li"], "li")
    add_account(running, people["zhang"], "zhang")
    # One certificate writes 60 times a minute.
    add_account(running, people["wu"], "wu")
    add_device(running, people["li"], people["phone"])
    rows = running.state / "rows.csv"
    rows.write_text(HEADER + ROWS, encoding="utf-8")
    done = run_guiju("import", "standards", "--quiet", "--capsule",
                     running.capsule, "--state", running.state, rows)
    assert done.returncode == 0, done.stderr
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


@pytest.fixture
def clean(portal):
    """Nothing of others' tests in the way of the limits."""
    sql(portal, "DELETE FROM request")
    sql(portal, "DELETE FROM guiju_writes")


def begin(portal, who, form, unit="示例合作社", about="-"):
    """A draft: the path of its page."""
    path, answer = go(portal, f"{LIST}new/{form}/{about}/", "开始填", who, unit)
    assert re.fullmatch(LIST + r"CG\d+/", path), answer.header
    return path


def fill(portal, page, label, who, said):
    """Answer a field that takes the answer."""
    _, answer = go(portal, page, label, who, said)
    assert answer.status == 20, (label, answer.header)
    return answer


def search(portal, who, unit="示例合作社"):
    """A request for 标准代查, submitted: the path of its receipt."""
    page = begin(portal, who, "search", unit)
    fill(portal, page + "text/question/", "在一行里写", who, "咖啡豆的国家标准")
    fill(portal, page, "范围：", who, "国内")
    path, answer = go(portal, page + "submit/", "确认提交", who, "是")
    assert re.fullmatch(LIST + r"FW\d{4}-\d{4}/", path), answer.header
    return path


def number_of(path):
    return path.split("/")[3]


def send(portal, who, page, label, body, mime="text/plain"):
    """Upload to the one titan:// link of that label."""
    address = portal.gemini(page, cert=who.pair).link(label)
    assert address.startswith("titan://"), address
    return titan(portal, urllib.parse.urlsplit(address).path, body, mime,
                 who.pair)


def test_an_evaluation_from_the_home_page_to_its_receipt(portal, people, clean):
    li = people["li"]
    page, _ = go(portal, "/", "企业标准评价")
    page, shown = go(portal, page, "在线申请：企业标准评价", li)
    assert "统一社会信用代码（必填）" in shown.text and "60 个月" in shown.text
    _, shown = go(portal, page, "开始填", li, "椰")
    assert shown.status == 10 and "2 到 60" in shown.meta
    draft, shown = go(portal, page, "开始填", li, "椰风\n食品厂")
    assert "草稿已存下" in shown.text and "企业名称：椰风 食品厂" in shown.text
    # In any order; what is not understood is asked again.
    _, shown = go(portal, draft, "评价种类：", li, "随便")
    assert shown.status == 10 and "完整评价" in shown.meta
    fill(portal, draft, "评价种类：", li, "完整评价")
    good = code_of("91460000MA5T0X2F8")
    _, shown = go(portal, draft, "统一社会信用代码：", li, good[:-1] + "0"
                  if good[-1] != "0" else good[:-1] + "1")
    assert shown.status == 10 and "没有看懂" in shown.meta
    fill(portal, draft, "统一社会信用代码：", li, good.lower())
    _, shown = go(portal, draft, "企业标准名称：", li, "110101199003070013 标准")
    assert shown.status == 10 and "身份证号" in shown.meta
    fill(portal, draft, "企业标准名称：", li, "椰子糖")
    fill(portal, draft, "产品或者服务：", li, "椰子糖")
    fill(portal, draft, "企业标准编号：", li, "q/yf0001s")
    secret = urllib.parse.urljoin(
        draft, portal.gemini(draft, cert=li.pair).link("联系人和联系方式"))
    asked = portal.gemini(portal.gemini(secret, cert=li.pair).meta,
                          cert=li.pair)
    assert asked.status == 11
    _, shown = go(portal, draft, "联系人和联系方式：", li, CONTACT)
    assert CONTACT not in shown.text and "已填，只有服务窗口" in shown.text
    assert "还有 1 项必填" in shown.text
    assert not any("提交" in label for _, label in shown.links)
    assert portal.gemini(draft + "submit/", cert=li.pair).status == 59

    # The long ones by Titan.
    page = urllib.parse.urljoin(draft, shown.link("引用标准："))
    answer = send(portal, li, page, "Titan",
                  "GB/T 99001-2010 试验方法\nGBT99001—2020\nGB 88888-2001\n"
                  .encode())
    assert answer.status == 30
    assert "99001—2020" in portal.gemini(answer.meta, cert=li.pair).text
    page = draft + "files/papers/"
    assert send(portal, li, page, "Titan", PDF, "application/pdf").status == 30

    page, shown = go(portal, draft, "核对并提交", li)
    assert "GB/T 99001-2010 被代替，代替它的是 GB/T 99001-2020" in shown.text
    assert "GB/T 99001-2020 有效" in shown.text
    assert "q/yf0001s：编号缺少年代号" in shown.text
    assert "GB 88888-2001：未收录" in shown.text
    _, shown = go(portal, page, "确认提交", li, "好")
    assert shown.status == 10 and "没有提交" in shown.meta
    page, shown = go(portal, page, "确认提交", li, "是")
    number = number_of(page)
    assert f"已提交，受理编号 {number}" in shown.text
    assert f"受理编号 {number}。服务窗口在 20" in shown.text
    assert "4 条：1 条没有问题，3 条要看" in shown.text
    assert f"统一社会信用代码：{good}" in shown.text
    # What was found is what was found on that day.
    sql(portal, "UPDATE standard SET abolished = '2020-07-01'"
        " WHERE key = 'GB-T-99001-2020'")
    assert "GB/T 99001-2020 有效" in portal.gemini(page, cert=li.pair).text
    sql(portal, "UPDATE standard SET abolished = NULL WHERE key = 'GB-T-99001-2020'")
    # The old address of the draft leads there; nothing changes any more.
    assert portal.gemini(draft, cert=li.pair).meta.endswith(page)
    assert CONTACT not in portal.log and "0898" not in portal.log
    assert CONTACT in portal.gemini("/my/data/all.txt", cert=li.pair).text


def test_the_office_and_a_supplement(portal, people, clean):
    li, editor = people["li"], people["wang"]
    page = begin(portal, li, "drafting", "椰风食品厂")
    for label, said in (("联系人", CONTACT), ("标准名称", "椰子糖"),
                        ("标准类别", "企业标准"), ("制定或者修订", "制定"),
                        ("被修订的标准", "无")):
        fill(portal, page, label, li, said)
    fill(portal, page + "text/background/", "在一行里写", li,
       "本厂产品没有标准可用，已有检验数据")
    page, _ = go(portal, page + "submit/", "确认提交", li, "是")
    number = number_of(page)
    assert "服务申请：待办 1 份" in portal.gemini("/editor/",
                                                  cert=editor.pair).text
    own, _ = go(portal, "/editor/", "服务申请", editor)
    own, shown = go(portal, own, number, editor)
    assert CONTACT not in shown.text and "标准类别：企业标准" in shown.text
    assert not any("办理中" in label for _, label in shown.links)
    _, shown = go(portal, own, "查看不显示的各项", editor, "核对电话")
    assert CONTACT in shown.text
    assert sql(portal, "SELECT name, about FROM editor_act WHERE act ="
               " '申请：查看联系方式'") == [("王编辑", f"{number}，核对电话")]
    fill(portal, own, "内部备注", editor, "与去年的同名")
    fill(portal, own, "改为“补正”", editor, "名称太宽，请写全")
    assert f"申请 {number}（标准制修订服务）要补正" in \
        portal.gemini("/my/", cert=li.pair).text
    shown = portal.gemini(page, cert=li.pair).text
    assert "> 名称太宽，请写全" in shown and "同名" not in shown
    # What was submitted stays beside what is changed now.
    fill(portal, page, "标准名称", li, "椰子软糖")
    _, shown = go(portal, page + "submit/", "确认提交", li, "是")
    assert "> 改了：标准名称（草案）" in shown.text
    assert sql(portal, "SELECT v.round, v.value FROM request_value v"
               " JOIN request_field f ON f.id = v.field_id"
               " WHERE f.slug = 'title' ORDER BY v.round") == \
        [(1, "椰子糖"), (2, "椰子软糖")]
    _, shown = go(portal, own, "改为“受理”", editor, "已受理")
    assert "标准名称（草案）：椰子软糖（第 1 次补正改过）" in shown.text
    fill(portal, own, "办理中（检索论证）", editor, "先检索")
    assert "状态：办理中（检索论证）" in portal.gemini(
        page, cert=li.pair).text
    _, shown = go(portal, own, "办理中（起草）", editor, "第一行\n第二行")
    assert "> 第一行\n> 第二行" in shown.text
    assert send(portal, editor, own, "给申请人一个文件", PDF,
                "application/pdf").status == 30
    fill(portal, own, "改为“办结”", editor, "已完成")
    assert f"申请 {number}（标准制修订服务）办结，请看结果" in \
        portal.gemini("/my/", cert=li.pair).text
    shown = portal.gemini(page, cert=li.pair)
    assert "状态：办结" in shown.text
    given = portal.gemini(urllib.parse.urljoin(page, shown.link("给您的文件")),
                          cert=li.pair)
    assert given.body == PDF and given.meta == "application/pdf"
    fill(portal, page, "不再提醒", li, "是")
    assert number not in portal.gemini("/my/", cert=li.pair).text
    acts = [act for act, in sql(
        portal, "SELECT act FROM editor_act WHERE about LIKE ? AND name ="
        " '王编辑' ORDER BY id", f"{number}%")]
    assert acts == ["申请：查看联系方式", "申请：备注", "申请：补正",
                    "申请：受理", "申请：办理中（检索论证）",
                    "申请：办理中（起草）", "申请：给文件", "申请：办结"]


def test_a_price_is_accepted(portal, people, clean):
    li, editor = people["phone"], people["wang"]
    page = search(portal, li)
    number = number_of(page)
    own = f"/editor/request/of/{number}/"
    fill(portal, own, "改为“受理”", editor, "共三十条，60 元，同意请回复")
    _, shown = go(portal, page, "写给服务窗口", li, "110101199003070013")
    assert shown.status == 10 and "身份证号" in shown.meta
    shown = fill(portal, page, "写给服务窗口", li, "同意\n请开始")
    assert "已写给服务窗口" in shown.text and "状态：受理" in shown.text
    assert "> 同意\n> 请开始" in portal.gemini(own, cert=editor.pair).text
    queue = portal.gemini("/editor/request/", cert=editor.pair).text
    assert f"有话　{number}" in queue
    assert "有话" in desk(portal, "request", "list").stdout
    fill(portal, own, "写给申请人一句话，状态不变", editor, "收到")
    queue = portal.gemini("/editor/request/", cert=editor.pair).text
    assert f"有话　{number}" not in queue and number in queue
    desk(portal, "request", "set", number, "检索", "在查")
    fill(portal, page, "写给服务窗口", li, "请快一点")
    assert "状态：办理中（检索）" in portal.gemini(page, cert=li.pair).text
    desk(portal, "request", "set", number, "办结", "完成")
    assert not any("写给服务窗口" in label for _, label in
                   portal.gemini(page, cert=li.pair).links)


def test_another_s_request_is_answered_as_one_that_is_not_there(
        portal, people, clean):
    li, zhang = people["li"], people["zhang"]
    page, draft = search(portal, li), begin(portal, li, "evaluation")
    seal = portal.gemini(page, cert=li.pair).link("撤回").split("/")[-1]
    assert send(portal, li, draft + "files/papers/", "Titan", PDF,
                "application/pdf").status == 30
    file, = sql(portal, "SELECT id FROM request_file")[0]
    assert portal.gemini(f"{draft}file/{file}", cert=li.pair).body == PDF
    for own, unknown in ((page, "FW2026-9999"), (draft, "CG999999")):
        for path in ("", f"withdraw/{seal}", "submit/", "text/question/",
                     f"file/{file}", "files/papers/"):
            answers = {portal.gemini(
                f"{LIST}{number}/{path}", cert=zhang.pair).header
                       for number in (number_of(own), unknown)}
            assert answers == {"51 No such request 没有这份申请"}, path
        answers = {titan(portal, f"{LIST}{number}/files/papers/send", PDF,
                         "application/pdf", zhang.pair).header
                   for number in (number_of(own), unknown)}
        assert len(answers) == 1 and "没有这份申请" in answers.pop()
    # A file of another request of one's own is not of this one.
    assert portal.gemini(f"{page}file/{file}", cert=li.pair).status == 51
    assert portal.gemini(page).status == 60
    assert portal.gopher(page).startswith(b"3")
    number = number_of(page)
    for path in ("", f"of/{number}/", f"of/{number}/file/{file}"):
        assert portal.gemini(f"/editor/request/{path}",
                             cert=li.pair).status == 61
    # Editors do not see drafts.
    assert portal.gemini(f"/editor/request/of/{number_of(draft)}/",
                         cert=people["wang"].pair).status == 51
    assert portal.gemini(f"/editor/request/of/{number}/file/{file}",
                         cert=people["wang"].pair).status == 51


def test_a_seal_submits_once(portal, people, clean):
    li = people["li"]
    page = begin(portal, li, "search")
    fill(portal, page + "text/question/", "在一行里写", li, "咖啡豆的国家标准")
    fill(portal, page, "范围：", li, "国内")
    to = urllib.parse.urljoin(page + "submit/", portal.gemini(
        page + "submit/", cert=li.pair).link("确认提交"))
    said = portal.gemini(to, cert=li.pair).meta + "?" + urllib.parse.quote("是")
    first = portal.gemini(said, cert=li.pair)
    again = portal.gemini(said, cert=li.pair)
    assert first.status == again.status == 30
    assert urllib.parse.urlsplit(first.meta).path == \
        urllib.parse.urlsplit(again.meta).path
    assert sql(portal, "SELECT count(*), count(number) FROM request") == \
        [(1, 1)]
    assert sql(portal, "SELECT count(*) FROM request_step") == [(2,)]


def test_two_devices_of_one_account(portal, people, clean):
    li, phone = people["li"], people["phone"]
    page = begin(portal, li, "search")
    fill(portal, page, "范围：", phone, "国内外")
    text = page + "text/question/"
    address = urllib.parse.urlsplit(
        portal.gemini(text, cert=li.pair).link("Titan")).path
    assert titan(portal, address, "手机上写的线索".encode(), "text/plain",
                 phone.pair).status == 30
    # Who has edited the version of before overwrites nothing, loses nothing.
    late = titan(portal, address, "电脑上写的线索".encode(), "text/plain",
                 li.pair)
    assert late.status == 59 and "刚在别处改过" in late.meta
    shown = portal.gemini(text, cert=li.pair).text
    assert shown.index("手机上写的线索") < shown.index("没有存进去的文字")
    assert "> 电脑上写的线索" in shown
    assert "> 电脑" not in portal.gemini(text, cert=phone.pair).text
    edited = titan(portal, address, cert=li.pair, parameters=";edit")
    assert edited.status == 20 and edited.text == "手机上写的线索"
    assert send(portal, li, text, "Titan", "两处合起来的线索".encode()).status \
        == 30
    assert "没有存进去" not in portal.gemini(text, cert=li.pair).text
    _, shown = go(portal, page + "submit/", "确认提交", phone, "是")
    assert "状态：已提交" in shown.text
    assert "已提交" in portal.gemini(LIST, cert=li.pair).text


def test_a_service_is_added_by_rows(portal, people, clean):
    li, editor = people["li"], people["wang"]
    sql(portal, "INSERT INTO request_kind (id, slug, name, service_id, position,"
        " purpose, course, answer_days, work_days, keep_months) VALUES (99,"
        " 'barcode', '商品条码', 1, 99, '办理条码。', '受理以后发码。', 3, 9, 12)")
    sql(portal, "INSERT INTO request_stage (id, kind_id, position, name)"
        " VALUES (9901, 99, 1, '发码')")
    for row in ((9901, "owner", 1, "条码单位", "line", 1, None),
                (9902, "day", 2, "哪天要", "line", 1, "day"),
                (9903, "phone", 3, "电话", "secret", 1, "contact"),
                (9904, "refer", 4, "依据", "text", 0, "list"),
                (9905, "paper", 5, "样张", "file", 1, None)):
        sql(portal, "INSERT INTO request_field (id, kind_id, slug, position,"
            " name, form, prompt, required, rule) VALUES (?, 99, ?, ?, ?, ?,"
            " '请写', ?, ?)", *row)
    with pytest.raises(sqlite3.IntegrityError, match="no such rule"):
        sql(portal, "INSERT INTO request_field (kind_id, slug, position, name,"
            " form, prompt, required, rule) VALUES (99, 'x', 9, 'x', 'line',"
            " '请写', 1, 'nothing')")
    page, _ = go(portal, "/service/bzcx", "在线申请：商品条码", li)
    page, _ = go(portal, page, "开始填：条码单位", li, "椰风")
    _, shown = go(portal, page, "哪天要：", li, "2027年1月")
    assert shown.status == 10
    fill(portal, page, "哪天要：", li, "2027年1月5日")
    fill(portal, page, "电话：", li, "0898-0000-0777")
    fill(portal, page + "text/refer/", "在一行里写", li, "GB/T 99001-2010")
    assert send(portal, li, page + "files/paper/", "Titan", PDF,
                "application/pdf").status == 30
    page, shown = go(portal, page + "submit/", "确认提交", li, "是")
    assert "# 商品条码 FW" in shown.text and "哪天要：2027-01-05" in shown.text
    assert "GB/T 99001-2010 被代替" in shown.text
    own = f"/editor/request/of/{number_of(page)}/"
    fill(portal, own, "改为“受理”", editor, "好的")
    fill(portal, own, "办理中（发码）", editor, "在办")
    fill(portal, own, "改为“办结”", editor, "好了")
    assert "状态：办结" in portal.gemini(page, cert=li.pair).text
    # A field that was answered keeps its form, and can no longer be asked.
    with pytest.raises(sqlite3.IntegrityError, match="keeps its form"):
        sql(portal, "UPDATE request_field SET form = 'text' WHERE id = 9902")
    sql(portal, "UPDATE request_field SET asked = 0 WHERE id = 9902")
    assert "哪天要：2027-01-05" in portal.gemini(page, cert=li.pair).text
    sql(portal, "UPDATE request_kind SET offered = 0 WHERE id = 99")
    assert portal.gemini(LIST + "new/barcode/-/", cert=li.pair).status == 51
    assert "商品条码" not in portal.gemini("/service/bzcx").text


def test_the_desk(portal, people, clean):
    page = search(portal, people["li"], "柜台上办的")
    number = number_of(page)
    assert number in desk(portal, "request", "list").stdout
    shown = desk(portal, "request", "show", number.lower()).stdout
    assert "柜台上办的" in shown and "咖啡豆" in shown
    assert "can follow" in desk(portal, "request", "set", number, "办结", "好的",
                                ok=False).stderr
    desk(portal, "request", "set", number, "受理", "好的")
    refused = desk(portal, "request", "set", number, "办理中", "好的", ok=False)
    assert "检索, 核对" in refused.stderr
    desk(portal, "request", "set", number, "检索", "在查")
    desk(portal, "request", "answer", number, "查到两项")
    desk(portal, "request", "note", number, "先放一放")
    assert "no contact" in desk(portal, "request", "contact", number, "电话",
                                ok=False).stderr
    desk(portal, "request", "set", number, "办结", "见上")
    assert "already" in desk(portal, "request", "set", number, "受理", "再来",
                             ok=False).stderr
    assert "there is no request" in desk(portal, "request", "show",
                                         "FW2026-9999", ok=False).stderr
    reader = portal.gemini(page, cert=people["li"].pair).text
    assert "办理中（检索）\n> 查到两项" in reader and "先放一放" not in reader
    assert sql(portal, "SELECT act FROM editor_act WHERE about = ? AND act"
               " LIKE 'guiju desk %' ORDER BY id", number) == [
                   (f"guiju desk request {verb}",)
                   for verb in ("set", "set", "answer", "note", "set")]


def test_files_by_titan(portal, people, clean):
    li = people["li"]
    page = begin(portal, li, "evaluation") + "files/papers/"
    bad = send(portal, li, page, "Titan", b"plain words", "application/pdf")
    assert bad.status == 59 and portal.gemini(
        page, cert=li.pair).text.count("SHA-256") == 0
    for body, mime in ((PDF, "application/pdf"), (PDF, "application/pdf"),
                       ("标准文本".encode(), "text/plain")):
        assert send(portal, li, page, "Titan", body, mime).status == 30
    shown = portal.gemini(page, cert=li.pair)
    assert shown.text.count("SHA-256") == 2  # the same file is there once
    sql(portal, "INSERT INTO request_field (id, kind_id, slug, position, name,"
        " form, prompt, required) VALUES (599, 5, 'other', 99, '别的', 'file',"
        " '请上传', 0)")
    other = send(portal, li, page.replace("papers", "other"), "Titan", PDF,
                 "application/pdf")
    assert other.status == 59 and "已经在“标准文本和编制说明”里" in other.meta
    sql(portal, "DELETE FROM request_field WHERE id = 599")
    got = portal.gemini(urllib.parse.urljoin(page, shown.link("文件 2（")),
                        cert=people["phone"].pair)
    assert got.text == "标准文本" and got.meta.startswith("text/plain")
    fill(portal, page, "拿掉文件 1", li, "是")
    shown = portal.gemini(page, cert=li.pair)
    assert shown.text.count("SHA-256") == 1 and "文件 2" not in shown.text
    # Past the bytes of a request, and of an account, nothing is taken.
    for mib, told in ((17, "最多 20 MiB"), (201, "已有 200 MiB")):
        other = begin(portal, li, "evaluation", "别的厂")
        sql(portal, "INSERT INTO request_file (request_id, field_id, round,"
            " created, mime, bytes, sha256, data) SELECT max(id), 510, 1, 1,"
            " 'a/b', ? * 1048576, hex(randomblob(32)), x'00' FROM request", mib)
        to = page if mib > 200 else other + "files/papers/"
        full = send(portal, li, to, "Titan", b"%PDF-1.4\n%\xff\n%%EOF\n",
                    "application/pdf")
        assert full.status == 59 and told in full.meta
    # Past the number of files there is no link, and no way around it.
    sql(portal, "UPDATE request_field SET most = 1 WHERE id = 510")
    address = page + "send"
    assert not any("Titan" in label for _, label in portal.gemini(
        page, cert=li.pair).links)
    full = titan(portal, address, PDF, "application/pdf", li.pair)
    assert full.status == 59 and "最多 1 个" in full.meta
    sql(portal, "UPDATE request_field SET most = 10 WHERE id = 510")


def test_a_supplement_replaces_files(portal, people, clean):
    """At most so many files count; what was submitted stays."""
    li, editor = people["li"], people["wang"]
    sql(portal, "UPDATE request_field SET most = 2 WHERE id = 510")
    draft = begin(portal, li, "evaluation")
    for label, said in (("评价种类：", "完整评价"), ("联系人和", CONTACT),
                        ("统一社会信用代码：", code_of("91460000MA5T0X2F8")),
                        ("企业标准名称：", "椰子糖"),
                        ("产品或者服务：", "椰子糖"),
                        ("企业标准编号：", "Q/YF 0001S-2026")):
        fill(portal, draft, label, li, said)
    fill(portal, draft + "text/cited/", "在一行里写", li, "GB/T 99001-2020")
    for body in ("文本一", "文本二"):
        assert send(portal, li, draft + "files/papers/", "Titan",
                    body.encode()).status == 30
    page, _ = go(portal, draft + "submit/", "确认提交", li, "是")
    own = f"/editor/request/of/{number_of(page)}/"
    fill(portal, own, "改为“补正”", editor, "请换文本二")
    files = page + "files/papers/"
    full = titan(portal, files + "send", "新文本二".encode(), "text/plain",
                 li.pair)
    assert full.status == 59 and "最多 2 个" in full.meta
    _, shown = go(portal, files, "拿掉文件 2", li, "是")
    assert "已拿掉" in shown.text and "1 个文件" in shown.text
    shown = portal.gemini(files, cert=li.pair)
    assert "第 1 次补正起不再算数" in shown.text
    assert not any("拿掉文件 2" in label for _, label in shown.links)
    # The same file again counts again, and is taken out again.
    assert send(portal, li, files, "Titan", "文本二".encode()).status == 30
    assert "不再算数，" not in portal.gemini(files, cert=li.pair).text
    go(portal, files, "拿掉文件 2", li, "是")
    assert send(portal, li, files, "Titan", "新文本二".encode()).status == 30
    assert portal.gemini(files, cert=li.pair).text.count("SHA-256") == 3
    _, shown = go(portal, page + "submit/", "确认提交", li, "是")
    assert "> 改了：标准文本和编制说明" in shown.text
    assert "标准文本和编制说明：2 个文件" in shown.text
    shown = portal.gemini(own, cert=editor.pair)
    old, = [address for address, label in shown.links
            if "第 1 次补正起不再算数" in label]
    assert portal.gemini(urllib.parse.urljoin(own, old),
                         cert=editor.pair).text == "文本二"
    for statement in ("UPDATE request_file SET dropped = NULL",
                      "UPDATE request_file SET mime = 'a/b'",
                      "DELETE FROM request_file"):
        with pytest.raises(sqlite3.IntegrityError):
            sql(portal, statement)
    sql(portal, "UPDATE request_field SET most = 10 WHERE id = 510")


def test_a_stamped_report(portal, people, clean):
    li = people["li"]
    page, _ = go(portal, "/validity/", "粘贴清单", None, "GB/T 99001-2020")
    page, shown = go(portal, page, "出具报告")
    report = page.split("/")[3]
    assert re.fullmatch(r"HN\d{4}-\d{6}", report), page
    page, shown = go(portal, page, "盖章的有效性确认报告", li)
    assert f"关于报告：{report}" in shown.text
    page, shown = go(portal, page, "开始填", li, "椰风食品厂")
    assert f"报告编号：{report}" in shown.text
    draft = page
    _, shown = go(portal, page, "报告编号：", li, "HN2020-000009")
    assert shown.status == 10 and "查不到" in shown.meta
    for label, said in (("份数：", "2"), ("领取方式：", "窗口自取"),
                        ("收件信息：", CONTACT)):
        fill(portal, page, label, li, said)
    _, shown = go(portal, draft + "submit/", "确认提交", li, "是")
    assert "# 盖章的有效性确认报告 FW" in shown.text
    assert f"{report}：截止日 2" in shown.text and "1 条：" in shown.text
    assert shown.link("报告编号：") == f"/validity/report/{report}/"
    assert portal.gemini(f"{LIST}new/stamp/HN2020-000009/",
                         cert=li.pair).status == 51
    assert portal.gemini(f"{LIST}new/search/{report}/",
                         cert=li.pair).status == 51


def test_limits_of_an_account(portal, people, clean):
    zhang = people["zhang"]
    for _ in range(10):
        begin(portal, zhang, "search")
    _, answer = go(portal, LIST + "new/search/-/", "开始填", zhang)
    assert answer.status == 59 and "草稿已有 10 份" in answer.meta
    _, shown = go(portal, begin_page(portal, zhang), "删除这份草稿", zhang, "是")
    assert "已删除草稿" in shown.text
    sql(portal, "DELETE FROM request")
    search(portal, zhang)
    sql(portal, "WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1"
        " FROM n WHERE n < 19) INSERT INTO request_step (request_id, created,"
        " name, state, note) SELECT id, unixepoch(), '申请人', state, '请问'"
        " FROM request, n")
    page = begin(portal, zhang, "search")
    fill(portal, page + "text/question/", "在一行里写", zhang, "还有一份线索")
    fill(portal, page, "范围：", zhang, "国内")
    answer = portal.gemini(page + "submit/", cert=zhang.pair)
    assert answer.status == 59 and "一天最多提交和回复 20 次" in answer.meta


def begin_page(portal, who):
    return LIST + [address for address, label in portal.gemini(
        LIST, cert=who.pair).links if "草稿" in label][0]


def test_what_is_told_stays(portal, people, clean):
    page = search(portal, people["phone"])
    draft = begin(portal, people["phone"], "search")
    for statement in (
            "UPDATE request_step SET note = 'x y'",
            "DELETE FROM request_step",
            "INSERT OR REPLACE INTO request_step (id, request_id, created,"
            " name, state) SELECT id, request_id, 1, name, state"
            " FROM request_step",
            "UPDATE request SET state = '办结'",
            "UPDATE request SET number = NULL, year = NULL, serial = NULL",
            "UPDATE request_value SET value = 'x' WHERE request_id ="
            " (SELECT min(id) FROM request)",
            "DELETE FROM request_value",
            "INSERT INTO request_step (request_id, created, name, state)"
            " SELECT max(id), 1, '申请人', '已提交' FROM request",
            "INSERT INTO request_step (request_id, created, name, state)"
            " SELECT min(id), 1, '服务窗口', '办结' FROM request",
            "INSERT INTO request_step (request_id, created, name, state, stage)"
            " SELECT min(id), 1, '服务窗口', '办理中', '起草' FROM request",
            "UPDATE number_given SET last = 0"):
        with pytest.raises(sqlite3.IntegrityError):
            sql(portal, statement)
    assert portal.gemini(page, cert=people["phone"].pair).status == 20
    assert portal.gemini(draft, cert=people["phone"].pair).status == 20


def test_withdrawal_and_the_night(portal, people, clean):
    wu = people["wu"]
    draft, other = (begin(portal, wu, "search") for _ in range(2))
    fill(portal, draft, "联系方式：", wu, CONTACT)
    pages = {}
    for name in ("withdrawn", "late", "closed", "old", "open"):
        page = begin(portal, wu, "search", name)
        fill(portal, page, "联系方式：", wu, CONTACT)
        fill(portal, page + "text/question/", "在一行里写", wu, "一条线索")
        fill(portal, page, "范围：", wu, "国内")
        pages[name], _ = go(portal, page + "submit/", "确认提交", wu, "是")
    _, shown = go(portal, pages["withdrawn"], "撤回申请", wu, "是")
    assert "状态：撤回" in shown.text and "已经抹去" in shown.text
    _, shown = go(portal, f"/editor/request/of/{number_of(pages['late'])}/",
                  "改为“补正”", people["wang"], "请补")
    for name in ("closed", "old"):
        desk(portal, "request", "set", number_of(pages[name]), "不予受理",
             "不在范围")
    sql(portal, "DROP TRIGGER request_step_update")
    for name, days in (("closed", 367), ("old", 25 * 31), ("open", 999)):
        sql(portal, "UPDATE request_step SET created = created - ? * 86400"
            " WHERE request_id = (SELECT id FROM request WHERE number = ?)",
            days, number_of(pages[name]))
    sql(portal, "UPDATE request SET due = '2020-01-01' WHERE state = '补正'")
    sql(portal, "UPDATE request SET touched = touched - 91 * 86400"
        " WHERE state = '草稿'")
    younger = begin(portal, wu, "search")
    done = run_guiju("nightly", "--state", portal.state, portal.capsule)
    assert done.returncode == 0, done.stderr
    for gone in (draft, other):
        assert portal.gemini(gone, cert=wu.pair).status == 51
    assert portal.gemini(younger, cert=wu.pair).status == 20
    assert portal.gemini(pages["old"], cert=wu.pair).status == 51
    state = ("SELECT state, (SELECT count(*) FROM request_value v"
             " JOIN request_field f ON f.id = v.field_id WHERE request_id ="
             " r.id AND f.form = 'secret' AND value IS NOT NULL)"
             " FROM request r WHERE number = ?")
    for name, expected in (("withdrawn", ("撤回", 0)), ("late", ("撤回", 0)),
                           ("closed", ("不予受理", 0)), ("open", ("已提交", 1))):
        assert sql(portal, state, number_of(pages[name])) == [expected], name
    # A number is not given again.
    highest = max(number_of(page) for page in pages.values())
    sql(portal, "DELETE FROM request")
    assert number_of(search(portal, wu)) > highest


def test_an_account_with_many_files_goes_in_steps(portal, make_identity, clean):
    """What is deleted is overwritten: a page has no time for all at once."""
    sun = make_identity("sun")
    add_account(portal, sun, "sun")
    for unit in ("甲厂", "乙厂"):
        begin(portal, sun, "evaluation", unit)
    sql(portal, "WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1"
        " FROM n WHERE n < 20) INSERT INTO request_file (request_id, field_id,"
        " round, created, mime, bytes, sha256, data) SELECT id, 510, 1, 1,"
        " 'a/b', 1048576, hex(randomblob(32)), randomblob(1048576)"
        " FROM request, n")
    _, shown = go(portal, "/my/data/", "删除账户", sun, "删除")
    assert "请再按一次" in shown.text
    assert sql(portal, "SELECT count(*) FROM request") == [(1,)]
    go(portal, "/my/data/", "删除账户", sun, "删除")
    assert sql(portal, "SELECT count(*) FROM account WHERE name = 'sun'") == \
        [(0,)]
    assert sql(portal, "SELECT count(*) FROM request_file") == [(0,)]


def test_a_receipt_outlives_a_kill_and_goes_with_its_account(
        tmp_path, make_identity):
    zhou = make_identity("zhou")
    server = Server(ROOT / "capsule", tmp_path)
    add_account(server, zhou, "zhou")
    page = search(server, zhou)
    server.process.send_signal(signal.SIGKILL)
    server.process.wait(10)
    time.sleep(0.2)  # the children see that the parent is gone
    again = Server(ROOT / "capsule", tmp_path)
    assert number_of(page) in again.gemini(page, cert=zhou.pair).text
    exported = again.gemini("/my/data/all.txt", cert=zhou.pair).text
    assert f"{number_of(page)}, 标准代查, 已提交" in exported
    assert "咖啡豆的国家标准" in exported
    go(again, "/my/data/", "删除账户", zhou, "删除")
    for table in ("request", "request_value", "request_step"):
        assert sql(again, f"SELECT count(*) FROM {table}") == [(0,)], table
    assert again.stop() == 0


RULES = (
    # 91350100M000100Y43 stands as an example in GB 32100.
    ("credit-code", "91350100m000100y43", None, "91350100M000100Y43"),
    ("credit-code", "９１３５０１００Ｍ０００１００Ｙ４３", None,
     "91350100M000100Y43"),
    ("credit-code", "91350100M000100Y44", None, None),
    ("credit-code", "91350100M000100Y4", None, None),
    ("credit-code", "91350100M000100Y4I", None, None),
    ("amount", "０12", None, "12"), ("amount", "0", None, None),
    ("amount", "-1", None, None), ("amount", "1.5", None, None),
    ("amount", "1000000", None, None), ("amount", "999999", None, "999999"),
    ("day", "2027/2/3", None, "2027-02-03"),
    ("day", "2027年2月3日", None, "2027-02-03"),
    ("day", "2027-02-30", None, None), ("day", "2027-02", None, None),
    ("contact", "王先生", None, None), ("contact", "王 0898-1", None, "王 0898-1"),
    ("choice", "乙", "甲、乙", "乙"), ("choice", "甲、乙", "甲、乙", None),
    ("choice", "", "甲、乙", None), ("choice", "丙", "甲、乙", None),
    ("standard", "gbt19001—2016", None, "GB/T 19001-2016"),
    ("standard", "质量手册", None, None),
    ("list", "质量手册", None, None),
    ("list", "gbt19001", None, "gbt19001"),
    ("report", "HN2020-000001", None, None),
    (None, "随便", None, "随便"))


def test_the_rules_of_answers(portal):
    """Each rule that a row can name reads what it means, and no more."""
    def literal(text):
        return "NULL" if text is None else f"'{text}'"
    columns = ", ".join(
        f"request_read({literal(rule)}, {literal(text)}, {literal(choices)})"
        for rule, text, choices, _ in RULES)
    done = run_guiju("sql", "--capsule", portal.capsule, "--state",
                     portal.state, f"SELECT json_array({columns}) AS found")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    for (rule, text, _, expected), read in zip(RULES, found, strict=True):
        assert read == expected, (rule, text)
    told = {name for name, in sql(portal, "SELECT name FROM request_rule")}
    assert told == {rule for rule, *_ in RULES} - {None} | {"own-number"}


def test_a_long_list_is_checked_and_the_rest_is_told(
        portal, make_identity, clean):
    he = make_identity("he")
    add_account(portal, he, "he")
    page = begin(portal, he, "drafting")
    numbers = [f"GB {n}-2001" for n in range(70001, 70499)]
    numbers += ["GB/T 99001-2020", "GB/T 99001-2010", "GB 7-2001", "GB 8-2001"]
    text = "\n".join(numbers).encode()
    assert send(portal, he, page + "text/related/", "Titan", text).status \
        == 30
    for label, said in (("联系人", CONTACT), ("标准名称", "椰子糖"),
                        ("标准类别", "企业标准"), ("制定或者修订", "制定")):
        fill(portal, page, label, he, said)
    fill(portal, page + "text/background/", "在一行里写", he,
         "本厂产品没有标准可用，已有检验数据")
    _, shown = go(portal, page + "submit/", "确认提交", he, "是")
    assert "核对了 501 条：1 条没有问题，500 条要看" in shown.text
    assert "以上是前 100 条" in shown.text
    exported = portal.gemini("/my/data/all.txt", cert=he.pair).text
    assert "GB/T 99001-2020 有效" in exported
    assert "还有 2 条" in exported and "GB 8-2001：" not in shown.text


def prompt_of(portal, page, label, who):
    """The address of the prompt behind the link of that label."""
    to = urllib.parse.urljoin(page, portal.gemini(
        page, cert=who.pair).link(label))
    asked = portal.gemini(to, cert=who.pair)
    assert asked.status == 30, asked.header
    assert portal.gemini(asked.meta, cert=who.pair).status in (10, 11)
    return asked.meta


def say(portal, prompt, who, said):
    return portal.gemini(f"{prompt}?{urllib.parse.quote(said)}", cert=who.pair)


def test_what_is_submitted_is_what_was_read(portal, make_identity, clean):
    """A change from the second device, while the first one confirms."""
    # Certificates of its own: one writes 60 times a minute.
    li, phone = make_identity("lin"), make_identity("lin-phone")
    add_account(portal, li, "lin")
    add_device(portal, li, phone)
    page = begin(portal, li, "evaluation")
    good = code_of("91460000MA5T0X2F8")
    for label, said in (("评价种类：", "完整评价"), ("联系人和", CONTACT),
                        ("统一社会信用代码：", good), ("企业标准名称：", "椰子糖"),
                        ("产品或者服务：", "椰子糖"),
                        ("企业标准编号：", "Q/YF 0001S-2026")):
        fill(portal, page, label, li, said)
    fill(portal, page + "text/cited/", "在一行里写", li, "GB/T 99001-2020")

    def changes():
        fill(portal, page, "企业标准名称：", phone, "椰子软糖")
        yield
        fill(portal, page, "联系人和", phone, CONTACT + "0")
        yield
        assert send(portal, phone, page + "files/papers/", "Titan", PDF,
                    "application/pdf").status == 30
        yield
        sql(portal, "UPDATE standard SET abolished = '2020-07-01'"
            " WHERE key = 'GB-T-99001-2020'")
        yield

    step = changes()
    for _ in range(4):
        prompt = prompt_of(portal, page + "submit/", "确认提交", li)
        next(step)
        late = say(portal, prompt, li, "是")
        assert late.status == 59 and "没有提交" in late.meta
        assert sql(portal, "SELECT state FROM request") == [("草稿",)]
    sql(portal, "UPDATE standard SET abolished = NULL"
        " WHERE key = 'GB-T-99001-2020'")
    prompt = prompt_of(portal, page + "submit/", "确认提交", li)
    assert say(portal, prompt, li, "是").status == 30


def test_a_text_that_was_refused_is_exported_and_goes(portal, make_identity,
                                                      clean):
    """With its draft, and with the account of any device that sent it; what a
    stranger has sent who asks to come to the account stays the stranger's."""
    sun, tablet, asks = (make_identity(name)
                         for name in ("sun", "tablet", "asks"))
    add_account(portal, sun, "孙")
    for who, state in ((tablet, "active"), (asks, "pending")):
        sql(portal, "INSERT INTO account_certificate (account_id, fingerprint,"
            " label, state, first_seen, last_seen, changed) SELECT account_id,"
            " ?, 'x', ?, first_seen, last_seen, changed"
            " FROM account_certificate WHERE fingerprint = ?",
            who.fingerprint, state, sun.fingerprint)
    kept = "SELECT text FROM guiju_draft ORDER BY id"
    sql(portal, "DELETE FROM guiju_draft")
    pages = [begin(portal, sun, "search", unit) for unit in ("甲社", "乙社")]
    for page, who, device in zip(pages, (sun, tablet), ("sun", "tablet")):
        late = titan(portal, f"{page}text/question/edit/9", f"迟到的 {device}"
                     .encode(), "text/plain", who.pair)
        assert late.status == 59 and "刚在别处改过" in late.meta
    sql(portal, "INSERT INTO guiju_draft (cert, path, mime, text, reason, made,"
        " bytes) VALUES (?, ?, 'text/plain', '别人的', '-', unixepoch(), 9)",
        asks.fingerprint, pages[0] + "text/question/edit/1")
    exported = portal.gemini("/my/data/all.txt", cert=sun.pair).text
    assert "迟到的 sun" in exported and "迟到的 tablet" in exported
    assert "别人的" not in exported
    go(portal, pages[0], "删除这份草稿", sun, "是")
    assert sql(portal, kept) == [("迟到的 tablet",), ("别人的",)]
    go(portal, "/my/data/", "删除账户", sun, "删除")
    assert sql(portal, kept) == [("别人的",)]
    sql(portal, "DELETE FROM guiju_draft")


def test_long_words_leave_the_pages_standing(portal, people, clean):
    """What was said last is on the page, all the rest on pages behind it."""
    li, editor = people["phone"], people["wang"]
    page = search(portal, li)
    number = number_of(page)
    own = f"/editor/request/of/{number}/"
    long = "话\n" * 990
    for table, columns, rest in (
            ("request_step", "state, ", "'已提交', "), ("request_note", "", "")):
        sql(portal, "WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1"
            f" FROM n WHERE n < 240) INSERT INTO {table} (request_id, created,"
            f" name, {columns}note) SELECT r.id, unixepoch() - 99999, '服务窗口',"
            f" {rest}'第' || n || '句' || char(10) || ? FROM request r, n", long)
    for start, who, label in ((page, li, "更早的经过"),
                              (own, editor, "更早的经过"),
                              (own, editor, "更早的备注")):
        at, told, pages = start, [], 0
        while at:
            shown = portal.gemini(at, cert=who.pair)
            assert shown.status == 20, (at, shown.header)
            text = shown.text
            if start == own and at == own:
                cut = text.index("## 内部备注")
                text = text[:cut] if "经过" in label else text[cut:]
            told += [int(n) for n in re.findall("> 第([0-9]+)句", text)]
            pages += 1
            more = [to for to, name in shown.links if name == label]
            at = urllib.parse.urljoin(at, more[0]) if more else None
        assert told == list(range(240, 0, -1)), (start, label)
        assert pages < 50


def test_refused_texts_leave_their_page_standing(portal, people, clean):
    li = people["li"]
    page = begin(portal, li, "evaluation") + "text/measures/"
    whole = "甲" + "指标" * 43000
    for text in ("乙" + "指标" * 43000, whole):
        late = send(portal, li, page, "Titan", text.encode())
        assert late.status == 59 and "50000 个字" in late.meta
    shown = portal.gemini(page, cert=li.pair)
    assert shown.status == 20 and "> 甲指标" in shown.text
    assert "> 乙" not in shown.text and "共 86001 字" in shown.text
    kept = [to for to, label in shown.links if label.startswith("全文")]
    assert [portal.gemini(page + to, cert=li.pair).text[0] for to in kept] == \
        ["甲", "乙"]
    assert portal.gemini(page + kept[0], cert=li.pair).text == whole
    assert portal.gemini(page + kept[0],
                         cert=people["phone"].pair).status == 51
    assert portal.gemini(page + kept[0],
                         cert=people["zhang"].pair).status == 51
    sql(portal, "DELETE FROM guiju_draft")


def test_a_report_that_was_withdrawn_is_not_stamped(portal, people, clean):
    li = people["li"]
    page, _ = go(portal, "/validity/", "粘贴清单", None, "GB/T 99001-2020")
    page, _ = go(portal, page, "出具报告")
    report = page.split("/")[3]
    page = begin(portal, li, "stamp", "椰风食品厂", report)
    for label, said in (("份数：", "2"), ("领取方式：", "窗口自取"),
                        ("收件信息：", CONTACT)):
        fill(portal, page, label, li, said)
    prompt = prompt_of(portal, page + "submit/", "确认提交", li)
    go(portal, f"/editor/report/{report}/", "撤下", people["wang"], "数据有误")
    for refused in (say(portal, prompt, li, "是"),
                    portal.gemini(page + "submit/", cert=li.pair)):
        assert refused.status == 59 and "报告已撤下" in refused.meta
    # Where the report need not be named, the reader and the office are told.
    sql(portal, "UPDATE request_field SET required = 0 WHERE rule = 'report'")
    shown = portal.gemini(page + "submit/", cert=li.pair)
    assert f"{report}：报告已撤下" in shown.text
    _, shown = go(portal, page + "submit/", "确认提交", li, "是")
    assert "1 条：0 条没有问题，1 条要看" in shown.text
    sql(portal, "UPDATE request_field SET required = 1 WHERE rule = 'report'")


def test_what_came_after_the_page_stays_unread(portal, people, clean):
    """And what the office asks for is quoted, not what it said after that."""
    li, editor = people["phone"], people["wang"]
    page = search(portal, li)
    own = f"/editor/request/of/{number_of(page)}/"
    fill(portal, own, "改为“受理”", editor, "已受理")
    prompt = prompt_of(portal, page, "不再提醒", li)
    fill(portal, own, "写给申请人一句话，状态不变", editor, "请看报价")
    assert say(portal, prompt, li, "是").status == 30
    shown = portal.gemini(page, cert=li.pair)
    assert any("不再提醒" in label for _, label in shown.links)
    prompt = prompt_of(portal, page, "不再提醒", li)
    assert say(portal, prompt, li, "是").status == 30
    assert not any("不再提醒" in label for _, label in
                   portal.gemini(page, cert=li.pair).links)
    fill(portal, own, "改为“补正”", editor, "线索太少，请补")
    fill(portal, own, "写给申请人一句话，状态不变", editor, "不急")
    assert send(portal, editor, own, "给申请人一个文件", PDF,
                "application/pdf").status == 30
    top = portal.gemini(page, cert=li.pair).text.split("## ")[0]
    assert "> 线索太少，请补" in top and "不急" not in top
    fill(portal, page + "text/question/", "在一行里写", li, "更多的线索")
    _, shown = go(portal, page + "submit/", "确认提交", li, "是")
    assert any("不再提醒" in label for _, label in shown.links)
    fill(portal, own, "改为“受理”", editor, "收到")
    fill(portal, own, "改为“办结”", editor, "结果在文件里")
    fill(portal, own, "写给申请人一句话，状态不变", editor, "再见")
    top = portal.gemini(page, cert=li.pair).text.split("## ")[0]
    assert "> 结果在文件里" in top and "再见" not in top


def test_a_prompt_overwrites_no_text_of_elsewhere(portal, people, clean):
    li, phone = people["phone"], people["li"]
    page = begin(portal, li, "search") + "text/question/"
    prompt = prompt_of(portal, page, "在一行里写", li)
    assert send(portal, phone, page, "Titan", "一篇很长的线索".encode()).status \
        == 30
    late = say(portal, prompt, li, "短的线索")
    assert late.status == 59 and "没有覆盖" in late.meta
    assert "短的线索" in late.meta
    assert "一篇很长的线索" in portal.gemini(page, cert=li.pair).text
    fill(portal, page, "在一行里写", li, "短的线索")


def test_gemtext_that_was_sent_is_no_page(portal, people, clean):
    li, editor = people["li"], people["wang"]
    page = begin(portal, li, "search")
    sql(portal, "INSERT INTO request_field (id, kind_id, slug, position, name,"
        " form, prompt, required) SELECT 999, kind_id, 'other', 99, '别的',"
        " 'file', '请上传', 0 FROM request")
    fake = b"# Capsule\n=> gemini://example.org/ Log in\n"
    assert send(portal, li, page + "files/other/", "Titan", fake,
                "text/gemini").status == 30
    fill(portal, page + "text/question/", "在一行里写", li, "一条线索")
    fill(portal, page, "范围：", li, "国内")
    page, _ = go(portal, page + "submit/", "确认提交", li, "是")
    own = f"/editor/request/of/{number_of(page)}/"
    file, = sql(portal, "SELECT id FROM request_file")[0]
    for at, who in ((page, li), (own, editor)):
        given = portal.gemini(f"{at}file/{file}", cert=who.pair)
        assert given.body == fake and given.meta.startswith("text/plain")
    sql(portal, "DELETE FROM request")
    sql(portal, "DELETE FROM request_field WHERE id = 999")


def test_an_idle_account_stays_as_long_as_its_requests(portal, make_identity,
                                                       clean):
    names = ("xu", "gone")
    xu, gone = (make_identity(name) for name in names)
    for who, name in zip((xu, gone), names):
        add_account(portal, who, name)
    page = search(portal, xu)
    desk(portal, "request", "set", number_of(page), "不予受理", "不在范围")

    def night():
        sql(portal, "UPDATE account SET last_seen = unixepoch() - 4 * 365"
            " * 86400 WHERE name IN ('xu', 'gone')")
        sql(portal, "DELETE FROM guiju_night")
        done = run_guiju("nightly", "--state", portal.state, portal.capsule)
        assert done.returncode == 0, done.stderr
        return sql(portal, "SELECT a.name, r.number FROM account a"
                   " LEFT JOIN request r ON r.account_id = a.id"
                   " WHERE a.name IN ('xu', 'gone')")

    assert night() == [("xu", number_of(page))]
    sql(portal, "DROP TRIGGER IF EXISTS request_step_update")
    sql(portal, "UPDATE request_step SET created = created - 99 * 31 * 86400")
    night()
    assert night() == []
