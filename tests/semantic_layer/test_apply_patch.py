"""Follow-ups change one slot; everything else keeps its meaning."""

from __future__ import annotations

import pytest

from semantic_layer.query import (
    And,
    Change,
    ColumnRef,
    Comparison,
    Condition,
    DimensionGroup,
    Flag,
    Having,
    InvalidQueryError,
    Limit,
    MetricQuery,
    MetricRef,
    Not,
    Or,
    Order,
    Patch,
    Period,
    Relative,
    Scope,
    TimeGroup,
    apply_patch,
)

BRANCH, OUTLET, MONTH = DimensionGroup("branch"), DimensionGroup("outlet"), TimeGroup("month")
DEPOSIT, LOAN = MetricRef("deposit"), MetricRef("loan_balance")
MEN, RICH = Condition("gender", "in", ("男",)), Condition("age", "ge", (40,))
LAST_MONTH = Period((Relative("month", -1),))
QUERY = MetricQuery(
    (DEPOSIT, LOAN),
    (BRANCH, OUTLET),
    Scope(LAST_MONTH, And((MEN, RICH))),
    having=(Having(ColumnRef(1), "gt", 5),),
    compare=(Comparison("yoy"),),
    order=(Order(ColumnRef(1)), Order(ColumnRef(0, show="rate", base="yoy"))),
    limit=Limit(3, partition_by=(0,)),
)


def changed(*changes: Change) -> MetricQuery:
    query = apply_patch(QUERY, Patch(changes))
    assert isinstance(query, MetricQuery)
    return query


def test_a_dropped_metric_takes_its_order_along_and_the_others_keep_theirs():
    query = changed(Change("drop", "measures", DEPOSIT))
    assert query.measures == (LOAN,)
    assert [order.column.measure for order in query.order] == [0]
    assert query.having[0].column.measure == 0


def test_another_metric_in_the_same_place_keeps_the_order():
    query = changed(Change("replace", "measures", MetricRef("aum"), DEPOSIT))
    assert query.measures == (MetricRef("aum"), LOAN)
    assert query.order == QUERY.order


def test_one_metric_instead_of_all():
    query = changed(Change("set", "measures", MetricRef("aum")))
    assert (query.measures, query.having) == ((MetricRef("aum"),), ())
    assert [order.column.measure for order in query.order] == [0]


def test_groups_are_added_dropped_and_renumbered():
    assert changed(Change("add", "group_by", MONTH)).group_by == (BRANCH, OUTLET, MONTH)
    without = changed(Change("drop", "group_by", BRANCH))
    assert (without.group_by, without.limit) == ((OUTLET,), Limit(3))


def test_without_the_comparison_nothing_sorts_by_it():
    query = changed(Change("clear", "compare"))
    assert query.order == (Order(ColumnRef(1)),)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (Change("set", "where", Condition("gender", "in", ("女",))), And((Condition("gender", "in", ("女",)), RICH))),
        (Change("add", "where", Condition("gender", "in", ("女",))), And((MEN, RICH, Condition("gender", "in", ("女",))))),
        (Change("drop", "where", Condition("gender", "in", ("女",))), RICH),
        (Change("replace", "where", Condition("branch", "in", ("银川分行",)), MEN), And((Condition("branch", "in", ("银川分行",)), RICH))),
        (Change("clear", "where"), None),
    ],
)  # fmt: skip
def test_conditions_are_told_apart_by_their_dimension(change, where):
    assert changed(change).scope.where == where


def test_conditions_are_found_inside_not_and_or():
    other = Condition("branch", "in", ("银川分行",))
    query = MetricQuery((DEPOSIT,), scope=Scope(where=Or((Not(MEN), other))))
    patch = Patch((Change("drop", "where", MEN),))
    assert apply_patch(query, patch).scope.where == other


def test_periods_are_exchanged_or_put_side_by_side():
    this_month = Period((Relative("month"),))
    assert changed(Change("set", "period", this_month)).scope.period == this_month
    both = changed(Change("add", "period", this_month)).scope.period
    assert both == Period((Relative("month", -1), Relative("month")))
    assert changed(Change("clear", "period")).scope.period is None


def test_single_slots_and_flags():
    assert changed(Change("clear", "limit")).limit is None
    assert changed(Change("set", "limit", Limit(5))).limit == Limit(5)
    assert not changed(Change("set", "totals", Flag(False))).totals


@pytest.mark.parametrize(
    "change",
    [
        Change("drop", "measures", MetricRef("aum")),
        Change("drop", "group_by", MONTH),
        Change("drop", "where", Condition("branch", "is_null")),
        Change("replace", "group_by", MONTH, MONTH),
        Change("set", "where", DEPOSIT),
        Change("set", "period", DEPOSIT),
        Change("set", "totals", DEPOSIT),
        Change("set", "limit"),
        Change("clear", "measures"),
    ],
)
def test_a_change_that_does_not_fit_is_said(change):
    with pytest.raises(InvalidQueryError):
        changed(change)
