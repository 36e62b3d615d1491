# SPDX-License-Identifier: ISC
"""Each command that a manual shows does what the manual says: the displays
are run in a folder as the manual describes it."""

import lzma
import os
import re
import shutil
import subprocess

import pytest

from conftest import GUIJU, ROOT, Server
from manuals import MANUALS, commands, displays
from portal import CAPSULE

pytestmark = pytest.mark.portal  # what an editor does is the portal's


def shell(folder, block, **names):
    env = {**os.environ, **names,
           "PATH": f"{GUIJU.parent}:{os.environ['PATH']}"}
    return subprocess.run(["bash", "-eo", "pipefail", "-c", block],
                          cwd=folder, env=env, text=True, check=False,
                          capture_output=True, timeout=120)


def run(folder, block, **names):
    done = shell(folder, block, **names)
    assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def test_no_manual_has_a_command_that_is_not_run_here():
    have = {name for name in MANUALS if commands(name)}
    assert have == {"guiju.1", "guiju-editing.7", "guiju-operating.8"}


# --- editing -----------------------------------------------------------------


@pytest.fixture
def desk(tmp_path):
    """An editor's folder: capsule/, var/, and the files of the manual."""
    shutil.copytree(CAPSULE, tmp_path / "capsule")
    for name in "tests", "build":
        (tmp_path / name).symlink_to(ROOT / name)
    shown = displays("guiju-editing.7")
    article = next(b for b in shown if b.startswith("title: "))
    announcement = next(b for b in shown if b.startswith("公告: "))
    (tmp_path / "new.gmi").write_text(article)
    (tmp_path / "2026-12.tsv").write_text(
        announcement[:announcement.index("\nguiju ")])
    tables = CAPSULE / "content/catalogue"
    for name in "ics", "ccs", "prefixes":
        shutil.copy(next(tables.glob(f"{name}*.csv*")),
                    tmp_path / f"{name}.csv")
    (tmp_path / "iso.csv.xz").write_bytes(lzma.compress(
        b"number,title_en,issued\nISO 99991:2020,A sample,2020-01-01\n"))
    (tmp_path / "certs").mkdir()  # where an operator's server has its keys
    run(tmp_path, "guiju import article --quiet capsule/content/articles")
    return tmp_path


def test_an_editor_types_what_the_manual_says(desk):
    said = ""
    for block in commands("guiju-editing.7"):
        undo = re.fullmatch(r"guiju import undo \d+\n", block)
        if undo:  # the number is the one that the import said
            number = re.findall(r"undo (\d+)", said)[-1]
            block = f"guiju import undo {number}\n"
        said = run(desk, block)
    database = desk / "var/portal.db"
    articles = subprocess.run(
        ["sqlite3", database, "SELECT count(*) FROM article WHERE title = "
         "'标准化服务窗口上线'; SELECT status, reason FROM article "
         "WHERE id = 3; SELECT title FROM article WHERE id = 4; SELECT "
         "count(*) FROM account_code; SELECT count(*) FROM search_change"],
        text=True, capture_output=True, check=True).stdout
    assert articles == ("1\nwithdrawn|内容有误\n标准化服务窗口今天上线\n"
                        "1\n0\n")


# --- operating ---------------------------------------------------------------


def checked(block):
    """A server would not end: its flags are read, and its capsule."""
    return re.sub(r"^guiju serve", "guiju config", block, flags=re.M)


def test_an_operator_types_what_the_manual_says(tmp_path):
    shutil.copytree(CAPSULE, tmp_path / "capsule")
    server = Server(tmp_path / "capsule", tmp_path, ["--workers", "1"])
    try:
        (tmp_path / "prometheus").mkdir()
        for block in commands("guiju-operating.8"):
            if "cp backup.db" in block or ".backup" in block:
                continue  # test_rights.py restores
            said = run(tmp_path, checked(block)
                       .replace("/var/lib/guiju", "var")
                       .replace("/var/lib/prometheus", "prometheus"))
            assert "serve" not in block or said
        assert (tmp_path / "prometheus/guiju.prom").stat().st_size > 0
    finally:
        server.stop()


# --- guiju(1) ----------------------------------------------------------------


def test_the_examples_of_the_program_run(tmp_path):
    shutil.copytree(CAPSULE, tmp_path / "capsule")
    run(tmp_path, "guiju get --capsule capsule gemini://localhost/")
    for block in commands("guiju.1"):
        assert run(tmp_path, checked(block))
