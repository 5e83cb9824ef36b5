"""Which rows: a missing value never fulfils a condition, and always its negation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from slow_reading.expressions import number
from slow_reading.rows import Reader, as_day, kind_of
from slow_reading.world import UNKNOWN, Row

from semantic_layer.model import Field
from semantic_layer.query import And, Condition, Membership, Not, Or, Predicate, Set

Members = Callable[[Set], frozenset[Any]]


def holds(
    reader: Reader, dataset: str, row: Row, where: Predicate | None, members: Members
) -> bool:
    """Whether a row fulfils a filter."""

    def inner(predicate: Predicate) -> bool:
        return holds(reader, dataset, row, predicate, members)

    match where:
        case None:
            return True
        case And():
            return all(map(inner, where.children))
        case Or():
            return any(map(inner, where.children))
        case Not():
            return not inner(where.child)
        case Condition():
            return fulfils(reader, where, reader.dimension(dataset, row, where.dimension))
        case Membership():
            entity = key_of(reader, where.set.entity)
            return reader.dimension(dataset, row, entity) in members(where.set)
    raise NotImplementedError(where)


def key_of(reader: Reader, entity: str) -> str:
    """What stands for an entity: its key, or the dimension of that name."""
    known = any(d.entity == entity for d in reader.world.manifest.datasets.values())
    return f"@{entity}" if known else entity


def fulfils(reader: Reader, condition: Condition, value: Any) -> bool:
    """Whether a stored value fulfils a condition; labels stand for their codes."""
    dimension = reader.world.manifest.dimensions[condition.dimension.rpartition(".")[2]]
    op, missing = condition.op, value is None
    if op in ("is_null", "not_null"):
        return missing == (op == "is_null")
    if op in ("in", "not_in"):
        kind = kind_of(reader.world, dimension.field, dimension.home)
        wanted = [_bound(dimension.field, kind, v) for v in condition.values]
        inside = UNKNOWN in condition.values if missing else number(as_day(value)) in wanted
        return inside == (op == "in")
    if op == "not_contains":
        return missing or not any(str(v) in value for v in condition.values)
    if missing:
        return False
    if op == "contains":
        return any(str(v) in value for v in condition.values)
    if op == "prefix":
        return any(value.startswith(str(v)) for v in condition.values)
    if op == "suffix":
        return any(value.endswith(str(v)) for v in condition.values)
    kind = kind_of(reader.world, dimension.field, dimension.home)
    bound, found = _bound(dimension.field, kind, condition.values[0]), number(as_day(value))
    return bool(
        {"gt": found > bound, "ge": found >= bound, "lt": found < bound, "le": found <= bound}[op]
    )


def _bound(field: Field, kind: str, value: Any) -> Any:
    """A filter value as it is stored."""
    stored = {str(v.value) for v in field.values}
    if str(value) not in stored:
        for known in field.values:
            if value == known.label or value in known.synonyms:
                value = known.value
    if kind in ("date", "timestamp") and isinstance(value, str) and value != UNKNOWN:
        return date.fromisoformat(value[:10])
    if kind == "boolean" and not isinstance(value, bool):
        return {"是": True, "否": False}.get(str(value), value)
    return number(value)
