"""Groups of fewer than k people: whose people are counted, and when that is not possible."""

from __future__ import annotations

from semantic_layer.model import Aggregate, Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import MetricQuery
from semantic_layer.resolve.closure import is_divided, leaves, measure_metrics
from semantic_layer.resolve.paths import ENTITY, choose_path
from semantic_layer.resolve.refused import refuse_unsupported
from semantic_layer.resolved import PathChoice
from semantic_layer.snapshot import Snapshot


def people_paths(datasets: tuple[str, ...], snapshot: Snapshot) -> tuple[PathChoice, ...]:
    """How each table reaches the people behind its rows; none when no group is too small."""
    if snapshot.min_group_size <= 1:
        return ()
    found = (_people(snapshot.manifest, dataset) for dataset in datasets)
    return tuple(path for path in found if path is not None)


def _people(manifest: Manifest, dataset: str) -> PathChoice | None:
    """The way to the entity with private fields, else to any entity."""
    tables = [d for d in manifest.datasets.values() if d.entity]
    tables.sort(key=lambda table: not any(f.sensitivity == "pii" for f in table.fields))
    for table in tables:
        chosen = choose_path(manifest, dataset, f"{ENTITY}{table.entity}")
        if not isinstance(chosen, Problem):
            return chosen.path
    return None


def check_small_groups(query: MetricQuery, snapshot: Snapshot) -> None:
    """Means and running totals cannot tell yet how many people are behind them."""
    if snapshot.min_group_size <= 1:
        return
    refs = [ref for measure in query.measures for ref in measure_metrics(measure)]
    means = any(
        (ref.per and not is_divided(ref)) or _is_mean(snapshot.manifest, ref.metric) for ref in refs
    )
    if means or query.window is not None:
        raise refuse_unsupported("小样本抑制下的日均、累计和滚动")


def _is_mean(manifest: Manifest, metric: str) -> bool:
    definitions = (leaf.definition for leaf in leaves(manifest, metric))
    return any(isinstance(d, Aggregate) and d.then_avg is not None for d in definitions)


def suppression_note(snapshot: Snapshot) -> tuple[str, str]:
    """What the reader is told."""
    return "suppressed", f"少于{snapshot.min_group_size}人的分组不显示数值。"
