"""户均, 持有户均, 笔均: what a metric is divided by, and when that has no meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from semantic_layer.model import Aggregate, Manifest, Metric
from semantic_layer.problem import Problem
from semantic_layer.query import MetricQuery, MetricRef
from semantic_layer.resolve.availability import dataset_of
from semantic_layer.resolve.closure import (
    DIVIDED,
    adds_up,
    is_divided,
    leaves,
    measure_metrics,
)
from semantic_layer.resolve.defaults import asked_metrics
from semantic_layer.resolve.paths import ENTITY, choose_path
from semantic_layer.resolve.refused import RefusedError, must
from semantic_layer.resolved import PathChoice


def divisor(ref: MetricRef, manifest: Manifest) -> str | None:
    """The governed metric that divides; None: rows or holders are counted, or nothing divides."""
    own = dict(manifest.metrics[ref.metric].divisors)
    return own.get(ref.per or "") or manifest.divisors.get(ref.per or "")


def used_metrics(query: MetricQuery, manifest: Manifest) -> tuple[str, ...]:
    """The metrics asked for, then those that divide them."""
    divisors = (divisor(ref, manifest) for ref in _divided(query))
    return tuple(dict.fromkeys((*asked_metrics(query), *(d for d in divisors if d))))


def _divided(query: MetricQuery) -> Iterator[MetricRef]:
    for measure in query.measures:
        yield from (ref for ref in measure_metrics(measure) if is_divided(ref))


def check_divisors(query: MetricQuery, manifest: Manifest) -> None:
    """Refuses 户均 of a rate or of a number of customers, and 笔均 of what has no rows."""
    for position, measure in enumerate(query.measures):
        for ref in measure_metrics(measure):
            if is_divided(ref):
                _check(ref, manifest, f"measures.{position}")


def _check(ref: MetricRef, manifest: Manifest, at: str) -> None:
    metric, name = manifest.metrics[ref.metric], DIVIDED[ref.per or ""]
    if not adds_up(MetricRef(ref.metric), manifest):
        raise _refused(f"“{metric.label}”是比率或均值,没有{name}可言;可以直接看它本身。", at)
    if any(_counts_distinct(leaf) for leaf in leaves(manifest, ref.metric)):
        raise _refused(f"“{metric.label}”本身是去重个数,没有{name}可言。", at)
    if ref.per == "customer" and divisor(ref, manifest) is None:
        raise _refused("没有定义户均除以哪个客户数;请在定义文件里写 per: {customer: 指标}。", at)
    if ref.per == "holder" and not _is_sum(metric):
        raise _refused(f"“{metric.label}”由几个指标算成,不知道怎样算持有;可以问户均。", at)
    if ref.per == "txn" and divisor(ref, manifest) is None and not _has_rows(metric, manifest):
        raise _refused(f"“{metric.label}”不是逐笔的发生额,没有笔均可言。", at)


def _counts_distinct(leaf: Metric) -> bool:
    return isinstance(leaf.definition, Aggregate) and leaf.definition.agg == "distinct"


def _is_sum(metric: Metric) -> bool:
    return isinstance(metric.definition, Aggregate) and metric.definition.agg == "sum"


def _has_rows(metric: Metric, manifest: Manifest) -> bool:
    """Whether each row behind the metric is one transaction."""
    if not isinstance(metric.definition, Aggregate) or not _is_sum(metric):
        return False
    return manifest.datasets[metric.definition.dataset].grain == "event"


def holder_paths(
    query: MetricQuery, sources: Mapping[str, Metric], manifest: Manifest
) -> tuple[PathChoice, ...]:
    """How the rows of what is held reach their holders."""
    held = [ref.metric for ref in _divided(query) if ref.per == "holder"]
    found = (_holder_path(dataset_of(sources[name]), manifest) for name in held)
    return tuple(dict.fromkeys(found))


def _holder_path(dataset: str, manifest: Manifest) -> PathChoice:
    return must(choose_path(manifest, dataset, holder_dimension(manifest)), "measures").path


def holder_dimension(manifest: Manifest) -> str:
    """The entity that holds: the customers, whatever they are called."""
    entities = [d.entity for d in manifest.datasets.values() if d.entity]
    return f"{ENTITY}{'customer' if 'customer' in entities or not entities else entities[0]}"


def _refused(message: str, at: str) -> RefusedError:
    return RefusedError(Problem("invalid_query", message, at))
