# SPDX-License-Identifier: ISC
"""The limits of server/base/limits.h, by their names there, so that a test
holds the server to the numbers that it was built with."""

import pathlib
import re


def read():
    text = (pathlib.Path(__file__).parents[2] /
            "server/base/limits.h").read_text()
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    found = {}
    for name, factors in re.findall(r"(LIMIT_\w+) = ([^,}]+)", text):
        found[name] = 1
        for factor in factors.split("*"):
            found[name] *= int(factor)
    return found


globals().update(read())
