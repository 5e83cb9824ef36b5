"""When and for whom a behaviour query looks: its periods as dates, its sets judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from semantic_layer.model import Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import (
    And,
    FunnelQuery,
    Grain,
    Group,
    IntervalQuery,
    Latest,
    PathQuery,
    Period,
    Predicate,
    Relative,
    RetentionQuery,
    TimeGroup,
)
from semantic_layer.resolve.conditions import bind_predicate
from semantic_layer.resolve.defaults import TEXTS
from semantic_layer.resolve.feasts import feast_warnings, guessed_warnings
from semantic_layer.resolve.frames import frames_of
from semantic_layer.resolve.groupings import overlap_note, resolve_groupings, sets_of_groups
from semantic_layer.resolve.members import (
    ResolvedSets,
    ResolveMetrics,
    check_periods,
    check_reach,
    resolve_sets,
)
from semantic_layer.resolve.notes import Notes
from semantic_layer.resolve.periods import Resolved, resolve_span
from semantic_layer.resolve.refused import RefusedError, must, refuse_unsupported
from semantic_layer.resolve.rights import Rights
from semantic_layer.resolve.sense import check_days
from semantic_layer.resolve.sets import check_attached, moving_sets, spelled_out
from semantic_layer.resolve.spans import Anchors
from semantic_layer.resolved import (
    Assumption,
    ResolvedBehaviour,
    ResolvedGrouping,
    ResolvedSpan,
    ResolvedStep,
)
from semantic_layer.snapshot import Snapshot

BehaviourQuery = FunnelQuery | RetentionQuery | PathQuery | IntervalQuery
WHERE, PERIOD = "scope.where", "scope.period"


def with_period(query: BehaviourQuery, notes: Notes) -> BehaviourQuery:
    """Retention looks at the cohorts of the year, everything else at the last whole month."""
    if query.scope.period is not None:
        return query
    if isinstance(query, RetentionQuery):
        name, span = "trend", Relative("year", to_date=True, anchor="data")
        period = Period((span,))
    else:
        name, period = "last_complete_month", Period((Latest("month"),))
    notes.assumptions.append(Assumption("period", TEXTS[name]))
    return replace(query, scope=replace(query.scope, period=period))


def behaviour_spans(
    query: BehaviourQuery,
    start: ResolvedStep,
    anchors: Anchors,
    manifest: Manifest,
    notes: Notes,
) -> tuple[ResolvedSpan, ...]:
    """The periods in which it may start, the earliest first; none of them overlap."""
    period = query.scope.period
    assert period is not None
    if isinstance(query, PathQuery) and len(period.spans) > 1:
        raise refuse_unsupported("多个时间段并列的路径分析", PERIOD)
    _check_role(period, start, manifest)
    check_days(period, anchors)
    found = tuple(must(resolve_span(span, anchors), PERIOD) for span in period.spans)
    ordered = sorted(found, key=lambda resolved: (resolved.span.end, resolved.span.start))
    spans = tuple(resolved.span for resolved in ordered)
    if any(earlier.end >= later.start for earlier, later in pairwise(spans)):
        raise refuse_unsupported("互相重叠的时间段并列的行为分析", PERIOD)
    _warn(period, found, anchors, notes)
    return spans


def _warn(period: Period, found: tuple[Resolved, ...], anchors: Anchors, notes: Notes) -> None:
    for resolved in found:
        notes.warnings.extend(resolved.warnings)
    notes.warnings.extend(feast_warnings(found, anchors.calendar))
    notes.warnings.extend(guessed_warnings(period, found, anchors.calendar))


def _check_role(period: Period, start: ResolvedStep, manifest: Manifest) -> None:
    """An event has one moment, its own; another date of the row is another event."""
    if period.role is None:
        return
    roles = dict(manifest.datasets[start.dataset].time_roles)
    if roles.get(period.role) == start.at:
        return
    message = (
        f"行为分析按每个事件自己发生的日期;“{start.label}”不能按“{period.role}”算。"
        "请把发生在那个日期的事件作为起始事件。"
    )
    raise RefusedError(Problem("dim_not_applicable", message, "scope.period.role", period.role))


def bound_where(where: Predicate | None, snapshot: Snapshot, at: str) -> Predicate | None:
    """The condition with segments spelled out and values as they are stored."""
    if where is None:
        return None
    where = spelled_out(where, snapshot.manifest)
    check_attached(where)
    return bind_predicate(where, snapshot, at)


def behaviour_sets(
    query: BehaviourQuery,
    behaviour: ResolvedBehaviour,
    spans: tuple[ResolvedSpan, ...],
    snapshot: Snapshot,
    rights: Rights,
    notes: Notes,
    resolve_metrics: ResolveMetrics,
) -> ResolvedSets:
    """The sets of all conditions, judged over the period in which it may start."""
    period = query.scope.period
    assert period is not None
    whole, where = Period(period.spans), behaviour.where
    everything = all_conditions(where, behaviour.steps)
    if not isinstance(query, PathQuery):
        notes.warnings.extend(overlap_note(query))
        where = sets_of_groups(query, where)
        everything = sets_of_groups(query, everything)
    sets = resolve_sets(everything, whole, snapshot, rights, notes, resolve_metrics)
    frames = frames_of(spans, grain_of(query))
    if len(frames) > 1:
        check_periods(where, sets, frames, snapshot, timed=True)
        if any(moving_sets(step.where) for step in behaviour.steps):
            raise refuse_unsupported("几段时间里对某一步逐期圈选的行为分析", "steps")
    return sets


def behaviour_bands(
    query: BehaviourQuery,
    spans: tuple[ResolvedSpan, ...],
    snapshot: Snapshot,
    rights: Rights,
    notes: Notes,
    resolve_metrics: ResolveMetrics,
) -> tuple[ResolvedGrouping, ...]:
    """The numbers by which people are put into bands, over the period in which it may start."""
    period = query.scope.period
    if isinstance(query, PathQuery) or period is None:
        return ()
    whole = replace(query, scope=replace(query.scope, period=Period(period.spans)))
    bands = resolve_groupings(whole, snapshot, rights, notes, resolve_metrics, named=True)
    frames = frames_of(spans, grain_of(query))
    measured = [band.query for band in bands if band.query is not None]
    if measured and len(frames) > 1:
        check_reach(measured, frames, snapshot, timed=True)
    for band in bands if len(frames) == 1 else ():
        if band.query is not None:
            label = snapshot.manifest.metrics[band.query.metrics[0]].label
            notes.assumptions.append(
                Assumption("group_by", f"“{label}”看{band.query.spans[0].label}")
            )
    return bands


def groups_of(query: BehaviourQuery) -> tuple[Group, ...]:
    """The groups asked for; a path has none."""
    return () if isinstance(query, PathQuery) else query.group_by


def grain_of(query: BehaviourQuery) -> Grain | None:
    """By what unit of time starts are told apart."""
    return next((g.grain for g in groups_of(query) if isinstance(g, TimeGroup)), None)


def all_conditions(where: Predicate | None, steps: tuple[ResolvedStep, ...]) -> Predicate | None:
    """Every condition anywhere in the query."""
    found = tuple(_present(where, steps))
    return And(found) if len(found) > 1 else next(iter(found), None)


def _present(where: Predicate | None, steps: tuple[ResolvedStep, ...]) -> Iterator[Predicate]:
    yield from (part for part in (where, *(step.where for step in steps)) if part is not None)
