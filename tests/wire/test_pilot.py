# SPDX-License-Identifier: ISC
"""试点示范: the register of projects, found by words and properties; overdue on
the day; tables that bring projects in, and `guiju desk`, which alone moves them
on."""

import datetime
import re
import sqlite3

import pytest

from conftest import ROOT, Server, run_guiju
from test_contact import desk, sql, take
from test_editors import add_account
from test_import import counts
from test_plan import bring

pytestmark = [pytest.mark.portal, pytest.mark.pages]

HEADER = ("项目编号\t项目名称\t承担单位\t领域\t级别\t市县\t开始日期\t截止日期\t阶段\t验收结果"
          "\t证书编号\n")
ROWS = ("cs-1\t椰雕标准化试点\t测试作坊\t文化\t省级\t测试县\t2025-01-02\t{due}\t\t\t\n"
        "CS-2\t贝雕标准化试点\t测试工厂\t文化\t市县级\t\t2024-05-01\t2026-05-01\t\t通过"
        "\tCS-0001\n")


def day(ahead):
    return (datetime.date.today() + datetime.timedelta(ahead)).isoformat()


@pytest.fixture(scope="module")
def editor(make_identity):
    return make_identity("wang")


@pytest.fixture(scope="module")
def portal(tmp_path_factory, editor):
    running = Server(ROOT / "capsule", tmp_path_factory.mktemp("pilot"))
    add_account(running, editor, "王编辑", "editor")
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


def undo(portal, number):
    return run_guiju("import", "undo", "--capsule", portal.capsule, "--state",
                     portal.state, number)


def test_from_the_home_page_to_a_project(portal):
    at, _ = take(portal, "/", "标准化试点示范技术指导服务")
    at, shown = take(portal, at, "试点示范项目名录")
    assert "共 12 项" in shown.text
    _, shown = take(portal, at, "按项目、单位", say="民宿")
    assert "共 1 项" in shown.text
    _, shown = take(portal, at, "按项目、单位", say="sf-2025-0004")
    assert "SD-2023-002" in shown.text
    at, shown = take(portal, at, "服务业（")
    assert "去掉条件“服务业”" in shown.text
    at, shown = take(portal, at, "已验收（")
    at, shown = take(portal, at, "SD-2023-002")
    assert "状态：已验收（通过）" in shown.text
    assert "* 证书编号：SF-2025-0004" in shown.text
    assert b"SF-2025-0004" in portal.gopher(at)
    assert "证书无效" in portal.gemini("/pilot/SD-2021-008/").text


def test_every_filter_counts_what_it_lists(portal):
    seen = 0
    for address, label in portal.gemini("/pilot/").links:
        count = re.search(r"（(\d+)）$", label)
        if count is None:
            continue
        text = portal.gemini("/pilot/" + address).text
        assert f"共 {count[1]} 项" in text, label
        assert len(re.findall("^=> /pilot/SD-", text, re.M)) == int(count[1])
        seen += 1
    assert seen >= 15
    # Two conditions give what has both.
    text = portal.gemini("/pilot/list/-/level:%E7%9C%81%E7%BA%A7,"
                         "field:%E6%9C%8D%E5%8A%A1%E4%B8%9A/").text
    wanted = {number for number, in sql(
        portal, "SELECT number FROM pilot WHERE level = '省级' AND"
        " field = '服务业'")}
    assert set(re.findall(r"/pilot/(SD-[\d-]+)/", text)) == wanted != set()


def test_a_project_is_overdue_from_the_day_after(portal):
    done = bring(portal, "pilot", "pilots.tsv",
                 HEADER + ROWS.format(due=day(400)))
    assert counts(done) == "2 new, 0 changed, 0 unchanged, 0 refused"
    number = re.search(r"undo (\d+)", done.stdout)[1]

    def asked(ahead, path):
        noon = datetime.datetime.fromisoformat(f"{day(ahead)}T12:00:00+08:00")
        done = run_guiju("get", "--capsule", ROOT / "capsule", "--state",
                         portal.state, "--now", str(int(noon.timestamp())),
                         "gemini://localhost" + path)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "超期" not in asked(400, "/pilot/CS-1/")
    assert "已超期 1 天" in asked(401, "/pilot/CS-1/")
    assert "CS-1 " not in asked(400, "/pilot/list/-/late:1/")
    assert "CS-1 " in asked(401, "/pilot/list/-/late:1/")
    assert "超期" not in asked(401, "/pilot/CS-2/")  # it is accepted
    assert undo(portal, number).returncode == 0
    assert portal.gemini("/pilot/CS-1/").status == 51


def test_tables_bring_projects_in(portal):
    rows = HEADER + ROWS.format(due="2027-05-31")
    bring(portal, "pilot", "pilots.tsv", rows)
    done = bring(portal, "pilot", "pilots.tsv", rows)
    assert counts(done) == "0 new, 0 changed, 2 unchanged, 0 refused"
    assert "状态：已验收（通过）" in portal.gemini("/pilot/CS-2/").text
    was = sql(portal, "SELECT * FROM pilot ORDER BY id")
    done = bring(portal, "pilot", "new.tsv", HEADER
                 + "CS-1\t椰雕和椰壳标准化试点\t\t\t\t\t\t\t\t\t\n")
    assert counts(done) == "0 new, 1 changed, 0 unchanged, 0 refused"
    assert "# 椰雕和椰壳标准化试点" in portal.gemini("/pilot/CS-1/").text
    assert undo(portal, re.search(r"undo (\d+)", done.stdout)[1]).returncode == 0
    assert sql(portal, "SELECT * FROM pilot ORDER BY id") == was
    bad = bring(portal, "pilot", "bad.tsv", HEADER
                + "CS-3\t没有单位\t\t文化\t省级\t\t\t\t\t\t\n"
                "CS-4\t级别\t单位\t文化\t部级\t\t\t\t\t\t\n"
                "CS-5\t日期\t单位\t文化\t省级\t\t去年\t\t\t\t\n"
                "CS-6\t结果\t单位\t文化\t省级\t\t\t\t建设中\t通过\t\n"
                "CS-7\t证书\t单位\t文化\t省级\t\t\t\t\t通过\tCS-0001\n"
                "CS-8\t证书\t单位\t文化\t省级\t\t\t\t\t\tCS-0002\n"
                "CS-9\t领域\t单位\t文化:雕\t省级\t\t\t\t\t\t\n"
                "CS-1\t\t\t\t\t\t\t\t待验收\t\t\n", ok=False)
    assert counts(bad) == "0 new, 0 changed, 0 unchanged, 8 refused"


def test_the_desk_moves_a_project_on(portal):
    number = "SD-2025-001"
    assert number in desk(portal, "pilot", "list").stdout
    assert "SD-2021-003" not in desk(portal, "pilot", "list").stdout
    for wrong, note in (("通过", "太早了"), ("已撤销", "没有证书"),
                        ("完工", "没有这一步"), ("待验收", "x")):
        desk(portal, "pilot", "set", number, wrong, note, ok=False)
    desk(portal, "pilot", "set", number, "待验收", "材料收到")
    desk(portal, "pilot", "set", number, "不通过", "缺记录")
    assert "状态：已验收（不通过）" in portal.gemini(f"/pilot/{number}/").text
    desk(portal, "pilot", "set", number, "已撤销", "没有通过", ok=False)
    desk(portal, "pilot", "set", number, "待验收", "整改完成")
    desk(portal, "pilot", "set", number, "通过", "很好", "SF-2023-0012", ok=False)
    desk(portal, "pilot", "set", number, "待验收", "改期", "SF-1", ok=False)
    desk(portal, "pilot", "set", number.lower(), "通过", "很好", "sf-2027-0001")
    shown = portal.gemini(f"/pilot/{number}/").text
    assert "* 证书编号：SF-2027-0001" in shown and "> 缺记录" in shown
    desk(portal, "pilot", "set", number, "建设中", "再来", ok=False)
    desk(portal, "pilot", "set", number, "已撤销", "停用了")
    assert "证书无效" in portal.gemini(f"/pilot/{number}/").text
    assert "停用了" in desk(portal, "pilot", "show", number).stdout
    assert [act for act, in sql(portal, "SELECT act FROM editor_act WHERE act"
                                " LIKE 'guiju desk pilot%'")] == \
        ["guiju desk pilot set"] * 5
    for statement in ("UPDATE pilot_step SET note = 'xx'",
                      "DELETE FROM pilot_step",
                      "UPDATE pilot SET stage = '建设中'",
                      "INSERT INTO pilot_step (pilot_id, created, day, stage)"
                      " VALUES (9, 1, '2026-01-01', '建设中')"):
        with pytest.raises(sqlite3.IntegrityError):
            sql(portal, statement)


def test_an_editor_moves_a_project_on(portal, editor):
    at, _ = take(portal, "/editor/", "试点示范项目", editor.pair)
    at, shown = take(portal, at, "SD-2025-003", editor.pair)
    assert [label for _, label in shown.links if "今天起" in label] == [
        f"今天起：{stage}" for stage in ("建设中", "中期评估", "待验收", "已终止")]
    _, asked = take(portal, at, "今天起：待验收", editor.pair, "x")
    assert asked.status == 10
    take(portal, at, "今天起：待验收", editor.pair, "材料收到")
    _, shown = take(portal, at, "今天起：不通过", editor.pair, "缺记录")
    assert not any("证书" in label for _, label in shown.links)
    take(portal, at, "今天起：待验收", editor.pair, "整改完成")
    take(portal, at, "今天起：通过", editor.pair, "很好")
    _, asked = take(portal, at, "登记证书编号", editor.pair, "sf-2023-0012")
    assert asked.status == 10 and "别的项目" in asked.header
    _, shown = take(portal, at, "登记证书编号", editor.pair, "sf-2027-0009")
    assert "证书编号：SF-2027-0009" in shown.text
    assert [label for _, label in shown.links if "今天起" in label] == \
        ["今天起：已撤销"]
    take(portal, at, "今天起：已撤销", editor.pair, "停用了")
    text = portal.gemini("/pilot/SD-2025-003/").text
    assert "证书无效" in text and "> 缺记录" in text
    assert len(sql(portal, "SELECT 1 FROM editor_act WHERE act LIKE '试点：%'")) \
        == 6
