"""Measures from their parts: ratios and derived metrics are rebuilt in every cell."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from slow_reading.aggregates import Cell, leaf_value
from slow_reading.expressions import evaluate
from slow_reading.measures import natives, unit_of_mean
from slow_reading.periods import is_coarser
from slow_reading.question import Question, within_one
from slow_reading.statistics import statistic
from slow_reading.world import Value

from semantic_layer.model import Aggregate, Derived
from semantic_layer.model.expression import parse_scalar
from semantic_layer.query import Measure, MetricRef, Number


def measure_value(question: Question, measure: Measure, cell: Cell) -> Value:
    """The value of a measure in a cell."""
    if isinstance(measure, Number):
        return Fraction(measure.value)
    if isinstance(measure, MetricRef) and measure.stat not in (None, "mean"):
        return statistic(question, measure, cell)
    if isinstance(measure, MetricRef):
        bound = natives(question.world, measure.metric)
        if pools(question, bound):
            return None
        return metric_value(question, measure.metric, replace(cell, per=unit_of_mean(measure)))
    left = measure_value(question, measure.left, cell)
    right = measure_value(question, measure.right, cell)
    if left is None or right is None:
        return None
    match measure.op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    return left / right if right else None


def pools(question: Question, bound: list[str]) -> bool:
    """Whether a period holds several of the units that a metric is bound to."""
    if question.bucket is not None:
        return any(is_coarser(question.bucket, native) for native in bound)
    return not all(within_one(asked, n) for asked, _, _ in question.spans for n in bound)


def metric_value(question: Question, name: str, cell: Cell) -> Value:
    """The value of a governed metric in a cell."""
    found = question.world.manifest.metrics[name].definition
    if isinstance(found, Aggregate):
        return leaf_value(question, question.sources[name], cell)
    if isinstance(found, Derived):
        return text_value(question, found.expr, cell)
    above, below = text_value(question, found.of, cell), text_value(question, found.to, cell)
    return above / below if above is not None and below else None


def text_value(question: Question, text: str, cell: Cell) -> Value:
    """A formula over metrics."""
    tree = parse_scalar(text, question.world.manifest.parameters)
    value = evaluate(tree, lambda parts: metric_value(question, parts[-1], cell))
    assert value is None or isinstance(value, Fraction)
    return value
