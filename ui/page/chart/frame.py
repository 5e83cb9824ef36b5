"""What every chart takes from an answer: names, numbers in the axis unit, common looks."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from assistant.answer import Answer
from assistant.explain import ChartSpec, Display, display_of
from assistant.explain.numbers import is_number
from semantic_layer.result import Cell, Column
from ui.page.table import member_label

Option: TypeAlias = dict[str, Any]


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


@dataclass(frozen=True, slots=True)
class Frame:
    """Categories and series, already in the unit of the axis."""

    categories: tuple[str, ...]
    lines: tuple[Line, ...]
    unit: str
    decimals: int


def frame_of(answer: Answer, spec: ChartSpec) -> Frame:
    """Categories and series of a chart; a second group becomes one series per member."""
    display = axis_display(answer, spec)
    labels = _labels(answer, spec.x)
    if spec.color is None:
        lines = tuple(
            _line(s.name, _column(answer, s.column), answer, display) for s in spec.series
        )
        return Frame(tuple(labels), lines, spec.unit, display.decimals)
    return _pivoted(answer, spec, labels, display)


def axis_display(answer: Answer, spec: ChartSpec) -> Display:
    """How numbers are scaled and rounded for the axis."""
    column, index = _column(answer, spec.series[0].column)
    own = display_of(column, [row[index] for row in answer.rows])
    return Display(Decimal(str(spec.divide_by)), spec.unit, own.decimals)


def value_format(frame: Frame) -> str:
    """Numbers in tooltips: thousands separated, with the unit."""
    unit = frame.unit.replace("%", "%%")
    return f"%,.{frame.decimals}f {unit}".strip()


def _pivoted(answer: Answer, spec: ChartSpec, labels: list[str], display: Display) -> Frame:
    members = _labels(answer, spec.color)
    index = _column(answer, spec.series[0].column)[1]
    cells = {
        (label, member): row[index]
        for label, member, row in zip(labels, members, answer.rows, strict=True)
    }
    categories = tuple(_ordered(labels, answer, spec.x))
    lines = tuple(
        _line_of(member, [cells.get((c, member)) for c in categories], display)
        for member in dict.fromkeys(members)
    )
    return Frame(categories, lines, spec.unit, display.decimals)


def _ordered(labels: list[str], answer: Answer, name: str | None) -> list[str]:
    """Each label once; time goes forward however the rows are sorted."""
    if name is None or _column(answer, name)[0].kind != "time":
        return list(dict.fromkeys(labels))
    index = _column(answer, name)[1]
    keys = sorted({str(row[index]) for row in answer.rows})
    by_key = {str(row[index]): label for row, label in zip(answer.rows, labels, strict=True)}
    return [by_key[key] for key in keys]


def _line(name: str, at: tuple[Column, int], answer: Answer, display: Display) -> Line:
    column, index = at
    line = _line_of(name, [row[index] for row in answer.rows], display)
    is_base = column.kind == "comparison" and column.show == "value"
    small = frozenset(number for number, name in answer.small if name == column.id)
    texts = (f"{text}*" if n in small else text for n, text in enumerate(line.texts))
    return Line(line.name, line.values, tuple(texts), is_base, small)


def _line_of(name: str, cells: list[Cell], display: Display) -> Line:
    values = tuple(float(display.rounded(c)) if is_number(c) else None for c in cells)
    return Line(name, values, tuple(display.number(c) for c in cells))


def _labels(answer: Answer, name: str | None) -> list[str]:
    if name is None:
        return ["" for _ in answer.rows]
    column, index = _column(answer, name)
    return [member_label(row[index], column) for row in answer.rows]


def _column(answer: Answer, name: str) -> tuple[Column, int]:
    return next((c, i) for i, c in enumerate(answer.columns) if c.id == name)
