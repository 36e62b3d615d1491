# SPDX-License-Identifier: ISC
"""The editors' pages: who may see them, and what is done there. A dispute is
settled once, with a reply; a word is taken off the list; nobody else can."""

import base64
import hmac
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import time
import urllib.parse

import pytest

from conftest import Server, run_guiju
from portal import CAPSULE

pytestmark = [pytest.mark.portal, pytest.mark.pages]

PAGES = ["/editor/", "/editor/dispute/", "/editor/words/", "/editor/wanted/",
         "/editor/report/", "/editor/report/find",
         "/editor/report/HN2026-000001/",
         "/editor/words/day/2026-11-23", "/editor/message/",
         "/editor/message/done", "/editor/message/find",
         "/editor/message/LY2025-000001/", "/editor/member/",
         "/editor/member/done", "/editor/member/find",
         "/editor/member/of/HY-0001/", "/editor/shop/", "/editor/shop/find",
         "/editor/shop/list/book/1", "/editor/shop/item/9/",
         "/editor/order/kept/", "/editor/comment/", "/editor/comment/done",
         "/editor/comment/find", "/editor/comment/YJ2025-0001/",
         "/editor/plan/", "/editor/plan/find", "/editor/plan/of/YL-2026-001/",
         "/editor/pilot/", "/editor/pilot/find",
         "/editor/pilot/of/SD-2025-001/"]
REMARK = "=> gemini://evil.example/ 见公告\u202e `x`"


def sql(server, text, *values):
    with sqlite3.connect(server.state / "portal.db", timeout=20) as db:
        return db.execute(text, values).fetchall()


def dispute(server, number="GB/T 98001-2016"):
    return sql(server, "INSERT INTO status_dispute (key, number, kind, remark,"
               " created) VALUES (?, ?, '作废', ?, 1795300000) RETURNING id",
               number.replace("/", "-").replace(" ", "-"), number, REMARK)[0][0]


def follow(server, path, label, cert, reply=None):
    """Take the link with this label; answer its prompt if it has one."""
    to = urllib.parse.urljoin(path, server.gemini(path, cert=cert).link(label))
    answer = server.gemini(to, cert=cert)
    if cert is not None and answer.status == 30:
        to = answer.meta  # the prompt has an address of its own
        answer = server.gemini(to, cert=cert)
    if answer.status == 10:
        answer = server.gemini(f"{to}?{urllib.parse.quote(reply)}", cert=cert)
    return answer, to


def add_account(server, identity, name, role=None):
    done = run_guiju(
        "sql", "--capsule", server.capsule, "--state", server.state, "--write",
        "INSERT INTO account (name, folded, consent, consented, created,"
        f" last_seen) VALUES ('{name}', name_fold('{name}'), 'test', now(),"
        " now(), now())",
        "INSERT INTO account_certificate (account_id, fingerprint, label,"
        " state, first_seen, last_seen, changed) SELECT max(id),"
        f" '{identity.fingerprint}', '', 'active', now(), now(), now()"
        " FROM account")
    assert done.returncode == 0, done.stderr
    if role is not None:
        give_role(server, name, role)


def give_role(server, name, role):
    """As guiju-editing(7) says it."""
    done = run_guiju("member", "--capsule", server.capsule, "--state",
                     server.state, "--certs", server.certs, "role", name, role)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def editor(make_identity):
    return make_identity("wang")


@pytest.fixture(scope="module")
def portal(tmp_path_factory, editor):
    folder = tmp_path_factory.mktemp("editors")
    shutil.copytree(CAPSULE, folder / "capsule")
    running = Server(folder / "capsule", folder)
    add_account(running, editor, "王编辑", "editor")
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


def test_nobody_else_sees_the_editors_pages(portal, make_identity):
    stranger = make_identity("王编辑")
    add_account(portal, stranger, "李读者")
    sealed = [f"/editor/{place}/{'A' * 32}" for place in (
        "dispute/1/accept", "words/standard/x/clear", "wanted/x/clear",
        "report/HN2026-000001/withdraw", "report/HN2026-000001/restore",
        "message/LY2025-000001/answer", "message/LY2025-000001/note",
        "message/LY2025-000001/publish", "dispute/1/note",
        "member/application/RH2026-0001/admit",
        "member/application/RH2026-0001/contact",
        "plan/of/YL-2026-001/open", "pilot/of/SD-2021-003/certificate",
        "plan/of/YL-2026-001/set/x", "pilot/of/SD-2025-001/set/x",
        "comment/YJ2025-0001/adopt", "comment/YJ2025-0001/reject",
        "member/of/HY-0001/renew", "member/of/HY-0001/end")]
    for page in PAGES + sealed:
        for cert, status in ((None, 60), (stranger.pair, 61)):
            answer = portal.gemini(page, cert=cert)
            # Without a good seal one is led back, and told there.
            if answer.status == 30:
                assert page in sealed
                answer = portal.gemini(
                    urllib.parse.urljoin(page, answer.meta), cert=cert)
            assert answer.status == status, page
        assert stranger.fingerprint[:12] in answer.meta
        # An error: Gopher has none of it.
        assert portal.gopher(page).startswith(b"3"), page
    for page in pathlib.Path(CAPSULE, "pages").rglob("*.gmi"):
        if not {"editor", "my"} & set(page.parts):
            assert "/editor/" not in page.read_text(), page


def test_a_new_page_of_the_editors_is_closed(portal, make_identity, editor):
    """The folder's guard runs before it, whatever the page says, in the
    folders below too, and in its plain text."""
    pages = portal.capsule / "pages/editor"
    (pages / "new/[deep]").mkdir(parents=True)
    for name in ("plain.gmi", "new/index.gmi", "new/[deep]/page.gmi",
                 "new/table.csv"):
        (pages / name).write_text("inside\n")
    portal.reload()
    for path in ("/editor/plain", "/editor/plain.txt", "/editor/new/",
                 "/editor/new/x/page", "/editor/new/table.csv"):
        assert portal.gemini(path).status == 60, path
        answer = portal.gemini(path, cert=make_identity("x").pair)
        assert answer.meta.startswith("/my/register/"), path
        assert b"inside" not in portal.gopher(path), path
        answer = portal.gemini(path, cert=editor.pair)
        assert answer.status == 20 and b"inside" in answer.body, path
    shutil.rmtree(pages / "new")
    (pages / "plain.gmi").unlink()
    portal.reload()


def test_a_stranger_cannot_act(portal, editor, make_identity):
    """A seal is its reader's own: an editor's does not serve another."""
    stranger = make_identity("other")
    number = dispute(portal)
    page = portal.gemini("/editor/dispute/", cert=editor.pair)
    to = urllib.parse.urljoin("/editor/dispute/",
                              page.link(f"通过第 {number} 号"))
    for cert in (stranger.pair, None):
        answer = portal.gemini(f"{to}?yes", cert=cert)
        assert answer.status in (30, 60, 61), answer.header
    assert sql(portal, "SELECT state FROM status_dispute WHERE id = ?",
               number) == [("待审核",)]
    sql(portal, "DELETE FROM status_dispute")


@pytest.mark.parametrize("label, state", [
    ("通过第", "通过"), ("驳回第", "驳回"), ("忽略第", "忽略")])
def test_a_dispute_is_settled_once(portal, editor, label, state):
    number = dispute(portal)
    page = portal.gemini("/editor/dispute/", cert=editor.pair)
    # The remark is there, as text.
    assert "> => gemini://evil.example/ 见公告 `x`" in page.text
    assert not any("evil" in address for address, _ in page.links)
    answer, to = follow(portal, "/editor/dispute/", f"{label} {number}",
                        editor.pair, "已按 2026 年第 9 号公告更正\n=> /x")
    assert answer.status == 30 and answer.meta.endswith("/editor/dispute/")
    rows = sql(portal, "SELECT state, answer, decided IS NOT NULL"
               " FROM status_dispute WHERE id = ?", number)
    assert rows == [(state, "已按 2026 年第 9 号公告更正 => /x", 1)]
    # The seal is used up, and a fresh one finds it settled.
    again = portal.gemini(f"{to}?again", cert=editor.pair)
    assert again.status == 59 and "已经处理" in again.meta
    other = dispute(portal, "GB/T 98002-2016")
    page = portal.gemini("/editor/dispute/", cert=editor.pair)
    fresh = urllib.parse.urljoin("/editor/dispute/",
                                 page.link(f"{label} {other}"))
    sql(portal, "UPDATE status_dispute SET state = '通过', decided = 1"
        " WHERE id = ?", other)
    prompt = portal.gemini(fresh, cert=editor.pair).meta
    late = portal.gemini(f"{prompt}?late", cert=editor.pair)
    assert late.status == 59 and "已经处理" in late.meta
    shown = portal.gemini("/standard/GB-T-98001-2016/dispute/").text
    assert "已按 2026 年第 9 号公告更正 => /x" in shown
    assert ("见公告" in shown) == (state != "忽略")
    home = portal.gemini("/editor/", cert=editor.pair).text
    assert f"王编辑　{state}异议：第 {number} 号" in home
    sql(portal, "DELETE FROM status_dispute")


def forge(key, folder, fingerprint):
    """A seal, as whoever has the key file makes one."""
    head = int(time.time()).to_bytes(4, "big") + os.urandom(8)
    mac = hmac.digest(key, head + f"{folder}\0{fingerprint}".encode(),
                      "sha256")[:12]
    return base64.urlsafe_b64encode(head + mac).decode()


def test_a_stolen_key_makes_no_link_that_acts(portal, editor):
    """With the key file and an editor's fingerprint one can make a link to a
    prompt, and no more: what acts is typed behind the prompt."""
    key = (portal.certs / "seal.key").read_bytes()
    number = dispute(portal)
    folder = f"/editor/dispute/{number}/ignore/"
    forged = folder + forge(key, folder, editor.fingerprint)
    for link in (forged, f"{forged}?forged%20by%20a%20link"):
        answer = portal.gemini(link, cert=editor.pair)
        assert answer.status == 30 and answer.meta.startswith(folder)
        assert "forged" not in answer.meta
        assert portal.gemini(answer.meta, cert=editor.pair).status == 10
    # The key of the prompts is another one.
    again = portal.gemini(
        f"{folder}{forge(key, folder, editor.fingerprint)}?x", cert=editor.pair)
    assert again.status == 30 and again.meta.startswith(folder)
    assert sql(portal, "SELECT state, answer FROM status_dispute WHERE id = ?",
               number) == [("待审核", None)]
    # And the key is in no copy of the database.
    with sqlite3.connect(portal.state / "portal.db", timeout=20) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for path in portal.state.rglob("*"):
        assert not path.is_file() or key not in path.read_bytes(), path
    assert "guiju_secret" not in sql(
        portal, "SELECT group_concat(name) FROM sqlite_schema")[0][0]
    sql(portal, "DELETE FROM status_dispute")


def test_a_reply_must_be_written(portal, editor):
    number = dispute(portal)
    for reply in (" ", "x", "y" * 301):
        answer, _ = follow(portal, "/editor/dispute/", f"驳回第 {number}",
                           editor.pair, reply)
        assert answer.status == 10, reply
    assert sql(portal, "SELECT state FROM status_dispute WHERE id = ?",
               number) == [("待审核",)]
    sql(portal, "DELETE FROM status_dispute")


def test_searched_words_are_listed_and_cleared(portal, editor):
    sql(portal, "INSERT INTO guiju_term VALUES"
        " ('standard', '椰子 => x', date('now', '+8 hours'), 3),"
        " ('article', '19001', date('now', '+8 hours'), 1),"
        " ('standard', '古', '2020-01-01', 9), ('other', '别', '2020-01-01', 1)")
    page = portal.gemini("/editor/words/", cert=editor.pair)
    assert "* 标准：椰子 => x（3 次" in page.text
    assert page.text.index("椰子") < page.text.index("19001")
    assert "古" not in page.text and "别" not in page.text
    day = portal.gemini("/editor/words/day/2020-01-01", cert=editor.pair).text
    assert "* 标准：古（9 次" in day and "椰子" not in day
    for word in ("椰子 => x", "19001"):
        answer, _ = follow(portal, "/editor/words/", f"去掉“{word}”",
                           editor.pair, "不")
        assert answer.status == 30
        assert word in portal.gemini("/editor/words/", cert=editor.pair).text
        answer, _ = follow(portal, "/editor/words/", f"去掉“{word}”",
                           editor.pair, "去掉")
        assert answer.status == 30
    left = sql(portal, "SELECT term FROM guiju_term ORDER BY term")
    assert left == [("别",), ("古",)]
    assert "清除词语：19001" in portal.gemini("/editor/",
                                          cert=editor.pair).text
    # What was typed is in no line of the log.
    assert not any("椰" in line or "%E6%A4%B0" in line
                   for line in portal.lines)


def test_wanted_words_are_listed_and_cleared(portal, editor):
    path = "/standard/wanted/%E9%BC%B1%E9%BC%A9/"
    answer, _ = follow(portal, path, "提交给编辑部", None)
    assert answer.status == 20 and "已提交" in answer.text
    answer, _ = follow(portal, "/standard/wanted/13812345678/",
                       "提交给编辑部", None)
    assert answer.status == 20 and "没有记录" in answer.text
    page = portal.gemini("/editor/wanted/", cert=editor.pair)
    assert "* 鼱鼩（1 次" in page.text and "138" not in page.text
    answer, _ = follow(portal, "/editor/wanted/", "去掉“鼱鼩”", editor.pair,
                       "去掉")
    assert answer.status == 30
    assert sql(portal, "SELECT count(*) FROM zero_hit") == [(0,)]


def test_a_report_is_withdrawn_and_shown_again(portal, editor):
    def draft_act(page, label, text=None):
        to = urllib.parse.urljoin(page, portal.gemini(page).link(label))
        to += "" if text is None else f"?{urllib.parse.quote(text)}"
        return urllib.parse.urlsplit(portal.gemini(to).meta).path

    said = "请看 evil.example 1"
    report = draft_act(draft_act("/validity/", "粘贴清单",
                                 f"GB/T 19001-2016，{said}"), "出具报告")
    number = report.split("/")[3]
    kept = sql(portal, "SELECT * FROM validity_report WHERE number = ?", number)
    csv, texts = f"{report}csv/1.csv", f"{report}text/1.txt"
    listed = portal.gemini("/editor/report/", cert=editor.pair)
    assert f"> {said}" in listed.text
    page = f"/editor/report/{number}/"
    assert f"2. {said}" in portal.gemini(page, cert=editor.pair).text
    for reason in ("x", "y" * 101):
        answer, _ = follow(portal, page, "撤下", editor.pair, reason)
        assert answer.status == 10
    answer, _ = follow(portal, page, "撤下", editor.pair, "与标准\n=> 无关")
    assert answer.status == 30
    for path in (report, report + ".txt", csv, texts, f"{report}page/2"):
        answer = portal.gemini(path)
        assert answer.status == 52 and "与标准 => 无关" in answer.meta, path
        assert re.search(r"于 \d{4}-\d\d-\d\d 撤下", answer.meta)
    assert portal.gopher(report).startswith(b"3")
    assert said not in portal.gemini("/editor/report/", cert=editor.pair).text
    assert sql(portal, "SELECT * FROM validity_report WHERE number = ?",
               number) == kept
    assert sql(portal, "SELECT count(*) FROM validity_line l JOIN"
               " validity_report r ON r.id = l.report_id WHERE r.number = ?",
               number) == [(2,)]
    answer, _ = follow(portal, page, "恢复", editor.pair, "不")
    assert portal.gemini(report).status == 52
    answer, _ = follow(portal, page, "恢复", editor.pair, "恢复")
    assert answer.status == 30
    assert portal.gemini(report).status == 20
    home = portal.gemini("/editor/", cert=editor.pair).text
    assert f"恢复报告：{number}" in home and f"撤下报告：{number}" in home
    found = portal.gemini(f"/editor/report/find?{number.lower()}",
                          cert=editor.pair)
    assert found.status == 30 and found.meta.endswith(page)


def test_an_editor_who_left_is_refused(portal, make_identity):
    gone = make_identity("gone")
    add_account(portal, gone, "李编辑", "editor")
    assert portal.gemini("/editor/", cert=gone.pair).status == 20
    give_role(portal, "李编辑", "-")
    assert portal.gemini("/editor/", cert=gone.pair).status == 61
