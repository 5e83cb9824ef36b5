"""单日最高, 月末最低, 各月中位数: a value of every unit of the period, and one taken of them.

A day without anything is a 0 of what is summed or counted; of everything else it has no value.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from slow_reading.aggregates import (
    ZERO,
    Cell,
    aggregated,
    counted_days,
    dated_rows,
    days_of,
    has_day,
    is_in,
    is_left_out,
    is_reported,
    matching,
    own_rows,
    quantile,
)
from slow_reading.days import Range, units_in
from slow_reading.expressions import evaluate
from slow_reading.measures import adds_up, leaves_of
from slow_reading.periods import definition, grain_of, grain_serves
from slow_reading.question import Question, Sources, refuse_unless
from slow_reading.rows import as_day
from slow_reading.world import Row, Value, World

from semantic_layer.model import Aggregate, Derived
from semantic_layer.model.expression import parse_scalar
from semantic_layer.query import MetricQuery, MetricRef, TimeGroup


def statistic(question: Question, ref: MetricRef, cell: Cell) -> Value:
    """The highest, lowest or middle one of the values per unit."""
    unit = "day" if ref.stat_over == "date" else ref.stat_over or "day"
    leaf = question.sources[leaves_of(question.world.manifest, ref.metric)[0].name]
    days = days_of(question, leaf, replace(cell, per=unit))
    if days is None:
        return None
    here = [
        row
        for row in dated_rows(question, leaf, days, unit)
        if is_in(question, leaf, row, cell) and not is_left_out(question, leaf, row, cell)
    ]
    counted = counted_days(question, leaf, days, unit)
    values = [
        _value_of_unit(question, ref.metric, cell, here, part)
        for part in units_in(unit, days)
        if has_day(part, counted)
    ]
    return _taken(ref.stat or "max", sorted(v for v in values if v is not None))


def _counts_from_zero(question: Question, metric: str) -> bool:
    own = [definition(leaf) for leaf in leaves_of(question.world.manifest, metric)]
    return all(d.agg in ZERO and d.semi_additive is not None for d in own)


def _taken(stat: str, values: list[Fraction]) -> Value:
    if not values:
        return None
    if stat == "median":
        return quantile(values, Fraction(1, 2))
    return values[-1] if stat == "max" else values[0]


def _value_of_unit(
    question: Question, metric: str, cell: Cell, here: list[Row], unit: Range
) -> Value:
    leaf = question.sources[leaves_of(question.world.manifest, metric)[0].name]
    own = definition(leaf)
    time = own.semi_additive.over if own.semi_additive else own.time
    time = time or question.world.dataset(own.dataset).time or ""
    then = [r for r in here if as_day(question.reader.value(own.dataset, r, time)) in unit]
    rows = list(matching(question, leaf, cell, then))
    if rows:
        return _value(question, metric, rows)
    if _counts_from_zero(question, metric):
        return (
            _value(question, metric, []) if is_reported(question, leaf, cell, then, rows) else None
        )
    plain = isinstance(question.world.manifest.metrics[metric].definition, Aggregate)
    return Fraction(0) if plain and own.agg in ZERO and own.semi_additive is None else None


def _value(question: Question, metric: str, rows: list[Row]) -> Value:
    found = question.world.manifest.metrics[metric].definition
    if isinstance(found, Aggregate):
        leaf = question.sources[metric]
        return aggregated(question, leaf, own_rows(question, leaf, rows))
    if isinstance(found, Derived):
        return _of_text(question, found.expr, rows)
    above, below = (_of_text(question, text, rows) for text in (found.of, found.to))
    return above / below if above is not None and below else None


def _of_text(question: Question, text: str, rows: list[Row]) -> Value:
    tree = parse_scalar(text, question.world.manifest.parameters)
    value = evaluate(tree, lambda parts: _value(question, parts[-1], rows))
    assert value is None or isinstance(value, Fraction)
    return value


def check_statistics(
    world: World, query: MetricQuery, refs: list[MetricRef], sources: Sources
) -> None:
    """Values per unit are of one table, of plain figures, and no coarser than the periods."""
    for ref in (r for r in refs if r.stat is not None):
        used = [sources[leaf.name] for leaf in leaves_of(world.manifest, ref.metric)]
        refuse_unless(ref.per is None and query.window is None, "invalid_query")
        tables = {(definition(u).dataset, definition(u).time, u.is_stock) for u in used}
        refuse_unless(len(tables) == 1, "invalid_query")
        for own in map(definition, used):
            plain = own.average_over is None and own.then_avg is None and own.snapshot is None
            refuse_unless(plain, "invalid_query")
        whole = ref.stat != "mean" or adds_up(MetricRef(ref.metric), world.manifest)
        refuse_unless(whole, "invalid_query")
        unit = "day" if ref.stat_over == "date" else ref.stat_over or "day"
        have = grain_of(world.dataset(definition(used[0]).dataset))
        refuse_unless(grain_serves(have, unit), "grain_not_available")
        for group in query.group_by:
            if isinstance(group, TimeGroup):
                wide = "day" if group.grain == "date" else group.grain
                refuse_unless(grain_serves(unit, wide), "invalid_query")
