"""What was expected beside what came, as far as people compare it by eye."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

MOST_ROWS = 30
"""More rows are counted, and not kept."""
Ask = Callable[[str], tuple[Sequence[str], Sequence[tuple[Any, ...]]]]


@dataclass(frozen=True, slots=True)
class Rows:
    """The first rows of a table as text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int
    """Of all rows."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The rows of every accepted reading, and those of the answer."""

    expected: tuple[Rows, ...] = ()
    got: Rows | None = None
    """None: no rows came."""


def beside(gold: Iterable[str], answer: dict[str, Any], ask: Ask) -> Beside:
    """Gold SQL run once more, and the answer's own table."""
    expected = tuple(_rows(*ask(sql)) for sql in gold)
    columns = [str(column["id"]) for column in answer["columns"]]
    total = answer["total_rows"] or len(answer["rows"])
    return Beside(expected, _rows(columns, answer["rows"], total) if columns else None)


def _rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], total: int | None = None) -> Rows:
    shown = tuple(tuple(map(_text, row)) for row in rows[:MOST_ROWS])
    return Rows(tuple(columns), shown, len(rows) if total is None else total)


def _text(cell: object) -> str:
    if cell is None:
        return "NULL"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float):
        return f"{cell:.12g}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
