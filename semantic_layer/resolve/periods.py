"""Periods as dates: the calendar says which, the data date only clips or refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from semantic_layer.problem import Candidate, Problem
from semantic_layer.query import Absolute, Period, Span, canonical_text
from semantic_layer.resolve.availability import UNIT_LABELS
from semantic_layer.resolve.labels import day_label, point_label, range_label
from semantic_layer.resolve.spans import Anchors, RawSpan, span_dates
from semantic_layer.resolve.units import (
    FINENESS,
    ONE_DAY,
    Days,
    last_unit_end,
    unit_of,
)
from semantic_layer.resolved import ResolvedSpan

Warned = tuple[str, str]
EARLY_DAYS = 7
"""Data that starts this early in a month may have had nothing to record before."""
PATIENCE_DAYS, PATIENCE_UNIT_DAYS = 3, 20
"""How long a load may take after the day, or after the month."""


class Resolved(NamedTuple):
    """A span with what the reader must know about it."""

    span: ResolvedSpan
    warnings: tuple[Warned, ...] = ()
    raw: RawSpan | None = None


def resolve_span(span: Span, anchors: Anchors) -> Resolved | Problem:
    """The dates of one span, clipped to the data, or why there are none."""
    raw = span_dates(span, anchors)
    if isinstance(raw, Problem):
        return raw
    raw = _whole_units(raw, anchors)
    problem = _too_fine(raw, anchors) or not_loaded(raw, anchors) or _too_early(raw, anchors)
    if problem is not None:
        return problem
    return _clipped(raw, anchors)


def _whole_units(raw: RawSpan, anchors: Anchors) -> RawSpan:
    """A stock's single day that closes a unit of its table stands for that unit."""
    unit = unit_of(anchors.unit, raw.end)
    if anchors.point and raw.start == raw.end == unit.end:
        return replace(raw, start=unit.start, unit=anchors.unit, count=1)
    return raw


def _too_fine(raw: RawSpan, anchors: Anchors) -> Problem | None:
    if anchors.unit == "day" or raw.to_date:
        return None
    starts = anchors.stock or unit_of(anchors.unit, raw.start).start == raw.start
    if starts and unit_of(anchors.unit, raw.end).end == raw.end:
        return None
    grain = UNIT_LABELS[anchors.unit]
    near = _latest_candidate(replace(raw, unit=anchors.unit), anchors)
    asked = range_label(Days(raw.start, raw.end))
    return Problem(
        "grain_not_available",
        f"“{anchors.limit}”只有按{grain}的数据,不能查{asked};可以按{grain}查询,例如{near.label}。",
        "scope.period",
        anchors.unit,
        (near,),
    )


def not_loaded(raw: RawSpan, anchors: Anchors, at: str = "scope.period") -> Problem | None:
    """Why there is nothing for a period that lies wholly after the data."""
    if anchors.unbounded or (raw.end if raw.is_edge else raw.start) <= anchors.latest:
        return None
    asked, near = _asked_label(raw, anchors), _latest_candidate(raw, anchors)
    return Problem(
        "no_data_yet",
        f"{asked}的数据尚未入库,“{anchors.limit}”最新到{day_label(anchors.latest)};"
        f"可以先看{near.label}。",
        at,
        asked,
        (near,),
    )


def _too_early(raw: RawSpan, anchors: Anchors) -> Problem | None:
    if anchors.unbounded or min(raw.end, anchors.latest) >= anchors.first:
        return None
    asked, near = _asked_label(raw, anchors), _latest_candidate(raw, anchors)
    return Problem(
        "no_data_before",
        f"没有{asked}的数据,数据从{day_label(anchors.first)}开始。",
        "scope.period",
        asked,
        (near,),
    )


def _asked_label(raw: RawSpan, anchors: Anchors) -> str:
    if raw.is_edge or (anchors.point and raw.start == raw.end):
        return point_label(raw.end)
    return range_label(Days(raw.start, raw.end))


def _latest_candidate(raw: RawSpan, anchors: Anchors) -> Candidate:
    """The newest period like the one asked for, as a period in JSON."""
    unit = raw.unit if raw.unit in FINENESS else anchors.unit
    if FINENESS.index(unit) < FINENESS.index(anchors.unit):
        unit = anchors.unit
    days = unit_of(unit, anchors.latest)
    end = min(days.end, anchors.latest)
    days = Days(min(max(days.start, first_listed(anchors)), end), end)
    if anchors.point:
        days = Days(days.end, days.end)
    period = Period((Absolute(days.start, days.end),))
    label = point_label(days.end) if anchors.point else range_label(days)
    return Candidate(canonical_text(period), label)


def _clipped(raw: RawSpan, anchors: Anchors) -> Resolved:
    end = raw.end if anchors.unbounded else min(raw.end, anchors.latest)
    complete = end == raw.end or (raw.to_date and end >= _expected(anchors))
    start = max(raw.start, first_listed(anchors))
    days = Days(start, end)
    is_point = anchors.point
    span = ResolvedSpan(
        start=end if is_point else start,
        end=end,
        complete=complete and (is_point or start == raw.start),
        natural_end=raw.end,
        label=point_label(end) if is_point else range_label(days),
        is_point=is_point,
        unit=raw.unit,
        count=raw.count,
        opened=raw.start if is_point else None,
    )
    return Resolved(span, _warnings(raw, span, anchors), raw)


def told_apart(found: tuple[Resolved, ...]) -> tuple[Resolved, ...]:
    """Periods side by side: those that close on the same day are called by all of their days."""
    days: dict[str, set[Days]] = {}
    for span, _, _ in found:
        days.setdefault(span.label, set()).add(Days(span.first_day, span.end))
    return tuple(
        r._replace(span=replace(r.span, label=range_label(Days(r.span.first_day, r.span.end))))
        if len(days[r.span.label]) > 1
        else r
        for r in found
    )


def first_listed(anchors: Anchors) -> date:
    """From where periods are listed: a month in which the data starts early is whole."""
    if anchors.unbounded:
        return date.min
    month = unit_of("month", anchors.first).start
    whole = anchors.unit != "day" or (anchors.first - month).days < EARLY_DAYS
    return unit_of(anchors.unit, month).start if whole else anchors.first


def _is_late(anchors: Anchors) -> bool:
    """Whether the load is behind by more than the days it may take."""
    patience = timedelta(days=PATIENCE_DAYS if anchors.unit == "day" else PATIENCE_UNIT_DAYS)
    return last_unit_end(anchors.unit, anchors.as_of - ONE_DAY - patience) > anchors.latest


def _expected(anchors: Anchors) -> date:
    """The data date of a load that is not late: yesterday, or the last full unit."""
    return last_unit_end(anchors.unit, anchors.as_of - timedelta(days=1))


def _warnings(raw: RawSpan, span: ResolvedSpan, anchors: Anchors) -> tuple[Warned, ...]:
    found: list[Warned] = []
    if span.end < raw.end and not span.complete:
        asked = range_label(Days(raw.start, raw.end))
        found.append(("incomplete_period", f"{asked}的数据不完整,只统计到{day_label(span.end)}。"))
    if raw.from_data and not anchors.unbounded and _is_late(anchors):
        text = f"数据只到{day_label(anchors.latest)},这段时间按数据日往前数。"
        found.append(("late_data", text))
    if not span.is_point and span.start > raw.start:
        found.append(
            ("partial_history", f"数据从{day_label(anchors.first)}开始,更早的日子没有数据。")
        )
    if span.is_point and raw.count > 1 and not raw.is_edge and raw.start < first_listed(anchors):
        first = day_label(anchors.first)
        found.append(("partial_history", f"时点数只取期末;数据从{first}开始,更早的日子没有数据。"))
    return tuple(found)
