"""Are the rows the gold rows? Relative tolerance 1e-9, NULL is not 0, no extra metric."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from evals.case import Gold, Layer

TOLERANCE = 1e-9


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
    picks = [shown.index(n) for n in names]
    got = [tuple(row[i] for i in picks) for row in answer["rows"]]
    return _compare(got, [tuple(r) for r in rows], gold.ordered)


def same_cell(got: object, expected: object) -> bool:
    """One value, as JSON against as DuckDB gives it."""
    if got is None or expected is None:
        return got is None and expected is None
    if isinstance(expected, bool) or isinstance(got, bool):
        return got is expected
    if isinstance(expected, int | float | Decimal) and isinstance(got, int | float | Decimal):
        return math.isclose(float(got), float(expected), rel_tol=TOLERANCE, abs_tol=0.0)
    return _text(got) == _text(expected)


def same_rows(got: Sequence[tuple[Any, ...]], expected: Sequence[tuple[Any, ...]]) -> bool:
    """The same rows in any order."""
    return _compare(list(got), list(expected), ordered=False).passed


def _compare(got: list[tuple[Any, ...]], expected: list[tuple[Any, ...]], ordered: bool) -> Layer:
    if len(got) != len(expected):
        return Layer("rows", False, f"应有 {len(expected)} 行,实有 {len(got)} 行")
    if not ordered:
        got, expected = sorted(got, key=_sort_key), sorted(expected, key=_sort_key)
    for number, (row, gold) in enumerate(zip(got, expected, strict=True), 1):
        if not all(same_cell(a, b) for a, b in zip(row, gold, strict=True)):
            return Layer("rows", False, f"第 {number} 行应为 {_shown(gold)},实为 {_shown(row)}")
    return Layer("rows", True)


def _sort_key(row: tuple[Any, ...]) -> tuple[str, ...]:
    """Texts first, then numbers roughly: float noise must not change the order."""
    texts = [_text(v) for v in row if not isinstance(v, int | float | Decimal)]
    numbers = [f"{float(v):.6e}" for v in row if isinstance(v, int | float | Decimal)]
    return (*texts, *numbers)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _shown(row: tuple[Any, ...]) -> str:
    return "(" + ", ".join("NULL" if v is None else _text(v) for v in row) + ")"
