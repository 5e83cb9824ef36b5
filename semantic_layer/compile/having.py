"""Conditions on the groups shown: 不良率高于2%的分行, 高于平均的分行."""

from __future__ import annotations

from sqlglot import exp

from semantic_layer.compile.derived import whole_name
from semantic_layer.compile.references import column_name, measure_of
from semantic_layer.compile.tokens import column, number
from semantic_layer.plan.nodes import Plan
from semantic_layer.query import Having, MetricQuery

OPERATORS: dict[str, type[exp.Expression]] = {
    "gt": exp.GT, "ge": exp.GTE, "lt": exp.LT, "le": exp.LTE, "eq": exp.EQ, "ne": exp.NEQ,
}  # fmt: skip


def having_terms(plan: Plan, query: MetricQuery) -> list[exp.Expression]:
    """All conditions on result columns."""
    return [_term(having, plan, query) for having in query.having]


def _term(having: Having, plan: Plan, query: MetricQuery) -> exp.Expression:
    subject = column(column_name(plan, query, having.column))
    if having.value == "average":
        bound: exp.Expression = column(whole_name(measure_of(plan, having.column)))
    else:
        bound = number(having.value)
    return OPERATORS[having.op](this=subject, expression=bound)
