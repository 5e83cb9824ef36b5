"""Rows that are listed and counted in, but take no place among the others.

总行直属 is no branch; nobody is no customer; a rate over eleven customers is chance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from semantic_layer.compile.groups import GroupColumn
from semantic_layer.compile.references import group_name, measure_of
from semantic_layer.compile.tokens import any_of, named, number, table, text
from semantic_layer.plan.nodes import Plan, PlannedMeasure
from semantic_layer.query import MetricQuery, Order
from semantic_layer.resolve.paths import ENTITY

Value = Callable[[str], exp.Expression]


def small_name(measure: PlannedMeasure) -> str:
    """Hidden column that says whether a rate has too few cases behind it."""
    return f"{measure.column}.small"


def is_small(cases: exp.Expression, least: float) -> exp.Expression:
    """Whether there are cases, but too few."""
    some = exp.GT(this=cases, expression=number(0))
    return exp.And(this=some, expression=exp.LT(this=cases.copy(), expression=number(least)))


def unplaced(
    plan: Plan,
    query: MetricQuery,
    order: Sequence[Order],
    groups: Sequence[GroupColumn],
    key: Value,
    value: Value,
) -> tuple[exp.Expression, ...]:
    """Why a row takes no place when ranked by this order; each is true or false."""
    if not order or order[0].column.group is not None:
        return ()
    found: list[exp.Expression] = []
    apart = {group_name(plan, query, at) for at in query.limit.partition_by} if query.limit else ()
    for group in groups:
        if group.field.unranked and group.name not in apart:
            members = [text(member) for member in group.field.unranked]
            found.append(exp.In(this=key(group.name), expressions=members))
        if group.dimension.startswith(ENTITY):
            found.append(exp.Is(this=key(group.name), expression=exp.Null()))
    measure = measure_of(plan, order[0].column)
    if measure.cases is not None:
        found.append(value(small_name(measure)))
    return tuple(found)


def placed_count(listed: str, out: Sequence[exp.Expression]) -> exp.Select:
    """How many groups a stage lists, and how many of them take a place."""
    counts = [named(exp.Count(this=exp.Star()), "groups")]
    flag = any_of(out)
    if flag is not None:
        placed = exp.Case(ifs=[exp.If(this=flag, true=exp.Null())], default=number(1))
        counts.append(named(exp.Count(this=placed), "placed"))
    select = exp.Select(expressions=counts)
    select.set("from_", exp.From(this=table(listed)))
    return select
