"""Rates over too few cases and members that are no branch: listed, but never ranked.

10月月活率:固原 1/1,未知 0/1,银川 1/2,中卫没有客户;交易金额:银川城东 80,城西 40,固原 0,中卫 0。
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from semantic_layer.model import Parameter
from semantic_layer.query import ColumnRef, Comparison, Focus, Limit, Order, Relative, TimeGroup

D = Decimal
LAST_MONTH = Relative("month", -1)
HIGHEST = (Order(ColumnRef(0)),)
LOWEST = (Order(ColumnRef(0), descending=False),)


@pytest.fixture
def world(make_manifest, make_snapshot):
    """The small bank where two cases are enough, or with members that are no branch."""

    def build(least=2, unranked=()):
        manifest = make_manifest()
        branch = manifest.dimensions["branch"]
        field = replace(branch.field, unranked=unranked)
        return make_snapshot(
            replace(
                manifest,
                parameters={"small_denominator": Parameter("small_denominator", "下限", least)},
                dimensions={**manifest.dimensions, "branch": replace(branch, field=field)},
            )
        )

    return build


def marked(answer) -> list[tuple[str, bool]]:
    return [(row[0], bool(row[-1])) for row in answer.all_rows]


def test_rates_over_too_few_cases_are_marked_in_the_table(ask, mq, world):
    answer = ask(mq("active_rate", "branch", LAST_MONTH), at=world())
    assert answer.columns == ["branch", "active_rate"]
    assert {name for name, flag in marked(answer) if flag} == {"固原分行", "未知"}
    assert len(answer.rows) == 4


def test_rates_over_too_few_cases_win_no_place_in_either_direction(ask, mq, world):
    for order in (HIGHEST, LOWEST):
        first = mq("active_rate", "branch", LAST_MONTH, order=order, limit=Limit(1))
        answer = ask(first, at=world())
        assert (answer.rows, answer.count) == ([("银川分行", 0.5)], 4)


def test_an_ordered_table_shows_them_behind_the_others(ask, mq, world):
    answer = ask(mq("active_rate", "branch", LAST_MONTH, order=HIGHEST), at=world())
    assert [row[0] for row in answer.rows] == ["银川分行", "固原分行", "未知", "中卫分行"]


def test_thirty_cases_are_asked_for_unless_the_project_says_otherwise(ask, mq):
    answer = ask(mq("active_rate", "branch", LAST_MONTH))
    assert {name for name, flag in marked(answer) if flag} == {"银川分行", "固原分行", "未知"}


def test_rates_over_money_have_no_cases(ask, mq, world):
    answer = ask(mq("npl_rate", "branch", LAST_MONTH, order=HIGHEST, limit=Limit(1)), at=world())
    assert answer.compiled.hidden == ()
    assert answer.rows == [("银川分行", 0.1)]


def test_no_lower_bound_marks_nothing(ask, mq, world):
    assert ask(mq("active_rate", "branch", LAST_MONTH), at=world(least=0)).compiled.hidden == ()


def test_months_over_too_few_cases_are_marked(ask, mq, world):
    query = replace(mq("active_rate", (), Relative("month", -1, 3)), group_by=(TimeGroup("month"),))
    assert [flag for _, flag in marked(ask(query, at=world()))] == [True, False, False]


def test_a_member_that_is_no_branch_takes_no_place_but_counts(ask, mq, world):
    at = world(unranked=("银川分行",))
    answer = ask(mq("txn_amount", "branch", LAST_MONTH, limit=Limit(1)), at=at)
    assert answer.rows == [("中卫分行", D(0)), ("固原分行", D(0))]
    assert answer.count == 3


def test_places_are_counted_without_it(ask, mq, world, bank):
    at = world(unranked=("银川分行",))
    query = mq("txn_amount", "branch", LAST_MONTH, focus=Focus("branch", "固原分行"))
    answer = ask(query, at=at)
    assert answer.rows == [("固原分行", D(0), 1)]
    counted = bank.execute(answer.compiled.count.sql("duckdb")).fetchone()
    assert counted == (3, 2)


def test_asked_for_its_own_place_it_has_none(ask, mq, world):
    at = world(unranked=("银川分行",))
    query = mq("txn_amount", "branch", LAST_MONTH, focus=Focus("branch", "银川分行"))
    assert ask(query, at=at).rows == [("银川分行", D(120), None)]


def test_its_outlets_are_still_ranked_among_themselves(ask, mq, world):
    at = world(unranked=("银川分行",))
    query = mq("txn_amount", ["branch", "outlet"], LAST_MONTH, limit=Limit(1, partition_by=(0,)))
    assert ("银川分行", "银川城东支行", D(80)) in ask(query, at=at).rows


def test_a_percentage_is_of_those_that_take_a_place(ask, mq, world):
    at = world(unranked=("银川分行",))
    answer = ask(mq("txn_amount", "branch", LAST_MONTH, limit=Limit(percent=50)), at=at)
    assert [row[0] for row in answer.rows] == ["中卫分行", "固原分行"]


def test_places_won_are_told_without_those_that_have_none(ask, mq, world):
    """9→10月交易:银川 4→120,固原 0→0,中卫 0→0;银川不参加排名时其余两家并列。"""
    compare = (Comparison("mom", ("rank",)),)
    query = mq("txn_amount", "branch", LAST_MONTH, compare=compare)
    assert set(ask(query, at=world(unranked=("银川分行",))).rows) == {
        ("银川分行", D(120), None), ("固原分行", D(0), 0), ("中卫分行", D(0), 0),
    }  # fmt: skip
