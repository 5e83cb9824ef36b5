"""The sets of a filter resolved: figures by entity, ways to attributes, tables that are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from semantic_layer.model import Manifest, Metric
from semantic_layer.problem import Problem
from semantic_layer.query import (
    ChangeCondition,
    Condition,
    EventCondition,
    FunnelCondition,
    FunnelQuery,
    MetricCondition,
    MetricQuery,
    Period,
    Predicate,
    Set,
    TimeGroup,
    TopMembership,
)
from semantic_layer.resolve.frames import Frame
from semantic_layer.resolve.notes import Notes
from semantic_layer.resolve.paths import choose_path
from semantic_layer.resolve.refused import RefusedError, must
from semantic_layer.resolve.rights import Rights
from semantic_layer.resolve.sets import (
    AT,
    JudgedLeaf,
    Walked,
    entity_dimension,
    every_set,
    follows,
    inherits,
    judged_leaves,
    links,
    memberships,
    moves,
    set_dataset,
    set_parts,
    unit_of_row,
    walked,
)
from semantic_layer.resolve.units import Days, last_unit_end, shift_unit, unit_of
from semantic_layer.resolved import (
    Assumption,
    PathChoice,
    ResolvedLeaf,
    ResolvedQuery,
    ResolvedSpan,
)
from semantic_layer.snapshot import Snapshot

ResolveMetrics = Callable[[MetricQuery | FunnelQuery, Snapshot, Rights], ResolvedQuery]


@dataclass(frozen=True, slots=True)
class ResolvedSets:
    """What the sets of a filter need."""

    leaves: tuple[ResolvedLeaf, ...] = ()
    paths: tuple[PathChoice, ...] = ()
    datasets: tuple[str, ...] = ()
    """Tables whose rows are judged."""


def resolve_sets(
    where: Predicate | None,
    period: Period | None,
    snapshot: Snapshot,
    rights: Rights,
    notes: Notes,
    resolve_metrics: ResolveMetrics,
) -> ResolvedSets:
    """The sets of a filter over the period of the query; their doubts go into the notes."""
    sets = tuple(every_set(where))
    if not sets:
        return ResolvedSets()
    manifest = snapshot.manifest
    datasets = tuple(dict.fromkeys(set_dataset(set_, manifest) for set_ in sets))
    leaves = tuple(
        _resolved(judged, snapshot, rights, notes, resolve_metrics, named=period is not None)
        for judged in judged_leaves(sets, period, manifest)
    )
    leaves += tuple(
        _walked(found, snapshot, rights, notes, resolve_metrics) for found in walked(sets)
    )
    notes.warnings.extend(_change_notes(leaves))
    notes.assumptions.extend(_top_notes(leaves, rights))
    return ResolvedSets(leaves, tuple(_paths(sets, manifest)), datasets)


def _walked(
    found: Walked, snapshot: Snapshot, rights: Rights, notes: Notes, resolve_metrics: ResolveMetrics
) -> ResolvedLeaf:
    """A funnel of which only the people are wanted: how few they are is judged outside."""
    try:
        inner = resolve_metrics(found.query, replace(snapshot, min_group_size=1), rights)
    except RefusedError as error:
        raise RefusedError(replace(error.problem, at=AT)) from error
    assert inner.behaviour is not None
    behaviour = replace(inner.behaviour, chosen=found.leaf)
    open_ended = found.leaf.window_days is None
    told = (w for w in inner.warnings if not (open_ended and w[0] == "open_window"))
    notes.warnings.extend(told if found.judged == "as_of" else ())
    resolved = replace(inner, behaviour=behaviour)
    return ResolvedLeaf(found.entity, found.leaf, resolved, judged=found.judged)


def _resolved(
    judged: JudgedLeaf,
    snapshot: Snapshot,
    rights: Rights,
    notes: Notes,
    resolve_metrics: ResolveMetrics,
    *,
    named: bool,
) -> ResolvedLeaf:
    placed = judged.placed
    if judged.counted is not None:
        snapshot = with_metric(snapshot, judged.counted)
    inner = _placed(judged, snapshot, rights, resolve_metrics)
    inner = replace(
        _of_one_period(inner, judged, snapshot), counts_rows=judged.counts_rows, people=()
    )
    if not follows(placed):
        notes.warnings.extend(inner.warnings)
    if inherits(placed) and not named and not isinstance(placed.part, EventCondition):
        notes.assumptions.extend(_about(inner, judged, snapshot.manifest))
    anchor = None
    if judged.anchor is not None and judged.first is not None:
        anchored = with_metric(snapshot, judged.first)
        anchor = replace(resolve_metrics(judged.anchor, anchored, rights), people=())
        notes.warnings.append(("days_not_over", "起算之后还没过完天数的,不算“没有做”。"))
    return ResolvedLeaf(
        judged.entity,
        placed.part,
        inner,
        inherits(placed),
        placed.judged,
        judged.counted,
        anchor,
        judged.first,
    )


def _placed(
    judged: JudgedLeaf, snapshot: Snapshot, rights: Rights, resolve_metrics: ResolveMetrics
) -> ResolvedQuery:
    """The condition's own query; what is wrong with its metric is wrong with the filter."""
    try:
        return resolve_metrics(judged.query, snapshot, rights)
    except RefusedError as error:
        if error.problem.at.startswith("measures"):
            raise RefusedError(replace(error.problem, at=AT)) from error
        raise


def _about(inner: ResolvedQuery, judged: JudgedLeaf, manifest: Manifest) -> Iterator[Assumption]:
    """What was assumed of a condition's period, with its name."""
    part = judged.placed.part
    assert not isinstance(part, Condition | EventCondition | FunnelCondition)
    label = manifest.metrics[part.metric].label
    for assumed in inner.assumptions:
        if assumed.slot == "period":
            yield Assumption("period", f"{label}:{assumed.text}")


def _of_one_period(inner: ResolvedQuery, judged: JudgedLeaf, snapshot: Snapshot) -> ResolvedQuery:
    """A metric defined per month is judged in the last month of a longer period."""
    placed, query = judged.placed, inner.query
    assert isinstance(query, MetricQuery)
    part = placed.part
    if isinstance(part, MetricCondition | EventCondition) and part.in_a_row is not None:
        return inner if inherits(placed) else _of_last_units(inner, part, snapshot)
    if inner.grain is None:
        if len(inner.spans) > 1 and not inherits(placed):
            raise RefusedError(Problem("invalid_query", "圈选的条件只能有一段时间。", AT))
        return inner
    if placed.judged != "period_end":
        name = judged.query.measures[0].metric  # type: ignore[union-attr]
        label = snapshot.manifest.metrics[name].label
        message = f"圈选条件“{label}”按月定义,请给出判断的月份。"
        raise RefusedError(Problem("grain_not_available", message, AT, name))
    end = inner.spans[-1].end
    last = unit_of(inner.grain, end)
    span = ResolvedSpan(last.start, end, natural_end=last.end, unit=inner.grain, count=1)
    groups = tuple(g for g in query.group_by if not isinstance(g, TimeGroup))
    return replace(inner, query=replace(query, group_by=groups), grain=None, spans=(span,))


def _of_last_units(
    inner: ResolvedQuery, part: MetricCondition | EventCondition, snapshot: Snapshot
) -> ResolvedQuery:
    """The last n complete units until the end of the period."""
    if len(inner.spans) > 1:
        raise RefusedError(Problem("invalid_query", "圈选的条件只能有一段时间。", AT))
    span = inner.spans[0]
    days = last_units(inner, part, span.end, snapshot)
    run = ResolvedSpan(*days, natural_end=days.end, unit=span.unit, count=span.count)
    return replace(inner, spans=(run,))


def last_units(
    query: ResolvedQuery, part: MetricCondition | EventCondition, day: date, snapshot: Snapshot
) -> Days:
    """The last n complete units until a day, all of them with data."""
    assert part.in_a_row is not None
    unit = unit_of_row(part.row_unit)
    end = last_unit_end(unit, day)
    days = Days(shift_unit(unit, end, 1 - part.in_a_row).start, end)
    first = min(_known(snapshot.first_dates, query), default=date(1900, 1, 1))
    last = min(_known(snapshot.data_dates, query), default=snapshot.as_of)
    whole = unit if unit in ("day", "week") else "month"
    if days.end < first or days.start < unit_of(whole, first).start:
        message = f"数据从{first}开始,判断不了到{day}为止的连续{part.in_a_row}期;请问更晚的时间。"
        raise RefusedError(Problem("no_data_before", message, "scope.period"))
    if days.end > last:
        message = f"数据到{last}为止,判断不了到{day}为止的连续{part.in_a_row}期;请问更早的时间。"
        raise RefusedError(Problem("no_data_yet", message, "scope.period"))
    return days


def _known(dates: Mapping[str, date], query: ResolvedQuery) -> list[date]:
    return [dates[name] for name in query.datasets if name in dates]


def with_metric(snapshot: Snapshot, metric: Metric) -> Snapshot:
    """The snapshot with one more metric."""
    return replace(snapshot, manifest=_with_metric(snapshot.manifest, metric))


@lru_cache(maxsize=128)
def _with_metric(manifest: Manifest, metric: Metric) -> Manifest:
    return replace(manifest, metrics={**manifest.metrics, metric.name: metric})


def check_periods(
    where: Predicate | None,
    sets: ResolvedSets,
    frames: tuple[Frame, ...],
    snapshot: Snapshot,
    *,
    timed: bool,
) -> None:
    """Several periods, each with its own members: all of them must have data to judge by."""
    if any(moves(set_) for set_ in memberships(where)):
        queries = [leaf.query for leaf in sets.leaves if leaf.inherits]
        check_reach(queries, frames, snapshot, timed=timed)


def check_reach(
    queries: Iterable[ResolvedQuery],
    frames: tuple[Frame, ...],
    snapshot: Snapshot,
    *,
    timed: bool,
) -> None:
    """Everybody is judged in every period, so the data must reach all of them."""
    if not timed:
        message = "这个指标没有时间,不能逐期圈选;请只问一段时间。"
        raise RefusedError(Problem("dim_not_applicable", message, AT))
    for query in queries:
        dated = [name for name in query.datasets if snapshot.manifest.datasets[name].time]
        known = dict(query.data_dates)
        latest = min((known[name] for name in dated), default=date.max)
        if any(frame.start > latest for frame in frames):
            message = (
                f"圈选的条件只有到{latest}的数据,判断不了之后的时间;请把时间改到{latest}为止。"
            )
            raise RefusedError(Problem("no_data_yet", message, "scope.period"))
        first = max((snapshot.first_dates.get(name, date.min) for name in dated), default=date.min)
        if any(frame.end < first for frame in frames):
            message = f"圈选的条件从{first}才有数据,判断不了之前的时间;请从{first}问起。"
            raise RefusedError(Problem("no_data_before", message, "scope.period"))


def _change_notes(leaves: Iterable[ResolvedLeaf]) -> Iterator[tuple[str, str]]:
    """A rate has no value where there is nothing to compare with."""
    if any(isinstance(x.leaf, ChangeCondition) and x.leaf.show == "rate" for x in leaves):
        yield "no_rate", "基期为零或没有数据的算不出增速,不满足增速的条件。"


def _top_notes(leaves: Iterable[ResolvedLeaf], rights: Rights) -> Iterator[Assumption]:
    if not rights.everything and any(isinstance(x.leaf, TopMembership) for x in leaves):
        yield Assumption("rights", "前几名只在您看得到的范围里排")


def _paths(sets: Iterable[Set], manifest: Manifest) -> Iterator[PathChoice]:
    """How attributes inside sets are reached, and how sets of other entities hang together."""
    for set_ in sets:
        dataset = set_dataset(set_, manifest)
        for placed in set_parts(set_):
            if isinstance(placed.part, Condition):
                yield must(choose_path(manifest, dataset, placed.part.dimension), AT).path
        for inner in links(set_):
            yield link_path(set_, inner, manifest)


def link_path(outer: Set, inner: Set, manifest: Manifest) -> PathChoice:
    """From an entity to another one, or back when only the other knows the way."""
    forth = choose_path(
        manifest, set_dataset(outer, manifest), entity_dimension(inner.entity, manifest)
    )
    if not isinstance(forth, Problem):
        return forth.path
    back = choose_path(
        manifest, set_dataset(inner, manifest), entity_dimension(outer.entity, manifest)
    )
    if isinstance(back, Problem):
        raise RefusedError(replace(forth, at=AT))
    return back.path
