"""Time buckets: Monday weeks, 旬, halves; labels that sort; no days before the data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from semantic_layer.query import Absolute, Relative

OCTOBER = Relative("month", -1)


@pytest.mark.parametrize(
    ("grain", "period", "expected"),
    [
        ("week", Relative("month"), [("2026-W44", 0), ("2026-W45", 12), ("2026-W46", 0), ("2026-W47", 3)]),
        ("xun", OCTOBER, [("2026-10-上旬", 60), ("2026-10-中旬", 0), ("2026-10-下旬", 60)]),
        ("month", Relative("quarter"), [("2026-10", 120), ("2026-11", 15)]),
        ("quarter", Relative("year"), [("2026-Q1", 0), ("2026-Q2", 0), ("2026-Q3", 4), ("2026-Q4", 135)]),
        ("half", Relative("year", 0, 2), [("2025-H1", 7), ("2025-H2", 147), ("2026-H1", 0), ("2026-H2", 139)]),
        ("year", None, [("2024", 5), ("2025", 154), ("2026", 139)]),
    ],
)  # fmt: skip
def test_flows_per_bucket_with_zero_where_nothing_happened(ask, mq, grain, period, expected):
    answer = ask(mq("txn_amount", f"@{grain}", period))
    assert [(label, int(value)) for label, value in answer.rows] == expected


def test_days_are_dates(ask, mq):
    answer = ask(mq("txn_amount", "@date", Absolute(date(2026, 10, 30), date(2026, 10, 31))))
    assert answer.rows == [(date(2026, 10, 30), 0), (date(2026, 10, 31), Decimal(60))]


def test_a_stock_per_quarter_takes_each_end_and_the_running_one_the_newest(ask, mq):
    answer = ask(mq("deposit", "@quarter", Relative("year")))
    assert answer.rows == [
        ("2026-Q1", None),
        ("2026-Q2", None),
        ("2026-Q3", Decimal("150.00")),
        ("2026-Q4", Decimal("145.75")),
    ]


def test_buckets_before_the_first_day_are_not_listed(ask, mq):
    answer = ask(mq("new_cust", "@month", Relative("year")))
    assert [row[0] for row in answer.rows] == ["2026-08", "2026-09", "2026-10"]
    assert "partial_history" in answer.warned


def test_members_and_months_are_listed_completely(ask, mq):
    answer = ask(mq("new_cust", ["branch", "@month"], Relative("month", -1, 2)))
    listed = [row for row in answer.rows if row[0] != "未知"]
    assert listed == [
        ("中卫分行", "2026-09", 0),
        ("固原分行", "2026-09", 0),
        ("银川分行", "2026-09", 1),
        ("中卫分行", "2026-10", 0),
        ("固原分行", "2026-10", 1),
        ("银川分行", "2026-10", 0),
    ]
