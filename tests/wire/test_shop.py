# SPDX-License-Identifier: ISC
"""网上书店: from the home page to an order's receipt, the editors' quote, the
same by `guiju desk`, and what the night takes away."""

import re
import sqlite3
import urllib.parse

import pytest

from conftest import ROOT, Server, run_guiju
from test_contact import desk, sql
from test_editors import add_account
from test_tracking import HEADER

pytestmark = [pytest.mark.portal, pytest.mark.pages]

CONTACT = "张收件 0898-0000-0123 示例市标准路 9 号"
ROWS = ("GB/T 99001-2010,试验方法,被代替,2010-01-01,2010-06-01,,x\n"
        "GB/T 99001-2020,试验方法,现行,2020-01-01,2020-06-01,"
        "GB/T 99001-2010,x\n")
ITEM = ("INSERT INTO shop_item (kind, standard_key, number, title, format,"
        " language, price, member_price, stock, sample) VALUES ('国内标准', ?,"
        " ?, '试验方法', '纸质', '中文', 1000, 950, 5, 1) RETURNING id")
BASKET = "/my/order/basket/"


@pytest.fixture(scope="module")
def people(make_identity):
    return {name: make_identity(name) for name in ("wang", "li", "zhang")}


@pytest.fixture(scope="module")
def portal(tmp_path_factory, people):
    running = Server(ROOT / "capsule", tmp_path_factory.mktemp("shop"),
                     ["--workers", "1"])
    add_account(running, people["wang"], "王编辑", "editor")
    add_account(running, people["li"], "li")
    add_account(running, people["zhang"], "zhang")
    rows = running.state / "rows.csv"
    rows.write_text(HEADER + ROWS, encoding="utf-8")
    done = run_guiju("import", "standards", "--quiet", "--capsule",
                     running.capsule, "--state", running.state, rows)
    assert done.returncode == 0, done.stderr
    for year in ("2010", "2020"):
        sql(running, ITEM, f"GB-T-99001-{year}", f"GB/T 99001-{year}")
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


def go(portal, page, label, who=None, say=None):
    """Take the one link of that label and answer its prompt: the path where it
    leads, without the token of a notice, and the answer there, which is a
    second prompt where what was said is refused."""
    cert = who and who.pair
    answer = portal.gemini(page, cert=cert)
    assert answer.status == 20, (page, answer.header)
    path = urllib.parse.urljoin(page, answer.link(label))
    answer = portal.gemini(path, cert=cert)
    while answer.status == 30 or (answer.status in (10, 11) and say):
        if answer.status == 30:
            path = urllib.parse.urljoin(path, answer.meta)
        else:
            path, say = f"{path}?{urllib.parse.quote(say)}", None
        answer = portal.gemini(path, cert=cert)
    return path.split("?")[0], answer


def fill(portal, who, item, old=0):
    """A basket with one item, as the pages fill it."""
    account = ("SELECT account_id FROM account_certificate"
               f" WHERE fingerprint = '{who.fingerprint}'")
    sql(portal, "INSERT INTO basket (account_id, unit, contact, delivery,"
        f" touched) VALUES (({account}), '示例合作社', ?, '自取', unixepoch())",
        CONTACT)
    sql(portal, "INSERT INTO basket_line (account_id, item_id, quantity,"
        f" old_edition) VALUES (({account}), ?, 1, ?)", item, old)


def order(portal, who, item):
    """An order of one item: the path of its page."""
    fill(portal, who, item)
    path, answer = go(portal, BASKET, "核对并提交", who, "是")
    assert re.fullmatch(r"/my/order/DG\d{4}-\d{4}/", path), answer.header
    return path


def item_of(portal, number):
    return sql(portal, "SELECT id FROM shop_item WHERE number = ?"
               " ORDER BY id LIMIT 1", number)[0][0]


def test_an_order_from_the_home_page_to_its_end(portal, people):
    li, editor = people["li"], people["wang"]
    page, _ = go(portal, "/", "网上书店")
    page, _ = go(portal, page, "目录、查找")
    assert page == "/shop/"
    page, shown = go(portal, page, "按标准号", None, "GB/T 99001")
    assert "GB/T 99001-2010" in shown.text
    page, shown = go(portal, page, "GB/T 99001-2020")
    # The standard's page leads to the same place.
    assert go(portal, "/standard/GB-T-99001-2020", "网上书店")[0] == page
    page, _ = go(portal, page, "放进购物车", li)
    _, shown = go(portal, page, "填份数", li, "两份")
    assert shown.status == 10 and "没有看懂" in shown.meta
    page, shown = go(portal, page, "填份数", li, "２")
    assert page == BASKET and "已放进购物车" in shown.text
    assert "小计 20.00 元" in shown.text
    assert not any("提交" in label for _, label in shown.links)
    _, shown = go(portal, page, "改份数", li, "3")
    assert "共计 30.00 元" in shown.text
    # One that is quoted.
    page, _ = go(portal, "/shop/", "国外标准")
    page, _ = go(portal, page, "ISO 9001:2015")
    page, _ = go(portal, page, "放进购物车", li)
    page, _ = go(portal, page, "填份数", li, "1")
    go(portal, page, "填订购单位", li, "椰风\n合作社")
    asked = portal.gemini(urllib.parse.urljoin(
        page, portal.gemini(page, cert=li.pair).link("填收件信息")),
        cert=li.pair)
    if asked.status == 30:
        asked = portal.gemini(asked.meta, cert=li.pair)
    assert asked.status == 11
    _, shown = go(portal, page, "填收件信息", li, CONTACT)
    assert CONTACT not in shown.text and "收件信息：已填" in shown.text
    go(portal, page, "选收件方式", li, "电子发送")
    _, shown = go(portal, page, "核对并提交", li)
    assert shown.status == 59 and "纸质" in shown.meta
    _, shown = go(portal, page, "选收件方式", li, "飞鸽")
    assert shown.status == 10
    go(portal, page, "选收件方式", li, "快递")
    page, shown = go(portal, page, "核对并提交", li, "是")
    number = page.split("/")[3]
    assert f"已提交，订单号 {number}" in shown.text
    assert "状态：待报价" in shown.text and "订购单位：椰风 合作社" in shown.text
    assert "3 份 × 10.00 元 = 30.00 元" in shown.text
    assert "购物车：空的" in portal.gemini("/my/order/", cert=li.pair).text
    # The lines keep the price of their day.
    sql(portal, "UPDATE shop_item SET price = 9900 WHERE number ="
        " 'GB/T 99001-2020'")
    assert "= 30.00 元" in portal.gemini(page, cert=li.pair).text
    sql(portal, "UPDATE shop_item SET price = 1000 WHERE number ="
        " 'GB/T 99001-2020'")

    # The editor quotes: not before all is priced.
    own, _ = go(portal, "/editor/", "书店订单", editor)
    own, shown = go(portal, own, number, editor)
    assert CONTACT not in shown.text
    assert not any("已报价" in label for _, label in shown.links)
    _, shown = go(portal, own, "填单价：ISO 9001:2015", editor, "一千")
    assert shown.status == 10
    go(portal, own, "填单价：ISO 9001:2015", editor, "1200.50")
    go(portal, own, "填运费", editor, "12")
    _, shown = go(portal, own, "已报价", editor, "含快递")
    assert "状态：已报价" in shown.text
    go(portal, own, "内部备注", editor, "与去年的同名")
    _, shown = go(portal, own, "收件信息", editor, "核对地址")
    assert CONTACT in shown.text
    assert sql(portal, "SELECT name, about FROM editor_act"
               " WHERE act = '订单：查看收件信息'") == \
        [("王编辑", f"{number}，核对地址")]

    assert f"订单 {number}：报价等您接受" in \
        portal.gemini("/my/", cert=li.pair).text
    # What is accepted is the sum that was shown.
    accept = urllib.parse.urljoin(page, portal.gemini(
        page, cert=li.pair).link("接受报价"))
    assert "/accept/1242.50/" in accept
    refused = portal.gemini(accept.replace("1242.50", "1242.00") + "?y",
                            cert=li.pair)
    assert refused.status == 59 and "1242.50 元" in refused.meta
    _, shown = go(portal, page, "接受报价", li, "是")
    assert "状态：待汇款" in shown.text and "合计：1242.50 元" in shown.text
    assert "> 含快递" in shown.text and "同名" not in shown.text
    go(portal, own, "已发货", editor, "单号 123")
    assert sql(portal, "SELECT stock FROM shop_item WHERE number ="
               " 'GB/T 99001-2020'") == [(2,)]
    _, shown = go(portal, page, "确认收货", li, "是")
    assert "状态：完成" in shown.text
    assert CONTACT in portal.gemini("/my/data/all.txt", cert=li.pair).text
    assert CONTACT not in portal.log and "0898" not in portal.log


def test_an_old_edition_is_confirmed_as_such(portal, people):
    zhang = people["zhang"]
    old = item_of(portal, "GB/T 99001-2010")
    assert "标准状态：被代替" in portal.gemini(f"/shop/item/{old}").text
    path, _ = go(portal, f"/shop/item/{old}", "放进购物车", zhang)
    _, shown = go(portal, path, "我要旧版", zhang, "1")
    assert shown.status == 10 and "被代替" in shown.meta
    _, shown = go(portal, path, "我要旧版", zhang, "旧版 2")
    assert "旧版（被代替），您已确认" in shown.text
    sql(portal, "DELETE FROM basket")
    # One that was replaced after it was put into the basket.
    fill(portal, zhang, old)
    _, shown = go(portal, BASKET, "核对并提交", zhang)
    assert shown.status == 59 and "旧版" in shown.meta
    go(portal, BASKET, "改份数", zhang, "旧版 2")
    _, shown = go(portal, BASKET, "核对并提交", zhang, "是")
    assert "旧版（被代替），已确认）2 份" in shown.text


def test_another_s_order_is_answered_as_one_that_is_not_there(portal, people):
    li, zhang = people["li"], people["zhang"]
    page = order(portal, li, 9)
    number = page.split("/")[3]
    seal = portal.gemini(page, cert=li.pair).link("取消订单")
    for path in ("", "do/cancel/" + seal.split("/")[-1]):
        answers = {portal.gemini(
            page.replace(number, asked) + path,
            cert=zhang.pair).header.replace(asked, "N")
                   for asked in (number, "DG2026-9999")}
        assert answers == {"51 No such order 没有这份订单"}, path
    assert portal.gemini(page).status == 60
    assert portal.gopher(page).startswith(b"3")
    assert portal.gemini(f"/editor/order/of/{number}/",
                         cert=li.pair).status == 61
    _, shown = go(portal, page, "取消订单", li, "是")
    assert "状态：取消" in shown.text and "已抹去" in shown.text


def test_a_seal_orders_once(portal, people):
    li = people["li"]
    fill(portal, li, 9)
    before = sql(portal, "SELECT count(*) FROM shop_order WHERE account_id"
                 " = (SELECT account_id FROM basket)")[0][0]
    to = urllib.parse.urljoin(
        BASKET, portal.gemini(BASKET, cert=li.pair).link("核对并提交"))
    to = portal.gemini(to, cert=li.pair).meta
    said = to + "?" + urllib.parse.quote("是")
    assert portal.gemini(said, cert=li.pair).status == 30
    # Again, with another basket too: the seal is used.
    assert portal.gemini(said, cert=li.pair).status == 59
    fill(portal, li, 9)
    again = portal.gemini(said, cert=li.pair)
    assert again.status == 20 and "已经执行过一次" in again.text
    assert sql(portal, "SELECT count(*) FROM shop_order WHERE account_id"
               " = (SELECT account_id FROM basket)") == [(before + 1,)]
    _, shown = go(portal, BASKET, "改份数", li, "0")
    assert "购物车是空的" in shown.text
    sql(portal, "DELETE FROM basket")


def test_the_desk_and_a_member_s_price(portal, people):
    zhang = people["zhang"]
    sql(portal, "INSERT INTO member (number, kind, name, since, until, listed,"
        " account_id) SELECT 'HY-9002', '个人会员', '会员', '2020-01-01',"
        " '2099-01-01', 0, id FROM account WHERE name = 'zhang'")
    page = order(portal, zhang, 9)
    number = page.split("/")[3]
    assert "1 份 × 14.25 元" in portal.gemini(page, cert=zhang.pair).text
    assert number in desk(portal, "order", "list").stdout
    shown = desk(portal, "order", "show", number).stdout
    assert "14.25" in shown and CONTACT not in shown
    assert "lacks" in desk(portal, "order", "set", number, "已报价", "好的",
                           ok=False).stderr
    desk(portal, "order", "freight", number, "0")
    desk(portal, "order", "price", number, "1", "14")
    assert "no line 7" in desk(portal, "order", "price", number, "7", "14",
                               ok=False).stderr
    assert "can follow" in desk(portal, "order", "set", number, "已发货",
                                "好的", ok=False).stderr
    desk(portal, "order", "set", number, "已报价", "自取免运费")
    assert "its prices stay" in desk(portal, "order", "freight", number, "9",
                                     ok=False).stderr
    desk(portal, "order", "answer", number, "二号窗口")
    desk(portal, "order", "note", number, "先放一放")
    assert CONTACT in desk(portal, "order", "contact", number, "电话").stdout
    # Why somebody has read it outlives the order.
    assert sql(portal, "SELECT about FROM editor_act WHERE act ="
               " '查看联系方式'") == [(f"{number}，电话",)]
    desk(portal, "order", "set", number, "缺货", "卖完了")
    assert "already" in desk(portal, "order", "set", number, "完成", "再来",
                             ok=False).stderr
    reader = portal.gemini(page, cert=zhang.pair).text
    assert "状态：缺货" in reader and "> 二号窗口" in reader
    assert "合计：14.00 元" in reader and "先放一放" not in reader
    acts = [act for act, in sql(
        portal, "SELECT act FROM editor_act WHERE act LIKE 'guiju desk %'"
        " ORDER BY id")]
    assert acts == [f"guiju desk order {verb}" for verb in (
        "freight", "price", "set", "answer", "note", "contact", "set")]


def test_what_is_told_stays_and_the_night_takes_the_contact(portal, people):
    page = order(portal, people["li"], 9)
    number = page.split("/")[3]
    for statement in (
            "UPDATE shop_order_step SET note = 'x y'",
            "DELETE FROM shop_order_step",
            "UPDATE shop_order SET state = '完成'",
            "UPDATE shop_order_line SET quantity = 9",
            "DELETE FROM shop_order_line",
            "INSERT INTO shop_order_step (order_id, created, name, state)"
            " SELECT max(id), 1, '书店', '完成' FROM shop_order"):
        with pytest.raises(sqlite3.IntegrityError):
            sql(portal, statement)
    # It was sent long ago, and nobody has said that it came.
    sql(portal, "UPDATE shop_order SET freight = 0 WHERE number = ?", number)
    for state in ("已报价", "待汇款", "已发货"):
        add_step(portal, number, state, 366)
    # A contact goes 30 days after the last step.
    kept, erased = (order(portal, people["li"], 9).split("/")[3]
                    for _ in range(2))
    sql(portal, "DROP TRIGGER shop_order_step_update")
    sql(portal, "UPDATE shop_order_step SET created = created - 40 * 86400")
    add_step(portal, kept, "取消", 29)
    add_step(portal, erased, "取消", 31)
    fill(portal, people["zhang"], 9)
    sql(portal, "UPDATE basket SET touched = 1")
    done = run_guiju("nightly", "--state", portal.state, portal.capsule)
    assert done.returncode == 0, done.stderr
    contact = ("SELECT state, contact IS NOT NULL FROM shop_order"
               " WHERE number = ?")
    assert sql(portal, contact, number) == [("完成", 1)]
    assert sql(portal, contact, kept) == [("取消", 1)]
    assert sql(portal, contact, erased) == [("取消", 0)]
    assert sql(portal, "SELECT * FROM basket") == []
    go(portal, "/my/data/", "删除账户", people["li"], "删除")
    for table in ("shop_order", "basket"):
        assert sql(portal, f"SELECT count(*) FROM {table} WHERE account_id"
                   " NOT IN (SELECT id FROM account)") == [(0,)]
    assert sql(portal, "SELECT count(*) FROM shop_order_line WHERE order_id"
               " NOT IN (SELECT id FROM shop_order)") == [(0,)]


def test_invoice_fields_are_checked(portal, people):
    zhang = people["zhang"]
    sql(portal, "DELETE FROM basket")
    fill(portal, zhang, 9)
    for said in ("91460100", "9146010012345678９０123456", "91460100#2345678",
                 "税号 123456789012", "91460100MA5T1234X7", "A" * 15,
                 # Identity numbers, alone and with the two digits of a shop.
                 "110101199003070013", "11010119900307001301"):
        _, shown = go(portal, BASKET, "填税号", zhang, said)
        assert shown.status == 10, said
    _, shown = go(portal, BASKET, "填税号", zhang, "９１46 0100 ma5t 1234 xn")
    assert "税号：91460100MA5T1234XN" in shown.text
    _, shown = go(portal, BASKET, "核对并提交", zhang)
    assert shown.status == 59 and "发票抬头" in shown.meta
    for label in ("填发票抬头", "填订购单位", "给书店的话"):
        _, shown = go(portal, BASKET, label, zhang, "某 110101199003070013")
        assert shown.status == 10 and "身份证号" in shown.meta, label
    _, shown = go(portal, BASKET, "填发票抬头", zhang, "示例合作社")
    assert "发票抬头：示例合作社" in shown.text
    go(portal, BASKET, "给书店的话", zhang, "尽快")
    _, shown = go(portal, BASKET, "给书店的话", zhang, "-")
    assert "给书店的话：没有写" in shown.text
    page, shown = go(portal, BASKET, "核对并提交", zhang, "是")
    for line in ("发票抬头：示例合作社", "税号：91460100MA5T1234XN"):
        assert line in shown.text
        assert line in portal.gemini(page.replace("/my/order/",
                                                  "/editor/order/of/"),
                                     cert=people["wang"].pair).text
    number = page.split("/")[3]
    assert "91460100MA5T1234XN" in desk(portal, "order", "show", number).stdout
    assert "91460100MA5T1234XN" in portal.gemini("/my/data/all.txt",
                                                 cert=zhang.pair).text
    with pytest.raises(sqlite3.IntegrityError, match="not rewritten"):
        sql(portal, "UPDATE shop_order SET invoice_title = 'x y'"
            " WHERE number = ?", number)
    assert "91460100" not in portal.log


def test_what_the_tax_law_wants_outlives_the_account(portal, people,
                                                     make_identity):
    wu = make_identity("wu")
    add_account(portal, wu, "wu")
    orders = {}
    for became, tax in (("待汇款", "91460100MA5T1234XN"), ("完成", None),
                        ("待报价", None), ("取消", None)):
        sql(portal, "DELETE FROM basket")
        fill(portal, wu, 9)
        sql(portal, "UPDATE basket SET unit = '吴氏作坊', remark = '请打电话',"
            " contact = '吴收件 0898-9999', invoice_title = '吴氏作坊抬头',"
            " invoice_number = ?", tax)
        path, shown = go(portal, BASKET, "核对并提交", wu, "是")
        number = orders[became] = path.split("/")[3]
        sql(portal, "UPDATE shop_order SET freight = 500 WHERE number = ?",
            number)
        for state in {"待汇款": ("已报价", "待汇款"), "取消": ("取消",),
                      "完成": ("已报价", "待汇款", "已发货", "完成"),
                      "待报价": ()}[became]:
            add_step(portal, number, state, 0)
    shown = portal.gemini("/my/data/", cert=wu.pair).text
    assert "接受过报价的订单有 2 份，按税法从最后一步起保存十年" in shown
    _, shown = go(portal, "/my/data/", "删除账户", wu)
    assert "按税法留下 2 份订单" in portal.gemini(
        urllib.parse.urljoin("/my/data/", shown.meta), cert=wu.pair).meta \
        or "按税法留下 2 份订单" in shown.meta
    go(portal, "/my/data/", "删除账户", wu, "删除")
    kept = ("SELECT number FROM kept_order WHERE number >= ?"
            " ORDER BY number")
    assert sql(portal, kept, orders["待汇款"]) == \
        [(orders["待汇款"],), (orders["完成"],)]
    # Nothing of the person, in any column of any table of the shop.
    for table in ("kept_order", "kept_order_line", "shop_order",
                  "shop_order_line", "shop_order_step", "basket"):
        rows = str(sql(portal, f"SELECT * FROM {table}"))
        for word in ("wu", "吴收件", "请打电话"):
            assert word not in rows, (table, word)
        assert ("吴氏" in rows) == (table == "kept_order"), table
    assert sql(portal, "SELECT invoice_title FROM kept_order WHERE"
               " number = ?", orders["完成"]) == [(None,)]
    # Editors find them, others do not.
    editor = people["wang"]
    page, _ = go(portal, "/editor/order/", "按税法保存", editor)
    page, shown = go(portal, page, orders["待汇款"], editor)
    assert "税号：91460100MA5T1234XN" in shown.text
    assert "1 份 × 15.00 元" in shown.text and "合计：20.00 元" in shown.text
    assert go(portal, "/editor/order/", "按订单号查找", editor,
              orders["完成"])[0] == f"/editor/order/kept/{orders['完成']}"
    assert portal.gemini(page, cert=people["zhang"].pair).status == 61
    assert orders["完成"] in desk(portal, "order", "kept").stdout
    assert "20.00" in desk(portal, "order", "kept", orders["完成"]).stdout
    assert "no order" in desk(portal, "order", "kept", orders["取消"],
                              ok=False).stderr
    # They stay as they are, for ten years, and no longer.
    for statement in ("UPDATE kept_order SET invoice_title = 'x'",
                      "DELETE FROM kept_order",
                      "UPDATE kept_order_line SET price = 1",
                      "DELETE FROM kept_order_line",
                      "INSERT OR REPLACE INTO kept_order SELECT id, number,"
                      " state, created, settled, 1, NULL, NULL, kept"
                      " FROM kept_order"):
        with pytest.raises(sqlite3.IntegrityError, match="kept"):
            sql(portal, statement)
    sql(portal, "DROP TRIGGER kept_order_update")
    sql(portal, "UPDATE kept_order SET settled = unixepoch() - 3654 * 86400"
        " WHERE number = ?", orders["完成"])
    sql(portal, "DELETE FROM guiju_night")  # it runs once per day
    done = run_guiju("nightly", "--state", portal.state, portal.capsule)
    assert done.returncode == 0, done.stderr
    assert sql(portal, kept, orders["待汇款"]) == [(orders["待汇款"],)]
    assert sql(portal, "SELECT count(*) FROM kept_order_line WHERE order_id"
               " NOT IN (SELECT id FROM kept_order)") == [(0,)]


def test_editors_change_items(portal, people):
    editor, zhang = people["wang"], people["zhang"]
    at, shown = go(portal, "/editor/", "书店货品", editor)
    at, shown = go(portal, at, "国外标准：输入", editor, "iso 9001：2015")
    item = at.split("/")[4]
    assert "标准号：ISO 9001:2015" in shown.text and "已下架" in shown.text
    assert portal.gemini(f"/shop/item/{item}").status == 51
    for label, bad, good, told in (
            ("改价格", "很贵", "1200.50", "价格：- → 1200.50"),
            ("改会员价", "1300", "1100", "会员价：- → 1100.00"),
            ("改存量", "三", "3", "存量：- → 3"),
            ("改到货天数", "-1", "5", "到货天数：- → 5"),
            ("改形式", "光盘", "电子授权", "形式：纸质 → 电子授权"),
            ("改语种", "", "英文", "语种：英文 → 英文"),
            ("改页数", "0", "29", "页数：- → 29"),
            ("改名称", "　", "质量\n体系", "质量 体系"),
            ("改类别", "杂志", "国外标准", "类别：国外标准 → 国外标准"),
            ("改标准号", "没有号码", "ISO 9001:2015", "ISO 9001:2015"),
            ("改在售", "也许", "是", "在售：否 → 是")):
        if bad:
            _, shown = go(portal, at, label, editor, bad)
            assert shown.status == 10, (label, shown.header)
        _, shown = go(portal, at, label, editor, good)
        assert told in shown.text, (label, shown.text)
    _, shown = go(portal, at, "改价格", editor, "1000")
    assert shown.status == 10 and "先改会员价" in shown.meta
    assert "1200.50" in portal.gemini(f"/shop/item/{item}").text
    assert f"/shop/item/{item}" in portal.gemini("/shop/list/foreign/").text
    # A basket follows the new price, an order does not.
    sql(portal, "DELETE FROM basket")
    sql(portal, "DELETE FROM member WHERE number = 'HY-9002'")
    fill(portal, zhang, item)
    sql(portal, "UPDATE basket SET delivery = '电子发送'")
    page, _ = go(portal, BASKET, "核对并提交", zhang, "是")
    fill(portal, zhang, item)
    # By the desk: emptying the price empties that for members.
    assert desk(portal, "item", "set", item, "price", "无").returncode == 0
    shown = desk(portal, "item", "show", item).stdout
    assert re.search(r"^price +- ", shown, re.M)
    assert re.search(r"^member_price +- ", shown, re.M)
    assert "价格等书店报价" in portal.gemini(BASKET, cert=zhang.pair).text
    assert "1200.50" in portal.gemini(page, cert=zhang.pair).text
    for words, said in ((["set", item, "colour", "red"], "no field"),
                        (["set", item, "stock", "many"], "is not a stock"),
                        (["set", item, "title", "无"], "is not a title"),
                        (["set", item, "member_price", "9"], "not above"),
                        (["set", "99999", "stock", "1"], "no item"),
                        (["set", "x", "stock", "1"], "no item"),
                        (["add", "杂志", "x"], "no kind"),
                        (["list", "杂志"], "no kind")):
        assert said in desk(portal, "item", *words, ok=False).stderr, words
    made = desk(portal, "item", "add", "国外标准", "ISO 1-2022").stdout
    assert "is its number" in desk(
        portal, "item", "set", re.search("item (.*?):", made)[1], "on_sale",
        "是", ok=False).stderr
    made = desk(portal, "item", "add", "图书", "新讲义").stdout
    assert "新讲义" in desk(portal, "item", "list", "图书").stdout
    assert portal.gemini(f"/shop/item/{re.search('item (.*?):', made)[1]}") \
        .status == 51
    # A standard of the catalogue brings its name.
    made = desk(portal, "item", "add", "国内标准", "gbt99001-2020").stdout
    number = re.search("item (.*?):", made)[1]
    assert sql(portal, "SELECT number, standard_key, title <> number FROM"
               " shop_item WHERE id = ?", number) == \
        [("GB/T 99001-2020", "GB-T-99001-2020", 1)]
    acts = sql(portal, "SELECT name, act, about FROM editor_act WHERE act LIKE"
               " '货品：%' ORDER BY id")
    assert acts[0] == ("王编辑", "货品：新建", f"{item}，ISO 9001:2015")
    assert ("王编辑", "货品：改价格",
            f"{item}，ISO 9001:2015 ISO 9001:2015，- → 1200.50") in acts
    # Whoever is not an editor changes nothing.
    link = urllib.parse.urljoin(at, portal.gemini(at, cert=editor.pair)
                                .link("改价格"))
    assert portal.gemini(link, cert=zhang.pair).status == 61
    sql(portal, "DELETE FROM basket")


def add_step(portal, number, state, days):
    sql(portal, "INSERT INTO shop_order_step (order_id, created, name, state)"
        " SELECT id, unixepoch() - ? * 86400, '书店', ? FROM shop_order"
        " WHERE number = ?", days, state, number)


def test_what_is_ordered_is_what_was_read(portal, people):
    """A change elsewhere, while the reader confirms: of a fact, a line, a
    price."""
    zhang = people["zhang"]
    sql(portal, "DELETE FROM basket")
    fill(portal, zhang, item_of(portal, "GB/T 99001-2020"))
    for change in ("UPDATE basket SET contact = contact || '0'",
                   "UPDATE basket SET remark = '请快'",
                   "UPDATE basket_line SET quantity = 9",
                   "UPDATE shop_item SET price = 2000 WHERE number ="
                   " 'GB/T 99001-2020'"):
        to = portal.gemini(BASKET, cert=zhang.pair).link("核对并提交")
        prompt = portal.gemini(BASKET + to, cert=zhang.pair).meta
        sql(portal, change)
        late = portal.gemini(prompt + "?y", cert=zhang.pair)
        assert late.status == 59 and "没有提交" in late.meta, change
        assert to.split("/")[-2] not in portal.log
    sql(portal, "UPDATE shop_item SET price = 1000 WHERE number ="
        " 'GB/T 99001-2020'")
    page, shown = go(portal, BASKET, "核对并提交", zhang, "是")
    assert page.startswith("/my/order/DG"), shown.header
