# SPDX-License-Identifier: ISC
"""Reading the portal as a crawler does: every link of ours, from the home
page on, bounded where a page has many of a kind."""

import collections
import pathlib
import re
import urllib.parse

from conftest import ROOT
from rules import check_menu, gemtext

CAPSULE = ROOT / "capsule"
# The stock shell with all that the portal's schema calls.
SHELL = ["sqlite3", "-bail",
         "-cmd", f".load {ROOT / 'build/release/guiju_sql'}",
         "-cmd", f".load {ROOT / 'build/release/standards'}"]
# How many addresses of one kind (/article/*, /standard/list/*/*/*/) are read.
OF_A_KIND = 12
PAGES_MAX = 1500
SEAL = re.compile(r"[A-Za-z0-9_-]{32}$")
# A word that titles, standards and services have, and what else prompts want.
WORD = "标准"
WORDS = {"/news/*/goto": "2", "/calendar/goto": "2026-01",
         "/validity/quick": "GB/T 19001-2016",
         "/validity/new/*": "GB/T 19001-2016, ISO 9001",
         "/dispute/missing/*": "GB/T 99999-2026"}


def _page_patterns():
    """The addresses of pages/ as lists of segments, "*" for a [name]."""
    pages = CAPSULE / "pages"
    for path in pages.rglob("*.*"):
        parts = list(path.relative_to(pages).parts)
        if path.is_file() and not parts[-1].startswith("_"):
            parts[-1] = re.sub(r"\.gmi$", "", parts[-1])
            parts[-1] = "" if parts[-1] == "index" else parts[-1]
            yield [re.sub(r"\[\w+\]", "*", part) for part in parts]


PATTERNS = sorted(_page_patterns(), key=lambda p: [("*" in x, x) for x in p])


def kind_of(path):
    """What page answers this path, as /article/*; or the path itself."""
    parts = urllib.parse.unquote(path).lstrip("/").split("/")
    for pattern in PATTERNS:
        if len(pattern) == len(parts) and all(
                part and re.fullmatch(re.escape(mine).replace(r"\*", ".+"),
                                      part) if mine else not part
                for mine, part in zip(pattern, parts)):
            return "/" + "/".join(pattern)
    return path


def words_for(path):
    """An answer to the prompt of this page."""
    return WORDS.get(kind_of(path), WORD)


def is_sealed(path):
    return bool(SEAL.search(path))


def is_passing(path):
    """A draft that may have become a report, which is led to, meanwhile."""
    return path.startswith("/validity/draft/")


class Queue:
    """Addresses still to be read, each once, not too many of a kind."""

    def __init__(self, first):
        self.seen, self.waiting = {first}, collections.deque([first])
        self.kinds = collections.Counter()

    def add(self, key, path):
        kind = kind_of(path)
        if key in self.seen or self.kinds[kind] >= OF_A_KIND or \
                len(self.seen) >= PAGES_MAX:
            return
        self.kinds[kind] += 1
        self.seen.add(key)
        self.waiting.append(key)

    def __iter__(self):
        while self.waiting:
            yield self.waiting.popleft()


def crawl_gemini(server):
    """{path: (answer, the page that leads there)}; what is asked for is
    answered with a word."""
    queue, pages = Queue("/"), {}
    came_from = {"/": None}

    def add(path, base):
        if path not in queue.seen:
            came_from[path] = base
        queue.add(path, path.partition("?")[0])

    for path in queue:
        answer = server.gemini(path)
        pages[path] = answer, came_from[path]
        if answer.status in (10, 11) and "?" not in path:
            add(path + "?" + urllib.parse.quote(words_for(path)), path)
        elif answer.status in (30, 31):
            add(urllib.parse.urljoin(path, answer.meta), path)
        elif answer.status == 20 and answer.meta.startswith("text/gemini"):
            for line in gemtext(answer.text):
                if line[0] == "link" and (to := own_path(line[1], path)):
                    add(to, path)
    return pages


def own_path(reference, base):
    """The path of a link of ours; None for another host's."""
    parts = urllib.parse.urlsplit(reference)
    if parts.scheme or parts.netloc:
        return None
    return urllib.parse.urljoin(base.partition("?")[0], reference)


def crawl_gopher(server):
    """{(type, selector, words): (bytes, the selector that leads there)}."""
    first = ("1", "", None)
    queue, pages, came_from = Queue(first), {}, {first: None}
    for key in queue:
        kind, selector, words = key
        raw = server.gopher(selector, words)
        pages[key] = raw, came_from[key]
        for kind, to in targets(server, kind, raw):
            word = words_for(to) if kind == "7" else None
            if (kind, to, word) not in queue.seen:
                came_from[kind, to, word] = selector
            queue.add((kind, to, word), to)
    return pages


def targets(server, kind, raw):
    """[(type, selector)] of our own that a menu or a text leads to."""
    if kind in "17":
        for item in check_menu(raw):
            if item.type not in "i3h" and item.host == "localhost":
                assert item.port == str(server.gopher_port), item
                yield item.type, item.selector
    elif kind == "0":
        place = f"gopher://localhost:{server.gopher_port}/"
        for to in re.findall(rf"^\[\d+\] {place}(\S+)\r$",
                             raw.decode(errors="replace"), re.M):
            to = urllib.parse.unquote(to)
            yield to[0], to[1:]


def static_file(path):
    """The file below static/ that has this path, or None."""
    file = CAPSULE / "static" / urllib.parse.unquote(path).lstrip("/")
    return file if file.is_file() else None


def article_paths():
    return sorted(pathlib.Path(CAPSULE, "content/articles").glob("*.gmi"))
