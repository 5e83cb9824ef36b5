"""Bands and sets as groups: the entity of a row is looked up in a stage of its own."""

from __future__ import annotations

from typing import Protocol

from sqlglot import exp

from semantic_layer.compile.bands import band_case
from semantic_layer.compile.figures import is_flow
from semantic_layer.compile.groups import NO_RECORD, REST, bucket_labels
from semantic_layer.compile.moments import Moment, judged_at, moments
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.tokens import coalesce, column, named, number, quotient, table, text
from semantic_layer.model import Band
from semantic_layer.plan.nodes import Branch
from semantic_layer.query import BucketGroup, MetricCondition, MetricRef, Set, SetGroup
from semantic_layer.resolve.groupings import GROUPING, set_label
from semantic_layer.resolve.sets import entity_dataset, entity_dimension
from semantic_layer.resolved import ResolvedGrouping, ResolvedLeaf, ResolvedQuery, metric_query
from semantic_layer.snapshot import Snapshot

MEASURED, NAMED = "measured", "set_name"


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


def grouping_value(name: str, scan: Scan, judge: Judge) -> exp.Expression:
    """The band or the set of the entity of a row; joins what it is looked up in."""
    position = int(name.removeprefix(GROUPING))
    group = metric_query(judge.resolved).group_by[position]
    judged = moments(judge.resolved, judge.branch)
    moment = judged[0] if judged else None
    if isinstance(group, SetGroup):
        stage, key = _sets_stage(group, judge, moment)
        _join(scan, stage, key, group.sets[0].entity, keeps=group.rest)
        found = column(NAMED, stage)
        return coalesce(found, text(REST)) if group.rest else found
    assert isinstance(group, BucketGroup)
    known = next(g for g in judge.resolved.groupings if g.position == position)
    stage, key, zero = _measured_stage(group, known, judge, moment)
    _join(scan, stage, key, group.entity, keeps=True)
    value: exp.Expression = column(MEASURED, stage)
    return _band(group, coalesce(value, number(0)) if zero else value)


def _join(scan: Scan, stage: str, key: str, entity: str, *, keeps: bool) -> None:
    """Looks the entity of a row up; without `keeps`, others are left out."""
    joins = (f"{GROUPING}{stage}",)
    if joins in scan.aliases:
        return
    own = scan.dimension(entity_dimension(entity, scan.snapshot.manifest))
    scan.aliases[joins] = stage
    same = exp.EQ(this=own, expression=column(key, stage))
    scan.steps.append(exp.Join(this=table(stage), side="LEFT" if keeps else None, on=same))


def _band(group: BucketGroup, value: exp.Expression) -> exp.Expression:
    if group.width is not None:
        steps = exp.Floor(this=quotient(value, number(group.width)))
        return exp.Mul(this=steps, expression=number(group.width))
    labels = bucket_labels(group)
    if group.edges:
        return coalesce(band_case(Band(group.of, group.edges), value), text(NO_RECORD))
    cases = [exp.If(this=number(at), true=text(label)) for at, label in enumerate(labels, start=1)]
    return exp.Case(this=value, ifs=cases, default=text(NO_RECORD))


def _measured_stage(
    group: BucketGroup, known: ResolvedGrouping, judge: Judge, moment: Moment | None
) -> tuple[str, str, bool]:
    """A stage with the number of every entity; whether no row means 0."""
    if known.query is None:
        stage, key = _attribute_stage(group, known, judge)
        zero = False
    else:
        stage, key, zero = _metric_stage(group, known.query, judge, moment)
    if group.count is None:
        return stage, key, zero
    return _ranked(stage, key, group.count, judge), key, False


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


def _ranked(stage: str, key: str, count: int, judge: Judge) -> str:
    """Equally large groups by rank; ties fall by key, the same way every time."""
    shared = ("quantiles", stage, count)
    if shared not in judge.stages.shared:
        order = [exp.Ordered(this=column(name)) for name in (MEASURED, key)]
        place = exp.Window(this=exp.Ntile(this=number(count)), order=exp.Order(expressions=order))
        select = exp.Select(expressions=[column(key), named(place, MEASURED)])
        select.set("from_", exp.From(this=table(stage)))
        known = exp.Not(this=exp.Is(this=column(MEASURED), expression=exp.Null()))
        select.set("where", exp.Where(this=known))
        judge.stages.shared[shared] = judge.stages.add(f"{stage}_groups", select, f"等分{count}组")
    return judge.stages.shared[shared]


def _sets_stage(group: SetGroup, judge: Judge, moment: Moment | None) -> tuple[str, str]:
    """The members of all sets, each with the name of its set."""
    key = judge.key(group.sets[0])
    shared = ("side by side", group, moment)
    if shared not in judge.stages.shared:
        queries = [
            _members(judge.stage(set_, moment), key, set_label(group, at))
            for at, set_ in enumerate(group.sets)
        ]
        query: exp.Query = queries[0]
        for following in queries[1:]:
            query = exp.Union(this=query, expression=following, distinct=False)
        judge.stages.shared[shared] = judge.stages.add("sets_side_by_side", query, "并列的客群")
    return judge.stages.shared[shared], key


def _members(stage: str, key: str, label: str) -> exp.Select:
    select = exp.Select(expressions=[column(key), named(text(label), NAMED)])
    select.set("from_", exp.From(this=table(stage)))
    return select
