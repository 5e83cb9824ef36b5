"""AUM超过100万, 近3个月每月交易额都大于1万, AUM连续3个月不低于50万: figures of each member."""

from __future__ import annotations

from assistant.language.assemble.numbers import counts_alike, unit_fits
from assistant.language.assemble.sets.core import Core
from assistant.language.assemble.sets.counted_with import counted_with, member_before
from assistant.language.assemble.sets.in_a_row import BESIDE, Rows, rows_before, rows_of
from assistant.language.assemble.sketch import Sketch
from assistant.language.deeds import Run
from assistant.language.number import ComparatorToken
from assistant.language.time import GrainToken, TimeToken
from semantic_layer.query import And, MetricCondition, Period, Predicate

BETWEEN = ("filler", "equals", "scope", "prep", "throughout", "of")


def limits(sketch: Sketch, at: int) -> Core | None:
    """The metric at that token held against a number behind it."""
    metric = sketch.metric(at)
    if metric is None:
        return None
    place = _comparator(sketch, at)
    comparator = sketch.find(place, ComparatorToken)
    if comparator is None or comparator.range.approximate:
        return None
    if not counts_alike(sketch, metric, comparator) or not unit_fits(sketch, metric, comparator):
        return None
    if (member := member_before(sketch, at, place)) is not None:
        return counted_with(sketch, (at, place), metric, comparator, member)
    rows = _rows(sketch, at, place)
    before = rows.places if rows else ()
    places = tuple(sorted({*before, *range(at, place + 1)}))

    def make(period: Period | None) -> Predicate:
        leaves = tuple(
            MetricCondition(
                metric,
                op,
                value,
                period,
                in_a_row=rows.count if rows else None,
                row_unit=rows.unit if rows else "month",
            )
            for op, value in comparator.range.limits
        )
        return leaves[0] if len(leaves) == 1 else And(leaves)

    label = f"{sketch.catalogue.metric(metric).label} {comparator.text}"
    stock = sketch.catalogue.is_stock(metric)
    kind = "row" if rows else "held" if stock else "flow"
    return Core(places, make, label, kind, rows.time if rows else None)


def _comparator(sketch: Sketch, at: int) -> int:
    """The number behind a metric; a run of periods may stand between."""
    place = at + 1
    while sketch.is_free(place) and (
        any(role in sketch.args[place] for role in BETWEEN)
        or sketch.find(place, Run)
        or _is_each(sketch, place)
        or sketch.word(place, "break") == "space"
    ):
        place += 1
    return place


def _is_each(sketch: Sketch, at: int) -> bool:
    time = sketch.find(at, TimeToken)
    return (time is not None and time.grain is not None) or bool(sketch.find(at, GrainToken))


def _rows(sketch: Sketch, at: int, comparator: int) -> Rows | None:
    for place in range(at + 1, comparator):
        run = sketch.find(place, Run)
        if run is not None:
            return Rows(run.count, run.unit)
    return rows_before(sketch, comparator) or _each_before(sketch, at, comparator)


def _each_before(sketch: Sketch, at: int, comparator: int) -> Rows | None:
    """近3个月每月 … 都大于: 都 stands behind the metric."""
    found = rows_before(sketch, at)
    if found is not None:
        return found
    throughout = any("throughout" in sketch.args[i] for i in range(at, comparator))
    place, grain = sketch.before(at, BESIDE), None
    if sketch.find(place, TimeToken) is None:
        grain = sketch.find(place, GrainToken)
        place = sketch.before(place, BESIDE) if grain else -1
    time = sketch.find(place, TimeToken)
    return rows_of(time, grain, tuple(range(max(place, 0), at)), throughout=throughout)
