"""Sets in a filter: segments spelled out, each figure inside judged per entity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from semantic_layer.model import Aggregate, Dataset, Manifest, Metric
from semantic_layer.problem import Problem
from semantic_layer.query import (
    And,
    Between,
    ChangeCondition,
    ColumnRef,
    Comparison,
    Condition,
    DimensionGroup,
    EventCondition,
    Everything,
    FunnelCondition,
    FunnelQuery,
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
    Shifted,
    TimeGroup,
    TopMembership,
)
from semantic_layer.query.predicate import RowUnit
from semantic_layer.resolve.behaviour_events import find_event
from semantic_layer.resolve.comparisons import RATE_UNITS
from semantic_layer.resolve.names import nearest
from semantic_layer.resolve.paths import ENTITY
from semantic_layer.resolve.refused import RefusedError, refuse_unsupported

Leaf = MetricCondition | ChangeCondition | EventCondition | FunnelCondition | TopMembership
AT = "scope.where"
NO_EVENT = "它是算出来的数;请换成逐笔的指标,例如交易笔数,或写成它大于、小于多少"


@dataclass(frozen=True, slots=True)
class Placed:
    """A condition inside a set, and how the set says when it is judged."""

    part: Condition | Leaf
    judged: str


@dataclass(frozen=True, slots=True)
class JudgedLeaf:
    """A condition on a figure per entity, as a query of its own."""

    entity: str
    placed: Placed
    query: MetricQuery
    counted: Metric | None = None
    """Stands for the rows of a governed event; None: the metric is a governed one."""
    anchor: MetricQuery | None = None
    """The first day of the event that days are counted from, by entity."""
    first: Metric | None = None
    """That first day as a metric."""

    @property
    def counts_rows(self) -> bool:
        """Counts how often somebody did it."""
        return isinstance(self.placed.part, EventCondition)


@dataclass(frozen=True, slots=True)
class Walked:
    """How far somebody gets, as a funnel of its own."""

    entity: str
    judged: str
    leaf: FunnelCondition
    query: FunnelQuery


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
            return Membership(spelled_out_set(predicate.set, manifest))
    return predicate


def spelled_out_set(set_: Set, manifest: Manifest) -> Set:
    """The set with every governed segment inside as the set it stands for."""
    return replace(set_, where=spelled_out(set_.where, manifest))


def _segment_set(condition: SegmentCondition, manifest: Manifest) -> Set:
    segment = manifest.segments.get(condition.segment)
    if segment is None:
        known = ((s.name, s.label, s.synonyms) for s in manifest.segments.values())
        near = nearest(condition.segment, known)
        names = "、".join(c.label for c in near)
        hint = f"您是不是想问:{names}?" if names else "请查看客群目录。"
        message = f"没有找到客群“{condition.segment}”。{hint}"
        raise RefusedError(Problem("unknown_term", message, AT, condition.segment, near))
    where = spelled_out(segment.where, manifest)
    if segment.judged == "period_end":
        return Set(segment.entity, where, segment.label, "period_end")
    return Set(segment.entity, _judged_now(where), segment.label)


def _judged_now(predicate: Predicate) -> Predicate:
    """Conditions without a period of their own are judged on the newest data."""
    match predicate:
        case MetricCondition() | EventCondition() if predicate.in_a_row is not None:
            own = predicate.within if isinstance(predicate, EventCondition) else predicate.period
            return predicate if own else _with_period(predicate, _last_run(predicate))
        case MetricCondition() | ChangeCondition() | TopMembership():
            return predicate if predicate.period else replace(predicate, period=_LATEST)
        case And() | Or():
            return replace(predicate, children=tuple(map(_judged_now, predicate.children)))
        case Not():
            return Not(_judged_now(predicate.child))
        case Membership():
            inner = _judged_now(predicate.set.where)
            return Membership(replace(predicate.set, where=inner, judged="as_of"))
    return predicate


def _with_period(leaf: MetricCondition | EventCondition, period: Period) -> Predicate:
    if isinstance(leaf, EventCondition):
        return replace(leaf, within=period)
    return replace(leaf, period=period)


_LATEST = Period((Latest(),))


def _last_run(leaf: MetricCondition | EventCondition) -> Period:
    """The last n complete periods with data."""
    assert leaf.in_a_row is not None
    last = Latest(unit_of_row(leaf.row_unit))  # type: ignore[arg-type]
    first = Shifted(last, unit_of_row(leaf.row_unit), 1 - leaf.in_a_row, "full")  # type: ignore[arg-type]
    return Period((Between(first, last),))


def unit_of_row(unit: RowUnit) -> str:
    """The calendar unit of which several in a row count."""
    return "day" if unit == "date" else unit


def is_unnamed_set(part: Predicate, entity: str) -> bool:
    """Whether that is a set of such things that a share may take off: it has no name."""
    return isinstance(part, Membership) and part.set.entity == entity and part.set.label is None


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


def every_set(predicate: Predicate | None) -> Iterator[Set]:
    """The outermost sets, and inside them every set of another entity."""
    for set_ in memberships(predicate):
        yield set_
        yield from foreign_sets(set_)


def foreign_sets(set_: Set) -> Iterator[Set]:
    """The sets of other entities inside a set, at any depth."""
    for inner in memberships(set_.where):
        if inner.entity != set_.entity:
            yield inner
        yield from foreign_sets(inner)


def links(set_: Set) -> Iterator[Set]:
    """The sets of other entities that a set names itself."""
    for inner in memberships(set_.where):
        if inner.entity != set_.entity:
            yield inner
        else:
            yield from links(inner)


def check_attached(predicate: Predicate | None) -> None:
    """A condition on a metric needs somebody whose metric it is."""
    match predicate:
        case (
            MetricCondition()
            | ChangeCondition()
            | EventCondition()
            | FunnelCondition()
            | TopMembership()
        ):
            raise RefusedError(
                Problem(
                    "unattached_condition",
                    "这个条件没有说是谁的:请说明是客户、账户还是机构满足它。",
                    AT,
                )
            )
        case And() | Or():
            for child in predicate.children:
                check_attached(child)
        case Not():
            check_attached(predicate.child)


def set_parts(set_: Set) -> Iterator[Placed]:
    """The conditions inside a set; a set of the same entity inside it is taken in."""
    yield from _parts(set_.where, set_)


def _parts(predicate: Predicate, set_: Set) -> Iterator[Placed]:
    match predicate:
        case And() | Or():
            for child in predicate.children:
                yield from _parts(child, set_)
        case Not():
            yield from _parts(predicate.child, set_)
        case Membership():
            if predicate.set.entity == set_.entity:
                yield from _parts(predicate.set.where, predicate.set)
        case SegmentCondition():
            raise AssertionError(predicate)
        case _:
            yield Placed(predicate, set_.judged)


def inherits(placed: Placed) -> bool:
    """Judged over the period of the query it filters."""
    match placed.part:
        case MetricCondition() | ChangeCondition() | TopMembership():
            return placed.part.period is None
        case EventCondition():
            return placed.part.in_a_row is not None and placed.part.within is None
    return False


def follows(placed: Placed) -> bool:
    """Whether the judgement depends on the period of the query it filters."""
    if isinstance(placed.part, Condition):
        return False
    return inherits(placed) or placed.judged == "period_end"


def moves(set_: Set) -> bool:
    """Whether the members depend on the period of the query."""
    return any(follows(placed) for placed in set_parts(set_)) or any(
        moves(inner) for inner in links(set_)
    )


def moving_sets(predicate: Predicate | None) -> tuple[Set, ...]:
    """The outermost sets whose members depend on the period."""
    return tuple(set_ for set_ in memberships(predicate) if moves(set_))


def entity_dimension(entity: str, manifest: Manifest) -> str:
    """What rows are grouped by to judge an entity: its key, or the dimension itself."""
    if entity_dataset(entity, manifest) is not None:
        return f"{ENTITY}{entity}"
    if entity in manifest.dimensions:
        return entity
    known = sorted({d.entity for d in manifest.datasets.values() if d.entity})
    message = f"没有定义“{entity}”这种主体;可用的主体:{'、'.join(known) or '无'}。"
    raise RefusedError(Problem("unknown_term", message, AT, entity))


def entity_dataset(entity: str, manifest: Manifest) -> Dataset | None:
    """The dataset of which one row is one such entity."""
    return next((d for d in manifest.datasets.values() if d.entity == entity), None)


def set_dataset(set_: Set, manifest: Manifest) -> str:
    """The table whose rows are judged: that of the entity, or the home of the dimension."""
    own = entity_dataset(set_.entity, manifest)
    return own.name if own is not None else manifest.dimensions[set_.entity].home


def judged_leaves(
    sets: tuple[Set, ...], period: Period | None, manifest: Manifest
) -> Iterator[JudgedLeaf]:
    """Every figure inside the sets as a query by entity, each once."""
    found = dict.fromkeys(
        (set_.entity, placed)
        for set_ in sets
        for placed in set_parts(set_)
        if not isinstance(placed.part, Condition | FunnelCondition)
    )
    for entity, placed in found:
        groups = (DimensionGroup(entity_dimension(entity, manifest)),)
        yield _judged(placed, entity, groups, period, manifest)


def walked(sets: tuple[Set, ...]) -> Iterator[Walked]:
    """Every funnel that the sets name, each once."""
    found = dict.fromkeys(
        (set_.entity, placed.judged, placed.part)
        for set_ in sets
        for placed in set_parts(set_)
        if isinstance(placed.part, FunnelCondition)
    )
    for entity, judged, leaf in found:
        scope = Scope(leaf.period or Period((Everything(),)))
        query = FunnelQuery(leaf.steps, leaf.window_days or 1, scope=scope, entity=entity)
        yield Walked(entity, judged, leaf, query)


def _judged(
    placed: Placed,
    entity: str,
    groups: tuple[DimensionGroup, ...],
    outer: Period | None,
    manifest: Manifest,
) -> JudgedLeaf:
    leaf = placed.part
    assert not isinstance(leaf, Condition | FunnelCondition)
    if isinstance(leaf, EventCondition):
        return _judged_event(placed, leaf, entity, groups, manifest)
    per = leaf.per if isinstance(leaf, MetricCondition) else None
    measure = MetricRef(leaf.metric, per=per)  # type: ignore[arg-type]
    query = MetricQuery((measure,), groups, Scope(leaf.period or outer), totals=False)
    if isinstance(leaf, MetricCondition) and leaf.in_a_row is not None:
        query = _in_a_row(query, leaf, leaf.period)
    if isinstance(leaf, TopMembership):
        query = replace(
            query,
            order=(Order(ColumnRef(0), descending=leaf.descending),),
            limit=Limit(leaf.count, leaf.percent),
        )
    if isinstance(leaf, ChangeCondition):
        _check_change(leaf, manifest)
        query = replace(query, compare=(Comparison(leaf.base, (leaf.show,), span=leaf.span),))
    return JudgedLeaf(entity, placed, query)


def _check_change(leaf: ChangeCondition, manifest: Manifest) -> None:
    if (leaf.base == "range") != (leaf.span is not None):
        message = "与指定期间比较时要给出期间,其他比较不要给。"
        raise RefusedError(Problem("invalid_query", message, AT))
    if leaf.show not in ("diff", "rate", "pp"):
        raise refuse_unsupported(
            "按基期值、名次或占比的变化圈选",
            AT,
            "请用差额、增速或百分点,或给出那段时间的数,例如“上年末存款超过100万”",
        )
    metric = manifest.metrics.get(leaf.metric)
    if leaf.show == "pp" and metric is not None and metric.unit not in RATE_UNITS:
        message = f"“{metric.label}”不是比率,没有百分点的变化;请用差额或增速。"
        raise RefusedError(Problem("invalid_query", message, AT, leaf.metric))


def _in_a_row(
    query: MetricQuery, leaf: MetricCondition | EventCondition, period: Period | None
) -> MetricQuery:
    """Per period of the run; a longer period named by the asker gives its last ones."""
    scope = replace(query.scope, period=period or _last_run(leaf))
    return replace(query, group_by=(*query.group_by, TimeGroup(leaf.row_unit)), scope=scope)


def _judged_event(
    placed: Placed,
    leaf: EventCondition,
    entity: str,
    groups: tuple[DimensionGroup, ...],
    manifest: Manifest,
) -> JudgedLeaf:
    metric, where, counted = manifest.metrics.get(leaf.event), leaf.where, None
    if metric is None:
        counted, own = event_metric(leaf.event, manifest)
        both = tuple(part for part in (own, where) if part is not None)
        where = And(both) if len(both) > 1 else (both or (None,))[0]
    elif not isinstance(metric.definition, Aggregate):
        raise refuse_unsupported(f"以“{metric.label}”作为行为条件", AT, NO_EVENT)
    name = counted.name if counted is not None else leaf.event
    scope = Scope(leaf.within or Period((Everything(),)), where)
    query = MetricQuery((MetricRef(name),), groups, scope, totals=False)
    if leaf.after is not None or leaf.after_days is not None:
        return _after_event(JudgedLeaf(entity, placed, query, counted), leaf, manifest)
    if leaf.in_a_row is not None:
        query = _in_a_row(query, leaf, leaf.within)
    return JudgedLeaf(entity, placed, query, counted)


def _after_event(judged: JudgedLeaf, leaf: EventCondition, manifest: Manifest) -> JudgedLeaf:
    """Days are counted from the first time that the entity did something else."""
    if any(memberships(leaf.where)):
        raise refuse_unsupported("“某事之后几天内”里再圈选", AT, "请把客群条件写在外面")
    if leaf.after is None or (leaf.after_days or 0) < 1 or leaf.in_a_row is not None:
        message = "“某事之后几天内”要给出那件事和至少1天,不与“连续几期”同用。"
        raise RefusedError(Problem("invalid_query", message, AT))
    known = manifest.metrics.get(leaf.after)
    start, own = (known, None) if known is not None else event_metric(leaf.after, manifest)
    if not isinstance(start.definition, Aggregate):
        raise refuse_unsupported(f"以“{start.label}”作为行为条件", AT, NO_EVENT)
    dataset = manifest.datasets[start.definition.dataset]
    day = start.definition.time or dataset.time
    if day is None:
        raise refuse_unsupported(f"从没有日期的“{start.label}”算起的条件", AT, "请换一件有日期的事")
    rows = start.definition.filter
    definition = Aggregate(dataset.name, "min", day, rows, start.definition.time)
    first = Metric(f"first_{start.name}", start.label, definition, "日")
    scope = Scope(Period((Everything(),)), own)
    anchor = replace(judged.query, measures=(MetricRef(first.name),), scope=scope)
    return replace(judged, anchor=anchor, first=first)


def event_metric(event: str, manifest: Manifest) -> tuple[Metric, Condition | None]:
    """A count of the rows of a governed event, and which rows they are."""
    step = find_event(manifest, event, AT)
    dataset = manifest.datasets[step.dataset]
    own = None
    if step.value is not None:
        assert dataset.events is not None
        own = Condition(dataset.events.field or "", "in", (step.value,))
    time = None if step.value is not None or step.at == dataset.time else step.at
    definition = Aggregate(step.dataset, "count", filter=step.filter, time=time)
    return Metric(f"event_{step.event}", step.label, definition, "次"), own
