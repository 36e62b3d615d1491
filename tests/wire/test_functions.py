# SPDX-License-Identifier: ISC
"""The capsule's own SQL functions, each asked alone: a copy of the capsule has
one page more, which calls them."""

import shutil

import pytest

from conftest import run_guiju
from portal import CAPSULE

pytestmark = pytest.mark.portal

HEADER = ("number,title_zh,issued,implemented,abolished,replaces,amended_by,"
          "status_zh,source\n")
ROWS = """GB/T 98001-2016,甲,2016-01-01,2016-06-01,,GB/T 98001-2008,,,x
GB/T 98001-2008,甲,2008-01-01,2008-06-01,,,,,x
GB 98002-2015,乙,2015-01-01,2015-06-01,,,,,x
GB/Z 98003-2011,丙,2011-01-01,2011-06-01,,,,,x
DIN 98004:2011-05,丁,2011-05-01,2011-06-01,,,,,x
GB/T 98004.2-2012,戊,2012-05-01,2012-06-01,,,GB/T 98004.2-2012/XG1-2014,,x
GB/T 98004.2-2012/XG1-2014,戊修改单,2014-05-01,2014-06-01,,,,,x
GB/T 98005-2001,己,2001-01-01,2001-06-01,,,,,x
GB/T 98005-2010,己,2010-01-01,2010-12-01,2010-06-01,GB/T 98005-2001,,,x
GB/T 98005-2012,己,2012-01-01,2012-06-01,,GB/T 98005-2010,,,x
GB/T 98005-2016,己,2016-01-01,2016-06-01,,GB/T 98005-2012,,,x
GB/T 98005-2018,己,2018-01-01,2018-06-01,,GB/T 98005-2016,,,x
GB/T 98006-2012,庚,2012-01-01,2012-07-01,,GB/T 98005-2010,,,x
"""
DAY = "2020-01-01"


def key(number):
    return number.replace("/", "-").replace(" ", "-")


# A call, and what it gives; {N} is the id of standard N.
CALLS = [
    ("is_draft('ISO-CD-9001')", "1"),
    ("is_draft('ISO-9001-FDAM-1')", "1"),
    ("is_draft('ISO-9001-2015')", "0"),
    ("is_draft(NULL)", "0"),
    ("is_draft('ISO-CDX-9001')", "0"),
    ("status_on({GB/T 98001-2016}, '2020-01-01')", "现行"),
    ("status_on({GB/T 98001-2016}, '2016-02-01')", "即将实施"),
    ("status_on({GB/T 98001-2008}, '2020-01-01')", "被代替"),
    ("check_undated('GB-T-98001', '2020-01-01')",
     "{GB/T 98001-2016} 未写年代号，取现行版"),
    ("check_undated('GB-T-97999', '2020-01-01')", ""),
    ("check_nature(std_bare('GB/T 98002'), NULL, 1, '2020-01-01')",
     "{GB 98002-2015} 性质代号不同，未写年代号，按 GB 98002-2015 核对"),
    ("check_nature(std_bare('GB/T 98002'), 2011, 0, '2020-01-01')", ""),
    ("check_match('DIN 98004:2011', std_key('DIN 98004:2011'), '2020-01-01')",
     "{DIN 98004:2011-05} 未写月份，按 DIN 98004:2011-05 核对"),
    ("check_match('GBZ 98003-2011', std_key('GBZ 98003-2011'), '2020-01-01')",
     "{GB/Z 98003-2011} GBZ 与 GB/Z 写法相近，按 GB/Z 98003-2011 核对"),
    ("check_match('98001', '98001', '2020-01-01')",
     "0 只有数字，没有标准代号"),
    ("check_match(NULL, NULL, '2020-01-01')", "0 无法辨认"),
    ("check_match('GB/T 97999-2001', 'GB-T-97999-2001', '2020-01-01')",
     "0 没有匹配"),
    ("check_found('GB/T 98001-2016', 'GB/T 98001-2016', 'GB-T-98001-2016', "
     "'', '2020-01-01')", "{GB/T 98001-2016} 标准号一致"),
    ("check_doubt('质量管理体系 要求', '环境管理体系 指南')",
     "；清单所附名称与题录名称不一致"),
    ("check_doubt('甲', '甲')", ""),
    ("check_unread('GB/T 98001-2017', 'GB/T 98001-2017', 'GB/T 98001-2017', "
     "'', '没有匹配')", "；本库有同号标准 GB/T 98001-2016、GB/T 98001-2008"),
    ("check_unread('GB 1O1', NULL, NULL, '', '无法辨认') LIKE '%字母 O%'", "1"),
    ("check_state('GB-T-98001-2008', 'GB-T-98001-2016', '被代替', '被代替', "
     "'2020-01-01', '2020-01-01')", ""),
    ("check_state('GB-98002-2015', NULL, '待核实', '待核实', NULL, "
     "'2020-01-01')", "；题录没有与来源核对"),
    ("successors_on('GB-T-98001-2008', 1, '2020-01-01') ->> '$[0].number'",
     "GB/T 98001-2016"),
    ("successors_on('GB-T-98001-2008', 1, '2015-01-01')", "[]"),
    ("successors_past('GB-T-98001-2008', 1, '2020-01-01') ->> '$[0].number'",
     "GB/T 98001-2016"),
    ("successors_past('GB-T-98001-2008', 1, '2015-01-01')", "[]"),
    # 98005-2010 was withdrawn before it came into force; two replaced it.
    ("successors_on('GB-T-98005-2001', 1, '2020-01-01')",
     '[{"key":"GB-T-98005-2012","number":"GB/T 98005-2012",'
     '"effective":"2012-06-01"},{"key":"GB-T-98006-2012",'
     '"number":"GB/T 98006-2012","effective":"2012-07-01"}]'),
    ("check_state('GB-T-98005-2001', 'GB-T-98005-2012', '被代替', '被代替', "
     "'2020-01-01', '2020-01-01')", ""),
    ("check_state('GB-T-98005-2012', 'GB-T-98005-2016', '被代替', '被代替', "
     "'2020-01-01', '2020-01-01')", "；现行版 GB/T 98005-2018"),
    ("amendments_on(std_key('GB/T 98004.2-2012'), '2020-01-01')",
     "GB/T 98004.2-2012/XG1-2014"),
    ("amendments_on(std_key('GB/T 98004.2-2012'), '2013-01-01')", ""),
    ("current_after('GB-T-98001-2008', '2020-01-01')", "GB/T 98001-2016"),
    ("current_after('GB-T-98001-2016', '2020-01-01')", ""),
    ("check_line('GB/T 98001-2008', 'GB/T 98001-2008', 'GB-T-98001-2008', "
     "'', '2020-01-01') ->> 'verdict'", "被代替"),
    ("check_line('GB/T 98001', 'GB/T 98001', 'GB-T-98001', '', "
     "'2020-01-01') ->> 'match'", "未写年代号，取现行版"),
    ("check_line('GB/T 97999-2001', 'GB/T 97999-2001', 'GB-T-97999-2001', "
     "'', '2020-01-01') ->> 'verdict'", "未收录"),
]


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What each call gives, by the number of its line."""
    folder = tmp_path_factory.mktemp("functions")
    capsule, state = folder / "capsule", folder / "state"
    shutil.copytree(CAPSULE, capsule)
    state.mkdir()
    (folder / "gb.csv").write_text(HEADER + ROWS)
    where = ["--capsule", capsule, "--state", state]
    done = run_guiju("import", "standards", "--quiet", "--verified", DAY,
                     *where, folder / "gb.csv")
    assert done.returncode == 0, done.stderr

    def with_ids(text, form):
        for row in ROWS.splitlines():
            number = row.split(",")[0]
            text = text.replace("{" + number + "}", form(number))
        return text

    page = capsule / "pages/calls.txt"
    lines = "".join(
        "% one SELECT " + with_ids(call, lambda number: "(SELECT id FROM "
                                   f"standard WHERE number = '{number}')")
        + f" AS a{i}\n{{a{i}}}\n" for i, (call, _) in enumerate(CALLS))
    numbers = [row.split(",")[0] for row in ROWS.splitlines()]
    page.write_text(lines + "".join(
        f"% one SELECT id AS id{i} FROM standard WHERE number = '{number}'\n"
        f"{{id{i}}}\n" for i, number in enumerate(numbers)))
    done = run_guiju("get", *where, "gemini://localhost/calls.txt")
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout.split("\n")[1:]  # behind the status
    ids = dict(zip(numbers, said[len(CALLS):]))
    return [(got, with_ids(expected, lambda number: ids[number]))
            for got, (_, expected) in zip(said, CALLS)]


@pytest.mark.parametrize("i", range(len(CALLS)),
                         ids=[call.split("(")[0] for call, _ in CALLS])
def test_a_function_gives(answers, i):
    got, expected = answers[i]
    assert got == expected, CALLS[i][0]
