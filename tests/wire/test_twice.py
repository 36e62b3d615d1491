# SPDX-License-Identifier: ISC
"""Each act of the portal, done twice: a seal that is used acts no more, and two
devices of one account that act at once leave what they leave one after the
other. ACTS says of each sealed page where its link stands and what is typed; a
page that is not among them is a failure."""

import collections
import concurrent.futures
import datetime
import re
import sqlite3
import time
import urllib.parse

import pytest

from conftest import ROOT, Server, run_guiju
from portal import CAPSULE, kind_of
from test_contact import leave
from test_editors import add_account
from test_request import begin, fill
from test_shop import go
from test_tracking import HEADER

pytestmark = [pytest.mark.portal, pytest.mark.pages]

ROWS = "GB/T 99001-2010,试验方法,现行,2010-01-01,2010-06-01,,x\n"
YES = "是"
WHY = "来信这样说"


def day(ahead):
    return (datetime.date.today() + datetime.timedelta(ahead)).isoformat()


class Act(collections.namedtuple("Act", "page said who label")):
    """Where the link to a sealed page stands, and what is typed there; who is
    `reader`, `editor` (both with two devices), `stranger` or None."""

    def __new__(cls, page, said=YES, who="reader", label=None):
        return super().__new__(cls, page, said, who, label)


def of_the_editor(page, said=WHY, label=None):
    return Act(page, said, "editor", label)


CLAUSE = "/comment/new/YL-2026-001/1/5.2/"
COURSE = "/editor/training/course/PX2020-0"
DRAFT = "/validity/draft/{draft}/"
ORDER = "/editor/order/of/DG2020-0001/"
RESULT = "/my/track/result/%E8%AF%95%E9%AA%8C/-/number/"
ACTS = {
    "/contact/*/*": Act("/contact/", "有一个问题"),
    "/contact/reply/*/*/withdraw/*": Act("{receipt}"),
    "/dispute/missing/*": Act("/dispute/", "GB/T 99999-2026 缺少的", None),
    "/standard/*/dispute/*/*": Act("/standard/GB-T-99001-2010/dispute/", WHY),
    "/standard/wanted/*/*": Act("/standard/wanted/%E5%87%A0%E5%AD%97/", None,
                                None),
    "/validity/new/*": Act("/validity/", "GB/T 99001-2010, GB 1-2000", None),
    "/validity/draft/*/add/*": Act(DRAFT, "GB/T 7714-2015", None),
    "/validity/draft/*/confirm/*": Act(DRAFT, None, None),
    "/validity/draft/*/day/*": Act(DRAFT, "2026-11-01", None),
    "/validity/draft/*/discard/*": Act(DRAFT, None, None),
    "/validity/draft/*/line/*/correct/*": Act(DRAFT + "line/1/", "GB/T 99001",
                                              None),
    "/validity/draft/*/line/*/remove/*": Act(DRAFT + "line/1/", None,
                                             None),
    "/validity/report/*/rerun/*": Act("/validity/report/{report}/", day(0),
                                      None),
    "/editor/comment/*/*/*": of_the_editor("/editor/comment/{sent}/"),
    "/editor/dispute/*/*/*": of_the_editor("/editor/dispute/"),
    "/editor/dispute/*/note/*": of_the_editor("/editor/dispute/"),
    "/editor/member/application/*/*/*": of_the_editor(
        "/editor/member/application/RH2020-0002/"),
    "/editor/member/application/*/contact/*": of_the_editor(
        "/editor/member/application/RH2020-0002/"),
    "/editor/member/application/*/note/*": of_the_editor(
        "/editor/member/application/RH2020-0002/"),
    "/editor/member/of/*/*/*": of_the_editor("/editor/member/of/HY-9001/"),
    "/editor/member/of/*/end/*": of_the_editor("/editor/member/of/HY-9001/"),
    "/editor/member/of/*/note/*": of_the_editor("/editor/member/of/HY-9001/"),
    "/editor/member/of/*/renew/*": of_the_editor("/editor/member/of/HY-9001/",
                                                 day(900)),
    "/editor/message/*/*/*": of_the_editor("/editor/message/{message}/"),
    "/editor/message/*/note/*": of_the_editor("/editor/message/{message}/"),
    "/editor/message/*/publish/*": of_the_editor("/editor/message/{answered}/"),
    "/editor/order/of/*/answer/*": of_the_editor(ORDER),
    "/editor/order/of/*/contact/*": of_the_editor(ORDER),
    "/editor/order/of/*/do/*/*": of_the_editor(ORDER),
    "/editor/order/of/*/freight/*": of_the_editor(ORDER, "12"),
    "/editor/order/of/*/note/*": of_the_editor(ORDER),
    "/editor/order/of/*/price/*/*": of_the_editor(ORDER, "9.50"),
    "/editor/pilot/of/*/certificate/*": of_the_editor(
        "/editor/pilot/of/SD-2020-002/", "ZS-2020-9"),
    "/editor/pilot/of/*/set/*/*": of_the_editor(
        "/editor/pilot/of/SD-2020-001/"),
    "/editor/plan/of/*/open/*": of_the_editor(
        "/editor/plan/of/YL-2026-001/", day(300)),
    "/editor/plan/of/*/set/*/*": of_the_editor(
        "/editor/plan/of/YL-2026-001/"),
    "/editor/report/*/restore/*": of_the_editor("/editor/report/{withdrawn}/",
                                                "恢复"),
    "/editor/report/*/withdraw/*": of_the_editor("/editor/report/{report}/"),
    "/editor/request/of/*/answer/*": of_the_editor(
        "/editor/request/of/{request}/"),
    "/editor/request/of/*/contact/*": of_the_editor(
        "/editor/request/of/{request}/"),
    "/editor/request/of/*/do/*/*": of_the_editor(
        "/editor/request/of/{request}/"),
    "/editor/request/of/*/note/*": of_the_editor(
        "/editor/request/of/{request}/"),
    "/editor/request/of/*/stage/*/*": of_the_editor(
        "/editor/request/of/{taken}/"),
    "/editor/shop/item/*/change/*/*": of_the_editor(
        "/editor/shop/item/9/", "16", "改价格"),
    "/editor/shop/new/*/*": of_the_editor("/editor/shop/", "一本新书",
                                          "图书：输入"),
    "/editor/training/certificate/*/revoke/*": of_the_editor(
        "/editor/training/certificate/ZS2025-0001-0A1B2C/"),
    "/editor/training/course/*/cancel/*": of_the_editor(COURSE + "1/"),
    "/editor/training/course/*/change/*/*": of_the_editor(
        COURSE + "1/", "另一个名称", "改名称"),
    "/editor/training/course/*/publish/*": of_the_editor(COURSE + "2/", YES),
    "/editor/training/new/*": of_the_editor("/editor/training/", "新的班次"),
    "/editor/training/of/*/*/*": of_the_editor(
        "/editor/training/of/BM2020-0001/"),
    "/editor/training/of/*/contact/*": of_the_editor(
        "/editor/training/of/BM2020-0001/"),
    "/editor/training/of/*/note/*": of_the_editor(
        "/editor/training/of/BM2020-0001/"),
    "/editor/wanted/*/clear/*": of_the_editor("/editor/wanted/", "去掉"),
    "/editor/words/*/*/clear/*": of_the_editor("/editor/words/", "去掉"),
    "/my/association/*/change/*/*": Act("/my/association/RH2020-0001/",
                                        "另一个名称", label="改名称"),
    "/my/association/*/submit/*/*": Act("/my/association/RH2020-0001/"),
    "/my/association/*/withdraw/*": Act("/my/association/RH2020-0001/"),
    "/my/association/member/*/*/*": Act("/my/association/"),
    "/my/association/new/*/*": Act("/my/association/", "又一个单位"),
    "/my/comment/*/change/*/*/*": Act("/my/comment/{begun}/", "另一个意见",
                                      label="改意见"),
    "/my/comment/*/delete/*": Act("/my/comment/{begun}/"),
    "/my/comment/*/submit/*/*": Act("/my/comment/{begun}/"),
    "/my/comment/*/unsign/*": Act("/my/comment/{sent}/"),
    "/my/comment/*/withdraw/*": Act("/my/comment/{sent}/"),
    "/my/comment/new/*/*/*/*": Act("/my" + CLAUSE, "又一个意见"),
    "/my/data/delete/*": Act("/my/data/", "删除"),
    "/my/data/name/*": Act("/my/data/", "新的名字"),
    "/my/data/role/*": Act("/my/data/", "AAAA-BBBB-CCCC-DDDD"),
    "/my/device/*/label/*": Act("/my/device/", "手提"),
    "/my/device/*/let/*": Act("/my/device/"),
    "/my/device/*/refuse/*": Act("/my/device/"),
    "/my/device/*/revoke/*": Act("/my/device/", "丢了", label="撤销 {spare}"),
    "/my/device/pair/*": Act("/my/device/"),
    "/my/device/recovery/*": Act("/my/device/"),
    "/my/enter/*/ask/*": Act("/my/enter/-/", "li", "stranger"),
    "/my/enter/*/code/*": Act("/my/enter/-/", "AAAA-BBBB-CCCC-DDDD", "stranger"),
    "/my/new/off/*": Act("/my/new/"),
    "/my/new/on/*": Act("/my/new/", YES, "editor"),
    "/my/new/seen/*/*/*/*/*/*": Act("/my/new/"),
    "/my/order/*/accept/*/*": Act("/my/order/DG2020-0002/"),
    "/my/order/*/do/*/*": Act("/my/order/DG2020-0001/"),
    "/my/order/add/*/*": Act("/my/order/add/3/", "2"),
    "/my/order/basket/change/*/*": Act("/my/order/basket/", "另一个单位",
                                       label="填订购单位"),
    "/my/order/basket/contact/*": Act("/my/order/basket/", "李收件 0898-1"),
    "/my/order/basket/line/*/*": Act("/my/order/basket/", "0"),
    "/my/order/basket/submit/*/*": Act("/my/order/basket/"),
    "/my/register/*/*": Act("/my/register/-/", "陌生人", "stranger"),
    "/my/request/*/change/*/*": Act("{form}", "国内", label="范围："),
    "/my/request/*/delete/*": Act("{form}"),
    "/my/request/*/read/*/*": Act("/my/request/{taken}/"),
    "/my/request/*/remove/*/*": Act("{files}", YES),
    "/my/request/*/reply/*": Act("/my/request/{request}/", "价格可以"),
    "/my/request/*/secret/*/*": Act("{form}", "李收件 0898-0000-0001"),
    "/my/request/*/submit/*/*": Act("{form}submit/"),
    "/my/request/*/text/*/line/*/*": Act("{form}text/question/", "另一个问题"),
    "/my/request/*/withdraw/*": Act("/my/request/{request}/"),
    "/my/request/new/*/*/*": Act("/my/request/new/search/-/", "又一个单位"),
    "/my/track/*/add/*": Act("{list}", "GB/T 7714-2015"),
    "/my/track/*/class/*": Act("{list}", "A"),
    "/my/track/*/delete/*": Act("{list}", "删除"),
    "/my/track/*/feed/*": Act("{list}"),
    "/my/track/*/follow/*/*/*": Act(
        "/my/track/add/standard/GB-T-99001-2010/"),
    "/my/track/*/item/*/note/*": Act("{list}item/{item}/", "一个备注"),
    "/my/track/*/item/*/remove/*": Act("{list}item/{item}/"),
    "/my/track/*/name/*": Act("{list}", "另一个名字"),
    "/my/track/*/note/*": Act("{list}", "一个备注"),
    "/my/track/*/read/*/*": Act("{list}"),
    "/my/track/*/result/*/*/*/*": Act(RESULT),
    "/my/track/*/search/*": Act("{list}", "天平"),
    "/my/track/add/*/*/new/*": Act("/my/track/add/standard/GB-T-99001-2010/",
                                   "又一份"),
    "/my/track/new/*": Act("/my/track/", "又一份"),
    "/my/track/result/*/*/*/new/*": Act(RESULT, "又一份"),
    "/my/training/*/cancel/*": Act("/my/training/BM2020-0001/"),
    "/my/training/*/change/*/*": Act("/my/training/BM2020-0001/", "李四",
                                     label="改姓名"),
    "/my/training/course/*/add/*": Act("/my/training/course/PX2020-01/",
                                       "王五，示例公司，0898-0000-0005"),
}
# What is in a state that no page of the test leads to in its setting.
WORLD = f"""
INSERT INTO watch_list (account_id, name, token, created)
    SELECT id, '一份', '{'0' * 32}', 0 FROM account WHERE name = 'li';
INSERT INTO watch_item (list_id, kind, value, label, created)
    SELECT max(id), 'standard', 'GB-T-98765-2026', 'GB/T 98765-2026', 0
    FROM watch_list;
INSERT INTO watch_event (standard_id, kind, day, created)
    SELECT max(id), '现行', '2026-01-01', 0 FROM standard;
INSERT INTO watch_notice (list_id, event_id) SELECT l.id, e.id
    FROM (SELECT max(id) AS id FROM watch_list) l,
    (SELECT max(id) AS id FROM watch_event) e;
INSERT INTO news_mark SELECT id, 0, 0, 0, 0, 0, 0 FROM account
    WHERE name = 'li';
INSERT INTO basket (account_id, unit, contact, delivery, touched)
    SELECT id, '示例合作社', '张收件 0898-0000', '快递', now() FROM account
    WHERE name = 'li';
INSERT INTO basket_line (account_id, item_id, quantity)
    SELECT account_id, 9, 1 FROM basket;
INSERT INTO shop_order (id, year, serial, number, account_id, unit, contact,
    delivery, member, freight, created) SELECT column1, 2020, column1,
    'DG2020-000' || column1, a.id, '示例合作社', '张收件 0898-0000', '快递', 0,
    column2, now() FROM account a, (VALUES (1, NULL), (2, 500))
    WHERE a.name = 'li';
INSERT INTO shop_order_line (order_id, item_id, name, format, language,
    quantity, price) SELECT id, 9, '示例讲义', '纸质', '中文', 1, 1500
    FROM shop_order;
INSERT INTO shop_order_step (order_id, created, name, state)
    VALUES (1, now(), '读者', '待报价'), (2, now(), '读者', '待报价'),
    (2, now(), '书店', '已报价');
INSERT INTO application (id, year, serial, number, account_id, kind, name,
    contact, created) SELECT column1, 2020, column1, 'RH2020-000' || column1,
    a.id, '单位会员', '示例合作社', '0898-0000', now() FROM account a,
    (VALUES (1), (2)) WHERE a.name = 'li';
INSERT INTO application_step (application_id, created, name, state)
    VALUES (1, now(), '申请人', '草稿'), (2, now(), '申请人', '草稿'),
    (2, now(), '申请人', '已提交');
INSERT INTO member (number, kind, name, since, until, listed, account_id)
    SELECT 'HY-9001', '个人会员', '李会员', '2020-01-01', '{day(400)}', 1, id
    FROM account WHERE name = 'li';
INSERT INTO course (year, serial, number, title, place, hours, first, last,
    deadline, fee, seats, contact, state) SELECT 2020, column1,
    'PX2020-0' || column1, '测试班次', '教室', '9:00', '{day(20)}',
    '{day(21)}', '{day(10)}', 100, 5, '0898-0000', column2
    FROM (VALUES (1, '公布'), (2, '草稿'));
INSERT INTO registration (id, year, serial, number, course_id, account_id,
    name, unit, contact, created) SELECT 9001, 2020, 1, 'BM2020-0001', c.id,
    a.id, '张三', '示例公司', '0898-0000', now() FROM course c, account a
    WHERE c.number = 'PX2020-01' AND a.name = 'li';
INSERT INTO registration_step (registration_id, created, name, state)
    VALUES (9001, now(), '报名人', '待确认');
INSERT INTO pilot (number, name, unit, place, field, level, series, started,
    due) SELECT column1, '测试项目', '示例单位', place, field, level, series,
    started, due FROM pilot, (VALUES ('SD-2020-001'), ('SD-2020-002'))
    WHERE id = 1;
INSERT INTO pilot_step (pilot_id, created, day, stage, result)
    SELECT p.id, now(), '2021-03-01', v.column1, v.column2 FROM (VALUES
    ('立项', NULL, 1, 1), ('待验收', NULL, 2, 2), ('已验收', '通过', 2, 3)) v
    JOIN pilot p ON p.number BETWEEN 'SD-2020-00' || v.column3
    AND 'SD-2020-002' ORDER BY p.id, v.column4;
INSERT INTO status_dispute (key, number, kind, remark, created)
    VALUES ('GB-T-99001-2010', 'GB/T 99001-2010', '作废', '见公告', now());
INSERT INTO zero_hit (term, day, n) VALUES ('没有的词', '{day(0)}', 2);
INSERT INTO guiju_term VALUES ('standard', '没有的词', '{day(0)}', 3);
"""


def do(server, statement):
    done = run_guiju("sql", "--write", "--capsule", CAPSULE, "--state",
                     server.state, statement)
    assert done.returncode == 0, done.stderr


def ask(server, statement):
    with sqlite3.connect(server.state / "portal.db") as db:
        return db.execute(statement).fetchall()


def certificate(server, account, who, state):
    do(server, "INSERT INTO account_certificate (account_id, fingerprint,"
       f" label, state, first_seen, last_seen, changed) SELECT id,"
       f" '{who.fingerprint}', 'x', '{state}', now(), now(), now()"
       f" FROM account WHERE name = '{account}'")


@pytest.fixture(scope="module")
def world(tmp_path_factory, make_identity):
    """A server, the devices of each who acts, and the names of what there is;
    the database as it was before any act."""
    server = Server(ROOT / "capsule", tmp_path_factory.mktemp("twice"),
                    ["--workers", "2"])
    devices = {who: (make_identity(), make_identity())
               for who in ("reader", "editor", "stranger")}
    li, spare, asking = devices["reader"], make_identity(), make_identity()
    add_account(server, devices["editor"][0], "王编辑", "editor")
    add_account(server, li[0], "li")
    certificate(server, "王编辑", devices["editor"][1], "active")
    certificate(server, "li", li[1], "active")
    certificate(server, "li", spare, "active")
    certificate(server, "li", asking, "pending")
    rows = server.state / "rows.csv"
    rows.write_text(HEADER + ROWS, encoding="utf-8")
    for table, file in (("standards", rows),
                        ("ccs", CAPSULE / "content/catalogue/ccs.csv")):
        done = run_guiju("import", table, "--quiet", "--capsule", CAPSULE,
                         "--state", server.state, "--verified", day(0), file)
        assert done.returncode == 0, done.stderr
    do(server, WORLD)
    names = make_names(server, li[0], devices["editor"][0])
    names["spare"] = spare.fingerprint[:12]
    with sqlite3.connect(server.state / "portal.db") as db:
        kept = sqlite3.connect(":memory:")
        db.backup(kept)
    yield server, devices, names, kept
    assert server.stop() == 0, server.log
    server.check_sane()


def make_names(server, li, editor):
    """What has to be made by the pages, and what its address is."""
    receipt, message, _ = leave(server, "几点开门？")
    _, answered, _ = leave(server, "在哪里？")
    go(server, f"/editor/message/{answered}/", "答复，写给读者", editor, "一号楼")

    def draft():
        path, _ = go(server, "/validity/", "粘贴清单", None,
                     "GB/T 99001-2010, GB 1-2000")
        return path.split("/")[3]

    def report():
        path, _ = go(server, f"/validity/draft/{draft()}/", "核对无误")
        return path.split("/")[3]

    withdrawn = report()
    go(server, f"/editor/report/{withdrawn}/", "撤下", editor, WHY)
    forms = []
    for _ in range(3):
        forms.append(begin(server, li, "search"))
        fill(server, forms[-1] + "text/question/", "在一行里写", li,
             "咖啡豆的国家标准")
        fill(server, forms[-1], "范围：", li, "国内")
        fill(server, forms[-1], "联系方式：", li, "李收件 0898-0000")
    sent = [go(server, form + "submit/", "确认提交", li, YES)[0].split("/")[3]
            for form in forms[1:]]
    for act in ("受理", "办理中"):
        at = f"/editor/request/of/{sent[1]}/"
        labels = [label for _, label in server.gemini(
            at, cert=editor.pair).links]
        label = next(label for label in labels if f"“{act}" in label)
        go(server, at, label, editor, WHY)
    begun, sent_in = (go(server, "/my" + CLAUSE, "写意见", li, words)[0]
                      for words in ("要有期限。", "期限太长。"))
    go(server, sent_in, "填署名", li, "李收件")
    go(server, sent_in, "提交意见", li, YES)
    files = begin(server, li, "evaluation")
    do(server, "INSERT INTO request_file (request_id, field_id, round, created,"
       " mime, bytes, sha256, data) SELECT r.id, f.id, 1, now(), 'text/plain',"
       f" 1, '{'0' * 64}', x'41' FROM request r JOIN request_field f"
       " ON f.kind_id = r.kind_id AND f.form = 'file' WHERE r.id ="
       " (SELECT max(id) FROM request) LIMIT 1")
    return {
        "begun": begun.split("/")[3], "sent": sent_in.split("/")[3],
        "receipt": receipt, "message": message, "answered": answered,
        "draft": draft(), "report": report(), "withdrawn": withdrawn,
        "form": forms[0], "request": sent[0], "taken": sent[1],
        "files": files + "files/papers/", "dispute": ask(
            server, "SELECT max(id) FROM status_dispute")[0][0],
        "list": "/my/track/%d/" % ask(
            server, "SELECT max(id) FROM watch_list")[0][0],
        "item": ask(server, "SELECT max(id) FROM watch_item")[0][0]}


def tables(db):
    """All that hold what is kept, but those of the engine: of seals, of words
    and of search."""
    return [name for name, in db.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT"
        " LIKE 'sqlite_%' AND name NOT LIKE 'guiju_%' AND name NOT LIKE"
        " '%_fts%'")]


def counts(server):
    """How many rows each table has."""
    with sqlite3.connect(server.state / "portal.db") as db:
        return {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
                for name in tables(db)}


def rows(server):
    """All that is stored, but what the engine notes by itself of a visit,
    some seconds later."""
    with sqlite3.connect(server.state / "portal.db") as db:
        def columns(name):
            return ", ".join(column for _, column, *_ in db.execute(
                f"PRAGMA table_info({name})")
                             if not name.startswith("account") or
                             column not in ("last_seen", "until", "key"))

        return {name: db.execute(f"SELECT {columns(name)} FROM {name}")
                .fetchall() for name in tables(db) if columns(name)}


def led_to(answer):
    return urllib.parse.urlsplit(answer.meta).path


def restore(world):
    server, _, _, kept = world
    with sqlite3.connect(server.state / "portal.db", timeout=20) as db:
        kept.backup(db)


def prompt(world, kind, device):
    """The address at which an act of this kind is answered, for one device:
    its link has no prompt, or one of its own address."""
    server, devices, names, _ = world
    act = ACTS[kind]
    cert = act.who and devices[act.who][device].pair
    page = act.page.format(**names)
    shown = server.gemini(page, cert=cert)
    assert shown.status == 20, (kind, page, shown.header)
    label = act.label and act.label.format(**names)
    links = [urllib.parse.urljoin(page, path) for path, text in shown.links
             if (label or "") in text]
    found = [link for link in links if kind_of(link) == kind]
    assert found, (kind, page, shown.text)
    path, answer = found[0], None
    if act.said is None:
        return path, cert
    answer = server.gemini(path, cert=cert)
    if answer.status == 30:
        path = urllib.parse.urljoin(path, answer.meta)
        answer = server.gemini(path, cert=cert)
    assert answer.status in (10, 11), (kind, path, answer.header, answer.text)
    return f"{path}?{urllib.parse.quote(act.said, safe='')}", cert


def act_at(server, path, cert):
    """The answer of an act; whoever is told to come back comes back."""
    answer = server.gemini(path, cert=cert)
    while answer.status == 44:
        time.sleep(min(int(answer.meta), 2))
        answer = server.gemini(path, cert=cert)
    return answer


def test_each_act_is_among_them():
    files = CAPSULE / "pages"
    sealed = {"/" + "/".join(re.sub(r"\[\w+\]", "*", part)
                             for part in path.relative_to(files).with_suffix(
                                 "").parts)
              for path in files.rglob("[[]seal].gmi")}
    assert sealed - set(ACTS) == set(), "say in ACTS where its link stands"
    assert set(ACTS) - sealed == set()


@pytest.mark.parametrize("kind", sorted(ACTS))
def test_a_used_seal_acts_no_more(world, kind):
    server = world[0]
    restore(world)
    path, cert = prompt(world, kind, 0)
    answer = act_at(server, path, cert)
    assert answer.status in (20, 30), (path, answer.header)
    after = rows(server)
    again = act_at(server, path, cert)
    now = rows(server)
    assert [name for name in now if now[name] != after[name]] == []
    # It says so, or refuses, or leads to what has been done.
    if again.status == 20:
        assert "已经执行过一次" in again.text, (path, again.text)
    elif again.status == 30:
        assert led_to(again) == led_to(answer) or \
            led_to(again).startswith("/my/register/"), path
    else:
        assert again.status in (51, 59, 60, 61, 62), (path, again.header)


@pytest.mark.parametrize("kind", sorted(ACTS))
def test_two_devices_at_once_are_as_one_after_the_other(world, kind):
    server = world[0]

    def done(both):
        restore(world)
        asked = [prompt(world, kind, device) for device in (0, 1)]
        answers = both(asked)
        return sorted(answer.status for answer in answers), counts(server)

    one_by_one = done(lambda asked: [act_at(server, *one) for one in asked])
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        at_once = done(lambda asked: list(pool.map(
            lambda one: act_at(server, *one), asked)))
    assert at_once == one_by_one
    with sqlite3.connect(server.state / "portal.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
