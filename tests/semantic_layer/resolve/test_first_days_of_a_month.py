"""11月1—19日 环比: days from the first of a month are held against the same days before."""

from __future__ import annotations

from datetime import date

import pytest

from semantic_layer.principal import Principal
from semantic_layer.query import Absolute, Comparison, Part, Relative
from semantic_layer.resolve import resolve


@pytest.mark.parametrize(
    ("span", "base"),
    [
        (Absolute(date(2026, 11, 1), date(2026, 11, 19)), "2026年10月1—19日"),
        (Relative("month", within=(Part("day", 1, 19),)), "2026年10月1—19日"),
        (Relative("month", -1, within=(Part("day", 1, 10),)), "2026年9月1—10日"),
        (Absolute(date(2026, 3, 1), date(2026, 3, 30)), "2026年2月"),
        (Absolute(date(2026, 10, 10), date(2026, 10, 20)), "2026年9月29日—10月9日"),
        (Absolute(date(2026, 10, 1), date(2026, 10, 1)), "2026年9月30日"),
        (Absolute(date(2026, 10, 1), date(2026, 10, 31)), "2026年9月"),
        (Relative("day", 0, 19, anchor="data"), "2026年10月13—31日"),
    ],
)
def test_the_base_of_some_days(span, base, mq, make_snapshot):
    query = mq("txn_amount", period=span, compare=(Comparison("mom"),))
    resolved = resolve(query, make_snapshot(as_of=date(2026, 11, 20)), Principal("甲"))
    assert [s.label for _, bases in resolved.bases for s in bases] == [base]
