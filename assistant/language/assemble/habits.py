"""What growth is measured against when nobody says: the habits of a Chinese bank."""

from __future__ import annotations

from typing import NamedTuple

from assistant.language.assemble.sketch import Sketch
from assistant.language.assemble.spans import unit_of
from semantic_layer.query import Base, Between, Edge, Relative, Span, Unit

SAID: dict[Base, str] = {
    "yoy": "同比", "mom": "环比", "ytd_open": "较年初", "opening": "较期初",
}  # fmt: skip


class Habit(NamedTuple):
    """The bases to show, or the ones to choose from."""

    bases: tuple[Base, ...]
    sure: bool = True


def usual_bases(sketch: Sketch, metric: str | None, among: tuple[Base, ...] = ()) -> Habit:
    """存量: 今年 → 较年初, 本月 → 较上月末; 流量: 年、季 → 同比, 月 → 同比和环比."""
    spans = [span for _, time in sketch.times for span in time.spans or ()]
    unit = _unit(spans[0]) if spans else None
    if sketch.time_group is not None:
        return Habit(("mom",))
    stock = metric is not None and sketch.catalogue.is_stock(metric)
    if among:
        return Habit(among, sure=False) if stock else Habit(among[:1])
    if not spans and _is_monthly(sketch, metric):
        unit = "month"
    return _stock_habit(unit, known=bool(spans)) if stock else _flow_habit(unit, known=bool(spans))


def _is_monthly(sketch: Sketch, metric: str | None) -> bool:
    """月活跌了多少 is of the last month, told against both; a condition needs one of them."""
    if metric is None or sketch.catalogue.metric(metric).native != "month":
        return False
    return not sketch.having and all(ranked.show == "value" for ranked in sketch.ranked)


def _stock_habit(unit: Unit | None, *, known: bool) -> Habit:
    if unit == "year":
        return Habit(("ytd_open",))
    if unit in ("month", "quarter", "week", "day", "half"):
        return Habit(("mom",))
    if known:
        return Habit(("opening",))
    return Habit(("ytd_open", "mom", "yoy"), sure=False)


def _flow_habit(unit: Unit | None, *, known: bool) -> Habit:
    if unit in ("year", "quarter", "half") or (not known and unit is None):
        return Habit(("yoy",))
    if unit == "month":
        return Habit(("yoy", "mom"))
    if unit in ("week", "day", "xun"):
        return Habit(("mom",))
    return Habit(("yoy", "mom"), sure=False)


def _unit(span: Span) -> Unit | None:
    if isinstance(span, Between) and isinstance(span.start, Edge | Relative):
        inner = span.start.of if isinstance(span.start, Edge) else span.start
        if span.end is None and isinstance(inner, Relative) and inner.offset == 0:
            return None if inner.within else inner.unit
    return unit_of(span)
