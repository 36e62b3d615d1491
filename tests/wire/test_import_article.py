# SPDX-License-Identifier: ISC
"""guiju import article: what becomes of files, and of files once more."""

import html.entities
import os
import random
import re
import sqlite3
import subprocess
import unicodedata

import pytest

from portal import SHELL

pytestmark = pytest.mark.portal

GUIJU = os.environ.get("GUIJU", "build/check/guiju")
ROOT = os.path.join(os.path.dirname(__file__), "..", "..")
CAPSULE = os.path.join(ROOT, "capsule")

PROSE = "椰岛市近日召开标准化座谈会，各市县的代表参加了会议并且谈了自己的看法。"


class Portal:
    def __init__(self, folder):
        self.folder = folder
        self.state = folder / "state"

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run(self, *words):
        return subprocess.run(
            [GUIJU, "import", "article", "--capsule", CAPSULE, "--state",
             self.state, *words], capture_output=True, text=True, timeout=60)

    def good(self, *words):
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, sql, *values):
        with sqlite3.connect(self.state / "portal.db") as db:
            return db.execute(sql, values).fetchall()

    def body(self, page):
        """The body of a page of HTML, imported alone."""
        path = self.write("page.html", page)
        self.good("--section", "hnbzhdt", "--replace", path)
        return self.ask("SELECT body FROM article ORDER BY id DESC LIMIT 1"
                        )[0][0]


@pytest.fixture
def portal(tmp_path):
    return Portal(tmp_path)


def head(title, body, published="2026-11-18 09:30", more=""):
    time = f"published: {published}\n" if published else ""
    return f"title: {title}\nsection: hnbzhdt\n{time}{more}\n{body}\n"


def page(content, title="座谈会举行", line="发布时间：2019-01-11 08:28"):
    return (f"<html><head><meta charset=utf-8><title>{title}_某网</title>"
            f"</head><body><h1>{title}</h1><div>{line}</div><div><p>{PROSE}"
            f"</p>{content}</div></body></html>")


# ---- the same file once more --------------------------------------------

def test_a_correction_is_shown_then_stored(portal):
    first = head("窗口上线", "窗口今天上线，可以查询。\n\n第二段的文字在这里。")
    path = portal.write("a.gmi", first)
    assert "imported: /article/1" in portal.good(path)
    assert "already there, not imported: /article/1" in portal.good(path)

    path.write_text(first.replace("窗口上线", "服务窗口上线").replace(
        "可以查询。", "可以查询、确认。"))
    shown = portal.good("--dry-run", path)
    assert "would be updated: /article/1\n" \
           "  - title: 窗口上线\n  + title: 服务窗口上线\n" \
           "  - 窗口今天上线，可以查询。\n" \
           "  + 窗口今天上线，可以查询、确认。\n" in shown
    assert "would import 0, update 1, already there 0, refused 0" in shown
    assert portal.ask("SELECT title FROM article") == [("窗口上线",)]

    before = portal.ask("SELECT updated FROM article")[0][0]
    shown = portal.good(path)
    assert "updated: /article/1\n  - title: 窗口上线\n" in shown
    assert "imported 0, updated 1, already there 0, refused 0" in shown
    assert portal.ask("SELECT id, title, status, published FROM article") == [
        (1, "服务窗口上线", "live", 1794965400)]
    assert portal.ask("SELECT updated FROM article")[0][0] > before
    assert "already there" in portal.good(path)
    assert search(portal, "服务窗口") == [1] and search(portal, "确认") == [1]


def search(portal, words):
    """Which articles the index finds; it must be sound."""
    sql = ("INSERT INTO title_fts (title_fts, rank) "
           "VALUES ('integrity-check', 1);\n"
           "INSERT INTO body_fts (body_fts, rank) "
           "VALUES ('integrity-check', 1);\n"
           "SELECT DISTINCT id FROM (SELECT rowid AS id FROM title_fts WHERE "
           f"title_fts MATCH fts_query('{words}', 'and') UNION SELECT rowid "
           f"FROM body_fts WHERE body_fts MATCH fts_query('{words}', 'and'));")
    done = subprocess.run(
        [*SHELL, portal.state / "portal.db"], input=sql,
        capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return [int(line) for line in done.stdout.split()]


@pytest.mark.parametrize("change", [
    ("title: 甲", "title: 甲的全名"), ("section: hnbzhdt", "section: zcfg"),
    ("published: 2026-11-18 09:30", "published: 2026-11-18 10:30"),
    ("第一段", "改过的第一段"), ("summary: 短", "summary: 长"),
    ("source: 某报", "source: 某网"), ("summary: 短\n", ""),
    ("source: 某报\n", "source: 某报\npinned: yes\n"),
    ("source: 某报\n", "source: 某报\nattachment: "
                       "files/number-format-card.pdf | 卡片\n"),
    ("source: 某报\n", "source: 某报\nbyline: 王五\n"),
    ("source: 某报\n", "source: 某报\nstatus: draft\n"),
])
def test_each_field_may_be_corrected(portal, change):
    text = head("甲", "第一段说了一件事。\n\n第二段说了另外的一件事。",
                more="source: 某报\nsummary: 短\n")
    path = portal.write("a.gmi", text)
    portal.good(path)
    assert change[0] in text
    path.write_text(text.replace(*change))
    assert "updated: /article/1" in portal.good(path)
    assert "already there" in portal.good(path)
    assert portal.ask("SELECT count(*) FROM article") == [(1,)]
    path.write_text(text)
    assert "updated: /article/1" in portal.good(path)


def test_a_file_written_anew_replaces_no_other_article(portal):
    """A file that is written anew takes nobody's place."""
    path = portal.write("new.gmi", head("甲", "甲的内容，说的是一件事。"))
    portal.good(path)
    path.write_text(head("乙", "这里说的是完全不同的另一件事。"))
    shown = portal.good(path)
    assert "imported: /article/2" in shown
    assert "imported before, as /article/1, and holds another" in shown
    path.write_text(head("通知", "第一份通知的内容。", "2026-11-19"))
    portal.good(path)
    path.write_text(head("通知", "另一天又有一份。", "2026-11-20"))
    assert "imported: /article/4" in portal.good(path)
    # Pages of the same name, of other folders.
    for i, folder in enumerate(["x", "y"]):
        name = portal.write(f"{folder}/index.html", page(
            f"<p>第{i}页的内容与别的没有关系。</p>", f"通知{i}"))
        assert f"imported: /article/{5 + i}" in portal.good(
            "--section", "hnbzhdt", name)
    assert portal.ask("SELECT count(*) FROM article") == [(6,)]


def test_two_articles_of_one_title_and_day_stay_two(portal):
    """Two files whose articles have title, day and source in common are two
    articles; none takes the other's place, whatever comes again."""
    texts = {name: f"关于{what}的公告，自{month}月起实施，请各单位遵照执行。"
             f"{PROSE}"
             for name, what, month in (
                 ("a.gmi", "批准地方标准", 2), ("b.gmi", "废止地方标准", 3),
                 ("c/a.gmi", "修改地方标准", 4))}
    files = [portal.write(name, head("公告", text, "2019-01-11"))
             for name, text in texts.items()]
    shown = portal.good(*files)
    assert "imported 3, already there 0, refused 0" in shown
    assert "another article of this title and time is there, /article/1" \
        in shown
    assert "imported 0, already there 3, refused 0" in portal.good(*files)
    # A correction of the second, and the first in a file of another name.
    portal.write("b.gmi", head("公告", texts["b.gmi"] + "\n\n落款。",
                               "2019-01-11"))
    files[0] = files[0].rename(portal.folder / "moved.gmi")
    shown = portal.good(*files)
    assert "imported 0, updated 1, already there 2, refused 0" in shown
    assert portal.ask("SELECT id, body FROM article ORDER BY id") == [
        (1, texts["a.gmi"] + "\n"), (2, texts["b.gmi"] + "\n\n落款。\n"),
        (3, texts["c/a.gmi"] + "\n")]
    # A file of another name that corrects a word or two is no new article.
    portal.write("d.gmi", head("公告", texts["a.gmi"].replace("请", "望"),
                               "2019-01-11"))
    assert "updated: /article/1\n" in portal.good(portal.folder / "d.gmi")


def test_a_head_may_say_which(portal):
    portal.good(portal.write("a.gmi", head("甲", "甲的内容。")))
    path = portal.write("b.gmi", head("乙", "全部改写。", "2026-12-01",
                                      "article: /article/1\n"))
    assert "updated: /article/1" in portal.good(path)
    assert portal.ask("SELECT title FROM article") == [("乙",)]
    path.write_text(head("乙", "全部改写。", more="地址: /article/1\n"))
    assert portal.run(path).returncode == 1
    path.write_text(head("乙", "再改写。", more="文章地址：/article/9\n"))
    done = portal.run(path)
    assert done.returncode == 1 and "no article /article/9" in done.stderr


def change_here(portal, sql):
    """An editor's change, by SQL."""
    done = subprocess.run(
        [*SHELL, portal.state / "portal.db"], input=f"{sql};\n",
        capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_an_editors_change_is_not_lost(portal):
    text = head("甲", "第一段的文字。\n\n第二段的文字在这里。")
    path = portal.write("a.gmi", text)
    portal.good(path)
    change_here(portal, "UPDATE article SET summary = '编辑写的'")
    # The file says nothing new.
    assert "already there" in portal.good(path)
    path.write_text(text.replace("第一段", "首段"))
    done = portal.run(path)
    assert done.returncode == 1
    assert "changed in the portal since" in done.stderr
    assert "  - summary: 编辑写的\n" in done.stdout
    assert portal.ask("SELECT summary FROM article") == [("编辑写的",)]
    assert "updated" in portal.good("--replace", path)
    assert portal.ask("SELECT summary, body FROM article") == [
        (None, "首段的文字。\n\n第二段的文字在这里。\n")]


def test_withdrawn_stays_withdrawn(portal):
    text = head("甲", "第一段的文字。\n\n第二段的文字在这里。")
    path = portal.write("a.gmi", text)
    portal.good(path)
    change_here(portal, "UPDATE article SET status = 'withdrawn', "
                        "reason = '有误'")
    path.write_text(text.replace("第一段", "首段"))
    shown = portal.good("--replace", path)
    assert "it is withdrawn, and stays so" in shown
    assert portal.ask("SELECT status FROM article") == [("withdrawn",)]


# ---- no time, several pages ---------------------------------------------

def test_an_article_without_a_time_is_a_draft(portal):
    path = portal.write("a.html", page("<p>内容</p>", line="某处"))
    words = "no time was found: it is stored as a draft"
    shown = portal.good("--dry-run", "--section", "hnbzhdt", path)
    assert "published   not said" in shown and words in shown
    done = portal.run("--quiet", "--section", "hnbzhdt", path)
    assert words in done.stderr and "a.html" in done.stderr
    assert done.stdout == "imported 1, already there 0, refused 0\n"
    assert portal.ask("SELECT status FROM article") == [("draft",)]
    # Its time makes it live.
    shown = portal.good("--section=hnbzhdt", path, "--published",
                        "2019-01-11 08:28")
    assert "  - status: draft\n" in shown and "  + status: live\n" in shown
    assert portal.ask("SELECT status, published FROM article") == [
        ("live", 1547166480)]
    # Nothing known of it is lost when it is imported without.
    assert "already there" in portal.good("--section=hnbzhdt", path)
    # An editor may want it now.
    portal.good(portal.write("b.gmi", head("乙", "内容", None,
                                           "status: live\n")))
    assert portal.ask("SELECT status FROM article WHERE title = '乙'") == [
        ("live",)]


def test_missing_pages_are_said(portal):
    path = portal.write("a.html", page(
        "<p>末段。</p>[NextPage]<div>上一页 [1] <a href=/2>[2]</a> "
        "<a href=/3>[3]</a> <a href=/2>下一页</a></div>"))
    words = "this is page 1 of 3: pages 2 and 3 are missing"
    assert words in portal.good("--dry-run", "--section", "zcfg", path)
    done = portal.run("--quiet", "--section", "zcfg", path)
    assert words in done.stderr
    assert portal.ask("SELECT body FROM article") == [
        (f"{PROSE}\n\n末段。\n",)]


# ---- files as people have them ------------------------------------------

TEXT = head("座谈会举行", PROSE + "\n\n第二段，鎔与䶮。")


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "gbk",
                                     "utf-16", "utf-16-be"])
@pytest.mark.parametrize("kind", ["gmi", "txt", "html"])
def test_each_encoding_of_notepad_is_read(portal, charset, kind):
    text = {"gmi": TEXT, "txt": f"座谈会举行\r\n\r\n{PROSE}\r\n第二段\r\n",
            "html": page("<p>第二段</p>")}[kind]
    if charset == "gbk":
        text = text.replace("䶮", "")
    if kind == "html":
        text = text.replace("<meta charset=utf-8>", "")
    raw = text.encode(charset)
    if charset == "utf-16-be":
        raw = b"\xfe\xff" + raw
    path = portal.write(f"a.{kind}", raw)
    shown = portal.good("--section", "hnbzhdt", path)
    assert portal.ask("SELECT title FROM article") == [("座谈会举行",)]
    body = portal.ask("SELECT body FROM article")[0][0]
    assert body.startswith(PROSE) and "第二段" in body
    said = {"gb18030": "read as GB18030", "gbk": "read as GB18030",
            "utf-16": "read as UTF-16LE", "utf-16-be": "read as UTF-16BE"}
    if charset in said:
        assert said[charset] in shown
    else:
        assert "read as" not in shown


@pytest.mark.parametrize("raw,line", [
    (b"title: x\nsection: zcfg\n\nok\nbad \xff\xff\n", 5),
    ("甲乙丙丁\n\n戊己庚辛\n坏".encode()[:-1] + b"\n", 4),
    ("\ufeff甲\n乙\n".encode("utf-16-le") + b"\0\xd8", 3),
])
def test_undecodable_is_refused_with_its_line(portal, raw, line):
    done = portal.run("--section", "zcfg", portal.write("a.txt", raw))
    assert done.returncode == 1
    assert f"a.txt:{line}: " in done.stderr


def test_a_head_may_have_chinese_keys(portal):
    path = portal.write("a.txt", (
        "标题：标准化窗口上线\n栏目：海南标准化动态\n作者：王 五\n"
        "来源：某报\n发布时间：2026-11-18 09:30\n摘要：一句话\n状态：草稿\n"
        "置顶：是\n附件：files/number-format-card.pdf ｜ 卡片\n\n正文。\n"))
    portal.good(path)
    assert portal.ask("SELECT title, byline, source, published, summary, "
                      "status, pinned, body FROM article") == [
        ("标准化窗口上线", "王五", "某报", 1794965400, "一句话", "draft", 1,
         "正文。\n")]
    assert portal.ask("SELECT file, label FROM attachment") == [
        ("number-format-card.pdf", "卡片")]
    path.write_text("标题：甲\n作着：乙\n\n正文\n")
    done = portal.run(path)
    assert "a.txt:2: unknown key \"作着\", the keys are 标题 栏目" in done.stderr
    # Such lines in a text are text.
    path.write_text("会议通知\n时间：2019-01-11\n地点：海口\n\n请参加。\n")
    assert "(plain)" in portal.good("--dry-run", "--section", "zcfg", path)


@pytest.mark.parametrize("name,raw,what", [
    ("a.docx", b"PK\x03\x04xx", "a Word file"),
    ("a.DOC", b"\xd0\xcf\x11\xe0xx", "a Word file"),
    ("a.pdf", b"%PDF-1.4", "a PDF file"),
    ("a.txt", b"%PDF-1.4", "a PDF file"),
    ("a.wps", b"\xd0\xcf\x11\xe0", "a WPS file"),
    ("a.rtf", b"{\\rtf1 x}", "an RTF file"),
    ("a.mht", b"From: x\nMIME-Version: 1.0\nContent-Type: multipart/related"
              b"\n\nx", ".mht"),
])
def test_other_files_are_refused_by_name(portal, name, raw, what):
    done = portal.run("--section", "zcfg", portal.write(name, raw))
    assert done.returncode == 1
    assert what in done.stderr and "save it as" in done.stderr


def test_flags_may_stand_behind_the_file(portal):
    path = portal.write("a.html", page("<p>内容</p>"))
    assert "imported: " in portal.good(path, "--section", "zcfg")
    assert portal.ask("SELECT slug FROM section s JOIN article a ON "
                      "a.section_id = s.id") == [("zcfg",)]
    path = portal.write("--x.html", page("<p>内容</p>", "乙"))
    done = subprocess.run(
        [GUIJU, "import", "article", "--capsule", os.path.abspath(CAPSULE),
         "--state", portal.state, "--section=zcfg", "--", "--x.html"],
        cwd=portal.folder, capture_output=True, text=True, timeout=60) \
        if os.path.isabs(GUIJU) else None
    assert done is None or done.returncode == 0
    done = portal.run(path, "--sektion", "zcfg")
    assert done.returncode == 2 and "did you mean --section" in done.stderr


def test_links_that_cannot_be_kept_are_named(portal):
    path = portal.write("a.html", page(
        "\n<p>见<a href='../files/a b.doc'>附件</a>和"
        "<a href='http://a.example/'>网站</a>。"
        "<a href='javascript:x()'>无</a></p>"))
    shown = portal.good("--section", "zcfg", path)
    assert "line 2: 1 link" in shown
    assert portal.ask("SELECT body FROM article")[0][0] == (
        f"{PROSE}\n\n见附件（../files/a b.doc）和网站。无\n\n"
        "=> http://a.example/ 网站\n")


# ---- properties ---------------------------------------------------------

def squeeze(text):
    """As an import squeezes blanks."""
    return re.sub(r"\s+", " ", text).strip()


def test_references_are_read_as_python_reads_them(portal):
    """Any text of references: Python's follows the same list."""
    chance = random.Random(7)
    # What shows nothing is cleaned away.
    names = ["notit", "ampamp", "x", "", "unknown", *sorted(
        name.rstrip(";") for name, text in html.entities.html5.items()
        if not any(unicodedata.category(c) == "Cf" or c == "\u200b"
                   for c in text))]
    parts, wanted = [], []
    for _ in range(400):
        word = "".join(
            chance.choice([
                f"&{chance.choice(names)}{chance.choice([';', '', ' ', '1'])}",
                f"&#{chance.choice([128, 130, 145, 147, 151, 159, 65, 20013])}"
                f"{chance.choice([';', '', ' '])}",
                f"&#x{chance.choice(['80', '97', '4e2d', '41', '2013'])}"
                f"{chance.choice([';', ' '])}",
                "甲", "GB/T 1", "&"])
            for _ in range(chance.randint(1, 6)))
        parts.append(f"<p>始{word}终</p>")
        wanted.append(squeeze(html.unescape(f"始{word}终")))
    body = portal.body(page("".join(parts)))
    got = body.split("\n\n")[1:]
    assert [squeeze(line) for line in got] == wanted


def table_of(chance):
    """A table with names on two rows and cells that span: its HTML, and of
    each row the names and values that it must say."""
    groups = [chance.randint(1, 3) for _ in range(chance.randint(2, 4))]
    groups[0], groups[-1] = 1, 2
    tag = chance.choice(["td", "th"])
    first, second, names = "", "", []
    for g, width in enumerate(groups):
        if width == 1:
            first += f"<{tag} rowspan=2>列{g}</{tag}>"
            names.append(f"列{g}")
        else:
            first += f"<{tag} colspan={width}>组{g}</{tag}>"
            for k in range(width):
                second += f"<{tag}>项{g}{k}</{tag}>"
                names.append(f"组{g} 项{g}{k}")
    width, height = len(names), chance.randint(2, 6)
    grid = [[None] * width for _ in range(height)]
    rows = [""] * height
    for y in range(height):
        for x in range(width):
            if grid[y][x] is not None:
                continue
            across = down = 1
            if chance.random() < 0.2 and x + 1 < width - (x == 0) and \
                    grid[y][x + 1] is None:
                across = 2
            if chance.random() < 0.2 and y + 1 < height and x > 0:
                down = 2
            value = chance.choice(["", f"值{y}{x}", f"{chance.random():.3f}",
                                   "&nbsp;"])
            value = value if x > 0 else f"行{y}"
            for i in range(down):
                for k in range(across):
                    grid[y + i][x + k] = value
            spans = (f" colspan={across}" if across > 1 else "") + \
                    (f" rowspan={down}" if down > 1 else "")
            rows[y] += f"<td{spans}>{value}</td>"
    said = [[(names[x], v if v not in ("", "&nbsp;") else "—")
             for x, v in enumerate(row)] for row in grid]
    return ("<table>" + "".join(f"<tr>{r}</tr>" for r in
                                [first, second, *rows]) + "</table>", said)


def test_each_cell_stands_below_its_own_names(portal):
    chance = random.Random(11)
    tables = [table_of(chance) for _ in range(60)]
    body = portal.body(page("".join(
        f"<h3>表{i}</h3>{t}" for i, (t, _) in enumerate(tables))))
    blocks = re.split(r"^### 表\d+\n\n", body, flags=re.M)[1:]
    assert len(blocks) == len(tables)
    for (table, said), block in zip(tables, blocks):
        # A column without any value has no line of its own to be in.
        wanted = ["* " + "; ".join(f"{n}: {v}" for n, v in row)
                  for row in said]
        assert block.strip().split("\n") == wanted, table


@pytest.mark.parametrize("table,answer", [
    ("<table>" + "<tr><td>a<td>b</tr>" * 2 +
     "<tr><td colspan=1000>c<td>d</tr></table>", "more than 200 columns"),
    ("<table><tr>" + "<th>n" * 200 + "</tr><tr>" +
     f"<td rowspan=65534>{'长' * 190}" * 200 + "</tr>" +
     "<tr><td>x</tr>" * 500 + "</table>", "more than 200 columns"),
    ("<table><tr>" + "<th>n" * 190 + "</tr><tr>" +
     f"<td rowspan=65534>{'长' * 190}" * 189 + "<td>x</tr>" +
     "<tr><td>x</tr>" * 500 + "</table>", "longer than 8 MiB"),
], ids=["colspan", "wide", "long"])
def test_tables_have_an_end(portal, table, answer):
    done = portal.run("--section", "zcfg", portal.write(
        "a.html", page(table)))
    assert done.returncode == 1
    assert re.search(rf"a.html:\d+: .*{answer}", done.stderr), done.stderr
