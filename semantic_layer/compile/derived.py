"""Figures beside a measure: difference, growth, points, change of rank, share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from semantic_layer.compile.precision import digits_of_values, rounded
from semantic_layer.compile.tokens import column, number, quotient
from semantic_layer.plan.nodes import Compared, PlannedMeasure
from semantic_layer.query import Show


def whole_name(measure: PlannedMeasure) -> str:
    """Column of the whole that a share divides by."""
    return f"{measure.column}.whole"


def compared_name(measure: PlannedMeasure, compared: Compared, show: Show) -> str:
    """Result column of a figure of a comparison."""
    return f"{measure.column}.{compared.base}.{show}"


def progress_name(measure: PlannedMeasure, compared: Compared) -> str:
    """Result column of the part of the year that has passed."""
    return f"{measure.column}.{compared.base}.progress"


def year_progress(measure: PlannedMeasure) -> dict[str, exp.Expression]:
    """The part of the year that has passed, beside targets for a year."""
    return {
        progress_name(measure, compared): quotient(*map(number, compared.progress))
        for compared in measure.compared
        if compared.progress is not None
    }


def compared_value(
    measure: PlannedMeasure,
    compared: Compared,
    show: Show,
    time: str | None,
    out: Sequence[exp.Expression] = (),
) -> exp.Expression:
    """A figure of a comparison from the value and its base; `out`: why a row has no place."""
    value, base = column(measure.column), column(compared.column)
    if show == "value":
        return base
    change = exp.Sub(this=value, expression=base)
    if show == "rate" and compared.base == "target":
        set_target = exp.GT(this=base.copy(), expression=number(0))
        return exp.Case(ifs=[exp.If(this=set_target, true=quotient(value, base.copy()))])
    if show == "rate":
        positive = exp.GT(this=base.copy(), expression=number(0))
        rate = quotient(change, base.copy())
        return exp.Case(ifs=[exp.If(this=positive, true=rate)])
    if show == "rank":
        return _rank_change(measure, compared, time, out)
    return change


def _rank_change(
    measure: PlannedMeasure, compared: Compared, time: str | None, out: Sequence[exp.Expression]
) -> exp.Expression:
    """Places won since the base; missing when either value is, or the row has no place."""
    lower_is_better = measure.metric is not None and measure.metric.direction == "down_is_good"
    digits = digits_of_values(measure)
    before, now = (
        rank_over(
            [
                *(ordered(flag.copy(), descending=False) for flag in out),
                ordered(rounded(column(name), digits), descending=not lower_is_better),
            ],
            [time] if time else [],
        )
        for name in (compared.column, measure.column)
    )
    both: exp.Expression = exp.And(
        this=_present(measure.column), expression=_present(compared.column)
    )
    for flag in out:
        both = exp.And(this=both, expression=exp.Not(this=exp.Paren(this=flag.copy())))
    return exp.Case(ifs=[exp.If(this=both, true=exp.Sub(this=before, expression=now))])


def _present(name: str) -> exp.Expression:
    return exp.Not(this=exp.Is(this=column(name), expression=exp.Null()))


def rank_over(order: list[exp.Ordered], partition: list[str]) -> exp.Window:
    """1, 2, 2, 4 within a partition."""
    return exp.Window(
        this=exp.Rank(),
        partition_by=[column(name) for name in partition],
        order=exp.Order(expressions=order),
    )


def ordered(node: exp.Expression, *, descending: bool) -> exp.Ordered:
    """A sort key; missing values come last either way."""
    return exp.Ordered(this=node, desc=descending, nulls_first=False)


def sum_of_members(measure: PlannedMeasure, partition: list[str]) -> exp.Expression:
    """The whole of something whose members make it up."""
    return _over(exp.Sum(this=column(measure.column)), partition)


def share_value(
    measure: PlannedMeasure, whole: exp.Expression, partition: list[str]
) -> exp.Expression:
    """The part of the whole; no shares among values of which one is negative."""
    value = column(measure.column)
    smallest = _over(exp.Min(this=value.copy()), partition)
    none_negative = exp.GTE(this=smallest, expression=number(0))
    share = quotient(value, whole)
    return exp.Case(ifs=[exp.If(this=none_negative, true=share)])


def share_of_base(
    measure: PlannedMeasure, compared: Compared, partition: list[str], *, summed: bool
) -> exp.Expression:
    """The share that was at the base. `summed`: the sum of members is a column already."""
    base = replace(measure, column=compared.column)
    whole: exp.Expression = column(base_whole_name(compared))
    if compared.whole is None and not summed:
        whole = sum_of_members(base, partition)
    return share_value(base, whole, partition)


def base_whole_name(compared: Compared) -> str:
    """Column of the whole at the base."""
    return f"{compared.column}.whole"


def _over(function: exp.Expression, partition: list[str]) -> exp.Expression:
    return exp.Window(this=function, partition_by=[column(name) for name in partition])
