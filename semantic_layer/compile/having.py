"""Conditions on the groups shown: 不良率高于2%的分行, 高于平均的分行."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from semantic_layer.compile.derived import whole_name
from semantic_layer.compile.groups import GroupColumn
from semantic_layer.compile.precision import mean_digits, rounded
from semantic_layer.compile.references import column_name, digits_of, measure_of
from semantic_layer.compile.tokens import any_of, column, number, text
from semantic_layer.plan.nodes import Plan, PlannedMeasure
from semantic_layer.query import Having, MetricQuery

OPERATORS: dict[str, type[exp.Expression]] = {
    "gt": exp.GT, "ge": exp.GTE, "lt": exp.LT, "le": exp.LTE, "eq": exp.EQ, "ne": exp.NEQ,
}  # fmt: skip


def having_terms(plan: Plan, query: MetricQuery) -> list[exp.Expression]:
    """All conditions on result columns."""
    return [_term(having, plan, query) for having in query.having]


def averages(
    plan: Plan, query: MetricQuery, groups: Sequence[GroupColumn]
) -> dict[str, exp.Expression]:
    """The means over all members that conditions compare with."""
    found: dict[str, exp.Expression] = {}
    for having in query.having:
        measure = measure_of(plan, having.column)
        if having.value == "average" and measure.adds_up:
            partition = [column(plan.time_column)] if plan.time_column else []
            mean = exp.Avg(this=_of_its_kind(measure.column, groups))
            found[_average_name(measure)] = exp.Window(this=mean, partition_by=partition)
    return found


def _of_its_kind(value: str, groups: Sequence[GroupColumn]) -> exp.Expression:
    """A member's value; none for a member of another kind: 总行直属 is no branch."""
    apart = any_of(
        exp.In(this=column(group.name), expressions=[text(m) for m in group.field.unranked])
        for group in groups
        if group.field.unranked
    )
    if apart is None:
        return column(value)
    return exp.Case(ifs=[exp.If(this=apart, true=exp.Null())], default=column(value))


def base_means(plan: Plan, groups: Sequence[GroupColumn]) -> dict[str, exp.Expression]:
    """The means over the members shown that measures are compared with."""
    apart = [plan.time_column] if plan.time_column and plan.groups else []
    return {
        compared.column: exp.Window(
            this=exp.Avg(this=_of_its_kind(measure.column, groups)),
            partition_by=[column(name) for name in apart],
        )
        for measure in plan.measures
        for compared in measure.compared
        if compared.formula is None
    }


def _average_name(measure: PlannedMeasure) -> str:
    """The whole's own value; of something that adds up, the mean over its members."""
    return f"{measure.column}.average" if measure.adds_up else whole_name(measure)


def _term(having: Having, plan: Plan, query: MetricQuery) -> exp.Expression:
    bound: exp.Expression
    subject = column(column_name(plan, query, having.column))
    if having.value == "average":
        measure = measure_of(plan, having.column)
        digits: int | None = mean_digits(measure)
        bound = rounded(column(_average_name(measure)), digits)
    else:
        digits, bound = digits_of(plan, having.column), number(having.value)
    return OPERATORS[having.op](this=rounded(subject, digits), expression=bound)
