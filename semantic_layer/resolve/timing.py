"""Which tables serve the metrics over the asked periods, and the dates themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import ge

from semantic_layer.model import Aggregate, Manifest, Metric
from semantic_layer.problem import Candidate, Problem
from semantic_layer.query import Base, MetricQuery, Period, TimeGroup
from semantic_layer.resolve.availability import UNIT_LABELS, anchors_for, dataset_of, grain_unit
from semantic_layer.resolve.closure import is_divided, leaves, measure_metrics
from semantic_layer.resolve.common_end import common_end_warnings
from semantic_layer.resolve.comparisons import TIMELESS, base_span, check_comparable, is_unfinished
from semantic_layer.resolve.contradictions import check_contradictions
from semantic_layer.resolve.defaults import asked_metrics, show_native_units
from semantic_layer.resolve.divisors import used_metrics
from semantic_layer.resolve.feasts import base_warnings as feasts_apart
from semantic_layer.resolve.feasts import feast_warnings, guessed_warnings
from semantic_layer.resolve.frames import Frame, finest_grain, frames_of, unit_name
from semantic_layer.resolve.labels import day_label
from semantic_layer.resolve.means import whole_units
from semantic_layer.resolve.names import time_roles
from semantic_layer.resolve.notes import Notes
from semantic_layer.resolve.partial import partial_warnings
from semantic_layer.resolve.periods import Resolved, first_listed, resolve_span, told_apart
from semantic_layer.resolve.refused import RefusedError, must, refuse_unsupported
from semantic_layer.resolve.sense import check_days, check_timeless
from semantic_layer.resolve.sources import Sources, by_role, chosen_sources, source_choices
from semantic_layer.resolve.spans import Anchors, span_dates
from semantic_layer.resolve.stats import check_stats, stat_refs, with_units
from semantic_layer.resolve.units import FINENESS, serves
from semantic_layer.resolve.unset_targets import check_targets_set
from semantic_layer.resolved import Assumption, ResolvedSpan
from semantic_layer.snapshot import Snapshot

Bases = tuple[tuple[Base, tuple[ResolvedSpan, ...]], ...]
_PER_UNITS: Mapping[str | None, str] = {
    "day": "day",
    "trading_day": "day",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
}
ANOTHER_TABLE_MAY_SERVE = frozenset({"grain_not_available", "no_data_yet", "no_data_before"})


@dataclass(frozen=True, slots=True)
class Timed:
    """The query over chosen tables with its periods as dates."""

    query: MetricQuery
    sources: Sources
    """Counted by the date that the period names."""
    positions: tuple[tuple[str, int], ...]
    anchors: Anchors
    spans: tuple[Resolved, ...]
    bases: Bases = ()
    """Per comparison the base dates of every span."""


def choose_tables(
    query: MetricQuery, dimensions: Mapping[str, str], snapshot: Snapshot, notes: Notes
) -> Timed:
    """The first choice of tables that has the grain, the dimensions, the days and the bases.

    `dimensions`: as written → their slot. When no table serves, the finest one says why.
    Of a stock's period that goes on, the table that reaches further says more.
    """
    choices = must(
        source_choices(snapshot.manifest, used_metrics(query, snapshot.manifest), dimensions)
    )
    refused: RefusedError | None = None
    served: list[tuple[Timed, Notes]] = []
    for sources in choices:
        attempt = Notes()
        try:
            timed = _timed(query, sources, snapshot, attempt)
            if query.compare:
                bases = _comparison_bases(timed, snapshot.manifest, attempt)
                timed = replace(timed, bases=bases)
        except RefusedError as error:
            if error.problem.code not in ANOTHER_TABLE_MAY_SERVE:
                raise
            refused = error
            continue
        served.append((timed, attempt))
        if not _is_cut_short(timed):
            break
    if not served:
        assert refused is not None
        raise refused
    timed, attempt = _furthest(served)
    notes.take(attempt)
    return timed


def _is_cut_short(timed: Timed) -> bool:
    """Whether another table might know a stock further into the period that was named."""
    return timed.anchors.stock and any(is_unfinished(resolved.span) for resolved in timed.spans)


def _furthest(served: list[tuple[Timed, Notes]]) -> tuple[Timed, Notes]:
    """The first choice, or one that reaches further and knows the same beginnings and bases."""
    best = served[0]
    for other in served[1:]:
        now, then = ([r.span.end for r in timed.spans] for timed, _ in (best, other))
        starts = [[r.span.first_day for r in timed.spans] for timed, _ in (best, other)]
        further = then != now and all(map(ge, then, now)) and starts[0] == starts[1]
        if further and _knows_bases(other[0]):
            best = other
    return best


def _knows_bases(timed: Timed) -> bool:
    return all(base.end >= timed.anchors.first for _, spans in timed.bases for base in spans)


def _timed(query: MetricQuery, sources: Sources, snapshot: Snapshot, notes: Notes) -> Timed:
    manifest, period = snapshot.manifest, query.scope.period
    assert period is not None
    _check_role(period, sources, manifest)
    check_contradictions(query.scope.where, sources, snapshot)
    positions = chosen_sources(sources, manifest)
    sources = {name: by_role(leaf, period.role, manifest) for name, leaf in sources.items()}
    query = with_units(query, sources, manifest)
    check_stats(query, sources, manifest)
    anchors = anchors_for(
        snapshot,
        sources.values(),
        averaged=is_averaged(query),
        bucketed=any(isinstance(group, TimeGroup) for group in query.group_by),
    )
    _check_average(query, sources, manifest)
    check_days(period, anchors)
    period = _in_time_order(query, anchors)
    if period is not query.scope.period:
        query = replace(query, scope=replace(query.scope, period=period))
    spans = tuple(must(resolve_span(span, anchors)) for span in period.spans)
    unit = _mean_unit(query)
    spans = told_apart(tuple(whole_units(resolved, unit) for resolved in spans))
    _check_last_known(sources, spans)
    check_targets_set(query, sources, spans, manifest)
    notes.warnings.extend(common_end_warnings(query, sources, spans, snapshot))
    native = show_native_units(query, tuple(r.span for r in spans), manifest)
    notes.assumptions.extend(check_timeless(native.query, sources, manifest))
    _check_grain(native.query, anchors)
    notes.assumptions.extend(native.assumptions)
    for resolved in spans:
        notes.warnings.extend(resolved.warnings)
        if resolved.raw is not None and resolved.raw.from_data:
            notes.assumptions.extend(_another_year(resolved.span, anchors))
    notes.warnings.extend(
        partial_warnings(
            (r.span for r in spans), finest_grain(native.query.group_by), stock=anchors.stock
        )
    )
    notes.warnings.extend(feast_warnings(spans, snapshot.calendar))
    notes.warnings.extend(guessed_warnings(period, spans, snapshot.calendar))
    return Timed(native.query, sources, positions, anchors, spans)


def _check_last_known(sources: Sources, spans: tuple[Resolved, ...]) -> None:
    """The last snapshot known differs by period, so a row cannot stand in two of them."""
    days = sorted((resolved.span.first_day, resolved.span.end) for resolved in spans)
    apart = all(before[1] < after[0] for before, after in pairwise(days))
    known = any(
        isinstance(leaf.definition, Aggregate)
        and leaf.definition.semi_additive is not None
        and leaf.definition.semi_additive.period_end == "last_known"
        for leaf in sources.values()
    )
    if known and not apart:
        raise refuse_unsupported("同时看互相重叠的期间里最近已知的余额", "scope.period", "请分开问")


def _another_year(span: ResolvedSpan, anchors: Anchors) -> tuple[Assumption, ...]:
    if span.end.year == anchors.as_of.year:
        return ()
    year, today = span.end.year, anchors.as_of.year
    return (Assumption("period", f"{today}年还没有数据,取{year}年的数据"),)


def _in_time_order(query: MetricQuery, anchors: Anchors) -> Period:
    """Spans side by side, the earliest first unless an order was asked for."""
    period = query.scope.period
    assert period is not None
    if query.order or len(period.spans) == 1:
        return period
    dates = {span: must(span_dates(span, anchors)) for span in period.spans}
    ordered = sorted(period.spans, key=lambda span: (dates[span].end, dates[span].start))
    return replace(period, spans=tuple(ordered))


def _check_role(period: Period, sources: Sources, manifest: Manifest) -> None:
    if period.role is None:
        return
    for leaf in sources.values():
        roles = time_roles(manifest, dataset_of(leaf))
        if period.role not in roles:
            names = "、".join(roles) or "只有默认日期"
            raise RefusedError(
                Problem(
                    "dim_not_applicable",
                    f"“{leaf.label}”没有“{period.role}”这个日期;可用的日期:{names}。",
                    "scope.period.role",
                    period.role,
                    tuple(Candidate(role, role) for role in roles),
                )
            )


def _check_average(query: MetricQuery, sources: Sources, manifest: Manifest) -> None:
    """A mean of snapshots needs one snapshot per unit: 日均 from month ends is no 日均."""
    refs = (ref for measure in query.measures for ref in measure_metrics(measure))
    averaged = ((ref.metric, _PER_UNITS[ref.per]) for ref in refs if ref.per in _PER_UNITS)
    for name, unit in averaged:
        for leaf in leaves(manifest, name):
            source = sources[leaf.name]
            have = grain_unit(manifest.datasets[dataset_of(source)])
            if source.is_stock and not serves(have, unit):
                raise RefusedError(_no_average(leaf.label, name, have, unit))
            if _has_gaps(source):
                raise refuse_unsupported(
                    f"“{leaf.label}”按期平均(没有快照的日子取最近一次,不能当作零)",
                    "measures", "请问某一天或期末的数",
                )  # fmt: skip


def _has_gaps(source: Metric) -> bool:
    """Days without a snapshot are not days without a balance."""
    definition = source.definition
    semi = definition.semi_additive if isinstance(definition, Aggregate) else None
    return semi is not None and semi.period_end == "last_known"


def _mean_unit(query: MetricQuery) -> str | None:
    """The coarsest unit, above the day, that a measure is a mean or an extreme of."""
    refs = (ref for measure in query.measures for ref in measure_metrics(measure))
    units: list[str] = [ref.per for ref in refs if ref.per in ("month", "quarter", "year")]
    units += [unit_name(ref.stat_over) for ref in stat_refs(query) if ref.stat_over]
    coarse = [unit for unit in units if unit != "day"]
    return max(coarse, key=FINENESS.index) if coarse else None


def _no_average(label: str, name: str, have: str, unit: str) -> Problem:
    has, asked = UNIT_LABELS[have], UNIT_LABELS[unit]
    message = f"“{label}”只有每{has}的快照,不能算{asked}均;可以问{has}均。"
    return Problem("grain_not_available", message, "measures", name)


def _check_grain(query: MetricQuery, anchors: Anchors) -> None:
    for position, group in enumerate(query.group_by):
        if not isinstance(group, TimeGroup):
            continue
        unit = "day" if group.grain == "date" else group.grain
        if serves(anchors.unit, unit):
            continue
        grains = [u for u in FINENESS if serves(anchors.unit, u)]
        names = "、".join(f"按{UNIT_LABELS[u]}" for u in grains)
        raise RefusedError(
            Problem(
                "grain_not_available",
                f"“{anchors.limit}”的数据粒度较粗,不能按{UNIT_LABELS[unit]}看;可以{names}看。",
                f"group_by.{position}",
                group.grain,
                tuple(Candidate(u, f"按{UNIT_LABELS[u]}") for u in grains),
            )
        )


def _comparison_bases(timed: Timed, manifest: Manifest, notes: Notes) -> Bases:
    """Per comparison the base dates of every span."""
    metrics = [manifest.metrics[name] for name in asked_metrics(timed.query)]
    found: list[tuple[Base, tuple[ResolvedSpan, ...]]] = []
    for comparison in timed.query.compare:
        if comparison.base in TIMELESS:
            found.append((comparison.base, ()))
            continue
        used = tuple(timed.sources[leaf.name] for m in metrics for leaf in leaves(manifest, m.name))
        check_comparable(comparison, used, averaged=is_averaged(timed.query))
        bases = tuple(
            base_span(comparison, resolved, frames, timed.anchors, metrics[0])
            for resolved, frames in zip(timed.spans, _frames(timed), strict=True)
        )
        found.append((comparison.base, bases))
        notes.warnings.extend(_base_warnings(bases, timed))
    return tuple(found)


def _frames(timed: Timed) -> list[tuple[Frame, ...]]:
    """The periods of the result, per span."""
    bucket = finest_grain(timed.query.group_by)
    return [frames_of((resolved.span,), bucket) for resolved in timed.spans]


def is_averaged(query: MetricQuery) -> bool:
    """Whether a measure is taken over days or months: 日均, 月均, 单日最高."""
    refs = (ref for measure in query.measures for ref in measure_metrics(measure))
    return any(ref.stat or (ref.per and not is_divided(ref)) for ref in refs)


def _base_warnings(bases: tuple[ResolvedSpan, ...], timed: Timed) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    bucketed = any(isinstance(group, TimeGroup) for group in timed.query.group_by)
    for base, resolved in zip(bases, timed.spans, strict=True):
        found.extend(feasts_apart(resolved, base, timed.anchors.calendar))
        if base.end < timed.anchors.first:
            found.append(("no_base_data", f"没有{base.label}的数据,不能与它比较。"))
        elif not base.is_point and base.first_day < first_listed(timed.anchors):
            first = day_label(timed.anchors.first)
            text = f"数据从{first}开始,{base.label}不完整,缺数据的部分不能比较。"
            found.append(("partial_base", text))
        elif is_unfinished(resolved.span) and not base.is_point:
            text = f"{resolved.span.label}未满期,与{base.label}比较。"
            if bucketed:
                text = "最后一期未满,与基期的相同天数比较。"
            found.append(("elapsed_comparison", text))
    return found
