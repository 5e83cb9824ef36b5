"""How much the suites ask: counted in meanings, not in sentences."""

from collections import Counter
from itertools import groupby

import pytest

from evals.suite import load_suite, suite_names


@pytest.fixture(scope="module")
def units():
    """The first case of every question, conversation and meaning."""
    cases = [case for name in suite_names() for case in load_suite(name).cases]
    return [next(own) for _, own in groupby(cases, lambda case: case.evidence)]


def test_single_questions_differ_in_what_they_mean(units):
    single = [case for case in units if case.any_of and not case.turn]
    meant = {" ".join(case.any_of[0].sql.split()) for case in single}
    assert len(meant) >= 300


def test_questions_to_ask_back_and_to_refuse_are_many(units):
    outcomes = Counter(case.outcome for case in units if not case.turn)
    assert outcomes["clarification"] >= 40
    assert outcomes["refusal"] >= 80


def test_conversations_turn_in_many_ways():
    turns = load_suite("talks").cases
    assert len({turn.unit for turn in turns}) >= 40
    assert len({turn.shape for turn in turns}) >= 25


def test_each_role_is_asked_by_itself():
    by_user = Counter(case.user for case in load_suite("rights").cases)
    assert min(by_user[user] for user in (None, "银川分行行长", "客户经理万琳慧")) >= 10


def test_about_a_third_is_sealed(units):
    sealed = sum(case.split == "sealed" for case in units)
    assert 0.25 <= sealed / len(units) <= 0.45
