# SPDX-License-Identifier: ISC
"""The loadable extensions. With ours, and not without it, the stock sqlite3
shell searches a database of ours; another's is part of our server, where root
has put it."""

import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile

import pytest

from conftest import ROOT, run_guiju, write_files
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
def test_a_shell_finds_what_a_reader_finds(database, words, found):
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


@pytest.mark.portal
def test_a_module_is_a_file_of_its_own(database):
    """The engine's extension has no function of a portal, a module has."""
    answer = shell(database, "SELECT std_key('GB/T 1.1-2009');")
    assert "no such function: std_key" in answer.stderr
    module = EXTENSION.with_name("standards")
    answer = shell(database, f".load {module}\n"
                   "SELECT std_key('GB/T 1.1-2009'), text_fold('A');")
    assert (answer.stderr, answer.stdout) == ("", "GB-T-1.1-2009|a\n")
    answer = shell(database, f".load {module}\nSELECT std_key('GB 1-2001');",
                   load=False)
    assert (answer.stderr, answer.stdout) == ("", "GB-1-2001\n")


TRUST = """CREATE TABLE editor(name);
    CREATE TRIGGER planted AFTER INSERT ON editor
        BEGIN SELECT edit('x', 'touch pwned; true '); END;
    CREATE VIEW counts AS SELECT 1 AS n
        WHERE edit('x', 'touch pwned; true ') IS NOT NULL;"""

# Older shells trust by themselves, newer ones only when they are told.
TRUSTING = "PRAGMA trusted_schema = ON;"


@pytest.mark.parametrize("module", ["guiju_sql", pytest.param(
    "standards", marks=pytest.mark.portal)])
def test_a_shell_that_loads_it_trusts_no_schema(tmp_path, module):
    """What somebody planted in a database runs no program: without the
    extension it does, which shows that the plant is a real one."""
    path = tmp_path / "planted.db"
    assert shell(path, TRUST, load=False).returncode == 0
    for sql in "INSERT INTO editor VALUES ('a');", "SELECT n FROM counts;":
        done = subprocess.run(
            ["sqlite3", path, TRUSTING,
             f".load {EXTENSION.with_name(module)}", sql],
            cwd=tmp_path, text=True, capture_output=True, check=False)
        assert "unsafe use of edit()" in done.stderr, done
        assert not (tmp_path / "pwned").exists()
    subprocess.run(
        ["sqlite3", path, TRUSTING, "INSERT INTO editor VALUES ('a');"],
        cwd=tmp_path, check=False, capture_output=True)
    assert (tmp_path / "pwned").exists()


def correct(state, change):
    done = run_guiju("sql", "--capsule", CAPSULE, "--state", state, "--write",
                     change)
    assert (done.returncode, done.stderr) == (0, "1 row changed\n")


@pytest.mark.portal
def test_a_corrected_article_lists_its_new_standards(tmp_path):
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


# --- an extension of somebody else's, in the server -------------------------

OTHERS = r"""
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1
static void call(sqlite3_context *c, int n, sqlite3_value **v)
{
	(void)n;
	sqlite3_result_int64(c, 2 * sqlite3_value_int64(v[0]));
}
int sqlite3_%s_init(sqlite3 *db, char **error, const sqlite3_api_routines *api)
{
	SQLITE_EXTENSION_INIT2(api)
	%s
	return sqlite3_create_function(db, "twice", 1,
	    SQLITE_UTF8 | SQLITE_INNOCUOUS, 0, call, 0, 0);
}
"""


def build(folder, entry="twice", first="(void)error;"):
    """A file libtwice.so with this entry point, mode 0644."""
    source, made = folder / "twice.c", folder / "libtwice.so"
    source.write_text(OTHERS % (entry, first))
    subprocess.run(["cc", "-shared", "-fPIC", "-o", made, source], check=True)
    made.chmod(0o644)
    return made


@pytest.fixture
def roots():
    """A folder that root alone can change, and so can each above it."""
    home = pathlib.Path.home().resolve()
    if os.geteuid() != 0 or any(
            path.stat().st_uid != 0 or path.stat().st_mode & 0o022
            for path in [home, *home.parents]):
        pytest.skip("only root can put a file where root alone can change it")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="guiju-", dir=home))
    yield folder
    shutil.rmtree(folder)


def ask_for(capsule, functions):
    """Let the capsule name them, and have a page that calls twice()."""
    with (capsule / "capsule.ini").open("a") as file:
        file.write(f"\n[capsule]\nfunctions = {functions}\n")
    write_files(capsule, {
        "pages/twice.gmi": "% one SELECT twice(21) AS y\ntwice: {y}\n"})


def test_an_extension_of_roots_is_part_of_the_server(serve, capsule, roots):
    """It is loaded before the sandbox, and SQL can load no other."""
    made = build(roots)
    ask_for(capsule, made)
    write_files(capsule, {"pages/load.gmi": "% one SELECT load_extension("
                          f"'{made.with_suffix('')}') AS y\nloaded {{y}}\n"})
    checked = run_guiju("check", capsule)
    assert (checked.returncode, checked.stdout) == (0, "")
    server = serve("--workers", "2")
    assert "sandbox: " in server.log
    assert server.gemini("/twice").text == "twice: 42\n"
    assert server.gemini("/load").status == 40
    assert server.wait_log("not authorized")
    assert "run: reloaded" in server.reload()
    assert server.gemini("/twice").text == "twice: 42\n"


def spoil(made, what):
    """Make it what guiju must not load; its path, and what is said of it."""
    if what == "a file that others may write":
        made.chmod(0o666)
        return made, f"{made}: others than root can change it"
    if what == "a file of a group that may write":
        made.chmod(0o664)
        return made, f"{made}: others than root can change it"
    if what == "a file of another user's":
        os.chown(made, 65534, -1)
        return made, f"{made}: others than root can change it"
    if what == "a folder that others may write":
        made.parent.chmod(0o777)
        return made, f"{made.parent}: others than root can change it"
    if what == "a link to a file that others may write":
        made.chmod(0o666)
        link = made.parent / "link.so"
        link.symlink_to(made.name)
        return link, f"{made}: others than root can change it"
    if what == "no file":
        made.unlink()
        return made, f"{made}: No such file or directory"
    if what == "another entry":
        build(made.parent, entry="thrice")
        return made, f"{made}: is not an extension of SQLite"
    if what == "no library":
        made.write_text("#!/bin/sh\n")
        return made, f"{made}: "
    assert what == "an entry that fails"
    build(made.parent, first='*error = sqlite3_mprintf("not today");'
          ' return SQLITE_ERROR;')
    return made, f"{made}: not today"


@pytest.mark.parametrize("what", [
    "a file that others may write", "a file of a group that may write",
    "a file of another user's", "a folder that others may write",
    "a link to a file that others may write", "no file", "another entry",
    "no library", "an entry that fails"])
def test_a_wrong_extension_is_refused(serve, capsule, roots, what):
    """It is refused at the start, by the check and at a reload."""
    server = serve("--workers", "1")
    path, said = spoil(build(roots), what)
    ask_for(capsule, path)
    for done in (run_guiju("check", capsule), run_guiju(
            "get", "--capsule", capsule, "--state", server.state,
            "gemini://localhost/")):
        assert done.returncode != 0
        assert said in done.stdout + done.stderr, done
    assert "not reloaded" in server.reload()
    assert said in server.log
    assert server.gemini("/").status == 20
