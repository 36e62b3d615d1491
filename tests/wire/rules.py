# SPDX-License-Identifier: ISC
"""What every page must be, whatever it says: rules of gemtext, of menus and
of plain text, as a client reads them. Nothing here knows the server."""

import re
import unicodedata

from conftest import menu

MENU_COLUMNS = 67
# What may stand in no text: controls, and what hides or turns letters round.
FORBIDDEN = re.compile("[\x00-\x09\x0B-\x1F\x7F-\x9F\u061C\u200E\u200F"
                       "\u202A-\u202E\u2066-\u2069\uFEFF]")


def width(text):
    """Columns on a terminal (UAX 11)."""
    columns = 0
    for character in text:
        if unicodedata.combining(character) or character == "\u200B":
            continue
        wide = unicodedata.east_asian_width(character) in "WF"
        columns += 2 if wide else 1
    return columns


def gemtext(text, trim=False):
    """[(type, ...)] of the lines: ("link", address, label), ("heading",
    level, text), ("toggle", alt), ("pre", line), ("item", text), ("quote",
    text), ("text", line). trim: as a client that drops leading blanks."""
    lines, inside = [], False
    for line in text.split("\n")[:-1]:
        seen = line.lstrip() if trim else line
        if seen.startswith("```"):
            inside = not inside
            lines.append(("toggle", seen[3:]))
        elif inside:
            lines.append(("pre", line))
        elif seen.startswith("=>"):
            address, _, label = seen[2:].strip().partition(" ")
            lines.append(("link", address, label.strip()))
        elif seen.startswith("#"):
            level = len(re.match("#{1,3}", seen)[0])
            lines.append(("heading", level, seen[level:].strip()))
        elif seen == "*" or re.match(r"\*\s", seen):
            lines.append(("item", seen[2:]))
        elif seen.startswith(">"):
            lines.append(("quote", seen[1:].strip()))
        else:
            lines.append(("text", line))
    return lines


def shape(text, trim=False):
    """What of a page acts or structures: its text cannot be mistaken."""
    return [line[:2] if line[0] == "link" else line[0]
            for line in gemtext(text, trim)
            if line[0] in ("link", "heading", "toggle", "item")]


def check_gemtext(text):
    """A page of ours, as every Gemini client and every ear can read it."""
    assert text.endswith("\n") and "\r" not in text
    assert not FORBIDDEN.search(text), FORBIDDEN.findall(text)
    assert unicodedata.is_normalized("NFC", text)
    lines = gemtext(text)
    levels = [line[1] for line in lines if line[0] == "heading"]
    assert levels and levels[0] == 1 and levels.count(1) == 1, levels
    for before, level in zip(levels, levels[1:]):
        assert level <= before + 1, f"headings jump: {levels}"
    for kind, *fields in lines:
        if kind == "link":
            address, label = fields
            assert label, f"no label: {address}"
            assert re.fullmatch(r"[!-~]+", address), address
            assert '"' not in address and "<" not in address, address
        if kind == "heading":
            assert fields[1], "an empty heading"
    toggles = [line for line in lines if line[0] == "toggle"]
    assert len(toggles) % 2 == 0, "a group stays open"
    assert all(alt for _, alt in toggles[::2]), "a group without a name"
    return lines


def check_menu(raw):
    """The items of a menu whose lines fit and hold nothing hidden."""
    items = menu(raw)
    for item in items:
        line = f"{item.type}{item.text}"
        assert item.type in "01379Ighis", line
        assert width(item.text) <= MENU_COLUMNS, line
        assert not FORBIDDEN.search(item.text), line
        assert not re.search("[\x00-\x1F\x7F-\x9F]", item.selector), line
        assert len(item.selector.encode()) <= 255, line
        assert item.port.isdigit() and item.host, line
        if item.type == "i":
            assert (item.host, item.port) == ("error.host", "1"), line
    return items


def check_error(raw, code):
    """One item of type 3; what stands below it leads on."""
    items = check_menu(raw)
    assert [item.type for item in items[:1]] == ["3"], raw
    assert {item.type for item in items[1:]} <= {"1", "7"}, raw
    assert items[0].text.startswith(str(code)), raw
    assert (items[0].selector, items[0].host, items[0].port) == (
        "", "error.host", "1")
    return items[0]


def check_text(raw, columns, line_end):
    """Wrapped text; its references may be longer than a line."""
    text = raw.decode()
    assert text.endswith(line_end)
    body = text.replace(line_end, "\n")
    assert "\r" not in body
    assert not FORBIDDEN.search(body), FORBIDDEN.findall(body)
    for line in body.split("\n"):
        assert re.match(r"\[\d+\] ", line) or width(line) <= columns, line
        if line_end == "\r\n":  # Gopher: a dot might end the text
            assert not line.startswith("."), line
    return body
