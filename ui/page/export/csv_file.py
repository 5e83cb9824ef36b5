"""The answer as a CSV file that Excel opens: exact values, then notes on what they are."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import Decimal

from assistant.answer import Answer
from assistant.explain import Display
from assistant.explain.numbers import is_number
from semantic_layer.result import Cell, Column
from ui.page.export.lines import base_display, file_lines, heading, is_doubtful, member
from ui.page.export.said import notes
from ui.page.table import is_numeric


def csv_bytes(answer: Answer, project: str, at: datetime | None = None) -> bytes:
    """Headings with units, rows, 其他 and 合计, an empty line, notes; UTF-8 with BOM."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    displays = tuple(map(base_display, answer.columns))
    writer.writerow(map(heading, answer.columns))
    for line in file_lines(answer):
        writer.writerow(map(_text, line.cells, answer.columns, displays))
    writer.writerow(())
    writer.writerows([_safe(name), _safe(text)] for name, text in notes(answer, project, at))
    return buffer.getvalue().encode("utf-8-sig")


def _text(cell: Cell, column: Column, display: Display) -> str:
    if not is_numeric(column):
        return _safe(member(cell, column))
    if not is_number(cell):
        return "" if cell is None else _safe(str(cell))
    exact = Decimal(str(cell)) / display.divide_by
    return f"{exact.normalize():f}" if display.is_fraction else f"{exact:f}"


def _safe(text: str) -> str:
    return f"'{text}" if is_doubtful(text) else text
