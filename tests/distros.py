#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""What `make check-distros` does: `make run` and `make check` as a newcomer
meets them, on each Debian that is supported, as root and as a user who may
not install.

Each Debian is made by debootstrap from the package source that this machine
uses, and kept below build/distros/ for the next time. This tree is copied in.
Everything runs in name spaces of its own: nothing stays mounted, no process
is left. Only root can do that.

  SUITES="trixie"   only these          MIRROR=http://...  another source
  STEPS="missing run check"             only these steps
"""

import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import sys
import time

TREE = pathlib.Path(__file__).resolve().parents[1]
FOLDER = pathlib.Path(os.environ.get("DISTROS", TREE / "build/distros"))
SUITES = os.environ.get("SUITES", "bookworm trixie").split()
STEPS = os.environ.get("STEPS", "missing run check").split()
USER = "newcomer"
HOMES = {"root": "/root", USER: f"/home/{USER}"}
# Building and testing, on a machine that has other things to do.
RUN_S, CHECK_S, STOP_S, ANSWER_S = 1800, 3 * 3600, 60, 30
LEFT_OUT = ("./build", "./var", "./certs/*.pem", "./.git")


class Failed(Exception):
    """A step did not do what it should; its text says what."""


def proxy():
    """apt's way out, if it has one."""
    said = subprocess.run(["apt-config", "dump", "Acquire::http::Proxy"],
                          text=True, capture_output=True, check=True).stdout
    return said if said.startswith("Acquire::http::Proxy ") else ""


def mirror():
    """Where this machine takes Debian's packages from."""
    if "MIRROR" in os.environ:
        return os.environ["MIRROR"]
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format",
         "$(REPO_URI) $(LABEL) $(COMPONENT)", "Created-By: Packages"],
        text=True, capture_output=True, check=True).stdout
    for line in targets.splitlines():
        uri, _, rest = line.partition(" ")
        if rest == "Debian main" and uri.startswith("http"):
            return uri
    return "http://deb.debian.org/debian"


class Debian:
    """One suite in its folder."""

    def __init__(self, suite):
        self.suite = suite
        self.root = FOLDER / suite
        self.fresh = False  # nothing is installed yet

    def make(self):
        whole = self.root / ".whole"
        if not whole.exists():
            subprocess.run(["rm", "-rf", self.root], check=True)
            self.root.mkdir(parents=True)
            with open(FOLDER / f"{self.suite}-debootstrap.log", "wb") as log:
                subprocess.run(
                    ["debootstrap", "--variant=minbase",
                     "--include=ca-certificates", self.suite, self.root,
                     mirror()], stdout=log, stderr=log, check=True)
            (self.root / "etc/apt/apt.conf.d/90proxy").write_text(proxy())
            whole.touch()
        self.mount()
        (self.root / "etc/resolv.conf").unlink(missing_ok=True)
        (self.root / "etc/resolv.conf").write_bytes(
            pathlib.Path("/etc/resolv.conf").read_bytes())
        self.fresh = not (self.root / "usr/bin/gcc").exists()
        self.sh("root", f"""
            id {USER} >/dev/null 2>&1 || useradd -m {USER}
            apt-get update -q && apt-get install -q -y make""")

    def mount(self):
        for source, options in (("proc", ["-t", "proc"]),
                                ("/dev", ["--rbind"]),
                                ("sys", ["-t", "sysfs"])):
            at = self.root / pathlib.Path(source).name
            subprocess.run(["mount", *options, source, at], check=True)

    def copy_tree(self, user):
        """This tree as it is, without what was built or is secret."""
        to = self.root / HOMES[user][1:] / "guiju"
        subprocess.run(["rm", "-rf", to], check=True)
        to.mkdir()
        with subprocess.Popen(
                ["tar", "-C", TREE, "-c", *(f"--exclude={name}"
                                            for name in LEFT_OUT), "."],
                stdout=subprocess.PIPE) as packed:
            subprocess.run(["tar", "-C", to, "-x", "--no-same-owner"],
                           stdin=packed.stdout, check=True)
        self.sh("root", f"chown -R {user}: {HOMES[user]}/guiju")

    def command(self, user, script):
        become = [] if user == "root" else [
            "setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
        return ["chroot", self.root, "env", "-i", f"HOME={HOMES[user]}",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:"
                "/sbin:/bin", *(f"{name}={os.environ[name]}" for name in
                                ("http_proxy", "https_proxy")
                                if name in os.environ),
                *become, "sh", "-c", script]

    def sh(self, user, script, log=None, timeout=RUN_S):
        """Run it there; what it says, or a Failed with its last lines."""
        log = log or FOLDER / f"{self.suite}.log"
        with open(log, "wb") as said:
            done = subprocess.run(
                self.command(user, script), timeout=timeout,
                stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                check=False)
        text = log.read_text(errors="replace")
        if done.returncode != 0:
            raise Failed("\n".join(text.splitlines()[-30:]))
        return text

    # --- the steps ---------------------------------------------------------

    def missing(self, user, log):
        """Who may not install reads one line that root can run as it is."""
        for target in "run", "check":
            said = self.sh(user, f"cd ~/guiju && ! make {target}", log)
            lines = [line for line in said.splitlines()
                     if line.startswith("sudo apt-get install -y ")]
            if len(lines) != 1:
                raise Failed(said)
            self.sh("root", lines[0].removeprefix("sudo ") + " --dry-run")

    def run(self, user, log):
        """Starts, answers both protocols, stops at Ctrl-C."""
        gemini, gopher = free_port(), free_port()
        with open(log, "wb") as said, subprocess.Popen(
                self.command(user, "cd ~/guiju && exec make run "
                             f"GEMINI=127.0.0.1:{gemini} "
                             f"GOPHER=127.0.0.1:{gopher}"),
                stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                start_new_session=True) as process:
            try:
                wait_open(process, log)
                ask_gemini(gemini)
                ask_gopher(gopher)
                os.killpg(process.pid, signal.SIGINT)
                process.wait(STOP_S)
                if is_open(gemini):
                    raise Failed("it serves behind Ctrl-C")
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)

    def check(self, user, log):
        self.sh(user, "cd ~/guiju && make check", log, CHECK_S)


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def wait_open(process, log):
    deadline = time.monotonic() + RUN_S
    while b"The portal is open" not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > deadline:
            raise Failed(log.read_text(errors="replace")[-2000:])
        time.sleep(0.2)


def is_open(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def read_all(client):
    parts = []
    while part := client.recv(65536):
        parts.append(part)
    return b"".join(parts)


def ask_gemini(port):
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), ANSWER_S) as plain, \
            trusting.wrap_socket(plain, server_hostname="localhost") as client:
        client.sendall(b"gemini://localhost:%d/\r\n" % port)
        answer = read_all(client)
    if not answer.startswith(b"20 text/gemini") or b"\n=> " not in answer:
        raise Failed(f"Gemini: {answer[:200]!r}")


def ask_gopher(port):
    with socket.create_connection(("127.0.0.1", port), ANSWER_S) as client:
        client.sendall(b"\r\n")
        answer = read_all(client)
    if not re.search(rb"\r\n1[^\t\r\n]+\t/", answer) or \
            not answer.endswith(b"\r\n.\r\n"):
        raise Failed(f"Gopher: {answer[:200]!r}")


def try_step(debian, user, step):
    """One row of the table."""
    began = time.monotonic()
    log = FOLDER / f"{debian.suite}-{user}-{step}.log"
    try:
        getattr(debian, step)(user, log)
        verdict = "passed"
    except (Failed, OSError, subprocess.SubprocessError) as error:
        verdict = "FAILED"
        print(f"{error}\n(see {log})", file=sys.stderr)
    row = (f"{debian.suite:9} {user:9} {step:8} {verdict} "
           f"{time.monotonic() - began:6.0f} s")
    print(row, flush=True)
    return verdict == "passed"


def main():
    rows = []
    for suite in SUITES:
        debian = Debian(suite)
        debian.make()
        for user in HOMES:
            debian.copy_tree(user)
        # Root's turn installs what is missing.
        order = [(USER, "missing")] if debian.fresh else []
        order += [(user, step) for step in ("run", "check") for user in HOMES]
        rows += [try_step(debian, user, step)
                 for user, step in order if step in STEPS]
    return 0 if rows and all(rows) else 1


def as_init():
    """The first process of a name space is who buries all orphans, which
    tests wait for."""
    worker = os.fork()
    if worker == 0:
        sys.exit(main())
    while True:
        pid, status = os.wait()
        if pid == worker:
            sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("check-distros: only root can run debootstrap and chroot")
    if "GUIJU_DISTROS_INSIDE" not in os.environ:
        os.environ["GUIJU_DISTROS_INSIDE"] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--pid", "--fork",
                              "--kill-child", "--", sys.executable, __file__])
    as_init()
