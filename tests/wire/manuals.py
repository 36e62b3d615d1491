# SPDX-License-Identifier: ISC
"""The displays of a manual: what stands in it to be typed or to be copied."""

import re

from conftest import ROOT

MANUALS = {path.name: path for folder in ("tools/manual", "capsule/manual")
           for path in sorted((ROOT / folder).glob("*.[1-8]"))}


def displays(name, section=None):
    """The literal displays of a manual, or of one of its sections, as text."""
    text = MANUALS[name].read_text()
    if section is not None:
        parts = re.split(r"^\.Sh (.*)$", text, flags=re.M)
        text = dict(zip(parts[1::2], parts[2::2]))[section]
    found = re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed$", text, re.M | re.S)
    return [block.replace("\\&", "").replace("\\e", "\\") for block in found]


COMMAND = re.compile(r"(guiju (?!\d)|export )")


def commands(name, section=None):
    """Those of them that a shell runs, without what the shell answers: a
    paragraph of a display that begins with a command."""
    found = ["\n\n".join(part for part in block.rstrip().split("\n\n")
                         if COMMAND.match(part)) + "\n"
             for block in displays(name, section)]
    return [block for block in found if block.strip()]
