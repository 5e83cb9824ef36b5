"""交易额超过100万的客户数: a flow inside a condition has a period of its own."""

from __future__ import annotations

from dataclasses import replace

from assistant.language.assemble.sketch import Sketch
from semantic_layer.query import And, Membership, MetricCondition, Period, Predicate, Relative
from semantic_layer.resolve.defaults import TEXTS, metric_default

YEAR_TO_DATE = Period((Relative("year", to_date=True, anchor="data"),))


def flow_limits(sketch: Sketch) -> None:
    """Without a time a limited flow is added up by its own habit, not over the counted month."""
    if any(time.spans for _, time in sketch.times):
        return
    sketch.where = [_dated(sketch, child) for child in sketch.where]


def _dated(sketch: Sketch, part: Predicate) -> Predicate:
    if isinstance(part, Membership):
        return Membership(replace(part.set, where=_dated(sketch, part.set.where)))
    if isinstance(part, And):
        return replace(part, children=tuple(_dated(sketch, child) for child in part.children))
    if not isinstance(part, MetricCondition) or part.period or part.in_a_row is not None:
        return part
    metric = sketch.catalogue.metric(part.metric)
    if metric_default(metric, sketch.catalogue.manifest) != "year_to_date":
        return part
    said = f"{metric.label}:{TEXTS['year_to_date']}"
    if all(known.text != said for known in sketch.assumptions):
        sketch.assume("where", said)
    return replace(part, period=YEAR_TO_DATE)
