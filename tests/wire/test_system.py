# SPDX-License-Identifier: ISC
"""标准体系: published trees of standards, with the status of the day; what no
longer holds, and by what it was replaced; systems that come from a table, and
are taken back."""

import datetime
import re
import sqlite3

import pytest

from conftest import ROOT, Server, run_guiju
from test_contact import sql, take
from test_editors import add_account
from test_import import Portal, counts

pytestmark = [pytest.mark.portal, pytest.mark.pages]

STANDARDS = (
    "number,title_zh,status_zh,issued,implemented,abolished,replaces,source,"
    "verified_at\n"
    "GB/T 99101-2010,椰果分级,,2010-01-01,2010-06-01,,,x,2026-01-01\n"
    "GB/T 99101-2026,椰果分级,,2026-05-01,2027-01-01,,GB/T 99101-2010,x,"
    "2026-01-01\n"
    "GB/T 99102-2015,椰果贮运,,2015-01-01,2015-06-01,2026-03-31,,x,2026-01-01\n"
    "GB/T 99103-2015,椰果术语,,2015-01-01,2015-06-01,,,x,2026-01-01\n"
    "GB/T 99104-2001,椰果旧法,,2001-01-01,2001-06-01,,,x,2026-01-01\n"
    "GB/T 99104-2010,椰果旧法,,2010-01-01,2010-06-01,,GB/T 99104-2001,x,"
    "2026-01-01\n"
    "GB/T 99104-2020,椰果旧法,,2020-01-01,2020-06-01,,GB/T 99104-2010,x,"
    "2026-01-01\n")
HEAD = ("体系: yeguo\n名称: 椰果标准体系\n发布机构: 测试协会\n"
        "发布日期: 2026-01-15\n\n")
COLUMNS = "节点编号\t上级编号\t节点名称\t标准号\t标准名称\n"
ROWS = ("1\t\t基础\t\t\n"
        "1.1\t1\t术语\tGB/T 99103-2015\t\n"
        "2\t\t产品\tGB/T 99101—2010\t\n"
        "2\t\t\tgbt99102-2015\t\n"
        "2\t\t\tGB/T 99104-2001\t\n"
        "2\t\t\tGB/T 99199-2020\t还没有收录的标准\n"
        "1\t\t\tGB/T 99101-2010\t\n")
TABLES = ("system", "system_node", "system_member")


def bring(portal, rows=ROWS, head=HEAD, name="system.tsv", ok=True):
    result = portal.run("system", portal.write(name, head + COLUMNS + rows))
    assert not ok or result.returncode == 0, result.stdout + result.stderr
    return result


@pytest.fixture
def portal(tmp_path):
    made = Portal(tmp_path)
    done = made.run("standards", made.write("standards.csv", STANDARDS))
    assert done.returncode == 0, done.stderr
    return made


def ask(portal, path, day):
    noon = datetime.datetime.fromisoformat(f"{day}T12:00:00+08:00")
    return run_guiju("get", "--capsule", ROOT / "capsule", "--state",
                     portal.state, "--now", str(int(noon.timestamp())),
                     "gemini://localhost" + path)


def page(portal, path, day):
    done = ask(portal, path, day)
    assert done.returncode == 0, done.stderr
    return done.stdout


def ended(portal, day):
    """The list: numbers, each with what is said of its successor."""
    text = page(portal, "/system/yeguo/ended/", day)
    parts = re.split(r"^=> /standard/\S+ ", text, flags=re.M)[1:]
    return {re.match(r"[^（]*", part)[0]: re.findall(
        r"^\* (代替它的：.*|现行版：.*|没有代替.*)$", part, re.M)
            for part in parts}


def test_what_no_longer_holds_changes_with_the_day(portal):
    bring(portal)
    assert set(ended(portal, "2026-03-30")) == {"GB/T 99104-2001"}
    # A standard holds up to the day on which it ends.
    assert set(ended(portal, "2026-03-31")) == {
        "GB/T 99102-2015", "GB/T 99104-2001"}
    assert ended(portal, "2026-12-31")["GB/T 99102-2015"] == \
        ["没有代替它的标准"]
    shown = ended(portal, "2027-01-01")
    assert set(shown) == {"GB/T 99101-2010", "GB/T 99102-2015",
                          "GB/T 99104-2001"}
    assert shown["GB/T 99101-2010"] == ["代替它的：GB/T 99101-2026（现行）"]
    assert shown["GB/T 99104-2001"] == [
        "代替它的：GB/T 99104-2010（被代替）", "现行版：GB/T 99104-2020"]
    # It is counted where it stands: twice, as it stands in two nodes.
    assert "其中 4 项已经失效" in page(portal, "/system/yeguo/", "2027-01-01")
    assert "其中 1 项已经失效" in page(portal, "/system/yeguo/", "2026-03-30")
    node = page(portal, "/system/yeguo/node/2/", "2026-12-31")
    assert "GB/T 99101-2010（现行(将被代替)）椰果分级" in node
    assert "* GB/T 99199-2020（未收录）还没有收录的标准" in node
    # On any day the list has just what the nodes call so.
    for day in ("2011-01-01", "2020-02-29", "2026-06-01", "2028-01-01"):
        day = max(day, "2026-01-15")
        nodes = [page(portal, f"/system/yeguo/node/{node}/", day)
                 for node in ("1", "1.1", "2")]
        gone = set(re.findall(r"(GB/T \d+-\d+)（(?:被代替|废止)）",
                              "".join(nodes)))
        assert gone == set(ended(portal, day)), day


def test_a_system_is_not_there_before_its_day(portal):
    bring(portal)
    asked = ask(portal, "/system/yeguo/", "2026-01-14")
    assert "51 " in asked.stdout + asked.stderr
    assert "椰果" not in page(portal, "/system/", "2026-01-14")
    assert "标准体系" not in page(portal, "/standard/GB-T-99103-2015",
                              "2026-01-14")
    assert "椰果标准体系：术语" in page(portal, "/standard/GB-T-99103-2015",
                               "2026-01-15")
    bring(portal, head=HEAD.replace("发布日期", "废止日期: 2026-06-01\n发布日期"))
    assert "状态：现行（2026-06-01 起废止）" in page(
        portal, "/system/yeguo/", "2026-05-31")
    assert "状态：已废止（2026-06-01 起）" in page(
        portal, "/system/yeguo/", "2026-06-01")


def test_a_table_is_a_system(portal):
    result = bring(portal)
    assert counts(result) == "7 new, 0 changed, 0 unchanged, 0 refused"
    # What is bound to nothing is reported.
    assert result.stdout.count("is not in the catalogue") == 1
    assert "2: GB/T 99199-2020 is not in the catalogue" in result.stdout
    assert counts(bring(portal)) == "0 new, 0 changed, 7 unchanged, 0 refused"
    text = page(portal, "/system/yeguo/", "2026-06-01")
    assert "=> node/1/ 1　基础（2）" in text and "共 3 个节点，6 项标准" in text

    result = bring(portal, "3\t9\t没有上级\t\t\n4\t\t\t\t\n\t\t无号\t\t\n"
                   "5/x\t\t坏号\t\t\n2\t2\t自己\t\t\n6\t\t六\t——\t\n"
                   "2\t\t\tGB/T 99103-2015\t\n2\t\t\tGB/T 99103-2015\t\n",
                   name="bad.tsv", ok=False)
    assert counts(result) == "1 new, 0 changed, 0 unchanged, 7 refused"
    errors = (portal.folder / "bad.tsv.errors").read_text(encoding="utf-8")
    for why in ("there is no node 9", "no 节点名称", "no 节点编号", "5/x",
                "below itself", "not the number of a standard",
                "on line"):
        assert why in errors, why
    for head in (HEAD.replace("体系: yeguo\n", ""),
                 HEAD.replace("2026-01-15", "明年"),
                 HEAD.replace("yeguo", "椰果")):
        result = bring(portal, head=head, name="head.tsv", ok=False)
        assert result.returncode != 0 and "head" in (
            result.stdout + result.stderr) or "体系" in result.stderr


def test_nodes_make_no_circle(portal):
    bring(portal)
    # 1 has a node below it, so it cannot be below that one.
    result = bring(portal, "1\t1.1\t基础\t\t\n", name="circle.tsv", ok=False)
    assert counts(result).endswith("1 refused")
    with sqlite3.connect(portal.state + "/portal.db") as db:
        for statement in (
                "UPDATE system_node SET parent_id = id WHERE code = '1.1'",
                "UPDATE system_node SET depth = 3, parent_id = (SELECT id FROM"
                " system_node WHERE code = '1.1' AND system_id = o.system_id)"
                " FROM (SELECT system_id, id AS of FROM system_node WHERE"
                " name = '基础' AND batch_id IS NOT NULL) o WHERE id = o.of",
                "INSERT INTO system_node (system_id, parent_id, depth, code,"
                " name, position) SELECT system_id, id, depth, 'x', 'x', 1"
                " FROM system_node WHERE name = '术语'"):
            with pytest.raises(sqlite3.IntegrityError, match="one level below"):
                db.execute(statement)
    # A branch without others below it may go elsewhere.
    bring(portal, "1.1\t2\t\t\t\n", name="move.tsv")
    assert "1.1　术语（1）" in page(portal, "/system/yeguo/node/2/", "2026-06-01")


def test_an_import_of_a_system_is_taken_back(portal):
    def stored():
        return [portal.ask(f"SELECT * FROM {table} ORDER BY id")
                for table in TABLES]

    empty = stored()
    bring(portal)
    first = stored()
    second = bring(portal, "1\t\t基础通用\t\t\n"
                   "2\t\t\tGB/T 99199-2020\t改了的名称\n1.2\t1\t导则\tGB/T 99103-2015\t\n"
                   "2\t\t\tGB/T 99103-2015\t\n", name="second.tsv",
                   head=HEAD.replace("测试协会", "另一协会"))
    assert counts(second) == "2 new, 2 changed, 0 unchanged, 0 refused"
    assert "（未收录）改了的名称" in page(portal, "/system/yeguo/node/2/",
                                "2026-06-01")
    assert "1　基础通用（3）" in page(portal, "/system/yeguo/", "2026-06-01")
    batches = [number for number, in portal.ask(
        "SELECT id FROM import_batch WHERE kind = 'system' ORDER BY id")]
    assert f"guiju import undo {batches[1]}" in second.stdout
    early = portal.run("undo", str(batches[0]))
    assert early.returncode != 0 and "take that back first" in early.stderr
    done = portal.run("undo", str(batches[1]))
    assert done.returncode == 0, done.stderr
    assert stored() == first
    done = portal.run("undo", str(batches[0]))
    assert done.returncode == 0, done.stderr
    assert stored() == empty
    assert portal.run("undo", str(batches[0])).returncode != 0
    portal.check_whole()


def test_the_order_of_members_changes_with_the_table(portal):
    def bring_order(name, *ordered):
        return portal.run("system", portal.write(
            name, HEAD + COLUMNS.replace("标准名称", "标准名称\t顺序")
            + "2\t\t产品\t\t\t1\n" + "".join(
                f"2\t\t\t{number}\t\t{at}\n" for number, at in ordered)))

    def order():
        return [number for number, in portal.ask(
            "SELECT number FROM system_member WHERE node_id = (SELECT n.id"
            " FROM system_node n JOIN system s ON s.id = n.system_id"
            " WHERE s.code = 'yeguo' AND n.code = '2') ORDER BY position")]

    first, second = "GB/T 99101-2010", "GB/T 99102-2015"
    bring_order("one.tsv", (first, 1), (second, 2))
    assert order() == [first, second]
    changed = bring_order("two.tsv", (first, 3), (second, 2))
    assert counts(changed) == "0 new, 1 changed, 2 unchanged, 0 refused"
    assert order() == [second, first]
    text = page(portal, "/system/yeguo/node/2/", "2026-06-01")
    assert text.index(second) < text.index(first)
    assert counts(bring_order("two.tsv", (first, 3), (second, 2))) == \
        "0 new, 0 changed, 3 unchanged, 0 refused"
    # A table without the column changes no order.
    bring(portal, f"2\t\t\t{first}\t椰果分级\n", name="title.tsv")
    assert order() == [second, first]
    batches = [number for number, in portal.ask(
        "SELECT id FROM import_batch WHERE kind = 'system' ORDER BY id DESC")]
    for batch in batches[:-1]:
        portal.run("undo", str(batch))
    assert order() == [first, second]
    portal.check_whole()


def test_ten_thousand_nodes_page_well(portal):
    rows = "".join(f"{n}\t\t第{n}类\t\t\n" + "".join(
        f"{n}.{m}\t{n}\t第{n}.{m}组\tGB/T {10000 + 100 * n + m}-2020\t\n"
        for m in range(99)) for n in range(100))
    result = bring(portal, rows)
    assert counts(result) == "10000 new, 0 changed, 0 unchanged, 0 refused"
    text = page(portal, "/system/yeguo/", "2026-06-01")
    assert "共 10000 个节点，9900 项标准" in text
    assert len(re.findall("^=> node/", text, re.M)) == 100
    second = page(portal, "/system/yeguo/node/7/2", "2026-06-01")
    assert "第 2 页，共 2 页" in second
    assert len(re.findall("^=> /system/yeguo/node/7\\.", second, re.M)) == 49
    assert "没有失效的标准" in page(portal, "/system/yeguo/ended/",
                             "2026-06-01")


def test_from_the_home_page_into_a_list(tmp_path, make_identity):
    li = make_identity("li")
    server = Server(ROOT / "capsule", tmp_path)
    add_account(server, li, "li")
    at, _ = take(server, "/", "标准体系构建及项目研究")
    at, _ = take(server, at, "已发布的标准体系")
    at, shown = take(server, at, "咖啡产业标准体系（样例）")
    assert "样例" in shown.text
    for path in ("/system/", at, at + "node/1/", at + "ended/"):
        assert server.gopher(path).startswith(b"i"), path
    at, _ = take(server, at, "加入跟踪", li.pair)
    at, shown = take(server, at, "新建一份清单", li.pair, "咖啡")
    assert "跟踪 9 项" in shown.text or "跟踪 10 项" in shown.text
    keys = sql(server, "SELECT count(DISTINCT key) FROM system_member m JOIN"
               " system_node n ON n.id = m.node_id WHERE system_id = 3")[0][0]
    assert f"跟踪 {keys} 项" in shown.text
    assert server.gemini("/my/track/add/system/nosuch/",
                         cert=li.pair).status == 51
    assert server.stop() == 0, server.log
    server.check_sane()
