# SPDX-License-Identifier: ISC
"""Clients that hold something, for as long as a test needs it.

The server ends each after its ten seconds, and a machine may stand still for
longer than that between two steps of a test. So what is held is filled up
again by whoever waits (Crowd, wait_until), and a step that has to be done in
one go is done again if it came too late to show anything (in_time).
"""

import select
import time

from conftest import plain_connect

WAIT_S = 60
# Of the server's ten seconds for a handshake and for a request.
IN_TIME_S = 9


def has_ended(plain):
    """The server has closed it, reset it or answered."""
    return bool(select.select([plain], [], [], 0)[0])


class Crowd:
    """Connections that have said something and no more: as many as were
    asked for, whenever it has just been kept. Each was opened while all that
    stand before it were open."""

    def __init__(self, port, said=b"/"):
        self.port = port
        self.said = said
        self.sources = []  # of those that are wanted
        self.clients = []  # (socket, source) of those that are there

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.shrink(0)

    def grow(self, count, source):
        self.sources += [source] * count
        self.keep()

    def shrink(self, count):
        """Let the oldest go, until there are so many."""
        for plain, _ in self.clients[:max(0, len(self.clients) - count)]:
            plain.close()
        self.clients = self.clients[-count:] if count else []
        self.sources = [source for _, source in self.clients]

    def keep(self):
        """Let others come for those that have ended."""
        for client in self.clients[:]:
            if has_ended(client[0]):
                client[0].close()
                self.clients.remove(client)
        missing = self.sources[:]
        for _, source in self.clients:
            missing.remove(source)
        for source in missing:
            try:
                plain = plain_connect(self.port, source=source)
            except OSError:
                continue  # turned away
            self.clients.append((plain, source))
            try:
                plain.sendall(self.said)
            except OSError:
                pass  # as well; it has ended


def wait_until(condition, *arguments, crowd=None):
    """As a worker that has not yet accepted, or seen an end, needs; with a
    crowd that is kept meanwhile."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if crowd is not None:
            crowd.keep()
        if condition(*arguments):
            return
        time.sleep(0.05)
    raise AssertionError(f"never: {condition.__name__}{arguments}")


def in_time(attempt):
    """What attempt() gives. Where it fails and has taken longer than the
    server gives its clients, it has shown nothing and is made again."""
    tries = 10
    while True:
        tries -= 1
        began = time.monotonic()
        try:
            return attempt()
        except (OSError, AssertionError):
            if tries == 0 or time.monotonic() - began < IN_TIME_S:
                raise
