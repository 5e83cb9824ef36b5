"""What axis charts take from an answer: names, numbers in the axis unit, rows behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeAlias

from assistant.answer import Answer
from assistant.explain import ChartSpec, Display, display_of
from assistant.explain.chart import AxisSide, Series
from assistant.explain.numbers import is_change, is_number
from semantic_layer.result import Cell, Column, Suppressed
from ui.page.chart.time_axis import with_gaps
from ui.page.table import is_numeric, member_label

Option: TypeAlias = dict[str, Any]
Rows: TypeAlias = tuple[int | None, ...]
UNROUNDED = ("line", "scatter")
"""Rounded to 0.01亿元, a line of balances would go in steps."""


@dataclass(frozen=True, slots=True)
class Line:
    """One series: a name and one value (or gap) per category."""

    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    is_base: bool = False
    """A comparison base, drawn more quietly than the metric itself."""
    small: frozenset[int] = frozenset()
    """Places of rates over too few cases."""
    hidden: frozenset[int] = frozenset()
    """Places of what is not shown: about too few people."""
    axis: AxisSide = "left"
    is_change: bool = False
    """How much something rose or fell, not what it is."""
    rows: Rows = ()
    """The row of the answer behind each value."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Unit and decimals of an axis."""

    unit: str
    decimals: int


@dataclass(frozen=True, slots=True)
class Frame:
    """Categories and series, already in the unit of the axis."""

    categories: tuple[str, ...]
    lines: tuple[Line, ...]
    unit: str
    decimals: int
    right: Scale | None = None
    """Only with values in a second unit."""
    only: str = ""
    """Of several figures the one that is drawn: its members are the series."""

    def scale(self, line: Line) -> Scale:
        """Unit and decimals of one series."""
        own = Scale(self.unit, self.decimals)
        return self.right if line.axis == "right" and self.right else own


def frame_of(answer: Answer, spec: ChartSpec) -> Frame:
    """Categories and series of a chart; a second group becomes one series per member."""
    places = _places(answer, spec)
    lines = _by_member(answer, spec, places) if spec.color else _by_column(answer, spec, places)
    right = axis_display(answer, spec, "right") if spec.right else None
    return Frame(
        tuple(places.values()),
        lines,
        spec.unit,
        axis_display(answer, spec).decimals,
        Scale(right.unit, right.decimals) if right else None,
        _only(answer, spec),
    )


def _only(answer: Answer, spec: ChartSpec) -> str:
    has_others = sum(is_numeric(column) for column in answer.columns) > 1
    return spec.series[0].name if spec.color and has_others else ""


def axis_display(answer: Answer, spec: ChartSpec, axis: AxisSide = "left") -> Display:
    """How numbers are scaled and rounded for an axis."""
    found = [_column(answer, s.column) for s in spec.series if s.axis == axis]
    own = display_of(found[0][0], [row[index] for _, index in found for row in answer.rows])
    if axis == "right" and spec.right is not None:
        return Display(Decimal(str(spec.right.divide_by)), spec.right.unit, own.decimals)
    return Display(Decimal(str(spec.divide_by)), spec.unit, own.decimals)


def number_format(scale: Scale) -> str:
    """Numbers in tooltips: thousands separated, with the unit."""
    unit = scale.unit.replace("%", "%%")
    return f"%,.{scale.decimals}f {unit}".strip()


def value_format(frame: Frame) -> str:
    """The same for the left axis."""
    return number_format(Scale(frame.unit, frame.decimals))


def _places(answer: Answer, spec: ChartSpec) -> Mapping[str, str]:
    """Key → label of every category; time goes forward with its gaps, bands go up."""
    if spec.x is None:
        return {"": ""}
    column, index = _column(answer, spec.x)
    cells = [row[index] for row in answer.rows]
    labels = {_key(cell): member_label(cell, column) for cell in cells}
    if column.kind == "time" and None not in cells and not _sorted_by_value(cells, spec):
        return {key: labels.get(key) or member_label(key, column) for key in with_gaps(labels)}
    if any(map(is_number, cells)) and all(c is None or is_number(c) for c in cells):
        return {key: labels[key] for key in sorted(labels, key=_size)}
    return labels


def _size(key: str) -> Decimal:
    """Bands stand by their beginning, the unknown behind them."""
    return Decimal(key) if key else Decimal("Infinity")


def _sorted_by_value(cells: Sequence[Cell], spec: ChartSpec) -> bool:
    """Bars of the months with the most first stay as they were asked for."""
    keys = list(map(_key, cells))
    return spec.type == "bar" and spec.color is None and keys != sorted(keys)


def _key(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _by_column(answer: Answer, spec: ChartSpec, places: Mapping[str, str]) -> tuple[Line, ...]:
    found = _rows_at(answer, spec.x, range(len(answer.rows)))
    rows = tuple(found.get(key) for key in places)
    left = axis_display(answer, spec)
    right = axis_display(answer, spec, "right") if spec.right else left
    return tuple(
        _line(s, _column(answer, s.column), rows, answer, right if s.axis == "right" else left)
        for s in spec.series
    )


def _by_member(answer: Answer, spec: ChartSpec, places: Mapping[str, str]) -> tuple[Line, ...]:
    assert spec.color is not None
    column, index = _column(answer, spec.color)
    display = axis_display(answer, spec)
    members: dict[str, list[int]] = {}
    for number, row in enumerate(answer.rows):
        members.setdefault(member_label(row[index], column), []).append(number)
    lines = []
    for member, numbers in members.items():
        found = _rows_at(answer, spec.x, numbers)
        rows = tuple(found.get(key) for key in places)
        series = replace(spec.series[0], name=member)
        lines.append(_line(series, _column(answer, series.column), rows, answer, display))
    return tuple(lines)


def _rows_at(answer: Answer, name: str | None, numbers: Sequence[int]) -> Mapping[str, int]:
    if name is None:
        return {"": numbers[0]} if numbers else {}
    index = _column(answer, name)[1]
    return {_key(answer.rows[number][index]): number for number in numbers}


def _line(
    series: Series, at: tuple[Column, int], rows: Rows, answer: Answer, display: Display
) -> Line:
    column, index = at
    exact = answer.chart is not None and answer.chart.type in UNROUNDED
    cells = [None if number is None else answer.rows[number][index] for number in rows]
    doubtful = {number for number, marked in answer.small if marked == column.id}
    small = frozenset(place for place, number in enumerate(rows) if number in doubtful)
    texts = (display.number(c) + ("*" if n in small else "") for n, c in enumerate(cells))
    return Line(
        name=series.name,
        values=tuple(_value(c, display, exact=exact) for c in cells),
        texts=tuple(texts),
        is_base=column.kind == "comparison" and column.show == "value",
        small=small,
        hidden=frozenset(place for place, cell in enumerate(cells) if isinstance(cell, Suppressed)),
        axis=series.axis,
        is_change=is_change(column),
        rows=rows,
    )


def _value(cell: Cell, display: Display, *, exact: bool) -> float | None:
    if not is_number(cell):
        return None
    return float(Decimal(str(cell)) / display.divide_by) if exact else float(display.rounded(cell))


def _column(answer: Answer, name: str) -> tuple[Column, int]:
    return next((c, i) for i, c in enumerate(answer.columns) if c.id == name)
