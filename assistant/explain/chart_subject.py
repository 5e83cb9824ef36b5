"""What there is to draw: the rows with the query that made them, split into groups and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from assistant.explain.numbers import is_number, unit_of
from semantic_layer.query import (
    InvalidQueryError,
    MetricQuery,
    Query,
    RetentionQuery,
    query_from_json,
)
from semantic_layer.result import Cell, Column, ResultSet

if TYPE_CHECKING:
    from assistant.answer import Answer

QUARTILES = ("p25", "median", "p75")
COHORT_SIZE = "entities"


@dataclass(frozen=True, slots=True)
class Subject:
    """Rows, their columns by part, and the kind of query behind them."""

    kind: str
    """metric_query, funnel_query, retention_query, path_query, interval_query …"""
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    groups: tuple[Column, ...]
    values: tuple[Column, ...]
    """What may be drawn: no ranks, of a retention no sizes of cohorts."""
    total_rows: int = 0
    totals: Mapping[str, Cell] | None = None
    others: Mapping[str, Cell] | None = None
    asked: str = ""
    """Column id of the change that the question is about: 同比增速, 增加最多的."""

    @property
    def times(self) -> tuple[Column, ...]:
        """The groups that run along time."""
        return tuple(c for c in self.groups if c.kind == "time")

    @property
    def metrics(self) -> tuple[Column, ...]:
        """The values that were asked for, without their comparisons."""
        return tuple(c for c in self.values if c.kind == "metric")

    def at(self, column: Column) -> int:
        """Where a column stands."""
        return self.columns.index(column)

    def cells(self, column: Column) -> list[Cell]:
        """All values of a column."""
        index = self.at(column)
        return [row[index] for row in self.rows]

    def members(self, column: Column) -> int:
        """How many different members a group has."""
        return len(set(map(str, self.cells(column))))

    def named(self, name: str) -> Column | None:
        """The value column with an id."""
        return next((c for c in self.values if c.id == name), None)


def subject(query: Query | None, result: ResultSet) -> Subject:
    """A result as it comes from the engine."""
    return _subject(query, result, result.total_rows)


def subject_of(answer: Answer) -> Subject:
    """An answer that was given before."""
    return _subject(_asked(answer), answer, answer.total_rows or 0)


def _subject(query: Query | None, found: ResultSet | Answer, total_rows: int) -> Subject:
    columns = found.columns
    drawable = (c for c in columns if c.kind in ("metric", "comparison") and c.show != "rank")
    sizes = COHORT_SIZE if isinstance(query, RetentionQuery) else None
    return Subject(
        kind=query.kind if query else "metric_query",
        columns=columns,
        rows=found.rows,
        groups=tuple(c for c in columns if c.kind in ("dimension", "time")),
        values=tuple(c for c in drawable if c.id != sizes),
        total_rows=max(total_rows, len(found.rows)),
        totals=found.totals,
        others=found.others,
        asked=_ordered_by(query, columns) or _only_rate(query, columns),
    )


def _asked(answer: Answer) -> Query | None:
    try:
        return query_from_json(answer.query) if answer.query else None
    except InvalidQueryError:
        return None


def _ordered_by(query: Query | None, columns: Sequence[Column]) -> str:
    """增加最多的分行: the increase is what is drawn, not the balance."""
    if not isinstance(query, MetricQuery) or not query.order:
        return ""
    wanted = query.order[0].column
    metrics = [c for c in columns if c.kind == "metric"]
    if wanted.measure is None or wanted.base is None or wanted.measure >= len(metrics):
        return ""
    metric = metrics[wanted.measure].metric
    shown = (c for c in columns if (c.base, c.show) == (wanted.base, wanted.show))
    return next((c.id for c in shown if c.metric == metric), "")


def _only_rate(query: Query | None, columns: Sequence[Column]) -> str:
    """各分行同比增速 without the amounts: the rates are what is drawn."""
    if not isinstance(query, MetricQuery) or len(query.measures) != 1 or len(query.compare) != 1:
        return ""
    shown = {c.show: c.id for c in columns if c.kind == "comparison" and c.base}
    return shown.get("rate", "") if "diff" not in shown else ""


def are_parts(about: Subject, column: Column, rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the rows are nonnegative and come together to the whole; nothing is no part."""
    index = about.at(column)
    cells = [row[index] for row in rows if row[index] is not None]
    if not all(is_number(cell) and cell >= 0 for cell in cells):  # type: ignore[operator]
        return False
    parts = sum((Decimal(str(cell)) for cell in cells), Decimal(0))
    rest = (about.others or {}).get(column.id)
    parts += Decimal(str(rest)) if is_number(rest) else 0
    whole = Decimal(1) if column.show == "share" else (about.totals or {}).get(column.id)
    if not is_number(whole) or not parts:
        return False
    return abs(parts - Decimal(str(whole))) <= abs(parts) * Decimal("0.000001")


def same_unit(columns: Sequence[Column], unit: str | None) -> list[Column]:
    """Those that can share one axis."""
    return [c for c in columns if unit_of(c) == unit]
