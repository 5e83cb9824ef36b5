"""What a model is told of an executed step: that it ran, and rows only where that is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.agent.step import Step
from assistant.explain.numbers import cell_text, display_of, is_number
from semantic_layer.model import Manifest
from semantic_layer.result import Cell, Column

MOST_ROWS = 20
WITHHELD = "(不提供)"


def told(number: int, step: Step, manifest: Manifest, *, rows: bool) -> str:
    """Places as the final sentences cite them: [1:r2c3], of the total [1:tc3]."""
    heads = " ".join(f"c{n}={column.name}" for n, column in enumerate(step.columns, 1))
    lines = [f"第{number}步已执行:{step.canonical}", f"列:{heads}"]
    if rows:
        lines += _rows(step, manifest)
    return "\n".join(lines)


def _rows(step: Step, manifest: Manifest) -> Iterator[str]:
    displays = [
        display_of(column, (row[n] for row in step.rows)) for n, column in enumerate(step.columns)
    ]

    def text(n: int, cell: Cell) -> str:
        column = step.columns[n]
        if not may_be_told(column, manifest):
            return WITHHELD
        shown = cell_text(cell, column, displays[n])
        return shown + (displays[n].unit if is_number(cell) and column.kind != "dimension" else "")

    for number, row in enumerate(step.rows[:MOST_ROWS], 1):
        cells = " ".join(f"c{n + 1}={text(n, cell)}" for n, cell in enumerate(row))
        yield f"r{number} {cells}"
    total = [
        f"c{n + 1}={text(n, step.totals[column.id])}"
        for n, column in enumerate(step.columns)
        if column.id in step.totals
    ]
    if total:
        yield f"t {' '.join(total)}"


def may_be_told(column: Column, manifest: Manifest) -> bool:
    """Members of personal attributes stay here even where rows may leave."""
    known = manifest.dimensions.get(column.id.rpartition(".")[2])
    return column.kind != "dimension" or (known is not None and known.field.sensitivity == "public")
