# SPDX-License-Identifier: ISC
"""`--log debug`: a newcomer follows a page through compilation and a request
through route, statements, transaction and reply."""

import re

from test_faults import wait_for, write_note


def debug_lines(server, after):
    """The lines of one request: what was done, without time and level."""
    server.wait_log("kind=", after=after)
    return [line.split(" debug ", 1)[1] for line in server.lines[after:]
            if " debug " in line]


def shape(line):
    return re.sub(r"\b\d+ us$", "N us", line)


def follow(server, ask):
    after = len(server.lines)
    answer = ask()
    return answer, [shape(line) for line in debug_lines(server, after)]


def test_each_page_says_that_it_was_compiled(serve):
    server = serve("--workers", "1", "--log", "debug")
    compiled = [line for line in server.lines if "page: compiled" in line]
    assert any("pages/index.gmi" in line for line in compiled)
    assert all(line.endswith(" 0 findings") for line in compiled)


def test_a_reading_request_is_followed(serve):
    server = serve("--workers", "1", "--log", "debug")
    answer, lines = follow(server, lambda: server.gemini("/note/1"))
    assert answer.status == 20
    assert lines[0] == "page: route: page pages/note/[id].gmi"
    assert lines[1] == "page: transaction begins, to read"
    assert re.fullmatch(
        r"page: pages/note/\[id\].gmi:\d+: statement, N us", lines[2])


def test_a_missing_page_is_followed(serve):
    server = serve("--workers", "1", "--log", "debug")
    answer, lines = follow(server, lambda: server.gemini("/nothing/here"))
    assert answer.status == 51
    assert lines[0].startswith("page: route: no page")


def test_an_act_is_followed_to_its_commit_and_tells_no_words(serve):
    server = serve("--workers", "1", "--log", "debug")
    after = len(server.lines)
    assert write_note(server, "wordsofareader").status == 30
    server.wait_log("kind=redirect", after=after)
    said = "\n".join(server.lines[after:])
    assert said.index("page: transaction begins, to read") < \
        said.index("page: transaction begins, to write")
    assert re.search(r"page: commit, \d+ us", said)
    assert "wordsofareader" not in said


def test_debug_messages_are_not_left_out(serve):
    server = serve("--workers", "1", "--log", "debug")
    after = len(server.lines)
    for _ in range(30):
        assert server.gemini("/note/1").status == 20
    wait_for(lambda: sum("route: page pages/note" in line
                         for line in server.lines[after:]) == 30,
             what="a line for each request")
