"""Groups that are no dimension: everybody in a band of a figure, sets side by side.

Bands are left-closed. Who has no figure is 无记录, who has none of a flow has 0; a row of
nobody is 无记录 too. A row counts in every set that its entity belongs to.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

from slow_reading.filters import key_of
from slow_reading.periods import Frame
from slow_reading.question import Question, pose
from slow_reading.rows import band_names, band_of
from slow_reading.sets import check_condition, check_periods, check_set, is_flow, members_of, over
from slow_reading.world import RefusedError, Row

from semantic_layer.model import Band
from semantic_layer.query import (
    BucketGroup,
    DimensionGroup,
    MetricQuery,
    MetricRef,
    Period,
    Relative,
    Scope,
    SetGroup,
)

NO_RECORD, REST = "无记录", "其余"


def band_labels(group: BucketGroup) -> list[str] | None:
    """The bands from low to high; None: they are numbers."""
    if group.edges:
        return [*band_names(Band(group.of, group.edges)), NO_RECORD]
    if group.count is None:
        return None
    ends = {1: "(最低)", group.count: "(最高)"}
    return [*(f"第{n}组{ends.get(n, '')}" for n in range(1, group.count + 1)), NO_RECORD]


def set_labels(group: SetGroup) -> list[str]:
    """What the sets are called, in the order of the asker."""
    labels = [set_.label or f"人群{at + 1}" for at, set_ in enumerate(group.sets)]
    return [*labels, *([REST] if group.rest else [])]


def check_groupings(question: Question) -> None:
    """Bands and sets have an answer in every period, also when no row asks for it."""
    for group in question.apart.values():
        if isinstance(group, SetGroup):
            for set_ in group.sets:
                check_set(question, set_)
        elif group.of in question.world.manifest.metrics:
            asked = _figures_asked(question, group, None)
            if asked.bucket is not None:
                raise RefusedError("grain_not_available")
            if question.keyed_by_time:
                check_periods(question, asked)
        else:
            check_condition(question, group.entity, group.of)


def labels_of_row(
    question: Question, dataset: str, row: Row, name: str, period: Frame | None
) -> tuple[Any, ...]:
    """The groups that a row counts in, judged over a period (None: the only one)."""
    group = question.apart[name]
    if isinstance(group, BucketGroup):
        key = question.reader.dimension(dataset, row, _number_of(question, group.entity))
        return (_band(question, group, key, period),)
    key = question.reader.dimension(dataset, row, key_of(question.reader, group.sets[0].entity))
    labels = set_labels(group)
    found = [
        label
        for label, set_ in zip(labels, group.sets, strict=False)
        if key in members_of(question, set_, period)
    ]
    return tuple(found) or ((REST,) if group.rest else ())


def _number_of(question: Question, entity: str) -> str:
    """An entity by its number, also one that its own table does not know."""
    key = key_of(question.reader, entity)
    return f"@{key}" if key.startswith("@") else key


def _band(question: Question, group: BucketGroup, key: Any, period: Frame | None) -> Any:
    metric = group.of in question.world.manifest.metrics
    figures = _figures(question, group, period if metric else None)
    value = None if key is None else figures.get(key)
    labels = band_labels(group)
    if group.count is not None:
        assert labels is not None
        place = _places(group, figures).get(key)
        return NO_RECORD if place is None else labels[place]
    if value is None and key is not None and metric and is_flow(question, group.of):
        value = Fraction(0)
    if labels is None:
        width = Fraction(group.width or 1)
        return None if value is None else floor(value / width) * width
    return NO_RECORD if value is None else band_of(Band(group.of, group.edges), value)


def _places(group: BucketGroup, figures: dict[Any, Any]) -> dict[Any, int]:
    """Equally large groups by value, then by key; the first ones take what is left over."""
    ranked = sorted((v, k) for k, v in figures.items() if k is not None and v is not None)
    assert group.count is not None
    size, over_size = divmod(len(ranked), group.count)
    found, at = {}, 0
    for place in range(group.count):
        many = size + (place < over_size)
        found.update((key, place) for _, key in ranked[at : at + many])
        at += many
    return found


def _figures(question: Question, group: BucketGroup, period: Frame | None) -> dict[Any, Any]:
    known = ("band", group.of, group.entity, period)
    if known not in question.figures:
        question.figures[known] = _read(question, group, period)
    return question.figures[known]


def _read(question: Question, group: BucketGroup, period: Frame | None) -> dict[Any, Any]:
    from slow_reading.answer import table_of

    if group.of in question.world.manifest.metrics:
        rows, columns = table_of(_figures_asked(question, group, period))
        return {row[columns[0]]: row[columns[-1]] for row in rows}
    reader = question.reader
    home = next(d for d in question.world.manifest.datasets.values() if d.entity == group.entity)
    found = {}
    for row in reader.rows(home.name):
        value = reader.dimension(home.name, row, group.of)
        found[row[home.key[0]]] = None if value is None else Fraction(value)
    return found


def _figures_asked(question: Question, group: BucketGroup, period: Frame | None) -> Question:
    """The figures of everybody; of a flow nobody dated, those of this year so far."""
    by = (DimensionGroup(_number_of(question, group.entity)),)
    flow = question.habit(group.of) == "year_to_date"
    this_year = not question.spoken and question.bucket is None and flow
    if this_year and period is not None:
        raise RefusedError("unsupported")
    named = question.query.scope.period
    if this_year:
        named = Period((Relative("year", to_date=True, anchor="data"),))
    query = MetricQuery((MetricRef(group.of),), by, Scope(named), totals=False)
    return over(pose(question.world, query, inside=True), period)
