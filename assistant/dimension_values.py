"""Which values of the governed dimensions may be recognised in a question."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.data_dates import Ask
from assistant.probe import closed_values, distinct_values
from semantic_layer.engines import QueryFailedError, Schema
from semantic_layer.model import Dataset, Dimension
from semantic_layer.snapshot import Snapshot

MAX_VALUES = 200_000
"""More values than a lexicon should hold: such a dimension is found by its exact text only."""

MAX_MEMBERS = 200
"""More members than a statement should spell out: they are looked up with it."""

Values = Mapping[str, tuple[str, ...]]
"""Dimension → its values, sorted."""


def find_values(snapshot: Snapshot, ask: Ask) -> Values:
    """Text values of every searchable dimension; never of personal data."""
    found: dict[str, tuple[str, ...]] = {}
    for dimension in snapshot.manifest.dimensions.values():
        dataset = snapshot.manifest.datasets[dimension.home]
        if not is_searchable(dimension) or not _is_text(dimension, dataset, snapshot.column_types):
            continue
        query = distinct_values(dataset, dimension.field.name, snapshot, MAX_VALUES + 1)
        try:
            values = tuple(str(row[0]) for row in ask(query).rows)
        except QueryFailedError:
            continue
        if len(values) <= MAX_VALUES:
            found[dimension.name] = tuple(v for v in values if v.strip())
    return found


def find_closed(snapshot: Snapshot, ask: Ask) -> Values:
    """Values of dimensions with a lifetime that are no more: merged outlets."""
    found: dict[str, tuple[str, ...]] = {}
    for dimension in snapshot.manifest.dimensions.values():
        dataset = snapshot.manifest.datasets[dimension.home]
        end = dataset.lifetime[1] if dataset.lifetime else None
        if end is None or not dimension.field.spine or not is_searchable(dimension):
            continue
        query = closed_values(dataset, dimension.field.name, end, snapshot, MAX_VALUES)
        try:
            found[dimension.name] = tuple(str(row[0]) for row in ask(query).rows)
        except QueryFailedError:
            continue
    return found


def find_members(snapshot: Snapshot, ask: Ask) -> Values:
    """`dataset.field` → values, for what lists its members and stands in a table of many rows."""
    found: dict[str, tuple[str, ...]] = {}
    for dimension in snapshot.manifest.dimensions.values():
        for name in dimension.carriers if dimension.field.spine else ():
            dataset = snapshot.manifest.datasets[name]
            field = dataset.field(dimension.name)
            plain = field is not None and field.expr is None and field.band is None
            if dataset.time is None or dataset.lifetime is not None or not plain:
                continue
            if not _is_text(dimension, dataset, snapshot.column_types):
                continue
            query = distinct_values(dataset, dimension.name, snapshot, MAX_MEMBERS + 1)
            try:
                values = tuple(str(row[0]) for row in ask(query).rows)
            except QueryFailedError:
                continue
            if len(values) <= MAX_MEMBERS:
                found[f"{name}.{dimension.name}"] = values
    return found


def is_searchable(dimension: Dimension) -> bool:
    """Values are looked up: a governed, public column that is no band."""
    field = dimension.field
    return field.searchable and field.sensitivity != "pii" and field.band is None


def _is_text(dimension: Dimension, dataset: Dataset, schema: Schema) -> bool:
    field = dimension.field
    if field.type is not None:
        return field.type == "string"
    types = schema.get(dataset.table or "", {})
    kind = types.get(field.name, "VARCHAR").upper()
    return field.expr is not None or kind.startswith(("VARCHAR", "TEXT", "ENUM", "CHAR"))
