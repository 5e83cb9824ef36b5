"""The last twelve periods of a metric, as defined now and as a draft would have it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from assistant.answer import Answer
from assistant.explain import display_of
from semantic_layer.model import Manifest, Metric
from semantic_layer.query import MetricQuery, MetricRef, Period, Relative, Scope, TimeGroup
from semantic_layer.result import Cell

PERIODS = 12
Whole = Literal["month", "quarter", "year"]
Try = Callable[[MetricQuery, Manifest | None], Answer]
"""Answers a query by other definitions; None: by those in force."""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One period, before and after."""

    period: Cell
    before: str
    after: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What becomes of the numbers."""

    rows: tuple[PreviewRow, ...] = ()
    grain: Whole = "month"
    before_problem: str = ""
    """Why there are no numbers by the definitions in force."""
    after_problem: str = ""
    """Why the draft has no numbers."""

    @property
    def changed(self) -> int:
        """How many periods come out differently."""
        return sum(row.is_changed for row in self.rows)


def preview(metric: Metric, drafted: Manifest, is_new: bool, attempt: Try) -> Preview:
    """Both sides, run with the reader's own rights."""
    grain: Whole = metric.native or "month"
    query = last_periods(metric.name, grain)
    after = attempt(query, drafted)
    before = None if is_new else attempt(query, None)
    values = [_values(answer) for answer in (before, after)]
    units_differ = _unit(before) != _unit(after)
    periods = sorted({period for side in values for period in side}, key=str)
    rows = tuple(
        PreviewRow(
            period,
            _text(before, values[0].get(period)),
            _text(after, values[1].get(period)),
            not is_new and (units_differ or values[0].get(period) != values[1].get(period)),
        )
        for period in periods
    )
    return Preview(rows, grain, _problem(before), _problem(after))


def last_periods(metric: str, grain: Whole) -> MetricQuery:
    """A metric over the last twelve whole periods."""
    span = Relative(grain, -1, PERIODS)
    return MetricQuery(
        (MetricRef(metric),), (TimeGroup(grain),), Scope(Period((span,))), totals=False
    )


def _values(answer: Answer | None) -> dict[Cell, Cell]:
    if answer is None or answer.outcome != "answer":
        return {}
    time, number = _columns(answer)
    return {row[time]: row[number] for row in answer.rows}


def _columns(answer: Answer) -> tuple[int, int]:
    kinds = [column.kind for column in answer.columns]
    return kinds.index("time"), kinds.index("metric")


def _unit(answer: Answer | None) -> str | None:
    if answer is None or answer.outcome != "answer":
        return None
    return answer.columns[_columns(answer)[1]].unit


def _text(answer: Answer | None, value: Cell) -> str:
    if answer is None or answer.outcome != "answer":
        return ""
    column = answer.columns[_columns(answer)[1]]
    held = list(_values(answer).values())
    return display_of(column, held).text(value)


def _problem(answer: Answer | None) -> str:
    return "" if answer is None or answer.outcome == "answer" else (answer.message or answer.code)
