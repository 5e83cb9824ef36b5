"""The chart of an answer: by rule, by wish, or as the reader switches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from assistant.explain.chart_axes import drawn
from assistant.explain.chart_fits import FITS, TYPE_NAMES, why_not
from assistant.explain.chart_rules import by_rule
from assistant.explain.chart_subject import Subject, subject, subject_of
from assistant.explain.numbers import Display, display_of
from semantic_layer.query import Query
from semantic_layer.result import Column, Notice, ResultSet

if TYPE_CHECKING:
    from assistant.answer import Answer

AxisSide = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Series:
    """One drawn column."""

    column: str
    name: str
    axis: AxisSide = "left"
    """Of a scatter chart: left is across, right is up."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The one unit of an axis, and what its values are divided by."""

    unit: str
    divide_by: float = 1.0


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """What to draw; the page only paints it."""

    type: str
    """number | line | bar | grouped_bar | stacked_bar | pie | heatmap | funnel | sankey | box |
    scatter | table."""
    x: str | None
    """None: the series themselves stand along, as the periods of a retention do."""
    series: tuple[Series, ...]
    unit: str
    """Unit of the axis as shown: 户, 万元, %."""
    divide_by: float = 1.0
    """Values are divided by this for the axis."""
    color: str | None = None
    """Second group, one colour (of a heat map: one line) per member."""
    right: Axis | None = None
    """Only with values in a second unit."""

    def to_dict(self) -> dict[str, object]:
        """The `chart` object of the answer."""
        return {
            "type": self.type,
            "x": self.x,
            "series": [{"column": s.column, "name": s.name, "axis": s.axis} for s in self.series],
            "unit": self.unit,
            "divide_by": self.divide_by,
            "color": self.color,
            "right": {"unit": self.right.unit, "divide_by": self.right.divide_by}
            if self.right
            else None,
        }


def choose_chart(
    result: ResultSet, wish: str | None = None, query: Query | None = None
) -> ChartSpec | None:
    """The chart for a result; None when there is nothing to draw."""
    about = subject(query, result)
    if not about.rows or not about.values:
        return None
    wished = _as_meant(wish, about)
    return _spec(wished if wished and not why_not(wished, about) else by_rule(about), about)


def unmet_wish(
    result: ResultSet, wish: str | None = None, query: Query | None = None
) -> Notice | None:
    """Why the rows are not drawn as wished; None when they are, or nothing was wished."""
    about = subject(query, result)
    wished = _as_meant(wish, about)
    if wished is None or not about.rows or not about.values:
        return None
    reason = why_not(wished, about)
    if reason is None:
        return None
    instead = TYPE_NAMES[by_rule(about)]
    return Notice("chart_wish", f"{reason};这里按{instead}显示")


def drawn_as(answer: Answer, kind: str) -> Answer:
    """The same answer with another of its fitting types of chart."""
    about = subject_of(answer)
    return replace(answer, chart=_spec(kind, about)) if not why_not(kind, about) else answer


def _as_meant(wish: str | None, about: Subject) -> str | None:
    """柱状图 of two groups means one with colours."""
    if wish not in FITS:
        return None
    return "grouped_bar" if wish == "bar" and len(about.groups) == 2 else wish


def _spec(kind: str, about: Subject) -> ChartSpec:
    x, color, left, right = drawn(kind, about)
    display = _display(left, about)
    beside = _display(right, about) if right else None
    return ChartSpec(
        type=kind,
        x=x.id if x else None,
        series=(*_series(left, "left"), *_series(right, "right")),
        unit=display.unit,
        divide_by=float(display.divide_by),
        color=color.id if color and kind != "table" else None,
        right=Axis(beside.unit, float(beside.divide_by)) if beside else None,
    )


def _series(columns: Sequence[Column], axis: AxisSide) -> tuple[Series, ...]:
    return tuple(Series(c.id, c.name, axis) for c in columns)


def _display(columns: Sequence[Column], about: Subject) -> Display:
    """One unit for all values of an axis, by the largest."""
    values = [cell for column in columns for cell in about.cells(column)]
    return display_of(columns[0], values)
