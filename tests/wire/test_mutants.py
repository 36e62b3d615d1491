# SPDX-License-Identifier: ISC
"""The faults that `make check-mutants` puts into a line, and whom it asks."""

import sys

import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT / "tests"))

import mutants  # noqa: E402


def faults(text, find):
    return {(text[start:end].strip(), new.strip())
            for start, end, new in find(text)}


C = """
/* a < b */
int
f(struct s *s, int n)
{
	if (n <= 1 && g(s))
		return 0;
	log_error("x: %d < 3", n);
	s->last = n + 1;
	close(s->fd);
	n++;
	return err;
}
"""


def test_faults_in_c():
    assert faults(C, mutants.faults_in_c) == {
        ("<=", "<"), ("&&", "||"), ("0", "1"), ("1", "0"),
        ("(n <= 1 && g(s)", "(!(n <= 1 && g(s))"), ("err", "OK"),
        ("s->last = n + 1", "(void)0"), ("close(s->fd)", "(void)0"),
        ("n++", "(void)0")}


PAGE = """%# a < b AND c
# a < b AND c
% each SELECT id FROM article -- a < b
%      WHERE status = 'a AND b' AND published <= :now
%      AND n BETWEEN 1 AND 2 ORDER BY published DESC LIMIT 20
=> /article/{id} a < b
% end
% if :n > 1
"""


def test_faults_in_pages():
    assert faults(PAGE, lambda text: mutants.faults_in_sql(text, True)) == {
        ("status = 'a AND b' AND", ""), ("<=", "<"), ("DESC", ""),
        ("20", "21"), ("AND published <= :now\n%", "%"),
        ("AND n BETWEEN 1 AND 2", ""), (">", ">="), (":n > 1",
                                                     "NOT (:n > 1)")}


@pytest.mark.portal
def test_tests_that_are_asked_are_there():
    for path in ("server/page/run/seal.c", "capsule/pages/search/_find.gmi",
                 "server/base/ip.c", "tools/import/table/value.c"):
        tests = sum(mutants.tests_of(path), [])
        assert tests
        for test in tests:
            kind, _, name = test.partition("/")
            assert kind == "golden" or (ROOT / "tests" / test).exists() or \
                list(ROOT.glob(f"**/tests/**/{name}.c")), test
    assert mutants.tests_of("server/page/run/seal.c")[0] == \
        ["unit/page_seal"]
    assert mutants.tests_of("capsule/pages/search/_find.gmi")[0] == \
        ["unit/standards_articles"]


def test_who_has_noticed_is_asked_first():
    trial, path = mutants.Trial(), "server/net/lanes.c"
    usual = mutants.tests_of(path)
    last = usual[-1][-1]
    assert trial.in_order(path) == usual
    trial.eager[path][last] += 1
    order = trial.in_order(path)
    assert order[0] == [last] and [] not in order
    assert sorted(sum(order, [])) == sorted(sum(usual, []))
    assert trial.in_order("server/net/peers.c") == \
        mutants.tests_of("server/net/peers.c")
