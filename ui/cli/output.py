"""One answer in the format asked for; only the answer goes to standard output."""

from __future__ import annotations

import csv
import io
import sys

from assistant.answer import Answer
from assistant.explain.numbers import unit_of
from semantic_layer.result import Cell, Column
from ui.cli.invocation import OutputFormat
from ui.cli.text_answer import text_answer

FRACTIONS = ("percent", "permyriad", "pp", "bp", "times")
UNIT_WORDS = {"CNY": "元"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Text that a spreadsheet would take for a formula."""


def write_answer(answer: Answer, output: OutputFormat) -> None:
    """Prints the answer; what has no place in the format goes to standard error."""
    if output == "json":
        print(answer.to_json(), flush=True)
    elif answer.outcome == "error" or (output == "text"):
        stream = sys.stderr if answer.outcome == "error" else sys.stdout
        print(text_answer(answer), file=stream, flush=True)
    elif output == "csv" and answer.columns:
        print(csv_text(answer), end="", flush=True)
    elif output == "sql" and answer.sql:
        print(answer.sql, flush=True)
    else:
        print(text_answer(answer), file=sys.stderr, flush=True)


def csv_text(answer: Answer) -> str:
    """Heading and rows in base units, for other programs."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([_heading(column) for column in answer.columns])
    writer.writerows([_csv_cell(cell) for cell in row] for row in answer.rows)
    return buffer.getvalue()


def _heading(column: Column) -> str:
    """Fractions stay fractions, so a percent sign would mislead."""
    unit = unit_of(column)
    shown = None if unit in FRACTIONS else UNIT_WORDS.get(unit or "", unit)
    return f"{column.name}({shown})" if shown else column.name


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return str(cell)
