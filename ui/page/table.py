"""The rows of an answer as a table people read: one unit per column, 合计 apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answer import Answer
from assistant.explain import Display, cell_text, display_of, total_label
from assistant.explain.numbers import is_number
from semantic_layer.result import Cell, Column
from ui.page.time_label import time_label

MAX_ROWS_SHOWN = 500
Mood = Literal["good", "bad", "plain"]


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


def table_view(answer: Answer) -> TableView | None:
    """The table; None when the answer has no columns."""
    if not answer.columns:
        return None
    displays = column_displays(answer)
    shown = answer.rows[:MAX_ROWS_SHOWN]
    return TableView(
        headings=tuple(
            Heading(c.name, d.unit, is_numeric(c))
            for c, d in zip(answer.columns, displays, strict=True)
        ),
        rows=tuple(_row(row, answer.columns, displays) for row in shown),
        subtotals=tuple(_subtotal(row, answer.columns, displays) for row in answer.subtotals),
        others=_whole(answer, "其他", answer.others, displays),
        total=_whole(answer, total_label(answer.columns), answer.totals, displays)
        if len(answer.rows) > 1
        else None,
        note=_note(answer, len(shown)),
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
    return "未知" if value is None else str(value)


def _row(
    row: Sequence[Cell], columns: Sequence[Column], displays: Sequence[Display]
) -> tuple[TableCell, ...]:
    return tuple(map(_cell, row, columns, displays))


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
    return TableCell(cell_text(value, column, display), mood_of(value, column, display))


def _whole(
    answer: Answer, label: str, values: Mapping[str, Cell] | None, displays: Sequence[Display]
) -> tuple[TableCell, ...] | None:
    if not values or not is_grouped(answer):
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
