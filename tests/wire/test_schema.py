# SPDX-License-Identifier: ISC
"""The portal's schema: an old database is taken over, and what is derived is
what would be derived anew."""

import contextlib
import os
import random
import re
import shutil
import sqlite3
import subprocess

import pytest

from conftest import ROOT, Server, run_guiju
from portal import SHELL

pytestmark = pytest.mark.portal

pytestmark = pytest.mark.portal

CAPSULE = ROOT / "capsule"

# One row or more for each table that is kept.
ROWS = """
INSERT INTO portal VALUES (1, '门户', '一句话', '2026');
INSERT INTO section (id, slug, name, kind, position, summary, body) VALUES
    (1, 'zcfg', '政策法规', 'news', 1, 's', ''),
    (2, 'gnwbzhdt', '动态', 'news', NULL, '', ''),
    (3, 'bzfbdt', '发布', 'news', 2, '', ''),
    (4, 'about', '关于', 'page', 4, '', '# y'),
    (5, 'zxfw', '咨询', 'services', 3, '', '');
INSERT INTO service VALUES (2, 'a', '甲', 1, 's', 'c', 'p', 'f', 'k');
INSERT INTO article (id, section_id, status, reason, published, updated,
    pinned, sample, kicker, title, subtitle, byline, source, source_url,
    publisher, summary, body)
SELECT 7, min(id), 'live', NULL, 1700000000, 1700000001, 0, 1, 'k', '磨刀石',
    's', 'b', '来源', 'https://x.example/', 'p', 'y', '见 GB/T 98001-2016。'
FROM section WHERE kind = 'news';
INSERT INTO article (id, section_id, status, reason, published, updated, pinned,
    title, body)
SELECT 9, max(id), 'withdrawn', '有误', 1700000000, 1700000001, 1, 'x', 'y'
FROM section WHERE kind = 'news';
DELETE FROM article WHERE id = 9;
INSERT INTO article (section_id, published, updated, title, body)
SELECT max(id), 1, 1, 'draft', 'y' FROM section WHERE kind = 'news';
INSERT INTO attachment VALUES (3, 7, 1, 'a.pdf', '附件', 'application/pdf', 9);
INSERT INTO article_import VALUES (7, '/x/y.gmi', 'y.gmi', 'stored');
INSERT INTO old_address (path, article_id) VALUES ('/show.asp?id=1', 7);
INSERT INTO old_address (path, service_id) SELECT '/s', min(id) FROM service;
INSERT INTO import_batch VALUES (1, 'standards', 'a.csv', 'x', '2026-01-01', 5,
    1, 2, 3, 4, NULL), (2, 'ics', 'b.csv', NULL, NULL, 6, 0, 0, 0, 0, 7);
INSERT INTO import_journal VALUES (1, 1, 'standard', 'GB-T-98001-2016', '{}');
INSERT INTO org VALUES (4, '甲', 'A', 'issuer', NULL, 'x', '2026-01-01', 1),
    (5, '乙', NULL, 'committee', 'TC 1', NULL, NULL, NULL);
INSERT INTO standard (id, key, number, family, bare, digits, prefix, year, sort,
    level, mandate, title, title_en, stated, stage, issued, implemented, ics,
    ccs, issuer_id, committee_id, source, verified_at, batch_id, fingerprint,
    content, first_issued, proposer, executor, drafter_names, filed, industry,
    price, scope, fulltext_mode)
VALUES (2, 'GB-T-98001-2016', 'GB/T 98001-2016', 'GB-T-98001', 'GB-98001',
    '98001', 'GB/T', 2016, 'GB 98001 2016', '国家', '推荐', '试金石', 'Stone',
    '现行', '60', '2016-01-02', '2016-07-01', '03.100.70 35.030', 'A00', 4, 5,
    'x', '2026-01-01', 1, 'f', 'c', '1990', 'p', 'e', 'd', '2017', 'i', '9 元',
    'sc', '可下载'),
    (5, 'GB-T-98001-2026', 'GB/T 98001-2026', 'GB-T-98001', 'GB-98001',
    '98001', 'GB/T', 2026, 'GB 98001 2026', '国家', '推荐', '试金石', NULL,
    NULL, NULL, '2026-01', '2027', '03', 'A', NULL, NULL, 'y', NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO relation (from_key, type, to_key, from_number, to_number, degree,
    day, note, claims, source, verified_at, batch_id) VALUES
    ('GB-T-98001-2026', 'replaces', 'GB-T-98001-2016', 'a', 'b', NULL, NULL,
    'n', 3, 'x', '2026-01-01', 1),
    ('GB-T-98001-2016', 'adopts', 'ISO-1-2000', 'b', 'c', 'IDT', '2017', NULL,
    1, NULL, NULL, NULL);
INSERT INTO ics VALUES ('03', NULL, 1, '社会', 'Society', 't', 'n', 'x',
    '2026-01-01', 2), ('03.100', '03', 2, NULL, 'Company', NULL, NULL, NULL,
    NULL, NULL);
INSERT INTO ccs VALUES ('A', NULL, 1, '综合', 'General', 'n', 'x',
    '2026-01-01', NULL);
INSERT INTO std_prefix VALUES ('GB/T', '国家', '推荐', '标题', 't', 'o', 'x',
    '2026-01-01', NULL);
INSERT INTO announcement VALUES (8, '1号', '甲', '题', '2026-01-01',
    'https://x.example/', 5, 'x', '2026-01-02', 1),
    (9, '1号', '乙', '题', '2026-01-01', NULL, 5, 'x', NULL, NULL);
DELETE FROM announcement WHERE id = 9;
INSERT INTO announcement_item VALUES (8, 1, 'GB-T-98001-2026', 'n', 't', 'r',
    '2027-01-01');
INSERT INTO change_event VALUES (3, 'GB-T-98001-2026', 'issued', 'o', 'n',
    '2026-01-01', 5, 8, 1);
INSERT INTO standard_said VALUES ('GB-T-98001-2016', 'z', 'f', 1);
INSERT INTO stated_word VALUES ('好', '现行');
INSERT INTO zero_hit VALUES ('没有', '2026-01-01', 3);
INSERT INTO validity_report (id, year, serial, number, created, day, data_day,
    lines, counts) VALUES (2, 2026, 1, 'HN2026-000001', 5, '2026-01-01',
    '2026-01-01', 1, '{"有效":1}');
INSERT INTO validity_line VALUES (2, 1, 'raw', 'n', 'k', 'f', 't', '有效', 's',
    'i', 'm', 'a', 'u', '[]', 'd', 'ma', NULL, 'no', 'so', 'v');
UPDATE validity_report SET sha256 = printf('%064d', 1);
INSERT INTO validity_draft VALUES (3, '0123456789abcdef0123456789abcdef', 5,
    '2026-01-01', 1, 2, 2, NULL);
INSERT INTO validity_draft_line VALUES (3, 2, 'raw', 'n', 'k', 'r');
INSERT INTO status_dispute VALUES (4, 'k', 'n', '作废', 'remark', 5, '通过',
    'yes', 6);
INSERT INTO editor VALUES (printf('%064d', 1), 'e', 5);
INSERT INTO editor_act VALUES (2, 'e', 'a', 'b', 5);
INSERT INTO guiju_tally VALUES ('article', 7, 99);
"""


def opened(state):
    return contextlib.closing(sqlite3.connect(state / "portal.db"))


DERIVED = ("article_standard", "list_anchor", "list_length", "search_change",
           "standard_bulk", "standard_count", "standard_ics",
           "standard_search_change", "standard_underived", "guiju_fold",
           "guiju_derived", "guiju_script")


def columns(state):
    """Of all tables that are kept, by name."""
    with opened(state) as db:
        names = [name for name, in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
            " AND sql NOT LIKE 'CREATE VIRTUAL%'")]
        return {name: ", ".join(column[1] for column in db.execute(
            f"PRAGMA table_xinfo({name})")) for name in names
                if name not in DERIVED and "_fts_" not in name}


def kept(state, wanted):
    """All rows of all tables, and the sequences, as columns() named them; not
    the sequences of accounts, which an old database has none of."""
    with opened(state) as db:
        return {name: sorted((row for row in db.execute(
            f"SELECT {some} FROM {name}")
                              if name != "sqlite_sequence"
                              or not row[0].startswith("account")), key=repr)
                for name, some in wanted.items()}


def plain(sql):
    """A statement without comments, quotes of names, and blanks."""
    parts = re.split(r"('(?:[^']|'')*'|--[^\n]*|/\*.*?\*/)", sql, flags=re.S)
    return "".join(part if part[:1] == "'" else "" if part[:2] in ("--", "/*")
                   else re.sub(r'[\s"]', "", part) for part in parts)


def schema(state):
    with opened(state) as db:
        return {(kind, name): plain(sql or "") for kind, name, sql in
                db.execute("SELECT type, name, sql FROM sqlite_schema")}


def get(state, path="/", capsule=CAPSULE, **options):
    return run_guiju("get", "--capsule", capsule, "--state", state,
                     f"gemini://localhost{path}", **options)


def make_old(tmp_path, last=19):
    """A database that has seen the scripts 001 to `last`, by themselves."""
    capsule = tmp_path / "old"
    shutil.copytree(CAPSULE, capsule)
    for folder in ("schema", "content", "pages"):
        shutil.rmtree(capsule / folder)
    (capsule / "pages").mkdir()
    (capsule / "pages/index.gmi").write_text("# x\n")
    # As such a database was made: before there were accounts.
    settings = capsule / "capsule.ini"
    settings.write_text(settings.read_text().replace("accounts = on\n", ""))
    (capsule / "schema").mkdir()
    shutil.copy(ROOT / "tests/wire/schema/019.sql",
                capsule / "schema/001_all.sql")
    for n in range(2, last + 1):
        (capsule / f"schema/{n:03}_x.sql").write_text("SELECT 1;\n")
    state = tmp_path / "state"
    assert get(state, capsule=capsule).stdout.endswith("# x\n")
    with opened(state) as db:
        db.executescript(ROWS + "DROP TABLE guiju_derived;")
        assert db.execute("PRAGMA user_version").fetchone() == (last,)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    return state


@pytest.mark.parametrize("fault", [None, "migrate:1", "made:1"])
def test_an_old_database_is_taken_over(tmp_path, fault):
    """Whole or not at all: it may be killed."""
    state = make_old(tmp_path)
    wanted = columns(state)
    del wanted["editor"]  # its rows become accounts, see below
    before, old = kept(state, wanted), schema(state)
    assert not [name for name, rows in before.items()
                if not rows and not name.startswith("guiju_")]
    if fault:
        done = get(state, env={**os.environ, "GUIJU_FAULT": fault})
        assert done.returncode == -9
        assert kept(state, wanted) == before
        taken = {key: sql for key, sql in schema(state).items()
                 if "guiju_derived" not in key[1]}
        assert taken == {key: sql for key, sql in old.items()
                         if "guiju_derived" not in key[1]}
    assert "磨刀石" in get(state, "/article/7").stdout
    assert kept(state, wanted) == before
    with opened(state) as db:
        assert db.execute(
            "SELECT a.name, a.role, c.fingerprint, c.state FROM account a JOIN"
            " account_certificate c ON c.account_id = a.id").fetchall() == [
                ("e", "editor", f"{1:064}", "active")]
    new = tmp_path / "new"
    assert get(new).returncode == 0
    assert schema(state) == schema(new)
    done = run_guiju("rebuild", "--dry-run", "--state", state, CAPSULE)
    assert (done.returncode, done.stdout) == (0, "nothing differed\n")
    assert "磨刀石" in get(state, "/search/title?" + "磨刀").stdout
    assert "GB/T 98001-2016" in get(state, "/search/all?GB/T%2098001").stdout
    with opened(state) as db:
        assert db.execute("SELECT successor_key FROM standard").fetchall() == [
            ("GB-T-98001-2026",), (None,)]
        assert db.execute("SELECT key FROM article_standard").fetchall() == [
            ("GB-T-98001-2016",)]


@pytest.mark.parametrize("last", [1, 18])
def test_a_database_between_is_refused(tmp_path, last):
    state = make_old(tmp_path, last)
    wanted = columns(state)
    before = (kept(state, wanted), schema(state))
    done = get(state)
    assert done.returncode == 78
    assert (f"is at schema {last}, from which there is no way on: the "
            "capsule's 001-019_articles.sql is for a new database, or for one "
            "at 19 or later") in done.stderr
    after = schema(state)
    assert kept(state, wanted) == before[0]
    assert {key: sql for key, sql in after.items()
            if "guiju_derived" not in key[1]} == {
        key: sql for key, sql in before[1].items()
        if "guiju_derived" not in key[1]}


# --- what is derived ---------------------------------------------------------


# Newer shells refuse to write to the tables of a search index. The switch
# prints what it was switched to.
DEFENSIVE_OFF = ["-cmd", ".output /dev/null", "-cmd", ".dbconfig defensive off",
                 "-cmd", ".output stdout"]


def shell(state, sql):
    done = subprocess.run(
        [*SHELL, *DEFENSIVE_OFF, str(state / "portal.db")], input=sql,
        text=True, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rebuild(state, *flags):
    done = run_guiju("rebuild", *flags, "--state", state, CAPSULE)
    assert done.stderr == "", done.stderr
    return done.returncode, done.stdout.splitlines()


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A portal with articles, standards, relations, announcements."""
    state = tmp_path_factory.mktemp("filled") / "state"
    guiju = os.environ.get("GUIJU", "build/check/guiju")
    subprocess.run([guiju, "import", "article", "--quiet", "--capsule", CAPSULE,
                    "--state", state, CAPSULE / "content/articles"],
                   check=True, cwd=ROOT, timeout=120, capture_output=True)
    subprocess.run(["tools/catalogue.sh", guiju, "capsule", state],
                   check=True, cwd=ROOT, timeout=300, capture_output=True)
    return state


@pytest.fixture
def portal(filled, tmp_path):
    shutil.copytree(filled, tmp_path / "state")
    return tmp_path / "state"


def test_no_row_has_an_id_below_one(portal):
    """Neither a row that is there nor a new one."""
    asked = 0
    with sqlite3.connect(portal / "portal.db") as db:
        tables = [name for name, in db.execute(
            "SELECT tbl_name FROM sqlite_schema WHERE type = 'trigger' "
            "AND name = tbl_name || '_id_positive'")]
        assert len(tables) >= 14  # the lint names a table that has none
        for name in tables:
            row = db.execute(f"SELECT min(id) FROM {name}").fetchone()[0]
            if row is None:
                continue
            asked += 1
            for bad in (0, -1, -7):
                with pytest.raises(sqlite3.IntegrityError,
                                   match="1 or more|keeps its id|"
                                         "rewritten"):
                    db.execute(f"UPDATE {name} SET id = ? WHERE id = ?",
                               (bad, row))
        for bad in (0, -1, -7):
            with pytest.raises(sqlite3.IntegrityError, match="1 or more|id >= 1"):
                db.execute("INSERT INTO import_batch SELECT * FROM ("
                           "SELECT * FROM import_batch LIMIT 1) WHERE 0 "
                           "UNION ALL SELECT ?, " + ", ".join(
                               f'"{column[1]}"' for column in db.execute(
                                   "PRAGMA table_info(import_batch)")
                               if column[1] != "id") +
                           " FROM import_batch WHERE id = (SELECT min(id) "
                           "FROM import_batch)", (bad,))
    assert asked >= 5


SPOILED = {
    "DELETE FROM list_length WHERE section_id = (SELECT min(section_id)"
    " FROM list_length)": "list_length: 1 more",
    "UPDATE list_anchor SET published = 5, id = 7": "list_anchor: 4 changed",
    "INSERT INTO list_anchor SELECT section_id, 9, 9, 9 FROM list_length":
        "list_anchor: 4 fewer",
    "DELETE FROM standard_ics WHERE code GLOB '35*'; INSERT INTO standard_ics"
    " VALUES ('99', 'x', 1)": "standard_ics: [0-9]+ more, 1 fewer",
    "UPDATE standard_count SET n = n + 1 WHERE kind = 'all';"
    "DELETE FROM standard_count WHERE kind = 'level' AND value = '国家';"
    "INSERT INTO standard_count VALUES ('x', '', 0)":
        "standard_count: 1 more, 1 fewer, 1 changed",
    "INSERT INTO standard_bulk VALUES (3, 4)": "standard_bulk: 1 fewer",
    "INSERT INTO standard_underived VALUES ('k')":
        "standard_underived: 1 fewer",
    "DELETE FROM article_standard WHERE place = 0":
        "article_standard: [0-9]+ more",
    "UPDATE standard SET successor_key = 'X', partly = '' WHERE id = 1;"
    "UPDATE standard SET mandate_changed = '2001' WHERE id = 2":
        "standard: 2 changed",
    "INSERT INTO title_fts (title_fts) VALUES ('delete-all')":
        "title_fts: search index differs",
    "INSERT INTO body_fts (rowid, prose, mark) VALUES (99999, '磨', 'm')":
        "body_fts: search index differs",
    "DELETE FROM standard_fts_data WHERE id > 10":
        "standard_fts: search index differs",
    "INSERT INTO search_change (article_id, indexed) VALUES (99999, 0)":
        "search_change: 1 fewer",
    "INSERT INTO standard_search_change (standard_id, indexed)"
    " VALUES (99999, 0)": "standard_search_change: 1 fewer",
    "DROP TABLE article_standard": "table article_standard: was missing",
    "DROP TRIGGER standard_unfile": "trigger standard_unfile: was missing",
    "DROP VIEW ccs_shown; CREATE VIEW ccs_shown AS SELECT 1":
        "view ccs_shown: has another text",
    "CREATE INDEX extra ON standard_ics (sort)":
        "index extra: is not of the schema",
}


def test_what_is_spoiled_is_mended(portal):
    """Each alone is found, and named; all together are mended, once."""
    assert rebuild(portal, "--dry-run") == (0, ["nothing differed"])
    with opened(portal) as db:
        tables = {name for name, in db.execute(
            "SELECT value FROM guiju_derived, json_each(made) JOIN"
            " sqlite_schema s ON s.name = value WHERE s.type = 'table'")}
    for table in tables:
        assert any(table in line for line in SPOILED.values()), table
    whole = (portal / "portal.db").read_bytes()
    for sql, line in SPOILED.items():
        shell(portal, sql)
        status, lines = rebuild(portal, "--dry-run")
        assert status == 1
        assert any(re.fullmatch(line, x) for x in lines), (line, lines)
        for name in os.listdir(portal):
            (portal / name).unlink()
        (portal / "portal.db").write_bytes(whole)
    wanted = columns(portal)
    before = kept(portal, wanted)
    for sql in SPOILED:
        if "DROP TABLE" not in sql:
            shell(portal, sql)
    status, lines = rebuild(portal)
    assert status == 0 and len(lines) >= 14
    assert rebuild(portal) == (0, ["nothing differed"])
    assert kept(portal, wanted) == before
    assert shell(portal, "PRAGMA integrity_check") == "ok\n"


def test_a_rebuild_disturbs_no_reader(portal, tmp_path):
    """Readers see what was or what is; who writes for long is waited for."""
    shutil.copytree(portal, tmp_path / "var")
    server = Server(CAPSULE, tmp_path, ["--workers", "2", "--host",
                                        "localhost"])
    try:
        before = server.gemini("/standard/").text
        shell(server.state, "UPDATE standard_count SET n = 0")
        assert server.gemini("/standard/").text != before
        status, lines = rebuild(server.state)
        assert status == 0 and "standard_count: " in lines[0]
        assert server.gemini("/standard/").text == before
        assert "20 " in server.gemini("/search/title?%E6%A0%87").header
    finally:
        assert server.stop() == 0, server.log
    server.check_sane()


def test_a_killed_rebuild_changes_nothing(portal):
    shell(portal, "DELETE FROM standard_count")
    done = run_guiju("rebuild", "--state", portal, CAPSULE,
                     env={**os.environ, "GUIJU_FAULT": "rebuild:1"})
    assert done.returncode == -9
    assert shell(portal, "SELECT count(*) FROM standard_count") == "0\n"
    status, lines = rebuild(portal)
    assert status == 0 and re.fullmatch("standard_count: [0-9]+ more",
                                        lines[0])


def test_rebuild_needs_a_database_of_ours(tmp_path):
    done = run_guiju("rebuild", "--state", tmp_path, CAPSULE)
    assert done.returncode == 78 and "no such database" in done.stderr
    for flags in (["--dry-rum"], [CAPSULE, CAPSULE], []):
        assert run_guiju("rebuild", *flags).returncode == 2
    state = make_old(tmp_path)
    done = run_guiju("rebuild", "--dry-run", "--state", state, CAPSULE)
    assert done.returncode == 78
    assert "is not at the capsule's schema" in done.stderr


class Acts:
    """Random acts on articles, standards and relations, as SQL by hand."""

    NUMBERS = [f"{9 + n % 3}-{2000 + n}" for n in range(12)]
    DAYS = [None, "2001", "2001-05", "2001-05-07", "2003-01-01", "2030-01-01",
            "2003", "1999-12-31"]
    TYPES = ["replaces", "partly", "merges", "splits", "renumbered", "mandate",
             "adopts", "amends", "cites"]
    ICS = [None, "03", "03.100", "03.100.70", "03.100.70 03.120.10",
           "35.030 03.100.70", "35 35.030", "01.040.03 35.030.01 35.030"]

    def __init__(self, db, seed):
        self.db, self.pick = db, random.Random(seed)

    def key(self):
        return "K-" + self.pick.choice(self.NUMBERS)

    def standard(self):
        pick = self.pick.choice
        year = pick([None, 2001, 2016])
        return {"level": pick(["国家", "国际", "行业"]), "year": year,
                "mandate": pick([None, "强制", "推荐"]),
                "prefix": pick([None, "GB", "GB/T"]),
                "sort": pick(["a", "b", "c"]), "ics": pick(self.ICS),
                "ccs": pick([None, "A00", "B", "A01"]),
                "issued": pick(self.DAYS), "implemented": pick(self.DAYS),
                "abolished": pick(self.DAYS), "verified_at": pick(self.DAYS),
                "stated": pick([None, "现行", "废止", "项目终止"]),
                "title": pick(["磨刀石", "试金石", None]),
                "issuer_id": pick([None, 1])}

    def article(self):
        pick = self.pick.choice
        status = pick(["live", "live", "draft", "withdrawn"])
        return {"section_id": pick(self.sections()), "status": status,
                "reason": "x" if status == "withdrawn" else None,
                "published": pick([5, 6, 7, 2000000000]), "updated": 9,
                "pinned": pick([0, 0, 1]), "title": pick(["甲", "乙"]),
                "byline": pick([None, "记者"]),
                "body": pick(["文", "见 GB/T 1-2000", "GB 1-2001 与 GB 2-2002"])}

    def sections(self):
        return [n for n, in self.db.execute(
            "SELECT id FROM section WHERE kind = 'news'")]

    def insert(self, table, row):
        self.db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES "
                        f"({', '.join('?' * len(row))})", list(row.values()))

    def update(self, table, row, where):
        some = self.pick.sample(sorted(row), self.pick.randint(1, len(row)))
        if "status" in some:
            some = sorted({*some, "reason"})
        self.db.execute(
            f"UPDATE {table} SET {', '.join(f'{x} = ?' for x in some)} WHERE "
            + where, [row[x] for x in some])

    def act(self):
        n, key = self.pick.randint(0, 15), self.key()
        one = (f"id = (SELECT id FROM article ORDER BY (id * 7919 + "
               f"{self.pick.randint(0, 99)}) % 101 LIMIT 1)")
        if n < 3:
            self.insert("article", self.article())
        elif n < 6:
            self.update("article", self.article(), one)
        elif n == 6:
            self.db.execute(f"DELETE FROM article WHERE {one}")
        elif n == 7:
            self.insert("section", {"slug": f"s{self.pick.randint(0, 3)}",
                                    "name": key, "kind": "news"})
            self.db.execute("DELETE FROM section WHERE slug = 's0'")
        elif n < 10:
            self.insert("standard", {
                "key": key, "number": key, "family": key[:3], "bare": key[:3],
                "source": "x", **self.standard()})
        elif n < 12:
            self.update("standard", self.standard(), f"key = '{key}'")
        elif n == 12:
            self.db.execute("DELETE FROM standard WHERE key = ?", [key])
        elif n == 13:
            self.db.execute("DELETE FROM relation WHERE from_key = ?", [key])
        elif n == 14:
            self.update("relation", {
                "type": self.pick.choice(self.TYPES), "to_key": self.key(),
                "day": self.pick.choice(self.DAYS)}, f"from_key = '{key}'")
        else:
            self.db.executemany(
                "INSERT INTO relation (from_key, type, to_key, from_number,"
                " to_number, day) VALUES (?, ?, ?, 'a', 'b', ?)"
                " ON CONFLICT DO NOTHING",
                [(self.key(), self.pick.choice(self.TYPES), self.key(),
                  self.pick.choice(self.DAYS)) for _ in range(3)])


@pytest.mark.parametrize("seed", range(4))
def test_triggers_derive_what_would_be_derived_anew(tmp_path, seed):
    """Whatever is done by hand: once the indexes are followed up, which each
    import does, nothing is to be rebuilt."""
    state = tmp_path / "state"
    assert get(state).returncode == 0
    (tmp_path / "b.csv").write_text("number,title_zh\nGB/T 77-2001,尾\n")
    with opened(state) as db:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("INSERT INTO org (id, name) VALUES (1, 'o')")
        db.commit()
        acts = Acts(db, seed)
        for n in range(3):
            article = tmp_path / f"{n}.gmi"
            article.write_text(
                f"title: 第{n}\nsection: zcfg\npublished: 2026-01-02\n\n"
                f"第{n}篇。\n")
            done = 0
            for _ in range(150):
                with contextlib.suppress(sqlite3.IntegrityError):
                    acts.act()
                    done += 1
            db.commit()
            assert done > 75
            for command in (["article", article],
                            ["standards", "--source", "x", "--verified",
                             "2026-01-01", tmp_path / "b.csv"]):
                imported = run_guiju("import", command[0], "--state", state,
                                     "--capsule", CAPSULE, *command[1:])
                assert imported.returncode == 0, imported.stderr
            assert rebuild(state, "--dry-run") == (0, ["nothing differed"])
