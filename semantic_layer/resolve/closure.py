"""Which metrics a metric is made of."""

from __future__ import annotations

from functools import lru_cache

from semantic_layer.model import Aggregate, Derived, Manifest, Metric, Ratio
from semantic_layer.model.expression import metric_names
from semantic_layer.query import Arithmetic, Measure, MetricRef, Number

COUNTS_OR_SUMS = frozenset({"sum", "count", "distinct"})
EXACT = COUNTS_OR_SUMS | {"min", "max"}
DIVIDED = {"customer": "户均", "holder": "持有户均", "txn": "笔均"}


@lru_cache(maxsize=8192)
def metric_closure(manifest: Manifest, name: str) -> tuple[str, ...]:
    """The metric and every metric it is computed from, itself first."""
    found: dict[str, None] = {}
    _collect(manifest, name, found)
    return tuple(found)


def _collect(manifest: Manifest, name: str, found: dict[str, None]) -> None:
    metric = manifest.metrics.get(name)
    if metric is None or name in found:
        return
    found[name] = None
    for part in direct_parts(metric):
        _collect(manifest, part, found)


def direct_parts(metric: Metric) -> tuple[str, ...]:
    """Metric names that stand in the metric's own formula."""
    definition = metric.definition
    if isinstance(definition, Ratio):
        return tuple(dict.fromkeys(metric_names(definition.of) + metric_names(definition.to)))
    if isinstance(definition, Derived):
        return metric_names(definition.expr)
    return ()


@lru_cache(maxsize=8192)
def leaves(manifest: Manifest, name: str) -> tuple[Metric, ...]:
    """The aggregates at the bottom of a metric."""
    metrics = (manifest.metrics[part] for part in metric_closure(manifest, name))
    return tuple(m for m in metrics if isinstance(m.definition, Aggregate))


def measure_metrics(measure: Measure) -> tuple[MetricRef, ...]:
    """The governed metrics that a measure names, left to right."""
    if isinstance(measure, MetricRef):
        return (measure,)
    if isinstance(measure, Arithmetic):
        return measure_metrics(measure.left) + measure_metrics(measure.right)
    return ()


def is_divided(ref: MetricRef) -> bool:
    """Whether a count divides the metric, not a number of days or months."""
    return ref.per in DIVIDED


def adds_up(measure: Measure, manifest: Manifest) -> bool:
    """Whether values of members make up the whole (or nearly: distinct counts)."""
    if isinstance(measure, Number):
        return True
    if isinstance(measure, Arithmetic):
        plain = measure.op in ("+", "-")
        return plain and all(adds_up(m, manifest) for m in (measure.left, measure.right))
    if is_divided(measure) or measure.stat is not None:
        return False
    parts = [manifest.metrics[name].definition for name in metric_closure(manifest, measure.metric)]
    return not any(
        isinstance(part, Ratio) or (isinstance(part, Aggregate) and part.agg not in COUNTS_OR_SUMS)
        for part in parts
    )


def is_quotient(measure: Measure, manifest: Manifest) -> bool:
    """Whether something was divided, so that the last bit of a value says nothing."""
    if isinstance(measure, Arithmetic):
        sides = (measure.left, measure.right)
        return measure.op == "/" or any(is_quotient(side, manifest) for side in sides)
    if isinstance(measure, Number):
        return False
    if measure.per is not None or measure.stat in ("mean", "median"):
        return True
    parts = (manifest.metrics[name].definition for name in metric_closure(manifest, measure.metric))
    return any(
        not isinstance(part, Aggregate)
        or part.agg not in EXACT
        or part.average_over is not None
        or part.then_avg is not None
        for part in parts
        if not isinstance(part, Derived) or "/" in part.expr
    )
