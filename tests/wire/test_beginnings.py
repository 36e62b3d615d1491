# SPDX-License-Identifier: ISC
"""What `guiju init` writes: small portals in English that check finds nothing
in, that serve at once, and whose answers are the engine's alone."""

import collections
import functools
import json
import re
import shlex
import urllib.parse
import xml.etree.ElementTree

import pytest

from conftest import ROOT, Server, gemini_raw, run_guiju

KINDS = sorted(folder.name for folder in (ROOT / "tools/init").iterdir())


def begin(folder, kind):
    done = run_guiju("init", "--like", kind, folder / "capsule")
    assert done.returncode == 0, done.stderr
    return folder / "capsule"


@pytest.fixture(scope="module", params=KINDS)
def portal(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    running = Server(begin(folder, request.param), folder,
                     ["--workers", "1"])
    running.kind = request.param
    yield running
    assert running.stop() == 0, running.log
    running.check_sane()


@pytest.mark.parametrize("kind", KINDS)
def test_check_finds_nothing_and_advises_nothing(kind, tmp_path):
    done = run_guiju("check", "--strict", begin(tmp_path, kind))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_are_those_of_the_source(kind, tmp_path):
    def files(folder):
        return {path.relative_to(folder): path.read_bytes()
                for path in folder.rglob("*") if path.is_file()}

    written = files(begin(tmp_path, kind))
    assert written == files(ROOT / "tools/init" / kind)
    assert len(written) > 5
    for text in written.values():
        text.decode("ascii")


@pytest.mark.parametrize("kind", KINDS)
def test_the_commands_of_its_readme_work(kind, tmp_path):
    """In the new folder, as they stand; `serve` would not end, and the names
    of people and identities are examples."""
    capsule = begin(tmp_path, kind)
    commands = re.findall(r"^    guiju (.*)$",
                          (capsule / "README.md").read_text(), re.M)
    commands += re.findall(r"`guiju ([^`]* --capsule [^`]*)`", "".join(
        path.read_text() for path in capsule.rglob("posts/*.gmi")))
    assert commands
    for command in commands:
        words = shlex.split(command.replace("FINGERPRINT", "a1" * 32))
        if words[0] == "serve" or "NAME" in words:
            continue
        done = run_guiju(*words, cwd=capsule)
        assert done.returncode == 0, (command, done.stderr)


def test_without_a_kind_it_is_the_board(tmp_path):
    assert run_guiju("init", tmp_path / "a").returncode == 0
    assert (tmp_path / "a/pages/index.gmi").read_bytes() == \
        (ROOT / "tools/init/board/pages/index.gmi").read_bytes()


def test_an_unknown_kind_is_refused(tmp_path):
    done = run_guiju("init", "--like", "blog", tmp_path / "a")
    assert done.returncode == 2 and "board, library or gemlog" in done.stderr
    assert not (tmp_path / "a").exists()


def crawl(portal):
    """{path: answer} of all that its links lead to over Gemini."""
    seen, waiting = {}, collections.deque(["/"])
    while waiting:
        path = waiting.popleft()
        if path in seen:
            continue
        seen[path] = answer = portal.gemini(path)
        if answer.status == 20 and answer.meta.startswith("text/gemini"):
            for address, _ in answer.links:
                target = urllib.parse.urljoin(f"gopher://x{path}", address)
                if target.startswith("gopher://x/"):
                    waiting.append(target.removeprefix("gopher://x"))
        elif answer.status in (30, 31):
            waiting.append(answer.meta)
    return seen


def test_each_link_leads_somewhere(portal):
    answers = crawl(portal)
    assert len(answers) > 3
    for path, answer in answers.items():
        assert answer.status in (10, 20, 30, 60), (path, answer.header)


REFUSED = ["/nothing", "/%FF", "/a/../../b", "/post/none", "/book/99",
           "/note/none", "/my", "//", "/%00"]


def test_no_answer_holds_a_byte_above_ascii(portal):
    """Whatever a reader of such a portal reads, the engine wrote in English."""
    for path, answer in crawl(portal).items():
        (answer.header.encode() + answer.body).decode("ascii")
        if answer.status == 20 and answer.meta.startswith("text/gemini"):
            portal.gemini(path + ".txt").body.decode("ascii")
        portal.gopher(urllib.parse.unquote(path)).decode("ascii")
    for path in REFUSED:
        answer = portal.gemini(path)
        assert answer.status >= 30, path
        (answer.header.encode() + answer.body).decode("ascii")
        portal.gopher(path).decode("ascii")


# --- the library -------------------------------------------------------------


@pytest.fixture
def library(tmp_path):
    running = Server(begin(tmp_path, "library"), tmp_path, ["--workers", "1"])
    yield running
    assert running.stop() == 0
    running.check_sane()


def follow(server, answer, cert, limit=5):
    while answer.status == 30 and limit > 0:
        answer, limit = server.gemini(answer.meta, cert=cert), limit - 1
    return answer


def step(server, path, label, cert, said=None):
    """Follow the one link of that label from a page; where it leads."""
    page = server.gemini(path, cert=cert)
    assert page.status == 20, page.header
    target = urllib.parse.urljoin(f"gopher://x{path}", page.link(label))
    target = target.removeprefix("gopher://x")
    answer = server.gemini(target, cert=cert)
    if answer.status == 30:
        target = answer.meta  # the prompt has an address of its own
    if said is not None:
        target += "?" + urllib.parse.quote(said)
    return follow(server, server.gemini(target, cert=cert), cert)


def join(server, name, cert):
    away = server.gemini("/my/", cert=cert)
    assert away.status == 30, away.header
    page = server.gemini(away.meta, cert=cert)
    assert page.text.startswith("# Become a member") and "stores" in page.text
    answer = step(server, away.meta, "Agree", cert, name)
    assert answer.text.startswith(f"# {name}\n"), answer.text


def borrow(server, cert):
    """From the public page, as a client does it that has an identity below
    /my/ only: the identity, one confirmation, the prompt."""
    link = server.gemini("/book/3").link("Borrow it").removeprefix("..")
    asked = follow(server, server.gemini(link), None)
    assert asked.status == 60, asked.header
    offer = server.gemini(link, cert=cert)
    assert offer.text.startswith("# Borrow it\nNothing is done yet")
    prompt = server.gemini(offer.link("Borrow it"), cert=cert).meta
    assert "Borrow Walden until" in server.gemini(prompt, cert=cert).meta
    return prompt


def test_a_member_borrows_and_returns(library, make_identity):
    ann = make_identity("ann").pair
    assert library.gemini("/my/").status == 60
    join(library, "Ann", ann)
    answer = follow(
        library, library.gemini(f"{borrow(library, ann)}?yes", cert=ann), ann)
    assert re.match(r"Walden is yours until \d{4}-\d\d-\d\d\n\n# Ann\n",
                    answer.text)
    assert re.search(r"\* Walden: due on \d{4}-\d\d-\d\d", answer.text)
    assert "(out) Walden" in library.gemini("/shelf/nature").text
    answer = step(library, "/my/", "Return it", ann, "yes")
    assert "You have no book of ours." in answer.text
    assert "(out)" not in library.gemini("/shelf/nature").text


def test_the_last_copy_is_lent_once(library, make_identity):
    ann, ben = make_identity("ann").pair, make_identity("ben").pair
    join(library, "Ann", ann)
    join(library, "Ben", ben)
    prompts = {cert: borrow(library, cert) for cert in (ann, ben)}
    told = [follow(library, library.gemini(f"{prompt}?yes", cert=cert),
                   cert).text for cert, prompt in prompts.items()]
    assert told[0].startswith("Walden is yours until")
    assert told[1].startswith("All copies of Walden are out\n\n# Ben\n")
    assert "Walden" in library.gemini("/my/", cert=ann).text
    assert "You have no book" in library.gemini("/my/", cert=ben).text


def test_nobody_returns_what_another_has(library, make_identity):
    ann, ben = make_identity("ann").pair, make_identity("ben").pair
    join(library, "Ann", ann)
    join(library, "Ben", ben)
    library.gemini(f"{borrow(library, ann)}?yes", cert=ann)
    link = library.gemini("/my/", cert=ann).link("Return it")
    prompt = library.gemini(f"/my/{link}", cert=ann).meta
    for path in (f"/my/{link}", prompt):
        library.gemini(f"{path}?yes", cert=ben)
    assert "Walden" in library.gemini("/my/", cert=ann).text


def test_a_name_that_is_none_is_asked_again(library, make_identity):
    ann, ben = make_identity("ann").pair, make_identity("ben").pair
    join(library, "Ann", ben)
    for name, why in (("x" * 41, "1 to 40"), ("A%D0%B0b", "one script"),
                      ("ANN", "Another member")):
        page = library.gemini("/my/register/-/", cert=ann)
        prompt = library.gemini(f"/my/register/-/{page.link('Agree')}",
                                cert=ann).meta
        answer = library.gemini(f"{prompt}?{name}", cert=ann)
        assert answer.status == 10 and why in answer.meta, answer.header


def test_a_member_with_two_devices(library, make_identity):
    """Pairing by code, asking to come in, recovery, revoking, deletion: by
    following only what the pages show."""
    desk, phone, tablet, found = (make_identity(name) for name in (
        "desk", "phone", "tablet", "found"))
    join(library, "Ann", desk.pair)
    # A code of the first device lets the second one in, once.
    page = step(library, "/my/devices/", "A code for another", desk.pair,
                "yes")
    code = re.search(r"^(\w{4}-){3}\w{4}$", page.text, re.M).group()
    enter = functools.partial(step, library, "/my/enter/-/", "Enter a code")
    assert "# Not a code" in enter(phone.pair, "AAAA-BBBB-CCCC-DDDD").text
    assert enter(phone.pair, code.lower()).text.startswith("# Devices of Ann")
    assert "# Not a code" in enter(tablet.pair, code).text
    # The third asks, and the second lets it in.
    asked = step(library, "/my/enter/-/", "Ask your other", tablet.pair, "ann")
    digits = tablet.fingerprint[:12]
    assert digits in asked.text
    assert library.gemini("/my/", cert=tablet.pair).status == 30
    step(library, "/my/devices/", f"Let {digits} in", phone.pair, "yes")
    assert library.gemini("/my/", cert=tablet.pair).text.startswith("# Ann")
    # All three are lost: a recovery code, and the others are revoked.
    page = step(library, "/my/devices/", "New recovery codes", tablet.pair,
                "yes")
    codes = re.findall(r"^\* ((?:\w{4}-){3}\w{4})$", page.text, re.M)
    assert len(set(codes)) == 10
    assert "you have 10" in library.gemini("/my/devices/",
                                           cert=desk.pair).text
    assert "you have 9" in enter(found.pair, codes[3]).text
    step(library, "/my/devices/", f"Revoke {digits}", found.pair, "lost")
    answer = library.gemini("/my/", cert=tablet.pair)
    assert answer.status == 62 and answer.meta.endswith(": lost")
    assert library.gemini("/my/register/-/", cert=tablet.pair).status == 62
    # Nothing of a code is in the database.
    stored = (library.state / "portal.db").read_bytes() + \
        (library.state / "portal.db-wal").read_bytes()
    assert not any(part.encode() in stored for one in (code, *codes)
                   for part in (one, one.replace("-", "")))
    data = library.gemini("/my/data/all.txt", cert=found.pair).text
    assert "name: Ann" in data and found.fingerprint in data
    step(library, "/my/data/", "Delete the account", found.pair, "DELETE")
    assert library.gemini("/my/", cert=phone.pair).status == 30


def test_a_second_device_comes_back_to_the_book(library, make_identity):
    """Whoever wanted a book, and has an account with another certificate, comes
    to the book by a code."""
    desk, phone = make_identity("desk").pair, make_identity("phone").pair
    join(library, "Ann", desk)
    page = step(library, "/my/devices/", "A code for another", desk, "yes")
    code = re.search(r"^(\w{4}-){3}\w{4}$", page.text, re.M).group()
    away = library.gemini("/my/data/", cert=phone).meta
    way = urllib.parse.urljoin(
        away, library.gemini(away, cert=phone).link("another certificate"))
    assert "# Not a code" in step(library, way, "Enter a code", phone,
                                  "AAAA-BBBB-CCCC-DDDD").text
    page = step(library, way, "Enter a code", phone, code)
    assert page.text.startswith("# Data of Ann")


def test_a_librarian_is_made(library, make_identity):
    """By the operator, and by an invitation."""
    ann, ben = make_identity("ann"), make_identity("ben")

    def member(*arguments):
        done = run_guiju("member", "--capsule", library.capsule, "--state",
                         library.state, "--certs", library.certs, "--as",
                         "root", *arguments)
        return done.returncode, done.stdout, done.stderr

    join(library, "Ann", ann.pair)
    join(library, "Ben", ben.pair)
    answer = library.gemini("/staff/", cert=ann.pair)
    assert answer.status == 61 and ann.fingerprint[:12] in answer.meta
    assert member("role", "ann", "librarian") == \
        (0, "Ann has the role librarian\n", "")
    assert "# Books that are out" in library.gemini("/staff/",
                                                    cert=ann.pair).text
    assert member("role", "1", "-") == (0, "Ann has no role\n", "")
    assert library.gemini("/staff/", cert=ann.pair).status == 61
    code = member("invite", "librarian")[1].split()[-1]
    answer = step(library, "/my/data/", "Enter an invitation", ben.pair, code)
    assert "Books that are out" in answer.text
    assert "# Not a code" in step(library, "/my/data/", "Enter an invitation",
                                  ann.pair, code).text
    assert re.search(r" 2  Ben +librarian +seen \d{4}-", member("list")[1])
    shown = member("show", "BEN")[1]
    assert re.search(r"log .* join +owner  librarian", shown), shown
    assert member("close", "Ben", "spam")[0] == 0
    answer = library.gemini("/my/", cert=ben.pair)
    assert answer.status == 61 and answer.meta.endswith(": spam")
    assert member("reopen", "Ben")[0] == 0
    assert library.gemini("/staff/", cert=ben.pair).status == 20
    for refused in (("role", "Nobody", "x"), ("role", "Ann", "No Role"),
                    ("invite", "-")):
        code, out, why = member(*refused)
        assert (code, out) == (78, "") and why, refused
    assert [member(*wrong)[0] for wrong in ((), ("role",), ("x", "y"))] == \
        [2, 2, 2]
    assert json.loads(member("--json", "show", "Ann")[1])["role"] is None


# --- the gemlog --------------------------------------------------------------


def store(capsule, state, file):
    return run_guiju("import", "article", "--capsule", capsule, "--state",
                     state, file)


def test_a_post_is_stored_shown_and_corrected(tmp_path):
    capsule = begin(tmp_path, "gemlog")
    server = Server(capsule, tmp_path, ["--workers", "1"])
    try:
        post = capsule / "posts/second.gmi"
        done = store(capsule, server.state, post)
        assert done.returncode == 0, done.stderr
        assert "2026-11-08 The second post" in server.gemini("/").text
        assert "# The second post" in server.gemini("/post/second").text
        post.write_text(post.read_text().replace("is written", "is made"))
        assert store(capsule, server.state, post).returncode == 0
        feed = xml.etree.ElementTree.fromstring(
            server.gemini("/atom.xml").body)
        atom = "{http://www.w3.org/2005/Atom}"
        entries = {entry.find(f"{atom}id").text: entry
                   for entry in feed.iter(f"{atom}entry")}
        assert set(entries) == {"tag:localhost,2026:/post/hello",
                                "tag:localhost,2026:/post/second"}
        second = entries["tag:localhost,2026:/post/second"]
        assert second.find(f"{atom}summary").text == "How a post is made."
        for entry in entries.values():
            link = entry.find(f"{atom}link").get("href")
            path = urllib.parse.urlsplit(link).path
            assert server.gemini(path).status == 20
    finally:
        assert server.stop() == 0
    server.check_sane()


def send(server, address, text, cert, mime="text/gemini"):
    """Upload to a titan:// address, in a client's way."""
    body = text.encode()
    line = f"{address};size={len(body)};mime={mime}\r\n".encode()
    return gemini_raw(server.gemini_port, line + body, cert=cert)


def test_an_author_posts_by_titan(tmp_path, make_identity):
    """From the refusal to the feed, by what the pages show."""
    ann, bob = make_identity("ann"), make_identity("bob")
    server = Server(begin(tmp_path, "gemlog"), tmp_path, ["--workers", "1"])
    try:
        assert server.gemini("/write/").status == 60
        refusal = server.gemini("/write/", cert=ann.pair)
        command = re.search(r"guiju sql --capsule . --write \"(.*)\"",
                            refusal.meta)[1]
        assert refusal.status == 61 and ann.fingerprint in command
        done = run_guiju("sql", "--capsule", server.capsule, "--state",
                         server.state, "--write", command)
        assert done.returncode == 0, done.stderr
        assert server.gemini("/write/", cert=bob.pair).status == 61
        answer = server.gemini("/write/new?First-Post", cert=ann.pair)
        page = server.gemini(answer.meta, cert=ann.pair)
        address = page.link("Upload the post")
        post = "# My first post\r\n\r\nFrom a browser.\r\n"
        for cert, status in ((None, 60), (bob.pair, 61)):
            assert send(server, address, post, cert).status == status
        assert server.gemini("/post/first-post").status == 51
        answer = send(server, address, post, ann.pair)
        assert answer.header == f"30 {server.url('/post/first-post')}"
        assert re.search(r"=> post/first-post \d{4}-\d\d-\d\d My first post\n",
                         server.gemini("/").text)
        assert "\nFrom a browser.\n" in server.gemini("/post/first-post").text
        feed = server.gemini("/atom.xml").text
        assert "<title>My first post</title>" in feed
        # Two devices edit one text: the second text is kept.
        edit = server.gemini("/write/", cert=ann.pair).link("My first post")
        assert edit.endswith("/write/first-post/1;edit")
        source = gemini_raw(server.gemini_port, f"{edit}\r\n".encode(),
                            cert=ann.pair)
        assert source.text == "# My first post\n\nFrom a browser.\n"
        address = edit.removesuffix(";edit")
        assert send(server, address, source.text + "More.\n",
                    ann.pair, "text/plain").status == 30
        answer = send(server, address, source.text + "Other.\n", ann.pair)
        assert answer.status == 59 and "kept as a draft" in answer.meta
        assert "\nMore.\n" in server.gemini("/post/first-post").text
        page = server.gemini("/write/", cert=ann.pair)
        assert "> Other.\n" in page.text
        assert page.link("My first post").endswith("/first-post/2;edit")
    finally:
        assert server.stop() == 0
    server.check_sane()
