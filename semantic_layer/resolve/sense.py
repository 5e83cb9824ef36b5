"""Questions that have no answer by the meaning of the metric: a share of a rate."""

from __future__ import annotations

from semantic_layer.model import Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import Measure, MetricQuery
from semantic_layer.resolve.closure import adds_up, leaves, measure_metrics
from semantic_layer.resolve.refused import RefusedError


def check_sense(query: MetricQuery, manifest: Manifest) -> None:
    """Refuses shares of what does not add up and running totals of stocks."""
    for position, measure in enumerate(query.measures):
        if query.share is not None and not adds_up(measure, manifest):
            raise _refused(
                f"“{_name(measure, manifest)}”不能相加,没有占比可言;可以改看它的分子或分母的占比。",
                f"measures.{position}",
            )
        if query.window is not None and _has_stock(measure, manifest):
            raise _refused(
                f"“{_name(measure, manifest)}”是时点数,不能累计;可以按月看每期末的数。",
                f"measures.{position}",
            )
    bases = [comparison.base for comparison in query.compare]
    if len(set(bases)) < len(bases):
        raise _refused("同一种比较出现了两次,请只留一个。", "compare")


def _has_stock(measure: Measure, manifest: Manifest) -> bool:
    refs = measure_metrics(measure)
    return any(leaf.is_stock for ref in refs for leaf in leaves(manifest, ref.metric))


def _name(measure: Measure, manifest: Manifest) -> str:
    return "、".join(manifest.metrics[ref.metric].label for ref in measure_metrics(measure))


def _refused(message: str, at: str) -> RefusedError:
    return RefusedError(Problem("invalid_query", message, at))
