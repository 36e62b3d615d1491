# SPDX-License-Identifier: ISC
"""Death between any two steps of a reader's walk: a number that the reader has
seen is there ever after, and nothing is there by half. The order, the
registration, the list of 标准跟踪 and the message are walked as pages lead."""

import time
import urllib.parse

import pytest

from conftest import ROOT, Server, run_guiju
from test_crash import Reader, live_and_die, sqlite
from test_editors import add_account

pytestmark = [pytest.mark.portal, pytest.mark.pages]

BASKET = "/my/order/basket/"
COURSES = 40  # one account registers 50 persons for a course


class Walker(Reader):
    """One with certificates, or addresses, who goes from page to page. With one
    certificate somebody writes a thousand times per day; each is used for a
    hundred walks."""

    def __init__(self, identities=()):
        super().__init__()
        self.certs = [identity.pair for identity in identities] or [None]
        self.steps = 0
        self.kept = set()  # what was there once

    def go(self, server, page, label, said=None):
        """Take a link and answer its prompt: where it leads, without the token
        of a notice."""
        self.steps += 1
        cert = self.certs[self.attempts // 100 % len(self.certs)]
        options = {"cert": cert}
        if cert is None:
            # So many messages of one address are taken in an hour.
            options["source"] = (f"127.{1 + self.steps // 200 % 200}."
                                 f"{self.steps % 200}.1")
        answer = self.ask(server, page, options)
        assert answer.status == 20, (page, answer.header)
        path = urllib.parse.urljoin(page, answer.link(label))
        answer = self.ask(server, path, options)
        while answer.status == 30 or (answer.status in (10, 11) and said):
            if answer.status == 30:
                path = urllib.parse.urljoin(path, answer.meta)
            else:
                path, said = f"{path}?{urllib.parse.quote(said)}", None
            answer = self.ask(server, path, options)
        assert answer.status == 20, (path, answer.header)
        return path.split("?")[0]

    @staticmethod
    def ask(server, path, options):
        for _ in range(10):
            answer = server.gemini(path, **options)
            if answer.status != 44:
                break
            time.sleep(1)
        if answer.status in (40, 41, 44) or not answer.closed_cleanly:
            raise ConnectionError(answer.raw)
        return answer


class Buyer(Walker):
    """Fills a basket, whatever is in it, and orders it."""

    def act(self, server, number):
        item = 1 + number % 9
        self.go(server, f"/my/order/add/{item}/", "填份数", "1")
        self.go(server, BASKET, "填订购单位", f"单位 {number}")
        self.go(server, BASKET, "填收件信息", f"收件 0898-{number}")
        self.go(server, BASKET, "选收件方式", "快递")
        return self.go(server, BASKET, "核对并提交", "是").split("/")[3]

    def check(self, state):
        # Those that wait are cancelled, or soon there are too many.
        stored = sqlite(state, """
            SELECT number FROM shop_order WHERE state = '待报价' AND
                EXISTS (SELECT 1 FROM shop_order_line WHERE order_id =
                    shop_order.id) AND unit <> '' AND contact <> ''
                AND 1 = (SELECT count(*) FROM shop_order_step WHERE order_id =
                    shop_order.id) OR state = '取消';
            INSERT INTO shop_order_step (order_id, created, name, state)
            SELECT id, unixepoch(), '书店', '取消' FROM shop_order
            WHERE state = '待报价';""").split()
        count = int(sqlite(state, "SELECT count(*) FROM shop_order;"))
        assert set(self.confirmed) <= set(stored)
        assert len(set(self.confirmed)) == len(self.confirmed)
        assert len(stored) == count  # none by half


class Trainee(Walker):
    """Registers one person after the other."""

    def act(self, server, number):
        course = f"PX2020-{1 + number % COURSES:02}"
        return self.go(
            server, f"/my/training/course/{course}/", "报名一个人",
            f"学员{number}，示例公司，0898-{number:07}").split("/")[3]

    def check(self, state):
        stored = sqlite(state, """SELECT number FROM registration r
            WHERE sample = 0 AND state IN ('待确认', '候补') AND state =
            (SELECT group_concat(state) FROM registration_step
                WHERE registration_id = r.id);""").split()
        count = int(sqlite(state, "SELECT count(*) FROM registration"
                                  " WHERE sample = 0;"))
        assert set(self.confirmed) <= set(stored)
        assert len(set(self.confirmed)) == len(self.confirmed)
        assert len(stored) == count
        assert sqlite(state, "SELECT c.number FROM course c WHERE seats <"
                             " (SELECT count(*) FROM registration WHERE"
                             " course_id = c.id AND state = '待确认');") == ""


class Follower(Walker):
    """Makes a list and puts numbers into it."""

    def act(self, server, number):
        page = self.go(server, "/my/track/", "新建清单", f"清单 {number}")
        for part in (1, 2):
            self.go(server, page, "添加标准", f"GB/T {number * 10 + part}-2020")
        if number % 40 == 0:
            self.go(server, page, "删除这份清单", "删除")
            return None
        return f"{page.split('/')[3]} {number}"

    def check(self, state):
        stored = sqlite(state, """SELECT l.id || ' ' || substr(l.name, 4)
            FROM watch_list l WHERE 2 = (SELECT count(*) FROM watch_item
            WHERE list_id = l.id);
            PRAGMA foreign_keys = ON;
            DELETE FROM watch_list WHERE id NOT IN
                (SELECT id FROM watch_list ORDER BY id DESC LIMIT 20);
            """).splitlines()
        self.kept |= set(stored)
        assert set(self.confirmed) <= self.kept


class Writer(Walker):
    """Leaves messages, and reads each by its number and code."""

    def act(self, server, number):
        receipt = self.go(server, "/contact/", "留言咨询", f"第 {number} 个问题")
        return receipt.split("/")[3]

    def check(self, state):
        stored = sqlite(state, """SELECT number FROM message m WHERE sample = 0
            AND length(code_hash) = 64 AND body <> '' AND '待处理' =
            (SELECT state FROM message_step WHERE message_id = m.id
                ORDER BY id LIMIT 1);""").split()
        count = int(sqlite(state, "SELECT count(*) FROM message"
                                  " WHERE sample = 0;"))
        sqlite(state, """INSERT INTO message_step (message_id, created, state,
            note) SELECT id, unixepoch(), '不予办理', '太多了' FROM message
            WHERE state = '待处理';""")
        assert set(self.confirmed) <= set(stored)
        assert len(set(self.confirmed)) == len(self.confirmed)
        assert len(stored) == count


@pytest.mark.parametrize("deaths", [
    3, pytest.param(200, marks=pytest.mark.long)])
def test_a_kill_in_a_walk_leaves_nothing_by_half(tmp_path, make_identity,
                                                 deaths):
    each = 1 + deaths // 20
    people = [make_identity() for _ in range(3 * each + 3)]
    fresh = people[-3:]
    walkers = [Buyer(people[:each]), Trainee(people[each:2 * each]),
               Follower(people[2 * each:3 * each]), Writer()]
    server = Server(ROOT / "capsule", tmp_path)
    for n, identity in enumerate(people):
        add_account(server, identity, f"walker {n}")
    done = run_guiju(
        "sql", "--write", "--capsule", ROOT / "capsule", "--state",
        server.state, "INSERT INTO course (year, serial, number, title, place,"
        " hours, first, last, deadline, fee, seats, contact, state)"
        " WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n"
        f" WHERE n < {COURSES}) SELECT 2020, n, format('PX2020-%02d', n),"
        " 'course', 'room', '9:00', date('now', '+20 days'), date('now',"
        " '+21 days'), date('now', '+10 days'), 100, 3, '0898-0000', '公布'"
        " FROM n")
    assert done.returncode == 0, done.stderr
    assert server.stop() == 0
    server = live_and_die(tmp_path, walkers, deaths, 1.5)
    try:
        for walker, identity in zip(walkers, fresh):
            walker.certs = [identity.pair]  # who has not written so much
        for walker in walkers:
            assert walker.act(server, 10**4 + 1) is not None
    finally:
        assert server.stop() == 0
    server.check_sane()
