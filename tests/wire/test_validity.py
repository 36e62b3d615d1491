# SPDX-License-Identifier: ISC
"""标准有效性确认 over both protocols: a list in rounds, corrected, dated,
confirmed; a report that nothing changes any more; disputes; announcements.

The capsule is the portal itself. Its catalogue is real, so the standards here
have numbers that nobody uses.
"""

import csv
import datetime
import hashlib
import io
import json
import os
import re
import subprocess
import urllib.parse
import xml.etree.ElementTree

import pytest

from conftest import GUIJU, ROOT, Server, menu, gopher_raw
from portal import SHELL

pytestmark = [pytest.mark.portal, pytest.mark.pages]


def sqlite(server, sql):
    """Run SQL as an operator would, with the stock shell; its output."""
    done = subprocess.run(
        [*SHELL, str(server.state / "portal.db")],
        input=f".timeout 10000\nPRAGMA foreign_keys = ON;\n{sql}", text=True,
        capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def standard(number, title, issued, implemented, abolished=None):
    """The INSERT of one edition."""
    def value(text):
        return "NULL" if text is None else "'" + text.replace("'", "''") + "'"
    return f"""INSERT INTO standard (key, number, family, bare, digits, prefix,
        year, sort, level, mandate, title, issued, implemented, abolished,
        source, verified_at)
    SELECT std_key(n), n, std_family(n), std_bare(n), std_digits(n),
        std_prefix(n), std_year(n), std_sort(n), std_level(n),
        std_mandate(n), {value(title)}, {value(issued)},
        {value(implemented)}, {value(abolished)}, '试验资料', '2026-01-02'
    FROM (SELECT std_number({value(number)}) AS n);\n"""


def relation(new, kind, old):
    return f"""INSERT INTO relation (from_key, type, to_key, from_number,
        to_number, source) VALUES (std_key('{new}'), '{kind}',
        std_key('{old}'), '{new}', '{old}', '试验资料');\n"""


CATALOGUE = "".join([
    standard("GB/T 98001-2000", "试验方法", "2000-12-30", "2001-06-01"),
    standard("GB/T 98001-2008", "试验方法", "2008-12-30", "2009-03-01"),
    standard("GB/T 98001-2016", "试验方法", "2016-12-30", "2017-07-01"),
    relation("GB/T 98001-2008", "replaces", "GB/T 98001-2000"),
    relation("GB/T 98001-2016", "replaces", "GB/T 98001-2008"),
    standard("GB 98002-2015", "限量", "2015-01-01", "2015-06-01"),
    standard("GB 98002-2020", "限量", "2020-01-01", "2090-01-01"),
    relation("GB 98002-2020", "replaces", "GB 98002-2015"),
    standard("GB/T 98003-2001", "旧标准", "2001-01-01", "2001-06-01",
             "2010-01-01"),
    standard("GB/T 98004-2011", "总则", "2011-01-01", "2011-06-01"),
    standard("GB/T 98005-2012", "细则", "2012-01-01", "2012-06-01"),
    relation("GB/T 98005-2012", "partly", "GB/T 98004-2011"),
    standard("GB/T 98006-2012", "日期不详", None, None),
])


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """The portal with a few standards of ours in its catalogue."""
    running = Server(ROOT / "capsule", tmp_path_factory.mktemp("portal"),
                     ["--workers", "2"])
    sqlite(running, CATALOGUE)
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


@pytest.fixture(scope="module")
def reader(make_identity):
    """A client certificate, for cert=."""
    return make_identity("li").pair


def ask(portal, address, text=None, cert=None):
    """One request; text is what the reader answers a prompt with. A reader
    who is told to come back does so twice: a long list under a sanitizer, on
    a busy machine, may take longer than a page may."""
    if text is not None:
        address += "?" + urllib.parse.quote(text, safe="")
    for _ in range(3):
        answer = portal.gemini(address, cert=cert)
        if answer.status != 44:
            break
    return answer


def follow(portal, answer, to=None):
    """Follow one redirect; to: a pattern that its address must have."""
    assert answer.status == 30, answer.header
    path = urllib.parse.urlsplit(answer.meta).path
    if to is not None:
        assert re.fullmatch(to, path), path
    return path, portal.gemini(path)


def resolved(page, address):
    """A link's address as a path (urljoin knows no gemini: URLs)."""
    return urllib.parse.urljoin(page, address)


def act(portal, page, label, text=None, cert=None):
    """Take the one link with this label of a page, answer its prompt; the
    answer of the server to that."""
    answer = portal.gemini(page, cert=cert)
    assert answer.status == 20, answer.header
    address = resolved(page, answer.link(label))
    if text is not None:
        assert ask(portal, address, cert=cert).status == 10
    return ask(portal, address, text, cert)


def new_draft(portal, text):
    """Paste a list: the path of its draft."""
    answer = act(portal, "/validity/", "粘贴清单", text)
    return follow(portal, answer, r"/validity/draft/[0-9a-f]{32}/")[0]


def confirm(portal, draft, cert=None):
    """Make the report: its path."""
    answer = act(portal, draft, "出具报告", cert=cert)
    return follow(portal, answer, r"/validity/report/HN\d{4}-\d{6}/")[0]


def hashed(portal, report):
    """The SHA-256 that a report tells, and that of its texts."""
    page = portal.gemini(report)
    told = re.search(r"SHA-256：([0-9a-f]{64})", page.text)[1]
    whole = b""
    for address, label in page.links:
        if "校验文本" in label:
            part = portal.gemini(resolved(report, address))
            assert part.status == 20 and part.meta.startswith("text/plain")
            whole += part.body
    return told, hashlib.sha256(whole).hexdigest(), whole.decode()


def verdicts(portal, report):
    """[(序号, 原输入, 标准号, 结论, 匹配方式, 备注)] of the CSV."""
    page = portal.gemini(resolved(report, "csv/1.csv"))
    assert page.status == 20 and page.meta.startswith("text/csv")
    rows = csv.DictReader(io.StringIO(page.text))
    return [(row["序号"], row["原输入"], row["标准号"], row["结论"],
             row["匹配方式"], row["备注"]) for row in rows]


# --- the whole way ---------------------------------------------------------

LIST = """gbt98001-2008 试验方法
GB/T 98001—2016
GB 98002-2015
GB 98002-2020
GB/T 98003-2001
GB/T 98004-2011，GB/T 98006-2012
GB/T 98999-2000
98001
GB/T 98001-2016
GB 98001
GB/T 98001"""


def test_each_verdict_is_given_with_its_reason(portal):
    report = confirm(portal, new_draft(portal, LIST))
    rows = verdicts(portal, report)
    assert [(row[2], row[3]) for row in rows] == [
        ("GB/T 98001-2008", "被代替"), ("GB/T 98001-2016", "有效"),
        ("GB 98002-2015", "有效但即将被代替"), ("GB 98002-2020", "尚未实施"),
        ("GB/T 98003-2001", "废止"), ("GB/T 98004-2011", "部分有效"),
        ("GB/T 98006-2012", "待核实"), ("GB/T 98999-2000", "未收录"),
        ("98001", "号码疑误"), ("GB/T 98001-2016", "有效"),
        ("GB/T 98001-2016", "有效"), ("GB/T 98001-2016", "有效")]
    assert [row[0] for row in rows] == [str(n) for n in range(1, 13)]
    matched = [row[4] for row in rows]
    assert matched[0] == "标准号一致"
    assert matched[8] == "只有数字，没有标准代号"
    assert rows[8][5].startswith("可能是 GB/T 98001-2016")
    assert matched[10].startswith("性质代号不同")
    assert matched[11] == "未写年代号，取现行版"
    assert "与第 2 条重复" in rows[9][5]
    assert "与第 2 条重复" in rows[11][5] and rows[1][5] == ""
    page = portal.gemini(report).text
    assert "* 统计：有效 4，有效但即将被代替 1，被代替 1，废止 1，尚未实施 1，" \
        "部分有效 1，号码疑误 1，未收录 1，待核实 1" in page
    assert "=> /standard/GB-T-98001-2016 代替它的标准：GB/T 98001-2016，" \
        "2017-07-01 实施" in page
    assert "* 日期：发布 2001-01-01，实施 2001-06-01，废止 2010-01-01" in page
    told, computed, text = hashed(portal, report)
    assert told == computed
    assert text.startswith("标准有效性确认报告\n报告编号：HN")
    assert "\n1 | gbt98001-2008" in text
    # The twin says the same in short lines.
    twin = portal.gemini(report + ".txt")
    assert twin.status == 20 and "号码疑误" in twin.text


def test_a_draft_says_nothing_twice(portal):
    draft = new_draft(portal, LIST)
    text = portal.gemini(draft).text
    assert re.search(r"^=> \S+ 8\. GB/T 98999-2000（没有匹配）$", text, re.M)
    assert not re.search(r" (\S.*) → \1([ ，（]|$)", text, re.M), text
    assert "没有认出 0 条" not in text and "\n\n\n" not in text
    line = portal.gemini(resolved(draft, portal.gemini(draft).link("8. ")))
    near = portal.gemini(line.link("查看相近的标准"))
    assert near.status == 20 and "GB/T 98999-2000" in near.text
    report = portal.gemini(confirm(portal, draft))
    assert "\n\n\n" not in report.text and "未注明" not in report.text
    assert portal.gemini(report.link("8. GB/T 98999-2000")).text == near.text


def numbered(text):
    """The positions of a report's lines in the order of a page."""
    return [int(n) for n in re.findall(
        r"^(?:=> /standard/\S+ )?(\d+)\. ", text, re.MULTILINE)]


def test_a_report_begins_with_what_wants_action(portal):
    """Also where the list has it last, on another page: nothing is lost and
    nothing told twice. What is valid and needs no word has one line."""
    draft = new_draft(portal, "GB/T 98001-2016")
    for _ in range(2):
        act(portal, draft, "再添加一批", ",".join(["GB/T 98001-2016"] * 29))
    act(portal, draft, "再添加一批", "GB/T 98001-2008,98001,GB 98002-2015")
    report = confirm(portal, draft)
    first, second = (portal.gemini(report + page).text
                     for page in ("", "page/2"))
    assert numbered(first) + numbered(second) == [60, 61, 62] + list(
        range(1, 60))
    todo, valid = first.split("\n## 需要处理的\n")[1].split("\n## 有效的\n")
    assert numbered(todo) == [60, 61, 62]
    assert "=> /standard/GB-T-98001-2016 1. GB/T 98001-2016（有效）试验方法\n" \
        in valid
    assert "与第 1 条重复" in valid  # what has a remark keeps all its lines
    assert "## 需要处理的" not in second and "\n## 有效的\n" in second


def test_old_editions_name_the_one_in_force(portal):
    rows = verdicts(portal, confirm(portal, new_draft(
        portal, "GB/T 98001-2000")))
    assert rows[0][3] == "被代替" and "现行版 GB/T 98001-2016" in rows[0][5]


def test_each_unusual_line_has_its_verdict(portal):
    """An amendment that is absent, a number of no grammar, a wrong title, a
    standard that became a recommendation."""
    etsi = "ETSI EN 398 001-2 V1.2.4 (1998-06)"
    sqlite(portal, f"""INSERT INTO standard (key, number, family, bare, sort,
        level, title_en, issued, source, verified_at)
    SELECT std_key('{etsi}'), '{etsi}', std_key('{etsi}'), std_key('{etsi}'),
        '{etsi}', '国外', 'Test', '1998-06-30', '试验资料', '2026-01-02';"""
           + standard("GB 98030-2005", "转了", "2005-01-01", "2005-06-01")
           + standard("GB/T 98030-2005", "转了", "2017-03-23", "2017-03-23")
           + relation("GB/T 98030-2005", "mandate", "GB 98030-2005")
           + standard("GB/Z 98031-2020", "指导", "2020-01-01", "2020-01-01")
           + relation("GB/Z 98031-2020/XG1-2022", "amends",
                      "GB/Z 98031-2020"))
    report = confirm(portal, new_draft(
        portal, f"GB 98002-2015/XG1-2018\n{etsi.lower()}\n"
        "GB/T 98001-2016 完全不同的名称\nGB/T 98001-2016 试验方法\n"
        "GB 98030-2005\nGBZ98031"))
    assert "* 修改单：GB/Z 98031-2020/XG1-2022" in portal.gemini(report).text
    rows = verdicts(portal, report)
    assert rows[0][2:4] == ("GB 98002-2015", "有效但即将被代替")
    assert rows[0][4] == "本库没有此修改单，按所修改的标准核对"
    assert rows[1][2:5] == (etsi, "有效", "标准号一致")
    assert "名称不一致" in rows[2][5] and rows[3][5] == "与第 3 条重复"
    assert rows[4][2:4] == ("GB 98030-2005", "有效")
    assert "已转为推荐性标准" in rows[4][5]
    assert rows[5][2:4] == ("GB/Z 98031-2020", "有效")
    assert rows[5][4] == "GBZ 与 GB/Z 写法相近，按 GB/Z 98031-2020 核对"


def test_nothing_behind_a_number_is_dropped(portal):
    """A title with other signs is the same title, a table's further columns
    are none, and another number there is no title: nothing is dropped without
    a word, also when the list is asked again."""
    draft = new_draft(
        portal, "GB/T 98001-2016 通则\nGB/T 98001-2016《试验 方法》现行 推荐性\n"
        "GB/T 98001-2016（ISO 98001:2015，IDT）\n"
        "GB/T 98001-2016→GB 98002-2015\nGB 98002-2015 代替GB 98002-2010")
    page = portal.gemini(draft)
    labels = [label for _, label in page.links
              if re.match(r"\d+\. ", label)]
    assert len(labels) == 6
    assert labels[0].endswith("（标准号一致，清单所附名称与题录名称不一致）")
    assert labels[1].endswith("（标准号一致，重复）")
    assert labels[2].endswith("所附文字中还有 ISO 98001:2015，没有核对）")
    assert labels[4].startswith("5. GB 98002-2015 ")
    assert labels[5].endswith("所附文字中还有 GB 98002-2010，没有核对）")
    report = confirm(portal, draft)
    rows = verdicts(portal, report)
    assert [row[2] for row in rows] == ["GB/T 98001-2016"] * 4 + [
        "GB 98002-2015"] * 2
    assert rows[0][5] == "清单所附名称与题录名称不一致"
    assert rows[1][5] == "与第 1 条重复"
    draft = follow(portal, act(portal, report, "重查这份清单", ""),
                   r"/validity/draft/[0-9a-f]{32}/")[0]
    assert [row[2:] for row in verdicts(portal, confirm(portal, draft))] == \
        [row[2:] for row in rows]


@pytest.mark.parametrize("typed, doubt", [
    ("GB/T 98001-2016~98005", "“~98005”没有读懂"),
    ("GB/T 98001-2016/98005-2012", "“/98005-2012”没有读懂"),
    ("GB/T 98001-200S", "“-200S”不像年代号"),
    ("GB/T 98001-2016-1", "“-1”不像年代号"),
    ("GB/T 98001-20166", "“-20166”不像年代号"),
    ("GB/T 98001，208", "“，208”不像年代号"),
    ("GB/T 98001第2部分", "“第2部分”没有读懂"),
    ("GB/T 98001-二〇〇八", "“-二〇〇八”没有读懂")])
def test_half_a_number_names_no_edition(portal, typed, doubt):
    """What is written at once behind a number and is not understood is told,
    and no edition is named: in a report and in the quick check."""
    rows = verdicts(portal, confirm(portal, new_draft(portal, typed)))
    assert [row[2:4] for row in rows] == [("", "号码疑误")]
    assert doubt in rows[0][5]
    for quick in (portal.gemini("/validity/quick?"
                                + urllib.parse.quote(typed)).text,
                  gopher_raw(portal.gopher_port, f"/validity/quick\t{typed}"
                             "\r\n".encode()).decode()):
        assert "结论：号码疑误" in quick and doubt in quick
        assert "/standard/GB-T-98001" not in quick


@pytest.mark.parametrize("typed", [
    "GB/T 98001-2016 2017-07-01", "GB/T 98001-2016 2016-12-30 现行",
    "GB/T 98001-2016 试验方法 5", "GB/T 98001(2016)", "GB/T 98001一2016",
    "GB/T 98001-2016试验方法"])
def test_more_behind_a_whole_number_changes_no_verdict(portal, typed):
    rows = verdicts(portal, confirm(portal, new_draft(portal, typed)))
    assert [row[2:4] for row in rows] == [("GB/T 98001-2016", "有效")]
    assert rows[0][5] == ""


ASKED = [
    ("ASTM A9370-19e1", "ASTM A9370-19e1"),
    ("ASTM A9370-2020e1", "ASTM A9370-20e1"), ("ASTM A9370-20", None),
    ("ASTM A9106/A9106M-19a", "ASTM A9106/A9106M-19a"),
    ("ASTM A9106/A9106M-19", "ASTM A9106/A9106M-19"),
    ("ASTM D94169-16 (2021)", "ASTM D94169-16(2021)"),
    ("JJF(京)91001-2011", None), ("JJF 91001-2011", "JJF 91001-2011"),
    ("JJG（浙）9067—2023", "JJG(浙)9067-2023"),
    ("JJG(沪)9067-2023", None), ("JJG 9067-2023", None),
    ("JJG(交通)9132-2018", "JJG(交通)9132-2018"),
    ("CNAS-CL91", "CNAS-CL91:2018"),
    ("CNAS-CL91-A001:2022", "CNAS-CL91-A001:2022"),
    ("CNAS-CL91-A002:2022", None),
    ("IEEE 91588™-2019", "IEEE Std 91588-2019"),
    ("IEEE Std 91588-2008", None),
    ("DB 44/926-2001", "DB44/926-2001"), ("DB 44/926-2002", None),
    ("DBJ46-902-2006", "DBJ 46-902-2006"),
    ("DBS 46/901-2022", "DBS46/901-2022"),
    ("ГОСТ Р 92.105-2019", "ГОСТ Р 92.105-2019"),
    ("ГОСТ 92.105-2019", None),
    ("ISO 910303-50:2002/TC1", None),
    ("CSA C922.2 No. 0-20", "CSA C922.2 No. 0-20"),
    ("CSA C922.2 No. 1-20", None), ("WS-910001-(HD-0001)-2002", None)]


def test_what_tells_two_editions_apart_decides(portal, tmp_path):
    """What tells two editions, regions or documents apart decides."""
    rows = sorted({found for _, found in ASKED if found}
                  | {"WS 910001-2002", "ISO 910303-50:2003"})
    table = tmp_path / "rows.csv"
    table.write_text("number,title_zh,issued,implemented\n" + "".join(
        f"{row},甲,2001-01-01,2001-06-01\n" for row in rows), "utf-8")
    done = subprocess.run(
        [GUIJU, "import", "standards", "--capsule", ROOT / "capsule",
         "--state", portal.state, "--source", "试验", table],
        text=True, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    report = verdicts(portal, confirm(portal, new_draft(
        portal, "\n".join(typed for typed, _ in ASKED))))
    for (typed, found), row in zip(ASKED, report, strict=True):
        if found:
            assert row[1:4] == (typed, found, "有效")
        else:
            assert row[1] == typed and row[3] in ("未收录", "号码疑误")
    assert [row[3] for row in report if row[1] in (
        "JJF(京)91001-2011", "JJG(沪)9067-2023", "ГОСТ 92.105-2019")] == [
            "未收录"] * 3


def test_a_glued_title_is_compared(portal):
    """With digits in it, it is a title if it is that of the edition."""
    sqlite(portal, standard("GB/T 98060-2016", "试验方法 第1部分：总则",
                            "2016-01-01", "2016-06-01"))
    rows = verdicts(portal, confirm(portal, new_draft(
        portal, "GB/T 98060-2016试验方法第1部分：总则\n"
        "GB/T 98060-2016取样方法第1部分：总则")))
    assert [row[2:4] for row in rows] == [
        ("GB/T 98060-2016", "有效"), ("", "号码疑误")]
    assert rows[1][4] == "号码后连写的文字与名称不一致"


def test_an_amendment_that_is_not_out_is_not_listed(portal):
    sqlite(portal, standard("ISO 98050:2015", "有修改", "2015-01-01",
                            "2015-01-01")
           + "".join(standard(f"ISO 98050:2015/Amd {n}", "改", issued, None)
                     + relation(f"ISO 98050:2015/Amd {n}", "amends",
                                "ISO 98050:2015")
                     for n, issued in ((2, None), (10, "2020-01-01"),
                                       (1, "2018-01-01")))
           + "UPDATE standard SET stated = '即将发布' "
           "WHERE key = 'ISO-98050-2015-AMD2';")
    report = confirm(portal, new_draft(portal, "ISO 98050:2015"))
    assert "* 修改单：ISO 98050:2015/AMD1、ISO 98050:2015/AMD10\n" in \
        portal.gemini(report).text


def test_a_list_behind_a_used_link_is_not_lost(portal):
    """It is offered anew with a word why, and one link goes on with it."""
    address = resolved("/validity/",
                       portal.gemini("/validity/").link("粘贴清单"))
    follow(portal, ask(portal, address, "GB/T 98001-2016"),
           r"/validity/draft/[0-9a-f]{32}/")
    typed = "GB/T 98001-2008\nGB 98002-2015，100% ？"
    answer = ask(portal, address, typed)
    assert answer.status == 20 and "100% ？" in answer.text
    assert answer.text.startswith("# 粘贴清单，开始确认\n这个链接已经执行过")
    answer = portal.gemini(answer.link("粘贴清单，开始确认: "))
    _, page = follow(portal, answer, r"/validity/draft/[0-9a-f]{32}/")
    assert "1. GB/T 98001-2008 " in page.text
    assert "2. GB 98002-2015 " in page.text
    # Somebody else's words come by no seal that is not ours.
    answer = ask(portal, "/validity/new/" + 32 * "A", "forged")
    assert answer.status == 20 and "forged" not in answer.text


def test_no_fork_and_no_near_number_is_in_force(portal):
    """Of several successors none is called the one in force; an edition that
    is absent is not taken for one that is there."""
    sqlite(portal, standard("GB 98040-1990", "总", "1990-01-01", "1990-06-01")
           + "".join(standard(f"GB 98040.{n}-2000", "分", "2000-01-01",
                              "2000-06-01")
                     + relation(f"GB 98040.{n}-2000", "splits",
                                "GB 98040-1990") for n in (1, 2)))
    report = confirm(portal, new_draft(
        portal, "GB 98040-1990\nGB/T 98001-2010"))
    rows = verdicts(portal, report)
    assert [row[3] for row in rows] == ["被代替", "未收录"]
    assert rows[0][5] == ""
    assert rows[1][5].startswith("本库有同号标准 GB/T 98001-2016")
    links = [label for _, label in portal.gemini(report).links]
    assert "代替它的标准：GB 98040.1-2000，2000-06-01 实施" in links
    assert "代替它的标准：GB 98040.2-2000，2000-06-01 实施" in links


def test_a_draft_takes_rounds_corrections_and_a_date(portal):
    draft = new_draft(portal, "GB/T 98001-2008\nGB/T 98O03-2001")
    answer = act(portal, draft, "再添加一批", "GB 98002-2015;GB/T 98003-2001")
    follow(portal, answer, re.escape(draft))
    page = portal.gemini(draft)
    lines = [label for address, label in page.links if "/line/" in address]
    assert [line.split(".")[0] for line in lines] == ["1", "2", "3", "4"]
    assert lines[0] == "1. GB/T 98001-2008 试验方法（标准号一致）"
    assert lines[1].startswith("2. GB/T 98O03-2001（无法辨认")
    line = portal.gemini(draft + "line/2/").text
    assert "请检查字母 O 与数字 0" in line
    # The second is wrong: correct it. The fourth is now there twice: remove.
    line = resolved(draft, page.link("2. GB/T 98O03"))
    answer = act(portal, line, "改正这一条", "GB/T 98003-2001")
    follow(portal, answer, re.escape(line))
    assert "识别为：GB/T 98003-2001" in portal.gemini(line).text
    answer = act(portal, draft + "line/4/", "删除这一条")
    follow(portal, answer, re.escape(draft))
    assert portal.gemini(draft + "line/4/").status == 51
    # On that day the old editions were still in force.
    answer = act(portal, draft, "修改截止日", "2009年12月1日")
    follow(portal, answer, re.escape(draft))
    assert "截止日：2009-12-01" in portal.gemini(draft).text
    rows = verdicts(portal, confirm(portal, draft))
    assert [(row[0], row[2], row[3]) for row in rows] == [
        ("1", "GB/T 98001-2008", "有效"), ("2", "GB/T 98003-2001", "有效"),
        ("3", "GB 98002-2015", "尚未实施")]


@pytest.mark.parametrize("typed", [
    "昨天", "2026-02-30", "2026-13-01", "20261", "2026-1-1x", "1-1-1",
    "2026--1", "99999999", "9999-12-31", "0001-01-01", "' OR 1 --"])
def test_a_wrong_date_is_asked_again(portal, typed):
    draft = new_draft(portal, "GB/T 98001-2008")
    before = portal.gemini(draft).text.split("\n")[1:3]
    answer = act(portal, draft, "修改截止日", typed)
    assert answer.status == 10, answer.header
    assert answer.meta.startswith("Date ") and "请" in answer.meta or \
        "写成 2026-11-23" in answer.meta
    assert portal.gemini(draft).text.split("\n")[1:3] == before


@pytest.mark.parametrize("typed,meant", [
    ("2020-01-05", "2020-01-05"), ("2020/1/5", "2020-01-05"),
    ("2020.01.05", "2020-01-05"), ("20200105", "2020-01-05"),
    ("２０２０－１－５", "2020-01-05"), ("2020 年 1 月 5 日", "2020-01-05")])
def test_dates_are_read_as_people_write_them(portal, typed, meant):
    draft = new_draft(portal, "GB/T 98001-2008")
    follow(portal, act(portal, draft, "修改截止日", typed), re.escape(draft))
    assert f"截止日：{meant}" in portal.gemini(draft).text


def test_a_list_without_a_number_is_asked_again(portal):
    start = portal.gemini("/validity/").link("粘贴清单")
    for text in ("", " \n ,", "你好，世界"):
        answer = ask(portal, "/validity/" + start, text)
        assert answer.status == 10, (text, answer.header)
        assert answer.meta.startswith("Standard numbers ")
    # Nothing was used up: the same link still takes a list.
    answer = ask(portal, "/validity/" + start, "GB/T 98001-2016")
    draft = follow(portal, answer)[0]
    follow(portal, act(portal, draft + "line/1/", "删除这一条"),
           re.escape(draft))
    page = portal.gemini(draft)
    assert "没有标准了" in page.text and "出具报告" not in page.text


def test_a_draft_takes_at_most_twenty_rounds(portal):
    draft = new_draft(portal, "GB/T 98001-2016")
    token = draft.split("/")[3]
    sqlite(portal, "UPDATE validity_draft SET rounds = 19 "
           f"WHERE token = '{token}';")
    address = resolved(draft, portal.gemini(draft).link("再添加一批"))
    other = resolved(draft, portal.gemini(draft).link("再添加一批"))
    follow(portal, ask(portal, address, "GB 98002-2015"))
    assert "再添加一批" not in portal.gemini(draft).text
    assert ask(portal, other, "GB 98002-2020").status == 59


@pytest.mark.parametrize("most", [500, 5000])
def test_a_list_has_fewer_lines_without_a_certificate(portal, reader, most):
    cert = reader if most == 5000 else None
    draft = new_draft(portal, "GB/T 98001-2016")
    token = draft.split("/")[3]
    sqlite(portal, f"UPDATE validity_draft SET last = {most - 1} "
           f"WHERE token = '{token}';")
    address = resolved(draft, portal.gemini(draft, cert=cert)
                       .link("再添加一批"))
    again = ask(portal, address, "GB 98002-2015\nGB 98002-2020", cert)
    assert again.status == 10 and f"最多 {most} 条" in again.meta
    assert ("客户端证书" in again.meta) == (cert is None)
    assert ask(portal, address, "GB 98002-2015", cert).status == 30
    full = portal.gemini(draft, cert=cert).text
    assert "再添加一批" not in full and f"最多 {most} 条" in full


def fill(portal, draft, lines, number):
    """Make a draft of so many lines; number: SQL of the line `i`."""
    token = draft.split("/")[3]
    sqlite(portal, f"""WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL
        SELECT i + 1 FROM n WHERE i < {lines})
    INSERT INTO validity_draft_line SELECT d.id, i, {number},
        std_number({number}), std_key({number}), '' FROM n,
        validity_draft d WHERE token = '{token}';
    UPDATE validity_draft SET last = {lines} WHERE token = '{token}';""")


def test_a_long_report_wants_a_certificate(portal, reader):
    """501 lines are one too many, also for a report asked about again."""
    draft = new_draft(portal, "GB/T 98001-2016")
    fill(portal, draft, 501, "'GB/T ' || (60000 + i) || '-2001'")
    refused = act(portal, draft, "出具报告")
    assert refused.status == 59 and "最多 500 条" in refused.meta
    assert "客户端证书" in refused.meta
    assert portal.gemini(draft).status == 20  # and nothing was made of it
    report = confirm(portal, draft, reader)
    again = act(portal, report, "重查这份清单")
    assert again.status == 59 and "最多 500 条" in again.meta
    answer = act(portal, report, "重查这份清单", "", reader)
    copy = follow(portal, answer, r"/validity/draft/[0-9a-f]{32}/")[0]
    # Each 250 lines are a round: the way round by a report is not longer.
    assert "已添加 3 批" in portal.gemini(copy, cert=reader).text
    act(portal, copy + "line/501/", "删除这一条", cert=reader)
    confirm(portal, copy)  # 500 lines need no certificate


def lookups(portal):
    """How often check_line() has run, in all workers."""
    done = subprocess.run([GUIJU, "status", "--json", "--state", portal.state],
                          text=True, capture_output=True, check=True)
    return sum(row["count"] for row in json.loads(done.stdout)["statements"]
               if row["statement"] == "functions/check_line.sql")


def under_the_lock(lines):
    """Of a log: [FILE:LINE] of the last page's statements under the lock, and
    whether another's commit made the page run again there."""
    begin = max(i for i, line in enumerate(lines)
                if line.endswith("page: transaction begins, to write"))
    lines = lines[begin:]
    end = next(i for i, line in enumerate(lines) if "page: commit, " in line)
    return (re.findall(r"page: (\S+:\d+): statement, ",
                       "\n".join(lines[:end])),
            any("once more" in line for line in lines[:end]))


def test_a_report_holds_others_up_for_its_writing_alone(serve):
    """500 lines are looked up before the lock, by the count of statements:
    under it are the page's own `% do`. If another commits meanwhile, the page
    runs again, but has what it looked up."""
    page = "pages/validity/draft/[words]/confirm/[seal].gmi"
    wanted = [f"{page}:{number}" for number, line in enumerate(
        (ROOT / "capsule" / page).read_text().splitlines(), 1)
        if line.startswith("% do ")]
    server = serve("--workers", "1", "--log", "debug", at=ROOT / "capsule")
    sqlite(server, CATALOGUE)
    again = True
    while again:
        draft = new_draft(server, "GB/T 98001-2016")
        fill(server, draft, 500, "'GB/T ' || (60000 + i) || '-2001'")
        after = len(server.lines)
        before = lookups(server)
        confirm(server, draft)
        assert lookups(server) - before >= 500
        server.wait_log(" path=/validity/draft/-/confirm/- kind=redirect",
                        after=after)
        done, again = under_the_lock(server.lines[after:])
        assert not [at for at in done if "/_check.gmi:" in at]
        assert again or done == wanted


def test_lines_that_are_alike_are_looked_up_once(portal, reader):
    """5,000 lines with one number, in two spellings: two look-ups, one of
    which is of the first line, whose title is part of what it says."""
    draft = new_draft(portal, "GB/T 98001-2016 试验方法")
    fill(portal, draft, 5000, "iif(i % 2, 'GB/T 98001-2016', 'gbt98001-2016')")
    address = resolved(draft, portal.gemini(draft, cert=reader)
                       .link("出具报告"))
    before = lookups(portal)
    answer = portal.gemini(address, cert=reader)
    assert lookups(portal) - before == 2
    # Under a sanitizer, on a busy machine, to write 5,000 lines often takes
    # longer than the lock's limit.
    while answer.status == 44:
        answer = portal.gemini(address, cert=reader)
    report = follow(portal, answer, r"/validity/report/HN\d{4}-\d{6}/")[0]
    rows = list(csv.DictReader(io.StringIO("".join(
        portal.gemini(resolved(report, f"csv/{part}.csv")).text
        for part in range(1, 2)))))
    assert len(rows) == 1000
    assert {row["标准号"] for row in rows} == {"GB/T 98001-2016"}
    assert [row["原输入"] for row in rows[:4]] == [
        "GB/T 98001-2016 试验方法", "gbt98001-2016", "GB/T 98001-2016",
        "gbt98001-2016"]
    assert all("与第 1 条重复" in row["备注"] for row in rows[1:])
    assert rows[0]["备注"] == ""


def test_a_long_list_is_paged_and_hashed_whole(portal, reader):
    """1,200 lines: pages of a draft and of a report, parts of its texts."""
    draft = new_draft(portal, "GB/T 98001-2016")
    fill(portal, draft, 1200, "'GB/T ' || (50000 + i) || '-2001'")
    page = portal.gemini(draft + "page/24")
    assert page.status == 20 and "1200. GB/T 51200-2001" in page.text
    assert portal.gemini(draft + "page/25").status == 51
    report = confirm(portal, draft, reader)
    last = portal.gemini(report + "page/24")
    assert last.status == 20 and "1200. GB/T 51200-2001" in last.text
    assert portal.gemini(report + "page/25").status == 51
    assert portal.gemini(report + "csv/2.csv").text.count("\n") == 201
    assert portal.gemini(report + "csv/3.csv").status == 51
    told, computed, text = hashed(portal, report)
    assert told == computed and text.count("\n") == 1209


# --- a report is for ever --------------------------------------------------


def test_a_report_never_changes(portal):
    sqlite(portal, standard("GB/T 98010-2001", "会变的", "2001-01-01",
                            "2001-06-01"))
    report = confirm(portal, new_draft(portal, "GB/T 98010-2001"))
    before = portal.gemini(report).text
    assert hashed(portal, report)[0] == hashed(portal, report)[1]
    sqlite(portal, "UPDATE standard SET abolished = '2010-01-01', "
           "title = '变了' WHERE key = 'GB-T-98010-2001';")
    strip = re.compile(r"^=> rerun/\S+", re.M)
    after = portal.gemini(report).text
    assert strip.sub("", after) == strip.sub("", before)
    told, computed, _ = hashed(portal, report)
    assert told == computed
    # Nor by hand.
    for sql in ("UPDATE validity_line SET verdict = '有效';",
                "DELETE FROM validity_line;",
                "UPDATE validity_report SET sha256 = hex(randomblob(32));",
                "DELETE FROM validity_report;",
                "INSERT INTO validity_line (report_id, position, raw, "
                "verdict, matched) SELECT max(id), 2, '', '有效', '' "
                "FROM validity_report;"):
        with pytest.raises(AssertionError, match="a report"):
            sqlite(portal, sql)
    # Asked again it is another one, and each leads to the other.
    draft = follow(portal, act(portal, report, "重查这份清单", ""),
                   r"/validity/draft/[0-9a-f]{32}/")[0]
    again = confirm(portal, draft)
    assert again != report
    assert verdicts(portal, again)[0][3] == "废止"
    assert verdicts(portal, report)[0][3] == "有效"
    assert report in portal.gemini(again).link("重查自报告")
    assert again in portal.gemini(report).link("后来的重查")


def rechecks(portal, report):
    return [to for to, label in portal.gemini(report).links
            if "后来的重查" in label]


def recheck(portal, report, day):
    return confirm(portal, follow(
        portal, act(portal, report, "重查这份清单", day),
        r"/validity/draft/[0-9a-f]{32}/")[0])


def test_true_rechecks_are_not_pushed_off(portal):
    """Those for a day before the report's, or after they were made, are not on
    its page, however many they are; all others are, or a link away."""
    first = new_draft(portal, "GB/T 98001-2016")
    act(portal, first, "修改截止日", "2020-05-05")
    report = confirm(portal, first)
    true = recheck(portal, report, "2021-06-06")
    for day in ["2020-05-04"] * 5 + [str(
            datetime.date.today() + datetime.timedelta(days=300))]:
        recheck(portal, report, day)
    assert rechecks(portal, report) == [true]
    label = next(label for _, label in portal.gemini(report).links
                 if "后来的重查" in label)
    assert "截止日 2021-06-06，20" in label
    later = [true] + [recheck(portal, report, day)
                      for day in ("2020-05-05", "", "2021-06-06", "", "")]
    *five, rest = rechecks(portal, report)
    assert five == later[:0:-1]
    assert rest == report + "later/"
    page = portal.gemini(rest)
    assert [to for to, _ in page.links if to in later] == later[::-1]
    # Fifty on a page.
    number = report.split("/")[-2]
    sqlite(portal, f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1
            FROM n WHERE i < 100)
        INSERT INTO validity_report (year, serial, number, created, day,
            lines, counts, rerun_of, unlike, sha256)
        SELECT 2019, i, format('HN2019-%06d', i), o.created, o.day, 1,
            '{{}}', o.id, 0, hex(zeroblob(32))
        FROM n, validity_report o WHERE o.number = '{number}';""")
    found, address = [], rest
    while address is not None:
        page = portal.gemini(address)
        assert page.status == 20
        listed = [to for to, label in page.links if "截止日" in label]
        assert 0 < len(listed) <= 50
        found += listed
        address = next((to for to, label in page.links
                        if label == "更早的重查"), None)
    assert len(found) == len(set(found)) == 106
    assert found[-6:] == later[::-1]
    for bad in "HN1999-000001", number, "x", "1":
        assert portal.gemini(rest + bad).status == 51


def test_a_changed_list_is_no_recheck(portal):
    """Whoever runs a report's list again and changes it writes nothing onto
    that report's page."""
    report = confirm(portal, new_draft(portal, "GB/T 98001-2016，GB 98002-2015"))
    lie = "GB 1 原报告已撤销 正式结论见 https://evil.example/x"

    def draft():
        path = follow(portal, act(portal, report, "重查这份清单", ""),
                      r"/validity/draft/[0-9a-f]{32}/")[0]
        assert "按报告" in portal.gemini(path).text
        return path

    def added(path):
        act(portal, path, "再添加一批", lie)

    def corrected(path):
        act(portal, f"{path}line/1/", "改正这一条", lie)

    def removed(path):
        act(portal, f"{path}line/1/", "删除这一条")

    def replaced(path):
        added(path)
        removed(path)
        act(portal, f"{path}line/2/", "删除这一条")

    for change in (added, corrected, removed, replaced):
        path = draft()
        change(path)
        assert "按报告" not in portal.gemini(path).text
        forged = confirm(portal, path)
        assert rechecks(portal, report) == []
        assert not any("重查自" in label
                       for _, label in portal.gemini(forged).links)
        assert "重查自：无" in hashed(portal, forged)[2]
        assert "evil" not in portal.gemini(report).text
    # The same list is one.
    again = confirm(portal, draft())
    assert rechecks(portal, report) == [again]
    # Nor by way of the database: a report that says so is not closed.
    with pytest.raises(AssertionError, match="a re-check of another list"):
        sqlite(portal, "BEGIN; INSERT INTO validity_report (year, serial, "
               "number, created, day, lines, counts, rerun_of) SELECT 2020, 1,"
               " 'HN2020-000001', 1, '2020-01-01', 1, '{}', min(id) "
               "FROM validity_report; INSERT INTO validity_line (report_id, "
               "position, raw, verdict, matched) SELECT id, 1, 'another', "
               "'有效', '' FROM validity_report WHERE number = "
               "'HN2020-000001'; UPDATE validity_report SET sha256 = "
               "printf('%064d', 1) WHERE number = 'HN2020-000001'; COMMIT;")


def test_what_nobody_could_read_is_its_writers(portal):
    lie = "正式结论见 https://evil.example/x 电话13900000000"
    report = confirm(portal, new_draft(portal, f"GB/T 98001-2016，{lie}"))
    text = portal.gemini(report).text
    assert "“原输入”是提交清单的人所写，没有经过审核。" in text
    lines = [line for line in text.splitlines() if "evil.example" in line]
    assert lines and all(line.startswith(("* 原输入：", "* 备注："))
                         for line in lines)
    assert re.search(r"^\d+\. 没有认出标准号$", text, re.M)
    assert not any("evil" in address for address, _ in
                   portal.gemini(report).links)


def test_what_a_stranger_writes_is_on_no_other_page(portal):
    """Of each thing that an anonymous reader can send, with a mark in it:
    nobody who opens another page reads the mark."""
    mark = "鸂鶒鸂鶒"
    sqlite(portal, standard("GB/T 98091-2016", "别的标准", "2016-12-30",
                            "2017-07-01"))
    path = "/standard/GB-T-98091-2016/"
    act(portal, f"{path}dispute/", "作废：", f"{mark} 已经作废")
    act(portal, "/dispute/", "报告缺少的标准", f"GB/T 98099-2020 {mark}")
    for search in ("/search/all", "/search/text", "/standard/find"):
        ask(portal, search, mark)
    wanted = f"/standard/wanted/{urllib.parse.quote(mark)}/"
    act(portal, wanted, "提交给编辑部")
    ask(portal, "/validity/quick", f"GB/T 98091-2016 {mark}")
    draft = new_draft(portal, f"GB/T 98091-2016 {mark}，{mark}1")
    report = confirm(portal, draft)
    assert mark in portal.gemini(report).text
    pages = ["/", "/.txt", "/news/", "/search/", "/standard/", path,
             f"{path}dispute/", "/standard/GB-T-98099-2020/dispute/",
             "/dispute/", "/validity/", "/validity/report/", "/calendar/",
             "/service/", "/ics/", "/help", "/about", "/feed",
             "/atom.xml", "/standard/find?98091", "/search/all?98091",
             "/validity/quick?GB/T%2098091-2016"]
    crawled = {to for page in pages
               for to, _ in portal.gemini(page).links if to.startswith("/")}
    for page in sorted({*pages, *crawled} - {report}):
        assert mark not in portal.gemini(page).body.decode(
            errors="replace"), page
    for selector in ("", "/dispute/", f"{path}dispute/", "/validity/"):
        assert mark.encode() not in portal.gopher(selector), selector


def test_a_reload_makes_no_second_report(portal):
    draft = new_draft(portal, "GB/T 98001-2016")
    page = portal.gemini(draft)
    one = resolved(draft, page.link("出具报告"))
    two = resolved(draft, portal.gemini(draft).link("出具报告"))
    before = int(sqlite(portal, "SELECT count(*) FROM validity_report;"))
    report = follow(portal, ask(portal, one))[0]
    # The same address again: the report that it has made.
    assert follow(portal, ask(portal, one))[0] == report
    # Another good seal: the report that is there.
    assert follow(portal, ask(portal, two))[0] == report
    after = int(sqlite(portal, "SELECT count(*) FROM validity_report;"))
    assert after == before + 1


def test_seals_of_others_explain_themselves(portal, make_identity):
    draft = new_draft(portal, "GB/T 98001-2016")
    mine = resolved(draft, portal.gemini(draft).link("再添加一批"))
    other = new_draft(portal, "GB/T 98001-2016")
    foreign = mine.replace(draft, other)
    answer = ask(portal, foreign, "GB 98002-2015")
    assert answer.text.startswith("# 再添加一批\n没有执行")
    assert answer.link("返回") == other
    assert "GB 98002" not in answer.text + portal.gemini(other).text
    # One that was given to a reader without a certificate.
    answer = portal.gemini(mine + "?GB%2098002-2015",
                           cert=make_identity().pair)
    assert "选定证书之前" in answer.text and answer.link("返回") == draft
    assert "GB 98002" not in answer.text + portal.gemini(draft).text
    for address in ("/validity/new/nonsense", "/validity/new/" + "A" * 32):
        answer = ask(portal, address, "GB 1-2000")
        assert answer.status == 20 and "GB 1-2000" not in answer.text
        assert answer.link("返回") == "/validity/"


def test_numbers_count_within_a_year(portal):
    first = confirm(portal, new_draft(portal, "GB/T 98001-2016"))
    second = confirm(portal, new_draft(portal, "GB/T 98001-2016"))
    assert int(second[-7:-1]) == int(first[-7:-1]) + 1
    found = ask(portal, "/validity/report/find",
                "ｈｎ" + first[len("/validity/report/HN"):-1])
    assert follow(portal, found)[0] == first
    again = ask(portal, "/validity/report/find", "HN1999-1")
    assert again.status == 10 and "没有这个编号的报告" in again.meta


# --- drafts ----------------------------------------------------------------


def test_drafts_expire(portal):
    draft = new_draft(portal, "GB/T 98001-2016")
    token = draft.split("/")[3]
    sqlite(portal, "UPDATE validity_draft SET created = created - 86401 "
           f"WHERE token = '{token}';")
    assert portal.gemini(draft).status == 51


@pytest.mark.parametrize("way", ["new", "rerun"])
def test_expired_drafts_are_in_nobodys_way(portal, way):
    """However many the night has left: a page that makes a draft neither counts
    nor deletes them."""
    report = confirm(portal, new_draft(portal, "GB/T 98001-2016"))
    many = 6000
    sqlite(portal, f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1
            FROM n WHERE i < {many})
        INSERT INTO validity_draft (token, created, day)
        SELECT lower(hex(randomblob(16))), i, '2020-01-01' FROM n;""")
    try:
        if way == "new":
            new_draft(portal, "GB/T 98001-2016")
        else:
            follow(portal, act(portal, report, "重查这份清单", ""),
                   r"/validity/draft/[0-9a-f]{32}/")
        assert sqlite(portal, "SELECT count(*) FROM validity_draft "
                      f"WHERE created <= {many};") == f"{many}\n"
        # Those of the day do count.
        sqlite(portal, "UPDATE validity_draft SET created = unixepoch() "
               f"WHERE created <= {many};")
        start = portal.gemini("/validity/").link("粘贴清单")
        answer = ask(portal, "/validity/" + start, "GB/T 98001-2016")
        assert answer.status == 40 and "草稿太多" in answer.meta
    finally:
        sqlite(portal, "DELETE FROM validity_draft WHERE rounds = 0;")


def test_a_draft_is_given_up(portal):
    draft = new_draft(portal, "GB/T 98001-2016")
    assert follow(portal, act(portal, draft, "放弃并删除"))[0] == "/validity/"
    assert portal.gemini(draft).status == 51


def test_the_log_tells_no_draft(portal):
    draft = new_draft(portal, "GB/T 98001-2016")
    portal.gemini(draft)
    portal.gemini(draft + "line/1/")
    confirm(portal, draft)
    assert draft.split("/")[3] not in portal.log
    assert "98001" not in portal.log


# --- hostile lists ---------------------------------------------------------

HOSTILE = [
    "GB/T 98001-2016 => gemini://evil/ 点我",
    "GB/T 98001-2016\u202e\u200b\ufeff",
    "GB/T 98001-2016 ' OR 1=1 --",
    "GB/T 98001-2016 \"},{\"key\":\"x",
    "GB/T 98001-2016 =cmd|' /C calc'!A0",
    "GB/T 98001-2016 " + "长" * 60,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_lines_stay_text(portal, text):
    report = confirm(portal, new_draft(portal, text))
    page = portal.gemini(report)
    assert page.status == 20
    assert not [a for a, _ in page.links if "evil" in a]
    for bad in "\u202e\u200b\ufeff":
        assert bad not in page.text
    told, computed, _ = hashed(portal, report)
    assert told == computed
    rows = verdicts(portal, report)
    assert rows[0][2:4] == ("GB/T 98001-2016", "有效")
    for row in rows:
        assert not row[1].startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("text", ["GB/T 98001-2016\x1b[31m", "GB\x00 1",
                                  "GB\x9b 1"])
def test_controls_are_refused(portal, text):
    start = portal.gemini("/validity/").link("粘贴清单")
    answer = ask(portal, "/validity/" + start, text)
    assert answer.status == 59 and answer.raw.count(b"\n") == 1
    control = next(c for c in text if c < " " or "\x7f" <= c < "\xa0")
    assert f"U+{ord(control):04X}" in answer.meta


# What a spreadsheet, a word processor or a web page puts on a clipboard.
CLIPBOARDS = [
    "GB/T 98001-2016\t有题名的标准", "GB/T 98001-2016\t\t\t",
    "1\tGB/T 98001-2016\t现行\r\n2\tGB 98002-2015\t现行\r\n",
    "GB/T 98001-2016\rGB 98002-2015\r", "GB/T 98001-2016\x0bGB 98002-2015",
    "GB/T 98001-2016\x0cGB 98002-2015", "GB/T 98001-2016\x85",
    "GB/T 98001-2016\u2028GB 98002-2015", "GB/T\u00a098001-2016",
    "\ufeffGB/T 98001-2016\u200b", "GB/T 98001-2016\u3000标准",
    "GB/T\t98001-2016"]


@pytest.mark.parametrize("text", CLIPBOARDS)
def test_what_a_clipboard_holds_is_data(portal, text):
    """By every page that asks, in both protocols."""
    typed = urllib.parse.quote(text)
    start = portal.gemini("/validity/").link("粘贴清单")
    assert ask(portal, "/validity/" + start, text).status == 30
    for page in ("/validity/quick", "/standard/find", "/standard/name",
                 "/search/all", "/search/title", "/validity/report/find",
                 "/calendar/goto", "/news/zcfg/goto"):
        answer = portal.gemini(f"{page}?{typed}")
        for _ in range(5):
            if answer.status not in (30, 31):
                break
            answer = portal.gemini(answer.meta)
        assert answer.status in (10, 20, 51), (page, answer.header)
    text = text.strip("\r\n")
    if not set(text) & set("\r\n"):
        for page in ("/validity/quick", "/standard/find", "/search/all"):
            items = portal.menu(page, text)
            assert items[0].type != "3", (page, items)
    answer = portal.gemini(f"/validity/quick?{typed}")
    assert answer.status == 20 and "GB/T 98001-2016" in answer.text


def test_lines_like_markup_stay_text(portal):
    draft = new_draft(portal, "# GB/T 98001-2016\n```\n=> /x GB 98002-2015"
                      "\nGB/T 98001-2016")
    page = portal.gemini(draft)
    assert page.status == 20
    assert not re.search(r"^(# GB|```|=> /x)", page.text, re.M)


# --- without storing -------------------------------------------------------


def test_a_quick_check_stores_no_draft(portal):
    before = sqlite(portal, "SELECT count(*) FROM validity_draft;")
    answer = ask(portal, "/validity/quick", "gbt98001-2008,GB 98002-2015")
    assert answer.status == 20
    assert "* 结论：被代替" in answer.text
    assert "* 结论：有效但即将被代替" in answer.text
    assert sqlite(portal, "SELECT count(*) FROM validity_draft;") == before
    again = ask(portal, "/validity/quick", "你好")
    assert again.status == 10 and "没有认出任何标准号" in again.meta
    menu = portal.menu("/validity/quick", "你好")
    assert [i.selector for i in menu if i.type == "7"] == ["/validity/quick"]
    assert "没有认出任何标准号" in menu[0].text


def test_a_quick_check_is_answered_over_gopher(portal):
    items = portal.menu("/validity/")
    assert [i.type for i in items if i.selector == "/validity/quick"] == ["7"]
    start = [i for i in items if "开始确认" in i.text]
    assert start[0].type == "h" and start[0].selector.startswith(
        "URL:gemini://")
    numbers = ",".join(f"GB/T {n}-2001" for n in range(98101, 98122))
    items = portal.menu("/validity/quick", f"gbt98001-2008,{numbers}")
    text = "\n".join(i.text for i in items)
    assert "结论：被代替" in text and "只核对了前 20 个，共输入 22 个" in text
    assert "20. GB/T 98119-2001" in text and "98120" not in text
    assert [i.selector for i in items if i.text.startswith("1. GB/T 98001")
            ] == ["/standard/GB-T-98001-2008"]


def test_a_report_is_read_over_gopher(portal):
    report = confirm(portal, new_draft(portal, "GB/T 98001-2008"))
    text = "\n".join(i.text for i in portal.menu(report))
    assert "结论：被代替" in text
    assert "报告编号：".encode() in gopher_raw(
        portal.gopher_port, f"{report}text/1.txt\r\n".encode())


# --- disputes --------------------------------------------------------------


def test_a_dispute_is_shown_when_it_is_settled(portal):
    sqlite(portal, standard("GB/T 98020-2001", "有争议的", "2001-01-01",
                            "2001-06-01"))
    page = "/standard/GB-T-98020-2001/dispute/"
    answer = act(portal, page, "作废：", "公告 2015 年第 7 号 \u202e已废止")
    follow(portal, answer, re.escape(page))
    shown = portal.gemini(page)
    assert "作废　待审核" in shown.text and "第 7 号" not in shown.text
    assert "GB/T 98020-2001：作废　待审核" in portal.gemini("/dispute/").text
    sqlite(portal, "UPDATE status_dispute SET state = '通过', "
           "decided = unixepoch(), answer = '已更正' "
           "WHERE key = 'GB-T-98020-2001';")
    shown = portal.gemini(page).text
    assert "作废　通过" in shown and "> 公告 2015 年第 7 号 已废止" in shown
    assert "已更正" in shown
    # Three may wait, not more; and each says something.
    for said in (" ", "x" * 301):
        again = act(portal, page, "替代：", said)
        assert again.status == 10 and again.meta.startswith("Why ")
    for n in range(3):
        follow(portal, act(portal, page, "替代：", f"理由 {n}"))
    answer = act(portal, page, "缺失：", "再一个")
    assert answer.status == 40 and "已有 3 条异议在审核" in answer.meta
    assert portal.gemini("/standard/GB-T-98020-9999/dispute/").status == 51
    columns = sqlite(portal, "SELECT group_concat(name) FROM "
                     "pragma_table_info('status_dispute');")
    assert columns == "id,key,number,kind,remark,created,state,answer," \
        "decided\n"


def test_a_missing_standard_can_be_reported(portal):
    answer = act(portal, "/dispute/", "报告缺少的标准", "GB/T 98777-2001 缺的")
    path, page = follow(portal, answer, "/standard/GB-T-98777-2001/dispute/")
    assert page.status == 20 and "缺失　待审核" in page.text
    for said in ("你好", "GB/T 98001-2016"):
        again = act(portal, "/dispute/", "报告缺少的标准", said)
        assert again.status == 10 and "标准号" in again.meta


def test_many_disputes_are_paged(portal):
    sqlite(portal, """WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL
        SELECT i + 1 FROM n WHERE i < 45)
    INSERT INTO status_dispute (key, number, kind, remark, created, state,
        decided) SELECT 'GB-T-' || (60000 + i) || '-2001',
        'GB/T ' || (60000 + i) || '-2001', '作废', '说明 ' || i, 1, '驳回', 2
    FROM n;""")
    seen, page = [], "/dispute/"
    for _ in range(10):
        answer = portal.gemini(page)
        seen += re.findall(r"^=> \S+ 第 (\d+) 号", answer.text, re.M)
        older = [a for a, label in answer.links if "更早" in label]
        if not older:
            break
        page = resolved(page, older[0])
    ids = sqlite(portal, "SELECT id FROM status_dispute ORDER BY id DESC;")
    assert seen == ids.split()


# --- announcements ---------------------------------------------------------


def test_announcements_and_their_items_are_paged(portal):
    sqlite(portal, """WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL
        SELECT i + 1 FROM n WHERE i < 45)
    INSERT INTO announcement (id, number, issuer, title, day, created, source)
    SELECT 9000 + i, '试验第 ' || i || ' 号', '试验机关', '试验公告 ' || i,
        date('2091-01-01', '+' || (i / 3) || ' days'), 1700000000 + i,
        '试验资料' FROM n;
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL
        SELECT i + 1 FROM n WHERE i < 120)
    INSERT INTO announcement_item (announcement_id, position, key, number,
        title, replaces, implemented)
    SELECT 9045, i, 'GB-T-' || (97000 + i) || '-2020',
        'GB/T ' || (97000 + i) || '-2020', '名称 ' || i, NULL, '2090-01-01'
        FROM n;
    UPDATE announcement_item SET key = 'GB-T-98001-2016',
        number = 'GB/T 98001-2016', replaces = 'GB/T 98001-2008'
    WHERE announcement_id = 9045 AND position = 1;""")
    seen, page = [], "/announcement/"
    for _ in range(20):
        answer = portal.gemini(page)
        seen += re.findall(r"^=> /announcement/(9\d\d\d) \d{4}-", answer.text,
                           re.M)
        older = [a for a, label in answer.links if "更早" in label]
        if not older:
            break
        page = older[0]
    assert seen == [str(n) for n in range(9045, 9000, -1)]
    answer = portal.gemini("/announcement/9045")
    assert "=> /standard/GB-T-98001-2016 1. GB/T 98001-2016（现行）名称 1\n" \
        "2090-01-01 实施，代替 GB/T 98001-2008\n" in answer.text
    assert "50. GB/T 97050-2020（未收录）名称 50\n" in answer.text
    page = answer.link("第 50 项以后")
    assert "100. GB/T 97100" in portal.gemini(page).text
    page = portal.gemini(page).link("第 100 项以后")
    text = portal.gemini(page).text
    assert "120. GB/T 97120" in text and "/from/" not in text
    assert portal.gemini("/announcement/9045/from/120").status == 51
    assert portal.gemini("/announcement/9999").status == 51
    assert portal.gemini("/announcement/x").status == 51


def test_announcement_feeds_are_good(portal):
    feed = portal.gemini("/announcement/feed")
    pattern = r"^=>\s*(\S+)\s+(\d{4}-[01]\d-[0-3]\d)([^0-9].*)"
    assert len(re.findall(pattern, feed.text, re.M)) >= 45
    atom = portal.gemini("/announcement/atom.xml")
    assert atom.meta.startswith("application/atom+xml")
    root = xml.etree.ElementTree.fromstring(atom.body)
    space = "{http://www.w3.org/2005/Atom}"
    entries = root.findall(f"{space}entry")
    assert len(entries) == 30
    assert entries[0].find(f"{space}title").text == "试验公告 45"
    assert "GB/T 98001-2016 名称 1" in entries[0].find(f"{space}summary").text
    assert portal.gopher("/announcement/feed").endswith(b".\r\n")
