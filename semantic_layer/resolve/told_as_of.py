"""年龄段 of an earlier year: what is counted up to today is not what it was then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from semantic_layer.model import Field, Manifest
from semantic_layer.resolved import Assumption, ResolvedSpan

TODAY = "{as_of}"
RECENT = timedelta(days=31)
"""Within a month hardly anybody is a year older."""


def told_as_of(
    dimensions: Iterable[str], spans: Sequence[ResolvedSpan], manifest: Manifest, today: date
) -> Iterator[Assumption]:
    """That such a dimension is told as of today, where older rows are asked for."""
    first = min((span.end if span.is_point else span.start for span in spans), default=today)
    if first >= today - RECENT:
        return
    for name in dimensions:
        known = manifest.dimensions.get(name.rpartition(".")[2])
        if known is not None and _is_counted_up(known.field, known.home, manifest):
            day = f"{today.year}年{today.month}月{today.day}日"
            yield Assumption("where", f"{known.label}按今天({day})算,不是当时的")


def _is_counted_up(field: Field, home: str, manifest: Manifest) -> bool:
    base = manifest.datasets[home].field(field.band.of) if field.band else field
    return base is not None and TODAY in (base.expr or "")
