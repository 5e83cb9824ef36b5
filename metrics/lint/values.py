"""Constants in formulas: governed values are spelt right, thresholds have a name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlglot import exp

from metrics.finding import Finding
from metrics.nearest import did_you_mean
from semantic_layer.model import Aggregate, Dataset, Field, Manifest, Metric
from semantic_layer.model.expression import parse_scalar

_THRESHOLD = 100
"""Smaller constants (flags, days, ranks) read well where they stand."""


class _Compared(NamedTuple):
    """A column and a constant that it is compared with."""

    column: exp.Column
    literal: exp.Literal


def value_outside_field(manifest: Manifest) -> Iterator[Finding]:
    """A text that a filter compares with is one of the field's governed values."""
    for metric, aggregate in _aggregates(manifest):
        if not aggregate.filter:
            continue
        dataset = manifest.datasets[aggregate.dataset]
        for column, literal in _compared(aggregate.filter, manifest):
            field = _field(manifest, dataset, column)
            known = [str(v.value) for v in field.values] if field else []
            if literal.is_string and known and literal.name not in known:
                yield Finding(
                    "M221",
                    metric.at,
                    f"指标“{metric.label}”的条件里,{column.name} 没有取值“{literal.name}”。",
                    did_you_mean(literal.name, known),
                )


def buried_threshold(manifest: Manifest) -> Iterator[Finding]:
    """A threshold is a named parameter, not a number inside a filter."""
    for metric, aggregate in _aggregates(manifest):
        texts = [_without_parameters(t) for t in (aggregate.filter, aggregate.expr) if t]
        for column, literal in (pair for text in texts for pair in _pairs(parse_scalar(text))):
            if not literal.is_string and abs(float(literal.name)) >= _THRESHOLD:
                yield Finding(
                    "M222",
                    metric.at,
                    f"指标“{metric.label}”的条件里直接写了门槛 {column.name} 与 {literal.name}。",
                    "请定义成 parameters 里的参数,条件里写 {参数标识}。",
                )


def _aggregates(manifest: Manifest) -> Iterator[tuple[Metric, Aggregate]]:
    for metric in manifest.metrics.values():
        for aggregate in (metric.definition, *metric.also):
            if isinstance(aggregate, Aggregate):
                yield metric, aggregate


def _compared(text: str, manifest: Manifest) -> Iterator[_Compared]:
    yield from _pairs(parse_scalar(text, manifest.parameters))


def _pairs(tree: exp.Expr) -> Iterator[_Compared]:
    for node in tree.find_all(
        exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Between
    ):
        ends = (node.args.get(key) for key in ("expression", "low", "high"))
        sides = [node.this, *node.expressions, *ends]
        columns = [s for s in sides if isinstance(s, exp.Column)]
        literals = [s for s in sides if isinstance(s, exp.Literal)]
        for column in columns[:1]:
            yield from (_Compared(column, literal) for literal in literals)


def _field(manifest: Manifest, dataset: Dataset, column: exp.Column) -> Field | None:
    """The governed field that a column of a formula is, along its join roles."""
    here = dataset
    for part in column.parts[:-1]:
        join = here.join(part.name)
        if join is None:
            return None
        here = manifest.datasets[join.to]
    field = here.field(column.name)
    if field is None:
        return None
    return manifest.dimensions[field.name].field if field.conforms else field


def _without_parameters(text: str) -> str:
    return text.replace("{", "").replace("}", "")
