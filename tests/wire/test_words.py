# SPDX-License-Identifier: ISC
"""What the engine itself says to readers, and in which language: a capsule's
words.ini, `% lang`, and the English of a capsule that has neither."""

import subprocess

import pytest

from conftest import ROOT, gemini_raw, gopher_raw, run_guiju, write_files

WORDS = """missing = Seite fehlt
line-long = Zu lang
url-scheme = Kein solches Protokoll
host-foreign = Nicht hier, sondern {address}
control = {character} gehört nicht in {part}
part-input = die Eingabe
only-over = Nur über {protocol}
no-http = Kein Web, sondern {protocol}
moved = Umgezogen

[zh-Hans]
missing = 没有这一页
"""

PAGES = {
    "pages/de.gmi": "% lang de-AT\n# Servus\n",
    "pages/tag/[tag].gmi": "% lang {tag}\n# {lang}\n",
    "pages/zh.gmi": "% lang zh-Hans\n% one SELECT 1 AS no WHERE 0\n",
    "pages/en.gmi": "% lang en\n% one SELECT 1 AS no WHERE 0\n",
    "pages/feed.xml": '% lang de\n<feed xml:lang="{lang}"/>\n',
    "pages/plain.txt": "% lang de\nServus\n",
    "pages/me.gmi": "% cert Wer?\nx\n",
}


@pytest.fixture
def speaking(capsule, serve):
    write_files(capsule, {"words.ini": WORDS, **PAGES})
    text = (capsule / "capsule.ini").read_text()
    (capsule / "capsule.ini").write_text(
        text.replace("language = en", "language = de"))
    return serve("--workers", "1")


def error(server, request):
    """The text of the one error item."""
    raw = gopher_raw(server.gopher_port, request)
    assert raw.endswith(b"\t\terror.host\t1\r\n.\r\n")
    return raw.decode().partition("\t")[0]


def test_refusals_are_said_in_the_portals_words(speaking):
    assert speaking.gemini("/nothing").header == "51 Seite fehlt"
    assert error(speaking, b"/nothing\r\n") == "3404 Seite fehlt"
    assert error(speaking, b"/me\r\n") == "3404 Nur über Gemini"


def test_a_refusal_before_any_page_has_the_portals_words(speaking):
    port = speaking.gemini_port
    ours = speaking.url("/")

    def refused(request):
        return gemini_raw(port, request).header

    assert refused(b"gemini://localhost/" + b"a" * 2000 + b"\r\n") == \
        "59 Zu lang"
    assert refused(b"https://localhost/\r\n") == "53 Kein solches Protokoll"
    assert refused(b"gemini://other.example/\r\n") == \
        f"53 Nicht hier, sondern {ours}"
    assert refused(ours.encode() + b"?a%07\r\n") == \
        "59 U+0007 (BEL) gehört nicht in die Eingabe"
    # What words.ini lacks is said in English.
    assert refused(b"gemini://localhost:x/\r\n").startswith("59 Bad request")
    assert error(speaking, b"/x\ta\x07\r\n") == \
        "3400 U+0007 (BEL) gehört nicht in die Eingabe"
    assert error(speaking, b"/" + b"a" * 5000 + b"\r\n") == "3400 Zu lang"
    page = gopher_raw(speaking.gopher_port, b"GET / HTTP/1.0\r\n").decode()
    assert "<h1>Kein Web, sondern Gopher</h1>" in page


def test_the_header_says_the_pages_language(speaking):
    gemtext = "20 text/gemini; charset=utf-8; lang="
    assert speaking.gemini("/").header == gemtext + "de"
    assert speaking.gemini("/de").header == gemtext + "de-AT"
    assert speaking.gemini("/tag/pt-BR").header == gemtext + "pt-BR"
    assert speaking.gemini("/tag/pt-BR").text == "# pt-BR\n"
    # What is not a language leaves the portal's.
    for tag in ("pt_BR", "x;charset=gbk", "x%20y", "a" * 36):
        assert speaking.gemini(f"/tag/{tag}").header == gemtext + "de"
    assert speaking.gemini("/de.txt").header == \
        "20 text/plain; charset=utf-8; lang=de-AT"
    assert speaking.gemini("/plain.txt").header == \
        "20 text/plain; charset=utf-8; lang=de"
    assert speaking.gemini("/feed.xml").text == '<feed xml:lang="de"/>\n'


def test_a_page_is_refused_in_its_language(speaking):
    """Over Gemini a text that does not begin with ASCII has the English in
    front: clients spoil the first byte of a line."""
    assert speaking.gemini("/en").header == "51 Not found"
    assert speaking.gemini("/zh").header == "51 Not found 没有这一页"
    assert error(speaking, b"/zh\r\n") == "3404 没有这一页"


def test_words_are_read_again(speaking, capsule):
    write_files(capsule, {"words.ini": "missing = Weg\n"})
    assert speaking.gemini("/nothing").header == "51 Seite fehlt"
    speaking.reload()
    assert speaking.gemini("/nothing").header == "51 Weg"
    # With a mistake in them the old ones are said on.
    write_files(capsule, {"words.ini": "missing = Fort\nmising = x\n"})
    speaking.reload(expect="words.ini:2: the engine says no `mising`; did you "
                    "mean `missing`?")
    assert speaking.gemini("/nothing").header == "51 Weg"


def test_dev_sees_them_change(serve, capsule):
    server = serve("--workers", "1", "--dev")
    write_files(capsule, {"words.ini": "missing = Weg\n"})
    server.wait_log("run: reloaded")
    assert server.gemini("/nothing").header == "51 Weg"


def test_a_capsule_without_words_answers_in_ascii(server):
    """Each kind of answer that `guiju init`'s capsule can give."""
    port = server.gemini_port
    for request in (b"/nothing", b"/%07", b"/../..", b"/?%ff", b"/a%2Fb",
                    b"/a b", b"/#x"):
        answer = gemini_raw(port, server.url().encode()[:-1] + request
                            + b"\r\n")
        assert answer.raw.isascii(), answer.raw
    for line in (b"x", b"https://localhost/", b"gemini://h/", b"gemini:///",
                 b"gemini://localhost:x/", b"\xff", b"a" * 3000):
        assert gemini_raw(port, line + b"\r\n").raw.isascii()
    for line in (b"/nothing", b"/x\t\xff", b"/\x07", b"/..", b"URL:x",
                 b"URL:https://example.org/", b"GET / HTTP/1.0",
                 b"/" + b"a" * 5000, b"/notes/write/x"):
        assert gopher_raw(server.gopher_port, line + b"\r\n").isascii()


def test_check_tells_what_words_lack(capsule):
    write_files(capsule, {"pages/p.gmi": "% lang fr\nx\n",
                          "words.ini": "missing = x\n[de]\ngone = Fort\n"})
    done = run_guiju("check", capsule)
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert f"{capsule}/pages/p.gmi:1: words: words.ini has no words of fr" in \
        lines
    assert any(line.startswith(f"{capsule}/words.ini: words: de lacks missing ")
               for line in lines)
    assert done.stderr == "guiju: check: words are lacking in 2 places\n"
    assert run_guiju("check", "--strict", capsule).returncode == 1


@pytest.mark.portal
def test_the_portal_lacks_no_word():
    done = run_guiju("check", "--strict", ROOT / "capsule")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    listed = subprocess.run(
        ["grep", "-c", "^[a-z0-9-]* = ", ROOT / "capsule/words.ini"],
        capture_output=True, text=True, check=True).stdout
    assert int(listed) > 50
