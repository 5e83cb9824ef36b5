"""全年存款目标 is the target of December: that of October does not stand for it."""

from __future__ import annotations

from collections.abc import Sequence

from semantic_layer.model import Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import MetricQuery, TimeGroup
from semantic_layer.resolve.availability import dataset_of
from semantic_layer.resolve.comparisons import is_unfinished
from semantic_layer.resolve.labels import day_label, point_label
from semantic_layer.resolve.periods import Resolved
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolve.sources import Sources


def check_targets_set(
    query: MetricQuery, sources: Sources, spans: Sequence[Resolved], manifest: Manifest
) -> None:
    """Refuses a whole period's target where the targets do not go to its end."""
    if any(isinstance(group, TimeGroup) for group in query.group_by):
        return
    tables = {target.source for target in manifest.targets}
    targets = [leaf for leaf in sources.values() if dataset_of(leaf) in tables]
    for resolved in spans if targets else ():
        span, raw = resolved.span, resolved.raw
        if raw is None or raw.to_date or raw.from_data or not is_unfinished(span):
            continue
        asked = point_label(raw.end) if targets[0].is_stock else span.label
        label = manifest.datasets[dataset_of(targets[0])].label
        message = (
            f"{asked}的“{targets[0].label}”尚未入库,“{label}”最新到{day_label(span.end)};"
            "可以看到那一天为止的目标。"
        )
        raise RefusedError(Problem("no_data_yet", message, "scope.period", asked))
