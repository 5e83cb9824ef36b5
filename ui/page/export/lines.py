"""The rows of an answer as a file has them: subtotals, 其他 and 合计 at the end, text made safe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from assistant.answer import Answer
from assistant.explain import Display, display_of, total_label
from semantic_layer.result import Cell, Column
from ui.page.table import is_grouped, is_numeric, member_label, says_something

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Text that a spreadsheet would take for a formula."""
GAP = ""
"""A cell that does not apply: the groups that a subtotal spans, a total that is none."""
Part = Literal["row", "subtotal", "others", "total"]


class FileLine(NamedTuple):
    """One line of the file and what it stands for."""

    part: Part
    cells: Sequence[Cell]


def file_lines(answer: Answer) -> Iterator[FileLine]:
    """Rows, 小计, 其他, 合计; without groups the rows alone."""
    yield from (FileLine("row", row) for row in answer.rows)
    if not is_grouped(answer):
        return
    for row in answer.subtotals:
        pairs = zip(answer.columns, row, strict=True)
        yield FileLine(
            "subtotal", [GAP if v is None and not is_numeric(c) else v for c, v in pairs]
        )
    if answer.others and says_something(answer.others):
        yield FileLine("others", _whole(answer.columns, "其他", answer.others))
    if answer.totals and says_something(answer.totals):
        yield FileLine("total", _whole(answer.columns, total_label(answer.columns), answer.totals))


def base_display(column: Column) -> Display:
    """Money stays in 元; fractions are written in percent or ‱ as on screen."""
    return display_of(column, [])


def heading(column: Column) -> str:
    """The name with the unit: 存款余额(元)."""
    unit = base_display(column).unit
    return f"{column.name}({unit})" if unit and is_numeric(column) else column.name


def member(cell: Cell, column: Column) -> str:
    """A group's name as on screen."""
    return GAP if cell == GAP else member_label(cell, column)


def is_doubtful(text: str) -> bool:
    """Whether a spreadsheet would run the text."""
    return text.startswith(FORMULA_STARTS)


def file_name(answer: Answer, ending: str = "csv") -> str:
    """问数_<reading>.csv, without characters that a file name may not have."""
    kept = re.sub(r'[\\/:*?"<>|\s·]+', "_", answer.reading or answer.question or "结果")
    return f"问数_{kept.strip('_')[:60]}.{ending}"


def _whole(columns: Sequence[Column], label: str, values: Mapping[str, Cell]) -> list[Cell]:
    first = next(i for i, c in enumerate(columns) if not is_numeric(c))
    return [label if i == first else values.get(c.id, GAP) for i, c in enumerate(columns)]
