"""Sets in a filter: segments spelled out, each metric inside judged per entity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from semantic_layer.model import Aggregate, Dataset, Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import (
    And,
    ChangeCondition,
    ColumnRef,
    Comparison,
    Condition,
    DimensionGroup,
    EventCondition,
    Everything,
    Latest,
    Limit,
    Membership,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Not,
    Or,
    Order,
    Period,
    Predicate,
    Scope,
    SegmentCondition,
    Set,
    TopMembership,
)
from semantic_layer.resolve.names import nearest
from semantic_layer.resolve.paths import ENTITY
from semantic_layer.resolve.refused import RefusedError, refuse_unsupported

Leaf = MetricCondition | ChangeCondition | EventCondition | TopMembership


@dataclass(frozen=True, slots=True)
class JudgedLeaf:
    """A condition on a metric per entity, as a query of its own."""

    entity: str
    leaf: Leaf
    query: MetricQuery
    inherits: bool
    """Judged over the period of the query it filters."""
    counts_rows: bool = False


def spelled_out(predicate: Predicate, manifest: Manifest) -> Predicate:
    """The filter with every governed segment as the set it stands for."""
    match predicate:
        case SegmentCondition():
            return Membership(_segment_set(predicate, manifest))
        case And() | Or():
            children = tuple(spelled_out(child, manifest) for child in predicate.children)
            return replace(predicate, children=children)
        case Not():
            return Not(spelled_out(predicate.child, manifest))
        case Membership():
            inner = spelled_out(predicate.set.where, manifest)
            return Membership(replace(predicate.set, where=inner))
    return predicate


def _segment_set(condition: SegmentCondition, manifest: Manifest) -> Set:
    segment = manifest.segments.get(condition.segment)
    if segment is None:
        known = ((s.name, s.label, s.synonyms) for s in manifest.segments.values())
        near = nearest(condition.segment, known)
        names = "、".join(c.label for c in near)
        hint = f"您是不是想问:{names}?" if names else "请查看客群目录。"
        message = f"没有找到客群“{condition.segment}”。{hint}"
        raise RefusedError(Problem("unknown_term", message, "scope.where", condition.segment, near))
    where = spelled_out(segment.where, manifest)
    if segment.judged != "period_end":
        where = _judged_now(where)
    return Set(segment.entity, where, segment.label)


def _judged_now(predicate: Predicate) -> Predicate:
    """Metrics without a period of their own are judged on the newest data."""
    match predicate:
        case MetricCondition() | ChangeCondition() | TopMembership():
            return predicate if predicate.period else replace(predicate, period=_LATEST)
        case And() | Or():
            return replace(predicate, children=tuple(map(_judged_now, predicate.children)))
        case Not():
            return Not(_judged_now(predicate.child))
        case Membership():
            inner = _judged_now(predicate.set.where)
            return Membership(replace(predicate.set, where=inner))
    return predicate


_LATEST = Period((Latest(),))


def memberships(predicate: Predicate | None) -> Iterator[Set]:
    """The outermost sets of a filter."""
    match predicate:
        case Membership():
            yield predicate.set
        case And() | Or():
            for child in predicate.children:
                yield from memberships(child)
        case Not():
            yield from memberships(predicate.child)


def check_attached(predicate: Predicate | None) -> None:
    """A condition on a metric needs somebody whose metric it is."""
    match predicate:
        case MetricCondition() | ChangeCondition() | EventCondition() | TopMembership():
            raise RefusedError(
                Problem(
                    "unattached_condition",
                    "这个条件没有说是谁的:请说明是客户、账户还是机构满足它。",
                    "scope.where",
                )
            )
        case And() | Or():
            for child in predicate.children:
                check_attached(child)
        case Not():
            check_attached(predicate.child)


def set_parts(set_: Set) -> Iterator[Condition | Leaf]:
    """The conditions inside a set; a set of the same entity inside it is taken in."""
    yield from _parts(set_.where, set_.entity)


def _parts(predicate: Predicate, entity: str) -> Iterator[Condition | Leaf]:
    match predicate:
        case And() | Or():
            for child in predicate.children:
                yield from _parts(child, entity)
        case Not():
            yield from _parts(predicate.child, entity)
        case Membership():
            if predicate.set.entity != entity:
                raise refuse_unsupported("不同主体之间的圈选", "scope.where")
            yield from _parts(predicate.set.where, entity)
        case SegmentCondition():
            raise AssertionError(predicate)
        case _:
            yield predicate


def entity_dimension(entity: str, manifest: Manifest) -> str:
    """What rows are grouped by to judge an entity: its key, or the dimension itself."""
    if entity_dataset(entity, manifest) is not None:
        return f"{ENTITY}{entity}"
    if entity in manifest.dimensions:
        return entity
    known = sorted({d.entity for d in manifest.datasets.values() if d.entity})
    message = f"没有定义“{entity}”这种主体;可用的主体:{'、'.join(known) or '无'}。"
    raise RefusedError(Problem("unknown_term", message, "scope.where", entity))


def entity_dataset(entity: str, manifest: Manifest) -> Dataset | None:
    """The dataset of which one row is one such entity."""
    return next((d for d in manifest.datasets.values() if d.entity == entity), None)


def judged_leaves(where: Predicate | None, scope: Scope, manifest: Manifest) -> list[JudgedLeaf]:
    """Every metric inside the sets of a filter as a query by entity."""
    return [
        _judged(part, set_.entity, entity_dimension(set_.entity, manifest), scope, manifest)
        for set_ in memberships(where)
        for part in set_parts(set_)
        if not isinstance(part, Condition)
    ]


def _judged(
    leaf: Leaf, entity: str, dimension: str, scope: Scope, manifest: Manifest
) -> JudgedLeaf:
    groups = (DimensionGroup(dimension),)
    if isinstance(leaf, EventCondition):
        return _judged_event(leaf, entity, groups, manifest)
    period = leaf.period or scope.period
    per = leaf.per if isinstance(leaf, MetricCondition) else None
    query = MetricQuery(
        (MetricRef(leaf.metric, per=per),),  # type: ignore[arg-type]
        groups,
        Scope(period),
        totals=False,
    )
    if isinstance(leaf, TopMembership):
        query = replace(
            query,
            order=(Order(ColumnRef(0), descending=leaf.descending),),
            limit=Limit(leaf.count, leaf.percent),
        )
    if isinstance(leaf, ChangeCondition):
        query = replace(query, compare=(Comparison(leaf.base, (leaf.show,)),))
    return JudgedLeaf(entity, leaf, query, inherits=leaf.period is None)


def _judged_event(
    leaf: EventCondition, entity: str, groups: tuple[DimensionGroup, ...], manifest: Manifest
) -> JudgedLeaf:
    if leaf.in_a_row is not None:
        raise refuse_unsupported("连续多期的行为条件", "scope.where")
    metric = manifest.metrics.get(leaf.event)
    if metric is not None and not isinstance(metric.definition, Aggregate):
        raise refuse_unsupported(f"以“{metric.label}”作为行为条件", "scope.where")
    period = leaf.within or Period((Everything(),))
    query = MetricQuery((MetricRef(leaf.event),), groups, Scope(period, leaf.where), totals=False)
    return JudgedLeaf(entity, leaf, query, inherits=False, counts_rows=True)


def set_dataset(set_: Set, manifest: Manifest) -> str:
    """The table whose rows are judged: that of the entity, or the home of the dimension."""
    own = entity_dataset(set_.entity, manifest)
    return own.name if own is not None else manifest.dimensions[set_.entity].home
