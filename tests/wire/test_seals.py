# SPDX-License-Identifier: ISC
"""The key of the seals: a file of its own beside the TLS key, made once, and
made anew when the operator says so."""

import os
import stat

from conftest import run_guiju


def sealed(server):
    return "/" + server.gemini("/").link("Write a note")


def seal(server, *flags, **more):
    return run_guiju("seal", *flags, "--certs", server.certs, server.capsule,
                     **more)


def test_the_key_lies_beside_the_tls_key(serve):
    server = serve()
    key = server.certs / "seal.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.stat().st_size == 32
    assert sorted(path.name for path in server.certs.iterdir()) == [
        "localhost.cert.pem", "localhost.key.pem", "seal.key"]
    assert key.read_bytes().hex() not in server.log


def test_a_seal_is_good_after_a_restart(serve):
    server = serve()
    link = sealed(server)
    assert server.stop() == 0
    server = serve()
    assert server.gemini(f"{link}?Kept").status == 30
    assert "Kept" in server.gemini("/").text


def test_a_new_key_ends_the_seals_made_before(serve):
    server = serve()
    old = (server.certs / "seal.key").read_bytes()
    link = sealed(server)
    done = seal(server)
    assert done.returncode == 0 and done.stdout.endswith(
        "seal.key: the key of the seals\n")
    assert (server.certs / "seal.key").read_bytes() == old
    done = seal(server, "--renew")
    assert done.returncode == 0 and "SIGHUP" in done.stdout
    assert (server.certs / "seal.key").read_bytes() != old
    # Until the reload the old key is in force.
    assert server.gemini(link).status == 10
    server.reload()
    answer = server.gemini(f"{link}?Typed")
    assert answer.status == 20 and "another reader" in answer.text
    assert "Typed" not in answer.text + server.gemini("/").text
    assert server.gemini(f"{sealed(server)}?Fresh").status == 30
    assert "Fresh" in server.gemini("/").text
    assert not any(name.startswith("seal.key.")
                   for name in os.listdir(server.certs))


def test_a_new_key_that_does_not_sync_is_told(serve):
    """The old key is in force or the new one, whole, and no part of a file is
    left. Whoever renews because a key was stolen must know which."""
    server = serve()
    assert server.stop() == 0
    key = server.certs / "seal.key"
    for point, told, same in (
            ("sync-seal:1!", "cannot be made", True),
            ("sync-seals:1!", "its folder does not sync", False)):
        old = key.read_bytes()
        done = seal(server, "--renew", env={**os.environ, "GUIJU_FAULT": point})
        assert done.returncode == 1 and told in done.stderr, done
        assert (key.read_bytes() == old) is same
        assert key.stat().st_size == 32
        assert len(os.listdir(server.certs)) == 3
    for point, same in (("sync-seal:1", True), ("sync-seals:1", False)):
        old = key.read_bytes()
        done = seal(server, "--renew", env={**os.environ, "GUIJU_FAULT": point})
        assert done.returncode == -9
        assert (key.read_bytes() == old) is same
    again = serve()
    assert again.gemini(sealed(again)).status == 10


def test_a_prompt_outlives_a_reload(serve, capsule, make_identity):
    """The key of the prompts is in memory only, and stays there."""
    (capsule / "pages/w").mkdir()
    (capsule / "pages/w/index.gmi").write_text("# W\n=> {seal} Do it\n")
    (capsule / "pages/w/[seal].gmi").write_text(
        "% cert Who?\n% ask Say it\n"
        "% do INSERT INTO note (title, body) VALUES (:input, '')\n% go /\n")
    server, cert = serve(), make_identity().pair
    link = "/w/" + server.gemini("/w/", cert=cert).link("Do it")
    prompt = server.gemini(link, cert=cert)
    assert prompt.status == 30
    assert server.gemini(prompt.meta, cert=cert).status == 10
    server.reload()
    assert server.gemini(f"{prompt.meta}?Said", cert=cert).meta == "/"
    assert "Said" in server.gemini("/").text
    prompt = server.gemini(link, cert=cert).meta
    assert server.stop() == 0
    server = serve()
    # A new start has another key for prompts; the link is good.
    assert "another reader" in server.gemini(f"{prompt}?Lost", cert=cert).text
    assert server.gemini(link, cert=cert).meta.startswith("/w/")
    assert "Lost" not in server.gemini("/").text


def test_a_key_that_others_read_is_refused(serve):
    server = serve()
    assert server.stop() == 0
    key = server.certs / "seal.key"
    for spoil in (lambda: key.chmod(0o644), lambda: key.write_bytes(b"short")):
        spoil()
        done = seal(server)
        assert done.returncode == 78 and "guiju seal --renew" in done.stderr
        refused = serve(wait=False)
        assert refused.process.wait(30) == 78
        refused.stop()
        assert "seal.key" in refused.log
        assert seal(server, "--renew").returncode == 0
        assert seal(server).returncode == 0
    again = serve()
    assert again.gemini(sealed(again)).status == 10
