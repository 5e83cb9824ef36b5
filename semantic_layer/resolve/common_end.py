"""Metrics side by side end together: said where one of them has later data of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from semantic_layer.model import Manifest
from semantic_layer.query import Measure, MetricQuery
from semantic_layer.resolve.availability import dataset_of, latest_day
from semantic_layer.resolve.closure import leaves, measure_metrics
from semantic_layer.resolve.labels import day_label
from semantic_layer.resolve.periods import Resolved, Warned
from semantic_layer.resolve.sources import Sources
from semantic_layer.snapshot import Snapshot


def common_end_warnings(
    query: MetricQuery, sources: Sources, spans: Sequence[Resolved], snapshot: Snapshot
) -> tuple[Warned, ...]:
    """综合赔付率 ends with October, so 新单保费 beside it is counted to October too."""
    if len(query.measures) < 2:
        return ()
    ends = {
        _name(measure, snapshot.manifest): end
        for measure in query.measures
        if (end := _last_day(measure, sources, snapshot)) is not None
    }
    first, last = min(ends.values(), default=None), max(ends.values(), default=None)
    if first is None or last is None or first == last or not _cut_at(first, spans):
        return ()
    said = ",".join(f"“{name}”的数据到{day_label(end)}" for name, end in ends.items())
    return (("common_end", f"{said};放在一起看,一并统计到{day_label(first)}。"),)


def _cut_at(day: date, spans: Sequence[Resolved]) -> bool:
    """Whether a period asked for goes on behind the day that the rows end with."""
    return any(
        s.span.end == day and s.raw is not None and (s.raw.end > day or s.raw.from_data)
        for s in spans
    )


def _last_day(measure: Measure, sources: Sources, snapshot: Snapshot) -> date | None:
    """Up to which day everything that the measure is made of has data."""
    names = {
        leaf.name
        for ref in measure_metrics(measure)
        for leaf in leaves(snapshot.manifest, ref.metric)
    }
    tables = {dataset_of(source) for name, source in sources.items() if name in names}
    days = [latest_day(snapshot, snapshot.manifest.datasets[table]) for table in tables]
    return min(days, default=None)


def _name(measure: Measure, manifest: Manifest) -> str:
    return "、".join(manifest.metrics[ref.metric].label for ref in measure_metrics(measure))
