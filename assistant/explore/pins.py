"""The group that was clicked, as conditions: 分行为银川分行, 2026年10月."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.explore.periods import with_span
from assistant.explore.trial import Trial
from assistant.language.periods_text import bucket_text as bucket_words
from semantic_layer.compile.buckets import bucket_text
from semantic_layer.query import (
    Absolute,
    Change,
    Condition,
    DimensionGroup,
    Group,
    MetricQuery,
    TimeGroup,
)
from semantic_layer.resolve.frames import unit_name
from semantic_layer.resolve.units import units_between
from semantic_layer.resolved import ResolvedQuery, ResolvedSpan
from semantic_layer.result import Cell, Suppressed


@dataclass(frozen=True, slots=True)
class Pin:
    """One group of the query held at the member that was clicked."""

    group: Group
    label: str
    change: Change
    condition: Condition | None = None
    """None for a stretch of time."""


def pins_of(query: MetricQuery, row: Mapping[str, Cell], trial: Trial) -> tuple[Pin, ...]:
    """The groups of a row by column id; those that no condition can say are left out."""
    resolved = trial.resolved(query)
    if resolved is None:
        return ()
    return tuple(pin for group in query.group_by for pin in _pin(group, row, resolved, trial))


def name_of(pins: tuple[Pin, ...]) -> str:
    """银川分行 · 2026年10月."""
    return " · ".join(pin.label for pin in pins)


def _pin(
    group: Group, row: Mapping[str, Cell], resolved: ResolvedQuery, trial: Trial
) -> Iterator[Pin]:
    if isinstance(group, DimensionGroup) and group.dimension in row:
        yield from _member(group, row[group.dimension])
    elif isinstance(group, TimeGroup) and group.grain in row:
        yield from _bucket(group, row[group.grain], resolved, trial)


def _member(group: DimensionGroup, cell: Cell) -> Iterator[Pin]:
    if isinstance(cell, Suppressed):
        return
    if cell is None:
        condition = Condition(group.dimension, "is_null")
    elif isinstance(cell, bool | int | float | str):
        condition = Condition(group.dimension, "in", (cell,))
    else:
        condition = Condition(group.dimension, "in", (str(cell),))
    label = "未知" if cell is None else str(cell)
    yield Pin(group, label, Change("set", "where", condition), condition)


def _bucket(group: TimeGroup, cell: Cell, resolved: ResolvedQuery, trial: Trial) -> Iterator[Pin]:
    """The days of the bucket, as far as they were asked for."""
    if len(resolved.spans) != 1:
        return
    span = resolved.spans[0]
    days = _days_of(group, cell, span)
    if days is not None:
        label = bucket_words(cell, group.grain)
        yield Pin(group, label, with_span(trial.query, days))


def _days_of(group: TimeGroup, cell: Cell, span: ResolvedSpan) -> Absolute | None:
    first, last = span.first_day, max(span.end, span.natural_end or span.end)
    for unit in units_between(unit_name(group.grain), first, last):
        if bucket_text(group.grain, unit.start) == cell:
            return Absolute(max(unit.start, first), min(unit.end, last))
    return None
