"""Those who stop at a step of a funnel: how many of them are what, and who they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from assistant.explore.choice import Choice, Section
from assistant.explore.groups import dimension_order
from assistant.explore.listing import ROWS, columns_of
from assistant.explore.trial import Trial
from assistant.language.names_text import dimension_name
from semantic_layer.model import Dataset
from semantic_layer.query import (
    And,
    Condition,
    DimensionGroup,
    EntityQuery,
    FunnelCondition,
    FunnelQuery,
    Membership,
    MetricQuery,
    MetricRef,
    Predicate,
    Scope,
    Set,
    Step,
)
from semantic_layer.resolved import ResolvedBehaviour, ResolvedQuery
from semantic_layer.result import Cell

_PLACE = re.compile(r"(\d+)\. ")
"""2. 填写资料."""


@dataclass(frozen=True, slots=True)
class _Stopped:
    """Those who reached a step and not the next one; at the last step those who got through."""

    set_: Set
    name: str
    """发起绑卡后没有绑卡成功的客户."""
    owner: Dataset


def dropout_sections(
    query: FunnelQuery, row: Mapping[str, Cell], trial: Trial
) -> Iterator[Section]:
    """Their number, to be split and compared like any other, and their list."""
    stopped = _stopped(query, row, trial)
    if stopped is not None:
        yield Section("这一步的人", tuple(_counted(stopped, trial)))
        yield Section("名单", tuple(_listed(stopped, trial)))


def dropout_angles(query: FunnelQuery, row: Mapping[str, Cell], trial: Trial) -> Iterator[Choice]:
    """Their number by each dimension that it has."""
    stopped = _stopped(query, row, trial)
    count = _count(stopped, trial) if stopped else None
    if stopped is None or count is None:
        return
    for name in dimension_order(trial.manifest):
        label = dimension_name(name, trial.manifest)
        grouped = replace(count, group_by=(DimensionGroup(name),))
        yield from trial.offer_query(label, grouped, f"{stopped.name}按{label}")


def _stopped(query: FunnelQuery, row: Mapping[str, Cell], trial: Trial) -> _Stopped | None:
    """None where a row is no step, or where nobody knows who acts: visitors have no table."""
    at = _place(row)
    owners = [d for d in trial.manifest.datasets.values() if d.entity] if at else []
    found = (_stopped_of(owner, at or 0, query, row, trial) for owner in owners)
    return next((stopped for stopped in found if stopped is not None), None)


def _stopped_of(
    owner: Dataset, at: int, query: FunnelQuery, row: Mapping[str, Cell], trial: Trial
) -> _Stopped | None:
    resolved = trial.resolved(replace(query, entity=owner.entity))
    if resolved is None or resolved.behaviour is None:
        return None
    condition = _condition(query, row, at, resolved)
    if condition is None:
        return None
    name = f"{_said(at, resolved.behaviour)}的{owner.label}"
    return _Stopped(Set(resolved.behaviour.actor, condition), name, owner)


def _place(row: Mapping[str, Cell]) -> int | None:
    found = _PLACE.match(str(row.get("step", "")))
    return int(found[1]) if found else None


def _said(at: int, behaviour: ResolvedBehaviour) -> str:
    here = behaviour.steps[at - 1].label
    if at == len(behaviour.steps):
        return f"走到{here}"
    return f"{here}后没有{behaviour.steps[at].label}"


def _condition(
    query: FunnelQuery, row: Mapping[str, Cell], at: int, resolved: ResolvedQuery
) -> FunnelCondition | None:
    """What holds for the whole funnel holds for its first step; None: no condition can say it."""
    held = tuple(_held(query, row))
    if len(held) < len(query.group_by):
        return None
    first = query.steps[0]
    told = tuple(part for part in (first.where, query.scope.where, *held) if part is not None)
    steps = (Step(first.event, _all(told)), *query.steps[1:])
    missed = at + 1 if at < len(steps) else None
    period = resolved.query.scope.period
    return FunnelCondition(steps, at, missed, period, query.window_days)


def _held(query: FunnelQuery, row: Mapping[str, Cell]) -> Iterator[Condition]:
    """The group of the row, where it is a member of a dimension."""
    for group in query.group_by:
        value = row.get(getattr(group, "dimension", ""))
        if isinstance(value, str):
            yield Condition(getattr(group, "dimension", ""), "in", (value,))


def _all(parts: tuple[Predicate, ...]) -> Predicate | None:
    return And(parts) if len(parts) > 1 else next(iter(parts), None)


def _count(stopped: _Stopped, trial: Trial) -> MetricQuery | None:
    """客户数 of them; None where nothing counts such people."""
    wanted = f"{stopped.owner.label}数"
    metrics = trial.manifest.metrics.values()
    found = next((metric for metric in metrics if metric.label == wanted), None)
    if found is None:
        return None
    return MetricQuery((MetricRef(found.name),), scope=Scope(where=Membership(stopped.set_)))


def _counted(stopped: _Stopped, trial: Trial) -> Iterator[Choice]:
    count = _count(stopped, trial)
    if count is not None:
        yield from trial.offer_query(f"看{stopped.name}", count, stopped.name)


def _listed(stopped: _Stopped, trial: Trial) -> Iterator[Choice]:
    """With as many columns as the asker may see."""
    plain = EntityQuery(stopped.set_, limit=ROWS)
    columns = tuple(columns_of(plain, stopped.owner, frozenset(), trial))
    for query in (replace(plain, attributes=columns), plain):
        label = f"看{stopped.owner.label}名单"
        found = tuple(trial.offer_query(label, query, f"{stopped.name}名单"))
        if found:
            yield from found
            return
