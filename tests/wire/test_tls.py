# SPDX-License-Identifier: ISC
"""TLS: versions, names, client certificates, and what is switched off."""

import base64
import contextlib
import datetime
import hashlib
import pathlib
import re
import socket
import ssl
import subprocess
import threading
import time

import pytest

from conftest import (ANSWER_S, HEADER, gemini_raw, read_all, tls_connect,
                      tls_context)

HOST = b"gemini://portal.example"


def ask(server, line=HOST + b"/dir/page", **options):
    options.setdefault("sni", "portal.example")
    return gemini_raw(server.gemini_port, line + b"\r\n", **options)


def s_client(server, *arguments, talk="", timeout=60):
    """openssl s_client: (what it said, all of it)."""
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{server.gemini_port}",
         "-servername", "portal.example", *arguments], input=talk.encode(),
        capture_output=True, timeout=timeout, check=False)
    return done.stdout.decode("utf-8", "replace") + \
        done.stderr.decode("utf-8", "replace")


@pytest.mark.parametrize("notify", [True, False])
@pytest.mark.parametrize("sent", [b"", b"20 text/plain\r\nx\n"])
def test_these_tests_see_a_missing_close_notify(make_identity, notify, sent):
    """A server that ends with a FIN alone, and what our client says of it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*make_identity("localhost").pair)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        plain, _ = listening.accept()
        with context.wrap_socket(plain, server_side=True) as client:
            client.recv(100)
            client.sendall(sent)
            if notify:
                client.settimeout(ANSWER_S)
                with contextlib.suppress(OSError):  # it sends no own
                    client.unwrap().close()

    server = threading.Thread(target=serve)
    server.start()
    answer = gemini_raw(listening.getsockname()[1], b"x\r\n")
    server.join()
    listening.close()
    assert (answer.raw, answer.closed_cleanly) == (sent, notify)


# --- versions --------------------------------------------------------------


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2,
                                     ssl.TLSVersion.TLSv1_3])
def test_tls_1_2_and_1_3_are_served(example, version):
    answer = ask(example, version=version)
    assert answer.status == 20 and answer.closed_cleanly
    assert answer.text == "# Page\nText of the page.\n"


@pytest.mark.parametrize("flag", ["-tls1", "-tls1_1"])
def test_old_versions_are_refused(example, flag):
    said = s_client(example, flag, "-cipher", "DEFAULT@SECLEVEL=0", "-quiet",
                    "-nocommands", "-ign_eof", talk=f"{HOST.decode()}/\r\n")
    assert "alert number 70" in said  # protocol_version
    assert not re.search(r"^\d\d ", said, re.M), said


def in_the_plain(server, sent, ends=True):
    """What is answered to these bytes on the TLS port, to the end."""
    address = ("127.0.0.1", server.gemini_port)
    with socket.create_connection(address, timeout=ANSWER_S) as plain:
        plain.sendall(sent)
        if ends:
            plain.shutdown(socket.SHUT_WR)
        return read_all(plain)[0]


@pytest.mark.parametrize("ends", [True, False])
@pytest.mark.parametrize("sent", [
    b"gemini://portal.example/\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\r\n", b"\n", b"/", b"G", b"\0", b"\x15\x03\x03\x00\x02\x01\x00",
    b"\x17\x03\x03\x00\x05hello", b"GEMINI\r\n", b"\x80\x2e\x01\x00\x02",
    b"\x80\x2e\x01\x03\x01\x00\x15\x00\x00\x00\x10" + b"\1" * 40,
    b"SSH-2.0-OpenSSH_9.2\r\n", b"PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n",
    b"\x00" * 3000, "gemini：//例子/".encode(), b"\xff" * 70000])
def test_plain_text_gets_no_answer(example, sent, ends):
    """Nothing at all, no alert, and an end that is none of TLS."""
    began = time.monotonic()
    assert in_the_plain(example, sent, ends) == b""
    assert time.monotonic() - began < 8  # sooner than any deadline


@pytest.mark.parametrize("sent", [
    b"\x16\x03\x01\xff\xff" + b"\0" * 70000, b"\x16", b"\x16\x03\x01",
    b"\x16gemini://portal.example/\r\n",
    b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"])
def test_what_begins_like_tls_gets_an_alert_at_most(example, sent):
    try:
        raw = in_the_plain(example, sent)
    except OSError:
        raw = b""
    assert not HEADER.match(raw) and b"\r\n" not in raw
    assert len(raw) < 10


def test_a_bad_handshake_disturbs_nobody_else(serve):
    """OpenSSL's queue of errors is one for all connections of a worker."""
    server = serve("--workers", "1")
    with tls_connect(server.gemini_port) as good:
        good.sendall(server.url().encode())
        for sent in (b"rubbish\r\n", b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\0"):
            address = ("127.0.0.1", server.gemini_port)
            with socket.create_connection(address, timeout=ANSWER_S) as bad:
                bad.sendall(sent)
                read_all(bad)
        good.sendall(b"\r\n")
        raw, clean = read_all(good)
    assert raw.startswith(b"20 ") and clean


def test_renegotiation_is_refused(example):
    said = s_client(example, "-tls1_2", talk="R\n")
    assert "no renegotiation" in said


def test_no_protocol_is_negotiated(example):
    context = tls_context()
    context.set_alpn_protocols(["gemini", "http/1.1"])
    address = ("127.0.0.1", example.gemini_port)
    with socket.create_connection(address, timeout=ANSWER_S) as plain:
        with context.wrap_socket(plain, server_hostname="portal.example",
                                 suppress_ragged_eofs=False) as client:
            assert client.selected_alpn_protocol() is None
            client.sendall(HOST + b"/dir/page\r\n")
            raw, clean = read_all(client)
    assert raw.startswith(b"20 ") and clean


# --- the server's name and certificate -------------------------------------


@pytest.mark.parametrize("sni", [None, "portal.example", "PORTAL.EXAMPLE",
                                 "Portal.Example"])
def test_our_name_or_none_is_answered(example, sni):
    answer = ask(example, sni=sni)
    assert answer.status == 20 and answer.closed_cleanly


@pytest.mark.parametrize("sni", ["evil.example", "localhost",
                                 "www.portal.example"])
def test_a_name_that_is_not_ours_is_told_so(example, sni):
    """The handshake is done, so that there can be a sentence."""
    answer = ask(example, sni=sni)
    assert answer.status == 53 and answer.closed_cleanly
    # And for the name that they asked for as well.
    answer = ask(example, f"gemini://{sni}/dir/page".encode(), sni=sni)
    assert answer.status == 53 and answer.closed_cleanly


@pytest.mark.parametrize("sni", [None, "portal.example"])
def test_a_foreign_host_is_refused_whatever_the_name(example, sni):
    assert ask(example, b"gemini://evil.example/", sni=sni).status == 53


def test_certificate_can_be_pinned(example):
    pem = (example.certs / "portal.example.cert.pem").read_text()
    for sni in ("portal.example", None, "evil.example"):
        with tls_connect(example.gemini_port, sni=sni) as client:
            shown = client.getpeercert(binary_form=True)
        assert shown == ssl.PEM_cert_to_DER_cert(pem)
    text = subprocess.run(["openssl", "x509", "-noout", "-text"], text=True,
                          input=pem, capture_output=True, check=True).stdout
    assert "DNS:portal.example" in text
    end = re.search(r"Not After : (.+) GMT", text)[1]
    end = datetime.datetime.strptime(end, "%b %d %H:%M:%S %Y")
    assert end > datetime.datetime.now() + datetime.timedelta(days=3600)
    context = tls_context()  # and it verifies, for who trusts it
    context.load_verify_locations(cadata=pem)
    context.verify_mode, context.check_hostname = ssl.CERT_REQUIRED, True
    address = ("127.0.0.1", example.gemini_port)
    with socket.create_connection(address, timeout=ANSWER_S) as plain:
        context.wrap_socket(plain, server_hostname="portal.example").close()


# --- client certificates ---------------------------------------------------


def fingerprint(pem):
    der = ssl.PEM_cert_to_DER_cert(pathlib.Path(pem).read_text())
    return hashlib.sha256(der).hexdigest()


@pytest.fixture(scope="module")
def make_dated(tmp_path_factory):
    """make_dated(begin, end): a self-signed certificate between two dates,
    YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ."""
    folder = tmp_path_factory.mktemp("dated")
    counter = iter(range(1000))

    def make(begin, end):
        stem = folder / str(next(counter))
        (folder / "index").write_text("")
        (folder / "serial").write_text("01\n")
        (folder / "ca.conf").write_text(
            "[ca]\ndefault_ca = d\n[d]\n"
            f"database = {folder}/index\nserial = {folder}/serial\n"
            f"new_certs_dir = {folder}\ndefault_md = sha256\npolicy = p\n"
            "[p]\ncommonName = optional\n")
        for command in (
                ["req", "-new", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=dated",
                 "-keyout", f"{stem}.key", "-out", f"{stem}.csr"],
                ["ca", "-batch", "-selfsign", "-config", f"{folder}/ca.conf",
                 "-keyfile", f"{stem}.key", "-in", f"{stem}.csr", "-out",
                 f"{stem}.pem", "-notext", "-startdate", begin, "-enddate",
                 end]):
            subprocess.run(["openssl", *command], check=True,
                           capture_output=True)
        return f"{stem}.pem", f"{stem}.key"

    return make


VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("key", ["ec", "rsa", "ed25519", "P-384", "P-521"])
def test_the_page_sees_the_identity(example, make_identity, key, version):
    mine = make_identity("Reader 读者", key=key)
    answer = ask(example, HOST + b"/mine/", cert=mine.pair, version=version)
    assert answer.status == 20 and answer.closed_cleanly
    assert answer.text == f"# Mine\n{mine.fingerprint}\nReader 读者\n"


def test_an_identity_may_have_no_name(example, make_identity):
    mine = make_identity("")
    answer = ask(example, HOST + b"/mine/", cert=mine.pair)
    assert answer.text == f"# Mine\n{mine.fingerprint}\n\n"


def test_name_in_a_certificate_is_cleaned(example, make_identity):
    name = "=> evil\x1b[31m\u202Ex\u2028# y"
    mine = make_identity(name)
    text = ask(example, HOST + b"/mine/", cert=mine.pair).text
    assert text.count("\n") == 3
    assert not re.search("[\x1b\u202E\u2028]", text)
    assert text.split("\n")[2].startswith("\u200B=> evil")


def test_without_an_identity_it_is_asked_for(example):
    answer = ask(example, HOST + b"/mine/")
    assert (answer.status, answer.meta) == (60, "Who are you?")
    assert answer.closed_cleanly


def test_identity_is_not_kept(example, make_identity):
    """Who comes back without a certificate is nobody."""
    mine = make_identity()
    assert ask(example, HOST + b"/mine/", cert=mine.pair).status == 20
    assert ask(example, HOST + b"/mine/").status == 60


@pytest.mark.parametrize("begin, end, said", [
    ("200101000000Z", "210203040506Z", "expired at 2021-02-03 04:05:06 UTC"),
    ("500101000000Z", "510101000000Z", "expired at 1951-01-01 00:00:00 UTC"),
    ("20480102030405Z", "20490101000000Z",
     "not valid before 2048-01-02 03:04:05 UTC"),
    ("20480101000000Z", "99991231235959Z",
     "not valid before 2048-01-01 00:00:00 UTC")],
    ids=["expired", "long ago", "early", "late"])
def test_an_identity_out_of_its_dates_is_refused(example, make_dated, begin,
                                                 end, said):
    """And which, so that its owner knows whether waiting helps."""
    pair = make_dated(begin, end)
    answer = ask(example, HOST + b"/mine/", cert=pair)
    assert answer.status == 62 and answer.closed_cleanly
    assert said in answer.meta
    # A page that asks nobody who he is serves him, too.
    assert ask(example, cert=pair).status == 20


def test_an_identity_may_be_a_minute_ahead(example, make_dated):
    """A minute is nobody's fault, an hour is."""
    for seconds, status in ((40, 20), (3600, 62)):
        begin = datetime.datetime.now(datetime.timezone.utc) + \
            datetime.timedelta(seconds=seconds)
        pair = make_dated(f"{begin:%Y%m%d%H%M%SZ}", "20491231235959Z")
        assert ask(example, HOST + b"/mine/", cert=pair).status == status


def test_an_identity_may_last_for_ever(example, make_dated):
    pair = make_dated("200101000000Z", "99991231235959Z")
    answer = ask(example, HOST + b"/mine/", cert=pair)
    assert answer.status == 20
    assert fingerprint(pair[0]) in answer.text


def test_an_identity_may_be_signed_by_somebody(example, make_identity,
                                               tmp_path):
    issuer, stem = make_identity("issuer"), tmp_path / "leaf"
    for command in (
            ["req", "-new", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=leaf",
             "-keyout", f"{stem}.key", "-out", f"{stem}.csr"],
            ["x509", "-req", "-in", f"{stem}.csr", "-CA", issuer.pair[0],
             "-CAkey", issuer.pair[1], "-CAcreateserial", "-days", "30",
             "-out", f"{stem}.pem"]):
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    answer = ask(example, HOST + b"/mine/",
                 cert=(f"{stem}.pem", f"{stem}.key"))
    assert answer.status == 20
    assert fingerprint(f"{stem}.pem") in answer.text


# --- keys that cost ---------------------------------------------------------


def numbers_of(key):
    """The numbers of an RSA key: n, e, d and the rest (RFC 8017, A.1.2)."""
    der = subprocess.run(["openssl", "rsa", "-in", key, "-outform", "DER",
                          "-traditional"], capture_output=True,
                         check=True).stdout
    at, found = 4, []
    while at < len(der):
        assert der[at] == 2
        length, at = der[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7F
            length, at = int.from_bytes(der[at:at + size], "big"), at + size
        found.append(int.from_bytes(der[at:at + length], "big"))
        at += length
    return found[1:]


def exchange_exponents(key):
    """Make the long exponent of a pair the public one: signing is quick then,
    and checking the signature is slow."""
    n, e, d, p, q, _, _, inverse = numbers_of(key)
    numbers = [("version", 0), ("n", n), ("e", d), ("d", e), ("p", p),
               ("q", q), ("dp", e % (p - 1)), ("dq", e % (q - 1)),
               ("inverse", inverse)]
    config = pathlib.Path(key).with_suffix(".conf")
    config.write_text("asn1 = SEQUENCE:key\n[key]\n" + "".join(
        f"{name} = INTEGER:{number:#x}\n" for name, number in numbers))
    subprocess.run(["openssl", "asn1parse", "-genconf", config, "-noout",
                    "-out", config.with_suffix(".der")], check=True,
                   capture_output=True)
    subprocess.run(["openssl", "rsa", "-inform", "DER", "-in",
                    config.with_suffix(".der"), "-out", key], check=True,
                   capture_output=True)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("bits", [3072, 4104])
def test_costly_keys_are_refused(example, tmp_path, bits, version):
    """With an alert, before the proof of the key is looked at."""
    key, pem = str(tmp_path / "key"), str(tmp_path / "pem")
    subprocess.run(["openssl", "req", "-new", "-newkey", f"rsa:{bits}",
                    "-nodes", "-subj", "/CN=x", "-keyout", key, "-out",
                    str(tmp_path / "csr")], check=True, capture_output=True)
    if bits == 3072:
        exchange_exponents(key)
    subprocess.run(["openssl", "req", "-x509", "-key", key, "-subj", "/CN=x",
                    "-out", pem], check=True, capture_output=True)
    said = s_client(example, "-cert", pem, "-key", key, "-ign_eof",
                    {ssl.TLSVersion.TLSv1_2: "-tls1_2",
                     ssl.TLSVersion.TLSv1_3: "-tls1_3"}[version],
                    talk=f"{HOST.decode()}/mine/\r\n")
    assert not re.search(r"^\d\d ", said, re.M), said
    assert "alert number 43" in said, said  # unsupported_certificate
    assert ask(example).status == 20


# --- a certificate that was only seen ---------------------------------------


def point_of(pem):
    """The public key of a P-256 certificate, as an uncompressed point."""
    text = subprocess.run(["openssl", "x509", "-noout", "-pubkey", "-in", pem],
                          capture_output=True, check=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"],
                         input=text, capture_output=True, check=True).stdout
    assert der[-65] == 4
    return der[-65:]


def scalar_of(key):
    """The private number of a P-256 key."""
    der = subprocess.run(["openssl", "ec", "-in", key, "-outform", "DER"],
                         capture_output=True, check=True).stdout
    at = der.index(b"\x02\x01\x01\x04\x20") + 5
    return der[at:at + 32]


def write_key(path, scalar, point):
    """An ECPrivateKey (RFC 5915): programs believe the point in it."""
    curve = bytes.fromhex("a00a06082a8648ce3d030107")
    public = b"\xa1\x44\x03\x42\x00" + point
    inside = b"\x02\x01\x01\x04\x20" + scalar + curve + public
    text = base64.encodebytes(b"\x30" + bytes([len(inside)]) + inside).decode()
    path.write_text("-----BEGIN EC PRIVATE KEY-----\n"
                    f"{text}-----END EC PRIVATE KEY-----\n")
    return str(path)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_certificate_without_its_key_is_refused(example, make_identity,
                                                  tmp_path, version):
    """Certificates are public: who shows one must prove that it is his."""
    victim, thief = make_identity("victim"), make_identity("thief")
    point = point_of(victim.pair[0])
    own = write_key(tmp_path / "own", scalar_of(victim.pair[1]), point)
    answer = ask(example, HOST + b"/mine/", cert=(victim.pair[0], own),
                 version=version)
    assert answer.status == 20  # such a file is a key, if the number fits
    forged = write_key(tmp_path / "forged", scalar_of(thief.pair[1]), point)
    with pytest.raises(ssl.SSLError, match="DECRYPT_ERROR"):
        ask(example, HOST + b"/mine/", cert=(victim.pair[0], forged),
            version=version)
    assert example.gemini("gemini://portal.example/dir/page",
                          sni="portal.example").status == 20


# --- resumption and early data ---------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_no_session_is_resumed(example, make_identity, version):
    mine = make_identity()
    context = tls_context(mine.pair, version)
    address = ("127.0.0.1", example.gemini_port)

    def connect(session):
        with socket.create_connection(address, timeout=ANSWER_S) as plain:
            with context.wrap_socket(plain, server_hostname="portal.example",
                                     session=session) as client:
                client.sendall(HOST + b"/dir/page\r\n")
                raw, _ = read_all(client)
                assert raw.startswith(b"20 ")
                return client.session, client.session_reused

    session, _ = connect(None)
    assert session is None or not session.has_ticket
    assert connect(session)[1] is False


@pytest.mark.parametrize("flag", ["-tls1_2", "-tls1_3"])
def test_no_session_ticket_is_sent(example, flag, tmp_path):
    said = s_client(example, flag, "-sess_out", str(tmp_path / "session"),
                    "-nocommands", "-ign_eof",
                    talk="gemini://portal.example/dir/page\r\n")
    assert "Text of the page." in said
    assert "New Session Ticket arrived" not in said
    assert "TLS session ticket" not in said
    if flag == "-tls1_3":
        assert not (tmp_path / "session").exists()


def early_session(tmp_path, pair):
    """A session that allows early data, made by another server."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    session = tmp_path / "session"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL,
             "stderr": subprocess.DEVNULL}
    client = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}",
              "-servername", "portal.example", "-sess_out", str(session)]
    with subprocess.Popen(
            ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert",
             pair[0], "-key", pair[1], "-tls1_3", "-early_data"],
            **pipes) as server:
        try:
            deadline = time.monotonic() + 30
            while not session.exists() and time.monotonic() < deadline:
                with subprocess.Popen(client, **pipes) as asking:
                    time.sleep(0.3)  # until the ticket has come
                    asking.communicate()
        finally:
            server.kill()
    text = subprocess.run(["openssl", "sess_id", "-noout", "-text", "-in",
                           str(session)], capture_output=True, text=True,
                          check=True).stdout
    assert re.search(r"Max Early Data: [1-9]", text), text
    return session


def test_early_data_is_refused(serve, make_identity, tmp_path):
    """What could be sent a second time by anybody is not looked at."""
    early = tmp_path / "early"
    early.write_bytes(b"gemini://portal.example/note/1?early\r\n")
    session = early_session(tmp_path, make_identity("portal.example").pair)
    server = serve("--workers", "1", "--host", "portal.example",
                   "--public-gemini", "1965")
    server.public_ports()
    said = s_client(server, "-sess_in", str(session), "-early_data",
                    str(early), "-nocommands", "-ign_eof",
                    talk="gemini://portal.example/note/1\r\n")
    assert "Early data was rejected" in said
    assert "This text stands in the database." in said
    server.wait_log("path=/note/1 ")
    assert server.log.count("path=/note/1 ") == 1
