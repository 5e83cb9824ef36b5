"""By what the figure is split: dimensions that it has, and time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from assistant.explore.choice import Choice, Section
from assistant.explore.levels import hierarchies
from assistant.explore.trial import Trial
from assistant.language.names_text import GRAIN_WORDS, dimension_name
from assistant.language.reading_text import group_text
from semantic_layer.model import Manifest
from semantic_layer.query import (
    And,
    Change,
    Condition,
    DimensionGroup,
    FunnelQuery,
    Grain,
    Group,
    IntervalQuery,
    MetricQuery,
    Predicate,
    RetentionQuery,
    TimeGroup,
)

Grouped = MetricQuery | FunnelQuery | RetentionQuery | IntervalQuery
MOST_GROUPS = 3
GRAINS: tuple[Grain, ...] = ("date", "week", "month", "quarter", "year")


def group_sections(query: Grouped, trial: Trial) -> Iterator[Section]:
    """不分组, 换成, 再按."""
    held = {c.dimension for c in conjuncts(query.scope.where) if holds_one(c)}
    names = tuple(name for name in dimension_order(trial.manifest) if name not in held)
    if query.group_by:
        yield Section("不分组", tuple(_fewer(query, trial)))
    if len(query.group_by) <= 1:
        title = "换成" if query.group_by else "按"
        yield Section(f"{title}时间", tuple(_by(query, trial, _times())))
        yield Section(f"{title}维度", tuple(_by(query, trial, map(DimensionGroup, names))))
    if 0 < len(query.group_by) < MOST_GROUPS and isinstance(query, MetricQuery):
        yield Section("再按时间", tuple(_also(query, trial, _times())))
        yield Section("再按维度", tuple(_also(query, trial, map(DimensionGroup, names))))


def conjuncts(where: Predicate | None) -> tuple[Predicate, ...]:
    """The conditions that all must hold, each with a chip of its own."""
    if where is None:
        return ()
    return where.children if isinstance(where, And) else (where,)


def holds_one(condition: Predicate) -> TypeGuard[Condition]:
    """分行为银川分行: a split by it would have one row."""
    return isinstance(condition, Condition) and condition.op == "in" and len(condition.values) == 1


def dimension_order(manifest: Manifest) -> tuple[str, ...]:
    """Levels of hierarchies that list their members first, then the others as defined."""
    listed = [
        level
        for hierarchy in hierarchies(manifest)
        if any(_has_spine(name, manifest) for name in hierarchy.levels)
        for level in hierarchy.levels
    ]
    spines = [name for name in manifest.dimensions if _has_spine(name, manifest)]
    return tuple(dict.fromkeys((*listed, *spines, *manifest.dimensions)))


def without_groups(query: Grouped, gone: tuple[Group, ...]) -> tuple[Change, ...]:
    """Drops groups, and what has no meaning without any."""
    changes = tuple(Change("drop", "group_by", group) for group in gone)
    if not isinstance(query, MetricQuery) or len(gone) < len(query.group_by):
        return changes
    empty = (
        Change("clear", slot)
        for slot in ("order", "limit", "having", "share", "focus", "subtotals")
        if getattr(query, slot)
    )
    return (*empty, *changes)


def _has_spine(name: str, manifest: Manifest) -> bool:
    return name in manifest.dimensions and manifest.dimensions[name].field.spine


def _fewer(query: Grouped, trial: Trial) -> Iterator[Choice]:
    manifest = trial.manifest
    if len(query.group_by) > 1:
        for group in query.group_by:
            label = f"不{group_text(group, manifest)}"
            yield from trial.offer(label, *without_groups(query, (group,)))
    yield from trial.offer("只看合计", *without_groups(query, query.group_by))


def _by(query: Grouped, trial: Trial, groups: Iterator[Group]) -> Iterator[Choice]:
    for group in groups:
        change = (
            Change("replace", "group_by", group, old=query.group_by[0])
            if query.group_by
            else Change("set", "group_by", group)
        )
        yield from _named(group, change, trial)


def _also(query: Grouped, trial: Trial, groups: Iterator[Group]) -> Iterator[Choice]:
    for group in groups:
        if group not in query.group_by:
            yield from _named(group, Change("add", "group_by", group), trial)


def _named(group: Group, change: Change, trial: Trial) -> Iterator[Choice]:
    shown = (
        GRAIN_WORDS[group.grain]
        if isinstance(group, TimeGroup)
        else dimension_name(getattr(group, "dimension", ""), trial.manifest)
    )
    yield from trial.offer(shown, change, step=group_text(group, trial.manifest))


def _times() -> Iterator[Group]:
    return (TimeGroup(grain) for grain in GRAINS)
