"""From one time to another: 去年1-6月, 10月1日~7日, 2023年10月至2024年3月, 从年初到上月末."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date

from assistant.language.time.cells import NoSuchDayError
from assistant.language.time.edges import after, day_after, from_here
from assistant.language.time.frame import SIZES, Frame, days_of, moved_note, span_of
from assistant.language.time.piece import Piece, finish, is_current_unit, with_base
from semantic_layer.problem import Problem
from semantic_layer.query import Absolute, Between, Edge, Holiday, Latest, Part, Relative, Span


def joined(first: Piece, last: Piece, texts: tuple[str, str], as_of: date) -> Piece | None:
    """The range between two expressions; what one leaves unsaid comes from the other."""
    if {first.kind, last.kind} & {"vague", "same_period", "days", "rolling"}:
        return None
    if _is_now(last):
        return from_here(texts[0], first, as_of)
    a, b = _without_inner_edges(first, last)
    note = None
    if a.frame and b.frame:
        filled = fill(a.frame, b.frame, as_of)
        if filled is None:
            return replace(last, kind="invalid", frame=None, problem=_backwards(texts))
        same = _one_span(*filled, as_of) if first.side != "end" else None
        moved = (
            a.frame.base is None
            and b.frame.base is None
            and filled[0].base != Relative(filled[0].root, 0)
        )
        note = moved_note("到".join(texts), filled[0]) if moved else None
        if same is not None:
            return Piece(last.end, spans=(same,), note=note)
        a, b = replace(a, frame=filled[0]), replace(b, frame=filled[1])
    start, end = finish(a, texts[0], as_of), finish(b, texts[1], as_of)
    if start.problem or end.problem:
        return replace(end, kind="invalid", spans=(), problem=start.problem or end.problem)
    begin = start.spans[0]
    if after(begin) is None and first.side == "end":
        begin = day_after(a, as_of) or begin
    return _between(begin, end.spans[0], last.end, note, texts)


def inherit(frame: Frame, before: Frame) -> Frame | None:
    """去年9月和10月: the second takes what it lacks from the first, if that fits."""
    if frame.base is not None or (before.base is None and before.root == frame.root):
        return None
    if isinstance(before.base, Relative) and SIZES[before.base.unit] < SIZES[frame.root]:
        return None
    outer = before.root if not isinstance(before.base, int) else "year"
    kept: list[Part] = []
    if outer != frame.root:
        for part in before.parts:
            if SIZES[part.unit] < SIZES[frame.root]:
                break
            kept.append(part)
        if not kept or kept[-1].unit != frame.root or kept[-1].count > 1:
            return None
    return Frame(outer, before.base, (*kept, *frame.parts))


def fill(first: Frame, last: Frame, as_of: date) -> tuple[Frame, Frame] | None:
    """Both frames with a base; None when the end lies before the start."""
    if first.base is None and last.base is None:
        return _both_unsaid(first, last, as_of)
    if last.base is None:
        said = inherit(last, first) or _nearest(last)
        return _in_order(first, said, as_of, later=1)
    if first.base is None:
        said = inherit(first, last) or _nearest(first)
        return _in_order(said, last, as_of, later=-1)
    return (first, last) if _starts_before(first, last, as_of) else None


def distributed(members: list[Piece], as_of: date) -> list[Piece]:
    """2023年和2024年前三季度, 去年和前年年末: what the last one adds holds for all."""
    last = members[-1]
    frame = last.frame
    if frame is None:
        return _every_year(members, as_of)
    if last.side and all(_is_plain(m, frame) for m in members[:-1]):
        return [replace(m, side=last.side, kind=last.kind) for m in members]
    if not (frame.parts or last.side):
        return members
    others = [m.frame for m in members[:-1]]
    if any(f is None or f.base is None or f.parts or f.root != frame.root for f in others):
        return members
    if any(m.side for m in members[:-1]) or frame.base is None:
        return members
    note = "各期都按相同的部分理解"
    return [
        replace(m, frame=replace(m.frame, parts=frame.parts), side=last.side, kind=last.kind,
                note=note)
        for m in members if m.frame
    ]  # fmt: skip


def _is_plain(piece: Piece, like: Frame) -> bool:
    """9 in 9、10月末: a unit like the last one, without an end of its own."""
    frame = piece.frame
    return (
        piece.side is None
        and frame is not None
        and frame.parts != () != like.parts
        and (frame.unit == like.unit)
    )


def _every_year(members: list[Piece], as_of: date) -> list[Piece]:
    """今年和去年国庆, 2024年和2025年1-6月: the same part of each year."""
    last = members[-1].spans[0] if len(members[-1].spans) == 1 else None
    years = [_year_of(m, as_of) for m in members[:-1]]
    spans = [_in_year(last, year, as_of) for year in years if last and year is not None]
    if len(spans) < len(members) - 1 or None in spans:
        return members
    note = "各年都按相同的部分理解"
    return [
        *(
            replace(m, frame=None, spans=(span,), note=note)
            for m, span in zip(members, spans, strict=False)
            if span is not None
        ),
        replace(members[-1], note=note),
    ]


def _year_of(piece: Piece, as_of: date) -> int | None:
    frame = piece.frame
    if frame is None or piece.side or frame.parts or frame.root != "year" or frame.base is None:
        return None
    return frame.base if isinstance(frame.base, int) else as_of.year + frame.base.offset


def _in_year(span: Span, year: int, as_of: date) -> Span | None:
    """The like part of another year; None for what is no part of one year."""
    if isinstance(span, Holiday):
        if span.year is not None:
            return replace(span, year=year)
        return replace(span, offset=year - as_of.year)
    if isinstance(span, Relative):
        is_part = span.unit == "year" and span.within and not span.to_date
        return replace(span, offset=year - as_of.year) if is_part else None
    if isinstance(span, Absolute) and span.start.year == span.end.year:
        return Absolute(_same_day(span.start, year), _same_day(span.end, year))
    return None


def _same_day(day: date, year: int) -> date:
    last, there = (monthrange(y, day.month)[1] for y in (day.year, year))
    return day.replace(year=year, day=there if day.day == last else min(day.day, there))


def following_year(first: Piece, last: Piece, as_of: date) -> tuple[Piece, Piece] | None:
    """12月至次年3月: the end lies in the year after the beginning's."""
    first = with_base(first, as_of)
    if first.frame is None or last.frame is None or last.frame.base is not None:
        return None
    if first.frame.root != "year" or last.frame.root != "year":
        return None
    base = _moved(first.frame, 1).base
    return first, replace(last, frame=replace(last.frame, base=base))


def same_base(members: list[Piece], text: str, as_of: date) -> list[Piece]:
    """11月和12月 lie in one year: this one if all have begun, else the one before."""
    if any(m.frame is None or m.frame.base is not None for m in members):
        return members
    filled = [with_base(member, as_of) for member in members]
    offsets = [
        m.frame.base.offset for m in filled if m.frame and isinstance(m.frame.base, Relative)
    ]
    return [_on(member, min(offsets), text) for member in filled]


def _on(piece: Piece, offset: int, text: str) -> Piece:
    if piece.frame is None:
        return piece
    frame = replace(piece.frame, base=Relative(piece.frame.root, offset))
    note = moved_note(text, frame) if offset else None
    return replace(piece, frame=frame, note=piece.note or note)


def _both_unsaid(first: Frame, last: Frame, as_of: date) -> tuple[Frame, Frame] | None:
    """The last such range that has begun; one over the new year is the one that ends this year."""
    a = replace(first, base=Relative(first.root, 0))
    b = inherit(last, a) or replace(last, base=Relative(last.root, 0))
    if not _starts_before(a, b, as_of):
        same_month = len(a.parts) > 1 and a.parts[:-1] == b.parts[:-1]
        return None if same_month else (_moved(a, -1), b)
    try:
        begun = days_of(a, as_of).start <= as_of
    except NoSuchDayError:
        begun = True
    return (a, b) if begun else (_moved(a, -1), _moved(b, -1))


def _in_order(first: Frame, last: Frame, as_of: date, *, later: int) -> tuple[Frame, Frame] | None:
    if _starts_before(first, last, as_of):
        return first, last
    if later > 0:
        last = _moved(last, 1)
    else:
        first = _moved(first, -1)
    return (first, last) if _starts_before(first, last, as_of) else None


def _nearest(frame: Frame) -> Frame:
    return replace(frame, base=Relative(frame.root, 0))


def _moved(frame: Frame, steps: int) -> Frame:
    if isinstance(frame.base, int):
        return replace(frame, base=frame.base + steps)
    base = frame.base or Relative(frame.root, 0)
    return replace(frame, base=replace(base, offset=base.offset + steps))


def _starts_before(first: Frame, last: Frame, as_of: date) -> bool:
    try:
        return days_of(first, as_of).start <= days_of(last, as_of).end
    except NoSuchDayError:
        return True


def _one_span(first: Frame, last: Frame, as_of: date) -> Span | None:
    """去年1月到6月 is one stretch of months of last year, not two periods."""
    if isinstance(first.base, Relative) and isinstance(last.base, Relative):
        a, b = first.base, last.base
        if not first.parts and not last.parts and a.unit == b.unit:
            return replace(b, span=b.offset - a.offset + 1) if b.offset >= a.offset else None
    if first.base != last.base or not first.parts or not last.parts:
        return None
    *outer, x = first.parts
    *outer_last, y = last.parts
    if outer != outer_last or x.unit != y.unit or x.index < 0 or y.index < x.index:
        return None
    merged = Frame(
        first.root, first.base, (*outer, Part(x.unit, x.index, y.index + y.count - x.index))
    )
    try:
        return span_of(merged, days_of(merged, as_of), as_of)
    except NoSuchDayError:
        return None


def _without_inner_edges(first: Piece, last: Piece) -> tuple[Piece, Piece]:
    """从年初 begins with the first day of the year; 到上月末 ends with the month."""
    if first.side == "opening":
        first = replace(first, side=None, kind="period")
    if last.side == "end":
        last = replace(last, side=None, kind="period")
    return first, last


def _is_now(piece: Piece) -> bool:
    is_today = (
        is_current_unit(piece.frame) and piece.frame is not None and piece.frame.root == "day"
    )
    return is_today or piece.spans == (Latest(),)


def _between(
    first: Span, end: Span, stop: int, note: str | None, texts: tuple[str, str]
) -> Piece | None:
    start = after(first)
    if start is None:
        return None
    if isinstance(start, Absolute) and isinstance(end, Absolute):
        if end.end < start.start:
            return Piece(stop, "invalid", problem=_backwards(texts))
        return Piece(stop, spans=(Absolute(start.start, end.end),), note=note)
    if isinstance(end, Edge) and end.side == "end":
        end = end.of
    return Piece(stop, spans=(_in_one(start, end) or Between(start, end),), note=note)


def _in_one(start: Span, end: Span) -> Relative | None:
    """From the quarter after 一季度末 to 三季度: two quarters of one year."""
    if not isinstance(start, Relative) or not isinstance(end, Relative):
        return None
    if replace(start, within=()) != replace(end, within=()) or not start.within or not end.within:
        return None
    (*outer, first), (*others, last) = start.within, end.within
    if outer != others or first.unit != last.unit or not 0 < first.index <= last.index:
        return None
    count = last.index + last.count - first.index
    return replace(start, within=(*outer, replace(first, count=count)))


def _backwards(texts: tuple[str, str]) -> Problem:
    first, last = texts
    message = f"“{first}”到“{last}”的结束早于开始,请检查时间范围。"
    return Problem("invalid_date", message, "scope.period", f"{first}到{last}")
