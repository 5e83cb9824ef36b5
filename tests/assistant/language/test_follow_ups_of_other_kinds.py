"""Follow-ups after questions about behaviour and after lists."""

from dataclasses import replace

import pytest

from assistant.question import Question
from semantic_layer.query import (
    And,
    Condition,
    EntityQuery,
    Period,
    Relative,
    Scope,
    SegmentCondition,
    Set,
)

SLEEPING = SegmentCondition("sleeping")
LIST = EntityQuery(Set("customer", SLEEPING), limit=10)


def heard(company, turns):
    """The reading of the last turn after the queries of those before."""
    previous, reading = None, None
    for turn in turns:
        question = Question(turn, company.snapshot.as_of, company.principal, previous)
        reading = company.planner.read(question, company.snapshot)
        previous = reading.query or previous
    return reading


def test_every_follow_up_means_its_whole_question(demo, read_cases):
    wrong = []
    for turns, expected in read_cases("questions_follow_up_behaviour.txt"):
        reading = heard(demo, [turn.strip() for turn in turns.split("|")])
        if expected.startswith("!"):
            code = reading.problem.code if reading.problem else reading.query
            if code != expected[1:]:
                wrong.append(f"{turns}: {code}, not {expected}")
            continue
        meant = demo.read(expected[2:]).query
        assert meant is not None, expected
        if reading.query != meant:
            wrong.append(f"{turns}\n    {reading.query or reading.problem}\n    not {meant}")
    assert not wrong, "\n".join(wrong)


def changed(bank, text, previous=LIST):
    question = Question(text, bank.snapshot.as_of, bank.principal, previous)
    return bank.planner.read(question, bank.snapshot)


@pytest.mark.parametrize("text", ["那上海分行呢", "只看上海分行", "换成上海分行"])
def test_a_list_is_narrowed(text, bank):
    branch = Condition("branch", "in", ("上海分行",))
    assert changed(bank, text).query == replace(LIST, set=Set("customer", And((SLEEPING, branch))))


def test_a_member_takes_the_place_of_another_one(bank):
    old = Set("customer", And((SLEEPING, Condition("branch", "in", ("北京分行",)))))
    new = Set("customer", And((SLEEPING, Condition("branch", "in", ("上海分行",)))))
    assert changed(bank, "换成上海分行", replace(LIST, set=old)).query == replace(LIST, set=new)


@pytest.mark.parametrize("text", ["取前50", "前50个", "只要前50名"])
def test_a_list_is_longer_or_shorter(text, bank):
    assert changed(bank, text).query == replace(LIST, limit=50)


def test_a_list_is_of_another_month(bank):
    september = Scope(Period((Relative("month", -2),)))
    query = changed(bank, "那上上个月呢").query
    assert query == replace(LIST, scope=september)


def test_what_was_taken_over_is_said(bank):
    said = [a.text for a in changed(bank, "只看上海分行").assumptions if a.slot == "inherited"]
    assert said == ["沿用上一问:名单"]


@pytest.mark.parametrize("text", ["按分行", "贷款余额呢", "环比呢"])
def test_what_is_no_part_of_a_list_is_refused(text, bank):
    problem = changed(bank, text).problem
    assert problem is not None
    assert problem.code == "unsupported"
