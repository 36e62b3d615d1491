# SPDX-License-Identifier: ISC
"""guiju import of tables: standards, announcements, undo."""

import lzma
import os
import sqlite3
import subprocess
import time
import urllib.parse

import pytest

from portal import SHELL

pytestmark = pytest.mark.portal

GUIJU = os.environ.get("GUIJU", "build/check/guiju")
ROOT = os.path.join(os.path.dirname(__file__), "..", "..")
CAPSULE = os.path.join(ROOT, "capsule")


HEADER = ("number,title_zh,status_zh,issued,implemented,ics,ccs,adopts,degree,"
          "replaces,replaced_by,source,verified_at\n")
OLD = ("GB/T 1.1-2009,结构和编写,废止,2009-06-17,2010-01-01,01.120,A00,,,"
       "GB/T 1.1-2000,GB/T 1.1-2020,x,2026-01-01\n")
NEW = ("GB/T 1.1-2020,结构和起草规则,现行,2020-03-31,2020-10-01,"
       "01.120;35.030,A00,ISO 9001:2015,IDT,GB/T 1.1-2009,,x,2026-01-01\n")

# What an import writes, but for its own number and the search index.
TABLES = ("standard", "relation", "org", "standard_ics", "standard_count",
          "announcement", "announcement_item", "change_event", "import_journal",
          "standard_search_change", "standard_said")


class Portal:
    def __init__(self, folder):
        self.folder = folder
        self.state = str(folder / "state")

    def write(self, name, text):
        path = self.folder / name
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, encoding="utf-8")
        return str(path)

    def run(self, table, *arguments):
        return subprocess.run(
            [GUIJU, "import", table, "--capsule", CAPSULE, "--state",
             self.state, *arguments],
            capture_output=True, text=True, cwd=ROOT, timeout=120)

    def get(self, path):
        return subprocess.run(
            [GUIJU, "get", "--capsule", CAPSULE, "--state", self.state,
             "--now", "1795406400", "gemini://localhost" + path],
            capture_output=True, text=True, timeout=60, check=True).stdout

    def ask(self, sql, *values):
        db = sqlite3.connect(os.path.join(self.state, "portal.db"))
        try:
            return db.execute(sql, values).fetchall()
        finally:
            db.close()

    def check_whole(self):
        """Newer versions of SQLite ask the search indexes, too, and those
        want our tokenizer."""
        done = subprocess.run(
            [*SHELL, os.path.join(self.state, "portal.db"),
             "PRAGMA integrity_check"],
            capture_output=True, text=True, timeout=120, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "ok\n", "")

    def search(self, words):
        """Numbers by way of the search index, which must be sound."""
        found = subprocess.run(
            [*SHELL, os.path.join(self.state, "portal.db")],
            input=f"""INSERT INTO standard_fts (standard_fts, rank)
                VALUES ('integrity-check', 1);
                SELECT number FROM standard WHERE id IN (
                SELECT rowid FROM standard_fts WHERE standard_fts MATCH
                fts_query('{words}', 'phrase')) ORDER BY number;""",
            capture_output=True, text=True, timeout=120, check=False)
        assert (found.returncode, found.stderr) == (0, "")
        return found.stdout.splitlines()

    def schema(self):
        """However its lines are broken."""
        rows = self.ask("SELECT type, name, sql FROM sqlite_schema "
                        "WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
        return [(kind, name, " ".join(str(sql).split()))
                for kind, name, sql in rows]

    def dump(self):
        return {table: self.ask(f"SELECT * FROM {table}") for table in TABLES}

    def faults(self):
        """What an import has derived otherwise than it would be anew."""
        done = subprocess.run(
            [GUIJU, "rebuild", "--dry-run", "--state", self.state, CAPSULE],
            capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode in (0, 1) and done.stderr == "", done.stderr
        assert (done.stdout == "nothing differed\n") == (done.returncode == 0)
        return done.stdout.splitlines() if done.returncode else []


@pytest.fixture
def portal(tmp_path):
    return Portal(tmp_path)


def counts(result):
    """Of the one file of an import."""
    found = [line for line in result.stdout.splitlines()
             if line.endswith(" refused")]
    assert len(found) == 1
    return found[0].split(": ", 1)[1]


def test_a_catalogue_is_stored_with_what_follows(portal):
    path = portal.write("gb.csv", HEADER + OLD + NEW)
    result = portal.run("standards", path)
    assert result.returncode == 0, result.stderr
    assert counts(result) == "2 new, 0 changed, 0 unchanged, 0 refused"
    assert portal.ask("SELECT successor_key, successor_effective, ends "
                      "FROM standard WHERE key = 'GB-T-1.1-2009'") == [
        ("GB-T-1.1-2020", "2020-10-01", "2020-10-01")]
    assert portal.ask("SELECT adopted, ics FROM standard "
                      "WHERE key = 'GB-T-1.1-2020'") == [
        (1, "01.120 35.030")]
    assert portal.ask("SELECT from_key, to_key, claims FROM relation "
                      "WHERE type = 'replaces' ORDER BY to_key") == [
        ("GB-T-1.1-2009", "GB-T-1.1-2000", 1),
        ("GB-T-1.1-2020", "GB-T-1.1-2009", 3)]
    assert portal.ask("SELECT value, n FROM standard_count "
                      "WHERE kind = 'ics' ORDER BY value") == [
        ("01", 2), ("01.120", 2), ("35", 1), ("35.030", 1)]
    assert portal.faults() == []


def test_a_second_import_of_a_file_changes_nothing(portal):
    path = portal.write("gb.csv", HEADER + OLD + NEW)
    portal.run("standards", path)
    before = portal.dump()
    result = portal.run("standards", path)
    assert counts(result) == "0 new, 0 changed, 2 unchanged, 0 refused"
    assert portal.dump() == before


def test_a_changed_row_is_stored_and_undone(portal):
    portal.run("standards", portal.write("gb.csv", HEADER + OLD + NEW))
    before = portal.dump()
    # The source takes back what it said about 2009, and moves a date.
    changed = NEW.replace("GB/T 1.1-2009", "GB/T 1.2-2002").replace(
        "2020-10-01", "2021-01-01")
    result = portal.run("standards", portal.write(
        "gb2.csv", HEADER + OLD.replace("GB/T 1.1-2020", "") + changed))
    assert counts(result) == "0 new, 2 changed, 0 unchanged, 0 refused"
    assert portal.ask("SELECT successor_key FROM standard "
                      "WHERE key = 'GB-T-1.1-2009'") == [(None,)]
    assert len(portal.ask("SELECT 1 FROM change_event "
                          "WHERE kind = 'changed'")) == 1
    assert portal.faults() == []
    undo = portal.run("undo", "2")
    assert undo.returncode == 0, undo.stderr
    assert portal.dump() == before
    assert portal.faults() == []
    again = portal.run("undo", "2")
    assert again.returncode == 1
    assert "taken back already" in again.stderr


@pytest.mark.parametrize("body, committee, name", [
    ("IEC", "TC 108", "IEC/TC 108"), ("IEC", "TC 62/SC 62A",
                                      "IEC/TC 62/SC 62A"),
    ("ISO", "TC 176/SC 2", "ISO/TC 176/SC 2"),
    ("ISO", "ISO/TC 176", "ISO/TC 176"), ("IEC", "ISO/IEC JTC 1/SC 27",
                                          "ISO/IEC JTC 1/SC 27"),
    ("国标委", "TC 151", "TC 151"), ("IEC", "TCs", "TCs"),
    ("", "TC 108", "TC 108"), ("IEC", "CISPR", "CISPR")])
def test_a_committee_has_the_name_of_its_body(portal, body, committee, name):
    """IEC's lists leave it out; whose TC 108 it is must be told."""
    result = portal.run("standards", portal.write(
        "row.csv", "ref,org,committee,title_en,source\n"
        f"IEC 62368-1:2018,{body},{committee},Safety,x\n"))
    assert result.returncode == 0, result.stderr
    assert portal.ask("SELECT o.name FROM standard s JOIN org o "
                      "ON o.id = s.committee_id") == [(name,)]


# What is worked out from rows and their relations, whichever way they came.
DERIVED = """SELECT number, successor_key, successor_issued,
    successor_effective, partly, mandate_changed, adopted, ends, marks
    FROM standard ORDER BY key""", """SELECT k.code, k.sort, s.key
    FROM standard_ics k JOIN standard s ON s.id = k.standard_id
    ORDER BY 1, 2, 3""", """SELECT c.kind, coalesce(o.name, c.value), c.n
    FROM standard_count c LEFT JOIN org o ON c.kind = 'committee'
    AND o.id = c.value ORDER BY 1, 2"""


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_imports_makes_no_difference(tmp_path, order):
    """What an import does for all of its rows is what it does for each,
    whoever comes first: a standard or what is said of it."""
    head = HEADER.replace("source,", "committee,source,")
    rows = [
        OLD, NEW, "GB/T 1.1-2000,通则,,2000-01-01,2000-07-01,01.120,A00,,,,,"
        "x,2026-01-01\n",
        "GB/T 2-2001,甲方法,现行,2001-01-01,2001-07-01,35.030,B10,"
        "ISO 2:2000,MOD,GB/T 1.1-2000,GB/T 1.1-2009,x,2026-01-01\n",
        "ISO 2:2000,Methods,现行,2000-05-01,,35.030,,,,,,x,2026-01-01\n",
        "GB/T 3-2003,乙方法,现行,2003-01-01,,35.030.10;35.030,C,,,GB/T 2-2001,"
        ",x,2026-01-01\n"]
    rows = [row.replace(",x,2026", ",某委员会,x,2026") for row in rows][::order]
    one, all_of_them = (Portal(tmp_path / name) for name in ("one", "all"))
    for portal in one, all_of_them:
        portal.folder.mkdir()
    for row in rows:
        result = one.run("standards", one.write("row.csv", head + row))
        assert result.returncode == 0, result.stderr
    all_of_them.run("standards", all_of_them.write("all.csv",
                                                   head + "".join(rows)))
    for portal in one, all_of_them:
        assert portal.faults() == []
        assert portal.ask("SELECT * FROM standard_search_change") == []
        assert portal.ask("SELECT * FROM standard_bulk") == []
        assert portal.ask("SELECT * FROM standard_underived") == []
    for sql in DERIVED:
        assert one.ask(sql) == all_of_them.ask(sql)
    assert len(one.ask(DERIVED[0])) == len(rows)
    for words in "方法", "结构", "GB/T 1.1", "采标":
        assert one.search(words) == all_of_them.search(words) != []


def test_an_import_leaves_the_schema(portal):
    """A first import takes indexes away and makes them again."""
    portal.run("ics", portal.write(
        "ics.csv", "code,title_en,source\n01,General,x\n"))
    before = portal.schema()
    portal.run("standards", portal.write("gb.csv", HEADER + OLD + NEW))
    assert portal.schema() == before
    portal.check_whole()


def many(first, count):
    return HEADER + "".join(
        f"GB/T {n}-2001,第{n}号方法,现行,2001-01-01,2001-07-01,35.030,A00,,,"
        f"GB/T {n}-1999,,x,2026-01-01\n" for n in range(first, first + count))


@pytest.mark.parametrize("filled", [False, True])
def test_killed_import_leaves_all_as_it_was(portal, filled):
    """Into an empty catalogue, or one that has rows."""
    portal.run("standards", portal.write("few.csv", many(1, 5 * filled)))
    schema, before = portal.schema(), portal.dump()
    path = portal.write("many.csv", many(3, 2000))
    for seconds in 0.4, 0.8, 1.6:
        with subprocess.Popen(
                [GUIJU, "import", "standards", "--quiet", "--capsule", CAPSULE,
                 "--state", portal.state, path], cwd=ROOT,
                stdout=subprocess.DEVNULL) as process:
            time.sleep(seconds)
            process.kill()
        if portal.ask("SELECT 1 FROM standard WHERE number = 'GB/T 2002-2001'"):
            break # it had the time
        assert portal.dump() == before
        assert portal.schema() == schema
    portal.check_whole()
    assert portal.run("standards", path).returncode == 0
    assert portal.schema() == schema
    assert portal.faults() == []
    assert portal.ask("SELECT n FROM standard_count WHERE kind = 'all'") == [
        (2002 if filled else 2000,)]
    assert portal.search("第2002号方法") == ["GB/T 2002-2001"]
    # The index is in one piece, and goes on as FTS5 would have it.
    assert portal.ask("SELECT count(DISTINCT segid) FROM standard_fts_idx") == [
        (1,)]
    assert portal.ask("SELECT k, v FROM standard_fts_config ORDER BY k") == [
        ("automerge", 4), ("crisismerge", 16), ("version", 4)]


def test_fields_that_few_catalogues_have_are_kept(portal):
    """All that a standard's page can show comes in, stays when another row
    does not speak of it, and goes with an undo; so do all relations."""
    head = ("number,title_zh,content,first_issued,proposer,executor,"
            "drafter_names,filed,industry,price,scope,fulltext_mode,"
            "partly_replaces,merges,splits,renumbered_from,mandate_from,cites,"
            "source,verified_at\n")
    full = ("GB/T 91-2020,全,方法,1991-05,甲部,乙会,丙; 丁,2020-02-03,C 制造业,"
            "49 元,适用于试验。,可预览,GB 92-2001;GB 93-2001,GB 94-2001,"
            "GB 95-2001,GB 96-2001,GB 91-2001,\"GB 97-2001、GB 98\","
            "x,2026-01-01\n")
    ask = ("SELECT content, first_issued, proposer, executor, drafter_names, "
           "filed, industry, price, scope, fulltext_mode FROM standard "
           "WHERE key = 'GB-T-91-2020'")
    told = [("方法", "1991-05", "甲部", "乙会", "丙; 丁", "2020-02-03",
             "C 制造业", "49 元", "适用于试验。", "可预览")]
    related = ("SELECT type || ' ' || to_key FROM relation "
               "WHERE from_key = 'GB-T-91-2020' ORDER BY type, to_key")
    kinds = [(text,) for text in (
        "cites GB-97-2001", "cites GB-98", "mandate GB-91-2001",
        "merges GB-94-2001", "partly GB-92-2001", "partly GB-93-2001",
        "renumbered GB-96-2001", "splits GB-95-2001")]
    result = portal.run("standards", portal.write("a.csv", head + full))
    assert result.returncode == 0, result.stderr
    assert "no use" not in result.stderr
    assert portal.ask(ask) == told and portal.ask(related) == kinds
    portal.run("standards", portal.write(
        "b.csv", "number,price,source\nGB/T 91-2020,50 元,y\n"))
    assert portal.ask(ask)[0][7] == "50 元" and portal.ask(ask)[0][:7] == \
        told[0][:7]
    assert portal.run("undo", "2").returncode == 0
    assert portal.ask(ask) == told and portal.ask(related) == kinds
    for wrong in (("1991-05", "1991-13"), ("可预览", "可买"),
                  ("适用于试验。", "长" * 301)):
        result = portal.run("standards", portal.write(
            "c.csv", head + full.replace(*wrong)))
        assert counts(result).endswith(" 0 unchanged, 1 refused")
    assert portal.faults() == []


def test_an_amendment_has_its_own_year(portal):
    """Not that of what it amends, which some sources give; a day that is told
    whole is believed."""
    rows = "".join(f"{number},{day},现行,x,2025-06-02\n" for number, day in (
        ("ISO 91:2015/Amd 1:2024", "2015"), ("ISO 91:2015/Cor 1:2016", "2017"),
        ("ISO 92:2015/Amd 1:2024", "2023-12-01"), ("ISO 93:2016", "2015")))
    portal.run("standards", portal.write(
        "a.csv", "ref,published,status_zh,source,verified_at\n" + rows))
    assert portal.ask("SELECT key, issued FROM standard ORDER BY key") == [
        ("ISO-91-2015-AMD1-2024", "2024"), ("ISO-91-2015-COR1-2016", "2017"),
        ("ISO-92-2015-AMD1-2024", "2023-12-01"), ("ISO-93-2016", "2015")]


def test_only_the_newest_import_is_undone(portal):
    portal.run("standards", portal.write("a.csv", HEADER + NEW))
    portal.run("standards", portal.write(
        "b.csv", HEADER + NEW.replace("规则", "规 则")))
    result = portal.run("undo", "1")
    assert result.returncode == 1
    assert "import 2 has since changed GB-T-1.1-2020" in result.stderr
    assert portal.run("undo", "2").returncode == 0
    assert portal.run("undo", "1").returncode == 0
    assert portal.ask("SELECT count(*) FROM standard") == [(0,)]
    assert portal.ask("SELECT count(*) FROM standard_count") == [(0,)]


@pytest.mark.parametrize("planted", [".errors", ".errors.new"])
def test_refused_rows_go_through_no_link(portal, planted):
    """Whoever may write to the folder may have put a link there. A file
    with two names keeps its content under the other name."""
    path = portal.write("bad.csv", HEADER + "no number at all" + "," * 12)
    victim = portal.folder / "victim"
    victim.write_text("mine")
    os.symlink(victim, path + planted)
    result = portal.run("standards", path)
    assert result.returncode == 1 and "1 refused" in result.stdout
    assert victim.read_text() == "mine"
    if planted == ".errors":  # the rows are told nevertheless
        assert "Too many levels of symbolic links" in result.stderr
        assert "bad.csv:2: " in result.stderr
        os.unlink(path + planted)
        os.link(victim, path + planted)
        portal.run("standards", path)
        assert victim.read_text() == "mine"
    assert open(path + ".errors", encoding="utf-8").read().startswith(
        path + ":2: ")
    assert not os.path.lexists(path + ".errors.new")


def test_refused_rows_go_to_a_device(portal):
    path = portal.write("bad.csv", HEADER + "no number at all" + "," * 12)
    before = os.stat("/dev/null").st_rdev
    result = portal.run("standards", "--errors", "/dev/null", path)
    assert result.returncode == 1 and "/dev/null" in result.stdout
    assert os.stat("/dev/null").st_rdev == before


def test_bad_lines_have_their_number(portal):
    path = portal.write("bad.csv", (HEADER + NEW
        + "\n"
        + NEW.replace("2020-10-01", "2020-13-01").replace("1.1", "1.3")
        + "too,few\n"
        + 'GB/T 2-2000,"a "quote" inside",,,,,,,,,,x,\n'
        + "no number at all,,,,,,,,,,,x,\n"
        + NEW
        + '"GB/T 3-2000","two\nlines",,,,,,,,,,x,\n'
        + "GB/T 5-2000,").encode() + b"\xff,,,,,,,,,,x,\n")
    result = portal.run("standards", path)
    assert result.returncode == 1
    assert counts(result) == "2 new, 0 changed, 0 unchanged, 6 refused"
    lines = open(path + ".errors", encoding="utf-8").read().splitlines()
    assert [line.split(":")[1] for line in lines] == [
        "4", "5", "6", "7", "8", "11"]
    assert "is not a date" in lines[0]
    assert "is on line 2 already" in lines[4]
    assert path + ".errors" in result.stdout
    assert "UTF-8" in lines[5]
    assert portal.ask("SELECT title FROM standard WHERE key = 'GB-T-3-2000'"
                      ) == [("two lines",)]


def test_unknown_columns_are_named(portal):
    path = portal.write("x.csv", "ref,colour,source\nISO 1:2022,red,x\n")
    result = portal.run("standards", path)
    assert result.returncode == 0
    assert "no use for the columns colour" in result.stderr
    path = portal.write("y.csv", "colour\nred\n")
    result = portal.run("standards", path)
    assert result.returncode == 1
    assert "none of its columns" in result.stderr


def test_a_compressed_file_is_read_and_a_cut_one_refused(portal):
    data = lzma.compress((HEADER + OLD + NEW).encode())
    result = portal.run("standards", portal.write("a.csv.xz", data))
    assert counts(result) == "2 new, 0 changed, 0 unchanged, 0 refused"
    result = portal.run("standards", portal.write("b.csv.xz", data[:-20]))
    assert result.returncode == 1
    assert "damaged" in result.stderr
    assert portal.ask("SELECT count(*) FROM import_batch") == [(1,)]


def test_hostile_fields_stay_text(portal):
    evil = 'ISO 7:2000,"\'); DROP TABLE standard; --",,,,"""]}",{},,,,,x,\n'
    worse = 'ISO 8:2000,x,,,,,,,,"["",{""unread",,x,\n'
    result = portal.run("standards", portal.write(
        "e.csv", HEADER + evil + worse))
    assert counts(result) == "1 new, 0 changed, 0 unchanged, 1 refused"
    assert portal.ask("SELECT title, ics FROM standard") == [
        ("'); DROP TABLE standard; --", None)]


def test_dry_run_leaves_nothing(portal):
    path = portal.write("gb.csv", HEADER + NEW)
    result = portal.run("standards", "--dry-run", path)
    assert result.returncode == 0
    assert "would be 1 new" in result.stdout
    assert not os.path.exists(portal.state)


HEAD = ("公告：2026年第12号\n发布机构：国家标准化管理委员会\n日期：2026-11-01\n\n"
        "标准号\t标准名称\t代替标准号\t实施日期\n")
ITEM = "GB/T 1.1-2026\t结构\tGB/T 1.1-2020\t2027-05-01\n"
STUB = "GB/T 8-2026\t别的\tGB 8-1999、GB/T 9-2001\t2027-05-01\n"


def test_an_announcement_is_shown_then_stored_then_undone(portal):
    portal.run("standards", portal.write("gb.csv", HEADER + OLD + NEW))
    before = portal.dump()
    path = portal.write("gg.tsv", HEAD + ITEM + STUB)
    shown = portal.run("announcement", path)
    assert shown.returncode == 0, shown.stderr
    assert "new      GB/T 1.1-2026" in shown.stdout
    assert "unknown predecessor GB 8-1999" in shown.stdout
    assert "add --commit" in shown.stdout
    assert "takes it back" not in shown.stdout
    assert portal.dump() == before

    stored = portal.run("announcement", "--commit", path)
    assert stored.returncode == 0, stored.stderr
    assert "guiju import undo 2 takes it back" in stored.stdout
    assert portal.ask("SELECT number, day FROM announcement") == [
        ("2026年第12号", "2026-11-01")]
    assert portal.ask("SELECT position, number FROM announcement_item") == [
        (1, "GB/T 1.1-2026"), (2, "GB/T 8-2026")]
    assert portal.ask("SELECT successor_key, successor_effective FROM standard"
                      " WHERE key = 'GB-T-1.1-2020'") == [
        ("GB-T-1.1-2026", "2027-05-01")]
    assert portal.ask("SELECT key FROM standard WHERE stub = 1 ORDER BY key"
                      ) == [("GB-8-1999",), ("GB-T-9-2001",)]
    assert portal.ask("SELECT kind, count(*) FROM change_event GROUP BY kind"
                      ) == [("issued", 2), ("replaced", 3)]
    assert portal.faults() == []

    twice = portal.run("announcement", "--commit", path)
    assert twice.returncode == 1
    assert "was imported already" in twice.stderr

    assert portal.run("undo", "2").returncode == 0
    assert portal.dump() == before
    assert portal.faults() == []


def test_a_circle_of_successors_refuses_the_file(portal):
    portal.run("standards", portal.write("gb.csv", HEADER + OLD + NEW))
    before = portal.dump()
    # 2009 would replace 2020, which replaces 2009.
    path = portal.write("gg.tsv", HEAD + STUB
                        + "GB/T 1.1-2009\t旧\tGB/T 1.1-2020\t2027-05-01\n")
    result = portal.run("announcement", "--commit", path)
    assert result.returncode == 1
    assert "nothing is stored" in result.stdout
    assert "7  refused  would make a circle" in result.stdout
    assert path + ".errors" in result.stdout
    errors = open(path + ".errors", encoding="utf-8").read()
    assert errors.startswith(path + ":7: would make a circle")
    assert portal.dump() == before


def test_a_number_twice_in_an_announcement_is_refused(portal):
    path = portal.write("gg.tsv", HEAD + ITEM + ITEM)
    result = portal.run("announcement", "--commit", path)
    assert result.returncode == 1
    assert "is on line 6 already" in open(path + ".errors").read()
    assert portal.run("announcement", portal.write(
        "no.tsv", "标准号\t标准名称\nGB/T 1-2026\tx\n")).returncode == 1


def test_each_body_counts_its_own_announcements(portal):
    """Each counts its own; the other's is named, since it may be the same."""
    first = portal.run("announcement", "--commit", portal.write(
        "a.tsv", HEAD + ITEM))
    assert first.returncode == 0, first.stderr
    other = HEAD.replace("国家标准化管理委员会", "海南省市场监督管理局")
    second = portal.run("announcement", "--commit", portal.write(
        "b.tsv", other + "DB46/T 8-2026\t别的\t\t2027-05-01\n"
        "DB46/T 9-2026\t别的\t\t2027-05-01\n"))
    assert second.returncode == 0, second.stderr
    assert second.stdout.count("another body, 国家标准化管理委员会") == 1
    assert portal.ask("SELECT id, issuer FROM announcement ORDER BY id") == [
        (1, "国家标准化管理委员会"), (2, "海南省市场监督管理局")]
    # Its address is not another's, once it is taken back.
    assert portal.run("undo", "2").returncode == 0
    assert portal.run("announcement", "--commit",
                      str(portal.folder / "b.tsv")).returncode == 0
    assert portal.ask("SELECT max(id) FROM announcement") == [(3,)]


def test_an_announcement_stores_amendments_and_adoptions(portal):
    portal.run("standards", portal.write("gb.csv", HEADER + OLD + NEW
        + "ISO 8888:2025,Rings,现行,2025-01-01,,,,,,,,x,2026-01-01\n"))
    before = portal.dump()
    path = portal.write("gg.tsv", HEAD
        + "GB/T 1.1-2020/XG1-2026\t第1号修改单\t\t2026-12-01\n"
        + "GB/T 8888-2026/ISO 8888:2025 IDT\t环\t\t2026/12/1\n"
        + "GB/T 8889-2026/ISO/IEC 8889-1:2025\t环\t\t2026年12月1日\n"
        + "GB/T 8890-2026\t无\t\t\n"
        + "GB/T 8891-2026\t早\t\t2016-12-01\n")
    stored = portal.run("announcement", "--commit", path)
    assert stored.returncode == 0, stored.stdout
    for said in ("amends GB/T 1.1-2020　结构和起草规则",
                 "adopts ISO 8888:2025　Rings",
                 "adopts ISO/IEC 8889-1:2025: not in the catalogue",
                 "no 实施日期", "before the announcement"):
        assert stored.stdout.count(said) == 1, said
    assert portal.ask("SELECT from_key, type, to_key, degree FROM relation"
                      " WHERE batch_id = 2 ORDER BY type, from_key") == [
        ("GB-T-8888-2026", "adopts", "ISO-8888-2025", "IDT"),
        ("GB-T-8889-2026", "adopts", "ISO-IEC-8889-1-2025", None),
        ("GB-T-1.1-2020-XG1-2026", "amends", "GB-T-1.1-2020", None)]
    assert portal.ask("SELECT key, new, day FROM change_event"
                      " WHERE kind = 'amended'") == [
        ("GB-T-1.1-2020", "GB/T 1.1-2020/XG1-2026", "2026-12-01")]
    assert portal.ask("SELECT DISTINCT implemented FROM standard WHERE key"
                      " GLOB 'GB-T-888[89]-*'") == [("2026-12-01",)]
    assert portal.run("undo", "2").returncode == 0
    assert portal.dump() == before
    assert portal.faults() == []


def test_an_announcement_of_repeals_withdraws(portal):
    portal.run("standards", portal.write("gb.csv", HEADER + OLD + NEW))
    before = portal.dump()
    path = portal.write("gg.tsv", HEAD.replace("实施日期", "废止日期")
                        + "GB/T 1.1-2020\t\t\t2027-01-01\n"
                        + "GB/T 7-1990\t不知道的\t\t2027年1月1日\n")
    stored = portal.run("announcement", "--commit", path)
    assert stored.returncode == 0, stored.stdout
    assert "repealed GB/T 1.1-2020　结构和起草规则　废止 2027-01-01" in stored.stdout
    assert "unknown  GB/T 7-1990　不知道的　废止 2027-01-01" in stored.stdout
    assert portal.ask("SELECT key, title, issued, implemented, abolished, ends,"
                      " stub FROM standard WHERE abolished = '2027-01-01'"
                      " ORDER BY key") == [
        ("GB-T-1.1-2020", "结构和起草规则", "2020-03-31", "2020-10-01",
         "2027-01-01", "2027-01-01", 0),
        ("GB-T-7-1990", "不知道的", None, None, "2027-01-01", "2027-01-01", 1)]
    assert portal.ask("SELECT key, kind, old, new, day FROM change_event"
                      " WHERE announcement_id = 1 ORDER BY key") == [
        ("GB-T-1.1-2020", "changed", "GB/T 1.1-2020", "废止 2027-01-01",
         "2027-01-01"),
        ("GB-T-7-1990", "changed", "GB/T 7-1990", "废止 2027-01-01",
         "2027-01-01")]
    page = portal.get("/announcement/1")
    assert "（现行）" in page and "\n2027-01-01 废止\n" in page
    assert portal.run("undo", "2").returncode == 0
    assert portal.dump() == before
    assert portal.faults() == []
    both = portal.write("both.tsv", HEAD.replace("\n\n", "\n\n废止日期\t")
                        + "2027-01-01\tGB/T 1.1-2020\t\t\t2027-01-01\n")
    assert "neither begins" in portal.run("announcement", both).stdout


def test_the_columns_of_printed_announcements_are_known(portal):
    """The names of columns that their tables have, and their ordinals."""
    head = HEAD.split("\n\n")[0] + "\n\n"
    path = portal.write("gg.tsv", head
        + "序号\t国家标准编号\t国家标准名称\t代替标准编号\t实施日期\n"
        + "1\tGB/T 1.1-2026\t结构\tGB/T 1.1-2020\t2027-05-01\n")
    result = portal.run("announcement", "--commit", path)
    assert (result.returncode, result.stderr) == (0, "")
    assert portal.ask("SELECT number, title, replaces FROM announcement_item"
                      ) == [("GB/T 1.1-2026", "结构", "GB/T 1.1-2020")]


def test_a_catalogue_may_have_chinese_columns(portal):
    path = portal.write("gb.csv",
        "标准号,标准名称,英文名称,状态,发布日期,实施日期,代替标准号,ICS,CCS,"
        "归口单位,来源\n"
        "GB/T 1.1-2020,结构,Structure,现行,2020/3/31,2020年10月1日,"
        "GB/T 1.1-2009,01.120,A00,SAC/TC 286,x\n")
    result = portal.run("standards", path)
    assert (result.returncode, result.stderr) == (0, "")
    assert portal.ask("SELECT number, title, title_en, stated, issued,"
                      " implemented, ics, ccs, source FROM standard") == [
        ("GB/T 1.1-2020", "结构", "Structure", "现行", "2020-03-31",
         "2020-10-01", "01.120", "A00", "x")]
    assert portal.ask("SELECT to_key FROM relation") == [("GB-T-1.1-2009",)]
    assert portal.ask("SELECT name FROM org") == [("SAC/TC 286",)]


def test_a_table_as_a_spreadsheet_saves_it_is_read(portal):
    """As wide as the widest row, in what the system's language has."""
    text = ("公告：\t2026年第1号\t\t\r\n发布机构：\t测试局\t\t\r\n"
            "日期：\t2026/1/5\t\t\r\n\t\t\t\r\n"
            "标准号\t标准名称\t代替标准号\t实施日期\r\n"
            "GB 1-2026\t规矩\t\t2026/7/1\r\n")
    for name, charset in (("a.txt", "gb18030"), ("b.txt", "utf-16")):
        shown = portal.run("announcement", portal.write(
            name, text.encode(charset)))
        assert shown.returncode == 0, shown.stderr
        assert "is not UTF-8, and is read as" in shown.stderr
        assert "     6  new      GB 1-2026　规矩\n" in shown.stdout


def test_an_index_of_another_folding_is_built_anew(portal):
    path = portal.write("gb.csv", HEADER + OLD + NEW.replace("结构", "結構Ⅱ"))
    assert portal.run("standards", path).returncode == 0
    assert portal.search("结构ii和") == ["GB/T 1.1-2020"]
    db = sqlite3.connect(os.path.join(portal.state, "portal.db"))
    # A change by hand that nobody has followed up, and an older guiju's index.
    db.execute("UPDATE standard SET title = '臺灣' WHERE key = 'GB-T-1.1-2009'")
    db.execute("DELETE FROM standard_fts_data WHERE id > 10")
    db.execute("UPDATE guiju_fold SET name = '1'")
    db.commit()
    db.close()
    assert "20 text/gemini" in portal.get("/")
    assert portal.search("结构ii和") == ["GB/T 1.1-2020"]
    assert portal.search("台湾") == ["GB/T 1.1-2009"]
    assert portal.ask("SELECT indexed, title FROM standard_search_change") == [
        (1, "臺灣")]
    # The next import follows up what has been followed up.
    assert portal.run("standards", portal.write(
        "b.csv", HEADER + NEW.replace("1.1", "1.9"))).returncode == 0
    assert portal.search("台湾") == ["GB/T 1.1-2009"]
    assert portal.search("结构编写") == []


ROWS = [["标准号", "标准名称", "发布日期", "状态", "代替标准号", "", ""],
        ["GB/T 96001-2020", "信息, 技术 5\"管", "2020-03-31", "现行",
         "GB/T 96001-2010\nGB/T 96101-2010", "", ""],
        ["GB/T 96002-2021", "\"引号\"与\n换行；分号", "2021-03-31", "现行", "",
         "", ""]]


def quoted(cell, always=False):
    return ('"' + cell.replace('"', '""') + '"'
            if always or set(cell) & set(',;"\t\r\n') else cell)


def saved(separator=",", end="\r\n", always=False, before="", change=None):
    """A table as a program saves it."""
    rows = [[change(cell) if change and n > 0 else cell for cell in row]
            for n, row in enumerate(ROWS)]
    return before + "".join(
        separator.join(quoted(cell, always) for cell in row) + end
        for row in rows)


def protected(cell):
    return f'="{cell}"' if cell.startswith("GB/T 96") and "\n" not in cell \
        else cell


FORMS = {
    "excel-utf8.csv": saved(before="\ufeff"),
    "pandas.csv": saved(end="\n", always=True, before="\ufeff"),
    "database.csv": saved(always=True, before="\ufeff\ufeff"),
    "excel-gbk.csv": saved().encode("gb18030"),
    "wps-gbk.txt": saved("\t").encode("gb18030"),
    "excel-unicode.txt": saved("\t").encode("utf-16"),
    "unmarked.txt": saved("\t").encode("utf-16-le"),
    "big-endian.csv": b"\xfe\xff" + saved().encode("utf-16-be"),
    "unmarked-be.csv": saved().encode("utf-16-be"),
    "german.csv": saved(";"),
    "says.csv": saved(";", before="\ufeffsep=;\r\n"),
    "says-tab.csv": saved("\t", before="sep=\t\r\n").encode("utf-16"),
    "tabs.csv": saved("\t"),
    "bars.csv": saved("|", always=True),
    "commas.txt": saved(),
    "old-mac.csv": saved(end="\r"),
    "double-cr.csv": saved(end="\r\r\n"),
    "numbers.csv": saved(end="\n", before="标准目录\n"),
    "wide.csv": saved(before="某部门标准目录,,,,,,,,,\r\n,,,,,,,,,\r\n")
                + ",,,,,,,,,,,,\r\n" * 3,
    "protected.csv": saved(change=protected),
    "protected-bare.tsv": saved("\t").replace(
        "GB/T 96001-2020", '="GB/T 96001-2020"'),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_table_is_read_in_each_form(portal, name):
    result = portal.run("standards", "--source", "x",
                        portal.write(name, FORMS[name] if isinstance(
                            FORMS[name], bytes) else FORMS[name].encode()))
    assert result.returncode == 0, result.stderr
    assert counts(result) == "2 new, 0 changed, 0 unchanged, 0 refused"
    assert portal.ask("SELECT number, title, issued FROM standard "
                      "WHERE stub = 0 ORDER BY 1") == [
        ("GB/T 96001-2020", '信息, 技术 5"管', "2020-03-31"),
        ("GB/T 96002-2021", '"引号"与换行；分号', "2021-03-31")]
    assert portal.ask("SELECT to_key FROM relation ORDER BY 1") == [
        ("GB-T-96001-2010",), ("GB-T-96101-2010",)]


@pytest.mark.parametrize("encoding, name, separator, end", [
    ("utf-8-sig", "a.csv", ",", "\r\n"), ("utf-16", "a.txt", "\t", "\r\n"),
    ("gb18030", "a.csv", ";", "\n"), ("utf-8", "a.tsv", "\t", "\r")])
def test_an_announcement_is_read_in_each_form(portal, encoding, name,
                                              separator, end):
    rows = [["公告：", "2026年第9号", "", ""], ["发布机构：", "某部门", "", ""],
            ["日期：", "2026-11-01", "", ""], ["", "", "", ""],
            ["标准号", "标准名称", "代替标准号", "实施日期"],
            ["GB/T 96011-2026", "信息, 词汇", "GB/T 96011-2016,\nGB/T 96012-2016",
             "2027/5/1"]]
    text = end.join(separator.join(map(quoted, row)) for row in rows) + end
    result = portal.run("announcement", "--commit", portal.write(
        name, text.encode(encoding)))
    assert result.returncode == 0, result.stderr + result.stdout
    assert counts(result) == "1 new, 0 changed, 0 unchanged, 0 refused"
    assert portal.ask("SELECT title, implemented FROM standard "
                      "WHERE key = 'GB-T-96011-2026'") == [
        ("信息, 词汇", "2027-05-01")]
    assert portal.ask("SELECT to_key FROM relation ORDER BY 1") == [
        ("GB-T-96011-2016",), ("GB-T-96012-2016",)]


@pytest.mark.parametrize("table, rows", [
    ("ics", 'code,title_zh,title_en\n01,"综合, 术语","Generalities, ""terms"""'),
    ("ccs", 'code,title_zh\nA,"综合, 术语"'),
    ("prefixes", 'prefix,name_zh,level\nGB,"国家标准, 强制",national')])
def test_every_table_is_read_in_other_forms(portal, table, rows):
    lines = rows.split("\n")
    bodies = ["\ufeff" + rows.replace(lines[0], ",".join(
                  f'"{name}"' for name in lines[0].split(","))),
              rows.replace("\n", "\r")]
    for n, body in enumerate(bodies):
        result = portal.run(table, "--source", "x",
                            portal.write(f"{n}.csv", body.encode("utf-8")))
        assert result.returncode == 0, result.stderr
        assert counts(result).endswith(", 0 refused")
        assert counts(result).startswith("1 new" if n == 0 else "0 new")


@pytest.mark.parametrize("cell, reason", [
    ("=VLOOKUP(A1;B:C;2)", "is a formula"), ("#N/A", "error of a spreadsheet"),
    ("a\0b", "NUL"), ("a\rb", "carriage return"), ('"a"b', "written twice"),
    ('"a', "has no end"), ("a,b", "a field that holds a separator")])
def test_a_cell_that_cannot_be_read_names_its_line(portal, cell, reason):
    path = portal.write("bad.csv", "number,title_zh,source\n"
                        "GB/T 96021-2020,x,x\n"
                        f"GB/T 96022-2020,{cell},x\nGB/T 96023-2020,y,x\n")
    result = portal.run("standards", path)
    assert result.returncode == 1
    assert counts(result) == "2 new, 0 changed, 0 unchanged, 1 refused"
    lines = open(path + ".errors", encoding="utf-8").read().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(path + ":3: ")
    assert reason in lines[0]
    assert portal.ask("SELECT title FROM standard ORDER BY key") == [
        ("x",), ("y",)]


@pytest.mark.parametrize("name, data", [
    ("a.xlsx", b"PK\3\4\x14\0"), ("a.csv", b"PK\3\4\x14\0"),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")])
def test_a_spreadsheets_own_file_is_refused(portal, name, data):
    result = portal.run("standards", portal.write(name, data))
    assert result.returncode == 1
    assert "save the sheet as CSV" in result.stderr


def test_two_sources_of_one_edition_undo_nothing(portal):
    """Each says again what it said: nothing changes back and forth."""
    head = "ref,title_en,published,status_zh\n"
    iso = portal.write("iso.csv", head + "ISO/IEC 1:2022,One,2022-10,现行\n")
    iec = portal.write("iec.csv", head + "ISO/IEC 1:2022,One,2022-10-25,现行\n")

    def run(path, source):
        return counts(portal.run("standards", "--verified", "2026-01-01",
                                 "--source", source, path))

    assert run(iso, "ISO").startswith("1 new")
    before = portal.dump()
    assert run(iec, "IEC").startswith("0 new, 1 changed")
    after = portal.dump()
    for path, source in ((iso, "ISO"), (iec, "IEC"), (iso, "ISO")):
        assert run(path, source) == "0 new, 0 changed, 1 unchanged, 0 refused"
    assert portal.dump() == after
    assert portal.run("undo", "2").returncode == 0
    assert portal.dump() == before
    assert run(iec, "IEC").startswith("0 new, 1 changed")
    # Something new counts, whoever says it; then the old is no news again.
    news = portal.write("news.csv", head + "ISO/IEC 1:2022,One,2022-11,现行\n")
    assert run(news, "ISO").startswith("0 new, 1 changed")
    assert run(iec, "IEC").startswith("0 new, 0 changed")
    assert run(news, "ISO").startswith("0 new, 0 changed")
    assert run(iso, "ISO").startswith("0 new, 1 changed")


def test_a_catalogue_does_not_take_an_announcement_back(portal):
    gb = portal.write("gb.csv", HEADER + OLD + NEW)
    portal.run("standards", gb)
    path = portal.write("gg.tsv", HEAD
                        + "GB/T 1.1-2020\t新名\tGB/T 1.1-2009\t2027-01-01\n")
    assert portal.run("announcement", "--commit", path).returncode == 0
    assert counts(portal.run("standards", gb)) == (
        "0 new, 0 changed, 2 unchanged, 0 refused")
    assert portal.ask("SELECT title, implemented FROM standard"
                      " WHERE key = 'GB-T-1.1-2020'") == [
        ("新名", "2027-01-01")]


@pytest.mark.parametrize("day", ["2026-02-30", "2026-02-29", "2026-13-01",
                                 "2026-04-31", "1-5-2026"])
def test_a_day_that_is_not_in_the_calendar_is_refused(portal, day):
    """SQLite takes any day up to the 31st unless it is made to compute."""
    head = portal.write("head.tsv", HEAD.replace("2026-11-01", day) + ITEM)
    result = portal.run("announcement", "--commit", head)
    assert result.returncode == 1
    assert "is not a date" in result.stdout + result.stderr
    row = portal.write("row.tsv", HEAD + ITEM.replace("2027-05-01", day))
    result = portal.run("announcement", "--commit", row)
    assert result.returncode == 1
    assert "is not a date" in open(row + ".errors", encoding="utf-8").read()
    result = portal.run("standards", portal.write(
        "gb.csv", HEADER + NEW.replace("2020-10-01", day)))
    assert result.returncode == 1
    assert counts(result).endswith("1 refused")
    assert portal.ask("SELECT count(*) FROM standard") == [(0,)]


def test_drafts_replace_nothing(portal):
    """Whoever says it: the draft, what it is to replace, or both."""
    head = "ref,title_en,status_zh,stage,published,replaces,replaced_by\n"
    drafts = ("ISO/CD 98001,Stones,制定中,30.92,,ISO 98001:2015,\n"
              "ISO/CD 98001.2,Stones,制定中,30.60,,ISO 98001:2015,"
              "ISO 98001:2015\n"
              "ISO 98009,Rings,即将发布,60.00,2026,ISO 98009:2009,\n")
    result = portal.run("standards", "--source", "x", "--verified",
                        "2026-01-01", portal.write("iso.csv", head + drafts
        + "ISO 98001:2015,Stones,现行,90.92,2015-09,ISO 98001:2008,"
          "ISO/CD 98001;ISO/CD 98001.2\n"
        + "ISO 98001:2008,Stones,被代替,95.99,2008-09,,ISO 98001:2015\n"
        + "ISO 98009:2009,Rings,现行,90.92,2009,,\n"))
    assert result.returncode == 0, result.stdout
    assert portal.ask("SELECT from_key, to_key FROM relation") == [
        ("ISO-98001-2015", "ISO-98001-2008")]
    assert portal.ask("SELECT key FROM standard WHERE successor_key IS NOT"
                      " NULL") == [("ISO-98001-2008",)]
    # Published, it does.
    result = portal.run("standards", "--source", "x", "--verified",
                        "2026-06-01", portal.write("new.csv", head
        + "ISO 98009:2026,Rings,现行,60.60,2026-05,ISO 98009:2009,\n"))
    assert result.returncode == 0, result.stdout
    assert portal.ask("SELECT successor_key FROM standard WHERE key ="
                      " 'ISO-98009-2009'") == [("ISO-98009-2026",)]
    assert portal.faults() == []


def test_the_ends_of_numbers_are_kept(portal):
    """What tells editions, bodies and regions apart is kept; what cannot be
    read is kept as it is printed."""
    numbers = ["ASTM A370-19e1", "ASTM A370-20e1", "ASTM A106/A106M-19",
               "ASTM A106/A106M-19a", "ASTM D4169-16", "ASTM D4169-16(2021)",
               "CSA C22.2 No. 0-20", "CSA C22.2 No. 1-20",
               "JJG(粤)067-2023", "JJG(浙)067-2023", "JJG 067-2023",
               "CNAS-CL01:2018", "CNAS-CL01-A001:2022", "DB44/26-2001",
               "DB44/27-2001", "DBJ 46-002-2006", "DBS46/001-2022",
               "WS-10001-(HD-0001)-2002", "WS-10001-(HD-0002)-2002",
               "HG/T 20592～20635-2009", "HG/T 20592-2009",
               "ISO 10303-50:2002", "ISO 10303-50:2002/TC1",
               "IEEE Std 1588-2019", "ГОСТ Р 2.105-2019", "ГОСТ 2.105-2019",
               "OHSAS 18001:2007"]
    rows = portal.write("n.csv", "number,title_zh\n" + "".join(
        f"{number},甲\n" for number in numbers))
    done = portal.run("standards", "--source", "x", rows)
    assert counts(done) == (
        f"{len(numbers)} new, 0 changed, 0 unchanged, 0 refused")
    assert portal.ask("SELECT number FROM standard ORDER BY id") == [
        (number,) for number in numbers]
    twins = ["ASTM A370-2020e1", "DB 44/26-2001", "DBJ46-002-2006",
             "DBS 46/001-2022", "IEEE 1588-2019", "JJG（粤） 067—2023"]
    again = portal.run("standards", "--source", "y", portal.write(
        "t.csv", "number,title_zh\n" + "".join(
            f"{number},甲\n" for number in twins)))
    assert counts(again) == (
        f"0 new, {len(twins)} changed, 0 unchanged, 0 refused")


def test_other_tables_are_imported(portal):
    assert portal.run("ics", portal.write(
        "ics.csv", "code,title_en,source\n01,General,x\n01.020,Terms,x\nX,y,x\n"
    )).returncode == 1
    assert portal.ask("SELECT code, parent, level FROM ics") == [
        ("01", None, 1), ("01.020", "01", 2)]
    assert portal.run("ccs", portal.write(
        "ccs.csv", "code,parent,title_zh\nA,,综合\nA00/09,A,一般\nA00,A00/09,质量\n"
    )).returncode == 0
    assert portal.run("undo", "2").returncode == 1
    unknown = portal.run("recipes", "/dev/null")
    assert unknown.returncode == 78
    assert "there is no" in unknown.stderr
    scripts = {name[:-4] for name in os.listdir(f"{CAPSULE}/import")
               if name.endswith(".sql") and not name.startswith("_")}
    tables = sorted(scripts - {"article", "begin", "end", "follow", "undo"})
    assert {"announcement", "ccs", "ics", "prefixes", "standards"} <= set(tables)
    assert unknown.stderr.endswith(f"tables: {', '.join(tables)}\n")
    nearly = portal.run("standard", "/dev/null")
    assert "did you mean standards" in nearly.stderr


def test_the_first_catalogue_is_whole_and_clean(portal):
    """What a new portal begins with is whole, clean and says what is so."""
    portal.get("/")
    result = subprocess.run(
        [os.path.join(ROOT, "tools/catalogue.sh"), GUIJU, CAPSULE,
         portal.state], capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert len(lines) >= 8
    assert all(line.endswith(" 0 changed, 0 unchanged, 0 refused")
               for line in lines)
    for column in ("number", "title", "title_en", "title_orig", "note"):
        assert portal.ask(
            f"SELECT number, {column} FROM standard WHERE {column} GLOB "
            f"'*[<>\t\n]*' OR instr({column}, '&#') OR "
            f"instr({column}, '&lt') OR trim({column}) <> {column} OR "
            f"instr({column}, char(65533))") == []
    # Chinese standards with a day of their source, and their dates.
    [(known, dated, hainan)] = portal.ask(
        "SELECT count(*), sum(implemented IS NOT NULL), "
        "sum(prefix GLOB 'DB46*') FROM standard WHERE stub = 0 AND level IN "
        "('国家', '行业', '地方') AND verified_at IS NOT NULL")
    assert known >= 2000 and dated >= known * 9 // 10 and hainan >= 15
    assert portal.ask("SELECT count(*) FROM standard WHERE stub = 0 AND "
                      "source IS NULL") == [(0,)]
    shown = portal.get("/standard/list/-/-/issued/")
    assert shown.count("即将实施") >= 10
    assert not [line for line in shown.splitlines()
                if line.startswith("待核实")]
    assert portal.faults() == []


CHINESE = "标准号,标准名称,发布日期,实施日期,废止日期,状态,代替标准号\n"


def verdicts(portal, numbers, now="1795996800"):
    """Of each number in the quick check, with what takes its place."""
    page = subprocess.run(
        [GUIJU, "get", "--capsule", CAPSULE, "--state", portal.state, "--now",
         now, "gemini://localhost/validity/quick?"
         + urllib.parse.quote(",".join(numbers))],
        capture_output=True, text=True, timeout=60, check=True).stdout
    found = []
    for line in page.splitlines():
        if line.startswith("* 结论："):
            found.append([line.removeprefix("* 结论：")])
        elif " 代替它的标准：" in line:
            found[-1].append(line.split("：")[1].split("，")[0])
    return found


def test_what_a_standard_replaces_is_read(portal):
    """Parts, ranges, lists that leave the prefix out, nothing; a dry run
    shows it, and what is not understood refuses its row."""
    old = "".join(f"GB/T {n}-2008,旧,2008-01-11,2008-07-01,,现行,\n" for n in (
        "92001", "92002", "92003.1", "92003.2", "92003.3", "92004", "92005",
        "92006", "92007"))
    new = "".join(f"GB/T {n}-2019,新,2019-01-11,2019-07-01,,现行,{older}\n"
                  for n, older in (
        ("93001", "部分代替GB/T92001-2008"),
        ("93002", "GB/T 92002-2008（部分代替）"),
        ("93003", "GB/T 92003.1～92003.3-2008"),
        ("93004", "GB/T 92004-2008、92005-2008"), ("93005", "—"),
        ("93006", "GB/T 92006一2008"), ("93007", "GB/T 92007-2008 旧规程"),
        ("93008", "GB/T 92007-200B"), ("93009", "无")))
    path = portal.write("a.csv", CHINESE + old + new)
    flags = ["--source", "x", "--verified", "2026-11-01"]
    shown = portal.run("standards", "--dry-run", *flags, path)
    for said in ("GB/T 93001-2019 replaces a part of GB/T 92001-2008",
                 "GB/T 93002-2019 replaces a part of GB/T 92002-2008",
                 "GB/T 93003-2019 replaces GB/T 92003.2-2008",
                 "GB/T 93004-2019 replaces GB/T 92005-2008"):
        assert shown.stdout.count(said + "\n") == 1, said
    assert " replaces " not in portal.run("standards", *flags, path).stdout
    errors = open(path + ".errors", encoding="utf-8").read().splitlines()
    assert [line.split(": ", 1)[1] for line in errors] == [
        'cannot read "GB/T 92006一2008" in 代替标准号',
        'cannot read "旧规程" in 代替标准号',
        'cannot read "GB/T 92007-200B" in 代替标准号']
    assert verdicts(portal, [f"GB/T {n}-2008" for n in (
        "92001", "92002", "92003.1", "92003.2", "92003.3", "92004", "92005",
        "92006", "92007")]) == [
        ["部分有效", "GB/T 93001-2019"], ["部分有效", "GB/T 93002-2019"],
        ["被代替", "GB/T 93003-2019"], ["被代替", "GB/T 93003-2019"],
        ["被代替", "GB/T 93003-2019"], ["被代替", "GB/T 93004-2019"],
        ["被代替", "GB/T 93004-2019"], ["有效"], ["有效"]]
    assert portal.faults() == []


def test_what_replaces_a_standard_is_read(portal):
    """The column of the older one is read in the same way."""
    result = portal.run("standards", "--source", "x", "--verified",
                        "2026-11-01", portal.write("a.csv",
        "标准号,实施日期,状态,被代替标准号\n"
        "GB/T 92001-2008,2008-07-01,现行,GB/T 93001-2019（部分）\n"
        "GB/T 92002-2008,2008-07-01,被代替,93002-2019\n"
        "GB/T 92003-2008,2008-07-01,被代替,无\n"
        "GB/T 93001-2019,2019-07-01,现行,\n"))
    assert counts(result) == "3 new, 0 changed, 0 unchanged, 1 refused"
    assert verdicts(portal, ["GB/T 92001-2008"]) == [
        ["部分有效", "GB/T 93001-2019"]]


def test_an_announcement_may_replace_parts_and_ranges(portal):
    portal.run("standards", portal.write("gb.csv", HEADER + OLD + NEW))
    before = portal.dump()
    good = portal.write("gg.tsv", HEAD
        + "GB/T 81-2026\t甲\t部分代替GB/T 1.1-2020\t2027-05-01\n"
        + "GB/T 82-2026\t乙\tGB/T 7.1～7.3-2001\t2027-05-01\n"
        + "GB/T 83-2026\t丙\t—\t2027-05-01\n"
        + "GB/T 84-2026\t丁\t无\t—\n")
    stored = portal.run("announcement", "--commit", good)
    assert stored.returncode == 0, stored.stdout
    for said in ("replaces a part of GB/T 1.1-2020　结构和起草规则",
                 "unknown predecessor GB/T 7.1-2001",
                 "unknown predecessor GB/T 7.2-2001",
                 "unknown predecessor GB/T 7.3-2001", "no 实施日期"):
        assert stored.stdout.count(said) == 1, said
    assert portal.ask("SELECT from_key, type, to_key FROM relation"
                      " WHERE batch_id = 2 ORDER BY to_key") == [
        ("GB-T-81-2026", "partly", "GB-T-1.1-2020"),
        ("GB-T-82-2026", "replaces", "GB-T-7.1-2001"),
        ("GB-T-82-2026", "replaces", "GB-T-7.2-2001"),
        ("GB-T-82-2026", "replaces", "GB-T-7.3-2001")]
    assert portal.ask("SELECT position, replaces FROM announcement_item"
                      " WHERE replaces IS NULL") == [(3, None), (4, None)]
    assert portal.ask("SELECT kind, new FROM change_event"
                      " WHERE key = 'GB-T-1.1-2020' AND batch_id = 2") == [
        ("changed", "部分被代替 GB/T 81-2026")]
    page = portal.get("/standard/GB-T-1.1-2020")
    assert ("部分被代替（2027-05-01 起）：GB/T 81-2026（即将实施）甲"
            in page)
    assert portal.run("undo", "2").returncode == 0
    assert portal.dump() == before
    assert portal.faults() == []
    bad = portal.write("bad.tsv", HEAD
                       + "GB/T 81-2026\t甲\tGB/T 1.1一2020\t2027-05-01\n")
    refused = portal.run("announcement", "--commit", bad)
    assert 'cannot read "一2020" among what it replaces' in refused.stdout
    assert portal.dump() == before


WITHDRAWN = """\
GB/T 96001-2010,旧,2010-01-01,2011-01-01,,现行,
GB/T 96001-2025,新,2025-01-01,2027-01-01,2026-01-01,废止,GB/T 96001-2010
GB/T 96002-2010,旧,2010-01-01,2011-01-01,,现行,
GB/T 96002-2025,新,2025-01-01,2026-01-01,2026-01-01,废止,GB/T 96002-2010
GB/T 96003-2010,旧,2010-01-01,2011-01-01,,现行,
GB/T 96003-2024,中,2024-01-01,2027-01-01,2026-01-01,废止,GB/T 96003-2010
GB/T 96003-2026,新,2026-01-01,2026-07-01,,现行,GB/T 96003-2024
GB/T 96004-2010,旧,2010-01-01,2011-01-01,,现行,
GB/T 96004-2025,甲,2025-01-01,2026-01-01,2025-06-01,废止,GB/T 96004-2010
GB/T 96005-2026,乙,2026-06-01,2027-01-01,,即将实施,GB/T 96004-2010
GB/T 96006-2010,旧,2010-01-01,2011-01-01,,现行,
GB/T 96006-2025,新,2025-01-01,2027-01-01,,废止,GB/T 96006-2010
GB/T 96007-2010,旧,2010-01-01,2011-01-01,,现行,
GB/T 96007-2025,新,2025-01-01,2025-07-01,2025,废止,GB/T 96007-2010
GB/T 96008-2010,旧,2010-01-01,2011-01-01,,现行,
GB/T 96008-2025,新,2025-01-01,2025-07-01,2025-06,废止,部分代替 GB/T 96008-2010
"""


@pytest.mark.parametrize("order", [1, -1, 0])
def test_a_successor_withdrawn_too_early_replaces_nothing(portal, order):
    """It replaces nothing, on any day and in whatever order it is told: all
    at once either way, or one by one. Withdrawn on its first day, it did.
    Where its dates leave it open, so is what becomes of the older one."""
    flags = ["--source", "x", "--verified", "2026-11-01"]
    rows = WITHDRAWN.splitlines()[::order or 1]
    for n, part in enumerate([rows] if order else [[row] for row in rows]):
        result = portal.run("standards", *flags, portal.write(
            f"{n}.csv", CHINESE + "\n".join(part) + "\n"))
        assert result.returncode == 0, result.stderr
    numbers = [f"GB/T 9600{n}-2010" for n in range(1, 9)]
    assert verdicts(portal, numbers) == [
        ["有效"], ["被代替", "GB/T 96002-2025"],
        ["被代替", "GB/T 96003-2026"],
        ["有效但即将被代替", "GB/T 96005-2026"], ["未收录"], ["有效"],
        ["待核实", "GB/T 96007-2025"], ["有效"]]
    # In 2027, after the day on which they would have come into force.
    later = verdicts(portal, numbers, "1812000000")
    assert [row[0] for row in later] == [
        "有效", "被代替", "被代替", "被代替", "未收录", "有效", "待核实",
        "有效"]
    page = portal.get("/standard/GB-T-96001-2010")
    assert "状态：现行" in page
    assert "被代替（新版未实施即废止，没有生效）：GB/T 96001-2025" in page
    assert "2027-01-01" not in page
    assert "96001-2025" not in portal.get("/calendar/2027-01/")
    assert "代替 GB/T 96001-2010，未实施即废止，没有生效" in portal.get(
        "/standard/GB-T-96001-2025/history")
    assert portal.faults() == []


def test_a_later_withdrawal_ends_a_replacement_and_is_undone(portal):
    """The withdrawal comes with another import, and goes with its undo."""
    flags = ["--source", "x", "--verified", "2026-11-01"]
    head = "GB/T 96003-2010,旧,2010-01-01,2011-01-01,,现行,\n"
    middle = "GB/T 96003-2024,中,2024-01-01,2027-01-01,,{},GB/T 96003-2010\n"
    last = "GB/T 96003-2026,新,2026-01-01,2026-07-01,,现行,GB/T 96003-2024\n"
    asked = ["GB/T 96003-2010"]

    def tell(name, rows):
        assert portal.run("standards", *flags, portal.write(
            name, CHINESE + rows)).returncode == 0
        assert portal.faults() == []
        return verdicts(portal, asked)

    waits = [["有效但即将被代替", "GB/T 96003-2024"]]
    assert tell("a.csv", head + middle.format("即将实施")) == waits
    assert tell("b.csv", last) == waits
    assert tell("c.csv", middle.format("废止").replace(
        "01,,", "01,2026-01-01,")) == [["被代替", "GB/T 96003-2026"]]
    assert portal.run("undo", "3").returncode == 0
    assert portal.faults() == []
    assert verdicts(portal, asked) == waits


@pytest.mark.parametrize("word,stated", [
    ("现行有效", "现行"), ("暂行", "现行"), ("即将废止", "现行"),
    ("未实施", "即将实施"), ("被替代", "被代替"), ("已被代替", "被代替"),
    ("已废止", "废止"), ("已作废", "废止"), ("无", None), ("-", None)])
def test_each_word_of_status_has_its_meaning(portal, word, stated):
    result = portal.run("standards", "--source", "x", portal.write(
        "a.csv", "标准号,状态\nGB/T 1-2001," + word + "\n"))
    assert result.returncode == 0, result.stderr
    assert portal.ask("SELECT stated, stage FROM standard") == [
        (stated, word if stated else None)]


def test_an_unknown_word_of_status_is_refused(portal):
    path = portal.write("a.csv", "标准号,状态\nGB/T 1-2001,部分有效\n")
    assert portal.run("standards", "--source", "x", path).returncode == 1
    errors = open(path + ".errors", encoding="utf-8").read()
    assert '"部分有效" is not a status that is known here: ' in errors
    assert "现行有效" in errors and "已废止" in errors


def test_dates_of_other_programs_are_read_or_refused(portal):
    """What says nothing is no date; what may be another day is refused."""
    result = portal.run("standards", "--source", "x", "--verified",
                        "2026-11-01", portal.write("a.csv",
        "标准号,发布日期,实施日期,废止日期,核实日期\n"
        "GB/T 1-2001,-,—,无,待定\n"
        "GB/T 2-2001,NULL,N/A,9999-12-31,\n"
        "GB/T 3-2019,2019-01-11 00:00:00.000,2019/7/1 0:00,,2026-11-02\n"
        "GB/T 4-2019,9999-12-31,,,\nGB/T 5-2019,43476,,,\n"
        "GB/T 6-2019,11-Jan-19,,,\nGB/T 7-2019,1547136000000,,,\n"
        "GB/T 8-2019,2019-01-10T16:00:00.000Z,,,\n"
        "GB/T 9-2019,2019-01-10 16:00:00,,,\n"))
    assert counts(result) == "3 new, 0 changed, 0 unchanged, 6 refused"
    assert portal.ask("SELECT key, issued, implemented, abolished, verified_at"
                      " FROM standard ORDER BY key") == [
        ("GB-T-1-2001", None, None, None, None),
        ("GB-T-2-2001", None, None, None, "2026-11-01"),
        ("GB-T-3-2019", "2019-01-11", "2019-07-01", None, "2026-11-02")]


def test_nobody_has_checked_it(portal):
    """Its status is 待核实 wherever it is shown, and the check says why."""
    head = "number,title_zh,status_zh,issued,implemented,source,verified_at\n"
    row = "GB/T 9-2010,试金石,现行,2010-01-01,2010-07-01,x,{}\n"
    portal.run("standards", portal.write("a.csv", head + row.format("-")))
    assert portal.ask("SELECT verified_at FROM standard") == [(None,)]
    assert verdicts(portal, ["GB/T 9-2010", "GB/T 9"]) == [
        ["待核实"], ["待核实"]]
    assert "题录没有与来源核对" in portal.get(
        "/validity/quick?GB/T%209-2010")
    for path in ("/standard/GB-T-9-2010", "/family/GB-T-9",
                 "/standard/near/GB%209"):
        page = portal.get(path)
        assert "待核实" in page and "现行（" not in page, path
    portal.run("standards", portal.write(
        "b.csv", head + row.format("2026-11-01")))
    assert verdicts(portal, ["GB/T 9-2010"]) == [["有效"]]
