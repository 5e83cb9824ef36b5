"""Buckets of a time grain of which only some days count: the month that is not over yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from semantic_layer.query import Grain
from semantic_layer.resolve.frames import unit_name
from semantic_layer.resolve.labels import range_label
from semantic_layer.resolve.units import Days, unit_of
from semantic_layer.resolved import ResolvedSpan

CODE = "partial_bucket"


class PartialBucket(NamedTuple):
    """A bucket and the days of it that are counted."""

    whole: Days
    counted: Days


def partial_buckets(
    spans: Iterable[ResolvedSpan], grain: Grain | None, *, stock: bool = False
) -> tuple[PartialBucket, ...]:
    """The first and last buckets that lack days; of a stock, those that lack their last day."""
    if grain is None or grain == "date":
        return ()
    unit = unit_name(grain)
    found: dict[PartialBucket, None] = {}
    for span in spans:
        if span.is_point:
            continue
        for day in (span.start, span.end):
            whole = unit_of(unit, day)
            counted = Days(max(whole.start, span.start), min(whole.end, span.end))
            if counted.end != whole.end or (counted.start != whole.start and not stock):
                found[PartialBucket(whole, counted)] = None
    return tuple(found)


def partial_warnings(
    spans: Iterable[ResolvedSpan], grain: Grain | None, *, stock: bool = False
) -> tuple[tuple[str, str], ...]:
    """One sentence that names the buckets that are not whole."""
    found = partial_buckets(spans, grain, stock=stock)
    if not found:
        return ()
    told = "、".join(
        f"{range_label(b.whole)}只含{range_label(b.counted).removeprefix(range_label(b.whole))}"
        for b in found
    )
    return ((CODE, f"{told},不满期,不参加最高、最低。"),)
