"""前十, 前10%, 第二名, 每个分行前三, 排第几: by rank, ties included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from semantic_layer.compile.derived import ordered, rank_over
from semantic_layer.compile.layers import Layer
from semantic_layer.compile.precision import rounded
from semantic_layer.compile.references import column_name, digits_of, group_name, measure_of
from semantic_layer.compile.tokens import any_of, column, number, text
from semantic_layer.model import Ratio
from semantic_layer.plan.nodes import Plan
from semantic_layer.query import ColumnRef, Limit, MetricQuery, Order
from semantic_layer.resolve.conditions import UNKNOWN

RANK, COUNT, TIES = "rank_", "rank_count_", "rank_ties_"


@dataclass(frozen=True, slots=True)
class Sorting:
    """What the groups are ranked by."""

    order: tuple[Order, ...]
    names: tuple[str, ...]
    descending: tuple[bool, ...]
    digits: tuple[int | None, ...]

    def keys(self) -> list[exp.Ordered]:
        """Sort keys of a window or a statement."""
        return [
            ordered(value, descending=down)
            for value, down in zip(self.values(), self.descending, strict=True)
        ]

    def values(self) -> list[exp.Expression]:
        """What is compared."""
        return [
            rounded(column(name), digits)
            for name, digits in zip(self.names, self.digits, strict=True)
        ]


def sorting_of(plan: Plan, query: MetricQuery) -> Sorting:
    """The asked order; for ranks without one, the first measure, best or largest first."""
    order = query.order
    if not order and (query.limit or query.focus):
        order = (Order(ColumnRef(measure=0), quality=query.focus is not None),)
    names = tuple(column_name(plan, query, o.column) for o in order)
    descending = tuple(_is_descending(plan, o) for o in order)
    return Sorting(order, names, descending, tuple(digits_of(plan, o.column) for o in order))


def _is_descending(plan: Plan, order: Order) -> bool:
    if not order.quality or order.column.group is not None:
        return order.descending
    metric = measure_of(plan, order.column).metric
    low_is_good = metric is not None and metric.direction == "down_is_good"
    return order.descending != low_is_good


def unnamed_last(
    plan: Plan, query: MetricQuery, sorting: Sorting, keys: Sequence[exp.Expression]
) -> list[exp.Expression]:
    """Whether a row is 未知: such rows never win a ranking of rates by their few cases."""
    if query.limit is None or not sorting.order or sorting.order[0].column.group is not None:
        return []
    metric = measure_of(plan, sorting.order[0].column).metric
    if metric is None or not isinstance(metric.definition, Ratio):
        return []
    return [exp.EQ(this=key, expression=text(UNKNOWN)) for key in keys]


def add_ranks(
    layer: Layer,
    plan: Plan,
    query: MetricQuery,
    sorting: Sorting,
    last: Sequence[exp.Expression] = (),
    out: Sequence[exp.Expression] = (),
) -> None:
    """Rank columns for a limit or a focus; rows for which one of `last` holds come last.

    Rows for which one of `out` holds take no place at all, nor does a member in focus whose
    value is missing; without a limit, places are counted within each period.
    """
    flag, last = any_of(out), (*out, *last)
    limit = query.limit
    partition = [group_name(plan, query, at) for at in limit.partition_by] if limit else []
    if limit is None and plan.time_column is not None:
        partition = [plan.time_column]
    missing = exp.Is(this=column(sorting.names[0]), expression=exp.Null())
    behind = (missing, *last) if last else ()
    order = [*(ordered(flag, descending=False) for flag in behind), *sorting.keys()]
    unranked = any_of([*out, missing]) if query.focus is not None else flag
    layer.values[RANK] = _unless(unranked, rank_over(order, partition))
    if limit is None:
        return
    if limit.percent is not None:
        ranked = exp.Count(this=_unless(flag, column(sorting.names[0])))
        layer.values[COUNT] = _over(ranked, partition)
    if limit.offset:
        ties = _over(exp.Count(this=exp.Star()), partition)
        ties.args["partition_by"].extend(sorting.values())
        ties.args["partition_by"].extend(flag.copy() for flag in last)
        layer.values[TIES] = ties


def _unless(flag: exp.Expression | None, value: exp.Expression) -> exp.Expression:
    if flag is None:
        return value
    return exp.Case(ifs=[exp.If(this=flag.copy(), true=exp.Null())], default=value)


def _over(function: exp.Expression, partition: list[str]) -> exp.Window:
    return exp.Window(this=function, partition_by=[column(name) for name in partition])


def rank_conditions(limit: Limit, sorting: Sorting) -> list[exp.Expression]:
    """Which ranks are shown; missing values have none."""
    present = exp.Not(this=exp.Is(this=column(sorting.names[0]), expression=exp.Null()))
    last: exp.Expression = number(limit.offset + (limit.count or 0))
    if limit.percent is not None:
        part = exp.Mul(this=column(COUNT), expression=number(limit.percent / 100))
        last = exp.Ceil(this=part)
    terms: list[exp.Expression] = [present, exp.LTE(this=column(RANK), expression=last)]
    if limit.offset:
        last_place = exp.Add(this=column(RANK), expression=column(TIES))
        bottom = exp.Sub(this=last_place, expression=number(1))
        terms.append(exp.GT(this=bottom, expression=number(limit.offset)))
    return terms
