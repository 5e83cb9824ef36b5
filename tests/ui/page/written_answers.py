"""Answers written by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from assistant.answer import Answer, AnswerPeriod
from assistant.explain import ChartSpec
from assistant.explain.chart import Series
from semantic_layer.result import Column

BRANCH = Column("branch", "分行", "dimension")
MONTH = Column("month", "月份", "time")
LEVEL = Column("level", "客户等级", "dimension")
NEW = Column("new", "新增客户数", "metric", unit="户", metric="new", direction="up_is_good")
DEPOSIT = Column("dep", "存款余额", "metric", unit="CNY", metric="dep", direction="up_is_good")
NPL = Column("npl", "不良率", "metric", unit="percent", metric="npl", direction="down_is_good")


def bars(rows: tuple[tuple[Any, ...], ...], **more: Any) -> Answer:
    """新增客户数 by branch."""
    chart = ChartSpec("bar", "branch", (Series("new", "新增客户数"),), "户")
    return Answer(
        **{"columns": (BRANCH, NEW), "rows": rows, "chart": chart, "total_rows": len(rows), **more}
    )


def single(column: Column, value: Any, *compared: tuple[Column, Any]) -> Answer:
    """One number with its comparisons."""
    columns = (column, *(c for c, _ in compared))
    return Answer(
        columns=columns,
        rows=((value, *(v for _, v in compared)),),
        total_rows=1,
        chart=ChartSpec("number", None, (Series(column.id, column.name),), ""),
        periods=(
            AnswerPeriod("current", date(2026, 10, 31), date(2026, 10, 31), True, "2026年10月末"),
            AnswerPeriod("ytd_open", date(2025, 12, 31), date(2025, 12, 31), True, "2025年末"),
        ),
    )
