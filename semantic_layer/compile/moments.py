"""When the members of a set are judged: per period of the result, now and at a base."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from semantic_layer.plan.nodes import Branch, Window
from semantic_layer.problem import Problem
from semantic_layer.query import (
    ChangeCondition,
    EventCondition,
    Everything,
    FunnelCondition,
    MetricCondition,
    Period,
    Span,
    TopMembership,
)
from semantic_layer.resolve.comparisons import takes_whole
from semantic_layer.resolve.frames import Frame, Key, frames_of, unit_name
from semantic_layer.resolve.members import last_units
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolve.shift import base_days
from semantic_layer.resolve.spans import Anchors, RawSpan, span_dates
from semantic_layer.resolve.units import ONE_DAY, Days, unit_of
from semantic_layer.resolved import ResolvedLeaf, ResolvedQuery, ResolvedSpan, metric_query
from semantic_layer.snapshot import Snapshot

MOST_JUDGED = 100
"""Each takes a stage of its own."""
BASES = frozenset({"yoy", "mom", "previous", "opening", "ytd_open", "range"})


@dataclass(frozen=True, slots=True)
class Moment:
    """A period over which members are judged."""

    start: date
    end: date
    unit: str
    count: int
    key: Key = None
    """What rows of that period are told by; None: there is one period only."""
    moved: bool = True
    """False: conditions without a period of their own were resolved for it already."""


def moments(resolved: ResolvedQuery, branch: Branch | None) -> tuple[Moment, ...]:
    """The periods of a branch; none when the query has no period at all."""
    if not resolved.spans:
        return ()
    frames = frames_of(resolved.spans, resolved.grain)
    role = branch.role if branch is not None else "current"
    if len(frames) == 1 and resolved.grain is None:
        if branch is None or role not in BASES:
            return (_of_span(resolved.spans[0], moved=False),)
        if _is_named(frames[0], role, resolved):
            return (_of_span(dict(resolved.bases)[role][0], moved=True),)  # type: ignore[index]
        days = _base_days(frames[0], branch, resolved)
        return (Moment(days.start, days.end, frames[0].unit, frames[0].count),)
    assert branch is not None
    by_key = {frame.key: frame for frame in frames}
    return tuple(_of_window(by_key[w.key], w, branch, resolved) for w in branch.windows)


def not_too_many(judged: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """The periods, unless judging each of them apart takes too long."""
    if len(judged) <= MOST_JUDGED:
        return judged
    message = (
        f"要在{len(judged)}期里逐期判断谁符合条件,一次最多{MOST_JUDGED}期;"
        "请缩短时间范围,或按更长的期间(如按月)看。"
    )
    raise RefusedError(Problem("too_expensive", message, "scope.period"))


def _of_span(span: ResolvedSpan, *, moved: bool) -> Moment:
    return Moment(span.first_day, span.end, span.unit, span.count, moved=moved)


def _of_window(frame: Frame, window: Window, branch: Branch, resolved: ResolvedQuery) -> Moment:
    days = Days(frame.start, frame.end)
    if branch.role in BASES:
        days = _base(frame, window, branch, resolved)
    key: Key = window.key
    if branch.keying == "bucket":
        assert branch.bucket is not None
        key = unit_of(unit_name(branch.bucket), window.start).start
    return Moment(days.start, days.end, frame.unit, frame.count, key)


def _base(frame: Frame, window: Window, branch: Branch, resolved: ResolvedQuery) -> Days:
    if _is_named(frame, branch.role, resolved):
        return Days(window.start, window.end)
    return _base_days(frame, branch, resolved)


def _is_named(frame: Frame, role: str, resolved: ResolvedQuery) -> bool:
    """Whether the base is no calendar period away: a range that was named, another feast."""
    return role == "range" or resolved.spans[frame.span].unit == "feast"


def _base_days(frame: Frame, branch: Branch, resolved: ResolvedQuery) -> Days:
    """The period that an amount would be compared with, also beside a balance at its end."""
    compare = metric_query(resolved).compare
    align = next(c.align for c in compare if c.base == branch.role)
    metric = branch.parts[0].metric
    whole = takes_whole(metric, align, stock=metric.is_stock and branch.per is None)
    role = branch.role
    return base_days(role, frame.natural, frame.end, frame.unit, frame.count, whole=whole)  # type: ignore[arg-type]


def judged_at(leaf: ResolvedLeaf, moment: Moment | None, snapshot: Snapshot) -> ResolvedQuery:
    """The condition's query over the days that the moment gives it."""
    if moment is None:
        return leaf.query
    run = _run_length(leaf)
    if leaf.inherits and run:
        return _over(leaf.query, _run(leaf, moment.end, snapshot))
    if leaf.inherits:
        days = _native_days(leaf, moment, snapshot)
        return _over(leaf.query, days, moment) if moment.moved else leaf.query
    if leaf.judged == "period_end":
        return _ended(leaf, moment.end, snapshot)
    return leaf.query


def _native_days(leaf: ResolvedLeaf, moment: Moment, snapshot: Snapshot) -> Days:
    """The days of a period; of a metric defined per month those of its last month."""
    days, native = Days(moment.start, moment.end), native_unit(leaf, snapshot)
    if native is None:
        return days
    last = unit_of(native, moment.end)
    return Days(max(last.start, days.start), min(last.end, days.end))


def native_unit(leaf: ResolvedLeaf, snapshot: Snapshot) -> str | None:
    """The calendar unit that the condition's metric is defined by."""
    metrics = (snapshot.manifest.metrics.get(name) for name in leaf.query.metrics)
    return next((m.native for m in metrics if m is not None and m.native is not None), None)


def is_dated(query: ResolvedQuery, snapshot: Snapshot) -> bool:
    """Whether every table that the query reads says when its rows were."""
    return all(snapshot.manifest.datasets[name].time for name in query.datasets)


def is_bucket(resolved: ResolvedQuery, branch: Branch | None, moment: Moment | None) -> bool:
    """Whether the moment is one of the time buckets of the result, not of a base."""
    if moment is None or branch is None or resolved.grain is None:
        return False
    return branch.role not in BASES and moment.key is not None


def _run_length(leaf: ResolvedLeaf) -> int | None:
    known = leaf.leaf
    return known.in_a_row if isinstance(known, MetricCondition | EventCondition) else None


def _run(leaf: ResolvedLeaf, day: date, snapshot: Snapshot) -> Days:
    """The last n complete periods until a day, all of them with data."""
    known = leaf.leaf
    assert isinstance(known, MetricCondition | EventCondition)
    return last_units(leaf.query, known, day, snapshot)


def _ended(leaf: ResolvedLeaf, day: date, snapshot: Snapshot) -> ResolvedQuery:
    """Its own relative period, seen from the day after the judged one."""
    period, first = _own_period(leaf), _first_day(leaf, snapshot)
    if len(period.spans) != 1 or not _is_relative(period.spans[0]):
        return leaf.query
    anchors = Anchors(
        as_of=day + ONE_DAY,
        latest=day,
        first=min(first, day),
        unit="day",
        stock=False,
        point=False,
        calendar=snapshot.calendar,
    )
    found = span_dates(period.spans[0], anchors)
    assert isinstance(found, RawSpan)
    days = Days(found.start, min(found.end, day))
    if _run_length(leaf):
        days = _run(leaf, days.end, snapshot)
    unit, count = found.unit, found.count
    return _known_by(_over(leaf.query, days, Moment(days.start, days.end, unit, count)), day)


def _known_by(query: ResolvedQuery, day: date) -> ResolvedQuery:
    """What is done later is not known on the judged day."""
    behaviour = query.behaviour
    if behaviour is None:
        return query
    return replace(query, behaviour=replace(behaviour, observed=min(behaviour.observed, day)))


def _own_period(leaf: ResolvedLeaf) -> Period:
    known = leaf.leaf
    if isinstance(known, FunnelCondition):
        return known.period or Period((Everything(),))
    if isinstance(known, EventCondition):
        return known.within or Period((Everything(),))
    assert isinstance(known, MetricCondition | ChangeCondition | TopMembership)
    assert known.period is not None
    return known.period


def _is_relative(span: Span) -> bool:
    return span.kind != "absolute"


def _first_day(leaf: ResolvedLeaf, snapshot: Snapshot) -> date:
    known = (snapshot.first_dates.get(name) for name in leaf.query.datasets)
    return min((day for day in known if day is not None), default=date(1900, 1, 1))


def _over(query: ResolvedQuery, days: Days, moment: Moment | None = None) -> ResolvedQuery:
    span = query.spans[0]
    unit = moment.unit if moment is not None else span.unit
    count = moment.count if moment is not None else span.count
    moved = ResolvedSpan(days.start, days.end, natural_end=days.end, unit=unit, count=count)
    return replace(query, spans=(moved,))
