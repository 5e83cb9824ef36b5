"""The customers behind a group, as a list, for those who may see lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.explore.choice import Choice
from assistant.explore.groups import conjuncts, dimension_order
from assistant.explore.pins import Pin, name_of
from assistant.explore.trial import Trial
from assistant.language.names_text import measure_name
from semantic_layer.model import Aggregate, Dataset, Metric
from semantic_layer.query import (
    And,
    Condition,
    EntityQuery,
    EventCondition,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Patch,
    Predicate,
    Scope,
    Set,
)
from semantic_layer.resolved import PathChoice, ResolvedQuery

ROWS = 50
MOST_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class _Behind:
    """The rows behind one group: of which metric, under which conditions, belonging to whom."""

    metric: Metric
    query: MetricQuery
    """Held at the group, with no groups of its own."""
    resolved: ResolvedQuery
    owner: Dataset


def list_of(query: MetricQuery, pins: tuple[Pin, ...], trial: Trial) -> Iterator[Choice]:
    """名单: those whose rows make up the figure of the group."""
    metric = _asked(query, trial)
    held = trial.changed(Patch(tuple(pin.change for pin in pins)))
    if metric is None or not isinstance(held, MetricQuery):
        return
    alone = MetricQuery(query.measures, (), held.scope)
    resolved = trial.resolved(alone)
    if resolved is None:
        return
    for owner in trial.manifest.datasets.values():
        if owner.entity is not None:
            behind = _Behind(metric, alone, resolved, owner)
            yield from _first_that_works(behind, name_of(pins), trial)


def _asked(query: MetricQuery, trial: Trial) -> Metric | None:
    """The one metric that is worked out from rows."""
    if len(query.measures) != 1 or query.measures[0] != MetricRef(
        getattr(query.measures[0], "metric", "")
    ):
        return None
    metric = trial.manifest.metrics[query.measures[0].metric]
    return metric if isinstance(metric.definition, Aggregate) else None


def _first_that_works(behind: _Behind, name: str, trial: Trial) -> Iterator[Choice]:
    """With as many columns as the asker may see."""
    label = f"看{behind.owner.label}名单"
    for query in _lists(behind, name, trial):
        found = tuple(trial.offer_query(label, query, f"{name}的{behind.owner.label}名单"))
        if found:
            yield from found
            return


def _lists(behind: _Behind, name: str, trial: Trial) -> Iterator[EntityQuery]:
    where = _members(behind)
    if where is None:
        return
    said = measure_name(behind.query.measures[0], trial.manifest)
    set_ = Set(behind.owner.entity or "", where, f"{name}有{said}的{behind.owner.label}")
    own = _is_own(behind)
    measures = () if not _follows_owner(behind, trial) or own else behind.query.measures
    plain = EntityQuery(set_, (), measures, Scope(behind.query.scope.period), limit=ROWS)
    held = frozenset(
        c.dimension
        for c in conjuncts(behind.query.scope.where)
        if isinstance(c, Condition) and len(c.values) == 1
    )
    columns = tuple(columns_of(plain, behind.owner, held, trial))
    yield replace(plain, attributes=columns)
    yield plain


def _members(behind: _Behind) -> Predicate | None:
    """What makes one a member: rows that happened, or a figure that is there."""
    metric, scope = behind.metric, behind.query.scope
    if not metric.is_stock:
        return EventCondition(metric.name, within=scope.period, where=scope.where)
    held = MetricCondition(metric.name, "gt", 0, scope.period)
    if scope.where is None:
        return held
    return And((scope.where, held))


def _is_own(behind: _Behind) -> bool:
    definition = behind.metric.definition
    return isinstance(definition, Aggregate) and definition.dataset == behind.owner.name


def _follows_owner(behind: _Behind, trial: Trial) -> bool:
    """Whether every condition is on the owner's own attributes, not on single rows."""
    asked = {c.dimension for c in conjuncts(behind.query.scope.where) if isinstance(c, Condition)}
    plain = all(isinstance(c, Condition) for c in conjuncts(behind.query.scope.where))
    paths = {p.dimension: p for p in behind.resolved.paths}
    return plain and all(name in paths and _by_owner(paths[name], behind, trial) for name in asked)


def _by_owner(path: PathChoice, behind: _Behind, trial: Trial) -> bool:
    if path.dataset == behind.owner.name:
        return True
    first = trial.manifest.datasets[path.dataset].join(path.joins[0]) if path.joins else None
    return first is not None and first.to == behind.owner.name


def columns_of(
    plain: EntityQuery, owner: Dataset, held: frozenset[str], trial: Trial
) -> Iterator[str]:
    """The name as far as it may be seen, and where the member belongs."""
    names = [f.name for f in owner.fields if f.sensitivity == "pii" and f.mask][:1]
    dimensions = trial.manifest.dimensions
    listed = [n for n in dimension_order(trial.manifest) if dimensions[n].field.spine]
    found = 0
    for name in (*names, *(n for n in listed if n not in held)):
        if found < MOST_COLUMNS and trial.resolved(replace(plain, attributes=(name,))):
            found += 1
            yield name
