"""What a reader must know when a definition changed within the time that he looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from semantic_layer.model import Manifest, Metric
from semantic_layer.model.metric import MetricChange
from semantic_layer.query import Base
from semantic_layer.resolve.labels import day_label
from semantic_layer.resolved import ResolvedSpan

CODE = "definition_changed"
Bases = tuple[tuple[Base, tuple[ResolvedSpan, ...]], ...]


def change_warnings(
    metrics: Iterable[str],
    spans: Iterable[ResolvedSpan],
    bases: Bases,
    manifest: Manifest,
) -> Iterator[tuple[str, str]]:
    """One sentence per change of a metric or a part of it that the dates reach behind."""
    shown = (*spans, *(span for _, found in bases for span in found))
    earliest = min(span.end if span.is_point else span.start for span in shown)
    for name in metrics:
        metric = manifest.metrics[name]
        for change in metric.changes:
            if change.effective_from and earliest < date.fromisoformat(change.effective_from):
                yield CODE, _sentence(metric, change)


def _sentence(metric: Metric, change: MetricChange) -> str:
    day = day_label(date.fromisoformat(change.effective_from or change.date))
    note = change.note.rstrip("。.;")
    told = "历史数据已按新口径重算" if change.restates else "本答案各期一律按新口径追溯"
    return f"“{metric.label}”的口径于{day}调整:{note}。{told}。"
