"""What a metric shows when nobody names a time follows from its parts, or is said."""

from __future__ import annotations

from collections.abc import Iterator

from metrics.finding import Finding
from semantic_layer.model import Aggregate, Manifest, Metric
from semantic_layer.resolve.closure import leaves, metric_closure


def default_period_left_open(manifest: Manifest) -> Iterator[Finding]:
    """Stocks show the latest, flows the year; whatever is neither says what it shows."""
    for metric in manifest.metrics.values():
        if metric.hidden or metric.default_period is not None:
            continue
        reason = _why_open(manifest, metric)
        if reason:
            yield Finding(
                "M232",
                metric.at,
                f"指标“{metric.label}”{reason},没有时间词时该看哪段推不出来。",
                "请补上 default_period: latest、year_to_date 或 last_complete_month。",
            )


def _why_open(manifest: Manifest, metric: Metric) -> str:
    natives = {manifest.metrics[n].native for n in metric_closure(manifest, metric.name)} - {None}
    if natives - {"month"}:
        return "按季或按年定义"
    if natives:
        return ""
    parts = leaves(manifest, metric.name)
    if any(_looks_ahead(leaf) for leaf in parts):
        return "看的是快照之后的日子"
    if len({leaf.is_stock for leaf in parts}) > 1:
        return "既用时点数又用发生数"
    return ""


def _looks_ahead(leaf: Metric) -> bool:
    return isinstance(leaf.definition, Aggregate) and (
        leaf.definition.future or leaf.definition.snapshot is not None
    )
