"""合计 beside shares: the whole is 100 % of itself, and nothing where there are several wholes."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.explain import totals_with_shares
from semantic_layer.query import DimensionGroup, MetricQuery, MetricRef, Share, TimeGroup
from semantic_layer.result import Column, ResultSet

BRANCH = Column("branch", "分行", "dimension")
MONTH = Column("month", "月份", "time")
CUSTOMERS = Column("cust", "客户数", "metric", "户", metric="cust")
SHARE = Column("cust.share", "客户数占比", "comparison", "percent", None, "cust", "share")
BY_BRANCH = (DimensionGroup("branch"),)


def totals(share: Share, *rows: tuple[Any, ...], by: Any = BY_BRANCH, whole: Any = 8) -> Any:
    first = MONTH if isinstance(by[0], TimeGroup) else BRANCH
    result = ResultSet((first, CUSTOMERS, SHARE), rows, totals={"cust": whole})
    return totals_with_shares(MetricQuery((MetricRef("cust"),), by, share=share), result)


def test_the_whole_is_all_of_itself_even_where_its_parts_overlap() -> None:
    assert totals(Share(), ("甲", 6, 0.75), ("乙", 5, 0.625)) == {"cust": 8, "cust.share": 1}


@pytest.mark.parametrize(
    "found",
    [
        totals(Share(), ("甲", 6, None), ("乙", -5, None)),
        totals(Share(), ("2026-01", 6, 0.75), by=(TimeGroup("month"),)),
        totals(Share("parent", "branch"), ("甲", 6, 0.75)),
    ],
    ids=["negative parts have no shares", "every month has its own", "every parent has its own"],
)
def test_several_wholes_or_none_have_no_share(found: Any) -> None:
    assert found == {"cust": 8}


def test_what_was_worked_out_stays() -> None:
    result = ResultSet((BRANCH, CUSTOMERS, SHARE), (("甲", 1, 0.2),),
                       totals={"cust": 8, "cust.share": 0.04})  # fmt: skip
    query = MetricQuery((MetricRef("cust"),), BY_BRANCH, share=Share("unfiltered", "level"))
    assert totals_with_shares(query, result)["cust.share"] == 0.04
    assert totals(Share(), ("甲", 1, 0.2), whole=None) == {"cust": None}
