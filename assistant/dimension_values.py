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
