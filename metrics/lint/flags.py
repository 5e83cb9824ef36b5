"""Flags are counted, not averaged or added up month after month."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from metrics.finding import Finding
from semantic_layer.model import Aggregate, Manifest, Metric
from semantic_layer.model.expression import parse_scalar

FLAG = re.compile(r"(_flag$|^flag_|^is_|^has_|^success$|^approved$)")
PEOPLE = frozenset({"户", "人", "客户"})


def average_of_flag(manifest: Manifest) -> Iterator[Finding]:
    """A rate is a ratio of two counts; the mean of a flag hides what is below the line."""
    for metric, aggregate in _flagged(manifest):
        if aggregate.agg == "avg":
            yield Finding(
                "M229",
                metric.at,
                f"指标“{metric.label}”对 0/1 标志 {aggregate.expr} 取平均,看不出分母是谁。",
                "请写成比率:ratio: {of: 有标志的计数, to: 全部的计数}。",
            )


def sum_of_flag(manifest: Manifest) -> Iterator[Finding]:
    """Whoever has a flag in three months is one customer, not three."""
    for metric, aggregate in _flagged(manifest):
        if aggregate.agg != "sum" or aggregate.semi_additive is not None:
            continue
        dataset = manifest.datasets[aggregate.dataset]
        again = aggregate.flow and dataset.grain != "event" and metric.native is None
        if again or (metric.unit in PEOPLE and dataset.grain == "event"):
            yield Finding(
                "M231",
                metric.at,
                f"指标“{metric.label}”把标志 {aggregate.expr} 逐行相加,同一客户会重复计数。",
                "请写 agg: distinct、expr: 客户号,并把标志写进 filter。",
            )


def _flagged(manifest: Manifest) -> Iterator[tuple[Metric, Aggregate]]:
    for metric in manifest.metrics.values():
        for aggregate in (metric.definition, *metric.also):
            if not isinstance(aggregate, Aggregate) or not aggregate.expr:
                continue
            if _is_flag(parse_scalar(aggregate.expr, manifest.parameters)):
                yield metric, aggregate


def _is_flag(tree: exp.Expr) -> bool:
    inner = tree.this if isinstance(tree, exp.Cast | exp.Paren) else tree
    if isinstance(inner, exp.Column):
        return bool(FLAG.search(inner.name))
    if isinstance(inner, exp.Case):
        results = [*(branch.args["true"] for branch in inner.args["ifs"]), inner.args["default"]]
        return all(isinstance(r, exp.Literal) and r.name in ("0", "1") for r in results if r)
    return isinstance(inner, exp.Predicate)
