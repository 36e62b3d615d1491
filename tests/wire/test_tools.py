# SPDX-License-Identifier: ISC
"""`guiju get` and `guiju check`, as an author uses them."""

import pytest

from conftest import ROOT, run_guiju


def get(capsule, state, address, *flags):
    return run_guiju("get", "--capsule", capsule, "--state", state, *flags,
                     address)


def test_get_prints_what_is_sent(capsule, tmp_path):
    state = tmp_path / "made"
    done = get(capsule, state, "gemini://localhost/")
    assert done.returncode == 0
    assert done.stdout.startswith("20 text/gemini; charset=utf-8")
    assert (state / "portal.db").exists()
    done = get(capsule, state, "gopher://localhost/1/")
    assert done.stdout.endswith(".\n")  # text mode folds line ends


def test_get_gives_a_sound_page_beside_a_broken_one(capsule, tmp_path):
    (capsule / "pages/bad.gmi").write_text("{nothing}\n")
    (capsule / "pages/worse.gmi").write_text("% oen\n")
    done = get(capsule, tmp_path / "made", "gemini://localhost/")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("20 ")
    done = get(capsule, tmp_path / "made", "gemini://localhost/bad")
    assert (done.returncode, done.stdout) == (78, "")
    assert "pages/bad.gmi:1: nothing provides" in done.stderr
    assert "worse" not in done.stderr


@pytest.mark.parametrize("address, answer", [
    ("gemini://localhost/nosuch", "51 "),
    ("gemini://elsewhere.example/", "53 "),
    ("https://localhost/", "53 "),
    ("gemini://localhost/../etc/passwd", "59 "),
])
def test_a_refusal_is_an_answer(capsule, tmp_path, address, answer):
    done = get(capsule, tmp_path / "s", address)
    assert done.returncode == 0
    assert done.stdout.startswith(answer)


@pytest.mark.parametrize("address", [
    "gopher://localhost:99999/1/", "gopher://localhost/1/100%",
    "gopher://[::1/1/", "gopher://localhost/1/a b", "gopher:"])
def test_no_address_is_no_answer(capsule, tmp_path, address):
    done = get(capsule, tmp_path / "s", address)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"guiju: get: `{address}` is not an address\n"


def test_schemes_have_no_case(capsule, tmp_path):
    for address in ("GEMINI://LOCALHOST/", "Gopher://localhost"):
        done = get(capsule, tmp_path / "s", address)
        assert "A notice board" in done.stdout


def test_get_shows_times_of_the_zone(capsule, tmp_path):
    (capsule / "pages/clock.gmi").write_text(
        "% one SELECT local_stamp(:now) AS stamp\n{today} {stamp}\n")
    for zone, shown in (
            ("Asia/Shanghai", "2009-02-14 2009-02-14T07:31:30+08:00"),
            ("America/New_York", "2009-02-13 2009-02-13T18:31:30-05:00"),
            ("UTC", "2009-02-13 2009-02-13T23:31:30+00:00")):
        done = get(capsule, tmp_path / "s", "gemini://localhost/clock",
                   "--now", "1234567890", "--zone", zone)
        assert done.stdout.endswith(f"\n{shown}\n")


def test_get_does_not_count_views(tmp_path):
    (tmp_path / "c/pages").mkdir(parents=True)
    (tmp_path / "c/schema").mkdir()
    (tmp_path / "c/schema/001_x.sql").write_text("CREATE TABLE x (y);\n")
    (tmp_path / "c/pages/index.gmi").write_text(
        "% one SELECT tally_add('x', 1) AS n\n# {n} at {now}\n")
    for _ in range(2):
        done = get(tmp_path / "c", tmp_path / "s", "gemini://localhost/",
                   "--now", "1234567890")
        assert done.stdout.endswith("# 0 at 1234567890\n")


@pytest.mark.parametrize("flags, status, says", [
    (["--capsul", "x", "gemini://localhost/"], 2, "did you mean --capsule"),
    (["--now", "soon", "gemini://localhost/"], 2, "a whole number of seconds"),
    (["--cert", "me", "gemini://localhost/"], 2, "hexadecimal"),
    (["a", "b"], 2, "too many arguments: b"),
    ([], 2, "ADDRESS is missing"),
    (["--capsule=/nonexistent", "gemini://localhost/"], 2, "/nonexistent"),
])
def test_get_tells_its_misuse_in_one_line(flags, status, says):
    done = run_guiju("get", *flags)
    assert done.returncode == status
    assert says in done.stderr
    assert done.stderr.startswith("guiju: get: ")
    assert done.stderr.count("\n") == 1


def test_check_tells_file_and_line(capsule):
    assert run_guiju("check", capsule).returncode == 0
    (capsule / "pages/bad.gmi").write_text("# x\n% eech SELECT 1\n")
    done = run_guiju("check", capsule)
    assert done.returncode == 1
    assert done.stdout == (f"{capsule}/pages/bad.gmi:2: no directive `eech`; "
                           "did you mean `each`?\n")
    assert done.stderr == "guiju: check: 1 finding\n"
    # A page that is sound is given all the same.
    done = get(capsule, capsule.parent / "s", "gemini://localhost/bad")
    assert done.returncode == 78
    assert "bad.gmi:2:" in done.stderr
    done = get(capsule, capsule.parent / "s", "gemini://localhost/")
    assert done.returncode == 0 and "bad.gmi" not in done.stderr


@pytest.mark.portal
def test_the_portal_has_no_finding_and_no_advice():
    done = run_guiju("check", "--strict", ROOT / "capsule")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_check_tells_what_is_slow_apart(capsule):
    slow = "# x\n% each SELECT id FROM note WHERE body = '1'\n% end\n"
    for name in ("a", "b"):
        (capsule / f"pages/{name}.gmi").write_text(slow)
    said = ("slow: reads a whole table (note); give it an index, or the "
            "statement a LIMIT, or say /* scan */ in the statement\n")
    advice = "".join(f"{capsule}/pages/{name}.gmi:2: {said}" for name in "ab")
    done = run_guiju("check", capsule)
    assert (done.returncode, done.stdout) == (0, advice)
    assert done.stderr == "guiju: check: 2 places may be slow\n"
    for arguments in (("--strict", capsule), (capsule, "--strict")):
        done = run_guiju("check", *arguments)
        assert (done.returncode, done.stdout) == (1, advice)
    # Behind what is wrong.
    (capsule / "pages/c.gmi").write_text("% eech SELECT 1\n")
    done = run_guiju("check", capsule)
    assert done.returncode == 1
    assert done.stdout.endswith(advice) and "/c.gmi:1: no" in done.stdout
    assert done.stderr == ("guiju: check: 1 finding\n"
                           "guiju: check: 2 places may be slow\n")
    (capsule / "pages/c.gmi").unlink()
    done = get(capsule, capsule.parent / "s", "gemini://localhost/a")
    assert (done.returncode, done.stderr) == (0, "")


def test_check_reads_the_settings(capsule):
    (capsule / "capsule.ini").write_text("[capsule]\nzone = Asia/Shangai\n")
    done = run_guiju("check", capsule)
    assert done.returncode == 1
    assert done.stdout.startswith(f"{capsule}/capsule.ini:2: zone: ")
    assert done.stdout.endswith("; did you mean Asia/Shanghai?\n")
    assert done.stderr == "guiju: check: 1 finding\n"


@pytest.mark.parametrize("arguments, says", [
    ((), "CAPSULE is missing"),
    (("--strict",), "CAPSULE is missing"),
    (("--strickt", "."), "unknown flag --strickt, did you mean --strict?"),
    ((".", "."), "too many arguments: ."),
    ((".", "--loose"), "unknown flag --loose"),
    (("--zone", "x", "."), "unknown flag --zone"),
])
def test_check_tells_its_misuse_in_one_line(arguments, says):
    done = run_guiju("check", *arguments)
    assert done.returncode == 2
    assert done.stderr == f"guiju: check: {says}; see `guiju check --help`\n"


def test_check_tells_the_line_of_a_script(capsule):
    (capsule / "schema/002_more.sql").write_text(
        "CREATE TABLE fine (x);\n\nCREATE TABEL bad (x);\n")
    done = run_guiju("check", capsule)
    assert done.returncode == 1
    assert "schema/002_more.sql:3:" in done.stdout


def test_check_compiles_the_scripts_of_imports(capsule):
    """With the names that each script has, and each mistake once."""
    scripts = {
        "article": "% needs :title :body\n"
                   "% do INSERT INTO note (title, body) "
                   "VALUES (:title, :body)\n",
        "begin": "% gives :first\n% one SELECT :kind AS first\n",
        "notes": "% needs :first :title\n"
                 "% if import_once(:title) IS NULL\n"
                 "% do INSERT INTO note (title, body) "
                 "VALUES (:title, :first)\n% end\n",
        "others": "% needs :first :title\n% if :title = :first\n"
                  "% fail fatal no\n% end\n",
        "end": "{added} of {kind}\n",
        "undo": "% do DELETE FROM note WHERE id = :batch\n",
        "follow": "{changed}\n",
    }
    folder = capsule / "import"
    folder.mkdir(exist_ok=True)

    def put(name, text):
        (folder / f"{name}.sql").write_text(text)

    def found():
        done = run_guiju("check", capsule)
        lines = done.stdout.splitlines()
        assert done.returncode == bool(lines), done.stderr
        return [line.removeprefix(f"{folder}/") for line in lines]

    for name, text in scripts.items():
        put(name, text)
    assert found() == []
    for name, text in scripts.items():
        put(name, f"{text}\n% do DELETE FROM nope\n")
        line = text.count("\n") + 2
        assert found() == [f"{name}.sql:{line}: SQL: no such table: nope"]
        put(name, text)
    # A name or a failure of another script; a mistake hides no other.
    put("article", "% needs :title\n% if :title = :batch\n% fail fatal x\n"
                   "% end\n")
    put("others", "% needs :first\n% if :first = 1\n% fail already x\n"
                  "% end\n")
    put("undo", "% one SELECT :title AS x\n{x}\n")
    put("follow", "% one SELECT import_once('x') AS once\n{once}\n")
    told = found()
    assert [line.rpartition(": ")[0].split(": ")[0] for line in told] == [
        "article.sql:2", "others.sql:3", "undo.sql:1", "follow.sql:1"]
    assert "no such function: import_once" in told[3]
    for name, text in scripts.items():
        put(name, text)
    (folder / "begin.sql").unlink()
    assert found() == ["begin.sql: No such file or directory"]


def test_a_misspelt_import_is_told_the_nearest(tmp_path):
    done = run_guiju("import", "artcle", "x", "--capsule", tmp_path)
    assert done.returncode == 78
    assert "artcle.sql, did you mean article; tables: " in done.stderr
