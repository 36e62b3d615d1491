# SPDX-License-Identifier: ISC
"""The help of the subcommands, and the settings that `guiju config` shows."""

import re

import pytest

from conftest import ROOT, run_guiju


def write(path, text):
    path.write_text(text, encoding="utf-8")


def manual_flags(section):
    """The flags of serve's kind that a section of guiju(1) names."""
    manual = (ROOT / "tools/manual/guiju.1").read_text()
    parts = re.split(r"^\.S[sh] (.+)$", manual, flags=re.M)
    sections = dict(zip(parts[1::2], parts[2::2]))
    return set(re.findall(r"Fl -([a-z][a-z-]+)", sections[section]))


def subcommands():
    """Each that `guiju help` lists, and the forms of import."""
    listed = run_guiju("help").stdout.split("manuals:")[0]
    names = set(re.findall(r"^  (\w+)  ", listed, re.M)) - {"help", "import"}
    assert len(names) > 8
    return sorted(names | {"import article", "import table", "import undo"})


@pytest.mark.parametrize("name", subcommands())
def test_manual_names_the_flags_that_help_names(name):
    done = run_guiju("help", *name.split())
    assert done.returncode == 0
    said = set(re.findall(r"^  --([a-z-]+)", done.stdout, re.M))
    wanted = manual_flags(f"guiju {name}")
    if name == "config":  # "The flags are those of serve."
        wanted |= manual_flags("guiju serve")
    if name.startswith("import "):
        wanted |= manual_flags("guiju import") | {"capsule"}
    assert said == wanted


def test_config_prints_what_is_in_force(capsule, tmp_path):
    write(capsule / "capsule.ini",
          "[capsule]\nhost = Portal.Example\n\n[serve]\nstate = a\n"
          "gemini = 127.0.0.1:1965\n  [::1]:1966\n")
    done = run_guiju("config", "--state=b", "--workers", "3", capsule)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^host = portal\.example +; capsule\.ini:2$",
                     done.stdout, re.M)
    assert re.search(r"^language = en +; default$", done.stdout, re.M)
    assert re.search(r"^state = b +; flag$", done.stdout, re.M)
    assert re.search(r"^gemini = 127\.0\.0\.1:1965 \[::1\]:1966 +"
                     r"; capsule\.ini:7$", done.stdout, re.M)
    # What is printed is a capsule.ini with the same meaning.
    write(capsule / "capsule.ini", done.stdout)
    again = run_guiju("config", cwd=capsule)
    strip = re.compile(r" +; .*$", re.M)
    assert strip.sub("", again.stdout) == strip.sub("", done.stdout)


def test_config_refuses_what_serve_refuses(capsule):
    write(capsule / "capsule.ini", "[serve]\nlog = lodu\n")
    done = run_guiju("config", capsule)
    assert (done.returncode, done.stdout, done.stderr) == (
        78, "", "guiju: config: capsule.ini:2: log: expected error, warn, "
                "info or debug\n")
    done = run_guiju("config", "--log", "lodu", capsule)
    assert done.returncode == 78  # the file is read first
