# SPDX-License-Identifier: ISC
"""我的数据: all that is stored of a reader comes out, however much it is."""

import re
import sqlite3
import time

import pytest

from conftest import Server, run_guiju
from portal import CAPSULE
from test_contact import sql
from test_editors import add_account

pytestmark = [pytest.mark.portal, pytest.mark.pages]

MIB = 1 << 20


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    running = Server(CAPSULE, tmp_path_factory.mktemp("export"),
                     ["--workers", "1"])
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


def export(server, cert):
    """All parts that /my/data/ leads to, as one list of lines."""
    page = server.gemini("/my/data/", cert=cert)
    paths = [path for path, label in page.links if label.startswith("导出")]
    lines = []
    for number, path in enumerate(paths, 1):
        answer = server.gemini("/my/data/" + path, cert=cert)
        while answer.status == 44:  # a busy machine
            time.sleep(int(answer.meta))
            answer = server.gemini("/my/data/" + path, cert=cert)
        assert answer.status == 20, answer.header
        assert len(answer.body) < MIB
        first, *rest, last = answer.text.strip("\n").split("\n")
        assert f"第 {number} 份，共 {len(paths)} 份" in first
        assert ("/my/data/all/" in last) == (number < len(paths))
        lines += rest
    return lines


def tables_of_readers(server):
    """Tables whose rows belong to an account, by a chain of references that
    are deleted with it: {table: the columns that lead there}."""
    with sqlite3.connect(server.state / "portal.db") as db:
        tables = [name for name, in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'")]
        to = {name: [(row[2], row[3]) for row in db.execute(
            f"PRAGMA foreign_key_list({name})")
            if row[6] in ("CASCADE", "SET NULL")] for name in tables}
    found = {"account": None}
    while more := {name: next((ref for ref in to[name] if ref[0] in found),
                              None)
                   for name in tables if name not in found}:
        more = {name: ref for name, ref in more.items() if ref}
        if not more:
            break
        found.update(more)
    return set(found)


def test_large_notes_and_many_items_come_out_whole(portal, make_identity):
    who = make_identity("yi")
    add_account(portal, who, "yi")
    sql(portal, "INSERT INTO watch_list (account_id, name, note, token,"
        " created) SELECT max(id), '大清单', ?, ?, 0 FROM account",
        "注" * 300, "0" * 32)
    done = run_guiju(
        "sql", "--write", "--capsule", CAPSULE, "--state", portal.state,
        "INSERT INTO watch_item (list_id, kind, value, label, note, created)"
        " WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n"
        " WHERE n < 12000) SELECT (SELECT max(id) FROM watch_list),"
        " 'standard', 'absent-' || n, 'absent ' || n,"
        " replace(hex(zeroblob(150)), '00', '备') || n, 0 FROM n;")
    assert done.returncode == 0, done.stderr
    lines = export(portal, who.pair)
    items = [line for line in lines if ", standard, absent-" in line]
    assert len(items) == len(set(items)) == 12000
    assert all(re.search(r", 备{150}\d+, ", line) for line in items)
    assert any("注" * 300 in line for line in lines)
    for part in ("0", "999", "x", "01"):
        assert portal.gemini(f"/my/data/all/{part}.txt",
                             cert=who.pair).status == 51


def test_little_is_one_file_and_another_s_is_not_in_it(portal, make_identity):
    er = make_identity("er")
    add_account(portal, er, "er")
    lines = export(portal, er.pair)
    assert any("名字: er" in line for line in lines)
    assert not any("absent" in line for line in lines)
    assert [label for _, label in portal.gemini(
        "/my/data/", cert=er.pair).links if label.startswith("导出")] == \
        ["导出：本站存着的关于您的全部内容，一个文件"]
    assert portal.gemini("/my/data/all/1.txt").status == 60


def test_each_table_of_readers_is_in_the_export(portal):
    """A new table that belongs to accounts stands in a view of data_line, or
    here with why it does not."""
    not_theirs = {
        "account_code": "hashes of codes",
        "internal_note": "the staff's own",
        "shop_order_note": "the staff's own",
        "registration_note": "the staff's own",
        "watch_notice": "public changes of the standards of a list",
        "certificate": "its number stands with the registration",
        "request_note": "the staff's own",
        "kept_order_line": "no reader's any more",
    }
    with sqlite3.connect(portal.state / "portal.db") as db:
        views = "\n".join(text for text, in db.execute(
            "SELECT sql FROM sqlite_schema WHERE type = 'view' AND"
            " (name LIKE 'data%' OR name = 'registration_shown')"))
    missing = {table for table in tables_of_readers(portal)
               if not re.search(rf"\b{table}\b", views)}
    assert missing - set(not_theirs) == set()
