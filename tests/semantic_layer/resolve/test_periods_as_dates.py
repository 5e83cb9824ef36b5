"""Symbolic periods as dates: today from as_of alone; the data only clips or refuses."""

from __future__ import annotations

from datetime import date

import pytest

from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Absolute,
    Between,
    Edge,
    Everything,
    Holiday,
    Latest,
    Part,
    Relative,
    Shifted,
)
from semantic_layer.resolve import resolve

ANYBODY = Principal("甲")
FLOW, MONTH_FLOW, STOCK, MONTH_STOCK = "txn_amount", "new_cust", "deposit", "wealth"


@pytest.fixture
def dated(mq, make_snapshot):
    def run(metric, span, as_of=date(2026, 11, 20)):
        return resolve(mq(metric, period=span), make_snapshot(as_of=as_of), ANYBODY)

    return run


@pytest.mark.parametrize(
    ("span", "label"),
    [
        (Relative("day", -1), "2026年11月19日"),
        (Relative("week", -1), "2026年11月9—15日"),
        (Relative("month", -1), "2026年10月"),
        (Relative("month"), "2026年11月1—19日"),
        (Relative("quarter", -1), "2026年三季度"),
        (Relative("year", -1), "2025年"),
        (Relative("year", to_date=True), "2026年1月1日—11月19日"),
        (Relative("day", 0, 7, anchor="data"), "2026年11月13—19日"),
        (Relative("month", -1, 3), "2026年8—10月"),
        (Relative("month", -1, 12), "2025年11月—2026年10月"),
        (Relative("year", -1, within=(Part("quarter", 4),)), "2025年四季度"),
        (Relative("year", -1, within=(Part("month", 10), Part("xun", 2))), "2025年10月11—20日"),
        (Relative("year", 0, within=(Part("half", 1),)), "2026年上半年"),
        (Relative("year", 0, within=(Part("quarter", 1, 3),)), "2026年1—9月"),
        (Relative("month", -1, within=(Part("day", 1, 10),)), "2026年10月1—10日"),
        (Relative("month", -1, within=(Part("day", -1),)), "2026年10月31日"),
        (Relative("year", 0, within=(Part("week", 42),)), "2026年10月12—18日"),
        (Relative("trading_day", -1), "2026年11月19日"),
        (Relative("trading_day", -1, 5), "2026年11月13—19日"),
        (Between(Relative("month", -2)), "2026年9月1日—11月19日"),
        (Between(Relative("year", 0), Relative("month", -1)), "2026年1—10月"),
        (Shifted(Relative("month"), "year", -1), "2025年11月1—19日"),
        (Shifted(Relative("month"), "year", -1, "full"), "2025年11月"),
        (Holiday("国庆节"), "2026年10月1—7日"),
        (Holiday("国庆节", side="before", days=7), "2026年9月24—30日"),
        (Holiday("国庆节", side="after", days=1, day_unit="workday"), "2026年10月8日"),
        (Shifted(Holiday("国庆节"), "year", -1, "feast"), "2025年10月1—12日"),
        (Latest(), "2026年11月19日"),
        (Latest("month"), "2026年10月"),
        (Everything(), "2024年2月29日—2026年11月19日"),
    ],
)
def test_flow_on_a_day_table(dated, span, label):
    assert [found.label for found in dated(FLOW, span).spans] == [label]


@pytest.mark.parametrize(
    ("span", "label"),
    [
        (Relative("month", -1), "2026年10月末"),
        (Relative("year", -1), "2025年12月末"),
        (Relative("year", to_date=True), "2026年10月末"),
        (Edge(Relative("quarter", -1)), "2026年9月末"),
        (Edge(Relative("year", 0), "opening"), "2025年12月末"),
        (Absolute(date(2026, 10, 31), date(2026, 10, 31)), "2026年10月末"),
        (Latest(), "2026年10月末"),
    ],
)
def test_a_stock_takes_the_end_of_a_period(dated, span, label):
    resolved = dated(MONTH_STOCK, span)
    assert [(s.label, s.is_point) for s in resolved.spans] == [(label, True)]


@pytest.mark.parametrize(
    ("metric", "span", "code", "candidate"),
    [
        (MONTH_FLOW, Relative("month"), "no_data_yet", "2026年10月"),
        (FLOW, Relative("day"), "no_data_yet", "2026年11月19日"),
        (FLOW, Relative("month", 1), "no_data_yet", "2026年11月1—19日"),
        (STOCK, Edge(Relative("month")), "no_data_yet", "2026年11月19日"),
        (MONTH_STOCK, Edge(Relative("month")), "no_data_yet", "2026年10月末"),
        (FLOW, Absolute(date(1999, 1, 1), date(1999, 12, 31)), "no_data_before", "2026年1月1日—11月19日"),
        (MONTH_FLOW, Relative("day", 0, 7, anchor="data"), "grain_not_available", "2026年10月"),
        (MONTH_FLOW, Absolute(date(2026, 10, 5), date(2026, 10, 31)), "grain_not_available", "2026年10月"),
        (MONTH_STOCK, Relative("day", -1), "grain_not_available", "2026年10月末"),
        (FLOW, Relative("year", 0, within=(Part("month", 13),)), "invalid_date", None),
        (FLOW, Relative("year", 0, within=(Part("month", 2), Part("day", 30))), "invalid_date", None),
        (FLOW, Holiday("泼水节"), "invalid_date", None),
        (FLOW, Relative("year", -2000), "invalid_date", None),
    ],
)  # fmt: skip
def test_no_plausible_period_in_silence(dated, metric, span, code, candidate):
    problem = dated(metric, span)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.at) == (code, "scope.period")
    assert [c.label for c in problem.candidates] == ([candidate] if candidate else [])


def test_calendar_words_follow_today_not_the_data(dated):
    late = date(2027, 1, 5)
    assert dated(FLOW, Relative("month", -2), late).spans[0].label == "2026年11月1—19日"
    assert dated(FLOW, Relative("month", -1), late).code == "no_data_yet"
    assert dated(FLOW, Relative("day", 0, 7, anchor="data"), late).spans[0].label == (
        "2026年11月13—19日"
    )


def test_a_replay_knows_nothing_after_its_day(dated):
    resolved = dated(FLOW, Relative("month"), date(2026, 10, 6))
    assert resolved.spans[0].label == "2026年10月1—6日"
    assert resolved.warnings[0][0] == "incomplete_period"


@pytest.mark.parametrize(
    ("metric", "by", "label", "text"),
    [
        (STOCK, (), "2026年10月末", "没有说时间,取最新的月末数"),
        ("npl_rate", (), "2026年10月末", "没有说时间,取最新的月末数"),
        (FLOW, (), "2026年1月1日—11月19日", "没有说时间,按本年累计"),
        ("active_rate", (), "2026年10月", "没有说时间,取最近一个完整月"),
        (STOCK, ("@month",), "2026年1—10月", "没有说时间,按本年以来"),
    ],
)
def test_the_default_period_is_an_assumption(mq, snapshot, metric, by, label, text):
    resolved = resolve(mq(metric, by), snapshot, ANYBODY)
    assert [span.label for span in resolved.spans] == [label]
    assert resolved.assumptions[0].slot == "period"
    assert resolved.assumptions[0].text == text
    assert resolved.query.scope.period is not None


def test_an_unfinished_period_is_clipped_and_said_so(dated):
    resolved = dated(FLOW, Relative("month"))
    span = resolved.spans[0]
    assert (span.complete, span.natural_end) == (False, date(2026, 11, 30))
    assert [code for code, _ in resolved.warnings] == ["incomplete_period"]


def test_year_to_date_with_yesterdays_data_is_complete(dated):
    resolved = dated(FLOW, Relative("year", to_date=True))
    assert resolved.spans[0].complete
    assert resolved.warnings == ()
