"""Every dimension that a query names, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date

from semantic_layer.model import Manifest
from semantic_layer.query import BucketGroup, SegmentCondition

PLAIN = frozenset({str, int, float, bool, date})
"""What holds nothing further."""
_KNOWN: dict[type, tuple[str, ...]] = {}
"""Names of fields by class; asking the class each time is most of the work."""


def mentioned_dimensions(value: object) -> Iterator[str]:
    """The dimensions in groups, filters, sets, focus and shares, as written."""
    return dimensions_in(parts_of(value))


def dimensions_in(parts: Iterable[object]) -> Iterator[str]:
    """The dimensions that parts of a query name."""
    for part in parts:
        if isinstance(part, BucketGroup):
            yield part.of
        name = getattr(part, "dimension", None)
        if isinstance(name, str):
            yield name


def segments_in(parts: Iterable[object]) -> list[str]:
    """The governed segments that parts of a query name."""
    return [part.segment for part in parts if isinstance(part, SegmentCondition)]


def parts_of(value: object) -> list[object]:
    """Every value that a query is built of, itself first, in the order of the fields."""
    found: list[object] = []
    _collect(value, found)
    return found


def _collect(value: object, found: list[object]) -> None:
    if type(value) is tuple:
        for item in value:
            _collect(item, found)
        return
    names = _field_names(type(value))
    if names:
        found.append(value)
    for name in names:
        item = getattr(value, name)
        if item and type(item) not in PLAIN:
            _collect(item, found)


def _field_names(kind: type) -> tuple[str, ...]:
    if kind not in _KNOWN:
        _KNOWN[kind] = tuple(f.name for f in fields(kind)) if is_dataclass(kind) else ()
    return _KNOWN[kind]


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
