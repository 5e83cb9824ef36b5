"""The figure of a condition by entity: its value, or in how many periods in a row it holds."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace

from sqlglot import exp

from semantic_layer.compile.precision import RATE_DIGITS, digits_of_unit, rounded
from semantic_layer.compile.stages import Figure, Stages
from semantic_layer.compile.tokens import column, named, number, table
from semantic_layer.plan.windows import base_windows
from semantic_layer.query import (
    ChangeCondition,
    EventCondition,
    Grain,
    MetricCondition,
    MetricRef,
    Predicate,
    TimeGroup,
)
from semantic_layer.resolve.closure import adds_up, is_quotient, leaves
from semantic_layer.resolve.comparisons import TIMELESS
from semantic_layer.resolve.frames import frames_of
from semantic_layer.resolved import ResolvedQuery, metric_query
from semantic_layer.snapshot import Snapshot

OPERATORS: dict[str, type[exp.Expression]] = {
    "gt": exp.GT, "ge": exp.GTE, "lt": exp.LT, "le": exp.LTE, "eq": exp.EQ, "ne": exp.NEQ,
}  # fmt: skip
HOLDS: dict[str, Callable[[float, float], bool]] = {
    "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le,
    "eq": operator.eq, "ne": operator.ne,
}  # fmt: skip
TIMES, BUCKET = "times", "bucket"


def add_figure(
    entity: str, leaf: Predicate, resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> Figure:
    """The figure as a stage with one row per entity."""
    finished = stages.nested(resolved, stages, snapshot)
    key, value = finished.columns[0], finished.columns[-1]
    measure = metric_query(resolved).measures[0]
    assert isinstance(measure, MetricRef)
    label = snapshot.manifest.metrics[measure.metric].label
    stage = stages.add(f"{entity}_{measure.metric}", finished.select, f"每个对象的{label}")
    flow = resolved.counts_rows or is_flow(measure, snapshot)
    digits = _digits(leaf, measure, snapshot)
    if isinstance(leaf, MetricCondition | EventCondition) and leaf.in_a_row is not None:
        return _in_a_row(Figure(stage, key.id, value.id, flow, digits=digits), leaf, stages)
    rate = isinstance(leaf, ChangeCondition) and leaf.show != "diff"
    unknown = _lacks_base(measure, resolved, snapshot)
    return Figure(stage, key.id, value.id, flow and not rate and not unknown, digits=digits)


def _lacks_base(measure: MetricRef, resolved: ResolvedQuery, snapshot: Snapshot) -> bool:
    """Whether the data does not cover what a change is measured from: no change is known."""
    frames = frames_of(resolved.spans, resolved.grain)
    dated = (c for c in metric_query(resolved).compare if c.base not in TIMELESS)
    return any(
        not base_windows(part, part.is_stock, frames, comparison, resolved, snapshot)
        for comparison in dated
        for part in leaves(snapshot.manifest, measure.metric)
    )


def _digits(leaf: Predicate | None, measure: MetricRef, snapshot: Snapshot) -> int | None:
    if isinstance(leaf, ChangeCondition) and leaf.show == "rate":
        return RATE_DIGITS
    divided = is_quotient(measure, snapshot.manifest)
    return digits_of_unit(snapshot.manifest.metrics[measure.metric].unit) if divided else None


def add_figure_by_period(
    entity: str, resolved: ResolvedQuery, grain: Grain, snapshot: Snapshot, stages: Stages
) -> Figure:
    """The figure of every time bucket in one stage, a row per entity and bucket."""
    query = metric_query(resolved)
    grouped = replace(query, group_by=(*query.group_by, TimeGroup(grain)))
    by_period = replace(resolved, query=grouped, grain=grain)
    finished = stages.nested(by_period, stages, snapshot)
    columns = finished.select.expressions
    first_day = columns[1].find(exp.Column)
    assert first_day is not None
    shown = [columns[0], named(first_day.copy(), BUCKET), *columns[2:]]
    finished.select.set("expressions", shown)
    measure = query.measures[0]
    assert isinstance(measure, MetricRef)
    label = snapshot.manifest.metrics[measure.metric].label
    stage = stages.add(f"{entity}_{measure.metric}", finished.select, f"每个对象逐期的{label}")
    key, value = finished.columns[0], finished.columns[-1]
    digits = _digits(None, measure, snapshot)
    return Figure(stage, key.id, value.id, is_flow(measure, snapshot), digits=digits)


def is_flow(measure: MetricRef, snapshot: Snapshot) -> bool:
    """Whether no rows mean 0."""
    stocks = any(part.is_stock for part in leaves(snapshot.manifest, measure.metric))
    return adds_up(measure, snapshot.manifest) and not stocks


def _in_a_row(figure: Figure, leaf: MetricCondition | EventCondition, stages: Stages) -> Figure:
    """In how many periods the condition holds; where silence fulfils it, where it fails."""
    value = column(figure.column)
    assert leaf.in_a_row is not None
    if isinstance(leaf, EventCondition):
        counted: exp.Expression = exp.GTE(this=value, expression=number(leaf.at_least))
        wanted = leaf.in_a_row if leaf.did else 0
    else:
        counted, wanted = _holding(figure, leaf, value)
    times = exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=counted))
    select = exp.Select(expressions=[column(figure.key), named(times, TIMES)])
    select.set("from_", exp.From(this=table(figure.stage)))
    select.set("group", exp.Group(expressions=[number(1)]))
    stage = stages.add(f"{figure.stage}_in_a_row", select, f"连续{leaf.in_a_row}期各对象满足的期数")
    return Figure(stage, figure.key, TIMES, zero=True, wanted=wanted)


def _holding(
    figure: Figure, leaf: MetricCondition, value: exp.Expression
) -> tuple[exp.Expression, int]:
    assert leaf.in_a_row is not None
    holds = OPERATORS[leaf.op](this=rounded(value, figure.digits), expression=number(leaf.value))
    if not (figure.zero and HOLDS[leaf.op](0, leaf.value)):
        return holds, leaf.in_a_row
    fails = exp.Not(this=exp.Coalesce(this=holds, expressions=[exp.true()]))
    return fails, 0
