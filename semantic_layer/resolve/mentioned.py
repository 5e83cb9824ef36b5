"""Every dimension that a query names, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from semantic_layer.model import Manifest
from semantic_layer.query import BucketGroup, SegmentCondition


def mentioned_dimensions(value: object) -> Iterator[str]:
    """The dimensions in groups, filters, sets, focus and shares, as written."""
    if isinstance(value, tuple):
        for item in value:
            yield from mentioned_dimensions(item)
    if not is_dataclass(value):
        return
    if isinstance(value, BucketGroup):
        yield value.of
    for slot in fields(value):
        item = getattr(value, slot.name)
        if slot.name == "dimension" and isinstance(item, str):
            yield item
        else:
            yield from mentioned_dimensions(item)


def mentioned_segments(value: object) -> Iterator[str]:
    """The governed segments in filters and groups."""
    if isinstance(value, tuple):
        for item in value:
            yield from mentioned_segments(item)
    if not is_dataclass(value):
        return
    if isinstance(value, SegmentCondition):
        yield value.segment
    for slot in fields(value):
        yield from mentioned_segments(getattr(value, slot.name))


def cut_from(manifest: Manifest, name: str) -> frozenset[str]:
    """`dataset.field` of everything the dimension shows: all its carriers, and what bands cut."""
    known = manifest.dimensions.get(name.rpartition(".")[2])
    if known is None:
        return frozenset()
    found = {f"{dataset}.{known.name}" for dataset in (known.home, *known.carriers)}
    for dataset in (known.home, *known.carriers):
        field = manifest.datasets[dataset].field(known.name)
        if field is not None and field.band is not None and field.band.of != known.name:
            found.add(f"{dataset}.{field.band.of}")
            found |= cut_from(manifest, field.band.of)
    return frozenset(found)
