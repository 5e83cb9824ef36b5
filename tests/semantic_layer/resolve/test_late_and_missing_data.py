"""What is said when the data is late, starts late, or has no period like the one asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Absolute,
    Comparison,
    Membership,
    MetricCondition,
    Period,
    Relative,
    Set,
    Shifted,
)
from semantic_layer.resolve import resolve

LAST_WEEK = Relative("day", 0, 7, anchor="data")
YEAR_SO_FAR = Relative("year", to_date=True)
WHOLE_2024 = Absolute(date(2024, 1, 1), date(2024, 12, 31))
SPRING_2027 = date(2027, 3, 1)


@pytest.fixture
def found(mq, make_snapshot):
    def run(metric, period=None, as_of=date(2026, 11, 20), **more):
        query = mq(metric, period=period, **more)
        return resolve(query, make_snapshot(as_of=as_of), Principal("甲"))

    return run


@pytest.mark.parametrize(
    ("metric", "span", "label"),
    [
        ("txn_amount", YEAR_SO_FAR, "2026年1月1日—3月1日"),
        ("txn_amount", Relative("month"), "2026年3月1日"),
        ("new_cust", YEAR_SO_FAR, "2026年1—2月"),
    ],
)
def test_the_like_period_of_last_year_without_data_this_year(dates_of, metric, span, label):
    assert dates_of(metric, Shifted(span, "year", -1)) == label


@pytest.fixture
def dates_of(mq, make_snapshot):
    """The like period as if the data began long ago."""
    from semantic_layer.resolve.availability import anchors_for
    from semantic_layer.resolve.labels import range_label
    from semantic_layer.resolve.spans import span_dates
    from semantic_layer.resolve.units import Days

    def run(metric, span):
        world = make_snapshot(as_of=SPRING_2027)
        leaf = world.manifest.metrics[metric]
        anchors = anchors_for(world, [leaf], averaged=False, bucketed=False)
        raw = span_dates(span, anchors)
        return range_label(Days(raw.start, raw.end))

    return run


def test_rolling_days_of_late_data_are_told(found):
    late = found("txn_amount", LAST_WEEK, SPRING_2027)
    assert late.spans[0].label == "2026年11月13—19日"
    assert ("late_data", "数据只到2026年11月19日,这段时间按数据日往前数。") in late.warnings


@pytest.mark.parametrize("as_of", [date(2026, 11, 20), date(2026, 11, 22)])
def test_a_load_of_a_few_days_ago_is_not_late(found, as_of):
    assert "late_data" not in dict(found("txn_amount", LAST_WEEK, as_of).warnings)


def test_the_default_year_is_named_when_it_is_not_this_one(found):
    answer = found("txn_amount", None, SPRING_2027)
    assert "2027年还没有数据,取2026年的数据" in [a.text for a in answer.assumptions]
    assert "late_data" in dict(answer.warnings)


def test_a_period_is_named_by_the_days_with_data(found):
    span = found("txn_amount", WHOLE_2024).spans[0]
    assert (span.label, span.complete) == ("2024年2月29日—12月31日", False)


def test_months_before_the_first_are_not_in_the_label(found):
    answer = found("new_cust", Relative("year", 0))
    assert answer.spans[0].label == "2026年8—10月"
    assert "partial_history" in dict(answer.warnings)


def test_a_base_that_is_only_partly_there_is_told(found):
    whole_2025 = Absolute(date(2025, 1, 1), date(2025, 12, 31))
    answer = found("txn_amount", whole_2025, compare=(Comparison("yoy"),))
    text = "数据从2024年2月29日开始,2024年不完整,缺数据的部分不能比较。"
    assert ("partial_base", text) in answer.warnings


def test_tables_that_have_no_day_in_common_have_no_answer(mq, make_snapshot):
    """交易从 11 月 10 日才有,贷款只到 10 月末:11 月没有两边都有的一天."""
    world = make_snapshot()
    world = replace(world, first_dates={**world.first_dates, "txns": date(2026, 11, 10)})
    query = mq(["loan_balance", "txn_amount"], "@year", period=YEAR_SO_FAR)
    problem = resolve(query, world, Principal("甲"))
    assert isinstance(problem, Problem)
    assert problem.code == "no_data_before"


@pytest.mark.parametrize(("period", "is_told"), [(None, True), (Relative("month", -1), False)])
def test_a_condition_on_days_after_the_snapshot_is_told(found, period, is_told):
    """存款只到10月末,“昨天有交易的客户”里11月新来的不在内;明说10月的是自己要的."""
    yesterday = Period((Relative("day", -1),))
    traded = Membership(Set("customer", MetricCondition("txn_amount", "gt", 0, period=yesterday)))
    answer = found("deposit", period, where=traded)
    text = "数只到2026年10月末,条件说的2026年11月19日在它之后:这以后新来的不在内。"
    assert (("later_condition", text) in answer.warnings) is is_told
