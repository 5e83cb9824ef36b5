"""Are the rows the gold rows? Relative tolerance 1e-9, NULL is not 0, no extra metric."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from evals.case import Gold, Layer

TOLERANCE = 1e-9
ZERO = 1e-12
"""Below this a difference of rates is the noise of floats, not a number."""
Row = tuple[Any, ...]


def score_rows(
    answer: dict[str, Any], gold: Gold, names: Sequence[str], rows: Sequence[Any]
) -> Layer:
    """Compares the answer's table with the gold's, columns matched by id."""
    shown = [c["id"] for c in answer["columns"]]
    missing = [n for n in names if n not in shown]
    if missing:
        return Layer("rows", False, f"缺少列 {'、'.join(missing)},实有 {'、'.join(shown)}")
    extra = [
        c["id"] for c in answer["columns"] if c["kind"] != "comparison" and c["id"] not in names
    ]
    if extra:
        return Layer("rows", False, f"多出列 {'、'.join(extra)}")
    if answer["truncated"]:
        return Layer("rows", False, "结果被截断")
    return _compare(picked(answer, names), [tuple(r) for r in rows], ordered=gold.ordered)


def score_totals(answer: dict[str, Any], names: Sequence[str], rows: Sequence[Any]) -> Layer:
    """The 合计 beside the rows: of ratios and distinct counts it is no sum of them."""
    totals = answer["totals"] or {}
    wrong = [
        f"{name} 应为 {_text(gold)},实为 {_text(totals.get(name))}"
        for name, gold in zip(names, rows[0], strict=True)
        if name not in totals or not same_cell(totals[name], gold)
    ]
    return Layer("rows", not wrong, f"合计不对:{'、'.join(wrong)}" if wrong else "")


def picked(answer: dict[str, Any], names: Sequence[str]) -> list[Row]:
    """The answer's rows, with only the columns named."""
    shown = [c["id"] for c in answer["columns"]]
    picks = [shown.index(n) for n in names]
    return [tuple(row[i] for i in picks) for row in answer["rows"]]


def same_rows(got: Sequence[Row], expected: Sequence[Row]) -> bool:
    """The same rows in any order."""
    return _compare(list(got), list(expected), ordered=False).passed


def same_cell(got: object, expected: object) -> bool:
    """One value, as JSON against as DuckDB gives it."""
    if got is None or expected is None:
        return got is None and expected is None
    if isinstance(expected, bool) or isinstance(got, bool):
        return got is expected
    if _is_number(expected) and _is_number(got):
        return math.isclose(_float(got), _float(expected), rel_tol=TOLERANCE, abs_tol=ZERO)
    if _is_number(expected) or _is_number(got):
        return False
    return _text(got) == _text(expected)


def _compare(got: list[Row], expected: list[Row], *, ordered: bool) -> Layer:
    if len(got) != len(expected):
        return Layer("rows", False, f"应有 {len(expected)} 行,实有 {len(got)} 行")
    left = list(got)
    for number, gold in enumerate(expected, 1):
        found = _find(gold, left[:1] if ordered else left)
        if found is None:
            near = left[0] if ordered else _nearest(gold, left)
            return Layer("rows", False, f"第 {number} 行应为 {_shown(gold)},实为 {_shown(near)}")
        left.pop(found)
    return Layer("rows", True)


def _find(gold: Row, rows: Sequence[Row]) -> int | None:
    return next((i for i, row in enumerate(rows) if _same_row(row, gold)), None)


def _same_row(row: Row, gold: Row) -> bool:
    return all(same_cell(a, b) for a, b in zip(row, gold, strict=True))


def _nearest(gold: Row, rows: Sequence[Row]) -> Row:
    """The row with the most cells in common: most likely the one that is wrong."""
    return max(rows, key=lambda row: sum(same_cell(a, b) for a, b in zip(row, gold, strict=True)))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal)


def _float(value: object) -> float:
    assert isinstance(value, int | float | Decimal)
    return float(value)


def _text(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _shown(row: Row) -> str:
    return "(" + ", ".join(_text(v) for v in row) + ")"
