"""How often something was done within some days after the first time of something else."""

from __future__ import annotations

from sqlglot import exp

from semantic_layer.compile.predicates import predicate_sql
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.stages import Figure, Stages
from semantic_layer.compile.times import is_date, within
from semantic_layer.compile.tokens import all_of, column, day, guarded, named, number, table
from semantic_layer.model import Aggregate
from semantic_layer.query import EventCondition, MetricRef
from semantic_layer.resolve.members import with_metric
from semantic_layer.resolve.sets import entity_dimension
from semantic_layer.resolve.units import Days
from semantic_layer.resolved import ResolvedLeaf, ResolvedQuery, metric_query
from semantic_layer.snapshot import Snapshot

KEY, MOMENT, SINCE, TIMES = "entity_key", "happened_on", "first_day", "times"


def add_days_after(
    leaf: ResolvedLeaf, resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> Figure:
    """One row per entity that did the first thing: how often it did the second one in time."""
    known = leaf.leaf
    assert isinstance(known, EventCondition)
    assert leaf.anchor is not None
    assert leaf.first is not None
    anchored = with_metric(snapshot, leaf.first)
    finished = stages.nested(leaf.anchor, stages, anchored)
    own, since = finished.columns[0].id, finished.columns[-1].id
    starts = stages.add(f"first_{leaf.entity}", finished.select, f"首次{leaf.first.label}的日期")
    rows = stages.add("then_done", _rows(leaf, resolved, snapshot, stages), "之后做的事")
    first, last = column(since, starts), _later(column(since, starts), known.after_days or 0)
    inside = all_of(
        [
            exp.EQ(this=column(KEY, rows), expression=column(own, starts)),
            exp.GTE(this=column(MOMENT, rows), expression=first),
            exp.LTE(this=column(MOMENT, rows), expression=last),
        ]
    )
    times = exp.Count(this=column(MOMENT, rows))
    select = exp.Select(expressions=[named(column(own, starts), own), named(times, TIMES)])
    select.set("from_", exp.From(this=table(starts)))
    select.set("joins", [exp.Join(this=table(rows), side="LEFT", on=inside)])
    if not known.did:
        over = exp.LTE(this=last.copy(), expression=day(resolved.spans[-1].end))
        select.set("where", exp.Where(this=over))
    select.set("group", exp.Group(expressions=[number(1)]))
    label = f"起算后{known.after_days}天内的次数"
    return Figure(stages.add(f"{leaf.entity}_days_after", select, label), own, TIMES, zero=False)


def _rows(
    leaf: ResolvedLeaf, resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> exp.Select:
    """Who did it when, with the row policy and every condition."""
    measure = metric_query(resolved).measures[0]
    assert isinstance(measure, MetricRef)
    definition = snapshot.manifest.metrics[measure.metric].definition
    assert isinstance(definition, Aggregate)
    scan = Scan(snapshot.manifest.datasets[definition.dataset], resolved, snapshot)
    key = scan.dimension(entity_dimension(leaf.entity, snapshot.manifest))
    time = definition.time or scan.dataset.time or ""
    moment = scan.field((), time)
    span = resolved.spans[-1]
    select = scan.select()
    terms = [select.args["where"].this] if select.args.get("where") else []
    terms.append(within(moment, Days(span.start, span.end), is_date(scan, time)))
    if definition.filter is not None:
        terms.append(guarded(scan.expression(definition.filter)))
    if resolved.where is not None:
        terms.append(predicate_sql(resolved.where, scan))
    select.set("expressions", [named(key, KEY), named(_as_day(moment.copy()), MOMENT)])
    select.set("where", exp.Where(this=all_of(terms)))
    scan.attach_joins(select)
    stages.sources |= scan.sources
    return select


def _as_day(value: exp.Expression) -> exp.Expression:
    return exp.Cast(this=value, to=exp.DataType(this=exp.DataType.Type.DATE))


def _later(start: exp.Expression, days: int) -> exp.Expression:
    moved = exp.DateAdd(this=start, expression=number(days), unit=exp.Var(this="DAY"))
    return _as_day(moved)
