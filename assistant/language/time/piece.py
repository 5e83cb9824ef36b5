"""A time expression while it is being put together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias

from assistant.language.time.cells import ONE_DAY, NoSuchDayError
from assistant.language.time.frame import Frame, based, days_of, settle
from assistant.language.time.token import TimeKind, TimeOption, TimeToken
from semantic_layer.problem import Problem
from semantic_layer.query import Absolute, Between, DayFilter, Edge, Grain, Part, Relative, Span

Side: TypeAlias = Literal["opening", "end", "early", "late"]


@dataclass(frozen=True, slots=True)
class Piece:
    """What ends at `end`: a frame that context may fill in, or finished spans."""

    end: int
    kind: TimeKind = "period"
    frame: Frame | None = None
    spans: tuple[Span, ...] = ()
    side: Side | None = None
    """The frame's edge is meant (上月末, 年初), or one half of the month (上半月, 下半月)."""
    grain: Grain | None = None
    days: DayFilter | None = None
    note: str | None = None
    problem: Problem | None = None
    options: tuple[TimeOption, ...] = ()
    moved: bool = False
    """The unsaid unit was taken as the one before."""

    @property
    def is_open(self) -> bool:
        """Whether it needs something after it."""
        return self.frame is not None and self.frame.open


def of_span(end: int, span: Span, kind: TimeKind = "period", note: str | None = None) -> Piece:
    """A finished piece with one span."""
    return Piece(end, kind, spans=(span,), note=note)


def of_frame(end: int, frame: Frame) -> Piece:
    """A calendar expression."""
    return Piece(end, frame=frame)


def finish(piece: Piece, text: str, as_of: date) -> Piece:
    """The piece with its frame turned into a span."""
    if piece.frame is None:
        return piece
    settled = settle(piece.frame, as_of, text, by_end=piece.side == "end")
    if settled.problem or settled.span is None:
        return replace(piece, frame=None, kind="invalid", problem=settled.problem)
    span = _side_of(settled.span, piece.side)
    return Piece(
        piece.end, piece.kind, spans=(span,), grain=piece.grain, days=piece.days,
        note=piece.note or settled.note, options=piece.options, moved=settled.moved,
    )  # fmt: skip


def _side_of(span: Span, side: Side | None) -> Span:
    match side:
        case None:
            return span
        case "early" | "late":
            return half_month(span, side)
        case _:
            return Edge(span, side)


def half_month(span: Span, side: Side) -> Span:
    """上半月 is its days 1 to 15, 下半月 what is left of the month."""
    if isinstance(span, Absolute):
        middle = span.start.replace(day=15)
        early = Absolute(span.start, middle)
        return early if side == "early" else Absolute(middle + ONE_DAY, span.end)
    assert isinstance(span, Relative), "a month is named or counted from today"
    if side == "early":
        return replace(span, within=(*span.within, Part("day", 1, 15)))
    return Between(replace(span, within=(*span.within, Part("day", 16))), span)


def with_base(piece: Piece, as_of: date) -> Piece:
    """The piece with an unsaid year, month or week filled in from the day of asking."""
    if piece.frame is None or piece.frame.base is not None:
        return piece
    frame, _ = based(piece.frame, as_of, by_end=piece.side == "end")
    return replace(piece, frame=frame)


def is_current_unit(frame: Frame | None) -> bool:
    """Today, this month, this year: a unit that is still running."""
    return (
        frame is not None
        and isinstance(frame.base, Relative)
        and frame.base == Relative(frame.root, 0)
        and not frame.parts
    )


def last_day(piece: Piece, as_of: date) -> date | None:
    """The last day of a calendar piece, when it can be told without data."""
    if piece.frame is None:
        return None
    try:
        return days_of(piece.frame, as_of).end
    except NoSuchDayError:
        return None


def to_token(piece: Piece, start: int, text: str) -> TimeToken:
    """The finished piece with its place in the question."""
    spans = piece.spans or None
    if piece.kind in ("vague", "invalid", "days"):
        spans = None
    return TimeToken(
        start, piece.end, text[start : piece.end], piece.kind, spans, piece.grain, piece.days,
        piece.note, piece.problem, piece.options, piece.moved,
    )  # fmt: skip
