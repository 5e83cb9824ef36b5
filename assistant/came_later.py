"""昨天买了理财的客户数: a count that ends before its condition begins leaves the newest out."""

from __future__ import annotations

from semantic_layer.model import Aggregate, Manifest
from semantic_layer.problem import Problem
from semantic_layer.resolve.closure import leaves
from semantic_layer.resolved import ResolvedQuery

COUNTS = frozenset({"count", "distinct"})


def came_later(resolved: ResolvedQuery, manifest: Manifest) -> Problem | None:
    """Why such a number is not shown; None: it lacks nobody, or says of when it is."""
    told = dict(resolved.warnings).get("later_condition")
    counted = (leaf for name in resolved.metrics for leaf in leaves(manifest, name))
    definitions = (leaf.definition for leaf in counted if leaf.is_stock)
    if told and any(isinstance(d, Aggregate) and d.agg in COUNTS for d in definitions):
        return Problem("no_data_yet", f"{told.rstrip('。')},所以不出这个数。", "scope.where")
    return None
