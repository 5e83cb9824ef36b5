"""Spans in canonical words that `find_times` reads back to the same span."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from semantic_layer.query import (
    Absolute,
    Between,
    Edge,
    Everything,
    Holiday,
    Latest,
    Part,
    Relative,
    Shifted,
    Span,
    Unit,
)

_NAMED: dict[Unit, dict[int, str]] = {
    "day": {-3: "大前天", -2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"},
    "week": {-2: "上上周", -1: "上周", 0: "本周", 1: "下周"},
    "xun": {-1: "上一旬", 0: "本旬", 1: "下一旬"},
    "month": {-2: "上上个月", -1: "上个月", 0: "本月", 1: "下个月"},
    "quarter": {-2: "上上个季度", -1: "上季度", 0: "本季度", 1: "下季度"},
    "half": {-1: "上个半年", 0: "本半年", 1: "下个半年"},
    "year": {-3: "大前年", -2: "前年", -1: "去年", 0: "今年", 1: "明年", 2: "后年"},
    "workday": {-1: "上一个工作日", 0: "本工作日", 1: "下一个工作日"},
    "trading_day": {-1: "上一个交易日", 0: "本交易日", 1: "下一个交易日"},
}
_COUNTED: dict[Unit, str] = {
    "day": "天", "week": "周", "xun": "旬", "month": "个月", "quarter": "个季度", "half": "个半年",
    "year": "年", "workday": "个工作日", "trading_day": "个交易日",
}  # fmt: skip
_NUMERALS = "一二三四"
_WEEKDAYS = "一二三四五六日"
_SAME: dict[Unit, str] = {"month": "同月", "quarter": "同季度", "week": "同周", "day": "今日"}
_WITH_ENDS = ("year", "half", "quarter", "month")


def describe(span: Span) -> str:
    """The canonical words of a span.

    >>> describe(Relative("year", -1, within=(Part("month", 10), Part("xun", 2))))
    '去年10月中旬'
    """
    match span:
        case Absolute():
            return _absolute(span)
        case Relative():
            return _relative(span)
        case Holiday():
            return _holiday(span)
        case Between():
            return _between(span)
        case Edge():
            return _edge(span)
        case Latest():
            return f"最新完整{_COUNTED[span.unit].removeprefix('个')}" if span.unit else "最新"
        case Everything():
            return "有数据以来"
        case Shifted():
            return _shifted(span)


def _between(span: Between) -> str:
    end = span.end
    if isinstance(span.start, Everything) and isinstance(end, Edge) and end.side == "opening":
        return f"{describe(end.of)}之前"
    return f"从{describe(span.start)}{'以来' if end is None else f'到{describe(end)}'}"


def _edge(span: Edge) -> str:
    of = span.of
    if span.side == "opening" and of == Relative("year", 0, to_date=True):
        return "期初"
    if span.side == "opening":
        return f"{describe(of)}初"
    if isinstance(of, Relative) and _last_unit(of) in _WITH_ENDS and _is_one(of):
        return f"{describe(of)}末"
    return f"截至{describe(of)}"


def _is_one(span: Relative) -> bool:
    return span.span == 1 and all(part.count == 1 for part in span.within)


def _last_unit(span: Relative) -> Unit:
    return span.within[-1].unit if span.within else span.unit


def _relative(span: Relative) -> str:
    if span.span > 1:
        return _window(span)
    if span.anchor == "data" and span.to_date and span.unit == "year":
        return "本年以来"
    if span.anchor == "data":
        return f"近1{_COUNTED[span.unit]}"
    text, parent = _named(span.unit, span.offset), span.unit
    for part in span.within:
        text += _part(part, parent)
        parent = part.unit
    return f"{text}以来" if span.to_date else text


def _window(span: Relative) -> str:
    counted = f"{span.span}{_COUNTED[span.unit]}"
    if span.anchor == "data" or (span.offset == -1 and span.unit in ("month", "quarter")):
        return f"近{counted}"
    if span.offset == span.span and span.unit not in ("week", "year"):
        return f"未来{counted}"
    first = _named(span.unit, span.offset - span.span + 1)
    return f"{first}到{_named(span.unit, span.offset)}"


def _named(unit: Unit, offset: int) -> str:
    name = _NAMED[unit].get(offset)
    if name:
        return name
    way = "前" if offset < 0 else "后"
    return f"往{way}第{abs(offset)}{_COUNTED[unit]}"


def _part(part: Part, parent: Unit) -> str:
    counted = _COUNTED[part.unit]
    if part.index < 0:
        last = f"最后{part.count}{counted}"
        return last if part.index == -part.count else f"倒数第{-part.index}{counted}"
    if part.unit == "day" and parent == "week":
        return _weekday(part)
    if part.unit == "xun" and parent == "month":
        return f"{'上中下'[part.index - 1 : part.index - 1 + part.count]}旬"
    if part.unit == "half" and part.count == 1:
        return ("上半年", "下半年")[part.index - 1]
    word = {("month", "year"): "月", ("quarter", "year"): "季度", ("day", "month"): "日"}.get(
        (part.unit, parent)
    )
    if word:
        return _numbered(part, word)
    return f"第{part.index}{counted}" if part.count == 1 else f"前{part.count}{counted}"


def _numbered(part: Part, word: str) -> str:
    if part.count > 1:
        return f"{part.index}-{part.index + part.count - 1}{word}"
    in_words = part.unit == "quarter" and part.index <= len(_NUMERALS)
    return f"{_NUMERALS[part.index - 1] if in_words else part.index}{word}"


def _weekday(part: Part) -> str:
    first = _WEEKDAYS[part.index - 1]
    return first if part.count == 1 else f"{first}到{_WEEKDAYS[part.index + part.count - 2]}"


def _holiday(span: Holiday) -> str:
    year = f"{span.year}年" if span.year is not None else _named("year", span.offset)
    if span.side == "during":
        return f"{year}{span.name}"
    side = "前" if span.side == "before" else "后"
    return f"{year}{span.name}{side}{span.days}{_COUNTED[span.day_unit]}"


def _shifted(span: Shifted) -> str:
    of = span.of
    base = _named(span.unit, span.offset)
    if of == Relative(span.unit, 0, to_date=True):
        return f"{base}同期"
    if isinstance(of, Relative) and of == Relative(of.unit) and of.unit in _SAME:
        if span.align == ("elapsed" if of.unit == "day" else "full"):
            return f"{base}{_SAME[of.unit]}"
        if of.unit == "month":
            return f"{base}本月"
    return f"{describe(of)}的{base}同期"


def _absolute(span: Absolute) -> str:
    start, end = span.start, span.end
    if start == end:
        return _day(start)
    whole = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    if not whole:
        return f"{_day(start)}到{_day(end)}"
    if (start.month, end.month) == (1, 12):
        return f"{start.year}年" if start.year == end.year else f"{start.year}年到{end.year}年"
    if start.year != end.year:
        return f"{start.year}年{start.month}月到{end.year}年{end.month}月"
    return f"{start.year}年{_months(start, end)}"


def _months(start: date, end: date) -> str:
    length = end.month - start.month + 1
    if length == 1:
        return f"{start.month}月"
    if length == 3 and start.month % 3 == 1:
        return f"{_NUMERALS[start.month // 3]}季度"
    if length == 6 and start.month % 6 == 1:
        return "上半年" if start.month == 1 else "下半年"
    return f"{start.month}-{end.month}月"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
