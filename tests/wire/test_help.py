# SPDX-License-Identifier: ISC
"""`guiju help`: the subcommands and the manuals, with nothing installed."""

import os
import pathlib
import pty
import re
import subprocess

import pytest

from conftest import GUIJU, ROOT, run_guiju

# The engine's, and those of the portal: its modules' and its editors'.
OURS = sorted(ROOT.glob("tools/manual/*.[1-8]"))
MANUALS = [*OURS, *sorted(ROOT.glob("capsule/functions/*/*.5")),
           *sorted(ROOT.glob("capsule/manual/*.[1-8]"))]


def topic_of(manual):
    return re.sub(r"^guiju[-.](?=.*\.)", "", manual.name).rpartition(".")[0]


@pytest.mark.portal
def test_the_list_names_each_manual():
    said = run_guiju("help")
    assert said.returncode == 0
    topics = re.search(r"guiju help TOPIC\n\n(.*)", said.stdout, re.S)[1]
    names = [line.split(maxsplit=1) for line in topics.splitlines()]
    assert sorted(topic for topic, _ in names) == sorted(
        topic_of(manual) for manual in MANUALS)
    assert all(about.strip() for _, about in names)


@pytest.mark.parametrize("manual", [
    pytest.param(path, id=path.name,
                 marks=() if path in OURS else pytest.mark.portal)
    for path in MANUALS])
def test_a_manual_is_shown_by_each_of_its_names(manual):
    name, _, section = manual.name.rpartition(".")
    shown = [run_guiju("help", word) for word in
             (topic_of(manual), manual.name, f"{name}({section})")]
    text = shown[0].stdout
    assert text.startswith(name.upper()) and text.count("\n") > 20
    assert "\b" not in text and ".Sh " not in text
    assert all(each.returncode == 0 and each.stdout == text
               for each in shown)


def test_an_unknown_topic_names_the_nearest():
    said = run_guiju("help", "gujiu")
    assert said.returncode == 2 and said.stdout == ""
    assert said.stderr == \
        "guiju: help: no manual gujiu, did you mean guiju?\n"


def on_a_terminal(pager):
    leader, follower = pty.openpty()
    done = subprocess.run([GUIJU, "help", "ini"], stdout=follower,
                          stderr=follower, stdin=subprocess.DEVNULL,
                          env={**os.environ, "PAGER": pager}, check=False,
                          timeout=60, start_new_session=True)
    os.close(follower)
    os.close(leader)
    return done


def test_a_terminal_gets_the_readers_pager(tmp_path):
    seen = pathlib.Path(tmp_path, "seen")
    done = on_a_terminal(f"cat >{seen}")
    assert done.returncode == 0
    assert seen.read_text() == run_guiju("help", "ini").stdout


def test_a_pager_that_quits_at_once_is_no_error():
    assert on_a_terminal("true").returncode == 0
