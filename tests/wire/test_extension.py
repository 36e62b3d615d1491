# SPDX-License-Identifier: ISC
"""The loadable extension: with it, and not without it, the stock sqlite3
shell searches a database of ours."""

import re
import shutil
import sqlite3
import subprocess

import pytest

from conftest import ROOT, run_guiju
from portal import CAPSULE

EXTENSION = ROOT / "build/release/guiju_sql.so"

pytestmark = pytest.mark.skipif(shutil.which("sqlite3") is None,
                                reason="there is no sqlite3 shell")


def shell(database, sql, load=True):
    commands = [".bail on"]
    if load:
        commands.append(f".load {EXTENSION.with_suffix('')}")
    return subprocess.run(["sqlite3", str(database)], text=True, timeout=60,
                          input="\n".join([*commands, sql]) + "\n",
                          capture_output=True, check=False)


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "portal.db"
    made = shell(path, """
        CREATE TABLE t(id INTEGER PRIMARY KEY, x);
        CREATE TABLE guiju_tally(name, id, n, PRIMARY KEY(name, id));
        INSERT INTO t VALUES (1, '国家标准化管理委员会'), (2, '执行ISO9001。');
        INSERT INTO guiju_tally VALUES ('article', 7, 42);
        CREATE VIRTUAL TABLE f USING fts5(x, content='t', content_rowid='id',
            tokenize='cjk', detail=none);
        INSERT INTO f(rowid, x) SELECT id, x FROM t;""")
    assert (made.returncode, made.stderr) == (0, "")
    return path


@pytest.mark.parametrize("words, found", [
    ("标", "1"), ("标准", "1"), ("准化管理", "1"), ("化标", ""),
    ("iso 9001", "2"), ("ＩＳＯ９００１", "2"), ("900", "")])
def test_search(database, words, found):
    answer = shell(database, f"""SELECT rowid FROM f
        WHERE f MATCH fts_query('{words}', 'and') AND text_has(x, '{words}');
        """)
    assert (answer.stderr, answer.stdout.strip()) == ("", found)


def test_counts_are_read_from_the_table(database):
    answer = shell(database, """SELECT tally('article', 7),
        tally('article', 8), tally_add('article', 7);""")
    assert answer.stdout == "42|0|42\n"


def test_a_plain_shell_reads_all_but_the_index(database):
    answer = shell(database, "SELECT x FROM t WHERE id = 2;", load=False)
    assert answer.stdout == "执行ISO9001。\n"
    answer = shell(database, "SELECT * FROM f WHERE f MATCH 'x';", load=False)
    assert "no such tokenizer: cjk" in answer.stderr


def follow_up():
    """What is run after a change of articles: the end of the import, as
    README.md says."""
    sql = (CAPSULE / "import/_search.sql").read_text()
    for word, by in (("^%#", "--"), ("^% do", ";"), ("^%", "")):
        sql = re.sub(word, by, sql, flags=re.MULTILINE)
    return sql


def correct(state, change):
    done = shell(state / "portal.db",
                 f"BEGIN IMMEDIATE;\n{change}\n{follow_up()};COMMIT;")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_corrected_article(tmp_path):
    """It is found by its new words and lists the standards that it names."""
    article = tmp_path / "new.gmi"
    article.write_text("title: 砺石\nsection: zcfg\n"
                       "published: 2026-11-20 09:00\n\n见 GB/T 1.1-2009。\n")
    state = ["--capsule", CAPSULE, "--state", tmp_path]
    for words in (["article", article],
                  ["standards",
                   CAPSULE / "content/catalogue/standards-gb.csv"]):
        done = run_guiju("import", words[0], "--quiet", *state, words[1])
        assert done.returncode == 0, done.stderr

    def get(path):
        return run_guiju("get", *state, f"gemini://localhost{path}").stdout

    assert "=> /standard/GB-T-1.1-2009 " in get("/article/1")
    assert "=> /article/1 " in get("/standard/GB-T-1.1-2009/articles")
    correct(tmp_path, "UPDATE article SET body = '见 GB/T 19001 砂轮。';")
    assert "GB-T-1.1-2009" not in get("/article/1")
    assert "=> /family/GB-T-19001 " in get("/article/1")
    assert "/article/1 " not in get("/standard/GB-T-1.1-2009/articles")
    assert "（文中未写年代号）" in get("/standard/GB-T-19001-2016/articles")
    assert "=> /article/1 " in get("/search/text/%E7%A0%82%E8%BD%AE/")
    correct(tmp_path, "UPDATE article SET status = 'withdrawn', reason = '误';")
    assert "/article/1 " not in get("/standard/GB-T-19001-2016/articles")
    with sqlite3.connect(tmp_path / "portal.db") as db:
        assert db.execute("SELECT count(*) FROM article_standard"
                          ).fetchone() == (0,)
