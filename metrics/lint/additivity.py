"""Additivity is never left open: a stock says over what it does not add up."""

from __future__ import annotations

from collections.abc import Iterator

from metrics.finding import Finding
from semantic_layer.model import Aggregate, Manifest, Metric

_ADDING = ("sum", "count", "distinct")
_MEANS = ("avg", "median", "quantile")
"""Over several snapshots the mean of all rows weighs whoever stayed longest most."""


def stock_without_semi_additive(manifest: Manifest) -> Iterator[Finding]:
    """On a snapshot table every sum, count and mean says whether it is a stock or a flow."""
    for metric, aggregate in _aggregates(manifest):
        dataset = manifest.datasets[aggregate.dataset]
        if dataset.grain == "event" or aggregate.agg not in _ADDING + _MEANS:
            continue
        if _says_how(metric, aggregate):
            continue
        over = aggregate.time or dataset.time or "month_end"
        fix = f"时点数请补上 semi_additive: {{over: {over}, take: last}};发生数请写 flow: true。"
        if aggregate.agg in _MEANS:
            fix = "时点数请补上 semi_additive,按月才有定义的请写 native;率请改写成 ratio。"
        yield Finding(
            "M201",
            metric.at,
            f"指标“{metric.label}”取自期末快照“{dataset.label}”,没有说明跨时间怎么算。",
            fix,
        )


def _says_how(metric: Metric, aggregate: Aggregate) -> bool:
    return bool(
        aggregate.semi_additive
        or aggregate.average_over
        or aggregate.then_avg
        or aggregate.flow
        or aggregate.snapshot
        or metric.native
    )


def stock_over_another_time(manifest: Manifest) -> Iterator[Finding]:
    """A stock takes its snapshot along the time it is asked by."""
    for metric, aggregate in _aggregates(manifest):
        time = aggregate.time or manifest.datasets[aggregate.dataset].time
        over = aggregate.semi_additive.over if aggregate.semi_additive else time
        if over != time:
            yield Finding(
                "M202",
                metric.at,
                f"指标“{metric.label}”按 {over} 取快照,却按 {time} 提问。",
                f"请把 semi_additive 的 over 改成 {time},或写 time: {over}。",
            )


def _aggregates(manifest: Manifest) -> Iterator[tuple[Metric, Aggregate]]:
    for metric in manifest.metrics.values():
        if isinstance(metric.definition, Aggregate):
            yield metric, metric.definition
        for aggregate in metric.also:
            yield metric, aggregate
