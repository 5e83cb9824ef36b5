"""What may follow a calendar expression: 末, 初, 以来, 累计, 同期; and 截至 before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from assistant.language.time.frame import Frame
from assistant.language.time.piece import (
    Piece,
    finish,
    is_current_unit,
    last_day,
    of_frame,
    of_span,
    with_base,
)
from assistant.language.time.token import TimeOption
from semantic_layer.query import (
    Absolute,
    Between,
    Edge,
    Everything,
    Latest,
    Part,
    Relative,
    Span,
    Unit,
)

_END_WORDS: dict[Unit, str] = {
    "year": "年末|年底|年终|末|底|终|期末", "half": "末|底|期末|半年末",
    "quarter": "季末|季度末|季底|末|底|期末", "month": "月末|月底|末|底|期末", "xun": "末",
}  # fmt: skip
_OPENING_WORDS: dict[Unit, str] = {
    "year": "年初|初|期初", "half": "初|期初", "quarter": "季初|季度初|初|期初",
    "month": "月初|初|期初",
}  # fmt: skip
_NEUTRAL_WORDS: dict[Unit, str] = {
    "year": "(?:年度?|全年)累计|全年度?|整年|一整年|当年|一年|财年|期间|年内|以内|之内|内",
    "half": "期间|以内|之内|内",
    "quarter": "季度?累计|单季度?|当季度?|整季度?|全季度?|期间|以内|之内|内",
    "month": "月累计|单月|当月|全月|整月|整个月|一个月|期间|以内|之内|内",
    "xun": "期间|内", "week": "全周|整周|一周|期间|内",
    "day": "全天|当天|当日|那天|这天|一天|一整天|整天",
}  # fmt: skip
_ENDS = {
    u: re.compile(rf"的?(?:{w})(?!位|端|梢|层|部|线|价|薪|奖|结|身|考|季度|季(?!节))")
    for u, w in _END_WORDS.items()
}
_OPENINGS = {
    u: re.compile(rf"的?(?:{w})(?!始|级|中|次|步|审|筛|婚)") for u, w in _OPENING_WORDS.items()
}
_NEUTRALS = {
    u: re.compile(rf"的?(?:{w})(?!部|容|含|外|地|控|新)") for u, w in _NEUTRAL_WORDS.items()
}
_HALF_MONTH = re.compile("的?(?:(?P<early>[上前])|[下后])半个?月(?!均)")
_SINCE = re.compile(
    "(?:一直)?(?:以来至今|以来|至今为止|至今|到现在为止|到现在|到今天为止|到今天|到目前为止|到目前|迄今|"
    "至目前|至现在|至今日|到今日|起至今|开始至今|截[至止]到?目前|截[至止]到?现在)(?!年|天|日)"
)
_TOTAL = re.compile("(?:的)?累计(?!客户|用户|人数|户数)")
_FROM_ON = re.compile("(?:起|开始|以后|以降|之后起)(?![步始码草诉因源飞来点息薪重售])")
_HOW_MANY: dict[Unit, int] = {"half": 2, "quarter": 4, "month": 12, "xun": 3}
_AS_AT = re.compile("截[至止]到?|到|至")
_BESIDE = re.compile("之前|以前|之后")
_UNTIL = re.compile("为止|止(?![付损境盈])")


def with_edges(text: str, frame: Frame, end: int) -> Iterator[Piece]:
    """The expression itself and what its endings make of it: 上月 → 上月末, 今年 → 今年以来."""
    piece = of_frame(end, frame)
    yield piece
    if frame.open or end >= len(text):
        return
    unit = frame.unit
    if unit in _ENDS and (match := _ENDS[unit].match(text, end)):
        yield replace(piece, end=match.end(), kind="point", side="end")
    if unit in _OPENINGS and (match := _OPENINGS[unit].match(text, end)):
        yield replace(piece, end=match.end(), kind="point", side="opening")
    if unit == "month" and (match := _HALF_MONTH.match(text, end)):
        yield replace(piece, end=match.end(), side="early" if match["early"] else "late")
    if unit == "year" and text.startswith("年中", end):
        middle = frame.inside(Part("half", 1))
        yield Piece(end + 2, "point", frame=middle, side="end")
    if unit in _NEUTRALS and (match := _NEUTRALS[unit].match(text, end)):
        yield replace(piece, end=match.end())


def since(text: str, piece: Piece, as_of: date) -> Iterator[Piece]:
    """From there to the data date: 今年以来, 6月1日起, 本年累计."""
    running = is_current_unit(piece.frame) and piece.side != "end"
    match = (
        _SINCE.match(text, piece.end)
        or (running and _TOTAL.match(text, piece.end))
        or _FROM_ON.match(text, piece.end)
    )
    begun = from_here(text, piece, as_of) if match else None
    if match and begun:
        note = f"“{match.group()}”含当期" if match.group() == "以后" else begun.note
        yield replace(begun, end=match.end(), note=note)


def before_or_after(text: str, piece: Piece, as_of: date) -> Iterator[Piece]:
    """2024年之前, 10月之后: without the period itself."""
    match = _BESIDE.match(text, piece.end)
    if not match or piece.kind not in ("period", "point") or piece.frame is None:
        return
    done = finish(piece, text, as_of)
    if done.problem or len(done.spans) != 1:
        return
    span = done.spans[0]
    if match.group()[-1] == "前":
        end: Span = span if isinstance(span, Edge) else Edge(span, "opening")
        if isinstance(end, Edge) and end.side == "end":
            end = end.of
        yield of_span(match.end(), Between(Everything(), end), note=done.note)
    elif start := after(span if isinstance(span, Edge) else Edge(span)) or day_after(piece, as_of):
        yield _up_to_now(match.end(), start, done.note)


def day_after(piece: Piece, as_of: date) -> Span | None:
    """The day that follows a calendar piece."""
    last = last_day(with_base(piece, as_of), as_of)
    return Absolute(last + timedelta(days=1), last + timedelta(days=1)) if last else None


def from_here(text: str, piece: Piece, as_of: date) -> Piece | None:
    """From there to the data date, without an ending of its own: 自6月1日."""
    if piece.kind not in ("period", "point"):
        return None
    if is_current_unit(piece.frame) and piece.side != "end" and piece.frame is not None:
        return of_span(piece.end, Relative(piece.frame.root, 0, to_date=True), "to_date")
    done = finish(piece, text, as_of)
    start = after(done.spans[0]) if len(done.spans) == 1 and not done.problem else None
    return _up_to_now(piece.end, start, done.note) if start else None


def _up_to_now(end: int, start: Span, note: str | None) -> Piece:
    if isinstance(start, Relative) and start == Relative(start.unit):
        return of_span(end, replace(start, to_date=True), "to_date")
    return of_span(end, Between(start, None), "to_date", note)


def after(span: Span) -> Span | None:
    """Where a stretch begins: after 去年末 means the next day on, 年初 the first day itself."""
    if not isinstance(span, Edge):
        return None if isinstance(span, Latest) else span
    of = span.of
    if span.side == "opening":
        return of
    if isinstance(of, Absolute):
        day = of.end + timedelta(days=1)
        return Absolute(day, day)
    if not isinstance(of, Relative) or of.span > 1:
        return None
    if not of.within:
        return replace(of, offset=of.offset + 1)
    return _next_part(of, of.within[-1])


def _next_part(of: Relative, part: Part) -> Span | None:
    following = part.index + part.count
    if part.index < 0 or following > _HOW_MANY.get(part.unit, 0):
        return None
    return replace(of, within=(*of.within[:-1], Part(part.unit, following)))


def as_at(text: str, pos: int) -> tuple[int, bool] | None:
    """Where 截至 ends, and whether it is strong enough to make any period a point."""
    match = _AS_AT.match(text, pos)
    return (match.end(), match.group()[0] == "截") if match else None


def until(text: str, piece: Piece) -> int | None:
    """Where 为止 ends."""
    match = _UNTIL.match(text, piece.end)
    return match.end() if match else None


def as_point(piece: Piece, text: str, as_of: date) -> Piece | None:
    """The last day of a period, with the year up to it as the reading for flows."""
    if piece.kind in ("vague", "invalid", "same_period", "days", "rolling"):
        return None
    piece = with_base(piece, as_of)
    last = last_day(piece, as_of)
    done = finish(piece, text, as_of)
    if done.problem or len(done.spans) != 1:
        return replace(done, end=piece.end)
    span = done.spans[0]
    options = (_year_up_to(span, last, as_of),) if last and piece.side != "opening" else ()
    point = span if isinstance(span, Edge) or done.kind == "point" else Edge(span)
    return replace(done, end=piece.end, kind="point", spans=(point,), options=options)


def as_points(piece: Piece) -> Piece:
    """截至3月末和6月末: the last day of each."""
    spans = tuple(span if isinstance(span, Edge) else Edge(span) for span in piece.spans)
    return replace(piece, kind="point" if spans else piece.kind, spans=spans)


def _year_up_to(span: Span, last: date, as_of: date) -> TimeOption:
    period = span.of if isinstance(span, Edge) else span
    if isinstance(period, Absolute):
        up_to: Span = Absolute(date(last.year, 1, 1), period.end)
    else:
        up_to = Between(Relative("year", last.year - as_of.year), period)
    return TimeOption("年初至该日累计", (up_to,))
