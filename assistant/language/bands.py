"""按10万一档, 0-5万、5-20万、20万以上, 四分位: bands of a number as they are said."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.language.number import ComparatorToken
from assistant.language.number.find import amount_at
from assistant.language.number.numerals import plain

Number = int | float


@dataclass(frozen=True, slots=True)
class Bands:
    """How a number is cut: at edges, in equal steps, or into groups of equal size."""

    edges: tuple[Number, ...] = ()
    width: Number | None = None
    count: int | None = None
    unit: str | None = None


class Found(NamedTuple):
    """Bands at a place of the text."""

    start: int
    end: int
    meanings: tuple[Bands, ...]


STEP = re.compile(
    r"(?:按照?|以|每隔?)?"
    r"(?P<size>(?:[0-9][0-9,.]*[十百千万亿wk]*|[一二两三四五六七八九十百千]+[万亿]*)(?:元|岁|户|笔|次|天|个月|年)?)"
    r"(?:为|作为|分)?(?:一|1)个?(?:档|段|组|区间|级)(?:次)?"
)
COUNTS = {"四": 4, "4": 4, "五": 5, "5": 5, "十": 10, "10": 10, "百": 100}
QUANTILE = re.compile(r"(?:按)?(?P<n>四|4|五|5|十|10)分位(?:数|组)?(?!数?[是为第])")
BETWEEN = re.compile(r"[、,;/ ]|以?及|和|与")
LOW, HIGH = frozenset({"ge", "gt"}), frozenset({"le", "lt"})
RATIOS = frozenset({"%", "‰", "‱", "成", "bp", "pp"})


def find_bands(text: str, comparators: Sequence[ComparatorToken]) -> Iterator[Found]:
    """Every way in which the text cuts a number into bands."""
    yield from _steps(text)
    for match in QUANTILE.finditer(text):
        yield Found(match.start(), match.end(), (Bands(count=COUNTS[match["n"]]),))
    yield from _listed(text, comparators)


def _steps(text: str) -> Iterator[Found]:
    """按10万一档, 每5万元一段."""
    for match in STEP.finditer(text):
        amount = amount_at(match["size"], 0, lone=True)
        if amount is None or amount.end < len(match["size"]) or amount.value <= 0:
            continue
        bands = Bands(width=plain(amount.value), unit=amount.unit)
        yield Found(match.start(), match.end(), (bands,))


def _listed(text: str, comparators: Sequence[ComparatorToken]) -> Iterator[Found]:
    """Ranges side by side that leave no gap."""
    run: list[ComparatorToken] = []
    for token in comparators:
        if run and not _follows(run[-1], token, text):
            yield from _as_bands(run, text)
            run = []
        run.append(token)
    yield from _as_bands(run, text)


def _follows(before: ComparatorToken, token: ComparatorToken, text: str) -> bool:
    return BETWEEN.fullmatch(text, before.end, token.start) is not None


def _as_bands(run: Sequence[ComparatorToken], text: str) -> Iterator[Found]:
    units = {token.range.unit for token in run} - {None}
    if len(run) < 2 or len(units) > 1 or units & RATIOS:
        return
    if any(token.range.approximate for token in run):
        return
    ends = sorted((_ends(token) for token in run), key=_position)
    joined = all(a[1] is not None and a[1] == b[0] for a, b in itertools.pairwise(ends))
    if not joined:
        return
    edges = [low for low, _ in ends if low is not None]
    if (last := ends[-1][1]) is not None:
        edges.append(last)
    if len(edges) < 2 and len(run) > len(edges) + 1:
        return
    start, end = run[0].start, run[-1].end
    yield Found(start, end, (Bands(tuple(edges), unit=next(iter(units), None)),))


def _position(ends: tuple[Number | None, Number | None]) -> Number:
    return float("-inf") if ends[0] is None else ends[0]


def _ends(token: ComparatorToken) -> tuple[Number | None, Number | None]:
    low = next((value for op, value in token.range.limits if op in LOW), None)
    high = next((value for op, value in token.range.limits if op in HIGH), None)
    return low, high
