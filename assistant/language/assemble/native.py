"""三季度月活: a count of people defined per month has no one figure for several months."""

from __future__ import annotations

from typing import NamedTuple

from assistant.language.assemble.periods import When
from assistant.language.assemble.sketch import Sketch
from assistant.language.assemble.spans import days_of, unit_of
from semantic_layer.model import Aggregate
from semantic_layer.query import Absolute, Measure, MetricRef, Period, TimeGroup

LONGER = frozenset({"quarter", "half", "year"})


class Told(NamedTuple):
    """One figure that may be meant, with its label."""

    when: When
    measure: Measure | None = None
    """Instead of the metric asked for: its mean."""


def told(sketch: Sketch, when: When) -> tuple[Told, ...]:
    """The last month, the mean of the months, or each of them; else what was asked for."""
    metric = _counted_monthly(sketch)
    spans = when.period.spans if when.period else ()
    if metric is None or len(spans) != 1 or when.compared or unit_of(spans[0]) not in LONGER:
        return (Told(when),)
    days = days_of(spans[0], sketch.as_of)
    if days is None or days.end >= sketch.as_of or days.start.month == days.end.month:
        return (Told(when),)
    label = sketch.catalogue.metric(metric).label
    sketch.ask(f"“{label}”按月去重,不能跨月相加,请选择。", label, "scope.period")
    months = f"{days.start.month}—{days.end.month}月"
    last = Period((Absolute(days.end.replace(day=1), days.end),))
    return (
        Told(When(last, (), f"{days.end.month}月当月")),
        Told(
            When(when.period, (), f"{months}月均"),
            MetricRef(metric, stat="mean", stat_over="month"),
        ),
        Told(When(when.period, (), f"{months}逐月列出", TimeGroup("month"))),
    )


def _counted_monthly(sketch: Sketch) -> str | None:
    """The one metric asked for, when it is such a count and nothing else shapes the answer."""
    shaped = sketch.groups or sketch.ranked or sketch.having or sketch.share or sketch.trend
    if shaped or len(sketch.measures) != 1:
        return None
    measure = sketch.measures[0][1]
    if not isinstance(measure, MetricRef) or measure.per or measure.stat:
        return None
    metric = sketch.catalogue.metric(measure.metric)
    counts = isinstance(metric.definition, Aggregate) and metric.definition.agg == "distinct"
    return metric.name if counts and metric.native == "month" and not metric.is_stock else None
