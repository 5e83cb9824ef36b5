"""Comparison with targets: where they stand, and which metrics and groups have any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlglot import exp

from semantic_layer.model import Aggregate, Manifest, Metric, SemiAdditive, Target
from semantic_layer.problem import Candidate, Problem
from semantic_layer.query import MetricQuery, MetricRef
from semantic_layer.resolve.paths import choose_path, lacks
from semantic_layer.resolve.refused import RefusedError


def asks_for_targets(query: MetricQuery) -> bool:
    """Whether something is compared with its target."""
    return any(comparison.base == "target" for comparison in query.compare)


def target_of(name: str, manifest: Manifest) -> Target | None:
    """Where the target of a metric stands; its own entry before that of any metric."""
    own = (t for t in manifest.targets if t.metric == name)
    any_metric = (t for t in manifest.targets if t.metric == "any")
    return next(own, next(any_metric, None))


def target_metric(metric: Metric, manifest: Manifest) -> Metric:
    """The target as a metric of its own, a stock when the metric is one."""
    target = target_of(metric.name, manifest)
    assert target is not None
    keys = dict(target.keys)
    time = keys.get("period") or manifest.datasets[target.source].time or ""
    condition = None
    if "metric" in keys:
        name = exp.Literal.string(metric.name)
        condition = exp.EQ(this=exp.column(keys["metric"]), expression=name).sql()
    over = SemiAdditive(time) if metric.is_stock else None
    amount = Aggregate(
        target.source, "sum", target.value, condition, time=time, semi_additive=over, flow=not over
    )
    return replace(
        metric,
        name=f"{metric.name}_target",
        label=f"{metric.label}目标",
        definition=amount,
        also=(),
    )


def target_datasets(query: MetricQuery, manifest: Manifest) -> tuple[str, ...]:
    """The tables of targets that the query reads."""
    if not asks_for_targets(query):
        return ()
    names = (ref.metric for ref in query.measures if isinstance(ref, MetricRef))
    found = (target_of(name, manifest) for name in names)
    return tuple(dict.fromkeys(t.source for t in found if t is not None))


def check_targets(query: MetricQuery, dimensions: Mapping[str, str], manifest: Manifest) -> None:
    """Refuses targets that nobody set, and groups for which none are set."""
    if not asks_for_targets(query):
        return
    if query.window is not None:
        raise _refused("累计和滚动的数没有目标,不能与目标比较。", "compare")
    for position, measure in enumerate(query.measures):
        at = f"measures.{position}"
        if not isinstance(measure, MetricRef) or measure.per or measure.stat:
            raise _refused("平均、最高最低和临时算式没有目标,不能与目标比较。", at)
        metric, target = manifest.metrics[measure.metric], target_of(measure.metric, manifest)
        if target is None or not isinstance(metric.definition, Aggregate):
            raise RefusedError(_no_target(metric, manifest, at))
        _check_reach(metric, target, dimensions, manifest)


def _no_target(metric: Metric, manifest: Manifest, at: str) -> Problem:
    known = [manifest.metrics[t.metric] for t in manifest.targets if t.metric in manifest.metrics]
    names = "、".join(m.label for m in known) or "无"
    message = f"“{metric.label}”没有下达目标;有目标的指标:{names}。"
    found = tuple(Candidate(m.name, m.label) for m in known)
    return Problem("invalid_query", message, at, metric.name, found)


def _check_reach(
    metric: Metric, target: Target, dimensions: Mapping[str, str], manifest: Manifest
) -> None:
    for dimension, at in dimensions.items():
        path = choose_path(manifest, target.source, dimension)
        if isinstance(path, Problem):
            label = f"{metric.label}目标"
            message = lacks(manifest, label, path.subject, path.candidates)
            raise RefusedError(replace(path, message=message, at=at))


def _refused(message: str, at: str) -> RefusedError:
    return RefusedError(Problem("invalid_query", message, at))
