"""Down from one group of the answer, and up again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from assistant.explore.choice import Choice, Section
from assistant.explore.groups import conjuncts, dimension_order, holds_one, without_groups
from assistant.explore.levels import COARSER, FINER, above, below
from assistant.explore.listing import list_of
from assistant.explore.periods import with_span
from assistant.explore.pins import Pin, name_of, pins_of
from assistant.explore.trial import Trial
from assistant.language.names_text import GRAIN_WORDS, dimension_name
from semantic_layer.query import (
    Absolute,
    Change,
    DimensionGroup,
    Group,
    MetricQuery,
    Relative,
    Slot,
    TimeGroup,
)
from semantic_layer.resolve.frames import unit_name
from semantic_layer.resolve.units import unit_of
from semantic_layer.result import Cell

LAST_YEAR = Relative("month", -1, 12)
MOST_LEVELS = 2
"""Levels offered at once: 支行, 网点."""


def drill_sections(query: MetricQuery, row: Mapping[str, Cell], trial: Trial) -> Iterator[Section]:
    """What can be done with one row: deeper, only it, over time, its list."""
    pins = pins_of(query, row, trial)
    if not pins:
        return
    yield Section("下钻", tuple(c for pin in pins for c in _deeper(query, pin, pins, trial)))
    yield Section("只看", tuple(_only(query, pins, trial)))
    yield Section("名单", tuple(list_of(query, pins, trial)))


def angles(query: MetricQuery, row: Mapping[str, Cell], trial: Trial) -> Iterator[Choice]:
    """One row split by something else than its own levels."""
    pins = pins_of(query, row, trial)
    if pins:
        yield from _another_way(query, pins, trial)


def _deeper(query: MetricQuery, pin: Pin, pins: tuple[Pin, ...], trial: Trial) -> Iterator[Choice]:
    """The next levels that the figure has."""
    found = 0
    for group, name in _finer(pin, trial):
        if found < MOST_LEVELS and group not in query.group_by:
            change = Change("replace", "group_by", group, old=pin.group)
            changes = (*_unlimited(query), change, pin.change)
            for choice in trial.offer(f"看各{name}", *changes, step=f"{pin.label}各{name}"):
                found += 1
                yield choice


def _finer(pin: Pin, trial: Trial) -> Iterator[tuple[Group, str]]:
    if isinstance(pin.group, DimensionGroup):
        for name in below(pin.group.dimension, trial.manifest):
            yield DimensionGroup(name), dimension_name(name, trial.manifest)
    elif isinstance(pin.group, TimeGroup):
        for grain in FINER[pin.group.grain]:
            yield TimeGroup(grain), GRAIN_WORDS[grain]


def _unlimited(query: MetricQuery) -> tuple[Change, ...]:
    """What was said of the groups above does not hold for those below."""
    slots: tuple[Slot, ...] = ("order", "limit", "having", "focus", "subtotals")
    return tuple(Change("clear", slot) for slot in slots if getattr(query, slot))


def _only(query: MetricQuery, pins: tuple[Pin, ...], trial: Trial) -> Iterator[Choice]:
    """The row alone, and over the last months."""
    held = tuple(pin.change for pin in pins)
    groups = tuple(pin.group for pin in pins)
    name = name_of(pins)
    yield from trial.offer(f"只看{name}", *without_groups(query, groups), *held)
    if any(isinstance(group, TimeGroup) for group in query.group_by):
        return
    by_month = Change("set", "group_by", TimeGroup("month"))
    year = with_span(query, LAST_YEAR)
    yield from trial.offer(
        "看近12个月走势", *_unlimited(query), *_no_share(query), *held, by_month, year,
        step=f"{name}近12个月走势",
    )  # fmt: skip


def _no_share(query: MetricQuery) -> tuple[Change, ...]:
    return (Change("clear", "share"),) if query.share else ()


def _another_way(query: MetricQuery, pins: tuple[Pin, ...], trial: Trial) -> Iterator[Choice]:
    """The row split by a dimension that is no level of its own."""
    own = {pin.condition.dimension for pin in pins if pin.condition}
    levels = {level for name in own for level in (*above(name, trial.manifest),
                                                  *below(name, trial.manifest))}  # fmt: skip
    held = tuple(pin.change for pin in pins)
    name = name_of(pins)
    for dimension in dimension_order(trial.manifest):
        if dimension in own | levels or _is_held(dimension, query):
            continue
        by = Change("set", "group_by", DimensionGroup(dimension))
        label = dimension_name(dimension, trial.manifest)
        changes = (*_unlimited(query), *held, by)
        yield from trial.offer(label, *changes, step=f"{name}按{label}")


def _is_held(dimension: str, query: MetricQuery) -> bool:
    return any(
        holds_one(condition) and condition.dimension == dimension
        for condition in conjuncts(query.scope.where)
    )


def rollups(query: MetricQuery, trial: Trial) -> Iterator[Choice]:
    """The level above, of the first group that has one."""
    for group in query.group_by:
        found = tuple(_coarser(query, group, trial))
        if found:
            yield from found[:1]
            return


def _coarser(query: MetricQuery, group: Group, trial: Trial) -> Iterator[Choice]:
    if isinstance(group, DimensionGroup):
        for name in above(group.dimension, trial.manifest):
            label = dimension_name(name, trial.manifest)
            changes = (*_unlimited(query), *_released(query, name),
                       Change("replace", "group_by", DimensionGroup(name), old=group))  # fmt: skip
            yield from trial.offer(f"上卷到{label}", *changes, step=f"各{label}")
    elif isinstance(group, TimeGroup):
        for grain in COARSER[group.grain]:
            word = GRAIN_WORDS[grain]
            wider = _wider(query, group, TimeGroup(grain), trial)
            changes = (*wider, Change("replace", "group_by", TimeGroup(grain), old=group))
            yield from trial.offer(f"上卷到{word}", *changes, step=f"各{word}")


def _released(query: MetricQuery, name: str) -> Iterator[Change]:
    """One member of the level that is shown again holds no longer."""
    for condition in conjuncts(query.scope.where):
        if holds_one(condition) and condition.dimension == name:
            yield Change("drop", "where", condition)


def _wider(query: MetricQuery, group: TimeGroup, to: TimeGroup, trial: Trial) -> tuple[Change, ...]:
    """The year around, when the time asked lies within one unit of the coarser grain."""
    resolved = trial.resolved(query)
    if resolved is None or len(resolved.spans) != 1 or to.grain == "year":
        return ()
    span = resolved.spans[0]
    if _unit(to, span.first_day) != _unit(to, span.end):
        return ()
    year = unit_of("year", span.end)
    return (with_span(query, Absolute(year.start, year.end)),)


def _unit(group: TimeGroup, day: date) -> object:
    return unit_of(unit_name(group.grain), day)
