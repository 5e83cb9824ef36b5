"""From a resolved query to its plan: which parts are computed where, and what from them."""

from __future__ import annotations

from dataclasses import replace

from semantic_layer.model import Aggregate
from semantic_layer.plan.bases import base_formula, year_progress
from semantic_layer.plan.formulas import cases_formula, measure_formula, measure_unit
from semantic_layer.plan.nodes import (
    NO_FORMULA,
    Compared,
    Formula,
    LeftOut,
    Plan,
    PlannedMeasure,
    Slot,
)
from semantic_layer.plan.parts import ADDITIVE, Branches, Reach
from semantic_layer.plan.spines import spines_of
from semantic_layer.query import (
    And,
    Arithmetic,
    Comparison,
    DimensionGroup,
    Measure,
    MetricQuery,
    MetricRef,
    Predicate,
    Share,
    Show,
)
from semantic_layer.resolve.availability import UNIT_LABELS
from semantic_layer.resolve.bridges import overlaps
from semantic_layer.resolve.closure import adds_up, is_quotient
from semantic_layer.resolve.comparisons import TIMELESS, shown
from semantic_layer.resolve.conditions import conditions_in, parts_of
from semantic_layer.resolve.frames import Frame, finest_grain, unit_name
from semantic_layer.resolve.groupings import grouping_name, groupings
from semantic_layer.resolve.sets import is_unnamed_set
from semantic_layer.resolve.stats import STAT_NAMES
from semantic_layer.resolved import ResolvedQuery, metric_query
from semantic_layer.snapshot import Snapshot

PERIOD_COLUMN = "period"
WHOLE_BASES = frozenset({"yoy", "range"})
"""Bases that mean the same for a bucket and for the whole period."""
PER_LABELS = {
    "day": "日均", "trading_day": "交易日日均", "month": "月均", "quarter": "季均", "year": "年均",
    "customer": "户均", "holder": "持有户均", "txn": "笔均",
}  # fmt: skip


def build_plan(
    resolved: ResolvedQuery, snapshot: Snapshot, left_out: LeftOut | None = None
) -> Plan:
    """The plan of a resolved metric query, maybe without some members (for 其他)."""
    query = metric_query(resolved)
    bucket = resolved.grain
    branches = Branches(resolved, snapshot, bucket, query.window, left_out)
    groups = group_dimensions(query)
    current = Reach("current", groups, resolved.where)
    measures = tuple(
        _planned(position, measure, current, branches, query)
        for position, measure in enumerate(query.measures)
    )
    time, slots = _time_column(branches), _slots(branches, groups)
    return Plan(
        groups=groups,
        bucket=bucket,
        time_column=time,
        slots=slots,
        branches=branches.finished(),
        measures=measures,
        spines=spines_of(resolved) if slots or time is None else (),
        people=branches.people(),
    )


def whole_of(resolved: ResolvedQuery) -> ResolvedQuery:
    """The same query without groups: one row for the whole."""
    query = metric_query(resolved)
    share = query.share if query.share and query.share.of == "unfiltered" else None
    compare = tuple(c for c in query.compare if c.base != "average")
    if resolved.grain is not None:
        compare = tuple(c for c in compare if c.base in WHOLE_BASES)
    ungrouped = replace(
        query,
        group_by=(),
        having=(),
        order=(),
        limit=None,
        focus=None,
        share=share,
        subtotals=(),
        compare=compare,
    )
    return replace(resolved, query=ungrouped, grain=None, spines=())


def prefix_of(resolved: ResolvedQuery, position: int) -> ResolvedQuery:
    """The same query by its first groups only: one row per 小计."""
    fewer = by_some_groups(resolved, tuple(range(position + 1)))
    above = tuple(at for at in metric_query(resolved).subtotals if at < position)
    return replace(fewer, query=replace(metric_query(fewer), subtotals=above))


def by_some_groups(resolved: ResolvedQuery, positions: tuple[int, ...]) -> ResolvedQuery:
    """The same query by some of its groups, without conditions on the rows shown."""
    query = metric_query(resolved)
    kept = tuple(query.group_by[at] for at in positions)
    grain, compare = finest_grain(kept), query.compare
    if grain != resolved.grain:
        compare = tuple(c for c in compare if c.base in WHOLE_BASES)
    fewer = replace(
        query,
        group_by=kept,
        having=(),
        order=(),
        limit=None,
        focus=None,
        subtotals=(),
        totals=False,
        compare=tuple(c for c in compare if c.base != "average"),
    )
    names = group_dimensions(fewer)
    spines = tuple(name for name in resolved.spines if name in names)
    bands = tuple(
        replace(known, position=positions.index(known.position))
        for known in resolved.groupings
        if known.position in positions
    )
    return replace(resolved, query=fewer, grain=grain, spines=spines, groupings=bands)


def group_dimensions(query: MetricQuery) -> tuple[str, ...]:
    """The grouped dimensions as written, in order; bands and sets by their position."""
    names = {at: grouping_name(at) for at, _ in groupings(query)}
    names |= {
        at: g.dimension for at, g in enumerate(query.group_by) if isinstance(g, DimensionGroup)
    }
    return tuple(dict.fromkeys(names[at] for at in sorted(names)))


def _planned(
    position: int, measure: Measure, current: Reach, branches: Branches, query: MetricQuery
) -> PlannedMeasure:
    formula = measure_formula(measure, current, branches)
    ref = measure if isinstance(measure, MetricRef) else None
    metric = branches.snapshot.manifest.metrics[ref.metric] if ref else None
    unit = measure_unit(measure, branches.snapshot.manifest)
    column, label = _naming(position, measure, branches)
    compared = [
        Compared(
            comparison.base,
            f"{column}.{comparison.base}.value",
            base_formula(measure, comparison, current, branches),
            _shows(comparison, unit or "", query),
            year_progress(measure, comparison, branches),
            _base_whole(measure, comparison, current, branches, query),
        )
        for comparison in query.compare
    ]
    whole, whole_groups = _whole(measure, current, branches, query)
    return PlannedMeasure(
        column=column,
        label=label,
        formula=formula,
        metric=metric,
        unit=unit,
        compared=tuple(compared),
        whole=whole,
        whole_groups=whole_groups,
        adds_up=adds_up(measure, branches.snapshot.manifest),
        is_quotient=is_quotient(measure, branches.snapshot.manifest),
        cases=cases_formula(measure, current, branches),
    )


def _shows(comparison: Comparison, unit: str, query: MetricQuery) -> tuple[Show, ...]:
    """The figures of a comparison; beside a share also how it changed."""
    shows = tuple(s for s in shown(comparison, unit) if s != "share")
    has_share = query.share is not None and comparison.base not in TIMELESS
    return (*shows, "share") if has_share else shows


def _base_whole(
    measure: Measure,
    comparison: Comparison,
    current: Reach,
    branches: Branches,
    query: MetricQuery,
) -> Formula | None:
    """The whole that the base is a share of; None: the sum of its members."""
    if query.share is None or comparison.base in TIMELESS:
        return None
    reach = replace(current, role=comparison.base, comparison=comparison)
    return _whole(measure, reach, branches, query)[0]


def _naming(position: int, measure: Measure, branches: Branches) -> tuple[str, str]:
    if isinstance(measure, MetricRef):
        label = branches.snapshot.manifest.metrics[measure.metric].label
        if measure.stat is not None and measure.stat_over is not None:
            when = UNIT_LABELS[unit_name(measure.stat_over)]
            name = f"{label}(各{when}{STAT_NAMES[measure.stat]})"
            return f"{measure.metric}.{measure.stat}_{measure.stat_over}", name
        if measure.per is None:
            return measure.metric, label
        return f"{measure.metric}.per_{measure.per}", f"{PER_LABELS[measure.per]}{label}"
    given = measure.label if isinstance(measure, Arithmetic) else None
    return f"expression_{position + 1}", given or _spelled(measure, branches)


def _spelled(measure: Measure, branches: Branches) -> str:
    if isinstance(measure, Arithmetic):
        left, right = (_spelled(m, branches) for m in (measure.left, measure.right))
        sign = {"*": "×", "/": "÷"}.get(measure.op, measure.op)
        return f"({left}{sign}{right})"
    if isinstance(measure, MetricRef):
        return branches.snapshot.manifest.metrics[measure.metric].label
    return str(measure.value)


def _whole(
    measure: Measure, current: Reach, branches: Branches, query: MetricQuery
) -> tuple[Formula | None, tuple[str, ...]]:
    """The value that a share divides by, with the groups it is kept apart for."""
    share = query.share
    if share is None:
        averages = any(having.value == "average" for having in query.having)
        if not averages or adds_up(measure, branches.snapshot.manifest):
            return NO_FORMULA
        reach = _as_whole(current, "whole", groups=())
    elif share.of == "unfiltered":
        where = _without(current.where, share)
        groups = tuple(g for g in current.groups if g != share.dimension)
        reach = replace(_as_whole(current, "unfiltered", groups), where=where)
    else:
        parent = share.of == "parent"
        groups = _parent_groups(current.groups, share.dimension) if parent else ()
        if _is_plain_sum(measure, branches) and not _overlaps(branches):
            return None, groups
        reach = _as_whole(current, "parent" if parent else "whole", groups)
    return measure_formula(measure, reach, branches), reach.groups


def _as_whole(reach: Reach, role: str, groups: tuple[str, ...]) -> Reach:
    """The same rows with fewer groups; at a comparison's base they keep its role."""
    role = role if reach.comparison is None else reach.role
    return replace(reach, role=role, groups=groups, is_whole=True)


def _overlaps(branches: Branches) -> bool:
    """Whether the members shown are not the whole, each row once: some are listed already."""
    query = metric_query(branches.resolved)
    members = overlaps(query, branches.resolved.paths, branches.snapshot.manifest)
    return members or branches.left_out is not None


def _is_plain_sum(measure: Measure, branches: Branches) -> bool:
    """Whether every row counts in exactly one member, so that members make up the whole."""
    if not isinstance(measure, MetricRef):
        return False
    definition = branches.snapshot.manifest.metrics[measure.metric].definition
    return isinstance(definition, Aggregate) and definition.agg in ADDITIVE


def _parent_groups(groups: tuple[str, ...], dimension: str | None) -> tuple[str, ...]:
    if dimension is not None and dimension in groups:
        return groups[: groups.index(dimension) + 1]
    return groups[:-1]


def _without(where: Predicate | None, share: Share) -> Predicate | None:
    """The filter without its conditions on a dimension, or its sets; all of it if neither is."""
    if share.entity is not None:
        parts = parts_of(where)
        kept = tuple(part for part in parts if not is_unnamed_set(part, share.entity))
    else:
        kept = tuple(part for part in parts_of(where) if not _is_on(part, share.dimension))
    if len(kept) > 1:
        return And(kept)
    return kept[0] if kept else None


def _is_on(predicate: Predicate, dimension: str | None) -> bool:
    if dimension is None:
        return True
    return {condition.dimension for condition in conditions_in(predicate)} == {dimension}


def _time_column(branches: Branches) -> str | None:
    if branches.bucket is not None:
        return branches.bucket
    return PERIOD_COLUMN if len(branches.frames) > 1 else None


def _slots(branches: Branches, groups: tuple[str, ...]) -> tuple[Slot, ...]:
    """The periods listed even without rows: all of them, unless members differ by period."""
    if _time_column(branches) is None or (groups and not branches.resolved.spines):
        return ()
    spans = branches.resolved.spans
    return tuple(
        Slot(frame.key, _label(frame, spans[frame.span].label)) for frame in branches.frames
    )


def _label(frame: Frame, span_label: str) -> str:
    return span_label if isinstance(frame.key, int) else ""
