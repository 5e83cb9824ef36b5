"""All time expressions that begin at one place, longest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from assistant.language.time.counted_again import closed_by_count, counted_again
from assistant.language.time.each_year import EVERY_STARTS, YEARS_STARTS, of_each_year, years_at
from assistant.language.time.edges import (
    as_at,
    as_point,
    as_points,
    before_or_after,
    from_here,
    since,
    until,
    with_edges,
)
from assistant.language.time.feasts import FEAST_STARTS, feasts_at
from assistant.language.time.fixed import FIXED_STARTS, fixed_at
from assistant.language.time.frame import Frame
from assistant.language.time.grains import days_after, days_alone, grain_after
from assistant.language.time.heads import HEAD_STARTS, heads_at
from assistant.language.time.hours import HOUR_STARTS, hours_at
from assistant.language.time.parts import PART_STARTS, bare_at, grow
from assistant.language.time.patterns import TO
from assistant.language.time.piece import Piece, finish
from assistant.language.time.ranges import distributed, following_year, inherit, joined, same_base
from assistant.language.time.rolling import ROLLING_STARTS, rolling_at, widened, widened_note
from assistant.language.time.same_period import moved, same_period, same_period_alone

_TO = re.compile(TO)
_THROUGH = re.compile(rf"(?:{TO}|,?截[至止]到?)")
_AND = re.compile("、|和|与|跟|及|以及|,")
_ADJACENT = re.compile("(?=[二三四]{1,2}季度|[二三四五六七八九]月)")
"""二三季度, 七八月: a list without a sign between."""
_MONTH_BY_MONTH = re.compile(r"(?<=\d月)(?=\d{1,2}月)")
"""8月9月10月."""
_NEXT_YEAR = re.compile("(?:次年|翌年|第二年|来年|下一年)的?")
_TO_STARTS = frozenset("起至到~-—–,截")
_AND_STARTS = frozenset("、和与跟及以,二三四五六七八九0123456789")
_FROM = re.compile("从|自从|自|打从")
_DAY_STARTS = frozenset("工交周双节法休假每各所只调补非")
STARTS = frozenset().union(
    FEAST_STARTS, FIXED_STARTS, HEAD_STARTS, HOUR_STARTS, PART_STARTS, ROLLING_STARTS,
    YEARS_STARTS, EVERY_STARTS, _DAY_STARTS, "从自打截到至历往同节开",
)  # fmt: skip
"""Where an expression can begin; elsewhere nothing is tried."""
_MOST_SIDE_BY_SIDE = 12


class Reader:
    """Reads one question on one day; what was read at a place is remembered."""

    def __init__(self, text: str, as_of: date) -> None:
        self._text = text
        self._as_of = as_of
        self._simple: dict[tuple[int, bool], tuple[Piece, ...]] = {}

    def read(self, pos: int, *, lists: bool = True) -> list[Piece]:
        """Finished readings that begin here, longest first."""
        single = [*self._spans(pos), *self._prefixed(pos)]
        best: dict[int, Piece] = {}
        for piece in (*single, *(self._side_by_side(pos, single) if lists else ())):
            if piece.is_open or piece.end in best:
                continue
            done = finish(piece, self._text[pos : piece.end], self._as_of)
            for final in self._with_tail(done, pos):
                best.setdefault(final.end, final)
        return [best[end] for end in sorted(best, reverse=True)]

    def _spans(self, pos: int) -> Iterator[Piece]:
        """Ranges, then simple expressions with their endings, then windows."""
        text, as_of = self._text, self._as_of
        for piece in self._simple_at(pos):
            yield from self._ranges(piece, pos)
            if not piece.is_open:
                yield from since(text, piece, as_of)
                yield from before_or_after(text, piece, as_of)
                yield piece
        yield from rolling_at(text, pos, as_of)
        if years := years_at(text, pos):
            yield from of_each_year(years, self._members(years.end), text, pos, as_of)

    def _simple_at(self, pos: int, *, inner: bool = False) -> tuple[Piece, ...]:
        key = pos, inner
        if key not in self._simple:
            pieces = () if pos >= len(self._text) else tuple(self._read_simple(pos, inner=inner))
            self._simple[key] = tuple(sorted(pieces, key=lambda p: -p.end))
        return self._simple[key]

    def _read_simple(self, pos: int, *, inner: bool) -> Iterator[Piece]:
        text = self._text
        if fixed := fixed_at(text, pos):
            yield fixed
        if hours := hours_at(text, pos):
            yield hours
        heads = tuple(heads_at(text, pos))
        for end, frame in heads:
            yield from same_period(text, frame, end, self._as_of)
            yield from self._frames(end, frame)
        for end, frame in bare_at(text, pos, inner=inner):
            yield from self._frames(end, frame)
        yield from feasts_at(text, pos, heads, self._as_of)
        if text[pos] in _DAY_STARTS and (alone := days_alone(text, pos)):
            yield Piece(alone[0], "days", days=alone[1])
        if text[pos] in "历往同":
            yield from same_period_alone(text, pos)

    def _frames(self, end: int, frame: Frame) -> Iterator[Piece]:
        for after, grown in grow(self._text, end, frame):
            yield from with_edges(self._text, grown, after)

    def _ranges(self, first: Piece, pos: int) -> Iterator[Piece]:
        if self._text[first.end : first.end + 1] not in _TO_STARTS:
            return
        pattern = _THROUGH if first.frame and first.frame.unit == "year" else _TO
        match = pattern.match(self._text, first.end)
        if not match:
            return
        next_year = _NEXT_YEAR.match(self._text, match.end())
        for last in self._simple_at((next_year or match).end(), inner=True):
            if last.is_open or {first.side, last.side} & {"early", "late"}:
                continue
            texts = self._text[pos : first.end], self._text[match.end() : last.end]
            ends = following_year(first, last, self._as_of) if next_year else (first, last)
            piece = joined(*ends, texts, self._as_of) if ends else None
            if piece:
                yield replace(piece, end=until(self._text, last) or last.end)

    def _prefixed(self, pos: int) -> Iterator[Piece]:
        text, as_of = self._text, self._as_of
        if text[pos] in "从自打" and (match := _FROM.match(text, pos)):
            for piece in self._simple_at(match.end(), inner=True):
                yield from self._ranges(piece, match.end())
                if piece.kind == "to_date":
                    yield piece
                elif not piece.is_open:
                    yield from since(text, piece, as_of)
                    if text[pos] == "自" and (begun := from_here(text, piece, as_of)):
                        yield begun
        elif text[pos] in "截到至" and (found := as_at(text, pos)):
            start, strong = found
            for piece in self._simple_at(start, inner=True):
                stop = until(text, piece)
                if not piece.is_open and (strong or stop or piece.side == "end"):
                    point = as_point(piece, text[start : piece.end], as_of)
                    if point:
                        yield replace(point, end=stop or point.end)
            if strong:
                yield from map(as_points, self._side_by_side(start, []))

    def _side_by_side(self, pos: int, single: list[Piece]) -> Iterator[Piece]:
        """今年和去年; 去年9月和10月 gives the year to both."""
        for first in self._simple_at(pos):
            yield from self._more([first], pos)
        for first in single:
            if first.frame is None and first.kind in ("period", "rolling", "to_date"):
                yield from self._more([first], pos)

    def _more(self, members: list[Piece], pos: int) -> Iterator[Piece]:
        end = members[-1].end
        if self._text[end : end + 1] not in _AND_STARTS:
            return
        match = (
            _AND.match(self._text, end)
            or _MONTH_BY_MONTH.match(self._text, end)
            or (_ADJACENT.match(self._text, end) if members[-1].is_open else None)
        )
        if not match or len(members) >= _MOST_SIDE_BY_SIDE:
            return
        following = self._members(match.end())
        longest = max((piece.end for piece in following), default=0)
        for follower in following:
            piece = self._inherited(members[-1], follower)
            if piece is None or (follower.end < longest and not piece.is_open):
                continue
            chain = [*members, closed_by_count(self._text, piece, len(members) + 1)]
            piece = chain[-1]
            longer = list(self._more(chain, pos))
            yield from longer
            if not longer and not piece.is_open and (together := self._together(chain, pos)):
                yield together

    def _members(self, pos: int) -> list[Piece]:
        """What may stand after 和: simple expressions, ranges, windows."""
        simple = self._simple_at(pos, inner=True)
        ranges = [found for piece in simple for found in self._ranges(piece, pos)]
        windows = rolling_at(self._text, pos, self._as_of) if pos < len(self._text) else ()
        return [*ranges, *simple, *windows]

    def _inherited(self, before: Piece, piece: Piece) -> Piece | None:
        if {before.kind, piece.kind} & {"vague", "invalid", "same_period", "days"}:
            return None
        if before.frame and piece.frame and (frame := inherit(piece.frame, before.frame)):
            return replace(piece, frame=replace(frame, open=piece.frame.open))
        return piece

    def _together(self, members: list[Piece], pos: int) -> Piece | None:
        text = self._text[pos : members[-1].end]
        alike = distributed(members, self._as_of)
        done = [finish(m, text, self._as_of) for m in same_base(alike, text, self._as_of)]
        problem = next((m.problem for m in done if m.problem), None)
        if problem:
            return Piece(members[-1].end, "invalid", problem=problem)
        spans = tuple(span for m in done for span in m.spans)
        note = next((m.note for m in done if m.note), None)
        kind = members[-1].kind if len({m.kind for m in members}) == 1 else "period"
        return Piece(members[-1].end, kind, spans=spans, note=note)

    def _moved(self, piece: Piece) -> Iterator[Piece]:
        if self._text[piece.end : piece.end + 1] != "的" or piece.end + 1 >= len(self._text):
            return
        for end, frame in heads_at(self._text, piece.end + 1):
            found = moved(self._text, piece.spans[0], frame, end)
            if found:
                yield replace(piece, end=found[0], kind="period", spans=(found[1],))

    def _with_tail(self, piece: Piece, pos: int) -> Iterator[Piece]:
        """Also with the buckets, the kind of days or the 同期 named right after it."""
        if stop := counted_again(self._text, piece):
            yield from self._with_tail(replace(piece, end=stop), pos)
        if piece.kind in ("period", "to_date", "rolling") and len(piece.spans) == 1:
            yield from self._moved(piece)
        if piece.kind not in ("vague", "invalid", "same_period"):
            days = days_after(self._text, piece.end)
            if days:
                yield replace(piece, end=days.end, days=days.days, grain=days.grain)
            grain = grain_after(self._text, piece.end)
            if grain and piece.kind != "point":
                spans = tuple(widened(span, grain[1]) for span in piece.spans)
                note = piece.note
                if spans != piece.spans:
                    note = widened_note(self._text[pos : piece.end], spans, grain[1], note)
                yield replace(piece, end=grain[0], grain=grain[1], spans=spans, note=note)
        yield piece
