"""Periods that lean on another one: 去年同期, 上月同期, 去年今日."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from assistant.language.time.fixed import vague
from assistant.language.time.frame import Frame
from assistant.language.time.piece import Piece
from assistant.language.time.token import TimeOption
from semantic_layer.query import Align, Edge, Latest, Relative, Shifted, Span, Unit


class _Kind(NamedTuple):
    of: Span | None
    align: Align


_KINDS: dict[str, _Kind] = {
    "同期": _Kind(None, "elapsed"), "同一时期": _Kind(None, "elapsed"),
    "同月": _Kind(Relative("month"), "full"), "同月份": _Kind(Relative("month"), "full"),
    "本月": _Kind(Relative("month"), "elapsed"), "同季": _Kind(Relative("quarter"), "full"),
    "同季度": _Kind(Relative("quarter"), "full"), "同周": _Kind(Relative("week"), "full"),
    "同日": _Kind(Relative("day"), "elapsed"), "今日": _Kind(Relative("day"), "elapsed"),
    "今天": _Kind(Relative("day"), "elapsed"), "同一天": _Kind(Relative("day"), "elapsed"),
    "此时": _Kind(Relative("day"), "elapsed"), "这个时候": _Kind(Relative("day"), "elapsed"),
    "同时点": _Kind(Relative("day"), "elapsed"), "这一天": _Kind(Relative("day"), "elapsed"),
    "的今天": _Kind(Relative("day"), "elapsed"), "的今日": _Kind(Relative("day"), "elapsed"),
}  # fmt: skip
_TAIL = re.compile("的?(" + "|".join(sorted(_KINDS, key=len, reverse=True)) + ")")
_MOVED = re.compile("的?同期")
_ALONE = re.compile("(?:历史|往年|历年)同期")
_BARE = re.compile("同期(?![限])")


def same_period(text: str, frame: Frame, end: int, as_of: date) -> Iterator[Piece]:
    """去年 + 同期: the other time of the question, moved."""
    match = _TAIL.match(text, end)
    if match is None or frame.parts or frame.base is None:
        return
    base = frame.base
    if isinstance(base, int):
        base = Relative("year", base - as_of.year)
    if base.offset >= 0:
        return
    kind = _KINDS[match[1]]
    if kind.of is not None and base.unit == "day":
        return
    of = kind.of or Relative(base.unit, 0, to_date=True)
    shifted = Shifted(of, base.unit, base.offset, kind.align)
    yield Piece(match.end(), "same_period", spans=(shifted,))


def moved(text: str, span: Span, frame: Frame, end: int) -> tuple[int, Shifted] | None:
    """10月的去年同期: the very period, moved."""
    match = _MOVED.match(text, end)
    base = frame.base
    if not match or frame.parts or not isinstance(base, Relative) or base.offset >= 0:
        return None
    return match.end(), Shifted(span, base.unit, base.offset)


def same_period_alone(text: str, pos: int) -> Iterator[Piece]:
    """历史同期 has several answers; 同期 alone is last year's."""
    if match := _ALONE.match(text, pos):
        options = (
            TimeOption("去年同期", (_year_before(1),)), TimeOption("前年同期", (_year_before(2),)),
        )  # fmt: skip
        yield replace(vague(match.group(), *options), end=match.end())
    elif match := _BARE.match(text, pos):
        note = "“同期”按去年同期理解"
        yield Piece(match.end(), "same_period", spans=(_year_before(1),), note=note)


def anchored(span: Span, current: Span) -> Span:
    """A `same_period` span that leans on the question's own time.

    >>> anchored(Shifted(Relative("year", 0, to_date=True), "year", -1), Relative("month", -1))
    Shifted(of=Relative(unit='month', offset=-1, span=1, within=(), to_date=False, \
anchor='as_of', kind='relative'), unit='year', offset=-1, align='elapsed', kind='shifted')
    """
    if isinstance(span, Shifted):
        return replace(span, of=current)
    if isinstance(span, Edge):
        return replace(span, of=current)
    return Edge(current) if isinstance(span, Latest) else span


def _year_before(years: int) -> Shifted:
    unit: Unit = "year"
    return Shifted(Relative(unit, 0, to_date=True), unit, -years)
