"""Comparison bases as dates, and which figures make sense for a metric."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from semantic_layer.model import Aggregate, Metric
from semantic_layer.problem import Problem
from semantic_layer.query import Align, Base, Comparison, Holiday, Show
from semantic_layer.resolve.availability import UNIT_LABELS
from semantic_layer.resolve.frames import Frame
from semantic_layer.resolve.labels import day_label, point_label, range_label
from semantic_layer.resolve.periods import Resolved, not_loaded
from semantic_layer.resolve.refused import RefusedError, must
from semantic_layer.resolve.shift import base_days, base_point
from semantic_layer.resolve.spans import Anchors, span_dates
from semantic_layer.resolve.units import Days, last_unit_end, unit_of
from semantic_layer.resolved import ResolvedSpan

TIMELESS: frozenset[Base] = frozenset({"average", "target"})
"""Compared with another value of the same period."""
RATE_UNITS = frozenset({"percent", "permyriad"})
"""Their change is told in percentage points, never in per cent."""


def shown(comparison: Comparison, unit: str) -> tuple[Show, ...]:
    """The figures of a comparison for a metric of that unit, in the order asked."""
    if comparison.base in TIMELESS:
        kept = tuple(show for show in comparison.show if show != "rank")
        comparison = replace(comparison, show=kept or ("value", "diff"))
    if unit in RATE_UNITS:
        named: list[Show] = ["pp" if s in ("diff", "rate") else s for s in comparison.show]
    else:
        named = ["diff" if s == "pp" else s for s in comparison.show]
    return tuple(dict.fromkeys(named))


def takes_whole(metric: Metric, align: Align | None, *, stock: bool) -> bool:
    """Whether an unfinished period is compared with the whole base period."""
    if align is not None:
        return align == "full"
    return not stock and metric.incomplete_period == "last_complete"


def is_unfinished(span: ResolvedSpan) -> bool:
    """Cut at its end by the data date, not only at its start."""
    return not span.complete and span.natural_end is not None and span.end < span.natural_end


def base_span(
    comparison: Comparison,
    current: Resolved,
    frames: tuple[Frame, ...],
    anchors: Anchors,
    metric: Metric,
) -> ResolvedSpan:
    """The dates that a comparison of this span is made with, bucket by bucket."""
    span = current.span
    if is_unfinished(span) and metric.incomplete_period == "refuse" and not anchors.stock:
        raise RefusedError(
            Problem(
                "incomplete_period",
                f"{span.label}还没有结束,“{metric.label}”不做未满期比较;请换成完整的期间。",
                "compare",
                metric.name,
            )
        )
    if comparison.span is not None:
        raw = must(span_dates(comparison.span, anchors), "compare")
        problem = not_loaded(raw, anchors, "compare")
        if problem is not None:
            raise RefusedError(problem)
        end = raw.end if anchors.unbounded else min(raw.end, anchors.latest)
        if anchors.stock:
            _check_snapshot(end, anchors)
        return _span(comparison, Days(raw.start, end), span, anchors)
    feast = current.raw.feast if current.raw else None
    if feast is not None and comparison.base == "yoy" and comparison.align in (None, "feast"):
        return _feast_base(comparison, feast, span, anchors)
    first, last = (_base_of(f, comparison, metric, anchors) for f in (frames[0], frames[-1]))
    return _span(comparison, Days(first.start, max(first.end, last.end)), span, anchors)


def _base_of(frame: Frame, comparison: Comparison, metric: Metric, anchors: Anchors) -> Days:
    whole = takes_whole(metric, comparison.align, stock=anchors.stock)
    if not anchors.stock:
        return base_days(
            comparison.base, frame.natural, frame.end, frame.unit, frame.count, whole=whole
        )
    point = base_point(
        comparison.base, frame.natural, frame.end, frame.unit, frame.count, whole=whole
    )
    _check_snapshot(point, anchors)
    return Days(unit_of(frame.unit, point).start, point)


def _check_snapshot(day: date, anchors: Anchors) -> None:
    """A stock is compared with the snapshot of that very day, never with one before it."""
    end = last_unit_end(anchors.unit, day)
    if end == day:
        return
    grain, near = UNIT_LABELS[anchors.unit], point_label(end)
    raise RefusedError(
        Problem(
            "grain_not_available",
            f"“{anchors.limit}”只有每{grain}末的数据,没有{day_label(day)}的数,不能与它比较;"
            f"可以与{near}比较。",
            "compare",
            anchors.unit,
        )
    )


def _feast_base(
    comparison: Comparison, feast: Holiday, span: ResolvedSpan, anchors: Anchors
) -> ResolvedSpan:
    assert feast.year is not None
    raw = must(span_dates(replace(feast, year=feast.year - 1), anchors), "compare")
    return _span(comparison, Days(raw.start, raw.end), span, anchors)


def _span(
    comparison: Comparison, days: Days, current: ResolvedSpan, anchors: Anchors
) -> ResolvedSpan:
    point = anchors.point
    return ResolvedSpan(
        start=days.end if point else days.start,
        end=days.end,
        role=comparison.base,
        natural_end=days.end,
        label=point_label(days.end) if point else range_label(days),
        is_point=point,
        unit=current.unit,
        count=current.count,
        opened=days.start if point else None,
    )


def check_comparable(comparison: Comparison, leaves: tuple[Metric, ...], *, averaged: bool) -> None:
    """较年初 and 较期初 need points in time, or daily averages."""
    if averaged or comparison.base not in ("opening", "ytd_open"):
        return
    flows = [leaf for leaf in leaves if not leaf.is_stock and not _is_average(leaf)]
    if flows:
        name = "较期初" if comparison.base == "opening" else "较年初"
        raise RefusedError(
            Problem(
                "invalid_query",
                f"“{name}”只适用于余额、户数这类时点指标或日均,“{flows[0].label}”是发生额;"
                "请用同比或环比。",
                "compare",
                flows[0].name,
            )
        )


def _is_average(leaf: Metric) -> bool:
    definition = leaf.definition
    return isinstance(definition, Aggregate) and (
        definition.average_over is not None or definition.then_avg is not None
    )
