"""The same part of several years: 近三年一季度, 近两年春节; 每年10月 is asked back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from assistant.language.time.fixed import vague
from assistant.language.time.patterns import N, small_int
from assistant.language.time.piece import Piece, finish
from assistant.language.time.token import TimeOption
from semantic_layer.query import Edge, Holiday, Relative, Span

_YEARS = re.compile(rf"(?:最近|过去|近)的?(?P<n>{N})个?年(?:度)?的?(?:每年|各年|每一年)?的?")
_EVERY = re.compile("(?:每一?年|各年|历年来?|往年)的?")
YEARS_STARTS = frozenset("最过近")
EVERY_STARTS = frozenset("每各历往")
_FEWEST, _MOST = 2, 10
_NOT_BEFORE = frozenset("附接将靠最超")


class Years(NamedTuple):
    """So many years, or every year, before a part of one; it begins at `end`."""

    end: int
    number: int
    """0: every year there is."""


def years_at(text: str, pos: int) -> Years | None:
    """近三年 or 每年, where a part of a year may follow."""
    if text[pos] in YEARS_STARTS and not (pos and text[pos - 1] in _NOT_BEFORE):
        match = _YEARS.match(text, pos)
        count = small_int(match["n"]) if match else 0
        if match and _FEWEST <= count <= _MOST:
            return Years(match.end(), count)
    elif text[pos] in EVERY_STARTS and (match := _EVERY.match(text, pos)):
        return Years(match.end(), 0)
    return None


def of_each_year(
    years: Years, parts: Iterable[Piece], text: str, pos: int, as_of: date
) -> Iterator[Piece]:
    """The part in each of the years; which years 每年 means is the asker's to say."""
    for part in parts:
        if part.is_open or part.end <= years.end:
            continue
        said = text[years.end : part.end]
        done = finish(part, said, as_of)
        last = done.spans[0] if len(done.spans) == 1 and not done.problem else None
        if last is None or _earlier(last, 1) is None:
            continue
        if years.number:
            note = f"“{text[pos : part.end]}”按最近{years.number}年各年的{said}理解"
            yield replace(done, spans=_in_each(last, years.number), note=note)
        else:
            options = tuple(TimeOption(f"近{n}年{said}", _in_each(last, n)) for n in (3, 5))
            yield replace(vague(text[pos : part.end], *options), end=part.end)


def _in_each(last: Span, count: int) -> tuple[Span, ...]:
    found = (_earlier(last, years) for years in reversed(range(count)))
    return tuple(span for span in found if span is not None)


def _earlier(span: Span, years: int) -> Span | None:
    """The same part so many years before; None for what is no part of a year."""
    if isinstance(span, Edge):
        of = _earlier(span.of, years)
        return None if of is None else replace(span, of=of)
    if isinstance(span, Holiday):
        return None if span.year is not None else replace(span, offset=span.offset - years)
    if isinstance(span, Relative) and span.unit == "year" and span.within:
        return replace(span, offset=span.offset - years)
    return None
