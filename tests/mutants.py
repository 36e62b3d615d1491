#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""What `make check-mutants` does: put one small fault at a time into the lines
that a change touches, and print each fault that no test notices.

The working tree is copied to build/mutants/ and only read. A fault is built
there with its tests alone, which are asked one after the other: those whose
names say the file's, those of its floor, then golden pages, then tests over
the wire. A test that has noticed a fault of a file comes first for the next
fault of that file. The first that fails ends it, and so does one that needs
ten times as long as without a fault. Exit status: 0 each fault was noticed, 1
some were not, 2 nothing could be tried.

  BASE=COMMIT     lines that differ from it; default: where this branch left
                  main, or on main itself the last commit
  FILES="a b/"    instead: all lines of these files and folders; . is all
  N=40            only so many, drawn by chance; SEED=7 draws others
  SECONDS=1200    begin none after that time
  LEVEL=unit      ask unit tests alone; LEVEL=golden: no tests over the wire

A fault that changes nothing that can be seen is not worth a test.
"""

import collections
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

TREE = pathlib.Path(__file__).resolve().parents[1]
COPY = TREE / "build/mutants"
ENV = {**os.environ, "MAKEFLAGS": "", "GUIJU_FAULT": "", "ASAN_OPTIONS":
       "hard_rss_limit_mb=2000:" + os.environ.get("ASAN_OPTIONS", "")}
SOURCE = re.compile(r"(server|tools|capsule/functions)/.*\.[ch]$|"
                    r"capsule/(?!content/).*\.(sql|gmi|xml|csv|txt)$")
TESTS = re.compile(r"(^|/)(tests|fuzz|init)/")
LEVEL = {"unit": 1, "golden": 2, "wire": 3}[os.environ.get("LEVEL", "wire")]
# Tests over the wire of a floor, besides those with a file's or room's name.
WIRE = {"base": "rights", "net": "limits peers tls titan", "run": "run stop",
        "wire": "gemini gopher spartan", "page": "limits titan spartan", "store":
        "faults nightly", "tools": "command_line tools"}
# A test's time in seconds: before it is known, and then.
FIRST_S, LEAST_S, TIMES, BUILD_S = 600, 20, 10, 600

Mutant = collections.namedtuple("Mutant", "path line start end new was")


# --- faults in C -------------------------------------------------------------


def blank(text, pattern):
    """The same length and lines, with what the pattern finds made blanks."""
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m[0]), text,
                  flags=re.M | re.S)


def bare_c(text):
    """Without comments, texts and what the preprocessor reads."""
    text = blank(text, r"/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'")
    return blank(text, r"^#(?:[^\n]*\\\n)*[^\n]*|_Static_assert\(.*?;")


def closing(text, at):
    """Where the bracket that opens at this place closes."""
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] in "([") - (text[i] in ")]")
        if depth == 0:
            return i
    return len(text)


RELATIONS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=",
             "!=": "==", "&&": "||", "||": "&&"}
RETURNS = {"true": "false", "false": "true", "OK": "ERR_IO", "err": "OK",
           "0": "1", "1": "0", "-1": "0", "code": "0"}
C_FAULTS = [
    (r" (<=|>=|==|!=|<|>|&&|\|\|)(?=[ \n])", lambda m: RELATIONS[m[1]]),
    (r" [+-] (1)\b(?!\.)", lambda m: "0"),
    (r"\breturn (true|false|OK|err|0|1|-1|code);", lambda m: RETURNS[m[1]]),
    (r"\b[A-Z][A-Z0-9_]+ = (\d+)\b", lambda m: str(int(m[1]) + 1)),
    # A statement that is a call, a step, or fills what outlives it.
    (r"(?<=[;{})e])\s*\n\t+((?:\(void\))?!?(?!return\b|log_|assert)\w+"
     r"\([^;{}]*\));", lambda m: "(void)0"),
    (r"(?<=[;{})e])\s*\n\t+((?!return\b)[\w>.*\[\]-]*(?:->|\.|\[|\*)"
     r"[\w>.\[\]-]* [|&+-]?= [^;{}]*);", lambda m: "(void)0"),
    (r"(?<=[;{})e])\s*\n\t+([\w>.\[\]-]+ [|&+-]= [^;{}]*|"
     r"[\w>.-]+(?:\+\+|--));", lambda m: "(void)0")]


def faults_in_c(text):
    bare = bare_c(text)
    for pattern, change in C_FAULTS:
        for m in re.finditer(pattern, bare):
            yield m.start(1), m.end(1), change(m)
    for m in re.finditer(r"\bif (\()", bare):
        end = closing(bare, m.start(1))
        if not re.fullmatch(r"[^&|=]* [!=]= [^&|=]*", bare[m.end():end]):
            yield m.start(1), end, "(!" + text[m.start(1):end] + ")"


# --- faults in SQL, in pages too ---------------------------------------------

TERM_ENDS = re.compile(
    r"\b(AND|OR|ORDER|GROUP|LIMIT|HAVING|UNION|WHEN|THEN|ELSE|END|RETURNING|"
    r"ON|DO|WINDOW|AS|FROM|WHERE|JOIN|CROSS|LEFT)\b|[;),]|\n%(?!  )|(?<=\n)%#")


def bare_sql(text, is_page):
    """Without comments and texts; of a page, only what is SQL."""
    if is_page:
        text = blank(text, r"^(?!% ?(?: |one|each|do|if|elif)).*?$|^%#.*?$")
    return blank(text, r"--[^\n]*|/\*.*?\*/|'[^']*'")


def term_end(text, at):
    """Where the condition that begins here ends."""
    between = False
    while at < len(text):
        if text[at] == "(":
            at = closing(text, at) + 1
            continue
        m = TERM_ENDS.match(text, at)
        if m and not (between and m[0] == "AND"):
            return at
        if m or text.startswith("BETWEEN", at):
            between = not m
            at += len(m[0] if m else "BETWEEN")
        else:
            at += 1
    return at


SQL_FAULTS = [
    (r" (<=|>=|<|>)(?=[ \n])", lambda m: RELATIONS[m[1]]),
    (r" (<>)(?=[ \n])", lambda m: "="),
    (r"\bLIMIT (\d\d+|[2-9])\b", lambda m: str(int(m[1]) + 1)),
    (r"( DESC)\b", lambda m: ""),
    (r"\b(NOT )(?!NULL|MATERIALIZED|INDEXED)", lambda m: ""),
    (r"[+-] (1)\b(?!\.)", lambda m: "0")]


def faults_in_sql(text, is_page):
    bare = bare_sql(text, is_page)
    for pattern, change in SQL_FAULTS:
        for m in re.finditer(pattern, bare):
            if m[1] != "NOT " or not re.search(
                    r"CREATE[^;]*$|\bIF $", bare[:m.start()]):
                yield m.start(1), m.end(1), change(m)
    for m in re.finditer(r"\s(AND|OR|WHERE)\s", bare):
        end = term_end(bare, m.end())
        if m[1] == "WHERE":
            if bare.startswith("AND", end):  # the first of several
                yield m.end(), end + 4, ""
        elif not re.search(r"BETWEEN\s+[^\s]+$", bare[:m.start()]):
            yield m.start(), end, "\n%   " * bare[m.start():end].count("\n%")
    if is_page:
        for m in re.finditer(r"^% if ([^\n]*(?:\n%  [^\n]*)*)", text, re.M):
            yield m.start(1), m.end(1), f"NOT ({m[1]})"


def mutants_of(path, lines):
    """All that begin in these lines; lines None: in any."""
    text = (TREE / path).read_text(encoding="utf-8")
    found = faults_in_c(text) if path.endswith((".c", ".h")) else \
        faults_in_sql(text, "/pages/" in path or "/import/" in path)
    for start, end, new in sorted(set(found)):
        start += len(text[start:end]) - len(text[start:end].lstrip("\n"))
        line = text.count("\n", 0, start) + 1
        if (lines is None or line in lines) and text[start:end] != new:
            yield Mutant(path, line, start, end, new, text[start:end])


# --- which lines -------------------------------------------------------------


def git(*arguments):
    return subprocess.run(["git", "-C", TREE, *arguments], text=True,
                          capture_output=True, check=False).stdout.strip()


def base():
    """Where the branch left main; on main, the last commit but this."""
    left = git("merge-base", "HEAD", "main")
    return left if left and left != git("rev-parse", "HEAD") else "HEAD~1"


def touched():
    """{path: its lines that differ from BASE, or None for all}"""
    if os.environ.get("FILES"):
        paths = git("ls-files", *os.environ["FILES"].split()).splitlines()
        return {path: None for path in paths}
    lines, path = collections.defaultdict(set), None
    diff = git("diff", "-U0", "--no-renames", os.environ.get("BASE") or base())
    for line in diff.splitlines():
        if line.startswith("+++ "):
            path = line[6:]
        elif m := re.match(r"@@ \S+ \+(\d+)(?:,(\d+))?", line):
            first, count = int(m[1]), int(m[2] or 1)
            lines[path] |= set(range(first, first + count))
    return lines


# --- which tests -------------------------------------------------------------


def slow_tests():
    """The unit tests that `make quick` leaves out."""
    text = (TREE / "tests/tests.mk").read_text().replace("\\\n", " ")
    return set(re.search(r"^SLOW_UNIT := (.*)", text, re.M)[1].split())


def units_of(path):
    """Unit tests of the floor: those that share a word with the file's or its
    room's name, the others, and at last what is slow of those."""
    parts = pathlib.PurePath(path).with_suffix("").parts
    floor, names = parts[1], parts[2:]
    if parts[0] == "tools":
        floor, names = "tools", parts[1:]
    elif parts[:2] == ("capsule", "functions") and len(parts) > 3:
        floor, names = parts[2], parts[3:]
    elif parts[0] == "capsule":  # what modules ask of its pages
        floor, names = "*", ("articles",)
    words = {word[:5] for name in names for word in name.split("_")
             if len(word) > 2}
    every = sorted(p.stem for folder in ("tests/unit", "capsule/functions/*/"
                                         "tests")
                   for p in TREE.glob(f"{folder}/{floor}_*.c")
                   if floor != "*" or "functions" in p.parts)
    named = [unit for unit in every
             if any(word in unit.partition("_")[2] for word in words)]
    if floor in ("base", "text", "store"):  # whom pages show
        every += sorted(p.stem for p in TREE.glob("tests/unit/page_*.c"))
    slow = slow_tests() - set(named)
    return (named, [unit for unit in every if unit not in {*named, *slow}],
            [unit for unit in every if unit in slow])


def routes_of(path):
    """The addresses that a page, or a partial's pages, answer."""
    pages = TREE / "capsule/pages"
    files, wanted, routes = list(pages.rglob("*.*")), {TREE / path}, []
    for _ in range(4):  # partials of partials
        for partial in [p for p in wanted if p.name.startswith("_")]:
            wanted |= {p for p in files if partial.parent in p.parents
                       and p.is_file() and f"% include {partial.name}\n"
                       in p.read_text(encoding="utf-8")}
    for file in wanted:
        if not file.name.startswith("_") and pages in file.parents:
            route = re.sub(r"(^|/)index$", r"\1", re.sub(
                r"\.gmi$", "", str(file.relative_to(pages))))
            routes.append(re.sub(r"\\\[\w+\\\]", "[^/?]+", re.escape(route)))
    return re.compile("/(" + "|".join(routes or ["-"]) + r")(\.txt)?(\?.*)?$")


def goldens_of(path):
    """Pages that show it, five of each suite, then whole suites."""
    whole, some = [], []
    if re.match("server/(net|run)/", path):
        return []  # what asks golden pages has neither
    for folder in sorted((TREE / "tests/golden").iterdir()):
        if not folder.is_dir():
            continue
        requests = (folder / "requests").read_text(encoding="utf-8")
        is_portal = "% capsule ../../../capsule\n" in requests
        if path.startswith("capsule") and not is_portal:
            continue
        whole.append("golden/" + folder.name)
        if "/pages/" in path:
            route = routes_of(path)
            names = [line.split()[0] for line in
                     requests.splitlines()
                     if len(line.split()) > 1 and line[0] != "%"
                     and route.match(line.split()[1])]
            some += [f"golden/{folder.name}/{name}" for name in names[::len(names) // 5 + 1]]
    return some + whole


def wires_of(path):
    parts = pathlib.PurePath(path).with_suffix("").parts
    names = [parts[-1], parts[-1] + "s"]
    if parts[0] == "server":
        names += WIRE.get(parts[1], "").split()
    elif parts[0] == "tools":
        names += WIRE["tools"].split()
    return list(dict.fromkeys(
        f"wire/test_{name}.py" for name in names
        if (TREE / f"tests/wire/test_{name}.py").exists()))


def tests_of(path):
    """Lists of tests: those of a list are built together."""
    named, others, slow = units_of(path)
    tests = [["unit/" + name] for name in named]
    tests += [["unit/" + name for name in others]] if others else []
    tests += [[test] for test in goldens_of(path) if LEVEL > 1]
    tests += [["unit/" + name] for name in slow if LEVEL > 1]
    return tests + [[test] for test in wires_of(path) if LEVEL > 2]


# --- trying one --------------------------------------------------------------


def run(command, limit_s, **env):
    """Its exit status; None: it was ended after limit_s."""
    with subprocess.Popen(
            command, cwd=COPY, env={**ENV, **env}, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL) as process:
        try:
            return process.wait(limit_s)
        except subprocess.TimeoutExpired:
            return None
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


def make(variant, *targets):
    return run(["make", "-s", "-j2", f"VARIANT={variant}", "WERROR=",
                *targets], BUILD_S) == 0  # a warning is no test


def build(tests):
    """What tests of one kind ask. False: the compiler refuses it."""
    if tests[0].startswith("unit/"):
        return make("check", *["build/check/" + test for test in tests])
    return make("release" if tests[0].startswith("golden/") else "check", "all")


def passes(test, limit_s):
    if test.startswith("unit/"):
        return run(["build/check/" + test], limit_s) == 0
    if test.startswith("golden/"):
        return run(["tests/golden/run.sh", test], limit_s,
                   GUIJU="build/release/guiju") == 0
    return run([sys.executable, "-m", "pytest", "-xq", "-p",
                "no:cacheprovider", "tests/" + test], limit_s,
               GUIJU="build/check/guiju") == 0


class Trial:
    """Mutants in the copy, one after the other."""

    def __init__(self):
        self.limits = {}  # seconds for a test; 0: it fails without a fault
        # {path: how many of its faults a test has noticed}
        self.eager = collections.defaultdict(collections.Counter)

    def learn(self, test):
        """Whether a test that has failed passes without a fault, and when."""
        began = time.monotonic()
        good = build([test]) and passes(test, FIRST_S)
        self.limits[test] = good and max(LEAST_S, TIMES * (time.monotonic() -
                                                           began))
        if not good:
            print(f"{test} is left out: it fails without a fault", flush=True)
        return good

    def in_order(self, path):
        """Lists of tests: first each that has noticed a fault of this file."""
        first = [test for test, _ in self.eager[path].most_common()]
        rest = [[test for test in tests if test not in first]
                for tests in tests_of(path)]
        return [[test] for test in first] + [tests for tests in rest if tests]

    def notice(self, mutant, asked):
        """The test that notices it; "" if none does; None: not built."""
        file = COPY / mutant.path
        good = file.read_text(encoding="utf-8")
        bad = good[:mutant.start] + mutant.new + good[mutant.end:]
        file.write_text(bad, encoding="utf-8")
        try:
            for tests in self.in_order(mutant.path):
                if not build(tests):
                    return None
                for test in tests:
                    limit_s = self.limits.get(test, FIRST_S)
                    if not limit_s:
                        continue
                    asked.append(test)
                    if passes(test, limit_s):
                        continue
                    file.write_text(good, encoding="utf-8")
                    if test in self.limits or self.learn(test):
                        self.eager[mutant.path][test] += 1
                        return test
                    asked.remove(test)
                    file.write_text(bad, encoding="utf-8")
                    build(tests)
            return ""
        finally:
            file.write_text(good, encoding="utf-8")


def copy_tree():
    """What git knows of the working tree, and what was built, with its times:
    nothing is built twice."""
    shutil.rmtree(COPY, ignore_errors=True)
    names = git("ls-files", "--cached", "--others", "--exclude-standard")
    for name in names.splitlines():
        if (TREE / name).is_file():
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TREE / name, COPY / name)
    for name in ("check", "release", "tables", "manual"):
        if (TREE / "build" / name).is_dir():
            shutil.copytree(TREE / "build" / name, COPY / "build" / name)


def one_line(text):
    return " ".join(text.split())[:60]


def main():
    began, limit_s = time.monotonic(), int(os.environ.get("SECONDS") or 10**9)
    mutants = [m for path, lines in touched().items()
               if path and SOURCE.match(path) and not TESTS.search(path)
               and (TREE / path).is_file() for m in mutants_of(path, lines)]
    if os.environ.get("N"):
        draw = random.Random(int(os.environ.get("SEED") or 1))
        mutants = draw.sample(mutants, min(int(os.environ["N"]), len(mutants)))
    print(f"{len(mutants)} faults", flush=True)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    copy_tree()
    trial, tried, missed = Trial(), 0, 0
    for mutant in mutants:
        if time.monotonic() - began > limit_s:
            print("the time is over", flush=True)
            break
        asked = []
        by = trial.notice(mutant, asked)
        tried += by is not None
        if by == "":
            missed += 1
            print(f"{mutant.path}:{mutant.line}: `{one_line(mutant.was)}` -> "
                  f"`{one_line(mutant.new)}`: not noticed by "
                  f"{' '.join(asked) or 'any test'}", flush=True)
        elif os.environ.get("V"):
            print(f"{mutant.path}:{mutant.line}: `{one_line(mutant.was)}` -> "
                  f"`{one_line(mutant.new)}`: {by or 'not built'}", flush=True)
    print(f"{tried} faults tried, {tried - missed} noticed, {missed} not "
          f"({100 * (tried - missed) // max(1, tried)} %)")
    return 2 if mutants and not tried else bool(missed)


if __name__ == "__main__":
    sys.exit(main())
