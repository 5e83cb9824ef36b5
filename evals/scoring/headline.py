"""Is the sentence true? Its numbers, signs, units, dates and scope are those of the result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from evals.case import Layer

_NUMBER = re.compile(
    r"(?P<way>增加|增长|上升|提高|减少|下降|降低)?(?P<sign>[+-])?"
    r"(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<scale>亿|万(?!分)|%|个百分点|‱|BP)?"
)
_SCALES = {
    "亿": Decimal("1e8"),
    "万": Decimal("1e4"),
    "%": Decimal("0.01"),
    "个百分点": Decimal("0.01"),
    "‱": Decimal("0.0001"),
    "BP": Decimal("0.0001"),
}
_LEFT_OUT = re.compile(r"另有(\d+)个不参加排名")
_FALLS = {"减少", "下降", "降低"}
_MONTH_DAY = r"\d{1,2}(?:[—–-]\d{1,2})?"
_DATE = re.compile(
    rf"(?P<year>\d{{4}})年(?:第?[1-4一二三四]季度|(?P<month>{_MONTH_DAY})月"
    rf"(?:{_MONTH_DAY}[日号])?)?|{_MONTH_DAY}月(?:{_MONTH_DAY}[日号])?|\d{{4}}-\d\d(?:-\d\d)?"
)


class Claim(NamedTuple):
    """A number as the sentence writes it."""

    text: str
    shown: Decimal
    decimals: int
    scale: Decimal
    signed: bool


def score_headline(answer: dict[str, Any]) -> Layer:
    """A number, date or scope without a source is a claim that nobody computed."""
    headline = answer["headline"] or ""
    if not headline:
        return Layer("headline", False, "没有结论句")
    found = [*_foreign_dates(headline, answer), *_loose_numbers(headline, answer)]
    if "全行" in headline and answer["scope"] not in (None, "全行") and "非全行" not in headline:
        found.append(f"范围是{answer['scope']},却写全行")
    return Layer("headline", not found, ";".join(found))


def claims(text: str) -> list[Claim]:
    """The numbers of a sentence with sign and unit.

    >>> [(c.shown, c.scale) for c in claims("减少0.45亿元(-12.30%)")]
    [(Decimal('-0.45'), Decimal('1E+8')), (Decimal('-12.30'), Decimal('0.01'))]
    """
    return [_claim(match) for match in _NUMBER.finditer(text)]


def _claim(match: re.Match[str]) -> Claim:
    digits = match["digits"].rstrip(",")
    falls = match["sign"] == "-" or (match["way"] in _FALLS and match["sign"] is None)
    shown = Decimal(digits.replace(",", ""))
    return Claim(
        text=match[0],
        shown=-shown if falls else shown,
        decimals=len(digits.partition(".")[2]),
        scale=_SCALES.get(match["scale"] or "", Decimal(1)),
        signed=bool(match["way"] or match["sign"]),
    )


def _loose_numbers(headline: str, answer: dict[str, Any]) -> list[str]:
    left = _DATE.sub(" ", headline)
    for known in _names(answer):
        left = left.replace(known, " ")
    loose = [claim.text for claim in claims(left) if not _has_source(claim, answer)]
    return [f"结论句里的 {'、'.join(loose)} 不在结果中"] if loose else []


def _names(answer: dict[str, Any]) -> list[str]:
    """Column names, members and conditions, also as they stand once dates are taken out."""
    names = {c["name"] for c in answer["columns"]}
    names |= {v for row in answer["rows"] for v in row if isinstance(v, str)}
    names |= {part for part in re.split(r"[ ·,、()]+", answer["reading"] or "") if part}
    names.add(answer["scope"] or "")
    names |= {_DATE.sub(" ", name) for name in names}
    return sorted((n for n in names if n.strip() and not n.isdigit()), key=len, reverse=True)


def _has_source(claim: Claim, answer: dict[str, Any]) -> bool:
    if claim.scale == 1 and not claim.signed and claim.shown in _counts(answer):
        return True
    return any(_rounds_to(cell, claim) for cell in _cells(answer))


_APART = re.compile(r"\(另有([^)]+)\)")
"""Members of another kind that the headline counts apart: (另有总行直属)."""


def _counts(answer: dict[str, Any]) -> tuple[int, ...]:
    """Rows shown, all rows, and all but those that a warning says take no place."""
    told = [w["message"] for w in answer["warnings"] if w.get("code") == "unranked"]
    left_out = sum(int(n) for text in told for n in _LEFT_OUT.findall(text))
    left_out += sum(len(names.split("、")) for names in _APART.findall(answer["headline"] or ""))
    return (answer["row_count"], answer["total_rows"], answer["total_rows"] - left_out)


def _rounds_to(cell: Decimal, claim: Claim) -> bool:
    value = cell if claim.signed else abs(cell)
    step = Decimal(1).scaleb(-claim.decimals)
    return (value / claim.scale).quantize(step, rounding=ROUND_HALF_UP) == claim.shown


def _cells(answer: dict[str, Any]) -> Iterator[Decimal]:
    totals, others = answer["totals"] or {}, answer["others"] or {}
    for row in (*answer["rows"], totals.values(), others.values()):
        for value in row:
            if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                yield Decimal(str(value))
    yield from _shares_of_total(answer)
    yield from _gap_of_two(answer)


def _shares_of_total(answer: dict[str, Any]) -> Iterator[Decimal]:
    """占全行 may be said of a cell whose column has a total."""
    for at, column in enumerate(answer["columns"]):
        total = (answer["totals"] or {}).get(column["id"])
        if not isinstance(total, int | float | Decimal) or not total:
            continue
        for row in answer["rows"]:
            if isinstance(row[at], int | float | Decimal):
                yield Decimal(str(row[at])) / Decimal(str(total))


def _gap_of_two(answer: dict[str, Any]) -> Iterator[Decimal]:
    """手机银行比柜面高…(+50.58%): of two members asked for side by side, nothing else."""
    if len(answer["rows"]) != 2 or answer["total_rows"] != 2:
        return
    for pair in zip(*answer["rows"], strict=True):
        if all(isinstance(v, int | float | Decimal) and not isinstance(v, bool) for v in pair):
            less, more = sorted(Decimal(str(value)) for value in pair)
            yield more - less
            if less > 0:
                yield (more - less) / less


def _foreign_dates(headline: str, answer: dict[str, Any]) -> list[str]:
    """Years and months that are neither a period nor a cell of the answer."""
    months = {str(p[end])[:7] for p in answer["periods"] for end in ("start", "end")}
    cells = {str(v) for row in answer["rows"] for v in row if isinstance(v, str)}
    spans = [(str(p["start"])[:7], str(p["end"])[:7]) for p in answer["periods"]]
    foreign = []
    for match in _DATE.finditer(headline):
        if match["year"] is None or match["month"] is None or not match["month"].isdigit():
            continue
        month = f"{match['year']}-{int(match['month']):02d}"
        known = month in months or any(cell.startswith(month) for cell in cells)
        if not known and not any(start <= month <= end for start, end in spans):
            foreign.append(match[0])
    return [f"结论句里的 {'、'.join(foreign)} 不是所问期间"] if foreign else []
