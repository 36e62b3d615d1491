# SPDX-License-Identifier: ISC
"""The pages below /my/ of the portal, by following only what they show:
register with the way back, a second device, one's data, an editor by
invitation, and all of it deleted."""

import re
import urllib.parse

import pytest

from conftest import Server, run_guiju
from portal import CAPSULE

pytestmark = [pytest.mark.portal, pytest.mark.pages]


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    running = Server(CAPSULE, tmp_path_factory.mktemp("my"),
                     ["--workers", "1"])
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


def step(server, path, label, cert, said):
    """Take the one link of that label, and answer its prompt. Where it leads
    in the end: the path and the answer."""
    page = server.gemini(path, cert=cert)
    assert page.status == 20, page.header
    path = urllib.parse.urljoin(path, page.link(label))
    answer = server.gemini(path, cert=cert)
    while answer.status in (10, 11, 30):
        if answer.status == 30:
            path = urllib.parse.urljoin(path, answer.meta)
        else:
            assert said is not None, answer.header
            path, said = f"{path}?{urllib.parse.quote(said)}", None
        answer = server.gemini(path, cert=cert)
    return path, answer


def register(server, wanted, name, cert):
    away = server.gemini(wanted, cert=cert)
    assert away.status == 30 and away.meta.startswith("/my/register/")
    page = server.gemini(away.meta, cert=cert)
    for said in ("保存什么", "给谁看", "保存多久"):
        assert said in page.text
    return step(server, away.meta, "同意并起一个名字", cert, name)


def test_a_reader_registers_and_comes_back(portal, make_identity):
    mei, lan = make_identity("mei").pair, make_identity("lan").pair
    assert portal.gemini("/my/").status == 60
    # To the page that was wanted, not to the beginning.
    path, answer = register(portal, "/my/data/", "王美", mei)
    assert path == "/my/data/" and "* 名字：王美" in answer.text
    assert re.search(r"同意：2026-12-01 版说明，\d{4}-", answer.text)
    # The name is taken, in any form, and another is asked for.
    away = portal.gemini("/my/", cert=lan).meta
    page = portal.gemini(away, cert=lan)
    prompt = portal.gemini(f"{away}{page.link('同意并起一个名字')}",
                           cert=lan).meta
    answer = portal.gemini(f"{prompt}?{urllib.parse.quote('王美')}", cert=lan)
    assert answer.status == 10 and "已经有人用了" in answer.meta
    answer = portal.gemini(f"{prompt}?{urllib.parse.quote('王岚')}", cert=lan)
    assert (answer.status, answer.meta) == (30, "/my/")
    # Registered already: on to where one wanted to go.
    assert portal.gemini(away, cert=lan).meta == "/my/"
    # Gopher has none of it, and is told where it is.
    assert portal.gopher("/my/").startswith(b"3")


def test_a_second_device_and_the_data(portal, make_identity):
    first, second = make_identity("电脑"), make_identity("手机")
    register(portal, "/my/", "李一", first.pair)
    _, page = step(portal, "/my/device/", "配对代码", first.pair, "是")
    code = re.search(r"^(\w{4}-){3}\w{4}$", page.text, re.M).group()
    path, answer = step(portal, "/my/enter/-/", "输入代码", second.pair,
                        "AAAA-BBBB-CCCC-DDDD")
    assert path == "/my/enter/-/wrong" and "# 代码不对" in answer.text
    path, answer = step(portal, "/my/enter/-/", "输入代码", second.pair, code)
    assert path == "/my/device/" and "手机" in answer.text
    assert "还没有恢复代码" in portal.gemini("/my/", cert=second.pair).text
    _, page = step(portal, "/my/device/", "换一套恢复代码", second.pair, "是")
    assert len(re.findall(r"^\* (?:\w{4}-){3}\w{4}$", page.text, re.M)) == 10
    assert "还没有恢复代码" not in portal.gemini("/my/", cert=first.pair).text
    step(portal, "/my/device/", f"撤销 {first.fingerprint[:12]}", second.pair,
         "丢了")
    answer = portal.gemini("/my/", cert=first.pair)
    assert answer.status == 62 and "丢了" in answer.meta
    data = portal.gemini("/my/data/all.txt", cert=second.pair)
    assert "名字: 李一" in data.text and second.fingerprint in data.text
    path, _ = step(portal, "/my/data/", "删除账户", second.pair, "不")
    assert path == "/my/data/"
    path, _ = step(portal, "/my/data/", "删除账户", second.pair, "删除")
    assert path == "/"
    assert portal.gemini("/my/", cert=second.pair).status == 30


def test_a_second_device_comes_back_to_what_it_wanted(portal, make_identity):
    """By a code, and after the other device has agreed: on to the page that had
    sent the reader away, with a wrong code on the way."""
    first, second, third = (make_identity(name) for name in "甲乙丙")
    register(portal, "/my/", "李二", first.pair)
    _, page = step(portal, "/my/device/", "配对代码", first.pair, "是")
    code = re.search(r"^(\w{4}-){3}\w{4}$", page.text, re.M).group()
    wanted = "/my/data/"

    def enter(cert):
        away = portal.gemini(wanted, cert=cert).meta
        return portal.gemini(away, cert=cert).link("已经有账户")

    way = enter(second.pair)
    assert way.startswith("/my/enter/") and way != "/my/enter/-/"
    path, answer = step(portal, way, "输入代码", second.pair,
                        "AAAA-BBBB-CCCC-DDDD")
    assert path == f"{way}wrong" and answer.link("再试") == "./"
    path, answer = step(portal, way, "输入代码", second.pair, code)
    assert path == wanted and "李二" in answer.text
    way = enter(third.pair)
    path, asked = step(portal, way, "放行", third.pair, "李二")
    assert path == f"{way}asked" and asked.link("继续") == "./"
    # Not yet let in: the page from which one asks.
    assert "# 加上身份" in portal.gemini(way, cert=third.pair).text
    step(portal, "/my/device/", f"同意 {third.fingerprint[:12]}", first.pair,
         "是")
    answer = portal.gemini(way, cert=third.pair)
    assert (answer.status, answer.meta) == (30, wanted)
    # Who is in already does not enter once more.
    assert portal.gemini("/my/enter/-/", cert=first.pair).meta == "/my/device/"


def test_an_editor_by_invitation(portal, make_identity):
    editor = make_identity("编辑").pair
    register(portal, "/my/", "赵编辑", editor)
    assert portal.gemini("/editor/", cert=editor).status == 61
    done = run_guiju("member", "--capsule", CAPSULE, "--state", portal.state,
                     "--certs", portal.certs, "invite", "editor")
    assert done.returncode == 0, done.stderr
    path, answer = step(portal, "/my/data/", "输入邀请代码", editor,
                        done.stdout.split()[-1])
    assert path == "/my/" and "编辑部" in answer.text
    assert portal.gemini("/editor/", cert=editor).status == 20
