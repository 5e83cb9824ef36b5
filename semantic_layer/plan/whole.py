"""The plan of a total: that of the rows beside it without its groups."""

from __future__ import annotations

from semantic_layer.model import Aggregate
from semantic_layer.plan.nodes import Branch, Plan
from semantic_layer.resolved import ResolvedQuery, metric_query


def plan_of_whole(plan: Plan, resolved: ResolvedQuery) -> Plan | None:
    """What `build_plan` gives for the whole of a query; None: to be planned from its measures."""
    if plan.time_column is not None or _looks_beside(resolved):
        return None
    if not all(map(_is_of_one_kind, plan.branches)):
        return None
    branches = tuple(map(_ungrouped, plan.branches))
    return plan._replace(groups=(), branches=branches, spines=())


def _looks_beside(resolved: ResolvedQuery) -> bool:
    """Whether rows are set against other rows, which the whole is not."""
    query = metric_query(resolved)
    means = [c.base == "average" for c in query.compare]
    means += [having.value == "average" for having in query.having]
    return query.share is not None or any(means)


def _is_of_one_kind(branch: Branch) -> bool:
    """Whether all parts are stocks or none is: they stay one scan without groups too."""
    return len({_is_stock(part.metric.definition) for part in branch.parts}) == 1


def _ungrouped(branch: Branch) -> Branch:
    """One row even without rows: a stock with a snapshot counts 0 there."""
    stock = _is_stock(branch.parts[0].metric.definition)
    return branch._replace(groups=(), keeps_empty=stock, lists_counted=False, drops_uncounted=False)


def _is_stock(definition: object) -> bool:
    return isinstance(definition, Aggregate) and definition.semi_additive is not None
