"""The periods of the result: one, several side by side, or the buckets of a time grain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from semantic_layer.problem import Problem
from semantic_layer.query import Grain, Group, MetricQuery, TimeGroup
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolve.units import FINENESS, Days, units_between, units_until
from semantic_layer.resolved import ResolvedSpan

Key: TypeAlias = date | int | None
"""First day of a time bucket, position of a span, or None for the one period."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One period of the result before it is cut to any table."""

    key: Key
    start: date
    natural_end: date
    end: date
    """Last day with data."""
    unit: str
    count: int
    span: int
    """Position among the current spans."""
    position: int = 0
    """Position of the bucket within its span."""

    @property
    def natural(self) -> Days:
        """The whole period, as if it were over."""
        return Days(self.start, self.natural_end)


def frames_of(spans: tuple[ResolvedSpan, ...], bucket: Grain | None) -> tuple[Frame, ...]:
    """The periods of the result in the order of the asker."""
    if bucket is not None:
        found = {
            frame.key: frame
            for position, span in enumerate(spans)
            for frame in _buckets(span, position, bucket)
        }
        return tuple(found.values())
    single = len(spans) == 1
    return tuple(
        _whole(span, None if single else position, position) for position, span in enumerate(spans)
    )


def _whole(span: ResolvedSpan, key: Key, position: int) -> Frame:
    natural_end = span.natural_end or span.end
    return Frame(key, span.first_day, natural_end, span.end, span.unit, span.count, position)


def _buckets(span: ResolvedSpan, position: int, bucket: Grain) -> Iterator[Frame]:
    unit = unit_name(bucket)
    natural_end = span.natural_end or span.end
    for index, days in enumerate(units_between(unit, span.first_day, span.end)):
        yield Frame(
            key=days.start,
            start=max(days.start, span.first_day),
            natural_end=min(days.end, natural_end),
            end=min(days.end, span.end),
            unit=unit,
            count=1,
            span=position,
            position=index,
        )


def check_number(spans: tuple[ResolvedSpan, ...], bucket: Grain | None, most: int) -> None:
    """Refuses more periods than a result has rows: every day since 1900."""
    if bucket is None:
        return
    unit = unit_name(bucket)
    number = sum(units_until(unit, span.first_day, span.end) for span in spans)
    if number > most:
        message = f"逐期列出有{number}期,一次最多{most}期;请缩短时间范围,或按更长的期间看。"
        raise RefusedError(Problem("too_expensive", message, "scope.period"))


def check_told_apart(query: MetricQuery, spans: tuple[ResolvedSpan, ...]) -> None:
    """Refuses one row for different days, now or at a base: 8月和10月 both lie in one year."""
    if len(spans) < 2:
        return
    for at in (len(query.group_by) - 1, *query.subtotals):
        grain = finest_grain(query.group_by[: at + 1])
        if grain is not None:
            _check_told_apart(spans, grain, compared=bool(query.compare))


def _check_told_apart(spans: tuple[ResolvedSpan, ...], bucket: Grain, *, compared: bool) -> None:
    known: dict[Key, tuple[date | int, ...]] = {}
    for position, span in enumerate(spans):
        for frame in _buckets(span, position, bucket):
            base = (frame.natural_end, frame.position) if compared else ()
            days = (frame.start, frame.end, *base)
            if known.setdefault(frame.key, days) != days:
                message = (
                    "这几段时间有重合的或同在一期里的,合成一行说不清是哪一段;"
                    "请分开问,或按更短的期间看。"
                )
                raise RefusedError(Problem("invalid_query", message, "scope.period"))


def finest_grain(groups: tuple[Group, ...]) -> Grain | None:
    """The grain that tells the rows apart; a coarser one beside it only names its units."""
    grains = [group.grain for group in groups if isinstance(group, TimeGroup)]
    return min(grains, key=lambda grain: FINENESS.index(unit_name(grain)), default=None)


def coarser_grains(groups: tuple[Group, ...]) -> tuple[Grain, ...]:
    """The grains beside the finest one: the year of a month."""
    finest = finest_grain(groups)
    grains = (group.grain for group in groups if isinstance(group, TimeGroup))
    return tuple(grain for grain in grains if grain != finest)


def unit_name(grain: Grain) -> str:
    """The calendar unit of a time group."""
    return "day" if grain == "date" else grain
