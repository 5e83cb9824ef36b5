"""三季度月活: a count of people defined per month has no one figure for several months."""

from __future__ import annotations

from typing import NamedTuple

from assistant.language.assemble.periods import When
from assistant.language.assemble.sketch import Sketch
from assistant.language.assemble.spans import days_of, unit_of
from assistant.language.assemble.statistics import each_unit
from semantic_layer.model import Aggregate
from semantic_layer.query import Absolute, Latest, Measure, MetricRef, Period, TimeGroup
from semantic_layer.resolve.closure import metric_closure

LONGER = frozenset({"quarter", "half", "year"})


class Told(NamedTuple):
    """One figure that may be meant, with its label."""

    when: When
    measure: Measure | None = None
    """Instead of the metric asked for: its mean."""


def told(sketch: Sketch, when: When) -> tuple[Told, ...]:
    """The last month, the mean of the months, or each of them; else what was asked for."""
    if (measure := _over_no_unit(sketch)) is not None:
        return _over_each_unit(sketch, when, measure)
    if (ranked := _ranked_monthly(sketch, when)) is not None:
        return ranked
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


def _ranked_monthly(sketch: Sketch, when: When) -> tuple[Told, ...] | None:
    """去年唤醒率最高的分行: a figure of single months ranks in one of them only."""
    cut = any(r.places or r.percent for r in sketch.ranked) and sketch.time_group is None
    measures = [m for _, m in sketch.measures]
    spans = when.period.spans if when.period else ()
    if not cut or len(measures) != 1 or len(spans) != 1 or when.compared:
        return None
    measure = measures[0]
    if not isinstance(measure, MetricRef) or measure.per or measure.stat:
        return None
    manifest = sketch.catalogue.manifest
    natives = {manifest.metrics[m].native for m in metric_closure(manifest, measure.metric)}
    days = days_of(spans[0], sketch.as_of)
    if "month" not in natives or days is None or days.start.month == days.end.month:
        return None
    label = sketch.catalogue.metric(measure.metric).label
    sketch.ask(f"“{label}”按月定义,几个月不能合在一起排名,请选择看哪个月。", label, "scope.period")
    if days.end >= sketch.as_of:
        return (Told(When(Period((Latest("month"),)), (), "最近一个完整月")),)
    last = Period((Absolute(days.end.replace(day=1), days.end),))
    return (Told(When(last, (), f"{days.end.year}年{days.end.month}月")),)


def _over_no_unit(sketch: Sketch) -> MetricRef | None:
    """存款余额的峰值: of which days or months is not said."""
    measures = [measure for _, measure in sketch.measures]
    found = [m for m in measures if isinstance(m, MetricRef) and m.stat and not m.stat_over]
    return found[0] if len(measures) == len(found) == 1 else None


def _over_each_unit(sketch: Sketch, when: When, measure: MetricRef) -> tuple[Told, ...]:
    if when.period is None and sketch.catalogue.is_stock(measure.metric):
        label = sketch.catalogue.metric(measure.metric).label
        sketch.fault("ambiguous_time", f"“{label}”看哪段时间没有说,请写明,例如“今年”。", label)
    return tuple(Told(when._replace(label=label), ref) for label, ref in each_unit(measure))


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
