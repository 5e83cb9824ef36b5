"""Query values as plain JSON: stable, without empty slots, one spelling per number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

from semantic_layer.query.predicate import canonical_number

_EMPTY = (None, ())


def plain(value: object) -> Any:
    """The value as JSON objects, lists and scalars; `kind` comes first."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return canonical_number(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in sorted(value.items())}
    if is_dataclass(value) and not isinstance(value, type):
        return _object(value)
    raise TypeError(type(value).__name__)


def _object(value: Any) -> dict[str, Any]:
    found = {}
    of: Any = type(value)
    for name, is_empty_default in _slots(of):
        item = getattr(value, name)
        shown = plain(item)
        if not (is_empty_default and shown in (None, [], {})):
            found[name] = shown
    return found


@cache
def _slots(of: type[Any]) -> tuple[tuple[str, bool], ...]:
    """Field names, `kind` and `v` first, each with whether emptiness is its default."""
    own = sorted(fields(of), key=lambda slot: {"kind": 0, "v": 1}.get(slot.name, 2))
    return tuple((slot.name, _is_empty(slot)) for slot in own)


def _is_empty(slot: Field[Any]) -> bool:
    if slot.default is MISSING:
        return False
    return slot.default in _EMPTY or (is_dataclass(slot.default) and not plain(slot.default))
