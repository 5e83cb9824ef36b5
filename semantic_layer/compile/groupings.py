"""Bands and sets as groups: the entity of a row is looked up in a stage of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlglot import exp

from semantic_layer.compile.bands import band_case
from semantic_layer.compile.buckets import key_literal
from semantic_layer.compile.figures import BUCKET, add_figure_by_period, is_flow
from semantic_layer.compile.groups import NO_RECORD, REST, bucket_labels
from semantic_layer.compile.moments import (
    Moment,
    is_bucket,
    is_dated,
    judged_at,
    moments,
    not_too_many,
)
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.tokens import (
    all_of,
    coalesce,
    column,
    named,
    number,
    quotient,
    table,
    text,
)
from semantic_layer.model import Band
from semantic_layer.plan.nodes import Branch
from semantic_layer.query import BucketGroup, MetricCondition, MetricRef, Set, SetGroup
from semantic_layer.resolve.groupings import (
    GROUPING,
    entities_of,
    grouped_query,
    moving_groups,
    set_label,
)
from semantic_layer.resolve.sets import entity_dataset, entity_dimension
from semantic_layer.resolved import ResolvedGrouping, ResolvedLeaf, ResolvedQuery
from semantic_layer.snapshot import Snapshot

MEASURED, NAMED, PERIOD = "measured", "set_name", "judged_period"


class Judge(Protocol):
    """The stages of sets of one branch."""

    @property
    def resolved(self) -> ResolvedQuery:
        """The query."""
        ...

    @property
    def snapshot(self) -> Snapshot:
        """The definitions it is read with."""
        ...

    @property
    def stages(self) -> Stages:
        """The stages of the statement."""
        ...

    @property
    def branch(self) -> Branch | None:
        """The branch whose rows are grouped."""
        ...

    def stage(self, set_: Set, moment: Moment | None) -> str:
        """The stage with the keys of the members."""
        ...

    def key(self, set_: Set) -> str:
        """The column of that stage."""
        ...


@dataclass(frozen=True, slots=True)
class _Looked:
    """Where an entity's band or set is looked up."""

    stage: str
    key: str
    keeps: bool
    """False: who is not found there is left out."""
    zero: bool = False
    """Who is not found there has 0."""
    by_period: bool = False
    """One row per entity and period."""


def grouping_value(name: str, scan: Scan, judge: Judge) -> exp.Expression:
    """The band or the set of the entity of a row; joins what it is looked up in."""
    group, looked = _looked(name, judge, timed=scan.time_key is not None)
    entity = entities_of(group)[0]
    _join(scan, looked, entity)
    return _shown(group, looked, _entity(entity, scan))


def looked_up(
    name: str, judge: Judge, who: exp.Expression, time_key: exp.Expression | None
) -> tuple[exp.Expression, exp.Join]:
    """The same of somebody known, and the join that it needs. `time_key`: in which period."""
    group, looked = _looked(name, judge, timed=time_key is not None)
    same: exp.Expression = exp.EQ(this=who.copy(), expression=column(looked.key, looked.stage))
    if looked.by_period:
        assert time_key is not None
        then = exp.EQ(this=time_key.copy(), expression=column(PERIOD, looked.stage))
        same = exp.And(this=same, expression=then)
    side = "LEFT" if looked.keeps else None
    return _shown(group, looked, who), exp.Join(this=table(looked.stage), side=side, on=same)


def _looked(name: str, judge: Judge, *, timed: bool) -> tuple[BucketGroup | SetGroup, _Looked]:
    position = int(name.removeprefix(GROUPING))
    group = grouped_query(judge.resolved).group_by[position]
    judged = moments(judge.resolved, judge.branch)
    if name not in moving_groups(judge.resolved) or not timed:
        judged = judged[:1]
    if isinstance(group, SetGroup):
        return group, _sets_looked(group, judge, judged)
    assert isinstance(group, BucketGroup)
    known = next(g for g in judge.resolved.groupings if g.position == position)
    return group, _bands_looked(group, known, judge, judged)


def _shown(group: BucketGroup | SetGroup, looked: _Looked, who: exp.Expression) -> exp.Expression:
    if isinstance(group, SetGroup):
        found = column(NAMED, looked.stage)
        return coalesce(found, text(REST)) if group.rest else found
    value: exp.Expression = column(MEASURED, looked.stage)
    if looked.zero:
        somebody = exp.Not(this=exp.Is(this=who.copy(), expression=exp.Null()))
        value = exp.Case(ifs=[exp.If(this=somebody, true=coalesce(value, number(0)))])
    return _band(group, value)


def _entity(entity: str, scan: Scan) -> exp.Expression:
    """Whose row it is; missing for rows of nobody."""
    return scan.number(entity_dimension(entity, scan.snapshot.manifest))


def _join(scan: Scan, looked: _Looked, entity: str) -> None:
    """Looks the entity of a row up, in the row's own period."""
    joins = (f"{GROUPING}{looked.stage}",)
    if joins in scan.aliases:
        return
    own = _entity(entity, scan)
    scan.aliases[joins] = looked.stage
    same: exp.Expression = exp.EQ(this=own, expression=column(looked.key, looked.stage))
    if looked.by_period:
        assert scan.time_key is not None
        then = exp.EQ(this=scan.time_key.copy(), expression=column(PERIOD, looked.stage))
        same = exp.And(this=same, expression=then)
    side = "LEFT" if looked.keeps else None
    steps = scan.late if looked.by_period else scan.steps
    steps.append(exp.Join(this=table(looked.stage), side=side, on=same))


def _band(group: BucketGroup, value: exp.Expression) -> exp.Expression:
    if group.width is not None:
        steps = exp.Floor(this=quotient(value, number(group.width)))
        return exp.Mul(this=steps, expression=number(group.width))
    labels = bucket_labels(group)
    if group.edges:
        return coalesce(band_case(Band(group.of, group.edges), value), text(NO_RECORD))
    cases = [exp.If(this=number(at), true=text(label)) for at, label in enumerate(labels, start=1)]
    return exp.Case(this=value, ifs=cases, default=text(NO_RECORD))


def _bands_looked(
    group: BucketGroup, known: ResolvedGrouping, judge: Judge, judged: tuple[Moment, ...]
) -> _Looked:
    """A stage with the number of every entity, or with its place among equally large groups."""
    by_period, zero = len(judged) > 1, False
    if known.query is None:
        stage, key = _attribute_stage(group, known, judge)
    elif by_period:
        stage, key, zero = _metric_by_period(group, known.query, judge, judged)
    else:
        stage, key, zero = _metric_stage(group, known.query, judge, judged[0] if judged else None)
    if group.count is not None:
        stage, zero = _ranked(stage, key, group.count, judge, by_period=by_period), False
    return _Looked(stage, key, keeps=True, zero=zero, by_period=by_period)


def _metric_by_period(
    group: BucketGroup, query: ResolvedQuery, judge: Judge, judged: tuple[Moment, ...]
) -> tuple[str, str, bool]:
    """The number of every entity in every period."""
    buckets = all(is_bucket(judge.resolved, judge.branch, moment) for moment in judged)
    if buckets and is_dated(query, judge.snapshot):
        return _metric_by_bucket(group, query, judge)
    shared = ("measured by period", group.entity, group.of, judged)
    stages = [_metric_stage(group, query, judge, moment) for moment in not_too_many(judged)]
    _, key, zero = stages[0]
    if shared not in judge.stages.shared:
        parts = [
            _of_period(stage, key, column(MEASURED), moment)
            for (stage, _, _), moment in zip(stages, judged, strict=True)
        ]
        name = f"{group.entity}_{group.of}_by_period"
        judge.stages.shared[shared] = judge.stages.add(name, _union(parts), "逐期的数")
    return judge.stages.shared[shared], key, zero


def _metric_by_bucket(
    group: BucketGroup, query: ResolvedQuery, judge: Judge
) -> tuple[str, str, bool]:
    """The number of every entity in every time bucket of the result, read once."""
    shared, grain = ("measured by bucket", group.entity, group.of), judge.resolved.grain
    assert grain is not None
    if shared not in judge.stages.shared:
        whole = replace(query, spans=judge.resolved.spans)
        figure = add_figure_by_period(group.entity, whole, grain, judge.snapshot, judge.stages)
        value = named(column(figure.column), MEASURED)
        select = exp.Select(expressions=[column(figure.key), named(column(BUCKET), PERIOD), value])
        select.set("from_", exp.From(this=table(figure.stage)))
        name = judge.stages.add(f"{figure.stage}_by_period", select, "逐期的数")
        judge.stages.shared[shared] = name
    own = entity_dataset(group.entity, judge.snapshot.manifest)
    key = own.key[0] if own is not None else group.entity
    return judge.stages.shared[shared], key, is_flow(MetricRef(group.of), judge.snapshot)


def _of_period(stage: str, key: str, value: exp.Expression, moment: Moment) -> exp.Select:
    period = named(key_literal(moment.key), PERIOD)
    select = exp.Select(expressions=[column(key), period, value])
    select.set("from_", exp.From(this=table(stage)))
    return select


def _union(queries: Sequence[exp.Select]) -> exp.Query:
    found: exp.Query = queries[0]
    for following in queries[1:]:
        found = exp.Union(this=found, expression=following, distinct=False)
    return found


def _metric_stage(
    group: BucketGroup, query: ResolvedQuery, judge: Judge, moment: Moment | None
) -> tuple[str, str, bool]:
    leaf = ResolvedLeaf(group.entity, MetricCondition(group.of, "ge", 0), query, inherits=True)
    at = judged_at(leaf, moment, judge.snapshot)
    own = entity_dataset(group.entity, judge.snapshot.manifest)
    key = own.key[0] if own is not None else group.entity
    shared = ("measured", group.entity, group.of, at.spans)
    if shared not in judge.stages.shared:
        finished = judge.stages.nested(at, judge.stages, judge.snapshot)
        value = finished.columns[-1].id
        kept = [n for n in finished.select.expressions if n.alias_or_name in (key, value)]
        shown = [named(n.unalias(), MEASURED) if n.alias_or_name == value else n for n in kept]
        finished.select.set("expressions", shown)
        label = judge.snapshot.manifest.metrics[group.of].label
        stage = f"{group.entity}_{group.of}"
        judge.stages.shared[shared] = judge.stages.add(stage, finished.select, f"每个对象的{label}")
    return judge.stages.shared[shared], key, is_flow(MetricRef(group.of), judge.snapshot)


def _attribute_stage(group: BucketGroup, known: ResolvedGrouping, judge: Judge) -> tuple[str, str]:
    path = known.attribute
    assert path is not None
    dataset = judge.snapshot.manifest.datasets[path.dataset]
    shared = ("measured", group.entity, group.of)
    if shared not in judge.stages.shared:
        scan = Scan(dataset, judge.resolved, judge.snapshot)
        select = scan.select()
        value = scan.field(path.joins, path.field)
        key = scan.field((), dataset.key[0])
        select.set("expressions", [named(key, dataset.key[0]), named(value, MEASURED)])
        scan.attach_joins(select)
        judge.stages.sources |= scan.sources
        label = judge.snapshot.manifest.dimensions[group.of.rpartition(".")[2]].label
        name = judge.stages.add(f"{group.entity}_{group.of}", select, f"每个对象的{label}")
        judge.stages.shared[shared] = name
    return judge.stages.shared[shared], dataset.key[0]


def _ranked(stage: str, key: str, count: int, judge: Judge, *, by_period: bool) -> str:
    """Equally large groups by rank; ties fall by key, the same way every time."""
    shared = ("quantiles", stage, count)
    if shared not in judge.stages.shared:
        periods = [PERIOD] if by_period else []
        order = [exp.Ordered(this=column(name)) for name in (MEASURED, key)]
        place = exp.Window(
            this=exp.Ntile(this=number(count)),
            partition_by=[column(name) for name in periods],
            order=exp.Order(expressions=order),
        )
        keys = [column(name) for name in (key, *periods)]
        select = exp.Select(expressions=[*keys, named(place, MEASURED)])
        select.set("from_", exp.From(this=table(stage)))
        known = [exp.Not(this=exp.Is(this=column(name), expression=exp.Null()))
                 for name in (MEASURED, key)]  # fmt: skip
        select.set("where", exp.Where(this=all_of(known)))
        judge.stages.shared[shared] = judge.stages.add(f"{stage}_groups", select, f"等分{count}组")
    return judge.stages.shared[shared]


def _sets_looked(group: SetGroup, judge: Judge, judged: tuple[Moment, ...]) -> _Looked:
    """The members of all sets, each with the name of its set."""
    key, by_period = judge.key(group.sets[0]), len(judged) > 1
    shared = ("side by side", group, judged)
    if shared not in judge.stages.shared:
        parts = []
        for moment in not_too_many(judged) or (None,):
            for at, set_ in enumerate(group.sets):
                stage, label = judge.stage(set_, moment), named(text(set_label(group, at)), NAMED)
                if by_period and moment is not None:
                    parts.append(_of_period(stage, key, label, moment))
                else:
                    parts.append(_members(stage, key, label))
        name = judge.stages.add("sets_side_by_side", _union(parts), "并列的客群")
        judge.stages.shared[shared] = name
    return _Looked(judge.stages.shared[shared], key, keeps=group.rest, by_period=by_period)


def _members(stage: str, key: str, label: exp.Expression) -> exp.Select:
    select = exp.Select(expressions=[column(key), label])
    select.set("from_", exp.From(this=table(stage)))
    return select
