"""The rows of an answer as a table people read: one unit per column, 合计 apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.answer import Answer
from assistant.explain import Display, cell_text, display_of, total_label
from assistant.explain.numbers import MISSING, is_number
from semantic_layer.result import Cell, Column, Suppressed
from ui.page.time_label import time_label

MAX_ROWS_SHOWN = 500
FEWEST_BARRED = 3
Mood = Literal["good", "bad", "plain"]
Doubt = Literal["", "small", "hidden"]
SMALL_LEGEND = "* 分母过少,仅供参考,不参加最高、最低和排名。"
HIDDEN_LEGEND = "*** 人数过少,涉及个人特征,不显示数值。"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's name and the one unit all of its numbers have."""

    name: str
    unit: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class TableCell:
    """A text as printed; a change is good or bad by its metric's direction."""

    text: str
    mood: Mood = "plain"
    doubt: Doubt = ""
    """A rate over too few cases, or a value that is not shown."""
    bar: float | None = None
    """Length beside the largest of its column, -1 to 1, where the table is the chart."""


@dataclass(frozen=True, slots=True)
class TableView:
    """What the page prints."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    subtotals: tuple[tuple[TableCell, ...], ...]
    others: tuple[TableCell, ...] | None
    total: tuple[TableCell, ...] | None
    note: str
    """How many rows there are when not all are shown."""
    legend: tuple[str, ...] = ()
    """What the signs beside numbers mean."""


def table_view(answer: Answer) -> TableView | None:
    """The table; None when the answer has no columns."""
    if not answer.columns:
        return None
    displays = column_displays(answer)
    shown = answer.rows[:MAX_ROWS_SHOWN]
    rows = with_bars(_marked_rows(shown, answer, displays), answer)
    subtotals = tuple(_subtotal(row, answer.columns, displays) for row in answer.subtotals)
    return TableView(
        headings=tuple(
            Heading(c.name, d.unit, is_numeric(c))
            for c, d in zip(answer.columns, displays, strict=True)
        ),
        rows=rows,
        subtotals=subtotals,
        others=_whole(answer, "其他", answer.others, displays),
        total=_whole(answer, total_label(answer.columns), answer.totals, displays)
        if len(answer.rows) > 1
        else None,
        note=_note(answer, len(shown)),
        legend=_legend((*rows, *subtotals)),
    )


def with_bars(
    rows: tuple[tuple[TableCell, ...], ...], answer: Answer
) -> tuple[tuple[TableCell, ...], ...]:
    """Bars in the cells of metrics and shares when nothing else draws them."""
    if answer.chart is None or answer.chart.type != "table" or len(rows) < FEWEST_BARRED:
        return rows
    longest = {
        place: max((abs(float(row[place])) for row in answer.rows if is_number(row[place])),  # type: ignore[arg-type]
                   default=0.0)
        for place, column in enumerate(answer.columns)
        if is_numeric(column) and column.show in ("value", "share")
    }  # fmt: skip
    return tuple(
        tuple(
            replace(cell, bar=float(value) / longest[place])  # type: ignore[arg-type]
            if longest.get(place) and is_number(value) and not cell.doubt
            else cell
            for place, (cell, value) in enumerate(zip(cells, values, strict=True))
        )
        for cells, values in zip(rows, answer.rows, strict=False)
    )


def column_displays(answer: Answer) -> tuple[Display, ...]:
    """Scale and unit of every column, chosen by its rows."""
    return tuple(
        display_of(column, [row[i] for row in answer.rows] if is_numeric(column) else [])
        for i, column in enumerate(answer.columns)
    )


def is_numeric(column: Column) -> bool:
    """Whether the column holds numbers to be aligned right."""
    return column.kind in ("metric", "comparison")


def is_grouped(answer: Answer) -> bool:
    """Whether each row is a member of something."""
    return any(not is_numeric(c) for c in answer.columns)


def says_something(values: Mapping[str, Cell]) -> bool:
    """Whether 合计 or 其他 has a figure: what cannot be added up needs no line."""
    return any(value is not None for value in values.values())


def mood_of(value: Cell, column: Column, display: Display) -> Mood:
    """Whether a change is good or bad; plain when flat, neutral or no change at all."""
    if column.show not in ("diff", "rate", "pp") or column.direction == "neutral":
        return "plain"
    if not is_number(value) or display.is_flat(value):
        return "plain"
    rises = display.rounded(value) > 0
    return "good" if rises == (column.direction == "up_is_good") else "bad"


def member_label(value: Cell, column: Column) -> str:
    """A group's name as shown on axes and in tables."""
    if column.kind == "time":
        return time_label(value)
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return "未知" if value is None else str(value)


def _row(
    row: Sequence[Cell], columns: Sequence[Column], displays: Sequence[Display]
) -> tuple[TableCell, ...]:
    return tuple(map(_cell, row, columns, displays))


def _marked_rows(
    shown: Sequence[Sequence[Cell]], answer: Answer, displays: Sequence[Display]
) -> tuple[tuple[TableCell, ...], ...]:
    """The rows, with a mark at each rate over too few cases."""
    marked = {number for number, _ in answer.small}
    small = frozenset(answer.small)
    rows = []
    for number, row in enumerate(shown):
        cells = _row(row, answer.columns, displays)
        if number in marked:
            pairs = zip(cells, answer.columns, strict=True)
            cells = tuple(_doubted(cell, (number, c.id) in small) for cell, c in pairs)
        rows.append(cells)
    return tuple(rows)


def _doubted(cell: TableCell, is_small: bool) -> TableCell:
    has_number = not cell.doubt and cell.text != MISSING
    return replace(cell, doubt="small") if is_small and has_number else cell


def _legend(rows: Iterable[Sequence[TableCell]]) -> tuple[str, ...]:
    doubts = {cell.doubt for row in rows for cell in row}
    lines = (("small", SMALL_LEGEND), ("hidden", HIDDEN_LEGEND))
    return tuple(text for doubt, text in lines if doubt in doubts)


def _subtotal(
    row: Sequence[Cell], columns: Sequence[Column], displays: Sequence[Display]
) -> tuple[TableCell, ...]:
    """小计; the groups that it spans stay empty."""
    spanned = [value is None and not is_numeric(c) for value, c in zip(row, columns, strict=True)]
    cells = _row(row, columns, displays)
    return tuple(TableCell("") if gap else cell for cell, gap in zip(cells, spanned, strict=True))


def _cell(value: Cell, column: Column, display: Display) -> TableCell:
    if not is_numeric(column):
        return TableCell(member_label(value, column))
    if isinstance(value, Suppressed):
        return TableCell(str(value), doubt="hidden")
    return TableCell(cell_text(value, column, display), mood_of(value, column, display))


def _whole(
    answer: Answer, label: str, values: Mapping[str, Cell] | None, displays: Sequence[Display]
) -> tuple[TableCell, ...] | None:
    if not values or not says_something(values) or not is_grouped(answer):
        return None
    first = next(i for i, c in enumerate(answer.columns) if not is_numeric(c))
    return tuple(
        TableCell(label)
        if i == first
        else _cell(values[column.id], column, displays[i])
        if column.id in values
        else TableCell("")
        for i, column in enumerate(answer.columns)
    )


def _note(answer: Answer, shown: int) -> str:
    fetched = len(answer.rows)
    whole = max(answer.total_rows or 0, fetched)
    if shown == whole:
        return ""
    if shown == fetched:
        return f"共{whole:,}行,这里是前{shown:,}行。"
    if fetched == whole:
        return f"共{whole:,}行,这里显示前{shown:,}行,下载的文件里有全部。"
    return f"共{whole:,}行,这里显示前{shown:,}行,下载的文件里有前{fetched:,}行。"
