"""The definition of a metric as SQL: what is taken from which table, before period and groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from sqlglot import exp

from semantic_layer.model import Aggregate, Derived, Manifest, Metric, Ratio
from semantic_layer.model.expression import DIALECT, InvalidExpressionError, parse_scalar

Agg = Callable[[exp.Expr], exp.Expr]
_AGGS: Mapping[str, Agg] = {
    "sum": lambda value: exp.Sum(this=value),
    "count": lambda value: exp.Count(this=value),
    "distinct": lambda value: exp.Count(this=exp.Distinct(expressions=[value])),
    "avg": lambda value: exp.Avg(this=value),
    "median": lambda value: exp.Median(this=value),
    "min": lambda value: exp.Min(this=value),
    "max": lambda value: exp.Max(this=value),
}


@lru_cache(maxsize=2048)
def formula_sql(name: str, manifest: Manifest) -> str:
    """The formula of one metric; empty where it cannot be written."""
    try:
        tree = _value(manifest.metrics[name], manifest)
    except (InvalidExpressionError, KeyError):
        return ""
    whole = tree.this if isinstance(tree, exp.Subquery) else exp.select(tree)
    return whole.sql(dialect=DIALECT, pretty=True)


def _value(metric: Metric, manifest: Manifest) -> exp.Expr:
    definition = metric.definition
    if isinstance(definition, Ratio):
        below = exp.Nullif(this=_over_metrics(definition.to, manifest), expression=_ZERO.copy())
        return exp.Div(this=_grouped(_over_metrics(definition.of, manifest)), expression=below)
    if isinstance(definition, Derived):
        return _over_metrics(definition.expr, manifest)
    return _taken(definition, manifest)


_ZERO = exp.Literal.number(0)


def _grouped(tree: exp.Expr) -> exp.Expr:
    return exp.Paren(this=tree) if isinstance(tree, exp.Binary) else tree


def _over_metrics(expression: str, manifest: Manifest) -> exp.Expr:
    """The formula with every metric in it spelled out."""

    def spelled(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and node.name in manifest.metrics:
            return _grouped(_value(manifest.metrics[node.name], manifest))
        return node

    return parse_scalar(expression, manifest.parameters).copy().transform(spelled)


def _taken(definition: Aggregate, manifest: Manifest) -> exp.Expr:
    """The rows that count, and what is worked out from them."""
    dataset = manifest.datasets[definition.dataset]
    value = _scalar(definition.expr, manifest) if definition.expr else exp.Star()
    select = exp.select(_aggregated(definition, value)).from_(dataset.table or dataset.name)
    if definition.filter:
        select = select.where(_scalar(definition.filter, manifest))
    return exp.Subquery(this=select)


def _aggregated(definition: Aggregate, value: exp.Expr) -> exp.Expr:
    if definition.agg == "quantile":
        share = exp.Literal.number(definition.quantile or 0.5)
        return exp.func("quantile_cont", value, share, dialect=DIALECT)
    return _AGGS[definition.agg](value)


def _scalar(text: str, manifest: Manifest) -> exp.Expr:
    return parse_scalar(text, manifest.parameters).copy()
