"""单日最高, 月末最低: the unit whose values are compared, and when there are no such values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, TypeAlias

from semantic_layer.model import Aggregate, Manifest, Metric
from semantic_layer.problem import Problem
from semantic_layer.query import Arithmetic, Grain, Measure, MetricQuery, MetricRef, TimeGroup
from semantic_layer.resolve.availability import UNIT_LABELS, dataset_of, grain_unit
from semantic_layer.resolve.closure import adds_up, leaves, measure_metrics
from semantic_layer.resolve.frames import unit_name
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolve.units import serves

Stat: TypeAlias = Literal["max", "min", "median", "mean"]
STAT_NAMES: Mapping[Stat, str] = {
    "max": "最高", "min": "最低", "median": "中位数", "mean": "平均",
}  # fmt: skip


def stat_refs(query: MetricQuery) -> tuple[MetricRef, ...]:
    """The measures that are the highest, lowest or middle of several values."""
    refs = (ref for measure in query.measures for ref in measure_metrics(measure))
    return tuple(ref for ref in refs if ref.stat is not None)


def with_units(
    query: MetricQuery, sources: Mapping[str, Metric], manifest: Manifest
) -> MetricQuery:
    """The query with the unit of every such measure filled in: the finest its table has."""
    if not stat_refs(query):
        return query
    measures = tuple(_filled(m, sources, manifest) for m in query.measures)
    return replace(query, measures=measures)


def _filled(measure: Measure, sources: Mapping[str, Metric], manifest: Manifest) -> Measure:
    if isinstance(measure, Arithmetic):
        left, right = (_filled(m, sources, manifest) for m in (measure.left, measure.right))
        return replace(measure, left=left, right=right)
    if not isinstance(measure, MetricRef) or measure.stat is None or measure.stat_over is not None:
        return measure
    used = (sources[leaf.name] for leaf in leaves(manifest, measure.metric))
    unit = max((grain_unit(manifest.datasets[dataset_of(u)]) for u in used), key=_coarseness)
    grain: Grain = "date" if unit == "day" else unit  # type: ignore[assignment]
    return replace(measure, stat_over=grain)


def _coarseness(unit: str) -> int:
    return list(UNIT_LABELS).index(unit)


def check_stats(query: MetricQuery, sources: Mapping[str, Metric], manifest: Manifest) -> None:
    """Refuses values per day that no table has, and ratios over two tables."""
    for position, measure in enumerate(query.measures):
        for ref in measure_metrics(measure):
            if ref.stat is not None:
                used = [sources[leaf.name] for leaf in leaves(manifest, ref.metric)]
                _check(ref, used, query, manifest, f"measures.{position}")


def _check(
    ref: MetricRef, used: list[Metric], query: MetricQuery, manifest: Manifest, at: str
) -> None:
    assert ref.stat is not None
    assert ref.stat_over is not None
    label, unit = manifest.metrics[ref.metric].label, unit_name(ref.stat_over)
    name = STAT_NAMES[ref.stat]
    if ref.per is not None or query.window is not None:
        raise _refused(f"“{label}”已经是平均、累计或滚动的数,不能再取{name}。", at)
    if len({_table(leaf) for leaf in used}) > 1 or any(_is_mean(leaf) for leaf in used):
        raise _refused(f"“{label}”不能逐{UNIT_LABELS[unit]}取{name};请按时间列出再看。", at)
    if ref.stat == "mean" and not adds_up(MetricRef(ref.metric), manifest):
        raise _refused(f"“{label}”各期的平均没有意义;请看整段期间的数,或按时间列出。", at)
    have = grain_unit(manifest.datasets[dataset_of(used[0])])
    if not serves(have, unit):
        has, asked = UNIT_LABELS[have], UNIT_LABELS[unit]
        message = f"“{label}”只有每{has}的数,没有每{asked}的{name};可以问各{has}{name}。"
        raise RefusedError(Problem("grain_not_available", message, at, ref.metric))
    for group in query.group_by:
        if isinstance(group, TimeGroup) and not serves(unit, unit_name(group.grain)):
            wide, asked = UNIT_LABELS[unit_name(group.grain)], UNIT_LABELS[unit]
            raise _refused(f"按{wide}分组时没有各{asked}的{name};请按更长的时间分组。", at)


def _table(leaf: Metric) -> tuple[str, str | None, bool]:
    assert isinstance(leaf.definition, Aggregate)
    return leaf.definition.dataset, leaf.definition.time, leaf.is_stock


def _is_mean(leaf: Metric) -> bool:
    own = leaf.definition
    assert isinstance(own, Aggregate)
    return own.average_over is not None or own.then_avg is not None or own.snapshot is not None


def _refused(message: str, at: str) -> RefusedError:
    return RefusedError(Problem("invalid_query", message, at))
