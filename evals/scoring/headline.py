"""Every digit of the headline must stand in a cell, a period or the question's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from evals.case import Layer

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SCALES = tuple(Decimal(s) for s in ("1", "1e4", "1e8", "0.01", "0.0001"))
_PERIOD = re.compile(
    r"\d{4}年(?:\d{1,2}(?:—\d{1,2})?月)?(?:\d{1,2}(?:—\d{1,2})?日)?|\d{1,2}月\d{1,2}日"
)


def score_headline(answer: dict[str, Any]) -> Layer:
    """Digits without a source make the sentence a claim nobody computed."""
    headline = answer["headline"] or ""
    if not headline:
        return Layer("headline", False, "没有结论句")
    names = sorted((c["name"] for c in answer["columns"]), key=len, reverse=True)
    texts = {str(v) for row in answer["rows"] for v in row if isinstance(v, str)}
    left = _PERIOD.sub(" ", headline)
    for known in (*names, *sorted(texts, key=len, reverse=True), *_filter_words(answer)):
        left = left.replace(known, " ")
    loose = [n for n in _NUMBER.findall(left) if not _has_source(n, answer)]
    return Layer(
        "headline", not loose, f"结论句里的 {'、'.join(loose)} 不在结果中" if loose else ""
    )


def _filter_words(answer: dict[str, Any]) -> list[str]:
    reading = answer["reading"] or ""
    return [part for part in re.split(r"[ ·,、()]+", reading) if part]


def _has_source(number: str, answer: dict[str, Any]) -> bool:
    shown = Decimal(number.replace(",", ""))
    if shown in (answer["row_count"], answer["total_rows"]):
        return True
    decimals = len(number.partition(".")[2])
    return any(_rounds_to(cell, shown, decimals) for cell in _cells(answer))


def _rounds_to(cell: Decimal, shown: Decimal, decimals: int) -> bool:
    step = Decimal(1).scaleb(-decimals)
    return any(
        abs(cell / scale).quantize(step, rounding=ROUND_HALF_UP) == shown for scale in _SCALES
    )


def _cells(answer: dict[str, Any]) -> Iterator[Decimal]:
    rows = [
        *answer["rows"],
        [*(answer["totals"] or {}).values()],
        [*(answer["others"] or {}).values()],
    ]
    for row in rows:
        for value in row:
            if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                yield Decimal(str(value))
