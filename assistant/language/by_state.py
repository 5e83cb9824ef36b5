"""贵宾客户10月的交易金额: what only month ends know of customers chooses the customers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.language.catalogue import Catalogue
from assistant.language.decide import Decision
from assistant.language.predicate_text import entity_name, predicate_text
from assistant.language.tokens import plain
from assistant.reading import ReadingOption
from semantic_layer.model import Aggregate
from semantic_layer.problem import Problem
from semantic_layer.query import (
    And,
    Condition,
    EventCondition,
    Latest,
    Membership,
    MetricQuery,
    Period,
    Predicate,
    Query,
    Set,
    TimeGroup,
)
from semantic_layer.resolved import Assumption, ResolvedQuery, ResolvedSpan

Resolve = Callable[[Query], ResolvedQuery | Problem]


def by_state(decision: Decision, catalogue: Catalogue, resolve: Resolve) -> Decision:
    """The question about those whose newest state is so, or that asked back; else unchanged."""
    query = decision.query
    if not isinstance(query, MetricQuery) or query.scope.where is None:
        return decision
    outcome = resolve(query)
    if not isinstance(outcome, Problem) or outcome.code != "dim_not_applicable":
        return decision
    where = _chosen(query.scope.where, outcome.subject, catalogue)
    if where is None:
        return decision
    changed = replace(query, scope=replace(query.scope, where=where))
    resolved = resolve(changed)
    if isinstance(resolved, Problem) or not resolved.leaves:
        return decision
    state = resolved.leaves[-1].query.spans[-1]
    label = catalogue.dimension_label(outcome.subject)
    if _is_of_then(resolved, state) and not _has_times(query):
        told = Assumption("where", f"按{state.label}的{label}圈定,只看这些人所问期间的数")
        return replace(decision, query=changed, assumptions=(*decision.assumptions, told))
    message = f"这个指标不按{label}记;可以按{state.label}的{label}圈定客户再看。请确认。"
    problem = Problem("ambiguous_phrase", message, "scope.where", outcome.subject)
    option = ReadingOption(f"按{state.label}的{label}圈定", changed)
    return replace(decision, query=None, problem=problem, options=(option,))


def _is_of_then(resolved: ResolvedQuery, state: ResolvedSpan) -> bool:
    """Whether the days asked for reach into the period that the state closes."""
    return all(span.end >= state.first_day for span in resolved.spans)


def _has_times(query: MetricQuery) -> bool:
    """Over many months the newest state is not that of then."""
    return bool(query.compare) or any(isinstance(group, TimeGroup) for group in query.group_by)


def _chosen(where: Predicate, dimension: str, catalogue: Catalogue) -> Predicate | None:
    """The filter with the condition on that dimension as a set of those counted with it."""
    if isinstance(where, Condition):
        is_it = plain(where.dimension) == plain(dimension) and where.op == "in"
        return _set_of(where, catalogue) if is_it else None
    if not isinstance(where, And):
        return None
    changed = [_chosen(child, dimension, catalogue) or child for child in where.children]
    return And(tuple(changed)) if tuple(changed) != where.children else None


def _set_of(condition: Condition, catalogue: Catalogue) -> Predicate | None:
    """Those whom the governed count of customers finds so at the newest period's end."""
    manifest = catalogue.manifest
    counted = manifest.metrics.get(manifest.divisors.get("customer", ""))
    if counted is None or not isinstance(counted.definition, Aggregate) or not counted.is_stock:
        return None
    dataset = manifest.datasets[counted.definition.dataset]
    if manifest.dimensions[plain(condition.dimension)].home != dataset.name:
        return None
    joined = (manifest.datasets[join.to].entity for join in dataset.joins if join.default)
    entity = next((found for found in joined if found), None)
    if entity is None:
        return None
    who = f"最新{predicate_text(condition, manifest)}的{entity_name(entity, manifest)}"
    leaf = EventCondition(counted.name, within=Period((Latest(),)), where=condition)
    return Membership(Set(entity, leaf, who))
