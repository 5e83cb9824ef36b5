"""Numbers as defined now and as a draft would have them: by period, or by member."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from assistant.answer import Answer
from assistant.explain import display_of
from assistant.information import dimensions_of
from assistant.language.central import central_metrics
from semantic_layer.model import Aggregate, Dimension, Manifest, Metric
from semantic_layer.query import (
    DimensionGroup,
    MetricQuery,
    MetricRef,
    Period,
    Relative,
    Scope,
    TimeGroup,
)
from semantic_layer.result import Cell

PERIODS = 12
Whole = Literal["month", "quarter", "year"]
Try = Callable[[MetricQuery, Manifest | None], Answer]
"""Answers a query by other definitions; None: by those in force."""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One period, or one member of a dimension, before and after."""

    period: Cell
    before: str
    after: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What becomes of the numbers."""

    rows: tuple[PreviewRow, ...] = ()
    by: str = ""
    """What the rows are where they are no periods: 客户数按渠道."""
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
    """Both sides by period, run with the reader's own rights."""
    grain: Whole = metric.native or "month"
    query = last_periods(metric.name, grain)
    after = attempt(query, drafted)
    before = None if is_new else attempt(query, None)
    rows = sorted(_rows(before, after), key=lambda row: str(row.period))
    return Preview(tuple(rows), "", grain, _problem(before), _problem(after))


def by_members(dimension: Dimension, drafted: Manifest, attempt: Try) -> Preview | None:
    """Both sides by the members of a dimension; None where no metric can be seen by it."""
    metric = _seen_by(dimension, drafted)
    if metric is None:
        return None
    query = MetricQuery((MetricRef(metric.name),), (DimensionGroup(dimension.name),), totals=False)
    after, before = attempt(query, drafted), attempt(query, None)
    title = f"{metric.label}按{dimension.label}"
    rows = _rows(before, after)
    return Preview(rows, title, "month", _problem(before), _problem(after))


def _seen_by(dimension: Dimension, manifest: Manifest) -> Metric | None:
    """A central metric, rather of a table that has the dimension itself, and of all its rows."""
    by_aptness = sorted(central_metrics(manifest), key=lambda metric: _distance(metric, dimension))
    fitting = (m for m in by_aptness if dimension in dimensions_of((m.name,), manifest))
    return next(fitting, None)


def _distance(metric: Metric, dimension: Dimension) -> tuple[bool, bool]:
    rows = metric.definition
    if not isinstance(rows, Aggregate):
        return (True, True)
    return (rows.dataset not in dimension.carriers, rows.filter is not None)


def _rows(before: Answer | None, after: Answer) -> tuple[PreviewRow, ...]:
    """What either side has; without a side before nothing has changed."""
    old, new = _values(before), _values(after)
    units_differ = _unit(before) != _unit(after)
    in_order = dict.fromkeys((*new, *old))
    return tuple(
        PreviewRow(
            key,
            _text(before, old[key]) if key in old else "",
            _text(after, new[key]) if key in new else "",
            before is not None and (units_differ or old.get(key) != new.get(key)),
        )
        for key in in_order
    )


def last_periods(metric: str, grain: Whole) -> MetricQuery:
    """A metric over the last twelve whole periods."""
    span = Relative(grain, -1, PERIODS)
    return MetricQuery(
        (MetricRef(metric),), (TimeGroup(grain),), Scope(Period((span,))), totals=False
    )


def _values(answer: Answer | None) -> dict[Cell, Cell]:
    if answer is None or answer.outcome != "answer":
        return {}
    key, number = _columns(answer)
    return {row[key]: row[number] for row in answer.rows}


def _columns(answer: Answer) -> tuple[int, int]:
    """Of the period or member, and of its number."""
    kinds = [column.kind for column in answer.columns]
    return 0, kinds.index("metric")


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
