"""The answer as a CSV file that Excel opens: exact values, then notes on what they are."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from assistant.answer import Answer
from assistant.explain import Display, display_of, total_label
from assistant.explain.numbers import is_number
from semantic_layer.result import Cell, Column
from ui.page.table import is_grouped, is_numeric, member_label

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Text that a spreadsheet would take for a formula."""


def csv_bytes(answer: Answer, project: str) -> bytes:
    """Headings with units, rows, 其他 and 合计, an empty line, notes; UTF-8 with BOM."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    displays = tuple(_export_display(c) for c in answer.columns)
    writer.writerow(_heading(c, d) for c, d in zip(answer.columns, displays, strict=True))
    for row in (*answer.rows, *_wholes(answer)):
        writer.writerow(map(_text, row, answer.columns, displays))
    writer.writerow(())
    writer.writerows(([name, _safe(text)]) for name, text in _notes(answer, project) if text)
    return buffer.getvalue().encode("utf-8-sig")


def file_name(answer: Answer) -> str:
    """问数_<reading>.csv, without characters that a file name may not have."""
    kept = re.sub(r'[\\/:*?"<>|\s·]+', "_", answer.reading or answer.question or "结果")
    return f"问数_{kept.strip('_')[:60]}.csv"


def _export_display(column: Column) -> Display:
    """Money stays in 元; fractions are written in percent or ‱ as on screen."""
    return display_of(column, [])


def _heading(column: Column, display: Display) -> str:
    return f"{column.name}({display.unit})" if display.unit else column.name


def _text(cell: Cell, column: Column, display: Display) -> str:
    if not is_numeric(column):
        return _safe(member_label(cell, column)) if cell != "" else ""
    if not is_number(cell):
        return "" if cell is None else _safe(str(cell))
    exact = Decimal(str(cell)) / display.divide_by
    return f"{exact.normalize():f}" if display.is_fraction else f"{exact:f}"


def _wholes(answer: Answer) -> Iterator[Sequence[Cell]]:
    if not is_grouped(answer):
        return
    for row in answer.subtotals:
        pairs = zip(answer.columns, row, strict=True)
        yield ["" if v is None and not is_numeric(c) else v for c, v in pairs]
    for label, values in (("其他", answer.others), (total_label(answer.columns), answer.totals)):
        if values:
            yield _whole(answer.columns, label, values)


def _whole(columns: Sequence[Column], label: str, values: Mapping[str, Cell]) -> list[Cell]:
    first = next(i for i, c in enumerate(columns) if not is_numeric(c))
    return [label if i == first else values.get(c.id, "") for i, c in enumerate(columns)]


def _notes(answer: Answer, project: str) -> Iterator[tuple[str, str]]:
    yield "数据来源", project
    yield "问题", answer.question or ""
    yield "读法", answer.reading or ""
    yield "范围", answer.scope or ""
    yield "口径", "、".join(f"{c.label} 第{c.version}版" for c in answer.definitions)
    dates = sorted(set((answer.data_dates or {}).values()))
    yield "数据日期", "、".join(day.isoformat() for day in dates)
    yield "假设", ";".join(a.text for a in answer.assumptions)
    yield "提示", ";".join(w.message for w in answer.warnings)
    yield "用户", answer.user or ""
    if answer.truncated:
        yield "行数", f"结果超过上限,只有前{len(answer.rows):,}行"


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
