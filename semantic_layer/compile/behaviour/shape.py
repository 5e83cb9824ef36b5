"""Pieces that the four kinds of statement share: windows, time arithmetic, columns."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from semantic_layer.compile.behaviour.log import SPAN, WHO, Log
from semantic_layer.compile.buckets import bucket_label, span_label
from semantic_layer.compile.columns import PERCENT, group_column, time_column
from semantic_layer.compile.groups import declared_order
from semantic_layer.compile.tokens import column, number, table
from semantic_layer.model import Format
from semantic_layer.query import TimeGroup
from semantic_layer.result import Column

DAYS, MINUTES = "天", "分钟"
ONE_ROW = exp.Literal.number(1)


def over(
    function: exp.Expression,
    log: Log,
    within: list[exp.Expression],
    *,
    start: exp.Expression | None,
    end: exp.Expression | None,
) -> exp.Expression:
    """A function over the rows of one actor, in order; None: without bound."""
    spec = exp.WindowSpec(
        kind="ROWS",
        start=start.copy() if start else "UNBOUNDED",
        start_side="FOLLOWING" if start else "PRECEDING",
        end=end.copy() if end else "UNBOUNDED",
        end_side="PRECEDING" if end else "FOLLOWING",
    )
    return exp.Window(this=function, partition_by=within, order=in_order(log), spec=spec)


def before(function: exp.Expression, log: Log) -> exp.Expression:
    """Over the rows before this one, itself excluded: no row is two steps."""
    return over(function, log, partition(log), start=None, end=ONE_ROW)


def after(function: exp.Expression, log: Log) -> exp.Expression:
    """Over the rows of the actor after this one in any group, itself excluded."""
    return over(function, log, [column(WHO)], start=ONE_ROW, end=None)


def partition(log: Log) -> list[exp.Expression]:
    """One actor in one group."""
    return [column(WHO), *map(column, log.keys)]


def in_order(log: Log) -> exp.Order:
    """The order of the rows of one actor."""
    return exp.Order(expressions=[ascending(column(name)) for name in log.order])


def ascending(node: exp.Expression) -> exp.Ordered:
    """Smallest first, missing ones last."""
    return exp.Ordered(this=node, nulls_first=False)


def descending(node: exp.Expression) -> exp.Ordered:
    """Largest first, missing ones last."""
    return exp.Ordered(this=node, desc=True, nulls_first=False)


def within_days(later: exp.Expression, earlier: exp.Expression, days: int) -> exp.Expression:
    """Not more than so many days after."""
    interval = exp.Interval(this=exp.Literal.string(str(days)), unit=exp.Var(this="DAY"))
    limit = exp.Add(this=earlier, expression=interval)
    return exp.LTE(this=later, expression=limit)


def elapsed(earlier: exp.Expression, later: exp.Expression, log: Log) -> exp.Expression:
    """Time between: minutes where moments are known, else days."""
    if not log.behaviour.by_time:
        return exp.DateDiff(this=later, expression=earlier, unit=exp.Var(this="DAY"))
    seconds = exp.DateDiff(this=later, expression=earlier, unit=exp.Var(this="SECOND"))
    return exp.Div(this=seconds, expression=exp.Literal.number("60.0"))


def elapsed_unit(log: Log) -> str:
    """The unit of `elapsed`."""
    return MINUTES if log.behaviour.by_time else DAYS


def ratio(part: exp.Expression, whole: exp.Expression) -> exp.Expression:
    """A share as a fraction; missing when there is no whole."""
    exact = exp.Mul(this=exp.Literal.number("1.0"), expression=part)
    return exp.Div(this=exact, expression=exp.Nullif(this=whole, expression=number(0)))


def left_over(whole: exp.Expression, part: exp.Expression) -> exp.Expression:
    """How many are in the whole but not in the part."""
    return exp.Paren(this=exp.Sub(this=whole.copy(), expression=part.copy()))


def select_from(stage: str, shown: Iterable[exp.Expression]) -> exp.Select:
    """A SELECT from one stage."""
    select = exp.Select(expressions=list(shown))
    select.set("from_", exp.From(this=table(stage)))
    return select


def grouped(select: exp.Select, names: Iterable[str]) -> exp.Select:
    """The SELECT grouped by columns of its source."""
    nodes: list[exp.Expression] = [column(name) for name in names]
    if nodes:
        select.set("group", exp.Group(expressions=nodes))
    return select


def key_columns(log: Log) -> tuple[Column, ...]:
    """The groups as result columns."""
    dimensions = iter(log.dimensions)
    groups = tuple(
        time_column(group.grain) if isinstance(group, TimeGroup) else group_column(next(dimensions))
        for group in log.groups
    )
    return (time_column(SPAN), *groups) if log.spanned else groups


def shown_keys(log: Log) -> list[exp.Expression]:
    """The periods and groups as they are written in the result, under their own names."""
    shown: list[exp.Expression] = [] if not log.spanned else [_span_name(log)]
    for group, key in zip(log.groups, log.keys[-len(log.groups) :], strict=False):
        value: exp.Expression = column(key)
        if isinstance(group, TimeGroup) and group.grain != "date":
            value = exp.Alias(this=bucket_label(group.grain, value), alias=exp.to_identifier(key))
        shown.append(value)
    return shown


def _span_name(log: Log) -> exp.Expression:
    labels = {at: span.label for at, span in enumerate(log.resolved.spans)}
    return exp.Alias(this=span_label(labels, column(SPAN)), alias=exp.to_identifier(SPAN))


def key_order(log: Log, size: str, stage: str) -> list[exp.Ordered]:
    """Time first to last; then members in their declared order, else the largest first."""
    dimensions = {d.name: d for d in log.dimensions}
    terms = [ascending(column(key, stage)) for key in log.times]
    declared = [declared_order(d, column(d.name)) for d in dimensions.values()]
    if dimensions and None in declared:
        terms.append(descending(column(size)))
    terms += [ascending(node) for node in declared if node is not None]
    return terms + [ascending(column(name)) for name in dimensions]


def count_column(name: str, label: str, unit: str) -> Column:
    """A number of actors."""
    return Column(name, label, "metric", unit)


def rate_column(name: str, label: str) -> Column:
    """A share of actors."""
    return Column(name, label, "metric", "percent", PERCENT, direction="up_is_good")


def duration_column(name: str, label: str, unit: str) -> Column:
    """A time between two events."""
    return Column(name, label, "metric", unit, Format("number", decimals=1))
