"""Which time belongs to a condition, and which one to the figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from assistant.language.assemble.sets.core import ALWAYS, Core
from assistant.language.assemble.sets.heads import Head
from assistant.language.assemble.sketch import Sketch
from assistant.language.assemble.spans import days_of
from assistant.language.time import GrainToken, TimeToken
from assistant.language.tokens import MetricName
from semantic_layer.query import Edge, Period, Span

NEVER = ("从", "未曾", "曾经")
"""At any time, whatever the condition before says."""
STATES = frozenset({"held", "top"})
COUNTS = frozenset({"户", "人"})


class Timed(NamedTuple):
    """The periods of the conditions, in their order, and from when the set is judged."""

    periods: tuple[Period | None, ...]
    at_period_end: bool = False


def own_times(sketch: Sketch, cores: Sequence[Core], head: Head) -> Timed:
    """A time before a condition is the condition's; a count shares the only one there is."""
    places = [i for i in range(len(sketch.tokens)) if _time(sketch, i)]
    inside = {i for core in cores for i in core.places}
    places = [i for i in places if i not in inside]
    before = [i for i in places if i < cores[0].first]
    behind = [i for i in places if i > max(head.at, cores[-1].last)]
    after = [i for i in behind if not sketch.word(sketch.before(i), "against")]
    chosen: list[int | None] = []
    start = 0
    for core in cores:
        near = [i for i in places if start <= i < core.first]
        chosen.append(near[-1] if near and core.time is None else None)
        start = core.last
    if len(before) > 1 and not any(core.time for core in cores[:1]):
        outer = before[:-1]
    else:
        outer = before if cores[0].time is not None else []
    figures = _figures(sketch, head, inside)
    shared = not outer and not after and _shares(sketch, cores, chosen, figures)
    if not after and _asks_over_time(sketch, inside):
        shared = _each_of(sketch, cores, chosen)
    if shared and any(not sketch.catalogue.is_stock(m) for m in figures):
        _say_shared(sketch, chosen, figures)
    if any(place is not None for place in chosen) and _only_counts(sketch, figures):
        _not_compared(sketch, cores)
    return Timed(
        _periods(sketch, cores, chosen, shared=shared, outside=bool(outer or after)),
        at_period_end=bool(outer),
    )


def _time(sketch: Sketch, at: int) -> TimeToken | None:
    time = sketch.find(at, TimeToken)
    return time if time is not None and time.spans and time.problem is None else None


def _periods(
    sketch: Sketch, cores: Sequence[Core], chosen: list[int | None], *, shared: bool, outside: bool
) -> tuple[Period | None, ...]:
    found: list[Period | None] = []
    last: Period | None = None
    ever = False
    for core, place in zip(cores, chosen, strict=True):
        period = Period(core.time.spans) if core.time and core.time.spans else None
        if place is not None:
            time = _time(sketch, place)
            assert time is not None
            assert time.spans is not None
            if time.grain or time.days or len(time.spans) > 1:
                sketch.fault(
                    "ambiguous_time", f"“{time.text}”怎样限定“{core.label}”不清楚,请分开问。",
                    time.text, "where",
                )  # fmt: skip
            period = Period(time.spans)
            if not shared:
                sketch.own(place, "where", time.text)
                if time.note:
                    sketch.assume("where", time.note)
        ever = period is None and (ever or core.ever)
        found.append(_settled(sketch, core, period, last, shared=shared, ever=ever))
        last = found[-1] if core.kind in ("happened", "flow") else last or period
    _ask_about_the_figure(sketch, cores, chosen, shared=shared, outside=outside)
    return tuple(found)


def _settled(
    sketch: Sketch,
    core: Core,
    period: Period | None,
    last: Period | None,
    *,
    shared: bool,
    ever: bool,
) -> Period | None:
    """What the words leave open: at any time, the time of the condition before, or unclear."""
    if core.kind in ("held", "top") and shared:
        return None
    if period is not None or core.kind not in ("happened", "flow"):
        return period
    if last is not None and not core.label.startswith(NEVER):
        return last
    if ever:
        if not core.label.startswith("从"):
            sketch.assume("where", f"“{core.label}”没有说时间,按有数据以来", 0.97)
        return ALWAYS
    if core.kind == "happened" and not core.members:
        sketch.fault(
            "ambiguous_time", f"“{core.label}”说的是多长时间不清楚,请写明,例如“近3个月”“今年”。",
            core.label, "where",
        )  # fmt: skip
    return None


def _shares(
    sketch: Sketch, cores: Sequence[Core], chosen: list[int | None], figures: list[str]
) -> bool:
    """上个月交易大于3次的客户数: the number of customers is of that month, too."""
    times = [_time(sketch, place) for place in chosen if place is not None]
    if len(times) != 1 or times[0] is None:
        return False
    span = (times[0].spans or ())[0]
    if figures and not all(sketch.catalogue.is_stock(metric) for metric in figures):
        return not isinstance(span, Edge)
    states = all(core.kind in STATES for core in cores)
    return (_only_counts(sketch, figures) or states) and _ends_a_month(sketch, span)


def _ends_a_month(sketch: Sketch, span: Span) -> bool:
    """Whether balances are known on the last day of the span."""
    days = days_of(span.of if isinstance(span, Edge) else span, sketch.as_of)
    if days is None or days.end >= sketch.as_of:
        return False
    return (days.end + timedelta(days=1)).day == 1


def _asks_over_time(sketch: Sketch, inside: set[int]) -> bool:
    """走势, 按月: the time is that of the figure."""
    grains = (i for i in range(len(sketch.tokens)) if sketch.find(i, GrainToken))
    return sketch.has("trend") or any(i not in inside for i in grains)


def _each_of(sketch: Sketch, cores: Sequence[Core], chosen: list[int | None]) -> bool:
    """近12个月没有贷款的客户数走势: judged in each of the months, if that can be meant."""
    said = [place for place in chosen if place is not None]
    if said and any(core.kind != "held" for core in cores):
        word = sketch.label(said[0])
        sketch.fault(
            "ambiguous_time",
            f"“{word}”是条件的还是走势的时间不清楚,请分开写明。",
            word,
            "where",
        )
    return bool(said)


def _figures(sketch: Sketch, head: Head, inside: set[int]) -> list[str]:
    """Metrics asked for, from the head on."""
    places = (i for i in range(max(head.at, 0), len(sketch.tokens)) if i not in inside)
    return [m for i in places if (m := sketch.metric(i)) is not None]


def _not_compared(sketch: Sketch, cores: Sequence[Core]) -> None:
    """10月买过理财的客户数环比: those who did in the month before are other people."""
    did = next((core for core in cores if core.kind in ("happened", "flow")), None)
    against = (sketch.find(sketch.after(at), TimeToken) for at in sketch.indices("against"))
    if did is None or not (sketch.has("base") or any(against)):
        return
    sketch.fault(
        "unsupported",
        f"“{did.label}”的客户两期不是同一批,暂不支持直接比较;请分别问两期的客户数。",
        "两期人群的比较",
    )  # fmt: skip


def _say_shared(sketch: Sketch, chosen: list[int | None], figures: list[str]) -> None:
    """上个月有投诉的客户的交易金额: of the same month, and that is told."""
    said = next(sketch.label(place) for place in chosen if place is not None)
    labels = "、".join(sketch.catalogue.metric(metric).label for metric in figures)
    sketch.assume("period", f"“{said}”既限定条件,也是{labels}的时间")


def _only_counts(sketch: Sketch, figures: list[str]) -> bool:
    return all(sketch.catalogue.metric(metric).unit in COUNTS for metric in figures)


def _ask_about_the_figure(
    sketch: Sketch, cores: Sequence[Core], chosen: list[int | None], *, shared: bool, outside: bool
) -> None:
    """上个月有投诉的客户的交易金额: of which days is not said."""
    if shared or outside or not any(place is not None for place in chosen):
        return
    owned = [place for place in chosen if place is not None]
    behind = range(owned[-1], len(sketch.tokens))
    inside = {i for core in cores for i in core.places}
    free = [i for i in behind if i not in inside and sketch.find(i, MetricName)]
    flows = [m for i in free if (m := sketch.metric(i)) and not sketch.catalogue.is_stock(m)]
    if flows:
        label, said = sketch.catalogue.metric(flows[-1]).label, sketch.label(owned[-1])
        sketch.fault(
            "ambiguous_time",
            f"“{said}”限定的是前面的条件,{label}看哪段时间没有说,请写在“{label}”前面。", said,
            "period",
        )  # fmt: skip
