"""Which period is shown, and which one it is held against, from the times that were said."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from assistant.language.assemble.day_kinds import kinds_of_days
from assistant.language.assemble.sketch import Compared, Sketch
from assistant.language.assemble.spans import against_earlier, days_of, same_part, unit_of
from assistant.language.periods_text import DAY_WORDS
from assistant.language.time import TimeToken
from semantic_layer.query import (
    Absolute,
    Between,
    DayFilter,
    Edge,
    Grain,
    Latest,
    Period,
    Relative,
    Span,
    TimeGroup,
    Unit,
)

UNIT_WORDS: dict[Unit, tuple[str, str]] = {
    "day": ("今天", "昨天"), "week": ("本周", "上周"), "month": ("本月", "上个月"),
    "quarter": ("本季度", "上季度"), "year": ("今年", "去年"),
}  # fmt: skip

NUMBERED = re.compile("[0-9一二三四五六七八九十](?:月份?|季度?|[qh]?[1-4])$")
POINT_TO_POINT = re.compile("(?:月|季度?|年)[末底].*[到至~-]")
FROM_TO = re.compile("[到至]")
STEP_GRAINS: dict[Unit, Grain] = {
    "day": "date", "week": "week", "month": "month", "quarter": "quarter", "year": "year",
}  # fmt: skip


class When(NamedTuple):
    """A period with its comparisons; the label tells it from the other possibilities."""

    period: Period | None
    compared: tuple[Compared, ...]
    label: str = ""
    group: TimeGroup | None = None
    """Time buckets that this possibility needs."""


def periods(sketch: Sketch) -> tuple[When, ...]:
    """The one period meant, or the ones to choose from."""
    spans = _spans(sketch)
    pending = tuple(c for c in sketch.compared if c.base is None and c.span is None)
    named = tuple(c for c in sketch.compared if c not in pending)
    if len(spans) == 2 and not named and (pending or sketch.has("contrast")):
        days = [days_of(span, sketch.as_of) for span in spans]
        if days[0] is not None and days[1] is not None:
            early, late = spans if days[0].start < days[1].start else spans[::-1]
            return (When(Period((late,)), (against_earlier(late, early),)),)
    if pending and _flows(sketch):
        _check_ends(sketch)
    if pending and len(spans) == 1 and (edges := _from_point_to_point(spans[0])):
        return (When(Period((edges[1],)), (Compared("range", edges[0]),)),)
    if pending and len(spans) == 1 and (ends := _first_and_last(sketch, spans[0])):
        return (When(Period((ends[1],)), (against_earlier(ends[1], ends[0]),)),)
    if not spans:
        return _unsaid(sketch, named, pending)
    if any(c.base == "mom" for c in named) and _is_several_units(spans):
        return _step_by_step(sketch, spans, named)
    if not named and not pending and (month := _added_up(sketch, spans)):
        return month
    return tuple(
        When(Period(said, days), named or pending, label or one)
        for label, said in _as_flow(sketch, spans)
        for days, one in _day_filters(sketch)
    )


def _added_up(sketch: Sketch, spans: tuple[Span, ...]) -> tuple[When, ...]:
    """10月累计: the month alone, or the year up to its end?"""
    at, time = next(((at, t) for at, t in sketch.times if t.spans), (-1, None))
    if time is None or len(spans) > 1 or not NUMBERED.search(time.text) or sketch.time_group:
        return ()
    following = at + 1
    days = days_of(spans[0], sketch.as_of)
    if following >= len(sketch.tokens) or "cumulative" not in sketch.args[following]:
        return ()
    if time.kind != "period" or days is None or days.start.month == 1 or not _flows(sketch):
        return ()
    text = f"{time.text}{sketch.label(following)}"
    sketch.ask(f"“{text}”是从年初累计,还是只算这一段?请选择。", text, "scope.period")
    beginning = days.start.replace(month=1, day=1)
    return (
        When(Period((Absolute(beginning, days.end),)), (), "从年初累计"),
        When(Period(spans), (), "只算这一段"),
    )


def _check_ends(sketch: Sketch) -> None:
    """3月末到6月末增加了多少: the base is the first point itself, so it must be said as one."""
    for _, time in sketch.times:
        if POINT_TO_POINT.search(time.text):
            sketch.fault(
                "ambiguous_time", f"“{time.text}”请写成“后一时点比前一时点”,例如“6月末比3月末”。",
                time.text,
            )  # fmt: skip


def _from_point_to_point(span: Span) -> tuple[Span, Span] | None:
    """从年初到上月末增加了多少: the end is held against the beginning."""
    if isinstance(span, Between) and isinstance(span.start, Edge) and span.end is not None:
        return span.start, span.end
    return None


def _first_and_last(sketch: Sketch, span: Span) -> tuple[Span, Span] | None:
    """4月到5月佣金掉了多少, 从1月到5月涨了多少: the last one is held against the first."""
    text = next((time.text for _, time in sketch.times if time.spans), "")
    if not FROM_TO.search(text) or not sketch.has("delta"):
        return None
    if any(sketch.catalogue.is_stock(metric) for metric in sketch.metric_ids):
        return None
    ends: tuple[Span, Span] | None = None
    if isinstance(span, Between) and span.end is not None and text.startswith("从"):
        alike = unit_of(span.start) == unit_of(span.end) is not None
        ends = (span.start, span.end) if alike else None
    elif isinstance(span, Relative) and span.within and not span.to_date:
        ends = _ends_of(span, named=text.startswith("从"))
    if ends is not None:
        sketch.assume("compare", f"“{text}”按后一期与前一期比", 0.97)
    return ends


def _ends_of(span: Relative, *, named: bool) -> tuple[Span, Span] | None:
    *outer, last = span.within
    if last.count != 2 and not (named and last.count > 2):
        return None
    first = replace(last, count=1)
    final = replace(last, count=1, index=last.index + last.count - 1)
    return replace(span, within=(*outer, first)), replace(span, within=(*outer, final))


def _is_several_units(spans: tuple[Span, ...]) -> bool:
    """近6个月, 1到9月: a period of several like units."""
    span = spans[0]
    if len(spans) > 1 or not isinstance(span, Relative) or span.unit not in STEP_GRAINS:
        return False
    return span.span > 1 and not span.within


def _step_by_step(
    sketch: Sketch, spans: tuple[Span, ...], named: tuple[Compared, ...]
) -> tuple[When, ...]:
    """近6个月环比: each month with the one before, or the six with the six before?"""
    whole = When(Period(spans), named, "整段与前一段比")
    if sketch.time_group or not isinstance(spans[0], Relative):
        return (whole,)
    sketch.ask("是逐期环比,还是整段与前一段比?请选择。", at="compare")
    grain = STEP_GRAINS[spans[0].unit]
    return (When(Period(spans), named, "逐期环比", TimeGroup(grain)), whole)


def _spans(sketch: Sketch) -> tuple[Span, ...]:
    """All spans; 2023年和2024年前三季度 means the first three quarters of both."""
    spans = tuple(span for _, time in sketch.times for span in time.spans or ())
    if len(spans) == 2 and (shared := same_part(*spans)):
        sketch.assume("period", "两段时间按同样的月份比较", 0.9)
        return shared
    return spans


def _unsaid(
    sketch: Sketch, named: tuple[Compared, ...], pending: tuple[Compared, ...]
) -> tuple[When, ...]:
    """No time: the metric's habit, unless a comparison or a kind of days needs one."""
    compared = named or pending
    flows = _flows(sketch)
    if kinds_of_days(sketch):
        if not flows:
            sketch.fault("unattached_condition", "时点指标不能只算某类日子,请写明日期。")
        if (against := _range_of(named)) and len(kinds_of_days(sketch)) == 1:
            return tuple(
                map(partial(_on, kinds_of_days(sketch)[0]), _against_unit(sketch, against))
            )
        sketch.assume("period", "没有说时间,按本年累计")
        year = (Relative("year", to_date=True),)
        return tuple(When(Period(year, days), compared, one) for days, one in _day_filters(sketch))
    if not flows or sketch.time_group:
        return (When(None, compared),)
    if any(c.base == "mom" for c in named):
        sketch.assume("period", "没有说时间,环比按最近一个完整月")
        return (When(Period((Latest("month"),)), compared),)
    against = _range_of(named)
    return (When(None, compared),) if against is None else _against_unit(sketch, against)


def _range_of(named: tuple[Compared, ...]) -> Span | None:
    return next((c.span for c in named if c.span is not None), None)


def _on(days: DayFilter, when: When) -> When:
    """工作日交易笔数比上月多多少: the same kind of days of either month."""
    return when._replace(period=replace(when.period, days=days) if when.period else None)


def _against_unit(sketch: Sketch, against: Span) -> tuple[When, ...]:
    """交易金额比上月: this month with the last, or the last with the one before."""
    unit = unit_of(against)
    inner = against.of if isinstance(against, Edge) else against
    if unit not in UNIT_WORDS or not isinstance(inner, Relative) or inner.within:
        sketch.fault("ambiguous_time", "没有说是哪一期与它比较,请写明。", at="scope.period")
        return (When(None, ()),)
    this, last = UNIT_WORDS[unit]
    sketch.ask(f"是{this}与{last}比,还是{last}与再前一期比?请选择。", at="scope.period")
    return (
        When(Period((Relative(unit, 0),)), (Compared("mom"),), f"{this}(至今)与{last}同期比"),
        When(Period((Relative(unit, -1),)), (Compared("mom"),), f"{last}与前一期比"),
    )


def _flows(sketch: Sketch) -> bool:
    return any(not sketch.catalogue.is_stock(metric) for metric in sketch.metric_ids)


def _day_filters(sketch: Sketch) -> tuple[tuple[DayFilter | None, str], ...]:
    """The kind of days that counts; each of several is a question of its own."""
    kinds = kinds_of_days(sketch)
    if len(kinds) < 2:
        return ((kinds[0] if kinds else None, ""),)
    words = "、".join(DAY_WORDS[kind] for kind in kinds)
    sketch.ask(f"“{words}”不能在一次里比较,请选择先看哪一类。", words, "scope.period")
    return tuple((kind, f"只算{DAY_WORDS[kind]}") for kind in kinds)


def _as_flow(sketch: Sketch, spans: tuple[Span, ...]) -> tuple[tuple[str, tuple[Span, ...]], ...]:
    """A sum has no value at a point in time: 截至10月底 adds up from the year's start."""
    points = [time for _, time in sketch.times if time.kind == "point" and time.spans]
    if not points or not _flows(sketch):
        return (("", spans),)
    point = points[0]
    edge = point.spans[0] if point.spans else None
    if len(spans) > 1 or not isinstance(edge, Edge):
        return (("", spans),)
    if point.options:
        sketch.assume("period", f"“{point.text}”按{point.options[0].label}")
        return (("", point.options[0].spans),)
    return _whole_or_day(sketch, point, edge)


def _whole_or_day(
    sketch: Sketch, point: TimeToken, edge: Edge
) -> tuple[tuple[str, tuple[Span, ...]], ...]:
    if edge.side == "opening" or isinstance(edge.of, Between):
        sketch.fault("ambiguous_time", f"“{point.text}”是时点,这个指标要问一段时间。", point.text)
        return (("", (edge,)),)
    if unit_of(edge.of) == "day":
        return (("", (edge.of,)),)
    if any(sketch.catalogue.is_stock(metric) for metric in sketch.metric_ids):
        sketch.assume("period", f"“{point.text}”:累计类指标按整段时间")
        return (("", (edge.of,)),)
    question = f"“{point.text}”是时点,要看整段时间还是最后一天?请选择。"
    sketch.ask(question, point.text, "scope.period")
    return (("整段时间", (edge.of,)), ("最后一天", (edge,)))
