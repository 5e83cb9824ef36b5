"""A condition that a metric's own filter rules out is refused, never answered with zero."""

from __future__ import annotations

import pytest

from semantic_layer.problem import Problem
from semantic_layer.query import And, Condition, Not, Or, Relative

OCTOBER = Relative("month", -1)
WEALTH, DEPOSIT = (Condition("product_line", "in", (v,)) for v in ("理财", "储蓄"))


@pytest.mark.parametrize(
    ("metric", "where"),
    [
        ("deposit", WEALTH),
        ("deposit", And((WEALTH, Condition("branch", "in", ("银川分行",))))),
        ("deposit", Condition("product_line", "not_in", ("存款", "理财"))),
        ("deposit", Not(DEPOSIT)),
        ("npl_balance", Condition("class5", "in", ("正常", "关注"))),
        ("male_amount", Condition("gender", "in", ("女",))),
        ("ok_amount", Condition("success", "in", (0,))),
    ],
)
def test_a_filter_against_the_metric_is_refused(ask, mq, metric, where):
    found = ask(mq(metric, period=OCTOBER, where=where))
    assert isinstance(found, Problem)
    assert found.code == "contradictory_filter"


def test_the_sentence_names_both_sides(ask, mq):
    found = ask(mq("deposit", period=OCTOBER, where=WEALTH))
    assert found.message == (
        "“存款余额”的口径只统计产品线为存款的,与条件“产品线为理财”矛盾,不会有结果;"
        "请换一个指标或去掉这个条件。"
    )


@pytest.mark.parametrize(
    ("metric", "where"),
    [
        ("deposit", DEPOSIT),
        ("deposit", Or((WEALTH, Condition("branch", "in", ("银川分行",))))),
        ("deposit", Not(WEALTH)),
        ("npl_balance", Condition("class5", "in", ("正常", "次级"))),
        ("ok_amount", Condition("success", "in", (1,))),
    ],
)
def test_a_filter_that_leaves_something_is_answered(ask, mq, metric, where):
    assert not isinstance(ask(mq(metric, period=OCTOBER, where=where)), Problem)
