# SPDX-License-Identifier: ISC
"""Lists of standards that have more hits than a list shows."""

import re
import subprocess
import urllib.parse

import pytest

from conftest import ROOT, Server
from portal import SHELL

pytestmark = [pytest.mark.portal, pytest.mark.pages]


# 7,000 editions whose dates do not follow their numbers: every second one is
# recommended, one in ten has ICS 35, and year 1990 has 6,000 of them.
MANY = """WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
    WHERE i < 7000),
made AS (SELECT i, format('GB%s %d-%d', iif(i % 2, '/T', ''), 100000 + i,
    iif(i <= 6000, 1990, 1991)) AS number,
    date('1990-01-01', '+' || (i * 7919 % 7001) || ' days') AS day FROM n)
INSERT INTO standard (key, number, family, bare, digits, prefix, year, sort,
    level, mandate, title, issued, implemented, ics, source, verified_at)
SELECT std_key(number), number, std_family(number), std_bare(number),
    std_digits(number), std_prefix(number), std_year(number),
    std_sort(number), std_level(number), std_mandate(number), '试验', day,
    day, iif(i % 10, NULL, '35.030'), '试验资料', '2026-01-02' FROM made;
INSERT INTO standard_fts (rowid, number, title, title_en, title_orig, marks)
SELECT s.id, s.number, s.title, s.title_en, s.title_orig, s.marks
FROM standard_search_change c JOIN standard s ON s.id = c.standard_id
WHERE c.indexed = 0;
DELETE FROM standard_search_change;
"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    running = Server(ROOT / "capsule", tmp_path_factory.mktemp("lists"),
                     ["--workers", "1"])
    sqlite(running, MANY)
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


def sqlite(server, sql):
    done = subprocess.run(
        [*SHELL, str(server.state / "portal.db")], input=sql, text=True,
        capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("filters, where", [
    ("-", "1"),                       # in the wanted order already
    ("ics:35", "' ' || ics LIKE '% 35%'"), # few enough to sort them all
    ("level:国家", "level = '国家'"),  # many, but among the newest
    ("level:国家,mandate:推荐", "mandate = '推荐'"),
    ("year:1990", "year = 1990"), ("year:1991", "year = 1991")])
@pytest.mark.parametrize("sort", ["issued", "implemented"])
def test_the_newest_of_all_come_first(portal, filters, where, sort):
    """The newest of all, not the newest of those that happen to be first by
    number; where that cannot be had, the page says so."""
    newest = sqlite(portal, "SELECT key FROM standard "
                    f"WHERE {where} AND issued IS NOT NULL "
                    f"AND ('{sort}' = 'issued' OR effective IS NOT NULL) "
                    f"ORDER BY {sort} DESC, sort LIMIT 20;"
                    .replace("ORDER BY implemented", "ORDER BY effective"))
    answer = portal.gemini("/standard/list/-/" + urllib.parse.quote(filters)
                           + f"/{sort}/")
    assert answer.status == 20, answer.header
    shown = re.findall(r"^=> /standard/([A-Z0-9.-]+) ", answer.text, re.M)
    assert "不一定是全部里最新的" not in answer.text
    assert shown[:20] == newest
    assert "，新的在前\n" in answer.text


def test_a_list_says_when_newer_ones_may_be_missing(portal):
    """A year whose editions are not among the newest of the catalogue."""
    sqlite(portal, MANY.replace("100000", "200000").replace(
        "'1990-01-01'", "'2015-01-01'").replace("1990, 1991", "2015, 2016"))
    answer = portal.gemini("/standard/list/-/year:1990/issued/")
    assert "这 1000 项按日期排列，但不一定是全部里最新的。" in answer.text
    answer = portal.gemini("/standard/list/-/year:1990/number/")
    assert "找到 1000 项以上" in answer.text
    assert "不一定" not in answer.text
