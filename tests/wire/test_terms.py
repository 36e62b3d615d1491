# SPDX-License-Identifier: ISC
"""Words that found nothing are counted by reading pages: over both protocols,
without the reader's doing anything, and without a trace of the reader."""

import os
import shutil
import signal
import sqlite3
import time
import urllib.parse

import pytest

from conftest import Server
from portal import CAPSULE

pytestmark = [pytest.mark.portal, pytest.mark.pages]

FOUND_S = 60


def rows(server):
    with sqlite3.connect(server.state / "portal.db", timeout=20) as db:
        return dict(((name, term), n) for name, term, n in db.execute(
            "SELECT name, term, sum(n) FROM guiju_term GROUP BY 1, 2"))


def wait_for(server, wanted):
    deadline = time.monotonic() + FOUND_S
    while time.monotonic() < deadline:
        if all(rows(server).get(key, 0) >= n for key, n in wanted.items()):
            return
        time.sleep(0.1)
    assert wanted == rows(server)


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    folder = tmp_path_factory.mktemp("terms")
    shutil.copytree(CAPSULE, folder / "capsule")
    running = Server(folder / "capsule", folder, ["--workers", "2"])
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


def words(text):
    return urllib.parse.quote(text, safe="")


def test_words_are_counted_without_their_reader(portal):
    asked = {
        f"/standard/list/{words('鼱鼩 ＡＢ')}/-/number/": ("standard", "鼱鼩 ab"),
        f"/standard/near/{words('GB/T 98765-2016')}":
            ("standard", "gb/t 98765-2016"),
        f"/search/title/{words('鼱鼱')}/": ("article", "鼱鼱"),
        f"/search/all/{words('鼩鼩')}/": ("article", "鼩鼩"),
    }
    for path in asked:
        assert portal.gemini(path).status == 20
        portal.gopher(f"/{urllib.parse.unquote(path).lstrip('/')}"
                      if "%2F" not in path else path)
    wait_for(portal, {key: 1 for key in asked.values()})
    assert rows(portal)["standard", "鼩鼩"] >= 1
    assert not any("鼱" in line for line in portal.lines)
    with sqlite3.connect(portal.state / "portal.db") as db:
        columns = [row[1] for row in
                   db.execute("PRAGMA table_info(guiju_term)")]
        assert columns == ["name", "term", "day", "n"]
        days = {row[0] for row in db.execute("SELECT day FROM guiju_term")}
    assert all(len(day) == 10 for day in days), days


def test_private_words_are_not_kept(portal):
    for text in ["13912345678", "x@y.example", "110105194912310021",
                 "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY"]:
        for path in (f"/standard/list/{words(text)}/-/number/",
                     f"/search/title/{words(text)}/"):
            assert portal.gemini(path).status == 20
    assert portal.gemini(
        f"/standard/list/{words('鼩鼱')}/-/number/").status == 20
    wait_for(portal, {("standard", "鼩鼱"): 1})
    kept = " ".join(term for _, term in rows(portal))
    assert "139" not in kept and "@" not in kept and "110105" not in kept
    assert "ab3" not in kept


def test_what_was_folded_outlives_a_crash(portal):
    path = f"/standard/list/{words('鼩鼱鼩')}/-/number/"
    assert portal.gemini(path).status == 20
    wait_for(portal, {("standard", "鼩鼱鼩"): 1})
    for pid in portal.children():
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + FOUND_S
    while len(portal.children()) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert portal.gemini(path).status == 20
    wait_for(portal, {("standard", "鼩鼱鼩"): 2})


def test_one_address_has_a_share_of_the_list(tmp_path):
    """Each worker counts 20 words per day of one address."""
    running = Server(CAPSULE, tmp_path, ["--workers", "1"])
    for i in range(25):
        running.gopher(f"/search/title/鼱鼩{i}/", source="127.0.0.2")
    running.gopher("/search/title/鼩鼱鼱/", source="127.0.0.3")
    wait_for(running, {("article", "鼩鼱鼱"): 1})
    kept = {term for _, term in rows(running)}
    assert running.stop() == 0, running.log
    running.check_sane()
    assert kept == {f"鼱鼩{i}" for i in range(20)} | {"鼩鼱鼱"}
